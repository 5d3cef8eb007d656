"""Notes to words of the text: numbers that lead to them at its end, or the notes themselves in brackets."""

import re
from collections.abc import Mapping
from html import unescape

from handout_builder.render import fullwidth_punctuation
from handout_builder.render.context import Context
from handout_builder.text import markdown

_NOTE = re.compile(r'<a class="noteref" data-note="([^"]*)"></a>')
EPUB_ROLE = ' epub:type="noteref" role="doc-noteref"'
"""What a link to an explanation is in the book."""


def numbered(pages: Mapping[str, str], context: Context) -> dict[str, str]:
    """Return pages with the numbers of their notes, each a link to it."""
    numbers = {note: number for number, note in enumerate(context.notes, 1)}
    role = EPUB_ROLE if context.epub else ""
    seen: set[int] = set()

    def link(match: re.Match[str]) -> str:
        number = numbers[unescape(match[1])]
        named, marks = "", ""
        if number not in seen:
            seen.add(number)
            ident = f"noted_{number}"
            named, marks = f' id="{ident}"', context.anchors.breaks(ident)  # a page may begin in its paragraph
        return f'{marks}<sup><a class="noteref"{role}{named} href="#note_{number}">{number}</a></sup>'

    return {name: _NOTE.sub(link, html) for name, html in pages.items()}


def in_brackets(html: str, lang: str) -> str:
    """Return a page of a short form, which has no list of notes, with each note in brackets behind its words."""
    return _NOTE.sub(
        lambda note: fullwidth_punctuation.in_brackets(markdown.inline_html(unescape(note[1])), lang), html
    )
