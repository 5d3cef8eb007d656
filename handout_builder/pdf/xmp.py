"""XMP: what a file says about itself (ISO 16684-1), in packets of RDF for each standard that it conforms to."""

from html import escape
from typing import Any

from handout_builder.pdf.objects import referred

# PDF/UA-1, clause 5: the identifier; PDF/A-3, 6.6.2.3.2 asks for the schema of every property it does not know.
PDF_UA_1 = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
PDF_UA_2 = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>2</pdfuaid:part><pdfuaid:rev>2024</pdfuaid:rev></rdf:Description>
"""
# WTPDF 1.0, 6.1.2 and 6.1.3, with the identifiers as its errata have them (pdf-issues.pdfa.org: no slash before the
# number sign); the form is that of PDF Declarations (PDF Association, 2019, 7). Where veraPDF has its two profiles, the
# tests judge by them.
WTPDF_1_0 = b"""<rdf:Description rdf:about="" xmlns:pdfd="http://pdfa.org/declarations/">
<pdfd:declarations><rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfd:conformsTo>http://pdfa.org/declarations/wtpdf#accessibility1.0</pdfd:conformsTo></rdf:li>
<rdf:li rdf:parseType="Resource">
<pdfd:conformsTo>http://pdfa.org/declarations/wtpdf#reuse1.0</pdfd:conformsTo></rdf:li>
</rdf:Bag></pdfd:declarations></rdf:Description>
"""
_PUBLISHER = """<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:publisher><rdf:Bag><rdf:li>{name}</rdf:li></rdf:Bag></dc:publisher></rdf:Description>
"""
# ISO 15930-7, 6.5 and 6.14: the identifier, the dates and the history that X-4 asks for.
_PDF_X_4 = """<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"
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


def publisher(name: str) -> bytes:
    """Return the packet that names who gives the file out."""
    return _PUBLISHER.format(name=escape(name, quote=False)).encode()


def pdf_x_4(date: str, ident: object) -> bytes:
    """Return the packet of PDF/X-4; ``date`` is that of the metadata (W3C-DTF), ``ident`` the UUID of the document."""
    return _PDF_X_4.format(date=escape(date, quote=False), ident=ident).encode()


def add(pdf: Any, packet: bytes) -> None:
    """Add a packet to the metadata of a file that is not yet serialised; ``pdf`` is the pydyf.PDF."""
    metadata = referred(pdf, pdf.catalog["Metadata"])
    # Inside the one rdf:RDF: validators do not read a second one. Uncompressed: PDF/A-3, 6.6.2.1.
    metadata.stream = [part.replace(b"</rdf:RDF>", packet + b"</rdf:RDF>") for part in metadata.stream]
    metadata.compress = False
