"""Gradients of drawings, put so that all readers draw them alike: complete, in numbers, and not turned.

WeasyPrint 70 takes the stroke into the box that shares are of, lays turned gradients out in tiles with gaps between
them, and draws every line with a gradient one unit wide.
"""

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from math import hypot, sqrt

from fontTools.misc.transform import Identity, Transform
from lxml import etree

from handout_builder.images import svg_geometry as geometry
from handout_builder.images.svg_names import HREF, REFERENCE, SHAPES, SVG, name

_PLACES = {
    "linearGradient": {"x1": "0%", "y1": "0%", "x2": "100%", "y2": "0%"},
    "radialGradient": {"cx": "50%", "cy": "50%", "r": "50%", "fr": "0%"},
}
"""Gradients, and where they lie if nothing else is said (SVG 2, 14.2)."""
_LENGTHS = ("x1", "y1", "x2", "y2", "cx", "cy", "r", "fr", "fx", "fy")
_UNITS = ("gradientUnits", "gradientTransform", "spreadMethod")
_OFFSET = re.compile(rf"\s*{geometry.NUMBER.pattern}%?\s*")
_STROKES = ("stroke-dasharray", "stroke-dashoffset")
# What belongs to a shape as a whole, not to its area or its line.
_OF_BOTH = ("id", "transform", "clip-path", "mask", "opacity", "display")
_FLAT = 1e-9

Known = dict[str, etree._Element]
"""Elements by their ids."""


def make_plain(root: etree._Element, known: Known, removed: Counter[str]) -> None:
    """Rewrite the gradients of a drawing, and the shapes that need it; count in ``removed`` what is left out."""
    for gradient in [element for element in root.iter() if name(element) in _PLACES]:
        _complete(gradient, known, root)
    for gradient in [element for element in root.iter() if name(element) in _PLACES]:
        gradient.attrib.pop(HREF, None)
        if name(gradient) == "linearGradient":
            moved = geometry.matrix(gradient.attrib.pop("gradientTransform", None))
            _place_line(gradient, gradient, moved)
    for shape in [element for element in root.iter() if name(element) in SHAPES]:
        _paint(shape, known, removed)


def _complete(gradient: etree._Element, known: Known, root: etree._Element) -> None:
    """Give a gradient all that it takes from others or by default, in numbers."""
    chain = list(_chain(gradient, known))
    for key in (*_LENGTHS, *_UNITS):
        found = next((other.get(key) for other in chain if other.get(key) is not None), None)
        if found is not None:
            gradient.set(key, found)
    if not any(name(child) == "stop" for child in gradient):
        first = next((other for other in chain if any(name(child) == "stop" for child in other)), ())
        for stop in [child for child in first if name(child) == "stop"]:
            gradient.append(deepcopy(stop))
    for key, value in _PLACES[name(gradient)].items():
        gradient.set(key, gradient.get(key, value))
    for key in [key for key in _LENGTHS if key in gradient.attrib]:
        gradient.set(key, _in_numbers(key, str(gradient.get(key)), gradient, root))
    stops = [child for child in gradient if name(child) == "stop"]
    for stop in stops:
        if not _OFFSET.fullmatch(str(stop.get("offset", ""))):
            stop.set("offset", "0")
    if _is_point(gradient):  # its last colour is everywhere (SVG 2, 14.2.2 and 14.2.3)
        gradient.set("r" if name(gradient) == "radialGradient" else "x2", "1")
        for stop in stops[:-1]:
            gradient.remove(stop)


def _is_point(gradient: etree._Element) -> bool:
    """Tell whether a gradient has no room between its first colour and its last."""
    if name(gradient) == "radialGradient":
        return geometry.length(gradient.get("r")) == 0
    x1, y1, x2, y2 = (geometry.length(gradient.get(key)) for key in ("x1", "y1", "x2", "y2"))
    return (x1, y1) == (x2, y2)


