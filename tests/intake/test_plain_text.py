"""Headings of plain text, and the exercises below them, which have the same level."""

from __future__ import annotations

import pytest

from handout_builder.intake import exercises, plain_text
from handout_builder.intake.outline import Heading, words


def headings(text: str) -> list[tuple[int, str]]:
    outline = exercises.set_below_their_heading(plain_text.outline(text), ("exercise*",))
    return [(block.level, words(block.runs)) for block in outline.blocks if isinstance(block, Heading)]


@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("¿Por qué duele?", True),
        ("「冷え」とは", True),
        ("“Cold” shoulders", True),
        ("“It hurts at night”", False),
        ("8 times, once a day", False),
    ],
)
def test_a_heading_may_begin_with_a_mark(line: str, *, is_heading: bool) -> None:
    assert headings(f"Sleep\n\nSome words.\n\n{line}\n\nMore words.\n")[1:] == [(2, line)] * is_heading


@pytest.mark.parametrize(
    ("line", "is_title"), [("5 points for sleep", True), ("12 March 2026", False), ("1. Lie", False)]
)
def test_a_title_may_begin_with_a_number(line: str, *, is_title: bool) -> None:
    assert headings(f"{line}\n\nSome words.\n") == [(1, line)] * is_title


STEPS = "1. Sit.\n2. Stand.\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Exercises\n\nPendulum\n\n{STEPS}\n8 times.\n\nWall\n\n{STEPS}\nLast\n\nWords.\n", [2, 3, 3, 2]),
        (f"Exercises\n\nDo both.\n\nPendulum\n\n{STEPS}", [2, 3]),
        (f"■ Exercises\n\nPendulum\n\n{STEPS}\n■ Sleep\n\n{STEPS}", [2, 3, 2]),
        (f"Exercises\n\nWords.\n\nPendulum\n\nSwing.\n\nWall\n\n{STEPS}", [2, 2, 2]),
        (f"Habits\n\nPendulum\n\n{STEPS}", [2, 2]),
    ],
)
def test_exercises_stand_below_the_heading_that_speaks_of_them(text: str, found: list[int]) -> None:
    assert [level for level, _ in headings(f"Title\n\nSome words.\n\n{text}")[1:]] == found
