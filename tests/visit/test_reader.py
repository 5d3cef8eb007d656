"""What is wrong with a visit is told by line and field, all at once, and without a word of it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.project import SOURCE, common

from handout_builder.content.yaml_reader import YamlFile
from handout_builder.errors import HandoutError
from handout_builder.fhir.bundle import FhirPatient
from handout_builder.visit.dose_words import dose_of
from handout_builder.visit.reader import checked, read_values
from handout_builder.visit.record import values_of
from handout_builder.visit.schema import Visit

CANARY = "Canaryoseiname"


def read(text: str | bytes, path: Path = Path("visit.yaml")) -> Visit:
    return checked(read_values(text.encode() if isinstance(text, str) else text, path), SOURCE)[0]


def told(text: str | bytes) -> list[str]:
    """What is said of a visit; never what stands in it."""
    with pytest.raises(HandoutError) as caught:
        read(text)
    error: BaseException | None = caught.value
    while error:
        assert CANARY.lower() not in repr(error).lower()
        error = error.__cause__ or error.__context__
    return [str(problem) for problem in caught.value.problems]


def test_yaml_and_json_say_the_same() -> None:
    values = {
        "name": "Margaret Osei",
        "points": ["BL23", {"code": "GV3", "dose": {"seconds": [15, 30]}}],
        "next_visit": "2026-12-12T10:30",
        "note": "Walk.\tNot far.".replace("\t", " "),
    }
    text = "name: Margaret Osei\npoints: [BL23, {code: GV3, dose: {seconds: [15, 30]}}]\nnext_visit: 2026-12-12T10:30\n"
    text += "note: Walk. Not far.\n"
    assert read(text) == read(json.dumps(values)) == read(json.dumps(values, indent="\t"))


def test_all_that_is_wrong_is_told_at_once_with_its_lines() -> None:
    lines = told(f"""name: "{CANARY}\\u202e"
nmae: {CANARY}
date: 2026-13-01
points:
  - BL230
  - {{code: GV3, dose: {{seconds: lots}}}}
  - {{code: BL23, {CANARY}: 1}}
  - {{code: BL24, note: "{CANARY} ꙮ"}}
practitioner: 王{CANARY}
next_visit: {CANARY}
diary: 9
""")
    assert lines[0].startswith(
        "visit.yaml:1: control-character the character U+202E RIGHT-TO-LEFT OVERRIDE cannot be printed"
    )
    lines = told(f"""name: {CANARY}
nmae: {CANARY}
date: 2026-13-01x
points:
  - BL230
  - {{code: GV3, dose: {{seconds: lots}}}}
  - {{code: BL23, {CANARY}: 1}}
  - {{code: BL24, note: "{CANARY} ᚠ"}}
