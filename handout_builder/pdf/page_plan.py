"""Which of the few ways to arrange a handout's pages costs least, worked out from pages that were laid out.

What can be chosen are the author's wishes for page starts, the size of pictures whose author leaves it to the pages,
the distances of the edition's ladder, where blocks stand that may stand anywhere in their section, and a section or a
box of advice that begins a page early. A plan is carried out by classes that elements get, as mends are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from itertools import product as every
from typing import NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.pdf import flow, page_cost
from handout_builder.pdf.block_order import mark
from handout_builder.pdf.closer import Closer
from handout_builder.pdf.elements import classes
from handout_builder.pdf.flow import Piece, Sheet
from handout_builder.pdf.layout_faults import MAY_BREAK, NEXT_PAGE, Mends, numbered
from handout_builder.pdf.moves import Move, moves
from handout_builder.pdf.pages import Pages
from handout_builder.render.product import Product
from handout_builder.units import PX_PER_MM

# Each doubles the number of plans; those that come first in the text are tried. Where a block moves or a section begins
# early, not so many of them at once are given up: the one that it needs, and one more; or those of the best plans
# without it. It is tried in so many of the best settings: sizes of pictures, distances, what goes on on the next page.
_MOST_WISHES = 6
_WISHES_BESIDE = 2
_BEST_BESIDE = 3
_BASES_BESIDE = 2
_RUN_ON, _NEW_PAGE, _ANY_SIZE, _SPARE, _GONE = "run-on", "new-page", "any-size", "spare", "gone"
_BEGIN = frozenset(("section", "safety"))
_SIZES = {0.8: "four-fifths", 0.65: "two-thirds", 0.5: "half"}


@dataclass(frozen=True)
class Plan:
    """A way to arrange the pages; one that says nothing keeps the author's wishes and the look's own sizes."""

    run_on: tuple[str, ...] = ()
    """The ids of sections that begin no page although they should."""
    pictures: float = 1.0
    """How wide pictures may be whose size is left to the pages, of the width that they could have."""
    step: str = ""
    """The step of the edition's ladder, by which all stands closer."""
    bare: bool = False
    """Whether the first page goes without its picture."""
    loose: bool = False
    """Whether boxes of advice and overviews go on on the next page where they do not fit."""
    moved: Move | None = None
    """A block that stands elsewhere in its section than it was written, as it may."""
    early: str = ""
    """The id of a section, or of a box, that begins a page although it need not: what follows has less white then."""

    @property
    def cost(self) -> float:
        """How far it is from what author and look have asked for, in points of cost (see ``page_cost``)."""
        smaller = page_cost.PICTURES[self.pictures] + page_cost.of_step(self.step)
        bare = page_cost.BARE if self.bare else 0.0
        moved = page_cost.MOVED if self.moved else 0.0
        early = page_cost.EARLY if self.early else 0.0
        return page_cost.WISH * len(self.run_on) + smaller + bare + moved + early

    def product(self, product: Product) -> Product:
        """Return a product with the plan's distances."""
        return replace(product, edition=replace(product.edition, step=self.step)) if self.step else product


class Planned(NamedTuple):
    """A plan, and what is thought to become of it."""

    plan: Plan
    mends: Mends
    """The classes by which elements get it, with those that make words fit into their places."""
    page_of: Mapping[str, int]
    """The page of each element that begins with a piece."""
    cost: float
    """What its pages are thought to cost."""


def cost(pages: Pages, plan: Plan) -> float:
    """Return what pages cost that were laid out by a plan."""
    return page_cost.cost(pages.pieces, flow.sheets(pages.pieces), pages) + page_cost.faults(pages) + plan.cost


