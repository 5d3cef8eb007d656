"""Which boxes a safety block is printed as: its own words, the shared ones, or the signs of a part of the body."""

from collections.abc import Iterator
from dataclasses import dataclass

from handout_builder.content import schema
from handout_builder.content.yaml_reader import Location


@dataclass(frozen=True)
class Box:
    """A safety box as it is printed."""

    name: str
    """The name of its block in the shared texts."""
    block: schema.SafetyBlock
    """With all its lists and sources."""
    groups: tuple[Location, ...]
    """Where each of its lists stands in the shared texts; nowhere where they are the handout's own."""
    own: bool
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
    block = shared.safety[name]
    if own:
        groups = [schema.SafetyGroup(items=[*own.steps, own.time, own.often], numbered=True)]
        changes = {"groups": groups, "closing": own.stop, "sources": []}
        return Box(name, block.model_copy(update=changes), (), own=True)
    if not block.flagged:
        lists: list[Location] = [("safety", name, "groups", number) for number in range(len(block.groups))]
        return Box(name, block, tuple(lists), own=False)
    parts = regions(handout)
    told = [getattr(shared.red_flags[part], block.rank) for part in parts]
    groups = [
        schema.SafetyGroup(lead=signs.lead, items=[sign.text for sign in signs.signs], short=signs.short)
        for signs in told
    ]
    sources = dict.fromkeys(source for signs in told for sign in signs.signs for source in sign.sources)
    changes = {"groups": groups, "sources": [*sources, *block.sources], "about": parts}
    places = tuple(("red_flags", part, block.rank) for part in parts)
    return Box(name, block.model_copy(update=changes), places, own=False)
