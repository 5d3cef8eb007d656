"""Points to be chosen on a drawing of the body: the drawing of a view, and where each point is on it."""

from collections.abc import Iterable
from typing import NamedTuple

from handout_builder.content import anatomy
from handout_builder.content.schema import Point
from handout_builder.figures.layers import Frame, draw
from handout_builder.figures.marks import is_midline

_WIDTH = 720
VIEWS = (
    "body-front",
    "body-back",
    "head-front",
    "head-side",
    "head-back",
    "neck-side",
    "torso-front",
    "back",
    "lower-back",
    "arm-front",
    "arm-back",
    "hand-palm",
    "hand-back",
    "whole-leg-front",
    "whole-leg-back",
    "leg-outer",
    "leg-inner",
    "foot-top",
    "foot-sole",
    "ankle-outer",
    "ankle-inner",
)
"""The views from which one chooses, from the whole to the parts."""


class Mark(NamedTuple):
    """Where a point is on a drawing, in the drawing's units."""

    code: str
    x: float
    y: float
    midline: bool


class BodyMap(NamedTuple):
    """A view of the body with its points, in the figure's unit; the box is left, top, width, height."""

    box: tuple[float, float, float, float]
    marks: tuple[Mark, ...]

    @property
    def unit(self) -> float:
        """A hundredth of its longer side."""
        return max(self.box[2:]) / 100


def body_map(view: str, points: Iterable[Point]) -> BodyMap:
    """Return the points on a view; raises KeyError for a view that there is not."""
    figure = anatomy.views()[view]
    left, top, width, height = Frame.of(figure, view).box
    marks = [
        Mark(point.code, x, y, is_midline(point))
        for point in points
        for x, y in anatomy.shown(view, point, figure)
        if left <= x <= left + width and top <= y <= top + height
    ]
    return BodyMap((left, top, width, height), tuple(sorted(marks, key=lambda mark: (round(mark.y), mark.x))))


def drawing(view: str) -> bytes:
    """Return the drawing of a view as an SVG file; raises KeyError for a view that there is not."""
    from handout_builder.figures.files import svg_file  # noqa: PLC0415  # shapes letters, which takes long to load

    frame = Frame.of(anatomy.views()[view], view)
    box = " ".join(f"{value:g}" for value in frame.box)
    body = draw(frame, "light", view)
    return svg_file(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{body}</svg>', _WIDTH)
