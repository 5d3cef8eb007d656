"""Korean words that no line breaks in: the engine breaks between any two syllables, readers expect it at blanks alone.

CSS has ``word-break: keep-all`` for it (CSS Text 3, 5.2), which WeasyPrint 70 passes over. A word joiner between two
characters does the same (UAX 14, LB11). It is in the text while this is laid out, and in nothing that is made of it.
An element for each word would do it, too, and take twice the time. Spacing of letters is added at each joiner, too.
Hangul is Korean wherever it stands: in the second of two languages, or in a quotation.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

# A word with hangul in it, and what stands at it without a blank. A longer one may be wider than a column.
_WORD = re.compile(r"\S*[\uac00-\ud7a3]\S*")
_MOST = 12
_HANGUL = re.compile("[\uac00-\ud7a3]")
_JOINER = "\u2060"
# Elements whose text is no prose.
_NO_PROSE = frozenset(("head", "svg", "style"))


def has_words(text: str) -> bool:
    """Tell whether there is hangul in a text."""
    return _HANGUL.search(text) is not None


def join(element: Element) -> None:
    """Put word joiners into the Korean words of a page."""
    if element.tag.rpartition("}")[2] in _NO_PROSE:
        return
    if element.text:
        element.text = _joined(element.text)
    for child in element:
        join(child)
        if child.tail:
            child.tail = _joined(child.tail)


def part(document: Any, page: Element) -> None:
    """Take the word joiners out of a page and of the document that was laid out from it; its lines stay as they are."""
    for element in page.iter():
        element.text, element.tail = _parted(element.text), _parted(element.tail)
    for laid_out in document.pages:
        laid_out.bookmarks = [(level, _parted(label), *more) for level, label, *more in laid_out.bookmarks]
        for box in laid_out._page_box.descendants(placeholders=True):
            for name in ("text", "bookmark_label"):
                if _JOINER in (getattr(box, name, None) or ""):
                    setattr(box, name, _parted(getattr(box, name)))


def whole_words(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text begin and end that no line breaks in."""
    return [word.span() for word in _WORD.finditer(text) if _stays_whole(word[0])]


def _stays_whole(word: str) -> bool:
    return 1 < len(word) <= _MOST


def _joined(text: str) -> str:
    return _WORD.sub(lambda word: _JOINER.join(word[0]) if _stays_whole(word[0]) else word[0], text)


def _parted(text: str | None) -> str | None:
    return text.replace(_JOINER, "") if text else text
