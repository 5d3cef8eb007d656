"""All copies in one file for a print shop: PDF/A-3b, without tags, as paper has none; bookmarks are numbers.

The file is the handout once, reduced to what is printed, and behind it, as one incremental update, pages that all draw
the handout's content and each their own words. The typefaces have what all the copies need: it is one file, and goes to
one press.
"""

import hashlib
import io
import re
import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

import pikepdf
from pikepdf import Array, Dictionary, Name

from handout_builder.copies.subset_font import to_unicode
from handout_builder.copies.template import PageContent, Template
from handout_builder.copies.writer import Filler
from handout_builder.render.personal import Words

_CONFORMANCE = re.compile(rb"(<pdfaid:conformance>)A(</pdfaid:conformance>)|(pdfaid:conformance=\")A(\")")
_UA = re.compile(rb"<rdf:Description[^>]*xmlns:pdfuaid=[^>]*>.*?</rdf:Description>", re.DOTALL)
_UA_SCHEMA = re.compile(rb"<rdf:Description[^>]*xmlns:pdfaExtension=[^>]*>.*?</rdf:Description>", re.DOTALL)
# Objects in one stream, and copies in one node of the tree of pages: readers unpack the one and count along the other.
_MOST_TOGETHER, _COPIES_A_NODE = 200, 50
_ROW = struct.Struct(">BQH")
_PLAIN, _PACKED = 1, 2


