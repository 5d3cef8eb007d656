"""Charts are computed from the catalogue: places, labels, alternatives in words, sizes."""

from __future__ import annotations

import csv
import functools
import itertools
import math
import os
import re
import shutil
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import uharfbuzz as hb
from helpers.book import XHTML, documents
from helpers.places import change
from helpers.project import FONTS, LANGUAGES, ROOT, SOURCE, common, copy_project, make, run
from helpers.source_text import cards, catalogue_rows, handout, shared
from helpers.tagged_pdf import Tagged
from hypothesis import given, settings
from hypothesis import strategies as st
from judges import epubcheck, verapdf
from lxml import etree
from PIL import Image, ImageChops, ImageOps

from handout_builder import tokens
from handout_builder.authoring.point_picture import as_png
from handout_builder.content import anatomy, atlas, catalogue, loader, place_text, views
from handout_builder.content.schema import Chart
from handout_builder.editions import EDITIONS
from handout_builder.figures import chart as chart_module
from handout_builder.figures import crop as crop_module
from handout_builder.figures import curves, leader_lines, sheet
from handout_builder.figures import marks as marks_module
from handout_builder.figures import svg as svg_pieces
from handout_builder.figures.files import svg_file
from handout_builder.pdf import typeset
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.text.language import cjk_runs, is_cjk_language

HERE = Path(__file__).parent
POINTS = catalogue.catalogue(SOURCE, "en")
SVG = "{http://www.w3.org/2000/svg}"
PLAIN = tokens.Theme()
WORDS = svg_pieces.ChartText(shared()["labels"], "Title", "Description")
ON_BACK = [code for code, point in POINTS.items() if anatomy.shown("back", point)]
SINGLE = [code for code in ON_BACK if code != "EX-B2"]
# Ernst and others 2013, BMC Res Notes 6:58 (T4, T7, T10, L1, L4 measured, the others interpolated), in % of C7–PSIS.
SPINOUS = {
    "C7": 0, "T1": 4.9, "T2": 10.1, "T3": 15.5, "T4": 21.0, "T5": 26.9, "T6": 33.1, "T7": 39.0, "T8": 44.2, "T9": 49.0,
    "T10": 54.1, "T11": 59.6, "T12": 65.4, "L1": 70.9, "L2": 76.1, "L3": 81.2, "L4": 86.1, "L5": 90.9, "S1": 95.5,
}  # fmt: skip
# Sacral foramina: height, and distance from the midline (McGrath and Stringer 2010).
FORAMINA = {"S1F": (99.0, 4.3), "S2F": (103.1, 3.5), "S3F": (107.1, 3.1), "S4F": (110.6, 2.8)}
CUN_MM = 22.13  # of the figure, which is 1660 mm high
CUN = 100 * 22.9 / 509  # 172 cm / 75 on a distance of 509 mm


def entries(codes: list[str], kind: marks_module.Kind = "filled") -> list[marks_module.Entry]:
    return [marks_module.Entry(POINTS[code], POINTS[code].names.pinyin, kind) for code in codes]


@functools.cache
def shown_in(view: str) -> list[str]:
    """The codes of all points that a view shows."""
    return [code for code, point in POINTS.items() if anatomy.shown(view, point)]


def chart(view: str, codes: list[str], skin: str = "light") -> Any:
    return etree.fromstring(str(chart_module.chart(view, entries(codes), WORDS, "c", tokens.Theme(skin)).svg))


def marks(svg: Any) -> list[tuple[float, float]]:
    """Return the centres of all filled marks above the legend, each once."""
    colours = {tokens.tokens()[name] for name in ("dot", "dot-mid")}
    legend = min((float(t.get("y")) for t in svg.iter(f"{SVG}text") if t.text in LEGEND), default=math.inf) - 4
    found = []
    for shape in svg.iter(f"{SVG}circle", f"{SVG}path"):
        if shape.get("fill") in colours and not shape.get("transform"):  # words are outlines in the book
            if shape.tag == f"{SVG}circle":
                x, y = float(shape.get("cx")), float(shape.get("cy"))
            else:
                x, y, half = map(float, re.match(r"M(\S+),(\S+?)l([\d.]+),", shape.get("d")).groups())  # type: ignore[union-attr]
                y += half
            if y < legend:
                found.append((x, y))
    return found


LEGENDS: tuple[tuple[marks_module.Kind, str], ...] = (("filled", "Strong"), ("thin", "Weaker"))
LEGEND = {shared()["labels"][name] for name in ("both_sides", "in_the_middle")}


def who() -> list[tuple[str, float, float]]:
    """Return code, x and y recomputed from level and cun as the WHO gives them."""
    found = []
    with (HERE / "who-levels.csv").open() as file:
        for row in csv.DictReader(file):
            level = row["level"]
            if level in FORAMINA:
                y, x = FORAMINA[level]
                x = float(row["cun"]) * CUN if row["cun"] else x
            else:
                levels = list(SPINOUS)
                y = (SPINOUS[level] + SPINOUS[levels[levels.index(level) + 1]]) / 2
                x = float(row["cun"]) * CUN
            found.append((row["code"], x, y))
    return found


@pytest.mark.parametrize(("code", "x", "y"), who(), ids=[code for code, _, _ in who()])
def test_every_point_is_drawn_where_the_who_describes_it(code: str, x: float, y: float) -> None:
    found = sorted(marks(chart("back", [code])))
    expected = sorted({(x, y), (-x, y)})
    assert len(found) == len(expected)
    for (x0, y0), (x1, y1) in zip(found, expected, strict=True):
        assert math.hypot(x0 - x1, y0 - y1) <= 1  # % of C7–PSIS, 5 mm


def test_who_places_are_many() -> None:
    assert len(who()) >= 50


def test_moving_a_point_moves_text_chart_and_description(built: Any, tmp_path: Path) -> None:
    first = built.epub
    before = documents(first)
    project = copy_project(tmp_path)
    change(project / "points" / "places.csv", "BL23", level="L1", lateral_cun="3")
    pdf, epub = make(project)
    after = documents(epub)
    old, new = (" ".join("".join(page.itertext()) for page in book.values()) for book in (before, after))
    assert "two finger-widths to each side of the spine, level with the gap below the second lumbar vertebra" in old
    assert "second lumbar vertebra (L2)" not in new
    assert "four finger-widths to each side of the spine, level with the gap below the first lumbar vertebra" in new
    assert "BL23: two dots, about four finger-widths to each side of the spine, level with the gap below L1." in new
    assert "4 fingers out, below L1" in new
    for book, place in ((first, (7.05, 78.65)), (epub, (14.1, 73.5))):
        with zipfile.ZipFile(book) as archive:
            charts = ("which-points_2.svg", "all-points_2-back.svg")
            drawings = [etree.fromstring(archive.read(f"EPUB/drawings/{name}")) for name in charts]
        shown = [mark for svg in drawings for mark in marks(svg)]
        assert sum(math.dist(mark, place) < 0.1 for mark in shown) == 2, place
    figures = [figure.alt for figure in Tagged(pdf).root.find("Figure")]
    assert any("BL23: two dots, about four finger-widths" in alt for alt in figures)


