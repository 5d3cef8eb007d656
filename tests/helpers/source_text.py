"""The author's files, read without the program."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml as pyyaml

from .project import LANG, NAME, SOURCE


def squeeze(text: str) -> str:
    """Return the text in NFC without any blanks: line ends of the print do not count."""
    return "".join(unicodedata.normalize("NFC", text).split())


# The same values as of SafeLoader in a tenth of the time, where the build of PyYAML has it.
_LOADER: Any = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)


def yaml(path: Path) -> Any:
    return pyyaml.load(path.read_text("utf-8"), _LOADER)


def handout(root: Path = SOURCE) -> Any:
    return yaml(root / NAME / f"{LANG}.yaml")


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV with line feeds."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def catalogue_rows(root: Path = SOURCE) -> Any:
    """Read the two tables without the program: {code: {"names": {column: text}, "place": {column: text}}}."""
    tables = []
    for name in ("names", "places"):
        with (root / "points" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables.append({row.pop("code"): row for row in csv.DictReader(file)})
    return {code: {"names": names, "place": tables[1].get(code, {})} for code, names in tables[0].items()}


def shared(root: Path = SOURCE) -> Any:
    """Return the shared texts; safety blocks have the signs and items of what the handout is about."""
    texts = yaml(root / "shared" / f"{LANG}.yaml")
    about = handout(root)["about"]
    flags = texts["red_flags"][about]
    for block in texts["safety"].values():
        if "groups" not in block:
            told = flags[block["rank"]]
            block["groups"] = [{"lead": told["lead"], "items": [sign["text"] for sign in told["signs"]]}]
            block["sources"] = [name for sign in told["signs"] for name in sign["sources"]]
        for group in block["groups"]:
            group["items"] = [item for item in (told_of(item, about) for item in group["items"]) if item]
    return texts


def told_of(item: Any, about: str) -> str | None:
    """Return the words of a safety item for a part of the body, None where it is left out."""
    if isinstance(item, str):
        return item
    words: str | None = item["text"] if about in item.get("about", [about]) else item.get("otherwise")
    return words


def safety_names(book: Any) -> list[str]:
    """Return the names of the safety boxes of a handout, as they follow each other."""
    known = shared()["safety"]
    named = [block["include"] for block in blocks(book, "safety")]
    return [box for name in named for box in (known[name].get("above"), name) if box]


def blocks(book: Any, kind: str) -> Iterator[Any]:
    for section in book["sections"]:
        yield from (block for block in section["blocks"] if block["type"] == kind)


def cards(book: Any) -> list[Any]:
    return [card for block in blocks(book, "points") for card in block["points"]]


def overview_codes(book: Any) -> list[str]:
    return [code for block in blocks(book, "overview") for group in block["groups"] for code in group["points"]]
