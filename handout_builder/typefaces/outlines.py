"""Words as outlines of our fonts, for drawings that no font reaches."""

from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby
from typing import NamedTuple

import uharfbuzz as hb

from handout_builder.resources import FONTS
from handout_builder.typefaces.sfnt import STYLES

_FAMILIES = ("NotoSans", "HandoutHan")
_SIZE = 1000


class Outline(NamedTuple):
    """A run of words, in units of which the letters are ``size`` high."""

    data: str
    """SVG path data; upwards is positive, as in fonts."""
    advance: int
    """How far the next run is from the start of this one."""
    size: int


@lru_cache(maxsize=512)  # print shops and clinics have the same charts again and again
def outline(words: str, weight: int, lang: str = "") -> Outline:
    """Return words as outlines in the weight 400 or 700, Han in the shapes of a language, Japanese without one.

    Raises KeyError for a character that the font lacks.
    """
    x, parts = 0, []
    for name, run in groupby(words, lambda character: _family(character, weight)):
        font, buffer = _font(name, weight), hb.Buffer()
        buffer.add_str("".join(run))
        buffer.guess_segment_properties()
        if lang:
            buffer.language = lang
        hb.shape(font, buffer)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            start, rest = _glyph(name, weight, info.codepoint)
            if rest:
                parts.append(f"M{start[0] + x + place.x_offset},{start[1] + place.y_offset}{rest}")
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
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}-{STYLES[weight]}.ttf"))))
    font.scale = (_SIZE, _SIZE)
    return font


@cache
def _glyph(name: str, weight: int, glyph: int) -> tuple[tuple[int, int], str]:
    """Return where a glyph's outline begins, and the rest of it as seen from there."""
    pen = _Pen()
    _font(name, weight).draw_glyph_with_pen(glyph, pen)
    return pen.start or (0, 0), "".join(pen.data)


@dataclass
class _Pen:
    """Writes what HarfBuzz draws as SVG path data, in whole units, each place as seen from the one before."""

    data: list[str] = field(default_factory=list)
    start: tuple[int, int] | None = None
    at: tuple[int, int] = (0, 0)
    contour: tuple[int, int] = (0, 0)

    def moveTo(self, to: tuple[float, float]) -> None:  # noqa: N802  # HarfBuzz calls it so
        if self.start is None:
            self.start = self.at = (round(to[0]), round(to[1]))
        else:
            self._write("m", to)
        self.contour = self.at

    def lineTo(self, to: tuple[float, float]) -> None:  # noqa: N802
        self._write("l", to)

    def qCurveTo(self, *to: tuple[float, float]) -> None:  # noqa: N802
        self._write("q", *to)

    def curveTo(self, *to: tuple[float, float]) -> None:  # noqa: N802
        self._write("c", *to)

    def closePath(self) -> None:  # noqa: N802
        self.data.append("z")
        self.at = self.contour

    def _write(self, command: str, *to: tuple[float, float]) -> None:
        places = [(round(x), round(y)) for x, y in to]
        self.data.append(command + " ".join(f"{x - self.at[0]},{y - self.at[1]}" for x, y in places))
        self.at = places[-1]
