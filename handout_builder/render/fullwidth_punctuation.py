"""Marks of Chinese and Japanese, as wide as a letter: they have a blank of their own, and take none beside them."""

import re

_LANGUAGES = ("ja", "zh")
_CLOSE = "ko"
# What closes, at the end of its element or of that in it; the blank is a template's or stands between two sentences.
# Patterns begin with the mark: one that looks behind for it is tried at each letter of a page and of its drawings.
_BLANK = re.compile(r"([、。，；：！？）」』】〉》](?:</(?:a|em|span|strong)>)*)\s+(?=<(?:a|em|span|strong)\b|[^\s<])")
_OPENS = "（"
_BLANK_BEFORE = re.compile(rf"(?<=>)\s+(?={_OPENS})")


def closed_up(html: str) -> str:
    """Return a page without the blanks of templates beside its wide marks."""
    closed = _BLANK.sub(r"\1", html)
    return _BLANK_BEFORE.sub("", closed) if _OPENS in closed else closed


def in_brackets(words: str, lang: str) -> str:
    """Return words in the brackets of a language, with the blank before them where it has one."""
    if lang.startswith(_LANGUAGES):
        return f"（{words}）"
    return f"({words})" if lang == _CLOSE else f" ({words})"
