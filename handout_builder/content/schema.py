"""What a handout, the shared texts and the point catalogue may hold: typed, checked, exported as JSON Schema.

Field descriptions appear in editors that read the schema, so they are written for authors.
"""

import re
import string
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from handout_builder.content.pictures import broken_picture
from handout_builder.content.point_codes import nearest_codes
from handout_builder.editions import DEFAULT, EDITIONS
from handout_builder.errors import nearest
from handout_builder.looks import DEFAULT_LOOK, LOOKS
from handout_builder.plain_rules import ACCEPTABLE
from handout_builder.text import characters, language, markdown
from handout_builder.text.addresses import wrong_address

# Nothing printed from this is older, and a later year is a slip of the hand; files dated so open in every reader.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
# A body is 75 cun tall (WHO 2008), and no place is told over more than that.
_FARTHEST = 75
RESERVED_IDS = ("title", "in-short", "sources", "contact")
"""Ids of the parts that templates make themselves."""
_MOST_ITEMS = 400
"""The most items of one list, and the most points of one row: some fifteen pages."""


class Model(BaseModel):
    """Base of every model: unknown keys are mistakes, values never change."""

    # The schema of a model is made when it is first used: --help needs none of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _check_prose(text: str, info: ValidationInfo) -> str:
    for finding in markdown.findings(text, info.context["lang"] if info.context else ""):
        raise PydanticCustomError(
            finding.code,
            "{message}",
            {"message": finding.message, "hint": finding.hint, "excerpt": finding.excerpt},
        )
    return text


def _check_shared_prose(text: str, info: ValidationInfo) -> str:
    text = _check_prose(text, info)
    if found := next((target for target in markdown.links(text) if target.startswith("#")), ""):
        hint = "link to it in the handout's own words, or to an address with https://"
        words = {"excerpt": found, "target": found, "hint": hint}
        raise PydanticCustomError(
            "unknown-link", "a text that handouts share cannot lead to a section of one: {target}", words
        )
    return text


def _check_label(text: str, info: ValidationInfo) -> str:
    _check_seen(text)
    lang = (info.context or {}).get("lang", "")
    if not language.is_cjk_language(lang) and (run := next(iter(language.cjk_runs(text)), "")):
        hint = "this text cannot name a language: use the reading, or say it in a text of the handout"
        raise PydanticCustomError(
            "untagged-language", "'{run}' has no language", {"run": run, "hint": hint, "excerpt": run}
        )
    return text


def _check_pattern(text: str, names: set[str]) -> None:
    """Refuse a pattern that cannot be filled in, or that names what there is not."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        words = {"text": text, "reason": str(error), "hint": "a brace that is printed is written twice: {{"}
        raise PydanticCustomError("placeholder", "'{text}' cannot be filled in: {reason}", words) from error
    for _, name, form, conversion in parts:
        if name is not None and (name not in names or form or conversion):
            known = " ".join(f"{{{known}}}" for known in sorted(names)) or "none"
            words = {"name": name, "hint": f"known: {known}", "excerpt": text}
            raise PydanticCustomError("placeholder", "'{name}' in braces is not filled in here", words)


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


def _check_day(value: Any) -> Any:
    """Refuse what pydantic would take as seconds since 1970."""
    if type(value) is not date and not (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value)):
        raise PydanticCustomError("value", "this is no date", {"hint": "write it as YYYY-MM-DD"})
    return value


def _check_year(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        years = {"first": _FIRST_YEAR, "last": _LAST_YEAR, "year": day.year}
        raise PydanticCustomError("value", "the year {year} is not between {first} and {last}", years)
    return day


def _check_section_id(name: str) -> str:
    if name in RESERVED_IDS:
        words = {"name": name, "hint": f"the program's own parts are called {', '.join(RESERVED_IDS)}"}
        raise PydanticCustomError("reserved-id", "a section cannot have the id '{name}'", words)
    return name


def _check_once(codes: list[str]) -> list[str]:
    if twice := next((code for number, code in enumerate(codes) if code in codes[:number]), ""):
        words = {"code": twice, "hint": "keep one of them"}
        raise PydanticCustomError("duplicate-point", "{code} stands twice in one block", words)
    return codes


def _check_language(tag: str) -> str:
    if not language.is_tag(tag):
        hint = "for example zh-Hans (simplified), zh-Hant (traditional), ja, ko, en"
        raise PydanticCustomError("language-tag", "'{tag}' is not a language tag", {"tag": tag, "hint": hint})
    return tag


def _check_code(code: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("points")
    if known is not None and code not in known:
        near = nearest_codes(code, known)
        hint = f"the nearest known codes: {', '.join(near)}" if near else "all codes: make_handout.py points"
        raise PydanticCustomError("unknown-point", "the catalogue has no point '{code}'", {"code": code, "hint": hint})
    return code


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


def _check_picture(name: str, info: ValidationInfo) -> str:
    folder: Path | None = (info.context or {}).get("folder")
    if folder is not None and (reason := broken_picture(folder, name)):
        hint = "put a PNG or JPEG file into the handout's folder and give its name"
        raise PydanticCustomError("broken-image", "{reason}", {"reason": reason, "hint": hint})
    return name


Prose = Annotated[str, Field(min_length=1), AfterValidator(_check_prose)]
"""Markdown (CommonMark without raw HTML); a run of Han or kana is written ``[腰陽關]{lang=zh-Hant}``."""
SharedProse = Annotated[str, Field(min_length=1), AfterValidator(_check_shared_prose)]
"""The same in a text that many handouts share: it leads to no section."""
Label = Annotated[str, Field(min_length=1), AfterValidator(_check_label)]
"""Words that are printed or read out as they stand, without Markdown."""
Remark = Annotated[str, Field(min_length=1), AfterValidator(_check_seen)]
"""Words for authors and editors; never printed."""
Day = Annotated[date, BeforeValidator(_check_day, json_schema_input_type=date), AfterValidator(_check_year)]
"""A day of our times, as YYYY-MM-DD."""
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
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""A name for links: small letters, digits and hyphens."""


