"""The place Brand: what its buttons do, and which files it takes."""

from __future__ import annotations

import asyncio
import re
import shutil
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from helpers.project import ROOT

from handout_builder.errors import Problem
from handout_builder.studio import forms
from handout_builder.studio.jobs import Job, Rendered, SheetJob
from handout_builder.studio.workshop import Outcome, Telling

from .conftest import HOST, Opened, StillWorkshop, opened
from .conftest import NAME as SHORT

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response

BRAND = "/brand/harbour-lane"
NAME = "/meta/name/short"
NAME_OF_BROKEN = "broken"
FONT = ROOT / "fonts" / "NotoSans-Regular.ttf"


def do(still: Opened, action: str, **fields: Any) -> Response:
    """Press a button of the place, with what is in its fields."""
    found = re.search(r'name="revision" value="(\d+)"', still.client.get(BRAND).text)
    assert found
    door = "do" if action else "edit"
    answer: Any = still.post(f"{BRAND}/{door}", revision=found[1], tab="one", do=action, **fields)
    return answer


def value(still: Opened) -> Any:
    """Return what is written now."""
    folder = still.studio.project.brand_folder("harbour-lane")
    assert folder is not None
    return still.studio.drafts.of(folder / still.brand.name, forms.keys(forms.brand_schema())).value


def give(still: Opened, kind: str, called: str, data: bytes) -> Response:
    """Give a file to the place."""
    sent = {"csrf": still.studio.keys.csrf, "tab": "one"}
    headers = {"origin": f"http://{HOST}"}
    answer: Response = still.client.post(
        f"{BRAND}/file/{kind}", data=sent, files={"file": (called, data)}, headers=headers
    )
    return answer


def names(still: Opened) -> set[str]:
    return {path.name for path in still.brand.parent.iterdir()}


def test_what_was_typed_is_undone_done_again_saved_and_left(still: Opened) -> None:
    do(still, "", **{NAME: "Harbour"})
    for action, short in (("undo", "Harbour Lane"), ("redo", "Harbour"), ("discard", "Harbour Lane")):
        assert do(still, action).status_code == 200
        assert value(still)["meta"]["name"]["short"] == short
    do(still, "save", **{NAME: "The Lane"})
    assert "short: The Lane\n" in still.brand.read_text("utf-8")
    assert do(still, "sing").status_code == 400


def test_colours_stand_where_their_names_lead(still: Opened) -> None:
    do(still, "colours #112233,#445566")
    assert value(still)["color"]["palette"] == {"sea": "#112233", "sand": "#445566"}
    do(still, "colours #778899")
    assert value(still)["color"]["palette"] == {"sea": "#778899", "sand": "#445566"}


def test_a_brand_that_was_changed_outside_is_not_written_over(still: Opened) -> None:
    do(still, "", **{NAME: "Harbour"})
    text = still.brand.read_text("utf-8").replace("phone: 555-0142", "phone: 555-0143")
    still.brand.write_text(text, "utf-8")
    assert 'value="merge"' in do(still, "save").text
    assert still.brand.read_text("utf-8") == text
    do(still, "merge")
    do(still, "save")
    assert still.brand.read_text("utf-8") == text.replace("short: Harbour Lane", "short: Harbour")
    still.brand.write_text(text.replace("short: Harbour Lane", "short: Lane"), "utf-8")
    do(still, "", **{NAME: "Haven"})
    assert do(still, "merge").status_code == 200  # both have changed the same
    assert value(still)["meta"]["name"]["short"] == "Haven"
    do(still, "over")
    assert "short: Haven\n" in still.brand.read_text("utf-8")


