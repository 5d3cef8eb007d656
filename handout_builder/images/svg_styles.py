"""The looks of an SVG drawing, brought from its style sheets and variables into attributes, as browsers cascade them.

Readers know different parts of CSS in drawings; attributes they all know (SVG 1.1, 6.4). What stands in ``style``, in
rules, in variables and behind a condition is worked out here, so that nothing is left which one reader takes and
another passes over.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import cssselect2
import tinycss2
from lxml import etree

from handout_builder.colour import srgb
from handout_builder.images.svg_error import SvgError
from handout_builder.images.svg_geometry import NUMBER
from handout_builder.images.svg_grammar import depends_on_size, movement

MARKERS = ("marker-start", "marker-mid", "marker-end")
"""The properties that put marks on the points of lines."""
LOOKS = frozenset(
    "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray"
    " stroke-dashoffset stroke-opacity opacity clip-path clip-rule mask mask-type stop-color stop-opacity color display"
    " visibility overflow transform marker".split()
) | frozenset(MARKERS)
"""What says how a shape looks, in an attribute or in a rule."""
GROUND = "background-color"
"""What a drawing as a whole stands on, for browsers: a property of CSS, which they know of no other part."""
_GEOMETRY = frozenset("x y cx cy r rx ry width height".split())
"""What says where a shape lies, in an attribute or, since SVG 2, in a rule."""
_UNDRAWN = {
    "filter": ("none",),
    "mix-blend-mode": ("normal",),
    "paint-order": ("normal", "fill", "fill stroke", "fill stroke markers"),
    "vector-effect": ("none",),
    "transform-origin": ("0", "0 0", "0px 0px", "0% 0%", "top left", "left top"),
    "transform-box": ("view-box",),
    "rotate": ("none",),
    "scale": ("none",),
    "translate": ("none",),
    "d": ("none",),
    "mask-image": ("none",),
    "offset-path": ("none",),
}
"""What browsers draw and we do not, unless it has one of these values."""
_KNOWN = LOOKS | _GEOMETRY | _UNDRAWN.keys() | {GROUND, "background"}
_COLOURS = frozenset(("fill", "stroke", "stop-color", "color"))
_SHARES = frozenset(("opacity", "fill-opacity", "stroke-opacity", "stop-opacity"))
INITIAL = {
    "fill": "#000000", "fill-opacity": "1", "fill-rule": "nonzero", "stroke": "none", "stroke-width": "1",
    "stroke-linecap": "butt", "stroke-linejoin": "miter", "stroke-miterlimit": "4", "stroke-dasharray": "none",
    "stroke-dashoffset": "0", "stroke-opacity": "1", "clip-rule": "nonzero", "color": "#000000",
    "visibility": "visible", **dict.fromkeys(MARKERS, "none"),
}  # fmt: skip
"""What is inherited, with what it is at first."""
# Numbers, colours and movements; anything else that is called could fetch something.
_FUNCTIONS = frozenset(
    "rgb rgba hsl hsla hwb lab lch oklab oklch color matrix translate translatex translatey scale scalex scaley rotate"
    " skewx skewy".split()
)
_PAINT = re.compile(r"(url\([^)]*\))\s*(.*)", re.DOTALL)
_SHARE = re.compile(rf"{NUMBER.pattern}%?")
_LENGTH = re.compile(rf"{NUMBER.pattern}(?:px|pt|pc|mm|cm|in|em|ex|rem|%)?")
_LENGTHS = frozenset(("stroke-width", "stroke-dashoffset", *_GEOMETRY))
_DASHES = re.compile(rf"{_LENGTH.pattern}(?:[\s,]+{_LENGTH.pattern})*")
_PATTERNS = (
    (_SHARES, _SHARE),
    (frozenset(("stroke-width",)), re.compile(rf"(?!-){_LENGTH.pattern}")),
    (_LENGTHS, _LENGTH),
    (frozenset(("stroke-miterlimit",)), NUMBER),
    (frozenset(("stroke-dasharray",)), re.compile(f"none|{_DASHES.pattern}")),
)
"""What the values of some properties look like; another one changes nothing."""
_COMBINATOR = re.compile(r"\s*[\s>+~]\s*")
_MOST_RULES, _MOST_COMPOUNDS, _MOST_VALUE, _DEEPEST_VALUE = 1_000, 2, 2_000, 10
_ATTRIBUTES = "export it with “presentation attributes” instead of a style sheet"
_TYPES = ("", "text/css")
_NO_NUMBER = re.compile("nan|inf", re.IGNORECASE)
# Conditions of a screen on which browsers show a logo: as it is, in light colours.
_MEDIA = frozenset(("", "all", "screen", "(prefers-color-scheme: light)", "(prefers-color-scheme:light)"))
_OTHER_MEDIA = frozenset(("print", "speech", "(prefers-color-scheme: dark)", "(prefers-color-scheme:dark)"))


class _Declaration(NamedTuple):
    """A property with its value."""

    name: str
    value: str
    important: bool


def flatten(root: etree._Element, removed: Counter[str]) -> None:
    """Give each element of a drawing the attributes that its styles come to; no style, class or variable is left.

    What is left out is counted in ``removed``. Raises SvgError for rules without measure.
    """
    matchers = _matchers(root, removed)
    root.attrib.pop(GROUND, None)  # an attribute of this name says nothing, and could say anything
    wrapper = cssselect2.ElementWrapper.from_xml_root(root)
    _style(wrapper, {}, matchers, removed)
    for sheet in [element for element in root.iter() if str(element.tag).endswith("}style") or element.tag == "style"]:
        parent = sheet.getparent()
        assert parent is not None
        parent.remove(sheet)


def _style(wrapper: Any, inherited: Mapping[str, str], matchers: tuple[Any, Any], removed: Counter[str]) -> None:
    """Style an element and all below it; ``inherited`` are the variables of what it stands in."""
    waiting = [(wrapper, inherited)]
    while waiting:
        current, above = waiting.pop()
        element = current.etree_element
        declared = list(_declared(current, matchers, removed))
        variables = dict(above)
        variables |= {d.name: d.value for d in declared if d.name.startswith("--")}
        for name in [str(name) for name in element.attrib if str(name) in ("style", "class")]:
            del element.attrib[name]
        for name in [str(name) for name in element.attrib if str(name) in LOOKS | _UNDRAWN.keys()]:
            if name != "d":
                _set(element, name, str(element.attrib.pop(name)), removed, in_rule=False)
        for name, value, _ in declared:
            if not name.startswith("--"):
                own = _substituted(value, variables, 0)
                if own is not None and name in (GROUND, "background"):
                    if current is wrapper:
                        _set_ground(element, own, removed)
                elif own is not None:
                    _set(element, name, own, removed)
        waiting += [(child, variables) for child in current.iter_children()]


def _declared(wrapper: Any, matchers: tuple[Any, Any], removed: Counter[str]) -> Iterator[_Declaration]:
    """Yield what rules and the element itself declare, the last word last."""
    own = list(_declarations(str(wrapper.etree_element.get("style", "")), removed))
    for matcher, important in zip(matchers, (False, True), strict=True):
        for *_, declarations in matcher.match(wrapper):
            yield from declarations
        yield from (declaration for declaration in own if declaration.important is important)


def _declarations(css: object, removed: Counter[str]) -> Iterator[_Declaration]:
    for item in tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True):
        if item.type in ("qualified-rule", "at-rule"):
            removed["a rule in a rule"] += 1
        if item.type != "declaration":
            continue
        name = item.name if item.name.startswith("--") else item.lower_name
        if name in (*_UNDRAWN, "background") and not is_safe(item.value, variables=name == "background"):
            removed[name] += 1
        elif (
            name in LOOKS
            and any(getattr(token, "type", "") == "function" for token in item.value)
            and not is_safe(item.value, variables=True)
        ):
            removed[f"a value of {name}"] += 1
        elif not is_safe(item.value, variables=True):
            removed["a style that fetches"] += 1
        elif name.startswith("--") or name in _KNOWN:
            yield _Declaration(name, " ".join(tinycss2.serialize(item.value).split()), item.important)


def _matchers(root: etree._Element, removed: Counter[str]) -> tuple[Any, Any]:
    """Return what finds the normal declarations of an element, and what finds the important ones."""
    normal, important, rules = cssselect2.Matcher(), cssselect2.Matcher(), 0
    for sheet in root.iter():
        if str(sheet.tag).rpartition("}")[2] != "style" or str(sheet.get("type", "")).lower() not in _TYPES:
            continue
        if not _applies(str(sheet.get("media", "")), removed):
            continue
        for rule in _rules("".join(str(text) for text in sheet.itertext()), removed):
            rules += 1
            if rules > _MOST_RULES:
                raise SvgError(f"the drawing's style sheet has more than {_MOST_RULES:,} rules", _ATTRIBUTES)
            declarations = list(_declarations(rule.content, removed))
            for selector in _selectors(rule.prelude, removed) if declarations else ():
                for matcher, kind in ((normal, False), (important, True)):
                    if some := [d for d in declarations if d.important is kind]:
                        matcher.add_selector(selector, some)
    return normal, important


def _rules(css: object, removed: Counter[str]) -> Iterator[Any]:
    """Yield the rules of a sheet that apply."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            if _applies(tinycss2.serialize(rule.prelude), removed):
                yield from _rules(rule.content, removed)
        elif rule.type == "at-rule" and rule.lower_at_keyword not in ("charset", "namespace"):
            removed[f"@{rule.lower_at_keyword}"] += 1


