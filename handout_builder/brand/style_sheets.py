"""A brand's own style sheets, looked through before the engine has them: what would never end, what the book lacks."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_SMALLEST_PAGE, _LARGEST_PAGE, _WIDEST_BLEED = 90.0, 600.0, 30.0
"""In mm: on smaller pages a handout is hundreds of them, for larger ones there is no printer."""
_SMALL_PAGES = frozenset(("a7", "a8", "a9", "a10", "b8", "b9", "b10", "c8", "c9", "c10"))
_FINEST = 0.1
"""The last place in a repeating gradient, in whatever unit: finer ones cannot be seen and are drawn for minutes."""
_ANGLES = frozenset(("deg", "grad", "rad", "turn"))
_NOT_IN_BOOKS = frozenset(("direction", "unicode-bidi"))
"""EPUB 3.3, 6.3.1.3."""
# What hides words, or moves them away; without words, whatever it says. Of print, the finished pages are looked at
# (pdf/legibility.py); a book is laid out by its readers' programs.
_HIDES: Mapping[str, tuple[str, ...]] = {
    "display": ("none", "table-column", "table-column-group"),
    "visibility": ("hidden", "collapse"),
    "position": ("absolute", "fixed"),
    **dict.fromkeys(("color", "-webkit-text-fill-color"), ("transparent",)),
    **dict.fromkeys(("overflow", "overflow-x", "overflow-y", "overflow-block", "overflow-inline"), ("hidden", "clip")),
    **dict.fromkeys(("opacity", "transform", "rotate", "scale", "translate", "clip", "clip-path", "filter"), ()),
    **dict.fromkeys(
        ("content-visibility", "mask", "mask-image", "mix-blend-mode", "offset", "offset-path", "zoom"), ()
    ),
    **dict.fromkeys(("line-clamp", "-webkit-line-clamp", "max-lines", "-webkit-text-security"), ()),
    # What puts boxes on each other, or lets them have no size.
    **dict.fromkeys(("grid-area", "grid-row", "grid-row-start", "grid-row-end"), ()),
    **dict.fromkeys(("grid-column", "grid-column-start", "grid-column-end"), ()),
    **dict.fromkeys(("contain", "container", "container-type"), ("strict", "content", "size", "inline-size")),
    # Lines that go on beyond the edge of a page, where nobody can scroll.
    **dict.fromkeys(("white-space", "text-wrap", "text-wrap-mode"), ("nowrap", "pre")),
}
_SPOILS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("text-decoration", "text-decoration-line"), ("line-through", "blink")),
    **dict.fromkeys(("flex-direction", "flex-flow"), ("row-reverse", "column-reverse")),
    **dict.fromkeys(("writing-mode", "-epub-writing-mode", "-webkit-writing-mode", "text-orientation"), ()),
    **dict.fromkeys(("text-shadow", "-webkit-text-stroke", "order", "animation", "animation-name"), ()),
    **dict.fromkeys(("outline", "outline-width", "outline-style", "outline-offset", "initial-letter"), ()),
    "backdrop-filter": (),
    # What is drawn on the ground of words, in a colour that readers have not chosen.
    **dict.fromkeys(("border-image", "border-image-slice"), ("fill",)),
    "box-shadow": ("inset",),
}
"""What makes words hard to read likewise, if it is not as usual: struck out, turned, smeared, drawn over, in another
order."""
_USUAL = ("none", "0", "horizontal-tb", "mixed", "inherit", "initial", "unset")
_SIGNS = ("dingbats", "marlett", "symbol", "webdings", "wingdings")
"""Typefaces of devices that have signs in the places of letters."""
_SIZES = frozenset(("font", "font-size", "line-height"))
_SIDES = ("top", "left", "right", "bottom", "inset")
_PLACES = ("margin", "text-indent", "letter-spacing", "word-spacing", "vertical-align")
_AROUND = ("margin", "padding", "text-indent", "border", "vertical-align")
_LEAST_WIDTHS = frozenset(("width", "min-width", "inline-size", "min-inline-size"))
_WIDTHS = _LEAST_WIDTHS | {"max-width", "max-inline-size", "column-width", "columns"}
_HEIGHTS = frozenset(("height", "max-height", "block-size", "max-block-size"))
_COLUMNS = ("columns", "column-count", "-webkit-columns", "-webkit-column-count")
_GRIDS = ("grid", "grid-template", "grid-template-columns")
_NO_WIDTHS = ("border-radius", "border-spacing", *(f"border-{y}-{x}-radius" for y in ("top", "bottom") for x in _SIDES))
"""What begins like one of these, and takes no room beside words."""
_ADDS = ("content", "quotes", "list-style", "list-style-type", "hyphenate-character", "text-emphasis")
"""What prints strings; and so do styles of counters."""
_MADE = ("attr", "counter", "counters", "target-text", "target-counter", "string", "symbols")
"""What makes words of something else."""
_MEASURES = (*_SIZES, *_PLACES, *_AROUND, *_WIDTHS, *_HEIGHTS)
_MOST_COLUMNS = 2
"""Of a book, which is read on telephones, too."""
_MOST_PRINTED_COLUMNS, _NARROWEST_COLUMN = 4, 8.0
"""In print, where a section in five is laid out for more than 20 s; a column of 8 letters is 34 mm wide."""
_COUNTERS = ("counter-reset", "counter-set", "counter-increment")
_PAGE_NUMBERS = frozenset(("page", "pages"))
_SMALLEST, _LARGEST_LETTERS, _AWAY, _APART, _BESIDE, _NARROWEST = 0.5, 4.0, 2.0, 1.0, 5.0, 5.0
"""In letters: the smallest and the largest ones, how far words may be moved, how far letters may stand apart, how much
room may be left beside words, and how much they need."""
_WIDEST = 20.0
"""Letters in a line of a narrow telephone."""
_LETTERS = {
    **dict.fromkeys(("em", "rem", "ic", "lh", "rlh", "cap"), 1.0),
    **dict.fromkeys(("ch", "ex"), 0.5),
    "%": 0.2,
    "px": 1 / 16,
    "pt": 1 / 12,
    "pc": 1.0,
    "q": 0.05906,
    "mm": 0.2362,
    "cm": 2.362,
    "in": 6.0,
}
"""How many letters of 12 pt each unit has; a percent is one of the width of a narrow telephone."""
_OF_SCREEN = 0.4
"""Of units that follow the screen, on one that is not so narrow."""
_PICTURES = re.compile(r"(^|[\s>+~.])(img|svg|hr|col|td|th|logo|crop|icon|mark|qr)[\w-]*([.:\[]\S*)?$")
"""The end of a selector that means pictures, rules or cells, which may be as small as they like."""
_COLOURS = frozenset(("color", "-webkit-text-fill-color", "background", "background-color", "background-image"))
_OF_READERS = frozenset(("inherit", "initial", "unset", "revert", "currentcolor", "transparent", "none", "!important"))
"""What leaves the colours of text and ground to the reader: a theme that sets one of them and not the other would
print white on white."""
_SHOW, _ROOM = "the words are the handout's: show them", "let words have the width of the page"
_MOST_DEEP = 20
"""Blocks and functions in one another: more overflow the stack of those who read them."""


def findings(path: Path, css: str, *, book: bool) -> Iterator[Problem]:
    """Yield what is wrong with a style sheet of a brand; in a ``book``, whatever it fetches is."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    for line, message, hint in dict.fromkeys(_in_rules(rules, book=book)):
        yield Problem("style-sheet", message, path, line, hint)


