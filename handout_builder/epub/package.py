"""Stage 4, bind: from a loaded handout and its printed pages to EPUB 3.3 bytes, with EbookLib.

EbookLib parses and reprints chapters that are given to it as such (SVG breaks, gaps open between Han
characters), so it gets finished bytes; and its archive carries the clock, so it is packed again.
"""

import io
import itertools
import re
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ebooklib import epub
from lxml import etree

from handout_builder.content import schema
from handout_builder.content.loader import Source
from handout_builder.epub import references
from handout_builder.errors import HandoutError, Problem
from handout_builder.images.pictures import fitted
from handout_builder.images.pixels import ending
from handout_builder.render.context import Context
from handout_builder.render.environment import render
from handout_builder.render.product import Product
from handout_builder.resources import FONTS, LAYOUTS
from handout_builder.text import language, markdown
from handout_builder.tokens import Theme, substitute, tokens
from handout_builder.typefaces.regional import bake

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand

_TYPES = {
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "ttf": "font/ttf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
}
# What is bold in book.css: elements by name, and one class.
_BOLD_TAGS = ("b", "strong", "h1", "h2", "h3", "th")
_BOLD_CLASS = "lead"
# Of a picture: as wide as the finest screens of readers, and not so large that a book takes long to come.
_MOST_PIXELS = (1600, 1600)
_NAMESPACE = uuid.UUID("5b0f1c3e-3a53-4f0c-9f4e-6b1d4c3f6a10")
_LINK = re.compile(r'<a href="#([a-z0-9-]+)"')
# Text is enough to understand everything; the drawing has a description in words. Only what is true.
_ACCESSIBILITY = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessModeSufficient", "textual,visual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "pageBreakMarkers"),
    ("accessibilityFeature", "pageNavigation"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "rubyAnnotations"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
)


