"""Products made in shards: joined they are what one machine makes, and whatever is not so is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.once import once
from helpers.project import run, tiny_handout

from handout_builder.builder import manifest

NAMES = ("neck", "knee", "arm", "foot")
PDF = ("build", *NAMES, "--format", "pdf", "--jobs", "1", "--time-limit", "0", "--memory-limit", "0")


@pytest.fixture
def top(run_folder: Path, tmp_path: Path) -> Path:
    """Four tiny handouts, built at once and in two shards."""

    def make(folder: Path) -> None:
        for name in NAMES:
            tiny_handout(folder / "source", name)
        for words in (("--out", "near"), *(("--out", f"part-{n}", "--shard", f"{n}/2") for n in (1, 2))):
            done = run(folder / "source", *PDF, *words)
            assert done.returncode == 0, done.stderr

    return Path(shutil.copytree(once(run_folder / "shards", make), tmp_path / "shards"))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("[!.]*.*")}


def test_shards_are_joined_to_what_one_machine_makes(top: Path) -> None:
    parts = files(top / "part-1"), files(top / "part-2")
    assert all(parts)
    assert not parts[0].keys() & parts[1].keys()
    assert "shard 2 of 2 is not there" in run(top / "source", "merge", "part-1", "--out", "whole").stderr
    assert run(top / "source", "merge", "part-2", "part-1", "--out", "whole").returncode == 0
    assert files(top / "whole") == files(top / "near")
    done = run(top / "source", "verify", "whole", "--sample", "1", "--", *PDF[:-6])
    assert (done.returncode, "4 files are there once, each as it was made; 1 were" in done.stderr) == (0, True), (
        done.stderr
    )
    assert "nothing changed" in run(top / "source", *PDF, "--out", "whole").stderr
    told = run(top / "source", "verify", "whole", "--sample", "1", "--", "build", "neck").stderr
    assert "these are other products" in told
    # An index and a lock are of the whole, and stand beside its files.
    told = run(top / "source", *PDF, "--out", "part-1", "--shard", "1/2", "--index").stderr
    assert "an index tells of all files, and a shard has some of them" in told
    told = run(top / "source", "lock", *PDF[1:], "--out", "part-1", "--shard", "1/2").stderr
    assert "a lock is of all files" in told
    done = run(top / "source", "lock", *PDF[1:], "--out", "whole", "--index")
    assert (done.returncode, "nothing changed" in done.stderr) == (0, False), done.stderr
    for again in ((), ("--again",)):
        assert run(top / "source", "verify", "whole", *again).returncode == 0
    (top / "whole" / manifest.NAME).unlink()
    assert run(top / "source", "verify", "whole").returncode == 0
    told = run(top / "source", "verify", "whole", "--sample", "1", "--", "build").stderr
    assert "a sample is of copies, or of shards that were merged" in told


Spoil = Callable[[Path], object]


def other_fonts(top: Path) -> None:
    path = top / "part-1" / manifest.NAME
    value = json.loads(path.read_bytes())
    value["surroundings"]["fonts"] = "other"
    path.write_text(json.dumps(value))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (other_fonts, "a program with other fonts"),
        (
            lambda top: (top / "part-1" / manifest.NAME).write_text("{}"),
            "no-shard the folder has no .manifest.json that holds",
        ),
        (lambda top: next((top / "part-1").glob("*.pdf")).write_bytes(b"x"), "not the file that was made"),
        (
            lambda top: (top / "part-1").rename(top / "x") and shutil.copytree(top / "part-2", top / "part-1"),
            "is there twice",
        ),
    ],
)
def test_shards_that_are_no_whole_are_not_joined(top: Path, spoil: Spoil, told: str) -> None:
    spoil(top)
    done = run(top / "source", "merge", "part-1", "part-2", "--out", "whole")
    assert done.returncode == 1
    assert told in done.stderr


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda whole: next(whole.glob("*.pdf")).write_bytes(b"x"), "this is not the file that was made"),
        (lambda whole: next(whole.glob("*.pdf")).unlink(), "the file is missing"),
        (lambda whole: (whole / "more.pdf").write_bytes(b"x"), "no shard has made this file"),
    ],
)
def test_whatever_is_not_as_it_was_made_is_found(top: Path, spoil: Spoil, told: str) -> None:
    assert run(top / "source", "merge", "part-1", "part-2", "--out", "whole").returncode == 0
    spoil(top / "whole")
    done = run(top / "source", "verify", "whole")
    assert done.returncode == 1
    assert told in done.stderr


def test_a_shard_that_failed_is_not_finished(top: Path) -> None:
    text = top / "source" / "neck" / "en.yaml"
    text.write_text(text.read_text("utf-8") + "\nunheard: of\n", "utf-8")
    for number in (1, 2):
        run(top / "source", *PDF, "--out", f"part-{number}", "--shard", f"{number}/2")
    assert sum((top / f"part-{number}" / manifest.NAME).is_file() for number in (1, 2)) == 1
