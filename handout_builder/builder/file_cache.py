"""What was made from files, kept as long as these are the same: for processes that stay."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from handout_builder import source_files
from handout_builder.watching import Signature, signatures, signatures_as_read

T = TypeVar("T")


class FileCache:
    """Values by their keys, each with the files that it was made from; of more than ``most`` the oldest goes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[object, tuple[Any, Mapping[Path, str], Mapping[Path, Signature]]] = {}

    def once(self, key: object, make: Callable[[], T]) -> T:
        """Return what was made for a key, as long as its files are what they were; drafts are never kept.

        What is written to while something is made of it is made anew the next time. Its files are noted each time (see
        ``source_files.recording``). Raises whatever ``make`` raises.
        """
        if key in self._kept:
            value, files, before = self._kept[key]
            if signatures(before) == before and not any(source_files.is_instead(path) for path in files):
                source_files.note(files)
                return value  # type: ignore[no-any-return]
            del self._kept[key]
        with source_files.recording() as read:
            value = make()
        source_files.note(read)
        if not any(source_files.is_instead(path) for path in read):
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = value, dict(read), signatures_as_read(read)
        return value
