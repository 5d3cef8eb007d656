"""Font files that a clinic brings: which can be used, and small fonts with just the characters that are set."""

import io
import string
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from handout_builder import source_files
from handout_builder.typefaces.sfnt import STYLES, font_file, name_table

_MOST_BYTES, _MOST_UNPACKED = 30_000_000, 60_000_000
_SFNT = (b"\0\1\0\0", b"OTTO", b"true")
_WOFF2 = b"wOF2"
_WOFF = (b"wOFF", _WOFF2)
_PIECE = 1_000_000
# OpenType, OS/2: fsType.
_RESTRICTED, _PREVIEW, _EDITABLE, _NO_SUBSET, _BITMAP_ONLY = 0x0002, 0x0004, 0x0008, 0x0100, 0x0200
# Of an em, from cubic to quadratic curves: as in fonts/build_fonts.py.
_MOST_ERROR = 0.0005
# What a maxp table of TrueType outlines counts beside glyphs, points and contours; fontTools counts the latter.
_MAXP_FIELDS = ("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements")
_NEEDED = {"OS/2", "cmap", "head", "hhea", "hmtx", "maxp"}
_UPEM = range(16, 16385)
# In em: the longest ligatures and dashes of known fonts are a third of it.
_LARGEST = 16
_ASK = "ask the foundry for a licence to embed it, or take an open font (for example under the Open Font License)"
_FORMATS = "bring it as TTF, OTF, WOFF or WOFF2"
_PICTURES = 5
"""Of a font of signs: the family of its PANOSE number."""
_SIGNS = ("Alpha", "a10")
"""The glyph for A in Symbol and Zapf Dingbats, and in what was made after them, which say nothing else of it."""
_LEAST_ADVANCE = 0.7
"""How far on the next letter begins, in widths of what is seen; about 1.1 in text faces, 0.9 in scripts."""
_LEAST_ALONE, _LEAST_BLANK = 0.4, 0.08
"""The same of one letter (scripts have some with long strokes); the narrowest blank, in em (0.2 is usual)."""
# Text that stands for all text: letters as often as in English, digits and the vowels of pinyin.
_SAMPLE = "the quick brown fox jumps over a lazy dog; press firmly for one to two minutes, 0123456789 āáǎàēéěèīíǐì"
_WIDER, _X_HEIGHT = 1.03, 0.48


class TypefaceError(ValueError):
    """A font file cannot be used; ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = _FORMATS) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


@dataclass(frozen=True)
class FontFile:
    """A font file that has been checked."""

    path: Path
    data: bytes
    """An OpenType file; WOFF is unpacked."""
    weights: tuple[int, int]
    """The lightest and the heaviest weight (100 to 900); the same for a font without a weight axis."""
    italic: bool
    family: str
    embeds_in_book: bool
    """Whether the font may be given out as a file inside an EPUB."""
    characters: frozenset[int]


def read(path: Path) -> FontFile:
    """Read and check a font file; raises TypefaceError for one that cannot be used or may not be embedded."""
    try:
        data = source_files.read(path, _MOST_BYTES)
    except source_files.TooLargeError as error:
        raise TypefaceError("the font has more than 30 MB", "bring a version with fewer characters") from error
    except OSError as error:
        raise TypefaceError(f"the font cannot be read: {error.strerror}") from error
    if data[:4] in _WOFF:
        data = _unpacked(data)
    if data[:4] == b"ttcf":
        raise TypefaceError("the file is a collection of fonts", "bring the one font as TTF or OTF")
    if data[:4] not in _SFNT:
        raise TypefaceError("the file is no font, or of an old format")
    try:
        return _checked(path, data)
    except TypefaceError:
        raise
    except (struct.error, LookupError, ValueError, RuntimeError, hb.HarfBuzzError, MemoryError) as error:
        raise TypefaceError("the font is damaged") from error


def _unpacked(data: bytes) -> bytes:
    """Return the OpenType file inside a WOFF, whose own word for its size is not believed."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # 100 ms that other fonts need not wait

    out = io.BytesIO()
    try:
        if (_woff2_size(data) if data[:4] == _WOFF2 else _woff_size(data)) > _MOST_UNPACKED:
            raise TypefaceError("the font unpacks to more than 60 MB", "bring a version with fewer characters")
        font = TTFont(io.BytesIO(data), recalcTimestamp=False, recalcBBoxes=False)
        font.flavor = None
        font.save(out)
    except TypefaceError:
        raise
    except Exception as error:  # fontTools raises whatever the bytes lead it to
        raise TypefaceError("the font is damaged") from error
    return out.getvalue()