class PrintRun:
    """A file that copies are written into, one after another."""

    def __init__(self, filler: Filler, file: IO[bytes], *, double_sided: bool) -> None:
        """Write what all copies share; ``double_sided`` adds an empty page behind an odd number of them."""
        self._filler, self._file = filler, file
        self._base = _reduced(filler.template)
        self._at = 0
        self._digest = hashlib.sha256()
        self._put(self._base.pdf)
        self._replaced: dict[int, tuple[int, int, int]] = {}
        self._table = bytearray()
        """Rows of the cross-reference table: those of new objects, one after another."""
        self._next = self._base.size
        self._used: set[int] = set()
        self._waiting: list[tuple[int, bytes]] = []
        self._nodes: list[tuple[int, array[int]]] = []
        """Of the tree of pages: the number of each, and the pages in it."""
        self._marks: list[tuple[int, int, int]] = []
        """Bookmarks: object, number of the row, page."""
        self._empty = double_sided and len(self._base.pages) % 2 == 1
        self._outlines = self._new()

    def add(self, number: int, words: Mapping[str, Words]) -> None:
        """Add a copy; raises BoxError where its words cannot be written into the boxes."""
        contents = {}
        for piece in self._filler.template.pages:
            content, used = self._filler.content(piece, words)
            contents[piece.number] = content, used
        if not self._nodes or len(self._nodes[-1][1]) >= _COPIES_A_NODE * (len(self._base.pages) + self._empty):
            self._nodes.append((self._new(), array("L")))
        node, pages = self._nodes[-1]
        own = {}
        for template_number, (content, used) in contents.items():
            here = self._base.pieces[template_number]
            own[here] = self._new()
            self._used |= used
            self._object(own[here], self._filler.stream(content))
        first = self._next
        for page in self._base.pages:
            pieces = b" ".join([b"%d 0 R" % own.get(piece, piece) for piece in page.pieces])
            pages.append(self._later(b"%b/Parent %d 0 R/Contents[%b]>>" % (page.rest, node, pieces)))
        if self._empty:
            pages.append(self._later(b"%b/Parent %d 0 R>>" % (self._base.pages[-1].rest, node)))
        self._marks.append((self._new(), number, first))
        if len(self._waiting) >= _MOST_TOGETHER:
            self._pack()

    def finish(self) -> int:
        """Write what is found last, and return the number of copies."""
        for place, (mark, number, page) in enumerate(self._marks):
            before = b"/Prev %d 0 R" % self._marks[place - 1][0] if place else b""
            after = b"/Next %d 0 R" % self._marks[place + 1][0] if place + 1 < len(self._marks) else b""
            title = b"<</Title(%06d)/Parent %d 0 R/Dest[%d 0 R/Fit]%b%b>>"
            self._waiting.append((mark, title % (number, self._outlines, page, before, after)))
            if len(self._waiting) >= _MOST_TOGETHER:
                self._pack()
        count = sum(len(pages) for _, pages in self._nodes)
        for node, pages in self._nodes:
            kids = b" ".join([b"%d 0 R" % page for page in pages])
            self._waiting.append(
                (node, b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>" % (self._base.tree, len(pages), kids))
            )
        nodes = b" ".join([b"%d 0 R" % node for node, _ in self._nodes])
        self._waiting.append((self._base.tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, nodes)))
        if self._marks:
            ends = len(self._marks), self._marks[0][0], self._marks[-1][0]
            self._waiting.append((self._outlines, b"<</Type/Outlines/Count %d/First %d 0 R/Last %d 0 R>>" % ends))
            self._waiting.append((self._base.root, b"%b/Outlines %d 0 R>>" % (self._base.catalog, self._outlines)))
        self._pack()
        self._fonts()
        self._end()
        return len(self._marks)

    def _fonts(self) -> None:
        for number, slot in enumerate(self._filler.template.slots):
            keys = sorted([key for key in self._used if key >> 16 & 0xFFFF == number])
            if not keys:
                continue
            face = self._filler.faces[number]
            glyphs = sorted({key & 0xFFFF for key in keys})
            own = {key & 0xFFFF: chr(key >> 32) for key in keys if key >> 32}
            outlines = face.small_font(glyphs)
            texts = [(glyph, own.get(glyph) or face.texts[glyph]) for glyph in glyphs]
            names = self._base.slots[number]
            self._object(names[0], self._filler.stream(outlines, b"/Length1 %d" % len(outlines)))
            self._object(names[1], self._filler.stream(face.glyph_map(glyphs)))
            if own or not slot.tells:
                self._object(names[2], self._filler.stream(to_unicode(texts)))

    def _end(self) -> None:
        """Write the cross-reference stream (PDF 1.7, 7.5.8)."""
        table, at = self._new(), self._at
        self._row(table, _PLAIN, at, 0)
        replaced = sorted(self._replaced)
        index = [b"%d 1" % number for number in replaced]
        index.append(b"%d %d" % (self._base.size, self._next - self._base.size))
        rows = b"".join([_ROW.pack(*self._replaced[number]) for number in replaced]) + bytes(self._table)
        more = b"/Type/XRef/Size %d/W[1 8 2]/Index[%b]/Prev %d/Root %d 0 R%b/ID[<%b><%b>]" % (
            self._next,
            b" ".join(index),
            self._base.startxref,
            self._base.root,
            b"/Info %d 0 R" % self._base.info if self._base.info else b"",
            self._base.ident,
            self._digest.hexdigest()[:32].encode(),
        )
        stream = self._filler.stream(rows, more)
        self._put(b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, stream, at))

    def _new(self) -> int:
        self._next += 1
        self._table += bytes(_ROW.size)
        return self._next - 1

    def _row(self, number: int, *row: int) -> None:
        """Note where an object is."""
        if number < self._base.size:
            self._replaced[number] = (row[0], row[1], row[2])
        else:
            _ROW.pack_into(self._table, (number - self._base.size) * _ROW.size, *row)

    def _later(self, data: bytes) -> int:
        """Put an object that is no stream among those that are written together; return its number."""
        number = self._new()
        self._waiting.append((number, data))
        return number

    def _object(self, number: int, data: bytes) -> None:
        self._row(number, _PLAIN, self._at, 0)
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    def _pack(self) -> None:
        """Write the objects that wait, as object streams (PDF 1.7, 7.5.7)."""
        for start in range(0, len(self._waiting), _MOST_TOGETHER):
            group = self._waiting[start : start + _MOST_TOGETHER]
            holder = self._new()
            heads, at = [], 0
            for place, (number, data) in enumerate(group):
                heads.append(b"%d %d" % (number, at))
                at += len(data) + 1
                self._row(number, _PACKED, holder, place)
            head = b" ".join(heads) + b"\n"
            body = head + b"\n".join([data for _, data in group]) + b"\n"
            self._object(holder, self._filler.stream(body, b"/Type/ObjStm/N %d/First %d" % (len(group), len(head))))
        self._waiting.clear()

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._at += len(data)


