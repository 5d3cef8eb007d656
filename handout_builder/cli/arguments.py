"""What words of several commands stand for."""

import gc
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder.errors import READ_HINT, HandoutError, Problem

if TYPE_CHECKING:
    from handout_builder.builder.executors import MakeExecutor

STANDARD = "-"
"""What stands for standard input and output."""


def executor(name: str | None) -> "MakeExecutor | None":
    """Return what gives the executor that does the work; None for this machine. Raises HandoutError."""
    if not name:
        return None
    from handout_builder.builder.executors import load_factory  # noqa: PLC0415  # few have one

    gc.enable()  # the clients of clusters live for hours, and make cycles
    return load_factory(name)


def day_of(given: object) -> date | None:
    """Return a day as it is written, YYYY-MM-DD; None for what is none."""
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return None


def contents(name: str) -> tuple[bytes, Path]:
    """Return the bytes of a file about people, or of standard input, and what it is called; raises HandoutError.

    Of standard input comes one byte more than may be, at most: who reads it tells that it is too large.
    """
    from handout_builder import source_files  # noqa: PLC0415  # --help does not need it

    if name == STANDARD:
        return sys.stdin.buffer.read(source_files.MOST_BYTES + 1), Path("standard input")
    path = Path(name)
    try:
        return source_files.read(path), path
    except OSError as error:
        problem = Problem("unreadable", error.strerror or "it cannot be read", path, hint=READ_HINT)
    raise HandoutError([problem])  # outside of the handler, so that no trace leads to what was raised first
