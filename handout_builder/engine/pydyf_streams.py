"""The streams of a PDF in the copy of pydyf that the copy of WeasyPrint writes with."""

import zlib
from types import SimpleNamespace
from typing import Any

# pydyf asks for level 9, which makes a file 2 % smaller and takes more than twice the time.
_LEVEL = 5
_LAST_LINE = b"\nendstream"


def mend(pydyf: Any) -> None:
    """Make pydyf's streams end so that every reader counts the same length, and compress them well enough.

    The line end before "endstream" does not belong to the data (ISO 32000-1, 7.3.8.1). Where the data itself
    ends with a carriage return, one line feed after it could be taken for the second half of a line end: there,
    a line end of both bytes is written. One stream in 256 is such a one.
    """
    original = pydyf.Stream.data.fget

    def data(stream: Any) -> bytes:
        written: bytes = original(stream)
        if written.endswith(b"\r" + _LAST_LINE):
            written = written.removesuffix(_LAST_LINE) + b"\r" + _LAST_LINE
        return written

    pydyf.Stream.data = property(data)
    pydyf.zlib = SimpleNamespace(compress=zlib.compress, compressobj=lambda level: zlib.compressobj(min(level, _LEVEL)))
