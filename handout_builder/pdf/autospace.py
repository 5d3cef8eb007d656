"""A quarter of an em between Han or kana and the letters or numbers of other scripts.

JLREQ (3.2.6) and CLREQ (Composition of Chinese and Western Mixed Texts) ask for it, and CSS has ``text-autospace``
(CSS Text 4), which WeasyPrint 70 passes over. It stands between letters and numbers alone: not beside marks and
brackets, at a blank, or in what is written to one person, which copies set without the engine. The blank for it is put
behind the first of two letters, so that a line which breaks there does not begin with it; it is taken out with the
joiners: see ``joiners.part``.
"""

import re
from collections.abc import Collection
from typing import Literal
from xml.etree.ElementTree import Element

from handout_builder.pdf.joiners import FIELD, NO_PROSE, SIGNS
from handout_builder.quarter_em import BLANK

# Ideographs of CSS: Han with its iteration marks and zero, kana with their length mark.
_HAN = (
    "\u3005-\u3007\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
# Letters and digits of Latin, Greek and Cyrillic.
_OTHER = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u0373\u0386-\u052f\u1e00-\u1eff"
# A word joiner may stand between the two: that goes on behind the blank.
_BETWEEN = rf"(?<=[{_HAN}])(?=\u2060?[{_OTHER}])|(?<=[{_OTHER}])(?=\u2060?[{_HAN}])"
_JOINER = "\u2060"
# Elements that stand in a line with the words around them; a number of a note does, and is no letter of them.
_IN_LINE = frozenset(("a", "abbr", "b", "bdi", "cite", "em", "i", "mark", "q", "small", "span", "strong", "u", "wbr"))
_WITHOUT = NO_PROSE | {"code", "kbd", "rp", "rt", "samp", "sub", "sup"}


def space(page: Element, langs: Collection[str]) -> None:
    """Put a blank for each quarter of an em into the Chinese and Japanese texts of a page that is in some languages."""
    if any(lang.startswith(SIGNS) for lang in langs):
        _Line().read(page)


class _Line:
    """Words that stand in a line, in whatever elements."""

    def __init__(self) -> None:
        self._has_han = True
        """Whether the words are in a language that is written with Han."""
        self._last: tuple[Element, Literal["text", "tail"]] | None = None
        """Where the words before stand."""

    def read(self, element: Element) -> None:
        """Go through the words of an element."""
        tag, has_han = element.tag.rpartition("}")[2], self._has_han
        if tag in _WITHOUT or FIELD in element.attrib:
            self._last = None
            return
        in_line, lang = tag in _IN_LINE, element.get("lang")
        if not in_line:
            self._last = None
        if lang:  # a word in another language stands in its line
            self._has_han = lang.startswith(SIGNS) or (in_line and has_han)
        self._words(element, "text")
        for child in element:
            self.read(child)
            self._words(child, "tail")
        self._has_han = has_han
        if not in_line:
            self._last = None

    def _words(self, element: Element, name: Literal["text", "tail"]) -> None:
        text: str | None = getattr(element, name)
        if not text:
            return
        if not self._has_han:
            self._last = None
            return
        if not text.isascii():
            setattr(element, name, re.sub(_BETWEEN, BLANK, text))
        if self._last:
            before, end = self._last
            words = getattr(before, end)
            letters = words.rstrip(_JOINER)
            if re.search(_BETWEEN, letters[-1:] + text.lstrip(_JOINER)[:1]):
                setattr(before, end, f"{letters}{BLANK}{words[len(letters) :]}")
        self._last = element, name
