"""What is done for speed changes nothing: drawings whose shapes are kept, properties looked up the short way."""

from __future__ import annotations

import io
import re
import shutil
import tracemalloc
import zipfile
from contextlib import nullcontext
from itertools import combinations
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pydyf
import pypdfium2
import pytest
from helpers.project import NAME, ROOT, source_of
from PIL import Image, ImageChops
from weasyprint.svg import path
from weasyprint.svg.utils import size

from handout_builder.editions import EDITIONS
from handout_builder.engine import svg_paths, svg_words
from handout_builder.engine.cache import Cache
from handout_builder.engine.session import session
from handout_builder.engine.speed import Speed
from handout_builder.epub import package
from handout_builder.errors import HandoutError
from handout_builder.pdf import completeness, typeset
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import FONTS

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30" {}>{}</svg>'
HTML = '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>A title</title></head><body>{}</body></html>'
RECT = '<rect x="2" y="2" width="20" height="20" fill="#123456"/>'
DRAWINGS = {
    "shapes": RECT + '<circle cx="50" cy="15" r="9" fill="none" stroke="#b00" stroke-width="2"/>',
    "group used by itself": f'<g><g id="a">{RECT}</g><use href="#a" transform="translate(30 0)"/></g>',
    "group used elsewhere": f'<g id="a" fill="#0a0">{RECT}</g><g fill="#a00"><use href="#a" x="30"/></g>',
    "use without a fill": '<g id="a"><path d="M2 2h9v9z"/></g><use href="#a" x="30" fill="#a00"/>',
    "alpha": RECT + '<path d="M9 9h40v9h-40z" fill="#a00" fill-opacity=".5" stroke="#000" stroke-opacity=".25"/>',
    "alpha of a group": f'<g opacity=".4">{RECT}<path d="M9 9h40v9h-40z" fill="#a00"/></g>',
    "gradient": '<linearGradient id="g"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#00a"/>'
    '</linearGradient><path d="M2 2h60v20h-60z" fill="url(#g)"/>',
    "style sheet": f"<style>rect {{ fill: #a00; stroke: #0a0 }}</style>{RECT}",
    "clipped": f'<clipPath id="c"><path d="M2 2h9v9z"/></clipPath><g clip-path="url(#c)">{RECT}</g>',
    "words": f'{RECT}<text x="30" y="20" font-size="9">Words</text><path d="M70 2h9v9z" fill="#a00"/>',
    "nothing": "",
    "hidden": f'<g display="none">{RECT}</g><path d="M9 9h9v9z" visibility="hidden"/>{RECT}',
    "dashes after none": '<path d="M2 2h60" stroke="#000" stroke-dasharray="3 1"/><path d="M2 9h60" stroke="#000"/>',
}


STIFF_NECK = ROOT / "tests" / "samples" / "handouts" / "stiff-neck"


def product(edition: str = "a4", folder: Path = ROOT / "source" / NAME) -> Product:
    return Product(source_of(folder), edition=EDITIONS[edition])


def page_of(*drawings: str) -> bytes:
    origin = product()
    return typeset.write(typeset.lay_out(HTML.format("".join(drawings)), origin), origin)


def seen(data: bytes) -> list[bytes]:
    """Return what the pages look like, at 144 dpi."""
    return [page.render(scale=2).to_pil().tobytes() for page in pypdfium2.PdfDocument(data)]


