"""Checks that the handout's words can be read as they were written, whatever a brand's own style sheet does.

An engine draws white words on white, words that are turned upside down, and a white box over all of them; in the
finished file they are found, and nobody sees them.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.colour.srgb import contrast
from handout_builder.pdf.elements import classes
from handout_builder.pdf.layout_faults import Box, Ink
from handout_builder.units import PX_PER_PT

_PAPER = "#ffffff"
_WORDS = frozenset(("section", "safety", "disclaimer", "title-block", "foot"))
"""Classes of what holds words of the handout, and warnings; its title is told by its element."""
_TITLE = "h1"
# WCAG 2.2, 1.4.3, for large words; the smallest of ours have 4.5.
_LEAST_CONTRAST = 3.0
# In px; the smallest letters of ours, figures that are raised, have 5 pt.
_SMALLEST = 4 * PX_PER_PT
# In shares of the type size: how near to each other letters and words may come.
_NEAREST = -0.1
_NUMBER = re.compile(r"\s*[0-9]+[.)]?\s*")
# How much of what is below something is lost under it.
_COVERS = 0.2


class _Around(NamedTuple):
    """What holds a box."""

    ground: str | None = _PAPER
    """The colour below it; none where a picture is."""
    words: bool = False
    """Whether it is of the handout."""
    turned: bool = False


def faults(document: Any, root: Element, ink: Sequence[Sequence[Ink]]) -> Iterator[str]:
    """Yield what cannot be read on the pages of a laid-out document, made of ``root``; ``ink`` is that of each page.

    What is hidden is missed where the file is finished, but for the title, which stands in the foot, too.
    """
    seen = {piece.around.block.element for there in ink for piece in there if piece.around.block is not None}
    for title in root.iter(_TITLE):
        if seen.isdisjoint(title.iter()):
            yield f"“{''.join(title.itertext()).strip()}” cannot be read on any page as it was written"
    for number, (page, there) in enumerate(zip(document.pages, ink, strict=True), 1):
        body, *margins = page._page_box.children
        covers: list[Box] = []
        for words, why in (found for box in (*margins, body) for found in _hidden(box, _Around(), covers)):
            yield f"“{words}” cannot be read on page {number} as it was written: {why}"
        for piece in there:
            if piece.text and not piece.around.running and any(cover.meets(piece.box) for cover in covers):
                message = f"“{piece.words.strip()}” cannot be read on page {number} as it was written"
                yield f"{message}: something lies over it"


def _hidden(box: Any, around: _Around, covers: list[Box]) -> Iterator[tuple[str, str]]:
    """Yield words that cannot be read, and why; note in ``covers`` what lies over the text without words of its own."""
    box = getattr(box, "_box", box)  # a placeholder of what is positioned
    style = box.style
    text = getattr(box, "text", None)
    if text is not None:
        if around.words and text.strip() and (why := _why(box, around)):
            yield text.strip(), why
        return
    element = box.element
    named = () if element is None else classes(element)
    around = around._replace(
        words=around.words or not _WORDS.isdisjoint(named) or (element is not None and element.tag == _TITLE),
        turned=around.turned or bool(style["transform"]),
    )
    if (background := getattr(box, "background", None)) is not None:
        pictured = any(getattr(layer, "image", None) is not None for layer in background.layers)
        if pictured or background.color.alpha > _COVERS:
            if _is_over(style) and not any(getattr(item, "text", "") for item in box.descendants(placeholders=True)):
                covers.append(Box.border(box))
            around = around._replace(ground=None if pictured else _hex(background.color, around.ground or _PAPER))
    for child in getattr(box, "children", ()):
        yield from _hidden(child, around, covers)


def _why(box: Any, around: _Around) -> str:
    """Return why words cannot be read as they were written; nothing if they can."""
    style, ground = box.style, around.ground
    size, spacing = style["font_size"], (style["letter_spacing"], style["word_spacing"])
    if "::" in str(box.element_tag):  # bullets, numbers of lists and dashes are ours
        said = any(map(str.isalnum, box.text)) and not _NUMBER.fullmatch(box.text)
        return "it is no part of the text" if said else ""
    seen = "" if ground is None else _hex(style["color"], ground)
    reasons = {
        "it is turned, moved or made smaller": around.turned,
        f"it is printed in {size / PX_PER_PT:.1f} pt": size < _SMALLEST,
        "its letters or words stand on each other": any(
            isinstance(space, (int, float)) and space < _NEAREST * size for space in spacing
        ),
        "it is struck out": "line-through" in style["text_decoration_line"],
        f"{seen} is hardly seen on {ground}": ground is not None and contrast(seen, ground) < _LEAST_CONTRAST,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


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
