"""By how much less room pieces take where a step of an edition's ladder brings other tokens, worked out."""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, prod
from typing import Any

from handout_builder.pdf.elements import classes
from handout_builder.pdf.flow import Piece
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.units import PX_PER_MM

# Tokens of distances: before what has these classes, and of all. Lengths are the same that differ by less, in px.
_BEFORE = {"blocks": "gap-head", "safety-body": "gap-head", "group": "gap-group", "definition": "gap-definition"}
_GAPS = tuple(
    f"gap-{name}"
    for name in ("section", "box", "block", "head", "paragraph", "item", "group", "definition", "title", "letterhead")
)
_SEEN = 0.2
# Of signs in large print, and of what follows the steps, which stand in half the distance of others.
_IN_ADVICE = (("gap-item", 0.5), ("gap-group", 0.5))
# Lines of text are as high as the unit; some editions set those of advice a little lower.
_LEAST_LINE = 0.95
# How much of a line is filled where what a card says runs on: no word is divided.
_FILLED = 0.92
_PARTS = frozenset(("identity", "words", "crop-box"))
_SIDE_BY_SIDE = frozenset(("FlexBox", "GridBox", "TableRowBox"))


class Closer:
    """What changes from one product to the same one in a step, in px; most of what is inside of boxes is left out."""

    def __init__(self, product: Product, stepped: Product) -> None:
        self.old, self.new = product.theme, stepped.theme
        self.card, self.safety, cell = (self.less(f"gap-{name}") for name in ("card", "safety", "cell"))
        self.group, self.rise, self.rule = (self.less(name) for name in ("gap-group", "tint-rise", "gap-rule"))
        self.runs_on = self.old.tokens["card-lines"] != self.new.tokens["card-lines"]
        self.own_row = self.less("size-table", "leading-table")
        self.row = self.own_row + 2 * cell
        self.sources = 1 - self.new.measure("leading-sources") / self.old.measure("leading-sources")
        self.unit = PX_PER_MM * self.old.measure("unit")
        self.line = 1 - self.new.measure("unit") / self.old.measure("unit")
        self.charts = printing.shares_of_charts(product, stepped)

    def less(self, *names: str) -> float:
        """Return by how much the product of tokens is less."""
        old, new = (prod(theme.measure(name) for name in names) for theme in (self.old, self.new))
        return PX_PER_MM * (old - new)

    def nearer(self, piece: Piece) -> float:
        """Return by how much a piece is nearer to the one before: as the token says that their distance is."""
        likely = _gap_before(piece)
        for name, share in ((likely, 1.0), *((name, 1.0) for name in _GAPS), *_IN_ADVICE):
            if name and abs(piece.gap - share * PX_PER_MM * self.old.measure(name)) < _SEEN:
                return share * self.less(name)
        return 0.0

    def lower(self, piece: Piece) -> float:
        """Return by how much a piece is lower."""
        box = piece.around[-1]
        if self.runs_on and box.element is not None and "card" in classes(box.element):
            return 2 * self.card + self.run_on(box)
        return self.distances(piece) + self.drawing(piece) + (self.lines(box) if self.line else 0.0)

    def distances(self, piece: Piece) -> float:
        """Return by how much a piece is lower for the distances in it."""
        names = {name for box in piece.around if box.element is not None for name in classes(box.element)}
        if piece.is_row:
            return self.own_row if "own" in names else self.row
        if "card" in names and not piece.is_line:
            return 2 * self.card
        if "emergency" in names and not piece.is_line:
            groups = sum("group" in classes(one) for one in piece.around[-1].element.iter())
            return 2 * self.rise + (groups - 1) * self.group
        if _begins_box(piece):
            return self.safety
        if self.rule and any("section" in classes(element) for element in piece.begins):
            return self.rule
        held = (box.element for box in piece.around if box.element is not None)
        return piece.height * self.sources if any(element.get("id") == "sources" for element in held) else 0.0

    def drawing(self, piece: Piece) -> float:
        """Return by how much the drawing of a chart is lower."""
        element = piece.around[-1].element
        share = 1.0 if element is None else self.charts.get(element.get("id") or element.get("data-id", ""), 1.0)
        drawn = share < 1 and next((box for box in piece.around[-1].descendants() if hasattr(box, "replacement")), None)
        return float(drawn.height * (1 - share)) if drawn else 0.0

    def run_on(self, card: Any) -> float:
        """Return by how much a card is lower where its words run on, beside a drawing of another size."""
        inside = [box for box in card.descendants() if box.element is not None]
        parts = {name: box for box in inside for name in classes(box.element) if name in _PARTS}
        if "words" not in parts:
            return 0.0
        words, smaller = parts["words"], self.less("crop")
        lines = [box for box in words.descendants() if type(box).__name__ == "LineBox"]
        own = [line for line in lines if line.element is not None and "standard" in classes(line.element)]
        length = sum(_end(line) - line.position_x for line in lines if line not in own)
        width = words.width + (smaller if "beside" in classes(words.element) else 0.0)
        unit = PX_PER_MM * self.new.measure("unit")
        heights = [(len(own) + ceil(length / (_FILLED * width))) * unit]
        heights += [parts["identity"].margin_height()] if "identity" in parts else []
        heights += [parts["crop-box"].margin_height() - smaller] if "crop-box" in parts else []
        return float(max(card.height - max(heights), 0.0))

    def lines(self, box: Any) -> float:
        """Return by how much a box is lower as the lines of text in it are."""
        if type(box).__name__ == "LineBox":
            return float(box.height * self.line) if _LEAST_LINE * self.unit < box.height < self.unit + _SEEN else 0.0
        above, ends = 0.0, [(box.position_y, box.position_y)]
        for child in _children(box):
            lower = self.lines(child)
            end = child.position_y + (child.height if type(child).__name__ == "LineBox" else child.margin_height())
            ends.append((end, end - above - lower))
            if type(box).__name__ not in _SIDE_BY_SIDE and not child.is_floated():
                above += lower
        return float(max(old for old, _ in ends) - max(new for _, new in ends))


def _children(box: Any) -> Iterator[Any]:
    """Yield what a box holds, but for what is positioned."""
    for placed in getattr(box, "children", ()):
        child = getattr(placed, "_box", placed)  # a placeholder of what is positioned
        if child.is_in_normal_flow() or child.is_floated():
            yield child


def _end(line: Any) -> float:
    """Return where the words of a line end."""
    texts = (box for box in line.descendants() if hasattr(box, "text"))
    return max((float(text.position_x + text.width) for text in texts), default=float(line.position_x))


def _gap_before(piece: Piece) -> str:
    """Return the token that the distance before a piece should come from, as several may be as long; "" for none."""
    if any("section" in classes(element) for element in piece.begins):
        return "gap-section"
    if not piece.begins:
        return ""
    if _begins_box(piece):
        return "gap-box"
    first = piece.begins[0]
    for name, token in _BEFORE.items():
        if name in classes(first):
            return token
    if any(box.element is first and "blocks" in classes(holder.element) for holder, box in pairwise(piece.around)):
        return "gap-block"
    return {"p": "gap-paragraph", "li": "gap-item"}.get(first.tag, "")


def _begins_box(piece: Piece) -> bool:
    """Tell whether a box of safety advice begins with a piece."""
    return any("safety" in classes(element) for element in piece.begins)
