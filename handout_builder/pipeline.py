"""The line from source to bytes, in one straight function.

1. load      content/loader.py      YAML to checked values
2. render    render/printing.py     values to HTML and XHTML
3. set       pdf/typeset.py         HTML to pages, pages to PDF
4. bind      epub/package.py        XHTML and page numbers to EPUB
5. write     atomic_files.py        bytes to files, all at once
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from handout_builder import fitting, privacy, source_files
from handout_builder.content.loader import Common, Source, load, load_common
from handout_builder.editions import SHEET, Format
from handout_builder.errors import HandoutError, Problem, in_order
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent
from handout_builder.render import printing, short_form
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.pdf.layout_faults import Mends
    from handout_builder.pdf.typeset import Pages

K = TypeVar("K")
V = TypeVar("V")

# Each section that may follow the text before sets all pages anew, to save one of them.
_MOST_JOINED = 30
# Page numbers in the text can move text to other pages; two more passes have always been enough.
_MOST_PASSES = 4


def reviewed(product: Product) -> list[Problem]:
    """Return what is to be said of a handout and its brand before anything is made, in the order of files and lines.

    Raises HandoutError when the word lists of its language cannot be read.
    """
    from handout_builder.plain_language.review import review  # noqa: PLC0415  # a plain build needs no rules

    found = [*review(product.source), *printed(product).brand_notes]
    if product.source.handout.translation:
        from handout_builder.translation.review import of_handout  # noqa: PLC0415  # few texts are translations

        found += of_handout(product.source)
    return in_order(found)


class Loader:
    """Loads handouts and brands: what several products share once, and a text once for all that is made of it."""

    def __init__(self) -> None:
        self._brands: dict[Path, tuple[Brand, Files]] = {}
        self._common: dict[tuple[Path, str], tuple[Common, Files]] = {}
        self._texts: dict[Path, tuple[Source, Files]] = {}

    def load(self, order: Order) -> Product:
        """Return an order's handout in its brand, and in the edition that is made by default; raises HandoutError."""
        root, lang, folder = order.folder.parent, order.lang, order.brand
        known = _once(self._common, (root, lang), lambda: load_common(root, lang))
        brand = _once(self._brands, folder, lambda: _brand(folder)) if folder else None
        if order.text not in self._texts:
            self._texts.clear()  # one is enough, as products come handout by handout
        source = _once(self._texts, order.text, lambda: load(order.folder, lang, known))
        return Product(source, brand)


Files = Mapping[Path, str]
"""What was read, as source_files notes it."""


def _once(kept: dict[K, tuple[V, Files]], key: K, load_it: Callable[[], V]) -> V:
    """Return what was loaded for a key, once for all; its files are noted each time, as they were read then."""
    if key not in kept:
        with source_files.recording() as read:
            kept[key] = load_it(), read
    value, files = kept[key]
    source_files.note(files)
    return value


def _brand(folder: Path) -> "Brand":
    from handout_builder.brand.loader import load_brand  # noqa: PLC0415  # colours and QR codes only with a brand

    return load_brand(folder)


class MadeFiles(dict[Format, bytes]):
    """The bytes of a product's files."""

    notes: tuple[Problem, ...] = ()
    """What is to be said of them: what could be better on the pages, what a short form has no room for."""
    pages: "Pages | None" = None
    """The laid-out pages that they were made from."""


def make(product: Product, formats: Iterable[Format], progress: Progress = silent) -> MadeFiles:
    """Return the bytes of a product's files.

    Raises HandoutError where something would be printed over something else, or cut off; of pages that are made out to
    one person it quotes nothing.
    """
    if not product.personal:
        return _made(product, formats, progress)
    files = privacy.kept(product.source.folder, lambda: _made(product, formats, progress))
    files.notes = tuple(map(privacy.without_words, files.notes))
    return files


