"""Files of copies: whoever may not read the list may not read them, from the first byte on.

They are written under another name, a part, and get their own when they are whole: nobody meets half of one, and what a
killed run has left is known by its name.
"""

import contextlib
import errno
import os
import secrets
from io import FileIO
from pathlib import Path

from handout_builder.atomic_files import NEW_FILE

MODE, FOLDER_MODE = 0o600, 0o700
_BEFORE, _AFTER = ".copy-", ".part"


def part_name() -> str:
    """Return a name for a part that nobody else has."""
    return f"{_BEFORE}{secrets.token_hex(8)}{_AFTER}"


def is_part(name: str) -> bool:
    """Tell whether a name is that of a part."""
    return name.startswith(_BEFORE) and name.endswith(_AFTER)


def new(path: Path) -> FileIO:
    """Return a new file, open for writing; raises OSError where there is anything of its name."""
    return os.fdopen(os.open(path, NEW_FILE, MODE), "wb", buffering=0)


def write_new(path: Path, data: bytes) -> None:
    """Write a new file by way of a part; raises OSError where there is anything of its name, and leaves no part."""
    part = path.with_name(part_name())
    try:
        with new(part) as file:
            _write(file, data)
        if os.path.lexists(path):  # which a second name tells, but not everywhere
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):  # some file systems have no second names
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def replace(part: Path, path: Path, *data: bytes) -> None:
    """Write a file by way of a part, over what has its name; raises OSError, and leaves no part then."""
    try:
        with new(part) as file:
            for piece in data:
                _write(file, piece)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def _write(file: FileIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
