"""What `make fuzz` runs on: the doors take every file of the project, and all that fuzzing has ever found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import doors
import generated

from handout_builder.errors import HandoutError, Problem

INPUTS = [(door, path) for door in doors.DOORS for path in doors.seeds(door)]


@pytest.mark.parametrize(("door", "path"), INPUTS, ids=lambda value: str(getattr(value, "name", value)))
def test_door_takes_it(door: str, path: Path) -> None:
    doors.DOORS[door](path.read_bytes())


def test_every_door_has_inputs() -> None:
    assert {door for door, _ in INPUTS} == set(doors.DOORS)


@pytest.mark.parametrize("left", [b"<svg><script/></svg>", b'<svg><use href="a.svg"/></svg>', b'<svg onload="a"/>'])
def test_door_sees_what_was_left_in_a_drawing(left: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors.svg_sanitizer, "clean", lambda _: (left, 1.0, []))
    with pytest.raises(AssertionError):
        doors.svg(b"<svg/>")


def test_door_sees_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "review", lambda _: {}["nothing"])
    with pytest.raises(KeyError):
        doors.yaml((doors.ROOT / "source" / "chronic-back-pain" / "en.yaml").read_bytes())


def test_generator_has_a_case_for_each_field_of_each_file() -> None:
    places = {(case.path, case.place) for case in generated.cases()}
    assert {path for path, _ in places} == {*generated.FILES, *generated.TABLES}
    assert (generated.HANDOUT, ("title",)) in places
    assert len(places) > 500


def test_generated_case_ends_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert generated.main(["2", "--only", "en.yaml title: '5"]) == 0
    assert "2 cases tried, 0 wrong" in capsys.readouterr().out.replace("2 of 2 ", "2 ")


@pytest.mark.parametrize("raised", [HandoutError([Problem("mistake", "no", doors.INPUT)]), KeyError("no")])
def test_generator_sees_a_mistake(
    raised: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(generated, "build", broken)
    assert generated.main(["1", "--only", "en.yaml title:"]) == 1
    assert "no" in capsys.readouterr().out