class Name(Model):
    """A point's name as the author writes it."""

    text: Annotated[Remark, Field(description="The name in its own characters, printed as written.")]
    lang: Annotated[Language, Field(description="The language of the characters: zh-Hans, zh-Hant, ja or ko.")]
    reading: Annotated[Label, Field(description="How the name is read, for example shèn yù.")]
    reading_lang: Annotated[Language, Field(description="The language of the reading.")] = "zh-Latn-pinyin"


class Heading(Model):
    """A heading inside a section."""

    type: Literal["heading"]
    text: Prose


class Text(Model):
    """One or more paragraphs."""

    type: Literal["text"]
    text: Prose


class List(Model):
    """A list, with bullets or numbers."""

    type: Literal["list"]
    items: Annotated[list[Prose], Field(min_length=1, max_length=_MOST_ITEMS)]
    numbered: bool = False


class Definition(Model):
    """A term and the text that explains it."""

    term: Prose
    text: Prose


class Definitions(Model):
    """Terms with their explanations."""

    type: Literal["definitions"]
    items: Annotated[list[Definition], Field(min_length=1, max_length=_MOST_ITEMS)]
    numbered: bool = False


class PointCard(Model):
    """One point: the author's name and words; code, standard name and place come from the catalogue."""

    code: Code
    name: Name
    use: Annotated[Prose | None, Field(description="The author's words, printed under “Traditional use”.")] = None
    remark: Annotated[Prose | None, Field(description="The author's remark on the place.")] = None


class Points(Model):
    """A row of point cards."""

    type: Literal["points"]
    points: Annotated[list[PointCard], Field(min_length=1)]


class PointGroup(Model):
    """Points that are marked in the same way."""

    mark: Annotated[
        Literal["filled", "target", "ring", "thin"],
        Field(description="How strong the points look: filled, a ring with a core, a ring, a thin small ring."),
    ]
    label: Annotated[Label, Field(max_length=28, description="What the mark means, in few words.")]
    points: Annotated[list[Code], Field(min_length=1)]


class Overview(Model):
    """Many points at once: a chart of the whole back, drawings of the leg where needed, a legend and a table.

    Names and places come from the catalogue; the points of the first group are printed bold.
    """

    type: Literal["overview"]
    groups: Annotated[list[PointGroup], Field(min_length=1)]
    title: Prose
    caption: Prose

    @model_validator(mode="after")
    def _once(self) -> Self:
        _check_once(self.points)
        return self

    @property
    def points(self) -> list[str]:
        """The codes of all groups."""
        return [code for group in self.groups for code in group.points]


