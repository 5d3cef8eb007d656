"""Where the points of the catalogue stand in the figures of the body: by formula at home, on the skin elsewhere."""

from __future__ import annotations

import csv
import importlib.util
import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT, SOURCE

from handout_builder.content import anatomy, catalogue, place_formula
from handout_builder.content.schema import Place
from handout_builder.figures import curves

HERE = Path(__file__).parent
FIGURES = ROOT / "layouts" / "figures"
POINTS = catalogue.catalogue(SOURCE, "en")
PLACES = {code: point.place for code, point in POINTS.items() if point.place}
STORED: dict[str, dict[str, list[list[float]]]] = json.loads((FIGURES / "positions.json").read_text("utf-8"))
BODY = sorted(name for name in STORED if name != "back")
# Inside the mouth and the nose, and where a handout shows no picture.
NOT_DRAWN = {"CV1", "GV28", "EX-HN9", "EX-HN10", "EX-HN11", "EX-HN12", "EX-HN13"}
MM = 1.0
# Half a mark: a point on the edge of the body may stand so far over its outline.
OUTLINE = 4.0


def figure(name: str) -> Any:
    return json.loads((FIGURES / f"{name}.json").read_text("utf-8"))


def told(place: Place) -> list[tuple[float, float]]:
    """Return the spots of a place by its formula and the landmarks of its home figure alone."""
    data = figure(place.home)
    landmarks = {name: (x, y) for name, (x, y) in data["landmarks"].items()}
    drawn = place_formula.Figure(
        landmarks, data["segments"], place_formula.axes(place.home), PLACES, data["curves"], data.get("across")
    )
    return drawn.spots(place)


def test_all_figures_were_made_from_the_lines_and_the_code_that_are_there() -> None:
    """A landmark that is moved stands in several figures; one that is not made anew keeps its old place."""
    name = "body_figures.made_from"
    spec = importlib.util.spec_from_file_location(name, FIGURES / "body_figures" / "made_from.py")
    assert spec
    assert spec.loader
    made_from = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made_from)
    told = (FIGURES / made_from.FILE).read_text("utf-8")
    assert told.partition("\n")[0] == made_from.digest(FIGURES), (
        "run layouts/figures/build_figures.py without arguments"
    )


def test_every_point_has_its_picture_but_those_of_mouth_nose_and_perineum() -> None:
    assert set(PLACES) - set().union(*(STORED[name] for name in BODY)) == NOT_DRAWN
    assert {code for code, place in PLACES.items() if not place.home} == NOT_DRAWN


@pytest.mark.parametrize("name", ["torso-front-woman", "torso-front-man", "hip-side-woman", "hip-side-man"])
def test_on_a_woman_and_a_man_a_point_stands_where_its_formula_says(name: str) -> None:
    home = name.rpartition("-")[0]
    found = 0
    for code, spots in STORED[name].items():
        if PLACES[code].home == home:
            told = anatomy.place_on_figure(PLACES[code], name, PLACES)
            assert told, code
            assert all(math.dist(spot, known) <= MM for spot, known in zip(told, spots, strict=True)), code
            found += 1
    assert found == sum(place.home == home for place in PLACES.values())
    assert found or home == "hip-side", "no point is told there"


@pytest.mark.parametrize("home", BODY)
def test_at_home_a_point_stands_where_its_formula_says(home: str) -> None:
    for code, place in PLACES.items():
        if place.home == home:
            stored = STORED[home][code]
            spots = told(place)
            assert (
                len(spots) == len(stored) == (place.count if place.sides == "both" or place.count == 1 else len(spots))
            ), code
            for spot, known in zip(spots, stored, strict=True):
                assert math.dist(spot, known) <= MM, code


