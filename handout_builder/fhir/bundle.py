"""Patients with their next visits, read from a FHIR R4 bundle: a small subset, checked; the rest is passed over.

Messages name the resource and the element, and never what stands in it. What changes the meaning of a resource and is
not understood here (``implicitRules``, ``modifierExtension``: FHIR R4, 2.6.3) is refused, as the standard asks.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ValidationError
from pydantic_core import PydanticCustomError

from handout_builder.errors import HandoutError, Problem, first
from handout_builder.fhir import references
from handout_builder.fhir.references import Identifier, Read, Reference
from handout_builder.text import language

MOST_BYTES = 50_000_000
"""The most that a bundle may have."""
# Uses of names in the order in which they are taken; one that is old, or of nobody, is none.
_USES = ("official", "usual", "temp", "anonymous", "nickname", None, "maiden")
_COMING = ("booked", "pending", "proposed", "waitlist")
"""The status of appointments that are still to come."""
_TREATING = ("ATND", "PPRF", "SPRF", "PART", "CON")
"""Types of participation by which people treat (ValueSet encounter-participant-type)."""
_FAMILY_FIRST = ("ja", "ko", "zh", "vi", "hu")
_DEEPEST = 60
# How days and times of FHIR begin.
_YEAR = re.compile("[0-9]{4}-")


class _Period(Read):
    """From when to when something holds: days, months or years, or times."""

    start: str = ""
    end: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether it holds on a day, as far as it says."""
        told = day.isoformat()
        return (not self.start or self.start[:10] <= told) and (not self.end or self.end[:10] >= told[: len(self.end)])


class _HumanName(Read):
    use: Literal["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"] | None = None
    text: str = ""
    family: str = ""
    given: list[str | None] = []
    period: _Period | None = None


class _Coding(Read):
    code: str = ""


class _Concept(Read):
    coding: list[_Coding] = []


class _Communication(Read):
    language: _Concept
    preferred: bool = False


class _Participant(Read):
    type: list[_Concept] = []
    actor: Reference | None = None
    status: str = ""

    @property
    def comes(self) -> bool:
        """Whether the one who is named does not stay away."""
        return self.status != "declined"

    @property
    def treats(self) -> bool:
        """Whether the one who is named treats, as far as it is told: who refers, translates or admits does not."""
        told = {coding.code for one in self.type for coding in one.coding}
        return not told or not told.isdisjoint(_TREATING)


class _Patient(Read):
    id: str = ""
    identifier: list[Identifier] = []
    name: list[_HumanName] = []
    communication: list[_Communication] = []


class _Practitioner(Read):
    id: str = ""
    identifier: list[Identifier] = []
    name: list[_HumanName] = []


class _PractitionerRole(Read):
    id: str = ""
    identifier: list[Identifier] = []
    practitioner: Reference | None = None


def _text(value: Any) -> Any:
    """Refuse a number, as one or as a text, which would be taken for seconds since 1970."""
    if not isinstance(value, str) or not _YEAR.match(value):
        raise PydanticCustomError("fhir", "this should be a time as FHIR writes it")
    return value


def _anywhere(moment: datetime) -> datetime:
    """Refuse a time that lies beyond the calendar in some time zone: placeholders such as the year 1 or 9999."""
    if not MINYEAR < moment.year < MAXYEAR:
        raise PydanticCustomError("fhir", "no visit is in this year")
    return moment


class _Appointment(Read):
    id: str = ""
    identifier: list[Identifier] = []
    status: str
    start: Annotated[AwareDatetime, BeforeValidator(_text), AfterValidator(_anywhere)] | None = None
    participant: list[_Participant] = []


_Resource = _Patient | _Practitioner | _PractitionerRole | _Appointment
_KINDS: Mapping[str, type[_Resource]] = {
    "Patient": _Patient,
    "Practitioner": _Practitioner,
    "PractitionerRole": _PractitionerRole,
    "Appointment": _Appointment,
}


@dataclass(frozen=True)
class FhirPatient:
    """What is printed of a patient."""

    name: str = field(repr=False)
    lang: str = field(repr=False)
    """The language that the patient prefers, as it is told; empty where none is."""
    practitioner: str = field(repr=False)
    next_visit: datetime | None = field(repr=False)
    """The first visit that is to come, in the time zone that was asked for, else in the one that it is written in."""
    reference: str = field(repr=False)
    """What the record system calls the patient: ``Patient/123``; empty where it has no id."""
    entry: int
    """The number of its entry in the bundle, from 1; 0 for a resource alone."""
    places: Mapping[str, str]
    """Where each of ``name``, ``lang``, ``practitioner`` and ``next_visit`` stands: "entry 3, Patient, name"."""