class Chart(Model):
    """A drawing of a part of the body with points in their places."""

    type: Literal["chart"]
    view: Literal["back", "upper-back", "lower-back", "leg-back", "leg-front", "ankle-outer", "ankle-inner"]
    points: Annotated[list[Code], Field(min_length=1), AfterValidator(_check_once)]
    title: Prose
    caption: Prose


class Figure(Model):
    """A picture file that lies in the handout's folder."""

    type: Literal["figure"]
    image: Annotated[str, AfterValidator(_check_picture)]
    alt: Annotated[Label, Field(description="What the picture shows, for those who cannot see it.")]
    caption: Prose | None = None


class Safety(Model):
    """A safety block that all handouts share; it is visibly the handout's, not the author's."""

    type: Literal["safety"]
    include: Annotated[
        str,
        _check_known("safety", "unknown-block", "safety block"),
        Field(description="The name of the block in source/shared/."),
    ]
    show: Annotated[bool, Field(description="false leaves the block out.")] = True


class Invitation(Model):
    """The invitation to a clinic: it belongs to a brand and is left out without it."""

    type: Literal["invitation"]
    brand: Slug
    text: Prose


class Video(Model):
    """A video; it stays out of print until its link is given."""

    type: Literal["video"]
    text: Prose
    link: Annotated[str, Field(pattern=r"^https://"), AfterValidator(_check_address)] | None = None


Block = Annotated[
    Heading | Text | List | Definitions | Points | Overview | Chart | Figure | Safety | Invitation | Video,
    Field(discriminator="type"),
]


class Section(Model):
    """A heading and what stands under it."""

    id: Annotated[
        Slug,
        AfterValidator(_check_section_id),
        Field(description="Links and bookmarks lead here; keep it when the heading changes."),
    ]
    heading: Prose
    starts_page: Annotated[bool, Field(description="Begin a new printed page and a new EPUB chapter.")] = False
    wide: Annotated[bool, Field(description="Let the heading and the blocks use the full width.")] = False
    blocks: Annotated[list[Block], Field(min_length=1)]


class Handout(Model):
    """One handout in one language."""

    title: Prose
    subtitle: Prose | None = None
    kicker: Annotated[Label | None, Field(description="Two or three words beside the title.")] = None
    description: Annotated[Label, Field(description="One sentence for catalogues and search engines.")]
    author: Label | None = None
    skin: Annotated[Literal["light", "medium", "dark"], Field(description="The skin tone of the drawings.")] = "light"
    editions: Annotated[
        list[EditionName], Field(min_length=1, description="How it is printed when --edition is not given.")
    ] = [DEFAULT]
    look: Annotated[LookName, Field(description="How its pages look when --look is not given.")] = DEFAULT_LOOK.name
    revised: Annotated[Day, Field(description="Date of the last revision, YYYY-MM-DD; it dates the files, too.")]
    summary: Annotated[list[Prose], Field(description="“In short”: the handout's own summary.")] = []
    sections: Annotated[list[Section], Field(min_length=1)]
    sources: Annotated[list[SourceName], Field(description="Names of sources in source/shared/ to be listed.")] = []
    accept: Annotated[
        dict[AcceptedCode, Annotated[str, AfterValidator(_check_reason), Field(description="Why it is as it is.")]],
        Field(description="Warnings of check that are meant so: the code, and the reason."),
    ] = {}


class Change(Model):
    """An editorial change: grammar and typography only."""

    original: Annotated[Remark, Field(description="The author's words, letter by letter.")]
    printed: Annotated[str, Field(description="What is printed instead; empty when nothing is.")]
    reason: Remark


class Doubt(Model):
    """A medical or factual doubt for the author to decide; the text is printed as it is."""

    quote: Annotated[Remark, Field(description="The printed words in doubt.")]
    doubt: Remark
    source: Remark


class Editorial(Model):
    """What was changed in the author's text, and what is doubted in it."""

    changes: list[Change]
    doubts: list[Doubt]


class SafetyGroup(Model):
    """A lead line and its list."""

    lead: SharedProse | None = None
    items: Annotated[list[SharedProse], Field(min_length=1)]
    numbered: bool = False
    short: Annotated[SharedProse | None, Field(description="The same in one paragraph, for the short editions.")] = None


class SafetyBlock(Model):
    """A reusable safety block; the rank chooses rule weight and icon."""

    heading: SharedProse
    rank: Literal["doctor", "stop", "how"]
    groups: Annotated[list[SafetyGroup], Field(min_length=1)]
    closing: SharedProse | None = None
    sources: list[str]


