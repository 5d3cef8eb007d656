"""Indexes of points: each in the order in which readers of its script look."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from handout_builder.content import point_index
from handout_builder.content.schema import IndexKey, Point, StandardNames

FIELDS = {"english": "en", "hangul": "ko", "vietnamese": "vi"}


def points(by: str, *names: str) -> list[Point]:
    """Return points with these names, from LU1 on."""
    found = []
    for number, name in enumerate(names, 1):
        given: dict[str, Any] = {"pinyin": "x", "zh-Hans": "一", "zh-Hant": "一", "verified": 3}
        own = {FIELDS.get(by, by): name}
        found.append(Point(code=f"LU{number}", names=StandardNames.model_validate(given | own)))
    return found


def told(by: Any, *names: str) -> list[tuple[str, list[str]]]:
    groups = point_index.groups(points(by, *reversed(names)), by)
    return [(group.head, [entry.name for entry in group.entries]) for group in groups]


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        # Tones, apostrophes, blanks and case count for nothing: Chang'ou stands between Changgu and Changpu.
        ("pinyin", [("C", ["Chánggǔ", "Cháng'ōu", "Chāngpú"]), ("L", ["Lǘxī", "Lǜyì"])]),
        ("english", [("G", ["Gatehouse", "Gate of Hope", "Gate's End"])]),
        # Voiced and small kana as the plain large ones; where only they differ, the plain name first.
        (
            "kana",
            [
                ("か", ["かく", "がけ", "かこ"]),
                ("さ", ["しやう", "しょう", "しょうかい"]),
                ("は", ["はい", "ばい", "ぱい"]),
            ],
        ),
        ("romaji", [("K", ["Kanshō", "Kanten", "Kan'yu"])]),
        ("hangul", [("ㄱ", ["간유", "강간"]), ("ㄲ", ["까치"]), ("ㅎ", ["합곡"])]),
        ("ko-Latn", [("H", ["Hapgok", "Hoegol"])]),
        # Letters before tones, syllable by syllable: â is another letter than a, đ than d.
        (
            "vietnamese",
            [
                ("A", ["Á môn"]),
                ("Â", ["Âm giao", "Ẩn bạch"]),
                ("C", ["Cư liêu", "Cự cốt", "Cự liêu"]),
                ("D", ["Du phủ"]),
                ("Đ", ["Đái mạch", "Đại bao"]),
            ],
        ),
        # Radicals 9, 12, 30 and 169, the last for its simplified form, too; 关 itself is written with 八.
        ("zh-Hant", [("人", ["人迎", "俞府"]), ("口", ["合谷", "和髎"]), ("門", ["門門", "關元"])]),
        ("zh-Hans", [("人", ["人迎", "俞府"]), ("八", ["关门"]), ("口", ["合谷"]), ("門", ["门"])]),
    ],
)
def test_names_stand_where_readers_look_for_them(by: str, groups: list[tuple[str, list[str]]]) -> None:
    assert told(by, *(name for _, names in groups for name in names)) == groups


def test_codes_stand_by_letters_then_by_number() -> None:
    codes = ["EX-HN15", "BL10", "GV4", "BL9", "EX-B1", "BL2"]
    given = [point.model_copy(update={"code": code}) for point, code in zip(points("en", *codes), codes, strict=True)]
    groups = point_index.groups(given, "code")
    assert [(group.head, [entry.code for entry in group.entries]) for group in groups] == [
        ("BL", ["BL2", "BL9", "BL10"]),
        ("EX-B", ["EX-B1"]),
        ("EX-HN", ["EX-HN15"]),
        ("GV", ["GV4"]),
    ]


@pytest.mark.parametrize(
    ("lang", "beside"), [("vi", "Hợp cốc"), ("ko", "합곡"), ("ja", "合谷"), ("en", "Hégǔ"), ("es", "Hégǔ")]
)
def test_beside_codes_stand_names_of_the_language(lang: str, beside: str) -> None:
    names = {
        "pinyin": "Hégǔ",
        "zh-Hans": "合谷",
        "zh-Hant": "合谷",
        "ja": "合谷",
        "ko": "합곡",
        "vi": "Hợp cốc",
        "verified": 3,
    }
    point = Point(code="LI4", names=StandardNames.model_validate(names))
    ((entry,),) = (group.entries for group in point_index.groups([point], "code", lang))
    assert entry.beside == beside
    assert entry.beside_lang == (lang if lang in ("vi", "ko", "ja") else "zh-Latn-pinyin")


def test_names_say_their_language() -> None:
    """That of an author's own point is in the language of the handout, whichever it is."""
    given = [*points("english", "Gate of Hope"), Point(code="MY1", names=StandardNames.model_validate(NONE), own=True)]
    entries = [entry for group in point_index.groups(given, "english") for entry in group.entries]
    assert [(entry.name, entry.lang) for entry in entries] == [("Gate of Hope", "en"), ("Sore spot", "")]


@pytest.mark.parametrize("by", get_args(IndexKey))
def test_points_without_such_a_name_are_left_out(by: IndexKey) -> None:
    own = Point(code="MY1", names=StandardNames.model_validate(NONE), own=True)
    groups = point_index.groups([own], by)
    assert [entry.code for group in groups for entry in group.entries] == (["MY1"] if by in ("code", "english") else [])


NONE = {"pinyin": "Sore spot", "zh-Hans": "Sore spot", "zh-Hant": "Sore spot", "en": "Sore spot", "verified": 1}
