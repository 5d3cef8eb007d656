"""Which boxes a safety block is printed as: its own words, the shared ones, or the signs of a part of the body."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handout_builder.content import doses, schema
from handout_builder.content.loader import Source
from handout_builder.content.yaml_reader import Location

# The parts of the body whose words a handout has that presses a point there, by the regions of the catalogue.
PARTS = {
    **dict.fromkeys(("head", "face", "ear-area"), "head"),
    **dict.fromkeys(("shoulder", "upper-arm", "elbow", "forearm", "wrist", "hand"), "shoulder-arm"),
    **dict.fromkeys(("chest", "abdomen", "upper-back"), "chest-belly"),
    **dict.fromkeys(("lower-back", "sacrum", "perineum"), "low-back"),
    **dict.fromkeys(("hip", "thigh", "knee", "lower-leg"), "hip-knee"),
    **dict.fromkeys(("ankle", "foot"), "foot"),
    "neck": "neck",
}
"""The parts of the body by the regions of the catalogue."""


class Group(NamedTuple):
    """A lead line and its list, as it is printed."""

    lead: str | None
    items: tuple[str, ...]
    numbered: bool = False
    short: str | None = None
    at: Location = ()
    """Where it stands in the shared texts; nowhere where it is the handout's own."""
    items_at: tuple[Location, ...] = ()
    """The same of its items."""


class Box(NamedTuple):
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


def boxes(source: Source, asked: schema.Safety) -> Iterator[Box]:
    """Yield the boxes of a safety block from above; none where it is switched off."""
    if not asked.show:
        return
    above = source.shared.safety[asked.include].above
    if above and not _included(source.handout, above):
        yield _box(source, above, None)
    yield _box(source, asked.include, asked.own)


def _included(handout: schema.Handout, name: str) -> bool:
    return any(isinstance(block, schema.Safety) and block.include == name for block in handout.blocks)


def _box(source: Source, name: str, own: schema.HowToPress | None) -> Box:
    shared = source.shared
    block, parts = shared.safety[name], regions(source.handout)
    closing, about, sources = block.closing, block.about, tuple(block.sources)
    if own:
        steps = Group(None, (*own.steps, own.time, own.often), numbered=True)
        return Box(name, block.heading, block.rank, (steps,), own.stop, (), about, own=True)
    if block.flagged:
        told = [(part, getattr(shared.red_flags[part], block.rank)) for part in parts]
        groups = tuple(_signs(signs, ("red_flags", part, block.rank)) for part, signs in told)
        each = dict.fromkeys(source for _, signs in told for sign in signs.signs for source in sign.sources)
        return Box(name, block.heading, block.rank, groups, closing, (*each, *sources), parts)
    where = {*parts, *pressed(source)}
    given = _doses_of_cards(source.handout)
    parts_told = frozenset[str]() if not given else frozenset.intersection(*(_parts_of(dose) for dose in given))
    lists = (
        _group(group, where, ("safety", name, "groups", index), parts_told) for index, group in enumerate(block.groups)
    )
    groups = tuple(group for group in lists if group.items)
    if any(given) and (number := _tells_doses(block)) is not None:
        # What some points leave to the shared words may not be what the others say.
        whole = all(parts_told.issuperset(item.doses) for item in block.groups[number].items)
        whole = whole and not _some_have_their_own(source.handout)
        groups = _with_doses(groups, number, _told_of_doses(given, source, whole=whole))
    return Box(name, block.heading, block.rank, groups, closing, sources, about)


def pressed(source: Source) -> set[str]:
    """Return the parts of the body that a handout's points lie on."""
    places = (source.points[code].place for code in source.codes)
    return {PARTS[place.region] for place in places if place}


def _doses_of_cards(handout: schema.Handout) -> list[schema.Dose | None]:
    """Return the dose of each card of a handout: its own, else that of its block."""
    blocks = (block for block in handout.blocks if isinstance(block, schema.Points))
    return [card.dose or block.dose for block in blocks for card in block.points]


def _some_have_their_own(handout: schema.Handout) -> bool:
    """Tell whether cards have doses of their own beside others that leave it to what stands above all of them."""
    blocks = (block for block in handout.blocks if isinstance(block, schema.Points) and block.dose)
    return any(len({bool(card.dose) for card in block.points}) > 1 for block in blocks)


def _parts_of(dose: schema.Dose | None) -> frozenset[str]:
    return dose.told if dose else frozenset()


def _tells_doses(block: schema.SafetyBlock) -> int | None:
    """Return the number of the group of a block that tells how long and how often; None where none does."""
    groups = enumerate(block.groups)
    return next((number for number, group in groups if any(item.doses for item in group.items)), None)


def _told_of_doses(given: Sequence[schema.Dose | None], source: Source, *, whole: bool) -> str:
    """Return what is said of the doses of all cards: the one that all have, or that each card has its own.

    ``whole`` tells whether the cards leave nothing of a dose to the shared words.
    """
    labels, first = source.shared.labels, given[0]
    if first and all(dose == first for dose in given):
        return doses.sentence(first, source.shared)
    return labels["dose_differs" if whole else "dose_of_its_own"]


def _with_doses(groups: tuple[Group, ...], number: int, text: str) -> tuple[Group, ...]:
    """Return groups of which one ends with a sentence on doses; it comes from no file of its own."""
    group = groups[number]
    more = group._replace(items=(*group.items, text), items_at=(*group.items_at, ()), short=None)
    return (*groups[:number], more, *groups[number + 1 :])


def _group(group: schema.SafetyGroup, where: set[str], at: Location, told: frozenset[str]) -> Group:
    found = [
        (text, (*at, "items", number)) for number, item in enumerate(group.items) if (text := _said(item, where, told))
    ]
    # Pieces go on as lines of a file do: with a blank between words, without one between Han.
    short = "\n".join(text for piece in group.short if (text := _said(piece, where, told)))
    items, places = tuple(text for text, _ in found), tuple(place for _, place in found)
    return Group(group.lead, items, group.numbered, short or None, at, places)


def _said(words: schema.ForParts, where: set[str], told: frozenset[str]) -> str | None:
    """Return what a handout says that presses there, and all of whose cards tell parts of a dose; None for nothing."""
    if words.doses and told.issuperset(words.doses):
        return words.beside_doses
    return words.text if words.about is None or where.intersection(words.about) else words.otherwise


def _signs(signs: schema.Signs, at: Location) -> Group:
    places = tuple((*at, "signs", number, "text") for number in range(len(signs.signs)))
    return Group(signs.lead, tuple(sign.text for sign in signs.signs), False, signs.short, at, places)