def _woff_size(data: bytes) -> int:
    """Return what the tables of a WOFF unpack to, in bytes, counted up to the limit (WOFF 1.0, 4 and 5)."""
    size = 0
    for number in range(struct.unpack_from(">H", data, 12)[0]):
        start, length, whole = struct.unpack_from(">LLL", data, 44 + 20 * number + 4)
        table = data[start : start + length]
        if length < whole:
            table = zlib.decompressobj().decompress(table, _MOST_UNPACKED + 1)
        size += len(table)
        if size > _MOST_UNPACKED:
            break
    return size


def _woff2_size(data: bytes) -> int:
    """Return what the tables of a WOFF2 unpack to, in bytes, counted up to the limit (WOFF 2.0, 4 and 5)."""
    from fontTools.ttLib import woff2  # noqa: PLC0415

    file = io.BytesIO(data)
    file.seek(woff2.woff2DirectorySize)
    for _ in range(struct.unpack_from(">H", data, 12)[0]):
        woff2.WOFF2DirectoryEntry().fromFile(file)
    rest = file.read(struct.unpack_from(">L", data, 20)[0])
    packed, size = woff2.brotli.Decompressor(), 0
    while size <= _MOST_UNPACKED:
        piece = packed.process(rest, output_buffer_limit=_PIECE)
        rest, size = b"", size + len(piece)
        if packed.is_finished() or not piece:
            break
    return size


def _checked(path: Path, data: bytes) -> FontFile:
    face = hb.Face(hb.Blob(data))
    tables = set(face.table_tags)
    if not tables & {"glyf", "CFF ", "CFF2"}:
        kind = "of colours or pixels only" if tables & {"CBDT", "EBDT", "SVG ", "sbix", "COLR"} else "without outlines"
        raise TypefaceError(f"the font is {kind}")
    characters = frozenset(face.unicodes)
    if not tables >= _NEEDED or _units(face) not in _UPEM or not _draws(face, characters):
        raise TypefaceError("the font is damaged")
    os2 = bytes(face.reference_table("OS/2").data)
    weight, rights, style = (struct.unpack_from(">H", os2, at)[0] for at in (4, 8, 62))
    _may_embed(rights)
    axes = {axis.tag: axis for axis in face.axis_infos}
    axis = axes.get("wght")
    weights = (round(axis.min_value), round(axis.max_value)) if axis else (weight, weight)
    family = face.get_name(16, "en") or face.get_name(1, "en") or path.stem
    font = FontFile(path, data, weights, bool(style & 1), family, not _only_preview(rights), characters)
    # A font that lies about its outlines is found when one is cut out of it.
    cut(font, map(chr, sorted(characters)[:50]), "Probe", 400)
    return font


def _units(face: Any) -> int:
    """Return the units per em as the file tells them: HarfBuzz takes 1,000 for a number that cannot be."""
    told: int = struct.unpack_from(">H", bytes(face.reference_table("head").data), 18)[0]
    return told


