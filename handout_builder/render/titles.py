"""Keeps a short last word of a title on the line with the word before it: Headache and / stiff neck, not … / neck.

CSS has ``text-wrap: balance`` for it (CSS Text 4, 6.4), which WeasyPrint 70 passes over. Nor is it an element without
breaks: where the words before one fill their line but for a blank, WeasyPrint 70 breaks behind the first of these.
"""

import re
from html import unescape

# All words but the last two, and these, in a title without anything special; in two languages, in that of the first.
_TITLE = re.compile(r'(<h1>(?:<span class="one">)?[^<>]*[^<>\s]\s)([^<>\s]+)\s([^<>\s]+)(?=</h1>|</span>)')
# How many letters a last word has that must not stand alone, and how many both may have, as no line breaks in them.
_SHORT, _MOST = 7, 16


def bind_last_words(html: str) -> str:
    """Return a page in whose title no line breaks at the blank before a short last word."""
    return _TITLE.sub(_joined, html)


def _joined(title: re.Match[str]) -> str:
    before, one, last = title.groups()
    if len(unescape(last)) > _SHORT or len(unescape(f"{one} {last}")) > _MOST:
        return title[0]
    return f"{before}{one}\u00a0{last}"
