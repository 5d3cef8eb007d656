"""Logos of clinics: read, checked, and made ready to be printed sharply and small."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pypdfium2
from PIL import Image, ImageChops, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

from handout_builder import source_files
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_sanitizer import clean
from handout_builder.units import MM_PER_INCH

_MOST_BYTES = 10_000_000
_MOST_PIXELS = 50_000_000
_LONGEST = 1e5  # pt, of a page
_SHARP, _ENOUGH = 300, 600
"""Pixels an inch: fewer look soft in print, more only make the file larger."""
_LEAST = (12.0, 6.0)
"""Width and height in mm; a logo that is smaller in both is no longer recognised."""
_THINNEST = 0.5
"""In mm; what is thinner is no logo."""
_WIDE, _TALL = 8.0, 1 / 3
# Pixels of the longer side of a page that is only looked at, and those round what is found there.
_GLANCE, _MARGIN = 1_500, 2
# Darker or lighter by this much than the ground, of 255, belongs to the logo.
_VISIBLE = 12
# Width and height, as svgclean writes them.
_SIZE = re.compile(rb'\b(?:width|height)="([0-9.e+]+)"')
_FORMATS = "bring it as PNG, JPEG, SVG or PDF"


class LogoError(ValueError):
    """A logo cannot be used; ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = _FORMATS) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


@dataclass(frozen=True)
class Logo:
    """A logo as it is printed."""

    data: bytes
    """A PNG without transparency, or an SVG that was cleaned."""
    kind: Literal["png", "svg"]
    alt: str
    width: float
    """In mm, as printed."""
    height: float
    """In mm, as printed."""


def prepare(path: Path, alt: str, box: tuple[float, float], ground: str = "#ffffff") -> tuple[Logo, list[str]]:
    """Read a logo and fit it into a box (width and height in mm), on a ground (``#rrggbb``).

    Return it with remarks for people, one line each. Raises LogoError for a file that cannot be used.
    """
    data = _read(path)
    if (
        data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
        or data[:2] == b"\x1f\x8b"
    ):
        try:
            svg, ratio, remarks = clean(data)
        except SvgError as error:
            raise LogoError(error.message, error.hint) from error
        width, height = _fit(ratio, box)
        return Logo(svg, "svg", alt, width, height), [*remarks, *_odd(width, height)]
    picture, remarks = _page(data, box, ground) if data.startswith(b"%PDF") else _pixels(data)
    picture = _cropped(_flat(picture, ground), ground)
    ratio = picture.width / picture.height
    width, height = _fit(ratio, box)
    sharp = (picture.width * MM_PER_INCH / _SHARP, picture.height * MM_PER_INCH / _SHARP)
    if sharp[0] < width - 0.05:
        if sharp[0] < _LEAST[0] and sharp[1] < _LEAST[1]:
            needed = round(width / MM_PER_INCH * _SHARP)
            hint = f"bring one at least {needed} px wide, or an SVG"
            raise LogoError(f"the logo has only {picture.width} × {picture.height} pixels", hint)
        remarks.append(
            f"the logo has {picture.width} × {picture.height} pixels: printed {sharp[0]:.0f} × {sharp[1]:.0f} mm"
            f" instead of {width:.0f} × {height:.0f} mm, to keep {_SHARP} dpi"
        )
        width, height = sharp
    most = (round(width / MM_PER_INCH * _ENOUGH), round(height / MM_PER_INCH * _ENOUGH))
    if picture.width > most[0]:
        picture = picture.resize((max(most[0], 1), max(most[1], 1)), Image.Resampling.LANCZOS)
    return Logo(_png(picture), "png", alt, width, height), [*remarks, *_odd(width, height)]


def raster(data: bytes, kind: str, height: int, ground: str = "#ffffff") -> Image.Image:
    """Return a prepared logo as an RGB picture, ``height`` px high."""
    if kind == "png":
        with Image.open(io.BytesIO(data)) as picture:
            size = (max(round(picture.width * height / picture.height), 1), height)
            return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    with pypdfium2.PdfDocument(_as_page(data)) as document:
        scale = height / document[0].get_height()
        drawn = document[0].render(scale=scale, fill_color=(0, 0, 0, 0), may_draw_forms=False).to_pil()
    return _flat(drawn.convert("RGBA"), ground)


def _read(path: Path) -> bytes:
    try:
        data = source_files.read(path, _MOST_BYTES)
    except source_files.TooLargeError as error:
        raise LogoError("the logo has more than 10 MB", "export it smaller") from error
    except (OSError, ValueError) as error:
        raise LogoError(f"the logo cannot be read: {getattr(error, 'strerror', error)}") from error
    if not data:
        raise LogoError("the logo's file is empty")
    return data


def _pixels(data: bytes) -> tuple[Image.Image, list[str]]:
    """Return a PNG or JPEG as RGBA in sRGB, upright."""
    lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False  # WeasyPrint switches it on
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise LogoError(f"the logo has {picture.width} × {picture.height} pixels, more than 50 million")
            picture.load()
            return _in_srgb(ImageOps.exif_transpose(picture))
    except LogoError:
        raise
    except UnidentifiedImageError as error:
        raise LogoError("the logo is of a format that cannot be used, or damaged") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise LogoError(f"the logo is damaged: {error}") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _in_srgb(picture: Image.Image) -> tuple[Image.Image, list[str]]:
    if picture.mode.startswith(("I", "F")):  # 16 bits a channel, and Pillow would cut them off at 255
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture.convert("RGBA"), []
    alpha = picture.convert("RGBA").getchannel("A")
    try:
        if picture.mode not in ("RGB", "CMYK", "L"):
            picture = picture.convert("RGB")
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert("RGBA"), ["the logo's colour profile cannot be read and is passed over"]
    assert converted is not None
    converted.putalpha(alpha)
    return converted, []


