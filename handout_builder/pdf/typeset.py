"""Stage 3, set: from HTML to laid-out pages and to PDF bytes, with WeasyPrint.

What is read on a screen is PDF/A-3a (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1) at once; pages that are
put on sheets afterwards are PDF/A-3b, without tags; the file for a print shop is PDF/X-4 (ISO 15930-7).
"""

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from handout_builder import source_files
from handout_builder.editions import SHEET, Edition
from handout_builder.engine.session import File, Page, session
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.images.pixels import kind
from handout_builder.pdf import (
    autospace,
    completeness,
    continued,
    flow,
    glyph_texts,
    gradients,
    joiners,
    layout_report,
    objects,
    panels,
    resolution,
    wide_glyphs,
    xmp,
)
from handout_builder.pdf.completeness import Contents
from handout_builder.pdf.fault_attribution import engine_errors
from handout_builder.pdf.layout_faults import Fault, Ink, Mends, apply, look, mends
from handout_builder.pdf.tags import Tagging, one_link_each
from handout_builder.render.personal import PERSONAL
from handout_builder.render.printing import LOGO, pictures
from handout_builder.render.product import Product
from handout_builder.resources import FONTS, LAYOUTS
from handout_builder.svg_path_data import sound
from handout_builder.tokens import Theme, declared, resolved, substitute

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.brand.logo import Logo

# By name, so that one that is missing is told, and in this order, which decides between rules of the same weight.
_BLOCKS = (
    *("chart", "checklist", "columns", "definitions", "diary", "dose", "exercise", "explained", "figure", "index"),
    *("notice", "overview", "page-break", "personal", "points", "quote", "safety", "table", "write-in"),
)
_LINK = re.compile(r'(?<=<a) href="[^"]*"')
_PATH_DATA = re.compile(r"""(\bd\s*=\s*["'])([^"']*)""")
# A heading goes above its text, then its words are broken; what moves may strand another heading.
_MOST_MENDED = 4
# More faults than these come from pages without room, which no other layout of a block mends.
_MOST_FAULTS = 1000
# So many words that cannot be read are told at once.
_SOME = 5


