"""The patients of a FHIR R4 bundle as rows: what a record system tells, in the boxes that a handout has for it.

A patient gets the handout in the language that they prefer, if it is written in it and nobody has chosen one. Problems
name the entry of the bundle and the element, and repeat nothing of it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from handout_builder.content import place_text, schema
from handout_builder.content.shared_texts import texts_of
from handout_builder.copies.rows import KINDS, OWN_LANG, Columns, Row, RowProblem
from handout_builder.errors import HandoutError, Problem
from handout_builder.fhir.bundle import FhirPatient, patients
from handout_builder.orders import Order, languages
from handout_builder.text import language

ID = "id"
"""What files can be named by: what the record system calls the patient."""
_TOLD = ("name", "practitioner", "next_visit", "date")
_HANDOUT_LANG = KINDS[0]
_ELEMENTS = {"name": "name", f"name{OWN_LANG}": "lang", _HANDOUT_LANG: "lang"}
_LANGUAGE_HINTS = {
    "name": "give the patient's language in the record: Patient, communication",
    "practitioner": "give the name in Latin letters, or copies by --list with a column practitioner_lang",
}


@dataclass(frozen=True)
class BundleOptions:
    """How a bundle is read."""

    day: date
    """Visits are those after it."""
    dated: bool = False
    """Whether that day is printed in the box ``date``."""
    zone: str = ""
    """The clinic's time zone (IANA); "" for times as they are written."""
    own_languages: bool = True
    """Whether each patient gets the handout in the language that they prefer."""


class Patients:
    """The patients of a bundle, in their order."""

    def __init__(self, data: bytes, path: Path, columns: Columns, order: Order, options: BundleOptions) -> None:
        """Read a bundle; raises HandoutError with all that is wrong with it, and for boxes that it cannot fill."""
        self.path, self._columns = path, columns
        self._order, self._options = order, options
        self._known = {language.canonical(tag): tag for tag in languages(order.folder)} if options.own_languages else {}
        self._texts = cache(lambda lang: texts_of(order.folder.parent, lang))
        problems = list(self._refused())
        if problems:
            raise HandoutError(problems)
        self._patients = patients(data, path, after=options.day, zone=options.zone)
        cells = [sorted(self._cells(patient).items()) for patient in self._patients]
        # Not of the day: a run that is interrupted may go on tomorrow, if that changes no copy.
        self.digest = hashlib.sha256(data + repr(cells).encode()).hexdigest()

    def rows(self) -> Iterator[Row]:
        """Yield a row for each patient; its line is the number of the entry."""
        for number, patient in enumerate(self._patients, start=1):
            row = self._columns.row(number, patient.entry, self._cells(patient))
            yield replace(row, subject=patient.reference)

    def problem(self, wrong: RowProblem, row: Row) -> Problem:
        """Return what is wrong with a row, with the entry and the element that it comes from."""
        patient = self._patients[row.number - 1]
        own = f"entry {patient.entry}, Patient" if patient.entry else "Patient"
        element = _ELEMENTS.get(wrong.field, wrong.field)
        where = patient.places.get(element) or (f"{own}, {element}" if element else own)
        hint = _LANGUAGE_HINTS.get(wrong.field, wrong.hint) if wrong.code == "untagged-language" else wrong.hint
        return Problem(wrong.code, f"{where}: {wrong.message}", self.path, hint=hint)

    def _refused(self) -> Iterator[Problem]:
        columns = self._columns
        if not {*columns.fields} & {*_TOLD}:
            hint = f"a bundle fills: {', '.join(_TOLD)}"
            yield Problem("not-personal", "no box of the handout is filled by a bundle", self.path, hint=hint)
        if columns.name_by and columns.name_by not in (ID, *_TOLD):
            yield Problem("table", "a bundle has nothing of this name", self.path, hint=f"--name-by {ID}")
        if columns.encrypted:
            hint = "give copies by --list with a column password"
            yield Problem("password", "a bundle has no passwords", self.path, hint=hint)

    def _cells(self, patient: FhirPatient) -> Mapping[str, str]:
        """Return what is told of a patient as a row of a table would have it."""
        handout_lang = self._handout_lang(patient.lang)
        chinese = any(lang.startswith("zh") for lang in self._known)
        lang = "" if language.lacks_script(patient.lang) and not chinese else patient.lang  # no choice depends on it
        shared: schema.Shared = self._texts(handout_lang or self._order.lang)
        visit, day = patient.next_visit, self._options.day
        return {
            "name": patient.name,
            f"name{OWN_LANG}": lang,
            "practitioner": patient.practitioner,
            "next_visit": place_text.moment(visit.date(), f"{visit:%H:%M}", shared) if visit else "",
            "date": place_text.long_date(day, shared) if self._options.dated else "",
            ID: patient.reference.partition("/")[2],
            _HANDOUT_LANG: handout_lang,
        }

    def _handout_lang(self, preferred: str) -> str:
        """Return the language of a handout that a patient gets: theirs, es for es-MX; "" for that of the order."""
        return self._known.get(preferred) or self._known.get(preferred.partition("-")[0], "")
