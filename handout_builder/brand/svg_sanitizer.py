"""SVG files of strangers, reduced to what is drawn: shapes, their looks, and nothing that acts or fetches."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import cssselect2
import tinycss2
from lxml import etree

from handout_builder.svg_path_data import sound
from handout_builder.units import PX_PER_INCH, PX_PER_MM, PX_PER_PT

_SVG, _XLINK, _XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
_SHAPES = frozenset("path rect circle ellipse line polyline polygon use".split())
_ELEMENTS = _SHAPES | set("svg g defs linearGradient radialGradient stop clipPath mask symbol title desc style".split())
_LOOKS = frozenset(
    "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray"
    " stroke-dashoffset stroke-opacity opacity clip-path clip-rule mask stop-color stop-opacity color display"
    " visibility overflow transform".split()
)
_GEOMETRY = frozenset(
    "id class viewBox preserveAspectRatio x y x1 y1 x2 y2 width height d points cx cy r rx ry fx fy fr offset"
    " gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits maskContentUnits pathLength".split()
)
# Numbers, colours and movements; anything else that is called could fetch something.
_FUNCTIONS = frozenset(
    "rgb rgba hsl hsla matrix translate translatex translatey scale scalex scaley rotate skewx skewy calc".split()
)
# Attributes that may hold any text; all others hold numbers, words of SVG and references.
_NAMES = frozenset(("id", "class"))
_INHERITED = frozenset(("fill", "stroke"))
_MOST_ELEMENTS, _DEEPEST = 20_000, 100
_MOST_DRAWN = 1_000_000
"""Characters of what is drawn, with all that is drawn again by reference: two seconds of WeasyPrint's time."""
_EACH = 100
"""Characters that take as long to draw as an element does beside its attributes."""
_UNITS = {"": 1.0, "px": 1.0, "pt": PX_PER_PT, "pc": 16.0, "in": PX_PER_INCH, "cm": 10 * PX_PER_MM, "mm": PX_PER_MM}
_LENGTH = re.compile(r"\s*([0-9.]+(?:[eE][+-]?[0-9]+)?)\s*([a-z]*)\s*")
_SMALLEST, _LARGEST = 1e-3, 1e6
_MOST_SCALED = 1e9
"""What the numbers of one transform may come to: PDF/A keeps numbers below 2^31 (ISO 19005-2, 6.1.13)."""
_REFERENCE = re.compile(r"""url\(\s*["']?#([^"')]*)["']?\s*\)""")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NO_NUMBER = re.compile(r"nan|inf|_|[^\x00-\x7f]", re.IGNORECASE)
_TRANSFORMS = ("transform", "gradientTransform")
_MOST_RULES, _MOST_COMPOUNDS = 1_000, 2
_COMBINATOR = re.compile(r"\s*[\s>+~]\s*")
_ATTRIBUTES = "export it with “presentation attributes” instead of a style sheet"
_FLATTEN = "simplify it, draw each part once, or export it as PNG"
_OUTLINES = "convert the words to outlines (“paths”) in the drawing program, and export again"

# Names, classes and ids, one inside another: what else stands before a brace, such as "@import", is read in many ways.
_SELECTOR = re.compile(r"[\w .#,*>+~:-]+")


class SvgError(ValueError):
    """An SVG file cannot be used; ``message`` says why, ``hint`` what to do."""

    def __init__(self, message: str, hint: str = "export it again as plain SVG, or as PNG") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


def clean(data: bytes) -> tuple[bytes, float, list[str]]:
    """Return an SVG file without anything that acts or fetches, its width by its height, and what was left out.

    Raises SvgError for a file that is no drawing, that hides bombs, or whose words or pictures would be lost.
    """
    root = _parsed(data)
    removed: Counter[str] = Counter()
    _strip(root, removed)
    if not any(_name(element) in _SHAPES for element in root.iter()):
        raise SvgError("the drawing is empty")
    width, height = _size(root)
    _check_numbers(root, max(width, height))
    _check_references(root)
    etree.cleanup_namespaces(root, top_nsmap={None: _SVG})
    remarks = [f"left out of the drawing: {', '.join(sorted(removed))}"] if removed else []
    return etree.tostring(root, encoding="utf-8", xml_declaration=False), width / height, remarks


def _parsed(data: bytes) -> etree._Element:
    if data.startswith(b"\x1f\x8b"):
        raise SvgError("the drawing is compressed (.svgz)", "export it as plain SVG")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SvgError(f"the drawing is damaged: {error}") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None and any(document.internalDTD.iterentities()):
        raise SvgError("the drawing declares entities")
    if root.tag not in (f"{{{_SVG}}}svg", "svg"):
        raise SvgError("the file is no SVG drawing")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise SvgError(f"the drawing has more than {_MOST_ELEMENTS:,} parts", "simplify it, or export it as PNG")
    return root


