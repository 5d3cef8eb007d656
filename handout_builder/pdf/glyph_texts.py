"""What readers find for the glyphs of a PDF: the letters that are seen, whoever drew them first."""

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

# Latin ligatures: what a font draws for two letters is the same glyph, and a search is for the letters.
_LIGATURES = re.compile("[\ufb00-\ufb06]")


def plain(text: str) -> str:
    """Return a text with letters in place of Latin ligatures."""
    return _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)


def correct(fonts: Iterable[Any], *, capitals: bool) -> None:
    """Let the fonts of a document tell what their glyphs are before they are written.

    WeasyPrint 70 takes for a glyph what the first text has that was drawn with it. With ``capitals``, small ones that a
    font lacks are drawn as large ones in small, and an H that is seen would be read as an h everywhere.
    """
    for font in fonts:
        for glyph, text in font.to_unicode.items():
            if text.isspace():  # one that keeps words together is drawn alike, and every blank would be read as one
                font.to_unicode[glyph] = " "
            elif _LIGATURES.search(text):
                font.to_unicode[glyph] = plain(text)
        if capitals and font.to_unicode:
            _as_seen(font)


def _as_seen(font: Any) -> None:
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # only for style sheets with small capitals

    file = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    for code, name in file.getBestCmap().items():
        letter, glyph = chr(code), file.getGlyphID(name)
        text = font.to_unicode.get(glyph, letter)
        if text != letter and letter.isupper() and letter.casefold() in text.casefold():
            font.to_unicode[glyph] = letter
