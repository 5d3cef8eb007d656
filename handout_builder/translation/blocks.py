"""The blocks that a text is translated by: each has a name that is the same in all languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handout_builder.content.yaml_reader import Location, YamlFile

# What belongs to one language alone: who stands for its text, when it was written, what it is known by; and the months,
# which have numbers in Japanese.
_OWN = frozenset(
    (
        *(
            "accept",
            "address",
            "author",
            "editions",
            "emergency",
            "identifier",
            "look",
            "paper",
            "reviewed_by",
            "review_due",
        ),
        *("months", "revised", "sources", "subjects", "topics", "translation", "readers_involved"),
    )
)
# In the texts that handouts share: one block for each of their entries.
_TABLES = frozenset(
    ("labels", "vertebrae", "distances", "cautions", "meridians", "red_flags", "safety", "points", "landmarks")
)


@dataclass(frozen=True)
class Block:
    """A part of a text that is translated as one."""

    name: str
    """``title``, ``sections/sleep/2`` (the second block of the section), ``labels/contents``."""
    value: Any
    at: Location


def blocks(file: YamlFile) -> dict[str, Block]:
    """Return the blocks of a handout, or of the texts that handouts share, by their names, in their order."""
    return {block.name: block for block in _blocks(file.value)}


def _blocks(values: dict[str, Any]) -> Iterator[Block]:
    for key, value in values.items():
        if key in _OWN:
            continue
        if key == "sections":
            yield from _sections(value)
        elif key in _TABLES:
            yield from (Block(f"{key}/{name}", entry, (key, name)) for name, entry in value.items())
        elif key in ("glossary", "summary"):
            yield from _numbered(value, key, (key,))
        else:
            yield Block(key, value, (key,))


def _sections(sections: list[dict[str, Any]]) -> Iterator[Block]:
    for index, section in enumerate(sections):
        name, at = f"sections/{section['id']}", ("sections", index)
        yield Block(name, {key: value for key, value in section.items() if key != "blocks"}, at)
        yield from _numbered(section["blocks"], name, (*at, "blocks"))


def _numbered(values: list[Any], name: str, at: Location) -> Iterator[Block]:
    yield from (Block(f"{name}/{index + 1}", value, (*at, index)) for index, value in enumerate(values))
