"""Names of elements, by which printed pages are found, and the marks of these pages in the book.

All that templates make hold a ``_``, which no section's id has: the two never meet.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from handout_builder.text import markdown


@dataclass(frozen=True)
class Anchors:
    """How templates name what may begin a printed page."""

    epub: bool
    page_starts: Mapping[str, Sequence[int]]
    """Printed pages by the id of the element that they begin with, or in; empty in print."""

    def id(self, ident: str) -> Markup:
        """Return the attribute that names an element inside a section.

        In print it only serves to find the page that the element is on: a real id would become a named
        destination in the PDF, and there are hundreds.
        """
        return Markup(' {}="{}"').format("id" if self.epub else "data-id", ident)

    def breaks(self, ident: str) -> Markup:
        """Return the marks of the printed pages that begin at this element, or in it; mostly nothing."""
        mark = Markup('<span epub:type="pagebreak" role="doc-pagebreak" id="page_{0}" aria-label="{0}"></span>')
        return Markup("").join(mark.format(page) for page in self.page_starts.get(ident, ()))

    def prose(self, text: str, ident: str) -> Markup:
        """Return Markdown as HTML whose paragraphs and list items can each begin a page."""
        numbers = itertools.count(1)

        def named(match: re.Match[str]) -> str:
            inner = f"{ident}-p{next(numbers)}"
            return f"<{match[1]}{self.id(inner)}>{self.breaks(inner)}"

        html = markdown.html(text)
        if not self.epub:  # WeasyPrint does not read it, and the numbers are a counter of ours
            html = re.sub('<ol start="([0-9]+)">', lambda match: _ol(int(match[1])), html)
        return Markup(re.sub("<(p|li)>", named, html))


def _ol(start: int) -> str:
    """Return the tag of a list that does not begin with 1, for the counter of layouts/print.css."""
    return f'<ol style="counter-reset: item {start - 1}">'
