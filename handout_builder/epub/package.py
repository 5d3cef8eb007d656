"""Stage 4, bind: from a loaded handout and its printed pages to EPUB 3.3 bytes, with EbookLib.

EbookLib parses and reprints chapters that are given to it as such (SVG breaks, gaps open between Han
characters), so it gets finished bytes; and its archive carries the clock, so it is packed again.
"""

import io
import itertools
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from ebooklib import epub
from lxml import etree
from markupsafe import Markup

from handout_builder.content import schema
from handout_builder.content.loader import Source
from handout_builder.epub import metadata, references
from handout_builder.epub.ncx import Entry, ncx
from handout_builder.errors import HandoutError, Problem
from handout_builder.images.pictures import fitted
from handout_builder.images.pixels import ending
from handout_builder.render import completeness, frame, fullwidth_punctuation, glossary, japanese, notes
from handout_builder.render.context import Context
from handout_builder.render.environment import render, template_problem
from handout_builder.render.product import Product
from handout_builder.render.template_output import Finding
from handout_builder.resources import FONTS, LAYOUTS
from handout_builder.text import language, markdown
from handout_builder.tokens import Theme, substitute
from handout_builder.typefaces import coverage
from handout_builder.typefaces.regional import bake

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand

_TYPES = {
    "ncx": "application/x-dtbncx+xml",
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "ttf": "font/ttf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
}
# What is bold in book.css: elements by name, and one class.
_BOLD_TAGS = ("b", "strong", "h1", "h2", "h3", "dt")
# What a brand's typeface for headings is for: see layouts/epub/heading.css.
_HEADING_TAGS = ("h1", "h2")
_BOLD_CLASS = "lead"
_LINK = re.compile(r'(<a [^<>]*?href=")#([A-Za-z0-9_-]+)"')
# An element that says its language once.
_LANGUAGE = re.compile(r"<[a-z0-9]+(?=[^<>]* lang=)(?![^<>]* xml:lang=)[^<>]*>")
_LANG = re.compile(r' lang="([^"]*)"')
_IDS = re.compile(r' id="([^"]+)"')
Starts = Mapping[str, Sequence[int]]
StartsAmong = Callable[[Container[str]], Starts]
# So many cards and other blocks make a chapter: readers lay it out as a whole, and small ones take long, or give up.
_MOST_HELD = 40
# Of a picture: as wide as the finest screens of readers, and not so large that a book takes long to come.
_MOST_PIXELS = (1600, 1600)


def write(product: Product, page_starts: Starts, cover: bytes, among: StartsAmong | None = None) -> bytes:
    """Return the book; ``page_starts`` has the printed pages by the id that they begin with, ``cover`` is a PNG.

    ``among`` returns them by the ids of the book that it is given; it is asked where the pages begin with others.
    """
    source = product.source
    context, files = _files(product, page_starts, cover, among)
    book = metadata.book(context, files)
    # The navigation document is for programs: some readers show all of it, hidden parts, too.
    spine = [name for name in files if name.endswith(".xhtml") and name != "nav.xhtml"]
    for name, data in files.items():
        item = epub.EpubItem(uid=_uid(name), file_name=name, media_type=_type(name), content=data)
        item.properties = _properties(name, data)
        book.add_item(item)
    book.spine = [_uid(name) for name in spine]
    modified = datetime.fromisoformat(product.dated).replace(tzinfo=UTC)
    writer = _Writer("", book, {"epub3_pages": False, "mtime": modified})
    writer.process()
    writer.write()
    return _packed(writer.files, source.language)


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
    """Return the sections by chapter: a section that starts a page starts a chapter, too, and one that is too much."""
    chapters: list[list[schema.Section]] = [[]]
    held = 0
    for section in source.handout.sections:
        held += (load := _load(section))
        if chapters[-1] and (section.starts_page or held > _MOST_HELD):
            chapters.append([])
            held = load
        chapters[-1].append(section)
    return chapters


def _load(section: schema.Section) -> int:
    """Return how much of a chapter a section is: a card, a chart or another block is one."""
    if any(block.type == "index" for block in section.blocks):
        return _MOST_HELD
    return sum(len(block.points) if block.type == "points" else 1 for block in section.blocks)


