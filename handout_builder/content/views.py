"""Which views show points best: few of them, each point in the one that it is told in, where that is possible."""

from collections.abc import Mapping, Sequence

from handout_builder.content import anatomy
from handout_builder.content.schema import Point

AUTO = "auto"
"""What a chart says instead of a view to have them chosen."""
# What a point counts for in a view: in that which it is told in, in another one (three of which are worth a view that
# one is told in), and where the whole body is small.
_HOME, _OTHER, _SMALL = 1.0, 0.49, 0.1
_WHOLE = ("body-", "whole-")


def chosen(points: Sequence[Point]) -> Mapping[str, list[Point]]:
    """Return the views that show points best, each with its points; a point that none shows is left out.

    The view that shows the most of the points that are left comes first; then each point goes to its home view, if that
    was chosen, else to the first that shows it.
    """
    left = [point for point in points if anatomy.view_of(point)]
    views: list[str] = []
    while left:
        best = max(anatomy.views(), key=lambda view: sum(_worth(view, point) for point in left))
        views.append(best)
        left = [point for point in left if not anatomy.shown(best, point)]
    found: dict[str, list[Point]] = {view: [] for view in views}
    for point in points:
        if view := max(views, key=lambda view: _worth(view, point), default=None):
            if anatomy.shown(view, point):
                found[view].append(point)
    return {view: there for view, there in found.items() if there}


def _worth(view: str, point: Point) -> float:
    if not anatomy.shown(view, point):
        return 0.0
    if view.startswith(_WHOLE):
        return _SMALL
    return _HOME if anatomy.view_of(point) == view else _OTHER
