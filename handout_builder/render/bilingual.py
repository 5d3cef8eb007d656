"""A handout in two languages: which blocks stand twice, and which block of one text is that of the other."""

from typing import Any

from handout_builder.content.loader import Source
from handout_builder.errors import HandoutError, Problem

TWICE = frozenset(
    (
        *("text", "list", "definitions", "table", "columns", "questions", "quote", "notice", "checklist", "exercise"),
        "video",
    )
)
"""The types of blocks that stand once in each language: prose, and what reads like it. Others are one thing with the
words of both: headings, cards, drawings, warnings, what is written on."""


def refuse_unlike(first: Source, *others: Source) -> None:
    """Raise HandoutError where a text has other sections or blocks than the first: they would not stand together."""
    for other in others:
        for what in _differences(first, other)[:1]:  # each may be why the next is
            hint = f"bring it in step with {first.lang}.yaml; see: make_handout.py check --lang {other.lang}"
            message = f"it is built otherwise than in the other language: {what}"
            raise HandoutError([Problem("two-languages", message, other.path, hint=hint)])


def _differences(first: Source, other: Source) -> list[str]:
    """Return what is built otherwise in a text than in another."""
    if len(first.handout.summary) != len(other.handout.summary):
        return ["another number of lines in the summary"]
    if len(first.handout.glossary) != len(other.handout.glossary):
        return ["another number of words in the glossary"]
    one, two = (
        [(section.id, [_form(block) for block in section.blocks]) for section in source.handout.sections]
        for source in (first, other)
    )
    if [name for name, _ in one] != [name for name, _ in two]:
        return ["other sections"]
    return [
        f"other blocks in the section '{name}'"
        for (name, blocks), (_, others) in zip(one, two, strict=True)
        if blocks != others
    ]


def _form(block: Any) -> tuple[Any, ...]:
    """Return what must be equal of two blocks, so that what is printed once fits both."""
    if block.type == "points":
        return block.type, [card.code for card in block.points]
    if block.type in ("chart", "overview"):
        return block.type, block.points
    if block.type == "safety":
        return block.type, block.include, block.show
    written_on = {"diary": "rows", "write-in": "fields"}.get(block.type)
    return block.type, len(getattr(block, written_on)) if written_on else 0
