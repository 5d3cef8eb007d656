"""Pictures of authors: readers get their pixels, and nothing of what cameras and programs note in the file."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pypdfium2
import pytest
from helpers.project import common
from judges import epubcheck, programs, verapdf
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from handout_builder.builder.incremental import build
from handout_builder.content.loader import load
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.images.drawn import drawn as svg_drawn
from handout_builder.images.pictures import fitted
from handout_builder.images.pictures import for_readers as cleaned
from handout_builder.orders import Order
from handout_builder.pdf import preflight


def for_readers(data: bytes) -> bytes:
    return cleaned(data)[0]


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


def webp(mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    drawn(mode).save(out, "WEBP", exif=exif(), xmp=CANARY, **options)
    return out.getvalue()


def deep() -> bytes:
    """16 bits a pixel, grey, as scanners write it."""
    out = io.BytesIO()
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", TEXT)
    drawn("L").convert("I").point(lambda value: value * 257).convert("I;16").save(out, "PNG", pnginfo=notes)
    return out.getvalue()


def svg(**_: object) -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 90"><title>C4n4ryOfTheClinic</title>'
        b'<metadata>C4n4ryOfTheClinic</metadata><g id="C4n4ryOfTheClinic"><path fill="#c33" d="M9 9h99v40z"/></g></svg>'
    )


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
    "grey png of 16 bits": deep,
    "webp": lambda: webp(quality=90),
    "lossless webp": lambda: webp(lossless=True),
    "transparent webp": lambda: webp("RGBA", lossless=True),
    "svg": svg,
    "turned jpeg": lambda: turned(jpeg(), "JPEG"),
    "turned png": lambda: turned(png(), "PNG"),
}


ANEW = {"turned", "cmyk", "transparent", "16", "webp", "svg"}
"""What is drawn anew, by a word of its kind."""


def build_with(files: dict[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Build a handout with pictures, as PDF and as book."""
    handout = folder / "source" / "pictured"
    handout.mkdir(parents=True)
    blocks = "\n".join(f"      - {{type: figure, image: {name}, alt: A picture}}" for name in files)
    (handout / "en.yaml").write_text(MANY.replace("BLOCKS", blocks), "utf-8")
    for name, data in files.items():
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


def test_nothing_noted_in_a_picture_reaches_readers(tmp_path: Path) -> None:
    files = {f"{number}.jpg": kind() for number, kind in enumerate(KINDS.values())}
    assert all(CANARY in data for data in files.values())
    pdf, epub = build_with(files, tmp_path)
    assert verapdf.check(pdf, "3a") == []
    assert epubcheck.check(epub) == []
    assert CANARY not in everything(pdf)
    with zipfile.ZipFile(epub) as book:
        contents = {name: book.read(name) for name in book.namelist()}
    assert [name for name, content in contents.items() if CANARY in content] == []
    pictures = {name: content for name, content in contents.items() if "pictures/" in name}
    assert len(pictures) == len(KINDS)
    for name, picture in pictures.items():
        if name.endswith(".svg"):
            continue
        with Image.open(io.BytesIO(picture)) as image:
            assert not image.getexif(), name
            assert set(image.info) <= {
                "jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform", "progression",
                "progressive", "transparency",
            }, name  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not ANEW & set(kind.split())])
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


def half_seen(kind: str, mode: str = "RGBA") -> bytes:
    picture = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (0, 0, 60, 90))
    out = io.BytesIO()
    if mode == "P":
        flat = Image.new("P", SIZE, 0)
        flat.putpalette([1, 2, 3, 200, 0, 0])
        flat.paste(1, (0, 0, 60, 90))
        flat.save(out, kind, transparency=0)
    elif mode == "LA":
        picture.convert("LA").save(out, kind)
    else:
        picture.save(out, kind, lossless=True)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("WEBP", "RGBA")])
def test_what_is_seen_through_gets_a_white_ground(kind: str, mode: str) -> None:
    """On a dark screen its lines would vanish."""
    with Image.open(io.BytesIO(for_readers(half_seen(kind, mode)))) as image:
        assert not image.has_transparency_data
        assert image.convert("RGB").getpixel((100, 40)) == (255, 255, 255)
        assert max(image.convert("RGB").getpixel((20, 40))[1:]) < 70


def test_drawing_gets_a_white_ground_and_its_size() -> None:
    told = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="5 5 40 20" width="60mm"><path d="M9 9h9v9z"/></svg>'
    data = for_readers(told)
    assert b'<rect fill="#ffffff" x="5" y="5" width="40" height="20"/>' in data
    assert b'width="226.772"' in data
    assert b'height="113.386"' in data
    assert b'width="960"' in for_readers(told.replace(b' width="60mm"', b' width="100%"'))


