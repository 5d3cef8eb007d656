"""Rules of style sheets read once: editions, looks, brands and handouts have nearly all of theirs in common."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element

from handout_builder.engine.styles_and_boxes import Replace

# Characters of all the rules that are kept, about those of ten sheets; what was read takes some forty times the room.
_MOST = 200_000
# Comments, strings and plain addresses are passed over. Unsure is what may end otherwise than it looks.
_MARK = re.compile(
    r"""/\*.*?\*/|"(?:[^"\\\r\n\f]|\\.)*"|'(?:[^'\\\r\n\f]|\\.)*'|url\([\w:./#-]*\)"""
    r"""|(?P<unsure>url\(\s*[^"'\s]|["'\\]|/\*)|(?P<opens>[{(\[])|(?P<closes>[})\]])""",
    re.DOTALL | re.IGNORECASE,
)
_PAIRS = ("{}", "()", "[]")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What stands in parentheses may be what an element must not be, or one of several things.
_ASIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_CLASS = re.compile(r"\.([\w-]+)")


def cut(css: str) -> list[str]:
    """Return a style sheet cut behind each of its blocks, which ends a rule; nothing where that is not sure."""
    pieces, start = [], 0
    opened: list[str] = []
    for mark in _MARK.finditer(css):
        if mark["opens"]:
            opened.append(mark["opens"])
        elif mark["closes"]:
            if not opened or opened.pop() + mark["closes"] not in _PAIRS:
                return []
            if not opened and mark["closes"] == "}":
                pieces.append(css[start : mark.end()])
                start = mark.end()
        elif mark["unsure"]:
            return []
    return [] if opened else [*pieces, css[start:]]


def needed(css: str, page: Element) -> str:
    """Return a style sheet without the rules for classes that no element of a page has."""
    there = {name for element in page.iter() for name in element.get("class", "").split()}
    return "".join(piece for piece, wanted in _wanted(css) if not wanted or any(map(there.issuperset, wanted)))


@lru_cache(maxsize=8)
def _wanted(css: str) -> list[tuple[str, list[set[str]]]]:
    """Return the rules of a style sheet, each with the classes that each of its selectors asks for."""
    return [(piece, _classes(piece)) for piece in cut(css)] or [(css, [])]


def _classes(rule: str) -> list[set[str]]:
    """Return the classes that each selector of a rule asks for; nothing where these are not surely all it asks for."""
    selectors = _COMMENT.sub("", rule).partition("{")[0].strip()
    if not selectors or selectors.startswith("@") or "\\" in selectors:
        return []
    while (plain := _ASIDE.sub("", selectors)) != selectors:
        selectors = plain
    return [set(_CLASS.findall(selector)) for selector in selectors.split(",")]


class Rules:
    """The rules that were read, by their text."""

    def __init__(self, parser: Any, work_out: Callable[..., Any], log: logging.Logger) -> None:
        """Take tinycss2, WeasyPrint's ``preprocess_declarations``, and the log of what is wrong."""
        self._parse, self._parse_block, self._work_out = parser.parse_stylesheet, parser.parse_blocks_contents, work_out
        self._parsed: dict[str, list[Any]] = {}
        self._preludes: dict[int, int] = {}
        """By the identity of what stands between a rule's braces: that of its selectors."""
        self._worked_out: dict[int, tuple[Any, dict[str, list[Any]]]] = {}
        """By the identity of a rule's selectors: these, and the declarations by the address that theirs begin at."""
        self._room = _MOST
        self._complaints = 0
        log.addFilter(self._complained)

    def _complained(self, _: logging.LogRecord) -> bool:
        self._complaints += 1
        return True

    def parse_stylesheet(self, css: Any, *arguments: Any, **options: Any) -> list[Any]:
        """Return the parsed rules of a style sheet."""
        pieces = [] if arguments or options or not isinstance(css, str) else cut(css)
        return [rule for piece in pieces for rule in self._rules(piece)] or self._parse(css, *arguments, **options)

    def _rules(self, piece: str) -> list[Any]:
        if piece not in self._parsed:
            self._room -= len(piece)
            if self._room < 0:
                self._parsed.clear()
                self._worked_out.clear()
                self._preludes.clear()
                self._room = _MOST - len(piece)
            self._parsed[piece] = self._parse(piece)
            for rule in self._parsed[piece]:
                if rule.type == "qualified-rule":
                    self._worked_out[id(rule.prelude)] = rule.prelude, {}
                    self._preludes[id(rule.content)] = id(rule.prelude)
        return self._parsed[piece]

    def parse_blocks_contents(self, content: Any, *arguments: Any, **options: Any) -> Iterable[Any]:
        """Return what a block holds; that of a rule whose declarations are known is parsed when it is looked at."""
        _, known = self._worked_out.get(self._preludes.get(id(content), 0), (None, {}))
        parse = partial(self._parse_block, content, *arguments, **options)
        return _when_asked(parse) if known else parse()

    def preprocess_declarations(self, base_url: str, declarations: Iterable[Any], prelude: Any = None) -> list[Any]:
        """Return the declarations of a rule with its selectors; what is wrong is told each time."""
        _, known = self._worked_out.get(id(prelude), (None, {}))
        if base_url not in known:
            before = self._complaints
            found = list(self._work_out(base_url, declarations, prelude))
            if self._complaints > before:
                return found
            known[base_url] = found
        return known[base_url]


def _when_asked(parse: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    yield from parse()


def install(weasyprint: Any, replace: Replace) -> None:
    """Make WeasyPrint read no rule a second time."""
    rules = Rules(weasyprint.tinycss2, weasyprint.css.preprocess_declarations, weasyprint.LOGGER)
    parser = ModuleType(weasyprint.tinycss2.__name__)
    ours = {"parse_stylesheet": rules.parse_stylesheet, "parse_blocks_contents": rules.parse_blocks_contents}
    vars(parser).update(vars(weasyprint.tinycss2), **ours)
    replace(weasyprint, "tinycss2", parser)
    replace(weasyprint.css, "preprocess_declarations", rules.preprocess_declarations)
