"""What takes long to make and is the same for every test: made once in a test run."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def once(folder: Path, make: Callable[[Path], object]) -> Path:
    """Let `make` fill a folder, unless it is filled; while another process does so, wait. Nobody may change it."""
    done, lock = (folder.with_name(f"{folder.name}.{what}") for what in ("done", "lock"))
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
