"""Drawing by hand with numbers: smooth curves through control points, and strokes that swell and taper.

All paths are solid outlines in SVG path data: gradients, masks and SVG strokes that change
their width do not exist, or print badly.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import dist, hypot, pi, sin

from handout_builder.units import XY

_Bezier = tuple[XY, XY, XY, XY]


def spline(points: Sequence[XY], *, closed: bool = False, short: bool = False) -> str:
    """Return path data of a centripetal Catmull-Rom spline as cubic Béziers; ``short``: in tenths of the unit.

    Centripetal (alpha 0.5) neither overshoots nor loops where the spacing of the points changes
    (Yuksel, Schaefer and Keyser, Computer-Aided Design 43, 2011).
    """
    return _path(list(_beziers(points, closed=closed)), short=short) + ("Z" if closed else "")


def outline(runs: Sequence[Sequence[XY]]) -> str:
    """Return path data of a closed outline: runs of points are curves, joined by straight lines; one is a corner."""
    parts: list[str] = []
    for run in runs:
        first = "L" if parts else "M"
        parts.append(_path(list(_beziers(run)), first, short=True) if len(run) > 1 else f"{first}{_pair(run[0], 1)}")
    return "".join(parts) + "Z"


def polygon(points: Sequence[XY]) -> str:
    """Return path data of a closed polygon, in the unit of the points."""
    first, *others = (_pair(point, 1) for point in points)
    return f"M{first}L{' '.join(others)}Z"


def samples(points: Sequence[XY], step: float, *, closed: bool = False) -> list[XY]:
    """Return points on the spline, about ``step`` apart in their unit, both ends included."""
    found = [points[0]]
    if len(points) == 1:
        return found
    for bezier in _beziers(points, closed=closed):
        count = max(1, round(dist(bezier[0], bezier[3]) / step))
        found += [_at(bezier, number / count) for number in range(1, count + 1)]
    return found


def stroke(line: Sequence[XY], width: Callable[[float, XY], float], *, short: bool = False) -> str:
    """Return the outline of a stroke along sampled points; ``width`` gives it for a share of the way and a place."""
    if len(line) < 2:  # noqa: PLR2004  # a line has two ends
        return ""
    way = [0.0]
    for start, end in pairwise(line):
        way.append(way[-1] + dist(start, end))
    left, right = [], []
    for number, (x, y) in enumerate(line):
        (x0, y0), (x1, y1) = line[max(0, number - 1)], line[min(len(line) - 1, number + 1)]
        length = dist((x0, y0), (x1, y1)) or 1
        half = width(way[number] / (way[-1] or 1), (x, y)) / 2
        dx, dy = -(y1 - y0) / length * half, (x1 - x0) / length * half
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    back = list(_beziers(right[::-1]))
    return spline(left, short=short) + _path(back, "L", short=short) + "Z"


def taper(start: float, end: float, least: float = 0.12) -> Callable[[float], float]:
    """Return the share of the full width along a stroke: it swells over ``start`` and thins over ``end`` (0 to 1)."""

    def share(t: float) -> float:
        swell = sin(pi / 2 * min(1.0, t / start)) if start else 1.0
        thin = sin(pi / 2 * min(1.0, (1 - t) / end)) if end else 1.0
        return max(least, min(swell, thin))

    return share


def clip(points: Sequence[XY], top: float, bottom: float) -> list[XY]:
    """Return the part of a closed polygon between two heights in its unit (Sutherland and Hodgman, CACM 17, 1974)."""
    if not points:
        return []
    heights = [y for _, y in points]
    lowest, highest = min(heights), max(heights)
    if top <= lowest and highest <= bottom:
        return list(points)
    if highest < top or bottom < lowest:
        return []
    inside = list(points)
    for edge, sign in ((top, 1), (-bottom, -1)):
        kept: list[XY] = []
        x0, y0 = inside[-1] if inside else (0.0, 0.0)
        was = sign * y0 >= edge
        for x1, y1 in inside:
            now = sign * y1 >= edge
            if now != was:
                height = sign * edge
                kept.append((x0 + (x1 - x0) * (height - y0) / (y1 - y0), height))
            if now:
                kept.append((x1, y1))
            x0, y0, was = x1, y1, now
        inside = kept
    return inside


def _beziers(points: Sequence[XY], *, closed: bool = False) -> Iterator[_Bezier]:
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        ring = [_reflect(points[1], points[0]), *points, _reflect(points[-2], points[-1])]
    roots = [hypot(ax - bx, ay - by) ** 0.5 for (ax, ay), (bx, by) in pairwise(ring)]
    for at in range(len(roots) - 2):
        (before, start, end, after), (d1, d2, d3) = ring[at : at + 4], roots[at : at + 3]
        yield start, _control(before, start, end, d1, d2), _control(after, end, start, d3, d2), end


def _control(outer: XY, near: XY, far: XY, d_outer: float, d_inner: float) -> XY:
    if d_outer == 0 or d_inner == 0:
        return near
    weight = 3 * d_outer * (d_outer + d_inner)
    one, two = d_outer**2, d_inner**2
    three = 2 * one + 3 * d_outer * d_inner + two
    return (
        (one * far[0] - two * outer[0] + three * near[0]) / weight,
        (one * far[1] - two * outer[1] + three * near[1]) / weight,
    )


def _at(bezier: _Bezier, t: float) -> XY:
    # Added one by one: from Python 3.12 on sum() rounds otherwise, and so would a line in the finished file.
    u, v, w, z = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = bezier
    return u * ax + v * bx + w * cx + z * dx, u * ay + v * by + w * cy + z * dy


def _reflect(point: XY, centre: XY) -> XY:
    return 2 * centre[0] - point[0], 2 * centre[1] - point[1]


def _path(segments: Sequence[_Bezier], first: str = "M", *, short: bool = False) -> str:
    """Return path data of a curve; ``short``: in tenths of the unit, from point to point, without adding up errors."""
    if not short:
        return first + _pair(segments[0][0]) + _curves(segments)
    x, y = (round(value, 1) for value in segments[0][0])
    parts = []
    for _, *others in segments:
        values: list[str] = []
        for px, py in others:
            dx, dy = round(px - x, 1), round(py - y, 1)
            values += (number(dx, 1), number(dy, 1))
        x, y = round(x + dx, 1), round(y + dy, 1)
        parts.append(_close(values))
    return f"{first}{_pair((round(segments[0][0][0], 1), round(segments[0][0][1], 1)), 1)}c" + _close(parts)


def _close(values: Sequence[str]) -> str:
    """Return numbers as SVG's grammar lets them stand together: a sign parts them as well as a space does."""
    return " ".join(values).replace(" -", "-")


def _curves(segments: Sequence[_Bezier]) -> str:
    return "".join(f"C{_pair(first)} {_pair(second)} {_pair(end)}" for _, first, second, end in segments)


def _pair(point: XY, digits: int = 2) -> str:
    return f"{number(point[0], digits)},{number(point[1], digits)}"


@lru_cache(maxsize=4096)  # curves in tenths, from point to point, are made of some hundred numbers
def number(value: float, digits: int = 2) -> str:
    """Return a number in as few characters as possible, rounded to so many digits after the point."""
    short = f"{value:.{digits}f}".rstrip("0")
    if short[-1] == ".":
        short = short[:-1]
    return "0" if short == "-0" else short.replace("0.", ".", 1) if -1 < value < 1 and "." in short else short
