"""Files that change: looked at again and again, by size and time, as no package is needed for that anywhere."""

import os
import stat
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from handout_builder import source_files

Signature = tuple[int, int, int]
"""Of a file: when it was written to (ns), how long it is, and which one it is."""
EVERY = 0.4
"""Seconds between two looks."""
_NONE: Signature = (0, -1, 0)
# Of what was written to since it was read; no file has it.
_OTHER: Signature = (0, -2, 0)
# Deeper folders, and more files, are nobody's handouts.
_DEEPEST, _MOST = 6, 20_000


def signature(path: Path) -> Signature:
    """Return what tells a file from what it was; the same for every file that is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return _NONE
    return found.st_mtime_ns, found.st_size, found.st_ino


def signatures(paths: Iterable[Path]) -> dict[Path, Signature]:
    """Return those of several files."""
    return {path: signature(path) for path in paths}


def signatures_as_read(files: Mapping[Path, str]) -> dict[Path, Signature]:
    """Return those of files that were read, with what was noted of each (source_files.recording).

    Of a file that was written to since, it is one that no file has.
    """
    found = signatures(files)
    # In this order: what changes between the two is another file than the signature tells.
    return {
        path: found[path] if noted.startswith(source_files.ERROR) or source_files.state(path) == noted else _OTHER
        for path, noted in files.items()
    }


def files_in(folders: Iterable[Path]) -> dict[Path, Signature]:
    """Return the files in folders and below, but for hidden ones and what programs write on the side."""
    found: dict[Path, Signature] = {}
    todo = [(folder, 0) for folder in folders]
    while todo and len(found) < _MOST:
        folder, depth = todo.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith((".", "~", "#")) or entry.name.endswith(("~", ".swp", ".tmp")):
                continue
            path = Path(entry.path)
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < _DEEPEST:
                        todo.append((path, depth + 1))
                elif stat.S_ISREG(entry.stat().st_mode):
                    found[path] = signature(path)
            except OSError:
                continue
    return found


def changed(before: dict[Path, Signature], now: dict[Path, Signature]) -> list[Path]:
    """Return the files that are new, other, or gone, sorted."""
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def next_change(folders: Iterable[Path], before: dict[Path, Signature]) -> tuple[dict[Path, Signature], list[Path]]:
    """Wait until files in folders are other than before and nobody is writing them; return them, and what changed."""
    folders = list(folders)
    while not (found := changed(before, files_in(folders))):
        time.sleep(EVERY)
    while True:
        now = files_in(folders)
        time.sleep(EVERY / 4)
        if files_in(folders) == now:
            return now, changed(before, now) or found
