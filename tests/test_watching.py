"""Files that change are seen, whatever a program does to write them; what is written on the side is not."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from helpers.project import ROOT, SHORT

from handout_builder import source_files, watching
from handout_builder.builder.file_cache import FileCache


def test_what_is_new_other_or_gone_is_seen(tmp_path: Path) -> None:
    one, two, three = (tmp_path / name for name in ("one.yaml", "two.yaml", "deep/three.yaml"))
    one.write_text("a")
    two.write_text("b")
    before = watching.files_in([tmp_path])
    one.write_text("aa")
    two.unlink()
    three.parent.mkdir()
    three.write_text("c")
    assert watching.changed(before, watching.files_in([tmp_path])) == sorted([one, two, three])


def test_a_file_that_takes_the_place_of_another_is_seen_although_size_and_time_are_the_same(tmp_path: Path) -> None:
    path, other = tmp_path / "en.yaml", tmp_path / "new"
    path.write_text("a")
    other.write_text("b")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    before = watching.signatures([path])
    other.replace(path)
    assert watching.signatures([path]) != before


def test_what_is_written_to_while_something_is_made_of_it_is_made_anew(tmp_path: Path) -> None:
    """A service lives for months, and would give out what was made of the old text until the next change."""
    path, gone, folder = tmp_path / "en.yaml", tmp_path / "fr.yaml", tmp_path / "folder"
    path.write_text("old")
    folder.mkdir()
    cache = FileCache(2)

    def made(saved: str) -> str:
        text = source_files.read(path).decode()
        source_files.exists(gone)
        with suppress(OSError):
            source_files.read(folder)
        path.write_text(saved)  # whoever writes it saves it now
        return text

    assert cache.once("key", lambda: made("new")) == "old"
    assert cache.once("key", lambda: made("new")) == "new"
    assert cache.once("key", lambda: made("newer")) == "new"
    assert path.read_text() == "new"


@pytest.mark.parametrize("name", [".en.yaml.swp", "en.yaml~", "#en.yaml#", ".git", "x.tmp"])
def test_what_editors_write_on_the_side_is_not_seen(tmp_path: Path, name: str) -> None:
    before = watching.files_in([tmp_path])
    (tmp_path / name).write_text("x")
    assert watching.files_in([tmp_path]) == before


def test_what_lies_deep_or_leads_nowhere_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_DEEPEST", 1)
    (tmp_path / "nowhere").symlink_to("none")
    seen, unseen = tmp_path / "one" / "a", tmp_path / "one" / "two" / "b"
    unseen.parent.mkdir(parents=True)
    seen.write_bytes(b"")
    unseen.write_bytes(b"")
    assert watching.files_in([tmp_path, tmp_path / "none"]).keys() == {seen}


def test_files_are_waited_for_until_nobody_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("en.yaml")
    looks = iter([{}, {path: 1}, {path: 1}, {path: 2}, {path: 2}, {path: 2}])
    monkeypatch.setattr(watching, "EVERY", 0)
    monkeypatch.setattr(watching, "files_in", lambda _: next(looks))
    assert watching.next_change([Path()], {}) == ({path: 2}, [path])
    assert not list(looks)


def test_of_more_than_may_be_kept_the_oldest_goes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    cache, made = FileCache(2), []

    def make(key: str) -> str:
        made.append(key)
        source_files.read(path)
        return key

    for key in ("one", "two", "three", "two", "one"):
        assert cache.once(key, lambda key=key: make(key)) == key  # type: ignore[misc]
    assert made == ["one", "two", "three", "one"]
    with source_files.instead({path: b"2"}):
        assert cache.once("draft", lambda: source_files.read(path)) == b"2"
    assert cache.once("draft", lambda: source_files.read(path)) == b"1"


def test_a_ring_of_links_has_an_end(tmp_path: Path) -> None:
    (tmp_path / "ring").symlink_to(tmp_path)
    assert len(watching.files_in([tmp_path])) <= 1


def test_watch_builds_again_and_tells_what_is_wrong_in_between(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "source" / "short"
    shutil.copytree(SHORT, folder)
    said = tmp_path / "said.txt"
    command = [sys.executable, str(ROOT / "make_handout.py"), "--watch", "--format", "pdf", "--jobs", "1"]
    # Whoever runs the tests in the background hands down that Ctrl-C means nothing.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with said.open("w") as file:
            process = subprocess.Popen(command, cwd=tmp_path, stdout=file, stderr=file)
    finally:
        signal.signal(signal.SIGINT, before)

    def wait_for(pattern: str, count: int) -> None:
        for _ in range(600):
            if len(re.findall(pattern, said.read_text())) >= count:
                return
            time.sleep(0.1)
        raise AssertionError(said.read_text())

    try:
        wait_for("waiting for a change", 1)
        made = (tmp_path / "dist" / "short.en.pdf").read_bytes()
        text = folder / "en.yaml"
        original = text.read_text("utf-8")
        text.write_text(original.replace("BL23", "BL230"), "utf-8")
        wait_for("unknown-point", 1)
        assert (tmp_path / "dist" / "short.en.pdf").read_bytes() == made
        wait_for("waiting for a change", 2)
        text.write_text(original.replace("A short handout", "A title"), "utf-8")
        wait_for("waiting for a change", 3)
        assert (tmp_path / "dist" / "short.en.pdf").read_bytes() != made
    finally:
        process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
