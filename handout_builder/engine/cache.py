"""What was worked out before and is kept for the next time, within limits."""

from collections.abc import Iterator
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Cache(Generic[_Value]):
    """Values by key, kept where several documents have them: what stands in one alone is let go after the next one.

    The next one is often the same text, laid out once more with other distances or page numbers.
    """

    def __init__(self, most: int) -> None:
        """Keep about ``most`` values."""
        self._most = most
        self._values: dict[object, _Value] = {}
        self._before: set[int] = set()
        """What was offered in earlier documents, by its hash."""
        self._now: set[int] = set()
        self._here: dict[object, _Value] = {}
        """What this document has, which lays the same words out more than once: in columns, in the rows of a table."""
        self._last: dict[object, _Value] = {}
        """What the document before had."""

    def begin(self) -> None:
        """Begin a document; where more is kept than should be, start anew, so that the memory stays flat."""
        self._last, self._here = self._here, {}
        self._before |= self._now
        self._now.clear()
        for each in (self._values, self._before):
            if len(each) > self._most:
                each.clear()

    def get(self, key: object) -> _Value | None:
        """Return what is kept, or None."""
        found = self._values.get(key) or self._here.get(key)
        if found is None and (found := self._last.pop(key, None)) is not None:
            self._values[key] = found
        return found

    def offer(self, key: object, value: _Value) -> None:
        """Keep a value: for this document, or longer where its key was offered in an earlier one."""
        mark = hash(key)
        if mark in self._before:
            self._values[key] = value
            return
        self._now.add(mark)
        if len(self._here) < self._most:
            self._here[key] = value

    def forget(self) -> None:
        """Forget all."""
        for each in (self._values, self._before, self._now, self._here, self._last):
            each.clear()

    def __iter__(self) -> Iterator[_Value]:
        """Go through what is kept for other documents."""
        return iter(self._values.values())
