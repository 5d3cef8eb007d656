"""From a source to its files: the page numbers in the text are those of the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
from helpers.project import LANG, NAME, OTHERS, ROOT, SHORT, SOURCE, Project, common, source_of

from handout_builder import source_files
from handout_builder.builder.checking import check
from handout_builder.builder.incremental import build
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError, Severity
from handout_builder.orders import Order
from handout_builder.pdf import layout_report, typeset
from handout_builder.pdf.layout_faults import Fault, Kind
from handout_builder.pdf.pages import page_of
from handout_builder.pipeline import make, remarks
from handout_builder.render import printing, short_form
from handout_builder.render.product import Product


def test_page_numbers_that_never_settle_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time the pages are set, the sections lie a page further on than the text says."""
    passes = 0
    lay_out = typeset.lay_out

    def unsettled(*arguments: Any) -> Any:
        nonlocal passes
        passes += 1
        pages = lay_out(*arguments)
        return replace(pages, page_of={ident: page + passes for ident, page in pages.page_of.items()})

    monkeypatch.setattr(typeset, "lay_out", unsettled)
    source = source_of(SHORT)
    with pytest.raises(HandoutError) as caught:
        make(Product(source), ("pdf",))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("page-numbers", source.folder)
    assert 2 < passes < 10


def test_what_was_loaded_is_not_read_again_to_make_files() -> None:
    """Its file was parsed twice more, to tell lines of texts that were lost, of which there are hardly ever any."""
    source = source_of(SHORT)
    read: list[Path] = []
    with source_files.watched(read.append):
        assert make(Product(source), ("pdf", "epub"))
    assert [path for path in read if path.is_relative_to(source.folder)] == []


def test_each_kind_of_fault_on_a_page_is_told_with_its_line_and_page() -> None:
    product = Product(source_of(ROOT / "source" / NAME), edition=EDITIONS["letter"])
    faults = [Fault(kind, 3, "the words do not fit", "The four points", "the-four-points") for kind in Kind]
    told = layout_report.problems([*faults, *faults], product)
    assert [(problem.code, problem.severity) for problem in told] == [
        ("page-overflow", Severity.ERROR),
        ("page-overlap", Severity.ERROR),
        ("page-stranded", Severity.WARNING),
        ("page-empty", Severity.WARNING),
        ("panel-empty", Severity.WARNING),
    ]
    lines = product.source.folder.joinpath(f"{LANG}.yaml").read_text("utf-8").splitlines()
    for problem in told:
        assert "page 3 of the edition letter" in problem.message
        assert "the-four-points" in "".join(lines[problem.line - 2 : problem.line + 1])


CARDS = """\
title: Two rows of cards
description: D.
revised: 2026-11-28
summary: [Twice a day.]
sections:
  - id: one
    heading: The first points
    blocks:
      - {type: text, text: Words that only the whole handout has.}
      - type: points
        points:
          - code: BL23
            name: {text: 肾俞, lang: zh-Hans, reading: Shènshū}
            use: For the lower back.
            remark: 20 times.
  - id: two
    heading: More points
    blocks:
      - type: points
        points:
          - {code: BL25, name: {text: 大肠俞, lang: zh-Hans, reading: Dàchángshū}, use: For the belly.}
      - type: chart
        view: lower-back
        points: [BL23, GV4]
        title: A chart
        caption: C.
  - id: three
    heading: Exercises
    blocks:
      - {type: list, items: [Lie down ten times., Stand up ten times.]}
"""


