"""Drawings as files, for readers that know little of SVG: no fonts, no references, no words that could be spaced."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree

from handout_builder.figures.curves import number
from handout_builder.typefaces.outlines import outline

_SVG = "{http://www.w3.org/2000/svg}"


def svg_file(drawing: str, width: float) -> bytes:
    """Return a drawing of ours as an SVG file that is ``width`` px wide, with words as outlines and nothing used twice.

    Converters leave out what is drawn by ``<use>``, and a picture has no fonts of the page that shows it. Raises
    KeyError for a character that the font of the drawings lacks.
    """
    root: Any = etree.fromstring(drawing)
    for used in list(root.iter(f"{_SVG}use")):
        _expand(root, used)
    for text in list(root.iter(f"{_SVG}text")):
        for path in _outlined(text, root.get("lang", "")):
            text.addprevious(path)
        text.getparent().remove(text)
    for element in root.iter():
        element.attrib.pop("id", None)
    for name in ("aria-labelledby", "role", "class", "lang"):
        root.attrib.pop(name, None)
    _, _, across, down = map(float, root.get("viewBox").split())
    root.set("width", number(width))
    root.set("height", number(width * down / across))
    return bytes(etree.tostring(root, encoding="utf-8"))


def _expand(root: Any, used: Any) -> None:
    """Put a copy of what is used in the place of the reference."""
    (original,) = root.xpath("//*[@id=$ident]", ident=used.get("href")[1:])
    group = etree.Element(f"{_SVG}g", transform=used.get("transform"))
    group.extend(deepcopy(list(original)))
    used.getparent().replace(used, group)


def _outlined(text: Any, lang: str) -> Iterator[Any]:
    """Yield a line of text as paths: the text's own words, then those of its parts, and what is between them."""
    pieces = [(text, text.text)]
    for part in text:
        pieces += [(part, part.text), (text, part.tail)]
    runs = [(holder, _run(words, lang, holder, text)) for holder, words in pieces if words]
    length = sum(scale * run.advance for _, (run, scale) in runs)
    x, y = float(text.get("x")), float(text.get("y"))
    x -= {"end": length, "middle": length / 2}.get(text.get("text-anchor", ""), 0)
    for holder, (run, scale) in runs:
        if run.data:
            place = f"translate({number(x)} {number(y)}) scale({scale:.6f} {-scale:.6f})"
            yield etree.Element(f"{_SVG}path", d=run.data, transform=place, fill=_own("fill", holder, text))
        x += scale * run.advance


def _run(words: str, lang: str, holder: Any, text: Any) -> Any:
    run = outline(words, int(_own("font-weight", holder, text) or 400), lang)
    return run, float(_own("font-size", holder, text)) / run.size


def _own(name: str, holder: Any, text: Any) -> Any:
    return holder.get(name) or text.get(name)
