"""Labels beside a chart with leader lines that neither cross each other nor run through other marks.

Marks lie in rows (the levels of the vertebrae). Towards one side only the outermost mark of a row is reached
straight; the leaders of the others step into a lane between two rows, run beyond all marks and fan out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

XY = tuple[float, float]
Side = Literal["left", "right"]
# Distances in radii of the marks.
_SAME_ROW, _TWO_LANES, _ONE_LANE, _OUTER_LANE, _BEYOND = 0.9, 3.6, 2.5, 2.4, 1.8


@dataclass(frozen=True)
class Spot:
    """A point to be labelled: all its drawn marks, on both sides, on the midline, or in a row of pairs."""

    code: str
    marks: tuple[XY, ...]
    radius: float


@dataclass(frozen=True)
class Columns:
    """Where labels may stand: the left column ends, the right one starts at this x; edges and line height."""

    left: float
    right: float
    top: float
    bottom: float
    pitch: float


@dataclass(frozen=True)
class Label:
    """A placed label: its column, the height of its centre, and its leader from the mark's edge to the text."""

    code: str
    side: Side
    y: float
    route: tuple[XY, ...]


@dataclass(frozen=True)
class _Exit:
    """How a leader leaves its row: straight (``gap`` None) or through the gap above a row (its number)."""

    spot: Spot
    row: int
    side: Side
    gap: int | None


def place(
    spots: Sequence[Spot], columns: Columns, sides: Literal["both", "right"] = "both", gap: float = 0.8
) -> list[Label]:
    """Return a label for each spot; all measures are in the drawing's unit, ``gap`` is kept before the text.

    Raises ValueError when there are more labels than the columns have lines.
    """
    lines = int((columns.bottom - columns.top) / columns.pitch + 1e-9)
    if len(spots) > lines * (1 if sides == "right" else 2):
        raise ValueError(f"{len(spots)} labels, room for {lines * (1 if sides == 'right' else 2)}")
    if not spots:
        return []
    radius = max(spot.radius for spot in spots)
    rows = _rows([mark for spot in spots for mark in spot.marks], _SAME_ROW * radius)
    exits = _exits(sorted(spots, key=lambda spot: spot.code), rows, columns, radius, lines, sides)
    heights = _heights(exits, rows, radius)
    reach = max(abs(x) for spot in spots for x, _ in spot.marks) + _BEYOND * radius
    labels = []
    for side in ("left", "right"):
        column = sorted((e for e in exits if e.side == side), key=lambda e: (heights[e.spot.code], e.spot.code))
        ys = _spread([heights[e.spot.code] for e in column], columns)
        labels += [_label(e, heights[e.spot.code], y, reach, columns, gap) for e, y in zip(column, ys, strict=True)]
    return labels


def _rows(marks: Sequence[XY], tolerance: float) -> list[float]:
    """Return the mean heights of the rows, from the top."""
    rows: list[list[float]] = []
    for _, y in sorted(marks, key=lambda mark: mark[1]):
        if rows and y - rows[-1][0] <= tolerance:
            rows[-1].append(y)
        else:
            rows.append([y])
    return [sum(row) / len(row) for row in rows]


def _row_of(y: float, rows: Sequence[float]) -> int:
    return min(range(len(rows)), key=lambda number: abs(rows[number] - y))


def _out(spot: Spot, y: float, rows: Sequence[float], side: Side) -> XY:
    """Return the mark of a spot in the row of ``y`` that lies farthest out on a side."""
    sign = 1 if side == "right" else -1
    row = _row_of(y, rows)
    return max((mark for mark in spot.marks if _row_of(mark[1], rows) == row), key=lambda mark: sign * mark[0])


def _exits(
    spots: Sequence[Spot], rows: Sequence[float], columns: Columns, radius: float, lines: int, sides: str
) -> list[_Exit]:
    """Choose side and way out for each spot, row by row from the top, so that the columns stay balanced."""
    by_row: dict[int, list[Spot]] = {}
    crowd = [sum(_row_of(y, rows) == row for spot in spots for _, y in spot.marks) for row in range(len(rows))]
    middle = (columns.top + columns.bottom) / 2
    for spot in spots:
        own = {_row_of(y, rows) for _, y in spot.marks}
        by_row.setdefault(min(own, key=lambda row: (crowd[row], abs(rows[row] - middle))), []).append(spot)
    count: dict[Side, int] = {"left": 0, "right": 0}
    used: dict[tuple[Side, int], int] = {}
    exits: list[_Exit] = []
    allowed: tuple[Side, ...] = ("right",) if sides == "right" else ("left", "right")
    room = [_lanes(rows, number, radius) for number in range(len(rows) + 1)]
    for row in sorted(by_row):
        ranked = sorted(by_row[row], key=lambda spot: (-max(abs(x) for x, _ in spot.marks), spot.code))
        for number, spot in enumerate(ranked):
            open_sides = [side for side in allowed if count[side] < lines]
            if number == 0 and _free(spot, spots, rows, row):
                side = min(open_sides, key=lambda side: (count[side], side == "left"))
                chosen = _Exit(spot, row, side, None)
            else:
                ways = [_Exit(spot, row, side, gap) for side in open_sides for gap in (row, row + 1)]
                chosen = min(
                    ways,
                    key=lambda way: (
                        used.get((way.side, way.gap or 0), 0) >= room[way.gap or 0],
                        count[way.side],
                        used.get((way.side, way.gap or 0), 0),
                        way.gap != row + 1,
                    ),
                )
                key = (chosen.side, chosen.gap or 0)
                used[key] = used.get(key, 0) + 1
            count[chosen.side] += 1
            exits.append(chosen)
    return exits


