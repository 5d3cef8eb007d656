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
        ("", EXERCISE % "image: a.png", "did you mean 'picture'?"),
        ("", EXERCISE % "minutes: 2", "write hold: 120"),
        ("", POINTS % "dose: {seconds: 30, weeks: 2}", "write days: 14"),
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
