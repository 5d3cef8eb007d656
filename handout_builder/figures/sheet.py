"""A chart in the making: what stands where on the drawing of a back, and how large its words are."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from markupsafe import escape

from handout_builder.content import anatomy
from handout_builder.engine.session import session
from handout_builder.figures import leader_lines
from handout_builder.figures.curves import number
from handout_builder.figures.finger_bar import FOUR, TWO, breadth, fingers
from handout_builder.figures.layers import Frame, draw
from handout_builder.figures.marks import Entry, Kind, is_midline, is_row, mark, marks_of, shapes_of, small
from handout_builder.figures.svg import cased, family, line_of_text, paper
from handout_builder.text.language import cjk_runs
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import MM_PER_PT, XY

CODE, NAME, NOTE, LEVEL = 11.0, 10.5, 10.5, 10.5
RADIUS = 1.25
_TINY = 1e-9
# Where many points are, their labels become smaller, to this share and no further: then the drawing becomes taller.
# With the tokens of each edition this is 6 pt in print, and 9 pt in large print.
SMALLEST = 0.6
# Lines of a label: the height of the code with what is free below the label, and of each line of the name below it,
# in type sizes. A name stands nearer to its own code than to the next one.
FIRST, MORE = 1.4, 0.95
# How far a name stands below its code; one whose capitals have marks above them, as in Ủy trung, would touch it.
_BELOW, _BELOW_WITH_MARKS = 1.0, 1.1
# The class of what stands above a letter in Unicode.
_ABOVE = 230
# Where a line may end in words that are written without blanks.
_COMMAS = re.compile("(?<=[、，])(?!$)")
# A piece of a broken word has at least as many letters.
_FEWEST = 2
# How much wider than its place a word may be before it is broken, which makes the whole drawing that much smaller.
_OVER = 1.06
# From the outermost mark to a vertebra's name, in the unit of the back; how far its line stays from the midline.
_LED, _FROM_BONE = 2.8, 1.9
# A name on its bone leaves the marks above and below it free.
_ON_BONE, _LESS = 2.9, 0.75
# With large letters: how far the figure is drawn beyond the labels' inner edges, and how much less tall the chart is
# above, and below, where the finger bar stands.
_BESIDE, _LESS_TALL = 16.5, (2.0, 5.0)
# From where labels begin to where words for left and right may, beside the body.
_OFF_BODY = 6.5
# How much farther out labels beside the arms stand than what tells their room, as arms are widest where they fade.
_OFF_ARMS = 3.5
# The line between the hip bones, and how long a piece of it is: three dashes.
_DASHES, _THREE = ' stroke-dasharray="1.3 .9"', 5.7
# The share of a line of text that stands before its place, and what is left free beside it, in mm.
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
_SPARE = 0.5


def wide(words: str, *, bold: bool = False) -> float:
    """Return the width of a line of text in drawings, of its type size."""
    with session() as engine:
        return float(engine.width(words, family(), bold=bold))


def _has_marks_above_capitals(words: str) -> bool:
    letters = (unicodedata.normalize("NFD", letter) for letter in words if letter.isupper())
    return any(unicodedata.combining(mark) == _ABOVE for letter in letters for mark in letter)


def wrapped(words: str, most: float, size: float, over: float = 1.0) -> list[str]:
    """Return words in lines of a width in type of a size; a word that is more than ``over`` times as wide is broken."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and wide(f"{lines[-1]} {word}") * size <= over * most:
            lines[-1] += f" {word}"
            continue
        lines.append(word)
        while wide(lines[-1]) * size > over * most and len(lines[-1]) > _FEWEST:
            whole = lines.pop()
            hyphen = "" if cjk_runs(whole) else "-"
            fits = (n for n in range(len(whole) - 1, 0, -1) if n <= _FEWEST or wide(whole[:n] + hyphen) * size <= most)
            end = next(fits)
            lines += [whole[:end] + hyphen, whole[end:]]
    return lines


