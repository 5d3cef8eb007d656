"""Colours as inks: what is printed with black alone, and what is no profile of a press."""

from __future__ import annotations

from PIL import Image

from handout_builder.colour import inks
from handout_builder.pdf.x4 import FOGRA39


def test_a_picture_without_colours_is_printed_with_black_alone() -> None:
    picture = Image.new("L", (2, 1), 200)
    picture.putpixel((1, 0), 255)
    printed = inks.Cmyk(FOGRA39).picture(picture)
    assert [printed.getpixel((x, 0)) for x in (0, 1)] == [(0, 0, 0, 55), (0, 0, 0, 0)]


def test_a_picture_with_colours_is_printed_with_all_inks() -> None:
    printed = inks.Cmyk(FOGRA39).picture(Image.new("RGB", (1, 1), "#0b2545"))
    cyan, magenta, yellow, _ = printed.getpixel((0, 0))  # type: ignore[misc]
    assert min(cyan, magenta) > max(yellow, 100)


def test_what_is_no_profile_of_a_press_is_told() -> None:
    assert inks.not_for_a_press(FOGRA39.profile) == ""
    assert inks.not_for_a_press(b"nonsense") == "no ICC profile"
    assert inks.not_for_a_press(b"x" * 5_000_001) == "larger than 5 MB"
