"""Words made from data: where a point is, how it is pressed, what a chart shows, what day it is, in a language.

The words of a place are those of the catalogue's table for the language, with measures filled in; those beside the
spine are made from the patterns of the shared texts (``source/shared/``). All measures come from the catalogue, and
estimates among them are never told.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from handout_builder.content import patterns
from handout_builder.content.schema import Place, Point, PointCard, Shared
from handout_builder.text.east_asian import in_a_row

_LIMBS = frozenset(
    ("upper-arm", "elbow", "forearm", "wrist", "hand", "thigh", "knee", "lower-leg", "ankle", "foot")
)  # fmt: skip
PREGNANCY = "pregnancy"
_ONE_SIDE = ("left", "right")
_LONGEST_ALT = 1400
"""Characters of a description; with a title of its own it stays below what pdf/quality.py takes for long."""


def long_place(point: Point, shared: Shared) -> str:
    """Return a place as a sentence; "" where there is none, or the language has no words for a part of it."""
    return _told("place", point, shared)


def short_place(point: Point, shared: Shared) -> str:
    """Return a place in few words for a table; "" where there is none, or no words for a part of it."""
    return _told("short", point, shared)


def can_tell(point: Point, shared: Shared) -> bool:
    """Tell whether the language has words for the place, long and short."""
    return bool(long_place(point, shared) and short_place(point, shared))


def card_place(card: PointCard, point: Point, shared: Shared, *, brief: bool = False) -> str:
    """Return the place of a card: the author's words (Markdown), else the catalogue's; with its side, if it has one."""
    where = card.where or (short_place(point, shared) if brief else place_on(card.pressed_on, point, shared))
    return shared.labels[f"side_{card.side}"].format(where=where) if card.side else where


def place_on(side: str | None, point: Point, shared: Shared) -> str:
    """Return a place as a sentence, which says "to each side" of no point that is pressed on one side, left or right.

    "" where there is none, or no words for a part of it.
    """
    return (_told("beside", point, shared) if side in _ONE_SIDE else "") or long_place(point, shared)


def how_to_find(point: Point, shared: Shared) -> str:
    """Return how to find the first landmark of a place by touch; "" where nobody says so."""
    first = next((landmark for landmark in point.landmarks if landmark.find and landmark.name), None)
    return shared.labels["find"].format(name=first.name, find=first.find) if first else ""


def cautions(point: Point, shared: Shared, without: str = "") -> list[str]:
    """Return how a point is to be pressed with care, and what to take care of, for its card.

    The line of a caution stands for the general one where it says the same. A point that is not to be pressed has one
    line, and why. ``without`` names a caution that is told of several points at once, as for_pregnant does. Raises
    KeyError for what has no words.
    """
    press = shared.press
    if point.press == "no":
        return [press.never.format(reason=press.reasons[point.press_reason])]
    lines = [shared.cautions[name].line for name in point.cautions if name != without]
    said = {shared.cautions[name].says for name in point.cautions}
    if point.press == "ask" and "ask" not in said and not _asks_the_pregnant(point):
        lines.insert(0, press.ask.format(reason=press.reasons[point.press_reason]))
    elif point.press == "gently" and "gently" not in said:
        lines.insert(0, press.gently)
    return lines


def for_pregnant(codes: Iterable[str], points: Mapping[str, Point]) -> list[str]:
    """Return the codes of the points before which those who are or may be pregnant ask, of points with these codes.

    One that nobody is to press says so by itself.
    """
    return [code for code in codes if PREGNANCY in points[code].cautions and points[code].press != "no"]


def cited(point: Point, shared: Shared, comma: str) -> str:
    """Return whom the cautions of a point come from, and whether its place is an estimate; "" for neither.

    ``comma`` stands between names.
    """
    labels = shared.labels
    names = dict.fromkeys(name for sources in point.caution_sources.values() for name in sources)
    words = comma.join(source_name(name, shared) for name in names)
    cautions = labels["cautions_from"].format(sources=words) if names else ""
    estimated = labels["place_estimated"] if point.accuracy == "estimate" else ""
    return in_a_row((cautions, estimated))


def source_name(name: str, shared: Shared) -> str:
    """Return what a source of cautions is called in a sentence; one that only a clinic's own tables have, as there."""
    return shared.labels.get(f"cited_{name}", name)


def _asks_the_pregnant(point: Point) -> bool:
    """Tell whether only those who are pregnant have to ask, which the line of a caution tells them."""
    return point.press_reason == PREGNANCY and PREGNANCY in point.cautions


def wordless(point: Point, shared: Shared) -> list[str]:
    """Return the cautions and reasons of a point that the language has no words for."""
    asked = point.press in ("ask", "no") and not _asks_the_pregnant(point)
    reasons = [point.press_reason] if asked and point.press_reason else []
    return [
        *(name for name in point.cautions if name not in shared.cautions),
        *(name for name in reasons if name not in shared.press.reasons),
    ]


