"""Whatever is put in the place of a value, what is told of it is in the words of those who write handouts."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT, SOURCE

from handout_builder.content import other_words, schema
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
    assert [(at, problem.message) for at, problem in told if not problem.hint] == []


def test_every_key_that_is_meant_is_one() -> None:
    definitions = schema.Handout.model_json_schema()
    known = set(definitions["properties"])
    for part in definitions["$defs"].values():
        known |= set(part.get("properties", ()))
    meant = {key for keys in other_words._KEYS.values() for key in keys}
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


HINT_AT = {"Problem": 4, "RowProblem": 3, "Mistake": 2}
"""Where the hint stands among the arguments of what makes a problem."""
MADE = re.compile(rf"\b(?:{'|'.join([*HINT_AT, 'PydanticCustomError'])})\(")
CARRIED = ("findings", "*one", "_SEVERAL")
"""Findings that have hints of their own, and problems that were noted with theirs."""
WITH_HINT = ("this should be a time as FHIR writes it", "no visit is in this year")
"""What gets its hint where it is told."""


def without_hint(source: str) -> list[str]:
    """Return what makes a problem that does not say what to do."""
    tree = ast.parse(source)
    assigned = {
        ast.unparse(target): ast.unparse(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, said = getattr(node.func, "id", ""), ast.unparse(node)
        if any(word in said for word in CARRIED + WITH_HINT):
            continue
        at = HINT_AT.get(name)
        if at is not None:
            hints = [keyword.value for keyword in node.keywords if keyword.arg == "hint"] + node.args[at : at + 1]
            if not hints or ast.unparse(hints[0]) == "''":
                found.append(said)
        elif name == "PydanticCustomError":
            values = ast.unparse(node.args[2]) if len(node.args) > 2 else ""
            if "hint" not in assigned.get(values, values):
                found.append(said)
    return found


def test_every_mistake_says_what_to_do() -> None:
    files = ((path, path.read_text("utf-8")) for path in sorted((ROOT / "handout_builder").rglob("*.py")))
    made = [(path.name, said) for path, text in files if MADE.search(text) for said in without_hint(text)]
    assert made == []


@pytest.mark.parametrize(
    "planted",
    [
        'Problem("yaml", "it is wrong", path, 3)',
        'Problem("yaml", "it is wrong", path, 3, "")',
        'RowProblem("blank", "it is wrong", column)',
        'Mistake("value", "it is wrong")',
        'PydanticCustomError("value", "it is wrong")',
        'PydanticCustomError("value", "{it} is wrong", {"it": it})',
        'words = {"it": it}\nPydanticCustomError("value", "{it} is wrong", words)',
    ],
)
def test_a_mistake_that_does_not_say_what_to_do_is_seen(planted: str) -> None:
    assert len(without_hint(planted)) == 1
