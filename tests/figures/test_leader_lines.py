"""Labels beside a chart: nothing overlaps, nothing crosses, no leader runs through another mark."""

import os
import random
from collections.abc import Iterator
from itertools import combinations, pairwise
from math import dist, floor, hypot
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.figures.leader_lines import XY, Columns, Label, Spot, place

INNER, OUTER = 6.78, 13.56
LEVELS = {11: 7.5, 12: 12.8, 13: 18.25, 14: 23.95, 15: 30, 16: 36.05, 17: 41.6, 18: 51.55, 19: 56.85, 20: 62.5}
LEVELS |= {21: 68.15, 22: 73.5, 23: 78.65, 24: 83.65, 25: 88.5, 26: 93.2, 27: 99, 28: 103.1, 29: 107.1, 30: 110.6}
BESIDE = {
    41: 12,
    42: 13,
    43: 14,
    44: 15,
    45: 16,
    46: 17,
    47: 18,
    48: 19,
    49: 20,
    50: 21,
    51: 22,
    52: 23,
    53: 28,
    54: 30,
}
MIDDLE = {14: 2.45, 13: 7.5, 12: 18.25, 11: 30, 10: 36.05, 9: 41.6, 8: 51.55, 7: 56.85, 6: 62.5, 5: 73.5, 4: 78.65}
MIDDLE |= {3: 88.5, 2: 111.2}
FORAMINA = {31: (4.3, 99), 32: (3.5, 103.1), 33: (3.1, 107.1), 34: (2.8, 110.6)}
RIGHT: dict[str, tuple[XY, ...]] = {
    **{f"BL{number}": ((INNER, y),) for number, y in LEVELS.items()},
    **{f"BL{number}": ((OUTER, LEVELS[level]),) for number, level in BESIDE.items()},
    **{f"BL{number}": (place,) for number, place in FORAMINA.items()},
    **{f"GV{number}": ((0, y),) for number, y in MIDDLE.items()},
}
MORE: dict[str, tuple[XY, ...]] = {
    "EX-B2": tuple((2.26, y) for y in sorted({*LEVELS.values(), 46.6} - {99, 103.1, 107.1, 110.6})),
    "EX-B7": ((15.82, 88.5),),
    "EX-B8": ((0, 93.2),),
    "GB30": ((21.6, 113.0),),
}
FEW = settings(deadline=None, max_examples=60)
BACK = Columns(-55, 55, -12, 130, 4.2)
OVERVIEW = "BL20 GV4 BL23 BL52 BL24 BL25 GV3 BL26 EX-B2 EX-B7 EX-B8 BL32 BL54 GB30"
SHEETS = [
    (OVERVIEW, Columns(-40, 40, 62, 130, 5), "both"),
    ("BL23 BL24 BL25 GV3", Columns(0, 36, 64, 118, 3.6), "right"),
    ("GV14 GV12 BL11 BL12 BL13 BL41 BL42 BL43 GV13 BL17", Columns(-55, 55, -14, 66, 5), "both"),
]


def spot(code: str, radius: float) -> Spot:
    right = {**RIGHT, **MORE}[code]
    marks = sorted({(sign * x, y) for x, y in right for sign in (-1, 1)})
    return Spot(code, tuple(marks), 0.55 if code == "EX-B2" else radius)


def spots_of(codes: str, radius: float = 1.25) -> list[Spot]:
    return [spot(code, radius) for code in codes.split()]


backs = st.lists(st.sampled_from(sorted(RIGHT)), min_size=1, max_size=30, unique=True).map(
    lambda codes: [spot(code, 1.15) for code in codes]
)
coordinates = st.tuples(st.integers(-60, 60).map(lambda x: x / 4), st.integers(0, 240).map(lambda y: y / 2))
free = st.lists(st.lists(coordinates, min_size=1, max_size=4, unique=True), min_size=1, max_size=30).map(
    lambda rows: [Spot(f"P{number}", tuple(marks), 1.0) for number, marks in enumerate(rows)]
)


