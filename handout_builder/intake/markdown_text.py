"""Markdown as an outline: as HTML, in which each block carries its line."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from handout_builder.intake import markup, web_page
from handout_builder.intake.outline import Outline, Strange

# The parser leaves words out in silence that lie deeper than it goes; a page of it may be twice as deep.
_DEEPEST, _SPARE = 100, 10
_FACT = re.compile(r"([A-Za-z][\w -]*?)[ \t]*:[ \t]*(.*)")
_KEYS = {
    "title": "title",
    "subtitle": "subtitle",
    "author": "author",
    "description": "description",
    "summary": "description",
    "excerpt": "description",
    "date": "date",
    "updated": "date",
    "lastmod": "date",
    "modified": "date",
    "revised": "date",
    "lang": "lang",
    "language": "lang",
    "tags": "subjects",
    "keywords": "subjects",
    "subjects": "subjects",
}
_AROUND = ('""', "''", "[]")
# A box to tick, where a list of tasks has one.
_TASK = re.compile(r"^([ \t]*(?:[-*+]|[0-9]+[.)])[ \t]+)\[([ xX])\](?=[ \t])", re.MULTILINE)


def outline(text: str) -> Outline:
    """Return the outline of a text in Markdown (CommonMark with tables, footnotes, definitions, front matter).

    Raises TooDeepError.
    """
    parser = (
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST + _SPARE}).enable(["table", "strikethrough"]).disable(["code"])
    )
    parser.use(front_matter_plugin).use(footnote_plugin).use(deflist_plugin)
    text = _TASK.sub(lambda found: f"{found[1]}{'☐' if found[2] == ' ' else '☑'}", text)
    tokens = parser.parse(text)
    if any(part.level > _DEEPEST for token in tokens for part in (token, *(token.children or ()))):
        raise web_page.TooDeepError
    facts: dict[str, tuple[str, int]] = {}
    strange = []
    for token in tokens:
        if token.map and token.nesting >= 0 and token.type not in ("html_block", "inline"):
            token.attrSet("data-line", str(token.map[0] + 1))
        if token.type == "front_matter":
            begun = False  # whether the list of its subjects is, an entry a row
            for number, row in enumerate(token.content.split("\n"), start=2):
                found = _FACT.fullmatch(row.strip())
                value = _bare(found[2].strip()) if found else ""
                key = _KEYS.get(found[1].lower(), "") if found else ""
                entry = row.strip().removeprefix("- ") if begun and row.lstrip().startswith("- ") else ""
                if entry:
                    said, line = facts.get("subjects", ("", number))
                    facts["subjects"] = (f"{said}, {entry}".lstrip(", "), line)
                elif key and value and key not in facts:
                    facts[key] = (value, number)
                elif row.strip() and not (begun := key == "subjects" and key not in facts):
                    strange.append(Strange("in the head of the file", row.strip(), number))
    strange += _beyond_heads(tokens, text.split("\n"))
    whole = markup.outline(parser.renderer.render(tokens, parser.options, {}).encode())
    return Outline((*strange, *whole.blocks), whole.facts | facts, whole.pictures)


def _bare(value: str) -> str:
    """Return a value without the quotation marks or brackets that are around it."""
    around = len(value) > 1 and value[0] + value[-1] in _AROUND
    return value[1:-1].strip() if around else value


def _beyond_heads(tokens: Sequence[Token], lines: Sequence[str]) -> Iterator[Strange]:
    """Yield the cells that a row of a table has beyond the heads: the parser leaves them out (GFM, 4.10)."""
    columns = 0
    for token in tokens:
        if token.type == "thead_open":
            columns = 0
        elif token.type == "th_open":
            columns += 1
        elif token.type == "tr_open" and token.map and columns:
            cells = escapedSplit(lines[token.map[0]].strip())
            cells = cells[1:] if cells[0] == "" else cells
            if more := " | ".join(filter(None, map(str.strip, cells[columns:]))):
                yield Strange("cells beyond the heads of the table", more, token.map[0] + 1)