def short(project: Project, edition: str, text: str = CARDS) -> tuple[str, list[str]]:
    """Return the words of a short form without blanks, and what it is said to leave out."""
    project.text.write_text(text, "utf-8")
    product = Product(load(project.folder, LANG, common()), edition=EDITIONS[edition])
    made = make(product, ("pdf",))
    path = project.top / "short.pdf"
    path.write_bytes(made["pdf"])
    with pypdfium2.PdfDocument(path) as document:
        words = "".join(page.get_textpage().get_text_range() for page in document)
    notes = [note for note in remarks(product, made) if note.code == "left-out"]
    assert all(note.severity is Severity.NOTE and note.about_build for note in notes)
    return "".join(words.split()), [note.message for note in notes]


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_short_form_carries_all_points_uses_and_doses(project: Project, edition: str) -> None:
    words, notes = short(project, edition)
    for part in (
        "BL23",
        "BL25",
        "GV4",
        "Forthelowerback.",
        "20times.",
        "Forthebelly.",
        "Liedowntentimes.",
        "Twiceaday.",
    ):
        assert part in words
    assert notes == [f"the edition {edition} leaves out parts of the sections “The first points” (text)"]


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_a_short_form_has_the_subtitle_below_its_title(project: Project, edition: str) -> None:
    project.text.write_text(CARDS.replace("description:", "subtitle: For tired backs\ndescription:"), "utf-8")
    html = printing.print_html(Product(load(project.folder, LANG, common()), edition=EDITIONS[edition]), {})
    assert re.search(r'</h1>\s*<p class="subtitle">For tired backs</p>', html)


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_short_form_says_what_it_has_no_room_for(project: Project, edition: str) -> None:
    exercises = ", ".join(["Lie down ten times."] * 200)
    text = CARDS.replace("Lie down ten times.", f"{exercises}").replace(
        "[Twice a day.]", f'["{"Twice a day. " * (400 if edition == "one-page" else 1)}"]'
    )
    words, notes = short(project, edition, text)
    assert "Forthelowerback." in words
    assert "Liedown" not in words
    assert f"the edition {edition} leaves out the sections “Exercises”" in notes
    assert f"the edition {edition} leaves out parts of the sections “The first points” (text)" in notes
    if edition == "one-page":
        assert any("leaves out the summary: “Twice a day." in note for note in notes)


def test_what_to_do_is_needed_more_than_the_summary_that_leads_to_it() -> None:
    may_lack = short_form.may_lack(Product(source_of(SOURCE / OTHERS[1], "en"), edition=EDITIONS["one-page"]))
    assert may_lack.index("summary") < may_lack.index("lists") < may_lack.index("uses")


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
@pytest.mark.parametrize("listed", [True, False])
def test_a_short_form_leads_to_nothing_that_it_lacks(project: Project, edition: str, listed: bool) -> None:
    """A line of the summary goes with the section that it leads to; other words that lead there are told."""
    lines = ('"**Press:** see [More points](#two)."', '"See [Exercises](#three)."', '"Why: see [A reason](#four)."')
    reason = "  - {id: four, heading: A reason, blocks: [{type: text, text: Words.}]}\n"
    text = CARDS.replace("[Twice a day.]", f"[{', '.join(lines)}]").replace(
        "Stand up ten times.", '"See [why](#four)."'
    )
    project.text.write_text(text + reason, "utf-8")
    left_out = () if listed else ("lists",)
    product = Product(load(project.folder, LANG, common()), edition=EDITIONS[edition], left_out=left_out)
    words = re.sub("<[^>]+>", "", printing.print_html(product, printing.first_pages(product)))
    assert [part in words for part in ("see More points", "See Exercises", "see A reason")] == [True, listed, False]
    told = {note.message.removeprefix(f"the edition {edition} leaves out ") for note in short_form.lacks(product)}
    gone = "“Why: see A reason.”" if listed else "“See Exercises.”, “Why: see A reason.”"
    assert f"the summary: {gone}" in told
    assert ("what its words lead to: “A reason”" in told) == listed
    whole = printing.print_html(Product(product.source), printing.first_pages(Product(product.source)))
    assert all(part in re.sub("<[^>]+>", "", whole) for part in ("See Exercises", "see A reason"))


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_a_short_form_has_the_headings_that_its_words_lead_to(project: Project, edition: str) -> None:
    """Above the first that it has of a section; a link leads there, and no other heading is printed."""
    one, two, three = (
        '"Read [Before you press](#safe) first."',
        '"See [More points](#two)."',
        '"See [Exercises](#three)."',
    )
    advice = "  - id: safe\n    heading: Before you press\n    blocks: [{type: safety, include: see-a-doctor}]\n"
    text = CARDS.replace("sections:\n", f"sections:\n{advice}").replace("[Twice a day.]", f"[{one}, {two}, {three}]")
    project.text.write_text(text, "utf-8")
    handout = load(project.folder, LANG, common())
    html = printing.print_html(Product(handout, edition=EDITIONS[edition]), {})
    assert re.findall(r'<h2 class="target" id="(\w+)">(.*?)</h2>\s*<(\w+)', html) == [
        ("safe", "Before you press", "section"),
        ("two", "More points", "div"),
    ]
    assert re.findall(r'<a href="#(\w+)">', html) == ["safe", "two", "three"]
    short = Product(handout, edition=EDITIONS[edition], left_out=("summary",))
    assert "target" not in re.findall(r'class="(\w+)"', printing.print_html(short, {}))
    tight = Product(handout, edition=EDITIONS[edition], left_out=("headings",))
    html = printing.print_html(tight, {})
    assert "target" not in re.findall(r'class="(\w+)"', html)
    assert re.findall(r'<a href="#(\w+)">', html) == ["safe", "two", "three"]
    assert any("the headings “Before you press”, “More points”" in note.message for note in short_form.lacks(tight))


