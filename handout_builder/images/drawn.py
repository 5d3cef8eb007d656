"""Drawings as pixels, drawn by the engine that draws them on pages."""

import re
from pathlib import Path

import pypdfium2
from PIL import Image

# Width and height, as the sanitizer writes them; a stroke's width is none of them.
_SIZE = re.compile(rb'\s(width|height)="([0-9.e+]+)"')


def drawn(svg: bytes, height: int) -> Image.Image:
    """Return a cleaned drawing as RGBA, ``height`` px high; raises HandoutError where the engine cannot draw it."""
    with pypdfium2.PdfDocument(_as_page(svg)) as document:
        scale = height / document[0].get_height()
        picture = document[0].render(scale=scale, fill_color=(0, 0, 0, 0), may_draw_forms=False).to_pil()
    rgba: Image.Image = picture.convert("RGBA")
    return rgba


def size(svg: bytes) -> tuple[float, float]:
    """Return width and height of a cleaned drawing in px."""
    sides = {side: float(length) for side, length in _SIZE.findall(svg[: svg.index(b">")])}
    return sides[b"width"], sides[b"height"]


def _as_page(svg: bytes) -> bytes:
    """Return a cleaned drawing as a PDF of one page, a hundred px high."""
    from handout_builder.engine.session import File, Page, session  # noqa: PLC0415  # only for covers and colours

    width, height = size(svg)
    style = f"@page {{ size: {100 * width / height:.3f}px 100px; margin: 0 }} body {{ margin: 0 }}"
    style += " img { display: block; width: 100%; height: 100px }"
    html = '<html><head></head><body><img src="drawing:" alt=""/></body></html>'
    path = Path("logo.svg")
    file = File(svg, "image/svg+xml")
    with session() as engine:
        document = engine.lay_out(Page(html, style, path.absolute(), path, lambda _: file))
        return engine.write(document, path)
