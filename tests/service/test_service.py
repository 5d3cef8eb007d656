"""Real orders: the files that come of them, what is told of mistakes, and that nothing of a person is left anywhere."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pikepdf
import pytest
from helpers.project import ROOT, SHORT
from helpers.tagged_pdf import Tagged

from handout_builder.errors import HandoutError
from handout_builder.service.maker import maker
from handout_builder.service.messages import SheetOrder
from handout_builder.service.settings import TOKEN, Settings, from_environment
from handout_builder.service.tasks import Made, Refused
from handout_builder.service.workers import Ordered
from handout_builder.visit import reader, record, sheet

from .conftest import Opened, opened

CANARY = "Canaryosei"
NAME = "short"


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copytree(SHORT, folder / "source" / NAME)
    return folder


@pytest.fixture(scope="module")
def service(top: Path) -> Iterator[Opened]:
    """The service on a project, which is its working folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(top)
        patch.setenv("TMPDIR", str(top))
        patch.setenv("HOME", str(top))
        with opened(Settings(workers=1), maker) as found:
            yield found


def files(top: Path) -> list[Path]:
    return sorted(top.rglob("*"))


def words(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "read.pdf"
    path.write_bytes(pdf)
    tagged = Tagged(path)
    return " ".join(tagged.text(tagged.root).split())


def test_a_sheet_has_what_was_sent_and_leaves_nothing(service: Opened, top: Path, tmp_path: Path) -> None:
    before = files(top)
    visit = {"name": CANARY, "points": ["BL23", {"code": "GV3", "note": CANARY}], "date": "2026-11-28"}
    answer = service.client.post("/sheets", json={"visit": visit, "paper": "letter"})
    assert answer.status_code == 200
    told = answer.headers
    assert (told["content-type"], told["handout-pages"]) == ("application/pdf", "1")
    read = words(answer.content, tmp_path)
    assert read.count(CANARY) == 2
    assert "28 November 2026" in read
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert [float(value) for value in pdf.pages[0].mediabox][2:] == [612, 792]
    again = service.client.post("/sheets", json={"visit": visit, "paper": "letter"})
    assert again.content == answer.content
    assert files(top) == before
    assert CANARY not in service.log + str(told)


def test_a_record_fills_what_the_visit_leaves_out(service: Opened, tmp_path: Path) -> None:
    bundle = json.loads((ROOT / "docs" / "sheet" / "bundle.json").read_bytes())
    order = {"visit": {"points": ["BL23"], "date": "2026-11-28", "note": "From Visit"}, "fhir": bundle}
    answer = service.client.post("/sheets", json=order)
    assert answer.status_code == 200, answer.text
    read = words(answer.content, tmp_path)
    names = [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient"]
    assert names[0]["name"][0]["family"] in read
    assert "From Visit" in read


@pytest.mark.parametrize(
    ("order", "code", "pointer"),
    [
        ({"visit": {"name": CANARY, "points": [CANARY]}}, "unknown-point", "#/visit/points/0"),
        ({"visit": {"name": {"text": CANARY, "lang": CANARY}}}, "language-tag", "#/visit/name/lang"),
        ({"visit": {CANARY: CANARY}}, "unknown-key", "#/visit"),
        ({"visit": {"name": f"{CANARY} \ud800"}}, "control-character", "#/visit/name"),
        ({"visit": {"note": [CANARY]}}, "value", "#/visit/note"),
        ({"visit": {"date": CANARY}}, "value", "#/visit/date"),
        ({"visit": {"name": CANARY, "points": ["BL23", "ST17"]}}, "not-for-pressing", "#/visit/points/1"),
        ({"visit": {"points": [CANARY] * 4000}}, "too-large", "#/visit"),
        ({"visit": {"points": ["BL23"]}, "brand": CANARY}, "unknown-brand", "#/brand"),
        ({"visit": {"points": ["BL23"]}, "brand": "../brands/harbour-lane"}, "unknown-brand", "#/brand"),
        ({"visit": {"points": ["BL23"]}, "handout": CANARY}, "unknown-handout", "#/handout"),
        ({"visit": {"points": ["BL23"]}, "look": CANARY}, "unknown-look", "#/look"),
        ({"visit": {"points": ["BL23"]}, "time_zone": CANARY}, "time-zone", "#/time_zone"),
        ({"fhir": {"resourceType": "Patient", "name": [{"given": CANARY}]}}, "fhir", "#/fhir"),
    ],
)
def test_mistakes_in_a_sheet_are_told_by_place_and_no_word(
    service: Opened, order: dict[str, object], code: str, pointer: str
) -> None:
    answer = service.client.post("/sheets", content=json.dumps(order), headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert (code, pointer) in [(one["code"], one["pointer"]) for one in answer.json()["problems"]]
    assert CANARY not in answer.text
    assert CANARY not in service.log


@pytest.mark.parametrize("place", ["checked", "made", "values_of"])
def test_a_mistake_of_the_program_is_told_by_its_place_and_no_word(
    place: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def breaks(*_: object) -> None:
        raise ValueError(CANARY)

    home = {"checked": reader, "made": sheet, "values_of": record}[place]
    monkeypatch.setattr(home, place, breaks)
    patient = {"resourceType": "Patient", "name": [{"text": CANARY}]}
    outcome = maker().do(SheetOrder(visit={"name": CANARY, "points": ["BL23"]}, fhir=patient), str)
    assert isinstance(outcome, Refused)
    assert (outcome.status, [one.code for one in outcome.findings]) == (500, ["mistake"])
    assert "ValueError, at handout_builder/service/maker.py:" in outcome.findings[0].message
    assert CANARY not in repr(outcome) + "".join(capfd.readouterr())


def test_what_holds_words_of_a_person_does_not_show_them() -> None:
    order = SheetOrder(visit={"name": CANARY}, fhir={"resourceType": CANARY})
    assert CANARY not in repr(order) + str(order) + repr(Ordered(order)) + repr(Made(CANARY.encode(), "", ""))


def test_a_handout_is_that_of_the_command_line_and_follows_its_file(service: Opened, top: Path) -> None:
    order = {"handout": NAME}
    first = service.client.post("/handouts", json=order)
    assert first.status_code == 200, first.text
    assert f'filename="{NAME}.en.pdf"' in first.headers["content-disposition"]
    command = [sys.executable, str(ROOT / "make_handout.py"), NAME, "--format", "pdf", "--out", "dist"]
    subprocess.run(command, cwd=top, check=True, capture_output=True)
    assert (top / "dist" / f"{NAME}.en.pdf").read_bytes() == first.content
    shutil.rmtree(top / "dist")
    text = top / "source" / NAME / "en.yaml"
    kept = text.read_text("utf-8")
    text.write_text(kept.replace("BL23", "BL230"), "utf-8")
    wrong = service.client.post("/handouts", json=order)
    assert wrong.status_code == 409
    line = kept[: kept.index("BL23")].count("\n") + 1
    assert wrong.json()["problems"][0]["source"] == f"{NAME}/en.yaml:{line}"
    text.write_text(kept, "utf-8")
    assert service.client.post("/handouts", json=order).content == first.content


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"handout": "shrt"}, "unknown-handout", "#/handout"),
        ({"handout": "source/short"}, "unknown-handout", "#/handout"),
        ({"handout": "../source/short"}, "unknown-handout", "#/handout"),
        ({"lang": "all"}, "unknown-language", "#/lang"),
        ({"lang": "ja"}, "unknown-language", "#/lang"),
        ({"lang": "../en"}, "value", "#/lang"),
        ({"edition": "all"}, "unknown-edition", "#/edition"),
        ({"edition": "leaflet", "format": "epub"}, "no-book", "#/format"),
        ({"brand": "all"}, "unknown-brand", "#/brand"),
    ],
)
def test_what_cannot_be_ordered_is_told(service: Opened, more: dict[str, str], code: str, pointer: str) -> None:
    answer = service.client.post("/handouts", json={"handout": NAME, **more})
    assert answer.status_code == 422
    assert [(one["code"], one["pointer"]) for one in answer.json()["problems"]] == [(code, pointer)]


