"""What the book says about itself: only what it has, found in its own pages (EPUB Accessibility 1.1, 2)."""

import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from ebooklib import epub

from handout_builder.render.context import Context
from handout_builder.render.product import Product
from handout_builder.text import markdown

_NAMESPACE = uuid.UUID("5b0f1c3e-3a53-4f0c-9f4e-6b1d4c3f6a10")
_CONFORMS = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
_PICTURE = re.compile(rb"<img |<svg (?![^>]*aria-hidden)")
# Parts of the summary, by what must be in the pages for each to be true.
_SUMMARY = {
    "a11y_text": re.compile(rb""),
    "a11y_pictures": re.compile(rb'<img [^>]*alt="[^"]'),
    "a11y_languages": re.compile(rb'<span [^>]*xml:lang="'),
    "a11y_pages": re.compile(rb"doc-pagebreak"),
}


def identifier(product: Product) -> str:
    """Return what a shelf knows the book by: the source's own; a clinic's edition, or one in another look, is another.

    A source without one is known by its folder, language, title and author.
    """
    source, look = product.source, product.edition.look.suffix
    handout = source.handout
    own = handout.identifier
    if own and not product.brand and not look and not product.second:
        return own
    named = own or f"{source.name}/{source.lang}/{markdown.plain(handout.title)}/{handout.author or ''}"
    named += f"+{product.second.lang}" if product.second else ""
    named += (f"/{product.brand.name}" if product.brand else "") + look
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, named)}"


def printed(product: Product) -> str:
    """Return which printed edition the page numbers are those of."""
    return f"{markdown.plain(product.source.handout.title)} ({printing(product)})"


def printing(product: Product) -> str:
    """Return the paper and the date of that edition."""
    paper = product.edition.name
    return f"{paper.upper() if len(paper) == 2 else paper}, {product.source.handout.revised}"  # noqa: PLR2004  # A4


def book(context: Context, files: Mapping[str, bytes]) -> Any:
    """Return EbookLib's book with all that is said about the files, and no file in it yet."""
    product, clinic = context.product, context.clinic
    source, handout = product.source, product.source.handout
    made = epub.EpubBook()
    made.prefixes = ["ibooks: http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"]
    made.set_identifier(identifier(product))
    made.set_title(context.title)
    for text in product.sources:
        made.set_language(text.language)
    made.language = source.language
    made.add_metadata("DC", "description", handout.description)
    made.add_metadata("DC", "date", handout.revised.isoformat())
    made.add_metadata("DC", "source", printed(product))
    for subject in handout.subjects:
        made.add_metadata("DC", "subject", subject)
    if handout.rights:
        made.add_metadata("DC", "rights", handout.rights)
    if clinic and clinic.name:
        made.add_metadata("DC", "publisher", clinic.name)
    if handout.author:
        made.add_author(handout.author)
    pages = b"".join(data for name, data in files.items() if name.endswith(".xhtml"))
    said = [(f"schema:{name}", value) for name, value in _accessibility(context, pages)]
    said.append(("pageBreakSource", printed(product)))
    certifier = clinic.name if clinic and clinic.name else handout.author
    if certifier and conforms(product):
        said += [("dcterms:conformsTo", _CONFORMS), ("a11y:certifiedBy", certifier)]
    said.append(("ibooks:specified-fonts", "true"))
    for name, value in said:
        made.add_metadata(None, "meta", value, {"property": name})
    made.add_metadata(None, "meta", "", {"name": "cover", "content": "item-cover.png"})  # for readers of EPUB 2
    return made


def conforms(product: Product) -> bool:
    """Tell whether all of the book is ours to vouch for: nobody's own templates, rules or pictures are in it."""
    return not product.source.pictures and not (product.brand and product.brand.layouts)


def _accessibility(context: Context, pages: bytes) -> Iterator[tuple[str, str]]:
    """Yield the claims that the pages bear out."""
    pictures = bool(_PICTURE.search(pages))
    yield "accessMode", "textual"
    if pictures:
        yield "accessMode", "visual"
    yield "accessModeSufficient", "textual"
    if pictures:
        yield "accessModeSufficient", "textual,visual"
    brand = context.product.brand
    features = {
        "alternativeText": pictures,
        "displayTransformability": not (brand and brand.layouts),  # a clinic's rules may set sizes
        "pageBreakMarkers": b"doc-pagebreak" in pages,
        "pageNavigation": b"doc-pagelist" in pages,
        "readingOrder": True,
        "rubyAnnotations": b"<rt" in pages,
        "structuralNavigation": True,
        "tableOfContents": True,
    }
    yield from (("accessibilityFeature", name) for name, here in features.items() if here)
    yield "accessibilityHazard", "none"
    labels = context.labels
    parts = [labels[name] for name, sight in _SUMMARY.items() if name in labels and sight.search(pages)]
    if summary := " ".join(parts) or labels.get("a11y_summary", ""):
        yield "accessibilitySummary", summary
