"""Regional forms of Han characters in the finished files, glyph by glyph."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from helpers import pdf_pages
from helpers.book import XHTML, Fonts, book_of, documents
from helpers.glyphs import HAN, shape
from helpers.project import FONTS, NAME, SOURCE, copy_project, make
from helpers.source_text import cards, catalogue_rows, handout, overview_codes
from helpers.tagged_pdf import Run, Tagged
from judges import programs

from handout_builder.orders import Order
from handout_builder.typefaces.regional import bake

BOOK = handout()
NAMES = {"肾愈": "zh-Hans", "気海愈": "ja", "大肠愈": "zh-Hans", "腰陽關": "zh-Hant"}
LANGUAGES = ("zh-Hans", "zh-Hant", "ja")


def han_runs(tagged: Tagged) -> Iterator[tuple[str, str, Run]]:
    """Yield (text, language by the tags, run) for all Han in the text of the pages, in reading order."""
    for element in tagged.root.walk():
        for mark in (kid for kid in element.kids if isinstance(kid, tuple)):
            for run in tagged.runs.get(mark, ()):
                if run.font.startswith("Handout-Han"):
                    yield run.text, element.lang, run
                else:
                    assert not HAN.search(run.text), f"{run.text} is set in {run.font}"


def style(run: Run) -> str:
    return "Bold" if run.font.endswith("-Bold") else "Regular"


def wrong_shapes(tagged: Tagged) -> list[str]:
    return [
        f"page {run.page}: {text} is not in the shapes of {lang}"
        for text, lang, run in han_runs(tagged)
        if run.glyphs != shape(text, lang, style(run))
    ]


# The print


@pytest.fixture(scope="module")
def tagged(built: Any) -> Tagged:
    return Tagged(built.pdf)


def test_every_run_of_the_handout_has_the_shapes_of_its_language(tagged: Tagged) -> None:
    points = catalogue_rows()
    expected = []
    for card in cards(BOOK):
        expected += [(card["name"]["text"], card["name"]["lang"])]
        expected += [(points[card["code"]]["names"]["zh-Hans"], "zh-Hans")]
    expected += [(points[code]["names"]["zh-Hans"], "zh-Hans") for code in overview_codes(BOOK)]
    assert [(text, lang) for text, lang, _ in han_runs(tagged)] == expected
    assert wrong_shapes(tagged) == []


@pytest.mark.parametrize("character", "愈海腰關")
def test_the_characters_of_the_names_tell_the_languages_apart(character: str) -> None:
    # Otherwise the test above would pass with the default shapes.
    shapes = {tuple(shape(character, lang)) for lang in LANGUAGES}
    assert len(shapes) > 1
    assert all(0 not in glyphs for glyphs in shapes)


def test_a_run_in_the_shapes_of_another_language_is_seen(tagged: Tagged) -> None:
    names = [(text, lang, run) for text, lang, run in han_runs(tagged) if text in NAMES]
    assert names
    for text, lang, run in names:
        wrong = next(other for other in LANGUAGES if shape(text, other) != run.glyphs)
        assert other_shapes(tagged, run, shape(text, wrong)) == [
            f"page {run.page}: {text} is not in the shapes of {lang}"
        ]


def other_shapes(tagged: Tagged, run: Run, glyphs: list[int]) -> list[str]:
    kept, run.glyphs = run.glyphs, glyphs
    try:
        return wrong_shapes(tagged)
    finally:
        run.glyphs = kept


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The handout with Han of each language in title, subtitle, heading, text, list, term, remark and captions."""
    mixed = "[腰海愈關]{lang=zh-Hant} [腰海愈關]{lang=ja} **[腰海愈關]{lang=zh-Hans}**"
    project = copy_project(
        tmp_path_factory.mktemp("everywhere"),
        ("title: Chronic back pain pressure points", f'title: "Points {mixed}"\nsubtitle: "Sub {mixed}"'),
        ("heading: To wrap up", f'heading: "To wrap up {mixed}"'),
        ("  - Pressing is an extra. ", f"  - Note {mixed} Pressing is an extra. "),
        ("term: Spondylosis deformans", f'term: "Spondylosis deformans {mixed}"'),
        ("remark: A bit lower than Kikaiyu [BL24].", f'remark: "A bit lower {mixed}"'),
        ("title: Where the four points are", f'title: "Where {mixed}"'),
        ("          The author’s own picture", f"          {mixed} The author’s own picture"),
        ("caused by blood circulation problems", f"caused by {mixed} blood *[関係]{{lang=ja}}* circulation problems"),
    )
    return make(project)


