"""Drawings of points: charts of a part of the body, and the overview of many."""

from typing import Annotated, Literal

from pydantic import Field

from handout_builder.content.schema.values import (
    BaseBlock,
    Body,
    Code,
    FloatingBlock,
    HeadingText,
    Label,
    Markdown,
    Model,
    PrintedSize,
)


class PointGroup(Model):
    """Points that are marked in the same way."""

    mark: Annotated[
        Literal["filled", "target", "ring", "thin"],
        Field(description="How strong the points look: filled, a ring with a core, a ring, a thin small ring."),
    ]
    label: Annotated[Label, Field(max_length=28, description="What the mark means, in few words.")]
    points: Annotated[list[Code], Field(min_length=1)]


class Overview(BaseBlock):
    """Many points at once: a chart of the whole back, drawings of the leg where needed, a legend and a table.

    Names and places come from the catalogue; the points of the first group are printed bold.
    """

    type: Literal["overview"]
    groups: Annotated[list[PointGroup], Field(min_length=1)]
    title: HeadingText
    caption: Markdown

    @property
    def points(self) -> list[str]:
        """The codes of all groups."""
        return [code for group in self.groups for code in group.points]


ViewName = Literal[
    "auto", "back", "upper-back", "lower-back", "torso-front", "torso-back", "torso-side", "head-front", "head-side",
    "head-back", "head-top", "neck-side", "shoulder-top", "hip-side", "arm-front", "arm-back", "arm-radial",
    "arm-ulnar", "forearm-front", "forearm-back",
    "hand-palm", "hand-back", "hand-ulnar", "leg-front", "whole-leg-front", "leg-back", "whole-leg-back", "leg-outer",
    "lower-leg-outer", "leg-inner", "lower-leg-inner", "foot-top", "foot-sole", "foot-outer", "foot-inner",
    "ankle-outer", "ankle-inner", "body-front", "body-back",
]  # fmt: skip
"""The views of the figures in layouts/figures/, and auto."""


class Chart(FloatingBlock):
    """A drawing of a part of the body with points in their places."""

    type: Literal["chart"]
    view: Annotated[
        ViewName, Field(description="What is drawn; auto chooses the views that show the points best, the fewest.")
    ] = "auto"
    size: Annotated[
        PrintedSize | None,
        Field(description="How large it is printed; words keep their size. Without it, a back has the whole width."),
    ] = None
    body: Annotated[Body | None, Field(description="Whose body is drawn, if another than in the handout.")] = None
    points: Annotated[list[Code], Field(min_length=1)]
    title: HeadingText
    caption: Markdown
