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
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from helpers.book import XHTML, documents
from helpers.places import change
from helpers.project import FONTS, ROOT, SOURCE, copy_project, make, run
from helpers.source_text import cards, catalogue_rows, handout, shared
from helpers.tagged_pdf import Tagged
from hypothesis import given, settings
from hypothesis import strategies as st
from judges import epubcheck, verapdf
from lxml import etree

from handout_builder import tokens
from handout_builder.content import anatomy, catalogue
from handout_builder.figures import chart as chart_module
from handout_builder.figures import crop as crop_module
from handout_builder.figures import leader_lines
from handout_builder.figures import marks as marks_module
from handout_builder.figures import svg as svg_pieces

HERE = Path(__file__).parent
POINTS = catalogue.catalogue(SOURCE, "en")
SVG = "{http://www.w3.org/2000/svg}"
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
CUN = 100 * 22.9 / 509  # 172 cm / 75 on a distance of 509 mm


def entries(codes: list[str], kind: marks_module.Kind = "filled") -> list[marks_module.Entry]:
    return [marks_module.Entry(POINTS[code], POINTS[code].names.pinyin, kind) for code in codes]


def chart(view: str, codes: list[str], skin: str = "light") -> Any:
    return etree.fromstring(str(chart_module.chart(view, entries(codes), WORDS, "c", tokens.Theme(skin))))


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


@pytest.mark.parametrize(
    ("view", "code", "place"),
    [
        ("back", "GB30", (2 / 3 * 32.4, 111.2 + 2 / 3 * (113.9 - 111.2))),  # hiatus to trochanter, two thirds out
        ("leg-front", "ST36", (21, -1 + 3 * 23)),  # 3 cun below ST35
        ("leg-back", "BL40", (0, 1.5)),  # the middle of the crease
        ("leg-back", "BL55", (0, 1.5 + 2 * 23)),
        ("leg-back", "BL56", (0, 1.5 + 5 * 23)),
        ("leg-back", "BL57", (0, 8 * 23)),  # half of the 16 cun from crease to ankle
        ("leg-front", "GB34", (2, 46)),
        ("ankle-outer", "BL60", ((59 + 34) / 2, -78)),  # between bone and tendon
        ("ankle-inner", "KI3", (-(60.5 + 39.5) / 2, -90)),
    ],
)
def test_points_at_other_landmarks(view: str, code: str, place: tuple[float, float]) -> None:
    found = marks(chart(view, [code]))
    near = [mark for mark in found if mark[0] * place[0] >= 0]
    assert len(near) == 1
    size = 100 if view == "back" else 16 * 23
    assert math.dist(near[0], place) <= size / 100


def test_moving_a_point_moves_text_chart_and_description(tmp_path: Path) -> None:
    first = make(copy_project(tmp_path / "a"))[1]
    before = documents(first)
    project = copy_project(tmp_path / "b")
    change(project / "points" / "places.csv", "BL23", level="L1", lateral_cun="3")
    pdf, epub = make(project)
    after = documents(epub)
    old, new = (" ".join("".join(page.itertext()) for page in book.values()) for book in (before, after))
    assert "two finger-widths to each side of the spine, level with the gap below the second lumbar vertebra" in old
    assert "second lumbar vertebra (L2)" not in new
    assert "four finger-widths to each side of the spine, level with the gap below the first lumbar vertebra" in new
    assert "BL23: two dots, about four finger-widths to each side of the spine, level with the gap below L1." in new
    assert "4 fingers out, below L1" in new
    for book, place in ((first, (6.78, 78.65)), (epub, (13.56, 73.5))):
        with zipfile.ZipFile(book) as archive:
            charts = ("which-points_2.svg", "all-points_2-back.svg")
            drawings = [etree.fromstring(archive.read(f"EPUB/drawings/{name}")) for name in charts]
        shown = [mark for svg in drawings for mark in marks(svg)]
        assert sum(math.dist(mark, place) < 0.02 for mark in shown) == 2, place
    figures = [figure.alt for figure in Tagged(pdf).root.find("Figure")]
    assert any("BL23: two dots, about four finger-widths" in alt for alt in figures)


