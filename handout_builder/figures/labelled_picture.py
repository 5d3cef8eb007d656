"""An author's own picture with marks on it: labels beside it with leader lines, or numbers for a list below it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from markupsafe import Markup, escape

from handout_builder.figures import leader_lines
from handout_builder.figures.curves import number
from handout_builder.figures.marks import mark
from handout_builder.figures.sheet import wrapped
from handout_builder.figures.svg import ChartText, cased, line_of_text
from handout_builder.figures.svg import picture as svg_picture
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import XY

WIDTH = 130.0
"""The width of the whole drawing, in its unit: mm in the column of an A4 page."""
# In this unit: the size of labels (10 pt), the most that a line of them has, what is free beside them, marks.
_SIZE, _COLUMN, _GAP, _RADIUS = 3.6, 32.0, 1.6, 1.5
_LINE = 1.22
"""Of the size of labels: the height of a line."""
_MOST_LETTERING = 1.3
_NUMBERED = 2.9
"""The radius of a mark that holds a number."""


class Marked(NamedTuple):
    """A picture by its address, its height over its width, and its marks in percent with their labels."""

    address: str
    ratio: float
    marks: Sequence[tuple[XY, str]]


def labelled(picture: Marked, text: ChartText, ident: str, theme: Theme) -> Markup:
    """Return the picture with its labels beside it; ``ident`` begins the ids in it."""
    colours, size = chart_colours(theme), _SIZE * min(theme.lettering, _MOST_LETTERING)
    lines = [wrapped(label, _COLUMN, size) for _, label in picture.marks]
    pitch = size * (_LINE * max(map(len, lines)) + 0.3)
    sides: Literal["both", "right"] = "both" if _both(picture, pitch) else "right"
    columns = 2 if sides == "both" else 1
    across = WIDTH - columns * (_COLUMN + _GAP)
    high = across * picture.ratio
    rows = -(-len(lines) // columns)
    over = max(0.0, rows * pitch - high) / 2
    left = -across / 2
    spots = [
        leader_lines.Spot(str(index), ((left + x / 100 * across, y / 100 * high),), _RADIUS * theme.measure("marks"))
        for index, ((x, y), _) in enumerate(picture.marks)
    ]
    beside = across / 2 + _GAP
    places = leader_lines.Columns(-beside, beside, -over, high + over, pitch)
    placed = leader_lines.place(spots, places, sides)
    parts = [_image(picture, left, across, high)]
    leaders = "".join("M" + " L".join(f"{number(x)},{number(y)}" for x, y in label.route) for label in placed)
    parts.append(cased(leaders, colours["leader"], 0.3))
    parts += [mark(spot.marks[0], "filled", spot.radius, "dot", colours, diamond=False) for spot in spots]
    for label in placed:
        words = lines[int(label.code)]
        anchor, x = ("end", -beside) if label.side == "left" else ("start", beside)
        first = label.y - (len(words) - 1) / 2 * _LINE * size
        for row, line in enumerate(words):
            parts.append(line_of_text(line, x, first + row * _LINE * size, size, colours["ink"], anchor))
    begins = left if sides == "right" else -WIDTH / 2
    return svg_picture((begins, -over, WIDTH, high + 2 * over), "".join(parts), text, ident, "marked")


def numbered(picture: Marked, text: ChartText, ident: str, theme: Theme) -> Markup:
    """Return the picture with a number in each mark; ``ident`` begins the ids in it."""
    colours, high = chart_colours(theme), WIDTH * picture.ratio
    parts = [_image(picture, 0, WIDTH, high)]
    for index, ((x, y), _) in enumerate(picture.marks, 1):
        place = (x / 100 * WIDTH, y / 100 * high)
        parts.append(mark(place, "filled", _NUMBERED, "dot", colours, diamond=False))
        parts.append(line_of_text(str(index), *place, 1.25 * _NUMBERED, colours["paper"], "middle", bold=True))
    return svg_picture((0, 0, WIDTH, high), "".join(parts), text, ident, "marked")


def _both(picture: Marked, pitch: float) -> bool:
    """Tell whether labels stand on both sides: where they have no room on one, or points lie in both halves."""
    xs = [x for (x, _), _ in picture.marks]
    high = (WIDTH - _COLUMN - _GAP) * picture.ratio
    return len(xs) * pitch > high or (min(xs) < 40 and max(xs) > 60)  # noqa: PLR2004  # percent


def _image(picture: Marked, x: float, across: float, high: float) -> str:
    """Return the picture itself; what is smoothed would be against PDF/A."""
    return (
        f'<image href="{escape(picture.address)}" x="{number(x)}" y="0" width="{number(across)}"'
        f' height="{number(high)}" preserveAspectRatio="none" image-rendering="crisp-edges"/>'
    )
