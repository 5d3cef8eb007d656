"""Files are edited where they are written in blocks; what stands in brackets is told, and nothing is broken."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from helpers.project import SOURCE, source_of
from helpers.translated import TEXTS

from handout_builder.content.yaml_reader import YamlFile, yaml_file
from handout_builder.errors import HandoutError
from handout_builder.translation import beginning, freshness, po, review, yaml_edit
from handout_builder.translation.units import Package


def file(text: str, name: str = "es.yaml") -> YamlFile:
    return yaml_file(Path(name), text)


def test_keys_are_taken_out_wherever_they_stand() -> None:
    for text, key, wanted in (
        ("made: {from: en, by: machine}\n", "from", "made: {by: machine}\n"),
        ("made: {from: en, by: machine}\n", "by", "made: {from: en}\n"),
        ("made:\n  from: en\n  by: machine\n", "by", "made:\n  from: en\n"),
        ("made:\n  from: en\n  by: machine\n", "date", "made:\n  from: en\n  by: machine\n"),
    ):
        assert yaml_edit.with_keys(file(text), ("made",), {key: None}).text == wanted


def test_nothing_is_put_into_brackets_or_taken_out_of_them() -> None:
    like = file("points:\n  - {code: A}\n  - {code: B}\n", "en.yaml")
    for text in ("points: [{code: A}]\n", "points: []\n"):
        with pytest.raises(HandoutError, match=r"'1' of en.yaml is not here, and cannot be put into brackets"):
            yaml_edit.with_part(file(text), ("points",), like, ("points", 1))
    with pytest.raises(HandoutError, match=r"item 2 is not in the original, and cannot be taken out of brackets"):
        yaml_edit.without_item(file("points: [{code: A}, {code: B}]\n"), ("points", 1))
    assert yaml_edit.without_item(like, ("points", 1)).value == {"points": [{"code": "A"}]}


def test_a_book_in_another_language_is_another_book() -> None:
    known = "urn:uuid:00000000-0000-4000-8000-000000000000"
    original = file(TEXTS["en"].format(translation=f"identifier: {known}\n"), "en.yaml")
    made = beginning.begun(original, Path("es.yaml"), "machine", date(2026, 11, 2)).value
    assert made["identifier"].startswith("urn:uuid:")
    assert made["identifier"] != known
    assert (
        "identifier"
        not in beginning.begun(file(TEXTS["en"].format(translation="")), Path("es.yaml"), "", date.min).value
    )


def test_a_translation_of_an_unfinished_text_begins_all_the_same() -> None:
    made = beginning.begun(file("title: Knee care\n", "en.yaml"), Path("es.yaml"), "person", date(2026, 11, 2))
    assert made.text == "translation: {from: en, by: person, date: 2026-11-02}\ntitle: Knee care\n"


def test_a_broken_table_of_what_was_translated_is_told(tmp_path: Path) -> None:
    path = tmp_path / "es.csv"
    assert freshness.recorded(path) == {}
    path.write_text("block,what\ntitle,1\n")
    with pytest.raises(HandoutError, match="original"):
        freshness.recorded(path)


def test_what_po_needs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polib", None)
    with pytest.raises(HandoutError, match=r'pip install "handout-builder\[translate\]"; or take XLIFF'):
        po.written(Package("en", "es", ()))


def test_what_is_no_translation_or_has_no_table_is_not_compared(tmp_path: Path) -> None:
    assert review.of_handout(source_of(SOURCE / "knee-pain")) == []
    with pytest.raises(HandoutError, match="No such file"):
        review.words_table(tmp_path / "none.csv")
    shared = tmp_path / "shared"
    shared.mkdir()
    text = (SOURCE / "shared" / "es.yaml").read_text("utf-8")
    (shared / "eo.yaml").write_text(text, "utf-8")  # a language that has no words for places
    assert [langs for _, _, langs in review.pairs(tmp_path, "eo")] == [("en", "eo")]
    (shared / "en.yaml").write_text("labels: {}\n", "utf-8")
    assert list(review.pairs(tmp_path, "en")) == []
