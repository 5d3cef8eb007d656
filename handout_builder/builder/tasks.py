"""What a build has to do, and what came of it: small values that go from process to process."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from handout_builder.builder.record import Facts, Made, Output
from handout_builder.editions import Edition, Format
from handout_builder.errors import Problem
from handout_builder.orders import Order


@dataclass(frozen=True)
class Task:
    """Some files of one edition of an order."""

    order: Order
    edition: Edition
    kinds: tuple[Format, ...]
    out: Path | None
    """Where the files are written; None where their bytes are given back."""
    strict: bool
    proof: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.order.name}{self.edition.suffix}"

    def from_elsewhere(self) -> "Task":
        """Return the task as another process does it, which stands in another folder and gives the bytes back."""
        return replace(self, order=self.order.from_elsewhere(), out=None)


@dataclass(frozen=True)
class Result:
    """What came of a task: an output for each kind, what is now known of the text, and what was loaded; or errors."""

    outputs: Mapping[Format, Output]
    facts: Facts | None = None
    made: Made | None = None
    """What it was made of; None where that changed meanwhile, or lies where it has no name."""
    errors: tuple[Problem, ...] = ()
    data: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The files by path inside the output folder, where the one who asked writes them."""
