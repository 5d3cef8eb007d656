"""What a handout, the shared texts and the point catalogue may hold: typed, checked, exported as JSON Schema.

Field descriptions appear in editors that read the schema, so they are written for authors.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, LiteralString, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from handout_builder.content.pictures import broken_picture
from handout_builder.content.point_codes import is_extra, nearest_codes
from handout_builder.content.point_names import PointNames
from handout_builder.editions import DEFAULT, EDITIONS, Paper
from handout_builder.errors import nearest
from handout_builder.looks import DEFAULT_LOOK, LOOKS
from handout_builder.plain_codes import ACCEPTABLE
from handout_builder.text import characters, dates, language, markdown
from handout_builder.text.addresses import wrong_address

# The files' dates have four digits for the year, and years outside these are typing errors.
_YEARS = (1900, 2199)
# What is raised with all findings of a text, which content/validation.py tells one by one.
_SEVERAL: LiteralString = "findings"
# A body from head to foot, in cun (WHO 2008).
_TALL = 75
# The most seconds, times or days of a dose: an hour of seconds is a typing error already.
_MOST = 3600


class Model(BaseModel):
    """Base of every model: unknown keys are mistakes, values never change."""

    # The schema of a model is made when it is first used: --help needs none of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _check_prose(text: str, info: ValidationInfo) -> str:
    context = info.context or {}
    if context.get("shipped"):
        return text
    shared = markdown.to_sections(text) if context.get("shared") else ()
    if findings := tuple(dict.fromkeys((*markdown.findings(text, context.get("lang", "")), *shared))):
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
        if is_extra(code):  # a point of another part of the body, EX-B4 for EX-LE4, would be no help
            hint = "it is one of the WHO's extra points: give it a row in points/names.csv and in points/places.csv"
        else:
            hint = _codes_meant(code, known)
        raise PydanticCustomError("unknown-point", "the catalogue has no point '{code}'", {"code": code, "hint": hint})
    return code


def _codes_meant(written: str, known: Mapping[str, Any]) -> str:
    """Return which codes may be meant by what stands for one: another spelling, or a name in any script."""
    names = PointNames(known)
    if meant := names.codes(written):
        told = ", or ".join(f"{code} ({_called(known[code])})" for code in meant)
        return f"write {told}"
    if near := nearest_codes(written, known):
        return f"the nearest known codes: {', '.join(near)}"
    if near := names.near(written):
        return f"did you mean {', '.join(f'{code} ({_called(known[code])})' for code in near)}?"
    return "all codes: make_handout.py points"


def _called(point: Any) -> str:
    return f"{point.names.zh_hans} {point.names.pinyin}"


def _check_edition(name: str) -> str:
    if name not in EDITIONS:
        near = nearest(name, EDITIONS)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(EDITIONS)}"
        words = {"name": name, "hint": hint, "excerpt": name}
        raise PydanticCustomError("unknown-edition", "there is no edition '{name}'", words)
    return name


def _check_look(name: str) -> str:
    if name not in LOOKS:
        near = nearest(name, LOOKS)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(LOOKS)}"
        words = {"name": name, "hint": hint, "excerpt": name}
        raise PydanticCustomError("unknown-look", "there is no look '{name}'", words)
    return name


def _check_accepted(code: str) -> str:
    if code not in ACCEPTABLE:
        near = nearest(code, ACCEPTABLE)
        hint = f"did you mean '{near[0]}'?" if near else "codes: docs/plain-language.md"
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
    days = dates.meant(str(value))
    hint = " or ".join(f"write {day.isoformat()}" for day in days) or "year, month and day, for example 2026-11-28"
    raise PydanticCustomError("value", "this is no date", {"hint": hint.replace(" or write", " or")})


def _check_number(value: object) -> object:
    """Take a table's number as people write it: pydantic would read 1_5 as 15."""
    if isinstance(value, str) and not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", value):
        raise PydanticKnownError("float_parsing")
    return value


def _check_year(day: date) -> date:
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        message, hint = "the year {year} cannot be meant", f"a year from {_YEARS[0]} to {_YEARS[1]}"
        raise PydanticCustomError("value", message, {"year": day.year, "hint": hint})
    return day


def _check_number_told(text: str) -> str:
    """Take a text that tells a number: in digits of any script, as ½ or as 三十."""
    if not any(unicodedata.numeric(character, None) is not None for character in text):
        words = {"hint": "write it in digits, for example: Press each point for 30 seconds."}
        raise PydanticCustomError("value", "this does not say how long", words)
    return text


def _as_range(value: object) -> object:
    """Take one number for both ends of a range; the list of two has the lower one first."""
    ends = value if isinstance(value, list) else [value]
    whole = all(type(end) is int and 1 <= end <= _MOST for end in ends)  # true is no number, though Python's is
    if not whole or len(ends) not in (1, 2) or sorted(set(ends)) != ends:
        words = {"hint": f"a whole number up to {_MOST:,}, or two of them, the lower one first: [15, 30]"}
        raise PydanticCustomError("value", "this is no number, and no range of numbers", words)
    return (ends[0], ends[-1])


def _check_emergency(number: object) -> object:
    """Take a number as people dial it; with a zero in front it is text, which the reader of YAML keeps."""
    number = str(number) if type(number) is int else number
    if isinstance(number, str) and re.fullmatch(r"[0-9](?:[0-9 -]{0,13}[0-9])", number, re.ASCII):
        return number
    words = {"hint": "digits, as people dial it, for example emergency: 112"}
    raise PydanticCustomError("value", "this is no emergency number", words)


