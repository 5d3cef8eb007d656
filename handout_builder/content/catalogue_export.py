"""The catalogue as one JSON document that others can build on: points, landmarks, measures, words, positions."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from handout_builder.content import anatomy, place_text
from handout_builder.content.schema import Model, Place, Point, Shared, StandardNames
from handout_builder.units import XY

LICENCE = "AGPL-3.0-or-later"
CITATION = (
    "Handout builder: the places of 361 acupuncture points (WHO 2008) and 48 extra points (WHO 1991) as data, "
    "source/points/, with the date on which it was exported."
)
_COMMENT = "made by: make_handout.py points --export FILE"


class ExportedWords(Model):
    """What a language says of a point."""

    where: Annotated[str, Field(description="The place as sentences.")]
    short: Annotated[str, Field(description="The place in few words.")]
    care: Annotated[list[str], Field(description="How to press with care.")]


class ExportedPoint(Model):
    """One point; numbers whose source is `est` in `measures_from` are for drawing, and never told as a measure."""

    code: Annotated[str, Field(description="The WHO's code.")]
    meridian: Annotated[str, Field(description="Its letters, EX for extra points.")]
    names: StandardNames
    place: Place | None
    press: Annotated[
        Literal["yes", "gently", "ask", "no"],
        Field(description="How patients may press it: yes, gently, ask first, no."),
    ]
    press_reason: Annotated[str, Field(description="Why ask, or no; else empty.")]
    cautions: Annotated[list[str], Field(description="What to take care of; `care` of `words` says it.")]
    caution_sources: Annotated[dict[str, list[str]], Field(description="Who says so, by caution: names of `cited`.")]
    verified: Annotated[str, Field(description="Which sources agree: A the WHO, B and C other lists.")]
    accuracy: Annotated[
        Literal["exact-formula", "landmark", "estimate", ""],
        Field(description="Measure and line of the standard, a named hollow or bone, or an estimate of ours."),
    ]
    note: Annotated[str, Field(description="For editors.")]
    sources: Annotated[list[str], Field(description="Works that name the point or its place: names of `cited`.")]
    words: Annotated[dict[str, ExportedWords], Field(description="By language.")]


class ExportedLandmark(Model):
    """A part of the body by which places are told."""

    id: str
    kind: Literal["point", "line", "level"]
    term: Annotated[str, Field(description="What anatomists call it.")]
    views: Annotated[list[str], Field(description="Figures that show it.")]
    words: Annotated[dict[str, dict[str, str]], Field(description="By language: its name, and how to find it.")]


class ExportedCatalogue(Model):
    """Points, landmarks, proportional measures, and where the points lie in the drawings."""

    comment: Annotated[str, Field(alias="$comment")]
    licence: Annotated[str, Field(description="SPDX: of all that is in this document.")]
    citation: str
    points: list[ExportedPoint]
    landmarks: list[ExportedLandmark]
    cited: Annotated[
        dict[str, str], Field(description="What the names in `sources` and `caution_sources` stand for; Markdown.")
    ]
    unit_lines: Annotated[dict[str, float], Field(description="Cun of each proportional measure (WHO 2008, III.2).")]
    positions: Annotated[
        dict[str, dict[str, list[tuple[float, float]]]],
        Field(
            description="By figure and code, in mm of one drawn body: x to the right of the picture, y down. A figure "
            "from the front or from behind has one side, the other is its mirror image (-x): from the front x > 0 is "
            "the person's left. All others show the right side."
        ),
    ]


def exported(
    catalogues: Mapping[str, tuple[Mapping[str, Point], Shared]], unit_lines: Mapping[str, float]
) -> dict[str, Any]:
    """Return the catalogue as plain values; ``catalogues`` has points and shared texts by language."""
    first = next(iter(catalogues.values()))[0]
    points = [_point(code, point, catalogues) for code, point in first.items()]
    made = ExportedCatalogue.model_validate(
        {
            "$comment": _COMMENT,
            "licence": LICENCE,
            "citation": CITATION,
            "points": points,
            "landmarks": _landmarks({lang: points.values() for lang, (points, _) in catalogues.items()}),
            "cited": _cited(catalogues),
            "unit_lines": dict(unit_lines),
            "positions": _positions(first.values()),
        }
    )
    return made.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def as_json(values: object) -> str:
    """Return values as JSON for people, with a line end."""
    return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def _point(code: str, point: Point, catalogues: Mapping[str, tuple[Mapping[str, Point], Shared]]) -> ExportedPoint:
    words = {}
    for lang, (points, shared) in catalogues.items():
        told = points[code]
        if place_text.can_tell(told, shared):
            words[lang] = ExportedWords(
                where=place_text.long_place(told, shared),
                short=place_text.short_place(told, shared),
                care=place_text.cautions(told, shared),
            )
    return ExportedPoint(
        code=code,
        meridian=point.meridian,
        names=point.names,
        place=point.place,
        press=point.press,
        press_reason=point.press_reason,
        cautions=list(point.cautions),
        caution_sources={name: list(sources) for name, sources in point.caution_sources.items()},
        verified=point.verified,
        accuracy=point.accuracy,
        note=point.note,
        sources=list(point.sources),
        words=words,
    )


def _landmarks(points: Mapping[str, Iterable[Point]]) -> list[ExportedLandmark]:
    """Return every landmark that a point is told by, as each language calls it."""
    found: dict[str, ExportedLandmark] = {}
    for lang, told in points.items():
        for landmark in (landmark for point in told for landmark in point.landmarks):
            words = {"name": landmark.name, "find": landmark.find} if landmark.name else {}
            if known := found.get(landmark.id):
                known.words[lang] = words
            else:
                found[landmark.id] = ExportedLandmark(
                    id=landmark.id,
                    kind=landmark.kind,
                    term=landmark.term,
                    views=list(landmark.views),
                    words={lang: words},
                )
    return list(found.values())


def _cited(catalogues: Mapping[str, tuple[Mapping[str, Point], Shared]]) -> dict[str, str]:
    """Return what each name of a source stands for, in the words of the first language: works, and what is no work."""
    points, shared = next(iter(catalogues.values()))
    names = {name for point in points.values() for name in point.sources}
    names |= {name for point in points.values() for said in point.caution_sources.values() for name in said}
    works = {name: source.text for name, source in shared.sources.items()}
    return {name: works.get(name) or place_text.source_name(name, shared) for name in sorted(names)}


def _positions(points: Iterable[Point]) -> Mapping[str, Mapping[str, Sequence[XY]]]:
    known = [point.code for point in points if not point.own]
    stored = anatomy.stored()
    return {name: {code: spots[code] for code in known if code in spots} for name, spots in stored.items()}