@pytest.mark.parametrize("look", ['opacity="0.3"', 'fill-opacity="0.3"', 'stroke="#c00"', 'clip-path="url(#c)"'])
def test_what_is_said_of_a_whole_drawing_is_not_said_of_its_ground(look: str) -> None:
    clip = '<clipPath id="c"><path d="M9 5h9v9z"/></clipPath>'
    spaces = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"'
    data = for_readers(f'<svg {spaces} {look}>{clip}<path d="M9 5h20v9H9z"/></svg>'.encode())
    shown = svg_drawn(data, 40)
    assert shown.getchannel("A").getextrema() == (255, 255)
    assert shown.getpixel((0, 0)) == (255, 255, 255, 255)
    assert shown.getpixel((30, 12))[1] < 230


def test_sixteen_bits_become_eight() -> None:
    with Image.open(io.BytesIO(for_readers(deep()))) as image:
        assert image.mode in ("L", "P")
        assert image.convert("L").tobytes() == drawn("L").tobytes()


def test_ink_that_is_light_is_read_as_light() -> None:
    """A CMYK JPEG without Adobe's marker, whose numbers are light, as nearly all programs write them."""
    out = io.BytesIO()
    drawn("CMYK").save(out, "JPEG", quality=95)
    data = out.getvalue()
    at = data.index(b"\xff\xee")
    with Image.open(io.BytesIO(for_readers(data[:at] + data[at + 16 :]))) as image:
        assert image.mode == "RGB"
        assert image.getpixel((10, 80)) == pytest.approx(drawn("CMYK").convert("RGB").getpixel((10, 80)), abs=8)


@pytest.mark.parametrize("size", [(5200, 3900), (3900, 5200), (9000, 900)])
def test_large_pictures_come_as_large_as_a_sheet_needs(size: tuple[int, int]) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG")
    shown = for_readers(out.getvalue())
    with Image.open(io.BytesIO(shown)) as image:
        assert image.size == (2600, round(2600 * size[1] / size[0]))
    with Image.open(io.BytesIO(fitted(shown, (1600, 1600)))) as image:
        assert max(image.size) == 1600


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_names_are_found_in_any_form_of_unicode(form: str, written: str, tmp_path: Path) -> None:
    handout = tmp_path / "pictured"
    (handout / unicodedata.normalize(form, "Bücher")).mkdir(parents=True)
    (handout / unicodedata.normalize(form, "Bücher") / unicodedata.normalize(form, "Übung.png")).write_bytes(png())
    text = HANDOUT.replace("NAME", unicodedata.normalize(written, "Bücher/Übung.png"))
    (handout / "en.yaml").write_text(text, "utf-8")
    (data,) = load(handout, "en", common()).pictures.values()
    assert data == for_readers(png())


