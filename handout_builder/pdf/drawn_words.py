"""The words in a drawing, read from what it came to: where they are, and which of them do not stand as they should."""

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_PIECE = re.compile(rb"<([0-9a-fA-F]+)>|([-\d.]+)")
# How far letters may reach over the edge or into another line, in px: lengths are rounded.
_SLACK = 1.0
# What of a line is ink, in shares of the type size over and under its baseline: capitals with little beside them.
_ABOVE, _BELOW = 0.7, 0.1
_THOUSAND = 1000
# What letters of a line may differ in height, reach into one another and leave between them, in shares of their height.
_LEVEL, _KERN, _BLANK = 0.02, 0.25, 0.6
# A wider gap is a blank between words.
_GAP = 0.15
_OPERATORS = frozenset((b"q", b"Q", b"cm", b"Tm", b"Tf", b"TJ", b"ET"))
Matrix = tuple[float, float, float, float, float, float]
"""As PDF 1.7, 8.3.3 has it: a b c d e f."""


class Words(NamedTuple):
    """Words that were drawn at once: their edges in px from the drawing's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def goes_on(self, other: "Words") -> bool:
        """Tell whether others follow on the same line: WeasyPrint by itself draws SVG letter by letter."""
        height = self.bottom - self.top
        level = abs(self.bottom - other.bottom) < _LEVEL * height and abs(self.top - other.top) < _LEVEL * height
        return level and -_KERN * height <= other.left - self.right <= _BLANK * height

    def with_more(self, other: "Words") -> "Words":
        """Return them with others that follow on the same line."""
        blank = " " if other.left - self.right > _GAP * (self.bottom - self.top) else ""
        return Words(self.left, self.top, other.right, self.bottom, f"{self.text}{blank}{other.text}")

    def meet(self, other: "Words") -> bool:
        """Tell whether they stand on others."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > _SLACK and min(self.bottom, other.bottom) - max(self.top, other.top) > _SLACK


def faults(content: bytes, width: float, height: float, fonts: Mapping[bytes, Any]) -> Iterator[tuple[str, str]]:
    """Yield a code and a message for words that leave a drawing of this size in px, or stand on each other.

    ``content`` are the operators of the drawing, ``fonts`` those of the document by their names in it.
    """
    words = [drawn for drawn in _words(content, fonts) if drawn.text.strip()]
    for drawn in words:
        inside = drawn.left >= -_SLACK and drawn.right <= width + _SLACK
        if not inside or drawn.top < -_SLACK or drawn.bottom > height + _SLACK:
            yield "page-overflow", f"“{drawn.text}” leaves the drawing"
    near: list[Words] = []
    for one in sorted(words, key=lambda drawn: drawn.top):
        near = [other for other in near if other.bottom > one.top]
        for other in near:
            if one.meet(other):
                yield "page-overlap", f"“{one.text}” stands on “{other.text}” in the drawing"
        near.append(one)


def _words(content: bytes, fonts: Mapping[bytes, Any]) -> Iterator[Words]:
    """Yield the words of a content stream (PDF 1.7, 9.4)."""
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    kept: list[Matrix] = []
    place, font, size = matrix, None, 0.0
    begun: Words | None = None
    for line in content.split(b"\n"):
        operator = line[-2:]
        if operator not in _OPERATORS:
            continue
        if operator == b"q":
            kept.append(matrix)
        elif operator == b"Q":
            matrix = kept.pop() if kept else matrix
        elif operator == b"cm":
            matrix = _times(_numbers(line), matrix)
        elif operator == b"Tm":
            place = _times(_numbers(line), matrix)
        elif operator == b"Tf":
            name, number, _ = line.split()
            font, size = fonts.get(name[1:]), float(number)
        elif operator == b"TJ" and font is not None:
            piece, advance = _drawn(line, font, size, place)
            place = _times((1, 0, 0, 1, advance, 0), place)  # a line of several fonts goes on where the last one ended
            if begun is not None and begun.goes_on(piece):
                begun = begun.with_more(piece)
                continue
            if begun is not None:
                yield begun
            begun = piece
        elif operator == b"ET" and begun is not None:
            yield begun
            begun = None


def _drawn(line: bytes, font: Any, size: float, place: Matrix) -> tuple[Words, float]:
    """Return what one operator draws, and how far it moves on in units of text (PDF 1.7, 9.4.4)."""
    width, text = 0.0, ""
    for glyphs, moved in _PIECE.findall(line):
        if moved:
            width -= float(moved)
            continue
        codes = bytes.fromhex(glyphs.decode())
        for (glyph,) in struct.iter_unpack(">H", codes):
            width += font.widths.get(glyph, 0)
            text += font.to_unicode.get(glyph, "")
    a, b, c, d, e, f = place
    across, over, under = width / _THOUSAND * size, _ABOVE * size, -_BELOW * size
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (0, across) for y in (over, under)]
    xs, ys = zip(*corners, strict=True)
    return Words(min(xs), min(ys), max(xs), max(ys), text), across


def _numbers(line: bytes) -> Matrix:
    a, b, c, d, e, f = map(float, line.split()[:6])
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """Return what comes of one matrix and then the other."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
