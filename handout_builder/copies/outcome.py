"""What came of a row, and of all: told by numbers, never by words of a row."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from handout_builder.copies.rows import RowProblem

Result = Literal["made", "made-long", "not-made"]
"""A copy was written; was laid out by the engine, as its words could not be written into the boxes; was not made."""


@dataclass(frozen=True)
class Outcome:
    """What came of one row."""

    row: int
    result: Result
    problems: tuple[RowProblem, ...] = ()
    line: int = 0
    """Where the row begins, in the list."""
    data: bytes = field(default=b"", repr=False)
    """What is to be kept of it, where the one who asked keeps it."""
    digest: str = ""
    """The SHA-256 digest of the copy; "" where there is none."""
    whole: bool = False
    """Whether ``data`` is a whole file, not what is written behind a template."""


def report(total: int, told: Mapping[int, Outcome], kind: str) -> Iterator[bytes]:
    """Yield a report on all rows as JSON or CSV; ``told`` are those that are more than just made."""
    counts = {"made": total - len(told), "made-long": 0, "not-made": 0}
    for outcome in told.values():
        counts[outcome.result] += 1
    if kind == "csv":
        yield b"row,line,result,field,code,message\r\n"
        for row in range(1, total + 1):
            yield from map(str.encode, _csv(row, told.get(row)))
        return
    yield json.dumps({"rows": total, **counts}, indent=2)[:-2].encode() + b',\n  "results": [\n'
    for row in range(1, total + 1):
        end = b"\n" if row == total else b",\n"
        yield b"    " + json.dumps(_json(row, told.get(row)), ensure_ascii=False).encode() + end
    yield b"  ]\n}\n"


def _json(row: int, outcome: Outcome | None) -> dict[str, object]:
    if outcome is None:
        return {"row": row, "result": "made"}
    problems = [{"field": one.field, "code": one.code, "message": one.message} for one in outcome.problems]
    return {"row": row, "line": outcome.line, "result": outcome.result, "problems": problems}


def _csv(row: int, outcome: Outcome | None) -> Iterable[str]:
    out = io.StringIO(newline="")
    rows = [(one.field, one.code, one.message) for one in outcome.problems] if outcome else []
    for rest in rows or [("", "", "")]:
        csv.writer(out).writerow([row, outcome.line if outcome else "", outcome.result if outcome else "made", *rest])
    return [out.getvalue()]


def kind_of(path: Path) -> str:
    """Return how a report is written: by the ending of its file."""
    return "csv" if path.suffix.lower() == ".csv" else "json"
