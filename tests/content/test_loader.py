"""A handout is loaded: what it lacks for its points, and what may be written in few letters."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.project import LANG, NAME, ROOT, Project

from handout_builder.content import place_text
from handout_builder.content.anatomy import figure_of, view_of
from handout_builder.content.catalogue import VERTEBRAE
from handout_builder.content.loader import Source, load
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Severity

HEAD = "code,landmark,to,share,down,lateral,sides,cautions,sources"
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
    ("row", "hint"),
    {
        "LU1 has no place in the table": ("", "give its place in points/places.csv"),
        "no words for its distance": ("LU1,C7,,,2,9.7,both,,\n", "add the words to shared/en.yaml"),
    }.values(),
)
def test_a_card_needs_words_for_its_place(project: Project, row: str, hint: str) -> None:
    (project.top / "source" / "points" / "places.csv").write_text(f"{HEAD}\n{row}", "utf-8")
    with pytest.raises(HandoutError) as caught:
        loaded(project, CARD.format(code="LU1", text="中府"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.hint) == ("no-place", 10, hint)
    assert "LU1" in problem.message


@pytest.mark.parametrize("row", ["LU1,acromiom,,,,,both,,", "LU1,C7,acromiom,0.5,,,both,,"])
def test_an_unknown_landmark_is_told_with_the_known_ones_and_can_be_given_words(project: Project, row: str) -> None:
    (project.top / "source" / "points" / "places.csv").write_text(f"{HEAD}\n{row}\n", "utf-8")
    with pytest.raises(HandoutError) as caught:
        loaded(project, CARD.format(code="LU1", text="中府"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("no-place", 10)
    assert "'acromiom'" in problem.message
    for known in ("C7", "T1", "kneecap-hollow-outer", "shared/en.yaml"):
        assert known in problem.hint
    words = "landmarks:\n  acromiom: {at: at the shoulder, noun: the shoulder, short: shoulder}\n"
    project.edit("landmarks:\n", words, project.top / "source" / "shared" / "en.yaml")
    place = loaded(project, CARD.format(code="LU1", text="中府")).points["LU1"].place
    assert place is not None
    assert figure_of(place) is None
    assert view_of(place) is None


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
    ("text", "lang", "told"),
    [("肾俞", "zh-Hans", []), ("腎兪", "ja", []), ("신수", "ko", []), ("肾愈", "zh-Hans", ["point-name"])],
)
def test_a_name_that_is_not_the_standards_is_told(project: Project, text: str, lang: str, told: list[str]) -> None:
    card = (
        CARD.format(code="BL23", text=text)
        .replace("lang: zh-Hans", f"lang: {lang}")
        .replace("reading: X", "reading: X, reading_lang: ja-Latn")
    )
    notes = [note for note in loaded(project, card).notes if note.code == "point-name"]
    assert [note.code for note in notes] == told
    for note in notes:
        assert (note.severity, note.line) == (Severity.WARNING, 11)
        assert note.message.endswith(
            "standard: 肾俞 Shènshū (zh-Hans), 腎俞 (zh-Hant), 腎兪 じんゆ (ja), 신수 Sinsu (ko)"
        )


def test_a_point_that_no_drawing_shows_has_no_view() -> None:
    places = {code: point.place for code, point in load(ROOT / "source" / NAME, LANG).points.items() if point.place}
    assert {code: view_of(places[code]) for code in ("BL23", "ST36", "KI3")} == {
        "BL23": "back",
        "ST36": "leg-front",
        "KI3": "ankle-inner",
    }
    nowhere = [place for place in places.values() if figure_of(place) is None]
    assert [view_of(place) for place in nowhere] == [None] * len(nowhere)
    assert view_of(places["BL23"].model_copy(update={"landmark": "somewhere"})) is None


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
    table = project.top / "source" / "points" / "places.csv"
    table.write_text(f"{HEAD}\nBL23,L2,,,,1.5,both,kidneys pregnancy spine,\n", "utf-8")
    source = loaded(project, CARD.format(code="BL23", text="肾俞"))
    words, point = source.shared.cautions, source.points["BL23"]
    assert place_text.cautions(point, source.shared) == [
        words["kidneys"],
        words["pregnancy"],
        words["spine"],
    ]
    assert place_text.cautions(point, source.shared, "pregnancy") == [words["kidneys"], words["spine"]]


def test_the_spine_has_24_vertebrae_above_the_sacrum() -> None:
    assert len(VERTEBRAE) == 7 + 12 + 5
    assert (VERTEBRAE[0], VERTEBRAE[6:8], VERTEBRAE[18:20], VERTEBRAE[-1]) == ("C1", ["C7", "T1"], ["T12", "L1"], "L5")