def _name(element: etree._Element) -> str:
    """Return the name of an SVG element; empty for what is none. Old files leave the namespace out."""
    tag = str(element.tag)
    return tag.removeprefix(f"{{{_SVG}}}") if tag.startswith(f"{{{_SVG}}}") or not tag.startswith("{") else ""


def _strip(root: etree._Element, removed: Counter[str], depth: int = 0) -> None:
    """Leave only what draws, in ``root`` and all below it; count what else there was."""
    if depth > _DEEPEST:
        raise SvgError("the drawing is nested too deeply")
    root.tag = f"{{{_SVG}}}{_name(root)}"
    _strip_attributes(root, removed)
    if _name(root) == "style":
        root.text = _safe_sheet("".join(str(text) for text in root.itertext()), removed)
        for child in list(root):
            root.remove(child)
    for child in list(root):
        if _name(child) == "a":
            removed["a link"] += 1
            _unlink(child)
        if _name(child) in _ELEMENTS:
            _strip(child, removed, depth + 1)
        else:
            _refuse_if_missed(_name(child))
            # What drawing programs note for themselves is left out without a word.
            removed.update({_name(child)} - {"", "metadata"})
            root.remove(child)
    if _name(root) not in ("style", "title", "desc"):
        root.text = None
    for child in root:
        child.tail = None


def _unlink(element: etree._Element) -> None:
    """Make a group of a link: what it holds is drawn, where it leads is not followed."""
    element.tag = f"{{{_SVG}}}g"
    for key in [key for key in element.attrib if str(key).endswith("href")]:
        del element.attrib[key]


def _refuse_if_missed(name: str) -> None:
    """Raise SvgError for what the logo would not be the same without."""
    if name in ("text", "tspan", "textPath"):
        raise SvgError("the drawing has words that need a font", _OUTLINES)
    if name in ("image", "feImage"):
        raise SvgError("the drawing holds a picture", "save the logo as PNG, or draw the picture as shapes")


def _strip_attributes(element: etree._Element, removed: Counter[str]) -> None:
    for key, value in list(element.attrib.items()):
        name, text = str(key), str(value)
        local = name.rpartition("}")[2]
        if name in ("href", f"{{{_XLINK}}}href"):
            # One spelling that all readers know (SVG 1.1).
            del element.attrib[key]
            if re.fullmatch(r"#[\w.:-]+", text):
                element.set(f"{{{_XLINK}}}href", text)
            else:
                removed["a link"] += 1
        elif name == "style":
            element.set("style", _safe_style(text, removed))
            if not element.get("style"):
                del element.attrib["style"]
        elif name in _LOOKS or name in _GEOMETRY:
            if not _is_safe(tinycss2.parse_component_value_list(text)):
                del element.attrib[key]
                removed[f"a value of {name}"] += 1
            elif name == "d" and sound(text) != text:
                raise SvgError("a path of the drawing is damaged: something other than a command follows a “z”")
        else:
            del element.attrib[key]
            if local.lower().startswith("on"):
                removed[local] += 1


def _is_safe(values: Iterable[object]) -> bool:
    """Tell whether a value of CSS refers to nothing outside the drawing, and calls no unknown function."""
    for value in values:
        kind = getattr(value, "type", "")
        if kind in ("error", "string") or (kind == "url" and not str(getattr(value, "value", "")).startswith("#")):
            return False
        if kind == "function":
            inner = getattr(value, "arguments", [])
            if getattr(value, "lower_name", "") == "url":
                if not all(str(getattr(part, "value", "")).strip().startswith("#") for part in inner):
                    return False
            elif getattr(value, "lower_name", "") not in _FUNCTIONS or not _is_safe(inner):
                return False
        if kind.endswith("block") and not _is_safe(getattr(value, "content", [])):
            return False
    return True


def _safe_style(text: str, removed: Counter[str]) -> str:
    """Return the declarations that only say how shapes look."""
    kept = []
    for item in tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True):
        if item.type == "declaration" and item.lower_name in _LOOKS and _is_safe(item.value):
            value = _in_one_line(item.value)
            kept += [f"{item.lower_name}:{value}"] if value.isprintable() and "\\" not in value else []
        elif item.type == "declaration" and not _is_safe(item.value):
            removed["a style that fetches"] += 1
    return ";".join(kept)


