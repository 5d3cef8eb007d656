"""The lower back as a drawing, with every point placed by formula from the catalogue.

Unit: 1 % of the skin distance from C7 to the PSIS line; x to the person's right, y down. A point's
x is its distance in cun times 4.52; its y lies half-way between two spinous processes, the hollow
below the vertebra that the WHO names.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from handout_builder import pen
from handout_builder.model import Place, Point
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import tokens

# Widest drawing in print: the text block, 176 mm (A4).
_PRINTED_WIDTH = 176.0
_MM_PER_PT = 25.4 / 72
_DOT = 1.15
_LABEL_X = 34.0
_LABEL_GAP = 4.9


@cache
def _drawing() -> Mapping[str, Any]:
    return json.loads((LAYOUTS / "figures" / "lower-back.json").read_text("utf-8"))  # type: ignore[no-any-return]


def position(place: Place) -> tuple[float, float] | None:
    """Return x and y of a point's right dot, in %, or None when this view does not show it."""
    drawing = _drawing()
    levels = list(drawing["spinous"])
    if place.level not in levels[:-1]:
        return None
    above, below = (drawing["spinous"][level] for level in (place.level, levels[levels.index(place.level) + 1]))
    x, y = drawing["cun"] * place.lateral, (above + below) / 2
    _, top, _, height = drawing["frame"]
    return (x, y) if top + _DOT <= y <= top + height - _DOT else None


def lower_back(
    points: Mapping[str, Point], readings: Mapping[str, str], labels: Mapping[str, str], alt: str, ident: str
) -> Markup:
    """Return the drawing as inline SVG; ``readings`` are printed beside the codes, ``alt`` describes it all.

    Raises ValueError for a point that the view does not show.
    """
    drawing = _drawing()
    left, top, width, height = drawing["frame"]
    half, other = _right_half(drawing), f"{ident}-half"
    # The left half is the right one again, mirrored: the picture stays small in both formats.
    # Its own paper, as dark reading systems take away the one that a style sheet gives.
    paper = _path(f"M{left},{top}h{width}v{height}h-{width}z", fill="paper")
    body = f'<g id="{other}">{half}</g><use href="#{other}" transform="scale(-1 1)"/>'
    parts = [paper, body, *_frame(drawing), *_guides(drawing, labels), *_dots(points, readings), _legend(labels)]
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {top} {width} {height}" role="img"'
        f' aria-labelledby="{ident}-title" class="chart">'
        f'<title id="{ident}-title">{escape(alt)}</title>{"".join(parts)}</svg>'
    )


def _right_half(drawing: Mapping[str, Any]) -> str:
    """Return the right half of the body; fills reach 0.2 % over the midline, so that no seam shows."""
    side, furrow = pen.spline(drawing["side"]), pen.spline(drawing["furrow"])
    edge = drawing["side"][-1][1]
    firm = "".join(pen.spline(drawing[name], closed=True) for name in ("rib", "crest"))
    spine = "".join(pen.spline(_lumbar(drawing, level)) for level in reversed(drawing["transverse"]))
    return "".join(
        [
            _path(f"{side}L-.2,{edge}V60H28.6Z", fill="skin"),
            _path(f"{furrow}H-.2V60Z", fill="skin-shade"),
            _path(side, stroke="skin-line", width=0.7),
            _path(pen.spline(drawing["erector"]), stroke="bone-line", width=0.25),
            _path(pen.spline(drawing["sacrum"]), fill="bone", stroke="bone-line", width=0.22),
            _path("".join(_ellipse(x, y) for x, y in drawing["foramina"]), fill="skin-shade"),
            _path(pen.spline(drawing["ilium"], closed=True), fill="bone-faint", stroke="bone-line", width=0.14),
            _path(firm + spine, fill="bone", stroke="bone-line", width=0.22),
        ]
    )


def _frame(drawing: Mapping[str, Any]) -> list[str]:
    """Return what stands on the body once: names of the vertebrae, and paper where the frame cuts the body."""
    left, top, width, height = drawing["frame"]
    cut = f"M{left},{top}h{width}v-9h-{width}zM{left},{top + height}h{width}v6h-{width}z"
    names = (
        _text(level, 0, drawing["spinous"][level] + 0.75, 9, "ink", "middle", bold=True)
        for level in ("L2", "L3", "L4", "L5")
    )
    return [_path(cut, fill="paper"), *names]


def _lumbar(drawing: Mapping[str, Any], level: str) -> list[pen.Point]:
    """Return the right half of a lumbar vertebra: body edge, transverse process, spinous process."""
    levels = list(drawing["spinous"])
    place = levels.index(level)
    y = drawing["spinous"][level]
    p = (drawing["spinous"][levels[place + 1]] - drawing["spinous"][levels[place - 1]]) / 4
    tx, up = drawing["transverse"][level]
    yt = y - 0.4 * 2 * p
    return [
        (-0.2, yt - 0.55), (1.3, yt - 0.8), (2.5, yt - 0.52), (tx - 1, yt - 0.48 - up), (tx, yt - 0.12 - up),
        (tx - 0.8, yt + 0.36 - 0.7 * up), (2.9, yt + 0.62), (1.95, yt + 1.05), (1.72, y + 0.1),
        (1.75, y + 0.38 * p), (1.2, y + 0.6 * p), (-0.2, y + 0.66 * p),
    ]  # fmt: skip


