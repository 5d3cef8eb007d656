"""The record of what was built, beside the output: ``.handouts.json``, a digest and a line of JSON.

It only ever saves work. Where it is missing, damaged or of another form, everything is built again; where it names a
file that is no longer what was written, or was made of something else, this file is. It may be given out with the
files beside it: nothing in it tells where folders lie, or what was noted for the author alone.
"""

import contextlib
import json
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from handout_builder import source_files
from handout_builder.atomic_files import write_all
from handout_builder.builder import inputs
from handout_builder.builder.fingerprints import Reader, Target, digest
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.looks import LOOKS
from handout_builder.orders import Order

NAME = ".handouts.json"
_ELSEWHERE = "told by: make_handout.py check"


@dataclass(frozen=True)
class Facts:
    """What must be known of a text before it is loaded; the text alone decides it."""

    editions: tuple[str, ...]
    look: str
    points: tuple[str, ...]
    """The codes that it names."""
    said: tuple[str, str] = ("", "")
    """When it was revised, and the digest of all else that it says."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What an index tells of it (builder/index.py)."""


@dataclass(frozen=True)
class Output:
    """What a target has become: its files, and what was noted."""

    files: Mapping[str, str]
    """The digests by path inside the output folder."""
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class Made:
    """What a target was made of: exactly the bytes that were loaded for it."""

    files: Mapping[str, str]
    """The digests by name (builder/inputs.py); a word for those that were looked for in vain."""
    rows: str
    """The digest of what the catalogue says of its points; "" where all of it is among the files."""


@dataclass(frozen=True)
class _Note:
    code: str
    message: str
    file: str
    """Its name, as in ``Made``; "" for a file that has none."""
    line: int
    hint: str
    severity: int


@dataclass(frozen=True)
class _Entry:
    """A target, as the record holds it."""

    key: str
    made: Made
    files: Mapping[str, str]
    notes: tuple[_Note, ...]
    said: tuple[str, str]
    """What its text said when it was first built with this date of revision: as in ``Facts``."""


@dataclass
class Record:
    """The outputs by the path of their target, and the facts by the digest of the text that they are of."""

    out: Path
    targets: dict[str, _Entry] = field(default_factory=dict)
    texts: dict[str, Facts] = field(default_factory=dict)

    @classmethod
    def read(cls, out: Path) -> "Record":
        """Return the record of an output folder; an empty one where it cannot be trusted."""
        try:
            head, body = source_files.read(out / NAME).split(b"\n", 1)
            if head.decode() == digest(body):
                value = json.loads(body)
                notes = [_note(note) for note in value["notes"]]
                targets = {_text(path): _entry(entry, notes) for path, entry in value["targets"].items()}
                return cls(out, targets, {_text(text): _facts(facts) for text, facts in value["texts"].items()})
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError):
            pass  # whatever it is, it is no record
        return cls(out)

    def facts(self, text: str) -> Facts | None:
        """Return what is known of a text by its digest."""
        return self.texts.get(text)

    def fresh(self, target: Target, facts: Facts, reader: Reader) -> Output | None:
        """Return what a target has become if it would be made of the same now, and its files are as they were written.

        ``facts`` are those of its text.
        """
        entry = self.targets.get(target.path)
        if entry is None or entry.key != target.key or target.path not in entry.files:
            return None
        if not self._same(entry.made, target.order, facts, reader):
            return None
        if any(_state(inputs.inside(self.out, name)) != content for name, content in entry.files.items()):
            return None
        return Output(entry.files, tuple(_told(note, target.order) for note in entry.notes))

    def _same(self, made: Made, order: Order, facts: Facts, reader: Reader) -> bool:
        try:
            same = inputs.name_of(order.text, order) in made.files and all(
                reader.state(inputs.path_of(name, order)) == content for name, content in made.files.items()
            )
        except ValueError:
            return False
        return same and (not made.rows or made.rows == reader.rows(order.folder.parent, facts.points))

    def add(self, target: Target, made: Made, facts: Facts, output: Output) -> None:
        """Keep what a target has become, what it was made of, and what its text says."""
        text = inputs.name_of(target.order.text, target.order)
        if text and text in made.files:
            self.texts[made.files[text]] = facts
            notes = tuple(_kept(note, target.order) for note in output.notes)
            before = self.targets.get(target.path)
            said = before.said if before and before.said[0] == facts.said[0] else facts.said
            self.targets[target.path] = _Entry(target.key, made, output.files, notes, said)

    def said(self, path: str) -> tuple[str, str] | None:
        """Return what the text of a target said when it was first built with its date: as in ``Facts``."""
        entry = self.targets.get(path)
        return entry.said if entry else None

    def save(self) -> None:
        """Write the record; where that is not possible, the next build has more to do."""
        # The same is noted of many targets.
        noted = dict.fromkeys(note for entry in self.targets.values() for note in entry.notes)
        notes = {note: number for number, note in enumerate(noted)}
        targets = {
            path: {
                "key": entry.key,
                "made": asdict(entry.made),
                "files": dict(entry.files),
                "notes": [notes[note] for note in entry.notes],
                "said": entry.said,
            }
            for path, entry in self.targets.items()
        }
        used = {content for entry in self.targets.values() for content in entry.made.files.values()}
        texts = {text: asdict(facts) for text, facts in self.texts.items() if text in used}
        value = {"targets": targets, "texts": texts, "notes": [list(asdict(note).values()) for note in notes]}
        body = json.dumps(value, sort_keys=True).encode()
        with contextlib.suppress(HandoutError):
            write_all({self.out / NAME: digest(body).encode() + b"\n" + body})


