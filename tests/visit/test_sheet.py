"""The visit sheet: what is on it, that it fits, what it conforms to, and that nothing personal is anywhere else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pikepdf
import pytest
import zxingcpp
from helpers import page_words
from helpers.pdf_pages import picture
from helpers.project import LANGUAGES, ROOT, SOURCE, common
from helpers.tagged_pdf import Tagged
from judges import verapdf
from PIL import Image

from handout_builder.content.yaml_reader import YamlFile
from handout_builder.editions import Edition, SheetPaper
from handout_builder.errors import HandoutError, Severity
from handout_builder.pdf import quality, tag_tree, typeset
from handout_builder.pdf.pages import Pages
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.visit import contents
from handout_builder.visit.reader import checked
from handout_builder.visit.schema import Visit
from handout_builder.visit.sheet import MadeSheet, SheetForm, refuse, sheet

SIX = ["BL23", "GV3", "BL40", {"code": "BL60", "side": "left"}, "BL25", "ST36"]
NAMES = {
    "short": "Li",
    "long": "Maximiliana Theodora Wilhelmine von Hohenlohe-Schillingsfürst-Brandenstein",
    "han": {"text": "直江 花子", "lang": "ja"},
    "hangul": "김민수",
    "vietnamese": "Nguyễn Thị Hẹn",
    "yoruba": "Ọlá Ẹ̀kọ́",
    "greek": "Σοφία Παπαδοπούλου",
}


def visit_of(**values: Any) -> Visit:
    given = {"name": "Margaret Osei", "date": "2026-11-28", "points": SIX, "next_visit": "2026-12-10T10:30"}
    given |= {"dose": {"seconds": 30, "times_a_day": 2, "side": "both"}, "practitioner": "Ada Example"} | values
    return checked(YamlFile(Path("visit"), given, {}, ""), SOURCE)[0]


def made_of(brand: str = "", form: SheetForm | None = None, **values: Any) -> MadeSheet:
    return sheet(visit_of(**values), brand=SOURCE / "brands" / brand if brand else None, form=form)


def test_more_than_light_pressure_on_a_point_that_is_pressed_gently_is_told() -> None:
    """Its card says to press gently and the dose "firm", one below the other."""
    own = {"code": "GV16", "dose": {"pressure": "light"}}
    made_sheet = made_of(points=["BL23", own, "ST36"], dose={"pressure": "firm", "seconds": 30})
    (told,) = (note for note in made_sheet.notes if note.code == "dose-firm")
    assert told.message == "more than light pressure is asked for on BL23, which is pressed gently"
    assert told.severity is Severity.WARNING


def words(made_sheet: MadeSheet, folder: Path) -> str:
    """What is read of a sheet by its tags."""
    path = folder / "sheet.pdf"
    path.write_bytes(made_sheet.pdf)
    tagged = Tagged(path)
    return " ".join(tagged.text(tagged.root).split())


def test_it_says_what_it_should(tmp_path: Path) -> None:
    made_sheet = made_of("harbour-lane", about="low-back", note="Come again.", exercises=["Walk for 20 minutes."])
    read = words(made_sheet, tmp_path)
    for wanted in (
        *("Margaret Osei", "Ada Example", "28 November 2026", "Thu, 10 December 2026, 10:30", "Harbour Lane"),
        *("BL23 肾俞 Shènshū", "2 times a day", "left side", "Come again.", "Walk for 20 minutes.", "How to press"),
        *("When to stop and call us: 555-0142", "numbness around your genitals", "Call 999", "Scan to book"),
        *("Take care: Press gently: never hit or dig hard here.", "Do not press on", "are or may be pregnant"),
    ):
        assert wanted in read, wanted


# The Spanish sheet takes the most room in every brand; six points in more parts of the body, in every language, below.
@pytest.mark.parametrize("brand", ["", "cell-healing", "harbour-lane"])
def test_six_points_fit_on_one_page(brand: str) -> None:
    assert made_of(brand, lang="es", about="low-back").pages == 1


# Six points in five parts of the body.
APART = ["BL23", "GV3", "LI4", "ST36", "GB20", "LR3"]
# Six in six parts of the body that take the most lines of all in Spanish.
LONGEST = ["SP11", "ST20", "HT1", "EX-HN1", "EX-B4", "GV16"]
HARD = [
    *((lang, "harbour-lane", "letter", APART) for lang in LANGUAGES),
    ("en", "", "a4", APART),
    ("es", "cell-healing", "letter", LONGEST),
    ("es", "harbour-lane", "letter", SIX),
    ("es", "harbour-lane", "a5-two-up", APART),
    ("en", "harbour-lane", "a5-two-up", SIX),
    ("vi", "harbour-lane", "a5-two-up", LONGEST),
    ("vi", "harbour-lane", "a5-two-up", SIX),
]


@pytest.mark.parametrize(("lang", "brand", "paper", "points"), HARD)
def test_points_all_over_the_body_fit_on_one_page(
    lang: str, brand: str, paper: SheetPaper, points: list[Any], tmp_path: Path
) -> None:
    """No sign of an emergency is lost, and none of the others without a word."""
    visit = visit_of(points=points, lang=lang, note="Take your time.")
    made_sheet = sheet(visit, brand=SOURCE / "brands" / brand if brand else None, form=SheetForm(paper))
    assert made_sheet.pages == 1
    read = words(made_sheet, tmp_path).replace(" ", "")
    shared = common(lang).shared
    told = "".join(note.message for note in made_sheet.notes if note.code == "left-out")
    for part in contents.regions(visit, common(lang)):
        flags = shared.red_flags[part]
        lost = [sign.text for sign in flags.emergency.signs if without_marks(sign.text) not in read]
        assert lost == []
        assert flags.doctor.short
        assert without_marks(flags.doctor.short) in read or "ask for a doctor" in told
    assert "30" in read
    if (lang, brand) == ("en", "") or points == SIX:
        assert "ask for a doctor" not in told
    if paper != "a5-two-up":  # on a full page the days to tick are not above the next visit
        assert (without_marks(shared.labels["sheet_framed"]) in read) == ("whole sentences" not in told)


def test_six_points_in_vietnamese_and_exercises_fit_on_a_folded_sheet() -> None:
    exercises = ["Walk 20 minutes a day; you should still be able to talk.", {"name": "Knee rolls.", "reps": 10}]
    assert made_of(form=SheetForm("a5-two-up"), lang="vi", exercises=exercises).pages == 1


@pytest.mark.parametrize("below", [False, True])
def test_the_days_to_tick_or_the_next_visit_stand_below_the_signs(below: bool) -> None:
    visit = visit_of()
    source = contents.source_of(visit, common(), "a4")
    shown = replace(contents.sheet_of(visit, source), folded=True, halved=True, days_below=below)
    product = Product(source, edition=Edition(contents.NAME, "", template="visit-sheet.html"))
    _, signs = printing.print_html(product, {}, sheet=shown).split('class="side back"')
    assert ('class="days' in signs, 'class="next-visit"' in signs) == (below, not below)


def test_a_try_is_left_off_where_its_page_ends() -> None:
    visit = visit_of()
    source = contents.source_of(visit, common(), "a4")
    product = Product(source, edition=Edition(contents.NAME, "", template="visit-sheet.html", pages=1))
    html = printing.print_html(product, {}, sheet=contents.sheet_of(visit, source))
    laid_out: list[str] = []
    with typeset.asked(lambda: laid_out.append("a page")):
        assert typeset.fitted(html, product, 1) is None
    assert laid_out == ["a page"]


@pytest.mark.parametrize("lang", ["es", "vi"])
def test_few_points_are_set_in_large_type(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The foot, which says of translations what nobody has reviewed, has room in these: those that are longest."""
    tried: list[str] = []

    def told(html: str, product: Product) -> Pages:
        tried.append(product.edition.step)
        return lay_out(html, product)

    lay_out = typeset.lay_out
    monkeypatch.setattr(typeset, "lay_out", told)
    made_of("harbour-lane", lang=lang, points=["BL23"], diary=0, about="low-back")
    assert tried[-1] in ("visit-wide", "visit-wide 11pt")


