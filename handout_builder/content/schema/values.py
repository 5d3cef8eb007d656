"""Values that may stand under a key, checked and with their JSON Schema: prose, codes, languages, days, names."""

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from typing import Annotated, Any, Literal, LiteralString

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError, PydanticKnownError

from handout_builder.content.other_words import value_meant
from handout_builder.content.point_codes import is_extra, nearest_codes
from handout_builder.content.point_names import PointNames
from handout_builder.editions import EDITIONS
from handout_builder.errors import nearest, suggestion
from handout_builder.looks import LOOKS
from handout_builder.plain_language_codes import ACCEPTABLE
from handout_builder.text import characters, dates, language, markdown
from handout_builder.text.addresses import wrong_address

# What is raised with all findings of a text, which content/validation.py tells one by one.
_SEVERAL: LiteralString = "findings"


class Model(BaseModel):
    """Base of every model: unknown keys are mistakes, values never change."""

    # The schema of a model is made when it is first used: --help needs none of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


SCHEMA = 1
"""The version of what files of authors may hold; a file that tells none is of the first.

It grows when what could be written may no longer be; ``authoring/migrations.py`` then says how it is rewritten. What is
only new does not change it.
"""


def _check_whole(value: object) -> object:
    """Take a whole number as people write it: pydantic would read 1_0 as 10, and true as 1."""
    if isinstance(value, bool):
        raise PydanticKnownError("int_type")
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+", value):
        raise PydanticKnownError("int_parsing")
    return value


def _check_version(version: int) -> int:
    if version > SCHEMA:
        words = {"version": version, "known": SCHEMA, "hint": "take a newer version of the program"}
        raise PydanticCustomError(
            "newer-schema", "this file is of version {version} of the schema, and this program knows {known}", words
        )
    return version


SchemaVersion = Annotated[
    int,
    Field(alias="schema", ge=1, description="The version of the schema that it is written for; without it, 1."),
    BeforeValidator(_check_whole),
    AfterValidator(_check_version),
]
"""What a file may tell under ``schema``."""


class BaseBlock(Model):
    """What stands in a section."""

    keep: Annotated[bool, Field(description="It stays on one page, if a page has room for it.")] = False


class FloatingBlock(BaseBlock):
    """What stands apart from the text of a section, so that its place in it may be left to the pages."""

    anywhere: Annotated[
        bool,
        Field(description="It may stand a little earlier or later in its section, where pages are less empty so."),
    ] = False


def _check_prose(text: str, info: ValidationInfo) -> str:
    context = info.context or {}
    if context.get("shipped"):
        return text
    shared = markdown.to_sections(text) if context.get("shared") else ()
    if findings := tuple(dict.fromkeys((*markdown.findings(text, context.get("lang", "")), *shared))):
        raise PydanticCustomError(_SEVERAL, "{findings}", {"findings": findings})
    return text


def _check_heading(text: str) -> str:
    if findings := tuple(markdown.leading_on(text)):
        raise PydanticCustomError(_SEVERAL, "{findings}", {"findings": findings})
    return text


def _check_paragraph(text: str) -> str:
    if findings := tuple(markdown.parted(text)):
        raise PydanticCustomError(_SEVERAL, "{findings}", {"findings": findings})
    return text


def _check_cell(text: str, info: ValidationInfo) -> str:
    return _check_prose(text, info) if text else text


def _check_label(text: str, info: ValidationInfo) -> str:
    _check_seen(text)
    lang = (info.context or {}).get("lang", "")
    if not language.is_cjk_language(lang) and (run := next(iter(language.cjk_runs(text)), "")):
        hint = "this text cannot name a language: use the reading, or say it in a text of the handout"
        raise PydanticCustomError(
            "untagged-language", "'{run}' has no language", {"run": run, "hint": hint, "excerpt": run}
        )
    return text


def _check_seen(text: str) -> str:
    if characters.is_blank(text):
        hint = "write words, or leave the key out"
        raise PydanticCustomError("blank", "nothing of this text is seen", {"hint": hint})
    return text


def _check_address(address: str) -> str:
    if reason := wrong_address(address):
        words = {"address": address, "reason": reason, "hint": "an address such as https://example.com/video"}
        raise PydanticCustomError("bad-link", "{address}: {reason}", words)
    return address


