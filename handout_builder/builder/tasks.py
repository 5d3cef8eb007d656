"""What a build has to do, and what came of it: small values that go from process to process."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    out: Path
    strict: bool
    proof: bool

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.order.name}{self.edition.suffix}"


@dataclass(frozen=True)
class Result:
    """What came of a task: an output for each kind, what is now known of the text, and what was loaded; or errors."""

    outputs: Mapping[Format, Output]
    facts: Facts | None = None
    made: Made | None = None
    """What it was made of; None where that changed meanwhile, or lies where it has no name."""
    errors: tuple[Problem, ...] = ()
