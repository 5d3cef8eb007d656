"""Style sheets of brands: what would never end is refused, what breaks the engine is told with its rule."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from helpers.project import LANG, NAME, ROOT, SHORT, common, source_of
from judges import verapdf
from PIL import Image

from handout_builder.brand import style_sheets
from handout_builder.brand.loader import load_brand
from handout_builder.content.loader import load
from handout_builder.engine import session
from handout_builder.errors import HandoutError, Problem
from handout_builder.pdf import typeset
from handout_builder.pipeline import make
from handout_builder.render import printing
from handout_builder.render.product import Product

GOOD = [
    "@page { size: 200mm 280mm; margin: 20mm }",
    "@page { size: A4 landscape }",
    "body { display: grid; grid-template-columns: repeat(auto-fit, minmax(12em, 1fr)); columns: 2 }",
    ".x { z-index: 2147483647; left: -99999px; border-radius: 9999px }",
    "@media print { @page { margin: 1cm } h1:not(.a):is(.b, .c) { margin: calc(1mm * (2 + 3)) } }",
]
COLOURS = [
    "h1 { color: red; background: linear-gradient(red, blue 50%) }",
    "h1 { background: repeating-linear-gradient(45deg, red 0, blue 2mm) }",
    "h1 { background: repeating-linear-gradient(red, blue) }",
    "body { display: grid; grid-template-columns: repeat(12, 1fr); column-count: 4 }",
    "li::marker { color: teal; font-weight: bold } ol { counter-reset: steps 2; list-style-type: '– ' }",
    "p { columns: 2 60mm } .x { float: left; column-width: 12em } @page { @top-left { content: 'Ward 7' } }",
]
"""For pages alone: in books, readers choose colours, and how wide a page is."""


@pytest.mark.parametrize(
    ("css", "book"), [*((css, book) for css in GOOD for book in (True, False)), *((css, False) for css in COLOURS)]
)
def test_usual_rules_are_taken(css: str, book: bool) -> None:
    assert [*style_sheets.findings(Path("a.css"), css, book=book)] == []


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("@page { size: 9mm }", "90 mm"),
        ("p { columns: 9 }", "more than 4 columns"),
        ("@media print { p { column-count: 5 } }", "more than 4 columns"),
        ("p { column-width: 5mm }", "too narrow"),
        ("p { columns: 2em }", "too narrow"),
        ("li::marker { content: 'no ' }", "marks of lists"),
        ("ol > li::MARKER, p { content: counter(page) }", "marks of lists"),
        ("h2 { float: footnote }", "from their place"),
        (".section { counter-reset: page }", "number pages"),
        ("@page { counter-increment: page 2 }", "number pages"),
        ("h2 { counter-set: x 1 pages 9 }", "number pages"),
        ("@media print { @page { size: 1in 0.1in } }", "90 mm"),
        ("@page { size: a10 }", "90 mm"),
        ("@page { size: 200in 200in }", "600 mm"),
        ("@page { bleed: 500mm }", "30 mm"),
        ("p { margin: 1e7px }", "beyond a million"),
        ("p { margin: calc(1px * -1e7) }", "beyond a million"),
        ("p { transform: translate(1e400px) }", "beyond a million"),
        ("p { grid-area: 1 / 1 / 200 / 1 }", "200 rows"),
        ("p { grid-template: repeat(200, 1px) / 1px }", "200 rows"),
        ("p { columns: 500 }", "500 rows"),
        ("p { background: repeating-conic-gradient(red 0%, blue 0.01%) }", "finely"),
        ("p { color: red", ""),
        ("p { color red }", "no CSS"),
        ("@import 'a.css';", "@import"),
        ("@media print { @font-face { font-family: Own; src: url(own.ttf) } }", "typeface that nobody has looked at"),
    ],
)
def test_rule_without_end_is_told_with_its_line(css: str, words: str) -> None:
    found = [*style_sheets.findings(Path("a.css"), f"b {{ color: red }}\n\n{css}", book=False)]
    assert [problem.line for problem in found] == [3] * bool(words)
    assert all(words in problem.message for problem in found)


@pytest.mark.parametrize(
    ("css", "words"),
    [
        ("p { font-size: 0 }", "too small"),
        ("p { font: bold 4%/1 serif }", "too small"),
        ("li { line-height: 0 }", "too small"),
        ("section { height: 0; overflow: hidden }", "hide"),
        ("section { max-height: 1px; overflow-y: clip }", "hide"),
        ("p { mask: none }", "hide"),
        ("p { text-indent: -9999px }", "away"),
        ("p { margin: 0 0 0 -200% }", "away"),
        ("p { letter-spacing: -9em }", "away"),
        ("p { position: relative; left: -99em }", "away"),
        (
            "h2 { font: 700 1.3em/1.2 serif; margin: 2em 0 -0.25em; text-indent: -1em; position: relative; top: -2px }",
            "",
        ),
        ("section { overflow: auto; font-size: 90%; line-height: 1.4; letter-spacing: 0.02em }", ""),
        ("td { -webkit-text-fill-color: transparent }", "hide"),
        ("p { -webkit-line-clamp: 2 }", "hide"),
        ("p { font-size: calc(1px + 2 * 1px) }", "too small"),
        ("p { font-size: 2vmin }", "too small"),
        ("p { font-size: 8q }", "too small"),
        ("p { font-size: 1ex; font-size: clamp(2px, 1em, 2em) }", "too small"),
        ("p { font-size: var(--size) }", "var() comes to in font-size is not known"),
        ("p { display: var(--shown) }", "var() comes to in display is not known"),
        ("p { margin: calc(-1 * (var(--far) + 2em)) }", "calc() comes to in margin is not known"),
        ("p { margin-left: calc(-3em - 10%) }", "away"),
        ("p { position: relative; top: calc(2 * 3em) }", "away"),
        ("p { font-size: 900% }", "hard to read"),
        ("p { letter-spacing: 2em }", "hard to read"),
        ("p { text-decoration: line-through }", "hard to read"),
        ("p { writing-mode: vertical-rl }", "hard to read"),
        ("p { text-shadow: 0 0 1em }", "hard to read"),
        ("section { display: flex; flex-flow: column-reverse }", "hard to read"),
        ("li { order: -1 }", "hard to read"),
        ("p { font: 1em Wingdings, serif }", "signs in the places of letters"),
        ("p { font-family: 'Zapf Dingbats' }", "signs in the places of letters"),
        ("section { columns: 12 }", "too little room"),
        ("section { column-count: 3 }", "too little room"),
        ("section { columns: 2em auto }", "too little room"),
        ("section { display: grid; grid-template-columns: repeat(6, 1fr 2fr) }", "too little room"),
        ("section { display: grid; grid: auto / 1fr 1fr 1fr }", "too little room"),
        (".card { max-width: 3em }", "too little room"),
        ("p { width: calc(100% / 12) }", "too little room"),
        ("p { padding: 0 40% }", "too little room"),
        ("p { text-indent: 90vw }", "too little room"),
        (".safety { height: 1em }", "run over each other"),
        ("section { height: 9em; overflow: scroll }", "run over each other"),
        ("p { width: 900em }", "run out of narrow pages"),
        ("p { min-inline-size: 60em }", "run out of narrow pages"),
        ("p { white-space: nowrap }", "hide"),
        ("p { text-wrap: nowrap }", "hide"),
        ("p { white-space: pre-wrap; min-width: 100%; max-width: 99em; min-height: 4em; text-wrap: balance }", ""),
        ("section > * { grid-area: 1 / 1 }", "hide"),
        ("section > p { grid-row: 1; grid-column: 1 }", "hide"),
        ("section { contain: strict }", "hide"),
        ("p { border-left: 50em solid }", "too little room"),
        ("p { border: 1px solid; border-radius: 9em; outline: none; box-shadow: 0 0 1em gray }", ""),
        ("p { outline: 90em solid; outline-offset: -90em }", "hard to read"),
        ("p { box-shadow: inset 0 0 0 90em black }", "hard to read"),
        ("p { border-image: linear-gradient(black, black) 1 fill }", "hard to read"),
        ("p { backdrop-filter: invert(1) }", "hard to read"),
        ("p { vertical-align: -900em }", "away"),
        ("sup { vertical-align: 0.3em }", ""),
        ("li { list-style-type: 'not ' }", "adds words"),
        ("p { quotes: 'not ' '' } p::before { content: open-quote }", "adds words"),
        ("p::before { content: attr(id) }", "adds words"),
        ("p::before { content: counter(n) }", "adds words"),
        ("li { list-style: symbols('not') inside }", "adds words"),
        ("p { hyphenate-character: 'not' }", "adds words"),
        ("@counter-style z { system: cyclic; symbols: 'not' } li { list-style: z }", "adds words"),
        ("li { list-style: '– ' } h2::before { content: '§' } q { quotes: '«' '»' }", ""),
        (".a img, svg.mark, hr, td:first-child, .logo-box { width: 2em; height: 1px }", ""),
        ("h2 { text-shadow: none; writing-mode: horizontal-tb; max-width: min(100%, 38em); height: auto }", ""),
        ("section { columns: 12em; margin: 1em auto; padding: 0 5%; font-size: calc(1em + 1pt) }", ""),
    ],
)
def test_words_of_the_book_stay_in_sight(css: str, words: str) -> None:
    """Nobody looks at a book's finished pages: what would hide or spoil its words is told by the rule."""
    found = [problem.message for problem in style_sheets.findings(Path("a.css"), css, book=True)]
    assert bool(found) == bool(words)
    assert any(words in message for message in found) or not words
    if "columns" not in css:
        assert [*style_sheets.findings(Path("a.css"), css, book=False)] == []  # of print, the pages are looked at


