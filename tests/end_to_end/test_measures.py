"""Measures stand in one place: tokens.css alone makes other pages, and they still align."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from helpers.once import once
from helpers.page_words import collisions, read
from helpers.processes import HANGS
from helpers.project import HERE, LANG, SHORT, SOURCE
from helpers.style_sheets import strays
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import raw

from handout_builder import css_lengths
from handout_builder.editions import EDITIONS
from handout_builder.tokens import resolved, tokens

ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ROOT / "layouts"
MM = 72 / 25.4


# Lengths, and what is reckoned with them


@pytest.mark.parametrize(
    ("text", "mm"),
    [
        ("38mm", 38),
        ("-3mm", -3),
        ("1in", 25.4),
        ("72pt", 25.4),
        ("96px", 25.4),
        ("calc(38mm + 5mm)", 43),
        ("calc(-1 * (16mm + 3mm))", -19),
        ("calc(calc(2cm - 5mm) / 3)", 5),
        ("1.25", 1.25),
        (".5mm", 0.5),
    ],
)
def test_length(text: str, mm: float) -> None:
    assert css_lengths.value(text) == pytest.approx(mm)


@pytest.mark.parametrize(
    "text", ["50%", "2em", "auto", "", "calc(1mm +)", "1mm / 0", "var(--side)", "__import__('os')"]
)
def test_no_length(text: str) -> None:
    with pytest.raises(ValueError, match=r"no length|neither a number"):
        css_lengths.value(text)


@given(st.integers(0, 500), st.decimals(0, 500, places=2), st.decimals(-9, 9, places=2))
def test_calc_is_worked_out(one: int, other: Decimal, factor: Decimal) -> None:
    css = f"p {{ margin: calc({factor} * ({one}mm + {other}pt)) 0 }}"
    worked = re.fullmatch(r"p \{ margin: (-?[\d.]+)mm 0 \}", css_lengths.work_out(css))
    assert worked is not None
    assert float(worked[1]) == pytest.approx(float(factor) * (one + float(other) / MM), abs=0.001)


@pytest.mark.parametrize("term", ["calc(100% - 3mm)", "calc(2em + 1mm)", "calc(var(--other) * 2)", "calc(1mm"])
def test_calc_of_something_else_stays(term: str) -> None:
    assert css_lengths.work_out(f"p {{ width: {term}; }}") == f"p {{ width: {term}; }}"


def test_tokens_that_name_tokens_are_resolved_to_the_last_value() -> None:
    css = ":root { --side: 38mm; --axis: calc(var(--side) + 5mm) } p { margin: var(--axis) } :root { --side: 50mm; }"
    assert "p { margin: 55.0000mm }" in resolved(css.replace(" }", "; }", 1))
    assert "var(--b)" in resolved(":root { --a: var(--b); --b: var(--a); } p { margin: var(--a) }")
    assert resolved("p { margin: var(--none) }") == "p { margin: var(--none) }"


# No measure and no colour stands anywhere but in tokens


def style_sheets() -> list[Path]:
    """Return what lays out pages and books; those in engine/ are WeasyPrint's, that in studio/ is for screens."""
    others = ("engine", "studio")
    return [p for p in sorted(LAYOUTS.rglob("*.css")) if p.name != "tokens.css" and p.parent.name not in others]


@pytest.mark.parametrize("path", style_sheets(), ids=lambda path: path.relative_to(LAYOUTS).as_posix())
def test_style_sheet_has_no_stray_measure_or_colour(path: Path) -> None:
    assert strays(path.read_text("utf-8"), book=path.parent.name in ("epub", "proof")) == []


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("p { margin: 3mm 0 }", ["margin: 3mm"]),
        (".a { padding: calc(2 * (1pt + var(--gap))) }", ["padding: 1pt"]),
        ("@page { margin: 12mm; @bottom-left { padding-top: 2pt } }", ["margin: 12mm", "padding-top: 2pt"]),
        ("h1 { color: #123456; background: rgb(1, 2, 3) }", ["color: #123456", "background: rgb(1, 2, 3)"]),
        (".a { line-height: 14px }", ["line-height: 14px"]),
        ("@page { size: 100mm 210mm } :root { --gap: 3mm; --ink: #000 } p { margin: 0.3em var(--gap) 0mm 5% }", []),
    ],
)
def test_planted_stray_is_found(css: str, found: list[str]) -> None:
    assert strays(css) == found


