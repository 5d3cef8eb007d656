"""A typeface of copies: shaped with HarfBuzz, and small TrueType fonts put together from its outlines.

A copy's font has the copy's own glyphs and no others, so that no file tells what is in another person's. Codes in
the page are the glyph numbers of the whole font; ``CIDToGIDMap`` leads from them to the few glyphs that are there. So
what was shaped once can be written again as it is, and what readers find for a code (``ToUnicode``) and its width are
those of the typeface, the same in every copy.
"""

import io
import struct
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import uharfbuzz as hb
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

NOTDEF = 0
# OpenType, the table directory and the fields of head, hhea and maxp that a smaller font has otherwise.
_HEADER = struct.Struct(">IHHHH")
_ENTRY = struct.Struct(">4sIII")
_TAGS = (b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp")
_TABLES_AT = _HEADER.size + len(_TAGS) * _ENTRY.size
_ADJUSTMENT, _LOCA_FORMAT, _METRICS, _GLYPHS, _INSTRUCTIONS = 8, 50, 34, 4, 26
_WHOLE_FILE = 0xB1B0AFBA
_ALL_BITS = 0xFFFFFFFF
# PDF 1.7, table 121: the font has characters outside of the standard Latin ones.
_SYMBOLIC = 4
# Ligatures: readers search for their letters.
_LIGATURES = range(0xFB00, 0xFB07)
# Radicals look like characters that come later, and are what nobody writes.
_RADICALS = range(0x2E80, 0x2FE0)


class _Glyph(NamedTuple):
    """An outline without references to others, in whole words of four bytes."""

    data: bytes
    checksum: int
    metrics: bytes
    """Advance width and left side bearing."""


class Face:
    """One font file, or font, of one weight; widths are in thousandths of an em."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read a TrueType font with outlines (``glyf``); ``name`` is its PostScript name."""
        self.name = name
        font = TTFont(io.BytesIO(data), lazy=True)
        tables: Any = font.reader
        self._file = font
        self.hb_font = hb.Font(hb.Face(hb.Blob(data)))
        # HarfBuzz reads these in a hundredth of the time: fontTools first gives each glyph a name.
        known = {code: self.hb_font.get_nominal_glyph(code) for code in self.hb_font.face.unicodes}
        self.characters = frozenset(map(chr, known))
        self.units = font["head"].unitsPerEm
        self._outlines = tables["glyf"]
        count = font["maxp"].numGlyphs
        long = font["head"].indexToLocFormat
        places = struct.unpack(f">{count + 1}{'I' if long else 'H'}", tables["loca"])
        self._places = places if long else [2 * place for place in places]
        self._metrics = _metrics_of(tables["hmtx"], count, font["hhea"].numberOfHMetrics)
        self.advances = [int.from_bytes(one[:2], "big") * 1000 / self.units for one in self._metrics]
        self.texts = self._usual_texts(known)
        head, hhea, maxp = (bytearray(tables[tag]) for tag in ("head", "hhea", "maxp"))
        head[_ADJUSTMENT : _ADJUSTMENT + 4] = bytes(4)
        head[_LOCA_FORMAT : _LOCA_FORMAT + 2] = b"\0\1"
        maxp[_INSTRUCTIONS : _INSTRUCTIONS + 6] = bytes(6)  # of glyphs, and components, of which there are none
        self._head, self._hhea, self._maxp = bytes(head), hhea, maxp
        self._head_sum = _checksum(self._head)
        self._known: dict[int, _Glyph] = {}

    def _usual_texts(self, known: dict[int, int]) -> dict[int, str]:
        """Return what each glyph that stands for a character by itself is read as."""
        texts: dict[int, str] = {}
        for code in sorted(known, key=lambda code: (code in _RADICALS, code)):
            text = unicodedata.normalize("NFKC", chr(code)) if code in _LIGATURES else chr(code)
            texts.setdefault(known[code], text)
        return texts

    def glyph(self, number: int) -> _Glyph:
        """Return a glyph by its number."""
        known = self._known.get(number)
        if known is None:
            data = self._outlines[self._places[number] : self._places[number + 1]]
            if data and struct.unpack_from(">h", data)[0] < 0:
                data = self._in_one_piece(number)
            data += bytes(-len(data) % 4)
            known = self._known[number] = _Glyph(data, _checksum(data), self._metrics[number])
        return known

    def _in_one_piece(self, number: int) -> bytes:
        """Return an outline that is put together from those of other glyphs."""
        glyphs = self._file.getGlyphSet()
        recorded, pen = DecomposingRecordingPen(glyphs), TTGlyphPen(None)
        glyphs[self._file.getGlyphName(number)].draw(recorded)
        recorded.replay(pen)
        glyph = pen.glyph()
        glyph.recalcBounds(None)
        return bytes(glyph.compile(self._file["glyf"]))

    def small_font(self, numbers: Sequence[int]) -> bytes:
        """Return a TrueType font with the glyphs of these numbers, as 1, 2, 3 …; what is missing is glyph 0."""
        known = self._known
        glyphs = [known.get(number) or self.glyph(number) for number in (NOTDEF, *numbers)]
        count = len(glyphs)
        ends = list(accumulate([len(glyph.data) for glyph in glyphs], initial=0))
        metrics = b"".join([glyph.metrics for glyph in glyphs])
        hhea, maxp = self._hhea, self._maxp
        hhea[_METRICS : _METRICS + 2] = maxp[_GLYPHS : _GLYPHS + 2] = count.to_bytes(2, "big")
        tables = (
            (b"".join([glyph.data for glyph in glyphs]), sum([glyph.checksum for glyph in glyphs])),
            (self._head, self._head_sum),
            (bytes(hhea), _checksum(hhea)),
            (metrics, sum(struct.unpack(f">{count}I", metrics))),
            (struct.pack(f">{count + 1}I", *ends), sum(ends)),
            (bytes(maxp), _checksum(maxp)),
        )
        at, total, entries, parts = _TABLES_AT, 0, b"", []
        for tag, (data, checksum) in zip(_TAGS, tables, strict=True):
            entries += _ENTRY.pack(tag, checksum & _ALL_BITS, at, len(data))
            total += checksum
            padding = -len(data) % 4
            parts.append(data + bytes(padding) if padding else data)
            at += len(data) + padding
        directory = _HEADER.pack(0x00010000, len(_TAGS), 64, 2, 32) + entries
        adjustment = (_WHOLE_FILE - total - _checksum(directory)) & _ALL_BITS
        head = bytearray(parts[1])
        head[_ADJUSTMENT : _ADJUSTMENT + 4] = adjustment.to_bytes(4, "big")
        parts[1] = bytes(head)
        return directory + b"".join(parts)

    def glyph_map(self, numbers: Sequence[int]) -> bytes:
        """Return the ``CIDToGIDMap`` that leads from the numbers to the glyphs of ``small_font``."""
        places = array("H", bytes(2 * max(numbers, default=0) + 2))
        for place, number in enumerate(numbers, start=1):
            places[number] = place
        if sys.byteorder == "little":
            places.byteswap()
        return places.tobytes()

    @property
    def widths(self) -> bytes:
        """The ``W`` of all glyphs whose width is not 1000, which is the default."""
        runs, row = [], list[str]()
        for number, width in enumerate([*self.advances, 1000.0]):
            if width == 1000:  # noqa: PLR2004
                if row:
                    runs.append(f"{number - len(row)}[{' '.join(row)}]")
                row = []
            else:
                row.append(f"{width:.5g}")
        return "".join(runs).encode()

    def descriptor(self, tag: str) -> bytes:
        """Return the ``FontDescriptor`` of small fonts, but for the file with the outlines."""
        head, hhea = self._file["head"], self._file["hhea"]
        capital = getattr(self._file["OS/2"], "sCapHeight", 0) or hhea.ascent
        numbers = (head.xMin, head.yMin, head.xMax, head.yMax, hhea.ascent, hhea.descent, capital)
        *box, ascent, descent, capitals = (f"{number * 1000 / self.units:.5g}" for number in numbers)
        return (
            f"<</Type/FontDescriptor/FontName/{tag}+{self.name}/Flags {_SYMBOLIC}/FontBBox[{' '.join(box)}]"
            f"/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight {capitals}/StemV 80>>"
        ).encode()


def to_unicode(texts: Iterable[tuple[int, str]]) -> bytes:
    """Return the CMap that tells what the codes of a font are read as (PDF 1.7, 9.10.3), given in their order."""
    lines = [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>" for number, text in texts]
    parts = [_CMAP_HEAD]
    for start in range(0, len(lines), 100):  # no more in one piece
        part = lines[start : start + 100]
        parts += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join([*parts, _CMAP_END]).encode()


_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange"""
_CMAP_END = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def _metrics_of(table: bytes, count: int, long: int) -> list[bytes]:
    """Return advance width and left side bearing of each glyph; those behind the ``long`` ones share the last width."""
    pairs, bearings = table[: 4 * long], table[4 * long : 4 * long + 2 * (count - long)]
    last = pairs[-4:-2]
    return [
        *(pairs[at : at + 4] for at in range(0, len(pairs), 4)),
        *(last + bearings[at : at + 2] for at in range(0, len(bearings), 2)),
    ]


def _checksum(data: bytes | bytearray) -> int:
    """Return the sum of the words of four bytes (OpenType, calculating checksums)."""
    return sum(struct.unpack(f">{(len(data) + 3) // 4}I", bytes(data) + bytes(-len(data) % 4)))
