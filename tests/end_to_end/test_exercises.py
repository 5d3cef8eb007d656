"""A handout with doses, exercises, pictures in all their forms, readings, notes and a glossary, in every edition."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from helpers.once import once
from helpers.project import SOURCE
from judges import ace, epubcheck, verapdf
from lxml import etree
from PIL import Image, ImageChops

from handout_builder.builder.checking import check
from handout_builder.builder.incremental import build
from handout_builder.content.loader import Source, load
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError, Severity
from handout_builder.looks import LOOKS
from handout_builder.orders import Order
from handout_builder.pipeline import MadeFiles
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.render.short_form import lacks

SAMPLE = Path(__file__).parents[1] / "samples" / "handouts" / "exercises"
BRAND = SOURCE / "brands" / "harbour-lane"


def written(folder: Path, *edits: tuple[str, str]) -> Source:
    home = shutil.copytree(SAMPLE, folder / "source" / "exercises")
    path = home / "en.yaml"
    text = path.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return load(home, "en")


def page(source: Source, edition: str = "a4") -> str:
    product = Product(source, edition=EDITIONS[edition])
    return printing.print_html(product, printing.first_pages(product))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


@pytest.fixture(scope="session")
def everything(run_folder: Path) -> Path:
    """The handout in every edition; for a brand, in another look, in two that its letterhead makes others."""
    plain = Order(SAMPLE, "en", None, tuple(EDITIONS.values()))
    branded = Order(SAMPLE, "en", BRAND, (EDITIONS["letter"], EDITIONS["one-page"]), look=LOOKS["compact"])
    return once(run_folder / "exercises", lambda folder: build([plain, branded], folder))


# Each kind of pages and of colours; the first handout is judged in every edition (tests/pdf/test_editions.py).
JUDGED = [("", "3a"), ("", "ua1"), (".large-print", "ua1"), (".greyscale", "3a"), (".leaflet", "3b")]
JUDGED += [(".one-page", "3a"), (".letter.compact", "ua1")]


def test_every_edition_is_built_and_valid(everything: Path) -> None:
    pdfs = {pdf.name.removeprefix("exercises.en").removesuffix(".pdf"): pdf for pdf in everything.rglob("*.pdf")}
    assert len(pdfs) == len(EDITIONS) + 2
    found = {(name, flavour): verapdf.check(pdfs[name], flavour) for name, flavour in JUDGED}
    assert {key: broken for key, broken in found.items() if broken} == {}


@pytest.mark.slow
def test_the_book_is_valid(everything: Path) -> None:
    books = sorted(everything.rglob("*.epub"))
    assert [epubcheck.check(book) for book in books] == [[], []]


@pytest.mark.slow
@pytest.mark.tools("chromium")
def test_the_book_is_accessible(everything: Path) -> None:
    assert ace.check(everything / "exercises.en.epub") == []


def test_the_book_shows_notes_where_the_text_leads_to_them(everything: Path) -> None:
    with zipfile.ZipFile(everything / "exercises.en.epub") as book:
        chapters = [etree.fromstring(book.read(name)) for name in book.namelist() if "chapter" in name]
    epub = "{http://www.idpf.org/2007/ops}type"
    every = [element for chapter in chapters for element in chapter.iter("{*}a", "{*}aside")]
    references = [element for element in every if element.get(epub) == "noteref" and "data-note" not in element.attrib]
    notes = {element.get("id") for element in every if element.get(epub) == "footnote"}
    assert {reference.get("href").partition("#")[2] for reference in references} >= {
        "note_1",
        "note_2",
        "glossary_1",
        "glossary_2",
    }
    assert notes == {"note_1", "note_2", "glossary_1", "glossary_2"}
    rubies = ["".join(ruby.itertext()) for chapter in chapters for ruby in chapter.iter("{*}ruby")]
    assert "足三里(あしさんり)" in rubies


WHOLE = ("a4", "letter", "large-print", "booklet", "press")
"""Editions in colour that leave no exercise's picture out."""
ARROWHEAD = (0x8F, 0x3A, 0x17)
# The inks of a press are seen in other values.
NEAR = 16


@pytest.mark.parametrize("edition", WHOLE)
def test_an_author_s_own_drawing_stands_beside_the_steps(everything: Path, edition: str) -> None:
    """With its arrow, which is a marker: it says what to do."""
    name = Order(SAMPLE, "en").target(EDITIONS[edition], "pdf")
    with pypdfium2.PdfDocument(everything / name) as document:
        (page,) = (page for page in document if "Slow bend" in page.get_textpage().get_text_bounded())
        picture = page.render(scale=2).to_pil().convert("RGB")
    apart = ImageChops.difference(picture, Image.new("RGB", picture.size, ARROWHEAD))
    red, green, blue = apart.split()
    assert sum(ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()[:NEAR]) > 50


def test_the_book_has_the_drawing_as_it_is_cleaned(everything: Path) -> None:
    with zipfile.ZipFile(everything / "exercises.en.epub") as book:
        drawings = [etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".svg")]
        (chapter,) = (data for name in book.namelist() if b"Slow bend</h3>" in (data := book.read(name)))
    heads = [(root, path) for root in drawings for path in root.iter("{*}path") if path.get("fill") == "#8f3a17"]
    assert [path.get("d") for _, path in heads] == ["M0 0 L8 4 L0 8 z"]
    assert not list(heads[0][0].iter("{*}style", "{*}marker"))
    assert b'.svg" alt="A person on a chair bends forward' in chapter