@dataclass(frozen=True)
class Pages:
    """A laid-out handout, not yet written."""

    document: Any
    page_of: dict[str, int]
    """The page, from 1, on which the element with each id begins."""
    contents: Contents
    """What the file must show."""
    html: str
    """What was laid out."""
    root: Element
    """The same, parsed."""
    ink: Sequence[Sequence[Ink]]
    """What each page shows."""
    faults: tuple[Fault, ...]
    """What is wrong on its pages and was not mended."""
    mended: Mends
    """What was laid out in another way, so that it fits."""
    pages_per_sheet: int = 1
    """How many pages a piece of their paper has."""

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self.document.pages)

    def alone(self, *idents: str) -> bool:
        """Tell whether the last page, or the last one before a back cover, has nothing but some elements."""
        places = {ink.around.place for ink in self.ink[self.text_count - 1] if not ink.around.running}
        return bool(places) and places <= set(idents)

    @cached_property
    def pieces(self) -> Sequence[flow.Piece]:
        """What no page divides, in the order of the text."""
        return flow.pieces(self.document)

    @property
    def text_count(self) -> int:
        """The number of pages that the text takes, without a back cover."""
        return self.count - ("back-cover" in self.page_of)

    @cached_property
    def looks(self) -> list[int]:
        """A number for what each page looks like, which it keeps while somebody types elsewhere.

        The plain engine gives none: no page of it is taken for one that was seen before.
        """
        return [
            getattr(page._page_box, "look", 0) or -1 - int.from_bytes(os.urandom(8), "big")
            for page in self.document.pages
        ]

    @property
    def room(self) -> float:
        """How high the text of a page may be, in px."""
        return float(self.document.pages[0]._page_box.height)

    @property
    def shares(self) -> list[float]:
        """The share of its height that each page uses, from 0 to 1."""
        shares = []
        for page, ink in zip(self.document.pages, self.ink, strict=True):
            box = page._page_box
            end = max((piece.box.bottom for piece in ink if not piece.around.running), default=box.content_box_y())
            shares.append(float((end - box.content_box_y()) / box.height))
        return shares

    @property
    def used(self) -> float:
        """How many pages, in heights of pages, are used."""
        return sum(self.shares)

    def share_of(self, ident: str) -> float:
        """Return how many pages, in heights of pages, an element takes."""
        share = 0.0
        for ink in self.ink:
            boxes = [piece.box for piece in ink if piece.around.place == ident]
            share += (max(box.bottom for box in boxes) - min(box.top for box in boxes)) / self.room if boxes else 0.0
        return share

    def empty_panels(self, edition: Edition) -> list[Fault]:
        """Return the panels of a leaflet that are left empty; none in another edition."""
        back = self.page_of.get("contact", 0)
        return [*panels.empty(self.shares, back)] if edition.sheets == "leaflet" else []

    def checked(self, product: Product) -> list[Problem]:
        """Return warnings of what is wrong on the pages; raises HandoutError for what must not be printed so."""

        def without_errors(pages: Pages, product: Product) -> list[Problem]:
            found = layout_report.problems((*pages.faults, *pages.empty_panels(product.edition)), product)
            if errors := [problem for problem in found if problem.severity is Severity.ERROR]:
                raise HandoutError(errors)
            return found

        def again(other: Product, own: str | None) -> None:
            without_errors(_laid_out(self.html, other, own, self.mended), other)

        with engine_errors(product, again):
            return without_errors(self, product)

    @property
    def starts(self) -> dict[str, list[int]]:
        """The pages by the first id of a book's that begins on each; where none does, by the last one before."""
        return self.starts_among(self.page_of)

    def starts_among(self, known: Container[str]) -> dict[str, list[int]]:
        """Return the same by those of a book's ids: a brand's template of the print may have others."""
        bound = {
            ident: page for ident, page in self.page_of.items() if ident in known and not ident.startswith(PERSONAL)
        }
        first: dict[int, str] = {}
        for ident, page in bound.items():
            first.setdefault(page, ident)
        last = {page: ident for ident, page in bound.items()}
        starts: dict[str, list[int]] = {}
        for page in range(1, self.count + 1):
            ident = first.get(page) or next(last[before] for before in range(page, 0, -1) if before in last)
            starts.setdefault(ident, []).append(page)
        return starts


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
    files = {address: _file(product.pictures[name]) for name, address in pictures(product).items()}
    more = styled = ""
    brand_files: Mapping[str, File] = {}
    if brand:
        from handout_builder.brand.assets import print_css as brand_css  # noqa: PLC0415  # only with a brand

        rules, brand_files = _brand_files(brand, html, brand.logo)
        # What a brand prints in the margins of pages has no place on the sheet that these are put on.
        styled = "" if edition.name == SHEET.name else brand_css(brand) if own is None else own
        margins = (LAYOUTS / "margin-boxes.css").read_text("utf-8") if styled else ""
        more, files = rules + margins + styled, files | brand_files
    if not declared(more):
        css = resolved(css)
    folders = [LAYOUTS, *([brand.layouts] if brand and brand.layouts else [])]
    fetch, has_korean = _fetcher(folders, files, theme), joiners.has_words(html)
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
            _variant(edition),
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
        document, _page_of(document), contents, html, page.root, ink, tuple(found), mended, edition.pages_per_sheet
    )


def style_sheets() -> list[Path]:
    """Return the style sheets of every print: tokens, the page, types of blocks, the clinic, and what did not fit."""
    page, last = ("tokens.css", "print.css", "inline.css"), ("brand.css", "mends.css")
    return [LAYOUTS / name for name in (*page, *(f"blocks/{name}.css" for name in _BLOCKS), *last)]


def _file(picture: bytes) -> File:
    return File(picture, "image/svg+xml" if kind(picture) == "SVG" else "")


def engine_notes() -> list[Problem]:
    """Return a note where the engine takes the plain way."""
    with session() as engine:
        plain = engine.plain
    if not plain:
        return []
    hint = "the files are the same good ones; for speed, install the versions of requirements/runtime.lock"
    message = f"WeasyPrint is used as it is, which takes about twice the time: {plain}"
    return [Problem("engine-plain", message, FONTS.parent, hint=hint, severity=Severity.NOTE)]


