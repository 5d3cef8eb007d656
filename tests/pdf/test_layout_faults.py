"""Finished pages: nothing leaves its place, stands on something else or is left alone, whatever is written."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pikepdf
import pypdfium2
import pytest
from helpers import page_words
from helpers.project import ROOT, common
from PIL import Image

from handout_builder.brand.loader import load_brand
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.engine.session import File, Page, session
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.figures import sheet
from handout_builder.looks import LOOKS
from handout_builder.pdf import completeness, layout_faults, layout_report, typeset
from handout_builder.pdf.layout_faults import Fault, Kind
from handout_builder.pipeline import make, settled
from handout_builder.render import printing
from handout_builder.render.product import Product

HEAD = "title: Test\ndescription: A test page.\nauthor: Tester\nrevised: 2026-11-28\n"
TEXT = "Text that stands beside the heading in the wide column and runs over more than one line, so that they may meet."
COMPOUND = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
PT_PER_MM = 72 / 25.4
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")


def section(heading: str, *blocks: str, ident: str = "a", more: str = "") -> str:
    return f"  - id: {ident}\n    heading: {heading}\n{more}    blocks:\n" + "".join(f"      - {b}\n" for b in blocks)


def product(top: Path, body: str, edition: str = "a4", brand: str = "", css: str = "", lang: str = "en") -> Product:
    """Return a handout of these sections, in a brand of these lines and rules where they are given."""
    folder = top / "handout"
    folder.mkdir(exist_ok=True)
    (folder / f"{lang}.yaml").write_text(HEAD + body, "utf-8")
    if lang != "en":
        (top / "shared").mkdir()
        shutil.copy(ROOT / "source" / "shared" / "en.yaml", top / "shared" / f"{lang}.yaml")
    loaded = None
    if brand or css:
        (top / "clinic" / "layouts").mkdir(parents=True, exist_ok=True)
        (top / "clinic" / "_brand.yml").write_text(brand or "meta: {name: Test Clinic}\n", "utf-8")
        (top / "clinic" / "layouts" / "print.css").write_text(css, "utf-8")
        loaded = load_brand(top / "clinic")
    return Product(load(folder, lang, common() if lang == "en" else None), loaded, EDITIONS[edition])


def pages_of(made: Product) -> list[Any]:
    with pypdfium2.PdfDocument(make(made, ("pdf",))["pdf"]) as pdf:
        return [(boxes_of_words(page), boxes_of_pictures(page), *page.get_size()) for page in pdf]


def boxes_of_words(page: pypdfium2.PdfPage) -> list[dict[str, Any]]:
    """Return the words of a page; a box is as high as capital letters are, in pt from the left and the top."""
    return [
        {"text": word.text, "x0": word.x, "x1": word.end, "top": word.y - 0.7 * word.size, "bottom": word.y}
        | {"size": word.size}
        for word in page_words.words(page)
    ]


def boxes_of_pictures(page: pypdfium2.PdfPage) -> list[dict[str, Any]]:
    """Return the pictures of a page, those that stand upright on the pages of a sheet, too."""
    boxes, height = [], page.get_height()
    for item in page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        matrix, form = item.get_matrix(), item.container
        while form is not None:
            matrix, form = matrix.multiply(form.get_matrix()), form.container
        x0, low, x1, top = matrix.on_rect(0, 0, 1, 1)
        boxes.append({"x0": x0, "x1": x1, "top": height - top, "bottom": height - low})
    return boxes


def overprinted(words: Sequence[dict[str, Any]], pictures: Sequence[dict[str, Any]] = ()) -> list[tuple[str, str]]:
    """Return the pairs of words, and of words and pictures, that share ink, as another program reads them."""

    def ink(word: dict[str, Any]) -> tuple[float, float, float, float]:
        return word["x0"] + 0.5, word["top"], word["x1"] - 0.5, word["bottom"]

    found = []
    for one, other in combinations([*words, *pictures], 2):
        a, b = ink(one), ink(other)
        if min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1]):
            found.append((one.get("text", "picture"), other.get("text", "picture")))
    return found


def failing(made: Product) -> tuple[Problem, ...]:
    with pytest.raises(HandoutError) as caught:
        make(made, ("pdf",))
    return caught.value.problems


@pytest.mark.parametrize("edition", ["a4", "large-print"])
def test_lists_in_lists_and_with_blank_rows_begin_behind_their_bullets(tmp_path: Path, edition: str) -> None:
    bullets = r"- alpha\n\n- beta\n\n  further\n\n  - inner\n- gamma\n\n"
    text = f'{{type: text, text: "{bullets}98. three\\n99. four\\n\\n    more\\n\\n    - last"}}'
    made = product(tmp_path, f"sections:\n{section('One', text)}", edition)
    pages = [words for words, *_ in pages_of(made)]
    words = {word["text"]: word for page in pages for word in page}
    signs = [word for page in pages for word in page if word["text"] == "•"]
    for first in ("alpha", "beta", "inner", "gamma", "last"):
        assert any(abs(sign["bottom"] - words[first]["bottom"]) < 1 for sign in signs), first
    for number, first in (("98.", "three"), ("99.", "four")):
        assert abs(words[number]["bottom"] - words[first]["bottom"]) < 1
    assert abs(words["further"]["x0"] - words["beta"]["x0"]) < 0.5
    assert words["inner"]["x0"] > words["beta"]["x0"] + 5


def test_words_that_meet_in_a_drawing_are_told_with_the_line_of_the_drawing(tmp_path: Path) -> None:
    groups = ", ".join(
        f"{{mark: {mark}, label: {letter * 28}, points: [{code}]}}"
        for mark, letter, code in (("ring", "W", "BL23"), ("thin", "M", "BL25"))
    )
    overview = f"{{type: overview, title: T, caption: C, groups: [{groups}]}}"
    made = product(tmp_path, "about: low-back\nsections:\n" + section("A", overview), "large-print")
    problem = next(problem for problem in failing(made) if "in the drawing" in problem.message)
    rows = (tmp_path / "handout" / "en.yaml").read_text("utf-8").splitlines()
    assert overview in rows[problem.line - 1]


# Headings and names that are longer than their column

ENGLISH = ("Contraindications", "Acknowledgements", "Electroacupuncture", "Temporomandibular joint", "Responsibilities")
GERMAN = ("Wirbelsäulenbeschwerden", "Physiotherapeutische Übungen", "Nackenverspannungen", "Haftungsausschluss")


@pytest.mark.parametrize(
    ("lang", "headings", "edition"), [("en", ENGLISH, "a4"), ("de", GERMAN, "a4"), ("de", GERMAN, "booklet")]
)
def test_long_headings_stand_above_their_text(
    tmp_path: Path, lang: str, headings: tuple[str, ...], edition: str
) -> None:
    blocks = [section(words, f'{{type: text, text: "{TEXT}"}}', ident=f"s{n}") for n, words in enumerate(headings)]
    made = product(tmp_path, "sections:\n" + "".join(blocks), edition, lang=lang)
    found = pages_of(made)
    assert all(overprinted(words) == [] for words, *_ in found)
    printed = " ".join(word["text"] for words, *_ in found for word in words)
    assert all(word in printed for heading in headings for word in heading.split())


def test_a_short_heading_stays_beside_its_text(tmp_path: Path) -> None:
    block = f'{{type: text, text: "{TEXT}"}}'
    body = "sections:\n" + section("Short", block) + section("Contraindications", block, ident="b")
    [(words, *_)] = pages_of(product(tmp_path, body))
    tops = {word["text"]: word["top"] for word in reversed(words)}
    assert abs(tops["Short"] - tops["Text"]) < 5
    lines = [word["top"] for word in words if word["text"] == "Text"]
    assert lines[-1] - tops["Contraindications"] > 15


NAMES = (
    "BL25, name: {text: 大腸兪, lang: ja, reading: Daichōyu Daichōyudaichōyu, reading_lang: ja-Latn}",
    "BL24, name: {text: 气海俞穴（足太阳膀胱经）, lang: zh-Hans, reading: Qìhǎishū xué zú tàiyáng pángguāng jīng}",
    "GB34, name: {text: ようりょうせん, lang: ja, reading: Yōryōsen, reading_lang: ja-Latn}",
    "GV3, name: {text: Large Shuttle Of The Back, lang: en, reading: Dàchángshū}",
)


@pytest.mark.parametrize("edition", ["a4", "large-print", "leaflet"])
def test_long_names_stand_above_the_card(tmp_path: Path, edition: str) -> None:
    points = ", ".join(f"{{code: {name}, use: Traditionally used for the lower back.}}" for name in NAMES)
    cards = f"{{type: points, points: [{points}]}}"
    doctor = "{type: safety, include: see-a-doctor}"
    body = "sections:\n" + section("A", doctor, cards, more="    wide: true\n")
    found = pages_of(product(tmp_path, body, edition))
    assert all(overprinted(words) == [] for words, *_ in found)
    printed = " ".join(word["text"] for words, *_ in found for word in words)
    readings = [match[1].split()[-1] for name in NAMES if (match := re.search(r"reading: ([^,}]+)", name))]
    assert len(readings) == len(NAMES)
    assert all(reading in printed for reading in readings)


@pytest.mark.parametrize("edition", ["a4", "large-print", "leaflet", "one-page"])
def test_words_longer_than_any_column_are_divided(tmp_path: Path, edition: str) -> None:
    blocks = (
        f"{{type: text, text: {COMPOUND * 2}}}",
        f"{{type: list, items: [{COMPOUND * 2}]}}",
        f"{{type: definitions, items: [{{term: {COMPOUND}, text: Ordinary words}}]}}",
        f"{{type: video, text: See, link: 'https://www.example.com/{'v' * 150}'}}",
    )
    body = f"summary: [{COMPOUND}]\nsections:\n" + section("A", *blocks)
    for words, _, width, height in pages_of(product(tmp_path, body, edition)):
        assert overprinted(words) == []
        assert all(word["x0"] > 0 and word["x1"] < width and word["bottom"] < height for word in words)


def test_a_kicker_of_one_long_word_is_divided(tmp_path: Path) -> None:
    body = f"kicker: {'Q8x' * 32}\nsections:\n" + section("A", "{type: text, text: Words.}")
    for words, _, width, _ in pages_of(product(tmp_path, body)):
        assert overprinted(words) == []
        assert all(word["x1"] < width for word in words)


def test_the_foot_of_a_booklet_has_room_for_what_it_says_of_the_advice(tmp_path: Path) -> None:
    folder = tmp_path / "handout"
    folder.mkdir()
    body = HEAD + "sections:\n" + section("Uno", "{type: safety, include: see-a-doctor}") + "sources: [who-2008]\n"
    (folder / "es.yaml").write_text(body, "utf-8")
    made = Product(load(folder, "es", common("es")), None, EDITIONS["booklet"])
    pages = typeset.lay_out(printing.print_html(made, printing.first_pages(made)), made)
    assert [fault for fault in pages.faults if fault.kind is Kind.OVERFLOW] == []


@pytest.mark.parametrize("letter", ["W", "m", "Щ"])
def test_a_title_of_one_long_word_of_wide_letters_is_shortened_in_the_foot(tmp_path: Path, letter: str) -> None:
    """It took a second line, and the day below it was told to be too long."""
    made = product(tmp_path, "sections:\n" + section("A", "{type: text, text: Words.}"))
    title = {"title": letter * 96}
    made = replace(made, source=replace(made.source, handout=made.source.handout.model_copy(update=title)))
    pages = make(made, ()).pages
    assert pages
    (foot,) = re.findall('<p class="foot-title">(.*?)</p>', pages.html)
    assert foot.endswith("…")
    assert len(foot) < 40


def test_what_has_no_room_in_the_foot_is_told_of_the_title(tmp_path: Path) -> None:
    made = product(tmp_path, "sections:\n" + section("A", "{type: text, text: Words.}"))
    fault = Fault(Kind.OVERFLOW, 1, "“Revised” does not fit in its place", "Revised", "", running=True)
    (problem,) = layout_report.problems([fault], made)
    assert (problem.path.name, problem.line) == ("en.yaml", 1)
    assert problem.hint.startswith("shorten the title")


def test_numbers_of_long_lists_have_room(tmp_path: Path) -> None:
    items = ", ".join(f"Item{number}" for number in range(1, 13))
    body = "sections:\n" + section("A", f"{{type: list, numbered: true, items: [{items}]}}")
    [(words, *_)] = pages_of(product(tmp_path, body))
    by_text = {word["text"]: word for word in words}
    for number in range(1, 13):
        assert by_text[f"Item{number}"]["x0"] > by_text[f"{number}."]["x1"] + 1
        assert abs(by_text[f"Item{number}"]["bottom"] - by_text[f"{number}."]["bottom"]) < 1


# Headings and boxes at the end of a page


@pytest.mark.parametrize("lines", [33, 29, 26])
def test_a_heading_stands_once_and_with_its_box(tmp_path: Path, lines: int) -> None:
    items = ", ".join(f"Line {number}." for number in range(lines))
    body = "sections:\n" + section("A", f"{{type: list, items: [{items}]}}")
    body += section("Before you press", "{type: safety, include: see-a-doctor}", ident="before-you-press")
    found = pages_of(product(tmp_path, body))
    printed = [" ".join(word["text"] for word in words) for words, *_ in found]
    assert all(overprinted(words) == [] for words, *_ in found)
    assert [page.count("Before you") for page in printed] == [0, 1]
    assert [page.count("Get emergency help") for page in printed] == [0, 1]


@pytest.mark.parametrize("edition", ["booklet", "large-print"])
def test_the_heading_of_safety_advice_stands_with_its_first_box(tmp_path: Path, edition: str) -> None:
    texts = [f'{{type: text, text: "{TEXT}"}}'] * (7 if edition == "booklet" else 6)
    box = "{type: safety, include: see-a-doctor}"
    body = "about: [head, neck]\nsections:\n" + section("A", *texts) + section("Before you press", box, ident="b")
    page_of = settled(product(tmp_path, body, edition)).page_of
    assert page_of["b"] == page_of["b_1-above"]


def test_a_title_is_not_left_alone(tmp_path: Path) -> None:
    body = "sections:\n" + section("A", f'{{type: text, text: "{TEXT}"}}', more="    starts_page: true\n")
    assert len(pages_of(product(tmp_path, body))) == 1


def test_what_is_longer_than_a_page_need_not_be_kept_whole(tmp_path: Path) -> None:
    use = "Traditionally used for a tired lower back. " * 90
    card = (
        f"{{type: points, points: [{{code: BL23, name: {{text: 肾俞, lang: zh-Hans, reading: Shènshū}}, use: {use}}}]}}"
    )
    found = pages_of(product(tmp_path, "sections:\n" + section("A", card)))
    assert "Traditionally" in " ".join(word["text"] for word in found[0][0])


def test_what_is_kept_whole_in_vain_begins_where_there_is_room(tmp_path: Path) -> None:
    text = f'{{type: text, text: "{TEXT}"}}'
    listed = f"{{type: list, keep: true, items: [{', '.join(['An item'] * 60)}]}}"
    page_of = settled(product(tmp_path, "sections:\n" + section("A", *[text] * 9, listed))).page_of
    assert page_of["a_10"] == 1


def test_what_is_divided_starts_a_page_before_what_holds_it_does() -> None:
    root = fromstring(
        '<body><section id="points"><h2>Points</h2>'
        '<div class="card" data-id="points-1"><div class="identity"><p class="name">A name</p></div></div>'
        "</section></body>"
    )
    [section_, card, name] = [next(root.iter(tag)) for tag in ("section", "div", "p")]
    fault = layout_faults.Fault(Kind.DIVIDED, 2, "is divided", "A name", "", name)
    done: layout_faults.Mends = {}
    for element in (card, section_):
        wanted = layout_faults.mends([fault], root, done)
        layout_faults.apply({number: names for number, names in wanted.items() if number not in done}, root)
        assert layout_faults.NEXT_PAGE in element.get("class", "")
        assert len(wanted) == len(done) + 1
        done = wanted


def test_a_crop_that_does_not_fit_takes_its_own_card_alone_to_the_next_page(tmp_path: Path) -> None:
    codes = ("BL40", "BL57", "ST36", "GB34", "ST35")
    name = f"{{text: 大杼, lang: ja, reading: {LONG}, reading_lang: ja}}"
    cards = ", ".join(f"{{code: {code}, name: {name}, use: Knees.}}" for code in codes)
    items = ", ".join(f"Line {number}." for number in range(8))
    body = "sections:\n" + section("A", f"{{type: list, items: [{items}]}}", f"{{type: points, points: [{cards}]}}")
    found = pages_of(product(tmp_path, body))
    on = [[word["text"] for word in words if word["text"] in codes] for words, *_ in found]
    assert on == [["BL40", "BL57"], ["ST36", "GB34", "ST35"]]


# Pictures and charts

SIZES = {"3:4": (600, 800), "9:16": (450, 800), "screenshot": (300, 1400), "panorama": (1600, 200)}


WIDE = "    wide: true\n"


@pytest.mark.parametrize(
    ("edition", "wide"), [("a4", ""), ("a4", WIDE), ("letter", WIDE), ("large-print", WIDE), ("booklet", "")]
)
def test_pictures_fit_their_page_with_their_captions(tmp_path: Path, edition: str, wide: str) -> None:
    (tmp_path / "handout").mkdir()
    blocks = []
    for number, size in enumerate(SIZES.values()):
        Image.new("RGB", size, (200, 220, 240)).save(tmp_path / "handout" / f"{number}.png")
        blocks.append(f"{{type: figure, image: {number}.png, alt: A picture, caption: Caption{number}}}")
    found = pages_of(product(tmp_path, "sections:\n" + section("A", *blocks, more=wide), edition))
    assert sum(len(pictures) for _, pictures, *_ in found) == len(SIZES)
    for words, pictures, width, height in found:
        assert overprinted(words, pictures) == []
        assert sum(word["text"].startswith("Caption") for word in words) == len(pictures)
        for picture in pictures:
            assert 0 < picture["x0"] < picture["x1"] < width
            assert picture["bottom"] < height - 10 * PT_PER_MM
            ratio = (picture["x1"] - picture["x0"]) / (picture["bottom"] - picture["top"])
            assert any(ratio == pytest.approx(wide / high, rel=0.02) for wide, high in SIZES.values())


VIEWS = {
    "back": "BL23, GV14",
    "upper-back": "BL11, GV14",
    "lower-back": "BL23, GV3",
    "leg-back": "BL40, BL57",
    "leg-front": "ST35, ST36",
    "ankle-outer": "BL60",
    "ankle-inner": "KI3",
}
LONG = "けいひゃくろうさんぼうこうゆ"  # 14 kana, as the longest of the catalogue has


@pytest.mark.parametrize("wide", ["", WIDE])
def test_charts_take_the_width_that_they_need(tmp_path: Path, wide: str) -> None:
    firsts = dict.fromkeys(codes.split(", ")[0] for codes in VIEWS.values())
    name = f"{{text: 大杼, lang: ja, reading: {LONG}, reading_lang: ja}}"
    cards = ", ".join(f"{{code: {code}, name: {name}}}" for code in firsts)
    drawn = [
        f"{{type: chart, view: {view}, points: [{codes}], title: Where, caption: No dot is exact.}}"
        for view, codes in VIEWS.items()
    ]
    body = "sections:\n" + section("Cards", f"{{type: points, points: [{cards}]}}")
    found = pages_of(product(tmp_path, body + section("Charts", *drawn, ident="b", more=wide)))
    labels = []
    for words, _, width, _ in found:
        assert overprinted(words) == []
        if any(word["text"] == "exact." for word in words):
            labels += [word for word in words if word["text"] in LONG]
        assert all(word["x0"] > 18 * PT_PER_MM - 1 and word["x1"] < width - 16 * PT_PER_MM + 1 for word in words)
    # Each is printed whole, in as many lines as it takes.
    assert "".join(word["text"] for word in labels).count(LONG) >= len(VIEWS)
    # Neither too small to be read nor larger than the text.
    sizes = [word["size"] for word in labels]
    assert 6 < min(sizes) <= max(sizes) < 14, sizes


LOWER = (*(f"BL{n}" for n in range(22, 35)), "BL51", "BL52", "BL53", "BL54", *(f"GV{n}" for n in range(2, 6)))
BACK = (*(f"BL{n}" for n in range(11, 29)), *(f"BL{n}" for n in range(41, 53)))
MANY = [("lower-back", LOWER), ("lower-back", LOWER[:12]), ("back", BACK)]


@pytest.mark.parametrize("edition", [name for name, edition in EDITIONS.items() if edition.colours == "rgb"])
def test_charts_of_many_points_are_made_in_every_edition(tmp_path: Path, edition: str) -> None:
    shown = MANY[-1:] if EDITIONS[edition].pages else MANY  # short forms have one chart
    drawn = [
        f"{{type: chart, view: {view}, points: [{', '.join(codes)}], title: Where, caption: No dot is exact.}}"
        for view, codes in shown
    ]
    found = pages_of(product(tmp_path, "sections:\n" + section("A", *drawn), edition))
    printed = " ".join(word["text"] for words, *_ in found for word in words)
    for code in {*LOWER, *BACK}:
        wanted = sum(code in codes for _, codes in shown)
        found_there = len(re.findall(rf"{code}(?!\d)", printed))
        # Short forms tell of points that have no card, if there is room, and once more where to ask in pregnancy.
        assert wanted <= found_there <= wanted * (3 if EDITIONS[edition].pages else 1), code


def test_an_overview_of_many_points_is_made_with_large_letters(tmp_path: Path) -> None:
    codes = [*BACK, *(f"BL{n}" for n in range(29, 36)), "BL53", "BL54", "GV2"]
    groups = f"[{{mark: filled, label: ours, points: [{', '.join(codes)}]}}]"
    drawn = f"{{type: overview, groups: {groups}, title: All, caption: Points that this clinic uses.}}"
    found = pages_of(product(tmp_path, "sections:\n" + section("A", drawn), "booklet"))
    printed = [word["text"] for words, *_ in found for word in words]
    assert all(printed.count(code) == 2 for code in codes)  # in the drawing and in the table


def test_words_that_leave_a_drawing_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet.Sheet, "reserve", lambda *_, **__: None)
    monkeypatch.setattr(sheet.Sheet, "wrapped", lambda _, words, *__: [words])
    name = f"{{text: 大杼, lang: ja, reading: {LONG}, reading_lang: ja}}"
    cards = f"{{type: points, points: [{{code: BL11, name: {name}}}]}}"
    drawn = "{type: chart, view: upper-back, points: [BL11, GV14], title: Shoulders, caption: No dot is exact.}"
    [problem] = failing(product(tmp_path, "sections:\n" + section("A", cards, drawn)))
    assert (problem.code, problem.line) == ("page-overflow", 10)
    assert LONG in problem.message
    assert "“Shoulders”" in problem.message


def test_words_on_each_other_in_a_drawing_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet.Sheet, "corners", lambda self: iter([self.text("Lefty", 34.5, 75, 12, "ink")] * 2))
    drawn = "{type: chart, view: lower-back, points: [BL23], title: Low, caption: No dot is exact.}"
    problems = failing(product(tmp_path, "sections:\n" + section("A", drawn)))
    assert {problem.code for problem in problems} == {"page-overlap"}
    assert all("“Lefty”" in problem.message for problem in problems)


# Codes and boxes of clinics

BRANDS = {
    "minimal": "meta: {name: Test Clinic, phone: 555-0142, link: https://www.example.com}\n",
    "normal": "meta: {name: Test Clinic, phone: 555-0142, link: https://www.example.com, address: [1 Street, Town]}\n",
    "long": (
        'meta:\n  name: "Κέντρο Βελονισμού Κρανίχ – Центр иглоукалывания «Кранич»"\n  link: https://kranich.example\n'
        '  address: ["Λεωφόρος Βασιλίσσης Σοφίας 15, Αθήνα", "ул. Ленина, 12, Москва"]\n  hours: Δευ–Παρ 9–18\n'
        "defaults: {handout: {letterhead: off}}\n"
    ),
}
POINTS = (
    "{type: points, points: [{code: BL23, name: {text: 肾俞, lang: zh-Hans, reading: Shènshū}},"
    " {code: GV3, name: {text: 腰阳关, lang: zh-Hans, reading: Yāoyángguān}}]}"
)


@pytest.mark.parametrize(
    ("brand", "edition"),
    [(brand, "one-page") for brand in BRANDS]
    + [("minimal", name) for name in ("a4", "large-print", "booklet", "leaflet")],
)
def test_no_code_covers_words(tmp_path: Path, brand: str, edition: str) -> None:
    made = product(tmp_path, "sections:\n" + section("A", POINTS), edition, BRANDS[brand])
    pages = typeset.lay_out(printing.print_html(made, printing.first_pages(made)), made)
    assert [fault for fault in pages.faults if fault.kind in (Kind.OVERLAP, Kind.OVERFLOW)] == []
    assert sum(piece.element is not None and piece.element.get("class") == "qr" for page in pages.ink for piece in page)


# Planted faults: each net has one that it must catch

PLANTED = {
    "wider than the page": (".text p { width: 300mm; }", "page-overflow"),
    "beside the page": (".text p { margin-left: -60mm; }", "page-overflow"),
    "over the text above": (".text p { margin-top: -30mm; }", "page-overlap"),
    "over the running foot": (".text p { position: relative; top: 235mm; }", "page-overflow"),
    "a tile on the text": (
        ".subtitle { position: absolute; top: 28mm; background: #fff; width: 150mm; }",
        "page-overlap",
    ),
    "a box that is too low": (".text { height: 4mm; background: #eee; }", "page-overflow"),
    "what is cut off": (".text { height: 4mm; overflow: hidden; }", "page-overflow"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_faults_are_errors(tmp_path: Path, fault: str) -> None:
    css, code = PLANTED[fault]
    body = "subtitle: A subtitle\nsections:\n" + section("A", f'{{type: text, text: "{TEXT * 2}"}}')
    problems = failing(product(tmp_path, body, css=css))
    assert code in {problem.code for problem in problems}
    for problem in problems:
        assert problem.severity is Severity.ERROR
        assert problem.path == tmp_path / "clinic" / "layouts" / "print.css"  # the rule is to blame, not the words
        assert problem.line == 1
        assert "page 1 of the edition a4 for the brand clinic" in problem.message


def test_a_brand_without_planted_faults_is_made(tmp_path: Path) -> None:
    body = "subtitle: A subtitle\nsections:\n" + section("A", f'{{type: text, text: "{TEXT * 2}"}}')
    assert make(product(tmp_path, body, css=".text p { color: black; }"), ("pdf",))


@pytest.mark.parametrize(("own", "told"), [(0.8, "_brand.yml"), (1.2, "handout")])
def test_pages_without_room_are_the_brands_where_the_rest_would_fit(tmp_path: Path, own: float, told: str) -> None:
    text = f'{{type: text, text: "{TEXT}"}}'
    made = product(tmp_path, "sections:\n" + section("A", text), "one-page", "meta: {name: Clinic}\n")
    assert layout_report.too_long(made, 2, own).path.name == told
    assert layout_report.too_long(replace(made, brand=None), 2, own).path.name == "handout"


def looked_at(html: str, css: str = "") -> list[layout_faults.Fault]:
    """Return what the net sees on pages of 100 mm by 60 mm."""
    sheet = "@page { size: 100mm 60mm; margin: 5mm } body, p, h2 { margin: 0; font: 12pt/5mm 'Noto Sans' } "
    sheet += ".unbroken { display: inline-block; font-family: 'Handout Han' } " + css
    page = Page(f'<html lang="en"><body>{html}</body></html>', sheet, ROOT, ROOT, lambda _: File(b""))
    with session() as engine:
        document = engine.lay_out(page)
    return layout_faults.look(document, flowing=True)[0]


@pytest.mark.parametrize(
    ("html", "kind", "page"),
    [
        (
            '<div style="height: 40mm">1</div><h2 id="a">Alone</h2><p style="break-before: page">Text</p>',
            Kind.STRANDED,
            1,
        ),
        (  # a heading in Japanese, each phrase in a box
            '<div style="height: 40mm"/><h2 id="a"><b class="unbroken">頭</b></h2><p style="break-before: page">1</p>',
            Kind.STRANDED,
            1,
        ),
        (
            '<div style="height: 40mm"/><section class="safety doctor"><h2>Head</h2><p>1<br/>2<br/>3</p></section>',
            Kind.STRANDED,
            1,
        ),
        ('<p>Little</p><p style="break-before: page">Text</p>', Kind.EMPTY, 1),
        ('<p style="width: 20mm">Donaudampfschifffahrt</p>', Kind.OVERFLOW, 1),
        ('<p>One</p><p style="margin-top: -4mm">Two</p>', Kind.OVERLAP, 1),
    ],
)
def test_each_kind_is_seen(html: str, kind: Kind, page: int) -> None:
    found = looked_at(html, "p { orphans: 1; widows: 1 }")
    assert [(fault.kind, fault.page) for fault in found] == [(kind, page)]


@pytest.mark.parametrize("looks", ["background: #eee", "border-left: 2mm solid"])
def test_a_ground_alone_at_the_end_of_a_page_is_seen_and_mended(looks: str) -> None:
    css = f"h2 {{ float: left; width: 30mm; margin-left: -35mm }} section {{ {looks}; padding: 9px 0 0 35mm }}"
    text = '<p style="height: 170px">Words</p><section id="b"><h2>Words.</h2><div><p>Words.</p></div></section>'

    def alone(text: str) -> list[layout_faults.Fault]:
        return [fault for fault in looked_at(text, css) if fault.kind is Kind.STRANDED]

    (fault,) = alone(text)
    assert fault.message == "a ground stands alone, without “Words.” on it, at the end of the page"
    assert (root := fault.element) is not None
    assert layout_faults.mends([fault], root, {}) == {0: {layout_faults.NEXT_PAGE}}
    # What is seen of nothing is no fault, nor is an empty ground that is meant so.
    assert alone(text.replace("<section", '<section style="padding-top: 0"')) == []
    assert alone('<section style="height: 20px"></section>') == []


def test_a_rule_alone_at_the_end_of_a_page_is_seen_and_mended() -> None:
    css = "h2 { float: left; width: 30mm; margin-left: -35mm } section { padding: 9px 0 0 35mm; border-top: 1px solid }"
    text = '<p style="height: 170px">Words</p><section id="b"><h2>Head</h2><div><p>Words.</p></div></section>'
    (fault,) = (fault for fault in looked_at(text, css) if fault.kind is Kind.STRANDED)
    assert fault.message == "a rule stands alone, without “Head” below it, at the end of the page"
    assert (root := fault.element) is not None
    assert layout_faults.mends([fault], root, {}) == {0: {layout_faults.NEXT_PAGE}}
    # What a template gives no id starts the page itself, with its rule.
    plain = text.replace(' id="b"', "")
    (fault,) = (fault for fault in looked_at(plain, css) if fault.kind is Kind.STRANDED)
    assert (root := fault.element) is not None
    assert layout_faults.mends([fault], root, {}) == {0: {layout_faults.NEXT_PAGE}}
    columns = looked_at(f'<div style="columns: 2; height: 180px; column-fill: auto">{text}</div>', css)
    assert not any(fault.kind is Kind.STRANDED for fault in columns)


@pytest.mark.parametrize(
    ("lead", "breaks"),
    [("", True), ("<h2>Head</h2>", True), ('<h2>Head</h2><p class="added">Read.</p>', True), ("<p>Words.</p>", False)],
)
def test_a_safety_box_breaks_rather_than_leave_a_page_half_empty(lead: str, breaks: bool) -> None:
    """With the heading above it, too, and what is said of all advice, which stay with it."""
    css = ".safety { break-inside: avoid; height: 40mm } h2, .lead p { break-after: avoid }"
    box = '<section class="safety stop"><p>1</p><p>2</p></section>'
    (fault,) = looked_at(f'<p>1<br/>2<br/>3</p><div class="lead">{lead}{box}</div>', css)
    assert fault.kind is Kind.EMPTY
    assert (fault.element is not None) == breaks


@pytest.mark.parametrize(("margin", "seen"), [("7mm", [Kind.OVERFLOW]), ("12mm", [])])
def test_a_foot_where_printers_print_nothing_is_seen(margin: str, seen: list[Kind]) -> None:
    """A third line in the foot of a page ran to the edge of the paper."""
    foot = '<p style="position: running(foot)">One line</p>'
    css = f"@page {{ margin-bottom: {margin}; @bottom-left {{ content: element(foot); vertical-align: top }} }}"
    assert [fault.kind for fault in looked_at(f"{foot}<p>Words.</p>", css)] == seen


def test_what_runs_into_the_foot_is_told_and_not_the_foot(tmp_path: Path) -> None:
    """24 lines of a clinic's address did, and the day of the handout was told to be too long."""
    foot = '<p style="position: running(foot)">Revised</p>'
    html = f'{foot}<p>Words.</p><div id="contact"><p>A Clinic</p><p>Harbour Lane 9</p></div>'
    css = "@page { margin-bottom: 12mm; @bottom-left { content: element(foot); vertical-align: top } }"
    css += " #contact { position: absolute; top: 10mm; left: 0; right: 0; height: 44mm; background: #eee }"
    (fault,) = looked_at(html, css)
    assert (fault.kind, fault.words, fault.place) == (Kind.OVERLAP, "Harbour Lane 9", "contact")
    brand = "meta:\n  name: A Clinic\n  address: [Harbour Lane 9]\n"
    made = product(tmp_path, "sections:\n" + section("A", "{type: text, text: Words.}"), brand=brand)
    (problem,) = layout_report.problems([fault], made)
    assert (problem.path.name, problem.line) == ("_brand.yml", 3)
    assert "shorten what the clinic says of itself" in problem.hint


