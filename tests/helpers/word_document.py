"""Word documents made of little: what a test needs, without a word processor."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""


def paragraph(text: str, style: str = "", *, bold: bool = False) -> str:
    """Return a paragraph."""
    looks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p>{looks}<w:r>{weight}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def table(*rows: Iterable[str]) -> str:
    """Return a table."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(alt: str) -> str:
    """Return a paragraph with the picture that the relation rId1 names."""
    blip = f'<a:blip xmlns:r="{_OFFICE}" r:embed="rId1"/>'
    fill = f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:blipFill>{blip}</pic:blipFill></pic:pic>'
    graphic = f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData>{fill}</a:graphicData></a:graphic>'
    inline = (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:docPr id="1" descr="{alt}"/>{graphic}</wp:inline>'
    )
    return f"<w:p><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>"


def with_picture(data: bytes) -> dict[str, bytes]:
    """Return the parts of a document that hold its picture, a PNG."""
    relation = f'<Relationship Id="rId1" Type="{_OFFICE}/image" Target="media/image1.png"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return {
        "word/media/image1.png": data,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{space}">{relation}</Relationships>'.encode(),
    }


def document(body: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """Return a document with a body, and with other parts."""
    parts = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _RELATIONS.encode(),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'.encode(),
        "word/header1.xml": f'<w:hdr xmlns:w="{_W}">{paragraph("My clinic")}</w:hdr>'.encode(),
    } | dict(more or {})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()
