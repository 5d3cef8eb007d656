"""Smooth curves go through their points."""

from __future__ import annotations

import math
import re

import pytest
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


def test_an_outline_of_curves_and_corners_is_closed_and_short() -> None:
    data = curves.outline([[(0.0, 0.0)], [(10.0, 0.0), (12.0, 5.0), (10.0, 10.0)], [(0.0, 10.0)]])
    assert data.startswith("M0,0L10,0c")
    assert data.endswith("L0,10Z")
    # The curve is written in steps from point to point: its numbers add up to its end.
    numbers = [
        float(number)
        for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", data[data.index("c") + 1 : data.index("L0,10")])
    ]
    ends = [numbers[at : at + 2] for at in range(4, len(numbers), 6)]
    assert [sum(end[k] for end in ends) for k in (0, 1)] == pytest.approx([0, 10])


def test_short_paths_do_not_drift() -> None:
    line = [(float(x), 0.04 * x * x) for x in range(0, 200, 3)]
    data = curves.spline(line, short=True)
    numbers = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", data[data.index("c") + 1 :])]
    x, y = (sum(numbers[at + k] for at in range(4, len(numbers), 6)) for k in (0, 1))
    assert (x, y) == pytest.approx(line[-1], abs=0.051)