def test_a_summary_whose_lines_all_lead_to_what_is_not_there_is_not_begun(project: Project) -> None:
    project.text.write_text(CARDS.replace("[Twice a day.]", '["See [Exercises](#three)."]'), "utf-8")
    handout = load(project.folder, LANG, common())
    for left_out, begun in ((), True), (("lists",), False):
        product = Product(handout, edition=EDITIONS["one-page"], left_out=left_out)
        assert ('id="in-short"' in printing.print_html(product, printing.first_pages(product))) is begun


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_a_short_form_draws_its_points_once(project: Project, edition: str) -> None:
    """In a chart where the handout has one, else on the cards, where there is room for them."""
    for view, left_out, drawn, named in (
        ("lower-back", (), 0, []),
        ("", (), 2, []),
        ("", ("drawings",), 0, ["BL23, BL25"]),
    ):
        chart = CARDS[CARDS.index("      - type: chart") : CARDS.index("  - id: three")]
        project.text.write_text(CARDS if view else CARDS.replace(chart, ""), "utf-8")
        product = Product(load(project.folder, LANG, common()), edition=EDITIONS[edition], left_out=left_out)
        html = printing.print_html(product, {})
        assert html.count('class="crop"') == drawn
        assert ("cover_emblem" in html) == (edition == "leaflet")
        told = [note.message.partition("the drawings of ")[2] for note in short_form.lacks(product)]
        assert list(filter(None, told)) == named
        assert ("drawings" in short_form.may_lack(product)) == (not view)


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
def test_a_short_form_names_no_more_than_the_whole_handout_has(project: Project, edition: str) -> None:
    for sources, left_out, told in (
        (False, (), "Short form of the handout."),
        (True, (), "Short form; the whole handout has the sources."),
        (False, ("others",), "Short form; the whole handout has more points."),
        (False, ("BL64",), "Short form; the whole handout has more points."),
        (True, ("others", "BL63"), "Short form; the whole handout has the sources and more points."),
    ):
        # Points that need no care, for which there is a source.
        text = CARDS.replace("code: BL23", "code: BL63").replace("code: BL25", "code: BL64")
        project.text.write_text(("sources: [who-2008]\n" if sources else "") + text, "utf-8")
        handout = load(project.folder, LANG, common())
        product = Product(handout, edition=EDITIONS[edition], left_out=("sources", *left_out))
        closings = re.findall('<p class="closing">(.*?)<', printing.print_html(product, {}))
        assert closings[-1].strip() == told


def test_what_an_author_has_put_in_bold_stays_in_a_short_form(project: Project) -> None:
    remark = 'remark: "20 times. **Not where it is *sore*.** Slowly. **Ask first.**"'
    project.text.write_text(CARDS.replace("remark: 20 times.", remark), "utf-8")
    product = Product(load(project.folder, LANG), edition=EDITIONS["one-page"], left_out=("uses",))
    html = printing.print_html(product, {})
    assert "</strong><strong> Not where it is<em> sore</em>.</strong><strong> Ask first.</strong></p>" in html
    assert not any(part in html for part in ("For the lower back.", "20 times.", "Slowly."))
    (_, told) = short_form.lacks(product)
    assert told.message == "the edition one-page leaves out uses and remarks of BL23, BL25"


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
@pytest.mark.parametrize("left_out", [(), ("lists",), ("lists", "uses")])
def test_a_warning_beside_cards_stands_before_them_in_a_short_form(
    project: Project, edition: str, left_out: tuple[str, ...]
) -> None:
    """The text beside them in which an author has put words in bold, once: whole, or these where room is scarce."""
    added = "{type: text, text: 'Lie down. **Not after an operation:** ask.'}", "{type: notice, text: A tip.}"
    blocks = "".join(f"      - {block}\n" for block in added)
    project.text.write_text(CARDS.replace("      - type: points\n", f"{blocks}      - type: points\n", 1), "utf-8")
    product = Product(load(project.folder, LANG, common()), edition=EDITIONS[edition], left_out=left_out)
    words = re.sub("<[^>]+>", "", printing.print_html(product, {}))
    warning = "Not after an operation\n" if "uses" in left_out else "Lie down. Not after an operation: ask.\n"
    assert (words.count("Not after an operation"), words.count(warning)) == (1, 1)
    assert words.index(warning) < words.index("For the lower back." if "uses" not in left_out else "BL25")
    assert "A tip." not in words


