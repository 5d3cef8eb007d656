"""What a handout leaves room for, so that it can be made out to one person: name, day, points, doses."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.values import HeadingText, Markdown, Model, Slug, Whole

PersonalName = Literal["name", "date", "practitioner", "next_visit", "note", "points"]
"""What may be personal; ``points`` are rows of a point and its dose."""
START = "title"
"""Where a personal block stands that names no section: behind the title."""
_MOST_ROWS = 10


class PersonalField(Model):
    """A field of a personal block."""

    field: Annotated[PersonalName, Field(description="What stands in it.")]
    label: Annotated[Markdown | None, Field(description="What is printed before it, in place of the usual words.")] = (
        None
    )
    lines: Annotated[
        int,
        Field(ge=1, le=_MOST_ROWS, description="How many lines there are to write on; of points, how many rows."),
        Whole,
    ] = 1


class PersonalBox(NamedTuple):
    """One box of a field, into which words of one person are written."""

    name: str
    """What its element has as ``data-field``, and a list of patients as the head of a column."""
    lines: int
    """How many lines there are to write on."""


def boxes_of(field: PersonalField) -> list[PersonalBox]:
    """Return the boxes of a field in the order in which they are read: each row of points has two."""
    if field.field != "points":
        return [PersonalBox(field.field, field.lines)]
    return [PersonalBox(f"{what}_{row}", 1) for row in range(1, field.lines + 1) for what in ("point", "dose")]


def _as_field(value: object) -> object:
    return {"field": value} if isinstance(value, str) else value


class Personal(Model):
    """A block that is made out to one person; without their words it has lines to write on."""

    after: Annotated[
        Slug, Field(description="The id of the section that it stands behind; title: before all sections.")
    ] = START
    heading: Annotated[HeadingText | None, Field(description="What stands beside it, in place of the usual words.")] = (
        None
    )
    fields: Annotated[
        list[Annotated[PersonalField, BeforeValidator(_as_field, json_schema_input_type=PersonalName | PersonalField)]],
        Field(min_length=1, max_length=10),
    ]


def _as_blocks(value: object) -> object:
    return [value] if isinstance(value, dict) else value


PersonalBlocks = Annotated[
    list[Personal], BeforeValidator(_as_blocks, json_schema_input_type=Personal | list[Personal]), Field(max_length=5)
]
"""One personal block, or several."""


def check_personal(blocks: Sequence[Personal], sections: Iterable[str]) -> None:
    """Raise for a block that stands behind no section, and for a field that is there twice."""
    known = [START, *sections]
    for block in blocks:
        if block.after not in known:
            words = {"id": block.after, "hint": f"known: {', '.join(known)}", "excerpt": f"after: {block.after}"}
            raise PydanticCustomError("unknown-link", "there is no section '{id}' for a personal block", words)
    names = [field.field for block in blocks for field in block.fields]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        words = {"field": twice, "hint": "keep one of them", "excerpt": twice}
        raise PydanticCustomError("value", "the personal field '{field}' is there twice", words)