def _check_region(name: str) -> str:
    if name not in REGIONS:
        near = nearest(name, REGIONS)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(REGIONS)}"
        words = {"name": name, "hint": hint, "excerpt": name}
        raise PydanticCustomError("unknown-region", "there is no part of the body '{name}'", words)
    return name


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _check_reason(reason: str) -> str:
    if not reason.strip():
        raise PydanticCustomError("value", "this is accepted without a reason", {"hint": "say in a few words why"})
    return reason


def _check_known(kind: str, code: str, what: str) -> AfterValidator:
    """Return a check that a name is among those of ``kind`` ("safety", "sources") in the shared texts."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(kind)
        if known is not None and name not in known:
            near = nearest(name, known)
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"
            raise PydanticCustomError(
                code,
                "there is no {what} '{name}'",
                {"what": what, "name": name, "hint": hint, "excerpt": name},
            )
        return name

    return AfterValidator(check)


def _check_crop(crop: list[float]) -> list[float]:
    """Take a part of a picture that lies inside it."""
    x, y, width, height = crop
    if min(x, y) < 0 or min(width, height) < 1 or max(x + width, y + height) > 100:  # noqa: PLR2004  # percent
        words = {"hint": "left, top, width and height in percent of the picture: crop: [25, 0, 50, 100]"}
        raise PydanticCustomError("value", "this part does not lie inside the picture", words)
    return crop


def _check_picture(name: str, info: ValidationInfo) -> str:
    folder: Path | None = (info.context or {}).get("folder")
    if folder is not None and (broken := broken_picture(folder, name)):
        reason, hint = broken
        raise PydanticCustomError("broken-image", "{reason}", {"reason": reason, "hint": hint})
    return name


Prose = Annotated[str, Field(min_length=1), AfterValidator(_check_prose)]
"""Markdown (CommonMark without raw HTML); a run of Han or kana is written ``[腰陽關]{lang=zh-Hant}``."""
Cell = Annotated[str, AfterValidator(_check_cell)]
"""Markdown, or nothing."""
Label = Annotated[str, Field(min_length=1), AfterValidator(_check_label)]
"""Words that are printed or read out as they stand, without Markdown."""
SeenText = Annotated[str, Field(min_length=1), AfterValidator(_check_seen)]
"""Words in which something is seen; their language is told elsewhere, or they are not printed."""
Language = Annotated[str, AfterValidator(_check_language)]
"""A BCP 47 language tag."""
Code = Annotated[str, AfterValidator(_check_code)]
"""The WHO's code of a point: BL23, GV3, EX-B2."""
SourceName = Annotated[str, _check_known("sources", "unknown-source", "source")]
"""The name of a source in the shared texts."""
EditionName = Annotated[str, AfterValidator(_check_edition), Field(json_schema_extra={"enum": [*EDITIONS]})]
"""The name of an edition."""
LookName = Annotated[str, AfterValidator(_check_look), Field(json_schema_extra={"enum": [*LOOKS]})]
"""The name of a look."""
AcceptedCode = Annotated[str, AfterValidator(_check_accepted), Field(json_schema_extra={"enum": [*ACCEPTABLE]})]
"""The code of a warning that an author may accept."""
REGIONS = ("low-back", "neck", "head", "shoulder-arm", "chest-belly", "hip-knee", "foot", "whole-body")
"""The parts of the body by which warning signs are told."""
Region = Annotated[str, AfterValidator(_check_region), Field(json_schema_extra={"enum": [*REGIONS]})]
"""One of them."""
Regions = Annotated[
    tuple[Region, ...], Field(min_length=1), BeforeValidator(_as_tuple, json_schema_input_type=Region | list[Region])
]
"""One part of the body, or several."""
Duration = Annotated[str, Field(min_length=1), AfterValidator(_check_prose), AfterValidator(_check_number_told)]
"""Markdown that tells how long, with a number."""
Amount = Annotated[tuple[int, int], BeforeValidator(_as_range, json_schema_input_type=int | list[int])]
"""How many, or from how many to how many."""
EmergencyNumber = Annotated[
    str, BeforeValidator(_check_emergency, json_schema_input_type=str | int), Field(min_length=2, max_length=15)
]
"""The telephone number of the ambulance: 112, 999, 911 …"""
Day = Annotated[date, BeforeValidator(_check_day, json_schema_input_type=date), AfterValidator(_check_year)]
"""A day of our time."""
Number = BeforeValidator(_check_number)
"""A number in a table: digits, with a point in them."""
Identifier = Annotated[str, AfterValidator(_check_identifier)]
"""A book's identifier: a UUID or an ISBN, as a URN (RFC 9562, RFC 8254)."""
TAKEN = ("title", "in-short", "contact", "sources", "back-cover", "colophon", "glossary", "notes")
"""The ids of what the templates add; what else they make ids of has a ``_`` in it."""
OPTIONAL_LABELS = frozenset(
    ("a11y_summary", "a11y_text", "a11y_pictures", "a11y_languages", "a11y_pages", "access_problems", "in_words")
)
"""Labels that a translation may lack: without them less is said."""
Marks = Literal["smart", "as-written"]
"""How quotation marks, dashes and fractions are printed: as the language has them, or as they were written."""
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""A name for links: small letters, digits and hyphens."""
SectionId = Annotated[Slug, AfterValidator(_check_free)]
"""The id of a section."""


BodyRegion = Literal[
    "head", "face", "ear-area", "neck", "shoulder", "upper-arm", "elbow", "forearm", "wrist", "hand", "chest",
    "abdomen", "upper-back", "lower-back", "sacrum", "hip", "thigh", "knee", "lower-leg", "ankle", "foot", "perineum",
]  # fmt: skip
"""The part of the body that a point lies in."""
Aspect = Literal[
    "anterior", "posterior", "medial", "lateral", "palmar", "dorsal", "radial", "ulnar", "plantar", "vertex"
]
"""Towards which side of the body it lies."""
FigureName = Literal[
    "head-front", "head-side", "head-back", "head-top", "neck-side", "torso-front", "torso-back", "torso-side",
    "shoulder-top", "arm-front", "arm-back", "arm-radial", "arm-ulnar", "hand-palm", "hand-back", "hand-ulnar",
    "hip-side", "leg-front", "leg-outer", "leg-inner", "leg-back", "foot-top", "foot-inner", "foot-outer", "foot-sole",
]  # fmt: skip
"""The figures that places are told in."""
PlaceKind = Literal["landmark", "on-line", "grid", "scalp", "nail", "between", "relative"]
"""How a place is told."""
StandardKind = Literal["landmark", "on-line", "grid", "scalp", "nail", "between", "relative", "described"]
"""How the standard tells it: in words alone, too."""
VERTEBRAE = tuple(f"{part}{n + 1}" for part, count in (("C", 7), ("T", 12), ("L", 5)) for n in range(count))
"""The vertebrae, from above to below; in a place each stands for the gap below its spinous process (WHO 2008)."""
ESTIMATE = "est"
"""The source of a number that is good enough to draw, and never printed as a measure."""
_LEVEL = r"^$|^[A-Za-z0-9-]+?([+-][0-9]+(\.[0-9]+)?|\.\.[A-Z][0-9]+)?$"
_LEVEL_PARTS = re.compile(r"(.+?)([+-][0-9]+(?:\.[0-9]+)?)?")


def _split(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


def _alternatives(value: object) -> object:
    return tuple(value.split("|")) if isinstance(value, str) else value


def _measures(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = tuple(tuple(word.split(":", 1)) for word in value.split())
    if any(len(pair) < 2 for pair in pairs):  # noqa: PLR2004  # a number and its source
        raise PydanticCustomError("value", "'{given}' will not do", {"given": value, "hint": "cun:A offset:est"})
    return pairs


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""Words with blanks between them."""
Alternatives = Annotated[tuple[str, ...], BeforeValidator(_alternatives)]
"""One for each spot of a point with several, with | between them."""
Measures = Annotated[
    tuple[tuple[Literal["level", "cun", "fraction", "offset", "lateral"], str], ...], BeforeValidator(_measures)
]
"""Where each number of a place comes from."""