def _chain(element: etree._Element, known: Known) -> Iterator[etree._Element]:
    """Yield an element and those that it refers to; that none refers to itself was seen before."""
    other: etree._Element | None = element
    while other is not None:
        yield other
        other = known.get(str(other.get(HREF, "")).removeprefix("#"))


def _in_numbers(key: str, value: str, gradient: etree._Element, root: etree._Element) -> str:
    """Return a place of a gradient without percents, which not all readers take of the same length."""
    if not value.strip().endswith("%"):
        return f"{geometry.length(value):.9g}"
    share = geometry.length(value.strip().rstrip("%")) / 100
    if gradient.get("gradientUnits") == "userSpaceOnUse":
        width, height = (float(part) for part in str(root.get("viewBox")).replace(",", " ").split()[2:4])
        sides = {"x": width, "y": height, "r": hypot(width, height) / sqrt(2)}
        share *= sides["r" if key in ("r", "fr") else "x" if "x" in key else "y"]
    return f"{share:.9g}"


def _place_line(gradient: etree._Element, source: etree._Element, moved: Transform) -> None:
    """Put a gradient along the line that another one's has become.

    Where the movement slants, colours run across the line at another angle: the line is turned until they do not.
    """
    x1, y1, x2, y2 = (geometry.length(source.get(key)) for key in ("x1", "y1", "x2", "y2"))
    (start_x, start_y), (end_x, end_y) = moved.transformPoint((x1, y1)), moved.transformPoint((x2, y2))
    across_x, across_y = moved.transformVector((y1 - y2, x2 - x1))
    if (size := hypot(across_x, across_y)) > _FLAT:
        along_x, along_y = across_y / size, -across_x / size
        reach = (end_x - start_x) * along_x + (end_y - start_y) * along_y
        end_x, end_y = start_x + reach * along_x, start_y + reach * along_y
    for key, value in zip(("x1", "y1", "x2", "y2"), (start_x, start_y, end_x, end_y), strict=True):
        gradient.set(key, f"{value:.9g}")


def _paint(shape: etree._Element, known: Known, removed: Counter[str]) -> None:
    """Draw a shape's area in the measure of its turned gradient, and its line as wide as it is."""
    area, line = (_gradient(shape, kind, known) for kind in ("fill", "stroke"))
    if area is not None and not _is_turned(geometry.matrix(area.get("gradientTransform"))):
        area = None
    if line is not None and _is_plain(line) and geometry.length(_looks(shape, "stroke-width"), 1.0) == 1:
        line = None
    if (area is None and line is None) or (box := geometry.bounds(geometry.outline(shape))) is None:
        return
    group, parent = etree.Element(f"{{{SVG}}}g"), shape.getparent()
    assert parent is not None
    for key in [key for key in _OF_BOTH if key in shape.attrib]:
        group.set(key, str(shape.attrib.pop(key)))
    if known.get(ident := str(group.get("id"))) is shape:
        known[ident] = group
    lined = _looks(shape, "stroke") not in (None, "none")
    left, top, right, bottom = box
    if min(right - left, bottom - top) <= _FLAT:
        pass  # a straight line has no area; some readers draw a hair for it
    elif area is None:
        group.append(_part(shape, fill=True))
    else:
        _fill(group, shape, area, _whole(area, box), known)
    if line is not None:
        _line(group, shape, line, _whole(line, box), known, removed)
    elif lined:
        group.append(_part(shape, fill=False))
    parent.replace(shape, group)


def _gradient(shape: etree._Element, kind: str, known: Known) -> etree._Element | None:
    """Return the gradient that a shape's area or line is painted with."""
    found = REFERENCE.findall(_looks(shape, kind) or "")
    gradient = known.get(found[0]) if found else None
    return gradient if gradient is not None and name(gradient) in _PLACES else None


def _looks(shape: etree._Element, key: str) -> str | None:
    """Return a property that a shape has, or takes from what it stands in."""
    return next((str(e.get(key)) for e in (shape, *shape.iterancestors()) if e.get(key) is not None), None)


