"""YAML with the line of each value: any bytes are read or explained."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handout_builder.content.yaml_reader import YamlFile, read_yaml, yaml_file
from handout_builder.errors import HandoutError, Problem

# One file at a time is written anew for each example.
FAST = settings(deadline=None, max_examples=150)


def read(data: bytes) -> YamlFile:
    with TemporaryDirectory() as folder:
        path = Path(folder, "en.yaml")
        path.write_bytes(data)
        return read_yaml(path)


def attempt(data: bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        read(data)
    except HandoutError as error:
        problems = error.problems or pytest.fail("an error without a problem")
    for problem in problems:
        assert problem.message
        assert problem.code
        # The end of the file may count as a line of its own.
        breaks = re.findall(rb"\r\n|\n|\r|\xc2\x85|\xe2\x80[\xa8\xa9]", data)
        assert 0 <= problem.line <= len(breaks) + 2


YAML_PIECES = [
    *("a: ", "- ", "? ", ": ", "{", "}", "[", "]", ", ", "\n", "\n  ", "\n    ", "'", '"', "|", ">-", "&x ", "*x"),
    *("!!", "\t", "!t ", "%YAML 1.1\n", "---\n", "...\n", "# c", "<<: ", "0x", "1e9", "2026-02-30", "~", "\\x"),
    *("!!set {", "!!binary ", "!!timestamp ", "!!omap ", "!!int ", "!!float ", "-.inf", "12:30:45", "\ufeff", "\x85"),
    *("!!python/name:os.system ", "!!null ", "!!bool ", "=", "\\uD800"),
]


@FAST
@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe\x00")
@example(b"a: 0o9\nb: 1__\n")
@example(b"[" * 3000)
@example(b"- " * 3000)
@example(b"a: " * 300)
@example(b"&a [*a]")
@example(b"<<: {a: 1}\na: 2")
@example(b"? [a]\n: b")
@example(b"--- a\n--- b\n")
@example(b'"\\ud800"')
@example(b"!!timestamp x")
@example(b"!!int x")
def test_any_bytes_are_read_or_explained(data: bytes) -> None:
    attempt(data)


@FAST
@given(st.lists(st.sampled_from(YAML_PIECES) | st.text(max_size=3), max_size=25).map("".join))
def test_any_yaml_is_read_or_explained(text: str) -> None:
    attempt(text.encode())


KEYS = st.text("abcdefgh", min_size=1, max_size=4)
VALUES = st.recursive(
    st.integers(0, 99) | st.sampled_from(["word", "two words"]),
    lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=4) | st.lists(inner, min_size=1, max_size=4),
    max_leaves=15,
)


class Writer:
    """Writes values as block YAML with comments and blank lines between, and keeps where each key and item went."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: dict[tuple[int | str, ...], int] = {}

    def write(self, value: dict[str, object] | list[object], at: tuple[int | str, ...] = ()) -> int:
        """Return the line of the first key or dash."""
        first = 0
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            here, indent = (*at, key), "  " * len(at)
            self.lines += [["", "# a comment: no key"], ["# - no item"], [""], []][len(self.lines) % 4]
            start = indent + (f"{key}:" if isinstance(value, dict) else "-")
            self.places[here] = line = len(self.lines) + 1
            first = first or line
            if isinstance(item, dict | list):
                self.lines.append(start)
                inside = self.write(item, here)
                # An item is where its text begins, which mostly follows the dash.
                self.places[here] = line if isinstance(value, dict) else inside
            elif len(self.lines) % 3 == 0:
                self.lines += [f"{start} >-", f"{indent}    first", f"{indent}    {item}"]
            else:
                self.lines.append(f"{start} {item}")
        return first