def _draws(face: Any, characters: Iterable[int]) -> bool:
    """Tell whether characters have outlines, and none of them is so large that no renderer draws it.

    Offsets into nothing give no outline: most of the first characters that leave ink must have one.
    """
    font = hb.Font(face)
    glyphs = {font.get_nominal_glyph(point) or 0 for point in characters}
    boxes = (box for glyph in glyphs if (box := font.get_glyph_extents(glyph)))
    lengths = (abs(length) for box in boxes for length in (box.x_bearing, box.y_bearing, box.width, box.height))
    widths = map(font.get_glyph_h_advance, glyphs)
    if max([*lengths, *widths], default=0) > _LARGEST * face.upem:
        return False
    inked = [point for point in sorted(characters) if chr(point).isprintable() and not chr(point).isspace()][:50]
    extents = [font.get_glyph_extents(font.get_nominal_glyph(point) or 0) for point in inked]
    return sum(bool(box and box.width) for box in extents) > len(inked) / 2


def _may_embed(rights: int) -> None:
    """Raise TypefaceError for a font that may not be put into a document; of several rights the widest counts."""
    if rights & _RESTRICTED and not rights & (_PREVIEW | _EDITABLE):
        raise TypefaceError("the font says that it may not be embedded (restricted licence)", _ASK)
    if rights & _NO_SUBSET:
        raise TypefaceError("the font says that no part of it may be embedded, and we embed only what is used", _ASK)
    if rights & _BITMAP_ONLY:
        raise TypefaceError("the font says that only its bitmaps may be embedded", _ASK)


def _only_preview(rights: int) -> bool:
    return bool(rights & _PREVIEW) and not rights & _EDITABLE


def cut(font: FontFile, characters: Iterable[str], family: str, weight: int) -> bytes:
    """Return a font of one weight with those of the characters that the font has; kerning and ligatures stay.

    It is called ``family``, whatever its name was: reserved names stay with the whole font. ``weight`` is 400 or 700;
    a variable font is set to it as far as its axis goes. The same arguments give the same bytes.

    Raises TypefaceError when HarfBuzz cannot cut the font.
    """
    face = hb.Face(hb.Blob(font.data))
    request = hb.SubsetInput()
    request.flags = hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING
    request.unicode_set.update({ord(c) for c in characters} & font.characters)
    request.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in ("name", "DSIG", "STAT", "meta", "MVAR"))
    if face.axis_infos:
        request.pin_all_axes_to_default(face)
        if any(axis.tag == "wght" for axis in face.axis_infos):
            request.pin_axis_location(face, "wght", min(max(weight, font.weights[0]), font.weights[1]))
    try:
        small = hb.SubsetPlan(face, request).execute()
    except RuntimeError as error:
        raise TypefaceError("the font is damaged: nothing can be cut out of it") from error
    tables = {tag: bytes(small.reference_table(tag).data) for tag in small.table_tags}
    # The weight that it is used as: a renderer must not make it bolder once more.
    tables["OS/2"] = tables["OS/2"][:4] + struct.pack(">H", weight) + tables["OS/2"][6:]
    tables["name"] = name_table(face, family, STYLES[weight])
    try:
        return font_file(_with_quadratic_curves(tables) if tables.keys() & {"CFF ", "CFF2"} else tables)
    except Exception as error:  # fontTools raises whatever the bytes lead it to
        raise TypefaceError("the font is damaged: its outlines cannot be read") from error


def _with_quadratic_curves(tables: dict[str, bytes]) -> dict[str, bytes]:
    """Return the tables with the outlines of TrueType: WeasyPrint 70 breaks those of CFF fonts."""
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415
    from fontTools.ttLib import TTFont, newTable  # noqa: PLC0415

    font = TTFont(io.BytesIO(font_file(tables)), recalcTimestamp=False)
    drawn, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, font["head"].unitsPerEm * _MOST_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    for tag in ("CFF ", "CFF2", "VORG"):
        if tag in font:
            del font[tag]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, outlines
    font["maxp"].tableVersion, font["post"].formatType = 0x00010000, 3.0
    font["maxp"].__dict__ |= dict.fromkeys(_MAXP_FIELDS, 0) | {"maxZones": 1, "maxSizeOfInstructions": 0}
    for name, outline in outlines.items():
        outline.recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(outline, "xMin", 0))
    font.sfntVersion = "\0\1\0\0"
    out = io.BytesIO()
    font.save(out)
    done = hb.Face(hb.Blob(out.getvalue()))
    return {tag: bytes(done.reference_table(tag).data) for tag in done.table_tags}


