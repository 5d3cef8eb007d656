"""Pages of the languages that are shipped: other words are longer, and a brand may have words in one language alone."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import chain, combinations, cycle
from typing import Any

import pytest
from helpers.fitted import LEAST_TYPE, fitted
from helpers.project import LANGUAGES, NAME, OTHERS, SOURCE, brand_of, source_of

from handout_builder.brand.loader import Brand
from handout_builder.editions import EDITIONS
from handout_builder.figures.sheet import wide
from handout_builder.pdf.layout_faults import Kind
from handout_builder.pdf.pages import Pages
from handout_builder.pipeline import laid_out, settled
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

FOREIGN = LANGUAGES[1:]
LONGEST = ("es", "vi")
NAMES = (NAME, *OTHERS)
# Each language meets each form: the page with least room with the longest text, booklets in the longest words alone.
PAGES = [
    *(("one-page", NAME, lang) for lang in FOREIGN),
    *(("large-print", name, lang) for name, lang in zip(cycle(NAMES), FOREIGN)),
    *(("leaflet", name, lang) for name, lang in zip(cycle(NAMES[1:] + NAMES[:1]), FOREIGN)),
    *(("booklet", OTHERS[1], lang) for lang in LONGEST),
]


@cache
def clinic() -> Brand:
    """A clinic without bookings on the web, which has another, longer word below its code."""
    brand = brand_of(SOURCE / "brands" / "harbour-lane")
    link = brand.file.meta.link.model_copy(update={"booking": None})
    file = brand.file.model_copy(update={"meta": brand.file.meta.model_copy(update={"link": link})})
    return replace(brand, file=file)


def overlaps(pages: Pages) -> list[str]:
    return [fault.message for fault in pages.faults if fault.kind in (Kind.OVERLAP, Kind.OVERFLOW)]


@pytest.mark.parametrize(("edition", "name", "lang"), PAGES)
def test_nothing_stands_on_something_else_in_any_language(edition: str, name: str, lang: str) -> None:
    """The code of the clinic has room for what it is for, too; short forms fit after few layouts."""
    product = printed(Product(source_of(SOURCE / name, lang), clinic(), EDITIONS[edition]))
    pages = fitted(product) if edition in LEAST_TYPE else laid_out(product)[1]
    words = "".join(ink.words for page in pages.ink for ink in page)
    assert product.source.shared.labels["scan_web"].replace(" ", "") in words.replace(" ", "")
    assert overlaps(pages) == []


def test_nothing_stands_on_something_else_on_one_page_without_a_brand() -> None:
    _, pages, _ = laid_out(printed(Product(source_of(SOURCE / NAME, LONGEST[0]), edition=EDITIONS["one-page"])))
    assert overlaps(pages) == []


def lines_in(pages: Pages, name: str) -> dict[Any, list[Any]]:
    """The lines of text in each element of a class."""
    found: dict[Any, list[Any]] = {}
    for box in chain.from_iterable(page._page_box.descendants() for page in pages.document.pages):
        if type(box).__name__ == "BlockBox" and box.element is not None and box.element.get("class") == name:
            found[box.element] = [line for line in box.descendants() if type(line).__name__ == "LineBox"]
    return found


@pytest.mark.parametrize("lang", ["ja", "vi"])
def test_no_line_of_a_points_name_is_blank(lang: str) -> None:
    """In Vietnamese its last syllable was joined to the blank before it, which became a line of its own."""
    names = lines_in(settled(printed(Product(source_of(SOURCE / OTHERS[1], lang)))), "name")
    lines = [line for name in names.values() for line in name]
    assert len(names) == 5
    assert len(lines) >= 10
    assert all(any(getattr(box, "text", "").strip() for box in line.descendants()) for line in lines)


@pytest.mark.parametrize("lang", ["es", "ko"])
def test_titles_of_drawings_beside_each_other_are_two(lang: str) -> None:
    """They were a hair apart, as if they were one: “Tobillo por dentro Tobillo por fuera”."""
    titles = list(lines_in(settled(printed(Product(source_of(SOURCE / NAME, lang)))), "inset-title").values())
    assert len(titles) == 5
    ends = {id(line): max(box.position_x + box.width for box in line.children) for line in chain(*titles)}
    beside = [
        (one, other)
        for titled, others in combinations(titles, 2)
        for one, other in [(titled[0], others[0])]
        if abs(one.position_y - other.position_y) < 1 and other.position_x > one.position_x
    ]
    assert beside
    assert min(other.position_x - ends[id(one)] for one, other in beside) > 11


def test_words_for_left_and_right_keep_off_the_body() -> None:
    """“Derecha” is longer than the room beside a small drawing, whose outline is 28 units from the midline there."""
    edition = replace(EDITIONS["one-page"], step=EDITIONS["one-page"].ladder[-1])
    product = Product(source_of(SOURCE / NAME, "es"), edition=edition)
    html = printing.print_html(product, printing.first_pages(product))
    (said,) = re.findall(r'<text x="([0-9.]+)"[^>]* font-size="([0-9.]+)"[^>]*>Derecha</text>', html)
    end, size = map(float, said)
    assert end - wide("Derecha", bold=True) * size > 29.5
