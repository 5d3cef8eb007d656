"""YAML changed in place: the texts that are new, and every other character as its author left it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import yaml

from handout_builder.content.yaml_reader import PARSER, Location, YamlFile, yaml_file
from handout_builder.errors import HandoutError, Problem
from handout_builder.intake.yaml_text import scalar
from handout_builder.text import language

_HEAD = re.compile(r"[|>][-+0-9]*(?P<remark>[ \t]+#[^\r\n]*)?")
_REMARK = re.compile(r"(?m)(?:^|[ \t])(#.*?)\r?$")
# Among others in brackets a text without quotes has none of YAML's signs.
_PLAIN = re.compile(r"[^\W\d_][\w .;…。、，；（）()/+-]*(?<! )")
_IN_BRACKETS = "write what stands in brackets with one entry a line"
_WORDS = re.compile(r"(?i)null|true|false")


class _Change(NamedTuple):
    """What takes the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


class _Node(NamedTuple):
    """A value in the text of a file."""

    node: Any
    """As PyYAML has read it."""
    depth: int
    """Columns before its key, or before the hyphen of its item."""
    in_brackets: bool


def with_texts(file: YamlFile, texts: Mapping[Location, str]) -> YamlFile:
    """Return a file with other texts at some places; comments, order and all else stay.

    Raises HandoutError where the result is no YAML that is read here.
    """
    wanted = {at: text for at, text in texts.items() if value_at(file.value, at) != text}
    if not wanted:
        return file
    nodes = dict(_nodes(file.text))

    def written(form: Callable[[str, _Node, str], str]) -> YamlFile:
        changes = [_replaced(file.text, nodes[at], form(file.text, nodes[at], text)) for at, text in wanted.items()]
        return yaml_file(file.path, _changed(file.text, changes))

    # What is written nicely is read again, and quoted where that says another thing.
    made = written(_as_before)
    return made if all(value_at(made.value, at) == text for at, text in wanted.items()) else written(_quoted)


def value_at(value: Any, at: Location) -> Any:
    """Return the part of a file's values that stands at a place."""
    for part in at:
        value = value[part]
    return value


def with_keys(file: YamlFile, at: Location, values: Mapping[str, str | None]) -> YamlFile:
    """Return a file with other short values in a mapping: changed, added at its end, or, where None, taken out."""
    for key, text in values.items():
        found = _nodes(file.text)
        node = dict(found)[at]
        assert isinstance(node.node, yaml.MappingNode), at
        file = yaml_file(file.path, _changed(file.text, _key_changed(file.text, node, key, text)))
    return file


def _key_changed(text: str, mapping: _Node, key: str, value: str | None) -> list[_Change]:
    pairs = mapping.node.value
    keys = [name.value for name, _ in pairs]
    ends = [_end(text, node) for _, node in pairs]
    if key in keys:
        index = keys.index(key)
        name, node = pairs[index]
        if value is not None:
            return [_Change(node.start_mark.index, ends[index], value)]
        if index and not mapping.node.flow_style:
            return [_line_removed(text, name.start_mark.index, ends[index], node)]
        if index:
            return [_Change(ends[index - 1], ends[index], "")]
        return [_Change(name.start_mark.index, pairs[1][0].start_mark.index, "")]
    if value is None:
        return []
    between = ", " if mapping.node.flow_style else _line_end(text) + " " * pairs[-1][0].start_mark.column
    return [_Change(ends[-1], ends[-1], f"{between}{key}: {value}")]


def with_key_named(file: YamlFile, at: Location, name: str) -> YamlFile:
    """Return a file in which the key at a place has another name."""
    root = dict(_nodes(file.text))[at[:-1]].node
    key = next(key for key, _ in root.value if key.value == at[-1])
    return yaml_file(file.path, _changed(file.text, [_Change(key.start_mark.index, key.end_mark.index, name)]))


def with_value(file: YamlFile, at: Location, value: Any) -> YamlFile:
    """Return a file with another value under a key: lists of mappings in lines, what else has parts in brackets.

    Remarks inside the value before it go above its key.
    """
    found = dict(_nodes(file.text))[at]
    node, line_end = found.node, _line_end(file.text)
    start, end = node.start_mark.index, _end(file.text, node)
    key = _key_line(file.text, at)
    written = in_brackets(value)
    if isinstance(value, list) and value and isinstance(value[0], Mapping) and not found.in_brackets:
        start = len(file.text[:start].rstrip())
        written = "".join(f"{line_end}{' ' * (found.depth + 2)}- {in_brackets(item)}" for item in value)
    moved = _Change(key, key, _remarks(file.text, node, key))
    return yaml_file(file.path, _changed(file.text, [moved, _Change(start, end, written)]))