def _applies(media: str, removed: Counter[str]) -> bool:
    """Tell whether rules for these media are for us; what cannot be told is counted as left out."""
    queries = {" ".join(query.split()).lower().removeprefix("screen and ") for query in media.split(",")}
    if queries & _MEDIA:
        return True
    if queries - _OTHER_MEDIA:
        removed["@media"] += 1
    return False


def _selectors(prelude: Any, removed: Counter[str]) -> list[Any]:
    """Return selectors that can match; raises SvgError for one that takes for ever to be looked for."""
    text = " ".join(tinycss2.serialize(prelude).split())
    if any(len(_COMBINATOR.split(part.strip())) > _MOST_COMPOUNDS for part in text.split(",")):
        raise SvgError(f"the drawing's style sheet has a selector of many parts: {text[:40]}", _ATTRIBUTES)
    try:
        selectors = cssselect2.compile_selector_list(prelude)
    except (cssselect2.SelectorError, NotImplementedError):
        removed["a rule"] += 1
        return []
    return [selector for selector in selectors if selector.pseudo_element is None and not selector.never_matches]


def _substituted(value: str, variables: Mapping[str, str], depth: int) -> str | None:
    """Return a value with its variables filled in; None where one is missing (CSS Variables 1, 3)."""
    if "var(" not in value.lower():
        return value
    if depth > _DEEPEST_VALUE:
        return None
    parts = []
    for token in tinycss2.parse_component_value_list(value):
        if token.type == "function" and token.lower_name == "var":
            name, _, fallback = tinycss2.serialize(token.arguments).partition(",")
            text = variables.get(name.strip(), fallback if _ else None)
            filled = None if text is None else _substituted(text, variables, depth + 1)
        elif token.type == "function":
            inner = _substituted(tinycss2.serialize(token.arguments), variables, depth + 1)
            filled = None if inner is None else f"{token.name}({inner})"
        else:
            filled = token.serialize()
        if filled is None:
            return None
        parts.append(filled)
        if sum(map(len, parts)) > _MOST_VALUE:
            raise SvgError("the drawing has a style beyond measure", _ATTRIBUTES)
    return " ".join("".join(parts).split())


