"""Prepared logos as pixels."""

from __future__ import annotations

import io

from PIL import Image

from handout_builder.images import drawn as engine_drawing


def raster(data: bytes, kind: str, height: int) -> Image.Image:
    """A prepared logo on white, ``height`` px high."""
    with Image.open(io.BytesIO(data)) if kind == "png" else engine_drawing.drawn(data, height) as picture:
        seen = picture.convert("RGBA").resize((round(picture.width * height / picture.height), height))
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
