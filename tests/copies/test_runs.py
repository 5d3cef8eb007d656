"""Runs: side by side, interrupted and taken up, for a print shop, encrypted, in a store, and forgotten."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import sys
from pathlib import Path

import pikepdf
import pytest
from helpers import pdf_pages
from helpers.people import HANDOUT, LONG, PEOPLE, copies, project, report
from helpers.project import Done, run
from judges import verapdf

from handout_builder.cli.main import main
from handout_builder.copies import journal, private_files
from handout_builder.copies import run as copies_run


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.startswith(".")}


def many(count: int) -> list[dict[str, str]]:
    return [{"name": f"Anna {number}", "note": f"Press {number} times."} for number in range(1, count + 1)]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be a tenth of what it is, and so the lists that fill several."""
    monkeypatch.setattr(copies_run, "_BATCH", 20)


@pytest.mark.usefixtures("small_batches")
def test_processes_make_the_same_files(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [*many(45), LONG]
    assert copies(root, people, "--out", "one").returncode == 0
    done = copies(root, people, "--out", "two", "--jobs", "2", "--report", "r.json")
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert len(files(tmp_path / "two")) == 46
    assert report(tmp_path / "r.json")[46]["result"] == "made-long"


def test_only_their_owner_may_read_copies(tmp_path: Path) -> None:
    copies(project(tmp_path), PEOPLE[:1], "--out", "out")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "out").iterdir())


@pytest.mark.usefixtures("small_batches")
def test_an_interrupted_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Finished files are whole and stay; what was half written is gone; what was lost since is made again."""
    root = project(tmp_path)
    people = many(50)
    write, calls = private_files.replace, itertools.count()

    def interrupted(*arguments: object) -> None:
        if next(calls) == 33:
            (tmp_path / "out" / private_files.part_name()).write_bytes(b"half")
            raise KeyboardInterrupt
        write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(private_files, "replace", interrupted)
    done = copies(root, people, "--out", "out")
    assert done.returncode == 130
    first = files(tmp_path / "out")
    assert len(first) == 33
    assert all(data.endswith(b"%%EOF\n") for data in first.values())
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.pdf")}
    (tmp_path / "out" / "000005.pdf").unlink()
    os.truncate(tmp_path / "out" / "000007.pdf", 1000)
    monkeypatch.setattr(private_files, "replace", write)
    done = copies(root, people, "--out", "out", "--report", "r.json")
    assert done.returncode == 0, done.stderr
    whole = files(tmp_path / "out")
    assert len(whole) == 50
    assert {name: whole[name] for name in first} == first
    again = [path.name for path, time in times.items() if path.stat().st_mtime_ns != time and int(path.stem) <= 20]
    assert sorted(again) == ["000005.pdf", "000007.pdf"]
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.endswith(".part")]
    assert set(report(tmp_path / "r.json")) == set(range(1, 51))
    # Once more: nothing is left to be done.
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.pdf")}
    assert copies(root, people, "--out", "out").returncode == 0
    assert all(path.stat().st_mtime_ns == time for path, time in times.items())


def test_what_was_told_is_told_after_an_interruption(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [*many(3), LONG]
    for _ in range(2):
        assert copies(root, people, "--out", "out", "--report", "r.json").returncode == 0
        assert report(tmp_path / "r.json")[4]["result"] == "made-long"


def test_other_runs_and_other_files_are_left_alone(tmp_path: Path) -> None:
    root = project(tmp_path)
    assert copies(root, many(2), "--out", "out").returncode == 0
    before = files(tmp_path / "out")
    done = copies(root, many(3), "--out", "out")
    assert done.returncode == 1
    assert "other-run the folder holds another run" in done.stderr
    assert files(tmp_path / "out") == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.pdf").write_bytes(b"x")
    assert "not empty" in copies(root, many(2), "--out", "mine").stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
@pytest.mark.parametrize("words", [("--out", "out"), ("--store", "out")])
def test_two_processes_are_not_at_work_in_one_folder(tmp_path: Path, words: tuple[str, ...]) -> None:
    """In a store, each would write over the other's words: one person's copy would have another's."""
    root = project(tmp_path)
    assert copies(root, many(2), *words).returncode == 0
    state = json.loads((tmp_path / "out" / journal.STATE).read_text())
    del state["format"]
    half = tmp_path / "out" / private_files.part_name()
    with contextlib.closing(journal.Journal(tmp_path / "out", state)) as record:
        other = os.dup(record._claim)  # type: ignore[arg-type]  # as a process has it that was copied meanwhile
        half.write_bytes(b"the other's")
        for again in ((*words,), ("--forget", "out")):
            done = copies(root, many(2), *again)
            assert done.returncode == 1
            assert "other-run another process is making copies in this folder" in done.stderr
        assert half.exists()
    assert not half.exists()
    assert copies(root, many(2), *words).returncode == 0
    os.close(other)