def _set(element: etree._Element, name: str, value: str, removed: Counter[str], *, in_rule: bool = True) -> None:
    """Give an element an attribute, in the one spelling that all readers know; what is no value changes nothing."""
    value = re.sub(r"\s*icc-color\([^)]*\)$", "", value.strip())
    word = value.lower()
    if name == "marker":
        for place in MARKERS:
            _set(element, place, value, removed, in_rule=in_rule)
        return
    if name in _UNDRAWN:
        if word not in (*_UNDRAWN[name], "", "initial", "unset", "inherit"):
            removed[name] += 1
        return
    if not is_safe(tinycss2.parse_component_value_list(value)):
        removed[f"a value of {name}"] += 1
        return
    if word in ("inherit", "initial", "unset", "revert"):
        _set_by_word(element, name, word)
        return
    if name == "transform":
        _set_movement(element, value, removed, in_rule=in_rule)
        return
    canonical = _canonical(name, value)
    if canonical is not None:
        element.set(name, canonical)


def _set_movement(element: etree._Element, value: str, removed: Counter[str], *, in_rule: bool) -> None:
    """Move an element as browsers do: by numbers in an attribute, by lengths and angles with units in a rule."""
    if in_rule and value.lower() == "none":
        element.attrib.pop("transform", None)
    elif (moved := movement(value, in_rule=in_rule)) is not None:
        element.set("transform", moved)
    elif in_rule and depends_on_size(value):
        removed["a value of transform"] += 1
    elif not in_rule and _NO_NUMBER.search(value):
        element.set("transform", value)  # it is told with the other numbers that are none