def _guides(drawing: Mapping[str, Any], labels: Mapping[str, str]) -> list[str]:
    left, top, width, height = drawing["frame"]
    hip, two = drawing["hip_line"], 1.5 * drawing["cun"]
    bar = top + height - 3.2
    words = labels["hip_line"].split(", ")
    return [
        _path(f"M-34,{hip}H-1.9M1.9,{hip}H34", stroke="dot-mid", width=0.28, dash="1.2 0.8"),
        *(_text(line, -35, hip + 0.2 + 2.6 * i, 10, "dot-mid", "end") for i, line in enumerate(words)),
        _path(f"M0,92.8V{bar - 0.8}M{two:.2f},90.6V{bar - 0.8}", stroke="dot-mid", width=0.22, dash="0.3 0.6"),
        _path(f"M0,{bar}H{two:.2f}M0,{bar - 0.9}v1.8M{two:.2f},{bar - 0.9}v1.8", stroke="ink", width=0.4),
        _text(labels["two_fingers"], two + 1.2, bar + 0.9, 10, "ink", bold=True),
        _text(labels["left"], left, top + 2.6, 10, "ink2", bold=True),
        _text(labels["right"], left + width, top + 2.6, 10, "ink2", "end", bold=True),
    ]


def _dots(points: Mapping[str, Point], readings: Mapping[str, str]) -> list[str]:
    leaders, marks, words = [], [], []
    label_y = float("-inf")
    for code, point in sorted(points.items(), key=lambda item: _lane(*item)):
        x, y = _shown(code, point)
        midline = point.place.sides == "midline"
        lane = _lane(code, point)
        label_y = max(label_y + _LABEL_GAP, lane)
        colour = "dot-mid" if midline else "dot"
        bend = f"L{x + 2.45:.2f},{lane:.2f}H12" if midline else ""
        leaders.append(f"M{x:.2f},{y:.2f}{bend}L{_LABEL_X - 3},{label_y:.2f}H{_LABEL_X - 0.8}")
        marks += [_diamond(x, y)] if midline else [_circle(x, y), _circle(-x, y)]
        words.append(_label(code, readings.get(code, ""), label_y + 0.9, colour))
    return [_path("".join(leaders), stroke="leader", width=0.2), *marks, *words]


def _shown(code: str, point: Point) -> tuple[float, float]:
    if (place := position(point.place)) is None:
        raise ValueError(f"the lower back does not show {code}")
    return place


def _lane(code: str, point: Point) -> float:
    """Return the height at which a leader leaves: a midline point's passes below the dots beside it."""
    return _shown(code, point)[1] + (2.45 if point.place.sides == "midline" else 0)


def _label(code: str, reading: str, y: float, colour: str) -> str:
    name = f'<tspan dx="1" {_font(10)} fill="{tokens()["ink"]}" lang="zh-Latn-pinyin">{escape(reading)}</tspan>'
    return (
        f'<text x="{_LABEL_X}" y="{y:.2f}" {_font(11, bold=True)} fill="{tokens()[colour]}">'
        f"{escape(code)}{name if reading else ''}</text>"
    )


def _legend(labels: Mapping[str, str]) -> str:
    _, top, _, height = _drawing()["frame"]
    x, y = _LABEL_X + _DOT + 1.4, top + height - 7.6
    return (
        _circle(x, y) + _text(labels["both_sides"], x + 2.4, y + 0.9, 10, "ink")
        + _diamond(x, y + 4.4) + _text(labels["in_the_middle"], x + 2.4, y + 5.3, 10, "ink")
    )  # fmt: skip


def _circle(x: float, y: float) -> str:
    ring, dot = tokens()["paper"], tokens()["dot"]
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_DOT}" fill="{dot}" stroke="{ring}" stroke-width=".28"/>'


def _diamond(x: float, y: float) -> str:
    half = _DOT * 1.2
    d = f"M{x:.2f},{y - half:.2f}l{half:.2f},{half:.2f}l-{half:.2f},{half:.2f}l-{half:.2f},-{half:.2f}z"
    return f'<path d="{d}" fill="{tokens()["dot-mid"]}" stroke="{tokens()["paper"]}" stroke-width=".28"/>'


def _ellipse(x: float, y: float) -> str:
    return f"M{x - 0.6:.1f},{y}a.6,.48 0 1 0 1.2,0a.6,.48 0 1 0 -1.2,0z"


def _path(d: str, *, fill: str = "", stroke: str = "", width: float = 0, dash: str = "") -> str:
    paint = f' fill="{tokens()[fill]}"' if fill else ' fill="none"'
    if stroke:
        paint += f' stroke="{tokens()[stroke]}" stroke-width="{width}" stroke-linejoin="round"'
    return f'<path d="{d}"{paint}{f""" stroke-dasharray="{dash}" """ if dash else ""}/>'


def _text(words: str, x: float, y: float, size: float, colour: str, anchor: str = "", *, bold: bool = False) -> str:
    place = f' text-anchor="{anchor}"' if anchor else ""
    look = f'{_font(size, bold=bold)} fill="{tokens()[colour]}"{place}'
    return f'<text x="{x:.2f}" y="{y:.2f}" {look}>{escape(words)}</text>'


def _font(points: float, *, bold: bool = False) -> str:
    """Return the font attributes for a printed size in pt, converted into the drawing's own unit."""
    size = points * _MM_PER_PT * _drawing()["frame"][2] / _PRINTED_WIDTH
    family = tokens()["latin"].strip('"')
    return f'font-family="{family}, sans-serif" font-size="{size:.2f}" font-weight="{700 if bold else 400}"'
