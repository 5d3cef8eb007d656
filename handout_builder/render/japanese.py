"""Japanese headings and captions that break between phrases: 頭痛と / 首のこわばり, not 頭痛と首の / こわばり.

The engine breaks between any two characters, as text may, but who reads a heading reads it in phrases (bunsetsu).
BudouX finds them. Chinese headings break as text does: see docs/decisions/0078-japanese-headings-break-at-phrases.md.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from html import unescape
from itertools import accumulate
from typing import Any, NamedTuple

_LANG = "ja"
# What is read at a glance: headings, titles, heads of tables, captions, the bold words that lead in to warning signs.
_SHORT = re.compile(
    r"<(h[1-3]|th|caption|"
    r'(?P<p>p)(?= class="(?:caption|qr-label|subtitle|kicker|grade|inset-title|lead|disclaimer)"))\b[^<>]*>.*?</\1>',
    re.DOTALL,
)
_PARTS = re.compile(r"<[^<>]*>|&[#\w]+;|[^<>&]")
_TAG_LANG = re.compile(r' lang="([^"]*)"')
_VOID = re.compile(r"<(?:br|img|wbr)\b|<[^<>]*/>")
# JIS X 4051, 8.1: what begins no line, and what ends none.
_NOT_FIRST = re.compile(
    r"[、。，．・：；！？!?,.:;ー々ゝゞ…—〜～%％」』】〕）］｝〉》〙〗”’)\]ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ]"
)
_NOT_LAST = re.compile(r"[「『【〔（［｛〈《〘〖“‘(\[]")
# An auxiliary is a phrase of its own, if need be: on pages of nine letters readers break longer ones before any mark.
_AUXILIARY = re.compile("(?<=[てで])(?=ください)")


class _Part(NamedTuple):
    """A tag, or a character of a text."""

    markup: str
    ours: bool
    """Whether it is a character in Japanese."""
    begins: bool
    """Whether a phrase begins with it, or behind it."""


def with_phrases(html: str, lang: str) -> str:
    """Return a page of the print, in the language ``lang``, in whose Japanese headings each phrase is an element.

    Its class is ``unbroken``: no line breaks in it but where it is longer than one.
    """
    return _each(html, lang, lambda parts: "".join(_in_elements(parts)))


def with_breaks(html: str, lang: str) -> str:
    """Return a page of the book with ``wbr`` between the phrases of Japanese headings; book.css keeps the rest.

    Pages may be narrow: there may be a break before ください, too.
    """
    return _each(html, lang, lambda parts: "".join(_behind_breaks(parts)), narrow=True)


def _behind_breaks(parts: list[_Part]) -> Iterator[str]:
    """Yield a heading with breaks before phrases; words with a reading above them have none inside."""
    in_ruby = False
    for at, part in enumerate(parts):
        begins_ruby = part.markup.startswith("<ruby")
        first = next((other for other in parts[at:] if other.ours), None) if begins_ruby else part
        if not in_ruby and first is not None and first.ours and first.begins:
            yield "<wbr/>"
        in_ruby = (in_ruby or begins_ruby) and part.markup != "</ruby>"
        yield part.markup


@lru_cache(maxsize=512)
def phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a Japanese text; none begins or ends with what begins or ends no line."""
    found: list[str] = []
    for phrase in _parser().parse(text):
        if found and (_NOT_FIRST.match(phrase) or _NOT_LAST.match(found[-1][-1])):
            found[-1] += phrase
        else:
            found.append(phrase)
    return tuple(found)


@cache
def _parser() -> Any:
    import budoux  # noqa: PLC0415  # takes 13 ms: only where there is Japanese

    return budoux.load_default_japanese_parser()


def _each(html: str, lang: str, marked: Callable[[list[_Part]], str], *, narrow: bool = False) -> str:
    """Return a page with its headings marked."""
    if not _has_japanese(html, lang):
        return html

    def each(found: re.Match[str]) -> str:
        return marked(_parts(found[0], lang, narrow=narrow)) if _has_japanese(found[0], lang) else found[0]

    return _SHORT.sub(each, html)


def _has_japanese(html: str, lang: str) -> bool:
    return lang == _LANG or f'lang="{_LANG}"' in html


def _parts(html: str, lang: str, *, narrow: bool) -> list[_Part]:
    """Return a heading in parts; the language of its text is its own, or ``lang``."""
    langs, found = [lang], list[tuple[str, bool]]()
    for markup in _PARTS.findall(html):
        if markup.startswith("</"):
            langs.pop()
        elif markup.startswith("<") and not _VOID.match(markup):
            own = _TAG_LANG.search(markup)
            langs.append(own[1] if own else langs[-1])
        found.append((markup, markup[0] != "<" and langs[-1] == _LANG))
    text = "".join(unescape(markup) for markup, ours in found if ours)
    begins = {*accumulate(map(len, phrases(text)))}
    if narrow:
        begins.update(auxiliary.start() for auxiliary in _AUXILIARY.finditer(text))
    places = accumulate((ours for _, ours in found), initial=0)
    return [_Part(*part, place in begins) for part, place in zip(found, places, strict=False)]


def _in_elements(parts: list[_Part]) -> Iterator[str]:
    """Yield a heading with each phrase as an element, which holds the tags that open and close in it."""
    phrase, open_tags = list[_Part](), 0
    for part in parts:
        markup = part.markup
        opens = markup[0] == "<" and markup[1] != "/" and not _VOID.match(markup)
        letter = part.ours and not markup.isspace()
        if part.begins and not open_tags and (opens or letter):
            yield _whole(phrase)
            phrase = []
        # The line below a link would not go through an element in it: it is one phrase.
        if letter or open_tags or (opens and (phrase or markup.startswith("<a "))):
            phrase.append(part)
            open_tags += opens - markup.startswith("</")
        else:
            yield _whole(phrase) + markup
            phrase = []
    yield _whole(phrase)


def _whole(phrase: list[_Part]) -> str:
    html = "".join(part.markup for part in phrase)
    return f'<span class="unbroken">{html}</span>' if sum(part.ours for part in phrase) > 1 else html
