"""What a clinic tells its patients: the ways to reach it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handout_builder.brand.clinic import Clinic
from handout_builder.brand.loader import load_brand
from handout_builder.brand.schema import Words
from handout_builder.resources import BRAND_FILE


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("555-0142", "tel:5550142"),
        ("+1 (555) 0142", "tel:+15550142"),
        ("(0555) 0142", "tel:05550142"),
        # The zero in brackets is for calls from inside the country.
        ("+49 (0)30 555 0142", "tel:+49305550142"),
    ],
)
def test_telephone_is_dialled_as_it_must_be(phone: str, dialled: str, tmp_path: Path) -> None:
    (tmp_path / BRAND_FILE).write_text(f"meta: {{name: A Clinic, phone: '{phone}'}}\n", "utf-8")
    assert Clinic(load_brand(tmp_path), Words(), "").tel == dialled