class _Page:
    """A page of the handout: what it is made of, and the rest of its dictionary."""

    def __init__(self, pieces: Sequence[int], rest: bytes) -> None:
        self.pieces, self.rest = pieces, rest


class _Base:
    """What all copies share, as a PDF."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.pages: list[_Page] = []
        self.pieces: dict[int, int] = {}
        """The objects with boxes: their numbers here, by those in the template."""
        self.slots: list[tuple[int, int, int]] = []
        self.startxref = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
        self.size = self.root = self.info = self.tree = 0
        self.ident = self.catalog = b""


def _reduced(template: Template) -> _Base:
    """Return the handout without tags, links and bookmarks, as PDF/A-3b."""
    with pikepdf.open(io.BytesIO(template.pdf)) as pdf:
        marked = _places(pdf, template.pages)
        for key in ("/StructTreeRoot", "/MarkInfo", "/Names", "/Outlines", "/PageMode", "/Dests", "/OpenAction"):
            if key in pdf.Root:
                del pdf.Root[key]
        for page in pdf.pages:
            for key in ("/Annots", "/StructParents", "/Tabs"):
                if key in page:
                    del page[key]
        metadata = pdf.Root.Metadata
        told = _CONFORMANCE.sub(rb"\1\3B\2\4", metadata.read_bytes())
        metadata.write(_UA.sub(b"", _UA_SCHEMA.sub(b"", told)))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    base = _Base(out.getvalue())
    with pikepdf.open(io.BytesIO(base.pdf)) as pdf:
        for page in pdf.pages:
            contents = page.Contents
            pieces = [one.objgen[0] for one in contents] if isinstance(contents, Array) else [contents.objgen[0]]
            rest = Dictionary({key: value for key, value in page.obj.items() if key not in ("/Contents", "/Parent")})
            base.pages.append(_Page(pieces, rest.unparse(resolved=True).rstrip().removesuffix(b">>")))
        base.pieces = {number: pdf.pages[index].Contents[place].objgen[0] for number, (index, place) in marked.items()}
        fonts = pdf.pages[next(iter(marked.values()))[0]].Resources.Font
        for number in range(len(template.slots)):
            font = fonts[Name(f"/C{number}")]
            below = font.DescendantFonts[0]
            parts = (below.FontDescriptor.FontFile2, below.CIDToGIDMap, font.ToUnicode)
            base.slots.append((parts[0].objgen[0], parts[1].objgen[0], parts[2].objgen[0]))
        info = pdf.trailer.get("/Info")
        base.size, base.root, base.tree = int(pdf.trailer.Size), pdf.Root.objgen[0], pdf.Root.Pages.objgen[0]
        base.info = info.objgen[0] if info is not None else 0
        base.ident = bytes(pdf.trailer.ID[0]).hex().encode()
        base.catalog = pdf.Root.unparse(resolved=True).rstrip().removesuffix(b">>")
    return base


def _places(pdf: pikepdf.Pdf, pieces: Iterable[PageContent]) -> dict[int, tuple[int, int]]:
    """Return the page, and the place among its pieces, of each piece that has boxes, by its number."""
    wanted = {piece.number for piece in pieces}
    return {number: (page, place) for page, place, number in _all_pieces(pdf) if number in wanted}


def _all_pieces(pdf: pikepdf.Pdf) -> Iterator[tuple[int, int, int]]:
    for index, page in enumerate(pdf.pages):
        if isinstance(page.Contents, Array):
            for place, piece in enumerate(page.Contents):
                yield index, place, piece.objgen[0]
