"""Words as glyphs, in a typeface made for it: what is written simply, and what is left to the engine."""

from __future__ import annotations

import io

import pytest
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from handout_builder.copies import shaping
from handout_builder.copies.shaping import NotSimpleError, Shaper, Style
from handout_builder.copies.subset_font import Face

CHARACTERS = "ABCDfiא\u0301–す」「（）"
# A pair that has one glyph; letters that are drawn by another's glyph, or by one that no character has.
FEATURES = """
feature liga { sub f i by f_i; } liga;
feature calt { sub A B' by C; sub A C' by odd; sub acute' D by odd; } calt;
feature kern { pos B D -100; } kern;
"""


def face() -> Face:
    """A typeface with few letters, all of them boxes of half an em."""
    names = {letter: {"\u0301": "acute"}.get(letter, f"uni{ord(letter):04X}") for letter in CHARACTERS}
    names |= {letter: letter for letter in "ABCDfi"}
    order = [".notdef", "space", *names.values(), "f_i", "odd"]
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for corner in ((450, 0), (450, 700), (50, 700)):
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap({ord(letter): name for letter, name in names.items()} | {0x20: "space"})
    font.setupGlyf(dict.fromkeys(order, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(order, (500, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupPost()
    addOpenTypeFeaturesFromString(font.font, FEATURES)
    out = io.BytesIO()
    font.save(out)
    return Face(out.getvalue(), "Boxes")


STYLE = Style("en", (0,), 10.0)


@pytest.fixture(scope="module")
def boxes() -> Face:
    return face()


def shaper(boxes: Face, *breaks: int) -> Shaper:
    return Shaper([boxes], lambda *_: {*breaks})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A😀", "a character has no glyph"),
        ("א", "from right to left"),
        ("fi", "a glyph stands for several characters"),
        ("A\u0301D", "a mark has no character of its own"),
    ],
)
def test_what_is_not_simple_is_left_to_the_engine(boxes: Face, text: str, why: str) -> None:
    with pytest.raises(NotSimpleError, match=why):
        shaper(boxes).segments(text, STYLE)


def test_a_letter_that_is_drawn_as_another_is_read_as_itself(boxes: Face) -> None:
    ((segment,), _) = shaper(boxes).segments("AB", STYLE)
    assert b"/ActualText<feff0042>" in segment.parts[0][1]
    ((segment,), (glyphs,)) = shaper(boxes).segments("AC", STYLE)
    assert b"/ActualText" not in segment.parts[0][1]  # its glyph is read as C, as no other character has it
    assert ord("C") in {glyph >> 32 for glyph in glyphs}


def test_blanks_at_which_no_line_ends_hold_words_together(boxes: Face) -> None:
    text = "A – D"
    held, _ = shaper(boxes).segments(text, STYLE)
    parted, _ = shaper(boxes, 2, 4).segments(text, STYLE)
    assert (len(held), len(parted)) == (1, 3)
    assert held[0].width == sum(segment.width + (segment.blank[1] if segment.blank else 0) for segment in parted)


def test_words_are_forgotten_when_they_are_many(boxes: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    own = shaper(boxes)
    first = own.segments("AA BB CC", STYLE)
    monkeypatch.setattr(shaping, "_MOST_WORDS", 2)
    assert own.segments("DD", STYLE) == shaper(boxes).segments("DD", STYLE)
    assert [*own._known[STYLE]] == ["DD"]
    assert own.segments("AA BB CC", STYLE) == first


@pytest.mark.parametrize("text", ["す」」", "（「す）", "「す（す）」」"])
def test_brackets_that_do_not_match_are_of_no_others_script(boxes: Face, text: str) -> None:
    segments, _ = shaper(boxes).segments(text, Style("ja", (0,), 10.0))
    assert sum(segment.width for segment in segments) == 500 * len(text)
