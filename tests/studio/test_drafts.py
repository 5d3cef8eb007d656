"""Drafts: nothing that was written is lost, to another tab, another program or a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from handout_builder.studio import drafts as drafts_module
from handout_builder.studio.drafts import ConflictError, Draft, Drafts
from handout_builder.studio.project import Project

from .conftest import NAME

TITLE = ("title",)


@pytest.fixture
def drafts(project: Path) -> Drafts:
    assert project.is_dir()
    return Drafts(Project())


def draft_of(drafts: Drafts) -> Draft:
    return drafts.of(Path("source") / NAME / "en.yaml", ())


def write(draft: Draft, words: str, seen: int, tab: str = "one") -> None:
    draft.edit(lambda document: document.set(TITLE, words), [TITLE], seen, tab)


def test_looking_changes_nothing(drafts: Drafts, project: Path) -> None:
    path = project / "source" / NAME / "en.yaml"
    before = path.read_bytes()
    draft = draft_of(drafts)
    assert not draft.changed
    draft.save()
    assert path.read_bytes() == before
    assert not list((project / ".handout-studio").glob("drafts/*"))


def test_a_draft_survives_a_crash(drafts: Drafts) -> None:
    write(draft_of(drafts), "Written before the crash", 0)
    again = draft_of(Drafts(Project()))
    assert again.restored
    assert again.document.at(TITLE) == "Written before the crash"
    assert "crash" not in again.path.read_text("utf-8")
    again.save()
    assert "crash" in again.path.read_text("utf-8")
    assert not draft_of(Drafts(Project())).restored


def test_two_tabs_write_different_fields(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    seen = draft.revision
    write(draft, "Mine", seen, "one")
    draft.edit(lambda document: document.set(("description",), "Theirs"), [("description",)], seen, "other")
    assert (draft.document.at(TITLE), draft.document.at(("description",))) == ("Mine", "Theirs")


def test_two_tabs_do_not_write_over_each_other(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    seen = draft.revision
    write(draft, "Mine", seen, "one")
    with pytest.raises(ConflictError):
        write(draft, "Theirs", seen, "other")
    assert draft.document.at(TITLE) == "Mine"
    write(draft, "Theirs, having looked", draft.revision, "other")
    write(draft, "Mine goes on", draft.revision, "one")


def test_what_is_counted_otherwise_now_is_not_written_to(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    seen = draft.revision
    draft.restructure(lambda document: document.insert(("sections", 0), {"id": "new", "heading": "New"}), seen, "one")
    with pytest.raises(ConflictError):
        draft.edit(lambda document: document.set(("sections", 0, "heading"), "X"), [("sections", 0)], seen, "other")
    with pytest.raises(ConflictError):
        draft.restructure(lambda document: document.remove(("sections", 0)), seen, "other")


def test_a_change_from_outside_is_taken_where_nothing_is_lost_by_it(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    draft.path.write_text(draft.text.replace("title:", "title: Outside #", 1), "utf-8")
    assert draft_of(drafts).document.at(TITLE).startswith("Outside")


def test_a_change_from_outside_stops_saving(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    write(draft, "Mine", 0)
    outside = draft.base.replace("title:", "subtitle: Outside\ntitle:", 1)
    draft.path.write_text(outside, "utf-8")
    assert draft_of(drafts).outside
    with pytest.raises(ConflictError):
        draft.save()
    assert draft.path.read_text("utf-8") == outside
    draft.take_file()
    assert draft.document.at(("subtitle",)) == "Outside"
    draft.undo("one")
    assert draft.document.at(TITLE) == "Mine"  # nor is mine lost
    draft.save(over=True)
    assert "Mine" in draft.path.read_text("utf-8")


def test_a_draft_whose_file_has_changed_since_the_crash_asks_before_it_is_saved(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    write(draft, "Mine", 0)
    draft.path.write_text(draft.base.replace("title:", "subtitle: Outside\ntitle:", 1), "utf-8")
    again = draft_of(Drafts(Project()))
    assert again.document.at(TITLE) == "Mine"
    with pytest.raises(ConflictError):
        again.save()


def test_steps_go_back_and_forward(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drafts_module._DEEP == 100  # as docs/studio.md says; ten are quicker
    monkeypatch.setattr(drafts_module, "_DEEP", 10)
    draft = draft_of(drafts)
    first = draft.text
    for number in range(12):
        write(draft, f"Title {number}", draft.revision)
    draft.undo("one")
    assert draft.document.at(TITLE) == "Title 10"
    draft.redo("one")
    assert draft.document.at(TITLE) == "Title 11"
    assert not draft.can_redo
    while draft.can_undo:
        draft.undo("one")
    assert draft.document.at(TITLE) == "Title 1"  # ten steps
    assert draft.text != first


def test_a_killed_save_leaves_the_old_file(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    draft = draft_of(drafts)
    before = draft.path.read_bytes()
    write(draft, "Mine", 0)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        draft.save()
    assert draft.path.read_bytes() == before


def test_a_file_that_is_gone_or_cannot_be_read_by_the_program_is_written_on(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    draft.replace("title: &x Named\ndescription: *x\n", 0, "one")  # which the program refuses
    assert draft.value == {"title": "Named", "description": "Named"}
    assert not draft.outside
    draft.path.unlink()
    assert draft.outside
    with pytest.raises(ConflictError):
        draft.save()
    draft.save(over=True)
    assert "Named" in draft.path.read_text("utf-8")


def test_the_same_text_is_no_change(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    assert not drafts.changed(draft.path)
    draft.replace(draft.text, 0, "one")
    assert not draft.can_undo
    write(draft, "Mine", 0)
    assert drafts.changed(draft.path)
    assert not drafts.changed(draft.path.with_name("ja.yaml"))


def test_a_place_that_both_have_changed_is_not_merged(drafts: Drafts) -> None:
    draft = draft_of(drafts)
    write(draft, "Mine", 0)
    draft.path.write_text(draft.base.replace("A short handout", "Theirs"), "utf-8")
    assert not draft.mergeable
    with pytest.raises(ConflictError):
        draft.merge("one")
    assert draft.document.at(TITLE) == "Mine"


@pytest.mark.parametrize("kept", ["{", "[]", '{"text": 1, "base": ""}', '{"text": "title: [", "base": ""}'])
def test_a_kept_draft_that_is_damaged_is_left(drafts: Drafts, kept: str) -> None:
    draft = draft_of(drafts)
    write(draft, "Mine", 0)
    (path,) = (Path(".handout-studio") / "drafts").glob("*")
    path.write_text(kept, "utf-8")
    again = draft_of(Drafts(Project()))
    assert not again.restored
    assert again.text == again.path.read_text("utf-8")


def test_of_many_tabs_the_oldest_is_forgotten(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts_module, "_MOST_TABS", 2)
    draft = draft_of(drafts)
    for tab in ("one", "two", "three"):
        assert draft.in_turn(tab, 5)
    assert draft.in_turn("one", 4)  # as a tab that nobody knows
    assert not draft.in_turn("three", 4)
