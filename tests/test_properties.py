"""What must hold for any input: Hypothesis looks for the one for which it does not."""

from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from handout_builder.atomic_files import write_all
from handout_builder.content.loader import load
from handout_builder.content.yaml_reader import YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem
from handout_builder.figures import curves
from handout_builder.text import language, markdown

# One file at a time is written anew for each example.
FAST = settings(deadline=None, max_examples=150)
# What XML 1.0 allows (section 2.2), without the characters that only C1 controls would need.
XML_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t")
)
# Arbitrary text hardly ever holds markup that means something.
PIECES = [
    *("*", "**", "_", "[", "]", "(", ")", "(#one)", "](https://example.org/?a=1&b=2)", "{lang=ja}", "{lang=", "}"),
    *("<b>", "</b>", "<!--", "&", "&amp;", "&#xD800;", "`", "~~~", "\n\n", "\n", "  \n", "\\", "\\\n", "\n- "),
    *("1. ", "# ", "> ", "    ", "\t", "|", "---\n", "![x](y)", "<https://example.org>", "'", '"', "腰陽關", "word "),
]
MARKUP = st.lists(st.sampled_from(PIECES) | XML_TEXT, max_size=25).map("".join)


# Markdown


def tree(html: str) -> etree._Element:
    return etree.fromstring(f"<body>{html}</body>", etree.XMLParser(resolve_entities=False, huge_tree=False))


def squeezed(text: str) -> str:
    return "".join(text.split())


@FAST
@given(MARKUP)
def test_prose_is_well_formed(text: str) -> None:
    tree(markdown.html(text))
    tree(markdown.inline_html(text))


@FAST
@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_prose_takes_any_text(text: str) -> None:
    for result in (markdown.html(text), markdown.inline_html(text), markdown.plain(text)):
        assert isinstance(result, str)
    list(markdown.findings(text, "en"))
    list(markdown.links(text))


@FAST
@given(MARKUP)
def test_prose_makes_no_other_elements_than_a_handout_has(text: str) -> None:
    allowed = {"body", "p", "strong", "em", "a", "span", "br", "ul", "ol", "li"}
    body = tree(markdown.html(text))
    assert {element.tag for element in body.iter()} <= allowed
    attributes = {"a": {"href", "title", "lang"}, "span": {"lang"}, "ol": {"start"}}
    for element in body.iter():
        assert set(element.attrib) <= attributes.get(str(element.tag), set())
        assert not element.get("href", "").lower().startswith(("javascript:", "vbscript:", "file:", "data:"))


@FAST
@given(MARKUP)
@example("[x](#one){lang=Japanese}")
@example("[x]{lang=Japanese}")
def test_no_language_goes_unchecked(text: str) -> None:
    langs = [element.get("lang", "en") for element in tree(markdown.html(text)).iter()]
    if not all(map(language.is_tag, langs)):
        assert "language-tag" in {finding.code for finding in markdown.findings(text, "en")}


@FAST
@given(MARKUP)
def test_plain_text_is_the_text_of_the_html(text: str) -> None:
    # No mark is left, and no word is lost.
    assert squeezed(markdown.plain(text)) == squeezed("".join(tree(markdown.html(text)).itertext()))


@pytest.mark.parametrize("text", ["a\x01b", "a&#12;b", "a\ufffeb", "a\x7fb"], ids=ascii)
def test_characters_that_xml_forbids_are_found_or_left_out(text: str) -> None:
    # "\x01" between quotes is good YAML.
    if not list(markdown.findings(text, "en")):
        tree(markdown.html(text))


@pytest.mark.parametrize("text", ["**one** two", "one\ntwo", "one  \ntwo", "one\\\ntwo", "one\n\ntwo", "- one\n- two"])
def test_plain_text_keeps_words_apart(text: str) -> None:
    assert markdown.plain(text).split() == ["one", "two"]


# YAML


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


# Curves

NUMBERS = st.floats(-500, 500, allow_nan=False).map(lambda value: round(value, 2))
PAIRS = st.tuples(NUMBERS, NUMBERS)


