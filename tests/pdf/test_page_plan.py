"""Pages that arrange themselves: blocks take the width that they need, and pages are set as costs least."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from helpers import page_words
from helpers.page_words import Word
from helpers.project import NAME, OTHERS, ROOT, SHORT, SOURCE, brand_of, common, source_of
from PIL import Image

from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import Problem, Severity
from handout_builder.looks import LOOKS
from handout_builder.pdf import flow, page_cost, page_plan, typeset
from handout_builder.pdf.pages import Pages
from handout_builder.pipeline import MadeFiles, make, settled
from handout_builder.render import printing
from handout_builder.render.product import Product

HEAD = "title: Test\ndescription: A test page.\nauthor: Tester\nrevised: 2026-11-28\nabout: low-back\n"
TEXT = "Text that stands beside the heading in the wide column and runs over more than one line, to fill a page."
PARAGRAPH = f'      - {{type: text, text: "{TEXT}"}}\n'
PICTURE = "      - {type: figure, image: tall.png, alt: A picture, caption: A caption.}\n"
CARDS = "      - {type: points, points: [{code: BL23, name: {text: 肾俞, lang: zh-Hans, reading: Shènshū}}]}\n"
CHART = "      - {type: chart, view: leg-front, points: [ST36], title: Where, caption: No dot is exact.}\n"
WIDE, STARTS = "    wide: true\n", "    starts_page: true\n"
BRAND = SOURCE / "brands" / "harbour-lane"
SAMPLES = ROOT / "tests" / "samples" / "handouts"
MM = 72 / 25.4
LEFT, AXIS = 18 * MM, 61 * MM
"""Where pages and their text begin, in pt from the left."""
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")


def section(ident: str, *blocks: str, more: str = "") -> str:
    return f"  - id: {ident}\n    heading: Heading {ident}\n{more}    blocks:\n" + "".join(blocks)


def handout(top: Path, *sections: str, head: str = "") -> Product:
    """Return a handout of these sections, which may show a tall picture."""
    folder = top / "handout"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "en.yaml").write_text(HEAD + head + "sections:\n" + "".join(sections), "utf-8")
    Image.new("RGB", (1200, 1600), (200, 220, 240)).save(folder / "tall.png")
    return Product(load(folder, "en", common()))


def unplanned(top: Path, head: str = "", picture: str = PICTURE) -> Product:
    """Return a handout of an author who plans no pages: its picture does not fit below the text."""
    text, more = section("a", *[PARAGRAPH] * 6), section("b", picture, *[PARAGRAPH] * 5)
    return handout(top, text, more, head=head)


def started(top: Path, head: str = "") -> Product:
    """Return a handout with a wish for a page start that leaves a page nearly empty."""
    return handout(top, section("a", PARAGRAPH), section("b", *[PARAGRAPH] * 9, more=STARTS), head=head)


def pages_of(made: MadeFiles) -> list[list[Word]]:
    with pypdfium2.PdfDocument(made["pdf"]) as pdf:
        return [list(page_words.words(page)) for page in pdf]


def told(made: MadeFiles, *codes: str) -> list[Problem]:
    return [problem for problem in made.notes if problem.code in codes]


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The editions that the engine has laid out, each as often as it has."""
    seen: list[str] = []
    lay_out = typeset.lay_out

    def counted(html: str, product: Product, *more: Any) -> Pages:
        seen.append(product.edition.name)
        return lay_out(html, product, *more)

    monkeypatch.setattr(typeset, "lay_out", counted)
    return seen


# Plans


def test_a_page_that_would_be_half_empty_is_filled(tmp_path: Path) -> None:
    made = make(unplanned(tmp_path), ("pdf",))
    assert "caption." in [word.text for word in pages_of(made)[0]]
    (note,) = told(made, "arranged", "page-empty")
    assert note.severity is Severity.NOTE
    begin = "the pages were laid out once more: 2 pages instead of 3, where pictures have 65% of"
    assert note.message.startswith(begin)


def test_a_picture_has_the_size_that_its_author_gives(tmp_path: Path) -> None:
    made = make(unplanned(tmp_path, picture=PICTURE.replace("alt:", "size: full, alt:")), ("pdf",))
    assert "caption." not in [word.text for word in pages_of(made)[0]]
    assert [note.code for note in told(made, "arranged", "page-empty")] == ["page-empty"]


