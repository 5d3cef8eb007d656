"""Han, kana and hangul for machines without fonts for them, cut from ours; browsers take them only where they must.

What every page has, the names of languages and of points and the words of the interface, is in a small font by itself.
Everything else that authors write is in parts by code points, which browsers ask for by the characters that they meet.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from handout_builder.content.schema import Point
from handout_builder.resources import FONTS
from handout_builder.studio import words
from handout_builder.text.language import cjk_runs
from handout_builder.typefaces import regional

TONGUES = "tongues"
"""The font with the names of languages alone."""
LANGUAGES: Mapping[str, str] = {
    "zh-Hans": 'local("Noto Sans CJK SC"), local("Noto Sans SC"), local("PingFang SC"), local("Microsoft YaHei")',
    "zh-Hant": 'local("Noto Sans CJK TC"), local("Noto Sans TC"), local("PingFang TC"), local("Microsoft JhengHei")',
    "ja": 'local("Noto Sans CJK JP"), local("Noto Sans JP"), local("Hiragino Sans"), local("Yu Gothic")',
    "ko": 'local("Noto Sans CJK KR"), local("Noto Sans KR"), local("Apple SD Gothic Neo"), local("Malgun Gothic")',
}
"""The languages whose shapes differ, with the fonts for them that machines have."""
_FONT = FONTS / "HandoutHan-Regular.ttf"
_WEIGHT = 400
# Some 400 kB each: a page of Chinese needs twenty of them, once a day.
_PART = 1024
# Of these, which few texts have, the font has one or two in a hundred: they are one part.
_RARE = 0x20000
_LAST = 0x2FFFF


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


@cache
def parts() -> Mapping[int, str]:
    """Return the characters of each part of our font, by its first code point."""
    found: dict[int, list[str]] = {}
    for code in sorted(regional.characters(_FONT)):
        if cjk_runs(chr(code)):
            found.setdefault(min(code - code % _PART, _RARE), []).append(chr(code))
    return {start: "".join(characters) for start, characters in found.items()}


def part(lang: str, start: int) -> bytes:
    """Return a part of our font in the shapes of a language; raises KeyError where there is none."""
    return regional.bake(_FONT, parts()[start], lang, f"Studio {lang} {start:X}", _WEIGHT)


@cache
def style_sheet() -> str:
    """Return what tells browsers which part has which characters."""
    return "".join(
        f'@font-face{{font-family:"Studio {lang} parts";src:{local},url(/font/{lang}/{start:x}.ttf) format("truetype");'
        f"font-display:swap;unicode-range:U+{start:x}-{_LAST if start == _RARE else start + _PART - 1:x}}}\n"
        for lang, local in LANGUAGES.items()
        for start in parts()
    )


def _han(texts: Iterable[str]) -> list[str]:
    return [run for text in texts for run in cjk_runs(text)]
