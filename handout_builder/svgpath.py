"""Paths of drawings, read once: WeasyPrint 70 reads every path anew, number by number, each time it is drawn.

The same charts stand in many handouts, in several editions of each. Its private function is wrapped: the version
is pinned in pyproject.toml, and tests/test_charts.py asserts the results.
"""

import re
from typing import Any

# Numbers without units, so that what is drawn depends on nothing but the path itself.
_PLAIN = re.compile(r"[MLHVCSQTAZmlhvcsqtaz0-9eE., +-]*")
# About what a hundred charts have; then all is forgotten, so that the memory stays flat.
_MOST = 5000


def complete(svg: Any) -> None:
    """Make WeasyPrint 70 keep what a path comes to; ``svg`` is its package of that name."""
    original = svg.path
    kept: dict[str, tuple[list[bytes], list[Any]]] = {}

    def path(drawing: Any, node: Any, font_size: float) -> None:
        data = node.get("d", "")
        lines = drawing.stream.stream
        if data in kept:
            drawn, vertices = kept[data]
            lines.extend(drawn)
            node.vertices.extend(vertices)
            return
        start, first = len(lines), len(node.vertices)
        original(drawing, node, font_size)
        if _PLAIN.fullmatch(data):
            if len(kept) >= _MOST:
                kept.clear()
            kept[data] = lines[start:], list(node.vertices)[first:]

    svg.TAGS.update({tag: path for tag, function in svg.TAGS.items() if function is original})
