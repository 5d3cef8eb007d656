"""What was worked out before and is kept for the next time, within limits."""

from collections.abc import Iterator
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Cache(Generic[_Value]):
    """Values by key, kept where several documents have them: what stands in one alone takes no memory."""

    def __init__(self, most: int) -> None:
        """Keep about ``most`` values."""
        self._most = most
        self._values: dict[object, _Value] = {}
        self._before: set[int] = set()
        """What was offered in earlier documents, by its hash."""
        self._now: set[int] = set()

    def begin(self) -> None:
        """Begin a document; where more is kept than should be, start anew, so that the memory stays flat."""
        self._before |= self._now
        self._now.clear()
        for each in (self._values, self._before):
            if len(each) > self._most:
                each.clear()

    def get(self, key: object) -> _Value | None:
        """Return what is kept, or None."""
        return self._values.get(key)

    def offer(self, key: object, value: _Value) -> None:
        """Keep a value whose key was offered in an earlier document."""
        mark = hash(key)
        if mark in self._before:
            self._values[key] = value
        else:
            self._now.add(mark)

    def forget(self) -> None:
        """Forget all."""
        self._values.clear()
        self._before.clear()
        self._now.clear()

    def __iter__(self) -> Iterator[_Value]:
        """Go through what is kept."""
        return iter(self._values.values())
