"""The figures of ``layouts/figures/`` as SVG: the layers of a drawing in order, cut to a frame, in one skin tone.

Where a frame cuts the body, the colours go to the paper's in solid steps: poppler draws gradients with
jagged edges, and alpha prints badly.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import dist, hypot
from typing import Any, NamedTuple

from handout_builder.content.anatomy import figure
from handout_builder.figures import curves
from handout_builder.tokens import Theme, chart_colours, mix
from handout_builder.units import XY

# How many steps a fade has; how far apart a line is sampled, and how far strips of a fade lie over each other: in
# % on the back, and in "step" mm on a leg.
_STEPS = 6
_FILL_STEP = 4.0
_STROKE_STEP = 4.0
_LAP = 0.3
# When a point of a swelling line is kept: where the line turns by more (sine), or so many steps after the last one.
_BEND, _FAR = 0.06, 4.5
_IDENT = "(ident)"


class Frame(NamedTuple):
    """A part of a figure: its box (left, top, width, height, in the figure's unit) and how it is drawn."""

    figure: str
    box: tuple[float, float, float, float]
    weight: float
    """Factor for the width of all lines."""
    fade: tuple[tuple[str, float, float], ...]
    """From which height to which the drawing goes to paper: top, bottom, and arm for layers that say so."""
    skip: frozenset[str]
    """Names of layers that are left out."""

    @classmethod
    def of(cls, name: str, frame: str) -> "Frame":
        """Return a frame from a figure's data; raises KeyError."""
        data = figure(name)["frames"][frame]
        left, top, width, height = data["box"]
        fade = tuple((edge, start, end) for edge, (start, end) in data["fade"].items())
        return cls(name, (left, top, width, height), data["weight"], fade, frozenset(data.get("skip", ())))

    def window(self, box: tuple[float, float, float, float], weight: float) -> "Frame":
        """Return a smaller frame whose edges cut the drawing off."""
        return Frame(self.figure, box, weight, (), self.skip)


def draw(frame: Frame, skin: str, ident: str) -> str:
    """Return the drawing as SVG elements; a figure that is the same on both sides is written once and mirrored.

    ``skin`` names the skin tone, ``ident`` begins the ids.
    """
    return f"<g>{drawn(frame, skin).replace(_IDENT, ident)}</g>"


@cache
def drawn(frame: Frame, skin: str) -> str:
    """Return the drawing with a stand-in for the ids, and keep it: print, EPUB and the crops of a row show the same."""
    ident, colours = _IDENT, chart_colours(Theme(skin))
    layers = [layer for layer in figure(frame.figure)["layers"] if layer["name"] not in frame.skip]
    if not figure(frame.figure).get("mirror"):
        return "".join(_merged(_paths(layers, frame), colours))
    parts = []
    # Areas first, on both sides: they reach over the midline, and must not cover the other side's bones.
    for number, kinds in enumerate((("fill",), tuple(set(_DRAW) - {"fill"}))):
        group = [layer for layer in layers if layer["draw"] in kinds and not layer.get("once")]
        half, name = "".join(_merged(_paths(group, frame), colours)), f"{ident}-half-{number}"
        parts.append(f'<g id="{name}">{half}</g><use href="#{name}" transform="scale(-1 1)"/>')
    once = [layer for layer in layers if layer.get("once")]
    return "".join(parts) + "".join(_merged(_paths(once, frame), colours))


class _Path(NamedTuple):
    data: str
    role: str
    paper: float = 0.0
    """How much of the colour is the paper's, 0 to 1."""
    line: str = ""
    width: float = 0.0
    cap: str = ""
    """How a line without an area ends: "round"; empty for outlines of areas."""

    @property
    def looks(self) -> tuple[object, ...]:
        """All but its data."""
        return self.role, self.paper, self.line, self.width, self.cap


def _merged(paths: Iterator[_Path], colours: Mapping[str, str]) -> Iterator[str]:
    """Yield path elements; neighbours that look the same become one."""
    waiting: list[_Path] = []
    for path in paths:
        if waiting and path.looks != waiting[0].looks:
            yield _element(waiting, colours)
            waiting = []
        waiting.append(path)
    if waiting:
        yield _element(waiting, colours)


def _element(paths: Sequence[_Path], colours: Mapping[str, str]) -> str:
    first = paths[0]
    if first.cap:
        return (
            f'<path d="{"".join(path.data for path in paths)}" fill="none" stroke="{colours[first.line]}"'
            f' stroke-width="{first.width:.2f}" stroke-linecap="{first.cap}" stroke-linejoin="round"/>'
        )
    fill = mix(colours[first.role], colours["paper"], first.paper)
    line = f' stroke="{colours[first.line]}" stroke-width="{first.width:.2f}"' if first.line else ""
    return f'<path d="{"".join(path.data for path in paths)}" fill="{fill}"{line}/>'


def _paths(layers: Sequence[Mapping[str, Any]], frame: Frame) -> Iterator[_Path]:
    for layer in layers:
        if layer["draw"] == "fill":
            yield from _area(frame._replace(weight=1.0), _number(layer, frame))
        else:
            yield from _DRAW[layer["draw"]](layer, frame)


@cache
def _area(frame: Frame, number: int) -> tuple[_Path, ...]:
    """Return a figure's layer that is an area: print and book have lines of other weights, and the same areas."""
    return tuple(_fill(figure(frame.figure)["layers"][number], frame))


def _fill(layer: Mapping[str, Any], frame: Frame) -> Iterator[_Path]:
    """Yield an area; where it fades, strips that grow lighter, each under the next so that no gap shows."""
    if "runs" in layer:
        yield from _runs(layer, frame)
        return
    full, gone = _range(layer, frame, 0), _range(layer, frame, 1)
    if all(full[0] <= y <= full[1] for _, y in layer["points"]):
        yield _Path(curves.spline(layer["points"], closed=True, short=_short(frame)), layer["role"])
        return
    outline = curves.samples(layer["points"], _FILL_STEP * figure(frame.figure)["step"], closed=True)
    for step in range(_STEPS, 0, -1):
        top, bottom = _range(layer, frame, step / _STEPS)
        strips = [(top, full[0] + _LAP)] if gone[0] < full[0] else []
        strips += [(full[1] - _LAP, bottom)] if gone[1] > full[1] else []
        for upper, lower in strips:
            if strip := curves.clip(outline, upper, lower):
                yield _Path(curves.polygon(strip), layer["role"], (step - 0.5) / _STEPS)
    if area := curves.clip(outline, *full):
        yield _Path(curves.polygon(area), layer["role"])


def _runs(layer: Mapping[str, Any], frame: Frame) -> Iterator[_Path]:
    """Yield an area of curves and corners, and over it strips that grow lighter where it fades; no more beyond that."""
    full, gone = _range(layer, frame, 0), _range(layer, frame, 1)
    if gone == full:
        yield _Path(curves.outline(layer["runs"]), layer["role"])
        return
    step = _FILL_STEP * figure(frame.figure)["step"]
    ring = [place for run in layer["runs"] for place in curves.samples(run, step)]
    # What is only covered with paper shines through along its edge.
    part = curves.clip(ring, *gone)
    if not part:
        return
    yield _Path(curves.outline(layer["runs"]) if part == ring else curves.polygon(_sparse(part)), layer["role"])
    for number in range(1, _STEPS + 1):
        (upper, lower), (above, below) = (_range(layer, frame, n / _STEPS) for n in (number - 1, number))
        strips = [(above, upper + _LAP)] if gone[0] < full[0] else []
        strips += [(lower - _LAP, below)] if gone[1] > full[1] else []
        for strip in strips:
            if area := curves.clip(ring, *strip):
                yield _Path(curves.polygon(area), layer["role"], (number - 0.5) / _STEPS)


def _range(layer: Mapping[str, Any], frame: Frame, paper: float) -> XY:
    """Return the heights between which a layer has at most this share of paper in it."""
    _, top, _, height = frame.box
    edges = [top, top + height]
    for name, start, end in frame.fade:
        if name in ("top", "bottom") or name == layer.get("fade"):
            edge = start + (end - start) * paper
            edges = [max(edges[0], edge), edges[1]] if end < start else [edges[0], min(edges[1], edge)]
    return edges[0], edges[1]


def _stroke(layer: Mapping[str, Any], frame: Frame) -> Iterator[_Path]:
    """Yield a line that swells and tapers, and thins away where the body fades."""
    points = layer["points"] if "points" in layer else figure(frame.figure)["lines"][layer["name"]]
    full, gone = _range(layer, frame, 0), _range(layer, frame, 1)
    share = curves.taper(*layer["taper"])
    weight: float = figure(frame.figure)["weights"][layer["weight"]] * frame.weight

    def width(t: float, place: XY) -> float:
        return weight * share(t) * _left(place[1], full, gone)

    short, number = _short(frame), _number(layer, frame)
    line = _sampled(frame.figure, number)
    if not _seen(line, frame):
        return
    if layer["taper"] == [0, 0]:
        yield from _even(points, line, layer, frame, weight)
        limits = [(gone[0], full[0]), (full[1], gone[1])]
    else:
        limits = [gone]
    for low, high in limits:
        for piece in _parts(frame.figure, number, (low, high)) if low < high else ():
            yield _Path(curves.stroke(piece, width, short=short), layer["role"])


def _number(layer: Mapping[str, Any], frame: Frame) -> int:
    """Return the place of a layer in its figure."""
    return next(number for number, other in enumerate(figure(frame.figure)["layers"]) if other is layer)


@cache
def _sampled(name: str, number: int) -> list[XY]:
    """Return points along a layer of a figure that is a line: for print, for the book, and for each crop of it."""
    layer = figure(name)["layers"][number]
    points = layer["points"] if "points" in layer else figure(name)["lines"][layer["name"]]
    return curves.samples(points, _STROKE_STEP * figure(name)["step"])


@cache
def _parts(name: str, number: int, limits: XY) -> tuple[list[XY], ...]:
    """Return the parts of such a line between two heights, as its swelling is drawn along them."""
    pieces = _pieces(_sampled(name, number), limits)
    return tuple(map(_sparse, pieces) if "source" in figure(name) else pieces)


def _sparse(piece: list[XY]) -> list[XY]:
    """Return a sampled line with as few points as its swelling needs where it is almost straight."""
    kept = [piece[0]]
    for place, onward in pairwise(piece[1:]):
        (ax, ay), (bx, by), (cx, cy) = kept[-1], place, onward
        bend = abs((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
        far = hypot(cx - ax, cy - ay)
        if bend > _BEND * far * hypot(bx - ax, by - ay) or far > _FAR * hypot(cx - bx, cy - by):
            kept.append(place)
    return [*kept, piece[-1]]


def _short(frame: Frame) -> bool:
    """Tell whether a figure is in mm on the body, so that tenths are fine enough."""
    return "source" in figure(frame.figure)


def _even(
    points: Sequence[XY], line: Sequence[XY], layer: Mapping[str, Any], frame: Frame, weight: float
) -> Iterator[_Path]:
    """Yield what of an even line is not faded as a line of SVG: a third of the data of its two edges."""
    full = _range(layer, frame, 0)
    if all(full[0] <= y <= full[1] for _, y in points):
        yield _Path(curves.spline(points, short=_short(frame)), "", 0, layer["role"], weight, "round")
        return
    knots = {(x, y) for x, y in points}
    for piece in _pieces(line, full):
        kept = [place for place in piece[1:-1] if place in knots]
        data = curves.spline([piece[0], *kept, piece[-1]], short=_short(frame))
        yield _Path(data, "", 0, layer["role"], weight, "round")


def _pieces(line: Sequence[XY], limits: XY) -> Iterator[list[XY]]:
    """Yield the parts of a sampled line between two heights, cut where it crosses them."""
    piece: list[XY] = []
    for place, onward in pairwise([*line, line[-1]]):
        if limits[0] <= place[1] <= limits[1]:
            piece.append(place)
        for limit in sorted(limits, reverse=place[1] > onward[1]):
            if (place[1] < limit < onward[1]) or (onward[1] < limit < place[1]):
                share = (limit - place[1]) / (onward[1] - place[1])
                piece.append((place[0] + share * (onward[0] - place[0]), limit))
                if len(piece) > 1 and not limits[0] <= onward[1] <= limits[1]:
                    yield piece
                    piece = []
        if piece and not limits[0] <= onward[1] <= limits[1]:
            if len(piece) > 1:
                yield piece
            piece = []
    if len(piece) > 1:
        yield piece


def _left(y: float, full: XY, gone: XY) -> float:
    """Return how much of a line's width is left at a height, 0.1 to 1."""
    above = (full[0] - y) / (full[0] - gone[0]) if full[0] > gone[0] else 0
    below = (y - full[1]) / (gone[1] - full[1]) if gone[1] > full[1] else 0
    return max(0.1, 1 - max(above, below, 0))


def _shape(layer: Mapping[str, Any], frame: Frame) -> Iterator[_Path]:
    """Yield a closed shape with an even outline: the sacrum, the wing of the ilium."""
    if not _seen(layer["points"], frame):
        return
    closed = not layer.get("open")
    gone, full = _range(layer, frame, 1), _range(layer, frame, 0)
    if full == gone or all(gone[0] <= y <= gone[1] for _, y in layer["points"]):
        outline = curves.spline(layer["points"], closed=closed, short=_short(frame))
        yield _Path(outline, layer["role"], 0, layer["line"], _bone(layer, frame))
        return
    yield from _fill({"points": layer["points"], "role": layer["role"]}, frame)
    ring = curves.samples(layer["points"], _FILL_STEP * figure(frame.figure)["step"], closed=closed)
    for piece in _pieces([*ring, ring[0]] if closed else ring, full):
        yield _Path(curves.spline(piece, short=_short(frame)), "", 0, layer["line"], _bone(layer, frame), "round")


def _band(layer: Mapping[str, Any], frame: Frame) -> Iterator[_Path]:
    """Yield a bone of changing width: a rib, the iliac crest."""
    if not _seen(layer["points"], frame):
        return
    start, end = layer["taper"]
    share = curves.taper(start, end, layer["least"])
    profile = layer.get("profile", [[0, 1], [1, 1]])
    line = _sampled(frame.figure, _number(layer, frame))
    full, gone = _range(layer, frame, 0), _range(layer, frame, 1)

    def width(t: float, place: XY) -> float:
        return float(layer["width"] * share(t) * _between(profile, t) * _left(place[1], full, gone))

    whole = full == gone or all(gone[0] <= y <= gone[1] for _, y in line)
    for piece in [line] if whole else _pieces(line, gone):
        outline = curves.stroke(piece, _of_whole(width, piece, line), short=_short(frame))
        yield _Path(outline, layer["role"], 0, layer["line"], _bone(layer, frame))


def _of_whole(
    width: Callable[[float, XY], float], piece: Sequence[XY], line: Sequence[XY]
) -> Callable[[float, XY], float]:
    """Return the width along a piece of a line, given that along the whole line."""
    way = [0.0, *accumulate(dist(start, end) for start, end in pairwise(line))]
    first, last = (
        way[min(range(len(line)), key=lambda n: dist(line[n], end))] / way[-1] for end in (piece[0], piece[-1])
    )
    return lambda t, place: width(first + t * (last - first), place)


def _between(profile: Sequence[Sequence[float]], t: float) -> float:
    for (t0, v0), (t1, v1) in pairwise(profile):
        if t <= t1:
            return v0 + (v1 - v0) * (t - t0) / (t1 - t0)
    return profile[-1][1]


def _ellipses(layer: Mapping[str, Any], frame: Frame) -> Iterator[_Path]:
    a, b = layer["radii"]
    top, bottom = _range(layer, frame, 0)
    seen = [place for place in layer["points"] if top <= place[1] <= bottom and _seen([place], frame)]
    data = "".join(f"M{x - a:.1f},{y}a{a},{b} 0 1 0 {2 * a},0a{a},{b} 0 1 0 {-2 * a},0z" for x, y in seen)
    if data:
        yield _Path(data, layer["role"])


def _seen(points: Sequence[Sequence[float]], frame: Frame) -> bool:
    """Tell whether a line may reach into a frame, itself or its mirror image."""
    left, top, width, height = frame.box
    sides = (1, -1) if figure(frame.figure).get("mirror") else (1,)
    return any(
        min(ax, bx) <= left + width and left <= max(ax, bx) and min(ay, by) <= top + height and top <= max(ay, by)
        for side in sides
        for (ax, ay), (bx, by) in pairwise([(side * x, y) for x, y in (*points, points[-1])])
    )


def _bone(layer: Mapping[str, Any], frame: Frame) -> float:
    return float(figure(frame.figure)["weights"]["bone"] * frame.weight * layer.get("thin", 1))


_DRAW: Mapping[str, Callable[[Mapping[str, Any], Frame], Iterator[_Path]]] = {
    "fill": _fill,
    "stroke": _stroke,
    "shape": _shape,
    "band": _band,
    "ellipses": _ellipses,
}
