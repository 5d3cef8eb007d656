"""The book's cover, drawn with Pillow in one colour: title at the axis, one point name as the ornament."""

import io
import zlib
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw, ImageFont

from handout_builder.bake import bake
from handout_builder.model import Name
from handout_builder.resources import FONTS
from handout_builder.tokens import tokens

# Ratio that shops ask for: 5 : 8; sharp on a tablet held upright.
_SIZE = (1000, 1600)
_SIDE, _RIGHT = 200, 75
_RULE_Y, _RULE = 288, 7
_TITLE, _TITLE_LEADING = 93, 115
_SMALL, _READING, _HAN = 45, 60, 325


def cover(title: str, kicker: str, name: Name | None) -> bytes:
    """Return the cover as a PNG with 256 steps from the accent colour to white; sizes in px.

    The shades are a palette over a grey image: a full-colour one takes four times the time and memory.
    """
    image = Image.new("L", _SIZE, 255)
    draw = ImageDraw.Draw(image)
    width = _SIZE[0] - _SIDE - _RIGHT
    draw.rectangle((_SIDE, _RULE_Y, _SIZE[0] - _RIGHT, _RULE_Y + _RULE - 1), fill=0)
    draw.text((_SIDE, _RULE_Y - 82), kicker, 0, _font("Bold", _SMALL))
    font = _font("Bold", _TITLE)
    for number, line in enumerate(_lines(title, font, width)):
        draw.text((_SIDE - 5, _RULE_Y + 57 + number * _TITLE_LEADING), line, 0, font)
    if name:
        han = ImageFont.truetype(io.BytesIO(_han(name)), min(_HAN, width // len(name.text)))
        draw.text((_SIDE, _SIZE[1] - 212), name.text, 0, han, anchor="ls")
        draw.text((_SIDE, _SIZE[1] - 250 - han.size), name.reading, 0, _font("Regular", _READING), anchor="ls")
    image.putpalette(_shades(tokens()["accent"]))
    out = _PngFile()
    image.save(out, compress_type=zlib.Z_RLE)  # flat areas: as small as any, in half the time
    return out.getvalue()


class _PngFile(io.BytesIO):
    """A file in memory with a name: by its ending Pillow loads one format, without it the six common ones."""

    name = "cover.png"


def _han(name: Name) -> bytes:
    return bake(FONTS / "HandoutHan-Regular.ttf", [name.text], name.lang, "Cover", 400)


def _font(style: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"NotoSans-{style}.ttf", size, layout_engine=ImageFont.Layout.BASIC)


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int) -> Sequence[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _shades(colour: str) -> bytes:
    rgb = ImageColor.getrgb(colour)[:3]
    return bytes(round(part + (255 - part) * step / 255) for step in range(256) for part in rgb)