def chart_alt(view: str, points: Iterable[Point], shared: Shared) -> str:
    """Return what a chart of these points shows, for those who cannot see it: the view, then each point.

    Of many points the places are told as in tables: nobody listens to two thousand letters.
    """
    seen, points = shared.labels[f"alt_view_{view}"], [*points]
    whole = in_a_row([seen, *(spot_alt(point, shared) for point in points)])
    if len(whole) <= _LONGEST_ALT:
        return whole
    return in_a_row([seen, *(_short_alt(point, shared) for point in points)])


def _short_alt(point: Point, shared: Shared) -> str:
    """Return how one point is drawn and where it is, in the fewest words."""
    whole, where, place = spot_alt(point, shared), short_place(point, shared), point.place
    if not where or place is None:
        return whole
    told = f"{where[:1].upper()}{where[1:]}{shared.labels['sheet_end']}"
    return min(whole, shared.labels[f"alt_{_drawn(place)}"].format(code=point.code, where=told), key=len)


def spot_alt(point: Point, shared: Shared, side: str | None = None) -> str:
    """Return how one point is drawn and where it is, for those who cannot see it; of a pair on one side or both."""
    told, place = _told("alt", point, shared), point.place
    if not told or place is None or place.sides == "one" or side not in _ONE_SIDE:
        return told
    where = shared.labels[f"side_{side}"].format(where=place_on(side, point, shared))
    return shared.labels[f"alt_{'many' if place.count > 1 else 'limb'}"].format(code=point.code, where=where)


def long_date(day: date, shared: Shared) -> str:
    """Return the date as it is written in the language: 23 November 2026."""
    return shared.labels["date"].format(day=day.day, month=shared.months[day.month - 1], year=day.year)


def moment(day: date, time: str, shared: Shared) -> str:
    """Return a day and a time of it ("" for none) as they are written in the language, with the day of the week."""
    weekday = shared.labels["weekdays"].split()[day.weekday()]
    told = shared.labels["sheet_day"].format(weekday=weekday, date=long_date(day, shared))
    return shared.labels["sheet_time"].format(day=told, time=time) if time else told


def _told(form: str, point: Point, shared: Shared) -> str:
    """Return the words of a form, "place", "beside", "short" or "alt"; "" where there are none."""
    place = point.place
    if place is None:
        return ""
    try:
        if point.where:
            return _own_words(form, point, place, shared)
        return _beside_spine(form, point.code, place, shared)
    except KeyError:
        return ""


def _own_words(form: str, point: Point, place: Place, shared: Shared) -> str:
    """Return the words of the catalogue with the place's measures; raises KeyError for one without words."""

    def fill(name: str) -> str:
        distance = shared.distances[_number(place.measures[name] if name in place.measures else float(name))]
        return distance.short if form == "short" else distance.words

    if form == "short":
        return patterns.filled(point.short, fill)
    where = patterns.sentences(point.where, fill, one=form == "beside")
    return (
        where
        if form in ("place", "beside")
        else shared.labels[f"alt_{_drawn(place)}"].format(code=point.code, where=where)
    )


def _drawn(place: Place) -> str:
    """Return how the place is marked in a chart: two dots on the trunk, one on a limb, a diamond on the midline."""
    if place.count > 1:
        return "many"
    if place.sides == "one":
        return "one"
    return "limb" if place.region in _LIMBS else "both"


def _beside_spine(form: str, code: str, place: Place, shared: Shared) -> str:
    """Return the words for a place on the spine or beside it; raises KeyError where the language lacks some."""
    labels = shared.labels
    distance = shared.distances[_number(place.lateral_cun)] if place.lateral_cun else None
    parts = {"code": code, "distance": "" if not distance else distance.short if form == "short" else distance.words}
    if place.row:
        first, last = place.row[0], place.row[-1]
        if not {first, last} <= shared.vertebrae.keys():
            raise KeyError(place.level)
        return labels[f"{form}_row"].format_map(parts | {"first": first, "last": last})
    # A description of a chart names the vertebrae as the chart does, by their codes.
    name = place.level if form == "alt" else shared.vertebrae[place.level]
    parts["spot"] = labels["in_gap"].format(vertebra=name)
    parts["level"] = labels["level_with"].format(gap=labels["gap"].format(vertebra=name))
    parts["short"] = labels["short_gap"].format(vertebra=place.level)
    if place.level not in shared.vertebrae:
        raise KeyError(place.level)
    return labels[f"{form}_{'pair' if distance else 'spine'}"].format_map(parts)


def _number(value: float) -> str:
    """Return a distance as the shared texts have it for a key: "3" for 3.0."""
    return f"{value:g}"
