"""Language tags: what region forms mean, what is misspelt, and in which language a name is read."""

from __future__ import annotations

import pytest

from handout_builder.text import language


@pytest.mark.parametrize(
    ("tags", "meant"),
    [
        ("zh-Hans zh-CN zh-cn zh_CN zh-hans zh-SG zh-MY zh-Hans-CN zh-Hans-HK cmn-Hans", "zh-Hans"),
        ("zh-Hant zh-TW zh_TW zh-hant zh-Hant-TW cmn-Hant", "zh-Hant"),
        ("zh-HK zh-hk zh-MO zh-Hant-HK zh-Hant-MO yue zh-yue yue-Hant-HK", "zh-HK"),
        ("ja ja-JP JA ja_jp ja-Jpan-JP", "ja"),
        ("ko ko-KR ko-KP ko-Kore", "ko"),
        ("zh-Latn-pinyin zh-latn-PINYIN", "zh-Latn-pinyin"),
        ("en-GB en_gb", "en-GB"),
        ("es-419", "es-419"),
        ("ja-Latn", "ja-Latn"),
        ("tw", "tw"),  # Twi
    ],
)
def test_tags_that_mean_the_same(tags: str, meant: str) -> None:
    for tag in tags.split():
        assert (language.canonical(tag), language.meant(tag)) == (meant, "")


@pytest.mark.parametrize(
    ("tags", "right"),
    [
        ("jp JP jpn Japanese jp-JP", "ja"),
        ("cn chs simplified", "zh-Hans"),
        ("cht traditional", "zh-Hant"),
        ("hk cantonese", "zh-HK"),
        ("kr korean kr-KR", "ko"),
        ("zh cmn chinese zh-US", "zh-Hans (simplified) or zh-Hant (traditional)"),
        ("english", "en"),
    ],
)
def test_misspelt_tags_are_refused_with_the_right_one(tags: str, right: str) -> None:
    assert {language.meant(tag) for tag in tags.split()} == {right}


@pytest.mark.parametrize("tag", ["", "x", "xx", "a b", "qq-DE", "zh-", "-"])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    assert language.meant(tag)


@pytest.mark.parametrize(
    ("reading", "lang", "read_in"),
    [
        ("Shènshū", "zh-Hans", "zh-Latn-pinyin"),
        ("Shenshu", "zh-Hant", "zh-Latn-pinyin"),
        ("じんゆ", "ja", "ja"),
        ("じんゆ", "zh-Hans", "ja"),
        ("konron", "ja", "ja-Latn"),
        ("Kūgen", "ja", "ja-Latn"),
        ("Fēngchí", "ja", "zh-Latn-pinyin"),
        ("Fēngchí", "en", "zh-Latn-pinyin"),
        ("신수", "ko", "ko"),
        ("sinsu", "ko", "ko-Latn"),
        ("ㄕㄣˋ", "zh-Hant", "zh-Hant"),
        ("Dazhu", "en", ""),
        ("Шэньшу", "zh-Hans", ""),
        ("腎兪", "ja", ""),
        ("23", "ja", ""),
    ],
)
def test_language_of_a_reading(reading: str, lang: str, read_in: str) -> None:
    assert language.of_reading(reading, lang) == read_in


def test_punctuation_of_han_belongs_to_its_run() -> None:
    assert language.cjk_runs("see 注意：慢。 then") == ["注意：慢。"]
    assert set("".join(language.cjk_characters("他说“好”…"))) == set("他说好“”…")
    assert language.cjk_characters("said “well”…") == []