def _check_language(tag: str) -> str:
    if meant := language.meant(tag):
        words = {"tag": tag, "hint": f"write {meant}", "excerpt": tag}
        raise PydanticCustomError("language-tag", "'{tag}' is not a language tag", words)
    return language.canonical(tag)


def _check_code(code: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("points")
    if known is not None and code not in known:
        if not code:
            hint = "its code, such as BL23; make_handout.py points finds it by any name"
            raise PydanticCustomError("unknown-point", "no point is named here", {"hint": hint})
        if is_extra(code):  # a point of another part of the body, EX-B4 for EX-LE4, would be no help
            hint = "it is one of the WHO's extra points: give it a row in points/names.csv and in points/places.csv"
        else:
            hint = codes_meant(code, known)
        raise PydanticCustomError("unknown-point", "the catalogue has no point '{code}'", {"code": code, "hint": hint})
    return code


def codes_meant(written: str, known: Mapping[str, Any]) -> str:
    """Return which codes may be meant by what stands for one: another spelling, or a name in any script."""
    names = PointNames(known)
    if meant := names.codes(written):
        told = ", or ".join(f"{code} ({_called(known[code])})" for code in meant)
        return f"write {told}"
    several = [part.strip() for part in re.split("[/,;+&]", written)]
    if len(several) > 1 and all(part in known for part in several):
        return f"each point has a card of its own: {', '.join(several)}"
    letter = re.sub("^L1(?=[0-9])", "LI", written.upper())  # a figure for a letter that looks like it
    if near := [*dict.fromkeys((*([letter] if letter in known else []), *nearest_codes(written, known)))]:
        return f"the nearest known codes: {', '.join(near)}"
    if near := names.near(written):
        return f"did you mean {', '.join(f'{code} ({_called(known[code])})' for code in near)}?"
    return "all codes: make_handout.py points"


def _called(point: Any) -> str:
    return f"{point.names.zh_hans} {point.names.pinyin}".strip()


def _check_accepted(code: str) -> str:
    if code not in ACCEPTABLE:
        hint = suggestion(code, ACCEPTABLE, "codes: docs/plain-language.md")
        raise PydanticCustomError("unknown-rule", "'{code}' cannot be accepted", {"code": code, "hint": hint})
    return code


def _check_identifier(identifier: str) -> str:
    kind, _, value = identifier.partition("urn:")[2].partition(":")
    digits = value.replace("-", "")
    if kind == "uuid" and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return identifier
    if kind == "isbn" and re.fullmatch("97[89][0-9]{10}", digits):
        weighed = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits))
        if weighed % 10 == 0:  # the check digit of ISO 2108
            return identifier
    hint = "urn:uuid: and a UUID in small letters, as 'make_handout.py new' writes it; or urn:isbn: and 13 digits"
    raise PydanticCustomError("value", "'{value}' is no identifier of a book", {"value": identifier, "hint": hint})


def _check_free(ident: str) -> str:
    if ident in TAKEN:
        hint = f"take another, for example {ident}-1; these are taken: {', '.join(TAKEN)}"
        raise PydanticCustomError("duplicate-id", "the program itself uses the id '{id}'", {"id": ident, "hint": hint})
    return ident


