"""Lengths in one unit as lengths in another, and places in a drawing.

An inch is 25.4 mm, 72 pt (PostScript, PDF and CSS) and 96 px (CSS Values and Units 4, 6.2).
"""

XY = tuple[float, float]
"""A place in a drawing, in the drawing's own unit: x to the right, y down."""

MM_PER_INCH = 25.4
PT_PER_INCH = 72.0
PX_PER_INCH = 96.0
PT_PER_MM = PT_PER_INCH / MM_PER_INCH
MM_PER_PT = MM_PER_INCH / PT_PER_INCH
PT_PER_PX = PT_PER_INCH / PX_PER_INCH
PX_PER_PT = PX_PER_INCH / PT_PER_INCH
PX_PER_MM = PX_PER_INCH / MM_PER_INCH
