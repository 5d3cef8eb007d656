"""Plain text as an outline: headings, lists and paragraphs told by blank lines and by how lines begin and end."""

import re
from itertools import groupby
from typing import NamedTuple

from handout_builder.intake.outline import Block, Bullets, Heading, Item, Outline, Paragraph, Run, joined

_BULLET = re.compile(r"[ \t]*[-*•‣▪●○◦–][ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*\(?([0-9]{1,3})[.)][ \t]*(?=[^\s0-9])")
_RULE = re.compile(r"[ \t]*([=\-_*~#])(?:[ \t]*\1){2,}[ \t]*")
_HASHES = re.compile(r"[ \t]*(#{1,6})[ \t]+(.*?)[ \t]*#*")
# A heading is short, and no sentence.
_LONGEST, _MOST_WORDS = 80, 12
_ENDS = tuple(".,;:!…。、，；：！")


class _Passage(NamedTuple):
    """Lines without a blank line between them."""

    rows: list[str]
    line: int
    gap: int
    """How many blank lines stand before it."""


def outline(text: str) -> Outline:
    """Return the outline of a plain text; its first line is its title where it looks like a heading."""
    passages = _passages(text)
    wide = len({min(passage.gap, 2) for passage in passages[1:]} - {0}) > 1
    blocks: list[Block] = []
    for number, passage in enumerate(passages):
        blocks += _blocks(passage, first=not number, wide=wide)
    return Outline(tuple(_lists_as_one(blocks)))


def _passages(text: str) -> list[_Passage]:
    found: list[_Passage] = []
    gap = 0
    open_ = False
    for number, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            gap += 1
            open_ = False
        elif open_:
            found[-1].rows.append(row)
        else:
            found.append(_Passage([row], number, gap))
            gap, open_ = 0, True
    return found


def _blocks(passage: _Passage, *, first: bool, wide: bool) -> list[Block]:
    rows, line = passage.rows, passage.line
    if hashes := _HASHES.fullmatch(rows[0]):
        head = Heading(joined([Run(hashes[2])]), len(hashes[1]), line)
        rest = _Passage(rows[1:], line + 1, 1)
        return [*([head] if head.runs else []), *(_blocks(rest, first=False, wide=wide) if rows[1:] else [])]
    if len(rows) > 1 and _RULE.fullmatch(rows[1]) and rows[1].strip()[0] in "=-" and _short(rows[0]):
        rest = _Passage(rows[2:], line + 2, 1)
        level = 1 if first and rows[1].strip()[0] == "=" else 2
        head = Heading(joined([Run(rows[0])]), level, line)
        return [head, *(_blocks(rest, first=False, wide=wide) if rows[2:] else [])]
    if _RULE.fullmatch(rows[0]):
        rest = _Passage(rows[1:], line + 1, 1)
        return _blocks(rest, first=False, wide=wide) if rows[1:] else []
    spaced_out = first or passage.gap > 1 or not wide
    if len(rows) == 1 and spaced_out and _is_heading(rows[0]):
        return [Heading(joined([Run(rows[0])]), 1 if first else 2, line)]
    found: list[Block] = []
    told = [(_kind(row), row, line + number) for number, row in enumerate(rows)]
    for number in range(1, len(told)):  # a line that goes on below an item belongs to it
        kind, row, at = told[number]
        if not kind and told[number - 1][0]:
            told[number] = (told[number - 1][0] + "+", row, at)
    for kind, group in groupby(told, key=lambda row: row[0].rstrip("+")):
        lines = list(group)
        if not kind:
            found.append(Paragraph(joined([Run(" ".join(row for _, row, _ in lines))]), lines[0][2]))
            continue
        items: list[Item] = []
        for mark, row, at in lines:
            if mark.endswith("+") and items:
                items[-1] = Item(joined((*items[-1].runs, Run(f" {row}"))), items[-1].line)
            else:
                begins = _BULLET.match(row) or _NUMBER.match(row)
                items.append(Item(joined([Run(row[begins.end() if begins else 0 :])]), at))
        start = _NUMBER.match(lines[0][1])
        number = int(start[1]) if start and kind == "number" else 1
        found.append(Bullets(tuple(items), lines[0][2], kind == "number", number))
    return found


def _kind(row: str) -> str:
    return "bullet" if _BULLET.match(row) else "number" if _NUMBER.match(row) else ""


def _short(row: str) -> bool:
    return len(row.strip()) <= _LONGEST and len(row.split()) <= _MOST_WORDS


def _is_heading(row: str) -> bool:
    text = row.strip()
    marked = _BULLET.match(row) or _NUMBER.match(row)
    return not marked and _short(text) and not text.endswith(_ENDS) and text[0].isalpha() and not text[0].islower()


def _lists_as_one(blocks: list[Block]) -> list[Block]:
    """Return lists whose items have blank lines between them as one list each."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if isinstance(block, Bullets) and isinstance(before, Bullets) and block.numbered == before.numbered:
            goes_on = not block.numbered or block.start == before.start + len(before.items)
            if goes_on:
                found[-1] = Bullets((*before.items, *block.items), before.line, before.numbered, before.start)
                continue
        found.append(block)
    return found
