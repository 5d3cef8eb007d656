"""Arrowheads and other marks on lines, drawn where they stand: not every reader draws the markers of SVG."""

import re
from cmath import phase
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from math import pi
from typing import NamedTuple

from fontTools.misc.transform import Identity, Transform
from lxml import etree

from handout_builder.images import svg_geometry as geometry
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_names import HREF, REFERENCE, SVG, name
from handout_builder.images.svg_styles import INITIAL, MARKERS

MEASURES = ("markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient")
"""What a marker says of its size and place."""
_LINES = frozenset(("path", "line", "polyline", "polygon"))
_NO_PLACE = frozenset(("clipPath", "mask", "marker"))
_OF_BOTH = ("id", "transform", "opacity", "clip-path", "mask", "display")
_SIDE = 3.0
# What is made of an arc has points of its own.
_ARC = re.compile("[aA]")
# Unit vectors whose sum is shorter lead in opposite directions.
_OPPOSITE = 1e-9
_MOST = 20_000
"""Elements that all markers together may come to."""


class _Vertex(NamedTuple):
    """A point of a line, with the directions in which the line comes and goes; 0 where it does not."""

    at: complex
    comes: complex
    goes: complex


def draw(root: etree._Element, removed: Counter[str]) -> None:
    """Put a copy of each marker where it stands, and leave no marker in the drawing.

    What is not drawn is counted in ``removed``: markers that refer to parts of their own, those between arcs.
    Raises SvgError for a drawing that comes to too many parts.
    """
    elements = {str(element.get("id")): element for element in root.iter(f"{{{SVG}}}marker")}
    markers: dict[str, _Marker] = {}
    copied = 0
    for line in [element for element in root.iter() if elements and name(element) in _LINES]:
        looks = _looks(line)
        if looks["visibility"] == "hidden" or _NO_PLACE & set(map(name, line.iterancestors())):
            continue
        used = list[_Marker | None]()
        for place in MARKERS:
            ident = next((ident for ident in REFERENCE.findall(looks[place]) if ident in elements), None)
            if ident and ident not in markers:
                markers[ident] = _Marker(elements[ident])
            marker = markers[ident] if ident else None
            arcs = place == "marker-mid" and _ARC.search(line.get("d", ""))
            removed.update([place] if marker and (arcs or marker.is_entangled) else [])
            used.append(marker if marker and marker.shows and not arcs else None)
        standing = list(_standing(line, used)) if any(used) else []
        copied += sum(marker.size for marker, _, _ in standing)
        if copied > _MOST:
            raise SvgError("the drawing is too large, with all its arrowheads", "draw them as shapes")
        if standing:
            _grouped(line).extend(marker.copy(vertex, looks, first=first) for marker, vertex, first in standing)
    for element in list(root.iter()):
        for place in MARKERS:
            element.attrib.pop(place, None)
    for element in elements.values():
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
    for marker in markers.values():
        if marker.clip is not None:
            root.append(marker.clip)


