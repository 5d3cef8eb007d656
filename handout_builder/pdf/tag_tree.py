"""The tags of a finished PDF with the words that each holds: what programs for the blind read (PDF 1.7, 14.7, 14.8)."""

import ctypes
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf
import pypdfium2

from handout_builder.text.east_asian import closes_up

_RAW = pypdfium2.raw
_NO_MARK = -1
# How far apart pieces of one word are drawn, in pt.
_NEAR = 1.5
# [page /XYZ left top zoom] (PDF 1.7, table 151).
_TOP = 3


class Box(NamedTuple):
    """Edges on a page, in pt from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    def beyond(self, other: "Box", tolerance: float) -> bool:
        """Tell whether it leaves another box by more than ``tolerance`` pt."""
        return (
            self.left < other.left - tolerance
            or self.bottom < other.bottom - tolerance
            or self.right > other.right + tolerance
            or self.top > other.top + tolerance
        )


@dataclass
class Piece:
    """What is painted on a page between two marks: words, lines, areas, pictures."""

    page: int
    """From 1."""
    words: str = ""
    boxes: list[Box] = field(default_factory=list)
    """Where its words stand. Drawings are told by their elements' own boxes: what is clipped of them is not seen."""
    drawn: bool = False
    """Whether there is something in it besides words."""


class Place(NamedTuple):
    """Where a link leads to in the same file."""

    page: int
    """From 1."""
    top: float | None
    """How high on the page, in pt from its lower edge; None: the page as a whole."""


@dataclass(frozen=True)
class Annotation:
    """A place on a page that answers to a press, such as a link."""

    page: int
    contents: str
    """What it says of itself."""
    target: Place | None = None
    """None: it leads out of the file."""


