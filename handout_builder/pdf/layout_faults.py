"""Checks that nothing on laid-out pages leaves its place, overlaps something else, or is left alone.

An engine lays out whatever it is given: a word that is wider than its column is drawn over the text beside it, a
picture that is higher than the page runs into the foot, and nobody is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.pdf import block_order
from handout_builder.pdf.elements import SVG, classes, picture_name
from handout_builder.units import PX_PER_MM

_HEADINGS = frozenset(("h1", "h2", "h3"))
_SIDE = frozenset(("safety-head", "identity", "kicker"))
"""Classes of what stands beside the text, as headings of sections do."""
# How far ink may reach over an edge, in px: lengths are rounded, and letters have overhangs.
_SLACK = 1.5
# What of a line is ink, in shares of the type size over and under its baseline: capitals with little beside them, so
# that lines set close to each other do not touch.
_ABOVE, _BELOW = 0.7, 0.1
_MOSTLY_EMPTY = 0.5
_WASTED = 0.25
_FEWEST_LINES = 2
_SEVERAL = 2
# Words of a line that no line breaks in, which the engine takes for a block: layouts/inline.css.
_PHRASE = "unbroken"
# What printers leave white at the edges of paper, in px: about 4 mm.
_UNPRINTED = 3.7 * PX_PER_MM
_LONGEST = 60
# Rows and groups of a table paint the grounds of their cells.
_GROUNDS = frozenset(("BlockBox", "InlineBlockBox", "TableCellBox", "TableBox", "FlexBox", "GridBox"))


class Kind(Enum):
    """What is wrong at a place."""

    OVERFLOW = "overflow"
    OVERLAP = "overlap"
    STRANDED = "stranded"
    DIVIDED = "divided"
    EMPTY = "empty"
    PANEL = "panel"


class Fault(NamedTuple):
    """Something wrong on a page."""

    kind: Kind
    page: int
    """Its number, from 1."""
    message: str
    words: str
    """What it is about, as it is printed."""
    place: str
    """The id of the nearest element that has one; "" outside of the text, as in running feet."""
    element: Element | None = None
    """The block that could be laid out in another way."""
    beside: Element | None = None
    """What stands beside the text, if it is that."""
    running: bool = False
    """Whether it stands in the foot of a page."""


class Box(NamedTuple):
    """A rectangle, in px from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def border(cls, box: Any) -> "Box":
        """Return the outer edges of a laid-out box."""
        left, top = box.border_box_x(), box.border_box_y()
        return cls(left, top, left + box.border_width(), top + box.border_height())

    def meets(self, other: "Box") -> bool:
        """Tell whether two rectangles share more than an edge."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > _SLACK and min(self.bottom, other.bottom) - max(self.top, other.top) > _SLACK

    def holds(self, other: "Box") -> bool:
        """Tell whether another rectangle is inside."""
        return (
            other.left >= self.left - _SLACK
            and other.right <= self.right + _SLACK
            and other.top >= self.top - _SLACK
            and other.bottom <= self.bottom + _SLACK
        )


class _Around(NamedTuple):
    """What holds a box."""

    place: str = ""
    block: Any = None
    """The box that holds its lines."""
    padding: float = 0
    """How far ink may hang out of that box to the left, as the bullet of a list does."""
    beside: Element | None = None
    safety: Element | None = None
    edges: tuple[Box, ...] = ()
    """What ink must not leave: the text area, grounds, and what cuts off."""
    whole: Element | None = None
    """The outermost element that is not to be broken."""
    running: bool = False
    line: int = 0
    """The number of the line that it stands in; pieces of one line do not stand on each other."""


class Ink(NamedTuple):
    """A piece of text, or a picture."""

    box: Box
    words: str
    """What is printed, or what the picture is called."""
    around: _Around
    text: bool
    element: Element | None
    capitals: bool = False
    """Whether small letters are drawn as capitals, which is how they are read then."""

    @property
    def heading(self) -> bool:
        """Whether it is of a heading."""
        block = self.around.block
        return self.text and block is not None and block.element is not None and block.element.tag in _HEADINGS

    @property
    def leads_in(self) -> bool:
        """Whether it is a section's heading, or what is said of all its advice: it stays with what follows."""
        said = self.text and self.around.block.element is not None and "added" in classes(self.around.block.element)
        return said or (self.heading and self.around.safety is None)


