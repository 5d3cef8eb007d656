"""Which views show points best: each point in the one that it is told in, in few of them."""

from collections.abc import Mapping, Sequence

from handout_builder.content import anatomy
from handout_builder.content.schema import Chart, Point

AUTO = "auto"
"""What a chart says instead of a view to have them chosen."""
# So many points alone do not need a view of their own, where another shows them that is no larger by more.
_FEW, _LARGER = 2, 1.3


def chosen(points: Sequence[Point]) -> Mapping[str, list[Point]]:
    """Return the views that show points best, each with its points; a point that none shows is left out.

    These are the home views of the points. One with few of them is not needed where others show these points, too, and
    as large.
    """
    homes: dict[str, list[Point]] = {}
    for point in points:
        if view := anatomy.view_of(point):
            homes.setdefault(view, []).append(point)
    kept = list(homes)
    for view in sorted(homes, key=lambda view: len(homes[view])):
        others = [other for other in kept if other != view]
        if len(homes[view]) <= _FEW and all(
            _best(point, others, homes) for points in homes.values() for point in points
        ):
            kept = others
    found: dict[str, list[Point]] = {view: [] for view in kept}
    for point in points:
        if best := _best(point, kept, homes):
            found[best].append(point)
    return {view: there for view, there in found.items() if there}


def drawn(block: Chart, points: Mapping[str, Point]) -> dict[str, list[str]]:
    """Return the views of a chart, each with the codes of its points; raises KeyError for a code without a point.

    Where a part of a chosen view has all of its points, as the upper back may have those of a whole back, it is drawn.
    """
    if block.view != AUTO:
        return {block.view: block.points}
    found: dict[str, list[str]] = {}
    for view, there in chosen([points[code] for code in block.points]).items():
        found.setdefault(_part(view, there), []).extend(point.code for point in there)
    return found


def showing(points: Sequence[Point]) -> str | None:
    """Return a view that shows all of some points, one that some of them are told in if there is any."""
    homes = [view for point in points if (view := anatomy.view_of(point))]
    every = (*homes, *sorted(anatomy.views(), key=_size))
    return next((view for view in every if all(anatomy.shown(view, point) for point in points)), None)


def drawing_id(ident: str, view: str, number: int) -> str:
    """Return the id of one of the drawings of a chart, by its view and its place, from 0; ``ident`` is the chart's."""
    return f"{ident}-{view}" if number else ident


def _best(point: Point, views: Sequence[str], homes: Mapping[str, Sequence[Point]]) -> str | None:
    """Return which of some views shows a point: its home, else the one with most points that shows it as large."""
    home = anatomy.view_of(point)
    if home is None or home in views:
        return home
    shows = [view for view in views if anatomy.shown(view, point) and _size(view) <= _LARGER * _size(home)]
    return max(shows, key=lambda view: len(homes[view]), default=None)


def _part(view: str, points: Sequence[Point]) -> str:
    """Return the smallest part of a view that is drawn as wide on the page, and shows all spots of some points."""
    name = anatomy.views()[view]
    frames = anatomy.figure(name)["frames"]
    parts = [
        other
        for other, frame in frames.items()
        if frame["printed"] == frames[view]["printed"]
        and all(len(anatomy.shown(other, point)) == len(anatomy.shown(view, point)) for point in points)
    ]
    return str(min(parts, key=lambda other: frames[other]["box"][2] * frames[other]["box"][3]))


def _size(view: str) -> float:
    """Return how much of the body a view shows: its longer side, in mm."""
    _, _, width, height = anatomy.figure(anatomy.views()[view])["frames"][view]["box"]
    return float(max(width, height))
