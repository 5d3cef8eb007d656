"""Rows of a table in a page, each with a cell for every column."""

from collections.abc import Iterator, Sequence

from lxml import html

from handout_builder.intake.outline import Runs

# HTML has columns up to 1000; a table of more than 8 is told as one that has to be divided.
_MOST_SPANNED, _SPAN_DIGITS = 20, 5
GROUPS, CELLS = ("thead", "tbody", "tfoot"), ("th", "td")


def parts_of(element: html.HtmlElement, through: Sequence[str], wanted: Sequence[str]) -> Iterator[html.HtmlElement]:
    """Yield the parts of a list or a table that are ``wanted``, in it and in those that it goes ``through``."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in through:
            yield from parts_of(child, through, wanted)


def rows_of(table: html.HtmlElement) -> Iterator[list[html.HtmlElement]]:
    """Yield the cells of each row; those that stand in none are one together."""
    apart: list[html.HtmlElement] = []
    for part in parts_of(table, GROUPS, ("tr", *CELLS)):
        if part.tag != "tr":
            apart.append(part)
            continue
        if apart:
            yield apart
            apart = []
        yield list(part.iterchildren(*CELLS))
    if apart:
        yield apart


def spread(own: Sequence[tuple[html.HtmlElement, Runs]], spans: dict[int, tuple[int, Runs]]) -> tuple[Runs, ...]:
    """Return the cells of a row, one a column: what runs over several rows or columns holds for each, and stands there.

    ``spans`` has what runs on from the rows above by its column, with the number of rows left, and is kept up. A cell
    that is a row of its own stands once.
    """
    cells: list[Runs] = []

    def from_above() -> None:
        while len(cells) in spans:
            left, runs = spans.pop(len(cells))
            if left > 1:
                below[len(cells)] = left - 1, runs
            cells.append(runs)

    below: dict[int, tuple[int, Runs]] = {}
    alone = len(own) == 1 and not spans
    from_above()
    for cell, runs in own:
        rows, columns = _span(cell, "rowspan"), 1 if alone else _span(cell, "colspan")
        for _ in range(columns):
            if rows > 1 and not alone:
                below[len(cells)] = rows - 1, runs
            cells.append(runs)
            from_above()
    while spans:  # the row ends before the last column that something above runs over
        if len(cells) in spans:
            from_above()
        else:
            cells.append(())
    spans.update(below)
    return tuple(cells)


def _span(cell: html.HtmlElement, name: str) -> int:
    """Return over how many rows or columns a cell runs; 0 stands for the rest of the rows (HTML, 4.9.11)."""
    said = (cell.get(name) or "").strip()
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= _SPAN_DIGITS else 1
    if name == "rowspan":
        return number or 10**_SPAN_DIGITS
    return min(max(number, 1), _MOST_SPANNED)