@FAST
@given(st.lists(PAIRS, min_size=2, max_size=12), st.booleans())
@example([(0.0, 0.0), (0.0, 0.0), (1.0, 1.0)], False)
@example([(-0.04, -0.04), (1.0, 1.0)], True)
def test_curve_passes_through_its_points(points: list[tuple[float, float]], closed: bool) -> None:
    path = curves.spline(points, closed=closed)
    number = r"-?(?:\d+(?:\.\d{1,2})?|\.\d{1,2})"
    pair = f"{number},{number}"
    assert re.fullmatch(f"M{pair}(?:C{pair} {pair} {pair})+{'Z' if closed else ''}", path)
    ends = [tuple(map(float, text.split(" ")[-1].split(","))) for text in re.split("[MC]", path.rstrip("Z"))[1:]]
    wanted = [*points, points[0]] if closed else points
    assert len(ends) == len(wanted)
    for end, point in zip(ends, wanted, strict=True):
        assert math.dist(end, point) <= 0.00501 * math.sqrt(2)


# Writing

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=90).filter(
    lambda name: name not in (".", "..")
)
FILES = st.dictionaries(NAMES, st.binary(max_size=50), min_size=1, max_size=5)


def contents(folder: Path) -> dict[str, bytes | None]:
    return {path.name: path.read_bytes() if path.is_file() else None for path in folder.iterdir()}


@FAST
@given(old=FILES, new=FILES, both=st.booleans())
@example(old={"a": b"1"}, new={"b" * 255: b"2", "a": b"3"}, both=False)
def test_all_files_are_written_or_none(old: dict[str, bytes], new: dict[str, bytes], both: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if both:
            old |= dict.fromkeys(new, b"before")
        for file, data in old.items():
            (folder / file).write_bytes(data)
        before = contents(folder)
        wanted = before | new
        try:
            write_all({folder / file: data for file, data in new.items()})
        except HandoutError as error:
            wanted = before if [problem.code for problem in error.problems] == ["output"] else {}
        assert contents(folder) == wanted


@FAST
@given(new=FILES, data=st.data())
def test_nothing_is_written_when_one_file_cannot_be(new: dict[str, bytes], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in new:
            (folder / file).write_bytes(b"before")
        blocked = folder / data.draw(st.sampled_from(list(new)))
        blocked.unlink()
        (blocked / "inside").mkdir(parents=True)
        before = contents(folder)
        with pytest.raises(HandoutError):
            write_all({folder / file: content for file, content in new.items()})
        assert contents(folder) == before


def test_parts_of_a_killed_build_are_swept_and_those_of_a_running_one_are_not(tmp_path: Path) -> None:
    dead, alive = tmp_path / f".a.pdf.{2**31 - 1}.part", tmp_path / f".b.pdf.{os.getppid()}.part"
    others = tmp_path / ".c.part", tmp_path / f"d.{2**31 - 1}.part"
    for path in (dead, alive, *others):
        path.write_bytes(b"half")
    write_all({tmp_path / "new.pdf": b"whole"})
    assert {path.name for path in tmp_path.iterdir()} == {alive.name, *(path.name for path in others), "new.pdf"}


@pytest.mark.parametrize("number", ["²", "0", "99999999999999999999"])
def test_strange_parts_do_not_stop_a_build(tmp_path: Path, number: str) -> None:
    (tmp_path / f".a.pdf.{number}.part").write_bytes(b"another program's")
    write_all({tmp_path / "new.pdf": b"whole"})
    assert (tmp_path / "new.pdf").read_bytes() == b"whole"


# Points

HANDOUT = """\
title: A title
description: One sentence.
revised: 2026-11-23
sections:
  - id: one
    heading: One
    blocks:
      - type: chart
        view: back
        title: Points
        caption: Points.
        points:
          - BL23
          - {}
"""
KNOWN = load(Path(__file__).parents[1] / "source" / "chronic-back-pain", "en").points
CODES = st.from_regex(r"[A-Z]{1,3}-?[A-Z]?[0-9]{0,3}", fullmatch=True) | st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x17E, exclude_categories=["Cc"]), max_size=12
)


@FAST
@given(CODES.filter(lambda code: code not in KNOWN))
@example("bl23")
@example(" BL23")
@example("")
def test_unknown_point_is_always_reported(code: str) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "one", "en.yaml")
        path.parent.mkdir()
        path.write_text(HANDOUT.format(json.dumps(code)), "utf-8")
        with pytest.raises(HandoutError) as caught:
            load(path.parent, "en")
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("unknown-point", 14)
    assert not problem.hint.endswith(": "), "a list of nothing"