def write(product: Product, page_starts: Mapping[str, Sequence[int]], cover: bytes) -> bytes:
    """Return the book; ``page_starts`` has the printed pages by the id that they begin with, ``cover`` is a PNG."""
    source = product.source
    context, files = _files(product, page_starts, cover)
    book = _book(context)
    spine = [name for name in files if name.endswith(".xhtml")]
    for name, data in files.items():
        item = epub.EpubItem(uid=_uid(name), file_name=name, media_type=_type(name), content=data)
        item.properties = _properties(name, data)
        book.add_item(item)
    book.spine = [_uid(name) for name in spine]
    entries = enumerate(_toc(context), 1)
    book.toc = [epub.Link(entry["href"], markdown.plain(entry["title"]), f"toc-{n}") for n, entry in entries]
    book.add_item(epub.EpubNcx(uid="ncx", file_name="toc.ncx"))
    modified = datetime.fromisoformat(product.dated).replace(tzinfo=UTC)
    writer = _Writer("", book, {"epub3_pages": False, "mtime": modified})
    writer.process()
    writer.write()
    return _packed(writer.files, source.lang)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's, but it packs nothing: its stamps are the clock's, and no archive can hold one before 1980."""

    def write(self) -> None:
        """Give out all files by name."""
        self.out, self.files = self, dict[str, bytes]()
        self._write_container()
        self._write_opf()
        self._write_items()

    def writestr(self, name: str, data: str | bytes) -> None:
        """Take a file."""
        self.files[name] = data.encode() if isinstance(data, str) else data


def _chapters(source: Source) -> list[list[schema.Section]]:
    """Return the sections by chapter: a section that starts a page starts a chapter, too."""
    chapters: list[list[schema.Section]] = [[]]
    for section in source.handout.sections:
        if section.starts_page and chapters[-1]:
            chapters.append([])
        chapters[-1].append(section)
    return chapters


def _toc(context: Context) -> list[dict[str, str]]:
    """Return where each entry of the contents leads, and its title as Markdown."""
    source = context.product.source
    entries = [
        {"href": f"chapter-{number}.xhtml#{section.id}", "title": section.heading}
        for number, sections in enumerate(_chapters(source), 1)
        for section in sections
    ]
    last = len(_chapters(source))
    labels = source.shared.labels
    if context.clinic and context.clinic.says_something:
        entries.append({"href": f"chapter-{last}.xhtml#contact", "title": labels["contact"]})
    entries.append({"href": f"chapter-{last}.xhtml#sources", "title": labels["sources"]})
    entries.append({"href": "colophon.xhtml", "title": labels["colophon"]})
    return entries


def _files(
    product: Product, page_starts: Mapping[str, Sequence[int]], cover: bytes
) -> tuple[Context, dict[str, bytes]]:
    """Return what the templates saw, and every file of the book in reading order, except what EbookLib makes."""
    source, brand, theme = product.source, product.brand, product.theme
    handout = source.handout
    pictures = _pictures(source)
    logo = f"pictures/logo.{brand.book_logo.kind}" if brand and brand.book_logo else ""
    context = Context(
        product,
        epub=True,
        pictures={name: file for name, (file, _) in pictures.items()},
        logo=logo,
        page_starts=page_starts,
    )
    title = markdown.plain(handout.title)
    pages: dict[str, str] = {
        "cover.xhtml": render(brand, "epub/cover.xhtml", c=context, alt=f"{context.labels['cover']}: {title}"),
        "nav.xhtml": "",
    }
    chapters = _chapters(source)
    for number, sections in enumerate(chapters, 1):
        values = {"first": number == 1, "last": number == len(chapters), "sections": sections}
        heading = title if number == 1 else markdown.plain(sections[0].heading)
        pages[f"chapter-{number}.xhtml"] = render(
            brand, "epub/chapter.xhtml", h=handout, c=context, title=heading, **values
        )
    pages["colophon.xhtml"] = render(brand, "epub/colophon.xhtml", h=handout, c=context)
    homes = {ident: page for page, text in pages.items() for ident in re.findall(r' id="([^"]+)"', text)}
    pages = {page: _LINK.sub(lambda m: f'<a href="{homes.get(m[1], "")}#{m[1]}"', text) for page, text in pages.items()}
    page_list = [
        {"href": f"{homes[f'page_{page}']}#page_{page}", "title": str(page)}
        for page in sorted(itertools.chain(*page_starts.values()))
    ]
    pages["nav.xhtml"] = render(brand, "epub/nav.xhtml", c=context, toc=_toc(context), pages=page_list)
    files = {page: text.encode() for page, text in pages.items()}
    parsed = {name: etree.fromstring(page) for name, page in files.items()}
    fonts, drawn = _fonts(parsed.values()), _drawn(parsed.values())
    css = (
        "".join(_font_rules(key) for key in fonts)
        + "".join(map(_drawn_rule, drawn))
        + substitute((LAYOUTS / "epub" / "book.css").read_text("utf-8"), theme)
    )
    if brand:
        more, added = _brand_files(brand, theme, files.values(), logo)
        css, files = css + more, files | added
    files["book.css"] = css.encode()
    files["cover.png"] = cover
    files |= {f"fonts/{_family(*key)}.ttf": data for key, data in fonts.items()}
    files |= {f"fonts/Drawing-{weight}.ttf": data for weight, data in drawn.items()}
    files |= dict(pictures.values())
    if wrong := list(references.broken(parsed, files)):
        hint = "this is a mistake of the program or of a brand's templates: nothing was written"
        raise HandoutError(Problem("incomplete", message, source.folder, hint=hint) for message in wrong)
    return context, files


def _brand_files(brand: "Brand", theme: Theme, pages: Iterable[bytes], logo: str) -> tuple[str, dict[str, bytes]]:
    """Return what the brand adds to the style sheet, and its files by name."""
    from handout_builder.brand import assets  # noqa: PLC0415  # only with a brand

    cut = assets.fonts(brand, b"".join(pages).decode(), book=True)
    added = {f"fonts/{assets.font_name(face)}": asset.data for face, asset in cut.items()}
    if brand.book_logo:
        added[logo] = brand.book_logo.data
    return assets.font_rules(cut, "fonts/") + assets.book_css(brand, theme, headings=bool(cut)), added


def _pictures(source: Source) -> dict[str, tuple[str, bytes]]:
    """Return the name in the book and the bytes of each picture: an author's file names may hold anything."""
    return {
        name: (f"pictures/{number}.{ending(data)}", fitted(data, _MOST_PIXELS))
        for number, (name, data) in enumerate(source.pictures.items(), 1)
    }


def _fonts(pages: Iterable[Any]) -> dict[tuple[str, int], bytes]:
    """Return a baked font for each language and weight in which Han, kana or hangul is set."""
    texts: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for page in pages:
        _collect(page, "", 400, texts)
    styles = {400: "Regular", 700: "Bold"}
    return {
        (lang, weight): bake(FONTS / f"HandoutHan-{styles[weight]}.ttf", runs, lang, _family(lang, weight), weight)
        for (lang, weight), runs in sorted(texts.items())
    }


