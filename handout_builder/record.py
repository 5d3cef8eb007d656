"""The record of what was built, beside the output: ``.handouts.json``.

It only ever saves work. Where it is missing, damaged or edited, everything is built again; where it names a file
that is no longer what was written, or was made of something else, this file is.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.inputs import digest, text_digest
from handout_builder.output import write_all

NAME = ".handouts.json"


@dataclass(frozen=True)
class Facts:
    """What must be known of a text before it is loaded."""

    editions: tuple[str, ...]
    points: tuple[str, ...]
    """The codes that it names."""


@dataclass(frozen=True)
class Entry:
    """One product: the key of its inputs, the digest of each of its files, and what was noted."""

    key: str
    files: Mapping[str, str]
    """The digests by path inside the output folder."""
    notes: tuple[Problem, ...]


@dataclass
class Record:
    """The entries by the product's path, and the facts by the text's path."""

    out: Path
    products: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, out: Path) -> "Record":
        """Return the record of an output folder; an empty one where it cannot be trusted."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            value = json.loads((out / NAME).read_bytes())
            if value.pop("sum") == text_digest(value):
                return cls(out, dict(value["products"]), dict(value["texts"]))
        return cls(out)

    def facts(self, text: Path, content: str) -> Facts | None:
        """Return what is known of a text with this digest."""
        known = self.texts.get(str(text))
        return Facts(tuple(known["editions"]), tuple(known["points"])) if known and known["text"] == content else None

    def learn(self, text: Path, content: str, facts: Facts) -> None:
        """Keep what a text with this digest says."""
        self.texts[str(text)] = {"text": content, "editions": list(facts.editions), "points": list(facts.points)}

    def fresh(self, product: str, key: str) -> Entry | None:
        """Return the entry of a product if it was made of the same, and its files are still as they were written."""
        known = self.products.get(product)
        if not known or known["key"] != key:
            return None
        for name, content in known["files"].items():
            try:
                if digest((self.out / name).read_bytes()) != content:
                    return None
            except OSError:
                return None
        return Entry(key, known["files"], tuple(_problem(*values) for values in known["notes"]))

    def add(self, product: str, entry: Entry) -> None:
        """Keep an entry."""
        notes = [[p.code, p.message, str(p.path), p.line, p.hint, int(p.severity)] for p in entry.notes]
        self.products[product] = {"key": entry.key, "files": dict(entry.files), "notes": notes}

    def save(self) -> None:
        """Write the record; where that is not possible, the next build has more to do."""
        value = {"products": self.products, "texts": self.texts}
        data = json.dumps({"sum": text_digest(value), **value}, indent=1, sort_keys=True)
        with contextlib.suppress(HandoutError):
            write_all({self.out / NAME: data.encode()})


def _problem(code: str, message: str, path: str, line: int, hint: str, severity: int) -> Problem:
    return Problem(code, message, Path(path), line, hint, Severity(severity))
