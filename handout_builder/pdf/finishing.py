"""What completes a PDF before it is serialised, and the checks that it must pass."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from handout_builder.editions import Edition
from handout_builder.errors import HandoutError, Problem
from handout_builder.pdf import completeness, gradients, layout_report, objects, xmp
from handout_builder.pdf.pages import Pages
from handout_builder.pdf.tags import Tagging
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import Theme


def variant(edition: Edition) -> str | None:
    """Return the standard that WeasyPrint is asked for, as its ``pdf_variant``; None where we do all that is needed."""
    if edition.colours == "cmyk":
        return None  # pdf/x4.py does more than WeasyPrint's own, and nothing by the clock
    if edition.sheets:
        return "pdf/a-3b"
    return "pdf/a-4f" if edition.standard == "ua-2" else "pdf/a-3a"


def finisher(pages: Pages, product: Product, tagging: Tagging) -> Callable[[Any, Any], None]:
    """Return the function that completes the PDF before it is serialised."""
    edition, publisher = product.edition, product.brand.publisher if product.brand else ""
    contents = pages.contents

    def finish(document: Any, pdf: Any) -> None:
        gradients.straighten(pdf)
        if edition.colours == "cmyk":
            from handout_builder.pdf import x4  # noqa: PLC0415  # colour management only for a print shop

            x4.finish(document, pdf, product)
        if edition.colours == "grey":
            from handout_builder.colour.inks import Grey  # noqa: PLC0415
            from handout_builder.pdf.recolour import recolour  # noqa: PLC0415

            recolour(pdf, Grey())
        _name_links(pdf, pages, product.source.shared.labels)
        if variant(edition) == "pdf/a-3a":
            xmp.add(pdf, xmp.PDF_UA_1)
            tagging.finish(pdf)
        if variant(edition) == "pdf/a-4f":
            from handout_builder.pdf import ua2  # noqa: PLC0415  # only for who asks for it

            xmp.add(pdf, xmp.PDF_UA_2 + xmp.WTPDF_1_0)
            tagging.finish(pdf)
            ua2.finish(pdf, tagging)
        if publisher:
            xmp.add(pdf, xmp.publisher(publisher))
        check_fonts(document, pdf, families(product))
        shown = completeness.read(document, pdf)
        hint = "this is a bug in the program or of a brand's templates: nothing was written"
        lost = [f"{what} is not in the PDF" for what in contents.missing(shown)]
        lost += contents.misread(pages.ink, shown)
        if lost:
            raise HandoutError(Problem("incomplete", what, product.source.folder, hint=hint) for what in lost)
        if wrong := [*contents.drawing_faults(document)]:
            raise HandoutError(layout_report.in_drawings(wrong, product))
        check_numbers(pdf, product.source.folder)
        objects.serialise(pdf)

    return finish


def _name_links(pdf: Any, pages: Pages, labels: Mapping[str, str]) -> None:
    """Let links inside the file say where they lead by the heading there, else by the page, not by an id.

    PDF/UA-1, 7.18.5.
    """
    headings: dict[str, list[str]] = {}
    for piece in (piece for page in pages.ink for piece in page if piece.heading):
        headings.setdefault(piece.around.place, []).append(piece.words.strip())
    string = objects.library(pdf).String
    for link in objects.of_type(pdf, "/Annot"):
        if "Contents" in link and "Dest" in link:
            target = link["Dest"].string
            page = str(pages.page_of.get(target, ""))
            words = headings.get(target) or [labels["see_page"].format(page=page) if page else target]
            link["Contents"] = string(" ".join(words))


def families(product: Product) -> list[str]:
    """Return the typefaces that may be in its files: ours and the brand's."""
    ours = [Theme().tokens[name].strip('"') for name in ("latin", "han")]
    return ours + ([face.family for face in product.brand.faces] if product.brand else [])


def check_numbers(pdf: Any, blame: Path) -> None:
    """Let no number into the file that is none, or that readers cannot hold."""
    if wrong := objects.beyond_limits(pdf):
        hint = "make the lengths, scales, places and groups in the brand's logo, style sheet or templates smaller"
        message = f"something is drawn at no place or without end: {', '.join(sorted(wrong))[:80]} stands in the PDF"
        raise HandoutError([Problem("incomplete", message, blame, hint=hint)])


def check_fonts(document: Any, pdf: Any, families: list[str]) -> None:
    """Let no font into the file that is not of these families, embedded and subset with its characters known."""
    ours = {name.replace(" ", "-") for name in families}
    fonts, descriptors = (objects.of_type(pdf, name) for name in ("/Font", "/FontDescriptor"))
    wrong = []
    for font in fonts:
        name = font["BaseFont"].decode().partition("+")[2]
        if not any(name.startswith(family) for family in ours):
            wrong.append(f"the font {name} is not one of ours")
        if font["Subtype"] == "/Type0" and "ToUnicode" not in font:
            wrong.append(f"the font {name} does not tell its characters")
    wrong += [
        f"the font {d['FontName']} is not embedded" for d in descriptors if not {"FontFile2", "FontFile3"} & d.keys()
    ]
    for font in document.fonts.values():
        if font.missing or 0 in font.to_unicode or any("\ufffd" in text for text in font.to_unicode.values()):
            wrong.append(f"a character is missing in {font.family}")
    if wrong:
        hint = "undo the last change in layouts/ or fonts/; a clinic's fonts are named in its brand"
        raise HandoutError([Problem("font", message, LAYOUTS, hint=hint) for message in wrong])
