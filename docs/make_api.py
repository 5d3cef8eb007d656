#!/usr/bin/env python3
"""Print docs/api.md: what `handout_builder` offers to other programs, from its signatures and docstrings.

python docs/make_api.py > docs/api.md
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# The library

What `handout_builder` offers to other programs, made from its docstrings by `docs/make_api.py`.

"""
WIDTH = 110
MODEL, KEYS = "Model", "Its fields are the keys of the file: see [authoring](authoring.md) and [branding](branding.md)."


@cache
def public() -> list[griffe.Object]:
    """Return the objects of ``handout_builder.__all__``: functions first, then types, each by name."""
    package = griffe.load("handout_builder", search_paths=[ROOT])
    assert isinstance(package, griffe.Module)
    names = [str(name).strip("'") for name in package.exports or () if not str(name).strip("'").startswith("__")]
    found = [package[name] for name in names]
    found = [item.final_target if isinstance(item, griffe.Alias) else item for item in found]
    return sorted(found, key=lambda item: (not isinstance(item, griffe.Function), item.name.casefold()))


def said(item: griffe.Object) -> str:
    """Return what a docstring says, as Markdown."""
    text = item.docstring.value.strip() if item.docstring else ""
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def signature(function: griffe.Function, name: str = "") -> str:
    """Return a function's head, on one line where it fits."""
    parts: list[str] = []
    keywords = False
    for parameter in function.parameters:
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is griffe.ParameterKind.keyword_only and not keywords:
            parts.append("*")
            keywords = True
        default = "" if parameter.default is None else f" = {parameter.default}"
        parts.append(f"{parameter.name}: {parameter.annotation}{default}")
    head, end = f"{name or function.name}(", f") -> {function.returns}"
    line = head + ", ".join(parts) + end
    return line if len(line) <= WIDTH else head + "".join(f"\n    {part}," for part in parts) + "\n" + end


def members(kind: griffe.Class) -> Iterator[str]:
    """Yield a line for each public field, property and method of a class, in their order."""
    for name, member in kind.members.items():
        if name.startswith("_") or isinstance(member, griffe.Alias):
            continue
        words = said(member)
        if isinstance(member, griffe.Attribute):
            type_ = f": {member.annotation}" if member.annotation else f" = {member.value}"
            head = f"{name}{type_}"
        elif isinstance(member, griffe.Function):
            head = signature(member)
        else:
            continue
        words = " ".join(words.split())
        yield f"- `{' '.join(head.split())}`" + (f": {words}" if words else "")


def section(item: griffe.Object) -> str:
    """Return what there is to say of one name."""
    parts = [f"## {item.name}"]
    if isinstance(item, griffe.Function):
        parts.append(f"```python\n{signature(item)}\n```")
    elif isinstance(item, griffe.Class):
        bases = ", ".join(map(str, item.bases))
        parts.append(f"```python\nclass {item.name}{f'({bases})' if bases else ''}\n```")
    elif isinstance(item, griffe.Attribute):
        kind = f": {item.annotation}" if item.annotation else f" = {item.value}"
        parts.append(f"```python\n{item.name}{kind}\n```".replace("'", '"'))
    parts.append(said(item))
    if isinstance(item, griffe.Class) and MODEL in map(str, item.bases):
        parts.append(KEYS)
    elif isinstance(item, griffe.Class) and (lines := list(members(item))):
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def page() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(section(item) for item in public())


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