def head(kind: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + kind + b"\0\0\0\0mif1" + kind


HEIC = head(b"heic")


@pytest.fixture
def heif(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a plug-in for HEIC, in whose files of the test a PNG follows the head."""

    def opened(file: Any, _: Any = None) -> Image.Image:
        if file.read(len(HEIC)) != HEIC:
            raise SyntaxError("no HEIC")
        return Image.open(io.BytesIO(file.read()))

    def register() -> None:
        Image.register_open("HEIF", opened, lambda prefix: prefix[4:12] == b"ftypheic")

    monkeypatch.setitem(sys.modules, "pillow_heif", SimpleNamespace(register_heif_opener=register))
    yield
    Image.OPEN.pop("HEIF", None)
    Image.ID[:] = [name for name in Image.ID if name != "HEIF"]


def pictured(folder: Path, data: bytes) -> bytes:
    handout = folder / "pictured"
    handout.mkdir()
    (handout / "en.yaml").write_text(HANDOUT.replace("NAME", "a.heic"), "utf-8")
    (handout / "a.heic").write_bytes(data)
    (shown,) = load(handout, "en", common()).pictures.values()
    return shown


@pytest.mark.usefixtures("heif")
def test_heic_is_shown_where_pillow_can_open_it(tmp_path: Path) -> None:
    shown = Image.open(io.BytesIO(pictured(tmp_path, HEIC + png())))
    expected = Image.open(io.BytesIO(png()))
    assert (shown.format, shown.size) == ("JPEG", expected.size)
    near = ImageStat.Stat(ImageChops.difference(shown.convert("RGB"), expected.convert("RGB"))).mean
    assert max(near) < 4


@pytest.mark.usefixtures("heif")
def test_a_damaged_heic_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        pictured(tmp_path, HEIC + b"nothing")
    assert "is damaged" in caught.value.problems[0].message


UNUSABLE = {
    "heic": (head(b"heic"), "is a HEIC file", "Most Compatible"),
    "gif": (b"GIF89a\1\0\1\0\0\0\0;", "is a GIF file", "PNG, JPEG or WebP"),
    "tiff": (b"II*\0" + bytes(40), "is a TIFF file", "PNG, JPEG or WebP"),
    "pdf": (b"%PDF-1.7", "is a PDF file", "PNG, JPEG or WebP"),
    "words": (b"hello", "is no picture that can be used", "PNG, JPEG or WebP"),
    "svg with words": (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>a</text></svg>',
        "words",
        "outlines",
    ),
    "half a webp": (webp()[:200], "is damaged", "export it again"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_cannot_be_used_is_named_with_a_way_out(kind: str, tmp_path: Path) -> None:
    data, message, hint = UNUSABLE[kind]
    handout = tmp_path / "pictured"
    handout.mkdir()
    (handout / "en.yaml").write_text(HANDOUT.replace("NAME", "a.jpg"), "utf-8")
    (handout / "a.jpg").write_bytes(data)
    with pytest.raises(HandoutError) as caught:
        load(handout, "en", common())
    (problem,) = caught.value.problems
    assert (problem.code, problem.line) == ("broken-image", 9)
    assert message in problem.message
    assert hint in problem.hint


def test_what_a_drawing_loses_is_told_with_its_line(tmp_path: Path) -> None:
    handout = tmp_path / "pictured"
    handout.mkdir()
    (handout / "en.yaml").write_text(HANDOUT.replace("NAME", "a.svg"), "utf-8")
    (handout / "a.svg").write_bytes(svg().replace(b"<g ", b'<g style="mix-blend-mode:multiply" '))
    (note,) = [note for note in load(handout, "en", common()).notes if note.code == "drawing"]
    assert "'a.svg': left out of the drawing: mix-blend-mode" in note.message
    assert note.line == 9


MANY = """\
title: Pictures
description: A handout with pictures of many kinds.
revised: 2026-01-01
summary: ["Read them."]
sections:
  - id: one
    heading: One
    blocks:
BLOCKS
      - {type: safety, include: see-a-doctor}
sources: [who-2008]
"""


def photograph() -> bytes:
    """12 million pixels, as a telephone takes them."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((4000, 3000)).convert("RGB").save(out, "JPEG", quality=90, exif=exif())
    return out.getvalue()


def faded() -> bytes:
    """A drawing with gradients: of an area, of one that fades, and of a line."""
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60"><defs>'
        b'<linearGradient id="a"><stop stop-color="#c00"/>'
        b'<stop offset="1" stop-color="#00c"/></linearGradient><radialGradient id="b"><stop stop-color="#0a0"/>'
        b'<stop offset="1" stop-color="#0a0" stop-opacity="0"/></radialGradient></defs><rect width="60" height="60"'
        b' fill="url(#a)"/><circle cx="90" cy="30" r="25" fill="url(#b)" stroke="url(#a)" stroke-width="5"/></svg>'
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A handout with pictures of many kinds in three editions and as a book."""
    folder = tmp_path_factory.mktemp("many")
    handout = folder / "source" / "many"
    handout.mkdir(parents=True)
    files = {
        "photo.jpg": photograph(), "cmyk.jpg": jpeg("CMYK"), "deep.png": deep(), "clear.png": half_seen("PNG"),
        "web.webp": webp(), "faded.svg": faded(), "palette.png": png("P"),
    }  # fmt: skip
    for name, data in files.items():
        (handout / name).write_bytes(data)
    blocks = "\n".join(f"      - {{type: figure, image: {name}, alt: A picture}}" for name in files)
    (handout / "en.yaml").write_text(MANY.replace("BLOCKS", blocks), "utf-8")
    editions = tuple(EDITIONS[name] for name in ("a4", "greyscale", "press"))
    paths = build([Order(handout, "en", editions=editions)], folder / "out", jobs=1).paths
    return {path.name.removeprefix("many.en."): path for path in paths}


def test_files_with_pictures_conform(many: dict[str, Path]) -> None:
    assert verapdf.check(many["pdf"], "3a") == []
    assert verapdf.check(many["pdf"], "ua1") == []
    assert verapdf.check(many["greyscale.pdf"], "3a") == []
    assert epubcheck.check(many["epub"]) == []


def spaces(pdf: Path) -> set[str]:
    """The colour spaces that anything in a PDF is painted in, gradients and pictures too."""
    found = set()
    operators = {
        b"rg": "/DeviceRGB",
        b"RG": "/DeviceRGB",
        b"g": "/DeviceGray",
        b"k": "/DeviceCMYK",
        b"K": "/DeviceCMYK",
    }

    def look(part: object) -> None:
        if isinstance(part, pikepdf.Stream | pikepdf.Dictionary):
            for key in ("/ColorSpace", "/CS"):
                if isinstance(part.get(key), pikepdf.Name):
                    found.add(str(part[key]))
                elif isinstance(part.get(key), pikepdf.Array):
                    found.add(f"{part[key][0]} {part[key][1].N}")
            for inner in map(part.get, part.keys()):
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                    look(inner)
        elif isinstance(part, pikepdf.Array):
            for inner in part:
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                    look(inner)

    with pikepdf.open(pdf) as document:
        for item in document.objects:
            look(item)
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") != "/Image":
                with contextlib.suppress(pikepdf.PdfError):
                    words = item.read_bytes().split()
                    found |= {space for operator, space in operators.items() if operator in words}
    return found


def test_grey_and_ink_stay_so(many: dict[str, Path]) -> None:
    assert "/DeviceRGB" in spaces(many["pdf"])  # so that it would be seen
    assert spaces(many["greyscale.pdf"]) == {"/DeviceGray"}
    assert spaces(many["press.pdf"]) <= {"/DeviceGray", "/DeviceCMYK"}


@pytest.mark.parametrize("edition", ["pdf", "greyscale.pdf", "press.pdf"])
def test_pictures_have_300_dots_an_inch_where_they_can(edition: str, many: dict[str, Path]) -> None:
    dots = {tuple(image["pixels"]): image["dpi"] for image in preflight.images(many[edition].read_bytes())}
    (large,) = [dpi for (width, _), dpi in dots.items() if width > 1000]
    assert large == pytest.approx(300, abs=2)
    assert all(dpi < 300 for (width, _), dpi in dots.items() if width < 1000)


def test_books_pictures_are_not_larger_than_screens(many: dict[str, Path]) -> None:
    with zipfile.ZipFile(many["epub"]) as book:
        sizes = {}
        for name in book.namelist():
            if "pictures/" in name and not name.endswith(".svg"):
                with Image.open(io.BytesIO(book.read(name))) as image:
                    sizes[name.rpartition("/")[2]] = image.size
                    assert not image.has_transparency_data
    assert sizes["1.jpg"] == (1600, 1200)
    assert max(max(size) for size in sizes.values()) == 1600


@pytest.mark.tools("pdftoppm")
def test_gradients_are_seen_in_every_reader(many: dict[str, Path], tmp_path: Path) -> None:
    """Poppler leaves tiles out, which WeasyPrint makes of gradients; PDFium draws them."""
    with pypdfium2.PdfDocument(many["pdf"]) as document:
        pages = [page.render(scale=100 / 72).to_pil().convert("RGB") for page in document]
    programs.run("pdftoppm", "-r", 100, "-png", many["pdf"], tmp_path / "page")
    others = [Image.open(path).convert("RGB") for path in sorted(tmp_path.glob("page*.png"))]
    for page, other in zip(pages, others, strict=True):
        small = (other.width // 8, other.height // 8)  # letters stand a share of a pixel apart
        apart = ImageChops.difference(page.resize(small), other.resize(small)).convert("L").histogram()
        assert sum(apart[64:]) < 0.01 * small[0] * small[1]


def test_what_is_cut_off_is_an_error_or_a_picture() -> None:
    data, chance = jpeg(), random.Random(1)
    for _ in range(200):
        cut = data[: chance.randrange(len(data))]
        with contextlib.suppress(OSError, ValueError, SyntaxError, struct.error):
            assert for_readers(cut)


@pytest.mark.parametrize("between", [b"\xff\0\xff\xff\0", b"\xff\xd0", b"junk", b"\0"])
def test_what_only_some_forgive_is_drawn_anew(between: bytes) -> None:
    data = jpeg()
    at = data.index(b"\xff\xdb")
    odd = data[:at] + between + data[at:]
    with Image.open(io.BytesIO(odd)) as before, Image.open(io.BytesIO(for_readers(odd))) as after:
        apart = ImageChops.difference(before, after).getextrema()
    assert max(most for _, most in apart) < 30
    assert for_readers(odd)[20:22] == b"\xff\xdb"  # behind the head, nothing between
