"""Stage 3, set: from HTML to laid-out pages and to PDF bytes, with WeasyPrint.

What is read on a screen is PDF/A-3a (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1) at once; pages that are
put on sheets afterwards are PDF/A-3b, without tags; the file for a print shop is PDF/X-4 (ISO 15930-7).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from handout_builder.editions import SHEET
from handout_builder.engine.session import File, Page, session
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.pdf import (
    autospace,
    continued,
    fetching,
    finishing,
    glyph_texts,
    gradients,
    joiners,
    layout_report,
    resolution,
    wide_glyphs,
)
from handout_builder.pdf.completeness import Contents
from handout_builder.pdf.fault_attribution import engine_errors
from handout_builder.pdf.layout_faults import Ink, Mends, apply, look, mends
from handout_builder.pdf.pages import Pages, page_of
from handout_builder.pdf.tags import Tagging, one_link_each
from handout_builder.render.printing import pictures
from handout_builder.render.product import Product
from handout_builder.resources import FONTS, LAYOUTS
from handout_builder.tokens import declared, resolved, substitute

# By name, so that one that is missing is told, and in this order, which decides between rules of the same weight.
_BLOCKS = (
    *("chart", "checklist", "columns", "definitions", "diary", "dose", "exercise", "explained", "figure", "index"),
    *("notice", "overview", "page-break", "personal", "points", "quote", "safety", "table", "write-in"),
)
_LINK = re.compile(r'(?<=<a) href="[^"]*"')
# A heading goes above its text, then its words are broken; what moves may strand another heading.
_MOST_MENDED = 4
# More faults than these come from pages without room, which no other layout of a block mends.
_MOST_FAULTS = 1000
# So many words that cannot be read are told at once.
_SOME = 5


def lay_out(html: str, product: Product, mended: Mends | None = None) -> Pages:
    """Lay out the HTML of a product; what does not fit is laid out in other ways, beginning with those of ``mended``.

    Raises HandoutError for anything that WeasyPrint complains about: a missing glyph, a picture or a
    font that does not load and a mistyped property are only log lines there; and for what it breaks at.
    """
    known = mended or {}
    with engine_errors(product, lambda other, own: _laid_out(html, other, own, known)):
        return _laid_out(html, product, None, known)


def fitted(html: str, product: Product, most: int) -> Pages | None:
    """Lay out the HTML of a product; return None, as soon as it is known, where it takes more pages than ``most``.

    None, too, where something on them is out of its place. Raises HandoutError as ``lay_out`` does.
    """
    pages = within(most, lambda: lay_out(html, product))
    return pages if pages and not pages.faults else None


def within(most: int, laid_out: Callable[[], Pages]) -> Pages | None:
    """Return pages; None, as soon as it is known, where they are more than ``most``."""

    def too_long() -> None:
        raise _TooLong

    try:
        with session() as engine, engine.at_most(most, too_long):
            pages = laid_out()
    except _TooLong:
        return None
    return pages if pages.count <= most else None


class _TooLong(BaseException):  # leaves a layout, and is nobody's mistake
    """A text takes more pages than it may."""


def _laid_out(html: str, product: Product, own: str | None, mended: Mends) -> Pages:
    """Lay out a product, with another style sheet ``own`` of the brand where one is given."""
    source, brand, edition, theme = product.source, product.brand, product.edition, product.theme
    base, *print_css = (path.read_text("utf-8") for path in style_sheets())
    if edition.colours == "cmyk":
        html = _LINK.sub("", html)  # PDF/X-4, 6.17: no annotation inside the bleed
    css = base + theme.css + "".join(print_css) + edition.look.css + edition.css + glyph_texts.whole_letters(html)
    files = fetching.picture_files(product)
    more = styled = ""
    brand_files: Mapping[str, File] = {}
    if brand:
        from handout_builder.brand.assets import print_css as brand_css  # noqa: PLC0415  # only with a brand

        rules, brand_files = fetching.brand_files(brand, html, brand.logo)
        # What a brand prints in the margins of pages has no place on the sheet that these are put on.
        styled = "" if edition.name == SHEET.name else brand_css(brand) if own is None else own
        margins = (LAYOUTS / "margin-boxes.css").read_text("utf-8") if styled else ""
        more, files = rules + margins + styled, files | brand_files
    if not declared(more):
        css = resolved(css)
    folders = [LAYOUTS, *([brand.layouts] if brand and brand.layouts else [])]
    fetch, has_korean = fetching.fetcher(folders, files, theme), joiners.has_words(html)
    langs = {each.language for each in product.sources}
    # What a brand's own templates fetch is looked at each time; boxes of Korean words are changed after their layout.
    same_files = object() if has_korean or (brand and brand.layouts) else (files, brand, theme)
    for remaining in range(_MOST_MENDED, -1, -1):
        page = Page(
            html,
            css,
            LAYOUTS,
            source.folder,
            fetch,
            finishing.variant(edition),
            own=more,
            own_base=folders[-1].absolute(),
            own_files=None if styled else brand_files,
            files=same_files,
        )
        apply(mended, page.root)
        contents = Contents.of(page.root, page.rules)  # what a brand's style sheet hides is missed
        joiners.join(page.root, langs)
        autospace.space(page.root, langs)
        with session() as engine:
            document = engine.lay_out(page)
        joiners.part(document, page.root)
        continued.show(document)
        covered = any(element.get("id") == "back-cover" for element in page.root.iter())
        found, ink = look(document, flowing=not edition.pages, covered=covered)
        if len(found) > _MOST_FAULTS:
            message = f"more than {_MOST_FAULTS:,} things leave their place on the pages, or stand on others"
            raise HandoutError([Problem("page-overflow", message, source.path, hint="give the pages more room")])
        wanted = mends(found, page.root, mended)
        if wanted == mended or not remaining:
            break
        mended = wanted
        document = None  # before there are two
    if styled or (brand and brand.layouts):
        from handout_builder.pdf import legibility  # noqa: PLC0415  # only with a brand's own looks

        if unread := list(islice(legibility.faults(document, page.root, ink), _SOME)):
            hint = "the brand's templates and style sheet have words that everyone can read"
            path = brand.layouts if brand and brand.layouts else source.folder
            raise HandoutError(Problem("incomplete", message, path, hint=hint) for message in unread)
    return Pages(
        document, page_of(document), contents, html, page.root, ink, tuple(found), mended, edition.pages_per_sheet
    )


def style_sheets() -> list[Path]:
    """Return the style sheets of every print: tokens, the page, types of blocks, the clinic, and what did not fit."""
    page, last = ("tokens.css", "print.css", "inline.css"), ("brand.css", "mends.css")
    return [LAYOUTS / name for name in (*page, *(f"blocks/{name}.css" for name in _BLOCKS), *last)]


def engine_notes() -> list[Problem]:
    """Return a note where the engine takes the plain way."""
    with session() as engine:
        plain = engine.plain
    if not plain:
        return []
    hint = "the files are the same good ones; for speed, install the versions of requirements/runtime.lock"
    message = f"WeasyPrint is used as it is, which takes about twice the time: {plain}"
    return [Problem("engine-plain", message, FONTS.parent, hint=hint, severity=Severity.NOTE)]


def checked(pages: Pages, product: Product) -> list[Problem]:
    """Return warnings of what is wrong on pages; raises HandoutError for what must not be printed so."""
    with engine_errors(
        product, lambda other, own: _without_errors(_laid_out(pages.html, other, own, pages.mended), other)
    ):
        return _without_errors(pages, product)


def _without_errors(pages: Pages, product: Product) -> list[Problem]:
    found = layout_report.problems((*pages.faults, *pages.empty_panels(product.edition)), product)
    if errors := [problem for problem in found if problem.severity is Severity.ERROR]:
        raise HandoutError(errors)
    return found


def write(pages: Pages, product: Product) -> bytes:
    """Return the PDF; raises HandoutError when WeasyPrint complains or a font in it is neither ours nor the brand's."""
    with engine_errors(product, lambda other, own: _written(_laid_out(pages.html, other, own, pages.mended), other)):
        return _written(pages, product)


