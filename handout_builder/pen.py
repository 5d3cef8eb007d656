"""Smooth SVG paths through control points."""

from collections.abc import Sequence

Point = tuple[float, float]


def spline(points: Sequence[Point], *, closed: bool = False) -> str:
    """Return path data of a centripetal Catmull-Rom spline as cubic Béziers, one decimal.

    Centripetal (alpha 0.5) neither overshoots nor loops where the spacing of the points changes
    (Yuksel, Schaefer and Keyser, Computer-Aided Design 43, 2011).
    """
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        ring = [_reflect(points[1], points[0]), *points, _reflect(points[-2], points[-1])]
    commands = [f"M{_pair(ring[1])}"]
    for before, start, end, after in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        first, second = _controls(before, start, end, after)
        commands.append(f"C{_pair(first)} {_pair(second)} {_pair(end)}")
    return "".join(commands) + ("Z" if closed else "")


def _controls(before: Point, start: Point, end: Point, after: Point) -> tuple[Point, Point]:
    d1, d2, d3 = (_distance(a, b) ** 0.5 for a, b in ((before, start), (start, end), (end, after)))
    first = _control(before, start, end, d1, d2)
    second = _control(after, end, start, d3, d2)
    return first, second


def _control(outer: Point, near: Point, far: Point, d_outer: float, d_inner: float) -> Point:
    if d_outer == 0 or d_inner == 0:
        return near
    weight = 3 * d_outer * (d_outer + d_inner)
    x, y = (
        (d_outer**2 * far[i] - d_inner**2 * outer[i] + (2 * d_outer**2 + 3 * d_outer * d_inner + d_inner**2) * near[i])
        / weight
        for i in (0, 1)
    )
    return x, y


def _distance(a: Point, b: Point) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _reflect(point: Point, centre: Point) -> Point:
    return 2 * centre[0] - point[0], 2 * centre[1] - point[1]


def _pair(point: Point) -> str:
    return ",".join(f"{value:.1f}".removesuffix(".0").replace("-0.0", "0") for value in point)
