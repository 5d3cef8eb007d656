"""Edits of YAML files: what is not edited stays as it was, byte for byte."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from helpers.project import ROOT

from handout_builder.studio import forms
from handout_builder.studio.document import Document, EditError, location, pointer

ODD = """\
# By hand, in a form of its own.
title:   A title     # the author's
b: {x: [1,2],  y: 'q'}   # keep
list:
- one
- two   # odd

# About what follows.
words: >-
    Words in a
    folded text.


last:  "z"
"""
FILES = sorted(
    path
    for pattern in ("source/*/*.yaml", "source/brands/*/_brand.yml", "tests/samples/handouts/*/en.yaml")
    for path in ROOT.glob(pattern)
    if path.parent.name not in ("shared", "points")
)
HANDOUTS = [path for path in FILES if path.name != "_brand.yml" and path.read_text("utf-8").count("\n  - id: ") > 1]


def changes(before: str, after: str) -> list[str]:
    """Return the lines that are other, each with + or -."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_one_edit_changes_one_line_of_every_shipped_file(path: Path) -> None:
    text = path.read_text("utf-8")
    document = Document(text)
    place = ("title",) if "title" in document.value else ("meta", "name")
    if isinstance(document.at(place), dict):
        place = (*place, "full")
    document.set(place, "Another")
    assert len(changes(text, document.text)) == 2
    assert document.at(place) == "Another"


