"""What was written for an earlier version is built by every later one: samples/versions/ has a folder for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from helpers.project import HERE, ROOT, run

from handout_builder.content import schema
from handout_builder.content.loader import load
from handout_builder.content.schema.values import Model
from handout_builder.errors import HandoutError

VERSIONS = ROOT / "tests" / "samples" / "versions"
FIRST = VERSIONS / "1.0" / "source"


def handouts(root: Path) -> list[str]:
    return sorted(path.parent.name for path in root.glob("*/en.yaml") if path.parent.name != "shared")


@pytest.mark.parametrize("version", sorted(path.name for path in VERSIONS.iterdir()))
def test_what_was_written_for_it_is_built(version: str, tmp_path: Path) -> None:
    source = Path(shutil.copytree(VERSIONS / version / "source", tmp_path / "source"))
    migrated = run(source, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    brand = ("--brand", "navy") if (source / "brands").is_dir() else ()
    books = [name for name in handouts(source) if name == "every"]  # the one with most keys
    assert bool(books) == (version != "0.1")
    for names, kinds in (([name for name in handouts(source) if name not in books], ["pdf"]), (books, ["pdf", "epub"])):
        if names:
            words = [word for kind in kinds for word in ("--format", kind)]
            done = run(source, "build", *names, *words, *HERE, *brand)
            assert done.returncode == 0, done.stderr
            assert len(done.stdout.splitlines()) == len(names) * len(kinds)


def test_drafts_before_it_are_refused_with_what_helps(tmp_path: Path) -> None:
    drafts = VERSIONS / "0.1" / "source"
    for folder in (drafts / "back-pain", Path(shutil.copytree(drafts / "back-pain", tmp_path / "back-pain"))):
        with pytest.raises(HandoutError) as caught:
            load(folder, "en")
        assert "make_handout.py migrate" in str(caught.value)


def test_of_the_first_version_nothing_is_rewritten(tmp_path: Path) -> None:
    source = Path(shutil.copytree(FIRST, tmp_path / "source"))
    assert "en.yaml" not in run(source, "migrate", *handouts(source)).stdout


def models(kind: Any, found: set[type[Model]]) -> set[type[Model]]:
    """Return the models that a type is made of."""
    for part in get_args(kind):
        models(part, found)
    if isinstance(kind, type) and issubclass(kind, Model) and kind not in found:
        found.add(kind)
        for field in kind.model_fields.values():
            models(field.annotation, found)
    return found


def used(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each key that a value has, with its model."""
    if isinstance(value, Model):
        for name in value.model_fields_set:
            yield type(value).__name__, name
            yield from used(getattr(value, name))
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from used(part)


def test_the_samples_have_every_key_of_a_handout() -> None:
    every = {(model.__name__, name) for model in models(schema.Handout, set()) for name in model.model_fields}
    # What 1.0 had; a later version has files of its own for what is new.
    found = {key for version in sorted(VERSIONS.glob("[!0]*")) for name in handouts(version / "source")
             for key in used(load(version / "source" / name, "en").handout)}  # fmt: skip
    assert every - found == set(), "write a sample of it into tests/samples/versions/"


def test_a_newer_file_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FIRST / "every", tmp_path / "every"))
    text = (folder / "en.yaml").read_text("utf-8")
    (folder / "en.yaml").write_text(text.replace("schema: 1", "schema: 2"), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load(folder, "en")
    assert [problem.code for problem in caught.value.problems] == ["newer-schema"]
    assert caught.value.problems[0].line == 2
