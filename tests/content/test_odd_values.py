"""Numbers, days and choices of every file: whatever is written for them, it is told with its line, or it is taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from helpers.leaves import leaves
from helpers.places import row, table
from helpers.project import ROOT

from handout_builder.brand.loader import load_brand
from handout_builder.brand.schema import BrandFile
from handout_builder.content import schema
from handout_builder.content.catalogue import catalogue
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError

ODD = (
    "!!float 1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1:1",
    f"!!int 0x{'f' * 5000}",
    f"!!int 1{':59' * 400}",
    "!!timestamp 9999-99-99",
    "!!bool maybe",
    "1:30",
    "9" * 5000,
    "999999999999999999",
    "-1",
    "0",
    "0777",
    "1_000",
    "1767312000",
    ".inf",
    "-.inf",
    ".nan",
    "1e308",
    "1.0e+999",
    "0001-01-01",
    "0000-00-00",
    "9999-12-31",
    "2026-02-30",
    "2026-01-01T00:00:00+99:99",
    "true",
    "no",
    "~",
    "[]",
    "{}",
    '"oklch(1e308 1e308 1e308)"',
    '"٣"',
)
HANDOUT = """\
title: T
description: D
skin: light
look: compact
typography: smart
revised: 2026-01-01
review_due: 2027-01-01
translation: {from: es, by: person, date: 2026-01-02}
body: woman
topics: {snomed-ct: [81680005]}
about: low-back
emergency: 112
paper: letter
pages: 4
schema: 1
editions: [a4]
accept: {plain-list: Because.}
personal:
  - {after: title, fields: [{field: note, lines: 2}]}
sections:
  - id: one
    heading: H
    starts_page: true
    wide: true
    blocks:
      - {type: list, items: [a], numbered: true}
      - {type: definitions, items: [{term: a, text: b}], numbered: true}
      - {type: safety, include: see-a-doctor, show: true}
      - {type: chart, view: back, size: medium, points: [BL23], title: T, caption: C}
      - type: points
        reference: true
        dose: {pressure: light, side: left, seconds: [15, 30], times_a_day: 2, days_a_week: 5, days: 14}
        points:
          - code: BL23
            name: {text: 肾俞, lang: zh-Hans, reading: x}
            find: true
            side: left
            picture: {image: a.png, mark: [40, 60], alt: A}
      - {type: index, by: code}
      - {type: table, keep: true, row_heads: true, columns: [{head: A, align: right}, B], rows: [[a, b]]}
      - {type: notice, kind: tip, anywhere: true, text: T}
      - {type: checklist, columns: 2, items: [a]}
      - {type: diary, weeks: 1, rows: [a]}
      - {type: write-in, fields: [{label: a, lines: 2}]}
      - {type: exercise, name: E, steps: [a], hold: 5, reps: 8, sets: 2, each_side: true, times_a_day: 1}
      - {type: figure, image: a.png, alt: A, size: small, side: left, crop: [0, 0, 50, 50]}
      - {type: figure, image: a.png, alt: A, marks: [{at: [10, 20], label: a}]}
      - {type: overview, groups: [{mark: ring, label: a, points: [BL23]}], title: T, caption: C}
"""
BRAND = """\
meta: {name: N, phone: "555", email: a@example.com, address: A, hours: H, link: "https://example.com", practitioner: P}
color: {primary: "#1b5466", secondary: "#1b5466", palette: {blue: "#0000ff"}}
typography: {base: {family: X, weight: 400}, headings: {family: X, weight: 700}}
defaults:
  handout:
    letterhead: auto
    paper: letter
    typography: smart
    emergency: 112
    wordmark: false
    lang: ja
    press: {profile: a.icc, condition: C, ink_limit: 300}
    texts: {en: {invitation: I, disclaimer: D, address: A, hours: H}}
"""


def written(value: Any, place: tuple[Any, ...], odd: str) -> str:
    """Return a file as YAML, with something else in one place."""
    if not place:
        return odd
    items = value.items() if isinstance(value, dict) else enumerate(value)
    texts = [
        (key, written(item, place[1:], odd) if key == place[0] else json.dumps(item, default=str).replace('"@', '"'))
        for key, item in items
    ]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {text}" for key, text in texts) + "}"
    return "[" + ", ".join(text for _, text in texts) + "]"


def a_handout(path: Path) -> Any:
    return validate(read_yaml(path), schema.Handout, {"lang": "en"})


def a_brand(path: Path) -> Any:
    return load_brand(path.parent)


def tried(path: Path, load: Callable[[Path], Any], text: str, odd: str) -> list[Any]:
    """Return what became of each value of a file when something odd stood for it; of words, for each third."""
    path.write_text(text, "utf-8")
    load(path)  # which is right
    value, taken, problems = read_yaml(path).value, [], []
    for number, (place, leaf) in enumerate(leaves(value)):
        if isinstance(leaf, str) and (number + ODD.index(odd)) % 3:
            continue
        path.write_text(written(value, place, odd), "utf-8")
        try:
            taken.append(load(path))
        except HandoutError as error:
            problems += error.problems
    assert all(problem.line and 0 < len(problem.message) < 400 for problem in problems), problems
    return taken


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:20])
def test_odd_values_of_a_handout(odd: str, tmp_path: Path) -> None:
    for handout in tried(tmp_path / "en.yaml", a_handout, HANDOUT, odd):
        assert handout.revised == date(2026, 1, 1)  # none of them is another day that can be meant


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd[:20])
def test_odd_values_of_a_brand(odd: str, tmp_path: Path) -> None:
    (tmp_path / "a.icc").write_bytes((ROOT / "layouts" / "press" / "fogra39.icc").read_bytes())
    tried(tmp_path / "_brand.yml", a_brand, BRAND, odd)


@pytest.mark.parametrize("odd", [*ODD, "1_5", "1e1", "nan", "inf", "1,5"], ids=lambda odd: odd[:20])
def test_odd_measures(odd: str, tmp_path: Path) -> None:
    points = tmp_path / "points"
    points.mkdir()
    head = "code,pinyin,zh-Hans,zh-Hant,ja,kana,romaji,ko,ko-Latn,en,verified"
    (points / "names.csv").write_text(f"{head}\nBL23,x,肾俞,腎俞,,,,,,,3\n")
    lines = set[int]()
    for column in ("lateral_cun", "count", "level", "sides"):
        (points / "places.csv").write_text(table(row(**{column: odd.replace('"', "")})), "utf-8")
        try:
            place = catalogue(tmp_path)["BL23"].place
        except HandoutError as error:
            lines |= {problem.line for problem in error.problems}
        else:
            assert place is not None
            assert place.lateral_cun is None or 0 <= place.lateral_cun <= 6
    assert lines == {2}


@pytest.mark.parametrize(("model", "text"), [(schema.Handout, HANDOUT), (BrandFile, BRAND)])
def test_no_number_or_choice_is_left_out(model: Any, text: str) -> None:
    whole = model.model_json_schema()
    kinds = [whole, *whole["$defs"].values()]
    named = {
        name
        for kind in kinds
        for name, field in kind.get("properties", {}).items()
        if any(f'"{word}"' in json.dumps(field) for word in ("integer", "number", "boolean", "date", "enum"))
    }
    assert {name for name in named if f"{name}:" not in text} == set()
