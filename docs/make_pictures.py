#!/usr/bin/env python3
"""Draw the documents' pictures anew: pages of handouts, the cheat sheet, and each block, as they are built now.

python docs/make_pictures.py [NAME.png ...]    (needs what the tests need: make .venv/ready-test)

The picture of a block, blocks/TYPE.png, is its first example in authoring.md, as it is printed.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageOps

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handout_builder.cli.main import main  # noqa: E402  # it lies beside this folder

HANDOUT = ROOT / "source" / "chronic-back-pain"
SHEET = ROOT / "docs" / "cheat-sheet"
"""A handout on one page, which is built to be printed, too."""
GROUND, EDGE, GAP = "#eef1f0", "#b9c2c0", 20
COLOURS = 256


class Pages(NamedTuple):
    """Pages of one file: the options it is built with, and their numbers from 0, or below 0 from the end."""

    options: Sequence[str]
    numbers: Sequence[int] = (0,)
    handout: Path = HANDOUT


EXERCISES = ROOT / "tests" / "samples" / "handouts" / "exercises"
SAMPLES = ROOT / "tests" / "samples" / "brands"
LANE = ("--brand", "harbour-lane")
EDITIONS = ("letter", "large-print", "greyscale", "booklet", "leaflet", "one-page", "press")
PICTURES: dict[str, tuple[int, Sequence[Pages]]] = {
    "pages.png": (244, [Pages((), range(6))]),
    "look-compact.png": (244, [Pages(("--look", "compact"), range(4))]),
    "exercises.png": (370, [Pages((), (1, 2), EXERCISES)]),
    "marks.png": (370, [Pages((), (3,), EXERCISES)]),
    "brand-without.png": (370, [Pages((), (0, -1))]),
    "brand-with.png": (370, [Pages(LANE, (0, -1))]),
    "brand-five.png": (300, [Pages(("--brand", str(folder))) for folder in sorted(SAMPLES.iterdir())]),
    "cheat-sheet.png": (700, [Pages((), handout=SHEET)]),
    "editions.png": (166, [Pages((*LANE, "--edition", edition)) for edition in EDITIONS]),
}
"""For each picture, the width of a portrait page in px, and what it shows; a landscape sheet is as high as that."""


VISIT = ("sheet", "--for", str(ROOT / "docs" / "sheet" / "visit.yaml"))
SHEETS = (
    ("--brand", "harbour-lane"),
    ("--points", "BL23", "--lang", "ja", "--brand", "cell-healing"),
    ("--points", "BL23,GV3", "--paper", "a5-two-up"),
)
SHEETS_PICTURE, SHEET_WIDTH = "sheet.png", 500
"""The picture of visit sheets, by their options."""


EXAMPLE = re.compile(r"^```yaml block\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPE = re.compile(r"^- (?:\{|)type: ([a-z-]+)", re.MULTILINE)
UNSEEN = ("invitation", "page-break")
"""Blocks without a picture of their own: the one stands in a clinic's panel, the other shows nothing."""
BLOCK_WIDTH, FAINT = 760, 24
HEAD = """\
title: An example
description: An example.
revised: 2026-11-28
about: low-back
sections:
  - id: example
    heading: Example
    wide: {wide}
    blocks:
"""
WIDE = ("points", "index", "overview")
"""What most authors give the whole width."""
BELOW = ("This leaflet does not", "Sources", "Page 1 of")
"""What follows the example on its page."""


def examples() -> dict[str, str]:
    """Return the first example of each type of block in authoring.md: the blocks of that type in it."""
    found: dict[str, str] = {}
    text = (ROOT / "docs" / "authoring.md").read_text("utf-8").partition("\n## Blocks\n")[2]
    for match in EXAMPLE.finditer(text):
        blocks = re.split(r"^(?=- )", match[1], flags=re.MULTILINE)
        for kind in dict.fromkeys(TYPE.findall(match[1])):
            same = "".join(block for block in blocks if (own := TYPE.match(block)) and own[1] == kind)
            # An index needs cards.
            found.setdefault(kind, match[1] if kind == "index" else same)
    return {kind: text for kind, text in found.items() if kind not in UNSEEN}


