"""Imposition: pages put on sheets in the order in which they are read once the sheets are folded."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pikepdf
from pikepdf import Name

from handout_builder.pdf import panels
from handout_builder.units import PT_PER_MM

A4 = (297.0, 210.0)
"""A sheet, landscape, in mm."""
_CUT = 5.0
"""How much of a booklet's outer edges may be cut off, in mm."""
_PAPER = 0.1
"""The thickness of office paper (80 g/m²) in mm: each sheet pushes those inside it out by as much."""
PANELS = (100.0, 97.0)
"""The width of a leaflet's panels on A4 in mm, and of the one that is folded in."""


@dataclass(frozen=True)
class Placed:
    """A page on a side of a sheet; ``x`` is its left edge in mm, ``number`` counts from 1."""

    number: int
    x: float


@dataclass(frozen=True)
class Side:
    """One side of a sheet, with its marks: positions in mm from the left and the top."""

    sheet: int
    front: bool
    pages: tuple[Placed, ...]
    folds: tuple[float, ...]
    cuts_x: tuple[float, ...] = ()
    cuts_y: tuple[float, ...] = ()
    proof: str = ""


def booklet(pages: int, sheet_size: tuple[float, float] = A4, *, cover: bool = False) -> list[Side]:
    """Return the sides of a saddle-stitched booklet: front, back, front … from the outermost sheet to the inmost.

    Pages that are missing to a multiple of four are blank at the end, or before the last page where that is the back
    ``cover``. Sheets further inside are pushed out by those around them (creep), so their pages stand nearer to the
    fold.
    """
    whole = -(-pages // 4) * 4
    back = whole if cover else pages
    width, height = sheet_size
    sides = []
    for sheet in range(whole // 4):
        creep = sheet * _PAPER
        outer, inner = (whole - 2 * sheet, 2 * sheet + 1), (2 * sheet + 2, whole - 2 * sheet - 1)
        for front, (left, right) in ((True, outer), (False, inner)):
            both = (Placed(left, creep), Placed(right, width / 2 - creep))
            placed = tuple(
                replace(page, number=min(page.number, pages))
                for page in both
                if page.number < pages or page.number == back
            )
            cuts_x, cuts_y = (_CUT, width - _CUT), (_CUT, height - _CUT)
            sides.append(Side(sheet + 1, front, placed, (width / 2,), cuts_x, cuts_y))
    return sides


def leaflet(pages: int, widths: tuple[float, float] = PANELS, *, back: int = 0) -> list[Side]:
    """Return the two sides of a leaflet of six panels, folded like a letter; the widths of panel and flap are in mm.

    Pages stand on the panels as ``panels.placed`` says.
    """
    wide, flap = widths
    outside = (Placed(3, 0), Placed(panels.COUNT, flap), Placed(1, flap + wide))
    inside = (Placed(2, 0), Placed(4, wide), Placed(5, 2 * wide))
    on = panels.placed(pages, back)
    return [
        Side(1, front, tuple(replace(page, number=on[page.number]) for page in placed if page.number in on), folds)
        for front, placed, folds in ((True, outside, (flap, flap + wide)), (False, inside, (wide, 2 * wide)))
    ]


def impose(pages: bytes, sheets: bytes, sides: Sequence[Side]) -> bytes:
    """Put the pages of one PDF on the sheets of another, which has a page for each side; return the sheets."""
    with pikepdf.open(io.BytesIO(pages)) as source, pikepdf.open(io.BytesIO(sheets)) as target:
        for sheet, side in zip(target.pages, sides, strict=True):
            drawn = []
            for page in side.pages:
                form = target.copy_foreign(source.pages[page.number - 1].as_form_xobject())
                name = Name(f"/Page{page.number}")
                sheet.add_resource(form, Name.XObject, name=name)
                drawn.append(f"q 1 0 0 1 {page.x * PT_PER_MM:.4f} 0 cm {name} Do Q\n")
            # Before the sheet's own content, which turns the coordinates round and does not turn them back.
            sheet.contents_add("".join(drawn).encode(), prepend=True)
        written = io.BytesIO()
        target.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()
