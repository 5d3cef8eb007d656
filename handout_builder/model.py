"""What a handout, the shared texts and the point catalogue may hold: typed, checked, exported as JSON Schema.

Field descriptions appear in editors that read the schema, so they are written for authors.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from handout_builder import language, prose
from handout_builder.pictures import broken_picture


class Model(BaseModel):
    """Base of every model: unknown keys are mistakes, values never change."""

    # The schema of a model is made when it is first used: --help needs none of them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def _check_prose(text: str, info: ValidationInfo) -> str:
    for finding in prose.findings(text, info.context["lang"] if info.context else ""):
        raise PydanticCustomError(
            finding.code,
            "{message}",
            {"message": finding.message, "hint": finding.hint, "excerpt": finding.excerpt},
        )
    return text


def _check_language(tag: str) -> str:
    if not language.is_tag(tag):
        hint = "for example zh-Hans (simplified), zh-Hant (traditional), ja, ko, en"
        raise PydanticCustomError("language-tag", "'{tag}' is not a language tag", {"tag": tag, "hint": hint})
    return tag


def _check_code(code: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("points")
    if known is not None and code not in known:
        near = nearest(code, known, 3)
        hint = f"the nearest known codes: {', '.join(near)}" if near else "all codes: source/points/catalogue.yaml"
        raise PydanticCustomError("unknown-point", "the catalogue has no point '{code}'", {"code": code, "hint": hint})
    return code


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


def nearest(word: str, known: Any, count: int = 1) -> list[str]:
    """Return up to ``count`` of the known words, the most alike first."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed to explain a mistake

    return get_close_matches(word, list(known), n=count, cutoff=0.4)


Prose = Annotated[str, Field(min_length=1), AfterValidator(_check_prose)]
"""Markdown (CommonMark without raw HTML); a run of Han or kana is written ``[腰陽關]{lang=zh-Hant}``."""
Language = Annotated[str, AfterValidator(_check_language)]
"""A BCP 47 language tag."""
Code = Annotated[str, AfterValidator(_check_code)]
"""The WHO's code of a point: BL23, GV3, EX-B2."""
SourceName = Annotated[str, _check_known("sources", "unknown-source", "source")]
"""The name of a source in the shared texts."""
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
"""A name for links: small letters, digits and hyphens."""


class Name(Model):
    """A point's name as the author writes it."""

    text: Annotated[str, Field(min_length=1, description="The name in its own characters, printed as written.")]
    lang: Annotated[Language, Field(description="The language of the characters: zh-Hans, zh-Hant, ja or ko.")]
    reading: Annotated[str, Field(min_length=1, description="How the name is read, for example shèn yù.")]
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
    items: Annotated[list[Prose], Field(min_length=1)]
    numbered: bool = False


class Definition(Model):
    """A term and the text that explains it."""

    term: Prose
    text: Prose


class Definitions(Model):
    """Terms with their explanations."""

    type: Literal["definitions"]
    items: Annotated[list[Definition], Field(min_length=1)]
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


class PointTable(Model):
    """Points as a table with code, standard name and place, from the catalogue."""

    type: Literal["point-table"]
    points: Annotated[list[Code], Field(min_length=1)]
    strong: Annotated[list[Code], Field(description="The codes that are printed bold.")] = []
    caption: Prose


class Chart(Model):
    """A drawing of the lower back with the points in their places."""

    type: Literal["chart"]
    view: Literal["lower-back"]
    points: Annotated[list[Code], Field(min_length=1)]
    title: Prose
    caption: Prose


class Figure(Model):
    """A picture file that lies in the handout's folder."""

    type: Literal["figure"]
    image: Annotated[str, AfterValidator(_check_picture)]
    alt: Annotated[str, Field(min_length=1, description="What the picture shows, for those who cannot see it.")]
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
    link: Annotated[str | None, Field(pattern=r"^https://")] = None