def _made(product: Product, formats: Iterable[Format], progress: Progress) -> MadeFiles:
    """Return the bytes of a product's files; raises HandoutError."""
    product = printed(product)
    edition = product.edition
    progress(f"{product.name}: setting pages")
    # The book's page list comes from the printed pages, so they are set for the EPUB, too.
    pages = settled(product)
    product, pages = fitting.fitted(product, pages, settled) if edition.may_lack else _tightened(product, pages)
    pages = _joined(product, pages)
    if edition.pages and pages.count > edition.pages:
        whose = f" with what the brand {product.brand.name} adds" if product.brand else ""
        room = f"{edition.pages} pages" if edition.pages > 1 else "one page"
        message = f"the edition {edition.name} has room for {room}, and the text takes {pages.count}{whose}"
        hint = "shorten the clinic's words, the summary or the lists; or print another edition"
        raise HandoutError([Problem("too-long", message, product.source.folder, hint=hint)])
    files = MadeFiles()
    files.pages = pages
    files.notes = (*pages.checked(product), *short_form.lacks(product))
    for kind in formats:
        progress(f"{product.name}: making {kind}")
        files[kind] = _pdf(pages, product) if kind == "pdf" else _epub(pages, product)
    return files


def _tightened(product: Product, pages: "Pages") -> tuple[Product, "Pages"]:
    """Return a product with the step of its edition's ladder by which it takes the fewest pages, if it has too many."""
    edition = product.edition
    for step in edition.ladder:
        if pages.count > edition.pages if edition.pages else pages.alone("sources") or pages.any_mostly_empty:
            tighter = replace(product, edition=replace(edition, step=step))
            other = settled(tighter)
            if other.count < pages.count:
                product, pages = tighter, other
    return product, pages


def settled(product: Product, like: "Pages | None" = None) -> "Pages":
    """Lay out a handout until the page numbers in its text are those of its pages.

    Most of these, and of what has to be set in another way, are those of pages ``like`` it.
    """
    from handout_builder.pdf import typeset  # noqa: PLC0415

    numbers = printing.first_pages(product)
    mended: Mends = {}
    if like:
        numbers = {ident: like.page_of.get(ident, page) for ident, page in numbers.items()}
        mended = like.mended
    for _ in range(_MOST_PASSES):
        html = printing.print_html(product, numbers)
        pages = typeset.lay_out(html, product, mended)
        mended = pages.mended
        real = {ident: pages.page_of.get(ident, page) for ident, page in numbers.items()}
        if all(numbers[ident] == real[ident] for ident in printing.linked(html) & numbers.keys()):
            return pages
        numbers = real
        del pages  # those of a long handout take hundreds of MB
    message = "the page numbers in the text move it from page to page"
    raise HandoutError([Problem("page-numbers", message, product.source.folder, hint="take a link to a section out")])


def _joined(product: Product, pages: "Pages") -> "Pages":
    """Let sections that should start a page follow the text before, where a page is mostly empty that need not be."""
    starting = [section.id for section in product.source.handout.sections if section.starts_page]
    if pages.count > _MOST_JOINED:
        return pages
    for ident in starting:
        first = pages.page_of.get(ident, 1)
        others = (page - 1 for other in starting if (page := pages.page_of.get(other, 0)) > first)
        empty = pages.mostly_empty(first - 1)
        if empty or pages.may_join(first, min(others, default=pages.count)):
            run_on = _without_start(product, ident)
            other = settled(run_on, pages)
            better = empty and (other.count, len(other.faults)) < (pages.count + 1, len(pages.faults))
            if better or other.count < pages.count:
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
    sheet = replace(product, edition=SHEET)
    if booklet:
        width, height = (sheet.theme.measure(name) for name in ("sheet-width", "sheet-height"))
        sides = imposition.booklet(pages.count, (width, height), cover="back-cover" in pages.page_of)
    else:
        panel, flap = (product.theme.measure(name) for name in ("panel", "flap"))
        sides = imposition.leaflet(pages.count, (panel, flap))
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
    empty_sheet = typeset.lay_out(printing.sheet_html(sheet, sides), sheet)
    empty_sheet.checked(sheet)
    empty = typeset.write(empty_sheet, sheet)
    return imposition.impose(written, empty, sides)


def remarks(product: Product, made: MadeFiles) -> list[Problem]:
    """Return what is to be said of finished files: the engine's way, what a short form lacks, coarse pictures."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    notes = [*made.notes, *typeset.engine_notes()]
    if product.edition.colours != "cmyk" or "pdf" not in made:
        return notes
    from handout_builder.pdf.preflight import coarse_pictures  # noqa: PLC0415  # only for a print shop

    return [*notes, *coarse_pictures(made["pdf"], product.source.folder)]