def test_han_anywhere_in_the_text_has_the_shapes_of_its_language(everywhere: tuple[Path, Path]) -> None:
    tagged = Tagged(everywhere[0])
    gates = Counter(lang for text, lang, _ in han_runs(tagged) for character in text if character == "關")
    # The name of GV3 is the tenth in zh-Hant. In a narrow column a line can end inside a run.
    assert gates == {"zh-Hant": 9 + 1, "ja": 9, "zh-Hans": 9}
    assert {style(run) for _, _, run in han_runs(tagged)} == {"Regular", "Bold"}
    assert wrong_shapes(tagged) == []


def test_han_in_the_running_feet_has_the_shapes_of_its_language(everywhere: tuple[Path, Path]) -> None:
    tagged = Tagged(everywhere[0])
    (head,) = tagged.root.find("H1")
    listed = set(tagged.root.marks())
    feet = [run for mark, runs in tagged.runs.items() if mark not in listed for run in runs] + tagged.artifacts
    feet = [run for run in feet if run.font.startswith("Handout-Han")]
    title = [run for mark in head.marks() for run in tagged.runs.get(mark, ()) if run.font.startswith("Handout-Han")]
    by_page = [[run for run in feet if run.page == page + 1] for page in range(len(tagged.pdf.pages))]
    han, langs = "腰海愈關", ("zh-Hant", "ja", "zh-Hans")
    assert len({tuple(shape(han, lang)) for lang in langs}) == 3, "the words must tell the languages apart"
    for runs, weights in ((title, ("Bold",) * 3), *((runs, ("Regular", "Regular", "Bold")) for runs in by_page)):
        # Neighbours of one weight can be one run.
        assert "".join(run.text for run in runs) == 3 * han
        wanted = [glyph for lang, weight in zip(langs, weights, strict=True) for glyph in shape(han, lang, weight)]
        assert [glyph for run in runs for glyph in run.glyphs] == wanted, f"page {runs[0].page}"


def test_no_han_stands_in_the_drawing(tagged: Tagged, built: Any) -> None:
    # Text in SVG is set without its language in print: Han there would be Japanese.
    figures = tagged.root.find("Figure")
    runs = [run for figure in figures for mark in figure.marks() for run in tagged.runs.get(mark, ())]
    assert "BL23" in "".join(run.text for run in runs)
    assert not any(HAN.search(run.text) or run.font.startswith("Handout-Han") for run in runs)
    for document in documents(built.epub).values():
        for text in document.iter("{http://www.w3.org/2000/svg}text"):
            assert not HAN.search("".join(text.itertext()))


# Searching and copying


OTHERS = [
    pytest.param(engine, marks=pytest.mark.tools(program))
    for engine, program in (("poppler", "pdftotext"), ("mupdf", "mutool"))
]


@pytest.mark.parametrize("engine", ["pdfium", *OTHERS])
def test_names_are_found_as_one_word(built: Any, engine: str) -> None:
    text = extract(built.pdf, engine)
    for word in (*NAMES, "shèn yù", "qì hǎi yù", "dà cháng yù", "yāo yáng guān", "Shènshū", "Yāoyángguān"):
        assert re.search(rf"(?<!\w){word}(?!\w)", text), word
    for card in cards(BOOK):
        line = next(line for line in text.splitlines() if card["name"]["text"] in line)
        assert card["name"]["text"] in HAN.findall(line)


def extract(path: Path, engine: str) -> str:
    match engine:
        case "poppler":
            return programs.run("pdftotext", path, "-")
        case "mupdf":
            return programs.run("mutool", "draw", "-q", "-F", "txt", path)
        case _:
            return pdf_pages.text(path)


# The book


