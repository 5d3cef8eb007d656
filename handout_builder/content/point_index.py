"""Indexes of points: by code or by a name, in the order in which readers of its script look."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, NamedTuple

from handout_builder.content.point_codes import letters
from handout_builder.content.schema import PINYIN, IndexKey, Point

# Marks that make one kana another; in a dictionary their kana stand with the plain ones.
_VOICED, _HALF_VOICED = "\u3099", "\u309a"
# Small kana and the large ones that they are looked up as.
_LARGE = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
_ROWS = "あかさたなはまやらわ"
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Unicode, 3.12: how many syllables there are, and how many begin with the same consonant.
_HANGUL, _SYLLABLES, _OF_ONE_INITIAL = 0xAC00, 11172, 588
# The letters of Vietnamese, and the signs of its tones after the plain one, as dictionaries have them.
_VIETNAMESE, _TONES = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", "\u0300\u0309\u0303\u0301\u0323"
# The 214 radicals of the Kangxi dictionary (Unicode, block Kangxi Radicals) as characters. Each stands before those
# that are written with it, which are in the order of their further strokes (Unicode, 18.1).
_RADICALS = [ord(unicodedata.normalize("NFKC", chr(0x2F00 + number))) for number in range(214)]


class Entry(NamedTuple):
    """One point in an index."""

    name: str
    lang: str
    """The language of the name; empty for that of the handout, whichever it is."""
    code: str
    beside: str = ""
    """The name that the index of codes tells beside the code."""
    beside_lang: str = ""


class Group(NamedTuple):
    """Entries that begin alike."""

    head: str
    lang: str
    entries: tuple[Entry, ...]


class _Order(NamedTuple):
    """What an index tells, and in which order."""

    field: str
    lang: str
    key: Callable[[str], Any]
    head: Callable[[str], str]


def groups(points: Iterable[Point], by: IndexKey, lang: str = "") -> list[Group]:
    """Return the index of some points by a code or name; points without such a name are left out.

    Beside codes stand names in the language ``lang``, where points have such, else their pinyin.
    """
    if by == "code":
        return _by_code(points, lang)
    order = _ORDERS[by]
    known = (point for point in points if by == "english" or not point.own)
    # The name of an author's own point stands where others have the English one, in the language of the handout.
    named = [
        (name, point.code, "" if point.own else order.lang)
        for point in known
        if (name := getattr(point.names, order.field))
    ]
    named.sort(key=lambda one: (order.key(one[0]), one[0], one[1]))
    return [
        Group(head, order.lang, tuple(Entry(name, own, code) for name, code, own in entries))
        for head, entries in groupby(named, key=lambda one: order.head(one[0]))
    ]


def _by_code(points: Iterable[Point], lang: str) -> list[Group]:
    ordered = sorted(points, key=lambda point: (letters(point.code), int(point.code[len(letters(point.code)) :])))
    return [
        Group(head, "", tuple(_coded(point, lang) for point in row))
        for head, row in groupby(ordered, key=lambda point: letters(point.code))
    ]


def _coded(point: Point, lang: str) -> Entry:
    """Return the entry of a code, with a name beside it: that of an author's own point is in no other language."""
    if point.own:
        return Entry(point.code, "", point.code, point.names.en)
    if written := point.names.written_in(lang):
        return Entry(point.code, "", point.code, written, lang)
    return Entry(point.code, "", point.code, point.names.pinyin, PINYIN)


def _latin(name: str) -> str:
    """Return a name as Latin letters are looked up: without tones, long marks, case, blanks and signs."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if c.isalnum())


def _latin_head(name: str) -> str:
    return _latin(name)[:1].upper()


def _gojuon(name: str) -> tuple[str, str]:
    """Return a name in kana as dictionaries have it (after JIS X 4061): voiced kana with the plain, small with large.

    Where names differ in that alone, the plain one comes first.
    """
    spread = unicodedata.normalize("NFD", name)
    plain = "".join(c for c in spread if c not in (_VOICED, _HALF_VOICED)).translate(_LARGE)
    return plain, spread


def _kana_row(name: str) -> str:
    return _ROWS[max(bisect_right(_ROWS, _gojuon(name)[0][:1]) - 1, 0)]


def _initial(name: str) -> str:
    """Return the first consonant of a Korean name, as a letter by itself."""
    number = ord(name[0]) - _HANGUL
    return _INITIALS[number // _OF_ONE_INITIAL] if 0 <= number < _SYLLABLES else name[0]


def _vietnamese(name: str) -> list[tuple[list[int], int]]:
    """Return a name as Vietnamese dictionaries have it: syllable by syllable, by its letters and then by its tone."""
    return [_syllable(syllable) for syllable in name.casefold().split()]


def _syllable(syllable: str) -> tuple[list[int], int]:
    spread = unicodedata.normalize("NFD", syllable)
    tone = max(map(_TONES.find, spread))
    letters = unicodedata.normalize("NFC", "".join(c for c in spread if c not in _TONES))
    return [_VIETNAMESE.find(letter) for letter in letters], tone


def _vietnamese_head(name: str) -> str:
    return _VIETNAMESE[_vietnamese(name)[0][0][0]].upper()


def _radical(name: str) -> str:
    return chr(_RADICALS[max(bisect_right(_RADICALS, ord(name[0])) - 1, 0)])


_ORDERS = {
    "pinyin": _Order("pinyin", PINYIN, _latin, _latin_head),
    "english": _Order("en", "en", _latin, _latin_head),
    "zh-Hans": _Order("zh_hans", "zh-Hans", str, _radical),
    "zh-Hant": _Order("zh_hant", "zh-Hant", str, _radical),
    "kana": _Order("kana", "ja", _gojuon, _kana_row),
    "romaji": _Order("romaji", "ja-Latn", _latin, _latin_head),
    "hangul": _Order("ko", "ko", str, _initial),
    "ko-Latn": _Order("ko_latn", "ko-Latn", _latin, _latin_head),
    "vietnamese": _Order("vi", "vi", _vietnamese, _vietnamese_head),
}
