"""Brands that never end, leave their folder or break the engine: drawings, PDFs, fonts, templates, style sheets."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import pikepdf
from fontTools.ttLib.woff2 import brotli
from pikepdf import Array, Dictionary, Name

from corpus.brands import NOTO, Make, brand, font, logo, svg, template

RECT = '<rect width="9" height="9"/>'


def laughs(element: str, attribute: str) -> str:
    """Ten of ten of ten … of a part of a drawing; in `attribute` stands the number of the one below."""
    parts = f'<{element} id="p0">{RECT}</{element}>'
    for n in range(9):
        parts += f'<{element} id="p{n + 1}">{RECT.replace(" ", f" {attribute.format(n)} ", 1) * 10}</{element}>'
    return parts + RECT.replace(" ", f" {attribute.format(9)} ", 1)


def pdf(content: bytes, *, kind: str = "", copies: int = 0) -> Make:
    """A PDF of a page that draws, perhaps by ten of ten of ten … forms or masks; it is made when its turn comes."""

    def make(folder: Path) -> None:
        document = pikepdf.new()
        document.add_blank_page(page_size=(90, 30))
        page = document.pages[0].obj
        drawn = None
        for _ in range(copies):
            made = pikepdf.Stream(document, b"0 g 5 5 20 20 re f" if drawn is None else content * 10)
            made["/Subtype"], made["/BBox"] = Name.Form, Array([0, 0, 90, 30])
            if drawn is not None:
                made["/Resources"] = resources(kind, drawn)
            drawn = document.make_indirect(made)
        page["/Contents"] = document.make_stream(content)
        page["/Resources"] = resources(kind, drawn) if drawn is not None else Dictionary()
        out = io.BytesIO()
        document.save(out)
        logo("a.pdf", out.getvalue())(folder)

    return make


def resources(kind: str, drawn: pikepdf.Object) -> Dictionary:
    if kind == "mask":
        return Dictionary(ExtGState=Dictionary({"/F": Dictionary(SMask=Dictionary(S=Name.Luminosity, G=drawn))}))
    if kind == "pattern":
        drawn["/PatternType"] = 1
        return Dictionary(Pattern=Dictionary({"/F": drawn}))
    return Dictionary(XObject=Dictionary({"/F": drawn}))


def woff(packed: bytes) -> bytes:
    """A WOFF that says 1,000 bytes."""
    head = struct.pack(">4sLLHHLHHLLLLL", b"wOFF", 0x00010000, 64 + len(packed), 1, 0, 1000, 0, 0, 0, 0, 0, 0, 0)
    return head + struct.pack(">4sLLLL", b"glyf", 64, len(packed), len(packed) + 1, 0) + packed


def woff2(packed: bytes) -> bytes:
    """A WOFF2 that says 1,000 bytes."""
    size = 51 + len(packed)
    head = struct.pack(">4sLLHHLLHHLLLLL", b"wOF2", 0x00010000, size, 1, 0, 1000, len(packed), 0, 0, 0, 0, 0, 0, 0)
    return head + bytes([0xC0 | 11, 0x87, 0x68]) + packed


def with_units(units: int) -> bytes:
    """The font with other units per em: its letters are as large as houses."""
    data = bytearray(NOTO)
    struct.pack_into(">H", data, struct.unpack_from(">L", data, data.index(b"head", 12) + 8)[0] + 18, units)
    return bytes(data)


def linked(name: str, target: str, body: str = "", page: str = "print.html") -> Make:
    """A brand in whose layouts a link leads elsewhere; relative targets begin at the project's folder."""

    def make(folder: Path) -> None:
        template(body, page)(folder) if body else (brand()(folder), (folder / "layouts").mkdir())
        (folder / "layouts" / name).symlink_to(target if target.startswith("/") else folder.parents[2] / target)

    return make


def layouts_elsewhere(folder: Path) -> None:
    brand()(folder)
    (folder / "layouts").symlink_to("/etc")


def pipe(name: str, body: str = "") -> Make:
    """A brand with a pipe in its layouts: who reads it waits for ever."""

    def make(folder: Path) -> None:
        template(body.replace("PIPE", (folder / "layouts" / name).as_uri()), "print.css")(folder)
        (folder / "layouts" / name).unlink(missing_ok=True)
        os.mkfifo(folder / "layouts" / name)

    return make


def css(rules: str) -> Make:
    return template(rules, "print.css")


def book(rules: str) -> Make:
    return template(rules, "book.css")


LARGE = 100_000_000


def large_font(name: str) -> Make:
    """A font that unpacks to 100 MB; it is packed when its turn comes, which takes a second."""

    def make(folder: Path) -> None:
        large = bytes(LARGE)
        data = woff2(brotli.compress(large, quality=5)) if name.endswith("2") else woff(zlib.compress(large, 9))
        font(data, name)(folder)

    return make


