"""Words in drawings as whole words: WeasyPrint 70 sets the text of an SVG letter by letter.

A line set at once is kerned, has real blanks to search for, and takes a tenth of the time. Its private
function is wrapped: the version is pinned in pyproject.toml, the result is asserted in tests/test_charts.py.
"""

from collections.abc import Iterator
from typing import Any

# With these, letters have places of their own.
_BY_LETTER = ("dx", "dy", "rotate", "letter-spacing", "textLength")


def complete(svg: Any) -> None:
    """Make WeasyPrint 70 set the words of a drawing at once; ``svg`` is its package of that name."""
    original = svg.text

    def text(drawing: Any, node: Any, font_size: float) -> None:
        if node.text and not any(name in node.attrib for name in _BY_LETTER):
            node._etree_node.text = _Whole(node.text)
        original(drawing, node, font_size)

    svg.text = text
    svg.TAGS.update({tag: text for tag, function in svg.TAGS.items() if function is original})


class _Whole(str):
    """A text that is one letter to those who go through it."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)
