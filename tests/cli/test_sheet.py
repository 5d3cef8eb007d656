"""The command `sheet`: options, files, standard input and output; nothing personal is left anywhere."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.project import ROOT, SOURCE
from helpers.tagged_pdf import Tagged

from handout_builder.cli.main import main

CANARY = "Canaryosei"


def words(path: Path) -> str:
    tagged = Tagged(path)
    return " ".join(tagged.text(tagged.root).split())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_options_make_a_sheet(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--points", "BL23, BL60:left", "--dose", "2 × day, 30 s", "--next", "2026-12-12T10:30"]
    options += ["--name", "Margaret Osei", "--practitioner", "Ada", "--note", "Walk.", "--date", "2026-11-28"]
    assert main(["sheet", *options]) == 0
    assert capsys.readouterr().out == f"{Path('dist/visit-sheet.pdf')}\n"
    read = words(here / "dist" / "visit-sheet.pdf")
    for wanted in ("Margaret Osei", "Ada", "Walk.", "28 November 2026", "Sat, 12 December 2026, 10:30", "left side"):
        assert wanted in read
    assert [path.name for path in here.iterdir()] == ["dist"]
    assert [path.name for path in (here / "dist").iterdir()] == ["visit-sheet.pdf"]
    if os.name == "posix":  # handouts go there, too, for everybody
        (here / "other").mkdir()
        modes = [path.stat().st_mode & 0o777 for path in (here / "dist", here / "dist" / "visit-sheet.pdf")]
        assert modes == [(here / "other").stat().st_mode & 0o777, 0o600]


def test_options_go_before_the_file_and_the_file_before_the_record(here: Path) -> None:
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"text": "From Record"}]}
    patient["communication"] = [{"language": {"coding": [{"code": "es"}]}}]
    (here / "patient.json").write_text(json.dumps(patient))
    (here / "visit.yaml").write_text("points: [BL23]\npractitioner: From File\nnote: From File\n")
    given = ["sheet", "--for", "visit.yaml", "--fhir", "patient.json", "--practitioner", "From Options"]
    assert main([*given, "-o", "one.pdf", "--document-reference"]) == 0
    read = words(here / "one.pdf")
    assert "From Record" in read
    assert "Sus puntos en casa" in read
    assert "Profesional From Options" in read
    if os.name == "posix":  # who may not ask the record system may not read what it told
        assert {(here / name).stat().st_mode & 0o777 for name in ("one.pdf", "one.json")} == {0o600}
    told = json.loads((here / "one.json").read_text())
    assert told["subject"] == {"reference": "Patient/p1"}
    assert told["content"][0]["attachment"]["language"] == "es"


def appointment(start: str) -> dict[str, object]:
    actors = [{"actor": {"reference": "Patient/p1"}}]
    return {"resourceType": "Appointment", "status": "booked", "start": start, "participant": actors}


@pytest.mark.parametrize(
    ("options", "file", "told"),
    [
        ([], "points: [BL23]", "12 December 2198, 10:30"),
        (["--date", "none"], "points: [BL23]", "12 December 2198, 10:30"),
        (["--date", "2020-01-01"], "points: [BL23]", "3 March 2021, 09:00"),
        ([], "{points: [BL23], date: 2198-12-12}", "1 May 2199, 08:15"),
    ],
)
def test_the_next_visit_of_a_record_is_still_to_come(options: list[str], file: str, told: str, here: Path) -> None:
    """It is the first one after the day of the visit, and after today where no day is given."""
    starts = ("2021-03-03T09:00:00+01:00", "2199-05-01T08:15:00+01:00", "2198-12-12T10:30:00+01:00")
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"text": "Al"}]}
    entries = [{"resource": one} for one in (patient, *map(appointment, starts))]
    (here / "bundle.json").write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    (here / "visit.yaml").write_text(file)
    assert main(["sheet", "--for", "visit.yaml", "--fhir", "bundle.json", *options, "-o", "one.pdf"]) == 0
    assert told in words(here / "one.pdf")


def test_from_input_to_output_nothing_is_left_on_the_disk(tmp_path: Path) -> None:
    """Not even the brand's typeface, which the engine reads from a file."""
    visit = json.dumps({"name": CANARY, "points": ["BL23"], "note": CANARY})
    command = [sys.executable, str(ROOT / "make_handout.py"), "sheet", "--for", "-", "-o", "-"]
    command += ["--brand", str(SOURCE / "brands" / "harbour-lane")]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(command, input=visit.encode(), capture_output=True, cwd=tmp_path, env=environment, check=True)
    assert done.stdout.startswith(b"%PDF-1.7")
    assert all(b"note brand-colour" in line for line in done.stderr.splitlines())
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    "given",
    [
        f"name: {CANARY}\npoints: [{CANARY}]\n",
        f"name: {CANARY} ᚠ\n",
        f"name: {CANARY}\nnote: [{CANARY}]\n",
        f"name: {CANARY}: {CANARY}\n",
        f"name: {CANARY}\npoints: [ST17]\n",
        f"name: {CANARY} ọ́ní\npoints: [BL23]\n",
    ],
)
def test_failures_of_every_kind_tell_no_word(
    given: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
    assert main(["sheet", "--for", "-", "-o", "sheet.pdf"]) in (0, 1)
    told = capsys.readouterr()
    assert CANARY not in told.out + told.err
    assert CANARY not in "".join(str(path) for path in here.rglob("*"))


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--dose", f"2 × day, {CANARY}"], 1, "dose: part 2 of it is not understood"),
        (["--points", "BL999"], 1, "points 1: the catalogue has no such point"),
        (["--next", CANARY], 1, "next_visit: this cannot be read"),
        (["--handout", "chronic-back-pain"], 1, "this handout has no public address"),
        (["--handout", "no-such"], 1, "there is no such handout"),
        (["--handout", "chronic-back-pane"], 1, "did you mean 'chronic-back-pain'?"),
        (["--for", "nowhere.yaml"], 1, "nowhere.yaml: unreadable"),
        (["--for", "-", "--fhir", "-"], 2, "standard input is one file"),
        (["--document-reference", "-o", "-"], 2, "a DocumentReference stands beside a file"),
        (["--document-reference", "-o", "sheet.json"], 2, "give the sheet another one"),
        (["-o", "."], 2, "--out is the name of a file"),
        (["-o", ""], 2, "--out is the name of a file"),
        (["--pages", "-3"], 2, "--pages is the most pages"),
        (["--about", "knee"], 1, "known: low-back, neck,"),
        (["--lang", "en-US"], 1, "write en"),
        (["--look", "nothing"], 1, "there is no such look"),
        (["--brand", "nothing"], 1, "there is no such brand"),
    ],
)
def test_wrong_options_say_so(
    options: list[str], code: int, told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sheet", "--points", "BL23", *options]) == code
    errors = capsys.readouterr().err
    assert told in errors
    assert CANARY not in errors
    assert [path.name for path in here.iterdir()] == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("name: 5", "name: this should be a text"),
        ("points: [23]", "points 1: this should be a text"),
        ("points: BL23", "hint: for example [BL23, GV3]"),
        ("date: 2026-02-30", "this is a day that no calendar has"),
    ],
)
def test_what_stands_in_the_place_of_a_text_a_list_or_a_day_is_told(
    given: str, told: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8"))
    assert main(["sheet", "--for", "-"]) == 1
    assert told in capsys.readouterr().err
    assert [path.name for path in here.iterdir()] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["sheet", "--nmae", CANARY], "unrecognized arguments: --nmae"),
        (["sheet", f"--nmae={CANARY}"], "unrecognized arguments: --nmae"),
        (["sheet", f"-x{CANARY}"], "unrecognized arguments: -x"),
        (["sheet", CANARY], "unrecognized arguments: a word that belongs to no option"),
        (["sheet", "--diary", CANARY], "argument --diary: invalid int value"),
        (["sheet", "--paper", f"O'{CANARY}"], "argument --paper: invalid choice"),
        (["sheet", f"--large-print={CANARY}"], "argument --large-print: ignored explicit argument"),
        (["shete", "--name", CANARY], "unrecognized arguments: --name"),
    ],
)
def test_misspelt_options_are_told_without_what_they_were_given(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who misspells an option has typed the name behind it; what is told may be kept in a log."""
    with pytest.raises(SystemExit):
        main(words)
    errors = capsys.readouterr().err
    assert errors.endswith(f"error: {told}\n")
    assert CANARY not in errors


def test_a_mistake_of_ours_leaves_neither_words_nor_a_core(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    limits: list[tuple[int, tuple[int, int]]] = []

    def broken(*arguments: object) -> None:
        raise ValueError(f"{CANARY} {arguments}")

    monkeypatch.setattr(resource, "setrlimit", lambda *limit: limits.append(limit))
    monkeypatch.setattr("handout_builder.visit.reader.checked", broken)
    assert main(["sheet", "--points", "BL23", "--name", CANARY, "-o", "one.pdf"]) != 0
    errors = capsys.readouterr().err
    assert "this is a bug in the program: ValueError, at handout_builder/cli/sheet.py" in errors
    assert CANARY not in errors
    assert limits == [(resource.RLIMIT_CORE, (0, 0))]
    assert [path.name for path in here.iterdir()] == []


def test_the_code_of_a_handout_leads_to_its_address(here: Path) -> None:
    folder = here / "source" / "short"
    folder.mkdir(parents=True)
    text = (ROOT / "tests" / "samples" / "handouts" / "short" / "en.yaml").read_text("utf-8")
    (folder / "en.yaml").write_text(f"{text}address: https://clinic.example/short.pdf\n", "utf-8")
    assert main(["sheet", "--points", "BL23", "--handout", "short", "-o", "one.pdf"]) == 0
    assert "Scan to read more" in words(here / "one.pdf")
