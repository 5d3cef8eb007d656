"""Charts of points: a figure, the points in their places by formula, labels, guides and a legend, as SVG.

Nothing but data decides where a mark stands: see anatomy.positions. Shape tells pairs (circles) from points
on the midline (diamonds), the way of filling tells how strong a point is; colour only repeats it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal

from markupsafe import Markup, escape

from handout_builder import anatomy, callouts
from handout_builder.anatomy import XY
from handout_builder.drawing import Frame, draw
from handout_builder.fingers import FOUR, TWO, breadth, fingers
from handout_builder.model import Place, Point
from handout_builder.pen import number
from handout_builder.tokens import chart_colours, tokens

Kind = Literal["filled", "target", "ring", "thin"]
# Figures whose two sides show the same points.
_MIRRORED = "back"
_MM_PER_PT = 25.4 / 72
_CODE, _NAME, _NOTE = 11.0, 10.5, 10.5
_RADIUS = 1.25
_SMALL = 0.5
# Characters in a line of a note beside the body.
_NARROW = 16
# A crop on a card: 40 mm square, at a scale of 1.1 mm for 1 % on the back and 0.28 for 1 mm on a leg.
CROP = 40.0
_CROP_SCALE = {"back": 1.1}
_CROP_LEG_SCALE = 0.28


@dataclass(frozen=True)
class Entry:
    """A point on a chart: its entry in the catalogue, the name beside its code, and how it is marked."""

    point: Point
    name: str
    kind: Kind = "filled"


def views() -> Mapping[str, str]:
    """Return the figure of each view."""
    return {view: name for name in anatomy.FIGURES for view in anatomy.figure(name)["frames"]}


def shown(view: str, place: Place | None) -> list[XY]:
    """Return where a view shows a place, on both sides where it has two; empty when it does not."""
    name = views()[view]
    if place is None or anatomy.figure_of(place) != name:
        return []
    left, top, width, height = _drawn(name, view)
    found = []
    for x, y in anatomy.positions(place):
        if left <= x <= left + width and top <= y <= top + height:
            found += [(x, y), (-x, y)] if name == _MIRRORED and place.sides == "both" else [(x, y)]
    return found


def view_of(place: Place) -> str | None:
    """Return the view that shows most around a place: the whole back, or the part of the leg; None if there is none."""
    name = anatomy.figure_of(place)
    view = name and next(iter(anatomy.figure(name)["frames"]))
    return view if view and shown(view, place) else None


def _drawn(name: str, view: str) -> tuple[float, float, float, float]:
    """Return the part of a frame where the body is not faded away."""
    frame = anatomy.figure(name)["frames"][view]
    left, top, width, height = frame["box"]
    upper = frame["fade"].get("top", [top])[0]
    lower = frame["fade"].get("bottom", [top + height])[0]
    return left, upper, width, lower - upper


def chart(
    view: str, entries: Sequence[Entry], words: "Words", ident: str, skin: str, legend: Sequence[tuple[Kind, str]] = ()
) -> Markup:
    """Return a view with its points as inline SVG; ``ident`` begins its ids, ``skin`` names a skin tone.

    Raises ValueError for a point that the view does not show, or more points than it has room for.
    """
    sheet = _Sheet(view, words.labels, skin)
    spots = [_spot(view, entry, sheet.radius) for entry in entries]
    parts = [sheet.ground(ident), *sheet.guides(len(entries))]
    parts += sheet.labelled(entries, spots)
    parts += sheet.corners()
    parts += sheet.legend(entries, legend)
    return _svg(sheet.frame.box, "".join(parts), words, ident, "chart")


@dataclass(frozen=True)
class Words:
    """The words of a chart: labels of the language, a title and a description for those who cannot see it."""

    labels: Mapping[str, str]
    title: str
    alt: str


def crop(entry: Entry, others: Sequence[Entry], words: Words, ident: str, skin: str) -> Markup:
    """Return a small square cut-out: one point strong, its neighbours faint; empty when no figure shows the place."""
    place = entry.point.place
    view = view_of(place) if place else None
    if place is None or view is None:
        return Markup("")
    name = views()[view]
    close = "lower-back" if view == _MIRRORED else view
    near = [other for other in others if shown(view, other.point.place)]
    box = _window(name, view, [mark for other in near for mark in shown(view, other.point.place)], shown(view, place))
    frame = Frame.of(name, view).window(box, Frame.of(name, close).weight)
    colours = chart_colours(skin)
    unit = box[2] / CROP
    parts = [draw(frame, skin, ident)]
    if name == _MIRRORED:
        parts += _named(box, colours, unit * 9 * _MM_PER_PT)
    for other in sorted(near, key=lambda other: other.point.code == entry.point.code):
        strong = other.point.code == entry.point.code
        radius = (1.7 if strong else 1.0) * unit
        parts += _marks(shown(view, other.point.place), other.point, "filled" if strong else "thin", radius, colours)
    return _svg(box, "".join(parts), words, ident, "crop")


def _window(name: str, view: str, near: Sequence[XY], own: Sequence[XY]) -> tuple[float, float, float, float]:
    """Return the crop's box: the same for all points of a row of cards if it holds them, so that the point moves."""
    size = CROP / _CROP_SCALE.get(name, _CROP_LEG_SCALE)
    marks = near if _span(near) < size * 0.8 else own
    ys = [y for _, y in marks]
    wide = max(abs(x) for x, _ in own) > size * 0.4
    centre = 0.0 if name == _MIRRORED and not wide else _middle([x for x, _ in (own[:1] if wide else marks)])
    _, top, _, height = _drawn(name, view)
    middle = min(max(_middle(ys), top + size / 2), max(top + height - size / 2, top + size / 2))
    return centre - size / 2, middle - size / 2, size, size