def without_marks(text: str) -> str:
    return text.replace("**", "").replace(" ", "").replace("\n", "")


LONG = [
    ("ja", "", SheetForm(pages=2), [*APART, "PC6", "HT7", "KI3", "BL40"], 2),
    ("es", "harbour-lane", SheetForm(pages=2), APART, 2),
    ("es", "harbour-lane", SheetForm(), [*APART, "PC6", "HT7", "KI3", "SP6", "BL40", "BL60"], 2),
    ("en", "", SheetForm(large_print=True), APART, 8),
    ("es", "harbour-lane", SheetForm(large_print=True), APART, 8),
    ("vi", "", SheetForm(large_print=True), ["BL23", "GV3"], 3),
]
# White is 255, the grounds of boxes are a little darker, words much.
PAPER, GROUND = 252, 200


@pytest.mark.parametrize(("lang", "brand", "form", "points", "most"), LONG)
def test_no_page_but_the_last_is_more_than_half_empty(
    lang: str, brand: str, form: SheetForm, points: list[Any], most: int, tmp_path: Path
) -> None:
    """Who lets a sheet have two pages loses no sign. No ground goes on to the foot without words on it, either."""
    made_sheet = made_of(brand, form, lang=lang, points=points, note="Take your time.")
    assert 1 < made_sheet.pages <= most
    assert "ask for a doctor" not in "".join(note.message for note in made_sheet.notes)
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made_sheet.pdf)
    for page in range(1, made_sheet.pages):
        pixels = picture(path, page, 30, grey=True)
        above_the_foot = pixels.crop((0, 0, pixels.width, round(0.92 * pixels.height)))
        end = lowest(above_the_foot, GROUND)
        assert end > pixels.height / 2, page
        beside_the_bar = above_the_foot.crop((round(0.12 * pixels.width), 0, *above_the_foot.size))
        assert lowest(beside_the_bar, PAPER) - lowest(beside_the_bar, GROUND) < 0.02 * pixels.height, page


