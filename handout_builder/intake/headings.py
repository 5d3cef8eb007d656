"""Headings of a document: which is the title, which begin sections, and the ids by which links lead to them."""

import re
import unicodedata

from handout_builder.content import schema
from handout_builder.content.point_names import PointNames
from handout_builder.intake import mentions
from handout_builder.intake.outline import Heading, Outline, Strange, words

_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40


class Headings:
    """The headings of an outline that are no cards of points."""

    def __init__(self, outline: Outline, names: PointNames) -> None:
        blocks = outline.blocks
        points = {
            number
            for number, block in enumerate(blocks)
            if isinstance(block, Heading) and mentions.mention(words(block.runs), names)
        }
        levels = {number: block.level for number, block in enumerate(blocks) if isinstance(block, Heading)}
        self.title = _title(outline, levels)
        """The number of the block that is the title; None where there is none."""
        if self.title in points:
            self.title = None
        levels = {number: level for number, level in levels.items() if number != self.title and number not in points}
        highest = _highest([*levels.values()])
        self.ids: dict[int, str] = {}
        """The id of each section by the number of its heading."""
        self.targets: dict[str, str] = {}
        """Ids of sections, by the names that links of documents have for their headings."""
        self._used: set[str] = set(schema.TAKEN)
        for number, level in levels.items():
            block = blocks[number]
            if level <= highest and isinstance(block, Heading):
                self._name(number, words(block.runs))

    def free_id(self, name: str) -> str:
        """Return a name as the id of one more section, with a number where it is taken."""
        found, number = name, 1
        while found in self._used:
            number += 1
            found = f"{name}-{number}"
        self._used.add(found)
        return found

    def _name(self, number: int, text: str) -> None:
        ident = self.ids[number] = self.free_id(slug(text) or "section")
        for name in (slug(text), re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")):
            self.targets.setdefault(name, ident)


def slug(text: str) -> str:
    """Return a text as small letters, digits and hyphens, less a number before it; "" where it has no Latin letters."""
    spread = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = _SLUG.sub("-", spread).strip("-").lstrip("0123456789-")
    if len(found) > _LONGEST_SLUG:
        found = found[: _LONGEST_SLUG + 1].rpartition("-")[0] or found[:_LONGEST_SLUG]
    return found


def _title(outline: Outline, levels: dict[int, int]) -> int | None:
    """Return the first heading of the highest level where it is the only one, or leads a document without a title."""
    tops = [number for number, level in levels.items() if level == 1]
    if not tops:
        return None
    first = next(number for number, block in enumerate(outline.blocks) if not isinstance(block, Strange))
    alone = len(tops) == 1 and tops[0] == next(iter(levels))
    leads = tops[0] == first and "title" not in outline.facts
    return tops[0] if alone or leads else None


def _highest(levels: list[int]) -> int:
    """Return the level of the headings that begin sections."""
    if len(levels) > 1 and levels.count(1) == 1:  # one more of the highest level is a slip
        levels.remove(1)
    return min(levels, default=2)
