"""Lines of text drawn in one go: what textlines.py kept shaped becomes the strings of a PDF.

WeasyPrint 70 asks Pango for each field of each glyph through cffi, and for the name of the font of each run. Here, the
glyphs of a run are read at once, fonts are known by their address, and what is written for a glyph is kept. Lines with
anything special take WeasyPrint's way. Its private functions are replaced: the version is pinned in pyproject.toml;
tests/test_shortcuts.py asserts that pages come to the same bytes without this.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from handout_builder.shortcuts import replace
from handout_builder.textlines import UNKNOWN


class Face:
    """A font at one size, as Pango gives it to lines."""

    def __init__(self, layout: Any, pango_font: Any, key: Any, description: Any, size: float) -> None:
        self.layout, self.pango_font = layout, pango_font  # a layout keeps Pango's font, and so its address
        self.key, self.description, self.size = key, description, size
        self.pieces: dict[tuple[int, int, int, int], str] = {}
        """What is written for a glyph: by its number, width, offset and width in the font."""

    def enter(self, fonts: dict[Any, Any], font_class: Any) -> Any:
        """Return the font among those of a document, where it stands once for all sizes."""
        if self.key not in fonts:
            fonts[self.key] = font_class(self.pango_font, self.description, self.size)
            fonts[self.key].face = self
        return fonts[self.key]


class _Run(NamedTuple):
    """Glyphs of one font, one after another."""

    item: Any
    face: Face
    font: Any
    glyphs: list[int]
    widths: list[int]
    offsets: list[int]


class _Special(Exception):  # noqa: N818
    """A line has something that is not drawn here."""


class _Drawer:
    """Draws lines with WeasyPrint's own means."""

    def __init__(self, weasyprint: Any) -> None:
        text, stream = weasyprint.draw.text, weasyprint.pdf.stream
        self.pango, self.ffi, self.original = text.pango, text.ffi, text.draw_first_line
        self.describe, self.font_class = stream.get_pango_font_key, stream.Font
        self.unit = 1000 * text.FROM_UNITS
        self.empty = int(text.pango.PANGO_GLYPH_EMPTY)  # greater numbers are unknown characters
        # Of 4 bytes each: glyph, width, offset to the right, offset upwards, flags.
        self.fields = self.ffi.sizeof("PangoGlyphInfo") // 4

    def draw(self, stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
        """Draw a line as draw_first_line does."""
        layout = textbox.pango_layout
        whole = layout.second_line is None and text_overflow != "ellipsis" and block_ellipsis == "none"
        if not whole or not textbox.text.strip():
            emojis = self.original(stream, textbox, text_overflow, block_ellipsis, matrix)
            layout.second_line = UNKNOWN  # it may have been cut
            return emojis
        try:
            runs = list(self._runs(stream, textbox))
        except _Special:
            return self.original(stream, textbox, text_overflow, block_ellipsis, matrix)
        stream.set_text_matrix(*matrix.values)
        before, string = None, ""
        for run in runs:
            if run.face is not before:
                if before:
                    stream.show_text(string)
                before, string = run.face, ""
                stream.set_font_size(run.font.hash, run.face.size)
            if not run.font.to_unicode.keys() >= set(run.glyphs):
                self._name(run, layout.text.encode())
            string += f"<{''.join(self._pieces(run, stream))}>"
            string = string.removesuffix("<>")
        stream.show_text(string)
        return []

    def _runs(self, stream: Any, textbox: Any) -> Iterator[_Run]:
        """Yield the runs of a line; raises _Special."""
        known = vars(textbox.style.font_config).setdefault("faces", {})
        part = textbox.pango_layout.get_first_line()[0].runs[0]
        while part != self.ffi.NULL:
            item, part = part.data, part.next
            pango_font, string = item.item.analysis.font, item.glyphs
            address = int(self.ffi.cast("uintptr_t", pango_font))
            if address not in known:
                known[address] = Face(textbox.pango_layout.layout, pango_font, *self.describe(pango_font))
            face = known[address]
            font = face.enter(stream._fonts, self.font_class)
            info = memoryview(self.ffi.buffer(string.glyphs, string.num_glyphs * self.fields * 4)).cast("i").tolist()
            glyphs, widths, offsets, rises = (info[number :: self.fields] for number in range(4))
            if max(glyphs, default=self.empty) >= self.empty or any(rises):
                raise _Special
            if font.png or font.svg or font.colr or font.bitmap:
                raise _Special
            yield _Run(item, face, font, glyphs, widths, offsets)

    def _pieces(self, run: _Run, stream: Any) -> Iterator[str]:
        """Yield what is written for each glyph, noting its width in the font where that is not known yet."""
        _, face, font, *columns = run
        for glyph, width, offset in zip(*columns, strict=True):
            own = font.widths.get(glyph)
            if own is None:
                pango_font = run.item.item.analysis.font
                self.pango.pango_font_get_glyph_extents(pango_font, glyph, stream.ink_rect, stream.logical_rect)
                own = font.widths[glyph] = round(stream.logical_rect.width * self.unit / face.size)
            key = (glyph, width, offset, own)
            piece = face.pieces.get(key)
            if piece is None:
                piece = face.pieces[key] = _piece(glyph, offset / face.size, own, width * self.unit / face.size)
            yield piece

    def _name(self, run: _Run, text: bytes) -> None:
        """Note the characters that glyphs stand for, where that is not known yet."""
        start, length = run.item.item.offset, run.item.item.length
        clusters = self.ffi.unpack(run.item.glyphs.log_clusters, len(run.glyphs))
        from_right = run.item.item.analysis.level % 2
        ends = [length, *clusters[:-1]] if from_right else [*clusters[1:], length]
        for glyph, begin, end in zip(run.glyphs, clusters, ends, strict=True):
            if glyph not in run.font.to_unicode:
                run.font.to_unicode[glyph] = text[start + begin : start + end].decode()


def _piece(glyph: int, offset: float, own: int, width: float) -> str:
    """Return what is written in a string of a PDF for a glyph: what stands before it, its number, its kerning."""
    kerning = own + offset - width
    return (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")


def complete(weasyprint: Any) -> None:
    """Make WeasyPrint 70 draw lines of text in one go."""
    # Pango before 1.48.2 gives fonts another size than that of the text.
    if weasyprint.draw.text.pango.pango_version() >= 14802:  # noqa: PLR2004
        drawer = _Drawer(weasyprint)
        replace(weasyprint.draw.text, "draw_first_line", drawer.draw)
