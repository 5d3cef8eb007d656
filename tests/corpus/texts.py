"""Handouts that are not: files that are no YAML, YAML that is no handout, words that cannot be printed."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

TEXT = """\
title: Bad
description: A handout.
revised: 2026-01-01
summary: ["Read it."]
sections:
  - id: one
    heading: One
    blocks:
      - {type: text, text: "Words."}
      - {type: safety, include: see-a-doctor}
sources: [who-2008]
"""
WORDS = '"Words."'
Make = Callable[[Path], object]


def text(data: str | bytes) -> Make:
    """The whole text of the handout."""
    return lambda folder: (folder / "en.yaml").write_bytes(data.encode() if isinstance(data, str) else data)


def words(new: str) -> Make:
    """Other words in its one paragraph: YAML, not quoted."""
    assert WORDS in TEXT
    return text(TEXT.replace(WORDS, new))


def swapped(old: str, new: str) -> Make:
    assert old in TEXT
    return text(TEXT.replace(old, new))


def nothing(_: Path) -> None:
    """Put nothing there."""


def picture(name: str, make: Make = nothing) -> Make:
    """A picture, by the name that the text gives and by what lies there."""

    def both(folder: Path) -> None:
        swapped(f"{{type: text, text: {WORDS}}}", f"{{type: figure, image: {name}, alt: It}}")(folder)
        make(folder)

    return both


def put(name: str, data: bytes) -> Make:
    return lambda folder: (folder / name).write_bytes(data)


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def bomb(folder: Path) -> None:
    """Put a picture there whose data never end in memory; they take a second to pack."""
    put("a.png", png(20_000, 20_000)[:-16] + zlib.compress(b"\0" * 200_000_000, 9)[:100_000])(folder)


CASES: dict[str, Make] = {
    # YAML
    "yaml-billion-laughs": text(LAUGHS + TEXT),
    "yaml-contains-itself": text("a: &a [*a]\n" + TEXT),
    "yaml-merge-key": text("base: &b {x: 1}\nother:\n  <<: *b\n" + TEXT),
    "yaml-deep-flow": text("sections: " + "[" * 100_000),
    "yaml-deep-closed": text("sections: " + "[" * 5000 + "]" * 5000 + "\n"),
    "yaml-deep-block": text("".join(f"{' ' * n}a:\n" for n in range(200))),
    "yaml-deep-maps": text("title: " + "{a: " * 300 + "1" + "}" * 300 + "\n"),
    "yaml-two-documents": text(TEXT + "---\n" + TEXT),
    "yaml-python-object": words('!!python/object/apply:os.system ["touch owned"]'),
    "yaml-python-name": words("!!python/name:os.system x"),
    "yaml-binary": words("!!binary aGVsbG8="),
    "yaml-set": words("!!set {a, b}"),
    "yaml-anchor-unused-deep": text(TEXT.replace(WORDS, "*nothing")),
    "yaml-open-brace": words("{a: "),
    "yaml-open-list": words("[a, "),
    "yaml-open-quote": words('"never closed'),
    "yaml-percent": text("%YAML 9.9\n---\n" + TEXT),
    "yaml-tabs": text(TEXT.replace("  - id", "\t- id")),
    "yaml-question-key": text("? [a, b]\n: c\n" + TEXT),
    "yaml-bad-escape": words('"\\q"'),
    "yaml-surrogate-escape": words('"\\ud800"'),
    "yaml-huge-escape": words('"\\UFFFFFFFF"'),
    "yaml-date-of-none": words("2026-13-45"),
    "yaml-number": words("12345"),
    "yaml-endless-number": words("9" * 5000),
    "yaml-infinite": swapped("revised: 2026-01-01", "revised: .inf"),
    "yaml-word-for-list": swapped('summary: ["Read it."]', "summary: many"),
    "yaml-list-for-word": swapped("title: Bad", "title: [Bad]"),
    "yaml-map-for-word": swapped("title: Bad", "title: {a: b}"),
    "yaml-null": swapped("title: Bad", "title: ~"),
    "yaml-no-date": swapped("2026-01-01", "soon"),
    "yaml-year-zero": swapped("2026-01-01", "0000-00-00"),
    "yaml-empty-title": swapped("title: Bad", 'title: ""'),
    "yaml-empty-sections": text(TEXT.partition("sections:")[0] + "sections: []\nsources: []\n"),
    "yaml-blocks-none": swapped("    blocks:\n", "    blocks:\n      - ~\n"),
    "yaml-key-twice": text(TEXT + "title: Again\n"),
    "yaml-key-of-numbers": text("1: x\n" + TEXT),
    "yaml-key-very-long": text("k" * 3000 + ": x\n" + TEXT),
    "json-with-comments": text('{"title": "Bad", // no\n}'),
    "html-instead": text("<!DOCTYPE html><html><body>Hello: there</body></html>"),
    # Bytes
    "bytes-empty": text(b""),
    "bytes-blank": text(b" \n \n"),
    "bytes-control": text(TEXT.replace("Words", "Wo\x01rds")),
    "bytes-nul": text(TEXT.replace("Words", "Wo\0rds")),
    "bytes-only-nul": text(b"\0" * 5000),
    "bytes-random": text(bytes(range(256)) * 20),
    "bytes-latin-1": text(TEXT.replace("Words", "Größe").encode("latin-1")),
    "bytes-utf-16": text(TEXT.encode("utf-16")),
    "bytes-utf-16-unmarked": text(TEXT.encode("utf-16-le")),
    "bytes-utf-32": text(TEXT.encode("utf-32")),
    "bytes-shift-jis": text(TEXT.replace("Words", "腰").encode("shift-jis")),
    "bytes-cut-in-a-character": text(TEXT.replace("Words.", "é").encode()[:-60] + b"\xc3"),
    "bytes-overlong": text(TEXT.encode().replace(b"Words", b"\xc0\xaf")),
    "bytes-surrogates": text(TEXT.encode().replace(b"Words", b"\xed\xa0\x80\xed\xb0\x80")),
    "bytes-pdf": text(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    "bytes-huge": text("title: " + "x" * 3_000_000),
    "bytes-huge-list": text("sections: [" + "a," * 600_000 + "]"),
    "bytes-long-line": text("title: " + "x " * 400_000 + "\n"),
    # Characters
    "char-escape": words('"a\\e[31mred"'),
    "char-bell": words('"a\\a"'),
    "char-right-to-left-override": words('"abc\\u202Efdp.exe"'),
    "char-isolates": words('"abc\\u2066def\\u2069"'),
    "char-arabic": words("مرحبا"),
    "char-hebrew": words("שלום"),
    "char-emoji": words('"Good 👍"'),
    "char-emoji-family": words('"👨‍👩‍👧"'),
    "char-flag": words('"🇨🇳"'),
    "char-rare-han": words('"[㐄]{lang=zh-Hans}"'),
    "char-han-unmarked": words("腰陽關"),
    "char-private-use": words('"\\uE000"'),
    "char-noncharacter": words('"\\uFFFE"'),
    "char-tag": words('"a\\U000E0041"'),
    "char-line-separator": words('"a\\u2028b"'),
    "char-replacement": words('"a\\uFFFDb"'),
    "char-object": words('"a\\uFFFCb"'),
    "char-thai": words("สวัสดี"),
    # Templates and markup through content
    "markup-script": words('"<script>alert(1)</script>"'),
    "markup-comment": words('"a <!-- b -->"'),
    "markup-image": words('"![x](https://example.com/x.png)"'),
    "markup-image-file": words('"![x](file:///etc/passwd)"'),
    "markup-javascript": words('"[x](javascript:alert(1))"'),
    "markup-data-link": words('"[x](data:text/html,x)"'),
    "markup-file-link": words('"[x](file:///etc/passwd)"'),
    "markup-relative-link": words('"[x](../../etc/passwd)"'),
    "markup-ftp": words('"[x](ftp://example.com/x)"'),
    "markup-autolink": words('"<javascript:alert(1)>"'),
    "markup-no-such-section": words('"[x](#nowhere)"'),
    "markup-link-in-a-title": swapped("title: Bad", 'title: "See [it](https://example.com)"'),
    "markup-note-in-a-title": swapped("title: Bad", "title: 'A [word]{note=\"Not here.\"}'"),
    "markup-link-in-a-heading": swapped("heading: One", 'heading: "See [it](#one)"'),
    "markup-note-in-a-heading": swapped("heading: One", "heading: 'A [word]{note=\"Not here.\"}'"),
    "markup-link-in-a-title-of-a-chart": words(
        "a}\n      - {type: chart, points: [BL23], title: '[T](#one)', caption: C"
    ),
    "markup-html-title": swapped("title: Bad", 'title: "<b>Bad</b>"'),
    "markup-lang-of-none": words('"[腰]{lang=klingon!}"'),
    "markup-id-injection": swapped("id: one", "id: 'one\"><script>'"),
    "video-javascript": swapped(
        "{type: safety, include: see-a-doctor}", "{type: video, title: V, link: 'javascript:x'}"
    ),
    "video-file": swapped(
        "{type: safety, include: see-a-doctor}", "{type: video, title: V, link: 'file:///etc/passwd'}"
    ),
    "safety-outside": swapped("include: see-a-doctor", "include: ../../secret"),
    "source-outside": swapped("[who-2008]", "['../../secret']"),
    "skin-injection": text(TEXT + 'skin: "light; } body { display: none"\n'),
    # Pictures
    "picture-parent": picture("../../secret.png"),
    "picture-absolute": picture("/etc/hostname"),
    "picture-url": picture('"https://example.com/x.png"'),
    "picture-file-url": picture('"file:///etc/hostname"'),
    "picture-data-url": picture('"data:image/png;base64,iVBORw0KGgo="'),
    "picture-backslash": picture('"..\\\\..\\\\secret.png"'),
    "picture-nul": picture('"a\\0.png"'),
    "picture-very-long-name": picture("a" * 300 + ".png"),
    "picture-folder": picture("sub", lambda folder: (folder / "sub").mkdir()),
    "picture-link-out": picture("a.png", lambda folder: (folder / "a.png").symlink_to("/etc/hostname")),
    "picture-link-to-itself": picture("a.png", lambda folder: (folder / "a.png").symlink_to("a.png")),
    "picture-device": picture("a.png", lambda folder: (folder / "a.png").symlink_to("/dev/zero")),
    "picture-pipe": picture("a.png", lambda folder: os.mkfifo(folder / "a.png")),
    "picture-empty": picture("a.png", put("a.png", b"")),
    "picture-words": picture("a.png", put("a.png", b"not a picture")),
    "picture-svg": picture("a.svg", put("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>')),
    "picture-svg-named-png": picture("a.png", put("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>')),
    "picture-gif": picture("a.gif", put("a.gif", b"GIF89a\1\0\1\0\0\0\0;")),
    "picture-cut-off": picture("a.png", put("a.png", png(50, 50, b"\0" * 3000))),
    "picture-without-data": picture("a.png", put("a.png", png(10, 10)[:33])),
    "picture-bomb": picture("a.png", put("a.png", png(100_000, 100_000, b"\0" * 1000))),
    "picture-bomb-of-zeros": picture("a.png", bomb),
    "picture-of-no-size": picture("a.png", put("a.png", png(0, 0))),
    "picture-negative": picture("a.png", put("a.png", png(2**31, 1))),
    "picture-wrong-checksum": picture("a.png", put("a.png", png(5, 5, b"\0" * 80).replace(b"IDAT", b"IDAX"))),
    "picture-jpeg-cut-off": picture("a.jpg", put("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0")),
}
