"""Small cut-outs of a figure for the cards: one point strong, its neighbours faint."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import ceil, copysign, dist
from operator import itemgetter

from markupsafe import Markup

from handout_builder.content import anatomy
from handout_builder.content.schema import Point
from handout_builder.content.schema.values import Side
from handout_builder.figures import curves
from handout_builder.figures.curves import number
from handout_builder.figures.key import key, share
from handout_builder.figures.layers import Frame, draw
from handout_builder.figures.marks import Entry, marks_of, reach
from handout_builder.figures.svg import ChartText, cased, line_of_text, paper, picture
from handout_builder.tokens import Theme, chart_colours
from handout_builder.units import MM_PER_PT, XY

Box = tuple[float, float, float, float]
# Printed side of the square, mm; all sizes in it refer to it.
_SIZE = 40.0
# Width shown, mm of the body: of a back with bones, and at least and at most of another part: enough to recognise it.
_BACK, _LEAST, _MOST = 185.0, 90.0, 260.0
# Less than this of a finger, in mm, is a strip at the edge, which nobody takes for a finger; how wide a window is at
# most that shows fingers large; at how many heights it is looked for, and how often a window moves.
_STRIP, _FINGERS, _LEVELS, _MOVES = 7.0, 150.0, 24, 4
_WIDE = 0.4  # of a wide figure it shows at least this share of the breadth: skin without lines could be anywhere
# What is to be seen keeps away from the edges: how much larger the window is.
_MARGIN = 1.3
_OUTLINE = 0.45  # the width of outlines in print, in mm
_CLEAR = 0.12  # above a mark on a back, of the window's height: an outline to know the neck by
_CLOSE = "lower-back"
# Views of a back with its bones.
_NAMED = ("back", "upper-back", "lower-back")
# Type size in pt of the vertebrae, and how much larger it may be set: there is no more room between them.
_NAME, _LARGER = 12.0, 1.15
# A picture that is printed smaller than this, in mm, names the two vertebrae beside its point alone, in this type size.
_SMALL, _NEAR = 30.0, 8.5
# The size of names, in distances between them: of many, and of two.
_APART, _CLOSEST = 0.95, 1.2
# Where names begin, from the left edge; where their lines end, from the midline. Both in % of C7–PSIS.
_EDGE, _FROM_BONE = 0.8, 1.9
# How high capitals are, of their size; how much room names need on the left, in their size.
_CAPITALS = 0.72
_ROOM = 3.0
# The radius of marks in print, in mm; what they take, with the paper round a strong one, and a little room round the
# ring of a faint one.
_STRONG, _FAINT = 1.7, 1.0
_STRONG_TAKES, _FAINT_TAKES = 1.2 * _STRONG, 0.9 * _FAINT
# A window that shows less than this share of a figure's longer side has a key; another one only if it shows neither
# both outlines nor so many landmarks of the point's place. One that shows nearly all is its own key.
_SHARE, _TWO = 0.5, 2
_NEARLY_ALL = 0.7
# Where a figure has both, it is of shoulders from above, which nobody knows again without the whole head.
_SHOULDER, _FOREHEAD = "acromion", "forehead-corner"


def crop(entry: Entry, others: Sequence[Entry], text: ChartText, ident: str, theme: Theme) -> Markup:
    """Return a small square cut-out: one point strong, its neighbours faint; empty when no figure shows the place.

    Of a point on one side a trunk has that mark alone; a limb is shown as its mirror image for the left.
    """
    view = anatomy.view_of(entry.point)
    if view is None:
        return Markup("")
    name = anatomy.figure_for(
        view, (one.point for one in (entry, *others) if anatomy.shown(view, one.point)), theme.body
    )
    bones = "spinous" in anatomy.figure(name) and view in _NAMED
    seen = {one.point.code: anatomy.shown(view, one.point, name) for one in (entry, *others)}
    own = seen[entry.point.code] = _of_side(name, entry.side, seen[entry.point.code])
    near = [other for other in others if seen[other.point.code]]
    marks = [mark for spots in seen.values() for mark in spots]
    box = _on_back(name, view, marks, own) if bones else _on_body(name, view, marks, own, entry.point)
    unit = box[2] / _SIZE
    whole = Frame.of(name, view)
    weight = Frame.of(name, _CLOSE if bones and _CLOSE in anatomy.views() else view).weight
    if not bones:
        weight = round(_OUTLINE * unit / anatomy.figure(name)["weights"]["contour"], 2)
    frame = whole.window(box, weight)
    if not bones and (box[1] < whole.box[1] or box[1] + box[3] > whole.box[1] + whole.box[3]):
        frame = frame._replace(fade=whole.fade)  # where the drawing ends inside the window
    colours = chart_colours(theme)
    parts = [paper(box), draw(frame, theme.skin, ident)]
    printed = theme.measure("crop")
    small = printed < _SMALL
    size = unit * (_NEAR * _SIZE / printed if small else _NAME * min(theme.lettering, _LARGER)) * MM_PER_PT
    levels = _levels(name, box, size) if bones else {}
    told: list[tuple[str, Box]] = []
    if small:  # the two beside the point, as large as the others' room lets them be
        levels = dict(
            sorted(sorted(levels.items(), key=lambda level: abs(level[1] - own[0][1]))[:_TWO], key=itemgetter(1))
        )
    if len(levels) >= _TWO:
        inside = [mark for mark in marks if _inside(mark, box)]
        strong, faint = ([mark for mark in inside if (mark in own) is is_own] for is_own in (True, False))
        closest = _CLOSEST if small else _APART
        told += _named(levels, anatomy.figure(name)["percent"], box, (strong, faint), colours, size, closest)
    elif needs_key(name, box, entry.point, own):
        kept = [*(mark for mark in marks if mark not in own), *anatomy.landmarks_of(name, entry.point)]
        told += filter(None, [key(name, box, own, kept, _STRONG * unit, theme, ident)])
    parts += (drawing for drawing, _ in told)
    own_takes = reach(entry.point, "filled", _STRONG * unit)
    taken = [(mark, own_takes) for mark in own]
    for other in near:
        if other.point.code != entry.point.code:
            takes = reach(other.point, "thin", _FAINT * unit)
            room = _smaller(box, takes)
            spots = (mark for mark in seen[other.point.code] if _inside(mark, room))
            free = [mark for mark in spots if not any(_meets(mark, _FAINT_TAKES * unit, place) for _, place in told)]
            free = [mark for mark in free if all(dist(mark, at) >= takes + far for at, far in taken)]
            taken += ((mark, takes) for mark in free)
            parts += marks_of(free, other.point, "thin", _FAINT * unit, colours)
    whole_marks = [mark for mark in own if _inside(mark, _smaller(box, own_takes))]
    parts += marks_of(whole_marks, entry.point, "filled", _STRONG * unit, colours)
    return picture(*_turned(name, entry.side, box, "".join(parts)), text, ident, "crop")


def _of_side(name: str, side: Side | None, marks: Sequence[XY]) -> list[XY]:
    """Return the marks of a side of the person in a figure of both, with those of the midline; else all."""
    figure = anatomy.figure(name)
    right = figure.get("right", 1) if figure.get("mirror") else 0
    sign = {"left": -right, "right": right}.get(side or "both", 0)
    return [mark for mark in marks if mark[0] * sign >= 0]


def _turned(name: str, side: Side | None, box: Box, content: str) -> tuple[Box, str]:
    """Return the box and the content of a picture, mirrored for the left where the figure is of the right side alone.

    Such a figure, a limb or a head from the side, has no words.
    """
    if side != "left" or anatomy.figure(name).get("mirror"):
        return box, content
    left, top, width, height = box
    return (-left - width, top, width, height), f'<g transform="scale(-1 1)">{content}</g>'


def _on_back(name: str, view: str, near: Sequence[XY], own: Sequence[XY]) -> Box:
    """Return the crop's box: the same for all points of a row of cards if it holds them, so that the point moves."""
    size = _BACK
    marks = near if _span(near) < size * 0.8 else own
    ys = [y for _, y in marks]
    wide = max(abs(x) for x, _ in own) > size * 0.4
    centre = _middle([x for x, _ in own[:1]]) if wide else 0.0
    _, top, _, height = anatomy.drawn(name, view)
    # Where the view fades, the figure goes on.
    first = min(top, min(y for _, y in own) - _CLEAR * size)
    return centre - size / 2, _fitted(_middle(ys), size, first, top + height - first), size, size