def unreadable(font: FontFile) -> str:
    """Return why words cannot be read in a font; empty where they can."""
    face = hb.Face(hb.Blob(font.data))
    drawn = hb.Font(face)
    panose_family = bytes(face.reference_table("OS/2").data)[32]
    if panose_family == _PICTURES or drawn.glyph_to_string(drawn.get_nominal_glyph(ord("A")) or 0) in _SIGNS:
        return "it has signs where letters should be"
    glyphs = [glyph for letter in string.ascii_letters if (glyph := drawn.get_nominal_glyph(ord(letter)))]
    ink = sum(box.width for glyph in glyphs if (box := drawn.get_glyph_extents(glyph)))
    if sum(map(drawn.get_glyph_h_advance, glyphs)) < ink * _LEAST_ADVANCE:
        return "its letters stand on each other"
    both = string.ascii_letters + string.digits
    signs = {sign: glyph for sign in both if (glyph := drawn.get_nominal_glyph(ord(sign)))}
    if len({*signs.values()}) < len(signs):
        return "several of its letters are one sign: programs could not read or search the words"
    blank = drawn.get_nominal_glyph(ord(" "))
    if not blank or drawn.get_glyph_h_advance(blank) < _LEAST_BLANK * face.upem:
        return "it has no blank that keeps words apart"
    return next((why for sign, glyph in signs.items() if (why := _wrong(sign, glyph, signs, drawn))), "")


def _wrong(sign: str, glyph: int, signs: Mapping[str, int], font: Any) -> str:
    """Return why one letter or figure of a font cannot be read, or is read as another; empty where it can."""
    box = font.get_glyph_extents(glyph)
    if not box or not box.width or not box.height:
        return f"nothing is drawn for its “{sign}”"
    if font.get_glyph_h_advance(glyph) < box.width * _LEAST_ALONE:
        return f"what follows its “{sign}” stands on it"
    buffer = hb.Buffer()
    buffer.add_str(sign)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    shown = buffer.glyph_infos[0].codepoint
    other = next((name for name, known in signs.items() if known == shown and name != sign), "")
    # Some typefaces have small letters that look like capitals.
    return f"it shows “{other}” where “{sign}” is written" if other and other.lower() != sign.lower() else ""


def suits_body(regular: FontFile, ours: Path) -> str | None:
    """Return why a font cannot replace the text's own typeface ``ours``, or None when it can.

    The pages were laid out for ours: a wider font makes them more. Small letters under 0.48 em are too small to read
    at 12 pt (RNIB asks for 12 pt of a typeface like Arial, 0.52 em).
    """
    width = _width(hb.Face(hb.Blob(regular.data))) / _width(hb.Face(hb.Blob.from_file_path(str(ours))))
    if width > _WIDER:
        return f"its letters are {width - 1:.0%} wider than those of the text's own typeface, at most 3% will do"
    height = _x_height(regular.data)
    if height < _X_HEIGHT:
        return f"its small letters are {height:.2f} em high, at least {_X_HEIGHT} em are legible at 12 pt"
    return None


def _width(face: Any) -> float:
    """Return the width of the sample in em."""
    buffer = hb.Buffer()
    buffer.add_str(_SAMPLE)
    buffer.guess_segment_properties()
    hb.shape(hb.Font(face), buffer)
    known = [p.x_advance for i, p in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True) if i.codepoint]
    return float(sum(known) / face.upem / max(len(known), 1))


def _x_height(data: bytes) -> float:
    """Return the height of the letter x in em."""
    font = hb.Font(hb.Face(hb.Blob(data)))
    glyph = font.get_nominal_glyph(ord("x"))
    extents = font.get_glyph_extents(glyph) if glyph else None
    return float(extents.y_bearing / font.face.upem) if extents else 0.0
