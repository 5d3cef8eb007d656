"""Copies for the patients of a FHIR bundle, told by entry and element; a DocumentReference beside each file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from helpers import pdf_pages
from helpers.people import HANDOUT, copies, project, report
from helpers.project import Done, run

from handout_builder.copies import whole
from handout_builder.copies.patients import BundleOptions, Patients
from handout_builder.copies.rows import Columns, RowProblem
from handout_builder.errors import HandoutError
from handout_builder.orders import Order

CANARY = "Zzkanarie"
DAY = ("--date", "2026-11-28")
PATH = Path("bundle.json")
ADA = {"resourceType": "Practitioner", "id": "d1", "name": [{"text": "Ada Example"}]}
FIELDS = ("name", "practitioner", "date", "next_visit", "note")


def patient(number: int, name: str, lang: str = "", **more: Any) -> dict[str, Any]:
    spoken = {"communication": [{"language": {"coding": [{"code": lang}]}, "preferred": True}]} if lang else {}
    return {"resourceType": "Patient", "id": f"p{number}", "name": [{"text": name}], **spoken, **more}


def visit(number: int, start: str, **more: Any) -> dict[str, Any]:
    actors = [{"actor": {"reference": f"Patient/p{number}"}}, {"actor": {"reference": "Practitioner/d1"}}]
    return {"resourceType": "Appointment", "status": "booked", "start": start, "participant": actors, **more}


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def made(root: Path, data: bytes, *words: str) -> Done:
    (root.parent / PATH).write_bytes(data)
    return run(root, "copies", HANDOUT, "--fhir", str(PATH), "--jobs", "1", *words)


def rows(data: bytes, root: Path, columns: Columns | None = None, **wishes: Any) -> Patients:
    wanted = BundleOptions(wishes.pop("day", date(2026, 11, 28)), **wishes)
    return Patients(data, PATH, columns or Columns(FIELDS), Order(root / HANDOUT, "en"), wanted)


def leaks(folder: Path, *said: str) -> list[str]:
    """Where canaries are, but for the bundle and the copies."""
    own = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pdf" and path.name != PATH.name]
    found = [str(path) for path in own if CANARY.encode() in path.read_bytes()]
    return [*found, *(text for text in said if CANARY in text), *(str(p) for p in folder.rglob(f"*{CANARY}*"))]


def test_each_patient_gets_a_copy(tmp_path: Path) -> None:
    """Their name, who treats them and their own next visit, as the language writes it; the reference tells the file."""
    root = project(tmp_path)
    data = bundle(
        patient(1, "Margaret Osei"),
        patient(2, "山田 花子", "ja"),
        ADA,
        visit(2, "2026-12-12T10:30:00+01:00"),
        visit(2, "2026-11-20T10:30:00+01:00"),
    )
    done = made(root, data, "--out", "out", "--document-reference", *DAY)
    assert done.returncode == 0, done.stderr
    names = ["000001.fhir.json", "000001.pdf", "000002.fhir.json", "000002.pdf"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.name[0] != ".") == names
    first, second = (pdf_pages.text(tmp_path / "out" / name) for name in names[1::2])
    assert "Margaret Osei" in first
    assert "28 November 2026" in first
    assert "12 December" not in first
    for words in ("山田 花子", "Ada Example", "12 December 2026", "10:30"):
        assert words in second
    assert "Osei" not in second
    told = json.loads((tmp_path / "out" / names[2]).read_bytes())
    attachment = told["content"][0]["attachment"]
    digest = hashlib.sha1((tmp_path / "out" / names[3]).read_bytes()).digest()
    assert base64.b64decode(attachment["hash"]) == digest
    assert (attachment["language"], attachment["creation"]) == ("en", "2026-11-28")
    assert told["category"]
    assert told["subject"] == {"reference": "Patient/p2"}
    assert (tmp_path / "out" / names[2]).stat().st_mode & 0o077 == 0


def test_a_run_goes_on_and_is_forgotten_with_its_references(tmp_path: Path) -> None:
    root = project(tmp_path)
    data = bundle(patient(1, "Al"), patient(2, "Bo"))
    words = ("--out", "out", "--document-reference", "--name-by", "id")
    assert made(root, data, *words).returncode == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.name[0] != "."}
    assert sorted(before) == ["p1.fhir.json", "p1.pdf", "p2.fhir.json", "p2.pdf"]
    (tmp_path / "out" / "p2.fhir.json").unlink()
    assert made(root, data, *words).returncode == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.name[0] != "."} == before
    assert run(root, "copies", "--forget", "out").returncode == 0
    assert not (tmp_path / "out").exists()


def test_what_a_reference_tells_is_proved_with_its_copy(tmp_path: Path) -> None:
    root, out = project(tmp_path), tmp_path / "out"
    data = bundle(patient(1, "Al"), patient(2, "Bo"))
    assert made(root, data, "--out", "out", "--document-reference").returncode == 0

    def found() -> list[str]:
        return [f"{problem.path.name}: {problem.message}" for problem in whole.verify(out)[1]]

    assert found() == []
    one, two = out / "000001.fhir.json", out / "000002.fhir.json"
    held = one.read_bytes()
    for wrong in (two.read_bytes(), held.replace(b'"size": ', b'"size": 1'), b"{}", b"no JSON"):
        one.write_bytes(wrong)
        assert found() == ["000001.fhir.json: this DocumentReference is of no copy beside it"]
    one.rename(out / "000003.fhir.json")
    assert found() == [
        "000001.fhir.json: the DocumentReference of a copy is missing",
        "000003.fhir.json: this DocumentReference is of no copy beside it",
    ]


def test_references_stand_beside_copies_of_a_list_too(tmp_path: Path) -> None:
    root = project(tmp_path)
    assert copies(root, [{"name": "Al"}], "--out", "out", "--document-reference").returncode == 0
    assert "subject" not in json.loads((tmp_path / "out" / "000001.fhir.json").read_bytes())
    for words in (("--out", "lot.pdf"), ("--store", "store")):
        done = copies(root, [{"name": "Al"}], *words, "--document-reference")
        assert (done.returncode, "beside each copy's own file" in done.stderr) == (1, True)


def test_what_is_wrong_with_a_patient_is_told_by_entry_and_element(tmp_path: Path) -> None:
    """It costs that one's copy alone."""
    root = project(tmp_path)
    data = bundle(
        patient(1, f"{CANARY} 😀"),
        patient(2, f"{CANARY} 直"),
        patient(3, f"{CANARY}\u202e"),
        {"resourceType": "Practitioner", "id": "d1", "name": [{"text": f"{CANARY} 😀"}]},
        patient(4, f"{CANARY} well"),
        visit(4, "2026-12-12T10:30:00+01:00"),
        patient(5, f"{CANARY} well"),
    )
    done = made(root, data, "--out", "out", "--report", "r.json", "--document-reference", *DAY)
    assert done.returncode == 1
    for told in (
        "bundle.json: missing-glyph entry 1, Patient, name: no font has U+1F600",
        "bundle.json: untagged-language entry 2, Patient, name: ",
        "bundle.json: control-character entry 3, Patient, name: U+202E",
        "bundle.json: missing-glyph entry 4, Practitioner, name: no font has U+1F600",
    ):
        assert told in done.stderr
    assert leaks(tmp_path, done.stdout, done.stderr) == []
    assert [one.get("line") for one in report(tmp_path / "r.json").values()] == [1, 2, 3, 5, 7]