# What `brand check` must answer.
CASES: dict[str, Make] = {
    "svg-mask-laughs": svg(laughs("mask", 'mask="url(#p{})"')),
    "svg-clip-laughs": svg(laughs("clipPath", 'clip-path="url(#p{})"')),
    "svg-clip-laughs-by-style": svg(laughs("clipPath", "style=\"clip-path:url('#p{}')\"")),
    "svg-clip-laughs-by-rules": svg(
        "<style>"
        + "".join(f".c{n}{{clip-path:url(#p{n})}}" for n in range(10))
        + "</style>"
        + laughs("clipPath", 'class="c{}"')
    ),
    "svg-use-many": svg(f'<g id="a">{RECT * 5000}</g>' + '<use href="#a"/>' * 400),
    "svg-symbol-laughs": svg(
        f'<symbol id="p0">{RECT}</symbol>'
        + "".join(f"""<symbol id="p{n + 1}">{f'<use href="#p{n}"/>' * 10}</symbol>""" for n in range(8))
        + '<use href="#p8"/>'
    ),
    "svg-gradient-for-all": svg(
        f'<linearGradient id="a">{"<stop/>" * 4000}</linearGradient><g fill="url(#a)">{RECT * 4000}</g>'
    ),
    "svg-mask-of-itself": svg(f'<mask id="a"><g mask="url(#a)">{RECT}</g></mask>{RECT}'),
    "svg-masks-in-a-ring": svg(
        f'<mask id="a"><g mask="url(#b)">{RECT}</g></mask><mask id="b"><g mask="url(#a)">{RECT}</g></mask>'
    ),
    "svg-gradients-in-a-ring": svg(f'<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>{RECT}'),
    "svg-gradient-repeats": svg(f'<linearGradient id="g" x2="1e-7" spreadMethod="repeat"/>{RECT}'),
    "svg-gradient-reflects": svg(f'<radialGradient id="g" r="1e-7" spreadMethod="reflect"/>{RECT}'),
    "svg-dashes": svg('<path d="M0 0h90" stroke="red" stroke-dasharray="1e-9"/>'),
    "svg-coordinates-1e400": svg(f'{RECT}<path d="M1e400 -1e400L5 5"/>'),
    "svg-points-1e308": svg(f'{RECT}<polygon points="1e308,1e308 0,0 5,5"/>'),
    "svg-radius-1e308": svg('<rect width="90" height="30" rx="1e308" ry="nan"/>'),
    "svg-turn-nan": svg(f'<g transform="rotate(nan)">{RECT}</g>'),
    "svg-turn-infinity": svg(f'<g transform="rotate(Infinity)">{RECT}</g>'),
    "svg-scale-1e308": svg(f'<g transform="scale(1e308) scale(1e308)">{RECT}</g>'),
    "svg-scale-of-scales": svg(f'<g transform="scale(9e5) scale(9e5)">{RECT}</g>'),
    "svg-stroke-1e308": svg('<path d="M0 0h9" style="stroke:red;stroke-width:1e308"/>'),
    "svg-stroke-by-rule": svg(f"<style>rect{{stroke-width:1e308}}</style>{RECT}"),
    "svg-digits-of-others": svg('<rect width="٩٩٩" height="9"/>'),
    "svg-digits-of-python": svg('<rect width="9_9" height="9"/>'),
    "svg-selectors": svg(f"<style>{'g ' * 30}{{fill:red}}</style>{'<g>' * 60}{RECT}{'</g>' * 60}"),
    "svg-rules": svg("<style>" + "".join(f".a{n}{{fill:red}}" for n in range(20_000)) + f"</style>{RECT}"),
    "svg-tiny": logo("logo.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1e-300 1e-300">{RECT}</svg>'),
    "svg-thread": logo("logo.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 1">{RECT}</svg>'),
    "pdf-form-laughs": pdf(b"/F Do ", copies=10),
    "pdf-mask-laughs": pdf(b"/F gs 0 0 9 9 re f ", kind="mask", copies=10),
    "pdf-name-escaped": pdf(b"/#46 Do ", copies=10),
    "pdf-many-shapes": pdf(b"0 0 90 30 re f " * 200_000),
    "pdf-blanks": pdf(b" " * 50_000_000),
    "pdf-pattern": pdf(b"/Pattern cs /F scn 0 0 9 9 re f", kind="pattern", copies=1),
    "font-woff-unpacks": large_font("a.woff"),
    "font-woff2-unpacks": large_font("a.woff2"),
    "font-of-houses": font(with_units(16)),
    "layouts-elsewhere": layouts_elsewhere,
    "print-css-elsewhere": linked("print.css", "/etc/passwd"),
    "print-css-pipe": pipe("print.css"),
    "book-css-elsewhere": linked("book.css", "secret.html"),
    "book-css-picture": book("h1 { background: url(https://example.com/x.png) }"),
    "book-css-picture-quoted": book("h1 { background: url('x.png') }"),
    "book-css-import": book("@import url(https://example.com/x.css);"),
    "book-css-font": book("@font-face { font-family: X; src: url(x.ttf) }"),
    "book-css-columns": book(".safety { columns: 12 }"),
    "book-css-calc": book("p { font-size: calc(1px + 1px) }"),
    "book-css-variable": book(":root { --x: none } .safety { display: var(--x) }"),
    "book-css-struck-out": book(".safety p { text-decoration: line-through }"),
    "book-css-signs": book(".safety p { font-family: Wingdings }"),
    "book-css-hides": book(".safety { display: none }"),
    "book-css-fades": book(".safety { opacity: 0.01 }"),
    "book-css-white": book(".safety p { color: #fff; background: #12656b }"),
    "book-css-ground": book(".panel { background-color: white }"),
    "book-css-moves": book(".safety { position: absolute; left: -99em }"),
    "book-css-adds-words": book("p::after { content: ' (not)' }"),
    "book-css-direction": book("p { direction: rtl }"),
    "book-css-of-none": book("p { color red }"),
    "css-grid": css("body { display: grid; grid-template-columns: repeat(10000000, 1px) }"),
    "css-grid-row": css("h1 { grid-row: 900000 }"),
    "css-columns": css("body { column-count: 100000 }"),
    "css-gradient": css("h1 { background: repeating-linear-gradient(red, blue 0.000001px) }"),
    "css-gradient-of-percents": css("h1 { background: repeating-radial-gradient(red 0%, blue 0.0001%) }"),
    "css-page-1mm": css("@page { size: 1mm 1mm; margin: 0 }"),
    "css-page-negative": css("@page { size: -20mm 300mm }"),
    "css-number-1e15": css("section { display: table; border-spacing: 1e15px }"),
    "css-number-1e999": css("p { transform: rotate(1e999deg) }"),
    "css-deep": css(":not(" * 3000 + "p" + ")" * 3000 + "{ color: red }"),
    "css-deep-calc": css("p { width: " + "calc(" * 3000 + "1px" + ")" * 3000 + "}"),
    "css-of-none": css("p { color red } } b {"),
    "brand-link-of-none": brand(base='meta: {name: {full: A}, link: {home: "https://xn--a/ü"}}\n'),
}


def body(text: str) -> Make:
    return template(f'<html lang="en"><body>\n{text}\n</body></html>')


def in_block(name: str, text: str, page: str = "print.html") -> Make:
    return template(f'{{% extends "builtin/{page}" %}}\n{{% block {name} %}}\n{text}\n{{% endblock %}}', page)


INCLUDE = '<p>{{% include "{}" %}}</p>'.format
# What a build with the brand must answer.
TEMPLATES: dict[str, Make] = {
    "css-hides-safety": css(".safety { display: none }"),
    "css-white-on-white": css(".safety * { color: #fff !important; background: none !important }"),
    "css-covered": css(
        "body::before { content: ''; position: absolute; width: 99mm; height: 99mm; background: white }"
    ),
    "css-adds-words": css(".safety li::after { content: ' (not)' }"),
    "css-moves-words": css("h1 { color: #222 }\n\np { margin-left: -400mm }"),
    "css-moves-headings": css("h1 { color: #222 }\nh2 { position: absolute; top: 0 }"),
    "template-style-sheet": in_block("letterhead", "<style>.safety * { color: white }</style>"),
    "template-style-of-an-element": in_block("sections", '<div style="color: #fefefe">{{ super() }}</div>'),
    "book-css-letters-of-nothing": book("p { font-size: 0 }"),
    "book-css-no-room": book("section { height: 0; overflow: hidden }"),
    "book-css-words-away": book("p { text-indent: -9999px }"),
    "template-link-to-a-folder": linked("d", "/etc", INCLUDE("d/passwd")),
    "template-link-to-a-file": linked("x.html", "secret.html", INCLUDE("x.html")),
    "template-link-to-itself": linked("x.html", "source/brands/bad/layouts/x.html", INCLUDE("x.html")),
    "template-includes-nothing": in_block("letterhead", "{% include '' %}"),
    "template-pipe": lambda folder: (template(INCLUDE("x.html"))(folder), os.mkfifo(folder / "layouts" / "x.html")),
    "template-includes-for-ever": lambda folder: (
        template(
            "{% for a in range(99999) %}{% for b in range(99999) %}{% include 'e.html' %}{% endfor %}{% endfor %}"
        )(folder),
        (folder / "layouts" / "e.html").write_text(""),
    ),
    "template-icon-elsewhere": body("{{ c.drawings.icon('/etc/x') }}"),
    "template-icon-above": body("{{ c.drawings.icon('../../layouts/icons/doctor') }}"),
    "template-picture-elsewhere": body("{{ c.picture('../../secret.png') }}"),
    "template-folder": body("{{ c.clinic.brand.folder }}"),
    "template-product": body("{{ c.product.source.folder }}"),
    "template-model": body("{{ h.model_dump_json() }}"),
    "template-unknown-point": body("{{ c.format.place('XX99') }}"),
    "template-chart-of-none": body("{{ c.drawings.chart(h, 'x') }}"),
    "template-format-index": body("{{ '{} {}'.format(1) }}"),
    "template-format-map": body("{{ '{0.__class__.__mro__}'.format_map({'0': 1}) }}"),
    "template-format-class": body("{{ '{0.__class__}'.format(h) }}"),
    "template-format-width": body("{{ '{:999999999999}'.format(1) }}"),
    "template-decode": body("{{ 'x'.encode('utf-7').decode('nope') }}"),
    "template-surrogate": body("{{ '\\ud800' }}"),
    "template-date-format": body("{{ h.revised.strftime('%9999999999d') }}"),
    "template-division": body("{{ 1 // 0 }}"),
    "template-chance": body("{{ [1, 2]|random }}"),
    "template-calls-itself": body("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"),
    "template-name-twice": in_block("sections", '{{ super() }}<p id="sources">A</p>'),
    "template-title-left-out": in_block("title", "<p>A handout</p>"),
    "template-foot-left-out": in_block("foot", ""),
    "template-link-nowhere": body('<a href="#nowhere">x</a>'),
    "template-link-javascript": body('<a href="javascript:alert(1)">x</a>'),
    "template-link-file": body('<a href="file:///etc/passwd">x</a>'),
    "template-link-without-scheme": body('<a href="//example.com">x</a>'),
    "template-script": body("<script>x</script>"),
    "template-handler": body('<p onclick="x()">x</p>'),
    "template-frame": body('<iframe src="file:///etc/passwd"></iframe>'),
    "template-attachment": body('<link rel="attachment" href="file:///etc/passwd"/>'),
    "template-base": body('<base href="file:///etc/"/>'),
    "template-refresh": body('<meta http-equiv="refresh" content="0; url=https://example.com"/>'),
    "template-form": body('<form action="https://example.com"><input name="a"/></form>'),
    "template-picture-data": body('<img src="data:image/png;base64,AA" alt=""/>'),
    "template-comment": in_block("sections", "<!-- > {{ super() }} -->"),
    "template-attribute": in_block("sections", '<p title="x > {{ super()|striptags }}">x</p>'),
    "template-hidden": in_block("sections", '<div hidden="">{{ super() }}</div>'),
    "template-turned-around": in_block("sections", '<div dir="rtl">{{ super() }}</div>'),
    "template-span": in_block("sections", '{{ super() }}<table><tr><td colspan="99999999">A</td></tr></table>'),
    "template-style-fetches": in_block("letterhead", '<p style="background: url(https://example.com/x.png)">A</p>'),
    "template-instruction": body('<?xml-stylesheet href="https://example.com/x.css"?>'),
    "template-prints-a-function": body("{{ c.picture }}"),
    "template-extends-nothing": template("{% extends none %}"),
    "template-unseen-mark": body("{{ '\\u202e5-10' }}"),
    "template-slices-for-ever": body("{{ [c]|slice(99999999999)|list }}"),
    "css-page-huge": css("@page { size: 9000in }"),
    "css-outline": css("h2 { outline: 150mm solid white }"),
    "css-frame": css("body::after { content: ''; position: fixed; left: 0; top: 0; border: 150mm solid white }"),
    "css-thick-lines": css("p { text-decoration: underline 9mm #333 }"),
    "css-fetches": css("h1 { background: url(https://example.com/x.png) }"),
    "template-deep": body("<div>" * 5000 + "</div>" * 5000),
    "css-breaks": css(
        "b { color: red }\np,li,h2 { break-before: page }\n* { break-inside: avoid; orphans: 1000; widows: 1000 }"
    ),
    "css-margins": css("\n\n@page { size: 90mm 120mm; margin: 20mm 40mm }"),
    "css-pipe": pipe("x.png", "h1 { background: url(PIPE) }"),
}
