"""Faults at every call that writes, at every allocation, and power cuts at every moment, for outputs and their record.

What a disk holds after a power cut is told by a model that is harder than file systems are: as folders are not flushed,
each change of a name may be lost or done, whatever the others are; of a file that was not flushed nothing, half or all
may be there.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from helpers.project import HERE, ROOT, run, tiny_handout

from handout_builder import atomic_files
from handout_builder.atomic_files import write_all
from handout_builder.builder import record
from handout_builder.errors import HandoutError

OLD = {"a.pdf": b"old pdf" * 50, "b.epub": b"old epub" * 50}
NEW = {"a.pdf": b"new pdf" * 60, "b.epub": b"new epub" * 60}
CALLS = ("open", "fdopen", "dup", "fsync", "link", "replace", "unlink", "stat", "fstat", "listdir")


class Call(NamedTuple):
    """A call of the system that changes names or files."""

    what: str
    names: tuple[str, ...]
    data: bytes = b""


class Disk:
    """Stands for ``os`` in the module that writes: it notes what is done, and can fail at the nth call."""

    def __init__(self, fail_at: int = -1, error: int = errno.ENOSPC) -> None:
        self.calls: list[Call] = []
        self.count = 0
        self._fail_at, self._error = fail_at, error
        self._names: dict[int, str] = {}

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._watched(name, real) if name in CALLS else real

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self._fail_at:
                raise OSError(self._error, os.strerror(self._error))
            done = real(*args, **options)
            if name == "open":
                self._names[done] = Path(args[0]).name
                if args[1] & os.O_CREAT:
                    self.calls.append(Call("create", (self._names[done],)))
            elif name == "dup":
                self._names[done] = self._names[args[0]]
            elif name == "fdopen" and args[1] == "wb":
                return _File(done, self._names[args[0]], self.calls)
            elif name == "fsync":
                self.calls.append(Call("fsync", (self._names[args[0]],)))
            elif name in ("link", "replace"):
                self.calls.append(Call(name, (Path(args[0]).name, Path(args[1]).name)))
            elif name == "unlink":
                self.calls.append(Call("unlink", (Path(args[0]).name,)))
            return done

        return call


class _File:
    """An open file whose writes are noted."""

    def __init__(self, file: Any, name: str, calls: list[Call]) -> None:
        self._file, self._name, self._calls = file, name, calls

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._calls.append(Call("write", (self._name,), data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_all({tmp_path / name: data for name, data in OLD.items()})
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(atomic_files, "os", disk)
        write_all({folder / name: data for name, data in NEW.items()})


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EMFILE])
def test_a_fault_at_any_call_leaves_all_files_old_or_all_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    for number in itertools.count(1):
        disk = Disk(number, error)
        try:
            written(folder, monkeypatch, disk)
        except HandoutError as told:
            codes = {problem.code for problem in told.problems}
        else:
            codes = {"output"}
        assert codes == {"output"}
        found = {name: data for name, data in contents(folder).items() if not name.startswith(".handouts-")}
        assert found in (OLD, NEW), f"call {number}"
        if disk.count < number:
            break
        write_all({folder / name: data for name, data in OLD.items()})
        assert contents(folder) == OLD, f"what call {number} left is not swept"
    assert number > 20


def after_power_cut(calls: list[Call], old: dict[str, bytes]) -> Iterator[dict[str, bytes]]:
    """Yield what a disk may hold when the power goes after some calls."""
    for end in range(len(calls) + 1):
        done = calls[:end]
        changes = [call for call in done if call.what in ("create", "link", "replace", "unlink")]
        data: dict[str, bytes] = {}
        flushed: dict[str, bytes] = {}
        for call in done:
            if call.what == "write":
                data[call.names[0]] = data.get(call.names[0], b"") + call.data
            elif call.what == "fsync":
                flushed[call.names[0]] = data.get(call.names[0], b"")
        for kept in itertools.product((False, True), repeat=len(changes)):
            for share in (0.0, 0.5, 1.0):
                files = {name: flushed.get(name, whole[: int(len(whole) * share)]) for name, whole in data.items()}
                yield _named(changes, kept, files, old)


def _named(
    changes: list[Call], kept: tuple[bool, ...], files: dict[str, bytes], old: dict[str, bytes]
) -> dict[str, bytes]:
    """Return names with what they lead to, where some changes of names were lost."""
    disk = dict(old)
    where = dict(old)  # what each name leads to while the program runs, lost changes included
    for call, is_kept in zip(changes, kept, strict=True):
        first = call.names[0]
        if call.what == "create":
            where[first] = files.get(first, b"")
            change = {first: where[first]}
        elif call.what == "link":
            where[call.names[1]] = where[first]
            change = {call.names[1]: where[first]}
        elif call.what == "replace":
            where[call.names[1]] = where.pop(first)
            change = {call.names[1]: where[call.names[1]]}
            if is_kept:
                disk.pop(first, None)
        else:
            where.pop(first, None)
            change = {}
            if is_kept:
                disk.pop(first, None)
        if is_kept:
            disk |= change
    return disk


def torn(disk: Disk) -> list[dict[str, bytes]]:
    """Return what a disk may hold where a file is neither the old one nor the new one."""
    return [
        state
        for state in after_power_cut(disk.calls, OLD)
        if any(state.get(name) not in (OLD[name], NEW[name]) for name in OLD)
    ]


def test_a_power_cut_at_any_moment_leaves_each_file_old_or_new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk()
    written(folder, monkeypatch, disk)
    assert [call.what for call in disk.calls].count("replace") == 2
    assert torn(disk) == []


def test_the_model_sees_a_file_that_was_not_flushed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk()
    written(folder, monkeypatch, disk)
    disk.calls = [call for call in disk.calls if call.what != "fsync"]
    assert torn(disk)


def test_a_record_of_another_moment_than_its_files_costs_no_right_file(tmp_path: Path) -> None:
    """A cut may keep the record and lose its file, or the other way round, or leave none of them."""
    moments = []
    tiny_handout(tmp_path / "source", "tiny")
    text = tmp_path / "source" / "tiny" / "en.yaml"
    for title in ("Before", "After"):
        text.write_text(text.read_text("utf-8").replace("title: ", f"title: {title} ", 1), "utf-8")
        assert run(tmp_path / "source", "build", "tiny", "--format", "pdf", *HERE).returncode == 0
        moments.append({name: (tmp_path / "dist" / name).read_bytes() for name in ("tiny.en.pdf", record.NAME)})
    right = moments[-1]["tiny.en.pdf"]
    states = [*moments, dict.fromkeys(moments[0])]
    for pdf, known in itertools.product(states, states):
        shutil.rmtree(tmp_path / "dist")
        (tmp_path / "dist").mkdir()
        for name, state in (("tiny.en.pdf", pdf), (record.NAME, known)):
            if (data := state[name]) is not None:
                (tmp_path / "dist" / name).write_bytes(data)
        assert run(tmp_path / "source", "build", "tiny", "--format", "pdf", *HERE).returncode == 0
        assert (tmp_path / "dist" / "tiny.en.pdf").read_bytes() == right


# Every single allocation of Python fails once (_testcapi is CPython's own), in a process that may die of it.
ALLOCATIONS = """
import itertools, os, sys
from pathlib import Path
import _testcapi
from handout_builder.atomic_files import write_all

folder = Path(sys.argv[1])
names = ("a.pdf", "b.epub")
old, new = ({folder / name: (word + name).encode() * 50 for name in names} for word in ("old", "new"))
os.fsync = lambda _: None  # the power stays on
failed = quiet = 0
for number in itertools.count():
    write_all(old)
    raised = False
    _testcapi.set_nomemory(number, number + 1)
    try:
        write_all(new)
    except Exception:  # the system calls of Python make other errors of it, too
        raised = True
    finally:
        _testcapi.remove_mem_hooks()
    failed += raised
    quiet = 0 if raised else quiet + 1
    found = {path: path.read_bytes() for path in old}
    assert found in (old, new), number
    if quiet > 100:  # it takes fewer allocations
        break
write_all(new)
left = sorted(path.name for path in folder.iterdir())
assert left == ["a.pdf", "b.epub"], left
print(failed)
"""


def test_an_allocation_that_fails_leaves_all_files_old_or_all_new(tmp_path: Path) -> None:
    pytest.importorskip("_testcapi", reason="this Python has no hooks for allocations")
    done = subprocess.run(
        [sys.executable, "-c", ALLOCATIONS, tmp_path], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