class Source(Model):
    """One work that facts were taken from."""

    text: SharedProse


class Landmark(Model):
    """The words for a part of the body that places are told by."""

    at: Annotated[Label, Field(description="With a preposition, for a place just there.")]
    noun: Annotated[Label, Field(description="For “below …” and “between … and …”.")]
    short: Annotated[Label, Field(max_length=26, description="In few words, for tables.")]


def _check_way(text: str) -> str:
    _check_pattern(text, {"start", "end"})
    return text


class Share(Model):
    """The words for a place on the way from {start} to {end}."""

    at: Annotated[
        Label,
        AfterValidator(_check_way),
        Field(description="With a preposition: “half-way between {start} and {end}”."),
    ]
    short: Annotated[Label, AfterValidator(_check_way), Field(description="In few words, for tables.")]
    moved: Annotated[
        Label, AfterValidator(_check_way), Field(description="In fewer words: how far up or down stands behind it.")
    ]


_IN_PLACES = {"spot", "level", "distance", "first", "last", "short", "code"}
# What the labels that are patterns may name; of the others, a brace is printed as it stands.
_IN_LABELS = {
    **{
        f"{form}_{kind}": _IN_PLACES
        for form in ("place", "short", "alt")
        for kind in ("pair", "row", "spine", "midline", "sides", "legs")
    },
    **dict.fromkeys(("gap", "in_gap", "short_gap"), {"vertebra"}),
    "level_with": {"noun"},
    **dict.fromkeys(("below", "above", "lower", "higher"), {"distance", "noun", "spot"}),
    **dict.fromkeys(("short_lower", "short_higher"), {"distance", "short"}),
    "date": {"day", "month", "year"},
    **dict.fromkeys(("sheet_front", "sheet_back"), {"name", "sheet", "sheets"}),
}


def _check_labels(labels: dict[str, str]) -> dict[str, str]:
    for name, text in labels.items():
        if name in _IN_LABELS:
            _check_pattern(text, _IN_LABELS[name])
    return labels


class Shared(Model):
    """What all handouts of a language share: labels, words for places, safety blocks, sources."""

    labels: Annotated[dict[str, Label], AfterValidator(_check_labels)]
    months: Annotated[list[Label], Field(min_length=12, max_length=12)]
    vertebrae: Annotated[dict[str, Label], Field(description="The names of the vertebrae, with the article.")]
    landmarks: Annotated[dict[str, Landmark], Field(description="Words for the other landmarks of the points.")]
    shares: Annotated[dict[str, Share], Field(description="Words for a share of the way between two landmarks.")]
    distances: Annotated[dict[str, Label], Field(description="Words for a distance in cun, as finger-widths.")]
    short_distances: Annotated[dict[str, Label], Field(description="The same in two words, for tables.")]
    cautions: Annotated[dict[str, Label], Field(description="One line for the card of a point that needs care.")]
    meridians: Annotated[dict[str, Label], Field(description="Names of the meridians, by the letters of the codes.")]
    safety: dict[str, SafetyBlock]
    sources: dict[str, Source]


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


class Place(Model):
    """Where a point is, as data; the landmarks are those of layouts/figures/ and of the shared texts.

    - ``landmark`` alone: at it. A vertebra stands for the gap below its spinous process (WHO 2008).
    - ``to`` with ``share``: on the way from the landmark to a second one, at this share (0 to 1).
    - ``to`` without ``share``: at each vertebra from the landmark to the second one.
    - ``lateral``: distance from the midline of the back, ``down``: distance towards the feet, both in cun.
    """

    landmark: str
    to: str | None = None
    share: Annotated[float | None, Field(gt=0, lt=1)] = None
    down: Annotated[float, Field(ge=-_FARTHEST, le=_FARTHEST, allow_inf_nan=False)] = 0.0
    lateral: Annotated[float | None, Field(gt=0, le=_FARTHEST, allow_inf_nan=False)] = None
    sides: Literal["both", "midline"] = "both"


class Point(Model):
    """One entry of the catalogue."""

    code: str
    names: StandardNames
    place: Place | None = None
    """None where no place has been verified."""
    cautions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def meridian(self) -> str:
        """The meridian's code: BL, GV …, or EX for extra points."""
        return self.code.rstrip("0123456789").partition("-")[0]