def _span(marks: Sequence[XY]) -> float:
    xs, ys = zip(*marks, strict=True)
    return float(max(max(xs) - min(xs), max(ys) - min(ys)))


def _middle(values: Sequence[float]) -> float:
    return (max(values) + min(values)) / 2


def _svg(box: tuple[float, float, float, float], body: str, words: Words, ident: str, kind: str) -> Markup:
    view_box = " ".join(number(value) for value in box)
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" role="img" class="{kind}"'
        f' aria-labelledby="{ident}-title {ident}-desc"><title id="{ident}-title">{escape(words.title)}</title>'
        f'<desc id="{ident}-desc">{escape(words.alt)}</desc>{body}</svg>'
    )


def _spot(view: str, entry: Entry, radius: float) -> callouts.Spot:
    marks = shown(view, entry.point.place)
    if not marks:
        raise ValueError(f"the view {view} does not show {entry.point.code}")
    return callouts.Spot(entry.point.code, tuple(marks), radius * (_SMALL if _is_row(entry.point) else 1))


def _is_row(point: Point) -> bool:
    """Tell whether a point is a row of many, which are marked smaller."""
    return point.place is not None and len(anatomy.positions(point.place)) > 1


class _Sheet:
    """One chart in the making: its frame, its scale and its colours."""

    def __init__(self, view: str, labels: Mapping[str, str], skin: str) -> None:
        name = views()[view]
        self.data: Mapping[str, Any] = anatomy.figure(name)["frames"][view]
        self.figure = anatomy.figure(name)
        self.frame = Frame.of(name, view)
        self.skin = skin
        self.colours = chart_colours(skin)
        self.labels = labels
        self.unit: float = self.frame.box[2] / self.data["printed"]
        """Units of the drawing that are printed 1 mm wide."""
        self.radius: float = self.data.get("radius", _RADIUS)

    def size(self, points: float) -> float:
        """Return a type size in pt as units of the drawing."""
        return float(points * _MM_PER_PT * self.unit)

    def text(
        self, words: str, x: float, y: float, points: float, colour: str, anchor: str = "start", *, bold: bool = False
    ) -> str:
        """Return a line of text; ``y`` is the middle of its capitals."""
        return _text(words, x, y, self.size(points), self.colours[colour], anchor, bold=bold)

    def ground(self, ident: str) -> str:
        """Return paper and figure: dark reading systems take away a ground that only a style sheet gives."""
        left, top, width, height = self.frame.box
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
        yield from (self.text(level, 0, y + 0.4, 9.5, "ink", "middle", bold=True) for level, y in levels)
        if bar := self.data.get("fingers"):
            yield from self.finger_bar(bar)

    def fit_one_column(self, labels: int) -> bool:
        """Tell whether all labels stand on the right; the left is then free for notes."""
        return bool(self.data.get("lines", 1) > 1 or labels <= self.data.get("one-column", 0))

    def hip_line(self, words: str) -> Iterator[str]:
        """Yield the dashed line between the tops of the hip bones: a convention, "about L4"."""
        y, x = self.figure["hip-line"], self.data["labels"]["x"] - 2
        line = f"M{number(-x)},{y}H-2.2M2.2,{y}H{number(x)}"
        yield _cased(line, self.colours["dot-mid"], 0.3, ' stroke-dasharray="1.3 .9"')
        lines = wrap(words, _NARROW)
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
            (FOUR, -four - 18, four, self.labels["four_fingers"], "3 cun"),
        ):
            yield fingers(kind, left, y - 5, self.colours)
            bar = f"M{number(left)},{y}h{number(width)}m0,-.9v1.8M{number(left)},{y - 0.9}v1.8"
            yield f'<path d="{bar}" fill="none" stroke="{self.colours["ink"]}" stroke-width=".35"/>'
            yield self.text(words, left + width + 1.4, y - 3.4, _NOTE, "ink", bold=True)
            yield self.text(cun, left + width + 1.4, y - 0.4, _NOTE, "ink2")

    def labelled(self, entries: Sequence[Entry], spots: Sequence[callouts.Spot]) -> Iterator[str]:
        """Yield callouts, marks and labels, in this order."""
        by_code = {entry.point.code: entry for entry in entries}
        lines = self.data.get("lines", 1)
        where = self.columns(spots, lines)
        swapped = where.get("side") == "left"
        columns = self.columns_at(where, lines)
        turned = [callouts.Spot(s.code, tuple((-x, y) for x, y in s.marks), s.radius) if swapped else s for s in spots]
        sides: Literal["both", "right"] = "right" if self.fit_one_column(len(spots)) else "both"
        placed = callouts.place(turned, columns, sides, self.size(2))
        routes = "".join(_route(label.route, swapped=swapped) for label in placed)
        yield _cased(routes, self.colours["leader"], 0.2 if lines == 1 else 0.2 * self.unit)
        for spot in spots:
            entry = by_code[spot.code]
            yield from _marks(spot.marks, entry.point, entry.kind, spot.radius, self.colours)
        for label in placed:
            yield self.label(by_code[label.code], label, where["x"], swapped=swapped, lines=lines)

    def columns(self, spots: Sequence[callouts.Spot], lines: int) -> Mapping[str, Any]:
        """Return where the labels stand: beside the waist if the points are low and few, else beyond the arms."""
        low: Mapping[str, Any] = self.data["labels"]
        high: Mapping[str, Any] | None = self.data.get("high")
        room = 2 * int((low["bottom"] - low["top"]) / self.pitch(lines))
        single = [y for spot in spots if len(spot.marks) <= len(("left", "right")) for _, y in spot.marks]
        if high and (len(spots) > room or min(single, default=0) < low["top"] - 10):
            return high
        return low

    def columns_at(self, where: Mapping[str, Any], lines: int) -> callouts.Columns:
        """Return the columns for the placing of labels."""
        x = abs(where["x"])
        return callouts.Columns(-x, x, where["top"], where["bottom"], self.pitch(lines))

    def pitch(self, lines: int) -> float:
        """Return the height of a label."""
        return self.size(_CODE * (1.35 if lines == 1 else 2.1))

    def label(self, entry: Entry, label: callouts.Label, x: float, *, swapped: bool, lines: int) -> str:
        """Return code and name: one line with the code next to the leader, or two lines."""
        main = entry.kind == "filled"
        code_colour = ("dot-mid" if _is_midline(entry.point) else "dot") if main else "ink"
        code = f'<tspan font-weight="700" fill="{self.colours[code_colour]}">{escape(entry.point.code)}</tspan>'
        left = label.side == "left" or swapped
        anchor = "end" if left else "start"
        size = self.size(_CODE)
        x = -abs(x) if left else abs(x)
        if lines > 1:
            return _text(
                entry.point.code, x, label.y - 0.5 * size, size, self.colours[code_colour], anchor, bold=True
            ) + self.text(entry.name, x, label.y + 0.5 * size, _NAME, "ink", anchor)
        name = f'<tspan font-size="{number(self.size(_NAME))}">{escape(entry.name)}</tspan>'
        inside = f"{name} {code}" if left else f"{code} {name}"
        return (
            f'<text x="{number(x)}" y="{number(label.y + 0.36 * size)}" font-family="{_family()}"'
            f' font-size="{number(size)}" fill="{self.colours["ink"]}" text-anchor="{anchor}">{inside}</text>'
        )

    def legend(self, entries: Sequence[Entry], groups: Sequence[tuple[Kind, str]]) -> Iterator[str]:
        """Yield what the shapes mean, in the lower corners: left the groups, right pair and midline."""
        if not self.figure.get("mirror"):
            return
        left, top, width, height = self.frame.box
        step, bottom = self.size(_NOTE * 1.5), top + height - self.size(_NOTE)
        r = self.radius * 0.9
        for line, (kind, words) in enumerate(reversed(groups)):
            y = bottom - line * step
            yield _mark((left + 1.5 * r, y), kind, r, "dot", self.colours, diamond=False)
            yield _mark((left + 4.6 * r, y), kind, r, "dot-mid", self.colours, diamond=True)
            yield self.text(words, left + 6.8 * r, y, _NOTE, "ink")
        both = [("both_sides", False, "dot"), ("in_the_middle", True, "dot-mid")]
        kinds = {_is_midline(entry.point) for entry in entries}
        x = left + width - self.size(84)
        for line, (words, diamond, colour) in enumerate(reversed([b for b in both if b[1] in kinds])):
            y = bottom - line * step
            yield _mark((x, y), "filled", r, colour, self.colours, diamond=diamond)
            yield self.text(self.labels[words], x + 2.3 * r, y, _NOTE, "ink")


