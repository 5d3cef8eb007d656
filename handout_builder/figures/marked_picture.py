"""Pictures of authors for cards: cut square round the point, and marked as our own drawings are."""

import io
from collections.abc import Mapping
from functools import lru_cache

from lxml import etree
from PIL import Image

from handout_builder.content.schema import CardPicture, Point
from handout_builder.figures.curves import number
from handout_builder.figures.marks import marks_of
from handout_builder.images import pictures, pixels
from handout_builder.images.drawn import drawn
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import XY

_RADIUS = 1.7 / 40
"""Of a mark, of the side: that of the cut-outs of our drawings."""
# What a mark takes with its ring and its corners, in radii.
_ROOM = 1.5
_SVG = "http://www.w3.org/2000/svg"


def marked(data: bytes, picture: CardPicture, point: Point, theme: Theme) -> bytes:
    """Return a picture as readers get it, cut square, with the mark of the point where the author says.

    The largest square is taken that the picture holds, its middle as near to the mark as can be.
    """
    colours = chart_colours(theme)
    if pixels.kind(data) == "SVG":
        return _drawing(data, picture.mark, point, colours)
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        photograph = image.format != "PNG"
        left, top, side, spot = _square(image.width, image.height, picture.mark)
        cut = image.convert("RGB").crop((round(left), round(top), round(left) + int(side), round(top) + int(side)))
    if spot:
        size = max(1, round(2 * _ROOM * _RADIUS * side))
        dot = _dot(_alone(point, colours), size)
        cut.paste(dot, (round(spot[0] - dot.width / 2), round(spot[1] - dot.height / 2)), dot)
    return pictures.saved(cut, photograph=photograph)


def _square(width: float, height: float, mark: XY | None) -> tuple[float, float, float, XY | None]:
    """Return left, top and side of the square that is taken, and the place of the mark (in % of the whole) in it."""
    side = min(width, height)
    x, y = mark or (50.0, 50.0)
    x, y = x / 100 * width, y / 100 * height
    left, top = min(max(x - side / 2, 0), width - side), min(max(y - side / 2, 0), height - side)
    return left, top, side, (x - left, y - top) if mark else None


def _alone(point: Point, colours: Mapping[str, str]) -> bytes:
    """Return a mark alone as a drawing."""
    body = "".join(marks_of([(0.0, 0.0)], point, "filled", 100 / _ROOM, colours))
    return f'<svg xmlns="{_SVG}" viewBox="-100 -100 200 200" width="200" height="200">{body}</svg>'.encode()


@lru_cache(maxsize=32)
def _dot(svg: bytes, size: int) -> Image.Image:
    return drawn(svg, size)


def _drawing(data: bytes, mark: XY | None, point: Point, colours: Mapping[str, str]) -> bytes:
    root = etree.fromstring(data)
    x, y, width, height = map(float, str(root.get("viewBox")).replace(",", " ").split())
    left, top, side, spot = _square(width, height, mark)
    root.set("viewBox", " ".join(number(value, 4) for value in (x + left, y + top, side, side)))
    shorter = min(float(str(root.get(name))) for name in ("width", "height"))
    for name in ("width", "height"):
        root.set(name, number(shorter, 4))
    if spot:
        place = (x + left + spot[0], y + top + spot[1])
        body = "".join(marks_of([place], point, "filled", _RADIUS * side, colours))
        root.append(etree.fromstring(f'<g xmlns="{_SVG}">{body}</g>'))
    return bytes(etree.tostring(root, encoding="utf-8"))
