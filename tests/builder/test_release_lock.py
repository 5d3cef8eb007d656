"""The lock of a release tells what files are made of and with, and, years later, what differs when bytes do."""

from __future__ import annotations

import json
import shutil
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from helpers.project import HERE, ROOT, run, tiny_handout

from handout_builder.builder import index, release_lock
from handout_builder.cli import main
from handout_builder.errors import HandoutError


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("locked")
    tiny_handout(top / "source", "tiny")
    done = run(top / "source", "lock", "tiny", "--format", "pdf", "--out", "press", *HERE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["press/tiny.en.pdf", "press/handouts.lock.json"]
    return top


@pytest.fixture
def release(locked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(locked, tmp_path / "copy"))


def value_of(release: Path) -> Any:
    return json.loads((release / "press" / release_lock.NAME).read_bytes())


def test_it_names_all_that_the_files_are_made_of(locked: Path) -> None:
    value = value_of(locked)
    output = value["outputs"]["tiny.en.pdf"]
    assert output["bytes"] == (locked / "press/tiny.en.pdf").stat().st_size
    assert {"handout/en.yaml", "program/source/shared/en.yaml"} <= output["inputs"].keys()
    assert value["made_with"]["font"].keys() == {path.name for path in (ROOT / "fonts").glob("*.ttf")}
    assert not any("missing" in told for told in value["made_with"]["package"].values())
    assert value["words"] == ["tiny", "--format", "pdf"]
    assert str(locked) not in json.dumps(value)


def test_it_names_the_index_and_what_comes_behind_it(release: Path) -> None:
    out = release / "press"
    (out / index.NAME).write_text("{}")
    release_lock.lock(out, [out / "tiny.en.pdf", out / index.NAME], [])
    outputs = value_of(release)["outputs"]
    assert [*outputs] == [index.NAME, "tiny.en.pdf"]
    assert outputs[index.NAME]["bytes"] == 2


def test_it_names_every_package_that_files_are_made_with() -> None:
    def names(rows: list[str]) -> set[str]:
        plain = (row for row in rows if "sys_platform" not in row and "extra ==" not in row)
        return {
            row.split(";")[0].split("[")[0].split(">")[0].split("=")[0].split("<")[0].split("~")[0].strip().lower()
            for row in plain
        }

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = names(project["dependencies"]) | names(metadata.requires("weasyprint") or [])
    wanted |= (
        names(metadata.requires("tinycss2") or [])
        | names(metadata.requires("pydantic") or [])
        | names(metadata.requires("markdown-it-py") or [])
    )
    # What they need without making anything with it.
    assert wanted - {"cffi", "annotated-types", "typing-extensions", "typing-inspection"} == {*release_lock.PACKAGES}


def test_files_that_are_as_they_were_need_no_more_words(release: Path) -> None:
    done = run(release / "source", "verify", "press")
    assert (done.returncode, done.stderr) == (0, "1 files, all as they were\n")


def test_a_file_of_other_bytes_is_told_with_what_differs(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (release / "press/tiny.en.pdf").open("ab") as file:
        file.write(b"\n")
    monkeypatch.setattr(release_lock, "libraries", lambda: {"libpango-1.0.so.0": "1.99.0"})
    done = run(release / "source", "verify", "press")
    assert done.returncode == 1
    first, *others = done.stderr.splitlines()
    assert first.startswith("press/tiny.en.pdf: lock-differs it has other bytes")
    assert any("library libpango-1.0.so.0" in row and "1.99.0" in row for row in others)


def test_what_is_built_again_from_another_text_tells_the_text(release: Path) -> None:
    text = release / "source/tiny/en.yaml"
    text.write_text(text.read_text("utf-8").replace("title:", "title: Another", 1), "utf-8")
    done = run(release / "source", "verify", "press", "--again")
    assert done.returncode == 1
    assert "press/tiny.en.pdf: lock-differs" in done.stderr
    notes = [row for row in done.stderr.splitlines() if "lock-made-with" in row]
    assert len(notes) == 1
    assert "input handout/en.yaml" in notes[0]
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ["--executor", "evil:make"],
        ["--watch"],
        ["--"],
        ["copies", "--forget", "mine"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_words_of_a_lock_build_and_do_nothing_else(
    release: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = release / "press" / release_lock.NAME
    path.write_text(json.dumps({**value_of(release), "words": words}))
    before = {path.relative_to(release) for path in release.rglob("*")}
    monkeypatch.setitem(main._RUN, "build", lambda _: pytest.fail("it was built"))
    done = run(release / "source", "verify", "press", "--again")
    assert done.returncode == 1
    assert "press/handouts.lock.json: lock its words are not those of a build" in done.stderr
    assert {path.relative_to(release) for path in release.rglob("*")} == before


def test_a_file_that_was_changed_is_not_locked(release: Path) -> None:
    (release / "press/tiny.en.pdf").write_bytes(b"%PDF")
    with pytest.raises(HandoutError) as caught:
        release_lock.lock(release / "press", [release / "press/tiny.en.pdf"], [])
    assert "not what was built" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "make one with: make_handout.py lock"),
        ("[]", "this is no lock"),
        ('{"form": 2}', "take that version"),
        (
            '{"form": 1, "words": [], "made_with": {}, "outputs": {"../a": {"sha256": "", "bytes": 1, "inputs": {}}}}',
            "no lock",
        ),
        ('{"form": 1, "words": [1], "made_with": {}, "outputs": {}}', "this is no lock"),
        (
            '{"form": 1, "words": [], "made_with": {}, "outputs": {"a": {"sha256": "", "bytes": "1", "inputs": {}}}}',
            "this is no lock",
        ),
    ],
)
def test_what_is_no_lock_is_told(content: str | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / release_lock.NAME).write_text(content)
    with pytest.raises(HandoutError) as caught:
        release_lock.verify(tmp_path)
    assert said in str(caught.value)
