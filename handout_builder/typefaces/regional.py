"""Small fonts for EPUB in which a plain code point already has the shape of one region.

Reading systems often ignore the OpenType feature `locl`, which chooses between the Simplified Chinese, Taiwanese,
Japanese and Korean shapes of a Han character by the language of the text. So each character is shaped here in its
language, and the small font maps the character to the glyph that came out. HarfBuzz cuts the glyphs out; the file is
put together by typefaces/sfnt.py, because fontTools would take longer to import than everything below takes to run.
"""

import struct
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import uharfbuzz as hb

from handout_builder.typefaces.sfnt import STYLES, font_file, name_table, search_fields

BMP_END = 0xFFFF  # the last code point that 16-bit fields can hold
# Written here, or of no use once each character has its glyph.
DROPPED_TABLES = ("cmap", "name", "GSUB", "GDEF", "BASE")
# Marks beside each other lose their white in the book, too; see fonts/build_fonts.py.
FEATURES = ("chws", "halt", "kern")


@lru_cache(maxsize=8)
def _open(font_path: Path) -> tuple[hb.Face, hb.Font]:
    face = hb.Face(hb.Blob.from_file_path(str(font_path)))  # memory-mapped, not read
    return face, hb.Font(face)


def characters(font_path: Path) -> set[int]:
    """Return the code points that a font has."""
    return set(_open(font_path)[0].unicodes)


def bake(font_path: Path, texts: Iterable[str], lang: str, family: str, weight: int) -> bytes:
    """Return a TrueType font with just the characters of `texts`, in the shapes of the BCP 47 language `lang`.

    `texts` are put in NFC first. `family` becomes the font's name, `weight` is 400 or 700. The same arguments give the
    same bytes.

    Raises KeyError when the font lacks a character (the message names it), and ValueError when `texts` are empty,
    when `weight` is not that of the font file, or when a character does not become exactly one glyph.
    """
    characters = "".join(sorted({c for text in texts for c in unicodedata.normalize("NFC", text)}))
    return _baked(font_path, characters, lang, family, weight)


@lru_cache(maxsize=64)  # many handouts, and all brands of one, have the same names
def _baked(font_path: Path, characters: str, lang: str, family: str, weight: int) -> bytes:
    face, font = _open(font_path)
    os2 = face.reference_table("OS/2").data
    if weight not in STYLES or struct.unpack_from(">H", os2, 4) != (weight,):
        raise ValueError(f"{font_path.name} does not have the weight {weight}")
    if not characters:
        raise ValueError(f"{family}: no characters to make a font of")
    glyphs = {c: _regional_glyph(font, c, lang) for c in characters}

    # No characters are asked for, only glyphs: the default shapes would come along otherwise. The flag RETAIN_GIDS
    # must stay off; with it the font keeps an empty slot for every glyph that is left out.
    request = hb.SubsetInput()
    request.flags = hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_HINTING
    request.glyph_set.update(glyphs.values())
    request.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in DROPPED_TABLES)
    request.layout_feature_tag_set.clear()
    request.layout_feature_tag_set.update(int.from_bytes(tag.encode()) for tag in FEATURES)
    plan = hb.SubsetPlan(face, request)
    small, new_ids = plan.execute(), plan.old_to_new_glyph_mapping
    if small is None:
        raise ValueError(f"{font_path.name}: HarfBuzz cannot subset this font")

    tables = {tag: small.reference_table(tag).data for tag in ("glyf", "head", "hhea", "hmtx", "loca", "maxp", "post")}
    if small.get_language_feature_tags("GPOS"):  # there are marks
        tables["GPOS"] = small.reference_table("GPOS").data
    tables["OS/2"] = _with_character_range(os2, characters)
    tables["cmap"] = _cmap({ord(c): new_ids[glyph] for c, glyph in glyphs.items()})
    tables["name"] = name_table(face, family, STYLES[weight])
    return font_file(tables)


def _regional_glyph(font: hb.Font, character: str, lang: str) -> int:
    """Return the id of the glyph that `character` has in `lang`; KeyError if none, ValueError if several."""
    buffer = hb.Buffer()
    buffer.add_str(character)
    buffer.guess_segment_properties()
    if buffer.script is None:
        # Punctuation takes the script of the text around it (UAX 24, "Handling Characters with the Common Script
        # Property"). Alone it would have none, and miss the regional shape.
        buffer.script = "Hani"
    buffer.language = lang
    hb.shape(font, buffer)
    glyphs = [info.codepoint for info in buffer.glyph_infos]
    if 0 in glyphs:
        raise KeyError(f"the font has no glyph for {character} U+{ord(character):04X}")
    if len(glyphs) != 1:
        raise ValueError(f"{character} U+{ord(character):04X} becomes {len(glyphs)} glyphs in {lang}")
    return int(glyphs[0])


def _with_character_range(os2: bytes, characters: str) -> bytes:
    """Return the OS/2 table with the first and last character of the font (OpenType, OS/2: usFirstCharIndex)."""
    first, last = (min(ord(c), BMP_END) for c in (characters[0], characters[-1]))
    return os2[:64] + struct.pack(">HH", first, last) + os2[68:]


def _cmap(glyph_ids: Mapping[int, int]) -> bytes:
    """Return a cmap table for code points in rising order (OpenType, cmap: format 4, and format 12 past U+FFFF)."""
    # One segment for a character; format 4 wants a last one for U+FFFF, here glyph 0 by a delta of 1 (modulo 65536).
    segments = [(code, (glyph - code) & 0xFFFF) for code, glyph in glyph_ids.items() if code <= BMP_END]
    segments.append((BMP_END, 1))
    count = len(segments)
    codes = struct.pack(f">{count}H", *(code for code, _ in segments))
    deltas = struct.pack(f">{count}H", *(delta for _, delta in segments))
    format_4 = struct.pack(">7H", 4, 16 + 8 * count, 0, 2 * count, *search_fields(count, 2))
    format_4 += codes + b"\0\0" + codes + deltas + bytes(2 * count)  # ends, padding, starts, deltas, no range offsets
    if max(glyph_ids) <= BMP_END:
        return struct.pack(">HHHHL", 0, 1, 3, 1, 12) + format_4

    groups = b"".join(struct.pack(">LLL", code, code, glyph) for code, glyph in glyph_ids.items())
    format_12 = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(glyph_ids)) + groups
    return struct.pack(">HHHHLHHL", 0, 2, 3, 1, 20, 3, 10, 20 + len(format_4)) + format_4 + format_12
