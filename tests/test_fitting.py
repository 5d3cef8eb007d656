"""Short forms: what they lack, and how many times their pages are set until they fit."""

import weakref
from dataclasses import dataclass, replace
from functools import cache
from math import ceil

import pytest
from helpers.fitted import fitted
from helpers.project import NAME, OTHERS, SOURCE, source_of

from handout_builder import fitting
from handout_builder.brand.loader import load_brand
from handout_builder.editions import EDITIONS
from handout_builder.render import printing
from handout_builder.render.product import Product


def made(handout: str, brand: str | None, edition: str, paper: str = "a4", lang: str = "en") -> Product:
    source = source_of(SOURCE / handout, lang)
    source = replace(source, handout=source.handout.model_copy(update={"paper": paper}))
    return Product(source, load_brand(SOURCE / "brands" / brand) if brand else None, EDITIONS[edition])


# Each handout, and each brand and paper; all languages and the leaflets: see tests/pdf/test_translated_pages.py.
@pytest.mark.parametrize(
    ("handout", "brand", "paper"),
    [(NAME, "harbour-lane", "letter"), (OTHERS[0], None, "a4"), (OTHERS[1], "cell-healing", "a4")],
)
def test_our_handouts_have_11_pt_on_one_page_after_few_settings(handout: str, brand: str | None, paper: str) -> None:
    fitted(made(handout, brand, "one-page", paper))


@dataclass(eq=False)
class Counted:
    """What is asked of pages here."""

    height: float
    """How many pages they take."""
    html: str = "<body>words"

    @property
    def count(self) -> int:
        return ceil(self.height)

    @property
    def used(self) -> float:
        return self.height

    @property
    def shares(self) -> list[float]:
        return [min(1.0, self.height - number) for number in range(self.count)]


@cache
def html_of(left_out: tuple[str, ...]) -> str:
    product = replace(made(OTHERS[1], None, "leaflet"), left_out=left_out)
    return printing.print_html(product, printing.first_pages(product))


class Settling:
    """Lays forms out that are as high as they have letters, and a tenth lower with each step of the ladder."""

    def __init__(self, height: float) -> None:
        self.product = made(OTHERS[1], None, "leaflet")
        self._steps = ("", *self.product.edition.ladder)
        self._height = height
        self.most, self.tries = 0, 0
        """How many pages were kept at once at the most, and how often they were laid out."""
        self._set: list[weakref.ref[Counted]] = []

    def __call__(self, product: Product, most: int) -> Counted | None:
        html = html_of(product.left_out)
        share = fitting._letters(html) / fitting._letters(html_of(()))
        closer = self._steps.index(product.edition.step) if product.edition.step in self._steps else len(self._steps)
        pages = Counted(self._height * share * 0.9**closer, html)
        self.tries += 1
        self._set.append(weakref.ref(pages))
        self.most = max(self.most, sum(known() is not None for known in self._set))
        return pages if not most or pages.count <= most else None


@pytest.mark.parametrize(("height", "tries"), [(8, 4), (9.3, 8), (10, 7), (12.5, 7)])
def test_the_fullest_form_that_fits_is_found_in_few_tries(height: float, tries: int) -> None:
    """Nine forms of a leaflet were laid out, each twice: most of five seconds of the eight that it may take."""
    settling = Settling(height)
    form, _ = fitting.fitted(settling.product, settling)  # type: ignore[arg-type]
    assert settling.tries <= tries
    most = form.edition.pages
    assert settling(form, most)
    for part in form.left_out:
        fuller = replace(form, left_out=tuple(other for other in form.left_out if other != part))
        assert not settling(fuller, most), f"{part} has room"
    steps = ("", *form.edition.ladder)
    if form.edition.step in steps[1:]:
        looser = steps[steps.index(form.edition.step) - 1]
        assert not settling(replace(form, edition=replace(form.edition, step=looser)), most), "it has a looser layout"


def test_pages_that_are_not_gone_on_with_are_let_go() -> None:
    """A clinic's leaflet in Korean was set ten times, and all its pages were kept: more than a product may take."""
    settling = Settling(10)
    form, pages = fitting.fitted(settling.product, settling)  # type: ignore[arg-type]
    assert form.left_out
    assert settling.tries > 4
    assert settling.most <= 3
    assert pages.count <= form.edition.pages
