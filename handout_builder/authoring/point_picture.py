"""``points LI4 --svg FILE`` and ``--png FILE``: the picture of a card, large."""

from io import BytesIO
from pathlib import Path

from handout_builder.content import place_text
from handout_builder.content.anatomy import NEUTRAL
from handout_builder.content.schema import Point, Shared
from handout_builder.errors import HandoutError, Problem
from handout_builder.figures.crop import crop
from handout_builder.figures.files import svg_file
from handout_builder.figures.marks import Entry
from handout_builder.figures.svg import ChartText
from handout_builder.images.drawn import drawn
from handout_builder.tokens import Theme

_SIDE = 720
"""How wide and high a picture is, in px."""


def picture(point: Point, shared: Shared, body: str = NEUTRAL) -> bytes:
    """Return the picture of a point on a body as an SVG file; raises HandoutError for one without a drawing."""
    text = ChartText(shared.labels, point.code, place_text.spot_alt(point, shared))
    entry = Entry(point, point.names.pinyin)
    drawing = crop(entry, [entry], text, point.code.lower(), Theme(body=body))
    if not drawing:
        message = f"no drawing shows the place of {point.code}"
        raise HandoutError([Problem("no-picture", message, Path("points"), hint="another point has one")])
    return svg_file(drawing, _SIDE)


def as_png(svg: bytes) -> bytes:
    """Return a picture as a PNG file on white paper."""
    image = drawn(svg, _SIDE)
    paper = image.copy()
    paper.paste((255, 255, 255, 255), (0, 0, *image.size))
    paper.alpha_composite(image)
    file = BytesIO()
    paper.convert("RGB").save(file, "PNG", optimize=True)
    return file.getvalue()
