"""Drawings as files: the words in them are outlines of our fonts, placed as the words were."""

from __future__ import annotations

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from helpers.project import FONTS
from lxml import etree

from handout_builder.figures.files import svg_file
from handout_builder.typefaces.outlines import outline

SVG = "{http://www.w3.org/2000/svg}"


def drawing(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" role="img" class="chart">{body}</svg>'


def text(anchor: str, words: str = "BL23") -> str:
    return f'<text x="50" y="20" font-family="x" font-size="10" fill="#123456"{anchor}>{words}</text>'


@pytest.mark.parametrize(
    ("words", "weight", "file"), [("BL23 yù", 700, "NotoSans-Bold"), ("と", 400, "HandoutHan-Regular")]
)
def test_outlines_are_those_of_the_font(words: str, weight: int, file: str) -> None:
    found = outline(words, weight)
    with TTFont(FONTS / f"{file}.ttf") as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        scale = 1000 / font["head"].unitsPerEm
        widths = [glyphs[names[ord(c)]].width * scale for c in words]
        assert found.advance == pytest.approx(sum(widths), abs=2)
        pen = SVGPathPen(glyphs)
        glyphs[names[ord(words[0])]].draw(pen)
        bounds = BoundsPen(glyphs)
        glyphs[names[ord(words[0])]].draw(bounds)
    assert found.data.count("z") >= pen.getCommands().count("Z") > 0
    start = tuple(map(int, found.data[1:].split("l")[0].split("q")[0].split("c")[0].split(",")))
    left, low, right, high = bounds.bounds
    assert left * scale - 1 <= start[0] <= right * scale + 1
    assert low * scale - 1 <= start[1] <= high * scale + 1


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(KeyError, match="\u0e01"):
        outline("a\u0e01", 400)


@pytest.mark.parametrize(("anchor", "share"), [("", 0), (' text-anchor="middle"', 0.5), (' text-anchor="end"', 1)])
def test_words_stand_where_they_stood(anchor: str, share: float) -> None:
    (path,) = etree.fromstring(svg_file(drawing(text(anchor)), 200)).iter(f"{SVG}path")
    place, scale = path.get("transform").split(" scale")
    x, y = map(float, place.removeprefix("translate(").rstrip(")").split())
    assert x == pytest.approx(50 - share * outline("BL23", 400).advance / 100, abs=0.02)
    assert (y, scale) == (20, "(0.010000 -0.010000)")
    assert path.get("fill") == "#123456"


def test_parts_of_a_line_follow_each_other() -> None:
    words = '<tspan font-weight="700" fill="#654321">BL23</tspan> yù'
    first, second = etree.fromstring(svg_file(drawing(text("", words)), 200)).iter(f"{SVG}path")
    assert (first.get("fill"), second.get("fill")) == ("#654321", "#123456")
    assert float(second.get("transform").partition("(")[2].split()[0]) == pytest.approx(
        50 + outline("BL23", 700).advance / 100, abs=0.02
    )


def test_what_is_used_twice_is_drawn_twice() -> None:
    body = '<g id="half"><path d="M0,0h9v9z"/></g><use href="#half" transform="scale(-1 1)"/>'
    svg = etree.fromstring(svg_file(drawing(body), 200))
    assert [path.get("d") for path in svg.iter(f"{SVG}path")] == ["M0,0h9v9z"] * 2
    assert [group.get("transform") for group in svg.iter(f"{SVG}g")] == [None, "scale(-1 1)"]
    assert (svg.get("width"), svg.get("height")) == ("200", "100")
