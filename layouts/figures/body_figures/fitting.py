"""Traced polylines as few control points of the spline that the product draws (centripetal Catmull-Rom, curves.spline).

Units: mm.
"""

from itertools import pairwise

import numpy as np
from scipy import ndimage as ndi
from scipy.spatial import cKDTree


def length(line: np.ndarray) -> float:
    """Return the length of a polyline."""
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def resample(line: np.ndarray, step: float) -> np.ndarray:
    """Return points about ``step`` apart on a polyline, both ends included."""
    way = np.r_[0, np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))]
    at = np.linspace(0, way[-1], max(2, round(way[-1] / step) + 1))
    return np.stack([np.interp(at, way, line[:, k]) for k in range(line.shape[1])], 1)


def smooth(line: np.ndarray, sigma: float, step: float = 0.5, *, closed: bool = False) -> np.ndarray:
    """Return a polyline smoothed along its way; the ends of an open line stay."""
    if length(line) < 2 * step:
        return line
    q, s = resample(line, step), sigma / step
    if closed:
        ring = np.stack([ndi.gaussian_filter1d(q[:-1, k], s, mode="wrap") for k in range(2)], 1)
        return np.vstack([ring, ring[:1]])
    n = min(len(q) - 1, int(4 * s) + 1)
    before, after = 2 * q[0] - q[n:0:-1], 2 * q[-1] - q[-2 : -n - 2 : -1]
    whole = np.vstack([before, q, after])
    return np.stack([ndi.gaussian_filter1d(whole[:, k], s)[len(before) : len(before) + len(q)] for k in range(2)], 1)


def curve(points: np.ndarray, count: int = 12) -> np.ndarray:
    """Return ``count`` samples a segment of the spline through open control points."""
    p = np.asarray(points, float)
    if len(p) == 2:
        return np.linspace(p[0], p[1], count + 1)
    t = np.linspace(0, 1, count, endpoint=False)
    rows = [_row(p, i, t) for i in range(len(p) - 1)]
    return np.vstack([*rows, p[-1:]])


def _row(p: np.ndarray, i: int, t: np.ndarray) -> np.ndarray:
    columns, basis = _basis(p, i, t)
    return basis @ p[columns]


