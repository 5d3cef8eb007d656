"""Brands that are not: values that would become CSS, logos and fonts that lie, templates that break out."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from corpus.texts import LAUGHS, png

BRAND = "meta: {name: {full: Clinic}, phone: '555-0142'}\n"
Make = Callable[[Path], object]
FONTS = Path(__file__).resolve().parents[2] / "fonts"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 30">{}</svg>'


def brand(more: str = "", base: str = BRAND) -> Make:
    return lambda folder: (folder / "_brand.yml").write_text(base + more, "utf-8")


def logo(name: str, data: bytes | str | None = None) -> Make:
    def make(folder: Path) -> None:
        brand(f"logo: {{images: {{a: {{path: {name}, alt: Clinic}}}}, medium: a}}\n")(folder)
        if data is not None:
            (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)

    return make


def svg(inside: str, before: str = "") -> Make:
    return logo("logo.svg", before + SVG.format(inside))


def font(data: bytes, name: str = "a.ttf") -> Make:
    def make(folder: Path) -> None:
        fonts = f"fonts: [{{family: A, source: file, files: [{{path: {name}, weight: bold}}]}}]"
        brand(f"typography: {{{fonts}, headings: A}}\n")(folder)
        (folder / name).write_bytes(data)

    return make


def template(body: str, name: str = "print.html") -> Make:
    def make(folder: Path) -> None:
        brand()(folder)
        (folder / "layouts").mkdir()
        (folder / "layouts" / name).write_text(body, "utf-8")

    return make


NOTO = (FONTS / "NotoSans-Bold.ttf").read_bytes()


def table(name: bytes, offset: int | None = None, length: int | None = None) -> bytes:
    """The font with another place or length for one of its tables."""
    data, at = bytearray(NOTO), NOTO.index(name, 12)
    if offset is not None:
        struct.pack_into(">L", data, at + 8, offset)
    if length is not None:
        struct.pack_into(">L", data, at + 12, length)
    return bytes(data)


def forbidding() -> bytes:
    """The font with the bit that forbids embedding (OS/2 fsType 2)."""
    data, at = bytearray(NOTO), NOTO.index(b"OS/2", 12)
    struct.pack_into(">H", data, struct.unpack_from(">L", NOTO, at + 8)[0] + 8, 2)
    return bytes(data)


CSS = 'red; } body { background: url(https://example.com/x) } a { b: "'
# What `brand check` must answer.
CASES: dict[str, Make] = {
    "brand-laughs": brand(LAUGHS),
    "brand-of-bytes": lambda folder: (folder / "_brand.yml").write_bytes(b"\xff\xfe\x00m"),
    "brand-colour-css": brand(f"color: {{primary: '{CSS}'}}\n"),
    "brand-colour-url": brand("color: {primary: 'url(x)'}\n"),
    "brand-colour-expression": brand("color: {primary: 'calc(1 + 1)'}\n"),
    "brand-colour-itself": brand("color: {palette: {a: b, b: a}, primary: a}\n"),
    "brand-colour-number": brand("color: {primary: 123456}\n"),
    "brand-colour-list": brand("color: {primary: [1, 2]}\n"),
    "brand-colour-misspelt": brand("color: {primary: tael}\n"),
    "brand-family-css": brand("typography: {headings: 'A\"; } @import url(x); b { c: \"'}\n"),
    "brand-name-script": brand(base="meta: {name: {full: 'A 👍 clinic'}}\n"),
    "brand-name-override": brand(base='meta: {name: {full: "A\\u202Ecinilc"}}\n'),
    "brand-link-javascript": brand(base="meta: {name: {full: A}, link: {home: 'javascript:alert(1)'}}\n"),
    "brand-link-file": brand(base="meta: {name: {full: A}, link: {home: 'file:///etc/passwd'}}\n"),
    "brand-link-quote": brand(base="meta: {name: {full: A}, link: {home: 'https://a\"><script>'}}\n"),
    "brand-invitation-script": brand("defaults: {handout: {texts: {en: {invitation: '<script>x</script>'}}}}\n"),
    "brand-invitation-image": brand("defaults: {handout: {texts: {en: {invitation: '![a](file:///etc/passwd)'}}}}\n"),
    "brand-invitation-link": brand("defaults: {handout: {texts: {en: {invitation: '[a](javascript:x)'}}}}\n"),
    "brand-letterhead-css": brand("defaults: {handout: {letterhead: 'band; }'}}\n"),
    "brand-press-outside": brand(
        "defaults: {handout: {press: {profile: ../../../secret.icc, condition: X, ink_limit: 300}}}\n"
    ),
    "logo-parent": logo("../../../secret.png"),
    "logo-absolute": logo("/etc/hostname"),
    "logo-url": logo("'https://example.com/a.svg'"),
    "logo-data": logo("'data:image/svg+xml,<svg/>'"),
    "logo-link-out": lambda f: (logo("a.png")(f), (f / "a.png").symlink_to("/etc/hostname")),
    "logo-device": lambda f: (logo("a.png")(f), (f / "a.png").symlink_to("/dev/zero")),
    "logo-folder": lambda f: (logo("a.png")(f), (f / "a.png").mkdir()),
    "logo-empty": logo("a.png", b""),
    "logo-bomb": logo("a.png", png(90_000, 90_000, b"\0")),
    "logo-cut-off": logo("a.png", png(400, 100, b"\0" * 100)),
    "logo-huge": logo("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 11_000_000),
    "logo-pdf-of-none": logo("a.pdf", b"%PDF-1.7\nnothing"),
    "logo-pdf-cut-off": logo("a.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\n"),
    "svg-cut-off": logo("logo.svg", SVG.format("<path")[:100]),
    "svg-of-html": logo("logo.svg", "<html><body/></html>"),
    "svg-empty": svg(""),
    "svg-of-a-pattern": svg(
        "<pattern id='p' width='9' height='9'><rect width='4' height='4'/></pattern>"
        "<rect width='90' height='30' fill='url(#p)'/>"
    ),
    "svg-doctype": svg("<rect/>", '<!DOCTYPE svg [<!ENTITY a "b">]>'),
    "svg-entity-file": svg("<text>&a;</text>", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
    "svg-entity-web": svg("<text>&a;</text>", '<!DOCTYPE svg [<!ENTITY a SYSTEM "https://example.com/a">]>'),
    "svg-laughs": svg(
        "<text>&e;</text>",
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {n} "{f"&{o};" * 10}">' for o, n in ("ab", "bc", "cd", "de"))
        + "]>",
    ),
    "svg-parameter-entity": svg("<rect/>", '<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>'),
    "svg-script-alone": svg("<script>alert(1)</script>"),
    "svg-foreign-alone": svg("<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>"),
    "svg-image-alone": svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>'),
    "svg-use-of-itself": svg('<g id="a"><use href="#a"/><rect width="9" height="9"/></g>'),
    "svg-use-in-a-ring": svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
    "svg-use-laughs": svg(
        '<defs><g id="a0"><rect width="1" height="1"/></g>'
        + "".join(f'<g id="a{n + 1}">{f"""<use href="#a{n}"/>""" * 10}</g>' for n in range(9))
        + '</defs><use href="#a9"/>'
    ),
    "svg-many-parts": svg("<rect width='1' height='1'/>" * 30_000),
    "svg-deep": svg("<g>" * 3000 + "<rect width='1' height='1'/>" + "</g>" * 3000),
    "svg-no-size": logo("logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'),
    "svg-of-no-width": logo("logo.svg", SVG.replace("0 0 90 30", "0 0 0 30").format("<rect width='9' height='9'/>")),
    "svg-infinite": logo("logo.svg", SVG.replace("0 0 90 30", "0 0 inf nan").format("<rect width='9' height='9'/>")),
    "svg-endless-path": svg('<path d="M0 0L9 9Z 5"/>'),
    "svg-gzipped": logo("logo.svg", zlib.compress(b"\0" * 100_000)),
    "svg-utf-16": logo("logo.svg", SVG.format("<rect width='9' height='9'/>").encode("utf-16")[:-1]),
    "font-words": font(b"This is no font."),
    "font-empty": font(b""),
    "font-cut-off": font(NOTO[: len(NOTO) // 2]),
    "font-table-outside": font(table(b"glyf", offset=2**31)),
    "font-cmap-of-others": font(table(b"cmap", offset=12)),
    "font-head-of-others": font(table(b"head", offset=12)),
    "font-without-glyphs": font(NOTO.replace(b"glyf", b"glyx", 1)),
    "font-forbids-embedding": font(forbidding()),
    "font-woff-bomb": font(b"wOFF\0\1\0\0" + struct.pack(">LHHL", 100, 1, 0, 2**31) + b"\0" * 80, "a.woff"),
    "font-woff2-of-none": font(b"wOF2" + b"\0" * 60, "a.woff2"),
    "font-picture": font(png(5, 5, b"\0" * 80)),
}
# What a build with the brand must answer.
TEMPLATES: dict[str, Make] = {
    "template-classes": template("{{ ''.__class__.__mro__[1].__subclasses__() }}"),
    "template-globals": template("{{ cycler.__init__.__globals__.os.system('touch owned') }}"),
    "template-import": template("{% import 'os' as os %}"),
    "template-include-outside": template("{% include '../../../../secret.html' %}"),
    "template-include-absolute": template("{% include '/etc/passwd' %}"),
    "template-of-itself": template("{% extends 'print.html' %}"),
    "template-includes-itself": template("<p>{% include 'print.html' %}</p>"),
    "template-not-closed": template("{% if h %}<p>"),
    "template-unknown-name": template("<p>{{ nobody }}</p>"),
    "template-not-well-formed": template("<p><b></p>"),
    "template-endless-range": template("{% for n in range(10**9) %}x{% endfor %}"),
    "template-loops-in-loops": template(
        "{% for a in range(99999) %}{% for b in range(99999) %}{% if b < 0 %}x{% endif %}{% endfor %}{% endfor %}"
    ),
    "template-text-that-doubles": template(
        "{% set n = namespace(t='0123456789') %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}{{ n.t }}"
    ),
    "template-text-that-grows": template("{{ 'x' | center(9999999999) }}"),
    "template-huge-power": template("{{ 9 ** 9 ** 9 }}"),
    "template-huge-format": template("{{ '%99999999999d' % 1 }}"),
    "template-huge-list": template("{{ [0] * 10**9 }}"),
    "template-huge-text": template("{{ 'x' * 10**10 }}"),
    "template-picture-outside": template(
        '<html lang="en"><body><img src="file:///etc/hostname" alt=""/></body></html>'
    ),
    "template-picture-web": template('<html lang="en"><body><img src="https://example.com/x" alt=""/></body></html>'),
    "css-import": template("@import url(https://example.com/x.css);", "print.css"),
    "css-import-escaped": template("@\\69mport url(https://example.com/x.css);", "print.css"),
    "css-import-of-a-file": template("@\\69 mport '../../../../secret.css';", "print.css"),
    "css-font-outside": template(
        "@font-face { font-family: X; src: url(file:///etc/passwd) } p { font-family: X }", "print.css"
    ),
    "css-picture-outside": template("body { background: url(file:///etc/passwd) }", "print.css"),
    "css-not-closed": template("body { color: ", "print.css"),
    "css-unknown": template("body { colour: red }", "print.css"),
}