class Name(Model):
    """A point's name as the author writes it."""

    text: Annotated[SeenText, Field(description="The name in its own characters, printed as written.")]
    lang: Annotated[Language, Field(description="The language of the characters: zh-Hans, zh-Hant, ja or ko.")]
    reading: Annotated[SeenText, Field(description="How the name is read, for example shèn yù.")]
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
        if not (inferred := language.of_reading(reading, language.canonical(lang))):
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


class Standing(Model):
    """What stands in a section."""

    keep: Annotated[bool, Field(description="It stays on one page, if a page has room for it.")] = False


class Heading(Standing):
    """A heading inside a section."""

    type: Literal["heading"]
    text: Prose


class Text(Standing):
    """One or more paragraphs."""

    type: Literal["text"]
    text: Prose


class List(Standing):
    """A list, with bullets or numbers."""

    type: Literal["list"]
    items: Annotated[list[Prose], Field(min_length=1)]
    numbered: bool = False


class Definition(Model):
    """A term and the text that explains it."""

    term: Prose
    text: Prose


class Definitions(Standing):
    """Terms with their explanations."""

    type: Literal["definitions"]
    items: Annotated[list[Definition], Field(min_length=1)]
    numbered: bool = False


Body = Literal["neutral", "woman", "man"]
"""Whose body is drawn, in the views that differ: chest, belly and hip."""


Percent = Annotated[float, Field(ge=0, le=100)]
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


class Dose(Model):
    """How long, how often and how a point is pressed; it is printed as one sentence."""

    pressure: Annotated[Literal["light", "medium", "firm"] | None, Field(description="How hard.")] = None
    side: Annotated[Literal["left", "right", "both"] | None, Field(description="On which side.")] = None
    seconds: Annotated[Amount | None, Field(description="How long at a time: 30, or [15, 30].")] = None
    times_a_day: Annotated[Amount | None, Field(description="How often a day.")] = None
    days_a_week: Annotated[Amount | None, Field(description="On how many days of a week.")] = None
    days: Annotated[Amount | None, Field(description="For how many days.")] = None
    when: Annotated[Prose | None, Field(max_length=60, description="In few words: before sleep.")] = None

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


