"""The library's door: `handout_builder.__all__` has every type that its functions take or give, docs/api.md tells."""

from __future__ import annotations

import functools
import inspect
import subprocess
import sys
import typing
from collections.abc import Iterator
from concurrent.futures import Executor
from typing import Any

import griffe
import pytest
from helpers.project import ROOT
from helpers.scripts import loaded_script
from pydantic import BaseModel

import handout_builder

PACKAGE = handout_builder.__name__
NAMES = [name for name in handout_builder.__all__ if name != "__version__"]


# What modules import for type checkers alone.
UNSEEN = {"Executor": Executor, "MakeExecutor": handout_builder.MakeExecutor}


def hints(item: Any) -> Iterator[tuple[str, Any]]:
    yield from typing.get_type_hints(item, localns=UNSEEN).items()


def told(item: Any) -> Iterator[tuple[str, Any]]:
    """Yield where a type stands, and the type: of a function, or of the public fields and methods of a class."""
    if not inspect.isclass(item):
        yield from hints(item)
    elif not issubclass(item, BaseModel):  # what stands in a file is told by the documents and the JSON Schemas
        yield from ((name, hint) for name, hint in hints(item) if not name.startswith("_"))
        for name, member in vars(item).items():
            function = (
                getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
            )
            if (not name.startswith("_") or name == "__init__") and inspect.isfunction(function):
                yield from ((f"{name}: {part}", hint) for part, hint in hints(function))


def parts(hint: Any) -> Iterator[Any]:
    """Yield a type and all that it is made of."""
    yield hint
    for part in typing.get_args(hint):
        yield from parts(part)


@pytest.mark.parametrize("name", NAMES)
def test_every_type_is_public_that_public_names_take_or_give(name: str) -> None:
    item = getattr(handout_builder, name)
    if not callable(item) or typing.get_origin(item):
        return  # another name for a type
    missing = {
        f"{where}: {part.__module__}.{part.__qualname__}"
        for where, hint in told(item)
        for part in parts(hint)
        if inspect.isclass(part) and part.__module__.split(".")[0] == PACKAGE and part.__name__ not in NAMES
    }
    assert missing == set()


def annotations(item: griffe.Object) -> Iterator[griffe.Expr]:
    """Yield the types in a signature, or in those of the public fields and methods of a class."""
    found: list[Any] = []
    if isinstance(item, griffe.Function):
        found = [item.returns, *(parameter.annotation for parameter in item.parameters)]
    elif isinstance(item, griffe.Attribute):
        found = [item.annotation]
    elif isinstance(item, griffe.Class) and not issubclass(getattr(handout_builder, item.name, object), BaseModel):
        for name, member in item.members.items():
            if not name.startswith("_") or name == "__init__":
                yield from annotations(member)
    yield from (annotation for annotation in found if isinstance(annotation, griffe.Expr))


def test_other_names_for_types_are_public_too() -> None:
    """What they stand for is all that a running program knows of them (`Format`): they are read in the code."""
    missing = {
        f"{item.name}: {word.canonical_path}"
        for item in make_api().public()
        for annotation in annotations(item)
        for word in annotation.iterate(flat=True)
        if isinstance(word, griffe.ExprName) and word.canonical_path.startswith(f"{PACKAGE}.")
        if word.name[0].isupper() and word.name not in NAMES
    }
    assert missing == set()


def test_the_page_is_made_from_the_docstrings() -> None:
    made = make_api().page()
    assert (ROOT / "docs" / "api.md").read_text("utf-8") == made, "python docs/make_api.py > docs/api.md"


def test_every_public_name_says_what_it_is() -> None:
    assert [item.name for item in make_api().public() if not item.docstring] == []
    assert {item.name for item in make_api().public()} == set(NAMES)


def test_types_are_loaded_when_they_are_asked_for() -> None:
    """`--help` needs none of them."""
    script = "import sys, handout_builder; print(*sorted(n for n in sys.modules if n.startswith('handout_builder')))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["handout_builder", "handout_builder.version"]
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = handout_builder.nothing


@functools.cache
def make_api() -> Any:
    """Return docs/make_api.py."""
    return loaded_script(ROOT / "docs" / "make_api.py")


@pytest.mark.parametrize("name", ["build", "check"])
def test_all_is_done_in_this_process_unless_more_are_asked_for(name: str) -> None:
    assert inspect.signature(getattr(handout_builder, name)).parameters["jobs"].default == 1
