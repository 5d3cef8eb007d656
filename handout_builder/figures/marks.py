"""Marks of points: circles for pairs, diamonds for points on the midline; the filling tells how strong a point is.

What is not to be pressed is crossed out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from markupsafe import Markup

from handout_builder.content.schema import Point
from handout_builder.content.schema.values import Side
from handout_builder.figures.curves import number
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import XY

Kind = Literal["filled", "target", "ring", "thin"]
# More spots of one point than a hand or foot can have are a row along the spine.
_FEW = 8
# A spot this near to the midline of a figure, in its unit, lies on it.
_ON_MIDLINE = 1e-3
SMALL = 0.5
"""The size of the many marks of a row, of that of a single one."""
PAPER = 1.2
"""How far a mark with the paper round it reaches from its place, in radii."""
# How far a thin ring reaches, and how much further a diamond, in radii.
_THIN, _DIAMOND = 0.8, 1.22


class Entry(NamedTuple):
    """A point on a chart: its entry in the catalogue, the name beside its code, and how it is marked."""

    point: Point
    name: str
    kind: Kind = "filled"
    side: Side | None = None
    """The side that its card speaks of."""


def is_midline(point: Point) -> bool:
    """Tell whether a point lies on the midline, once."""
    return point.place is not None and point.place.sides == "one"


def beside_midline(point: Point) -> bool:
    """Tell whether a point that lies on the midline once has spots beside it, too: four round the crown."""
    return is_midline(point) and point.place is not None and point.place.count > 1


def is_row(point: Point) -> bool:
    """Tell whether a point is a row of many spots, which are marked smaller."""
    return point.place is not None and point.place.count > _FEW


def shapes_of(entries: Iterable[Entry]) -> set[bool]:
    """Return which shapes a drawing has: True for diamonds, False for circles; what is crossed out is neither."""
    pressed = [entry.point for entry in entries if entry.point.press != "no"]
    return {is_midline(point) for point in pressed} | {False for point in pressed if beside_midline(point)}


def small(point: Point, kind: Kind) -> Kind:
    """Return how a point is marked where the marks of a row are small: filled, as the size says that there are many."""
    return "filled" if is_row(point) else kind


def reach(point: Point, kind: Kind, radius: float) -> float:
    """Return how far a point's mark reaches from its place, with the paper round it, in the unit of ``radius``."""
    if point.press == "no":
        return radius * PAPER
    return radius * (_THIN if kind == "thin" else PAPER) * (_DIAMOND if is_midline(point) else 1)


def marks_of(
    places: Sequence[XY], point: Point, kind: Kind, radius: float, colours: Mapping[str, str]
) -> Iterator[str]:
    """Yield a point's mark at each of its places; ``radius`` is in the drawing's unit.

    Of several spots round the midline those beside it are a pair. A point that is not to be pressed has a ring that is
    crossed out, however strong it is.
    """
    if point.press == "no":
        yield from (_crossed_out(place, radius, colours) for place in places)
        return
    for x, y in places:
        midline = is_midline(point) and (abs(x) < _ON_MIDLINE or not beside_midline(point))
        yield mark((x, y), kind, radius, "dot-mid" if midline else "dot", colours, diamond=midline)


def mark(place: XY, kind: Kind, radius: float, colour: str, colours: Mapping[str, str], *, diamond: bool) -> str:
    """Return a mark: filled with a ring of paper round it, a ring with a core, a ring, or a thin small ring.

    ``place`` and ``radius`` are in the drawing's unit.
    """
    inked, paper = colours[colour], colours["paper"]
    if kind == "filled":
        return _disc(place, radius * PAPER, paper, diamond) + _disc(place, radius, inked, diamond)
    share = {"target": 0.72, "ring": 0.58, "thin": 0.66}[kind]
    outer = radius * (_THIN if kind == "thin" else 1)
    rings = _disc(place, outer, inked, diamond) + _disc(place, outer * share, paper, diamond)
    return rings + (_disc(place, radius * 0.4, inked, diamond) if kind == "target" else "")


def _crossed_out(place: XY, radius: float, colours: Mapping[str, str]) -> str:
    x, y = place
    arm, ink = 0.6 * radius, colours["ink"]
    ring = _disc(place, radius, ink, diamond=False) + _disc(place, radius * 0.74, colours["paper"], diamond=False)
    legs = f"M{number(x - arm)},{number(y - arm)}l{number(2 * arm)},{number(2 * arm)}"
    legs += f"m0,{number(-2 * arm)}l{number(-2 * arm)},{number(2 * arm)}"
    cross = f'<path d="{legs}" fill="none" stroke="{ink}" stroke-width="{number(radius * 0.3)}"/>'
    return _disc(place, radius * PAPER, colours["paper"], diamond=False) + ring + cross


def _disc(centre: XY, radius: float, colour: str, diamond: bool) -> str:
    x, y = centre
    if diamond:
        half = number(radius * _DIAMOND)
        data = f"M{number(x)},{number(y - radius * _DIAMOND)}l{half},{half} -{half},{half} -{half},-{half}z"
        return f'<path d="{data}" fill="{colour}"/>'
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{colour}"/>'


def alone(point: Point, kind: Kind, theme: Theme, *, ground: bool = False) -> Markup:
    """Return a point's mark alone, as a small picture beside words that say the same.

    ``ground``: on paper of its own, for screens that are dark.
    """
    radius = 5 * (SMALL if is_row(point) else 1)
    paper = _disc((0.0, 0.0), 7, chart_colours(theme)["paper"], diamond=False) if ground else ""
    marked = paper + "".join(marks_of([(0.0, 0.0)], point, small(point, kind), radius, chart_colours(theme)))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 14 14" class="mark" aria-hidden="true">{}</svg>'
    ).format(Markup(marked))
