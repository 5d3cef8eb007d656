"""SVG files of strangers, reduced to what is drawn: shapes, their looks, and nothing that acts or fetches."""

import math
import re
from collections import Counter
from collections.abc import Iterator

import tinycss2
from lxml import etree

from handout_builder.images import svg_geometry, svg_grammar, svg_ground, svg_markers, svg_plain, svg_styles
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_geometry import NUMBER, UNITS
from handout_builder.images.svg_names import SVG, XLINK
from handout_builder.images.svg_names import name as _name
from handout_builder.svg_path_data import sound

_SHAPES = frozenset("path rect circle ellipse line polyline polygon use".split())
_ELEMENTS = _SHAPES | set("svg g defs linearGradient radialGradient stop clipPath mask symbol marker".split())
_GEOMETRY = frozenset(
    "id viewBox preserveAspectRatio x y x1 y1 x2 y2 width height d points cx cy r rx ry fx fy fr offset"
    " gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits pathLength".split()
) | set(svg_markers.MEASURES)
# Attributes that may hold any text, or words with "nan" in them; all others hold numbers, words of SVG and references.
_NAMES = frozenset(("id", "mask-type"))
_INHERITED = frozenset(("fill", "stroke"))
_WORDS = frozenset(("text", "tspan", "textPath"))
_MOST_ELEMENTS, _DEEPEST = 20_000, 100
_MOST_DRAWN = 1_000_000
"""Characters of what is drawn, with all that is drawn again by reference: two seconds of WeasyPrint's time."""
_EACH = 100
"""Characters that take as long to draw as an element does beside its attributes."""
_LENGTH = re.compile(r"\s*([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*([a-z]*)\s*")
_SMALLEST, _LARGEST = 1e-3, 1e6
_MOST_SCALED = 1e9
"""What the numbers of one transform may come to: PDF/A keeps numbers below 2^31 (ISO 19005-2, 6.1.13)."""
_REFERENCE = re.compile(r"""url\(\s*["']?#([^"')]*)["']?\s*\)""")
# What only looks like numbers: colours, of which #2e7d32 would be one with an exponent.
_NO_NUMBERS = re.compile(rf"{_REFERENCE.pattern}|#[0-9a-fA-F]{{3,8}}(?![0-9a-zA-Z])")
_NO_NUMBER = re.compile(r"nan|inf|_|[^\x00-\x7f]", re.IGNORECASE)
# Values of CSS without brackets, quotes, escapes or comments.
_PLAIN = re.compile(r"[-\w\s.,+%#]*", re.ASCII)
_TRANSFORMS = ("transform", "gradientTransform")
_FLATTEN = "simplify it, draw each part once, or export it as PNG"
_OUTLINES = "convert the words to outlines (“paths”) in the drawing program, and export again"


def clean(data: bytes) -> tuple[bytes, float, list[str]]:
    """Return an SVG file without anything that acts or fetches, its width divided by its height, and what was left out.

    What is left is written as every reader draws it: looks in attributes, masks as clips, and nothing that the
    drawing program or its user noted. Raises SvgError for a file that is no drawing, that hides bombs, or whose words,
    pictures or masks would be lost.
    """
    root = _parsed(data)
    removed: Counter[str] = Counter()
    svg_plain.choose(root)
    svg_styles.flatten(root, removed)
    ground = root.attrib.pop(svg_styles.GROUND, None)
    _strip(root, removed)
    if not any(_name(element) in _SHAPES for element in root.iter()):
        raise SvgError("the drawing is empty")
    width, height, scale = _size(root, removed)
    svg_plain.clear_root(root, scale, removed)
    if ground:
        svg_ground.lay(root, str(ground), str(root.get("viewBox")).replace(",", " ").split())
    svg_markers.draw(root, removed)
    _check_numbers(root, max(width, height))
    _hide_flat(root)
    _check_references(root)
    svg_plain.make_plain(root, removed)
    etree.cleanup_namespaces(root, top_nsmap={None: SVG})
    remarks = [f"left out of the drawing: {', '.join(sorted(removed))}"] if removed else []
    return etree.tostring(root, encoding="utf-8", xml_declaration=False), width / height, remarks


def _parsed(data: bytes) -> etree._Element:
    if data.startswith(b"\x1f\x8b"):
        raise SvgError("the drawing is compressed (.svgz)", "export it as plain SVG")
    root = _tree(data, entities=False)
    if names := _entities(root):
        # Illustrator keeps the addresses of its namespaces in entities: words, which stand for themselves once each.
        if sum(data.count(f"&{name};".encode()) * len(text) for name, text in names.items()) > _MOST_DRAWN:
            raise SvgError("the drawing declares entities beyond measure")
        root = _tree(data, entities=True)
    if root.tag not in (f"{{{SVG}}}svg", "svg"):
        raise SvgError("the file is no SVG drawing")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise SvgError(f"the drawing has more than {_MOST_ELEMENTS:,} parts", "simplify it, or export it as PNG")
    return root


