"""Stage 2, render: from a loaded handout to the HTML of the print, and what the templates of both may ask for."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from handout_builder.content import anatomy, place_text, schema
from handout_builder.content.loader import Source
from handout_builder.figures import chart, marks
from handout_builder.figures.crop import crop
from handout_builder.figures.svg import Words
from handout_builder.render.environment import render
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.text import language, markdown
from handout_builder.tokens import Look, substitute
from handout_builder.version import VERSION

if TYPE_CHECKING:
    from handout_builder.brand.clinic import Clinic

# Characters that fit in the left part of the foot.
_FOOT_LINE = 62
LOGO = "brand:logo"
"""The address of a brand's logo in print."""
_INTERNAL_LINK = re.compile(r'<a href="#([a-z0-9-]+)">(.*?)</a>')


@dataclass(frozen=True)
class Context:
    """What the templates may ask for, beside the handout itself."""

    product: Product
    epub: bool
    """Readings are ruby in EPUB, a line of their own in print: WeasyPrint does not lay ruby out."""
    picture: Callable[[str], str]
    """Turns a picture's file name into its address."""
    page_starts: Mapping[str, Sequence[int]]
    """Printed pages by the id of the element that they begin with, or in; empty in print."""
    logo: str = ""
    """The address of the brand's logo."""

    version = VERSION

    @property
    def source(self) -> Source:
        """The content."""
        return self.product.source

    @property
    def dated(self) -> str:
        """When its files say that they were made."""
        return self.product.dated

    @property
    def lang(self) -> str:
        """The language of the handout."""
        return self.source.lang

    @property
    def labels(self) -> Mapping[str, str]:
        """The fixed words of the language."""
        return self.source.shared.labels

    @property
    def safety(self) -> Mapping[str, schema.SafetyBlock]:
        """The safety blocks by name."""
        return self.source.shared.safety

    @property
    def points(self) -> Mapping[str, schema.Point]:
        """The catalogue."""
        return self.source.points

    @property
    def sources(self) -> list[schema.Source]:
        """The sources of the handout and of the safety blocks that are shown, each once."""
        names = dict.fromkeys(self.source.handout.sources)
        for section in self.source.handout.sections:
            for block in section.blocks:
                if isinstance(block, schema.Safety) and block.show:
                    names |= dict.fromkeys(self.safety[block.include].sources)
        return [self.source.shared.sources[name] for name in names]

    @cached_property
    def clinic(self) -> "Clinic | None":
        """The clinic whose brand the handout carries."""
        brand = self.product.brand
        if brand is None:
            return None
        from handout_builder.brand.clinic import clinic  # noqa: PLC0415  # only with a brand

        return clinic(brand, self.source.handout, self.source.lang)

    @property
    def foot_name(self) -> str:
        """The clinic's short name, where it fits in the line with the date."""
        short = self.clinic.short if self.clinic else ""
        line = f"{short} | {self.labels['revised']} {self.date(self.source.handout.revised)}"
        return short if len(line) <= _FOOT_LINE else ""

    def runs(self, text: str) -> Markup:
        """Return a clinic's text with its Han, kana and hangul tagged in the brand's language."""
        brand = self.product.brand
        lang = (brand and brand.file.defaults.handout.lang) or self.lang
        plain = Markup.escape(text)
        for run in dict.fromkeys(language.cjk_runs(text)):
            plain = plain.replace(run, self.tagged(run, lang))
        return plain

    def blocks(self, kind: str) -> list[Any]:
        """Return the blocks of a kind in the whole handout, safety blocks only where they are shown."""
        every = (block for section in self.source.handout.sections for block in section.blocks)
        return [block for block in every if block.type == kind and getattr(block, "show", True)]

    def halves(self, blocks: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return the blocks for two panels: the first one, and the others."""
        return blocks[:1], blocks[1:]

    def where(self, code: str) -> str:
        """Return the place of a point as a sentence."""
        return place_text.long_place(self.points[code].place, self.source.shared)

    def short_where(self, code: str) -> str:
        """Return the place of a point in few words."""
        return place_text.short_place(self.points[code].place, self.source.shared)

    def date(self, day: Any) -> str:
        """Return a date as it is written in the language."""
        return place_text.long_date(day, self.source.shared)

    def lang_attributes(self, lang: str) -> Markup:
        """Return the attributes that give an element its language: XHTML wants it twice."""
        return Markup(' lang="{0}" xml:lang="{0}"' if self.epub else ' lang="{0}"').format(lang)

    def tagged(self, text: str, lang: str) -> Markup:
        """Return the text as a run in another language."""
        return Markup("<span{}>{}</span>").format(self.lang_attributes(lang), text)

    def id(self, ident: str) -> Markup:
        """Return the attribute that names an element inside a section.

        In print it only serves to find the page that the element is on: a real id would become a named
        destination in the PDF, and there are hundreds.
        """
        return Markup(' {}="{}"').format("id" if self.epub else "data-id", ident)

    def mark(self, ident: str) -> Markup:
        """Return the marks of the printed pages that begin at this element, or in it; mostly nothing."""
        mark = Markup('<span epub:type="pagebreak" role="doc-pagebreak" id="page-{0}" aria-label="{0}"></span>')
        return Markup("").join(mark.format(page) for page in self.page_starts.get(ident, ()))

    def prose(self, text: str, ident: str) -> Markup:
        """Return Markdown as HTML whose paragraphs and list items can each begin a page."""
        numbers = itertools.count(1)

        def named(match: re.Match[str]) -> str:
            inner = f"{ident}-p{next(numbers)}"
            return f"<{match[1]}{self.id(inner)}>{self.mark(inner)}"

        return Markup(re.sub("<(p|li)>", named, markdown.html(text)))

    def icon(self, rank: str) -> Markup:
        """Return a safety block's icon, hidden from screen readers: the heading beside it says the same."""
        if not self.epub:
            return Markup("")  # a background image in print: see print.css
        svg = (LAYOUTS / "icons" / f"{rank}.svg").read_text("utf-8")
        for line_colour in ("var(--ink)", "var(--accent)"):  # invisible on a dark ground
            svg = svg.replace(line_colour, "currentColor")
        svg = substitute(svg, self._look)
        return Markup(svg.replace("<svg ", '<svg class="icon" aria-hidden="true" focusable="false" '))

    def cautions(self, code: str, without: str = "") -> list[str]:
        """Return the lines of care for a point, but for the one of a name that is said elsewhere."""
        return place_text.cautions(self.points[code], self.source.shared, without)

    def chart(self, block: schema.Chart, ident: str) -> Markup:
        """Return the drawing of a chart block; readings are the author's where a card gives one."""
        cards = [
            card
            for section in self.source.handout.sections
            for other in section.blocks
            if isinstance(other, schema.Points)
            for card in other.points
        ]
        readings = {card.code: card.name.reading for card in cards}
        entries = [self._entry(code, readings.get(code, "")) for code in block.points]
        return chart.chart(block.view, entries, self._words(block.view, block), ident, self._look)

    def crop(self, cards: schema.Points, card: schema.PointCard, ident: str) -> Markup:
        """Return the small drawing of a card: its point strong, those of the other cards faint."""
        entries = {other.code: self._entry(other.code) for other in cards.points}
        alt = place_text.spot_alt(self.points[card.code], self.source.shared)
        about = Words(self.labels, card.code, alt)
        return crop(entries[card.code], list(entries.values()), about, f"{ident}-crop", self._look)

    def overview(self, block: schema.Overview, ident: str) -> list[tuple[str, Markup]]:
        """Return the drawings of an overview by view: the whole back first, then the parts of the leg."""
        kinds = [(code, group.mark) for group in block.groups for code in group.points]
        by_view: dict[str, list[marks.Entry]] = {}
        for code, kind in kinds:
            place = self.points[code].place
            if view := place and anatomy.view_of(place):
                by_view.setdefault(view, []).append(self._entry(code, kind=kind))
        legend = [(group.mark, group.label) for group in block.groups]
        return [
            (
                view,
                chart.chart(
                    view,
                    by_view[view],
                    Words(
                        self.labels,
                        self.labels[f"view_{view}"],
                        place_text.chart_alt(view, [entry.point for entry in by_view[view]], self.source.shared),
                    ),
                    f"{ident}-{view}",
                    self._look,
                    legend,
                ),
            )
            for view in anatomy.views()
            if view in by_view
        ]

    def mark_of(self, code: str, kind: marks.Kind) -> Markup:
        """Return a point's mark as a small picture for a table."""
        return marks.alone(self.points[code], kind, self._look)

    def _entry(self, code: str, name: str = "", kind: marks.Kind = "filled") -> marks.Entry:
        return marks.Entry(self.points[code], name or self.points[code].names.pinyin, kind)

    def _words(self, view: str, block: schema.Chart) -> Words:
        alt = place_text.chart_alt(view, [self.points[code] for code in block.points], self.source.shared)
        title = markdown.plain(block.title)
        # Names of drawings are plain text: Han in them could not say its language.
        named = self.labels[f"view_{view}"] if language.cjk_runs(title) else title
        return Words(self.labels, named, alt)

    @property
    def _look(self) -> Look:
        return self.product.look


def sheet_html(product: Product, sides: Sequence[Any]) -> str:
    """Return the sides of the sheets that a booklet's pages are put on."""
    return render(product.brand, "sheet.html", h=product.source.handout, c=_print_context(product), sides=sides)


def _print_context(product: Product) -> Context:
    folder = product.source.folder
    return Context(
        product,
        epub=False,
        picture=lambda name: (folder / name).resolve().as_uri(),
        page_starts={},
        logo=LOGO if product.brand and product.brand.logo else "",
    )


def print_html(product: Product, pages: Mapping[str, int]) -> str:
    """Return the whole handout as one HTML page for the print; ``pages`` has the page of each section."""
    source, edition = product.source, product.edition
    html = render(product.brand, edition.template, h=source.handout, c=_print_context(product))
    label = source.shared.labels["see_page"]
    if edition.pages:  # the short form has no sections to lead to
        html = _INTERNAL_LINK.sub(r"\2", html)
    else:
        html = _INTERNAL_LINK.sub(lambda m: f"{m[0]} ({label}\u00a0{pages[m[1]]})", html)
    # WeasyPrint 70 can break a line after its first word when a short inline element follows a space near
    # the line's end; with the space inside the element it does not.
    return html.replace(" <strong>", "<strong> ").replace(" <em>", "<em> ")


def linked(html: str) -> set[str]:
    """Return the sections that a printed page leads to: only their page numbers are printed."""
    return {match[1] for match in _INTERNAL_LINK.finditer(html)}


def first_pages(product: Product) -> dict[str, int]:
    """Return a first guess of the page of each section: only sections that start a page start one."""
    page, pages = 1, {}
    for section in product.source.handout.sections:
        page += section.starts_page
        pages[section.id] = page
    return pages
