"""What no page of ours sends, and what is asked for where there is nothing."""

from __future__ import annotations

import errno
import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from handout_builder.errors import HandoutError, Problem
from handout_builder.studio.drafts import Draft
from handout_builder.studio.jobs import Job, Rendered

from .conftest import NAME, Opened, StillWorkshop, opened

WRITE, BRAND = f"/write/{NAME}/en", "/brand/harbour-lane"


class FailingWorkshop(StillWorkshop):
    """Makes nothing."""

    def rendered(self) -> Rendered:
        """Answer that it cannot be made."""
        return Rendered(notes=(Problem("worker", "it was ended", Path("x")),), failed=True)


def test_addresses_of_nothing_lead_nowhere(still: Opened) -> None:
    for path in (
        "/points/picture/XX9.svg",
        "/points/body/nowhere.svg",
        "/font/xx.ttf",
        f"/file/epub?handout={NAME}&lang=en&edition=leaflet",
    ):
        assert still.client.get(path).status_code == 404, path


def test_forms_that_no_page_has_are_refused(still: Opened) -> None:
    for path, fields, status in (
        (f"{WRITE}/picture", {"card": ""}, 400),
        (f"{WRITE}/translate", {"to": "xx"}, 400),
        (f"{WRITE}/translated", {"block": "nothing"}, 404),
        (f"{BRAND}/do", {"do": "dance", "revision": "0", "tab": "one"}, 400),
    ):
        answer: Any = still.post(path, **fields)
        assert answer.status_code == status, path


def test_a_cover_is_shown_when_it_can_be_made(still: Opened) -> None:
    workshop = still.studio.workshop
    assert isinstance(workshop, StillWorkshop)
    workshop.files = {"cover.png": b"picture"}
    answer = still.client.get(f"{BRAND}/cover")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"picture", "image/png")
    job = workshop.jobs[-1]
    assert isinstance(job, Job)
    assert job.cover


def test_what_cannot_be_made_is_told(project: Path) -> None:
    found = opened(project, workshop=FailingWorkshop())
    with found.client:
        assert found.client.get(f"{BRAND}/cover").status_code == 409
        answer: Any = found.post("/sheet/pdf", name="Osei", tab="one")
        assert answer.status_code == 409
        assert "Osei" not in answer.text


def test_who_comes_without_the_password_is_asked_for_it(project: Path) -> None:
    found = opened(project, password="a-long-password")
    with found.client:
        found.client.cookies.clear()
        answer = found.client.get("/enter")
        assert answer.status_code == 200
        assert re.search(r'<input [^>]*type="password"', answer.text)


def test_files_are_given_out_as_browsers_take_them(still: Opened) -> None:
    path = re.search(r'/static/[^"]+\.css', still.client.get("/help").text)
    assert path
    packed, plain = (still.client.get(path[0], headers={"accept-encoding": one}) for one in ("gzip", "identity"))
    assert (packed.headers.get("content-encoding"), plain.headers.get("content-encoding")) == ("gzip", None)
    assert packed.text == plain.text


@pytest.mark.parametrize(
    "fields", [{"do": "dance"}, {"do": "add /sections/1/blocks/0", "kind": "nothing"}, {"do": "up /sections/title"}]
)
def test_what_cannot_be_done_to_a_text_is_told(still: Opened, fields: dict[str, str]) -> None:
    before = still.text.read_bytes()
    answer: Any = still.post(f"{WRITE}/do", part="the-points", card="", revision="0", tab="one", **fields)
    assert answer.status_code == 200
    assert "This could not be done." in answer.text
    assert not still.studio.drafts.changed(Path("source") / NAME / "en.yaml")
    assert still.text.read_bytes() == before


def test_the_programs_own_handouts_are_not_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = opened(tmp_path)
    with found.client:
        answer: Any = found.post("/write/knee-pain/en/do", do="save", part="about", card="", revision="0", tab="one")
        assert answer.status_code == 409
    assert not list(tmp_path.glob("source/*"))


