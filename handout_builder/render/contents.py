"""What is in a handout beside its sections' own words: catalogue, safety blocks, sources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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

    def blocks(self, kind: str) -> list[Any]:
        """Return the blocks of a kind in the whole handout, safety blocks only where they are shown."""
        every = (block for section in self.source.handout.sections for block in section.blocks)
        return [block for block in every if block.type == kind and getattr(block, "show", True)]
