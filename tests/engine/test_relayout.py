"""Pages that are laid out again after a word has changed: those of the whole text, and no more of them than need be."""

from __future__ import annotations

import pytest
from helpers.project import LANG, NAME, ROOT, SHORT, common

from handout_builder import pipeline, source_files
from handout_builder.content.loader import load
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.pdf import typeset
from handout_builder.pdf.pages import Pages
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

FOLDER = ROOT / "source" / NAME


def product(old: str, new: str, lang: str = LANG) -> Product:
    """Return the first handout with other words in it."""
    path = FOLDER / f"{lang}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    with source_files.instead({path: text.replace(old, new, 1).encode()}):
        return printed(Product(load(FOLDER, lang, common(lang)), edition=EDITIONS[DEFAULT]))


def pages(product: Product) -> Pages:
    return pipeline.laid_out(product)[1]


def drawn(pages: Pages, product: Product) -> bytes:
    return typeset.preview(pages, product, range(pages.count))


@pytest.fixture(scope="module")
def first() -> Product:
    return product("caused by", "caused by")


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("is caused by", "is very often caused by", {1, 2, 3, 4, 5}),
        ("The reason I introduce", "The main reason why I introduce", {0, 3, 4, 5}),
        # What comes after it moves to other pages; a table, a heading, and what is set in bold.
        ("is caused by", "is caused by" + " now and then" * 300, set()),
        ("Back pain types", "Types of back pain", set()),
        ("is caused by", "is **caused** by", set()),
    ],
)
def test_pages_are_those_of_the_whole_text(first: Product, old: str, new: str, kept: set[int]) -> None:
    changed = product(old, new)
    with typeset.typing():
        before = pages(first).looks
        again = pages(changed)
    whole = pages(changed)
    assert {number for number, look in enumerate(again.looks) if look in before} == kept
    assert drawn(again, changed) == drawn(whole, changed)
    assert (again.page_of, again.mended) == (whole.page_of, whole.mended)


@pytest.mark.parametrize(
    ("old", "new"),
    [("由长期的肌肉紧张引起", "经常由长期的肌肉紧张引起"), ("腰背痛有3种类型。", "腰背痛分为3种类型。")],
)
def test_pages_with_joined_letters_are_those_of_the_whole_text(old: str, new: str) -> None:
    """What is joined for the layout is in no page that was laid out before: see pdf/joiners.py."""
    first, changed = (product(old, words, "zh-Hans") for words in (old, new))
    with typeset.typing():
        before = pages(first).looks
        again = pages(changed)
        assert len({*before} & {*again.looks}) > 3
        assert drawn(again, changed) == drawn(pages(changed), changed)
        back = pages(first)
        assert drawn(back, first) == drawn(pages(first), first)


def paragraphs(*words: str) -> Product:
    """Return a handout of paragraphs."""
    path = SHORT / "en.yaml"
    head, _, rest = path.read_text("utf-8").partition("      - {type: safety, include: see-a-doctor}\n")
    made = "".join(f"      - {{type: text, text: {one}}}\n" for one in words)
    with source_files.instead({path: f"{head}{made}{rest}".encode()}):
        return printed(Product(load(SHORT, "en", common("en")), edition=EDITIONS[DEFAULT]))


def test_what_fits_on_the_page_before_goes_there() -> None:
    """What a page begins with is looked at from the page before."""
    words = ["A word. " * 21] + ["here are words enough for lines of a paragraph which no page divides " * 3] * 24
    before = paragraphs(*words)
    went_back = 0
    for number in (6, 7, 8):
        shorter = paragraphs(*words[:number], "A word.", *words[number + 1 :])
        with typeset.typing():
            first = pages(before)
            again = pages(shorter)
        whole = pages(shorter)
        assert drawn(again, shorter) == drawn(whole, shorter)
        went_back += lines_on(first, 0) < lines_on(whole, 0)
    assert went_back


def lines_on(pages: Pages, number: int) -> int:
    """Return how many lines a page has."""
    return len(pages.ink[number])