def mark(point: Point, kind: Kind) -> Markup:
    """Return a point's mark alone, as a small picture beside words that say the same."""
    radius = 5 * (_SMALL if _is_row(point) else 1)
    marked = "".join(_marks([(0.0, 0.0)], point, kind, radius, chart_colours("light")))
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-7 -7 14 14" class="mark" aria-hidden="true">{}</svg>'
    ).format(Markup(marked))


def _is_midline(point: Point) -> bool:
    return point.place is not None and point.place.sides == "midline"


def _marks(marks: Sequence[XY], point: Point, kind: Kind, radius: float, colours: Mapping[str, str]) -> Iterator[str]:
    midline = _is_midline(point)
    if _is_row(point) and kind != "filled":
        kind = "filled"  # too small to be hollow; the size says that there are many
    for mark in marks:
        yield _mark(mark, kind, radius, "dot-mid" if midline else "dot", colours, diamond=midline)


def _mark(mark: XY, kind: Kind, radius: float, colour: str, colours: Mapping[str, str], *, diamond: bool) -> str:
    """Return a mark: filled with a ring of paper round it, a ring with a core, a ring, or a thin small ring."""
    inked, paper = colours[colour], colours["paper"]
    if kind == "filled":
        return _disc(mark, radius * 1.2, paper, diamond) + _disc(mark, radius, inked, diamond)
    share = {"target": 0.72, "ring": 0.58, "thin": 0.66}[kind]
    outer = radius * (0.8 if kind == "thin" else 1)
    rings = _disc(mark, outer, inked, diamond) + _disc(mark, outer * share, paper, diamond)
    return rings + (_disc(mark, radius * 0.4, inked, diamond) if kind == "target" else "")