class _Ground(NamedTuple):
    """A box with a ground of its own, and which pieces of ink are in it."""

    box: Box
    first: int
    last: int
    over: bool
    """Whether it is painted over what stands in the flow of the text."""


def look(document: Any, *, flowing: bool, covered: bool = False) -> tuple[list[Fault], list[list[Ink]]]:
    """Return what is wrong on the pages of a laid-out document, and the ink of each page in the order of the text.

    ``flowing`` are pages that follow from their text, as a book's do; ``covered`` are those whose last one is a back
    cover, so that the text ends on a page before it, which may be mostly empty as a last page may.
    """
    pages = [_Page(page._page_box, number) for number, page in enumerate(document.pages, 1)]
    found = [fault for page in pages for fault in page.faults()]
    found += _stranded([(page.number, ink) for page in pages for ink in page.ink if not ink.around.running])
    found += (fault for page, after in pairwise(pages) for fault in page.doubled(after))
    if flowing:
        text = pages[:-1] if covered else pages
        triples = zip(text, text[1:], (*text[2:], None), strict=False)
        found += (fault for page, after, last in triples for fault in page.empty(after, last))
    return found, [page.ink for page in pages]


class _Page:
    """The ink of a page, in the order of the text."""

    def __init__(self, page: Any, number: int) -> None:
        self.number = number
        self.ink: list[Ink] = []
        self.grounds: list[_Ground] = []
        self.lines = 0
        self.hollow: dict[Element, tuple[str, str]] = {}
        """Elements of which the page has a rule or a ground and nothing else: how that is told, and their places."""
        self.headless: dict[Element, str] = {}
        """First rows of the page that are without the head of their table, with their places."""
        left, top, bottom = page.content_box_x(), page.content_box_y(), page.content_box_y() + page.height
        self.top, self.height = top, page.height
        self.rests = 0
        """How many pieces of ink are the rests of what stands beside the text of the page before."""
        right, end = page.margin_width() - _UNPRINTED, page.margin_height() - _UNPRINTED
        sheet = Box(_UNPRINTED, _UNPRINTED, right, end)
        # Letterheads begin in the upper margin.
        area = Box(left, 0, left + page.width, bottom)
        body, *margins = page.children
        for child in body.children:
            self.walk(child, _Around(edges=(area,)))
            if child.element.tag != "body":
                self.rests = len(self.ink)
        for child in margins:
            self.walk(child, _Around(edges=(sheet,), running=True))

    def walk(self, box: Any, around: _Around) -> None:
        """Note the ink of a box and of all in it."""
        box = getattr(box, "_box", box)  # a placeholder of what is positioned
        text = getattr(box, "text", None)
        if text is not None:
            if text.strip():
                size, baseline = box.style["font_size"], box.position_y + box.baseline
                left, top, bottom = box.position_x, baseline - _ABOVE * size, baseline + _BELOW * size
                edges, capitals = Box(left, top, left + box.width, bottom), box.style["font_variant_caps"] != "normal"
                self.ink.append(Ink(edges, text, around, text=True, element=box.element, capitals=capitals))
            return
        element, kind = box.element, type(box).__name__
        if element is not None and (ident := element.get("id") or element.get("data-id")):
            around = around._replace(place=ident)
        if hasattr(box, "replacement"):
            left, top = box.content_box_x(), box.content_box_y()
            edges = Box(left, top, left + box.width, top + box.height)
            self.ink.append(
                Ink(edges, "?" if element is None else picture_name(element), around, text=False, element=element)
            )
            return
        if box.style["visibility"] == "hidden":
            return
        if kind == "TableBox" and element is not None and element.find("thead") is not None:
            first = box.children[0]
            if not first.is_header:
                self.headless[first.children[0].element] = around.place
        if kind == "BlockBox" and element is not None:
            first = len(self.ink)
            self.walk_children(box, element, kind, around)
            if len(self.ink) > first:
                self.hollow.pop(element, None)  # it goes on in the next column
            elif (kept := _empty_frame(box)) and any(text.strip() for text in element.itertext()):
                self.hollow[element] = kept, around.place
            return
        self.walk_children(box, element, kind, around)

    def walk_children(self, box: Any, element: Element | None, kind: str, around: _Around) -> None:
        """Note the ink in a box that is seen."""
        if not box.children:
            return
        if kind == "LineBox":
            if not around.line:
                self.lines += 1
                around = around._replace(line=self.lines)
        elif kind != "InlineBox" and not (element is not None and _PHRASE in classes(element)):
            around = self.inside(box, element, around)
        if kind not in _GROUNDS or not _has_ground(box):
            for child in box.children:
                self.walk(child, around)
            return
        first, edges = len(self.ink), Box.border(box)
        around = around._replace(edges=(*around.edges, edges))
        for child in box.children:
            self.walk(child, around)
        over = box.is_floated() or box.style["position"] != "static"
        self.grounds.append(_Ground(edges, first, len(self.ink), over))

    def inside(self, box: Any, element: Element | None, around: _Around) -> _Around:
        """Return what holds the children of a block."""
        # Words of an item that has blocks, too, stand in a box without an element: its padding is that of the item.
        outer = around.padding if around.block is not None and around.block.element is element else 0
        around = around._replace(block=box, padding=outer + box.padding_left, line=0)
        if element is not None:
            name = element.get("class") or ""
            if (element.tag in _HEADINGS or not _SIDE.isdisjoint(name.split())) and box.is_floated():
                around = around._replace(beside=element)
            if name.startswith("safety "):
                around = around._replace(safety=element)
            if around.whole is None and box.style["break_inside"] == "avoid":
                around = around._replace(whole=element)
        if box.style["overflow"] != "visible":
            around = around._replace(edges=(*around.edges, Box.border(box)))
        return around

    def faults(self) -> Iterator[Fault]:
        """Yield what leaves its place or stands on something else."""
        for ink in self.ink:
            if not self.fits(ink):
                yield self.fault(Kind.OVERFLOW, ink, f"{_shown(ink)} does not fit in its place")
        for element, (kept, place) in self.hollow.items():
            words = next(text for text in element.itertext() if text.strip())
            message = f"{kept.format(words.strip())} at the end of the page"
            yield Fault(Kind.STRANDED, self.number, message, words, place, element)
        for row, place in self.headless.items():
            words = " ".join(" ".join(row.itertext()).split())
            message = f"the row {_quoted(words)} stands on the page without the head of its table"
            yield Fault(Kind.STRANDED, self.number, message, words, place, row)
        for ink, other in self.meeting():
            yield self.fault(Kind.OVERLAP, ink, f"{_shown(ink)} stands on {_shown(other)}")
        for ground in self.grounds:
            for number, ink in enumerate(self.ink):
                foreign = not ground.first <= number < ground.last and ink.box.meets(ground.box)
                if foreign and (ground.over or not ground.box.holds(ink.box)):
                    inner = self.ink[ground.first : ground.last]
                    whose = f"the ground of {_shown(inner[0])}" if inner else "a ground"
                    # The foot of a page stands where it does: what runs into it is too long.
                    cause = inner[-1] if inner and ink.around.running else ink
                    yield self.fault(Kind.OVERLAP, cause, f"{_shown(ink)} stands on {whose}")

    def fits(self, ink: Ink) -> bool:
        """Tell whether ink is inside of what holds it."""
        box, block = ink.box, ink.around.block
        if block is not None:
            left = block.content_box_x()
            if box.right > left + block.width + _SLACK or box.left < left - ink.around.padding - _SLACK:
                return False
        return all(edges.holds(box) for edges in ink.around.edges)

    def meeting(self) -> Iterator[tuple[Ink, Ink]]:
        """Yield pieces of ink that stand on one another."""
        near: list[Ink] = []
        for ink in sorted(self.ink, key=lambda piece: piece.box.top):
            near = [other for other in near if other.box.bottom > ink.box.top]
            for other in near:
                if (not ink.around.line or ink.around.line != other.around.line) and ink.box.meets(other.box):
                    yield (ink, other) if ink.text and not ink.around.running else (other, ink)
            near.append(ink)

    def fault(self, kind: Kind, ink: Ink, message: str) -> Fault:
        """Return a fault of this page."""
        around = ink.around
        element = None if around.block is None else around.block.element
        return Fault(kind, self.number, message, ink.words, around.place, element, around.beside, around.running)

    def doubled(self, after: "_Page") -> Iterator[Fault]:
        """Yield what the engine divided between this page and the next, beside the text or in vain.

        WeasyPrint 70 prints the rest of a float once more where it puts the whole of it on the next page after all.
        """
        for ink in after.ink[: after.rests]:
            yield after.fault(Kind.DIVIDED, ink, f"{_shown(ink)} is divided from what it belongs to")

    def empty(self, after: "_Page", last: "_Page | None") -> Iterator[Fault]:
        """Yield a fault if more than half of the page is empty, though the text goes on after it.

        A quarter is enough if what comes next was kept whole in vain: it takes more than a page of its own.
        """
        own = [ink for ink in self.ink if not ink.around.running]
        following = [ink for ink in after.ink if not ink.around.running]
        end = max((ink.box.bottom for ink in own), default=self.top)
        if not following:
            return
        ink = following[0]
        # What does not fit on a page of its own need not be kept whole; nor a safety box, which says by its heading and
        # rules what it is, but for one list of the signs of an emergency.
        first = next((other for other in following if not other.leads_in), ink)
        safety, whole = first.around.safety, first.around.whole
        if safety is not None:  # one that is divided already has lists that are kept whole, below its head
            inside = (other.around.whole for other in following if other.around.safety is safety)
            whole = next((kept for kept in inside if kept is not None), None)
        broken = whole is not None and last is not None and any(other.around.whole is whole for other in last.ink)
        empty = 1 - max(0.0, end - self.top) / self.height
        if empty <= (_WASTED if broken else _MOSTLY_EMPTY):
            return
        message = f"{round(100 * empty)} % of the page is empty before {_shown(ink)}"
        box = _may_be_divided(safety, whole)
        yield Fault(Kind.EMPTY, self.number, message, ink.words, ink.around.place, whole if broken or box else None)


