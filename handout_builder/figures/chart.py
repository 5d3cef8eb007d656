"""Charts of points: a figure, the points in their places by formula, labels, guides and a legend, as SVG.

Nothing but data decides where a mark stands: see anatomy.positions.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Literal

from markupsafe import Markup, escape

from handout_builder.content import anatomy
from handout_builder.engine.session import session
from handout_builder.figures import leader_lines
from handout_builder.figures.curves import number
from handout_builder.figures.finger_bar import FOUR, TWO, breadth, fingers
from handout_builder.figures.layers import Frame, draw
from handout_builder.figures.marks import SMALL, Entry, Kind, is_midline, is_row, mark, marks_of
from handout_builder.figures.svg import ChartText, cased, family, line_of_text, picture
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import MM_PER_PT, XY

_CODE, _NAME, _NOTE, _LEVEL = 11.0, 10.5, 10.5, 9.5
_RADIUS = 1.25
_TINY = 1e-9
# The share of a line of text that stands before its place, and what is left free beside it, in mm.
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
_SPARE = 0.5
# Characters in a line of a note beside the body.
_NARROW = 16


def chart(
    view: str,
    entries: Sequence[Entry],
    text: ChartText,
    ident: str,
    theme: Theme,
    legend: Sequence[tuple[Kind, str]] = (),
) -> Markup:
    """Return a view with its points as inline SVG; ``ident`` begins its ids, ``theme`` gives the colours.

    Raises ValueError for a point that the view does not show.
    """
    sheet = _Sheet(view, text.labels, theme, len(legend), len(entries))
    spots = [_spot(view, entry, sheet.radius) for entry in entries]
    parts = [*sheet.guides(len(entries))]
    parts += sheet.labelled(entries, spots)
    parts += sheet.corners()
    parts += sheet.legend(entries, legend)
    # The ground comes first, and is as wide as the words that stand on it.
    return picture(sheet.box, "".join([sheet.ground(ident), *parts]), text, ident, "chart")


def lettering(view: str, shown: float, least: float) -> float:
    """Return how much larger than usual words must be set to be ``least`` px high in a view shown ``shown`` px wide."""
    name = anatomy.views()[view]
    frame = anatomy.figure(name)["frames"][view]
    smallest = min(_LEVEL if frame.get("named") else _NAME, _NOTE, _NAME)
    return float(least / (smallest * MM_PER_PT / frame["printed"] * shown))


def _spot(view: str, entry: Entry, radius: float) -> leader_lines.Spot:
    marks = anatomy.shown(view, entry.point)
    if not marks:
        raise ValueError(f"the view {view} does not show {entry.point.code}")
    return leader_lines.Spot(entry.point.code, tuple(marks), radius * (SMALL if is_row(entry.point) else 1))


class _Sheet:
    """One chart in the making: its frame, its scale and its colours."""

    def __init__(self, view: str, labels: Mapping[str, str], theme: Theme, groups: int, points: int) -> None:
        name = anatomy.views()[view]
        self.data: Mapping[str, Any] = anatomy.figure(name)["frames"][view]
        self.figure = anatomy.figure(name)
        self.frame = Frame.of(name, view)
        self.skin, self.lettering = theme.skin, theme.lettering
        self.colours = chart_colours(theme)
        self.labels = labels
        self.unit: float = self.frame.box[2] / self.data["printed"]
        """Units of the drawing that are printed 1 mm wide."""
        self.larger = theme.lettering > 1
        """Whether words need more room: labels are codes alone then, and the legend stands below the figure."""
        self.lines: int = self.data.get("lines", 1)
        """Lines of a label."""
        self.share = 1.0
        """The size of labels, of that of other words: where many points are, their labels are smaller."""
        left, top, width, height = self.frame.box
        below = self.size(_NOTE * 1.5) * max(groups, 2) if self.larger and self.figure.get("mirror") else 0
        self.box = (left, top, width, height + below)
        self.radius: float = self.data.get("radius", _RADIUS)
        self.make_room(points)

    def make_room(self, labels: int) -> None:
        """Let labels be as small as they must be for all to have room."""
        if self.lines > 1 and labels > self.room(self.data["labels"]):
            self.lines = 1
        where = max((self.data[name] for name in ("labels", "high") if name in self.data), key=self.room)
        sides = 1 if self.data.get("lines", 1) > 1 else len(("left", "right"))
        most = sides * self.room(where)
        while labels > most:
            self.share *= 0.98
            most = sides * self.room(where)

    def room(self, where: Mapping[str, Any]) -> int:
        """Return how many labels stand above each other in a column."""
        return int((where["bottom"] - where["top"]) / self.pitch() + _TINY)

    def reserve(self, words: str, x: float, size: float, anchor: str, *, bold: bool) -> None:
        """Make the sheet as wide as a line of text needs it."""
        with session() as engine:
            width = engine.width(words, family(), bold=bold) * size
        start = x - width * _BEFORE[anchor]
        left, top, whole, height = self.box
        right, spare = left + whole, _SPARE * self.unit
        if start < left - _TINY:
            left = start - spare
        if start + width > right + _TINY:
            right = start + width + spare
        self.box = (left, top, right - left, height)

    def size(self, points: float) -> float:
        """Return a type size in pt as units of the drawing."""
        return float(points * self.lettering * MM_PER_PT * self.unit)

    def text(
        self, words: str, x: float, y: float, points: float, colour: str, anchor: str = "start", *, bold: bool = False
    ) -> str:
        """Return a line of text; ``y`` is the middle of its capitals."""
        return self.sized(words, x, y, self.size(points), colour, anchor, bold=bold)

    def sized(
        self, words: str, x: float, y: float, size: float, colour: str, anchor: str = "start", *, bold: bool = False
    ) -> str:
        """Return a line of text whose size is in the drawing's unit."""
        self.reserve(words, x, size, anchor, bold=bold)
        return line_of_text(words, x, y, size, self.colours[colour], anchor, bold=bold)

    def ground(self, ident: str) -> str:
        """Return paper and figure: dark reading systems take away a ground that only a style sheet gives."""
        left, top, width, height = self.box
        paper = f"M{number(left)},{number(top)}h{number(width)}v{number(height)}h{number(-width)}z"
        return f'<path d="{paper}" fill="{self.colours["paper"]}"/>' + draw(self.frame, self.skin, ident)

    def corners(self) -> Iterator[str]:
        """Yield the words for left and right; on a back they are not swapped."""
        if self.figure.get("mirror"):
            left, top, width, _ = self.frame.box
            y = top + self.size(8)
            yield self.text(self.labels["left"], left, y, _NOTE, "ink2", bold=True)
            yield self.text(self.labels["right"], left + width, y, _NOTE, "ink2", "end", bold=True)

    def guides(self, labels: int) -> Iterator[str]:
        """Yield the names of vertebrae, the line between the hip bones, and the finger-width bar."""
        levels = [(level, self.figure["spinous"][level]) for level in self.data.get("named", ())]
        if self.data.get("hip-line"):
            yield from self.hip_line(self.labels["hip_line"] if self.fit_one_column(labels) else "")
        # Larger names would hide the midline points: they stand beside the pairs.
        x, anchor = (-10.0, "end") if self.larger else (0.0, "middle")
        yield from (self.text(level, x, y + 0.4, _LEVEL, "ink", anchor, bold=True) for level, y in levels)
        if bar := self.data.get("fingers"):
            yield from self.finger_bar(bar)

    def fit_one_column(self, labels: int) -> bool:
        """Tell whether all labels stand on the right; the left is then free for notes."""
        few = labels <= min(self.data.get("one-column", 0), self.room(self.data["labels"]))
        return bool(self.data.get("lines", 1) > 1 or few)

    def hip_line(self, words: str) -> Iterator[str]:
        """Yield the dashed line between the tops of the hip bones: a convention, "about L4"."""
        y, x = self.figure["hip-line"], self.data["labels"]["x"] - 2
        line = f"M{number(-x)},{y}H-2.2M2.2,{y}H{number(x)}"
        yield cased(line, self.colours["dot-mid"], 0.3, ' stroke-dasharray="1.3 .9"')
        lines = wrap(words, round(_NARROW / self.lettering))
        step = self.size(_NOTE * 1.25)
        for place, part in enumerate(lines):
            yield self.text(part, -x - 1, y + step * (place - (len(lines) - 1) / 2), _NOTE, "dot-mid", "end")

    def finger_bar(self, y: float) -> Iterator[str]:
        """Yield two and four fingers on their bars; the two stand below the spine, where they are to be laid."""
        two, four = breadth(TWO), breadth(FOUR)
        gaps = [self.figure["spinous"]["S1"] + 1, self.figure["spinous"]["L5"] + 1]
        guides = f"M0,{gaps[0]}V{y - 15.2}M{number(two)},{gaps[1]}V{y - 15.2}"
        yield (
            f'<path d="{guides}" fill="none" stroke="{self.colours["dot-mid"]}" stroke-width=".22"'
            ' stroke-dasharray=".35 .75"/>'
        )
        for kind, left, width, words, cun in (
            (TWO, 0.0, two, self.labels["two_fingers"], "1.5 cun"),
            (FOUR, -four - 18 * self.lettering, four, self.labels["four_fingers"], "3 cun"),
        ):
            yield fingers(kind, left, y - 5, self.colours)
            bar = f"M{number(left)},{y}h{number(width)}m0,-.9v1.8M{number(left)},{y - 0.9}v1.8"
            yield f'<path d="{bar}" fill="none" stroke="{self.colours["ink"]}" stroke-width=".35"/>'
            yield self.text(words, left + width + 1.4, y - 0.4 - 3 * self.lettering, _NOTE, "ink", bold=True)
            yield self.text(cun, left + width + 1.4, y - 0.4, _NOTE, "ink2")

    def labelled(self, entries: Sequence[Entry], spots: Sequence[leader_lines.Spot]) -> Iterator[str]:
        """Yield callouts, marks and labels, in this order."""
        by_code = {entry.point.code: entry for entry in entries}
        where = self.columns(spots)
        swapped = where.get("side") == "left"
        columns = self.columns_at(where)
        turned = [
            leader_lines.Spot(s.code, tuple((-x, y) for x, y in s.marks), s.radius) if swapped else s for s in spots
        ]
        sides: Literal["both", "right"] = "right" if self.fit_one_column(len(spots)) else "both"
        placed = leader_lines.place(turned, columns, sides, self.size(2))
        routes = "".join(_route(label.route, swapped=swapped) for label in placed)
        yield cased(routes, self.colours["leader"], 0.2 if self.figure.get("mirror") else 0.2 * self.unit)
        for spot in spots:
            entry = by_code[spot.code]
            yield from marks_of(spot.marks, entry.point, entry.kind, spot.radius, self.colours)
        for label in placed:
            yield self.label(by_code[label.code], label, where["x"], swapped=swapped)

    def columns(self, spots: Sequence[leader_lines.Spot]) -> Mapping[str, Any]:
        """Return where the labels stand: beside the waist if the points are low and few, else beyond the arms."""
        low: Mapping[str, Any] = self.data["labels"]
        high: Mapping[str, Any] | None = self.data.get("high")
        room = 2 * self.room(low)
        single = [y for spot in spots if len(spot.marks) <= len(("left", "right")) for _, y in spot.marks]
        if high and (len(spots) > room or min(single, default=0) < low["top"] - 10):
            return high
        return low

    def columns_at(self, where: Mapping[str, Any]) -> leader_lines.Columns:
        """Return the columns for the placing of labels."""
        x = abs(where["x"])
        return leader_lines.Columns(-x, x, where["top"], where["bottom"], self.pitch())

    def pitch(self) -> float:
        """Return the height of a label."""
        return self.share * self.size(_CODE * (1.35 if self.lines == 1 or self.larger else 2.1))

    def label(self, entry: Entry, label: leader_lines.Label, x: float, *, swapped: bool) -> str:
        """Return code and name: one line with the code next to the leader, or two lines."""
        main = entry.kind == "filled"
        code_colour = ("dot-mid" if is_midline(entry.point) else "dot-code") if main else "ink2"
        code = f'<tspan font-weight="700" fill="{self.colours[code_colour]}">{escape(entry.point.code)}</tspan>'
        left = label.side == "left" or swapped
        anchor = "end" if left else "start"
        size, smaller = self.share * self.size(_CODE), self.share * self.size(_NAME)
        x = -abs(x) if left else abs(x)
        if self.larger:
            return self.sized(entry.point.code, x, label.y, size, code_colour, anchor, bold=True)
        if self.lines > 1:
            code = self.sized(entry.point.code, x, label.y - 0.5 * size, size, code_colour, anchor, bold=True)
            return code + self.sized(entry.name, x, label.y + 0.5 * size, smaller, "ink", anchor)
        name = f'<tspan font-size="{number(smaller)}">{escape(entry.name)}</tspan>'
        inside = f"{name} {code}" if left else f"{code} {name}"
        self.reserve(f"{entry.point.code} {entry.name}", x, size, anchor, bold=True)
        return (
            f'<text x="{number(x)}" y="{number(label.y + 0.36 * size)}" font-family="{family()}"'
            f' font-size="{number(size)}" fill="{self.colours["ink"]}" text-anchor="{anchor}">{inside}</text>'
        )

    def legend(self, entries: Sequence[Entry], groups: Sequence[tuple[Kind, str]]) -> Iterator[str]:
        """Yield what the shapes mean, in the lower corners: left the groups, right pair and midline."""
        if not self.figure.get("mirror"):
            return
        left, top, width, height = self.box
        step, bottom = self.size(_NOTE * 1.5), top + height - self.size(_NOTE)
        r = self.radius * 0.9
        for line, (kind, words) in enumerate(reversed(groups)):
            y = bottom - line * step
            yield mark((left + 1.5 * r, y), kind, r, "dot", self.colours, diamond=False)
            yield mark((left + 4.6 * r, y), kind, r, "dot-mid", self.colours, diamond=True)
            yield self.text(words, left + 6.8 * r, y, _NOTE, "ink")
        both = [("both_sides", False, "dot"), ("in_the_middle", True, "dot-mid")]
        kinds = {is_midline(entry.point) for entry in entries}
        x = left + width - self.size(84)
        for line, (words, diamond, colour) in enumerate(reversed([b for b in both if b[1] in kinds])):
            y = bottom - line * step
            yield mark((x, y), "filled", r, colour, self.colours, diamond=diamond)
            yield self.text(self.labels[words], x + 2.3 * r, y, _NOTE, "ink")


def _route(route: Sequence[XY], *, swapped: bool) -> str:
    points = [f"{number(-x if swapped else x)},{number(y)}" for x, y in route]
    return f"M{points[0]}L{' '.join(points[1:])}"
