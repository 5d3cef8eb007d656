"""Tables of authors: whatever stands in their cells stays in its place, and a table that goes on says so."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from helpers.project import common
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judges import verapdf

from handout_builder import pipeline
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.pdf import typeset
from handout_builder.pdf.layout_faults import Kind
from handout_builder.pdf.pages import Pages
from handout_builder.render import printing
from handout_builder.render.product import Product

BEFORE = [{"type": "safety", "include": name} for name in ("see-a-doctor", "when-not-to-press")]
ABOUT = {
    "title": "Days",
    "subtitle": "What to do",
    "description": "What to do.",
    "revised": "2026-11-28",
    "about": "low-back",
    "identifier": "urn:uuid:0b7f1c7e-52d3-4f0c-9d55-0e6c8f3c9a11",
    "emergency": 112,
    "summary": ["Walk each day."],
}


def laid_out(
    folder: Path, block: dict[str, Any], edition: str = "a4", above: tuple[dict[str, Any], ...] = ()
) -> tuple[Pages, Product]:
    sections = [
        {"id": "before", "heading": "Before you press", "blocks": BEFORE},
        {"id": "day", "heading": "Your day", "blocks": [*above, block]},
    ]
    (folder / "en.yaml").write_text(json.dumps({**ABOUT, "sections": sections}, indent=1), "utf-8")
    product = Product(load(folder, "en", common()), edition=EDITIONS[edition])
    return typeset.lay_out(printing.print_html(product, printing.first_pages(product)), product), product


def out_of_place(pages: Pages) -> list[str]:
    return [fault.message for fault in pages.faults if fault.kind in (Kind.OVERFLOW, Kind.OVERLAP)]


def texts(least: int) -> st.SearchStrategy[str]:
    words = st.text("abcdefghimnorstuwABMW0123456789-", min_size=1, max_size=45).map(lambda word: f"a{word}z")
    return st.lists(words, min_size=least, max_size=4).map(" ".join)


@cache
def tables() -> st.SearchStrategy[dict[str, Any]]:
    def of(count: int) -> st.SearchStrategy[dict[str, Any]]:
        columns = st.lists(texts(1), min_size=count, max_size=count)
        rows = st.lists(st.lists(texts(0), min_size=count, max_size=count), min_size=1, max_size=4)
        heads = st.booleans()
        return st.builds(
            lambda caption, columns, rows, heads: {
                "type": "table", "caption": caption, "columns": columns, "rows": rows, "row_heads": heads
            },
            texts(1), columns, rows, heads,
        )  # fmt: skip

    return st.integers(2, 8).flatmap(of)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(table=tables(), edition=st.sampled_from(["a4", "large-print", "booklet"]))
def test_no_text_leaves_its_cell(table: dict[str, Any], edition: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages, _ = laid_out(Path(folder), table, edition)
    assert out_of_place(pages) == []


def test_columns_of_words_that_are_too_long_together_are_not_a_letter_wide(tmp_path: Path) -> None:
    days = ["Thursday", "Wednesday", "Saturday", "Sunday", "Monday", "Tuesday", "Friday", "Holidays"]
    pages, _ = laid_out(tmp_path, {"type": "table", "columns": days, "rows": [["1000000 kg"] * 8]})
    assert out_of_place(pages) == []
    pieces = [piece.words.strip() for page in pages.ink for piece in page if piece.around.place.startswith("day_1")]
    assert min(len(piece) for piece in pieces if piece) > 1


def test_a_number_is_never_broken_but_told_where_it_does_not_fit(tmp_path: Path) -> None:
    columns = [{"head": "Sum", "align": "right"}] * 8
    pages, _ = laid_out(tmp_path, {"type": "table", "columns": columns, "rows": [["123456789012"] * 8]})
    assert "123456789012" in {piece.words.strip() for page in pages.ink for piece in page}
    assert any("123456789012" in message for message in out_of_place(pages))


def test_days_of_a_diary_are_whole_and_its_boxes_wide_enough_for_a_pen(tmp_path: Path) -> None:
    """A pen needs 7 mm; 96 px are 25.4 mm."""
    pages, _ = laid_out(tmp_path, {"type": "diary", "rows": ["A walk"]}, "leaflet")
    boxes = [box for page in pages.document.pages for box in page._page_box.descendants() if box.element is not None]
    ticks = [box for box in boxes if box.element.get("class") == "tick" and box.element_tag == "td"]
    cells = [box for box in ticks if box.is_in_normal_flow() and hasattr(box, "colspan")]
    assert len(cells) == 7
    assert min(min(cell.border_width(), cell.border_height()) for cell in cells) >= 7 / 25.4 * 96
    words = {piece.words.strip() for page in pages.ink for piece in page}
    assert {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"} <= words


@pytest.mark.parametrize(("weeks", "pages_of_it"), [(2, 1), (4, 2)])
def test_two_weeks_of_a_diary_stay_on_one_page_and_more_go_on_on_the_next(
    tmp_path: Path, weeks: int, pages_of_it: int
) -> None:
    before = {"type": "list", "items": [f"Thing {number}." for number in range(22)]}
    diary = {"type": "diary", "caption": "Weeks", "weeks": weeks, "rows": ["A walk", "A bath", "A nap"]}
    pages, _ = laid_out(tmp_path, diary, above=(before,))
    on = {number for number, page in enumerate(pages.ink) for piece in page if piece.words.strip() == "A walk"}
    assert len(on) == pages_of_it


def test_the_table_of_an_overview_says_so_too(tmp_path: Path) -> None:
    """In large print a page has fewer rows than there may be points; in two languages both say so."""
    points = [f"BL{number}" for number in (*range(11, 29), *range(41, 55))]
    groups = [{"mark": "filled", "label": "pressed", "points": points}]
    overview = {"type": "overview", "title": "All points", "caption": "Many points.", "groups": groups}
    sections = [{"id": "all", "heading": "All points", "blocks": [overview]}]
    for lang in ("en", "ja"):
        (tmp_path / f"{lang}.yaml").write_text(json.dumps({**ABOUT, "summary": [], "sections": sections}), "utf-8")
    one, other = (load(tmp_path, lang, common(lang)) for lang in ("en", "ja"))
    pages = pipeline.settled(Product(one, None, EDITIONS["large-print"], second=other))
    heads = [
        [piece.words.strip() for piece in page if piece.words.strip() in ("Where", "(continued)", "（続き）")]
        for page in pages.ink
    ]
    first, *others = (head for head in heads if "Where" in head and len(head) < 4)
    assert "(continued)" not in first
    assert others
    assert all({"(continued)", "（続き）"} <= {*head} for head in others)


def test_a_table_that_goes_on_says_so_in_its_repeated_head_alone(tmp_path: Path) -> None:
    rows = [[f"Thing {number}", f"{number} kg"] for number in range(60)]
    table = {"type": "table", "caption": "What weighs how much", "columns": ["Thing", "Weight"], "rows": rows}
    pages, product = laid_out(tmp_path, table)
    heads = [
        [piece.words.strip() for piece in page if "(continued)" in piece.words or piece.words.strip() == "Thing"]
        for page in pages.ink
    ]
    with_table = [head for head in heads if head]
    assert len(with_table) > 1
    assert with_table == [["Thing"], *[["(continued)", "Thing"]] * (len(with_table) - 1)]
    path = tmp_path / "table.pdf"
    path.write_bytes(typeset.write(pages, product))
    assert verapdf.check(path, "ua1") == []
    with pikepdf.open(path) as pdf:  # it is said to the eye: who listens has not left the table
        tagged = [str(item.get("/ActualText", "")) for item in pdf.objects if isinstance(item, pikepdf.Dictionary)]
    assert "(continued)" not in tagged
