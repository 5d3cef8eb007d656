"""A handout is loaded: what it lacks for its points, and what may be written in few letters."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from helpers.places import row, table
from helpers.project import LANG, NAME, ROOT, Project

from handout_builder.content import place_text
from handout_builder.content.anatomy import figure_of, view_of
from handout_builder.content.loader import Source, load
from handout_builder.content.schema import VERTEBRAE
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Severity

CARD = """\
title: T
description: D
revised: 2026-11-23
sections:
  - id: one
    heading: H
    blocks:
      - type: points
        points:
          - code: {code}
            name: {{text: {text}, lang: zh-Hans, reading: X}}
            use: U
"""


def loaded(project: Project, text: str) -> Source:
    project.text.write_text(text, "utf-8")
    return load(project.folder, LANG)


def test_one_letter_is_a_text(project: Project) -> None:
    source = loaded(project, CARD.format(code="BL23", text="肾俞"))
    assert source.handout.sections[0].blocks[0].points[0].use == "U"


@pytest.mark.parametrize(
    ("table_of_places", "hint"),
    {
        "LU1 has no place in the table": (table(), "give its place in points/places.csv"),
        "no words for its distance": (
            table(row(code="LU1", lateral_cun="1.7")),
            "add its words to points/words/en.csv, with measures that shared/en.yaml has; or say 'where:' on the card",
        ),
    }.values(),
)
def test_a_card_needs_words_for_its_place(project: Project, table_of_places: str, hint: str) -> None:
    (project.top / "source" / "points" / "places.csv").write_text(table_of_places, "utf-8")
    (project.top / "source" / "points" / "words" / "en.csv").write_text("code,where,short\n", "utf-8")
    with pytest.raises(HandoutError) as caught:
        loaded(project, CARD.format(code="LU1", text="中府"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.hint) == ("no-place", 10, hint)
    assert "LU1" in problem.message
    # The author's own words will do.
    source = loaded(project, CARD.format(code="LU1", text="中府") + "            where: At the **chest**.\n")
    card = source.handout.sections[0].blocks[0].points[0]  # type: ignore[union-attr]
    assert place_text.card_place(card, source.points["LU1"], source.shared) == "At the **chest**."


def test_a_point_that_no_figure_has_is_told_and_not_drawn(project: Project) -> None:
    point = loaded(project, CARD.format(code="LI4", text="合谷")).points["EX-HN11"]
    assert (figure_of(point), view_of(point)) == (None, None)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_card_of_one_side_does_not_say_to_each_side(project: Project, side: str) -> None:
    source = loaded(project, CARD.format(code="BL23", text="肾俞") + f"            side: {side}\n")
    card, point = source.handout.sections[0].blocks[0].points[0], source.points["BL23"]  # type: ignore[union-attr]
    where = "About two finger-widths beside the spine, level with the gap below the second lumbar vertebra (L2)."
    assert place_text.card_place(card, point, source.shared) == f"On the {side} side. {where}"
    assert f"the {side} side. {where}" in place_text.spot_alt(point, source.shared, side)
    assert "to each side" in place_text.card_place(card.model_copy(update={"side": "both"}), point, source.shared)


@pytest.mark.parametrize("line", ["side: left", "dose: {side: right}"])
def test_a_point_of_no_pair_has_no_side(project: Project, line: str) -> None:
    with pytest.raises(HandoutError) as caught:
        loaded(project, CARD.format(code="GV4", text="命门") + f"            {line}\n")
    (problem,) = caught.value.problems
    assert (problem.line, problem.hint) == (13, "take 'side:' out")
    assert problem.message == "GV4 is not one of a pair, so that no side can be chosen"


@pytest.mark.parametrize("line", ["side: both", "dose: {side: both, seconds: 30}", "dose: {side: both}"])
def test_both_sides_are_said_of_no_point_of_no_pair(project: Project, line: str) -> None:
    source = loaded(project, CARD.format(code="GV4", text="命门") + f"            {line}\n")
    card = source.handout.sections[0].blocks[0].points[0]  # type: ignore[union-attr]
    assert card.pressed_on is None
    assert bool(card.dose) is ("seconds" in line)
    assert "oth sides" not in place_text.card_place(card, source.points["GV4"], source.shared)
    (told,) = (note for note in source.notes if note.code == "no-pair")
    assert told.message == "'side: both' is not printed for GV4: not one of a pair"
    assert (told.severity, told.line, told.hint) == (Severity.WARNING, 13, "take 'side:' out")


def test_both_sides_of_a_pair_are_no_doubt(project: Project) -> None:
    source = loaded(project, CARD.format(code="LI4", text="合谷") + "            side: both\n")
    assert "no-pair" not in {note.code for note in source.notes}


def test_a_card_may_speak_of_one_side(project: Project) -> None:
    def told(line: str) -> str:
        source = loaded(project, CARD.format(code="LI4", text="合谷") + line)
        card = source.handout.sections[0].blocks[0].points[0]  # type: ignore[union-attr]
        return place_text.card_place(card, source.points["LI4"], source.shared)

    assert told("            side: left\n") == f"On the left side. {told('')}"
    assert told("            side: both\n") == f"On both sides. {told('')}"
    with pytest.raises(HandoutError):
        told("            side: front\n")


def test_a_landmark_can_be_told_by_touch(project: Project) -> None:
    point = loaded(project, CARD.format(code="BL23", text="肾俞")).points["BL23"]
    shared = load(project.folder, LANG).shared
    told = place_text.how_to_find(point, shared)
    assert told == "gap below L2. Two bones above L4, which is level with the tops of the hip bones."


NO_PRESS = CARD.format(code="ST9", text="人迎")


def test_a_point_that_is_not_for_pressing_needs_a_reason(project: Project) -> None:
    with pytest.raises(HandoutError) as caught:
        loaded(project, NO_PRESS)
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.severity) == ("not-for-pressing", 10, Severity.ERROR)
    assert "ST9 is not for pressing: large blood vessels" in problem.message
    accepted = loaded(project, f"{NO_PRESS}accept: {{not-for-pressing: It is shown so that nobody presses it.}}\n")
    notes = [note for note in accepted.notes if note.code == "not-for-pressing"]
    assert [(note.line, note.severity) for note in notes] == [(10, Severity.WARNING)]
    lines = place_text.cautions(accepted.points["ST9"], accepted.shared)
    assert lines == ["Do not press here: large blood vessels and nerves of the neck run here."]


@pytest.mark.parametrize(
    "block",
    [
        "{type: overview, title: T, caption: C, groups: [{mark: ring, label: a, points: [BL23, ST17]}]}",
        "{type: chart, view: back, title: T, caption: C, points: [BL23, GV1]}",
    ],
)
def test_no_table_and_no_chart_has_a_point_that_is_not_for_pressing(project: Project, block: str) -> None:
    text = f"title: T\ndescription: D\nrevised: 2026-11-23\nsections:\n  - {{id: one, heading: H, blocks: [{block}]}}\n"
    with pytest.raises(HandoutError) as caught:
        loaded(project, text)
    assert "not-for-pressing" in {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize(("name", "lang"), [("zh-CN", "zh-Hans"), ("zh-TW", "zh-Hant"), ("ja-JP", "ja")])
def test_a_file_named_after_a_region_is_in_that_language(project: Project, name: str, lang: str) -> None:
    shared = project.top / "source" / "shared"
    shutil.copy(shared / "en.yaml", shared / f"{lang}.yaml")
    text = CARD.format(code="BL23", text="肾俞").replace("title: T", "title: 背痛")
    (project.folder / f"{name}.yaml").write_text(text, "utf-8")
    source = load(project.folder, name)
    assert (source.lang, source.language) == (name, lang)


def test_a_file_named_after_no_language_is_told_the_right_name(project: Project) -> None:
    (project.folder / "jp.yaml").write_text(CARD.format(code="BL23", text="肾俞"), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(project.folder, "jp")
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("language-tag", "name it after its language: ja")


@pytest.mark.parametrize(
    ("text", "lang", "reading", "told"),
    [
        ("肾俞", "zh-Hans", "Shènshū", False),
        ("肾俞", "zh-Hans", "shèn shū", False),
        ("肾俞", "zh-Hans", "Shenshu", False),
        ("腎兪", "ja", "じんゆ", False),
        ("신수", "ko", "Sinsu", False),
        ("신수", "ko", "腎兪", False),
        ("Thận du", "vi", "腎俞", False),
        ("Thận dụ", "vi", "腎俞", True),
        ("肾愈", "zh-Hans", "Shènshū", True),
        ("肾俞", "zh-Hans", "Shènshu", True),
        ("肾俞", "zh-Hans", "Shenzhu", True),
        ("腎兪", "ja", "しんゆ", True),
    ],
)
def test_a_name_or_reading_that_is_not_the_standards_is_told(
    project: Project, text: str, lang: str, reading: str, told: bool
) -> None:
    card = (
        CARD.format(code="BL23", text=text)
        .replace("lang: zh-Hans", f"lang: {lang}")
        .replace("reading: X", f"reading: {reading}" + ", reading_lang: zh-Hant" * (reading in ("腎兪", "腎俞")))
    )
    notes = [note for note in loaded(project, card).notes if note.code == "point-name"]
    assert len(notes) == told
    for note in notes:
        assert (note.severity, note.line) == (Severity.WARNING, 11)
        assert note.message.endswith(
            "standard: 肾俞 Shènshū (zh-Hans), 腎俞 (zh-Hant), 腎兪 じんゆ (ja), 신수 Sinsu (ko), Thận du 腎俞 (vi)"
        )


def test_a_point_that_no_drawing_shows_has_no_view() -> None:
    points = load(ROOT / "source" / NAME, LANG).points
    assert {code: view_of(points[code]) for code in ("BL23", "ST36", "KI3")} == {
        "BL23": "back",
        "ST36": "leg-front",
        "KI3": "ankle-inner",
    }
    nowhere = [point for point in points.values() if figure_of(point) is None]
    assert [view_of(point) for point in nowhere] == [None] * len(nowhere)
    assert view_of(points["BL23"].model_copy(update={"place": None})) is None


NESTED = "".join(f"{' ' * level}a:\n" for level in range(25))
BRACKETS = f"a:\n  b: 1\nc: {'[' * 3000}\n"


@pytest.mark.parametrize(("text", "line"), [(NESTED, 22), (BRACKETS, 3)])
def test_what_is_nested_too_deeply_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(HandoutError) as caught:
        read_yaml(path)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("too-deep", line)]


def test_many_brackets_side_by_side_are_not_deep(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    path.write_text(f"a: [{'[], ' * 2500}]\n", "utf-8")
    assert read_yaml(path).value == {"a": [[]] * 2500}


def test_one_caution_can_be_left_out(project: Project) -> None:
    """The short form says once for all points what stands on each card of the long one."""
    path = project.top / "source" / "points" / "places.csv"
    path.write_text(table(row(cautions="kidneys pregnancy spine")), "utf-8")
    source = loaded(project, CARD.format(code="BL23", text="肾俞"))
    words, point = source.shared.cautions, source.points["BL23"]
    assert place_text.cautions(point, source.shared) == [
        words["kidneys"].line,
        words["pregnancy"].line,
        words["spine"].line,
    ]
    assert place_text.cautions(point, source.shared, "pregnancy") == [
        words["kidneys"].line,
        words["spine"].line,
    ]


def test_the_spine_has_24_vertebrae_above_the_sacrum() -> None:
    assert len(VERTEBRAE) == 7 + 12 + 5
    assert (VERTEBRAE[0], VERTEBRAE[6:8], VERTEBRAE[18:20], VERTEBRAE[-1]) == ("C1", ("C7", "T1"), ("T12", "L1"), "L5")


@pytest.mark.parametrize("old", ["cautions:", "safety:", "red_flags:"])
def test_a_source_that_is_none_is_told_wherever_safety_texts_name_it(project: Project, old: str) -> None:
    path = project.top / "source" / "shared" / f"{LANG}.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    part = next(number for number, line in enumerate(lines) if line.startswith(old))
    number = next(number for number in range(part, len(lines)) if "sources: [" in lines[number])
    lines[number] = re.sub(r"sources: \[[^\]]*\]", "sources: [nobody-said-it]", lines[number])
    path.write_text("".join(lines), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(project.folder, LANG)
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("unknown-source", number + 1)]