practitioner: 王{CANARY}
next_visit: {CANARY}
diary: 9
""")
    for wanted in (
        "visit.yaml:2: unknown-key this key is not known here\n    hint: did you mean 'name'?",
        "visit.yaml:3: value date: this cannot be read\n    hint: year, month and day, for example 2026-11-28",
        "visit.yaml:5: unknown-point points 1: the catalogue has no such point\n    hint: the nearest known codes: BL",
        "visit.yaml:6: value points 2, dose, seconds: this cannot be read",
        "visit.yaml:7: unknown-key points 3: this key is not known here",
        "visit.yaml:8: missing-glyph points 4, note, text: it has the character U+16A0, which no font of ours has",
        "visit.yaml:9: untagged-language practitioner: it has Han without a language",
        "visit.yaml:10: value next_visit: this cannot be read\n    hint: for example 2026-12-12T10:30",
        "visit.yaml:11: value diary: this is out of range (the limit is 4)",
    ):
        assert wanted in "\n".join(lines), wanted


@pytest.mark.parametrize(
    "text",
    [
        f"name: {CANARY}: {CANARY}",
        f"name: [{CANARY}",
        f"{CANARY}: &{CANARY} {CANARY}\nname: *{CANARY}",
        f"name: {CANARY}\nname: {CANARY}",
        f"name: !{CANARY} x",
        f'{{"name": "{CANARY}"',
        f"name: {{{CANARY}: 1}}",
        f"points: {CANARY}",
        f"points: [[{CANARY}]]",
        f"lang: {CANARY}",
        f"lang: [{CANARY}]",
        f"{CANARY}",
        f"dose: {{when: '<b>{CANARY}</b> [x](javascript:{CANARY})'}}",
        f"emergency: {CANARY}",
        f"about: {CANARY}",
        f"skin: {CANARY}",
        f"exercises: [{{name: {CANARY}, reps: {CANARY}}}]",
        f"name: {{text: {CANARY}, lang: {CANARY}}}",
        "name: " + f"{CANARY} " * 30,
        f"name: {CANARY}".encode("utf-16"),
        f"name: {CANARY}\n".encode() + b"note: \xff",
        "x" * 200_000 + CANARY,
        "[" * 5_000 + CANARY,
    ],
)
def test_no_message_quotes_what_is_given(text: str | bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert told(text)
    assert CANARY not in caplog.text


def test_values_do_not_show_in_traces() -> None:
    visit = read(f"name: {CANARY}\npoints: [BL23]\n")
    from handout_builder.visit import contents

    source = contents.source_of(visit, common(), "a4")
    assert CANARY not in repr(contents.sheet_of(visit, source))
    assert CANARY not in repr(source)
    assert sys.exc_info() == (None, None, None)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("name: 山田はな", "ja"),
        ("name: 김민수", "ko"),
        ("lang: ja\nname: 山田花子", "ja"),
        ("name: {text: 王, lang: zh-Hant}", "zh-Hant"),
    ],
)
def test_han_have_a_language(text: str, lang: str) -> None:
    visit = read(text)
    assert visit.name
    assert lang in (visit.name.lang, visit.name.script_lang, visit.lang)


@pytest.mark.parametrize(
    ("words", "dose"),
    [
        ("2 × day, 30 s", {"times_a_day": 2, "seconds": 30}),
        ("2x a day; 15-30 sec", {"times_a_day": 2, "seconds": [15, 30]}),
        ("twice a day, 1 min, both sides", {"times_a_day": 2, "seconds": 60, "side": "both"}),
        ("3 times per day, 1 to 2 minutes, 5 days a week", {"times_a_day": 3, "seconds": [60, 120], "days_a_week": 5}),
        ("once a day, for 2 weeks, firmly, left", {"times_a_day": 1, "days": 14, "pressure": "firm", "side": "left"}),
        ("2 × day, lots", 2),
        ("", 1),
        ("30 s, 40 s", 2),
    ],
)
def test_doses_are_read_as_people_type_them(words: str, dose: Any) -> None:
    assert dose_of(words) == dose


@pytest.mark.parametrize(
    ("visit", "hint"),
    [
        ("next_visit: 2026-12-12T10:30Z\n", "without the Z or +00:00 for UTC"),
        ("next_visit: 2026-12-12T10:30:00+00:00\n", "without the Z or +00:00 for UTC"),
        ("date: 2026-11-28\nnext_visit: 2025-12-12\n", "look at the year"),
    ],
)
def test_a_next_visit_is_to_come_and_in_the_time_of_the_clinic(visit: str, hint: str) -> None:
    (line,) = told(f"points: [BL23]\n{visit}")
    assert "value next_visit: this cannot be read" in line
    assert hint in line


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"name": "\u00a0"}, "blank name, text: nothing of it is seen"),
        ({"note": "two\u202ewords"}, "control-character note, text: it has the character U+202E"),
        ({"note": "two\twords"}, "control-character note, text: it has the character U+0009"),
        ({"points": ["BL23", "GV3", "BL23"]}, "duplicate-point the point BL23 is there twice"),
        ({"dose": {"secnds": 30}}, "unknown-key dose: this key is not known here\n    hint: did you mean 'seconds'?"),
        (
            {"next_visit": "2026-12-12T10:30Z"},
            "value next_visit: this cannot be read\n    hint: write the clinic's own",
        ),
        ({"next_visit": 5}, "value next_visit: this cannot be read\n    hint: for example"),
    ],
)
def test_values_that_come_without_a_file_are_told_by_their_field(values: dict[str, Any], wanted: str) -> None:
    with pytest.raises(HandoutError) as caught:
        checked(YamlFile(Path("visit"), values, {}, ""), SOURCE)
    assert str(caught.value.problems[0]).removeprefix("visit: ").startswith(wanted)


def test_days_and_times_of_other_programs_are_read() -> None:
    for given, time in ((datetime(2026, 12, 12, 10, 30), "10:30"), (date(2026, 12, 12), "")):  # noqa: DTZ001  # the clinic's
        visit = checked(YamlFile(Path("visit"), {"next_visit": given}, {}, ""), SOURCE)[0]
        assert visit.next_visit
        assert (visit.next_visit.day, visit.next_visit.time) == (date(2026, 12, 12), time)


@pytest.mark.parametrize(("key", "value"), [("date", 45992), ("next_visit", 45992.5), ("next_visit", '"45992.5"')])
def test_a_spreadsheets_number_is_no_day(key: str, value: object) -> None:
    (problem,) = told(f"name: Al\n{key}: {value}\n")
    assert f"visit.yaml:2: value {key}: " in problem
    assert "2026-1" in problem
    assert "45992" not in problem


def test_a_time_is_no_part_of_a_day() -> None:
    (problem,) = told("name: Al\nnext_visit: {day: 2026-12-12, time: 0.4375}\n")
    assert "next_visit, time: this cannot be read\n    hint: for example 2026-12-12T10:30" in problem


@pytest.mark.parametrize(("lang", "meant"), [("jp", "write ja"), ("zh", "write zh-Hans (simplified) or zh-Hant")])
def test_a_language_that_is_misspelt_is_told_with_the_right_one(lang: str, meant: str) -> None:
    """The sheet's, a name's, and the one that a record system tells, unless another is chosen."""
    for text in (f"lang: {lang}\n", f"name: {{text: Al, lang: {lang}}}\n"):
        assert meant in "".join(told(text))
    record = FhirPatient("Al", lang, "", None, "", 1, {})
    assert meant in "".join(told(json.dumps(values_of(record))))
    assert read(json.dumps({**values_of(record), "lang": "en"})).name
