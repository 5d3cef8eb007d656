"""Crowded charts show less of the body, and larger: marks stand apart, and what is cut off fades away."""

from __future__ import annotations

import itertools
import math
import re
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.svgLib.path import parse_path
from helpers.project import SOURCE
from helpers.source_text import shared
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from handout_builder import tokens
from handout_builder.authoring.point_picture import as_png
from handout_builder.content import anatomy, atlas, catalogue, loader, views
from handout_builder.figures import chart as charts
from handout_builder.figures import layers
from handout_builder.figures.body_sheet import BodySheet
from handout_builder.figures.files import svg_file
from handout_builder.figures.marks import Entry
from handout_builder.figures.svg import ChartText

POINTS = catalogue.catalogue(SOURCE, "en")
WORDS = ChartText(shared()["labels"], "Title", "Description")
ON_BODY = [view for view in anatomy.views() if not charts.has_bones(view)]
BELLY = [f"KI{number}" for number in range(11, 22)]


def drawing(view: str, codes: list[str], size: Any = "medium", room: float = 176.0) -> charts.Drawing:
    found = [Entry(POINTS[code], POINTS[code].names.pinyin) for code in codes]
    return charts.chart(view, found, WORDS, "c", tokens.Theme(), (), size, room)


def box(drawn: charts.Drawing) -> tuple[float, ...]:
    return tuple(map(float, etree.fromstring(str(drawn.svg)).attrib["viewBox"].split()))


def mm(view: str, drawn: charts.Drawing) -> float:
    """Return how many mm of a page are one of the figure."""
    data = anatomy.figure(anatomy.views()[view])
    return 176 * drawn.share / box(drawn)[2] / (data.get("percent", 1) if charts.has_bones(view) else 1)


PAIRED = 86.0


@cache
def drawings_of_the_atlas() -> list[tuple[str, list[str], str, float]]:
    """Return view, points, size and room of each drawing: two that stand beside each other have less."""
    common = loader.load_common(SOURCE, "en")
    sections = atlas.handout(common.points, common.shared, "en", date(2026, 11, 28))["sections"]
    found = []
    for block in (block for section in sections for block in section["blocks"] if block["type"] == "chart"):
        if block["view"] == views.AUTO:
            chosen = views.chosen([POINTS[code] for code in block["points"]])
            found += [(view, [point.code for point in seen], block["size"], PAIRED) for view, seen in chosen.items()]
        else:
            found.append((block["view"], block["points"], block["size"], 176.0))
    return found


COLOURS = tokens.tokens()
INKS = {COLOURS[name] for name in ("dot", "dot-mid", "ink")}
DIAMOND = re.compile(r"M(\S+),(\S+?)l([\d.]+),\S+ -\S+ -\S+,-\S+z")


def discs(drawn: charts.Drawing) -> list[tuple[float, float, float]]:
    """Return centre and radius of each mark of a drawing, without the paper round it; those of the legend, too."""
    found = []
    for shape in etree.fromstring(str(drawn.svg)):
        told = shape.attrib
        if told.get("fill") not in INKS:
            continue
        if "r" in told:
            found.append((float(told["cx"]), float(told["cy"]), float(told["r"])))
        elif diamond := DIAMOND.fullmatch(told.get("d", "")):
            x, y, half = map(float, diamond.groups())
            found.append((x, y + half, half))
    return found


