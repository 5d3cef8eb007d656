"""Fonts for EPUB: the plain code point has the shape that `locl` gives in the whole font."""

import struct
import subprocess
import sys
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.resources import FONTS
from handout_builder.typefaces.regional import bake

PATHS = {400: FONTS / "HandoutHan-Regular.ttf", 700: FONTS / "HandoutHan-Bold.ttf"}
NAMES = ["肾愈", "気海愈", "大肠愈", "腰陽關"]
# OpenType language system tags
SYSTEMS = {"zh-Hans": "ZHS ", "zh-Hant": "ZHT ", "zh-HK": "ZHH ", "ja": "JAN ", "ko": "KOR "}
EXTRA = sorted(
    {
        character
        for line in (FONTS / "extra-characters.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
        for character in line
    }
)


@cache
def full(weight: int) -> TTFont:
    return TTFont(BytesIO(PATHS[weight].read_bytes()))


@cache
def locl(weight: int, script: str, lang: str) -> dict[str, str]:
    """Read the replacements of `locl` straight from GSUB, so that HarfBuzz does not judge itself."""
    gsub = full(weight)["GSUB"].table
    (found,) = [r.Script for r in gsub.ScriptList.ScriptRecord if r.ScriptTag == script]
    systems = {r.LangSysTag: r.LangSys for r in found.LangSysRecord}
    system = systems.get(SYSTEMS[lang], found.DefaultLangSys)
    replacements: dict[str, str] = {}
    for index in system.FeatureIndex:
        record = gsub.FeatureList.FeatureRecord[index]
        for lookup in record.Feature.LookupListIndex if record.FeatureTag == "locl" else ():
            for table in gsub.LookupList.Lookup[lookup].SubTable:
                replacements |= getattr(table, "ExtSubTable", table).mapping
    return replacements


def outline(font: TTFont, glyph: str) -> tuple[object, ...]:
    """Return the points, contour ends, on-curve flags and horizontal metrics of a glyph."""
    coordinates, ends, flags = font["glyf"][glyph].getCoordinates(font["glyf"])
    return list(coordinates), list(ends), [flag & 1 for flag in flags], font["hmtx"][glyph]


def expected(character: str, lang: str, weight: int) -> tuple[object, ...]:
    name = unicodedata.name(character)
    script = "hang" if name.startswith("HANGUL") else "kana" if name.startswith(("HIRAGANA", "KATAKANA")) else "hani"
    glyph = full(weight).getBestCmap()[ord(character)]
    return outline(full(weight), locl(weight, script, lang).get(glyph, glyph))


def opened(data: bytes) -> TTFont:
    return TTFont(BytesIO(data), checkChecksums=2)  # 2: a wrong checksum of a table raises


@pytest.mark.parametrize("weight", PATHS)
@pytest.mark.parametrize("lang", SYSTEMS)
def test_plain_code_points_have_the_regional_shape(lang: str, weight: int) -> None:
    font = opened(bake(PATHS[weight], NAMES, lang, "Names", weight))
    cmap = font.getBestCmap()
    assert set(map(chr, cmap)) == set("".join(NAMES))
    for code, glyph in cmap.items():
        assert outline(font, glyph) == expected(chr(code), lang, weight), chr(code)


def test_the_test_characters_tell_the_regions_apart() -> None:
    # If not, the test above would pass with the default shapes.
    for character in "愈海腰關":
        shapes = [expected(character, lang, 400) for lang in ("zh-Hans", "zh-Hant", "ja")]
        assert any(shape != shapes[0] for shape in shapes), character


def test_punctuation_takes_the_shape_of_its_language() -> None:
    taiwan, japan = (opened(bake(PATHS[400], ["、"], lang, "Mark", 400)) for lang in ("zh-Hant", "ja"))
    assert outline(taiwan, taiwan.getBestCmap()[ord("、")]) == expected("、", "zh-Hant", 400)
    assert expected("、", "zh-Hant", 400) != outline(japan, japan.getBestCmap()[ord("、")])


@settings(max_examples=25, deadline=None)
@given(
    characters=st.sets(st.sampled_from(EXTRA), min_size=1, max_size=60),
    lang=st.sampled_from(list(SYSTEMS)),
    weight=st.sampled_from(list(PATHS)),
)
def test_any_selection_of_the_catalogue(characters: set[str], lang: str, weight: int) -> None:
    font = opened(bake(PATHS[weight], characters, lang, "Any", weight))
    cmap = font.getBestCmap()
    assert set(map(chr, cmap)) == characters
    for character in characters:
        assert outline(font, cmap[ord(character)]) == expected(character, lang, weight), character
    # .notdef and one glyph a character (fewer when two characters share a shape): nothing else comes along.
    assert len(font.getGlyphOrder()) <= len(characters) + 1


def test_only_the_tables_that_a_reader_needs() -> None:
    font = opened(bake(PATHS[400], NAMES, "ko", "Names", 400))
    wanted = {"OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"}
    assert set(font.keys()) - {"GlyphOrder"} == wanted
    for tag in wanted:
        assert font[tag] is not None  # parses
    assert (font["hhea"].ascent, font["hhea"].descent) == (1069, -293)


def test_whole_file_has_the_right_checksum() -> None:
    data = bake(PATHS[400], NAMES, "ja", "Names", 400)
    assert len(data) % 4 == 0
    assert sum(struct.unpack(f">{len(data) // 4}L", data)) % 2**32 == 0xB1B0AFBA  # OpenType, head.checkSumAdjustment


@pytest.mark.parametrize(("weight", "style"), [(400, "Regular"), (700, "Bold")])
def test_names(weight: int, style: str) -> None:
    font = opened(bake(PATHS[weight], NAMES, "zh-Hant", "Handout Han 繁", weight))
    names = {record.nameID: str(record) for record in font["name"].names}
    source = full(weight)["name"]
    assert (names[1], names[2]) == ("Handout Han 繁", style)
    assert names[4] == ("Handout Han 繁" if style == "Regular" else "Handout Han 繁 Bold")
    assert names[6] == f"HandoutHan-{style}"
    assert [names[n] for n in (0, 13, 14)] == [source.getDebugName(n) for n in (0, 13, 14)]
    assert font["OS/2"].usWeightClass == weight
    assert font["OS/2"].fsType == 0
    assert (font["OS/2"].usFirstCharIndex, font["OS/2"].usLastCharIndex) == (ord("大"), ord("陽"))


def test_long_family_keeps_its_postscript_name_within_63_characters() -> None:
    font = opened(bake(PATHS[400], NAMES, "ja", "Long " * 30, 400))
    assert len(font["name"].getDebugName(6)) == 63


def test_same_arguments_same_bytes_in_any_order() -> None:
    first = bake(PATHS[400], NAMES, "ja", "Names", 400)
    assert bake(PATHS[400], NAMES, "ja", "Names", 400) == first
    assert bake(PATHS[400], reversed([*NAMES, "海"]), "ja", "Names", 400) == first


def test_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from pathlib import Path; from handout_builder.typefaces.regional import bake\n"
        f"data = bake(Path({str(PATHS[400])!r}), {NAMES!r}, 'ja', 'Names', 400)\n"
        "assert 'fontTools' not in sys.modules, 'fontTools costs more to import than all of this'\n"
        "sys.stdout.buffer.write(data)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == bake(PATHS[400], NAMES, "ja", "Names", 400)


def test_text_is_put_in_nfc() -> None:
    decomposed = unicodedata.normalize("NFD", "がぎ신")
    assert bake(PATHS[400], [decomposed], "ja", "Kana", 400) == bake(PATHS[400], ["がぎ신"], "ja", "Kana", 400)


def test_unknown_character_is_named() -> None:
    with pytest.raises(KeyError, match=r"𫍻 U\+2B37B"):
        bake(PATHS[400], ["譩𫍻"], "zh-Hans", "Names", 400)


def test_wrong_weight_and_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="weight 700"):
        bake(PATHS[400], NAMES, "ja", "Names", 700)
    with pytest.raises(ValueError, match="no characters"):
        bake(PATHS[400], ["", ""], "ja", "Names", 400)


