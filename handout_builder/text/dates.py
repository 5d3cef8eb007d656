"""Days as people write them."""

import re
from collections.abc import Iterator
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Files' dates have four digits for the year, and years outside these are typing errors."""
# The months that have names in the languages that ship (Unicode CLDR, gregorian, wide); the others count them.
_MONTHS = (
    ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"), ("may", "mayo"),
    ("june", "junio"), ("july", "julio"), ("august", "agosto"), ("september", "septiembre", "setiembre"),
    ("october", "octubre"), ("november", "noviembre"), ("december", "diciembre"),
)  # fmt: skip
# The same in German, French, Italian, Portuguese and Dutch, where they are other words; some are people's names, too.
_ELSEWHERE = (
    ("januar", "janvier", "gennaio", "janeiro"), ("februar", "février", "febbraio", "fevereiro"),
    ("märz", "mars", "março", "maart"), ("avril", "aprile", "abril"), ("mai", "maggio", "maio", "mei"),
    ("juni", "juin", "giugno", "junho"), ("juli", "juillet", "luglio", "julho"), ("août", "augustus"),
    ("settembre", "setembro"), ("oktober", "ottobre", "outubro"), ("novembro",), ("dezember", "décembre", "dicembre"),
)  # fmt: skip
_MONTH = r"([^\W\d_]{3,10})\.?"
_DAY_OF_WEEK = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day|\.)?|lunes|martes|miércoles|jueves|viernes|sábado"
    r"|domingo|thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật"
)
# Patterns for what few days are written like: they are compiled for the first of them.
_WEEKDAY = rf"(?:{_DAY_OF_WEEK}),? "
_NAME = rf"(?i:{_DAY_OF_WEEK}|{'|'.join(name for names in _MONTHS for name in names)})"
_YEAR_FIRST = r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})(?:[t ].*)?"
_EAST_ASIAN = (
    r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日일]"
    r"(?:\s*[(（]?(?:[日月火水木金土](?:曜日?)?|[일월화수목금토](?:요일)?|(?:星期|週|周)[一二三四五六日])[)）]?)?"
)
# The Japanese era that began in 2019.
_REIWA, _BEFORE_REIWA = r"令和\s*([0-9]{1,2}|元)年\s*([0-9]{1,2})月\s*([0-9]{1,2})日", 2018
_YEAR_LAST = r"([0-9]{1,2})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{4})"
_DAY_FIRST = rf"([0-9]{{1,2}})(?:st|nd|rd|th|er|º)?\.?(?: of| de)?[\s-]+{_MONTH},?(?: del?)?[\s-]+([0-9]{{4}})"
_VIETNAMESE = r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}),?(?: năm)? ([0-9]{4})"
# Spreadsheets count days, and hours as parts of a day: 45992.5 is a noon of 2025, 0.4375 half past ten. Days of our
# time have five digits; 12.12 and 10.30 are what people write, and a year is no such number.
_SERIAL = r"(?i:\d{5,}(?:[.,]\d+)?|\d{2,3}[.,]\d{3}[.,]\d+|0?[.,]\d+|\d+[.,]\d{3,}|\d+(?:[.,]\d+)?e\+?\d+)"
_MONTH_FIRST = rf"{_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?,?(?: del?)? ([0-9]{{4}})"


def meant(text: str) -> list[date]:
    """Return the days of our time that a text may mean, in a language that ships, in some others, or in figures.

    They are two for 4/5/2026; none for what is no day.
    """
    days = _days(" ".join(text.split()).lower())
    return list(dict.fromkeys(day for day in days if FIRST_YEAR <= day.year <= LAST_YEAR))


def is_name(word: str) -> bool:
    """Tell whether a word is the name of a day of the week or of a month: Friday, viernes, March."""
    return bool(re.fullmatch(_NAME, word))


def is_serial(text: str) -> bool:
    """Tell whether a text is a number as spreadsheets keep days and times, by itself: 45992.5 or 0.4375.

    Which day it is cannot be told: some count from 1900, some from 1904.
    """
    return bool(re.fullmatch(_SERIAL, text.strip()))


def _days(text: str) -> Iterator[date]:
    text = re.sub(_WEEKDAY, "", text, count=1) if re.match(_WEEKDAY, text) else text
    if found := re.fullmatch(_YEAR_FIRST, text) or re.fullmatch(_EAST_ASIAN, text):
        yield from _day(int(found[1]), int(found[2]), int(found[3]))
    elif found := re.fullmatch(_REIWA, text):
        year = 1 if found[1] == "元" else int(found[1])
        yield from _day(_BEFORE_REIWA + year, int(found[2]), int(found[3]))
    elif found := re.fullmatch(_YEAR_LAST, text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        yield from _day(year, second, first)
        if found[2] != ".":  # with points the day stands first everywhere
            yield from _day(year, first, second)
    elif found := re.fullmatch(_VIETNAMESE, text):
        yield from _day(int(found[3]), int(found[2]), int(found[1]))
    elif found := re.fullmatch(_DAY_FIRST, text):
        yield from _day(int(found[3]), _month(found[2]), int(found[1]))
    elif found := re.fullmatch(_MONTH_FIRST, text):
        yield from _day(int(found[3]), _month(found[1]), int(found[2]))


def _month(word: str) -> int:
    """Return the number of a month by its name or the beginning of it; 0 for no month."""
    months = enumerate(zip(_MONTHS, _ELSEWHERE, strict=True), start=1)
    fits = [number for number, named in months if any(name.startswith(word) for names in named for name in names)]
    return fits[0] if len(fits) == 1 else 0


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:  # no calendar has it
        return
