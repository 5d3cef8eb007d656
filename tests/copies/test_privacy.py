"""No word of a person is anywhere but in that person's file, whatever goes wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.people import HANDOUT, copies, project, report, table
from helpers.project import ROOT

from handout_builder.copies import private_files, rows, shaping, writer

CANARY = "Zzkanarie"
PERSON = {
    "name": f"{CANARY}one",
    "practitioner": f"{CANARY}two",
    "next_visit": f"{CANARY}three",
    "note": f"{CANARY}four",
    "point_1": f"{CANARY}five",
    "dose_1": f"{CANARY}six",
    "date": f"{CANARY}seven",
}
HEX = CANARY.encode("utf-16-be").hex()
_SEEN = re.compile(f"{CANARY}|{HEX}".encode(), re.IGNORECASE)


def leaks(folder: Path, *said: str) -> list[str]:
    """Where canaries are, but for the list and the copies themselves."""
    found = [f"said: {text}" for text in said if _SEEN.search(text.encode())]
    for path in folder.rglob("*"):
        if _SEEN.search(str(path.relative_to(folder)).encode()):
            found.append(f"name of {path}")
        if path.is_file() and path.suffix != ".pdf" and path.name != "people.csv" and _SEEN.search(path.read_bytes()):
            found.append(str(path))
    return found


WRONG = {
    "control": {"name": f"{CANARY}\u202e"},
    "glyph": {"note": f"{CANARY} 😀"},
    "untagged": {"name": f"{CANARY} 直"},
    "language": {"name_lang": f"{CANARY}"},
    "kind": {"edition": CANARY},
    "brand": {"brand": CANARY},
    "lang": {"handout_lang": CANARY},
    "long": {"note": f"{CANARY} " * 150},
    "too long": {"note": f"{CANARY} " * 400},
    "marks": {"name": f"{CANARY}Ọ́ q̣̃"},
    "wide": {"name": CANARY * 9},
    "cells": {"_": ""},
}


def test_wrong_rows_are_told_without_their_words(tmp_path: Path) -> None:
    """Each kind of mistake, with canaries in all other fields; the rows before and after are made."""
    root = project(tmp_path)
    people = [PERSON, *(PERSON | wrong for wrong in WRONG.values()), PERSON]
    done = copies(root, people, "--out", "out", "--report", "r.json")
    assert done.returncode == 1
    assert leaks(tmp_path, done.stdout, done.stderr) == []
    results = report(tmp_path / "r.json")
    told = dict(zip(WRONG, list(results.values())[1:-1], strict=True))
    assert {name for name, result in told.items() if result["result"] == "made"} == {"cells", "marks"}
    assert {name for name, result in told.items() if result["result"] == "made-long"} == {"long", "wide"}
    assert results[1]["result"] == results[len(people)]["result"] == "made"


@pytest.mark.parametrize("words", [("--store", "out"), ("--out", "lot.pdf"), ("--out", "out", "--report", "r.csv")])
def test_nothing_is_left_beside_the_copies(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = project(tmp_path)
    done = copies(root, [PERSON, PERSON | WRONG["glyph"]], *words)
    found = [leak for leak in leaks(tmp_path, done.stdout, done.stderr) if not leak.endswith("tails.bin")]
    assert found == []
    assert not (tmp_path / "dist").exists()
    assert not list(tmp_path.rglob(".handouts.json"))


@pytest.mark.parametrize("header", [False, True])
def test_a_list_without_a_head_is_not_quoted(tmp_path: Path, header: bool) -> None:
    root = project(tmp_path)
    data = table([PERSON]).split("\n", 1)[1] if not header else table([PERSON]) + f'"{CANARY}\n'
    done = copies(root, data, "--out", "out")
    assert done.returncode == 1
    assert leaks(tmp_path, done.stdout, done.stderr) == []


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ((writer.Filler, "tail"), KeyError),
        ((private_files, "replace"), UnicodeError),
        ((shaping.Shaper, "segments"), AssertionError),
        ((rows.Table, "rows"), ValueError),
    ],
)
def test_mistakes_are_told_without_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str], kind: type[Exception]
) -> None:
    def broken(*arguments: object, **_: object) -> None:
        raise kind(f"{CANARY} {arguments}")

    root = project(tmp_path)
    monkeypatch.setattr(place[0], place[1], broken)
    done = copies(root, [PERSON], "--out", "out", "--report", "r.json")
    assert done.returncode in (1, 3)
    assert leaks(tmp_path, done.stdout, done.stderr) == []
    assert kind.__name__ in done.stderr


def test_nothing_is_seen_of_processes(tmp_path: Path) -> None:
    """Neither arguments nor environment, nor what workers print, nor temporary files hold words."""
    project(tmp_path)
    (tmp_path / "people.csv").write_text(table([PERSON] * 21 + [PERSON | WRONG["long"]]), "utf-8")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    look = (
        "import os, sys, threading, time, pathlib\n"
        "seen = []\n"
        "def look():\n"
        "    while True:\n"
        "        for path in pathlib.Path('/proc').glob('[0-9]*'):\n"
        "            try:\n"
        "                if os.getpgid(int(path.name)) != os.getpgrp(): continue\n"  # of this run and of nobody else
        "            except OSError: continue\n"
        "            for name in ('cmdline', 'environ'):\n"
        "                try: data = (path / name).read_bytes()\n"
        "                except OSError: continue\n"
        f"                if b'{CANARY[:4]}' + b'{CANARY[4:]}' in data: seen.append(name)\n"
        "        time.sleep(0.05)\n"
        "threading.Thread(target=look, daemon=True).start()\n"
        "from handout_builder.cli.main import main\n"
        "from handout_builder.copies import run\n"
        "run._BATCH = 20\n"  # there are two batches, one for each process
        f"code = main(['copies', '{HANDOUT}', '--list', 'people.csv', '--out', 'out', '--jobs', '2'])\n"
        "print('code', code, 'seen', sorted(set(seen)))\n"
    )
    script = tmp_path / "look.py"
    script.write_text(look)
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=environment,
        process_group=0,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "code 0 seen []" in done.stdout, done.stderr
    assert leaks(tmp_path, done.stdout, done.stderr) == []
    assert list(temporary.iterdir()) == []


def test_a_repr_shows_no_words() -> None:
    from handout_builder.copies.rows import Row
    from handout_builder.render.personal import Words

    row = Row(1, 2, {"name": Words(CANARY)}, name=CANARY, password=CANARY)
    assert CANARY not in repr(row)
