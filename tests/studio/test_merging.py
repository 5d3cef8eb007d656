"""Two texts that were begun from the same one."""

from __future__ import annotations

import pytest

from handout_builder.studio.merging import differences, merged

BASE = "".join(f"line {number}\n" for number in range(1, 10))


def changed(number: int, words: str) -> str:
    """Return the common text with another line, or without it."""
    return BASE.replace(f"line {number}\n", words)


def test_changes_that_are_apart_are_both_taken() -> None:
    ours, theirs = changed(2, "ours\n"), changed(6, "theirs\nand more\n")
    assert merged(BASE, ours, theirs) == BASE.replace("line 2\n", "ours\n").replace("line 6\n", "theirs\nand more\n")
    assert merged(BASE, BASE, theirs) == theirs
    assert merged(BASE, changed(9, ""), changed(1, "")) == BASE.removeprefix("line 1\n").removesuffix("line 9\n")


def test_the_same_change_of_both_is_taken_once() -> None:
    both = changed(4, "the same\n")
    assert merged(BASE, both, both) == both


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(changed(4, "a\n"), changed(4, "b\n")), (changed(4, ""), changed(5, "b\n")), ("all new\n", changed(5, "b\n"))],
    ids=["line", "beside", "all"],
)
def test_changes_of_the_same_place_are_for_the_author_to_choose(ours: str, theirs: str) -> None:
    assert merged(BASE, ours, theirs) is None


def test_differences_are_told_from_above() -> None:
    found = differences(changed(2, "ours\n"), changed(6, "theirs\n"))
    assert [tuple(one) for one in found] == [("ours", "line 2"), ("line 6", "theirs")]
