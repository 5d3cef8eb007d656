"""What people write that is no YAML: each mistake is told in their words, on its line, with how it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import common

from handout_builder.content.loader import load
from handout_builder.content.yaml_reader import yaml_file
from handout_builder.errors import HandoutError

BEFORE = "title: Neck pain\nsections:\n  - id: rest\n"
BEHIND = "\n    blocks:\n      - type: text\n"


def told(text: str) -> tuple[int, str, str]:
    """Return the line, the message and the hint of the one mistake of a text."""
    with pytest.raises(HandoutError) as caught:
        yaml_file(Path("en.yaml"), text)
    (problem,) = caught.value.problems
    assert problem.code == "yaml"
    return problem.line, problem.message, problem.hint


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("\theading: Rest", "begins with a tab", "blanks"),
        ("\u3000\u3000heading: Rest", "begins with a blank that is none", "type blanks"),
        ("    heading：Rest", "no plain colon", "write heading: Rest"),
        ("    heading:\u00a0Rest", "no plain colon", "write heading: Rest"),
        ("    heading:Rest", "a blank is missing behind the colon", "write heading: Rest"),
        ("    heading: Remember: breathe", "a colon and a blank inside", 'write heading: "Remember: breathe"'),
        ("    dose: side: both, days: 7", "several keys behind a colon", "write dose: {side: both, days: 7}"),
        ("    heading: “Rest: how to”", "a colon and a blank inside", 'write heading: "Rest: how to"'),
        ('    heading: He: "rest"', "a colon and a blank inside", "write heading: 'He: \"rest\"'"),
        ('    heading: "Rest', "opened here and not closed", 'put " at the end'),
        ("    heading: 'Don't rest'", "goes on behind its closing", 'write heading: "Don\'t rest"'),
        ('    heading: "Say "rest" to me"', "goes on behind its closing", "write heading: 'Say \"rest\" to me'"),
        ('    heading: "Rest" is best', "goes on behind its closing", "write heading: '\"Rest\" is best'"),
        ('    heading: "C:\\pictures"', "a backslash", "write heading: 'C:\\pictures'"),
        ("    heading: **Gently** press", "cannot begin with *", 'write heading: "**Gently** press"'),
        ("    heading: [肾俞]{lang=ja} is", "cannot begin with [", 'write heading: "[肾俞]{lang=ja} is"'),
        ("    heading: @home", "cannot begin with @", 'write heading: "@home"'),
        ("    heading: > 5 times", "cannot begin with >", 'write heading: "> 5 times"'),
        ("     heading: Rest", "does not begin where it should", "5 blanks stand before it"),
        ('    x: {heading: "Rest, lang: ja}', "opened here and not closed", "put the same mark"),
        ('    x: {heading: "C:\\q"}', "a backslash", "single ones"),
        ("    x: {heading: *rest}", "cannot begin with *", "quotation marks"),
        ("--- again", "a second document begins here", "delete this line"),
        ("    x: {a: 'b' c: d}", "is no list of keys and values", "quotation marks around a text"),
        ("    heading Rest", "neither a key with its value", "write key: value"),
    ],
)
def test_a_mistake_is_told_in_the_line_that_has_it_with_its_cure(line: str, message: str, hint: str) -> None:
    number, said, cure = told(f"{BEFORE}{line}{BEHIND}")
    assert (number, message in said, hint in cure) == (4, True, True), (said, cure)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("rows: [Sit, Walk", "a [ is opened here", "put ] where it ends"),
        ("x: {heading: Rest", "a { is opened here", "put } where it ends"),
        ('text: "Sit', "a quotation mark is opened here", 'put " at the end'),
    ],
)
def test_what_is_left_open_is_told_where_it_is_opened(line: str, message: str, hint: str) -> None:
    number, said, cure = told(f'title: "Rest\n  and walk"\n{line}\nitems: [a, b]\ny: "Stand"\n')
    assert (number, message in said, hint in cure) == (3, True, True), (said, cure)


@pytest.mark.parametrize("entry", ["-Rest", "• Rest", "* Rest"])
def test_an_entry_begins_with_a_hyphen_and_a_blank(entry: str) -> None:
    number, _, cure = told(f"items:\n  - Sit\n  {entry}\n  - Walk\n")
    assert (number, cure) == (3, "write - Rest")


def test_an_entry_that_stands_deeper_is_no_part_of_the_text_above() -> None:
    number, message, _ = told("items:\n - Sit\n  - Rest\n")
    assert (number, "its hyphen stands deeper" in message) == (3, True)
    file = yaml_file(Path("en.yaml"), 'items:\n - "Sit\n  - or rest"\n - Walk on\n  and on\n')
    assert file.value == {"items": ["Sit - or rest", "Walk on and on"]}


@pytest.mark.parametrize(
    ("text", "line", "message", "cure"),
    [
        (
            ">-\n  You:\n  - lie awake,\n  - wake up.\n",
            3,
            "this item is run into the line above",
            "write |- instead of >",
        ),
        (">-\n  You lie awake.\n  1. Sit.\n  2. Walk.\n", 3, "this item is run into the line above", "write |-"),
        ('"Eat early.\n  - Drink water.\n  - Rest."', 2, "this item is run into the line above", "write |-"),
        (">-\n  Sit down.\n\n  Walk on.\n", 4, "one blank line begins no paragraph here", "write |- instead of >"),
        ("Sit down.\n\n  Walk on.\n", 3, "one blank line begins no paragraph here", "write |-"),
    ],
)
def test_paragraphs_and_items_that_yaml_would_run_together_are_told(
    text: str, line: int, message: str, cure: str
) -> None:
    number, said, hint = told(f"text: {text}\nb: c\n")
    assert (number, message in said, cure in hint) == (line, True, True), (said, hint)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (">-\n  Sit – or\n  walk.\n", "Sit – or walk."),
        (">-\n  Sit for\n  2. You may walk.\n", "Sit for 2. You may walk."),
        (">-\n  Sit.\n\n\n  Walk.\n", "Sit.\n\nWalk."),
        (">-\n  You:\n\n  - sit\n\n  - walk\n", "You:\n- sit\n- walk"),
        (">-\n  You:\n    - sit\n    - walk\n", "You:\n  - sit\n  - walk"),
        ("|-\n  You:\n  - sit\n  - walk\n", "You:\n- sit\n- walk"),
        (">-\n  Sit.\n\n# a remark", "Sit."),
        (">-\n  - a\n  b\n", "- a b"),
    ],
)
def test_what_keeps_its_lines_is_as_it_was(text: str, value: str) -> None:
    assert yaml_file(Path("en.yaml"), f"text: {text}\nb: c\n").value == {"text": value, "b": "c"}


SEVERAL = """\
title:Neck pain
description: Remember: breathe
sections:
  - id: rest
    heading: **Rest**
    blocks:
