"""The first net against tofu: which characters our fonts can show, before anything is laid out.

The second is the warnings of the typesetter, the third the finished file: see pdf/finishing.py.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from handout_builder import source_files
from handout_builder.errors import installation
from handout_builder.resources import FONTS

# Where one is missing, the engine takes another style in silence; one that is no file would be waited for.
_FILES = tuple(
    f"{family}-{style}.ttf"
    for family, styles in {
        "NotoSans": ("Regular", "Italic", "Bold", "BoldItalic"),
        "HandoutHan": ("Regular", "Bold"),
    }.items()
    for style in styles
)
_TRUETYPE = b"\0\1\0\0"
CHARACTERS = FONTS / "characters.txt"
"""All characters of our fonts, in lines."""
# Line ends and the marks that only steer the setting have no shape of their own.
_SHAPELESS = frozenset("\n\t\u00ad\u200b\u2060")


@cache
def covered() -> frozenset[str]:
    """Return the characters of our fonts, as fonts/build_fonts.py found them: to open these takes ten times as long.

    Raises HandoutError for a font that is missing or damaged.
    """
    for name in _FILES:
        path = FONTS / name
        try:
            with source_files.opened(path) as file:
                begin = file.read(len(_TRUETYPE))
        except OSError as error:
            raise installation(path, "it cannot be read") from error
        if begin != _TRUETYPE:
            raise installation(path, "it is no font")
    try:
        return frozenset(CHARACTERS.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise installation(CHARACTERS, "it cannot be read") from error


def missing(text: str) -> Iterator[str]:
    """Yield each character of the text that no font of ours has, once, in order."""
    for character in dict.fromkeys(text):
        shaped = character not in _SHAPELESS and unicodedata.category(character) != "Cc"  # those: text/markdown.py
        if shaped and character not in covered():
            yield character
