"""All files are written, or none."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import Mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handout_builder import atomic_files
from handout_builder.atomic_files import write_all, write_missing, write_new
from handout_builder.errors import HandoutError

# One file at a time is written anew for each example.
FAST = settings(deadline=None, max_examples=80)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=90).filter(
    lambda name: name not in (".", "..")
)
FILES = st.dictionaries(NAMES, st.binary(max_size=50), min_size=1, max_size=5)


def contents(folder: Path) -> dict[str, bytes | None]:
    return {path.name: path.read_bytes() if path.is_file() else None for path in folder.iterdir()}


@FAST
@given(old=FILES, new=FILES, both=st.booleans())
@example(old={"a": b"1"}, new={"b" * 255: b"2", "a": b"3"}, both=False)
def test_all_files_are_written_or_none(old: dict[str, bytes], new: dict[str, bytes], both: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        if both:
            old |= dict.fromkeys(new, b"before")
        for file, data in old.items():
            (folder / file).write_bytes(data)
        before = contents(folder)
        wanted = before | new
        try:
            write_all({folder / file: data for file, data in new.items()})
        except HandoutError as error:
            wanted = before if [problem.code for problem in error.problems] == ["output"] else {}
        assert contents(folder) == wanted


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_link_in_the_place_of_a_file_is_told_by_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "victim").write_bytes(b"1")
    (tmp_path / "file").symlink_to("victim")
    with pytest.raises(HandoutError, match=r"^file: output cannot write: a link has the name of the file"):
        write_all({tmp_path / "file": b"2"})
    assert (tmp_path / "victim").read_bytes() == b"1"


@pytest.mark.skipif(sys.platform == "win32", reason="rights are told otherwise")
def test_private_files_are_their_owners_alone_from_the_first_byte_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []
    real = os.open

    def opened(path: str, flags: int, mode: int = 0o777, **more: int) -> int:
        modes.extend([mode] if flags & os.O_CREAT else [])
        return real(path, flags, mode, **more)

    def refuse(_: int) -> int:
        raise AssertionError("other threads have the same mask")

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "umask", refuse)
    write_all({tmp_path / "new" / "draft": b"words"}, private=True)
    assert modes == [0o600]
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    write_all({tmp_path / "new" / "page": b"words"})
    assert modes == [0o600, 0o666]


@FAST
@given(new=FILES, data=st.data())
def test_nothing_is_written_when_one_file_cannot_be(new: dict[str, bytes], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in new:
            (folder / file).write_bytes(b"before")
        blocked = folder / data.draw(st.sampled_from(list(new)))
        blocked.unlink()
        (blocked / "inside").mkdir(parents=True)
        before = contents(folder)
        with pytest.raises(HandoutError):
            write_all({folder / file: content for file, content in new.items()})
        assert contents(folder) == before


def part(number: int) -> str:
    return f".handouts-{number:016x}.part"


@pytest.mark.skipif(sys.platform == "win32", reason="there, a day must pass")
def test_parts_of_a_killed_build_are_swept_and_those_of_a_running_one_are_not(tmp_path: Path) -> None:
    import fcntl

    dead, alive, link, pipe = (tmp_path / part(number) for number in range(4))
    others = tmp_path / ".c.part", tmp_path / ".handouts-1.part"
    for path in (dead, alive, *others):
        path.write_bytes(b"half")
    link.symlink_to(others[0])
    os.mkfifo(pipe)
    with alive.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as its process does, in whichever container
        write_all({tmp_path / "new.pdf": b"whole"})
    kept = {path.name for path in (alive, link, pipe, *others)}
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "new.pdf"}


@pytest.mark.skipif(sys.platform == "win32", reason="there, a day must pass")
def test_two_that_write_into_one_folder_leave_each_other_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes its time: while one has its parts ready, the other sweeps."""
    real, asked = os.fsync, []

    def slow(descriptor: int) -> None:
        real(descriptor)
        if not asked:
            asked.append(descriptor)
            write_all({tmp_path / "b.pdf": b"theirs", tmp_path / "b.epub": b"theirs"})

    monkeypatch.setattr(os, "fsync", slow)
    write_all({tmp_path / "a.pdf": b"ours", tmp_path / "a.epub": b"ours"})
    assert contents(tmp_path) == {"a.pdf": b"ours", "a.epub": b"ours", "b.pdf": b"theirs", "b.epub": b"theirs"}


@pytest.mark.parametrize("before", [b"old", None])
@pytest.mark.parametrize("second_names", [True, False])
def test_where_the_second_file_cannot_be_put_in_its_place_the_first_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None, *, second_names: bool
) -> None:
    paths = [tmp_path / name for name in ("a.pdf", "a.epub")]
    for path in paths:
        if before:
            path.write_bytes(before)
    old, real = contents(tmp_path), os.replace

    def replace(one: str, other: str, **folders: int) -> None:
        if Path(other).name == "a.epub":
            raise PermissionError(errno.EPERM, "not yours")
        real(one, other, **folders)

    def no_link(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "not here")

    monkeypatch.setattr(os, "replace", replace)
    if not second_names:
        monkeypatch.setattr(os, "link", no_link)
        monkeypatch.setattr("handout_builder.atomic_files._HANDLES", False)
    with pytest.raises(HandoutError, match=r"a\.epub: output cannot write: not yours"):
        write_all(dict.fromkeys(paths, b"new"))
    assert contents(tmp_path) == old


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["link", "pipe", "link to nothing"])
def test_what_is_no_file_is_not_written_over_or_through(tmp_path: Path, kind: str) -> None:
    victim, path = tmp_path / "victim", tmp_path / "a.pdf"
    victim.write_bytes(b"mine")
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(victim if kind == "link" else tmp_path / "nothing")
    with pytest.raises(HandoutError, match="has the name of the file"):
        write_all({tmp_path / "a.epub": b"new", path: b"new"})
    assert {item.name for item in tmp_path.iterdir()} == {"victim", "a.pdf"}
    assert victim.read_bytes() == b"mine"