def as_remark(file: YamlFile, key: str) -> YamlFile:
    """Return a file in which one of its first keys, with all that it holds, has become a remark."""
    root = dict(_nodes(file.text))[()].node
    name, node = next((name, node) for name, node in root.value if name.value == key)
    start, end = name.start_mark.index, _end(file.text, node)
    remark = re.sub(r"(?m)^(?=.)", "# ", file.text[start:end])
    return yaml_file(file.path, _changed(file.text, [_Change(start, end, remark)]))


def in_brackets(value: Any) -> str:
    """Return a value as it may stand anywhere, on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{short(str(key))}: {in_brackets(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_brackets, value))}]"
    return short(value) if isinstance(value, str) else json.dumps(value)


def without(file: YamlFile, keys: Iterable[str]) -> YamlFile:
    """Return a file without some of its first keys."""
    for key in keys:
        if key in file.value:
            changes = _key_changed(file.text, dict(_nodes(file.text))[()], key, None)
            file = yaml_file(file.path, _changed(file.text, changes))
    return file


def with_line(file: YamlFile, before: str, line: str) -> YamlFile:
    """Return a file with a line above one of its first keys."""
    root = dict(_nodes(file.text))[()].node
    start = next(key.start_mark.index for key, _ in root.value if key.value == before)
    return yaml_file(file.path, _changed(file.text, [_Change(start, start, line + _line_end(file.text))]))


def with_part(file: YamlFile, at: Location, like: YamlFile, there: Location) -> YamlFile:
    """Return a file with what stands in another one, copied to its place behind what stands before it there.

    ``at`` is the mapping or list of the file that it is added to, ``there`` the part of the other file. Raises
    HandoutError where one of the two is written in brackets.
    """
    return with_parts(file, like, [(at, there)])


def with_parts(file: YamlFile, like: YamlFile, parts: Sequence[tuple[Location, Location]]) -> YamlFile:
    """Return a file with several parts of another one, in this order: see ``with_part``."""
    nodes, source = dict(_nodes(file.text)), dict(_nodes(like.text))
    places: dict[int, str] = {}
    for at, there in parts:
        place, text = _part(file, nodes[at], at, like, source, there)
        # What goes in before the first part keeps it behind all of them; else one stands behind the other.
        places[place] = places.get(place, "") + text
    return yaml_file(file.path, _changed(file.text, [_Change(place, place, text) for place, text in places.items()]))


def _part(
    file: YamlFile, into: _Node, at: Location, like: YamlFile, source: Mapping[Location, _Node], there: Location
) -> tuple[int, str]:
    """Return where a part of another file goes, and its text there."""
    outer, part = source[there[:-1]].node, source[there]
    if into.node.flow_style or outer.flow_style or not into.node.value:
        message = f"'{there[-1]}' of {like.path.name} is not here, and cannot be put into brackets"
        raise HandoutError([Problem("translation-differs", message, file.path, file.line(at), _IN_BRACKETS)])
    if isinstance(outer, yaml.MappingNode):
        keys = [key.value for key, _ in outer.value]
        start = outer.value[keys.index(there[-1])][0].start_mark.index
        before = {key.value: node for key, node in into.node.value}
        earlier = [before[key] for key in keys[: keys.index(there[-1])] if key in before]
        column = into.node.value[0][0].start_mark.column
    else:
        start = _hyphen(like.text, part.node)
        earlier, column = into.node.value[: int(there[-1])], into.node.start_mark.column
    end = _line_end(file.text)
    copied = like.text[start : _end(like.text, part.node)].replace("\r\n", "\n")
    shift = column - (start - like.text.rfind("\n", 0, start) - 1)
    first, *rest = copied.split("\n")
    moved = end.join((first, *(_shifted(row, shift) for row in rest)))
    if earlier:
        return _end(file.text, earlier[-1]), f"{end}{' ' * column}{moved}"
    first_part = into.node.value[0]
    return (
        first_part[0] if isinstance(first_part, tuple) else into.node
    ).start_mark.index, f"{moved}{end}{' ' * column}"


def without_item(file: YamlFile, at: Location) -> YamlFile:
    """Return a file without an item of a list that has others, and without the comments between it and its neighbour.

    Raises HandoutError where the list is written in brackets.
    """
    items = dict(_nodes(file.text))[at[:-1]].node
    if items.flow_style:
        message = f"item {int(at[-1]) + 1} is not in the original, and cannot be taken out of brackets"
        raise HandoutError([Problem("translation-differs", message, file.path, file.line(at), _IN_BRACKETS)])
    index = int(at[-1])
    if index:
        change = _Change(_end(file.text, items.value[index - 1]), _end(file.text, items.value[index]), "")
    else:
        change = _Change(_hyphen(file.text, items.value[0]), _hyphen(file.text, items.value[1]), "")
    return yaml_file(file.path, _changed(file.text, [change]))


def with_copy(file: YamlFile, at: Location, like: YamlFile, there: Location) -> YamlFile:
    """Return a file with an item of a list copied from another file, and what it was before in comments below.

    Raises HandoutError where one of the two lists is written in brackets.
    """
    made = with_part(file, at[:-1], like, there)
    old = dict(_nodes(made.text))[*at[:-1], int(at[-1]) + 1].node
    start, end = _hyphen(made.text, old), _end(made.text, old)
    indent = start - made.text.rfind("\n", 0, start) - 1
    first, *rest = made.text[start:end].split("\n")
    rows = (f"{' ' * indent}# {row[indent:]}" if row.strip() else row for row in rest)
    return yaml_file(file.path, _changed(made.text, [_Change(start, end, "\n".join((f"# {first}", *rows)))]))


def _hyphen(text: str, item: yaml.Node) -> int:
    """Return where the hyphen of an item of a list stands."""
    return text.rindex("-", 0, item.start_mark.index)


def _shifted(row: str, columns: int) -> str:
    """Return a line with more blanks before it, or fewer."""
    return " " * columns + row if row and columns > 0 else row[-columns:] if columns < 0 else row


def short(text: str) -> str:
    """Return a text as a value that may stand anywhere."""
    return text if _PLAIN.fullmatch(text) and not _WORDS.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _nodes(text: str) -> Iterator[tuple[Location, _Node]]:
    root = yaml.compose(text, PARSER)
    assert root is not None
    yield from _parts(root, (), 0, in_brackets=False)


def _parts(node: yaml.Node, at: Location, depth: int, *, in_brackets: bool) -> Iterator[tuple[Location, _Node]]:
    yield at, _Node(node, depth, in_brackets)
    inside = in_brackets or bool(getattr(node, "flow_style", False))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _parts(value, (*at, key.value), key.start_mark.column, in_brackets=inside)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _parts(item, (*at, index), node.start_mark.column, in_brackets=inside)


def _end(text: str, node: yaml.Node) -> int:
    """Return where the characters of a value end: the last of its parts, without blank lines and comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _line_removed(text: str, start: int, end: int, node: Any) -> _Change:
    """Return what removes the lines of a key; remarks above it, in it and behind it stay."""
    start = text.rfind("\n", 0, start) + 1
    rest = text.find("\n", end)
    rest = len(text) if rest < 0 else rest
    return _Change(start, end if text[end:rest].strip() else rest + 1, _remarks(text, node, start))