@pytest.fixture(autouse=True)
def _no_net(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages through whose drawings are empty, whose lines are cut and whose words leave drawings on purpose."""
    for net in ("missing", "misread", "drawing_faults"):
        monkeypatch.setattr(completeness.Contents, net, lambda *_: [])


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    _forget()


def speed() -> Speed:
    """Return the speed layer; without it there is nothing to test here."""
    with session() as engine:
        return engine.speed or pytest.skip(f"the engine is plain: {engine.plain}")


def _forget() -> None:
    speed().forget()


def draw_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the drawings in the page, to be drawn anew as WeasyPrint does."""
    monkeypatch.setattr(speed().drawings, "taken_out", lambda _: nullcontext())


@pytest.mark.parametrize("looks", ["", 'fill="#00a"', 'stroke="#a0a" stroke-width="3"'])
@pytest.mark.parametrize("kind", DRAWINGS)
def test_a_drawing_is_the_same_kept_or_not(kind: str, looks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Twice on a page, after others with other looks; each id stands on a page once.
    page = [SVG.format(looks, RECT)] + [
        SVG.format(attributes, re.sub(r'(id="|#)([acg])(?=["\)])', rf"\g<1>\g<2>{number}", DRAWINGS[kind]))
        for number, attributes in enumerate(('fill="#0aa"', looks, looks))
    ]
    first, *others = (page_of(*page) for _ in range(3))  # what comes up twice is kept
    assert others == [first, first]
    draw_in_one_go(monkeypatch)
    assert seen(first) == seen(page_of(*page))


LINES = {
    "at its start": '<text x="45" y="20" font-size="9">Words, To.</text>',
    "in its middle": '<text x="45" y="20" font-size="9" text-anchor="middle" font-weight="700">Words, To.</text>',
    "at its end": '<g text-anchor="end" font-size="9" fill="#a00"><text x="85" y="12">Words</text></g>',
    "with parts": '<text x="85" y="12" font-size="9" text-anchor="end">Words <tspan fill="#a00">and</tspan></text>',
    "with moved parts": '<text x="85" y="12" font-size="9" text-anchor="end">Wor<tspan dy="3">ds</tspan></text>',
    "with large parts": '<text x="45" y="12" text-anchor="middle">a <tspan font-size="150%">W.</tspan> b</text>',
    "by letters": '<text x="5 15 30" y="12" font-size="9" text-anchor="middle">Words</text>',
    "moved": '<text x="45" y="12" dy="4" font-size="9" text-anchor="middle">Words</text>',
    "on another base": '<text x="45" y="15" font-size="9" dominant-baseline="middle">Words</text>',
    "turned": '<text x="45" y="15" font-size="9" text-anchor="middle" transform="rotate(9 45 15)">Words</text>',
    "faint": '<text x="45" y="15" font-size="9" opacity=".3">Words</text>',
    "outlined": '<text x="45" y="15" text-anchor="end" stroke="#00a" stroke-width=".2" fill="none">Words</text>',
    "hidden": '<text x="45" y="15" font-size="9" text-anchor="end" visibility="hidden">Words</text>',
    "without a place": '<text y="15" font-size="9">Words</text>',
    "one after another": '<text x="9" y="9" font-size="9">One</text><text y="20" font-size="9">two</text>',
}


@pytest.mark.parametrize("place", ['x="5"', 'x="45" text-anchor="end"', 'x="5 40"'])
def test_words_in_drawings_have_the_shapes_of_their_language(place: str) -> None:
    """Whole words and words set letter by letter, drawn before in another language or not."""
    page = f'<text {place} y="30" font-size="30">骨</text>'
    drawn = {lang: seen(page_of(SVG.format(f'lang="{lang}"', page))) for lang in ("ja", "zh-Hans", "zh-Hant") * 2}
    assert unlike(drawn["ja"], seen(page_of(SVG.format("", page)))) == 0
    for one, other in combinations(drawn, 2):
        assert unlike(drawn[one], drawn[other]) > 100, (one, other)


def test_no_page_takes_the_bytes_of_a_whole_font() -> None:
    page = SVG.format('lang="ja"', '<text x="5" y="30" font-size="30">骨</text>')
    page_of(page)
    tracemalloc.start()
    try:
        page_of(page)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < (FONTS / "HandoutHan-Regular.ttf").stat().st_size / 4


@pytest.mark.parametrize("kind", LINES)
def test_lines_in_drawings_look_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = SVG.format('style="width: 14cm"', LINES[kind]) * 2
    short, blank = (seen(page_of(text)) for text in (page, page.replace("<text", "<g").replace("</text", "</g")))
    assert unlike(short, blank) > 20 or kind == "hidden"
    monkeypatch.setattr(svg_words, "_is_line", lambda _: False)
    _forget()
    assert unlike(short, seen(page_of(page))) <= 2  # places are rounded otherwise


def test_paths_read_at_once_are_those_read_number_by_number() -> None:
    made, numbers = Random(5), ("-12.5", "7.35", "3", "0", "-.5", ".25", "-0.1", "100.2")
    count = {"M": 2, "L": 2, "l": 2, "C": 6, "c": 6, "Z": 0, "z": 0}
    for _ in range(400):
        data = made.choice(["", "M1,2", "M.1-7.2"])
        for command in made.choices([*count], k=made.randint(1, 6)):
            data += command + " ".join(made.choices(numbers, k=count[command] * made.randint(1, 3)))
        drawing = SimpleNamespace(stream=pydyf.Stream(), inner_diagonal=1, inner_width=1, inner_height=1)
        drawing.point = lambda x, y, font_size: (size(x, font_size, 1), size(y, font_size, 1))
        path(drawing, Node({"d": data}), 16)
        assert svg_paths._operators(data, pydyf._to_bytes) == drawing.stream.stream, data


class Node(dict[str, str]):
    """An element of a drawing."""

    def __init__(self, attributes: dict[str, str]) -> None:
        super().__init__(attributes)
        self.vertices: list[object] = []


@pytest.mark.parametrize("more", ["5", ",x", " -1 L9 9"])
def test_a_damaged_path_is_drawn_up_to_the_error(more: str) -> None:
    gradient = '<linearGradient id="g"><stop stop-color="#00a"/></linearGradient>'
    drawing = SVG.format("", gradient + '<path d="M1 2h9v9z{}" fill="url(#g)"/>')
    assert page_of(drawing.format(more)) == page_of(drawing.format(""))


def unlike(ones: list[bytes], others: list[bytes]) -> int:
    """Return the greatest difference of two sights, from 0 to 255."""
    pairs = [[Image.frombytes("L", (len(page), 1), page) for page in pair] for pair in zip(ones, others, strict=True)]
    return max(ImageChops.difference(*pair).getextrema()[1] for pair in pairs)


def test_a_moved_line_takes_no_form() -> None:
    assert b"/Form" not in page_of(SVG.format("", LINES["in its middle"]))
    assert b"/Form" not in page_of(SVG.format("", LINES["with parts"]))
    assert b"/Form" in page_of(SVG.format("", LINES["by letters"]))


def test_shapes_and_words_are_kept_and_forms_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(drawing: str) -> int:
        for _ in range(2):
            page_of(SVG.format("", drawing))
        return speed().drawings.kept()

    page_of(*2 * [SVG.format("", DRAWINGS["shapes"])])
    assert speed().drawings.kept() == 0  # what stands in one handout alone takes no room
    assert kept(DRAWINGS["shapes"]) == 2
    assert kept(DRAWINGS["words"]) == 4  # the rectangle is the same
    assert kept(LINES["by letters"]) == 4
    with session() as engine:
        monkeypatch.setattr(engine._fonts, "shared", False)
    assert kept(DRAWINGS["words"].replace("Words", "Other words")) == 4  # in other fonts they are others


def test_kept_words_do_not_depend_on_the_page() -> None:
    drawing = SVG.format("", '<text x="5" y="9" font-size="9">a\u00a0b</text>')
    before = "<p>a b\u00a0c d</p>"  # the glyph of the two blanks is the same
    alone, beside = [page_of(drawing) for _ in range(3)], [page_of(before + drawing) for _ in range(3)]
    speed().drawings.cache.forget()
    assert [page_of(before + drawing) for _ in range(3)] == beside == beside[:1] * 3
    assert [page_of(drawing) for _ in range(3)] == alone == alone[:1] * 3


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed().drawings.cache, "_most", 5)
    for number in range(24):
        page_of(SVG.format("", f'<path d="M{number // 2} 2h9v9z"/>'))
    assert 1 <= speed().drawings.kept() <= 6


def test_what_several_documents_offer_is_kept() -> None:
    kept = Cache[int](3)

    def offer(keys: str) -> None:
        kept.begin()
        for key in keys:
            kept.offer(key, ord(key))

    offer("abb")
    assert list(kept) == []
    assert [kept.get(key) for key in "abc"] == [*map(ord, "ab"), None]  # for this document
    offer("ac")
    assert [kept.get(key) for key in "bc"] == [*map(ord, "bc")]  # that of the document before is asked for again
    assert sorted(kept) == [*map(ord, "ab")]
    offer("")
    offer("")
    assert kept.get("c") is None
    offer("bc")
    assert list(kept) == [*map(ord, "abc")]
    for _ in range(3):
        offer("d")  # the first of them makes too many marks
    assert list(kept) == [*map(ord, "abcd")]
    offer("")
    assert list(kept) == []


@pytest.mark.parametrize(("edition", "folder"), [("a4", ROOT / "source" / NAME), ("press", STIFF_NECK)])
def test_a_handout_is_the_same_with_or_without_shortcuts(
    edition: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = product(edition, folder)
    html = printing.print_html(origin, printing.first_pages(origin))
    kept = [typeset.write(typeset.lay_out(html, origin), origin) for _ in range(3)]
    assert kept == [kept[0]] * 3
    long_way(monkeypatch)
    assert typeset.write(typeset.lay_out(html, origin), origin) == kept[0]
    draw_in_one_go(monkeypatch)
    assert seen(typeset.write(typeset.lay_out(html, origin), origin)) == seen(kept[0])


def long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the shortcuts back."""
    with session() as engine:
        engine._sheet.cache_clear()
    for owner, name, original in speed().replaced:
        if name not in ("Font", "SVG"):  # which only hold what drawings need
            monkeypatch.setattr(owner, name, original)


@pytest.mark.parametrize("style", ["margin-inline-start: 3cm", "padding-block: 1cm", "inline-size: 4cm"])
def test_properties_by_the_direction_of_writing(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = f'<div style="{style}">Words and words and words and words</div><div>Words</div>'
    short = page_of(boxes)
    assert seen(short) != seen(page_of(boxes.replace(style, "")))
    long_way(monkeypatch)
    assert page_of(boxes) == short


@pytest.mark.parametrize("width", ["2cm", "13.5cm", "14cm"])
def test_lines_beside_and_below_floats(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Zygapophysialgelenke und Lendenwirbel. " * 9  # a word that fits beside the first of the floats alone
    boxes = f'<div style="float: left; width: {width}; height: 1cm">A float</div><div>{text}</div><div>{text}</div>'
    short = page_of(boxes)
    long_way(monkeypatch)
    assert page_of(boxes) == short


TEXTS = {
    "kerned": "<p>AVATAR To. Ty. LT</p>",
    "spaced letters": '<p style="letter-spacing: 2pt">Words and words</p>',
    "spaced words": '<p style="word-spacing: 2pt">Words and words</p>',
    "justified": f'<p style="text-align: justify">{"Words and more words. " * 30}</p>',
    "underlined": '<p style="text-decoration: underline">Words and <b>words</b></p>',
    "small capitals": '<p style="font-variant-caps: small-caps">Words and words</p>',
    "dots below": "<p style=\"font-feature-settings: 'ccmp' 0\">Thị Hẹn Họ Phụng</p><p>Thị Hẹn</p>",
    "tabular": '<p style="font-variant-numeric: tabular-nums">1 2 3</p>',
    "kept line ends": '<pre style="white-space: pre">Words\n\tand\n\nwords </pre>',
    "soft hyphens": '<p style="width: 3cm">' + "Zygapo\u00adphysial\u00adgelenk " * 9 + "</p>",
    "hyphenated": f'<p lang="en" style="width: 3cm; hyphens: auto">{"Zygapophysial articulation " * 9}</p>',
    "cut": '<p style="width: 3cm; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">Words and words</p>',
    "cut lines": f'<p style="line-clamp: 2">{"Words and more words. " * 30}</p>',
    "long words": f'<p style="width: 1cm; overflow-wrap: anywhere">{"Zygapophysialgelenke " * 3}</p>',
    "first line": f"<style>p::first-line {{ font-size: 20pt }}</style><p>{'Words and more words. ' * 30}</p>",
    "first letter": "<style>p::first-letter { font-size: 30pt }</style><p>Words and words</p>",
    "raised": "<p>H<sub>2</sub>O, m<sup>2</sup></p>",
    "right to left": '<p dir="rtl">(12, 34)</p>',
    "languages": '<p><span lang="ja">\u6d77\u6108</span> <span lang="zh-Hans">\u6d77\u6108</span></p>',
    "no-break spaces": "<p>2\u00a0minutes, 3\u202fcm</p><p>2 minutes</p>",
    "lists": '<ol><li>One</li><li value="12">Two</li></ol><ul><li>Three</li></ul>',
    "flexible": f'<div style="display: flex"><p>Words</p><p>{"Words " * 40}</p></div>',
    "grid": f'<div style="display: grid; grid-template-columns: 1fr 2fr"><p>Words</p><p>{"Words " * 40}</p></div>',
    "table": '<table style="border-collapse: collapse"><tr><td style="border: 2pt solid">1</td><td>2</td></tr></table>',
}


@pytest.mark.parametrize("kind", TEXTS)
def test_texts_are_the_same_the_short_way(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<div>{TEXTS[kind]}</div><p>Words and words</p>" * 2
    short, *others = (page_of(page) for _ in range(3))
    assert others == [short, short]
    long_way(monkeypatch)
    assert page_of(page) == short


def drawings(epub: bytes) -> dict[str, bytes]:
    """Return the charts, crops and marks of a book."""
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        return {name: book.read(name) for name in book.namelist() if "/drawings/" in name}


def test_the_book_has_its_drawings_whole() -> None:
    """The engine takes drawings apart; the book that is made afterwards has them as they were before."""
    origin = product()
    html = printing.print_html(origin, printing.first_pages(origin))
    before = drawings(package.write(origin, {}, b""))
    assert len(before) > 10
    starts = typeset.lay_out(html, origin).starts
    assert drawings(package.write(origin, starts, b"")) == before


def test_a_mistake_in_the_css_is_told_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "layouts", tmp_path / "layouts")
    with (tmp_path / "layouts" / "print.css").open("a", encoding="utf-8") as css:
        css.write(".kicker { colour: red; }")
    monkeypatch.setattr(typeset, "LAYOUTS", tmp_path / "layouts")
    for _ in range(2):
        with pytest.raises(HandoutError, match="colour"):
            page_of('<p class="kicker">Words</p>')
