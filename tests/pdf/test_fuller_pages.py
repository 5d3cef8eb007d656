"""Pages without large gaps and lone parts, and on one line what belongs there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from helpers.project import LANGUAGES, NAME, OTHERS, ROOT, SHORT, SOURCE, brand_of, common, source_of
from PIL import Image

from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.engine.session import File, Page, session
from handout_builder.errors import Severity
from handout_builder.looks import LOOKS
from handout_builder.pdf import imposition, panels, typeset
from handout_builder.pdf.layout_faults import Kind
from handout_builder.pipeline import laid_out, make, preview, settled
from handout_builder.render.product import Product
from handout_builder.units import PX_PER_MM

HEAD = "title: Test\ndescription: A test page.\nauthor: Tester\nrevised: 2026-11-28\nabout: low-back\nsections:\n"
TEXT = "Text that stands beside the heading in the wide column and runs over more than one line, to fill a page."
PARAGRAPH = f'{{type: text, text: "{TEXT}"}}'


def product(top: Path, **sections: list[str]) -> Product:
    """Return a handout of these sections, each of them these blocks; one whose name begins with "new" starts a page."""
    parts = [
        f"  - id: {ident}\n    heading: Heading {ident}\n    starts_page: {str(ident.startswith('new')).lower()}\n"
        "    blocks:\n" + "".join(f"      - {block}\n" for block in blocks)
        for ident, blocks in sections.items()
    ]
    (top / "en.yaml").write_text(HEAD + "".join(parts), "utf-8")
    return Product(load(top, "en", common()))


def test_a_section_begins_early_where_a_page_would_be_half_empty(tmp_path: Path) -> None:
    kept = "{type: list, keep: true, items: [" + ", ".join(["One"] * 34) + "]}"
    handout = product(tmp_path, a=[PARAGRAPH] * 8, b=[PARAGRAPH] * 13, new=[kept])
    first = settled(handout)
    assert [fault.page for fault in first.faults if fault.kind is Kind.EMPTY] == [2]
    assert first.page_of["b"] == 1
    _, pages, (note,) = laid_out(handout)
    assert (pages.page_of["b"], pages.page_of["new"], pages.faults) == (2, 3, ())
    assert "with less white, where “Heading b” begins a page" in note.message


@pytest.mark.parametrize(
    ("lang", "edition", "change"),
    [
        ("es", "a4", "7 pages instead of 9, where “Cuándo no presionar” begins a page"),
        ("ja", "large-print", "“慢性腰痛にはどのツボが効きますか” begins no page"),
        ("zh-Hant", "large-print", "charts are smaller"),  # the chart has room below the text that leads to it
    ],
)
def test_no_page_of_a_long_translation_is_half_empty(lang: str, edition: str, change: str) -> None:
    """In Spanish the last card stood alone on a page; where a box begins a page early, all cards have room on one."""
    _, pages, (note,) = laid_out(Product(source_of(SOURCE / NAME, lang), None, EDITIONS[edition]))
    assert pages.faults == ()
    assert change in note.message


def test_lists_beside_each_other_begin_beside_their_heading_and_below_a_picture(tmp_path: Path) -> None:
    """What clears a picture at the side clears the heading, too, which stands beside the text."""
    Image.new("RGB", (90, 90), "navy").save(tmp_path / "a.png")
    lists = "{type: columns, lists: [{heading: Do, items: [Walk.]}, {heading: Else, items: [Sit.]}]}"
    picture = "{type: figure, image: a.png, alt: A square., side: right}"
    pages = settled(product(tmp_path, a=[lists], b=[picture, PARAGRAPH, lists]))
    heading, do, *_ = (ink for ink in pages.ink[0] if ink.words.strip() in ("Heading a", "Do"))
    assert abs(heading.box.top - do.box.top) < 2 * PX_PER_MM
    (square,) = (ink for ink in pages.ink[0] if not ink.text)
    *_, below = (ink for ink in pages.ink[0] if ink.words.strip() == "Do")
    assert below.box.top >= square.box.bottom


def test_a_row_that_is_higher_than_a_page_keeps_the_head_of_its_table(tmp_path: Path) -> None:
    """The engine would leave the head out, to have all room for it."""
    words = " ".join(f"Word {number} of a long cell that goes on over the page." for number in range(90))
    table = f"{{type: table, columns: [Thing, What it is], rows: [[One, {words}], [Other, row]]}}"
    pages = settled(product(tmp_path, a=[*[PARAGRAPH] * 14, table]))
    shown = [{ink.words.strip() for ink in page} for page in pages.ink]
    with_table = [page for page in shown if any("a long cell" in text for text in page)]
    assert len(with_table) > 1
    assert all("Thing" in page for page in with_table)
    assert pages.faults == ()


def test_no_item_of_a_list_stands_alone_on_a_page(tmp_path: Path) -> None:
    items = "{type: list, items: [" + ", ".join(["One item of a list"] * 5) + "]}"
    pages = settled(product(tmp_path, **{f"s{number}": [PARAGRAPH, items] for number in range(40)}))
    assert pages.count > 5
    lines: dict[Any, Counter[int]] = {}
    for piece in pages.pieces:
        for box in piece.around:
            if box.element.tag == "ul":
                lines.setdefault(box.element, Counter())[piece.page] += 1
    assert len(lines) == 40
    assert any(len(found) > 1 for found in lines.values()), "some list goes on on the next page"
    assert min(min(found.values()) for found in lines.values()) > 1


def test_when_to_stop_stands_with_the_last_steps(tmp_path: Path) -> None:
    """Where the box goes on on the next page, the paragraph stood there without a word of what is to be stopped."""
    how = "{type: safety, include: how-to-press}"
    sections = {f"s{number}": [*[PARAGRAPH] * (1 + number % 3), how] for number in range(12)}
    pages = settled(replace(product(tmp_path, **sections), edition=EDITIONS["booklet"]))
    boxes: dict[Any, list[tuple[str, int]]] = {}
    for piece in pages.pieces:
        held = [box.element for box in piece.around if box.element is not None]
        for box in held:
            if "how" in box.get("class", "").split():
                boxes.setdefault(box, []).append((held[-1].tag, piece.page))
    assert len(boxes) == 12
    assert any(len({page for _, page in lines}) > 1 for lines in boxes.values()), "some box goes on on the next page"
    for lines in boxes.values():
        steps, stop = ([page for tag, page in lines if tag == name] for name in ("li", "p"))
        assert steps[-1] == stop[0]


ROW = (
    '<div class="row"><p><strong class="label">昔からの使い方：</strong> 頭痛。</p>'
    '<p><strong class="label">ご注意：</strong> 押さないでください。</p>'
    '<p class="standard">Name: <span lang="zh-Hans">十七椎</span> <span lang="zh-Latn">Shíqīzhuī</span></p></div>'
)


def test_labels_and_names_of_points_end_no_line_in_their_midst() -> None:
    """In short forms the words of a card run on."""
    html = "".join(f'<div style="width: {width}mm">{ROW}</div>' for width in range(35, 80))
    css = "".join(path.read_text("utf-8") for path in typeset.style_sheets())
    css += "@page { size: 300mm 9000mm } .row p { display: inline }"
    page = Page(f'<html lang="ja"><body>{html}</body></html>', css, ROOT, ROOT, lambda _: File(b""))
    with session() as engine:
        (sheet,) = engine.lay_out(page).pages
    lines: Counter[Any] = Counter()
    for box in sheet._page_box.descendants():
        if type(box).__name__ == "LineBox":
            held = {inner.element for inner in chain(box.descendants()) if inner.element is not None}
            lines.update(element for element in held if element.tag in ("strong", "span"))
    assert len(lines) == 45 * 4
    assert set(lines.values()) == {1}


@pytest.mark.parametrize("edition", ["a4", "booklet"])
def test_signs_of_an_emergency_stand_where_others_do_on_a_white_ground(edition: str) -> None:
    pages = settled(Product(source_of(SHORT, "en"), None, replace(EDITIONS[edition], look=LOOKS["compact"])))
    lefts: dict[str, set[int]] = {}
    for ink in chain.from_iterable(pages.ink):
        if ink.around.safety is not None and ink.words == "•\u2002":
            lefts.setdefault(ink.around.safety.get("class", ""), set()).add(round(ink.box.left))
    assert {"safety emergency", "safety doctor"} <= lefts.keys()
    assert len(set.union(*lefts.values())) == 1


def test_a_few_steps_stand_on_one_page_and_many_need_not(tmp_path: Path) -> None:
    for count, whole in ((4, True), (12, False)):
        steps = "{type: list, numbered: true, items: [" + ", ".join(["One step of several"] * count) + "]}"
        pages = settled(product(tmp_path, **{f"s{number}": [PARAGRAPH, steps] for number in range(20)}))
        found: dict[Any, set[int]] = {}
        for piece in pages.pieces:
            for box in piece.around:
                if box.element.tag == "ol":
                    found.setdefault(box.element, set()).add(piece.page)
        assert len(found) == 20
        assert all(len(on) == 1 for on in found.values()) is whole


@pytest.mark.parametrize(("name", "lang", "brand"), [(OTHERS[0], "en", "harbour-lane"), (NAME, "ko", "")])
def test_a_list_of_the_signs_of_an_emergency_stands_on_one_page(name: str, lang: str, brand: str) -> None:
    """In large print those of the head and those of the neck take more than a page."""
    clinic = brand_of(SOURCE / "brands" / brand) if brand else None
    pages = settled(Product(source_of(SOURCE / name, lang), clinic, EDITIONS["large-print"]))
    found: dict[Any, set[int]] = {}
    for number, shown in enumerate(pages.ink, 1):
        for ink in shown:
            box = ink.around.safety
            if box is not None and "emergency" in box.get("class", ""):
                for signs in (signs for signs in box.iter("ul") if any(one is ink.element for one in signs.iter())):
                    found.setdefault(signs, set()).add(number)
    assert found
    assert all(len(on) == 1 for on in found.values())
    # Nor does a ground go on below its last words, down to the foot.
    for box in chain.from_iterable(page._page_box.descendants() for page in pages.document.pages):
        named = box.element is not None and box.element.get("class") in ("group", "safety-body")
        ground = getattr(box, "background", None)
        if named and ground is not None and ground.color.alpha:
            lines = [line for line in box.descendants() if type(line).__name__ == "LineBox"]
            end = max(line.position_y + line.height for line in lines)
            assert box.border_box_y() + box.border_height() - end < 20


@pytest.mark.parametrize(
    ("pages", "back", "placed"),
    [
        (6, 0, [[3, 6, 1], [2, 4, 5]]),
        (5, 0, [[3, 5, 1], [2, 4]]),
        (6, 5, [[3, 5, 1], [2, 4, 6]]),
        (1, 0, [[1], []]),
    ],
)
def test_how_to_reach_the_clinic_stands_on_the_back(pages: int, back: int, placed: list[list[int]]) -> None:
    """Where the sources need a panel of their own, they stand inside, behind the flap."""
    sides = imposition.leaflet(pages, back=back)
    assert [[page.number for page in side.pages] for side in sides] == placed


@pytest.mark.parametrize(
    ("shares", "back", "told"),
    [
        ([0.2, 0.4, 0.4, 0.4, 0.4, 0.4], 0, []),
        ([0.8, 0.9, 0.9, 0.9, 0.9, 0.04], 0, [(6, "96 % of the back panel is empty")]),
        ([0.8, 0.9, 0.1, 0.3, 0.9], 0, [(3, "90 %"), (4, "70 %"), (5, "100 % of the inside right panel is empty")]),
        ([0.8, 0.9, 0.9, 0.9, 0.4, 0.1], 5, [(5, "90 % of the inside right panel is empty")]),
    ],
)
def test_panels_that_are_left_empty_are_told(shares: list[float], back: int, told: list[tuple[int, str]]) -> None:
    found = [*panels.empty(shares, back)]
    assert len(found) == len(told)
    for fault, (panel, words) in zip(found, told, strict=True):
        assert fault.page == panel
        assert fault.message.startswith(words)


def test_a_leaflet_says_which_panel_is_empty() -> None:
    made = make(Product(source_of(SHORT), edition=EDITIONS["leaflet"]), ())
    (problem,) = (note for note in made.notes if note.code == "panel-empty")
    assert problem.message == "100 % of the inside right panel is empty: page 5 of the edition leaflet"
    assert problem.severity is Severity.WARNING


def test_the_back_of_a_leaflet_without_contact_has_what_has_no_room_inside() -> None:
    """It had two lines, and places were told in few words, since the panels inside were full."""
    leaflet = replace(EDITIONS["leaflet"], step="flowing dense apart")
    pages = settled(Product(source_of(SOURCE / OTHERS[0], "vi"), edition=leaflet, left_out=("sources",)))
    assert pages.count == leaflet.pages
    assert pages.empty_panels(leaflet) == []
    assert len({box.element for box in boxes_of(pages.document.pages[-1], "row")}) == 2


@pytest.mark.parametrize("left_out", [("headings",), ()])
def test_a_box_as_tall_as_a_panel_begins_where_its_heading_stands_or_would(left_out: tuple[str, ...]) -> None:
    left_out = (*left_out, "sources", "places", "drawings")
    leaflet = replace(EDITIONS["leaflet"], step="flowing run-on dense parted")
    pages = settled(Product(source_of(SOURCE / OTHERS[0], "es"), edition=leaflet, left_out=left_out))
    assert min(pages.shares[1:-1]) > 0.5


def test_what_goes_on_on_the_next_panel_of_a_leaflet_says_so_and_whom_not_to_press_stays_on_one() -> None:
    """The list of where not to press went on on the flap, the other side of the paper: a reader took half for all."""
    leaflet = replace(EDITIONS["leaflet"], step="flowing run-on dense parted")
    source = source_of(SOURCE / OTHERS[1], "es")
    pages = settled(Product(source, edition=leaflet, left_out=("sources",)))
    above = [" ".join(ink.words for ink in page if ink.around.running and ink.words.strip()) for page in pages.ink]
    more = source.shared.labels["table_continued"]
    doctor, press = (f"{source.shared.safety[name].heading} {more}" for name in ("see-a-doctor", "how-to-press"))
    divided = {
        name: [bool(boxes_of(page, name)) for page in pages.document.pages] for name in ("doctor", "stop", "how")
    }
    assert {name: sum(on) for name, on in divided.items()} == {"doctor": 2, "stop": 1, "how": 2}
    told = {divided["doctor"].index(True) + 1: doctor, divided["how"].index(True) + 1: press}
    assert above == [told.get(number, "") for number in range(leaflet.pages)]


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "vi"])  # in Vietnamese no box goes on
def test_what_says_on_the_next_panel_of_a_leaflet_what_goes_on_stays_on_the_page(lang: str) -> None:
    """The Spanish signs of an emergency took two lines there, above the upper edge, and that leaflet was refused."""
    leaflet = replace(EDITIONS["leaflet"], step="flowing run-on dense parted")
    pages = settled(Product(source_of(SOURCE / OTHERS[0], lang), edition=leaflet, left_out=("sources",)))
    above = [[ink.words for ink in page if ink.around.running and ink.words.strip()] for page in pages.ink]
    assert sum(map(len, above)) > 0
    assert [lines for lines in above if len(lines) > 1] == []
    assert [fault.message for fault in pages.faults if fault.running] == []


def test_a_list_before_the_cards_of_a_leaflet_stands_on_one_panel() -> None:
    """Three lines of it were alone on the panel in the middle, as cards begin the next one."""
    leaflet = replace(EDITIONS["leaflet"], step="flowing dense apart")
    pages = settled(Product(source_of(SOURCE / OTHERS[0], "zh-Hans"), None, leaflet))
    on = {number for number, page in enumerate(pages.document.pages, 1) if boxes_of(page, "steps")}
    assert len(on) == 1
    assert pages.count == leaflet.pages
    assert min(pages.shares) > 1 / 3


def test_contact_on_the_one_page_keeps_off_the_last_words() -> None:
    """In columns its rule stood on them, as if they were underlined."""
    clinic, edition = brand_of(SOURCE / "brands" / "cell-healing"), EDITIONS["one-page"]
    pages = settled(Product(source_of(SHORT, "en"), clinic, replace(edition, step="columns 11pt dense split")))
    (page,) = pages.document.pages
    (contact,) = boxes_of(page, "contact")
    end = max(flow.border_box_y() + flow.border_height() for flow in boxes_of(page, "flow"))
    assert contact.border_box_y() - end > 0.4 * PX_PER_MM


def boxes_of(page: Any, name: str) -> list[Any]:
    """Return the block boxes of a page whose elements have a class, but for the lines and words in them."""
    return [
        box
        for box in page._page_box.descendants()
        if type(box).__name__ == "BlockBox" and box.element is not None and name in box.element.get("class", "").split()
    ]


@pytest.mark.parametrize(
    ("lang", "looks"), [("en", ("italic", 400)), ("zh-Hans", ("normal", 700)), ("ko", ("normal", 700))]
)
def test_emphasis_is_seen_in_each_script(lang: str, looks: tuple[str, int]) -> None:
    css = "".join(path.read_text("utf-8") for path in typeset.style_sheets())
    page = Page(f'<html lang="{lang}"><body><p>a <em>b</em></p></body></html>', css, ROOT, ROOT, lambda _: File(b""))
    with session() as engine:
        (sheet,) = engine.lay_out(page).pages
    (style,) = {
        (box.style["font_style"], box.style["font_weight"])
        for box in sheet._page_box.descendants()
        if type(box).__name__ == "TextBox" and box.text == "b"
    }
    assert style == looks


def test_points_of_one_page_stand_beside_their_chart() -> None:
    sheets = (*typeset.style_sheets(), ROOT / "layouts" / "editions" / "one-page.css")
    css = "".join(path.read_text("utf-8") for path in sheets)
    row = '<div class="row"><h2 class="code">BL23</h2> <p>Words.</p></div>'
    figure = '<div class="figure"><div style="height: 60mm"></div></div>'
    html = f'<html lang="en"><body><div class="spots">{figure}<div class="rows">{row}</div></div></body></html>'
    with session() as engine:
        (sheet,) = engine.lay_out(Page(html, css, ROOT, ROOT, lambda _: File(b""))).pages
    tops = {
        box.element.get("class"): box.position_y
        for box in sheet._page_box.descendants()
        if box.element is not None and type(box).__name__ == "BlockBox"
    }
    assert tops["row"] == tops["figure"]


def test_a_name_of_few_signs_is_parted_by_no_line_in_a_table_of_points(tmp_path: Path) -> None:
    """In Korean, where it stands behind the Korean name."""
    groups = "[{mark: filled, label: pressed, points: [GB20]}]"
    product(tmp_path, a=[f"{{type: overview, title: All points, caption: One point., groups: {groups}}}"])
    (tmp_path / "en.yaml").rename(tmp_path / "ko.yaml")
    pages = settled(Product(load(tmp_path, "ko")))
    boxes = chain.from_iterable(page._page_box.descendants() for page in pages.document.pages)
    names = [box for box in boxes if type(box).__name__ == "TextBox" and box.text == "風池"]
    assert {box.style["white_space"] for box in names} == {"nowrap"}


def test_a_table_of_many_main_points_begins_with_its_head() -> None:
    css = "".join(path.read_text("utf-8") for path in typeset.style_sheets())
    rows = '<tr class="strong"><th scope="row">BL23</th><td>Where</td></tr>' * 90
    table = f"<table><thead><tr><th>Code</th><th>Where</th></tr></thead><tbody>{rows}</tbody></table>"
    page = Page(
        f'<html lang="en"><body><div class="point-table">{table}</div></body></html>',
        css,
        ROOT,
        ROOT,
        lambda _: File(b""),
    )
    with session() as engine:
        sheets = engine.lay_out(page).pages
    boxes = [box for sheet in sheets for box in sheet._page_box.descendants() if type(box).__name__ == "TableBox"]
    assert len(boxes) == len(sheets) > 1
    assert all(box.children[0].is_header for box in boxes)


def test_who_types_keeps_the_arrangement_as_long_as_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def typed(word: str, *more: str) -> Product:
        kept = "{type: list, keep: true, items: [" + ", ".join(["One"] * 34) + "]}"
        first = PARAGRAPH.replace("Text", word)
        return product(tmp_path, a=[first, *[PARAGRAPH] * 7, *more], b=[PARAGRAPH] * 13, new=[kept])

    lay_out = typeset.lay_out
    counted: list[str] = []
    monkeypatch.setattr(typeset, "lay_out", lambda html, *rest: (counted.append(html), lay_out(html, *rest))[1])
    first = preview(typed("Text"))
    assert first.arrangement
    counted.clear()
    again = preview(typed("Words"), (), first.arrangement)
    assert len(counted) == 1
    assert again.arrangement
    assert (again.arrangement.page_of, again.notes) == (first.arrangement.page_of, first.notes)
    # Where it comes out otherwise than before, all is planned anew: here to the same end.
    anew = preview(typed("Words"), (), replace(first.arrangement, count=9))
    assert len(counted) > 2
    assert anew.arrangement == again.arrangement
    # With a block more the marks of the elements are those of others.
    more = preview(typed("Words", PARAGRAPH), (), first.arrangement)
    assert more.arrangement
    assert more.arrangement.page_of["b"] == 2
    assert more.arrangement.mended.keys().isdisjoint(first.arrangement.mended)
