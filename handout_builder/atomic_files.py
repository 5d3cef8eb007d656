"""Stage 5, write: replaces files atomically and all together, and creates new ones without overwriting."""

import contextlib
import errno
import itertools
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from handout_builder import signals, source_files
from handout_builder.errors import HandoutError, Problem, cannot_write

_PART = re.compile(r"\.handouts-[0-9a-f]{16}\.part")
# Where no lock tells, what has not been written to for a day is left over.
_DAY = 86_400
_PRIVATE, _PRIVATE_FOLDER = 0o600, 0o700
# So many bytes tell PDF, PNG, SVG and tables from each other and from texts.
_TELLING = 4
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
NEW_FILE |= sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"))
"""How a new file is opened, never through a link; no process that is started inherits it."""
_LOOK = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
_FOLDER = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_DIRECTORY", "O_CLOEXEC"))
# Windows has no handles of folders: paths are used there.
_HANDLES = {os.open, os.stat, os.unlink, os.rename, os.link} <= os.supports_dir_fd


OUT = "choose another folder with --out"
NAMED = "give it another name, or another folder"
IN_PLACE = "make room, and let it be a file that can be written, no link and no folder"
"""What to do where a file cannot be written: one in a folder, one that was named, one of the sources."""


def write_all(files: Mapping[Path, bytes], *, private: bool = False, hint: str = OUT) -> None:
    """Write all files or none of them; a reader sees the old file or the new one, never a piece.

    Those that are ``private`` can be read by their owner alone from the first byte on, and so can folders that are made
    for them. Where nothing is written, no folder is left that was made for it. Raises HandoutError, with the hint, when
    a folder or file cannot be written, or something else than a file has its name.
    """
    signals.raise_again()
    writes: list[_Write] = []
    with contextlib.ExitStack() as folders:
        made = folders.enter_context(_new_folders())
        try:
            for path, data in files.items():
                if not path.name:
                    raise cannot_write(path, "this is no name of a file", "give one, for example dist/LI4.svg")
                refuse_no_folder(path.parent, hint)
                with _telling(path.parent, hint):
                    made += _not_there(path.parent)
                    path.parent.mkdir(_PRIVATE_FOLDER if private else 0o777, parents=True, exist_ok=True)
                with _telling(path, hint):
                    folder = folders.enter_context(_Folder.opened(path.parent, private=private))
                    folder.refuse(path.name)
                    folder.sweep()
                    writes.append(_Write(path, folder))
                    writes[-1].part = folder.new(data)
            _replace_all(writes, hint)
        finally:
            for write in writes:
                write.clean()


def _not_there(folder: Path) -> Iterator[Path]:
    """Yield a folder and those above it that have to be made."""
    return itertools.takewhile(lambda each: not each.exists(), (folder, *folder.parents))


@contextlib.contextmanager
def _new_folders() -> Iterator[list[Path]]:
    """Yield a list for folders that will be made; those in it that are empty go again where what follows fails."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        for folder in sorted(made, reverse=True):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def write_named(files: Mapping[Path, bytes], *, private: bool = False) -> None:
    """Write files that the user has named one by one, as ``write_all`` does.

    Raises HandoutError, too, where a file of another kind has one of the names: no text or list is lost by a slip.
    """
    for path, data in files.items():
        refuse_another_kind(path, data)
    write_all(files, private=private, hint=NAMED)


def refuse_another_kind(path: Path, data: bytes) -> None:
    """Raise HandoutError where a file of this name begins in another way than what is to be written there.

    What is no file, a link among that, is of another kind, too.
    """
    with _telling(path, NAMED), contextlib.suppress(FileNotFoundError, NotADirectoryError):
        _refuse_no_file(path.lstat())
    begins = data[: 1 if data.startswith(b"{") else _TELLING]  # JSON has blanks or none
    try:
        with open(os.open(path, _LOOK), "rb") as file:  # noqa: PTH123  # through no link
            there = file.read(len(begins)) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    except OSError:
        return  # nothing is there, or what is told when it is written
    if there and there != begins:
        raise cannot_write(path, "another kind of file has this name already", NAMED)


def rewrite_all(files: Mapping[Path, bytes]) -> None:
    """Write files as ``write_all`` does that are made of what was read of them inside ``source_files.recording``.

    Raises HandoutError, too, where somebody has saved one of them since: nothing is written then.
    """
    if changed := source_files.changed_since(files):
        reason, hint = "it was saved while this command was at it", "give the command again"
        raise HandoutError([problem for path in changed for problem in cannot_write(path, reason, hint).problems])
    write_all(files, hint=IN_PLACE)


def refuse_no_folder(path: Path, hint: str = OUT) -> None:
    """Raise HandoutError where something else than a folder has the name of one to write into, or of one above it."""
    there = next((folder for folder in (path, *path.parents) if os.path.lexists(folder)), None)
    if there is not None and not there.is_dir():
        raise cannot_write(there, "this is no folder", hint)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, which others may read as the system's mask allows; raises HandoutError."""
    with _telling(folder):
        folder.mkdir(parents=True, exist_ok=True)


