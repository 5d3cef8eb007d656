"""Labels beside a chart with leader lines that neither cross each other nor run through other marks.

Marks lie in rows (the levels of the vertebrae). Towards one side only the outermost mark of a row is reached
straight; the leaders of the others step into a lane between two rows, run beyond all marks and fan out.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise, product
from math import dist, fsum, hypot, inf
from typing import Literal, NamedTuple

from handout_builder.figures import geometry
from handout_builder.units import XY

Side = Literal["left", "right"]
# Distances in radii of the marks, so that they suit every drawing.
_SAME_ROW = 0.95  # marks whose heights differ less are one row
_LANE, _LANE_MIN, _LANE_MAX = 2.0, 1.5, 3.5  # from a lane to its row: as good as, at least, at most
_LANES_APART, _LEADERS_APART = 0.6, 0.5
_BEYOND, _TAIL = 1.8, 2.0  # from the outermost mark to where the leaders fan out; the level piece before the text
_CLEAR = 0.8  # from a leader to the edge of a foreign mark: nearer costs
_LEAN = 0.7  # a step leads that much outwards per unit of height: 55 degrees
# Partial choices kept from row to row; complete ones drawn and measured; points of a row chosen for together.
_BEAM, _JUDGED, _TOGETHER = 6, 3, 3
_TINY = 1e-9


class Spot(NamedTuple):
    """A point to be labelled: all its drawn marks, on both sides, on the midline, or in a row of pairs."""

    code: str
    marks: tuple[XY, ...]
    radius: float


class Columns(NamedTuple):
    """Where labels may stand: the left column ends, the right one starts at this x; edges and line height."""

    left: float
    right: float
    top: float
    bottom: float
    pitch: float


class Label(NamedTuple):
    """A placed label: its column, the height of its centre, and its leader from the mark's edge to the text."""

    code: str
    side: Side
    y: float
    route: tuple[XY, ...]


def place(
    spots: Sequence[Spot], columns: Columns, sides: Literal["both", "right"] = "both", gap: float = 0.8
) -> list[Label]:
    """Return a label for each spot; all measures are in the drawing's unit, ``gap`` is kept before the text.

    Raises ValueError when there are more labels than the columns have lines.
    """
    lines = int((columns.bottom - columns.top) / columns.pitch + _TINY)
    chosen: tuple[Side, ...] = ("right",) if sides == "right" else ("left", "right")
    if len(spots) > lines * len(chosen):
        raise ValueError(f"{len(spots)} labels, room for {lines * len(chosen)}")
    return list(_placed(tuple(spots), columns, chosen, gap, lines)) if spots else []


@lru_cache(maxsize=64)  # print and book show the same charts, and so do many handouts
def _placed(
    spots: tuple[Spot, ...], columns: Columns, sides: tuple[Side, ...], gap: float, lines: int
) -> tuple[Label, ...]:
    return tuple(_Chart(spots, columns, sides, gap).place(lines))


class _Way(NamedTuple):
    """How a leader leaves its row: straight (``turn`` 0), or through the gap above (-1) or below (1)."""

    spot: Spot
    mark: XY
    row: int
    side: Side
    turn: int


class _State(NamedTuple):
    """A choice of ways for the rows so far, and what it means for the next row; pairs are left and right."""

    ends: tuple[float, ...]  # heights of the last labels
    cost: float = 0.0
    ways: tuple[_Way, ...] = ()
    counts: tuple[int, ...] = (0, 0)
    row: int = -1
    above: tuple[int, ...] = (0, 0)  # leaders in the gap above the last row
    below: tuple[int, ...] = (0, 0)  # and under it


