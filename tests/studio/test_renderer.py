"""What a renderer is asked for beside pages, and what it tells of its own mistakes."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from handout_builder.editions import EDITIONS
from handout_builder.orders import Order
from handout_builder.pdf import cover, proof
from handout_builder.pipeline import MadeFiles
from handout_builder.studio import renderer
from handout_builder.studio.jobs import Job, Rendered, SheetJob
from handout_builder.visit import sheet
from handout_builder.visit.sheet import MadeSheet, SheetForm

from .conftest import NAME

CANARY = "Canaryosei"


def blank() -> bytes:
    """A PDF of one page."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        document.save(out, deterministic_id=True)
    return out.getvalue()


def done(job: Job | SheetJob) -> Rendered:
    made = renderer.Renderer().do(job, lambda _: None)
    assert made is not None
    return made


def order(top: Path) -> Order:
    return Order(top / "source" / NAME, "en", None, (EDITIONS["a4"],))


@pytest.mark.parametrize(("paper", "large"), [("large", True), ("letter", False)])
def test_a_sheet_is_set_on_the_paper_that_was_chosen(
    paper: str, large: bool, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SheetForm] = []

    def made(_: object, __: object, ___: object, form: SheetForm) -> MadeSheet:
        asked.append(form)
        return MadeSheet(blank(), 1)

    monkeypatch.setattr(sheet, "made", made)
    found = done(SheetJob({"points": ["BL23"]}, None, paper, project / "source"))
    assert (len(found.pages), found.files["pdf"], found.failed) == (1, blank(), False)
    assert [(form.paper, form.large_print) for form in asked] == [(None if large else paper, large)]


def test_a_mistake_over_a_sheet_has_no_word_of_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(sheet, "made", breaks)
    found = done(SheetJob({"name": CANARY}, None, "a4", project / "source"))
    assert found.failed
    assert "mistake" in str(found.notes[0])
    assert CANARY not in str(found.notes)


def test_a_mistake_over_a_handout_is_told_by_its_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr(renderer, "load", breaks)
    found = done(Job(order(project)))
    assert found.failed
    assert str(found.notes[0]).startswith(f"source/{NAME}/en.yaml: mistake")


def test_a_cover_is_made_alone_and_a_proof_beside_the_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover, "cover", lambda _: b"picture")
    assert done(Job(order(project), cover=True)).files == {"cover.png": b"picture"}
    monkeypatch.setattr(renderer, "make", lambda *_: MadeFiles({"pdf": blank()}))
    monkeypatch.setattr(proof, "files", lambda *_: {"short.en.proof.html": b"told"})
    found = done(Job(order(project), proof=True))
    assert found.files == {"pdf": blank(), "proof.html": b"told"}
