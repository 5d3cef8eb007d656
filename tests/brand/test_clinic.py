"""What a clinic tells its patients: the ways to reach it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel
from yaml import safe_dump

from handout_builder.brand.clinic import Clinic
from handout_builder.brand.loader import load_brand
from handout_builder.brand.schema import HandoutDefaults, Meta, Words
from handout_builder.errors import HandoutError
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


HAN = "青空"
# Addresses have no language, and Markdown says its own.
WITHOUT = ("link", "invitation", "disclaimer")


def filled(model: type[BaseModel]) -> Iterator[Any]:
    """Yield values for a model, each with Han in one of its texts alone."""
    for name, field in model.model_fields.items():
        if name not in WITHOUT:
            for value in values(field.annotation):
                yield {**needed(model), name: value}


def needed(model: type[BaseModel]) -> dict[str, str]:
    return {name: "A name" for name, field in model.model_fields.items() if field.is_required()}


def values(kind: Any) -> Iterator[Any]:
    """Yield what a field may hold with Han in it."""
    if kind is str:
        yield HAN
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from filled(kind)
    parts = get_args(kind)
    for part in parts[1:] if get_origin(kind) is dict else parts:
        for value in values(part):
            yield [value] if get_origin(kind) is list else {"en": value} if get_origin(kind) is dict else value


BRANDS = [{"meta": value} for value in filled(Meta)]
BRANDS += [{"defaults": {"handout": value}} for value in filled(HandoutDefaults) if "texts" in value]


@pytest.mark.parametrize("brand", BRANDS, ids=repr)
def test_no_words_of_a_clinic_are_without_a_language(brand: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / BRAND_FILE).write_text(safe_dump(brand, allow_unicode=True), "utf-8")
    with pytest.raises(HandoutError) as caught:
        load_brand(tmp_path)
    untagged = any(problem.code == "untagged-language" for problem in caught.value.problems)
    assert untagged or {"phone", "email"} & brand["meta"].keys()  # which hold no Han at all
    if untagged:
        wishes = {"handout": {"lang": "ja"} | brand.get("defaults", {}).get("handout", {})}
        (tmp_path / BRAND_FILE).write_text(safe_dump(brand | {"defaults": wishes}, allow_unicode=True), "utf-8")
        load_brand(tmp_path)


def test_every_text_of_a_clinic_was_tried() -> None:
    assert {key for brand in BRANDS for key in brand.get("meta", ())} == {*Meta.model_fields} - {"link"}
    words = [brand["defaults"]["handout"]["texts"]["en"] for brand in BRANDS if "defaults" in brand]
    assert {key for one in words for key in one} == {"address", "hours"}