def _basis(p: np.ndarray, i: int, t: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Return which control points make the segment i, and their weights at t (linear in them for given distances)."""
    last = len(p) - 1
    # The end points' neighbours are reflected: before = 2 start - next.
    before = {i - 1: 1.0} if i > 0 else {0: 2.0, 1: -1.0}
    after = {i + 2: 1.0} if i + 2 <= last else {last: 2.0, last - 1: -1.0}
    columns = sorted({*before, i, i + 1, *after})
    place = {column: k for k, column in enumerate(columns)}

    def vector(parts: dict[int, float]) -> np.ndarray:
        v = np.zeros(len(columns))
        for column, share in parts.items():
            v[place[column]] = share
        return v

    b, s, e, a = vector(before), vector({i: 1.0}), vector({i + 1: 1.0}), vector(after)
    d1, d2, d3 = (max(1e-6, float(np.linalg.norm((x - y) @ p[columns]))) ** 0.5 for x, y in ((b, s), (s, e), (e, a)))

    def control(outer: np.ndarray, near: np.ndarray, far: np.ndarray, d_outer: float, d_inner: float) -> np.ndarray:
        weight = 3 * d_outer * (d_outer + d_inner)
        own = 2 * d_outer**2 + 3 * d_outer * d_inner + d_inner**2
        return (d_outer**2 * far - d_inner**2 * outer + own * near) / weight

    c1, c2 = control(b, s, e, d1, d2), control(a, e, s, d3, d2)
    t = np.asarray(t)[:, None]
    return columns, (1 - t) ** 3 * s + 3 * (1 - t) ** 2 * t * c1 + 3 * (1 - t) * t**2 * c2 + t**3 * e


def fit(line: np.ndarray, tolerance: float) -> np.ndarray:
    """Return few control points whose spline stays within a tolerance of an open polyline (least squares).

    The ends stay where they are. Points are added where the spline is farthest off, then those that are not needed
    are dropped.
    """
    p = np.asarray(line, float)
    if len(p) < 4:
        return p
    knots = [0, len(p) - 1]
    control = _solved(p, knots)
    while len(knots) < len(p):
        off = _off(p, control, tolerance)
        more = []
        for a, b in pairwise(knots):
            if b - a > 1 and off[a + 1 : b].max() > tolerance:
                worst = a + 1 + int(np.argmax(off[a + 1 : b]))
                more.append(worst if b - a > 5 and min(worst - a, b - worst) > (b - a) // 6 else (a + b) // 2)
        if not more:
            break
        knots = sorted({*knots, *more})
        control = _solved(p, knots)
    at = 1
    while at < len(knots) - 1:
        fewer = knots[:at] + knots[at + 1 :]
        tried = _near(p, fewer, np.delete(control, at, axis=0), at)
        low, high = max(0, at - 4), min(len(fewer) - 1, at + 3)
        if _off(p[fewer[low] : fewer[high] + 1], tried, tolerance, low, high).max() <= tolerance:
            knots, control = fewer, tried
        else:
            at += 1
    return control


def _near(p: np.ndarray, knots: list[int], control: np.ndarray, at: int) -> np.ndarray:
    """Return control points of which the four round ``at`` are solved anew, the others stay."""
    moved = control.copy()
    free = [k for k in range(at - 2, at + 2) if 0 < k < len(knots) - 1]
    if not free:
        return moved
    low, high = max(0, free[0] - 2), min(len(knots) - 2, free[-1] + 1)
    start = knots[low]
    matrix = np.zeros((knots[high + 1] - start + 1, len(knots)))
    for i in range(low, high + 1):
        rows = np.arange(knots[i], knots[i + 1] + (1 if i == high else 0))
        columns, basis = _basis(moved, i, (rows - knots[i]) / (knots[i + 1] - knots[i]))
        matrix[np.ix_(rows - start, columns)] += basis
    fixed = [k for k in range(len(knots)) if k not in free]
    rest = p[start : knots[high + 1] + 1] - matrix[:, fixed] @ moved[fixed]
    pull = 0.05 * np.eye(len(free))
    moved[free] = np.linalg.lstsq(
        np.vstack([matrix[:, free], pull]), np.vstack([rest, pull @ p[knots][free]]), rcond=None
    )[0]
    return moved


def _off(p: np.ndarray, control: np.ndarray, tolerance: float, low: int = 0, high: int | None = None) -> np.ndarray:
    """Return how far points lie from the spline, sampled finely enough to tell."""
    rows = []
    last = len(control) - 1 if high is None else high
    for i in range(low, last):
        count = int(np.linalg.norm(control[i + 1] - control[i]) / (0.7 * tolerance)) + 3
        t = np.linspace(0, 1, count, endpoint=False)
        rows.append(np.linspace(control[0], control[1], count) if len(control) == 2 else _row(control, i, t))
    return cKDTree(np.vstack([*rows, control[last : last + 1]])).query(p)[0]


def _solved(p: np.ndarray, knots: list[int]) -> np.ndarray:
    """Return control points, one near each knot, with the least squares of distances; the ends are fixed."""
    control = p[knots].copy()
    if len(knots) == 2:
        return control
    for _ in range(2):
        matrix = np.zeros((len(p), len(knots)))
        for i, (a, b) in enumerate(pairwise(knots)):
            rows = np.arange(a, b if i + 2 < len(knots) else b + 1)
            columns, basis = _basis(control, i, (rows - a) / (b - a))
            matrix[np.ix_(rows, columns)] += basis
        inner = matrix[:, 1:-1]
        rest = p - matrix[:, [0, -1]] @ control[[0, -1]]
        # A light pull to the knots keeps sparse stretches calm.
        pull = 0.05 * np.eye(inner.shape[1])
        control[1:-1] = np.linalg.lstsq(np.vstack([inner, pull]), np.vstack([rest, pull @ p[knots][1:-1]]), rcond=None)[
            0
        ]
    return control
