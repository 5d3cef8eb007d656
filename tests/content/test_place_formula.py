"""Where a place lies by its formula: each kind worked out from landmarks, and what moves with what."""

from __future__ import annotations

import math
from typing import Any

import pytest
from helpers.project import SOURCE
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.content.catalogue import catalogue
from handout_builder.content.place_formula import Figure, axes
from handout_builder.content.schema import FigureName, Place

POINTS = catalogue(SOURCE)
PLACES = {code: point.place for code, point in POINTS.items() if point.place}
XY = tuple[float, float]

# In mm, on a body of 1662 mm: landmarks as they are seen, and mm a cun. Heights are negative: y runs down.
FOREARM = {"PC7": (-0.1, 5.0), "PC3": (12.0, -238.0), "biceps-tendon": (4.2, -238.0)}
SHIN = {"ST35": (-127.0, -471.0), "ST41": (-128.2, -86.2)}
TRUNK = {
    "navel": (0.0, -1010.7),
    "xiphisternal": (0.0, -1185.7),
    "pubic-symphysis": (0.0, -871.7),
    "nipple": (96.8, -1214.7),
    "coracoid": (121.7, -1356.6),
    "clavicle-lower": (60.0, -1362.0),
    "asis": (120.0, -960.0),
}
TRUNK_CUN = {"upper-belly": 21.9, "lower-belly": 27.9, "nipples": 24.2, "height": 22.2}
FACE = {"hairline-mid": (0.0, -1625.9), "forehead-corner": (56.0, -1616.9), "pupil": (30.0, -1556.0)}
HEAD_CUN = {"head-sagittal": 19.4, "forehead-width": 10.9, "height": 22.2, "finger": 19.0}
PUBIC_BONE = {"pubic-symphysis-lower": (0.0, -850.0)}
SPINE = {f"T{n}": (0.0, 10.0 * n) for n in range(1, 13)} | {f"L{n}": (0.0, 120 + 10.0 * n) for n in range(1, 6)}
SLOPING = {"midaxillary-line": [(24.0, -10.0), (16.0, 70.0)], "ICS4-side": [(0.0, 25.0), (80.0, 45.0)]}
HAND = {"nail-2-radial": (-30.0, -180.0), "mc2-base": (-13.9, -21.9), "mcp-2": (-27.9, -90.8)}


def spots(code: str, landmarks: dict[str, XY], cun: dict[str, float], **change: Any) -> list[XY]:
    place = PLACES[code]
    figure = Figure(landmarks, cun, axes(place.home), PLACES)
    return figure.spots(place.model_copy(update=change))


