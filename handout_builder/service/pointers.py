"""Where in a request something stands: JSON Pointers (RFC 6901) for what a visit's reader tells by lines."""

from collections.abc import Iterator
from typing import Any

from handout_builder.content.yaml_reader import Location
from handout_builder.visit.reader import KEYS

# What a visit holds at most; one with all points, notes and exercises has some two hundred.
_MOST, _DEEPEST = 3_000, 20


class TooManyError(ValueError):
    """There are more values than any visit has."""


class Pointers:
    """The places of a value, each with a number that the reader takes for a line."""

    def __init__(self, value: Any, start: str) -> None:
        """Give each place a number; ``start`` leads to the value. Raises TooManyError."""
        self._places: list[Location] = [(), ()]  # lines count from 1, and the first one is the value itself
        self._start = start
        for place in _places(value, ()):
            if len(self._places) > _MOST or len(place) > _DEEPEST:
                raise TooManyError
            self._places.append(place)

    @property
    def lines(self) -> dict[Location, int]:
        """The places with their numbers."""
        return {place: number for number, place in enumerate(self._places) if place}

    def pointer(self, line: int) -> str:
        """Return the pointer to a place; it ends before a key that no visit has, which may be anybody's word."""
        known: list[str] = []
        for part in self._places[line] if line < len(self._places) else ():
            if isinstance(part, str) and part not in KEYS:
                break
            known.append(str(part))
        return "/".join((self._start, *known))


def _places(value: Any, at: Location) -> Iterator[Location]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*at, key)
        yield from _places(item, (*at, key))