def _tree(data: bytes, *, entities: bool) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities="internal" if entities else False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise SvgError(
            f"the drawing is damaged: in line {line} it is cut off, mixed up, or nested too deeply"
        ) from error


def _entities(root: etree._Element) -> dict[str, str]:
    """Return the entities that a drawing declares; raises SvgError for any that is more than words."""
    document = root.getroottree().docinfo
    found = {}
    for entity in document.internalDTD.iterentities() if document.internalDTD is not None else ():
        text = entity.content
        if entity.system_url or not text or any(sign in str(entity.orig) + text for sign in "&<%"):
            raise SvgError("the drawing declares entities that stand for more than words")
        found[str(entity.name)] = text
    return found


def _strip(root: etree._Element, removed: Counter[str], depth: int = 0) -> None:
    """Leave only what draws, in ``root`` and all below it; count what else there was."""
    if depth > _DEEPEST:
        raise SvgError("the drawing is nested too deeply")
    root.tag = f"{{{SVG}}}{_name(root)}"
    _strip_attributes(root, removed)
    for child in list(root):
        if _name(child) == "a":
            removed["a link"] += 1
            _unlink(child)
        if _name(child) in _ELEMENTS:
            _strip(child, removed, depth + 1)
        else:
            # Left out without a word: what drawing programs note for themselves, and frames of words that hold none.
            if _name(child) not in _WORDS or "".join(child.itertext()).strip():
                _refuse_if_missed(_name(child))
                removed.update({_name(child)} - {"", "metadata", "title", "desc"})
            root.remove(child)
    root.text = None
    for child in root:
        child.tail = None


def _unlink(element: etree._Element) -> None:
    """Make a group of a link: what it holds is drawn, where it leads is not followed."""
    element.tag = f"{{{SVG}}}g"
    for key in [key for key in element.attrib if str(key).endswith("href")]:
        del element.attrib[key]


def _refuse_if_missed(name: str) -> None:
    """Raise SvgError for what the logo would not be the same without."""
    if name in _WORDS:
        raise SvgError("the drawing has words that need a font", _OUTLINES)
    if name in ("image", "feImage"):
        raise SvgError("the drawing holds a picture", "save the whole as PNG, or draw the picture as shapes")


def _strip_attributes(element: etree._Element, removed: Counter[str]) -> None:
    if "href" in element.attrib:  # browsers follow it, and not the one beside it for readers of SVG 1.1
        element.attrib.pop(f"{{{XLINK}}}href", None)
    for key, value in list(element.attrib.items()):
        name, text = str(key), str(value)
        local = name.rpartition("}")[2]
        if name in ("href", f"{{{XLINK}}}href"):
            # One spelling that all readers know (SVG 1.1).
            del element.attrib[key]
            if re.fullmatch(r"#[\w.:-]+", text):
                element.set(f"{{{XLINK}}}href", text)
            else:
                removed["a link"] += 1
        elif name in svg_styles.LOOKS or name in _GEOMETRY:
            # Numbers, words and colours call nothing and refer to nothing, and are most of a drawing.
            if not (_PLAIN.fullmatch(text) or svg_styles.is_safe(tinycss2.parse_component_value_list(text))):
                del element.attrib[key]
                removed[f"a value of {name}"] += 1
            elif name in ("d", "points"):
                element.set(key, _sound(name, text, removed))
        else:
            del element.attrib[key]
            if local.lower().startswith("on"):
                removed[local] += 1


def _sound(name: str, text: str, removed: Counter[str]) -> str:
    """Return the data of a path, or a list of points, as far as browsers draw it."""
    if name == "points":
        points = svg_grammar.points(text)
        removed.update({"a damaged list of points"} if points != text else ())
        return points
    if text.strip()[:1] not in tuple("Mm"):
        removed.update({"a damaged path"} if text.strip() not in ("", "none") else ())
        return "M0 0"  # nothing, as browsers draw of what begins nowhere
    if sound(text) != text:
        raise SvgError("a path of the drawing is damaged: something other than a command follows a “z”")
    return svg_grammar.path(text) or "M0 0"


def _hide_flat(root: etree._Element) -> None:
    """Hide what its movement leaves no area of: browsers draw nothing of it (SVG 2, 8.5)."""
    for element in root.iter():
        if element is not root and svg_geometry.is_flat(element.get("transform")):
            del element.attrib["transform"]
            element.set("display", "none")