def off(point: XY, a: XY, b: XY) -> float:
    """Return the distance of a point from a line, by trying the two ends and the foot of the perpendicular."""
    length = dist(a, b)
    near = min(dist(point, a), dist(point, b))
    if length == 0:
        return near
    along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length
    if not 0 < along < length:
        return near
    return abs((point[0] - a[0]) * (b[1] - a[1]) - (point[1] - a[1]) * (b[0] - a[0])) / length


def clearance(spots: list[Spot], labels: list[Label]) -> float:
    return min(
        off(mark, a, b) - other.radius
        for label in labels
        for a, b in pairwise(label.route)
        for other in spots
        if other.code != label.code
        for mark in other.marks
    )


def crossing(one: Label, other: Label) -> bool:
    """Tell whether two routes have a point in common, by solving for it."""
    for (a, b), (c, d) in ((x, y) for x in pairwise(one.route) for y in pairwise(other.route)):
        ab, cd, ac = ((q[0] - p[0], q[1] - p[1]) for p, q in ((a, b), (c, d), (a, c)))
        slope = ab[0] * cd[1] - ab[1] * cd[0]
        if abs(slope) < 1e-12:
            if min(off(c, a, b), off(d, a, b), off(a, c, d)) < 1e-9:
                return True
            continue
        t, u = (ac[0] * cd[1] - ac[1] * cd[0]) / slope, (ac[0] * ab[1] - ac[1] * ab[0]) / slope
        if 0 <= t <= 1 and 0 <= u <= 1:
            return True
    return False


def check(spots: list[Spot], columns: Columns, labels: list[Label], gap: float = 0.8) -> None:
    by_code = {spot.code: spot for spot in spots}
    assert sorted(label.code for label in labels) == sorted(by_code)
    for side in ("left", "right"):
        ys = sorted(label.y for label in labels if label.side == side)
        assert all(below - above >= columns.pitch - 1e-9 for above, below in pairwise(ys))
        if ys:
            assert ys[0] >= columns.top + columns.pitch / 2 - 1e-9
            assert ys[-1] <= columns.bottom - columns.pitch / 2 + 1e-9
    for label in labels:
        own = by_code[label.code]
        assert min(abs(dist(mark, label.route[0]) - own.radius) for mark in own.marks) < 1e-9
        end = columns.right - gap if label.side == "right" else columns.left + gap
        assert label.route[-1] == (end, label.y)
    assert not [(one, other) for one, other in combinations(labels, 2) if crossing(one, other)]


@pytest.mark.parametrize(("codes", "columns", "sides"), SHEETS)
def test_no_leader_of_the_known_sheets_comes_near_a_foreign_mark(codes, columns, sides):
    spots = spots_of(codes)
    labels = place(spots, columns, sides)
    check(spots, columns, labels)
    assert clearance(spots, labels) >= 1.0
    assert sides == "both" or {label.side for label in labels} == {"right"}


def test_the_columns_of_the_overview_hold_as_many_labels():
    labels = place(spots_of(OVERVIEW), SHEETS[0][1])
    assert [label.side for label in labels].count("left") == len(labels) / 2


def test_a_row_of_pairs_is_labelled_where_it_stands_alone():
    placed = {label.code: label for label in place(spots_of(OVERVIEW), SHEETS[0][1])}
    assert abs(placed["EX-B2"].route[0][1] - 73.5) < 0.6


@FEW
@given(backs)
def test_any_points_of_the_back_are_labelled_clearly(spots):
    labels = place(spots, BACK)
    check(spots, BACK, labels)
    if len(spots) > 1:
        assert clearance(spots, labels) >= 0.59


@FEW
@given(free, st.sampled_from(["both", "right"]))
def test_any_marks_at_all_are_labelled_without_crossings(spots, sides):
    columns = Columns(-40, 40, -10, 130, 4.5)
    check(spots, columns, place(spots, columns, sides))


def test_many_points_of_one_row_share_the_lanes():
    spots = [Spot(f"P{x}", ((x, 20.0),), 1.0) for x in range(0, 24, 4)]
    columns = Columns(0, 50, 0, 40, 4)
    labels = place(spots, columns, "right")
    check(spots, columns, labels)
    assert clearance(spots, labels) >= 1.0


