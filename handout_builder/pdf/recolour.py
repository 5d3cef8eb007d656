"""A PDF in other inks: every RGB colour in its content streams and pictures becomes grey, or CMYK."""

import io
import struct
import zlib
from typing import Any, NamedTuple

from PIL import Image

from handout_builder.colour.inks import Inks


class _Operators(NamedTuple):
    """How a PDF names a colour space, and sets the colour of areas and of lines in it (ISO 32000-1, table 74)."""

    space: str
    fill: bytes
    stroke: bytes


_OPERATORS = {1: _Operators("/DeviceGray", b"g", b"G"), 4: _Operators("/DeviceCMYK", b"k", b"K")}


def recolour(pdf: Any, inks: Inks) -> None:
    """Turn every RGB colour and picture of a file, not yet serialised, into inks; ``pdf`` is the pydyf.PDF."""
    operators = _OPERATORS[inks.count]
    for item in list(pdf.objects):
        extra = getattr(item, "extra", None)
        _recolour_gradients(item if extra is None else extra, inks, operators.space)
        if extra is None:
            continue
        if extra.get("Subtype") == "/Image":
            if extra["ColorSpace"] == "/DeviceRGB":
                _recolour_picture(item, inks, operators.space)
        else:
            item.stream = [
                b"\n".join(_recoloured(line, inks, operators) for line in part.split(b"\n"))
                if isinstance(part, bytes)
                else part
                for part in item.stream
            ]
        if "Group" in extra and "CS" in extra["Group"]:
            extra["Group"]["CS"] = operators.space


def _recoloured(line: bytes, inks: Inks, operators: _Operators) -> bytes:
    """Return a line of a content stream with its colour, if it sets one, in inks: WeasyPrint writes one a line."""
    if not line.endswith((b" rg", b" RG")):
        return line
    *numbers, operator = line.split()
    red, green, blue = (min(max(float(value), 0.0), 1.0) for value in numbers)
    amounts = b" ".join(f"{amount:g}".encode() for amount in inks.of((red, green, blue)))
    return amounts + b" " + (operators.fill if operator == b"rg" else operators.stroke)


def _recolour_gradients(part: Any, inks: Inks, space: str) -> None:
    """Turn the colours of all gradients in an object into inks; those that fade are of one channel, and stay."""
    if isinstance(part, dict):
        if "ShadingType" in part:
            if _recolour_function(part["Function"], inks):
                part["ColorSpace"] = space
            return
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        _recolour_gradients(inner, inks, space)


def _recolour_function(function: Any, inks: Inks) -> bool:
    """Turn the colours that a function runs between into inks; tell whether they were RGB (ISO 32000-1, 7.10)."""
    if "Functions" in function:
        turned = [_recolour_function(inner, inks) for inner in function["Functions"]]
        return all(turned)
    if len(function["C0"]) != len("RGB"):
        return False
    for key in ("C0", "C1"):
        red, green, blue = (min(max(float(part), 0.0), 1.0) for part in function[key])
        function[key] = type(function[key])(inks.of((red, green, blue)))
    return True


def _recolour_picture(item: Any, inks: Inks, space: str) -> None:
    image = inks.picture(_picture(item))
    item.stream, item.compress = [image.tobytes()], True
    for key in ("Filter", "DecodeParms", "Decode"):
        item.extra.pop(key, None)
    item.extra["ColorSpace"] = space


def _picture(item: Any) -> Image.Image:
    """Return a picture of a PDF: a JPEG file, or the data of a PNG file without its head."""
    data = b"".join(getattr(part, "data", part) for part in item.stream)
    if item.extra["Filter"] == "/DCTDecode":
        return Image.open(io.BytesIO(data))
    head = struct.pack(">IIBBBBB", item.extra["Width"], item.extra["Height"], 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    png = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return Image.open(io.BytesIO(b"\x89PNG\r\n\x1a\n" + png))
