"""The data of SVG paths: where they stop being sound."""

import re

_END = re.compile(r"[Zz](?=[\s,]*[^\s,AaCcHhLlMmQqSsTtVvZz])")


def sound(data: str) -> str:
    """Return the data of a path up to a "z" that no command follows (SVG 1.1, F.2: what is before it is drawn).

    WeasyPrint 68 to 70 never comes to an end where a number follows a "z".
    """
    error = _END.search(data)
    return data[: error.end()] if error else data
