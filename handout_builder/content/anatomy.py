"""The drawn figures: control points, landmarks and frames as data, and where the points lie in them.

The places of the catalogue's points were worked out when the figures were made, and are stored beside them; those of a
handout's own points are worked out from the figure's landmarks. All is in the figure's unit, x to the right of the
picture, y down.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import dist, inf
from typing import Any

from handout_builder.content import place_formula
from handout_builder.content.schema import Place, Point
from handout_builder.resources import LAYOUTS
from handout_builder.units import XY

_SAME = 0.25
"""How far two spots of the same place lie apart at most, in a figure's unit."""
_NEAR = 5.0
"""How far beside the outline a spot may lie, in a figure's unit: skin curves away from the eye there."""
_AREAS = ("skin", "trunk", "arm", "hair")
_POSITIONS = "positions"
_ALL_ROUND = "skin-border-"
NEUTRAL = "neutral"
"""The body that all views are drawn of; of a woman's or a man's there are a few."""
_ORDER = ("torso-back", "torso", "head", "neck", "shoulder", "hip", "arm", "hand", "leg", "foot")
"""The order in which figures are looked through and shown, by how their names begin; others come last."""


@cache
def figures() -> tuple[str, ...]:
    """Return the names of all figures of ``layouts/figures/`` of the neutral body, in their order."""
    names = {file.stem for file in (LAYOUTS / "figures").glob("*.json")} - {_POSITIONS}
    neutral = (name for name in names if _body(name) == NEUTRAL)
    return tuple(sorted(neutral, key=lambda name: (_rank(name), name)))


def _body(name: str) -> str:
    return str(figure(name).get("source", {}).get("body", NEUTRAL))


@cache
def _others() -> Mapping[str, str]:
    """Return the figures of other bodies than the neutral one, each with that of the neutral body."""
    names = (file.stem for file in (LAYOUTS / "figures").glob("*.json"))
    return {
        name: name.removesuffix(f"-{_body(name)}") for name in names if name != _POSITIONS and name not in figures()
    }


def _rank(name: str) -> int:
    return next((number for number, begins in enumerate(_ORDER) if name.startswith(begins)), len(_ORDER))


