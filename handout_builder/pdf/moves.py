"""Where else blocks could stand whose author lets them stand anywhere in their section."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.pdf.block_order import BLOCKS
from handout_builder.pdf.elements import classes
from handout_builder.pdf.flow import Piece

_ANYWHERE = "anywhere"
# Each is one plan more, and one for each wish for a page start: so many are tried.
_MOST = 24
# How far a block goes: readers look for a picture near the words that speak of it.
_FARTHEST = 3
# What no block goes past: what stands under a heading stays there, and nothing comes before a warning.
_KEPT = frozenset(("safety", "page-break"))


class Move(NamedTuple):
    """A block, and where it could stand."""

    element: Element
    steps: int
    """How many blocks later than it was written; less than 0 for earlier."""
    section: str
    """The id of its section."""
    order: tuple[int, ...]
    """The numbers of all pieces, in the order in which they would stand."""
    firsts: frozenset[int]
    """The numbers of the pieces that its section's blocks begin with."""


class _Span(NamedTuple):
    """A block of a section: its element, and its pieces from the first to the one behind the last."""

    element: Element
    first: int
    end: int


def moves(pieces: Sequence[Piece]) -> list[Move]:
    """Return the moves that can be tried, in the order of the text; blocks that begin a section stay there."""
    return [move for holder, spans in _sections(pieces).items() for move in _of(holder, spans, pieces)][:_MOST]


def _sections(pieces: Sequence[Piece]) -> dict[Element, list[_Span]]:
    """Return the blocks of each section that has one that may stand anywhere."""
    found: dict[Element, list[_Span]] = {}
    for number, piece in enumerate(pieces):
        held = ((over.element, box.element) for over, box in pairwise(piece.around) if over.element is not None)
        for holder, block in held:
            if holder.get("class") == BLOCKS and block is not None and block is not holder:
                spans = found.setdefault(holder, [])
                if spans and spans[-1].element is block:
                    spans[-1] = spans[-1]._replace(end=number + 1)
                else:
                    spans.append(_Span(block, number, number + 1))
                break
    return {holder: spans for holder, spans in found.items() if any(_may_move(span) for span in spans)}


def _of(holder: Element, spans: Sequence[_Span], pieces: Sequence[Piece]) -> Iterator[Move]:
    section = next((box.element for box in pieces[spans[0].first].around if _is_section(box.element)), None)
    places = {element: place for place, element in enumerate(holder)}
    for number, span in enumerate(spans):
        if number == 0 or not _may_move(span):
            continue
        # What stays below a heading stays; an introduction may lead in to what comes after a drawing as well.
        if pieces[span.first].glued and "text" not in classes(spans[number - 1].element):
            continue
        for other in range(max(1, number - _FARTHEST), min(len(spans), number + _FARTHEST + 1)):
            passed = spans[number + 1 : other + 1] if other > number else spans[other:number]
            # What it would stand before: the pieces of a heading and its text, say, are not parted.
            behind = spans[other].first if other < number else spans[other].end
            parts = behind < len(pieces) and pieces[behind].glued
            if other == number or parts or any(_stays(one.element) for one in passed):
                continue
            order = [one for one in range(len(pieces)) if not span.first <= one < span.end]
            at = order.index(behind) if behind in order else len(order)
            order[at:at] = range(span.first, span.end)
            steps = places[spans[other].element] - places[span.element]
            firsts = frozenset(one.first for one in spans)
            yield Move(span.element, steps, "" if section is None else section.get("id", ""), tuple(order), firsts)


def _may_move(span: _Span) -> bool:
    return _ANYWHERE in classes(span.element)


def _stays(element: Element) -> bool:
    return element.tag == "h3" or not _KEPT.isdisjoint(classes(element))


def _is_section(element: Element | None) -> bool:
    return element is not None and "section" in classes(element)
