"""Which line of a handout's file an element of its pages comes from."""

import re
from collections.abc import Iterable, Iterator

from handout_builder.content import schema
from handout_builder.content.loader import Source
from handout_builder.content.yaml_reader import Location, YamlFile

_BLOCK = re.compile(r"([a-z0-9-]+)_(\d+)(?:-(\w+))?")
_LISTED = re.compile(r"(in-short_items-|glossary_|personal_)(\d+)")
_LISTS = {"in-short_items-": "summary", "glossary_": "glossary", "personal_": "personal"}
# What a block's numbered elements are called in its file.
_PARTS = {
    **dict.fromkeys(("list", "definitions", "questions", "checklist"), "items"),
    **dict.fromkeys(("table", "diary"), "rows"),
    "points": "points",
    "exercise": "steps",
    "write-in": "fields",
}
# Shorter words stand in many lines.
_TELLING = 4


def of_element(ident: str, source: Source, file: YamlFile) -> int:
    """Return the line of what an element shows, from 1, by the element's id; 0 where the id does not tell."""
    found = location(ident, source.handout)
    return file.line(found) if found else 0


def of_words(words: str, file: YamlFile) -> int:
    """Return the first line that holds printed words, or as many of them as there are; 0 if none does."""
    for part in _parts(words):
        for number, row in enumerate(file.rows, start=1):
            if part in row:
                return number
    return 0


def _parts(words: str) -> Iterator[str]:
    yield words.strip()
    yield from (word for word in sorted(words.split(), key=len, reverse=True) if len(word) >= _TELLING)


def location(ident: str, handout: schema.Handout) -> Location:
    """Return the keys and numbers that lead to what an element shows, by its id; none where the id does not tell."""
    if match := _LISTED.match(ident):
        return (_LISTS[match[1]], int(match[2]) - 1)
    if ident in ("title", "sources", "glossary"):
        return (ident,)
    sections = _numbers(section.id for section in handout.sections)
    if ident in sections:
        return ("sections", sections[ident])
    match = _BLOCK.match(ident)
    if match is None or match[1] not in sections:
        return ()
    section, number = sections[match[1]], int(match[2]) - 1
    blocks = handout.sections[section].blocks
    if number >= len(blocks):
        return ("sections", section)
    part = _PARTS.get(blocks[number].type)
    inside = (part, int(match[3]) - 1) if part and (match[3] or "").isdecimal() else ()
    return ("sections", section, "blocks", number, *inside)


def _numbers(idents: Iterable[str]) -> dict[str, int]:
    return {ident: number for number, ident in enumerate(idents)}
