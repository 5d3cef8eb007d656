"""What a record system tells of a patient, as values of a visit."""

from typing import Any

from handout_builder.content.loader import shared_file
from handout_builder.fhir.bundle import FhirPatient
from handout_builder.resources import SOURCE


def values_of(patient: FhirPatient) -> dict[str, Any]:
    """Return what is told of a patient: name, language, who treats, the next visit; what is not told is left out."""
    name = {"text": patient.name, **({"lang": patient.lang} if patient.lang else {})} if patient.name else None
    told = {
        "name": name,
        "lang": _known(patient.lang),
        "practitioner": patient.practitioner,
        "next_visit": patient.next_visit.strftime("%Y-%m-%dT%H:%M") if patient.next_visit else None,
    }
    return {key: value for key, value in told.items() if value}


def _known(lang: str) -> str:
    """Return a language if sheets can be written in it; empty otherwise."""
    return lang if lang and shared_file(SOURCE, lang).is_file() else ""