def better(pages: Pages, product: Product) -> Iterator[Planned]:
    """Yield plans that are thought to be better than pages as they were laid out first, the best one first."""
    pieces, enough = pages.pieces, cost(pages, Plan()) - page_cost.GAIN
    wishes = {number: ident for number, piece in enumerate(pieces) if number and (ident := _wish(piece))}
    some = list(wishes)[:_MOST_WISHES]
    sizes = page_cost.PICTURES if any(piece.picture for piece in pieces) else (1.0,)
    covers = (False, True) if any(piece.spare for piece in pieces) else (False,)
    parted = (False, True) if any(piece.held is not None for piece in pieces) else (False,)
    steps = _steps(pieces, product)
    found: list[_Thought] = []
    for choice in every(sizes, ("", *steps), covers, parted):
        found += _thought(pages, product, Plan((), *choice), steps, wishes, _subsets(some, _MOST_WISHES), enough)
    found.sort(key=_Thought.rank)
    moved = [Plan(moved=move) for move in moves(pieces)]
    # Beside what is best where nothing moves and no section begins early.
    for base in list(dict.fromkeys([Plan(), *(one.base for one in found)]))[:_BASES_BESIDE]:
        thought = [one for one in found if one.base == base]
        best = [one.granted for one in thought[:_BEST_BESIDE]]
        granted = [*_subsets(some, _WISHES_BESIDE), *(each for each in best if len(each) > _WISHES_BESIDE)]
        begun = _begun_before_white(pages, thought[0].sheets if thought else flow.sheets(pieces))
        for other in [*moved, *(Plan(early=ident) for ident in begun)]:
            plan = replace(base, moved=other.moved, early=other.early)
            found += _thought(pages, product, plan, steps, wishes, granted, enough, begun.get(other.early))
    for one in sorted(found, key=_Thought.rank):
        if one.cost <= enough and one.plan != Plan():
            mends = _mends(pages, one.plan, one.pieces, one.sheets)
            yield Planned(one.plan, mends, _page_of(one.pieces, one.sheets), one.cost)


_Steps = Mapping[str, tuple[Sequence[float], Sequence[float]]]
"""By how much pieces are lower, and nearer to those before, by the steps of an edition's ladder."""


class _Thought(NamedTuple):
    """A plan as it was worked out."""

    cost: float
    plan: Plan
    base: Plan
    """The same with all that is wished for."""
    granted: tuple[int, ...]
    """The pieces that begin no page although they should."""
    pieces: Sequence[Piece]
    """In the order in which they stand."""
    sheets: list[Sheet]

    def rank(self) -> tuple[float, float, tuple[str, ...]]:
        return self.cost, self.plan.cost, self.plan.run_on


def _thought(
    pages: Pages,
    product: Product,
    base: Plan,
    steps: _Steps,
    wishes: Mapping[int, str],
    granted: Iterable[tuple[int, ...]],
    most: float,
    begun: int | None = None,
) -> Iterator[_Thought]:
    """Work a plan out, with some wishes for page starts given up; the piece ``begun`` begins a page.

    Those are left out that cost more than ``most``, were their pages ever so full.
    """
    order = base.moved.order if base.moved else range(len(pages.pieces))
    ordered = [pages.pieces[number] for number in order]
    lower, nearer = ([change[number] for number in order] for change in _changes(pages.pieces, product, base, steps))
    needless = {place for place, piece in enumerate(ordered) if _is_mended(piece)}
    places = {number: place for place, number in enumerate(order)}
    started = set() if begun is None else {places[begun]}
    least = page_cost.least(lower, ordered, pages)
    for run_on in granted:
        plan = replace(base, run_on=tuple(wishes[number] for number in run_on))
        if least + plan.cost > most:
            continue
        joined = needless.union(places[number] for number in run_on)
        sheets = flow.broken(ordered, pages.room, lower, nearer, joined, started, loose=plan.loose)
        yield _Thought(page_cost.cost(ordered, sheets, pages) + plan.cost, plan, base, run_on, ordered, sheets)


def _subsets(numbers: Sequence[int], most: int) -> Iterator[tuple[int, ...]]:
    for count in range(min(most, len(numbers)) + 1):
        yield from combinations(numbers, count)


def _wish(piece: Piece) -> str:
    """Return the id of the section that begins a page with a piece because its author wants it to; "" for none."""
    if not piece.forced:
        return ""
    return next((element.get("id", "") for element in piece.begins if _NEW_PAGE in classes(element)), "")


