"""Tables, what is set apart, and what readers write on: in every edition and in the book, sound and whole."""

from __future__ import annotations

import re
import zipfile
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from helpers.once import once
from helpers.page_words import read
from helpers.project import HERE, LANG, ROOT
from judges import ace, epubcheck, verapdf
from lxml import etree

from handout_builder.builder.incremental import build
from handout_builder.cli.main import PROBLEMS, main
from handout_builder.editions import EDITIONS
from handout_builder.orders import Order

NAME = "blocks"
HANDOUT = ROOT / "tests" / "samples" / "handouts" / NAME
BRAND = ROOT / "source" / "brands" / "harbour-lane"
MM = 72 / 25.4
WHOLE = ("a4", "large-print", "booklet", "greyscale", "press")
"""Editions that leave nothing out."""
SAID = (
    *("What helps when", "Pain on stairs", "ST36, SP9", "Now and then", "Do not", "Press on your way to bed."),
    *("Take care", "A reader, 71", "May I press twice?", "I know my points.", "Towel", "Week 2", "Your questions"),
)


@pytest.fixture(scope="module")
def out(run_folder: Path) -> Path:
    """The handout in every edition, plain; and for a brand, in another look, in two."""

    def made(folder: Path) -> None:
        build([Order(HANDOUT, LANG, None, tuple(EDITIONS.values()))], folder)
        from handout_builder.looks import LOOKS

        two = (EDITIONS["a4"], EDITIONS["large-print"])
        build([Order(HANDOUT, LANG, BRAND, two, look=LOOKS["compact"])], folder)

    return once(run_folder / "blocks", made)


def file(out: Path, edition: str, kind: str = "pdf") -> Path:
    return out / Order(HANDOUT, LANG).target(EDITIONS[edition], kind)  # type: ignore[arg-type]


def branded(out: Path) -> list[Path]:
    return sorted(path for path in (out / BRAND.name).iterdir() if path.suffix == ".pdf")


@pytest.mark.parametrize("edition", WHOLE)
def test_every_word_is_printed(out: Path, edition: str) -> None:
    words = " ".join(word.text for page in read(file(out, edition)) for word in page.words)
    assert [said for said in SAID if said not in words] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_word_is_divided_that_would_fit(out: Path, edition: str) -> None:
    """“ten minutes” is wider than its column in a leaflet, neither word is; “ST36, SP9” stood beside a long cell."""
    pages = [page.words for page in read(file(out, edition))]
    assert [word.text for words in pages for word in words if word.text.startswith("minute")] == ["minutes"] * 2
    lines = {word.text: word.y for words in pages for word in words if word.text in ("ST36,", "SP9")}
    assert lines["ST36,"] == pytest.approx(lines["SP9"])


def test_rules_below_lines_to_write_on_are_not_taken_for_more_of_them(out: Path) -> None:
    """Lines to write on are 9 mm apart; what ends a section stands off the last of them."""
    with pypdfium2.PdfDocument(file(out, "a4")) as pdf:
        page = pdf[len(pdf) - 1]
        wide = [edges for path in page.get_objects() if (edges := path.get_bounds())[2] - edges[0] > 300]
    last = min(bottom for _, bottom, _, top in wide if top - bottom == pytest.approx(9 * MM, abs=1))
    assert last - max(top for *_, top in wide if top < last) > 4 * MM


def test_what_is_said_stands_off_what_follows_in_a_leaflet(out: Path) -> None:
    words = {word.text: word.y for page in read(file(out, "leaflet")) for word in page.words}
    assert abs(words["reader,"] - words["twice?"]) > 1.5 * abs(words["twice?"] - words["hour."])


@pytest.mark.parametrize(("edition", "flavour"), [("a4", "ua1"), ("large-print", "3a"), ("letter", "ua1")])
def test_print_is_accessible_and_lasts(out: Path, edition: str, flavour: str) -> None:
    assert verapdf.check(file(out, edition), flavour) == []


def test_print_of_a_brand_is_accessible(out: Path) -> None:
    paths = branded(out)
    assert len(paths) == 2
    assert [verapdf.check(path, "ua1") for path in paths] == [[], []]


def headed(pdf: Path) -> list[tuple[str, bool]]:
    """Return the kind of each cell of its tables, and whether it names its headers (ISO 32000-1, 14.8.5.7)."""
    with pikepdf.open(pdf) as document:
        cells = [
            item
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and str(item.get("/S")) in ("/TH", "/TD")
        ]
        return [(str(cell.S), "/Headers" in cell.A or "/Scope" in cell.A) for cell in cells]