def product(folder: Path, css: str = "", logo: str = "") -> Product:
    """A handout in a brand of these rules, or of this drawing."""
    (folder / "layouts").mkdir(parents=True)
    more = "logo: {images: {a: {path: a.svg, alt: Clinic}}, medium: a}\n" if logo else ""
    (folder / "_brand.yml").write_text(f"meta: {{name: {{full: Clinic}}}}\n{more}", "utf-8")
    if css:
        (folder / "layouts" / "print.css").write_text(css, "utf-8")
    if logo:
        (folder / "a.svg").write_text(logo, "utf-8")
    return Product(source_of(SHORT), load_brand(folder))


def test_rules_use_the_files_beside_them(tmp_path: Path) -> None:
    made = product(tmp_path / "clinic", "p { background: url(dot.png) } p::after { content: url('more/dot.png') }")
    (tmp_path / "clinic" / "layouts" / "more").mkdir()
    for side, name in ((9, "dot.png"), (7, "more/dot.png")):
        Image.new("RGB", (side, side), "#c82828").save(tmp_path / "clinic" / "layouts" / name)
    written = typeset.write(typeset.lay_out("<html lang='en'><body><p>Words</p></body></html>", made), made)
    with pikepdf.open(io.BytesIO(written)) as document:
        assert {int(o.Width) for o in document.objects if isinstance(o, pikepdf.Stream) and "/Width" in o} == {9, 7}


