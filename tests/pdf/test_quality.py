"""Finished files for readers who do not see them: each check finds a planted defect, and nothing in ours."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from helpers.tagged_pdf import Tagged
from pikepdf import Array, Dictionary, Name, String

from handout_builder.pdf import quality, spoken, tag_tree

ALL = 27
SEVENTEEN = 17


def elements(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """The elements of a kind in the order of the file."""
    return [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/S") == f"/{kind}"]


def new(pdf: pikepdf.Pdf, parent: Any, kind: str, *kids: Any, **more: Any) -> Any:
    """Add an element at the end of another one."""
    keys = {f"/{key}": value for key, value in more.items()}
    element = pdf.make_indirect(
        Dictionary({"/Type": Name.StructElem, "/S": Name(f"/{kind}"), "/P": parent, "/K": Array(list(kids)), **keys})
    )
    parent.K.append(element)
    return element


def with_words(pdf: pikepdf.Pdf, parent: Any, kind: str, words_of: Any) -> Any:
    """Add an element that has the words of another one, which loses them."""
    element = new(pdf, parent, kind, *words_of.K, Pg=words_of.Pg)
    words_of.K = Array([])
    return element


def contents(pdf: pikepdf.Pdf, link: str) -> None:
    """Make a heading an entry of a table of contents, with a link in it or none."""
    heading = elements(pdf, "H2")[0]
    toc = new(pdf, heading.P, "TOC")
    entry = new(pdf, toc, "TOCI")
    if link:
        other = elements(pdf, "Link")[0]
        new(pdf, entry, "Link", *other.K, Pg=other.Pg)
        (kid,) = [kid for kid in other.K if not isinstance(kid, int)]
        kid.Obj.Dest = String(link)
    else:
        with_words(pdf, entry, "P", heading)


def note(pdf: pikepdf.Pdf, *, label: bool) -> None:
    """Make a paragraph a note that stands by itself."""
    paragraph = elements(pdf, "P")[0]
    made = new(pdf, elements(pdf, "Sect")[0], "Note")
    with_words(pdf, made, "Lbl" if label else "P", paragraph)


def title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "C:\\handouts\\back-pain.pdf"


def language(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "P")[0].Lang = String("english")


def artifact(pdf: pikepdf.Pdf) -> None:
    content = pdf.pages[0].Contents
    marked = re.sub(rb"/Span\s*<<\s*/MCID 20\s*>>\s*BDC", b"/Artifact BMC", content.read_bytes())
    assert marked != content.read_bytes()
    content.write(marked)


def whitespace(pdf: pikepdf.Pdf) -> None:
    paragraph = elements(pdf, "P")[0]
    new(pdf, paragraph.P, "P", 9999, Pg=paragraph.get("/Pg", pdf.pages[0].obj))


def outside(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].cropbox = Array([0, 0, 200, 841])


def no_headings(pdf: pikepdf.Pdf) -> None:
    for kind in ("H1", "H2", "H3"):
        for heading in elements(pdf, kind):
            heading.S = Name.P


def no_bookmarks(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.Outlines


def file_name(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "Figure")[0].Alt = String("chart-of-the-back.svg")


def described_text(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "P")[0].Alt = String("a paragraph")


def unpressed_link(pdf: pikepdf.Pdf) -> None:
    link = elements(pdf, "Link")[0]
    link.K = Array([kid for kid in link.K if isinstance(kid, int)])


def item(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "LBody")[0].S = Name.P


def short_row(pdf: pikepdf.Pdf) -> None:
    row = elements(pdf, "TR")[-1]
    row.K = Array(list(row.K)[:-1])


def bare_figure(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "Figure")[0].A


def twice(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "Figure")[0].Alt = String("Inner ankle. Inner ankle, seen from the inner side.")


def deep_heading(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "H2")[0].S = Name.H4


def here(pdf: pikepdf.Pdf) -> None:
    link = elements(pdf, "Link")[0]
    link.ActualText = String("Click here")


def two_links(pdf: pikepdf.Pdf) -> None:
    link = elements(pdf, "Link")[0]
    (note,) = [kid for kid in link.K if not isinstance(kid, int)]
    other = pdf.make_indirect(Dictionary(link))
    other.K = Array([note])
    kids = list(link.P.K)
    at = [kid.objgen if not isinstance(kid, int) else None for kid in kids].index(link.objgen)
    link.P.K = Array([*kids[: at + 1], other, *kids[at + 1 :]])


def empty(pdf: pikepdf.Pdf) -> None:
    new(pdf, elements(pdf, "Sect")[0], "P")


def grouped(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "P")[0].S = Name.Div


def wrapped(pdf: pikepdf.Pdf) -> None:
    span = elements(pdf, "Span")[0]
    inner = pdf.make_indirect(Dictionary(span))
    inner.P, span.K = span, Array([inner])


def unscoped(pdf: pikepdf.Pdf) -> None:
    del elements(pdf, "TH")[0].A


def foreign(pdf: pikepdf.Pdf) -> None:
    for span in elements(pdf, "Span"):
        if span.get("/Lang") == "zh-Hans":
            del span.Lang


DEFECTS: list[tuple[str, Callable[[pikepdf.Pdf], None]]] = [
    ("Validity of document title", title),
    ("Correctness of language attribute", language),
    ("Artifacted content on page body", artifact),
    ("Tagged text consists of only whitespace", whitespace),
    ("Tagged content exists outside of the page boundaries", outside),
    ("Presence of headings", no_headings),
    ("Presence of bookmarks if headings are present", no_bookmarks),
    ("“TOCI” elements contain “Link” elements", lambda pdf: contents(pdf, "")),
    ("“TOCI” elements are correctly linked to headings", lambda pdf: contents(pdf, "the-four-points")),
    ("Validity of alternative texts", file_name),
    ("Alternative text on text elements", described_text),
    ("Completeness of “Link” elements", unpressed_link),
    ("Formal correctness of “LI” elements", item),
    ("Completeness of “Table” elements", short_row),
    ("“Note” elements contain “Lbl” elements", lambda pdf: note(pdf, label=False)),
    ("“Note” elements are referenced", lambda pdf: note(pdf, label=True)),
    ("“P” elements contain “Note” elements", lambda pdf: note(pdf, label=True)),
    ("Figures are described, and have a place", bare_figure),
    ("Descriptions say nothing twice", twice),
    ("Headings are short, and no level is left out", deep_heading),
    ("Words of links say where they lead", here),
    ("A link on two lines is one link", two_links),
    ("No element is empty", empty),
    ("Groups hold no text themselves", grouped),
    ("No Span stands round another for nothing", wrapped),
    ("Heads of tables say what they are heads of", unscoped),
    ("Words are in a language of their script", foreign),
]


@pytest.mark.parametrize(("name", "plant"), DEFECTS, ids=[name for name, _ in DEFECTS])
def test_a_planted_defect_is_found(built: Any, name: str, plant: Callable[[pikepdf.Pdf], None]) -> None:
    changed = io.BytesIO()
    with pikepdf.open(built.pdf) as pdf:
        plant(pdf)
        pdf.save(changed)
    found = [result.name for result in quality.results(tag_tree.read(changed.getvalue())) if result.findings]
    assert name in found


def test_each_check_has_its_defect(built: Any) -> None:
    results = quality.results(tag_tree.read(built.pdf.read_bytes()))
    assert [result.name for result in results] == [name for name, _ in DEFECTS]
    assert [result.of for result in results] == [quality.PAC] * SEVENTEEN + [quality.OURS] * (ALL - SEVENTEEN)


def files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.pdf"))


def test_no_edition_has_a_defect(every_edition: Path) -> None:
    looked = 0
    for path in files(every_edition):
        tree = tag_tree.read(path.read_bytes())
        found = [(result.name, *finding) for result in quality.results(tree) for finding in result.findings]
        assert found == [], path.name
        looked += tree.root is not None
    assert looked == 5 * 3 - 2  # a4, letter, large print, greyscale, one page; plain and for two brands, but for two


@pytest.mark.parametrize("alt", ["背中全体。後ろから見た背中全体。", "前腕。右の前腕。", "등 전체. 뒤에서 본 등 전체."])
def test_a_title_that_the_next_sentence_says_is_said_twice(built: Any, alt: str) -> None:
    changed = io.BytesIO()
    with pikepdf.open(built.pdf) as pdf:
        elements(pdf, "Figure")[0].Alt = String(alt)
        pdf.save(changed)
    found = [result.name for result in quality.results(tag_tree.read(changed.getvalue())) if result.findings]
    assert "Descriptions say nothing twice" in found


@pytest.mark.parametrize("said", ["", " ", "\u200b", "\ue000\ue001"])
def test_words_in_whose_place_nothing_is_said_are_blank(built: Any, said: str) -> None:
    """Such an ActualText hid a paragraph from those who listen, and no check saw it."""
    changed = io.BytesIO()
    with pikepdf.open(built.pdf) as pdf:
        elements(pdf, "P")[3].ActualText = String(said)
        pdf.save(changed)
    found = [result.name for result in quality.results(tag_tree.read(changed.getvalue())) if result.findings]
    assert found == ["Tagged text consists of only whitespace"]


# What goes on is one element


def test_what_goes_on_on_the_next_page_is_one_element(every_edition: Path) -> None:
    (path,) = every_edition.glob("*.large-print.pdf")
    tree = tag_tree.read(path.read_bytes())
    assert tree.root
    tables = tree.root.find("Table")
    assert len(tables) == 1
    assert len({piece.page for piece in tables[0].pieces()}) > 1, "the table is on two pages, or this test sees nothing"
    assert len(tables[0].find("THead")) == 1
    goes_on = [part for part in tree.root.find("L") if len({piece.page for piece in part.pieces()}) > 1]
    assert goes_on, "a list is on two pages, or this test sees nothing"


def test_cells_name_heads_that_are_read(every_edition: Path) -> None:
    (path,) = every_edition.glob("*.large-print.pdf")
    tagged = Tagged(path)
    known = {str(ident) for ident in pikepdf.NameTree(tagged.pdf.Root.StructTreeRoot.IDTree)}
    named = {str(head) for cell in tagged.root.find("TD") for head in cell.source.A.get("/Headers", [])}
    assert named
    assert named <= known


def test_running_feet_say_so(built: Any) -> None:
    with pikepdf.open(built.pdf) as pdf:
        for page in pdf.pages:
            marks = [step.operands for step in pikepdf.parse_content_stream(page, "BDC")]
            kinds = [
                str(more["/Subtype"]) for tag, more in marks if tag == "/Artifact" and more["/Type"] == "/Pagination"
            ]
            assert "/Footer" in kinds


# As it is heard


def test_a_screen_reader_says_it_in_order(built: Any) -> None:
    first, second, *_ = spoken.pages(tag_tree.read(built.pdf.read_bytes()))
    assert first[:5] == [
        "Patient information",
        "Heading level 1: Chronic back pain pressure points",
        "Heading level 2: In short",
        "List with 3 items",
        "• Four points on the lower back: three pairs, one in the middle.",
    ]
    assert "• Read (link: Before you press) (page 2) first: when to see a doctor, and when not to press." in first
    assert "1. Use a thumb, a knuckle, or a ball between you and a wall." in second


def test_languages_figures_and_tables_are_told(built: Any) -> None:
    said = [line for page in spoken.pages(tag_tree.read(built.pdf.read_bytes())) for line in page]
    assert "[zh-Latn-pinyin: shèn yù] [zh-Hans: 肾愈]" in said
    assert any(line.startswith("Figure: BL23: two dots, about two finger-widths") for line in said)
    assert "Table with 22 rows and 3 columns" in said
    assert "Heads: Code; Standard name; Where" in said
    assert any(line.startswith("Row 3: Code: BL23; Standard name: [zh-Latn-pinyin: [zh-Hans: 肾俞] ") for line in said)
    assert said[-1] == "This leaflet does not replace care from a doctor."


def test_a_file_for_paper_says_nothing(every_edition: Path) -> None:
    (path,) = every_edition.glob("*.booklet.pdf")
    tree = tag_tree.read(path.read_bytes())
    assert spoken.pages(tree) == []
    assert [result.name for result in quality.results(tree)] == [name for name, _ in DEFECTS[:2]]
