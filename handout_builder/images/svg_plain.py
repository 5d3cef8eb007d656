"""Parts of SVG that readers draw in different ways, put in the words of those that they all draw alike."""

import re
from collections import Counter
from collections.abc import Iterator
from math import hypot, sqrt
from typing import NamedTuple

from fontTools.misc.transform import Identity, Transform
from lxml import etree

from handout_builder.images import svg_geometry as geometry
from handout_builder.images import svg_gradients
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_names import HREF, REFERENCE, SHAPES, SVG, name

_WHITE = frozenset(("#ffffff",))
_INHERITED = ("fill", "fill-opacity", "fill-rule", "clip-rule", "stroke", "visibility", "color")
_SIMPLER = "make the mask of plain white shapes, or “release” it in the drawing program, or export the drawing as PNG"
_DEEPEST = 20
# Not what is inherited alone: a drawing's colours stay where other programs look for them.
_OF_ROOT = ("clip-path", "mask", "opacity", "transform", "visibility")
_WHOLE = ("1", "1.0", "100%")
# Lengths that may be told in percent of the drawing's width, of its height, or of its diagonal (SVG 2, 8.9). Gradients
# and masks tell theirs of what they cover.
_ACROSS, _DOWN = ("x", "x1", "x2", "width", "cx", "rx"), ("y", "y1", "y2", "height", "cy", "ry")
_ALONG = ("r", "stroke-width", "stroke-dasharray", "stroke-dashoffset")
_PERCENT = re.compile(rf"({geometry.NUMBER.pattern})%")


def choose(root: etree._Element) -> None:
    """Keep of each ``switch`` what an English browser draws, and nothing that asks for what no browser has."""
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if parent is not None and name(element) and not _is_for_us(element):
            parent.remove(element)
    for switch in [element for element in root.iter(etree.Element) if name(element) == "switch"]:
        switch.tag = f"{{{SVG}}}g"
        for other in [child for child in switch if name(child)][1:]:
            switch.remove(other)


def _is_for_us(element: etree._Element) -> bool:
    """Tell whether browsers draw an element, by its conditions (SVG 2, 5.9)."""
    languages = element.get("systemLanguage")
    spoken = languages is None or any(tag.strip().lower().split("-")[0] == "en" for tag in languages.split(","))
    return "requiredExtensions" not in element.attrib and spoken


def clear_root(root: etree._Element, scale: float | None, removed: Counter[str]) -> None:
    """Put what cuts, moves or hides the whole drawing on groups in it: on its root readers take it in different ways.

    To browsers a root is a box of CSS: they cut and move it in px from the box's corner, whatever its viewBox says, and
    turn and scale it about its middle (CSS Transforms 1, 3; CSS Masking 1, 6.1). ``scale`` is how many px a unit of the
    drawing has; where it is None, as the drawing has no size of its own, how it is cut and shifted depends on how large
    it is shown: that is left out, and counted in ``removed``.
    """
    root.attrib.pop("display", None)  # browsers show a picture's root whatever this says
    looks = {key: str(root.attrib.pop(key)) for key in _OF_ROOT if key in root.attrib}
    turned = geometry.matrix(looks.pop("transform", None))
    cuts = {key: looks.pop(key) for key in ("clip-path", "mask") if looks.get(key, "none") != "none"}
    if scale is None:
        removed.update(f"{key} of the whole drawing" for key in cuts)
        removed.update(["transform of the whole drawing"] if turned[4:] != (0, 0) else ())
        scale, cuts, turned = 1.0, {}, Transform(*turned[:4])
    x, y, width, height = map(float, str(root.get("viewBox")).replace(",", " ").split())
    if looks:
        _group_all(root, looks)
    if cuts:
        in_px = Identity.translate(x, y).scale(1 / scale)
        _group_all(root, {"transform": geometry.written(in_px.inverse())})
        _group_all(root, {"transform": geometry.written(in_px), **cuts})
    if turned != Identity:
        in_px = Identity.translate(x + width / 2, y + height / 2).scale(1 / scale)
        _group_all(root, {"transform": geometry.written(in_px.transform(turned).transform(in_px.inverse()))})