CAUTIONS = """\
  - id: doctor
    heading: Your doctor
    blocks:
      - {type: text, text: "A **stiff back** is common."}
      - {type: text, text: "See your doctor. **Do not stop your tablets.**"}
      - {type: notice, kind: caution, text: Ask for help today.}
      - {type: notice, text: A tip.}
"""


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
@pytest.mark.parametrize("left_out", [(), ("lists", "uses"), ("lists", "uses", "cautions")])
def test_what_an_author_warns_of_anywhere_stands_in_a_short_form(
    project: Project, edition: str, left_out: tuple[str, ...]
) -> None:
    """Once, as a whole, before the cards; where there is no room, a warning quotes it. A term in bold is none."""
    advice = "  - {id: safe, heading: Before, blocks: [{type: safety, include: see-a-doctor}]}\n"
    text = CARDS.replace("sections:\n", f"sections:\n{CAUTIONS}{advice}")
    project.text.write_text(text.replace("[Twice a day.]", "['See [doctor](#doctor).']"), "utf-8")
    product = Product(load(project.folder, LANG, common()), edition=EDITIONS[edition], left_out=left_out)
    html = printing.print_html(product, {})
    words = re.sub("<[^>]+>", "", html)
    has = "cautions" not in left_out
    warnings = ("See your doctor. Do not stop your tablets.", "Ask for help today.")
    assert [words.count(part) for part in warnings] == [has, has]
    assert ('id="doctor"' in html) is has
    if has:
        assert words.index("Ask for help today.") < words.index("BL23")
    assert not any(part in words for part in ("stiff back", "A tip."))
    told = {note.message: note.severity for note in short_form.lacks(product)}
    warned = (
        f"the edition {edition} has no room for what its author warns of: "
        "“See your doctor. Do not stop your tablets.”, “Ask for help today.”"
    )
    assert [message for message, severity in told.items() if severity is Severity.WARNING] == ([] if has else [warned])
    parts = "parts of the sections" if has else "the sections"
    assert any(f"leaves out {parts} “Your doctor”" in message for message in told)


@pytest.mark.parametrize("edition", ["one-page", "leaflet"])
@pytest.mark.parametrize("times", [1, 600])
def test_points_are_needed_more_than_what_takes_all_the_room(project: Project, edition: str, times: int) -> None:
    long = CAUTIONS.replace("Ask for help today.", f'"{"Ask for help today. " * times}"')
    project.text.write_text(CARDS.replace("sections:\n", f"sections:\n{long}"), "utf-8")
    product = Product(load(project.folder, LANG, common()), edition=EDITIONS[edition])
    told = [note for note in remarks(product, make(product, ("pdf",))) if note.code == "left-out"]
    warned = [note.message for note in told if note.severity is Severity.WARNING]
    assert len(warned) == (times > 1)
    assert all("“Ask for help today. Ask for help today. Ask for he…”" in message for message in warned)
    assert not any("leaves out the points" in note.message for note in told)


def test_a_caution_beside_cards_needs_no_words_in_bold(project: Project) -> None:
    notice = "      - {type: notice, kind: caution, text: Not after an operation.}\n"
    project.text.write_text(CARDS.replace("      - type: points\n", f"{notice}      - type: points\n", 1), "utf-8")
    for left_out in ((), ("lists", "uses")):
        product = Product(load(project.folder, LANG, common()), edition=EDITIONS["leaflet"], left_out=left_out)
        words = re.sub("<[^>]+>", "", printing.print_html(product, {}))
        assert words.count("Not after an operation.") == 1


