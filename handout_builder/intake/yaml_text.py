"""YAML as people write it, with remarks: PyYAML writes none, and no other library is needed for this much."""

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from handout_builder.errors import printable
from handout_builder.text import language

# What is told as an item of a list where it begins a row of a folded text.
_ENTRY = re.compile(r"[-*•]\s")

WIDTH = 110
_STEP = 2
# A text that needs no quotes: it begins with a letter, is no word or number of YAML's, and holds none of its signs.
_PLAIN = re.compile(r"(?!(?:null|true|false)$)[^\W\d_][^\n\t]*(?<![:\s])", re.IGNORECASE)
_FLOW = re.compile(r"[,\[\]{}]")
_SIGNS = re.compile(r": | #|^[\[\]{}&*!|>'\"%@`,?:#-]")


class Noted(NamedTuple):
    """A value with remarks: lines above it, and one behind it."""

    value: Any
    above: tuple[str, ...] = ()
    behind: str = ""


class Flow(NamedTuple):
    """Keys and texts that stand in one line where they fit."""

    value: dict[str, str]


class Remark(NamedTuple):
    """A remark that stands alone, in a list."""

    text: str


def dumped(value: dict[str, Any]) -> str:
    """Return keys and values as YAML in block style."""
    return "\n".join(_mapping(value, 0)) + "\n"


def _mapping(value: dict[str, Any], depth: int) -> Iterator[str]:
    indent = " " * depth
    for key, noted in value.items():
        item, above, behind = noted if isinstance(noted, Noted) else Noted(noted)
        yield from _remarks(above, indent)
        if isinstance(item, Flow):
            line = f"{indent}{key}: {_flow(item.value)}"
            item = line if len(line) <= WIDTH else item.value
            if isinstance(item, str):
                yield item
                continue
        end = f"  # {_one_line(behind)}" if behind else ""
        if isinstance(item, dict):
            yield f"{indent}{key}:{end}"
            yield from _mapping(item, depth + _STEP)
        elif isinstance(item, list) and not item:
            yield f"{indent}{key}: []{end}"
        elif isinstance(item, list):
            yield f"{indent}{key}:{end}"
            yield from _sequence(item, depth + _STEP)
        else:
            first, *rest = scalar(item, depth + _STEP, len(key) + 2)
            yield f"{indent}{key}: {first}{end}"
            yield from rest


def _flow(value: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_flow_text(text)}" for key, text in value.items()) + "}"


def _flow_text(text: str) -> str:
    """Return a text that stands among others in brackets."""
    plain = _PLAIN.fullmatch(text) and not _SIGNS.search(text) and not _FLOW.search(text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _sequence(items: list[Any], depth: int) -> Iterator[str]:
    indent = " " * depth
    for noted in items:
        if isinstance(noted, Remark):
            yield from _remarks(noted.text.split("\n"), indent)
            continue
        item, above, _ = noted if isinstance(noted, Noted) else Noted(noted)
        yield from _remarks(above, indent)
        if isinstance(item, dict):
            first, *rest = _mapping(item, depth + _STEP)
            lead = [first, *rest]
            # Remarks above the first key stand above the item.
            while lead and lead[0].lstrip().startswith("#"):
                yield indent + lead.pop(0).lstrip()
            yield f"{indent}- {lead[0].lstrip()}"
            yield from lead[1:]
        elif isinstance(item, list):  # a row of a table
            yield f"{indent}- [{', '.join(map(_flow_text, item))}]"
        else:
            first, *rest = scalar(item, depth + _STEP, _STEP)
            yield f"{indent}- {first}"
            yield from rest


def scalar(value: Any, depth: int, before: int, *, folds: bool = False) -> list[str]:
    """Return a value as the lines it takes: the first stands behind its key, the others are as deep as they must be.

    A long text is one line below its key, so that lines which an author adds are paragraphs and items; with ``folds``
    it is folded.
    """
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, (int, date)):
        return [str(value)]
    text = str(value)
    indent = " " * depth
    if "\n" in text and not text.startswith((" ", "\n")) and not text.endswith(("\n", " ")):
        return ["|-", *(f"{indent}{row}".rstrip() if not row else f"{indent}{row}" for row in text.split("\n"))]
    if depth + before + len(text) > WIDTH and _is_line(text):
        rows = _folded(text, max(40, WIDTH - depth)) if folds else []
        return [">-", *(indent + row for row in rows)] if rows else ["|-", indent + text]
    if _PLAIN.fullmatch(text) and not _SIGNS.search(text):
        return [text]
    return [json.dumps(text, ensure_ascii=False)]


def _folded(text: str, width: int) -> list[str]:
    """Return the rows of a text that YAML makes one line of again; nothing where it cannot."""
    rows = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    is_run = " ".join(rows) == text and not any(language.cjk_runs(text)) and not any(map(_ENTRY.match, rows))
    return rows if is_run else []


def _is_line(text: str) -> bool:
    """Tell whether a text may stand as it is in a line of its own: nothing in it ends the line or is a tab."""
    return text == text.strip() and text.splitlines() == [text] and "\t" not in text


def _remarks(rows: Any, indent: str) -> Iterator[str]:
    for row in rows:
        for line in textwrap.wrap(
            _one_line(row), max(40, WIDTH - len(indent) - 2), break_long_words=False, break_on_hyphens=False
        ) or [""]:
            yield f"{indent}# {line}".rstrip()


def _one_line(text: str) -> str:
    """Return a text that a remark can hold: nothing in it ends the line."""
    return printable(" ".join(text.split()))
