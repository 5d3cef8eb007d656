"""Patterns of the shared texts: words in braces, such as ``{distance}``, that the program fills in."""

import re
from collections.abc import Callable, Iterable
from string import Formatter

_PLACE = {"pair": "distance level", "row": "distance first last"}
_KINDS = ("pair", "row", "spine")
LABELS: dict[str, tuple[str, ...]] = {
    label: tuple(words.split())
    for label, words in {
        **{f"place_{kind}": _PLACE.get(kind, "spot") for kind in _KINDS},
        **{f"beside_{kind}": words for kind, words in _PLACE.items()},
        "short_pair": "distance short",
        "short_row": "distance first last",
        "short_spine": "short",
        **{f"alt_{kind}": "code " + _PLACE.get(kind, "spot") for kind in _KINDS},
        **dict.fromkeys(("alt_both", "alt_one", "alt_limb", "alt_many"), "code where"),
        **dict.fromkeys(("gap", "in_gap", "short_gap"), "vertebra"),
        **dict.fromkeys(("side_both", "side_left", "side_right"), "where"),
        "level_with": "gap",
        "see_page": "page",
        "find": "name find",
        "date": "day month year",
        "call": "number",
        "cautions_from": "sources",
        "care_in_pregnancy": "points",
        "dose": "words",
        **dict.fromkeys(("dose_first", "dose_next"), "before next"),
        "dose_range": "least most",
        **dict.fromkeys(("dose_second", "dose_seconds", "dose_minute", "dose_minutes"), "number"),
        **dict.fromkeys(("dose_times", "dose_days_a_week", "dose_day", "dose_days", "dose_weeks"), "number"),
        "exercise_hold": "duration",
        "diary_week": "number",
        **dict.fromkeys(("exercise_reps", "exercise_set", "exercise_sets"), "number"),
        **dict.fromkeys(("exercise_set_of", "exercise_sets_of"), "sets reps"),
        **dict.fromkeys(("written_by", "reviewed_by"), "name"),
        "review_due": "date",
        **dict.fromkeys(("translated_machine", "translated_person"), "language"),
        **dict.fromkeys(("translated_advice_machine", "translated_advice_person"), "language"),
        "translation_reviewed": "name",
        "sheet_span": "first last",
        "sheet_day": "weekday date",
        "sheet_time": "day time",
        "sheet_change": "phone",
        **dict.fromkeys(("sheet_front", "sheet_back"), "name sheet sheets"),
    }.items()
}
"""What is filled in for the labels that are patterns."""
_MEASURE = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
# What is said of both sides, and what of one: "{to each side of|beside} the spine".
_SIDES = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
# Where a sentence begins: at the start, and behind a full stop.
_START = re.compile(r"(?:^|(?<=[.!?] ))(\w)")


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
    kinds = set(wanted)
    try:
        given = names(pattern)
    except ValueError:
        return "braces without a partner, or with more than a name between them"
    unknown = [name for name in given if name not in kinds]
    if unknown:
        return f"nothing is filled in for {{{unknown[0]}}}"
    missing = sorted(kinds - {*given})
    return f"{{{missing[0]}}} is missing" if missing else ""


def measures(words: str) -> list[str]:
    """Return the measures that stand in braces: the name of one that a place has (``cun``), or a number of cun."""
    return _MEASURE.findall(_of_sides(words, one=False))


def is_number(name: str) -> bool:
    """Tell whether what stands in braces is a number of cun, as people write it: 1.5."""
    return bool(_NUMBER.fullmatch(name))


def has_stray_brace(words: str) -> bool:
    """Tell whether a brace would be printed: one without a partner, or with braces inside."""
    return any(brace in filled(words, lambda _: "", one=one) for brace in "{}" for one in (False, True))


def filled(words: str, fill: Callable[[str], str], *, one: bool = False) -> str:
    """Return words with their measures filled in, as they are said of both sides, or of ``one``."""
    return _MEASURE.sub(lambda found: fill(found[1]), _of_sides(words, one=one))


def sentences(words: str, fill: Callable[[str], str], *, one: bool = False) -> str:
    """Return sentences, filled in as ``filled`` does, with a capital letter at the start of each."""
    return _START.sub(lambda found: found[1].upper(), filled(words, fill, one=one)) if "{" in words else words


def _of_sides(words: str, *, one: bool) -> str:
    return _SIDES.sub(lambda found: found[2 if one else 1], words)
