"""Stage 5, write: every file replaced whole, and only when all of them are ready."""

import contextlib
import errno
import os
import re
from collections.abc import Mapping
from pathlib import Path

from handout_builder.errors import HandoutError, Problem

_SUFFIX = ".part"


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write all files or none of them; a reader sees the old file or the new one, never a piece.

    Raises HandoutError when a folder or file cannot be written.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "a folder has the name of the file", str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            _sweep(path.parent)
            staged[path] = path.with_name(f".{path.name}.{os.getpid()}{_SUFFIX}")
            with staged[path].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path, part in staged.items():
            part.replace(path)
    except OSError as error:
        path = Path(error.filename) if error.filename else next(iter(files))
        problem = Problem("output", f"cannot write: {error.strerror}", path, hint="choose another folder with --out")
        raise HandoutError([problem]) from error
    finally:
        for part in staged.values():
            with contextlib.suppress(OSError):
                part.unlink()


def _sweep(folder: Path) -> None:
    """Remove what a killed build left: parts of files whose process no longer runs."""
    for part in folder.glob(f".*{_SUFFIX}"):
        pid = part.name.removesuffix(_SUFFIX).rpartition(".")[2]
        if re.fullmatch("[0-9]{1,10}", pid) and not _runs(int(pid)):
            with contextlib.suppress(OSError):
                part.unlink()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