def test_sound_pages_have_no_faults() -> None:
    html = '<h2 id="a">Head</h2><p>' + "Words and words. " * 20 + '</p><section class="safety stop"><p>1</p></section>'
    assert looked_at(html) == []


def test_a_page_that_is_mostly_empty_is_a_warning_with_its_line(tmp_path: Path) -> None:
    text = f'{{type: text, text: "{TEXT}"}}'
    drawn = "{type: chart, view: back, points: [BL23], title: Where, caption: No dot is exact.}"
    body = "sections:\n" + section("A", *[text] * 5) + section("B", drawn, ident="b")
    told = make(product(tmp_path, body), ()).notes
    assert [(problem.code, problem.severity, problem.line) for problem in told] == [
        ("page-empty", Severity.WARNING, 14)
    ]
    assert "before “B”: page 1 of the edition a4" in told[0].message


def test_a_page_start_gives_way_to_a_page_that_is_mostly_empty(tmp_path: Path) -> None:
    text = f'{{type: text, text: "{TEXT}"}}'
    body = "sections:\n" + section("A", text) + section("B", *[text] * 14, ident="b", more="    starts_page: true\n")
    made = product(tmp_path, body)
    assert [problem.code for problem in make(made, ()).notes] == ["arranged"]
    words, *_ = pages_of(made)[0]
    assert "B" in [word["text"] for word in words]


