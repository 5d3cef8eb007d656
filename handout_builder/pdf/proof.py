"""The proof of a PDF as two files that lie beside it: one for programs (JSON), one for people (HTML)."""

import json
from pathlib import Path

from markupsafe import Markup

from handout_builder.pdf import preflight
from handout_builder.render import printing
from handout_builder.render.environment import render
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import substitute


def files(name: str, data: bytes, product: Product) -> dict[str, bytes]:
    """Return the two files by path; ``name`` is the path of the PDF with these bytes."""
    html = printing.print_html(product, printing.first_pages(product))
    report = preflight.report(Path(name).name, data, product, html)
    css = substitute((LAYOUTS / "proof" / "proof.css").read_text("utf-8"), product.theme)
    page = render(
        None,
        "proof/proof.html",
        r=report,
        pictures=preflight.contact_sheet(data),
        least_dpi=preflight.LEAST_DPI,
        css=Markup(css),  # noqa: S704  # our own
    )
    return {
        str(Path(name).with_suffix(".proof.json")): (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode(),
        str(Path(name).with_suffix(".proof.html")): page.encode(),
    }