def test_every_token_that_is_used_is_declared_and_the_other_way_round() -> None:
    """Tokens of an edition count for it; the drawings' and the clinics' are asked for by name."""
    css = {path: path.read_text("utf-8") for path in (LAYOUTS / "tokens.css", *style_sheets())}
    used = {name for text in css.values() for name in re.findall(r"var\(--([a-z0-9-]+)\)", text)}
    declared = {name for text in css.values() for name in re.findall(r"--([a-z0-9-]+):", text)}
    assert used <= declared
    program = "".join(path.read_text("utf-8") for path in (ROOT / "handout_builder").rglob("*.py"))
    icons = "".join(path.read_text("utf-8") for path in (LAYOUTS / "icons").glob("*.svg"))
    unused = [name for name in declared - used if f'"{name}"' not in program and f"--{name})" not in icons]
    assert [name for name in unused if not name.startswith("skin-")] == []


# A designer's change


SIDE, UNIT, MORE = 50.0, 19.0, 0.5
"""What the designer asks for: a wider side column in mm, more space between lines and larger type in pt."""
AXIS = SIDE + 5


@pytest.fixture(scope="module")
def changed(run_folder: Path) -> Path:
    """The output of a copy of the program in which nothing but layouts/tokens.css is changed."""
    return once(run_folder / "designer", designed) / "dist"


def designed(top: Path) -> None:
    for name in ("handout_builder", "layouts"):
        shutil.copytree(ROOT / name, top / name)  # with what Python has compiled
    for name in ("fonts", "source"):
        (top / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "make_handout.py", top)
    path = top / "layouts" / "tokens.css"
    css = path.read_text("utf-8")
    css = re.sub(r"(--size-[a-z-]+: )([\d.]+)pt", lambda m: f"{m[1]}{float(m[2]) + MORE:g}pt", css)
    css = css.replace("--side: 38mm;", f"--side: {SIDE:g}mm;").replace("--unit: 17pt;", f"--unit: {UNIT:g}pt;")
    path.write_text(css, "utf-8")
    make(
        top,
        *(
            ["chronic-back-pain", *(["--brand", brand] if brand else []), "--edition", edition]
            for brand, editions in CHANGED.items()
            for edition in editions
        ),
    )


def make(top: Path, *calls: Sequence[str]) -> None:
    """Run the program's copy once for several calls: each Python that starts loads all of it."""
    code = "import sys; from handout_builder.cli.main import main; sys.exit(any([main([*call]) for call in {calls}]))"
    words = [[*call, "--lang", LANG, "--format", "pdf", *HERE] for call in calls]
    command = [sys.executable, "-c", code.replace("{calls}", repr(words))]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, timeout=HANGS, check=False)
    assert done.returncode == 0, done.stderr


CHANGED = {"": ["large-print", "press", "one-page"], "harbour-lane": ["letter"]}
"""What is made: an edition of each kind of page, with and without a brand."""
FILES = [
    f"{brand}/chronic-back-pain.en{EDITIONS[edition].suffix}.pdf".removeprefix("/")
    for brand, editions in CHANGED.items()
    for edition in editions
]
ON_THE_AXIS = [name for name in FILES if not re.search(r"one-page|large-print", name)]


@pytest.fixture(params=ON_THE_AXIS)
def sheets(changed: Path, request: pytest.FixtureRequest) -> tuple[Path, float]:
    """An edition with a side column, and its left margin in pt."""
    return changed / request.param, (28 if "press" in request.param else 18) * MM


def test_change_of_the_designer_aligns_the_title(sheets: tuple[Path, float]) -> None:
    path, left = sheets
    first = read(path)[0].words
    kicker = [word for word in first if word.text in ("Patient", "information")]
    title = next(word for word in first if word.size == 29 + MORE)
    assert [word.text for word in kicker] == ["Patient", "information"]
    assert kicker[0].x == pytest.approx(left, abs=0.1)
    assert title.x == pytest.approx(left + AXIS * MM, abs=0.1)
    assert [word.y for word in kicker] == pytest.approx([title.y, title.y], abs=0.2)
    assert kicker[-1].end < title.x - 5


def test_change_of_the_designer_keeps_one_axis(sheets: tuple[Path, float]) -> None:
    """Headings of 14.5 pt and codes hang in the side column, level with the text that begins at the axis."""
    path, left = sheets
    axis = left + AXIS * MM
    level = 0
    for page in read(path):
        for word in page.words:
            if word.size == 14 + MORE and word.x == pytest.approx(left, abs=0.1):
                beside = [o.x for o in page.words if o.size != word.size and abs(o.y - word.y) < 1.3 and o.x > word.x]
                assert not beside or min(beside) == pytest.approx(axis, abs=0.1), word
                level += bool(beside)
    assert level >= 9  # five headings and four cards