def test_no_page_in_large_print_has_the_next_visit_alone() -> None:
    """A sheet of paper was printed for one empty line."""
    dose = {"seconds": 30, "times_a_day": 2}
    large = SheetForm(large_print=True)
    made_sheet = made_of("cell-healing", large, lang="es", points=["BL23"], about="low-back", dose=dose)
    assert (made_sheet.pages, made_sheet.notes) == (3, ())


def test_white_at_the_foot_of_a_tight_page_stands_between_things(tmp_path: Path) -> None:
    made_sheet = made_of(points=["BL23", "GV3", "LI4", "ST36", "GB20", "SP6"], practitioner=None)
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made_sheet.pdf)
    pixels = picture(path, 1, 30, grey=True)
    foot = round(0.96 * pixels.height)
    assert lowest(pixels.crop((0, 0, pixels.width, foot)), GROUND) / foot > 0.93


def lowest(pixels: Image.Image, grey: int) -> int:
    """Return the lowest row that is darker somewhere."""
    box = pixels.point(lambda value: 255 if value < grey else 0).getbbox()
    return box[3] if box else 0


# Two names a sheet: each is the patient's on one and the practitioner's on another, in the other language but once.
@pytest.mark.parametrize("number", range(len(NAMES)), ids=[*NAMES])
def test_names_of_all_kinds_are_read(number: int, tmp_path: Path) -> None:
    given, other = ([*NAMES.values()][at % len(NAMES)] for at in (number, number + 1))
    lang = ("en", "ja")[number % 2]
    read = words(made_of(name=given, practitioner=other, lang=lang, points=["BL23"]), tmp_path)
    for one in (given, other):
        text = one["text"] if isinstance(one, dict) else one
        assert normalize("NFC", read).replace(" ", "").count(normalize("NFC", text).replace(" ", "")) == 1, text
    assert "Th ị" not in read  # in another typeface than its neighbours


def test_han_of_a_name_have_the_shapes_of_its_language(tmp_path: Path) -> None:
    """直 is another glyph in Japan and in China."""
    glyphs = {}
    for lang in ("ja", "zh-Hans"):
        path = tmp_path / f"{lang}.pdf"
        path.write_bytes(made_of(name={"text": "直", "lang": lang}, points=["LI4"]).pdf)
        tagged = Tagged(path)
        found = (one for one in tagged.root.find("Span") if one.lang == lang)
        (element,) = (one for one in found if tagged.text(one) == "直")
        (glyphs[lang],) = {run.glyphs[0] for mark in element.marks() for run in tagged.runs[mark]}
    assert glyphs["ja"] != glyphs["zh-Hans"]


FORMS = {
    "a4": SheetForm(),
    "letter": SheetForm("letter"),
    "a5-two-up": SheetForm("a5-two-up"),
    "large-print": SheetForm(large_print=True),
}


