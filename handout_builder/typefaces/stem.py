"""How heavy a typeface is: the width of its stems, whatever its file says of its weight."""

from collections.abc import Sequence
from typing import Any

import uharfbuzz as hb

from handout_builder.typefaces.clinic_font import FontFile
from handout_builder.units import XY

# Letters that are one upright stroke, with serifs or without.
_STEMS = "lI1"
# Of a curve: as many straight pieces as make no difference to a width.
_PIECES = 8


def width(font: FontFile, weight: int) -> float | None:
    """Return the width of a stem in em, half-way up; None for a font without the letters that have one.

    ``weight`` is what a variable font is set to, as far as its axis goes.
    """
    face = hb.Face(hb.Blob(font.data))
    drawn = hb.Font(face)
    if any(axis.tag == "wght" for axis in face.axis_infos):
        drawn.set_variations({"wght": float(min(max(weight, font.weights[0]), font.weights[1]))})
    for letter in _STEMS:
        glyph = drawn.get_nominal_glyph(ord(letter))
        box = drawn.get_glyph_extents(glyph) if glyph else None
        if box and box.height:
            return _Outline(drawn, glyph).widest(box.y_bearing + box.height / 2) / float(face.upem)
    return None


class _Outline:
    """The outlines of a glyph as straight pieces."""

    def __init__(self, font: Any, glyph: int) -> None:
        self._pieces: list[tuple[XY, XY]] = []
        self._at: XY = (0, 0)
        draw = hb.DrawFuncs()
        draw.set_move_to_func(lambda x, y, _: self._move((x, y)))
        draw.set_line_to_func(lambda x, y, _: self._line((x, y)))
        draw.set_quadratic_to_func(lambda a, b, x, y, _: self._curve((self._at, (a, b), (x, y)), (1, 2, 1)))
        draw.set_cubic_to_func(
            lambda a, b, c, d, x, y, _: self._curve((self._at, (a, b), (c, d), (x, y)), (1, 3, 3, 1))
        )
        font.draw_glyph(glyph, draw)  # it closes each contour by a line

    def _move(self, to: XY) -> None:
        self._at = to

    def _line(self, to: XY) -> None:
        self._pieces.append((self._at, to))
        self._at = to

    def _curve(self, points: Sequence[XY], binomials: Sequence[int]) -> None:
        """Follow a Bézier curve: Bernstein's form, of any degree."""
        degree = len(points) - 1
        for step in range(1, _PIECES + 1):
            t = step / _PIECES
            shares = [n * t**i * (1 - t) ** (degree - i) for i, n in enumerate(binomials)]
            x, y = (sum(share * point[axis] for share, point in zip(shares, points, strict=True)) for axis in (0, 1))
            self._line((x, y))

    def widest(self, height: float) -> float:
        """Return the length of the longest piece of ink on a level line."""
        crossings = sorted(
            x + (u - x) * (height - y) / (v - y) for (x, y), (u, v) in self._pieces if (y <= height) != (v <= height)
        )
        return max((end - start for start, end in zip(crossings[::2], crossings[1::2], strict=False)), default=0.0)
