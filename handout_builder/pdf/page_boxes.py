"""The boxes of a print shop's pages (ISO 32000-1, 14.11.2): sheet, bleed and trim; and crop marks outside the bleed."""

from dataclasses import dataclass
from typing import Any

from handout_builder.pdf.objects import of_type, referred
from handout_builder.tokens import Theme
from handout_builder.units import PT_PER_MM


@dataclass(frozen=True)
class Margin:
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
    def of(cls, theme: Theme) -> "Margin":
        """Read it from the tokens of an edition."""
        names = ("edge", "bleed", "mark-gap", "mark-length", "mark-rule")
        return cls(*(theme.measure(name) * PT_PER_MM for name in names))


def complete(pydyf: Any, pdf: Any, margin: Margin) -> None:
    """Set the boxes of every page, and draw crop marks in the colour that stands for all inks."""
    tint = {"FunctionType": 2, "Domain": pydyf.Array([0, 1]), "N": 1}
    tint |= {"C0": pydyf.Array([0, 0, 0, 0]), "C1": pydyf.Array([1, 1, 1, 1])}
    every_ink = pydyf.Array(["/Separation", "/All", "/DeviceCMYK", pydyf.Dictionary(tint)])
    pages = of_type(pdf, "/Page")
    spaces = referred(pdf, referred(pdf, pages[0]["Resources"])["ColorSpace"])
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


def _crop_marks(width: float, height: float, margin: Margin) -> list[bytes]:
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
