"""The picture on the book's cover: a page set by the engine, drawn by PDFium."""

import ctypes
import io
import zlib
from typing import Any

import pypdfium2_raw as pdfium  # the package around it takes three times as long to load
from PIL import Image

from handout_builder.engine.session import session
from handout_builder.errors import HandoutError, Problem
from handout_builder.pdf import typeset
from handout_builder.render import printing
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS
from handout_builder.tokens import Theme

# What Kindle asks of a cover, the most of all shops.
_WIDTH, _HEIGHT = _SIZE = (1600, 2560)
# How far words are made smaller until all of them fit; then words may be broken, and the ornament goes.
_STEPS = (
    (1.0, ""),
    (0.85, ""),
    (0.7, ""),
    (0.7, "break"),
    (0.6, "break alone"),
    (0.45, "break alone"),
    (0.32, "break alone"),
)
# How small kicker and clinic may become, as a share; and what stays free between title and ornament, in px.
_SMALLEST, _FREE = 0.6, 20.0
_WHITE = 0xFFFFFFFF


def cover(product: Product) -> bytes:
    """Return the cover as a PNG of 1600 × 2560 px.

    Without a brand it has the shades between two colours: a palette over a grey image, a third of the size and time of
    all colours, which only a clinic needs. Raises HandoutError for what the engine complains about, and for words that
    fit on no cover.
    """
    css = (LAYOUTS / "epub" / "cover.css").read_text("utf-8")
    sheets = [css + _smaller(product.theme, share, how) for share, how in _STEPS]
    mode, order, kind = ("RGB", "BGR", pdfium.FPDFBitmap_BGR) if product.brand else ("L", "L", pdfium.FPDFBitmap_Gray)
    with session():  # PDFium is for one thread at a time, too
        page = typeset.single_page(printing.cover_html(product), sheets, _fits, product)
        if page is None:
            message = "title, kicker and the clinic's name do not fit on the cover of the book"
            raise HandoutError([Problem("too-long", message, product.source.path, hint="shorten the longest of them")])
        image = Image.frombuffer(mode, _SIZE, _drawn(page, kind, len(order)), "raw", order, 0, 1)
    if mode == "L":
        image.putpalette(_shades(product.theme))
    png = _PngFile()
    image.save(png, compress_type=zlib.Z_RLE)  # flat areas: as small as any, in half the time
    return png.getvalue()


def _smaller(theme: Theme, share: float, how: str) -> str:
    """Return the rules that set the words of the cover smaller."""
    title = theme.measure("size-title") * share
    beside = theme.measure("size-side-head") * max(share, _SMALLEST)
    css = f"h1 {{ font-size: {title:.3f}mm }} .kicker, .clinic {{ font-size: {beside:.3f}mm }}"
    if "break" in how:
        css += " h1, .kicker, .clinic { hyphens: auto; overflow-wrap: anywhere }"
    return css + (" .name { display: none }" if "alone" in how else "")


def _fits(page: Any) -> bool:
    """Tell whether all words of a laid-out cover are inside their column, and the two blocks apart."""
    blocks: dict[str, Any] = {}
    for box in page.descendants(placeholders=True):
        if box.element is not None:
            blocks.setdefault(box.element.get("class", ""), box)  # the lines of a block come after it
    top, foot = blocks["top"], blocks["foot"]
    right = foot.position_x + foot.width
    for box in page.descendants(placeholders=True):
        if getattr(box, "text", "") and box.position_x + box.width > right + 1:
            return False
    return bool(top.position_y + top.margin_height() + _FREE <= foot.position_y)


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
