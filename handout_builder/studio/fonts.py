"""Han, kana and hangul for machines without fonts for them, cut from ours; browsers take them only where they must."""

from collections.abc import Iterable

from handout_builder.content.schema import Point
from handout_builder.resources import FONTS
from handout_builder.studio import words
from handout_builder.text.language import cjk_runs
from handout_builder.typefaces import regional

TONGUES = "tongues"
"""The font with the names of languages alone."""
_FONT = FONTS / "HandoutHan-Regular.ttf"
_WEIGHT = 400


def tongues() -> bytes:
    """Return a font with the names of the languages."""
    return regional.bake(_FONT, _han(words.NAMES.values()), "zh-Hans", "Studio Tongues", _WEIGHT)


def names(lang: str, points: Iterable[Point]) -> bytes:
    """Return a font with the names of points, and with the words of the interface, in a language."""
    field = lang.lower().replace("-", "_")
    texts = [getattr(point.names, field) for point in points]
    if lang == "ja":
        texts += [point.names.kana for point in points]
    return regional.bake(_FONT, _han([*texts, *words.words(lang).texts]), lang, f"Studio {lang}", _WEIGHT)


def _han(texts: Iterable[str]) -> list[str]:
    return [run for text in texts for run in cjk_runs(text)]
