"""Words as outlines of our fonts, for drawings that no font reaches."""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby

import uharfbuzz as hb

from handout_builder.resources import FONTS

_FAMILIES = ("NotoSans", "HandoutHan")
_SIZE = 1000
_STYLES = {400: "Regular", 700: "Bold"}


@dataclass(frozen=True)
class Outline:
    """A run of words, in units of which the letters are ``size`` high."""

    data: str
    """SVG path data; upwards is positive, as in fonts."""
    advance: int
    """How far the next run is from the start of this one."""
    size: int


@lru_cache(maxsize=512)  # print shops and clinics have the same charts again and again
def outline(words: str, weight: int) -> Outline:
    """Return words as outlines in the weight 400 or 700; raises KeyError for a character that the font lacks."""
    x, parts = 0, []
    for name, run in groupby(words, lambda character: _family(character, weight)):
        font, buffer = _font(name, weight), hb.Buffer()
        buffer.add_str("".join(run))
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = _Pen(x + place.x_offset, place.y_offset)
            font.draw_glyph_with_pen(info.codepoint, pen)
            parts += pen.data
            x += place.x_advance
    return Outline("".join(parts), x, _SIZE)


def _family(character: str, weight: int) -> str:
    """Return the font that has a character: the Latin one, else the one for Han, kana and hangul."""
    for name in _FAMILIES:
        if _font(name, weight).get_nominal_glyph(ord(character)):
            return name
    raise KeyError(character)


@cache
def _font(name: str, weight: int) -> hb.Font:
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}-{_STYLES[weight]}.ttf"))))
    font.scale = (_SIZE, _SIZE)
    return font


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
