"""Blocks that may stand anywhere in their section stand where pages are less empty, and nothing else moves."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import pypdfium2
import pytest
from helpers import page_words
from helpers.project import common
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from handout_builder.content.loader import load
from handout_builder.pdf import block_order, page_plan, typeset
from handout_builder.pdf.layout_faults import apply, numbered
from handout_builder.pdf.moves import moves
from handout_builder.pipeline import MadeFiles, make, settled
from handout_builder.render import printing
from handout_builder.render.product import Product

HEAD = "title: Test\ndescription: A test page.\nauthor: Tester\nrevised: 2026-11-28\nabout: low-back\nsections:\n"
TEXT = "of text that stands beside the heading in the wide column and runs over more than one line, to fill a page."
FIGURE = "{type: figure, image: tall.png, size: full, anywhere: true, alt: A picture, caption: Here.}"
NOTICE = "{type: notice, anywhere: true, text: A tip.}"
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")


def text(number: int) -> str:
    return f'{{type: text, text: "Part{number} {TEXT}"}}'


def product(top: Path, *blocks: str, before: int = 9) -> Product:
    """Return a handout with some text, and a section of these blocks."""
    folder = top / "handout"
    folder.mkdir(parents=True, exist_ok=True)
    sections = {"a": [text(number) for number in range(100, 100 + before)], "b": blocks}
    lines = [
        f"  - id: {ident}\n    heading: Heading {ident}\n    blocks:\n" + "".join(f"      - {one}\n" for one in found)
        for ident, found in sections.items()
    ]
    (folder / "en.yaml").write_text(HEAD + "".join(lines), "utf-8")
    Image.new("RGB", (1200, 1600), (200, 220, 240)).save(folder / "tall.png")
    return Product(load(folder, "en", common()))


def tall(top: Path, figure: str = FIGURE) -> Product:
    """Return a handout whose picture has no room below the text before it; five short texts follow."""
    return product(top, text(0), figure, *(text(number) for number in range(1, 5)))


def parts(made: MadeFiles) -> list[list[str]]:
    """Return the names of the parts of section b, and "Here", in the order of each page's words in the file."""
    with pypdfium2.PdfDocument(made["pdf"]) as pdf:
        told = [[word.text for word in page_words.words(page)] for page in pdf]
    return [[word for word in page if re.fullmatch(r"Part\d|Here\.", word)] for page in told]


def test_a_picture_makes_room_for_the_text_behind_it(tmp_path: Path) -> None:
    made = make(tall(tmp_path), ("pdf", "epub"))
    assert parts(made) == [["Part0", "Part1", "Part2", "Part3"], ["Here.", "Part4"]]
    (note,) = made.notes
    assert note.code == "arranged"
    assert "2 pages instead of 3, where a block of “Heading b” stands 3 blocks later: the edition a4" in note.message
    with zipfile.ZipFile(io.BytesIO(made["epub"])) as book:
        chapters = "".join(book.read(name).decode() for name in sorted(book.namelist()) if "chapter-" in name)
    assert re.findall(r"Part\d\b|Here\.", chapters) == ["Part0", "Here.", "Part1", "Part2", "Part3", "Part4"]
    assert "anywhere" not in chapters


def test_a_picture_whose_author_says_nothing_stays(tmp_path: Path) -> None:
    made = make(tall(tmp_path, FIGURE.replace("anywhere: true, ", "")), ("pdf",))
    # Lines stand closer, so that no text goes to a third page with what stands behind all text.
    assert parts(made) == [["Part0"], ["Here.", "Part1", "Part2", "Part3", "Part4"]]


def test_moved_blocks_stand_on_the_pages_that_were_thought(tmp_path: Path) -> None:
    made = tall(tmp_path)
    first = settled(made)
    plans = list(islice(page_plan.better(first, made), 3))
    assert len(plans) == 3
    for plan, mends, page_of, _ in plans:
        assert plan.moved
        pages = typeset.lay_out(printing.print_html(made, printing.first_pages(made)), made, mends)
        assert {ident: page for ident, page in pages.page_of.items() if ident in page_of} == page_of
        assert pages.mended == mends


def test_a_box_stays_under_its_heading_and_passes_no_warning(tmp_path: Path) -> None:
    blocks = (
        *(NOTICE, text(0), text(1), "{type: heading, text: Part two}", text(2), text(3), NOTICE),
        *(
            "{type: safety, include: when-not-to-press}",
            text(4),
            text(5),
            "{type: page-break}",
            NOTICE,
            text(6),
            text(7),
        ),
    )
    found = moves(settled(product(tmp_path, *blocks, before=1)).pieces)
    # The first begins its section, the second may go before Part 3, the last behind Part 6.
    assert [(move.section, move.steps) for move in found] == [("b", -1), ("b", 1)]
    assert all(sorted(move.order) == list(range(len(move.order))) for move in found)


@given(st.integers(2, 8).flatmap(lambda count: st.tuples(st.just(count), *[st.integers(0, count - 1)] * 2)))
def test_elements_keep_the_numbers_of_their_written_order(case: tuple[int, int, int]) -> None:
    count, old, new = case
    root = Element("body")
    holder = SubElement(SubElement(root, "section"), "div", {"class": block_order.BLOCKS})
    blocks = [SubElement(holder, "div") for _ in range(count)]
    for block in blocks:
        SubElement(block, "p")
    before = dict(numbered(root))
    if old != new:
        apply({before[blocks[old]]: frozenset((block_order.mark(new - old),))}, root)
    assert dict(numbered(root)) == before
    assert list(holder).index(blocks[old]) == new
    assert [block for block in holder if block is not blocks[old]] == [b for b in blocks if b is not blocks[old]]
