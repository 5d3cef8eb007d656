"""Faults of pages are told where their words come from: the handout's file, or the brand's."""

from __future__ import annotations

import pytest
from helpers.project import ROOT, SHORT, brand_of, source_of

from handout_builder.editions import EDITIONS
from handout_builder.errors import Severity
from handout_builder.pdf.layout_faults import Fault, Kind
from handout_builder.pdf.layout_report import in_drawings, problems
from handout_builder.render.product import Product

BRAND = ROOT / "source" / "brands" / "harbour-lane"
TEXT, OWN = (SHORT / "en.yaml").read_text("utf-8"), (BRAND / "_brand.yml").read_text("utf-8")


def line(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("place", "words", "path", "wanted"),
    [
        ("the-points_1-1", "BL23", SHORT / "en.yaml", line(TEXT, "- code: BL23")),
        ("", "Write what the point is for.", SHORT / "en.yaml", line(TEXT, "Write what the point")),
        ("contact", "12 Harbour Lane", BRAND / "_brand.yml", line(OWN, "12 Harbour Lane")),
        ("", "Harbour Lane Acupuncture", BRAND / "_brand.yml", line(OWN, "Harbour Lane Acupuncture")),
        ("", "xx", SHORT / "en.yaml", 0),
    ],
)
def test_a_fault_is_told_where_its_words_come_from(place: str, words: str, path: object, wanted: int) -> None:
    product = Product(source_of(SHORT), brand_of(BRAND), edition=EDITIONS["a4"])
    faults = [Fault(Kind.OVERFLOW, 2, "it is too wide", words, place)] * 2
    (problem,) = problems(faults, product)
    assert (problem.path, problem.line, problem.code) == (path, wanted, "page-overflow")
    assert problem.message == "it is too wide: page 2 of the edition a4 for the brand harbour-lane"


def test_what_is_not_wrong_but_could_be_better_is_a_warning() -> None:
    product = Product(source_of(SHORT), edition=EDITIONS["a4"])
    fault = Fault(Kind.STRANDED, 1, "a heading", "The points", "the-points")
    (problem,) = problems([fault], product)
    assert (problem.severity, problem.line) == (Severity.WARNING, line(TEXT, "- id: the-points"))
    (problem,) = in_drawings([("drawing-words", "names meet", "the-points_1")] * 2, product)
    assert (problem.code, problem.line) == ("drawing-words", line(TEXT, "- type: points"))