def _page(data: bytes, box: tuple[float, float], ground: str) -> tuple[Image.Image, list[str]]:
    """Return what is on the first page of a PDF as RGBA, with as many pixels as are printed, without its margins."""
    from handout_builder.brand import pdf_contents  # noqa: PLC0415  # only for logos that are PDFs

    try:
        pdf_contents.check(data)
        with pypdfium2.PdfDocument(data) as document:
            pages, page = len(document), document[0]
            width, height = page.get_size()
            if not (0 < width < _LONGEST and 0 < height < _LONGEST):
                raise LogoError("the page of the logo's PDF has no size")
            # Looked at small first: only the part that is the logo is drawn large, wherever on the page it stands.
            scale = _GLANCE / max(width, height)
            left, top, right, bottom = _extent(_flat(_drawn(page, scale), ground), ground)
            edges = (left / scale, height - bottom / scale, width - right / scale, top / scale)
            edges = tuple(max(edge - _MARGIN / scale, 0) for edge in edges)
            longest = max(width - edges[0] - edges[2], height - edges[1] - edges[3])
            picture = _drawn(page, max(box) / MM_PER_INCH * _ENOUGH / longest, edges)
    except pdf_contents.PdfError as error:
        raise LogoError(error.message, error.hint) from error
    except LogoError:
        raise
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError) as error:
        raise LogoError("the logo's PDF is damaged, or locked with a password") from error
    return picture, [f"the logo's PDF has {pages} pages; the first is used"] if pages > 1 else []


def _drawn(page: Any, scale: float, edges: tuple[float, ...] = (0, 0, 0, 0)) -> Image.Image:
    """Return a page of a PDF without its edges (left, bottom, right, top; in pt) as RGBA."""
    options = {"fill_color": (0, 0, 0, 0), "may_draw_forms": False, "draw_annots": False}
    picture: Image.Image = page.render(scale=scale, crop=edges, **options).to_pil()
    return picture.convert("RGBA")


def _flat(picture: Image.Image, ground: str) -> Image.Image:
    """Return the picture on a ground, in RGB: an office printer's driver makes black of what is transparent."""
    below = Image.new("RGBA", picture.size, ground)
    return Image.alpha_composite(below, picture.convert("RGBA")).convert("RGB")


def _cropped(picture: Image.Image, ground: str) -> Image.Image:
    """Return the picture without margins in the colour of its ground, or of paper."""
    return picture.crop(_extent(picture, ground))


def _extent(picture: Image.Image, ground: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what is neither in the colour of the ground nor in that of paper."""
    left, top, right, bottom = 0, 0, *picture.size
    for colour in dict.fromkeys((ground, "#ffffff")):
        part = picture.crop((left, top, right, bottom))
        away = ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L")
        box = away.point(lambda value: 255 * (value > _VISIBLE)).getbbox()
        if box is None:
            raise LogoError("the logo is empty: nothing but its ground", "bring one that can be seen on white")
        left, top, right, bottom = left + box[0], top + box[1], left + box[2], top + box[3]
    return left, top, right, bottom


def _fit(ratio: float, box: tuple[float, float]) -> tuple[float, float]:
    """Return the largest width and height in mm with this ratio that fit."""
    width = min(box[0], box[1] * ratio)
    return width, width / ratio


def _odd(width: float, height: float) -> list[str]:
    if min(width, height) < _THINNEST:
        raise LogoError(f"the logo would be printed {width:.2g} × {height:.2g} mm, a line", "cut its margins off")
    if width > _WIDE * height:
        return [f"the logo is very wide: it is printed only {height:.1f} mm high"]
    if width < _TALL * height:
        return [f"the logo is very tall: it is printed only {width:.1f} mm wide"]
    return []


def _png(picture: Image.Image) -> bytes:
    """Return the picture as a PNG without anything but its pixels, with a palette where that loses nothing."""
    if (colours := picture.getcolors(256)) is not None:
        picture = picture.quantize(len(colours), Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, icc_profile=None)
    return out.getvalue()


def _as_page(svg: bytes) -> bytes:
    """Return a cleaned drawing as a PDF of one page, a hundred px high."""
    from handout_builder.engine.session import Page, session  # noqa: PLC0415  # only for covers and colours

    width, height = (float(side) for side in _SIZE.findall(svg[: svg.index(b">")]))
    style = f"@page {{ size: {100 * width / height:.3f}px 100px; margin: 0 }} body {{ margin: 0 }}"
    style += " svg { display: block; width: 100%; height: 100px }"
    html = f"<html><head></head><body>{svg.decode()}</body></html>"
    path = Path("logo.svg")
    with session() as engine:
        document = engine.lay_out(Page(html, style, path.absolute(), path, _nothing))
        return engine.write(document, path)


def _nothing(url: str) -> Any:
    """Fetch nothing."""
    raise ValueError(f"a logo fetches nothing: {url}")