def _variant(edition: Edition) -> str | None:
    if edition.colours == "cmyk":
        return None  # pdf/x4.py does more than WeasyPrint's own, and nothing by the clock
    if edition.sheets:
        return "pdf/a-3b"
    return "pdf/a-4f" if edition.standard == "ua-2" else "pdf/a-3a"


def write(pages: Pages, product: Product) -> bytes:
    """Return the PDF; raises HandoutError when WeasyPrint complains or a font in it is neither ours nor the brand's."""
    with engine_errors(product, lambda other, own: _written(_laid_out(pages.html, other, own, pages.mended), other)):
        return _written(pages, product)


def _written(pages: Pages, product: Product) -> bytes:
    """Return the PDF."""
    variant = _variant(product.edition)
    options: dict[str, Any] = {"pdf_tags": True} if variant == "pdf/a-4f" else {}
    if variant is None:
        options = {"pdf_version": "1.6", "pdf_identifier": True}
    tagging = Tagging()
    finisher = _finisher(pages, product, tagging)
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
    rules, files = _brand_files(product.brand, html, product.brand.book_logo) if product.brand else ("", {})
    fetcher = _fetcher([LAYOUTS], files, product.theme)
    families = _families(product)

    def finish(document: Any, pdf: Any) -> None:
        gradients.straighten(pdf)
        _check_fonts(document, pdf, families)
        _check_numbers(pdf, product.source.folder)

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


def _families(product: Product) -> list[str]:
    """Return the typefaces that may be in its files: ours and the brand's."""
    ours = [Theme().tokens[name].strip('"') for name in ("latin", "han")]
    return ours + ([face.family for face in product.brand.faces] if product.brand else [])


def _brand_files(brand: "Brand", html: str, logo: "Logo | None") -> tuple[str, dict[str, File]]:
    """Return the rules that make the brand's typefaces known, and its files by address."""
    from handout_builder.brand import assets  # noqa: PLC0415  # only with a brand

    cut = assets.fonts(brand, html)
    files = {f"brand:{assets.font_name(face)}": File(asset.data, asset.media_type) for face, asset in cut.items()}
    if logo:
        picture = assets.picture(logo)
        files[LOGO] = File(picture.data, picture.media_type)
    return assets.font_rules(cut, "brand:"), files


def _page_of(document: Any) -> dict[str, int]:
    """Return where each element begins to be seen: its box may begin, empty, at the foot of the page before."""
    pages: dict[str, int] = {}
    seen: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for box in page._page_box.descendants():  # anchors leave out most elements
            element = box.element
            if element is not None and (ident := element.get("id") or element.get("data-id")):
                pages.setdefault(ident, number)
                if ident not in seen and _shows_something(box):
                    seen[ident] = number
    return pages | seen


def _shows_something(box: Any) -> bool:
    """Tell whether there are words or a picture in a box."""
    return any(hasattr(item, "text") or hasattr(item, "replacement") for item in chain([box], box.descendants()))


def _fetcher(folders: list[Path], files: Mapping[str, File], theme: Theme) -> Callable[[str], File]:
    """Return what fetches from the given folders and the product's own files, and nothing else."""
    allowed = [folder.resolve() for folder in folders]

    def fetch(url: str) -> File:
        if file := files.get(url):
            return file
        parts = urlsplit(url)
        if parts.scheme != "file":
            raise ValueError(
                f"nothing is fetched by {parts.scheme}: put the picture into the brand's layouts, as a file"
            )
        path = Path(unquote(parts.path))
        try:
            real = source_files.real(path)
        except OSError as error:
            raise ValueError("its link leads nowhere") from error
        if parts.netloc or not any(real.is_relative_to(root) for root in allowed):
            raise ValueError("it lies outside the project")
        # By its own name, so that a link which leads elsewhere later is another file.
        data = source_files.read(real if ".." in path.parts else path)
        if real.suffix == ".svg":
            svg = substitute(data.decode("utf-8"), theme)
            return File(_PATH_DATA.sub(lambda match: match[1] + sound(match[2]), svg).encode(), "image/svg+xml")
        return File(data)

    return fetch


