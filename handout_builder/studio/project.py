"""The project that the studio works on: its handouts, brands and languages, and what the studio keeps beside it."""

import contextlib
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from handout_builder import orders
from handout_builder.atomic_files import IN_PLACE, write_all
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.editions import DEFAULT, EDITIONS, Edition
from handout_builder.errors import HandoutError
from handout_builder.orders import NO_BRAND, Order
from handout_builder.resources import SOURCE, brand_file
from handout_builder.studio.jobs import Job
from handout_builder.watching import Signature, signature

STATE = Path(".handout-studio")
"""Where drafts and the last choice are kept, beside ``source/``."""
_HOME = Path("source")
_SECRET = 32


@dataclass(frozen=True)
class Entry:
    """A handout as it is listed."""

    name: str
    titles: Mapping[str, str]
    """By language."""
    folder: str = ""
    """Its name, where another handout has the same title; empty where the title tells which one it is."""

    def title(self, lang: str) -> str:
        """Return its title in a language, else in another one."""
        return self.titles.get(self.language(lang), self.name)

    def language(self, lang: str) -> str:
        """Return the language of the title that is told in a language; "" where it has none."""
        return lang if self.titles.get(lang) else next((own for own, title in self.titles.items() if title), "")


@dataclass(frozen=True)
class BrandEntry:
    """A brand as it is listed."""

    name: str
    title: str
    colour: str


@dataclass(frozen=True)
class Choice:
    """What is shown and printed."""

    handout: str
    lang: str
    brand: str
    edition: str

    @property
    def query(self) -> dict[str, str]:
        """The choice as parts of an address."""
        return {"handout": self.handout, "lang": self.lang, "brand": self.brand, "edition": self.edition}


