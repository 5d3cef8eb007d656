"""A brand's own style sheets, looked through before the engine has them: what would never end, what the book lacks."""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tinycss2

from handout_builder.css_lengths import value as measured
from handout_builder.errors import Problem

_LARGEST = 1_000_000
"""Beyond it nothing is on a page, and the engine's own sums break."""
_MOST_TRACKS = 100
"""Rows, columns and repetitions of a grid or of columns."""
_TRACKS = ("grid", "column-count", "columns", "column-span")
_SMALLEST_PAGE = 20.0
"""In mm: on smaller pages a handout is thousands of them."""
_FINEST = 0.1
"""The last place in a repeating gradient, in whatever unit: finer ones cannot be seen and are drawn for minutes."""
_ANGLES = frozenset(("deg", "grad", "rad", "turn"))
_NOT_IN_BOOKS = frozenset(("direction", "unicode-bidi"))
"""EPUB 3.3, 6.3.1.3."""
# What hides words, or moves them away. Of print, the finished pages are looked at (pdf/legibility.py); a book is laid
# out by its readers' programs.
_HIDES = {
    "display": ("none",),
    "visibility": ("hidden", "collapse"),
    "position": ("absolute", "fixed"),
    "color": ("transparent",),
    **dict.fromkeys(("overflow", "overflow-x", "overflow-y", "overflow-block", "overflow-inline"), ("hidden", "clip")),
    **dict.fromkeys(("opacity", "transform", "rotate", "scale", "translate", "clip", "clip-path", "filter"), ()),
    **dict.fromkeys(
        ("content-visibility", "mask", "mask-image", "mix-blend-mode", "offset", "offset-path", "zoom"), ()
    ),
}
_SIZES = frozenset(("font", "font-size", "line-height"))
_SIDES = ("top", "left", "right", "bottom", "inset")
_PLACES = ("margin", "text-indent", "letter-spacing", "word-spacing")
_LEAST = {
    "%": 50.0,
    "px": 8.0,
    "pt": 6.0,
    "mm": 2.1,
    "cm": 0.21,
    "in": 0.083,
    "pc": 0.5,
    "vw": math.inf,
    "vh": math.inf,
}
"""The smallest letters and lines of the book by unit; without one, and by the letters of the reader, half of theirs."""
_AWAY = {"%": -10.0, "px": -32.0, "pt": -24.0, "mm": -8.5, "cm": -0.85, "in": -0.34, "pc": -2.0, "vw": -5.0, "vh": -5.0}
"""How far words may be moved out of their place, likewise; else by two letters."""
_COLOURS = frozenset(("color", "-webkit-text-fill-color", "background", "background-color", "background-image"))
_OF_READERS = frozenset(("inherit", "initial", "unset", "revert", "currentcolor", "transparent", "none", "!important"))
"""What leaves the colours of text and ground to the reader: a theme that sets one of them and not the other would
print white on white."""
_MOST_DEEP = 20
"""Blocks and functions in one another: more overflow the stack of those who read them."""


def findings(path: Path, css: str, *, book: bool) -> Iterator[Problem]:
    """Yield what is wrong with a style sheet of a brand; in a ``book``, whatever it fetches is."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    for line, message, hint in dict.fromkeys(_in_rules(rules, book=book)):
        yield Problem("style-sheet", message, path, line, hint)


def of_element(css: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the style that an element of the book has by itself, each with a hint."""
    for _, message, hint in dict.fromkeys(_in_block(tinycss2.parse_component_value_list(css), "", book=True)):
        yield message, hint


def _in_rules(rules: Iterable[Any], *, book: bool) -> Iterator[tuple[int, str, str]]:
    for rule in rules:
        if rule.type == "error":
            yield rule.source_line, f"this is no CSS: {rule.message}", "look for a brace or a semicolon before it"
            continue
        at = getattr(rule, "lower_at_keyword", "")
        if at == "import" or (at == "font-face" and book):
            yield rule.source_line, f"@{at} would fetch another file", "write the rules into this one"
        if _too_deep([*rule.prelude, *(rule.content or ())]):
            yield rule.source_line, f"brackets stand in one another more than {_MOST_DEEP} deep", "write it shorter"
            continue
        yield from _in_values(rule.prelude, "", book=book)
        yield from _in_block(rule.content or (), at, book=book)


