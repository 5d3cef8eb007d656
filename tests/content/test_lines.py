"""Lines of a handout's file are found by what stands on its pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import SHORT, source_of

from handout_builder.content import lines
from handout_builder.content.yaml_reader import Location, yaml_file


@pytest.mark.parametrize(
    ("words", "line"),
    [("Knees bend", 1), ("  Slow movements ", 2), ("all slow  movements help", 2), ("by the by", 0), ("nothing", 0)],
)
def test_words_are_found_whole_or_by_their_longest(words: str, line: int) -> None:
    file = yaml_file(Path("en.yaml"), "title: Knees bend\ntext: Slow movements by day\n")
    assert lines.of_words(words, file) == line


@pytest.mark.parametrize(
    ("ident", "wanted"),
    [
        ("title", ("title",)),
        ("in-short_items-1", ("summary", 0)),
        ("the-points", ("sections", 1)),
        ("the-points_1-1", ("sections", 1, "blocks", 0, "points", 0)),
        ("before-you-press_1-2", ("sections", 0, "blocks", 0)),
        ("the-points_9", ("sections", 1)),  # advice that the program adds behind the author's blocks
        ("nowhere_1", ()),
        ("the-points_x", ()),
    ],
)
def test_an_element_is_of_the_part_that_its_id_tells(ident: str, wanted: Location) -> None:
    assert lines.location(ident, source_of(SHORT).handout) == wanted