@pytest.mark.parametrize(
    ("code", "landmarks", "cun", "wanted"),
    [
        # on-line: 3 of 16 cun, 2 of 12 cun; from the other end; a part of the way
        ("ST36", SHIN, {}, [(-127.225, -471 + 3 / 16 * 384.8)]),
        ("PC6", FOREARM, {}, [(-0.1 + 12.1 / 6, 5 - 243 / 6)]),
        ("LI10", {"LI5": (0.0, 0.0), "LI11": (0.0, -240.0)}, {}, [(0.0, -200.0)]),
        ("KI1", {"sole-web-23": (0.0, 0.0), "heel-back": (0.0, 180.0)}, {}, [(0.0, 180 * 0.333)]),
        # without a length of the way a cun is that of the segment
        ("TE12", {"olecranon": (0.0, 0.0), "acromion-angle": (0.0, -330.0)}, {"upper-arm": 22.0}, [(0.0, -110.0)]),
        # grid: level and distance from the midline; below the navel a cun is another one than above it
        ("CV12", TRUNK, TRUNK_CUN, [(0.0, -1010.7 - 4 * 21.9)]),
        ("CV4", TRUNK, TRUNK_CUN, [(0.0, -1010.7 + 3 * 27.9)]),
        ("ST25", TRUNK, TRUNK_CUN, [(48.4, -1010.7)]),
        # grid: a landmark decides, not the distance from the midline
        ("LU2", TRUNK, TRUNK_CUN, [(121.7 - 0.5 * 22.2, -1362.0)]),
        # … at a level that is told by another point
        ("LU1", TRUNK, TRUNK_CUN, [(121.7 - 0.5 * 22.2, -1362.0 + 22.2)]),
        ("GB27", TRUNK, TRUNK_CUN, [(120.0 - 0.2 * 27.9, -1010.7 + 3 * 27.9)]),
        # grid: a level meets a sloping line
        (
            "ST31",
            {"asis": (-120.0, -960.0), "patella-base-lateral": (-140.0, -520.0), **PUBIC_BONE},
            {},
            [(-125.0, -850.0)],
        ),
        # scalp: upwards as seen from the front; above the pupil; above the corner
        ("GV24", FACE, HEAD_CUN, [(0.0, -1625.9 - 0.5 * 19.4)]),
        ("BL4", FACE, HEAD_CUN, [(1.5 * 10.9, -1625.9 - 0.5 * 19.4)]),
        ("GB15", FACE, HEAD_CUN, [(30.0, -1625.9 - 0.5 * 19.4)]),
        ("ST8", FACE, HEAD_CUN, [(56.0, -1616.9 - 0.5 * 19.4)]),
        # … and backwards as seen from above
        ("GV20", {"hairline-mid": (0.0, -126.4)}, {"head-sagittal": 27.6}, [(0.0, -126.4 + 5 * 27.6)]),
        # nail: a tenth of a finger cun out and towards the wrist, which is below in the picture of a hand
        ("LI1", HAND, HEAD_CUN, [(-30 - 1.9 / math.sqrt(2), -180 + 1.9 / math.sqrt(2))]),
        # landmark with a step in finger-breadths
        (
            "ST6",
            {"mandible-angle": (70.0, -1478.0)},
            HEAD_CUN,
            [(70 + 14.25 / math.sqrt(2), -1478 - 14.25 / math.sqrt(2))],
        ),
        # between, with a step towards the thumb
        ("LI4", HAND, HEAD_CUN, [(-20.9 - 0.4 * 22.2, -56.35)]),
        ("BL60", {"lateral-malleolus": (18.1, -63.9), "achilles-outer": (-12.9, -63.9)}, {}, [(2.6, -63.9)]),
        # between, at the height of a point
        ("GB20", {"GV16": (0.0, -1515.0), "GB12": (50.0, -1501.0)}, {}, [(25.0, -1515.0)]),
        # relative: by another point, which is told by others
        ("EX-LE6", {"fibula-head-front": (10.0, -430.0)}, {"leg-outer": 26.4}, [(10.0, -430 + 2 * 26.4)]),
        # several spots
        ("EX-LE5", {"knee-hollow-inner": (-90.0, -471.0), "knee-hollow-outer": (-127.0, -471.0)}, {}, None),
        ("EX-HN1", {"hairline-mid": (0.0, -126.4)}, {"head-sagittal": 27.6, "height": 22.2}, None),
        ("EX-B2", SPINE, {"back-width": 20.0}, [(10.0, 10.0 * n) for n in range(1, 18)]),
    ],
)  # fmt: skip
def test_each_kind_of_place(
    code: str, landmarks: dict[str, XY], cun: dict[str, float], wanted: list[XY] | None
) -> None:
    found = spots(code, landmarks, cun)
    assert len(found) == PLACES[code].count
    assert len(set(found)) == len(found)
    for spot, place in zip(found, wanted or found, strict=True):
        assert spot == pytest.approx(place, abs=0.01)


def test_four_spots_stand_round_the_crown() -> None:
    found = spots("EX-HN1", {"GV20": (0.0, 0.0)}, {"head-sagittal": 27.6})
    assert sorted(found) == [(-27.6, 0.0), (0.0, -27.6), (0.0, 27.6), (27.6, 0.0)]


def test_a_curve_is_followed_where_the_figure_has_it() -> None:
    ends = {"TE17": (0.0, 0.0), "TE20": (0.0, -60.0)}
    curve = [(0.0, 0.0), (-20.0, -20.0), (-20.0, -40.0), (0.0, -60.0)]
    straight = Figure(ends, {}, axes("head-side"), PLACES).spots(PLACES["TE18"])
    curved = Figure(ends, {}, axes("head-side"), PLACES, {"ear-back-curve": curve}).spots(PLACES["TE18"])
    assert straight == [pytest.approx((0.0, -19.98))]
    assert curved[0][0] < -15


def test_a_level_that_slopes_is_met_where_the_place_is() -> None:
    """A rib gap rises towards the back: a step along it is a step up or down, too."""
    landmarks, curves = {"midaxillary-line": (20.0, 0.0), "ICS4-side": (60.0, 40.0)}, SLOPING
    figure = Figure(landmarks, {"height": 22.0}, axes("torso-side"), PLACES, curves)
    assert figure.spots(PLACES["GB22"]) == [pytest.approx((20.0, 30.0), abs=0.1)]
    assert figure.spots(PLACES["GB23"]) == [pytest.approx((42.0, 35.5), abs=0.1)]


@pytest.mark.parametrize(
    ("code", "landmarks", "cun"),
    [
        ("ST36", {"ST35": (0.0, 0.0)}, {}),  # no landmark
        ("CV12", TRUNK, {"lower-belly": 27.9}),  # no segment
        ("LR4", {}, {}),  # nor those of the points that it is told by
    ],
)
def test_what_a_figure_lacks_is_told(code: str, landmarks: dict[str, XY], cun: dict[str, float]) -> None:
    with pytest.raises(KeyError):
        spots(code, landmarks, cun)