def _key_line(text: str, at: Location) -> int:
    """Return where the line of a key begins."""
    keys = dict(_nodes(text))[at[:-1]].node.value
    start: int = next(key.start_mark.index for key, _ in keys if key.value == at[-1])
    return text.rfind("\n", 0, start) + 1


def _remarks(text: str, node: Any, line: int) -> str:
    """Return the remarks inside a mapping or list as lines to stand above the line that begins at ``line``."""
    if not isinstance(node, yaml.CollectionNode):
        return ""
    indent = re.match(r"[ \t]*", text[line:])
    depth = indent[0] if indent else ""
    found = _REMARK.findall(text[node.start_mark.index : _end(text, node)])
    return "".join(f"{depth}{remark}{_line_end(text)}" for remark in found)


def _replaced(text: str, node: _Node, written: str) -> _Change:
    start, end = node.node.start_mark.index, _end(text, node.node)
    if node.node.style in ("|", ">") and (head := _HEAD.match(text, start)) and head["remark"]:
        first, newline, rest = written.partition("\n")
        written = f"{first}{head['remark']}{newline}{rest}"
    return _Change(start, end, written.replace("\n", _line_end(text)))


def _as_before(text: str, node: _Node, value: str) -> str:
    """Return a text in the form that the one before it had, if it can have it."""
    style = node.node.style
    if style == "'" and "\n" not in value and "\t" not in value:
        return "'" + value.replace("'", "''") + "'"
    if style == '"' and "\n" not in value:
        return _quoted(text, node, value)
    if node.in_brackets:
        return short(value)
    if style == ">" and value == value.strip() and "\n" not in value and language.cjk_runs(value):
        return f">-\n{' ' * (node.depth + 2)}{value}"
    return "\n".join(scalar(value, node.depth + 2, node.node.start_mark.column - node.depth, folds=style == ">"))


def _quoted(_: str, __: _Node, value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _changed(text: str, changes: list[_Change]) -> str:
    for change in sorted(changes, reverse=True):
        text = text[: change.start] + change.text + text[change.end :]
    return text


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
