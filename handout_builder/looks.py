"""The looks that a handout can be printed in: today's, and one more for each folder of ``layouts/looks/``.

A look sets tokens (``tokens.css``) and may add rules (``print.css``): see docs/looks.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from handout_builder.errors import HandoutError, Problem, nearest
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import declared, tokens

_FOLDER = LAYOUTS / "looks"


@dataclass(frozen=True)
class Look:
    """One look, by the name of its folder; the default one has none and changes nothing."""

    name: str

    @property
    def suffix(self) -> str:
        """What its files are called after the edition."""
        return "" if self == DEFAULT_LOOK else f".{self.name}"

    @cached_property
    def tokens(self) -> tuple[tuple[str, str], ...]:
        """The tokens that it sets; raises HandoutError for one that there is not."""
        own = declared(self._read("tokens.css"))
        if unknown := [name for name in own if name not in tokens()]:
            near = nearest(unknown[0], tokens())
            hint = f"did you mean --{near[0]}?" if near else "the tokens are those of layouts/tokens.css"
            message = f"the look '{self.name}' sets what is no token: {', '.join(f'--{name}' for name in unknown)}"
            raise HandoutError([Problem("style-sheet", message, _FOLDER / self.name / "tokens.css", hint=hint)])
        return tuple(own.items())

    @cached_property
    def css(self) -> str:
        """Its own rules for the print."""
        return self._read("print.css")

    def _read(self, name: str) -> str:
        path = _FOLDER / self.name / name
        return path.read_text("utf-8") if path.is_file() else ""


DEFAULT_LOOK = Look("default")


LOOKS: Mapping[str, Look] = {
    DEFAULT_LOOK.name: DEFAULT_LOOK,
    **{path.parent.name: Look(path.parent.name) for path in sorted(_FOLDER.glob("*/tokens.css"))},
}
"""All looks by their names."""