def moved(**change: Any) -> Any:
    place = POINTS["BL23"].place
    assert place
    return anatomy.positions(POINTS["BL23"].model_copy(update={"place": place.model_copy(update=change)}))


def test_one_field_moves_the_mark() -> None:
    ((x, y),) = anatomy.positions(POINTS["BL23"])
    assert moved(lateral_cun=3.0) == (pytest.approx((2 * x, y), abs=0.1),)
    assert moved(level="L3")[0][1] > y
    assert moved(offset_cun=1.0, offset_dir=("down",)) == (pytest.approx((x, y + CUN_MM), abs=0.1),)


# Labels


@functools.cache
def font(family: str, style: str) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(FONTS / f"{family}-{style}.ttf")))


@functools.cache
def breadth(text: str, style: str) -> float:
    """Return how wide a text is in em, as it is set: with its kerning, and Han in the other font."""
    total = 0.0
    for family, letters in itertools.groupby(text, lambda letter: "HandoutHan" if cjk_runs(letter) else "NotoSans"):
        buffer = hb.Buffer()
        buffer.add_str("".join(letters))
        buffer.guess_segment_properties()
        hb.shape(font(family, style), buffer)
        assert all(glyph.codepoint for glyph in buffer.glyph_infos), text
        total += sum(glyph.x_advance for glyph in buffer.glyph_positions) / font(family, style).face.upem
    return total


def width(text: str, size: float, *, bold: bool) -> float:
    return breadth(text, "Bold" if bold else "Regular") * size if text else 0.0


def boxes(svg: Any) -> list[tuple[float, float, float, float, str]]:
    """Return left, top, right, bottom and words of each text."""
    found = []
    for text in svg.iter(f"{SVG}text"):
        size, bold = float(text.get("font-size")), text.get("font-weight") == "700"
        total = width(text.text or "", size, bold=bold)
        for part in text:
            total += width(part.text, float(part.get("font-size", size)), bold=part.get("font-weight") == "700")
            total += width(part.tail or "", size, bold=bold)
        x, y = float(text.get("x")), float(text.get("y"))
        left = x - total * {"end": 1, "middle": 0.5}.get(text.get("text-anchor", ""), 0)
        found.append((left, y - 0.75 * size, left + total, y + 0.22 * size, "".join(text.itertext())))
    return found


def check_labels(svg: Any) -> None:
    left, top, wide, high = map(float, svg.get("viewBox").split())
    texts = boxes(svg)
    for box in texts:
        assert left - 0.2 <= min(box[0], box[2]) <= max(box[0], box[2]) <= left + wide + 0.2, f"{box[4]} leaves it"
        assert top - 0.2 <= min(box[1], box[3]) <= max(box[1], box[3]) <= top + high + 0.2, f"{box[4]} leaves it"
    for one, other in itertools.combinations(texts, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, f"{one[4]} and {other[4]} collide"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ON_BACK), min_size=1, max_size=30, unique=True))
def test_labels_never_collide_or_leave_the_figure(codes: list[str]) -> None:
    svg = chart("back", codes)
    check_labels(svg)
    assert sorted(t[4] for t in boxes(svg) if any(code in t[4].split() for code in codes)) == sorted(
        t[4] for t in boxes(svg) if re.search(r"\b[A-Z]{2}(-[A-Z]+)?\d", t[4]) and t[4] != "T1"
    )
    named = " ".join(text[4] for text in boxes(svg)).split()
    assert all(named.count(code) == 1 for code in codes)


@pytest.mark.parametrize("view", ["upper-back", "lower-back"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_labels_of_the_close_ups(view: str, data: Any) -> None:
    there = [code for code in ON_BACK if anatomy.shown(view, POINTS[code])]
    check_labels(chart(view, data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=24, unique=True))))


ON_BODY = [view for view in anatomy.views() if not chart_module.has_bones(view)]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ON_BODY), st.sampled_from([1.0, 1.55, 2.3]), st.sampled_from(["small", "medium", "full"]), st.data()
)
def test_labels_beside_all_parts_of_the_body(view: str, lettering: float, size: Any, data: Any) -> None:
    there = shown_in(view)
    codes = data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=30, unique=True))
    look = tokens.Theme(own=(("lettering", str(lettering)),))
    drawing = chart_module.chart(view, entries(codes), WORDS, "c", look, LEGENDS, size)
    svg = etree.fromstring(str(drawing.svg))
    check_labels(svg)
    named = " ".join(text[4] for text in boxes(svg)).split()
    assert all(named.count(code) == 1 for code in codes)
    assert 0 < drawing.share <= 1.02
    # What is not for pressing is crossed out, and not filled.
    seen = sum(len(anatomy.shown(view, POINTS[code])) for code in codes if POINTS[code].press != "no")
    assert len([mark for mark in marks(svg) if mark]) >= seen or lettering > 1


@functools.cache
def labels_of(lang: str) -> Any:
    return loader.load_common(SOURCE, lang).shared.labels


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if is_cjk_language(lang)])
@settings(max_examples=15, deadline=None)
@given(st.sampled_from([*anatomy.views()]), st.sampled_from([1.0, 1.55, 2.3]), st.data())
def test_labels_in_the_handouts_own_characters(lang: str, view: str, lettering: float, data: Any) -> None:
    """Code and name of each point, and all that a chart says beside them, stand apart in every language."""
    there = shown_in(view)
    codes = data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=24, unique=True))
    names = {code: POINTS[code].names.written_in(lang) or POINTS[code].names.pinyin for code in codes}
    words = svg_pieces.ChartText(labels_of(lang), "Title", "Description", lang)
    found = [marks_module.Entry(POINTS[code], names[code]) for code in codes]
    look = tokens.Theme(own=(("lettering", str(lettering)),))
    svg = etree.fromstring(str(chart_module.chart(view, found, words, "c", look, LEGENDS).svg))
    check_labels(svg)
    assert svg.get("lang") == lang
    told = " ".join(box[4] for box in boxes(svg))
    assert all(code in told.split() and (names[code] in told or lettering > 1) for code in codes)


def test_a_page_may_end_between_rows_of_views() -> None:
    """A chart of more views than a page has room for begins below its heading, and no drawing is cut."""
    common = loader.load_common(SOURCE, "en")
    codes = ("LI4", "GB20", "LR3", "ST36", "PC6", "BL23", "EX-HN3", "SP6", "GB34")
    chart_block = {"type": "chart", "points": [*codes], "title": "Nine points", "caption": "No dot is exact."}
    values = {
        **atlas.handout({code: common.points[code] for code in codes}, common.shared, "en", date(2026, 11, 28)),
        "sections": [
            {"id": "safety", "heading": "Safety", "blocks": [{"type": "safety", "include": "when-not-to-press"}]},
            {"id": "points", "heading": "Points", "starts_page": True, "wide": True, "blocks": [chart_block]},
        ],
    }
    product = Product(loader.load_made(SOURCE / "views", "en", common, values), edition=EDITIONS["a4"])
    pages = typeset.lay_out(printing.print_html(product, printing.first_pages(product)), product)
    drawn = [page for ident, page in pages.page_of.items() if ident.startswith("points_1")]
    assert len(drawn) == len(views.chosen([common.points[code] for code in codes])) == 9
    assert min(drawn) == pages.page_of["points"] < max(drawn)
    assert not pages.faults


