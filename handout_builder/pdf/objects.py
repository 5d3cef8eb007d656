"""The objects of a PDF that WeasyPrint has made and not yet written; ``pdf`` is the pydyf.PDF everywhere here."""

import math
import re
import sys
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

# No integer is beyond; a real number without decimals is written like one.
_LARGEST = 2**31 - 1
_DEEPEST = 28
_STATES = re.compile(rb"\n([qQ])(?=\n)")
_NO_NUMBER = re.compile(rb"(?:nan|inf)(?![^\s\]])")
_LONG_NUMBER = re.compile(rb"[\s\[]([+-]?[0-9]{10,})(?![^\s\]])")
_AS_NOUGHTS, _LONG = bytes.maketrans(b"123456789", b"0" * 9), b"0" * 10


def number(reference: bytes) -> int:
    """Return the object's number in a reference such as ``12 0 R``."""
    return int(reference.split()[0])


def referred(pdf: Any, reference: bytes) -> Any:
    """Return the object that a reference leads to."""
    return pdf.objects[number(reference)]


def of_type(pdf: Any, name: str) -> list[Any]:
    """Return the dictionaries of a type, such as ``/Page``, in the file's order."""
    return [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == name]


def library(pdf: Any) -> Any:
    """Return the pydyf that made the file: objects of another copy of it do not fit in."""
    return sys.modules[type(pdf).__module__]


def beyond_limits(pdf: Any) -> set[str]:
    """Return what readers cannot hold (ISO 19005-2, 6.1.13): no numbers, too large ones, states nested too deeply."""
    found: set[str] = set()
    for item in pdf.objects:
        extra = getattr(item, "extra", item)
        lines = getattr(item, "stream", None)
        # Fonts and pictures are streams, too, of bytes that mean something else.
        if isinstance(lines, list) and "Length1" not in extra and extra.get("Subtype") != "/Image":
            content = b"\n%b\n" % b"\n".join(line for line in lines if isinstance(line, bytes))
            if b"nan" in content or b"inf" in content:
                found.update(word.decode() for word in _NO_NUMBER.findall(content))
            if _LONG in content.translate(_AS_NOUGHTS):  # ten times as quick as the pattern, which hardly anything fits
                found.update(word.decode() for word in _LONG_NUMBER.findall(content) if abs(int(word)) > _LARGEST)
            if content.count(b"q\n") > _DEEPEST:
                depth = max(accumulate(1 if state == b"q" else -1 for state in _STATES.findall(content)))
                found.update([f"{depth} states in one another"] if depth > _DEEPEST else ())
        if not isinstance(extra, dict) or extra.get("Type") != "/StructElem":  # thousands, and they draw nothing
            found.update(_unsound_values(extra))
    return found


def _unsound_values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _unsound_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _unsound_values(inner)
    elif isinstance(value, (int, float)) and not (math.isfinite(value) and abs(value) <= _LARGEST):
        yield str(value)


def serialise(pdf: Any) -> None:
    """Turn all objects into their bytes: each is asked for twice, for the file and for its identifier (a hash)."""
    pdf.objects[:] = [_Serialised(item) if item.free == "n" else item for item in pdf.objects]


class _Serialised:
    """A PDF object as bytes, compressed only once."""

    def __init__(self, item: Any) -> None:
        self.number, self.generation, self.free, self.offset = item.number, item.generation, item.free, item.offset
        self.compressible = item.compressible
        self.data: bytes = item.data

    @property
    def indirect(self) -> bytes:
        return f"{self.number} {self.generation} obj\n".encode() + self.data + b"\nendobj"