def _in_block(content: Iterable[Any], at: str, *, book: bool) -> Iterator[tuple[int, str, str]]:
    items = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    placed = any(getattr(item, "lower_name", "") == "position" for item in items)
    for item in items:
        if item.type == "error":
            yield item.source_line, f"this is no CSS: {item.message}", "write 'property: value;'"
        elif item.type == "declaration":
            yield from _in_values(item.value, item.lower_name, book=book)
            if book:
                yield from _in_book(item, placed=placed)
            if (
                at == "page"
                and item.lower_name == "size"
                and min(_sides(item.value), default=math.inf) < _SMALLEST_PAGE
            ):
                message = f"the page is less than {_SMALLEST_PAGE:.0f} mm wide or high"
                yield item.source_line, message, "handouts are printed on paper"
        else:
            yield from _in_rules([item], book=book)


def _in_book(item: Any, *, placed: bool) -> Iterator[tuple[int, str, str]]:
    """Yield what a declaration may not say in a book; ``placed``: beside one of a position."""
    name, words = item.lower_name, tinycss2.serialize(item.value).lower().split()
    if name in _NOT_IN_BOOKS:
        yield item.source_line, f"a book may not set {name}", "directions are the text's own"
    if name in _HIDES and (not _HIDES[name] or any(word in _HIDES[name] for word in words)):
        yield item.source_line, f"{name} would hide words of the book", "the words are the handout's: show them"
    if name in _SIZES and any(_is_less(value, _LEAST, 0.5) for value in item.value):
        yield item.source_line, f"{name} would make words of the book too small to be read", "leave sizes to the reader"
    moves = name.startswith(_PLACES) or (placed and name.startswith(_SIDES))
    if moves and any(_is_less(value, _AWAY, -2.0) for value in item.value):
        yield item.source_line, f"{name} would move words of the book away", "the words are the handout's: show them"
    if name in _COLOURS and not _OF_READERS.issuperset(words) and "url(" not in words[0]:
        message = f"readers choose the colours of text and ground: {name} may leave words unseen in their themes"
        yield item.source_line, message, "colour rules, by border-color"
    if name == "content" and any(value.type == "string" and any(map(str.isalnum, value.value)) for value in item.value):
        yield item.source_line, "this adds words to the book", "the words are the handout's: write them there"


def _is_less(value: Any, least: Mapping[str, float], letters: float) -> bool:
    """Tell whether a length is less than the least of its unit, or than so many letters."""
    if value.type not in ("number", "dimension", "percentage"):
        return False
    unit = "%" if value.type == "percentage" else getattr(value, "lower_unit", "")
    return bool(value.value < least.get(unit, letters))


def _sides(values: Iterable[Any]) -> Iterator[float]:
    """Yield the lengths in mm, as far as they are known."""
    for value in values:
        with suppress(ValueError):
            yield measured(value.serialize())


def _in_values(values: Iterable[Any], name: str, *, book: bool) -> Iterator[tuple[int, str, str]]:
    for value in values:
        kind, called = value.type, getattr(value, "lower_name", "")
        if kind in ("number", "dimension", "percentage"):
            yield from _number(value, name)
        elif book and (kind == "url" or called == "url"):
            yield value.source_line, "the book has no other files that a style could show", "use print.css for pictures"
        elif kind == "function":
            if called.startswith("repeating-") and _is_fine(value.arguments):
                yield value.source_line, "this gradient repeats itself too finely to be seen", "make its steps larger"
            yield from _in_values(value.arguments, "grid" if called == "repeat" else name, book=book)
        elif kind.endswith("block"):
            yield from _in_values(value.content, name, book=book)


def _number(value: Any, name: str) -> Iterator[tuple[int, str, str]]:
    if not abs(value.value) <= _LARGEST and name != "z-index":
        yield value.source_line, f"the number {value.representation[:20]} is beyond a million", "nothing is so large"
    elif value.type == "number" and name.startswith(_TRACKS) and abs(value.value) > _MOST_TRACKS:
        message = f"{value.representation[:20]} rows or columns are more than {_MOST_TRACKS}"
        yield value.source_line, message, "a page has no room for them"


def _is_fine(arguments: Iterable[Any]) -> bool:
    """Tell whether all places in a repeating gradient lie near its beginning."""
    places = [
        value.value
        for value in arguments
        if value.type == "percentage" or (value.type == "dimension" and value.lower_unit not in _ANGLES)
    ]
    return bool(places) and max(places) - min(0.0, *places) < _FINEST


def _too_deep(values: Iterable[Any]) -> bool:
    waiting = [(value, 1) for value in values]
    while waiting:
        value, depth = waiting.pop()
        inner = getattr(value, "arguments", None) or (value.content if value.type.endswith("block") else ())
        if depth > _MOST_DEEP:
            return True
        waiting += [(part, depth + 1) for part in inner]
    return False
