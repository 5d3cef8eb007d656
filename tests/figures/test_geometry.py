"""Distances and crossings of straight lines, against fractions, which round nothing, and many points of the line."""

from __future__ import annotations

from fractions import Fraction
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from handout_builder.figures.geometry import crossing, distance, meet, turn

Point = tuple[float, float]
points = st.tuples(st.integers(-20, 20), st.integers(-20, 20))


def common(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Tell whether two lines have a point in common, by solving for it in fractions; they are not parallel."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = (tuple(map(Fraction, point)) for point in (a, b, c, d))
    slope = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / slope
    u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / slope
    return 0 <= t <= 1 and 0 <= u <= 1


@given(points, points, points, points)
def test_lines_meet_when_they_have_a_point_in_common(a: Point, b: Point, c: Point, d: Point) -> None:
    if (b[0] - a[0]) * (d[1] - c[1]) == (b[1] - a[1]) * (d[0] - c[0]):
        return  # parallel, or no line
    assert meet(a, b, c, d) == common(a, b, c, d)
    assert meet(c, d, b, a) == common(a, b, c, d)


def test_parallel_lines() -> None:
    assert not meet((0, 0), (4, 0), (0, 1), (4, 1))
    assert not meet((0, 0), (0, 4), (1, 0), (1, 4))
    assert not meet((0, 0), (1, 1), (2, 2), (3, 3))
    assert not meet((0, 0), (0, 1), (0, 2), (0, 3))
    assert meet((0, 0), (2, 2), (1, 1), (3, 3))
    assert meet((0, 0), (1, 0), (1, 0), (2, 0))


@given(points, points, points)
def test_distance_is_that_of_the_nearest_point_of_the_line(p: Point, a: Point, b: Point) -> None:
    steps = 400
    parts = [(a[0] + (b[0] - a[0]) * n / steps, a[1] + (b[1] - a[1]) * n / steps) for n in range(steps + 1)]
    nearest = min(hypot(p[0] - x, p[1] - y) for x, y in parts)
    half = hypot(b[0] - a[0], b[1] - a[1]) / steps / 2
    assert nearest - half - 1e-9 <= distance(p, a, b) <= nearest + 1e-9


def test_distance_of_simple_lines() -> None:
    assert distance((0, 3), (-5, 0), (5, 0)) == 3
    assert distance((9, 3), (-5, 0), (5, 0)) == 5
    assert distance((3, 4), (0, 0), (0, 0)) == 5


def test_turn_is_twice_the_area_with_a_sign() -> None:
    assert turn((0, 0), (4, 0), (0, 3)) == 12
    assert turn((0, 0), (0, 3), (4, 0)) == -12
    assert turn((0, 0), (1, 1), (3, 3)) == 0


def test_lines_that_would_be_shorter_with_their_ends_changed() -> None:
    marks, ends = [(0.0, 0.0), (0.0, 2.0), (0.0, 9.0)], [(5.0, 2.0), (5.0, 0.0), (5.0, 9.0)]
    assert crossing(marks, ends) == (0, 1)
    assert crossing(marks, [ends[1], ends[0], ends[2]]) is None
    assert crossing([(0, 9), (0, 0), (0, 2)], [(5, 9), (5, 2), (5, 0)]) == (1, 2)
