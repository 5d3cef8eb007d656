"""Picture files of authors as readers get them: what is seen, in good order, and nothing else."""

import io
import re
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress

from lxml import etree
from PIL import Image

from handout_builder.images import pixels, svg_ground
from handout_builder.images.pixels import PixelsError
from handout_builder.images.svg_error import SvgError
from handout_builder.units import PX_PER_INCH

_LARGEST = (2600, 3600)
"""Pixels, across and down: 300 dpi on the largest sheet, letter across and A4 down, with bleed."""
_PAPER = "#ffffff"
# What of a colour is white to the eye, of 255.
_UNSEEN = 250
# JPEG (ITU-T T.81, B.1.1.3): beginning, end and scan; what applications and people note; JFIF's and Adobe's notes say
# what the colours mean.
_BEGIN, _END, _SCAN, _COMMENT = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xFE
_APPLICATIONS, _ADOBE = range(0xE0, 0xF0), 0xEE
_JFIF = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
_ADOBE_BYTES = 12
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# What has a length (table B.1): not the beginning, restarts and what is reserved for other kinds of coding.
_SEGMENT = re.compile(rb"\xff([\xc0-\xcf\xda-\xfe])(..)", re.DOTALL)
# PNG (W3C, 11.2): what the pixels are made of; where its head tells the bits of a channel.
_PIXELS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
_DEPTH, _DEEPEST = 24, 8
_QUALITY = 92
# A drawing that does not say how large it is fills its column.
_COLUMN = 10 * PX_PER_INCH
_DRAWN_SIZE = re.compile(r"\s*([0-9.]+)\s*(px|pt|mm|cm|in|)\s*")


class _DisorderError(Exception):
    """A file is read by those who forgive, but not by all: its pixels go into a new one."""


def for_readers(data: bytes) -> tuple[bytes, list[str]]:
    """Return a picture as readers get it, and what was left out of it: a PNG, a JPEG or an SVG.

    It is upright, in sRGB or grey, on white where it could be seen through, not larger than any page needs, and there
    is nothing in it but what is seen: who took it where, with what, and what else a file may hide is left out. Pixels
    are only changed where one of these asks for it. Raises PixelsError for a file that cannot be used.
    """
    if pixels.kind(data) == "SVG":
        return _drawing(data)
    image = pixels.opened(data, _LARGEST)
    try:
        stays = _stays(image, data)
    except (OSError, ValueError, SyntaxError, struct.error) as error:
        raise PixelsError(pixels.CUT_OFF, "export it again") from error
    if stays:
        with suppress(_DisorderError):
            return b"".join(_png_parts(data) if pixels.kind(data) == "PNG" else _jpeg_parts(data)), []
    plain, _ = pixels.plain(image)
    if plain.mode == "RGBA":
        plain = Image.alpha_composite(Image.new("RGBA", plain.size, _PAPER), plain).convert("RGB")
        if not any(plain.convert("L").histogram()[:_UNSEEN]):
            message = "shows nothing on white paper: all of it is transparent or white"
            raise PixelsError(message, "export it once more, on a ground or in colours that are seen")
    plain.thumbnail(_LARGEST, Image.Resampling.LANCZOS)
    photograph = pixels.kind(data) in ("JPEG", "AVIF", "HEIC") or b"VP8 " in data[:64]
    return saved(plain, photograph=photograph), []


def cropped(data: bytes, crop: Sequence[float]) -> bytes | None:
    """Return a part of a picture as readers get it: left, top, width and height in percent; None of a drawing.

    What lies outside of the part is not in the file.
    """
    if pixels.kind(data) == "SVG":
        return None
    x, y, width, height = crop
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        photograph = image.format != "PNG"
        box = (x * image.width, y * image.height, (x + width) * image.width, (y + height) * image.height)
        left, top, right, bottom = (round(edge / 100) for edge in box)
        part = image.convert("L" if image.mode in ("1", "L") else "RGB")
        part = part.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    return saved(part, photograph=photograph)


def ratio(data: bytes) -> float:
    """Return the height of a picture as readers get it, over its width."""
    if pixels.kind(data) == "SVG":
        root = etree.fromstring(data)
        return float(str(root.get("height"))) / float(str(root.get("width")))
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        return image.height / image.width


