"""The looks that a handout can be printed in: today's, and one more for each folder of ``layouts/looks/``.

A look sets tokens (``tokens.css``) and may add rules (``print.css``): see docs/looks.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from handout_builder.resources import LAYOUTS
from handout_builder.tokens import declared

_FOLDER = LAYOUTS / "looks"


@dataclass(frozen=True)
class Look:
    """One look, by the name of its folder; the default one has none and changes nothing."""

    name: str

    @property
    def suffix(self) -> str:
        """What its files are called after the edition."""
        return "" if self == DEFAULT else f".{self.name}"

    @cached_property
    def tokens(self) -> tuple[tuple[str, str], ...]:
        """The tokens that it sets."""
        return tuple(declared(self._read("tokens.css")).items())

    @cached_property
    def css(self) -> str:
        """Its own rules for the print."""
        return self._read("print.css")

    def _read(self, name: str) -> str:
        path = _FOLDER / self.name / name
        return path.read_text("utf-8") if path.is_file() else ""


DEFAULT = Look("default")


@cache
def looks() -> Mapping[str, Look]:
    """Return every look by its name, the default one first."""
    names = sorted(path.parent.name for path in _FOLDER.glob("*/tokens.css"))
    return {DEFAULT.name: DEFAULT, **{name: Look(name) for name in names}}
