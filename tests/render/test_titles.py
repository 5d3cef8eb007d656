"""Titles whose last line is more than one short word."""

import re

import pytest

from handout_builder.render.titles import bind_last_words, break_at_colons


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Headache and stiff neck", "Headache and {stiff neck}"),
        ("Dolor de cabeza y rigidez de cuello", "Dolor de cabeza y rigidez {de cuello}"),
        ("Đau đầu và cứng cổ", "Đau đầu và {cứng cổ}"),
        ("두통과 뻣뻣한 목", "두통과 {뻣뻣한 목}"),
        ("Cuando el hombro no te deja dormir", "Cuando el hombro no te {deja dormir}"),
        ("Sleep &amp; the &amp; sign", "Sleep &amp; the {&amp; sign}"),
        ("Puntos de presión para el dolor de espalda crónico", "Puntos de presión para el dolor de {espalda crónico}"),
        (
            '<span class="one">Headache and stiff neck</span> <span class="second" lang="ja">頭痛</span>',
            '<span class="one">Headache and {stiff neck}</span> <span class="second" lang="ja">頭痛</span>',
        ),
        ("Chronic back pain of the spinal ligaments", "Chronic back pain of the spinal ligaments"),
        ("Chronic back pain pressure points", "Chronic back pain {pressure points}"),
        ("Stretching and physiotherapy", "Stretching and physiotherapy"),
        ("Knee pain", "Knee pain"),
        ("膝の痛み", "膝の痛み"),
        ("Pressing <em>your</em> own neck", "Pressing <em>your</em> own neck"),
    ],
)
def test_a_short_last_word_does_not_stand_alone_in_a_title(title: str, printed: str) -> None:
    printed = re.sub("{(.*) (.*)}", "\\1\u00a0\\2", printed)
    assert bind_last_words(f"<h2>of all days</h2><h1>{title}</h1>") == f"<h2>of all days</h2><h1>{printed}</h1>"


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Desk shoulder: five points", "Desk shoulder: {five points}"),
        (
            '<span class="one">Desk: five</span> <span lang="ja">机</span>',
            '<span class="one">Desk: {five}</span> <span lang="ja">机</span>',
        ),
        ("肩痛：五个穴位", "肩痛：{五个穴位}"),
        ("At 10:30", "At 10:30"),
        ("Desk shoulder", "Desk shoulder"),
    ],
)
def test_what_follows_a_colon_stays_together_in_a_title(title: str, printed: str) -> None:
    printed = printed.replace("{", '<span class="unbroken clause">').replace("}", "</span>")
    assert break_at_colons(f"<p>a: b</p><h1>{title}</h1>") == f"<p>a: b</p><h1>{printed}</h1>"
