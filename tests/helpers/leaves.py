"""Values in values, as files of YAML and JSON have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield each place of a file that holds no other, with its value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, dict | list):
        yield at, value
    for key, item in items:
        yield from leaves(item, (*at, key))
