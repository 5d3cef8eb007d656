"""The line from source to bytes, in one straight function.

1. load      content/loader.py      YAML to checked values
2. render    render/printing.py     values to HTML and XHTML
3. set       pdf/typeset.py         HTML to pages, pages to PDF
4. bind      epub/package.py        XHTML and page numbers to EPUB
5. write     atomic_files.py        bytes to files, all at once
"""

import gc
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from handout_builder import fitting, privacy, source_files
from handout_builder.content.loader import Common, Source, load, load_common
from handout_builder.editions import SHEET, Edition, Format
from handout_builder.errors import HandoutError, Problem, in_order
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent
from handout_builder.render import printing, short_form
from handout_builder.render.bilingual import refuse_unlike
from handout_builder.render.product import Product
from handout_builder.render.typography import printed

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.pdf.layout_faults import Mends
    from handout_builder.pdf.pages import Pages

K = TypeVar("K")
V = TypeVar("V")

# To lay out all pages anew takes an eighth of a build.
_MOST_TRIED = 2
# A handout of more pages is long: they stay in the arrangement that they have.
_LONG = 30
# Page numbers in the text can move text to other pages; two more passes have always been enough.
_MOST_PASSES = 4
# What stands between the tags of a page.
_WORDS = re.compile(r">[^<]*")


def reviewed(product: Product) -> list[Problem]:
    """Return the problems of a handout and its brand, sorted by file and line. Builds nothing.

    Raises HandoutError when the word lists of its language cannot be read.
    """
    from handout_builder.plain_language.review import review  # noqa: PLC0415  # a plain build needs no rules

    found = [*review(product.source), *printed(product).brand_notes]
    if product.second:
        found += review(product.second)
    for source in product.sources:
        if source.handout.translation:
            from handout_builder.translation.review import of_handout  # noqa: PLC0415  # few texts are translations

            found += of_handout(source)
    return in_order(found)


class Loader:
    """Loads handouts and brands: what several products share once, and a text once for all that is made of it."""

    def __init__(self) -> None:
        self._brands: dict[Path, tuple[Brand, Files]] = {}
        self._common: dict[tuple[Path, str], tuple[Common, Files]] = {}
        self._texts: dict[Path, tuple[Source, Files]] = {}

    def load(self, order: Order) -> Product:
        """Return an order's handout in its brand, and in the edition that is made by default; raises HandoutError."""
        folder = order.brand
        brand = _once(self._brands, folder, lambda: _brand(folder)) if folder else None
        langs = [order.lang, *filter(None, [order.second])]
        if any(order.folder / f"{lang}.yaml" not in self._texts for lang in langs):
            self._texts.clear()  # one handout is enough, as products come handout by handout
        source, *second = (self._text(order.folder, lang) for lang in langs)
        refuse_unlike(source, *second)
        return Product(source, brand, second=second[0] if second else None)

    def _text(self, folder: Path, lang: str) -> Source:
        root = folder.parent
        known = _once(self._common, (root, lang), lambda: load_common(root, lang))
        return _once(self._texts, folder / f"{lang}.yaml", lambda: load(folder, lang, known))


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


@dataclass(frozen=True)
class Arrangement:
    """How pages were arranged: those of the same text with a few other words may be so, too."""

    edition: Edition
    """With the distances that were chosen."""
    html: str
    mended: "Mends"
    page_of: Mapping[str, int]
    count: int
    notes: tuple[Problem, ...]

    @cached_property
    def elements(self) -> str:
        """The page without its words: what is mended is told by the numbers of elements."""
        return _WORDS.sub(">", self.html)


class MadeFiles(dict[Format, bytes]):
    """The bytes of a product's files."""

    notes: tuple[Problem, ...] = ()
    """Notes and warnings: what could be better on the pages, what a short form has no room for."""
    pages: "Pages | None" = None
    """The laid-out pages that they were made from."""
    arrangement: Arrangement | None = None


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
    product, pages, notes = laid_out(printed(product), progress)
    files = _files(product, pages, notes)
    for kind in formats:
        progress(f"{product.name}: making {kind}")
        files[kind] = _pdf(pages, product) if kind == "pdf" else _epub(pages, product)
    return files