def test_change_of_the_designer_keeps_safety_boxes_on_the_axis(sheets: tuple[Path, float]) -> None:
    path, left = sheets
    axis = left + AXIS * MM
    number, page = next((n, page) for n, page in enumerate(read(path)) if any(w.text == "numbness" for w in page.words))
    assert all(word.end < axis - 4 * MM for word in page.words if word.size == 16 + MORE)
    assert sum(word.x == pytest.approx(axis, abs=0.1) for word in page.words if word.text == "•") >= 13
    with pypdfium2.PdfDocument(path) as document:
        paths = document[number].get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,))
        boxes = [item.get_bounds() for item in paths]
    tall = [start for start, bottom, _, top in boxes if top - bottom > 80]
    assert pytest.approx(axis - 4 * MM, abs=0.1) in tall, "the tint begins 4 mm before the axis"


def test_change_of_the_designer_lets_charts_fill_the_page(sheets: tuple[Path, float]) -> None:
    """On the clinic's pages it would leave one half empty: it is smaller there, in the middle."""
    path, left = sheets
    page = next(page for page in read(path) if any(word.text == "fingers" for word in page.words))
    right = page.width - left + 2 * MM  # the right margin is 2 mm narrower
    start = next(word.x for word in page.words if word.text == "Left")
    end = next(word.end for word in page.words if word.text == "Right")
    assert start - left == pytest.approx(right - end, abs=1)
    assert (path.parent.name == "harbour-lane") == (start > left + 0.1)


@pytest.mark.parametrize("name", FILES)
def test_change_of_the_designer_lets_no_words_run_into_each_other(changed: Path, name: str) -> None:
    for page in read(changed / name):
        assert collisions(page) == []
        assert all(word.x > 0 and word.end < page.width for word in page.words)


@pytest.mark.parametrize("name", FILES)
def test_change_of_the_designer_leaves_no_page_empty_without_need(changed: Path, name: str) -> None:
    """No two pages that follow each other would fit on one; the short form stays on its page."""
    used = []
    with pypdfium2.PdfDocument(changed / name) as document:
        for number, page in enumerate(read(changed / name)):
            foot = max(word.y for word in page.words if word.text == "Page")
            text = [word.y for word in page.words if word.y < foot - 20]
            # The ground of a panel goes on below its words.
            sheet = document[number]  # to load a page takes far longer than to ask it
            height = sheet.get_height()
            ends = [height - item.get_bounds()[1] for item in sheet.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,))]
            used.append((max(*text, *(end for end in ends if end < foot - 20)) - min(text)) / (foot - min(text)))
    assert all(one + other > 0.95 for one, other in pairwise(used)), used
    if "one-page" in name:
        assert len(used) == 1


def test_the_print_shops_file_has_bleed_and_marks_where_its_style_sheet_says(changed: Path, tmp_path: Path) -> None:
    top = tmp_path / "top"
    shutil.copytree(changed.parent, top, symlinks=True, ignore=shutil.ignore_patterns("dist"))
    path = top / "layouts" / "editions" / "press.css"
    before = path.read_text("utf-8")
    path.write_text(before.replace("--edge: 10mm;", "--edge: 14mm;").replace("--bleed: 3mm;", "--bleed: 5mm;"), "utf-8")
    make(top, [str(SHORT), "--brand", str(SOURCE / "brands" / "harbour-lane"), "--edition", "press", "--out", "press"])
    with pypdfium2.PdfDocument(next((top / "press" / "harbour-lane").glob("*.pdf"))) as document:
        page = document[0]
        width, height = page.get_size()
        boxes = [item.get_bounds() for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,))]
        assert (width / MM, height / MM) == pytest.approx((210 + 28, 297 + 28), abs=0.05)
        for box, inset in ((page.get_trimbox(), 14 * MM), (page.get_bleedbox(), 9 * MM)):
            assert box == pytest.approx((inset, inset, width - inset, height - inset), abs=0.01)
    marks = [box for box in boxes if box[2] - box[0] < 1 and box[0] == pytest.approx(14 * MM, abs=0.5)]
    assert [(box[1], box[3]) for box in marks[:1]] == [pytest.approx((3 * MM, 8 * MM), abs=0.3)]
    assert any(box[0] == pytest.approx(9 * MM, abs=0.05) for box in boxes), "the letterhead's ground fills the bleed"


def test_the_values_of_this_test_are_others_than_todays() -> None:
    assert (tokens()["side"], tokens()["unit"]) == ("38mm", "17pt")