@FAST
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
def test_line_of_every_key_is_where_it_stands(value: dict[str, object]) -> None:
    writer = Writer()
    writer.write(value)
    file = read("\n".join([*writer.lines, ""]).encode())
    assert file.lines == writer.places
    assert {place: file.line(place) for place in writer.places} == writer.places


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("a: Press 3 times #important", [(1, "#important")]),
        ("a: Press point # 3", [(1, "# 3")]),
        ("a: Press #3\nb: c", [(1, "#3")]),
        ("a:\n  - one two\n  - Press #3", [(3, "#3")]),
        ("a: one\n  two #3", [(2, "#3")]),
        ("a: left #\n", [(1, "#")]),
        ("a: two words  # a comment", []),
        ("a: word # a comment", []),
        ('a: "two words" #comment', []),
        ("a: true #comment", []),
        ("a: 3 #comment", []),
        ("a: >- # comment\n  Press #3", []),
        ("# comment\na: b", []),
        ("a: Press#3", []),
    ],
)
def test_text_that_may_go_on_behind_a_comment_sign_is_noted(
    text: str, cut: list[tuple[int, str]], tmp_path: Path
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text, "utf-8")
    assert list(read_yaml(path).cut) == cut


def test_signs_lose_the_mark_that_chooses_their_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: Stop \u26a0\ufe0f, call \u260e\ufe0e\n", "utf-8")
    assert read_yaml(path).value == {"a": "Stop \u26a0, call \u260e"}


def test_what_a_file_lacks_is_told_in_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: b\n", "utf-8")
    assert read_yaml(path).line(()) == 1


def test_a_file_of_more_values_than_any_has_is_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a:\n" + "- b\n" * 3_100, "utf-8")
    with pytest.raises(HandoutError) as caught:
        read_yaml(path)
    assert [problem.code for problem in caught.value.problems] == ["too-large"]
    path.write_text("a:\n" + "- b\n" * 2_900, "utf-8")
    assert len(read_yaml(path).value["a"]) == 2_900


ROWS = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n".join(["a0: &a0 lol", *ROWS]), "too-large"),  # a billion laughs
        ("\n".join(["a0: &a0 {b: c}", *ROWS]).replace("[", "{<<: [").replace("]", "]}"), ""),  # nine alike are one
        (f"a: &a {'x' * 9000}\nb: [{', '.join(['*a'] * 99)}]", "too-large"),
        ("a: &a {kk: 1, ll: 2}\nb: {<<: [" + ", ".join(["*a"] * 70_000) + "]}", "too-large"),
        ("a: &a {b: *a}", "alias"),
        ("a: &a [*a, *a]", "alias"),
        ("a: &a {<<: *a, b: 1}", ""),
        ("a: &a words\nb: {<<: *a}", "yaml"),
        ("a: *nowhere", "yaml"),
    ],
)
def test_aliases_repeat_no_more_than_a_file_may_hold(text: str, code: str) -> None:
    if not code:
        assert yaml_file(Path("brand.yml"), text, aliases=True).value
        return
    with pytest.raises(HandoutError) as caught:
        yaml_file(Path("brand.yml"), text, aliases=True)
    assert {problem.code for problem in caught.value.problems} == {code}


def test_an_alias_has_the_values_of_its_anchor_and_their_lines() -> None:
    text = "a: &a\n  b: &b >\n    one\n    two\n  c: 1\nd: {<<: *a, c: 2, e: *b}\nf: [*b, {<<: *a}]\n"
    file = yaml_file(Path("brand.yml"), text, aliases=True)
    assert file.value["d"] == {"b": "one two\n", "c": 2, "e": "one two\n"}
    assert file.value["f"] == ["one two\n", {"b": "one two\n", "c": 1}]
    assert (file.line(("d", "b")), file.line(("d", "c")), file.line(("f", 1, "c"))) == (2, 6, 5)


def test_what_is_wrong_with_a_repeated_value_is_told_once() -> None:
    with pytest.raises(HandoutError) as caught:
        yaml_file(Path("brand.yml"), "a: &a [2026-02-30]\nb: *a\nc: *a\n", aliases=True)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("yaml", 1)]
