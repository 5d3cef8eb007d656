"""YAML files as plain values with the line of every value, so that mistakes can be shown in place."""

import contextlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any, ClassVar

import yaml

from handout_builder import source_files
from handout_builder.errors import READ_HINT, HandoutError, Problem, first
from handout_builder.text import characters, east_asian

Location = tuple[int | str, ...]
# A handout of a hundred pages has fewer; each value of a text takes some ms of layout, and all of them ten seconds.
_MOST_BYTES = 300_000
_MOST_VALUES = 3_000
_DEEPEST = 20
# What libyaml can follow before it runs out of stack is some ten thousand; a text with few openings has no such depth.
_MOST_OPENINGS = 2000
# What YAML lets nowhere stand, not even in quotes (YAML 1.1, 5.1).
_NO_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPENINGS = ("[", "{", *(mark + blank for mark in "-?:" for blank in " \n"))

# What begins an item of a list in a text.
_ITEM = re.compile(r"\s*(?:[-*•]|[0-9]{1,2}[.)])\s")
_AGAIN = "write the value again"
_FLATTER = "move the inner lists and keys up: nothing here is so deep"


@dataclass(frozen=True)
class YamlFile:
    """A file's plain values (dict, list, str, int, bool, date, None) and where each stands."""

    path: Path
    value: Any
    lines: dict[Location, int]
    """The line, counted from 1, of each key or list item."""
    text: str
    cut: tuple[tuple[int, str], ...] = ()
    """What YAML takes for comments but may be the ends of texts, each with its line: ``Press #3`` is cut before it."""

    @cached_property
    def rows(self) -> list[str]:
        """The lines of the text."""
        return self.text.splitlines()

    @cached_property
    def starts(self) -> list[int]:
        """The lines on which keys and items begin, in their order."""
        return sorted(set(self.lines.values()))

    def with_values(self, value: Any) -> "YamlFile":
        """Return the file with other values in the same places."""
        return replace(self, value=value)

    def place(self, location: Location) -> Location:
        """Return a location without the parts that are no keys of the file: names that the validator puts in.

        Those too are passed over that are also a key: the type of a block of points has its cards under ``points``.
        """
        known: Location = ()
        for part, following in zip_longest(location, location[1:]):
            beside = (*known, following) in self.lines and (*known, part, following) not in self.lines
            if (*known, part) in self.lines and not beside:
                known = (*known, part)
        return known

    def changed(self, keys: Mapping[Location, str], values: Mapping[Location, Any]) -> "YamlFile":
        """Return the file with other keys at some places, and other values."""

        def called(place: Location) -> Location:
            return tuple(keys.get(place[: end + 1], part) for end, part in enumerate(place))

        def value(given: Any, place: Location) -> Any:
            if place in values:
                return values[place]
            if isinstance(given, dict):
                return {called((*place, key))[-1]: value(part, (*place, key)) for key, part in given.items()}
            if isinstance(given, list):
                return [value(part, (*place, number)) for number, part in enumerate(given)]
            return given

        lines = {called(place): line for place, line in self.lines.items()}
        return replace(self, value=value(self.value, ()), lines=lines)

    def line(self, location: Location, excerpt: str = "", row: int = 0) -> int:
        """Return the line of the value at ``location``, or of ``excerpt`` inside it, from a row of the text on."""
        line = self.lines.get(self.place(location), 1)
        if excerpt:
            for number, content in enumerate(self.rows[line - 1 + row :], start=line + row):
                if excerpt in content:
                    return number
        return line


