"""Korean words that no line breaks in: the engine breaks between any two syllables, readers expect it at blanks alone.

CSS has ``word-break: keep-all`` for it (CSS Text 3, 5.2), which WeasyPrint 70 passes over. Hangul is Korean wherever it
stands: in the second of two languages, or in a quotation.
"""

import re

# A word with hangul in it, and what stands at it without a blank. A longer one may be wider than a column.
_WORD = re.compile(r"(?:&[#\w]+;|[^\s<>&])*[\uac00-\ud7a3](?:&[#\w]+;|[^\s<>&])*")
_MOST = 12
_HANGUL = re.compile("[\uac00-\ud7a3]")
# Tags, and elements whose text is no prose.
_MARKUP = re.compile(r"<(head|svg|style)\b.*?</\1>|<[^<>]*>", re.DOTALL)


def with_whole_words(html: str) -> str:
    """Return a page in which each Korean word of more than a syllable is an element of the class ``word``."""
    if not _HANGUL.search(html):
        return html
    parts: list[str] = []
    start = 0
    for markup in _MARKUP.finditer(html):
        parts += (_WORD.sub(_whole, html[start : markup.start()]), markup[0])
        start = markup.end()
    return "".join([*parts, _WORD.sub(_whole, html[start:])])


def whole_words(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text begin and end that no line breaks in."""
    return [word.span() for word in _WORD.finditer(text) if _stays_whole(word[0])]


def _stays_whole(word: str) -> bool:
    return 1 < len(word) <= _MOST


def _whole(word: re.Match[str]) -> str:
    return f'<span class="word">{word[0]}</span>' if _stays_whole(word[0]) else word[0]
