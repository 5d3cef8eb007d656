"""What the words name leads to the mark: within half a cun, in every view that shows both.

Two tables, typed from the words that patients read: so many cun from a landmark, a line or another point, and what is
drawn beside the mark. A formula that holds in its home view may still end elsewhere in another: a bent elbow, a rib gap
that rises, an ear line that slopes.
"""

from __future__ import annotations

import csv
import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT, SOURCE

from handout_builder.content import catalogue
from handout_builder.figures import curves

HERE = Path(__file__).parent
FIGURES = ROOT / "layouts" / "figures"
STORED: dict[str, dict[str, list[list[float]]]] = json.loads((FIGURES / "positions.json").read_text("utf-8"))
HALF_A_CUN = 0.5


def figure(name: str) -> Any:
    return json.loads((FIGURES / f"{name}.json").read_text("utf-8"))


def rows(name: str | Path) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def beside(way: list[list[float]], spot: list[float], axis: int) -> float:
    """Return where a line crosses the level (axis 1) or the vertical (axis 0) of a spot; beyond its ends: its end."""
    other = 1 - axis
    first, *_, last = sorted(way, key=lambda place: place[other])
    at = min(max(spot[other], first[other]), last[other])
    found = [
        a[axis] + (b[axis] - a[axis]) * ((at - a[other]) / (b[other] - a[other]) if a[other] != b[other] else 0.0)
        for a, b in itertools.pairwise(way)
        if min(a[other], b[other]) <= at <= max(a[other], b[other])
    ]
    return min(found, key=lambda value: abs(value - spot[axis]))


@pytest.mark.parametrize("row", rows("where-words-lead.csv"), ids=lambda row: "-".join([*row.values()][:4]))
def test_words_and_mark_agree(row: dict[str, str]) -> None:
    """The axis x runs to the right of the picture, y down; ``view:segment`` is the measure of another view."""
    data, axis = figure(row["view"]), "xy".index(row["axis"])
    (spot, *_), name = STORED[row["view"]][row["code"]], row["from"]
    if name in data["curves"]:
        start = beside(data["curves"][name], spot, axis)
    else:
        known = {**{code: spots[0] for code, spots in STORED[row["view"]].items()}, **data["landmarks"]}
        start = known[name][axis]
    *other, segment = row["segment"].split(":")
    cun = figure(other[0] if other else row["view"])["segments"][segment]
    assert (spot[axis] - start) / cun == pytest.approx(float(row["cun"]), abs=HALF_A_CUN)


@pytest.mark.parametrize("row", rows("beside-lines.csv"), ids=lambda row: f"{row['code']}-{row['view']}")
def test_what_is_drawn_for_a_point_lies_beside_its_mark(row: dict[str, str]) -> None:
    data = figure(row["view"])
    (spot, *_) = STORED[row["view"]][row["code"]]
    ways = [layer["points"] for layer in data["layers"] if layer["name"] == row["line"]]
    assert ways
    near = min(math.dist(spot, place) for way in ways for place in curves.samples([(x, y) for x, y in way], 1.0))
    assert near <= HALF_A_CUN * data["cun"]


@pytest.mark.parametrize("row", rows("side-of-lines.csv"), ids=lambda row: "-".join([*row.values()][:3]))
def test_a_mark_is_on_the_side_of_a_drawn_line_that_the_standard_names(row: dict[str, str]) -> None:
    """Tendons, ridges, edges of bones; ``+`` is right of the line in the picture, or below. HT4 was 1.4 mm beyond."""
    axis = "xy".index(row["axis"])
    (spot, *_) = STORED[row["view"]][row["code"]]
    ways = [layer["points"] for layer in figure(row["view"])["layers"] if layer["name"] == row["line"]]
    assert ways
    for way in ways:
        away = spot[axis] - beside(way, spot, axis)
        assert away >= 0 if row["side"] == "+" else away <= 0


@pytest.mark.parametrize("view", ["leg-inner", "foot-inner"])
def test_what_is_told_at_the_front_edge_of_a_tendon_does_not_lie_on_it(view: str) -> None:
    """KI7: straight above the tendon's edge at the ankle it lay on the tendon, which narrows; the toes are left."""
    (spot,) = STORED[view]["KI7"]
    (edge,) = (layer["points"] for layer in figure(view)["layers"] if layer["name"] == "achilles")
    assert -HALF_A_CUN * figure(view)["cun"] <= spot[0] - beside(edge, spot, 0) <= 0


