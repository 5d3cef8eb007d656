"""One person's copy: their words set in the boxes of a template, and written behind it."""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache

from handout_builder.copies.shaping import Breaks, NotSimpleError, Shaper, Style, fitted
from handout_builder.copies.subset_font import to_unicode
from handout_builder.copies.template import Box, PageContent, Slot, Template
from handout_builder.render.personal import Words
from handout_builder.text import language

Compress = Callable[[bytes], bytes]

# Whole boxes are remembered whose words are short, as dates and doses are: names are, too, and go again.
_SHORT, _MOST_BOXES = 60, 5_000
# Smaller streams are no smaller when they are compressed.
_SMALL = 200
_ROW = struct.Struct(">BIH")
_IN_USE = 1


def fastest() -> tuple[Compress, str]:
    """Return the quickest way to compress, and its name: ISA-L where the package ``isal`` is installed, else zlib."""
    with suppress(ImportError):
        from isal import isal_zlib  # noqa: PLC0415  # an extra

        return lambda data: bytes(isal_zlib.compress(data, 2)), "isal"
    return lambda data: zlib.compress(data, 1), "zlib"


class BoxError(Exception):
    """Boxes whose words cannot be written the short way: the reason by the name of the box, without the words."""

    def __init__(self, reasons: Mapping[str, NotSimpleError]) -> None:
        super().__init__()
        self.reasons = reasons


class Filler:
    """Fills a template, again and again."""

    def __init__(self, template: Template, breaks: Breaks, compress: Compress) -> None:
        """Load the typefaces; ``breaks`` tells where lines may end."""
        self.template, self._compress = template, compress
        self.faces = [slot.source.load() for slot in template.slots]
        self._shaper = Shaper(self.faces, breaks)
        self._kept = lru_cache(maxsize=_MOST_BOXES)(self._drawn)
        self._digest = hashlib.sha256(template.pdf)

    def tail(self, words: Mapping[str, Words]) -> bytes:
        """Return what is written behind the template so that it is one person's copy; raises BoxError."""
        used: set[int] = set()
        wrong: dict[str, NotSimpleError] = {}
        parts: list[tuple[int, bytes]] = []
        template = self.template
        for page in template.pages:
            content = self._content(page, words, used, wrong)
            parts.append((page.number, self.stream(content)))
        if wrong:
            raise BoxError(wrong)
        for number, slot in enumerate(template.slots):
            parts += self._font(number, slot, used)
        for box in template.boxes:
            own = words.get(box.name)
            if own and own.lang and own.lang != template.lang:
                parts.append((box.element, b"%b/Lang(%b)>>" % (box.tag, own.lang.encode())))
        return self._update(parts)

    def content(self, page: PageContent, words: Mapping[str, Words]) -> tuple[bytes, set[int]]:
        """Return a page's piece of content, and the glyphs in it; raises BoxError."""
        used: set[int] = set()
        wrong: dict[str, NotSimpleError] = {}
        content = self._content(page, words, used, wrong)
        if wrong:
            raise BoxError(wrong)
        return content, used

    def _content(
        self, page: PageContent, words: Mapping[str, Words], used: set[int], wrong: dict[str, NotSimpleError]
    ) -> bytes:
        pieces = [page.around[0]]
        for box, behind in zip(page.boxes, page.around[1:], strict=True):
            own = words.get(box.name)
            if own and own.text:
                draw = self._kept if len(own.text) < _SHORT else self._drawn
                try:
                    drawn, glyphs = draw(box, own.text, own.lang or self.template.lang)
                    pieces.append(drawn)
                    used.update(*glyphs)
                except NotSimpleError as error:
                    wrong[box.name] = error
            pieces.append(behind)
        return b"".join(pieces)

    def _drawn(self, box: Box, text: str, lang: str) -> tuple[bytes, list[frozenset[int]]]:
        """Return the operators that draw a box's words, and the glyphs; raises NotSimpleError."""
        han = language.is_cjk_language(lang) and (lang != self.template.lang or bool(language.cjk_runs(text)))
        families = box.families_han if han else box.families
        segments, glyphs = self._shaper.segments(text, Style(lang, families, box.size))
        lines = fitted(segments, box.width * 1000 / box.size, box.lines)
        base = box.base_han if han else box.base
        out = [b"BT\n1 0 0 -1 %.6g %.6g Tm\n%.6g TL\n" % (box.x, base, box.leading)]
        size, face, first = b"%.6g" % box.size, -1, True
        for line in lines:
            if not first:
                out.append(b"T*\n")
            first, opened = False, False
            for number, part in line:
                if number != face:
                    out.append(b"%b/C%d %b Tf\n[<" % (b">]TJ\n" if opened else b"", number, size))
                    face = number
                elif not opened:
                    out.append(b"[<")
                opened = True
                out.append(part)
            out.append(b">]TJ\n")
        out.append(b"ET\n")
        return b"".join(out), glyphs

    def _font(self, number: int, slot: Slot, used: Iterable[int]) -> list[tuple[int, bytes]]:
        """Return the objects of a face that has glyphs in a copy; raises BoxError."""
        keys = sorted([key for key in used if key >> 16 & 0xFFFF == number])
        if not keys:
            return []
        face = self.faces[number]
        glyphs = sorted({key & 0xFFFF for key in keys})
        outlines = face.small_font(glyphs)
        parts = [
            (slot.outlines, self.stream(outlines, b"/Length1 %d" % len(outlines))),
            (slot.glyph_map, self.stream(face.glyph_map(glyphs))),
        ]
        own = {key & 0xFFFF: chr(key >> 32) for key in keys if key >> 32}
        if own or not slot.tells:
            if len(own) != sum(1 for key in keys if key >> 32):
                raise BoxError({"": NotSimpleError("one glyph stands for two characters")})
            texts = [(glyph, own.get(glyph) or face.texts[glyph]) for glyph in glyphs]
            parts.append((slot.to_unicode, self.stream(to_unicode(texts))))
        return parts

    def stream(self, data: bytes, more: bytes = b"") -> bytes:
        """Return a stream, compressed if that makes it smaller; ``more`` is what its dictionary has else."""
        if len(data) < _SMALL:
            return b"<<%b/Length %d>>stream\n%b\nendstream" % (more, len(data), data)
        packed = self._compress(data)
        return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (more, len(packed), packed)

    def _update(self, parts: list[tuple[int, bytes]]) -> bytes:
        """Return objects as an incremental update of the template, with its cross-reference stream."""
        template = self.template
        at = len(template.pdf)
        out, rows = [], []
        for number, data in parts:
            item = b"%d 0 obj\n%b\nendobj\n" % (number, data)
            rows.append((number, at))
            out.append(item)
            at += len(item)
        rows.append((template.size, at))
        rows.sort()
        index, start = [], 0
        for place in range(1, len(rows) + 1):
            if place == len(rows) or rows[place][0] != rows[place - 1][0] + 1:
                index.append(b"%d %d" % (rows[start][0], place - start))
                start = place
        digest = self._digest.copy()
        for item in out:
            digest.update(item)
        table = b"".join([_ROW.pack(_IN_USE, place, 0) for _, place in rows])
        more = b"/Type/XRef/Size %d/W[1 4 2]/Index[%b]/Prev %d/Root %d 0 R%b/ID[<%b><%b>]" % (
            template.size + 1,
            b" ".join(index),
            template.startxref,
            template.root,
            b"/Info %d 0 R" % template.info if template.info else b"",
            template.ident,
            digest.hexdigest()[:32].encode(),
        )
        out.append(b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (template.size, self.stream(table, more), at))
        return b"".join(out)