def _on_body(name: str, view: str, near: Sequence[XY], own: Sequence[XY], point: Point) -> Box:
    """Return the crop's box: both outlines of a limb are in it, or the midline, or landmarks of the point's place.

    It is the same for all points of a row of cards, if it holds them.
    """
    right = [mark for mark in own if mark[0] >= 0] or list(own)  # of a pair one, unless there is room for both
    kept = list(own) if _span(own) * _MARGIN <= _MOST else right
    marks = [*kept, *(near if _span([*kept, *near]) * _MARGIN <= _MOST else ())]
    for more in _surroundings(name, view, near, kept, point):
        if _span([*kept, *more]) * _MARGIN <= _MOST:
            kept += more
    xs, ys = zip(*kept, strict=True)
    left, top, width, height = Frame.of(name, view).box
    size = min(_MOST, max(_LEAST, _WIDE * width, _span(kept) * _MARGIN))
    ranges = (
        _with_marks([mark[i] for mark in marks], size, *drawn) for i, drawn in enumerate(((left, width), (top, height)))
    )
    left, top = (_fitted(_middle(values), size, *drawn) for values, drawn in zip((xs, ys), ranges, strict=True))
    return _beside_strips(name, (left, top, size, size), xs)


def _beside_strips(name: str, box: Box, kept: Sequence[float]) -> Box:
    """Return a window moved to the side where a strip of a finger would stand at its edge, as far as ``kept`` is in it.

    ``kept`` is where from the left those are that it is to show.
    """
    left, top, size, _ = box
    away, room = 2 * _OUTLINE * size / _SIZE, 1.2 * _STRONG_TAKES * size / _SIZE
    for _ in range(_MOVES if size <= _FINGERS else 0):
        first, last = _strips(name, (left, top, size, size))
        if not first and not last:
            return left, top, size, size
        left += first + away if first else -last - away
        if left + room > min(kept) or left + size - room < max(kept):
            break
    return box


