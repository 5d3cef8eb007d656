"""What is in a handout beside its sections' own words: catalogue, safety boxes, what was added, sources."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel

from handout_builder.content import place_text, point_index, safety, schema, texts, views
from handout_builder.content.loader import Source
from handout_builder.content.safety import Box
from handout_builder.render.formatter import Formatter
from handout_builder.text import markdown

InShort = Literal["apart", "lists", "heads", "never"]
IN_SHORT: Mapping[str, InShort] = {
    **dict.fromkeys(("points", "safety", "invitation", "chart", "overview", "page-break"), "apart"),
    **dict.fromkeys(("list", "checklist", "diary", "exercise"), "lists"),
    "heading": "heads",
    **dict.fromkeys(("figure", "index"), "never"),
}
"""What short forms do with a type of block.

They have sections that hold one that ``lists``: how often, what to do, what to tick. What stands ``apart`` has a place
of its own, wherever it stands in a handout; what ``heads`` is nothing by itself; for some there is ``never`` room; any
other type comes along in such a section.
"""

_AIDS = frozenset(("diary", "write-in", "table", "columns", "definitions", "questions", "quote", "video"))
"""What such a section has beside what to do: to keep track of it, to look up, to read. Notices are, too, but for those
that warn."""

# A handout of more sections is a book, in which nobody finds a section by leafing through it.
_MANY_SECTIONS = 20
_NEED_WIDTH = frozenset(("points", "chart", "overview"))
"""Types of blocks that take the width of the page, whatever their section has: names stand beside the words of cards,
and the letters of a chart have the size of captions only there."""
# Letters of a last section that takes five lines at most, and what may follow them, as a line for a clinic does.
_BRIEF = 320
_AFTERWORDS = (schema.Invitation, schema.Video)
_TO_SECTION = re.compile('<a href="#([^"]+)"')
# A table with more columns takes it, too: each would be less than 30 mm wide.
_MOST_COLUMNS = 4


@dataclass(frozen=True)
class Contents:
    """What templates pick from a handout as a whole."""

    source: Source = field(repr=False)
    left_out: tuple[str, ...] = ()
    """What a short form has no room for: see Product."""
    short: bool = False
    """Whether they are those of a short form."""

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
    def edited(self) -> bool:
        """Whether there is an author whose text not all of it is: doubts alone may be the author's own."""
        return bool(self.source.handout.added or self.source.editorial.changes)

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
    def added(self) -> str:
        """What is not the author's, in one sentence; empty where all of it is."""
        if not self.edited:
            return ""
        return self.source.handout.added or (self.source.shared.labels["added"] if self.advice else "")

    @property
    def added_at(self) -> str:
        """The id of where this sentence is printed, once: the summary, the first safety advice, or the end."""
        if not self.added:
            return ""
        return "in-short" if self.summary else self.advice or "sources"

    @property
    def summary(self) -> list[str]:
        """The lines of the summary that are printed: a short form has none that leads to a section that it lacks."""
        lines = self.source.handout.summary
        if not self.short:
            return lines
        return [line for line in lines if not self.missed(markdown.inline_html(line))] if self.has("summary") else []

    def missed(self, html: str) -> list[schema.Section]:
        """Return the sections that words lead to, and of which a short form has nothing."""
        targets = set(_TO_SECTION.findall(html))
        sections = (section for section in self.source.handout.sections if section.id in targets)
        return [section for section in sections if self.lacked(section) == "all"]

    def lacked(self, section: schema.Section) -> Literal["all", "some", "none"]:
        """Return of how many of a section's blocks a short form has nothing."""
        told = [block for block in section.blocks if not any(block is one for one in self._whole)]
        kinds = [IN_SHORT.get(block.type) for block in told if block.type != "page-break"]
        lost = self.lost(section)
        some = len(told) < len(section.blocks) or len(lost) + kinds.count("heads") < len(kinds)
        return "none" if not lost else "some" if some else "all"

    def lost(self, section: schema.Section) -> list[schema.Block]:
        """Return the blocks of a section of which a short form has nothing."""
        has = [*self._whole, *(self.listed(section) if self._is_listed(section) else [])]
        elsewhere = ("page-break", *(kind for kind, how in IN_SHORT.items() if how in ("apart", "heads")))
        return [b for b in section.blocks if b.type not in elsewhere and not any(b is one for one in has)]

    @property
    def _whole(self) -> list[schema.Block]:
        """The texts and notices that a short form has of sections which it has not."""
        return [*(self.warned if self.has("uses") else []), *(self.cautions if self.has("cautions") else [])]

    def _is_listed(self, section: schema.Section) -> bool:
        """Tell whether a short form has a section for what it lists."""
        return self.has("lists") and any(section is other for other in self.lists)

    @property
    def told(self) -> Iterator[str]:
        """The author's words in a short form, beside its summary, as HTML."""
        words = markdown.html if self.has("uses") else markdown.strong_html
        yield from (words(block.text) for block in self.warned)
        yield from (markdown.html(block.text) for block in (self.cautions if self.has("cautions") else ()))
        for block in self.blocks("points"):
            for card in block.points if self.has("uses") else ():
                yield from map(markdown.html, texts.prose(card))
        for section in self.lists if self.has("lists") else ():
            for block in self.listed(section):
                yield from map(markdown.html, texts.prose(block))
        for box in self.every_box:
            for group in box.groups:
                yield from map(markdown.html, (group.lead or "", *group.items))

    def part(self, block: schema.Block | Box) -> schema.Section | None:
        """Return the section whose heading a short form prints above a block or a box: the first that it has of it.

        What stands apart there has no heading of its section; cards need it, and one that words lead to. None for all
        others.
        """
        return next((section for one, section in self.parts if one is block), None)

    @cached_property
    def parts(self) -> list[tuple[Any, schema.Section]]:
        """The sections with cards, and those that a short form leads to, each behind the first that it has of them."""
        kinds = ("chart", "points", *(("overview",) if self.others and self.has("others") else ()))
        cautions = self.cautions if self.has("cautions") else []
        own = ((ident, block) for ident, block in self.placed if any(block is one for one in cautions))
        apart: list[tuple[str, Any]] = [*self.placed_boxes, *own]
        for kind in kinds:
            found = [(ident, block) for ident, block in self.placed if block.type == kind]
            apart += found if kind == "points" else found[:1]
        first: dict[str, Any] = {}
        for ident, shown in apart:
            first.setdefault(ident.rpartition("_")[0], shown)
        words = (*map(markdown.inline_html, self.summary), *self.told)
        targets = {target for html in words for target in _TO_SECTION.findall(html)}
        cards = {ident: first[ident] for ident, _ in self.instructions}
        # Where a chart has the heading of its section, cards further on would read as those of another.
        if all(getattr(shown, "type", "") == "points" for shown in cards.values()):
            targets |= cards.keys()
        listed = self.lists if self.has("lists") else []
        return [
            (first[section.id], section)
            for section in self.source.handout.sections
            if section.id in targets & first.keys() and not any(section is one for one in listed)
        ]

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
    def imprint(self) -> list[str]:
        """Who wrote the handout, who checked it and when again, and what it rests on: sentences, Markdown."""
        handout, shared = self.source.handout, self.source.shared
        author = markdown.escaped(handout.author) if handout.author else ""
        due = place_text.long_date(handout.review_due, shared) if handout.review_due else ""
        told = [
            author and shared.labels["written_by"].format(name=author),
            handout.reviewed_by and shared.labels["reviewed_by"].format(name=handout.reviewed_by),
            due and shared.labels["review_due"].format(date=due),
            handout.evidence,
            handout.readers_involved,
            *self._translated,
        ]
        return [sentence for sentence in told if sentence]

    @property
    def unreviewed(self) -> str:
        """What stands in the foot of a translation that no qualified person has reviewed; else nothing.

        It says so of the texts that handouts share alone where the author's words are no translation. Where people
        translated these and a machine the others, it is one phrase: a foot has two lines.
        """
        labels = self.source.shared.labels
        own, advice = (
            text.translation.by if text.translation and not text.translation.reviewed_by else ""
            for text in (self.source.handout, self.source.shared)
        )
        if own == "person" and advice == "machine":
            apart = f"{labels['foot_person']} · {labels['foot_advice_machine']}"
            return labels.get("foot_mixed", apart)
        if own:
            return labels[f"foot_{own}"]
        return labels[f"foot_advice_{advice}"] if advice else ""

    @property
    def _translated(self) -> Iterator[str]:
        """Yield how the handout and the advice in it came into their language."""
        labels = self.source.shared.labels
        own, advice = self.source.handout.translation, self.source.shared.translation
        for translation in dict.fromkeys(filter(None, (own, advice))):
            if translation.reviewed_by:
                yield labels["translation_reviewed"].format(name=markdown.escaped(translation.reviewed_by))
            else:
                what = translation.by if translation is own else f"advice_{translation.by}"
                yield labels[f"translated_{what}"].format(language=labels[f"language_{translation.source}"])

    def has(self, part: str) -> bool:
        """Tell whether a short form has room for a part."""
        return part not in self.left_out

    @property
    def others(self) -> list[str]:
        """The codes of the points that charts and tables show, but no card tells of."""
        carded = {card.code for block in self.blocks("points") for card in block.points}
        shown = (code for kind in ("chart", "overview") for block in self.blocks(kind) for code in block.points)
        return [code for code in dict.fromkeys(shown) if code not in carded]

    @property
    def lacks_points(self) -> bool:
        """Whether a short form has not all points of the handout."""
        return bool(self.others and not self.has("others")) or any(not self.has(code) for code in self.cards)

    @property
    def for_pregnant(self) -> list[str]:
        """The codes of the points of a short form before which those who are or may be pregnant ask."""
        codes = [*filter(self.has, self.cards), *(self.others if self.has("others") else [])]
        return place_text.for_pregnant(codes, self.points)

    @property
    def care_in_pregnancy(self) -> str:
        """What a short form tells of them, in few words; empty where it has none of them."""
        codes = self.for_pregnant
        return Formatter(self.source.shared, self.points, self.source.lang).for_pregnant(codes) if codes else ""

    @cached_property
    def warned(self) -> list[schema.Text | schema.Notice]:
        """The cautions beside cards, and the texts and notices there with words in bold: whom or where not to press.

        Short forms have them before the cards, unless they have all that stands in these sections; without "uses" only
        what is bold in them, where something is.
        """
        return [block for block in self._own(beside=True) if _is_caution(block) or markdown.strong_html(block.text)]

    @cached_property
    def cautions(self) -> list[schema.Text | schema.Notice]:
        """The cautions of all other sections, and the texts and notices there in which what is bold ends a sentence.

        Short forms have them behind the safety boxes, unless they have all that stands in these sections. In texts that
        explain, a term in running words is in bold, too: nobody is warned by it.
        """
        found = self._own(beside=False)
        return [block for block in found if _is_caution(block) or markdown.has_strong_sentence(block.text)]

    def _own(self, *, beside: bool) -> list[schema.Text | schema.Notice]:
        """Return the texts and notices of sections with cards, or without, that a short form does not have anyway."""
        whole = self.lists if self.has("lists") else []
        sections = [s for s in self.source.handout.sections if not any(s is one for one in whole)]
        kept = (s for s in sections if any(block.type == "points" for block in s.blocks) is beside)
        return [block for s in kept for block in s.blocks if isinstance(block, schema.Text | schema.Notice)]

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
    def lists(self) -> list[schema.Section]:
        """The sections that short forms have: those with lists; of a handout that shows no point, all."""
        sections = self.source.handout.sections
        if self.shows_points or self._lacks_texts:
            sections = [section for section in sections if _lists(section.blocks) or self._helps(section)]
        found = sections if self.has("tips") else [section for section in sections if not _gives_tips(section)]
        if self.shows_points:
            return [section for section in found if _lists(self.listed(section))]
        return [section for section in found if self.listed(section)]

    @property
    def shows_points(self) -> bool:
        """Whether there is a card, a chart or a table of points."""
        return any(self.blocks(kind) for kind in ("points", "chart", "overview"))

    @property
    def _lacks_texts(self) -> bool:
        return not self.has("texts") and any(_lists(section.blocks) for section in self.source.handout.sections)

    def _helps(self, section: schema.Section) -> bool:
        """Tell whether a short form of a handout without points has a section for a table or the like."""
        return not self.shows_points and self.has("aids") and any(map(_is_aid, section.blocks))

    def listed(self, section: schema.Section) -> list[schema.Block]:
        """Return the blocks of such a section that short forms have in it."""
        shown = (block for block in section.blocks if IN_SHORT.get(block.type) not in ("apart", "never"))
        return [block for block in shown if self.has("aids") or not _is_aid(block)]

    @property
    def aids(self) -> list[schema.Block]:
        """What sections with lists have beside what to do: diaries, tables, notices that do not warn, and the like."""
        return [block for section in self.lists for block in self.listed(section) if _is_aid(block)]

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


def _lists(blocks: Iterable[schema.Block]) -> bool:
    return any(IN_SHORT.get(block.type) == "lists" for block in blocks)


def _gives_tips(section: schema.Section) -> bool:
    """Tell whether a section has lists without numbers, and nothing that is done step by step or ticked."""
    lists = [block for block in section.blocks if IN_SHORT.get(block.type) == "lists" and not _is_aid(block)]
    return bool(lists) and all(isinstance(block, schema.List) and not block.numbered for block in lists)


def _is_aid(block: schema.Block) -> bool:
    if isinstance(block, schema.Notice):
        return not (_is_caution(block) or markdown.has_strong_sentence(block.text))
    return block.type in _AIDS


def _is_caution(block: schema.Text | schema.Notice) -> bool:
    return isinstance(block, schema.Notice) and block.kind == "caution"


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
