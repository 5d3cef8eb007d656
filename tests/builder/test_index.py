"""``index.json``: it tells of the files that there are, and of no others."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from helpers.project import LANG, ROOT, short_handout, tiny_handout

from handout_builder.builder.incremental import build
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.orders import Order

TOPICS = "topics: {icd-10: [M54.2], snomed-ct: [81680005]}\n"


def told(out: Path) -> Any:
    index = json.loads((out / "index.json").read_text("utf-8"))
    jsonschema.validate(index, json.loads((ROOT / "source" / "index.schema.json").read_text("utf-8")))
    for entry in index["handouts"]:
        for file in entry["files"]:
            assert hashlib.sha256((out / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    return index


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A handout with codes, built with an index as book, one page and leaflet."""
    top = tmp_path_factory.mktemp("index")
    text = tiny_handout(top, "neck") / f"{LANG}.yaml"
    text.write_text(TOPICS + text.read_text("utf-8"), "utf-8")
    editions = tuple(EDITIONS[name] for name in ("a4", "leaflet"))
    built = build([Order(top / "neck", LANG, None, editions)], top / "out", index=True)
    assert built.paths[-1] == top / "out" / "index.json"
    return top


def test_it_tells_what_there_is(folder: Path) -> None:
    index = told(folder / "out")
    (entry,) = index["handouts"]
    assert index["version"] == 1
    assert (entry["name"], entry["languages"], entry["brand"]) == ("neck", [LANG], None)
    assert entry["title"] == "A short handout"
    assert entry["topics"] == [
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "M54.2"},
        {"system": "http://snomed.info/sct", "code": "81680005"},
    ]
    assert [(file["path"], file["edition"], file["standard"], file["media_type"]) for file in entry["files"]] == [
        ("neck.en.epub", None, None, "application/epub+zip"),
        ("neck.en.leaflet.pdf", "leaflet", None, "application/pdf"),
        ("neck.en.pdf", "a4", "ua-1", "application/pdf"),
    ]


def test_what_is_fresh_is_told_again_and_nothing_written(folder: Path) -> None:
    before = (folder / "out" / "index.json").stat().st_mtime_ns
    order = Order(folder / "neck", LANG, None, tuple(EDITIONS[name] for name in ("a4", "leaflet")))
    built = build([order], folder / "out", index=True)
    assert built.unchanged == len(built.paths) == 4
    assert (folder / "out" / "index.json").stat().st_mtime_ns == before
    assert told(folder / "out")["handouts"][0]["topics"]


def test_what_fails_is_not_told(folder: Path, tmp_path: Path) -> None:
    short_handout(tmp_path, "broken").joinpath(f"{LANG}.yaml").write_text("title: 1\n", "utf-8")
    orders = [Order(folder / "neck", LANG, None, (EDITIONS["a4"],)), Order(tmp_path / "broken", LANG)]
    with pytest.raises(HandoutError):
        build(orders, folder / "out", ("pdf",), index=True)
    assert [entry["name"] for entry in told(folder / "out")["handouts"]] == ["neck"]


def test_nobody_gets_one_who_does_not_ask(tmp_path: Path) -> None:
    build([Order(tiny_handout(tmp_path, "neck"), LANG)], tmp_path / "out", ("pdf",))
    assert not (tmp_path / "out" / "index.json").exists()