def stretch(root: etree._Element, width: float, height: float) -> tuple[float, float]:
    """Stretch what a drawing shows to a width and a height in px, which it returns: its box has another shape."""
    x, y, across, down = map(float, str(root.get("viewBox")).replace(",", " ").split())
    _group_all(root, {"transform": f"scale({width / across:.9g} {height / down:.9g}) translate({-x:.9g} {-y:.9g})"})
    root.set("viewBox", f"0 0 {width:.9g} {height:.9g}")
    return width, height


def _group_all(root: etree._Element, attributes: dict[str, str]) -> None:
    """Put all that is in a drawing into a group."""
    group = etree.Element(f"{{{SVG}}}g", attributes)
    group.extend(list(root))
    root.append(group)


def make_plain(root: etree._Element, removed: Counter[str]) -> None:
    """Rewrite masks, clips, gradients, symbols, percents and names; count what is left out in ``removed``.

    Raises SvgError for a mask or a clip that has no plain counterpart.
    """
    known = {str(element.get("id")): element for element in root.iter() if element.get("id")}
    for element in list(root.iter()):
        if name(element) == "use":
            _size_use(element, known)
        elif name(element) == "svg" and element is not root:
            for side in ("width", "height"):
                element.set(side, element.get(side, "100%"))
        elif element.attrib.pop("pathLength", None) and element.get("stroke-dasharray", "none") != "none":
            removed["pathLength"] += 1
    _work_out_percents(root, _box(root))
    _pair_dashes(root)
    svg_gradients.make_plain(root, known, removed)
    _make_clips(root, known)
    _rename(root)


def _size_use(use: etree._Element, known: dict[str, etree._Element]) -> None:
    """Give a copy of a symbol or a drawing its size (SVG 2, 5.5)."""
    target = known.get(str(use.get(HREF, "")).removeprefix("#"))
    if target is not None and name(target) in ("symbol", "svg"):
        for side in ("width", "height"):
            use.set(side, use.get(side) or target.get(side) or "100%")
            if name(target) == "symbol":
                target.attrib.pop(side, None)


def _box(element: etree._Element) -> tuple[float, float] | None:
    """Return width and height of what is inside a drawing or a symbol; None where nothing tells them."""
    numbers = geometry.NUMBER.findall(str(element.get("viewBox", "")))
    sides = numbers[2:] if len(numbers) == len("xywh") else [element.get("width"), element.get("height")]
    try:
        return (geometry.length(sides[0]), geometry.length(sides[1])) if all(sides) else None
    except SvgError:  # in letters, for example
        return None


def _work_out_percents(element: etree._Element, box: tuple[float, float] | None) -> None:
    """Write lengths in percent as numbers: they are shares of what a logo loses with its margins."""
    for child in element:
        if box is not None and name(child) not in ("linearGradient", "radialGradient", "mask"):
            wholes = ((_ACROSS, box[0]), (_DOWN, box[1]), (_ALONG, hypot(*box) / sqrt(2)))
            for keys, whole in wholes:
                for key in [key for key in keys if "%" in child.get(key, "")]:
                    parts = _PERCENT.split(str(child.get(key)))
                    parts[1::2] = [f"{float(share) * whole / 100:.9g}" for share in parts[1::2]]
                    child.set(key, "".join(parts))
        _work_out_percents(child, _box(child) if name(child) in ("svg", "symbol") else box)


def _pair_dashes(root: etree._Element) -> None:
    """Write an odd list of dashes and gaps twice, as which it is meant (SVG 2, 13.5.6): not every reader goes on so."""
    for element in root.iter():
        lengths = element.get("stroke-dasharray", "").replace(",", " ").split()
        if len(lengths) > 1 and len(lengths) % 2:
            element.set("stroke-dasharray", " ".join(lengths * 2))


