#!/usr/bin/env python3
"""Build with the speed layer and with the plain engine, and compare the files.

compare_engines.py                              a handout of each topic and language, a kind of page each
compare_engines.py knee-pain --edition leaflet  words of `make_handout.py build`: which handouts, languages, editions

Books are the same bytes; so are most print files, and of the others the pages look the same and have the same words
and bookmarks: drawings may be written in other pieces. What is the same cannot pass one test and fail another, so that
tests of how pages are planned need no second run for the plain engine. Exit codes: 0 the same, 1 something is not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = (
    "chronic-back-pain --lang es --edition leaflet",
    "chronic-back-pain --lang vi --edition booklet --brand harbour-lane",
    "headache-stiff-neck --lang ja --edition a4",
    "headache-stiff-neck --lang en+ja --edition large-print --format pdf",
    "headache-stiff-neck --lang zh-Hant --edition one-page",
    "knee-pain --lang zh-Hans --edition leaflet",
    "knee-pain --lang ko --edition letter --look compact",
)
"""All that the page plan does: columns, short forms that are fitted, large type, sheets, two languages, looks."""

STEPS = 24
"""Of 255 steps of grey, by which a dot may differ."""


def built(order: str, out: Path, engine: str) -> dict[str, bytes]:
    """Return the files that a command builds, by name.

    Raises:
        subprocess.CalledProcessError: it builds none.
    """
    command = [sys.executable, "make_handout.py", "build", *order.split(), "--out", str(out), "--time-limit", "0"]
    env = os.environ | {"HANDOUT_ENGINE": engine}
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    files = (path for path in out.rglob("*") if path.suffix in (".pdf", ".epub"))
    return {path.name: path.read_bytes() for path in files}


def difference(fast: bytes | None, plain: bytes | None) -> str:
    """Return what is not the same in two files; nothing where all is."""
    if fast == plain:
        return ""
    if fast is None or plain is None:
        return "made by one of them only"
    if not fast.startswith(b"%PDF"):
        return "other bytes"
    one, other = PdfDocument(fast), PdfDocument(plain)
    if len(one) != len(other):
        return "another number of pages"
    found = {
        "pages": any(map(differ, pages(one), pages(other))),
        "words": words(one) != words(other),
        "bookmarks": bookmarks(one) != bookmarks(other),
    }
    return ", ".join(f"other {name}" for name, differs in found.items() if differs)


def pages(document: PdfDocument) -> list[Image.Image]:
    """Return the pages in grey, a dot of each 1.4 mm: finer ones tell where a viewer rounds the edge of a line."""
    return [page.render(scale=4).to_pil().convert("L").reduce(16) for page in document]


def differ(one: Image.Image, other: Image.Image) -> bool:
    """Return whether two pages look otherwise."""
    return any(ImageChops.difference(one, other).histogram()[STEPS:])


def words(document: PdfDocument) -> list[str]:
    """Return what each page says."""
    return [page.get_textpage().get_text_bounded() for page in document]


def bookmarks(document: PdfDocument) -> list[tuple[int, str]]:
    """Return the depth and the words of each bookmark."""
    return [(mark.level, mark.get_title()) for mark in document.get_toc()]


def main(arguments: Sequence[str]) -> int:
    """Compare what the sample, or the words given, make; return the exit code."""
    others = 0
    for order in [" ".join(arguments)] if arguments else SAMPLE:
        with tempfile.TemporaryDirectory() as folder:
            fast, plain = built(order, Path(folder, "fast"), ""), built(order, Path(folder, "plain"), "plain")
        for name in sorted({*fast, *plain}):
            found = difference(fast.get(name), plain.get(name))
            others += bool(found)
            sys.stdout.write(f"{name}: {found or 'the same'}\n")
            sys.stdout.flush()
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