def read_text(path: Path) -> str:
    """Return a source file's text in Unicode NFC; raises HandoutError when it cannot be read as UTF-8."""
    try:
        data = source_files.read(path, _MOST_BYTES)
    except source_files.TooLargeError as error:
        raise HandoutError([Problem("too-large", str(error.strerror), path, hint="make two of it")]) from error
    except OSError as error:
        raise HandoutError([Problem("unreadable", error.strerror or str(error), path, hint=READ_HINT)]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8"
        raise HandoutError([Problem("encoding", "the file is not UTF-8", path, line, hint)]) from error
    return characters.without_presentation(unicodedata.normalize("NFC", text))


_TEXT = "tag:yaml.org,2002:str"
# Plain words by the tags of their values: the form in which these are written, and the characters that they begin with.
_PLAIN = {
    "tag:yaml.org,2002:null": (r"(?:~|null|Null|NULL|)", ("", *"~nN")),
    "tag:yaml.org,2002:bool": (r"(?:true|True|TRUE|false|False|FALSE)", tuple("tTfF")),
    # Digits after a zero or a plus are no number, but a telephone's: 0555 123 without the blank. Nor are digits with
    # a point in them: no key takes a fraction, and as one 02.5550100 would be printed as 2.55501.
    "tag:yaml.org,2002:int": (r"-?(?:0|[1-9][0-9]*)", tuple("-0123456789")),
    "tag:yaml.org,2002:timestamp": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", tuple("0123456789")),
}
_FORMS = {_TEXT: re.compile(r".*", re.DOTALL), **{tag: re.compile(form) for tag, (form, _) in _PLAIN.items()}}
"""The tags that are used, each with the one form in which its values are written, with or without the tag."""

# libyaml reads ten times as fast as Python does; the wheels of PyYAML carry it, other builds may not.
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(PARSER):  # type: ignore[misc]
    """A loader whose plain words mean what YAML 1.2 says (core schema, 10.3): no and on are words, dates are dates."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, re.compile(f"^{form}$")) for tag, (form, firsts) in _PLAIN.items() if first in firsts]
        for first in ("", *"~nNtTfF-0123456789")
    }


# More than any telephone number has (ITU-T E.164: 15), and fewer than any reader of numbers stumbles over.
_MOST_DIGITS = 18
# Characters of a value in a report: enough to find it.
_MOST_SHOWN = 60


def read_yaml(path: Path, *, aliases: bool = False) -> YamlFile:
    """Read one YAML file; raises HandoutError with every place that is not plain YAML.

    With ``aliases`` a file of another program's format may repeat its values: ``*name``, and ``<<: *name``. With what
    they repeat it is no larger than others may be.
    """
    return yaml_file(path, read_text(path), aliases=aliases)


def yaml_file(path: Path, text: str, *, aliases: bool = False) -> YamlFile:
    """Return the values of a text that is called by a path; raises HandoutError as ``read_yaml`` does."""
    try:
        _refuse_depth(path, text)
        loader = _Loader(text)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(path, text, aliases=aliases) from error
    except yaml.reader.ReaderError as error:
        raise HandoutError([_unreadable(path, text)]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = str(error).splitlines()[0] if not isinstance(error, RecursionError) else "nested too deeply"
        hint = "check the indentation, and quote texts that hold ': ' or ' #'"
        raise HandoutError([Problem("yaml", message, path, hint=hint)]) from error
    reader = _Reader(path, text, loader, aliases=aliases)
    value = reader.value(root, ()) if root is not None else None
    file = YamlFile(path, value, reader.lines, text, tuple(reader.cut))
    if reader.problems:
        whole = reader.is_whole and not any(problem.code in _CUT_SHORT for problem in reader.problems)
        raise NoYamlError(first(dict.fromkeys(reader.problems)), file if whole else None)
    return file


# What is said of a text of which the rest is not read, or not where values are lacking.
_CUT_SHORT = ("too-large", "too-deep", "alias")


class NoYamlError(HandoutError):
    """A file that is no plain YAML, with all that is seen of why."""

    def __init__(self, problems: list[Problem], mended: YamlFile | None) -> None:
        super().__init__(problems)
        self.mended = mended
        """The file as it is when all hints are followed, without wrong values; None where that is not known."""


def _no_yaml(path: Path, text: str, *, aliases: bool) -> NoYamlError:
    """Return the error of a text that is no YAML, with all mistakes that can be told at once."""
    from handout_builder.content import yaml_mistakes  # noqa: PLC0415  # only for what is no YAML

    mistakes, mended = yaml_mistakes.every(text, _gave_up)
    problems = [Problem("yaml", each.message, path, each.line + 1, each.hint) for each in mistakes]
    file = None
    if mended is not None:
        try:
            file = yaml_file(path, mended, aliases=aliases)
        except NoYamlError as error:
            problems += error.problems
            file = error.mended
    return NoYamlError(problems, file)


def _gave_up(text: str) -> tuple[int, str] | None:
    """Return where the parser gives up on a text (a line, counted from 0), and what it says; None where it does not."""
    try:
        _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        opened = "quoted scalar" in (error.context or "")  # a quote that is not closed is noticed far below
        mark = error.context_mark if opened else error.problem_mark or error.context_mark
        return mark.line if mark else 0, " ".join(part for part in (error.context, error.problem) if part)
    return None


def _unreadable(path: Path, text: str) -> Problem:
    """Return the problem of a text with a character that no YAML may have."""
    if text.count("\0") * 3 > len(text):
        return Problem("encoding", "the file is UTF-16, not UTF-8", path, 1, "save the file as UTF-8")
    found = _NO_YAML.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 0
    message, hint = characters.told(found.group() if found else "\0", text)
    return Problem("control-character", message, path, line, hint)


def _refuse_depth(path: Path, text: str) -> None:
    """Refuse what nests so deeply that composing it would break the process; events are read without nesting."""
    if sum(map(text.count, _OPENINGS)) <= _MOST_OPENINGS:
        return
    depth = 0
    for event in yaml.parse(text, PARSER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > 2 * _DEEPEST:
            line = event.start_mark.line + 1 if event.start_mark else 0
            raise HandoutError([Problem("too-deep", f"more than {_DEEPEST} levels", path, line, _FLATTER)])


def _merges(key: yaml.Node) -> bool:
    """Tell whether a key is the sign that keys and values are repeated here (YAML 1.1, type ``merge``)."""
    return isinstance(key, yaml.ScalarNode) and key.value == "<<" and not key.style


class _Reader:
    """Walks the nodes and keeps each line; an alias is a node met twice, and counts each time."""

    def __init__(self, path: Path, text: str, constructor: Any, *, aliases: bool) -> None:
        self.path = path
        self.rows = text.splitlines()
        self.constructor = constructor
        self.aliases = aliases
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []
        self.seen: set[int] = set()
        self.values = self.repeated = 0
        self.scalars: dict[int, Any] = {}
        self.merged: dict[int, list[tuple[yaml.Node, yaml.Node]]] = {}
        self.around: set[int] = set()
        self.cut: list[tuple[int, str]] = []
        self.is_whole = True
        """Whether each key is what it is in the file."""

    def value(self, node: yaml.Node, location: Location) -> Any:
        if id(node) in self.seen and not self.aliases:
            return self.problem(node, "alias", "aliases (*name) are not used here", _AGAIN)
        self.seen.add(id(node))
        self.values += 1
        if self.values > _MOST_VALUES:
            if self.values == _MOST_VALUES + 1:
                self.problem(node, "too-large", f"more than {_MOST_VALUES:,} values in one file", "make two of it")
            return None
        if len(location) > _DEEPEST:
            return self.problem(node, "too-deep", f"more than {_DEEPEST} levels", _FLATTER)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar_once(node)
        if id(node) in self.around:
            return self.problem(node, "alias", "an alias (*name) stands in what it repeats", _AGAIN)
        self.around.add(id(node))
        value = self.mapping(node, location) if isinstance(node, yaml.MappingNode) else self.sequence(node, location)
        self.around.discard(id(node))
        return value

    def sequence(self, node: yaml.Node, location: Location) -> list[Any]:
        return [self.item(item, (*location, index)) for index, item in enumerate(node.value)]

    def item(self, node: yaml.Node, location: Location) -> Any:
        self.lines[location] = node.start_mark.line + 1
        return self.value(node, location)

    def mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in self.pairs(node):
            if isinstance(key_node, yaml.ScalarNode):
                self.readable(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            if not isinstance(key_node, yaml.ScalarNode):
                self.is_whole = False
                self.problem(
                    key_node,
                    "yaml",
                    "a key must be a word",
                    "write a word before the colon; quote one that begins with [ or {",
                )
            if key in result:
                self.problem(key_node, "duplicate-key", f"the key '{key}' appears twice", "keep one of them")
            self.lines[(*location, key)] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*location, key))
        return result

    def pairs(self, node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
        """Return keys and values, with those of ``<<: *name`` or of a list of such, whose keys stand nowhere before."""
        if not self.aliases or not any(_merges(key) for key, _ in node.value):
            return list(node.value)
        if id(node) in self.merged:
            return self.merged[id(node)]
        pairs = self.merged[id(node)] = [pair for pair in node.value if not _merges(pair[0])]
        known = {str(key.value) for key, _ in pairs}
        for key, value in node.value:
            for other in (value.value if isinstance(value, yaml.SequenceNode) else [value]) if _merges(key) else ():
                if not isinstance(other, yaml.MappingNode):
                    self.problem(key, "yaml", "'<<' repeats keys and values, and here is something else", _AGAIN)
                    continue
                for pair in self.pairs(other):
                    name = str(pair[0].value)
                    if not self.may_repeat(key, name):
                        return pairs
                    if name not in known:
                        pairs.append(pair)
                        known.add(name)
        return pairs

    def may_repeat(self, node: yaml.Node, text: str) -> bool:
        """Tell whether a text may be repeated: all that is, is no more than a file may have."""
        self.repeated += len(text) + 1
        if self.repeated > _MOST_BYTES:
            self.problem(node, "too-large", "aliases (*name) repeat more than a file may hold", _AGAIN)
        return self.repeated <= _MOST_BYTES

    def scalar_once(self, node: yaml.ScalarNode) -> Any:
        """Return a value; what is wrong with it is told where it stands, not where it is repeated."""
        if id(node) not in self.scalars:
            self.scalars[id(node)] = self.scalar(node)
        elif not self.may_repeat(node, node.value):
            return None
        return self.scalars[id(node)]

    def scalar(self, node: yaml.ScalarNode) -> Any:
        tag = str(node.tag)
        if tag not in _FORMS:
            short = tag.replace("tag:yaml.org,2002:", "!!")
            return self.problem(
                node,
                "yaml",
                f"the tag {short} is not used here",
                f"quote a text that begins with {short[0]}, or leave it out",
            )
        if not self.readable(node):
            return None
        kind = tag.rpartition(":")[2]
        if node.start_mark.line != node.end_mark.line and not node.style:
            self.hyphens(node)
        if node.start_mark.line != node.end_mark.line and node.style != "|":
            self.melted(node)
            node.value = east_asian.folded(node.value, self.written(node))
        if not node.style and tag == _TEXT and " #" in self.rows[min(node.end_mark.line, len(self.rows) - 1)]:
            self.comment(node)
        if _FORMS[tag].fullmatch(node.value) and (kind != "int" or len(node.value) <= _MOST_DIGITS):
            with contextlib.suppress(ValueError):  # a day that no calendar has
                return self.constructor.construct_object(node)
        shown = node.value if len(node.value) <= _MOST_SHOWN else f"{node.value[:_MOST_SHOWN]}…"
        if not _FORMS[tag].fullmatch(node.value):
            return self.problem(node, "yaml", f"'{shown}' cannot be read as {kind}", "quote it")
        if kind == "int":
            return self.problem(node, "yaml", f"'{shown}' is a number of more than {_MOST_DIGITS} digits", "quote it")
        hint = "look it up in a calendar; if it is no day, quote it"
        return self.problem(node, "yaml", f"'{shown}' is a day that no calendar has", hint)

    def hyphens(self, node: yaml.ScalarNode) -> None:
        """Refuse lines of a text that look like entries of a list: they stand deeper, and would be run into it."""
        for line in range(node.start_mark.line + 1, node.end_mark.line + 1):
            if line < len(self.rows) and self.rows[line].lstrip().startswith("- "):
                message = "this entry is taken for a part of the text above, as its hyphen stands deeper"
                hint = "begin it in the column of the entry above; or quote the text, if it is meant so"
                self.problems.append(Problem("yaml", message, self.path, line + 1, hint))

    def melted(self, node: yaml.ScalarNode) -> None:
        """Refuse what looks like paragraphs or entries in a text that YAML folds: it would be printed as one paragraph.

        Two blank lines make paragraphs, and what is indented more keeps its lines.
        """
        folded = node.style == ">"
        first, end = node.start_mark.line + folded, node.end_mark.line + (not folded)
        rows = ["", *self.rows[first:end]]
        base = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0) if folded else 0
        is_deeper = [folded and row[base : base + 1].isspace() for row in rows]
        items = [
            number
            for number in range(2, len(rows))
            if _ITEM.match(rows[number]) and rows[number - 1].strip() and not any(is_deeper[number - 1 : number + 1])
        ]
        numbered = sum(rows[number].lstrip()[0].isdigit() for number in items)
        if (folded and numbered < len(items)) or (node.style and len(items) > 1):
            message = "this item is run into the line above: a text with > or in quotes is one paragraph"
            hint = "write |- instead of > or quotes: it keeps lines; a dash may end the line above"
            self.problems.append(Problem("yaml", message, self.path, first + items[0], hint))
        for number in range(3, len(rows)):
            row, above, before = rows[number], rows[number - 1].strip(), rows[number - 2].strip()
            is_parted = row.strip() and not above and before and not any(is_deeper[number - 2 : number + 1])
            if is_parted and not _ITEM.match(row):
                message = "one blank line begins no paragraph here: a text with >, in quotes or with neither is one"
                hint = "write |- instead of > or quotes: it keeps paragraphs"
                self.problems.append(Problem("yaml", message, self.path, first + number, hint))
                return

    def readable(self, node: yaml.ScalarNode) -> bool:
        """Tell whether a text or key holds only what can be seen; say so where it does not."""
        found = len(self.problems)
        first_row, last_row = node.start_mark.line, node.end_mark.line + 1
        for character in characters.odd(node.value):
            rows = enumerate(self.rows[first_row:last_row], start=first_row + 1)
            line = next((number for number, row in rows if character in row), first_row + 1)
            message, hint = characters.told(character, node.value)
            self.problems.append(Problem("control-character", message, self.path, line, hint))
        return len(self.problems) == found

    def written(self, node: yaml.ScalarNode) -> list[str]:
        """Return the rows of a text as they are in the file, without what stands before and behind it."""
        start, end, quote = node.start_mark, node.end_mark, node.style if node.style in ("'", '"') else ""
        rows = self.rows[start.line : end.line]
        last = self.rows[end.line][: end.column] if end.line < len(self.rows) else ""
        return [rows[0][start.column + len(quote) :], *rows[1:], last.removesuffix(quote)]

    def comment(self, node: yaml.ScalarNode) -> None:
        """Note what YAML takes for a comment behind a text, where it may be the text's end.

        It is none where it looks like one: two blanks before the sign and one behind it, or behind a single word.
        """
        rest = self.rows[node.end_mark.line][node.end_mark.column :]
        looks_like_one = rest.lstrip().startswith("# ") and (rest.startswith("  ") or " " not in node.value)
        if rest.lstrip().startswith("#") and not looks_like_one:
            self.cut.append((node.end_mark.line + 1, rest.strip()))

    def problem(self, node: yaml.Node, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, self.path, node.start_mark.line + 1, hint))
