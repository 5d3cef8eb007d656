"""The net behind the finished PDF: every text block, drawing and picture of the page is in the file.

What an engine leaves out it does not always tell: a lost paragraph or an empty chart is a valid PDF.
"""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2

_SVG = "{http://www.w3.org/2000/svg}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_PICTURES = (f"{_SVG}svg", "img")
# What stands in a line of text; everything else begins a block.
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "em",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
    )
).union(("sup", "time", "u", "wbr", f"{_SVG}tspan"))
_UNSEEN = frozenset(
    ("head", "script", "style", "template", *(f"{_SVG}{name}" for name in ("title", "desc", "defs", "style")))
)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
# Hyphens may be added where a line ends.
_SPARE = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff\u2010-]+")
_FONT_OR_TEXT = re.compile(rb"/(\S+) [\d.]+ Tf|\[([^\]]*)\] ?TJ")
_HEX = re.compile(rb"<([0-9a-fA-F]+)>")
_PAINTS = re.compile(rb"(?:^|\s)(?:f\*?|F|S|s|B\*?|b\*?|Do|sh|TJ|Tj|EI)(?:\s|$)")


@dataclass(frozen=True)
class Contents:
    """What a page has to show."""

    blocks: tuple[str, ...]
    """Its texts, a block each, as ``squeezed``."""
    pictures: tuple[Element, ...]
    painted: set[Element] = field(default_factory=set, compare=False)
    """The pictures that were seen to be painted."""

    @classmethod
    def of(cls, root: Element, css: str) -> "Contents":
        """Read them from a parsed page, but for what its style sheet hides."""
        hidden = set(_hidden(root, css))
        pictures: list[Element] = []
        blocks: list[list[str]] = [[]]
        _collect(root, hidden, blocks, pictures)
        texts = (squeezed("".join(parts)) for parts in blocks)
        return cls(tuple(text for text in texts if text), tuple(pictures))

    @contextmanager
    def watched(self, document: Any) -> Iterator[None]:
        """Note which pictures of a laid-out document are painted while it is written."""
        boxes = [
            box
            for page in document.pages
            for box in page._page_box.descendants(placeholders=True)
            if hasattr(box, "replacement")
        ]
        originals = [box.replacement for box in boxes]
        for box in boxes:
            box.replacement = _Watched(box.replacement, box.element, self.painted)
        try:
            yield
        finally:
            for box, original in zip(boxes, originals, strict=True):
                box.replacement = original

    def missing(self, document: Any, pdf: Any) -> list[str]:
        """Return what is not in a PDF that is about to be serialised, each in a few words."""
        whole = _drawn(document, pdf)
        lost = [f"the text “{block}”" for block in self.blocks if block not in whole and not _split(block, whole)]
        empty = [picture for picture in self.pictures if picture not in self.painted]
        return lost + [f"the picture “{_name(picture)}”" for picture in empty]


class _Watched:
    """A picture that tells that something of it was painted."""

    def __init__(self, picture: Any, element: Element, painted: set[Element]) -> None:
        self._picture, self._element, self._painted = picture, element, painted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)

    def draw(self, stream: Any, *arguments: Any) -> None:
        start = len(stream.stream)
        self._picture.draw(stream, *arguments)
        if any(isinstance(line, bytes) and _PAINTS.search(line) for line in stream.stream[start:]):
            self._painted.add(self._element)


def squeezed(text: str) -> str:
    """Return a text as it is compared: without blanks and hyphens, and in one case."""
    return _SPARE.sub("", text).casefold()


def _collect(element: Element, hidden: set[Element], blocks: list[list[str]], pictures: list[Element]) -> None:
    tag = element.tag.removeprefix(_XHTML)
    if element in hidden or tag in _UNSEEN or element.get("hidden") is not None:
        return
    if tag in _PICTURES:
        pictures.append(element)
    # What is empty may be filled by the style sheet, as numbers of pages are.
    begins = tag not in _INLINE or (not element.text and not len(element) and tag != "br")
    if begins:
        blocks.append([])
    blocks[-1].append(element.text or "")
    for child in element:
        _collect(child, hidden, blocks, pictures)
        blocks[-1].append(child.tail or "")
    if begins:
        blocks.append([])


def _hidden(root: Element, css: str) -> Iterator[Element]:
    """Yield the elements that a style sheet does not show."""
    if not _HIDES.search(css):
        return
    tree = cssselect2.ElementWrapper.from_html_root(root)
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule" and _HIDES.search(tinycss2.serialize(rule.content)):
            for wrapper in tree.query_all(tinycss2.serialize(rule.prelude)):
                yield wrapper.etree_element


def _drawn(document: Any, pdf: Any) -> str:
    """Return all text that the content streams show, as ``squeezed``."""
    characters = {str(font.hash).encode(): font.to_unicode for font in document.fonts.values()}
    parts: list[str] = []
    for item in pdf.objects:
        lines = getattr(item, "stream", None)
        if not isinstance(lines, list) or "Length1" in item.extra:  # a font file: megabytes of numbers
            continue
        content = b"\n".join(line for line in lines if isinstance(line, bytes))
        known: dict[int, str] = {}
        for font, text in _FONT_OR_TEXT.findall(content):
            if font:
                known = characters.get(font, {})
                continue
            glyphs = bytes.fromhex(b"".join(_HEX.findall(text)).decode())
            parts += map(known.get, struct.unpack(f">{len(glyphs) // 2}H", glyphs), repeat(""))
    return squeezed("".join(parts))


def _split(block: str, whole: str) -> bool:
    """Tell whether a block is there in parts, as one that a page ends in is: running feet stand between them."""
    while block:
        low, high = 0, len(block)
        while low < high:  # the longest beginning that is there
            middle = (low + high + 1) // 2
            low, high = (middle, high) if block[:middle] in whole else (low, middle - 1)
        if low < min(_SHORTEST, len(block)):
            return False
        block = block[low:]
    return True


# A shorter part is found by chance in every text.
_SHORTEST = 12


def _name(picture: Element) -> str:
    """Return what a picture is called: its description, address or id."""
    title = picture.findtext(f"{_SVG}title")
    return title or next((value for name in ("alt", "src", "id", "class") if (value := picture.get(name))), "?")
