"""From a source to its files: the page numbers in the text are those of the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from helpers.project import LANG, NAME, ROOT

from handout_builder.content.loader import load
from handout_builder.errors import HandoutError
from handout_builder.pdf import typeset
from handout_builder.pipeline import make
from handout_builder.render.product import Product


def test_page_numbers_that_never_settle_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time the pages are set, the sections lie a page further on than the text says."""
    passes = 0
    lay_out = typeset.lay_out

    def unsettled(*arguments: Any) -> Any:
        nonlocal passes
        passes += 1
        pages = lay_out(*arguments)
        return replace(pages, page_of={ident: page + passes for ident, page in pages.page_of.items()})

    monkeypatch.setattr(typeset, "lay_out", unsettled)
    source = load(ROOT / "source" / NAME, LANG)
    with pytest.raises(HandoutError) as caught:
        make(Product(source), ("pdf",))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("page-numbers", source.folder)
    assert 2 < passes < 10