def _make_clips(root: etree._Element, known: dict[str, etree._Element]) -> None:
    """Make a clip of each mask of white shapes, and of each clip one path: readers do not join several alike."""
    used = {
        ident
        for element in root.iter()
        for kind in ("mask", "clip-path")
        for ident in REFERENCE.findall(str(element.get(kind, "")))
    }
    further: dict[str, list[str]] = {}
    for element in [*root.iter(f"{{{SVG}}}mask"), *root.iter(f"{{{SVG}}}clipPath")]:
        parent, ident = element.getparent(), str(element.get("id", ""))
        assert parent is not None
        if ident not in used or known.get(ident) is not element:
            parent.remove(element)
            continue
        further[ident] = REFERENCE.findall(str(element.attrib.pop("clip-path", "")))
        if name(element) == "mask":
            _check_mask(element, known)
            if (region := _region(element)) is not None:
                parent.append(region)
                known[str(region.get("id"))] = region
                _merge(region, known)
                further[ident].append(str(region.get("id")))
        elif element.get("clipPathUnits") == "objectBoundingBox":
            raise SvgError("the drawing has a clip in shares of what it cuts", _SIMPLER)
        _merge(element, known)
    for element in list(root.iter()):
        _cut(element, further, known)


def _merge(clip: etree._Element, known: dict[str, etree._Element]) -> None:
    """Make one path of all that is in a clip, or in a mask."""
    # Groups are no part of a clip for browsers (SVG 2, 14.5); they are of a mask.
    parts = [child for child in clip if name(clip) == "mask" or name(child) in (*SHAPES, "use")]
    if [name(child) for child in clip] == ["path"] and _is_one_path(clip, clip[0]):
        return
    above = {key: str(clip.get(key)) for key in _INHERITED if clip.get(key) is not None}
    moved = geometry.matrix(clip.get("transform"))
    whole = []
    for shape in (shape for part in parts for shape in _shapes(part, above, moved, known)):
        if name(clip) == "mask" and shape.looks.get("fill") == "none":
            continue
        if shape.element.get("clip-path") or shape.element.get("mask"):
            raise SvgError("the drawing has a clip whose shapes are cut themselves", _SIMPLER)
        rule = shape.looks.get("fill-rule" if name(clip) == "mask" else "clip-rule")
        if rule == "evenodd" and str(shape.element.get("d", "")).upper().count("M") > 1:
            raise SvgError("the drawing has a clip with holes", _SIMPLER)
        whole.append(geometry.data(geometry.clockwise(geometry.outline(shape.element, shape.moved))))
    ident = str(clip.get("id"))
    clip.tag = f"{{{SVG}}}clipPath"
    clip.attrib.clear()
    clip.set("id", ident)
    clip[:] = []
    if whole:
        etree.SubElement(clip, f"{{{SVG}}}path", {"d": " ".join(whole)})


def _is_one_path(clip: etree._Element, path: etree._Element) -> bool:
    """Tell whether a clip is one path already, and nothing else is said of it."""
    return name(clip) == "clipPath" and set(clip.attrib) == {"id"} and set(path.attrib) == {"d"}


def _cut(element: etree._Element, further: dict[str, list[str]], known: dict[str, etree._Element]) -> None:
    """Cut an element by its clip, by what its mask has become, and by what cuts these: each by a group of its own."""
    waiting = [
        ident for kind in ("clip-path", "mask") for ident in REFERENCE.findall(str(element.attrib.pop(kind, "")))
    ]
    clips: list[str] = []
    while waiting:
        ident = waiting.pop(0)
        if ident in known and ident not in clips and len(clips) < _DEEPEST:
            clips.append(ident)
            waiting += further.get(ident, [])
    if not clips:
        return
    element.set("clip-path", f"url(#{clips[0]})")
    transform = element.attrib.pop("transform", None) if clips[1:] else None
    outer = element
    for ident in clips[1:]:
        outer = _wrapped(outer, {"clip-path": f"url(#{ident})"})
    if transform:
        outer.set("transform", transform)


def _region(mask: etree._Element) -> etree._Element | None:
    """Return a clip of what a mask lets through at all, where it says so in the drawing's own measure."""
    if mask.get("maskUnits") != "userSpaceOnUse" or any("%" in mask.get(k, "%") for k in ("x", "y", "width", "height")):
        return None
    clip = etree.Element(f"{{{SVG}}}clipPath", {"id": f"{mask.get('id')}-region"})
    sides = {key: str(mask.get(key)) for key in ("x", "y", "width", "height")}
    etree.SubElement(clip, f"{{{SVG}}}rect", sides)
    return clip