def _safe_sheet(text: str, removed: Counter[str]) -> str:
    """Return the rules that only say how shapes look."""
    kept = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            declarations = _safe_style(tinycss2.serialize(rule.content), removed)
            selector = _in_one_line(rule.prelude)
            if declarations and _SELECTOR.fullmatch(selector) and _compiles(selector):
                kept.append(f"{selector}{{{declarations}}}")
        elif rule.type == "at-rule":
            removed[f"@{rule.lower_at_keyword}"] += 1
    if len(kept) > _MOST_RULES:
        raise SvgError(f"the drawing's style sheet has more than {_MOST_RULES:,} rules", _ATTRIBUTES)
    return "".join(kept)


def _compiles(selector: str) -> bool:
    """Tell whether a selector says something; raises SvgError for one that takes for ever to be looked for."""
    if any(len(_COMBINATOR.split(part.strip())) > _MOST_COMPOUNDS for part in selector.split(",")):
        raise SvgError(f"the drawing's style sheet has a selector of many parts: {selector[:40]}", _ATTRIBUTES)
    try:
        cssselect2.compile_selector_list(selector)
    except cssselect2.SelectorError:
        return False
    return True


def _in_one_line(tokens: Iterable[object]) -> str:
    return " ".join(tinycss2.serialize(tokens).split())


def _check_numbers(root: etree._Element, longest: float) -> None:
    """Refuse numbers that a PDF cannot hold, and patterns too fine to be seen, which take for ever to draw."""
    for element in root.iter():
        for key, value in element.attrib.items():
            name = str(key)
            # A path's letters stand right behind its numbers, and an e is none of them.
            if name not in _NAMES and not name.endswith("href"):
                _check_value(name, _REFERENCE.sub("", str(value)), longest)
        if _name(element) == "style":
            _check_value("style", _REFERENCE.sub("", str(element.text or "")), longest)


def _check_value(name: str, value: str, longest: float) -> None:
    if name != "style" and _NO_NUMBER.search(value):
        raise SvgError(f"the drawing has something in {name} that is no number: {value[:40]}")
    numbers = [abs(float(number)) for number in _NUMBER.findall(value)]
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
    by_rule = _references_by_rule(root)
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
                for name, ident in (*_references(part), *by_rule.get(part, ())):
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
        elif name == "style":
            yield from _declared_references(text)
        else:
            yield from ((name, ident) for ident in _REFERENCE.findall(text))


def _declared_references(declarations: str) -> Iterator[tuple[str, str]]:
    for declaration in declarations.split(";"):
        name, _, value = declaration.partition(":")
        yield from ((name.strip(), ident) for ident in _REFERENCE.findall(value))


def _references_by_rule(root: etree._Element) -> dict[etree._Element, list[tuple[str, str]]]:
    """Return what the rules of the drawing's own style sheets make its elements refer to."""
    matcher = cssselect2.Matcher()
    rules = [
        (rule.prelude, references)
        for style in root.iter(f"{{{_SVG}}}style")
        for rule in tinycss2.parse_stylesheet(str(style.text or ""), skip_comments=True, skip_whitespace=True)
        if rule.type == "qualified-rule" and (references := [*_declared_references(tinycss2.serialize(rule.content))])
    ]
    for prelude, references in rules:
        for selector in cssselect2.compile_selector_list(prelude):
            matcher.add_selector(selector, references)
    if not rules:
        return {}
    wrappers = cssselect2.ElementWrapper.from_xml_root(root).iter_subtree()
    return {
        wrapper.etree_element: [reference for *_, references in matcher.match(wrapper) for reference in references]
        for wrapper in wrappers
    }


def _size(root: etree._Element) -> tuple[float, float]:
    """Return width and height in px, and write them into the drawing: not every reader takes them from its viewBox."""
    box = [_number(part) for part in re.split(r"[\s,]+", str(root.get("viewBox", "")).strip()) if part]
    if len(box) == 4:  # noqa: PLR2004
        width, height = box[2:]
    else:
        width, height = (_pixels(str(root.get(side, ""))) for side in ("width", "height"))
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
        raise SvgError("the drawing has no size", "export it with a width and a height")
    for name in ("width", "height", "x", "y", "preserveAspectRatio"):
        root.attrib.pop(name, None)
    for side, length in (("width", width), ("height", height)):
        root.set(side, f"{length:.12g}")
    return width, height


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _pixels(text: str) -> float:
    match = _LENGTH.fullmatch(text)
    return _number(match[1]) * _UNITS[match[2]] if match and match[2] in _UNITS else math.nan
