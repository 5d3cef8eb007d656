"""Rules of style sheets are read once, and are the same as when they are read anew."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import fromstring

import cssselect2
import pytest
import tinycss2
from helpers.project import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tinycss2.ast import Node, QualifiedRule

from handout_builder.engine import style_rules
from handout_builder.engine.session import File, Page, session
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import resolved

SIGNS = (
    *("{", "}", "(", ")", "[", "]", '"', "'", "\\", "/*", "*/", ";", ":", ",", "\n", " ", "a", "1px", "#b", "!"),
    *(
        "url(",
        "url(a)",
        "url(b:c/d.png)",
        'url("a")',
        "U+1",
        "@media x",
        "@import",
        "<!--",
        "-->",
        "a{b:c}",
        "\0",
        "\f",
    ),
)


def shape(value: Any) -> Any:
    """Return what a parsed style sheet says, without the places where it stands."""
    if isinstance(value, list | tuple):
        return [shape(item) for item in value]
    if not isinstance(value, Node):
        return value
    slots = (name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ()))
    names = (name for name in slots if name not in ("source_line", "source_column"))
    return type(value).__name__, [shape(getattr(value, name, None)) for name in names]


@settings(max_examples=300, deadline=None)
@example(["/*", "a{b:c}", "a{b:c}"])
@example(['"', "a{b:c}", "\n", "a{b:c}"])
@example(['"', "\n", "a{b:c}", '"', "a{b:c}", "a{b:c}"])
@example(["a", "\\", "{", ":", "}", "a{b:c}"])
@example(["url(", "a", '"', ")", "a{b:c}", '"', ")", "a{b:c}", "a{b:c}"])
@given(st.lists(st.sampled_from(SIGNS)))
def test_a_style_sheet_says_the_same_cut_or_whole(signs: list[str]) -> None:
    css = "".join(signs)
    if pieces := style_rules.cut(css):
        assert "".join(pieces) == css
        cut = [rule for piece in pieces for rule in tinycss2.parse_stylesheet(piece)]
        assert shape(cut) == shape(tinycss2.parse_stylesheet(css))


def test_our_own_style_sheets_can_be_cut() -> None:
    for path in (ROOT / "layouts").glob("*.css"):
        pieces = style_rules.cut(path.read_text("utf-8"))
        rules = [tinycss2.parse_stylesheet(piece, skip_comments=True, skip_whitespace=True) for piece in pieces]
        assert len(pieces) > 1, path.name
        assert all(len(rule) <= 1 for rule in rules), path.name


class Reader:
    """Reads rules as the engine does, none of which it has read before; `parsed` is what is parsed for it."""

    def __init__(self) -> None:
        with session() as engine:
            speed = engine.speed or pytest.skip(f"the engine is plain: {engine.plain}")
            originals = {name: original for _, name, original in speed.replaced}
            parser = SimpleNamespace(parse_stylesheet=self.parse, parse_blocks_contents=self.parse_block)
            self.rules = style_rules.Rules(parser, originals["preprocess_declarations"], engine._weasyprint.LOGGER)
        self.parsed: list[str] = []
        self.blocks: list[str] = []

    def parse(self, css: str) -> list[Any]:
        self.parsed.append(css.strip())
        return list(tinycss2.parse_stylesheet(css))

    def parse_block(self, content: list[Node]) -> list[Node]:
        self.blocks.append(tinycss2.serialize(content).strip())
        return list(tinycss2.parse_blocks_contents(content))

    def read(self, css: str, base_url: str = "file:///") -> list[list[Any]]:
        """Return the declarations of each rule."""
        return [
            self.rules.preprocess_declarations(base_url, self.rules.parse_blocks_contents(rule.content), rule.prelude)
            for rule in self.rules.parse_stylesheet(css)
            if rule.type == "qualified-rule"
        ]


def test_a_rule_is_read_once() -> None:
    reader = Reader()
    (one, _), (other, last) = (reader.read(f"p {{ color: red }} b {{ margin-top: {size}px }}") for size in (1, 2))
    assert [css for css in reader.parsed if css] == [
        "p { color: red }",
        "b { margin-top: 1px }",
        "b { margin-top: 2px }",
    ]
    assert reader.blocks == ["color: red", "margin-top: 1px", "margin-top: 2px"]
    assert one is other
    assert [(name, value.value) for _, (name, value, _) in last] == [("margin_top", 2)]


def test_addresses_begin_where_the_style_sheet_lies() -> None:
    reader = Reader()
    css = 'p { background-image: url("a.png") }'
    found = [str(reader.read(css, base)) for base in ("file:///one/", "file:///two/", "file:///one/")]
    assert found[0] == found[2]
    assert ["/one/a.png" in found[0], "/two/a.png" in found[1]] == [True, True]


def test_what_is_wrong_is_told_each_time() -> None:
    reader = Reader()
    for css in ("p { colour: red }", "p { color: nothing }", "p { color red }"):
        with session() as engine:
            for _ in range(3):
                heard = len(engine._heard)
                reader.read(css)
                assert len(engine._heard) > heard, css
                del engine._heard[heard:]


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style_rules, "_MOST", 50)
    reader = Reader()
    for _ in range(2):
        for number in range(9):
            reader.read(f"p {{ margin: {number}px }}")
    assert reader.parsed.count("p { margin: 0px }") == 2
    assert reader.parsed.count("") < 18


SELECTORS = ("p", ".a", ".b", ".b.a", "div .a > p", ":not(.b)", ":is(.a, .b)", "[class='.b']", ".c", "*")
ODD = ("/* .b */ p", ".a /* { */", "\\.b", '[title=".b"]', ".a:not(:is(.b, .c))", "@media print { .b")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from((*SELECTORS, *ODD)), min_size=1, max_size=3).map(", ".join)),
    st.sets(st.sampled_from("abc")),
)
def test_a_rule_that_is_left_out_fits_no_element(selectors: list[str], classes: set[str]) -> None:
    css = "".join(f"{selector} {{ color: red }}\n" for selector in selectors)
    page = fromstring(f'<html><p title=".b" class="{" ".join(classes)}"/><div class="a"><p/></div></html>')
    left = style_rules.needed(css, page)
    tree = cssselect2.ElementWrapper.from_html_root(page)
    for rule in {*style_rules.cut(css)} - {*style_rules.cut(left)}:
        (parsed,) = tinycss2.parse_stylesheet(rule, skip_comments=True, skip_whitespace=True)
        assert isinstance(parsed, QualifiedRule)
        assert not [*tree.query_all(*cssselect2.compile_selector_list(parsed.prelude))], rule


def test_rules_for_classes_that_no_element_has_are_left_out() -> None:
    css = "p { color: red } .a, .b { color: red } .b { color: red } .c .a { color: red }"
    assert style_rules.needed(css, fromstring('<p class="a"/>')) == css[: css.index(" .b { color: red } .c")]


def test_every_style_sheet_of_the_print_is_sound() -> None:
    """On a page with all classes, as mistakes in rules that are left out would not be told."""
    folders = (LAYOUTS, LAYOUTS / "blocks", LAYOUTS / "editions", LAYOUTS / "fitting", *(LAYOUTS / "looks").iterdir())
    css = "".join(path.read_text("utf-8") for folder in folders for path in sorted(folder.glob("*.css")))
    classes = " ".join({*re.findall(r"\.([a-zA-Z][\w-]*)", css)})
    with session() as engine:
        page = Page(f'<html><body class="{classes}">Words</body></html>', resolved(css), LAYOUTS, LAYOUTS, no_file)
        assert page.rules == resolved(css)
        assert len(engine.lay_out(page).pages) == 1


def no_file(_: str) -> File:
    return File(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', "image/svg+xml")
