"""Figures of the body as SVG: even lines, fades, and windows that look at one side."""

from __future__ import annotations

import json
import re

import pytest
from helpers.project import ROOT

from handout_builder.content import anatomy
from handout_builder.figures import layers

FIGURES = anatomy.figures()
FOLDER = ROOT / "layouts" / "figures"


def drawn(name: str, box: tuple[float, float, float, float] | None = None) -> str:
    frame = layers.Frame.of(name, list(anatomy.figure(name)["frames"])[-1])
    return layers.draw(frame.window(box, 1.0) if box else frame, "light", "x")


def test_a_window_left_of_the_midline_has_the_lines_of_the_one_on_the_right() -> None:
    """The half that is drawn lies on the right; what is seen on the left is its mirror image."""
    right, left = (drawn("head-front", (x, -1560.0, 60.0, 60.0)) for x in (0.0, -60.0))
    assert left == right
    assert "stroke-linecap" in left
    assert left.count("<path") > 5


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_small(name: str) -> None:
    """20 kB of SVG a view: ten views of a handout are no burden for a reading system."""
    assert len(drawn(name)) < 20 * 1024


@pytest.mark.parametrize("name", FIGURES)
def test_every_frame_draws_and_stays_in_its_box(name: str) -> None:
    data = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    for frame in data["frames"]:
        svg = layers.draw(layers.Frame.of(name, frame), "dark", "x")
        assert not re.search(r"nan|inf|None", svg)
    left, top, width, height = data["frames"][list(data["frames"])[-1]]["box"]
    for line in data["lines"].values():
        inside = [(x, y) for x, y in line if left - 40 <= x <= left + width + 40 and top - 40 <= y <= top + height + 40]
        assert inside == [(x, y) for x, y in line]


def test_an_even_line_is_a_line_of_svg_and_thins_out_where_the_body_fades() -> None:
    svg = drawn("leg-outer")
    even = re.findall(r'<path d="[^"]*" fill="none" stroke="[^"]*" stroke-width="3\.20"[^>]*/>', svg)
    assert even
    assert all('stroke-linecap="round"' in path for path in even)