@dataclass(eq=False)
class Element:
    """An element of the tags, with what it holds, in the order of reading."""

    kind: str
    """Its standard type (PDF 1.7, 14.8.4): H1, P, L, Figure."""
    lang: str
    """Its language: its own, else that around it."""
    alt: str | None
    actual: str | None
    """What is to be read in place of its words."""
    attributes: Mapping[str, Any]
    parent: "Element | None"
    kids: "list[Element | Piece | Annotation]" = field(default_factory=list)
    references: int = 0
    """How many other elements it names (PDF 2.0, Ref)."""

    @property
    def elements(self) -> "list[Element]":
        """The elements right inside it."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def walk(self) -> "Iterator[Element]":
        """Yield it and all elements inside it, in the order of reading."""
        yield self
        for kid in self.elements:
            yield from kid.walk()

    def find(self, *kinds: str) -> "list[Element]":
        """Return the elements of some kinds, itself perhaps among them."""
        return [element for element in self.walk() if element.kind in kinds]

    def pieces(self) -> Iterator[Piece]:
        """Yield all that is painted of it."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.pieces()
            elif isinstance(kid, Piece):
                yield kid

    def annotations(self) -> Iterator[Annotation]:
        """Yield all annotations in it."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.annotations()
            elif isinstance(kid, Annotation):
                yield kid

    @property
    def words(self) -> str:
        """Its words as one text."""
        text, before = "", None
        for piece in self.pieces():
            text += blank(before, piece) + piece.words
            before = piece
        return " ".join(text.split())

    @property
    def page(self) -> int:
        """The page on which it begins, from 1; 0 where it shows nothing."""
        for element in self.walk():
            for kid in element.kids:
                if not isinstance(kid, Element):
                    return kid.page
        return 0


class Bookmark(NamedTuple):
    """An entry of the outline."""

    title: str
    level: int
    """From 1."""


@dataclass(frozen=True)
class TagTree:
    """A finished PDF as programs for the blind see it."""

    title: str
    lang: str
    root: Element | None
    """None: the file has no tags."""
    pages: Sequence[Box]
    """What is seen of each page: its crop box."""
    artifacts: Sequence[Piece]
    """Words of no element."""
    bookmarks: Sequence[Bookmark]


def blank(before: Piece | None, after: Piece) -> str:
    """Return what stands between two pieces where neither has it: a blank where a line ends that is not of Han."""
    if before is None:
        return ""
    if not (before.words and after.words):
        return " "  # PDFium does not tell blanks that are painted alone
    if before.page == after.page and before.boxes and after.boxes:
        (_, low, right, high), (left, bottom, _, top) = before.boxes[-1], after.boxes[0]
        if min(high, top) > max(low, bottom) and -_NEAR < left - right < _NEAR:
            return ""
    return "" if closes_up(before.words, after.words) else " "


def read(data: bytes) -> TagTree:
    """Return the tags of a PDF."""
    with pikepdf.open(io.BytesIO(data)) as document:
        pieces, artifacts, pages = _painted(data)
        root = document.Root
        tree = root.get("/StructTreeRoot")
        lang = str(root.get("/Lang", ""))
        grown = _Grower(document, pieces).grow(tree, lang) if tree is not None else None
        with document.open_metadata() as metadata:  # a file of PDF/A-4 has its title there alone
            title = str(document.docinfo.get("/Title") or metadata.get("dc:title") or "")
        with document.open_outline() as outline:
            bookmarks = list(_bookmarks(outline.root, 1))
    return TagTree(title, lang, grown, pages, artifacts, bookmarks)


def _bookmarks(items: Sequence[Any], level: int) -> Iterator[Bookmark]:
    for item in items:
        yield Bookmark(str(item.title), level)
        yield from _bookmarks(item.children, level + 1)


class _Grower:
    """Makes elements of the objects of a file."""

    def __init__(self, document: pikepdf.Pdf, pieces: Mapping[tuple[int, int], Piece]) -> None:
        names: Any = document.Root.get("/Names", {})
        self._places: Mapping[str, Any] = pikepdf.NameTree(names.Dests) if "/Dests" in names else {}
        self._numbers = {page.objgen: number for number, page in enumerate(document.pages, start=1)}
        self._pieces = pieces

    def grow(self, tree: Any, lang: str) -> Element:
        """Return the root, with all elements in it."""
        root = Element("StructTreeRoot", lang, None, None, {}, None)
        self._fill(root, tree, None)
        return root

    def _fill(self, element: Element, source: Any, page: Any) -> None:
        kids = source.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]:
            if isinstance(kid, int):
                self._add_piece(element, page, kid)
            elif kid.get("/Type") == "/MCR":
                self._add_piece(element, kid.get("/Pg", page), int(kid.MCID))
            elif kid.get("/Type") == "/OBJR":
                element.kids.append(self._annotation(kid.Obj, kid.get("/Pg", page)))
            else:
                inner = self._element(kid, element)
                element.kids.append(inner)
                self._fill(inner, kid, kid.get("/Pg", page))

    def _element(self, source: Any, parent: Element) -> Element:
        def text(key: str) -> str | None:
            return str(source[key]) if key in source else None

        named = source.get("/Ref")
        references = len(named) if isinstance(named, pikepdf.Array) else 0
        return Element(
            str(source.S).lstrip("/"),
            text("/Lang") or parent.lang,
            text("/Alt"),
            text("/ActualText"),
            _attributes(source.get("/A")),
            parent,
            references=references,
        )

    def _annotation(self, note: Any, page: Any) -> Annotation:
        contents = str(note.get("/Contents", ""))
        place = note.get("/Dest", note.get("/A", {}).get("/D"))
        if isinstance(place, pikepdf.String):
            place = self._places.get(str(place))
        target = None
        if isinstance(place, pikepdf.Array) and (number := self._number(place[0])):
            exact = len(place) > _TOP and place[1] == "/XYZ" and place[_TOP] is not None
            target = Place(number, float(place[_TOP]) if exact else None)
        return Annotation(self._number(note.get("/P", page)), contents, target)

    def _add_piece(self, element: Element, page: Any, mark: int) -> None:
        number = self._number(page)
        element.kids.append(self._pieces.get((number, mark)) or Piece(number))

    def _number(self, page: Any) -> int:
        return self._numbers.get(page.objgen, 0) if page is not None else 0


def _attributes(value: Any) -> dict[str, Any]:
    """Return the attributes of an element as plain values, whoever owns them."""
    found: dict[str, Any] = {}
    for item in value if isinstance(value, pikepdf.Array) else [value]:
        if isinstance(item, pikepdf.Dictionary):
            found |= {str(key).lstrip("/"): _plain(entry) for key, entry in item.items()}
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, pikepdf.Array):
        return [_plain(entry) for entry in value]
    return str(value).lstrip("/") if isinstance(value, (pikepdf.Name, pikepdf.String)) else value


# What is painted, as PDFium finds it


def _painted(data: bytes) -> tuple[dict[tuple[int, int], Piece], list[Piece], list[Box]]:
    """Return what is painted by page and mark (MCID), words of no mark, and what is seen of each page."""
    pieces: dict[tuple[int, int], Piece] = {}
    artifacts: list[Piece] = []
    pages: list[Box] = []
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document, start=1):
            pages.append(Box(*page.get_cropbox()))
            words = page.get_textpage()
            for item in page.get_objects(max_depth=1):
                mark, text = _RAW.FPDFPageObj_GetMarkedContentID(item.raw), _words(page, words, item)
                if mark != _NO_MARK:
                    piece = pieces.setdefault((number, mark), Piece(number))
                    piece.words += text
                    if item.type == _RAW.FPDF_PAGEOBJ_TEXT:
                        piece.boxes.append(Box(*item.get_bounds()))
                    else:
                        piece.drawn = True
                elif text.strip():
                    artifacts.append(Piece(number, text, [Box(*item.get_bounds())]))
    return pieces, artifacts, pages


def _words(page: pypdfium2.PdfPage, words: pypdfium2.PdfTextPage, item: pypdfium2.PdfObject) -> str:
    """Return the words that an object of a page paints, itself or as a form."""
    if item.type == _RAW.FPDF_PAGEOBJ_TEXT:
        return _text(item, words)
    if item.type == _RAW.FPDF_PAGEOBJ_FORM:
        inside = page.get_objects(filter=[_RAW.FPDF_PAGEOBJ_TEXT], form=item, level=1)
        return " ".join(_text(inner, words) for inner in inside)
    return ""


def _text(item: pypdfium2.PdfObject, words: pypdfium2.PdfTextPage) -> str:
    size = _RAW.FPDFTextObj_GetText(item.raw, words.raw, None, 0)
    buffer = ctypes.create_string_buffer(size)
    _RAW.FPDFTextObj_GetText(item.raw, words.raw, ctypes.cast(buffer, ctypes.POINTER(_RAW.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
