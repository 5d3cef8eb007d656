"""What all handouts of a language share: ``source/shared/LANG.yaml``."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.handout import Translation
from handout_builder.content.schema.values import HeadingText, Label, Markdown, Model, Region, Regions, SchemaVersion

OPTIONAL_LABELS = frozenset(
    (
        *("a11y_summary", "a11y_text", "a11y_pictures", "a11y_languages", "a11y_pages", "access_problems", "in_words"),
        *("atlas_index_vietnamese", "atlas_lead_vietnamese", "beside_pair", "beside_row", "foot_mixed"),
        "care_in_pregnancy",
        "dose_weeks",
        *("short_form_sources", "short_form_points", "short_form_sources_points"),
    )
)
"""Labels that a translation may lack: without them less is said, or less exactly."""


class ForParts(Model):
    """Words of a safety block that only handouts have that press on some parts of the body."""

    text: Markdown
    about: Annotated[Regions | None, Field(description="The parts of the body, or one; all where it is left out.")] = (
        None
    )
    otherwise: Annotated[Markdown | None, Field(description="What the other handouts have in its place.")] = None
    doses: Annotated[
        list[Literal["pressure", "seconds", "times_a_day"]],
        Field(description="Which parts of a dose it tells; handouts whose points all have these do not print it."),
    ] = []
    beside_doses: Annotated[Markdown | None, Field(description="What those handouts have in its place.")] = None


def _as_said(value: Any) -> Any:
    return value if isinstance(value, dict) else {"text": value}


def _as_pieces(value: Any) -> Any:
    return value if isinstance(value, list) else [] if value is None else [value]


Said = Annotated[ForParts, BeforeValidator(_as_said, json_schema_input_type=Markdown | ForParts)]
"""Words that all handouts have, or some."""


class SafetyGroup(Model):
    """A lead line and its list."""

    lead: Markdown | None = None
    items: Annotated[list[Said], Field(min_length=1)]
    numbered: bool = False
    short: Annotated[
        list[Said],
        BeforeValidator(_as_pieces, json_schema_input_type=Markdown | list[Said] | None),
        Field(description="The same in one paragraph, for the short editions; or its pieces."),
    ] = []


class SafetyBlock(Model):
    """A reusable safety block; the rank chooses rule weight and icon.

    Blocks of the ranks emergency and doctor may leave their lists to ``red_flags``: they then have the signs of the
    parts of the body that the handout is about.
    """

    heading: HeadingText
    rank: Literal["emergency", "doctor", "stop", "how"]
    above: Annotated[str, Field(description="Another block, which is printed above this one.")] = ""
    about: Annotated[Regions | None, Field(description="For which parts of the body its signs are.")] = None
    groups: list[SafetyGroup] = []
    closing: Markdown | None = None
    sources: list[str] = []

    @model_validator(mode="after")
    def _has_its_signs(self) -> Self:
        if not self.groups and not self.flagged:
            words = {"rank": self.rank, "hint": "give its lists under 'groups:'"}
            raise PydanticCustomError("missing-key", "a block of rank {rank} without 'groups'", words)
        return self

    @property
    def flagged(self) -> bool:
        """Whether its lists are those of ``red_flags``."""
        return not self.groups and self.rank in ("emergency", "doctor")


class Sign(Model):
    """A warning sign, and who says so."""

    text: Markdown
    sources: Annotated[list[str], Field(min_length=1, description="Names of sources in the same file.")]


class Signs(Model):
    """Warning signs that ask for the same."""

    lead: Markdown
    signs: Annotated[list[Sign], Field(min_length=1)]
    short: Annotated[Markdown | None, Field(description="The same in one paragraph, for the short editions.")] = None


class RedFlags(Model):
    """The warning signs of a part of the body."""

    emergency: Annotated[Signs, Field(description="Those that ask for help at once.")]
    doctor: Annotated[Signs, Field(description="Those that ask for a doctor within days.")]


class CitedWork(Model):
    """One work that facts were taken from."""

    text: Markdown


class Distance(Model):
    """How a distance in cun is told with the fingers of the person who presses."""

    words: Annotated[Label, Field(description="In a sentence: “two finger-widths”.")]
    short: Annotated[Label, Field(description="In a table: “2 fingers”.")]


class Caution(Model):
    """A line of care for the card of a point."""

    line: Label
    says: Annotated[
        Literal["gently", "ask"] | None,
        Field(description="What the line says by itself of how to press: the general line for it is then left out."),
    ] = None
    sources: Annotated[list[str], Field(description="Names of sources in the same file.")] = []


class Press(Model):
    """The lines for points that are not pressed like others."""

    gently: Label
    ask: Annotated[Label, Field(description="With {reason}, one of the reasons.")]
    never: Annotated[Label, Field(description="With {reason}, one of the reasons.")]
    reasons: Annotated[dict[str, Label], Field(description="By the column press_reason of the table of places.")]


class Shared(Model):
    """What all handouts of a language share: labels, words for places, safety blocks, sources."""

    translation: Translation | None = None
    labels: dict[str, Label]
    months: Annotated[list[Label], Field(min_length=12, max_length=12)]
    vertebrae: Annotated[dict[str, Label], Field(description="The names of the vertebrae, with the article.")]
    distances: Annotated[dict[str, Distance], Field(description="A distance in cun, told in finger-widths.")]
    press: Annotated[Press, Field(description="Lines for points that are pressed gently, after asking, or never.")]
    cautions: Annotated[dict[str, Caution], Field(description="Lines for the cards of points that need care.")]
    meridians: Annotated[dict[str, Label], Field(description="Names of the meridians, by the letters of the codes.")]
    red_flags: Annotated[dict[Region, RedFlags], Field(description="Warning signs by the part of the body.")]
    safety: dict[str, SafetyBlock]
    sources: dict[str, CitedWork]
    schema_version: SchemaVersion = 1