def _disc(centre: XY, radius: float, colour: str, diamond: bool) -> str:
    x, y = centre
    if diamond:
        half = number(radius * 1.22)
        data = f"M{number(x)},{number(y - radius * 1.22)}l{half},{half} -{half},{half} -{half},-{half}z"
        return f'<path d="{data}" fill="{colour}"/>'
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{colour}"/>'


def _named(box: tuple[float, float, float, float], colours: Mapping[str, str], size: float) -> Iterator[str]:
    """Yield the names of the lumbar vertebrae inside a box."""
    for level in ("L1", "L2", "L3", "L4", "L5"):
        y = anatomy.figure(_MIRRORED)["spinous"][level]
        if box[1] + size < y < box[1] + box[3] - size:
            yield _text(level, 0, y, size, colours["ink"], "middle", bold=True)


def _route(route: Sequence[XY], *, swapped: bool) -> str:
    points = [f"{number(-x if swapped else x)},{number(y)}" for x, y in route]
    return f"M{points[0]}L{' '.join(points[1:])}"


def _cased(data: str, colour: str, width: float, more: str = "") -> str:
    """Return a thin line on a casing of paper, so that it is seen on every skin tone."""
    casing = f'<path d="{data}" fill="none" stroke="{tokens()["paper"]}" stroke-width="{number(width * 3)}"/>'
    return casing + f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{number(width)}"{more}/>'


def _text(words: str, x: float, y: float, size: float, colour: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return (
        f'<text x="{number(x)}" y="{number(y + 0.36 * size)}" font-family="{_family()}" font-size="{number(size)}"'
        f'{weight} fill="{colour}"{place}>{escape(words)}</text>'
    )


def _family() -> str:
    return f"{tokens()['latin'].strip(chr(34))}, sans-serif"
