"""The design tokens of ``layouts/tokens.css`` as values, for the places that custom properties do not reach."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from handout_builder import css_lengths
from handout_builder.resources import LAYOUTS

_DECLARATION = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
_REFERENCE = re.compile(r"var\(--([a-z0-9-]+)\)")


def declared(css: str) -> dict[str, str]:
    """Return the custom properties that a style sheet sets, by their names without the dashes."""
    return dict(_DECLARATION.findall(css))


@lru_cache(maxsize=8)
def resolved(css: str) -> str:
    """Return a style sheet with the values of the custom properties that its ``:root`` rules set, the last of each.

    WeasyPrint looks up, works out and validates ``var(--name)`` and ``calc()`` anew for each element, in each document.
    """
    return css_lengths.work_out(_filled_in(css, _expanded(declared(css))))


def _filled_in(css: str, values: Mapping[str, str]) -> str:
    """Replace each ``var(--name)`` that has a value."""
    return _REFERENCE.sub(lambda match: values.get(match[1], match[0]), css)


def _expanded(values: Mapping[str, str]) -> Mapping[str, str]:
    """Return tokens whose values name no other ones; one that names itself stays."""
    for _ in values:
        named = {name: _filled_in(value, values) for name, value in values.items() if "var(" in value}
        if not named:
            break
        values = {**values, **named}
    return values


@cache
def tokens() -> Mapping[str, str]:
    """Return every token by its name without the dashes: ``{"ink": "#17211f", …}``."""
    return declared((LAYOUTS / "tokens.css").read_text("utf-8"))


@dataclass(frozen=True)
class Theme:
    """What decides the looks of one product: skin tone and body of its drawings; tokens of look, brand and edition."""

    skin: str = "light"
    own: tuple[tuple[str, str], ...] = ()
    body: str = "neutral"

    @property
    def tokens(self) -> Mapping[str, str]:
        """Every token by its name; those that name others have their values."""
        return _values(self.own)

    @property
    def lettering(self) -> float:
        """How much larger than usual the words in drawings are set."""
        return self.measure("lettering")

    @property
    def back_size(self) -> Literal["medium", "full"]:
        """How large a back is drawn whose size its author leaves to the pages."""
        return "medium" if self.tokens["back-size"] == "medium" else "full"

    def measure(self, name: str) -> float:
        """Return a token's length in mm, or its number; raises ValueError for another kind, KeyError for no token."""
        return css_lengths.value(self.tokens[name])

    @property
    def css(self) -> str:
        """The tokens that look, brand and edition set, as custom properties."""
        return ":root {" + "".join(f" --{name}: {value};" for name, value in self.own) + " }\n" if self.own else ""


@lru_cache(maxsize=8)
def _values(own: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return _expanded({**tokens(), **dict(own)})


def substitute(css: str, theme: Theme = Theme()) -> str:  # it never changes
    """Replace ``var(--name)`` by the token's value: not every reading system knows custom properties.

    Raises KeyError for a name that is no token.
    """
    values = theme.tokens
    return _REFERENCE.sub(lambda match: values[match[1]], css)


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour (``#rrggbb``) mixed with a share (0 to 1) of another one, in sRGB."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def chart_colours(theme: Theme) -> Mapping[str, str]:
    """Return the colours of a chart by role.

    Lines on the skin are mixed from the contour's colour and the skin's, so that they fit every tone.
    """
    value, skin = theme.tokens, theme.skin
    tone, line, bone = value[f"skin-{skin}"], value["skin-line"], value["bone"]
    return {
        **{
            role: value[role]
            for role in ("paper", "ink", "ink2", "dot", "dot-code", "dot-mid", "leader", "bone", "bone-line")
        },
        "skin": tone,
        "skin-shade": value[f"skin-{skin}-shade"],
        "skin-deep": value[f"skin-{skin}-deep"],
        "skin-line": line,
        "skin-fold": mix(line, tone, 0.36),
        "skin-crease": mix(line, tone, 0.6),
        "hair": mix(line, tone, 0.7),
        "hair-line": mix(line, tone, 0.45),
        "cloth": mix(mix(bone, line, 0.07), tone, 0.15),
        "bone-faint": mix(tone, bone, 0.5),
        "bone-faint-line": mix(tone, value["bone-line"], 0.4),
        "finger": mix(tone, value[f"skin-{skin}-deep"], 0.4),
    }
