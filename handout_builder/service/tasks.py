"""What goes to the processes that make files, beside orders, and what comes back: small values."""

from dataclasses import dataclass, field

from handout_builder.service.messages import Finding, HandoutOrder, SheetOrder


@dataclass(frozen=True)
class Ping:
    """A question whether the process answers."""


@dataclass(frozen=True)
class Made:
    """A finished file."""

    data: bytes = field(repr=False)
    kind: str
    """Its media type."""
    name: str
    """What it may be called: never by a person."""
    pages: int = 0
    notes: tuple[str, ...] = ()
    """The codes of the notes on it."""


@dataclass(frozen=True)
class Refused:
    """There is no file."""

    status: int
    """Of HTTP: 422 for the order, 409 for the files that the service has, 500 for the program or its limits."""
    findings: tuple[Finding, ...]


Task = Ping | HandoutOrder | SheetOrder
Outcome = Made | Refused
