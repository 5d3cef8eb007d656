"""How heavy a typeface is: the width of its stems, whatever its file says of its weight."""

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
            outline = _Outline()
            drawn.draw_glyph_with_pen(glyph, outline)
            return outline.widest(box.y_bearing + box.height / 2) / face.upem
    return None


class _Outline:
    """A pen (the protocol of fontTools) that keeps outlines as straight pieces."""

    def __init__(self) -> None:
        self._pieces: list[tuple[XY, XY]] = []
        self._at: XY = (0, 0)
        self._begin: XY = (0, 0)

    def moveTo(self, to: XY) -> None:
        self._at = self._begin = to

    def lineTo(self, to: XY) -> None:
        self._pieces.append((self._at, to))
        self._at = to

    def qCurveTo(self, one: XY, to: XY) -> None:
        # The same curve as a cubic one.
        (x, y), (u, v), (s, t) = self._at, one, to
        first, second = (x + 2 * (u - x) / 3, y + 2 * (v - y) / 3), (s + 2 * (u - s) / 3, t + 2 * (v - t) / 3)
        self.curveTo(first, second, to)

    def curveTo(self, one: XY, two: XY, to: XY) -> None:
        points = (self._at, one, two, to)
        for step in range(1, _PIECES + 1):
            t = step / _PIECES
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            x, y = (sum(share * point[axis] for share, point in zip(shares, points, strict=True)) for axis in (0, 1))
            self.lineTo((x, y))

    def closePath(self) -> None:
        self.lineTo(self._begin)

    def endPath(self) -> None:
        """Do nothing: what is open has no inside."""

    def widest(self, height: float) -> float:
        """Return the length of the longest piece of ink on a level line."""
        crossings = sorted(
            x + (u - x) * (height - y) / (v - y) for (x, y), (u, v) in self._pieces if (y <= height) != (v <= height)
        )
        return max((end - start for start, end in zip(crossings[::2], crossings[1::2], strict=False)), default=0.0)
