"""What readers find for the glyphs of a PDF: the letters that are seen, whoever drew them first."""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from handout_builder.whole_letters import MARKS, are_asked_for

# Latin ligatures: what a font draws for two letters is the same glyph, and a search is for the letters.
_LIGATURES = re.compile("[\ufb00-\ufb06]")
# JIS X 0208 has one dash for ranges (1-33), Unicode two characters for it; East Asian fonts draw one glyph for both.
_ALIKE = str.maketrans("\u301c", "\uff5e")


def whole_letters(html: str) -> str:
    """Return a rule by which letters with a dot below are drawn as one glyph, for a page that has some.

    They would be read as two characters, which not every search takes for one. Words of drawings go by themselves.
    """
    return 'html { font-feature-settings: "ccmp" 0 }\n' if are_asked_for(html) else ""


def composed(text: str) -> str:
    """Return a text in which letters and the marks behind them are one, as far as Unicode has them so."""
    return unicodedata.normalize("NFC", text) if not text.isascii() and MARKS.search(text) else text


def plain(text: str) -> str:
    """Return a text as it is compared with what is seen: letters for Latin ligatures, one of two that look the same."""
    return _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text).translate(_ALIKE)


def logical(drawn: Sequence[str]) -> list[str]:
    """Return the texts of glyphs as they are read, given from left to right as they are drawn.

    Arabic and Hebrew are read from the right, but for the numbers in them (Unicode Standard Annex 9).
    """
    found, start = [*drawn], 0
    while (start := next((n for n in range(start, len(found)) if _from_right(found[n])), len(found))) < len(found):
        end = start
        while end < len(found) and not _from_left(found[end]):
            end += 1
        while not _from_right(found[end - 1]):  # what follows is the next one's
            end -= 1
        found[start:end] = _numbers_kept(found[start:end][::-1])
        start = end
    return found


def _numbers_kept(texts: list[str]) -> list[str]:
    """Return texts that were turned around with their numbers as they were."""
    kept: list[str] = []
    number: list[str] = []
    for text in [*texts, ""]:
        if text.isdigit() or (number and text in (".", ",", ":")):
            number.append(text)
        else:
            kept += [*number[::-1], text]
            number = []
    return kept[:-1]


def _from_right(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _from_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) == "L" for character in text)


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
        if "" in font.to_unicode.values():
            _in_parts(font)
        if capitals and font.to_unicode:
            _as_seen(font)


def _in_parts(font: Any) -> None:
    """Let letters and marks that were drawn one by one be read so; what goes first was taken for nothing."""
    for letter, glyph in _letters(font):
        text = font.to_unicode.get(glyph)
        if text == "" or (text and text != letter and len(unicodedata.normalize("NFD", text)) > 1):
            font.to_unicode[glyph] = letter


def _letters(font: Any) -> Iterator[tuple[str, int]]:
    """Yield the letters that a font has, each with its glyph."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # only for what few pages have

    file = TTFont(io.BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    return ((chr(code), file.getGlyphID(name)) for code, name in file.getBestCmap().items())


def _as_seen(font: Any) -> None:
    for letter, glyph in _letters(font):
        text = font.to_unicode.get(glyph, letter)
        if text != letter and letter.isupper() and letter.casefold() in text.casefold():
            font.to_unicode[glyph] = letter
