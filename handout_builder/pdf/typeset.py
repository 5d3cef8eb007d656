"""Stage 3, set: from HTML to laid-out pages and to PDF bytes, with WeasyPrint.

What is read on a screen is PDF/A-3a (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1) at once; pages that are
put on sheets afterwards are PDF/A-3b, without tags; the file for a print shop is PDF/X-4 (ISO 15930-7).
"""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from handout_builder.editions import Edition
from handout_builder.engine import line_fitting, svg_cache
from handout_builder.engine.weasyprint import weasyprint
from handout_builder.errors import HandoutError, Problem
from handout_builder.pdf import streams, tags, xmp
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import Look, declared, resolved, substitute

if TYPE_CHECKING:
    from handout_builder.brand.assets import Asset
    from handout_builder.brand.loader import Brand

_LINK = re.compile(r'(?<=<a) href="[^"]*"')
_STYLES = ("tokens.css", "print.css")
# What a style sheet brings along, fonts above all, belongs to one document.
_FETCHES = re.compile(r"@(?:font-face|import|color-profile)")


@dataclass(frozen=True)
class Pages:
    """A laid-out handout, not yet written."""

    document: Any
    page_of: dict[str, int]
    """The page, from 1, on which the element with each id begins."""

    @property
    def count(self) -> int:
        """The number of pages."""
        return len(self.document.pages)

    def alone(self, ident: str) -> bool:
        """Tell whether an element has the last page to itself."""
        others = (page for other, page in self.page_of.items() if not other.startswith(ident))
        return self.page_of.get(ident) == self.count > max(others, default=0)

    @property
    def starts(self) -> dict[str, list[int]]:
        """The pages by the first id that begins on each; where none does, by the last one before."""
        first: dict[int, str] = {}
        for ident, page in self.page_of.items():
            first.setdefault(page, ident)
        last = {page: ident for ident, page in self.page_of.items()}
        starts: dict[str, list[int]] = {}
        for page in range(1, self.count + 1):
            ident = first.get(page) or next(last[before] for before in range(page, 0, -1) if before in last)
            starts.setdefault(ident, []).append(page)
        return starts


def lay_out(html: str, product: Product) -> Pages:
    """Lay out the HTML of a product.

    Raises HandoutError for anything that WeasyPrint complains about: a missing glyph, a picture or a
    font that does not load and a mistyped property are only log lines there.
    """
    engine = weasyprint()
    source, brand, edition, look = product.source, product.brand, product.edition, product.look
    base, print_css = ((LAYOUTS / name).read_text("utf-8") for name in _STYLES)
    if edition.colours == "cmyk":
        html = _LINK.sub("", html)  # PDF/X-4, 6.17: no annotation inside the bleed
    css = base + look.css + print_css + edition.css
    assets: dict[str, Asset] = {}
    more = ""
    if brand:
        more, assets = _dress(brand, html)
    if not declared(more):
        css = resolved(css)
    css += more
    fetcher = _fetcher(engine, [source.folder, *([brand.layouts] if brand and brand.layouts else [])], assets, look)
    with _complaints(source.folder):
        base_url = LAYOUTS.as_uri() + "/"
        if _FETCHES.search(css):
            fonts = engine.text.fonts.FontConfiguration()
            sheet = engine.CSS(string=css, base_url=base_url, url_fetcher=fetcher, font_config=fonts)
        else:
            fonts = _shared_fonts()
            try:
                sheet = _shared_sheet(css, base_url)
            except HandoutError as error:
                raise HandoutError(replace(problem, path=source.folder) for problem in error.problems) from error
        page = _page(engine, html, fetcher)
        document = page.render(font_config=fonts, stylesheets=[sheet], pdf_variant=_variant(edition))
    return Pages(document, _page_of(document))


@cache
def _shared_fonts() -> Any:
    fonts = weasyprint().text.fonts.FontConfiguration()
    fonts.shared = True  # what is drawn with them can be kept
    return fonts


@lru_cache(maxsize=8)
def _shared_sheet(css: str, base_url: str) -> Any:
    """Return a parsed style sheet that fetches nothing, for all documents that have it; raises HandoutError."""
    with _complaints(LAYOUTS):  # here, as what is wrong would be told for the first document alone
        return weasyprint().CSS(string=css, base_url=base_url, url_fetcher=_nothing)


def _nothing(url: str) -> Any:
    """Fetch nothing: what was not seen to fetch, for example as it is written with escapes, shall not."""
    raise ValueError(f"outside the project: {url}")


def _variant(edition: Edition) -> str | None:
    if edition.colours == "cmyk":
        return None  # pdf/x4.py does more than WeasyPrint's own, and nothing by the clock
    if edition.sheets:
        return "pdf/a-3b"
    return "pdf/a-4f" if edition.standard == "ua-2" else "pdf/a-3a"


