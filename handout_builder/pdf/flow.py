"""The text of laid-out pages as pieces that no page divides, and where pages would begin if these were other.

What takes the engine most of its time is to style words and to break them into lines; where pages begin follows from
heights alone. So other page breaks are worked out here, in a thousandth of the time that layout takes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.pdf.elements import classes

# Boxes that the engine lays out as a whole, whatever is in them.
_WHOLE = frozenset(("LineBox", "FlexBox", "GridBox", "TableRowBox", "InlineBlockBox"))
# Classes of what is rather kept whole; the signs of an emergency always are, and a drawing beside text cannot be parted
# from it.
_HELD, _NEVER = frozenset(("safety", "overview")), frozenset(("emergency",))
# Sums of lengths are rounded.
_SLACK = 1e-3


class Picture(NamedTuple):
    """A picture whose size its author leaves to the pages, in px."""

    width: float
    height: float
    widest: float
    """How wide it may be."""
    highest: float
    """How high it may be."""

    def lost(self, share: float) -> float:
        """Return how much lower it is where it may be a share of the width and height that it may have now."""
        return self.height * (1 - min(1.0, share * self.widest / self.width, share * self.highest / self.height))


@dataclass
class Piece:
    """What no page divides: a line, a row, a picture, a box that is kept whole. Lengths are px."""

    page: int
    """The page, from 0, on which it was laid out."""
    top: float
    bottom: float
    """Its edges, from the upper edge of the page's text, with rules and paddings of what begins and ends there."""
    around: list[Any]
    """The boxes that hold it, from the outermost one to itself."""
    beside: float = 0.0
    """The lower edge of what stands beside it, if anything does."""
    above: float = 0.0
    """How much stands above it where it begins a page: the head of its table, a margin that the engine keeps."""
    gap: float = 0.0
    """From the piece before it, where both are on a page."""
    glued: bool = False
    """Whether no page begins with it."""
    forced: bool = False
    """Whether a page begins with it."""
    begins: list[Element] = field(default_factory=list)
    """The elements that begin with it, the outermost first."""
    picture: Picture | None = None
    spare: bool = False
    """Whether it is a picture without which a first page may do."""
    held: Element | None = None
    """What it is in the midst of and that is kept whole, unless pages are better when it goes on on the next one."""

    @property
    def height(self) -> float:
        """Its height, in CSS px."""
        return self.bottom - self.top

    @property
    def is_line(self) -> bool:
        """Whether it is a line of text."""
        return _is_line(self.around[-1])

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return type(self.around[-1]).__name__ == "TableRowBox"

    @property
    def holder(self) -> Element:
        """The element that holds it, and others of its kind."""
        holder: Element = self.around[-2].element
        return holder


class Sheet(NamedTuple):
    """A page: the number of the piece that it begins with, and how much of its height is used, in px."""

    first: int
    used: float


def pieces(document: Any) -> list[Piece]:
    """Return the text of a laid-out document as pieces, in the order of the text."""
    walk = _Walk(document)
    found = walk.found
    _enclose(found[0], found[0].around, upper=True)
    found[0].begins = _elements(found[0].around)
    for piece, after in pairwise(found):
        _part(piece, after, walk.divided)
    _enclose(found[-1], found[-1].around, upper=False)
    for piece, after in pairwise(found):
        if piece.page == after.page:
            after.gap = after.top - piece.bottom
    for lines in _paragraphs(found):
        first, last = (lines[0].around[-2].style[name] for name in ("orphans", "widows"))
        for number, line in enumerate(lines[1:], 1):
            line.glued |= number < first or len(lines) - number < last
    for piece in found:
        if piece.held in piece.begins:
            piece.held = None
        origin = walk.origins[piece.page]
        piece.top, piece.bottom, piece.beside = piece.top - origin, piece.bottom - origin, piece.beside - origin
    found[0].above = found[0].top  # a letterhead may begin in the margin
    return found


