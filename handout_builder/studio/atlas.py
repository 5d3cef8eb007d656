"""The catalogue as the studio shows it: loaded once, renewed when a table or a handout changes."""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, get_args

from handout_builder import watching
from handout_builder.authoring import body_map
from handout_builder.content import anatomy
from handout_builder.content.schema import BodyRegion, Point
from handout_builder.errors import HandoutError
from handout_builder.resources import SOURCE
from handout_builder.text.east_asian import is_wide

if TYPE_CHECKING:
    from handout_builder.authoring.point_lookup import Lookup

MOST = 80
"""The most points that are listed at once."""
NAMES = {"zh-Hans": "zh_hans", "zh-Hant": "zh_hant", "ja": "ja", "ko": "ko", "vi": "vi"}
"""The fields of a point's names by their languages."""


class Found(NamedTuple):
    """What a search has found."""

    points: list[Point]
    number: int
    near: list[str]
    """Codes with names that are like a word that means no point."""
    sure: bool = False
    """Whether the word names them; else they lie in the part of the body, or something is told of them in this word."""


class Atlas:
    """All points, and where handouts use them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lookup: Lookup | None = None
        self._files: dict[Path, watching.Signature] = {}
        self._lock = asyncio.Lock()

    async def lookup(self) -> "Lookup":
        """Return the catalogue as it is now; raises HandoutError."""
        async with self._lock:
            folders = [self._root, SOURCE / "points", SOURCE / "shared"]
            now = await asyncio.to_thread(watching.files_in, folders)
            if self._lookup is None or now != self._files:
                from handout_builder.authoring.point_lookup import Lookup  # noqa: PLC0415  # a start need not wait for it

                self._lookup = await asyncio.to_thread(Lookup, self._root)
                self._files = now
            return self._lookup

    async def search(self, word: str, lang: str, region: str = "", most: int = MOST) -> Found:
        """Return the points that a word means, or all, in a part of the body or anywhere.

        A word means points by their names, else by the part of the body that they lie in, else by what is told of
        them, in ``lang``, the language of who asks.
        """
        lookup = await self.lookup()
        points = list(lookup.points.values())
        named, parts = lookup.named(word), _parts(word, regions(lookup, lang))
        # 腰 is a part of the body in Japanese, and a sign in names of points.
        there = [one for one in points if one.place and one.place.region in parts and one not in named]
        found = [*named, *there] or lookup.told_of(word) if word.strip() else points
        like = [] if found else lookup.nearest(word)
        if region:
            found = [point for point in found if point.place and point.place.region == region]
        return Found(found[:most], len(found), like, bool(named) and not there)

    async def points(self) -> dict[str, Point]:
        """Return all points by their codes."""
        return dict((await self.lookup()).points)


def labels(lookup: "Lookup", lang: str) -> Mapping[str, str]:
    """Return the labels of handouts in a language, in English where the project has none in it."""
    return lookup.languages.get(lang, lookup.languages["en"])[1].labels


def regions(lookup: "Lookup", lang: str) -> dict[str, str]:
    """Return the names of the parts of the body, as handouts have them."""
    told = labels(lookup, lang)
    return {part: told[f"region_{part}"] for part in get_args(BodyRegion)}


def _parts(word: str, regions: Mapping[str, str]) -> set[str]:
    """Return the parts of the body that a word names, or that have it in their names: "back" is both backs."""
    wanted = " ".join(word.casefold().split())
    if whole := {part for part, name in regions.items() if name.casefold() == wanted}:
        return whole
    if is_wide(wanted[:1]):  # no blanks between words
        return {part for part, name in regions.items() if wanted in name}
    return {part for part, name in regions.items() if wanted in name.casefold().split()}


@lru_cache(maxsize=128)
def picture(lookup: "Lookup", code: str) -> bytes | None:
    """Return the picture of a point; None where there is none."""
    from handout_builder.authoring import point_picture  # noqa: PLC0415  # a start need not wait for it

    try:
        return point_picture.picture(lookup.points[code], lookup.shared)
    except (HandoutError, KeyError):
        return None


def has_picture(point: Point) -> bool:
    """Tell whether a drawing shows a point."""
    return anatomy.view_of(point) is not None


drawing = lru_cache(maxsize=32)(body_map.drawing)
"""The drawing of a view, kept."""