def test_rows_that_are_well_are_made(tmp_path: Path) -> None:
    root = project(tmp_path)
    data = bundle(patient(1, f"{CANARY}\u202e"), patient(2, f"{CANARY} well"))
    done = made(root, data, "--out", "out", "--report", "r.json", "--document-reference", *DAY)
    assert leaks(tmp_path, done.stdout, done.stderr) == []
    assert [one["result"] for one in report(tmp_path / "r.json").values()] == ["not-made", "made"]
    assert pdf_pages.text(tmp_path / "out" / "000002.pdf").count(CANARY) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff" + CANARY.encode(), ["fhir this is not UTF-8"]),
        (f'{{"{CANARY}'.encode(), ["fhir this is no JSON"]),
        (bundle(ADA), ["there is no resource of the type Patient"]),
        (
            bundle(patient(1, CANARY, implicitRules=CANARY), visit(1, CANARY), {**ADA, "name": CANARY}),
            [
                "entry 1, Patient: it has 'implicitRules'",
                "entry 2, Appointment, start: ",
                "entry 3, Practitioner, name",
            ],
        ),
        (
            bundle(
                patient(1, CANARY),
                visit(1, "2026-12-12T09:30:00Z"),
                patient(2, CANARY),
                visit(2, "2026-12-13T09:30:00Z"),
            ),
            [
                "entry 2, Appointment, start: the time is told in UTC",
                "entry 4, Appointment, start: the time is told in",
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_bundle_is_told_at_once(tmp_path: Path, data: bytes, told: list[str]) -> None:
    done = made(project(tmp_path), data, "--out", "out", *DAY)
    assert done.returncode == 1
    assert [words for words in told if words not in done.stderr] == []
    assert leaks(tmp_path, done.stdout, done.stderr) == []
    assert not (tmp_path / "out").exists()


def test_a_mistake_of_the_program_is_told_without_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise KeyError(f"{CANARY} {arguments}")

    monkeypatch.setattr(Patients, "rows", broken)
    done = made(project(tmp_path), bundle(patient(1, CANARY)), "--out", "out")
    assert "KeyError" in done.stderr
    assert leaks(tmp_path, done.stdout, done.stderr) == []


def test_the_handout_is_in_the_language_that_a_patient_prefers(tmp_path: Path) -> None:
    """If it is written in it, and nobody has chosen one; days are told in that language."""
    root = project(tmp_path)
    (root / HANDOUT / "es.yaml").touch()
    data = bundle(patient(1, "Al", "es-MX"), visit(1, "2026-12-12T10:30:00+01:00"), patient(2, "Bo", "fr"))
    first, second = rows(data, root).rows()
    assert (first.kind, second.kind) == (("es", "", ""), ("", "", ""))
    assert "diciembre" in first.words["next_visit"].text
    assert first.words["name"].lang == "es-MX"
    (first, _) = rows(data, root, own_languages=False).rows()
    assert first.kind == ("", "", "")
    assert "December" in first.words["next_visit"].text


def test_a_language_that_is_misspelt_is_told_with_the_right_one(tmp_path: Path) -> None:
    """Chinese that does not say how it is written is one only where a handout would be chosen by it."""
    root = project(tmp_path)
    people = rows(bundle(patient(1, "Al", "jp"), patient(2, "Bo", "zh")), root)
    first, second = people.rows()
    (problem,) = first.problems
    told = people.problem(problem, first)
    assert (told.message, told.hint) == ("entry 1, Patient, communication: this is no language", "write ja")
    assert not second.problems
    (root / HANDOUT / "zh-Hant.yaml").touch()
    (_, second) = rows(bundle(patient(1, "Al"), patient(2, "Bo", "zh")), root).rows()
    assert [problem.hint for problem in second.problems] == ["write zh-Hans (simplified) or zh-Hant (traditional)"]


def test_the_digest_is_that_of_what_is_printed(tmp_path: Path) -> None:
    """A run goes on tomorrow, but not if that changes a copy."""
    root = project(tmp_path)
    data = bundle(patient(1, "Al"), visit(1, "2026-12-12T10:30:00+01:00"))
    digests = [rows(data, root, day=date(2026, 12, day)).digest for day in (1, 2, 12)]
    assert digests[0] == digests[1] != digests[2]


def test_problems_know_every_box(tmp_path: Path) -> None:
    people = rows(bundle(patient(1, "Al"), ADA, visit(1, "2026-12-12T10:30:00+01:00")), project(tmp_path))
    (row,) = people.rows()
    told = {box: people.problem(RowProblem("x", "y", box), row).message for box in ("", *FIELDS, "name_lang", "id")}
    assert told == {
        "": "entry 1, Patient: y",
        "name": "entry 1, Patient, name: y",
        "practitioner": "entry 2, Practitioner, name: y",
        "date": "entry 1, Patient, date: y",
        "next_visit": "entry 3, Appointment, start: y",
        "note": "entry 1, Patient, note: y",
        "name_lang": "entry 1, Patient, communication: y",
        "id": "entry 1, Patient, id: y",
    }


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (Columns(("note",)), "not-personal no box of the handout is filled by a bundle"),
        (Columns(FIELDS, "number"), "table a bundle has nothing of this name"),
        (Columns(FIELDS, encrypted=True), "password a bundle has no passwords"),
    ],
)
def test_what_a_bundle_cannot_tell_is_refused(tmp_path: Path, columns: Columns, told: str) -> None:
    with pytest.raises(HandoutError, match=re.escape(told)):
        rows(bundle(patient(1, "Al")), project(tmp_path), columns)


@pytest.mark.parametrize(
    "words",
    [
        ("--list", "people.csv", "--fhir", "bundle.json", "--out", "out"),
        ("--list", "people.csv", "--out", "out", "--time-zone", "Europe/Berlin"),
        ("--list", "people.csv", "--out", "out", *DAY),
        ("--fhir", "bundle.json", "--out", "out", "--date", "tomorrow"),
    ],
)
def test_words_that_do_not_go_together_are_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run(project(tmp_path), "copies", HANDOUT, *words).returncode == 2
