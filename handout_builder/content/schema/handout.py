"""A handout in one language: ``source/NAME/LANG.yaml``."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from handout_builder.content.schema.blocks import Block
from handout_builder.content.schema.cards import PointCard, Points
from handout_builder.content.schema.personal import PersonalBlocks, PersonalBox, boxes_of, check_personal
from handout_builder.content.schema.topics import Topics
from handout_builder.content.schema.values import (
    AcceptedCode,
    Address,
    Body,
    Day,
    EditionName,
    EmergencyNumber,
    HeadingText,
    Identifier,
    Label,
    LookName,
    Markdown,
    Marks,
    Model,
    Reason,
    Regions,
    SchemaVersion,
    SectionId,
    SourceName,
    Whole,
)
from handout_builder.editions import DEFAULT, Paper
from handout_builder.looks import DEFAULT_LOOK


class Section(Model):
    """A heading and what stands under it."""

    id: Annotated[SectionId, Field(description="Links and bookmarks lead here; keep it when the heading changes.")]
    heading: HeadingText
    starts_page: Annotated[bool, Field(description="Begin a new printed page and a new EPUB chapter.")] = False
    wide: Annotated[
        bool | None,
        Field(description="Let heading and text use the full width; by itself where cards or charts come first."),
    ] = None
    blocks: Annotated[list[Block], Field(min_length=1)]


class Term(Model):
    """A word of the text, and what it means."""

    term: Annotated[Markdown, Field(max_length=60, description="The word, as the text has it.")]
    forms: Annotated[list[Label], Field(description="Other forms of it that the text uses: vertebrae.")] = []
    text: Annotated[Markdown, Field(description="What it means, in a sentence or two.")]


TranslatedFrom = Literal["en", "es", "ja", "ko", "vi", "zh-Hans", "zh-Hant"]
"""The languages that there are names of in every language."""


class Translation(Model):
    """How a text came into its language; it is printed until a qualified person has reviewed it."""

    source: Annotated[TranslatedFrom, Field(alias="from", description="The language that it was translated from.")]
    by: Annotated[Literal["machine", "person"], Field(description="Who translated it.")]
    date: Annotated[Day, Field(description="When, YYYY-MM-DD.")]
    reviewed_by: Annotated[
        Label | None, Field(description="The qualified person who compared it with the original, block by block.")
    ] = None


class Handout(Model):
    """One handout in one language."""

    title: HeadingText
    subtitle: Markdown | None = None
    kicker: Annotated[Label | None, Field(description="Two or three words beside the title.")] = None
    description: Annotated[Label, Field(description="One sentence for catalogues and search engines.")]
    author: Label | None = None
    identifier: Annotated[
        Identifier | None,
        Field(description="What the book is known by for ever: urn:uuid:…, or urn:isbn:… (13 digits); keep it."),
    ] = None
    address: Annotated[
        Address | None,
        Field(description="Where its file can be read on the web: the code of a visit sheet leads there."),
    ] = None
    rights: Annotated[Label | None, Field(description="Who has the rights, and the licence; printed in the book.")] = (
        None
    )
    subjects: Annotated[list[Label], Field(description="What it is about, for catalogues: low back pain.")] = []
    topics: Annotated[
        Topics | None,
        Field(description="Codes of ICD-10 and SNOMED CT by which record systems find it; they are not printed."),
    ] = None
    about: Annotated[
        Regions | None, Field(description="The part of the body; or several. It chooses the warning signs.")
    ] = None
    emergency: Annotated[
        EmergencyNumber | None, Field(description="Whom to call; a clinic's brand may say another.")
    ] = None
    added: Annotated[
        Markdown | None,
        Field(description="What stands here beside the words of another author, in a sentence; it is printed once."),
    ] = None
    skin: Annotated[Literal["light", "medium", "dark"], Field(description="The skin tone of the drawings.")] = "light"
    body: Annotated[Body, Field(description="Whose chest, belly and hip are drawn: neutral, woman or man.")] = "neutral"
    editions: Annotated[
        list[EditionName], Field(min_length=1, description="How it is printed when --edition is not given.")
    ] = [DEFAULT]
    paper: Annotated[Paper, Field(description="letter: every edition in US sizes.")] = "a4"
    pages: Annotated[
        int | None, Field(ge=1, le=100, description="How many pages it may take, where these are whole ones."), Whole
    ] = None
    look: Annotated[LookName, Field(description="How its pages look when --look is not given.")] = DEFAULT_LOOK.name
    typography: Annotated[
        Marks | None,
        Field(
            description="smart: quotation marks, dashes and fractions of a keyboard are printed as the language has "
            "them. Without it a brand may say so."
        ),
    ] = None
    revised: Annotated[Day, Field(description="Date of the last revision, YYYY-MM-DD; it dates the files, too.")]
    translation: Annotated[
        Translation | None, Field(description="That it is a translation, and by whom; printed until it is reviewed.")
    ] = None
    reviewed_by: Annotated[
        Markdown | None, Field(description="Who checked it, and what they are; printed at the end.")
    ] = None
    review_due: Annotated[
        Day | None, Field(description="When it is checked again, YYYY-MM-DD; check tells in time.")
    ] = None
    evidence: Annotated[Markdown | None, Field(description="What it rests on, in a sentence; printed at the end.")] = (
        None
    )
    readers_involved: Annotated[
        Markdown | None, Field(description="How readers had a part in it, in a sentence; printed at the end.")
    ] = None
    summary: Annotated[list[Markdown], Field(description="“In short”: the handout's own summary.")] = []
    sections: Annotated[list[Section], Field(min_length=1)]
    personal: Annotated[
        PersonalBlocks, Field(description="What is made out to one person, and where it stands: name, date, doses.")
    ] = []
    glossary: Annotated[
        list[Term], Field(description="Words that are explained at the end, and linked where they are first used.")
    ] = []
    sources: Annotated[list[SourceName], Field(description="Names of sources in source/shared/ to be listed.")] = []
    accept: Annotated[
        dict[AcceptedCode, Annotated[Reason, Field(description="Why it is as it is.")]],
        Field(description="Warnings of check that are meant so: the code, and the reason."),
    ] = {}
    schema_version: SchemaVersion = 1

    @model_validator(mode="after")
    def _has_places_for_what_is_personal(self) -> Self:
        check_personal(self.personal, (section.id for section in self.sections))
        return self

    @property
    def blocks(self) -> list[Block]:
        """The blocks of all sections, in their order."""
        return [block for section in self.sections for block in section.blocks]

    @property
    def cards(self) -> list[PointCard]:
        """The cards of points in these blocks."""
        return [card for block in self.blocks if isinstance(block, Points) for card in block.points]

    @property
    def personal_boxes(self) -> Iterator[PersonalBox]:
        """The boxes for one person's words, in the order in which they are read."""
        return (box for block in self.personal for field in block.fields for box in boxes_of(field))
