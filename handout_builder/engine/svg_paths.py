"""Paths of drawings: plain ones read in one go, and damaged ones only as far as they are sound.

WeasyPrint 70 takes the numbers of a path one by one from the front of the string, and never comes to an end where some
follow a "z". Paths of absolute moves, lines and curves, as figures/curves.py writes, are read here; all others take
WeasyPrint's way. Its private functions are replaced: the version is pinned in pyproject.toml; tests/test_shortcuts.py
asserts that drawings come to the same bytes without this.
"""

import re
from typing import Any

# SVG 1.1, 8.3.2 to 8.3.6: how many numbers each command takes; and PDF's operator for it (ISO 32000-1, 8.5.2).
_COMMANDS = {"M": (2, b"m"), "L": (2, b"l"), "C": (6, b"c")}
_COMMAND = re.compile("([MLCZz])([^MLCZz]*)")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
_BETWEEN = re.compile(r"[ \n\r\t,]+")
_END = re.compile(r"[Zz](?=[\s,]*[^\s,AaCcHhLlMmQqSsTtVvZz])")
_MARKERS = ("marker", "marker-start", "marker-mid", "marker-end")


def complete(weasyprint: Any) -> None:
    """Make WeasyPrint 70 read plain paths in one go, and damaged ones to an end."""
    tags, boxes = weasyprint.svg.TAGS, weasyprint.svg.bounding_box.__globals__["BOUNDING_BOX_METHODS"]
    original, bounding_box, to_bytes = tags["path"], boxes["path"], weasyprint.pdf.pydyf._to_bytes

    def path(drawing: Any, node: Any, font_size: float) -> None:
        # Markers stand at the vertices, which are only found the long way.
        lines = None if any(map(node.get, _MARKERS)) else _operators(node.get("d", ""), to_bytes)
        if lines:
            drawing.stream.stream.extend(lines)
        else:
            original(drawing, _made_sound(node), font_size)

    tags["path"] = path
    boxes["path"] = lambda drawing, node, font_size: bounding_box(drawing, _made_sound(node), font_size)


def _operators(data: str, to_bytes: Any) -> list[bytes] | None:
    """Return a path's data as operators of a PDF; None where there is something else in it."""
    lines = [b"0 0 m"]  # WeasyPrint's first
    read, drawn = [], False
    for command, body in _COMMAND.findall(data):
        numbers = _NUMBER.findall(body)
        read += [command, *numbers]
        if command in "Zz":
            if numbers:
                return None
            if drawn:
                lines.append(b"h")
            drawn = False
            continue
        count, operator = _COMMANDS[command]
        if not numbers or len(numbers) % count:
            return None
        values = [to_bytes(float(number)) for number in numbers]
        for start in range(0, len(values), count):
            lines.append(b" ".join((*values[start : start + count], operator)))
            drawn = operator != b"m"
            operator = b"l" if operator == b"m" else operator
    return lines if "".join(read) == _BETWEEN.sub("", data) else None


def sound(data: str) -> str:
    """Return the data of a path up to a "z" that no command follows (SVG 1.1, F.2: what is before it is drawn)."""
    error = _END.search(data)
    return data[: error.end()] if error else data


def _made_sound(node: Any) -> Any:
    node.attrib["d"] = sound(node.get("d", ""))
    return node
