"""Pages as pictures, drawn when a browser asks for them, in the width in which it shows them."""

import io
import threading
from collections import OrderedDict
from collections.abc import Iterable

from handout_builder.studio.jobs import PageFacts

WIDTHS = (360, 540, 800, 1100, 1600, 2200, 3000)
"""In px: browsers choose by the size on the screen, its density and the zoom."""
_USUAL = 540
"""What browsers ask for in a window of 1,280 px or more, on a screen of plain density."""
_MOST_PICTURES = 48_000_000
_MOST_FILES = 32  # of half a MB each, while somebody writes
_COLOURS = 256


class PageImages:
    """The pages of the files that were made last."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[bytes, int]] = OrderedDict()
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._size = 0
        self._width = _USUAL
        """The width that was asked for last."""
        self._personal: set[str] = set()
        # PDFium is not made for several threads.
        self._lock = threading.Lock()

    def add(self, pages: Iterable[tuple[PageFacts, bytes, int]], *, personal: bool = False) -> None:
        """Take in pages, each with a PDF and its number in that; no browser is to keep those that are personal."""
        with self._lock:
            for page, pdf, index in pages:
                if personal:
                    self._personal.add(page.digest)
                self._files.setdefault(page.digest, (pdf, index))
                self._files.move_to_end(page.digest)
            kept = {id(pdf) for pdf, _ in self._files.values()}
            while len(kept) > _MOST_FILES:
                digest, _ = self._files.popitem(last=False)
                kept = {id(pdf) for pdf, _ in self._files.values()}
                self._forget(digest)

    def held(self, pages: Iterable[tuple[PageFacts, bytes, int]]) -> tuple[tuple[bytes, int], ...]:
        """Return for each page a PDF that shows it, and its number in that: the one that is here where there is one.

        Each answer of the process that renders brings the PDFs of all its pages, those of earlier answers once more.
        """
        with self._lock:
            return tuple(self._files.get(page.digest, (pdf, index)) for page, pdf, index in pages)

    def draw_ahead(self, digest: str) -> None:
        """Draw a page in the width that was asked for last, before anybody asks."""
        self._picture(digest, self._width)

    def forget(self, pages: Iterable[PageFacts]) -> None:
        """Leave nothing of some pages."""
        with self._lock:
            for page in pages:
                self._files.pop(page.digest, None)
                self._forget(page.digest)

    def personal(self, digest: str) -> bool:
        """Tell whether a page is of a patient's sheet."""
        return digest in self._personal

    def picture(self, digest: str, width: int) -> bytes | None:
        """Return a page as a PNG file; None for one that is not known any more."""
        self._width = width
        return self._picture(digest, width)

    def _picture(self, digest: str, width: int) -> bytes | None:
        with self._lock:
            if (known := self._pictures.get((digest, width))) is not None:
                self._pictures.move_to_end((digest, width))
                return known
            if digest not in self._files:
                return None
            made = _drawn(*self._files[digest], width)
            self._pictures[digest, width] = made
            self._size += len(made)
            while self._size > _MOST_PICTURES:
                _, dropped = self._pictures.popitem(last=False)
                self._size -= len(dropped)
            return made

    def _forget(self, digest: str) -> None:
        self._personal.discard(digest)
        for width in WIDTHS:
            self._size -= len(self._pictures.pop((digest, width), b""))


def load() -> None:
    """Load what draws pages, before there is one: it takes as long as to draw one."""
    import pypdfium2  # noqa: F401, PLC0415  # the server is there earlier without it
    from PIL import Image  # noqa: PLC0415

    Image.preinit()


def _drawn(pdf: bytes, index: int, width: int) -> bytes:
    """Return a page as a PNG file."""
    import pypdfium2  # noqa: PLC0415  # see load
    from PIL.Image import Dither, Quantize  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    try:
        page = document[index]
        image = page.render(scale=width / page.get_width(), may_draw_forms=False).to_pil().convert("RGB")
    finally:
        document.close()
    # An octree of the colours that are there: a median cut takes small grounds of a logo's colour for grey.
    small = image.quantize(_COLOURS, method=Quantize.FASTOCTREE, dither=Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", compress_level=3)
    return file.getvalue()
