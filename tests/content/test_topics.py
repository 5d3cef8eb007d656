"""Codes for record systems: their form is checked, and what they mean is the author's."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from handout_builder.content.schema.topics import Topics, has_check_digit

# Ids that SNOMED's own specifications name: the root, two of metadata, a clinical finding.
IDS = ("138875005", "900000000000489007", "900000000000522004", "73211009")


@pytest.mark.parametrize("code", IDS)
def test_published_ids_have_their_check_digit(code: str) -> None:
    assert has_check_digit(code)
    assert Topics.model_validate({"snomed-ct": [int(code), code]}).snomed_ct == [code, code]


@pytest.mark.parametrize("code", IDS)
def test_every_slip_of_a_digit_and_every_swap_of_neighbours_is_found(code: str) -> None:
    """What Verhoeff's method is for."""
    for place, right in enumerate(code):
        wrong = {code[:place] + digit + code[place + 1 :] for digit in "0123456789" if digit != right}
        assert not any(map(has_check_digit, wrong))
    for place in range(len(code) - 1):
        one, other = code[place : place + 2]
        assert one == other or not has_check_digit(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("icd-10", "M54.2"),
        ("icd-10", "M54"),
        ("icd-10", "M99.84"),
        ("icd-10-cm", "M54.50"),
        ("icd-10-cm", "S13.4XXA"),
        ("icd-10-cm", "C7A.00"),
    ],
)
def test_codes_are_taken(system: str, code: str) -> None:
    topics = Topics.model_validate({system: [code]})
    assert list(topics.by_system) == [(system, code)]


@pytest.mark.parametrize(
    ("system", "code", "told"),
    [
        ("icd-10", "m54.2", "is no code of ICD-10"),
        ("icd-10", "54.2", "is no code of ICD-10"),
        ("icd-10", "M542", "is no code of ICD-10"),
        ("icd-10", "M54.", "is no code of ICD-10"),
        ("icd-10", "low back pain", "is no code of ICD-10"),
        ("icd-10-cm", "S13.4XXAAA", "is no code of ICD-10-CM"),
        ("snomed-ct", "81680008", "is no code of SNOMED CT"),  # a wrong check digit
        ("snomed-ct", "00381680005", "is no code of SNOMED CT"),
        ("snomed-ct", "680816027", "is no code of SNOMED CT"),  # partition 02: no concept
        ("snomed-ct", "M54.2", "is no code of SNOMED CT"),
        ("snomed-ct", 8168.5, "string"),
    ],
)
def test_what_is_no_code_is_told(system: str, code: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Topics.model_validate({system: [code]})