def _written(pages: Pages, product: Product) -> bytes:
    """Return the PDF."""
    variant = finishing.variant(product.edition)
    options: dict[str, Any] = {"pdf_tags": True} if variant == "pdf/a-4f" else {}
    if variant is None:
        options = {"pdf_version": "1.6", "pdf_identifier": True}
    tagging = Tagging()
    finisher = finishing.finisher(pages, product, tagging)
    one_link_each(pages.document)
    resolution.bring_down(pages.document, set(pictures(product).values()))
    capitals = any(piece.capitals for page in pages.ink for piece in page)
    with session() as engine, pages.contents.watched(pages.document):
        return engine.write(
            pages.document,
            product.source.folder,
            finisher=finisher,
            tag_builder=tagging.builder,
            font_corrector=partial(_correct, capitals=capitals),
            options=options | {"pdf_variant": variant},
        )


def _correct(pdf: Any, fonts: Iterable[Any], *, capitals: bool) -> None:
    wide_glyphs.widen(pdf, fonts)
    glyph_texts.correct(fonts, capitals=capitals)


@contextmanager
def typing() -> Iterator[None]:
    """Keep inside what is laid out, and lay out only those pages again that a few other words can move."""
    with session() as engine, engine.typing():
        yield


@contextmanager
def asked(ask: Callable[[], None]) -> Iterator[None]:
    """Call ``ask`` at each page that is laid out or written inside; what it raises stops that."""
    with session() as engine, engine.asked(ask):
        yield


