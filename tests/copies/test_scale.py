"""Copies on many machines: by an executor, by shards, from other sources, into other places; the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from helpers.people import HANDOUT, LONG, PEOPLE, copies, project, report
from helpers.project import LANG

from handout_builder.copies import afar, run, shelf
from handout_builder.copies.mappings import Mappings, from_cursor, from_parquet
from handout_builder.copies.run import CopyWishes, copies_of
from handout_builder.errors import HandoutError
from handout_builder.orders import Order
from handout_builder.shards import Shard, digits_for, folder_of, shard

pytest.importorskip("fsspec")
ROWS = [{"name": f"Anna {number}", "note": f"Press {number} times."} for number in range(1, 60)]
EXECUTOR = "def threads():\n    from concurrent.futures import ThreadPoolExecutor\n    return ThreadPoolExecutor(2)\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which batches are small."""
    monkeypatch.setattr(run, "_BATCH", 20)
    (tmp_path / "own.py").write_text(EXECUTOR)
    return project(tmp_path)


def files(folder: Path) -> dict[str, bytes]:
    """The files of a run by their names, wherever they lie."""
    return {path.name: path.read_bytes() for path in folder.rglob("[!.]*.*") if path.is_file()}


def test_an_executor_makes_the_same_copies_and_its_run_goes_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afar, "LIMITS", None)
    people = [*ROWS, LONG, *PEOPLE]
    near = copies(root, people, "--out", "near", "--report", "near.json")
    far = copies(root, people, "--out", "far", "--report", "far.json", "--executor", "own:threads", "--jobs", "2")
    assert (near.returncode, far.returncode) == (0, 0), far.stderr
    assert files(root.parent / "near") == files(root.parent / "far")
    assert report(root.parent / "near.json") == report(root.parent / "far.json")
    (root.parent / "far" / "000030.pdf").unlink()
    assert copies(root, people, "--out", "far", "--executor", "own:threads").returncode == 0
    assert files(root.parent / "near") == files(root.parent / "far")


def test_a_worker_without_the_sources_makes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handout_builder.builder import executors

    monkeypatch.setattr(executors, "_HESITATION", 0)
    monkeypatch.setattr(afar, "LIMITS", None)
    monkeypatch.setattr(executors.source_files, "state", lambda _: "other")
    done = copies(root, ROWS[:1], "--out", "far", "--executor", "own:threads")
    assert done.returncode == 3
    assert "workers have other sources" in done.stderr


def test_copies_go_where_fsspec_leads(root: Path) -> None:
    assert copies(root, ROWS, "--out", "near").returncode == 0
    place = root.parent / "place"
    done = copies(root, ROWS, "--out", "far", "--to", place.as_uri(), "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert files(place) == files(root.parent / "near")
    assert not files(root.parent / "far")
    assert "no such" in copies(root, ROWS, "--out", "other", "--to", "nowhere://x").stderr.replace(
        "Protocol not known", "no such"
    )


@pytest.mark.parametrize("pack", shelf.PACKS)
def test_copies_are_packed_in_batches(root: Path, pack: str) -> None:
    assert copies(root, ROWS, "--out", "near").returncode == 0
    assert copies(root, ROWS, "--out", "far", "--pack", pack).returncode == 0
    archives = sorted((root.parent / "far").glob("*-*.*"))
    assert [path.name for path in archives] == [f"{a:06}-{b:06}.{pack}" for a, b in ((1, 20), (21, 40), (41, 59))]
    unpacked = {name: data for path in archives for name, data in shelf.unpacked(path).items()}
    assert unpacked == files(root.parent / "near")
    whole = archives[1].read_bytes()
    archives[1].unlink()
    assert copies(root, ROWS, "--out", "far", "--pack", pack).returncode == 0
    assert archives[1].read_bytes() == whole
    assert copies(root, ROWS, "--forget", "far").returncode == 0
    assert not (root.parent / "far").exists()


def test_no_folder_has_too_many_names(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "digits_for", lambda count: digits_for(count, most=10))
    assert copies(root, ROWS, "--out", "near").returncode == 0
    near = root.parent / "near"
    folders = [path for path in near.iterdir() if path.is_dir()]
    assert len(folders) > 8
    assert all(folder_of(path.stem, 1) == path.parent.name for path in near.rglob("*.pdf"))
    assert len(files(near)) == 59
    assert copies(root, ROWS, "--forget", "near").returncode == 0
    assert not near.exists()


def test_folders_are_spread_when_names_are_many() -> None:
    assert [digits_for(count) for count in (10_000, 10_001, 160_000, 1_000_000, 5_000_000)] == [0, 1, 1, 2, 3]


@pytest.mark.parametrize("text", ["0/4", "5/4", "4", "1/0", "a/b", "1/4 "])
def test_what_is_no_shard_is_told(text: str) -> None:
    with pytest.raises(HandoutError, match="is no shard"):
        shard(text)


def test_each_name_is_in_one_shard() -> None:
    names = [str(number) for number in range(1000)]
    held = [sum(Shard(number, 7).holds(name) for name in names) for number in range(1, 8)]
    assert sum(held) == 1000
    assert min(held) > 100


def _jsonl(folder: Path) -> None:
    import json

    (folder / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))


def test_rows_come_from_parquet_and_from_a_database(root: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    top = root.parent
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), top / "rows.parquet")
    assert copies(root, ROWS, "--out", "near").returncode == 0
    assert copies(root, (top / "rows.parquet").read_bytes(), "--out", "columns", name="p.parquet").returncode == 0
    assert files(top / "columns") == files(top / "near")
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE people (name TEXT, note TEXT)")
    base.executemany("INSERT INTO people VALUES (?, ?)", [tuple(row.values()) for row in ROWS])
    fetch = from_cursor(lambda: base.execute("SELECT name, note FROM people ORDER BY rowid"))
    wishes = CopyWishes(top / "rows", jobs=1)
    order = Order(root / HANDOUT, LANG)
    assert copies_of(order, lambda columns: Mappings(fetch, columns), wishes).made == 59
    assert files(top / "rows") == files(top / "near")


def test_rows_that_change_between_two_readings_are_told(root: Path) -> None:
    rows = iter(range(10))

    def other() -> list[dict[str, str]]:
        return [{"name": f"Anna {next(rows)}"}]

    with pytest.raises(HandoutError, match="the list was changed"):
        copies_of(Order(root / HANDOUT, LANG), lambda columns: Mappings(other, columns), CopyWishes(root / "x", jobs=1))


def test_what_is_no_parquet_file_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "rows.parquet").write_bytes(b"name\nAnna\n")
    with pytest.raises(HandoutError, match="this is no Parquet file"):
        from_parquet(tmp_path / "rows.parquet")


_ = Callable, ThreadPoolExecutor, _jsonl