def test_what_cannot_be_loaded_is_told_by_its_name_alone(tmp_path: Path) -> None:
    for css, words in (
        ("p { background: url(dot.png) }", "'dot.png' cannot be used: No such file or directory"),
        ("p { background: url(../_brand.yml) }", "'_brand.yml' cannot be used: it lies outside the project"),
    ):
        problem = told(product(tmp_path / words[1:4], css))
        assert (problem.message, problem.path.name, problem.line) == (words, "print.css", 1)


def told(made: Product) -> Problem:
    with pytest.raises(HandoutError) as caught:
        typeset.write(typeset.lay_out("<html lang='en'><body><p>Words</p></body></html>", made), made)
    return caught.value.problems[0]


def breaking(monkeypatch: pytest.MonkeyPatch, door: str, sign: str) -> None:
    """Let the engine break wherever a page's rules hold a sign."""
    seen: list[str] = []
    engine: Any = session.Engine
    lay_out, write = engine.lay_out, engine.write

    def laying_out(self: Any, page: Any) -> Any:
        seen[:] = [page.own]
        if door == "lay_out" and sign in page.own:
            raise IndexError("list index out of range")
        return lay_out(self, page)

    def writing(self: Any, *arguments: Any, **options: Any) -> bytes:
        if door == "write" and sign in seen[0]:
            raise ZeroDivisionError
        return bytes(write(self, *arguments, **options))

    monkeypatch.setattr(engine, "lay_out", laying_out)
    monkeypatch.setattr(engine, "write", writing)


@pytest.mark.parametrize("door", ["lay_out", "write"])
@pytest.mark.parametrize("at", [0, 7, 19])
def test_rule_that_breaks_the_engine_is_named(
    door: str, at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, door, "peru")
    rules = [f".a{n} {{ color: {'peru' if n == at else 'red'} }}" for n in range(20)]
    problem = told(product(tmp_path / "brand", "\n".join(rules)))
    assert (problem.code, problem.path, problem.line) == (
        "style-sheet",
        tmp_path / "brand" / "layouts" / "print.css",
        at + 1,
    )
    assert "the engine breaks: " in problem.message


def test_looking_for_the_rule_ends_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "lay_out", "peru")
    monkeypatch.setattr("handout_builder.pdf.fault_attribution._MOST_SECONDS", 0)
    problem = told(product(tmp_path / "brand", "b { color: red }\ni { color: peru }"))
    assert (problem.path.name, problem.line) == ("print.css", 0)


def test_what_breaks_without_a_brand_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "lay_out", "")
    problem = told(Product(source_of(ROOT / "source" / NAME)))
    assert (problem.code, problem.path) == ("engine", ROOT / "source" / NAME / f"{LANG}.yaml")
    assert "please report it" in problem.hint


