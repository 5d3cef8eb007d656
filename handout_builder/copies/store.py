"""Copies for an archive: each template once, and of each copy only what is its own, in a twentieth of the room.

A store is a folder:

``template-0.pdf``, ``template-1.pdf`` …
    The templates: whole PDFs with empty boxes.
``tails.bin``
    What is written behind a template so that it is a copy, one after another; or whole files.
``index.bin``
    For each row, from 1 on, 16 bytes, big-endian: where its part of ``tails.bin`` begins (8 bytes), its length (4; 0
    for a row without a copy), the number of its template (2), and 1 where it is a whole file by itself (2).
``store.json``
    ``{"format": 1, "templates": N, "rows": N}``

A copy is its template and its tail, one behind the other: ``cat template-0.pdf tail > copy.pdf``.
"""

import contextlib
import json
import os
import struct
from collections.abc import Iterable, Sequence
from io import BufferedRandom
from pathlib import Path

from handout_builder import source_files
from handout_builder.copies import private_files
from handout_builder.copies.outcome import Outcome
from handout_builder.errors import HandoutError, Problem, cannot_write
from handout_builder.source_files import MOST_OUTPUT

STORE, INDEX, TAILS = "store.json", "index.bin", "tails.bin"
_FORMAT = 1
_ENTRY = struct.Struct(">QIHH")
_MOST_ROWS_ASKED = 100_000
_MOST_TAILS = 1 << 60
# Of two numbers of rows.
_LONGEST = 40
_ROWS = "rows are written as 12,40-60"


class Store:
    """A store that copies are added to."""

    def __init__(self, folder: Path, templates: Sequence[bytes]) -> None:
        """Write the templates into a folder that is there; raises HandoutError."""
        self._folder, self._templates = folder, len(templates)
        try:
            for number, data in enumerate(templates):
                _replace(folder / f"template-{number}.pdf", data)
            self._tails, self._index = (_appended(folder / name) for name in (TAILS, INDEX))
        except OSError as error:
            raise cannot_write(folder, error) from error

    def add(self, outcomes: Iterable[Outcome], kinds: dict[int, int]) -> None:
        """Add copies; ``kinds`` has the numbers of their templates by row. What was half written before is not read.

        Raises HandoutError where they cannot be written.
        """
        try:
            at = self._tails.seek(0, os.SEEK_END)
            for outcome in outcomes:
                entry = _ENTRY.pack(at, len(outcome.data), kinds.get(outcome.row, 0), outcome.whole)
                self._tails.write(outcome.data)
                at += len(outcome.data)
                self._index.seek((outcome.row - 1) * _ENTRY.size)
                self._index.write(entry)
            self._tails.flush()
            self._index.flush()
        except OSError as error:
            raise cannot_write(self._folder, error) from error

    def close(self) -> None:
        """Close the files of a store that may not be finished: the same run goes on with it."""
        for file in (self._tails, self._index):
            with contextlib.suppress(OSError):  # a disk that is full was told
                file.close()

    def finish(self, rows: int) -> None:
        """Say how many rows there are; raises HandoutError."""
        try:
            self._index.truncate(rows * _ENTRY.size)
            self._tails.close()
            self._index.close()
            state = {"format": _FORMAT, "templates": self._templates, "rows": rows}
            _replace(self._folder / STORE, json.dumps(state).encode() + b"\n")
        except OSError as error:
            raise cannot_write(self._folder, error) from error


def rows(folder: Path) -> int:
    """Return how many rows a store has; raises HandoutError for a folder that is none, or not finished."""
    try:
        state = source_files.read_json(folder / STORE)
        if state["format"] == _FORMAT and type(state["rows"]) is int:
            return state["rows"]
    except (OSError, ValueError, LookupError, TypeError):
        pass
    hint = "a store is made with: copies HANDOUT --list FILE --store DIR"
    raise HandoutError([Problem("no-store", "the folder is no finished store of copies", folder, hint=hint)])


def copy(folder: Path, row: int) -> bytes:
    """Return the copy of a row; raises HandoutError where there is none."""
    try:
        with source_files.opened(folder / INDEX, MOST_OUTPUT) as index:
            index.seek((row - 1) * _ENTRY.size)
            at, length, kind, whole = _ENTRY.unpack(index.read(_ENTRY.size))
        if length:
            with source_files.opened(folder / TAILS, _MOST_TAILS) as tails:
                tails.seek(at)
                tail = tails.read(length)
            return tail if whole else source_files.read(folder / f"template-{kind}.pdf") + tail
    except (OSError, OverflowError, ValueError, struct.error) as error:
        hint = "the store is damaged or not whole: make it again, or take another copy of it"
        raise HandoutError([Problem("no-copy", f"row {row} cannot be read", folder, hint=hint)]) from error
    hint = "look it up in the report of the run"
    raise HandoutError([Problem("no-copy", f"row {row} has no copy", folder, hint=hint)])


def chosen(text: str, count: int, folder: Path) -> list[int]:
    """Return rows named as ``12,40-60``; raises HandoutError for what is none of a store's."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise HandoutError([Problem("rows", "this names no rows", folder, hint=_ROWS)])
        if len(part) > _LONGEST:
            raise HandoutError([Problem("rows", f"the store has the rows 1 to {count:,}", folder, hint=_ROWS)])
        start, end = int(first), int(last or first)
        if not 0 < start <= end <= count:
            raise HandoutError([Problem("rows", f"the store has the rows 1 to {count:,}", folder, hint=_ROWS)])
        if len(found) + end - start >= _MOST_ROWS_ASKED:
            message, hint = f"more than {_MOST_ROWS_ASKED:,} rows at once", "take them out in several calls"
            raise HandoutError([Problem("rows", message, folder, hint=hint)])
        found += range(start, end + 1)
    return found


def _appended(path: Path) -> BufferedRandom:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, private_files.MODE)
    return os.fdopen(descriptor, "r+b")


def _replace(path: Path, data: bytes) -> None:
    private_files.replace(path.with_name(private_files.part_name()), path, data)