@contextmanager
def first_page(product: Product, tell: Callable[[bytes, Sequence[Ink]], None]) -> Iterator[None]:
    """Tell what shows the first page that is laid out inside, before the others are: a PDF as of ``preview``, its ink.

    It is without what stands at the foot of pages. None is told where something on it is out of its place: it will be
    mended, or refused.
    """

    def show(document: Any) -> None:
        faults, (ink,) = look(document, flowing=False)
        if not faults:
            with suppress(HandoutError):  # it is told of the whole document
                pdf = _shown(document, document.pages, product)
                tell(pdf, [piece._replace(words=joiners.without(piece.words)) for piece in ink])

    with session() as engine, engine.first_page(show):
        yield


def preview(pages: Pages, product: Product, numbers: Sequence[int]) -> bytes:
    """Return a PDF of some pages, from 0, that look like the finished ones in the colours of screens, in half the time.

    It has no links, no tags, no compression and nothing of an archive, and its words are not compared with those of the
    text: it is there to be drawn on a screen. Raises HandoutError when WeasyPrint complains.
    """

    def chosen(document: Any) -> Iterator[Any]:
        return (page for number, page in enumerate(document.pages) if number in numbers)

    def again(other: Product, own: str | None) -> bytes:
        document = _laid_out(pages.html, other, own, pages.mended).document
        return _shown(document, chosen(document), other)

    with engine_errors(product, again):
        return _shown(pages.document, chosen(pages.document), product)


def _shown(document: Any, pages: Iterable[Any], product: Product) -> bytes:
    """Return some pages of a document as a PDF to be drawn."""
    shown = list(map(copy, pages))
    for page in shown:
        page.links = []  # they may lead to pages that are not there
    with session() as engine:
        return engine.write(
            document.copy(shown),
            product.source.folder,
            finisher=lambda _, pdf: gradients.straighten(pdf),
            font_corrector=wide_glyphs.widen,
            options={"uncompressed_pdf": True},
        )


def single_page(html: str, sheets: Sequence[str], fits: Callable[[Any], bool], product: Product) -> bytes | None:
    """Return a page to be drawn as a PDF that says nothing of itself, in the first style sheet in which it ``fits``.

    None where it fits in none. Raises HandoutError as ``lay_out`` and ``write`` do.
    """
    with engine_errors(product, lambda other, _: _single(html, sheets, fits, other)):
        return _single(html, sheets, fits, product)


def _single(html: str, sheets: Sequence[str], fits: Callable[[Any], bool], product: Product) -> bytes | None:
    """Return a page as a PDF."""
    rules, files = fetching.brand_files(product.brand, html, product.brand.book_logo) if product.brand else ("", {})
    fetcher = fetching.fetcher([LAYOUTS], files, product.theme)
    families = finishing.families(product)

    def finish(document: Any, pdf: Any) -> None:
        gradients.straighten(pdf)
        finishing.check_fonts(document, pdf, families)
        finishing.check_numbers(pdf, product.source.folder)

    with session() as engine:
        for sheet in sheets:
            css = substitute(sheet, product.theme)
            page = Page(html, css, LAYOUTS, product.source.folder, fetcher, own=rules, own_files=files)
            document = engine.lay_out(page)
            if len(document.pages) == 1 and fits(document.pages[0]._page_box):
                return engine.write(
                    document, product.source.folder, finisher=finish, options={"uncompressed_pdf": True}
                )
    return None
