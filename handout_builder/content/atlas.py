"""The atlas: a handout about all points of the catalogue, made from it, as plain values of a handout's file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, combinations, groupby, pairwise
from math import ceil
from typing import Any, get_args

from handout_builder.content import anatomy, views
from handout_builder.content.schema import BodyRegion, IndexKey, Point, Shared

NAME = "atlas"
_MOST = 17
"""Points of one drawing."""
_NEARER = ("torso-back", "upper-back")
"""Views that show the back, or its upper half, larger than the whole back with its bones."""
_WIDE = frozenset(("upper-back", "lower-back"))
"""Views that are wider than high, and have room for names only where they are as wide as the page."""
_OWN = {"neck": "neck-side", "lower-back": "lower-back"}
"""The views of parts of the body in which no point is told, but which show most of theirs at once, where many are."""
_SMALL, _PAIR = frozenset(("lower-leg", "perineum")), 2
"""Parts of the body whose drawing of no more than two points is small: its page has room for another chart then."""
_FEW = 6
"""So many points of a drawing leave it room to stand beside another: their labels stand on one side."""
_KNOWN: Mapping[str, Sequence[IndexKey]] = {
    "ja": ("kana",),
    "ko": ("hangul",),
    "vi": ("vietnamese",),
    "zh-Hans": ("pinyin", "zh-Hans"),
    "zh-Hant": ("pinyin", "zh-Hant"),
}
"""The indexes of names in a language."""
Values = dict[str, Any]


def handout(points: Mapping[str, Point], shared: Shared, lang: str, revised: date) -> Values:
    """Return the values of the atlas in a language, that of the shared texts.

    First come the points by meridian, each with its card, then the parts of the body with all their points, then the
    indexes.
    """
    words = shared.labels
    standard = [point for point in points.values() if not point.own]
    return {
        "title": words["atlas_title"],
        "description": words["atlas_description"],
        "revised": revised,
        "about": ["whole-body"],
        "accept": {"not-for-pressing": words["atlas_no"]},
        "summary": [words["atlas_how"]],
        "sections": [
            {
                "id": "before-you-press",
                "heading": words["atlas_safety"],
                "blocks": [{"type": "safety", "include": name} for name in ("see-a-doctor", "when-not-to-press")],
            },
            *_meridians(standard, shared, lang),
            *_regions(standard, shared),
            *_indexes(shared, lang),
        ],
        "sources": sorted({source for point in standard for source in point.sources} & shared.sources.keys()),
    }


def _meridians(points: Sequence[Point], shared: Shared, lang: str) -> Iterable[Values]:
    for meridian, row in groupby(points, key=lambda point: point.meridian):
        yield {
            "id": f"meridian-{meridian.lower()}",
            "heading": f"{shared.meridians[meridian]} ({meridian})",
            "wide": True,
            "blocks": [{"type": "points", "points": [_card(point, lang) for point in row], "reference": True}],
        }


def _card(point: Point, lang: str) -> Values:
    return {"code": point.code, "name": point.names.on_card(lang)}


def _regions(points: Sequence[Point], shared: Shared) -> Iterable[Values]:
    words = shared.labels
    for region in get_args(BodyRegion):
        here = [point for point in points if point.place and point.place.region == region]
        if blocks := [_chart(region, together, shared) for together in _together(region, here)]:
            yield {"id": f"region-{region}", "heading": words[f"region_{region}"], "wide": True, "blocks": blocks}


def _together(region: str, points: Sequence[Point]) -> Iterable[dict[str, Sequence[Point]]]:
    """Yield the drawings of each chart, by their views: those with few points stand two and two beside each other."""
    own = _OWN.get(region, "") if len(points) > _FEW else ""
    there = [point for point in points if own and anatomy.shown(own, point)]
    found: dict[str, Sequence[Point]] = {own: there} if there else {}
    for view, others in views.chosen([point for point in points if point not in there]).items():
        found.update(_nearer(view, others))
    few = [view for view, seen in found.items() if len(seen) <= _FEW and not _is_back(view)]
    for view, seen in found.items():
        if view not in few:
            for share in _shares(seen):
                yield {view: share}
    for start in range(0, len(few), 2):
        yield {view: found[view] for view in few[start : start + 2]}


def _shares(points: Sequence[Point]) -> Sequence[Sequence[Point]]:
    """Return the points of a view in as few drawings as can be, as even as can be; a meridian stays together."""
    rows: list[list[Point]] = []
    for _, row in groupby(points, key=lambda point: point.meridian):
        whole = list(row)
        share = ceil(len(whole) / ceil(len(whole) / _MOST))
        rows += [whole[start : start + share] for start in range(0, len(whole), share)]
    for cuts in range(len(rows)):
        ways = (pairwise((0, *ends, len(rows))) for ends in combinations(range(1, len(rows)), cuts))
        shared = [[list(chain(*rows[start:end])) for start, end in way] for way in ways]
        best = min(shared, key=lambda way: max(map(len, way)))
        if max(map(len, best)) <= _MOST:
            return best
    return rows


def _nearer(view: str, points: Sequence[Point]) -> dict[str, Sequence[Point]]:
    """Return the points of a back as they are seen in a nearer view of it, if it shows most of them, and the rest.

    A chart of the whole back would take most of a page.
    """
    if not _is_back(view):
        return {view: points}
    for near in _NEARER:
        shown = [point for point in points if anatomy.shown(near, point)]
        if len(shown) > len(points) / 2:
            rest = [point for point in points if point not in shown]
            return {near: shown, **({view: rest} if rest else {})}
    return {view: points}


def _chart(region: str, drawings: Mapping[str, Sequence[Point]], shared: Shared) -> Values:
    words, several = shared.labels, len(drawings) > 1
    warned = any(point.press == "no" for seen in drawings.values() for point in seen)
    return {
        "type": "chart",
        "view": views.AUTO if several else next(iter(drawings)),
        "size": _size(region, drawings),
        "points": [point.code for seen in drawings.values() for point in seen],
        "title": words[f"region_{region}" if several else f"view_{next(iter(drawings))}"],
        "caption": words["atlas_caption_no" if warned else "atlas_caption"],
    }


def _size(region: str, drawings: Mapping[str, Sequence[Point]]) -> str:
    """Return how large the drawings of a chart are: two charts stand on a page."""
    if not _WIDE.isdisjoint(drawings):
        return "full"
    alone = len(drawings) == 1 and sum(map(len, drawings.values())) <= _PAIR
    return "small" if alone and region in _SMALL else "medium"


def _is_back(view: str) -> bool:
    """Tell whether a view is of a back with its bones."""
    return "spinous" in anatomy.figure(anatomy.views()[view])


def _indexes(shared: Shared, lang: str) -> Iterable[Values]:
    """Yield the indexes that the shared texts have words for, one a section, each with a line on its order.

    Behind the codes come the names that readers of the language know.
    """
    words = shared.labels
    keys = dict.fromkeys(("code", *_KNOWN.get(lang, ()), *get_args(IndexKey)))
    for by in (key for key in keys if f"atlas_index_{key}" in words):
        yield {
            "id": f"index-{by.lower()}",
            "heading": words[f"atlas_index_{by}"],
            "wide": True,
            "blocks": [
                {"type": "text", "text": words[f"atlas_lead_{by}"]},
                {"type": "index", "by": by},
            ],
        }
