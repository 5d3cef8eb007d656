"""A clinic's typeface and colour for headings: light faces are refused, and what they alone have is in the book."""

from __future__ import annotations

import io
import re
import shutil
import string
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pdfplumber
import pytest
import uharfbuzz as hb
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from helpers.project import LANG, NAME, ROOT, SHORT, brand_of, common, source_of, tiny_handout
from judges import epubcheck

from handout_builder import pipeline
from handout_builder.brand.loader import load_brand
from handout_builder.content.loader import load
from handout_builder.errors import HandoutError
from handout_builder.render.product import Product
from handout_builder.resources import BRAND_FILE, FONTS
from handout_builder.tokens import tokens
from handout_builder.typefaces import clinic_font, coverage, stem

SAMPLES = ROOT / "tests" / "samples" / "brands"


def brand_with(folder: Path, font: Path, more: str = "", headings: str = "Mine") -> Path:
    if font.parent != folder:
        shutil.copy(font, folder / font.name)
    fonts = f"fonts: [{{family: Mine, source: file, files: [{font.name}]}}]"
    (folder / BRAND_FILE).write_text(f"typography: {{{fonts}, headings: {headings}}}\n{more}", "utf-8")
    return folder


@pytest.mark.parametrize(
    ("font", "heavy"),
    [
        (FONTS / "NotoSans-Bold.ttf", True),
        (FONTS / "NotoSans-Regular.ttf", False),
        (SAMPLES / "pastel" / "Nunito-Bold.ttf", True),
        (SAMPLES / "pastel" / "Nunito-Regular.ttf", False),
        (SAMPLES / "aozora" / "NotoSerifJP-Bold.ttf", True),
    ],
    ids=lambda value: getattr(value, "stem", ""),
)
def test_light_faces_are_refused_by_the_width_of_their_stems(font: Path, heavy: bool, tmp_path: Path) -> None:
    brand = load_brand(brand_with(tmp_path, font))
    assert [face.font.path.name for face in brand.faces] == ([font.name] if heavy else [])
    told = [note for note in brand.notes if "paler than the text" in note.message]
    assert bool(told) is not heavy


def test_a_file_that_calls_itself_bold_is_measured_all_the_same(tmp_path: Path) -> None:
    font = TTFont(FONTS / "NotoSans-Regular.ttf")
    font["OS/2"].usWeightClass = 700
    font.save(tmp_path / "liar.ttf")
    assert load_brand(brand_with(tmp_path, tmp_path / "liar.ttf", headings="{family: Mine, weight: 700}")).faces == ()


def without_width(font: TTFont) -> None:
    font["hmtx"].metrics = dict.fromkeys(font["hmtx"].metrics, (0, 0))


def of_pictures(font: TTFont) -> None:
    font["OS/2"].panose.bFamilyType = 5


def of_signs(font: TTFont) -> None:
    glyph = font.getBestCmap()[ord("A")]
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 2.0, [], {glyph: "a10"}


def of_capitals(font: TTFont) -> None:
    for table in font["cmap"].tables:
        table.cmap |= {ord(letter): table.cmap[ord(letter.upper())] for letter in string.ascii_lowercase}


def without_blank(font: TTFont) -> None:
    for table in font["cmap"].tables:
        table.cmap.pop(ord(" "), None)


def with_a_thin_blank(font: TTFont) -> None:
    font["hmtx"].metrics["space"] = (0, 0)


def with_an_empty_figure(font: TTFont) -> None:
    font["glyf"]["five"] = Glyph()


def with_a_letter_on_the_next(font: TTFont) -> None:
    font["hmtx"].metrics["a"] = (0, 0)


def with_another_figure(font: TTFont) -> None:
    addOpenTypeFeaturesFromString(font, "feature ccmp { sub five by one; } ccmp;")


