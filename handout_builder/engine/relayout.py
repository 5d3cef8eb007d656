"""A document laid out again where a few of its words are others: only the pages that these can move are made anew.

WeasyPrint itself makes pages again, and keeps the others, where a page number in a text has turned out to be another.
Here its own way is taken for words that somebody types: the tree of boxes and their styles are kept, the new words are
put in it in place of the old ones, and the pages that they stand on, with the one before, are marked as changed. Where
anything else is other than it was, or it is not certain what depends on the words, a document is laid out as ever.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.engine.styles_and_boxes import Replace

# Blanks that are set as one. Whether one at an end is left out depends on what stands beside.
_BLANKS = re.compile(r"[ \t\n\r\f]+")


class _Change(NamedTuple):
    """Other words in an element, or behind one in it."""

    element: Element
    before: str
    after: str


class _Node(NamedTuple):
    """An element as it was laid out."""

    element: Element
    parent: Element | None
    tag: str
    attributes: Mapping[str, str]
    text: str
    tail: str


class _Kept(NamedTuple):
    """A document as it was laid out."""

    made_of: object
    nodes: tuple[_Node, ...]
    document: Any
    html: Any
    root: Any
    """The tree of boxes before it was laid out."""
    context: Any
    pages: list[Any]
    """The boxes of its pages."""


class Relayout:
    """Keeps the document that was laid out last, and lays it out again."""

    def __init__(self, weasyprint: Any, replace: Replace) -> None:
        self._weasyprint = weasyprint
        self._boxes = weasyprint.formatting_structure.boxes
        self._kept: _Kept | None = None
        self._nodes: tuple[_Node, ...] = ()
        self._known: list[Any] = []
        """The pages of the document that is laid out again."""
        self._laid: tuple[Any, Any, Any] | None = None
        self._before: Mapping[str, Any] = {}
        """What stood at the heads and feet of its pages."""
        self._looks = count(1)
        layout = weasyprint.layout
        begin, make_pages = layout.initialize_page_maker, layout.make_all_pages
        make_margins, paint = layout.make_margin_boxes, layout.layout_backgrounds

        def initialize_page_maker(context: Any, root_box: Any) -> None:
            if not self._known:
                begin(context, root_box)

        def make_all_pages(context: Any, root_box: Any, html: Any, pages: list[Any]) -> Iterator[Any]:
            self._laid = html, root_box, context
            known = pages or self._known
            for page in make_pages(context, root_box, html, known):
                if page not in known:
                    page.look = next(self._looks)
                    page.without_margins = tuple(page.children)
                yield page

        def make_margin_boxes(context: Any, page: Any, state: Any) -> tuple[Any, ...]:
            page.stays = page in self._known and self._feet_stay(context)
            if not page.stays:
                page.margins = tuple(make_margins(context, page, state))
            return tuple(page.margins)

        def layout_backgrounds(page: Any, get_image: Any) -> None:
            if not page.stays:
                paint(page, get_image)

        replace(layout, "make_margin_boxes", make_margin_boxes)
        replace(layout, "layout_backgrounds", layout_backgrounds)
        replace(layout, "initialize_page_maker", initialize_page_maker)
        replace(layout, "make_all_pages", make_all_pages)

    def begin(self, root: Element) -> None:
        """Note what a page is made of, before the engine takes it apart."""
        self._kept, self._laid = None, None  # before there are two
        self._nodes = tuple(_nodes(root))

    def keep(self, document: Any, made_of: object) -> None:
        """Keep a document that was laid out since ``begin``, and what it was made of beside its page."""
        assert self._laid is not None
        pages = [page._page_box for page in document.pages]
        self._kept = _Kept(made_of, self._nodes, document, *self._laid, pages)
        self._nodes, self._laid = (), None

    def again(self, root: Element, made_of: object) -> tuple[Any, Element] | None:
        """Return the kept document with the words of a page, and its own elements; None where it is to be laid out."""
        kept, self._kept = self._kept, None
        if kept is None or kept.made_of != made_of:
            return None
        nodes = tuple(_nodes(root))
        changes = _changes(kept.nodes, nodes)
        places = changes if changes is None else self._places(kept, changes)
        if changes is None or places is None:
            return None
        for change, box in zip(changes, places, strict=True):
            box.text = _BLANKS.sub(" ", change.after)
        for old, new in zip(kept.nodes, nodes, strict=True):
            old.element.text, old.element.tail = new.element.text, new.element.tail
        document = self._laid_out(kept)
        self._nodes = tuple(
            new._replace(element=old.element, parent=old.parent) for old, new in zip(kept.nodes, nodes, strict=True)
        )
        self.keep(document, made_of)
        return document, kept.nodes[0].element

    def _laid_out(self, kept: _Kept) -> Any:
        """Return a kept document with the pages made again that are marked."""
        context = kept.context
        context.string_set.clear()
        context.tables.clear()
        for page in kept.pages:
            page.children = list(page.without_margins)
        self._known, self._before = kept.pages, _running(context)
        try:
            laid_out = list(self._weasyprint.layout.layout_document(kept.html, kept.root, context))
        finally:
            self._known = []
        for page in laid_out:
            if page in kept.pages and not page.stays:
                page.look = next(self._looks)
        document = kept.document.copy(list(map(self._weasyprint.document.Page, laid_out)))
        document._html = kept.document._html
        return document

    def _feet_stay(self, context: Any) -> bool:
        """Tell whether at the feet of pages stands what stood there: their number, and what is said on each."""
        return len(context.page_maker) - 1 == len(self._known) and _running(context) == self._before

    def _places(self, kept: _Kept, changes: list[_Change]) -> list[Any] | None:
        """Mark the pages that changes can move; return the boxes of their words, None where that is not certain."""
        context = kept.context
        if context.footnotes or context.broken_out_of_flow or any(page.fixed_boxes for page in kept.pages):
            return None
        wanted = {change.element for change in changes}
        found: dict[tuple[Element, str], list[tuple[Any, list[Any]]]] = {}
        for box, around in self._words(kept.root, wanted, []):
            found.setdefault((box.element, box.text), []).append((box, around))
        places, units = [], set()
        for change in changes:
            boxes = found.get((change.element, _BLANKS.sub(" ", change.before)), [])
            if len(boxes) != 1 or not _is_simple(change):
                return None
            ((box, around),) = boxes
            plain = (box.style["text_transform"], box.style["white_space"]) == ("none", "normal")
            if not plain or any(map(_is_told_elsewhere, around)):
                return None
            places.append(box)
            units.add(next(filter(self._depends_on_all, around), around[-1]).element)
        numbers = [
            number
            for number, page in enumerate(kept.pages)
            if any(box.element in units for part in page.without_margins for box in _all(part))
        ]
        if units and not numbers:
            return None
        for number in range(max(0, min(numbers, default=0) - 1), max(numbers, default=-1) + 1):
            context.page_maker[number][-1]["content_changed"] = True
        return places

    def _words(self, box: Any, wanted: set[Element], around: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
        """Yield the boxes of words of some elements, each with the boxes around it."""
        if isinstance(box, self._boxes.TextBox):
            if box.element in wanted:
                yield box, around
        elif isinstance(box, self._boxes.ParentBox):
            inside = [*around, box]
            for child in box.children:
                yield from self._words(child, wanted, inside)

    def _depends_on_all(self, box: Any) -> bool:
        """Tell whether all that is in a box decides where each part of it stands."""
        boxes, style = self._boxes, box.style
        return (
            isinstance(box, (boxes.TableBox, boxes.FlexContainerBox, boxes.GridContainerBox))
            or not box.is_in_normal_flow()
            or style["break_inside"] != "auto"
            or (style["column_count"], style["column_width"]) != ("auto", "auto")
        )


def _nodes(root: Element) -> Iterator[_Node]:
    """Yield the elements of a page in their order."""
    parents: dict[Element, Element] = {}
    for element in root.iter():
        parents.update(dict.fromkeys(element, element))
        attributes = dict(element.attrib)
        yield _Node(element, parents.get(element), element.tag, attributes, element.text or "", element.tail or "")


def _changes(before: tuple[_Node, ...], after: tuple[_Node, ...]) -> list[_Change] | None:
    """Return the words that are other in a page; None where something else is."""
    if len(before) != len(after):
        return None
    changes = []
    for old, new in zip(before, after, strict=True):
        if old.tag != new.tag or old.attributes != new.attributes:
            return None
        if old.text != new.text:
            changes.append(_Change(old.element, old.text, new.text))
        if old.tail != new.tail:
            if old.parent is None:
                return None
            changes.append(_Change(old.parent, old.tail, new.tail))
    return changes


def _is_simple(change: _Change) -> bool:
    """Tell whether words stand before and after a change, with blanks at the same ends of them."""
    before, after = (bool(text.strip()) and (text[0].isspace(), text[-1].isspace()) for text in change[1:])
    return before and before == after


def _is_told_elsewhere(box: Any) -> bool:
    """Tell whether the words in a box stand elsewhere, too: in bookmarks, at the head or foot of pages."""
    return bool(box.bookmark_label) or (box.string_set or "none") != "none" or box.is_running() or box.is_note()


def _all(box: Any) -> Iterable[Any]:
    """Return a box and all that is in it."""
    return [box, *box.descendants(placeholders=True)]


def _running(context: Any) -> dict[str, dict[int, list[int]]]:
    """Return which boxes stand at the heads and feet of which pages."""
    return {
        name: {page: list(map(id, boxes)) for page, boxes in pages.items() if boxes}
        for name, pages in context.running_elements.items()
    }
