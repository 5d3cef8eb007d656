"""The editions, as independent programs read them: plain, and for two brands."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import json
import os
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pdfplumber
import pikepdf
import pytest
from helpers import pdf_pages
from helpers.once import once
from helpers.page_words import Page, Word, collisions, read, sheets
from helpers.project import NOT_MADE, ROOT, SHORT, brand_of, short_handout, source_of
from helpers.source_text import shared, squeeze
from judges import pages as page_validation
from judges import programs, verapdf
from PIL import Image, ImageChops, ImageCms

from handout_builder.brand.loader import load_brand
from handout_builder.builder.incremental import build
from handout_builder.colour import inks
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.looks import LOOKS
from handout_builder.orders import Order
from handout_builder.pdf import imposition, preflight, typeset
from handout_builder.pdf.layout_faults import Kind
from handout_builder.pdf.pages import Pages
from handout_builder.pipeline import make
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.text.readability import reading

SOURCE, NAME, LANG = ROOT / "source", "chronic-back-pain", "en"
BRANDS = {
    "plain": None,
    "harbour-lane": SOURCE / "brands" / "harbour-lane",
    "cell-healing": SOURCE / "brands" / "cell-healing",
}
CLINIC = SOURCE / "brands" / "harbour-lane"
READ = [name for name, edition in EDITIONS.items() if not edition.sheets and edition.colours != "cmyk"]
SHEETS = [name for name, edition in EDITIONS.items() if edition.sheets]
MADE = [(brand, edition) for brand in BRANDS for edition in EDITIONS if edition not in NOT_MADE.get(brand, ())]
MM = 72 / 25.4
A4, LETTER = (210 * MM, 297 * MM), (612, 792)
WHITE = 255
FOUR = ("肾愈", "気海愈", "大肠愈", "腰陽關")
# WeasyPrint leaves its colour profile to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def out(every_edition: Path) -> Path:
    """Every edition, plain and for one brand or for two: those of MADE."""
    return every_edition


def file(out: Path, brand: str, edition: str) -> Path:
    suffix = "" if edition == "a4" else f".{edition}"
    return out / (brand if BRANDS[brand] else ".") / f"{NAME}.{LANG}{suffix}.pdf"


def box(page: Any, name: str) -> list[float]:
    return [float(value) for value in page[f"/{name}"]]


def colour_operators(path: Path) -> dict[str, set[tuple[float, ...]]]:
    """Return the operators that set a colour, with their numbers, in pages and forms."""
    found: dict[str, set[tuple[float, ...]]] = {}
    with pikepdf.open(path) as document:
        forms = [o for o in document.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Form"]
        for content in [*document.pages, *forms]:
            for operands, operator in pikepdf.parse_content_stream(content):
                if str(operator) in ("rg", "RG", "g", "G", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN", "sh"):
                    numbers = tuple(float(value) for value in operands if isinstance(value, int | float | Decimal))
                    found.setdefault(str(operator), set()).add(numbers)
    return found


def lines(page: Page) -> list[str]:
    """Return the lines of a page, from the top."""
    tops: dict[int, list[Word]] = {}
    for word in page.words:
        tops.setdefault(round(word.y), []).append(word)
    return [" ".join(word.text for word in sorted(tops[top], key=lambda word: word.x)) for top in sorted(tops)]


def words(path: Path) -> str:
    return squeeze(pdf_pages.text(path))


# All of them


def made_for(edition: str) -> list[str]:
    """Return the brands that an edition is made for, and "plain"."""
    return [brand for brand in BRANDS if (brand, edition) in MADE]


@pytest.mark.parametrize("brand", BRANDS)
def test_one_command_makes_them_all(out: Path, brand: str) -> None:
    assert all(file(out, brand, edition).is_file() == ((brand, edition) in MADE) for edition in EDITIONS)
    assert (out / (brand if BRANDS[brand] else ".") / f"{NAME}.{LANG}.epub").is_file()


@pytest.mark.parametrize(("brand", "edition"), MADE)
def test_sound_and_complete(out: Path, brand: str, edition: str) -> None:
    path = file(out, brand, edition)
    assert pdf_pages.faults(path) == []
    assert all(name in words(path) for name in FOUR)
    fonts = pdf_pages.fonts(path)
    assert fonts
    assert all(font.embedded and font.subset and font.to_unicode for font in fonts), fonts


# Each edition and each brand meet the two flavours.
JUDGED = [
    (brand, edition, ("ua1", "3a")[(row + column) % 2])
    for row, brand in enumerate(BRANDS)
    for column, edition in enumerate(READ)
    if (brand, edition) in MADE
]


@pytest.mark.parametrize(("brand", "edition", "flavour"), JUDGED)
def test_editions_to_read_are_accessible_archives(out: Path, brand: str, edition: str, flavour: str) -> None:
    path = file(out, brand, edition)
    assert verapdf.check(path, flavour) == []
    assert page_validation.check(path, flavour) == []


@pytest.mark.parametrize("edition", SHEETS)
def test_sheets_are_archives(out: Path, edition: str) -> None:
    assert verapdf.check(file(out, "harbour-lane", edition), "3b") == []


@pytest.mark.parametrize("edition", [name for name in EDITIONS if name not in READ])  # those that are worked on more
def test_same_bytes_again(edition: str) -> None:
    one, other = (make(Product(source_of(SHORT), edition=EDITIONS[edition]), ("pdf",)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("edition", [name for name in EDITIONS if not EDITIONS[name].pages])
def test_same_words_as_on_a4(out: Path, edition: str) -> None:
    def text(name: str) -> set[str]:
        return set(re.findall(r"\w{5,}", pdf_pages.text(file(out, "plain", name))))

    assert text("a4") - text(edition) == set()


# Paper


def test_letter_is_laid_out_for_letter(out: Path) -> None:
    for brand in made_for("letter"):
        with pikepdf.open(file(out, brand, "letter")) as document:
            assert len(document.pages) <= 7
            for page in document.pages:
                left, bottom, right, top = map(float, page.mediabox)
                assert (right - left, top - bottom) == pytest.approx(LETTER, abs=0.1)
        sizes = {round(letter.size, 1) for page in sheets(file(out, brand, "letter")) for letter in page.letters}
        assert {12.0, 29.0} <= sizes, "scaled, not laid out"


def test_large_print_is_large(out: Path) -> None:
    for brand in BRANDS:
        letters = [letter for page in sheets(file(out, brand, "large-print")) for letter in page.letters]
        assert min(letter.size for letter in letters) >= 15.9
        body = [letter for letter in letters if letter.size == pytest.approx(18, abs=0.05)]
        assert len(body) > 0.6 * len(letters)
        for letter in letters:
            assert letter.x >= 16 * MM, letter
            assert letter.end <= 195 * MM, letter


def test_no_label_of_large_print_stands_on_another(out: Path) -> None:
    for page in read(file(out, "plain", "large-print")):
        labels = tuple(word for word in page.words if re.fullmatch(r"[A-Z]{2}\d+|EX-B\d", word.text))
        assert collisions(replace(page, words=labels)) == []


# Pages that a studio would sign


@pytest.mark.parametrize(("brand", "edition"), MADE)
def test_words_of_charts_are_legible(out: Path, brand: str, edition: str) -> None:
    """16 pt in large print, 8 pt elsewhere, codes and names of bones 9 pt: as they are printed, not as they are set."""
    least = 15.9 if edition == "large-print" else 8.9
    found = [word for page in read(file(out, brand, edition)) for word in page.words]
    labels = [word for word in found if re.fullmatch(r"(BL|GV)\d+|L[1-5]|Left|Right", word.text)]
    assert {"L4", "BL23", "GV3", "Left"} <= {word.text for word in labels}
    assert min(word.size for word in labels) >= least


def test_no_page_is_half_empty(out: Path) -> None:
    """In any edition, plain or for a brand."""
    notes = (out / "notes").read_text("utf-8").splitlines()
    assert len(notes) > 3
    assert [note for note in notes if note.startswith("page-")] == []


@pytest.mark.parametrize(("edition", "brand"), [("large-print", None), ("booklet", CLINIC)])
def test_no_page_is_half_empty_in_a_compact_look_on_us_paper(brand: Path | None, edition: str) -> None:
    source = source_of(SOURCE / NAME)
    handout = source.handout.model_copy(update={"paper": "letter"})
    printed = replace(EDITIONS[edition], look=LOOKS["compact"])
    product = Product(replace(source, handout=handout), brand and brand_of(brand), printed)
    assert [note.message for note in make(product, ()).notes if note.code.startswith("page-")] == []


@pytest.mark.parametrize("brand", BRANDS)
def test_letters_of_the_one_page_are_11_pt_and_each_column_has_one_edge(out: Path, brand: str) -> None:
    (page,) = sheets(file(out, brand, "one-page"))
    sizes = [round(letter.size, 1) for letter in page.letters]
    assert max(set(sizes), key=sizes.count) >= 11
    (words,) = read(file(out, brand, "one-page"))
    middle = words.width / 2
    # The tint of an emergency reaches over the edge.
    starts = {word.text: word.x for word in reversed(words.words) if word.text in ("See", "Do", "1.")}
    assert len(starts) == 3
    columns = [[x for x in starts.values() if (x > middle) is right] for right in (False, True)]
    assert all(max(column) - min(column) < 1 for column in columns if column)


@pytest.mark.parametrize("brand", BRANDS)
def test_cards_have_one_column_of_words(out: Path, brand: str) -> None:
    page = next(page for page in read(file(out, brand, "a4")) if "The four points" in lines(page))
    crop_edge = page.width - (16 + 33 + 4) * MM
    words = [word for word in page.words if word.size == pytest.approx(12, abs=0.1)]
    assert len(words) > 100
    assert [word.text for word in words if word.end > crop_edge and 30 * MM < word.y < 270 * MM] == []


@pytest.mark.parametrize("edition", ["a4", "letter", "large-print"])
def test_the_table_has_its_title_wherever_it_goes_on(out: Path, edition: str) -> None:
    pages = [lines(page) for page in read(file(out, "plain", edition))]
    heads = [
        (page, lines.index("Code Standard name Where"))
        for page, lines in enumerate(pages)
        if "Code Standard name Where" in lines
    ]
    titles = [pages[page][line - 1] for page, line in heads]
    assert titles == ["All points", *["All points (continued)"] * (len(heads) - 1)]


@pytest.mark.parametrize("brand", BRANDS)
def test_a_figure_is_on_the_first_page(out: Path, brand: str) -> None:
    def drawn(page: Any, left: float, right: float) -> int:
        curves = [c for c in page.curves if left <= c["x0"] <= right]
        return len(curves)

    with pdfplumber.open(file(out, brand, "a4")) as document:
        assert drawn(document.pages[0], 18 * MM, 56 * MM) > 20
    with pdfplumber.open(file(out, brand, "leaflet")) as document:
        cover = document.pages[0].crop((197 * MM, 0, 297 * MM, 210 * MM))
        assert drawn(cover, 197 * MM, 297 * MM) > 20
        assert "Chronic back pain" in cover.extract_text()


@pytest.mark.parametrize("brand", BRANDS)
def test_the_sentence_about_a_doctor_is_large_and_stands_with_the_contact(out: Path, brand: str) -> None:
    words = read(file(out, brand, "a4"))[-1].words
    wanted = shared()["labels"]["disclaimer"].split()
    texts = [word.text for word in words]
    first = next(n for n in range(len(texts)) if texts[n : n + len(wanted)] == wanted)
    sentence = words[first : first + len(wanted)]
    assert {round(word.size, 1) for word in sentence} == {12}
    assert len({round(word.y) for word in sentence}) == 1
    tops = {word.text: word.y for word in reversed(words)}
    if brand != "plain":
        assert tops["Contact"] < sentence[0].y < tops["Sources"]


@pytest.mark.parametrize("edition", ["a4", "large-print", "booklet", "one-page"])
def test_a_long_title_leaves_the_foot_to_the_clinics_name(edition: str) -> None:
    source = source_of(SOURCE / NAME)
    title = (
        "Pressure points for chronic pain of the lower back, the hips and both legs, for patients and their families"
    )
    handout = source.handout.model_copy(update={"title": title})
    product = Product(replace(source, handout=handout), brand_of(SOURCE / "brands" / "cell-healing"), EDITIONS[edition])
    html = printing.print_html(product, printing.first_pages(product))
    pages = typeset.lay_out(html, product)
    assert [fault for fault in pages.faults if fault.kind is not Kind.EMPTY] == []
    foot = [ink.words for ink in pages.ink[0] if ink.around.running]
    assert any(words.startswith("Pressure points for chronic") and words.endswith("…") for words in foot)
    assert any("Cell Healing" in words for words in foot)


# Grey


@pytest.mark.parametrize("brand", made_for("greyscale"))
def test_greyscale_has_no_colour(out: Path, brand: str) -> None:
    path = file(out, brand, "greyscale")
    assert set(colour_operators(path)) <= {"g", "G"}
    with pikepdf.open(path) as document:
        pictures = [o for o in document.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        assert {str(picture.ColorSpace) for picture in pictures} <= {"/DeviceGray"}
        pages = len(document.pages)
    for number in range(1, pages + 1):
        red, green, blue = pdf_pages.picture(path, number, dpi=40).convert("RGB").split()
        assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_grey_keeps_the_contrast() -> None:
    for colour in ((0.1, 0.4, 0.8), (0.9, 0.2, 0.1), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)):
        (grey,) = inks.Grey().of(colour)
        assert luminance((grey, grey, grey)) == pytest.approx(luminance(colour), abs=0.003)


def luminance(colour: tuple[float, float, float]) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Sheets


def printed_number(text: str) -> int:
    match = re.search(r"Page (\d+) of", text)
    assert match, text
    return int(match[1])


@pytest.mark.parametrize("brand", BRANDS)
def test_booklet_reads_in_order_when_folded(out: Path, brand: str) -> None:
    path, sides = file(out, brand, "booklet"), []
    assert all((sheet.width, sheet.height) == pytest.approx((A4[1], A4[0]), abs=0.1) for sheet in sheets(path))
    for page in read(path):
        halves = [
            " ".join(word.text for word in page.words if (word.x >= page.width / 2) is right) for right in (False, True)
        ]
        sides.append([printed_number(half) if "Page " in half else 0 for half in halves])
    assert len(sides) % 2 == 0
    # Fold the stack: leaves from the outside in, then out again.
    order = [side[1] if i % 2 == 0 else side[0] for i, side in enumerate(sides)]
    order += [side[0] if i % 2 == 0 else side[1] for i, side in reversed(list(enumerate(sides)))]
    pages = [number for number in order if number]
    assert pages == list(range(1, len(pages) + 1))
    # What is missing to a multiple of four is missing before the back cover, where there is one.
    assert order[0] == 1
    missing = order[len(pages) :] if brand == "plain" else order[len(pages) - 1 : -1]
    assert all(number == 0 for number in missing)


@pytest.mark.parametrize("brand", BRANDS)
def test_the_back_cover_says_whom_to_ask(out: Path, brand: str) -> None:
    page = read(file(out, brand, "booklet"))[0]
    back = " ".join(word.text for word in page.words if word.x < page.width / 2)
    said = ["Contact", shared()["labels"]["disclaimer"], *(["555-0142"] if brand == "harbour-lane" else [])]
    assert [words in back for words in said] == [brand != "plain"] * len(said)


@pytest.mark.parametrize("cover", [False, True])
@pytest.mark.parametrize("count", [1, 3, 4, 5, 12, 29, 64])
def test_signatures_hold_every_page_once(count: int, cover: bool) -> None:
    sides = imposition.booklet(count, cover=cover)
    assert len(sides) == 2 * -(-count // 4)
    assert sorted(page.number for side in sides for page in side.pages) == list(range(1, count + 1))
    for side in sides:
        # What is printed on the two halves of a side adds up to the same number, but for the back cover.
        if len(side.pages) == 2 and not (cover and count in [page.number for page in side.pages]):
            assert sum(page.number for page in side.pages) == 2 * len(sides) + 1


def test_creep_grows_towards_the_middle() -> None:
    lefts = [side.pages[0].x for side in imposition.booklet(64) if side.front]
    assert all(later - sooner == pytest.approx(0.1) for sooner, later in pairwise(lefts))
    rights = [side.pages[1].x for side in imposition.booklet(64) if side.front]
    assert all(sooner - later == pytest.approx(0.1) for sooner, later in pairwise(rights))


def test_creep_is_in_the_file(out: Path) -> None:
    with pikepdf.open(file(out, "plain", "booklet")) as document:
        sides = len(document.pages)
        shifts = [
            float(operands[4])
            for page in document.pages
            for operands, operator in list(pikepdf.parse_content_stream(page))[:2]
            if str(operator) == "cm" and float(operands[4]) < 10
        ]
    assert max(shifts) == pytest.approx((sides // 2 - 1) * 0.1 * MM, abs=0.01)


def test_sheets_have_marks_and_a_proof_line(out: Path) -> None:
    for edition, folds in (("booklet", [148.5]), ("leaflet", [97, 197])):
        with pdfplumber.open(file(out, "plain", edition)) as document:
            page = document.pages[0]
            assert "sheet 1 of" in page.extract_text()
            assert "Print on both sides" in page.extract_text()
            drawn = [
                o for o in (*page.lines, *page.rects, *page.curves) if o["bottom"] <= 5 * MM or o["top"] >= 205 * MM
            ]
            for fold in folds:
                assert any(abs(o["x0"] - fold * MM) < 1 for o in drawn), (edition, fold)
            if edition == "booklet":
                assert any(abs(o["x0"] - 5 * MM) < 1 for o in drawn), "no crop mark"


def test_leaflet_panels_lie_where_they_fold(out: Path) -> None:
    wanted = [("When not to press", "EX-B8", "In short"), ("When to see a doctor", "How to find", "BL25")]
    edges = [(0, 97, 197, 297), (0, 100, 200, 297)]
    for page, panels, xs in zip(read(file(out, "plain", "leaflet")), wanted, edges, strict=True):
        for panel, (left, right) in zip(panels, pairwise(xs), strict=True):
            assert panel in " ".join(word.text for word in page.words if left * MM < word.x < right * MM)


# One page


@pytest.mark.parametrize("brand", BRANDS)
def test_one_page_says_what_matters(out: Path, brand: str) -> None:
    path = file(out, brand, "one-page")
    with pikepdf.open(path) as document:
        assert len(document.pages) == 1
    text = words(path)
    block = shared()["safety"]["help-at-once"]
    for item in block["groups"][0]["items"]:
        assert squeeze(item) in text, "a warning sign of an emergency is missing"
    assert all(squeeze(safety["heading"]) in text for safety in shared()["safety"].values())
    if brand == "harbour-lane":
        assert "555-0142" in text


def test_too_much_for_one_page_is_an_error() -> None:
    source = source_of(SHORT)
    long = source.handout.model_copy(update={"title": "A very long title " * 120})
    from handout_builder.pipeline import make

    with pytest.raises(HandoutError) as caught:
        make(Product(replace(source, handout=long), edition=EDITIONS["one-page"]), ("pdf",))
    assert [problem.code for problem in caught.value.problems] == ["too-long"]


# Press


@pytest.mark.parametrize("brand", made_for("press"))
def test_press_boxes_bleed_and_marks(out: Path, brand: str) -> None:
    with pikepdf.open(file(out, brand, "press")) as document:
        for page in document.pages:
            media, trim, bleed = (box(page, name) for name in ("MediaBox", "TrimBox", "BleedBox"))
            assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx(A4, abs=0.01)
            assert [a - b for a, b in zip(bleed, trim, strict=True)] == pytest.approx(
                [-3 * MM, -3 * MM, 3 * MM, 3 * MM], abs=0.01
            )
            assert media[0] < bleed[0]
            assert media[2] > bleed[2]
            assert "/Annots" not in page


@pytest.mark.parametrize("brand", made_for("press"))
def test_press_marks_lie_outside_the_bleed(out: Path, brand: str) -> None:
    path, dot = file(out, brand, "press"), 5  # dots a mm
    with pikepdf.open(path) as document:
        pages = len(document.pages)
    for number in range(1, pages + 1):
        page = pdf_pages.picture(path, number, dpi=25.4 * dot, grey=True).convert("L")
        width, height = page.size
        # Between bleed and marks nothing is printed; in the corners there are marks.
        for line in (
            page.crop((round(6.2 * dot), 0, round(6.8 * dot), height)),
            page.crop((0, round(6.2 * dot), width, round(6.8 * dot))),
        ):
            assert line.getextrema()[0] == WHITE, number
        corner = page.crop((0, 0, 11 * dot, 11 * dot))
        assert corner.getextrema()[0] < 128, number


def test_colour_runs_into_the_bleed(out: Path) -> None:
    page = pdf_pages.picture(file(out, "harbour-lane", "press"), 1, dpi=127).convert("RGB")  # 5 dots a mm
    inside, bleed = page.getpixel((12 * 5, 15 * 5)), page.getpixel((8 * 5, 15 * 5))
    assert inside == bleed != (WHITE, WHITE, WHITE)
    assert page.getpixel((page.width // 2, 8 * 5)) == bleed
    assert page.getpixel((page.width - 8 * 5, 15 * 5)) == bleed


@pytest.mark.parametrize("brand", made_for("press"))
def test_press_is_cmyk_throughout(out: Path, brand: str) -> None:
    path = file(out, brand, "press")
    operators = colour_operators(path)
    # The one other space is that of the crop marks, which are printed with every ink.
    assert set(operators) <= {"k", "K", "CS", "SCN"}
    assert operators["SCN"] == {(1.0,)}
    raw = pikepdf.open(path)
    for item in raw.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
            assert str(item.ColorSpace) in ("/DeviceCMYK", "/DeviceGray")
    names = {str(name) for item in raw.objects for name in names_in(item)}
    assert not names & {"/DeviceRGB", "/CalRGB", "/Lab", "/Link", "/URI"}
    raw.close()


def names_in(item: Any) -> list[Any]:
    """Return the names in an object, without those that it refers to."""
    parts = (
        dict(item.items()).values()
        if isinstance(item, pikepdf.Dictionary)
        else dict(item.stream_dict.items()).values()
        if isinstance(item, pikepdf.Stream)
        else item
        if isinstance(item, pikepdf.Array)
        else ()
    )
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
        return [name for part in parts if not getattr(part, "is_indirect", False) for name in names_in(part)]
    return [item] if isinstance(item, pikepdf.Name) else []


@pytest.mark.parametrize("brand", made_for("press"))
def test_press_inks(out: Path, brand: str) -> None:
    path = file(out, brand, "press")
    every = [numbers for name in ("k", "K") for numbers in colour_operators(path).get(name, ())]
    assert max(map(sum, every)) <= 3.0
    assert (0.0, 0.0, 0.0, 1.0) in every


@pytest.mark.tools("gs")
@pytest.mark.parametrize("brand", made_for("press"))
def test_ghostscripts_separations_agree(out: Path, brand: str, tmp_path: Path) -> None:
    """No dot takes more ink than the profile allows, but for the crop marks."""
    path = file(out, brand, "press")
    programs.run(
        "gs",
        "-q",
        "-dNOPAUSE",
        "-dBATCH",
        "-dUseTrimBox",
        "-sDEVICE=tiff32nc",
        "-r60",
        f"-sOutputFile={tmp_path}/s-%d.tif",
        path,
    )
    pictures = [*tmp_path.glob("s-*.tif")]
    assert pictures
    for picture in pictures:
        with Image.open(picture) as page:
            assert page.mode == "CMYK"
            planes = [plane.point(lambda v: v // 4) for plane in page.split()]
        most = functools.reduce(ImageChops.add, planes).getextrema()[1]
        assert most * 4 / 255 <= 3.02


@pytest.mark.tools("gs")
def test_black_text_is_black_ink_alone(out: Path, tmp_path: Path) -> None:
    # Page 1 without a brand: only headings and rules take other inks.
    programs.run(
        "gs",
        "-q",
        "-dNOPAUSE",
        "-dBATCH",
        "-dUseTrimBox",
        "-dLastPage=1",
        "-sDEVICE=tiffsep",
        "-r72",
        f"-sOutputFile={tmp_path}/s.tif",
        file(out, "plain", "press"),
    )
    cyan, black = (Image.open(next(tmp_path.glob(f"*{name}*.tif"))).convert("L") for name in ("Cyan", "Black"))
    body = (round(65 * MM), round(165 * MM), round(190 * MM), round(230 * MM))
    assert cyan.crop(body).getextrema()[0] == WHITE
    assert black.crop(body).getextrema()[0] < 60


@pytest.mark.parametrize("brand", made_for("press"))
def test_press_intent_and_metadata(out: Path, brand: str) -> None:
    with pikepdf.open(file(out, brand, "press")) as document:
        (intent,) = document.Root.OutputIntents
        assert (str(intent.S), str(intent.OutputConditionIdentifier)) == ("/GTS_PDFX", "FOGRA39")
        profile = intent.DestOutputProfile.read_bytes()
        assert profile == (ROOT / "layouts" / "press" / "fogra39.icc").read_bytes()
        about = ImageCms.ImageCmsProfile(io.BytesIO(profile)).profile
        assert (about.device_class, about.xcolor_space.strip()) == ("prtr", "CMYK")
        assert str(document.docinfo["/Trapped"]) == "/False"
        assert {"/Title", "/CreationDate", "/ModDate"} <= set(document.docinfo.keys())
        assert document.pdf_version >= "1.6"
        assert "/ID" in document.trailer
        assert "/AcroForm" not in document.Root
        with document.open_metadata() as xmp:
            assert xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
            assert xmp["pdf:Trapped"] == "False"
            assert xmp["xmpMM:DocumentID"].startswith("uuid:")
            assert {"xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:VersionID"} <= {
                name.replace("{http://ns.adobe.com/xap/1.0/}", "xmp:").replace(
                    "{http://ns.adobe.com/xap/1.0/mm/}", "xmpMM:"
                )
                for name in xmp
            }


def test_a_clinic_may_give_its_own_profile(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(BRANDS["harbour-lane"], folder)  # type: ignore[arg-type]
    profile = (ROOT / "layouts" / "press" / "fogra39.icc").read_bytes()
    (folder / "shop.icc").write_bytes(profile)
    text = (folder / "_brand.yml").read_text("utf-8")
    wish = "    press: {profile: shop.icc, condition: Shop 7, ink_limit: 200}\n"
    (folder / "_brand.yml").write_text(text.replace("  handout:\n", "  handout:\n" + wish), "utf-8")
    made = tmp_path / "own.pdf"
    made.write_bytes(make(Product(source_of(SHORT), load_brand(folder), EDITIONS["press"]), ("pdf",))["pdf"])
    with pikepdf.open(made) as document:
        assert str(document.Root.OutputIntents[0].OutputConditionIdentifier) == "Shop 7"
    assert max(sum(n) for name in ("k", "K") for n in colour_operators(made)[name]) <= 2.02
    for bad, words in ((b"no profile", "no ICC profile"), (srgb(), "not of a CMYK press")):
        (folder / "shop.icc").write_bytes(bad)
        with pytest.raises(HandoutError, match=words):
            load_brand(folder)


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_pictures_become_inks_with_their_transparency(tmp_path: Path) -> None:
    folder = tmp_path / "photo"
    folder.mkdir()
    picture = Image.effect_noise((600, 200), 60).convert("RGB")
    picture.putalpha(Image.linear_gradient("L").resize((600, 200)))
    picture.save(folder / "logo.png")
    (folder / "_brand.yml").write_text("meta: {name: Photo}\nlogo: {path: logo.png, alt: Photo}\n", "utf-8")
    for edition, space in (("press", "/DeviceCMYK"), ("greyscale", "/DeviceGray")):
        made = make(Product(source_of(SHORT), load_brand(folder), EDITIONS[edition]), ("pdf",))["pdf"]
        with pikepdf.open(io.BytesIO(made)) as document:
            pictures = [o for o in document.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
            assert space in {str(item.ColorSpace) for item in pictures}
            assert {str(item.ColorSpace) for item in pictures} <= {space, "/DeviceGray"}
            for item in pictures:
                channels = 4 if str(item.ColorSpace) == "/DeviceCMYK" else 1
                assert len(item.read_bytes()) == int(item.Width) * int(item.Height) * channels


# The list


def test_a_handout_lists_its_editions(project: Any) -> None:
    shutil.rmtree(project.folder)
    short_handout(project.top / "source", NAME)
    project.edit("kicker: Patient information\n", "kicker: Patient information\neditions: [letter, one-page]\n")
    paths = build([Order(project.folder, LANG)], project.top / "out").paths
    assert [path.name for path in paths] == [f"{NAME}.{LANG}.{kind}" for kind in ("letter.pdf", "epub", "one-page.pdf")]


def test_an_unknown_edition_is_named(project: Any) -> None:
    project.edit("kicker: Patient information\n", "kicker: Patient information\neditions: [leter]\n")
    with pytest.raises(HandoutError, match="did you mean 'letter'") as caught:
        load(project.folder, LANG)
    (problem,) = caught.value.problems
    assert problem.code == "unknown-edition"
    assert problem.line


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_long_words_of_a_clinic_step_down_a_size(tmp_path: Path, edition: str) -> None:
    folder = tmp_path / "long"
    folder.mkdir()
    (folder / "_brand.yml").write_text(
        "meta:\n  name: The Clinic With a Rather Long Name\n  phone: 555-0142\n  address: |\n    One\n    Two\n"
        "    Three\n    Four\n  hours: |\n    Monday to Friday 9 to 6\n    Saturday 9 to 1\n  link: {booking: https://example.com/b}\n"
        "defaults:\n  handout:\n    texts:\n      en: {invitation: 'Come and see us, we show you the points. "
        "Your first visit takes an hour.'}\n",
        "utf-8",
    )
    product = Product(source_of(SOURCE / NAME), load_brand(folder), EDITIONS[edition])
    path = tmp_path / "long.pdf"
    path.write_bytes(make(product, ("pdf",))["pdf"])
    sizes = [letter.size for page in sheets(path) for letter in page.letters]
    body = max(set(map(round, [10 * s for s in sizes])), key=[round(10 * s) for s in sizes].count)
    assert 95 <= body <= 110


# PDF 2.0


@pytest.mark.parametrize(
    ("brand", "flavours"),
    [("harbour-lane", ("ua2", "4")), ("cell-healing", ("ua2", "wt1a")), ("plain", ("4", "wt1r"))],
)
def test_pdf_2_passes_ua_2_and_a_4(tmp_path: Path, brand: str, flavours: tuple[str, ...]) -> None:
    """The first handout for one brand; the short one for the others."""
    home = SOURCE / NAME if brand == "harbour-lane" else short_handout(tmp_path, NAME)
    build([Order(home, LANG, BRANDS[brand], (EDITIONS["a4"],), "ua-2")], tmp_path / "out", ("pdf",))
    path = file(tmp_path / "out", brand, "a4")
    for flavour in flavours:
        assert verapdf.check(path, flavour) == []
    with pikepdf.open(path) as document:
        assert document.pdf_version == "2.0"
        links = [note for page in document.pages for note in page.get("/Annots", []) if "/SD" in note.get("/A", {})]
        assert links
        assert all(note.A.SD[0].Type == "/StructElem" or "/S" in note.A.SD[0] for note in links)
        titles = []
        item = document.Root.Outlines.First
        while item is not None:
            titles.append(str(item.Title))
            assert "/S" in item.A.SD[0]
            item = item.get("/Next")
        assert "Before you press" in titles


def test_well_tagged_pdf_is_declared_where_it_is_judged(every_edition: Path, tmp_path: Path) -> None:
    """WTPDF needs PDF 2.0: no other file claims it; and veraPDF asks for the declaration, so that it is in force."""
    for path in every_edition.rglob("*.pdf"):
        with pikepdf.open(path) as document:
            assert b"pdfa.org/declarations" not in document.Root.Metadata.read_bytes()
    build([Order(short_handout(tmp_path, NAME), LANG, None, (EDITIONS["a4"],), "ua-2")], tmp_path / "out", ("pdf",))
    path = file(tmp_path / "out", "plain", "a4")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        metadata = document.Root.Metadata
        metadata.write(metadata.read_bytes().replace(b"#reuse1.0", b"#other1.0"))
        document.save()
    assert [rule.partition(":")[0] for rule in verapdf.check(path, "wt1r")] == ["6.1.2-1"]


# Proof


@pytest.fixture(scope="module")
def proofs(run_folder: Path) -> Path:
    editions = (EDITIONS["a4"], EDITIONS["press"], EDITIONS["greyscale"])

    def proofs_of_short(folder: Path) -> None:
        order = Order(short_handout(folder / "source", NAME), LANG, CLINIC, editions)
        build([order], folder, ("pdf",), proof=True)

    return once(run_folder / "proofs", proofs_of_short) / "harbour-lane"


@pytest.fixture(scope="module")
def press_proof(proofs: Path) -> tuple[Path, Any]:
    """The file for the press, and what is told of it."""
    path = proofs / f"{NAME}.{LANG}.press.pdf"
    return path, json.loads(path.with_suffix(".proof.json").read_text("utf-8"))


@pytest.mark.tools
def test_the_proof_tells_the_truth(press_proof: tuple[Path, Any]) -> None:
    path, report = press_proof
    assert report["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report["bytes"] == path.stat().st_size
    with pikepdf.open(path) as document:
        assert len(report["pages"]) == len(document.pages)
        for page, told in zip(document.pages, report["pages"], strict=True):
            for name, mm in told["boxes"].items():
                left, bottom, right, top = (value / MM for value in box(page, name))
                assert mm == pytest.approx([left, bottom, right - left, top - bottom], abs=0.06)
    assert set(report["colour_spaces"]) == {"DeviceCMYK", "Registration"}
    assert [s["name"] for s in report["standards"]] == ["PDF/X-4"]
    assert {name.replace(" ", "-") for name in report["fonts"]} == {font.name for font in pdf_pages.fonts(path)}


@pytest.mark.tools("gs")
def test_ghostscript_measures_the_same_inks(press_proof: tuple[Path, Any]) -> None:
    path, report = press_proof
    coverage = programs.run("gs", "-q", "-o", "-", "-sDEVICE=ink_cov", path)
    for line, told in zip([row for row in coverage.splitlines() if "CMYK" in row], report["pages"], strict=True):
        wanted = [float(value) for value in line.split()[:4]]
        assert [told["ink"][ink] for ink in ("cyan", "magenta", "yellow", "black")] == pytest.approx(wanted, abs=0.06)


@pytest.mark.tools
def test_the_proof_names_standards_and_reading_level(proofs: Path) -> None:
    for edition, space in (("", "DeviceRGB"), (".greyscale", "DeviceGray")):
        report = json.loads((proofs / f"{NAME}.{LANG}{edition}.proof.json").read_text("utf-8"))
        assert [s["name"] for s in report["standards"]] == ["PDF/A-3a", "PDF/UA-1"]
        assert report["colour_spaces"] == [space]
        assert 1 < report["reading"]["grade"] < 8


@pytest.mark.tools
def test_the_proof_tells_what_a_reader_who_does_not_see_gets(proofs: Path) -> None:
    report = json.loads((proofs / f"{NAME}.{LANG}.proof.json").read_text("utf-8"))
    assert {check["verdict"] for check in report["quality"]} <= {"passed", "does not apply"}
    assert len(report["spoken"]) == len(report["pages"])
    assert report["spoken"][0][:2] == ["Figure: Harbour Lane Acupuncture: a sun over waves", "Harbour Lane Acupuncture"]
    page = (proofs / f"{NAME}.{LANG}.proof.html").read_text("utf-8")
    assert "Validity of document title" in page
    assert "Heading level 2: Before you press" in page
    for_paper = json.loads((proofs / f"{NAME}.{LANG}.press.proof.json").read_text("utf-8"))
    assert for_paper["spoken"] == []


@pytest.mark.tools
def test_programs_that_never_end_hold_no_proof_up(
    proofs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("gs", "verapdf"):
        (tmp_path / name).write_text("#!/bin/sh\nsleep 5\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(preflight, "_PATIENCE", 0.1)
    data = (proofs / f"{NAME}.{LANG}.press.pdf").read_bytes()
    report = preflight.report("a", data, Product(source_of(SHORT), edition=EDITIONS["press"]), "<p/>")
    assert {page["ink"]["by"] for page in report["pages"]} == {"estimate"}
    data = (proofs / f"{NAME}.{LANG}.pdf").read_bytes()
    report = preflight.report("a", data, Product(source_of(SHORT)), "<p/>")
    assert {s["verdict"] for s in report["standards"]} == {"not checked: veraPDF took more than 0.1 seconds"}


def test_the_proof_can_be_read(proofs: Path) -> None:
    page = (proofs / f"{NAME}.{LANG}.press.proof.html").read_text("utf-8")
    root = ElementTree.fromstring(page)
    pictures = [image.get("src", "") for image in root.iter("img")]
    assert len(pictures) == 2
    for source in pictures:
        with Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))) as picture:
            assert picture.width > 300
    assert "http" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    ("said", "verdict"), [("PASS f", "passes veraPDF"), ("FAIL f", "fails veraPDF"), ("", "no verdict")]
)
def test_the_proof_asks_verapdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, verdict: str) -> None:
    program = tmp_path / "verapdf"
    program.write_text(f"#!/bin/sh\necho '{said}'\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    build([Order(SHORT, LANG, None, (EDITIONS["one-page"],))], tmp_path / "out", proof=True)
    report = json.loads((tmp_path / "out" / f"{SHORT.name}.{LANG}.one-page.proof.json").read_text("utf-8"))
    assert all(verdict in standard["verdict"] for standard in report["standards"])


@pytest.mark.tools  # the proof asks Ghostscript for the inks
def test_coarse_pictures_are_told(project: Any) -> None:
    shutil.rmtree(project.folder)
    short_handout(project.top / "source", NAME)
    Image.effect_noise((200, 100), 60).convert("RGB").save(project.folder / "coarse.png")
    block = "    blocks:\n      - {type: figure, image: coarse.png, alt: Noise}\n"
    project.edit("    heading: The points\n    blocks:\n", "    heading: The points\n" + block)
    orders = [Order(project.folder, LANG, None, (EDITIONS["press"],))]
    notes = build(orders, project.top / "out", ("pdf",), proof=True).notes
    told = [note for note in notes if note.code == "coarse-picture"]
    assert len(told) == 1
    report = json.loads((project.top / "out" / f"{NAME}.{LANG}.press.proof.json").read_text("utf-8"))
    (picture,) = report["images"]
    assert picture["pixels"] == [200, 100]
    assert picture["dpi"] == pytest.approx(200 / (picture["width"] / 25.4), abs=1)


def test_reading_level_follows_the_formula() -> None:
    # By hand: the cat sat on the mat 6, it was hap-py to-day 6.
    counted = reading(["The cat sat on the mat. It was happy today"])
    assert counted is not None
    assert (counted.sentences, counted.words) == (2, 10)
    assert counted.grade == round(0.39 * 5 + 11.8 * counted.syllables / 10 - 15.59, 1)
    assert counted.syllables == 12
    assert reading(["123", "…"]) is None


# Every page


@pytest.mark.parametrize(("brand", "edition"), MADE)
def test_nothing_lies_at_the_edge(out: Path, brand: str, edition: str) -> None:
    # Office printers leave 4 to 5 mm of the sheet white; the proof line of sheets is for those who see the file.
    least = 4.5 * MM
    for number, page in enumerate(sheets(file(out, brand, edition)), 1):
        assert page.letters, number
        for letter in page.letters:
            if letter.size > 6.5:
                assert letter.bottom <= page.height - least, (number, letter)
                assert letter.x >= least, (number, letter)
                assert letter.end <= page.width - least, (number, letter)
                assert letter.top >= least, (number, letter)


@pytest.mark.parametrize("brand", BRANDS)
def test_no_box_leaves_one_item_alone(out: Path, brand: str) -> None:
    for number, page in enumerate(read(file(out, brand, "large-print")), 1):
        above = [word for word in page.words if word.y < A4[1] - 25 * MM]
        assert len({round(word.y) for word in above}) >= 5, (number, above)


@pytest.mark.parametrize("edition", ["a4", "letter"])
def test_sources_get_no_page_of_their_own_for_a_line_too_many(
    tmp_path: Path, edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "_brand.yml").write_text(
        "meta:\n  name: Larkspur\n  phone: 555-0142\n  email: hello@example.com\n  practitioner: Jo Example\n"
        "  address: |\n    48 Example Row\n    Exampleton\n  hours: |\n    Tue to Fri 9 am to 6 pm\n"
        "    Sat 9 am to 1 pm\n  link: {booking: https://example.com/book}\ncolor: {primary: '#5b4bb5'}\n"
        "defaults:\n  handout:\n    texts:\n      en: {invitation: 'New here? Your first visit is an hour, and we show "
        "you each point in person.'}\n",
        "utf-8",
    )
    product = Product(source_of(SOURCE / NAME), load_brand(folder), EDITIONS[edition])
    counts: list[int] = []
    lay_out = typeset.lay_out

    def counted(*given: Any) -> Pages:
        pages = lay_out(*given)
        counts.append(pages.count)
        return pages

    monkeypatch.setattr(typeset, "lay_out", counted)
    pages = make(product, ()).pages
    assert (counts[0], pages and pages.count) == (7, 6)