def _toc(context: Context) -> list[Entry]:
    """Return the contents: sections, and in them safety boxes and points."""
    source = context.product.source
    chapters = _chapters(source)

    def label(href: str, name: str) -> Entry:
        return _entry(context, href, lambda one: one.labels[name])

    entries = [label("chapter-1.xhtml#in-short", "in_short")] if source.handout.summary else []
    for number, sections in enumerate(chapters, 1):
        page = f"chapter-{number}.xhtml"
        entries += [
            _entry(
                context,
                f"{page}#{section.id}",
                partial(Context.heading, ident=section.id),
                list(_inside(context, section, page)),
            )
            for section in sections
        ]
    last = f"chapter-{len(chapters)}.xhtml"
    if context.clinic and context.clinic.says_something:
        entries.append(label(f"{last}#contact", "contact"))
    if context.contents.sources:
        entries.append(label(f"{last}#sources", "sources"))
    entries.append(label("colophon.xhtml", "colophon"))
    return entries


def _entry(context: Context, href: str, title: Callable[[Context], str], children: Sequence[Entry] = ()) -> Entry:
    """Return an entry whose title is Markdown, in each language of the book."""
    first, second = title(context), title(context.second) if context.second else ""
    words, plain = Markup(markdown.inline_html(first)), markdown.plain(first)  # noqa: S704  # escaped
    if context.second:
        other = context.languages.tagged(Markup(markdown.inline_html(second)), context.second.lang)  # noqa: S704
        words, plain = Markup("{} · {}").format(words, other), f"{plain} · {markdown.plain(second)}"
    return Entry(href, words, plain, children)


def _inside(context: Context, section: schema.Section, page: str) -> Iterator[Entry]:
    """Yield the entries of what a section holds: a safety box by its heading, a point by its code and name."""
    tagged = context.languages.tagged
    for number, block in enumerate(section.blocks, 1):
        ident = f"{page}#{section.id}_{number}"
        if isinstance(block, schema.Safety):
            for index, (home, _) in enumerate(context.contents.placed_boxes):
                if home.removesuffix("-above") == f"{section.id}_{number}":
                    yield _entry(context, f"{page}#{home}", partial(_box_heading, index=index))
        if isinstance(block, schema.Points):
            for place, card in enumerate(block.points, 1):
                name = card.name
                words = (tagged(name.text, name.lang), tagged(name.reading, name.reading_lang))
                title = Markup("{} {} {}").format(card.code, *words)
                yield Entry(f"{ident}-{place}", title, f"{card.code} {name.text} {name.reading}")


def _box_heading(context: Context, index: int) -> str:
    """Return the heading of a safety box, which has the same place in both languages."""
    return context.contents.placed_boxes[index][1].heading


def _files(
    product: Product, page_starts: Starts, cover: bytes, among: StartsAmong | None
) -> tuple[Context, dict[str, bytes]]:
    """Return what the templates saw, and every file of the book in reading order, except what EbookLib makes."""
    brand = product.brand
    pictures = _pictures(product)
    logo = f"pictures/logo.{brand.book_logo.kind}" if brand and brand.book_logo else ""
    context = Context(
        product,
        epub=True,
        pictures={name: file for name, (file, _) in pictures.items()},
        logo=logo,
        page_starts=page_starts,
    )
    toc = _toc(context)
    texts = _text_pages(context)
    whole = "".join(texts.values())
    if among and any(f' id="page_{page}"' not in whole for page in itertools.chain(*page_starts.values())):
        # A brand's template of the print has names that the book has not.
        return _files(product, among(frozenset(_IDS.findall(whole))), cover, None)
    pages, page_list = _pages(context, texts, toc)
    lang = product.source.language
    files = {
        page: _LANGUAGE.sub(_twice, japanese.with_breaks(fullwidth_punctuation.closed_up(text), lang)).encode()
        for page, text in pages.items()
    }
    parsed = {name: etree.fromstring(page) for name, page in files.items()}
    fonts = _fonts(parsed.values())
    files |= _looks(context, files.values(), fonts)
    files["cover.png"] = cover
    files |= {f"fonts/{_family(*key)}.ttf": data for key, data in fonts.items()}
    files |= context.drawings.files
    files |= dict(pictures.values())
    files["toc.ncx"] = ncx(metadata.identifier(product), context.title, toc, page_list)
    wrong = [_problem(fault, product) for fault in references.broken(parsed, files)]
    # Each may be why the next is wrong, too: what a template says, what it leaves out, what leads to that.
    if said := [problem for problem in wrong if problem.line]:
        raise HandoutError(said)
    behind = [pages["colophon.xhtml"]]
    about, given = frame.about(context), texts.values()
    completeness.check(context.contents, given, about, book=True, behind=behind)
    if context.second:
        about = frame.about(context.second, second=True)
        completeness.check(context.second.contents, given, about, book=True, behind=behind, second=True)
    if wrong:
        raise HandoutError(wrong)
    return context, files


