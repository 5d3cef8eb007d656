"""Every number that a file of ours may hold takes numbers alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import handout_builder.brand.schema
import handout_builder.plain_language.word_lists
import handout_builder.visit.schema
from handout_builder.content.schema import Model

OTHERS = (True, "true", "3_0", "0x14", "0b11", "1e2", "١٢", "１２", "12:30", "inf", "nan", " 20", "2 0")
"""What Python takes for a number where nobody looks: 3_0 is 30, true is 1."""


def models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def numbers() -> Iterator[Any]:
    """Yield each field that is a number, or none."""
    assert handout_builder.brand.schema.BrandFile
    assert handout_builder.visit.schema.Visit
    assert handout_builder.plain_language.word_lists.PlainWords
    for model in dict.fromkeys(models(Model)):
        for name, field in model.model_fields.items():
            kinds = {field.annotation, *getattr(field.annotation, "__args__", ())} - {type(None)}
            if kinds and kinds <= {int, float}:
                yield pytest.param(Annotated[field.annotation, *field.metadata], id=f"{model.__name__}.{name}")


@pytest.mark.parametrize("kind", [*numbers()])
def test_a_number_is_a_number(kind: Any) -> None:
    taken = []
    for value in OTHERS:
        try:
            taken.append((value, TypeAdapter(kind).validate_python(value)))
        except ValidationError as error:
            told = [found["type"] for found in error.errors()]
            taken += [(value, told)] if told[0].startswith(("greater", "less")) else []
    assert taken == []
