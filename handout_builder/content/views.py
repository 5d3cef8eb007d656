"""Which views show points best: each point in the one that it is told in, in few of them."""

from collections.abc import Mapping, Sequence

from handout_builder.content import anatomy
from handout_builder.content.schema import Point

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
    drawn = [point for there in homes.values() for point in there]
    for view in sorted(homes, key=lambda view: len(homes[view])):
        rest = [other for other in kept if other != view]
        others = [other for other in rest if _size(other) <= _LARGER * _size(view)]
        # The points of a view that was left out before may need this one.
        if len(homes[view]) <= _FEW and _shows_all(others, homes[view]) and _shows_all(rest, drawn):
            kept = rest
    found: dict[str, list[Point]] = {view: [] for view in kept}
    for point in points:
        if home := anatomy.view_of(point):
            shows = [view for view in kept if anatomy.shown(view, point)]
            best = (
                home
                if home in kept
                else max(shows, key=lambda view: (_size(view) <= _LARGER * _size(home), len(homes[view])))
            )
            found[best].append(point)
    return {view: there for view, there in found.items() if there}


def _shows_all(views: Sequence[str], points: Sequence[Point]) -> bool:
    return all(any(anatomy.shown(view, point) for view in views) for point in points)


def _size(view: str) -> float:
    """Return how much of the body a view shows: its longer side, in mm."""
    _, _, width, height = anatomy.figure(anatomy.views()[view])["frames"][view]["box"]
    return float(max(width, height))
