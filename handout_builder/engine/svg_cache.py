"""Parts of drawings, drawn once: the same figures stand in many handouts, in several editions of each.

WeasyPrint 70 styles every element of an inline drawing as if it were text, and makes PDF operators of every path anew
each time. Here a drawing's elements are taken out of the page before it is styled, and what a part of plain shapes or
words comes to is kept, with the glyphs that the words need. Its private classes are used: the version is pinned in
pyproject.toml, and tests/engine/ asserts that pages look the same, and come to the same bytes, kept or not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from itertools import chain
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from handout_builder.engine.cache import Cache
from handout_builder.engine.line_drawing import Glyphs, note

_SVG = "{http://www.w3.org/2000/svg}"
_DRAWING = f"{_SVG}svg"
# What the page itself asks a drawing for: its description, for the tags.
_WORDS = {f"{_SVG}title", f"{_SVG}desc"}
_SHAPES = {f"{_SVG}{name}" for name in ("g", "use", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon")}
_WORDS_DRAWN = {f"{_SVG}text", f"{_SVG}tspan"}
# Attributes of a drawing that do not change how its words and shapes look; and those that change only how words do.
_NOT_LOOKS = {"role", "class", "aria-labelledby", "aria-hidden"}
_NOT_SHAPES = {*_NOT_LOOKS, "lang", "viewBox"}
# Operators that need more of the page than colours, their alphas and fonts: forms, patterns, colour spaces.
_NEEDS_MORE = (b" Do", b" sh", b" scn", b" SCN", b" cs", b" CS")
_ALPHA = re.compile(rb"/((?:a|A)([0-9.]+)) gs")
# About what some hundred charts have.
_MOST = 3000


class _Drawn(NamedTuple):
    """PDF operators, and the alphas and fonts that they refer to by name."""

    operators: bytes
    alphas: tuple[tuple[str, float], ...]
    fonts: tuple[Glyphs, ...]


class _Refused(Enum):
    """What cannot be kept: a part, which must be drawn on its page, or every part of its drawing."""

    PART = 1
    DRAWING = 2


class Drawings:
    """The drawings of the page that is laid out, taken out of it; and the parts that several documents have."""

    def __init__(self) -> None:
        self.cache: Cache[_Drawn | _Refused] = Cache(_MOST)
        self._parts: dict[Element, list[Element]] = {}
        """The parts of each drawing of the page."""

    @contextmanager
    def taken_out(self, page: Element) -> Iterator[None]:
        """Take the parts of all drawings out of a parsed page, but for their descriptions, while it is laid out."""
        self.cache.begin()  # here, as no drawing is half drawn
        for drawing in page.iter(_DRAWING):
            self._parts[drawing] = [part for part in drawing if part.tag not in _WORDS]
        for drawing, parts in self._parts.items():
            for part in parts:
                drawing.remove(part)
        try:
            yield
        finally:
            self._parts.clear()

    def kept(self) -> int:
        """Return how many parts are kept."""
        return sum(isinstance(drawn, _Drawn) for drawn in self.cache)

    def install(self, weasyprint: Any) -> None:
        """Make WeasyPrint draw the parts that were taken out of a page's drawings."""
        drawing_class = _image_class(weasyprint, self.cache)
        original = weasyprint.html.HTML_HANDLERS[_DRAWING]

        def handle(element: Element, box: Any, get_image: Any, base_url: str) -> Any:
            parts = self._parts.get(element)
            if parts is None:
                return original(element, box, get_image, base_url)
            known = get_image.keywords
            image = drawing_class(element, parts, base_url, known["url_fetcher"], known["context"])
            return [weasyprint.html.make_replaced_box(element, box, image)]

        weasyprint.html.HTML_HANDLERS[_DRAWING] = handle


