"""The picture on the book's cover: a page set by the engine, drawn by PDFium."""

import ctypes
import io
import zlib

import pypdfium2_raw as pdfium  # the package around it takes three times as long to load
from PIL import Image

from handout_builder.engine.session import session
from handout_builder.pdf import typeset
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import Theme

_WIDTH, _HEIGHT = _SIZE = (1000, 1600)
_WHITE = 0xFFFFFFFF


def cover(product: Product) -> bytes:
    """Return the cover as a PNG of 1000 × 1600 px.

    Without a brand it has the shades between two colours: a palette over a grey image, a third of the size and time of
    all colours, which only a clinic needs. Raises HandoutError for what the engine complains about.
    """
    css = (LAYOUTS / "epub" / "cover.css").read_text("utf-8")
    mode, order, kind = ("RGB", "BGR", pdfium.FPDFBitmap_BGR) if product.brand else ("L", "L", pdfium.FPDFBitmap_Gray)
    with session():  # PDFium is for one thread at a time, too
        page = typeset.single_page(printing.cover_html(product), css, product)
        image = Image.frombuffer(mode, _SIZE, _drawn(page, kind, len(order)), "raw", order, 0, 1)
    if mode == "L":
        image.putpalette(_shades(product.theme))
    png = _PngFile()
    image.save(png, compress_type=zlib.Z_RLE)  # flat areas: as small as any, in half the time
    return png.getvalue()


def _drawn(page: bytes, kind: int, channels: int) -> bytearray:
    """Return the first page of a PDF as pixels, row by row."""
    pixels = bytearray(_WIDTH * _HEIGHT * channels)
    start = (ctypes.c_char * len(pixels)).from_buffer(pixels)
    pdfium.FPDF_InitLibrary()  # does nothing where that was done
    document = pdfium.FPDF_LoadMemDocument64(page, len(page), None)
    bitmap = pdfium.FPDFBitmap_CreateEx(_WIDTH, _HEIGHT, kind, start, _WIDTH * channels)
    first = pdfium.FPDF_LoadPage(document, 0)
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, _WIDTH, _HEIGHT, _WHITE)
    pdfium.FPDF_RenderPageBitmap(bitmap, first, 0, 0, _WIDTH, _HEIGHT, 0, 0)
    pdfium.FPDF_ClosePage(first)
    pdfium.FPDFBitmap_Destroy(bitmap)
    pdfium.FPDF_CloseDocument(document)
    return pixels


def _shades(theme: Theme) -> bytes:
    """Return the colour of each level of grey in a page that has the accent's colour and the paper's alone."""
    accent, paper = (bytes.fromhex(theme.tokens[name][1:]) for name in ("accent", "paper"))
    dark, light = _grey(accent), _grey(paper)
    shares = [min(max((level - dark) / (light - dark), 0), 1) for level in range(256)]
    return bytes(round(a + (p - a) * share) for share in shares for a, p in zip(accent, paper, strict=True))


def _grey(colour: bytes) -> int:
    """Return the level that PDFium draws a colour with in grey."""
    red, green, blue = colour
    return (11 * blue + 59 * green + 30 * red) // 100


class _PngFile(io.BytesIO):
    """A file in memory with a name: by its ending Pillow loads one format, without it the six common ones."""

    name = "cover.png"
