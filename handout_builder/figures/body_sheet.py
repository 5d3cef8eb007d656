"""Charts of all parts of the body but the back with its bones: labels stand beside the figure, whatever its shape.

How large a figure is printed follows from the room that its labels leave, so that words have the same size in all
charts of an edition. Lengths are mm of a chart that is as wide as the column, which is told as 176 mm: what
``--lettering`` counts on, too.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from math import dist, log
from typing import Literal

from handout_builder.content import anatomy
from handout_builder.content.schema.values import PrintedSize
from handout_builder.figures import leader_lines
from handout_builder.figures.layers import Frame
from handout_builder.figures.marks import Entry, Kind, mark, marks_of, shapes_of, small
from handout_builder.figures.sheet import CODE, NAME, NOTE, SMALLEST, Sheet, route
from handout_builder.figures.svg import ChartText, cased
from handout_builder.figures.window import crowding, window
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import MM_PER_PT, XY

Size = Literal["inset", PrintedSize]
WHOLE = 176.0
"""Width of a full-column chart, mm."""
# Breadth and height of the figure at most, the width of its outline, and the radius of a mark.
_SIZES: dict[Size, tuple[float, float, float, float]] = {
    "inset": (44.0, 41.0, 0.4, 1.1),
    "small": (44.0, 56.0, 0.4, 1.1),
    "medium": (75.0, 100.0, 0.5, 1.3),
    "full": (120.0, 165.0, 0.6, 1.4),
}
# Large letters stand on charts that are printed small: how much of it the figure makes up for.
_MAKE_UP = 0.75
# From the figure to its labels; how wide they may be in one line where the figure would have more room without them,
# and in several lines; the least that the figure keeps.
_GAP, _MOST, _WRAPPED, _LEAST = 3.0, 38.0, 30.0, 18.0
# Lines of drawings differ in width by steps of this factor.
_WEIGHT_STEP = 1.35
# How wide leaders are, without the paper beside them.
_LEADER = 0.2
# Of a trunk whose points lie within this share of its height no more is drawn than is needed, and so much larger.
_FEW_OF_TRUNK, _NEARER = 0.3, 1.4
# So many labels stand on one side of a figure, as long as they have room.
_ONE_SIDE = 6
# Where there is less room, labels are codes alone.
_NAMES = 40.0
_LINES = {1: ("right",), 2: ("left", "right")}


class BodySheet(Sheet):
    """One chart in the making: see Sheet. ``room`` is how wide it may be, in mm of the column of 176."""

    def __init__(
        self, view: str, text: ChartText, theme: Theme, entries: Sequence[Entry], groups: int, size: Size, room: float
    ) -> None:
        name = anatomy.figure_for(view, (entry.point for entry in entries), theme.body)
        self.name, self.figure = name, anatomy.figure(name)
        self.percent = 1.0
        self.skin, self.lettering = theme.skin, theme.lettering
        self.colours = chart_colours(theme)
        self.labels = text.labels
        self.larger = theme.lettering > 1 or room < _NAMES
        self.mirrored = bool(self.figure.get("mirror"))
        self.names = {}
        self.lines, self.share, self.longer = 1, 1.0, 0.0
        wide, high, line, dot = _SIZES[size]
        grown = max(1.0, _MAKE_UP * theme.lettering)
        if size == "inset":
            high, grown = theme.measure("inset-high"), 1.0
        columns = 1 if len(entries) <= _ONE_SIDE else len(_LINES)
        height = high * grown
        while True:
            label = self._label_width(entries, max(_MOST, (room - wide * grown) / columns - _GAP))
            fits = self._rows(height) * columns
            if fits >= len(entries) or (columns > 1 and self.share <= SMALLEST):
                break
            if columns == 1:
                columns = 2
            else:
                self.share = max(SMALLEST, self.share * 0.96)
        most = max(_LEAST, room - columns * (label + _GAP))
        frame, breadth = Frame.of(name, view), min(wide * grown, most)
        self.unit = _unit(frame, breadth, height)
        spots = [anatomy.shown(view, entry.point, name) for entry in entries]
        larger = crowding(spots, dot * self.unit * theme.measure("marks"))
        if size != "inset":  # an inset shows where on the body it is
            frame, larger = _part(frame, entries, spots, larger)
            self.unit = max(self.unit / larger, _unit(frame, most, height))
        left, top, width, tall = frame.box
        self.sides: Literal["both", "right"] = "both" if columns > 1 else "right"
        self.longer = max(0.0, -(-len(entries) // columns) * self.pitch() - tall)
        self.radius = dot * self.unit * theme.measure("marks")
        weight = _step(line * self.unit / self.figure["weights"]["contour"])
        self.frame = frame._replace(weight=weight)
        self.middle = left + width / 2
        half = width / 2 + _GAP * self.unit
        self.where = leader_lines.Columns(-half, half, top, top + tall + self.longer, self.pitch())
        above = self.size(NOTE * 1.6) if self.mirrored else 0.0
        below = self.size(NOTE * 1.6) * self._legend_lines(groups)
        outer = half + label * self.unit
        start = self.middle - outer if columns > 1 else left
        self.box = (start, top - above, self.middle + outer - start, tall + self.longer + above + below)

    def placed(self, marks: Sequence[XY]) -> tuple[XY, ...]:
        """Return places of the figure in the chart's unit, which is the figure's."""
        return tuple(marks)

    def radius_of(self, entry: Entry) -> float:  # noqa: ARG002  # all have room here
        """Return the radius of a mark, in the chart's unit."""
        return self.radius

    def _label_width(self, entries: Sequence[Entry], most: float) -> float:
        """Return how wide the labels are, in mm; names go on below their codes where one is wider than ``most``."""
        code, name = (self.share * size * self.lettering * MM_PER_PT for size in (CODE, NAME))
        self.lines, self.names = 1, {}
        if self.larger:
            return max(self.wide(entry.point.code, bold=True) * code for entry in entries)
        whole = max(self.wide(f"{entry.point.code} {entry.name}", bold=True) * code for entry in entries)
        if whole <= most:
            return whole
        self.names = {entry.point.code: self.wrapped(entry.name, _WRAPPED, name) for entry in entries}
        self.lines = 1 + max(map(len, self.names.values()))
        lines = (line for lines in self.names.values() for line in lines)
        return max(
            [
                max(self.wide(line) * name for line in lines),
                *(self.wide(e.point.code, bold=True) * code for e in entries),
            ]
        )

    def _rows(self, height: float) -> int:
        """Return how many labels stand above each other beside a figure of a height in mm."""
        self.unit = 1.0
        return int(height / self.pitch())

    def _legend_lines(self, groups: int) -> int:
        return groups + (1 if self.mirrored else 0)

    def guides(self, spots: Sequence[leader_lines.Spot]) -> Iterator[str]:  # noqa: ARG002  # there are no bones
        """Yield nothing: there are no vertebrae to name."""
        yield from ()

    def names_on_bones(self, labels: int) -> Iterator[str]:  # noqa: ARG002
        """Yield nothing: there are no vertebrae to name."""
        yield from ()

    def corners(self) -> Iterator[str]:
        """Yield the words for the person's left and right: from the front these are swapped."""
        if not self.mirrored:
            return
        left, top, width, _ = self.box
        y = top + 0.6 * self.size(NOTE)
        words = (self.labels["left"], self.labels["right"])
        first, second = words if self.figure.get("right", 1) > 0 else words[::-1]
        yield self.text(first, left, y, NOTE, "ink2", bold=True)
        yield self.text(second, left + width, y, NOTE, "ink2", "end", bold=True)

    def labelled(self, entries: Sequence[Entry], spots: Sequence[leader_lines.Spot]) -> Iterator[str]:
        """Yield callouts, marks and labels, in this order."""
        by_code = {entry.point.code: entry for entry in entries}
        centred = [leader_lines.Spot(s.code, tuple((x - self.middle, y) for x, y in s.marks), s.radius) for s in spots]
        placed = leader_lines.place(centred, self.where, self.sides, self.size(2))
        self.make_room_for([y for label in placed for _, y in label.route])
        yield cased(
            "".join(route(label.route, self.middle) for label in placed), self.colours["leader"], _LEADER * self.unit
        )
        for spot in spots:
            entry = by_code[spot.code]
            yield from marks_of(spot.marks, entry.point, small(entry.point, entry.kind), spot.radius, self.colours)
        for label in placed:
            x = self.middle + (self.where.left if label.side == "left" else self.where.right)
            yield self.label(by_code[label.code], label, x)

    def make_room_for(self, heights: Sequence[float]) -> None:
        """Make the drawing higher where leaders step aside, at heights in its unit, above or below the figure."""
        left, top, width, height = self.box
        free = 2 * _LEADER * self.unit
        above = max(0.0, self.where.top + free - min(heights, default=self.where.bottom))
        below = max(0.0, max(heights, default=self.where.top) + free - self.where.bottom)
        self.box = (left, top - above, width, height + above + below)

    def legend(self, entries: Sequence[Entry], groups: Sequence[tuple[Kind, str]]) -> Iterator[str]:
        """Yield what the marks mean, at the foot: groups, and below them which shape is a pair."""
        left, top, _, height = self.box
        size = self.size(NOTE)
        y = top + height - 1.6 * size * self._legend_lines(len(groups)) + 0.9 * size
        r = max(self.radius * 0.9, 0.3 * size)
        kinds = shapes_of(entries)
        for kind, words in groups:
            x = left
            for diamond in sorted(kinds):
                yield mark((x + 1.5 * r, y), kind, r, "dot-mid" if diamond else "dot", self.colours, diamond=diamond)
                x += 3.1 * r
            yield self.text(words, x + 0.6 * r, y, NOTE, "ink")
            y += 1.6 * size
        if not self.mirrored:
            return
        x = left
        for words, diamond, colour in (("both_sides", False, "dot"), ("in_the_middle", True, "dot-mid")):
            if diamond in kinds:
                yield mark((x + 1.3 * r, y), "filled", r, colour, self.colours, diamond=diamond)
                yield self.text(self.labels[words], x + 3.2 * r, y, NOTE, "ink")
                x += 3.2 * r + self.wide(self.labels[words]) * size + 1.5 * size

    @property
    def printed(self) -> float:
        """How much of the column's width the drawing takes, words beside it included: 1 for all of it."""
        return float(self.box[2] / self.unit / WHOLE)


