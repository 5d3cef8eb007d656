"""Colours in OKLCH and back, beside coloraide's."""

from __future__ import annotations

import random

import pytest
from coloraide import Color

from handout_builder.colour import srgb

GREYS = [f"#{part:02x}{part:02x}{part:02x}" for part in range(0, 256, 51)]


def some_colours(number: int) -> list[str]:
    dice = random.Random(8)
    return GREYS + [f"#{dice.randrange(1 << 24):06x}" for _ in range(number)]


def fitted(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour of OKLCH as coloraide fits it into sRGB."""
    colour = Color("oklch", [lightness, chroma, hue]).convert("srgb").fit("srgb", method="oklch-chroma")
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in colour.coords(nans=False))


def test_lightness_chroma_and_hue_are_those_of_coloraide() -> None:
    for colour in some_colours(100):
        assert srgb.oklch(colour) == pytest.approx(Color(colour).convert("oklch").coords(nans=False), abs=1e-9), colour


def test_contrast_is_that_of_coloraide() -> None:
    colours = some_colours(100)
    for colour, other in zip(colours, reversed(colours), strict=True):
        wanted = Color(colour).contrast(other, method="wcag21")
        assert srgb.contrast(colour, other) == pytest.approx(wanted, abs=1e-9), (colour, other)


def test_each_colour_comes_back_as_itself() -> None:
    for colour in some_colours(100):
        assert srgb.shade(*srgb.oklch(colour)) == colour


def test_what_srgb_has_not_is_fitted_as_by_coloraide() -> None:
    dice = random.Random(9)
    wanted = [(dice.uniform(-0.05, 1.05), dice.uniform(0, 0.4), dice.uniform(0, 360)) for _ in range(60)]
    for colour in wanted:
        assert srgb.shade(*colour) == fitted(*colour), colour


@pytest.mark.parametrize(
    ("text", "found"), [("#12656B", "#12656b"), ("#f80", "#ff8800"), ("#12656b80", None), ("12656b", None), ("", None)]
)
def test_colours_in_hexadecimal_are_read(text: str, found: str | None) -> None:
    assert srgb.plain(text) == found
