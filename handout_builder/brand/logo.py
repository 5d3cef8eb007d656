"""Logos of clinics: read, checked, and made ready to be printed sharply and small."""

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pypdfium2
from lxml import etree
from PIL import Image, ImageChops

from handout_builder import source_files
from handout_builder.colour.srgb import contrast
from handout_builder.errors import HandoutError
from handout_builder.images import pixels, svg_ground
from handout_builder.images.drawn import drawn
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_sanitizer import clean
from handout_builder.units import MM_PER_INCH, PX_PER_INCH

_MOST_PIXELS = 8_000_000
"""At 38 mm nobody sees more, and each takes some 30 bytes of memory."""
_MIXED = ("L", "LA", "RGB", "RGBA", "CMYK")
_MOST_BYTES = 10_000_000
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
# The same of a drawing: enough to find its margins, and its colours.
_DRAWN = 500
# Darker or lighter by this much than the ground, of 255, belongs to the logo; less seen through than this, too.
_VISIBLE = 12
# Paler than this against its ground, a logo is not seen; the share of it that must be seen; so many pixels tell.
_SEEN, _LEAST_SEEN, _SAMPLE = 1.3, 0.01, 160
# As light as paper, of 255: the ground of a logo that was saved without transparency; how even it must be at the edges.
_PAPER, _EVEN = 200, 0.95
# Round a logo that has a ground of its own, in shares of its shorter side.
_TILE = 0.18
_FORMATS = "bring it as PNG, JPEG, WebP, SVG or PDF"
_SIMPLER = "draw it without gradients, masks and effects, or export it as PNG"
_WHITE = "#ffffff"


