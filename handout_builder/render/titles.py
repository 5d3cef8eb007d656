"""Titles that break where their sense does.

A short last word stays on the line with the word before it: Headache and / stiff neck, not … / neck. What follows a
colon begins a line where it does not fit on that of the words before: Desk shoulder: / five points.

CSS has ``text-wrap: balance`` for it (CSS Text 4, 6.4), which WeasyPrint 70 passes over. Nor is it an element without
breaks: where the words before one fill their line but for a blank, WeasyPrint 70 breaks behind the first of these.
"""

import re
from html import unescape

# All words but the last two, and these, in a title without anything special; in two languages, in that of the first.
_TITLE = re.compile(r'(<h1>(?:<span class="one">)?[^<>]*[^<>\s]\s)([^<>\s]+)\s([^<>\s]+)(?=</h1>|</span>)')
# What follows a colon, in such a title.
_AFTER = re.compile(r'(<h1>(?:<span class="one">)?(?:[^<>:]*[^<>:\s]: |[^<>：]+：))([^<>]+)(?=</h1>|</span>)')
# How many letters a last word has that must not stand alone, and how many both may have, as no line breaks in them.
_SHORT, _MOST = 8, 16


def bind_last_words(html: str) -> str:
    """Return a page in whose title no line breaks at the blank before a short last word."""
    return _TITLE.sub(_joined, html)


def break_at_colons(html: str) -> str:
    """Return a page in whose title what follows a colon begins a line if it does not fit on that of the colon.

    In languages with blanks; where there are none, titles have their phrases.
    """
    return _AFTER.sub(r'\1<span class="unbroken clause">\2</span>', html)


def _joined(title: re.Match[str]) -> str:
    before, one, last = title.groups()
    if len(unescape(last)) > _SHORT or len(unescape(f"{one} {last}")) > _MOST:
        return title[0]
    return f"{before}{one}\u00a0{last}"
