"""Two texts that stand together are built alike; where they are not, it is told which part is another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from helpers.project import SHORT, source_of

from handout_builder.content.loader import Source
from handout_builder.content.schema import Chart, Handout, Term
from handout_builder.errors import HandoutError
from handout_builder.render.bilingual import refuse_unlike


def sections(handout: Handout, *, drop: bool) -> dict[str, Any]:
    """The sections without the last, or with a chart of another point at the end of it."""
    first, last = handout.sections
    if drop:
        return {"sections": [first]}
    chart = Chart(type="chart", title="The back", caption="Where it is.", view="back", points=["BL23"])
    return {"sections": [first, last.model_copy(update={"blocks": [*last.blocks, chart]})]}


def other(source: Source, change: Callable[[Handout], dict[str, Any]]) -> Source:
    return replace(source, handout=source.handout.model_copy(update=change(source.handout)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda handout: {"summary": [*handout.summary, "More."]}, "another number of lines in the summary"),
        (lambda _: {"glossary": [Term(term="cun", text="A measure.")]}, "another number of words in the gloss"),
        (lambda handout: sections(handout, drop=True), "other sections"),
        (lambda handout: sections(handout, drop=False), "other blocks in the section 'the-points'"),
    ],
)
def test_texts_that_are_built_otherwise_do_not_stand_together(
    change: Callable[[Handout], dict[str, Any]], told: str
) -> None:
    source = source_of(SHORT)
    refuse_unlike(source, source)
    with pytest.raises(HandoutError, match=told):
        refuse_unlike(source, other(source, change))


def test_charts_stand_together_when_they_have_the_same_points() -> None:
    source = source_of(SHORT)
    one = other(source, lambda handout: sections(handout, drop=False))
    refuse_unlike(one, one)
    moved = other(source, lambda handout: {"sections": [handout.sections[0], _with_other_points(one)]})
    with pytest.raises(HandoutError, match="other blocks in the section 'the-points'"):
        refuse_unlike(one, moved)


def _with_other_points(source: Source) -> Any:
    section = source.handout.sections[1]
    *blocks, chart = section.blocks
    return section.model_copy(update={"blocks": [*blocks, chart.model_copy(update={"points": ["GV3"]})]})
