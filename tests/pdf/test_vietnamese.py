"""Every letter of Vietnamese with its marks is read back as one, in each look: regular, bold, headings, drawings."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import product
from pathlib import Path

import pypdfium2
import pytest

from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.looks import LOOKS, Look
from handout_builder.pipeline import make
from handout_builder.render.product import Product

VOWELS, TONES = "aăâeêioôơuưy", ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
SMALL = [unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)]
WORDS = [f"t{letter}n" for letter in (*SMALL, "đ")] + [f"{letter}n".upper() for letter in (*SMALL, "đ")]


@pytest.mark.parametrize("look", LOOKS.values(), ids=lambda look: look.name)
def test_words_are_read_as_they_were_written(look: Look, tmp_path: Path) -> None:
    words = " ".join(WORDS)
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "vi.yaml").write_text(
        f"title: Thị Hẹn\ndescription: D\nrevised: 2026-11-28\nsections:\n  - id: one\n    heading: {words[:39]}\n"
        f"    blocks:\n      - {{type: text, text: '{words}'}}\n      - {{type: text, text: '**{words}**'}}\n"
        "      - {type: chart, view: head-back, points: [BL9, BL10], title: T, caption: C}\n",
        "utf-8",
    )
    made = make(Product(load(folder, "vi"), edition=replace(EDITIONS["a4"], look=look)), ["pdf"])["pdf"]
    with pypdfium2.PdfDocument(made) as document:
        found = " ".join(page.get_textpage().get_text_range() for page in document).split()
    assert len(WORDS) == 146
    assert {word: found.count(word) for word in WORDS if found.count(word) < 2} == {}
    # The drawing has a narrow column in the compact look, and so codes alone.
    assert look.name == "compact" or {"Ngọc", "trụ"} <= {*found}
