"""Copies on many machines: by executors, in shards, from other sources, into other places; the same bytes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from helpers.once import once
from helpers.people import HANDOUT, LONG, copies, project, report
from helpers.project import LANG
from helpers.project import run as program

from handout_builder.copies import private_files, remote, run, shelf, store, whole, worker
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.mappings import Mappings, from_cursor, from_parquet
from handout_builder.copies.options import CopyOptions
from handout_builder.copies.rows import Row
from handout_builder.copies.run import copies_of
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


@pytest.fixture
def near(run_folder: Path) -> dict[str, bytes]:
    """What one machine makes of the rows."""

    def make(folder: Path) -> None:
        assert copies(project(folder), ROWS, "--out", "near").returncode == 0

    return files(once(run_folder / "near-copies", make) / "near")


def files(folder: Path) -> dict[str, bytes]:
    """The files of a run by their names, wherever they lie."""
    return {path.name: path.read_bytes() for path in folder.rglob("[!.]*.*") if path.is_file()}


def test_an_executor_makes_the_same_copies(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LIMITS", None)
    people = [*ROWS[:25], LONG]
    near = copies(root, people, "--out", "near", "--report", "near.json")
    far = copies(root, people, "--out", "far", "--report", "far.json", "--executor", "own:threads", "--jobs", "2")
    assert (near.returncode, far.returncode) == (0, 0), far.stderr
    assert files(root.parent / "near") == files(root.parent / "far")
    assert report(root.parent / "near.json") == report(root.parent / "far.json")


def test_a_worker_without_the_sources_makes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handout_builder.builder import executors

    monkeypatch.setattr(executors, "_HESITATION", 0)
    monkeypatch.setattr(remote, "LIMITS", None)
    monkeypatch.setattr(executors.source_files, "state", lambda _: "other")
    done = copies(root, ROWS[:1], "--out", "far", "--executor", "own:threads")
    assert done.returncode == 3
    assert "workers have other sources" in done.stderr


def test_copies_go_where_fsspec_leads(root: Path, near: dict[str, bytes]) -> None:
    place = root.parent / "place"
    done = copies(root, ROWS, "--out", "far", "--to", place.as_uri())
    assert done.returncode == 0, done.stderr
    assert files(place) == near
    assert not files(root.parent / "far")
    assert whole.verify(root.parent / "far", place.as_uri()) == (59, [])
    with pytest.raises(HandoutError, match="the copies were written to an address"):
        whole.verify(root.parent / "far")
    done = copies(root, ROWS, "--out", "nowhere", "--to", "nowhere://x")
    assert (done.returncode, "this address cannot be opened: Protocol not known" in done.stderr) == (1, True)
    assert not (root.parent / "nowhere").exists()


@pytest.mark.parametrize("words", [("--to", "file:"), ("--store", "far"), ("--pack", "tar"), ()])
def test_what_was_not_made_is_made_when_the_command_is_given_again(
    root: Path, near: dict[str, bytes], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = root.parent / "place"
    words = tuple(place.as_uri() if word == "file:" else word for word in words)
    words = words if "--store" in words else (*words, "--out", "far")
    real = worker.Worker._copy

    def lost(own: worker.Worker, number: int, row: Row) -> object:
        if row.number == 30:
            raise MemoryError
        return real(own, number, row)

    with monkeypatch.context() as context:
        context.setattr(worker.Worker, "_copy", lost)
        done = copies(root, ROWS, *words, "--jobs", "1")
        assert (done.returncode, "58 of 59" in done.stderr) == (1, True), done.stderr
    done = copies(root, ROWS, *words)
    assert (done.returncode, "59 of 59" in done.stderr) == (0, True), done.stderr
    if "--store" in words:
        assert store.copy(root.parent / "far", 30) == near["000030.pdf"]
    else:
        assert whole.verify(root.parent / "far", place.as_uri() if "--to" in words else "") == (59, [])


def test_nothing_is_left_of_a_copy_that_a_place_does_not_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket(tmp_path.as_uri())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bucket._files, "mv", full)
    with pytest.raises(OSError, match="No space left"):
        bucket.write("000001.pdf", b"words")

    def unreachable(*_: object) -> None:
        raise LookupError("s3://key:secret@bucket")

    monkeypatch.setattr(bucket._files, "mv", unreachable)
    with pytest.raises(OSError, match=r"LookupError$"):
        bucket.write("000001.pdf", b"words")
    assert not list(tmp_path.iterdir())


def test_copies_at_an_address_are_forgotten_there(root: Path) -> None:
    """What is not of the run stays; without the address nothing goes, as the record alone knows the copies."""
    place, far = root.parent / "place", root.parent / "far"
    words = ("--out", "far", "--to", place.as_uri(), "--document-reference")
    assert copies(root, ROWS[:3], *words).returncode == 0
    (place / "mine.pdf").write_bytes(b"%PDF-1.7 of somebody else")
    done = program(root, "copies", "--forget", "far")
    assert (done.returncode, "copies --forget far --to URL" in done.stderr) == (1, True), done.stderr
    assert len(files(place)) == 7
    done = program(root, "copies", "--forget", "far", "--to", place.as_uri())
    assert done.returncode == 0, done.stderr
    assert "3 files of copies were removed" in done.stderr
    assert "no files of the run: 1" in done.stderr
    assert [*files(place)] == ["mine.pdf"]
    assert not far.exists()


@pytest.mark.parametrize("pack", shelf.PACKS)
def test_copies_are_packed_in_batches(root: Path, near: dict[str, bytes], pack: str) -> None:
    assert copies(root, ROWS, "--out", "far", "--pack", pack).returncode == 0
    archives = sorted((root.parent / "far").glob("*-*.*"))
    assert [path.name for path in archives] == [f"{a:06}-{b:06}.{pack}" for a, b in ((1, 20), (21, 40), (41, 59))]
    unpacked = {name: data for path in archives for name, data in shelf.unpacked(path).items()}
    assert unpacked == near
    assert whole.verify(root.parent / "far") == (59, [])
    held = archives[1].read_bytes()
    archives[1].write_bytes(held[: len(held) // 2])
    assert whole.verify(root.parent / "far")[1]
    archives[1].unlink()
    if pack == "zip":
        assert copies(root, ROWS, "--out", "far", "--pack", pack).returncode == 0
        assert archives[1].read_bytes() == held
    assert copies(root, ROWS, "--forget", "far").returncode == 0
    assert not (root.parent / "far").exists()


def test_shards_are_joined_to_what_one_machine_makes(root: Path, near: dict[str, bytes]) -> None:
    top, parts = root.parent, ["part-1", "part-2"]
    for number, part in enumerate(parts, start=1):
        done = copies(root, ROWS, "--out", part, "--shard", f"{number}/2")
        assert done.returncode == 0, done.stderr
    assert len({name for part in parts for name in files(top / part)}) == 59
    assert "shard 2 of 2 is not there" in program(root, "merge", parts[0], "--out", "whole").stderr
    assert "shard 1 of 2 is there twice" in program(root, "merge", *parts, parts[0], "--out", "whole").stderr
    assert "shard 2 of 2 is not there" in program(root, "verify", parts[0]).stderr
    assert program(root, "merge", *parts, "--out", "whole").returncode == 0
    assert files(top / "whole") == near
    command = ("copies", HANDOUT, "--list", "people.csv")
    done = program(root, "verify", "whole", "--sample", "4", "--", *command)
    assert (done.returncode, "59 files are there once" in done.stderr) == (0, True), done.stderr
    # What a killed process has left half written goes nowhere; and a whole is joined, too.
    left = top / "whole" / private_files.part_name()
    left.write_bytes(b"words")
    assert program(root, "merge", "whole", "--out", "again").returncode == 0
    assert files(top / "again") == near
    assert not list((top / "again").glob("*.part"))
    # It goes on as the run of one machine, which has nothing left to do.
    times = {path: path.stat().st_mtime_ns for path in (top / "whole").glob("*.pdf")}
    assert copies(root, ROWS, "--out", "whole", "--report", "r.json").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (top / "whole").glob("*.pdf")} == times


def test_whatever_is_not_as_it_was_made_is_found(root: Path) -> None:
    folder = root.parent / "out"
    assert copies(root, ROWS[:6], "--out", "out").returncode == 0
    assert whole.verify(folder) == (6, [])
    one, two = folder / "000001.pdf", folder / "000002.pdf"
    held = one.read_bytes(), two.read_bytes()

    def found() -> str:
        return "\n".join(map(str, whole.verify(folder)[1]))

    one.write_bytes(held[0][:-1] + b" ")
    assert "000001.pdf: verify this is not a copy that was made" in found()
    one.unlink()
    assert "1 copies are missing" in found()
    one.write_bytes(held[1])
    two.write_bytes(held[0])
    assert found().count("not a copy that was made") == 2
    one.write_bytes(held[0])
    two.write_bytes(held[1])
    (folder / "000007.pdf").write_bytes(held[0])
    assert "000007.pdf: verify this is not a copy" in found()
    (folder / "000007.pdf").unlink()
    assert not found()
    log = folder / ".copies.log"
    log.write_bytes(log.read_bytes().replace(b'"6": "', b'"5": "'))
    assert "row 6 is not done" in found()


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


def test_rows_come_from_parquet_and_from_a_database(root: Path, near: dict[str, bytes]) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    top = root.parent
    parquet.write_table(pyarrow.Table.from_pylist(ROWS), top / "rows.parquet")
    assert copies(root, (top / "rows.parquet").read_bytes(), "--out", "columns", name="p.parquet").returncode == 0
    assert files(top / "columns") == near
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE people (name TEXT, note TEXT)")
    base.executemany("INSERT INTO people VALUES (?, ?)", [tuple(row.values()) for row in ROWS])
    fetch = from_cursor(lambda: base.execute("SELECT name, note FROM people ORDER BY rowid"))
    wishes = CopyOptions(top / "rows", jobs=1)
    order = Order(root / HANDOUT, LANG)
    assert copies_of(order, lambda columns: Mappings(fetch, columns), wishes).made == 59
    assert files(top / "rows") == near


def test_rows_that_change_between_two_readings_are_told(root: Path) -> None:
    rows = iter(range(10))

    def other() -> list[dict[str, str]]:
        return [{"name": f"Anna {next(rows)}"}]

    with pytest.raises(HandoutError, match="the list was changed"):
        copies_of(
            Order(root / HANDOUT, LANG), lambda columns: Mappings(other, columns), CopyOptions(root / "x", jobs=1)
        )


def test_what_is_no_parquet_file_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "rows.parquet").write_bytes(b"name\nAnna\n")
    with pytest.raises(HandoutError, match="this is no Parquet file"):
        from_parquet(tmp_path / "rows.parquet")