@pytest.mark.parametrize(
    ("name", "count"),
    [("a4", 1), ("a4", 30), ("booklet", 30), ("large-print", 1), ("leaflet", 30), ("one-page", 7)],
)
def test_every_view_is_whole_in_every_edition(name: str, count: int) -> None:
    """Words stand apart, all points have theirs, and labels have the size of the edition whatever the view's scale."""
    look = tokens.Theme(own=(*EDITIONS[name].look.tokens, *EDITIONS[name].tokens))
    for number, view in enumerate(anatomy.views()):
        there = shown_in(view)
        codes = there[:: max(1, len(there) // count)][:count]
        size: Any = (None, "small", "medium", "full")[(number + count) % 4]
        drawing = chart_module.chart(view, entries(codes), WORDS, "c", look, LEGENDS if count == 7 else (), size)
        svg = etree.fromstring(str(drawing.svg))
        check_labels(svg)
        named = " ".join(text[4] for text in boxes(svg)).split()
        assert all(named.count(code) == 1 for code in codes), view
        printed = 176 * drawing.share
        assert 0 < drawing.share <= 1.02, view
        assert smallest(svg, printed) >= 6 * min(1.0, look.lettering), view
        if count == 1 and view in ON_BODY:
            (label,) = (text for text in svg.iter(f"{SVG}text") if codes[0] in "".join(text.itertext()).split())
            unit = float(svg.get("viewBox").split()[2]) / printed * 25.4 / 72
            assert float(label.get("font-size")) == pytest.approx(sheet.CODE * look.lettering * unit, rel=0.01), view


@pytest.mark.parametrize("lang", ["ja", "zh-Hans", "zh-Hant"])
def test_words_without_blanks_go_on_at_their_comma(lang: str) -> None:
    """In one line they took more than half of a small drawing's width."""
    labels = common(lang).shared.labels
    look = tokens.Theme(own=EDITIONS["one-page"].tokens)
    words = svg_pieces.ChartText(labels, "Title", "Description")
    drawing = chart_module.chart("lower-back", entries(["BL23", "GV3"]), words, "c", look)
    drawn = ["".join(text.itertext()) for text in etree.fromstring(str(drawing.svg)).iter(f"{SVG}text")]
    assert {*re.findall("[^、，]+[、，]?", labels["hip_line"])} <= {*drawn}


def test_what_is_not_to_be_pressed_is_crossed_out() -> None:
    for code in ("ST9", "BL1", "LI4", "GB20"):
        drawn = "".join(marks_module.marks_of([(0, 0)], POINTS[code], "filled", 1, tokens.chart_colours(PLAIN)))
        assert ("stroke=" in drawn) == (POINTS[code].press == "no") == (code in {"ST9", "BL1"}), code


def test_the_persons_right_is_on_the_left_from_the_front() -> None:
    for view, first in (
        ("head-front", "Right"),
        ("torso-front", "Right"),
        ("head-back", "Left"),
        ("torso-back", "Left"),
    ):
        code = next(code for code, point in POINTS.items() if anatomy.shown(view, point))
        placed = {box[4]: box[0] for box in boxes(chart(view, [code]))}
        assert min(("Left", "Right"), key=lambda word: placed[word]) == first, view


def test_views_are_chosen_by_themselves() -> None:
    codes = ["LI4", "GB20", "EX-HN5", "LR3", "ST36", "PC6"]
    found = views.chosen([POINTS[code] for code in codes])
    assert sorted(point.code for points in found.values() for point in points) == sorted(codes)
    assert len(found) <= len(codes)
    assert all(anatomy.shown(view, point) for view, points in found.items() for point in points)
    assert [point.code for point in found["hand-back"]] == ["LI4"]
    assert list(views.chosen([POINTS[code] for code in ("BL23", "BL24", "GV3")])) == ["back"]
    assert views.chosen([]) == {}


@pytest.mark.parametrize(
    ("codes", "view"),
    [
        (["BL11", "GV14"], "upper-back"),
        (["BL23", "BL24", "GV3"], "lower-back"),
        (["BL11", "BL23"], "back"),
        (["EX-B2"], "back"),
    ],
)
def test_of_a_back_no_more_is_drawn_than_has_the_points(codes: list[str], view: str) -> None:
    block = Chart.model_construct(view=views.AUTO, points=codes)
    assert views.drawn(block, POINTS) == {view: codes}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([code for code in POINTS if anatomy.view_of(POINTS[code])]), max_size=40, unique=True))
def test_chosen_views_show_every_point_once(codes: list[str]) -> None:
    found = views.chosen([POINTS[code] for code in codes])
    assert sorted(point.code for points in found.values() for point in points) == sorted(codes)
    assert all(anatomy.shown(view, point) for view, points in found.items() for point in points)
    assert len(found) <= len({anatomy.view_of(POINTS[code]) for code in codes})


def test_a_crop_shows_where_on_the_body_it_is() -> None:
    """At least 90 mm of the body, at most 260, with the point inside it and not at its edge."""
    for code, point in POINTS.items():
        if anatomy.view_of(point) is None:
            continue
        left, top, wide, high = map(float, crop(code).get("viewBox").split())
        assert wide == high
        assert 89.9 <= wide <= 260.1, code
        view = anatomy.view_of(point)
        assert view
        spots = [(x - left, y - top) for x, y in anatomy.shown(view, point)]
        assert any(0.03 * wide <= x <= 0.97 * wide and 0.03 * wide <= y <= 0.97 * wide for x, y in spots), code


DRAWABLE = [code for code, point in POINTS.items() if anatomy.view_of(point)]


@functools.cache
def crop(code: str, others: tuple[str, ...] = (), body: str = "neutral") -> Any:
    found = entries([code, *others])
    return etree.fromstring(str(crop_module.crop(found[0], found, WORDS, "c", tokens.Theme(body=body))))


@functools.cache
def rings(name: str) -> list[list[tuple[float, float]]]:
    """Return the outlines of a figure's skin and hair, sampled."""
    data = anatomy.figure(name)
    areas = [layer for layer in data["layers"] if layer["name"] in ("skin", "trunk", "arm", "hair")]
    found = [[xy for run in layer["runs"] for xy in curves.samples([(x, y) for x, y in run], 4.0)] for layer in areas]
    return [*found, *([(-x, y) for x, y in ring] for ring in found if data.get("mirror"))]