def test_cells_name_their_headers(out: Path) -> None:
    found = headed(file(out, "a4"))
    assert sum(kind == "/TH" for kind, _ in found) >= 3 + 3 + 2 + 2 + 16 + 6
    assert [named for kind, named in found if kind == "/TD"] == [True] * (3 * 2 + 3 * 2 + 6 * 7)


def test_boxes_and_lines_are_large_enough_for_a_pen(out: Path) -> None:
    """7 mm is what a tick takes, 9 mm a line of handwriting."""
    mm = 72 / 25.4
    pages = [page.words for page in read(file(out, "a4"))]
    words = next(words for words in pages if "Your 2 weeks" in " ".join(word.text for word in words))
    lines = sorted({round(word.y, 1) for word in words if word.text in ("BL23", "GB34", "Walk")})
    assert len(lines) >= 3
    assert min(later - line for line, later in pairwise(lines)) >= 7 * mm


def test_the_book_is_sound(out: Path) -> None:
    assert epubcheck.check(file(out, "a4", "epub")) == []


@pytest.mark.tools("chromium")
def test_the_book_is_accessible(out: Path) -> None:
    assert ace.check(file(out, "a4", "epub")) == []


def test_cells_of_the_book_name_their_columns(out: Path) -> None:
    """On narrow screens a row is a list."""
    with zipfile.ZipFile(file(out, "a4", "epub")) as book:
        pages = [etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")]
    rows = [row for page in pages for row in page.iter("{*}tr") if "on stairs" in "".join(row.itertext())]
    assert [cell.get("data-label") for cell in rows[0].iter("{*}td")] == ["Points", "Days"]
    ticks = [cell for page in pages for cell in page.iter("{*}td") if cell.get("class") == "tick"]
    assert len(ticks) == 2 * 3 * 7


WRONG = {
    "{type: table, columns: [A, B], rows: [[one, two], [three]]}": "the row 'three' has 1 cells for 2 columns",
    "{type: table, columns: [A, B]}": "a table has either 'rows' or 'groups'",
    "{type: table, columns: [A, B], rows: [[one, 合谷]]}": "has no language",
    "{type: diary, rows: [BL23], weeks: 9}": "may be at most 4",
    "{type: notice, kind: danger, text: Words.}": "'kind' should be one of: tip, note, caution",
    "{type: columns, lists: [{items: [one]}]}": "2",
    '{type: text, text: "| a | b |\\n|---|---|\\n| 1 | 2 |"}': "write a block of type 'table'",
    '{type: text, text: "> A word"}': "write a block of type 'quote'",
    '{type: text, text: "- [ ] A word"}': "write a block of type 'checklist'",
}


@pytest.mark.parametrize("block", WRONG)
def test_mistakes_are_told_with_their_place(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "source" / "one"
    folder.mkdir(parents=True)
    head = "title: T\ndescription: D\nrevised: 2026-11-28\nsections:\n  - {id: a, heading: A, blocks: [\n"
    (folder / "en.yaml").write_text(f"{head}    {block}]}}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "one", *HERE]) == PROBLEMS
    told = capsys.readouterr().err
    assert re.search(r"source/one/en\.yaml:6: ", told), told
    assert WRONG[block] in told


def test_a_block_that_is_kept_stays_on_its_page(tmp_path: Path) -> None:
    def pages(keep: str) -> list[int]:
        folder = tmp_path / keep / "one"
        folder.mkdir(parents=True)
        fields = "".join(f"\n          - Line {number}" for number in range(6))
        items = "".join(f"\n          - Item {number}" for number in range(26))
        (folder / "en.yaml").write_text(
            "title: T\ndescription: D\nrevised: 2026-11-28\nsections:\n  - id: a\n    heading: A\n    blocks:\n"
            f"      - type: list\n        items:{items}\n"
            f"      - type: write-in\n        keep: {keep}\n        fields:{fields}\n",
            "utf-8",
        )
        build([Order(folder, LANG)], folder / "out", ("pdf",))
        found = read(folder / "out" / f"one.{LANG}.pdf")
        return [n for n, page in enumerate(found) for word in page.words if word.text == "Line"]

    assert len(set(pages("false"))) == 2
    assert len(set(pages("true"))) == 1