def test_a_page_start_gives_way_and_chapters_of_the_book_do_not(tmp_path: Path) -> None:
    made = make(started(tmp_path), ("pdf", "epub"))
    assert len(pages_of(made)) == 1
    (note,) = told(made, "arranged")
    assert "one page instead of 2, where “Heading b” begins no page: the edition a4" in note.message
    assert "Heading b" in (tmp_path / "handout" / "en.yaml").read_text("utf-8").splitlines()[note.line]
    with zipfile.ZipFile(io.BytesIO(made["epub"])) as book:
        assert len([name for name in book.namelist() if "chapter-" in name]) == 2


def test_a_page_start_stays_where_pages_are_good(tmp_path: Path, times: list[str]) -> None:
    text = section("a", *[PARAGRAPH] * 12), section("b", *[PARAGRAPH] * 5, more=STARTS)
    made = make(handout(tmp_path, *text), ("pdf",))
    assert [word.text for word in pages_of(made)[1]][:2] == ["Heading", "b"]
    assert (made.notes, times) == ((), ["a4"])


def test_the_same_text_gives_the_same_pages_in_any_process(tmp_path: Path) -> None:
    here = hashlib.sha256(make(unplanned(tmp_path), ("pdf",))["pdf"]).hexdigest()
    code = (
        "import hashlib, sys\nfrom pathlib import Path\n"
        "from handout_builder.content.loader import load\nfrom handout_builder.pipeline import make\n"
        "from handout_builder.render.product import Product\n"
        "made = make(Product(load(Path(sys.argv[1]), 'en')), ('pdf',))\n"
        "print(hashlib.sha256(made['pdf']).hexdigest())"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "handout")]
    seed = {"PYTHONHASHSEED": "1"}  # the tests' own process has another
    done = subprocess.run(words, cwd=ROOT, env=os.environ | seed, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [here]


SHIPPED = [SOURCE / name for name in (NAME, *OTHERS)]


# Each edition meets each handout once, and each of both meets each look.
SET = [
    (folder, edition, [*LOOKS][(row + column) % len(LOOKS)])
    for row, edition in enumerate(("a4", "letter", "large-print", "booklet"))
    for column, folder in enumerate((*SHIPPED, SHORT, SAMPLES / "blocks"))
]


def test_the_first_handout_is_set_once(times: list[str]) -> None:
    make(Product(source_of(SOURCE / NAME)), ())
    assert times == ["a4"]


@pytest.mark.parametrize(("folder", "edition", "look"), SET, ids=lambda value: getattr(value, "name", value))
def test_pages_are_set_as_often_as_they_must_and_begin_where_they_are_thought_to(
    folder: Path, edition: str, look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, once more where page numbers in the text were not known, and twice for plans at the most."""
    brand = brand_of(BRAND) if edition in ("a4", "booklet") else None
    first: list[Pages] = []
    times: list[str] = []
    lay_out = typeset.lay_out

    def counted(html: str, product: Product, *more: Any) -> Pages:
        pages = lay_out(html, product, *more)
        times.append(product.edition.step)
        first.extend([] if first else [pages])
        return pages

    monkeypatch.setattr(typeset, "lay_out", counted)
    made = make(Product(source_of(folder), brand, replace(EDITIONS[edition], look=LOOKS[look])), ())
    assert len(times) <= (4 if told(made, "arranged") else 2), times
    (pages,) = first
    nothing = [0.0] * len(pages.pieces)
    thought = flow.broken(pages.pieces, pages.room, nothing, nothing, ())
    assert [sheet.first for sheet in thought] == [sheet.first for sheet in flow.sheets(pages.pieces)]
    assert page_cost.least(nothing, pages.pieces, pages) <= page_cost.cost(pages.pieces, thought, pages)


@pytest.mark.parametrize("make_handout", [unplanned, started])
def test_a_plan_comes_out_as_it_was_thought(make_handout: Any, tmp_path: Path) -> None:
    product = make_handout(tmp_path)
    first = settled(product)
    for plan, mends, page_of, _ in islice(page_plan.better(first, product), 4):
        other = plan.product(product)
        pages = typeset.lay_out(printing.print_html(other, printing.first_pages(other)), other, mends)
        assert {ident: page for ident, page in pages.page_of.items() if ident in page_of} == page_of
        assert page_plan.cost(pages, plan) < page_plan.cost(first, page_plan.Plan())


def test_a_cover_has_a_picture_where_it_takes_no_page_more(tmp_path: Path) -> None:
    """Pages of a booklet are counted by sheets: those that would stay blank cost as much as others."""
    shown = {}
    for count in (3, 30):
        top = tmp_path / str(count)
        head = "summary: [Press once a day.]\n"
        product = handout(top, section("a", CHART, *[PARAGRAPH] * count), head=head)
        product = replace(product, edition=EDITIONS["booklet"])
        made = make(product, ())
        shown[count] = "the first one has no picture" not in str([note.message for note in made.notes])
    assert shown == {3: True, 30: False}


@pytest.mark.parametrize(("count", "alone"), [(1, False), (9, True)])
def test_many_sources_have_the_last_page_alone_rather_than_tear_off_the_end_of_the_text(
    count: int, alone: bool, tmp_path: Path
) -> None:
    """Few take it along."""
    names = ", ".join(sorted(common().shared.sources)[:count])
    pages = settled(handout(tmp_path, section("a", PARAGRAPH * 32), head=f"sources: [{names}]\n"))
    assert (pages.count, pages.alone("sources")) == (3, alone)
    assert (pages.shares[1] > 0.9) is alone


def test_a_last_section_of_a_few_lines_goes_with_the_sources(tmp_path: Path) -> None:
    """A longer one has them alone on the last page."""
    names = ", ".join(sorted(common().shared.sources)[:9])
    for count, alone in ((1, False), (4, True)):
        sections = section("a", PARAGRAPH * (30 - count)), section("end", PARAGRAPH * count)
        pages = settled(handout(tmp_path, *sections, head=f"sources: [{names}]\n"))
        assert (pages.count, pages.alone("sources")) == (3, alone)


def test_a_last_page_of_a_few_lines_costs_nearly_half_a_page(tmp_path: Path) -> None:
    pages = settled(handout(tmp_path, section("a", PARAGRAPH * 20)))
    sheets = flow.sheets(pages.pieces)
    few, many = (
        page_cost.cost(pages.pieces, [*sheets[:-1], sheets[-1]._replace(used=share * pages.room)], pages)
        for share in (0.1, 0.2)
    )
    assert (len(sheets), few - many) == (2, page_cost.SCRAP)


@lru_cache(maxsize=1)
def first_pages(edition: str) -> Pages:
    """The pages of the first handout, for all tests of these one after another."""
    return settled(Product(source_of(SOURCE / NAME), edition=EDITIONS[edition]))


def test_signs_of_an_emergency_and_drawings_beside_text_are_kept_whole() -> None:
    for look in LOOKS.values():
        own = Product(source_of(SOURCE / NAME), edition=replace(EDITIONS["a4"], look=look))
        pages = first_pages("a4") if look.name == "default" else settled(own)
        held = {
            name for piece in pages.pieces if piece.held is not None for name in (piece.held.get("class") or "").split()
        }
        overview = ["overview", "anywhere"] if look.name == "default" else []
        assert held == {"safety", "doctor", "stop", "how", *overview}


def is_drawn(piece: flow.Piece) -> bool:
    return "drawn" in (piece.around[-1].element.get("class") or "")


@pytest.mark.parametrize(
    ("edition", "step"),
    [("a4", 0), ("a4", 1), ("a4", -2), ("large-print", 0), ("large-print", -1), ("booklet", 0)],
)
def test_a_step_is_worked_out_as_the_engine_sets_it(edition: str, step: int) -> None:
    """But for distances inside of a box that is kept whole, of which nearly nothing is worked out."""
    product = Product(source_of(SOURCE / NAME), edition=EDITIONS[edition])
    first = first_pages(edition)
    plan = page_plan.Plan(step=product.edition.ladder[step])
    lower, nearer = page_plan._steps(first.pieces, product)[plan.step]
    closer = settled(plan.product(product))
    numbered = enumerate(zip(first.pieces, closer.pieces, strict=True))
    pairs = [(number, *both) for number, both in numbered if number]
    together = [
        (number, old, new)
        for number, old, new in pairs
        if (old.page, new.page) == (first.pieces[number - 1].page, closer.pieces[number - 1].page)
    ]
    gaps = [old.gap - nearer[number] - new.gap for number, old, new in together]
    told = [(number, old, new) for number, old, new in pairs if old.is_line or old.is_row or is_drawn(old)]
    lines = [old.height - lower[number] - new.height for number, old, new in told]
    assert sum(abs(gap) > 1 for gap in gaps) <= 0.05 * len(gaps)
    assert sum(abs(line) > 1 for line in lines) <= 0.05 * len(lines)
    assert sum(nearer) + sum(lower) > 5


@pytest.mark.parametrize(("points", "lower"), [("BL23", True), ("BL23, BL40", False)], ids=["one-view", "two-views"])
def test_charts_of_several_views_are_as_high_in_every_step(tmp_path: Path, points: str, lower: bool) -> None:
    chart = CHART.replace("leg-front", "auto").replace("ST36", points)
    product = handout(tmp_path, section("a", chart))
    stepped = page_plan.Plan(step=product.edition.ladder[-1]).product(product)
    shares = printing.shares_of_charts(product, stepped)
    assert [share < 1 for share in shares.values()] == [True] * lower


def test_advice_goes_on_on_the_next_page_where_that_saves_one() -> None:
    """The words of a translation take the room of the last lines of a box."""
    made = make(Product(source_of(SOURCE / "headache-stiff-neck", "vi")), ())
    (note,) = told(made, "arranged")
    begin = "the pages were laid out once more: 4 pages instead of 6, where a box or an overview goes on on the"
    assert note.message.startswith(begin)


def test_steps_that_would_go_on_overleaf_begin_the_page_that_has_room_for_them() -> None:
    """How to press began at the foot of a page, and the next one was half empty below its last two steps."""
    product = Product(source_of(SOURCE / "headache-stiff-neck", "es"), edition=EDITIONS["large-print"])
    made = make(product, ())
    (note,) = told(made, "arranged")
    assert "where “Los cuatro puntos” begins no page and “Cómo presionar” begins a page" in note.message


def test_cards_run_on_where_that_saves_a_page() -> None:
    """With a clinic's letterhead and contact the sources had a page for themselves."""
    product = Product(source_of(SOURCE / "headache-stiff-neck"), brand_of(BRAND))
    first = settled(product)
    best = next(page_plan.better(first, product))
    assert best.plan == page_plan.Plan(step="tighter close-lines denser cards-run-on")
    assert max(best.page_of.values()) == 4 < first.count


def test_a_page_with_little_on_it_is_saved_where_all_may_stand_closer(tmp_path: Path) -> None:
    """The others are as full as they can be, so that nothing else would."""
    sections = [section(f"s{number}", *[PARAGRAPH] * 2) for number in range(6)]
    made = make(handout(tmp_path, *sections, section("z", "      - {type: text, text: Little.}\n")), ())
    (note,) = told(made, "arranged")
    assert "one page instead of 2, where all stands closer" in note.message


def test_short_forms_are_not_planned(tmp_path: Path) -> None:
    product = replace(unplanned(tmp_path, head="pages: 1\n"), edition=EDITIONS["one-page"])
    assert told(make(product, ()), "arranged", "too-many-pages") == []


# Lengths that are asked for


def test_a_length_that_can_be_had_is_kept(tmp_path: Path) -> None:
    words = section("a", *[PARAGRAPH] * 12), section("b", PICTURE, *[PARAGRAPH] * 2)
    assert len(pages_of(make(handout(tmp_path, *words), ("pdf",)))) == 2
    made = make(handout(tmp_path, section("a", *[PARAGRAPH] * 5), section("b", PICTURE), head="pages: 1\n"), ("pdf",))
    assert len(pages_of(made)) == 1
    assert told(made, "too-many-pages") == []


@pytest.mark.parametrize("edition", ["a4", "letter", "greyscale", "press", "large-print", "booklet"])
def test_a_length_that_cannot_be_had_is_told(edition: str, tmp_path: Path) -> None:
    sections = section("a", *[PARAGRAPH] * 14), section("b", *[PARAGRAPH] * 4), section("c", PARAGRAPH)
    made = make(replace(handout(tmp_path, *sections, head="pages: 1\n"), edition=EDITIONS[edition]), ())
    found = told(made, "too-many-pages")
    if edition in ("large-print", "booklet"):
        assert found == []
        return
    (problem,) = found
    assert (problem.severity, problem.line) == (Severity.WARNING, HEAD.count("\n") + 1)
    told_words = re.fullmatch(
        r"asks for one page and takes 2 pages: (\d+) mm too much, with (.*): the edition (\S+)", problem.message
    )
    assert told_words
    assert 10 < int(told_words[1]) < 120
    assert told_words[2] in ("the end of “Heading b” and “Heading c”", "“Heading b” and “Heading c”")
    assert told_words[3] == edition


# Blocks that take the width they need


def lefts(product: Product, *texts: str) -> list[float]:
    """Return where the first of such words begin, in pt from the left."""
    words = [word for page in pages_of(make(product, ("pdf",))) for word in page]
    return [next(word.x for word in words if word.text == text) for text in texts]


def test_cards_have_the_width_of_the_page(tmp_path: Path) -> None:
    bare, below, wide = (
        lefts(handout(tmp_path / name, section("a", *blocks, more=more)), "BL23", "Where:")
        for name, blocks, more in (
            ("bare", (CARDS,), ""), ("below", (PARAGRAPH, CARDS), ""), ("wide", (CARDS,), WIDE),
        )
    )  # fmt: skip
    assert bare == pytest.approx([LEFT, AXIS], abs=1)
    assert below == pytest.approx(bare, abs=0.1)
    assert wide == pytest.approx(bare, abs=0.1)


def test_text_before_cards_stays_beside_its_heading(tmp_path: Path) -> None:
    beside = lefts(handout(tmp_path, section("a", PARAGRAPH, CARDS)), "Heading", "Text")
    above = lefts(handout(tmp_path, section("a", PARAGRAPH, CARDS, more=WIDE)), "Heading", "Text")
    assert [beside, above] == [pytest.approx([LEFT, AXIS], abs=1), pytest.approx([LEFT, LEFT], abs=1)]


@pytest.mark.parametrize(("more", "size"), [("", 19), (WIDE, 19), ("    wide: false\n", 14)])
def test_headings_stand_above_cards_unless_their_author_says_otherwise(more: str, size: float, tmp_path: Path) -> None:
    words = pages_of(make(handout(tmp_path, section("a", CARDS, more=more)), ("pdf",)))[0]
    assert next(word.size for word in words if word.text == "Heading") == pytest.approx(size, abs=0.1)


def test_letters_of_charts_have_the_size_of_captions_anywhere(tmp_path: Path) -> None:
    kept = CHART.replace("{", "{keep: true, ")
    for name, blocks in (("first", (CHART,)), ("below", (PARAGRAPH, CHART)), ("kept", (kept,))):
        words = pages_of(make(handout(tmp_path / name, section("a", *blocks)), ("pdf",)))[0]
        sizes = {word.text: word.size for word in words}
        assert sizes["ST36"] >= sizes["exact."] - 0.1, name


@pytest.mark.parametrize(("columns", "left"), [(4, AXIS), (5, LEFT)])
def test_tables_of_many_columns_have_the_width_of_the_page(columns: int, left: float, tmp_path: Path) -> None:
    heads = ", ".join(f"Head{number}" for number in range(columns))
    table = f"      - {{type: table, columns: [{heads}], rows: [[{', '.join(['A cell'] * columns)}]]}}\n"
    assert lefts(handout(tmp_path, section("a", PARAGRAPH, table)), "Head0") == pytest.approx([left], abs=4)


# The document


def test_the_table_of_costs_is_that_of_the_program() -> None:
    text = (ROOT / "docs" / "pages.md").read_text("utf-8")
    costs = re.findall(r"^\| [^|]+ \| ([^|]+) \|", text.partition("## What pages cost")[2], re.MULTILINE)[1:]
    numbers = [tuple(float(number) for number in re.findall(r"(?<!\^)\d+(?![²\d])", cost)) for cost in costs]
    sizes = tuple(page_cost.PICTURES[share] for share in (0.8, 0.65, 0.5))
    assert numbers == [
        (page_cost.PAGE,), (page_cost.WHITE,), (page_cost.GAP,), (page_cost.HALF_EMPTY,), (page_cost.LONE,),
        (page_cost.REFERENCES,), (page_cost.SCRAP,), (page_cost.STRANDED,),
        (page_cost.FAULT,), (page_cost.WISH,), sizes, (page_cost.CLOSER,),
        (page_cost.CLOSE_LINES,), (page_cost.DENSER,), (page_cost.RUN_ON,), (page_cost.SMALL_CHARTS,),
        (page_cost.DIVIDED,), (page_cost.TURNED,), (page_cost.MOVED,), (page_cost.EARLY,), (page_cost.BARE,),
    ]  # fmt: skip
    assert f"gains {page_cost.GAIN:.0f} or more" in text


def test_charts_of_several_views_are_as_high_where_those_of_backs_are_smaller(tmp_path: Path) -> None:
    back = "      - {type: chart, view: upper-back, points: [BL11], title: Where, caption: No dot is exact.}\n"
    several = "      - {type: chart, view: auto, points: [BL23, GB34, ST36], title: Where, caption: No dot is exact.}\n"
    product = handout(tmp_path, section("a", back, several))
    smaller = replace(product, edition=replace(product.edition, step="small-charts"))
    assert list(printing.shares_of_charts(product, smaller)) == ["a_1"]