@dataclass(frozen=True)
class _Entry:
    """A resource, where it stands, and what it is referred to by."""

    resource: _Resource
    kind: str
    number: int
    where: str
    names: frozenset[str]
    contained: bool = False
    address: str = ""
    """What no other resource is called: its address, or type and id in a bundle of one server; "" for neither."""


@dataclass(frozen=True)
class _Visit:
    """A visit that is to come."""

    start: datetime
    appointment: _Appointment
    entry: _Entry


def patients(data: bytes, path: Path, *, after: date | None = None, zone: str = "") -> list[FhirPatient]:
    """Return the patients of a bundle, or of one resource, in their order.

    Their visits are those that begin after the day ``after``, if it is given. ``zone`` is the name of the clinic's time
    zone (IANA): times are told in it; without it, as they are written, and one in UTC is an error. Raises HandoutError
    with all that is wrong, called by ``path``.
    """
    entries = _entries(data, path)
    found = [(entry, entry.resource) for entry in entries if isinstance(entry.resource, _Patient)]
    if not found:
        hint = "give a Patient, or a Bundle that has one among its entries"
        raise HandoutError([Problem("fhir", "there is no resource of the type Patient", path, hint=hint)])
    if problems := list(_twice((entry for entry, _ in found), path)):
        raise HandoutError(first(problems))
    diary = _Diary(entries, after, time_zone(zone, path) if zone else None)
    visits = [diary.visit(entry, alone=len(found) == 1) for entry, _ in found]
    if problems := [_in_utc(visit, path) for visit in visits if visit and not zone and not visit.start.utcoffset()]:
        raise HandoutError(first(problems))
    who = _Treating(entries, after)
    return [_told(entry, patient, visit, who, after) for (entry, patient), visit in zip(found, visits, strict=True)]


def one_patient(data: bytes, path: Path, *, after: date | None = None, zone: str = "") -> FhirPatient:
    """Return the only patient of a bundle: see ``patients``; raises HandoutError where there are several, too."""
    found = patients(data, path, after=after, zone=zone)
    if len(found) > 1:
        hint = "give a bundle for one patient"
        raise HandoutError([Problem("fhir", f"there are {len(found)} resources of the type Patient", path, hint=hint)])
    return found[0]


def time_zone(zone: str, path: Path) -> ZoneInfo:
    """Return a time zone by its name (IANA); raises HandoutError, called by ``path``, for one that is not known."""
    try:
        return ZoneInfo(zone)
    except (OSError, ValueError, LookupError):
        hint = "a name of the IANA time zone database, for example Europe/Berlin; on Windows install tzdata"
        problem = Problem("time-zone", "this time zone is not known", path, hint=hint)
    raise HandoutError([problem])


def _entries(data: bytes, path: Path) -> list[_Entry]:
    """Return the resources that are read; raises HandoutError for what is no JSON, or not what FHIR says."""
    if len(data) > MOST_BYTES:
        message, hint = f"a bundle has at most {MOST_BYTES // 1_000_000} MB", "make several of it"
        raise HandoutError([Problem("too-large", message, path, hint=hint)])
    value, wrong = None, ""
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        wrong = "this is not UTF-8"
    except RecursionError:
        wrong = "this is nested too deeply"
    except ValueError:
        wrong = "this is no JSON"
    if wrong or not isinstance(value, dict):
        raise HandoutError([Problem("fhir", wrong or "this is no resource of FHIR", path, hint="FHIR R4 as JSON")])
    problems: list[Problem] = []
    found = list(_resources(value, path, problems))
    if problems:
        raise HandoutError(first(problems))
    return found