def _begun_before_white(pages: Pages, sheets: Sequence[Sheet]) -> dict[str, int]:
    """Return the pieces that sections and boxes of advice begin with in the midst of pages before those with room.

    They are told by the ids of these sections and boxes.
    """
    text = sheets[:-1] if pages.text_count < pages.count else sheets
    found: dict[str, int] = {}
    for before, sheet in pairwise(text[:-1]):
        for number in range(before.first + 1, sheet.first) if sheet.used / pages.room < page_cost.FULL else ():
            piece = pages.pieces[number]
            ident = next((_ident(each) for each in piece.begins if not _BEGIN.isdisjoint(classes(each))), "")
            if ident and ident not in page_cost.LAST and not piece.glued:
                found[ident] = number
    return found


def _is_mended(piece: Piece) -> bool:
    """Tell whether a piece begins a page only because something was stranded on the page before."""
    marks = {name for element in piece.begins for name in classes(element)}
    return piece.forced and NEXT_PAGE in marks and _NEW_PAGE not in marks


def _steps(pieces: Sequence[Piece], product: Product) -> _Steps:
    """Return what the steps change, but for those that change nothing, or the same as one before."""
    found: dict[str, tuple[Sequence[float], Sequence[float]]] = {}
    for step in product.edition.ladder:
        closer = Closer(product, Plan(step=step).product(product))
        change = [closer.lower(piece) for piece in pieces], [closer.nearer(piece) for piece in pieces]
        if any(map(any, change)) and change not in found.values():
            found[step] = change
    return found


def _changes(pieces: Sequence[Piece], product: Product, plan: Plan, steps: _Steps) -> tuple[list[float], list[float]]:
    """Return by how much pieces are lower in a plan, and nearer to those before."""
    lower = [piece.picture.lost(plan.pictures) if piece.picture else 0.0 for piece in pieces]
    nearer = [0.0] * len(pieces)
    if plan.step:
        stepped, nearest = steps[plan.step]
        lower, nearer = [one + other for one, other in zip(lower, stepped, strict=True)], [*nearest]
    for number, piece in enumerate(pieces):
        if plan.bare and piece.spare:
            lower[number], nearer[number] = piece.height, piece.gap
    if plan.moved:
        gap = PX_PER_MM * product.theme.measure("gap-block")
        for number in plan.moved.firsts:
            nearer[number] -= 0.0 if pieces[number].gap else gap  # it began a page, and need not do so now
    return lower, nearer


def _mends(pages: Pages, plan: Plan, pieces: Sequence[Piece], sheets: Sequence[Sheet]) -> Mends:
    """Return the classes by which a plan is carried out; what was stranded begins a page only where it does anyway."""
    parted = {pieces[sheet.first].held for sheet in sheets}
    begin = {element for sheet in sheets for element in pieces[sheet.first].begins}
    found: dict[int, frozenset[str]] = {}
    for element, number in numbered(pages.root).items():
        names = set(pages.mended.get(number, ()))
        if element not in begin:
            names.discard(NEXT_PAGE)
        if element.get("id") in plan.run_on:
            names.add(_RUN_ON)
        if plan.early and _ident(element) == plan.early:
            names.add(NEXT_PAGE)
        if plan.pictures < 1 and _ANY_SIZE in classes(element):
            names.add(_SIZES[plan.pictures])
        if plan.bare and _SPARE in classes(element):
            names.add(_GONE)
        if element in parted:
            names.add(MAY_BREAK)
        if plan.moved and element is plan.moved.element:
            names.add(mark(plan.moved.steps))
        if names:
            found[number] = frozenset(names)
    return found


def _page_of(pieces: Sequence[Piece], sheets: Sequence[Sheet]) -> dict[str, int]:
    """Return the page, from 1, of each element with an id that begins with a piece."""
    pages: dict[str, int] = {}
    ends = [*(sheet.first for sheet in sheets[1:]), len(pieces)]
    for page, (sheet, end) in enumerate(zip(sheets, ends, strict=True), 1):
        for element in (element for piece in pieces[sheet.first : end] for element in piece.begins):
            if ident := _ident(element):
                pages.setdefault(ident, page)
    return pages


def _ident(element: Element) -> str:
    """Return the name of an element, "" for none: those inside a section have no id in print (see ``Anchors``)."""
    return element.get("id") or element.get("data-id") or ""
