"""The glyphs that HarfBuzz gives for a text in our font for Han."""

from __future__ import annotations

import re
from functools import cache

import uharfbuzz as hb

from .project import FONTS

HAN = re.compile("[\u3400-\u9fff]+")


@cache
def _hb_font(name: str) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))


def shape(text: str, lang: str, style: str = "Regular") -> list[int]:
    """Return the glyph ids that HarfBuzz gives for a text of a language in our font for Han."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = lang
    hb.shape(_hb_font(f"HandoutHan-{style}.ttf"), buffer)
    return [info.codepoint for info in buffer.glyph_infos]
