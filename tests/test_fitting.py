"""Short forms: what they lack, and how many times their pages are set until they fit."""

import weakref
from dataclasses import dataclass, replace

import pytest
from helpers.project import NAME, OTHERS, SOURCE, source_of

from handout_builder import fitting, pipeline
from handout_builder.brand.loader import load_brand
from handout_builder.editions import EDITIONS
from handout_builder.pdf.typeset import Pages
from handout_builder.render.product import Product

HANDOUTS = (NAME, *OTHERS)
# Of settings; each takes some tenths of a second, and a product may take eight seconds in all.
MOST = {"one-page": 6, "leaflet": 11}


def made(handout: str, brand: str | None, edition: str, paper: str = "a4") -> Product:
    source = source_of(SOURCE / handout)
    source = replace(source, handout=source.handout.model_copy(update={"paper": paper}))
    return Product(source, load_brand(SOURCE / "brands" / brand) if brand else None, EDITIONS[edition])


def fitted(product: Product) -> tuple[Product, Pages, int]:
    """Return a product as it fits, its pages, and how many times pages were laid out."""
    tries = 0

    def settled(one: Product) -> Pages:
        nonlocal tries
        tries += 1
        return pipeline.settled(one)

    return *fitting.fitted(product, settled(product), settled), tries


# Each handout, brand and paper; the first one as it is, too.
@pytest.mark.parametrize(
    ("handout", "brand", "paper"),
    [
        (NAME, None, "a4"),
        (NAME, "harbour-lane", "letter"),
        (OTHERS[0], "harbour-lane", "a4"),
        (OTHERS[1], "cell-healing", "a4"),
    ],
)
def test_our_handouts_have_11_pt_on_one_page_after_few_settings(handout: str, brand: str | None, paper: str) -> None:
    product, pages, tries = fitted(made(handout, brand, "one-page", paper))
    assert pages.count == 1
    assert float(product.theme.tokens["size-body"].removesuffix("pt")) >= 11
    assert tries <= MOST["one-page"]


@pytest.mark.parametrize("handout", HANDOUTS)
def test_a_leaflet_fits_after_few_settings(handout: str) -> None:
    product, pages, tries = fitted(made(handout, "harbour-lane", "leaflet"))
    assert pages.count <= product.edition.pages
    assert float(product.theme.tokens["size-body"].removesuffix("pt")) >= 10.5
    assert tries <= MOST["leaflet"]


@dataclass(eq=False)
class Counted:
    """What is asked of pages here."""

    count: int
    html: str = "<body>words"
    used: float = 1.0


def test_pages_that_are_not_gone_on_with_are_let_go() -> None:
    """A clinic's leaflet in Korean was set ten times, and all its pages were kept: more than a product may take."""
    product = made(NAME, None, "leaflet")
    set_pages: list[weakref.ref[Counted]] = []
    most = 0

    def settled(one: Product) -> Counted:
        nonlocal most
        pages = Counted(product.edition.pages + (not one.left_out))
        set_pages.append(weakref.ref(pages))
        most = max(most, sum(known() is not None for known in set_pages))
        return pages

    _, pages = fitting.fitted(product, settled(product), settled)  # type: ignore[arg-type, type-var]
    assert len(set_pages) > 4
    assert most <= 3
    assert pages.count == product.edition.pages