def test_a_column_that_is_full_leaves_the_rest_to_the_other():
    columns = Columns(-40, 40, 0, 40, 4)
    spots = [Spot(f"P{number}", ((20.0, 2.0 * number),), 0.4) for number in range(20)]
    check(spots, columns, place(spots, columns))


@FEW
@given(backs | free, st.randoms())
def test_the_order_of_the_points_does_not_matter(spots, random):
    mixed = random.sample(spots, len(spots))
    assert place(spots, BACK) == place(spots, BACK)
    assert sorted(place(mixed, BACK), key=repr) == sorted(place(spots, BACK), key=repr)


@FEW
@given(backs, st.data())
def test_a_leader_follows_its_point(spots, data):
    code = data.draw(st.sampled_from([spot.code for spot in spots]))
    moved = [s._replace(marks=tuple((x, y + 0.4) for x, y in s.marks)) if s.code == code else s for s in spots]
    before, after = ({label.code: label for label in place(some, BACK)} for some in (spots, moved))
    assert before[code].route != after[code].route


def test_a_leg_is_measured_in_millimetres():
    leg = [Spot("BL40", ((0, 1.5),), 5), Spot("BL57", ((0, 184),), 5), Spot("BL55", ((0, 47),), 5)]
    columns = Columns(0, 90, -20, 220, 22)
    labels = place(leg, columns, "right", 3)
    check(leg, columns, labels, 3)
    assert [label.route for label in labels] == [
        ((5, s.marks[0][1]), (87, s.marks[0][1])) for s in (leg[0], leg[2], leg[1])
    ]


def test_sizes_scale():
    spots, columns, _ = spots_of(OVERVIEW), *SHEETS[0][1:]
    large = [Spot(s.code, tuple((4 * x, 4 * y) for x, y in s.marks), 4 * s.radius) for s in spots]
    wide = Columns(*(4 * v for v in (columns.left, columns.right, columns.top, columns.bottom, columns.pitch)))
    for small, big in zip(place(spots, columns), place(large, wide, gap=3.2), strict=True):
        assert small.code == big.code
        assert all(hypot(4 * a[0] - b[0], 4 * a[1] - b[1]) < 1e-6 for a, b in zip(small.route, big.route, strict=True))


@pytest.mark.parametrize("sides", ["both", "right"])
def test_as_many_labels_as_there_is_room_for(sides):
    columns = Columns(-40, 40, 0, 43, 4)
    room = floor(43 / 4) * (2 if sides == "both" else 1)
    spots = [
        Spot(f"P{number}", ((-number, 20.0 + number % 3), (number, 20.0 + number % 3)), 0.4)
        for number in range(room + 1)
    ]
    check(spots[:room], columns, place(spots[:room], columns, sides))
    with pytest.raises(ValueError, match="room for"):
        place(spots, columns, sides)


def test_nothing_to_label():
    assert place([], BACK) == []


def crowded() -> Iterator[tuple[str, list[Label]]]:
    """Yield labelled points of the back, from few to many, with what they are and with their labels."""
    for number in range(4, 31, 2):
        codes = random.Random(number).sample(sorted({**RIGHT, **MORE}), number)
        columns = BACK if number < 26 else BACK._replace(pitch=3.6)
        yield " ".join(codes), place(spots_of(" ".join(codes), 1.15), columns)


def test_labels_stand_where_they_stood_when_they_were_looked_at() -> None:
    """UPDATE_GOLDEN=1 writes them anew: look at a chart with many points before you commit that."""
    lines = []
    for codes, labels in crowded():
        lines.append(f"# {codes}")
        for label in labels:
            route = " ".join(f"{x:.1f},{y:.1f}" for x, y in label.route)
            lines.append(f"{label.code} {label.side} {label.y:.1f} {route}")
    golden = Path(__file__).with_name("leader-lines.txt")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    assert lines == golden.read_text("utf-8").splitlines()