def _set_ground(root: etree._Element, value: str, removed: Counter[str]) -> None:
    """Note the ground of a drawing, if it is one colour; more than a colour is counted as left out."""
    word = value.lower()
    colour = None if word in ("none", "initial", "unset") else _colour(value)
    if colour:
        root.set(GROUND, colour)
    else:
        root.attrib.pop(GROUND, None)
        if word not in ("none", "transparent", "initial", "unset", "inherit"):
            removed["background"] += 1


def _set_by_word(element: etree._Element, name: str, word: str) -> None:
    if word == "initial" and name in INITIAL:
        element.set(name, INITIAL[name])
    elif word == "inherit" and name not in INITIAL:
        element.set(name, "inherit")
    else:
        element.attrib.pop(name, None)


def _canonical(name: str, value: str) -> str | None:
    """Return a value as all readers know it; None for what is none."""
    if name in _COLOURS:
        return _paint(value)
    if name in ("clip-path", "mask", *MARKERS):
        return value.replace('"', "").replace("'", "")
    if name == "visibility" and value == "collapse":
        return "hidden"
    pattern = next((pattern for names, pattern in _PATTERNS if name in names), None)
    return value if pattern is None or pattern.fullmatch(value) else None


def _paint(value: str) -> str | None:
    """Return a paint: a reference with what stands in for it, a colour, or a word."""
    reference, rest = "", value
    if match := _PAINT.match(value):
        reference, rest = match[1].replace('"', "").replace("'", ""), match[2].strip()
    word = rest.lower()
    if word == "currentcolor":
        colour: str | None = "currentColor"
    elif word in ("none", "context-fill", "context-stroke", ""):
        colour = word or None
    else:
        colour = _colour(rest)
    return " ".join(part for part in (reference, colour) if part) or None


@lru_cache(maxsize=1024)
def _colour(text: str) -> str | None:
    """Return a colour as ``#rrggbb``, or as ``rgba()`` where it is seen through."""
    if plain := srgb.plain(text):
        return plain
    from coloraide import Color  # noqa: PLC0415  # 0.07 s, for other notations alone

    try:
        colour = Color(text).convert("srgb").fit("srgb")
    except (ValueError, ArithmeticError):
        return None
    parts = [round(min(max(part, 0.0), 1.0) * 255) for part in colour.coords(nans=False)]
    alpha = min(max(colour.alpha(nans=False), 0.0), 1.0)
    return "#{:02x}{:02x}{:02x}".format(*parts) if alpha == 1 else "rgba({},{},{},{:.4g})".format(*parts, alpha)


def is_safe(values: Iterable[object], *, variables: bool = False) -> bool:
    """Tell whether a value of CSS refers to nothing outside the drawing, and calls no unknown function.

    With ``variables`` it may refer to variables of the drawing, too.
    """
    for value in values:
        kind = getattr(value, "type", "")
        if kind in ("error", "string") or (kind == "url" and not str(getattr(value, "value", "")).startswith("#")):
            return False
        if kind == "function":
            inner, name = getattr(value, "arguments", []), getattr(value, "lower_name", "")
            if name == "url":
                if not all(str(getattr(part, "value", "")).strip().startswith("#") for part in inner):
                    return False
            elif name not in _FUNCTIONS and not (variables and name == "var"):
                return False
            if not is_safe(inner, variables=variables) and name != "url":
                return False
        if kind.endswith("block") and not is_safe(getattr(value, "content", []), variables=variables):
            return False
    return True
