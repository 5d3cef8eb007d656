"""The first net against tofu: which characters our fonts can show, before anything is set.

The second is the warnings of the typesetter, the third the finished file: see pdf/typeset.py.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import uharfbuzz as hb

from handout_builder.errors import installation
from handout_builder.resources import FONTS

# Every style of a family covers the same characters (tests/typefaces/test_fonts.py), so one file each will do.
_FILES = ("NotoSans-Regular.ttf", "HandoutHan-Regular.ttf")
# Line ends and the marks that only steer the setting have no shape of their own.
_SHAPELESS = frozenset("\n\t\u00ad\u200b\u2060")


@cache
def _covered() -> tuple[hb.Set, ...]:
    return tuple(_face(FONTS / name).unicodes for name in _FILES)


def _face(path: Path) -> hb.Face:
    try:
        face = hb.Face(hb.Blob.from_file_path(path))
    except (OSError, hb.HarfBuzzError) as error:
        raise installation(path, "it cannot be read") from error
    if not face.glyph_count:
        raise installation(path, "it is no font")
    return face


def missing(text: str) -> Iterator[str]:
    """Yield each character of the text that no font of ours has, once, in order."""
    for character in dict.fromkeys(text):
        shaped = character not in _SHAPELESS and unicodedata.category(character) != "Cc"  # those: text/markdown.py
        if shaped and not any(ord(character) in covered for covered in _covered()):
            yield character