def test_what_can_be_ordered_is_listed(service: Opened) -> None:
    told = service.client.get("/handouts").json()
    assert told["handouts"] == [{"name": NAME, "languages": ["en"]}]
    assert "harbour-lane" in told["brands"]
    assert "leaflet" in told["editions"]


@pytest.mark.parametrize(
    "environment",
    [
        {TOKEN: "short"},
        {TOKEN: "with blanks in it, and long"},
        {"HANDOUT_SERVICE_WORKERS": "0"},
        {"HANDOUT_SERVICE_WAITING": "-1"},
        {"HANDOUT_SERVICE_SECONDS": "8.5"},
        {"HANDOUT_SERVICE_MEGABYTES": "9" * 5000},
    ],
)
def test_settings_that_cannot_be_meant_are_told(environment: dict[str, str]) -> None:
    with pytest.raises(HandoutError) as told:
        from_environment(environment)
    (problem,) = told.value.problems
    assert problem.code == "setting"
    assert next(iter(environment)) in problem.message


def test_the_command_serves_this_machine_and_finishes_what_was_begun(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "make_handout.py"), "service"]
    elsewhere = [*command, "--host", "0.0.0.0"]
    refused = subprocess.run(elsewhere, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert refused.returncode == 1
    assert TOKEN in refused.stderr
    environment = {**os.environ, "HANDOUT_SERVICE_WORKERS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(
        [*command, "--port", "0"], cwd=tmp_path, env=environment, start_new_session=True, **pipes
    ) as program:
        assert program.stdout is not None
        told = json.loads(program.stdout.readline())
        assert told["host"] == "127.0.0.1"
        with httpx2.Client(base_url=f"http://127.0.0.1:{told['port']}", timeout=60) as client:

            def body() -> Iterator[bytes]:
                # It listens before it serves. The head is sent by now; who came later is answered: it has been taken.
                assert httpx2.get(f"http://127.0.0.1:{told['port']}/health", timeout=60).status_code == 200
                yield json.dumps({"visit": {"name": CANARY, "points": ["BL23"]}}).encode()
                if os.name == "posix":  # Windows ends a program at once
                    os.killpg(program.pid, signal.SIGTERM)  # all its processes, as systemd does

            answer = client.post("/sheets", content=body(), headers={"content-type": "application/json"})
            assert answer.status_code == 200
            assert answer.content.startswith(b"%PDF-1.7")
        if os.name != "posix":
            program.terminate()
        log, errors = program.communicate(timeout=60)
    assert errors == b""
    assert CANARY.encode() not in log
    assert [json.loads(line)["event"] for line in log.splitlines()].count("request") == 1
    assert not list(tmp_path.iterdir())
