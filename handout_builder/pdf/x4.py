"""The file for a print shop: PDF/X-4 (ISO 15930-7:2010), in CMYK, with bleed and crop marks.

WeasyPrint's own PDF/X-4 dates files by the clock, leaves marks inside the bleed, and links, lines and pictures
in RGB; so it writes a plain PDF 1.6 here, which is completed before it is serialised.
"""

import uuid
from typing import Any

from handout_builder.colour.inks import Cmyk, Condition
from handout_builder.pdf import objects, page_boxes, xmp
from handout_builder.pdf.recolour import recolour
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS

FOGRA39 = Condition("FOGRA39", (LAYOUTS / "press" / "fogra39.icc").read_bytes(), 3.0)
"""Coated paper in offset; ours was made from free data: see layouts/press/ORIGIN.md."""


def finish(document: Any, pdf: Any, product: Product) -> None:
    """Complete a file that is not yet serialised."""
    pydyf = objects.library(pdf)
    condition = (product.brand and product.brand.press) or FOGRA39
    recolour(pdf, Cmyk(condition))
    _metadata(document, pdf, product)
    _output_intent(pydyf, pdf, condition)
    page_boxes.complete(pydyf, pdf, page_boxes.Margin.of(product.theme))


def _metadata(document: Any, pdf: Any, product: Product) -> None:
    document.metadata.include_in_pdf(pdf, "x", None, None, compress=False)
    source, brand, modified = product.source, product.brand.name if product.brand else "", document.metadata.modified
    name = f"{source.name}.{source.lang}{product.edition.look.suffix}"
    ident = uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {brand} {modified}")
    xmp.add(pdf, xmp.pdf_x_4(modified, ident))
    pdf.info["Trapped"] = "/False"


def _output_intent(pydyf: Any, pdf: Any, condition: Condition) -> None:
    stream = pydyf.Stream([condition.profile], pydyf.Dictionary({"N": 4}), compress=True)
    pdf.add_object(stream)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFX",
        "OutputConditionIdentifier": pydyf.String(condition.name),
        "Info": pydyf.String(condition.name),
        "RegistryName": pydyf.String("http://www.color.org"),
        "DestOutputProfile": stream.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])