def sheets(found: Sequence[Piece]) -> list[Sheet]:
    """Return the pages as they were laid out."""
    first = [number for number, piece in enumerate(found) if not number or piece.page != found[number - 1].page]
    ends = [*first[1:], len(found)]
    return [
        Sheet(begin, max(piece.bottom for piece in found[begin:end])) for begin, end in zip(first, ends, strict=True)
    ]


def broken(
    found: Sequence[Piece],
    room: float,
    lower: Sequence[float],
    nearer: Sequence[float],
    joined: Collection[int],
    started: Collection[int] = (),
    *,
    loose: bool = False,
) -> list[Sheet]:
    """Return the pages of ``room`` px that would be if pieces were lower, and nearer to those before, by so much.

    Pieces with the numbers ``joined`` begin no page that they need not begin, those ``started`` do; what is held
    together may be divided if pages are ``loose``.
    """
    pages: list[Sheet] = []
    first = number = 0
    used = 0.0
    before: dict[int, float] = {}
    """The pieces of a page with which the next one may begin, and how much of the page is used before each."""
    while number < len(found):
        piece = found[number]
        top = used + (piece.gap - nearer[number] if number > first else piece.above)
        below = top + piece.height - lower[number]
        ends = number > first and ((piece.forced and number not in joined) or number in started)
        if not ends and number > first and not piece.glued and (loose or piece.held is None):
            before[number] = used
        if ends or (number > first and max(below, top + piece.beside - piece.top) > room + _SLACK):
            if before and not ends:
                number, used = before.popitem()
            pages.append(Sheet(first, used))
            first, used, before = number, 0.0, {}
            continue
        used = below
        number += 1
    return [*pages, Sheet(first, used)]


class _Walk:
    """The pieces of a document, found page by page; their edges are those of the whole page."""

    def __init__(self, document: Any) -> None:
        self.found: list[Piece] = []
        boxes = [page._page_box for page in document.pages]
        self.origins = [box.content_box_y() for box in boxes]
        """Where the text of each page begins."""
        self.divided = _divided(box.children[0] for box in boxes)
        """What was to be kept whole in vain, as it is higher than a page: it begins one."""
        self.heads: dict[Element, float] = {}
        """How high the heads of tables are."""
        for self.page, box in enumerate(boxes):
            self.beside = 0.0
            self.walk(box.children[0], [], 0.0)

    def walk(self, box: Any, around: list[Any], head: float, held: Element | None = None) -> None:
        """Note the pieces of a box, which stands in what is ``held`` together."""
        around = [*around, box]
        opened = held is None and self.is_kept(box) and _may_open(box)
        if self.is_whole(box) and not opened:
            spare = box.element is not None and "spare" in classes(box.element)
            edges, picture = _edges(box), _picture(box)
            piece = Piece(self.page, *edges, around, self.beside, head, picture=picture, spare=spare, held=held)
            self.found.append(piece)
            self.beside = 0.0
            return
        held = box.element if opened else held
        for placed in box.children:
            child = getattr(placed, "_box", placed)  # a placeholder of what is positioned
            if child.is_floated():
                self.beside = max(self.beside, child.position_y + child.margin_height())
            elif getattr(child, "is_header", False):
                if box.element not in self.heads:  # the others are repetitions
                    self.heads[box.element] = child.height
                    self.walk(child, around, 0.0, held)
            elif child.is_in_normal_flow():
                self.walk(child, around, self.heads.get(box.element, head), held)

    def is_whole(self, box: Any) -> bool:
        """Tell whether no page divides a box."""
        if type(box).__name__ in _WHOLE or not getattr(box, "children", ()):
            return True
        return self.is_kept(box)

    def is_kept(self, box: Any) -> bool:
        """Tell whether a box with boxes in it is kept on a page, and is not higher than one."""
        return _is_kept(box) and box.element not in self.divided and not getattr(box, "is_header", False)


