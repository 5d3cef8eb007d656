"""Pictures of authors: readers get their pixels, and nothing of what cameras and programs note in the file."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from judges import epubcheck, verapdf
from PIL import Image, ImageCms, PngImagePlugin

from handout_builder.builder.incremental import build
from handout_builder.content.pictures import for_readers
from handout_builder.orders import Order

CANARY = b"C4n4ryOfTheClinic"
TEXT = CANARY.decode()
SIZE = (120, 90)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
HANDOUT = """\
title: A picture
description: A handout with one.
revised: 2026-01-01
summary: ["Read it."]
sections:
  - id: one
    heading: One
    blocks:
      - {type: figure, image: NAME, alt: A picture}
      - {type: safety, include: see-a-doctor}
sources: [who-2008]
"""


def drawn(mode: str = "RGB") -> Image.Image:
    """Smooth shades, that each kind of file keeps."""
    image = Image.new("RGB", SIZE)
    image.putdata([(2 * x, 2 * y, x + y) for y in range(SIZE[1]) for x in range(SIZE[0])])
    return image.convert(mode)


def exif() -> Image.Exif:
    """What a camera and its owner note."""
    notes = Image.Exif()
    notes[0x013B], notes[0x8298], notes[0x010F] = TEXT, TEXT, TEXT  # artist, rights, maker
    notes.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + CANARY  # comment
    notes.get_ifd(0x8825)[0x001B] = CANARY  # way of finding the place
    return notes


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    drawn(mode).save(out, "JPEG", quality=92, exif=exif(), comment=CANARY, **options)
    data = out.getvalue()
    parts = {
        0xE0: b"JFXX\0\x10" + CANARY,
        0xE1: b"http://ns.adobe.com/xap/1.0/\0<x>" + CANARY + b"</x>",
        0xED: b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x16\x1c\x02\x50\0\x11" + CANARY,
        0xEF: CANARY,
    }
    noted = b"".join(b"\xff" + bytes([kind]) + struct.pack(">H", len(part) + 2) + part for kind, part in parts.items())
    return data[:2] + noted + data[2:] + CANARY


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(mode: str = "RGB", **options: object) -> bytes:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", TEXT)
    notes.add_text("Comment", TEXT, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", TEXT)
    out = io.BytesIO()
    drawn(mode).save(out, "PNG", pnginfo=notes, exif=exif(), dpi=(72, 72), **options)
    data = out.getvalue()
    end = data.index(b"IEND") - 4
    return data[:end] + chunk(b"vpAg", CANARY) + chunk(b"zzCl", CANARY) + data[end:] + CANARY


def turned(image: bytes, kind: str) -> bytes:
    with Image.open(io.BytesIO(image)) as opened:
        notes = exif()
        notes[0x0112] = 6
        out = io.BytesIO()
        opened.save(out, kind, exif=notes, quality=95)
        return out.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": jpeg,
    "jpeg in scans": lambda: jpeg(progressive=True),
    "grey jpeg": lambda: jpeg("L"),
    "cmyk jpeg": lambda: jpeg("CMYK"),
    "jpeg with restarts": lambda: jpeg(restart_marker_blocks=2),
    "jpeg in srgb": lambda: jpeg(icc_profile=SRGB),
    "png": png,
    "png with a palette": lambda: png("P"),
    "grey png": lambda: png("L"),
    "transparent png": lambda: png("RGBA"),
    "png in srgb": lambda: png(icc_profile=SRGB),
    "turned jpeg": lambda: turned(jpeg(), "JPEG"),
    "turned png": lambda: turned(png(), "PNG"),
}


def build_with(data: bytes, folder: Path, name: str = "a.jpg") -> tuple[Path, ...]:
    """Build a handout with a picture, as PDF and as book."""
    handout = folder / "source" / "pictured"
    handout.mkdir(parents=True)
    (handout / "en.yaml").write_text(HANDOUT.replace("NAME", name), "utf-8")
    (handout / name).write_bytes(data)
    return tuple(build([Order(handout, "en")], folder / "out", jobs=1).paths)


def everything(pdf: Path) -> bytes:
    """All bytes of a PDF, packed and unpacked."""
    with pikepdf.open(pdf) as document:
        streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
        unpacked = []
        for stream in streams:
            try:
                unpacked.append(stream.read_bytes())
            except pikepdf.PdfError:  # a JPEG stays one
                unpacked.append(stream.read_raw_bytes())
    return pdf.read_bytes() + b"".join(unpacked)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_noted_in_a_picture_reaches_readers(kind: str, tmp_path: Path) -> None:
    data = KINDS[kind]()
    assert CANARY in data
    pdf, epub = build_with(data, tmp_path)
    assert verapdf.check(pdf, "3a") == []
    assert epubcheck.check(epub) == []
    assert CANARY not in everything(pdf)
    with zipfile.ZipFile(epub) as book:
        contents = {name: book.read(name) for name in book.namelist()}
    assert [name for name, content in contents.items() if CANARY in content] == []
    (picture,) = [content for name, content in contents.items() if "pictures/" in name]
    with Image.open(io.BytesIO(picture)) as image:
        assert not image.getexif()
        assert set(image.info) <= {
            "jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform", "progression",
            "progressive", "transparency",
        }  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "turned" not in kind and "cmyk" not in kind])
def test_pixels_stay_as_they_are(kind: str) -> None:
    data = KINDS[kind]()
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(for_readers(data))) as after:
        assert before.mode == after.mode
        assert before.tobytes() == after.tobytes()
        assert before.getpalette() == after.getpalette()


@pytest.mark.parametrize("kind", ["turned jpeg", "turned png", "cmyk jpeg"])
def test_what_is_drawn_anew_looks_the_same(kind: str) -> None:
    with Image.open(io.BytesIO(for_readers(KINDS[kind]()))) as image:
        seen = image.transpose(Image.Transpose.ROTATE_90) if "turned" in kind else image
        assert (seen.mode, seen.size) == ("RGB", SIZE)
        wanted = drawn("CMYK").convert("RGB") if "cmyk" in kind else drawn()
        for place in ((10, 10), (110, 10), (10, 80), (110, 80)):
            assert seen.getpixel(place) == pytest.approx(wanted.getpixel(place), abs=6)


def other_profile() -> bytes:
    """The profile of a device whose red and blue are exchanged."""
    swapped = SRGB.replace(b"rXYZ", b"tmp_", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"tmp_", b"bXYZ", 1)
    return swapped.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))


@pytest.mark.parametrize("made", [png, jpeg])
def test_colours_of_another_profile_become_those_of_srgb(made: Callable[..., bytes]) -> None:
    with Image.open(io.BytesIO(for_readers(made(icc_profile=other_profile())))) as image:
        assert "icc_profile" not in image.info
        red, _, blue = image.getpixel((110, 5))
        assert blue > red + 50


def test_profile_that_is_none_is_passed_over() -> None:
    with Image.open(io.BytesIO(for_readers(png(icc_profile=b"nonsense" * 30)))) as image:
        assert image.tobytes() == drawn().tobytes()


def test_what_is_cut_off_is_an_error_or_a_picture() -> None:
    data, chance = jpeg(), random.Random(1)
    for _ in range(200):
        cut = data[: chance.randrange(len(data))]
        with contextlib.suppress(OSError, ValueError, SyntaxError, struct.error):
            assert for_readers(cut)