def test_each_word_of_the_glossary_is_linked_once_where_it_is_first_used(tmp_path: Path) -> None:
    html = page(written(tmp_path))
    assert re.findall(r'<a class="term" href="#glossary_(\d)">(.*?)</a>', html) == [("2", "vertebra"), ("1", "disc")]


def test_in_print_readings_stand_above_words_and_notes_have_their_numbers(tmp_path: Path) -> None:
    html = page(written(tmp_path))
    assert (
        '<span class="ruby"><span class="over" lang="ja">あしさんり</span><span lang="ja">足三里</span></span>'
    ) in html
    assert "<ruby" not in html
    assert re.findall(r'href="#note_(\d)">(\d)</a>', html) == [("1", "1"), ("2", "2")]
    assert "data-note" not in html


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_short_forms_have_the_exercises_in_few_words_and_the_notes_in_brackets(tmp_path: Path, edition: str) -> None:
    source = written(tmp_path)
    text = words(page(source, edition))
    for piece in ("Lower it slowly. Hold for 5 seconds. Do 3 sets of 8 to 12, on each side,", "Stop if: your back"):
        assert piece in text
    assert "rest (Rest is not sleep." in text
    told = " ".join(problem.message for problem in lacks(Product(source, edition=EDITIONS[edition])))
    assert [name in told for name in ("“Pictures”", "“Disc”", "“Exercises”")] == [True, True, False]


def test_a_part_of_a_picture_holds_no_more_than_is_shown(tmp_path: Path) -> None:
    source = written(tmp_path)
    whole = Image.open(io.BytesIO(source.pictures["stretch.jpg"]))
    part = Image.open(io.BytesIO(source.pictures["stretch.jpg [15 0 55 100]"]))
    assert (part.width, part.height) == (round(whole.width * 0.55), whole.height)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("crop: [15, 0, 55, 100]", "crop: [50, 0, 55, 100]", "does not lie inside the picture"),
        ("at: [58, 14]", "at: [101, 14]", "does not lie on the picture"),
        ("hold: 5", "hold: 0", "0 counts nothing"),
        ("ruby=あしさんり", 'ruby="123"', "in which language '123' is read"),
        ("{lang=ja ruby=あしさんり}", "{ruby=あしさんり}", "have no language"),
        ('note="Rest is **not** sleep.', 'note="Rest 足 is **not** sleep.', "'足' has no language"),
        ("review_due: 2027-11-28", "review_due: next year", "this is no date"),
        ("  - id: pictures", "  - id: glossary", "the program itself uses the id 'glossary'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(HandoutError, match=re.escape(message)) as caught:
        written(tmp_path, (old, new))
    rows = (tmp_path / "source" / "exercises" / "en.yaml").read_text("utf-8").splitlines()
    (row,) = (number for number, row in enumerate(rows, 1) if new in row)
    (problem,) = (problem for problem in caught.value.problems if message in problem.message)
    assert problem.line == row


def test_a_picture_with_marks_has_neither_size_nor_side(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="a picture with marks has the whole column"):
        written(tmp_path, ("caption: What to look at.", "side: left"))


def test_no_part_of_a_drawing_can_be_shown(tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLE, tmp_path / "source" / "exercises")
    (folder / "stretch.jpg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>', "utf-8"
    )
    with pytest.raises(HandoutError, match="is a drawing, of which no part can be shown"):
        load(folder, "en")


DUE = date(2027, 11, 28)


@pytest.mark.parametrize(
    ("days", "code", "severity"),
    [
        (-31, None, None),
        (-30, "review-soon", Severity.WARNING),
        (0, "review-soon", Severity.WARNING),
        (1, "review-due", Severity.ERROR),
    ],
)
def test_check_tells_in_time_that_a_handout_is_to_be_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, code: str | None, severity: Severity | None
) -> None:
    monkeypatch.setattr("handout_builder.builder.checking.make", lambda *_: MadeFiles())  # pages do not tell
    source = written(tmp_path)
    order = Order(source.folder, "en", None, (EDITIONS["one-page"],))
    told = check([order], strict=True, today=DUE + timedelta(days))
    found = [(problem.code, problem.severity) for problem in told if problem.code.startswith("review")]
    assert found == ([(code, severity)] if code else [])
    line = next((problem.line for problem in told if problem.code.startswith("review")), 0)
    assert line == (read_yaml(order.text).line(("review_due",)) if code else 0)


def test_who_wrote_and_who_checked_it_stands_on_the_last_page_and_in_the_book(everything: Path) -> None:
    with pikepdf.open(everything / "exercises.en.pdf") as pdf:
        assert len(pdf.pages) == 4
    text = words(page(load(SAMPLE, "en")))
    sentence = (
        "Written by Mara Lind. Checked by Tomas Beck, physiotherapist. It is to be checked again by 28 November 2027."
    )
    assert sentence in text
    with zipfile.ZipFile(everything / "exercises.en.epub") as book:
        colophon = next(book.read(name).decode() for name in book.namelist() if "colophon" in name)
    assert sentence in words(colophon)