def _strips(name: str, box: Box) -> XY:
    """Return how wide the strips are that stand at the left and at the right edge of a window; 0 where none does."""
    left, top, width, height = box
    apart = height / _LEVELS
    met: list[list[float]] = [[] for _ in range(_LEVELS)]
    for a, b in chain.from_iterable(pairwise(line) for line in _edges(name)):
        above, below = sorted(((a[1] - top) / apart, (b[1] - top) / apart))
        for level in range(max(0, ceil(above)), min(_LEVELS, ceil(below))):
            met[level].append(a[0] + (b[0] - a[0]) * (top + level * apart - a[1]) / (b[1] - a[1]))
    widest = [0.0, 0.0]
    for row in met:
        for edge, sign in enumerate((1, -1)):
            ahead = sorted(away for x in row if (away := sign * (x - left - edge * width)) > 0)
            # The edge cuts a part of the body, and behind its end there is paper, then more of the body.
            if len(ahead) % 2 and len(ahead) > 1 and ahead[0] < _STRIP:
                widest[edge] = max(widest[edge], ahead[0])
    return widest[0], widest[1]


def _surroundings(name: str, view: str, near: Sequence[XY], own: Sequence[XY], point: Point) -> Iterator[list[XY]]:
    """Yield what should be in the window, the most important first."""
    mirrored, known = anatomy.figure(name).get("mirror"), anatomy.figure(name)["landmarks"]
    if _SHOULDER in known and _FOREHEAD in known:
        yield [known[_FOREHEAD]]
    yield list(near)
    edges = list(_outline_at(name, own[0]))
    yield edges
    for edge in sorted(edges, key=lambda edge: dist(edge, own[0])) if own[0][0] or not mirrored else ():
        yield [edge]
    there = (mark for mark in anatomy.landmarks_of(name, point) if _inside(mark, Frame.of(name, view).box))
    for mark in sorted(there, key=lambda mark: dist(mark, own[0])):
        yield [mark]
    if mirrored:
        yield [(0.0, own[0][1])]


