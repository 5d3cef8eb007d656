"""Small cut-outs of a figure for the cards: one point strong, its neighbours faint."""

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from handout_builder.content import anatomy
from handout_builder.figures.curves import number
from handout_builder.figures.layers import Frame, draw
from handout_builder.figures.marks import Entry, marks_of
from handout_builder.figures.svg import ChartText, cased, line_of_text, picture
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import MM_PER_PT, XY

# 40 mm square, at a scale of 1.1 mm for 1 % on the back and 0.28 for 1 mm on a leg.
_SIZE = 40.0
_SCALE = {"back": 1.1}
_LEG_SCALE = 0.28
_BACK = "back"
# Type size in pt of the vertebrae, and how much larger it may be set: there is no more room between them.
_NAME, _LARGER = 11.0, 1.2
# Where names begin, from the left edge; where their lines end, from the midline. Both in % of C7–PSIS.
_EDGE, _FROM_BONE = 0.8, 1.9


def crop(entry: Entry, others: Sequence[Entry], text: ChartText, ident: str, theme: Theme) -> Markup:
    """Return a small square cut-out: one point strong, its neighbours faint; empty when no figure shows the place."""
    view = anatomy.view_of(entry.point)
    if view is None:
        return Markup("")
    name = anatomy.views()[view]
    close = "lower-back" if view == _BACK else view
    near = [other for other in others if anatomy.shown(view, other.point)]
    shown = {other.point.code: anatomy.shown(view, other.point) for other in near}
    box = _window(name, view, [mark for spots in shown.values() for mark in spots], anatomy.shown(view, entry.point))
    frame = Frame.of(name, view).window(box, Frame.of(name, close).weight)
    colours = chart_colours(theme)
    unit = box[2] / _SIZE
    parts = [draw(frame, theme.skin, ident)]
    if name == _BACK:
        parts += _named(box, colours, unit * _NAME * min(theme.lettering, _LARGER) * MM_PER_PT)
    for other in sorted(near, key=lambda other: other.point.code == entry.point.code):
        strong = other.point.code == entry.point.code
        radius = (1.7 if strong else 1.0) * unit
        parts += marks_of(shown[other.point.code], other.point, "filled" if strong else "thin", radius, colours)
    return picture(box, "".join(parts), text, ident, "crop")


def _window(name: str, view: str, near: Sequence[XY], own: Sequence[XY]) -> tuple[float, float, float, float]:
    """Return the crop's box: the same for all points of a row of cards if it holds them, so that the point moves."""
    size = _SIZE / _SCALE.get(name, _LEG_SCALE)
    marks = near if _span(near) < size * 0.8 else own
    ys = [y for _, y in marks]
    wide = max(abs(x) for x, _ in own) > size * 0.4
    centre = 0.0 if name == _BACK and not wide else _middle([x for x, _ in (own[:1] if wide else marks)])
    _, top, _, height = anatomy.drawn(name, view)
    middle = min(max(_middle(ys), top + size / 2), max(top + height - size / 2, top + size / 2))
    return centre - size / 2, middle - size / 2, size, size


def _span(marks: Sequence[XY]) -> float:
    xs, ys = zip(*marks, strict=True)
    return float(max(max(xs) - min(xs), max(ys) - min(ys)))


def _middle(values: Sequence[float]) -> float:
    return (max(values) + min(values)) / 2


def _named(box: tuple[float, float, float, float], colours: Mapping[str, str], size: float) -> Iterator[str]:
    """Yield the names of the lumbar vertebrae inside a box: at its edge, each with a line to its bone."""
    x = box[0] + _EDGE
    for level in ("L1", "L2", "L3", "L4", "L5"):
        y = anatomy.figure(_BACK)["spinous"][level]
        if box[1] + size < y < box[1] + box[3] - size and box[0] < -_FROM_BONE < box[0] + box[2]:
            line = f"M{number(x + 1.6 * size)},{y}H{-_FROM_BONE}"
            yield cased(line, colours["leader"], 0.2)
            yield line_of_text(level, x, y, size, colours["ink"], "start", bold=True)
