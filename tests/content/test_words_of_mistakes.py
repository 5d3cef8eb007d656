"""Whatever is put in the place of a value, what is told of it is in the words of those who write handouts."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.project import SOURCE

from handout_builder.content import schema, validation
from handout_builder.content.schema import values
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import Location, YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem

OURS = re.compile(
    r"input should|instance of|valid (?:string|list|dict|bool|integer|date)|object to extract|[A-Z]\w+Card"
)
ODD = (None, 7, True, "words", [], ["words"], {}, {"odd": 1})


def places(value: Any, location: Location = ()) -> Iterator[Location]:
    """Yield the place of every value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield (*location, key)
        yield from places(part, (*location, key))


def problems(value: Any) -> tuple[Problem, ...]:
    try:
        validate(YamlFile(Path("en.yaml"), value, {}, ""), schema.Handout, {"lang": "en"})
    except HandoutError as error:
        return error.problems
    return ()


def put(value: Any, location: Location, odd: object) -> Any:
    value = copy.deepcopy(value)
    here = value
    for part in location[:-1]:
        here = here[part]
    here[location[-1]] = odd
    return value


def test_no_mistake_is_told_in_the_words_of_a_library() -> None:
    value = read_yaml(SOURCE / "knee-pain" / "en.yaml").value
    # One of each kind of place is enough: lists have many of the same.
    kinds = {tuple("n" if isinstance(part, int) else part for part in at): at for at in places(value)}
    told = [(at, problem) for at in kinds.values() for odd in ODD for problem in problems(put(value, at, odd))]
    assert len(told) > 200
    assert [(at, problem.message) for at, problem in told if OURS.search(problem.message + problem.hint)] == []


def test_every_key_that_is_meant_is_one() -> None:
    definitions = schema.Handout.model_json_schema()
    known = set(definitions["properties"])
    for part in definitions["$defs"].values():
        known |= set(part.get("properties", ()))
    meant = {key for keys in validation._KEYS_MEANT.values() for key in keys}
    assert meant <= known


@pytest.mark.parametrize(
    ("code", "hint"),
    {
        "Jinyu": "write BL23 (肾俞 Shènshū)",
        "肾愈": "write BL23 (肾俞 Shènshū)",
        "合谷": "write LI4 (合谷 Hégǔ)",
        "ごうこく": "write LI4 (合谷 Hégǔ)",
        "합곡": "write LI4 (合谷 Hégǔ)",
        "UB-23": "write BL23 (肾俞 Shènshū)",
        "Sanyinjao": "did you mean SP6 (三阴交 Sānyīnjiāo)?",
        "BL23x": "the nearest known codes: BL23, BL22, BL24",
        "nonsense": "all codes: make_handout.py points",
    }.items(),
)
def test_name_of_a_point_tells_its_code(code: str, hint: str) -> None:
    from handout_builder.content.catalogue import catalogue

    assert values.codes_meant(code, catalogue(SOURCE, "en")) == hint
