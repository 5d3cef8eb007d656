"""Sides that are said of points: which of them are no pair, so that no side of theirs is chosen or printed."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, NamedTuple

from handout_builder.content import schema
from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import Problem, Severity


class _Said(NamedTuple):
    """A side that is said of a point without one."""

    card: schema.PointCard
    side: str
    at: Location
    of_all: bool
    """By the dose of its block."""

    @property
    def hint(self) -> str:
        return f"take 'side:' out, or give {self.card.code} a dose of its own without it" if self.of_all else _OUT


_OUT = "take 'side:' out"


def of_none(handout: schema.Handout, points: Mapping[str, schema.Point], file: YamlFile) -> Iterator[Problem]:
    """Yield what is said of a side where no point is one of a pair: left and right are errors, both is a warning.

    "Both" is left out of the pages (``without``); of the dose of a block it is told once.
    """
    both: dict[Location, list[_Said]] = {}
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            for said in _said(block, points, ("sections", s, "blocks", b)):
                if said.side == "both":
                    both.setdefault(said.at, []).append(said)
                else:
                    message = f"{said.card.code} is not one of a pair, so that no side can be chosen"
                    yield Problem("value", message, file.path, file.line(said.at), said.hint)
    for at, those in both.items():
        codes = ", ".join(dict.fromkeys(said.card.code for said in those))
        message = f"'side: both' is not printed for {codes}: not one of a pair"
        yield Problem("no-pair", message, file.path, file.line(at), those[0].hint, Severity.WARNING)


def without(handout: schema.Handout, points: Mapping[str, schema.Point]) -> schema.Handout:
    """Return a handout that says "both sides" of each pair that it is meant of, and of no other point."""

    def changed(block: Any) -> Any:
        alone = [said.card for said in _said(block, points, ())]
        if not alone:
            return block
        cards = [card.without_side() if card in alone else card for card in block.points]
        codes = {card.code for card in alone}
        dose = block.dose
        if dose and dose.side and any(card.code in codes and not card.dose for card in cards):
            dose, cards = _told_apart(dose, cards, codes)
        return block.model_copy(update={"points": cards, "dose": dose})

    sections = [s.model_copy(update={"blocks": [changed(block) for block in s.blocks]}) for s in handout.sections]
    return handout if sections == handout.sections else handout.model_copy(update={"sections": sections})


def _told_apart(
    dose: schema.Dose, cards: list[schema.PointCard], alone: Set[str]
) -> tuple[schema.Dose | None, list[schema.PointCard]]:
    """Return the dose of a block, and cards, so that its side is said of none of the points ``alone``.

    Each of these has the dose as its own, without the side; of a dose that says no more, each pair has the side.
    """
    rest = dose.without_side()
    if all(card.dose or card.code in alone for card in cards):
        return rest, cards
    if rest:
        own = {"dose": rest}
        return dose, [card if card.dose or card.code not in alone else card.model_copy(update=own) for card in cards]
    side = {"side": dose.side}
    return None, [
        card if card.dose or card.side or card.code in alone else card.model_copy(update=side) for card in cards
    ]


def _said(block: schema.Block, points: Mapping[str, schema.Point], at: Location) -> Iterator[_Said]:
    """Yield the sides that a block at ``at`` says of points that are not one of a pair, and where it does."""
    if not isinstance(block, schema.Points):
        return
    for index, card in enumerate(block.points):
        place = points[card.code].place
        own: Location = (*at, "points", index)
        if not place or place.sides != "one":
            continue
        if card.side:
            yield _Said(card, card.side, (*own, "side"), of_all=False)
        elif card.dose and card.dose.side:
            yield _Said(card, card.dose.side, (*own, "dose", "side"), of_all=False)
        elif not card.dose and block.dose and block.dose.side:
            yield _Said(card, block.dose.side, (*at, "dose", "side"), of_all=True)
