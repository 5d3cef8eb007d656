"""What is made: a handout's content in a clinic's brand, or in none, and in one edition."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handout_builder.content import schema
from handout_builder.content.loader import Source
from handout_builder.editions import DEFAULT, EDITIONS, Edition
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.personal import Words
from handout_builder.resources import EPOCH
from handout_builder.tokens import Theme

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand


@dataclass(frozen=True)
class Product:
    """Everything that one set of pages, and the book that follows them, is made of."""

    source: Source
    brand: "Brand | None" = None
    edition: Edition = EDITIONS[DEFAULT]
    left_out: tuple[str, ...] = ()
    """What a short form has no room for: "texts" are sections that only explain, of a handout without points, "aids"
    diaries, tables and the like beside what to do, "others" the points without a card, "places" the places in whole
    sentences, "tips" the sections with lists without numbers, "drawings" those of the cards, "lists" all sections with
    lists, "summary" what is in short, "uses" the authors' words on cards, but for what is bold, "cautions" their
    warnings in sections without cards."""
    personal: Mapping[str, Words] = field(default_factory=dict, repr=False)
    """One person's words by the names of the boxes that the handout leaves for them; none for a copy to write on."""
    second: Source | None = None
    """The same handout in another language, for pages and books in two languages."""

    def __post_init__(self) -> None:
        """Print it on the paper of the clinic, else of the handout's author, and in typefaces that have its letters."""
        if self.brand and self.brand.faces:
            labels = [label for text in self.sources for label in text.shared.labels.values()]
            object.__setattr__(self, "brand", self.brand.without_mixed_words(" ".join(labels).split()))
        paper = (self.brand and self.brand.file.defaults.handout.paper) or self.source.handout.paper
        if paper != self.edition.paper:
            object.__setattr__(self, "edition", replace(self.edition, paper=paper))

    @property
    def name(self) -> str:
        """What people call it: the path of its files inside the output folder, without their endings."""
        brand = f"{self.brand.name}/" if self.brand else ""
        return f"{brand}{self.source.name}.{self.tag}{self.edition.suffix}"

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its text, and that of the other language."""
        return (self.source, *([self.second] if self.second else []))

    @property
    def tag(self) -> str:
        """The language of its text, or both: en+ja."""
        return f"{self.source.lang}+{self.second.lang}" if self.second else self.source.lang

    @property
    def theme(self) -> Theme:
        """What decides colours and drawings."""
        own = (*self.edition.look.tokens, *(self.brand.colours if self.brand else ()), *self.edition.tokens)
        return Theme(self.source.handout.skin, own, self.source.handout.body)

    @cached_property
    def drawn(self) -> dict[str, Any]:
        """What was drawn for its pages, by the id of the drawing: the book has the same."""
        return {}

    @cached_property
    def pictures(self) -> Mapping[str, bytes]:
        """The author's pictures as they are shown: those of figures by their names, those of cards cut and marked."""
        handout = self.source.handout
        own = (picture for block in handout.blocks for _, picture in schema.pictures_of(block))
        whole = dict.fromkeys(picture.key for picture in own if isinstance(picture, schema.Picture))
        found = {name: self.source.pictures[name] for name in whole}
        for card in handout.cards:
            if card.picture:
                from handout_builder.figures.marked_picture import marked  # noqa: PLC0415  # most cards have none

                data = self.source.pictures[card.picture.image]
                found[card.picture_name] = marked(data, card.picture, self.source.points[card.code], self.theme)
        return found

    @property
    def dated(self) -> str:
        """When its files say that they were made (W3C-DTF): SOURCE_DATE_EPOCH, else the day of the text's revision.

        The variable is that of reproducible-builds.org/specs/source-date-epoch: seconds since 1970, UTC. Raises
        HandoutError when it is set to anything else.
        """
        epoch = os.environ.get(EPOCH)
        if epoch is None:
            return self.source.handout.revised.isoformat()
        try:
            return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError, OSError) as error:
            message = f"'{epoch}' is no number of seconds since 1970"
            hint = "unset it, or set it to what 'git log -1 --format=%ct' says"
            raise HandoutError([Problem("epoch", message, Path(EPOCH), hint=hint)]) from error

    @property
    def brand_notes(self) -> tuple[Problem, ...]:
        """What was changed in the brand, and what its typefaces lack for this text."""
        if not self.brand:
            return ()
        characters = frozenset[str]().union(*(text.characters for text in self.sources))
        return (*self.brand.notes, *self.brand.lacking(characters))
