"""Checks that every text block, drawing and picture of the pages is in the finished PDF.

What an engine leaves out it does not always tell: a lost paragraph or an empty chart is a valid PDF.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, repeat
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import cssselect2
import tinycss2

from handout_builder.pdf import drawn_words, glyph_texts, objects
from handout_builder.pdf.elements import SVG, picture_name
from handout_builder.pdf.layout_faults import Ink

_XHTML = "{http://www.w3.org/1999/xhtml}"
_PICTURES = (f"{SVG}svg", "img")
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
).union(("sup", "time", "u", "wbr", f"{SVG}tspan"))
_UNSEEN = frozenset(
    ("head", "script", "style", "template", *(f"{SVG}{name}" for name in ("title", "desc", "defs", "style")))
)
# A shorter part of a text is found by chance in every other one.
_SHORTEST = 12
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
# Where rules of a style sheet begin and end, and what can hold the same signs: comments and strings.
_SIGNS = re.compile(r"""/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{};]""", re.DOTALL)
# Hyphens may be added where a line ends.
_SPARE = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff\u2010-]+")
# The full-width forms of ASCII (Unicode, block U+FF00), which ``text-transform: full-width`` makes.
_NARROW = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
# Hebrew, Arabic and their neighbours, and their forms (Unicode, blocks U+0590 to U+08FF, U+FB1D to U+FDFF, U+FE70).
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# From 9 to 5 is drawn as 5–9 beside Arabic, and a sign goes to the other end of its line: of such lines, words and
# numbers are compared. Marks (vowels) are no letters by themselves.
_PIECES = (
    rf"(?:(?=[^\W\d_]|[\u0591-\u05c7\u064b-\u065f]){_FROM_RIGHT.pattern})+"
    rf"|\d[\d:.,]*|(?:(?!{_FROM_RIGHT.pattern})[^\W\d_])+"
)
# As many words are told at once.
_SOME = 5
_FONT_OR_TEXT = re.compile(rb"/(\S+) [\d.]+ Tf|\[([^\]]*)\] ?TJ|(?<= )(Tm)(?=\n)")
_HEX = re.compile(rb"<([0-9a-fA-F]+)>")
_PAINTS = re.compile(rb"(?:^|\s)(?:f\*?|F|S|s|B\*?|b\*?|Do|sh|TJ|Tj|EI)(?:\s|$)")


class Drawn(NamedTuple):
    """A drawing with words, as it was painted: its size in px and its operators."""

    element: Element
    width: float
    height: float
    content: bytes


@dataclass(frozen=True)
class Contents:
    """What a page has to show."""

    blocks: tuple[str, ...]
    """Its texts, a block each."""
    pictures: tuple[Element, ...]
    letters: Mapping[Element, str] = field(default_factory=dict, compare=False)
    """What each drawing shows, without blanks and hyphens: the engine takes it out of the page."""
    painted: set[Element] = field(default_factory=set, compare=False)
    """The pictures that were seen to be painted."""
    drawn: list[Drawn] = field(default_factory=list, compare=False)
    """The drawings with words."""

    @classmethod
    def of(cls, root: Element, css: str) -> "Contents":
        """Read them from a parsed page, but for what its style sheet hides."""
        hidden = set(_hidden(root, css))
        pictures: list[Element] = []
        blocks: list[list[str]] = [[]]
        _collect(root, hidden, blocks, pictures)
        texts = (" ".join("".join(parts).split()) for parts in blocks)
        letters = {picture: _SPARE.sub("", glyph_texts.plain("".join(_texts(picture)))) for picture in pictures}
        return cls(tuple(text for text in texts if squeezed(text)), tuple(pictures), letters)

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
            box.replacement = _Watched(box.replacement, box.element, self)
        try:
            yield
        finally:
            for box, original in zip(boxes, originals, strict=True):
                box.replacement = original

    def missing(self, shown: Sequence[Sequence[str]]) -> list[str]:
        """Return what is not in a PDF that is about to be serialised, in a few words; ``shown`` is what was read."""
        whole = squeezed("".join(text for page in shown for text in page))
        lost = [f"the text “{block}”" for block in self.blocks if not _is_in(squeezed(block), whole)]
        empty = [picture for picture in self.pictures if picture not in self.painted]
        return lost + [f"the picture “{picture_name(picture)}”" for picture in empty]

    def misread(self, ink: Sequence[Sequence[Ink]], read: Sequence[Sequence[str]]) -> Iterator[str]:
        """Yield the words that readers would not find on their page of a PDF as they were set, or would find twice.

        ``ink`` is that of each page as it was laid out, ``read`` what ``read`` gives.
        """
        for number, (set_there, drawn) in enumerate(zip(ink, read, strict=False), 1):
            wanted, found = Counter(piece.words for piece in set_there if piece.text), Counter(drawn)
            lost, more = _words(wanted - found), _words(found - wanted)
            lost, more = lost - more, more - lost
            in_capitals = Counter(piece.words for piece in set_there if piece.capitals)
            for word in (lost & _words(in_capitals)).elements():
                if seen := next((other for other in more if other.casefold() == word.casefold()), ""):
                    lost, more = lost - Counter([word]), more - Counter([seen])
            if words := lost:
                yield f"“{' '.join(islice(words, _SOME))}” cannot be read on page {number} as it was set"
            drawings = Counter[str]()
            for piece in set_there:
                if not piece.text and piece.element is not None:
                    drawings.update(self.letters.get(piece.element, ""))
            if Counter("".join(more.elements())) - drawings:
                odd = [word for word in more if Counter(word) - drawings] or [*more]
                yield f"“{' '.join(odd[:_SOME])}” stands on page {number} more often than it was set"

    def drawing_faults(self, document: Any) -> Iterator[tuple[str, str, str]]:
        """Yield a code, a message and the drawing's id, else its title, for words that do not stand as they should."""
        fonts = {str(font.hash).encode(): font for font in document.fonts.values()}
        for drawing in self.drawn:
            title, named = picture_name(drawing.element), drawing.element.find(f"{SVG}title")
            ident = "" if named is None else named.get("id", "").removesuffix("-title")
            for code, message in drawn_words.faults(drawing.content, drawing.width, drawing.height, fonts):
                yield code, f"{message} “{title}”", ident or title


