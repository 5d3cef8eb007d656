"""PDF files of strangers, counted before they are drawn: a small one can draw for ever, or fill the memory."""

import base64
import binascii
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

_MOST_OBJECTS = 50_000
_MOST_DRAWN = 3_000_000
"""Bytes of what is drawn, each form as often as it is: a second of PDFium's time."""
_MOST_PIXELS = 50_000_000
_DEEPEST = 20
_MOST_ODDLY_PACKED = 20_000
# Names in a content stream, as ISO 32000-1, 7.3.5, writes them.
_NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")
_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
# What a content stream can draw by name.
_KINDS = ("/XObject", "/ExtGState", "/Pattern", "/Font")
_PAINTS = re.compile(rb"(?<![^\s)>\]])(?:[fFBbSs]\*?|sh|T[jJ]|['\"])(?![^\s(<\[/%])")
_EACH = 600
"""Bytes that painting a shape counts for."""
_SIMPLER = "export it as SVG or PNG"


class PdfError(ValueError):
    """A PDF cannot be used; ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = _SIMPLER) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def check(data: bytes) -> None:
    """Raise PdfError for a PDF whose first page takes too long or too much memory to draw, or that cannot be read."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if len(document.objects) > _MOST_OBJECTS:
                raise PdfError(f"the logo's PDF has more than {_MOST_OBJECTS:,} parts")
            page = document.pages[0].obj
            if _Counter().page(page) > _MOST_DRAWN:
                raise PdfError("the logo's PDF draws too much, with all its repeated parts")
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        LookupError,
        TypeError,
        AttributeError,
        zlib.error,
        binascii.Error,
    ) as error:
        raise PdfError("the logo's PDF is damaged, or locked with a password") from error


class _Counter:
    """Counts what forms draw, each once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], int] = {}
        self._around: list[tuple[int, int]] = []

    def page(self, page: Any) -> int:
        """Return the bytes that a page draws."""
        contents = page.get("/Contents", [])
        streams = contents if isinstance(contents, pikepdf.Array) else [contents]
        content = b"\n".join(_unpacked(stream) for stream in streams)
        return self._content(content, page["/Resources"])  # those of nodes above, too: pikepdf has written them into it

    def _content(self, content: bytes, resources: Any) -> int:
        """Return the bytes that a content stream draws, with what it calls by name."""
        total = len(content) + _EACH * len(_PAINTS.findall(content))
        for name in _NAME.findall(content):
            key = "/" + _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), name).decode("utf-8", "replace")
            for kind in _KINDS:
                if (called := resources.get(kind, {}).get(key)) is not None:
                    total += self._called(called, kind, resources)
            if total > _MOST_DRAWN:
                break
        return total

    def _called(self, called: Any, kind: str, resources: Any) -> int:
        if kind == "/Font":
            if called.get("/Subtype") == "/Type3":
                raise PdfError("the logo's PDF has letters that are drawings (Type 3)")
            return 0
        if kind == "/ExtGState":
            mask = called.get("/SMask")
            return self._form(mask["/G"], resources) if isinstance(mask, pikepdf.Dictionary) else 0
        if kind == "/Pattern":
            if called.get("/PatternType") == 1:
                raise PdfError("the logo's PDF has a pattern that repeats itself")
            return 0
        if called.get("/Subtype") == "/Image":
            return _pixels(called) + (_pixels(called["/SMask"]) if "/SMask" in called else 0)
        return self._form(called, resources)

    def _form(self, form: Any, resources: Any) -> int:
        if form.objgen in self._around:
            raise PdfError("the logo's PDF has parts that hold themselves")
        if len(self._around) >= _DEEPEST:
            raise PdfError("the logo's PDF is nested too deeply")
        if form.objgen not in self._known:
            self._around.append(form.objgen)
            self._known[form.objgen] = self._content(_unpacked(form), form.get("/Resources", resources))
            self._around.pop()
        return self._known[form.objgen]


def _pixels(image: Any) -> int:
    """Return what a picture counts for; raises PdfError for one that fills the memory."""
    pixels = int(image.get("/Width", 0)) * int(image.get("/Height", 0))
    if pixels > _MOST_PIXELS:
        raise PdfError("the logo's PDF holds a picture of more than 50 million pixels")
    return pixels // 100


def _unpacked(stream: Any) -> bytes:
    """Return the content of a stream; raises PdfError for one that unpacks to too much."""
    data, filters = stream.read_raw_bytes(), list(_filters(stream))
    while filters[:1] in (["/ASCII85Decode"], ["/ASCIIHexDecode"]):  # these only shrink
        text = b"".join(data.split()).rstrip(b"~>")
        data = base64.a85decode(text) if filters.pop(0) == "/ASCII85Decode" else bytes.fromhex(text.decode("ascii"))
    if filters == ["/FlateDecode"]:
        data = zlib.decompressobj().decompress(data, _MOST_DRAWN + 1)
    elif filters and (len(filters) > 1 or len(data) > _MOST_ODDLY_PACKED):
        raise PdfError(f"the logo's PDF is packed in an unusual way: {', '.join(filters)}")
    if len(data) > _MOST_DRAWN:
        raise PdfError("the logo's PDF draws too much")
    return bytes(stream.read_bytes()) if filters else data


def _filters(stream: Any) -> Iterator[str]:
    named = stream.get("/Filter", [])
    yield from map(str, named if isinstance(named, pikepdf.Array) else [named])
