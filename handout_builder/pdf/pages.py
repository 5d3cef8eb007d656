"""Laid-out pages: what stands on which, how full they are."""

import os
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any
from xml.etree.ElementTree import Element

from handout_builder.editions import Edition
from handout_builder.pdf import flow, panels
from handout_builder.pdf.completeness import Contents
from handout_builder.pdf.layout_faults import Fault, Ink, Mends
from handout_builder.render.personal import PERSONAL


@dataclass(frozen=True)
class Pages:
    """A laid-out handout, not yet written."""

    document: Any
    page_of: dict[str, int]
    """The page, from 1, on which the element with each id begins."""
    contents: Contents
    """What the file must show."""
    html: str
    """What was laid out."""
    root: Element
    """The same, parsed."""
    ink: Sequence[Sequence[Ink]]
    """What each page shows."""
    faults: tuple[Fault, ...]
    """What is wrong on its pages and was not mended."""
    mended: Mends
    """What was laid out in another way, so that it fits."""
    pages_per_sheet: int = 1
    """How many pages a piece of their paper has."""

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self.document.pages)

    def alone(self, *idents: str) -> bool:
        """Tell whether the last page, or the last one before a back cover, has nothing but some elements."""
        places = {ink.around.place for ink in self.ink[self.text_count - 1] if not ink.around.running}
        return bool(places) and places <= set(idents)

    @cached_property
    def pieces(self) -> Sequence[flow.Piece]:
        """What no page divides, in the order of the text."""
        return flow.pieces(self.document)

    @property
    def text_count(self) -> int:
        """The number of pages that the text takes, without a back cover."""
        return self.count - ("back-cover" in self.page_of)

    @cached_property
    def looks(self) -> list[int]:
        """A number for what each page looks like, which it keeps while somebody types elsewhere.

        The plain engine gives none: no page of it is taken for one that was seen before.
        """
        return [
            getattr(page._page_box, "look", 0) or -1 - int.from_bytes(os.urandom(8), "big")
            for page in self.document.pages
        ]

    @property
    def room(self) -> float:
        """How high the text of a page may be, in px."""
        return float(self.document.pages[0]._page_box.height)

    @property
    def shares(self) -> list[float]:
        """The share of its height that each page uses, from 0 to 1."""
        shares = []
        for page, ink in zip(self.document.pages, self.ink, strict=True):
            box = page._page_box
            end = max((piece.box.bottom for piece in ink if not piece.around.running), default=box.content_box_y())
            shares.append(float((end - box.content_box_y()) / box.height))
        return shares

    @property
    def used(self) -> float:
        """How many pages, in heights of pages, are used."""
        return sum(self.shares)

    def share_of(self, ident: str) -> float:
        """Return how many pages, in heights of pages, an element takes."""
        share = 0.0
        for ink in self.ink:
            boxes = [piece.box for piece in ink if piece.around.place == ident]
            share += (max(box.bottom for box in boxes) - min(box.top for box in boxes)) / self.room if boxes else 0.0
        return share

    def empty_panels(self, edition: Edition) -> list[Fault]:
        """Return the panels of a leaflet that are left empty; none in another edition."""
        back = self.page_of.get("contact", 0)
        return [*panels.empty(self.shares, back)] if edition.sheets == "leaflet" else []

    @property
    def starts(self) -> dict[str, list[int]]:
        """The pages by the first id of a book's that begins on each; where none does, by the last one before."""
        return self.starts_among(self.page_of)

    def starts_among(self, known: Container[str]) -> dict[str, list[int]]:
        """Return the same by those of a book's ids: a brand's template of the print may have others."""
        bound = {
            ident: page for ident, page in self.page_of.items() if ident in known and not ident.startswith(PERSONAL)
        }
        first: dict[int, str] = {}
        for ident, page in bound.items():
            first.setdefault(page, ident)
        last = {page: ident for ident, page in bound.items()}
        starts: dict[str, list[int]] = {}
        for page in range(1, self.count + 1):
            ident = first.get(page) or next(last[before] for before in range(page, 0, -1) if before in last)
            starts.setdefault(ident, []).append(page)
        return starts


def page_of(document: Any) -> dict[str, int]:
    """Return where each element begins to be seen: its box may begin, empty, at the foot of the page before."""
    pages: dict[str, int] = {}
    seen: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for box in page._page_box.descendants():  # anchors leave out most elements
            element = box.element
            if element is not None and (ident := element.get("id") or element.get("data-id")):
                pages.setdefault(ident, number)
                if ident not in seen and _shows_something(box):
                    seen[ident] = number
    return pages | seen


def _shows_something(box: Any) -> bool:
    """Tell whether there are words or a picture in a box."""
    return any(hasattr(item, "text") or hasattr(item, "replacement") for item in chain([box], box.descendants()))