class _Chart:
    """The marks in rows, and the ways between them."""

    def __init__(self, spots: Sequence[Spot], columns: Columns, sides: tuple[Side, ...], gap: float) -> None:
        self.columns, self.sides = columns, sides
        self.spots = sorted(spots, key=lambda spot: spot.code)
        self.radius = max(spot.radius for spot in spots)
        self.ends: dict[Side, float] = {"left": columns.left + gap, "right": columns.right - gap}
        self.marks = sorted(
            ((y, x, spot.code, spot) for spot in self.spots for x, y in spot.marks), key=lambda mark: mark[:3]
        )
        self.rows: list[list[tuple[float, float, str, Spot]]] = []
        for mark in self.marks:
            if not self.rows or mark[0] - self.rows[-1][0][0] > _SAME_ROW * self.radius:
                self.rows.append([])
            self.rows[-1].append(mark)

    def place(self, lines: int) -> list[Label]:
        """Return the labels: the best of the few choices that promise most."""
        drawn = [(self.draw(state.ways), state.ways) for state in self.choices(lines)]
        good = [choice for choice in drawn if all(_apart(*pair) > 0 for pair in combinations(choice[0], 2))]
        return self.simplified(*min(good, key=lambda choice: self.ugliness(choice[0]))) if good else self.straight()

    def homes(self) -> dict[int, list[Spot]]:
        """Return the spots to be labelled in each row: of many rows the emptiest, then the middlemost."""
        middle = (self.columns.top + self.columns.bottom) / 2
        homes: dict[int, list[Spot]] = {}
        for spot in sorted(self.spots, key=lambda spot: -max(abs(x) for x, _ in spot.marks)):
            own = [number for number, row in enumerate(self.rows) if any(mark[3] is spot for mark in row)]
            best = min(own, key=lambda number: (len(self.rows[number]), abs(self.rows[number][0][0] - middle)))
            homes.setdefault(best, []).append(spot)
        return homes

    def ways(self, spot: Spot, row: int) -> Iterator[_Way]:
        """Yield the ways out for a spot labelled in a row."""
        for side in self.sides:
            x, y = max(((x, y) for y, x, _, own in self.rows[row] if own is spot), key=lambda m: _out(side, m[0]))
            ahead = (own is not spot and _out(side, other - x) > -self.radius for _, other, _, own in self.rows[row])
            for turn in (-1, 1) if any(ahead) else (0,):
                yield _Way(spot, (x, y), row, side, turn)

    def choices(self, lines: int) -> list[_State]:
        """Return the most promising choices of ways, chosen row by row from the top."""
        states = [_State((self.columns.top - self.columns.pitch / 2,) * 2)]
        for row, spots in sorted(self.homes().items()):
            for first in range(0, len(spots), _TOGETHER):
                options = list(product(*(list(self.ways(spot, row)) for spot in spots[first : first + _TOGETHER])))
                following = (self.extended(state, row, ways) for ways in options for state in states)
                fitting = [state for state in following if max(state.counts) <= lines]
                states = sorted(fitting, key=lambda state: state.cost)[:_BEAM]
        return states[:_JUDGED]

    def extended(self, state: _State, row: int, ways: Sequence[_Way]) -> _State:
        """Return a choice with more ways out of a row added, and what they cost."""
        cost, counts, ends = state.cost, list(state.counts), list(state.ends)
        above = list(state.above if row == state.row else state.below if row == state.row + 1 else (0, 0))
        below = list(state.below if row == state.row else (0, 0))
        for way in sorted(ways, key=lambda way: way.turn):
            side = int(way.side == "right")
            wanted = way.mark[1] + way.turn * _LANE * self.radius
            ends[side] = max(wanted, ends[side] + self.columns.pitch)
            # A label far from its mark, a bend, a long way across the figure.
            cost += ((ends[side] - wanted) / self.columns.pitch) ** 2 + abs(way.turn)
            cost += 0.2 * max(0.0, -_out(way.side, way.mark[0]) / self.radius)
            counts[side] += 1
            if way.turn:
                lanes, gap = (above, row) if way.turn < 0 else (below, row + 1)
                lanes[side] += 1
                cost += self.squeeze(gap, lanes[side]) - self.squeeze(gap, lanes[side] - 1)
        cost += 0.15 * abs(counts[0] - counts[1])
        return _State(tuple(ends), cost, (*state.ways, *ways), tuple(counts), row, tuple(above), tuple(below))

    def height(self, gap: int) -> float:
        """Return the height of the gap above a row: no end above the first and under the last one."""
        return self.rows[gap][0][0] - self.rows[gap - 1][-1][0] if 0 < gap < len(self.rows) else inf

    def squeeze(self, gap: int, leaders: int) -> float:
        """Return what it costs that leaders of one side share a gap."""
        need = (2 * _LANE_MIN + (leaders - 1) * _LANES_APART) * self.radius
        return 0.5 * (leaders - 1) + 10 * max(0.0, need - self.height(gap)) / self.radius if leaders else 0.0

    def lanes(self, ways: Sequence[_Way]) -> dict[str, float]:
        """Return the height at which each leader runs outwards.

        Of two leaders in one gap the one from the upper row runs above; of two from one row the outer one runs
        nearer to its row: so none crosses another's step.
        """
        heights = {way.spot.code: way.mark[1] for way in ways}
        best = min(max(self.columns.pitch, _LANE * self.radius), _LANE_MAX * self.radius)
        for gap, side in product(range(len(self.rows) + 1), self.sides):
            down = [way for way in ways if (way.side, way.row, way.turn) == (side, gap - 1, 1)]
            up = [way for way in ways if (way.side, way.row, way.turn) == (side, gap, -1)]
            height, many = self.height(gap), len(up) + len(down)
            apart = min((_LANES_APART if height < inf else 1) * self.radius, height / (many + 1))
            off = min(best, (height - (many - 1) * apart) / 2)
            for users in (down, up):
                users.sort(key=lambda way: (-_out(way.side, way.mark[0]), way.spot.code))
                for number, way in enumerate(users):
                    edge = self.rows[way.row][-1 if way.turn > 0 else 0][0]
                    heights[way.spot.code] = edge + way.turn * (off + number * apart)
        return heights

    def draw(self, ways: Sequence[_Way]) -> list[Label]:
        """Return the labels for a choice of ways, each with its whole leader: step, lane, fan, level piece."""
        heights = self.lanes(ways)
        labels = []
        for side in self.sides:
            column = sorted((w for w in ways if w.side == side), key=lambda w: (heights[w.spot.code], w.spot.code))
            ys = _spread([heights[way.spot.code] for way in column], self.columns)
            end, tail = self.ends[side], self.ends[side] - _out(side, _TAIL * self.radius)
            far = max(_out(side, mark[1]) for mark in self.marks) + _BEYOND * self.radius
            far = min(far, _out(side, tail) - self.radius)
            for way, y in zip(column, ys, strict=True):
                height = heights[way.spot.code]
                knee = min(_out(side, way.mark[0]) + _LEAN * abs(height - way.mark[1]), far)
                route = [(_out(side, knee), height), (_out(side, far), height), (tail, y), (end, y)]
                labels.append(Label(way.spot.code, side, y, _leader(way.mark, way.spot.radius, route)))
        return labels

    def clearance(self, label: Label) -> float:
        """Return the distance from a leader to the edge of the nearest foreign mark."""
        far = inf
        for a, b in pairwise(label.route):
            top, bottom = min(a[1], b[1]) - 3 * self.radius, max(a[1], b[1]) + 3 * self.radius
            for y, x, code, spot in self.marks:
                if top < y < bottom and code != label.code:
                    far = min(far, geometry.distance((x, y), a, b) - spot.radius)
        return far

    def ugliness(self, labels: Sequence[Label]) -> float:
        """Return how bad a drawing is: leaders near marks, many bends, slanting leaders, unequal columns."""
        near = fsum(max(0.0, _CLEAR - self.clearance(label) / self.radius) for label in labels)
        bends = sum(len(label.route) for label in labels)
        slant = fsum(abs(label.y - label.route[-3:][0][1]) for label in labels) / self.columns.pitch
        return 50 * near + bends + 2 * slant + 0.2 * abs(sum(_out(label.side, 1) for label in labels))

    def simplified(self, labels: list[Label], ways: Sequence[_Way]) -> list[Label]:
        """Return the labels with bends taken out of the leaders wherever nothing is in the way."""
        by_code = {way.spot.code: way for way in ways}
        for number, label in enumerate(labels):
            way, wanted = by_code[label.code], min(_CLEAR * self.radius, self.clearance(label))
            for route in self.simpler(label, way):
                simple = label._replace(route=_leader(way.mark, way.spot.radius, route))
                others = (_apart(simple, other) for other in labels if other is not label)
                if self.clearance(simple) >= wanted and min(others, default=inf) >= _LEADERS_APART * self.radius:
                    labels[number] = simple
                    break
        return labels

    def simpler(self, label: Label, way: _Way) -> Iterator[list[XY]]:
        """Yield simpler routes for a label, the simplest first."""
        (x, y), end = way.mark, (self.ends[label.side], label.y)
        tail = (end[0] - _out(label.side, _TAIL * self.radius), label.y)
        if (label.y - y) * way.turn > self.radius:  # a lane at the height of the label
            yield [(x + _out(label.side, _LEAN * abs(label.y - y)), label.y), end]
        yield [label.route[1], tail, end] if way.turn else [tail, end]

    def straight(self) -> list[Label]:
        """Return labels with straight leaders: near other marks, perhaps, but for any marks without crossings.

        Two leaders that cross become shorter when they change their labels, so this comes to an end.
        """
        lines = sorted(((max(spot.marks), spot.code, spot) for spot in self.spots), key=lambda line: line[:2])
        half = len(lines) // 2 if "left" in self.sides else 0
        parts = [sorted(part, key=lambda line: line[0][1]) for part in (lines[:half], lines[half:])]
        ports = [_spread([mark[1] for mark, _, _ in part], self.columns) for part in parts]
        lines = parts[0] + parts[1]
        ends = [(self.ends["left"], y) for y in ports[0]] + [(self.ends["right"], y) for y in ports[1]]
        while pair := geometry.crossing([mark for mark, _, _ in lines], ends):
            lines[pair[0]], lines[pair[1]] = lines[pair[1]], lines[pair[0]]
        return [
            Label(code, "left" if number < half else "right", end[1], _leader(mark, spot.radius, [end]))
            for number, ((mark, code, spot), end) in enumerate(zip(lines, ends, strict=True))
        ]


