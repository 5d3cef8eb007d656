"""The design tokens of ``layouts/tokens.css`` as values, for the places that custom properties do not reach."""

import re
from collections.abc import Mapping
from functools import cache

from handout_builder.resources import LAYOUTS

_DECLARATION = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_REFERENCE = re.compile(r"var\(--([a-z0-9-]+)\)")


@cache
def tokens() -> Mapping[str, str]:
    """Return every token by its name without the dashes: ``{"ink": "#17211f", …}``."""
    return dict(_DECLARATION.findall((LAYOUTS / "tokens.css").read_text("utf-8")))


def substitute(css: str) -> str:
    """Replace ``var(--name)`` by the token's value: not every reading system knows custom properties.

    Raises KeyError for a name that is no token.
    """
    return _REFERENCE.sub(lambda match: tokens()[match[1]], css)