class PointCard(Model):
    """One point: the author's name and words; code, standard name and place come from the catalogue."""

    code: Code
    name: Name
    use: Annotated[Prose | None, Field(description="The author's words, printed under “Traditional use”.")] = None
    where: Annotated[
        Prose | None, Field(description="The author's own words for the place, in place of the catalogue's.")
    ] = None
    side: Annotated[
        Literal["left", "right", "both"] | None, Field(description="Press it on one side alone, or on both.")
    ] = None
    picture: Annotated[
        CardPicture | None, Field(description="The author's own picture, in place of the catalogue's drawing.")
    ] = None
    find: Annotated[bool, Field(description="Add a line on how to find the first landmark of the place by touch.")] = (
        False
    )
    remark: Annotated[Prose | None, Field(description="The author's remark on the place.")] = None
    dose: Annotated[Dose | None, Field(description="How it is pressed; it goes before that of the block.")] = None

    @model_validator(mode="after")
    def _has_one_side(self) -> Self:
        if self.dose and self.dose.side and self.side and self.dose.side != self.side:
            words = {"side": self.side, "other": self.dose.side, "hint": "give the side once, on the card"}
            raise PydanticCustomError("value", "the card says {side}, its dose says {other}", words)
        return self

    @property
    def picture_name(self) -> str:
        """What its picture, cut and marked, is called; empty where it has none."""
        if self.picture is None:
            return ""
        mark = "-".join(f"{value:g}" for value in self.picture.mark or ())
        return f"{self.code}-{mark}-{self.picture.image}"


class Points(Standing):
    """A row of point cards."""

    type: Literal["points"]
    points: Annotated[list[PointCard], Field(min_length=1)]
    dose: Annotated[Dose | None, Field(description="How each of its points is pressed.")] = None
    reference: Annotated[
        bool, Field(description="Cards to look things up in: names in all languages, and whom the cautions come from.")
    ] = False


IndexKey = Literal["code", "pinyin", "english", "zh-Hans", "zh-Hant", "kana", "romaji", "hangul", "ko-Latn"]
"""What points are looked up by."""


class Index(Model):
    """The points that have cards in the order of a code or a name, each with its pages and linked to its card."""

    type: Literal["index"]
    by: Annotated[
        IndexKey,
        Field(
            description="code, or a name: Latin letters without tones, Chinese by radicals, kana by their rows, "
            "hangul by their letters."
        ),
    ] = "code"


class PointGroup(Model):
    """Points that are marked in the same way."""

    mark: Annotated[
        Literal["filled", "target", "ring", "thin"],
        Field(description="How strong the points look: filled, a ring with a core, a ring, a thin small ring."),
    ]
    label: Annotated[Label, Field(max_length=28, description="What the mark means, in few words.")]
    points: Annotated[list[Code], Field(min_length=1)]


class Overview(Standing):
    """Many points at once: a chart of the whole back, drawings of the leg where needed, a legend and a table.

    Names and places come from the catalogue; the points of the first group are printed bold.
    """

    type: Literal["overview"]
    groups: Annotated[list[PointGroup], Field(min_length=1)]
    title: Prose
    caption: Prose

    @property
    def points(self) -> list[str]:
        """The codes of all groups."""
        return [code for group in self.groups for code in group.points]


ViewName = Literal[
    "auto", "back", "upper-back", "lower-back", "torso-front", "torso-back", "torso-side", "head-front", "head-side",
    "head-back", "head-top", "neck-side", "shoulder-top", "hip-side", "arm-front", "arm-back", "arm-radial",
    "arm-ulnar",
    "hand-palm", "hand-back", "hand-ulnar", "leg-front", "whole-leg-front", "leg-back", "whole-leg-back", "leg-outer",
    "lower-leg-outer", "leg-inner", "lower-leg-inner", "foot-top", "foot-sole", "foot-outer", "foot-inner",
    "ankle-outer", "ankle-inner", "body-front", "body-back",
]  # fmt: skip
"""The views of the figures in layouts/figures/, and auto."""


class Chart(Standing):
    """A drawing of a part of the body with points in their places."""

    type: Literal["chart"]
    view: Annotated[
        ViewName, Field(description="What is drawn; auto chooses the views that show the points best, the fewest.")
    ] = "auto"
    size: Annotated[
        Literal["small", "medium", "full"] | None,
        Field(description="How large it is printed; words keep their size. Without it, a back has the whole width."),
    ] = None
    body: Annotated[Body | None, Field(description="Whose body is drawn, if another than in the handout.")] = None
    points: Annotated[list[Code], Field(min_length=1)]
    title: Prose
    caption: Prose


class Picture(Model):
    """A picture file that lies in the handout's folder, or a part of it."""

    image: Annotated[str, AfterValidator(_check_picture)]
    alt: Annotated[Label, Field(description="What the picture shows, for those who cannot see it.")]
    crop: Annotated[
        list[float],
        Field(min_length=4, max_length=4, description="The part that is shown: left, top, width, height in percent."),
        AfterValidator(_check_crop),
    ] = [0, 0, 100, 100]
    credit: Annotated[Prose | None, Field(description="Whose picture it is; printed below it.")] = None
    licence: Annotated[Prose | None, Field(description="On what terms it may be used; printed behind the credit.")] = (
        None
    )

    @property
    def key(self) -> str:
        """What it is called among the pictures of a handout: parts of one file are several."""
        return self.image if self.whole else f"{self.image} [{' '.join(f'{n:g}' for n in self.crop)}]"

    @property
    def whole(self) -> bool:
        """Whether all of the file is shown."""
        return self.crop == [0, 0, 100, 100]


