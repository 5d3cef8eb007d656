"""What templates may ask for as ``c``, beside the handout itself (``h``): each part of it has one job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

from handout_builder.render.anchors import Anchors
from handout_builder.render.contents import Contents
from handout_builder.render.drawings import Drawings
from handout_builder.render.formatter import Formatter
from handout_builder.render.languages import Languages
from handout_builder.render.personal import PersonalWords
from handout_builder.render.product import Product
from handout_builder.text import markdown
from handout_builder.text.characters import shortened
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
    def lang(self) -> str:
        """The language of the handout."""
        return self.product.source.language

    @property
    def labels(self) -> Mapping[str, str]:
        """The fixed words of the language."""
        return self.product.source.shared.labels

    @property
    def short_title(self) -> str:
        """The title as it fits into the foot of a page, where that is shorter; else empty."""
        title = markdown.plain(self.product.source.handout.title)
        short = shortened(title, int(self.product.theme.measure("foot-letters")))
        return short if short != title else ""

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
        return Contents(self.product.source, self.product.left_out)

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
