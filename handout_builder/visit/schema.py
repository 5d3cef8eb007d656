"""What a visit sheet may say: a person, a day, points with their doses, exercises, the next visit.

Its texts are plain words, not Markdown. Messages about them name the field, and never what stands in it.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from handout_builder.content.schema.cards import Dose
from handout_builder.content.schema.values import (
    Amount,
    Body,
    Code,
    Day,
    DaysAWeek,
    EmergencyNumber,
    Language,
    Model,
    Reason,
    Regions,
    Side,
    Whole,
)
from handout_builder.text import characters, language
from handout_builder.typefaces import coverage

MOST_POINTS = 12
"""The most points of a sheet."""
MOST_WEEKS = 4
"""The most weeks of a diary."""
_NAME, _LINE, _NOTE = 80, 200, 600
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
# Scripts that are written in one language; Han are not. So many letters are compiled for texts that may have some.
_KANA = "[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]"
_HANGUL = "[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"


def _as_said(value: object) -> object:
    return {"text": value} if isinstance(value, str) else _written(value)


def _written(value: object) -> object:
    """Take keys and values, and what a program made; a text was meant by whatever else stands for one."""
    if not isinstance(value, (dict, Model)):
        raise PydanticKnownError("string_type")
    return value


def _check_words(text: str) -> str:
    text = unicodedata.normalize("NFC", characters.without_presentation(text)).strip()
    if characters.is_blank(text):
        raise PydanticCustomError("blank", "nothing of it is seen", {"hint": "write words, or leave the key out"})
    if odd := next(characters.odd(text), "") or ("\t" if "\t" in text else ""):
        words = {"name": characters.name(odd), "hint": "leave it out"}
        raise PydanticCustomError("control-character", "it has the character {name}, which cannot be printed", words)
    if lost := next(coverage.missing(text), ""):
        words = {
            "code": f"U+{ord(lost):04X}",
            "hint": "write it in Latin, Greek, Cyrillic, Han, kana or hangul letters",
        }
        raise PydanticCustomError("missing-glyph", "it has the character {code}, which no font of ours has", words)
    return " ".join(text.split())


class Said(Model):
    """Words of a person or for one, and their language."""

    text: Annotated[str, AfterValidator(_check_words), Field(min_length=1, max_length=_NOTE)]
    lang: Annotated[
        Language, Field(description="Their language, where it is not the sheet's; Han in a name need it.")
    ] = ""

    @model_validator(mode="after")
    def _has_a_language(self, info: ValidationInfo) -> Self:
        # A visit made by a program has no context here: visit/sheet.py looks then.
        if info.context is not None and not self.told_in(info.context.get("lang", "")):
            words = {"hint": "{text: …, lang: ja} (or zh-Hans, zh-Hant, zh-HK, ko)"}
            raise PydanticCustomError("untagged-language", "it has Han without a language", words)
        return self

    def told_in(self, lang: str) -> bool:
        """Tell whether the language of its Han is known on a sheet in a language, or it has none."""
        known = self.lang or self.script_lang or language.is_cjk_language(lang)
        return bool(known) or not language.cjk_runs(self.text)

    @property
    def script_lang(self) -> str:
        """The language that its kana or hangul tell; empty where they tell none."""
        if self.text.isascii():
            return ""
        return "ko" if re.search(_HANGUL, self.text) else "ja" if re.search(_KANA, self.text) else ""


def _at_most(length: int) -> AfterValidator:
    def check(said: Said) -> Said:
        if len(said.text) > length:
            given = {"length": len(said.text), "most": length, "hint": "say it in fewer words"}
            raise PydanticCustomError("value", "it has {length} characters, and there is room for {most}", given)
        return said

    return AfterValidator(check)


_SAID = BeforeValidator(_as_said, json_schema_input_type=str | Said)
Name = Annotated[Said, _SAID, _at_most(_NAME)]
"""The name of a person."""
Line = Annotated[Said, _SAID, _at_most(_LINE)]
"""A line of words."""
Note = Annotated[Said, _SAID, _at_most(_NOTE)]
"""A few sentences."""


class Moment(Model):
    """A day, with the time of day where it is known."""

    day: Day
    time: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] = ""


def _as_moment(value: object) -> object:
    if isinstance(value, datetime):
        value = value.isoformat()
    elif isinstance(value, date):
        return {"day": value}
    if isinstance(value, str):
        if match := _MOMENT.fullmatch(value.strip()):
            if match[4] and not match[4].strip("Z+-:0"):
                words = {"hint": "write the clinic's own time, without the Z or +00:00 for UTC: 2026-12-12T10:30"}
                raise PydanticCustomError("value", "this time is told in UTC", words)
            time = f"{match[2]}:{match[3]}" if match[2] else ""
            return {"day": match[1], "time": time}
        raise PydanticCustomError("value", "this is no day and time", {"hint": "for example 2026-12-12T10:30"})
    if not isinstance(value, dict | Moment):
        raise PydanticCustomError("value", "this is no day and time", {"hint": "for example 2026-12-12T10:30"})
    return value


NextVisit = Annotated[Moment, BeforeValidator(_as_moment, json_schema_input_type=date | datetime | Moment)]
"""When the next visit is: 2026-12-12T10:30."""


class ChosenPoint(Model):
    """A point that the person presses."""

    code: Code
    side: Annotated[Side | None, Field(description="On which side; of the catalogue's, where it is not given.")] = None
    dose: Annotated[Dose | None, Field(description="How it is pressed; it goes before that of the sheet.")] = None
    note: Annotated[Line | None, Field(description="For this person alone: sit, fists behind you.")] = None
    where: Annotated[Line | None, Field(description="Where it is, in place of the catalogue's words.")] = None
    accept: Annotated[
        Reason | None, Field(description="Why a point stands here that is not for pressing; it is not printed.")
    ] = None


def _as_point(value: object) -> object:
    return {"code": value} if isinstance(value, str) else _written(value)


class HomeExercise(Model):
    """An exercise, and how often it is done."""

    name: Line
    steps: Annotated[list[Line], Field(max_length=8, description="What to do, one thing after another.")] = []
    hold: Annotated[Amount | None, Field(description="How many seconds a position is held.")] = None
    reps: Annotated[Amount | None, Field(description="How often it is done in a row.")] = None
    sets: Annotated[Amount | None, Field(description="How many such rows.")] = None
    each_side: Annotated[bool, Field(description="It is done with both sides of the body, in turn.")] = False
    times_a_day: Annotated[Amount | None, Field(description="How often a day.")] = None
    days_a_week: Annotated[DaysAWeek | None, Field(description="On how many days of a week.")] = None


def _as_exercise(value: object) -> object:
    return {"name": value} if isinstance(value, str) else _written(value)


class Visit(Model):
    """One person's visit: what is printed on their sheet. What is left out has a line to write on, or no place."""

    lang: Annotated[Language, Field(description="The language of the sheet.")] = "en"
    name: Annotated[Name | None, Field(description="The person's name.")] = None
    date: Annotated[Day | None, Field(description="The day of the visit, YYYY-MM-DD; the diary begins on it.")] = None
    practitioner: Annotated[Name | None, Field(description="Who treats.")] = None
    next_visit: Annotated[NextVisit | None, Field(description="The next one: 2026-12-12, or 2026-12-12T10:30.")] = None
    note: Annotated[Note | None, Field(description="A few words for this person.")] = None
    points: Annotated[
        list[Annotated[ChosenPoint, BeforeValidator(_as_point, json_schema_input_type=Code | ChosenPoint)]],
        Field(max_length=MOST_POINTS, description="Which points: a code, or a code with more about it."),
    ] = []
    dose: Annotated[Dose | None, Field(description="How each point is pressed: {seconds: 30, times_a_day: 2}.")] = None
    exercises: Annotated[
        list[Annotated[HomeExercise, BeforeValidator(_as_exercise, json_schema_input_type=str | HomeExercise)]],
        Field(max_length=6, description="What else to do: words, or an exercise with its numbers."),
    ] = []
    diary: Annotated[
        int, Field(ge=0, le=MOST_WEEKS, description="How many weeks of boxes to tick; 0 for none."), Whole
    ] = 2
    about: Annotated[
        Regions | None,
        Field(description="The part of the body, or several, whose warning signs it has; else those of its points."),
    ] = None
    emergency: Annotated[EmergencyNumber | None, Field(description="Whom to call in an emergency: 112.")] = None
    skin: Annotated[Literal["light", "medium", "dark"], Field(description="The skin tone of the drawings.")] = "light"
    body: Annotated[Body, Field(description="Whose body is drawn: neutral, woman or man.")] = "neutral"

    @field_validator("next_visit")
    @classmethod
    def _comes_next(cls, visit: Moment | None, info: ValidationInfo) -> Moment | None:
        day = info.data.get("date")
        if visit and day and visit.day < day:
            words = {"hint": "the next visit comes after the day of this one: look at the year"}
            raise PydanticCustomError("value", "this is before the day of the visit", words)
        return visit

    @property
    def texts(self) -> list[tuple[str, Said]]:
        """Its words, each with the field in which they stand."""
        own = [("name", self.name), ("practitioner", self.practitioner), ("note", self.note)]
        own += [(f"points {n}, note", point.note) for n, point in enumerate(self.points, 1)]
        own += [(f"points {n}, where", point.where) for n, point in enumerate(self.points, 1)]
        for number, exercise in enumerate(self.exercises, 1):
            own += [(f"exercises {number}", said) for said in (exercise.name, *exercise.steps)]
        return [(where, said) for where, said in own if said]

    @model_validator(mode="after")
    def _has_each_point_once(self) -> Self:
        codes = [point.code for point in self.points]
        if twice := next((code for code in codes if codes.count(code) > 1), ""):
            words = {"code": twice, "hint": "keep one of them"}
            raise PydanticCustomError("duplicate-point", "the point {code} is there twice", words)
        return self