def _check_at(at: list[float]) -> list[float]:
    if not all(0 <= share <= 100 for share in at):  # noqa: PLR2004  # percent
        words = {"hint": "from the left and from above, in percent of what is shown: at: [50, 20]"}
        raise PydanticCustomError("value", "this mark does not lie on the picture", words)
    return at


class PictureMark(Model):
    """A place on a picture, and what it is."""

    at: Annotated[
        list[float],
        Field(min_length=2, max_length=2, description="From the left and from above, in percent of what is shown."),
        AfterValidator(_check_at),
    ]
    label: Annotated[Label, Field(max_length=40, description="What is there, in few words.")]


class Figure(Picture, Standing):
    """A picture of the author's, with a caption."""

    type: Literal["figure"]
    caption: Prose | None = None
    size: Annotated[
        Literal["small", "medium", "full"] | None,
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


class Exercise(Standing):
    """An exercise: how to do it, and how often."""

    type: Literal["exercise"]
    name: Prose
    picture: Annotated[SidePicture | None, Field(description="What it looks like.")] = None
    start: Annotated[Prose | None, Field(description="Where to begin: how to sit, stand or lie.")] = None
    steps: Annotated[list[Prose], Field(min_length=1, description="What to do, one thing after another.")]
    hold: Annotated[Amount | None, Field(description="How many seconds a position is held.")] = None
    reps: Annotated[Amount | None, Field(description="How often it is done in a row.")] = None
    sets: Annotated[Amount | None, Field(description="How many such rows, with a rest between them.")] = None
    each_side: Annotated[bool, Field(description="It is done with both sides of the body, in turn.")] = False
    times_a_day: Annotated[Amount | None, Field(description="How often a day.")] = None
    days_a_week: Annotated[Amount | None, Field(description="On how many days of a week.")] = None
    progression: Annotated[Prose | None, Field(description="How it becomes harder with time.")] = None
    stop: Annotated[Prose | None, Field(description="When to stop; printed behind “Stop if”.")] = None


class Column(Model):
    """A column of a table."""

    head: Prose
    align: Annotated[Literal["left", "right", "center"], Field(description="Numbers are right in a column.")] = "left"


def _as_column(value: object) -> object:
    return {"head": value} if isinstance(value, str) else value


class RowGroup(Model):
    """Rows of a table that belong together."""

    heading: Annotated[Prose | None, Field(description="What they have in common, above them.")] = None
    rows: Annotated[list[list[Cell]], Field(min_length=1, max_length=200)]


class Table(Standing):
    """A table: each row has as many cells as there are columns."""

    type: Literal["table"]
    caption: Annotated[Prose | None, Field(description="Its title; it is repeated where the table goes on.")] = None
    columns: Annotated[
        list[Annotated[Column, BeforeValidator(_as_column, json_schema_input_type=Prose | Column)]],
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
                hint = 'write "" for a cell that stays empty'
                given = {"row": (row or [""])[0], "cells": len(row), "columns": len(self.columns), "hint": hint}
                raise PydanticCustomError("value", "the row '{row}' has {cells} cells for {columns} columns", given)
        return self

    @property
    def row_groups(self) -> list[RowGroup]:
        """Its rows, those without a heading as one group."""
        return self.groups or [RowGroup.model_construct(heading=None, rows=self.rows)]


class Notice(Standing):
    """A few words set apart: a tip, a note, or what to take care of. It is no warning of a doctor's."""

    type: Literal["notice"]
    kind: Literal["tip", "note", "caution"] = "note"
    text: Prose


class Quote(Standing):
    """What somebody said."""

    type: Literal["quote"]
    text: Prose
    by: Annotated[Prose | None, Field(description="Who said it.")] = None


class Question(Model):
    """A question and its answer."""

    question: Prose
    answer: Prose


class Questions(Standing):
    """Questions that people ask, with answers."""

    type: Literal["questions"]
    items: Annotated[list[Question], Field(min_length=1)]


class Checklist(Standing):
    """A list with boxes to tick."""

    type: Literal["checklist"]
    items: Annotated[list[Prose], Field(min_length=1)]
    columns: Annotated[Literal[1, 2], Field(description="Short items can stand side by side.")] = 1


class Diary(Standing):
    """A table of days to tick with a pen."""

    type: Literal["diary"]
    rows: Annotated[
        list[Prose], Field(min_length=1, max_length=12, description="What is ticked each day: points, exercises.")
    ]
    weeks: Annotated[int, Field(ge=1, le=4)] = 1
    caption: Prose | None = None


class WriteInField(Model):
    """What somebody writes in."""

    label: Prose
    lines: Annotated[int, Field(ge=1, le=10, description="How many lines there are to write on.")] = 1


def _as_field(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


class WriteIn(Standing):
    """Lines to write on: “Your points”, “Next visit”."""

    type: Literal["write-in"]
    fields: Annotated[
        list[Annotated[WriteInField, BeforeValidator(_as_field, json_schema_input_type=Prose | WriteInField)]],
        Field(min_length=1, max_length=20),
    ]


class SideList(Model):
    """A list that stands beside another."""

    heading: Prose | None = None
    items: Annotated[list[Prose], Field(min_length=1)]


class Columns(Standing):
    """Two lists side by side; below each other where there is no room."""

    type: Literal["columns"]
    lists: Annotated[list[SideList], Field(min_length=2, max_length=2)]


class PageBreak(Model):
    """What follows begins a page in print."""

    type: Literal["page-break"]


class HowToPress(Model):
    """How a handout's own points are pressed: how long, how often, and when to stop."""

    steps: Annotated[list[Prose], Field(description="What to do, in steps; the next two keys are the last ones.")] = []
    time: Annotated[Duration, Field(description="How long a point is pressed, with the number in digits.")]
    often: Annotated[Prose, Field(description="How often a day, and for how many days or weeks.")]
    stop: Annotated[Prose, Field(description="When to stop.")]


class Safety(Standing):
    """A safety block that all handouts share, or the handout's own words on how to press."""

    type: Literal["safety"]
    include: Annotated[
        str,
        _check_known("safety", "unknown-block", "safety block"),
        Field(description="The name of the block in source/shared/."),
    ]
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


class Invitation(Standing):
    """The invitation to a clinic: it belongs to a brand and is left out without it."""

    type: Literal["invitation"]
    brand: Slug
    text: Prose


class Video(Standing):
    """A video; it stays out of print until its link is given."""

    type: Literal["video"]
    text: Prose
    link: Annotated[str, Field(pattern=r"^https://"), AfterValidator(_check_address)] | None = None


Form = Table | Columns | Questions | Quote | Notice | Checklist | Diary | WriteIn
"""Tables, what is set apart, and what readers write on."""
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


class Section(Model):
    """A heading and what stands under it."""

    id: Annotated[SectionId, Field(description="Links and bookmarks lead here; keep it when the heading changes.")]
    heading: Prose
    starts_page: Annotated[bool, Field(description="Begin a new printed page and a new EPUB chapter.")] = False
    wide: Annotated[bool, Field(description="Let the heading and the blocks use the full width.")] = False
    blocks: Annotated[list[Block], Field(min_length=1)]


class Term(Model):
    """A word of the text, and what it means."""

    term: Annotated[Prose, Field(max_length=60, description="The word, as the text has it.")]
    forms: Annotated[list[Label], Field(description="Other forms of it that the text uses: vertebrae.")] = []
    text: Annotated[Prose, Field(description="What it means, in a sentence or two.")]


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

    title: Prose
    subtitle: Prose | None = None
    kicker: Annotated[Label | None, Field(description="Two or three words beside the title.")] = None
    description: Annotated[Label, Field(description="One sentence for catalogues and search engines.")]
    author: Label | None = None
    identifier: Annotated[
        Identifier | None,
        Field(description="What the book is known by for ever: urn:uuid:…, or urn:isbn:… (13 digits); keep it."),
    ] = None
    rights: Annotated[Label | None, Field(description="Who has the rights, and the licence; printed in the book.")] = (
        None
    )
    subjects: Annotated[list[Label], Field(description="What it is about, for catalogues: low back pain.")] = []
    about: Annotated[
        Regions | None, Field(description="The part of the body; or several. It chooses the warning signs.")
    ] = None
    emergency: Annotated[
        EmergencyNumber | None, Field(description="Whom to call; a clinic's brand may say another.")
    ] = None
    added: Annotated[
        Prose | None,
        Field(description="What stands here beside the words of another author, in a sentence; it is printed once."),
    ] = None
    skin: Annotated[Literal["light", "medium", "dark"], Field(description="The skin tone of the drawings.")] = "light"
    body: Annotated[Body, Field(description="Whose chest, belly and hip are drawn: neutral, woman or man.")] = "neutral"
    editions: Annotated[
        list[EditionName], Field(min_length=1, description="How it is printed when --edition is not given.")
    ] = [DEFAULT]
    paper: Annotated[Paper, Field(description="letter: every edition in US sizes.")] = "a4"
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
        Prose | None, Field(description="Who checked it, and what they are; printed at the end.")
    ] = None
    review_due: Annotated[
        Day | None, Field(description="When it is checked again, YYYY-MM-DD; check tells in time.")
    ] = None
    evidence: Annotated[Prose | None, Field(description="What it rests on, in a sentence; printed at the end.")] = None
    readers_involved: Annotated[
        Prose | None, Field(description="How readers had a part in it, in a sentence; printed at the end.")
    ] = None
    summary: Annotated[list[Prose], Field(description="“In short”: the handout's own summary.")] = []
    sections: Annotated[list[Section], Field(min_length=1)]
    glossary: Annotated[
        list[Term], Field(description="Words that are explained at the end, and linked where they are first used.")
    ] = []
    sources: Annotated[list[SourceName], Field(description="Names of sources in source/shared/ to be listed.")] = []
    accept: Annotated[
        dict[AcceptedCode, Annotated[str, AfterValidator(_check_reason), Field(description="Why it is as it is.")]],
        Field(description="Warnings of check that are meant so: the code, and the reason."),
    ] = {}


class Change(Model):
    """An editorial change: grammar and typography only."""

    original: Annotated[SeenText, Field(description="The author's words, letter by letter.")]
    printed: Annotated[str, Field(description="What is printed instead; empty when nothing is.")]
    reason: SeenText


class Doubt(Model):
    """A medical or factual doubt for the author to decide; the text is printed as it is."""

    quote: Annotated[SeenText, Field(description="The printed words in doubt.")]
    doubt: SeenText
    source: SeenText


class Editorial(Model):
    """What was changed in the author's text, and what is doubted in it."""

    changes: list[Change]
    doubts: list[Doubt]


class ForParts(Model):
    """Words of a safety block that only handouts have that press on some parts of the body."""

    text: Prose
    about: Annotated[Regions | None, Field(description="The parts of the body, or one; all where it is left out.")] = (
        None
    )
    otherwise: Annotated[Prose | None, Field(description="What the other handouts have in its place.")] = None
    doses: Annotated[
        list[Literal["pressure", "seconds", "times_a_day"]],
        Field(description="Which parts of a dose it tells; handouts whose points all have these do not print it."),
    ] = []
    beside_doses: Annotated[Prose | None, Field(description="What those handouts have in its place.")] = None


def _as_said(value: Any) -> Any:
    return value if isinstance(value, dict) else {"text": value}


def _as_pieces(value: Any) -> Any:
    return value if isinstance(value, list) else [] if value is None else [value]


Said = Annotated[ForParts, BeforeValidator(_as_said, json_schema_input_type=Prose | ForParts)]
"""Words that all handouts have, or some."""


class SafetyGroup(Model):
    """A lead line and its list."""

    lead: Prose | None = None
    items: Annotated[list[Said], Field(min_length=1)]
    numbered: bool = False
    short: Annotated[
        list[Said],
        BeforeValidator(_as_pieces, json_schema_input_type=Prose | list[Said] | None),
        Field(description="The same in one paragraph, for the short editions; or its pieces."),
    ] = []


class SafetyBlock(Model):
    """A reusable safety block; the rank chooses rule weight and icon.

    Blocks of the ranks emergency and doctor may leave their lists to ``red_flags``: they then have the signs of the
    parts of the body that the handout is about.
    """

    heading: Prose
    rank: Literal["emergency", "doctor", "stop", "how"]
    above: Annotated[str, Field(description="Another block, which is printed above this one.")] = ""
    about: Annotated[Regions | None, Field(description="For which parts of the body its signs are.")] = None
    groups: list[SafetyGroup] = []
    closing: Prose | None = None
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

    text: Prose
    sources: Annotated[list[str], Field(min_length=1, description="Names of sources in the same file.")]


class Signs(Model):
    """Warning signs that ask for the same."""

    lead: Prose
    signs: Annotated[list[Sign], Field(min_length=1)]
    short: Annotated[Prose | None, Field(description="The same in one paragraph, for the short editions.")] = None


class RedFlags(Model):
    """The warning signs of a part of the body."""

    emergency: Annotated[Signs, Field(description="Those that ask for help at once.")]
    doctor: Annotated[Signs, Field(description="Those that ask for a doctor within days.")]


class CitedWork(Model):
    """One work that facts were taken from."""

    text: Prose


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


class StandardNames(Model):
    """A point's standard names; a name that no source gives is empty."""

    pinyin: Annotated[str, Field(min_length=1)]
    zh_hans: Annotated[str, Field(alias="zh-Hans", min_length=1)]
    zh_hant: Annotated[str, Field(alias="zh-Hant", min_length=1)]
    ja: str = ""
    kana: str = ""
    romaji: str = ""
    ko: str = ""
    ko_latn: Annotated[str, Field(alias="ko-Latn")] = ""
    en: str = ""
    verified: Annotated[int, Field(ge=1, le=3)]
    """How many independent lists give this name: see source/points/ORIGIN.md."""


class Landmark(Model):
    """A part of the body that can be felt or seen, by which places are told."""

    id: str
    kind: Literal["point", "line", "level"]
    term: Annotated[str, Field(min_length=1)]
    """What anatomists call it."""
    views: Words = ()
    """The figures that show it."""
    name: str = ""
    """What it is called in the language of the catalogue."""
    find: str = ""
    """How to find it by touch, in that language."""


class Place(Model):
    """Where a point is, as data (WHO 2008): what each column means stands in source/points/README.md.

    Distances are in cun: ``cun`` along the way from ``p`` to ``q``, ``offset_cun`` as a step after that,
    ``lateral_cun`` from the midline. Landmarks are those of landmarks.csv, or other points.
    """

    region: BodyRegion
    aspect: Aspect
    sides: Literal["both", "one"] = "both"
    """``one``: on the midline (two points of the mouth are on one side alone)."""
    count: Annotated[int, Field(ge=1, le=20)] = 1
    """Spots on each side; in all where ``sides`` is one."""
    home: FigureName | Literal[""] = ""
    """The figure in which the formula holds; none for what is not drawn."""
    views: Words = ()
    kind: Annotated[StandardKind, Field(description="How the standard tells the place.")]
    formula: PlaceKind
    p: Alternatives = ()
    q: Alternatives = ()
    start: Annotated[Literal["p", "q"] | None, Field(alias="from")] = None
    cun: Annotated[float, Number, Field(ge=0, le=_TALL)] | None = None
    fraction: Annotated[float, Number, Field(gt=0, lt=1)] | None = None
    offset_cun: Annotated[float, Number, Field(gt=0, le=_TALL)] | None = None
    offset_dir: Alternatives = ()
    level: Annotated[str, Field(pattern=_LEVEL)] = ""
    lateral_cun: Annotated[float, Number, Field(ge=0, le=_TALL)] | None = None
    lateral_unit: str = ""
    cun_kind: Literal["B", "F", "FB", ""] = ""
    unit_line: str = ""
    line_cun: Annotated[float, Number, Field(gt=0, le=_TALL)] | None = None
    measures_from: Measures = ()
    landmarks: Words = ()

    @property
    def row(self) -> tuple[str, ...]:
        """The vertebrae of a row, from above to below; none for another place."""
        first, _, last = self.level.partition("..")
        if not {first, last} <= set(VERTEBRAE):
            return ()
        return VERTEBRAE[VERTEBRAE.index(first) : VERTEBRAE.index(last) + 1]

    @property
    def level_name(self) -> str:
        """The landmark or point of the level."""
        return _LEVEL_PARTS.fullmatch(self.level)[1] if self.level else ""  # type: ignore[index]

    @property
    def level_cun(self) -> float:
        """How far above it the level is."""
        return float(_LEVEL_PARTS.fullmatch(self.level)[2] or 0) if self.level else 0.0  # type: ignore[index]

    @property
    def measures(self) -> Mapping[str, float]:
        """The distances in cun that words may name: level, cun, lateral, offset; no estimates."""
        estimated = {name for name, source in self.measures_from if source == ESTIMATE}
        known = {
            "level": abs(self.level_cun) or None,
            "cun": self.cun,
            "lateral": self.lateral_cun,
            "offset": self.offset_cun,
        }
        return {name: cun for name, cun in known.items() if cun is not None and name not in estimated}


class Point(Model):
    """One entry of the catalogue."""

    code: str
    names: StandardNames
    place: Place | None = None
    """None where no place has been verified."""
    press: Literal["yes", "gently", "ask", "no"] = "yes"
    """How patients may press it."""
    press_reason: str = ""
    cautions: tuple[str, ...] = ()
    caution_sources: Mapping[str, tuple[str, ...]] = {}
    verified: str = ""
    """Which sources agree on the place."""
    accuracy: Literal["exact-formula", "landmark", "estimate", ""] = ""
    note: str = ""
    """For editors: facts about the place, in English."""
    sources: tuple[str, ...] = ()
    where: str = ""
    """The place in the words of a language, with measures in braces; empty where words are made from the data."""
    short: str = ""
    """The same for a table."""
    landmarks: tuple[Landmark, ...] = ()
    """Those of its place, the first being the one to look for first."""
    own: bool = False
    """Whether an author added it, and no standard has it."""
    spots: tuple[tuple[float, float], ...] = ()
    """Where an author's own point lies in its home figure."""

    @property
    def meridian(self) -> str:
        """The meridian's code: BL, GV …, or EX for extra points."""
        return self.code.rstrip("0123456789").partition("-")[0]


class OwnWords(Model):
    """What a handout's own point is called in one language, and where it is."""

    label: Annotated[
        Label, Field(max_length=40, description="What it is called; it stands where a standard name would.")
    ]
    where: Annotated[Label, Field(description="The place as sentences; {1.5} becomes finger-widths.")]
    short: Annotated[Label, Field(max_length=36, description="The place in few words, for tables.")]


class OwnPoint(Model):
    """A point that is in no standard: the author's own."""

    code: Annotated[str, Field(pattern=r"^[A-Z]+(-[A-Z]+)?[0-9]+$", description="Letters and a number: MY1.")]
    words: Annotated[dict[Language, OwnWords], Field(min_length=1, description="By language.")]
    place: Annotated[
        Place, Field(description="As in source/points/places.csv; kind and measures_from may be left out.")
    ]
    press: Annotated[Literal["yes", "gently"], Field(description="How patients press it.")] = "yes"
    cautions: Annotated[list[str], Field(description="Names of lines in the shared texts, under cautions:.")] = []
    source: Annotated[SeenText, Field(description="Who says so: a book, a school, your own practice.")]

    @model_validator(mode="before")
    @classmethod
    def _own_measures(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("place"), dict):
            return data
        place = dict(data["place"])
        numbers = ("cun", "fraction", "offset", "lateral", "level")
        given = (name for name in numbers if place.keys() & {name, f"{name}_cun"})
        formula = place.get("formula")
        kind = formula if formula in get_args(PlaceKind) else "described"
        usual = {"kind": kind, "measures_from": " ".join(f"{name}:own" for name in given)}
        return {**data, "place": {**usual, **place}}


class OwnLandmark(Model):
    """A landmark that the catalogue lacks: the author's own."""

    id: Annotated[Slug, Field(description="What places call it.")]
    term: Annotated[SeenText, Field(description="What it is, for editors.")]
    at: Annotated[
        dict[FigureName, tuple[float, float]],
        Field(min_length=1, description="Where it is in a figure: x to the right, y down, in the figure's unit."),
    ]
    find: Annotated[dict[Language, Label], Field(description="How to find it by touch, by language.")] = {}
    name: Annotated[dict[Language, Label], Field(description="What it is called, by language.")] = {}


class OwnPoints(Model):
    """Points and landmarks of one handout: points.yaml in its folder."""

    points: Annotated[list[OwnPoint], Field(min_length=1)]
    landmarks: list[OwnLandmark] = []