def test_a_name_that_can_be_guessed_is_not_written_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / part(7)).symlink_to(victim)
    monkeypatch.setattr("secrets.token_hex", lambda _: f"{7:016x}")
    with pytest.raises(HandoutError):
        write_all({tmp_path / "a.pdf": b"new"})
    assert victim.read_bytes() == b"mine"


def test_a_file_has_a_name() -> None:
    with pytest.raises(HandoutError, match="this is no name of a file"):
        write_all({Path(): b"1"})


def test_what_stands_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("mine")
    with pytest.raises(HandoutError, match="source: output cannot write: this is no folder"):
        write_new(tmp_path / "source" / "neck", {"a": b"1"})
    assert (tmp_path / "source").read_text() == "mine"


def test_new_files_are_written_over_nothing(tmp_path: Path) -> None:
    write_new(tmp_path / "one", {"a": b"1", "b": b"2"})
    assert contents(tmp_path / "one") == {"a": b"1", "b": b"2"}
    (tmp_path / "link").symlink_to(tmp_path / "far")
    (tmp_path / "empty").mkdir()
    for name in ("one", "link", "empty"):
        with pytest.raises(HandoutError, match="the folder is there already"):
            write_new(tmp_path / name, {"a": b"3"})
        assert not write_missing(tmp_path / name, b"3")
    assert contents(tmp_path / "one") == {"a": b"1", "b": b"2"}
    assert not (tmp_path / "far").exists()
    assert write_missing(tmp_path / "free", b"3")
    assert not write_missing(tmp_path / "free", b"4")
    assert (tmp_path / "free").read_bytes() == b"3"


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_nothing_is_left_of_a_new_folder_or_file_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(HandoutError, match="No space left"):
            write_new(tmp_path / "above" / "new", {"a": b"1"})
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", full)
        with pytest.raises(HandoutError, match="No space left"):
            write_missing(tmp_path / "file", b"1")
    assert not contents(tmp_path)
    with pytest.raises(HandoutError, match="No such file"):
        write_missing(tmp_path / "none" / "file", b"1")


@pytest.mark.skipif(sys.platform == "win32", reason="rights are told otherwise")
def test_the_file_of_somebody_else_in_a_folder_for_all_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"theirs")
    tmp_path.chmod(0o1777)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 123_456)
        with pytest.raises(HandoutError, match="the file is somebody else's"):
            write_all({tmp_path / "file": b"ours"})
    assert contents(tmp_path) == {"file": b"theirs"}
    write_all({tmp_path / "file": b"ours"})


@pytest.mark.skipif(sys.platform != "linux", reason="it asks /proc for the name of a file")
def test_a_part_that_another_one_has_swept_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, swept = atomic_files.lock, []

    def sweep_first(descriptor: int, *, together: bool = False) -> bool | None:
        if not swept:
            swept.append(Path(f"/proc/self/fd/{descriptor}").readlink())
            swept[0].unlink()
        return real(descriptor, together=together)

    monkeypatch.setattr(atomic_files, "lock", sweep_first)
    write_all({tmp_path / "file": b"1"})
    assert swept
    assert contents(tmp_path) == {"file": b"1"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks")
def test_where_there_are_no_locks_parts_are_left_over_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr(fcntl, "flock", full)
    old, new = (tmp_path / f".handouts-{sign * 16}.part" for sign in "ab")
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    write_all({tmp_path / "file": b"1"})
    assert contents(tmp_path) == {"file": b"1", new.name: b"half"}


def test_what_is_interrupted_when_all_is_in_its_place_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atomic_files._Write.replace

    def interrupted(write: atomic_files._Write) -> None:
        real(write)
        if write.path.name == "b":
            raise KeyboardInterrupt

    monkeypatch.setattr(atomic_files._Write, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all({tmp_path / "a": b"1", tmp_path / "b": b"2"})
    assert contents(tmp_path) == {"a": b"1", "b": b"2"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_new_folder_that_was_begun_in_vain_is_not_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Nor are its inner folders, nor what a killed command has left of either."""
    files = {"en.yaml": b"1", "editorial/en.yaml": b"2"}
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", Mock(side_effect=error))
        with pytest.raises((HandoutError, KeyboardInterrupt)):
            write_new(tmp_path / "new", files)
    assert [*tmp_path.iterdir()] == []
    (tmp_path / "new" / "editorial").mkdir(parents=True)
    for folder in ("new", "new/editorial"):
        (tmp_path / folder / f".handouts-{'0' * 16}.part").write_bytes(b"half")
    write_new(tmp_path / "new", files)
    assert contents(tmp_path / "new") == {"en.yaml": b"1", "editorial": None}
    assert contents(tmp_path / "new" / "editorial") == {"en.yaml": b"2"}


def test_no_folder_is_left_where_nothing_could_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic_files.os, "fsync", full)
    monkeypatch.setattr(atomic_files.os, "write", full)
    files = {tmp_path / "new" / "brand" / "a.pdf": b"a", tmp_path / "there" / "b" / "c.pdf": b"b"}
    with pytest.raises(HandoutError, match="No space"):
        write_all(files)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]