def write(pages: Pages, product: Product) -> bytes:
    """Return the PDF; raises HandoutError when WeasyPrint complains or a font in it is neither ours nor the brand's."""
    families = [Look().tokens[name].strip('"') for name in ("latin", "han")]
    families += [face.family for face in product.brand.faces] if product.brand else []
    variant = _variant(product.edition)
    options: dict[str, Any] = {"pdf_tags": True} if variant == "pdf/a-4f" else {}
    if variant is None:
        options = {"pdf_version": "1.6", "pdf_identifier": True}
    with _complaints(product.source.folder):
        return bytes(pages.document.write_pdf(finisher=_finisher(families, product), pdf_variant=variant, **options))


def _dress(brand: "Brand", html: str) -> tuple[str, dict[str, "Asset"]]:
    """Return what the brand adds to the style sheet, and its files by address."""
    from handout_builder.brand import assets  # noqa: PLC0415  # only with a brand
    from handout_builder.render.context import LOGO  # noqa: PLC0415

    cut = assets.fonts(brand, html)
    files = {f"brand:{assets.font_name(face)}": asset for face, asset in cut.items()}
    if brand.logo:
        files[LOGO] = assets.picture(brand.logo)
    return assets.font_rules(cut, "brand:") + assets.print_css(brand), files


def _page(engine: Any, html: str, fetcher: Any) -> Any:
    """Return WeasyPrint's own kind of page, parsed as the XML that our HTML is: in C, not in Python."""

    class WellFormedPage(engine.HTML):  # type: ignore[misc]
        def __init__(self) -> None:
            self.base_url = LAYOUTS.as_uri() + "/"
            self.url_fetcher = fetcher
            self.media_type = "print"
            root = ElementTree.fromstring(html)  # noqa: S314  # our own templates made it
            line_fitting.begin()
            svg_cache.take_out(root)
            self.wrapper_element = engine.cssselect2.ElementWrapper.from_html_root(root, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

    return WellFormedPage()


def _page_of(document: Any) -> dict[str, int]:
    pages: dict[str, int] = {}
    for number, page in enumerate(document.pages, start=1):
        for box in page._page_box.descendants():  # anchors leave out most elements
            element = box.element
            if element is not None and (ident := element.get("id") or element.get("data-id")):
                pages.setdefault(ident, number)
    return pages


def _fetcher(engine: Any, folders: list[Path], assets: dict[str, "Asset"], look: Look) -> Any:
    """Return a fetcher that knows the layouts, the given folders and the product's own files, and nothing else."""
    allowed = [folder.resolve() for folder in (LAYOUTS, *folders)]

    class ProjectFetcher(engine.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002
            if asset := assets.get(url):
                return engine.urls.URLFetcherResponse(url, asset.data, {"Content-Type": asset.media_type})
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or parts.netloc or not any(path.is_relative_to(root) for root in allowed):
                raise ValueError(f"outside the project: {url}")
            if path.suffix == ".svg":
                svg = substitute(path.read_text("utf-8"), look).encode()
                return engine.urls.URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
            return engine.urls.URLFetcherResponse(url, path.read_bytes())

    return ProjectFetcher()


@contextmanager
def _complaints(folder: Path) -> Iterator[None]:
    """Collect what WeasyPrint logs as a warning or worse and raise it as problems."""
    heard: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
    if heard:
        raise HandoutError([Problem("typesetting", message, folder) for message in dict.fromkeys(heard)])


def _finisher(families: list[str], product: Product) -> Callable[[Any, Any], None]:
    """Return the function that completes the PDF before it is serialised."""
    edition, publisher = product.edition, product.brand.publisher if product.brand else ""

    def finish(document: Any, pdf: Any) -> None:
        if edition.colours == "cmyk":
            from handout_builder.pdf import x4  # noqa: PLC0415  # colour management only for a print shop

            x4.finish(document, pdf, product)
        if edition.colours == "grey":
            from handout_builder.colour.inks import Grey  # noqa: PLC0415
            from handout_builder.pdf.recolour import recolour  # noqa: PLC0415

            recolour(pdf, Grey())
        if _variant(edition) == "pdf/a-3a":
            xmp.add(pdf, xmp.PDF_UA_1)
            tags.finish(pdf)
        if _variant(edition) == "pdf/a-4f":
            from handout_builder.pdf import ua2  # noqa: PLC0415  # only for who asks for it

            xmp.add(pdf, xmp.PDF_UA_2)
            tags.finish(pdf)
            ua2.finish(pdf)
        if publisher:
            xmp.add(pdf, xmp.publisher(publisher))
        _check_fonts(document, pdf, families)
        streams.serialise(pdf)

    return finish


def _check_fonts(document: Any, pdf: Any, families: list[str]) -> None:
    """Let no font into the file that is not of these families, embedded and subset with its characters known."""
    ours = {name.replace(" ", "-") for name in families}
    fonts = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/Font"]
    descriptors = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/FontDescriptor"]
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
        raise HandoutError([Problem("font", message, LAYOUTS) for message in wrong])