def of_element(css: str, *, words: bool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the style that an element of the book has by itself, each with a hint.

    ``words``: it may hold some, and is no picture.
    """
    content = tinycss2.parse_component_value_list(css)
    for _, message, hint in dict.fromkeys(_in_block(content, "", book=True, words=words)):
        yield message, hint


def _in_rules(rules: Iterable[Any], *, book: bool) -> Iterator[tuple[int, str, str]]:
    for rule in rules:
        if rule.type == "error":
            yield rule.source_line, f"this is no CSS: {rule.message}", "look for a brace or a semicolon before it"
            continue
        at = getattr(rule, "lower_at_keyword", "")
        if at == "counter-style" and book and any(map(str.isalnum, _strings(rule.content or ()))):
            yield rule.source_line, "this adds words to the book", "use a style of counters that browsers have"
        if at == "font-face":
            message = "@font-face would bring a typeface that nobody has looked at"
            yield rule.source_line, message, "name it in the brand, under typography: fonts"
        if at == "import":
            yield rule.source_line, f"@{at} would fetch another file", "write the rules into this one"
        if _too_deep([*rule.prelude, *(rule.content or ())]):
            yield rule.source_line, f"brackets stand in one another more than {_MOST_DEEP} deep", "write it shorter"
            continue
        yield from _in_values(rule.prelude, "", book=book)
        if not book and "::marker" in tinycss2.serialize(rule.prelude).lower():
            yield from _of_marks(rule.content or ())
        yield from _in_block(rule.content or (), at, book=book, words=bool(at) or not _of_pictures(rule.prelude))


def _of_pictures(selectors: Iterable[Any]) -> bool:
    """Tell whether some selectors, with commas between, mean nothing but pictures, rules and cells."""
    return all(_PICTURES.search(each.strip().lower()) for each in tinycss2.serialize(selectors).split(","))


def _in_block(content: Iterable[Any], at: str, *, book: bool, words: bool) -> Iterator[tuple[int, str, str]]:
    items = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    placed = any(getattr(item, "lower_name", "") == "position" for item in items)
    for item in items:
        if item.type == "error":
            yield item.source_line, f"this is no CSS: {item.message}", "write 'property: value;'"
        elif item.type == "declaration":
            yield from _in_values(item.value, item.lower_name, book=book)
            if book:
                placed_here = placed and item.lower_name.startswith(_SIDES)
                yield from ((item.source_line, *told) for told in _in_book(item, placed=placed_here, words=words))
            else:
                yield from ((item.source_line, *told) for told in _in_print(item))
            if at == "page":
                yield from ((item.source_line, *told) for told in _of_page(item.lower_name, item.value))
        else:
            yield from _in_rules([item], book=book)


def _of_page(name: str, values: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the size of a page, each with a hint."""
    lengths, hint = [*_sides(values)], "handouts are printed on paper"
    small = not _SMALL_PAGES.isdisjoint(value.lower_value for value in values if value.type == "ident")
    if name == "size" and (small or min(lengths, default=math.inf) < _SMALLEST_PAGE):
        yield f"the page is less than {_SMALLEST_PAGE:.0f} mm wide or high", hint
    if name == "size" and max(lengths, default=0) > _LARGEST_PAGE:
        yield f"the page is more than {_LARGEST_PAGE:.0f} mm wide or high", hint
    if name.startswith("bleed") and max(lengths, default=0) > _WIDEST_BLEED:
        yield f"the bleed is more than {_WIDEST_BLEED:.0f} mm", "printers ask for 3 mm"


def _of_marks(content: Iterable[Any]) -> Iterator[tuple[int, str, str]]:
    """Yield what marks of lists may not have: in narrow cells the engine breaks on words of their own."""
    for item in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration" and item.lower_name == "content":
            message = "the marks of lists can be given no content"
            yield item.source_line, message, "write list-style-type: '– ', for the list"


def _in_print(item: Any) -> Iterator[tuple[str, str]]:
    """Yield what a declaration may not say for pages, each with a hint."""
    name, said = item.lower_name, tinycss2.serialize(item.value).lower().split()
    if name == "float" and "footnote" in said:
        yield "float: footnote would take words from their place", "notes are the handout's: write them there"
    if name in _COUNTERS and not _PAGE_NUMBERS.isdisjoint(said):
        yield (
            f"{name} would number pages otherwise than lists of contents do",
            "leave the counters page and pages alone",
        )
    if name in _COLUMNS and _MOST_PRINTED_COLUMNS < _columns(item.value, grid=False) <= _MOST_TRACKS:
        yield f"more than {_MOST_PRINTED_COLUMNS} columns have no room for words", "take fewer"
    widths = [*_in_letters(item.value, of_size=False)] if name in ("columns", "column-width") else []
    if any(isinstance(width, float) and 0 < width < _NARROWEST_COLUMN for width in widths):
        yield f"{name} makes columns too narrow for words", "let them be 40 mm wide at least"


def _in_book(item: Any, *, placed: bool, words: bool) -> Iterator[tuple[str, str]]:
    """Yield what a declaration may not say in a book, each with a hint.

    ``placed``: it tells the place of what has a position; ``words``: it may be of words, and not of pictures alone.
    """
    name, said = item.lower_name, tinycss2.serialize(item.value).lower().split()
    if name in _NOT_IN_BOOKS:
        yield f"a book may not set {name}", "directions are the text's own"
    if name in _HIDES and (not _HIDES[name] or any(word in _HIDES[name] for word in said)):
        yield f"{name} would hide words of the book", _SHOW
    if name in _SPOILS and any(word in _SPOILS[name] if _SPOILS[name] else word not in _USUAL for word in said):
        yield f"{name} would make words of the book hard to read", "leave it out"
    if name in ("font", "font-family") and any(sign in word for sign in _SIGNS for word in said):
        yield f"{name} names a typeface that has signs in the places of letters", "name one that has letters"
    if name in _COLOURS and not _OF_READERS.issuperset(said) and "url(" not in said[0]:
        message = f"readers choose the colours of text and ground: {name} may leave words unseen in their themes"
        yield message, "colour rules, by border-color"
    if name.startswith(_ADDS) and _says(item.value, made=name == "content"):
        yield "this adds words to the book", "the words are the handout's: write them there"
    if name in (*_COLUMNS, *_GRIDS) and _columns(item.value, grid=name in _GRIDS) > _MOST_COLUMNS:
        yield f"{name} would leave words of the book too little room", _ROOM
    if name in _HIDES or name.startswith(_MEASURES) or placed:
        lengths = [*_in_letters(item.value, of_size=name in _SIZES)]
        if unknown := next((length for length in lengths if isinstance(length, str)), ""):
            yield f"what {unknown} comes to in {name} is not known here", "write the length or the word itself"
        else:
            yield from _too_far(name, [float(length) for length in lengths], placed=placed, words=words)


def _says(values: Iterable[Any], *, made: bool) -> bool:
    """Tell whether values print words: in strings, or ``made`` of something else."""
    values = [*values]
    called = {value.lower_name for value in values if value.type == "function"}
    return any(map(str.isalnum, _strings(values))) or (made and not called.isdisjoint(_MADE))


def _strings(values: Iterable[Any]) -> str:
    """Return what all strings in values say, those in functions, too."""
    return "".join(
        _strings(value.arguments) if value.type == "function" else value.value
        for value in values
        if value.type in ("function", "string")
    )


def _too_far(name: str, lengths: Sequence[float], *, placed: bool, words: bool) -> Iterator[tuple[str, str]]:
    """Yield what lengths, in letters, would do to words of the book."""
    least, most = min(lengths, default=_NARROWEST), max(lengths, default=0)
    if name in _SIZES and least < _SMALLEST:
        yield f"{name} would make words of the book too small to be read", "leave sizes to the reader"
    if (name == "font-size" and most > _LARGEST_LETTERS) or (name.endswith("-spacing") and most > _APART):
        yield f"{name} would make words of the book hard to read", "leave it to the reader"
    if (name.startswith(_PLACES) or placed) and (least < -_AWAY or (placed and most > _AWAY)):
        yield f"{name} would move words of the book away", _SHOW
    if (name in _WIDTHS and words and least < _NARROWEST) or (
        name.startswith(_AROUND) and most > _BESIDE and not name.startswith(_NO_WIDTHS)
    ):
        yield f"{name} would leave words of the book too little room", _ROOM
    if name in _LEAST_WIDTHS and words and most > _WIDEST:
        yield f"{name} would let words of the book run out of narrow pages", _ROOM
    if name in _HEIGHTS and words and lengths:
        yield f"{name} would let words of the book run over each other", "let words be as high as they are"


def _in_letters(values: Iterable[Any], *, of_size: bool) -> Iterator[float | str]:
    """Yield lengths in letters, and the name of each function of which they are not known.

    Of a size, shares are those of its letters, and a number without a unit is one of lines; of all else 0 alone is a
    length without one.
    """
    for value in values:
        if value.type == "number" and (of_size or not value.value):
            yield value.value
        elif value.type in ("dimension", "percentage"):
            yield _length(value, of_size=of_size)
        elif value.type == "function" and value.lower_name in ("min", "max", "clamp", "fit-content"):
            yield from _in_letters(value.arguments, of_size=of_size)
        elif value.type == "function" and value.lower_name == "calc":
            try:
                yield measured(_as_numbers(value.arguments, of_size=of_size))
            except ValueError:
                yield "calc()"
        elif value.type == "function" and value.lower_name in ("var", "env", "attr"):
            yield f"{value.lower_name}()"


def _length(value: Any, *, of_size: bool) -> float:
    """Return a length with a unit in letters; none where a size would follow the screen, and not the reader's wish."""
    unit = "%" if value.type == "percentage" else value.lower_unit
    if of_size:
        return float(value.value) * (0.01 if unit == "%" else _LETTERS.get(unit, 0.0))
    return float(value.value) * _LETTERS.get(unit, _OF_SCREEN)


def _as_numbers(values: Iterable[Any], *, of_size: bool) -> str:
    """Return what stands in a ``calc()`` with its lengths in letters."""
    parts = []
    for value in values:
        if value.type in ("dimension", "percentage"):
            parts.append(repr(_length(value, of_size=of_size)))
        elif value.type == "() block" or getattr(value, "lower_name", "") == "calc":
            inner = value.content if value.type == "() block" else value.arguments
            parts.append(f"({_as_numbers(inner, of_size=of_size)})")
        else:
            parts.append(value.serialize())
    return "".join(parts)


def _columns(values: Sequence[Any], *, grid: bool) -> float:
    """Return into how many columns words are put, as far as it is told; of a ``grid`` behind its stroke."""
    if not grid:
        return max((float(value.value) for value in values if value.type == "number"), default=0)
    stroke = next((number for number, value in enumerate(values, 1) if value == "/"), 0)
    return _tracks(values[stroke:])


def _tracks(values: Sequence[Any]) -> float:
    count = 0.0
    for value in values:
        if value.type == "function" and value.lower_name == "repeat":
            times = next((each.value for each in value.arguments if each.type == "number"), 1)
            comma = next((number for number, each in enumerate(value.arguments, 1) if each == ","), 0)
            count += times * max(1, _tracks(value.arguments[comma:]))
        else:
            count += value.type in ("number", "dimension", "percentage", "ident", "function")
    return count


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