def leaning(font: TTFont) -> None:
    font["OS/2"].fsSelection |= 1


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_width, "its letters stand on each other"),
        (of_pictures, "it has signs where letters should be"),
        (of_signs, "it has signs where letters should be"),
        (of_capitals, "several of its letters are one sign: programs could not read or search the words"),
        (without_blank, "it has no blank that keeps words apart"),
        (with_a_thin_blank, "it has no blank that keeps words apart"),
        (with_an_empty_figure, "nothing is drawn for its “5”"),
        (with_a_letter_on_the_next, "what follows its “a” stands on it"),
        (with_another_figure, "it shows “1” where “5” is written"),
        (leaning, "there is only an italic of it"),
    ],
)
def test_a_typeface_in_which_words_cannot_be_read_is_not_used(
    spoil: Callable[[TTFont], None], why: str, tmp_path: Path
) -> None:
    font = TTFont(FONTS / "NotoSans-Bold.ttf")
    spoil(font)
    font.save(tmp_path / "odd.ttf")
    brand = load_brand(brand_with(tmp_path, tmp_path / "odd.ttf"))
    assert brand.faces == ()
    assert [note.message for note in brand.notes] == [f"the typeface for 'headings' is not used: {why}"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"), []),
        (
            ("NotoSans-Regular.ttf", "NotoSerif-Bold.ttf"),
            [
                (
                    "words in bold are set in another typeface: "
                    "NotoSans-Regular.ttf is of 'Noto Sans', NotoSerif-Bold.ttf of 'Noto Serif'"
                )
            ],
        ),
        (
            ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSerif-Bold.ttf"),
            ["NotoSerif-Bold.ttf is not used: NotoSans-Bold.ttf has the same weight (700)"],
        ),
    ],
)
def test_files_of_one_family_that_disagree_are_told(files: Sequence[str], told: list[str], tmp_path: Path) -> None:
    for name in files:
        shutil.copy((SAMPLES.parents[2] / "source/brands/harbour-lane" if "Serif" in name else FONTS) / name, tmp_path)
    fonts = f"fonts: [{{family: Mine, source: file, files: [{', '.join(files)}]}}]"
    (tmp_path / BRAND_FILE).write_text(f"typography: {{{fonts}, headings: Mine, base: Mine}}\n", "utf-8")
    brand = load_brand(tmp_path)
    assert [note.message for note in brand.notes] == told
    assert [face.font.path.name for face in brand.faces] == [files[1], *files[:2]]


def test_a_collection_of_fonts_is_told_as_one(tmp_path: Path) -> None:
    both = TTCollection()
    both.fonts = [TTFont(FONTS / name) for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")]
    both.save(tmp_path / "both.ttf")
    with pytest.raises(HandoutError, match="collection of fonts"):
        load_brand(brand_with(tmp_path, tmp_path / "both.ttf"))


def test_stems_are_as_wide_as_the_drawn_letter() -> None:
    """The letter l of a sans is its stem alone: as wide as its box."""
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        font = clinic_font.read(FONTS / name)
        drawn = hb.Font(hb.Face(hb.Blob(font.data)))
        box = drawn.get_glyph_extents(drawn.get_nominal_glyph(ord("l")))
        assert stem.width(font, 700) == pytest.approx(box.width / drawn.face.upem, abs=0.001)


def test_headings_of_safety_boxes_stay_ours(every_edition: Path) -> None:
    with pdfplumber.open(every_edition / "harbour-lane" / f"{NAME}.{LANG}.pdf") as document:
        words = document.pages[1].extract_words(extra_attrs=["fontname", "size"])
    fonts = {word["text"]: word["fontname"] for word in words if word["size"] == pytest.approx(16, abs=0.1)}
    assert {"When", "doctor", "not", "How"} <= fonts.keys()
    assert not [word for word, font in fonts.items() if "Noto-Sans-Bold" not in font]
    headings = {word["text"]: word["fontname"] for word in words if word["size"] == pytest.approx(14, abs=0.1)}
    assert "Brand" in headings["Before"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("deep", "#08312a"), ("primary", tokens()["ink"]), ("no-such-name", None), ('"#1b3264"', "#1b3264")],
)
def test_colour_of_headings_is_printed(wanted: str, found: str | None, tmp_path: Path) -> None:
    text = f'color: {{palette: {{deep: "#08312A"}}, primary: "#e18600"}}\ntypography: {{headings: {{color: {wanted}}}}}'
    (tmp_path / BRAND_FILE).write_text(text, "utf-8")
    brand = load_brand(tmp_path)
    own = dict(brand.colours)
    assert own.get("title") == found
    assert own["accent-head"] == (found or tokens()["ink"])
    assert own["band"] == "#e18600"
    assert (wanted == "no-such-name") is any("is no colour" in note.message for note in brand.notes)


