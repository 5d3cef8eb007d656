"""The speed layer: private functions of WeasyPrint replaced by short ways, in the program's own copy of it alone.

It can be left out: pages are the same without it, and take about 2.7 times the time in a warm process. What each part
saves is in docs/ARCHITECTURE.md.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import Element

from handout_builder.engine import (
    line_drawing,
    line_fitting,
    style_rules,
    styles_and_boxes,
    svg_paths,
    svg_values,
    svg_words,
)
from handout_builder.engine.cache import Cache
from handout_builder.engine.page_by_page import PageByPage
from handout_builder.engine.relayout import Relayout
from handout_builder.engine.svg_cache import Drawings

# About what some hundred handouts share.
_MOST_LINES = 3000


class Speed:
    """What is replaced in a copy of WeasyPrint, and what several documents share."""

    def __init__(self, weasyprint: Any) -> None:
        self._name = weasyprint.__name__
        self.replaced: list[tuple[Any, str, Any]] = []
        """What of styles, boxes and lines was replaced, as owner, name and original."""
        self.lines: Cache[Any] = Cache(_MOST_LINES)
        self.drawings = Drawings()
        style_rules.install(weasyprint, self._replace)
        styles_and_boxes.install(weasyprint, self._replace)
        line_fitting.install(weasyprint.text.line_break, self._replace)
        line_drawing.install(weasyprint, self._replace)
        svg_values.install(weasyprint, self._replace)
        svg_words.install(weasyprint, self._replace)
        svg_paths.install(weasyprint)
        self.drawings.install(weasyprint)
        self.page_by_page = PageByPage(weasyprint, self._replace)
        self.relayout = Relayout(weasyprint, self._replace)

    def own_lines(self) -> Cache[Any]:
        """Return room for the lines of documents with fonts of their own: they are let go with these."""
        return Cache(_MOST_LINES)

    @contextmanager
    def document(self, page: Element, lines: Cache[Any]) -> Iterator[None]:
        """Begin a document, and lay it out inside: lines and drawings that it shares with earlier ones are kept."""
        lines.begin()
        with self.drawings.taken_out(page):
            yield

    def forget(self) -> None:
        """Let all go that is kept."""
        self.lines.forget()
        self.drawings.cache.forget()

    def _replace(self, owner: Any, name: str, new: Any) -> None:
        """Replace a function or class of the copy, in all of its modules that have it under this name."""
        original = getattr(owner, name)
        modules = [module for key, module in list(sys.modules.items()) if key.startswith(self._name)]
        owners = [module for module in modules if module is not owner and vars(module).get(name) is original]
        for each in (owner, *owners):
            self.replaced.append((each, name, original))
            setattr(each, name, new)
