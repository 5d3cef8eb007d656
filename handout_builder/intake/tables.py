"""Tables of a document: as tables of a handout, or as cards where rows are points."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from handout_builder.content.point_names import PointNames
from handout_builder.intake import mentions
from handout_builder.intake.cards import Cards
from handout_builder.intake.outline import Grid, Run, Runs, joined, with_links, words
from handout_builder.intake.sections import Sections

_EMPTY = "–"
_LONGEST_HEAD = 30
# What a table of a handout has room for.
_MOST_COLUMNS, _MOST_ROWS = 8, 200


def put(block: Grid, sections: Sections) -> None:
    """Put a table; one that cannot be printed as it is, is left as remarks, one of a single column as texts."""
    block = with_heads(block, sections)
    width = max(map(len, (block.head, *block.rows)))
    if width == 1:
        sections.remark(block.line, "a table of one column:")
        for cell in filter(words, (block.caption, *(cell for row in (block.head, *block.rows) for cell in row))):
            sections.put_text(cell, block.line)
        return
    parts = [replace(block, rows=block.rows[at : at + _MOST_ROWS]) for at in range(0, len(block.rows), _MOST_ROWS)]
    parts = parts or [block]
    if width <= _MOST_COLUMNS and all(tables := [_table(part, sections) for part in parts]):
        for table in filter(None, tables):
            sections.put(table)
        return
    many = f"a table of {width} columns, more than {_MOST_COLUMNS}: divide it"
    sections.remark(block.line, many if width > _MOST_COLUMNS else "a table with words that cannot be printed:")
    if block.caption:
        sections.remark(0, with_links(block.caption))
    for cells in (block.head, *block.rows) if block.head else block.rows:
        sections.remark(0, "| " + " | ".join(with_links(cell) for cell in cells) + " |")
    sections.leave_remarks_here()


def with_heads(block: Grid, sections: Sections) -> Grid:
    """Return a table with its first row for its heads, where it has none and that row looks like them."""
    if block.head or not _has_heads(block.rows):
        return block
    sections.remark(block.line, "the first row was taken for the heads of the columns")
    return replace(block, head=block.rows[0], rows=block.rows[1:])


def put_points(
    block: Grid, points: Sequence[mentions.Mention | None], sections: Sections, cards: Cards, names: PointNames
) -> None:
    """Put a table most of whose rows are points as their cards; rows between them that have none stay a table."""
    told = " | ".join(map(with_links, block.head))
    sections.remark(block.line, f"a table in the original, with the heads: {told}" if block.head else "a table")
    if block.caption:
        sections.remark(0, with_links(block.caption))
    rows = zip(points, block.rows, strict=True)
    for has_card, group in groupby(rows, key=lambda row: cards.takes(row[0])):
        if has_card:
            for found, row in group:
                assert found
                _put_card(found, replace(block, rows=(row,)), cards, names)
        else:
            cards.end()  # what follows is not of the point before
            _put_rest(block, list(group), sections)
    cards.end()


def _put_card(found: mentions.Mention, block: Grid, cards: Cards, names: PointNames) -> None:
    """Put the only row of a table as the card of its point."""
    heads = [words(cell) for cell in block.head]
    ((first, *cells),) = block.rows
    cards.begin(found, first, block.line)
    for column, cell in enumerate(cells, start=1):
        named = mentions.mention(words(cell), names)
        if named and named.code == found.code and not words(cell)[named.rest :].strip():
            cards.rename(named, with_links(cell))
        elif words(cell):
            _say(cell, heads[column] if column < len(heads) else "", block.line, cards)


def _put_rest(
    block: Grid, rows: Sequence[tuple[mentions.Mention | None, tuple[Runs, ...]]], sections: Sections
) -> None:
    """Put rows that have no card, under the heads of their table; the cells of one without heads as texts."""
    if any(found is None for found, _ in rows):
        sections.remark(block.line, mentions.UNKNOWN)
    if block.head:
        put(replace(block, rows=tuple(row for _, row in rows), caption=()), sections)
        return
    for cell in (cell for _, row in rows for cell in row if words(cell)):
        sections.put_text(cell, block.line)


def _say(cell: Runs, head: str, line: int, cards: Cards) -> None:
    """Add a cell to the last card, with the head of its column where that does not tell to which of its texts."""
    uses = cards.told.tells_use(f"{head}:")
    said = joined((Run(f"{head}: "), *cell)) if head and not uses else cell
    if head:
        cards.add(said, line, "use" if uses else "remark")
    else:
        cards.go_on(said, line)


def _has_heads(rows: Sequence[Sequence[Runs]]) -> bool:
    """Tell whether the first row of a table has a few words in each cell, as heads of columns have."""
    first = [words(cell) for cell in rows[0]]
    return len(rows) > 1 and all(first) and len(first) == max(map(len, rows)) and max(map(len, first)) <= _LONGEST_HEAD


def _table(block: Grid, sections: Sections) -> dict[str, Any] | None:
    """Return a table as the block ``table``; None where a cell cannot be printed."""
    width = max(map(len, (block.head, *block.rows)))
    heads, *cells = [[sections.written(cell, block.line) for cell in row] for row in (block.head, *block.rows)]
    told = sum(bool(words(cell)) for row in (block.head, *block.rows) for cell in row)
    if sum(bool(cell) for row in (heads, *cells) for cell in row) < told or not cells:
        return None
    columns = [{"head": head or _EMPTY} for head in _filled(heads, width)]
    rows = [[cell or _EMPTY for cell in _filled(row, width)] for row in cells]
    table: dict[str, Any] = {"type": "table", "columns": columns, "rows": rows}
    if block.caption and (caption := sections.set(block.caption, block.line)):
        table["caption"] = caption
    return table


def _filled(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]
