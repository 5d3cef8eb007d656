"""Patterns of the shared texts: words in braces, such as ``{distance}``, that the program fills in."""

from collections.abc import Iterable
from string import Formatter

_PLACE = {"pair": "distance spot", "row": "distance first last"}
_KINDS = ("pair", "row", "spine", "midline", "sides", "legs")
LABELS: dict[str, tuple[str, ...]] = {
    label: tuple(words.split())
    for label, words in {
        **{f"place_{kind}": _PLACE.get(kind, "spot") for kind in _KINDS},
        **{f"short_{kind}": _PLACE.get(kind, "spot").replace("spot", "short") for kind in _KINDS},
        **{f"alt_{kind}": "code " + _PLACE.get(kind, "spot") for kind in _KINDS},
        **dict.fromkeys(("gap", "in_gap", "short_gap"), "vertebra"),
        **dict.fromkeys(("below", "above"), "distance noun"),
        **dict.fromkeys(("lower", "higher"), "distance spot"),
        **dict.fromkeys(("short_lower", "short_higher"), "distance short"),
        "level_with": "noun",
        "date": "day month year",
        "call": "number",
        **dict.fromkeys(("sheet_front", "sheet_back"), "name sheet sheets"),
    }.items()
}
"""What is filled in for the labels that are patterns."""
# Two ways to tell a place, of which each language takes the one that its sentence needs.
_SAME = {"level": "spot"}


def names(pattern: str) -> list[str]:
    """Return what stands in braces; raises ValueError where a brace has no partner, or more than a name stands inside.

    Widths and conversions (``{day:9999}``, ``{day!r}``) are no words, and some of them never end.
    """
    found = []
    for _, name, width, conversion in Formatter().parse(pattern):
        if name is not None:
            if width or conversion or not name.isidentifier():
                raise ValueError(pattern)
            found.append(name)
    return found


def wrong(pattern: str, wanted: Iterable[str]) -> str:
    """Return what is wrong with a pattern that is filled in with what ``wanted`` names; "" if nothing is."""
    kinds = {_SAME.get(name, name) for name in wanted}
    try:
        given = names(pattern)
    except ValueError:
        return "braces without a partner, or with more than a name between them"
    unknown = [name for name in given if _SAME.get(name, name) not in kinds]
    if unknown:
        return f"nothing is filled in for {{{unknown[0]}}}"
    missing = sorted(kinds - {_SAME.get(name, name) for name in given})
    return f"{{{missing[0]}}} is missing" if missing else ""
