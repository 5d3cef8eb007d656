"""Texts on their way to translators and back: packed, compared with what they come back to, and put in their places."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from handout_builder import source_files
from handout_builder.content import loader, shared_texts
from handout_builder.content.tables import Table, csv_with
from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import READ_HINT, HandoutError, Problem, Severity, first, suggestion
from handout_builder.text import characters, language
from handout_builder.translation import beginning, freshness, parity, po, review, xliff, yaml_edit
from handout_builder.translation.blocks import Block, blocks
from handout_builder.translation.pairs import Pair
from handout_builder.translation.units import Package, Text, Unit, texts_of

_MOST_BYTES = 8_000_000
"""Ten times what all that is shipped takes."""
_MOST_UNITS = 20_000
# Of another project's file each text is one, and what it may have meant is looked for among all of ours, in 0.2 s.
_MOST_STRANGERS = 20
# Words in braces that the program fills in; in the Markdown of handouts {lang=ja} tells a language.
_FILLED = re.compile(r"\{[\w.]*\}")

_ALIGN = "or let the program do it: make_handout.py translations --align"
_COMPARE = "let a qualified person compare all of it with the original, then say so in the file"

_UNREADABLE = ("unreadable", READ_HINT)


@dataclass(frozen=True)
class _Form:
    """A kind of file."""

    written: Callable[[Package], bytes]
    read: Callable[[str, Path], Package]


_FORMS = {
    ".po": _Form(po.written, po.read),
    ".xlf": _Form(xliff.written, xliff.read),
    ".xliff": _Form(xliff.written, xliff.read),
}


@dataclass
class Arrival:
    """What came back, ready to be written."""

    files: dict[Path, bytes] = field(default_factory=dict)
    """Those that are not as they were."""
    changed: int = 0
    """Texts that say something else than before."""
    done: int = 0
    """Blocks that say what their originals say now, as a person stands for it."""
    left: int = 0
    """Blocks that do not."""
    notes: list[Problem] = field(default_factory=list)


def packed(root: Path, pairs: Iterable[Pair], path: Path) -> tuple[bytes, Package]:
    """Return translations as a file of the kind that its name tells, and what is in it.

    Raises HandoutError for another kind of file, where nothing is to be translated, and where a translation is built
    otherwise than its original, so that nobody can tell which text belongs to which.
    """
    form, chosen = _form(path), list(pairs)
    if not chosen:
        raise HandoutError([Problem("exchange", "there is nothing to translate", path, hint="name a handout")])
    problems = [problem for pair in chosen for problem in _built_otherwise(pair)]
    if problems:
        raise HandoutError(first(problems))
    units = tuple(unit for pair in chosen for unit in _units(root, pair))
    langs = {pair.langs for pair in chosen}
    if len(langs) > 1:
        message = "one file has one language and one original language"
        raise HandoutError([Problem("exchange", message, path, hint="name one language with --lang, and one handout")])
    package = Package(*langs.pop(), units)
    return form.written(package), package


def _form(path: Path) -> _Form:
    form = _FORMS.get(path.suffix.lower())
    if not form:
        hint = f"a name that ends in {', '.join(_FORMS)}"
        raise HandoutError([Problem("exchange", "this is no kind of file for translators", path, hint=hint)])
    return form


def _built_otherwise(pair: Pair) -> Iterator[Problem]:
    """Yield what a translation has that its original has not, and where both are not built alike."""
    wanted, there, known = texts_of(pair.original), texts_of(pair.translated), blocks(pair.translated)
    for name, text in there.items():
        if name not in wanted:
            line, hint = pair.translated.line(text.at), f"compare it with {pair.original.path.name}; {_ALIGN}"
            yield Problem("translation-differs", f"{name} is not in the original", pair.translated.path, line, hint)
    for name, text in wanted.items():
        if name not in there and text.block.name in known:
            line = pair.translated.line(known[text.block.name].at)
            hint = f"put it there, as in {pair.original.path.name}:{pair.original.line(text.at)}; {_ALIGN}"
            yield Problem("translation-differs", f"{name} is not here", pair.translated.path, line, hint)


def _units(root: Path, pair: Pair) -> Iterator[Unit]:
    there = texts_of(pair.translated)
    stale = {block.name for block in freshness.stale(pair.original, pair.translated)}
    prefix, place = _inside(root, pair.translated.path), _inside(root, pair.original.path)
    for name, text in texts_of(pair.original).items():
        target = there[name].value if name in there else ""
        if target == text.value and text.block.name in stale:
            target = ""  # put in by --align, and not translated yet
        done = bool(target) and pair.by_person and text.block.name not in stale
        yield Unit(f"{prefix}#{name}", text.value, target, done, f"{place}:{pair.original.line(text.at)}")


def _inside(root: Path, path: Path) -> str:
    """Return the path of a file inside the folder of the handouts; raises HandoutError for one elsewhere."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        hint = f"copy the program's own 'shared' and 'points' into {root}, or name a handout"
        raise HandoutError([Problem("exchange", "it does not lie beside the handouts", path, hint=hint)]) from None