def test_a_disk_that_is_full_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path)

    def full(_: Path, target: Path, *__: bytes) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(private_files, "replace", full)
    done = copies(root, [{"id": "Canary", "name": "Anna"}], "--out", "out", "--name-by", "id")
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Canary" not in done.stderr


def test_one_file_for_a_print_shop(tmp_path: Path) -> None:
    """PDF/A-3b; each copy on the front of a sheet; bookmarks are the numbers of rows."""
    root = project(tmp_path, personal="\npersonal:\n  fields: [name, {field: note, lines: 2}]\n")
    people = [
        {"name": "Bo"},
        LONG,
        {"name": "山田 花子", "name_lang": "ja"},
        {"name": "Σοφία", "lang": "el"},
    ]
    done = copies(root, people, "--out", "lot.pdf", "--report", "r.json")
    assert done.returncode == 1
    assert "long-way row 2, note" in done.stderr
    lot = tmp_path / "lot.pdf"
    assert verapdf.check(lot, "3b") == []
    assert pdf_pages.faults(lot) == []
    copies(root, people[:1], "--out", "one")
    with pikepdf.open(tmp_path / "one" / "000001.pdf") as pdf:
        pages = len(pdf.pages)
    with pikepdf.open(lot) as pdf:
        each = pages + pages % 2
        assert len(pdf.pages) == 3 * each
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["000001", "000003", "000004"]
            starts = [pikepdf.Page(item.destination[0]).index for item in outline.root]
        assert starts == [0, each, 2 * each]
        assert "/StructTreeRoot" not in pdf.Root
    text = pdf_pages.text(lot)
    assert [text.count(person["name"]) for person in people] == [1, 0, 1, 1]
    picture = pdf_pages.picture(lot, 1, 100)
    assert picture.tobytes() == pdf_pages.picture(tmp_path / "one" / "000001.pdf", 1, 100).tobytes()


@pytest.mark.parametrize("sides", [(), ("--single-sided",)])
def test_an_empty_page_ends_an_odd_number_of_pages(tmp_path: Path, sides: tuple[str, ...]) -> None:
    root = project(tmp_path, personal="\npersonal:\n  fields: [name]\n")
    people = [{"name": "Anna"}, {"name": "Bo"}, {"name": "Cy"}]
    copies(root, people[:1], "--out", "one")
    with pikepdf.open(tmp_path / "one" / "000001.pdf") as pdf:
        pages = len(pdf.pages)
    assert pages % 2, "the handout of this test has an odd number of pages"
    copies(root, people, "--out", "lot.pdf", *sides)
    with pikepdf.open(tmp_path / "lot.pdf") as pdf:
        assert len(pdf.pages) == 3 * (pages + (not sides))
    assert verapdf.check(tmp_path / "lot.pdf", "3b") == []


