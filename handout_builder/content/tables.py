"""Tables as authors save them: CSV with a head, each cell with its line; every mistake told at once."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ValidationError

from handout_builder.content.schema.values import number_meant
from handout_builder.content.yaml_reader import read_text
from handout_builder.errors import HandoutError, Problem, suggestion
from handout_builder.text import characters

AS_CSV = "save it as CSV, comma-separated, UTF-8"
"""What helps against most mistakes of spreadsheets."""

M = TypeVar("M", bound=BaseModel)
WrongKey = Callable[[str], tuple[str, str] | None]
"""What is wrong with the key of a row, and a hint; None for a right one."""


class Row(NamedTuple):
    """The cells of one line that are not empty, by column."""

    path: Path
    line: int
    cells: Mapping[str, str]
    odd: frozenset[str]
    """Characters of the table that no text may hold."""

    def wrong(self, column: str, reason: str, hint: str = "") -> Problem:
        """Return a problem with one cell."""
        return Problem("value", f"'{column}': {reason}", self.path, self.line, hint)


class Table(NamedTuple):
    """A file of rows: CSV (RFC 4180: commas, quotes where a cell holds one) in UTF-8."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path, problems: list[Problem]) -> Self | None:
        """Return a file, with or without a byte order mark; None where it cannot be read, which is a problem."""
        try:
            return cls(path, read_text(path))
        except HandoutError as error:
            problems += error.problems
            return None


def unchecked(table: Table) -> Mapping[str, Row]:
    """Return the rows of a table that is known to be right by their first column."""
    reader = csv.reader(io.StringIO(table.text, newline=""))
    heads, rows, line = next(reader), {}, reader.line_num + 1
    for cells in reader:
        rows[cells[0]] = Row(table.path, line, dict(filter(itemgetter(1), zip(heads, cells, strict=True))), frozenset())
        line = reader.line_num + 1
    return rows


