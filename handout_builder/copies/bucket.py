"""Copies in places that are no folder of this machine: whatever fsspec opens, such as s3://, gs://, abfs:// or sftp://.

Each file appears whole: stores of objects have it so, and elsewhere a file is written under another name first.
"""

import contextlib
import errno
import posixpath
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handout_builder.errors import HandoutError, Problem

PART = ".part"
# Where a file that is being written has its name already.
_SLOW = {"file", "local", "sftp", "ssh", "ftp", "smb"}


class Bucket:
    """A place, opened with what the surroundings know of it: fsspec takes passwords from there."""

    def __init__(self, url: str) -> None:
        """Open it; raises HandoutError where fsspec is not there, or knows no such place."""
        try:
            import fsspec  # noqa: PLC0415  # an extra
        except ImportError:
            hint = 'pip install "handout-builder[scale]"'
            raise HandoutError(
                [Problem("place", "places by address need the package fsspec", _CLI, hint=hint)]
            ) from None
        try:
            found: tuple[Any, str] = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            hint = "install what fsspec needs for it, such as s3fs or gcsfs"
            raise HandoutError(
                [Problem("place", f"this address cannot be opened: {error}", _CLI, hint=hint)]
            ) from error
        self._files, self._root = found
        names = self._files.protocol
        self._slow = bool(_SLOW & ({names} if isinstance(names, str) else {*names}))
        self._folders: set[str] = set()

    def write(self, name: str, data: bytes) -> None:
        """Write a file; raises OSError, whatever the library for the place does."""
        with _telling():
            self._write(name, data)

    def _write(self, name: str, data: bytes) -> None:
        path = posixpath.join(self._root, name)
        folder = posixpath.dirname(path)
        if self._slow and folder not in self._folders:
            self._files.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        if not self._slow:
            self._put(path, data)
            return
        part = f"{path}.{secrets.token_hex(8)}{PART}"
        try:
            self._put(part, data)
            self._files.mv(part, path)
        except BaseException:
            with contextlib.suppress(Exception):  # whatever a place raises; what is left there holds words
                self._files.rm_file(part)
            raise

    def _put(self, path: str, data: bytes) -> None:
        with self._files.open(path, "wb") as file:
            file.write(data)

    def read(self, name: str) -> bytes:
        """Return a file; raises OSError, whatever the library for the place does."""
        with _telling(), self._files.open(posixpath.join(self._root, name), "rb") as file:
            return bytes(file.read())

    def remove(self, name: str) -> None:
        """Remove a file; raises OSError, whatever the library for the place does."""
        with _telling():
            self._files.rm_file(posixpath.join(self._root, name))

    def names(self) -> Iterator[str]:
        """Yield the names of all files; raises OSError, whatever the library for the place does."""
        with _telling():
            found = list(self._files.find(self._root))
        for path in found:
            yield posixpath.relpath(path, self._root)


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Raise OSError for what a library raises: the name of its error, whose words may tell an address and its keys."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EIO, type(error).__name__) from None


_CLI = Path("--to")
