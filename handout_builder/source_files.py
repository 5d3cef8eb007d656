"""Reads users' files: without blocking, up to a size limit, recording each file's digest.

While a recording is open, each file that is read is noted with the digest of exactly the bytes that were given out,
and each that was looked for in vain. A file read twice with two contents is noted as ``CHANGED``, which no file is.
"""

import errno
import hashlib
import json
import math
import os
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from io import BufferedReader
from pathlib import Path
from typing import Any

NO_FILE = "no file"
"""What is noted of a file that is not there."""
CHANGED = "changed"
"""What is noted of a file that had two contents in one recording: nothing that is read is ever equal to it."""
ERROR = "error"
"""Prefix of the record of an unreadable file."""
MOST_BYTES = 100_000_000
"""The most that any file of a user may have."""
MOST_OUTPUT = 10_000_000_000
"""The most bytes of a file that the program has made, or is made with."""

_CHUNK = 1 << 18
# Nothing waits for the other end of a pipe or a line; no process that is started inherits the file. Windows has other
# names for its own.
_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))

_recording: ContextVar[dict[Path, str] | None] = ContextVar("recording", default=None)
_instead: ContextVar[Mapping[Path, bytes]] = ContextVar("instead", default={})  # noqa: B039  # never changed
_watcher: ContextVar[Callable[[Path], object] | None] = ContextVar("watcher", default=None)


class NoPlainFileError(OSError):
    """There is something, but nothing to read: a pipe, a device, a socket."""


class TooLargeError(OSError):
    """The file has more bytes than may be read."""


@contextmanager
def recording() -> Iterator[dict[Path, str]]:
    """Note what this thread reads inside: the digest of each file, or a word; gives the notes, which fill up.

    A recording inside another one takes its place: hand its notes on with ``note``, if they belong to both. Where
    something is raised inside, nobody can: they are handed on here, as what is wrong may be in these files.
    """
    notes: dict[Path, str] = {}
    token = _recording.set(notes)
    raised = True
    try:
        yield notes
        raised = False
    finally:
        _recording.reset(token)
        if raised:
            note(notes)


@contextmanager
def watched(tell: Callable[[Path], object]) -> Iterator[None]:
    """Tell of each file that this thread reads inside, before it does."""
    token = _watcher.set(tell)
    try:
        yield
    finally:
        _watcher.reset(token)


@contextmanager
def instead(drafts: Mapping[Path, bytes]) -> Iterator[None]:
    """Let this thread read drafts inside, by their paths, in place of what the files hold."""
    token = _instead.set(drafts)
    try:
        yield
    finally:
        _instead.reset(token)


def is_instead(path: Path) -> bool:
    """Tell whether a draft is read in the place of a file."""
    return path in _instead.get()


def note(files: Mapping[Path, str]) -> None:
    """Note files as they were read earlier, in a recording of its own: by a cache, or by another process."""
    notes = _recording.get()
    if notes is not None:
        for path, content in files.items():
            if notes.setdefault(path, content) != content:
                notes[path] = CHANGED


def changed_since(files: Iterable[Path]) -> list[Path]:
    """Return those files that hold something else now than the recording that is open has noted of them."""
    notes = _recording.get() or {}
    return [path for path in files if path in notes and state(path) != notes[path]]


def read(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """Return a file's bytes.

    Raises OSError: NoPlainFileError for what is no file, TooLargeError for more than ``most_bytes``, and whatever the
    system says, with words in ``strerror``.
    """
    if tell := _watcher.get():
        tell(path)
    if (draft := _instead.get().get(path)) is not None:
        note({path: hashlib.sha256(draft).hexdigest()})
        return draft
    try:
        with opened(path, most_bytes) as file:
            data = bytearray()
            while chunk := file.read(_CHUNK):
                data += chunk
                if len(data) > most_bytes:  # it grew, or is of a kind whose size nobody knows
                    raise _too_large(path, len(data), most_bytes)
    except OSError as error:
        note({path: _word(error)})
        raise
    note({path: hashlib.sha256(data).hexdigest()})
    return bytes(data)


def read_json(path: Path, most_bytes: int = MOST_BYTES) -> Any:
    """Return what a file of JSON holds; raises OSError as ``read`` does, and ValueError as ``json_in``."""
    return json_in(read(path, most_bytes))


def json_in(data: bytes | str) -> Any:
    """Return a value of JSON; raises ValueError for what is none, is nested too deeply, or has a number without end."""
    try:
        return json.loads(data, parse_constant=_finite, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):  # Python reads NaN and Infinity, and 1e999 as one; JSON has none
        raise ValueError(number)
    return value


def exists(path: Path) -> bool:
    """Tell whether there is anything of this name, to be read or to be told of; note it where there is nothing."""
    if path in _instead.get():
        return True
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError) as error:
        note({path: _word(error)})
        return False
    except ValueError:  # no name that a file can have
        return False
    except OSError as error:
        return error.errno not in (errno.ENAMETOOLONG, errno.EINVAL)  # reading it tells why it cannot be read
    return True


def is_file(path: Path) -> bool:
    """Tell whether a name that a user gave is a file's; no where the system does not tell, or knows no such names.

    ``Path.is_file`` raises OSError for a name that is too long, and behind a folder that is closed to us.
    """
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Tell whether a name that a user gave is a folder's; no where the system does not tell, or knows no such names."""
    return os.path.isdir(path)  # noqa: PTH112


def found(folder: Path, name: str) -> Path:
    """Return the file of a name in a folder, in whichever of Unicode's forms the system wrote it.

    Macs write "Ü" in two characters, keyboards in one (NFD, NFC); no one can see which.
    """
    path = folder / name
    if exists(path):
        return path
    at = folder
    for part in Path(name).parts:
        here = at / part
        if part not in (os.sep, os.pardir) and not os.path.lexists(here):
            wanted = unicodedata.normalize("NFC", part)
            try:
                names = sorted(e.name for e in at.iterdir() if unicodedata.normalize("NFC", e.name) == wanted)
            except (OSError, ValueError):
                return path
            if not names:
                return path
            here = at / names[0]
        at = here
    return at


def real(path: Path) -> Path:
    """Return where a path leads by its links, whether or not anything is there; raises OSError for a ring of links.

    What ``Path.resolve`` raises for a ring depends on the version of Python; since 3.13 it is nothing.
    """
    try:
        path.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise
    return path.resolve()


def leads_out(path: Path, folder: Path) -> bool:
    """Tell whether a file lies outside a folder, by the links that lead to it; a ring of links does."""
    try:
        return not real(path).is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return True


def state(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """Return what a recording would note of a file now: the digest of its bytes, or a word; nothing is noted."""
    try:
        with opened(path, most_bytes) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return _word(error)


def opened(path: Path, most_bytes: int = MOST_BYTES) -> BufferedReader:
    """Return a plain file, open for reading; raises OSError as ``read`` does. Nothing is noted."""
    # Asked before, as opening a device can do something; and after, as it may have become one since.
    _refuse(path, path.stat(), most_bytes)
    descriptor = os.open(path, _FLAGS)
    try:
        _refuse(path, os.fstat(descriptor), most_bytes)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refuse(path: Path, found: os.stat_result, most_bytes: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise NoPlainFileError(errno.EINVAL, "this is no file", str(path))
    if found.st_size > most_bytes:
        raise _too_large(path, found.st_size, most_bytes)


def _too_large(path: Path, size: int, most_bytes: int) -> TooLargeError:
    return TooLargeError(errno.EFBIG, f"{size:,} bytes, more than {most_bytes:,}", str(path))


def _word(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NO_FILE
    return f"{ERROR} {error.errno}"
