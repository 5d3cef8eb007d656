"""Where a place lies in a figure: its formula (WHO 2008) worked out in two dimensions from landmarks and cun.

All is in the figure's unit, x to the right of the picture, y down, the right side of the body. A cun is that of its
segment: the length of the proportional measure on this figure, divided by its cun (WHO 2008, III.2). A formula holds in
the view that a place is told in (its ``home``); in others skin does not lie on the straight line.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import dist, hypot, inf

from handout_builder.content.schema import Place
from handout_builder.units import XY

GENERAL, FINGER = "height", "finger"
"""The segments of the cun of the whole body (height / 75) and of the finger cun (the thumb's width)."""
# How often a crossing of two curves is sought: one is steep, the other nearly level, each time it is ten times nearer.
_CROSSINGS = 4
_FINGER_BREADTH = 0.75  # of a finger cun: the middle finger's end joint
# A base of the scalp that is beside the midline: what lies above it is told by it, not by a distance.
_BESIDE_THE_MIDLINE = frozenset({"forehead-corner"})

_UP, _DOWN, _LEFT, _RIGHT = (0.0, -1.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0)
_AT_US = (0.0, 0.0)
Axes = Mapping[str, XY]
"""Unit vectors of a picture by direction of the body; nothing for one that runs towards us or away."""
_UPRIGHT: Axes = {"up": _UP, "down": _DOWN, "proximal": _UP, "distal": _DOWN}
# One half is drawn, to the right, and mirrored: away from the midline is to the right.
_HALF: Axes = {**_UPRIGHT, "lateral": _RIGHT, "medial": _LEFT, "left": _LEFT, "right": _RIGHT}
_FROM_RIGHT: Axes = {**_UPRIGHT, "anterior": _RIGHT, "posterior": _LEFT, "lateral": _LEFT}
_FROM_INSIDE: Axes = {**_UPRIGHT, "anterior": _LEFT, "posterior": _RIGHT}
_PALM: Axes = {**_UPRIGHT, "radial": _LEFT, "ulnar": _RIGHT, "lateral": _LEFT, "medial": _RIGHT}
_BACK_OF_ARM: Axes = {**_UPRIGHT, "radial": _RIGHT, "ulnar": _LEFT, "lateral": _RIGHT, "medial": _LEFT}
_HAND: Axes = {"proximal": _DOWN, "distal": _UP, "up": _DOWN, "down": _UP}
_FOOT_SIDE = {"plantar": _DOWN, "up": _UP, "down": _DOWN, "medial": _AT_US, "lateral": _AT_US}
_FROM_ABOVE: Axes = {"anterior": _UP, "posterior": _DOWN, "distal": _UP, "proximal": _DOWN}
_AXES: Mapping[str, Axes] = {
    **dict.fromkeys(("head-front", "head-back", "torso-front", "torso-back", "body-front", "body-back"), _HALF),
    "head-top": {**_FROM_ABOVE, "lateral": _RIGHT, "medial": _LEFT, "left": _LEFT, "right": _RIGHT},
    "shoulder-top": {**_FROM_ABOVE, "lateral": _RIGHT, "medial": _LEFT},
    **dict.fromkeys(("head-side", "neck-side", "torso-side", "hip-side", "leg-outer", "arm-radial"), _FROM_RIGHT),
    "leg-inner": _FROM_INSIDE,
    "arm-ulnar": _FROM_INSIDE,
    "leg-front": {**_UPRIGHT, "lateral": _LEFT, "medial": _RIGHT},
    "leg-back": {**_UPRIGHT, "lateral": _RIGHT, "medial": _LEFT},
    "arm-front": _PALM,
    "arm-back": _BACK_OF_ARM,
    "hand-palm": {**_HAND, "radial": _RIGHT, "ulnar": _LEFT},
    "hand-back": {**_HAND, "radial": _LEFT, "ulnar": _RIGHT},
    "hand-ulnar": {**_HAND, "ulnar": _LEFT},
    "foot-top": {**_FROM_ABOVE, "lateral": _RIGHT, "medial": _LEFT},
    "foot-sole": {**_FROM_ABOVE, "lateral": _LEFT, "medial": _RIGHT},
    "foot-outer": {**_FOOT_SIDE, "anterior": _RIGHT, "posterior": _LEFT, "distal": _RIGHT, "proximal": _LEFT},
    # Towards the eye: what is told by it lies where it is without it.
    "foot-inner": {
        **_FOOT_SIDE,
        "anterior": _LEFT,
        "posterior": _RIGHT,
        "distal": _LEFT,
        "proximal": _RIGHT,
        "medial": (0.0, 0.0),
    },
}


def axes(figure: str) -> Axes:
    """Return the directions of a figure that is drawn as docs/charts.md says; none for a figure of another kind."""
    return _AXES.get(figure, {})


class Figure:
    """A figure as far as formulas need it: landmarks, millimetres (or another unit) per cun, directions, curves.

    ``across`` are tables of (cun, distance) for measures from the midline where the body curves away from the eye.
    ``places`` are those of the points that others are told by. A point that is told by itself in a circle raises
    KeyError, as a landmark, segment or direction does that the figure has not.
    """

    def __init__(
        self,
        landmarks: Mapping[str, XY],
        segments: Mapping[str, float],
        directions: Axes,
        places: Mapping[str, Place] | None = None,
        curves: Mapping[str, Sequence[XY]] | None = None,
        across: Mapping[str, Sequence[XY]] | None = None,
    ) -> None:
        self._landmarks, self._segments, self._directions = landmarks, segments, directions
        self._places, self._curves, self._across = places or {}, curves or {}, across or {}

    def spots(self, place: Place) -> list[XY]:
        """Return where a place lies, in the figure's unit: one spot, or several of a side.

        Cun of a level are positive upwards. Raises KeyError for what the figure lacks, ZeroDivisionError where a level
        is to meet a line that is level, too.
        """
        return self._spots(place, ())

    def _spots(self, place: Place, above: tuple[str, ...]) -> list[XY]:
        if place.formula == "grid" and place.row:
            return [(self._lateral(place), self._landmarks[level][1]) for level in place.row]
        several = max(len(place.p), len(place.q), len(place.offset_dir), 1)
        return [self._spot(place, number, above) for number in range(several)]

    def _spot(self, place: Place, number: int, above: tuple[str, ...]) -> XY:
        p, q = (self._at(_one(names, number), above) for names in (place.p, place.q))
        if place.formula == "grid":
            spot = self._crossing(place, p, q, above, self._curves.get(_one(place.p, number)))
        elif place.formula == "scalp":
            spot = self._on_scalp(place, _known(p, place), q)
        elif place.formula in ("on-line", "between"):
            spot = self._between(place, _known(p, place), _known(q, place))
            if place.level:
                spot = (spot[0], self._height(place, above))
        else:  # landmark, nail, relative
            spot = _known(p, place)
        spot = self._stepped(place, spot, _one(place.offset_dir, number))
        slope = self._curves.get(place.level_name) if place.formula == "grid" else None
        return (spot[0], _y_at(slope, spot[0])) if slope else spot

    def _at(self, name: str, above: tuple[str, ...]) -> XY | None:
        """Return where a landmark or another point is; None for no name."""
        if not name:
            return None
        if name in self._landmarks:
            return self._landmarks[name]
        if name in above or name not in self._places:
            raise KeyError(name)
        return self._spots(self._places[name], (*above, name))[0]

    def _cun(self, line: str, kind: str = "B") -> float:
        if kind in ("F", "FB"):
            finger = self._segments.get(FINGER) or self._segments[GENERAL]
            return finger * (_FINGER_BREADTH if kind == "FB" else 1)
        return self._segments[line or GENERAL]

    def _lateral(self, place: Place) -> float:
        """Return the x of a distance from the midline, which is x = 0."""
        if not place.lateral_cun:
            return 0.0
        way = self._directions["lateral"][0]
        if steps := self._across.get(place.lateral_unit):
            return way * _between_steps(steps, place.lateral_cun)
        return way * place.lateral_cun * self._cun(place.lateral_unit)

    def _height(self, place: Place, above: tuple[str, ...]) -> float:
        level = self._at(place.level_name, above)
        assert level is not None
        return level[1] - (place.level_cun * self._cun(place.unit_line) if place.level_cun else 0.0)

    def _crossing(
        self, place: Place, p: XY | None, q: XY | None, above: tuple[str, ...], curve: Sequence[XY] | None
    ) -> XY:
        """Return where a level meets a vertical, a curve, or the sloping line from p to q."""
        y = self._height(place, above)
        if p is None:
            return self._lateral(place), y
        if q is None:
            slope = self._curves.get(place.level_name)
            for _ in range(_CROSSINGS if curve and slope else 0):
                y = _y_at(slope or (), _x_at(curve or (), y))
            return (_x_at(curve, y) if curve else p[0]), y
        return p[0] + (q[0] - p[0]) * (y - p[1]) / (q[1] - p[1]), y

    def _on_scalp(self, place: Place, base: XY, q: XY | None) -> XY:
        """Return a place so far along the scalp as it is seen: backwards from above, upwards from elsewhere."""
        forward = self._directions.get("posterior", _UP)
        way = (place.cun or 0.0) * self._cun(place.unit_line) if place.cun else 0.0
        if q is not None:
            x = q[0]
        elif _BESIDE_THE_MIDLINE & set(place.p):
            x = base[0]
        else:
            x = self._lateral(place)
        return x + forward[0] * way, base[1] + forward[1] * way

    def _between(self, place: Place, p: XY, q: XY) -> XY:
        """Return a place on the way from p to q: along a curve that the figure has, or straight."""
        curve = next((self._curves[name] for name in place.landmarks if name in self._curves), None)
        way = _part(curve, p, q) if curve else [p, q]
        length = sum(dist(a, b) for a, b in pairwise(way))
        if place.fraction is not None:
            along = place.fraction * length
        else:
            cun = place.cun or 0.0
            along = cun / place.line_cun * length if place.line_cun else cun * self._cun(place.unit_line)
            if place.start == "q":
                along = length - along
        return _walk(way, along)

    def _stepped(self, place: Place, spot: XY, direction: str) -> XY:
        if not place.offset_cun or not direction:
            return spot
        ways = [self._directions[part] for part in direction.split("-")]
        x, y = (sum(parts) for parts in zip(*ways, strict=True))
        step = place.offset_cun * self._cun(place.unit_line, place.cun_kind or "B") / (hypot(x, y) or inf)
        return spot[0] + x * step, spot[1] + y * step


def _one(names: Sequence[str], number: int) -> str:
    """Return the name for one of several spots; what is given once holds for all."""
    return names[number if len(names) > 1 else 0] if names else ""


def _x_at(curve: Sequence[XY], y: float) -> float:
    """Return where a curve that runs downwards is at a height; beyond its ends it goes on straight down."""
    (x, above), *rest = sorted(curve, key=lambda spot: spot[1])
    if y <= above:
        return x
    for right, below in rest:
        if y <= below:
            return x + (right - x) * (y - above) / (below - above)
        x, above = right, below
    return x


def _y_at(curve: Sequence[XY], x: float) -> float:
    """Return how high a curve that runs sideways, such as a rib gap, is at a place; beyond its ends it is level."""
    return _x_at([(y, x) for x, y in curve], x)


def _between_steps(steps: Sequence[XY], cun: float) -> float:
    """Return the distance of so many cun in a table of (cun, distance); after its end it goes on as at the end."""
    (start, then), *rest = pairwise(steps)
    while rest and cun > then[0]:
        (start, then), *rest = rest
    return start[1] + (cun - start[0]) * (then[1] - start[1]) / (then[0] - start[0])


def _known(spot: XY | None, place: Place) -> XY:
    if spot is None:
        raise KeyError(place.formula)
    return spot


def _walk(way: Sequence[XY], along: float) -> XY:
    """Return the spot so far along a way; before its start and behind its end the way goes straight on."""
    (start, then), *rest = pairwise(way)
    while rest and along > dist(start, then):
        along -= dist(start, then)
        (start, then), *rest = rest
    share = along / (dist(start, then) or inf)
    return start[0] + share * (then[0] - start[0]), start[1] + share * (then[1] - start[1])


def _part(curve: Sequence[XY], p: XY, q: XY) -> list[XY]:
    """Return the part of a curve from where it is nearest to p to where it is nearest to q."""
    first, last = (_nearest(curve, spot) for spot in (p, q))
    between: Iterable[XY] = curve[first : last + 1] if first <= last else reversed(curve[last : first + 1])
    return [p, *list(between)[1:-1], q]


def _nearest(curve: Sequence[XY], spot: XY) -> int:
    return min(range(len(curve)), key=lambda number: dist(curve[number], spot))
