"""Paths of drawings read in one go: WeasyPrint 70 takes their numbers one by one from the front of a string.

Paths of moves, lines and curves, which is what our own drawings have, are read here; all others take WeasyPrint's way.
Saves three quarters of a million function calls of a cold build, whose drawings have 40,000 numbers.
Needless where WeasyPrint's ``svg.path.path`` reads all numbers of a command at once.
"""

import re
from functools import lru_cache
from typing import Any

# SVG 1.1, 8.3.2 to 8.3.6: how many numbers each command takes; and PDF's operator for it (ISO 32000-2, 8.5.2).
_COMMANDS = {"M": (2, b"m"), "L": (2, b"l"), "C": (6, b"c"), "l": (2, b"l"), "c": (6, b"c")}
_COMMAND = re.compile("([MLCZlcz])([^MLCZlcz]*)")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_BETWEEN = re.compile(r"[ \n\r\t,]+")
_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")


def install(weasyprint: Any) -> None:
    """Make WeasyPrint read plain paths in one go."""
    svg: Any = weasyprint.svg
    # Drawings in tenths of their unit have the same numbers again and again.
    original, to_bytes = svg.TAGS["path"], lru_cache(maxsize=1 << 15)(weasyprint.pdf.pydyf._to_bytes)

    def path(drawing: Any, node: Any, font_size: float) -> None:
        # Markers stand at the vertices, which are only found the long way.
        lines = None if any(map(node.get, _MARKERS)) else _operators(node.get("d", ""), to_bytes)
        if lines:
            drawing.stream.stream.extend(lines)
        else:
            original(drawing, node, font_size)

    svg.TAGS["path"] = path


def _operators(data: str, to_bytes: Any) -> list[bytes] | None:
    """Return a path's data as operators of a PDF; None where there is something else in it."""
    lines = [b"0 0 m"]  # WeasyPrint's first
    read, drawn = [], False
    x = y = first_x = first_y = 0.0
    for command, body in _COMMAND.findall(data):
        numbers = _NUMBER.findall(body)
        read += [command, *numbers]
        if command in "Zz":
            if numbers:
                return None
            if drawn:
                lines.append(b"h")
                x, y = first_x, first_y
            drawn = False
            continue
        count, operator = _COMMANDS[command]
        if not numbers or len(numbers) % count:
            return None
        relative, places = command.islower(), iter(map(float, numbers))
        if operator == b"m":
            x, y = next(places), next(places)
            lines.append(b"%b %b m" % (to_bytes(x), to_bytes(y)))
            drawn, operator = False, b"l"
            if len(numbers) == count:
                continue
        if not drawn:
            first_x, first_y, drawn = x, y, True
        # What is relative is seen from where the line or curve begins, and added as WeasyPrint adds.
        if operator == b"l":
            for end_x, end_y in zip(places, places, strict=True):
                x, y = (end_x + x, end_y + y) if relative else (end_x, end_y)
                lines.append(b"%b %b l" % (to_bytes(x), to_bytes(y)))
            continue
        for ax, ay, bx, by, end_x, end_y in zip(*[places] * count, strict=True):
            left, top = (x, y) if relative else (0.0, 0.0)
            x, y = end_x + left, end_y + top
            curve = ax + left, ay + top, bx + left, by + top, x, y
            lines.append(b"%b %b %b %b %b %b c" % (*map(to_bytes, curve),))
    return lines if "".join(read) == _BETWEEN.sub("", data) else None
