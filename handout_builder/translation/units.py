"""The texts that a translator translates, one after another: each with a name that is the same in all languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from handout_builder.content import schema, texts
from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.translation import parity
from handout_builder.translation.blocks import Block, blocks

# The columns of tables of words, and keys under which a text stands that is short for keys and values.
_ALSO = frozenset(("where", "short", "name", "find", "columns", "fields"))


@dataclass(frozen=True)
class Unit:
    """One text on its way to a translator and back."""

    name: str
    """The file that the translation stands in, and the place there: ``knee-pain/ja.yaml#sections/rest/2/items/1``."""
    source: str
    target: str
    """Empty where nothing is translated yet."""
    done: bool = False
    """Whether a person stands for the translation of this source."""
    place: str = ""
    """Where the source stands: ``knee-pain/en.yaml:23``."""
    line: int = 0
    """Where the unit stands in the file that brought it."""


@dataclass(frozen=True)
class Package:
    """What goes to a translator, or comes back: units, and what the file says about all of them."""

    source: str
    """The language of the sources."""
    target: str
    units: tuple[Unit, ...]
    reviewed_by: str = ""
    """The qualified person who compared all of it with the sources, if the file names one."""


@dataclass(frozen=True)
class Text:
    """A text of a block."""

    block: Block
    name: str
    """The block's name, and the place in it, counted from 1: ``sections/rest/2/items/1``."""
    at: Location
    """Where it stands in its file."""
    value: str


def texts_of(file: YamlFile) -> dict[str, Text]:
    """Return the texts of a file that its readers read, by their names, in their order."""
    found = (text for block in blocks(file).values() for text in _in_block(block))
    return {text.name: text for text in found}


def _in_block(block: Block) -> Iterator[Text]:
    for at, value in _texts(block.value, ()):
        path = [str(part + 1) if isinstance(part, int) else part for part in at]
        # Of an item of a list the key is the list's; of a label, which has a name of its own, the table's.
        keys = [part for part in (*block.at, *at) if isinstance(part, str)][-2:]
        key = block.at[0] if not at and len(block.at) > 1 and isinstance(block.at[0], str) else keys[-1]
        if key not in parity.SAME | parity.FREE and _read() & {*keys}:
            yield Text(block, "/".join((block.name, *path)), (*block.at, *at), value)


@cache
def _read() -> frozenset[str]:
    return texts.keys(schema.Handout) | texts.keys(schema.Shared) | _ALSO


def _texts(value: Any, at: Location) -> Iterator[tuple[Location, str]]:
    """Yield the texts of a value; none of an index, or of what names its own language: it is not to be translated."""
    if isinstance(value, str):
        if value.strip():
            yield at, value
    elif isinstance(value, Mapping):
        if "lang" not in value and value.get("type") != "index":
            for key, part in value.items():
                yield from _texts(part, (*at, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _texts(part, (*at, index))
