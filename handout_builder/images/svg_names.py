"""Names in SVG files."""

import re

from lxml import etree

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
HREF = f"{{{XLINK}}}href"
"""The one spelling of a reference that all readers know (SVG 1.1)."""
SHAPES = frozenset(("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"))
"""What draws."""
REFERENCE = re.compile(r"url\(#([^)]*)\)")
"""A reference in a value, as the styles are written: without quotes."""


def name(element: etree._Element) -> str:
    """Return the name of an SVG element; empty for what is none. Old files leave the namespace out."""
    tag = str(element.tag)
    return tag.removeprefix(f"{{{SVG}}}") if tag.startswith(f"{{{SVG}}}") or not tag.startswith("{") else ""
