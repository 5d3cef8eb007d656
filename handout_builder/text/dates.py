"""Days as people write them."""

import re
from collections.abc import Iterator
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Files' dates have four digits for the year, and years outside these are typing errors."""
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[t ].*)?")
_EAST_ASIAN = re.compile(r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日일]")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?(?:\s+of)?[\s-]+([a-z]{3,9})\.?,?[\s-]+([0-9]{4})")
# Spreadsheets count days, and hours as parts of a day: 45992.5 is a noon of 2025, 0.4375 half past ten. Days of our
# time have five digits; 12.12 and 10.30 are what people write, and a year is no such number.
_SERIAL = re.compile(
    r"\d{5,}(?:[.,]\d+)?|\d{2,3}[.,]\d{3}[.,]\d+|0?[.,]\d+|\d+[.,]\d{3,}|\d+(?:[.,]\d+)?e\+?\d+", re.IGNORECASE
)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})")


def meant(text: str) -> list[date]:
    """Return the days of our time that a text may mean, in English or in figures: two for 4/5/2026, or none."""
    days = _days(" ".join(text.split()).lower())
    return list(dict.fromkeys(day for day in days if FIRST_YEAR <= day.year <= LAST_YEAR))


def is_serial(text: str) -> bool:
    """Tell whether a text is a number as spreadsheets keep days and times, by itself: 45992.5 or 0.4375.

    Which day it is cannot be told: some count from 1900, some from 1904.
    """
    return bool(_SERIAL.fullmatch(text.strip()))


def _days(text: str) -> Iterator[date]:
    if found := _YEAR_FIRST.fullmatch(text) or _EAST_ASIAN.fullmatch(text):
        yield from _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        yield from _day(year, second, first)
        if found[2] != ".":  # with points the day stands first everywhere
            yield from _day(year, first, second)
    elif found := _DAY_FIRST.fullmatch(text):
        yield from _day(int(found[3]), _month(found[2]), int(found[1]))
    elif found := _MONTH_FIRST.fullmatch(text):
        yield from _day(int(found[3]), _month(found[1]), int(found[2]))


def _month(word: str) -> int:
    """Return the number of a month by its name or the beginning of it; 0 for no month."""
    fits = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)]
    return fits[0] if len(fits) == 1 else 0


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:  # no calendar has it
        return