def fitted(data: bytes, most: tuple[int, int]) -> bytes:
    """Return a picture as readers get it, within a width and a height in px; a drawing stays as it is."""
    if pixels.kind(data) == "SVG":
        return data
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        if image.width <= most[0] and image.height <= most[1]:
            return data
        photograph = image.format != "PNG"
        image.draft(None, most)
        own = image.convert("L" if image.mode in ("1", "L") else "RGB")
        own.thumbnail(most, Image.Resampling.LANCZOS)
    return saved(own, photograph=photograph)


def _stays(image: Image.Image, data: bytes) -> bool:
    """Tell whether readers can have the pixels of a file just as they are in it."""
    turned = pixels.orientation(image) != 1
    profile = image.info.get("icc_profile")
    foreign = profile is not None and not pixels.is_srgb(profile) and _is_profile(profile)
    deep = pixels.kind(data) == "PNG" and data[_DEPTH] > _DEEPEST
    whole = image.width <= _LARGEST[0] and image.height <= _LARGEST[1]
    usual = pixels.kind(data) in ("PNG", "JPEG") and image.mode in ("1", "L", "P", "RGB")
    return usual and whole and not (turned or foreign or deep or image.has_transparency_data)


def _is_profile(profile: bytes) -> bool:
    """Tell whether a profile can be read; what cannot is passed over."""
    from PIL import ImageCms  # noqa: PLC0415  # few pictures have one of their own

    try:
        ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError):
        return False
    return True


def saved(picture: Image.Image, *, photograph: bool) -> bytes:
    """Return a picture as a JPEG, or as a PNG, with a palette where that loses nothing."""
    out = io.BytesIO()
    if photograph:
        picture.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    else:
        if picture.mode == "RGB" and (colours := picture.getcolors(256)) is not None:
            picture = picture.quantize(len(colours), Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawing(data: bytes) -> tuple[bytes, list[str]]:
    """Return a drawing as logos are cleaned, on white, in the size that it says it has."""
    from handout_builder.images.svg_sanitizer import clean  # noqa: PLC0415  # colours and outlines only for drawings

    try:
        cleaned, ratio, remarks = clean(data)
    except SvgError as error:
        raise PixelsError(f"cannot be used: {error.message}", error.hint) from error
    root = etree.fromstring(cleaned)
    svg_ground.lay(root, _PAPER, re.split(r"[\s,]+", str(root.get("viewBox")).strip()))
    across = _said_width(data) or _COLUMN
    root.set("width", f"{across:.6g}")
    root.set("height", f"{across / ratio:.6g}")
    return etree.tostring(root, encoding="utf-8"), remarks


def _said_width(data: bytes) -> float | None:
    """Return the width in px that a drawing says it has, if it says one that is no share of something else."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    match = _DRAWN_SIZE.fullmatch(str(etree.fromstring(data, parser).get("width", "")))
    inches = {"in": 1.0, "mm": 1 / 25.4, "cm": 1 / 2.54, "pt": 1 / 72}
    try:
        return float(match[1]) * (inches[match[2]] * PX_PER_INCH if match[2] in inches else 1) if match else None
    except ValueError:
        return None


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a JPEG that draw; raises _DisorderError where something stands between them."""
    yield _BEGIN
    at = 2
    while data[at : at + 2] not in (_END, b""):
        if data.startswith(b"\xff\xff", at):  # fill bytes
            at += 1
            continue
        segment = _SEGMENT.match(data, at)
        if segment is None:
            raise _DisorderError
        marker = segment[1][0]
        end = at + 2 + int.from_bytes(segment[2])
        if end > len(data):
            raise _DisorderError
        if data.startswith(b"JFIF\0", at + 4):
            yield _JFIF
        elif marker == _ADOBE and data.startswith(b"Adobe", at + 4):
            yield data[at : at + 2] + struct.pack(">H", _ADOBE_BYTES + 2) + data[at + 4 : at + 4 + _ADOBE_BYTES]
        elif marker not in _APPLICATIONS and marker != _COMMENT:
            yield data[at:end]
        at = end
        if marker == _SCAN:
            over = _SCAN_ENDS.search(data, at)
            at = over.start() if over else len(data)
            yield data[end:at]
    yield _END


def _png_parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a PNG that draw; raises _DisorderError where its end is missing."""
    yield data[:8]
    at = 8
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        if kind in _PIXELS:
            yield data[at : at + length + 12]
        if kind == b"IEND":
            return
        at += length + 12
    raise _DisorderError