class LogoError(ValueError):
    """A logo cannot be used; ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = _FORMATS) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class UnseenError(LogoError):
    """A logo is there, but cannot be seen on its ground."""


@dataclass(frozen=True)
class Logo:
    """A logo as it is printed."""

    data: bytes
    """A PNG without transparency, or an SVG that was cleaned, on its ground."""
    kind: Literal["png", "svg"]
    alt: str
    width: float
    """In mm, as printed."""
    height: float
    """In mm, as printed."""


def prepare(
    path: Path, alt: str, box: tuple[float, float], ground: str = _WHITE, tiles: Sequence[str] = ()
) -> tuple[Logo, list[str]]:
    """Read a logo and fit it into a box (width and height in mm), on a ground (``#rrggbb``).

    Where it is too pale to be seen there, it gets a ground of its own in the first of the colours ``tiles`` on which
    it is seen. Return it with remarks for people, one line each. Raises LogoError for a file that cannot be used,
    UnseenError for one that is seen on none of these.
    """
    data = _read(path)
    for own in (ground, *tiles):
        try:
            prepared, remarks = _prepared(data, alt, box, own, tile=own != ground)
        except UnseenError as error:
            unseen = error
        else:
            if own != ground:
                told = f"the logo is too pale to be seen on {ground}: it stands on a ground of its own, {own}"
                remarks.append(f"{told}; bring a dark one, if there is one")
            return prepared, remarks
    raise unseen


def _prepared(data: bytes, alt: str, box: tuple[float, float], ground: str, *, tile: bool) -> tuple[Logo, list[str]]:
    """Return a logo on a ground, with the ground itself round it if ``tile`` is set."""
    if pixels.kind(data) == "SVG":
        svg, (width, height), remarks = _drawing(data, box, ground, tile=tile)
        return Logo(svg, "svg", alt, width, height), [*remarks, *_odd(width, height)]
    picture, told = _page(data, box, ground) if data.startswith(b"%PDF") else _pixels(data)
    remarks = list(told)
    _check_seen(picture, ground)
    picture = _matched(picture, ground).crop(_extent(picture, ground))
    if tile:
        picture = _tiled(picture, ground)
    picture = _flat(picture, ground)
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


def is_seen(path: Path, ground: str) -> bool:
    """Tell whether a logo can be seen on a ground; raises LogoError for a file that cannot be used."""
    try:
        _check_seen(look(path), ground)
    except UnseenError:
        return False
    return True


def look(path: Path) -> Image.Image:
    """Return what a logo shows, as RGBA, to take its colours from; raises LogoError for a file that cannot be used."""
    data = _read(path)
    if pixels.kind(data) == "SVG":
        return _glanced(data)[1]
    return (_page(data, (40.0, 40.0), _WHITE) if data.startswith(b"%PDF") else _pixels(data))[0]


def _drawing(
    data: bytes, box: tuple[float, float], ground: str, *, tile: bool
) -> tuple[bytes, tuple[float, float], list[str]]:
    """Return a drawing on its ground, without its margins, its width and height in mm in a box, and remarks."""
    svg, picture, remarks = _glanced(data)
    _check_seen(picture, ground)
    root = etree.fromstring(svg)
    if ground != _WHITE and (paper := _paper(root, picture)) is not None:
        # Drawn for white paper, it would be a white box on any other.
        root.remove(paper)
        svg = etree.tostring(root, encoding="utf-8")
        picture = _seen_small(svg)
    left, top, right, bottom = _extent(picture, ground)
    x, y, width, height = (float(part) for part in re.split(r"[\s,]+", str(root.get("viewBox")).strip()))
    pixel = width / picture.width
    if (left, top, right, bottom) != (0, 0, *picture.size):
        # A pixel more where something is cut off, as an edge may run through the middle of one.
        left, top = max(left - 1, 0), max(top - 1, 0)
        right, bottom = min(right + 1, picture.width), min(bottom + 1, picture.height)
    x, y, width, height = x + left * pixel, y + top * pixel, (right - left) * pixel, (bottom - top) * pixel
    edge = _TILE * min(width, height) if tile else 0
    x, y, width, height = x - edge, y - edge, width + 2 * edge, height + 2 * edge
    # Readers have grounds of their own, as dark as the logo.
    svg_ground.lay(root, ground, [f"{value:.9g}" for value in (x, y, width, height)])
    root.set("viewBox", f"{x:.9g} {y:.9g} {width:.9g} {height:.9g}")
    fitted = _fit(width / height, box)
    # As large as it is printed, in px: in the book, which does not say, an icon of 24 units would be a dot.
    for side, length in zip(("width", "height"), fitted, strict=True):
        root.set(side, f"{length / MM_PER_INCH * PX_PER_INCH:.9g}")
    return etree.tostring(root, encoding="utf-8"), fitted, list(remarks)


@lru_cache(maxsize=4)
def _glanced(data: bytes) -> tuple[bytes, Image.Image, tuple[str, ...]]:
    """Return a drawing cleaned, what it shows, and remarks: a brand asks for the same one several times."""
    try:
        svg, _, remarks = clean(data)
    except SvgError as error:
        raise LogoError(error.message, error.hint) from error
    picture = _seen_small(svg)
    if remarks and picture.getchannel("A").getbbox() is None:
        raise LogoError(f"nothing of the logo can be drawn; {remarks[0]}", _SIMPLER)
    return svg, picture, tuple(remarks)


def _seen_small(svg: bytes) -> Image.Image:
    """Return what a drawing shows, as many pixels as its margins need."""
    root = etree.fromstring(svg)
    width, height = float(str(root.get("width"))), float(str(root.get("height")))
    if min(width, height) * _GLANCE < max(width, height):  # no picture of it has a pixel across
        raise LogoError("the drawing is a line: it is a thousand times longer than wide", "cut its margins off")
    try:
        return drawn(svg, max(round(_DRAWN * min(height / width, 1)), 1))
    except HandoutError as error:
        raise LogoError(f"the logo cannot be drawn: {error.problems[0].message}", _SIMPLER) from error
    except (pypdfium2.PdfiumError, ValueError, ArithmeticError, LookupError, RecursionError) as error:
        raise LogoError(f"the logo cannot be drawn: {error}", _SIMPLER) from error


def _paper(root: etree._Element, picture: Image.Image) -> etree._Element | None:
    """Return the white sheet that a drawing lies on, where it has one."""
    corners = [(0, 0), (picture.width - 1, 0), (0, picture.height - 1), (picture.width - 1, picture.height - 1)]
    if any(picture.getpixel(corner) != (255, 255, 255, 255) for corner in corners):
        return None
    shapes = (element for element in root.iter("{*}rect", "{*}path", "{*}circle", "{*}ellipse", "{*}polygon"))
    first = next(shapes, None)
    top = first is not None and first.getparent() is root and str(first.tag).endswith("}rect")
    return first if top and first is not None and first.get("fill") == _WHITE else None


def _check_seen(picture: Image.Image, ground: str) -> None:
    """Raise UnseenError for a picture (RGBA) with holes of which nothing can be seen on a ground."""
    small = picture.resize((min(picture.width, _SAMPLE), min(picture.height, _SAMPLE)), Image.Resampling.NEAREST)
    alpha = small.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return  # it has a ground of its own
    shown = sum(alpha.histogram()[_VISIBLE + 1 :])
    if not shown:
        raise LogoError("the logo is empty: nothing but its ground", "bring one that can be seen on white")
    few = _flat(small, ground).quantize(64, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    seen = sum(count for count, colour in few.getcolors(256) or [] if contrast(_hex(colour), ground) >= _SEEN)
    if seen < _LEAST_SEEN * shown:
        raise UnseenError(f"the logo cannot be seen on its ground, {ground}", "bring one that can be seen on white")


def _hex(colour: Any) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour[:3])


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


@lru_cache(maxsize=2)
def _pixels(data: bytes) -> tuple[Image.Image, tuple[str, ...]]:
    """Return a picture as RGBA in sRGB, upright."""
    try:
        picture, read = pixels.plain(_fewer(pixels.opened(data)))
    except pixels.PixelsError as error:
        hint = _FORMATS if "used" in error.message and "HEIC" not in error.message else error.hint
        raise LogoError(f"the logo {error.message}", hint) from error
    remarks = () if read else ("the logo's colour profile cannot be read and is passed over",)
    return _fewer(picture).convert("RGBA"), remarks


def _fewer(picture: Image.Image) -> Image.Image:
    """Return a picture with no more pixels than are of use, if its pixels can be mixed."""
    times = math.ceil(math.sqrt(picture.width * picture.height / _MOST_PIXELS))
    return picture.reduce(times) if times > 1 and picture.mode in _MIXED else picture


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
            left, top, right, bottom = _extent(_drawn(page, scale), ground)
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


def _matched(picture: Image.Image, ground: str) -> Image.Image:
    """Return a picture whose own light ground, if it has one, is that on which it will stand.

    The lighter a pixel, the more of the difference it takes, so that soft edges stay soft.
    """
    own = _own_ground(picture)
    if own is None or own == ground or min(_parts(ground)) < _PAPER:
        return picture
    flat = picture.convert("RGB")
    shifts = [there - here for there, here in zip(_parts(ground), _parts(own), strict=True)]
    moved = Image.merge(
        "RGB",
        [
            channel.point([min(max(value + shift, 0), 255) for value in range(256)])
            for channel, shift in zip(flat.split(), shifts, strict=True)
        ],
    )
    away = _farthest(flat, own).point([max(255 - 2 * value, 0) for value in range(256)])
    return Image.composite(moved, flat, away).convert("RGBA")


def _own_ground(picture: Image.Image) -> str | None:
    """Return the light colour that a picture without transparency has along its edges."""
    if picture.getchannel("A").getextrema() != (255, 255):
        return None
    flat = picture.convert("RGB")
    width, height = flat.size
    sides = ((0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height))
    edge = Image.new("RGB", (2 * (width + height), 1))
    at = 0
    for side in sides:
        strip = flat.crop(side)
        strip = strip if strip.height == 1 else strip.transpose(Image.Transpose.ROTATE_90)
        edge.paste(strip, (at, 0))
        at += strip.width
    _, colour = max(edge.getcolors(at) or [(0, (0, 0, 0))])
    near = _farthest(edge, _hex(colour)).point([255 * (value <= _VISIBLE) for value in range(256)]).histogram()[255]
    return _hex(colour) if near >= _EVEN * at and min(colour[:3]) >= _PAPER else None  # type: ignore[index]


def _farthest(picture: Image.Image, colour: str) -> Image.Image:
    """Return how far each pixel is from a colour, in the channel in which it is farthest."""
    red, green, blue = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _tiled(picture: Image.Image, ground: str) -> Image.Image:
    """Return a picture with a ground round it."""
    edge = round(_TILE * min(picture.size))
    tile = Image.new("RGBA", (picture.width + 2 * edge, picture.height + 2 * edge), ground)
    tile.alpha_composite(picture.convert("RGBA"), (edge, edge))
    return tile


def _extent(picture: Image.Image, ground: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what is seen of a picture (RGBA) on a ground.

    Where a picture has no holes, the colour of paper, or its own even and light one, counts as a margin, too.
    """
    left, top, right, bottom = 0, 0, *picture.size
    flat, grounds = _flat(picture, ground), [ground]
    if picture.getchannel("A").getextrema() == (255, 255):
        grounds += [_WHITE, _own_ground(picture) or _WHITE]
    for colour in dict.fromkeys(grounds):
        part = flat.crop((left, top, right, bottom))
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