class Sheet:
    """One chart in the making: its frame, its scale and its colours."""

    def __init__(
        self, view: str, labels: Mapping[str, str], theme: Theme, groups: int, entries: Sequence[Entry]
    ) -> None:
        name = self.name = anatomy.views()[view]
        whole = anatomy.figure(name)
        self.percent: float = whole.get("percent", 1.0)
        """Units of the figure in one of the chart: 1 % of the skin distance from C7 to the line between the PSIS."""
        self.zero: float = whole["spinous"]["C7"] if "percent" in whole else 0.0
        """The height in the figure at which the chart's is 0: C7."""
        self.data: Mapping[str, Any] = self.told(whole["frames"][view])
        self.spinous = {level: self.height(y) for level, y in whole["spinous"].items()}
        self.hips = self.height(whole["hip-line"])
        self.frame = Frame.of(name, view)
        self.skin, self.lettering = theme.skin, theme.lettering
        self.colours = chart_colours(theme)
        self.labels = labels
        self.larger = theme.lettering > 1
        """Whether words need more room: labels are codes alone then, and the legend stands below the figure."""
        left, top, width, height = self.data["box"]
        self.up = 0.0
        """How much higher what stands below the figure is, where the words need its room."""
        if self.larger and ("high" in self.data or "one-column" in self.data):
            above, self.up = _LESS_TALL if "fingers" in self.data else (0.0, 0.0)
            half = max(self.data[one]["x"] for one in ("labels", "high") if one in self.data) + _BESIDE
            left, width, top, height = -half, 2 * half, top + above, height - above - self.up
        self.unit: float = width / self.data["printed"]
        """Units of the drawing that are printed 1 mm wide."""
        self.lines: int = self.data.get("lines", 1)
        """Lines of a label."""
        self.share = 1.0
        """The size of labels, of that of other words: where many points are, their labels are smaller."""
        self.gap = -2.2
        """Where the line between the hip bones ends on the left."""
        self.longer = 0.0
        """How much taller the drawing is than its frame, where its labels have no room."""
        self.radius: float = self.data["radius"] * theme.measure("marks")
        self.rows = any(is_row(entry.point) for entry in entries)
        """Whether a point is a row of many."""
        self.box = (left, top, width, height)
        self.names: dict[str, list[str]] = {}
        """The lines of each name that stands below its code."""
        self.make_room(entries)
        lines = max(groups + 0.2, 2 if groups else 1.4) if self.larger else 0
        if self.larger and self.explains_hip_line(len(entries)):
            lines += 1
        self.box = (left, top, width, height + self.longer + self.size(NOTE * 1.5) * lines)

    def told(self, frame: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the measures of a frame in the chart's unit."""
        across = {"x": lambda x: x / self.percent, "top": self.height, "bottom": self.height}
        columns = {
            name: {key: across[key](value) if key in across else value for key, value in frame[name].items()}
            for name in ("labels", "high")
            if name in frame
        }
        left, top, width, height = frame["box"]
        told = {
            **frame,
            **columns,
            "box": (left / self.percent, self.height(top), *(n / self.percent for n in (width, height))),
        }
        told["radius"] = frame["radius"] / self.percent if "radius" in frame else RADIUS
        if "fingers" in frame:
            told["fingers"] = self.height(frame["fingers"])
        return told

    def height(self, y: float) -> float:
        """Return a height of the figure in the chart's unit, from C7 downwards."""
        return (y - self.zero) / self.percent

    def placed(self, marks: Sequence[XY]) -> tuple[XY, ...]:
        """Return places of the figure in the chart's unit."""
        return tuple((round(x / self.percent, 3), round(self.height(y), 3)) for x, y in marks)

    def radius_of(self, entry: Entry) -> float:
        """Return the radius of a mark, in the chart's unit.

        Beside a row of many, those on the midline have no room to be larger.
        """
        narrow = self.rows and (is_midline(entry.point) or is_row(entry.point))
        return min(self.radius, self.data["radius"]) if narrow else self.radius

    def make_room(self, entries: Sequence[Entry]) -> None:
        """Let names go on in more lines, labels be smaller, and the drawing taller, until all labels have room."""
        where = max((self.data[name] for name in ("labels", "high") if name in self.data), key=self.room)
        self.break_names(entries, where)
        if self.lines > 1 and self.room(where) < len(entries) and self.fits_in_one_line(entries, where):
            self.lines = 1
        sides = 1 if self.data.get("lines", 1) > 1 else len(("left", "right"))
        while len(entries) > sides * self.room(where) and self.share > SMALLEST:
            self.share = max(SMALLEST, self.share * 0.98)
            self.break_names(entries, where)
        needed = -(-len(entries) // sides) * self.pitch()
        self.longer = max(0.0, needed - (where["bottom"] - self.top(where)))

    def break_names(self, entries: Sequence[Entry], where: Mapping[str, Any]) -> None:
        """Divide the names that are wider than their place beside the figure into lines, below their codes."""
        if self.larger or (self.lines == 1 and self.fits_in_one_line(entries, where)):
            return
        size = self.share * self.size(NAME)
        self.names = {entry.point.code: self.wrapped(entry.name, self.place(where), size) for entry in entries}
        self.lines = 1 + max(map(len, self.names.values()), default=1)

    def fits_in_one_line(self, entries: Sequence[Entry], where: Mapping[str, Any]) -> bool:
        """Tell whether each name stands beside its code in the figure."""
        size = self.share * self.size(CODE)
        words = (f"{entry.point.code} {entry.name}" for entry in entries)
        return all(self.wide(line, bold=True) * size <= _OVER * self.place(where) for line in words)

    def place(self, where: Mapping[str, Any]) -> float:
        """Return how wide a label may be, in the chart's unit."""
        left, _, width, _ = self.box
        return float(where["x"] - left if where.get("side") == "left" else left + width - where["x"])

    def wide(self, words: str, *, bold: bool = False) -> float:
        """Return the width of a line of text, of its type size."""
        return wide(words, bold=bold)

    def wrapped(self, words: str, most: float, size: float) -> list[str]:
        """Return words in lines of a width; a word that is much wider is broken."""
        return wrapped(words, most, size, _OVER)

    def room(self, where: Mapping[str, Any]) -> int:
        """Return how many labels stand above each other in a column."""
        return int((where["bottom"] + self.longer - self.top(where)) / self.pitch() + _TINY)

    def top(self, where: Mapping[str, Any]) -> float:
        """Return the upper end of a column of labels, in the chart's unit.

        Large ones begin below the words for left and right.
        """
        lowest = self.box[1] + self.size(8 + 0.5 * NOTE)
        return float(max(where["top"], lowest) if self.larger else where["top"])

    def reserve(self, words: str, x: float, size: float, anchor: str, *, bold: bool) -> None:
        """Make the sheet as wide as a line of text needs it; ``x`` and ``size`` are in the chart's unit."""
        width = self.wide(words, bold=bold) * size
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
        """Return a line of text; ``y`` is the middle of its capitals in the chart's unit, the size is in pt."""
        return self.sized(words, x, y, self.size(points), colour, anchor, bold=bold)

    def sized(
        self, words: str, x: float, y: float, size: float, colour: str, anchor: str = "start", *, bold: bool = False
    ) -> str:
        """Return a line of text whose size is in the drawing's unit."""
        self.reserve(words, x, size, anchor, bold=bold)
        return line_of_text(words, x, y, size, self.colours[colour], anchor, bold=bold)

    def ground(self, ident: str) -> str:
        """Return paper and figure."""
        # Taller than the frame, so that nothing of the body shows below where it has faded; the same for all sheets, as
        # what was drawn is kept.
        left_edge, upper, across, down = self.frame.box
        frame = self.frame._replace(box=(left_edge, upper, across, 2 * down))
        figure = draw(frame, self.skin, ident)
        if self.percent != 1:
            scaled = f"scale({1 / self.percent:.5f}) translate(0 {number(-self.zero)})"
            figure = f'<g transform="{scaled}">{figure}</g>'
        return paper(self.box) + figure

    def corners(self) -> Iterator[str]:
        """Yield the words for left and right; on a back they are not swapped."""
        left, top, width, _ = self.box
        y = top + self.size(8)
        # As far from the midline as keeps them off the body, whose outline is near where labels begin.
        nearest = min(self.data[one]["x"] for one in ("labels", "high") if one in self.data) - _OFF_BODY
        wide = [self.wide(self.labels[side], bold=True) * self.size(NOTE) for side in ("left", "right")]
        yield self.text(self.labels["left"], min(left, -nearest - wide[0]), y, NOTE, "ink2", bold=True)
        yield self.text(self.labels["right"], max(left + width, nearest + wide[1]), y, NOTE, "ink2", "end", bold=True)

    def guides(self, spots: Sequence[leader_lines.Spot]) -> Iterator[str]:
        """Yield the names of vertebrae, the line between the hip bones, and the finger-width bar."""
        names = [*self.led_out(spots)] if self.fit_one_column(len(spots)) else []
        if self.data.get("hip-line"):
            yield from self.hip_line(self.labels["hip_line"] if self.fit_one_column(len(spots)) else "")
        yield from names
        if bar := self.data.get("fingers"):
            yield from self.finger_bar(bar - self.up + self.longer)

    def led_out(self, spots: Sequence[leader_lines.Spot]) -> Iterator[str]:
        """Yield the names of vertebrae beside all marks, each with a line to its bone.

        On the bones, marks of the midline would hide them, and larger ones would stand on each other.
        """
        heights = [self.spinous[level] for level in self.data.get("named", ())]
        if not heights:
            return
        size = self.size(LEVEL)
        near = [x for spot in spots for x, y in spot.marks if heights[0] - size < y < heights[-1] + size]
        x = -(max((abs(mark) for mark in near), default=0.0) + 1.2 * self.radius + _LED)
        pitch = max(1.25 * size, (heights[-1] - heights[0]) / (len(heights) - 1))
        # The line between the hip bones goes through its name, the others keep away from it.
        fixed = self.hips if self.data.get("hip-line") else sum(heights) / len(heights)
        first = min(range(len(heights)), key=lambda place: abs(heights[place] - fixed))
        for place, (level, height) in enumerate(zip(self.data["named"], heights, strict=True)):
            y = heights[first] + (place - first) * pitch
            bend = f"L{number(x + _LED - 0.6)},{number(height)}" if abs(y - height) > _TINY else ""
            line = f"M{number(x + 0.6)},{number(y)}{bend}L{-_FROM_BONE},{number(height)}"
            yield cased(line, self.colours["leader"], 0.2)
            yield self.text(level, x, y, LEVEL, "ink", "end", bold=True)
            if height == fixed:
                self.gap = x - self.wide(level, bold=True) * size - 0.6

    def names_on_bones(self, labels: int) -> Iterator[str]:
        """Yield the names of vertebrae on their bones, over all lines: where labels stand on both sides."""
        if self.fit_one_column(labels):
            return
        for level in self.data.get("named", ()):
            y, size = self.spinous[level], min(self.size(LEVEL), _ON_BONE)
            wide, high = 1.1 * self.wide(level, bold=True) * size, 0.8 * size
            ground = f"M{number(-wide / 2)},{number(y - high / 2)}h{number(wide)}v{number(high)}h{number(-wide)}z"
            yield f'<path d="{ground}" fill="{self.colours["bone"]}"/>'
            yield self.sized(level, 0.0, y, size, "ink", "middle", bold=True)

    def fit_one_column(self, labels: int) -> bool:
        """Tell whether all labels stand on the right; the left is then free for notes."""
        few = labels <= min(self.data.get("one-column", 0), self.room(self.data["labels"]))
        return bool(self.data.get("lines", 1) > 1 or few)

    def hip_line(self, words: str) -> Iterator[str]:
        """Yield the dashed line between the tops of the hip bones: a convention, "about L4"."""
        y, x = self.hips, self.data["labels"]["x"] - 2
        line = f"M{number(-x)},{y}H{number(self.gap)}M2.2,{y}H{number(x)}"
        yield cased(line, self.colours["dot-mid"], 0.3, _DASHES)
        size = self.size(NOTE)
        for place, part in enumerate(lines := self.hip_words(words, -x - 1 - self.box[0], size)):
            at = y + 1.25 * size * (place - (len(lines) - 1) / 2)
            yield self.text(part.replace("\u00a0", " "), -x - 1, at, NOTE, "dot-mid", "end")

    def hip_words(self, words: str, most: float, size: float) -> list[str]:
        """Return what is said of the hip bones' line, in lines of a width where its words can be parted so."""
        if not words or self.wide(words) * size <= most:
            return [words] if words else []
        if " " not in words:  # Chinese and Japanese: anywhere else than at a comma, a word could be parted
            return _COMMAS.split(words)
        # The last two stay together: "L4" alone would be taken for the name of a bone.
        last = self.wide(" ".join(words.split()[-2:])) * size
        return self.wrapped("\u00a0".join(words.rsplit(" ", 1)), max(last, most), size)

    def finger_bar(self, y: float) -> Iterator[str]:
        """Yield two and four fingers on their bars at a height in the chart's unit.

        The two stand below the spine, where they are to be laid.
        """
        two, four = breadth(TWO), breadth(FOUR)
        gaps = [self.spinous["S1"] + 1, self.spinous["L5"] + 1]
        guides = f"M0,{gaps[0]}V{number(y - 15.2)}M{number(two)},{gaps[1]}V{number(y - 15.2)}"
        yield (
            f'<path d="{guides}" fill="none" stroke="{self.colours["dot-mid"]}" stroke-width=".22"'
            ' stroke-dasharray=".35 .75"/>'
        )
        beside = self.wide(self.labels["four_fingers"], bold=True) * self.size(NOTE)
        for kind, left, width, words, cun in (
            (TWO, 0.0, two, self.labels["two_fingers"], self.labels["two_fingers_cun"]),
            (
                FOUR,
                -four - 1.4 - max(beside, 15.0) - 3,
                four,
                self.labels["four_fingers"],
                self.labels["four_fingers_cun"],
            ),
        ):
            yield fingers(kind, left, y - 5, self.colours)
            bar = f"M{number(left)},{y}h{number(width)}m0,-.9v1.8M{number(left)},{y - 0.9}v1.8"
            yield f'<path d="{bar}" fill="none" stroke="{self.colours["ink"]}" stroke-width=".35"/>'
            yield self.text(words, left + width + 1.4, y - 0.4 - 3 * self.lettering, NOTE, "ink", bold=True)
            yield self.text(cun, left + width + 1.4, y - 0.4, NOTE, "ink2")

    def labelled(self, entries: Sequence[Entry], spots: Sequence[leader_lines.Spot]) -> Iterator[str]:
        """Yield callouts, marks and labels, in this order."""
        by_code = {entry.point.code: entry for entry in entries}
        where = self.columns(spots)
        sides: Literal["both", "right"] = "right" if self.fit_one_column(len(spots)) else "both"
        on_bones = "named" in self.data and sides == "both"
        placed = leader_lines.place(spots, self.columns_at(where), sides, self.size(2))
        yield cased("".join(route(label.route) for label in placed), self.colours["leader"], 0.2)
        for spot in spots:
            entry = by_code[spot.code]
            less = _LESS if on_bones and is_midline(entry.point) else 1
            yield from marks_of(
                spot.marks, entry.point, small(entry.point, entry.kind), less * spot.radius, self.colours
            )
        for label in placed:
            x = -where["x"] if label.side == "left" else where["x"]
            yield self.label(by_code[label.code], label, x)

    def columns(self, spots: Sequence[leader_lines.Spot]) -> Mapping[str, Any]:
        """Return where the labels stand: beside the waist if the points are low and few, else beyond the arms."""
        low: Mapping[str, Any] = self.data["labels"]
        high: Mapping[str, Any] | None = self.data.get("high")
        room = 2 * self.room(low)
        single = [y for spot in spots if len(spot.marks) <= len(("left", "right")) for _, y in spot.marks]
        if high and (len(spots) > room or min(single, default=0) < low["top"] - 10):
            return {**high, "x": high["x"] + _OFF_ARMS}
        return low

    def columns_at(self, where: Mapping[str, Any]) -> leader_lines.Columns:
        """Return the columns for the placing of labels."""
        x = abs(where["x"])
        return leader_lines.Columns(-x, x, self.top(where), where["bottom"] + self.longer, self.pitch())

    def pitch(self) -> float:
        """Return the height of a label, in the chart's unit."""
        size = self.share * self.size(CODE)
        return size * (1.35 if self.lines == 1 or self.larger else FIRST + MORE * (self.lines - 1))

    def label(self, entry: Entry, label: leader_lines.Label, x: float) -> str:
        """Return code and name: one line with the code next to the leader, or two lines."""
        main = entry.kind == "filled"
        code_colour = ("dot-mid" if is_midline(entry.point) else "dot-code") if main else "ink2"
        code = f'<tspan font-weight="700" fill="{self.colours[code_colour]}">{escape(entry.point.code)}</tspan>'
        left = label.side == "left"
        anchor = "end" if left else "start"
        size, smaller = self.share * self.size(CODE), self.share * self.size(NAME)
        if self.larger:
            return self.sized(entry.point.code, x, label.y, size, code_colour, anchor, bold=True)
        if self.lines > 1:
            names = self.names[entry.point.code]
            top = label.y - 0.5 * len(names) * size
            lines = [self.sized(entry.point.code, x, top, size, code_colour, anchor, bold=True)]
            below = _BELOW_WITH_MARKS if _has_marks_above_capitals(names[0]) else _BELOW
            for place, name in enumerate(names):
                lines.append(self.sized(name, x, top + (below + MORE * place) * size, smaller, "ink", anchor))
            return "".join(lines)
        name = f'<tspan font-size="{number(smaller)}">{escape(entry.name)}</tspan>'
        inside = f"{name} {code}" if left else f"{code} {name}"
        self.reserve(f"{entry.point.code} {entry.name}", x, size, anchor, bold=True)
        return (
            f'<text x="{number(x)}" y="{number(label.y + 0.36 * size)}" font-family="{family()}"'
            f' font-size="{number(size)}" fill="{self.colours["ink"]}" text-anchor="{anchor}">{inside}</text>'
        )

    def legend(self, entries: Sequence[Entry], groups: Sequence[tuple[Kind, str]]) -> Iterator[str]:
        """Yield what the shapes mean, at the foot: left the groups, right pair and midline, or these in one line."""
        left, top, width, height = self.box
        size = self.size(NOTE)
        step, bottom = 1.5 * size, top + height - size
        r = max(self.radius * 0.9, 0.3 * size)
        for line, (kind, words) in enumerate(reversed(groups)):
            y = bottom - line * step
            yield mark((left + 1.5 * r, y), kind, r, "dot", self.colours, diamond=False)
            yield mark((left + 4.6 * r, y), kind, r, "dot-mid", self.colours, diamond=True)
            yield self.text(words, left + 6.8 * r, y, NOTE, "ink")
        kinds = shapes_of(entries)
        shapes = [("both_sides", False, "dot"), ("in_the_middle", True, "dot-mid")]
        shown = [(self.labels[words], diamond, colour) for words, diamond, colour in shapes if diamond in kinds]
        row = self.larger and not groups
        x = (
            left
            if row
            else left + width - 3.5 * r - max((self.wide(words) * size for words, _, _ in shown), default=0.0)
        )
        for line, (words, diamond, colour) in enumerate(shown if row else reversed(shown)):
            y = bottom if row else bottom - line * step
            yield mark((x + 1.3 * r, y), "filled", r, colour, self.colours, diamond=diamond)
            yield self.text(words, x + 3.2 * r, y, NOTE, "ink")
            x += 3.2 * r + self.wide(words) * size + 2 * size if row else 0
        if self.explains_hip_line(len(entries)):
            lines = max(1, len(groups)) if self.larger else len(shown)
            yield from self.hip_line_told(bottom - lines * step)

    def explains_hip_line(self, labels: int) -> bool:
        """Tell whether the legend says what the line between the hip bones is, as labels have the room beside it."""
        return bool(self.data.get("hip-line")) and not self.fit_one_column(labels)

    def hip_line_told(self, y: float) -> Iterator[str]:
        """Yield what the hip bones' line means, above the legend: on the right, large words on the left.

        ``y`` is in the chart's unit.
        """
        words, size = self.labels["hip_line"], self.size(NOTE)
        left, _, width, _ = self.box
        beside = (self.wide(words) + 0.4) * size
        start = left if self.larger else left + width - beside - _THREE
        line = f"M{number(start)},{number(y)}h{_THREE}"
        yield cased(line, self.colours["dot-mid"], 0.3, _DASHES)
        # Its width is an estimate: words at the right end there, so that they stay inside.
        x, anchor = (start + _THREE + 0.4 * size, "start") if self.larger else (left + width, "end")
        yield self.text(words, x, y, NOTE, "dot-mid", anchor)


def route(points: Sequence[XY], middle: float = 0.0) -> str:
    """Return path data of a leader, in its points' unit, whose x are counted from a middle."""
    pairs = [f"{number(x + middle)},{number(y)}" for x, y in points]
    return f"M{pairs[0]}L{' '.join(pairs[1:])}"