def block_picture(kind: str, example: str) -> Image.Image:
    """Return what an example looks like in print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "source" / "example"
        home.mkdir(parents=True)
        (home / "en.yaml").write_text(
            HEAD.format(wide=str(kind in WIDE).lower()) + textwrap.indent(example, "      "), "utf-8"
        )
        shutil.copyfile(EXERCISES / "stretch.jpg", home / "photo.jpg")
        if code := main([str(home), "--format", "pdf", "--out", folder]):
            sys.exit(code)
        with pypdfium2.PdfDocument(Path(folder) / "example.en.pdf") as document:
            page = document[0]
            scale = BLOCK_WIDTH / page.get_width()
            words = page.get_textpage()
            top = _place(words, "Example")
            bottom = max(place for place in (_place(words, text) for text in BELOW) if place < top)
            upper, lower = (round((page.get_height() - place) * scale) for place in (top, bottom))
            picture = page.render(scale=scale).to_pil().convert("RGB")
            return trimmed(picture.crop((0, upper - GAP // 2, BLOCK_WIDTH, lower - GAP)))


def _place(words: pypdfium2.PdfTextPage, text: str) -> float:
    """Return how high the top of a text stands on its page, in points; 0 where it does not stand there."""
    found = words.search(text, match_case=True).get_next()
    return float(words.get_charbox(found[0])[3]) if found else 0.0


def trimmed(picture: Image.Image) -> Image.Image:
    """Return a picture with as much white around it everywhere."""
    white = Image.new("RGB", picture.size, "white")
    ink = ImageChops.difference(picture, white).convert("L").point(lambda value: 255 * (value > FAINT))
    return ImageOps.expand(picture.crop(ink.getbbox()), GAP, "white")


def pages(wanted: Pages, width: int) -> Iterable[Image.Image]:
    """Yield pictures of pages."""
    with tempfile.TemporaryDirectory() as folder:
        if code := main([str(wanted.handout), "--lang", "en", "--format", "pdf", "--out", folder, *wanted.options]):
            sys.exit(code)
        (path,) = Path(folder).rglob("*.pdf")
        if wanted.handout == SHEET:
            shutil.copyfile(path, SHEET / "cheat-sheet.pdf")
        with pypdfium2.PdfDocument(path) as document:
            for number in wanted.numbers:
                page = document[number % len(document)]
                short = min(page.get_size())
                yield page.render(scale=width / short).to_pil().convert("RGB")


def sheet(options: Sequence[str]) -> Image.Image:
    """Return the picture of a visit sheet; one that is folded is as high as half a page."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.pdf"
        if code := main([*VISIT, *options, "-o", str(path)]):
            sys.exit(code)
        with pypdfium2.PdfDocument(path) as document:
            page = document[0]
            return page.render(scale=SHEET_WIDTH / min(page.get_size())).to_pil().convert("RGB")


def row(pictures: Sequence[Image.Image]) -> Image.Image:
    """Return pictures side by side."""
    width = sum(picture.width + GAP for picture in pictures) + GAP
    whole = Image.new("RGB", (width, max(picture.height for picture in pictures) + 2 * GAP), GROUND)
    left = GAP
    for picture in pictures:
        whole.paste(picture, (left, GAP))
        ImageDraw.Draw(whole).rectangle((left, GAP, left + picture.width - 1, GAP + picture.height - 1), outline=EDGE)
        left += picture.width + GAP
    return whole


def save(picture: Image.Image, name: str) -> None:
    """Write a picture of the documents."""
    path = ROOT / "docs" / name
    path.parent.mkdir(exist_ok=True)
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


if __name__ == "__main__":
    for name, (width, files) in PICTURES.items():
        if name in (sys.argv[1:] or PICTURES):
            save(row([page for wanted in files for page in pages(wanted, width)]), name)
    if SHEETS_PICTURE in (sys.argv[1:] or [SHEETS_PICTURE]):
        save(row([sheet(options) for options in SHEETS]), SHEETS_PICTURE)
    for kind, example in examples().items():
        name = f"blocks/{kind}.png"
        if name in (sys.argv[1:] or [name]):
            save(row([block_picture(kind, example)]), name)
