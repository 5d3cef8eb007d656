"""Markdown in the content: CommonMark without raw HTML, plus ``[text]{lang=xx}`` for other languages.

Findings (codes): ``untagged-language``, ``language-tag``, ``raw-html``, ``markdown``.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin

from handout_builder import language

_HTML = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
# Sections have headings of their own, pictures their own block (with alt text); code, rules and
# quotations have no place in a handout's design.
_UNUSED = ("heading", "lheading", "hr", "code", "fence", "blockquote", "reference", "image", "backticks", "autolink")


class Finding(NamedTuple):
    """Something wrong in a text; ``excerpt`` is the offending piece, to find its line."""

    code: str
    message: str
    hint: str
    excerpt: str


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).disable(list(_UNUSED))
    return parser.use(attrs_plugin, spans=True, allowed=("lang",))


def findings(text: str, lang: str) -> Iterator[Finding]:
    """Yield what is wrong with a text of a handout in the language ``lang``."""
    spans = [lang]
    for token in _inline_tokens(text):
        if token.type == "span_open":
            tag = str(token.attrs.get("lang", ""))
            if not language.is_tag(tag):
                yield Finding("language-tag", f"'{tag}' is not a language tag", "for example zh-Hans or ja", tag)
            spans.append(tag)
        elif token.type == "span_close":
            spans.pop()
        elif token.type == "text":
            yield from _text_findings(token.content, spans[-1])


def _text_findings(text: str, lang: str) -> Iterator[Finding]:
    if not language.is_cjk_language(lang):
        for run in language.cjk_runs(text):
            hint = f"write [{run}]{{lang=zh-Hans}}, or zh-Hant, ja, ko: the shapes differ"
            yield Finding("untagged-language", f"'{run}' has no language", hint, run)
    if html := _HTML.search(text):
        yield Finding("raw-html", f"HTML is not allowed here: {html.group()}", "use Markdown", html.group())


def _inline_tokens(text: str) -> Iterator[Token]:
    for token in _parser().parse(text):
        yield from token.children or ()


def html(text: str) -> str:
    """Return the text as HTML blocks that are well-formed XML, too."""
    return str(_parser().render(text)).rstrip()


def inline_html(text: str) -> str:
    """Return the text as inline HTML, without a paragraph around it."""
    return str(_parser().renderInline(text)).strip()


def plain(text: str) -> str:
    """Return the text without any markup, for metadata and bookmarks."""
    return "".join(" " if token.type == "softbreak" else token.content for token in _inline_tokens(text)).strip()


def links(text: str) -> Iterator[str]:
    """Yield the targets of the links in the text."""
    for token in _inline_tokens(text):
        if token.type == "link_open":
            yield str(token.attrs["href"])


def han(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """Yield (language, characters) of every run of Han, kana or hangul in a text in the language ``lang``."""
    spans = [lang]
    for token in _inline_tokens(text):
        if token.type == "span_open":
            spans.append(str(token.attrs.get("lang", "")))
        elif token.type == "span_close":
            spans.pop()
        elif token.type == "text":
            yield from ((spans[-1], run) for run in language.cjk_runs(token.content))