def _may_be_divided(box: Element | None, whole: Element | None) -> bool:
    """Tell whether what is kept whole is a safety box, or a list in one that is divided already."""
    if box is None or not any(element is whole for element in box.iter()):
        return False
    return "emergency" not in classes(box) or sum("group" in classes(one) for one in box.iter()) >= _SEVERAL


def _empty_frame(box: Any) -> str:
    """Return the words for a box of which the page shows the frame and nothing in it; "" where no frame is seen."""
    if box.border_top_width:
        return "a rule stands alone, without “{}” below it,"
    seen = _has_ground(box) or box.border_left_width or box.border_right_width
    return "a ground stands alone, without “{}” on it," if seen and box.border_height() > _SLACK else ""


def _has_ground(box: Any) -> bool:
    ground = getattr(box, "background", None)
    return ground is not None and ground.color.alpha > 0


def _stranded(text: Sequence[tuple[int, Ink]]) -> Iterator[Fault]:
    """Yield headings whose text begins on a later page, and safety boxes of which a page has a line or less."""
    for (page, ink), (following, after) in pairwise(text):
        block, other = ink.around.block, after.around.block
        same = other is not None and other.element is block.element
        if ink.heading and following > page and not same:
            message = f"{_shown(ink)} stands alone at the end of the page"
            yield Fault(Kind.STRANDED, page, message, ink.words, ink.around.place, block.element)
    begun: dict[Element, tuple[int, Ink]] = {}
    lines: dict[Element, set[int]] = {}
    for page, ink in text:
        box = ink.around.safety
        if box is None:
            continue
        first, head = begun.setdefault(box, (page, ink))
        if page == first and ink.around.block.element.tag not in _HEADINGS:
            lines.setdefault(box, set()).add(ink.around.line)
        elif page > first and len(lines.get(box, ())) < _FEWEST_LINES:
            lines[box] = {-1, -2}
            message = f"the safety box {_shown(head)} begins with less than {_FEWEST_LINES} lines on the page"
            yield Fault(Kind.STRANDED, first, message, head.words, head.around.place, box)