def outline(font: TTFont, glyph: str) -> tuple[Any, ...]:
    points, ends, flags = font["glyf"][glyph].getCoordinates(font["glyf"])
    return list(points), list(ends), [flag & 1 for flag in flags], font["hmtx"][glyph][0]


@pytest.fixture(scope="module")
def whole() -> dict[str, TTFont]:
    return {name: TTFont(io.BytesIO((FONTS / f"HandoutHan-{name}.ttf").read_bytes())) for name in ("Regular", "Bold")}


def wrong_outlines(book: Path, whole: dict[str, TTFont]) -> tuple[int, list[str]]:
    """Return how many characters were compared, and those whose outline is not that of their language.

    A character is compared once in each font and language in which the book shows it.
    """
    fonts, wrong, seen = Fonts(book), list[str](), 0
    compared = set[tuple[str, str, str]]()
    for document in documents(book).values():
        for text, lang, family, element in fonts.families(document):
            if element.tag == f"{XHTML}title":  # no page shows it
                continue
            for character in "".join(HAN.findall(text)):
                seen += 1
                if (family, lang, character) in compared:
                    continue
                compared.add((family, lang, character))
                if family not in fonts.files:
                    wrong.append(f"{character}: no font for {lang}")
                    continue
                small, weight = fonts.open(family), fonts.files[family][1]
                full = whole["Bold" if weight == 700 else "Regular"]
                (glyph,) = shape(character, lang, "Bold" if weight == 700 else "Regular")
                expected = outline(full, full.getGlyphName(glyph))
                if (own := small.getBestCmap().get(ord(character))) is None:
                    wrong.append(f"{character}: {family} lacks it")
                elif outline(small, own) != expected:
                    wrong.append(f"{character}: not the shape of {lang}")
    return seen, wrong


def test_book_has_the_outlines_of_each_language(built: Any, whole: dict[str, TTFont]) -> None:
    seen, wrong = wrong_outlines(built.epub, whole)
    assert wrong == []
    assert seen > 60


@pytest.mark.parametrize("lang", ["ja", "ko", "zh-Hans", "zh-Hant"])
def test_books_in_these_languages_have_the_outlines_of_theirs(
    lang: str, whole: dict[str, TTFont], run_folder: Path
) -> None:
    """What is bold, too, where no run of its own says the language."""
    seen, wrong = wrong_outlines(book_of(Order(SOURCE / NAME, lang), run_folder), whole)
    assert wrong == []
    assert seen > 30


def test_book_with_han_everywhere(everywhere: tuple[Path, Path], whole: dict[str, TTFont]) -> None:
    seen, wrong = wrong_outlines(everywhere[1], whole)
    assert wrong == []
    assert seen > 60 + 4 * 24


def test_swapped_fonts_in_a_book_are_seen(built: Any, whole: dict[str, TTFont], tmp_path: Path) -> None:
    path = tmp_path / "swapped.epub"
    with zipfile.ZipFile(built.epub) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("book.css"):
                data = data.replace(b'[lang="zh-Hant"] {', b'[lang="none"] {').replace(
                    b'[lang="zh-Hans"] {', b'[lang="zh-Hans"], [lang="zh-Hant"] {'
                )
            elif name.endswith("-zh-Hans-400.ttf"):
                words = "".join("".join(document.itertext()) for document in documents(built.epub).values())
                text = "".join(HAN.findall(words))
                data = bake(FONTS / "HandoutHan-Regular.ttf", [text], "zh-Hans", "Swapped", 400)
            new.writestr(name, data)
    _, wrong = wrong_outlines(path, whole)
    differ = {c for c in "腰陽關" if shape(c, "zh-Hant") != shape(c, "zh-Hans")}
    assert differ
    assert {line[0] for line in wrong} == differ
    assert all(line.endswith("zh-Hant") for line in wrong)


def test_only_han_takes_the_fonts_for_han(built: Any) -> None:
    """Readings and other words keep the reader's own font (they are not in the baked ones)."""
    fonts = Fonts(built.epub)
    others = {
        text
        for document in documents(built.epub).values()
        for text, _, family, _ in fonts.families(document.find(f"{XHTML}body"))
        if family in fonts.files and not HAN.search(text)
    }
    assert others == set()