def test_encrypted_copies_open_by_their_passwords(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [{"name": "Anna", "password": "correct horse"}, LONG | {"password": "battery staple"}]
    done = copies(root, people, "--out", "out", "--encrypt")
    assert done.returncode == 0, done.stderr
    assert "no longer PDF/A" in done.stderr
    for number, person in enumerate(people, start=1):
        path = tmp_path / "out" / f"{number:06}.pdf"
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(path)
        with pikepdf.open(path, password=person["password"]) as pdf:
            assert pdf.encryption.R == 6
            assert pdf.encryption.stream_method.name == "aesv3"
            assert pdf.allow.accessibility
            assert b"pdfaid:part" not in pdf.Root.Metadata.read_bytes()
            assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()


def test_a_store_gives_the_same_files(tmp_path: Path) -> None:
    root = project(tmp_path)
    people = [*PEOPLE, {"name": "\u202e"}, LONG, {"name": "Al", "edition": "letter"}]
    bad = len(PEOPLE) + 1
    assert copies(root, people, "--out", "out").returncode == 1
    assert copies(root, people, "--store", "store").returncode == 1
    good = f"1-{bad - 1},{bad + 1},{bad + 2}"
    done = run(root, "copies", "extract", "store", "--rows", good, "--out", "again")
    assert all(path.stat().st_mode & 0o077 == 0 for path in [tmp_path / "again", *(tmp_path / "again").iterdir()])
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "again") == files(tmp_path / "out")
    done = run(root, "copies", "extract", "store", "--rows", str(bad), "--out", "again")
    assert (done.returncode, f"no-copy row {bad} has no copy" in done.stderr) == (1, True)
    for rows in ("0", str(len(people) + 1), "2-1", "x", "1-99"):
        done = run(root, "copies", "extract", "store", "--rows", rows, "--out", "again")
        assert (done.returncode, "store: rows " in done.stderr) == (1, True)
    for rows, told in (
        ((), "say which rows, with --rows 12,40-60; the store has 1 to"),
        (("--rows", "1,2", "--out", "-"), "standard output takes one row: --rows 12 --out -"),
        (("--rows", "1"), "say where the copies go, with --out DIR, or --out - for one row"),
    ):
        done = run(root, "copies", "extract", "store", *rows)
        assert (done.returncode, told in done.stderr) == (2, True)
    one = io.BytesIO()
    stream = io.TextIOWrapper(one)
    with contextlib.redirect_stdout(stream):
        assert main(["copies", "extract", str(tmp_path / "store"), "--rows", "2", "--out", "-"]) == 0
    assert one.getvalue() == files(tmp_path / "out")["000002.pdf"]
    assert "no-store" in run(root, "copies", "extract", "out", "--rows", "1", "--out", "again").stderr
    small = sum(len(data) for name, data in files(tmp_path / "store").items() if name == "tails.bin")
    assert small < sum(map(len, files(tmp_path / "out").values())) / 3


def test_a_store_is_what_its_documentation_says(tmp_path: Path) -> None:
    root = project(tmp_path)
    copies(root, PEOPLE[:3], "--store", "store")
    store = files(tmp_path / "store")
    index = store["index.bin"][16:32]
    at, length = int.from_bytes(index[:8], "big"), int.from_bytes(index[8:12], "big")
    (tmp_path / "two.pdf").write_bytes(store["template-0.pdf"] + store["tails.bin"][at : at + length])
    assert "山田 花子" in pdf_pages.text(tmp_path / "two.pdf")
    assert json.loads(store["store.json"]) == {"format": 1, "templates": 1, "rows": 3}


@pytest.mark.parametrize("words", [("--out", "out"), ("--store", "out")])
def test_a_run_is_forgotten(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = project(tmp_path)
    copies(root, PEOPLE[:3], *words)
    (tmp_path / "out" / "mine.txt").write_text("x")
    done = run(root, "copies", "--forget", "out")
    assert done.returncode == 0, done.stderr
    assert "brought back" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    done = run(root, "copies", "--forget", "out")
    assert (done.returncode, "no-run the folder holds no copies" in done.stderr) == (1, True)
    assert (tmp_path / "out" / "mine.txt").exists()


def usage(root: Path, *words: str) -> Done:
    return run(root, "copies", *words)


def test_wrong_usage_is_told(tmp_path: Path) -> None:
    root = project(tmp_path)
    for words in ((), (HANDOUT,), (HANDOUT, "--list", "x.csv"), (HANDOUT, "--list", "x", "--out", "a", "--store", "b")):
        done = usage(root, *words)
        assert (done.returncode, done.stderr.startswith("make_handout.py copies: ")) == (2, True)
