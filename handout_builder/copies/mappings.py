"""Rows from other programs: mappings, the cursor of a database, and columns in a Parquet file.

They are read twice, first to look at all, then to make the copies; what is not the same the second time is told.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from handout_builder.copies.rows import Columns, Row, RowProblem
from handout_builder.errors import HandoutError, Problem

Fetch = Callable[[], Iterable[Mapping[str, object]]]
"""Gives the rows from the first on, each time it is called, in the same order."""
# Rows of a Parquet file that are in memory at once.
_AT_ONCE = 2_000


class Cursor(Protocol):
    """What DB-API 2.0 (PEP 249) calls so, after its query: the names of columns, and the rows."""

    description: Sequence[Sequence[Any]] | None

    def __iter__(self) -> Iterator[Sequence[object]]:
        """Yield the rows; an extension of DB-API that all known modules have."""


class Mappings:
    """The rows that a function gives."""

    def __init__(self, fetch: Fetch, columns: Columns, path: Path = Path("rows")) -> None:
        """Take the function; ``path`` is where problems are shown."""
        self.path, self.digest = path, ""
        self._fetch, self._columns = fetch, columns

    def rows(self) -> Iterator[Row]:
        """Yield the rows from the first on."""
        digest = hashlib.sha256()
        for number, values in enumerate(self._fetch(), start=1):
            cells, problems = self._columns.cells(values.items())
            digest.update(json.dumps(sorted(cells.items())).encode() + b"\n")
            yield self._columns.row(number, number, cells, problems)
        self.digest = digest.hexdigest()

    def problem(self, wrong: RowProblem, row: Row) -> Problem:
        """Return what is wrong with a row, with its number and column."""
        where = f"row {row.number}, {wrong.field}" if wrong.field else f"row {row.number}"
        return Problem(wrong.code, f"{where}: {wrong.message}", self.path, hint=wrong.hint)


def from_cursor(query: Callable[[], Cursor]) -> Fetch:
    """Return what gives the rows of a query; ``query`` runs it and returns its cursor, with ORDER BY."""

    def fetch() -> Iterator[Mapping[str, object]]:
        cursor = query()
        names = [str(column[0]) for column in cursor.description or ()]
        for values in cursor:
            yield dict(zip(names, values, strict=True))

    return fetch


def from_parquet(path: Path) -> Fetch:
    """Return what gives the rows of a Parquet file, a few at a time; raises HandoutError for a file that is none."""
    try:
        from pyarrow import ArrowException, ArrowInvalid, parquet  # noqa: PLC0415  # an extra
    except ImportError:
        hint = 'pip install "handout-builder[scale]", or save the list as .csv or .jsonl'
        raise HandoutError([Problem("table", "Parquet needs the package pyarrow", path, hint=hint)]) from None
    hint = "save the list anew, or as .csv or .jsonl"
    try:
        parquet.ParquetFile(path).close()
    except (ArrowException, ArrowInvalid, OSError):
        message = "this is no Parquet file, or it is damaged"
        raise HandoutError([Problem("table", message, path, hint=hint)]) from None

    def fetch() -> Iterator[Mapping[str, object]]:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_AT_ONCE):
                yield from batch.to_pylist()

    return fetch
