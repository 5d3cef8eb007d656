"""Words in drawings as whole words: WeasyPrint 70 sets the text of an SVG letter by letter.

A line set at once is kerned, has real blanks to search for, and takes a tenth of the time. One whose end or middle
stands at its place is moved there by its width; WeasyPrint makes a form of each in the PDF. Its private functions are
replaced: the version is pinned in pyproject.toml, the result is asserted in tests/test_charts.py.
"""

from collections.abc import Iterator
from math import fsum, inf
from typing import Any

from handout_builder.engine.styles_and_boxes import Remembering, Replace
from handout_builder.whole_letters import WHOLE, are_asked_for

# With these, letters have places of their own.
_BY_LETTER = ("dx", "dy", "rotate", "letter-spacing", "textLength")
# And with these, a line stands above or below its place, or begins at its right.
_ELSEWHERE = ("direction", "display-anchor", "dominant-baseline", "alignment-baseline")
# What parts of a line may have of their own.
_PART = "{http://www.w3.org/2000/svg}tspan"
_PARTS = frozenset(("fill", "font-family", "font-size", "font-style", "font-weight"))
# The share of a line's width that stands before its place.
_BEFORE = {"start": 0, "middle": 0.5, "end": 1}


def install(weasyprint: Any, replace: Replace) -> None:
    """Make WeasyPrint set the words of a drawing at once."""
    svg: Any = weasyprint.svg
    module: Any = svg.text.__globals__  # the module has the name of its function
    original, lines = svg.text, _Lines(weasyprint)

    class Style(Remembering, module["Style"]):  # type: ignore[misc]
        pass

    class Svg(svg.SVG):  # type: ignore[misc]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.shares: dict[Any, float] = {}
            """The share of a line's width that stands before its place, by its node."""

        def draw_node(self, node: Any, font_size: float, *arguments: Any, **options: Any) -> None:
            if node.tag == "text" and _is_line(node):
                before = _BEFORE[node.attrib.pop("text-anchor", "start")]
                if len(node._etree_node):
                    lines.move(self, node, font_size, before)
                else:
                    self.shares[node] = before
            super().draw_node(node, font_size, *arguments, **options)

    def text(drawing: Any, node: Any, font_size: float) -> None:
        if node in drawing.shares:
            lines.set(drawing, node, font_size, drawing.shares[node])
            return
        if node.text and not any(name in node.attrib for name in _BY_LETTER):
            node._etree_node.text = _Whole(node.text)
        original(drawing, node, font_size)

    module["Style"] = Style
    replace(svg, "SVG", Svg)
    svg.text = text
    svg.TAGS.update({tag: text for tag, function in svg.TAGS.items() if function is original})


def _is_line(node: Any) -> bool:
    attributes, parts = node.attrib, list(node._etree_node)
    return bool(
        (node.text or parts)
        and all(_PARTS.issuperset(part.attrib) and part.tag == _PART and not len(part) for part in parts)
        and all(len(attributes.get(name, "").split()) == 1 for name in ("x", "y"))
        and attributes.get("text-anchor", "start") in _BEFORE
        and not any(name in attributes for name in (*_BY_LETTER, *_ELSEWHERE))
    )


class _Lines:
    """Sets lines of words that stand at one place, with WeasyPrint's own means."""

    def __init__(self, weasyprint: Any) -> None:
        self._module = weasyprint.svg.text.__globals__  # the module has the name of its function
        self._draw, self._split = weasyprint.draw.text, weasyprint.text.line_break.split_first_line
        self._initial = weasyprint.css.INITIAL_VALUES

    def move(self, drawing: Any, node: Any, font_size: float, before: float) -> None:
        """Move the place of a line of several parts by what of it stands before."""
        size = self._module["size"]
        own = size(node.get("font-size", "1em"), font_size, font_size)
        sizes = [own, *(size(part.get("font-size", "1em"), own, own) for part in node)]
        width = fsum(
            self._fit(drawing, part, part_size)[1] for part, part_size in zip((node, *node), sizes, strict=True)
        )
        node.attrib["x"] = repr(size(node.get("x").strip(), own, drawing.inner_width) - before * width)

    def set(self, drawing: Any, node: Any, font_size: float, before: float) -> None:
        """Draw a line as WeasyPrint's text does, its place moved by what of it stands before."""
        layout, width, height, baseline, style = self._fit(drawing, node, font_size)
        size = self._module["size"]
        x = size(node.get("x").strip(), font_size, drawing.inner_width) - before * width
        y = size(node.get("y").strip(), font_size, drawing.inner_height)
        corners = (x, y - baseline), (x + width, y - baseline + height)
        node.text_bounding_box = self._module["extend_bounding_box"](node.text_bounding_box, corners)
        drawing.stream.push_state()
        paint = drawing.set_graphical_state(node, font_size)
        drawing.stream.begin_text()
        layout.reactivate(style)
        drawing.fill_stroke(*paint, text=True)
        box = self._module["TextBox"](layout, style)
        box.baseline = baseline
        matrix = self._module["Matrix"](d=-1, e=x, f=y)
        emojis = self._draw.draw_first_line(drawing.stream, box, "none", "none", matrix)
        drawing.stream.end_text()
        drawing.stream.pop_state()
        self._draw.draw_emojis(drawing.stream, style, x, y, emojis)

    def _fit(self, drawing: Any, node: Any, font_size: float) -> tuple[Any, float, float, float, Any]:
        """Return the layout, width, height, baseline and style of a text."""
        style = self._style(drawing.font_config, node, font_size)
        layout, _, _, *extents = self._split(node.text or "", style, drawing.context, inf, 0)
        return layout, *extents, style

    def _style(self, font_config: Any, node: Any, font_size: float) -> Any:
        """Return the style of a line, one for all that look the same."""
        families = tuple(name.strip("\"'") for name in node.get("font-family", "sans-serif").split(","))
        weight = node.get("font-weight", "400")
        try:
            number = {"normal": 400, "bold": 700}.get(weight) or int(weight)
        except ValueError:
            number = 400
        looks = {
            "font_style": node.get("font-style", "normal"),
            "font_weight": number,
            "font_size": font_size,
            "lang": node.get("lang"),
            "font_feature_settings": WHOLE if are_asked_for(node.text or "") else "normal",
        }
        known = font_config.drawing_styles
        key = (families, *looks.values())
        if key not in known:
            style = known[key] = self._module["Style"](self._initial, font_family=list(families), **looks)
            style.font_config = font_config
        return known[key]


class _Whole(str):
    """A text that is one letter to those who go through it."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)