def _check_numbers(root: etree._Element, longest: float) -> None:
    """Refuse numbers that a PDF cannot hold, and patterns too fine to be seen, which take for ever to draw."""
    for element in root.iter():
        for key, value in element.attrib.items():
            name = str(key)
            # A path's letters stand right behind its numbers, and an e is none of them.
            if name not in _NAMES and not name.endswith("href"):
                _check_value(name, _NO_NUMBERS.sub("", str(value)), longest)


def _check_value(name: str, value: str, longest: float) -> None:
    if _NO_NUMBER.search(value):
        raise SvgError(f"the drawing has something in {name} that is no number: {value[:40]}")
    numbers = [abs(float(number)) for number in NUMBER.findall(value)]
    if any(number > _LARGEST for number in numbers):
        raise SvgError(f"the drawing has a number beyond a million in {name}", "draw it smaller, or export it as PNG")
    if name in _TRANSFORMS and math.prod(max(number, 1) for number in numbers) > _MOST_SCALED:
        raise SvgError(f"the drawing is enlarged beyond all measure in {name}", "draw it larger, or export it as PNG")
    if name == "spreadMethod" and value.strip() in ("repeat", "reflect"):
        raise SvgError("the drawing has a gradient that repeats itself", "draw the repetitions, or export it as PNG")
    dashes = name == "stroke-dasharray" and any(numbers) and sum(numbers) < longest * _SMALLEST
    if dashes:
        raise SvgError("the drawing has dashes too small to be seen", "draw the line without dashes")


def _check_references(root: etree._Element) -> None:
    """Refuse what refers to itself, and what grows beyond measure: ten of ten of ten … make a small file draw for ever.

    Copies (use), masks, clips and gradients are counted each time that they are drawn.
    """
    known = {str(element.get("id")): element for element in root.iter() if element.get("id")}
    sizes: dict[etree._Element, int] = {}

    def size(element: etree._Element, around: frozenset[etree._Element]) -> int:
        if element in around:
            raise SvgError("the drawing has parts that refer to themselves", _FLATTEN)
        if len(around) > _DEEPEST:
            raise SvgError("the drawing is nested too deeply", _FLATTEN)
        if element not in sizes:
            inside, total = around | {element}, 0
            for part in element.iter():
                total += _EACH + sum(map(len, map(str, part.attrib.values())))
                for name, ident in _references(part):
                    # Shapes inherit what they are filled with, each draws it anew.
                    times = sum(1 for _ in part.iter()) if name in _INHERITED else 1
                    total += times * size(known[ident], inside) if ident in known else 0
            sizes[element] = total
        return sizes[element]

    if size(root, frozenset()) > _MOST_DRAWN:
        raise SvgError("the drawing is too large, with all its copies, masks and clips", _FLATTEN)


def _references(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the properties of an element that refer to another one, with its id."""
    for key, value in element.attrib.items():
        name, text = str(key), str(value)
        if name.endswith("href"):
            yield name, text.removeprefix("#")
        else:
            yield from ((name, ident) for ident in _REFERENCE.findall(text))


def _size(root: etree._Element, removed: Counter[str]) -> tuple[float, float, float | None]:
    """Return width and height in units, and write them into the drawing: not every reader takes them from its viewBox.

    With them comes how many px a unit has, None where nothing tells it.
    """
    box = [_number(part) for part in re.split(r"[\s,]+", str(root.get("viewBox", "")).strip()) if part]
    if len(box) == 4 and not any(map(math.isnan, box)):  # noqa: PLR2004
        width, height = box[2:]
    else:
        width, height = (_pixels(str(root.get(side, ""))) for side in ("width", "height"))
        root.set("viewBox", f"0 0 {width:.12g} {height:.12g}")
    if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
        raise SvgError("the drawing has no size", "export it with a width and a height")
    fit = str(root.get("preserveAspectRatio", ""))
    shown = [_pixels(str(root.get(side, ""))) for side in ("width", "height")]
    known = all(_SMALLEST <= side <= _LARGEST for side in shown)
    odd = known and not math.isclose(shown[0] * height, shown[1] * width, rel_tol=0.01)
    scale = shown[0] / width if known and not odd else None
    if odd and "none" in fit:
        width, height = svg_plain.stretch(root, *shown)
        scale = 1.0
    elif odd and "slice" in fit:
        removed["preserveAspectRatio"] += 1
    for name in ("width", "height", "x", "y", "preserveAspectRatio"):
        root.attrib.pop(name, None)
    for side, length in (("width", width), ("height", height)):
        root.set(side, f"{length:.12g}")
    return width, height, scale


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _pixels(text: str) -> float:
    match = _LENGTH.fullmatch(text)
    return _number(match[1]) * UNITS[match[2]] if match and match[2] in UNITS else math.nan
