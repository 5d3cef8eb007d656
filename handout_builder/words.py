"""Words made from data: where a point is, what a chart shows, what day it is, in the handout's language."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from handout_builder.model import Place, Shared

if TYPE_CHECKING:
    from handout_builder.source import Source


def can_tell(place: Place, shared: Shared, lang: str) -> bool:
    """Tell whether the language has words for the place: a landmark, or a vertebra and a distance."""
    if lang in place.landmark:
        return True
    return place.level in shared.vertebrae and (place.sides == "midline" or _cun(place) in shared.distances)


def where(source: "Source", code: str) -> str:
    """Return the place of a point as a sentence for its card."""
    place, shared = source.points[code].place, source.shared
    if landmark := place.landmark.get(source.lang):
        return f"{landmark[0].upper()}{landmark[1:]}."
    pattern = shared.labels["midline" if place.sides == "midline" else "pair"]
    return pattern.format(distance=shared.distances.get(_cun(place), ""), vertebra=shared.vertebrae[str(place.level)])


def short_where(source: "Source", code: str) -> str:
    """Return the place of a point in few words for a table."""
    place, shared = source.points[code].place, source.shared
    if landmark := place.landmark.get(source.lang):
        return landmark
    pattern = shared.labels["short_midline" if place.sides == "midline" else "short_pair"]
    return pattern.format(distance=shared.short_distances.get(_cun(place), ""), level=place.level)


def chart_alt(source: "Source", codes: Iterable[str]) -> str:
    """Return what a chart of these points shows, for those who cannot see it."""
    shared = source.shared
    sentences = []
    for code in codes:
        place = source.points[code].place
        pattern = shared.labels["alt_midline" if place.sides == "midline" else "alt_pair"]
        sentences.append(pattern.format(code=code, distance=shared.distances.get(_cun(place), ""), level=place.level))
    return shared.labels["alt_chart"].format(points=" ".join(sentences))


def long_date(day: date, shared: Shared) -> str:
    """Return the date as it is written in the language: 23 November 2026."""
    return shared.labels["date"].format(day=day.day, month=shared.months[day.month - 1], year=day.year)


def _cun(place: Place) -> str:
    return f"{place.lateral:.1f}"
