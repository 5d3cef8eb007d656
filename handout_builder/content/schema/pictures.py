"""Pictures that lie in the handout's folder: figures, and those beside exercises and on cards."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from handout_builder.content.pictures import broken_picture
from handout_builder.content.schema.values import FloatingBlock, Label, Markdown, Model, Number, PrintedSize


def _check_picture(name: str, info: ValidationInfo) -> str:
    folder: Path | None = (info.context or {}).get("folder")
    if folder is not None and (broken := broken_picture(folder, name)):
        reason, hint = broken
        raise PydanticCustomError("broken-image", "{reason}", {"reason": reason, "hint": hint})
    return name


def _check_crop(crop: list[float]) -> list[float]:
    """Take a part of a picture that lies inside it."""
    x, y, width, height = crop
    if min(x, y) < 0 or min(width, height) < 1 or max(x + width, y + height) > 100:  # noqa: PLR2004  # percent
        words = {"hint": "left, top, width and height in percent of the picture: crop: [25, 0, 50, 100]"}
        raise PydanticCustomError("value", "this part does not lie inside the picture", words)
    return crop


def _check_at(at: list[float]) -> list[float]:
    if not all(0 <= share <= 100 for share in at):  # noqa: PLR2004  # percent
        words = {"hint": "from the left and from above, in percent of what is shown: at: [50, 20]"}
        raise PydanticCustomError("value", "this mark does not lie on the picture", words)
    return at


Percent = Annotated[float, Field(ge=0, le=100), Number]
"""A share of a whole."""


class CardPicture(Model):
    """The author's own picture on a card, cut square, with a mark where the point is."""

    image: Annotated[
        str, AfterValidator(_check_picture), Field(description="A picture file that lies in the handout's folder.")
    ]
    mark: Annotated[
        tuple[Percent, Percent] | None,
        Field(
            description="Where the point is: % of the picture's width from its left edge, % of its height from above."
        ),
    ] = None
    alt: Annotated[Label, Field(description="What the picture shows, for those who cannot see it.")]
    crop: ClassVar[Sequence[float]] = (0, 0, 100, 100)
    whole: ClassVar[bool] = True

    @property
    def key(self) -> str:
        """What it is called among the pictures of a handout."""
        return self.image


class Picture(Model):
    """A picture file that lies in the handout's folder, or a part of it."""

    image: Annotated[str, AfterValidator(_check_picture)]
    alt: Annotated[Label, Field(description="What the picture shows, for those who cannot see it.")]
    crop: Annotated[
        list[Annotated[float, Number]],
        Field(min_length=4, max_length=4, description="The part that is shown: left, top, width, height in percent."),
        AfterValidator(_check_crop),
    ] = [0, 0, 100, 100]
    credit: Annotated[Markdown | None, Field(description="Whose picture it is; printed below it.")] = None
    licence: Annotated[
        Markdown | None, Field(description="On what terms it may be used; printed behind the credit.")
    ] = None

    @property
    def key(self) -> str:
        """What it is called among the pictures of a handout: parts of one file are several."""
        return self.image if self.whole else f"{self.image} [{' '.join(f'{n:g}' for n in self.crop)}]"

    @property
    def whole(self) -> bool:
        """Whether all of the file is shown."""
        return self.crop == [0, 0, 100, 100]


class PictureMark(Model):
    """A place on a picture, and what it is."""

    at: Annotated[
        list[Annotated[float, Number]],
        Field(min_length=2, max_length=2, description="From the left and from above, in percent of what is shown."),
        AfterValidator(_check_at),
    ]
    label: Annotated[Label, Field(max_length=40, description="What is there, in few words.")]


class Figure(Picture, FloatingBlock):
    """A picture of the author's, with a caption."""

    type: Literal["figure"]
    caption: Markdown | None = None
    size: Annotated[
        PrintedSize | None,
        Field(description="How wide it is printed: a third, two thirds or all of the column."),
    ] = None
    side: Annotated[Literal["left", "right"] | None, Field(description="Text flows beside it, on the other side.")] = (
        None
    )
    marks: Annotated[
        list[PictureMark], Field(max_length=12, description="Places on the picture, with labels beside it.")
    ] = []

    @model_validator(mode="after")
    def _has_room_for_labels(self) -> Self:
        if self.marks and (self.side or self.size):
            words = {"hint": "take 'side:' and 'size:' out: the labels stand beside the picture"}
            raise PydanticCustomError("value", "a picture with marks has the whole column", words)
        return self


class SidePicture(Picture):
    """A picture beside the words that belong to it."""

    side: Annotated[Literal["left", "right"], Field(description="On which side of the words it stands.")] = "right"