def _image_class(weasyprint: Any, cache: Cache["_Drawn | _Refused"]) -> Any:
    """Return a class of WeasyPrint's images that draws the parts taken out of a drawing."""

    class Svg(weasyprint.svg.SVG):  # type: ignore[misc]
        """A drawing some of whose parts are kept."""

        keys: Mapping[Element, str]

        def draw_node(self, node: Any, *arguments: Any, **options: Any) -> None:
            key = self.keys.get(node._etree_node)
            if key is None:
                super().draw_node(node, *arguments, **options)
                return
            drawn = cache.get(key)
            if not isinstance(drawn, _Drawn):
                start = len(self.stream.stream)
                _forget_state(self.stream)
                # With no fonts yet, so that what is kept does not depend on the page.
                stream, fonts, self.stream._fonts = self.stream, self.stream._fonts, {}
                super().draw_node(node, *arguments, **options)
                own, stream._fonts = stream._fonts, fonts
                for name, font in own.items():
                    note(fonts.setdefault(name, font), font.to_unicode, font.widths)
                drawn = _drawn(stream.stream[start:], own.values())
                cache.offer(key, drawn)
                if not isinstance(drawn, _Drawn):
                    return
                del stream.stream[start:]
            for glyphs in drawn.fonts:
                glyphs.enter(self.stream._fonts, weasyprint.pdf.stream.Font)
            states = self.stream._resources["ExtGState"]
            for name, alpha in drawn.alphas:
                if name not in states:
                    states[name] = weasyprint.pdf.pydyf.Dictionary({"CA" if name[0] == "A" else "ca": alpha})
            if drawn.operators:
                self.stream.stream.append(drawn.operators)
            _forget_state(self.stream)

    class Drawing(weasyprint.images.SVGImage):  # type: ignore[misc]
        """An inline drawing, whose parts lie elsewhere."""

        def __init__(self, element: Element, parts: list[Element], *surroundings: Any) -> None:
            super().__init__(element, *surroundings)
            self._element, self._parts = element, parts

        def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
            whole = Element(self._element.tag, self._element.attrib)
            font_config = self._context.font_config if self._context else None
            keys = _keys(self._element, self._parts, cache, words=bool(font_config and font_config.shared))
            known = {part for part, key in keys.items() if isinstance(cache.get(key), _Drawn)}
            # What is kept needs no node for each of its elements.
            whole.extend(Element(part.tag) if part in known else part for part in self._parts)
            stands_for = dict(zip(whole, self._parts, strict=True))
            self._svg = Svg(whole, self._base_url, font_config, self._url_fetcher)
            self._svg.keys = {new: keys[part] for new, part in stands_for.items() if part in keys}
            super().draw(stream, width, height, style)

    return Drawing


def _keys(
    drawing: Element, parts: list[Element], cache: Cache["_Drawn | _Refused"], *, words: bool
) -> Mapping[Element, str]:
    """Return the keys of the parts that can be kept, which refer to nothing outside of themselves.

    ``words`` tells whether words can be, as their fonts are those of all documents.
    """
    looks, of_shapes = (
        _string(*(part for item in drawing.attrib.items() if item[0] not in passed_over for part in item))
        for passed_over in (_NOT_LOOKS, _NOT_SHAPES)
    )
    keys = {}
    for part in parts:
        has_words = any(e.tag in _WORDS_DRAWN for e in part.iter())
        if has_words and not words:
            continue
        # A share is one of the drawing's size.
        whole = has_words or any("%" in value for e in part.iter() for value in e.attrib.values())
        # Elements in their order, each with the number of those in it, are the whole tree; what they are called is not.
        names = {f"#{ident}": f"#{number}" for number, e in enumerate(part.iter()) if (ident := e.get("id"))}
        elements = (
            _string(
                *(e.tag, str(len(e)), str(len(e.attrib)), e.text or "", e.tail or ""),
                *chain(*((name, names.get(value, value)) for name, value in e.attrib.items() if name != "id")),
            )
            for e in part.iter()
        )
        key = f"{looks if whole else of_shapes}\1{_string(*elements)}"
        kept = cache.get(key)
        if kept is None and (refusal := _refusal(part)):
            cache.offer(key, refusal)
            kept = refusal
        if kept is _Refused.DRAWING:
            return {}
        if kept is not _Refused.PART:
            keys[part] = key
    return keys


def _string(*parts: str) -> str:
    """Return strings as one, which takes a tenth of the memory of them all; no XML has the sign between them."""
    return "\0".join(parts)


def _refusal(part: Element) -> "_Refused | None":
    """Tell why a part cannot be kept, if so."""
    inside = list(part.iter())
    tags = {e.tag for e in inside}
    referred = {e.get("href", "")[1:] for e in inside if e.get("href")}
    if f"{_SVG}style" in tags or not referred <= {e.get("id") for e in inside}:
        return _Refused.DRAWING
    if not tags <= _SHAPES | _WORDS_DRAWN or any("url(" in value for e in inside for value in e.attrib.values()):
        return _Refused.PART
    return None


def _drawn(lines: list[Any], fonts: Iterable[Any]) -> "_Drawn | _Refused":
    """Return what a part came to, unless it needs more of its page."""
    if not {*map(type, lines)} <= {bytes} or not all(font.face and not font.missing for font in fonts):
        return _Refused.PART
    operators = b"\n".join(lines)
    # At once, as there are thousands of lines and hardly one that needs more.
    ended = b"%b\n" % operators
    if any(b"%b\n" % more in ended for more in _NEEDS_MORE) and any(line.endswith(_NEEDS_MORE) for line in lines):
        return _Refused.PART
    alphas = dict.fromkeys((name.decode(), float(alpha)) for name, alpha in _ALPHA.findall(operators))
    glyphs = tuple(Glyphs(font.face, dict(font.to_unicode), dict(font.widths)) for font in fonts)
    return _Drawn(operators, tuple(alphas), glyphs)


def _forget_state(stream: Any) -> None:
    """Have colours and alphas written again, as after the end of a part: what stands before must not matter."""
    stream._current_color = stream._current_color_stroke = None
    stream._current_alpha = stream._current_alpha_stroke = stream._current_font = None
