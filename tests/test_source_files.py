"""The door by which users' files come in: nothing hangs, nothing fills the memory, all is noted."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from handout_builder import source_files
from handout_builder.source_files import CHANGED, ERROR, NO_FILE, NoPlainFileError, TooLargeError, exists, read, state


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_what_is_read_is_noted_with_its_digest(tmp_path: Path) -> None:
    path, none = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"one")
    with source_files.recording() as notes:
        assert read(path) == b"one"
        assert exists(path)
        assert not exists(none)
    assert notes == {path: digest(b"one"), none: NO_FILE}
    assert state(path) == notes[path]
    assert state(none) == NO_FILE


def test_a_file_of_two_contents_is_equal_to_none(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with source_files.recording() as notes:
        for text in (b"one", b"two", b"one"):
            path.write_bytes(text)
            read(path)
    assert notes == {path: CHANGED}


def test_a_file_that_comes_while_it_is_looked_for_is_equal_to_none(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with source_files.recording() as notes:
        exists(path)
        path.write_bytes(b"one")
        read(path)
    assert notes == {path: CHANGED}


def test_one_recording_sees_nothing_of_another(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "ab"]
    for path in paths:
        path.write_bytes(b"")
    with source_files.recording() as outer:
        read(paths[0])
        with source_files.recording() as inner:
            read(paths[1])
        assert list(outer) == paths[:1]
        source_files.note(inner)
    assert list(outer) == paths
    assert list(inner) == paths[1:]


def test_what_was_read_before_something_failed_is_noted_by_who_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    with source_files.recording() as outer, suppress(ValueError), source_files.recording():
        read(path)
        raise ValueError
    assert outer == {path: digest(b"one")}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "link to a pipe"])
def test_what_is_no_file_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    path = Path("odd")
    if kind == "socket":
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(str(path))
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        os.mkfifo("pipe")
        path = Path("pipe")
        if kind != "pipe":
            path = Path("link")
            path.symlink_to("pipe")
    with pytest.raises(NoPlainFileError, match="this is no file"):
        read(path)
    assert exists(path)
    assert state(path).startswith("error")


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read(tmp_path)


def test_no_more_than_may_be_is_read(tmp_path: Path) -> None:
    path = tmp_path / "film"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    with pytest.raises(TooLargeError, match="5,000,000,000 bytes, more than 1,000"):
        read(path, 1000)
    assert state(path).startswith("error")
    path.write_bytes(b"x" * 1000)
    assert len(read(path, 1000)) == 1000


def test_a_file_that_grows_while_it_is_read_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    monkeypatch.setattr(source_files, "_refuse", lambda *_: None)  # as it was small when it was looked at
    with source_files.recording() as notes, pytest.raises(TooLargeError):
        read(path, 4)
    assert notes == {path: f"{ERROR} {errno.EFBIG}"}


def test_names_that_no_file_has_are_of_none(tmp_path: Path) -> None:
    assert not exists(tmp_path / "a\0b")
    assert source_files.found(tmp_path, "a\0b/c") == tmp_path / "a\0b/c"
    assert source_files.found(tmp_path / "none", "Ü") == tmp_path / "none" / "Ü"
    assert source_files.leads_out(tmp_path / "a\0b", tmp_path)
    with source_files.instead({tmp_path / "draft": b"1"}):
        assert exists(tmp_path / "draft")
    assert not exists(tmp_path / "draft")