def unpacked(path: Path) -> Package:
    """Return what a translator sends back; raises HandoutError for what cannot be read, or is too much."""
    form = _form(path)
    try:
        data = source_files.read(path, _MOST_BYTES)
    except OSError as error:
        large = isinstance(error, source_files.TooLargeError)
        code, hint = ("too-large", "take what was exported, with its translations alone") if large else _UNREADABLE
        raise HandoutError([Problem(code, error.strerror or str(error), path, hint=hint)]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise HandoutError([Problem("encoding", "the file is not UTF-8", path, line, "save it as UTF-8")]) from error
    package = form.read(text, path)
    seen: dict[str, int] = {}
    twice = []
    for unit in package.units:
        if seen.setdefault(unit.name, unit.line) != unit.line:
            message = f"{unit.name} appears twice, first in line {seen[unit.name]}"
            twice.append(Problem("exchange", message, path, unit.line, "keep one of them"))
    if twice:
        raise HandoutError(first(twice))
    if len(package.units) > _MOST_UNITS:
        message = f"more than {_MOST_UNITS:,} texts in one file"
        raise HandoutError([Problem("too-large", message, path, hint="make two of it")])
    return package


def arrived(root: Path, pairs: Sequence[Pair], package: Package, path: Path, today: date) -> Arrival:
    """Return the files that a package makes of translations.

    Raises HandoutError where one of its texts would break them, each with its line in the package: nothing is written
    then. A text whose original has changed since is left out, and told.
    """
    arrival, problems = Arrival(), first(_strangers(root, pairs, package, path), _MOST_STRANGERS)
    for owner in dict.fromkeys(pair.owner for pair in pairs):
        group = [pair for pair in pairs if pair.owner == owner]
        units = {pair.name: _mine(root, pair, package) for pair in group}
        if not any(units.values()):
            continue
        works = [_Work(root, pair, units[pair.name], path, today) for pair in group]
        for work in works:
            problems += work.problems
            arrival.notes += work.notes
        if not problems:
            _finish(works, package, today, arrival, path)
    if problems:
        raise HandoutError(first(problems))
    return arrival


def _mine(root: Path, pair: Pair, package: Package) -> dict[str, Unit]:
    prefix = f"{_inside(root, pair.translated.path)}#"
    return {unit.name.removeprefix(prefix): unit for unit in package.units if unit.name.startswith(prefix)}


def _strangers(root: Path, pairs: Sequence[Pair], package: Package, path: Path) -> Iterator[Problem]:
    """Yield units that belong to no text."""
    known = {f"{_inside(root, pair.translated.path)}#{name}" for pair in pairs for name in texts_of(pair.original)}
    for unit in package.units:
        if unit.name not in known:
            hint = suggestion(unit.name, known, "export the texts anew")
            yield Problem("exchange", f"there is no text '{unit.name}'", path, unit.line, hint)


class _Work:
    """One file on its way from what it was to what came back."""

    def __init__(self, root: Path, pair: Pair, units: Mapping[str, Unit], path: Path, today: date) -> None:
        self.root, self.pair, self.path, self.today = root, pair, path, today
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.wanted = texts_of(pair.original)
        self.before = texts_of(pair.translated)
        self.units = {name: unit for name, unit in units.items() if self._is_sound(name, unit)}
        self.file = pair.translated
        if not self.problems:
            try:
                self._fill()
            except HandoutError as error:
                self.problems += error.problems

    def _is_sound(self, name: str, unit: Unit) -> bool:
        """Tell whether a text can be taken; say what is wrong with it."""
        if name not in self.wanted or not unit.target.strip():
            return False
        if unit.source != self.wanted[name].value:
            message = f"{unit.name}: the original says something else by now, so this is left out"
            hint = "export the texts anew"
            self.notes.append(Problem("exchange-old", message, self.path, unit.line, hint, Severity.WARNING))
            return False
        if name in self.before and unit.target == self.before[name].value:
            return True
        found = [
            f"{told}; {hint}"
            for told, hint in (characters.told(odd, unit.target) for odd in characters.odd(unit.target))
        ]
        given, wanted = ({*_FILLED.findall(text)} for text in (unit.target, unit.source))
        if given != wanted:
            found.append(f"the words in braces are {_listed(given)}, not {_listed(wanted)}")
        found += parity.told(unit.source, unit.target, review.readers(self.root, self.pair.langs))
        self.problems += [
            Problem(
                "exchange-text", f"{unit.name}: {told}", self.path, unit.line, _compare(self.pair, self.wanted[name])
            )
            for told in found
        ]
        return not found

    def _fill(self) -> None:
        """Put the texts in their places, and parts that are not there yet."""
        if self.file.path.suffix == ".csv":
            self._fill_table()
            return
        if self.pair.is_new:
            self._begin()
        else:
            self._grow()
        places = texts_of(self.file)
        self.file = yaml_edit.with_texts(
            self.file, {places[name].at: unit.target for name, unit in self.units.items() if name in places}
        )
        self._refuse_what_breaks()

    def _fill_table(self) -> None:
        cells: dict[str, dict[str, str]] = {}
        for name, unit in self.units.items():
            _, key, column = name.split("/")
            cells.setdefault(key, {})[column] = unit.target
        self.file = review.in_blocks(Table(self.file.path, csv_with(self.file.text, cells)))

    def _begin(self) -> None:
        """Begin a translation as a copy of its original, all of whose texts are then replaced."""
        lacking = [name for name in self.wanted if name not in self.units]
        if lacking:
            message = f"{len(lacking)} of {len(self.wanted)} texts are not translated yet, {lacking[0]} first"
            hint = "a new handout begins when all of them are"
            raise HandoutError([Problem("exchange", message, self.path, hint=hint)])
        self.file = beginning.begun(self.pair.original, self.file.path, "machine", self.today)

    def _grow(self) -> None:
        """Put blocks that are new in the original into their places, if all of their texts have come."""
        known = blocks(self.file)
        waiting = [block for name, block in blocks(self.pair.original).items() if name not in known]
        for block in waiting:
            if block.name in blocks(self.file):  # it came with the section that it stands in
                continue
            there = self._missing(block)
            inside = [text for text in self.wanted.values() if text.at[: len(there)] == there]
            if all(text.name in self.units for text in inside):
                at = self._place(there[:-1])
                self.file = yaml_edit.with_part(self.file, at, self.pair.original, there)

    def _missing(self, block: Block) -> Location:
        """Return the outermost part of the original that holds a block and is not in the translation."""
        for length in range(1, len(block.at)):
            try:
                here = yaml_edit.value_at(self.file.value, self._place(block.at[:length]))
            except (KeyError, IndexError):
                return block.at[:length]
            if not here:
                return block.at[:length]
        return block.at

    def _place(self, there: Location) -> Location:
        """Return where a part of the original is in the translation: sections are known by their ids."""
        if there[:1] != ("sections",) or len(there) == 1:
            return there
        sections = yaml_edit.value_at(self.pair.original.value, ("sections",))
        wanted = sections[there[1]]["id"]
        index = [section["id"] for section in self.file.value["sections"]]
        if wanted not in index:
            raise KeyError(wanted)
        return ("sections", index.index(wanted), *there[2:])

    def _refuse_what_breaks(self) -> None:
        """Find what would be wrong with the file, and was not before, by the unit that brings it."""
        found = [*parity.differences(self.pair.original, self.file, None)]
        known: list[Problem] = []
        if not self.pair.is_new:
            known = [*parity.differences(self.pair.original, self.pair.translated, None)]
        if "sections" in self.file.value and _has_shared(self.root, self.pair.lang):
            found += self._loaded(self.file)
            known += [] if self.pair.is_new else self._loaded(self.pair.translated)
        before = Counter((problem.code, problem.message) for problem in known)
        lines = sorted((self.file.line(text.at), name) for name, text in texts_of(self.file).items())
        for problem in found:
            if before[problem.code, problem.message] > 0:
                before[problem.code, problem.message] -= 1
                continue
            name = next((name for line, name in reversed(lines) if line <= problem.line), "")
            if name in self.units:
                unit = self.units[name]
                message = f"{unit.name}: {problem.message}"
                problem = Problem(problem.code, message, self.path, unit.line, problem.hint)  # noqa: PLW2901
            self.problems.append(problem)

    def _loaded(self, file: YamlFile) -> list[Problem]:
        try:
            loader.load_text(file.path.parent, file.path.stem, file)
        except HandoutError as error:
            return list(error.problems)
        return []

    def digests(self) -> tuple[str, int, int]:
        """Return the table of what each block was made from, and how many are done, and not."""
        known = freshness.recorded(freshness.table(self.file.path))
        there, table, done, count = blocks(self.file), dict[str, str](), 0, 0
        texts_in = defaultdict[str, list[str]](list)
        for text in self.wanted.values():
            texts_in[text.block.name].append(text.name)
        for name, block in blocks(self.pair.original).items():
            now = freshness.digest(block)
            count += 1
            # What has no words is as it is in the original, or was refused.
            came = all(text in self.units and self.units[text].done for text in texts_in[name])
            if name in there and came:
                table[name], done = now, done + 1
            elif name in known:
                table[name] = known[name]
                done += known[name] == now and self.pair.by_person
        return freshness.as_table(table), done, count - done


def _finish(works: Sequence[_Work], package: Package, today: date, arrival: Arrival, path: Path) -> None:
    """Add the files of those who share one statement of who translated them, with that statement as it is now."""
    left = changed = 0
    tables: dict[Path, bytes] = {}
    for work in works:
        table, done, undone = work.digests()
        arrival.done, left = arrival.done + done, left + undone
        before = {name: text.value for name, text in work.before.items()}
        changed += sum(before.get(name) != unit.target for name, unit in work.units.items())
        tables[freshness.table(work.file.path)] = table.encode()
    owner = next(work for work in works if work.file.path == work.pair.owner)
    said: dict[str, str | None] = {}
    if not left and (changed or not owner.pair.by_person):
        said = {"by": "person", "date": today.isoformat()}
    if package.reviewed_by and not left:
        said["reviewed_by"] = yaml_edit.short(package.reviewed_by)
    elif changed and owner.pair.made.get("reviewed_by"):
        said["reviewed_by"] = None
        message = f"{owner.pair.made['reviewed_by']} has not compared the new words, and is not named any more"
        arrival.notes.append(Problem("exchange-review", message, owner.file.path, 0, _COMPARE, Severity.WARNING))
    if package.reviewed_by and left:
        message = f"{left} blocks are not done, so {package.reviewed_by} is not named as having reviewed all of them"
        arrival.notes.append(Problem("exchange-review", message, path, 0, _COMPARE, Severity.WARNING))
    owner.file = yaml_edit.with_keys(owner.file, ("translation",), said)
    texts_now = {
        work.file.path: work.file.text.encode() for work in works if work.file.text != work.pair.translated.text
    }
    arrival.files |= texts_now | {
        table: data for table, data in tables.items() if source_files.state(table) != sha256(data).hexdigest()
    }
    arrival.changed, arrival.left = arrival.changed + changed, arrival.left + left


def _has_shared(root: Path, lang: str) -> bool:
    return source_files.exists(shared_texts.shared_file(root, language.canonical(lang)))


def _compare(pair: Pair, text: Text) -> str:
    return f"compare it with {pair.original.path.name}:{pair.original.line(text.at)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
