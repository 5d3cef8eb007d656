"""Places in words: made from the data of the catalogue and the patterns of the shared texts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from helpers.project import LANG, NAME, SOURCE

from handout_builder.content import place_text
from handout_builder.content.loader import load
from handout_builder.content.schema import Place

GOLDEN = Path(__file__).parent / "place-words.txt"
BOOK = load(SOURCE / NAME, LANG)
PLACED = {code: point.place for code, point in BOOK.points.items() if point.place}


@pytest.mark.parametrize("code", PLACED)
def test_every_place_can_be_told(code: str) -> None:
    long, short = place_text.long_place(PLACED[code], BOOK.shared), place_text.short_place(PLACED[code], BOOK.shared)
    assert place_text.can_tell(PLACED[code], BOOK.shared)
    assert long.endswith(".")
    assert len(long) <= 150
    assert 0 < len(short) <= 36
    for text in (long, short):
        assert not any(sign in text for sign in ("{", "}", "None", "  "))


def test_sentences_of_the_handout() -> None:
    assert place_text.long_place(PLACED["BL23"], BOOK.shared) == (
        "About two finger-widths to each side of the spine, level with the gap below the second lumbar vertebra (L2)."
    )
    assert place_text.long_place(PLACED["GV3"], BOOK.shared) == (
        "One point, in the middle of the spine, in the gap below the fourth lumbar vertebra (L4)."
    )
    assert place_text.short_place(PLACED["BL23"], BOOK.shared) == "2 fingers out, below L2"
    assert place_text.short_place(PLACED["GV3"], BOOK.shared) == "midline, below L4"


def test_all_sentences_are_those_that_were_read() -> None:
    text = "".join(f"{code}: {place_text.long_place(place, BOOK.shared)}\n" for code, place in PLACED.items())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("BL23", {"landmark": "L3"}),
        ("BL23", {"lateral": 3.0}),
        ("BL23", {"lateral": None, "sides": "midline"}),
        ("ST36", {"down": 0.0}),
        ("ST36", {"down": -3.0}),
        ("BL60", {"share": 0.667}),
        ("BL60", {"to": None, "share": None}),
        ("EX-B2", {"to": "L4"}),
    ],
)
def test_each_field_is_heard(code: str, change: dict[str, Any]) -> None:
    changed = Place.model_validate(PLACED[code].model_dump() | change)
    for tell in (place_text.long_place, place_text.short_place):
        assert tell(changed, BOOK.shared)
        assert tell(changed, BOOK.shared) != tell(PLACED[code], BOOK.shared)


def test_what_has_no_words_is_not_told_in_part() -> None:
    assert place_text.long_place(Place(landmark="L2", lateral=1.7), BOOK.shared) == ""
    assert place_text.long_place(Place(landmark="nowhere"), BOOK.shared) == ""
    assert not place_text.can_tell(Place(landmark="nowhere"), BOOK.shared)


def test_the_description_of_a_chart_names_each_point_and_how_it_is_drawn() -> None:
    alt = place_text.chart_alt("lower-back", [BOOK.points["BL23"], BOOK.points["GV3"]], BOOK.shared)
    assert "BL23: two dots, about two finger-widths to each side of the spine, level with the gap below L2." in alt
    assert "GV3: one diamond on the midline, in the gap below L4." in alt
    assert "two finger-widths (1.5 cun)" in alt