\t  - type: text
        text: Sit
      - type: text
        text: "Sit down
      - type: text
        text: 'Don't sit'
       - type: text
         text: Walk
      * type: text
"""


def all_told(text: str) -> list[tuple[int, str]]:
    """Return the line and the message of each mistake of a text."""
    with pytest.raises(HandoutError) as caught:
        yaml_file(Path("en.yaml"), text)
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_all_mistakes_are_told_at_once() -> None:
    assert [line for line, _ in all_told(SEVERAL)] == [1, 2, 5, 7, 10, 12, 13, 15]


def test_what_follows_from_a_mistake_is_not_told() -> None:
    """A text that goes on in the next line is not closed where the first one ends."""
    said = 'title: Rest\ntext: "Sit\n  and walk\n  at home\nrevised: 2026-11-28\n'
    assert [line for line, _ in all_told(said)] == [2]
    assert [line for line, _ in all_told("items:\n  - {a: 1\n  b: 2\n")] == [2]


def test_a_file_of_tabs_is_one_mistake() -> None:
    said = "title: Rest\nsections:\n\t- id: rest\n\t\theading: Rest\n\t\tblocks: []\n"
    assert [line for line, _ in all_told(said)] == [3]


def test_what_is_wrong_besides_is_told_at_once(tmp_path: Path) -> None:
    """As it would be when all hints were followed."""
    folder = tmp_path / "source" / "neck"
    folder.mkdir(parents=True)
    rows = ("titel: Neck", "description: Remember: breathe", "revised: 2026-13-01", "sections: []")
    (folder / "en.yaml").write_text("\n".join(rows), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en", common())
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [
        (1, "unknown-key"),
        (2, "yaml"),
        (3, "yaml"),
        (4, "value"),
    ]


def test_nothing_is_concluded_from_a_guess(tmp_path: Path) -> None:
    """A line that begins too early may belong deeper, or elsewhere."""
    folder = tmp_path / "source" / "neck"
    folder.mkdir(parents=True)
    rows = (
        "title: T",
        "description: D",
        "revised: 2026-12-01",
        "sections:",
        "  - id: a",
        "    heading: A",
        "  blocks: []",
    )
    (folder / "en.yaml").write_text("\n".join(rows), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en", common())
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(7, "yaml")]