@pytest.mark.parametrize(("lang", "stop"), [("en", "."), ("ja", "。")])
def test_few_words_for_a_place_end_as_a_sentence_does(lang: str, stop: str) -> None:
    """On one page the author's remark and what to take care of run on behind them."""
    product = Product(source_of(ROOT / "source" / OTHERS[0], lang), edition=EDITIONS["one-page"])
    label = product.source.shared.labels["where"]
    html = printing.print_html(product, printing.first_pages(product))
    places = re.findall(rf'<p><strong class="label">{label}</strong> ?(.*?)</p>', html)
    assert len(places) == 4
    assert all(place.endswith(stop) and not place.endswith(2 * stop) for place in places)


MANY = [f"BL{number}" for number in (20, 23, 24, 25, 26, 32, 40, 52, 54, 57, 60)]
MANY += ["GV3", "GV4", "GB21", "GB30", "GB34", "ST34", "ST36", "SP9", "SP10", "LI4", "KI3", "LR3", "PC6"]


@pytest.mark.parametrize(("edition", "count"), [("leaflet", 7), ("leaflet", 12), ("one-page", 12)])
def test_a_dozen_points_have_room_in_a_short_form(project: Project, edition: str, count: int) -> None:
    words, notes = short(project, edition, with_cards(MANY[:count]))
    assert all(words.count(f"{code}Shènshū") == 1 for code in MANY[:count])
    assert not any("leaves out the points" in note for note in notes)


def test_points_that_have_no_room_at_all_are_told(project: Project) -> None:
    words, notes = short(project, "leaflet", with_cards(MANY * 2).replace("GV4]", "BL25]"))
    (told,) = (note for note in notes if "leaves out the points" in note)
    missing = told.rpartition("points ")[2].split(", ")
    assert missing == MANY[-len(missing) :]
    assert [code for code in MANY if f"{code}Shènshū" in words] == MANY[: -len(missing)]


def with_cards(codes: list[str]) -> str:
    """Return a handout with a card for each of these points."""
    first = CARDS.index("          - code: ")
    rest = CARDS.index("  - id: ", first)
    name = "name: {text: 肾俞, lang: zh-Hans, reading: Shènshū}"
    cards = "".join(f"          - code: {code}\n            {name}\n            use: For an ache.\n" for code in codes)
    return CARDS[:first] + cards + CARDS[rest:]


def test_charts_beside_the_first_are_told(project: Project) -> None:
    chart = CARDS[CARDS.index("      - type: chart") : CARDS.index("  - id: three")]
    _, notes = short(project, "one-page", CARDS.replace(chart, chart + chart.replace("A chart", "Another")))
    assert "the edition one-page leaves out the charts “Another”" in notes


def test_one_failing_edition_stops_no_other_of_one_job(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks in it; and it is the first that is made. For more jobs see builder/test_incremental.py."""
    project.text.write_text(CARDS, "utf-8")
    lay_out = typeset.lay_out

    def failing(html: str, product: Product, *more: Any) -> Any:
        if product.edition.name == "large-print":
            raise ValueError("21 labels, room for 16")
        return lay_out(html, product, *more)

    monkeypatch.setattr(typeset, "lay_out", failing)
    editions = tuple(EDITIONS[name] for name in ("large-print", "a4", "letter"))
    order = Order(project.folder, LANG, None, editions)
    out = project.top / "out"
    with pytest.raises(HandoutError) as caught:
        build([order], out, ("pdf",), jobs=1)
    assert [problem.code for problem in caught.value.problems] == ["mistake"]
    assert {path.name for path in caught.value.written} == {f"{NAME}.{LANG}.pdf", f"{NAME}.{LANG}.letter.pdf"}
    told = [problem.code for problem in check([order], jobs=1) if problem.severity is Severity.ERROR]
    assert [code for code in told if not code.startswith("plain-")] == ["mistake"]


class _Box:
    """A laid-out box of an element, as the page numbers are read from it."""

    def __init__(self, ident: str | None = None, text: str | None = None, *inside: _Box) -> None:
        self.element = {"id": ident} if ident else None
        self.inside = inside
        if text:
            self.text = text

    def descendants(self) -> list[_Box]:
        return [box for child in self.inside for box in (child, *child.descendants())]


def test_a_section_begins_where_it_is_seen_and_not_where_its_empty_box_does() -> None:
    stranded = _Box(None, None, _Box("before", None, _Box(None, "words")), _Box("after"))
    shown = _Box(None, None, _Box("after", None, _Box(None, "words")), _Box("empty"))
    document = SimpleNamespace(pages=[SimpleNamespace(_page_box=box) for box in (stranded, shown)])
    assert page_of(document) == {"before": 1, "after": 2, "empty": 2}