def _finisher(pages: Pages, product: Product, tagging: Tagging) -> Callable[[Any, Any], None]:
    """Return the function that completes the PDF before it is serialised."""
    edition, publisher = product.edition, product.brand.publisher if product.brand else ""
    contents = pages.contents

    def finish(document: Any, pdf: Any) -> None:
        gradients.straighten(pdf)
        if edition.colours == "cmyk":
            from handout_builder.pdf import x4  # noqa: PLC0415  # colour management only for a print shop

            x4.finish(document, pdf, product)
        if edition.colours == "grey":
            from handout_builder.colour.inks import Grey  # noqa: PLC0415
            from handout_builder.pdf.recolour import recolour  # noqa: PLC0415

            recolour(pdf, Grey())
        _name_links(pdf, pages, product.source.shared.labels)
        if _variant(edition) == "pdf/a-3a":
            xmp.add(pdf, xmp.PDF_UA_1)
            tagging.finish(pdf)
        if _variant(edition) == "pdf/a-4f":
            from handout_builder.pdf import ua2  # noqa: PLC0415  # only for who asks for it

            xmp.add(pdf, xmp.PDF_UA_2 + xmp.WTPDF_1_0)
            tagging.finish(pdf)
            ua2.finish(pdf, tagging)
        if publisher:
            xmp.add(pdf, xmp.publisher(publisher))
        _check_fonts(document, pdf, _families(product))
        shown = completeness.read(document, pdf)
        hint = "this is a bug in the program or of a brand's templates: nothing was written"
        lost = [f"{what} is not in the PDF" for what in contents.missing(shown)]
        lost += contents.misread(pages.ink, shown)
        if lost:
            raise HandoutError(Problem("incomplete", what, product.source.folder, hint=hint) for what in lost)
        if wrong := [*contents.drawing_faults(document)]:
            raise HandoutError(layout_report.in_drawings(wrong, product))
        _check_numbers(pdf, product.source.folder)
        objects.serialise(pdf)

    return finish


def _name_links(pdf: Any, pages: Pages, labels: Mapping[str, str]) -> None:
    """Let links inside the file say where they lead by the heading there, else by the page, not by an id.

    PDF/UA-1, 7.18.5.
    """
    headings: dict[str, list[str]] = {}
    for piece in (piece for page in pages.ink for piece in page if piece.heading):
        headings.setdefault(piece.around.place, []).append(piece.words.strip())
    string = objects.library(pdf).String
    for link in objects.of_type(pdf, "/Annot"):
        if "Contents" in link and "Dest" in link:
            target = link["Dest"].string
            page = str(pages.page_of.get(target, ""))
            words = headings.get(target) or [labels["see_page"].format(page=page) if page else target]
            link["Contents"] = string(" ".join(words))


def _check_numbers(pdf: Any, blame: Path) -> None:
    """Let no number into the file that is none, or that readers cannot hold."""
    if wrong := objects.beyond_limits(pdf):
        hint = "make the lengths, scales, places and groups in the brand's logo, style sheet or templates smaller"
        message = f"something is drawn at no place or without end: {', '.join(sorted(wrong))[:80]} stands in the PDF"
        raise HandoutError([Problem("incomplete", message, blame, hint=hint)])


def _check_fonts(document: Any, pdf: Any, families: list[str]) -> None:
    """Let no font into the file that is not of these families, embedded and subset with its characters known."""
    ours = {name.replace(" ", "-") for name in families}
    fonts, descriptors = (objects.of_type(pdf, name) for name in ("/Font", "/FontDescriptor"))
    wrong = []
    for font in fonts:
        name = font["BaseFont"].decode().partition("+")[2]
        if not any(name.startswith(family) for family in ours):
            wrong.append(f"the font {name} is not one of ours")
        if font["Subtype"] == "/Type0" and "ToUnicode" not in font:
            wrong.append(f"the font {name} does not tell its characters")
    wrong += [
        f"the font {d['FontName']} is not embedded" for d in descriptors if not {"FontFile2", "FontFile3"} & d.keys()
    ]
    for font in document.fonts.values():
        if font.missing or 0 in font.to_unicode or any("\ufffd" in text for text in font.to_unicode.values()):
            wrong.append(f"a character is missing in {font.family}")
    if wrong:
        hint = "undo the last change in layouts/ or fonts/; a clinic's fonts are named in its brand"
        raise HandoutError([Problem("font", message, LAYOUTS, hint=hint) for message in wrong])
