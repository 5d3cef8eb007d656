"""Warning signs fit the complaint: what `check` says of handouts that have others, too few, or none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers.project import HERE, ROOT, SOURCE, common

from handout_builder.cli.main import OK, PROBLEMS, main
from handout_builder.content.loader import load, load_common
from handout_builder.content.schema import REGIONS
from handout_builder.content.shared_texts import texts_of
from handout_builder.errors import HandoutError, Severity
from handout_builder.plain_language.review import review

TEXT = """\
title: {title}
description: D
author: Hana Example
revised: 2026-11-28
{about}summary: ["Read it first."]
sections:
  - id: before
    heading: Before you press
    blocks:
{blocks}
  - id: points
    heading: Points
    blocks:
      - type: points
        points:
          - {{code: BL23, name: {{text: 肾俞, lang: zh-Hans, reading: Shènshū}}}}
sources: [who-2008]
"""
DOCTOR, STOP = "{type: safety, include: see-a-doctor}", "{type: safety, include: when-not-to-press}"
OWN = """\
  knee-{rank}:
    heading: H
    rank: {rank}
{about}    groups: [{{items: [a hot knee]}}]
    sources: [who-2008]
"""


def told(
    folder: Path, title: str = "A title", about: str = "neck", blocks: tuple[str, ...] = (DOCTOR, STOP)
) -> list[tuple[int, str]]:
    """Return line and message of each error of the rule in a handout."""
    path = folder / "source" / "h" / "en.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        TEXT.format(
            title=title,
            about=f"about: {about}\n" if about else "",
            blocks="\n".join(f"      - {block}" for block in blocks) or "      - {type: text, text: W}",
        ),
        "utf-8",
    )
    known = common()
    if (folder / "shared.yaml").exists():
        (folder / "source" / "shared").mkdir()
        (folder / "shared.yaml").rename(folder / "source" / "shared" / "en.yaml")
        known = load_common(path.parent.parent, "en")
    found = [problem for problem in review(load(path.parent, "en", known)) if problem.code == "plain-red-flags"]
    assert all(problem.severity == Severity.ERROR and problem.hint for problem in found)
    return [(problem.line or 0, problem.message) for problem in found]


@pytest.mark.parametrize("part", REGIONS)
def test_the_shared_blocks_have_what_every_part_of_the_body_demands(tmp_path: Path, part: str) -> None:
    assert told(tmp_path, about=part) == []


@pytest.mark.parametrize(
    ("title", "about", "line", "message"),
    [
        ("A title", "", 1, "it is not said which part of the body"),
        ("Knee pain", "low-back", 5, "the title says “Knee”, and the warning signs are those of low-back"),
        ("Headaches at work", "neck", 5, "“Headaches”"),
        ("Stiff neck and shoulders", "neck", 5, "“shoulders”"),
        ("Back pain", "[neck, head]", 5, "those of neck, head"),
    ],
)
def test_the_complaint_of_the_title_has_its_signs(
    tmp_path: Path, title: str, about: str, line: int, message: str
) -> None:
    ((found, words),) = told(tmp_path, title, about)
    assert found == line
    assert message in words


@pytest.mark.parametrize(
    ("title", "about"),
    [("Stiff neck and shoulders", "[neck, shoulder-arm]"), ("Back to work", "neck"), ("Sleep", "whole-body")],
)
def test_a_title_that_fits_is_no_matter(tmp_path: Path, title: str, about: str) -> None:
    assert told(tmp_path, title, about) == []


@pytest.mark.parametrize(
    ("blocks", "lacks"),
    [
        ((), "when to get help at once and when to see a doctor and when not to press"),
        ((STOP,), "when to get help at once and when to see a doctor"),
        ((DOCTOR,), "when not to press"),
        ((STOP, "{type: safety, include: help-at-once}"), "when to see a doctor"),
    ],
)
def test_what_is_missing_before_the_points_is_told(tmp_path: Path, blocks: tuple[str, ...], lacks: str) -> None:
    ((_, words),) = told(tmp_path, blocks=blocks)
    assert words == f"points before it is said {lacks}"


@pytest.mark.parametrize(
    ("about", "messages"),
    [
        ("", ["does not say for which parts", "does not say for which parts"]),
        (
            "hip-knee",
            ["are for hip-knee; the handout is about neck"] * 2 + ["points before it is said when to get help"],
        ),
        ("neck", []),
        ("[hip-knee, neck]", []),
    ],
)
def test_a_clinics_own_signs_fit_what_the_handout_is_about(tmp_path: Path, about: str, messages: list[str]) -> None:
    shared = (SOURCE / "shared" / "en.yaml").read_text("utf-8")
    own = "".join(
        OWN.format(rank=rank, about=f"    about: {about}\n" if about else "") for rank in ("emergency", "doctor")
    )
    (tmp_path / "shared.yaml").write_text(shared.replace("\nsafety:\n", f"\nsafety:\n{own}"), "utf-8")
    blocks = ("{type: safety, include: knee-emergency}", "{type: safety, include: knee-doctor}", STOP)
    found = told(tmp_path, blocks=blocks)
    assert len(found) == len(messages)
    assert all(message in words for message, (_, words) in zip(messages, found, strict=True))


def test_own_words_on_how_to_press_are_no_warning_and_are_judged(tmp_path: Path) -> None:
    own = "{type: safety, include: how-to-press, own: {time: Press for 30 seconds., often: Twice a day., stop: Stop.}}"
    assert told(tmp_path, blocks=(DOCTOR, STOP, own)) == []
    notes = load(tmp_path / "source" / "h", "en", common()).notes
    assert [note.code for note in notes] == []


def test_what_cannot_be_made_steps_of_is_not_judged_as_one(tmp_path: Path) -> None:
    """How long and how often have one text each, which is printed behind the steps."""
    own = (
        "{type: safety, include: how-to-press, own: {steps: [Sit down., Use your thumb.], "
        "time: Press for 30 seconds. Let go slowly., often: Press 2 times a day. Wait an hour., stop: Stop.}}"
    )
    for name, block in (("a", own), ("b", own.replace("Sit down.", "Sit down. Breathe slowly."))):
        told(tmp_path / name, blocks=(DOCTOR, STOP, block))
        found = review(load(tmp_path / name / "source" / "h", "en", common()))
        messages = [problem.message for problem in found if problem.code == "plain-step"]
        assert messages == (["2 instructions in one step"] if name == "b" else [])


def test_a_new_handout_is_about_what_its_name_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "source").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, about in (("neck-pain", "neck"), ("head-and-knee", "hip-knee"), ("rest", "whole-body")):
        assert main(["new", name]) == OK
        assert f"\nabout: {about}\n" in (tmp_path / "source" / name / "en.yaml").read_text("utf-8")
        found = review(load(tmp_path / "source" / name, "en", common()))
        assert [problem for problem in found if problem.severity == Severity.ERROR] == []


def test_errors_end_check_and_not_a_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(tmp_path, about="")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "h", *HERE]) == PROBLEMS
    assert main(["h", "--format", "pdf", *HERE]) == OK


def test_every_sign_is_short_and_names_its_sources() -> None:
    shared = texts_of(SOURCE, "en")
    assert list(shared.red_flags) == [*REGIONS]
    page = (ROOT / "docs" / "red-flags.md").read_text("utf-8")
    for part, flags in shared.red_flags.items():
        assert flags.doctor.short, part
        for signs in (flags.emergency, flags.doctor):
            assert len(signs.signs) <= 8, part
            for sign in signs.signs:
                assert len(re.findall(r"\w+", sign.text)) <= 22, sign.text
                assert all(f"`{name}`" in page for name in sign.sources), sign


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  foot:\n    emergency:", "  feet:\n    emergency:", "there is no part of the body 'feet'"),
        ("  call: Call {number}", "  call: Call them", "{number} is missing"),
        ("  help-at-once:\n", "  help-now:\n", "help-at-once"),
        ("above: help-at-once", "above: see-a-doctor", "can stand above"),
        ("sources: [swast, nhs-inform-heart]", "sources: [swats]", "there is no source 'swats'"),
    ],
)
def test_every_language_needs_the_same_signs(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "shared" / "de.yaml"
    path.parent.mkdir()
    text = (SOURCE / "shared" / "en.yaml").read_text("utf-8")
    assert old in text
    path.write_text(text, "utf-8")
    texts_of(tmp_path, "de")
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(HandoutError) as caught:
        texts_of(tmp_path, "de")
    assert any(message in problem.message for problem in caught.value.problems)


def test_a_language_without_a_part_of_the_body_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shared" / "de.yaml"
    path.parent.mkdir()
    text = (SOURCE / "shared" / "en.yaml").read_text("utf-8")
    start, end = text.index("  foot:\n"), text.index("  whole-body:\n")
    path.write_text(text[:start] + text[end:], "utf-8")
    with pytest.raises(HandoutError) as caught:
        texts_of(tmp_path, "de")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == ("missing-key", "the parts of the body foot are missing")
