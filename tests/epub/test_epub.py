"""The book: valid, accessible as it claims, page for page and word for word the printed handout."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2
from helpers.book import OPS, SVG, XHTML, XML_LANG, Fonts, declarations, documents
from helpers.glyphs import HAN
from helpers.project import LANG, NAME, ROOT, SOURCE, common, copy_project, make, source_of
from helpers.source_text import handout, shared, squeeze
from helpers.tagged_pdf import Element, Tagged
from judges import epubcheck
from lxml import etree
from PIL import Image

from handout_builder import pipeline, tokens
from handout_builder.content.loader import load
from handout_builder.epub import package
from handout_builder.errors import HandoutError
from handout_builder.pdf import finishing, typeset
from handout_builder.render import glossary, printing
from handout_builder.render.personal import PERSONAL
from handout_builder.render.product import Product

BOOK = handout()
NS = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
}
FOLDER = "EPUB/"
CHARTS = [
    "which-points_2",
    *(
        f"all-points_2-{view}"
        for view in ("back", "leg-back", "leg-front", "lower-leg-outer", "ankle-inner", "ankle-outer")
    ),
]


class Book:
    """An opened EPUB."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self.infos = archive.infolist()
            self.files = {info.filename: archive.read(info) for info in self.infos}
        self.pages = {name.removeprefix(FOLDER): page for name, page in documents(path).items()}
        self.package = etree.fromstring(self.files[f"{FOLDER}content.opf"])
        self.ncx = etree.fromstring(self.files[f"{FOLDER}toc.ncx"])
        self.rules = list(sheet(self.files[f"{FOLDER}book.css"].decode()))

    def nav(self, kind: str) -> list[tuple[str, str]]:
        """Return (href, words) of each entry."""
        (nav,) = [nav for nav in self.pages["nav.xhtml"].iter(f"{XHTML}nav") if nav.get(f"{OPS}type") == kind]
        return [(link.get("href"), "".join(link.itertext())) for link in nav.iter(f"{XHTML}a")]

    def target(self, href: str) -> Any:
        """Return the element that a link leads to: exactly one, or the test fails."""
        page, _, ident = href.partition("#")
        root = self.pages[page]
        if not ident:
            return root
        (found,) = root.xpath("//*[@id=$ident]", ident=ident)
        return found

    def meta(self, name: str) -> list[str]:
        return [str(text) for text in self.package.xpath(f"//opf:meta[@property='{name}']/text()", namespaces=NS)]

    def spine(self) -> list[str]:
        hrefs = {item.get("id"): item.get("href") for item in self.package.iterfind(".//opf:item", NS)}
        return [hrefs[item.get("idref")] for item in self.package.iterfind(".//opf:itemref", NS)]

    def chapters(self) -> list[Any]:
        return [self.pages[name] for name in self.spine() if name.startswith(("titlepage", "chapter"))]

    def drawings(self) -> dict[str, Any]:
        """Return the drawings that are files, parsed, by their addresses."""
        names = [name for name in self.files if name.startswith(f"{FOLDER}drawings/")]
        return {name.removeprefix(FOLDER): etree.fromstring(self.files[name]) for name in names}


