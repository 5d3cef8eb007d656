"""What browsers take for a movement, a path and a list of points: what is none of these they pass over, or cut off."""

import re

from handout_builder.images import svg_geometry as geometry

_NUMBER = re.compile(r"[+-]?(?:[0-9]*\.[0-9]+|[0-9]+)(?:[eE][+-]?[0-9]+)?")
_BLANKS = re.compile(r"[ \t\r\n\f]*")
_BETWEEN = re.compile(rf"{_BLANKS.pattern},?{_BLANKS.pattern}")
_STEP = re.compile(r"([A-Za-z]+)[ \t\r\n\f]*\(([^()]*)\)")
# Movements in an attribute, and how many numbers they have (SVG 1.1, 7.6).
_OF_ATTRIBUTES = {"matrix": (6,), "translate": (1, 2), "scale": (1, 2), "rotate": (1, 3), "skewX": (1,), "skewY": (1,)}
_LENGTH = re.compile(rf"{_NUMBER.pattern}(?:px|pt|pc|mm|cm|in)|[+-]?0+", re.IGNORECASE)
_ANGLE = re.compile(rf"{_NUMBER.pattern}(?:deg|rad|grad|turn)|[+-]?0+", re.IGNORECASE)
# The same in a style or a rule (CSS Transforms 1, 12), but for shares of what is moved.
_OF_RULES = {
    "matrix": (_NUMBER, (6,)),
    **dict.fromkeys(("scale",), (_NUMBER, (1, 2))),
    **dict.fromkeys(("scalex", "scaley"), (_NUMBER, (1,))),
    "translate": (_LENGTH, (1, 2)),
    **dict.fromkeys(("translatex", "translatey"), (_LENGTH, (1,))),
    **dict.fromkeys(("rotate", "skewx", "skewy"), (_ANGLE, (1,))),
}
_OTHER_RULES = re.compile(r"%|3d\(|[a-z]z\(|perspective|[0-9](?:r?em|ex|ch|v[wh])\b", re.IGNORECASE)

# How many numbers follow each command of a path, and which of them are flags: one digit, to which more may be joined.
_COUNTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}
_FLAGS = (3, 4)
_NO_ARCS = re.compile(r"[MmZzLlHhVvCcSsQqTt0-9,. \t\r\n+-]*")
_EXPONENT_AND_POINT = re.compile(r"[eE][+-]?[0-9]+\.")


def movement(text: str, *, in_rule: bool) -> str | None:
    """Return a ``transform`` as every reader takes it; None for what browsers take for none."""
    at, steps = _BLANKS.match(text).end(), 0  # type: ignore[union-attr]
    while match := _STEP.match(text, at):
        if not (_is_step_of_rule if in_rule else _is_step)(match[1], match[2]):
            return None
        steps += 1
        at = (_BLANKS if in_rule else _BETWEEN).match(text, match.end()).end()  # type: ignore[union-attr]
    if at < len(text) or not steps:
        return None
    return geometry.written(geometry.matrix(text)) if in_rule else text


def depends_on_size(text: str) -> bool:
    """Tell whether a movement of a rule may be one that we do not work out: in percent, in letters, in depth."""
    return bool(_OTHER_RULES.search(text))


def points(text: str) -> str:
    """Return the list of points of a polygon up to what is none (SVG 2, 10.6)."""
    _, end = _numbers(text)
    return text[:end] if text[end:].strip(" \t\r\n\f,") else text


def path(text: str) -> str:
    """Return the data of a path up to a mistake, as each reader takes them for the same (SVG 2, 9.3.9 and 9.5)."""
    if _NO_ARCS.fullmatch(text):
        return text
    parts: list[str] = []
    at, command = _BLANKS.match(text).end(), ""  # type: ignore[union-attr]
    odd = bool(_EXPONENT_AND_POINT.search(text))
    while at < len(text):
        if text[at].lower() in ("z", *_COUNTS):
            command, at = text[at], _BLANKS.match(text, at + 1).end()  # type: ignore[union-attr]
        elif command.lower() in ("", "z"):
            break
        if command.lower() == "z":
            parts.append(command)
            continue
        numbers, end = _arguments(text, at, command.lower())
        if len(numbers) < _COUNTS[command.lower()]:
            break
        piece, at = _written(command, numbers), end
        odd |= command in "Aa" and piece != f"{command}{' '.join(numbers)}"
        parts.append(piece)
        command = {"m": "l", "M": "L"}.get(command, command)
        further = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        at = further if _NUMBER.match(text, further) else _BLANKS.match(text, at).end()  # type: ignore[union-attr]
    return text if at >= len(text) and not odd else "".join(parts)


def _is_step(name: str, arguments: str) -> bool:
    """Tell whether a movement of an attribute is one."""
    count, end = _numbers(arguments)
    return count in _OF_ATTRIBUTES.get(name, ()) and not arguments[end:].strip(" \t\r\n\f")


def _is_step_of_rule(name: str, arguments: str) -> bool:
    """Tell whether a movement of a rule is one."""
    pattern, counts = _OF_RULES.get(name.lower(), (_NUMBER, ()))
    given = [argument.strip() for argument in arguments.split(",")]
    return len(given) in counts and all(pattern.fullmatch(argument) for argument in given)


def _written(command: str, numbers: list[str]) -> str:
    """Return a piece of a path; an arc without a radius is a line, and one of less than none is one of as much."""
    if command in "Aa":
        radii = [number.lstrip("+-") for number in numbers[:2]]
        if 0 in map(float, radii):
            return f"{'L' if command == 'A' else 'l'}{' '.join(numbers[5:])}"
        numbers = [*radii, *numbers[2:]]
    return f"{command}{' '.join(numbers)}"


def _arguments(text: str, at: int, command: str) -> tuple[list[str], int]:
    """Return the numbers of one piece of a path, as many as there are, and where they end."""
    numbers: list[str] = []
    for place in range(_COUNTS[command]):
        begin = _BETWEEN.match(text, at).end() if numbers else at  # type: ignore[union-attr]
        if command == "a" and place in _FLAGS:
            if text[begin : begin + 1] not in ("0", "1"):
                break
            numbers.append(text[begin])
            at = begin + 1
        elif match := _NUMBER.match(text, begin):
            numbers.append(match[0])
            at = match.end()
        else:
            break
    return numbers, at


def _numbers(text: str) -> tuple[int, int]:
    """Return how many numbers a list has up to what is none, and where the last one ends."""
    count, end, at = 0, 0, _BLANKS.match(text).end()  # type: ignore[union-attr]
    while match := _NUMBER.match(text, at):
        count, end = count + 1, match.end()
        at = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]
    return count, end
