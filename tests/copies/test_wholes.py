"""Records of runs, written by hand: which runs are one whole, what is found wrong with one, and folders of none."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handout_builder.copies import journal, store, whole
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


@pytest.mark.parametrize(
    "state",
    [
        "[" * 100_000,
        {"rows": "2"},
        {"rows": 1.5},
        {"digits": 10**9},
        {"wrong": ["x"]},
        {"wrong": 5},
        {"files": None},
        {"encrypted": "no"},
        {"shard": [0, 0]},
        {"shard": [1, 10**30]},
        {"shard": [1, 1, 1]},
    ],
    ids=lambda state: str(state)[:30],
)
def test_a_record_that_no_run_has_written_is_told(tmp_path: Path, state: str | dict[str, Any]) -> None:
    folder = run(tmp_path / "a", (1, 1), {1: FIRST, 2: SECOND})
    text = state if isinstance(state, str) else json.dumps({**STATE, "shard": (1, 1), **state})
    (folder / journal.STATE).write_text(text)
    with pytest.raises(HandoutError, match="holds no copies"):
        whole.verify(folder)


def test_many_rows_that_are_not_done_are_told_at_once(tmp_path: Path) -> None:
    folder = run(tmp_path / "a", (1, 1), {1: FIRST, 2: SECOND}, rows=10**15)
    assert len(whole.verify(folder)[1]) == 100


LINES = (
    '{"from": 1e999, "to": 2, "told": [], "made": {}}',
    '{"from": 1, "to": 2, "told": [[1, 2, "odd", []]], "made": {}}',
)


@pytest.mark.parametrize("line", ["[" * 100_000, *LINES, '{"from": 1, "to": 2, "told": [["1", 2, "made", []]]}'])
def test_lines_of_a_log_that_nobody_has_written_are_passed_over(tmp_path: Path, line: str) -> None:
    (tmp_path / journal.STATE).write_text('{"format": 2}')
    (tmp_path / journal.LOG).write_text(f'{line}\n{{"from": 3, "to": 4, "told": []}}\n')
    record = journal.Journal(tmp_path, {})
    record.close()
    assert (record.done, record.told) == ([(3, 4)], {})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
@pytest.mark.parametrize("name", [journal.STATE, journal.LOG, store.STORE, store.INDEX, store.TAILS, "template-0.pdf"])
def test_nobody_waits_for_the_other_end_of_a_pipe(tmp_path: Path, name: str) -> None:
    (tmp_path / journal.STATE).write_text('{"format": 2}')
    (tmp_path / store.STORE).write_text('{"format": 1, "templates": 1, "rows": 1}')
    (tmp_path / store.INDEX).write_bytes(struct.pack(">QIHH", 0, 1, 0, 0))
    (tmp_path / store.TAILS).write_bytes(b"x")
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    of_a_run = name in (journal.STATE, journal.LOG)
    with pytest.raises(HandoutError):
        journal.Journal(tmp_path, {}) if of_a_run else store.copy(tmp_path, store.rows(tmp_path))
    if of_a_run:
        with pytest.raises(HandoutError):
            whole.verify(tmp_path)


@pytest.mark.parametrize("entry", [(2**64 - 1, 1, 0), (2**63, 1, 0), (0, 2**32 - 1, 9), (0, 1, 9)])
def test_an_entry_of_a_store_that_leads_nowhere_is_told(tmp_path: Path, entry: tuple[int, int, int]) -> None:
    (tmp_path / store.INDEX).write_bytes(struct.pack(">QIHH", *entry, 0))
    (tmp_path / store.TAILS).write_bytes(b"x")
    with pytest.raises(HandoutError, match="row 1 cannot be read"):
        store.copy(tmp_path, 1)


@pytest.mark.parametrize("rows", ["1e999", "NaN", '"2"', "[2]", "true"])
def test_a_store_of_no_number_of_rows_is_none(tmp_path: Path, rows: str) -> None:
    (tmp_path / store.STORE).write_text(f'{{"format": 1, "templates": 1, "rows": {rows}}}')
    with pytest.raises(HandoutError, match="no finished store"):
        store.rows(tmp_path)


def test_rows_of_thousands_of_digits_are_told(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="the store has the rows 1 to 2"):
        store.chosen("1" * 5000, 2, tmp_path)


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
