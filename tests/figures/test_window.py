"""Crowded charts show less of the body, and larger: marks stand apart, and what is cut off fades away."""

from __future__ import annotations

import itertools
import math
from datetime import date
from io import BytesIO
from typing import Any

import pytest
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
from handout_builder.figures.files import svg_file
from handout_builder.figures.marks import Entry, is_row
from handout_builder.figures.svg import ChartText

POINTS = catalogue.catalogue(SOURCE, "en")
WORDS = ChartText(shared()["labels"], "Title", "Description")
ON_BODY = [view for view in anatomy.views() if not charts.has_bones(view)]
BELLY = [f"KI{number}" for number in range(11, 22)]


def drawing(view: str, codes: list[str], size: Any = "medium") -> charts.Drawing:
    found = [Entry(POINTS[code], POINTS[code].names.pinyin) for code in codes]
    return charts.chart(view, found, WORDS, "c", tokens.Theme(), (), size)


def box(drawn: charts.Drawing) -> tuple[float, ...]:
    return tuple(map(float, etree.fromstring(str(drawn.svg)).attrib["viewBox"].split()))


def mm(view: str, drawn: charts.Drawing) -> float:
    """Return how many mm of a page are one of the figure."""
    data = anatomy.figure(anatomy.views()[view])
    return 176 * drawn.share / box(drawn)[2] / (data.get("percent", 1) if charts.has_bones(view) else 1)


def drawings_of_the_atlas() -> list[tuple[str, list[str], str]]:
    common = loader.load_common(SOURCE, "en")
    sections = atlas.handout(common.points, common.shared, date(2026, 11, 28))["sections"]
    found = []
    for block in (block for section in sections for block in section["blocks"] if block["type"] == "chart"):
        if block["view"] == views.AUTO:
            chosen = views.chosen([POINTS[code] for code in block["points"]])
            found += [(view, [point.code for point in seen], block["size"]) for view, seen in chosen.items()]
        else:
            found.append((block["view"], block["points"], block["size"]))
    return found


def closest(view: str, codes: list[str], unit: float) -> tuple[float, set[str]]:
    """Return how near the marks of two points stand on the page, in mm, and which points; not the same place twice.

    The marks of a row of many are small, and may stand beside others.
    """
    single = [code for code in codes if not is_row(POINTS[code])]
    marks = [(code, mark) for code in single for mark in anatomy.shown(view, POINTS[code])]
    pairs = ((math.dist(p, q) * unit, {a, b}) for (a, p), (b, q) in itertools.combinations(marks, 2) if a != b)
    return min((pair for pair in pairs if pair[0] > SAME), key=lambda pair: pair[0], default=(math.inf, set()))


RADIUS = 1.3
"""Of a mark in a chart of medium size, in mm."""
SAME = 1.0
# What would have to be drawn so large that nobody knew the part of the body again.
NEAR = [{"TE20", "EX-HN6"}, {"TE6", "TE7"}]


def test_no_marks_of_the_atlas_stand_on_each_other() -> None:
    seen = []
    for view, codes, size in drawings_of_the_atlas():
        if charts.has_bones(view):
            continue
        apart, pair = closest(view, codes, mm(view, drawing(view, codes, size)))
        if apart < 2 * RADIUS:
            seen.append(pair)
    assert seen == NEAR


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
            for x, y in anatomy.told_by(anatomy.views()[view], POINTS[code])
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
    for view, codes, size in drawings_of_the_atlas():
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