def _problem(fault: references.Fault, product: Product) -> Problem:
    """Return the problem of a wrong reference, at the line of the brand's templates that says it, where one does."""
    own = product.brand.layouts if product.brand else None
    if own:
        problem = template_problem(own, "epub/chapter.xhtml", Finding(*fault))
        if problem.line:
            return problem
    hint = "this is a bug in the program or of a brand's templates: nothing was written"
    return Problem("incomplete", fault.message, product.source.folder, hint=hint)


def _pages(context: Context, texts: Mapping[str, str], toc: list[Entry]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return the pages in reading order with their links, and the list of the printed pages."""
    product = context.product
    brand, handout = product.brand, product.source.handout
    pages = glossary.linked(notes.numbered(texts, context), context)
    about = {"identifier": metadata.identifier(product), "printing": metadata.printing(product)}
    pages["colophon.xhtml"] = render(brand, "epub/colophon.xhtml", h=handout, c=context, **about)
    homes = {ident: page for page, text in pages.items() for ident in _IDS.findall(text)}
    pages = {page: _LINK.sub(lambda m: f'{m[1]}{homes.get(m[2], "")}#{m[2]}"', text) for page, text in pages.items()}
    page_list = [
        {"href": f"{homes.get(f'page_{page}', '')}#page_{page}", "title": str(page)}
        for page in sorted(itertools.chain(*context.page_starts.values()))
    ]
    pages["contents.xhtml"] = render(brand, "epub/contents.xhtml", c=context, toc=toc)
    pages["nav.xhtml"] = render(brand, "epub/nav.xhtml", h=handout, c=context, toc=toc, pages=page_list)
    return pages, page_list


def _text_pages(context: Context) -> dict[str, str]:
    """Return cover, title page and chapters as templates give them, with a place for the contents between them."""
    source, brand = context.product.source, context.product.brand
    handout = source.handout
    title = markdown.plain(handout.title)
    on_cover = (handout.kicker or "", title, context.clinic.name if context.clinic else "")
    alt = f"{context.labels['cover']}: {'. '.join(filter(None, on_cover))}"
    pages: dict[str, str] = {
        "cover.xhtml": render(brand, "epub/cover.xhtml", c=context, alt=alt),
        "titlepage.xhtml": render(brand, "epub/titlepage.xhtml", h=handout, c=context),
        "contents.xhtml": "",
    }
    chapters = _chapters(source)
    for number, sections in enumerate(chapters, 1):
        values = {"first": number == 1, "last": number == len(chapters), "sections": sections}
        heading = title if number == 1 else markdown.plain(sections[0].heading)
        pages[f"chapter-{number}.xhtml"] = render(
            brand, "epub/chapter.xhtml", h=handout, c=context, title=heading, **values
        )
    return pages


def _looks(context: Context, pages: Iterable[bytes], fonts: Iterable[tuple[str, int]]) -> dict[str, bytes]:
    """Return the style sheet, by the languages and weights of our fonts, and what a brand adds to the looks."""
    brand, theme = context.product.brand, context.product.theme
    own, more, added = _brand_files(brand, theme, pages, context.logo) if brand else ((), "", {})
    css = "".join(_font_rules(key, own) for key in fonts)
    sheets = ("book.css", *(["both.css"] if context.second else []))
    css += "".join(substitute((LAYOUTS / "epub" / name).read_text("utf-8"), theme) for name in sheets)
    return {**added, "book.css": (css + more).encode()}


def _brand_files(
    brand: "Brand", theme: Theme, pages: Iterable[bytes], logo: str
) -> tuple[Sequence[str], str, dict[str, bytes]]:
    """Return the families of the brand's fonts, what it adds to the style sheet, and its files by name."""
    from handout_builder.brand import assets  # noqa: PLC0415  # only with a brand

    cut = assets.fonts(brand, b"".join(pages).decode(), book=True)
    added = {f"fonts/{assets.font_name(face)}": asset.data for face, asset in cut.items()}
    if brand.book_logo:
        added[logo] = brand.book_logo.data
    css = assets.font_rules(cut, "fonts/") + assets.book_css(brand, theme, headings=bool(cut))
    return [face.family for face in cut], css, added


def _pictures(product: Product) -> dict[str, tuple[str, bytes]]:
    """Return the name in the book and the bytes of each picture: an author's file names may hold anything."""
    return {
        name: (f"pictures/{number}.{ending(data)}", fitted(data, _MOST_PIXELS))
        for number, (name, data) in enumerate(product.pictures.items(), 1)
    }


def _fonts(pages: Iterable[Any]) -> dict[tuple[str, int], bytes]:
    """Return a baked font for each language and weight in which Han, kana or hangul is set."""
    texts: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for page in pages:
        _collect(page, "", 400, texts)
    styles = {400: "Regular", 700: "Bold"}
    return {
        (lang, weight): bake(FONTS / f"HandoutHan-{styles[weight]}.ttf", ours, lang, _family(lang, weight), weight)
        for (lang, weight), runs in sorted(texts.items())
        if any(ours := [_covered(run) for run in runs])
    }


def _covered(text: str) -> str:
    """Return a text without the characters that only a brand's typeface has."""
    lacking = set(coverage.missing(text))
    return "".join(character for character in text if character not in lacking)


def _twice(match: re.Match[str]) -> str:
    """Give an element's language to both kinds of readers (EPUB 3.3, 6.1.3; XHTML's own attribute is the XML one)."""
    return _LANG.sub(r' lang="\1" xml:lang="\1"', match[0])


def _collect(element: Any, lang: str, weight: int, texts: defaultdict[tuple[str, int], set[str]]) -> None:
    inner = element.get("lang", lang)
    bold = etree.QName(element).localname in _BOLD_TAGS or element.get("class") == _BOLD_CLASS
    inner_weight = 700 if bold else weight
    if element.text and language.is_cjk_language(inner):
        texts[inner, inner_weight].update(language.cjk_characters(element.text))
    for child in element:
        _collect(child, inner, inner_weight, texts)
        if child.tail and language.is_cjk_language(inner):
            texts[inner, inner_weight].update(language.cjk_characters(child.tail))


def _family(lang: str, weight: int) -> str:
    return f"HandoutHan-{lang}-{weight}"


def _font_rules(key: tuple[str, int], others: Sequence[str]) -> str:
    """Return the rules for one baked font: only runs in its language take it.

    ``others`` are families for headings that may have what it lacks; in other text readers' own come before them.
    """
    lang, weight = key
    family = _family(lang, weight)
    face = f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url(fonts/{family}.ttf); }}\n'
    where = f'[lang="{lang}"]'
    how = _set_in(family, "sans-serif", *others)
    if weight == 400:  # noqa: PLR2004
        return f"{face}{where} {how}"
    bold = (*_BOLD_TAGS, f".{_BOLD_CLASS}")
    rules = face + _bold_rules(bold, lang, how)
    return rules + _bold_rules(_HEADING_TAGS, lang, _set_in(family, *others, "sans-serif")) if others else rules


def _set_in(*families: str) -> str:
    names = ", ".join(name if name == "sans-serif" else f'"{name}"' for name in families)
    return f"{{ font-family: {names}; font-style: normal; }}\n"


def _bold_rules(tags: Iterable[str], lang: str, how: str) -> str:
    where = f'[lang="{lang}"]'
    tagged = ", ".join(f"{tag} {where}, {tag}{where}" for tag in tags)
    # Bold in text of the language, whose element is farther out; apart, as readers leave out rules they do not know.
    inside = ", ".join(f"{tag}:lang({lang})" for tag in tags)
    return f"{tagged} {how}{inside} {how}"


def _uid(name: str) -> str:
    if name == "toc.ncx":
        return "ncx"  # EbookLib's spine names it so
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
