"""Lines with a quarter of an em beside Han: as wide as they are seen, and drawn so that what is written is known.

WeasyPrint 70 leaves out no blank but U+0020 at the end of a line: this one would count in its width. And in fonts that
lack it, its glyph is that of other blanks: before a line is drawn, it gets a number that no font has.
"""

from typing import Any

from handout_builder.quarter_em import BLANK, GLYPH

_BYTES, _JOINER = BLANK.encode(), "\u2060".encode()


def install(weasyprint: Any) -> None:
    """Make WeasyPrint end lines without the blank, and draw it as a glyph of its own."""
    line_break, text = weasyprint.text.line_break, weasyprint.draw.text
    metrics, draw, mark = line_break.first_line_metrics, text.draw_first_line, Marker(weasyprint).mark

    def first_line_metrics(line: Any, words: str, layout: Any, resume_at: Any, *options: Any, **named: Any) -> Any:
        length = line.length
        if not resume_at or BLANK not in words or not words.encode().endswith(_BYTES, 0, length):
            return metrics(line, words, layout, resume_at, *options, **named)
        # A line that is broken off is set again from its words, without a width.
        text.pango.pango_layout_set_width(layout.layout, -1)
        layout.set_text(words.encode()[: length - len(_BYTES)].decode())
        line, _ = layout.get_first_line()
        layout, _, *found = metrics(line, layout.text, layout, resume_at, *options, **named)
        return layout, length, *found

    def draw_first_line(stream: Any, textbox: Any, *options: Any) -> Any:
        mark(textbox.pango_layout)
        return draw(stream, textbox, *options)

    line_break.first_line_metrics, text.draw_first_line = first_line_metrics, draw_first_line


class Marker:
    """Gives the blanks of lines that were shaped their own glyph."""

    def __init__(self, weasyprint: Any) -> None:
        self._ffi, self._pango = weasyprint.draw.text.ffi, weasyprint.draw.text.pango
        self._fields = self._ffi.sizeof("PangoGlyphInfo") // 4
        """The numbers of 4 bytes that there are of each glyph; the first one is its own."""

    def mark(self, layout: Any) -> None:
        """Mark the blanks in the first line of a layout, for as long as it is not shaped again."""
        if BLANK not in layout.text:
            return
        self._pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # as it is drawn: later, it shapes anew
        data, run = layout.text.encode(), layout.get_first_line()[0].runs[0]
        while run != self._ffi.NULL:
            start, string, run = run.data.item.offset, run.data.glyphs, run.next
            size = string.num_glyphs * self._fields * 4
            glyphs = memoryview(self._ffi.buffer(string.glyphs, size)).cast("i")
            for number, place in enumerate(self._ffi.unpack(string.log_clusters, string.num_glyphs)):
                at = start + place
                if data.startswith(_BYTES, at) and not data.endswith(_JOINER, 0, at):
                    glyphs[number * self._fields] = GLYPH