def needs_key(name: str, box: Box, point: Point, own: Sequence[XY]) -> bool:
    """Tell whether a window alone does not say which part of the body it shows, and which side of it.

    ``box`` (left, top, width, height) and ``own`` are in the figure's unit.
    """
    if (seen := share(name, box[2])) < _SHARE or seen > _NEARLY_ALL:
        return seen < _SHARE
    for across, met in enumerate(_crossings(name, own[0])):
        ends = [(v, own[0][1]) if across == 0 else (own[0][0], v) for v in (met[0], met[-1])] if met else []
        if ends and ends[0][across] <= own[0][across] <= ends[1][across] and all(_inside(end, box) for end in ends):
            return False
    return sum(_inside(mark, box) for mark in anatomy.landmarks_of(name, point)) < _TWO


def _outline_at(name: str, spot: XY) -> tuple[XY, ...]:
    """Return where the outline is left and right of a spot, or above and below it where a limb lies across.

    Where a limb was cut from the trunk, the body ends with the drawing. Where there is one side only, the nearest.
    """
    box = anatomy.extent(name)
    found, single = [], []
    for across, met in enumerate(_crossings(name, spot)):
        before = max((value for value in met if value <= spot[across]), default=None)
        behind = min((value for value in met if value > spot[across]), default=None)
        if across == 0 and before is not behind:  # a limb that was cut from the trunk
            before, behind = box[0] if before is None else before, box[0] + box[2] if behind is None else behind
        ends = [(v, spot[1]) if across == 0 else (spot[0], v) for v in (before, behind) if v is not None]
        if before is not None and behind is not None:
            found.append((behind - before, ends))
        single += ends
    if found:
        return tuple(min(found)[1])
    return (min(single, key=lambda edge: dist(edge, spot)),) if single else ()


@lru_cache(maxsize=64)
def _edges(name: str) -> Sequence[Sequence[XY]]:
    """Return the outline of a figure as points along its lines."""
    data = anatomy.figure(name)
    sides = (1, -1) if data.get("mirror") else (1,)
    return [
        [(side * x, y) for x, y in curves.samples(points, data["step"] * 4)]
        for line, points in data["lines"].items()
        for side in sides
        if line.startswith("edge")
    ]