class _Marker:
    """A marker, with its measures."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        width, height = (geometry.length(element.get(side), _SIDE) for side in ("markerWidth", "markerHeight"))
        box = [float(number) for number in geometry.NUMBER.findall(str(element.get("viewBox", "")))]
        left, top, across, down = box if len(box) == 4 else (0.0, 0.0, width, height)  # noqa: PLR2004
        own = {part.get("id") for part in element.iter()} - {None}
        self.is_entangled = any(ident in own for part in element.iter() for ident in _references(part))
        self.size = sum(1 for _ in element.iter())
        self.shows = min(width, height, across, down) > 0 and not self.is_entangled
        self.clip: etree._Element | None = None
        """What it is cut by, where it is cut."""
        if not self.shows:
            return
        self._scale = width / across, height / down
        if element.get("preserveAspectRatio", "").strip() != "none":
            self._scale = (min(self._scale),) * 2
        if element.get("overflow") not in ("visible", "auto"):
            sides = width / self._scale[0], height / self._scale[1]
            corner = left + (across - sides[0]) / 2, top + (down - sides[1]) / 2
            frame = "M{0:.9g} {1:.9g}h{2:.9g}v{3:.9g}h-{2:.9g}z".format(*corner, *sides)
            self.clip = etree.Element(f"{{{SVG}}}clipPath", {"id": f"{element.get('id')}-frame-of-marker"})
            etree.SubElement(self.clip, f"{{{SVG}}}path", {"d": frame})

    def copy(self, vertex: _Vertex, looks: Mapping[str, str], *, first: bool) -> etree._Element:
        """Return it as a group that stands at a point of a line with these looks."""
        element = self._element
        thick = 1.0 if element.get("markerUnits") == "userSpaceOnUse" else geometry.length(looks["stroke-width"])
        moved: Transform = Identity.translate(vertex.at.real, vertex.at.imag).rotate(self._angle(vertex, first=first))
        moved = moved.scale(thick).scale(*self._scale)
        moved = moved.translate(-geometry.length(element.get("refX")), -geometry.length(element.get("refY")))
        group = etree.Element(f"{{{SVG}}}g", {"transform": geometry.written(moved)})
        for key, look in _looks(element).items():  # not those of where the line stands (SVG 2, 13.7.1)
            group.set(key, look)
        if opacity := element.get("opacity"):
            group.set("opacity", opacity)
        if self.clip is not None:
            group.set("clip-path", f"url(#{self.clip.get('id')})")
        group.extend(deepcopy(child) for child in element)
        for part in group.iter():
            part.attrib.pop("id", None)
            for key in ("fill", "stroke"):
                if str(part.get(key, "")).startswith("context-"):
                    paint = looks[str(part.get(key)).removeprefix("context-")]
                    part.set(key, looks["color"] if paint == "currentColor" else paint)
        return group

    def _angle(self, vertex: _Vertex, *, first: bool) -> float:
        """Return by how much it is turned, in radians."""
        orient = self._element.get("orient", "0").strip()
        if not orient.startswith("auto"):
            return geometry.angle(orient)
        ways = [way / abs(way) for way in (vertex.comes, vertex.goes) if way]
        both = sum(ways, 0j)
        along = both if abs(both) > _OPPOSITE else next(iter(ways), 1 + 0j)
        return phase(along) + pi * (first and orient == "auto-start-reverse")


def _standing(line: etree._Element, used: Sequence[_Marker | None]) -> Iterator[tuple[_Marker, _Vertex, bool]]:
    """Yield the markers at first, middle and last points of a line, each with its point; whether it is the first."""
    vertices = _vertices(line)
    last = len(vertices) - 1
    for number, vertex in enumerate(vertices):
        for marker, here in zip(used, (number == 0, 0 < number < last, number == last), strict=True):
            if marker and here:
                yield marker, vertex, number == 0


def _looks(element: etree._Element) -> dict[str, str]:
    """Return what an element has of the properties that are inherited."""
    looks = dict(INITIAL)
    for outer in reversed((element, *element.iterancestors())):
        looks |= {key: str(outer.get(key)) for key in looks if outer.get(key) is not None}
    return looks


def _references(element: etree._Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        yield from [str(value).removeprefix("#")] if key == HREF else REFERENCE.findall(str(value))


def _vertices(line: etree._Element) -> list[_Vertex]:
    """Return the points of a line in order, those of all its parts (SVG 2, 13.7.4)."""
    found: list[_Vertex] = []
    begin = 0
    for operator, points in geometry.outline(line).value:
        given = [complex(*point) for point in points]
        if operator == "moveTo":
            begin = len(found)
            found.append(_Vertex(given[0], 0j, 0j))
        elif operator == "closePath":
            if found[-1].at != found[begin].at:  # fontTools has drawn the last line of some already
                _go_on(found, [found[begin].at])
            first, last = found[begin], found[-1]
            found[-1] = last._replace(goes=first.goes)
            found[begin] = first._replace(comes=last.comes)
        elif given:
            _go_on(found, given)
    return found


def _go_on(found: list[_Vertex], points: Sequence[complex]) -> None:
    """Add the last of some points, to which the others lead as handles of a curve."""
    before, at = found[-1], points[-1]
    goes = next((point - before.at for point in points if point != before.at), before.comes)
    comes = next((at - point for point in (*reversed(points[:-1]), before.at) if point != at), goes)
    found[-1] = before._replace(goes=goes)
    found.append(_Vertex(at, comes, 0j))


def _grouped(line: etree._Element) -> etree._Element:
    """Put a line into a group that takes over what is said of it with its markers, and return the group."""
    group = etree.Element(f"{{{SVG}}}g", {key: value for key in _OF_BOTH if (value := line.attrib.pop(key, None))})
    parent = line.getparent()
    assert parent is not None
    parent.replace(line, group)
    group.append(line)
    return group
