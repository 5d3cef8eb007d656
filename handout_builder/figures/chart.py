"""Charts of points: a figure, the points in their places, labels, guides and a legend, as SVG.

Nothing but data decides where a mark stands: see anatomy.shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import dist
from typing import NamedTuple

from markupsafe import Markup

from handout_builder.content import anatomy
from handout_builder.figures import leader_lines
from handout_builder.figures.body_sheet import WHOLE, BodySheet, Size
from handout_builder.figures.curves import number
from handout_builder.figures.layers import Frame, draw
from handout_builder.figures.marks import PAPER, SMALL, Entry, Kind, is_row, marks_of, reach
from handout_builder.figures.sheet import LEVEL, NAME, NOTE, RADIUS, Sheet
from handout_builder.figures.svg import ChartText, picture
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import MM_PER_PT, XY

# A drawing without words is small: its marks and lines are this much larger; its height, of its breadth.
_BOLD, _FLAT = 1.5, 0.66
# A part of the body that is seen to its end, such as a head, is not cut where it is at most so tall, of its breadth.
_WHOLE = 1.6
# Above and below the points of a drawing without words, in radii of a point.
_ROOM = 2.5
# A drawing without words that would leave out less than this share of a head, hand or foot shows all of it.
_SLIVER = 0.15
# How wide a back is printed, of the column.
_ON_BACK: Mapping[Size, float] = {"inset": 0.5, "small": 0.5, "medium": 0.75, "full": 1.0}
# How much larger than usual words may be set in the drawing of a back: it is printed as much wider as this asks for.
_LARGEST = 2.3
# Marks so near, of what they take with the paper round them, still show all their ink.
_PAPER_ALONE = 0.92
# What of it is paper, and the size of the smallest mark, of that of others.
_PAPER_SHARE, _LEAST = 1 - 1 / PAPER, 0.4
SCREEN = 512.0
"""How wide a chart that is as wide as its column is shown in the book at most, in px."""
# So many marks would stand side by side on it.
_DOTS = 40.0


class Drawing(NamedTuple):
    """A chart as inline SVG, and how wide it is to be printed: of the column, 1 for all of it."""

    svg: Markup
    share: float


def chart(
    view: str,
    entries: Sequence[Entry],
    text: ChartText,
    ident: str,
    theme: Theme,
    legend: Sequence[tuple[Kind, str]] = (),
    size: Size | None = None,
    room: float = WHOLE,
) -> Drawing:
    """Return a view with its points; ``ident`` begins its ids, ``theme`` gives the colours.

    ``room`` is how wide it may be where the column is told as 176 mm. Raises ValueError for a point that the view does
    not show.
    """
    on_back = has_bones(view)
    share = min(1.0, max(_ON_BACK[size or theme.back_size], theme.lettering / _LARGEST))
    if on_back:
        smaller = replace(theme, own=(*theme.own, ("lettering", f"{theme.lettering / share:.3f}")))
        sheet = Sheet(view, text.labels, theme if share == 1 else smaller, len(legend), entries)
    else:
        sheet = BodySheet(view, text, theme, entries, len(legend), size or "medium", room)
    found = [_spot(view, sheet.name, entry, sheet.radius_of(entry)) for entry in entries]
    spots = _parted(entries, [spot._replace(marks=sheet.placed(spot.marks)) for spot in found])
    parts = [*sheet.guides(spots)]
    parts += sheet.labelled(entries, spots)
    parts += sheet.names_on_bones(len(entries))
    parts += sheet.corners()
    parts += sheet.legend(entries, legend)
    # The ground comes first, and is as wide as the words that stand on it.
    svg = picture(sheet.box, "".join([sheet.ground(ident), *parts]), text, ident, "chart")
    return Drawing(svg, sheet.printed if isinstance(sheet, BodySheet) else share)


def has_bones(view: str) -> bool:
    """Tell whether a view is of a back with its bones, as wide as its column, with places for labels of its own."""
    data = anatomy.figure(anatomy.views()[view])
    return "spinous" in data and bool(data["frames"][view]["printed"] == WHOLE)


def emblem(view: str, entries: Sequence[Entry], ident: str, theme: Theme, *, tall: bool = False) -> Markup:
    """Return the part of a view with its points, and no words, for a first page: decoration, the chart tells all.

    It is flat, to stand beside text, or as ``tall`` as it is broad, and taller where its points ask for it. It cuts
    through no point, and where the body ends, as at the crown of the head, it ends with it if the points let it. A head
    or a hand is not cut where it is flat, and smaller instead.
    Raises ValueError for a point that the view does not show.
    """
    name = anatomy.figure_for(view, (entry.point for entry in entries), theme.body)
    data = anatomy.figure(name)["frames"][view]
    on_back = has_bones(view)
    frame = Frame.of(name, view)
    left, top, width, height = anatomy.drawn(name, view)
    whole = not (tall or on_back or "top" in data["fade"]) and _FLAT * width < height <= _WHOLE * width
    if whole:
        _, top, _, height = frame.box
        left, width = left + (width - height / _FLAT) / 2, height / _FLAT
    radius = data.get("radius", RADIUS) * _BOLD if on_back else width / _DOTS
    spots = [_spot(view, name, entry, radius) for entry in entries]
    if on_back:
        left, width = -data["labels"]["x"], 2 * data["labels"]["x"]
    ys = [y for spot in spots for _, y in spot.marks]
    upper, lower = min(ys) - _ROOM * radius, max(ys) + _ROOM * radius
    least = max(width * (_FLAT if on_back or not tall else 1), lower - upper)
    high = height
    if not whole:
        top, high = _window(frame, (top, top + height), (upper, lower), least if tall else min(least, width))
    box = (left, top, width, high)
    frame = frame.window(box, frame.weight * _BOLD)._replace(fade=frame.fade if whole else ())
    parts = [draw(frame, theme.skin, ident)]
    for spot, entry in zip(_parted(entries, spots), entries, strict=True):
        parts += marks_of(spot.marks, entry.point, "filled", spot.radius, chart_colours(theme))
    view_box = " ".join(number(value) for value in box)
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box}" class="emblem" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _window(frame: Frame, clear: XY, points: XY, high: float) -> XY:
    """Return upper edge and height of what is shown of a view that is ``clear`` between two heights.

    It is about ``high``, with the room between the heights ``points`` in it. Where the body goes on, faded, it may
    reach into the fade.
    """
    upper, lower = points
    ends = {"top", "bottom"} - {edge for edge, _, _ in frame.fade}
    first = max(frame.box[1], min(clear[0], upper))
    last = min(frame.box[1] + frame.box[3], max(clear[1], lower))
    if ends and high > (1 - _SLIVER) * (last - first):
        return first, last - first
    if "top" in ends and lower <= first + high:
        return first, high
    if "bottom" in ends and upper >= last - high:
        return last - high, high
    return min(max((upper + lower - high) / 2, first), last - high), high


def lettering(view: str, shown: float, least: float) -> float:
    """Return how much larger than usual words must be set to be ``least`` px high in a view shown ``shown`` px wide."""
    name = anatomy.views()[view]
    frame = anatomy.figure(name)["frames"][view]
    smallest = min(LEVEL if frame.get("named") else NAME, NOTE, NAME)
    # What is as wide as it needs is shown as large as on a screen that has the room for a whole column.
    printed = frame["printed"] if has_bones(view) else WHOLE * shown / SCREEN
    return float(least / (smallest * MM_PER_PT / printed * shown))


def _parted(entries: Sequence[Entry], spots: Sequence[leader_lines.Spot]) -> list[leader_lines.Spot]:
    """Return spots whose marks are as much smaller as keeps them from standing on those of other points.

    As much paper as parts marks of full size parts them, too; those of a row stay as they are. What is nearly one place
    under two names stays as it is.
    """
    takes = [reach(entry.point, "filled", spot.radius) for entry, spot in zip(entries, spots, strict=True)]
    least = [1.0 if is_row(entry.point) else _LEAST for entry in entries]
    shares = [1.0] * len(spots)
    for a, b in combinations(range(len(spots)), 2):
        need, smallest = takes[a] + takes[b], takes[a] * least[a] + takes[b] * least[b]
        near = min(dist(one, other) for one in spots[a].marks for other in spots[b].marks)
        fixed = sum(takes[place] for place in (a, b) if least[place] == 1.0)
        if fixed == need or not _PAPER_ALONE * smallest <= near < need:
            continue
        ink = (near - need * _PAPER_SHARE - fixed * (1 - _PAPER_SHARE)) / ((need - fixed) * (1 - _PAPER_SHARE))
        for place in (a, b):
            shares[place] = min(shares[place], max(least[place], ink))
    return [spot._replace(radius=spot.radius * share) for spot, share in zip(spots, shares, strict=True)]


def _spot(view: str, name: str, entry: Entry, radius: float) -> leader_lines.Spot:
    marks = anatomy.shown(view, entry.point, name)
    if not marks:
        raise ValueError(f"the view {view} does not show {entry.point.code}")
    return leader_lines.Spot(entry.point.code, tuple(marks), radius * (SMALL if is_row(entry.point) else 1))