_ELSEWHERE = "make room, or give the command in a folder in which files can be made"


def write_new(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder with files in it; raises HandoutError where there is anything of its name, or it cannot be made.

    What a killed command has left there is nothing.
    """
    with _new_folders() as made:
        _write_new(folder, files, made)


def _write_new(folder: Path, files: Mapping[str, bytes], made: list[Path]) -> None:
    parent = folder.parent
    if os.path.lexists(parent) and not parent.is_dir():
        raise cannot_write(parent, "this is no folder", "give it another name, and the command again")
    try:
        made += _not_there(parent)
        parent.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir()  # which follows no link
        except FileExistsError:
            if not _swept_empty(folder):
                problem = Problem("exists", "the folder is there already", folder, hint="choose another name")
                raise HandoutError([problem]) from None
    except OSError as error:
        raise cannot_write(folder, error, _ELSEWHERE) from error
    try:
        write_all({folder / name: data for name, data in files.items()})
    except BaseException as error:  # Ctrl-C, too: an empty folder would be in the way of the next try
        for below in sorted({(folder / name).parent for name in files} | {folder}, reverse=True):
            with contextlib.suppress(OSError):
                below.rmdir()
        if isinstance(error, HandoutError):
            raise HandoutError([replace(problem, hint=_ELSEWHERE) for problem in error.problems]) from error
        raise


def _swept_empty(folder: Path) -> bool:
    """Tell whether a folder had nothing but what a killed command has left in it, which is swept up."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    found = [*folder.rglob("*")]
    folders = [path for path in found if path.is_dir() and not path.is_symlink()]
    if len(found) == len(folders) or not all(_PART.fullmatch(path.name) for path in found if path not in folders):
        return False
    for each in (*reversed(folders), folder):
        with _Folder.opened(each, private=False) as opened:
            opened.sweep()
        if each != folder:
            with contextlib.suppress(OSError):
                each.rmdir()
    return next(folder.iterdir(), None) is None


def write_missing(path: Path, data: bytes) -> bool:
    """Write a file if there is nothing of its name, and tell whether; raises HandoutError when it cannot be written."""
    try:
        descriptor = os.open(path, NEW_FILE, 0o666)
    except FileExistsError:
        return False
    except OSError as error:
        raise cannot_write(path, error, IN_PLACE) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except BaseException as error:  # Ctrl-C, too: half a file would stand there for good
        with contextlib.suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise cannot_write(path, error, IN_PLACE) from error
        raise
    return True


def _refuse_no_file(found: os.stat_result) -> None:
    """Raise OSError for what is no file: a folder, a link, a pipe, a device."""
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "a folder has the name of the file")
    if not stat.S_ISREG(found.st_mode):
        kind = "a link" if stat.S_ISLNK(found.st_mode) else "something that is no file"
        raise OSError(errno.EINVAL, f"{kind} has the name of the file")


@contextlib.contextmanager
def _telling(path: Path, hint: str = OUT) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error, hint) from error


@dataclass
class _Write:
    """A file on its way."""

    path: Path
    folder: "_Folder"
    part: str = ""
    """What is ready under another name."""
    old: str = ""
    """What was there, under another name as well, until all is done."""
    begun: bool = False
    """Whether the new file may be in its place."""

    def keep(self) -> None:
        """Keep what is there, to put it back if need be."""
        self.old = self.folder.kept(self.path.name)

    def replace(self) -> None:
        """Put the new file in its place."""
        self.begun = True
        self.folder.replace(self.part, self.path.name)
        self.part = ""

    def take_back(self) -> None:
        """Put back what was there; its other name, which stays where nothing was replaced yet, is left to ``clean``."""
        with contextlib.suppress(OSError):
            if self.old:
                self.folder.replace(self.old, self.path.name)
            else:
                self.folder.remove(self.path.name)

    def clean(self) -> None:
        """Remove what is left under other names."""
        for name in (self.part, self.old):
            if name:
                with contextlib.suppress(OSError):
                    self.folder.remove(name)


