"""Manifests, written by hand: which shards are one whole."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handout_builder.builder import manifest
from handout_builder.builder.fingerprints import text_digest
from handout_builder.builder.manifest import Manifest
from handout_builder.builder.surroundings import surroundings
from handout_builder.errors import HandoutError
from handout_builder.shards import Shard

NAMES = [next(f"handout-{n}" for n in range(99) if Shard(number, 2).holds(f"handout-{n}")) for number in (1, 2)]


def shards(top: Path) -> list[tuple[Path, Manifest]]:
    """Return two shards that are one whole, without files."""
    made = surroundings()
    return [
        (top / str(number), Manifest(text_digest("all"), 2, Shard(number, 2), {name: {}}, made))
        for number, name in enumerate(NAMES, start=1)
    ]


def joined(found: list[tuple[Path, Manifest]], out: Path) -> int:
    for folder, one in found:
        folder.mkdir()
        manifest.write(folder, one)
    return manifest.merge([folder for folder, _ in found], out)


def test_shards_of_one_whole_are_joined(tmp_path: Path) -> None:
    assert joined(shards(tmp_path), tmp_path / "whole") == 0
    assert manifest.verify(tmp_path / "whole") == (0, [])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"asked": "another"}, "belongs to a different build"),
        ({"shard": Shard(2, 3)}, "belongs to a different build"),
        ({"parts": {NAMES[0]: {}}}, f"'{NAMES[0]}' does not belong to this shard"),
        ({"parts": {}}, "1 of 2 products are there once"),
    ],
)
def test_shards_of_no_whole_are_not_joined(tmp_path: Path, changed: dict[str, Any], told: str) -> None:
    first, (folder, second) = shards(tmp_path)
    with pytest.raises(HandoutError, match=told):
        joined([first, (folder, replace(second, **changed))], tmp_path / "whole")
    assert not (tmp_path / "whole").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 0}',
        '{"format": 1, "parts": {"a": {"../x": ""}}}',
        "[" * 100_000,
        '{"format": 1e999}',
    ],
)
def test_a_manifest_that_does_not_hold_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / manifest.NAME).write_text(text)
    with pytest.raises(HandoutError, match="that holds"):
        manifest.read(tmp_path)


@pytest.mark.parametrize(
    "changed",
    [
        {"shard": {"number": 0, "count": 0}},
        {"shard": {"number": 1, "count": 10**30}},
        {"shard": {"number": "1", "count": 2}},
        {"shard": {"number": 1.5, "count": 2}},
        {"parts": {NAMES[0]: ["x.pdf"]}},
        {"parts": {NAMES[0]: {"x.pdf": 5}}},
        {"parts": {NAMES[0]: {"\ud800.pdf": ""}}},
        {"surroundings": None},
        {"surroundings": ["x"]},
        {"surroundings": {"program": 5}},
        {"orders": "2"},
        {"asked": 5},
    ],
    ids=str,
)
def test_values_that_no_build_has_written_are_told(tmp_path: Path, changed: dict[str, Any]) -> None:
    (folder, first), _ = shards(tmp_path)
    folder.mkdir()
    manifest.write(folder, first)
    value = json.loads((folder / manifest.NAME).read_bytes())
    (folder / manifest.NAME).write_text(json.dumps({**value, **changed}))
    with pytest.raises(HandoutError, match="that holds"):
        manifest.merge([folder], tmp_path / "whole")


def test_of_many_shards_that_are_not_there_a_hundred_are_told(tmp_path: Path) -> None:
    told = [problem.message for problem in manifest.missing([Shard(2, 300)], tmp_path)]
    assert (told[0], told[-1]) == ("shard 1 of 300 is not there", "shard 101 of 300 is not there")
    assert len(told) == 100


def test_shards_are_joined_in_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "mine").write_text(json.dumps(1))
    with pytest.raises(HandoutError, match="the folder is not empty"):
        joined(shards(tmp_path), tmp_path / "whole")


@pytest.mark.parametrize("second_names", [True, False])
def test_what_a_link_leads_to_is_neither_copied_nor_given_a_second_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, second_names: bool
) -> None:
    def no_second_name(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "not here")

    if not second_names:
        monkeypatch.setattr(os, "link", no_second_name)
    (tmp_path / "secret").write_bytes(b"canary")
    (tmp_path / "old.pdf").symlink_to("secret")
    manifest.link(tmp_path / "old.pdf", tmp_path / "new" / "old.pdf")
    assert (tmp_path / "new" / "old.pdf").is_symlink()
