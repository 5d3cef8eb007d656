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
    metrics, draw, ffi, pango = line_break.first_line_metrics, text.draw_first_line, text.ffi, text.pango
    fields = ffi.sizeof("PangoGlyphInfo") // 4  # the first one is the glyph

    def first_line_metrics(line: Any, words: str, layout: Any, resume_at: Any, *options: Any, **named: Any) -> Any:
        length = line.length
        if not resume_at or BLANK not in words or not words.encode()[:length].endswith(_BYTES):
            return metrics(line, words, layout, resume_at, *options, **named)
        # A line that is broken off is set again from its words, without a width.
        pango.pango_layout_set_width(layout.layout, -1)
        layout.set_text(words.encode()[: length - len(_BYTES)].decode())
        line, _ = layout.get_first_line()
        layout, _, *found = metrics(line, layout.text, layout, resume_at, *options, **named)
        return layout, length, *found

    def draw_first_line(stream: Any, textbox: Any, *options: Any) -> Any:
        layout = textbox.pango_layout
        if BLANK in layout.text and not getattr(layout, "drawn", None):
            _mark(layout)
        return draw(stream, textbox, *options)

    def _mark(layout: Any) -> None:
        pango.pango_layout_set_single_paragraph_mode(layout.layout, True)  # as for drawing: set later, it shapes again
        data, run = layout.text.encode(), layout.get_first_line()[0].runs[0]
        while run != ffi.NULL:
            start, string, run = run.data.item.offset, run.data.glyphs, run.next
            glyphs = memoryview(ffi.buffer(string.glyphs, string.num_glyphs * fields * 4)).cast("i")
            for number, place in enumerate(ffi.unpack(string.log_clusters, string.num_glyphs), start=0):
                at = start + place
                if data.startswith(_BYTES, at) and not data.endswith(_JOINER, 0, at):
                    glyphs[number * fields] = GLYPH

    line_break.first_line_metrics, text.draw_first_line = first_line_metrics, draw_first_line