def csv_with(text: str, cells: Mapping[str, Mapping[str, str]]) -> str:
    """Return the text of a table that is known to be right with other cells, by the first cell of their row.

    Rows that stay are as they were, character by character; rows that are new come last.
    """
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines)
    heads, start = next(reader), reader.line_num
    out = io.StringIO("".join(lines[:start]), newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n")
    lacking = dict(cells)
    for row in reader:
        new = lacking.pop(row[0], {}) if row else {}
        changed = [new.get(head, cell) for head, cell in zip(heads, row, strict=False)]
        if changed == row:
            out.write("".join(lines[start : reader.line_num]))
        else:
            writer.writerow(changed)
        start = reader.line_num
    writer.writerows([key, *(new.get(head, "") for head in heads[1:])] for key, new in lacking.items())
    return out.getvalue()


def rows(
    table: Table | None,
    columns: tuple[str, ...],
    problems: list[Problem],
    wrong_key: WrongKey,
    may_lack: Collection[str] = (),
) -> Mapping[str, Row]:
    """Return the rows of a table by their first column, none of one that could not be read; problems are added.

    ``wrong_key`` returns what is wrong with a key, and a hint; ``may_lack`` are columns that can be left out.
    """
    rows: dict[str, Row] = {}
    try:
        for row in _rows(table, columns, problems, may_lack) if table else ():
            for column, cell in row.cells.items() if row.odd else ():
                for odd in filter(row.odd.__contains__, dict.fromkeys(cell)):
                    reason = f"the character {characters.name(odd)} cannot be printed"
                    problems.append(
                        Problem("control-character", f"'{column}': {reason}", row.path, row.line, "leave it out")
                    )
            key = row.cells.get(columns[0], "")
            if not key:
                problems.append(row.wrong(columns[0], f"the {columns[0]} is missing", (wrong_key("") or ("", ""))[1]))
            elif mistake := wrong_key(key):
                problems.append(row.wrong(columns[0], *mistake))
            elif key in rows:
                message = f"{key} appears twice, first in line {rows[key].line}"
                problems.append(Problem("duplicate-point", message, row.path, row.line, "keep one of them"))
            else:
                rows[key] = row
    except HandoutError as error:
        problems += error.problems
    return rows


def validated(row: Row, kind: type[M], cells: Mapping[str, Any], problems: list[Problem]) -> M | None:
    """Return the cells of a row as a model, or None and what is wrong with them."""
    try:
        return kind.model_validate(cells)
    except ValidationError as error:
        for details in error.errors():
            column = str(details["loc"][0]) if details["loc"] else ""
            given = details["input"]
            about = details.get("ctx", {})
            hint = str(about.get("hint", "")) or (number_meant(given) if details["type"] == "float_parsing" else "")
            if details["type"] == "literal_error":
                reason = f"'{given}' should be {about['expected']}"
                hint = suggestion(given, re.findall("'([^']+)'", about["expected"])) if isinstance(given, str) else ""
            else:
                reason = details["msg"].partition(",")[0].replace("Input", f"'{given}'")
            if column:
                problems.append(row.wrong(column, "it is empty" if details["type"] == "missing" else reason, hint))
            else:
                problems.append(Problem("value", details["msg"], row.path, row.line, hint))
        return None


def _rows(table: Table, columns: tuple[str, ...], problems: list[Problem], may_lack: Collection[str]) -> Iterator[Row]:
    path, text = table.path, table.text
    odd = frozenset(filter(characters.is_odd, {*text} - {"\r"}))  # at once, as most tables have none
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        heads = [cell.strip() for cell in next(reader, [])]
        if not text.strip():
            raise HandoutError([Problem("table", "the table is empty", path, 1, AS_CSV)])
        if wrong := list(_wrong_heads(path, heads, columns, may_lack)):
            raise HandoutError(wrong)
        line = reader.line_num + 1
        for cells in reader:
            filled = {head: kept for head, cell in zip(heads, cells, strict=False) if cell and (kept := cell.strip())}
            row = Row(path, line, filled, odd)
            line = reader.line_num + 1  # a quoted cell may run over several lines
            if row.cells and len(cells) != len(heads):
                message = f"{len(cells)} cells where {len(heads)} are wanted"
                hint = "quote a cell that holds a comma, and write 1.5 with a point"
                problems.append(Problem("table", message, row.path, row.line, hint))
            elif row.cells:
                yield row
    except csv.Error as error:
        raise HandoutError([Problem("table", f"not a CSV table: {error}", path, line, "close every quote")]) from error


def _wrong_heads(
    path: Path, heads: list[str], columns: tuple[str, ...], may_lack: Collection[str]
) -> Iterator[Problem]:
    known = f"columns: {','.join(columns)}"
    if odd := next((one for one in "".join(heads) if characters.is_odd(one)), ""):
        message = f"the character {characters.name(odd)} cannot be printed"
        yield Problem("control-character", message, path, 1, "leave it out")
        return
    if len(heads) == 1 and heads[0]:  # a line without any comma
        yield Problem("table", "the columns are not separated by commas", path, 1, AS_CSV)
        return
    if not {head.lower() for head in heads} & {column.lower() for column in columns}:
        hint = "take the line out" if heads and (not heads[0] or heads[0].startswith("sep=")) else known
        yield Problem("table", "the first line does not name the columns", path, 1, hint)
        return
    if missing := [column for column in columns if column not in {*heads, *may_lack}]:
        yield Problem("table", f"columns are missing: {', '.join(missing)}", path, 1, known)
    for head in dict.fromkeys(heads):
        if not head:
            yield Problem("table", "a column has no name", path, 1, "take out the columns in which nothing stands")
        elif head not in columns:
            hint = next((f"did you mean '{one}'?" for one in columns if one.lower() == head.lower()), "")
            hint = hint or suggestion(head, columns, known)
            yield Problem("table", f"the column '{head}' is not known here", path, 1, hint)
        elif heads.count(head) > 1:
            yield Problem("table", f"the column '{head}' appears twice", path, 1, "keep one of them")
