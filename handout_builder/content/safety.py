"""Which boxes a safety block is printed as: its own words, the shared ones, or the signs of a part of the body."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handout_builder.content import schema
from handout_builder.content.yaml_reader import Location

# Where on the body the points of a meridian lie, by their numbers (WHO, Standard Acupuncture Point Locations, 2008;
# EX: WHO nomenclature, 1991). Points elsewhere need no words that others do not.
_PARTS = {
    "low-back": {"BL": [(22, 35), (51, 54)], "GV": [(1, 5)], "EX-B": [(2, 9)]},
    "chest-belly": {"BL": [(11, 21), (41, 50)], "GV": [(6, 14)], "EX-B": [(1, 3)]},
    "hip-knee": {
        "ST": [(31, 45)],
        "SP": [(1, 11)],
        "BL": [(36, 40), (55, 67)],
        "KI": [(1, 10)],
        "GB": [(29, 44)],
        "LR": [(1, 11)],
        "EX-LE": [(1, 12)],
    },
}


@dataclass(frozen=True)
class Group:
    """A lead line and its list, as it is printed."""

    lead: str | None
    items: tuple[str, ...]
    numbered: bool = False
    short: str | None = None
    at: Location = ()
    """Where it stands in the shared texts; nowhere where it is the handout's own."""
    items_at: tuple[Location, ...] = ()
    """The same of its items."""


@dataclass(frozen=True)
class Box:
    """A safety box as it is printed."""

    name: str
    """The name of its block in the shared texts."""
    heading: str
    rank: str
    groups: tuple[Group, ...]
    closing: str | None
    sources: tuple[str, ...]
    """Their names in the shared texts."""
    about: tuple[str, ...] | None
    """For which parts of the body its signs are; None where that is not told."""
    own: bool = False
    """Whether its words are the handout's own."""


def regions(handout: schema.Handout) -> tuple[str, ...]:
    """Return the parts of the body whose signs a handout has: the whole body's where it does not say."""
    return handout.about or ("whole-body",)


def boxes(handout: schema.Handout, shared: schema.Shared, asked: schema.Safety) -> Iterator[Box]:
    """Yield the boxes of a safety block from above; none where it is switched off."""
    if not asked.show:
        return
    above = shared.safety[asked.include].above
    if above and not _included(handout, above):
        yield _box(handout, shared, above, None)
    yield _box(handout, shared, asked.include, asked.own)


def _included(handout: schema.Handout, name: str) -> bool:
    blocks = (block for section in handout.sections for block in section.blocks)
    return any(isinstance(block, schema.Safety) and block.include == name for block in blocks)


def _box(handout: schema.Handout, shared: schema.Shared, name: str, own: schema.HowToPress | None) -> Box:
    block, parts = shared.safety[name], regions(handout)
    closing, about, sources = block.closing, block.about, tuple(block.sources)
    if own:
        steps = Group(None, (*own.steps, own.time, own.often), numbered=True)
        return Box(name, block.heading, block.rank, (steps,), own.stop, (), about, own=True)
    if block.flagged:
        told = [(part, getattr(shared.red_flags[part], block.rank)) for part in parts]
        groups = tuple(_signs(signs, ("red_flags", part, block.rank)) for part, signs in told)
        each = dict.fromkeys(source for _, signs in told for sign in signs.signs for source in sign.sources)
        return Box(name, block.heading, block.rank, groups, closing, (*each, *sources), parts)
    where = {*parts, *pressed(handout)}
    lists = (_group(group, where, ("safety", name, "groups", number)) for number, group in enumerate(block.groups))
    groups = tuple(group for group in lists if group.items)
    return Box(name, block.heading, block.rank, groups, closing, sources, about)


def pressed(handout: schema.Handout) -> set[str]:
    """Return the parts of the body that a handout's points lie on, as far as words are said for those alone."""
    found = set()
    for section in handout.sections:
        for block in section.blocks:
            if isinstance(block, schema.Points):
                found |= {part for card in block.points for part in _parts(card.code)}
            elif isinstance(block, schema.Chart | schema.Overview):
                found |= {part for code in block.points for part in _parts(code)}
    return found


def _parts(code: str) -> Iterator[str]:
    meridian, number = re.fullmatch(r"(.*?)([0-9]*)", code).groups()  # type: ignore[union-attr]
    for part, ranges in _PARTS.items():
        if number and any(first <= int(number) <= last for first, last in ranges.get(meridian, ())):
            yield part


def _group(group: schema.SafetyGroup, where: set[str], at: Location) -> Group:
    found = [(text, (*at, "items", number)) for number, item in enumerate(group.items) if (text := _said(item, where))]
    # Pieces go on as lines of a file do: with a blank between words, without one between Han.
    short = "\n".join(text for piece in group.short if (text := _said(piece, where)))
    items, places = tuple(text for text, _ in found), tuple(place for _, place in found)
    return Group(group.lead, items, group.numbered, short or None, at, places)


def _said(words: schema.ForParts, where: set[str]) -> str | None:
    """Return what a handout says that presses there; None for nothing."""
    return words.text if words.about is None or where.intersection(words.about) else words.otherwise


def _signs(signs: schema.Signs, at: Location) -> Group:
    places = tuple((*at, "signs", number, "text") for number in range(len(signs.signs)))
    return Group(signs.lead, tuple(sign.text for sign in signs.signs), False, signs.short, at, places)
