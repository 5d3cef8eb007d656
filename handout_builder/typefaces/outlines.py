"""Words as outlines of the print's Latin font, for drawings that no font reaches."""

from dataclasses import dataclass, field
from functools import cache, lru_cache

import uharfbuzz as hb

from handout_builder.resources import FONTS

_STYLES = {400: "Regular", 700: "Bold"}


@dataclass(frozen=True)
class Outline:
    """A run of words; both values are in the font's units, of which the letters are ``size`` high."""

    data: str
    """SVG path data; upwards is positive, as in fonts."""
    advance: int
    """How far the next run is from the start of this one."""
    size: int


@lru_cache(maxsize=512)  # print shops and clinics have the same charts again and again
def outline(words: str, weight: int) -> Outline:
    """Return words as outlines in the weight 400 or 700; raises KeyError for a character that the font lacks."""
    font = _font(weight)
    buffer = hb.Buffer()
    buffer.add_str(words)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    x, parts = 0, []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if not info.codepoint:
            raise KeyError(words[info.cluster])
        parts.append(_glyph(weight, info.codepoint, x + place.x_offset, place.y_offset))
        x += place.x_advance
    return Outline("".join(parts), x, font.face.upem)


@cache
def _font(weight: int) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / f"NotoSans-{_STYLES[weight]}.ttf"))))


def _glyph(weight: int, glyph: int, x: int, y: int) -> str:
    pen = _Pen(x, y)
    _font(weight).draw_glyph_with_pen(glyph, pen)
    return "".join(pen.data)


@dataclass
class _Pen:
    """Writes what HarfBuzz draws as SVG path data, in whole units."""

    x: int
    y: int
    data: list[str] = field(default_factory=list)

    def moveTo(self, to: tuple[float, float]) -> None:  # noqa: N802  # HarfBuzz calls it so
        self._write("M", to)

    def lineTo(self, to: tuple[float, float]) -> None:  # noqa: N802
        self._write("L", to)

    def qCurveTo(self, *to: tuple[float, float]) -> None:  # noqa: N802
        self._write("Q", *to)

    def curveTo(self, *to: tuple[float, float]) -> None:  # noqa: N802
        self._write("C", *to)

    def closePath(self) -> None:  # noqa: N802
        self.data.append("Z")

    def _write(self, command: str, *to: tuple[float, float]) -> None:
        self.data.append(command + " ".join(f"{round(x) + self.x},{round(y) + self.y}" for x, y in to))