def inside(spot: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    x, y = spot
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return bool(
        sum((ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay) for (ax, ay), (bx, by) in pairs) % 2
    )


def shows_both_outlines(name: str, spot: tuple[float, float], window: tuple[float, float, float, float]) -> bool:
    """Tell whether the body ends within a window on both sides of a spot, left and right or above and below."""
    left, top, wide, high = window
    ends = {
        "left": range(int(left), int(spot[0]), 3),
        "right": range(int(spot[0]) + 3, int(left + wide), 3),
        "above": range(int(top), int(spot[1]), 3),
        "below": range(int(spot[1]) + 3, int(top + high), 3),
    }

    def bare(side: str) -> bool:
        places = ((at, spot[1]) if side in ("left", "right") else (spot[0], at) for at in ends[side])
        return any(not any(inside(place, ring) for ring in rings(name)) for place in places)

    return (bare("left") and bare("right")) or (bare("above") and bare("below"))


def key_of(svg: Any) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom of a crop's key."""
    ground = svg.find(f"{SVG}rect")
    if ground is None:
        return None
    x, y, wide, high = (float(ground.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def test_every_crop_shows_what_its_words_count_from() -> None:
    """Of what a place is told by, the nearest that a window of its greatest size can have: of ST36, the knee."""
    for code in DRAWABLE:
        view = anatomy.view_of(POINTS[code])
        assert view
        left, top, wide, high = map(float, crop(code).get("viewBox").split())
        name, (first, *_) = anatomy.views()[view], anatomy.shown(view, POINTS[code])
        x, y, across, down = anatomy.figure(name)["frames"][view]["box"]
        known = (
            mark
            for mark in anatomy.landmarks_of(name, POINTS[code])
            if x <= mark[0] <= x + across and y <= mark[1] <= y + down
        )
        near = min(known, key=lambda mark: math.dist(mark, first), default=first)
        if math.dist(near, first) <= 150 and not chart_module.has_bones(view):
            assert left <= near[0] <= left + wide, code
            assert top <= near[1] <= top + high, code


@pytest.mark.parametrize("body", ["neutral", "woman", "man"])
def test_every_crop_tells_which_part_and_which_side_it_shows(body: str) -> None:
    """Both outlines, or two landmarks of the point's place, or two vertebrae by name, or a key of the whole limb."""
    for code in DRAWABLE:
        point, view = POINTS[code], anatomy.view_of(POINTS[code])
        assert view
        name = anatomy.figure_for(view, [point], body)
        if body != "neutral" and name == anatomy.views()[view]:
            continue
        svg = crop(code, body=body)
        left, top, wide, high = map(float, svg.get("viewBox").split())
        spots = anatomy.shown(view, point, name)
        ground = key_of(svg)
        # Landmarks, and other points that the place is told by.
        known = {code: spots[0] for code, spots in anatomy.stored()[name].items()} | dict(anatomy.landmarks(name))
        assert point.place
        told = {known[one] for one in (*point.place.p, *point.place.q, *point.place.landmarks) if one in known}
        seen = [xy for xy in told if left <= xy[0] <= left + wide and top <= xy[1] <= top + high]
        assert (
            ground
            or len(seen) >= 2
            or len(boxes(svg)) >= 2
            or any(shows_both_outlines(name, spot, (left, top, wide, high)) for spot in spots)
        ), code
        for x, y in spots if ground else ():
            away = max(ground[0] - x, x - ground[2], ground[1] - y, y - ground[3])  # type: ignore[index]
            assert away >= 2 * 1.7 * wide / 40 - 0.01 or not left < x < left + wide, f"the key hides {code}"


@pytest.mark.parametrize("code", ["LR10", "LR11", "ST31", "BL36", "HT1", "LU3", "LU6", "LU8", "HT4", "HT6", "ST36",
                                  "ST41", "ST42", "GB41", "KI2"])  # fmt: skip
def test_a_small_part_of_a_limb_has_a_key_in_which_it_is_framed(code: str) -> None:
    svg = crop(code)
    group = next(group for group in svg.findall(f"{SVG}g") if "scale" in (group.get("transform") or ""))
    x, y, scale = map(float, re.match(r"translate\((\S+) (\S+)\) scale\((\S+)\)", group.get("transform")).groups())  # type: ignore[union-attr]
    left, top, wide, _ = map(float, svg.get("viewBox").split())
    frame = next(p for p in svg.findall(f"{SVG}path") if p.get("fill") == "none" and p.get("d", "").endswith("z"))
    begin_x, begin_y, across = map(float, re.match(r"M(\S+),(\S+?)h([\d.]+)", frame.get("d")).groups())  # type: ignore[union-attr]
    middle = (x + scale * (left + wide / 2), y + scale * (top + wide / 2))
    assert (begin_x + across / 2, begin_y + across / 2) == pytest.approx(middle, abs=0.1)
    assert across >= 0.05 * wide
    ground = key_of(svg)
    assert ground
    assert 0.2 * wide <= ground[3] - ground[1] <= 0.5 * wide


def test_a_crop_of_nearly_all_of_a_hand_needs_no_key() -> None:
    row = tuple(code for code in DRAWABLE if POINTS[code].meridian == "LI")
    assert key_of(crop("LI1", row[1:])) is None
    assert key_of(crop("LU11")) is not None


@pytest.mark.parametrize("code", ["ST8", "ST43", "LI4", "GV24"])
def test_a_crop_with_both_outlines_of_a_limb_or_head_needs_no_key(code: str) -> None:
    assert key_of(crop(code)) is None


@pytest.mark.parametrize("code", ["HT9", "SI1", "SI2", "TE1", "PC9", "EX-UE4", "EX-UE6"])
def test_no_strip_of_the_next_finger_stands_at_the_edge_of_a_crop(code: str) -> None:
    """Less than half a finger, cut off along it: it looked like a fold of skin. The web of two fingers may be there."""
    view = anatomy.view_of(POINTS[code])
    assert view
    left, top, wide, high = map(float, crop(code).get("viewBox").split())
    outline = rings(view)

    def is_strip(y: float, edge: float, inwards: int) -> bool:
        row = [any(inside((edge + inwards * step / 2, y), ring) for ring in outline) for step in range(int(wide))]
        return row[0] and not all(row[:14]) and any(row[row.index(False) :])

    heights = [top + high * (number + 0.5) / 40 for number in range(40)]
    for edge, inwards in ((left, 1), (left + wide, -1)):
        assert sum(is_strip(y, edge, inwards) for y in heights) <= 2


@pytest.mark.parametrize("others", [(), ("GB20", "EX-HN5", "LI4"), ("BL11", "GV14")])
def test_shoulders_from_above_are_shown_with_the_whole_head(others: tuple[str, ...]) -> None:
    """A head that was cut off at its ears looked like the neck of a chest."""
    left, top, wide, high = map(float, crop("GB21", others).get("viewBox").split())
    nose = min(y for ring in rings("shoulder-top") for _, y in ring)
    x, y = anatomy.figure("shoulder-top")["landmarks"]["C7-spine"]
    assert top <= nose
    assert left < x < left + wide
    assert y < top + high


@pytest.mark.parametrize("code", ["ST44", "GB43", "LR2"])
def test_points_between_toes_are_shown_with_these(code: str) -> None:
    """The border of the skins, which is named with them, is drawn at the heel, and the window went there."""
    top = float(crop(code).get("viewBox").split()[1])
    (x, _), *_ = anatomy.shown("foot-top", POINTS[code])
    assert top <= 2 + min(y for ring in rings("foot-top") for edge, y in ring if abs(edge - x) <= 15)


@pytest.mark.parametrize("code", ["BL14", "BL17", "BL47", "EX-B6"])
def test_no_edge_of_a_bone_runs_through_the_name_of_a_vertebra(code: str) -> None:
    svg = crop(code)
    ground = tokens.chart_colours(PLAIN)["skin"]
    patches = [
        tuple(map(float, found.groups()))
        for path in svg.findall(f"{SVG}path")
        if path.get("fill") == ground and (found := re.fullmatch(r"M(\S+),(\S+?)h(\S+?)v(\S+?)h-\S+z", path.get("d")))
    ]
    names = boxes(svg)
    assert len(patches) == len(names) >= 2
    for (x, y, wide, high), (left, top, right, bottom, word) in zip(patches, names, strict=True):
        size = (bottom - top) / 0.97
        assert x <= left + 0.05 * size, word
        assert x + wide >= right - 0.05 * size, word
        assert y <= top + 0.06 * size, word
        assert y + high >= bottom - 0.25 * size, word


@pytest.mark.parametrize("lettering", [1.0, 1.6])
@pytest.mark.parametrize("legend", [(), LEGENDS])
def test_the_line_between_the_hip_bones_is_always_told(lettering: float, legend: Any) -> None:
    few, many = (
        ["BL23", "BL24", "GV3"],
        [
            *(f"BL{number}" for number in (22, 23, 24, 25, 26, 51, 52)),
            "GV3",
            "GV4",
            "GV5",
            "EX-B4",
            "EX-B5",
            "EX-B6",
            "EX-B7",
            "EX-B8",
        ],
    )
    for codes in (few, many):
        look = tokens.Theme(own=(("lettering", str(lettering)),))
        svg = etree.fromstring(str(chart_module.chart("lower-back", entries(codes), WORDS, "c", look, legend).svg))
        check_labels(svg)
        assert "hip" in " ".join(box[4] for box in boxes(svg)), codes


def shapes(svg: Any) -> list[tuple[bool, float]]:
    """Return each mark of a drawing without a legend: whether it is a diamond, and how far from the midline."""
    inks = {PLAIN.tokens["dot"]: False, PLAIN.tokens["dot-mid"]: True}
    found = zip((shape for shape in svg if shape.get("fill") in inks), marks(svg), strict=True)
    return [(inks[shape.get("fill")], abs(x)) for shape, (x, _) in found]


@pytest.mark.parametrize(
    ("view", "diamonds", "circles"), [("head-top", 2, 2), ("head-back", 1, 2), ("head-side", 0, 1)]
)
def test_of_four_spots_round_the_crown_those_beside_the_midline_are_a_pair(
    view: str, diamonds: int, circles: int
) -> None:
    found = shapes(etree.fromstring(str(chart_module.emblem(view, entries(["EX-HN1"]), "c", PLAIN))))
    assert sorted(diamond for diamond, _ in found) == [False] * circles + [True] * diamonds
    assert all(diamond == (x == 0) for diamond, x in found)
    if view != "head-side":  # what is seen from the side has no words for left and right
        told = {"".join(text.itertext()) for text in chart(view, ["EX-HN1"]).iter(f"{SVG}text")}
        assert told >= LEGEND


@pytest.mark.parametrize(("code", "meant"), [("BL23", "both_sides"), ("GV4", "in_the_middle")])
def test_a_legend_tells_the_shape_that_is_there_alone(code: str, meant: str) -> None:
    for view in ("torso-back", "back"):
        told = {"".join(text.itertext()) for text in chart(view, [code]).iter(f"{SVG}text")}
        assert told & LEGEND == {shared()["labels"][meant]}, view


def test_a_legend_tells_no_shape_that_is_not_there() -> None:
    """What is not to be pressed is crossed out, and has no other shape."""
    for view in ("torso-back", "back"):
        assert not {box[4] for box in boxes(chart(view, ["GV1"]))} & {"in the middle", "both sides"}
    assert "in the middle" in {box[4] for box in boxes(chart("torso-back", ["GV2"]))}


@pytest.mark.parametrize("code", ["BL13", "BL23", "BL52", "GV4", "BL43", "BL25"])
def test_no_vertebra_in_a_crop_loses_its_name_to_a_mark(code: str) -> None:
    levels = list(SPINOUS)
    row = [other for other in ("BL13", "BL43", "BL23", "BL52", "GV4", "BL25", "EX-B2") if other != code]
    for others in ([], row[:2], row[2:4], row):
        svg = crop(code, tuple(others))
        named = [box[4] for box in boxes(svg)]
        assert len(named) >= 4
        first = levels.index(named[0])
        assert named == levels[first : first + len(named)], (code, others)
        size = float(next(svg.iter(f"{SVG}text")).get("font-size"))
        dots = [dot for dot in svg.iter(f"{SVG}circle") if dot.get("fill") == tokens.tokens()["dot"]]
        assert len(dots) >= (0 if code == "GV4" else 2)
        for box in boxes(svg):
            for dot in dots:
                x, y, radius = (float(dot.get(part)) for part in ("cx", "cy", "r"))
                away = max(box[0] - x, x - box[2], box[1] + 0.03 * size - y, y - box[3] + 0.22 * size)
                assert away >= radius, f"a mark stands on {box[4]}"


@pytest.mark.parametrize("meridian", sorted({POINTS[code].meridian for code in DRAWABLE}))
def test_words_key_and_marks_of_a_crop_keep_apart_whatever_row_its_card_is_in(meridian: str) -> None:
    """Alone, and in a row of all the meridian's points, as in the atlas: some of these lie far outside the window."""
    row = [code for code in DRAWABLE if POINTS[code].meridian == meridian]
    for code in row:
        for others in ([], row):
            svg = crop(code, tuple(other for other in others if other != code))
            check_labels(svg)
            taken = [(left, top + 0.03 * (bottom - top), right, bottom - 0.22 * (bottom - top), word)
                     for left, top, right, bottom, word in boxes(svg)]  # fmt: skip
            if ground := key_of(svg):
                taken.append((*ground, "the key"))
            for x, y, radius in rings_of(svg):
                for left, top, right, bottom, what in taken:
                    away = max(left - x, x - right, top - y, y - bottom)
                    assert away >= radius, f"{code}, {others and 'in its row'}: a mark stands on {what}"
            begin_x, begin_y, across, _ = map(float, svg.get("viewBox").split())
            for x, y, radius in rings_of(svg):
                cut = min(x - begin_x, begin_x + across - x, y - begin_y, begin_y + across - y) - radius
                assert cut >= -0.01, f"{code}, {others and 'in its row'}: a mark is cut off"
            for x, y, side in frames_of_key(svg):
                assert begin_x <= x - 0.01 * across < x + side + 0.01 * across <= begin_x + across, (
                    f"{code}: a frame is cut off"
                )
                assert begin_y <= y - 0.01 * across < y + side + 0.01 * across <= begin_y + across, (
                    f"{code}: a frame is cut off"
                )
            unit = across / 40
            for one, other in itertools.combinations(rings_of(svg), 2):
                if min(one[2], other[2]) < 1.5 * unit and (apart := math.dist(one[:2], other[:2])) > 0.01:  # not a pair
                    assert apart >= one[2] + other[2] - 0.02 * unit, f"{code}, {others and 'in its row'}: marks touch"


def frames_of_key(svg: Any) -> list[tuple[float, float, float]]:
    """Return left, top and side of the frame in a crop's key, if it has one."""
    ways = (
        [path.get("d", "") for path in svg.findall(f"{SVG}path") if path.get("fill") == "none"] if key_of(svg) else []
    )
    found = [re.fullmatch(r"M(\S+),(\S+?)h([\d.]+)v\S+?h-\S+z", way) for way in ways]
    return [(float(one[1]), float(one[2]), float(one[3])) for one in found if one]


def rings_of(svg: Any) -> list[tuple[float, float, float]]:
    """Return centre and radius of each mark of a crop; those of the key are none, as they lie in its group."""
    found = [tuple(float(dot.get(part)) for part in ("cx", "cy", "r")) for dot in svg.findall(f"{SVG}circle")]
    for path in svg.findall(f"{SVG}path"):
        if diamond := re.fullmatch(r"M(\S+),(\S+?)l([\d.]+),.*z", path.get("d")):
            x, y, half = map(float, diamond.groups())
            found.append((x, y + half, half))
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(("view", "codes"), [("leg-front", ["ST34", "ST36"]), ("lower-back", ["BL23", "BL25"])])
def test_a_tall_drawing_without_words_has_all_its_points(view: str, codes: list[str]) -> None:
    flat, tall = (
        etree.fromstring(str(chart_module.emblem(view, entries(codes), "c", tokens.Theme(), tall=tall)))
        for tall in (False, True)
    )
    (_, top, width, high), box = ([float(part) for part in svg.get("viewBox").split()] for svg in (tall, flat))
    assert high >= box[3]
    assert width == box[2]
    assert all(top < y < top + high for _, y in marks(tall))


@pytest.mark.parametrize("code", ["ST36", "BL23"])
def test_a_crop_has_a_ground_of_its_own(code: str) -> None:
    """Dark outlines would be lost on the ground of a dark reading system, which takes away what style sheets give."""
    svg = crop(code)
    left, top, width, high = (float(part) for part in svg.get("viewBox").split())
    ground = next(svg.iter(f"{SVG}path"))
    sides = [float(part) for part in re.findall(r"-?[\d.]+", ground.get("d"))]
    assert sides == pytest.approx([left, top, width, high, -width])
    assert ground.get("fill") == tokens.tokens()["paper"]


@pytest.mark.parametrize("tall", [False, True])
@pytest.mark.parametrize(
    ("view", "codes", "ends"),
    [
        ("leg-front", ["EX-LE5", "ST34", "SP10"], None),
        ("head-side", ["GB20", "EX-HN5"], "top"),
        ("hand-back", ["LI4"], "top"),
        ("foot-inner", ["KI3"], "bottom"),
    ],
)
def test_a_drawing_without_words_cuts_through_no_point_and_off_no_crown(
    view: str, codes: list[str], ends: str | None, tall: bool
) -> None:
    """A tall one ends where the body does, as a head without its crown looks like a mistake."""
    svg = etree.fromstring(str(chart_module.emblem(view, entries(codes), "c", tokens.Theme(), tall=tall)))
    _, top, _, high = (float(part) for part in svg.get("viewBox").split())
    for _, y, radius in rings_of(svg):
        assert top + radius < y < top + high - radius
    if tall and ends:
        _, first, _, whole = anatomy.figure(anatomy.views()[view])["frames"][view]["box"]
        assert (top == first) if ends == "top" else (top + high == pytest.approx(first + whole))


@pytest.mark.parametrize(("view", "code"), [("head-front", "GB14"), ("hand-back", "LI4"), ("foot-top", "LR3")])
def test_no_head_is_cut_on_a_first_page(view: str, code: str) -> None:
    svg = etree.fromstring(str(chart_module.emblem(view, entries([code]), "c", PLAIN)))
    left, top, width, high = map(float, svg.get("viewBox").split())
    x, y, wide, deep = anatomy.figure(anatomy.views()[view])["frames"][view]["box"]
    assert left <= x < x + wide <= left + width
    assert top <= y < y + deep <= top + high + 0.1
    assert high == pytest.approx(0.66 * width, rel=0.01)
    leg = etree.fromstring(str(chart_module.emblem("whole-leg-front", entries(["ST36"]), "c", PLAIN)))
    *_, width, high = map(float, leg.get("viewBox").split())
    assert high <= width


def drawn_side(code: str, side: Any) -> tuple[bytes, list[tuple[float, float]]]:
    """Return the picture of a card for one side as pixels, and its marks' places, from the left and the top edge."""
    entry = marks_module.Entry(POINTS[code], "", side=side)
    drawing = str(crop_module.crop(entry, [entry], WORDS, "c", PLAIN))
    svg = etree.fromstring(drawing)
    left, top, *_ = map(float, svg.get("viewBox").split())
    mirrored = svg.find(f"{SVG}g[@transform='scale(-1 1)']")
    sign, holder = (1, svg) if mirrored is None else (-1, mirrored)
    found = [(sign * float(dot.get("cx")) - left, float(dot.get("cy")) - top) for dot in holder.findall(f"{SVG}circle")]
    return as_png(svg_file(drawing, 360)), sorted({(round(x, 1), round(y, 1)) for x, y in found})


@pytest.mark.parametrize("code", ["ST36", "LI4", "GB20", "BL23", "TE20", "SP6", "EX-UE9"])
def test_the_picture_of_a_card_is_of_its_side(code: str) -> None:
    """Of a trunk its mark alone, of a limb its mirror image for the left."""
    pictures = {side: drawn_side(code, side) for side in (None, "left", "right", "both")}
    assert pictures[None] == pictures["both"]
    trunk = anatomy.figure(anatomy.views()[anatomy.view_of(POINTS[code])]).get("mirror")  # type: ignore[index]
    (left, on_left), (right, on_right) = pictures["left"], pictures["right"]
    assert left != right
    if trunk:
        assert on_left + on_right == pictures[None][1]
        return
    assert right == pictures[None][0]
    mirrored, image = (ImageOps.mirror(Image.open(BytesIO(left))), Image.open(BytesIO(right)))
    assert max(ImageChops.difference(mirrored, image).resize((40, 40), Image.Resampling.BOX).tobytes()) < 24


def test_a_card_of_one_side_is_described_as_such() -> None:
    words = common("en").shared
    assert place_text.spot_alt(POINTS["BL23"], words, "left").startswith("BL23: one dot. On the left side. About two")
    for code, side in (("BL23", "both"), ("BL23", None), ("GV4", "left")):
        assert place_text.spot_alt(POINTS[code], words, side) == place_text.spot_alt(POINTS[code], words)


@pytest.mark.parametrize("body", ["woman", "man"])
def test_the_body_is_the_one_that_was_asked_for(body: str) -> None:
    look, neutral = tokens.Theme(body=body), tokens.Theme()
    for view, codes in {"torso-front": ["CV17", "ST18", "CV4"], "hip-side": ["GB29", "GB30"]}.items():
        own, usual = (chart_module.chart(view, entries(codes), WORDS, "c", theme).svg for theme in (look, neutral))
        assert own != usual
        assert marks(etree.fromstring(str(own))) != marks(etree.fromstring(str(usual)))
        assert len(marks(etree.fromstring(str(own)))) == len(marks(etree.fromstring(str(usual))))
        assert chart_module.emblem(view, entries(codes), "c", look) != chart_module.emblem(
            view, entries(codes), "c", neutral
        )
    assert etree.tostring(crop("ST18", body=body)) != etree.tostring(crop("ST18"))
    leg = chart_module.chart("leg-front", entries(["ST36"]), WORDS, "c", look).svg
    assert leg == chart_module.chart("leg-front", entries(["ST36"]), WORDS, "c", neutral).svg


def test_a_body_that_does_not_show_a_point_gives_way_to_the_neutral_one() -> None:
    assert anatomy.figure_for("torso-front", [POINTS["CV17"]], "woman") == "torso-front-woman"
    assert anatomy.figure_for("torso-front", [POINTS["CV17"], POINTS["CV23"]], "woman") == "torso-front"
    for body in ("woman", "man"):  # none that is told in these views is lost
        for view in ("torso-front", "hip-side"):
            at_home = [point for point in POINTS.values() if anatomy.view_of(point) == view]
            assert anatomy.figure_for(view, at_home, body) == f"{view}-{body}"


LONGEST = {
    "kana": "キョクセンテイコウヨウカンゲ",
    "pinyin": "Yánglíngquánshàngxià yī",
    "hangul": "긴이름긴이름긴이름긴이름긴이",
}


def named(view: str, count: int, name: str) -> list[marks_module.Entry]:
    there = [point for point in POINTS.values() if anatomy.shown(view, point)]
    return [marks_module.Entry(point, name) for point in there[:count]]


def smallest(svg: Any, printed: float) -> float:
    """Return the smallest size of words in a drawing in pt, as it is printed that many mm wide."""
    parts = [part for text in svg.iter(f"{SVG}text") for part in (text, *text) if part.get("font-size")]
    return min(float(p.get("font-size")) for p in parts) / float(svg.get("viewBox").split()[2]) * printed * 72 / 25.4


@pytest.mark.parametrize(
    ("view", "kind", "lettering"),
    [
        *((view, "kana", 1.0) for view in anatomy.views()),
        *(
            (view, kind, size)
            for view in ("back", "lower-back", "ankle-outer")
            for kind in LONGEST
            for size in (1.0, 2.0)
        ),
    ],
)
def test_no_name_and_no_number_of_points_makes_letters_smaller_than_6_pt(
    view: str, kind: str, lettering: float
) -> None:
    """Names go on in more lines, and drawings become taller: nobody of 70 years reads what is smaller."""
    look = tokens.Theme(own=(("lettering", str(lettering)),))
    for count in (1, 6, 30):
        found = named(view, count, LONGEST[kind])
        drawing = chart_module.chart(view, found, WORDS, "c", look)
        svg, printed = etree.fromstring(str(drawing.svg)), 176 * drawing.share
        assert smallest(svg, printed) >= 6 * lettering
        _, top, wide, high = map(float, svg.get("viewBox").split())
        assert high / wide * printed <= 1.75 * 176  # it still stands on a page
        for text in svg.iter(f"{SVG}text"):
            assert top <= float(text.get("y")) <= top + high
        words = "".join(svg.itertext())
        assert all(entry.point.code in words for entry in found)


def test_a_long_name_is_printed_whole() -> None:
    for kind, name in LONGEST.items():
        entry = named("ankle-outer", 1, name)
        svg = etree.fromstring(str(chart_module.chart("ankle-outer", entry, WORDS, "c", PLAIN, room=80).svg))
        lines = [text.text for text in svg.iter(f"{SVG}text")][1:]
        assert len(lines) > 1
        assert "".join(lines).replace("-", "").replace(" ", "") == name.replace(" ", ""), kind


def test_a_mark_above_a_capital_does_not_touch_the_code_above_the_name() -> None:
    """Ủy trung stands below BL40: its hook reached into the code's letters."""
    below = {}
    for name in ("Uy trung", "Ủy trung"):
        svg = etree.fromstring(
            str(chart_module.chart("ankle-outer", named("ankle-outer", 1, name * 3), WORDS, "c", PLAIN, room=80).svg)
        )
        code, first = list(svg.iter(f"{SVG}text"))[:2]
        below[name] = (float(first.get("y")) - float(code.get("y"))) / float(code.get("font-size"))
    assert below["Ủy trung"] - below["Uy trung"] == pytest.approx(0.1, abs=0.001)


@pytest.mark.parametrize("lettering", [1.0, 1.8, 2.3])
@pytest.mark.parametrize("codes", [["BL23", "BL24", "BL25", "GV3"], ["GV3", "GV4", "EX-B8", "BL52"], ["EX-B7", "GV3"]])
def test_names_of_vertebrae_are_led_out_and_nothing_stands_on_them(codes: list[str], lettering: float) -> None:
    """Nobody shall take L4 for L5: each name has a line to its bone, and no mark, line or other name is on it."""
    look = tokens.Theme(own=(("lettering", str(lettering)), ("marks", "1.5")))
    svg = etree.fromstring(str(chart_module.chart("lower-back", entries(codes), WORDS, "c", look).svg))
    check_labels(svg)
    levels = {box[4]: box for box in boxes(svg) if re.fullmatch("L[1-5]", box[4])}
    assert list(levels) == ["L2", "L3", "L4", "L5"]
    heights = [(box[1] + box[3]) / 2 for box in levels.values()]
    size = next(box[3] - box[1] for box in levels.values()) / 0.97
    assert all(b - a >= 1.2 * size for a, b in itertools.pairwise(heights))
    for box in levels.values():
        for x, y in marks(svg):
            reach = 1.15 * 1.5 * 1.22 * 1.2
            away = max(box[0] - x, x - box[2], box[1] - y, y - box[3])
            assert away >= reach - 0.3, f"a mark stands on {box[4]}"
    ends = [tuple(map(float, place)) for place in re.findall(r"L(-1\.9),([\d.]+)\"", etree.tostring(svg).decode())]
    assert sorted({y for _, y in ends}) == pytest.approx([SPINOUS[level] for level in levels], abs=0.2)
    dashed = next(p.get("d") for p in svg.iter(f"{SVG}path") if p.get("stroke-dasharray") == "1.3 .9")
    assert float(re.match(r"M-[\d.]+,[\d.]+H(-[\d.]+)", dashed)[1]) <= levels["L4"][0]  # type: ignore[index]


# Leaders


def spots(codes: list[str], radius: float = 1.15) -> list[leader_lines.Spot]:
    figure = anatomy.figure("torso-back")
    unit, zero = figure["percent"], figure["spinous"]["C7"]
    shown = {code: anatomy.shown("back", POINTS[code]) for code in codes}
    return [
        leader_lines.Spot(code, tuple((x / unit, (y - zero) / unit) for x, y in shown[code]), radius) for code in codes
    ]


COLUMNS = leader_lines.Columns(-55, 55, -10, 118, 4.2)


def crosses(a: tuple[Any, Any], b: tuple[Any, Any]) -> bool:
    def turn(p: Any, q: Any, r: Any) -> float:
        return float((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))

    return turn(*a, b[0]) * turn(*a, b[1]) < -1e-9 and turn(*b, a[0]) * turn(*b, a[1]) < -1e-9


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(SINGLE), min_size=1, max_size=30, unique=True))
def test_leaders_do_not_cross_and_labels_keep_their_distance(codes: list[str]) -> None:
    labels = leader_lines.place(spots(codes), COLUMNS)
    assert sorted(label.code for label in labels) == sorted(codes)
    for side in ("left", "right"):
        heights = sorted(label.y for label in labels if label.side == side)
        assert all(b - a >= COLUMNS.pitch - 1e-6 for a, b in itertools.pairwise(heights))
        assert all(COLUMNS.top <= y <= COLUMNS.bottom for y in heights)
    for one, other in itertools.combinations(labels, 2):
        for a in itertools.pairwise(one.route):
            assert not any(crosses(a, b) for b in itertools.pairwise(other.route)), f"{one.code} crosses {other.code}"
    for label in labels:
        own = next(spot for spot in spots(codes) if spot.code == label.code).marks
        assert min(math.dist(label.route[0], mark) for mark in own) == pytest.approx(1.15, abs=0.01)
        assert abs(label.route[-1][0]) == pytest.approx(55 - 0.8)
    assert labels == leader_lines.place(spots(codes[::-1]), COLUMNS)


def clearance(codes: list[str], columns: leader_lines.Columns, radius: float) -> float:
    """Return how near a leader comes to the edge of another point's mark."""
    placed = spots(codes, radius)

    def distance(p: Any, a: Any, b: Any) -> float:
        length = math.dist(a, b) ** 2
        t = 0 if not length else ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length
        t = min(1, max(0, t))
        return math.dist(p, (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))

    return min(
        distance(mark, a, b) - radius
        for label in leader_lines.place(placed, columns)
        for spot in placed
        if spot.code != label.code
        for mark in spot.marks
        for a, b in itertools.pairwise(label.route)
    )


def test_leaders_of_the_handout_keep_clear_of_other_marks() -> None:
    block = next(b for s in handout()["sections"] for b in s["blocks"] if b["type"] == "overview")
    codes = [code for group in block["groups"] for code in group["points"] if code in SINGLE]
    assert len(codes) == 13
    assert clearance(codes, leader_lines.Columns(-40, 40, 62, 118, 5.1), 1.25) >= 0.5


def test_too_many_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="room for 2"):
        leader_lines.place(spots(["BL23", "BL24", "BL25"]), leader_lines.Columns(-55, 55, 0, 5, 4.2))


