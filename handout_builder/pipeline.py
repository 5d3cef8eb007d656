"""The line from source to files, in one straight function.

1. load      source.py    YAML to checked values
2. render    markup.py    values to HTML and XHTML
3. set       pdf.py       HTML to pages, pages to PDF
4. bind      epub.py      XHTML and page numbers to EPUB
5. write     output.py    bytes to files, all at once
"""

import gc
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from handout_builder import markup
from handout_builder.editions import EDITIONS, SHEET, Edition, Standard
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.output import write_all
from handout_builder.source import Source, load
from handout_builder.templates import render

if TYPE_CHECKING:
    from handout_builder.brand import Brand
    from handout_builder.pdf import Pages

Format = Literal["pdf", "epub"]
FORMATS: tuple[Format, ...] = ("pdf", "epub")
Progress = Callable[[str], None]
# Page numbers in the text can move text to other pages; two more passes have always been enough.
_MOST_PASSES = 4


@dataclass(frozen=True)
class Order:
    """One handout in one language, for a clinic or for none, in some editions."""

    folder: Path
    lang: str
    brand: Path | None = None
    """The folder of a brand; its files go into a folder of its name."""
    editions: tuple[Edition, ...] = ()
    """In this order; none for those that the handout lists."""
    standard: Standard = "ua-1"
    """What the editions that are read on a screen conform to."""

    @property
    def name(self) -> str:
        """The path that its files begin with, inside the output folder."""
        stem = f"{self.folder.name}.{self.lang}"
        return f"{self.brand.resolve().name}/{stem}" if self.brand else stem


def _silent(_: str) -> None:
    """Report nothing."""


def check(orders: Iterable[Order], progress: Progress = _silent, *, strict: bool = False) -> list[Problem]:
    """Load, render and set everything, write nothing; return every problem, warning and note.

    ``strict`` takes warnings, and what was changed in a brand, as errors.
    """
    problems: list[Problem] = []
    brands = _Brands()
    for order in orders:
        try:
            for source in _sources(order, brands):
                problems += source.notes
                made = make(source, _kinds(source, FORMATS), progress)
                problems += _coarse(source, made["pdf"])
        except HandoutError as error:
            problems += error.problems
    problems = list(dict.fromkeys(problems))
    return [*map(Problem.strictly, problems)] if strict else problems


def build(
    orders: Iterable[Order],
    out: Path,
    formats: Iterable[Format] = FORMATS,
    progress: Progress = _silent,
    *,
    strict: bool = False,
    proof: bool = False,
) -> tuple[list[Path], list[Problem]]:
    """Build the files of all orders into ``out``; return their paths, and the warnings and notes.

    ``strict`` takes warnings, and what was changed in a brand, as errors. ``proof`` adds two files to each PDF
    that say what is in it: one for programs (JSON), one for people (HTML).

    Raises HandoutError with the problems of all orders; then no file has been written.
    """
    wanted = tuple(formats)
    files: dict[Path, bytes] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    brands = _Brands()
    for order in orders:
        try:
            for source in _sources(order, brands):
                if files:
                    gc.collect()  # laid-out pages are full of cycles, and the program has switched the collector off
                notes += source.notes
                if strict and (errors := [p for p in map(Problem.strictly, notes) if p.severity is Severity.ERROR]):
                    raise HandoutError(errors)
                # The book goes with the first edition that it can follow.
                kinds = {kind: out / f"{order.name}{_ending(source, kind)}" for kind in _kinds(source, wanted)}
                missing = [kind for kind, path in kinds.items() if path not in files]
                made = make(source, missing, progress)
                files |= {kinds[kind]: data for kind, data in made.items()}
                if "pdf" in made:
                    notes += _coarse(source, made["pdf"])
                if proof and "pdf" in made:
                    files |= _proof(kinds["pdf"], made["pdf"], source)
        except HandoutError as error:
            problems += error.problems
    if problems:
        raise HandoutError(dict.fromkeys(problems))
    write_all(files)
    return list(files), list(dict.fromkeys(notes))


def _sources(order: Order, brands: "_Brands") -> list[Source]:
    """Load an order's handout, once for all of its editions."""
    source = load(order.folder, order.lang, brands.get(order.brand))
    editions = order.editions or [EDITIONS[name] for name in dict.fromkeys(source.handout.editions)]
    return [replace(source, edition=replace(edition, standard=order.standard)) for edition in editions]


def _kinds(source: Source, wanted: Iterable[Format]) -> list[Format]:
    """Return the formats that a handout's edition is made in."""
    return [kind for kind in wanted if kind == "pdf" or source.edition.book]


