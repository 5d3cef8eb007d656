"""Paths of drawings read in one go: WeasyPrint 70 takes their numbers one by one from the front of a string.

Paths of moves, lines and curves, which is what our own drawings have, are read here; all others take WeasyPrint's way.
Saves three quarters of a million function calls of a cold build, whose drawings have 40,000 numbers.
Needless where WeasyPrint's ``svg.path.path`` reads all numbers of a command at once.
"""

import re
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
    original, to_bytes = svg.TAGS["path"], weasyprint.pdf.pydyf._to_bytes

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
        relative, values = command.islower(), [*map(float, numbers)]
        for start in range(0, len(values), count):
            places = values[start : start + count]
            if relative:  # seen from where the curve begins, added as WeasyPrint adds
                places[::2] = [place + x for place in places[::2]]
                places[1::2] = [place + y for place in places[1::2]]
            if operator == b"m":
                drawn = False
            elif not drawn:
                first_x, first_y, drawn = x, y, True
            *_, x, y = places
            lines.append(b" ".join((*map(to_bytes, places), operator)))
            operator = b"l" if operator == b"m" else operator
    return lines if "".join(read) == _BETWEEN.sub("", data) else None
