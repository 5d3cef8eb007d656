"""The net behind the finished PDF: what is planted to be lost is told, and nothing is written."""

from __future__ import annotations

import unicodedata
from typing import Any

import pypdfium2
import pytest
from helpers.project import NAME, ROOT, source_of

from handout_builder.engine.session import session
from handout_builder.errors import HandoutError
from handout_builder.pdf import completeness, objects, typeset
from handout_builder.render.product import Product

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><title>A red box</title>{}</svg>'
RECT = '<rect x="2" y="2" width="20" height="20" fill="#a00"/>'
PAGE = '<html lang="en"><head><title>A title</title></head><body>{}</body></html>'


def written(body: str) -> bytes:
    product = Product(source_of(ROOT / "source" / NAME))
    return typeset.write(typeset.lay_out(PAGE.format(body), product), product)


def told(body: str) -> str:
    with pytest.raises(HandoutError) as caught:
        written(body)
    assert {problem.code for problem in caught.value.problems} == {"incomplete"}
    return " ".join(problem.message for problem in caught.value.problems)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Words and <b>bold</b> words</p><ul><li>One</li></ul>",
        SVG.format(RECT),
        f"<p>{'Words that run over pages. ' * 900}</p>",
        '<p style="text-transform: uppercase">Words</p>',
        '<p hidden="">Words</p>',
        '<div style="position: absolute">Words</div>',
        '<p lang="en" style="width: 3cm; hyphens: auto">Zygapophysial articulation</p>',
        '<p lang="ja">月〜金</p><p lang="ja">毎回15～30秒</p>',
    ],
)
def test_what_is_there_is_found(body: str) -> None:
    assert written(body).startswith(b"%PDF")


LETTERS = "Straße, fluffy Office and Ångström of BL23"
CHANGES = [
    *(
        f"font-variant-caps: {caps}"
        for caps in ("small-caps", "all-small-caps", "petite-caps", "unicase", "titling-caps")
    ),
    *(f"text-transform: {change}" for change in ("uppercase", "lowercase", "capitalize", "full-width")),
    *(f"font-variant-numeric: {numbers}" for numbers in ("oldstyle-nums", "tabular-nums", "ordinal", "slashed-zero")),
    *("font-variant-position: super", "font-variant-ligatures: no-common-ligatures", "font-variant: small-caps"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_letters_that_a_style_sheet_changes_are_read_as_they_are_seen(change: str) -> None:
    pdf = written(f'<p style="{change}">{LETTERS}</p><p>{LETTERS}</p>')
    with pypdfium2.PdfDocument(pdf) as document:
        changed, plain = document[0].get_textpage().get_text_range().splitlines()
    assert plain == LETTERS
    assert unicodedata.normalize("NFKC", changed).casefold() == LETTERS.casefold()


def test_ligatures_are_read_as_letters() -> None:
    with pypdfium2.PdfDocument(written("<p>of ofﬁces</p><p>fingers first, ofﬁces</p>")) as document:
        assert document[0].get_textpage().get_text_range().splitlines() == ["of offices", "fingers first, offices"]


@pytest.mark.parametrize("other", ["fingerS", "fingers fingers", "toes"])
def test_small_capitals_hide_no_other_words(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    read = completeness.read

    def changed(*arguments: Any) -> list[list[str]]:
        return [[line.replace("fingers", other) for line in page] for page in read(*arguments)]

    monkeypatch.setattr(completeness, "read", changed)
    assert "page 1" in told('<p style="font-variant: small-caps">Words</p><p>fingers</p>')


def test_a_drawing_that_comes_out_empty_is_told() -> None:
    assert told(SVG.format("")) == "the picture “A red box” is not in the PDF"
    assert "A red box" in told(SVG.format(f'<g display="none">{RECT}</g>') + SVG.format(RECT).replace("red", "blue"))


def test_a_text_that_is_not_shown_is_told() -> None:
    assert "the text “Lost”" in told('<p>Words</p><p style="display: none">Lost</p>')


def test_lines_that_the_engine_leaves_out_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with session() as engine:
        draw = engine._weasyprint.draw.text
    original = draw.draw_first_line

    def without_one(stream: Any, box: Any, *arguments: Any) -> Any:
        return [] if box.text.startswith("Second") else original(stream, box, *arguments)

    monkeypatch.setattr(draw, "draw_first_line", without_one)
    lost = "the text “Second words” is not in the PDF “Second words” cannot be read on page 1 as it was set"
    assert told("<p>First words</p><p>Second words</p>") == lost


@pytest.mark.parametrize(
    ("style", "what"),
    [
        ("transform: scale(1e30)", "1000"),
        ("margin-left: 1e30px", "1000"),
    ],
)
def test_a_number_that_no_reader_can_hold_is_told(style: str, what: str) -> None:
    assert what in told(f'<p style="{style}">Words</p>')


@pytest.mark.parametrize(
    "drawn", ['<g transform="scale(1e200) scale(1e200)">{}</g>', '<g transform="scale(nan)">{}</g>']
)
def test_a_drawing_with_a_number_that_is_none_is_told(drawn: str) -> None:
    assert "without end" in told(SVG.format(drawn.format(RECT) + RECT))


def test_numbers_in_dictionaries_are_looked_at() -> None:
    with session() as engine:
        pydyf = engine._weasyprint.pdf.pydyf
    pdf = pydyf.PDF()
    pdf.add_object(pydyf.Dictionary({"Coords": pydyf.Array([0, float("nan")]), "BBox": pydyf.Array([0, 2**31])}))
    pdf.add_object(pydyf.Stream([b"0 0 inf 5 re", b"[nan] 0 d", b"<1234567890> Tj", b"1234567890 0 m"]))
    pdf.add_object(pydyf.Stream([b" 9999999999 "], {"Subtype": "/Image"}))
    pdf.add_object(pydyf.Stream([b"q"] * 28 + [b"Q"] * 28 + [b"q"] * 2))
    assert objects.beyond_limits(pdf) == {"nan", str(2**31), "inf"}
    pdf.add_object(pydyf.Stream([b"q"] * 29))
    assert "29 states in one another" in objects.beyond_limits(pdf)
