"""All files are written, or none."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handout_builder.atomic_files import write_all
from handout_builder.errors import HandoutError

# One file at a time is written anew for each example.
FAST = settings(deadline=None, max_examples=150)
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


def test_parts_of_a_killed_build_are_swept_and_those_of_a_running_one_are_not(tmp_path: Path) -> None:
    dead, alive = tmp_path / f".a.pdf.{2**31 - 1}.part", tmp_path / f".b.pdf.{os.getppid()}.part"
    others = tmp_path / ".c.part", tmp_path / f"d.{2**31 - 1}.part"
    for path in (dead, alive, *others):
        path.write_bytes(b"half")
    write_all({tmp_path / "new.pdf": b"whole"})
    assert {path.name for path in tmp_path.iterdir()} == {alive.name, *(path.name for path in others), "new.pdf"}


@pytest.mark.parametrize("number", ["²", "0", "99999999999999999999"])
def test_strange_parts_do_not_stop_a_build(tmp_path: Path, number: str) -> None:
    (tmp_path / f".a.pdf.{number}.part").write_bytes(b"another program's")
    write_all({tmp_path / "new.pdf": b"whole"})
    assert (tmp_path / "new.pdf").read_bytes() == b"whole"