def _drawn(pages: Iterable[Any]) -> dict[int, bytes]:
    """Return the print's Latin font for the words inside drawings, with their characters only, by weight."""
    words = {text for page in pages for text in page.xpath("//*[local-name()='text']//text()")}
    # Han or kana in a drawing takes a font of the reading system: it has no language there.
    characters = ["".join(sorted({c for text in words for c in text if not language.cjk_runs(c)}))]
    family = tokens()["latin"].strip('"')
    return {
        weight: bake(FONTS / f"NotoSans-{style}.ttf", characters, "en", family, weight)
        for weight, style in {400: "Regular", 700: "Bold"}.items()
        if words
    }


def _collect(element: Any, lang: str, weight: int, texts: defaultdict[tuple[str, int], set[str]]) -> None:
    inner = element.get("lang", lang)
    bold = etree.QName(element).localname in _BOLD_TAGS or element.get("class") == _BOLD_CLASS
    inner_weight = 700 if bold else weight
    if element.text and language.is_cjk_language(inner):
        texts[inner, inner_weight].update(language.cjk_runs(element.text))
    for child in element:
        _collect(child, inner, inner_weight, texts)
        if child.tail and language.is_cjk_language(inner):
            texts[inner, inner_weight].update(language.cjk_runs(child.tail))


def _family(lang: str, weight: int) -> str:
    return f"HandoutHan-{lang}-{weight}"


def _font_rules(key: tuple[str, int]) -> str:
    """Return the rules for one baked font: only runs in its language take it."""
    lang, weight = key
    family = _family(lang, weight)
    face = f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url(fonts/{family}.ttf); }}\n'
    where = f'[lang="{lang}"]'
    if weight != 400:  # noqa: PLR2004
        where = ", ".join(f"{tag} {where}, {tag}{where}" for tag in (*_BOLD_TAGS, f".{_BOLD_CLASS}"))
    return face + f'{where} {{ font-family: "{family}", sans-serif; font-style: normal; }}\n'


def _drawn_rule(weight: int) -> str:
    """Return the rule for a font that the drawings name; text outside them stays in the reader's own font."""
    source = f"src: url(fonts/Drawing-{weight}.ttf);"
    return f"@font-face {{ font-family: {tokens()['latin']}; font-weight: {weight}; {source} }}\n"


def _book(context: Context) -> Any:
    source, clinic = context.product.source, context.clinic
    handout = source.handout
    # A clinic's edition is a book of its own, and so is one in another look: a shelf must not mistake them.
    named = f"{source.name}/{source.lang}" + (f"/{clinic.brand.name}" if clinic else "")
    named += context.product.edition.look.suffix
    book = epub.EpubBook()
    book.prefixes = ["ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"]
    book.set_identifier(f"urn:uuid:{uuid.uuid5(_NAMESPACE, named)}")
    book.set_title(markdown.plain(handout.title))
    book.set_language(source.lang)
    book.add_metadata("DC", "description", handout.description)
    book.add_metadata("DC", "date", handout.revised.isoformat())
    book.add_metadata("DC", "source", f"{source.name}.{source.lang}.pdf")
    if clinic and clinic.name:
        book.add_metadata("DC", "publisher", clinic.name)
    if handout.author:
        book.add_author(handout.author)
    for name, value in (*_ACCESSIBILITY, ("accessibilitySummary", source.shared.labels["a11y_summary"])):
        book.add_metadata(None, "meta", value, {"property": f"schema:{name}"})
    book.add_metadata(None, "meta", f"{source.name}.{source.lang}.pdf", {"property": "pageBreakSource"})
    book.add_metadata(None, "meta", "true", {"property": "ibooks:specified-fonts"})
    return book


def _uid(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", f"item-{name}")


def _type(name: str) -> str:
    return _TYPES[name.rpartition(".")[2]]


def _properties(name: str, data: bytes) -> list[str]:
    """Return the manifest properties, which EbookLib does not derive (EPUB 3.3, D.1)."""
    properties = {"nav.xhtml": ["nav"], "cover.png": ["cover-image"]}.get(name, [])
    return [*properties, "svg"] if name.endswith(".xhtml") and b"<svg" in data else properties


def _packed(files: Mapping[str, bytes], lang: str) -> bytes:
    """Pack: mimetype first and stored (OCF 3.3, 4.3), names sorted, no clock, the package's language."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in [("mimetype", b"application/epub+zip"), *sorted(files.items())]:
            content = data
            if name.endswith(".opf"):
                content = data.replace(b"<package ", f'<package xml:lang="{lang}" '.encode(), 1)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            stored = name == "mimetype" or name.endswith(".png")
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return packed.getvalue()
