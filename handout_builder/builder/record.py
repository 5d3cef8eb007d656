"""The record of what was built, beside the output: ``.handouts.json``, a digest and a line of JSON.

It only ever saves work. Where it is missing, damaged or edited, everything is built again; where it names a file
that is no longer what was written, or was made of something else, this file is.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handout_builder.atomic_files import write_all
from handout_builder.builder.fingerprints import digest
from handout_builder.errors import HandoutError, Problem, Severity

NAME = ".handouts.json"

_Note = tuple[str, str, int, str, int]
"""Code, message, line, hint, severity."""


@dataclass(frozen=True)
class Facts:
    """What must be known of a text before it is loaded."""

    editions: tuple[str, ...]
    look: str
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
    notes: dict[_Note, int] = field(default_factory=dict)
    """What was noted, each once, with its number: the same is noted of many products."""

    @classmethod
    def read(cls, out: Path) -> "Record":
        """Return the record of an output folder; an empty one where it cannot be trusted."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            head, body = (out / NAME).read_bytes().split(b"\n", 1)
            if head.decode() == digest(body):
                value = json.loads(body)
                notes = {tuple(note): int(number) for number, note in value["notes"].items()}
                return cls(out, dict(value["products"]), dict(value["texts"]), notes)
        return cls(out)

    def facts(self, text: Path, content: str) -> Facts | None:
        """Return what is known of a text with this digest."""
        known = self.texts.get(str(text))
        if not known or known["text"] != content:
            return None
        return Facts(tuple(known["editions"]), known["look"], tuple(known["points"]))

    def learn(self, text: Path, content: str, facts: Facts) -> None:
        """Keep what a text with this digest says."""
        known = {"editions": list(facts.editions), "look": facts.look, "points": list(facts.points)}
        self.texts[str(text)] = {"text": content, **known}

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
        told = {number: note for note, number in self.notes.items()}
        notes = ((Path(path), told[number]) for path, numbers in known["notes"].items() for number in numbers)
        return Entry(key, known["files"], tuple(_problem(path, *note) for path, note in notes))

    def add(self, product: str, entry: Entry) -> None:
        """Keep an entry."""
        notes: dict[str, list[int]] = {}
        for p in entry.notes:
            note = (p.code, p.message, p.line, p.hint, int(p.severity))
            if note not in self.notes:
                self.notes[note] = 1 + next(reversed(self.notes.values()), 0)
            notes.setdefault(str(p.path), []).append(self.notes[note])
        self.products[product] = {"key": entry.key, "files": dict(entry.files), "notes": notes}

    def save(self) -> None:
        """Write the record; where that is not possible, the next build has more to do."""
        used = {number for entry in self.products.values() for told in entry["notes"].values() for number in told}
        notes = {number: note for note, number in self.notes.items() if number in used}
        value = {"products": self.products, "texts": self.texts, "notes": notes}
        body = json.dumps(value, sort_keys=True).encode()
        with contextlib.suppress(HandoutError):
            write_all({self.out / NAME: digest(body).encode() + b"\n" + body})


def _problem(path: Path, code: str, message: str, line: int, hint: str, severity: int) -> Problem:
    return Problem(code, message, path, line, hint, Severity(severity))