def moved(**change: Any) -> Any:
    place = POINTS["BL23"].place
    assert place
    return anatomy.positions(POINTS["BL23"].model_copy(update={"place": place.model_copy(update=change)}))


def test_one_field_moves_the_mark() -> None:
    ((x, y),) = anatomy.positions(POINTS["BL23"])
    assert moved(lateral_cun=3.0) == [pytest.approx((2 * x, y))]
    assert moved(level="L3")[0][1] > y
    assert moved(offset_cun=1.0, offset_dir=("down",)) == [pytest.approx((x, y + 4.52))]


def test_stored_positions_are_those_of_the_formulas() -> None:
    """Where a formula can be worked out on a figure of today, it gives what is stored."""
    told = 0
    for code in ON_BACK:
        place = POINTS[code].place
        assert place
        spots = anatomy.place_on_figure(place, "back")
        for spot, known in zip(spots, anatomy.positions(POINTS[code]), strict=True):
            assert math.dist(spot, known) <= 0.2, code  # 1 mm
            told += 1
    assert told > 60


# Labels


@functools.cache
def advances(style: str) -> dict[int, float]:
    font = TTFont(FONTS / f"NotoSans-{style}.ttf")
    metrics, units = font["hmtx"], font["head"].unitsPerEm
    return {code: metrics[glyph][0] / units for code, glyph in font.getBestCmap().items()}


def width(text: str, size: float, *, bold: bool) -> float:
    return sum(advances("Bold" if bold else "Regular")[ord(c)] for c in text) * size


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
        t[4] for t in boxes(svg) if re.search(r"\b(BL|GV|GB|EX-B)\d", t[4])
    )
    named = " ".join(text[4] for text in boxes(svg)).split()
    assert all(named.count(code) == 1 for code in codes)


@pytest.mark.parametrize("view", ["upper-back", "lower-back"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_labels_of_the_close_ups(view: str, data: Any) -> None:
    there = [code for code in ON_BACK if anatomy.shown(view, POINTS[code])]
    check_labels(chart(view, data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=24, unique=True))))


@pytest.mark.parametrize("view", ["leg-back", "leg-front", "ankle-outer", "ankle-inner"])
def test_labels_of_the_legs(view: str) -> None:
    there = [code for code, point in POINTS.items() if anatomy.shown(view, point)]
    assert there
    check_labels(chart(view, there[:6]))


# Leaders


def spots(codes: list[str], radius: float = 1.15) -> list[leader_lines.Spot]:
    return [leader_lines.Spot(code, tuple(anatomy.shown("back", POINTS[code])), radius) for code in codes]


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
    "ankle-outer": ("ankle-outer", "BL60", 1.0),
    "ankle-inner": ("ankle-inner", "KI3", 1.0),
    "crop-pair": ("", "BL23 BL52 GV4", 1.0),
    "crop-midline": ("", "GV3 BL25", 1.0),
    "crop-wide": ("", "GB30 BL54", 1.0),
    "crop-leg": ("", "ST36 ST35", 1.0),
}
"""View (none for a crop of the first point among others), points, how much larger the letters are."""
LEGENDS: tuple[tuple[marks_module.Kind, str], ...] = (("filled", "Strong"), ("thin", "Weaker"))
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_is_the_one_that_was_looked_at(name: str) -> None:
    """Every shape is where it was, to the last digit but one: another machine may round the last one otherwise.

    UPDATE_GOLDEN=1 draws them anew; look at them before you commit them.
    """
    view, codes, lettering = DRAWINGS[name]
    found, look = entries(codes.split()), tokens.Theme(own=(("lettering", str(lettering)),))
    if view:
        drawn = chart_module.chart(view, found, WORDS, "c", look, LEGENDS)
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
