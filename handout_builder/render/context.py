"""What templates may ask for as ``c``, beside the handout itself (``h``): each part of it has one job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from markupsafe import Markup

from handout_builder.content import schema
from handout_builder.render import fullwidth_punctuation
from handout_builder.render.anchors import Anchors
from handout_builder.render.bilingual import TWICE
from handout_builder.render.contents import Contents
from handout_builder.render.drawings import Drawings
from handout_builder.render.formatter import Formatter
from handout_builder.render.imprint import Imprint
from handout_builder.render.languages import Languages
from handout_builder.render.personal import PersonalWords
from handout_builder.render.product import Product
from handout_builder.render.short_contents import ShortContents
from handout_builder.text import markdown
from handout_builder.text.characters import breadth, shortened, wideness
from handout_builder.version import VERSION

if TYPE_CHECKING:
    from handout_builder.brand.clinic import Clinic


@dataclass(frozen=True)
class Context:
    """A product as templates see it, in print or in the book."""

    product: Product = field(repr=False)
    """What all of this is made of; templates do not see it."""
    epub: bool
    """Readings are ruby in EPUB, a line of their own in print: WeasyPrint does not lay ruby out."""
    pictures: Mapping[str, str]
    """The addresses of the author's pictures by their file names."""
    logo: str
    """The address of the brand's logo; empty where there is none."""
    page_starts: Mapping[str, Sequence[int]]
    """Printed pages by the id of the element that they begin with, or in; empty in print."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """The page of each place that an index leads to; empty in the book."""

    version = VERSION

    def without_template(self, kind: str, ident: str) -> NoReturn:
        """Raise HandoutError for a block that no template prints."""
        from handout_builder.render import completeness  # noqa: PLC0415  # this is not to happen

        raise completeness.without_template(kind, ident, self.product.source)

    def picture(self, name: str) -> str:
        """Return the address of one of the author's pictures; raises LookupError for any other name."""
        if name not in self.pictures:
            raise LookupError(f"the handout has no picture '{name}'")
        return self.pictures[name]

    @property
    def title(self) -> str:
        """The title in plain words, that of the other language behind it."""
        return " · ".join(markdown.plain(source.handout.title) for source in self.product.sources)

    @property
    def handout(self) -> schema.Handout:
        """The handout: what templates have as ``h``."""
        return self.product.source.handout

    @cached_property
    def second(self) -> "Context | None":
        """The same in the other language of a handout in two languages; None where there is one."""
        other = self.product.second
        if other is None:
            return None
        product = replace(self.product, source=other, second=None)
        return Context(product, self.epub, self.pictures, self.logo, self.page_starts, self.pages)

    def stands_twice(self, kind: str) -> bool:
        """Tell whether a type of block stands once in each language."""
        return self.second is not None and kind in TWICE

    def block(self, ident: str) -> Any:
        """Return the block that templates give an id; raises LookupError for any other id.

        The picture of an exercise stands once, with the first language.
        """
        block = dict(self.contents.placed).get(ident)
        if block is None:
            raise LookupError(f"there is no block '{ident}'")
        return block.model_copy(update={"picture": None}) if block.type == "exercise" else block

    def linked(self, html: str) -> Markup:
        """Return what is printed in the other language, its links marked with how that tells a page."""
        safe = str(Markup.escape(html))  # words of a handout are escaped here, what templates made has been
        marked = Markup('<a data-see="{}" href="#').format(self.see_page)
        return Markup(safe if self.epub else safe.replace('<a href="#', marked))  # noqa: S704

    @property
    def see_page(self) -> str:
        """What stands behind a link in print, with ``{page}`` in it: the page that it leads to, in brackets."""
        return fullwidth_punctuation.in_brackets(self.labels["see_page"].replace(" ", "\u00a0"), self.lang)

    def heading(self, ident: str) -> str:
        """Return the heading of a section; raises LookupError for any other id."""
        headings = {section.id: section.heading for section in self.handout.sections}
        if ident not in headings:
            raise LookupError(f"there is no section '{ident}'")
        return headings[ident]

    @cached_property
    def notes(self) -> list[str]:
        """The notes to words of the text, those of the other language after those of the first."""
        return [*dict.fromkeys((*self.contents.notes, *(self.second.contents.notes if self.second else ())))]

    @property
    def lang(self) -> str:
        """The language of the handout."""
        return self.product.source.language

    @property
    def labels(self) -> Mapping[str, str]:
        """The fixed words of the language."""
        return self.product.source.shared.labels

    @property
    def short_title(self) -> str:
        """The title as it fits into the foot of a page, where that is shorter; else empty.

        Of two languages, that of the first where both have no room.
        """
        most = int(self.product.theme.measure("foot-letters"))
        title, *others = (markdown.plain(source.handout.title) for source in self.product.sources)
        whole = " · ".join((title, *others))
        return "" if breadth(whole) <= most / wideness(whole) else shortened(title, int(most / wideness(title)))

    @property
    def dated(self) -> str:
        """When the files say that they were made (W3C-DTF)."""
        return self.product.dated

    @cached_property
    def clinic(self) -> "Clinic | None":
        """The clinic whose brand the handout carries."""
        brand, source = self.product.brand, self.product.source
        if brand is None:
            return None
        from handout_builder.brand.clinic import clinic  # noqa: PLC0415  # only with a brand

        return clinic(brand, source.handout, source.language, folded=bool(self.product.edition.sheets))

    @property
    def emergency(self) -> str:
        """Whom patients call in an emergency: the clinic's number, else the handout's; empty where none is told."""
        brand, handout = self.product.brand, self.product.source.handout
        return (brand and brand.file.defaults.handout.emergency) or handout.emergency or ""

    @cached_property
    def contents(self) -> Contents:
        """Catalogue, safety blocks and sources."""
        return Contents(self.product.source)

    @cached_property
    def short(self) -> ShortContents:
        """What a short form has of them."""
        return ShortContents(self.contents, self.product.left_out)

    @property
    def summary(self) -> list[str]:
        """The lines of the summary that are printed."""
        return self.short.summary if self.product.edition.pages else self.handout.summary

    @cached_property
    def imprint(self) -> Imprint:
        """Who wrote, added, translated and checked the handout."""
        return Imprint(self.contents, self.summary)

    @cached_property
    def personal(self) -> PersonalWords:
        """What is said to one person."""
        product = self.product
        return PersonalWords(product.source.handout.personal, product.personal, self.lang)

    def chart_pages(self, code: str) -> list[tuple[str, int]]:
        """Return each page that draws a point, with the id of its first drawing; in print, for an index."""
        found: dict[int, str] = {}
        for ident, _ in self.contents.charts(code):
            found.setdefault(self.pages[ident], ident)
        return [(ident, page) for page, ident in found.items()]

    @cached_property
    def format(self) -> Formatter:
        """Places, cautions and dates in words."""
        source = self.product.source
        return Formatter(source.shared, source.points, source.language)

    @cached_property
    def languages(self) -> Languages:
        """Languages of runs of text."""
        brand = self.product.brand
        return Languages(self.epub, (brand and brand.file.defaults.handout.lang) or self.lang)

    @cached_property
    def anchors(self) -> Anchors:
        """Names of elements, and marks of printed pages."""
        return Anchors(self.epub, self.page_starts)

    @cached_property
    def drawings(self) -> Drawings:
        """Charts, crops, marks and icons."""
        return Drawings(self.product.source, self.product.theme, self.epub, self.anchors, self.product.drawn)
