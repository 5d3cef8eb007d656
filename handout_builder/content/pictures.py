"""Picture files of authors: which are usable, what is wrong with the others, and what readers get of them."""

import io
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handout_builder import source_files

_FORMATS = ("PNG", "JPEG")
# 50 million pixels are an A3 page at 500 dpi; beyond it a small file can fill the memory.
_MOST_PIXELS = 50_000_000
MOST_BYTES = 50_000_000
"""The most bytes of one picture: what 50 million pixels take as a good JPEG, three times over."""
_ORIENTATION = 0x0112  # Exif 3.0, 4.6.5.1.6
# JPEG (ITU-T T.81, B.1.1.3): beginning, end and scan; what applications and people note; JFIF's and Adobe's notes say
# what the colours mean.
_BEGIN, _END, _SCAN, _COMMENT = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xFE
_APPLICATIONS, _ADOBE = range(0xE0, 0xF0), 0xEE
_JFIF = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
_ADOBE_BYTES = 12
_SCAN_ENDS = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# PNG (W3C, 11.2): what the pixels are made of.
_PIXELS = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
_QUALITY = 95


def broken_picture(folder: Path, name: str) -> str | None:
    """Return why the picture ``name`` in ``folder`` cannot be used, or None when it can."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return f"the picture '{name}' lies outside the handout's folder"
        if not path.is_file():
            return f"there is no picture '{name}' in the handout's folder"
        data = source_files.read(path, MOST_BYTES)
    except source_files.TooLargeError:
        return f"the picture '{name}' has more than {MOST_BYTES // 1_000_000} MB"
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        return f"the picture '{name}' cannot be read: {getattr(error, 'strerror', None) or 'no such name'}"
    return _unreadable(data, name)


def _unreadable(data: bytes, name: str) -> str | None:
    from PIL import Image, ImageFile, UnidentifiedImageError  # noqa: PLC0415  # most handouts have no picture file

    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False  # WeasyPrint switches it on
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > _MOST_PIXELS:
                return f"the picture '{name}' has {width} × {height} pixels, more than 50 million"
            image.load()
    except UnidentifiedImageError:
        return f"the picture '{name}' is neither PNG nor JPEG"
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return f"the picture '{name}' is damaged: {error}"
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return None


def ending(data: bytes) -> str:
    """Return ``png`` or ``jpg`` by what a picture is, whatever its name says."""
    return "png" if data.startswith(b"\x89PNG") else "jpg"


def for_readers(data: bytes) -> bytes:
    """Return a usable picture as readers get it: upright, in sRGB or grey, and nothing in it but its pixels.

    Who took it where, with what, and what else a file may hide is left out. Pixels are only changed where they are
    turned or in other colours than sRGB. Raises OSError or ValueError for a file that is no PNG or JPEG.
    """
    from PIL import Image  # noqa: PLC0415  # most handouts have no picture file

    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        turned = image.getexif().get(_ORIENTATION, 1) != 1
        profile = image.info.get("icc_profile")
        if turned or image.mode == "CMYK" or (profile and not _is_srgb(profile)):
            return _redrawn(image, profile)
    return b"".join(_png_parts(data) if ending(data) == "png" else _jpeg_parts(data))


def _is_srgb(profile: bytes) -> bool:
    from PIL import ImageCms  # noqa: PLC0415

    try:
        return "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError):
        return True  # what cannot be read is passed over


def _redrawn(image: Any, profile: bytes | None) -> bytes:
    """Return a picture anew, upright and in sRGB."""
    from PIL import ImageCms, ImageOps  # noqa: PLC0415

    kind = image.format
    upright = ImageOps.exif_transpose(image)
    alpha = upright.convert("RGBA").getchannel("A") if upright.has_transparency_data else None
    own = upright if upright.mode in ("RGB", "CMYK", "L") else upright.convert("RGB")
    drawn = own if own.mode == "L" and profile is None else own.convert("RGB")
    if profile is not None:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            drawn = ImageCms.profileToProfile(own, source, ImageCms.createProfile("sRGB"), outputMode="RGB") or drawn
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # as readers do
    if alpha is not None:
        drawn.putalpha(alpha)
    drawn.info = {}
    out = io.BytesIO()
    drawn.save(out, kind, **({"quality": _QUALITY, "subsampling": 0} if kind == "JPEG" else {}))
    return out.getvalue()


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Yield the parts of a JPEG that draw."""
    yield _BEGIN
    at = 2
    while data[at : at + 2] not in (_END, b""):
        marker = data[at + 1]
        if data[at] != 0xFF or marker == 0xFF:  # noqa: PLR2004  # fill bytes
            at += 1
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
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
    """Yield the parts of a PNG that draw."""
    yield data[:8]
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        if kind in _PIXELS:
            yield data[at : at + length + 12]
        if kind == b"IEND":
            return
        at += length + 12
