"""Where the shapes of a drawing lie: their outlines, moved as their transforms say."""

import re
from collections.abc import Callable, Mapping
from math import cos, radians, sin, tan
from typing import Any

from fontTools.misc.bezierTools import splitCubicAtT, splitQuadraticAtT
from fontTools.misc.transform import Identity, Transform
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from lxml import etree

from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_names import name
from handout_builder.units import PX_PER_INCH, PX_PER_MM, PX_PER_PT

# Points of a cubic curve beside its first one; into how many pieces a curve is cut.
_CUBIC, _PIECES = 3, 12
# How far the handles of a curve reach that is a quarter of a circle.
_KAPPA = 0.5522847498
UNITS = {"": 1.0, "px": 1.0, "pt": PX_PER_PT, "pc": 16.0, "in": PX_PER_INCH, "cm": 10 * PX_PER_MM, "mm": PX_PER_MM}
"""Pixels of each unit of lengths."""
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
"""A number (SVG 2, 4.1)."""
_LENGTH = re.compile(rf"\s*({NUMBER.pattern})\s*([a-z]*)\s*")
_MOVE = re.compile(r"(\w+)\s*\(([^)]*)\)")
_TURNS = {"": 1.0, "deg": 1.0, "rad": 57.29577951308232, "grad": 0.9, "turn": 360.0}
_FLAT = 1e-12
_ANGLE = re.compile(rf"({NUMBER.pattern})({'|'.join(_TURNS)})")


def length(text: str | None, default: float = 0.0) -> float:
    """Return a length in px; raises SvgError for one in percent, or in other letters than ours."""
    match = _LENGTH.fullmatch(text) if text else None
    if text and (match is None or match[2] not in UNITS):
        raise SvgError(f"the drawing has a length that cannot be worked out: {text[:20]}")
    return float(match[1]) * UNITS[match[2]] if match else default


def angle(text: str) -> float:
    """Return an angle in radians; 0 for what is none."""
    match = _ANGLE.fullmatch(text)
    return radians(float(match[1]) * _TURNS[match[2]]) if match else 0.0


def matrix(text: str | None) -> Transform:
    """Return what a ``transform`` does; raises SvgError for one that is none."""
    whole = Identity
    for kind, arguments in _MOVE.findall(text or ""):
        numbers = [float(number) for number in NUMBER.findall(arguments)]
        units = re.findall(r"[a-z]+", arguments)
        step = _STEPS.get((kind.lower(), len(numbers)))
        if step is None:
            raise SvgError(f"the drawing has a movement that is none: {kind}({arguments[:30]})")
        if kind.lower().startswith(("rotate", "skew")):
            numbers[0] = radians(numbers[0] * _TURNS.get(units[0] if units else "", 1.0))
        whole = whole.transform(step(*numbers))
    return whole


def is_flat(text: str | None) -> bool:
    """Tell whether a ``transform`` leaves no area of what it moves."""
    a, b, c, d, *_ = matrix(text)
    return bool(abs(a * d - b * c) < _FLAT)


def _turned(angle: float, x: float = 0.0, y: float = 0.0) -> Transform:
    s, c = sin(angle), cos(angle)
    return Identity.translate(x, y).transform((c, s, -s, c, 0, 0)).translate(-x, -y)


# What each movement does, by its name and how many numbers it has; angles are in radians.
_STEPS: Mapping[tuple[str, int], Callable[..., Transform]] = {
    ("matrix", 6): Transform,
    ("translate", 1): lambda x: Identity.translate(x, 0),
    ("translate", 2): Identity.translate,
    ("translatex", 1): lambda x: Identity.translate(x, 0),
    ("translatey", 1): lambda y: Identity.translate(0, y),
    ("scale", 1): lambda x: Identity.scale(x, x),
    ("scale", 2): Identity.scale,
    ("scalex", 1): lambda x: Identity.scale(x, 1),
    ("scaley", 1): lambda y: Identity.scale(1, y),
    ("rotate", 1): _turned,
    ("rotate", 3): _turned,
    ("skewx", 1): lambda angle: Transform(1, 0, tan(angle), 1, 0, 0),
    ("skewy", 1): lambda angle: Transform(1, tan(angle), 0, 1, 0, 0),
}


def written(transform: Transform) -> str:
    """Return a ``transform`` that all readers know."""
    return f"matrix({' '.join(f'{part:.9g}' for part in transform)})"


def outline(shape: etree._Element, transform: Transform = Identity) -> RecordingPen:
    """Return the outline of a shape, moved; raises SvgError for one that cannot be read."""
    recording = RecordingPen()
    try:
        _draw(shape, TransformPen(recording, transform))
    except (ValueError, IndexError, AssertionError, TypeError) as error:
        raise SvgError(f"the drawing has a shape that is damaged: {etree.QName(shape).localname}") from error
    return recording


