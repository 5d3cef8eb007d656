"""The key of a cut-out: the whole limb or trunk, tiny, in a corner, with a frame where the cut-out lies."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import ceil, dist
from typing import NamedTuple

from handout_builder.content import anatomy
from handout_builder.figures.curves import number
from handout_builder.figures.layers import Frame, draw
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import XY

Box = tuple[float, float, float, float]
# How wide and high a key is at most, of the window's side; what is free round it, and how small its frame may be.
_WIDE, _HIGH = 0.27, 0.42
_PAD, _LEAST = 0.02, 0.055
# The width of outlines, and of the frame, of the window's side: 0.2 and 0.35 mm of a square of 33 mm.
_OUTLINE, _FRAME = 0.006, 0.0105
# What is drawn in so small a figure: areas but for lights and shades, outlines, and what tells front from back.
_SHADES = ("light", "shade")
_TELLING = frozenset(("patella", "navel", "areola", "brief-leg", "hairline", "mouth"))
# How far apart, in mm of the body, it is looked where lines run; how many such places are as bad as what is told by.
_FAR, _MARK = 6.0, 30
# How small it may be where a larger one would hide the point.
_SHARES = (1.0, 0.85, 0.7)
# How far a key keeps from the point's mark, in radii of the mark; how round its free corner is, of the window's side.
_AWAY, _ROUND = 2.0, 0.03


class Key(NamedTuple):
    """The key of a window, drawn, and where it stands."""

    drawing: str
    box: Box


def key(
    name: str, box: Box, own: Sequence[XY], others: Sequence[XY], radius: float, theme: Theme, ident: str
) -> Key | None:
    """Return the key of a window of a figure, in the corner where it hides least; None where all hide the point.

    ``own`` are the point's marks, ``others`` those of its neighbours and its landmarks, ``radius`` their size.
    """
    whole, size = _whole(name), box[2]
    pad, full = _PAD * size, min(_WIDE * size / whole.box[2], _HIGH * size / whole.box[3])
    for scale in (full * share for share in _SHARES):
        framed = _framed(box, max(size, _LEAST * size / scale))
        left, top, width, height = _both(whole.box, framed)
        wide, high = width * scale + 2 * pad, height * scale + 2 * pad
        if free := [one for one in _corners(box, wide, high) if not any(_near(m, one, _AWAY * radius) for m in own)]:
            break
    else:
        return None
    lines = [place for place in _places(name) if _near(place, box, 0)]

    def hidden(corner: Box) -> int:
        return sum(_near(at, corner, 0) for at in lines) + _MARK * sum(_near(at, corner, radius) for at in others)

    corner = x, y, *_ = min(free, key=hidden)
    colours = chart_colours(theme)
    weight = round(_OUTLINE * size / scale / anatomy.figure(name)["weights"]["contour"], 2)
    figure = draw(whole._replace(weight=weight), theme.skin, f"{ident}-key")
    move = f"translate({number(x + pad - left * scale)} {number(y + pad - top * scale)}) scale({scale:.4f})"
    rounded = _ROUND * size
    ground = x - rounded if x == box[0] else x, y - rounded if y == box[1] else y
    across, down, side, _ = framed
    frame = _outline((x + pad + (across - left) * scale, y + pad + (down - top) * scale, side * scale, side * scale))
    drawing = (
        f'<rect x="{number(ground[0])}" y="{number(ground[1])}" width="{number(wide + rounded)}"'
        f' height="{number(high + rounded)}" rx="{number(rounded)}" fill="{colours["paper"]}"/>'
        f'<g transform="{move}">{figure}</g>'
        f'<path d="{frame}" fill="none" stroke="{colours["ink"]}" stroke-width="{number(_FRAME * size)}"/>'
    )
    return Key(drawing, corner)


def _framed(box: Box, side: float) -> Box:
    """Return a window, or a larger one with the same middle."""
    left, top, size, _ = box
    return left + (size - side) / 2, top + (size - side) / 2, side, side


def _both(one: Box, other: Box) -> Box:
    """Return the box that has both in it: a window may reach beyond the figure, and its frame would be cut off."""
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = (max(one[i] + one[i + 2], other[i] + other[i + 2]) for i in (0, 1))
    return left, top, right - left, bottom - top


def _corners(box: Box, wide: float, high: float) -> list[Box]:
    left, top, size, _ = box
    return [(x, y, wide, high) for y in (top, top + size - high) for x in (left + size - wide, left)]


@cache
def _whole(name: str) -> Frame:
    """Return the whole of a figure, which is its last frame, with few lines."""
    data = anatomy.figure(name)
    frame = Frame.of(name, list(data["frames"])[-1])
    left_out = {layer["name"] for layer in data["layers"] if not _is_drawn(layer["draw"], layer["name"])}
    return frame._replace(skip=frozenset(left_out), fade=())


def _is_drawn(kind: str, layer: str) -> bool:
    return not layer.endswith(_SHADES) if kind == "fill" else "edge" in layer or layer in _TELLING


def share(name: str, size: float) -> float:
    """Return how much of a figure's longer side a window shows."""
    return float(size / max(_whole(name).box[2:]))


@cache
def _places(name: str) -> tuple[XY, ...]:
    """Return where lines run in a figure, roughly."""
    data = anatomy.figure(name)
    lines = [*data["lines"].values(), *(layer["points"] for layer in data["layers"] if "points" in layer)]
    found = [
        (a[0] + (b[0] - a[0]) * at / steps, a[1] + (b[1] - a[1]) * at / steps)
        for line in lines
        for a, b in pairwise(line)
        for steps in (ceil(dist(a, b) / _FAR) or 1,)
        for at in range(steps)
    ]
    sides = (1, -1) if data.get("mirror") else (1,)
    return tuple((side * x, y) for x, y in found for side in sides)


def _near(place: XY, box: Box, distance: float) -> bool:
    left, top, width, height = box
    return (
        left - distance <= place[0] <= left + width + distance and top - distance <= place[1] <= top + height + distance
    )


def _outline(box: Box) -> str:
    left, top, width, height = (number(value) for value in box)
    return f"M{left},{top}h{width}v{height}h-{width}z"
