"""Plain text as an outline: headings, lists and paragraphs told by blank lines and by how lines begin and end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from handout_builder.intake.outline import (
    Block,
    Bullets,
    Grid,
    Heading,
    Item,
    Outline,
    Paragraph,
    Run,
    Runs,
    Terms,
    joined,
    label,
)
from handout_builder.text import dates
from handout_builder.text.east_asian import is_wide

_BULLET = re.compile(r"[ \t\u3000]*(?:[-*•‣▪●○◦–][ \t\u3000]+|[・･][ \t\u3000]*)(?=\S)")
# No number begins with figures right behind its sign, "3.5 cm", but for those of another width: "２．5秒".
_NUMBER = re.compile(
    r"[ \t\u3000]*[(（]?"
    r"(?:([0-9０-９]{1,3})[.)．）、](?:[ \t\u3000]+(?=\S)|(?=[^\s0-9]))|([０-９]{1,3})[．）、](?=[0-9]))"
)
# Signs before headings, and brackets around them, in East Asian texts.
_MARKED = re.compile(r"[ \t\u3000]*(?:[■□◆◇▼▽▲△][ \t\u3000]*([^■□◆◇▼▽▲△]+)|【([^【】]+)】)[ \t\u3000]*")
_ASKS = re.compile(r"[ \t\u3000]*(?:[QＱP]|問|问)[0-9０-９]{0,2}[.．:：][ \t\u3000]*")
_ANSWERS = re.compile(r"[ \t\u3000]*(?:[AＡR]|答)[0-9０-９]{0,2}[.．:：][ \t\u3000]*")
# Between the cells of a row that is set with blanks or tabs.
_GAP = re.compile(r"[ ]*\t[ \t]*|[ ]{2,}|\u3000{2,}")
_RULE = re.compile(r"[ \t]*([=\-_*~#])(?:[ \t]*\1){2,}[ \t]*")
_HASHES = re.compile(r"[ \t]*(#{1,6})[ \t]+(.*?)[ \t]*#*")
# A heading is short, and no sentence. What stands in a line of its own is, beside the longest, not long.
_LONGEST, _MOST_WORDS, _SHORT = 80, 12, 2 / 3
_PAIR = 2
# Lines below a title that tell by whom it is, and when it was written.
_MOST_BELOW_TITLE = 2
_ENDS = tuple(".,;:!…。、，；：！")
_OPENS, _CLOSES = "¿¡\"'“‘«「『《", tuple("\"'”’»」』》")


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
    told_below = bool(passages) and _has_lines_below_title(passages[0].rows)
    if told_below:
        (title, *below), line, gap = passages[0]
        passages[:1] = [_Passage([title], line, gap), _Passage(below, line + 1, 1)]
    level = 3 if any(_is_marked(passage.rows) for passage in passages[1:]) else 2
    blocks: list[Block] = []
    facts: dict[str, tuple[str, int]] = {}
    for number, passage in enumerate(passages):
        day = _day(passage.rows[-1]) if number == 1 else ""
        if day:
            facts["date"] = day, passage.line + len(passage.rows) - 1
        if day or (told_below and number == 1):
            blocks += [Paragraph(_in_a_row([row]), passage.line + at) for at, row in enumerate(passage.rows)]
        else:
            blocks += _blocks(passage, first=not number, wide=wide, level=level)
    return Outline(tuple(_lists_as_one(blocks)), facts)


def _has_lines_below_title(rows: list[str]) -> bool:
    """Tell whether a text begins with a title, and a line or two right below it, as who wrote it and when."""
    title, *below = rows
    few = 0 < len(below) <= _MOST_BELOW_TITLE and not any(_RULE.fullmatch(row) or _kind(row) for row in below)
    return few and _is_title(title) and all(_short(row) and not row.strip().endswith(_ENDS) for row in below)


def _day(row: str) -> str:
    """Return the day that a short line ends with, as it stands there; "" where it tells none."""
    if not _short(row):
        return ""
    ends = (row[word.start() :].strip() for word in re.finditer(r"(?<![^\s　,、，])[^\s　,、，]", row))
    return next((end for end in ends if dates.meant(end)), "")


def _is_marked(rows: list[str]) -> bool:
    """Tell whether a passage begins with a heading that has a sign, or a line below it."""
    return bool(_is_underlined(rows) or _HASHES.fullmatch(rows[0]) or _marked_heading(rows))


def _is_underlined(rows: list[str]) -> bool:
    return bool(len(rows) > 1 and _RULE.fullmatch(rows[1]) and rows[1].strip()[0] in "=-" and _short(rows[0]))


def _marked_heading(rows: list[str]) -> str:
    """Return the words of a heading that has a sign before it, as no line below it has; "" where there is none."""
    marked = _MARKED.fullmatch(rows[0])
    words = (marked[1] or marked[2]).strip() if marked else ""
    alone = len(rows) == 1 or not _MARKED.match(rows[1]) or rows[1].strip()[0] != rows[0].strip()[0]
    return words if alone and words and _is_heading(words) else ""


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


def _blocks(passage: _Passage, *, first: bool, wide: bool, level: int) -> list[Block]:
    rows, line = passage.rows, passage.line
    head, count = _heading(passage, first=first, wide=wide, level=level)
    if count:
        rest = _Passage(rows[count:], line + count, 1)
        below = _blocks(rest, first=False, wide=wide, level=level) if rest.rows else []
        return [*([head] if head and head.runs else []), *below]
    if whole := _asked(rows, line) or _aligned(rows, line):
        return [whole]
    if all(label(row.strip())[0] and not _kind(row) for row in rows):  # each line is of a name of its own
        found: list[Block] = [Paragraph(_in_a_row([row]), line + at) for at, row in enumerate(rows)]
    else:
        found = [*_paragraphs_and_lists(rows, line)]
    return [
        replace(block, apart=not number) if isinstance(block, Paragraph) else block
        for number, block in enumerate(found)
    ]


def _heading(passage: _Passage, *, first: bool, wide: bool, level: int) -> tuple[Heading | None, int]:
    """Return the heading that a passage begins with, and of how many lines it is, a rule without words included."""
    rows, line = passage.rows, passage.line
    if hashes := _HASHES.fullmatch(rows[0]):
        return Heading(joined([Run(hashes[2])]), len(hashes[1]), line), 1
    if marked := _marked_heading(rows):
        return Heading(joined([Run(marked)]), 2, line), 1
    if _is_underlined(rows):
        return Heading(joined([Run(rows[0])]), 1 if first and rows[1].strip()[0] == "=" else 2, line), 2
    if _RULE.fullmatch(rows[0]):
        return None, 1
    spaced_out = first or passage.gap > 1 or not wide
    if spaced_out and (_is_title if first else _is_heading)(rows[0]) and all(map(_kind, rows[1:])):
        return Heading(joined([Run(rows[0])]), 1 if first else level, line), 1
    return None, 0


def _paragraphs_and_lists(rows: list[str], line: int) -> Iterator[Block]:
    told = [(_kind(row), row, line + number) for number, row in enumerate(rows)]
    for number in range(1, len(told)):  # a line that goes on below an item belongs to it
        kind, row, at = told[number]
        if not kind and told[number - 1][0]:
            told[number] = (told[number - 1][0] + "+", row, at)
    for kind, group in groupby(told, key=lambda row: row[0].rstrip("+")):
        lines = list(group)
        if not kind:
            yield from _set([row for _, row, _ in lines], lines[0][2])
            continue
        parts: list[tuple[int, list[str]]] = []
        for mark, row, at in lines:
            if mark.endswith("+") and parts:
                parts[-1][1].append(row)
            else:
                begins = _BULLET.match(row) or _NUMBER.match(row)
                parts.append((at, [row[begins.end() if begins else 0 :]]))
        items = []
        for at, part in parts:
            begun, *below = _set(part, at)
            items.append(Item(begun.runs, at, tuple(below)))
        start = _NUMBER.match(lines[0][1])
        number = int(start[1] or start[2]) if start and kind == "number" else 1
        yield Bullets(tuple(items), lines[0][2], kind == "number", number)


def _set(rows: list[str], line: int) -> list[Paragraph]:
    """Return lines as a paragraph; as two, where the first is short and no sentence, as the name of a point is."""
    rows = [row.strip() for row in rows]
    alone = len(rows) > 1 and _is_heading(rows[0]) and len(rows[0]) <= _SHORT * max(map(len, rows[1:]))
    begun = 1 if alone else len(rows)
    parts = (rows[:begun], line), (rows[begun:], line + begun)
    return [Paragraph(_in_a_row(part), at) for part, at in parts if part]


def _in_a_row(rows: Sequence[str]) -> Runs:
    """Return lines as one, with a blank between them where their script has one."""
    text = ""
    for row in map(str.strip, rows):
        text += (" " if text and not (is_wide(text[-1]) and is_wide(row[:1])) else "") + row
    return joined([Run(text)])


def _asked(rows: list[str], line: int) -> Terms | None:
    """Return a question and its answer, each of which has its letter before it."""
    answers = [number for number, row in enumerate(rows) if _ANSWERS.match(row)]
    asks = _ASKS.match(rows[0])
    if not asks or len(answers) != 1:
        return None
    asked, answered = rows[: answers[0]], rows[answers[0] :]
    asked[0], answered[0] = _ASKS.sub("", asked[0], 1), _ANSWERS.sub("", answered[0], 1)
    pair = (_in_a_row(asked), _in_a_row(answered))
    return Terms((pair,), line, asked=True) if all(pair) else None


def _aligned(rows: list[str], line: int) -> Grid | Terms | None:
    """Return lines that gaps divide into as many cells each: as a table, two cells as a term and what is said of it."""
    cells = [[joined([Run(cell)]) for cell in _GAP.split(row.strip())] for row in rows]
    if len(rows) == 1 or len(cells[0]) == 1 or len(set(map(len, cells))) > 1 or any(map(_kind, rows)):
        return None
    if len(cells[0]) == _PAIR:  # which has no heads
        return Terms(tuple((term, text) for term, text in cells), line)
    return Grid((), tuple(map(tuple, cells)), line)


def _kind(row: str) -> str:
    return "bullet" if _BULLET.match(row) else "number" if _NUMBER.match(row) else ""


def _short(row: str) -> bool:
    return len(row.strip()) <= _LONGEST and len(row.split()) <= _MOST_WORDS


def _is_title(row: str) -> bool:
    """Tell whether the first line of a text is its title, which may begin with a number: "5 points for sleep"."""
    counted = row.lstrip()[:1].isdigit() and not _NUMBER.match(row) and not dates.meant(row)
    return _is_heading(row.lstrip("0123456789 ").capitalize() if counted else row)


def _is_heading(row: str) -> bool:
    text = row.strip()
    marked = _BULLET.match(row) or _NUMBER.match(row)
    begun = text.lstrip(_OPENS)[:1]
    quoted = text[:1] in _OPENS and text.endswith(_CLOSES)
    return not (marked or quoted or text.endswith(_ENDS)) and _short(text) and begun.isalpha() and not begun.islower()


def _lists_as_one(blocks: list[Block]) -> list[Block]:
    """Return lists whose items have blank lines between them, and questions that stand together, as one each."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if isinstance(block, Terms) and isinstance(before, Terms):
            found[-1] = Terms((*before.items, *block.items), before.line, before.asked and block.asked)
            continue
        if isinstance(block, Bullets) and isinstance(before, Bullets) and block.numbered == before.numbered:
            goes_on = not block.numbered or block.start == before.start + len(before.items)
            if goes_on:
                found[-1] = Bullets((*before.items, *block.items), before.line, before.numbered, before.start)
                continue
        found.append(block)
    return found
