"""A record of any form, with a right sum: whatever it is, it is none, and nothing is read outside the output folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.once import once
from helpers.project import LANG, ROOT, tiny_handout

from handout_builder.builder.checking import check
from handout_builder.builder.incremental import Built, build
from handout_builder.builder.record import NAME, Record
from handout_builder.errors import Problem, Severity
from handout_builder.orders import Order

Value = dict[str, Any]


@pytest.fixture
def built(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Built]:
    """One short handout, built once; returns what builds it again."""

    def again() -> Built:
        return build([Order(Path("source/neck"), LANG)], Path("dist"), ("pdf",))

    def first(folder: Path) -> None:
        tiny_handout(folder / "source", "neck")
        monkeypatch.chdir(folder)
        again()

    shutil.copytree(once(run_folder / "one-handout", first), tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return again


def value() -> Value:
    found: Value = json.loads(Path("dist", NAME).read_bytes().partition(b"\n")[2])
    return found


def put(changed: object) -> None:
    body = json.dumps(changed).encode()
    Path("dist", NAME).write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def places(item: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a value, itself among them."""
    inner = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    return [at, *(place for key, part in inner for place in places(part, (*at, key)))]


def swapped(item: Any, at: tuple[str | int, ...], new: object) -> Any:
    """A value with another one at a place; nothing there, if the new one is a function."""
    if not at:
        return new
    copy = dict(item) if isinstance(item, dict) else list(item)
    if callable(new) and len(at) == 1:
        del copy[at[0]]
    else:
        copy[at[0]] = swapped(item[at[0]], at[1:], new)
    return copy


def test_the_place_of_a_handout_is_not_told(built: Callable[[], Built], tmp_path: Path) -> None:
    elsewhere = tmp_path / "far" / "away"
    elsewhere.mkdir(parents=True)
    tiny_handout(elsewhere, "knee")
    build([Order(elsewhere / "knee", LANG)], Path("dist"), ("pdf",))
    assert built().unchanged == 1
    assert build([Order(elsewhere / "knee", LANG)], Path("dist"), ("pdf",)).unchanged == 1
    text = Path("dist", NAME).read_text("utf-8")
    assert [part for part in ("far", str(tmp_path), str(ROOT)) if part in text] == []


ODD = (None, 0, -1, 10**30, 1.5, True, "", "x", "../../etc/passwd", "/dev/zero", "handout/../../x", [], {}, [[]], len)


@pytest.mark.usefixtures("built")
def test_any_value_at_any_place_is_read_without_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    good = value()
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *more, **names: opened.append(str(path)) or real(path, *more, **names))
    order = Order(Path("source/neck"), LANG)
    for place in places(good):
        for odd in ODD:
            if place or not callable(odd):
                put(swapped(good, place, odd))
                Record.read(Path("dist")).save()
                build([order], Path("dist"), ())
    assert {path for path in opened if "passwd" in path or "/dev/" in path} == set()


@pytest.mark.parametrize(
    ("place", "odd"),
    [
        (("targets", "neck.en.pdf", "files"), {"../../../dev/zero": "x"}),
        (("targets", "neck.en.pdf", "files"), {"/dev/zero": "x"}),
        (("targets", "neck.en.pdf", "files"), {}),
        (("targets", "neck.en.pdf", "made", "files"), {"handout/../../x": "no file"}),
        (("targets", "neck.en.pdf", "made", "files"), {}),
        (("targets", "neck.en.pdf", "notes"), [99]),
        (("targets", "neck.en.pdf"), 7),
        (("texts",), {"x": {"editions": ["a6"], "look": "default", "points": []}}),
    ],
)
def test_a_record_of_another_form_makes_nothing_fresh(
    built: Callable[[], Built], place: tuple[str, ...], odd: object
) -> None:
    assert built().unchanged == 1
    put(swapped(value(), place, odd))
    assert built().unchanged == 0
    assert built().unchanged == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["pipe", "device", "link"])
def test_a_record_that_is_no_file_is_none(built: Callable[[], Built], kind: str) -> None:
    path = Path("dist", NAME)
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else "nowhere")
    assert built().unchanged == 0


def told_unrevised() -> list[Problem]:
    found = check([Order(Path("source/neck"), LANG)], built=Path("dist"))
    return [problem for problem in found if problem.code == "not-revised"]


def edit(old: str, new: str) -> None:
    path = Path("source/neck", f"{LANG}.yaml")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_change_without_a_new_date_is_noted_until_there_is_one(built: Callable[[], Built]) -> None:
    path = Path("source/neck", f"{LANG}.yaml")
    [day] = re.findall(r"^revised: (\S+)", path.read_text("utf-8"), re.MULTILINE)
    edit(f"revised: {day}", "revised: 2026-01-02")
    built()
    assert told_unrevised() == []
    path.write_text("# A comment says nothing to readers.\n" + path.read_text("utf-8"), "utf-8")
    assert told_unrevised() == []
    edit("title: ", "title: New, and ")
    for _ in range(2):  # the same after another build
        [note] = told_unrevised()
        assert (note.severity, note.path, path.read_text("utf-8").splitlines()[note.line - 1]) == (
            Severity.NOTE,
            path,
            "revised: 2026-01-02",
        )
        built()
    edit("revised: 2026-01-02", "revised: 2026-01-03")
    assert told_unrevised() == []
    built()
    assert told_unrevised() == []


def test_who_writes_all_day_is_not_told(built: Callable[[], Built]) -> None:
    path = Path("source/neck", f"{LANG}.yaml")
    today = datetime.now().astimezone().date().isoformat()
    text = re.sub(r"^revised: .*$", f"revised: {today}", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    built()
    edit("title: ", "title: New, and ")
    assert told_unrevised() == []
