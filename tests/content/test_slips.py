"""Slips that people make who know what they want but not how it is written here: each is answered with how."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import common

from handout_builder.content.loader import load
from handout_builder.errors import HandoutError

TEXT = """\
title: A title
description: D
revised: 2026-11-28
about: low-back
sections:
  - id: first
    heading: First
    blocks:
      - {type: text, text: Words.}
"""
IMAGE = "write image: a.png, then alt; known keys: image, alt, crop, credit, licence, side"
EXERCISE = "      - {type: exercise, name: A, steps: [B], %s}\n"
POINTS = "      - {type: points, %s, points: [{code: BL23, name: {text: 肾俞, lang: zh-Hans, reading: Shènshū}}]}\n"


@pytest.mark.parametrize(
    ("before", "after", "hint"),
    [
        ("about: low-back", "about: neck, shoulder", "write [neck, shoulder-arm]"),
        ("about: low-back", "about: [shoulder]", "did you mean 'shoulder-arm'?"),
        ("about: low-back", "about: low-back\nbody: female", "did you mean 'woman'?"),
        ("- {type: text, text: Words.}", "- Drink water.", 'write {type: text, text: "Drink water."}; '),
        ("type: text", "type: tip", "write it as a block of type 'notice'"),
        ("type: text", "type: warning", "write it as a block of type 'notice' with kind: caution, or, "),
        ("", EXERCISE % "minutes: 2", "write hold: 120"),
        ("", POINTS % "dose: {seconds: 30, weeks: 2}", "write days: 14"),
        (
            "- {type: text, text: Words.}",
            '- {type: list, items: ["Sit.\\n\\nWalk."]}',
            "make sentences of it, or put what is ",
        ),
        (
            "",
            POINTS.replace("}}]", '}, remark: "You:\\n- sit"}]') % "keep: true",
            "make sentences of it, or put what is ",
        ),
        ("", POINTS.replace("BL23", '""') % "keep: true", "its code, such as BL23; "),
        ("", "      - {type: safety, include: ''}\n", "known: help-at-once, "),
        ("", "      - {type: table, columns: [A, B], rows: ['a, b']}\n", "write [a, b]"),
        ("", "      - {type: table, columns: [A, B], rows: [[a, b]], head: 1}\n", "did you mean 'columns'?"),
        (
            "",
            "      - {type: table, columns: [A, B], rows: [[a, b, c]]}\n",
            "a cell that has a comma needs quotation marks",
        ),
        (
            "",
            POINTS % "dose: {seconds: 30, when: at night, daily}",
            'a text with a comma needs quotation marks: when: "at n',
        ),
        ("", POINTS % "dose: {seconds: 30, pressure light}", "write pressure: light"),
        ("", "      - {type: figure, image: Chair.PNG, alt: A chair.}\n", "did you mean 'chair.png'?"),
        ("", "      - {type: figure, image: '', alt: A chair.}\n", "put a "),
        ("about: low-back", "about: low-back\nlang: es", "the name of the file tells the language"),
        ("about: low-back", "about: low-back\nbrand: north", "a brand is named when it is built"),
        ("about: low-back", "about: stomach", "did you mean 'chest-belly'?"),
        ("2026-11-28", "3. Dezember 2026", "write 2026-12-03"),
        ("2026-11-28", "le 3", "year, month and day"),
        ("2026-11-28", "令和8年12月3日", "write 2026-12-03"),
        ("text: Words.", "text: [a, b]", "a list is a block of its own"),
        ("- {type: text, text: Words.}", "- {text: Words.}", "write type: text; or take out the hyphen"),
        ("- {type: text, text: Words.}", "{type: text, text: Words.}", "write - type: …"),
        (
            "",
            "      - type: list\n        items: |\n          - a\n          - b\n",
            "take out the sign behind the colon",
        ),
        ("", "      - {type: table, columns: [A, B], rows: ['a | b']}\n", "write [a, b]"),
        ("", "      - {type: table, columns: [A, B], rows: [{A: 1, B: 2}]}\n", "write [1, 2]"),
        ("", "      - {type: faq, items: []}\n", "write it as a block of type 'questions'"),
        ("", "      - {type: h2, text: A}\n", "write it as a block of type 'heading'"),
        ("", "      - {type: foto, image: a.png}\n", "write it as a block of type 'figure'"),
        ("", "      - {type: red-flags}\n", "write it as a block of type 'safety'"),
        ("", "      - {type: glossary, items: []}\n", "write it as 'glossary:' at the end of the handout"),
        ("", POINTS % "dose: {seconds: 30, pressure: strong}", "did you mean 'firm'?"),
        ("", POINTS.replace("BL23", "L14") % "keep: true", "the nearest known codes: LI4, LI14"),
        ("", POINTS.replace("BL23", "SP6/ST36") % "keep: true", "each point has a card of its own: SP6, ST36"),
    ],
)
def test_a_slip_is_answered_with_how_it_is_written(tmp_path: Path, before: str, after: str, hint: str) -> None:
    folder = tmp_path / "source" / "h"
    folder.mkdir(parents=True)
    (folder / "chair.png").write_bytes(b"")
    (folder / "en.yaml").write_text(TEXT.replace(before, after) if before else TEXT + after, "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en", common())
    (problem,) = caught.value.problems
    assert problem.hint.startswith(hint), problem


@pytest.mark.parametrize(
    ("before", "after", "hints"),
    [
        ("title:", "titulo:", ["'title'"]),
        ("title:", "Título:", ["'title'"]),
        ("title:", "titel:", ["'title'"]),
        ("title:", "标题:", ["'title'"]),
        ("title:", "tiêu đề:", ["'title'"]),
        ("revised", "fecha", ["'revised'"]),
        ("revised", "datum", ["'revised'"]),
        ("revised", "날짜", ["'revised'"]),
        ("heading", "見出し", ["'heading'"]),
        ("type: text, text", "tipo: texto, texto", ["write type: where it says tipo:", "'text'", "'text'"]),
        ("type: text", "type: texto", ["'text'"]),
        ("type: text", "type: 本文", ["'text'"]),
        ("- {type: text, text: Words.}", "- {type: exercise, name: A, steps: [B], image: a.png}", ["'picture'", IMAGE]),
    ],
)
def test_a_word_of_another_language_is_answered_with_the_key(
    tmp_path: Path, before: str, after: str, hints: list[str]
) -> None:
    """Nothing is called missing that has another name."""
    folder = tmp_path / "source" / "h"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text(TEXT.replace(before, after), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en", common())
    assert [problem.hint.removeprefix("did you mean ").removesuffix("?") for problem in caught.value.problems] == hints


def test_words_that_are_like_no_key_have_none_offered(tmp_path: Path) -> None:
    """A key that is spelt a little alike and means something else is worse than all keys."""
    folder = tmp_path / "source" / "h"
    folder.mkdir(parents=True)
    (folder / "en.yaml").write_text(f"{TEXT}      - {{type: figure, image: a.png, alt: A, breite: 3}}\n", "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en", common())
    assert any(problem.hint.startswith("known keys: ") for problem in caught.value.problems)


def test_what_is_wrong_below_another_word_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "h"
    folder.mkdir(parents=True)
    text = TEXT.replace("sections", "secciones").replace("blocks", "bloques").replace("text: Words.", "texto: 合谷")
    (folder / "en.yaml").write_text(text, "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en", common())
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [
        (5, "unknown-key"),
        (8, "unknown-key"),
        (9, "unknown-key"),
        (9, "untagged-language"),
    ]