def _free(spot: Spot, spots: Sequence[Spot], rows: Sequence[float], row: int) -> bool:
    """Tell whether nothing lies farther out than this spot in its row."""
    far = max(abs(x) for x, y in spot.marks if _row_of(y, rows) == row)
    return not any(
        other is not spot and abs(x) > far for other in spots for x, y in other.marks if _row_of(y, rows) == row
    )


def _lanes(rows: Sequence[float], gap: int, radius: float) -> int:
    """Return how many leaders have room between row ``gap - 1`` and row ``gap``, on one side."""
    if gap in (0, len(rows)):
        return 2
    height = (rows[gap] - rows[gap - 1]) / radius
    return 2 if height >= _TWO_LANES else 1 if height >= _ONE_LANE else 0


def _heights(exits: Sequence[_Exit], rows: Sequence[float], radius: float) -> dict[str, float]:
    """Return the height at which each leader runs outwards.

    Of two leaders in one gap the one from the upper row runs above; of two from one row the outer one runs
    nearer to its row: so none crosses another's step.
    """
    heights = {e.spot.code: rows[e.row] for e in exits if e.gap is None}
    lanes: dict[tuple[Side, int], list[_Exit]] = {}
    for e in exits:
        if e.gap is not None:
            lanes.setdefault((e.side, e.gap), []).append(e)
    for (side, gap), users in lanes.items():
        top = rows[gap - 1] if gap else rows[0] - _OUTER_LANE * 2 * radius
        bottom = rows[gap] if gap < len(rows) else rows[-1] + _OUTER_LANE * 2 * radius

        def rank(e: _Exit, side: Side = side, gap: int = gap) -> tuple[bool, float]:
            far = abs(_out(e.spot, rows[e.row], rows, side)[0])
            below = e.row == gap  # steps up from the lower row
            return below, far if below else -far

        for number, e in enumerate(sorted(users, key=rank), start=1):
            heights[e.spot.code] = top + (bottom - top) * number / (len(users) + 1)
    return heights


def _spread(wanted: Sequence[float], columns: Columns) -> list[float]:
    """Return heights in the same order, a line apart, as near as possible to the wanted ones.

    Least squares under order by pooling adjacent violators (Barlow and others, 1972).
    """
    pools: list[list[float]] = []
    for number, y in enumerate(wanted):
        pools.append([y - number * columns.pitch])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    lowest = columns.top + columns.pitch / 2
    highest = columns.bottom - columns.pitch / 2 - (len(wanted) - 1) * columns.pitch
    flat = [min(max(_mean(pool), lowest), highest) for pool in pools for _ in pool]
    return [value + number * columns.pitch for number, value in enumerate(flat)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _label(e: _Exit, height: float, y: float, reach: float, columns: Columns, gap: float) -> Label:
    sign = 1 if e.side == "right" else -1
    x, mark_y = max(e.spot.marks, key=lambda mark: (-round(abs(mark[1] - height) / 3), sign * mark[0]))
    step = abs(height - mark_y) if e.gap is not None else 0.0
    knee = (x + sign * max(step, e.spot.radius), height)
    end = (columns.right if sign > 0 else columns.left) - sign * gap
    route = [(x, mark_y), knee, (sign * reach, height), (end - sign * 2 * gap, y), (end, y)]
    route = [point for point, after in pairwise([*route, (float("nan"),) * 2]) if point != after]
    length = ((route[1][0] - x) ** 2 + (route[1][1] - mark_y) ** 2) ** 0.5
    share = min(1.0, e.spot.radius / length)
    route[0] = (x + (route[1][0] - x) * share, mark_y + (route[1][1] - mark_y) * share)
    return Label(e.spot.code, e.side, y, tuple(route))
