"""The catalogue of points: two tables, names and places, joined by the WHO's code."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError

from handout_builder.content.schema import Model, Place, Point, StandardNames
from handout_builder.content.yaml_reader import read_text
from handout_builder.errors import HandoutError, Problem, nearest
from handout_builder.text import characters, language

NAMES = ("code", "pinyin", "zh-Hans", "zh-Hant", "ja", "kana", "romaji", "ko", "ko-Latn", "en", "verified")
"""The columns of the table of names."""
PLACES = ("code", "landmark", "to", "share", "down", "lateral", "sides", "cautions", "sources")
"""The columns of the table of places."""
VERTEBRAE = [f"{part}{n + 1}" for part, count in (("C", 7), ("T", 12), ("L", 5)) for n in range(count)]
"""The vertebrae that a place may name, from above to below."""

_AS_CSV = "save it as CSV, comma-separated, UTF-8"
_CODE = re.compile(r"[A-Z]+(-[A-Z]+)?[0-9]+")
_SLUG = re.compile(r"[a-z][a-z0-9-]*")
_IN_HAN = ("zh-Hans", "zh-Hant", "ja", "kana", "ko")

M = TypeVar("M", bound=Model)


def catalogue(names: Path, places: Path) -> Mapping[str, Point]:
    """Return all points by code, in the order of the table of names.

    Both files are CSV (RFC 4180: commas, quotes where a cell holds one) in UTF-8, with or without a byte
    order mark. A point that has no row in ``places`` has no place. Raises HandoutError with every mistake
    of both files.
    """
    problems: list[Problem] = []
    named = _read(names, NAMES, problems)
    whole = not problems
    placed = _read(places, PLACES, problems)
    for code, row in placed.items():
        if whole and code not in named:
            hint = f"add it to {names.name}, or take the row out; the two tables belong together"
            problems.append(Problem("unknown-point", f"{code} has a place but no names", row.path, row.line, hint))
    points = {}
    for code, row in named.items():
        standard = _names(row, problems)
        place, cautions, sources = _place(placed[code], problems) if code in placed else (None, (), ())
        if standard is not None:
            points[code] = Point(code=code, names=standard, place=place, cautions=cautions, sources=sources)
    if problems:
        raise HandoutError(problems)
    return MappingProxyType(points)


@dataclass(frozen=True)
class _Row:
    """The cells of one line that are not empty, by column."""

    path: Path
    line: int
    cells: Mapping[str, str]
    odd: frozenset[str]
    """Characters of the table that no text may hold."""

    def wrong(self, column: str, reason: str, hint: str = "") -> Problem:
        return Problem("value", f"'{column}': {reason}", self.path, self.line, hint)


def _read(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> Mapping[str, _Row]:
    """Return the rows of a table by code; what cannot be read is added to the problems."""
    rows: dict[str, _Row] = {}
    try:
        for row in _rows(path, columns, problems):
            for column, cell in row.cells.items() if row.odd else ():
                for odd in filter(row.odd.__contains__, dict.fromkeys(cell)):
                    reason = f"the character {characters.name(odd)} cannot be printed"
                    problems.append(
                        Problem("control-character", f"'{column}': {reason}", path, row.line, "leave it out")
                    )
            code = row.cells.get("code", "")
            if not _CODE.fullmatch(code):
                reason = f"'{code}' is no code" if code else "the code is missing"
                problems.append(row.wrong("code", reason, "the WHO's form, for example BL23 or EX-B2"))
            elif code in rows:
                message = f"{code} stands twice, first in line {rows[code].line}"
                problems.append(Problem("duplicate-point", message, row.path, row.line, "keep one of them"))
            else:
                rows[code] = row
    except HandoutError as error:
        problems += error.problems
    return rows


def _rows(path: Path, columns: tuple[str, ...], problems: list[Problem]) -> Iterator[_Row]:
    text = read_text(path)
    odd = frozenset(filter(characters.is_odd, {*text} - {"\r"}))  # at once, as most tables have none
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        heads = [cell.strip() for cell in next(reader, [])]
        if wrong := list(_wrong_heads(path, heads, columns)):
            raise HandoutError(wrong)
        line = reader.line_num + 1
        for cells in reader:
            filled = {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if cell.strip()}
            row = _Row(path, line, filled, odd)
            line = reader.line_num + 1  # a quoted cell may run over several lines
            if row.cells and len(cells) != len(heads):
                message = f"{len(cells)} cells where {len(heads)} are wanted"
                hint = "quote a cell that holds a comma, and write 1.5 with a point"
                problems.append(Problem("table", message, row.path, row.line, hint))
            elif row.cells:
                yield row
    except csv.Error as error:
        raise HandoutError([Problem("table", f"not a CSV table: {error}", path, line, "close every quote")]) from error


def _wrong_heads(path: Path, heads: list[str], columns: tuple[str, ...]) -> Iterator[Problem]:
    known = f"columns: {','.join(columns)}"
    if len(heads) < 2:  # noqa: PLR2004  # a line without any comma
        message = "the columns are not separated by commas" if heads else "the table is empty"
        yield Problem("table", message, path, 1, _AS_CSV)
        return
    if missing := [column for column in columns if column not in heads]:
        yield Problem("table", f"columns are missing: {', '.join(missing)}", path, 1, known)
    for head in dict.fromkeys(heads):
        if head not in columns:
            near = nearest(head, columns)
            hint = f"did you mean '{near[0]}'?" if near else known
            yield Problem("table", f"the column '{head}' is not known here", path, 1, hint)
        elif heads.count(head) > 1:
            yield Problem("table", f"the column '{head}' stands twice", path, 1, "keep one of them")


def _names(row: _Row, problems: list[Problem]) -> StandardNames | None:
    found = len(problems)
    for column, name in row.cells.items():
        # What a spreadsheet writes for characters that its encoding lacks, or reads from another one.
        if "?" in name or "\ufffd" in name or (column in _IN_HAN) != bool(language.cjk_runs(name)):
            problems.append(row.wrong(column, f"'{name}' cannot be such a name", _AS_CSV))
    names = _validate(row, StandardNames, {key: cell for key, cell in row.cells.items() if key != "code"}, problems)
    return names if len(problems) == found else None


def _place(row: _Row, problems: list[Problem]) -> tuple[Place | None, tuple[str, ...], tuple[str, ...]]:
    cells = {key: cell for key, cell in row.cells.items() if key in Place.model_fields}
    cautions, sources = (tuple(row.cells.get(key, "").split()) for key in ("cautions", "sources"))
    for column, words in (("cautions", cautions), ("sources", sources)):
        problems += [
            row.wrong(column, f"'{word}' will not do", "words with blanks between them: ribs spine")
            for word in words
            if not _SLUG.fullmatch(word)
        ]
    place = _validate(row, Place, cells, problems)
    problems += [Problem("value", message, row.path, row.line) for message in (_contradictions(place) if place else ())]
    return place, cautions, sources


def _contradictions(place: Place) -> Iterator[str]:
    """Yield what cannot be true of one place at once."""
    if place.sides == "midline" and place.lateral is not None:
        yield "a point in the midline has no distance from it: 'lateral' stays empty"
    if place.to is None and place.share is not None:
        yield "'share' is a part of the way to a second landmark: give it as 'to'"
    if place.to is not None and place.share is None:
        levels = [VERTEBRAE.index(level) if level in VERTEBRAE else -1 for level in (place.landmark, place.to)]
        if not 0 <= levels[0] < levels[1]:
            yield "'to' without 'share' is a row of vertebrae from above to below, for example T1 to L5"
    if place.to == place.landmark:
        yield f"the way from '{place.to}' to itself is no way"


def _validate(row: _Row, kind: type[M], cells: Mapping[str, Any], problems: list[Problem]) -> M | None:
    try:
        return kind.model_validate(cells)
    except ValidationError as error:
        for details in error.errors():
            column, given = str(details["loc"][0]), details["input"]
            reason = details["msg"].partition(",")[0].replace("Input", f"'{given}'")
            hint = "write 1.5 with a point" if "number" in reason and "," in str(given) else ""
            problems.append(row.wrong(column, "it is empty" if details["type"] == "missing" else reason, hint))
        return None
