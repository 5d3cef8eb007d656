"""Font files that clinics bring: good ones of every kind are cut and set, bad ones are refused in words."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from helpers.project import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.engine.session import File, Page, session
from handout_builder.typefaces import clinic_font
from handout_builder.typefaces.clinic_font import FontFile, TypefaceError

OURS = ROOT / "fonts" / "NotoSans-Regular.ttf"
SERIF = ROOT / "source" / "brands" / "harbour-lane" / "NotoSerif-Bold.ttf"
LETTERS = "abcx "


def box(pen: Any, width: int) -> None:
    pen.moveTo((50, 0))
    for point in ((50, 500), (width - 50, 500), (width - 50, 0)):
        pen.lineTo(point)
    pen.closePath()


def built(*, cff: bool = False, weight: int = 400, variable: bool = False) -> bytes:
    """Return a font of a few boxes, with outlines of CFF or TrueType, perhaps with a weight axis from 300 to 800."""
    font = FontBuilder(1000, isTTF=not cff)
    names = [".notdef", *(f"g{ord(letter)}" for letter in LETTERS)]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): f"g{ord(letter)}" for letter in LETTERS})
    drawn = {}
    for name in names:
        pen = T2CharStringPen(600, None) if cff else TTGlyphPen(None)
        if name != f"g{ord(' ')}":
            box(pen, 600)
        drawn[name] = pen.getCharString() if cff else pen.glyph()
    if cff:
        font.setupCFF("Boxes", {"FullName": "Boxes"}, drawn, {})
    else:
        font.setupGlyf(drawn)
    font.setupHorizontalMetrics(dict.fromkeys(names, (600, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    font.setupOS2(usWeightClass=weight, fsType=0)
    font.setupPost()
    if variable:
        font.setupFvar([("wght", 300, 400, 800, "Weight")], [])
        wider = TupleVariation(
            {"wght": (0, 1, 1)}, [(0, 0), (0, 0), (300, 0), (300, 0), (0, 0), (300, 0), (0, 0), (0, 0)]
        )
        font.setupGvar({"g120": [wider]})
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def changed(change: Callable[[TTFont], None], data: bytes | None = None, flavour: str | None = None) -> bytes:
    font = TTFont(io.BytesIO(data or SERIF.read_bytes()), recalcTimestamp=False)
    change(font)
    font.flavor = flavour
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def write(folder: Path, data: bytes, name: str = "a font.ttf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rights(value: int) -> bytes:
    return changed(lambda font: setattr(font["OS/2"], "fsType", value))


GOOD = {
    "truetype": SERIF.read_bytes,
    "cff": lambda: built(cff=True),
    "variable": lambda: built(variable=True),
    "woff": lambda: changed(lambda _: None, flavour="woff"),
    "woff2": lambda: changed(lambda _: None, flavour="woff2"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_every_kind_can_be_cut_and_set(kind: str, tmp_path: Path) -> None:
    font = clinic_font.read(write(tmp_path, GOOD[kind]()))
    small = clinic_font.cut(font, "abcx 肾", "Brand Heading", 700)
    read = TTFont(io.BytesIO(small))
    assert set(read.getBestCmap()) == set(map(ord, "abcx ")), "those that it has"
    assert read["name"].getDebugName(1) == "Brand Heading"
    assert read["OS/2"].usWeightClass == 700
    assert "fvar" not in read
    assert "glyf" in read
    for table in read.reader.tables:  # checksums are right
        read[table]
    html = '<html><head></head><body><p style="font: 700 20pt Brand Heading">abcx cab</p></body></html>'
    css = "@font-face { font-family: 'Brand Heading'; font-weight: 700; src: url(brand:x) }"
    page = Page(html, "", ROOT, ROOT, lambda _: File(small), own=css)
    with session() as engine:
        pdf = engine.write(engine.lay_out(page), ROOT)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        ((_, used),) = document.pages[0].Resources.Font.items()
        assert str(used.BaseFont).endswith("Brand-Heading-Bold") or "Brand-Heading" in str(used.BaseFont)


def glyph_of(data: bytes, letter: str) -> Any:
    font = TTFont(io.BytesIO(data))
    return font["glyf"][font.getBestCmap()[ord(letter)]]


def test_curves_of_cff_stay_where_they_were(tmp_path: Path) -> None:
    font = clinic_font.read(write(tmp_path, built(cff=True)))
    glyph = glyph_of(clinic_font.cut(font, "x", "Brand Text", 400), "x")
    assert (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax) == (50, 0, 550, 500)


@pytest.mark.parametrize(("weight", "width"), [(400, 500), (700, 500 + 300 * 3 / 4)])
def test_weight_axis_is_set(weight: int, width: float, tmp_path: Path) -> None:
    font = clinic_font.read(write(tmp_path, built(variable=True)))
    assert font.weights == (300, 800)
    glyph = glyph_of(clinic_font.cut(font, "x", "Brand Text", weight), "x")
    assert glyph.xMax - glyph.xMin == pytest.approx(width, abs=1)


def test_kerning_stays() -> None:
    import uharfbuzz as hb

    def width(data: bytes) -> int:
        buffer = hb.Buffer()
        buffer.add_str("AVAT")
        buffer.guess_segment_properties()
        hb.shape(hb.Font(hb.Face(data)), buffer)
        return sum(place.x_advance for place in buffer.glyph_positions)

    whole = SERIF.read_bytes()
    assert width(clinic_font.cut(clinic_font.read(SERIF), "AVT", "Brand Heading", 700)) == width(whole)
    assert width(changed(lambda font: font.__delitem__("GPOS"))) != width(whole)


def test_reserved_names_stay_with_the_whole_font() -> None:
    read = TTFont(io.BytesIO(clinic_font.cut(clinic_font.read(SERIF), "abc", "Brand Heading", 700)))
    told = {record.nameID: str(record) for record in read["name"].names}
    assert set(told) == {0, 1, 2, 4, 6, 13, 14}
    assert "Noto" not in told[1] + told[4] + told[6]
    assert "Noto" in told[0]


@pytest.mark.parametrize(
    ("value", "book"),
    [(0x0000, True), (0x0008, True), (0x0004, False), (0x000C, True), (0x0006, False), (0x000A, True)],
)
def test_rights_that_allow(value: int, book: bool, tmp_path: Path) -> None:
    assert clinic_font.read(write(tmp_path, rights(value))).embeds_in_book is book


@pytest.mark.parametrize(
    ("value", "words"), [(0x0002, "restricted"), (0x0100, "no part"), (0x0108, "no part"), (0x0200, "bitmaps")]
)
def test_rights_that_forbid(value: int, words: str, tmp_path: Path) -> None:
    with pytest.raises(TypefaceError, match=words) as caught:
        clinic_font.read(write(tmp_path, rights(value)))
    assert "licence" in caught.value.hint


def without(*tables: str) -> bytes:
    def remove(font: TTFont) -> None:
        for table in tables:
            del font[table]

    return changed(remove)


def spoilt(table: str, data: bytes) -> bytes:
    """Return the font with the bytes of a table replaced in place."""
    whole = bytearray(SERIF.read_bytes())
    for at in range(12, 12 + 16 * struct.unpack_from(">H", whole, 4)[0], 16):
        if whole[at : at + 4] == table.encode():
            offset, length = struct.unpack_from(">LL", whole, at + 8)
            whole[offset : offset + length] = (data * length)[:length]
    return bytes(whole)


BAD = {
    "empty": b"",
    "text": b"not a font at all",
    "magic alone": b"\0\1\0\0",
    "random after the magic": b"\0\1\0\0" + bytes(range(256)) * 8,
    "collection": b"ttcf\0\1\0\0" + bytes(100),
    "type 1": b"%!PS-AdobeFont-1.0: Boxes",
    "eot": struct.pack("<LL", 100, 50) + bytes(26) + b"LP" + bytes(64),
    "half": SERIF.read_bytes()[: SERIF.stat().st_size // 2],
    "no outlines": without("glyf", "loca"),
    "no character map": without("cmap"),
    "no head": without("head"),
    "no maxp": without("maxp"),
    "no OS/2": without("OS/2"),
    "no metrics": without("hmtx", "hhea"),
    "character map of noise": spoilt("cmap", b"\xff"),
    "offsets of noise": spoilt("loca", b"\xff\xff"),
    "head of noise": spoilt("head", b"\xff"),
    "woff of noise": b"wOFF" + bytes(60),
    "woff2 of noise": b"wOF2" + b"\1" * 60,
    "woff2 bomb": b"wOF2\0\1\0\0" + struct.pack(">LHHL", 64, 1, 0, 2_000_000_000) + bytes(44),
    "pixels only": changed(lambda font: (font.__delitem__("glyf"), font.__delitem__("loca"))),  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_fonts_are_refused_in_words(kind: str, tmp_path: Path) -> None:
    with pytest.raises(TypefaceError) as caught:
        clinic_font.read(write(tmp_path, BAD[kind]))
    assert len(caught.value.message) > 12
    assert caught.value.hint


def test_files_that_are_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.ttf"):
        with pytest.raises(TypefaceError):
            clinic_font.read(path)
    with (tmp_path / "huge.ttf").open("wb") as file:
        file.truncate(31_000_000)
    with pytest.raises(TypefaceError, match="more than 30 MB"):
        clinic_font.read(tmp_path / "huge.ttf")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_never_gives_more_than_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    whole = bytearray(built(cff=data.draw(st.booleans()), variable=False))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.none(), st.integers(0, len(whole))))
    path = write(tmp_path_factory.mktemp("font"), bytes(whole[:end]))
    try:
        font = clinic_font.read(path)
        clinic_font.cut(font, LETTERS, "Brand Heading", 700)
    except TypefaceError:
        return
    assert isinstance(font, FontFile)


def test_ours_suits_itself_and_a_wide_or_small_one_does_not(tmp_path: Path) -> None:
    assert clinic_font.suits_body(clinic_font.read(OURS), OURS) is None

    def scaled(width: float, height: float) -> FontFile:
        def change(font: TTFont) -> None:
            for name, (advance, bearing) in list(font["hmtx"].metrics.items()):
                font["hmtx"].metrics[name] = (round(advance * width), bearing)
            x = font["glyf"]["x"]
            x.coordinates.scale((1, height))
            x.recalcBounds(font["glyf"])

        return clinic_font.read(write(tmp_path, changed(change, OURS.read_bytes())))

    assert "wider" in str(clinic_font.suits_body(scaled(1.05, 1), OURS))
    assert "em high" in str(clinic_font.suits_body(scaled(1, 0.8), OURS))
    assert clinic_font.suits_body(scaled(0.95, 0.92), OURS) is None


def test_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, sys; from pathlib import Path; from handout_builder.typefaces import clinic_font;"
        f"data = clinic_font.cut(clinic_font.read(Path({str(SERIF)!r})), 'Chronic back pain', 'Brand Heading', 700);"
        "print(hashlib.sha256(data).hexdigest())"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(sums) == 1


# Fonts that unpack without end


def bomb(kind: str) -> bytes:
    """A small WOFF that says 1,000 bytes and unpacks to 70 MB."""
    from fontTools.ttLib.woff2 import brotli

    large = b"\0" * 70_000_000
    if kind == "woff":
        packed = zlib.compress(large, 1)
        head = struct.pack(">4sLLHHLHHLLLLL", b"wOFF", 0x00010000, 64 + len(packed), 1, 0, 1000, 0, 0, 0, 0, 0, 0, 0)
        return head + struct.pack(">4sLLLL", b"glyf", 64, len(packed), len(packed) + 1, 0) + packed
    packed = brotli.compress(large, quality=1)
    size = 48 + 3 + len(packed)
    head = struct.pack(">4sLLHHLLHHLLLLL", b"wOF2", 0x00010000, size, 1, 0, 1000, len(packed), 0, 0, 0, 0, 0, 0, 0)
    return head + bytes([0xC0 | 11, 0x87, 0x68]) + packed  # glyf, as it is, of 1,000 bytes


@pytest.mark.parametrize("kind", ["woff", "woff2"])
def test_font_that_unpacks_without_end_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(bomb(kind))
    with pytest.raises(TypefaceError, match="60 MB"):
        clinic_font.read(path)


@pytest.mark.parametrize("units", [0, 1, 16, 65_535])
def test_font_with_endless_letters_is_refused(units: int, tmp_path: Path) -> None:
    data = bytearray(OURS.read_bytes())
    head = struct.unpack_from(">L", data, data.index(b"head", 12) + 8)[0]
    struct.pack_into(">H", data, head + 18, units)  # per em
    path = tmp_path / "a.ttf"
    path.write_bytes(data)
    with pytest.raises(TypefaceError, match="damaged"):
        clinic_font.read(path)
