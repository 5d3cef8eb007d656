"""Stage 2, render: from a product to the HTML of the print, with the page numbers that its text names."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import quote

from handout_builder.content import schema, views
from handout_builder.errors import HandoutError, Problem
from handout_builder.render import completeness, frame, fullwidth_punctuation, glossary, japanese, link_addresses, notes
from handout_builder.render.contents import Contents
from handout_builder.render.context import Context
from handout_builder.render.drawings import height_of
from handout_builder.render.environment import render, template_problem
from handout_builder.render.product import Product
from handout_builder.render.template_output import Finding
from handout_builder.render.titles import bind_last_words, break_at_colons

LOGO = "brand:logo"
"""The address of a brand's logo in print."""
# The engine lays no ruby out: readings stand above words as those of names do, before them.
_RUBY = re.compile(r"<ruby( [^<>]*|)>(.*?)<rp>\(</rp><rt( [^<>]*|)>([^<]*)</rt><rp>\)</rp></ruby>")
# A link to a section; in the other language of a handout in two, with how that tells a page.
_INTERNAL_LINK = re.compile(r'<a (?:data-see="(?P<label>[^"]*)" )?href="#(?P<to>[a-z0-9-]+)">(?P<words>.*?)</a>')
# Where an index leads to, and elements that are named to be found: see render/anchors.py.
_INDEX_LINK = re.compile(r'<a class="to" href="#([A-Za-z0-9_-]+)">')
_NAMED = re.compile(r' data-id="([^"]+)"')


def print_html(product: Product, pages: Mapping[str, int], **more: Any) -> str:
    """Return the whole handout as one HTML page for the print.

    ``pages`` has the page of each section, and of what an index leads to; ``more`` is what a template has beside it.
    """
    source, edition = product.source, product.edition
    context = _context(product, _logo(product), pages)
    html = given = render(product.brand, edition.template, h=source.handout, c=context, **more)
    if edition.pages:
        html = glossary.unmarked(notes.in_brackets(html, source.language))
    else:
        html = glossary.linked(notes.numbered({"": html}, context), context)[""]
    html = _RUBY.sub(r'<span class="ruby"><span class="over"\3>\4</span><span\1>\2</span></span>', html)
    targets = set(_INDEX_LINK.findall(html))
    if targets:
        html = _NAMED.sub(lambda m: f' id="{m[1]}"' if m[1] in targets else m[0], html)
    _check_links(product, html, pages)
    # A template's own mistakes, which are told before this, may be why a page lacks some of it.
    if "sheet" in more:
        completeness.check_sheet(context.short, given, more["sheet"], frame.always(context))
    elif edition.pages:
        completeness.check_short(context.short, given, frame.always(context))
    else:
        completeness.check(context.contents, [given], frame.about(context))
        if context.second:
            around = frame.about(context.second, second=True)
            completeness.check(context.second.contents, [given], around, second=True)
    if edition.pages:  # the short form has no page numbers to lead to, and few sections
        html = _INTERNAL_LINK.sub(lambda link: _to_part(link, html), html)
    else:
        html = link_addresses.printed(html)
        usual = context.see_page
        html = _INTERNAL_LINK.sub(lambda link: _with_page(link, pages, usual), html)
    html = fullwidth_punctuation.closed_up(html)
    # WeasyPrint 70 can break a line after its first word when a short inline element follows a space near
    # the line's end; with the space inside the element it does not.
    html = html.replace(" <strong>", "<strong> ").replace(" <em>", "<em> ")
    return break_at_colons(bind_last_words(japanese.with_phrases(html, source.language)))


def _to_part(link: re.Match[str], html: str) -> str:
    """Return a link of a short form, its words alone where the section that it leads to has no heading there."""
    there = f' id="{link["to"]}"' in html
    return f'<a href="#{link["to"]}">{link["words"]}</a>' if there else link["words"]


