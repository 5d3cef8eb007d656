"""Who has a handout on paper reads where its links lead."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.pipeline import make
from handout_builder.render.link_addresses import printed
from handout_builder.render.product import Product


def plain(html: str) -> str:
    """Return a page's words as they are read."""
    return re.sub(r"<[^<>]*>", "", printed(html))


@pytest.mark.parametrize(
    ("html", "read"),
    [
        ('See <a href="https://www.nhs.uk/back/">the NHS</a>.', "See the NHS (www.nhs.uk/back)."),
        ('<a href="http://example.com/?a=1&amp;b=2">x</a>', "x (example.com/?a=1&amp;b=2)"),
        ('<a href="https://example.com/rest"><em>example.com/</em>rest</a>', "example.com/rest"),
        ('<a href="https://www.example.com/">Example.com</a>', "Example.com"),
        ('Write to <a href="mailto:a.b@example.org?subject=Hi">us</a>', "Write to us (a.b@example.org)"),
        ('<a href="mailto:a.b@example.org">a.b@example.org</a>', "a.b@example.org"),
        ('<a href="tel:+442079460000">Call us</a>', "Call us (+442079460000)"),
        ('<a href="tel:+442079460000">020 7946 0000</a>', "020 7946 0000"),
        ('<a href="tel:999">Call 999</a>', "Call 999"),
        (f'<a href="https://example.com/{"long/" * 20}">x</a>', "x (example.com/…)"),
        ('<a href="https://a.org">x</a> <a href="https://a.org/">y</a>', "x (a.org) y"),  # it is said once
        ('<a href="#rest">Rest</a>', "Rest"),
        ('<h2><a href="https://a.org">x</a></h2><p><a href="https://a.org">y</a></p>', "xy (a.org)"),
        ('<ul class="source-list"><li><a href="https://doi.org/10">J 1, 2</a></li></ul>', "J 1, 2"),
    ],
)
def test_addresses_stand_behind_the_words_that_do_not_say_them(html: str, read: str) -> None:
    assert plain(html) == read


TEXT = """\
title: A tired back
description: Two things that help.
summary: ["Read [the NHS](https://example.org/back) first."]
revised: 2026-11-01
sections:
  - id: help
    heading: What helps
    blocks:
      - type: text
        text: Walk; see [our page](https://www.example.com/a-page/with-a-name/that-is-rather-long).
"""


@pytest.mark.parametrize("edition", ["a4", "large-print", "one-page"])
def test_pages_say_them_where_there_is_room(tmp_path: Path, edition: str) -> None:
    folder = tmp_path / "back"
    folder.mkdir()
    (folder / "en.yaml").write_text(TEXT, "utf-8")
    made = make(Product(load(folder, "en"), edition=EDITIONS[edition]), ["pdf"])["pdf"]
    read = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    words = "".join("".join(read).split())
    assert ("(example.org/back)" in words) == (edition != "one-page")
    assert ("(www.example.com/a-page/with-a-name/that-is-rather-long)" in words) == (edition != "one-page")
