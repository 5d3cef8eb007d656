"""The pages of a PDF through pdfium and qpdf's library: words, fonts, pictures, soundness."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pypdfium2
from PIL import Image


class Font(NamedTuple):
    """A font of a PDF."""

    name: str
    """PostScript name, without the subset's tag."""
    embedded: bool
    subset: bool
    to_unicode: bool


def text(path: Path) -> str:
    """Return the words of all pages, in the order in which they are painted."""
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")


def picture(path: Path, page: int, dpi: float, *, grey: bool = False) -> Image.Image:
    """Return a page, counted from 1, as it is seen on paper."""
    with pypdfium2.PdfDocument(path) as document:
        return document[page - 1].render(scale=dpi / 72, grayscale=grey).to_pil()


def fonts(path: Path) -> list[Font]:
    """Return the fonts of a file; one inside a composite font (PDF 1.7, 9.7) is told with it."""
    with pikepdf.open(path) as pdf:
        found = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"]
        return [_font(font) for font in found if "/CIDSystemInfo" not in font]


def _font(font: Any) -> Font:
    descriptor = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
    tag, _, name = str(font.BaseFont)[1:].rpartition("+")
    embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return Font(name, embedded, len(tag) == 6 and tag.isupper(), "/ToUnicode" in font)


def faults(path: Path) -> list[str]:
    """Return what is wrong with a file's objects and streams, as `qpdf --check` finds it."""
    with pikepdf.open(path) as pdf:
        if hasattr(pdf, "check_pdf_syntax"):
            return pdf.check_pdf_syntax()
        found = pdf.check()
        for item in pdf.objects:  # before pikepdf 10, nobody looked into streams
            if isinstance(item, pikepdf.Stream):
                with contextlib.suppress(pikepdf.PdfError):
                    item.read_bytes(pikepdf.StreamDecodeLevel.generalized)
        return [*found, *map(str, pdf.get_warnings())]