def _with_page(link: re.Match[str], pages: Mapping[str, int], usual: str) -> str:
    """Return a link with the page that it leads to, in the words of its language."""
    made, page = f'<a href="#{link["to"]}">{link["words"]}</a>', pages.get(link["to"])
    label = unescape(link["label"] or usual)
    return made + label.format(page=page) if page else made


def _check_links(product: Product, html: str, sections: Mapping[str, int]) -> None:
    """Raise HandoutError for a link to a place that the page does not have."""
    lost = [ident for ident in sorted(linked(html) - sections.keys()) if f' id="{ident}"' not in html]
    own = product.brand.layouts if product.brand else None
    if lost and own:
        findings = (Finding(f"there is no section '{ident}'", f"#{ident}") for ident in lost)
        raise HandoutError(template_problem(own, product.edition.template, finding) for finding in findings)
    if lost:
        hint = "links lead to the ids of sections"
        raise HandoutError(
            Problem("unknown-link", f"there is no section '{ident}'", product.source.folder, hint=hint)
            for ident in lost
        )


def sheet_html(product: Product, sides: Sequence[Any]) -> str:
    """Return the sides of the sheets that a booklet's pages are put on."""
    context = _context(product, _logo(product))
    return glossary.unmarked(render(product.brand, "sheet.html", h=product.source.handout, c=context, sides=sides))


def cover_html(product: Product) -> str:
    """Return the page that is drawn as the picture on the book's cover."""
    logo = LOGO if product.brand and product.brand.book_logo else ""
    cover = render(product.brand, "epub/cover.html", h=product.source.handout, c=_context(product, logo))
    return japanese.with_phrases(cover, product.source.language)


def linked(html: str) -> set[str]:
    """Return the sections that a printed page leads to: only their page numbers are printed."""
    return {*(match["to"] for match in _INTERNAL_LINK.finditer(html)), *_INDEX_LINK.findall(html)}


def tells_pages(product: Product, html: str) -> bool:
    """Tell whether the printed page of a product has page numbers: short forms lead to sections without."""
    own = product.brand and product.brand.layouts
    return bool(not product.edition.pages or own or _INDEX_LINK.search(html))


def first_pages(product: Product) -> dict[str, int]:
    """Return a first guess of the page of each section: only sections that start a page start one.

    What an index leads to is told to be on the first page.
    """
    page, pages = 1, {}
    for section in product.source.handout.sections:
        page += section.starts_page
        pages[section.id] = page
    contents = Contents(product.source)
    if contents.blocks("index"):
        pages |= dict.fromkeys(contents.indexed, 1)
    return pages


def shares_of_charts(product: Product, other: Product) -> dict[str, float]:
    """Return how high charts are in another edition of a product, of their height, by the ids of their blocks.

    Those that are as high are left out, as are charts of several views, which stand beside each other at sizes of
    their own.
    """
    size = "back-size"
    if product.theme.tokens[size] == other.theme.tokens[size]:
        return {}
    shares = {}
    drawn, drawn_there = (_context(each, "").drawings for each in (product, other))
    for section in product.source.handout.sections:
        for number, block in enumerate(section.blocks, 1):
            if isinstance(block, schema.Chart) and len(views.drawn(block, product.source.points)) == 1:
                ident = f"{section.id}_{number}"
                old, new = ((each.chart(block, ident), each.theme) for each in (drawn, drawn_there))
                shares[ident] = height_of(*new) / height_of(*old)
    return {ident: share for ident, share in shares.items() if share < 1}


def pictures(product: Product) -> dict[str, str]:
    """Return the address in print of each of the author's pictures, by its name."""
    return {name: f"picture:{quote(name)}" for name in product.pictures}


def _context(product: Product, logo: str, pages: Mapping[str, int] | None = None) -> Context:
    return Context(product, epub=False, pictures=pictures(product), logo=logo, page_starts={}, pages=pages or {})


def _logo(product: Product) -> str:
    return LOGO if product.brand and product.brand.logo else ""