def inside(spot: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    """Tell whether a place lies in a closed polygon (even-odd rule)."""
    x, y = spot
    crossed = False
    for (ax, ay), (bx, by) in itertools.pairwise([*ring, ring[0]]):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossed = not crossed
    return crossed


@pytest.mark.parametrize("name", BODY)
def test_every_point_stands_on_the_body(name: str) -> None:
    data = figure(name)
    rings = [
        [place for run in layer["runs"] for place in curves.samples([(x, y) for x, y in run], 2.0)]
        for layer in data["layers"]
        if layer["draw"] == "fill" and layer["name"] in ("skin", "trunk", "arm", "hair")
    ]
    for code, spots in STORED[name].items():
        for x, y in spots:
            spot = (abs(x) if data.get("mirror") else x, y)
            near = min(math.dist(spot, edge) for ring in rings for edge in ring)
            assert near <= OUTLINE or any(inside(spot, ring) for ring in rings), (code, spot)


@pytest.mark.parametrize("name", BODY)
def test_no_spot_of_a_point_is_listed_twice(name: str) -> None:
    """A mirrored view has both of the spots that EX-HN1 has beside the midline, which is no pair."""
    for code, spots in STORED[name].items():
        assert len({tuple(spot) for spot in spots}) == len(spots), code


@pytest.mark.parametrize("name", [name for name in BODY if figure(name).get("mirror")])
def test_a_point_of_the_midline_stands_on_it(name: str) -> None:
    """CV23 is told from the side, where the skin that was met lay 2 mm beside the midline."""
    there = {code: spots for code, spots in STORED[name].items() if PLACES[code].sides == "one"}
    assert there
    for code, spots in there.items():
        assert all(x == 0 for x, _ in spots) or PLACES[code].count > 1, code


def rows() -> list[dict[str, str]]:
    with (HERE / "who-measures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["code"])
def test_measures_are_those_of_the_who(row: dict[str, str]) -> None:
    """WHO Standard Acupuncture Point Locations (2008), retyped: from a landmark so many cun of a segment's measure.

    Along the way to ``to`` where there is one, else straight; ``within`` covers the sideways step of some places.
    """
    home = PLACES[row["code"]].home
    data = figure(home)
    known = {**data["landmarks"], **{code: spots[0] for code, spots in STORED[home].items()}}
    spot, start = known[row["code"]], known[row["from"]]
    if row["to"]:
        end = known[row["to"]]
        length = math.dist(start, end)
        along = sum((spot[k] - start[k]) * (end[k] - start[k]) for k in (0, 1)) / length
        whole = {"forearm": 12, "leg-outer": 16, "leg-inner-13": 13}.get(row["segment"])
        cun = length / whole if whole else data["segments"][row["segment"]]
    elif row["segment"] in ("nipples", "back-width"):
        along, cun = abs(spot[0] - start[0]), data["segments"][row["segment"]]
    else:
        along, cun = abs(spot[1] - start[1]), data["segments"][row["segment"]]
        if row["code"] == "LR7":
            along = math.dist(spot, start)
    assert along / cun == pytest.approx(float(row["cun"]), abs=float(row["within"]))


def test_a_moved_landmark_moves_the_drawing() -> None:
    place = PLACES["ST36"]
    data = figure(place.home)
    landmarks = {name: (x, y) for name, (x, y) in data["landmarks"].items()}

    def spot(marks: dict[str, tuple[float, float]]) -> tuple[float, float]:
        return place_formula.Figure(marks, data["segments"], place_formula.axes(place.home), PLACES).spots(place)[0]

    x, y = landmarks["knee-hollow-outer"]
    before, after = spot(landmarks), spot({**landmarks, "knee-hollow-outer": (x - 16, y)})
    assert before[0] - after[0] == pytest.approx(13)


def test_the_program_reads_the_same_positions() -> None:
    shown = anatomy.shown("leg-front", POINTS["ST36"])
    assert shown == [tuple(spot) for spot in STORED["leg-front"]["ST36"]]


def test_where_a_point_lies_is_no_list_that_a_caller_could_change() -> None:
    """It is kept for all callers and threads."""
    assert all(isinstance(spots, tuple) for points in anatomy.stored().values() for spots in points.values())
    assert isinstance(anatomy.positions(POINTS["BL23"]), tuple)
