"""Records of runs and stores: what is told where a file cannot be read or written."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from handout_builder.copies import journal, private_files, store
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.journal import Journal
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.store import Store
from handout_builder.errors import HandoutError

STATE = {"key": "k"}
ONE = Outcome(1, "made", data=b"words")


def full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def no_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def begun(folder: Path) -> Path:
    """A run that was begun and left."""
    Journal(folder, STATE).close()
    return folder


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(HandoutError, match="Not a directory"):
        Journal(tmp_path / "file" / "out", STATE)


def test_a_log_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    run = begun(tmp_path / "out")
    with closing(Journal(run, STATE)) as record:
        (run / journal.LOG).mkdir()
        with pytest.raises(HandoutError, match="Is a directory"):
            record.finished(1, 1, [ONE])
    with pytest.raises(HandoutError, match="Is a directory"):
        Journal(run, STATE)


@pytest.mark.parametrize("state", [b"", b"{", b"[1]"])
def test_a_record_that_is_damaged_is_another_run(tmp_path: Path, state: bytes) -> None:
    run = begun(tmp_path / "out")
    (run / journal.STATE).write_bytes(state)
    with pytest.raises(HandoutError, match="other-run"):
        Journal(run, STATE)


@pytest.mark.parametrize("link", [os.link, None])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_run_that_found_no_room_or_was_ended_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, link: Callable[..., None] | None
) -> None:
    """Nothing stands in the place of its record, which would be another run's: a killed one has left a part at most."""
    run = tmp_path / "out"
    if link is None:
        monkeypatch.setattr(os, "link", no_links)
    with monkeypatch.context() as patched:
        patched.setattr(private_files, "_write", Mock(side_effect=error))
        with pytest.raises((HandoutError, KeyboardInterrupt)):
            Journal(run, STATE)
    assert [*run.iterdir()] == []
    (run / private_files.part_name()).write_bytes(b"half")
    begun(run)
    begun(run)
    assert [path.name for path in run.iterdir()] == [journal.STATE]


def test_a_record_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_files, "write_new", full)
    with pytest.raises(HandoutError, match="No space left"):
        Journal(tmp_path / "out", STATE)


def test_a_record_that_cannot_be_opened_or_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun(tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rmdir", full)
        with pytest.raises(HandoutError, match="No space left"):
            journal.forget(run)
    run = begun(run)
    monkeypatch.setattr("os.open", full)
    with pytest.raises(HandoutError, match="No space left"):
        journal.forget(run)


def test_where_there_are_no_locks_a_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "lock", lambda _: None)
    with closing(Journal(tmp_path / "out", STATE)) as record:
        record.finished(1, 1, [ONE])
    with closing(Journal(tmp_path / "out", STATE)) as record:
        assert record.done == [(1, 1)]


def test_nothing_is_left_of_a_file_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_files, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        private_files.replace(tmp_path / "part", tmp_path / "copy.pdf", b"words")
    assert not list(tmp_path.iterdir())


def begin(folder: Path, _: pytest.MonkeyPatch) -> None:
    (folder / store.TAILS).mkdir()
    Store(folder, [b"%PDF"])


def add(folder: Path, patch: pytest.MonkeyPatch) -> None:
    with closing(Store(folder, [b"%PDF"])) as made:
        made._index.close()
        patch.setattr(made, "_index", Path("/dev/full").open("r+b", buffering=0))  # noqa: SIM115  # closed with the store
        made.add([ONE], {})


def finish(folder: Path, patch: pytest.MonkeyPatch) -> None:
    with closing(Store(folder, [b"%PDF"])) as made:
        patch.setattr(private_files, "_write", full)
        made.finish(1)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such device")
@pytest.mark.parametrize("step", [begin, add, finish])
def test_a_store_that_cannot_be_written_is_told(
    tmp_path: Path, step: Callable[[Path, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(HandoutError, match="cannot write"):
        step(tmp_path, monkeypatch)
    with pytest.raises(HandoutError, match="no finished store"):
        store.rows(tmp_path)


def test_a_store_of_another_version_or_with_a_damaged_index_is_told(tmp_path: Path) -> None:
    made = Store(tmp_path, [b"%PDF"])
    made.add([ONE], {})
    made.finish(1)
    assert (store.rows(tmp_path), store.copy(tmp_path, 1)) == (1, b"%PDFwords")
    (tmp_path / store.INDEX).write_bytes(b"short")
    with pytest.raises(HandoutError, match="row 1 cannot be read"):
        store.copy(tmp_path, 1)
    (tmp_path / store.STORE).write_text(json.dumps({"format": 99, "rows": 1}))
    with pytest.raises(HandoutError, match="no finished store"):
        store.rows(tmp_path)


def test_not_too_many_copies_are_taken_out_at_once(tmp_path: Path) -> None:
    assert store.chosen("3,1-2", 3, tmp_path) == [3, 1, 2]
    with pytest.raises(HandoutError, match="more than 100,000 rows at once"):
        store.chosen("1-60000,1-60000", 60_000, tmp_path)


def test_what_places_by_address_need_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(HandoutError, match=r'pip install "handout-builder\[scale\]"'):
        Bucket("s3://copies")


def test_a_place_that_shows_whole_files_alone_gets_no_parts() -> None:
    bucket = Bucket("memory://copies")
    opened = bucket._files.open
    names = []
    bucket._files.open = lambda path, mode: (names.append(path), opened(path, mode))[1]
    try:
        bucket.write("a/000001.pdf", b"words")
    finally:
        del bucket._files.open
    assert names == ["/copies/a/000001.pdf"]
    assert bucket.read("a/000001.pdf") == b"words"
