"""The editions of a handout: one row of a table for each way to print it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from handout_builder.errors import installation
from handout_builder.looks import DEFAULT_LOOK, Look
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import declared

Colours = Literal["rgb", "grey", "cmyk"]
"""What a PDF's colours are made of."""
Standard = Literal["ua-1", "ua-2"]
"""The part of PDF/UA (ISO 14289) that what is read on a screen conforms to."""
Imposition = Literal["", "booklet", "leaflet"]
"""How pages are put on sheets: not at all, folded and stapled, or folded twice."""
Paper = Literal["a4", "letter"]
"""The paper of printers: of the world, and of the United States."""
SheetPaper = Literal[Paper, "a5-two-up"]
"""What a visit sheet is printed on: A4 or Letter, or one side of A4 across, to be folded to A5."""
Format = Literal["pdf", "epub"]
"""A kind of file that handouts are made as."""
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True)
class Edition:
    """How a handout is printed; its rules are in ``layouts/editions/NAME.css``, after those of every print."""

    name: str
    about: str
    """In a few words, for ``--help``."""
    template: str = "print.html"
    stacked: bool = False
    """Whether headings stand above the text, not in a column beside it."""
    colours: Colours = "rgb"
    sheets: Imposition = ""
    """How its pages are put on sheets; such an edition has no tags, as nobody reads it on a screen."""
    standard: Standard = "ua-1"
    """What is read on a screen is PDF/UA-1 and PDF/A-3a, or PDF/UA-2 and PDF/A-4."""
    book: bool = False
    """Whether the EPUB may follow its pages."""
    pages: int = 0
    """The number of pages that it has room for; 0 for any."""
    ladder: tuple[str, ...] = ()
    """Style sheets of ``layouts/fitting/`` to try where the text takes too many pages, or leaves too much white: the
    names of a step with blanks between them."""
    smaller: tuple[str, ...] = ()
    """Further steps, tried before the author's words on cards are omitted."""
    last: tuple[str, ...] = ()
    """Further steps, for what does not fit even without all that it may lack."""
    may_lack: tuple[str, ...] = ()
    """What a short form leaves out where it has no room, the least needed first: see ``left_out`` of Product."""
    step: str = ""
    """The one of the ladder that is in use."""
    look: Look = DEFAULT_LOOK
    """The look that it is printed in."""
    paper: Paper = "a4"
    """What it is printed on, where its name does not say so."""
    both: tuple[str, ...] = ()
    """The style sheets by which it is printed in two languages; none where it is not."""
    in_two: bool = False
    """Whether it is printed in two languages."""

    @property
    def suffix(self) -> str:
        """What its files are called after the language."""
        return ("" if self.name == DEFAULT else f".{self.name}") + self.look.suffix

    def formats(self, wanted: Iterable[Format]) -> list[Format]:
        """Return those of the formats that it is made in."""
        return [kind for kind in wanted if kind == "pdf" or self.book]

    @property
    def in_two_languages(self) -> "Edition":
        """The edition as it is printed in two languages: headings stand above the text, which needs all the width."""
        return replace(self, in_two=True, stacked=True, template="stacked.html")

    @cached_property
    def css(self) -> str:
        """Its own rules; raises HandoutError where a style sheet is missing."""
        names = [*(["stacked"] if self.stacked else []), *([] if self.name == DEFAULT else [self.name])]
        if self.paper not in (DEFAULT, self.name):
            names += self.on_paper(self.paper)
        names += self.both if self.in_two else ()
        paths = [*map(_path, names), *(LAYOUTS / "fitting" / f"{name}.css" for name in self.step.split())]
        return "".join(_sheet(path) for path in paths)

    def on_paper(self, paper: Paper) -> tuple[str, ...]:
        """Return the style sheets that lay it out for another paper: that of the whole pages there, and its own."""
        whole = self.ordinary or (self.in_two and self.name == DEFAULT)
        own = f"{self.name}.{paper}"
        return (*([paper] if whole else []), *([] if whole and not _path(own).is_file() else [own]))

    @property
    def ordinary(self) -> bool:
        """Whether it has whole pages in letters of the usual size: those that a handout's ``pages`` counts."""
        return self.template == Edition.template and not self.stacked

    @property
    def pages_per_sheet(self) -> int:
        """Pages per sheet of its paper (4 for a booklet, the last may be blank), else 1."""
        return 4 if self.sheets == "booklet" else 1

    @property
    def steps(self) -> set[str]:
        """The names of the style sheets that its ladders have."""
        return {name for step in (*self.ladder, *self.smaller, *self.last) for name in step.split()}

    @cached_property
    def tokens(self) -> tuple[tuple[str, str], ...]:
        """The tokens that it sets."""
        return tuple(declared(self.css).items())


