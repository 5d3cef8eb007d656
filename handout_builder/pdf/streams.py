"""The objects of the PDF, as they are written to the file."""

from typing import Any


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
