"""What is told of the words that a short form misses: advice, and what its summary speaks of."""

from pathlib import Path

import pytest
from helpers.project import LANGUAGES, common

from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import Problem, Severity
from handout_builder.plain_language import left_out
from handout_builder.render.product import Product

HANDOUT = """
title: A title
description: A description.
revised: 2026-01-01
identifier: urn:uuid:2f1d3a52-7f7c-4dd5-9c1c-3c2c1f0f2b11
summary: ["SUMMARY"]
sections:
  - id: one
    heading: One
    blocks:
      - {type: text, text: "TEXT"}
  - id: two
    heading: Two
    blocks:
      - type: points
        points:
          - {code: LI4, name: {text: 合谷, lang: zh-Hans, reading: Hégǔ}, remark: "REMARK"}
  - id: three
    heading: Three
    blocks:
      - {type: list, items: [Walk.]}
      - {type: diary, rows: [Walk]}
"""
WORDS = {
    "en": ("You cannot force sleep. Don’t stop your tablets.", "Don’t stop your tablets.", "Talk to your doctor."),
    "es": ("Duerma bien. No suspenda sus pastillas.", "No suspenda sus pastillas.", "Hable con su médico."),
    "ja": ("よく眠れます。薬をやめないでください。", "薬をやめないでください。", "医師に相談します。"),
    "ko": ("잠이 옵니다. 약을 끊지 마십시오.", "약을 끊지 마십시오.", "의사와 상의합니다."),
    "vi": ("Bạn sẽ ngủ ngon. Đừng ngừng thuốc.", "Đừng ngừng thuốc.", "Hãy hỏi bác sĩ."),
    "zh-Hans": ("您会睡得好。请勿停药。", "请勿停药。", "请问医生。"),
    "zh-Hant": ("您會睡得好。請勿停藥。", "請勿停藥。", "請問醫生。"),
}
"""Sentences of which the last forbids, this one, and one that says whom to ask."""
DIARIES = {
    "en": "Tick off each day in the diary.",
    "es": "Marque cada día en el diario.",
    "ja": "毎日、日記につけます。",
    "ko": "매일 일지에 적습니다.",
    "vi": "Ghi vào nhật ký mỗi ngày.",
    "zh-Hans": "每天写日记。",
    "zh-Hant": "每天寫日記。",
}


def told(folder: Path, lang: str, gone: tuple[str, ...] = (), **words: str) -> list[Problem]:
    """Return what is told of a short form without the parts ``gone``."""
    text = HANDOUT
    for name, said in ({"SUMMARY": "Sleep.", "TEXT": "Sleep.", "REMARK": "Sleep."} | words).items():
        text = text.replace(name, said)
    handout = folder / "planted"
    handout.mkdir(exist_ok=True)
    (handout / f"{lang}.yaml").write_text(text, "utf-8")
    return list(left_out.told(Product(load(handout, lang, common()), edition=EDITIONS["leaflet"], left_out=gone)))


def test_the_words_of_every_language_are_tried() -> None:
    assert set(WORDS) == set(DIARIES) == set(LANGUAGES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_advice_that_a_short_form_leaves_out_is_quoted(tmp_path: Path, lang: str) -> None:
    """“Please don’t stop any sleeping tablets on your own” was told by the name of its section alone."""
    text, forbidding, asking = WORDS[lang]
    (warning,) = told(tmp_path, lang, TEXT=text)
    assert (warning.code, warning.severity) == ("left-out", Severity.WARNING)
    assert warning.message == f"the edition leaflet leaves out advice: “{forbidding}”"
    (note,) = told(tmp_path, lang, TEXT=asking)
    assert (note.message, note.severity) == (f"the edition leaflet leaves out advice: “{asking}”", Severity.NOTE)
    assert not told(tmp_path, lang)


def test_at_most_three_sentences_are_quoted_those_that_name_a_doctor_first(tmp_path: Path) -> None:
    text = "Never run. Do not jump. Never hop. Ask your doctor. Ask a midwife."
    (warning,) = told(tmp_path, "en", TEXT=text)
    assert warning.message.endswith(": “Ask your doctor.”, “Ask a midwife.”, “Never run.” and 2 more")


def test_advice_on_a_card_counts_where_it_goes_and_is_not_bold(tmp_path: Path) -> None:
    remark = "**Never at night.** Never after meals."
    assert not told(tmp_path, "en", REMARK=remark)
    (warning,) = told(tmp_path, "en", ("uses",), REMARK=remark)
    assert warning.message.endswith("leaves out advice: “Never after meals.”")


def test_cautions_that_are_told_as_such_are_not_told_twice(tmp_path: Path) -> None:
    assert not told(tmp_path, "en", ("cautions",), TEXT="**Never stop your tablets.**")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_summary_speaks_of_is_told_where_it_is_left_out(tmp_path: Path, lang: str) -> None:
    """The summary said to tick off each day in a diary that was not there."""
    assert not told(tmp_path, lang, SUMMARY=DIARIES[lang])
    (note,) = told(tmp_path, lang, ("aids",), SUMMARY=DIARIES[lang])
    assert note.message == f"the edition leaflet leaves out what its summary speaks of: “{DIARIES[lang]}”"
    assert note.severity is Severity.NOTE
