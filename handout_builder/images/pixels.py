"""Pictures of pixels: told by their first bytes, read within bounds, upright and in sRGB or grey, 8 bits a channel."""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

MOST_PIXELS = 50_000_000
"""The most pixels of a picture: an A3 page at 500 dpi; beyond it a small file can fill the memory."""
FORMATS = "PNG, JPEG or WebP"
"""What can be used, in words."""
_READ = ("PNG", "JPEG", "WEBP", "AVIF", "HEIF")
_HEIF = "HEIF"
"""What Pillow calls HEIC, which it opens with a plug-in alone."""
_BOXES = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"mif1": "HEIC"}
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"%!PS": "EPS",
}
# What brings a picture upright, by its orientation (Exif 2.32, 4.6.5.1, tag 274).
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# More ink than any press takes, in most of a picture: its numbers are of light, not of ink. Summed over four channels.
_SOAKED = 4 * 255 * 3 // 4
_PHONE = (
    "on an iPhone: Settings › Camera › Formats › Most Compatible; or open it and export it as JPEG, in its best quality"
    "; or install pillow-heif beside this program, which then reads it"
)


class PixelsError(ValueError):
    """A picture cannot be used; ``message`` says why in words that follow its name, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = f"save it as {FORMATS}") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


# What Pillow and its decoders raise where bytes lead them astray; that of AVIF raises RuntimeError.
_DAMAGED = (OSError, SyntaxError, ValueError, LookupError, TypeError, EOFError, RuntimeError, struct.error)
CUT_OFF = "is damaged: it is cut off, or its data are mixed up"
"""What is said of a picture that cannot be decoded; the words of decoders are for those who write them."""


def kind(data: bytes) -> str:
    """Return what a file is by its first bytes, in the words that people have for it, such as ``PNG`` or ``SVG``."""
    if data[4:8] == b"ftyp":
        return _BOXES.get(data[8:12], "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\0<")) or data[:2] == b"\x1f\x8b":
        return "SVG"
    return next((name for magic, name in _MAGIC.items() if data.startswith(magic)), "")


def ending(data: bytes) -> str:
    """Return the ending of a file's name by what it is: ``png``, ``jpg``, ``webp``, ``avif``, ``pdf`` or ``svg``."""
    return {"PNG": "png", "JPEG": "jpg", "WebP": "webp", "AVIF": "avif", "PDF": "pdf"}.get(kind(data), "svg")


def opened(data: bytes, most: tuple[int, int] | None = None) -> Image.Image:
    """Return a picture, loaded; with ``most`` a JPEG may come smaller, but not smaller than these pixels.

    Raises PixelsError for what is none, is too large, or is damaged.
    """
    found = kind(data)
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False  # WeasyPrint switches it on
    try:
        Image.init()
        if found == "HEIC":
            _add_heif()
        with _damaged_fields_unsaid():
            image = Image.open(io.BytesIO(data), formats=[name for name in _READ if name in Image.OPEN])
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise PixelsError(f"has {width} × {height} pixels, more than 50 million", "make it smaller")
        if most is not None:
            side = max(most)  # the picture may lie on its side
            image.draft(None, (min(side, width), min(side, height)))
        image.load()
    except UnidentifiedImageError as error:
        if found in ("PNG", "JPEG", "WebP") or (found == "HEIC" and _HEIF in Image.OPEN):
            raise PixelsError("is damaged: its head cannot be read", "export it again") from error
        if not found or found == "SVG":
            raise PixelsError("is no picture that can be used") from error
        raise PixelsError(
            f"is a {found} file, which cannot be used", _PHONE if found == "HEIC" else f"save it as {FORMATS}"
        ) from error
    except Image.DecompressionBombError as error:
        raise PixelsError("has more than 50 million pixels", "make it smaller") from error
    except _DAMAGED as error:
        if isinstance(error, PixelsError):
            raise
        raise PixelsError(CUT_OFF, "export it again") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return image


def _add_heif() -> None:
    """Let Pillow open HEIC where its plug-in is installed."""
    if _HEIF not in Image.OPEN:
        with suppress(ImportError):
            import_module("pillow_heif").register_heif_opener()


def plain(image: Image.Image) -> tuple[Image.Image, bool]:
    """Return a picture upright, as L, RGB or RGBA in sRGB with nothing else in it, and whether its profile was read."""
    upright = _upright(image)
    profile, marked = image.info.get("icc_profile"), "adobe" in image.info
    if upright.mode.startswith(("I", "F")):  # 16 bits a channel, and Pillow would cut them off at 255
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if upright.mode == "P" and upright.has_transparency_data:
        upright = upright.convert("RGBA")  # Pillow warns of any other way
    alpha = upright.convert("RGBA").getchannel("A") if upright.has_transparency_data else None
    if upright.mode == "CMYK" and not marked:
        upright = _as_ink(upright)
    grey = upright.mode in ("1", "L", "LA")
    own = upright if upright.mode in ("RGB", "CMYK", "L") else upright.convert("L" if grey else "RGB")
    drawn, read = own.convert("RGB") if own.mode == "CMYK" else own, True
    if profile and not is_srgb(profile):
        from PIL import ImageCms  # noqa: PLC0415  # few pictures have a profile

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(own, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            drawn = changed.convert("L") if changed is not None and grey else changed or drawn
        except (ImageCms.PyCMSError, OSError, ValueError):
            read = False  # as readers do
    if alpha is not None and alpha.getextrema() != (255, 255):
        drawn = drawn.convert("RGB")
        drawn.putalpha(alpha)
    drawn.info = {}
    return drawn, read


def orientation(image: Image.Image) -> Any:
    """Return how a picture is turned, as its EXIF says (1: not at all)."""
    with _damaged_fields_unsaid():
        return image.getexif().get(ExifTags.Base.Orientation, 1)


@contextmanager
def _damaged_fields_unsaid() -> Iterator[None]:
    """Let Pillow say nothing of damaged fields of EXIF, of which none but one is looked at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _upright(image: Image.Image) -> Image.Image:
    """Return a picture turned as its EXIF says. Pillow's way writes all fields anew, and fails where they are odd."""
    turn = _TURNS.get(orientation(image))
    return image if turn is None else image.transpose(turn)


def is_srgb(profile: bytes) -> bool:
    """Tell whether a profile is that of sRGB, by its name."""
    from PIL import ImageCms  # noqa: PLC0415  # few pictures have a profile

    try:
        return "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError):
        return False


def _as_ink(picture: Image.Image) -> Image.Image:
    """Return a picture whose numbers are ink: where Adobe's note is missing, nothing says whether they are light."""
    small = picture.resize((64, 64), Image.Resampling.BOX)
    soaked = sum(1 for pixel in _pixels(small) if sum(pixel) > _SOAKED)
    if soaked * 2 < 64 * 64:
        return picture
    return Image.merge("CMYK", [channel.point(lambda ink: 255 - ink) for channel in picture.split()])


def _pixels(picture: Image.Image) -> list[Any]:
    data = picture.tobytes()
    size = len(picture.getbands())
    return [data[at : at + size] for at in range(0, len(data), size)]