def _ending(source: Source, kind: Format) -> str:
    """Return how the name of a file ends: books have no edition."""
    return f"{source.edition.suffix if kind == 'pdf' else ''}.{kind}"


class _Brands:
    """Loads each brand once, for as many handouts as are made with it."""

    def __init__(self) -> None:
        self.loaded: dict[Path, Brand] = {}

    def get(self, folder: Path | None) -> "Brand | None":
        if folder is None:
            return None
        if folder not in self.loaded:
            from handout_builder.brand import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

            self.loaded[folder] = load_brand(folder)
        return self.loaded[folder]


def make(source: Source, formats: Iterable[Format], progress: Progress = _silent) -> Mapping[Format, bytes]:
    """Return the bytes of a loaded handout's files."""
    from handout_builder import epub  # noqa: PLC0415  # the engines take most of a start's time

    brand, edition = source.brand, source.edition
    name = f"{brand.name + '/' if brand else ''}{source.name}.{source.lang}{edition.suffix}"
    progress(f"{name}: setting pages")
    # The book's page list comes from the printed pages, so they are set for the EPUB, too.
    pages = _settled(source)
    for step in edition.ladder:
        if pages.count > edition.pages if edition.pages else pages.alone("sources"):
            tighter = replace(source, edition=replace(edition, step=step))
            other = _settled(tighter)
            if other.count < pages.count:
                source, pages = tighter, other
    if edition.pages and pages.count > edition.pages:
        message = f"the edition {edition.name} has room for {edition.pages} pages, and the text takes {pages.count}"
        hint = "shorten the clinic's words, the summary or the lists; or print another edition"
        raise HandoutError([Problem("too-long", message, source.folder, hint=hint)])
    products: dict[Format, bytes] = {}
    for kind in formats:
        progress(f"{name}: making {kind}")
        products[kind] = _pdf(pages, source) if kind == "pdf" else epub.write(source, pages.starts)
    return products


def _settled(source: Source) -> "Pages":
    """Lay out a handout until the page numbers in its text are those of its pages."""
    from handout_builder import pdf  # noqa: PLC0415

    numbers = markup.first_pages(source)
    for _ in range(_MOST_PASSES):
        html = markup.print_html(source, numbers)
        pages = pdf.lay_out(html, source)
        real = {ident: pages.page_of.get(ident, page) for ident, page in numbers.items()}
        if all(numbers[ident] == real[ident] for ident in markup.linked(html)):
            return pages
        numbers = real
    message = "the page numbers in the text move it from page to page"
    raise HandoutError([Problem("page-numbers", message, source.folder, hint="take a link to a section out")])


def _pdf(pages: "Pages", source: Source) -> bytes:
    """Return the PDF of an edition, its pages put on sheets where it has any."""
    from handout_builder import pdf  # noqa: PLC0415

    written = pdf.write(pages, source)
    if not source.edition.sheets:
        return written
    from handout_builder import impose  # noqa: PLC0415  # only for booklets and leaflets

    booklet = source.edition.sheets == "booklet"
    sides = impose.booklet(pages.count) if booklet else impose.leaflet(pages.count)
    labels, sheets = source.shared.labels, sides[-1].sheet
    sides = [
        replace(
            side,
            proof=labels["sheet_front" if side.front else "sheet_back"].format(
                name=f"{source.name}.{source.lang}", sheet=side.sheet, sheets=sheets
            ),
        )
        for side in sides
    ]
    sheet = replace(source, edition=SHEET)
    empty = pdf.write(pdf.lay_out(markup.sheet_html(sheet, sides), sheet), sheet)
    return impose.impose(written, empty, sides)


def _coarse(source: Source, data: bytes) -> list[Problem]:
    """Return warnings for pictures of a press's file that have too few dots."""
    if source.edition.colours != "cmyk":
        return []
    from handout_builder.proof import coarse_pictures  # noqa: PLC0415  # only for a print shop

    return coarse_pictures(data, source)


def _proof(path: Path, data: bytes, source: Source) -> dict[Path, bytes]:
    """Return the two files of a PDF's proof, to lie beside it."""
    from handout_builder import proof  # noqa: PLC0415  # only for who asks for it

    html = markup.print_html(source, markup.first_pages(source))
    report = proof.report(path.name, data, source, html)
    look = source.look.tokens
    page = render(
        None,
        "proof.html",
        r=report,
        pictures=proof.contact_sheet(data),
        least_dpi=proof.LEAST_DPI,
        ink=look["ink"],
        line=look["line2"],
    )
    return {
        path.with_suffix(".proof.json"): (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode(),
        path.with_suffix(".proof.html"): page.encode(),
    }