def brief(notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return notes as they may be kept: of those that no build tells, only what they are and where.

    Their words can be an author's doubts, or what a handout accepts and why, and are not for those who get the files.
    """
    seen: Counter[Problem] = Counter()
    kept = []
    for note in notes:
        if not note.about_build:
            short = replace(note, message=_ELSEWHERE, hint="")
            seen[short] += 1
            note = replace(short, message=f"{_ELSEWHERE} ({seen[short]})") if seen[short] > 1 else short  # noqa: PLW2901
        kept.append(note)
    return tuple(kept)


def _state(path: Path) -> str:
    """Return the digest of an output; what is no file, or a link to one, is none that was written here."""
    try:
        plain = stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        plain = False
    return source_files.state(path, source_files.MOST_OUTPUT) if plain else source_files.NO_FILE


def _kept(note: Problem, order: Order) -> _Note:
    file = inputs.name_of(note.path, order) or ""
    return _Note(note.code, note.message, file, note.line, note.hint, int(note.severity))


def _told(note: _Note, order: Order) -> Problem:
    path = inputs.path_of(note.file, order) if note.file else order.folder
    return Problem(note.code, note.message, path, note.line, note.hint, Severity(note.severity))


# From JSON, of which anything may be wrong: ValueError, TypeError, LookupError or AttributeError says so.


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(value)
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_text, value))


def _mapping(value: Any, check: Callable[[str], object]) -> Mapping[str, str]:
    for name in value:
        check(name)
    return {_text(name): _text(content) for name, content in value.items()}


def _note(value: Any) -> _Note:
    code, message, file, line, hint, severity = value
    if file:
        _input(file)
    return _Note(_text(code), _text(message), _text(file), _number(line), _text(hint), Severity(_number(severity)))


def _facts(value: Any) -> Facts:
    editions, look = _texts(value["editions"]), _text(value["look"])
    if not editions or not EDITIONS.keys() >= {*editions} or look not in LOOKS:
        raise LookupError(editions, look)
    return Facts(editions, look, _texts(value["points"]), _said(value["said"]), _about(value["about"]))


def _about(value: Any) -> Mapping[str, Any]:
    texts = {key: _text(value[key]) for key in ("title", "description", "revised")}
    topics = [{"system": _text(topic["system"]), "code": _text(topic["code"])} for topic in value["topics"]]
    identifier = None if value["identifier"] is None else _text(value["identifier"])
    return {**texts, "identifier": identifier, "subjects": list(_texts(value["subjects"])), "topics": topics}


def _said(value: Any) -> tuple[str, str]:
    revised, content = _texts(value)
    return revised, content


def _entry(value: Any, notes: Sequence[_Note]) -> _Entry:
    made, files = value["made"], _mapping(value["files"], lambda name: inputs.inside(Path(), name))
    told = tuple(notes[_number(number)] for number in value["notes"])
    if not files:
        raise ValueError(value)
    said, rows = _said(value["said"]), _text(made["rows"])
    return _Entry(_text(value["key"]), Made(_mapping(made["files"], _input), rows), files, told, said)


def _input(name: str) -> None:
    """Refuse a name that leads out of its folder."""
    inputs.inside(Path(), name)