# Each form and each brand meet the two flavours.
JUDGED = [
    *(("a4", "harbour-lane", "3a"), ("a4", "cell-healing", "ua1")),
    *(("letter", "", "3a"), ("letter", "harbour-lane", "ua1")),
    *(("a5-two-up", "", "ua1"), ("a5-two-up", "cell-healing", "3a")),
    *(("large-print", "", "3a"), ("large-print", "harbour-lane", "ua1")),
]


@pytest.mark.parametrize(("form", "brand", "flavour"), JUDGED)
def test_it_conforms_to_both_standards(form: str, brand: str, flavour: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    points = SIX[:3] if form == "a5-two-up" else SIX[:4]
    path.write_bytes(made_of(brand, FORMS[form], points=points, about="low-back", name=NAMES["han"]).pdf)
    assert verapdf.check(path, flavour) == []
    assert [found for found in quality.results(tag_tree.read(path.read_bytes())) if found.findings] == []
    with pikepdf.open(path) as pdf:
        width, height = (round(float(side) / 72 * 25.4) for side in list(pdf.pages[0].MediaBox)[2:])
    assert (width, height) == {"letter": (216, 279), "a5-two-up": (297, 210)}.get(form, (210, 297))


def test_metadata_and_bookmarks_have_no_word_of_theirs(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made_of(name="Canaryname", practitioner="Canaryname", note="Canarynote").pdf)
    with pikepdf.open(path) as pdf:
        told = [str(pdf.docinfo[key]) for key in pdf.docinfo] + [pdf.Root.Metadata.read_bytes().decode()]
        titles = [item.title for item in pdf.open_outline().root]
        names = [str(annotation.get("/Contents", "")) for page in pdf.pages for annotation in page.get("/Annots", [])]
    assert "Your points at home" in " ".join(told)
    assert "How to press" in titles
    assert not [title for title in titles if "BL23" in title or "2026" in title], "bookmarks are those of any sheet"
    assert "Canary" not in " ".join([*told, *titles, *names])


def test_the_same_visit_gives_the_same_bytes() -> None:
    assert made_of(points=["BL23"]).pdf == made_of(points=["BL23"]).pdf


def test_points_that_are_not_for_pressing_need_a_reason() -> None:
    with pytest.raises(HandoutError, match=r"points 2 \(ST17\): it is not for pressing"):
        made_of(points=["BL23", "ST17"])
    assert made_of(points=[{"code": "ST17", "accept": "shown, not pressed"}]).pages == 1


def test_every_point_of_the_catalogue_can_be_chosen() -> None:
    """Words for its place, or an error that asks for them; a drawing, or none."""
    codes = list(common().points)
    untold: set[str] = set()
    for at in range(0, len(codes), 12):
        chosen = [{"code": code, "accept": "all are tried", "where": "Here."} for code in codes[at : at + 12]]
        visit = visit_of(points=chosen, diary=0, about="whole-body")
        source = contents.source_of(visit, common(), "a4")
        assert len(contents.sheet_of(visit, source).cards) == len(chosen)
        untold |= without_words(codes[at : at + 12])
    assert untold <= {*codes}
    assert len(codes) - len(untold) > 380


def without_words(codes: list[str]) -> set[str]:
    """Return those of some points that a visit sheet is refused for."""
    try:
        refuse(visit_of(points=[{"code": code, "accept": "all are tried"} for code in codes]), common())
    except HandoutError as error:
        return {problem.message.partition("(")[2].partition(")")[0] for problem in error.problems}
    return set()


def test_days_to_tick_begin_with_the_visit() -> None:
    visit = visit_of(diary=3)
    diary = contents.sheet_of(visit, contents.source_of(visit, common(), "a4")).diary
    assert diary is not None
    assert diary.heads[0] == "Sat"
    assert [tick.number for tick in diary.weeks[0]] == ["28", "29", "30", "1", "2", "3", "4"]
    assert [tick.number for week in diary.weeks for tick in week if tick.visit] == ["10"]
    assert (len(diary.weeks), diary.boxes) == (3, 2)
    often = visit_of(date=None, dose={"times_a_day": 5})
    diary = contents.sheet_of(often, contents.source_of(often, common(), "a4")).diary
    assert diary is not None
    assert (diary.boxes, diary.span, diary.framed) == (0, "", False)


def test_lines_to_write_on_stand_beside_their_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full page the three fill more than a line: the last one goes on to the next with its label."""
    seen: list[Pages] = []

    def told(html: str, product: Product) -> Pages:
        seen.append(lay_out(html, product))
        return seen[-1]

    lay_out = typeset.lay_out
    monkeypatch.setattr(typeset, "lay_out", told)
    nobody = {"name": None, "practitioner": None, "next_visit": None, "date": None}
    made_of("harbour-lane", SheetForm("letter"), lang="es", points=APART, **nobody)
    boxes = seen[-1].document.pages[0]._page_box.descendants()
    cells = [box for box in boxes if box.element is not None and box.element.get("class") == "patient-cell blank"]
    cells = [box for box in cells if type(box).__name__ != "LineBox"]
    assert len(cells) == 3  # one that is divided between two lines is two boxes
    assert cells[2].position_y > cells[0].position_y


def test_the_place_of_a_point_on_one_side_does_not_tell_of_both() -> None:
    points = [{"code": "BL40", "side": "left"}, "BL57", "GV4"]
    visit = visit_of(points=points, dose={"side": "right"})
    knee, calf, spine = contents.sheet_of(visit, contents.source_of(visit, common(), "a4")).cards
    assert (knee.where, knee.cells) == ("In the middle of the crease at the back of the knee.", ["left side"])
    assert str(calf.where).startswith("On the back of the lower leg")
    assert (spine.where[:27], spine.cells) == ("One point, in the middle of", [])
    both = visit_of(points=["GV4", "BL57"], dose={"seconds": 30, "side": "both"})
    shown = contents.sheet_of(both, contents.source_of(both, common(), "a4"))
    assert [list(card.cells) for card in shown.cards] == [["for 30 seconds"], ["for 30 seconds", "both sides"]]
    assert shown.common == ["for 30 seconds", "both sides"]
    with pytest.raises(HandoutError, match=r"points 1 \(GV4\): it is not one of a pair"):
        refuse(visit_of(points=[{"code": "GV4", "side": "left"}]), common())


def test_what_all_doses_have_in_common_is_known() -> None:
    """One point is pressed on the left side alone; of a point by itself nothing is in common."""
    told = []
    for points in (SIX, SIX[:1], []):
        visit = visit_of(points=points)
        told.append(contents.sheet_of(visit, contents.source_of(visit, common(), "a4")).common)
    assert told == [["for 30 seconds", "2 times a day"], [], []]


def test_no_day_is_divided_between_two_lines(tmp_path: Path) -> None:
    """Of the days to tick on a half page, whose heading is longer than a line."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made_of("", FORMS["a5-two-up"], lang="ja", points=SIX[:2]).pdf)
    (page,) = page_words.read(path)
    assert "2026年11月28日～2026年12月11日" in "".join(word.text for word in page.words)
    assert len({round(word.y) for word in page.words if "日～" in word.text or "12月11日" in word.text}) == 1


def test_signs_are_those_of_the_points_or_of_what_is_said(tmp_path: Path) -> None:
    assert contents.regions(visit_of(points=["BL23", "LI4", "GV3"]), common()) == ("low-back", "shoulder-arm")
    assert contents.regions(visit_of(points=[]), common()) == ("whole-body",)
    assert "face that droops" in words(made_of(points=["BL23"], about="whole-body"), tmp_path)


def test_what_does_not_fit_says_so() -> None:
    many = ["BL23", "GV3", "BL40", "BL60", "BL25", "ST36", "LI4", "LR3", "PC6", "HT7", "KI3", "SP6"]
    with pytest.raises(HandoutError, match="too-long"):
        made_of("harbour-lane", SheetForm(pages=1), points=many, lang="es", note="Canary " * 80)


@pytest.mark.parametrize(
    ("points", "about", "most", "chosen"),
    [
        (["BL23"], None, 2, ["10.5pt visit-two-up"]),
        (["BL23", "LI4", "ST36"], "low-back", 4, ["10.5pt visit-tight visit-two-up"]),
        ([*APART, "PC6", "SP6", "LU9", "KI3"], None, 5, []),
    ],
)
def test_few_ways_to_set_a_folded_sheet_are_tried(
    points: list[str], about: str | None, most: int, chosen: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first that fits is found. Ten points have no room: in the first way, in the last three, and to be told."""
    tried: list[str] = []
    written: list[str] = []

    def told(html: str, product: Product) -> Pages:
        tried.append(product.edition.step)
        return lay_out(html, product)

    def wrote(_: Pages, product: Product) -> bytes:
        written.append(product.edition.step)
        return b""

    lay_out = typeset.lay_out
    monkeypatch.setattr(typeset, "lay_out", told)
    monkeypatch.setattr(typeset, "write", wrote)
    with suppress(HandoutError):
        made_of(form=SheetForm("a5-two-up"), points=points, about=about, lang="es")
    assert 1 < len(tried) <= most
    assert written == chosen


def test_a_code_leads_to_the_address_and_has_nothing_personal(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    link = "https://clinic.example/back-pain.pdf"
    path.write_bytes(made_of(form=SheetForm(link=link), points=["BL23"]).pdf)
    assert [code.text for code in zxingcpp.read_barcodes(picture(path, 1, 200))] == [link]


def test_the_day_of_the_files_is_that_of_the_visit(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(made_of(points=["LI4"], date="2026-11-30").pdf)
    with pikepdf.open(path) as pdf:
        assert "20261130" in str(pdf.docinfo["/CreationDate"])


def test_a_brand_may_lay_it_out_anew(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic, phone: 555-0100}\n", "utf-8")
    template = (ROOT / "layouts" / "visit-sheet.html").read_text("utf-8")
    own = template.replace("{{ parts.top(sheet, c) }}", "<h1>{{ sheet.name }}</h1>{{ parts.top(sheet, c) }}")
    (tmp_path / "layouts" / "visit-sheet.html").write_text(own, "utf-8")
    exercises = [{"name": "Walk.", "steps": ["Slowly."], "reps": 2}]
    read = words(sheet(visit_of(points=["BL23"], exercises=exercises), brand=tmp_path), tmp_path)
    assert read.count("Margaret Osei") == 2
    assert "When to stop and call us: 555-0100" in read


@pytest.mark.parametrize(
    ("template", "old"),
    [
        ("visit-sheet.html", "{{ c.labels.disclaimer }}"),
        ("visit-sheet.html", "{{ c.imprint.unreviewed }}"),
        ("visit-sheet.html", "{{ parts.points(sheet, c) }}"),
        ("visit-sheet/parts.html", "<strong>{{ group.lead|inline }}</strong>"),
        ("visit-sheet/parts.html", "{{ in_short(sheet.care) }}"),
    ],
)
def test_what_a_brands_template_leaves_out_is_missed(template: str, old: str, tmp_path: Path) -> None:
    text = (ROOT / "layouts" / template).read_text("utf-8")
    assert old in text
    path = tmp_path / "layouts" / template
    path.parent.mkdir(parents=True)
    path.write_text(text.replace(old, "", 1), "utf-8")
    (tmp_path / "_brand.yml").write_text("meta: {name: Test Clinic}\n", "utf-8")
    visit = Visit.model_validate({"name": "Al", "points": ["BL23"], "lang": "es"})
    with pytest.raises(HandoutError, match="something that belongs on the page is not there"):
        sheet(visit, brand=tmp_path)


def test_a_visit_made_by_a_program_is_looked_at_too() -> None:
    """It was validated without the catalogue, and without the language of the sheet."""
    visit = Visit.model_validate({"name": "山田", "points": ["BL23", "XX1"]})
    with pytest.raises(HandoutError) as caught:
        sheet(visit)
    assert [problem.message for problem in caught.value.problems] == [
        "name: it has Han without a language",
        "points 2: the catalogue has no such point",
    ]
    assert sheet(Visit.model_validate({"name": "山田", "lang": "ja"})).pages == 1


def test_points_without_words_are_told() -> None:
    """As those of a clinic's own tables may be."""
    known = dict(common().points)
    known["BL23"] = known["BL23"].model_copy(update={"place": None})
    known["GV3"] = known["GV3"].model_copy(update={"cautions": ("odd",)})
    with pytest.raises(HandoutError) as caught:
        refuse(visit_of(points=["BL23", "GV3"]), replace(common(), points=known))
    assert [(problem.code, problem.message) for problem in caught.value.problems] == [
        ("no-place", "points 1 (BL23): there are no words for its place"),
        ("no-caution", "points 2 (GV3): there are no words for the caution 'odd'"),
    ]
    refuse(visit_of(points=[{"code": "BL23", "where": "Beside the spine."}]), replace(common(), points=known))