def standing_on_each_other(
    drawn: charts.Drawing, apart: float = 0.0
) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Return the marks of a drawing that are not so far apart; what is nearly one place has two names, and no more."""
    found = discs(drawn)
    same = SAME * max(radius for _, _, radius in found)
    pairs = ((one, other) for one, other in itertools.combinations(found, 2))
    return [(one, other) for one, other in pairs if same < math.dist(one[:2], other[:2]) < one[2] + other[2] + apart]


SAME = 0.5
PARTED = 0.35  # mm


def test_no_marks_of_the_atlas_stand_on_each_other() -> None:
    """Marks that would stand on others are smaller: TE6 and TE7, TE20 and the tip of the ear; paper is seen between."""
    for one in drawings_of_the_atlas():
        drawn = drawing(*one)
        assert not standing_on_each_other(drawn, PARTED * box(drawn)[2] / (176 * drawn.share)), one
    close = discs(drawing("forearm-back", ["TE5", "TE6", "TE7", "TE8"]))
    smallest, *_, largest = sorted(radius for _, _, radius in close)
    assert 0.4 * largest <= smallest < largest
    assert len({round(radius, 3) for _, _, radius in discs(drawing("forearm-back", ["TE5", "TE7", "TE8"]))}) == 1


def leaders(drawn: charts.Drawing) -> list[tuple[float, float]]:
    """Return all corners of the leaders of a drawing."""
    lines = [
        path.get("d", "")
        for path in etree.fromstring(str(drawn.svg)).iter("{http://www.w3.org/2000/svg}path")
        if path.get("stroke") == COLOURS["leader"]
    ]
    corners = re.findall(r"[ML ](-?[\d.]+),(-?[\d.]+)", " ".join(lines))
    return [(float(x), float(y)) for x, y in corners]


def check_leaders(view: str, codes: list[str], size: str, room: float) -> None:
    drawn = drawing(view, codes, size, room)
    left, top, width, height = box(drawn)
    assert leaders(drawn)
    for x, y in leaders(drawn):
        assert left <= x <= left + width, (view, codes)
        assert top < y < top + height, (view, codes)


def test_leaders_of_the_atlas_stay_in_their_drawing() -> None:
    for one in drawings_of_the_atlas():
        check_leaders(*one)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(anatomy.views())), st.sampled_from(["inset", "small", "medium", "full"]), st.data())
def test_leaders_stay_in_their_drawing_whatever_it_shows(view: str, size: str, data: Any) -> None:
    there = [code for code, point in POINTS.items() if anatomy.shown(view, point)]
    codes = data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=20, unique=True))
    check_leaders(view, codes, size, data.draw(st.sampled_from([PAIRED, 176.0])))


def test_no_sole_is_cut_off() -> None:
    """A window goes to the end of the body where little more would be missing: a foot without its sole is none."""
    feet = [one for one in drawings_of_the_atlas() if one[0].startswith("ankle-")]
    assert len(feet) == 4
    for view, codes, size, room in feet:
        found = [Entry(POINTS[code], POINTS[code].names.pinyin) for code in codes]
        _, top, _, height = BodySheet(view, WORDS, tokens.Theme(), found, 0, size, room).frame.box  # type: ignore[arg-type]
        whole = anatomy.figure(anatomy.views()[view])["frames"][view]["box"]
        assert top + height == pytest.approx(whole[1] + whole[3]), (view, codes)


def test_few_points_of_a_trunk_are_drawn_near_to() -> None:
    neck, apart = ["EX-HN15", "GV14"], ["GV14", "GV1"]
    assert mm("torso-back", drawing("torso-back", neck)) > 1.3 * mm("torso-back", drawing("torso-back", apart))
    _, _, _, height = box(drawing("torso-back", neck))
    _, _, _, whole = box(drawing("torso-back", apart))
    assert height < 0.65 * whole


def test_the_belly_is_drawn_larger_where_its_points_are_many() -> None:
    few, many = (drawing("torso-front", codes) for codes in (BELLY[::3], BELLY))
    assert mm("torso-front", many) > 1.5 * mm("torso-front", few)
    assert many.share <= 1.0
    # Where it is an inset that tells where on the body a point is, it shows all of it.
    insets = [drawing("torso-front", codes, "inset") for codes in (BELLY[::3], BELLY)]
    shown = [
        anatomy.figure("torso-front")["frames"]["torso-front"]["box"][3] * mm("torso-front", one) for one in insets
    ]
    assert shown[0] == pytest.approx(shown[1], rel=0.05)


def check_window(view: str, codes: list[str], size: str) -> None:
    """All marks are in a drawing, and of each point the nearest landmark that the view has."""
    left, top, width, height = box(drawing(view, codes, size))
    whole = anatomy.figure(anatomy.views()[view])["frames"][view]["box"]
    for code in codes:
        marks = anatomy.shown(view, POINTS[code])
        assert all(left < x < left + width and top < y < top + height for x, y in marks)
        known = [
            (math.dist(mark, (x, y)), x, y)
            for mark in marks
            for x, y in anatomy.landmarks_of(anatomy.views()[view], POINTS[code])
            if whole[0] <= x <= whole[0] + whole[2] and whole[1] <= y <= whole[1] + whole[3]
        ]
        if known:
            _, x, y = min(known)
            assert left <= x <= left + width
            assert top <= y <= top + height


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(ON_BODY), st.sampled_from(["small", "medium", "full"]), st.data())
def test_all_marks_and_what_they_are_told_by_are_in_the_window(view: str, size: str, data: Any) -> None:
    there = [code for code, point in POINTS.items() if anatomy.shown(view, point)]
    check_window(view, data.draw(st.lists(st.sampled_from(there), min_size=2, max_size=20, unique=True)), size)


def test_the_atlas_shows_what_its_points_are_told_by() -> None:
    for view, codes, size, _ in drawings_of_the_atlas():
        if not charts.has_bones(view):
            check_window(view, codes, size)


@pytest.mark.parametrize(
    ("view", "codes"),
    [
        ("torso-front", BELLY),
        ("head-front", ["GB14", "GV26", "GV27", "CV24"]),
        ("torso-back", ["BL27", "BL28", "BL29", "BL31", "BL32", "BL33"]),
    ],
)
def test_nothing_of_the_body_is_seen_beyond_the_window(view: str, codes: list[str]) -> None:
    """Above it, between the words for left and right, there is paper; at its edge body and bones have faded."""
    drawn = drawing(view, codes)
    left, _, width, _ = box(drawn)
    image = Image.open(BytesIO(as_png(svg_file(drawn.svg, 720)))).convert("L")
    a_mm = image.width / (176 * drawn.share)
    middle = image.width * -left / width
    near = image.crop((int(middle - 10 * a_mm), 0, int(middle + 10 * a_mm), int(WORDS_HIGH * a_mm)))
    assert set(near.tobytes()) == {255}
    edge = image.crop((int(middle - 10 * a_mm), 0, int(middle + 10 * a_mm), int((WORDS_HIGH + 1) * a_mm)))
    assert 255 > min(edge.tobytes()) > PALE


WORDS_HIGH = 5.8  # mm
PALE = 235


@pytest.mark.parametrize("view", ["back", "upper-back", "lower-back", "torso-back"])
def test_no_bone_is_drawn_beyond_the_frame(view: str) -> None:
    """Below it stand the words for the marks."""
    frame = layers.Frame.of(anatomy.views()[view], view)
    pen = ControlBoundsPen(None)
    for data in re.findall(r' d="([^"]+)"', layers.drawn(frame, "light")):
        parse_path(data, pen)
    _, top, _, height = frame.box
    assert pen.bounds
    assert top <= pen.bounds[1]
    assert pen.bounds[3] <= top + height
