"""The line from source to bytes, in one straight function; and ``check``.

1. load      content/loader.py      YAML to checked values
2. render    render/context.py      values to HTML and XHTML
3. set       pdf/typeset.py         HTML to pages, pages to PDF
4. bind      epub/package.py        XHTML and page numbers to EPUB
5. write     atomic_files.py        bytes to files, all at once
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder.content.loader import Common, Source, common, load
from handout_builder.editions import FORMATS, SHEET, Format
from handout_builder.errors import HandoutError, Problem
from handout_builder.orders import Order
from handout_builder.render import context

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.pdf.typeset import Pages

Progress = Callable[[str], None]
# Page numbers in the text can move text to other pages; two more passes have always been enough.
_MOST_PASSES = 4


def _silent(_: str) -> None:
    """Report nothing."""


def check(orders: Iterable[Order], progress: Progress = _silent, *, strict: bool = False) -> list[Problem]:
    """Load, render and set everything, write nothing; return every problem, warning and note.

    ``strict`` takes warnings, and what was changed in a brand, as errors.
    """
    from handout_builder.plain_language.review import review  # noqa: PLC0415  # a plain build needs no rules

    problems: list[Problem] = []
    loader = Loader()
    for order in orders:
        try:
            source = loader.load(order)
            problems += review(source)
            for edition in order.chosen(source.handout.editions, source.handout.look):
                dressed = replace(source, edition=edition)
                problems += coarse(dressed, make(dressed, edition.formats(FORMATS), progress))
        except HandoutError as error:
            problems += error.problems
    problems = list(dict.fromkeys(problems))
    return [*map(Problem.strictly, problems)] if strict else problems


class Loader:
    """Loads handouts, what several of them share once, and a text once for all of its editions."""

    def __init__(self) -> None:
        self._brands: dict[Path, Brand] = {}
        self._common: dict[tuple[Path, str], Common] = {}
        self._last: tuple[Order, Source] | None = None

    def load(self, order: Order) -> Source:
        """Return an order's handout; raises HandoutError."""
        order = replace(order, editions=())
        if self._last is None or self._last[0] != order:
            root = order.folder.parent
            known = self._common.get((root, order.lang))
            if known is None:
                known = self._common[root, order.lang] = common(root, order.lang)
            self._last = order, load(order.folder, order.lang, self._brand(order.brand), known)
        return self._last[1]

    def _brand(self, folder: Path | None) -> "Brand | None":
        if folder is None:
            return None
        if folder not in self._brands:
            from handout_builder.brand.loader import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

            self._brands[folder] = load_brand(folder)
        return self._brands[folder]


def make(source: Source, formats: Iterable[Format], progress: Progress = _silent) -> Mapping[Format, bytes]:
    """Return the bytes of a loaded handout's files."""
    from handout_builder.epub import package  # noqa: PLC0415  # the engines take most of a start's time

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
    pages = _joined(source, pages)
    if edition.pages and pages.count > edition.pages:
        message = f"the edition {edition.name} has room for {edition.pages} pages, and the text takes {pages.count}"
        hint = "shorten the clinic's words, the summary or the lists; or print another edition"
        raise HandoutError([Problem("too-long", message, source.folder, hint=hint)])
    products: dict[Format, bytes] = {}
    for kind in formats:
        progress(f"{name}: making {kind}")
        products[kind] = _pdf(pages, source) if kind == "pdf" else package.write(source, pages.starts)
    return products


def _settled(source: Source) -> "Pages":
    """Lay out a handout until the page numbers in its text are those of its pages."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    numbers = context.first_pages(source)
    for _ in range(_MOST_PASSES):
        html = context.print_html(source, numbers)
        pages = typeset.lay_out(html, source)
        real = {ident: pages.page_of.get(ident, page) for ident, page in numbers.items()}
        if all(numbers[ident] == real[ident] for ident in context.linked(html)):
            return pages
        numbers = real
    message = "the page numbers in the text move it from page to page"
    raise HandoutError([Problem("page-numbers", message, source.folder, hint="take a link to a section out")])


def _joined(source: Source, pages: "Pages") -> "Pages":
    """Let sections that should start a page follow the text before where that saves a page which is mostly empty."""
    starting = [section.id for section in source.handout.sections if section.starts_page]
    for ident in starting:
        first = pages.page_of.get(ident, 1)
        others = (page - 1 for other in starting if (page := pages.page_of.get(other, 0)) > first)
        if pages.may_join(first, min(others, default=pages.count)):
            run_on = _without_start(source, ident)
            other = _settled(run_on)
            if other.count < pages.count:
                source, pages = run_on, other
    return pages


def _without_start(source: Source, ident: str) -> Source:
    """Return the handout with a section that starts no page."""
    sections = [
        section.model_copy(update={"starts_page": section.starts_page and section.id != ident})
        for section in source.handout.sections
    ]
    return replace(source, handout=source.handout.model_copy(update={"sections": sections}))


def _pdf(pages: "Pages", source: Source) -> bytes:
    """Return the PDF of an edition, its pages put on sheets where it has any."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    written = typeset.write(pages, source)
    if not source.edition.sheets:
        return written
    from handout_builder.pdf import imposition  # noqa: PLC0415  # only for booklets and leaflets

    booklet = source.edition.sheets == "booklet"
    sides = imposition.booklet(pages.count) if booklet else imposition.leaflet(pages.count)
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
    empty = typeset.write(typeset.lay_out(context.sheet_html(sheet, sides), sheet), sheet)
    return imposition.impose(written, empty, sides)


def coarse(source: Source, made: Mapping[Format, bytes]) -> list[Problem]:
    """Return warnings for pictures of a press's file that have too few dots."""
    if source.edition.colours != "cmyk" or "pdf" not in made:
        return []
    from handout_builder.pdf.preflight import coarse_pictures  # noqa: PLC0415  # only for a print shop

    return coarse_pictures(made["pdf"], source)