def _check_mask(mask: etree._Element, known: dict[str, etree._Element]) -> None:
    """Raise SvgError for a mask that is more than shapes which are let through whole."""
    if mask.get("maskContentUnits") == "objectBoundingBox" or mask.get("mask"):
        raise SvgError("the drawing has a mask in shares of what it covers, or of another mask", _SIMPLER)
    by_alpha = mask.get("mask-type") == "alpha"
    for shape in _shapes(mask, {}, Identity, known):
        looks = shape.looks
        fill = looks.get("fill", "#000000")
        fill = looks.get("color", "#000000") if fill == "currentColor" else fill
        whole = looks.get("fill-opacity", "1") in _WHOLE and looks.get("stroke", "none") == "none"
        opaque = fill == "none" or (re.fullmatch("#[0-9a-f]{6}", fill) if by_alpha else fill in _WHITE)
        if not (whole and opaque):
            raise SvgError("the drawing has a mask that fades or cuts holes", _SIMPLER)


class _Shape(NamedTuple):
    """A shape as it is drawn: with what it takes from all that it stands in, and where that moves it."""

    element: etree._Element
    looks: dict[str, str]
    moved: Transform


def _shapes(
    element: etree._Element, above: dict[str, str], moved: Transform, known: dict[str, etree._Element], depth: int = 0
) -> Iterator[_Shape]:
    """Yield the shapes in an element that are filled, copies too."""
    looks = above | {key: str(element.get(key)) for key in _INHERITED if element.get(key) is not None}
    if depth > _DEEPEST:
        raise SvgError("the drawing has a clip or a mask that is nested too deeply", _SIMPLER)
    if element.get("display") == "none":
        return
    if element.get("opacity", "1") not in _WHOLE:
        looks["fill-opacity"] = "0.5"
    if name(element) not in ("clipPath", "mask") or element.get("transform"):
        moved = moved.transform(geometry.matrix(element.get("transform")))
    if name(element) in SHAPES and looks.get("visibility") != "hidden":
        yield _Shape(element, looks, moved)
    target = known.get(str(element.get(HREF, "")).removeprefix("#")) if name(element) == "use" else None
    if target is not None:
        if name(target) in ("symbol", "svg"):
            raise SvgError("the drawing has a clip or a mask of symbols", _SIMPLER)
        moved = moved.translate(geometry.length(element.get("x")), geometry.length(element.get("y")))
    for child in element if target is None else (target,):
        yield from _shapes(child, looks, moved, known, depth + 1)


def _wrapped(element: etree._Element, attributes: dict[str, str]) -> etree._Element:
    """Put an element into a group, and return the group."""
    group = etree.Element(f"{{{SVG}}}g", attributes)
    parent = element.getparent()
    assert parent is not None
    parent.replace(element, group)
    group.append(element)
    return group


def _rename(root: etree._Element) -> None:
    """Give what is referred to new names, and take all others: what someone calls a part belongs to no picture."""
    used = {
        ident
        for element in root.iter()
        for key, value in element.attrib.items()
        for ident in ([str(value)[1:]] if key == HREF else REFERENCE.findall(str(value)))
    }
    names: dict[str, str] = {}
    for element in root.iter():
        ident = element.attrib.pop("id", None)
        if ident in used and ident not in names:
            names[str(ident)] = f"i{len(names) + 1}"
            element.set("id", names[str(ident)])
    for element in root.iter():
        attributes = sorted((str(key), str(value)) for key, value in element.attrib.items())
        element.attrib.clear()
        for key, text in attributes:
            element.set(key, text)
            if key == HREF:
                element.set(key, f"#{names.get(text[1:], 'none')}")
            elif key in ("fill", "stroke") and set(REFERENCE.findall(text)) - names.keys():
                element.set(key, text.partition(")")[2].strip() or "none")  # what stands in for it
            elif "url(" in text:
                element.set(key, REFERENCE.sub(lambda match: f"url(#{names.get(match[1], 'none')})", text))