Mends = Mapping[int, frozenset[str]]
"""The classes that elements of a page get, by their number, to have them set in another way."""
ABOVE, LONG_WORDS, NEXT_PAGE, MAY_BREAK = "above", "long-words", "next-page", "may-break"


def mends(found: Iterable[Fault], root: Element, done: Mends) -> Mends:
    """Return what may mend faults of a page, together with what was done before; ``root`` is what was laid out."""
    wanted = [wish for fault in found for wish in _fitting(fault)] or [
        (element, NEXT_PAGE)
        for fault in found
        if fault.kind in (Kind.STRANDED, Kind.DIVIDED)
        and not _is_row(fault.element)
        and (element := _starting(fault, root)) is not None
    ]
    if not wanted:
        return done
    numbers = numbered(root)
    more = dict(done)
    for element, name in wanted:
        if (number := numbers.get(element)) is not None:
            more[number] = more.get(number, frozenset()) | {name}
    return more


def _fitting(fault: Fault) -> Iterator[tuple[Element, str]]:
    """Yield how something may be made to fit."""
    if fault.kind is Kind.EMPTY and fault.element is not None:
        yield fault.element, MAY_BREAK
    elif fault.element is not None and _is_row(fault.element) and MAY_BREAK not in classes(fault.element):
        # The engine leaves the head out to have all room for a row that is kept whole, and then divides the row.
        yield fault.element, MAY_BREAK
    elif fault.kind is Kind.OVERFLOW and fault.beside is not None and ABOVE not in classes(fault.beside):
        yield fault.beside, ABOVE
    elif fault.kind is Kind.OVERFLOW and fault.element is not None:
        yield fault.element, LONG_WORDS


