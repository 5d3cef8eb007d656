"""A YAML file that is edited in places: comments, order and form of all the rest stay as their author wrote them."""

import difflib
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString, ScalarString

Location = tuple[int | str, ...]
# Longer texts are folded, as in the files that this program makes; ruamel keeps the folds of what it read.
_LONG, _WIDTH = 96, 100
# Of items, lines, revisions, times a day; Python takes no number of thousands of digits.
_MOST_DIGITS = 9


class EditError(Exception):
    """An edit cannot be done: its place is not there any more, or the file is no YAML."""


def location(pointer: str) -> Location:
    """Return the place that a JSON pointer (RFC 6901) means."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return tuple(part if (number := whole_number(part)) is None else number for part in parts)


def whole_number(text: str) -> int | None:
    """Return a number that a browser has sent; None for what is none, or larger than any that is meant."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def pointer(place: Sequence[int | str]) -> str:
    """Return a place as a JSON pointer."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)


class Document:
    """The text of a file and its values."""

    def __init__(self, text: str, order: Sequence[str] = ()) -> None:
        """Read a text; raises EditError where it is no YAML or no mapping.

        ``order`` is the order of keys in which new ones take their places.
        """
        self.text = text
        self._order = {name: number for number, name in reversed([*enumerate(order)])}
        self._yaml = YAML()
        self._yaml.preserve_quotes = True
        self._yaml.width = 4096
        mapping, offset = _indents(text)
        self._yaml.indent(mapping=mapping, sequence=offset + 2, offset=offset)
        self._root = self._load(text)
        self._behind = False
        """Whether words were put in the text that was not read anew for them."""
        self._made = False
        """Whether holders were made that are not in the text yet."""

    @property
    def value(self) -> Any:
        """The plain values."""
        return _plain(self._root)

    def at(self, place: Sequence[int | str]) -> Any:
        """Return the plain value at a place, None where there is none."""
        try:
            return _plain(self._node(place))
        except EditError:
            return None

    def set(self, place: Sequence[int | str], value: Any) -> None:
        """Put a value at a place; None removes the key or item. Raises EditError."""
        if value is None:
            self.remove(place)
            return
        if self._type(place, value):
            return
        self._catch_up()
        holder, key = self._holder(place), place[-1]
        if isinstance(holder, CommentedSeq):
            if not isinstance(key, int) or key > len(holder):
                raise EditError(pointer(place))
            if key == len(holder):
                holder.append(_node(value))
            else:
                holder[key] = _like(holder[key], value)
        elif key in holder:
            new = _like(holder[key], value)
            text = self._with_scalar(holder, key, new)
            holder[key] = new
            if text and self._take(text):
                return
        else:
            if _in_lines(holder) and not self._made:
                # The first key of an item stands behind its dash: nothing goes before it.
                first, *others = holder
                before = [first, *(one for one in others if self._rank(one) <= self._rank(key))][-1]
                rows = self._put(self._span(holder, before)[1], self._lines({key: _node(value)}, holder.lc.col))
                holder[key] = _node(value)
                if self._take(rows):
                    return
            holder[key] = _node(value)
        self._written()

    def insert(self, place: Sequence[int | str], value: Any) -> None:
        """Put an item before the one at a place, or behind the last; raises EditError."""
        self._catch_up()
        holder, index = self._holder(place), place[-1]
        if not isinstance(holder, CommentedSeq) or not isinstance(index, int) or not 0 <= index <= len(holder):
            raise EditError(pointer(place))
        if holder and _in_lines(holder) and not self._made:
            new = self._lines([_node(value)], holder.lc.col)
            spans = [self._span(holder, number) for number in range(len(holder))]
            loose = len(spans) > 1 and any(self._blank_before(start) for start, _ in spans[1:])
            gap = ["\n"] if loose else []
            if index < len(spans):
                rows = self._put(spans[index][0], [*new, *gap])
            else:
                rows = self._put(spans[-1][1], [*gap, *new])
            holder.insert(index, _node(value))
            if self._take(rows):
                return
        else:
            holder.insert(index, _node(value))
        self._written()

    def remove(self, place: Sequence[int | str]) -> None:
        """Remove what stands at a place, and what comes to hold nothing by that; raises EditError."""
        self._catch_up()
        holder, key = self._node(place[:-1]), place[-1]
        if isinstance(holder, CommentedSeq) and not (isinstance(key, int) and key < len(holder)):
            raise EditError(pointer(place))
        if isinstance(holder, CommentedMap) and key not in holder:
            return
        if len(holder) == 1 and len(place) > 1 and isinstance(place[-2], str):
            self.remove(place[:-1])
        elif _in_lines(holder) and len(holder) > 1:
            start, end = self._span(holder, key)
            if isinstance(holder, CommentedMap):
                start = holder.lc.key(key)[0]
            rows = self.text.splitlines(keepends=True)
            behind_dash = isinstance(holder, CommentedMap) and "- " in rows[start][: holder.lc.col]
            del rows[start:end]
            # Of the blank lines before and behind it one set stays.
            while start and start < len(rows) and not rows[start].strip() and not rows[start - 1].strip():
                del rows[start]
            del holder[key]
            if behind_dash or not self._take("".join(rows)):
                self._written()
        else:
            del holder[key]
            self._written()

    def move(self, place: Sequence[int | str], to: int) -> None:
        """Move an item of a list; comments before it go along. Raises EditError."""
        self._catch_up()
        holder, index = self._node(place[:-1]), place[-1]
        if not isinstance(holder, CommentedSeq) or not isinstance(index, int) or not 0 <= to < len(holder):
            raise EditError(pointer(place))
        if not _in_lines(holder):
            holder.insert(to, holder.pop(index))
            self._written()
            return
        rows = self.text.splitlines(keepends=True)
        spans = [self._span(holder, number) for number in range(len(holder))]
        parts = [rows[start:end] for start, end in spans]
        gaps = [rows[end:start] for (_, end), (start, _) in pairwise(spans)]
        parts.insert(to, parts.pop(index))
        between = [*gaps, []]
        body = [row for part, gap in zip(parts, between, strict=True) for row in (*_ended(part), *gap)]
        moved = "".join((*rows[: spans[0][0]], *body, *rows[spans[-1][1] :]))
        holder.insert(to, holder.pop(index))
        if not self._take(moved):
            self._written()

    def _type(self, place: Sequence[int | str], value: Any) -> bool:
        """Put other words in the lines of the old ones, where nothing else is other by that; tell whether it was done.

        To read the whole text anew takes longer than all else that the server does for a key of the keyboard.
        """
        try:
            holder = self._node(place[:-1])
        except EditError:
            return False
        key = place[-1] if place else None
        if not (isinstance(value, str) and isinstance(holder, CommentedMap) and isinstance(holder.get(key), str)):
            return False
        if not (text := self._with_scalar(holder, key, _like(holder[key], value))):
            return False
        (first, column), (_, end) = holder.lc.key(key), self._span(holder, key)
        before, rows = self.text.splitlines(keepends=True), text.splitlines(keepends=True)
        more = len(rows) - len(before)
        # An anchor is meant elsewhere; the blank lines that follow belong to words with a plus before them.
        beyond = before[first].partition(":")[2].lstrip().startswith("&") or rows[first].rstrip().endswith("+")
        new = _alone(key, " " * column + "".join(rows[first : end + more])[column:])
        if beyond or new != value or type(new) is not type(holder[key]):
            return False
        holder[key] = new
        if more:
            _shift(self._root, first, more)
        self.text, self._behind = text, True
        return True

    def _catch_up(self) -> None:
        """Read the text anew where words were put in it without that."""
        if self._behind:
            self._root, self._behind = self._load(self.text), False

    def _with_scalar(self, holder: CommentedMap, key: Any, new: Any) -> str:
        """Return the text with another single value of a key; empty where that is more than a change of its lines."""
        single = not isinstance(new, (Mapping, list)) and not isinstance(holder[key], (Mapping, list))
        if not single or self._made or not _in_lines(holder):
            return ""
        (first, column), end = holder.lc.key(key), self._span(holder, key)[1]
        rows = self.text.splitlines(keepends=True)
        if "#" in "".join(rows[first:end]):  # there may be a comment behind it
            return ""
        lines = self._lines({key: new}, column)
        lines[0] = rows[first][:column] + lines[0][column:]  # a dash may stand before the first key of an item
        return "".join((*rows[:first], *lines, *rows[end:]))

    def _rank(self, key: Any) -> int:
        return self._order.get(str(key), len(self._order))

    def _span(self, holder: Any, key: Any) -> tuple[int, int]:
        """Return the first line of a key or item, comments before it included, and the one behind its last."""
        keys = list(range(len(holder))) if isinstance(holder, CommentedSeq) else list(holder)
        number = keys.index(key)
        rows = self.text.splitlines()
        start = self._start(holder, key, rows)
        if number + 1 < len(keys):
            end = self._start(holder, keys[number + 1], rows)
        else:
            first = holder.lc.item(key)[0] if isinstance(holder, CommentedSeq) else holder.lc.key(key)[0]
            column, end = holder.lc.col, first + 1
            listed = isinstance(holder, CommentedSeq)
            while end < len(rows) and (_deeper(rows[end], column, listed=listed) or not rows[end].strip()):
                end += 1
        while end > start + 1 and not rows[end - 1].strip():
            end -= 1
        return start, end

    def _start(self, holder: Any, key: Any, rows: Sequence[str]) -> int:
        """Return the line on which a key or item begins: that of the comment before it."""
        line = int((holder.lc.item(key) if isinstance(holder, CommentedSeq) else holder.lc.key(key))[0])
        first = holder.lc.line
        column = len(rows[line]) - len(rows[line].lstrip())
        while line > first and (above := rows[line - 1]).lstrip().startswith("#"):
            if len(above) - len(above.lstrip()) < column:
                break
            line -= 1
        return line

    def _blank_before(self, line: int) -> bool:
        rows = self.text.splitlines()
        return line > 0 and not rows[line - 1].strip()

    def _lines(self, node: Any, column: int) -> list[str]:
        """Return the lines of a new key or item."""
        file = io.StringIO()
        yaml = YAML()
        yaml.width = 4096
        offset = 0 if isinstance(node, list) else self._yaml.sequence_dash_offset or 0
        inner = self._yaml.sequence_dash_offset or 0
        yaml.indent(mapping=self._yaml.map_indent or 2, sequence=inner + 2, offset=inner)
        yaml.dump({"x": node} if isinstance(node, list) else node, file)
        rows = file.getvalue().splitlines(keepends=True)
        if isinstance(node, list):
            rows, offset = rows[1:], inner
        else:
            offset = 0
        return [" " * column + row[offset:] if row.strip() else row for row in rows]

    def _put(self, line: int, new: Sequence[str]) -> str:
        """Return the text with new lines in it."""
        rows = self.text.splitlines(keepends=True)
        if line and line <= len(rows) and not rows[line - 1].endswith("\n"):
            rows[line - 1] += "\n"
        return "".join((*rows[:line], *new, *rows[line:]))

    def _take(self, text: str) -> bool:
        """Take a text that was changed line by line, if it holds what the values are now; tell whether."""
        try:
            root = self._load(text)
        except EditError:
            return False
        if _plain(root) != self.value:
            return False
        self.text, self._root, self._made = text, root, False
        return True

    def _load(self, text: str) -> Any:
        try:
            root = self._yaml.load(text)
        except (YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f"line {mark.line + 1}: " if mark else ""
            raise EditError(f"{where}{getattr(error, 'problem', None) or error}") from error
        if root is None:
            root = CommentedMap()
        if not isinstance(root, CommentedMap):
            raise EditError("the file holds no keys")
        return root

    def _node(self, place: Sequence[int | str]) -> Any:
        node = self._root
        for part in place:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError) as error:
                raise EditError(pointer(place)) from error
        return node

    def _holder(self, place: Sequence[int | str]) -> Any:
        """Return what holds a place; mappings and lists on the way are made."""
        node: Any = self._root
        for part, following in pairwise(place):
            missing = isinstance(node, CommentedMap) and node.get(part) is None
            missing = missing or (isinstance(node, CommentedSeq) and part == len(node))
            if missing:
                made = CommentedSeq() if isinstance(following, int) else CommentedMap()
                self._made = True
                if isinstance(node, CommentedSeq):
                    node.append(made)
                else:
                    node[part] = made
            elif isinstance(node, CommentedMap) and not isinstance(node[part], (CommentedMap, CommentedSeq)):
                raise EditError(pointer(place))
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError) as error:
                raise EditError(pointer(place)) from error
        if not isinstance(node, (CommentedMap, CommentedSeq)):
            raise EditError(pointer(place))
        return node

    def _written(self) -> None:
        """Take the changes over into the text, and nothing else."""
        wanted = self.value
        before = _dumped(self._yaml, self._load(self.text))
        now = _dumped(self._yaml, self._root)
        text = now if before == self.text else _patched(self.text, before, now)
        try:
            fits = _plain(self._load(text)) == wanted
        except EditError:
            fits = False
        self.text = text if fits else now
        self._root, self._made = self._load(self.text), False


def _indents(text: str) -> tuple[int, int]:
    """Return by how much a text indents keys below keys, and dashes below keys."""
    mapping, offset = 2, 2
    found = set()
    rows = [row for row in text.splitlines() if row.strip() and not row.lstrip().startswith("#")]
    for above, row in pairwise(rows):
        if above.rstrip().endswith(":"):
            deeper = len(row) - len(row.lstrip()) - (len(above) - len(above.lstrip(" -")))
            dashed = row.lstrip().startswith("- ")
            if dashed not in found and deeper >= (0 if dashed else 1):
                found.add(dashed)
                mapping, offset = (mapping, deeper) if dashed else (deeper, offset)
    return mapping, offset


def _in_lines(holder: Any) -> bool:
    """Tell whether each key or item of a holder has lines of its own, as those that are there from the start have."""
    return bool(bool(holder) and not holder.fa.flow_style() and holder.lc.data is not None)


def _alone(key: Any, lines: str) -> Any:
    """Return the value of a key as it is read from its own lines; None where they hold anything else."""
    yaml = YAML()
    yaml.preserve_quotes = True
    try:
        read = yaml.load(lines)
    except (YAMLError, ValueError):
        return None
    return read[key] if isinstance(read, Mapping) and list(read) == [key] else None


def _shift(node: Any, line: int, by: int) -> None:
    """Let everything in a node that begins below a line begin so many lines further down."""
    if not isinstance(node, (CommentedMap, CommentedSeq)):
        return
    if node.lc.line is not None and node.lc.line > line:
        node.lc.line += by
    for places in (node.lc.data or {}).values():
        places[::2] = [place + by if place > line else place for place in places[::2]]
    for item in node.values() if isinstance(node, CommentedMap) else node:
        _shift(item, line, by)


def _deeper(row: str, column: int, *, listed: bool) -> bool:
    """Tell whether a line belongs to a key or item that begins in a column."""
    indent = len(row) - len(row.lstrip(" "))
    return (
        indent > column or (row.lstrip().startswith("#") and indent > column) or (not listed and _dashed(row, column))
    )


def _dashed(row: str, column: int) -> bool:
    """Tell whether a line is an item in the column of the key that holds it."""
    return row[column : column + 2] in ("- ", "-") and not row[:column].strip()


def _ended(rows: Sequence[str]) -> Sequence[str]:
    """Return lines of which the last one is ended, too."""
    return rows if not rows or rows[-1].endswith("\n") else [*rows[:-1], rows[-1] + "\n"]


def _dumped(yaml: YAML, root: Any) -> str:
    file = io.StringIO()
    yaml.dump(root, file)
    return file.getvalue()


def _patched(text: str, before: str, now: str) -> str:
    """Return a text with the changes between two others, of which the first has its lines in another form."""
    ours, old, new = (part.splitlines(keepends=True) for part in (text, before, now))
    place = {}  # where each line of the old form begins in ours
    for _, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, ours, autojunk=False).get_opcodes():
        for offset in range(i2 - i1):
            place[i1 + offset] = j1 + min(offset, j2 - j1)
    place[len(old)] = len(ours)
    changes = [
        code for code in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    for _, i1, i2, j1, j2 in reversed(changes):
        ours[place[i1] : place[i2]] = new[j1:j2]
    return "".join(ours)


def _plain(node: Any) -> Any:
    """Return what a node holds as plain values."""
    if isinstance(node, Mapping):
        return {str(key): _plain(item) for key, item in node.items()}
    if isinstance(node, (list, tuple)):
        return [_plain(item) for item in node]
    if isinstance(node, ScalarString):
        return str(node)
    return node


def _like(old: Any, value: Any) -> Any:
    """Return a new value in the form that the old one has."""
    if isinstance(value, str) and isinstance(old, str):
        if isinstance(old, FoldedScalarString) or (_long(value) and not isinstance(old, LiteralScalarString)):
            return _folded(value)
        if isinstance(old, ScalarString) and "\n" not in value:
            return type(old)(value)
    if isinstance(value, list) and isinstance(old, CommentedSeq) and all(isinstance(item, str) for item in value):
        # What stays the same keeps its form and its comments.
        made = _node(value)
        if old.fa.flow_style():
            made.fa.set_flow_style()
        kept = {str(item): item for item in old if isinstance(item, str)}
        for index, item in enumerate(value):
            if item in kept:
                made[index] = kept[item]
        return made
    return _node(value)


def _node(value: Any) -> Any:
    """Return plain values as they are written anew."""
    if isinstance(value, Mapping):
        made = CommentedMap()
        for key, item in value.items():
            made[key] = _node(item)
        return made
    if isinstance(value, (list, tuple)):
        return CommentedSeq(_node(item) for item in value)
    if isinstance(value, str):
        if _long(value):
            return _folded(value)
        if "\n" in value:
            return LiteralScalarString(value if value.endswith("\n") else value + "\n")
    return value


def _long(text: str) -> bool:
    return len(text) > _LONG and "\n" not in text.strip("\n")


def _folded(text: str) -> Any:
    """Return a text as YAML folds it, in lines of a width that one can read."""
    if "\n" in text.strip("\n") or text != text.strip() or "  " in text or not _long(text):
        return LiteralScalarString(text) if "\n" in text else text
    made: Any = FoldedScalarString(text)
    made.fold_pos = list(_breaks(text))
    return made


def _breaks(text: str) -> Iterator[int]:
    """Yield the blanks at which a text is broken."""
    start, last = 0, -1
    for place, character in enumerate(text):
        if character == " ":
            if place - start > _WIDTH and last > start:
                yield last
                start = last + 1
            last = place
    if len(text) - start > _WIDTH and last > start:
        yield last
