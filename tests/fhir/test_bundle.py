"""A patient, the next visit and who treats, read from FHIR R4; what else stands there is passed over or refused."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from handout_builder.errors import HandoutError
from handout_builder.fhir.bundle import FhirPatient, one_patient, patients
from handout_builder.fhir.document_reference import document_reference

PATH = Path("bundle.json")
CANARY = "Canaryname"


def patient(**more: Any) -> dict[str, Any]:
    name = {"use": "official", "family": "Osei", "given": ["Margaret", "Abena"]}
    return {"resourceType": "Patient", "id": "p1", "active": True, "name": [name], **more}


def appointment(start: str | int, status: str = "booked", **more: Any) -> dict[str, Any]:
    participant = [{"actor": {"reference": "Patient/p1"}}, {"actor": {"reference": "Practitioner/d1"}}]
    return {"resourceType": "Appointment", "status": status, "start": start, "participant": participant, **more}


PRACTITIONER = {"resourceType": "Practitioner", "id": "d1", "name": [{"text": "Ada Example"}]}


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": one} for number, one in enumerate(resources)]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def read(*resources: dict[str, Any], **options: Any) -> FhirPatient:
    return one_patient(bundle(*resources), PATH, **options)


def test_it_takes_what_is_printed() -> None:
    found = read(
        patient(communication=[{"language": {"coding": [{"code": "es-MX"}]}, "preferred": True}], gender="female"),
        PRACTITIONER,
        appointment("2026-12-20T09:00:00+01:00"),
        appointment("2026-12-12T10:30:00+01:00"),
        appointment("2026-11-20T09:00:00+01:00"),
        appointment("2026-12-01T09:00:00+01:00", "cancelled"),
        after=date(2026, 11, 28),
    )
    assert found.next_visit
    assert (found.name, found.lang, found.practitioner) == ("Margaret Abena Osei", "es-MX", "Ada Example")
    assert (f"{found.next_visit:%Y-%m-%d %H:%M}", found.reference) == ("2026-12-12 10:30", "Patient/p1")
    assert "Osei" not in repr(found)


def test_a_patient_alone_is_enough() -> None:
    found = one_patient(json.dumps(patient(name=[{"text": "Mo"}])).encode(), PATH)
    assert (found.name, found.practitioner, found.next_visit) == ("Mo", "", None)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([{"use": "old", "text": "Before"}, {"use": "usual", "text": "Now"}], "Now"),
        ([{"use": "nickname", "text": "Mo"}, {"use": "official", "family": "Osei"}], "Osei"),
        ([{"family": "山田", "given": ["花子"]}], "山田花子"),
        ([{"family": "ヤマダ", "given": ["ハナコ"]}], "ヤマダ ハナコ"),
        ([], ""),
    ],
)
def test_names_are_put_together(names: list[dict[str, Any]], wanted: str) -> None:
    assert read(patient(name=names)).name == wanted


def test_family_names_come_first_where_they_do() -> None:
    communication = [{"language": {"coding": [{"code": "vi"}]}}]
    assert read(patient(name=[{"family": "Nguyễn", "given": ["Thị", "Ánh"]}], communication=communication)).name == (
        "Nguyễn Thị Ánh"
    )


def test_times_are_those_of_the_clinic() -> None:
    visit = appointment("2026-12-12T09:30:00Z")
    with pytest.raises(HandoutError, match="time-zone entry 2, Appointment, start: the time is told in UTC"):
        read(patient(), visit)
    found = read(patient(), visit, zone="Europe/Berlin")
    assert found.next_visit
    assert f"{found.next_visit:%H:%M}" == "10:30"
    with pytest.raises(HandoutError, match="time-zone this time zone is not known"):
        read(patient(), visit, zone="../../etc/passwd")


def test_several_patients_each_have_their_visits() -> None:
    other = {"resourceType": "Patient", "id": "p2", "name": [{"text": "Other"}]}
    visit = appointment("2026-12-12T10:30:00+01:00", participant=[{"actor": {"reference": "urn:uuid:1"}}])
    first, second = patients(bundle(patient(), other, visit), PATH)
    assert first.next_visit is None
    assert second.next_visit
    with pytest.raises(HandoutError, match="there are 2 resources of the type Patient"):
        read(patient(), other)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff", "this is not UTF-8"),
        (f'{{"{CANARY}'.encode(), "this is no JSON"),
        (b"[1]", "this is no resource of FHIR"),
        (b"[" * 100_000, "this is nested too deeply"),
        (bundle(), "there is no resource of the type Patient"),
        (bundle(patient(name=CANARY)), "entry 1, Patient, name: this should be a list"),
        (bundle(patient(name=[{"family": [CANARY]}])), "entry 1, Patient, name 1 family: this should be a text"),
        (bundle(patient(), appointment(CANARY)), "entry 2, Appointment, start: this should be a time"),
        (bundle(patient(), appointment("2026-12-12T10:30:00")), "entry 2, Appointment, start: this has no time zone"),
        (bundle(patient(implicitRules=CANARY)), "entry 1, Patient: it has 'implicitRules'"),
        (bundle(patient(name=[{"text": CANARY, "modifierExtension": []}])), "it has 'modifierExtension'"),
        (b'{"resourceType": "Bundle", "entry": 1}', "Bundle, entry: this should be a list"),
    ],
)
def test_what_is_wrong_is_told_without_a_word_of_it(data: bytes, told: str) -> None:
    with pytest.raises(HandoutError) as caught:
        one_patient(data, PATH)
    assert told in str(caught.value)
    error: BaseException | None = caught.value
    while error:
        assert CANARY not in repr(error)
        error = error.__cause__ or error.__context__


# Odd, but valid


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([{"text": "Margaret  A. Osei"}], "Margaret  A. Osei"),
        ([{"family": "Osei", "given": ["Margaret", None, "Abena"], "_given": [None, {}, None]}], "Margaret Abena Osei"),
        ([{"given": ["Suharto"]}], "Suharto"),
        ([{"use": "usual", "text": "Meg"}, {"use": "official", "text": "Margaret", "period": {"end": "2019"}}], "Meg"),
        (
            [{"use": "usual", "text": "Margaret", "period": {"end": "2026"}}, {"use": "nickname", "text": "M"}],
            "Margaret",
        ),
        ([{"text": "Margaret", "period": {"end": "2019-05-04T10:00:00Z"}}], "Margaret"),  # better than none
        ([{"prefix": ["Dr"]}], ""),
    ],
)
def test_names_may_have_odd_parts(names: list[dict[str, Any]], wanted: str) -> None:
    assert read(patient(name=names, birthDate="1961"), after=date(2026, 11, 28)).name == wanted


DAY = "2026-12-12T10:30:00+01:00"


def visit_with(*actors: dict[str, Any], **more: Any) -> dict[str, Any]:
    return appointment(DAY, participant=[{"actor": actor} for actor in actors], **more)


@pytest.mark.parametrize(
    ("actor", "hers"),
    [
        ({"reference": "urn:uuid:0"}, True),
        ({"reference": "Patient/p1/_history/3"}, True),
        ({"reference": "https://ehr.example/fhir/Patient/p1"}, True),  # the bundle does not tell its server
        ({"identifier": {"system": "urn:oid:1.2", "value": "77"}, "type": "Patient"}, True),
        ({"reference": "Location/l1"}, True),  # it names no patient, and the bundle has one
        ({"display": "Room 3"}, True),
        ({"reference": "Patient/p2"}, False),
        ({"reference": "urn:uuid:99"}, False),  # who that is stands elsewhere
        ({"reference": "https://ehr.example/fhir/Patient/p2"}, False),
        ({"identifier": {"system": "urn:oid:1.2", "value": "78"}}, False),
        ({"type": "Patient", "display": "Somebody Else"}, False),
    ],
)
def test_a_visit_is_hers_however_she_is_referred_to(actor: dict[str, Any], hers: bool) -> None:
    numbered = patient(identifier=[{"system": "urn:oid:1.2", "value": "77"}])
    found = read(numbered, visit_with(actor, {"reference": "Practitioner/d1", "display": "Ada Example"}))
    assert bool(found.next_visit) is hers


def test_whoever_declined_does_not_come() -> None:
    declined = [{"actor": {"reference": "Patient/p1"}, "status": "declined"}]
    assert read(patient(), appointment(DAY, participant=declined)).next_visit is None
    away = [{"actor": {"reference": "Patient/p1"}}, {"actor": {"reference": "Practitioner/d1"}, "status": "declined"}]
    assert read(patient(), PRACTITIONER, appointment(DAY, participant=away)).practitioner == ""


CONTAINED = {"resourceType": "Practitioner", "id": "d", "name": [{"text": "Ada Example"}]}
ROLE = {"resourceType": "PractitionerRole", "id": "r1", "practitioner": {"reference": "Practitioner/d1"}}
HERS: dict[str, Any] = {"reference": "Patient/p1"}


@pytest.mark.parametrize(
    ("others", "visit"),
    [
        ([], visit_with(HERS, {"reference": "#d"}, contained=[CONTAINED])),
        ([PRACTITIONER, ROLE], visit_with(HERS, {"reference": "PractitionerRole/r1"})),
        ([ROLE, PRACTITIONER], visit_with(HERS, {"reference": "PractitionerRole/r1"})),
        ([], visit_with(HERS, {"reference": "PractitionerRole/r9", "display": "Ada Example"})),
        ([], visit_with(HERS, {"type": "Practitioner", "display": "Ada Example"})),
        ([], visit_with(HERS, {"reference": "https://e.org/fhir/Practitioner/9", "display": "Ada Example"})),
        (
            [PRACTITIONER, {"resourceType": "Practitioner", "id": "d2", "name": [{"text": "A Translator"}]}],
            appointment(
                DAY,
                participant=[
                    {"actor": {"reference": "Practitioner/d2"}, "type": [{"coding": [{"code": "TRANS"}]}]},
                    {"actor": HERS},
                    {"actor": {"reference": "Location/l1", "display": "Room 3"}},
                    {"actor": {"reference": "Practitioner/d1"}, "type": [{"coding": [{"code": "PPRF"}]}]},
                ],
            ),
        ),
    ],
)
def test_who_treats_is_found_among_those_who_take_part(others: list[dict[str, Any]], visit: dict[str, Any]) -> None:
    assert read(patient(), *others, visit).practitioner == "Ada Example"


def test_an_appointment_may_contain_its_patient() -> None:
    inner = patient(id="me")
    alone = visit_with({"reference": "#me"}, {"reference": "#d"}, contained=[inner, CONTAINED])
    found = one_patient(json.dumps(alone).encode(), PATH)
    assert (found.name, found.practitioner, found.reference) == ("Margaret Abena Osei", "Ada Example", "")
    assert found.next_visit


def test_what_is_contained_and_of_another_kind_is_passed_over() -> None:
    room = {"resourceType": "Location", "id": "l", "name": CANARY}
    alone = visit_with(HERS, {"reference": "#d"}, contained=[room, CONTAINED, "odd"])
    assert read(patient(), alone).practitioner == "Ada Example"


def test_a_patient_at_an_address_is_no_other_servers() -> None:
    def entry(url: str, resource: dict[str, Any]) -> dict[str, Any]:
        return {"fullUrl": url, "resource": resource}

    for server, hers in (("https://ehr.example/fhir", True), ("https://other.example/fhir", False)):
        visit = visit_with({"reference": f"{server}/Patient/p1"})
        entries = [entry("https://ehr.example/fhir/Patient/p1", patient()), entry("urn:uuid:1", visit)]
        data = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
        assert bool(one_patient(data, PATH).next_visit) is hers


def test_a_bundle_has_an_end_and_may_be_nested() -> None:
    with pytest.raises(HandoutError, match="too-large a bundle has at most 50 MB"):
        one_patient(b" " * 50_000_001, PATH)
    deep: dict[str, Any] = {"url": "https://ehr.example/deep"}
    for _ in range(100):
        deep = {"url": "https://ehr.example/deep", "extension": [deep]}
    assert read(patient(extension=[deep])).name == "Margaret Abena Osei"


def test_entries_without_a_resource_are_passed_over() -> None:
    entries = [{"request": {"method": "DELETE", "url": "Patient/9"}}, {"resource": patient()}, {}]
    data = json.dumps({"resourceType": "Bundle", "type": "batch", "entry": entries}).encode()
    assert one_patient(data, PATH).reference == "Patient/p1"


@pytest.mark.parametrize(
    ("start", "told"),
    [
        ("2026-12-12T10:30:00", "this has no time zone"),
        ("2026-12-12", "this has no time zone"),
        ("12.12.2026 10:30", "this should be a time as FHIR writes it"),
        ("2026-12-12T10:30:00Z", "the time is told in UTC"),
        ("0001-01-01T00:00:00+14:00", "start: no visit is in this year"),
        ("9999-12-31T23:59:59-12:00", "start: no visit is in this year"),
        (1_795_000_000, "this should be a time as FHIR writes it"),
        ("1795000000", "this should be a time as FHIR writes it"),
        ("46368.4375", "this should be a time as FHIR writes it"),
    ],
)
def test_times_that_do_not_say_what_the_clock_shows_are_told(start: str | int, told: str) -> None:
    with pytest.raises(HandoutError, match=told):
        read(patient(), appointment(start))


def test_a_patient_who_is_there_twice_is_told() -> None:
    """Each entry would get a copy; what another server calls by the same number is another patient."""
    with pytest.raises(HandoutError, match="entry 3, Patient: this patient has the entry 1, too") as caught:
        patients(bundle(patient(), PRACTITIONER, patient(), patient(id="p2")), PATH)
    assert len(caught.value.problems) == 1
    entries = [{"fullUrl": f"https://{name}.example/Patient/p1", "resource": patient()} for name in ("a", "b")]
    assert len(patients(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), PATH)) == 2
    entries[1]["fullUrl"] = entries[0]["fullUrl"]
    with pytest.raises(HandoutError, match="this patient has the entry 1, too"):
        patients(json.dumps({"resourceType": "Bundle", "entry": entries}).encode(), PATH)


@pytest.mark.parametrize(
    ("codes", "lang"),
    [(["jp"], "jp"), (["zh"], "zh"), (["297487008", "ja-JP"], "ja"), (["jp", "ja"], "ja"), (["297487008"], "")],
)
def test_a_language_is_what_was_told_where_it_may_be_one(codes: list[str], lang: str) -> None:
    coding = [{"code": code} for code in codes]
    assert read(patient(communication=[{"language": {"coding": coding}}])).lang == lang


def test_a_document_reference_tells_of_a_file() -> None:
    told = json.loads(
        document_reference(b"%PDF", title="Your points", lang="en", created="2026-11-28", subject="Patient/p1")
    )
    attachment = told["content"][0]["attachment"]
    assert told["resourceType"] == "DocumentReference"
    assert told["status"] == "current"
    assert told["subject"] == {"reference": "Patient/p1"}
    assert told["category"] == [{"text": "Patient education"}]
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(b"%PDF").digest()
    assert (attachment["contentType"], attachment["language"], attachment["size"]) == ("application/pdf", "en", 4)
    assert "subject" not in json.loads(document_reference(b"", title="x", lang="en", created="2026-11-28"))


def test_a_document_reference_has_the_codes_of_the_handout() -> None:
    codes = [("http://hl7.org/fhir/sid/icd-10", "M54.2")]
    made = json.loads(document_reference(b"", title="x", lang="en", created="2026-11-28", topics=codes))
    assert made["category"] == [
        {"text": "Patient education"},
        {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "M54.2"}]},
    ]