def test_characters_past_the_basic_plane(tmp_path: Path) -> None:
    # The shipped fonts have none today; a clinic's own font may.
    path = tmp_path / "rare.ttf"
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((0, 700))
    pen.lineTo((500, 0))
    pen.closePath()
    square, empty = pen.glyph(), TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "one", "other", "rare"])
    builder.setupCharacterMap({0x4E00: "one", 0x4E01: "other", 0x20BB7: "rare"})
    builder.setupGlyf({".notdef": empty, "one": empty, "other": empty, "rare": square})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", "one", "other", "rare"), (1000, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Rare", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    builder.save(path)

    font = opened(bake(path, ["一\U00020bb7"], "ja", "Rare", 400))
    formats = {table.format: table.cmap for table in font["cmap"].tables}
    assert set(formats) == {4, 12}
    assert set(formats[4]) == {0x4E00}
    assert set(formats[12]) == {0x4E00, 0x20BB7}
    assert outline(font, formats[12][0x20BB7])[0] == [(0, 0), (0, 700), (500, 0)]
    assert font["OS/2"].usLastCharIndex == 0xFFFF


@pytest.mark.parametrize(
    ("lang", "text", "widths"),
    [
        ("ja", "「肩」「腰」。", [1000, 1000, 500, 1000, 1000, 500, 1000]),
        ("zh-Hans", "“肩。”（", [1000, 1000, 500, 500, 1000]),
        ("zh-Hant", "肩。」，", [1000, 1000, 500, 1000]),
        ("ja", "肩", [1000]),
    ],
)
def test_marks_beside_each_other_are_squeezed_in_the_book(lang: str, text: str, widths: list[int]) -> None:
    data = bake(PATHS[400], [text], lang, "Marks", 400)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(hb.Face(hb.Blob(data))), buffer)
    assert [place.x_advance for place in buffer.glyph_positions] == widths
    assert ("GPOS" in opened(data)) == (len(text) > 1)
