"""A clinic's name in a script that only its own font has: drawn in the right order, fitted, read as it was written."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from handout_builder.brand.loader import load_brand
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.pdf import glyph_texts
from handout_builder.pipeline import make
from handout_builder.render.product import Product

ARABIC, HEBREW, THAI = "مركز اللوتس للوخز بالإبر", "מרפאת הלוטוס", "คลินิกฝังเข็มดอกบัว"
HANDOUT = """\
title: A title
description: D
revised: 2026-11-28
sections:
  - {id: one, heading: One, blocks: [{type: text, text: Words.}]}
"""


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        ("plain words 12", "plain words 12"),
        (f"{ARABIC[::-1]}", ARABIC),
        (f"Clinic {ARABIC[::-1]} 12", f"Clinic {ARABIC} 12"),
        ("تيب 12، دحأ", "أحد ،12 بيت"),
        ("תיב 9.30 דחא", "אחד 9.30 בית"),
        ("תיב and תיב", "בית and בית"),
    ],
)
def test_words_that_go_from_the_right_are_read_so(drawn: str, read: str) -> None:
    assert "".join(glyph_texts.logical([*drawn])) == read


def font_of(path: Path, text: str) -> None:
    """Write a bold font with a bar for each letter."""
    letters = sorted({*text, *"Clinic of points 0123456789:–-"} - {" "})
    names = {letter: f"u{ord(letter):04X}" for letter in letters}
    builder = FontBuilder(1000, isTTF=True)
    order = [".notdef", "space", *names.values()]
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({ord(" "): "space", **{ord(letter): name for letter, name in names.items()}})
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        if name != "space":
            pen.moveTo((60, 0))
            for corner in ((60, 700), (440, 700), (440, 0)):
                pen.lineTo(corner)
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys(order, (500, 60)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Bars", "styleName": "Bold", "copyright": "Nobody"})
    builder.setupOS2(usWeightClass=700, fsType=0, sxHeight=500, sCapHeight=700)
    builder.setupPost()
    builder.save(path)


@pytest.mark.parametrize("name", [ARABIC, HEBREW, THAI])
@pytest.mark.parametrize("edition", ["a4", "one-page"])
def test_a_name_in_a_clinics_own_script_is_set_and_read(tmp_path: Path, name: str, edition: str) -> None:
    (tmp_path / "clinic").mkdir()
    font_of(tmp_path / "clinic" / "bars.ttf", name)
    (tmp_path / "clinic" / "_brand.yml").write_text(
        f"meta: {{name: {name}}}\n"
        "typography:\n"
        "  fonts: [{family: Bars, source: file, files: [{path: bars.ttf, weight: 700}]}]\n"
        "  headings: Bars\n",
        "utf-8",
    )
    (tmp_path / "handout").mkdir()
    (tmp_path / "handout" / "en.yaml").write_text(HANDOUT, "utf-8")
    product = Product(load(tmp_path / "handout", "en"), load_brand(tmp_path / "clinic"), EDITIONS[edition])
    made = make(product, ("pdf", "epub") if edition == "a4" else ("pdf",))
    with pypdfium2.PdfDocument(made["pdf"]) as pdf:
        read = " ".join(page.get_textpage().get_text_range() for page in pdf)
    assert name in " ".join(read.split())