def _check_day(value: object) -> object:
    """Take a day and nothing else: pydantic would read a number as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)):
        return value
    if dates.is_serial(str(value)):
        hint = "a number tells no day: write the day itself, for example 2026-11-28"
        raise PydanticCustomError("value", "this is no date", {"hint": hint})
    days = dates.meant(str(value))
    hint = " or ".join(f"write {day.isoformat()}" for day in days) or "year, month and day, for example 2026-11-28"
    raise PydanticCustomError("value", "this is no date", {"hint": hint.replace(" or write", " or")})


def _check_number(value: object) -> object:
    """Take a number as people write it: pydantic would read 1_5 as 15, nan as one, and true as 1."""
    odd = not math.isfinite(value) if isinstance(value, float) else isinstance(value, bool)
    if odd or (isinstance(value, str) and not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", value)):
        raise PydanticKnownError("float_parsing")
    return value


def number_meant(value: object) -> str:
    """Return how a number is written that has a comma, or stands as a fraction; "" for what is none."""
    if not isinstance(value, str):
        return ""
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", value):
        return f"write {value.replace(',', '.')}"
    parts = re.fullmatch(r"([0-9]{1,3})/([1-9][0-9]{0,2})", value)
    return f"write {int(parts[1]) / int(parts[2]):.3g}" if parts else ""


def _check_year(day: date) -> date:
    if not dates.FIRST_YEAR <= day.year <= dates.LAST_YEAR:
        message, hint = "the year {year} cannot be meant", f"a year from {dates.FIRST_YEAR} to {dates.LAST_YEAR}"
        raise PydanticCustomError("value", message, {"year": day.year, "hint": hint})
    return day


def _check_number_told(text: str) -> str:
    """Take a text that tells a number: in digits of any script, as ½ or as 三十."""
    if not any(unicodedata.numeric(character, None) is not None for character in text):
        words = {"hint": "write it in digits, for example: Press each point for 30 seconds."}
        raise PydanticCustomError("value", "this does not say how long", words)
    return text


_WEEK = 7
# The most seconds, times or days of a dose: an hour of seconds is a typing error already.
_MOST = 3600
# How people type a number of seconds, times or days.
_COUNTED = re.compile(
    r"(?a:(\d+)(?:\s*(?:[-–]|to)\s*(\d+))?)\s*(?:x|×|s|secs?|seconds?|times?|reps?|repetitions?|sets?|days?)?\.?",
    re.IGNORECASE,
)


def _as_range(value: object) -> object:
    """Take one number for both ends of a range; the list of two has the lower one first."""
    ends = value if isinstance(value, list) else [value]
    whole = all(type(end) is int and 1 <= end <= _MOST for end in ends)  # true is no number, though Python's is
    if 0 in ends and all(type(end) is int for end in ends):
        raise PydanticCustomError("value", "0 counts nothing", {"hint": "leave the line out"})
    if not whole or len(ends) not in (1, 2) or sorted(set(ends)) != ends:
        hint = f"a whole number from 1 to {_MOST:,}, or two of them, the lower one first: [15, 30]"
        if isinstance(value, str) and (typed := _COUNTED.fullmatch(value.strip())):
            hint = f"write [{typed[1]}, {typed[2]}]" if typed[2] else f"write {typed[1]}"
        raise PydanticCustomError("value", "this is no number, and no range of numbers", {"hint": hint})
    return (ends[0], ends[-1])


def _check_week(days: tuple[int, int]) -> tuple[int, int]:
    if days[1] > _WEEK:
        hint = "on how many days: 5, or [3, 5]; how often on each of them is times_a_day"
        raise PydanticCustomError("value", "a week has 7 days; here are {days}", {"days": days[1], "hint": hint})
    return days


def _check_emergency(number: object) -> object:
    """Take a number as people dial it; with a zero in front it is text, which the reader of YAML keeps."""
    number = str(number) if type(number) is int else number
    if isinstance(number, str) and re.fullmatch(r"[0-9](?:[0-9 -]{0,13}[0-9])", number, re.ASCII):
        return number
    words = {"hint": "digits, as people dial it, for example emergency: 112"}
    raise PydanticCustomError("value", "this is no emergency number", words)


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _check_reason(reason: str) -> str:
    if not reason.strip():
        raise PydanticCustomError("value", "this is accepted without a reason", {"hint": "say in a few words why"})
    return reason


def _check_known(among: str | Collection[str], code: str, what: str) -> AfterValidator:
    """Return a check that a name is known: one of these, or of what the shared texts have under this key."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(among) if isinstance(among, str) else among
        if known is not None and name not in known:
            listed = sorted(known) if isinstance(among, str) else known
            meant = value_meant(name)
            hint = suggestion(meant if meant in known else name, known, f"known: {', '.join(listed)}")
            several = [nearest(part.strip(), known)[:1] for part in name.split(",")]
            if len(several) > 1 and all(several):
                hint = f"write [{', '.join(part for one in several for part in one)}]"
            if not name:
                raise PydanticCustomError(code, "no {what} is named here", {"what": what, "hint": hint})
            words = {"what": what, "name": name, "hint": hint, "excerpt": name}
            raise PydanticCustomError(code, "there is no {what} '{name}'", words)
        return name

    return AfterValidator(check)


