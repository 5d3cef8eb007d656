"""The author's files, read without the program."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yaml import safe_load

from .project import LANG, NAME, SOURCE


def squeeze(text: str) -> str:
    """Return the text in NFC without any blanks: line ends of the print do not count."""
    return "".join(unicodedata.normalize("NFC", text).split())


def yaml(path: Path) -> Any:
    return safe_load(path.read_text("utf-8"))


def handout(root: Path = SOURCE) -> Any:
    return yaml(root / NAME / f"{LANG}.yaml")


def catalogue_rows(root: Path = SOURCE) -> Any:
    """Read the two tables without the program: {code: {"names": {column: text}, "place": {column: text}}}."""
    tables = []
    for name in ("names", "places"):
        with (root / "points" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables.append({row.pop("code"): row for row in csv.DictReader(file)})
    return {code: {"names": names, "place": tables[1].get(code, {})} for code, names in tables[0].items()}


def shared(root: Path = SOURCE) -> Any:
    return yaml(root / "shared" / f"{LANG}.yaml")


def blocks(book: Any, kind: str) -> Iterator[Any]:
    for section in book["sections"]:
        yield from (block for block in section["blocks"] if block["type"] == kind)


def cards(book: Any) -> list[Any]:
    return [card for block in blocks(book, "points") for card in block["points"]]


def overview_codes(book: Any) -> list[str]:
    return [code for block in blocks(book, "overview") for group in block["groups"] for code in group["points"]]