def test_what_is_wrong_with_a_file_on_the_disk_is_told(still: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = {"part": "about", "card": "", "revision": "0", "tab": "one"}
    draft = still.studio.drafts.of(Path("source") / NAME / "en.yaml", ())
    draft.replace(draft.text + "# mine\n", 0, "one")

    def full(*_: object, **__: object) -> None:
        raise HandoutError([Problem("output", "cannot write: No space left on device", draft.path)])

    with monkeypatch.context() as patch:
        patch.setattr(Draft, "save", full)
        answer: Any = still.post(f"{WRITE}/do", do="save", **fields)
        assert "No space left on device" in answer.text
    still.text.write_text(still.text.read_text("utf-8") + "# theirs\n", "utf-8")
    answer = still.post(f"{WRITE}/do", do="save", **fields)
    assert answer.status_code == 200
    assert draft.changed  # it was not written over what another program has written
    assert "# theirs" in still.text.read_text("utf-8")
    still.text.write_text("title: [\n", "utf-8")
    answer = still.post(f"{WRITE}/translate", to="es", tab="one")
    assert answer.status_code == 200
    assert not still.text.with_name("es.yaml").exists()


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (f"{WRITE}/do", {"do": "save", "part": "about", "card": "", "revision": "1"}),
        (f"{WRITE}/translate", {"to": "es"}),
    ],
)
def test_a_full_disk_is_told_without_options_that_the_studio_lacks(
    path: str, fields: dict[str, str], still: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = still.studio.drafts.of(Path("source") / NAME / "en.yaml", ())
    draft.replace(draft.text + "# mine\n", 0, "one")
    before = {each: each.read_bytes() for each in still.top.rglob("*") if each.is_file()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("handout_builder.atomic_files.os.fsync", full)
    answer: Any = still.post(path, tab="one", **fields)
    assert "No space left on device" in answer.text
    assert "make room" in answer.text
    assert "--out" not in answer.text
    assert {each: each.read_bytes() for each in still.top.rglob("*") if each.is_file()} == before
    assert draft.changed


def test_a_sheet_that_nobody_has_touched_is_forgotten(still: Opened) -> None:
    still.post("/sheet", tab="one", name="Osei")
    (kept,) = still.studio.sheets.values()
    kept.used -= 10_000
    still.post("/sheet", tab="two", name="Al")
    assert [*still.studio.sheets] == ["two"]


def revision(answer: Any) -> str:
    """Return the revision of the draft that a page shows."""
    found = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert found, answer.text
    return found[1]


def no_room(files: Mapping[Path, bytes], **_: object) -> None:
    """Fail as a disk that is full does."""
    raise HandoutError([Problem("output", "cannot write: No space left on device", next(iter(files)))])


@pytest.mark.parametrize(
    ("address", "field"), [(f"{WRITE}/", "/title"), (f"{BRAND}/", "/meta/phone")], ids=["write", "brand"]
)
def test_who_has_no_room_writes_on_and_is_told(
    still: Opened, monkeypatch: pytest.MonkeyPatch, address: str, field: str
) -> None:
    path = still.text if "write" in address else still.brand
    before, sent = path.read_bytes(), {"card": "", "part": "facts", "tab": "one", field: "0142 555 0199"}
    shown = still.client.get(address.rstrip("/") + "?part=facts")
    with monkeypatch.context() as full:
        full.setattr("handout_builder.studio.project.write_all", no_room)
        full.setattr("handout_builder.studio.drafts.write_all", no_room)
        for way, told in (("edit", "What you typed last is not in the draft yet."), ("do", "This could not be done.")):
            shown = still.post(address + way, do="save", revision=revision(shown), **sent)
            assert shown.status_code == 200
            assert all(words in shown.text for words in (f"<b>{told}</b>", "No space left", "0142 555 0199")), (
                shown.text
            )
        assert path.read_bytes() == before
        assert still.client.get("/?edition=letter").status_code == 200  # who prints need not keep what was chosen
    shown = still.post(address + "do", do="save", revision=revision(shown), **sent)
    assert "<b>Saved.</b>" in shown.text
    assert b"0142 555 0199" in path.read_bytes()


def test_a_text_that_could_not_be_opened_again_is_not_taken(still: Opened) -> None:
    before, long = still.text.read_bytes(), "word " * 80_000
    shown = still.client.get(f"{WRITE}?part=facts")
    sent = {"card": "", "part": "facts", "tab": "one", "/title": long}
    for way, fields in (
        ("edit", sent),
        ("do", {**sent, "do": "save"}),
        ("yaml", {"yaml": f"title: {long}", "tab": "one"}),
    ):
        shown = still.post(f"{WRITE}/{way}", revision=revision(shown), **fields)
        assert shown.status_code == 200
        assert "of 300,000 at most" in shown.text
    assert still.text.read_bytes() == before
    assert still.client.get(WRITE).status_code == 200


def test_what_was_deleted_or_renamed_meanwhile_is_told(still: Opened) -> None:
    shown = {address: still.client.get(address) for address in (WRITE, BRAND)}
    still.text.parent.rename(still.text.parent.with_name("other"))
    still.brand.parent.rename(still.brand.parent.with_name("other"))
    for address, page in shown.items():
        for way in ("edit", "do"):
            answer: Any = still.post(f"{address}/{way}", do="save", card="", revision=revision(page), tab="one")
            assert answer.status_code == 404
            assert "no longer in its folder" in answer.text


@pytest.mark.parametrize("name", ["Rücken #2", "100 % & more", "a;b,(c)'d", "what?"])
def test_whatever_a_folder_is_called_its_links_lead_to_it(still: Opened, name: str) -> None:
    still.text.parent.rename(still.text.parent.with_name(name))
    still.brand.parent.rename(still.brand.parent.with_name(name))
    for place, part in (("/write", "/write/"), ("/brand", "/brand/")):
        page = still.client.get(place).text
        links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', page) if link.startswith(part)]
        assert links
        for link in links:
            shown = still.client.get(link)
            assert shown.status_code == 200, link
            form = re.search(r'hx-post="([^"]+/edit)"', shown.text)
            assert form
            answer: Any = still.post(html.unescape(form[1]), card="", part="facts", revision="0", tab="one")
            assert answer.status_code == 200
