"""Books in every language that is shipped, and in two: each character is in the font that is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.book import Fonts, book_of, documents
from helpers.project import LANGUAGES, NAME, SOURCE

from handout_builder.orders import Order
from handout_builder.text import language

BOOKS = [Order(SOURCE / NAME, lang) for lang in LANGUAGES[1:]]
BOOKS += [Order(SOURCE / "knee-pain", lang, second=second) for lang, second in (("es", "zh-Hant"), ("zh-Hans", "ko"))]


@pytest.mark.parametrize("order", BOOKS, ids=lambda order: order.tag)
def test_each_character_is_in_the_font_that_is_taken_for_it(run_folder: Path, order: Order) -> None:
    """Bold text, too, however far out the element is that tells its language.

    No page of a translation has a fault either: a book is made from pages that have passed every net.
    """
    book = book_of(order, run_folder)
    fonts, known, wrong = Fonts(book), dict[str, frozenset[int]](), set()
    for document in documents(book).values():
        for text, _, family, element in fonts.families(document):
            lacking = [character for run in language.cjk_characters(text) for character in run]
            if family in fonts.files:
                if family not in known:
                    known[family] = frozenset(fonts.open(family).getBestCmap())
                lacking = [character for character in lacking if ord(character) not in known[family]]
            if lacking and not element.tag.endswith("}title"):  # which readers show in their own font
                wrong.add((family, "".join(lacking), element.tag.rpartition("}")[2]))
    assert not wrong