def _is_plain(gradient: etree._Element) -> bool:
    """Tell whether a gradient does not depend on the shape that it paints, and is not turned."""
    return gradient.get("gradientUnits") == "userSpaceOnUse" and not _is_turned(
        geometry.matrix(gradient.get("gradientTransform"))
    )


def _is_turned(moved: Transform) -> bool:
    return bool(max(abs(moved.xy), abs(moved.yx)) > _FLAT)


def _whole(gradient: etree._Element, box: tuple[float, float, float, float]) -> Transform:
    """Return what leads from a gradient's own measure to that of the shape with a box."""
    moved = geometry.matrix(gradient.get("gradientTransform"))
    if gradient.get("gradientUnits") == "userSpaceOnUse":
        return moved
    left, top, right, bottom = box
    return Transform(right - left, 0, 0, bottom - top, left, top).transform(moved)


def _part(shape: etree._Element, *, fill: bool) -> etree._Element:
    """Return a shape with its area only, or its line only."""
    part = deepcopy(shape)
    part.set("stroke" if fill else "fill", "none")
    return part


def _fill(
    group: etree._Element, shape: etree._Element, gradient: etree._Element, moved: Transform, known: Known
) -> None:
    """Draw an area in the gradient's own measure, in which it is not turned."""
    if abs(moved.xx * moved.yy - moved.xy * moved.yx) < _FLAT:
        return  # nothing is painted by a gradient without extent
    inner = etree.SubElement(group, f"{{{SVG}}}g", {"transform": geometry.written(moved)})
    inner.append(own := _copied(gradient, known))
    own.attrib.pop("gradientTransform", None)
    path = etree.SubElement(inner, f"{{{SVG}}}path")
    for key in [key for key in ("fill-rule", "fill-opacity", "visibility") if key in shape.attrib]:
        path.set(key, str(shape.get(key)))
    path.set("d", geometry.data(geometry.finely(geometry.outline(shape, moved.inverse()))))
    path.set("fill", f"url(#{own.get('id')})")
    path.set("stroke", "none")


def _line(
    group: etree._Element,
    shape: etree._Element,
    gradient: etree._Element,
    moved: Transform,
    known: Known,
    removed: Counter[str],
) -> None:
    """Draw a line in a measure in which it is one unit wide."""
    width = geometry.length(_looks(shape, "stroke-width"), 1.0)
    if width <= 0 or abs(moved.xx * moved.yy - moved.xy * moved.yx) < _FLAT:
        return
    scale = Identity.scale(width)
    moved = scale.inverse().transform(moved)
    inner = etree.SubElement(group, f"{{{SVG}}}g", {"transform": geometry.written(scale)})
    inner.append(own := _copied(gradient, known))
    own.attrib.pop("gradientTransform", None)
    if name(own) == "linearGradient":
        _place_line(own, gradient, moved)
    else:
        if _is_turned(moved):
            removed["the turn of a line's gradient"] += 1
        own.set("gradientTransform", geometry.written(moved))
    path = etree.SubElement(inner, f"{{{SVG}}}path")
    for key in [key for key in shape.attrib if str(key).startswith("stroke-") or key == "visibility"]:
        path.set(key, str(shape.get(key)))
    for key in _STROKES:
        if (value := _looks(shape, key)) not in (None, "none"):
            dashes = [geometry.length(part) / width for part in str(value).replace(",", " ").split()]
            path.set(key, " ".join(f"{dash:.7g}" for dash in dashes))
    path.set("d", geometry.data(geometry.finely(geometry.outline(shape, scale.inverse()))))
    path.set("fill", "none")
    path.set("stroke", f"url(#{own.get('id')})")
    path.set("stroke-width", "1")


def _copied(gradient: etree._Element, known: Known) -> etree._Element:
    """Return a gradient of its own for a part of a drawing."""
    own = deepcopy(gradient)
    own.set("id", f"{gradient.get('id')}-{len(known)}")
    known[str(own.get("id"))] = own
    own.set("gradientUnits", "userSpaceOnUse")
    own.tail = None
    return own
