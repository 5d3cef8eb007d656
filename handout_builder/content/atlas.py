"""The atlas: a handout about all points of the catalogue, made from it, as plain values of a handout's file."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, get_args

from handout_builder.content import views
from handout_builder.content.schema import BodyRegion, Point, Shared

NAME = "atlas"
_MOST = 24
"""Points of one chart."""
Values = dict[str, Any]


def handout(points: Mapping[str, Point], shared: Shared, pages: Mapping[str, int], revised: date) -> Values:
    """Return the values of the atlas; ``pages`` are those of the cards, by code, for its index.

    First come the points by meridian, each with its card, then the parts of the body with all their points, then the
    indexes.
    """
    words = shared.labels
    standard = [point for point in points.values() if not point.own]
    return {
        "title": words["atlas_title"],
        "description": words["atlas_description"],
        "revised": revised,
        "about": ["whole-body"],
        "accept": {"not-for-pressing": words["atlas_no"]},
        "summary": [words["atlas_how"]],
        "sections": [
            {
                "id": "before-you-press",
                "heading": words["atlas_safety"],
                "blocks": [{"type": "safety", "include": name} for name in ("see-a-doctor", "when-not-to-press")],
            },
            *_meridians(standard, shared),
            *_regions(standard, shared),
            *_indexes(standard, shared, pages),
        ],
        "sources": sorted({source for point in standard for source in point.sources} & shared.sources.keys()),
    }


def card(code: str, points: Mapping[str, Point]) -> str:
    """Return the id of the element that is a point's card."""
    point = points[code]
    row = [other.code for other in points.values() if not other.own and other.meridian == point.meridian]
    return f"{_id(point.meridian)}_1-{row.index(code) + 1}"


def _id(meridian: str) -> str:
    return f"meridian-{meridian.lower()}"


def _meridians(points: Sequence[Point], shared: Shared) -> Iterable[Values]:
    for number, (meridian, row) in enumerate(groupby(points, key=lambda point: point.meridian)):
        yield {
            "id": _id(meridian),
            "heading": f"{shared.meridians[meridian]} ({meridian})",
            "starts_page": number == 0,
            "wide": True,
            "blocks": [{"type": "points", "points": [_card(point) for point in row]}],
        }


def _card(point: Point) -> Values:
    names = point.names
    other = [f"*{names.en}*"]
    if names.ja:
        other.append(f"[{names.ja}]{{lang=ja}} {_tagged(names.kana, 'ja')} {names.romaji}".strip())
    if names.ko:
        other.append(f"[{names.ko}]{{lang=ko}} {names.ko_latn}".strip())
    return {
        "code": point.code,
        "name": {
            "text": names.zh_hans, "lang": "zh-Hans", "reading": names.pinyin, "reading_lang": "zh-Latn-pinyin",
        },
        "remark": " · ".join(other),
    }  # fmt: skip


def _tagged(text: str, lang: str) -> str:
    return f"[{text}]{{lang={lang}}}" if text else ""


def _regions(points: Sequence[Point], shared: Shared) -> Iterable[Values]:
    words, first = shared.labels, True
    for region in get_args(BodyRegion):
        here = [point for point in points if point.place and point.place.region == region]
        blocks = [
            {
                "type": "chart",
                "view": view,
                "points": [point.code for point in seen[start : start + _MOST]],
                "title": words[f"view_{view}"],
                "caption": words["atlas_caption"],
            }
            for view, seen in views.chosen(here).items()
            for start in range(0, len(seen), _MOST)
        ]
        if blocks:
            yield {
                "starts_page": first, "id": f"region-{region}", "heading": words[f"region_{region}"], "wide": True,
                "blocks": blocks,
            }  # fmt: skip
            first = False


def _indexes(points: Sequence[Point], shared: Shared, pages: Mapping[str, int]) -> Iterable[Values]:
    """Yield the indexes, one a section: each name with its code and the page of its card."""
    kinds: Sequence[tuple[str, Callable[[Point], str], str, Callable[[str], str]]] = (
        ("code", lambda point: point.code, "", lambda name: name.rstrip("0123456789")),
        ("pinyin", lambda point: point.names.pinyin, "zh-Latn-pinyin", _letter),
        ("english", lambda point: point.names.en, "", _letter),
        ("hans", lambda point: point.names.zh_hans, "zh-Hans", _first),
        ("hant", lambda point: point.names.zh_hant, "zh-Hant", _first),
        ("kana", lambda point: point.names.kana, "ja", _first),
        ("hangul", lambda point: point.names.ko, "ko", _initial),
    )
    for number, (kind, name_of, lang, head_of) in enumerate(kinds):
        named = [(name_of(point), point) for point in points if name_of(point)]
        if kind != "code":
            named.sort(key=lambda one: (_sorted(one[0]), one[0]))
        lines = []
        for head, entries in groupby(named, key=lambda one: head_of(one[0])):
            told = "; ".join(_entry(name, lang, point.code, pages) for name, point in entries)
            lines.append(told if kind in ("hans", "hant", "kana") else f"**{_tag(head, lang)}** {told}")
        text = "; ".join(lines) if kind in ("hans", "hant", "kana") else "\n\n".join(lines)
        yield {
            "id": f"index-{kind}",
            "heading": shared.labels[f"atlas_index_{kind}"],
            "starts_page": number == 0,
            "wide": True,
            "blocks": [{"type": "text", "text": text}],
        }


def _entry(name: str, lang: str, code: str, pages: Mapping[str, int]) -> str:
    page = f" {pages[code]}" if code in pages else ""
    return f"{name}{page}" if name == code else f"{_tag(name, lang)} {code}{page}"


def _tag(name: str, lang: str) -> str:
    return f"[{name}]{{lang={lang}}}" if lang and any(c.isalpha() for c in name) else name


def _sorted(name: str) -> str:
    """Return a name without tones and case: Chinese by the numbers of Unicode, which follow the radicals."""
    spread = unicodedata.normalize("NFD", name.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c) or c in "\u3099\u309a")


def _letter(name: str) -> str:
    return _sorted(name)[:1].upper()


def _first(name: str) -> str:
    return name[:1]


def _initial(name: str) -> str:
    """Return the first consonant of a Korean name, in its own letter (Unicode, Hangul syllables)."""
    number = ord(name[0]) - 0xAC00
    return "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[number // 588] if 0 <= number < 11172 else name[0]  # noqa: PLR2004
