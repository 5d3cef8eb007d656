"""What a run has done so far, in its own folder: numbers of rows, and reasons; so it goes on where it was interrupted.

``.copies.json`` says what the run is, ``.copies.log`` has one line for each batch that is finished. Neither holds a
word of a row. The digest of the list is there so that a run goes on with the same list only; whoever may read it may
read the copies beside it.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from handout_builder import source_files
from handout_builder.atomic_files import lock, unlock
from handout_builder.copies import private_files
from handout_builder.copies.outcome import Outcome, Result
from handout_builder.copies.rows import RowProblem
from handout_builder.copies.store import INDEX, STORE, TAILS
from handout_builder.copies.worker import REFERENCE
from handout_builder.errors import HandoutError, Problem, cannot_write

STATE, LOG = ".copies.json", ".copies.log"
_FORMAT = 2
_END = b"%%EOF\n"
# Folders that copies are spread over, and archives of batches.
_SPREAD, _ARCHIVE = re.compile("[0-9a-f]{1,4}"), re.compile(r"\d+-\d+\.(tar|zip)")


class Journal:
    """The record of a run, which one process at a time goes on with, until it closes it."""

    def __init__(self, folder: Path, state: Mapping[str, object]) -> None:
        """Begin a run in a folder that is new, empty, or of the same run; raises HandoutError for another folder.

        ``state`` says what run it is, and has values of JSON. Raises HandoutError, too, where another process is at it.
        """
        self._folder = folder
        self.done: list[tuple[int, int]] = []
        """Rows that are finished, from and to."""
        self.told: dict[int, Outcome] = {}
        """The outcomes of those that are more than just made."""
        try:
            folder.mkdir(mode=private_files.FOLDER_MODE, parents=True, exist_ok=True)
            names = {path.name for path in folder.iterdir() if not private_files.is_part(path.name)}
        except OSError as error:
            raise _cannot(folder, error) from error
        state = {"format": _FORMAT, **state}
        if STATE in names:
            if _read(folder / STATE) != state:
                message = "the folder holds another run: other rows, another handout or other options"
                hint = f"choose another folder, or remove that run: copies --forget {folder}"
                raise HandoutError([Problem("other-run", message, folder, hint=hint)])
        elif names:
            hint = "copies have a folder of their own, so that they can be removed together"
            raise HandoutError([Problem("exists", "the folder is not empty", folder, hint=hint)])
        else:
            write(folder / STATE, json.dumps(state).encode() + b"\n")
        self._claim = _claimed(folder)
        self._read_log()
        sweep(folder)

    def close(self) -> None:
        """Leave the folder to others; what is half written in it holds words, and goes."""
        with contextlib.suppress(OSError):
            sweep(self._folder)
        _leave(self._claim)

    def _read_log(self) -> None:
        try:
            lines = source_files.read(self._folder / LOG, source_files.MOST_OUTPUT).split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise _cannot(self._folder / LOG, error) from error
        for line in lines[:-1]:  # behind the last line end stands nothing, or half a line
            with contextlib.suppress(ValueError, LookupError, TypeError):
                batch = source_files.json_in(line)
                told = {row: _outcome(row, *rest) for row, *rest in batch["told"]}
                self.done.append((int(batch["from"]), int(batch["to"])))
                self.told |= told

    def finished(self, first: int, last: int, outcomes: Iterable[Outcome]) -> None:
        """Note a batch; raises HandoutError where that cannot be written."""
        outcomes = list(outcomes)
        told = [outcome for outcome in outcomes if outcome.result != "made" or outcome.row in self.told]
        self.done.append((first, last))
        self.told |= {outcome.row: outcome for outcome in told}
        rows = [
            (
                one.row,
                one.line,
                one.result,
                [(problem.code, problem.message, problem.field) for problem in one.problems],
            )
            for one in told
        ]
        made = {outcome.row: outcome.digest for outcome in outcomes if outcome.digest}
        line = json.dumps({"from": first, "to": last, "told": rows, "made": made}).encode() + b"\n"
        try:
            descriptor = os.open(self._folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, private_files.MODE)
            with os.fdopen(descriptor, "ab") as file:
                file.write(line)
        except OSError as error:
            raise _cannot(self._folder / LOG, error) from error


def _outcome(row: object, line: object, result: object, problems: Iterable[Iterable[str]]) -> Outcome:
    """Return an outcome as it was noted; raises TypeError or LookupError for what nobody has noted."""
    if type(row) is not int or type(line) is not int:
        raise TypeError(row)
    known: Result = {name: name for name in get_args(Result)}[result]
    return Outcome(row, known, tuple(RowProblem(*one) for one in problems), line)


def is_whole(path: Path) -> bool:
    """Tell whether a copy is there to its end."""
    try:
        with path.open("rb") as file:
            file.seek(-len(_END), os.SEEK_END)
            return file.read() == _END
    except OSError:
        return False


def sweep(folder: Path) -> None:
    """Remove what a killed run has left half written."""
    for path in folder.iterdir():
        if private_files.is_part(path.name):
            with contextlib.suppress(OSError):
                path.unlink()


def forget(folder: Path) -> tuple[int, list[str]]:
    """Remove all files of a run, and its folder if nothing else is there.

    Returns how many copies there were, and the names of what is left as it is none of theirs. Raises HandoutError for a
    folder that holds no run.
    """
    if not source_files.is_file(folder / STATE):
        hint = "a folder of copies has a file .copies.json"
        raise HandoutError([Problem("no-run", "the folder holds no copies", folder, hint=hint)])
    copies, left = 0, []
    claim = _claimed(folder)
    try:
        spread = [path for path in folder.iterdir() if _SPREAD.fullmatch(path.name) and _is_folder(path)]
        for path in sorted(path for one in [folder, *spread] for path in one.iterdir()):
            if path in spread:
                continue
            if path.is_file() and not path.is_symlink() and _is_ours(path.name):
                path.unlink()
                copies += path.suffix == ".pdf"
            elif path.name not in (STATE, LOG):
                left.append(path.relative_to(folder).as_posix())
        for path in spread:
            with contextlib.suppress(OSError):  # what is left in it is told
                path.rmdir()
        for name in (LOG, STATE):  # last, so that an interrupted call can be made again
            (folder / name).unlink(missing_ok=True)
        if not left:
            folder.rmdir()
    except OSError as error:
        raise _cannot(folder, error) from error
    finally:
        _leave(claim)
    return copies, left


def _claimed(folder: Path) -> int | None:
    """Return the open record of a run, which is locked; None where there are no locks.

    Raises HandoutError where another process has locked it.
    """
    try:
        with source_files.opened(folder / STATE, source_files.MOST_BYTES) as file:
            descriptor = os.dup(file.fileno())
    except OSError as error:
        raise _cannot(folder / STATE, error) from error
    locked = lock(descriptor)
    if not locked:
        os.close(descriptor)
    if locked is False:
        message, hint = "another process is making copies in this folder", "wait until it has ended, or end it"
        raise HandoutError([Problem("other-run", message, folder, hint=hint)])
    return descriptor if locked else None


def _leave(claim: int | None) -> None:
    if claim is not None:
        unlock(claim)  # an executor's processes, which stay, may have it, too
        os.close(claim)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_ours(name: str) -> bool:
    return (
        bool(_ARCHIVE.fullmatch(name))
        or name.endswith((".pdf", REFERENCE))
        or private_files.is_part(name)
        or name in (STORE, INDEX, TAILS)
    )


def _read(path: Path) -> object:
    try:
        return source_files.read_json(path)
    except (OSError, ValueError):
        return None


def write(path: Path, data: bytes) -> None:
    """Write a new file of a record; raises HandoutError where that cannot be."""
    try:
        private_files.write_new(path, data)
    except OSError as error:
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> HandoutError:
    return cannot_write(path, error, "choose another folder with --out")


def ranges(done: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows in their order, those that touch as one."""
    start = end = 0
    for first, last in sorted(done):
        if end and first <= end + 1:
            end = max(end, last)
            continue
        if end:
            yield start, end
        start, end = first, last
    if end:
        yield start, end