@lru_cache(maxsize=512)
def _crossings(name: str, spot: XY) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return where the outline crosses the level of a spot, and where the upright through it, from left and above."""
    lines = _edges(name)
    level, upright = (
        sorted(
            a[across] + (b[across] - a[across]) * (spot[along] - a[along]) / (b[along] - a[along])
            for line in lines
            for a, b in pairwise(line)
            if min(a[along], b[along]) <= spot[along] < max(a[along], b[along])
        )
        for across, along in ((0, 1), (1, 0))
    )
    return tuple(level), tuple(upright)


def _with_marks(values: Sequence[float], size: float, start: float, length: float) -> XY:
    """Return where what is drawn starts, and how long it is, with the room that whole marks at its end need."""
    clear = 1.2 * _STRONG_TAKES * size / _SIZE
    first, last = min(start, min(values) - clear), max(start + length, max(values) + clear)
    return first, last - first


def _fitted(middle: float, size: float, start: float, length: float) -> float:
    """Return where a window begins that keeps to what is drawn, or has it in the middle."""
    if size >= length:
        return start + (length - size) / 2
    return min(max(middle - size / 2, start), start + length - size)


def _smaller(box: Box, by: float) -> Box:
    """Return a box without a margin: what of it whole marks of a radius may stand on."""
    left, top, width, height = box
    return left + by, top + by, width - 2 * by, height - 2 * by


def _inside(mark: XY, box: Box) -> bool:
    left, top, width, height = box
    return left <= mark[0] <= left + width and top <= mark[1] <= top + height


def _span(marks: Sequence[XY]) -> float:
    xs, ys = zip(*marks, strict=True)
    return float(max(max(xs) - min(xs), max(ys) - min(ys)))


def _middle(values: Sequence[float]) -> float:
    return (max(values) + min(values)) / 2


def _levels(name: str, box: Box, size: float) -> Mapping[str, float]:
    """Return the heights of the vertebrae that have room for their names in a window; none where the spine has none."""
    figure = anatomy.figure(name)
    if -box[0] - (_FROM_BONE + _EDGE) * figure["percent"] < _ROOM * size:
        return {}
    lowest, highest = box[1] + box[3] - size, box[1] + size
    return {level: y for level, y in figure["spinous"].items() if level[0] in "TL" and highest < y < lowest}


def _named(
    levels: Mapping[str, float],
    percent: float,
    box: Box,
    marks: tuple[Sequence[XY], Sequence[XY]],
    colours: Mapping[str, str],
    size: float,
    closest: float,
) -> Iterator[tuple[str, Box]]:
    """Yield the names of vertebrae by their heights, and where they stand: at the window's left edge, with a line each.

    ``marks`` are those of the point, and those of the others. A name that a mark would stand on goes to the right edge,
    or between mark and bone. Where others leave no room at all, these give way.
    """
    edge, end = _EDGE * percent, _FROM_BONE * percent
    unit = box[2] / _SIZE
    radii = (_STRONG_TAKES * unit, _FAINT_TAKES * unit)
    strong, faint = ([(x, y, r) for x, y in spots] for spots, r in zip(marks, radii, strict=True))
    size = min([size, *(closest * (below - y) for y, below in pairwise(levels.values()))])
    for level, y in levels.items():
        wide, half = (len(level) * 0.6 + 0.3) * size, _CAPITALS * size / 2
        beside = sorted((mx, r) for mx, my, r in (*strong, *faint) if abs(my - y) < half + r)
        between = (mx - copysign(r + edge, mx) for mx, r in beside if mx)
        places = []
        for x in (box[0] + edge, box[0] + box[2] - edge, *between):
            side = copysign(1, x)
            inner = x - side * wide
            if side * inner > end:
                places.append((x, inner, (min(x, inner), y - half, wide, 2 * half)))
        for kept in ((*strong, *faint), strong):
            free = (one for one in places if not any(_meets((mx, my), r, one[2]) for mx, my, r in kept))
            if chosen := next(free, None):
                x, inner, place = chosen
                led = abs(inner) - end > edge  # else the name stands at its bone
                way = f"M{number(inner)},{y}H{number(copysign(end, x))}"
                line = cased(way, colours["leader"], 0.2 * percent) if led else ""
                words = line_of_text(level, x, y, size, colours["ink"], "end" if x > 0 else "start", bold=True)
                yield line + _ground(place, colours["skin"]) + words, place
                break


def _ground(box: Box, colour: str) -> str:
    """Return skin for a name to stand on: edges of bones and muscles would run through it."""
    left, top, width, height = (number(value) for value in box)
    return f'<path d="M{left},{top}h{width}v{height}h-{width}z" fill="{colour}"/>'


def _meets(mark: XY, radius: float, box: Box) -> bool:
    """Tell whether a mark stands on something."""
    left, top, width, height = box
    return max(left - mark[0], mark[0] - left - width, top - mark[1], mark[1] - top - height) < radius
