"""What the documents and examples say of the service."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from helpers.project import ROOT

from handout_builder.service.app import application
from handout_builder.service.messages import HandoutOrder, SheetOrder
from handout_builder.service.requests import order_in
from handout_builder.service.settings import _NUMBERS, HOSTS, TOKEN, Settings

from .conftest import logged
from .fakes import fake

DOCUMENT = (ROOT / "docs" / "service.md").read_text("utf-8")
EXAMPLES = sorted((ROOT / "examples" / "service").iterdir())
VARIABLES = {TOKEN, HOSTS, *(f"HANDOUT_SERVICE_{name.upper()}" for name in _NUMBERS)}


def test_the_document_has_each_variable_and_what_it_is_without() -> None:
    rows = dict(re.findall(r"^\| `(HANDOUT_SERVICE_\w+)` \|.*\| ([^|]+) \|$", DOCUMENT, re.MULTILINE))
    assert rows.keys() == VARIABLES
    usual = Settings()
    numbers = {name: f"{getattr(usual, name)}" for name in _NUMBERS if name != "workers"}
    assert {name: rows[f"HANDOUT_SERVICE_{name.upper()}"] for name in numbers} == numbers
    assert set(rows[HOSTS].strip("`").split(", ")) == usual.hosts


def test_the_documents_orders_are_orders() -> None:
    bodies = re.findall(r"-d '(\{.*?\})' http\S+/(\w+)", DOCUMENT, re.DOTALL)
    kinds = {"handouts": HandoutOrder, "sheets": SheetOrder}
    assert [type(order_in(body.encode(), kinds[path])) for body, path in bodies] == [SheetOrder, HandoutOrder]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_name_what_there_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert list(yaml.safe_load_all(text))
    assert set(re.findall(r"HANDOUT_SERVICE_\w+", text)) <= VARIABLES
    with logged():
        known = {route.path for route in application(Settings(), fake).routes}
    asked = re.findall(r"8791(/\w+)", text) + re.findall(r"httpGet: \{path: (\S+),", text)
    assert asked
    assert set(asked) <= known


def test_the_image_that_they_name_is_a_stage() -> None:
    stages = re.findall(r"^FROM \S+ AS (\w+)$", (ROOT / "Containerfile").read_text("utf-8"), re.MULTILINE)
    assert "service" in stages
    assert yaml.safe_load(EXAMPLES[0].read_text("utf-8"))["services"]["handouts"]["build"]["target"] in stages
