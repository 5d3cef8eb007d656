"""What was worked out before and is kept for the next time, within limits."""

from collections.abc import Iterator
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """Values by key, of which those are kept that came up twice: what stands in one handout alone takes no memory."""

    def __init__(self, most: int) -> None:
        """Keep about ``most`` values."""
        self._most = most
        self._values: dict[object, _Value] = {}
        self._seen: set[int] = set()

    def get(self, key: object) -> _Value | None:
        """Return what is kept, or None."""
        return self._values.get(key)

    def offer(self, key: object, value: _Value) -> None:
        """Keep a value whose key was offered before."""
        mark = hash(key)
        if mark in self._seen:
            self._values[key] = value
        else:
            self._seen.add(mark)

    def trim(self) -> None:
        """Forget all where more is kept than should be, so that the memory stays flat."""
        if len(self._values) > self._most:
            self._values.clear()
        if len(self._seen) > self._most:
            self._seen = {hash(key) for key in self._values}

    def forget(self) -> None:
        """Forget all."""
        self._values.clear()
        self._seen.clear()

    def __iter__(self) -> Iterator[_Value]:
        """Go through what is kept."""
        return iter(self._values.values())
