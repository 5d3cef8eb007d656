"""Short forms as they fit, and how many times their pages were laid out for that."""

from __future__ import annotations

from typing import Any

import pytest

from handout_builder import pipeline
from handout_builder.pdf import typeset
from handout_builder.pdf.pages import Pages
from handout_builder.render.product import Product

# Layouts end with the page that is one too many: each takes some tenths of a second, and a product may take twenty
# seconds in all, on slow machines, too.
MOST_TRIES = 9
LEAST_TYPE = {"one-page": 11.0, "leaflet": 10.5}
"""In points."""


def fitted(product: Product) -> Pages:
    """Return the pages of a short form, which has to fit in readable type after few layouts."""
    tries = 0
    lay_out = typeset.lay_out

    def counted(*given: Any) -> Pages:
        nonlocal tries
        tries += 1
        return lay_out(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typeset, "lay_out", counted)
        made, pages, _ = pipeline.laid_out(product)
    assert 0 < tries <= MOST_TRIES
    assert pages.count <= product.edition.pages
    assert float(made.theme.tokens["size-body"].removesuffix("pt")) >= LEAST_TYPE[product.edition.name]
    return pages