def _out(side: Side, x: float) -> float:
    """Return x as counted outwards on a side, or back."""
    return x if side == "right" else -x


def _leader(mark: XY, radius: float, route: Sequence[XY]) -> tuple[XY, ...]:
    """Return a route from the edge of a mark, without points that change nothing."""
    points = [mark]
    for point, after in pairwise(route):
        if dist(mark, point) > radius and abs(geometry.turn(points[-1], point, after)) > _TINY:
            points.append(point)
    points.append(route[-1])
    (x, y), (to_x, to_y) = points[:2]
    share = min(1.0, radius / hypot(to_x - x, to_y - y))
    return (x + (to_x - x) * share, y + (to_y - y) * share), *points[1:]


def _spread(wanted: Sequence[float], columns: Columns) -> list[float]:
    """Return heights in the same order, a line apart, as near as possible to the wanted ones.

    Least squares under order by pooling adjacent violators (Barlow and others, 1972).
    """
    pools: list[tuple[float, int]] = []  # mean and size
    for number, y in enumerate(wanted):
        mean, size = y - number * columns.pitch, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, size = (mean * size + before * many) / (size + many), size + many
        pools.append((mean, size))
    lowest = columns.top + columns.pitch / 2
    highest = columns.bottom - columns.pitch / 2 - (len(wanted) - 1) * columns.pitch
    flat = [min(max(mean, lowest), highest) for mean, size in pools for _ in range(size)]
    return [value + number * columns.pitch for number, value in enumerate(flat)]


def _apart(one: Label, other: Label) -> float:
    """Return the distance between two leaders, 0 if they cross: in height only, if they share none."""
    ys, others = [y for _, y in one.route], [y for _, y in other.route]
    if (space := max(min(others) - max(ys), min(ys) - max(others))) > 0:
        return space
    lines, foreign = list(pairwise(one.route)), list(pairwise(other.route))
    if any(geometry.meet(*line, *another) for line in lines for another in foreign):
        return 0.0
    near = [geometry.distance(point, *line) for point in one.route for line in foreign]
    return min(near + [geometry.distance(point, *line) for point in other.route for line in lines])
