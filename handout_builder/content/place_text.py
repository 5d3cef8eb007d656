"""Words made from data: where a point is, what a chart shows, what day it is, in the handout's language.

All words come from the shared texts of the language (``source/shared/``), all measures from the catalogue.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from handout_builder.content import anatomy
from handout_builder.content.schema import Landmark, Place, Point, Shared


def long_place(place: Place | None, shared: Shared) -> str:
    """Return a place as a sentence; "" where there is none, or the language has no words for a part of it."""
    return _told("place", place, shared) if place else ""


def short_place(place: Place | None, shared: Shared) -> str:
    """Return a place in few words for a table; "" where there is none, or no words for a part of it."""
    return _told("short", place, shared) if place else ""


def can_tell(place: Place, shared: Shared) -> bool:
    """Tell whether the language has words for every part of the place, long and short."""
    return bool(long_place(place, shared) and short_place(place, shared))


def cautions(point: Point, shared: Shared, without: str = "") -> list[str]:
    """Return the lines of care for the card of a point, but for one; raises KeyError for one without words."""
    return [shared.cautions[name] for name in point.cautions if name != without]


def chart_alt(view: str, points: Iterable[Point], shared: Shared) -> str:
    """Return what a chart of these points shows, for those who cannot see it: the view, then each point."""
    return " ".join([shared.labels[f"alt_view_{view}"], *(spot_alt(point, shared) for point in points)])


def spot_alt(point: Point, shared: Shared) -> str:
    """Return how one point is drawn and where it is, for those who cannot see it."""
    return _told("alt", point.place, shared, point.code) if point.place else ""


def long_date(day: date, shared: Shared) -> str:
    """Return the date as it is written in the language: 23 November 2026."""
    return shared.labels["date"].format(day=day.day, month=shared.months[day.month - 1], year=day.year)


def _told(form: str, place: Place, shared: Shared, code: str = "") -> str:
    """Fill the pattern of the labels for a place: ``form`` is "place", "short" or "alt"."""
    try:
        return shared.labels[f"{form}_{_kind(place, shared)}"].format_map(_parts(form, place, shared) | {"code": code})
    except KeyError:
        return ""


def _kind(place: Place, shared: Shared) -> str:
    """Return which pattern tells the place."""
    if place.to is not None and place.share is None:
        return "row"
    if place.sides == "midline":
        return "spine" if place.landmark in shared.vertebrae else "midline"
    if place.lateral is not None:
        return "pair"
    return "sides" if anatomy.figure_of(place) in (None, "back") else "legs"


def _parts(form: str, place: Place, shared: Shared) -> dict[str, str]:
    """Return what the patterns of a form may name; raises KeyError where the language lacks words."""
    distances = shared.short_distances if form == "short" else shared.distances
    # A description of a chart names the vertebrae as the chart does, by their codes.
    names = {level: level for level in shared.vertebrae} if form == "alt" else shared.vertebrae
    parts = {"distance": "" if place.lateral is None else distances[_number(place.lateral)]}
    if place.to is None or place.share is not None:
        return parts | _spot(place, names, distances, shared)
    if place.lateral is None or not {place.landmark, place.to} <= shared.vertebrae.keys():
        raise KeyError(place.landmark)
    return parts | {"first": place.landmark, "last": place.to}


def _spot(place: Place, vertebrae: Mapping[str, str], distances: Mapping[str, str], shared: Shared) -> dict[str, str]:
    """Return the words for a place at a landmark or between two, or so far below or above it."""
    labels, start = shared.labels, _landmark(place.landmark, vertebrae, shared)
    spot, noun, short = start.at, start.noun, start.short
    moved = "below" if place.down > 0 else "above"
    if place.to is not None:
        end, share = _landmark(place.to, vertebrae, shared), shared.shares[_number(place.share or 0)]
        spot = noun = share.at.format(start=start.noun, end=end.noun)
        short = (share.moved if place.down else share.short).format(start=start.short, end=end.short)
        moved = "lower" if place.down > 0 else "higher"
    level = labels["level_with"].format(noun=noun)
    if place.down:
        distance = distances[_number(abs(place.down))]
        spot = level = labels[moved].format(distance=distance, noun=noun, spot=spot)
        short = labels["short_lower" if place.down > 0 else "short_higher"].format(distance=distance, short=short)
    return {"spot": spot, "level": level, "short": short}


def _landmark(name: str, vertebrae: Mapping[str, str], shared: Shared) -> Landmark:
    """Return the words for a landmark; those for the gap below a vertebra are made from its name."""
    if name not in vertebrae:
        return shared.landmarks[name]
    gap = {"vertebra": vertebrae[name]}
    return Landmark(
        at=shared.labels["in_gap"].format_map(gap),
        noun=shared.labels["gap"].format_map(gap),
        short=shared.labels["short_gap"].format(vertebra=name),
    )


def _number(value: float) -> str:
    """Return a distance or share as the shared texts have it for a key: "3" for 3.0."""
    return f"{value:g}"
