"""Letters with a dot below as one glyph: Noto Sans draws them as a letter and a mark, and readers would find two."""

import re

WHOLE = (("ccmp", 0),)
"""The value of font-feature-settings with which they are one."""

MARKS = re.compile("[\u0300-\u036f]")
"""Marks that follow letters."""

# Those that the font takes apart, so that a mark above finds its place.
_PARTED = re.compile("[ẹịọụḿǹṃṅṣ]")


def are_asked_for(text: str) -> bool:
    """Tell whether letters of a text would be drawn in parts; where marks follow letters, these need the parts."""
    return not text.isascii() and bool(_PARTED.search(text)) and not MARKS.search(text)
