"""Points as cards: the name, the words of the author, the dose."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from handout_builder.content.schema.pictures import CardPicture
from handout_builder.content.schema.values import (
    Amount,
    BaseBlock,
    Code,
    DaysAWeek,
    Language,
    Markdown,
    Model,
    Paragraph,
    Side,
    VisibleText,
)
from handout_builder.text import characters, language


class Name(Model):
    """A point's name as the author writes it."""

    text: Annotated[VisibleText, Field(description="The name in its own characters, printed as written.")]
    lang: Annotated[Language, Field(description="The language of the characters: zh-Hans, zh-Hant, ja, ko or vi.")]
    reading: Annotated[VisibleText, Field(description="How the name is read, for example shèn yù.")]
    reading_lang: Annotated[
        Language, Field(description="The language of the reading, where its letters do not tell it.")
    ] = ""

    @model_validator(mode="before")
    @classmethod
    def _infer_language_of_reading(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "reading_lang" in data:
            return data
        reading, lang = data.get("reading"), data.get("lang")
        if not isinstance(reading, str) or not isinstance(lang, str) or characters.is_blank(reading):
            return data  # it is told elsewhere
        if language.meant(lang):
            return {**data, "reading_lang": "und"}  # it is told that the name's language is none
        tag = language.canonical(lang)
        inferred = language.of_reading(reading, tag)
        if not inferred and reading == data.get("text"):  # the name of a point of one's own has no other reading
            inferred = tag
        if not inferred:
            hint = "say it beside it, for example reading_lang: zh-Latn-pinyin, ja-Latn or ko-Latn"
            words = {"reading": reading, "hint": hint, "excerpt": reading}
            raise PydanticCustomError("untagged-language", "in which language '{reading}' is read is not clear", words)
        return {**data, "reading_lang": inferred}

    @model_validator(mode="after")
    def _have_languages(self) -> Self:
        for text, lang, key in ((self.text, self.lang, "lang"), (self.reading, self.reading_lang, "reading_lang")):
            if lang and not language.is_cjk_language(lang) and (run := next(iter(language.cjk_runs(text)), "")):
                hint = f"say it beside it, for example {key}: ja (or zh-Hans, zh-Hant, zh-HK, ko)"
                words = {"run": run, "hint": hint, "excerpt": run}
                raise PydanticCustomError("untagged-language", "'{run}' has no language", words)
        return self


class Dose(Model):
    """How long, how often and how a point is pressed; it is printed as one sentence."""

    pressure: Annotated[Literal["light", "medium", "firm"] | None, Field(description="How hard.")] = None
    side: Annotated[Side | None, Field(description="On which side.")] = None
    seconds: Annotated[Amount | None, Field(description="How long at a time: 30, or [15, 30].")] = None
    times_a_day: Annotated[Amount | None, Field(description="How often a day.")] = None
    days_a_week: Annotated[DaysAWeek | None, Field(description="On how many days of a week.")] = None
    days: Annotated[Amount | None, Field(description="For how many days.")] = None
    when: Annotated[Markdown | None, Field(max_length=60, description="In few words: before sleep.")] = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.told:
            words = {"hint": "for example: dose: {seconds: 30, times_a_day: 2}"}
            raise PydanticCustomError("missing-key", "this dose says nothing", words)
        return self

    @property
    def told(self) -> frozenset[str]:
        """The keys that it gives."""
        return frozenset(name for name in type(self).model_fields if getattr(self, name) is not None)

    def without_side(self) -> "Dose | None":
        """Return the same for any side; None where nothing else is said."""
        return self.model_copy(update={"side": None}) if self.told - {"side"} else None


class PointCard(Model):
    """One point: the author's name and words; code, standard name and place come from the catalogue."""

    code: Code
    name: Name
    use: Annotated[Paragraph | None, Field(description="The author's words, printed under “Traditional use”.")] = None
    where: Annotated[
        Paragraph | None, Field(description="The author's own words for the place, in place of the catalogue's.")
    ] = None
    side: Annotated[Side | None, Field(description="Press it on one side alone, or on both.")] = None
    picture: Annotated[
        CardPicture | None, Field(description="The author's own picture, in place of the catalogue's drawing.")
    ] = None
    find: Annotated[bool, Field(description="Add a line on how to find the first landmark of the place by touch.")] = (
        False
    )
    remark: Annotated[Paragraph | None, Field(description="The author's remark on the place.")] = None
    dose: Annotated[Dose | None, Field(description="How it is pressed; it goes before that of the block.")] = None

    @property
    def pressed_on(self) -> Literal["left", "right", "both"] | None:
        """The side on which it is pressed, by itself or by its dose."""
        return self.side or (self.dose.side if self.dose else None)

    @model_validator(mode="after")
    def _has_one_side(self) -> Self:
        if self.dose and self.dose.side and self.side and self.dose.side != self.side:
            words = {"side": self.side, "other": self.dose.side, "hint": "give the side once, on the card"}
            raise PydanticCustomError("value", "the card says {side}, its dose says {other}", words)
        return self

    def without_side(self) -> "PointCard":
        """Return the same for any side."""
        return self.model_copy(update={"side": None, "dose": self.dose.without_side() if self.dose else None})

    @property
    def picture_name(self) -> str:
        """What its picture, cut and marked, is called; empty where it has none."""
        if self.picture is None:
            return ""
        mark = "-".join(f"{value:g}" for value in self.picture.mark or ())
        return f"{self.code}-{mark}-{self.picture.image}"


class Points(BaseBlock):
    """A row of point cards."""

    type: Literal["points"]
    points: Annotated[list[PointCard], Field(min_length=1)]
    dose: Annotated[Dose | None, Field(description="How each of its points is pressed.")] = None
    reference: Annotated[
        bool, Field(description="Cards to look things up in: names in all languages, and whom the cautions come from.")
    ] = False
