"""What may stand in a section: every type of block, by the key ``type``."""

from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.cards import Points
from handout_builder.content.schema.charts import Chart, Overview
from handout_builder.content.schema.forms import Form
from handout_builder.content.schema.pictures import CardPicture, Figure, Picture, SidePicture
from handout_builder.content.schema.values import (
    Address,
    Amount,
    BaseBlock,
    DaysAWeek,
    Duration,
    Markdown,
    Model,
    Paragraph,
    SafetyName,
    Slug,
)


class Heading(BaseBlock):
    """A heading inside a section."""

    type: Literal["heading"]
    text: Markdown


class Text(BaseBlock):
    """One or more paragraphs."""

    type: Literal["text"]
    text: Markdown


class List(BaseBlock):
    """A list, with bullets or numbers."""

    type: Literal["list"]
    items: Annotated[list[Paragraph], Field(min_length=1)]
    numbered: bool = False


class Definition(Model):
    """A term and the text that explains it."""

    term: Markdown
    text: Markdown


class Definitions(BaseBlock):
    """Terms with their explanations."""

    type: Literal["definitions"]
    items: Annotated[list[Definition], Field(min_length=1)]
    numbered: bool = False


IndexKey = Literal[
    "code", "pinyin", "english", "zh-Hans", "zh-Hant", "kana", "romaji", "hangul", "ko-Latn", "vietnamese"
]
"""What points are looked up by."""


class Index(Model):
    """The points that have cards in the order of a code or a name, each with its pages and linked to its card."""

    type: Literal["index"]
    by: Annotated[
        IndexKey,
        Field(
            description="code, or a name: Latin letters without tones, Chinese by radicals, kana by their rows, "
            "hangul by their letters, Vietnamese as its dictionaries do."
        ),
    ] = "code"


class Exercise(BaseBlock):
    """An exercise: how to do it, and how often."""

    type: Literal["exercise"]
    name: Markdown
    picture: Annotated[SidePicture | None, Field(description="What it looks like.")] = None
    start: Annotated[Markdown | None, Field(description="Where to begin: how to sit, stand or lie.")] = None
    steps: Annotated[list[Markdown], Field(min_length=1, description="What to do, one thing after another.")]
    hold: Annotated[Amount | None, Field(description="How many seconds a position is held.")] = None
    reps: Annotated[Amount | None, Field(description="How often it is done in a row.")] = None
    sets: Annotated[Amount | None, Field(description="How many such rows, with a rest between them.")] = None
    each_side: Annotated[bool, Field(description="It is done with both sides of the body, in turn.")] = False
    times_a_day: Annotated[Amount | None, Field(description="How often a day.")] = None
    days_a_week: Annotated[DaysAWeek | None, Field(description="On how many days of a week.")] = None
    progression: Annotated[Markdown | None, Field(description="How it becomes harder with time.")] = None
    stop: Annotated[Markdown | None, Field(description="When to stop; printed behind “Stop if”.")] = None


class PageBreak(Model):
    """What follows begins a page in print."""

    type: Literal["page-break"]


class HowToPress(Model):
    """How a handout's own points are pressed: how long, how often, and when to stop."""

    steps: Annotated[
        list[Markdown], Field(description="What to do, in steps; the next two keys are the last ones.")
    ] = []
    time: Annotated[Duration, Field(description="How long a point is pressed, with the number in digits.")]
    often: Annotated[Markdown, Field(description="How often a day, and for how many days or weeks.")]
    stop: Annotated[Markdown, Field(description="When to stop.")]


class Safety(BaseBlock):
    """A safety block that all handouts share, or the handout's own words on how to press."""

    type: Literal["safety"]
    include: Annotated[SafetyName, Field(description="The name of the block in source/shared/.")]
    show: Annotated[bool, Field(description="false leaves the block out.")] = True
    own: Annotated[
        HowToPress | None, Field(description="The handout's own words, in place of the shared ones on how to press.")
    ] = None

    @model_validator(mode="after")
    def _only_how_to_press_is_its_own(self, info: ValidationInfo) -> Self:
        block = ((info.context or {}).get("safety") or {}).get(self.include)
        if self.own and block and block.rank != "how":
            words = {"name": self.include, "hint": "only the words on how to press may be a handout's own"}
            raise PydanticCustomError("value", "the block '{name}' is the same in all handouts", words)
        return self


class Invitation(BaseBlock):
    """The invitation to a clinic: it belongs to a brand and is left out without it."""

    type: Literal["invitation"]
    brand: Slug
    text: Markdown


class Video(BaseBlock):
    """A video; it stays out of print until its link is given."""

    type: Literal["video"]
    text: Markdown
    link: Address | None = None


Block = Annotated[
    Heading
    | Text
    | List
    | Definitions
    | Form
    | Points
    | Index
    | Overview
    | Chart
    | Figure
    | Exercise
    | Safety
    | Invitation
    | Video
    | PageBreak,
    Field(discriminator="type"),
]


def pictures_of(block: Block) -> list[tuple[tuple[str | int, ...], Picture | CardPicture]]:
    """Return the pictures of a block, each with where it stands in it."""
    if isinstance(block, Figure):
        return [((), block)]
    if isinstance(block, Points):
        cards = enumerate(block.points)
        return [(("points", number, "picture"), card.picture) for number, card in cards if card.picture]
    return [(("picture",), block.picture)] if isinstance(block, Exercise) and block.picture else []
