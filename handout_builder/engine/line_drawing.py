"""Lines of text drawn in one go: what engine/line_fitting.py kept shaped becomes the strings of a PDF.

WeasyPrint 70 asks Pango for each field of each glyph through cffi, and for the name of the font of each run. Here, the
glyphs of a run are read at once, fonts are known by their address, and what a line comes to is kept with it. Lines with
anything special take WeasyPrint's way. Its private functions are replaced: the version is pinned in pyproject.toml;
tests/engine/ asserts that pages come to the same bytes without this.
"""

from typing import Any, NamedTuple

from handout_builder.engine.autospace import Marker
from handout_builder.engine.line_fitting import UNKNOWN
from handout_builder.engine.styles_and_boxes import Replace


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


class Glyphs(NamedTuple):
    """The glyphs of a font that words need: what characters they stand for, and their widths."""

    face: Face
    characters: dict[int, str]
    widths: dict[int, int]

    def enter(self, fonts: dict[Any, Any], font_class: Any) -> bool:
        """Note the glyphs in a document's fonts; tell whether those that were there have the same widths."""
        return note(self.face.enter(fonts, font_class), self.characters, self.widths)


def note(font: Any, characters: dict[int, str], widths: dict[int, int]) -> bool:
    """Note glyphs in the font of a document; tell whether those that were there have the same widths."""
    for glyph, character in characters.items():
        font.to_unicode.setdefault(glyph, character)
    known = [font.widths.setdefault(glyph, width) for glyph, width in widths.items()]
    return known == [*widths.values()]


class _Run(NamedTuple):
    """Glyphs of one font, one after another, and the strings of a PDF that they are written as."""

    glyphs: Glyphs
    strings: str


class _Special(Exception):  # noqa: N818
    """A line has something that is not drawn here."""


