"""Points by any of their names: in any script, with or without tones, and as they are often misspelt."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Protocol

from handout_builder.content.point_codes import spelled
from handout_builder.errors import nearest
from handout_builder.text import language

# Katakana stand 96 places behind the hiragana of the same sound (Unicode, block Katakana); đ is no letter with a mark.
_AS_WRITTEN: dict[int, int] = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)} | {ord("đ"): ord("d")}
# 愈 (to heal) and 腧 are written for the 俞 of names, which looks like them.
_MISSPELT = {"愈": "俞", "腧": "俞"}
# A slip of the pen in a name; less alike is another word.
_ALIKE = 0.8
_LEAST_LETTERS = 4
_LEAST_OF_SLIPS = 6


class _Named(Protocol):
    """What has standard names: an entry of the catalogue."""

    @property
    def names(self) -> Any:
        """The standard names."""


class Form(NamedTuple):
    """A standard name of a point in one language, and how it is read."""

    text: str
    lang: str
    reading: str
    reading_lang: str = ""
    """The language of the reading, where its letters do not tell it."""


@lru_cache(maxsize=1 << 13)  # all names of all points: tables are looked up in again and again
def plain(text: str) -> str:
    """Return a name without tones, marks on letters, blanks and signs, in small letters, katakana as hiragana."""
    spread = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().translate(_AS_WRITTEN))
    kept = "".join(c for c in spread if c.isalnum() or c in "\u3099\u309a")  # the marks that make か が
    return unicodedata.normalize("NFC", kept)


def keys(point: _Named) -> list[str]:
    """Return the standard names of a point, as ``plain`` writes them."""
    names = point.names
    return [plain(name) for name in _given(names)]


def _given(names: Any) -> list[str]:
    every = (names.pinyin, names.zh_hans, names.zh_hant, names.ja, names.kana, names.romaji, names.ko, names.ko_latn)
    return [name for name in (*every, names.vi) if name]


def forms(point: _Named) -> list[Form]:
    """Return the standard names of a point in the languages that have one."""
    names = point.names
    given = (
        Form(names.zh_hans, "zh-Hans", names.pinyin),
        Form(names.zh_hant, "zh-Hant", names.pinyin),
        Form(names.ja, "ja", names.kana),
        Form(names.ko, "ko", names.ko_latn),
        Form(names.vi, "vi", names.zh_hant, "zh-Hant"),
    )
    return [form for form in given if form.text and form.reading]


def is_standard_reading(point: _Named, reading: str) -> bool:
    """Tell whether a point's name is read so by a standard, in any language; tones may be left out, but not be others.

    In Korean the name stands in hangul, in Vietnamese in Latin letters, and its Han beside it as a reading.
    """
    names = point.names
    if plain(reading) == plain(names.pinyin):
        return reading.isascii() or _squeezed(reading) == _squeezed(names.pinyin)
    known = (names.kana, names.romaji, names.ko, names.ko_latn, names.zh_hant, names.zh_hans, names.ja)
    return plain(reading) in [plain(name) for name in known if name]


def _squeezed(reading: str) -> str:
    return unicodedata.normalize(
        "NFC", "".join(c for c in reading if c.isalpha() or unicodedata.combining(c))
    ).casefold()


def _is_slip(written: str, name: str) -> bool:
    """Tell whether a name is written with one slip, which is none of its first letter."""
    at = next((at for at, (one, other) in enumerate(zip(written, name, strict=False)) if one != other), None)
    at = min(len(written), len(name)) if at is None else at
    here, there = written[at:], name[at:]
    if not at:
        return False
    twice = here[:1] in ("g", "h", written[at - 1]) and here[1:] == there
    turned = len(there) > 1 and here[:2] == there[1::-1] and here[2:] == there[2:]
    return here != there and (twice or turned or here == there[1:])


class PointNames:
    """The names of a catalogue's points, to be looked up in."""

    def __init__(self, points: Mapping[str, _Named], lang: str = "") -> None:
        """Take the points by their codes; in texts of ``lang`` codes are read as its books write them."""
        self._points, self.lang = points, lang
        # Characters of one word in three countries: each as the simplified one.
        self._simplified = dict(_MISSPELT)
        self._of_language: dict[str, str] = {}
        """Characters that one of the languages has alone, by the names."""
        for point in points.values():
            names = point.names
            for other, tag in ((names.zh_hant, "zh-Hant"), (names.ja, "ja")):
                if len(other) == len(names.zh_hans):
                    for theirs, simple in zip(other, names.zh_hans, strict=True):
                        if theirs != simple:
                            self._simplified.setdefault(theirs, simple)
                            if self._of_language.setdefault(theirs, tag) != tag:
                                self._of_language[theirs] = "zh-Hant"
                            self._of_language.setdefault(simple, "zh-Hans")
        wide = {form.text for point in points.values() for form in forms(point) if len(form.text) > 1}
        self._wide = re.compile("|".join(sorted(map(self._folded, wide), key=len, reverse=True)) or r"(?!)")
        self._spelled = {spelled(code): code for code in points}
        self._codes: dict[str, list[str]] = {}
        for code, point in points.items():
            for key in dict.fromkeys(map(self._folded, keys(point))):
                self._codes.setdefault(key, []).append(code)
        for code, point in points.items():
            pinyin = plain(point.names.pinyin)
            if point.names.zh_hans.endswith("俞") and pinyin.endswith("shu"):  # read as the 愈 that stands for it
                self._codes.setdefault(f"{pinyin.removesuffix('shu')}yu", [code])

    @cached_property
    def _letters(self) -> dict[int, dict[str, frozenset[str]]]:
        """The letters of each name that points are looked up by, by the length of the name."""
        found: dict[int, dict[str, frozenset[str]]] = {}
        for key in self._codes:
            found.setdefault(len(key), {})[key] = frozenset(key)
        return found

    def codes(self, word: str) -> list[str]:
        """Return the codes of the points that a word names exactly, as code or as name, misspelt Han included."""
        if coded := self._spelled.get(spelled(word, self.lang)):
            return [coded]
        found = list(self._codes.get(self._folded(plain(word)), ()))
        if len(found) > 1:  # marks alone tell Thượng quan from Thượng quản
            marked = _squeezed(word)
            found = [code for code in found if marked in map(_squeezed, _given(self._points[code].names))] or found
        return found

    def within(self, text: str) -> list[tuple[int, int]]:
        """Return where names in Han or hangul stand in a text, misspelt ones included: from and to."""
        return [found.span() for found in self._wide.finditer(self._folded(text))]

    def near(self, word: str, count: int = 3) -> list[str]:
        """Return codes of points whose name is a slip of the pen away, the most alike first."""
        wanted = self._folded(plain(word))
        if len(wanted) < _LEAST_LETTERS and not language.cjk_runs(word):
            return []
        # Names that are much shorter or longer, or lack too many of its letters, are as far away whatever their order
        # is, and are most of them.
        letters, long = {*wanted}, len(wanted)
        may_be = [
            key
            for length, names in self._letters.items()
            if 2 * min(long, length) / (long + length) >= _ALIKE
            for key, own in names.items()
            if 2 * (long - len(letters - own)) / (long + length) >= _ALIKE
        ]
        alike = nearest(wanted, may_be, count, _ALIKE)
        return list(dict.fromkeys(code for key in alike for code in self._codes[key]))[:count]

    def slipped(self, word: str) -> list[str]:
        """Return the codes of points that a word of its own names in pinyin with one slip of the pen in it.

        That is: two letters for each other, one that is lacking, one twice, or a g or h behind another. Such a slip
        makes hardly any other word of a name, while another letter does: "waiting" for Wàilíng.
        """
        wanted = plain(word)
        if len(wanted) < _LEAST_OF_SLIPS or not wanted.isascii() or not word.isalpha():
            return []
        return [code for code, point in self._points.items() if _is_slip(wanted, plain(point.names.pinyin))]

    def language_of(self, han: str) -> str:
        """Return the language that a run of Han, kana or hangul is likely to be in, by its characters."""
        if told := language.of_reading(han, ""):
            return told
        votes = [self._of_language[character] for character in han if character in self._of_language]
        return max(("zh-Hans", "ja", "zh-Hant"), key=votes.count)

    def form(self, code: str, written: str) -> Form:
        """Return the standard name of a point that is most like what somebody wrote."""
        word = plain(written)
        known = forms(self._points[code])

        def alike(form: Form) -> tuple[bool, int]:
            romaji = plain(self._points[code].names.romaji) if form.lang == "ja" else ""
            same = word in filter(None, (plain(form.text), plain(form.reading), romaji))
            return same, sum(a == b for a, b in zip(form.text, written, strict=False) if language.cjk_runs(a))

        return max(known, key=alike)

    def form_in(self, lang: str, code: str, written: str) -> Form | None:
        """Return a point's standard name in a language, where what somebody wrote may be it, or nothing is written.

        Each character is that of the name, or stands for it and is no other language's: 内閞 for 内関.
        """
        form = next((form for form in forms(self._points[code]) if form.lang == lang and lang != "vi"), None)
        if form is None or not written or written == form.text:
            return form
        if len(written) != len(form.text):
            return None
        pairs = [pair for pair in zip(written, form.text, strict=True) if pair[0] != pair[1]]
        own = {lang, None}
        strange = any(self._of_language.get(theirs) not in own for theirs, _ in pairs)
        return None if strange or len(pairs) == len(written) else form

    def is_japanese(self, code: str, text: str, reading: str) -> bool:
        """Tell whether a name of a point in Han is Japanese by how it is read."""
        romaji = plain(self._points[code].names.romaji)
        japanese = self._points[code].names.ja == text or self.language_of(text) == "ja"
        return language.of_reading(reading, "") == "ja" or (japanese and bool(romaji) and plain(reading) == romaji)

    def readings(self, code: str) -> list[str]:
        """Return how the standard names of a point are read, in Latin letters."""
        names = self._points[code].names
        return [reading for reading in (names.pinyin, names.romaji, names.ko_latn) if reading]

    def _folded(self, key: str) -> str:
        return "".join(self._simplified.get(character, character) for character in key)
