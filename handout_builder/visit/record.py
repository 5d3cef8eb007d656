"""What a record system tells of a patient, as values of a visit."""

from typing import Any

from handout_builder.content.shared_texts import shared_file
from handout_builder.fhir.bundle import FhirPatient
from handout_builder.resources import SOURCE
from handout_builder.text import language


def values_of(patient: FhirPatient) -> dict[str, Any]:
    """Return what is told of a patient: name, language, who treats, the next visit; what is not told is left out.

    A language that is misspelt is that of the visit, where its reader tells what is meant, if no other is chosen.
    """
    misspelt = bool(language.meant(patient.lang)) if patient.lang else False
    own = {"lang": patient.lang} if patient.lang and not misspelt else {}
    told = {
        "name": {"text": patient.name, **own} if patient.name else None,
        "lang": patient.lang if misspelt else _known(patient.lang),
        "practitioner": patient.practitioner,
        "next_visit": patient.next_visit.strftime("%Y-%m-%dT%H:%M") if patient.next_visit else None,
    }
    return {key: value for key, value in told.items() if value}


def _known(lang: str) -> str:
    """Return a language if sheets can be written in it; empty otherwise."""
    return lang if lang and shared_file(SOURCE, lang).is_file() else ""