def _files(product: Product, pages: "Pages", notes: Iterable[Problem]) -> MadeFiles:
    """Return no file yet, with all that is known of the pages."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    files = MadeFiles()
    files.pages = pages
    files.notes = (*typeset.checked(pages, product), *notes, *short_form.lacks(product))
    if product.edition.may_lack:
        from handout_builder.plain_language import left_out  # noqa: PLC0415  # only short forms lack something

        files.notes = (*files.notes, *left_out.told(product))
    files.arrangement = Arrangement(product.edition, pages.html, pages.mended, pages.page_of, pages.count, tuple(notes))
    return files


def preview(product: Product, known: Collection[int] = (), before: Arrangement | None = None) -> MadeFiles:
    """Return a PDF with pages that a product's PDF has, to be looked at while it is written: see typeset.preview.

    It has those whose looks (see ``Pages.looks``) are not ``known``; there is none where all are. Only pages that may
    be other than in the preview before are laid out, in the arrangement ``before`` where that holds them as it did:
    whether another is better by now is for ``make`` to find. Raises HandoutError as ``make`` does, but for what is
    known of a finished file only.
    """
    from handout_builder.pdf import typeset  # noqa: PLC0415

    with typeset.typing():
        product, pages, notes = laid_out(printed(product), before=before)
    files = _files(product, pages, notes)
    if new := [number for number, look in enumerate(pages.looks) if look not in known]:
        files["pdf"] = typeset.preview(pages, product, new)
    return files


def laid_out(
    product: Product, progress: Progress = silent, before: Arrangement | None = None
) -> "tuple[Product, Pages, Sequence[Problem]]":
    """Return a product that has its marks (see ``printed``) as it fits on its pages, these, and the problems found.

    An arrangement ``before`` is kept where it is one of the same elements, and holds them as it did. Raises
    HandoutError where an edition has no room for it.
    """
    edition = product.edition
    progress(f"{product.name}: laying out pages")
    # The book's page list comes from the printed pages, so they are laid out for the EPUB, too.
    notes: Sequence[Problem] = ()
    if edition.pages:
        product, pages = fitting.fitted(product, _within)
    else:
        product, pages, notes = (before and _as_before(product, before)) or _arranged(product)
    if edition.pages and pages.count > edition.pages:
        from handout_builder.pdf import layout_report  # noqa: PLC0415

        own = pages.used - pages.share_of(layout_report.CONTACT)
        raise HandoutError([layout_report.too_long(product, pages.count, own)])
    return product, pages, notes


def _as_before(product: Product, before: Arrangement) -> "tuple[Product, Pages, Sequence[Problem]] | None":
    """Return what ``_arranged`` does, in the arrangement before; None where that is of something else, or other now."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    if replace(product.edition, step=before.edition.step) != before.edition:
        return None
    product = replace(product, edition=before.edition)
    numbers = _real(before, printing.first_pages(product))
    html = printing.print_html(product, numbers)
    if _WORDS.sub(">", html) != before.elements:
        return None
    pages = typeset.lay_out(html, product, before.mended)
    stays = (pages.count, pages.mended) == (before.count, before.mended)
    return (product, pages, before.notes) if stays and _is_told(html, numbers, _real(pages, numbers)) else None


class _Arranged(NamedTuple):
    """Pages in the arrangement that costs least."""

    product: Product
    """What they are of, with the distances of their plan."""
    pages: "Pages"
    numbers: Mapping[str, int]
    """The page numbers in their text."""
    note: Problem | None
    """Notes, where they were laid out more than once."""


def _arranged(product: Product) -> "tuple[Product, Pages, Sequence[Problem]]":
    """Return a product as its pages are arranged best, these pages, and the notes on their arrangement."""
    from handout_builder.pdf import plan_report  # noqa: PLC0415

    asked = (product.source.handout.pages or 0) if product.edition.ordinary else 0
    chosen, pages, numbers, note = _best(product, asked)
    real = _real(pages, numbers)
    if not _is_told(pages.html, numbers, real):
        mended, count = pages.mended, pages.count
        del pages
        _collect(count)
        pages = settled(chosen, real, mended)
    notes = [note] if note else []
    if 0 < asked < pages.count:
        notes.append(plan_report.too_many(pages, asked, product))
    return chosen, pages, notes


