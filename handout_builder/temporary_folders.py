"""Temporary folders, removed whatever way the process ends that made them.

Python removes one when it takes things apart, which a process that ends at once never does. One that is killed cannot:
it tells of a folder before there is one, so that the process that started it can tidy up.
"""

import atexit
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_made: dict[Path, int] = {}
"""Those that were not removed, with the process that made each: a copy of this one has the list, not the folders."""
_watcher: ContextVar[Callable[[Path], object] | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(tell: Callable[[Path], object]) -> Iterator[None]:
    """Tell of each folder that this thread makes inside, before it does."""
    token = _watcher.set(tell)
    try:
        yield
    finally:
        _watcher.reset(token)


def make() -> Path:
    """Return a new folder, which its owner alone may read; raises OSError."""
    import tempfile  # noqa: PLC0415  # most builds need no folder, and look for no place for one

    if os.getpid() not in _made.values():
        atexit.register(remove_all)  # in each process that makes any
    folder = Path(tempfile.gettempdir(), f"handouts-{secrets.token_hex(8)}")
    _made[folder] = os.getpid()
    if tell := _watcher.get():
        tell(folder)
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def made() -> Iterator[Path]:
    """Give a new folder, as ``make`` does, and remove it afterwards."""
    folder = make()
    try:
        yield folder
    finally:
        give_back(folder)


def give_back(folder: Path) -> None:
    """Remove a folder if this process has made it, and has not removed it."""
    if _made.get(folder) == os.getpid():
        remove(folder)
        del _made[folder]


def remove_all() -> None:
    """Remove what this process has made, and has not removed: it ends."""
    for folder in list(_made):
        give_back(folder)


def remove(folder: Path) -> None:
    """Remove a folder that a process had made which has ended, as far as the system lets it; it may be gone."""
    import shutil  # noqa: PLC0415  # most builds need no folder

    shutil.rmtree(folder, ignore_errors=True)
