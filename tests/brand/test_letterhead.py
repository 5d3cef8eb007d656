"""What a clinic's paper and address ask for: room for a printed head, US sizes, addresses that stay whole."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from helpers import page_words
from helpers.page_words import Word
from helpers.project import LANG, NAME, ROOT, SHORT, source_of, tiny_handout
from pypdfium2 import raw

from handout_builder import pipeline
from handout_builder.brand.clinic import Clinic, clinic
from handout_builder.brand.loader import load_brand
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import BRAND_FILE

HANDOUT = ROOT / "source" / NAME
MM, INCH = 72 / 25.4, 72.0


def product(folder: Path, text: str, edition: str = "a4", handout: Path = SHORT) -> Product:
    (folder / BRAND_FILE).write_text(text, "utf-8")
    return Product(source_of(handout), load_brand(folder), EDITIONS[edition])


def made(folder: Path, text: str, edition: str = "a4", handout: Path = SHORT) -> bytes:
    return pipeline.make(product(folder, text, edition, handout), ("pdf",))["pdf"]


def words(pdf: bytes, page: int = 0) -> list[Word]:
    return pages_of(pdf)[page]


def pages_of(pdf: bytes) -> list[list[Word]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [list(page_words.words(page)) for page in document]


def top(word: Word) -> float:
    """Return where the capitals of a word begin, in pt from above."""
    return word.y - 0.7 * word.size


# Paper with a head


@pytest.mark.parametrize("edition", ["a4", "one-page"])
def test_room_is_left_for_a_printed_head_on_the_first_page_alone(edition: str, tmp_path: Path) -> None:
    pdf = made(tmp_path, "meta: {name: Clinic, phone: 555-0100}\ndefaults: {handout: {space: 45mm}}", edition)
    # The line box of the title begins there; its letters, some mm below.
    assert 45 * MM <= min(map(top, words(pdf))) <= 52 * MM
    if edition == "a4":
        assert min(map(top, words(pdf, 1))) < 25 * MM


def test_folded_paper_has_no_head_and_gets_the_clinics_name(tmp_path: Path) -> None:
    text = "meta: {name: Clinic of the Example}\ndefaults: {handout: {space: 1.75in}}"
    for edition, above in (("a4", False), ("leaflet", True), ("booklet", True)):
        html = printing.print_html(one := product(tmp_path, text, edition), printing.first_pages(one))
        assert ('class="letterhead line' in html) is above
        assert ('class="preprinted"' in html) is not above


@pytest.mark.parametrize("space", ["45", "5mm", "300mm", "10%", "45 mm; } * { display: none", "..mm"])
def test_room_is_a_length_that_fits(space: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        product(tmp_path, f'defaults: {{handout: {{space: "{space}"}}}}')
    (problem,) = caught.value.problems
    assert "45mm" in problem.hint


def test_room_beside_a_letterhead_of_ours_is_told(tmp_path: Path) -> None:
    brand = product(tmp_path, "meta: {name: Clinic}\ndefaults: {handout: {space: 45mm, letterhead: band}}").brand
    assert brand is not None
    assert [note.code for note in brand.notes] == ["brand-letterhead"]


# US paper

SIZES = {
    "a4": (8.5, 11),
    "letter": (8.5, 11),
    "large-print": (8.5, 11),
    "one-page": (8.5, 11),
    "booklet": (11, 8.5),
    "leaflet": (11, 8.5),
}
US = """\
meta: {name: Clinic, phone: 555-0100, link: https://www.example.com, address: [1 A Street, B], email: a@example.com}
defaults: {handout: {paper: letter}}
"""


def test_a_head_of_the_brands_own_stands_in_the_middle_of_the_margin(tmp_path: Path) -> None:
    """As CSS has it; and on pages alone, not on the sheets that they are put on."""
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "print.css").write_text('@page { @top-right { content: "Ward 7"; font-size: 9pt } }')
    handout = tiny_handout(tmp_path, "tiny")
    pdf = made(tmp_path, "meta: {name: Clinic}\ndefaults: {handout: {letterhead: off}}", "booklet", handout)
    heads = [word for word in words(pdf) if word.text == "Ward"]
    assert heads
    assert min(map(top, heads)) > 4 * MM


# As wide as the side column of the whole handout, on a tile of paper, which takes more.
WIDE = """
logo: {medium: {path: wide.svg, alt: Clinic}}
color: {primary: "#101010"}
"""


@pytest.mark.parametrize("edition", SIZES)
def test_every_edition_has_us_sizes_and_room_for_a_wide_logo(edition: str, tmp_path: Path) -> None:
    """What leaves its column is an error."""
    path = '<path fill="#c00" d="M0 0h340v20H0z"/>'
    (tmp_path / "wide.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 20">{path}</svg>')
    handout = tiny_handout(tmp_path, "tiny")
    with pikepdf.open(io.BytesIO(made(tmp_path, US + WIDE, edition, handout))) as document:
        for page in document.pages:
            assert [float(edge) / INCH for edge in list(page.mediabox)[2:]] == pytest.approx(SIZES[edition], abs=0.002)


def test_press_has_us_trim_and_its_bleed(tmp_path: Path) -> None:
    pdf = made(tmp_path, US + "\ncolor: {primary: '#12656b'}", "press")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            trim, bleed = ([float(edge) for edge in page[f"/{name}"]] for name in ("TrimBox", "BleedBox"))
            assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx((8.5 * INCH, 11 * INCH), abs=0.1)
            assert [trim[0] - bleed[0], bleed[3] - trim[3]] == pytest.approx([3 * MM, 3 * MM], abs=0.1)
        assert len(document.pages) == 2
    with pypdfium2.PdfDocument(pdf) as pages:
        boxes = [item.get_bounds() for item in pages[0].get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,))]
        left, _, right, high = max(boxes, key=lambda box: box[2] - box[0])
        band = left, pages[0].get_height() - high, right
    assert band == pytest.approx((7 * MM, 7 * MM, 10 * MM + 8.5 * INCH + 3 * MM), abs=0.2)


@pytest.mark.parametrize("edition", ["booklet", "leaflet"])
def test_pages_stand_on_us_sheets_side_by_side(edition: str, tmp_path: Path) -> None:
    """Each word lies between the folds, inside its own page."""
    pdf = made(tmp_path, US, edition)
    folds = {"booklet": ([5.5 * INCH], [5.5 * INCH]), "leaflet": ([91.4 * MM, 185.4 * MM], [94 * MM, 188 * MM])}
    for page, creases in enumerate(folds[edition]):
        found = [word for word in words(pdf, page) if word.y < 8.2 * INCH]
        assert len(found) > 20
        for crease in creases:
            assert not [word for word in found if word.x < crease + 3 * MM and word.end > crease - 3 * MM]
        assert max(word.end for word in found) <= 11 * INCH - 5 * MM


def test_an_author_can_ask_for_us_paper_without_a_brand() -> None:
    source = source_of(HANDOUT)
    us = source.handout.model_copy(update={"paper": "letter"})
    asked = Product(type(source)(**{**source.__dict__, "handout": us}), None, EDITIONS["large-print"])
    assert asked.edition.paper == "letter"
    assert Product(source, None, EDITIONS["large-print"]).edition.paper == "a4"
    assert asked.edition.css != EDITIONS["large-print"].css


# Addresses


def about(folder: Path, meta: str) -> Clinic:
    one = product(folder, f"meta: {meta}")
    assert one.brand is not None
    return clinic(one.brand, one.source.handout, LANG)


@pytest.mark.parametrize(
    ("link", "above", "small"),
    [
        ("https://www.example.com", "www.example.com", False),
        ("https://www.spine-and-back.example", "www.spine-and-back.example", True),
        ("https://www.schmerztherapiezentrum-koeln.example.de", "", False),
        ("https://三軒茶屋鍼灸院接骨院.jp/予約予約", "", False),
    ],
)
def test_a_long_address_is_in_the_panel_alone(link: str, above: str, small: bool, tmp_path: Path) -> None:
    text = f"{{link: '{link}'}}\ndefaults: {{handout: {{lang: ja}}}}"
    found = about(tmp_path, text)
    assert (found.web_above, found.small_above) == (above, small)


def test_addresses_break_at_their_joints(tmp_path: Path) -> None:
    found = about(tmp_path, "{name: Clinic}")
    assert found.parts("www.example.com/book") == ["www.example.com/book"]
    assert found.parts("www.a-long-name-of-a-clinic.example.co.uk/book//x?a=1") == [
        *("www", ".a-long-name-of-a-clinic", ".example", ".co", ".uk/", "book//", "x", "?a", "=1")
    ]
    assert found.parts("someone.with.a.name@clinic.example.org")[4] == "@clinic"


@pytest.mark.parametrize(
    ("meta", "words", "names"),
    [
        ("{name: Clinic, email: a@example.com, address: [1 Street]}", False, False),
        ("{name: Clinic, email: someone@a-long-name-of-a-clinic.example.org}", False, False),  # goes on at its joints
        ("{name: Clinic, email: someone@anextraordinarilylongname.example.org}", True, False),
        ("{name: Clinic, address: [Donaudampfschifffahrtsgesellschaft 1]}", True, False),
        ("{name: Praxisgemeinschaftsverwaltung, address: [1 Street]}", True, True),
        ("{name: Clinic, practitioner: {name: A, credentials: Physiotherapiewissenschaften}}", True, True),
    ],
)
def test_only_long_names_leave_the_place_beside_the_code(meta: str, words: bool, names: bool, tmp_path: Path) -> None:
    found = about(tmp_path, meta)
    assert (found.has_long_words, found.has_long_names) == (words, names)


@pytest.mark.parametrize("edition", ["a4", "booklet", "leaflet"])
def test_no_word_of_an_address_is_broken(edition: str, tmp_path: Path) -> None:
    link = "https://www.schmerztherapiezentrum-koeln-ehrenfeld.example.de"
    booking = "https://www.doctors.example.de/gemeinschaftspraxis/koeln/schmerztherapiezentrum"
    mail = "info@schmerztherapiezentrum-koeln-ehrenfeld.example.de"
    text = f"meta: {{name: Zentrum, link: {{home: '{link}', booking: '{booking}'}}, email: {mail}, phone: 555-0100}}"
    pdf = made(tmp_path, text, edition, tiny_handout(tmp_path, "tiny"))
    found = [word.text for page in pages_of(pdf) for word in page]
    # What is wider than a panel goes on behind a hyphen, which pdfium tells by a sign of its own at the end of a line.
    last = "schmerztherapiezentrum-koeln\x02" if edition == "leaflet" else "schmerztherapiezentrum-koeln-ehrenfeld"
    wholes = ["gemeinschaftspraxis", "schmerztherapiezentrum", last]
    for whole in wholes:
        assert [word for word in found if whole in word], whole
    halves = [word for word in found if "schmerz" in word and "schmerztherapiezentrum" not in word]
    assert halves == []
