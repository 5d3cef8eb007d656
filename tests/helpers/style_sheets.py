"""What stands in a style sheet that should be a token: lengths and colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tinycss2


def strays(css: str, *, book: bool = False) -> list[str]:
    """Return the lengths and colours that are no tokens; a book may have hairlines in px, a page its size."""
    found = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.content is None:
            continue
        page = rule.type == "at-rule" and rule.lower_at_keyword == "page"
        for item in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
            if item.type == "declaration" and not item.name.startswith("--") and not (page and item.name == "size"):
                found += [
                    f"{item.name}: {token.serialize()}" for token in literals(item.value) if is_stray(token, book=book)
                ]
            elif item.type == "at-rule":  # a margin box
                found += strays(f"x {{ {tinycss2.serialize(item.content)} }}")
    return found


def literals(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from literals(getattr(token, "arguments", None) or getattr(token, "content", None) or [])


def is_stray(token: Any, *, book: bool) -> bool:
    if token.type == "dimension":
        return token.value != 0 and token.lower_unit not in ({"em", "rem", "px", "vh", "cqi"} if book else {"em"})
    return token.type == "hash" or (token.type == "function" and token.lower_name in ("rgb", "rgba", "hsl", "hsla"))
