"""Logos that clinics bring: every format is made ready for print, whatever acts or fetches is taken out."""

from __future__ import annotations

import gzip
import io
import random
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from helpers.logo_raster import raster
from helpers.project import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageChops, ImageCms, ImageColor, ImageDraw

from handout_builder.brand import logo
from handout_builder.brand.logo import LogoError, prepare
from handout_builder.errors import HandoutError, Problem
from handout_builder.images import svg_sanitizer
from handout_builder.images.drawn import drawn as svg_drawn
from handout_builder.images.drawn import size as drawn_size

BOX = (38.0, 14.0)
PATH = '<path d="M0,0h40v20h-40z" fill="#123456"/>'
BRANDS = [*(ROOT / "source" / "brands").glob("*/*.svg"), *(ROOT / "tests" / "samples" / "brands").glob("*/logo*.*")]


def svg(body: str, attributes: str = 'viewBox="0 0 40 20"', head: str = "") -> bytes:
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"{head}<svg {spaces} {attributes}>{body}</svg>".encode()


def write(folder: Path, data: bytes, name: str = "logo") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def drawn(mode: str = "RGB", size: tuple[int, int] = (900, 300), colour: Any = (18, 52, 86)) -> Image.Image:
    grounds = {"RGB": (255, 255, 255), "RGBA": (0, 0, 0, 0), "L": 255, "LA": (0, 0), "CMYK": (0, 0, 0, 0)}
    picture = Image.new(mode, size, grounds[mode])
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] - 1), fill=colour)
    ImageDraw.Draw(picture).ellipse((size[0] // 2, 0, size[0] - 1, size[1] - 1), fill=colour)
    return picture


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


# Pictures


def without_marker(data: bytes) -> bytes:
    """A CMYK JPEG of which nothing tells whether its numbers are ink or light: they are light, as Adobe writes them."""
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 16 :]


def interlaced() -> bytes:
    """A PNG in Adam7's seven passes, which Pillow does not write: of one colour a pass, packed by hand."""
    picture = drawn()
    raw = b""
    for x0, y0, dx, dy in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        for y in range(y0, picture.height, dy):
            line = picture.crop((0, y, picture.width, y + 1)).tobytes()
            raw += b"\0" + b"".join(line[3 * x : 3 * x + 3] for x in range(x0, picture.width, dx))
    header = struct.pack(">LLBBBBB", *picture.size, 8, 2, 0, 0, 1)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    packed = (struct.pack(">L", len(d)) + n + d + struct.pack(">L", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


P3 = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PICTURES: dict[str, Callable[[], bytes]] = {
    "rgb": lambda: saved(drawn()),
    "transparent": lambda: saved(drawn("RGBA", colour=(18, 52, 86, 255))),
    "grey": lambda: saved(drawn("L", colour=40)),
    "grey, transparent": lambda: saved(drawn("LA", colour=(40, 255))),
    "palette": lambda: saved(drawn().quantize(4)),
    "16 bits": lambda: saved(drawn("L", colour=40).convert("I").point(lambda v: v * 257).convert("I;16")),
    "1 bit": lambda: saved(drawn("L", colour=0).convert("1")),
    "jpeg": lambda: saved(drawn(), "JPEG", quality=95),
    "webp": lambda: saved(drawn(), "WEBP", lossless=True),
    "transparent webp": lambda: saved(drawn("RGBA", colour=(18, 52, 86, 255)), "WEBP", lossless=True),
    "interlaced": interlaced,
    "cmyk jpeg without Adobe's marker": lambda: without_marker(
        saved(drawn("CMYK", colour=(200, 120, 0, 80)), "JPEG", quality=95)
    ),
    "cmyk jpeg": lambda: saved(drawn("CMYK", colour=(200, 120, 0, 80)), "JPEG", quality=95),
    "profile": lambda: saved(drawn(), icc_profile=P3),
    "interlaced by others": lambda: saved(drawn(), optimize=True, dpi=(72, 72)),
    "animated": lambda: saved(drawn(), save_all=True, append_images=[drawn(colour=(255, 0, 0))]),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_every_picture_is_made_ready(kind: str, tmp_path: Path) -> None:
    ready, remarks = prepare(write(tmp_path, PICTURES[kind]()), "A logo", BOX)
    assert remarks == []
    assert (ready.kind, ready.alt) == ("png", "A logo")
    assert (ready.width, ready.height) == pytest.approx((38, 38 / 3), rel=0.01)
    read = Image.open(io.BytesIO(ready.data))
    assert read.mode in ("RGB", "P")
    assert set(read.info) <= {"transparency"}
    assert "transparency" not in read.info
    dark, light = opened(ready.data).getpixel((20, 20)), opened(ready.data).getpixel((read.width - 1, 0))
    assert min(dark) < 60
    assert min(light) > 250


@pytest.mark.parametrize("ground", ["#ffffff", "#0b2545", "#eaf2f4"])
def test_what_is_transparent_takes_the_ground(ground: str, tmp_path: Path) -> None:
    data = saved(drawn("RGBA", colour=(200, 30, 60, 255)))
    ready, _ = prepare(write(tmp_path, data), "A logo", BOX, ground)
    corner = opened(ready.data).getpixel((opened(ready.data).width - 1, 0))
    assert "#{:02x}{:02x}{:02x}".format(*corner) == ground


def test_an_icon_of_few_units_is_as_large_in_the_book_as_in_print(tmp_path: Path) -> None:
    path = write(tmp_path, svg('<circle cx="12" cy="12" r="9" fill="#123456"/>', 'viewBox="0 0 24 24"'))
    ready = prepare(path, "A logo", BOX)[0]
    assert drawn_size(ready.data) == pytest.approx((ready.width / 25.4 * 96, ready.height / 25.4 * 96), rel=0.001)


@pytest.mark.parametrize("ground", ["#ffffff", "#e8f0e8"])
@pytest.mark.parametrize("look", ["", 'opacity="0.9"'])
def test_a_drawing_has_its_ground_with_it(ground: str, look: str, tmp_path: Path) -> None:
    """A book's page may be dark, and a reader may leave the grounds of style sheets out."""
    path = write(tmp_path, svg('<circle cx="20" cy="10" r="9" fill="#123456"/>', f'viewBox="0 0 40 20" {look}'))
    shown = svg_drawn(prepare(path, "A logo", BOX, ground)[0].data, 60)
    assert shown.getchannel("A").getextrema() == (255, 255)
    assert shown.getpixel((1, 1)) == (*ImageColor.getrgb(ground), 255)


def test_margins_are_cut_off(tmp_path: Path) -> None:
    wide = Image.new("RGBA", (1800, 1200), (0, 0, 0, 0))
    wide.paste(drawn(), (600, 400))
    ready, _ = prepare(write(tmp_path, saved(wide)), "A logo", BOX)
    assert ready.width / ready.height == pytest.approx(3, rel=0.01)


def test_photographs_own_turn_is_followed(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    ready, _ = prepare(write(tmp_path, saved(drawn(), "JPEG", exif=exif)), "A logo", BOX)
    assert ready.height > ready.width


def test_profile_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    _, remarks = prepare(write(tmp_path, saved(drawn(), icc_profile=b"nonsense" * 20)), "A logo", BOX)
    assert "profile" in remarks[0]


def test_colours_of_a_profile_become_those_of_srgb(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert profile  # a picture in another space than its channels is not trusted
    ready, _ = prepare(write(tmp_path, saved(drawn(), icc_profile=P3)), "A logo", BOX)
    assert opened(ready.data).getpixel((20, 20)) == pytest.approx((18, 52, 86), abs=2)


def test_few_pixels_are_printed_smaller(tmp_path: Path) -> None:
    ready, remarks = prepare(write(tmp_path, saved(drawn(size=(240, 80)))), "A logo", BOX)
    assert (ready.width, ready.height) == pytest.approx((240 / 300 * 25.4, 80 / 300 * 25.4))
    assert "240 × 80" in remarks[0]
    assert "300 dpi" in remarks[0]


def test_too_few_pixels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LogoError, match="60 × 20") as caught:
        prepare(write(tmp_path, saved(drawn(size=(60, 20)))), "A logo", BOX)
    assert "at least 449 px" in caught.value.hint


def test_many_pixels_are_made_fewer(tmp_path: Path) -> None:
    ready, _ = prepare(write(tmp_path, saved(drawn(size=(6000, 2000)))), "A logo", BOX)
    read = opened(ready.data)
    assert read.width / (ready.width / 25.4) == pytest.approx(600, rel=0.01)
    assert len(ready.data) < 20_000


@pytest.mark.parametrize("mode", ["RGBA", "CMYK", "P"])
def test_far_too_many_pixels_look_the_same(mode: str, tmp_path: Path) -> None:
    """As many as take hundreds of MB are mixed first; a profile, and which way is up, are kept."""
    few, many = (
        drawn(
            "RGB" if mode == "P" else mode,
            (times * 900, times * 300),
            0 if mode == "L" else (18, 52, 86, 255)[: len(mode)],
        )
        for times in (1, 6)
    )
    kind = "JPEG" if mode == "CMYK" else "PNG"
    seen = [
        opened(prepare(write(tmp_path, saved(picture.convert(mode), kind)), "A logo", BOX)[0].data).convert("RGB")
        for picture in (few, many)
    ]
    difference = ImageChops.difference(*(picture.resize((450, 150)) for picture in seen)).convert("L")
    assert sum(difference.histogram()[48:]) < 0.01 * 450 * 150


@pytest.mark.parametrize(("size", "words"), [((6000, 300), "very wide"), ((400, 2400), "very tall")])
def test_odd_shapes_are_remarked(size: tuple[int, int], words: str, tmp_path: Path) -> None:
    ready, remarks = prepare(write(tmp_path, saved(drawn(size=size))), "A logo", BOX)
    assert ready.width <= BOX[0] + 0.01
    assert ready.height <= BOX[1] + 0.01
    assert any(words in remark for remark in remarks)


def test_same_bytes_again(tmp_path: Path) -> None:
    noise = random.Random(1)
    photo = Image.frombytes("RGB", (500, 200), bytes(noise.randrange(256) for _ in range(500 * 200 * 3)))
    path = write(tmp_path, saved(photo))
    assert prepare(path, "A logo", BOX) == prepare(path, "A logo", BOX)


def pdf(
    pages: int = 1, size: tuple[float, float] = (595, 842), content: bytes = b"0 0 1 rg 200 400 90 30 re f"
) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=size)
        document.pages[-1].Contents = document.make_stream(content)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_drawing_on_a_page_is_cut_out_and_sharp(tmp_path: Path) -> None:
    ready, remarks = prepare(write(tmp_path, pdf()), "A logo", BOX)
    assert remarks == []
    assert ready.width / ready.height == pytest.approx(3, rel=0.02)
    assert opened(ready.data).width / (ready.width / 25.4) > 299


def test_first_of_several_pages_is_used(tmp_path: Path) -> None:
    _, remarks = prepare(write(tmp_path, pdf(3)), "A logo", BOX)
    assert "3 pages" in remarks[0]


def locked() -> bytes:
    with pikepdf.open(io.BytesIO(pdf())) as document:
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """Return a small file that says it is a huge picture."""
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    packed = (struct.pack(">L", len(d)) + n + d + struct.pack(">L", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "words": (lambda: b"my logo", "no picture that can be used"),
    "gif": (lambda: saved(drawn(), "GIF"), "cannot be used"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIC file"),
    "tiff": (lambda: saved(drawn(), "TIFF"), "cannot be used"),
    "eps": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "cannot be used"),
    "half a png": (lambda: saved(drawn())[:400], "damaged"),
    "half a jpeg": (lambda: saved(drawn(), "JPEG")[:2000], "damaged"),
    "huge": (lambda: png_header(60_000, 60_000), "50 million|damaged"),
    "bomb": (lambda: png_header(9_000, 9_000), "50 million"),
    "nothing to see": (lambda: saved(Image.new("RGBA", (600, 200), (0, 0, 0, 0))), "logo is empty"),
    "white": (lambda: saved(Image.new("RGB", (600, 200), "white")), "logo is empty"),
    "one colour": (lambda: saved(Image.new("RGB", (20, 20), "red")), "only 20"),
    "half a pdf": (lambda: pdf()[:200], "damaged"),
    "locked pdf": (locked, "password"),
    "blank pdf": (lambda: pdf(content=b""), "empty"),
    "html": (lambda: b"<html><body>logo</body></html>", "no SVG"),
    "half an svg": (lambda: svg(PATH)[:60], "damaged"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_files_are_refused_in_words(kind: str, tmp_path: Path) -> None:
    make, words = BAD[kind]
    with pytest.raises(LogoError, match=words) as caught:
        prepare(write(tmp_path, make()), "A logo", BOX)
    assert caught.value.hint


def test_files_that_are_none(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(11_000_000)
    for path, words in (
        (tmp_path, "cannot be read"),
        (tmp_path / "missing", "cannot be read"),
        (tmp_path / "large", "more than 10 MB"),
    ):
        with pytest.raises(LogoError, match=words):
            prepare(path, "A logo", BOX)


def test_enormous_page_is_drawn_within_bounds(tmp_path: Path) -> None:
    ready, _ = prepare(write(tmp_path, pdf(size=(14_000, 14_000), content=b"0 g 0 0 14000 6000 re f")), "A logo", BOX)
    assert ready.width == pytest.approx(14 * 14 / 6, rel=0.1)


# Drawings


NASTY = {
    "script": "<script>alert(1)</script>",
    "script of another": '<script xlink:href="https://example.com/x.js"/>',
    "onload": '<g onload="alert(1)">' + PATH + "</g>",
    "onclick in capitals": '<g onClick="alert(1)">' + PATH + "</g>",
    "link": '<a xlink:href="https://example.com/">' + PATH + "</a>",
    "javascript": '<a href="javascript:alert(1)">' + PATH + "</a>",
    "foreign": '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="x"/></body></foreignObject>',
    "use of a file": '<use xlink:href="other.svg#a"/>',
    "use of data": '<use href="data:image/svg+xml,x#a"/>',
    "use of the web": '<use xlink:href="https://example.com/x.svg#a"/>',
    "animated link": '<set attributeName="href" to="javascript:alert(1)"/>',
    "animate": '<animate attributeName="x" values="1;2"/>',
    "import": "<style>@import url(https://example.com/x.css); .a{fill:red}</style>",
    "font face": "<style>@font-face{font-family:x;src:url(https://example.com/x.woff)}</style>",
    "url in a sheet": "<style>.a{fill:url(https://example.com/x)}</style>",
    "escaped url": r"<style>.a{fill:u\72l(https://example.com/x)}</style>",
    "url in a style": '<g style="fill:url(https://example.com/x)">' + PATH + "</g>",
    "background": '<g style="background:url(https://example.com/x)">' + PATH + "</g>",
    "expression": '<g style="width:expression(alert(1))">' + PATH + "</g>",
    "behaviour": '<g style="behavior:url(x.htc);-moz-binding:url(x.xml#a)">' + PATH + "</g>",
    "url in a fill": '<path d="M0,0h9v9z" fill="url(https://example.com/x#a)"/>',
    "quoted url in a fill": '<path d="M0,0h9v9z" fill="url(\'file:///etc/passwd#a\')"/>',
    "image set": "<g style=\"mask:image-set('https://example.com/x' 1x)\">" + PATH + "</g>",
    "filter": '<filter id="f"><feDropShadow/></filter><g filter="url(#f)">' + PATH + "</g>",
    "cdata": "<style><![CDATA[.a{fill:url(https://example.com/x)}]]></style>",
    "handler of another space": '<g xmlns:ev="http://www.w3.org/2001/xml-events" ev:event="load">' + PATH + "</g>",
    "notes of a program": '<metadata>made by</metadata><x:y xmlns:x="http://example.com/ns">z</x:y>',
    "base": '<g xml:base="https://example.com/">' + PATH + "</g>",
    "inclusion": '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>',
    "handler": '<handler type="application/javascript">alert(1)</handler>',
    "iframe": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="https://example.com"/>',
    "audio": '<audio xmlns="http://www.w3.org/1999/xhtml" src="https://example.com" onerror="x"/>',
}
TRACES = re.compile(
    r"script|alert|example\.com|onload|onclick|onerror|foreign|data:|file:|@|image-set|expression|behavior|binding"
    r"|animate|filter|passwd|include|metadata|iframe|xml-events|xml:base|background|\.svg",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_nothing_that_acts_or_fetches_is_left(kind: str, encoding: str) -> None:
    head = '<?xml version="1.0" encoding="utf-16"?>' if encoding == "utf-16" else ""
    head += '<?xml-stylesheet href="https://example.com/x.css"?><!-- script -->'
    data = svg(NASTY[kind] + PATH, head=head).decode().encode(encoding)
    cleaned, ratio, remarks = svg_sanitizer.clean(data)
    assert ratio == 2
    text = cleaned.decode()
    without_namespaces = re.sub(r' xmlns(:\w+)?="http://www\.w3\.org/(2000/svg|1999/xlink)"', "", text)
    assert not TRACES.search(without_namespaces), text
    names = {etree.QName(element).localname for element in etree.fromstring(cleaned).iter()}
    assert "path" in names
    assert kind in ("notes of a program", "base", "inclusion", "handler of another space", "iframe", "audio") or remarks


def test_no_ground_is_taken_from_an_attribute() -> None:
    """It is a property of style sheets alone, whose values are looked through."""
    ground = 'viewBox="0 0 40 20" background-color="url(https://example.com/x#a)"'
    assert b"example.com" not in svg_sanitizer.clean(svg(PATH, ground))[0]


def test_remarks_name_what_was_left_out() -> None:
    _, _, remarks = svg_sanitizer.clean(svg('<script/><g onload="x"/>' + PATH))
    assert remarks == ["left out of the drawing: onload, script"]


GOOD = {
    "style sheet": "<style>.a{fill:#f00;stroke:rgb(0,0,0)}</style>" + PATH.replace("fill", 'class="a" fill'),
    "gradient": '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>'
    '<path d="M0,0h9v9z" fill="url(#g)"/>',
    "transform": '<g transform="translate(1 2) rotate(30)">' + PATH + "</g>",
    "use": '<defs><path id="a" d="M0,0h9v9z"/></defs><use xlink:href="#a" x="3"/>',
    "clip": '<clipPath id="c"><circle r="4"/></clipPath><g clip-path="url(#c)">' + PATH + "</g>",
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_draws_stays(kind: str) -> None:
    data = svg(GOOD[kind])
    cleaned, _, remarks = svg_sanitizer.clean(data)
    assert remarks == []
    other = raster(data.replace(b"<svg ", b'<svg width="40" height="20" '), "svg", 60)
    # A circle that is a path now is not the same to the last bit.
    assert max(high for _, high in ImageChops.difference(raster(cleaned, "svg", 60), other).getextrema()) < 32


@settings(deadline=None)
@example("#2e7d32")
@example("#9e9")
@given(st.from_regex("#([0-9a-fA-F]{3}|[0-9a-fA-F]{4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})", fullmatch=True))
def test_no_colour_is_taken_for_a_number(colour: str) -> None:
    gradient = f'<linearGradient id="g"><stop offset="0" stop-color="{colour}"/></linearGradient>'
    sheet = f"<style>.a{{fill:{colour}}}</style>"
    shapes = (f'fill="{colour}"', f'stroke="{colour}"', f'style="stroke:{colour}"', 'class="a"', 'fill="url(#g)"')
    svg_sanitizer.clean(svg(gradient + sheet + "".join(f'<path d="M0,0h40v20h-40z" {looks}/>' for looks in shapes)))


def laughs(element: str, attribute: str) -> str:
    """Ten of ten of ten … of a mask or a clip; in `attribute` stands the number of the one below."""
    part = f'<{element} id="c0">{PATH}</{element}>'
    for n in range(6):
        shape = PATH.replace("<path", "<path " + attribute.format(n))
        part += f'<{element} id="c{n + 1}">{shape * 10}</{element}>'
    return part + PATH


REFUSED = {
    "words": (svg("<text>Clinic</text>" + PATH), "words"),
    "words in a group": (svg("<g><text><tspan>Clinic</tspan></text></g>" + PATH), "words"),
    "picture": (svg('<image href="data:image/png;base64,AAAA"/>' + PATH), "picture"),
    "entities of elements": (svg("<g>&a;</g>" + PATH, head='<!DOCTYPE svg [<!ENTITY a "<g/>">]>'), "entities"),
    "laughs": (
        svg("<g>&c;</g>" + PATH, head='<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>'),
        "entities",
    ),
    "external entity": (svg("<g>&a;</g>", head='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "entities"),
    "compressed": (gzip.compress(svg(PATH)), "compressed"),
    "nothing drawn": (svg("<g/>"), "empty"),
    "copies of copies": (
        svg(
            '<g id="a0">'
            + PATH
            + "</g>"
            + "".join(f"""<g id="a{n + 1}">{f'<use href="#a{n}"/>' * 10}</g>""" for n in range(6))
        ),
        "too large",
    ),
    "masks of masks": (svg(laughs("mask", 'mask="url(#c{})"')), "too large"),
    "clips of clips": (svg(laughs("clipPath", 'style="clip-path:url(#c{})"')), "too large"),
    "clips by rules": (
        svg(
            "".join(f"<style>.c{n}{{clip-path:url(#c{n})}}</style>" for n in range(7))
            + laughs("clipPath", 'class="c{}"')
        ),
        "too large",
    ),
    "many copies": (svg(PATH.replace("<path", '<path id="a"') + '<use href="#a"/>' * 9_000), "too large"),
    "a large part for many shapes": (
        svg(
            f'<linearGradient id="a">{"<stop/>" * 500}</linearGradient><g fill="url(#a)">{PATH * 500}</g>',
        ),
        "too large",
    ),
    "copy of itself": (svg('<g id="a">' + PATH + '<use href="#a"/></g>'), "themselves"),
    "mask of itself": (svg('<mask id="a"><g mask="url(#a)">' + PATH + "</g></mask>"), "themselves"),
    "gradients in a ring": (
        svg('<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>' + PATH),
        "themselves",
    ),
    "gradient that repeats": (svg('<linearGradient id="a" x2="1e-7" spreadMethod="repeat"/>' + PATH), "repeats"),
    "dashes too fine": (svg('<path d="M0 0h9" stroke-dasharray="1e-7"/>'), "dashes"),
    "rules that look for long": (svg("<style>g g g g{fill:red}</style>" + PATH), "many parts"),
    "many rules": (svg("<style>" + "".join(f".a{n}{{fill:red}}" for n in range(1001)) + "</style>" + PATH), "1,000"),
    "path to infinity": (svg('<path d="M1e400 0L5 5"/>'), "beyond a million"),
    # It is taken up to there, as browsers take it.
    "path of nan": (svg('<path d="M0 0LnanL5 5"/>'), "the logo is empty"),
    "numbers as Python writes them": (svg('<rect width="1_0" height="9e9_9"/>'), "no number"),
    "numbers in other digits": (svg('<rect width="٩" height="9"/>'), "no number"),
    "turn of nan": (svg('<g transform="rotate(nan)">' + PATH + "</g>"), "no number"),
    "scaled without end": (svg('<g transform="scale(9e5) scale(9e5)">' + PATH + "</g>"), "beyond all measure"),
    "style without end": (svg('<path d="M0 0h9" style="stroke-width:1e308"/>'), "beyond a million"),
    "rule without end": (svg("<style>path{stroke-width:1e308}</style>" + PATH), "beyond a million"),
    "size too small": (svg(PATH, 'viewBox="0 0 1e-9 1e-9"'), "size"),
    "arrowheads beyond measure": (
        svg(f'<marker id="m">{PATH * 500}</marker><path d="M0 0{"h1v1" * 500}" marker-mid="url(#m)"/>'),
        "arrowheads",
    ),
    "arrowhead turned by nan": (
        svg(f'<marker id="m" refX="nan">{PATH}</marker><path d="M0 0h9" marker-end="url(#m)"/>'),
        "cannot be worked out",
    ),
    "arrowhead without end": (
        svg(f'<marker id="m" refX="1e999">{PATH}</marker><path d="M0 0h9" marker-end="url(#m)"/>'),
        "no number|beyond a million",
    ),
    "arrowheads in a ring": (
        svg(f'<marker id="m"><use href="#a"/></marker><g id="a">{PATH}<path d="M0 0h9" marker-end="url(#m)"/></g>'),
        "themselves",
    ),
    "many parts": (svg(PATH * 20_001), "20,000"),
    "deep": (svg("<g>" * 150 + PATH + "</g>" * 150), "deep|damaged"),
    "no size": (svg(PATH, ""), "size"),
    "size in percent": (svg(PATH, 'width="100%" height="100%"'), "size"),
    "size zero": (svg(PATH, 'viewBox="0 0 0 20"'), "size"),
    "size of nan": (svg(PATH, 'viewBox="0 0 NaN 20"'), "size"),
    "size without end": (svg(PATH, 'viewBox="0 0 1e999 20"'), "size"),
    "not closed": (b'<svg xmlns="http://www.w3.org/2000/svg"><g>', "damaged"),
    "another root": (b"<math/>", "no SVG"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_drawings_that_are_refused(kind: str, tmp_path: Path) -> None:
    data, words = REFUSED[kind]
    with pytest.raises(LogoError, match=words) as caught:
        prepare(write(tmp_path, data), "A logo", BOX)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("attributes", "ratio"),
    [
        ('viewBox="0 0 40 20"', 2.0),
        ('viewBox="10,5 30 10" width="100%"', 3.0),
        ('width="40" height="20"', 2.0),
        ('width="40mm" height="2cm"', 2.0),
        ('width="1in" height="36pt"', 2.0),
    ],
)
def test_shape_of_the_drawing(attributes: str, ratio: float, tmp_path: Path) -> None:
    ready, _ = prepare(write(tmp_path, svg(PATH, attributes)), "A logo", BOX)
    assert ready.width / ready.height == pytest.approx(ratio, rel=0.02)
    assert ready.width <= BOX[0] + 0.01
    assert ready.height <= BOX[1] + 0.01


@pytest.mark.parametrize(
    "body",
    [
        '<rect x="40" y="15" width="20" height="10" fill="#003366"/>',
        '<rect width="100" height="40" fill="#fff"/><rect x="40" y="15" width="20" height="10" fill="#003366"/>',
        '<g transform="translate(50 20)"><path stroke="#003366" stroke-width="10" d="M-10 0h20"/></g>',
    ],
    ids=["bare", "on a white sheet", "a stroke"],
)
def test_margins_of_drawings_are_cut_off(body: str, tmp_path: Path) -> None:
    ready, _ = prepare(write(tmp_path, svg(body, 'viewBox="0 0 100 40"')), "A logo", BOX)
    assert (ready.width, ready.height) == pytest.approx((28, 14), rel=0.02)
    shown = raster(ready.data, "svg", 100)
    assert shown.getpixel((3, 3)) == shown.getpixel((shown.width - 4, 96)) == (0, 51, 102)


def test_strokes_width_is_not_the_drawings(tmp_path: Path) -> None:
    feather = svg(
        '<path d="M3 12h18M12 3v18"/><circle cx="12" cy="12" r="9"/>',
        'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"',
    )
    ready, _ = prepare(write(tmp_path, feather), "A logo", BOX)
    assert (ready.width, ready.height) == pytest.approx((14, 14), rel=0.01)
    assert min(raster(ready.data, "svg", 90).getpixel((45, 45))) < 10


WHITE = '<path fill="#fff" d="M0 0h100v10H0zM0 20h100v20H0z"/>'
PALE: dict[str, Callable[[], bytes]] = {
    "a drawing": lambda: svg(WHITE, 'viewBox="0 0 100 40"'),
    "a pale drawing": lambda: svg(WHITE.replace("#fff", "#fff9c4"), 'viewBox="0 0 100 40"'),
    "pixels": lambda: saved(drawn("RGBA", colour=(255, 255, 255, 255))),
    "webp": lambda: saved(drawn("RGBA", colour=(255, 255, 255, 255)), "WEBP", lossless=True),
}


@pytest.mark.parametrize("kind", PALE)
def test_white_logo_is_seen(kind: str, tmp_path: Path) -> None:
    path = write(tmp_path, PALE[kind]())
    with pytest.raises(logo.UnseenError, match="cannot be seen"):
        prepare(path, "A logo", BOX)
    ready, remarks = prepare(path, "A logo", BOX, "#ffffff", ("#fffde7", "#1b5466"))
    assert "stands on a ground of its own, #1b5466" in remarks[-1]
    shown = raster(ready.data, ready.kind, 120)
    corner, light = shown.getpixel((2, 2)), max(min(pixel) for _, pixel in shown.getcolors(100_000) or [])
    assert corner == pytest.approx((0x1B, 0x54, 0x66), abs=2)
    assert light > 190


@pytest.mark.parametrize("kind", PALE)
def test_white_logo_stands_on_a_dark_ground_as_it_is(kind: str, tmp_path: Path) -> None:
    ready, remarks = prepare(write(tmp_path, PALE[kind]()), "A logo", BOX, "#0b2545")
    assert remarks == []
    assert ready.width / ready.height == pytest.approx(2.5 if "drawing" in kind else 3, rel=0.02)


def test_whether_a_logo_is_seen_on_a_ground_can_be_asked(tmp_path: Path) -> None:
    path = write(tmp_path, PALE["pixels"]())
    assert [logo.is_seen(path, ground) for ground in ("#ffffff", "#0b2545")] == [False, True]


def test_the_white_sheet_of_a_drawing_is_no_box_on_a_dark_ground(tmp_path: Path) -> None:
    sheet = '<rect width="100" height="40" fill="#fff"/><circle cx="30" cy="20" r="15" fill="#fc0"/>'
    path = write(tmp_path, svg(sheet, 'viewBox="0 0 100 40"'))
    ready, _ = prepare(path, "A logo", BOX, "#0b2545")
    assert ready.width / ready.height == pytest.approx(1, rel=0.05)
    assert b"ffffff" not in ready.data


def test_pixels_in_a_line_and_pages_without_end_are_no_logos(tmp_path: Path) -> None:
    with pytest.raises(LogoError, match=r"would be printed .* mm, a line"):
        prepare(write(tmp_path, saved(Image.new("RGB", (6000, 12), "#123456"))), "A logo", BOX)
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(10, 10))
        document.pages[0].mediabox = [0, 0, 1_000_000, 10]
        document.pages[0].obj.Resources, out = pikepdf.Dictionary(), io.BytesIO()
        document.save(out)
    with pytest.raises(LogoError, match="has no size"):
        prepare(write(tmp_path, out.getvalue()), "A logo", BOX)


@pytest.mark.parametrize(
    "error",
    [ValueError("too odd"), HandoutError([Problem("engine", "too odd", Path("logo.svg"))])],
    ids=lambda error: type(error).__name__,
)
def test_a_drawing_that_the_engine_cannot_draw_is_told(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(logo, "drawn", refuse)
    body = f'<path d="M0 0h{len(str(error))}v40z"/>'  # what was looked at is kept by what is in the file
    with pytest.raises(LogoError, match="the logo cannot be drawn: too odd"):
        prepare(write(tmp_path, svg(body, 'viewBox="0 0 100 40"')), "A logo", BOX)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("own", ["#ffffff", "#f4f4f4"])
def test_ground_of_an_opaque_logo_is_matched(kind: str, own: str, tmp_path: Path) -> None:
    picture = Image.new("RGB", (900, 400), own)
    ImageDraw.Draw(picture).ellipse((150, 100, 750, 300), fill=(18, 52, 86))
    ImageDraw.Draw(picture).rectangle((400, 180, 500, 220), fill="#ffffff")
    wash = "#eaf2f4"
    ready, _ = prepare(write(tmp_path, saved(picture, kind, quality=95)), "A logo", BOX, wash)
    assert ready.width / ready.height == pytest.approx(3, rel=0.02)
    shown = opened(ready.data)
    assert shown.getpixel((1, 1)) == pytest.approx((0xEA, 0xF2, 0xF4), abs=4)
    assert shown.getpixel((shown.width // 4, shown.height // 2)) == pytest.approx((18, 52, 86), abs=5)


def test_illustrators_own_head_is_harmless() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    cleaned, _, remarks = svg_sanitizer.clean(svg(PATH, head=head))
    assert b"DOCTYPE" not in cleaned
    assert remarks == []


@pytest.mark.parametrize(
    "path", sorted(p for p in BRANDS if p.suffix == ".svg"), ids=lambda p: f"{p.parent.name}-{p.stem}"
)
def test_logos_of_the_examples_look_the_same(path: Path) -> None:
    cleaned, _, remarks = svg_sanitizer.clean(path.read_bytes())
    assert remarks == []
    assert raster(cleaned, "svg", 90).tobytes() == raster(path.read_bytes(), "svg", 90).tobytes()


pieces = st.sampled_from([*NASTY.values(), *GOOD.values(), PATH, "<g>", "</g>", "<!-- -->", "&amp;", "text"])


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=6).map("".join))
def test_what_is_clean_stays_as_it_is(body: str) -> None:
    try:
        once, _, _ = svg_sanitizer.clean(svg(body + PATH))
    except svg_sanitizer.SvgError:
        return
    twice, _, remarks = svg_sanitizer.clean(once)
    assert (twice, remarks) == (once, [])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damage_never_gives_more_than_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    whole = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.none(), st.integers(0, len(whole))))
    try:
        ready, _ = prepare(write(tmp_path_factory.mktemp("logo"), bytes(whole[:end])), "A logo", BOX)
    except LogoError:
        return
    assert ready.data


SEEDS = [
    saved(drawn(size=(300, 100))),
    saved(drawn(size=(300, 100)), "JPEG"),
    pdf(size=(90, 30)),
    svg(GOOD["style sheet"]),
]
