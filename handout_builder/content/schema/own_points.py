"""Points and landmarks of a handout's own: ``points.yaml``."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.points import FigureName, Place, PlaceKind
from handout_builder.content.schema.values import Label, Language, Model, Number, SchemaVersion, Slug, VisibleText

_CODE = r"^[A-Z]+(-[A-Z]+)?[0-9]+$"


def _check_code(code: str) -> str:
    if not re.fullmatch(_CODE, code):
        raise PydanticCustomError(
            "value", "'{given}' is no code", {"given": code, "hint": "capitals and a number: MY1"}
        )
    return code


def _in_their_languages(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    """Check the words of each language as that language's: Han under ``ja:`` needs no other sign of what it is."""
    if not isinstance(value, dict) or not value or info.context is None:
        return handler(value)
    lang, checked = info.context.get("lang"), dict[object, object]()
    for key, words in value.items():
        info.context["lang"] = str(key)
        try:
            checked |= handler({key: words})
        finally:
            info.context["lang"] = lang
    return checked


_EACH_AS_ITS_OWN = WrapValidator(_in_their_languages)


class OwnWords(Model):
    """What a handout's own point is called in one language, and where it is."""

    label: Annotated[
        Label, Field(max_length=40, description="What it is called; it stands where a standard name would.")
    ]
    where: Annotated[Label, Field(description="The place as sentences; {1.5} becomes finger-widths.")]
    short: Annotated[Label, Field(max_length=36, description="The place in few words, for tables.")]


_IN_WORDS = {"region", "aspect", "sides"}
"""What is known of a place that is told in words alone."""


class OwnPoint(Model):
    """A point that is in no standard: the author's own."""

    code: Annotated[
        str,
        Field(json_schema_extra={"pattern": _CODE}, description="Letters and a number: MY1."),
        AfterValidator(_check_code),
    ]
    words: Annotated[dict[Language, OwnWords], Field(min_length=1, description="By language."), _EACH_AS_ITS_OWN]
    place: Annotated[
        Place,
        Field(
            description="As in source/points/places.csv; kind and measures_from may be left out. What is told in words "
            "alone, and not drawn, has region and aspect, and no formula."
        ),
    ]
    press: Annotated[Literal["yes", "gently"], Field(description="How patients press it.")] = "yes"
    cautions: Annotated[list[str], Field(description="Names of lines in the shared texts, under cautions:.")] = []
    source: Annotated[VisibleText, Field(description="Who says so: a book, a school, your own practice.")]

    @property
    def in_words(self) -> bool:
        """Whether its place is told in words alone, and not drawn."""
        return self.place.kind == "described" and not self.place.home and not self.place.p

    @model_validator(mode="before")
    @classmethod
    def _own_measures(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("place"), dict):
            return data
        place = dict(data["place"])
        numbers = ("cun", "fraction", "offset", "lateral", "level")
        given = (name for name in numbers if place.keys() & {name, f"{name}_cun"})
        formula = place.get("formula")
        kind = formula if formula in get_args(PlaceKind) else "described"
        usual = {"kind": kind, "measures_from": " ".join(f"{name}:own" for name in given)}
        if place.keys() <= _IN_WORDS:
            usual["formula"] = "landmark"
        return {**data, "place": {**usual, **place}}


class OwnLandmark(Model):
    """A landmark that the catalogue lacks: the author's own."""

    id: Annotated[Slug, Field(description="What places call it.")]
    term: Annotated[VisibleText, Field(description="What it is, for editors.")]
    at: Annotated[
        dict[FigureName, tuple[Annotated[float, Number], Annotated[float, Number]]],
        Field(min_length=1, description="Where it is in a figure: x to the right, y down, in the figure's unit."),
    ]
    find: Annotated[
        dict[Language, Label], Field(description="How to find it by touch, by language."), _EACH_AS_ITS_OWN
    ] = {}
    name: Annotated[dict[Language, Label], Field(description="What it is called, by language."), _EACH_AS_ITS_OWN] = {}


class OwnPoints(Model):
    """Points and landmarks of one handout: points.yaml in its folder."""

    points: Annotated[list[OwnPoint], Field(min_length=1)]
    landmarks: list[OwnLandmark] = []
    schema_version: SchemaVersion = 1