def _resources(value: Mapping[str, Any], path: Path, problems: list[Problem]) -> Iterator[_Entry]:
    bundled = value.get("resourceType") == "Bundle"
    entries = value.get("entry", []) if bundled else [{"resource": value}]
    if not isinstance(entries, list):
        hint = "see https://hl7.org/fhir/R4/bundle.html"
        problems.append(Problem("fhir", "Bundle, entry: this should be a list", path, hint=hint))
        return
    for number, entry in enumerate(entries, 1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(resource, dict) or not isinstance(kind, str) or kind not in _KINDS:
            continue
        where, url = f"entry {number}, {kind}" if bundled else kind, entry.get("fullUrl")
        url = url if isinstance(url, str) else ""
        yield from _entry(resource, number if bundled else 0, where, url, path, problems)


def _entry(
    resource: Mapping[str, Any], number: int, where: str, url: str | None, path: Path, problems: list[Problem]
) -> Iterator[_Entry]:
    """Yield a resource, and those that it contains; of one that is contained ``url`` is None."""
    kind = resource["resourceType"]
    if odd := next((key for key in ("implicitRules", "modifierExtension") if _holds(resource, key)), ""):
        hint = "it may change what the resource means, and is not understood here"
        problems.append(Problem("fhir", f"{where}: it has '{odd}'", path, hint=hint))
        return
    try:
        read = _KINDS[kind].model_validate(resource)
    except ValidationError as error:
        problems += (_problem(where, details, path) for details in error.errors(include_input=False))
        return
    if url is None:
        yield _Entry(read, kind, number, where, references.inside(number, read.id), contained=True)
        return
    address = f"{kind}/{read.id}" if read.id and not url.startswith("http") else url
    yield _Entry(read, kind, number, where, references.names(kind, read.id, url, read.identifier), address=address)
    contained = resource.get("contained", [])
    for inner in contained if isinstance(contained, list) else []:
        if isinstance(inner, dict) and inner.get("resourceType") in _KINDS:
            yield from _entry(inner, number, f"{where}, contained {inner['resourceType']}", None, path, problems)


def _holds(value: Any, key: str, depth: int = 0) -> bool:
    """Tell whether an element or one inside it has a key."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, dict):
        return key in value or any(_holds(inner, key, depth + 1) for inner in value.values())
    return isinstance(value, list) and any(_holds(inner, key, depth + 1) for inner in value)


def _problem(where: str, details: Any, path: Path) -> Problem:
    """Return a problem with where it stands, by FHIR's own names of elements."""
    parts = [f"{part + 1}" if isinstance(part, int) else str(part) for part in details["loc"]]
    kind = str(details["type"])
    moment = "for example 2026-12-12T10:30:00+01:00"
    form = f"see https://hl7.org/fhir/R4/{where.rsplit(maxsplit=1)[-1].lower()}.html"
    what, hint = {
        "missing": ("this is missing", "give it"),
        "string_type": ("this should be a text", form),
        "list_type": ("this should be a list", form),
        "bool_type": ("this should be true or false", form),
        "timezone_aware": ("this has no time zone", moment),
        "fhir": (str(details["msg"]), moment),
    }.get(
        kind,
        ("this should be a time as FHIR writes it", moment)
        if "datetime" in kind
        else ("this is not as FHIR has it", form),
    )
    return Problem("fhir", f"{where}, {' '.join(parts)}: {what}", path, hint=hint)


class _Diary:
    """The visits of a bundle that are to come, by the patients that they name."""

    def __init__(self, entries: Sequence[_Entry], after: date | None, zone: ZoneInfo | None) -> None:
        self._of: dict[str, list[_Visit]] = {}
        self._of_nobody: list[_Visit] = []
        known = {name: entry.kind for entry in entries for name in entry.names}
        for entry in entries:
            told = entry.resource
            if not isinstance(told, _Appointment) or not told.start or told.status not in _COMING:
                continue
            visit = _Visit(told.start.astimezone(zone) if zone else told.start, told, entry)
            if after is not None and visit.start.date() <= after:
                continue
            for name in {name for actor in _coming(told) for name in references.meant(actor, entry.number)}:
                self._of.setdefault(name, []).append(visit)
            # What refers to something that is not here, and does not say to what, may mean another patient.
            actors = [part.actor for part in told.participant if part.actor and _refers(part.actor)]
            if all(references.kind(actor, entry.number, known) not in ("Patient", "") for actor in actors):
                self._of_nobody.append(visit)

    def visit(self, patient: _Entry, *, alone: bool) -> _Visit | None:
        """Return the first visit of a patient; of the only one in a bundle are those that name none, too."""
        coming = [visit for name in sorted(patient.names) for visit in self._of.get(name, ())]
        return min(coming + (self._of_nobody if alone else []), key=lambda visit: visit.start, default=None)


def _coming(appointment: _Appointment) -> list[Reference]:
    return [part.actor for part in appointment.participant if part.actor and part.comes]


def _refers(actor: Reference) -> bool:
    """Tell whether somebody is named by more than words."""
    return bool(actor.reference or actor.type or actor.identifier)


class _Treating:
    """Those who treat, by what they are referred to."""

    def __init__(self, entries: Sequence[_Entry], today: date | None) -> None:
        self._known = {name: entry.kind for entry in entries for name in entry.names}
        known = [(entry, entry.resource) for entry in entries if isinstance(entry.resource, _Practitioner)]
        told = [(entry, _name(one.name, "", today), f"{entry.where}, name") for entry, one in known]
        self._of = {name: (who, where) for entry, who, where in reversed(told) for name in entry.names}
        self._only = told[0][1:] if len(told) == 1 else ("", "")
        for entry in entries:  # a role leads to the one who has it
            role = entry.resource
            if isinstance(role, _PractitionerRole) and role.practitioner:
                who, where = self._person(role.practitioner, entry)
                self._of |= dict.fromkeys(entry.names, (who, where)) if who else {}

    def of(self, visit: _Visit | None) -> tuple[str, str]:
        """Return whom a visit names, else the only one of the bundle, and where that stands; "" for nobody."""
        if visit is None:
            return self._only
        parts = [part for part in visit.appointment.participant if part.actor and self._is_one(part.actor, visit.entry)]
        # Who treats goes before whoever else comes, a translator for example.
        for part in sorted(parts, key=lambda part: not part.treats):
            who, where = self._person(part.actor, visit.entry) if part.actor and part.comes else ("", "")
            if who:
                return who, where
        return ("", "") if any(not part.comes for part in parts) else self._only

    def _is_one(self, actor: Reference, entry: _Entry) -> bool:
        return references.kind(actor, entry.number, self._known) in ("Practitioner", "PractitionerRole")

    def _person(self, actor: Reference, entry: _Entry) -> tuple[str, str]:
        found = (self._of[name] for name in references.meant(actor, entry.number) if name in self._of)
        who, where = next(found, ("", ""))
        return (who, where) if who else (actor.display, f"{entry.where}, participant")


def _twice(entries: Iterable[_Entry], path: Path) -> Iterator[Problem]:
    """Yield a problem for each entry whose patient has one before: each would get a copy."""
    before: dict[str, _Entry] = {}
    for entry in entries:
        same = before.setdefault(entry.address, entry)
        if entry.address and same is not entry:
            hint = "leave one of the two out of the bundle"
            yield Problem("fhir", f"{entry.where}: this patient has the entry {same.number}, too", path, hint=hint)


def _in_utc(visit: _Visit, path: Path) -> Problem:
    hint = "say the clinic's time zone: --time-zone Europe/London"
    return Problem("time-zone", f"{visit.entry.where}, start: the time is told in UTC", path, hint=hint)


def _told(
    entry: _Entry, patient: _Patient, visit: _Visit | None, treating: _Treating, today: date | None
) -> FhirPatient:
    lang = _language(patient)
    practitioner, place = treating.of(visit)
    places = {"name": f"{entry.where}, name", "lang": f"{entry.where}, communication", "practitioner": place}
    return FhirPatient(
        name=_name(patient.name, lang, today),
        lang=lang,
        practitioner=practitioner,
        next_visit=visit.start if visit else None,
        reference=f"Patient/{patient.id}" if patient.id and not entry.contained else "",
        entry=entry.number,
        places=places | ({"next_visit": f"{visit.entry.where}, start"} if visit else {}),
    )


def _name(names: Iterable[_HumanName], lang: str, today: date | None) -> str:
    """Return a name as it is written: as a whole where it is given so, else its parts in the order of the language.

    One that holds ``today`` goes before those that did or will, if the day is given.
    """
    current = [name for name in names if name.use != "old" and (name.text or name.family or any(name.given))]
    current = [name for name in current if not (today and name.period) or name.period.holds(today)] or current
    if not current:
        return ""
    name = min(current, key=lambda one: _USES.index(one.use))
    if name.text:
        return name.text
    given, family = " ".join(filter(None, name.given)), name.family
    if language.cjk_runs(family + given):
        return f"{family}{given}" if not family or not _spaced(family + given) else f"{family} {given}"
    first_family = lang.partition("-")[0] in _FAMILY_FIRST
    return " ".join(filter(None, (family, given) if first_family else (given, family)))


def _spaced(name: str) -> bool:
    """Tell whether family and given name stand apart: in kana and Han of Japan they may, in hangul they do not."""
    return any("\u3040" <= letter <= "\u30ff" for letter in name)


def _language(patient: _Patient) -> str:
    """Return the language that a patient prefers, else the only one; empty where none is told.

    Codes of other systems are passed over; one that is misspelt, or does not say how Chinese is written, is for the
    caller to tell.
    """
    told = [one for one in patient.communication if any(coding.code for coding in one.language.coding)]
    chosen = [one for one in told if one.preferred] or (told if len(told) == 1 else [])
    codes = (language.canonical(coding.code) for one in chosen for coding in one.language.coding if coding.code)
    tags = [tag for tag in codes if language.lacks_script(tag) or language.is_tag(language.meant(tag) or tag)]
    return next((tag for tag in tags if not language.meant(tag)), tags[0] if tags else "")
