"""Records of runs, written by hand: which runs are one whole, what is found wrong with one, and folders of none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handout_builder.copies import journal, whole
from handout_builder.errors import HandoutError

FIRST, SECOND = b"%PDF-first", b"%PDF-second"
STATE: dict[str, Any] = {
    "format": 2,
    "key": "k",
    "rows": 2,
    "wrong": [],
    "digits": 1,
    "spread": 0,
    "files": "number",
    "encrypted": False,
    "elsewhere": False,
}


def run(folder: Path, shard: tuple[int, int], made: dict[int, bytes], **state: Any) -> Path:
    """Write a run and its copies; return its folder."""
    folder.mkdir()
    (folder / journal.STATE).write_text(json.dumps({**STATE, "shard": shard, **state}))
    digests = {row: hashlib.sha256(data).hexdigest() for row, data in made.items()}
    batch = {"from": min(made), "to": max(made), "made": digests, "told": []}
    (folder / journal.LOG).write_text(json.dumps(batch) + "\n")
    for row, data in made.items():
        (folder / f"{row}.pdf").write_bytes(data)
    return folder


def test_runs_are_joined_to_one_that_is_verified(tmp_path: Path) -> None:
    parts = run(tmp_path / "a", (1, 2), {1: FIRST}), run(tmp_path / "b", (2, 2), {2: SECOND})
    assert whole.merge(parts, tmp_path / "whole") == 2
    assert whole.verify(tmp_path / "whole") == (2, [])
    assert (tmp_path / "whole" / "2.pdf").read_bytes() == SECOND
    assert (tmp_path / "a" / "1.pdf").read_bytes() == FIRST


def test_runs_are_copied_where_the_file_system_links_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    parts = run(tmp_path / "a", (1, 2), {1: FIRST}), run(tmp_path / "b", (2, 2), {2: SECOND})
    whole.merge(parts, tmp_path / "whole")
    assert whole.verify(tmp_path / "whole") == (2, [])


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ({"shard": (2, 2), "key": "other"}, "this is a part of another run"),
        ({"shard": (1, 2)}, "shard 2 of 2 is not there"),
        ({"shard": (2, 2), "made": {1: FIRST}}, "row"),
    ],
)
def test_runs_that_are_no_whole_are_not_joined(tmp_path: Path, second: dict[str, Any], told: str) -> None:
    first = run(tmp_path / "a", (1, 2), {1: FIRST})
    other = run(tmp_path / "b", **{"made": {2: SECOND}, **second})
    with pytest.raises(HandoutError, match=told):
        whole.merge([first, other], tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


def test_runs_are_joined_in_no_folder_that_holds_something(tmp_path: Path) -> None:
    parts = run(tmp_path / "a", (1, 2), {1: FIRST}), run(tmp_path / "b", (2, 2), {2: SECOND})
    with pytest.raises(HandoutError, match="not empty"):
        whole.merge(parts, parts[1])
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HandoutError, match="cannot write"):
        whole.merge(parts, tmp_path / "file")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"files": "store"}, "a store, and copies that are encrypted, cannot be compared"),
        ({"encrypted": True}, "a store, and copies that are encrypted, cannot be compared"),
        ({"elsewhere": True}, "the copies were written to an address"),
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, state: dict[str, Any], told: str) -> None:
    with pytest.raises(HandoutError, match=told):
        whole.verify(run(tmp_path / "a", (1, 1), {1: FIRST, 2: SECOND}, **state))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "1.pdf").write_bytes(b"x"), ["not a copy that was made", "1 copies are missing"]),
        (lambda folder: (folder / "1.pdf").unlink(), ["1 copies are missing"]),
        (lambda folder: (folder / "more.pdf").write_bytes(b"x"), ["not a copy that was made"]),
        (lambda folder: (folder / "1.pdf").rename(folder / "3.pdf"), ["not a copy that was made"]),
        (lambda folder: (folder / "more.zip").write_bytes(b"x"), ["not a copy that was made"]),
    ],
)
def test_whatever_is_no_copy_of_the_run_is_found(
    tmp_path: Path, spoil: Callable[[Path], object], told: list[str]
) -> None:
    folder = run(tmp_path / "a", (1, 1), {1: FIRST, 2: SECOND})
    spoil(folder)
    _, problems = whole.verify(folder)
    assert len(problems) == len(told)
    assert all(words in problem.message for words, problem in zip(told, problems, strict=True))


@pytest.mark.parametrize("state", [None, "", "[]", '{"shard": [3, 2]}', '{"shard": [1, 1]}'])
def test_a_folder_of_no_run_is_told(tmp_path: Path, state: str | None) -> None:
    if state is not None:
        (tmp_path / journal.STATE).write_text(state)
    with pytest.raises(HandoutError, match="the folder holds no copies"):
        whole.read(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HandoutError, match="cannot write"):
        journal.Journal(tmp_path / "file" / "copies", STATE)
