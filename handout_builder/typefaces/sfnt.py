"""Font files put together from their tables: names, checksums and the directory in front (OpenType, font file)."""

import struct
import sys
from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uharfbuzz as hb

STYLES = {400: "Regular", 700: "Bold"}  # weight class (OS/2 usWeightClass) -> subfamily
KEPT_NAMES = (0, 13, 14)  # copyright, licence, licence address: the Open Font License wants them in every copy
US_ENGLISH = 0x409


def name_table(face: "hb.Face", family: str, style: str) -> bytes:
    """Return a name table in version 0 with Windows records in US English (OpenType, name)."""
    full = family if style == "Regular" else f"{family} {style}"
    # Record 6: at most 63 printable ASCII characters without blanks and brackets.
    postscript = "".join(c for c in family if c.isascii() and c.isalnum())[: 62 - len(style)] + f"-{style}"
    records = {number: face.get_name(number, "en") or "" for number in KEPT_NAMES}
    records |= {1: family, 2: style, 4: full, 6: postscript}
    index, strings = b"", b""
    for number, text in sorted(records.items()):
        encoded = text.encode("utf-16-be")
        index += struct.pack(">6H", 3, 1, US_ENGLISH, number, len(encoded), len(strings))
        strings += encoded
    return struct.pack(">HHH", 0, len(records), 6 + len(index)) + index + strings


def search_fields(count: int, size: int) -> tuple[int, int, int]:
    """Return searchRange, entrySelector and rangeShift for `count` entries of `size` bytes (OpenType, table directory).

    The directory counts in entries of 16 bytes, and format 4 of cmap in segments of 2.
    """
    selector = count.bit_length() - 1
    return size << selector, selector, size * (count - (1 << selector))


def _checksum(data: bytes) -> int:
    """Return the sum of the 32-bit numbers of `data`, whose length is a multiple of 4, modulo 2**32."""
    numbers = array("I", data)
    if sys.byteorder == "little":
        numbers.byteswap()
    return sum(numbers) & 0xFFFFFFFF


def font_file(tables: dict[str, bytes]) -> bytes:
    """Return the font file made of `tables`, with its checksums (OpenType, font file: table directory and head)."""
    # The checksums are taken with head.checkSumAdjustment at 0; it is what the whole file lacks to 0xB1B0AFBA.
    tables = tables | {"head": tables["head"][:8] + bytes(4) + tables["head"][12:]}
    offset = 12 + 16 * len(tables)
    directory = struct.pack(">LHHHH", 0x00010000, len(tables), *search_fields(len(tables), 16))
    body, total = b"", 0
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        checksum = _checksum(padded)
        directory += struct.pack(">4sLLL", tag.encode(), checksum, offset + len(body), len(table))
        if tag == "head":
            adjustment_at = offset + len(body) + 8
        body, total = body + padded, total + checksum
    font = bytearray(directory + body)
    struct.pack_into(">L", font, adjustment_at, (0xB1B0AFBA - total - _checksum(directory)) & 0xFFFFFFFF)
    return bytes(font)