@pytest.mark.parametrize("view", ["head-top", "head-side"])
def test_the_line_of_the_ears_is_drawn_where_it_is_told(view: str) -> None:
    data = figure(view)
    dashes = [layer["points"] for layer in data["layers"] if layer["name"].startswith("ear-line-")]
    assert len(dashes) >= 6
    line = [place for pair in itertools.pairwise(data["curves"]["ear-line"]) for place in between(*pair)]
    for x, y in itertools.chain.from_iterable(dashes):
        assert min(math.dist((x, y), place) for place in line) <= 1.5


def between(a: list[float], b: list[float]) -> list[tuple[float, float]]:
    return [(a[0] + (b[0] - a[0]) * part / 20, a[1] + (b[1] - a[1]) * part / 20) for part in range(21)]


# Breadths of fingers on this body, as the decision 0055 has them: mm by cun told.
FINGERS = {0.5: 9.5, 1: 19, 1.3: 33, 1.5: 34.5, 2: 51, 2.5: 60.5, 3: 69, 3.5: 78.5, 4: 88, 5: 120, 6: 138}
# Three finger-widths for 2 cun of the forearm are half a cun and 0.4 mm: the price of one measure for all parts (0055).
BY_DECISION = {"PC6", "TE5"}


def test_fingers_that_are_told_reach_the_mark() -> None:
    """A count of fingers runs short where a cun is long: there the words tell a part of the way."""
    points = catalogue.catalogue(SOURCE, "en")
    measured = set()
    for row in rows(SOURCE / "points" / "words" / "en.csv"):
        place = points[row["code"]].place
        if place is None or not place.home or row["code"] in BY_DECISION:
            continue
        measures = {
            "cun": (place.cun, place.unit_line),
            "offset": (place.offset_cun, place.unit_line),
            "level": (place.level_cun, place.unit_line),
            "lateral": (place.lateral_cun, place.lateral_unit),
        }
        for name, (told, unit) in measures.items():
            if told and f"{{{name}}}" in row["where"] and place.cun_kind not in ("F", "FB"):
                measured.add(row["code"])
                cun = figure(place.home)["segments"][unit or "height"]
                assert abs(FINGERS[abs(told)] - abs(told) * cun) <= HALF_A_CUN * cun, (row["code"], name)
    assert len(measured) > 80


POINTS = catalogue.catalogue(SOURCE, "en")
NEAR = 2.5  # cun: a thumb's reach from the mark
# Told from what lies further away, in so many words: above the armpit fold; from the sacrum towards the hip.
FROM_AFAR = {"SI10", "GB30"}


def test_what_is_felt_for_first_is_near() -> None:
    """A card with ``find`` tells the first landmark: of TE5, three fingers above the wrist, it was the elbow's tip."""
    for code in POINTS.keys() - FROM_AFAR:
        place = POINTS[code].place
        if not place or not place.home:
            continue
        known, spots = figure(place.home)["landmarks"], STORED[place.home][code]
        there = [one.id for one in POINTS[code].landmarks if one.find and one.kind == "point" and one.id in known]
        away = [min(math.dist(spot, known[one]) for spot in spots) / figure(place.home)["cun"] for one in there]
        if there and there[0] == told_first(code):
            assert away[0] <= max(NEAR, 1.5 * min(away)), code


def test_who_is_shown_a_point_can_feel_for_something() -> None:
    """Also where a point is told by another: that one's landmark is told then."""
    without = {code for code, point in POINTS.items() if point.place and point.place.home and not told_first(code)}
    assert without == {"ST17", "CV8", "GV25"}  # the nipple, the navel, the tip of the nose


@pytest.mark.parametrize("words", ["pubic bone", "breastbone"])
def test_what_the_words_of_the_belly_count_from_can_be_felt_for(words: str) -> None:
    """Not the midline, which those above and below it have, too."""
    for code, point in POINTS.items():
        if point.place and point.place.region == "abdomen" and told_first(code) == "midline-front":
            assert words not in point.where, code


def told_first(code: str) -> str:
    return next((one.id for one in POINTS[code].landmarks if one.find and one.name), "")
