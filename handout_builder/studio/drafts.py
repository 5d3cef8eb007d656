"""Drafts: what is being written of a file, with its history; the file changes when its author saves."""

import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from handout_builder import source_files
from handout_builder.atomic_files import IN_PLACE, write_all
from handout_builder.content.yaml_reader import YamlFile, read_yaml
from handout_builder.errors import READ_HINT, HandoutError, Problem
from handout_builder.studio import merging
from handout_builder.studio.document import Document, EditError, Location, pointer
from handout_builder.studio.project import Project

_DEEP = 100
_MOST_READ = 2
_MOST_BYTES = 300_000
_MOST_TABS = 100


class ConflictError(Exception):
    """Somebody else has changed the same thing since it was shown here."""


class Draft:
    """A file as it is being written."""

    def __init__(self, path: Path, name: str, project: Project, order: Sequence[str]) -> None:
        """Take up the draft of a file where it was left, else the file; raises HandoutError, EditError."""
        self.path, self._name, self._project, self._order = path, f"drafts/{name}.json", project, order
        self.base = _read(path)
        self.history: list[str] = [self.base]
        self.at = 0
        self.revision = 0
        self.unkept: Problem | None = None
        """Why what was written last is not where a crash leaves it."""
        self.restored = False
        """Whether it was taken up from an earlier run."""
        self._seen: dict[int, str] = {}
        self._files: dict[str, YamlFile] = {}
        self._changes: dict[str, tuple[int, str]] = {}
        self._structure = (0, "")
        self._turns: dict[str, int] = {}
        self._take_up()
        self.document = Document(self.text, order)
        self._seen[0] = self.text

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.history[self.at]

    @property
    def changed(self) -> bool:
        """Whether it differs from the file that it was begun from."""
        return self.text != self.base

    @property
    def outside(self) -> bool:
        """Whether another program has changed the file since."""
        try:
            return _read(self.path) != self.base
        except HandoutError:
            return True

    @property
    def bytes(self) -> bytes:
        """What is rendered in the place of the file."""
        return self.text.encode()

    @property
    def value(self) -> Any:
        """The values as the program reads them; as far as they can be read."""
        return self._value_of(self.text)

    def value_at(self, revision: int) -> Any:
        """Return the values as they were at a revision; as they are now, if nobody knows."""
        return self._value_of(self._seen.get(revision, self.text))

    def _value_of(self, text: str) -> Any:
        try:
            return self._file_of(text).value
        except HandoutError:
            return Document(text).value

    def file(self) -> YamlFile:
        """Return the values as the program reads them, with their lines; raises HandoutError."""
        return self._file_of(self.text)

    def file_as_saved(self) -> YamlFile | None:
        """Return the file as it was when it was opened or saved last; None where it was none that can be read."""
        try:
            return self._file_of(self.base)
        except HandoutError:
            return None

    def _file_of(self, text: str) -> YamlFile:
        """Return a text as it is read; the last two are kept: what a form has shown, and what it makes of that."""
        if text not in self._files:
            with source_files.instead({self.path: text.encode()}):
                self._files[text] = read_yaml(self.path)
            while len(self._files) > _MOST_READ:
                del self._files[next(iter(self._files))]
        return self._files[text]

    def in_turn(self, tab: str, turn: int) -> bool:
        """Take note of what a tab has sent, counted from 1; tell whether nothing that it sent later was here before."""
        last = self._turns.pop(tab, 0)
        self._turns[tab] = max(turn, last)
        if len(self._turns) > _MOST_TABS:
            del self._turns[next(iter(self._turns))]
        return turn >= last or not turn

    def refresh(self) -> None:
        """Take the file as it is now, where nothing of the draft would be lost."""
        if not self.changed and self.outside:
            self.take_file()

    def take_file(self) -> None:
        """Take the file as it is now; what was written can be had back by undoing."""
        self.base = _read(self.path)
        self._add(Document(self.base, self._order))
        self._structure = (self.revision, "")

    def edit(self, changes: Callable[[Document], None], places: Sequence[Location], seen: int, tab: str) -> bool:
        """Change some places as a tab that has seen a revision wants, and tell whether anything is other now.

        Raises ConflictError where another tab has changed one of them since, or what they are counted by; EditError;
        HandoutError where the text becomes too long.
        """
        self._refuse_conflict(map(pointer, places), seen, tab)
        document = self._changed_by(changes)
        if document.text == self.text:
            return False
        self._add(document)
        for place in places:
            self._changes[pointer(place)] = self.revision, tab
        return True

    def restructure(self, change: Callable[[Document], None], seen: int, tab: str) -> None:
        """Add, move or remove something; raises ConflictError where another tab has done so since, EditError."""
        self._refuse_conflict([], seen, tab)
        self._add(self._changed_by(change))
        self._structure = (self.revision, tab)

    def replace(self, text: str, seen: int, tab: str) -> None:
        """Take a text as a whole; raises ConflictError where another tab has changed anything since, EditError."""
        if any(revision > seen and who != tab for revision, who in (*self._changes.values(), self._structure)):
            raise ConflictError
        if text == self.text:
            return
        self._refuse_too_long(text)
        self._add(Document(text, self._order))
        self._structure = (self.revision, tab)

    def undo(self, tab: str) -> None:
        """Go back by one change."""
        self._go(-1, tab)

    def redo(self, tab: str) -> None:
        """Go forward again by one change."""
        self._go(1, tab)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to go back by."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to go forward by."""
        return self.at + 1 < len(self.history)

    def save(self, *, over: bool = False) -> None:
        """Write the file; raises ConflictError where another program has changed it, unless it goes ``over`` that."""
        if self.outside and not over:
            raise ConflictError
        write_all({self.path: self.bytes}, hint=IN_PLACE)
        self.base = self.text
        self._keep()

    @property
    def differences(self) -> list[merging.Difference]:
        """Where the draft and the file, as it is now, differ."""
        return merging.differences(self.text, _read(self.path))

    @property
    def mergeable(self) -> bool:
        """Whether the draft and the file, as it is now, have changed different places."""
        return merging.merged(self.base, self.text, _read(self.path)) is not None

    def merge(self, tab: str) -> None:
        """Take what another program has changed in the file into the draft, too; what was written can be undone to.

        Raises ConflictError where both have changed the same place, EditError where that gives no YAML.
        """
        theirs = _read(self.path)
        text = merging.merged(self.base, self.text, theirs)
        if text is None:
            raise ConflictError
        self._refuse_too_long(text)
        document = Document(text, self._order)
        self.base = theirs
        self._add(document)
        self._structure = (self.revision, tab)

    def discard(self) -> None:
        """Go back to the file; what was written can be had back by undoing."""
        self.take_file()
        self._keep()

    def _go(self, by: int, tab: str) -> None:
        if 0 <= self.at + by < len(self.history):
            self.at += by
            self.revision += 1
            self._note()
            self._structure = (self.revision, tab)
            self.document = Document(self.text, self._order)
            self._keep()

    def _changed_by(self, change: Callable[[Document], None]) -> Document:
        """Return the document after a change; where that cannot be done, it is as before. Raises EditError."""
        document = self.document  # reading it anew takes longer than most changes
        try:
            change(document)
            self._refuse_too_long(document.text)
        except (EditError, HandoutError):
            self.document = Document(self.text, self._order)
            raise
        return document

    def _add(self, document: Document) -> None:
        """Take a document as the newest state."""
        self.document = document
        del self.history[self.at + 1 :]
        self.history.append(document.text)
        del self.history[: -_DEEP - 1]
        self.at = len(self.history) - 1
        self.revision += 1
        self._note()
        self._keep()

    def _note(self) -> None:
        """Remember what is shown from now on."""
        self._seen[self.revision] = self.text
        self._seen.pop(self.revision - 2 * _DEEP, None)

    def _refuse_too_long(self, text: str) -> None:
        """Raise HandoutError for a text that could not be opened again once it was saved."""
        if (size := len(text.encode())) > _MOST_BYTES:
            told = f"it would have {size:,} bytes, of {_MOST_BYTES:,} at most"
            raise HandoutError([Problem("too-large", told, self.path, hint="make two of it")])

    def _refuse_conflict(self, places: Any, seen: int, tab: str) -> None:
        known = [self._changes[place] for place in places if place in self._changes]
        if any(revision > seen and who != tab for revision, who in (*known, self._structure)):
            raise ConflictError

    def _keep(self) -> None:
        """Keep the draft where a crash leaves it; one that is as the file is not needed."""
        self.unkept = None
        if not self.changed:
            with contextlib.suppress(OSError):  # a draft that is found later is asked about
                (self._project.state / self._name).unlink(missing_ok=True)
            return
        kept = {"base": self.base, "text": self.text}
        try:
            self._project.keep(self._name, json.dumps(kept, ensure_ascii=False).encode())
        except HandoutError as error:  # where there is no room, one can write on all the same
            self.unkept = error.problems[0]

    def _take_up(self) -> None:
        try:
            kept = json.loads((self._project.state / self._name).read_text("utf-8"))
            text, base = kept["text"], kept["base"]
        except (OSError, ValueError, KeyError, TypeError):
            return
        if isinstance(text, str) and text != self.base:
            try:
                Document(text)
            except EditError:
                return
            self.history.append(text)
            self.at, self.restored = 1, True
            self.base = str(base)  # where the file has changed since, saving asks


class Drafts:
    """The drafts of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._open: dict[Path, Draft] = {}

    def of(self, path: Path, order: Sequence[str]) -> Draft:
        """Return the draft of a file; raises HandoutError, EditError where it cannot be read."""
        if path not in self._open:
            name = "-".join(path.relative_to(self._project.root).with_suffix("").parts)
            self._open[path] = Draft(path, name, self._project, order)
        draft = self._open[path]
        draft.refresh()
        return draft

    def changed(self, path: Path) -> bool:
        """Tell whether a file has a draft that is not saved."""
        return path in self._open and self._open[path].changed


def _read(path: Path) -> str:
    """Return a file's text; raises HandoutError."""
    try:
        return source_files.read(path, _MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise HandoutError([Problem("unreadable", reason, path, hint=READ_HINT)]) from error
