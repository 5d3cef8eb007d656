"""The cards of a handout that is being written: its facts, the heads of its sections, their blocks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import Problem
from handout_builder.studio import edits, forms
from handout_builder.studio.document import location, pointer

_PICTURE_KEYS = (("image",), ("picture", "image"))
"""Where the block of a picture, and that of an exercise, has the name of its file."""
_GIST = 90
_MARKDOWN = re.compile(r"\*\*|\[([^\]]*)\]\([^)]*\)")
# Fields with words for readers: of these kinds, and of other names.
_PROSE = ("text", "long", "lines", "table")
_NO_PROSE = frozenset(("id", "lang", "code", "image", "link", "reading_lang", "identifier", "include"))


def card_at(asked: str) -> Location:
    """Return the card that is asked for by its place."""
    return card_of(location("/" + asked.strip("/")))


def card_of(place: Location) -> Location:
    """Return the card that a place is in: a block, the head of a section, or nothing."""
    if place[:1] == ("sections",) and len(place) > 1:
        return place[:4] if place[2:3] == ("blocks",) and len(place) > 3 else place[:2]  # noqa: PLR2004
    return ()


def at_line(line: int, file: YamlFile) -> Location:
    """Return the deepest place that begins on a line, or on the last one before it."""
    best = max((start for start in file.lines.values() if start <= line), default=0)
    found = max((place for place, start in file.lines.items() if start == best), key=len, default=())
    # What a block is begins its first line, and has no field: it is the block that is meant.
    return found[:-1] if found[-1:] == ("type",) else found


def is_within(place: Location, card: Location) -> bool:
    """Tell whether a place is in a card."""
    return bool(card) and place[: len(card)] == card


def fields_of(place: Location, value: Any) -> tuple[forms.Field, ...]:
    """Return the form of a card in the values of a handout; of no card that of the facts about it."""
    if not place:
        return facts(value or {})
    node = edits.value_in(value, place)
    if not isinstance(node, dict):
        return ()
    if "blocks" in place:
        return forms.block_form(node, place)
    schema = forms.handout_schema()
    return forms.form(schema["$defs"]["Section"], schema, node, place, skip=("blocks",))


def facts(value: Mapping[str, Any]) -> tuple[forms.Field, ...]:
    """Return the form of the facts about a handout."""
    schema = forms.handout_schema()
    return forms.form(schema, schema, value, (), skip=("sections",))


def prose_fields(value: Any) -> list[forms.Field]:
    """Return the fields of everything that is translated, with what stands in them."""
    sections = value.get("sections") if isinstance(value, dict) else None
    places: list[Location] = [()]
    for number, section in enumerate(sections if isinstance(sections, list) else ()):
        there = section.get("blocks") if isinstance(section, dict) else None
        places.append(("sections", number))
        places += [("sections", number, "blocks", i) for i in range(len(there) if isinstance(there, list) else 0)]
    fields = [one for place in places for one in edits.leaves(fields_of(place, value))]
    return [one for one in fields if one.kind in _PROSE and one.name not in _NO_PROSE and one.value]


def with_inner(fields: Sequence[forms.Field]) -> list[forms.Field]:
    """Return fields, each with those inside it behind it."""
    return [*fields, *(one for field in fields for one in with_inner(field.fields))]


def picture_place(fields: Sequence[forms.Field]) -> Location | None:
    """Return where the name of a card's picture stands; None for a card without one of its own."""
    found = (one for one in edits.leaves(fields) if one.name == "image")
    return next((one.place for one in found if one.place[4:] in _PICTURE_KEYS), None)


def outline(
    value: Mapping[str, Any], told: Mapping[str, Sequence[Problem]], named: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the sections with their blocks as closed lines; ``named`` has the titles of what is there by its name."""
    found = []
    sections = value.get("sections")
    for number, section in enumerate(sections if isinstance(sections, list) else ()):
        if not isinstance(section, dict):
            continue
        blocks_ = section.get("blocks")
        inside = blocks_ if isinstance(blocks_, list) else []
        found.append(
            {
                "place": ("sections", number),
                "pointer": f"/sections/{number}",
                "heading": section.get("heading") or "",
                "blocks": [
                    {
                        "place": ("sections", number, "blocks", index),
                        "pointer": (here := f"/sections/{number}/blocks/{index}"),
                        "type": str(block.get("type", "")),
                        "gist": _gist(block, named),
                        "worst": _worst(here, told),
                    }
                    for index, block in enumerate(inside)
                    if isinstance(block, dict)
                ],
            }
        )
    return found


def _worst(here: str, told: Mapping[str, Sequence[Problem]]) -> int:
    """Return how much the gravest problem in a place matters; -1 without any."""
    found = [p.severity for place, some in told.items() if f"{place}/".startswith(f"{here}/") for p in some]
    return max(found, default=-1)


def _gist(block: Mapping[str, Any], named: Mapping[str, str]) -> str:
    """Return the first words of a block, without the signs of Markdown; of a name alone the name."""
    first, *rest = [_MARKDOWN.sub(r"\1", text) for text in texts(block)] or [""]
    return " · ".join((named.get(first, first) if rest else first, *rest))[:_GIST]


def texts(value: Any) -> list[str]:
    """Return the texts that readers see in a value, in their order."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        skipped = ("type", "lang", "id", "mark")
        return [text for key, item in value.items() if key not in skipped for text in texts(item)]
    return []


def by_place(problems: Sequence[Problem], file: YamlFile) -> dict[str, list[Problem]]:
    """Return problems by the places that they are about."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(pointer(at_line(problem.line, file)) if problem.line else "", []).append(problem)
    return found
