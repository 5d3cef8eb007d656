"""Marks as the printers of a language set them, made from those of a keyboard.

Quotation marks and apostrophes, dashes between words, ranges of numbers, three dots, and fractions. What is typeset
already stays, as does all that is no prose: addresses and what links lead to, code, signs after a backslash, feet and
inches, words in another language, codes of points.

Which of two quotation marks opens is found by markdown-it's rule ``smartquotes``, from what stands on both sides; in
Chinese, Japanese and Korean, where no blank tells, they take turns.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import cycle
from math import gcd
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore, smartquotes
from markdown_it.token import Token


class _Marks(NamedTuple):
    """What a language is set with."""

    quotes: Sequence[str]
    """Opening and closing, then those inside others."""
    dashes: tuple[str, str] = (" – ", " – ")
    """Between words: those that open, or stand alone, and those that close what was opened."""
    to: str = "–"
    """Between the numbers of a range; a hyphen leaves them as they are."""
    dots: str = "…"
    in_turns: bool = False
    """Whether quotation marks stand between letters without a blank."""


_EM, _RAYA, _WIDE = (" — ", " — "), (" —", "— "), ("——", "——")
# Quotation marks: CLDR 46, delimiters; in Spanish those that the RAE puts first, in French with blanks; where CLDR has
# the same inside others, the other pair. Dashes, ranges and dots: Chinese GB/T 15834-2011, 4.10, 4.11 and 4.13;
# Japanese JLREQ; Korean the rules of 2014 on marks of sentences; Spanish Ortografía de la lengua española, 2010: the
# raya touches what it encloses, ranges have a hyphen; others as they are commonly printed.
MARKS = {
    "en": _Marks("“”‘’"),
    "es": _Marks("«»“”", _RAYA, "-"),
    "de": _Marks("„“‚‘"),
    "fr": _Marks(("«\u00a0", "\u00a0»", "“", "”"), to="-"),
    "it": _Marks("«»“”", to="-"),
    "pt": _Marks("“”‘’", _EM, "-"),
    "nl": _Marks("‘’“”"),
    "da": _Marks("“”‘’"),
    "nb": _Marks("«»‘’"),
    "sv": _Marks("””’’"),
    "fi": _Marks("””’’"),
    "pl": _Marks("„”«»"),
    "cs": _Marks("„“‚‘"),
    "sk": _Marks("„“‚‘"),
    "hu": _Marks("„”»«"),
    "ro": _Marks("„”«»"),
    "ru": _Marks("«»„“", _EM),
    "uk": _Marks("«»„“", _EM),
    "el": _Marks("«»“”"),
    "tr": _Marks("“”‘’", to="-"),
    "vi": _Marks("“”‘’"),
    "ja": _Marks("「」『』", _WIDE, "〜", "……", in_turns=True),
    "zh-Hans": _Marks("“”‘’", _WIDE, "～", "……", in_turns=True),
    "zh-Hant": _Marks("「」『』", _WIDE, "～", "……", in_turns=True),
    "zh-HK": _Marks("「」『』", _WIDE, "～", "……", in_turns=True),
    "ko": _Marks("“”‘’", _EM, "-", in_turns=True),
}
"""The marks of the languages that are known, by their tags."""
# Only a text with one of these has anything to be set.
_STRAIGHT = re.compile(r"[\"'/]|--|[0-9]-[0-9]|\.\.\.")
_ATTRIBUTES = r"\{(?:[^{}\"']|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')*\}"
_PLACE = "\ufffc"
"""Stands for what is kept."""
_KEPT = re.compile(
    rf"""
      (?P<unseen> \]\((?:[^()]|\([^()]*\))*\)     # where a link leads
        | (?<=\]){_ATTRIBUTES} )                  # a reading, a note
    | \\. | `[^`]*` | {_PLACE}
    | (?:https?://|www\.)[^\s<>\])]+ | (?<![^\s(\["'])[^\s@\[\]()]{{1,64}}@[^\s@\[\]()]+
    | \b[0-9]{{1,2}}'[0-9]{{1,2}}"?               # feet and inches
    | \[[^\[\]]*\](?=\{{[^{{}}]*\blang=)           # words in another language
    """,
    re.VERBOSE,
)
_NOTE = re.compile(r"""(?<=[{\s])note=(["'])((?:(?!\1)[^\\]|\\.)+)\1""")
# Paragraphs, and items of lists.
_ENDS = re.compile(r"(\n[ \t]*\n|\n(?=[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]))")
_DOTS = re.compile(r"(?<!\.)\.{3}(?!\.)")
_DASH = re.compile(r"(?<=\S)(?:\s+-{2,3})+\s+(?=\S)")
_WIDE_DASH = re.compile(rf"{_DASH.pattern}|(?<=[^\x00-\x7f])-{{2,3}}(?=[0-9]|[^\x00-\x7f])")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])")
# What no closing mark was found for: rock 'em.
_LEFT_OUT = re.compile(r"(?<!\w)'(?=\w)")
_NUMBER = r"(?:[1-9][0-9]{0,2}|0)(?:[.,][0-9]{1,2})?"
_TIME = r"[0-2]?[0-9][:.][0-5][0-9]"
_YEAR = r"(?:19|20)[0-9]{2}"
# Telephone numbers, dates and codes have more digits, letters or hyphens beside them.
_RANGE = re.compile(
    rf"(?<![A-Za-z0-9.,/:+–-])(?<![0-9]\ )({_TIME}|{_YEAR}|{_NUMBER})-({_TIME}|{_YEAR}|{_NUMBER})"
    r"(?![A-Z0-9/:–-]|[.,][0-9]|\ [0-9])"
)
_FRACTION = re.compile(
    r"(?<![A-Za-z0-9.,/:^~–-])(?:([1-9][0-9]?) )?([1-9][0-9]?)/([1-9][0-9]?)(?![A-Za-z0-9/:^~]|[.,][0-9])"
)
# Between these and the signs of raised figures, marks of emphasis begin and end it at once (CommonMark 0.31.2, 6.2).
_MOST_MARKS = 8
_MARKED_BEFORE, _MARKED_BEHIND = re.compile(r"[^\w\s*][*_]+\Z"), re.compile(r"[*_]+[^\w\s*]")
# Scores (7/10), pressures (120/80) and most dates are no fractions; what is measured has these parts.
_PARTS = (2, 3, 4, 6, 8, 12, 16)
_GLYPHS = {unicodedata.normalize("NFKC", sign).replace("\u2044", "/"): sign for sign in "½⅓⅔¼¾⅙⅚⅛⅜⅝⅞"}


@lru_cache(maxsize=512)  # each edition sets the same texts
def smart(text: str, lang: str) -> str:
    """Return a text (Markdown) with the marks of its language; as it is where the language is not known.

    Fractions without a sign of their own have their figures raised and lowered, where emphasis round them stays.
    """
    return _set(text, lang, "^{}^/~{}~")


@lru_cache(maxsize=512)
def smart_words(words: str, lang: str) -> str:
    """Return words without Markdown with the marks of their language; fractions without a sign stay as they are."""
    return _set(words, lang, "{}/{}")


def _set(text: str, lang: str, fraction: str) -> str:
    marks = MARKS.get(lang) or MARKS.get(lang.partition("-")[0])
    if marks is None or not _STRAIGHT.search(text):
        return text
    return "".join(_block(block, marks, lang, fraction) for block in _ENDS.split(text))


def _block(text: str, marks: _Marks, lang: str, fraction: str) -> str:
    pieces = list(_pieces(text))
    (_quote_in_turns if marks.in_turns else _quote)(pieces, marks.quotes)
    prose = "".join(piece.content if piece.type == "text" else _PLACE for piece in pieces)
    prose = _dashed(_DOTS.sub(marks.dots, prose), marks.dashes)
    prose = _FRACTION.sub(lambda found: _fraction(found, fraction), prose)
    prose = _RANGE.sub(lambda found: _range(found, marks.to), prose)
    kept = (_NOTE.sub(lambda note: _note(note, lang), piece.markup) for piece in pieces if piece.type != "text")
    return re.sub(_PLACE, lambda _: next(kept), prose)


def _dashed(prose: str, dashes: Sequence[str]) -> str:
    """Return prose with its dashes set; what one of them stands beside then may be one, too."""
    pattern, turns = _WIDE_DASH if dashes == _WIDE else _DASH, cycle(dashes)
    while (dashed := pattern.sub(lambda _: next(turns), prose)) != prose:
        prose = dashed
    return prose


def _pieces(text: str) -> Iterator[Token]:
    """Yield the prose of a block as tokens of type "text"; what is kept between has as content what is seen of it."""
    start = 0
    for kept in _KEPT.finditer(text):
        yield Token("text", "", 0, content=text[start : kept.start()])
        yield Token("kept", "", 0, content="" if kept["unseen"] else kept[0], markup=kept[0])
        start = kept.end()
    yield Token("text", "", 0, content=text[start:])


def _note(note: re.Match[str], lang: str) -> str:
    delimiter, escaped = note[1], f"\\{note[1]}"
    words = smart(note[2].replace(escaped, delimiter), lang).replace(delimiter, escaped)
    return f"note={delimiter}{words}{delimiter}"


def _quote(pieces: list[Token], quotes: Sequence[str]) -> None:
    """Set quotation marks and apostrophes by what stands on both sides of each."""
    state = StateCore("", _quoting(tuple(quotes)), {})
    state.tokens = [Token("inline", "", 0, content="".join(piece.content for piece in pieces), children=pieces)]
    smartquotes(state)
    for piece in pieces:
        if piece.type == "text":
            piece.content = _LEFT_OUT.sub("’", piece.content)


@cache
def _quoting(quotes: tuple[str, ...]) -> MarkdownIt:
    return MarkdownIt("zero", {"typographer": True, "quotes": quotes})


def _quote_in_turns(pieces: list[Token], quotes: Sequence[str]) -> None:
    """Set apostrophes, and quotation marks so that they open and close in turns; where one is alone they stay."""
    prose = [piece for piece in pieces if piece.type == "text"]
    for piece in prose:
        piece.content = _APOSTROPHE.sub("’", piece.content)
    for sign, turns in (('"', cycle(quotes[:2])), ("'", cycle(quotes[2:]))):
        if sum(piece.content.count(sign) for piece in prose) % 2 == 0:
            for piece in prose:
                piece.content = re.sub(sign, lambda _: next(turns), piece.content)  # noqa: B023  # it is used at once


def _range(found: re.Match[str], to: str) -> str:
    low, high = (float(number.replace(",", ".").replace(":", ".")) for number in found.groups())
    return (
        f"{found[1]}{to}{found[2]}" if low < high or ":" in found[0] else found[0]
    )  # a night has the later hour first


def _fraction(found: re.Match[str], other: str) -> str:
    whole, numerator, denominator = found[1] or "", int(found[2]), int(found[3])
    if numerator >= denominator or denominator not in _PARTS or gcd(numerator, denominator) > 1:
        return found[0]
    if sign := _GLYPHS.get(f"{numerator}/{denominator}"):
        return whole + sign
    before = found.string[max(found.start() - _MOST_MARKS, 0) : found.start()]
    if _MARKED_BEFORE.search(before) or _MARKED_BEHIND.match(found.string, found.end()):
        return found[0]
    return f"{whole} ".lstrip() + other.format(numerator, denominator)
