"""What begins for an author, and what is told where it cannot."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from helpers.project import SOURCE

from handout_builder import orders
from handout_builder.authoring import new_handout
from handout_builder.authoring.import_handout import point_sentences
from handout_builder.authoring.new_brand import make_brand, read_logo
from handout_builder.authoring.new_handout import first_text, make_folder
from handout_builder.errors import HandoutError, cannot_write, damaged
from handout_builder.orders import Order
from handout_builder.plain_language.word_lists import plain_words
from handout_builder.resources import LAYOUTS


def test_a_language_without_a_template_is_told_with_those_that_have_one() -> None:
    with pytest.raises(
        HandoutError, match=r"there is no template 'handout' in 'eo'\n    hint: there are some in: en, es"
    ):
        first_text("eo", "handout")


def test_a_title_is_one_that_can_be_printed(tmp_path: Path) -> None:
    with pytest.raises(HandoutError, match="the title has characters that cannot be printed"):
        make_folder(tmp_path, "knee", "en", title="Knee\u202ecare")
    assert not list(tmp_path.iterdir())


def test_a_logo_that_goes_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_bytes((SOURCE / "brands" / "harbour-lane" / "logo.svg").read_bytes())

    def gone(*_: object) -> bytes:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr("handout_builder.authoring.new_brand.source_files.read", gone)
    with pytest.raises(HandoutError, match="brand-logo"):
        read_logo(logo)


def test_sentences_about_points_are_told_in_languages_that_have_words_for_them() -> None:
    assert point_sentences(plain_words(SOURCE, "en")).uses
    assert not point_sentences(None).uses


def test_what_is_damaged_in_the_program_is_told_by_its_file() -> None:
    for error, path in (
        (ImportError("no module", path="/opt/a.py"), Path("/opt/a.py")),
        (SyntaxError("odd", ("/opt/b.py", 1, 1, "")), Path("/opt/b.py")),
        (FileNotFoundError(errno.ENOENT, "gone", str(LAYOUTS / "print.css")), LAYOUTS / "print.css"),
    ):
        problem = damaged(error)
        assert problem
        assert (problem.code, problem.path) == ("installation", path)
    assert damaged(FileNotFoundError(errno.ENOENT, "gone", "/srv/en.yaml")) is None
    assert damaged(ValueError("odd")) is None


def test_folders_that_are_kept_shut_and_texts_that_lead_elsewhere_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "source" / "knee"
    folder.mkdir(parents=True)
    (tmp_path / "other.yaml").write_text("title: T\n")
    (folder / "en.yaml").symlink_to(tmp_path / "other.yaml")
    with pytest.raises(HandoutError):
        orders.refuse_strange(Order(folder, "en"))

    def shut(_: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", shut)
    with pytest.raises(HandoutError, match="unreadable Permission denied"):
        orders.brands(tmp_path / "source")


@pytest.mark.parametrize("kind", ["handout", "brand"])
def test_what_could_not_be_finished_is_not_in_the_way(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full behind the folder, before the schema."""

    def begin() -> None:
        if kind == "brand":
            make_brand(tmp_path, "ours", "Our Clinic", None, "#12656b")
        else:
            make_folder(tmp_path, "ours", "en")

    def full(path: Path, _: bytes) -> bool:
        raise cannot_write(path, OSError(errno.ENOSPC, "No space left on device"), "make room")

    with monkeypatch.context() as patch:
        patch.setattr(new_handout, "write_missing", full)
        with pytest.raises(HandoutError, match="No space left"):
            begin()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    begin()