# Looks


@pytest.mark.parametrize("skin", ["light", "medium", "dark"])
def test_marks_stand_out_on_every_skin_tone(skin: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1 between the mark and the ring of paper round it; the ring against the skin is extra."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    colours = tokens.chart_colours(tokens.Theme(skin))
    for mark in ("dot", "dot-mid", "leader"):
        assert contrast(colours[mark], colours["paper"]) >= 3
    assert contrast(colours["ink"], colours["bone"]) >= 7
    fills = {shape.get("fill") for shape in chart("back", ["BL23"], skin).iter()}
    assert colours["skin"] in fills


def test_only_solid_fills() -> None:
    """Gradients, masks, clips and alpha print badly."""
    for view in anatomy.views():
        code = next(code for code, point in POINTS.items() if anatomy.shown(view, point))
        text = etree.tostring(chart(view, [code])).decode()
        assert not re.search(r"gradient|mask|clip|opacity|filter|rgba", text, re.IGNORECASE)


def test_sizes(built: Any) -> None:
    book = documents(built.epub)
    drawings = [svg for page in book.values() for svg in page.iter(f"{SVG}svg")]
    for svg in drawings:
        size = len(etree.tostring(svg))
        assert size <= {"chart": 60_000, "crop": 12_000}.get(svg.get("class"), 3_000)
    with pikepdf.open(built.pdf) as pdf:
        pages = [len(page.Contents.read_raw_bytes()) for page in pdf.pages]
    four, cards_page, all_points = pages[2], pages[3], pages[4]
    assert four <= 25_000
    assert cards_page <= 4 * 8_000
    assert all_points <= 25_000 + 4 * 8_000


# Another handout


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other")
    shutil.copytree(ROOT / "tests" / "samples" / "handouts", folder / "source")
    done = run(folder / "source", "stiff-neck")
    assert done.returncode == 0, done.stderr
    return folder / "dist"


def test_another_topic_needs_no_new_code(other: Path) -> None:
    book = documents(other / "stiff-neck.en.epub")
    kinds = [(image.get("class") or "").split()[:1] for page in book.values() for image in page.iter(f"{XHTML}img")]
    assert kinds.count(["chart"]) == 3
    assert kinds.count(["crop"]) == 3
    assert verapdf.check(other / "stiff-neck.en.pdf", "ua1") == []
    assert verapdf.check(other / "stiff-neck.en.pdf", "3a") == []
    assert epubcheck.check(other / "stiff-neck.en.epub") == []


def test_cards_of_the_handout_come_from_the_catalogue(built: Any) -> None:
    words = " ".join("".join(page.find(f"{XHTML}body").itertext()) for page in documents(built.epub).values())
    names = catalogue_rows()
    for card in cards(handout()):
        assert f"{names[card['code']]['names']['zh-Hans']} {names[card['code']]['names']['pinyin']}" in words


# Drawings as a whole

DRAWINGS = {
    "back": ("back", "BL13 BL15 BL18 BL23 BL25 BL32 BL43 BL52 GV3 GV4 GV14 GB30 EX-B2", 1.0),
    "back-large": ("back", "BL13 BL23 BL25 GV3 GV4", 1.6),
    "upper-back": ("upper-back", "BL13 BL15 BL43 GV12 GV14", 1.0),
    "lower-back": ("lower-back", "BL23 BL25 BL32 BL52 GV3 GV4", 1.0),
    "leg-back": ("leg-back", "BL40 BL57", 1.0),
    "leg-front": ("leg-front", "ST35 ST36", 1.0),
    "leg-outer": ("lower-leg-outer", "GB34 EX-LE6", 1.0),
    "ankle-outer": ("ankle-outer", "BL60", 1.0),
    "ankle-inner": ("ankle-inner", "KI3", 1.0),
    "crop-pair": ("", "BL23 BL52 GV4", 1.0),
    "crop-midline": ("", "GV3 BL25", 1.0),
    "crop-wide": ("", "GB30 BL54", 1.0),
    "crop-leg": ("", "ST36 ST35", 1.0),
    "crop-left": ("", "LI20 ST3 GV26", 1.0),
}
"""View (none for a crop of the first point among others), points, how much larger the letters are."""
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_is_the_one_that_was_looked_at(name: str) -> None:
    """Every shape is where it was, to the last digit but one: another machine may round the last one otherwise.

    UPDATE_GOLDEN=1 draws them anew; look at them before you commit them.
    """
    view, codes, lettering = DRAWINGS[name]
    found, look = entries(codes.split()), tokens.Theme(own=(("lettering", str(lettering)),))
    if view:
        drawn = chart_module.chart(view, found, WORDS, "c", look, LEGENDS).svg
    else:
        drawn = crop_module.crop(found[0], found[1:], WORDS, "c", look)
    lines = str(drawn).replace("><", ">\n<") + "\n"
    golden = HERE / "drawings" / f"{name}.svg"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(lines, "utf-8", newline="\n")
    known = golden.read_text("utf-8")
    assert NUMBER.sub("0", lines).splitlines() == NUMBER.sub("0", known).splitlines()
    for one, other in zip(NUMBER.findall(lines), NUMBER.findall(known), strict=True):
        last = max(1, *(len(number.partition(".")[2]) for number in (one, other)))  # noughts at the end are not written
        assert abs(float(one) - float(other)) < 1.5 * 10**-last, f"{one} was {other}"
