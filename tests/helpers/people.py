"""A handout with room for one person, and invented people of many scripts to make it out to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from .project import Done, run, tiny_handout

PERSONAL = """
personal:
  - fields: [name, date, practitioner]
  - {after: the-points, fields: [{field: points, lines: 2}, {field: note, lines: 5}, next_visit]}
"""
HANDOUT = "tiny"
Person = Mapping[str, str]
# Marks beside each other, at the ends of lines and at their beginnings, too.
MARKS_JA = "「すわる」、『たつ』（あるく）。・「ねる」「やすむ」（はい、（いいえ）。）" * 4
MARKS_ZH_HANS = "他说：“慢慢按。”（轻轻地），“停！”“‘休息’？”《说明》、（三十秒）。" * 4
MARKS_ZH_HANT = "他說：「慢慢按。」（輕輕地），「停！」「『休息』？」《說明》、（三十秒）。" * 3
# Short and long, Han, Hangul, Vietnamese and Greek; two faces in a line; hyphens, dashes, slashes, brackets.
PEOPLE: tuple[Person, ...] = (
    {"name": "Al", "note": "Slowly."},
    {"name": "山田 花子", "name_lang": "ja", "practitioner": "Dr. 李 明", "practitioner_lang": "zh-Hans"},
    {
        "name": "김민지",
        "lang": "ko",
        "note": "천천히 시작하고 숨을 내쉬면서 누르세요. 통증이 심해지면 바로 멈추고 연락해 주세요.",
    },
    {"name": "Nguyễn Thị Ánh", "name_lang": "vi", "date": "29 November 2026", "note": "Begin with warm hands."},
    {"name": "Σοφία Παπαδοπούλου-Νικολαΐδη", "name_lang": "el", "practitioner": "Prof. Σταύρος Νικολαΐδης"},
    {
        "name": "直井 骨子",
        "name_lang": "ja",
        "note": "座ったままの時間を短くし、「三十分」ごとに立ち上がってください。",
        "note_lang": "ja",
    },
    {"name": "直 海燕", "name_lang": "zh-Hans", "point_1": "BL23 肾俞", "point_1_lang": "zh-Hans", "dose_1": "30 s"},
    {"name": "陳 淑芬", "name_lang": "zh-Hant", "next_visit": "Saturday, 12 December 2026, 10:30"},
    {"name": "Margaret Whitfield-Featherstonehaugh III", "practitioner": "Zoë Łukasiewicz (Mon/Thu)"},
    {
        "name": "Анна Иванова",
        "name_lang": "ru",
        "note": "Your scar (from 2019) must not be pressed – use the ball; AVATAR.",
    },
    {
        "name": "Ivana Šarić",
        "note": "Self-care works best twice a day – in the morning and/or before bed. “Sharp” pain? Stop, and call "
        "555-0100. It’s 50% of 10,000 steps… don’t run.",
        "dose_1": "20–30 seconds, 2 × day, both sides",
        "dose_2": "15 seconds, once a day, left",
        "point_1": "BL24 qìhǎishū",
        "point_2": "GV3 yāoyángguān",
    },
    {"name": "直井 骨", "name_lang": "ja", "note_lang": "ja", "note": MARKS_JA},
    {"name": "直 海燕", "name_lang": "zh-Hans", "note_lang": "zh-Hans", "note": MARKS_ZH_HANS},
    {"name": "陳 淑芬", "name_lang": "zh-Hant", "note_lang": "zh-Hant", "note": MARKS_ZH_HANT},
    {"name": "François Lefèvre", "note": "W. A. Mozart, To. Va. Yes; fi ffi fl. " * 5},
)
PARTED: Person = {"name": "直井", "lang": "ja", "note": "「三十分」ごとに「立つ。」"}
"""Marks beside each other of which one is of another script's run."""
RAISED: Person = {"name": "Ọ́lá Adébáyọ̀", "name_lang": "yo"}
"""A name with marks that no letter of the font has."""
LONG: Person = {"name": "Anna", "note": "Press slowly with warm hands, not during pain. " * 20}
"""A note that does not fit into its box."""


def project(folder: Path, personal: str = PERSONAL) -> Path:
    """Make a project with a tiny handout that has room for one person; return its source folder."""
    root = folder / "source"
    root.mkdir()
    text = tiny_handout(root, HANDOUT) / "en.yaml"
    text.write_text(text.read_text("utf-8") + personal, "utf-8")
    return root


def table(people: Sequence[Person], *more: str) -> str:
    """Return people as a CSV table; `more` are columns that come first."""
    heads = list(dict.fromkeys([*more, *(key for person in people for key in person)]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, heads, restval="")
    writer.writeheader()
    writer.writerows(people)
    return out.getvalue()


def copies(root: Path, people: str | bytes | Sequence[Person], *words: str, name: str = "people.csv") -> Done:
    """Run `copies` with a list in the project's folder, and one process."""
    data = people if isinstance(people, (str, bytes)) else table(people)
    path = root.parent / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    jobs = () if "--jobs" in words else ("--jobs", "1")
    return run(root, "copies", HANDOUT, "--list", name, *words, *jobs)


def report(path: Path) -> dict[int, dict[str, object]]:
    """Return what a report in JSON says of each row."""
    return {result["row"]: result for result in json.loads(path.read_bytes())["results"]}
