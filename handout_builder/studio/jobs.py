"""What is to be rendered, and what came of it: small values that go from process to process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from handout_builder.editions import Format
from handout_builder.errors import Problem
from handout_builder.orders import Order
from handout_builder.watching import Signature, signature

if TYPE_CHECKING:
    from handout_builder.colour.palette import Check


@dataclass(frozen=True)
class Job:
    """Some files of a handout in one edition, with drafts in the places of files."""

    order: Order
    """Its first edition is meant."""
    formats: tuple[Format, ...] = ("pdf",)
    drafts: tuple[tuple[Path, bytes], ...] = ()
    """What is taken for the content of files."""
    proof: bool = False
    preview: bool = False
    """Whether it is only looked at: what a PDF has for others than eyes may be left out."""
    cover: bool = False
    """Whether the cover of its book is wanted, and nothing else: ``cover.png``."""


@dataclass(frozen=True, eq=False)
class SheetJob:
    """A visit sheet for one patient, kept nowhere."""

    visit: Mapping[str, Any] = field(repr=False)
    """The values of a visit, not yet checked."""
    brand: Path | None
    paper: str
    """One of a4, letter, a5-two-up, or large for large print."""
    root: Path = Path()

    def same(self, other: "SheetJob") -> bool:
        """Tell whether another job would give the same sheet."""
        ours, theirs = ((job.visit, job.brand, job.paper) for job in (self, other))
        return ours == theirs


class Spot(NamedTuple):
    """A part of a page that shows a part of the text; lengths are shares of the page's width and height."""

    location: tuple[int | str, ...]
    page: int
    """From 1."""
    left: float
    top: float
    width: float
    height: float


class PageFacts(NamedTuple):
    """What is known of a finished page."""

    digest: str
    """The same for a page that looks the same."""
    width: float
    """In pt."""
    height: float
    headings: tuple[str, ...]


class EarlyPages(NamedTuple):
    """Pages that there are before all is known of them."""

    pages: tuple[PageFacts, ...]
    """From the first one on."""
    pictures: tuple[tuple[PageFacts, bytes, int], ...]
    """Those that are new, each with a PDF that shows it, and its number in that, from 0."""


@dataclass(frozen=True)
class BrandFacts:
    """What was made of a brand."""

    checks: "tuple[Check, ...]"
    letterhead: str
    logo: tuple[str, float, float] | None
    """Its kind, and in mm how wide and high it is printed."""
    faces: tuple[tuple[str, str], ...]
    """What each typeface is for, and its name."""
    contact: int
    """The page with the contact, from 1; 0 for none."""


@dataclass(frozen=True)
class Rendered:
    """What came of a job."""

    pages: tuple[PageFacts, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By their endings: pdf, epub, proof.html."""
    drawn: tuple[tuple[bytes, int], ...] = ()
    """For each page a PDF that shows it, and its number in that, from 0; where there is none, those of ``pdf``."""
    notes: tuple[Problem, ...] = ()
    """What is to be said of it; where it failed, why."""
    spots: tuple[Spot, ...] = ()
    brand: "BrandFacts | None" = None
    """What was made of a brand, where there is one."""
    read: Mapping[Path, Signature] = field(default_factory=dict)
    """The files of users that it was made of, as they were."""
    seconds: float = 0.0
    failed: bool = False

    @property
    def up_to_date(self) -> bool:
        """Whether its files are what they were."""
        return all(signature(path) == was for path, was in self.read.items())

    @property
    def pictures(self) -> Iterator[tuple[PageFacts, bytes, int]]:
        """Its pages, each with a PDF that shows it, and its number in that, from 0."""
        drawn = self.drawn or [(self.files["pdf"], number) for number in range(len(self.pages))]
        return ((page, *where) for page, where in zip(self.pages, drawn, strict=True))