def _divided(bodies: Iterable[Any]) -> set[Element]:
    """Return the elements that are on several pages although they should be kept whole."""
    seen: set[Element] = set()
    divided: set[Element] = set()
    for body in bodies:
        here = {box.element for box in body.descendants() if getattr(box, "children", ()) and _is_kept(box)}
        divided |= seen & here
        seen |= here
    return divided


def _is_kept(box: Any) -> bool:
    style = box.style
    columns = style["column_count"] not in ("auto", 1) or style["column_width"] != "auto"
    return bool(columns or style["break_inside"] == "avoid")


def _may_open(box: Any) -> bool:
    """Tell whether a box that is kept whole may be divided after all where that makes better pages."""
    names = set() if box.element is None else {*classes(box.element)}
    if not getattr(box, "children", ()) or _HELD.isdisjoint(names) or not _NEVER.isdisjoint(names):
        return False
    inside = (getattr(child, "_box", child) for child in box.children)
    return not any(child.is_floated() and "figure" in classes(child.element) for child in inside)


def _is_line(box: Any) -> bool:
    return type(box).__name__ == "LineBox"


def _edges(box: Any) -> tuple[float, float]:
    """Return the upper and the lower edge of a box."""
    top = box.position_y if _is_line(box) else box.border_box_y()
    return top, top + (box.height if _is_line(box) else box.border_height())


def _part(piece: Piece, after: Piece, divided: Set[Element]) -> None:
    """Tell two pieces from one another: what ends with the first, what begins with the second, and how far apart."""
    same = 0
    for one, other in zip(piece.around[:-1], after.around[:-1], strict=False):
        if one is not other and (one.element is not other.element or type(one) is not type(other)):
            break
        same += 1  # one box, or one that goes on on the next page
    ends = [box for box in piece.around[same:] if not _is_line(box)]
    begins = [box for box in after.around[same:] if not _is_line(box)]
    _enclose(piece, ends, upper=False)
    _enclose(after, begins, upper=True)
    after.begins = _elements(begins)
    breaks = {box.style["break_after"] for box in ends} | {box.style["break_before"] for box in begins}
    after.glued = "avoid" in breaks or getattr(piece.around[-2], "is_header", False)
    # Where a box of advice may be divided, its first words stay with what they lead in to: layouts/mends.css.
    after.glued |= after.held is not None and any("lead" in classes(element) for element in _elements(ends))
    after.forced = "page" in breaks or not divided.isdisjoint(after.begins)
    # Where both are on a page, pieces() measures it.
    margins = [_px(box.style["margin_top"]) for box in begins]
    after.gap = max([_px(box.style["margin_bottom"]) for box in ends] + margins, default=0.0)
    if margins and not after.around[same - 1].top_margin_collapses():
        after.above += margins[0]


def _px(length: Any) -> float:
    """Return a length of a style; 0 for one that follows from others."""
    return float(length.value) if getattr(length, "unit", "") == "px" else 0.0


def _elements(boxes: Iterable[Any]) -> list[Element]:
    return list(dict.fromkeys(box.element for box in boxes if box.element is not None))


def _enclose(piece: Piece, boxes: Iterable[Any], *, upper: bool) -> None:
    """Let a piece have the upper, or the lower, edge of what begins, or ends, with it."""
    for box in boxes:
        top, bottom = _edges(box)
        if upper:
            piece.top = min(piece.top, top)
        else:
            piece.bottom = max(piece.bottom, bottom)


def _paragraphs(found: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the lines that stand in one paragraph."""
    lines: list[Piece] = []
    for piece in found:
        if lines and not (piece.is_line and piece.holder is lines[0].holder):
            yield lines
            lines = []
        if piece.is_line:
            lines.append(piece)
    if lines:
        yield lines


def _picture(box: Any) -> Picture | None:
    """Return the picture in a box, if its author leaves its size to the pages."""
    if box.element is None or "any-size" not in classes(box.element):
        return None
    shown = next((inner for inner in box.descendants() if hasattr(inner, "replacement")), None)
    return shown and Picture(shown.width, shown.height, box.width, shown.style["max_height"].value)