def test_points_told_by_each_other_end() -> None:
    place = PLACES["BL59"]
    loop = {"BL60": place.model_copy(update={"p": ("BL59",)}), "BL59": place}
    with pytest.raises(KeyError):
        Figure({}, {"leg-outer": 26.0}, axes("leg-outer"), loop).spots(place)


def test_every_figure_that_a_place_is_told_in_has_its_directions() -> None:
    for code, place in PLACES.items():
        for direction in (part for way in place.offset_dir for part in way.split("-")):
            assert direction in axes(place.home), (code, place.home, direction)
        if place.lateral_cun and not place.p:
            assert "lateral" in axes(place.home), code
    for figure in FigureName.__args__:  # type: ignore[attr-defined]
        for x, y in axes(figure).values():
            assert math.hypot(x, y) in (0, 1)
        for one, other in (("up", "down"), ("medial", "lateral"), ("anterior", "posterior"), ("radial", "ulnar")):
            if {one, other} <= axes(figure).keys():
                assert axes(figure)[one] == tuple(-part for part in axes(figure)[other])


def every_landmark(x: float, y: float) -> dict[str, XY]:
    """Return a place for every landmark: apart from each other, and moved by x and y."""
    names = sorted({name for place in PLACES.values() for name in (*place.p, *place.q, *place.landmarks)})
    levels = sorted({name for place in PLACES.values() for name in (place.row or (place.level_name,)) if name})
    known = {name: (float(n * 37 % 101) + x, float(n * 53 % 997) + y) for n, name in enumerate([*names, *levels])}
    # A point whose formula holds in another figure is where that figure's positions say.
    elsewhere = {
        name
        for place in PLACES.values()
        for name in (*place.p, *place.q, place.level_name)
        if name in PLACES and PLACES[name].home != place.home
    }
    return {name: spot for name, spot in known.items() if name not in PLACES or name in elsewhere}


EVERY_CUN = dict.fromkeys(("finger", "height"), 20.0) | {
    line: 20.0 for place in PLACES.values() for line in (place.unit_line, place.lateral_unit) if line
}
DRAWN = [code for code, place in PLACES.items() if place.home]


def test_every_place_that_is_drawn_can_be_worked_out() -> None:
    for code in DRAWN:
        found = spots(code, every_landmark(0, 0), EVERY_CUN)
        assert len(found) == PLACES[code].count, code
        assert all(math.isfinite(part) for spot in found for part in spot)


MIDLINE = {code for code in DRAWN if PLACES[code].formula in ("grid", "scalp") and not PLACES[code].p}


@settings(deadline=None)
@given(st.sampled_from(DRAWN), st.floats(-500, 500), st.floats(-500, 500))
def test_a_figure_moved_as_a_whole_moves_each_place(code: str, x: float, y: float) -> None:
    """Distances from the midline count from x = 0, so that only what has none moves sideways."""
    before, after = spots(code, every_landmark(0, 0), EVERY_CUN), spots(code, every_landmark(x, y), EVERY_CUN)
    for (x0, y0), (x1, y1) in zip(before, after, strict=True):
        assert y1 - y0 == pytest.approx(y, abs=1e-6)
        if x1 != pytest.approx(x0, abs=1e-9):
            assert x1 - x0 == pytest.approx(x, abs=max(1e-6, abs(x)))


@settings(deadline=None)
@given(st.sampled_from(DRAWN), st.data())
def test_moving_a_landmark_moves_the_places_that_are_told_by_it(code: str, data: st.DataObject) -> None:
    place = PLACES[code]
    own = [name for name in (*place.p, *place.q, place.level_name) if name in every_landmark(0, 0)]
    if own and not place.row:
        name = data.draw(st.sampled_from(own))
        step = data.draw(st.floats(1, 300))
        before = every_landmark(0, 0)
        x, y = before[name]
        moved = {**before, name: (x + step, y + step)}
        assert spots(code, before, EVERY_CUN) != spots(code, moved, EVERY_CUN)


@settings(deadline=None)
@given(st.sampled_from(["CV12", "ST25", "SP10", "GV24", "KI6", "BL23", "EX-LE6"]), st.floats(5, 60))
def test_a_cun_scales_what_is_counted_in_it(code: str, cun: float) -> None:
    landmarks = every_landmark(0, 0)
    (zero,), (one,) = (spots(code, landmarks, dict.fromkeys(EVERY_CUN, size)) for size in (1e-9, 1.0))
    (many,) = spots(code, landmarks, dict.fromkeys(EVERY_CUN, cun))
    assert math.dist(zero, many) == pytest.approx(cun * math.dist(zero, one), rel=1e-6)
    assert math.dist(zero, one) > 0


def test_a_place_of_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="formula"):
        Place.model_validate({"region": "hand", "aspect": "dorsal", "kind": "landmark", "formula": "guess"})