class _Watched:
    """A picture that tells that something of it was painted."""

    def __init__(self, picture: Any, element: Element, contents: Contents) -> None:
        self._picture, self._element, self._contents = picture, element, contents

    def __getattr__(self, name: str) -> Any:
        return getattr(self._picture, name)

    def draw(self, stream: Any, width: float, height: float, *arguments: Any) -> None:
        start = len(stream.stream)
        self._picture.draw(stream, width, height, *arguments)
        lines = [*_opened(stream.stream[start:], stream._resources)]
        if any(map(_PAINTS.search, lines)):
            self._contents.painted.add(self._element)
        if self._element.tag == f"{SVG}svg" and any(b"TJ" in line for line in lines):
            self._contents.drawn.append(Drawn(self._element, width, height, b"\n".join(lines)))


def _opened(lines: Iterable[Any], resources: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield operators, behind each form its own: WeasyPrint has forms for words of SVG that are centred."""
    for line in lines:
        if not isinstance(line, bytes):
            continue
        form = resources["XObject"].get(line[1:-3].decode()) if line.endswith(b" Do") else None
        yield line
        if form is not None and getattr(form, "extra", {}).get("Subtype") == "/Form":
            yield b"q"
            yield from _opened(form.stream, form._resources)
            yield b"Q"


def squeezed(text: str) -> str:
    """Return a text as it is compared: without blanks and hyphens, in one case and width, which style sheets change."""
    return _SPARE.sub("", glyph_texts.plain(text)).casefold().translate(_NARROW)


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
    for wrapper in tree.query_all(*_hiding(css)):
        yield wrapper.etree_element


@lru_cache(maxsize=8)
def _hiding(css: str) -> tuple[Any, ...]:
    """Return the selectors of the rules that do not show something; an edition is laid out more than once."""
    rules = (tinycss2.parse_one_rule(rule, skip_comments=True) for rule in _rules(css) if _HIDES.search(rule))
    return tuple(
        selector
        for rule in rules
        if rule.type == "qualified-rule" and _HIDES.search(tinycss2.serialize(rule.content))
        for selector in cssselect2.compile_selector_list(rule.prelude)
    )


def _rules(css: str) -> Iterator[str]:
    """Yield the rules of a style sheet; to read all of them would take as long as WeasyPrint takes for it."""
    start = depth = 0
    for sign in _SIGNS.finditer(css):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if depth == 0 and sign[0] in "};":
            yield css[start : sign.end()]
            start = sign.end()


def read(document: Any, pdf: Any) -> list[list[str]]:
    """Return what each page's content shows, and last what other streams show: a text for each line drawn."""
    characters = {str(font.hash).encode(): font.to_unicode for font in document.fonts.values()}
    pages, own = [], set()
    for page in objects.of_type(pdf, "/Page"):
        contents = page["Contents"]
        streams = [objects.referred(pdf, part) for part in (contents if isinstance(contents, list) else [contents])]
        own |= set(map(id, streams))
        pages.append([line for stream in streams for line in _lines(stream.stream, characters)])
    # Fonts and pictures are megabytes of numbers.
    others = [item for item in pdf.objects if _is_drawing(item) and id(item) not in own]
    return [*pages, [line for stream in others for line in _lines(stream.stream, characters)]]


def _is_drawing(item: Any) -> bool:
    """Tell whether an object is a drawing on pages: a form or the tile of a pattern (ISO 32000-2, 8.7 and 8.10)."""
    extra = getattr(item, "extra", {})
    return isinstance(getattr(item, "stream", None), list) and (
        extra.get("Subtype") == "/Form" or "PatternType" in extra
    )


def _lines(stream: list[Any], characters: Mapping[bytes, Mapping[int, str]]) -> list[str]:
    """Return the lines of text of a content stream."""
    lines: list[str] = []
    parts: list[str] = []
    known: Mapping[int, str] = {}
    content = b"\n".join(line for line in stream if isinstance(line, bytes))
    # Words stand in text objects (ISO 32000-2, 9.4.1); most of a page's content are the lines of its drawings.
    for text_object in content.split(b"BT\n")[1:]:
        for font, text, place in _FONT_OR_TEXT.findall(text_object.partition(b"\nET")[0] + b"\n"):
            if font:
                known = characters.get(font, {})
            elif place:
                lines.append(_text(parts))
                parts = []
            else:
                glyphs = bytes.fromhex(b"".join(_HEX.findall(text)).decode())
                parts += map(known.get, struct.unpack(f">{len(glyphs) // 2}H", glyphs), repeat(""))
    return [*lines, _text(parts)]


def _text(parts: list[str]) -> str:
    """Return what glyphs of a line stand for, in the order in which they are read."""
    text = glyph_texts.composed("".join(parts))
    return "".join(glyph_texts.logical(parts)) if _FROM_RIGHT.search(text) else text


def _words(lines: Mapping[str, int]) -> Counter[str]:
    """Return the words of lines as they are compared: without hyphens and what is not seen."""
    words = Counter[str]()
    for line, times in lines.items():
        for part in re.findall(_PIECES, line) if _FROM_RIGHT.search(line) else glyph_texts.plain(line).split():
            if word := _SPARE.sub("", part):
                words[word] += times
    return words


def _texts(element: Element) -> Iterator[str]:
    """Yield what a drawing shows."""
    if element.tag not in _UNSEEN:
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""


def _is_in(block: str, whole: str) -> bool:
    """Tell whether a block is there; of one with Arabic each run of letters and each number."""
    if _FROM_RIGHT.search(block):
        return all(run in whole for run in re.findall(_PIECES, block))
    return block in whole or _split(block, whole)


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