def _replace_all(writes: list[_Write], hint: str) -> None:
    """Put all files in their places; where one cannot be, put back what was in those of the others."""
    try:
        for write in writes[:-1]:  # no other follows the last
            with _telling(write.path, hint):
                write.keep()
        for write in writes:
            with _telling(write.path, hint):
                write.replace()
    except BaseException:  # Ctrl-C, and memory that runs out between two lines, too
        if writes[-1].part:  # else all are in their places
            for write in writes[:-1]:
                if write.begun:
                    write.take_back()
        raise


class _Folder:
    """A folder by its handle, so that it stays the same although something else gets its name."""

    def __init__(self, path: Path, handle: int | None, mode: int) -> None:
        self._path, self._handle, self._mode = path, handle, mode
        self._locks: list[int] = []

    @classmethod
    def opened(cls, path: Path, *, private: bool) -> Self:
        return cls(path, os.open(path, _FOLDER) if _HANDLES else None, _PRIVATE if private else 0o666)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in (*self._locks, self._handle):
            if descriptor is not None:
                os.close(descriptor)

    def refuse(self, name: str) -> None:
        """Raise OSError where what has a name is no file, or may not be replaced."""
        try:
            found = os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)
        except FileNotFoundError:
            return
        _refuse_no_file(found)
        if sys.platform != "win32":
            own = self._handle if self._handle is not None else self._path
            folder = os.stat(own)  # noqa: PTH116  # a handle, most often
            if folder.st_mode & stat.S_ISVTX and os.geteuid() not in (0, found.st_uid, folder.st_uid):
                raise PermissionError(errno.EPERM, "the file is somebody else's")

    def new(self, data: bytes) -> str:
        """Write a file under a name that nobody knows, locked as long as this folder is open; return the name."""
        while True:
            name = f".handouts-{secrets.token_hex(8)}.part"
            descriptor = os.open(self._at(name), NEW_FILE, self._mode, dir_fd=self._handle)
            self._locks.append(descriptor)
            try:
                if lock(descriptor) is False or not os.fstat(descriptor).st_nlink:
                    continue  # another one has swept it, between two lines
                with os.fdopen(os.dup(descriptor), "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            except BaseException:
                with contextlib.suppress(OSError):
                    self.remove(name)
                raise
            return name

    def kept(self, name: str) -> str:
        """Return a second name of a file that is there, or of a copy of it; "" where there is none."""
        other = f".handouts-{secrets.token_hex(8)}.part"
        at = {"src_dir_fd": self._handle, "dst_dir_fd": self._handle}
        try:
            os.link(self._at(name), self._at(other), **at, follow_symlinks=False)
        except FileNotFoundError:
            return ""
        except (OSError, NotImplementedError):  # some file systems have no second names
            try:
                with os.fdopen(os.open(self._at(name), _LOOK, dir_fd=self._handle), "rb") as file:
                    return self.new(file.read())
            except FileNotFoundError:
                return ""
        with contextlib.suppress(OSError):  # one that may not be read, which nobody else may remove either
            self._locks.append(os.open(self._at(other), _LOOK, dir_fd=self._handle))
            lock(self._locks[-1], together=True)
        return other

    def replace(self, old: str, new: str) -> None:
        """Give a file another's name."""
        os.replace(self._at(old), self._at(new), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def remove(self, name: str) -> None:
        """Remove a file."""
        os.unlink(self._at(name), dir_fd=self._handle)

    def sweep(self) -> None:
        """Remove what a killed build left: parts that nobody holds a lock on.

        A process's number would not tell: in another container, on the same folder, it means another process.
        """
        for name in os.listdir(self._path if self._handle is None else self._handle):  # noqa: PTH208  # a handle
            if _PART.fullmatch(name):
                with contextlib.suppress(OSError):
                    self._sweep(name)

    def _sweep(self, name: str) -> None:
        descriptor = os.open(self._at(name), _LOOK, dir_fd=self._handle)
        try:
            found = os.fstat(descriptor)
            free = lock(descriptor)
            if free is None:
                free = time.time() - found.st_mtime > _DAY
            if free and stat.S_ISREG(found.st_mode):
                self.remove(name)  # while it is locked, so that who has just made it sees that it is gone
        finally:
            os.close(descriptor)

    def _at(self, name: str) -> str:
        return name if self._handle is not None else str(self._path / name)


def lock(descriptor: int, *, together: bool = False) -> bool | None:
    """Lock a file for as long as it is open, and tell whether nobody else had; None where there are no locks.

    ``together``: others may have the same lock.
    """
    if sys.platform == "win32":
        return None
    import fcntl  # noqa: PLC0415  # not on Windows

    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if together else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without them
        return None
    return True


def unlock(descriptor: int) -> None:
    """Take the lock off a file, in processes that were copied from this one meanwhile, too."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415  # not on Windows

        fcntl.flock(descriptor, fcntl.LOCK_UN)
