"""The book's cover, drawn with Pillow: title at the axis, one point name as the ornament, the clinic at the edges."""

import io
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageColor, ImageDraw, ImageFont

from handout_builder.content.schema import Name
from handout_builder.resources import FONTS
from handout_builder.text.language import cjk_runs
from handout_builder.tokens import Theme
from handout_builder.typefaces.regional import bake

if TYPE_CHECKING:
    from handout_builder.brand.clinic import Clinic

# Ratio that shops ask for: 5 : 8; sharp on a tablet held upright.
_SIZE = (1000, 1600)
_SIDE, _RIGHT = 200, 75
_WIDTH = _SIZE[0] - _SIDE - _RIGHT
_RULE_Y, _RULE = 288, 7
_TITLE, _TITLE_LEADING = 93, 115
_SMALL, _READING, _HAN = 45, 60, 325
# A brand's strip along the upper edge, its logo below it, its name at the foot.
_STRIP, _LOGO_Y, _LOGO, _FOOT = 28, 66, (520, 96), 1540


def cover(title: str, kicker: str, name: Name | None, theme: Theme, clinic: "Clinic | None" = None) -> bytes:
    """Return the cover as a PNG with 256 steps from the accent colour to white; sizes in px.

    The shades are a palette over a grey image: a full-colour one takes four times the time and memory. Only what a
    clinic adds needs more colours.
    """
    image = _ground(kicker, (name.text, name.reading, name.lang) if name else None).copy()
    draw = ImageDraw.Draw(image)
    font = _heading(title, clinic) or _font("Bold", _TITLE)
    for number, line in enumerate(_lines(title, font, _WIDTH)):
        draw.text((_SIDE - 5, _RULE_Y + 57 + number * _TITLE_LEADING), line, 0, font)
    if clinic and clinic.name:
        _sign(draw, clinic)
    image.putpalette(_shades(theme.tokens["accent"]))
    if clinic:
        image = _branded(image.convert("RGB"), theme, clinic)
    out = _PngFile()
    image.save(out, compress_type=zlib.Z_RLE)  # flat areas: as small as any, in half the time
    return out.getvalue()


@lru_cache(maxsize=4)  # many handouts have the same but for their titles
def _ground(kicker: str, name: tuple[str, str, str] | None) -> Image.Image:
    """Return what stands above and below the title; ``name`` is a text, its reading and its language."""
    image = Image.new("L", _SIZE, 255)
    draw = ImageDraw.Draw(image)
    draw.rectangle((_SIDE, _RULE_Y, _SIZE[0] - _RIGHT, _RULE_Y + _RULE - 1), fill=0)
    draw.text((_SIDE, _RULE_Y - 82), kicker, 0, _font("Bold", _SMALL))
    if name:
        text, reading, lang = name
        data = bake(FONTS / "HandoutHan-Regular.ttf", [text], lang, "Cover", 400)
        han = ImageFont.truetype(io.BytesIO(data), min(_HAN, _WIDTH // len(text)))
        draw.text((_SIDE, _SIZE[1] - 212), text, 0, han, anchor="ls")
        draw.text((_SIDE, _SIZE[1] - 250 - han.size), reading, 0, _font("Regular", _READING), anchor="ls")
    return image


def _heading(title: str, clinic: "Clinic | None") -> ImageFont.FreeTypeFont | None:
    """Return the brand's typeface for headings, where it has one with all characters of the title."""
    face = next((face for face in clinic.brand.faces if face.use == "heading"), None) if clinic else None
    if face is None or not all(ord(character) in face.font.characters for character in title):
        return None
    from handout_builder.typefaces.clinic_font import cut  # noqa: PLC0415  # only with a brand

    data = cut(face.font, title, face.family, face.weight)
    return ImageFont.truetype(io.BytesIO(data), _TITLE, layout_engine=ImageFont.Layout.BASIC)


def _sign(draw: ImageDraw.ImageDraw, clinic: "Clinic") -> None:
    """Write the clinic's name at the foot, in lines that fit; Han in the brand's language."""
    font = _font("Bold", _SMALL)
    if cjk_runs(clinic.name):
        lang = clinic.brand.file.defaults.handout.lang or ""
        data = bake(FONTS / "HandoutHan-Bold.ttf", [clinic.name], lang, "Cover", 700)
        font = ImageFont.truetype(io.BytesIO(data), _SMALL)
    lines = _lines(clinic.name, font, _WIDTH)[:3]
    for number, line in enumerate(lines):
        draw.text((_SIDE, _FOOT - (len(lines) - 1 - number) * _SMALL * 1.25), line, 0, font, anchor="ls")


def _branded(image: Image.Image, theme: Theme, clinic: "Clinic") -> Image.Image:
    """Return the cover with the brand's strip and logo."""
    ImageDraw.Draw(image).rectangle((0, 0, _SIZE[0], _STRIP - 1), fill=theme.tokens["band"])
    logo = clinic.brand.book_logo
    if logo:
        from handout_builder.brand.logo import raster  # noqa: PLC0415  # only with a brand

        scale = min(_LOGO[0] / logo.width, _LOGO[1] / logo.height)
        image.paste(raster(logo.data, logo.kind, round(logo.height * scale)), (_SIDE, _LOGO_Y))
    return image


class _PngFile(io.BytesIO):
    """A file in memory with a name: by its ending Pillow loads one format, without it the six common ones."""

    name = "cover.png"


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
