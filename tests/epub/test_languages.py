"""Books in every language that is shipped, and in two: each character is in the font that is taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.book import Fonts, documents
from helpers.once import once
from helpers.project import LANGUAGES, SOURCE

from handout_builder.builder.incremental import build
from handout_builder.orders import Order
from handout_builder.text import language

KNEE = SOURCE / "knee-pain"
CJK = [lang for lang in LANGUAGES if language.is_cjk_language(lang)]
BOOKS = [*((lang, "") for lang in CJK), ("en", "ja"), ("es", "zh-Hant"), ("zh-Hans", "ko")]


@pytest.mark.parametrize(("lang", "second"), BOOKS)
def test_each_character_is_in_the_font_that_is_taken_for_it(run_folder: Path, lang: str, second: str) -> None:
    """Bold text, too, however far out the element is that tells its language."""
    order = Order(KNEE, lang, second=second)
    folder = once(run_folder / f"book-{order.tag}", lambda folder: build([order], folder, ("epub",)))
    fonts, known, wrong = Fonts(folder / f"{order.name}.epub"), dict[str, frozenset[int]](), set()
    for document in documents(folder / f"{order.name}.epub").values():
        for text, _, family, element in fonts.families(document):
            lacking = [character for run in language.cjk_characters(text) for character in run]
            if family in fonts.files:
                known.setdefault(family, frozenset(fonts.open(family).getBestCmap()))
                lacking = [character for character in lacking if ord(character) not in known[family]]
            if lacking and not element.tag.endswith("}title"):  # which readers show in their own font
                wrong.add((family, "".join(lacking), element.tag.rpartition("}")[2]))
    assert not wrong
