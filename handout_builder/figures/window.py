"""The part of a view that a crowded chart shows: where marks would touch, less of the body is drawn, and larger."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import dist, inf

from handout_builder.content import anatomy
from handout_builder.figures import curves
from handout_builder.figures.layers import Frame
from handout_builder.units import XY

# Minimum distance of centres, in mark radii: below `_TOUCHING` marks touch, the paper round them included; at `_APART`
# a leader line fits between.
_TOUCHING, _APART = 2.4, 3.4
# Those that are still nearer are one place under two names: no drawing parts them.
_SAME = 0.5
# The least that is shown of a view's height, so that the part is known again, and what is left free above the
# uppermost and below the lowest mark, of the window's height. A window that shows almost all shows all; where the body
# ends in the view, and so little would be cut off, such as a foot's sole, it goes to the end.
_LEAST, _FREE, _ALL, _REST = 0.5, 0.1, 0.9, 0.12
# How much of the window's height the colours take to go to the paper's, and what is free beside the outline.
_FADE, _BESIDE = 0.07, 0.02
# A line of an area is looked at so often, in steps of the figure.
_STEP = 4.0


def crowding(spots: Sequence[Sequence[XY]], radius: float) -> float:
    """Return how much larger a drawing has to be so that marks of different points do not touch; 1 where none do.

    Places and radius are in one unit.
    """
    pairs = combinations(spots, 2)
    near = min(
        (d for one, other in pairs for a in one for b in other if (d := dist(a, b)) > _SAME * radius), default=inf
    )
    return _APART * radius / near if near < _TOUCHING * radius else 1.0


def window(frame: Frame, spots: Sequence[Sequence[XY]], told_by: Sequence[XY], larger: float) -> Frame:
    """Return the part of a frame that can be drawn so many times larger, or the least that shows where the marks are.

    All marks and the landmarks that they are told by are in it. It is as wide as what is drawn in it, and fades where
    it cuts the body. An arm that hangs into its upper half alone is left out.
    """
    left, top, width, whole = frame.box
    ys = [y for marks in (*spots, told_by) for _, y in marks]
    middle, span = (min(ys) + max(ys)) / 2, max(ys) - min(ys)
    height = max(whole / larger, _LEAST * whole, span / (1 - 2 * _FREE))
    if height > _ALL * whole:
        return frame
    above = min(max(middle - height / 2, top), top + whole - height)
    below = above + height
    cut = {edge for edge, *_ in frame.fade}
    if "top" not in cut and above - top < _REST * whole:
        above = top
    if "bottom" not in cut and top + whole - below < _REST * whole:
        below = top + whole
    height = below - above
    fade = list(frame.fade)
    if above > top:
        fade.append(("top", above + _FADE * height, above))
    if below < top + whole:
        fade.append(("bottom", below - _FADE * height, below))
    skip = {*frame.skip, *_crossing(frame, above, below)}
    arms = [start for edge, start, _ in frame.fade if edge == "arm"]
    if arms and min(arms) < above + height / 2:
        skip |= {layer["name"] for layer in anatomy.figure(frame.figure)["layers"] if layer.get("fade") == "arm"}
    part = frame._replace(box=(left, above, width, height), fade=tuple(fade), skip=frozenset(skip))
    xs = [*_outlines(part), *(x for marks in spots for x, _ in marks)]
    free = _BESIDE * width
    first, last = max(left, min(xs) - free), min(left + width, max(xs) + free)
    return part._replace(box=(first, above, last - first, height))


def _crossing(frame: Frame, top: float, bottom: float) -> Iterator[str]:
    """Yield the names of the bones that two heights would cut: a rib has nothing to fade."""
    for layer in anatomy.figure(frame.figure)["layers"]:
        if layer["draw"] == "band" and not all(top <= y <= bottom for _, y in layer["points"]):
            yield layer["name"]


def _outlines(frame: Frame) -> Iterator[float]:
    """Yield how far to the left and to the right the areas of a frame reach, at many heights."""
    data = anatomy.figure(frame.figure)
    _, top, _, height = frame.box
    for layer in data["layers"]:
        if layer["draw"] == "fill" and "runs" in layer and layer["name"] not in frame.skip:
            for x, y in (place for run in layer["runs"] for place in curves.samples(run, _STEP * data["step"])):
                if top <= y <= top + height:
                    yield x
                    if data.get("mirror"):
                        yield -x