def _unit(frame: Frame, breadth: float, height: float) -> float:
    """Return how many units are printed 1 mm wide where a frame may be so wide and so high, in mm."""
    _, _, width, tall = frame.box
    return max(width / breadth, tall / height)


def _part(frame: Frame, entries: Sequence[Entry], spots: Sequence[Sequence[XY]], larger: float) -> tuple[Frame, float]:
    """Return what is drawn of a view where its marks ask for so much larger a drawing, and how much larger it is."""
    told_by = _told_by(frame, entries, spots)
    if larger > 1:
        return window(frame, spots, told_by, larger), larger
    if _is_trunk(frame) and _span([*chain(*spots), *told_by]) < _FEW_OF_TRUNK * frame.box[3]:
        return window(frame, spots, told_by, 1 / _FEW_OF_TRUNK), _NEARER
    return frame, 1.0


def _is_trunk(frame: Frame) -> bool:
    """Tell whether a frame shows a trunk, which the arms hang beside."""
    return any(edge == "arm" for edge, *_ in frame.fade)


def _span(places: Sequence[XY]) -> float:
    """Return from how high to how low places lie."""
    heights = [y for _, y in places]
    return max(heights) - min(heights)


def _told_by(frame: Frame, entries: Sequence[Entry], spots: Sequence[Sequence[XY]]) -> list[XY]:
    """Return the nearest landmark of each point's place that a frame shows."""
    left, top, width, height = frame.box
    found = []
    for entry, marks in zip(entries, spots, strict=True):
        known = (
            (dist(mark, (x, y)), (x, y))
            for mark in marks
            for x, y in anatomy.landmarks_of(frame.figure, entry.point)
            if left <= x <= left + width and top <= y <= top + height
        )
        if nearest := min(known, default=None):
            found.append(nearest[1])
    return found


def _step(weight: float) -> float:
    """Return the nearest of few weights: print and book have the same drawing then, which is kept."""
    return float(round(_WEIGHT_STEP ** round(log(weight) / log(_WEIGHT_STEP)), 2))
