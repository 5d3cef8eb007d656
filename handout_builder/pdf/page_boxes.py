"""The boxes of a print shop's pages (ISO 32000-1, 14.11.2): sheet, bleed and trim; and crop marks outside the bleed."""

from typing import Any

from handout_builder.pdf import tags
from handout_builder.units import PT_PER_MM

# In mm, the same as in layouts/editions/press.css: the sheet's edge lies 10 mm outside the trim.
_EDGE, _BLEED, _GAP, _LENGTH = 10.0, 3.0, 1.0, 5.0
_HAIRLINE = 0.25  # pt


def complete(pydyf: Any, pdf: Any) -> None:
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
        page["TrimBox"] = pydyf.Array(_inset(width, height, _EDGE))
        page["BleedBox"] = pydyf.Array(_inset(width, height, _EDGE - _BLEED))
        if (width, height) not in marks:
            marks[width, height] = pydyf.Stream(_crop_marks(width, height), compress=True)
            pdf.add_object(marks[width, height])
        # Before the page's own content, which turns the coordinates round and does not turn them back.
        page["Contents"] = pydyf.Array([marks[width, height].reference, page["Contents"]])


def _inset(width: float, height: float, mm: float) -> list[float]:
    by = mm * PT_PER_MM
    return [round(value, 4) for value in (by, by, width - by, height - by)]


def _crop_marks(width: float, height: float) -> list[bytes]:
    """Return the drawing of two lines at each corner, outside the bleed."""
    edge, near, far = (mm * PT_PER_MM for mm in (_EDGE, _EDGE - _BLEED - _GAP, _EDGE - _BLEED - _GAP - _LENGTH))
    lines = []
    for x in (edge, width - edge):
        lines += [(x, far, x, near), (x, height - near, x, height - far)]
    for y in (edge, height - edge):
        lines += [(far, y, near, y), (width - near, y, width - far, y)]
    drawn = [f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l S".encode() for a, b, c, d in lines]
    return [b"q", b"/Registration CS 1 SCN", f"{_HAIRLINE} w".encode(), *drawn, b"Q"]