Block = Annotated[
    Heading | Text | List | Definitions | Points | PointTable | Chart | Figure | Safety | Invitation | Video,
    Field(discriminator="type"),
]


class Section(Model):
    """A heading and what stands under it."""

    id: Annotated[Slug, Field(description="Links and bookmarks lead here; keep it when the heading changes.")]
    heading: Prose
    starts_page: Annotated[bool, Field(description="Begin a new printed page and a new EPUB chapter.")] = False
    wide: Annotated[bool, Field(description="Let the heading and the blocks use the full width.")] = False
    blocks: Annotated[list[Block], Field(min_length=1)]


class Handout(Model):
    """One handout in one language."""

    title: Prose
    subtitle: Prose | None = None
    kicker: Annotated[str | None, Field(description="Two or three words beside the title.")] = None
    description: Annotated[str, Field(min_length=1, description="One sentence for catalogues and search engines.")]
    author: str | None = None
    revised: Annotated[date, Field(description="Date of the last revision, YYYY-MM-DD; it dates the files, too.")]
    summary: Annotated[list[Prose], Field(description="“In short”: the handout's own summary.")] = []
    sections: Annotated[list[Section], Field(min_length=1)]
    sources: Annotated[list[SourceName], Field(description="Names of sources in source/shared/ to be listed.")] = []


class Change(Model):
    """An editorial change: grammar and typography only."""

    original: Annotated[str, Field(min_length=1, description="The author's words, letter by letter.")]
    printed: Annotated[str, Field(description="What is printed instead; empty when nothing is.")]
    reason: Annotated[str, Field(min_length=1)]


class Doubt(Model):
    """A medical or factual doubt for the author to decide; the text is printed as it is."""

    quote: Annotated[str, Field(min_length=1, description="The printed words in doubt.")]
    doubt: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]


class Editorial(Model):
    """What was changed in the author's text, and what is doubted in it."""

    changes: list[Change]
    doubts: list[Doubt]


class SafetyGroup(Model):
    """A lead line and its list."""

    lead: Prose | None = None
    items: Annotated[list[Prose], Field(min_length=1)]
    numbered: bool = False


class SafetyBlock(Model):
    """A reusable safety block; the rank chooses rule weight and icon."""

    heading: Prose
    rank: Literal["doctor", "stop", "how"]
    groups: Annotated[list[SafetyGroup], Field(min_length=1)]
    closing: Prose | None = None
    sources: list[str]


class Source(Model):
    """One work that facts were taken from."""

    text: Prose


class Shared(Model):
    """What all handouts of a language share: labels, words for places, safety blocks, sources."""

    labels: dict[str, str]
    months: Annotated[list[str], Field(min_length=12, max_length=12)]
    vertebrae: dict[str, str]
    distances: Annotated[dict[str, str], Field(description="Words for a distance in cun, as finger-widths.")]
    short_distances: Annotated[dict[str, str], Field(description="The same in two words, for tables.")]
    safety: dict[str, SafetyBlock]
    sources: dict[str, Source]


class StandardNames(Model):
    """A point's standard names."""

    pinyin: str
    zh_hans: Annotated[str, Field(alias="zh-Hans")]
    zh_hant: Annotated[str, Field(alias="zh-Hant")]
    ja: str
    romaji: str | None = None
    en: str


class Place(Model):
    """Where a point is: by vertebral level and distance, or by a landmark in words."""

    level: Annotated[str | None, Field(description="The point is level with the gap below this vertebra.")] = None
    lateral: Annotated[float, Field(ge=0, description="Distance from the midline in cun.")] = 0.0
    sides: Literal["both", "midline"] = "both"
    landmark: Annotated[dict[str, str], Field(description="The place in words, by language.")] = {}


class Point(Model):
    """One entry of the catalogue."""

    names: StandardNames
    place: Place
    sources: list[str]


class Catalogue(Model):
    """All points by their WHO code."""

    points: dict[str, Point]
