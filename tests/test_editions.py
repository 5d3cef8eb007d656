"""What an edition, a look or a view lacks is told in words, for those who add one."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.project import SOURCE

from handout_builder import looks
from handout_builder.content import loader, shared_texts
from handout_builder.editions import Edition
from handout_builder.errors import HandoutError
from handout_builder.looks import Look


@pytest.mark.parametrize(
    ("edition", "lacks"),
    [
        (Edition("poster", "a large one"), "poster.css"),
        (Edition("a4", "with a step that there is not", step="tighter looser"), "looser.css"),
        (Edition("stacked", "on paper that it has no rules for", stacked=True, paper="letter"), "stacked.letter.css"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.about,
)
def test_an_edition_without_its_style_sheet_is_told(edition: Edition, lacks: str) -> None:
    with pytest.raises(HandoutError, match="style sheet is not there") as caught:
        assert edition.css
    assert caught.value.problems[0].path.name == lacks


def test_a_look_with_a_token_that_there_is_not_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "_FOLDER", tmp_path)
    (tmp_path / "warm").mkdir()
    (tmp_path / "warm" / "tokens.css").write_text(":root { --ink: #321; --papr: #fed; }", "utf-8")
    with pytest.raises(HandoutError, match="the look 'warm' sets what is no token: --papr") as caught:
        assert Look("warm").tokens
    assert caught.value.problems[0].hint == "did you mean --paper?"


def test_a_view_without_its_labels_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "source" / "shared"
    shared.mkdir(parents=True)
    lines = (SOURCE / "shared" / "en.yaml").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(("view_hand-palm:", "alt_view_foot-sole:"))]
    assert len(kept) < len(lines)
    (shared / "en.yaml").write_text("".join(kept), "utf-8")
    monkeypatch.setattr(shared_texts, "SOURCE", tmp_path / "source")
    with pytest.raises(HandoutError, match="the labels view_hand-palm, alt_view_foot-sole are missing"):
        loader.load_common(tmp_path / "source", "en")
