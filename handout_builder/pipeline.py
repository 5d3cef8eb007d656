"""The line from source to bytes, in one straight function; and ``check``.

1. load      content/loader.py      YAML to checked values
2. render    render/printing.py     values to HTML and XHTML
3. set       pdf/typeset.py         HTML to pages, pages to PDF
4. bind      epub/package.py        XHTML and page numbers to EPUB
5. write     atomic_files.py        bytes to files, all at once
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder.content.loader import Common, Source, load, load_common
from handout_builder.editions import FORMATS, SHEET, Format
from handout_builder.errors import HandoutError, Problem, in_order
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent
from handout_builder.render import printing
from handout_builder.render.product import Product

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.pdf.typeset import Pages

# Page numbers in the text can move text to other pages; two more passes have always been enough.
# Each section that may follow the text before sets all pages anew, to save one of them.
_MOST_JOINED = 30
_MOST_PASSES = 4


def check(orders: Iterable[Order], progress: Progress = silent, *, strict: bool = False) -> list[Problem]:
    """Load, render and set everything, write nothing; return every problem, warning and note.

    ``strict`` takes warnings, and what was changed in a brand, as errors.
    """
    problems: list[Problem] = []
    loader = Loader()
    for order in orders:
        try:
            product = loader.load(order)
            problems += reviewed(product)
            for edition in order.chosen(product.source.handout.editions, product.source.handout.look):
                edited = replace(product, edition=edition)
                problems += remarks(edited, make(edited, edition.formats(FORMATS), progress))
        except HandoutError as error:
            problems += error.problems
    problems = list(dict.fromkeys(problems))
    return [*map(Problem.strictly, problems)] if strict else problems


def reviewed(product: Product) -> list[Problem]:
    """Return what is to be said of a handout and its brand before anything is made, in the order of files and lines.

    Raises HandoutError when the word lists of its language cannot be read.
    """
    from handout_builder.plain_language.review import review  # noqa: PLC0415  # a plain build needs no rules

    return in_order([*review(product.source), *product.brand_notes])


class Loader:
    """Loads handouts and brands: what several products share once, and a text once for all that is made of it."""

    def __init__(self) -> None:
        self._brands: dict[Path, Brand] = {}
        self._common: dict[tuple[Path, str], Common] = {}
        self._last: tuple[Path, Source] | None = None

    def load(self, order: Order) -> Product:
        """Return an order's handout in its brand, and in the edition that is made by default; raises HandoutError."""
        known = self._shared(order.folder.parent, order.lang)
        brand = self._brand(order.brand)
        if self._last is None or self._last[0] != order.text:
            self._last = order.text, load(order.folder, order.lang, known)
        return Product(self._last[1], brand)

    def _shared(self, root: Path, lang: str) -> Common:
        if (root, lang) not in self._common:
            self._common[root, lang] = load_common(root, lang)
        return self._common[root, lang]

    def _brand(self, folder: Path | None) -> "Brand | None":
        if folder is None:
            return None
        if folder not in self._brands:
            from handout_builder.brand.loader import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

            self._brands[folder] = load_brand(folder)
        return self._brands[folder]


def make(product: Product, formats: Iterable[Format], progress: Progress = silent) -> Mapping[Format, bytes]:
    """Return the bytes of a product's files."""
    edition = product.edition
    progress(f"{product.name}: setting pages")
    # The book's page list comes from the printed pages, so they are set for the EPUB, too.
    pages = _settled(product)
    for step in edition.ladder:
        if pages.count > edition.pages if edition.pages else pages.alone("sources"):
            tighter = replace(product, edition=replace(edition, step=step))
            other = _settled(tighter)
            if other.count < pages.count:
                product, pages = tighter, other
    pages = _joined(product, pages)
    if edition.pages and pages.count > edition.pages:
        message = f"the edition {edition.name} has room for {edition.pages} pages, and the text takes {pages.count}"
        hint = "shorten the clinic's words, the summary or the lists; or print another edition"
        raise HandoutError([Problem("too-long", message, product.source.folder, hint=hint)])
    files: dict[Format, bytes] = {}
    for kind in formats:
        progress(f"{product.name}: making {kind}")
        files[kind] = _pdf(pages, product) if kind == "pdf" else _epub(pages, product)
    return files


def _settled(product: Product) -> "Pages":
    """Lay out a handout until the page numbers in its text are those of its pages."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    numbers = printing.first_pages(product)
    for _ in range(_MOST_PASSES):
        html = printing.print_html(product, numbers)
        pages = typeset.lay_out(html, product)
        real = {ident: pages.page_of.get(ident, page) for ident, page in numbers.items()}
        if all(numbers[ident] == real[ident] for ident in printing.linked(html)):
            return pages
        numbers = real
    message = "the page numbers in the text move it from page to page"
    raise HandoutError([Problem("page-numbers", message, product.source.folder, hint="take a link to a section out")])


def _joined(product: Product, pages: "Pages") -> "Pages":
    """Let sections that should start a page follow the text before where that saves a page which is mostly empty."""
    starting = [section.id for section in product.source.handout.sections if section.starts_page]
    if pages.count > _MOST_JOINED:
        return pages
    for ident in starting:
        first = pages.page_of.get(ident, 1)
        others = (page - 1 for other in starting if (page := pages.page_of.get(other, 0)) > first)
        if pages.may_join(first, min(others, default=pages.count)):
            run_on = _without_start(product, ident)
            other = _settled(run_on)
            if other.count < pages.count:
                product, pages = run_on, other
    return pages


def _without_start(product: Product, ident: str) -> Product:
    """Return a product in which a section starts no page."""
    handout = product.source.handout
    sections = [
        section.model_copy(update={"starts_page": section.starts_page and section.id != ident})
        for section in handout.sections
    ]
    return replace(product, source=replace(product.source, handout=handout.model_copy(update={"sections": sections})))


def _epub(pages: "Pages", product: Product) -> bytes:
    """Return the book that follows the pages of an edition."""
    from handout_builder.epub import package  # noqa: PLC0415  # the engines take most of a start's time
    from handout_builder.pdf.cover import cover  # noqa: PLC0415

    return package.write(product, pages.starts, cover(product))


def _pdf(pages: "Pages", product: Product) -> bytes:
    """Return the PDF of an edition, its pages put on sheets where it has any."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    written = typeset.write(pages, product)
    if not product.edition.sheets:
        return written
    from handout_builder.pdf import imposition  # noqa: PLC0415  # only for booklets and leaflets

    source, booklet = product.source, product.edition.sheets == "booklet"
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
    sheet = replace(product, edition=SHEET)
    empty = typeset.write(typeset.lay_out(printing.sheet_html(sheet, sides), sheet), sheet)
    return imposition.impose(written, empty, sides)


def remarks(product: Product, made: Mapping[Format, bytes]) -> list[Problem]:
    """Return what is to be said of finished files: the engine's way, and a press's pictures with too few dots."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    notes = typeset.engine_notes()
    if product.edition.colours != "cmyk" or "pdf" not in made:
        return notes
    from handout_builder.pdf.preflight import coarse_pictures  # noqa: PLC0415  # only for a print shop

    return [*notes, *coarse_pictures(made["pdf"], product.source.folder)]
