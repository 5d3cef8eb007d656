"""Pixels of any kind are read without a word of the libraries that read them."""

import io
import warnings

from PIL import Image

from handout_builder.images import pixels


def test_a_palette_that_is_seen_through_is_read_without_a_warning() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.putpixel((1, 0), 1)
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=b"\x40\xff")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn, _ = pixels.plain(pixels.opened(file.getvalue()))
    assert (drawn.getpixel((0, 0)), drawn.getpixel((1, 0))) == ((255, 0, 0, 64), (0, 0, 255, 255))