def sheet(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        assert rule.type != "error", rule.message
        prelude = tinycss2.serialize(rule.prelude).strip()
        yield f"@{rule.at_keyword}" if rule.type == "at-rule" else prelude, declarations(rule)


@pytest.fixture(scope="module")
def book(built: Any) -> Book:
    return Book(built.epub)


# Judges


def test_epubcheck_finds_nothing(built: Any) -> None:
    assert epubcheck.check(built.epub) == []


# The container


def test_mimetype_is_first_and_stored(book: Book) -> None:
    first = book.infos[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.files["mimetype"] == b"application/epub+zip"
    assert first.extra == b""
    data = book.path.read_bytes()
    assert data[30:58] == b"mimetypeapplication/epub+zip"  # OCF 3.3, 4.3: at this very place


def test_archive_carries_no_clock_and_lists_all_its_files(book: Book) -> None:
    assert {info.date_time for info in book.infos} == {(1980, 1, 1, 0, 0, 0)}
    names = [info.filename for info in book.infos]
    assert len(names) == len(set(names))
    listed = {FOLDER + item.get("href") for item in book.package.iterfind(".//opf:item", NS)}
    assert set(names) - listed == {"mimetype", "META-INF/container.xml", f"{FOLDER}content.opf"}
    assert listed <= set(names)


def test_spine_is_in_reading_order(book: Book) -> None:
    starts = 1 + sum(section.get("starts_page", False) for section in BOOK["sections"])
    chapters = [f"chapter-{number}.xhtml" for number in range(1, starts + 1)]
    assert book.spine() == ["cover.xhtml", "titlepage.xhtml", "contents.xhtml", *chapters, "colophon.xhtml"]
    ids = [ident for page in book.chapters() for ident in page.xpath("//x:section/@id", namespaces=NS)]
    wanted = ["in-short", *(section["id"] for section in BOOK["sections"]), "sources"]
    assert [ident for ident in ids if ident in wanted] == wanted


# Metadata


def test_metadata_comes_from_the_source(book: Book) -> None:
    def dc(name: str) -> list[str]:
        return [str(text) for text in book.package.xpath(f"//dc:{name}/text()", namespaces=NS)]

    assert dc("title") == [BOOK["title"]]
    assert dc("language") == ["en"]
    assert dc("description") == [BOOK["description"]]
    assert dc("date") == [str(BOOK["revised"])]
    assert dc("source") == book.meta("pageBreakSource") == [f"{BOOK['title']} (A4, {BOOK['revised']})"]
    assert book.meta("dcterms:modified") == [f"{BOOK['revised']}T00:00:00Z"]
    assert book.package.get(XML_LANG) == "en"
    assert dc("identifier") == [BOOK["identifier"]]


def test_what_is_claimed_is_there(book: Book) -> None:
    # EPUB Accessibility 1.1, 2.2: each claim with the sight of it
    labels = shared()["labels"]
    summary = " ".join(labels[f"a11y_{part}"] for part in ("text", "pictures", "languages", "pages"))
    assert book.meta("schema:accessibilitySummary") == [summary]
    assert set(book.meta("schema:accessMode")) == {"textual", "visual"}
    assert set(book.meta("schema:accessModeSufficient")) == {"textual", "textual,visual"}
    assert book.meta("schema:accessibilityHazard") == ["none"]
    pages = list(book.pages.values())

    def all_of(path: str) -> list[Any]:
        return [found for page in pages for found in page.xpath(path, namespaces=NS | {"s": SVG[1:-1]})]

    pictures = all_of("//x:img")
    drawings = all_of("//s:svg[not(@aria-hidden='true')]")
    headings = all_of("//x:h1 | //x:h2 | //x:h3")
    sights = {
        # Crops repeat the place that is told beside them.
        "alternativeText": bool(pictures)
        and not drawings
        and all((picture.get("alt") == "") == (picture.get("class") in ("crop", "mark")) for picture in pictures),
        "displayTransformability": not [
            value
            for _, found in book.rules
            for key, value in found.items()
            if key in ("font-size", "line-height") and re.search(r"px|pt|mm", value)
        ],
        "pageBreakMarkers": bool(all_of("//*[@role='doc-pagebreak']")),
        "pageNavigation": bool(book.nav("page-list")),
        "readingOrder": len(book.spine()) > 3,
        "rubyAnnotations": bool(all_of("//x:ruby/x:rt")),
        "structuralNavigation": len(headings) > 15,
        "tableOfContents": bool(book.nav("toc")),
    }
    assert set(book.meta("schema:accessibilityFeature")) == set(sights)
    assert all(sights.values()), sights
    # No hazard: nothing moves, sounds or runs.
    assert not all_of("//x:script | //x:audio | //x:video | //s:animate | //s:animateTransform | //s:set")
    assert not [key for _, found in book.rules for key in found if key.startswith(("animation", "transition"))]
    charts = [picture for picture in pictures if (picture.get("class") or "").startswith("chart")]
    assert [chart.get("src") for chart in charts] == [f"drawings/{name}.svg" for name in CHARTS]
    # Each says in words what it shows, where converters keep it, too.
    words = ["".join(chart.getnext().itertext()) for chart in charts]
    assert {chart.getnext().get("class") for chart in charts} == {"in-words"}
    assert all(code in words[0] for code in ("BL23", "BL24", "BL25", "GV3"))
    # How well a point is supported is told in the description, and above its group in the list.
    grades = [
        group["label"] for section in BOOK["sections"] for b in section["blocks"] for group in b.get("groups", ())
    ]
    assert all(f"{grade}: " in words[1] for grade in grades)
    assert [squeeze(read(grade)) for grade in all_of("//*[@class='grade']")] == list(map(squeeze, grades))
    assert all(lists.get("aria-labelledby") for lists in all_of("//x:dl"))
    assert all(icon.get("aria-hidden") == "true" for icon in all_of("//s:svg[@class='icon']"))


# Getting about


def test_contents_lead_to_their_headings(book: Book) -> None:
    labels = shared()["labels"]
    entries = book.nav("toc")
    wanted = [labels["in_short"]]
    for section in BOOK["sections"]:
        wanted.append(section["heading"])
        for block in section["blocks"]:
            if block["type"] == "safety":
                box = shared()["safety"][block["include"]]
                above = [shared()["safety"][box["above"]]] if "above" in box else []
                wanted += [one["heading"] for one in (*above, box)]
            if block["type"] == "points":
                cards = block["points"]
                wanted += [f"{card['code']} {card['name']['text']} {card['name']['reading']}" for card in cards]
    assert [words for _, words in entries] == [*wanted, labels["sources"], labels["colophon"]]
    for href, words in entries:
        heading = book.target(href).find(".//x:h2", NS)
        heading = book.target(href).find(".//x:h3", NS) if heading is None else heading
        title = "".join((book.target(href) if heading is None else heading).itertext()).strip()
        assert words == title or words.startswith(f"{title} ")  # the heading of a card is the point's code
    # The page of the book says the same as what readers have in their menus.
    (page,) = book.pages["contents.xhtml"].iter(f"{XHTML}nav")
    assert [(link.get("href"), "".join(link.itertext())) for link in page.iter(f"{XHTML}a")] == entries


def test_what_is_hidden_is_no_page_of_the_book(book: Book) -> None:
    """Some readers and converters show what is hidden."""
    assert book.pages["nav.xhtml"].xpath("//*[@hidden]")
    assert "nav.xhtml" not in book.spine()
    assert not [page for name in book.spine() for page in book.pages[name].xpath("//*[@hidden]")]


def test_points_charts_and_warnings_lead_to_each_other(book: Book) -> None:
    """From a card to its charts and to whom not to press, and from those back to the cards."""

    def links(path: str) -> dict[str, str]:
        found = [a for page in book.chapters() for a in page.xpath(f"{path}//x:a", namespaces=NS)]
        return {a.get("href").partition("#")[2]: "".join(a.itertext()) for a in found}

    assert list(links("//x:div[@class='card'][1]//x:p[@class='see']").values()) == [
        "Where the four points are", "All points", "When not to press",
    ]  # fmt: skip
    assert set(links("//x:ul[@class='legend']").values()) == {"BL23", "BL24", "BL25", "GV3"}
    assert set(links("//x:dl").values()) == {"BL23", "BL24", "BL25", "GV3"}
    assert links("//x:section[@class='safety stop']//x:p[@class='see']") == {"the-four-points": "The four points"}


def test_sources_are_notes_with_ways_back(book: Book) -> None:
    references = [a for page in book.chapters() for a in page.xpath("//x:a[@role='doc-noteref']", namespaces=NS)]
    assert len(references) > 5
    for reference in references:
        note = book.target(reference.get("href"))
        assert note.getparent().index(note) + 1 == int(reference.text)
        backs = [a.get("href").partition("#")[2] for a in note.xpath(".//x:a[@role='doc-backlink']", namespaces=NS)]
        assert reference.get("id") in backs


def test_landmarks(book: Book) -> None:
    nav = next(n for n in book.pages["nav.xhtml"].iter(f"{XHTML}nav") if n.get(f"{OPS}type") == "landmarks")
    kinds = [link.get(f"{OPS}type") for link in nav.iter(f"{XHTML}a")]
    assert kinds == ["cover", "titlepage", "toc", "bodymatter", "colophon"]
    for href, words in book.nav("landmarks"):
        assert book.target(href) is not None
        assert words


def test_old_readers_have_the_same_contents(book: Book) -> None:
    points = book.ncx.findall(".//n:navPoint", NS)
    entries = [(p.find("n:content", NS).get("src"), p.find(".//n:text", NS).text) for p in points]
    assert entries == book.nav("toc")
    ident = book.package.find(".//dc:identifier", NS).text
    assert book.ncx.find(".//n:meta[@name='dtb:uid']", NS).get("content") == ident
    assert book.package.find(".//opf:spine", NS).get("toc") == "ncx"
    assert book.ncx.find(".//n:meta[@name='dtb:depth']", NS).get("content") == "2"
    pages = book.ncx.findall(".//n:pageTarget", NS)
    assert [(p.find("n:content", NS).get("src"), p.get("value")) for p in pages] == book.nav("page-list")
    assert book.package.xpath("//opf:meta[@name='cover']/@content", namespaces=NS) == ["item-cover.png"]


def test_links_inside_the_book_lead_somewhere(book: Book) -> None:
    seen = 0
    for name, page in book.pages.items():
        for link in page.iter(f"{XHTML}a"):
            href = link.get("href")
            if not href.startswith("https://"):
                seen += 1
                assert book.target(f"{name}{href}" if href.startswith("#") else href) is not None
    assert seen > 15


# Pages

# Ways to other places, and grades that the print shows by marks; the title and captions of the table, in print alone.
BOOK_ONLY = "ancestor-or-self::*[contains(' legend see references grade in-words ', concat(' ', @class, ' '))]"
TITLES = [block["title"] for section in BOOK["sections"] for block in section["blocks"] if block["type"] == "overview"]
PRINT_ONLY = "\n".join((*TITLES, *(shared()["labels"][label] for label in ("code", "name", "place"))))


def read(element: Any, skip: tuple[str, ...] = ("rp", "title")) -> str:
    """Return the words of an XHTML element as the print has them: reading before name, nothing of drawings."""
    if not isinstance(element.tag, str) or element.tag.startswith(SVG):
        return ""
    tag = element.tag.removeprefix(XHTML)
    if tag in skip:
        return ""
    if tag == "ruby":
        reading = "".join("".join(rt.itertext()) for rt in element.iter(f"{XHTML}rt"))
        name = "".join(read(child, (*skip, "rt")) for child in element)
        return f"{reading} {name}"
    return (element.text or "") + "".join(read(child, skip) + (child.tail or "") for child in element)


def after(mark: Any) -> str:
    """Return the words of a document that follow an element, without those of drawings."""
    following = mark.xpath(f"following::text()[not({BOOK_ONLY})]")
    return squeeze("".join(map(outside_drawings, following)))


def outside_drawings(node: Any) -> str:
    parent = node.getparent()
    holders = [parent if node.is_text else parent.getparent(), *parent.iterancestors()]
    return "" if any(str(holder.tag).startswith(SVG) for holder in holders if holder is not None) else str(node)


def printed(tagged: Tagged, number: int) -> str:
    """Return the words of a printed page in the order of the tags, without drawings and signs of lists."""
    skipped = {mark for element in tagged.root.find("Figure", "Lbl") for mark in element.marks()}
    marks = (mark for mark in tagged.root.marks() if mark[0] == number and mark not in skipped)
    return squeeze("".join(run.text for mark in marks for run in tagged.runs.get(mark, ())))


def check_pages(book: Book, tagged: Tagged, *, at_the_top: bool) -> None:
    count = len(tagged.pdf.pages)
    assert [words for _, words in book.nav("page-list")] == [str(number) for number in range(1, count + 1)]
    marks = [mark for page in book.chapters() for mark in page.xpath("//*[@role='doc-pagebreak']")]
    assert [mark.get("id") for mark in marks] == [f"page_{number}" for number in range(1, count + 1)]
    for number, (href, words) in enumerate(book.nav("page-list"), 1):
        mark = book.target(href)
        assert (mark.get(f"{OPS}type"), mark.get("role")) == ("pagebreak", "doc-pagebreak")
        assert mark.get("aria-label") == words == str(number)
        start = after(mark)[:16]
        page = printed(tagged, number).removeprefix(squeeze(PRINT_ONLY))
        assert page.startswith(start) if at_the_top else start in page, f"page {number}: {start} / {page[:60]}"


def test_page_list_is_that_of_the_print(book: Book, built: Any) -> None:
    check_pages(book, Tagged(built.pdf), at_the_top=True)


def test_page_list_when_pages_break_anywhere(tmp_path: Path) -> None:
    """Pages that begin inside a list, a table or between paragraphs have their mark, too."""
    item = "      - type: list\n        items:\n" + "".join(
        f"          - Item {n} of a long list, with words that fill a line and some more of them\n" for n in range(70)
    )
    paragraphs = "\n\n".join(f"          Paragraph {n} " + "with many words " * 30 for n in range(9))
    old = "      - type: invitation\n"
    new = f"{item}      - type: text\n        text: |\n{paragraphs}\n{old}"
    paths = make(copy_project(tmp_path, (old, new)))
    check_pages(Book(paths[1]), Tagged(paths[0]), at_the_top=False)


@pytest.mark.parametrize("folder", ["handouts/exercises", "versions/1.0/source/every"])
def test_all_that_may_begin_a_page_of_the_print_has_its_mark(folder: str) -> None:
    """An index whose first words begin a page, or a note in the second half of a paragraph, ended the build."""
    product = Product(load(ROOT / "tests" / "samples" / folder, LANG, common()))
    html = printing.print_html(product, printing.first_pages(product))
    named = re.findall(r' (?:data-)?id="([^"]+)"', re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL))
    starts = {ident: [number] for number, ident in enumerate(dict.fromkeys(named), 1) if not ident.startswith(PERSONAL)}
    picture = io.BytesIO()
    Image.new("RGB", (60, 90)).save(picture, "PNG")
    assert package.write(product, starts, picture.getvalue())  # which looks where its page list leads


# Words


BLOCKS = ("p", "li", "h1", "h2", "h3", "dt", "dd")


def texts_of_book(book: Book) -> Counter[str]:
    found: Counter[str] = Counter()
    for page in book.chapters():
        for element in page.find(f"{XHTML}body").iter(*(XHTML + tag for tag in BLOCKS)):
            if element.xpath("ancestor::*[@id='sources']") and element.tag == f"{XHTML}p":
                words = "".join(element.xpath(".//text()[not(ancestor::*[@role='doc-backlink'])]"))
                found[squeeze(words)] += 1
            elif not element.xpath(BOOK_ONLY) and element.find(f"{XHTML}p") is None:
                found[squeeze(read(element))] += 1
    found.update(map(squeeze, PRINT_ONLY.splitlines()))
    return found


def texts_of_print(tagged: Tagged) -> Counter[str]:
    found: Counter[str] = Counter()
    for element in tagged.root.find("P", "LBody", "H1", "H2", "H3", "TD", "TH"):
        words = squeeze(inner(tagged, element))
        found[re.sub(r"\(page\d+\)", "", words)] += 1
    return found


def inner(tagged: Tagged, element: Element) -> str:
    words = ""
    for kid in element.kids:
        if isinstance(kid, Element):
            words += inner(tagged, kid)
        elif isinstance(kid, tuple):
            words += "".join(run.text for run in tagged.runs.get(kid, ()))
    return words


def test_print_and_book_say_the_same(book: Book, built: Any) -> None:
    of_print, of_book = texts_of_print(Tagged(built.pdf)), texts_of_book(book)
    assert sum(of_book.values()) > 120
    assert of_print - of_book == Counter(), "only in print"
    assert of_book - of_print == Counter(), "only in the book"


def test_a_lost_sentence_is_seen(book: Book, built: Any) -> None:
    of_print, of_book = texts_of_print(Tagged(built.pdf)), texts_of_book(book)
    lost = squeeze(BOOK["summary"][-1])
    assert of_book.pop(lost) == 1
    assert len(of_print - of_book) == 1


# Han


def test_every_run_of_han_says_its_language_twice(book: Book) -> None:
    seen: Counter[str] = Counter()
    for name, page in book.pages.items():
        for element in page.find(f"{XHTML}body").iter():
            pieces = [(element, element.text or ""), *((element, child.tail or "") for child in element)]
            for holder, text in pieces:
                if HAN.search(text):
                    assert holder.get("lang"), f"{name}: {text}"
                    assert holder.get("lang") == holder.get(XML_LANG)
                    seen[holder.get("lang")] += 1
    # Standard names on cards, in the chart's legend and in the list; the author's on cards and twice in the contents.
    assert seen == {"zh-Hans": 4 + 4 + 20 + 3 * 2, "ja": 3, "zh-Hant": 3}


def test_other_languages_are_marked_in_both_ways(book: Book) -> None:
    for page in book.pages.values():
        for element in page.iter():
            if isinstance(element.tag, str) and not element.tag.startswith(SVG):
                assert element.get("lang") == element.get(XML_LANG), etree.tostring(element)[:200]


def test_drawings_need_nothing_but_themselves(book: Book) -> None:
    """Converters leave out what is used twice, and a picture has no fonts of the page around it."""
    drawings = book.drawings()
    assert len(drawings) == len(CHARTS) + 4 + 4
    for svg in drawings.values():
        assert {etree.QName(e).localname for e in svg.iter()} <= {"svg", "title", "desc", "g", "path", "circle"}
        assert not svg.xpath("//@*[local-name()='href' or local-name()='id' or local-name()='class']")
        width, height = float(svg.get("width")), float(svg.get("height"))
        _, _, across, down = map(float, svg.get("viewBox").split())
        assert width / height == pytest.approx(across / down, rel=0.01)
    sized = [s for page in book.pages.values() for s in page.iter(f"{SVG}svg")]
    assert all(svg.get("width") and svg.get("height") for svg in sized)


def test_fonts_are_exactly_what_is_needed(built: Any, book: Book) -> None:
    fonts = Fonts(built.epub)
    needed: dict[str, set[str]] = {}
    for page in book.pages.values():
        for text, lang, family, _ in fonts.families(page.find(f"{XHTML}body")):
            if run := "".join(HAN.findall(text)):
                assert family.startswith(f"HandoutHan-{lang}-")
                needed.setdefault(family, set()).update(run)
    assert set(needed) == set(fonts.files)
    files = {name for name in book.files if name.startswith(f"{FOLDER}fonts/")}
    assert files == {path for path, _ in fonts.files.values()}
    for family, characters in needed.items():
        font = fonts.open(family)
        assert set(map(chr, font.getBestCmap())) == characters
        assert not {"GSUB", "GPOS", "fvar", "DSIG"} & set(font.keys())
        assert font["OS/2"].fsType == 0
        assert font["name"].getDebugName(1) == family
    types = {item.get("href"): item.get("media-type") for item in book.package.iterfind(".//opf:item", NS)}
    assert {types[name.removeprefix(FOLDER)] for name in files} == {"font/ttf"}


def test_text_keeps_the_readers_own_font(book: Book) -> None:
    for selector, found in book.rules:
        if selector != "@font-face" and ("font-family" in found or "font" in found):
            assert "[lang=" in selector, selector
            assert all("[lang=" in part for part in selector.split(",")), selector


def test_ruby_is_native_and_has_parentheses_for_old_readers(book: Book) -> None:
    rubies = [ruby for page in book.pages.values() for ruby in page.iter(f"{XHTML}ruby")]
    assert len(rubies) == 1  # a line of ruby cannot break: longer names have their reading above them without
    alone = [name for page in book.pages.values() for name in page.xpath("//x:p[@class='name']", namespaces=NS)]
    assert len(alone) == 4
    for name in alone:
        words = "".join(name.itertext())
        assert name.find(f"{XHTML}ruby") is not None or (HAN.search(words) and not HAN.search(words.split()[0]))
    for ruby in rubies:
        assert [child.tag.removeprefix(XHTML) for child in ruby][-3:] == ["rp", "rt", "rp"]
        assert "".join(ruby.itertext()).count("(") == 1
        name, reading = re.fullmatch(r"(\S+)\((.+)\)", "".join(ruby.itertext())).groups()
        assert HAN.fullmatch(name), "no blank stands in a name"
        assert not HAN.search(reading)


# As rendered


def test_pages_are_in_the_archive_as_rendered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rendered: dict[str, str] = {}

    def keep(brand: Any, template: str, **values: Any) -> str:
        text = render(brand, template, **values)
        rendered[template + text.partition("<title>")[2].partition("</title>")[0]] = glossary.unmarked(text)
        return text

    render = package.render
    monkeypatch.setattr(package, "render", keep)
    path = tmp_path / "book.epub"
    path.write_bytes(pipeline.make(Product(source_of(SOURCE / NAME)), ("epub",))["epub"])
    files = Book(path).files
    pages = {name: data.decode() for name, data in files.items() if name.endswith(".xhtml")}
    assert len(pages) >= 6
    for name, text in pages.items():
        if not name.endswith(("nav.xhtml", "contents.xhtml")):
            pages[name] = re.sub(r'(?<= )href="[a-z0-9-]+\.xhtml#', 'href="#', text)
        assert pages[name] in rendered.values(), name
    chapter = pages[f"{FOLDER}chapter-2.xhtml"]
    assert "viewBox=" in chapter
    assert "viewbox=" not in chapter
    assert all(text.startswith("<?xml version=") and text.count("<!DOCTYPE html>") == 1 for text in pages.values())


# Dark and sepia themes


def test_no_colour_is_set_on_text(book: Book) -> None:
    assert len(book.rules) > 30
    for selector, found in book.rules:
        ground = [value for key, value in found.items() if key in ("background", "background-color")]
        assert found.get("color", "inherit") == "inherit" or ground, f"{selector}: a text colour without its ground"
        assert not ground or "color" in found, f"{selector}: a ground without its text colour"
    for page in book.pages.values():
        for element in page.iter():
            if isinstance(element.tag, str) and not element.tag.startswith(SVG):
                # A chart is as wide as its words need: a measure, and no look.
                style = re.sub(r"^max-width: [\d.]+em$", "", element.get("style", ""))
                assert style == "" or element.tag != f"{XHTML}img"


def test_drawings_bring_their_own_paper(book: Book) -> None:
    """Dark lines on a dark theme would vanish: something light lies under the whole drawing."""
    paper = tokens.tokens()["paper"]
    drawings = book.drawings()
    for svg in (drawings[f"drawings/{name}.svg"] for name in CHARTS):
        left, top, width, height = svg.get("viewBox").split()
        ground = next(svg.iter(f"{SVG}path"))
        assert ground.get("fill") == paper
        assert ground.get("d") == f"M{left},{top}h{width}v{height}h-{width}z"
    icons = [svg for page in book.pages.values() for svg in page.iter(f"{SVG}svg")]
    assert Counter(svg.get("class") for svg in icons) == {"icon": 4}
    icons += [svg for name, svg in drawings.items() if "/mark-" in name]
    for svg in icons:  # the reader's own colour, or light on a dark ground of its own, or on light
        colours = {shape.get(key) for shape in svg.iter() for key in ("fill", "stroke")} - {None, "none"}
        assert colours == {"currentColor"} or paper in colours


# Planted defects for the last check of the PDF


@pytest.fixture
def layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of layouts/ that the PDF is set with."""
    folder = tmp_path / "layouts"
    shutil.copytree(ROOT / "layouts", folder)
    monkeypatch.setattr(typeset, "LAYOUTS", folder)
    return folder


def print_it() -> bytes:
    return pipeline.make(Product(source_of(SOURCE / NAME)), ("pdf",))["pdf"]


def test_a_foreign_font_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finishing, "families", lambda _: ["Handout Han"])
    with pytest.raises(HandoutError, match=r"the font Noto-Sans\S* is not one of ours"):
        print_it()


def test_a_missing_glyph_stops_the_build(layouts: Path) -> None:
    with (layouts / "print.css").open("a", encoding="utf-8") as css:
        css.write('.kicker::after { content: "\\16A0" }')  # a rune
    with pytest.raises(HandoutError, match=r"glyph|missing"):
        print_it()


def test_a_mistake_in_the_css_stops_the_build(layouts: Path) -> None:
    with (layouts / "print.css").open("a", encoding="utf-8") as css:
        css.write(".kicker { colour: red; }")
    with pytest.raises(HandoutError, match="colour"):
        print_it()


def test_the_untouched_copy_builds(layouts: Path) -> None:
    assert layouts.is_dir()
    assert print_it().startswith(b"%PDF-1.7")
