"""The first net against tofu: which characters our fonts can show, before anything is set.

The second is the warnings of the typesetter, the third the finished file: see pdf.py.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

import uharfbuzz as hb

from handout_builder.resources import FONTS

# Every style of a family covers the same characters (tests/test_fonts.py), so one file each will do.
_FILES = ("NotoSans-Regular.ttf", "HandoutHan-Regular.ttf")
# Line ends and the marks that only steer the setting have no shape of their own.
_SHAPELESS = frozenset("\n\t\u00ad\u200b\u2060")


@cache
def _covered() -> frozenset[int]:
    faces = (hb.Face(hb.Blob.from_file_path(FONTS / name)) for name in _FILES)
    return frozenset(point for face in faces for point in face.unicodes)


def missing(text: str) -> Iterator[str]:
    """Yield each character of the text that no font of ours has, once, in order."""
    for character in dict.fromkeys(text):
        shaped = character not in _SHAPELESS and unicodedata.category(character) != "Cc"  # those: prose.py
        if shaped and ord(character) not in _covered():
            yield character