def test_a_logo_gets_a_name_that_is_free_and_is_shown(still: Opened) -> None:
    drawing = (still.brand.parent / "logo-light.svg").read_bytes()
    answer = give(still, "logo", "Our sign.SVG", drawing)
    assert answer.status_code == 200
    assert value(still)["logo"]["images"]["colour"]["path"] == "logo-2.svg"
    assert (still.brand.parent / "logo-2.svg").read_bytes() == drawing
    give(still, "logo", "once-more.svg", drawing)
    assert "logo-3.svg" not in names(still)
    shown = still.client.get(f"{BRAND}/logo")
    assert (shown.content, shown.headers["content-type"]) == (drawing, "image/svg+xml")
    assert "sandbox" in shown.headers["content-security-policy"]


def test_a_typeface_is_kept_and_used(still: Opened) -> None:
    assert give(still, "base", "Our font?.ttf", FONT.read_bytes()).status_code == 200
    assert give(still, "headings", "Other.ttf", FONT.read_bytes()).status_code == 200
    found = value(still)["typography"]
    assert found["fonts"][1]["family"] == "Noto Sans"
    assert [file["path"] for file in found["fonts"][1]["files"]] == ["Our-font.ttf", "Other.ttf"]
    assert (found["base"], found["headings"]) == ("Noto Sans", "Noto Sans")
    assert (still.brand.parent / "Our-font.ttf").read_bytes() == FONT.read_bytes()


@pytest.mark.parametrize(
    ("kind", "called", "status"),
    [("base", "font.txt", 200), ("base", "font.ttf", 200), ("logo", "logo.svg", 200), ("words", "a.svg", 400)],
)
def test_a_file_that_cannot_be_used_changes_nothing(still: Opened, kind: str, called: str, status: int) -> None:
    before, files = value(still), names(still)
    assert give(still, kind, called, b"nothing").status_code == status
    assert (value(still), names(still)) == (before, files)


@pytest.mark.parametrize("file", ["../../secret.svg", "gone.svg", "_brand.yml"])
def test_no_other_file_is_given_out_as_the_logo(still: Opened, project: Path, file: str) -> None:
    (project / "source" / "secret.svg").write_text("<svg/>", "utf-8")
    text = still.brand.read_text("utf-8")
    still.brand.write_text(text.replace("path: logo.svg", f"path: {file}"), "utf-8")
    assert still.client.get(f"{BRAND}/logo").status_code == 404


class OneBrokenWorkshop(StillWorkshop):
    """Makes all handouts but one."""

    def order(self, seat: str, job: Job | SheetJob, early: Telling = lambda _: None, *, idle: bool = False) -> Outcome:
        """Answer at once, with what is wrong with that handout or with a page."""
        outcome = super().order(seat, job, early, idle=idle)
        assert isinstance(job, Job)
        if job.order.folder.name != NAME_OF_BROKEN:
            return outcome
        outcome = Outcome()
        outcome.set_result(
            Rendered(notes=(Problem("unknown-key", "no", job.order.folder / "en.yaml", 9),), failed=True)
        )
        return outcome


def test_a_handout_that_cannot_be_made_hides_no_brand(project: Path) -> None:
    shutil.copytree(project / "source" / SHORT, project / "source" / NAME_OF_BROKEN)
    found = opened(project, workshop=OneBrokenWorkshop())
    found.studio.warm = partial(asyncio.sleep, 0)  # type: ignore[method-assign]
    with found.client:
        found.client.get(f"/?handout={NAME_OF_BROKEN}")
        assert "could not be made" in found.client.get("/").text
        shown = found.client.get(BRAND).text
    assert "could not be made" not in shown
    assert 'id="picture-1"' in shown


def test_handouts_of_one_title_are_told_apart(project: Path) -> None:
    shutil.copytree(project / "source" / SHORT, project / "source" / "another")
    found = opened(project)
    found.studio.warm = partial(asyncio.sleep, 0)  # type: ignore[method-assign]
    with found.client:
        for place in ("/", "/write"):
            shown = found.client.get(place).text
            assert all(f">{name}</span>" in shown for name in (SHORT, "another")), place
        shutil.rmtree(project / "source" / "another")
        assert f">{SHORT}</span>" not in found.client.get("/write").text
