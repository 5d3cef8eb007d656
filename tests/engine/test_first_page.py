"""The first page, told before the others are laid out: what it shows is what the finished page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from helpers.project import LANG, NAME, ROOT, SHORT, common
from PIL import Image

from handout_builder import pipeline
from handout_builder.content.loader import load
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.engine.session import session
from handout_builder.errors import HandoutError
from handout_builder.pdf import typeset
from handout_builder.pdf.layout_faults import Ink
from handout_builder.pdf.pages import Pages
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

FOOT = 0.93  # where it begins on the page


def product(folder: Path = SHORT, lang: str = LANG) -> Product:
    """Return a handout."""
    return printed(Product(load(folder, lang, common(lang)), edition=EDITIONS[DEFAULT]))


def told(one: Product) -> tuple[list[tuple[bytes, Sequence[Ink]]], Pages]:
    """Return what is told of a first page, and the pages."""
    first: list[tuple[bytes, Sequence[Ink]]] = []
    with typeset.first_page(one, lambda pdf, ink: first.append((pdf, ink))):
        return first, pipeline.laid_out(one)[1]


def without_foot(pdf: bytes) -> Image.Image:
    """Return the first page above its foot."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture: Image.Image = page.render().to_pil().convert("RGB")
    return picture.crop((0, 0, picture.width, int(picture.height * FOOT)))


@pytest.mark.parametrize("lang", [LANG, "zh-Hans"])  # in one letters are joined for the layout: see pdf/joiners.py
def test_the_first_page_shows_what_the_finished_one_shows(lang: str) -> None:
    one = product(ROOT / "source" / NAME, lang)
    first, pages = told(one)
    with session() as engine:
        if engine.plain:  # which lays out all pages before it gives any
            assert first == []
            return
    ((pdf, ink),) = first
    whole = typeset.preview(pages, one, [0])
    assert without_foot(pdf).tobytes() == without_foot(whole).tobytes()
    assert {piece.words for piece in ink if piece.heading} == {piece.words for piece in pages.ink[0] if piece.heading}
    # What tells how many pages there are is not known yet.
    assert not any(piece.around.running for piece in ink)
    assert any(piece.around.running for piece in pages.ink[0])


def test_no_first_page_is_told_that_will_be_mended() -> None:
    one = product()
    long = one.source.handout.model_copy(update={"title": "pneumono" * 60})
    first, _ = told(replace(one, source=replace(one.source, handout=long)))
    assert first == []


def test_where_the_first_page_cannot_be_drawn_the_others_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise HandoutError([])

    with monkeypatch.context() as context:
        context.setattr(typeset, "_shown", refuse)
        first, pages = told(product())
    assert (first, pages.count) == ([], 2)


def test_without_the_speed_layer_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with session() as engine:
        monkeypatch.setattr(engine, "speed", None)
    first, pages = told(product())
    assert (first, pages.count) == ([], 2)
