"""Words of the glossary are linked in the text of the handout, and in no words of a clinic."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from helpers.project import SHORT, source_of

from handout_builder.brand.loader import load_brand
from handout_builder.content import schema
from handout_builder.render import printing
from handout_builder.render.product import Product

BRAND = """\
meta: {name: Knee Clinic, hours: "Opening hours differ: ask", address: "1 Meridian Street"}
defaults: {handout: {texts: {en: {invitation: "Ask us what a meridian is."}}}}
"""


def linked(term: str, folder: Path) -> list[str]:
    """Return what is linked to the glossary in print, with one term in it, and one block that has it at the end."""
    source = source_of(SHORT)
    *before, last = source.handout.sections
    said = schema.Text(type="text", text=f"In the end we speak of {term} here.")
    sections = [*before, last.model_copy(update={"blocks": [*last.blocks, *([said] if term == "meridian" else [])]})]
    glossary = [schema.Term(term=term, text="What it means.")]
    handout = source.handout.model_copy(update={"sections": sections, "glossary": glossary})
    (folder / "_brand.yml").write_text(BRAND, "utf-8")
    product = Product(replace(source, handout=handout), load_brand(folder))
    html = printing.print_html(product, printing.first_pages(product))
    assert "Opening hours" in html
    assert "data-no-glossary" not in html
    return re.findall(r'(?:of )?<a class="term"[^>]*>([^<]*)</a>(?: here)?', html)


def test_a_word_is_linked_where_the_handout_uses_it(tmp_path: Path) -> None:
    assert linked("meridian", tmp_path) == ["meridian"]


def test_the_words_of_a_clinic_and_their_labels_are_not_linked(tmp_path: Path) -> None:
    assert linked("opening hours", tmp_path) == []
    assert linked("street", tmp_path) == []
    assert linked("knee clinic", tmp_path) == []
    assert linked("differ", tmp_path) == []