def _best(product: Product, asked: int) -> _Arranged:
    """Set pages, and where they are not good, or more than were asked for, in few other arrangements."""
    from handout_builder.pdf import page_cost, page_plan, plan_report  # noqa: PLC0415

    numbers = printing.first_pages(product)
    first = _set(product, numbers)
    if first.count > _LONG or page_cost.is_good(first, asked):
        return _Arranged(product, first, numbers, None)
    least, tried = page_plan.cost(first, page_plan.Plan()), 0
    best: tuple[page_plan.Plan, Pages, dict[str, int]] | None = None
    for plan, mends, page_of, thought in islice(page_plan.better(first, product), _MOST_TRIED):
        if best and least < thought + page_cost.GAIN:
            break  # the best one came out as was thought, or the next one could not be much better
        tried += 1
        known = {ident: page_of.get(ident, page) for ident, page in _real(first, numbers).items()}
        pages = _set(plan.product(product), known, mends)
        if (whole := page_plan.cost(pages, plan)) < least:
            least, best = whole, (plan, pages, known)
    if best is None:
        return _Arranged(product, first, numbers, plan_report.kept(tried, product) if tried else None)
    chosen, arranged, told = best
    note = plan_report.arranged(chosen, tried, first.count, arranged.count, product)
    return _Arranged(chosen.product(product), arranged, told, note)


def settled(product: Product, numbers: Mapping[str, int] | None = None, mended: "Mends | None" = None) -> "Pages":
    """Lay out a handout until the page numbers in its text are those of its pages.

    ``numbers`` and ``mended`` are what is known of them, and of what has to be laid out in another way. Raises
    HandoutError for what leaves its place and cannot be mended.
    """
    from handout_builder.pdf import typeset  # noqa: PLC0415

    numbers = numbers or printing.first_pages(product)
    html = printing.print_html(product, numbers)
    for _ in range(_MOST_PASSES):
        pages = typeset.lay_out(html, product, mended)
        real = _real(pages, numbers)
        if _is_told(html, numbers, real) or not printing.tells_pages(product, html):
            return pages
        html = printing.print_html(product, real)
        numbers, mended, count = real, pages.mended, pages.count
        del pages
        _collect(count)
    message = "the page numbers in the text move it from page to page"
    raise HandoutError([Problem("page-numbers", message, product.source.folder, hint="take a link to a section out")])


def _within(product: Product, most: int) -> "Pages | None":
    """Return the settled pages of a product; None, as soon as it is known, where they are more than ``most``.

    With 0 they may be any number. Raises HandoutError as ``settled`` does.
    """
    from handout_builder.pdf import typeset  # noqa: PLC0415

    return typeset.within(most, lambda: settled(product)) if most else settled(product)


def _collect(count: int) -> None:
    """Give back the memory of pages that were let go: they are full of cycles, hundreds of MB in a long handout."""
    if count > _LONG:
        gc.collect()  # the program has switched the collector off


def _real(pages: "Pages | Arrangement", numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the page numbers that the text should have."""
    return {ident: pages.page_of.get(ident, page) for ident, page in numbers.items()}


def _is_told(html: str, numbers: Mapping[str, int], real: Mapping[str, int]) -> bool:
    """Tell whether the page numbers in a text are the real ones."""
    return all(numbers[ident] == real[ident] for ident in printing.linked(html) & numbers.keys())


def _set(product: Product, numbers: Mapping[str, int], mended: "Mends | None" = None) -> "Pages":
    """Lay out a handout once, with these page numbers in its text."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    return typeset.lay_out(printing.print_html(product, numbers), product, mended)


def _epub(pages: "Pages", product: Product) -> bytes:
    """Return the book that follows the pages of an edition."""
    from handout_builder.epub import package  # noqa: PLC0415  # the engines take most of a start's time
    from handout_builder.pdf.cover import cover  # noqa: PLC0415

    return package.write(product, pages.starts, cover(product), pages.starts_among)


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
        sides = imposition.leaflet(pages.count, (panel, flap), back=pages.page_of.get("contact", 0))
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
    typeset.checked(empty_sheet, sheet)
    empty = typeset.write(empty_sheet, sheet)
    return imposition.impose(written, empty, sides)


def remarks(product: Product, made: MadeFiles) -> list[Problem]:
    """Return notes on finished files: engine mode, parts omitted from a short form, low-resolution pictures."""
    from handout_builder.pdf import typeset  # noqa: PLC0415

    notes = [*made.notes, *typeset.engine_notes()]
    if product.edition.colours != "cmyk" or "pdf" not in made:
        return notes
    from handout_builder.pdf.preflight import coarse_pictures  # noqa: PLC0415  # only for a print shop

    return [*notes, *coarse_pictures(made["pdf"], product.source.folder)]