class _Drawer:
    """Draws lines with WeasyPrint's own means."""

    def __init__(self, weasyprint: Any) -> None:
        text, stream = weasyprint.draw.text, weasyprint.pdf.stream
        self.pango, self.ffi, self.original = text.pango, text.ffi, text.draw_first_line
        self.describe, self.font_class = stream.get_pango_font_key, stream.Font
        self.mark = Marker(weasyprint).mark
        self.unit = 1000 * text.FROM_UNITS
        self.empty = int(text.pango.PANGO_GLYPH_EMPTY)  # greater numbers are unknown characters
        # Of 4 bytes each: glyph, width, offset to the right, offset upwards, flags.
        self.fields = self.ffi.sizeof("PangoGlyphInfo") // 4

    def draw(self, stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
        """Draw a line as draw_first_line does."""
        layout = textbox.pango_layout
        cut = text_overflow == "ellipsis" or block_ellipsis != "none"
        if cut and layout.second_line is None:
            # It may be that of other lines, too.
            whole, layout = layout, type(layout)(textbox.style, layout.justification_spacing, layout.max_width)
            layout.set_text(whole.text, justify=True)
            textbox.pango_layout = layout
        if cut or layout.second_line is not None or not textbox.text.strip():
            emojis = self.original(stream, textbox, text_overflow, block_ellipsis, matrix)
            if cut:
                layout.second_line = UNKNOWN
            return emojis
        try:
            runs = self._entered(layout, stream._fonts) or self._read(layout, textbox.style.font_config, stream)
        except _Special:
            return self.original(stream, textbox, text_overflow, block_ellipsis, matrix)
        stream.set_text_matrix(*matrix.values)
        before, strings = None, ""
        for glyphs, more in runs:
            face = glyphs.face
            if face is not before:
                if before:
                    stream.show_text(strings)
                before, strings = face, ""
                stream.set_font_size(stream._fonts[face.key].hash, face.size)
            strings += more
        stream.show_text(strings)
        return []

    def _entered(self, layout: Any, fonts: dict[Any, Any]) -> list[_Run] | None:
        """Return what a line came to before, its glyphs noted; None where that is not known or differs here."""
        runs: list[_Run] | None = layout.drawn
        for run in runs or ():
            if not run.glyphs.enter(fonts, self.font_class):
                return None
        return runs

    def _read(self, layout: Any, font_config: Any, stream: Any) -> list[_Run]:
        """Return the runs of a line, their glyphs noted; raises _Special."""
        self.mark(layout)
        known = font_config.faces
        runs = []
        part = layout.get_first_line()[0].runs[0]
        while part != self.ffi.NULL:
            item, part = part.data, part.next
            pango_font = item.item.analysis.font
            address = int(self.ffi.cast("uintptr_t", pango_font))
            if address not in known:
                known[address] = Face(layout.layout, pango_font, *self.describe(pango_font))
            runs.append(self._run(item, known[address], layout.text.encode(), stream))
        layout.drawn = runs
        return runs

    def _run(self, item: Any, face: Face, text: bytes, stream: Any) -> _Run:
        """Return a run, its glyphs noted; raises _Special."""
        font, string = face.enter(stream._fonts, self.font_class), item.glyphs
        info = memoryview(self.ffi.buffer(string.glyphs, string.num_glyphs * self.fields * 4)).cast("i").tolist()
        glyphs, widths, offsets, rises = (info[number :: self.fields] for number in range(4))
        if max(glyphs, default=self.empty) >= self.empty or any(rises):
            raise _Special
        if font.png or font.svg or font.colr or font.bitmap:
            raise _Special
        characters, own = self._characters(glyphs, item, text), {}
        for glyph, character in characters.items():
            font.to_unicode.setdefault(glyph, character)
            own[glyph] = font.widths.get(glyph)
            if own[glyph] is None:
                self.pango.pango_font_get_glyph_extents(face.pango_font, glyph, stream.ink_rect, stream.logical_rect)
                own[glyph] = font.widths[glyph] = round(stream.logical_rect.width * self.unit / face.size)
        pieces = []
        for glyph, width, offset in zip(glyphs, widths, offsets, strict=True):
            key = (glyph, width, offset, own[glyph])
            piece = face.pieces.get(key)
            if piece is None:
                piece = face.pieces[key] = _piece(*key[::3], width * self.unit / face.size, offset / face.size)
            pieces.append(piece)
        return _Run(Glyphs(face, characters, own), f"<{''.join(pieces)}>".removesuffix("<>"))

    def _characters(self, glyphs: list[int], item: Any, text: bytes) -> dict[int, str]:
        """Return what each glyph stands for where it comes first."""
        start, length = item.item.offset, item.item.length
        clusters = self.ffi.unpack(item.glyphs.log_clusters, len(glyphs))
        from_right = item.item.analysis.level % 2
        ends = [length, *clusters[:-1]] if from_right else [*clusters[1:], length]
        characters: dict[int, str] = {}
        for glyph, begin, end in zip(glyphs, clusters, ends, strict=True):
            if glyph not in characters:
                characters[glyph] = text[start + begin : start + end].decode()
        return characters


def _piece(glyph: int, own: int, width: float, offset: float) -> str:
    """Return what is written in a string of a PDF for a glyph: what stands before it, its number, its kerning."""
    kerning = own + offset - width
    return (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")


def install(weasyprint: Any, replace: Replace) -> None:
    """Make WeasyPrint draw lines of text in one go."""
    fonts = weasyprint.pdf.fonts
    read = fonts.get_hb_object_data

    class Font(fonts.Font):  # type: ignore[misc, name-defined]
        """A font whose bytes are copied when they are asked for: Han have 16 MB, and a document only needs its own."""

        face: Face | None = None
        _content: Any
        """The bytes, or HarfBuzz's face that has them."""

        @property
        def file_content(self) -> Any:
            if not isinstance(self._content, bytes):
                self._content = read(self._content)
            return self._content

        @file_content.setter
        def file_content(self, content: Any) -> None:
            self._content = content

    fonts.get_hb_object_data = lambda face: face
    replace(fonts, "Font", Font)
    # Pango before 1.48.2 gives fonts another size than that of the text.
    if weasyprint.draw.text.pango.pango_version() >= 14802:  # noqa: PLR2004
        replace(weasyprint.draw.text, "draw_first_line", _Drawer(weasyprint).draw)
