"""Files of earlier versions are rewritten as they are written today; remarks, order and all else stay."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import ROOT

from handout_builder.authoring import migrations
from handout_builder.authoring.migrate import migrate
from handout_builder.authoring.migrations import MIGRATIONS, Migration, migrated
from handout_builder.cli.main import main
from handout_builder.content.yaml_reader import YamlFile, yaml_file
from handout_builder.errors import HandoutError
from handout_builder.translation import yaml_edit

TABLE = """\
title: T
sections:
  - id: one
    blocks:
      # All of them.
      - type: point-table  # as in the book
        points:
          - BL23  # the first one
          # Then:
          - BL24  # the second one
        # Those of this text.
        strong: [BL24]
        caption: C
      - {type: text, text: A}
"""
OVERVIEW = """\
title: T
sections:
  - id: one
    blocks:
      # All of them.
      - type: overview  # as in the book
        # the first one
        # Then:
        groups:
          - {mark: filled, label: "TODO: points in bold", points: [BL24]}
          - {mark: ring, label: "TODO: the other points", points: [BL23]}  # the second one
        # Those of this text.
        caption: C
        title: "TODO: what these points are"
      - {type: text, text: A}
"""
IN_BRACKETS = "sections: [{blocks: [{type: point-table, points: [BL23], caption: C}]}]\n"
TEXTS = """\
labels: {see_page: page}  # short ones
press:
  gently: G
  no: N  # never
distances:
  # The thumb.
  "1": one thumb-width
  "2": {words: two, short: "2"}
short_distances:
  "1": 1 thumb
cautions:
  bone: Press lightly, on bone.
  belly: {line: Softly.}
landmarks:
  L4: the spine
  # the last
  L5: {at: here}
"""


def after(text: str, name: str = "xx.yaml") -> tuple[str, list[str]]:
    file, told = migrated(yaml_file(Path(name), text))
    return file.text, told


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_of_points_becomes_an_overview(line_end: str) -> None:
    text, told = after(TABLE.replace("\n", line_end))
    assert text == OVERVIEW.replace("\n", line_end)
    assert told == [MIGRATIONS[0].told]


def test_a_table_in_brackets_becomes_an_overview_in_brackets() -> None:
    text, _ = after(IN_BRACKETS)
    groups = 'groups: [{mark: ring, label: "TODO: the other points", points: [BL23]}]'
    assert text == (
        f'sections: [{{blocks: [{{type: overview, {groups}, caption: C, title: "TODO: what these points are"}}]}}]\n'
    )


def test_shared_texts_of_old_are_those_of_today() -> None:
    text, told = after(TEXTS)
    assert text.splitlines() == [
        "labels: {see_page: page {page}}  # short ones".replace("page {page}", '"page {page}"'),
        "press:",
        "  gently: G",
        "  never: N  # never",
        "distances:",
        "  # The thumb.",
        '  "1": {words: one thumb-width, short: "1 thumb"}',
        '  "2": {words: two, short: "2"}',
        "cautions:",
        '  bone: {line: "Press lightly, on bone."}',
        "  belly: {line: Softly.}",
        "# landmarks:",
        "#   L4: the spine",
        "#   # the last",
        "#   L5: {at: here}",
    ]
    assert len(told) == 5


@pytest.mark.parametrize("text", [TABLE, IN_BRACKETS, TEXTS])
def test_what_was_rewritten_once_stays(text: str) -> None:
    once, _ = after(text)
    assert after(once) == (once, [])


@pytest.mark.parametrize("text", ["- a\n", "a\n", "", "sections: 1\n", "sections: [1, {blocks: 2}]\npress: 3\n"])
def test_what_is_no_handout_is_left_alone(text: str) -> None:
    assert after(text) == (text, [])


def test_what_is_new_in_shared_texts_is_copied_with_its_remarks() -> None:
    own = ROOT / "source" / "shared" / "en.yaml"
    file = yaml_file(own, own.read_text("utf-8"))
    less = yaml_edit.without(yaml_edit.with_keys(file, ("labels",), {"personal": None}), ["press", "red_flags"])
    made, told = migrated(less)
    assert made.value == file.value
    assert told == [MIGRATIONS[-1].told]


def test_a_later_version_is_told_and_its_changes_are_tried_on_older_files_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renamed = Migration(
        2,
        "title is called name",
        lambda file: yaml_edit.with_key_named(file, ("title",), "name") if "title" in file.value else file,
    )
    monkeypatch.setattr(migrations, "SCHEMA", 2)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, renamed))
    assert after("# A remark.\ntitle: T\n") == ("# A remark.\nschema: 2\nname: T\n", ["title is called name"])
    assert after("schema: 1\ntitle: T\n")[0] == "schema: 2\nname: T\n"
    assert after("schema: 2\ntitle: T\n") == ("schema: 2\ntitle: T\n", [])
    assert after("schema: 3\ntitle: T\n") == ("schema: 3\ntitle: T\n", [])


def test_all_files_are_rewritten_or_none(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(TABLE)
    (tmp_path / "wrong.yaml").write_text("a: [\n")
    with pytest.raises(HandoutError) as caught:
        migrate(tmp_path, [])
    assert [problem.path.name for problem in caught.value.problems] == ["wrong.yaml"]
    assert (tmp_path / "good.yaml").read_text() == TABLE


def test_the_command_tells_what_it_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("source", "knee", "en.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(TABLE)
    assert main(["migrate", "knee", "--dry-run"]) == 1
    assert path.read_text() == TABLE
    assert main(["migrate"]) == 0
    assert path.read_text() == OVERVIEW
    told = capsys.readouterr()
    assert told.out == f"{path}\n{path}\n"
    assert "1 file would be rewritten" in told.err
    assert f"{path}: {MIGRATIONS[0].told}" in told.err
    assert main(["migrate", "nothing"]) == 1
    assert "there is nothing of this name" in capsys.readouterr().err
    assert main(["migrate", "/dev/null"]) == 1
    assert "/dev/null: unreadable this is no file" in capsys.readouterr().err


def test_what_an_author_saves_meanwhile_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(TABLE)

    def saved(file: YamlFile) -> tuple[YamlFile, tuple[str, ...]]:
        path.write_text("title: Saved\n")
        return migrated(file)

    monkeypatch.setattr("handout_builder.authoring.migrate.migrated", saved)
    with pytest.raises(HandoutError, match="it was saved while this command was at it"):
        migrate(tmp_path, [str(path)])
    assert path.read_text() == "title: Saved\n"
