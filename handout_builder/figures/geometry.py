"""Distances and crossings of straight lines in the plane, in the unit of the points."""

from collections.abc import Sequence
from itertools import combinations
from math import dist, hypot

from handout_builder.units import XY

# What rounding may leave of nothing.
_TINY = 1e-9


def distance(p: XY, a: XY, b: XY) -> float:
    """Return the distance of a point from the line from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    square = dx * dx + dy * dy
    t = min(1.0, max(0.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square)) if square else 0.0
    return hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)


def turn(a: XY, b: XY, c: XY) -> float:
    """Return twice the area of a triangle, in the square of the unit, negative if it turns the other way."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def meet(a: XY, b: XY, c: XY, d: XY) -> bool:
    """Tell whether the line from a to b and the line from c to d cross or touch."""
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    return turn(a, b, c) * turn(a, b, d) < _TINY and turn(c, d, a) * turn(c, d, b) < _TINY


def crossing(marks: Sequence[XY], ends: Sequence[XY]) -> tuple[int, int] | None:
    """Return the numbers of two lines from mark to end that cross and would be shorter with their ends changed."""
    for i, j in combinations(range(len(marks)), 2):
        longer = dist(marks[i], ends[i]) + dist(marks[j], ends[j])
        shorter = dist(marks[i], ends[j]) + dist(marks[j], ends[i])
        if shorter < longer - _TINY and meet(marks[i], ends[i], marks[j], ends[j]):
            return i, j
    return None