def test_what_only_the_heading_font_has_is_in_the_book(tmp_path: Path) -> None:
    """Names of people have characters that our fonts lack: 髙 was one."""
    rare = next(chr(code) for code in range(0x4E00, 0x9FFF) if list(coverage.missing(chr(code))))
    font = TTFont(SAMPLES / "aozora" / "NotoSerifJP-Bold.ttf")
    for table in font["cmap"].tables:
        table.cmap[ord(rare)] = font.getBestCmap()[ord("京")]
    font.save(tmp_path / "rare.ttf")
    more = f"meta: {{name: {rare}東, practitioner: {{name: {rare}京}}}}\ndefaults: {{handout: {{lang: ja}}}}\n"
    folder = brand_with(tmp_path, tmp_path / "rare.ttf", more)
    product = Product(source_of(SHORT), load_brand(folder))
    (tmp_path / "book.epub").write_bytes(pipeline.make(product, ("epub",))["epub"])
    assert epubcheck.check(tmp_path / "book.epub") == []
    with zipfile.ZipFile(tmp_path / "book.epub") as book:
        css = book.read("EPUB/book.css").decode()
        own = hb.Face(hb.Blob(book.read("EPUB/fonts/brand-heading-700.ttf")))
    assert ord(rare) in own.unicodes
    rules = [line for line in css.splitlines() if line.startswith('[lang="ja"]')]
    assert rules
    assert all('"Brand Heading"' in rule for rule in rules)


@pytest.mark.parametrize(("lang", "used"), [("en", True), ("es", True), ("ja", True), ("vi", False)])
def test_a_typeface_without_letters_of_the_language_is_not_used(lang: str, used: bool) -> None:
    """Words were set in two typefaces, letter by letter: Harbour Lane's has no ệ."""
    brand = brand_of(ROOT / "source" / "brands" / "harbour-lane")
    product = Product(source_of(ROOT / "source" / NAME, lang), brand)
    assert (product.theme.tokens["heading"] == '"Brand Heading"') is used
    assert product.brand
    assert bool(product.brand.faces) is used
    assert any("set in our own typeface" in note.message for note in product.brand_notes) is not used


@pytest.mark.parametrize("lang", ["ja", "ko", "zh-Hant"])
def test_text_in_the_book_is_not_set_in_the_typeface_of_headings(lang: str, tmp_path: Path) -> None:
    """Codes and numbers in Japanese text were, as the typeface stood before the reader's own."""
    folder = tiny_handout(tmp_path, "short")
    (folder / "en.yaml").rename(folder / f"{lang}.yaml")
    product = Product(load(folder, lang, common(lang)), brand_of(ROOT / "source" / "brands" / "harbour-lane"))
    with zipfile.ZipFile(io.BytesIO(pipeline.make(product, ("epub",))["epub"])) as book:
        css = re.sub(r"/\*.*?\*/", "", book.read("EPUB/book.css").decode(), flags=re.DOTALL)
    found = re.findall(r"^([^@{}]+) \{ font-family: ([^;}]*\"Brand Heading\"[^;}]*)", css, re.MULTILINE)
    last = {}
    for selectors, families in found:
        for selector in selectors.split(", "):
            last[selector.strip()] = families
    assert {f"h2:lang({lang})", f'[lang="{lang}"]', f'b [lang="{lang}"]'} <= last.keys()
    for selector, families in last.items():
        is_heading = selector.startswith(("h1", "h2", ".clinic-name"))
        assert (families.index("Brand Heading") < families.index("sans-serif")) == is_heading, selector
