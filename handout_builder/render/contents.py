"""What is in a handout beside its sections' own words: catalogue, safety blocks, sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from handout_builder.content import schema
from handout_builder.content.loader import Source


@dataclass(frozen=True)
class Contents:
    """What templates pick from a handout as a whole."""

    source: Source = field(repr=False)

    @property
    def points(self) -> Mapping[str, schema.Point]:
        """The catalogue."""
        return self.source.points

    @property
    def safety(self) -> Mapping[str, schema.SafetyBlock]:
        """The safety blocks by name."""
        return self.source.shared.safety

    @property
    def sources(self) -> list[schema.Source]:
        """The sources of the handout and of the safety blocks that are shown, each once."""
        names = dict.fromkeys(self.source.handout.sources)
        for block in self.blocks("safety"):
            names |= dict.fromkeys(self.safety[block.include].sources)
        return [self.source.shared.sources[name] for name in names]

    @cached_property
    def _placed(self) -> list[tuple[str, Any]]:
        """Every block that is shown, with the id that templates give it."""
        return [
            (f"{section.id}_{number}", block)
            for section in self.source.handout.sections
            for number, block in enumerate(section.blocks, 1)
            if getattr(block, "show", True)
        ]

    @cached_property
    def cards(self) -> Mapping[str, str]:
        """The id of the first card of each point, by its code."""
        cards: dict[str, str] = {}
        for ident, block in self._placed:
            for number, card in enumerate(block.points if block.type == "points" else (), 1):
                cards.setdefault(card.code, f"{ident}-{number}")
        return cards

    def charts(self, code: str) -> list[tuple[str, str]]:
        """Return the id and the title (Markdown) of each chart or table that has a point."""
        drawn = ((ident, block) for ident, block in self._placed if block.type in ("chart", "overview"))
        return [(ident, block.title) for ident, block in drawn if code in block.points]

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """The id and the heading (Markdown) of each safety block that says whom not to press."""
        shown = ((ident, self.safety[block.include]) for ident, block in self._placed if block.type == "safety")
        return [(ident, block.heading) for ident, block in shown if block.rank == "stop"]

    @property
    def instructions(self) -> list[tuple[str, str]]:
        """The id and the heading (Markdown) of each section that has cards."""
        sections = self.source.handout.sections
        return [(s.id, s.heading) for s in sections if any(block.type == "points" for block in s.blocks)]

    def citations(self, number: int) -> list[tuple[str, str]]:
        """Return the id and the heading (Markdown) of each safety block that rests on a source, counted from 1."""
        source = self.sources[number - 1]
        shown = ((ident, self.safety[block.include]) for ident, block in self._placed if block.type == "safety")
        named = self.source.shared.sources
        return [(ident, b.heading) for ident, b in shown if any(named[name] is source for name in b.sources)]

    def references(self, block: schema.SafetyBlock) -> list[int]:
        """Return the numbers of the sources of a safety block in the list of all, from 1."""
        own = [self.source.shared.sources[name] for name in block.sources]
        return [number for number, source in enumerate(self.sources, 1) if any(source is one for one in own)]

    def blocks(self, kind: str) -> list[Any]:
        """Return the blocks of a kind in the whole handout, safety blocks only where they are shown."""
        every = (block for section in self.source.handout.sections for block in section.blocks)
        return [block for block in every if block.type == kind and getattr(block, "show", True)]
