"""Checks that the handout's words and pictures can be seen as they were made, whatever a brand's own style sheet does.

An engine draws white words on white, words that are turned upside down, drawings of two millimetres, and a white box
over all of them; in the finished file they are found, and nobody sees them.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.colour.srgb import contrast
from handout_builder.pdf.elements import classes, picture_name
from handout_builder.pdf.layout_faults import Box, Ink
from handout_builder.units import PX_PER_MM, PX_PER_PT

_PAPER = "#ffffff"
_WORDS = frozenset(("section", "safety", "disclaimer", "title-block", "foot"))
"""Classes of what holds words of the handout, and warnings; its title is told by its element."""
_TITLE = "h1"
# WCAG 2.2, 1.4.3, for large words; the smallest of ours have 4.5.
_LEAST_CONTRAST = 3.0
# In px; the smallest letters of ours have 8 pt, figures that are raised 5.
_SMALLEST, _SMALLEST_RAISED = 6 * PX_PER_PT, 4 * PX_PER_PT
# In px: paper that printers take (A2).
_WIDEST_PAPER = 600 * PX_PER_MM
_NARROWEST: Mapping[str, float] = {"chart": 12, "crop": 25, "emblem": 20, "qr": 15}
"""How narrow what shows points, or is read by a phone, may become, in mm; ours are a fifth wider at least."""
# A picture with less of its colour is not told from the paper.
_LEAST_OPACITY = 0.5
_WHOLE = 100
# How thick a line below words may be, in shares of the type size, and how many colours of grounds are looked at.
_THICKEST, _SOME = 0.15, 4
# Features by which a typeface has letters and figures in half their size (OpenType): 5-10 becomes a note to something.
_SMALL_LETTERS = frozenset(("afrc", "dnom", "frac", "numr", "ordn", "sinf", "subs", "sups"))
# In shares of the type size: how near to each other letters and words may come.
_NEAREST = -0.1
_NUMBER = re.compile(r"\s*[0-9]+[.)]?\s*")
# How much of what is below something is lost under it.
_COVERS = 0.2


class _Around(NamedTuple):
    """What holds a box."""

    grounds: tuple[str, ...] = (_PAPER,)
    """The colours below it: those of a gradient, else one; none where a picture is."""
    words: bool = False
    """Whether it is of the handout."""
    turned: bool = False
    opacity: float = 1.0
    """How much of a colour is left."""
    raised: bool = False
    """Whether it is a figure that leads to a note, or the reading over a name."""


def faults(document: Any, root: Element, ink: Sequence[Sequence[Ink]]) -> Iterator[str]:
    """Yield what cannot be read on the pages of a laid-out document, made of ``root``; ``ink`` is that of each page.

    What is hidden is missed where the file is finished, but for the title, which stands in the foot, too.
    """
    seen = {piece.around.block.element for there in ink for piece in there if piece.around.block is not None}
    for title in root.iter(_TITLE):
        if seen.isdisjoint(title.iter()):
            yield f"“{''.join(title.itertext()).strip()}” cannot be read on any page as it was written"
    for number, (page, there) in enumerate(zip(document.pages, ink, strict=True), 1):
        paper = page._page_box
        if max(paper.margin_width(), paper.margin_height()) > _WIDEST_PAPER:
            yield f"page {number} is larger than the largest paper, {_WIDEST_PAPER / PX_PER_MM:.0f} mm"
        body, *margins = paper.children
        covers: list[Box] = []
        for what, why in (found for box in (*margins, body) for found in _hidden(box, _Around(), covers)):
            yield f"{what} cannot be read on page {number} as it was written: {why}"
        for piece in there:
            if not piece.around.running and any(cover.meets(piece.box) for cover in covers):
                what = f"“{piece.words.strip()}”" if piece.text else f"the picture “{piece.words}”"
                yield f"{what} cannot be read on page {number} as it was written: something lies over it"


def _hidden(box: Any, around: _Around, covers: list[Box]) -> Iterator[tuple[str, str]]:
    """Yield words and pictures that cannot be read, and why; note in ``covers`` what lies over them without words."""
    box = getattr(box, "_box", box)  # a placeholder of what is positioned
    style = box.style
    text = getattr(box, "text", None)
    if text is not None:
        if around.words and text.strip() and (why := _why(box, around)):
            yield f"“{text.strip()}”", why
        return
    element = box.element
    named = () if element is None else classes(element)
    around = around._replace(
        words=around.words or not _WORDS.isdisjoint(named) or (element is not None and element.tag == _TITLE),
        turned=around.turned or bool(style["transform"]),
        opacity=around.opacity * style["opacity"],
        raised=around.raised or "over" in named or (element is not None and element.tag == "sup"),
    )
    covers += _outline(box)
    if hasattr(box, "replacement"):
        if around.words and (why := _why_picture(box, around, named)):
            yield f"the picture “{'?' if element is None else picture_name(element)}”", why
        return
    is_over = _is_over(style) and not any(getattr(item, "text", "") for item in box.descendants(placeholders=True))
    if is_over:
        covers += _frame(box)
    if (background := getattr(box, "background", None)) is not None:
        images = [layer.image for layer in background.layers if getattr(layer, "image", None) is not None]
        if images or background.color.alpha > _COVERS:
            if is_over:
                covers.append(Box.border(box))
            below = around.grounds or (_PAPER,)
            # Of what lies on one another, the first is on top.
            colours = getattr(images[0], "colors", ()) if images else (background.color,)
            around = around._replace(
                grounds=tuple(_hex(colour, ground) for colour in colours for ground in below[:_SOME])
            )
    for child in getattr(box, "children", ()):
        yield from _hidden(child, around, covers)


def _frame(box: Any) -> Iterator[Box]:
    """Yield where a box draws its borders."""
    left, top, right, bottom = Box.border(box)
    sides = {
        "left": Box(left, top, left + box.border_left_width, bottom),
        "right": Box(right - box.border_right_width, top, right, bottom),
        "top": Box(left, top, right, top + box.border_top_width),
        "bottom": Box(left, bottom - box.border_bottom_width, right, bottom),
    }
    yield from (edges for side, edges in sides.items() if _is_seen(box.style, f"border_{side}"))


def _outline(box: Any) -> Iterator[Box]:
    """Yield where a box draws its outline, over all that stands there."""
    style = box.style
    wide = style["outline_width"] if _is_seen(style, "outline") else 0
    if not wide:
        return
    away = style["outline_offset"]
    left, top, right, bottom = Box.border(box)
    left, top, right, bottom = left - away, top - away, right + away, bottom + away
    yield Box(left - wide, top - wide, left, bottom + wide)
    yield Box(right, top - wide, right + wide, bottom + wide)
    yield Box(left - wide, top - wide, right + wide, top)
    yield Box(left - wide, bottom, right + wide, bottom + wide)


def _is_seen(style: Any, line: str) -> bool:
    colour = style[f"{line}_color"]
    alpha = style["color"].alpha if colour == "currentcolor" else colour.alpha
    return style[f"{line}_style"] not in ("none", "hidden") and alpha > _COVERS


def _why_picture(box: Any, around: _Around, named: Collection[str]) -> str:
    """Return why a picture cannot be seen as it was drawn; nothing if it can."""
    style = box.style
    least = max((_NARROWEST.get(name, 0.0) for name in named), default=0.0)
    reasons = {
        "it is turned, moved or made smaller": around.turned,
        "it is hardly seen": around.opacity < _LEAST_OPACITY,
        "it is moved in its frame": _is_moved(style["object_position"]),
        f"it is less than {least:g} mm wide or high": min(box.width, box.height) < least * PX_PER_MM,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _why(box: Any, around: _Around) -> str:
    """Return why words cannot be read as they were written; nothing if they can."""
    style = box.style
    size, spacing = style["font_size"], (style["letter_spacing"], style["word_spacing"])
    if "::" in str(box.element_tag):  # bullets, numbers of lists and dashes are ours
        said = any(map(str.isalnum, box.text)) and not _NUMBER.fullmatch(box.text)
        return "it is no part of the text" if said else ""
    faint = [
        f"{seen} is hardly seen on {ground}"
        for ground in around.grounds
        if contrast(seen := _hex(style["color"], ground), ground) < _LEAST_CONTRAST
    ]
    reasons = {
        "it is turned, moved or made smaller": around.turned,
        f"it is printed in {size / PX_PER_PT:.1f} pt": size < (_SMALLEST_RAISED if around.raised else _SMALLEST),
        "its letters or words stand on each other": any(
            isinstance(space, (int, float)) and space < _NEAREST * size for space in spacing
        ),
        "it is struck out": "line-through" in style["text_decoration_line"],
        "a line is drawn over it": style["text_decoration_line"] != "none"
        and (
            _in_px(style["text_decoration_thickness"], size) > _THICKEST * size
            or _in_px(style["text_underline_offset"], size) < 0
        ),
        "its letters are raised or lowered, and small": style["font_variant_position"] != "normal"
        or any(feature in _SMALL_LETTERS for feature, _ in _features(style["font_feature_settings"])),
        "".join(faint[:1]): bool(faint),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _in_px(length: Any, size: float) -> float:
    """Return a length of a line of text; 0 for one that follows the typeface."""
    if not hasattr(length, "unit"):
        return float(length) if isinstance(length, (int, float)) else 0.0
    return float(length.value) * {"em": size, "%": size / _WHOLE}.get(length.unit, 1.0)


def _features(settings: Any) -> Collection[tuple[str, int]]:
    """Return the features of OpenType that are set, with their values."""
    return () if settings == "normal" else tuple(settings)


def _is_moved(position: Any) -> bool:
    """Tell whether a picture is put beyond its frame."""
    places = (place for one in position for place in one if hasattr(place, "unit"))
    return any(place.unit != "%" or not 0 <= place.value <= _WHOLE for place in places)


def _is_over(style: Any) -> bool:
    """Tell whether a box is drawn over what stands in the flow of the text."""
    behind = isinstance(style["z_index"], int) and style["z_index"] < 0
    return style["position"] in ("absolute", "fixed", "relative") and not behind


def _hex(colour: Any, ground: str) -> str:
    """Return a colour as it looks on a ground, ``#rrggbb``."""
    below = [int(ground[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    parts = [
        min(max(part, 0.0), 1.0) * colour.alpha + under * (1 - colour.alpha)
        for part, under in zip(colour.to("srgb").coordinates, below, strict=True)
    ]
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
