"""The file for a print shop: PDF/X-4 (ISO 15930-7:2010), in CMYK, with bleed and crop marks.

WeasyPrint's own PDF/X-4 dates files by the clock, leaves marks inside the bleed, and links, lines and pictures
in RGB; so it writes a plain PDF 1.6 here, which is completed before it is serialised.
"""

import importlib
import uuid
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from handout_builder.colour import inks
from handout_builder.content.loader import Source
from handout_builder.pdf import tags
from handout_builder.pdf.typeset import add_metadata
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import Theme

_PT = 72 / 25.4
FOGRA39 = inks.Condition("FOGRA39", (LAYOUTS / "press" / "fogra39.icc").read_bytes(), 3.0)
"""Coated paper in offset; ours was made from free data: see layouts/press/ORIGIN.md."""
# ISO 15930-7, 6.5 and 6.14: the identifier, the dates and the history that X-4 asks for.
_XMP = """<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
<pdf:Trapped>False</pdf:Trapped>
<xmp:MetadataDate>{date}</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:{ident}</xmpMM:DocumentID>
<xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
</rdf:Description>
"""


@dataclass(frozen=True)
class _Margin:
    """What lies outside the trim, in pt; the tokens are in ``layouts/editions/press.css``."""

    edge: float
    """From the trim to the edge of the sheet."""
    bleed: float
    gap: float
    """From the bleed to the crop marks."""
    length: float
    line: float
    """How thick the crop marks are."""

    @classmethod
    def of(cls, theme: Theme) -> "_Margin":
        """Read it from the tokens of an edition."""
        return cls(*(theme.measure(name) * _PT for name in ("edge", "bleed", "mark-gap", "mark-length", "mark-rule")))


def finish(document: Any, pdf: Any, source: Source) -> None:
    """Complete a file that is not yet serialised."""
    pydyf = importlib.import_module("pydyf")
    condition = (source.brand and source.brand.press) or FOGRA39
    inks.recolour(pdf, inks.Cmyk(condition))
    _metadata(document, pdf, source)
    _output_intent(pydyf, pdf, condition)
    _boxes_and_marks(pydyf, pdf, _Margin.of(source.theme))


def _metadata(document: Any, pdf: Any, source: Source) -> None:
    document.metadata.include_in_pdf(pdf, "x", None, None, compress=False)
    name = f"{source.name}.{source.lang}{source.edition.look.suffix}"
    product = f"{name} {source.brand.name if source.brand else ''} {document.metadata.modified}"
    ident = uuid.uuid5(uuid.NAMESPACE_URL, product)
    add_metadata(pdf, _XMP.format(date=escape(document.metadata.modified), ident=ident).encode())
    pdf.info["Trapped"] = "/False"


def _output_intent(pydyf: Any, pdf: Any, condition: inks.Condition) -> None:
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


def _boxes_and_marks(pydyf: Any, pdf: Any, margin: _Margin) -> None:
    """Set the boxes of every page, and draw crop marks in the colour that stands for all inks."""
    tint = {"FunctionType": 2, "Domain": pydyf.Array([0, 1]), "N": 1}
    tint |= {"C0": pydyf.Array([0, 0, 0, 0]), "C1": pydyf.Array([1, 1, 1, 1])}
    every_ink = pydyf.Array(["/Separation", "/All", "/DeviceCMYK", pydyf.Dictionary(tint)])
    pages = [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/Page"]
    spaces = pdf.objects[tags.number(pdf.objects[tags.number(pages[0]["Resources"])]["ColorSpace"])]
    spaces.clear()  # WeasyPrint names Lab spaces that nothing uses
    spaces["Registration"] = every_ink
    marks: dict[tuple[float, float], Any] = {}
    for page in pages:
        _, _, width, height = page["MediaBox"]
        page["TrimBox"] = pydyf.Array(_inset(width, height, margin.edge))
        page["BleedBox"] = pydyf.Array(_inset(width, height, margin.edge - margin.bleed))
        if (width, height) not in marks:
            marks[width, height] = pydyf.Stream(_crop_marks(width, height, margin), compress=True)
            pdf.add_object(marks[width, height])
        # Before the page's own content, which turns the coordinates round and does not turn them back.
        page["Contents"] = pydyf.Array([marks[width, height].reference, page["Contents"]])


def _inset(width: float, height: float, by: float) -> list[float]:
    return [round(value, 4) for value in (by, by, width - by, height - by)]


def _crop_marks(width: float, height: float, margin: _Margin) -> list[bytes]:
    """Return the drawing of two lines at each corner, outside the bleed."""
    edge, near = margin.edge, margin.edge - margin.bleed - margin.gap
    far = near - margin.length
    lines = []
    for x in (edge, width - edge):
        lines += [(x, far, x, near), (x, height - near, x, height - far)]
    for y in (edge, height - edge):
        lines += [(far, y, near, y), (width - near, y, width - far, y)]
    drawn = [f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l S".encode() for a, b, c, d in lines]
    return [b"q", b"/Registration CS 1 SCN", f"{margin.line:.4g} w".encode(), *drawn, b"Q"]