def test_complaint_about_a_rule_is_told_with_its_line(tmp_path: Path) -> None:
    problem = told(product(tmp_path / "brand", "b { color: red }\n\ni { colour: red }"))
    assert (problem.code, problem.path.name, problem.line) == ("typesetting", "print.css", 3)
    assert " at " not in problem.message


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 30">{}</svg>'
RECT = '<rect width="90" height="30" fill="#036"/>'
ODD = {
    "far away": RECT + '<path d="M999999 999999L5 5"/>',
    "scaled as far as it goes": f'<g transform="scale(30000) scale(30000) scale(0.000001)">{RECT}</g>{RECT}',
    "ways that add up": RECT + '<path d="M0 0' + "l900000 900000" * 5000 + '"/>',
    "scales in scales": '<g transform="scale(1000000)">' * 40 + RECT + "</g>" * 40 + RECT,
    "a gradient of a million": '<linearGradient id="g" x1="-999999" x2="999999"><stop stop-color="red"/>'
    '<stop offset="1" stop-color="blue"/></linearGradient>' + RECT.replace("#036", "url(#g)"),
    "a gradient of no length": '<linearGradient id="g" x1="1" x2="1"><stop stop-color="red"/>'
    '<stop offset="1" stop-color="blue"/></linearGradient>' + RECT.replace("#036", "url(#g)"),
    "a radius of nothing": '<radialGradient id="g" r="0"><stop stop-color="red"/>'
    '<stop offset="1" stop-color="blue"/></radialGradient>' + RECT.replace("#036", "url(#g)"),
    "flat": f'<g transform="scale(0)">{RECT}</g><g transform="matrix(0 0 0 0 0 0)">{RECT}</g>{RECT}',
    "skewed": f'<g transform="skewX(90)">{RECT}</g>{RECT}',
    "an arc of nothing": RECT + '<path d="M0 0A0 0 0 0 0 9 9A1 1 0 1 1 9 9" stroke="red"/>',
    "inside out": f'<svg viewBox="0 0 0.00001 0.00001" width="90" height="30">{RECT}</svg>{RECT}',
    "mask in mask": f'<mask id="a">{RECT}</mask><mask id="b"><g mask="url(#a)">{RECT}</g></mask>'
    f'<g mask="url(#b)">{RECT}</g>',
    "strange values": '<rect width="90" height="30" fill-opacity="x" stroke-width="-5" stroke="red"'
    ' stroke-dasharray="1,-2" transform="turn(5)" rx="-3"/>',
}


ONE_LINE = (
    "title: T\ndescription: D\nrevised: 2026-01-01\n"
    "sections: [{id: a, heading: A, blocks: [{type: text, text: Words.}]}]\n"
)


@pytest.mark.parametrize("kind", ODD)
def test_odd_logo_gives_a_sound_file_or_its_own_error(kind: str, tmp_path: Path) -> None:
    path, codes = tmp_path / "a.pdf", set()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "en.yaml").write_text(ONE_LINE, "utf-8")
    try:
        branded = product(tmp_path / "brand", logo=SVG.format(ODD[kind]))
        made = Product(load(tmp_path / "one", LANG, common()), branded.brand)
        path.write_bytes(make(made, ("pdf",))["pdf"])
    except HandoutError as error:
        codes = {problem.code for problem in error.problems}
    assert codes == {"brand-logo"} if codes else verapdf.check(path, "3a") == []


def test_a_picture_is_drawn_as_it_was_read(tmp_path: Path) -> None:
    """What is put in its place between layout and writing is another picture, which nobody noted."""
    layouts = tmp_path / "clinic" / "layouts"
    layouts.mkdir(parents=True)
    (tmp_path / "clinic" / "_brand.yml").write_text("meta: {name: Clinic}\n", "utf-8")
    (layouts / "print.css").write_text(f"h2 {{ background: url('{(layouts / 'dot.png').as_uri()}') }}", "utf-8")
    product = Product(source_of(SHORT), load_brand(tmp_path / "clinic"))
    written = []
    for colour in ("navy", "olive"):
        Image.new("RGB", (24, 24), "navy").save(layouts / "dot.png")
        pages = typeset.lay_out(printing.print_html(product, printing.first_pages(product)), product)
        Image.new("RGB", (24, 24), colour).save(layouts / "dot.png")
        written.append(typeset.write(pages, product))
    assert written[0] == written[1]


def test_what_is_no_css_is_told_with_its_line() -> None:
    css = "h1 { color: red }\nh2"
    (problem, *_) = style_sheets.findings(Path("print.css"), css, book=False)
    assert (problem.code, problem.line) == ("style-sheet", 2)
    assert "this is no CSS" in problem.message
