"""The ground that a drawing stands on."""

from collections.abc import Sequence

from lxml import etree

from handout_builder.images.svg_names import SVG

_OWN = {"fill-opacity": "1", "stroke": "none"}


def lay(root: etree._Element, colour: str, box: Sequence[str]) -> None:
    """Put a ground below a drawing: x, y, width and height in its own measure, and a colour as attributes have it.

    What the drawing says of all that is in it is not said of its ground.
    """
    inherited = {key: value for key, value in _OWN.items() if root.get(key, value) != value}
    sides = dict(zip(("x", "y", "width", "height"), box, strict=True))
    root.insert(0, etree.Element(f"{{{SVG}}}rect", {"fill": colour} | inherited | sides))