def _is_row(element: Element | None) -> bool:
    return element is not None and element.tag == "tr"


def _starting(fault: Fault, root: Element) -> Element | None:
    """Return the element that may start a page, so that a heading stays with its text, and a name with its card.

    What is divided starts the page itself first, or else what holds it: the engine divides some in vain where the
    section above begins. What a section begins with takes the section's heading along, and a block its own rule.
    """
    parents = {child: parent for parent in _elements(root) for child in parent}
    element = fault.element
    while element is not None and not _may_start(element, fault):
        element = parents.get(element)
    if element is not None and (section := _begun(element, parents)) is not None:
        element = section
    return None if element is None or element.get("id") == "title" else element


def _begun(element: Element, parents: Mapping[Element, Element]) -> Element | None:
    """Return the section that begins with a block, if it may start a page: the first but for what is said of all."""
    blocks = parents.get(element)
    if blocks is None or "blocks" not in classes(blocks):
        return None
    first = next(child for child in blocks if "added" not in classes(child))
    section = parents[blocks]
    return section if first is element and section.get("id") and NEXT_PAGE not in classes(section) else None


def _may_start(element: Element, fault: Fault) -> bool:
    if fault.kind is not Kind.DIVIDED:
        own_rule = element is fault.element and element.tag not in _HEADINGS
        return own_rule or (bool(element.get("id")) and element.tag != "h2")
    return bool(element.get("id") or element.get("data-id")) and NEXT_PAGE not in classes(element)


def apply(mended: Mends, root: Element) -> None:
    """Give elements of a page their classes, and put blocks where these say."""
    for number, element in enumerate(_elements(root) if mended else ()):
        if number in mended:
            element.set("class", " ".join([*classes(element), *sorted(mended[number])]))
    if mended:
        block_order.move(root)


def numbered(root: Element) -> Mapping[Element, int]:
    """Return the elements of a page with their numbers, which are the same whenever the page is made."""
    return {element: number for number, element in enumerate(_elements(root))}


def _elements(root: Element) -> Iterator[Element]:
    """Yield the elements of a page, but for the parts of drawings: the engine takes them out."""
    yield root
    if root.tag != f"{SVG}svg":
        for child in block_order.as_written(root):
            yield from _elements(child)


def _shown(ink: Ink) -> str:
    words = " ".join(ink.words.split())
    return _quoted(words) if ink.text else f"the picture {_quoted(words)}"


def _quoted(words: str) -> str:
    return f"“{words if len(words) <= _LONGEST else words[: _LONGEST - 1] + '…'}”"
