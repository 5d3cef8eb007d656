"""Glyphs with a quarter of an em behind them: in the finished PDF, what stands before one is drawn by a wider glyph.

Readers of PDFs take white between two glyphs for a blank, wherever it comes from: who copies L4同高 would get L4 同高,
and searches would miss it. White that belongs to a glyph is none between two. So the glyph before each quarter of an em
gets a copy in the font of the document, with the same outline, the same text and a greater width. In fonts whose
outlines are no TrueType ones, the white stays white.
"""

import re
import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from handout_builder.quarter_em import GLYPH, WIDTH
from handout_builder.typefaces import sfnt

_MARK = f"{GLYPH:04x}".encode()
_PARTS = re.compile(rb"<([0-9a-f]*)>|([-+.\d]+)")
# Widths are whole thousandths of an em.
_ROUNDING = 1
_SHORT_LOCA = 2**17
"""How many bytes of outlines offsets of 16 bits reach, which count in twos."""


def widen(pdf: Any, fonts: Iterable[Any]) -> None:
    """Let the glyphs before each quarter of an em in a PDF that is about to get its fonts have it in their width."""
    fonts = [*fonts]
    if not any(GLYPH in font.to_unicode for font in fonts):
        return
    faces: dict[bytes, _Face] = {}
    for font in fonts:
        faces.setdefault(str(font.hash).encode(), _Face()).add(font)
    for item in pdf.objects:
        if isinstance(lines := getattr(item, "stream", None), list):
            _rewrite(lines, faces)
    for face in faces.values():
        face.finish()


class _Face:
    """A font of a document, and the copies of its glyphs."""

    def __init__(self) -> None:
        self._fonts: list[Any] = []
        self._first = 0
        self._copies: dict[int, int] = {}
        self.mark = 0
        """The width of the glyph that stands for a quarter of an em."""

    def add(self, font: Any) -> None:
        """Add the same font at another size."""
        self._fonts.append(font)
        self.mark = font.widths.pop(GLYPH, self.mark)
        if font.to_unicode.pop(GLYPH, None) and not font.to_unicode:
            font.to_unicode[0] = " "  # nothing is drawn in it: without any glyph all of them would be embedded
            font.widths[0] = 0
        # What is cut to the document has parts of its glyphs, too, wherever they are.
        self._first = max(self._first, font.glyph_count, *(glyph + 1 for glyph in font.to_unicode))

    def wide(self, glyph: int) -> int | None:
        """Return the number of the wider copy of a glyph; None where the font can have none."""
        if self._fonts[0].file_content[:4] != b"\0\1\0\0":
            return None
        number = self._copies.setdefault(glyph, self._first + len(self._copies))
        for font in self._fonts:
            if glyph in font.to_unicode:
                font.to_unicode[number], font.widths[number] = font.to_unicode[glyph], font.widths[glyph] + WIDTH
        return number

    def finish(self) -> None:
        """Let the font get its copies when it was cut to the glyphs of the document."""
        if self._copies:
            font = self._fonts[0]
            font.clean = partial(_clean, font, font.clean, self._first, [*self._copies])


def _clean(font: Any, clean: Any, first: int, copied: Sequence[int], to_unicode: Mapping[int, str], *rest: Any) -> None:
    clean({glyph: text for glyph, text in to_unicode.items() if glyph < first}, *rest)
    font.file_content = with_copies(font.file_content, first, copied)


def _rewrite(lines: list[Any], faces: Mapping[bytes, _Face]) -> None:
    """Put wider glyphs into a content stream, in place of those with a quarter of an em behind them."""
    if not any(isinstance(line, bytes) and _MARK in line and line.endswith(b"] TJ") for line in lines):
        return
    font = font_before = b""
    before = None  # where the strings stand that go before in the line
    for number, line in enumerate(lines):
        if not isinstance(line, bytes):
            continue
        if line.endswith(b" Tf"):
            font = line
        elif line.endswith(b" Tm"):
            before = None
        elif line.endswith(b"] TJ"):
            if _MARK in line and GLYPH in (parts := _parts(line)):
                earlier: list[int | bytes] = [] if before is None else _parts(lines[before])
                _put(parts, font, earlier, font_before, faces)
                lines[number] = _line(parts)
                if before is not None:
                    lines[before] = _line(earlier)
            before, font_before = number, font