class Project:
    """The folders and their contents, looked at anew with each question."""

    def __init__(self, root: Path | None = None, state: Path = STATE) -> None:
        """Take the source folder here, else the program's own."""
        self.root = root or orders.source_folder()
        self.state = state
        self._heads: dict[Path, tuple[Signature, Mapping[str, Any]]] = {}

    @property
    def own(self) -> bool:
        """Whether it is a project of the user's, in which files may be changed."""
        return self.root == _HOME or not self.root.resolve().is_relative_to(SOURCE.resolve())

    def handouts(self) -> list[Entry]:
        """Return the handouts by title."""
        found = []
        for name in orders.handouts(self.root):
            texts = {lang: self.root / name / f"{lang}.yaml" for lang in orders.languages(self.root / name)}
            titles = {lang: str(self._head(path).get("title") or "") for lang, path in texts.items()}
            found.append(Entry(name, dict(sorted(titles.items(), key=lambda item: (item[0] != "en", item[0])))))
        called = Counter(title for entry in found for title in set(entry.titles.values()))
        return [
            replace(one, folder=one.name) if any(called[title] > 1 for title in one.titles.values()) else one
            for one in sorted(found, key=lambda entry: entry.title("en").casefold())
        ]

    def handout(self, name: str) -> Entry | None:
        """Return a handout by name; None for anything else."""
        return next((entry for entry in self.handouts() if entry.name == name), None)

    def sections(self, name: str, lang: str) -> list[tuple[str, str, bool]]:
        """Return of a handout's sections in a language the id, the heading, and whether they have cards of points."""
        found = self._head(self.root / name / f"{lang}.yaml").get("sections")
        return [
            (str(one["id"]), str(one.get("heading") or ""), any(map(has_cards, one.get("blocks") or ())))
            for one in (found if isinstance(found, list) else ())
            if isinstance(one, dict) and one.get("id")
        ]

    def brands(self) -> list[BrandEntry]:
        """Return the brands by name."""
        return [entry for name in orders.brands(self.root) if (entry := self.brand(name))]

    def brand(self, name: str) -> BrandEntry | None:
        """Return a brand by name; None for anything else."""
        if name not in orders.brands(self.root):
            return None
        path = brand_file(self.root / "brands" / name)
        head = self._head(path) if path else {}
        meta, colours = _part(head, "meta"), _part(head, "color")
        told = meta.get("name")
        title = _part(meta, "name").get("short") or _part(meta, "name").get("full") or told or name
        colour = str(colours.get("primary") or "")
        colour = str(_part(colours, "palette").get(colour) or colour)
        return BrandEntry(name, str(title), colour)

    def brand_folder(self, name: str) -> Path | None:
        """Return the folder of a brand; None for no brand."""
        return self.root / "brands" / name if self.brand(name) else None

    def practitioners(self, name: str) -> list[str]:
        """Return who treats at a clinic."""
        path = brand_file(self.root / "brands" / name)
        told = _part(self._head(path), "meta").get("practitioner") if path else None
        people = told if isinstance(told, list) else [told] if told else []
        return [str(one.get("name", "")) if isinstance(one, dict) else str(one) for one in people]

    def languages(self) -> list[str]:
        """Return the languages that have shared texts, in which sheets can be made."""
        folders = (self.root / "shared", SOURCE / "shared")
        return sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})

    def choice(self, wanted: Mapping[str, str]) -> Choice | None:
        """Return the nearest choice that there is to a wanted one, else to the last one; None without handouts."""
        entries = {entry.name: entry for entry in self.handouts()}
        if not entries:
            return None
        last = self.last()
        handout = _first((wanted.get("handout"), last.get("handout")), entries)
        langs = list(entries[handout].titles)
        brands = [NO_BRAND, *orders.brands(self.root)]
        usual = brands[1] if len(brands) == 2 else NO_BRAND  # noqa: PLR2004  # the only clinic there is
        return Choice(
            handout,
            _first((wanted.get("lang"), last.get("lang"), "en"), langs),
            _first((wanted.get("brand"), last.get("brand"), usual), brands),
            _first((wanted.get("edition"), last.get("edition"), DEFAULT), EDITIONS),
        )

    def order(self, choice: Choice) -> Order:
        """Return the order for a choice."""
        edition: Edition = EDITIONS[choice.edition]
        return Order(self.root / choice.handout, choice.lang, self.brand_folder(choice.brand), (edition,))

    def first_job(self) -> Job | None:
        """Return the job of what is seen first: of the last choice, or the nearest; None without handouts."""
        choice = self.choice({})
        return Job(self.order(choice)) if choice else None

    def last(self) -> Mapping[str, str]:
        """Return what was chosen last."""
        try:
            told = json.loads((self.state / "last.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {k: v for k, v in told.items() if isinstance(v, str)} if isinstance(told, dict) else {}

    def remember(self, choice: Choice) -> None:
        """Keep a choice as the last one."""
        if dict(self.last()) != choice.query:
            with contextlib.suppress(HandoutError):  # who has no room can print all the same
                self.keep("last.json", json.dumps(choice.query).encode())

    def secret(self) -> bytes:
        """Return what only the users of this project have: by it pages know the program when it starts again."""
        path = self.state / "key"
        try:
            known = path.read_bytes()
        except OSError:
            known = b""
        if len(known) != _SECRET:
            known = secrets.token_bytes(_SECRET)
            with contextlib.suppress(HandoutError):  # else it is that of this run
                self.keep("key", known)
        return known

    def keep(self, name: str, data: bytes) -> None:
        """Keep a file beside the project, out of the reach of version control; raises HandoutError."""
        if not self.state.is_dir():
            write_all({self.state / ".gitignore": b"*\n"}, private=True, hint=IN_PLACE)
        write_all({self.state / name: data}, private=True, hint=IN_PLACE)  # drafts are their author's

    def folders(self) -> list[Path]:
        """Return where files lie from which pages are made."""
        return [self.root]

    def _head(self, path: Path) -> Mapping[str, Any]:
        """Return the values of a file, none where it cannot be read."""
        now = signature(path)
        if path not in self._heads or self._heads[path][0] != now:
            try:
                value = read_yaml(path).value
            except HandoutError:
                value = {}
            self._heads[path] = now, value if isinstance(value, dict) else {}
        return self._heads[path][1]


def has_cards(block: Any) -> bool:
    """Tell whether a block of a handout is one of point cards."""
    return isinstance(block, dict) and block.get("type") == "points" and isinstance(block.get("points"), list)


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = value.get(key)
    return part if isinstance(part, dict) else {}


def _first(wanted: Iterable[str | None], known: Iterable[str]) -> str:
    known = list(known)
    return next((name for name in wanted if name in known), known[0])
