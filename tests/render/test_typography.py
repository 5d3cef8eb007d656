"""`typography: smart`: pages and book have the marks of the language, and all else of the handout is what it was."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.project import SHORT, SOURCE, common, source_of
from lxml import etree
from pypdfium2 import PdfDocument

from handout_builder.brand.loader import load_brand
from handout_builder.builder.checking import check
from handout_builder.builder.incremental import build
from handout_builder.content.loader import Source, load
from handout_builder.editions import EDITIONS
from handout_builder.orders import Order
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

TEXT = """\
title: 'What "good sleep" means'
subtitle: It isn't magic
kicker: Mara's "leaflet"
description: 'Habits for "good sleep", 1/2 an hour each.'
author: Mara O'Lind
revised: 2026-11-23
{wish}sections:
  - id: habits
    heading: '"Habits" -- what it''s about'
    blocks:
      - type: text
        text: >-
          She said "sleep" -- for 7-8 hours, 1/2 of it before 2:00, on a 3/16 inch mat, at EX-B2. The body's clock.
      - type: figure
        image: photo.svg
        alt: 'A "bed"'
        marks: [{{at: [50, 50], label: 'It''s "here"'}}]
      - type: table
        columns: ["It's", '"This"']
        rows: [['2-3 "cups"', ""]]
      - type: invitation
        brand: clinic
        text: "Come, it's near."
glossary:
  - {{term: clock, forms: ["body's clock"], text: 'What says "night".'}}
"""
CLINIC = """\
meta: {{name: "Mara's Clinic"}}
defaults: {{handout: {{{wish}texts: {{en: {{disclaimer: "We aren't \\"invented\\"."}}}}}}}}
"""
SMART = "typography: smart\n"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def handout(folder: Path, wish: str = SMART) -> Source:
    home = folder / "source" / "sleep"
    home.mkdir(parents=True)
    (home / "en.yaml").write_text(TEXT.format(wish=wish), "utf-8")
    (home / "photo.svg").write_text(DRAWING, "utf-8")
    return load(home, "en", common())


def page(product: Product) -> str:
    product = printed(product)
    return printing.print_html(product, printing.first_pages(product))


def clinic(folder: Path, wish: str = "") -> Path:
    (folder / "clinic").mkdir()
    (folder / "clinic" / "_brand.yml").write_text(CLINIC.format(wish=wish), "utf-8")
    return folder / "clinic"


def test_files_are_read_with_the_marks_of_the_language(tmp_path: Path) -> None:
    source = handout(tmp_path)
    order = Order(source.folder, "en", None, (EDITIONS["a4"], EDITIONS["one-page"]))
    build([order], tmp_path)
    with PdfDocument(tmp_path / "sleep.en.pdf") as document:
        text = " ".join(document[0].get_textpage().get_text_bounded().split())
        metadata = document.get_metadata_dict()
    said = ("What “good sleep” means", "It isn’t magic", "“Habits” – what it’s about", "“sleep” – for 7–8 hours")
    said += ("½ of it before 2:00", "3/16 inch", "at EX-B2", "The body’s clock", "2–3 “cups”", "It’s “here”", "O’Lind")
    assert [words for words in (*said, "Mara’s “leaflet”", "What says “night”.") if words not in text] == []
    assert '"' not in text
    assert "'" not in text
    assert metadata["Title"] == "What “good sleep” means"
    with zipfile.ZipFile(tmp_path / "sleep.en.epub") as book:
        pages = {name: book.read(name) for name in book.namelist() if name.endswith((".xhtml", ".opf", ".ncx"))}
    words = {name: "".join(etree.fromstring(data).itertext()) for name, data in pages.items()}
    assert "“sleep” – for 7–8\u00a0hours" in " ".join(words.values())
    assert [name for name, text in words.items() if '"' in text or "'" in text] == []
    assert ' alt="A “bed”' in " ".join(data.decode() for data in pages.values())


def test_the_rules_read_what_was_written(tmp_path: Path) -> None:
    told = []
    for number, wish in enumerate(("typography: smart\n", "typography: as-written\n")):
        source = handout(tmp_path / str(number), wish)
        order = Order(source.folder, "en", None, (EDITIONS["a4"],))
        told.append([(problem.code, problem.message, problem.line) for problem in check([order])])
    assert told[0] == told[1]
    assert told[0]


def test_a_brand_may_wish_it_and_a_handout_may_not(tmp_path: Path) -> None:
    unsaid, never = handout(tmp_path / "a", ""), handout(tmp_path / "b", "typography: as-written\n")
    plain, wishing = (
        load_brand(clinic(tmp_path / name, wish)) for name, wish in (("a", ""), ("b", SMART.strip() + ", "))
    )
    assert "She said &#34;sleep&#34; -- for" in page(Product(unsaid)).replace("&quot;", "&#34;")
    assert "She said “sleep” – for" in page(Product(unsaid, wishing))
    for product in (Product(unsaid, plain), Product(never, wishing)):
        assert "“sleep”" not in page(product)
    html = page(Product(unsaid, wishing))
    assert "We aren’t “invented”." in html
    assert "Come, it’s near." in html


SHIPPED = [path for path in sorted(SOURCE.glob("*/*.yaml")) if path.parent.name != "shared"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_what_is_shipped_is_set_already(path: Path) -> None:
    """With all that handouts of its language share."""
    source = load(path.parent, path.stem)
    wished = source.handout.model_copy(update={"typography": "smart"})
    product = printed(Product(replace(source, handout=wished)))
    assert product.source.handout == wished
    assert product.source.shared == source.shared


def test_without_a_wish_a_product_is_what_it_was() -> None:
    product = Product(source_of(SHORT))
    assert printed(product) is product


@pytest.mark.parametrize("value", ["Smart", "typographic", "true"])
def test_what_may_be_written_is_told(tmp_path: Path, value: str) -> None:
    from handout_builder.errors import HandoutError

    with pytest.raises(HandoutError, match="'typography' should be one of: smart, as-written"):
        handout(tmp_path, f"typography: {value}\n")