def _parts(line: bytes) -> list[int | bytes]:
    """Return the glyphs and distances of a line, these as they are written."""
    parts: list[int | bytes] = []
    for glyphs, distance in _PARTS.findall(line):
        parts += [distance] if distance else struct.unpack(f">{len(glyphs) // 4}H", bytes.fromhex(glyphs.decode()))
    return parts


def _line(parts: Iterable[int | bytes]) -> bytes:
    written = b"".join(b"<%04x>" % part if isinstance(part, int) else b" %b " % part for part in parts)
    return b"[%b] TJ" % written.replace(b"><", b"").strip()


def _put(
    parts: list[int | bytes],
    font: bytes,
    before: list[int | bytes],
    font_before: bytes,
    faces: Mapping[bytes, _Face],
) -> None:
    """Put a wider glyph before each quarter of an em among parts, or before them in the line, and leave that out."""
    while GLYPH in parts:
        at = parts.index(GLYPH)
        end = at + 1
        room = faces[font[1:].split()[0]].mark
        while end < len(parts) and isinstance(distance := parts[end], bytes):
            room, end = room - round(float(distance)), end + 1
        place, owner, its_font = _glyph_before(parts[:at]), parts, font
        if place is None and font.split()[1:] == font_before.split()[1:]:
            place, owner, its_font = _glyph_before(before), before, font_before
        wide = None if place is None else faces[its_font[1:].split()[0]].wide(int(owner[place]))
        if place is not None and wide is not None:
            owner[place] = wide
            room -= WIDTH
        parts[at:end] = [b"%d" % -room] if abs(room) > _ROUNDING else []


def _glyph_before(parts: Sequence[int | bytes]) -> int | None:
    """Return where the last glyph among parts is."""
    return next((place for place in range(len(parts) - 1, -1, -1) if isinstance(parts[place], int)), None)


def with_copies(data: bytes, first: int, copied: Sequence[int]) -> bytes:
    """Return a TrueType font with wider copies of some of its glyphs, numbered from ``first`` on.

    All its own glyphs have smaller numbers. See OpenType: glyf, loca, hmtx, hhea, maxp.
    """
    (count,) = struct.unpack_from(">H", data, 4)
    entries = (struct.unpack_from(">4s4xLL", data, 12 + 16 * number) for number in range(count))
    tables = {tag.decode(): data[start : start + length] for tag, start, length in entries}
    (glyphs,) = struct.unpack_from(">H", tables["maxp"], 4)
    assert glyphs <= first
    (metrics,) = struct.unpack_from(">H", tables["hhea"], 34)
    (em,) = struct.unpack_from(">H", tables["head"], 18)
    (long,) = struct.unpack_from(">h", tables["head"], 50)
    loca, scale = _numbers("I" if long else "H", tables["loca"]), 1 if long else 2
    bearings = _numbers("H", tables["hmtx"])
    advances = bearings[: 2 * metrics : 2] + bearings[2 * metrics - 2 : 2 * metrics - 1] * (first - metrics)
    bearings = bearings[1 : 2 * metrics : 2] + bearings[2 * metrics :]
    loca.extend(loca[-1:] * (first - glyphs))
    bearings.extend([0] * (first - glyphs))
    outlines = [tables["glyf"][: scale * loca[-1]]]
    size = sum(loca[glyph + 1] - loca[glyph] for glyph in copied)
    if scale * (loca[-1] + size) >= _SHORT_LOCA and not long:
        loca, scale, long = array("I", [scale * offset for offset in loca]), 1, 1
    for glyph in copied:
        outlines.append(tables["glyf"][scale * loca[glyph] : scale * loca[glyph + 1]])
        loca.append(loca[-1] + loca[glyph + 1] - loca[glyph])
        advances.append(advances[glyph] + round(em * WIDTH / 1000))
        bearings.append(bearings[glyph])
    hmtx = array("H", bytes(4 * len(advances)))
    hmtx[::2], hmtx[1::2] = advances, bearings
    total = struct.pack(">H", first + len(copied))
    tables["glyf"], tables["hmtx"], tables["loca"] = b"".join(outlines), _table(hmtx), _table(loca)
    tables["maxp"] = tables["maxp"][:4] + total + tables["maxp"][6:]
    tables["hhea"] = tables["hhea"][:34] + total
    tables["head"] = tables["head"][:50] + struct.pack(">h", long) + tables["head"][52:]
    return sfnt.font_file(tables)


def _numbers(code: str, table: bytes) -> "array[int]":
    numbers = array(code, table)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _table(numbers: "array[int]") -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()
