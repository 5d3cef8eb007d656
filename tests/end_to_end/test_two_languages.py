"""Handouts in two languages: all of both is printed, what is one thing stands once, and each piece has its language."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.book import documents
from helpers.once import once
from helpers.page_words import read
from helpers.project import HERE, ROOT, SOURCE, run, tiny_handout
from helpers.tagged_pdf import Tagged
from judges import ace, epubcheck, verapdf
from lxml import etree

from handout_builder.builder.incremental import build
from handout_builder.cli.main import main
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.orders import Order
from handout_builder.pipeline import Loader, settled
from handout_builder.render import printing
from handout_builder.render.typography import printed
from handout_builder.translation import yaml_edit
from handout_builder.translation.units import texts_of

KNEE = SOURCE / "knee-pain"
BLOCKS = ROOT / "tests" / "samples" / "handouts" / "blocks"
PAIRS = ("ja", "es", "zh-Hans")
FOOT = 765
"""Where the feet of its pages begin, in pt."""
BOTH = tuple(EDITIONS[name] for name in ("a4", "large-print"))


@pytest.fixture(scope="module")
def out(run_folder: Path) -> Path:
    """A handout in English and another language, as pages and as a book; with one of them in two editions."""
    orders = [Order(KNEE, "en", None, BOTH if lang == "ja" else BOTH[:1], second=lang) for lang in PAIRS]
    return once(run_folder / "two-languages", lambda folder: build(orders, folder))


def pdf(out: Path, lang: str, edition: str = "") -> Path:
    return out / f"knee-pain.en+{lang}{edition}.pdf"


def book(out: Path, lang: str) -> Path:
    return out / f"knee-pain.en+{lang}.epub"


@pytest.mark.parametrize(
    ("lang", "edition", "flavour"),
    [("ja", "", "ua1"), ("ja", ".large-print", "3a"), ("es", "", "3a"), ("zh-Hans", "", "ua1")],
)
def test_print_is_accessible_and_lasts(out: Path, lang: str, edition: str, flavour: str) -> None:
    assert verapdf.check(pdf(out, lang, edition), flavour) == []


@pytest.mark.parametrize("lang", PAIRS[:2])
def test_the_book_is_sound(out: Path, lang: str) -> None:
    assert epubcheck.check(book(out, lang)) == []


@pytest.mark.tools("chromium")
def test_the_book_is_accessible(out: Path) -> None:
    assert ace.check(book(out, "ja")) == []


def test_in_the_book_the_second_language_begins_a_line(out: Path) -> None:
    """What it says of the doctor went on behind the sentence of the first."""
    with zipfile.ZipFile(book(out, "ja")) as file:
        css = "".join(file.read(name).decode() for name in file.namelist() if name.endswith(".css"))
    (selectors,) = re.findall(r":is\(([^)]*)\) > \.second \{ display: block; \}", css)
    below = {*selectors.split(", ")}
    words = [each for tree in documents(book(out, "ja")).values() for each in tree.iter("{*}span")]
    seconds = [each.getparent() for each in words if each.get("class") == "second"]
    assert len(seconds) > 10
    for parent in seconds:
        names = {etree.QName(parent).localname, *(f".{name}" for name in parent.get("class", "").split())}
        assert names & below, etree.tostring(parent)


@pytest.mark.parametrize("edition", ["", ".large-print"])
def test_what_is_one_thing_stands_once(out: Path, edition: str) -> None:
    """Headings and drawings are those of one language; the cards are, too."""
    tree = Tagged(pdf(out, "ja", edition)).root
    alone = Loader().load(Order(KNEE, "en"))
    kinds = Counter(element.kind for element in tree.walk())
    assert kinds["H1"] == 1
    sections = alone.source.handout.sections
    assert kinds["H2"] == len(sections) + 2  # in short, sources
    codes = ("EX-LE5", "ST34", "SP10", "GB34", "ST36")
    words = [word.text for page in read(pdf(out, "ja", edition)) for word in page.words]
    text = " ".join(words)
    assert all(text.count(code) >= 1 for code in codes)
    drawings = [element for element in tree.walk() if element.kind == "Figure"]
    assert len(drawings) == len(codes)


def test_each_piece_of_the_other_language_says_so(out: Path) -> None:
    tagged = Tagged(pdf(out, "ja"))
    for element in tagged.root.walk():
        words = tagged.text(element)
        if "ひざの痛み" in words and element.kind in ("P", "LBody", "Span"):
            assert element.lang == "ja", (element.kind, words)
    langs = {element.lang for element in tagged.root.walk()}
    assert {"en", "ja"} <= langs


@pytest.mark.parametrize("lang", PAIRS)
def test_no_warning_is_parted_from_its_translation(out: Path, lang: str) -> None:
    headings = [*zip(*(boxes(tag) for tag in ("en", lang)), strict=True)]
    assert headings
    pages = ["".join(word.text for word in page.words).replace(" ", "") for page in read(pdf(out, lang))]
    for one, other in headings:
        both = [page for page in pages if one.replace(" ", "") in page and other.replace(" ", "") in page]
        assert both, (one, other)


def boxes(lang: str) -> list[str]:
    """The first line of each group of each safety box."""
    from handout_builder.render.contents import Contents
    from handout_builder.text import markdown

    contents = Contents(Loader().load(Order(KNEE, lang)).source)
    leads = [group.lead for box in contents.every_box for group in box.groups if group.lead]
    return [markdown.plain(lead) for lead in leads]


def test_it_says_that_the_other_language_is_not_reviewed(out: Path) -> None:
    for page in read(pdf(out, "ja")):
        assert "機械翻訳・未確認" in "".join(word.text for word in page.words)


def test_headings_stand_above_the_words_of_their_language(out: Path) -> None:
    headings = ("すぐに助けを", "医師の診察を受けるとき", "押さないとき")
    leads = [lead.replace(" ", "") for lead in boxes("ja")]
    above = 0
    for page in read(pdf(out, "ja")):
        column = [word.x for word in page.words if any(lead.startswith(word.text) for lead in leads)]
        heads = [word for word in page.words if word.text.startswith(headings)]
        assert all(abs(word.x - x) <= 3 for word in heads for x in column), heads
        above += len(heads) * bool(column)
    assert above == len(headings)


@pytest.mark.parametrize("edition", ["", ".large-print"])
def test_pages_are_filled(out: Path, edition: str) -> None:
    """All but the last; on A4 they were filled to 69 % with cards and boxes that had headings above each other."""
    for lang in PAIRS[:1] if edition else PAIRS:
        *pages, _ = read(pdf(out, lang, edition))
        shares = [max(word.y for word in page.words if word.y < FOOT) / FOOT for page in pages]
        assert min(shares) > 0.4, (lang, shares)
        assert sum(shares) / len(shares) > 0.75, (lang, shares)


def test_the_foot_of_long_titles_is_on_paper_that_printers_reach(every_block: Path) -> None:
    """Two titles and two remarks made four lines of large letters: the last one left the page."""
    product = Loader().load(Order(every_block, "en", second="es"))
    long = product.source.handout.model_copy(update={"title": "A title of so many words that a foot has no room"})
    product = replace(
        product, source=replace(product.source, handout=long), edition=EDITIONS["large-print"].in_two_languages
    )
    (page, *_) = settled(product).ink
    feet = " ".join(ink.words for ink in page if ink.around.running)
    assert "A title of so many" in feet
    assert MARK not in feet.partition("Revised")[0]


def test_the_number_of_a_page_stands_beside_its_foot() -> None:
    """In Spanish it took two lines of large letters, and what is told of the translation stood on the second."""
    product = replace(Loader().load(Order(SOURCE / "headache-stiff-neck", "es")), edition=EDITIONS["large-print"])
    pages = settled(printed(product))
    assert [fault for fault in pages.faults if not fault.place] == []


def test_links_tell_pages_in_the_words_of_their_language(out: Path) -> None:
    first = " ".join(word.text for word in read(pdf(out, "ja"))[0].words)
    assert "(page 2)" in first.replace("\u00a0", " ")
    assert "ページ）" in first.replace(" ", "")


def test_the_book_names_both_languages_and_titles(out: Path) -> None:
    with zipfile.ZipFile(book(out, "ja")) as archive:
        (package,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith(".opf"))
    assert package.index("<dc:language>en<") < package.index("<dc:language>ja<")
    assert "Knee pain · ひざの痛み" in package
    alone = once_alone(out)
    with zipfile.ZipFile(alone) as archive:
        (other,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith(".opf"))
    assert "urn:uuid:" in package
    assert identifier(package) != identifier(other), "another book has another identifier"


def identifier(package: str) -> str:
    return package.partition("urn:uuid:")[2][:36]


def once_alone(out: Path) -> Path:
    folder = once(out.parent / "one-language", lambda folder: build([Order(KNEE, "en")], folder, ("epub",)))
    return folder / "knee-pain.en.epub"


def test_contents_of_the_book_are_in_both_languages(out: Path) -> None:
    (nav,) = (page for name, page in documents(book(out, "ja")).items() if name.endswith("nav.xhtml"))
    text = "".join(nav.itertext())
    assert "Before you press · 押す前に" in text
    assert "When to see a doctor · 医師の診察を受けるとき" in text


# Every type of block

MARK = "ñ"


def second_language(folder: Path) -> Path:
    """Put a text that is told from the English by a letter beside it, as Spanish."""
    file = read_yaml(folder / "en.yaml")
    made = yaml_edit.with_texts(file, {text.at: f"{MARK} {text.value}" for text in texts_of(file).values()})
    (folder / "es.yaml").write_text(made.text, "utf-8")
    return folder


@pytest.fixture
def every_block(tmp_path: Path) -> Path:
    return second_language(Path(shutil.copytree(BLOCKS, tmp_path / "source" / "blocks")))


def test_every_type_of_block_has_both_languages(every_block: Path) -> None:
    """The net behind the templates looks for each text of either; here it is seen to look."""
    product = Loader().load(Order(every_block, "en", second="es"))
    html = printing.print_html(product, printing.first_pages(product))
    texts = [text.value for text in texts_of(read_yaml(every_block / "es.yaml")).values()]
    assert len(texts) > 50
    assert html.count(MARK) >= len(texts) - 1  # the description is not printed


def test_a_text_that_a_template_leaves_out_is_an_error(every_block: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handout_builder.render.context import Context

    product = Loader().load(Order(every_block, "en", second="es"))
    monkeypatch.setattr(Context, "stands_twice", lambda *_: False)
    with pytest.raises(HandoutError) as caught:
        printing.print_html(product, printing.first_pages(product))
    assert {(problem.code, problem.path.name) for problem in caught.value.problems} == {("incomplete", "es.yaml")}


def test_every_type_of_block_is_sound(every_block: Path, tmp_path: Path) -> None:
    build([Order(every_block, "en", None, BOTH, second="es")], tmp_path / "out")
    assert verapdf.check(tmp_path / "out/blocks.en+es.pdf", "ua1") == []
    assert epubcheck.check(tmp_path / "out/blocks.en+es.epub") == []


def test_a_brand_may_have_it_too(every_block: Path, tmp_path: Path) -> None:
    brand = SOURCE / "brands" / "cell-healing"
    build([Order(every_block, "en", brand, BOTH[:1], second="es")], tmp_path / "out")
    assert verapdf.check(tmp_path / "out/cell-healing/blocks.en+es.pdf", "ua1") == []


# The command line


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tiny_handout(tmp_path / "source", "short")
    second_language(folder)
    return folder.parent


def test_two_languages_are_asked_for_with_a_plus(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    words = ["source/short", "--lang", "en+es", *HERE]
    assert main(words) == 0
    names = {path.name for path in (root.parent / "dist").iterdir() if path.name.startswith("short")}
    assert names == {"short.en+es.pdf", "short.en+es.epub"}
    before = (root.parent / "dist/short.en+es.pdf").read_bytes()
    path = root / "short/es.yaml"
    path.write_text(path.read_text("utf-8").replace(f"title: {MARK} ", "title: Ñandú "), "utf-8")
    assert main(words) == 0
    assert (root.parent / "dist/short.en+es.pdf").read_bytes() != before, "it is made anew when either text changes"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--lang", "en+xx"], "unknown-language no text in 'xx'"),
        (["--lang", "en+es", "--edition", "leaflet"], "two-languages these editions have no room for two languages"),
    ],
)
def test_what_cannot_be_printed_in_two_languages(root: Path, words: list[str], what: str) -> None:
    result = run(root, "source/short", *words)
    assert result.returncode == 1
    assert what in result.stderr


def test_texts_that_are_not_built_alike_do_not_stand_together(root: Path) -> None:
    path = root / "short/es.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("      - type: text\n", "      - type: page-break\n      - type: text\n", 1), "utf-8")
    result = run(root, "check", "source/short", "--lang", "en+es")
    assert result.returncode == 1
    assert (
        "es.yaml: two-languages it is built otherwise than in the other language: other blocks in the section"
        in result.stderr
    )
