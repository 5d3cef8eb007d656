"""What is in a handout beside its sections' own words: catalogue, safety boxes, what was added, sources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from handout_builder.content import point_index, safety, schema, views
from handout_builder.content.loader import Source
from handout_builder.content.safety import Box
from handout_builder.text import markdown

# A handout of more sections is a book, in which nobody finds a section by leafing through it.
_MANY_SECTIONS = 20
_NEED_WIDTH = frozenset(("points", "chart", "overview"))
"""Types of blocks that take the width of the page, whatever their section has: names stand beside the words of cards,
and the letters of a chart have the size of captions only there."""
# Letters of a last section that takes five lines at most, and what may follow them, as a line for a clinic does.
_BRIEF = 320
_AFTERWORDS = (schema.Invitation, schema.Video)
# A table with more columns takes it, too: each would be less than 30 mm wide.
_MOST_COLUMNS = 4


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

    def boxes(self, block: schema.Safety) -> list[Box]:
        """Return the boxes that a safety block is printed as, from above; none where it is switched off."""
        return list(safety.boxes(self.source, block))

    @property
    def every_box(self) -> list[Box]:
        """The safety boxes of the whole handout, in order."""
        return [box for _, box in self.placed_boxes]

    @property
    def regions(self) -> tuple[str, ...]:
        """The parts of the body whose warning signs the handout has."""
        return safety.regions(self.source.handout)

    @property
    def advice(self) -> str:
        """The id of the first section with safety advice that all handouts share; empty where there is none."""
        for section in self.source.handout.sections:
            for block in section.blocks:
                if isinstance(block, schema.Safety) and not all(box.own for box in self.boxes(block)):
                    return section.id
        return ""

    @property
    def brief_end(self) -> str:
        """The id of the last section where it is a short text alone, which the sources stand with; else empty."""
        last = self.source.handout.sections[-1]
        text, *others = last.blocks
        brief = isinstance(text, schema.Text) and len(text.text) <= _BRIEF
        return last.id if brief and all(isinstance(block, _AFTERWORDS) for block in others) else ""

    @property
    def sources(self) -> list[schema.CitedWork]:
        """The sources of the handout, of the safety blocks that are shown and of what its cards warn of, each once."""
        names = dict.fromkeys(self.source.handout.sources)
        for box in self.every_box:
            names |= dict.fromkeys(box.sources)
        codes = (card.code for block in self.blocks("points") for card in block.points)
        cautions = (caution for code in codes for caution in self.points[code].cautions)
        names |= dict.fromkeys(name for caution in cautions for name in self.source.shared.cautions[caution].sources)
        return [self.source.shared.sources[name] for name in names]

    @cached_property
    def notes(self) -> list[str]:
        """The notes to words of the text, each once, in the order of the text."""
        return list(dict.fromkeys(note for text in _texts(self.source.handout) for note in _notes(text)))

    @property
    def listed_sections(self) -> list[schema.Section]:
        """The sections that a print begins with a list of: those of a handout that is as long as a book."""
        sections = self.source.handout.sections
        return sections if len(sections) > _MANY_SECTIONS else []

    @property
    def others(self) -> list[str]:
        """The codes of the points that charts and tables show, but no card tells of."""
        carded = {card.code for block in self.blocks("points") for card in block.points}
        shown = (code for kind in ("chart", "overview") for block in self.blocks(kind) for code in block.points)
        return [code for code in dict.fromkeys(shown) if code not in carded]

    def is_wide(self, section: schema.Section) -> bool:
        """Tell whether a section's heading stands above its blocks: as its author says, else by what comes first."""
        first = next((block for block in section.blocks if getattr(block, "show", True)), section.blocks[0])
        return section.wide if section.wide is not None else self.needs_width(first)

    def needs_width(self, block: schema.Block) -> bool:
        """Tell whether a block takes the width of the page by itself."""
        if isinstance(block, schema.Table):
            return len(block.columns) > _MOST_COLUMNS
        return block.type in _NEED_WIDTH

    @property
    def shows_points(self) -> bool:
        """Whether there is a card, a chart or a table of points."""
        return any(self.blocks(kind) for kind in ("points", "chart", "overview"))

    @cached_property
    def placed(self) -> list[tuple[str, Any]]:
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
        for ident, block in self.placed:
            for number, card in enumerate(block.points if block.type == "points" else (), 1):
                cards.setdefault(card.code, f"{ident}-{number}")
        return cards

    @cached_property
    def drawn_cards(self) -> schema.Chart | None:
        """The points that cards draw, as a chart; None where short forms have another chart instead."""
        found = [code for code in self.cards if views.chosen([self.points[code]])]
        if not found or self.blocks("chart"):
            return None
        values: dict[str, Any] = {"type": "chart", "view": views.AUTO, "points": found, "size": None, "body": None}
        return schema.Chart.model_construct(**values)

    @property
    def emblem(self) -> schema.Chart | None:
        """What a first page shows without words: the first chart, else the view of most of the points on cards."""
        if not self.drawn_cards:
            return next(iter(self.blocks("chart")), None)
        by_view = views.drawn(self.drawn_cards, self.points)
        view = max(by_view, key=lambda name: len(by_view[name]))
        return self.drawn_cards.model_copy(update={"view": view, "points": by_view[view]})

    def charts(self, code: str) -> list[tuple[str, str]]:
        """Return the id and the title (Markdown) of each chart or table that has a point."""
        return self._charts.get(code, [])

    @cached_property
    def _charts(self) -> Mapping[str, list[tuple[str, str]]]:
        """Where each point is drawn, by its code: the drawing, where a chart has several."""
        found: dict[str, list[tuple[str, str]]] = {}
        for ident, block in self.placed:
            if block.type == "overview":
                for code in block.points:
                    found.setdefault(code, []).append((ident, block.title))
            elif block.type == "chart":
                for number, (view, codes) in enumerate(views.drawn(block, self.points).items()):
                    for code in codes:
                        found.setdefault(code, []).append((views.drawing_id(ident, view, number), block.title))
        return found

    @property
    def indexed(self) -> set[str]:
        """The ids of all that an index leads to: cards, and drawings and tables of their points."""
        drawn = (ident for code in self.cards for ident, _ in self.charts(code))
        return {*self.cards.values(), *drawn}

    def index(self, block: schema.Index) -> list[point_index.Group]:
        """Return the points that have cards, in the order of an index."""
        return point_index.groups((self.points[code] for code in self.cards), block.by, self.source.lang)

    @cached_property
    def placed_boxes(self) -> list[tuple[str, Box]]:
        """Every safety box with the id that templates give it: the last of a block has that of the block."""
        found: list[tuple[str, Box]] = []
        for ident, block in self.placed:
            boxes = self.boxes(block) if block.type == "safety" else []
            found += [(f"{ident}-above", box) for box in boxes[:-1]] + [(ident, box) for box in boxes[-1:]]
        return found

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """The id and the heading (Markdown) of each safety box that says whom not to press."""
        return [(ident, box.heading) for ident, box in self.placed_boxes if box.rank == "stop"]

    @property
    def instructions(self) -> list[tuple[str, str]]:
        """The id and the heading (Markdown) of each section that has cards."""
        sections = self.source.handout.sections
        return [(s.id, s.heading) for s in sections if any(block.type == "points" for block in s.blocks)]

    def citations(self, number: int) -> list[tuple[str, str]]:
        """Return the id and the heading (Markdown) of each safety box that rests on a source, counted from 1."""
        source, named = self.sources[number - 1], self.source.shared.sources
        return [
            (ident, box.heading)
            for ident, box in self.placed_boxes
            if any(named[name] is source for name in box.sources)
        ]

    def references(self, block: Box) -> list[int]:
        """Return the numbers of the sources of a safety block in the list of all, from 1."""
        own = [self.source.shared.sources[name] for name in block.sources]
        return [number for number, source in enumerate(self.sources, 1) if any(source is one for one in own)]

    def blocks(self, kind: str) -> list[Any]:
        """Return the blocks of a kind in the whole handout, safety blocks only where they are shown."""
        return [block for block in self.source.handout.blocks if block.type == kind and getattr(block, "show", True)]


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a model, in the order of its keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _notes(text: str) -> Iterator[str]:
    return markdown.notes(text) if "note=" in text else iter(())