def _path(name: str) -> Path:
    return LAYOUTS / "editions" / f"{name}.css"


def _sheet(path: Path) -> str:
    """Return a style sheet; raises HandoutError where it is not there."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise installation(path, "the edition's style sheet is not there") from error


DEFAULT = "a4"
SHEET = Edition("sheet", "what is printed on a sheet beside its pages", template="sheet.html", sheets="booklet")
# The short forms begin with 11.5 and 10.5 pt; a clinic's long words may take them down to 9.5 pt, nothing farther.
_SMALLER = ("10pt", "9.5pt")
_WHOLE = (
    *("tighter", "small-charts", "tighter small-charts", "tighter close-lines", "tighter close-lines small-charts"),
    *("tighter close-lines denser", "tighter close-lines denser small-charts"),
    *("tighter close-lines denser cards-run-on", "tighter close-lines denser cards-run-on small-charts"),
)
EDITIONS: Mapping[str, Edition] = {
    edition.name: edition
    for edition in (
        Edition(DEFAULT, "A4, in colour", book=True, ladder=_WHOLE, both=("both", "beside")),
        Edition("letter", "US Letter, in colour", book=True, ladder=_WHOLE, both=("both", "beside")),
        Edition(
            "large-print",
            "A4 for readers with low vision: 18 pt",
            template="covered.html",
            stacked=True,
            ladder=("closer", "small-charts", "closer small-charts", "closer closest", "closer closest small-charts"),
            both=("both", "below"),
        ),
        Edition("greyscale", "A4 without any colour", colours="grey", ladder=_WHOLE),
        Edition(
            "booklet",
            "A5 pages on A4 sheets, to fold and staple",
            template="booklet.html",
            stacked=True,
            sheets="booklet",
            ladder=("tighter", "tighter snug", "small-charts", "tighter small-charts"),
        ),
        Edition(
            "leaflet",
            "the short form on one A4 sheet, folded twice",
            template="leaflet.html",
            stacked=True,
            sheets="leaflet",
            pages=6,
            ladder=("flowing", "flowing dense apart", "flowing run-on dense", "flowing run-on dense parted"),
            smaller=tuple(f"flowing run-on {size} dense parted" for size in _SMALLER),
            may_lack=(
                *("headings", "sources", "texts", "aids", "others", "places", "tips", "drawings", "lists"),
                *("uses", "cautions"),
            ),
        ),
        Edition(
            "one-page",
            "the short form on one side of A4",
            template="one-page.html",
            pages=1,
            ladder=("columns", "columns 11pt", "columns 11pt dense split", "columns 11pt run-on dense close split"),
            last=tuple(f"columns run-on {size} dense close split" for size in ("10.5pt", *_SMALLER)),
            may_lack=(
                *("headings", "texts", "aids", "others", "tips", "drawings", "summary", "lists", "uses", "cautions"),
            ),
        ),
        Edition("press", "A4 for a print shop: PDF/X-4, CMYK, 3 mm bleed", colours="cmyk", ladder=_WHOLE),
    )
}
"""All editions by their names."""