Markdown = Annotated[str, Field(min_length=1), AfterValidator(_check_prose)]
"""Markdown (CommonMark without raw HTML); a run of Han or kana is written ``[腰陽關]{lang=zh-Hant}``."""
HeadingText = Annotated[Markdown, AfterValidator(_check_heading)]
"""Markdown without links and notes: it stands in lists of contents, too."""
Paragraph = Annotated[Markdown, AfterValidator(_check_paragraph)]
"""A text that is printed as one paragraph."""
Cell = Annotated[str, AfterValidator(_check_cell)]
"""Markdown, or nothing."""
Label = Annotated[str, Field(min_length=1), AfterValidator(_check_label)]
"""Words that are printed or read out as they stand, without Markdown."""
VisibleText = Annotated[str, Field(min_length=1), AfterValidator(_check_seen)]
"""Words in which something is seen; their language is told elsewhere, or they are not printed."""
Language = Annotated[str, AfterValidator(_check_language)]
"""A BCP 47 language tag."""
Code = Annotated[str, AfterValidator(_check_code)]
"""The WHO's code of a point: BL23, GV3, EX-B2."""
SafetyName = Annotated[str, _check_known("safety", "unknown-block", "safety block")]
"""The name of a safety block in the shared texts."""
SourceName = Annotated[str, _check_known("sources", "unknown-source", "source")]
"""The name of a source in the shared texts."""
EditionName = Annotated[
    str, _check_known(EDITIONS, "unknown-edition", "edition"), Field(json_schema_extra={"enum": [*EDITIONS]})
]
"""The name of an edition."""
LookName = Annotated[str, _check_known(LOOKS, "unknown-look", "look"), Field(json_schema_extra={"enum": [*LOOKS]})]
"""The name of a look."""
AcceptedCode = Annotated[str, AfterValidator(_check_accepted), Field(json_schema_extra={"enum": [*ACCEPTABLE]})]
"""The code of a warning that an author may accept."""
REGIONS = ("low-back", "neck", "head", "shoulder-arm", "chest-belly", "hip-knee", "foot", "whole-body")
"""The parts of the body by which warning signs are told."""
Region = Annotated[
    str, _check_known(REGIONS, "unknown-region", "part of the body"), Field(json_schema_extra={"enum": [*REGIONS]})
]
"""One of them."""
Regions = Annotated[
    tuple[Region, ...], Field(min_length=1), BeforeValidator(_as_tuple, json_schema_input_type=Region | list[Region])
]
"""One part of the body, or several."""
Duration = Annotated[str, Field(min_length=1), AfterValidator(_check_prose), AfterValidator(_check_number_told)]
"""Markdown that tells how long, with a number."""
Amount = Annotated[tuple[int, int], BeforeValidator(_as_range, json_schema_input_type=int | list[int])]
"""How many, or from how many to how many."""
DaysAWeek = Annotated[Amount, AfterValidator(_check_week)]
"""On how many days of a week."""
EmergencyNumber = Annotated[
    str, BeforeValidator(_check_emergency, json_schema_input_type=str | int), Field(min_length=2, max_length=15)
]
"""The telephone number of the ambulance: 112, 999, 911 …"""
Day = Annotated[date, BeforeValidator(_check_day, json_schema_input_type=date), AfterValidator(_check_year)]
"""A day of our time."""
Number = BeforeValidator(_check_number)
"""A number: digits, with a point in them."""
Whole = BeforeValidator(_check_whole)
"""A whole number."""
Identifier = Annotated[str, AfterValidator(_check_identifier)]
"""A book's identifier: a UUID or an ISBN, as a URN (RFC 9562, RFC 8254)."""
TAKEN = ("title", "in-short", "contact", "sources", "back-cover", "colophon", "glossary", "notes")
"""The ids of what the templates add; what else they make ids of has a ``_`` in it."""
Marks = Literal["smart", "as-written"]
"""How quotation marks, dashes and fractions are printed: as the language has them, or as they were written."""
Address = Annotated[str, Field(pattern=r"^https://"), AfterValidator(_check_address)]
"""The address of a web page."""
Reason = Annotated[str, AfterValidator(_check_reason)]
"""Why something is as it is, in a few words."""
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""A name for links: small letters, digits and hyphens."""
SectionId = Annotated[Slug, AfterValidator(_check_free)]
"""The id of a section."""
Side = Literal["left", "right", "both"]
"""The sides of the body on which a point is pressed."""
PrintedSize = Literal["small", "medium", "full"]
"""How wide a picture or drawing is printed: a third, two thirds or all of the column."""
Body = Literal["neutral", "woman", "man"]
"""Whose body is drawn, in the views that differ: chest, belly and hip."""