@cache
def figure(name: str) -> Mapping[str, Any]:
    """Return the data of one drawing of ``layouts/figures/``."""
    return json.loads((LAYOUTS / "figures" / f"{name}.json").read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def _gaps(name: str) -> Mapping[str, XY]:
    """Return the gap below each vertebra: half-way to the next spinous process."""
    spinous = list(figure(name).get("spinous", {}).items())
    return {level: (0.0, (y + below) / 2) for (level, y), (_, below) in pairwise(spinous)}


@cache
def stored() -> Mapping[str, Mapping[str, Sequence[XY]]]:
    """Return where the points lie in each figure, by code, in its unit: right side, or midline."""
    found = json.loads((LAYOUTS / "figures" / f"{_POSITIONS}.json").read_text("utf-8"))
    return {
        name: {code: tuple((x, y) for x, y in spots) for code, spots in points.items()}
        for name, points in found.items()
    }


@cache
def landmarks(name: str) -> Mapping[str, XY]:
    """Return the landmarks of a figure in its unit, among them the gaps below the vertebrae."""
    own = {key: (x, y) for key, (x, y) in figure(name)["landmarks"].items()}
    return {**_gaps(name), **own}


def landmarks_of(name: str, point: Point) -> list[XY]:
    """Return what a point's place is told by, in a figure's unit, where it shows it: landmarks, other points.

    The border of the skins runs round the whole hand or foot: it is no place in it.
    """
    place = point.place
    known = {code: spots[0] for code, spots in stored().get(name, {}).items()} | dict(landmarks(name))
    names = dict.fromkeys((*place.p, *place.q, *place.landmarks)) if place else ()
    return [known[one] for one in names if one in known and not one.startswith(_ALL_ROUND)]


def place_on_figure(
    place: Place, name: str, places: Mapping[str, Place] | None = None, more: Mapping[str, XY] | None = None
) -> list[XY]:
    """Return where a place lies by its formula, in a figure's unit, right side or midline; empty if it cannot be told.

    Points that it is told by are where they are stored, else where ``places`` say; ``more`` are further landmarks.
    """
    if name not in figures() and name not in _others():
        return []
    try:
        return _drawn_on(place, name, places, more).spots(place)
    except (KeyError, ZeroDivisionError):
        return []


def why_nowhere(place: Place, name: str, more: Mapping[str, XY] | None = None) -> str:
    """Return why a place cannot be told in a figure by its formula; "" where it can. ``more`` are further landmarks."""
    try:
        _drawn_on(place, name, None, more).spots(place)
    except KeyError as error:
        return f"the figure '{name}' has no '{error.args[0]}'"
    except ZeroDivisionError:
        return f"in the figure '{name}', p and q are equally high: their line meets no level"
    return ""


def _drawn_on(
    place: Place, name: str, places: Mapping[str, Place] | None, more: Mapping[str, XY] | None
) -> place_formula.Figure:
    data = figure(name)
    known = {code: spots[0] for code, spots in stored().get(name, {}).items()}
    # A figure that has one cun for all its segments.
    segments = _Segments(data.get("segments", {}), data.get("cun"))
    directions = place_formula.axes(place.home)
    return place_formula.Figure(
        {**known, **landmarks(name), **(more or {})},
        segments,
        directions,
        places,
        data.get("curves"),
        data.get("across"),
    )


class _Segments(dict[str, float]):
    """Units of a figure per cun, by proportional measure; the same for all in a figure with one cun."""

    def __init__(self, segments: Mapping[str, float], cun: float | None) -> None:
        super().__init__(segments)
        self._cun = cun

    def __missing__(self, name: str) -> float:
        if self._cun is None:
            raise KeyError(name)
        return self._cun


def figure_of(point: Point) -> str | None:
    """Return the name of the figure that shows a point best: its home, else the first that does, or None."""
    if point.place is None:
        return None
    names = (point.place.home, *figures())
    return next((name for name in names if positions_in(name, point)), None)


def positions(point: Point) -> Sequence[XY]:
    """Return x and y of a point in its figure's unit: one spot, or several; empty when no figure has it.

    These are the spots of the right side; ``sides`` tells whether each has a twin on the left.
    """
    name = figure_of(point)
    return positions_in(name, point) if name else ()


def positions_in(name: str, point: Point) -> Sequence[XY]:
    """Return where a point lies, in a figure's unit: right side, or midline; empty when the figure does not show it."""
    if point.place is None or not point.place.home:
        return ()
    moved = point.spots if point.own else _moved(point.code, point.place)
    if not moved and not point.own:
        return stored().get(name, {}).get(point.code, ())
    if name == point.place.home:
        return moved
    return place_on_figure(point.place, name) if _others().get(name) == point.place.home else []


@cache
def _moved(code: str, place: Place) -> tuple[XY, ...]:
    """Return where a point lies whose place is another than that of which its positions were made; else nothing.

    Tables of a clinic's own may tell a place differently. Its drawing then follows the formula, in its home alone.
    """
    name = place.home
    told, known = place_on_figure(place, name), stored().get(name, {}).get(code, ())
    if not told or (len(told) == len(known) and all(dist(*pair) <= _SAME for pair in zip(told, known, strict=True))):
        return ()
    return tuple(told)


@cache
def views() -> Mapping[str, str]:
    """Return the figure of each view, in the order of the figures."""
    return {view: name for name in figures() for view in figure(name)["frames"]}


def figure_for(view: str, points: Iterable[Point], body: str) -> str:
    """Return the figure that a view of a body has: that of the neutral one, where no other shows all of the points."""
    neutral = views()[view]
    own = f"{neutral}-{body}"
    if own not in _others():
        return neutral
    wanted = [(point, len(shown(view, point))) for point in points]
    return own if all(len(shown(view, point, own)) == spots for point, spots in wanted) else neutral


def shown(view: str, point: Point, name: str = "") -> list[XY]:
    """Return where a view shows a point, in its figure's unit, on both sides if it has two; empty when it does not.

    ``name`` is the view's figure of another body.
    """
    name = name or views()[view]
    if point.place is None:
        return []
    left, top, width, height = drawn(name, view)
    reach = _reach(name, view)
    found = []
    for x, y in positions_in(name, point):
        if left <= x <= left + width and top <= y <= top + height and abs(x) <= reach:
            found += [(x, y), (-x, y)] if figure(name).get("mirror") and point.place.sides == "both" else [(x, y)]
    return found


@cache
def _reach(name: str, view: str) -> float:
    """Return how far from the midline a frame shows points: what lies beyond its labels, or is cut off, it does not."""
    frame = figure(name)["frames"][view]
    columns = (frame[key]["x"] for key in ("labels", "high") if key in frame)
    return float(max(columns)) if figure(name).get("mirror") else inf


def is_on_body(name: str, spot: XY) -> bool:
    """Tell whether a spot lies on the skin or hair of a figure, or as good as."""
    return any(_inside(spot, ring) or _distance(spot, ring) <= _NEAR for ring in _rings(name))


@cache
def _rings(name: str) -> Sequence[Sequence[XY]]:
    """Return the outlines of a figure's areas of skin and hair as polygons, on both sides."""
    data = figure(name)
    areas = (layer for layer in data["layers"] if layer["draw"] == "fill" and layer["name"] in _AREAS)
    found = [[(x, y) for run in layer["runs"] for x, y in run] for layer in areas]
    return [*found, *([(-x, y) for x, y in ring] for ring in found if data.get("mirror"))]


def _inside(spot: XY, ring: Sequence[XY]) -> bool:
    x, y = spot
    crossed = sum(
        (above > y) != (below > y) and x < left + (y - above) * (right - left) / (below - above)
        for (left, above), (right, below) in pairwise([*ring, ring[0]])
    )
    return crossed % 2 == 1


def _distance(spot: XY, ring: Sequence[XY]) -> float:
    """Return how far a spot is from the lines of a polygon."""
    x, y = spot
    least = inf
    for (left, above), (right, below) in pairwise([*ring, ring[0]]):
        wide, high = right - left, below - above
        length = wide * wide + high * high
        share = min(1.0, max(0.0, ((x - left) * wide + (y - above) * high) / length)) if length else 0.0
        least = min(least, dist(spot, (left + share * wide, above + share * high)))
    return least


def view_of(point: Point) -> str | None:
    """Return the view that shows a point best: of its home, else the first that shows it; None if there is none."""
    if point.place is None:
        return None
    return next((view for view in _from_home(point.place.home) if shown(view, point)), None)


@cache
def _from_home(home: str) -> tuple[str, ...]:
    """Return all views, those of a figure first."""
    return tuple(sorted(views(), key=lambda view: views()[view] != home))


def extent(name: str) -> tuple[float, float, float, float]:
    """Return the box of the whole figure in its unit, that of its last frame: left, top, width, height."""
    *_, (left, top, width, height) = (frame["box"] for frame in figure(name)["frames"].values())
    return left, top, width, height


def drawn(name: str, view: str) -> tuple[float, float, float, float]:
    """Return the part of a frame where the body is not faded away: left, top, width, height in the figure's unit."""
    frame = figure(name)["frames"][view]
    left, top, width, height = frame["box"]
    upper = frame["fade"].get("top", [top])[0]
    lower = frame["fade"].get("bottom", [top + height])[0]
    return left, upper, width, lower - upper
