"""The printed handout, as independent programs read it."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest
from helpers import pdf_pages
from helpers.source_text import cards, catalogue_rows, handout, overview_codes, safety_names, shared, squeeze
from helpers.tagged_pdf import Element, Tagged
from judges import pages as page_validation
from judges import programs, verapdf

from handout_builder.engine.session import session

A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)
MOST_PAGES = 6
MOST_BYTES = 150_000
FAMILIES = ("Noto-Sans", "Handout-Han")
BODY, SMALLEST = 12, 9
BOOK = handout()
STOPS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")


@pytest.fixture(scope="module")
def tagged(built: Any) -> Tagged:
    return Tagged(built.pdf)


@pytest.fixture(scope="module")
def plumbed(built: Any) -> Iterator[pdfplumber.PDF]:
    with pdfplumber.open(built.pdf) as pdf:
        yield pdf


@pytest.fixture(scope="module")
def story(tagged: Tagged) -> str:
    """All words in the order of the tags, without blanks."""
    return squeeze(tagged.text(tagged.root))


# The file


def test_a4_few_pages_few_bytes(built: Any, tagged: Tagged) -> None:
    for page in tagged.pdf.pages:
        left, bottom, right, top = map(float, page.mediabox)
        assert (right - left, top - bottom) == pytest.approx(A4, abs=0.5)
        assert page.get("/Rotate", 0) == 0
    assert len(tagged.pdf.pages) <= MOST_PAGES
    assert built.pdf.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_verapdf(built: Any, flavour: str) -> None:
    assert verapdf.check(built.pdf, flavour) == []


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_page_validation(built: Any, profile: str) -> None:
    assert page_validation.check(built.pdf, profile) == []


def test_qpdf_finds_nothing(built: Any) -> None:
    assert pdf_pages.faults(built.pdf) == []


def test_qpdf_sees_damage(built: Any, tmp_path: Path) -> None:
    data = bytearray(built.pdf.read_bytes())
    middle = data.index(b"stream\n") + 200
    data[middle : middle + 8] = b"damaged!"
    (tmp_path / "bad.pdf").write_bytes(data)
    assert pdf_pages.faults(tmp_path / "bad.pdf")


def test_no_stream_seems_one_byte_shorter(tmp_path: Path) -> None:
    with session():
        pydyf = sys.modules["handout_builder.engine._pydyf"]
    pdf, contents = pydyf.PDF(), (b"q Q\r", b"q Q")
    for content in contents:
        pdf.add_object(pydyf.Stream([content]))
    with (tmp_path / "streams.pdf").open("wb") as file:
        pdf.write(file)
    written = (tmp_path / "streams.pdf").read_bytes()
    # As a reader does that takes "\r\n" before the keyword for one line end.
    found = re.findall(rb"stream\n(.*?)(?:\r\n|\n)endstream", written, re.DOTALL)
    assert tuple(found) == contents
    with pikepdf.open(tmp_path / "streams.pdf") as read:
        streams = [item.read_raw_bytes() for item in read.objects if isinstance(item, pikepdf.Stream)]
    assert tuple(streams) == contents


def test_metadata_comes_from_the_source(tagged: Tagged) -> None:
    day = str(BOOK["revised"])
    root, info = tagged.pdf.Root, tagged.pdf.docinfo
    assert str(root.Lang) == "en"
    assert root.ViewerPreferences.DisplayDocTitle
    assert str(info["/Title"]) == BOOK["title"]
    assert str(info["/Subject"]) == BOOK["description"]
    with tagged.pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == BOOK["title"]
        assert xmp["dc:description"] == BOOK["description"]
        assert xmp["xmp:CreateDate"].startswith(day)
        assert xmp["xmp:ModifyDate"].startswith(day)
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"], xmp["pdfuaid:part"]) == ("3", "A", "1")
    for key in ("/CreationDate", "/ModDate"):
        assert str(info[key]).startswith("D:" + day.replace("-", ""))


@pytest.mark.tools("pdfinfo")
def test_poppler_agrees(built: Any) -> None:
    text = programs.run("pdfinfo", built.pdf)
    assert re.search(r"Tagged:\s+yes", text)
    assert re.search(r"JavaScript:\s+no", text)
    assert re.search(r"Page size:.*\(A4\)", text)


# Getting about


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """Return (depth, title, page) of each bookmark."""
    found: list[tuple[int, str, int]] = []

    def walk(items: Any, depth: int) -> None:
        for item in items:
            page = next(n for n, page in enumerate(pdf.pages, 1) if page.objgen == item.destination[0].objgen)
            found.append((depth, item.title, page))
            walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        walk(outline.root, 1)
    return found


def test_bookmarks(tagged: Tagged, plumbed: pdfplumber.PDF) -> None:
    labels, blocks = shared()["labels"], shared()["safety"]
    expected: list[tuple[int, str]] = [(1, labels["in_short"])]
    for section in BOOK["sections"]:
        expected.append((1, section["heading"]))
        for block in section["blocks"]:
            if block["type"] == "safety":
                names = safety_names({"sections": [{"blocks": [block]}]})
                expected += [(2, blocks[name]["heading"]) for name in names]
            elif block["type"] == "points":
                expected += [(2, f"{card['code']} {card['name']['reading']}") for card in block["points"]]
    expected.append((1, labels["sources"]))
    found = bookmarks(tagged.pdf)
    assert [entry[:2] for entry in found] == expected
    words = [squeeze(page.extract_text()) for page in plumbed.pages]
    for _, title, page in found:
        assert all(squeeze(word) in words[page - 1] for word in title.split()), title


def destinations(pdf: pikepdf.Pdf) -> dict[str, int]:
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    return {str(name): numbers[place[0].objgen] for name, place in names.items()}


def internal_links(pdf: pikepdf.Pdf) -> list[str]:
    found = []
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            place = note.get("/Dest", note.get("/A", {}).get("/D"))
            if place is not None:
                found.append(str(place))
    return found


def test_links_lead_to_the_section_and_print_its_page(tagged: Tagged, plumbed: pdfplumber.PDF, story: str) -> None:
    targets = re.findall(r"\[([^\[\]]+)\]\(#([a-z-]+)\)", str(BOOK))
    assert targets, "the handout has internal links"
    places = destinations(tagged.pdf)
    assert Counter(internal_links(tagged.pdf)) == Counter(ident for _, ident in targets)
    headings = {section["id"]: section["heading"] for section in BOOK["sections"]}
    for words, ident in targets:
        page = places[ident]
        text = squeeze(plumbed.pages[page - 1].extract_text())
        assert all(word in text for word in headings[ident].split())
        printed = re.findall(re.escape(squeeze(words)) + r"\(page(\d+)\)", story)
        assert set(printed) == {str(page)}
    assert len(re.findall(r"\(page\d+\)", story)) == len(targets)


def test_links_of_the_web_are_whole(tagged: Tagged) -> None:
    wanted = set(re.findall(r"\]\((https://[^)]+)\)", str([shared()["sources"], BOOK])))
    found = {str(n.A.URI) for page in tagged.pdf.pages for n in page.get("/Annots", []) if "/A" in n and "/URI" in n.A}
    assert found <= wanted
    assert "https://doi.org/10.1142/S0192415X23500131" in found
    for page in tagged.pdf.pages:
        assert all(str(note.get("/Contents", "")) for note in page.get("/Annots", []))


def test_footer_on_each_page(plumbed: pdfplumber.PDF) -> None:
    count = len(plumbed.pages)
    for number, page in enumerate(plumbed.pages, 1):
        foot = page.crop((0, page.height - 21 / 25.4 * 72, page.width, page.height)).extract_text()
        assert f"Page {number} of {count}" in foot
        assert BOOK["title"] in foot
        assert "Revised 23 November 2026" in foot


# Fonts


def fonts(pdf: pikepdf.Pdf) -> list[Any]:
    return [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]


def test_fonts_are_ours_embedded_and_subset(tagged: Tagged) -> None:
    whole = [font for font in fonts(tagged.pdf) if font.Subtype == "/Type0"]
    parts = [font for font in fonts(tagged.pdf) if font.Subtype != "/Type0"]
    assert whole
    assert all(font.Subtype == "/CIDFontType2" for font in parts)  # TrueType; CFF would be CIDFontType0
    for font in whole:
        name = str(font.BaseFont)[1:]
        assert re.fullmatch(rf"[A-Z]{{6}}\+({'|'.join(FAMILIES)})(-Bold|-Italic|-BoldItalic)?", name)
        assert font.Encoding == "/Identity-H"
        assert "/ToUnicode" in font
        (part,) = font.DescendantFonts
        descriptor = part.FontDescriptor
        assert part.CIDToGIDMap == "/Identity"
        assert "/FontFile2" in descriptor
        assert not {"/FontFile", "/FontFile3"} & set(descriptor.keys())
        assert descriptor.FontFile2.read_bytes()[:4] in (b"\0\1\0\0", b"true")


@pytest.mark.tools("pdffonts")
def test_poppler_lists_the_same_fonts(built: Any) -> None:
    rows = programs.run("pdffonts", built.pdf).splitlines()[2:]
    assert rows
    for row in rows:
        found = re.match(r"(\S+)\s+CID TrueType\s+\S+\s+yes yes yes\s", row)
        assert found is not None, row
        assert found[1].partition("+")[2].startswith(FAMILIES)


def test_every_glyph_is_there_and_has_its_character(tagged: Tagged) -> None:
    runs = [run for runs in tagged.runs.values() for run in runs] + tagged.artifacts
    assert sum(len(run.glyphs) for run in runs) > 3000
    for run in runs:
        assert 0 not in run.glyphs, run
        assert "\ufffd" not in run.text, run
        assert len(run.text) == len(run.glyphs) or run.font.startswith("Noto"), run  # ligatures are possible


def test_type_is_large_enough(plumbed: pdfplumber.PDF) -> None:
    sizes = Counter(round(char["size"], 1) for page in plumbed.pages for char in page.chars if char["text"].strip())
    assert min(sizes) >= SMALLEST, sizes
    assert sizes.most_common(1)[0][0] >= BODY, sizes


def test_running_text_and_safety_texts_have_body_size(plumbed: pdfplumber.PDF, tagged: Tagged) -> None:
    sizes: dict[tuple[int, int], float] = {}
    for number, page in enumerate(plumbed.pages, 1):
        for char in page.chars:
            if char["mcid"] is not None and char["text"].strip():
                mark = number, char["mcid"]
                sizes[mark] = min(sizes.get(mark, 99), round(char["size"], 2))
    body = [squeeze(part) for part in prose(BOOK)]
    seen = 0
    for element in tagged.root.find("P", "LI", "H3"):
        text = squeeze(tagged.text(element))
        if any(part in text for part in body):
            seen += 1
            assert min(sizes[mark] for mark in element.marks() if mark in sizes) >= BODY, text
    assert seen >= 25


def prose(book: Any) -> Iterator[str]:
    """Yield plain texts of the handout that are printed in body size: paragraphs, terms, uses, safety lists."""
    for section in book["sections"]:
        for block in section["blocks"]:
            if block["type"] == "text":
                yield block["text"]
            elif block["type"] == "definitions":
                yield from (item[key] for item in block["items"] for key in ("term", "text"))
            elif block["type"] == "points":
                yield from (card["use"] for card in block["points"])
            elif block["type"] == "safety":
                for name in safety_names({"sections": [{"blocks": [block]}]}):
                    for group in shared()["safety"][name]["groups"]:
                        yield from group["items"]


def test_no_smoothed_pictures(tagged: Tagged, built: Any) -> None:
    for item in tagged.pdf.objects:
        if isinstance(item, pikepdf.Stream):
            assert not item.get("/Interpolate", False)
    assert b"/Interpolate true" not in built.pdf.read_bytes()


# Tags


def test_tree_and_pages_point_at_each_other(tagged: Tagged) -> None:
    point_at_each_other(tagged)


def test_so_they_do_where_much_goes_on_on_the_next_page(every_edition: Path) -> None:
    (path,) = every_edition.glob("*.large-print.pdf")
    point_at_each_other(Tagged(path))


def point_at_each_other(tagged: Tagged) -> None:
    """Every MCID of a page is listed by one element, and the parent tree leads back to that element."""
    root = tagged.pdf.Root.StructTreeRoot
    parents = pikepdf.NumberTree(root.ParentTree)
    holders: dict[tuple[int, int], Element] = {}
    for element in tagged.root.walk():
        for kid in element.kids:
            if isinstance(kid, tuple):
                assert kid not in holders, f"{kid} is listed twice"
                holders[kid] = element
            elif isinstance(kid, Element):
                assert kid.source.P.objgen == element.source.objgen, kid.kind
                assert kid.source.get("/Type", "/StructElem") == "/StructElem"
    assert set(tagged.runs) <= set(holders)
    for number, page in enumerate(tagged.pdf.pages, 1):
        listed = parents[int(page.StructParents)]
        mcids = marked(page)
        assert mcids
        assert sorted(mcids) == [mark for mark in range(len(listed)) if listed[mark] is not None], f"page {number}"
        assert Counter(mcids).most_common(1)[0][1] == 1, f"page {number}: an MCID is used twice"
        for mcid in mcids:
            assert listed[mcid].objgen == holders[number, mcid].source.objgen, (number, mcid)
        for note in page.get("/Annots", []):
            owner = parents[int(note.StructParent)]
            assert owner.S == "/Link"
            kids = owner.K if isinstance(owner.K, pikepdf.Array) else [owner.K]
            assert any(not isinstance(k, int) and k.get("/Obj", k).objgen == note.objgen for k in kids)


def marked(page: Any) -> list[int]:
    operators = pikepdf.parse_content_stream(page, "BDC")
    return [int(step.operands[1].MCID) for step in operators if "/MCID" in step.operands[1]]


def test_everything_painted_is_tagged_or_an_artifact(tagged: Tagged) -> None:
    assert [text for text in tagged.unmarked if text[1].strip()] == []
    assert all(tag for _, _, tag in tagged.painted), tagged.painted


def test_no_empty_elements(tagged: Tagged) -> None:
    kinds = Counter()
    for element in tagged.root.walk():
        if not list(element.marks()) and "link" not in element.kids and element.kind not in ("TD", "TH"):
            kinds[element.kind] += 1
    assert kinds == Counter()


def test_headings_have_no_gaps(tagged: Tagged) -> None:
    heads = [element for element in tagged.root.walk() if f"/{element.kind}" in STOPS]
    levels = [int(element.kind[1:]) for element in heads]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert max(levels) == 3
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert squeeze(tagged.text(heads[0])) == squeeze(BOOK["title"])
    labels = shared()["labels"]
    sections = [labels["in_short"], *(s["heading"] for s in BOOK["sections"]), labels["sources"]]
    assert [squeeze(tagged.text(head)) for head in heads if head.kind == "H2"] == list(map(squeeze, sections))
    thirds = [squeeze(tagged.text(head)) for head in heads if head.kind == "H3"]
    wanted = [item["term"] for block in BOOK["sections"][1]["blocks"] for item in block["items"]]
    wanted = [f"{number}.{squeeze(term)}" for number, term in enumerate(wanted, 1)]
    wanted += [squeeze(shared()["safety"][name]["heading"]) for name in safety_names(BOOK)]
    wanted += [card["code"] for card in cards(BOOK)]
    assert thirds == wanted


def in_order(story: str, *parts: str) -> None:
    at = 0
    for part in parts:
        found = story.find(squeeze(part), at)
        assert found >= 0, f"{part!r} does not follow"
        at = found + len(squeeze(part))


def test_sections_are_read_in_the_authors_order(story: str) -> None:
    parts = [BOOK["title"], shared()["labels"]["in_short"], "Pressing is an extra."]
    for section in BOOK["sections"]:
        parts.append(section["heading"])
        for block in section["blocks"]:
            if block["type"] == "text":
                parts.append(block["text"])
            elif block["type"] == "definitions":
                parts += [item[key] for item in block["items"] for key in ("term", "text")]
    in_order(story, *parts, shared()["labels"]["sources"], shared()["labels"]["disclaimer"])


def test_safety_is_read_whole_and_before_the_points(story: str) -> None:
    parts = [shared()["labels"]["safety_note"]]
    for name in safety_names(BOOK):
        block = shared()["safety"][name]
        parts.append(block["heading"])
        for group in block["groups"]:
            parts += [group.get("lead", ""), *group["items"]]
        parts.append(block.get("closing", "").replace("**", ""))
    assert len(parts) > 30
    in_order(story, *filter(None, parts), "The four points", cards(BOOK)[0]["code"])


def test_cards_are_read_in_order(story: str) -> None:
    labels, points = shared()["labels"], catalogue_rows()
    parts = ["The four points"]
    for card in cards(BOOK):
        names = points[card["code"]]["names"]
        parts += [card["code"], card["name"]["reading"], card["name"]["text"]]
        parts += [labels["standard"] + names["zh-Hans"] + names["pinyin"], labels["use"] + card["use"]]
        parts.append(labels["where"])
        if "remark" in card:
            parts.append(labels["remark"] + card["remark"])
    in_order(story, *parts)


def test_lists_have_labels_and_bodies(tagged: Tagged) -> None:
    lists = tagged.root.find("L")
    assert len(lists) == 8  # the summary, five groups of the safety page, how to find the points, the sources
    for part in lists:
        for item in part.kids:
            assert isinstance(item, Element)
            assert item.kind == "LI"
            assert [kid.kind for kid in item.kids if isinstance(kid, Element)] == ["Lbl", "LBody"]
            assert tagged.text(item.kids[1]).strip()
    assert len(lists[-1].kids) == 14
    numbers = [tagged.text(label).strip() for label in lists[-2].find("Lbl")]
    assert numbers == ["1.", "2.", "3.", "4."]


def test_table_has_headers(tagged: Tagged) -> None:
    (table,) = tagged.root.find("Table")
    title, *rows = table.find("TR")
    assert [(cell.kind, tagged.text(cell)) for cell in title.kids if isinstance(cell, Element)] == [
        ("TH", "All points")
    ]
    listed = overview_codes(BOOK)
    labels, points = shared()["labels"], catalogue_rows()
    kinds = [[cell.kind for cell in row.kids if isinstance(cell, Element)] for row in rows]
    assert kinds == [["TH"] * 3] + [["TH", "TD", "TD"]] * len(listed)
    assert [squeeze(tagged.text(cell)) for cell in rows[0].kids] == [
        squeeze(labels[key]) for key in ("code", "name", "place")
    ]
    for row, code in zip(rows[1:], listed, strict=True):
        head, name, place = (squeeze(tagged.text(cell)) for cell in row.kids)
        assert head == code
        assert name == squeeze(points[code]["names"]["zh-Hans"] + points[code]["names"]["pinyin"])
        assert place
    cells = [[cell for cell in row.kids if isinstance(cell, Element)] for row in rows]
    scopes = [[str(attribute(cell, "/Scope")) for cell in row if cell.kind == "TH"] for row in cells]
    if scopes == [["/Column"] * 3] + [["/Row"]] * len(listed):
        return
    # Without scopes each cell names its headers, and readers look these up in the IDTree (PDF 1.7, table 322).
    assert "/IDTree" in tagged.pdf.Root.StructTreeRoot, "cells name headers by id, and no tree finds the ids"
    heads = dict(pikepdf.NameTree(tagged.pdf.Root.StructTreeRoot.IDTree).items())
    for row in cells[1:]:
        for cell, column in zip(row[1:], cells[0][1:], strict=True):
            named = {heads[str(ident)].objgen for ident in attribute(cell, "/Headers")}
            assert named == {row[0].source.objgen, column.source.objgen}


def attribute(element: Element, key: str) -> Any:
    found = element.source.get("/A")
    for item in found if isinstance(found, pikepdf.Array) else [found]:
        if isinstance(item, pikepdf.Dictionary) and key in item:
            return item[key]
    return None


def test_drawing_is_described(tagged: Tagged) -> None:
    figures = tagged.root.find("Figure")
    codes = [card["code"] for card in cards(BOOK)]
    assert len(figures) == 1 + len(codes) + 6  # the close-up, a crop a card, the whole back and five parts of the leg
    for figure in figures:
        assert figure.lang == "en"
        left, bottom, right, top = map(float, attribute(figure, "/BBox"))
        assert 0 <= left < right <= A4[0], "the box of the figure lies on the page"
        assert 0 <= bottom < top <= A4[1]
    alts = [str(figure.alt) for figure in figures]
    assert all(code in alts[0] for code in codes)
    assert len(alts[0]) > 200
    for code, alt in zip(codes, alts[1:5], strict=True):
        assert code in alt
        assert "level with the gap" in alt or "in the gap" in alt
    assert all(sum(f"{code}:" in alt for alt in alts[5:]) == 1 for code in overview_codes(BOOK))
    places = destinations(tagged.pdf)
    assert next(figures[0].marks())[0] == places["which-points"]
    assert {next(figure.marks())[0] for figure in figures[1:5]} == {places["the-four-points"]}


def test_icons_are_artifacts(tagged: Tagged) -> None:
    safety = destinations(tagged.pdf)["before-you-press"]
    icons = [tag for page, _, tag in tagged.painted if page == safety]
    assert len(icons) >= 3
    assert set(icons) == {"Artifact"}


def test_running_feet_are_artifacts(tagged: Tagged) -> None:
    feet = "".join(run.text for run in tagged.artifacts)
    for number in range(1, len(tagged.pdf.pages) + 1):
        assert f"Page{number}of{len(tagged.pdf.pages)}" in squeeze(feet)


def test_each_run_of_another_language_says_so(tagged: Tagged) -> None:
    points = catalogue_rows()
    expected = []
    for card in cards(BOOK):
        expected += [(card["name"]["reading"], "zh-Latn-pinyin"), (card["name"]["text"], card["name"]["lang"])]
        expected += standard(points[card["code"]])
    listed = overview_codes(BOOK)
    for code in listed:
        expected += standard(points[code])
    found = [(text.strip(), lang) for text, lang in pieces(tagged, tagged.root) if text.strip() and lang != "en"]
    assert [(squeeze(text), lang) for text, lang in found] == [(squeeze(text), lang) for text, lang in expected]
    assert {"zh-Hans", "zh-Hant", "ja", "zh-Latn-pinyin"} == {lang for _, lang in found}
    languages = dict(found)
    assert languages["肾愈"] == languages["大肠愈"] == "zh-Hans"
    assert languages["気海愈"] == "ja"
    assert languages["腰陽關"] == "zh-Hant"


def pieces(tagged: Tagged, element: Element) -> Iterator[tuple[str, str]]:
    """Yield each piece of text outside drawings with the language of the element that holds it, in reading order."""
    for kid in element.kids:
        if isinstance(kid, Element) and kid.kind != "Figure":
            yield from pieces(tagged, kid)
        elif isinstance(kid, tuple):
            yield "".join(run.text for run in tagged.runs.get(kid, ())), element.lang


def standard(point: Any) -> list[tuple[str, str]]:
    return [(point["names"]["zh-Hans"], "zh-Hans"), (point["names"]["pinyin"], "zh-Latn-pinyin")]


def test_language_is_not_lost_on_nothing(tagged: Tagged, tmp_path: Path) -> None:
    """The checks above see a defect: without Lang on the spans, the names would be English."""
    path = tmp_path / "plain.pdf"
    for element in tagged.root.walk():
        assert element.lang
    with pikepdf.open(tagged.pdf.filename) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem" and "/Lang" in item:
                del item["/Lang"]
        pdf.save(path)
    with pytest.raises(AssertionError):
        test_each_run_of_another_language_says_so(Tagged(path))
