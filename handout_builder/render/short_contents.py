"""What a short form has of a handout: one page, a leaflet, a visit sheet."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from handout_builder.content import place_text, schema, texts
from handout_builder.content.safety import Box
from handout_builder.render.contents import Contents
from handout_builder.render.formatter import Formatter
from handout_builder.render.product import Product
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

_TO_SECTION = re.compile('<a href="#([^"]+)"')


@dataclass(frozen=True)
class ShortContents:
    """What templates pick from a handout for a short form of it."""

    contents: Contents
    left_out: tuple[str, ...] = ()
    """What it has no room for: see Product."""

    @classmethod
    def of(cls, product: Product) -> "ShortContents":
        """Return what the short form of a product has."""
        return cls(Contents(product.source), product.left_out)

    def has(self, part: str) -> bool:
        """Tell whether a short form has room for a part."""
        return part not in self.left_out

    @property
    def summary(self) -> list[str]:
        """The lines of the summary that it has: none that leads to a section that it lacks."""
        lines = self.contents.source.handout.summary if self.has("summary") else []
        return [line for line in lines if not self.missed(markdown.inline_html(line))]

    def missed(self, html: str) -> list[schema.Section]:
        """Return the sections that words lead to, and of which a short form has nothing."""
        targets = set(_TO_SECTION.findall(html))
        sections = (section for section in self.contents.source.handout.sections if section.id in targets)
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
        for block in self.contents.blocks("points"):
            for card in block.points if self.has("uses") else ():
                yield from map(markdown.html, texts.prose(card))
        for section in self.lists if self.has("lists") else ():
            for block in self.listed(section):
                yield from map(markdown.html, texts.prose(block))
        for box in self.contents.every_box:
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
        kinds = ("chart", "points", *(("overview",) if self.contents.others and self.has("others") else ()))
        cautions = self.cautions if self.has("cautions") else []
        own = ((ident, block) for ident, block in self.contents.placed if any(block is one for one in cautions))
        apart: list[tuple[str, Any]] = [*self.contents.placed_boxes, *own]
        for kind in kinds:
            found = [(ident, block) for ident, block in self.contents.placed if block.type == kind]
            apart += found if kind == "points" else found[:1]
        first: dict[str, Any] = {}
        for ident, shown in apart:
            first.setdefault(ident.rpartition("_")[0], shown)
        words = (*map(markdown.inline_html, self.summary), *self.told)
        targets = {target for html in words for target in _TO_SECTION.findall(html)}
        cards = {ident: first[ident] for ident, _ in self.contents.instructions}
        # Where a chart has the heading of its section, cards further on would read as those of another.
        if all(getattr(shown, "type", "") == "points" for shown in cards.values()):
            targets |= cards.keys()
        listed = self.lists if self.has("lists") else []
        return [
            (first[section.id], section)
            for section in self.contents.source.handout.sections
            if section.id in targets & first.keys() and not any(section is one for one in listed)
        ]

    @property
    def lacks_points(self) -> bool:
        """Whether a short form has not all points of the handout."""
        return bool(self.contents.others and not self.has("others")) or any(
            not self.has(code) for code in self.contents.cards
        )

    @property
    def for_pregnant(self) -> list[str]:
        """The codes of the points of a short form before which those who are or may be pregnant ask."""
        codes = [*filter(self.has, self.contents.cards), *(self.contents.others if self.has("others") else [])]
        return place_text.for_pregnant(codes, self.contents.points)

    @property
    def care_in_pregnancy(self) -> str:
        """What a short form tells of them, in few words; empty where it has none of them."""
        codes = self.for_pregnant
        return (
            Formatter(self.contents.source.shared, self.contents.points, self.contents.source.lang).for_pregnant(codes)
            if codes
            else ""
        )

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
        sections = [s for s in self.contents.source.handout.sections if not any(s is one for one in whole)]
        kept = (s for s in sections if any(block.type == "points" for block in s.blocks) is beside)
        return [block for s in kept for block in s.blocks if isinstance(block, schema.Text | schema.Notice)]

    @property
    def lists(self) -> list[schema.Section]:
        """The sections that short forms have: those with lists; of a handout that shows no point, all."""
        sections = self.contents.source.handout.sections
        if self.contents.shows_points or self._lacks_texts:
            sections = [section for section in sections if _lists(section.blocks) or self._helps(section)]
        found = sections if self.has("tips") else [section for section in sections if not _gives_tips(section)]
        if self.contents.shows_points:
            return [section for section in found if _lists(self.listed(section))]
        return [section for section in found if self.listed(section)]

    @property
    def _lacks_texts(self) -> bool:
        return not self.has("texts") and any(
            _lists(section.blocks) for section in self.contents.source.handout.sections
        )

    def _helps(self, section: schema.Section) -> bool:
        """Tell whether a short form of a handout without points has a section for a table or the like."""
        return not self.contents.shows_points and self.has("aids") and any(map(_is_aid, section.blocks))

    def listed(self, section: schema.Section) -> list[schema.Block]:
        """Return the blocks of such a section that short forms have in it."""
        shown = (block for block in section.blocks if IN_SHORT.get(block.type) not in ("apart", "never"))
        return [block for block in shown if self.has("aids") or not _is_aid(block)]

    @property
    def aids(self) -> list[schema.Block]:
        """What sections with lists have beside what to do: diaries, tables, notices that do not warn, and the like."""
        return [block for section in self.lists for block in self.listed(section) if _is_aid(block)]


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