# Words, as they are read back


def test_words_read_otherwise_than_they_were_set_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = product(tmp_path, "sections:\n" + section("A", f'{{type: text, text: "{TEXT}"}}'))
    original = completeness.read
    changes = {
        "“meet.” cannot be read on page 1 as it was set": ("may meet.", "may meef."),
        "“runs” stands on page 1 more often than it was set": ("runs", "runs runs"),
        "“may meet.” cannot be read on page 1 as it was set": ("may meet.", "maymeet."),
    }
    for expected, change in changes.items():
        monkeypatch.setattr(
            completeness, "read", lambda *a, c=change: [[line.replace(*c) for line in page] for page in original(*a)]
        )
        assert expected in [problem.message for problem in failing(made)]


def test_links_say_where_they_lead(tmp_path: Path) -> None:
    text = '{type: text, text: "Read [this](#before-you-press) first."}'
    doctor = "{type: safety, include: see-a-doctor}"
    body = "sections:\n" + section("A", text) + section("Before you press", doctor, ident="before-you-press")
    with pikepdf.open(io.BytesIO(make(product(tmp_path, body), ("pdf",))["pdf"])) as pdf:
        said = [str(note.Contents) for page in pdf.pages for note in page.get("/Annots", []) if "/Dest" in note]
    assert said == ["Before you press"]


def test_the_compact_look_has_the_nets_too(tmp_path: Path) -> None:
    blocks = [section(words, f'{{type: text, text: "{TEXT}"}}', ident=f"s{n}") for n, words in enumerate(GERMAN)]
    made = product(tmp_path, "sections:\n" + "".join(blocks))
    made = replace(made, edition=replace(made.edition, look=LOOKS["compact"]))
    assert all(overprinted(words) == [] for words, *_ in pages_of(made))
