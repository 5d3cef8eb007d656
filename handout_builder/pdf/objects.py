"""The objects of a PDF that WeasyPrint has made and not yet written; ``pdf`` is the pydyf.PDF everywhere here."""

import sys
from typing import Any


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
