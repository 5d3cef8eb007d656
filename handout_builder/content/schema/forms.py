"""Tables, what is set apart, and what readers write on."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.values import BaseBlock, Cell, FloatingBlock, Markdown, Model, Whole
from handout_builder.text import characters

# How much a cell may have, in letters, that is not broken, and all such columns of a table.
_BRIEF, _BRIEF_TOGETHER = 12, 24


class Column(Model):
    """A column of a table."""

    head: Markdown
    align: Annotated[Literal["left", "right", "center"], Field(description="Numbers are right in a column.")] = "left"


def _as_column(value: object) -> object:
    return {"head": value} if isinstance(value, str) else value


class RowGroup(Model):
    """Rows of a table that belong together."""

    heading: Annotated[Markdown | None, Field(description="What they have in common, above them.")] = None
    rows: Annotated[list[list[Cell]], Field(min_length=1, max_length=200)]


class Table(BaseBlock):
    """A table: each row has as many cells as there are columns."""

    type: Literal["table"]
    caption: Annotated[Markdown | None, Field(description="Its title; it is repeated where the table goes on.")] = None
    columns: Annotated[
        list[Annotated[Column, BeforeValidator(_as_column, json_schema_input_type=Markdown | Column)]],
        Field(min_length=2, max_length=8, description="The heads of the columns, from left to right."),
    ]
    row_heads: Annotated[bool, Field(description="The first cell of a row says what the row is about.")] = False
    rows: Annotated[list[list[Cell]], Field(max_length=200)] = []
    groups: Annotated[list[RowGroup], Field(description="Rows under headings of their own, instead of 'rows'.")] = []

    @model_validator(mode="after")
    def _has_its_cells(self) -> Self:
        if bool(self.rows) == bool(self.groups):
            words = {"hint": "rows: [[…], […]], or groups: [{heading: …, rows: […]}]"}
            raise PydanticCustomError("missing-key", "a table has either 'rows' or 'groups'", words)
        for row in (row for group in self.row_groups for row in group.rows):
            if len(row) != len(self.columns):
                many = len(row) > len(self.columns)
                hint = 'write "" for a cell that stays empty'
                hint = 'a cell that has a comma needs quotation marks: ["one, two", three]' if many else hint
                given = {"row": (row or [""])[0], "cells": len(row), "columns": len(self.columns), "hint": hint}
                raise PydanticCustomError("value", "the row '{row}' has {cells} cells for {columns} columns", given)
        return self

    @property
    def row_groups(self) -> list[RowGroup]:
        """Its rows, those without a heading as one group."""
        return self.groups or [RowGroup.model_construct(heading=None, rows=self.rows)]

    @property
    def brief_columns(self) -> list[bool]:
        """Whether each column has so few words that no cell of it is broken, beside others that are broken anyhow."""
        rows = [[column.head for column in self.columns], *(row for group in self.row_groups for row in group.rows)]
        widths = [max(map(characters.breadth, cells)) for cells in zip(*rows, strict=True)]
        brief = [width <= _BRIEF for width in widths]
        fits = sum(width for width in widths if width <= _BRIEF) <= _BRIEF_TOGETHER
        return [each and fits and not all(brief) for each in brief]


class Notice(FloatingBlock):
    """A few words set apart: a tip, a note, or what to take care of. It is no warning of a doctor's."""

    type: Literal["notice"]
    kind: Literal["tip", "note", "caution"] = "note"
    text: Markdown


class Quote(FloatingBlock):
    """What somebody said."""

    type: Literal["quote"]
    text: Markdown
    by: Annotated[Markdown | None, Field(description="Who said it.")] = None


class Question(Model):
    """A question and its answer."""

    question: Markdown
    answer: Markdown


class Questions(BaseBlock):
    """Questions that people ask, with answers."""

    type: Literal["questions"]
    items: Annotated[list[Question], Field(min_length=1)]


class Checklist(BaseBlock):
    """A list with boxes to tick."""

    type: Literal["checklist"]
    items: Annotated[list[Markdown], Field(min_length=1)]
    columns: Annotated[Literal[1, 2], Field(description="Short items can stand side by side."), Whole] = 1


class Diary(BaseBlock):
    """A table of days to tick with a pen."""

    type: Literal["diary"]
    rows: Annotated[
        list[Markdown], Field(min_length=1, max_length=12, description="What is ticked each day: points, exercises.")
    ]
    weeks: Annotated[int, Field(ge=1, le=4), Whole] = 1
    caption: Markdown | None = None


class WriteInField(Model):
    """What somebody writes in."""

    label: Markdown
    lines: Annotated[int, Field(ge=1, le=10, description="How many lines there are to write on."), Whole] = 1


def _as_field(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


class WriteIn(BaseBlock):
    """Lines to write on: “Your points”, “Next visit”."""

    type: Literal["write-in"]
    fields: Annotated[
        list[Annotated[WriteInField, BeforeValidator(_as_field, json_schema_input_type=Markdown | WriteInField)]],
        Field(min_length=1, max_length=20),
    ]


class SideList(Model):
    """A list that stands beside another."""

    heading: Markdown | None = None
    items: Annotated[list[Markdown], Field(min_length=1)]


class Columns(BaseBlock):
    """Two lists side by side; below each other where there is no room."""

    type: Literal["columns"]
    lists: Annotated[list[SideList], Field(min_length=2, max_length=2)]


Form = Table | Columns | Questions | Quote | Notice | Checklist | Diary | WriteIn
"""Tables, what is set apart, and what readers write on."""
