"""Drawings as files: words are outlines that stand where the words stood."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from handout_builder.figures.files import svg_file

DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 40" lang="en">
  <text x="100" y="20" font-size="10" fill="#000" {anchor}>Half <tspan font-weight="700">bold</tspan></text>
</svg>"""


def begin(anchor: str) -> list[float]:
    """Return where each outline of the text begins, in units of the drawing."""
    root = etree.fromstring(svg_file(DRAWING.format(anchor=anchor), 400))
    places = [path.get("transform") for path in root.iter("{*}path")]
    return [float(found[1]) for place in places if (found := re.match(r"translate\(([-\d.]+) 20\)", place))]


@pytest.mark.parametrize(
    ("anchor", "share"), [('text-anchor="start"', 0), ('text-anchor="middle"', 0.5), ('text-anchor="end"', 1)]
)
def test_outlines_begin_where_their_words_did(anchor: str, share: float) -> None:
    plain, own = begin(""), begin(anchor)
    length = 100 - begin('text-anchor="end"')[0]
    assert 30 < length < 60
    assert plain[0] == 100
    assert own == pytest.approx([place - share * length for place in plain], abs=0.02)
