"""What a handout is about, in the codes of record systems: given by its author, checked in their form alone."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.values import Model

SYSTEMS = {
    "icd-10": "http://hl7.org/fhir/sid/icd-10",
    "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "snomed-ct": "http://snomed.info/sct",
}
"""What FHIR R4 calls each system ("Using Code Systems")."""
# ICD-10, volume 2: a letter, two figures, and after a point what divides them further.
_ICD_10 = re.compile(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?")
# ICD-10-CM Official Guidelines, I.A.2: three to seven characters.
_ICD_10_CM = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
# SNOMED CT Release File Specification, 6: 6 to 18 digits; the two before the check digit tell that it is the id of a
# concept, of the core (00), or of an extension (10), whose seven digits of a namespace stand before them.
_SCTID = re.compile(r"[1-9][0-9]{2,14}00[0-9]|[1-9][0-9]{7,14}10[0-9]")
# Verhoeff's check (the same, 6.4.2): the dihedral group of the pentagon, and how a digit changes from place to place.
_TURNS = 5
_STEPS = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4))


def _product(one: int, other: int) -> int:
    """Multiply in the dihedral group: below 5 turns, from 5 on turns after a reflection."""
    if one < _TURNS:
        return (one + other) % _TURNS + (_TURNS if other >= _TURNS else 0)
    return (one - other) % _TURNS + (0 if other >= _TURNS else _TURNS)


def has_check_digit(code: str) -> bool:
    """Tell whether the last of some digits is the check digit of the others, by Verhoeff's method."""
    check = 0
    for place, character in enumerate(reversed(code)):
        digit = int(character)
        for _ in range(place % 8):
            digit = _STEPS[1][digit]
        check = _product(check, digit)
    return check == 0


def _check_icd_10(code: str) -> str:
    return _of_form(code, "ICD-10", _ICD_10.fullmatch, "a letter, two figures, and perhaps a point and more: M54.2")


def _check_icd_10_cm(code: str) -> str:
    return _of_form(
        code, "ICD-10-CM", _ICD_10_CM.fullmatch, "three characters, and perhaps a point and one to four: M54.2"
    )


def _check_snomed_ct(code: str) -> str:
    _of_form(code, "SNOMED CT", _SCTID.fullmatch, "write the id of a concept: 6 to 18 digits")
    return _of_form(code, "SNOMED CT", has_check_digit, "its last digit does not fit the others: compare it")


def _of_form(code: str, system: str, fits: Callable[[str], object], hint: str) -> str:
    if not fits(code):
        words = {"value": code, "system": system, "hint": hint}
        raise PydanticCustomError("value", "'{value}' is no code of {system}", words)
    return code


def _as_digits(value: Any) -> Any:
    """Take the number that YAML makes of digits."""
    return str(value) if type(value) is int else value


Icd10 = Annotated[str, AfterValidator(_check_icd_10), Field(json_schema_extra={"pattern": f"^{_ICD_10.pattern}$"})]
"""A code of the WHO's ICD-10."""
Icd10Cm = Annotated[
    str, AfterValidator(_check_icd_10_cm), Field(json_schema_extra={"pattern": f"^{_ICD_10_CM.pattern}$"})
]
"""A code of the ICD-10-CM of the United States."""
SnomedCt = Annotated[
    str, BeforeValidator(_as_digits, json_schema_input_type=str | int), AfterValidator(_check_snomed_ct)
]
"""The id of a concept of SNOMED CT."""


class Topics(Model):
    """Codes by which a record system finds the handout. They are the author's: only their form is checked."""

    icd_10: Annotated[list[Icd10], Field(alias="icd-10", description="Codes of the WHO's ICD-10: M54.2.")] = []
    icd_10_cm: Annotated[
        list[Icd10Cm], Field(alias="icd-10-cm", description="Codes of the ICD-10-CM of the United States: M54.2.")
    ] = []
    snomed_ct: Annotated[
        list[SnomedCt], Field(alias="snomed-ct", description="Ids of concepts of SNOMED CT: 81680005.")
    ] = []

    @property
    def by_system(self) -> Iterator[tuple[str, str]]:
        """Every code behind the name of its system, as authors write it."""
        for name, codes in (("icd-10", self.icd_10), ("icd-10-cm", self.icd_10_cm), ("snomed-ct", self.snomed_ct)):
            yield from ((name, code) for code in codes)