@pytest.mark.parametrize("path", HANDOUTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_moved_away_and_back_leaves_the_file_as_it_was(path: Path) -> None:
    text = path.read_text("utf-8")
    document = Document(text)
    document.move(("sections", 0), 1)
    assert document.text != text
    document.move(("sections", 1), 0)
    assert document.text == text


def test_a_form_of_its_own_is_kept() -> None:
    document = Document(ODD)
    document.set(("list", 1), "TWO")
    assert changes(ODD, document.text) == ["-- two   # odd", "+- TWO   # odd"]
    document.insert(("list", 0), "zero")
    assert "list:\n- zero\n- one\n- TWO   # odd\n" in document.text
    document.set(("title",), "Another title")
    assert document.text.startswith(
        "# By hand, in a form of its own.\ntitle:   Another title     # the author's\n"
    ) or ("# the author's" in document.text)
    assert "b: {x: [1,2],  y: 'q'}   # keep\n" in document.text
    assert 'last:  "z"\n' in document.text


def test_comments_go_with_what_stands_below_them() -> None:
    text = "list:\n  - a\n  # of b\n  - b\n  # of c\n  - c\nend: x\n"
    document = Document(text)
    document.move(("list", 2), 0)
    assert document.text == "list:\n  # of c\n  - c\n  - a\n  # of b\n  - b\nend: x\n"
    document.remove(("list", 2))
    assert document.text == "list:\n  # of c\n  - c\n  - a\nend: x\n"


def test_a_new_key_stands_where_the_schema_has_it() -> None:
    order = forms.keys(forms.handout_schema())
    document = Document("title: A\nkicker: K\nrevised: 2026-11-23\n", order)
    document.set(("subtitle",), "S")
    assert document.text == "title: A\nsubtitle: S\nkicker: K\nrevised: 2026-11-23\n"


def test_what_holds_nothing_any_more_goes() -> None:
    document = Document("a:\n  b:\n    c: 1\nd: 2\n")
    document.remove(("a", "b", "c"))
    assert document.value == {"d": 2}


def test_mappings_on_the_way_are_made() -> None:
    document = Document("meta:\n  name: A\n")
    document.set(("defaults", "handout", "texts", "en", "invitation"), "Come.")
    assert document.at(("defaults", "handout", "texts", "en", "invitation")) == "Come."
    assert document.text.startswith("meta:\n  name: A\n")


@pytest.mark.parametrize(
    "words",
    [
        *("plain", "with: colon", "# hash", "- dash", "yes", "0142", "1.50", "null", "“curly” 肾俞", "a\nb", "~"),
        *("'q'", "x" * 300, "word " * 60, "{brace}", "[b", "@at", "`t", "%p", "&a", "*b", "!t", "trailing "),
    ],
)  # fmt: skip
def test_any_words_come_back_as_they_were_given(words: str) -> None:
    document = Document("title: A\nlist:\n  - x\n")
    for place in (("title",), ("list", 0), ("new",)):
        document.set(place, words)
        assert Document(document.text).at(place).rstrip("\n") == words.rstrip("\n")


def test_the_program_reads_the_same_words(tmp_path: Path) -> None:
    from handout_builder.content.yaml_reader import read_yaml

    document = Document("title: A\n")
    for number, words in enumerate(("0142 555", "12:30", "1.50", "off", "word " * 60, "a: b")):
        document.set((f"key{number}",), words.strip())
    path = tmp_path / "en.yaml"
    path.write_text(document.text, "utf-8")
    value = read_yaml(path).value
    assert [value[f"key{n}"] for n in range(6)] == ["0142 555", "12:30", "1.50", "off", ("word " * 60).strip(), "a: b"]


@pytest.mark.parametrize("text", ["a: [", "- a\n", "a: 1\na: 2\n", "\ta: b\n", "just words"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        Document(text)


def test_places_that_are_gone_are_told() -> None:
    document = Document("list:\n  - a\n")
    for act in (
        lambda: document.set(("list", 5), "x"),
        lambda: document.move(("list", 0), 3),
        lambda: document.remove(("list", 9)),
        lambda: document.set(("list", "key"), "x"),
        lambda: document.insert(("list", 7), "x"),
        lambda: document.move(("nothing", 0), 0),
    ):
        with pytest.raises(EditError):
            act()
        assert document.text == "list:\n  - a\n"


def test_pointers_are_those_of_rfc_6901() -> None:
    place = ("a/b", "c~d", 3)
    assert pointer(place) == "/a~1b/c~0d/3"
    assert location(pointer(place)) == place
    assert location("") == ()


TYPED = """\
# At the top.
title: A title
quoted: 'it''s'   # odd
note: "two"
sections:
  - id: one      # a name
    # Of the words.
    text: >-
      Words in a folded text that is long enough to be broken into two lines, as this program does
      with them.

    # Of the lines.
    lines: |
      first
      second
    kept: |+
      first

  - text: Words behind a dash
    id: two
anchored: &words "some words"
again: *words
end: z
"""
MORE = (
    *(" a", "n", "d" + " more" * 20, "d", ": ", "“it's”", " #", "so", "\\", " than fit", " on its line"),
    *("s", "\n", "\n", "-", " x"),
)


@pytest.mark.parametrize(
    "place",
    [
        *(("quoted",), ("anchored",), ("sections", 0, "text"), ("sections", 0, "lines"), ("sections", 1, "text")),
    ],
    ids=pointer,
)
def test_typing_goes_on_as_if_the_text_was_read_again_for_each_key(place: tuple[int | str, ...]) -> None:
    typed, text = Document(TYPED), TYPED
    words = str(typed.at(place))
    for number, more in enumerate(MORE):
        words += more
        read = Document(text)
        read.set(place, words)
        typed.set(place, words)
        read = Document(read.text)
        for document in (read, typed) if place != ("end",) else ():
            document.set(("end",), f"z{number}")
        text = read.text
        assert (typed.text, typed.value) == (text, read.value)
    for document in (read, typed):
        document.move(("sections", 1), 0)
        document.insert(("sections", 0), {"id": "new", "text": "New"})
        document.remove(("title",))
    assert (typed.text, typed.value) == (read.text, read.value)


def test_lists_and_mappings_on_one_line_stay_there() -> None:
    document = Document("a: [1, 2, 3]\nb: {x: 1, y: 2}\nc: x\n")
    document.insert(("a", 1), "new")
    assert document.text == "a: [1, new, 2, 3]\nb: {x: 1, y: 2}\nc: x\n"
    document.move(("a", 3), 0)
    document.remove(("a", 1))
    document.set(("b", "y"), None)
    assert document.text == "a: [3, new, 2]\nb: {x: 1}\nc: x\n"
    document.set(("a", 3), ("one", "two"))
    assert document.value == {"a": [3, "new", 2, ["one", "two"]], "b": {"x": 1}, "c": "x"}
    assert Document(document.text).value == document.value


def test_what_is_removed_leaves_one_blank_line() -> None:
    document = Document("a: 1\n\nb: 2\n\nc: 3\n")
    document.remove(("b",))
    assert document.text == "a: 1\n\nc: 3\n"


def test_a_file_without_a_last_line_end_gets_one_before_what_is_added() -> None:
    document = Document("list:\n  - a")
    document.insert(("list", 1), "b")
    assert document.text == "list:\n  - a\n  - b\n"


@pytest.mark.parametrize("place", [("a", "b", "c"), ("list", 5, "x"), ("list", "x", "y")])
def test_nothing_is_put_below_what_holds_nothing(place: tuple[int | str, ...]) -> None:
    document = Document("a: {b: words}\nlist:\n  - x\n")
    with pytest.raises(EditError):
        document.set(place, "y")
    assert document.text == "a: {b: words}\nlist:\n  - x\n"
