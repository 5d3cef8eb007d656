"""Smooth curves go through their points."""

from __future__ import annotations

import math
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handout_builder.figures import curves

NUMBERS = st.floats(-500, 500, allow_nan=False).map(lambda value: round(value, 2))
PAIRS = st.tuples(NUMBERS, NUMBERS)


@settings(deadline=None, max_examples=150)
@given(st.lists(PAIRS, min_size=2, max_size=12), st.booleans())
@example([(0.0, 0.0), (0.0, 0.0), (1.0, 1.0)], False)
@example([(-0.04, -0.04), (1.0, 1.0)], True)
def test_curve_passes_through_its_points(points: list[tuple[float, float]], closed: bool) -> None:
    path = curves.spline(points, closed=closed)
    number = r"-?(?:\d+(?:\.\d{1,2})?|\.\d{1,2})"
    pair = f"{number},{number}"
    assert re.fullmatch(f"M{pair}(?:C{pair} {pair} {pair})+{'Z' if closed else ''}", path)
    ends = [tuple(map(float, text.split(" ")[-1].split(","))) for text in re.split("[MC]", path.rstrip("Z"))[1:]]
    wanted = [*points, points[0]] if closed else points
    assert len(ends) == len(wanted)
    for end, point in zip(ends, wanted, strict=True):
        assert math.dist(end, point) <= 0.00501 * math.sqrt(2)
