"""The drawn figures: control points, landmarks and frames as data, and where a place lies in them.

The back is measured in % of the skin distance from C7 to the line between the PSIS, the legs in mm; x to
the right of the picture, y down. A cun is 4.52 % (172 cm / 75 = 22.9 mm of 509 mm) or 23 mm.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from handout_builder.content.schema import Place
from handout_builder.resources import LAYOUTS
from handout_builder.units import XY

FIGURES = ("back", "leg-back", "leg-front", "ankle-outer", "ankle-inner")


@cache
def figure(name: str) -> Mapping[str, Any]:
    """Return the data of one drawing of ``layouts/figures/``."""
    return json.loads((LAYOUTS / "figures" / f"{name}.json").read_text("utf-8"))  # type: ignore[no-any-return]


@cache
def _gaps() -> Mapping[str, XY]:
    """Return the gap below each vertebra: half-way to the next spinous process."""
    spinous = list(figure("back")["spinous"].items())
    return {level: (0.0, (y + below) / 2) for (level, y), (_, below) in pairwise(spinous)}


def figure_of(place: Place) -> str | None:
    """Return the name of the figure on which a place can be shown, or None: it has all landmarks of the place."""
    needed = {place.landmark, place.to or place.landmark}
    return next((name for name in FIGURES if needed <= landmarks(name)), None)


@cache
def landmarks(name: str) -> frozenset[str]:
    """Return the landmarks of a figure; those of the back are the vertebrae, too."""
    return frozenset(figure(name)["landmarks"]) | (frozenset(_gaps()) if name == "back" else frozenset())


def positions(place: Place) -> list[XY]:
    """Return x and y of a place in its figure's unit: one spot, or several for a row of vertebrae.

    On the back these are the spots of the right side; ``sides`` tells whether each has a twin on the left.
    Raises KeyError for a landmark that no figure has.
    """
    return list(_positions(place))


def _positions(place: Place) -> Iterator[XY]:
    name = figure_of(place)
    if name is None:
        raise KeyError(place.landmark)
    cun = figure(name)["cun"]
    for x, y in _anchors(place, {**_gaps(), **figure(name)["landmarks"]}):
        yield (x if place.lateral is None else place.lateral * cun), y + place.down * cun


def _anchors(place: Place, landmarks: Mapping[str, XY]) -> Iterator[XY]:
    start = landmarks[place.landmark]
    if place.to is None:
        yield (start[0], start[1])
    elif place.share is None:
        levels = list(_gaps())
        for level in levels[levels.index(place.landmark) : levels.index(place.to) + 1]:
            yield _gaps()[level]
    else:
        end = landmarks[place.to]
        yield start[0] + place.share * (end[0] - start[0]), start[1] + place.share * (end[1] - start[1])


def views() -> Mapping[str, str]:
    """Return the figure of each view."""
    return {view: name for name in FIGURES for view in figure(name)["frames"]}


def shown(view: str, place: Place | None) -> list[XY]:
    """Return where a view shows a place, on both sides where it has two; empty when it does not."""
    name = views()[view]
    if place is None or figure_of(place) != name:
        return []
    left, top, width, height = drawn(name, view)
    found = []
    for x, y in positions(place):
        if left <= x <= left + width and top <= y <= top + height:
            found += [(x, y), (-x, y)] if figure(name).get("mirror") and place.sides == "both" else [(x, y)]
    return found


def view_of(place: Place) -> str | None:
    """Return the view that shows most around a place: the whole back, or the part of the leg; None if there is none."""
    name = figure_of(place)
    view = name and next(iter(figure(name)["frames"]))
    return view if view and shown(view, place) else None


def drawn(name: str, view: str) -> tuple[float, float, float, float]:
    """Return the part of a frame where the body is not faded away."""
    frame = figure(name)["frames"][view]
    left, top, width, height = frame["box"]
    upper = frame["fade"].get("top", [top])[0]
    lower = frame["fade"].get("bottom", [top + height])[0]
    return left, upper, width, lower - upper