def data(recording: RecordingPen) -> str:
    """Return an outline as the data of a path."""
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.7g}")
    recording.replay(pen)
    return str(pen.getCommands())


def bounds(recording: RecordingPen) -> tuple[float, float, float, float] | None:
    """Return left, top, right and bottom of an outline in px; None where there is none."""
    pen = BoundsPen(None)
    recording.replay(pen)
    return pen.bounds  # type: ignore[no-any-return]


def clockwise(recording: RecordingPen) -> RecordingPen:
    """Return an outline that runs clockwise as a whole."""
    area = AreaPen()
    recording.replay(area)
    if area.value <= 0:
        return recording
    turned = RecordingPen()
    recording.replay(ReverseContourPen(turned))
    return turned


def finely(recording: RecordingPen) -> RecordingPen:
    """Return an outline with each curve in pieces: PDFium makes few lines of one that is drawn small and enlarged."""
    pieces, fine = RecordingPen(), [number / _PIECES for number in range(1, _PIECES)]
    at: tuple[float, float] = (0.0, 0.0)
    for operator, points in recording.value:
        if operator == "curveTo" and len(points) == _CUBIC:
            for part in splitCubicAtT(at, *points, *fine):
                pieces.curveTo(*part[1:])
        elif operator == "qCurveTo" and len(points) == _CUBIC - 1:
            for part in splitQuadraticAtT(at, *points, *fine):
                pieces.qCurveTo(*part[1:])
        else:
            pieces.value.append((operator, points))
        at = points[-1] if points else at
    return pieces


def _draw(shape: etree._Element, pen: Any) -> None:
    match name(shape):
        case "path":
            parse_path(re.sub(r"\.(?=[^0-9]|$)", "", str(shape.get("d", ""))), pen)  # it takes no "5."
        case "rect":
            _draw_rect(shape, pen)
        case "circle":
            radius = length(shape.get("r"))
            _draw_ellipse(pen, length(shape.get("cx")), length(shape.get("cy")), radius, radius)
        case "ellipse":
            rx, ry = length(shape.get("rx")), length(shape.get("ry"))
            _draw_ellipse(pen, length(shape.get("cx")), length(shape.get("cy")), rx, ry)
        case "line":
            pen.moveTo((length(shape.get("x1")), length(shape.get("y1"))))
            pen.lineTo((length(shape.get("x2")), length(shape.get("y2"))))
            pen.endPath()
        case _:  # a polygon or a polyline
            numbers = [float(number) for number in NUMBER.findall(str(shape.get("points", "")))]
            points = list(zip(numbers[::2], numbers[1::2], strict=False))
            if points:
                pen.moveTo(points[0])
                for point in points[1:]:
                    pen.lineTo(point)
                (pen.closePath if name(shape) == "polygon" else pen.endPath)()


def _draw_rect(shape: etree._Element, pen: Any) -> None:
    x, y, width, height = (length(shape.get(key)) for key in ("x", "y", "width", "height"))
    rx, ry = shape.get("rx"), shape.get("ry")
    across = min(length(rx if rx not in (None, "auto") else ry), width / 2)
    down = min(length(ry if ry not in (None, "auto") else rx), height / 2)
    if width <= 0 or height <= 0:
        return
    if across <= 0 or down <= 0:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
        return
    a, b, right, bottom = across * (1 - _KAPPA), down * (1 - _KAPPA), x + width, y + height
    pen.moveTo((x + across, y))
    pen.lineTo((right - across, y))
    pen.curveTo((right - a, y), (right, y + b), (right, y + down))
    pen.lineTo((right, bottom - down))
    pen.curveTo((right, bottom - b), (right - a, bottom), (right - across, bottom))
    pen.lineTo((x + across, bottom))
    pen.curveTo((x + a, bottom), (x, bottom - b), (x, bottom - down))
    pen.lineTo((x, y + down))
    pen.curveTo((x, y + b), (x + a, y), (x + across, y))
    pen.closePath()


def _draw_ellipse(pen: Any, x: float, y: float, rx: float, ry: float) -> None:
    if rx <= 0 or ry <= 0:
        return
    a, b = rx * _KAPPA, ry * _KAPPA
    pen.moveTo((x + rx, y))
    pen.curveTo((x + rx, y + b), (x + a, y + ry), (x, y + ry))
    pen.curveTo((x - a, y + ry), (x - rx, y + b), (x - rx, y))
    pen.curveTo((x - rx, y - b), (x - a, y - ry), (x, y - ry))
    pen.curveTo((x + a, y - ry), (x + rx, y - b), (x + rx, y))
    pen.closePath()
