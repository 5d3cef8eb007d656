"""Pixels of any kind are read without a word of the libraries that read them, and leave nothing out that is seen."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Any

import pytest
from PIL import Image

from handout_builder.images import pixels
from handout_builder.images.pictures import for_readers


def jpeg(mode: str, colour: Any, **options: Any) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, (24, 16), colour).save(file, "JPEG", quality=95, **options)
    return file.getvalue()


def png(**options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (24, 16), "#c33").save(file, "PNG", **options)
    return file.getvalue()


def colour(data: bytes) -> tuple[int, ...]:
    """What is seen in the middle of a picture."""
    with Image.open(io.BytesIO(data)) as image:
        return tuple(image.convert("RGB").getpixel((12, 8)))


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


def test_adobes_note_of_what_colours_mean_stays() -> None:
    """Without it a JPEG whose channels are red, green and blue is taken for one of lightness and colour."""
    data = bytearray(jpeg("RGB", (200, 40, 20), keep_rgb=True))
    frame, scan = data.index(b"\xff\xc0") + 10, data.index(b"\xff\xda") + 5
    for number in range(3):  # nor do the names of the channels tell
        data[frame + 3 * number] = data[scan + 2 * number] = number + 1
    assert colour(bytes(data)) == pytest.approx((200, 40, 20), abs=4)
    assert colour(for_readers(bytes(data))[0]) == pytest.approx((200, 40, 20), abs=4)


def test_paper_without_ink_stays_white() -> None:
    """A CMYK JPEG without Adobe's note, whose numbers are ink: taken for light, they would be black all over."""
    data = jpeg("CMYK", (255, 255, 255, 255))
    at = data.index(b"\xff\xee")
    assert colour(for_readers(data[:at] + data[at + 16 :])[0]) == (255, 255, 255)


def test_bytes_that_fill_a_jpeg_up_are_left_out() -> None:
    data = jpeg("RGB", "#c33")
    at = data.index(b"\xff\xdb")
    assert for_readers(data[:at] + b"\xff\xff" + data[at:]) == for_readers(data)


def test_note_that_is_cut_off_behind_the_pixels_is_left_out() -> None:
    made, _ = for_readers(jpeg("RGB", "#c33")[:-2] + b"\xff\xfe\xff\xffCanary")
    assert b"Canary" not in made
    assert made.endswith(b"\xff\xd9")


def test_png_without_its_end_gets_one() -> None:
    data = png()
    end = data.index(b"IEND") - 4
    made, _ = for_readers(data[:end])
    assert b"IEND" in made
    assert colour(made) == colour(data)


def test_enormous_picture_is_refused_by_its_head() -> None:
    """Pillow itself refuses what has more than 178 million pixels."""
    data = png()
    head = b"IHDR" + struct.pack(">LL", 20_000, 20_000) + data[24:29]
    enormous = data[:12] + head + struct.pack(">L", zlib.crc32(head)) + data[33:]
    with pytest.raises(pixels.PixelsError, match="more than 50 million pixels"):
        pixels.opened(enormous)


@pytest.mark.parametrize("notes", [b"nonsense", b"II*\0"])
def test_notes_of_a_camera_that_cannot_be_read_are_damage(notes: bytes) -> None:
    with pytest.raises(pixels.PixelsError, match="is damaged"):
        for_readers(png(exif=b"Exif\0\0" + notes))


def test_width_that_is_no_number_is_as_none() -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="1.2.3mm"><path d="M9 9h9v9z"/></svg>'
    assert b'width="960"' in for_readers(drawing)[0]


@pytest.mark.parametrize("colour", [(0, 0, 0, 0), (255, 255, 255, 120)])
def test_a_picture_that_prints_nothing_is_told(colour: tuple[int, int, int, int]) -> None:
    data = io.BytesIO()
    Image.new("RGBA", (40, 40), colour).save(data, "PNG")
    with pytest.raises(pixels.PixelsError) as caught:
        for_readers(data.getvalue())
    assert "shows nothing on white paper" in caught.value.message
