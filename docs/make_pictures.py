#!/usr/bin/env python3
"""Draw the documents' pictures anew: pages of the first handout, and the cheat sheet, as they are built now.

python docs/make_pictures.py [NAME.png ...]    (needs what the tests need: make .venv/ready-test)
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from PIL import Image, ImageDraw

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
FORMS = ROOT / "tests" / "samples" / "handouts" / "blocks"
SAMPLES = ROOT / "tests" / "samples" / "brands"
LANE = ("--brand", "harbour-lane")
EDITIONS = ("letter", "large-print", "greyscale", "booklet", "leaflet", "one-page", "press")
PICTURES: dict[str, tuple[int, Sequence[Pages]]] = {
    "pages.png": (244, [Pages((), range(6))]),
    "look-compact.png": (244, [Pages(("--look", "compact"), range(5))]),
    "exercises.png": (370, [Pages((), (1, 2), EXERCISES)]),
    "blocks.png": (370, [Pages((), (0,), FORMS)]),
    "pen.png": (370, [Pages((), (2,), FORMS)]),
    "marks.png": (370, [Pages((), (3,), EXERCISES)]),
    "brand-without.png": (370, [Pages((), (0, -1))]),
    "brand-with.png": (370, [Pages(LANE, (0, -1))]),
    "brand-five.png": (300, [Pages(("--brand", str(folder))) for folder in sorted(SAMPLES.iterdir())]),
    "cheat-sheet.png": (700, [Pages((), handout=SHEET)]),
    "editions.png": (166, [Pages((*LANE, "--edition", edition)) for edition in EDITIONS]),
}
"""For each picture, the width of a portrait page in px, and what it shows; a landscape sheet is as high as that."""


def pages(wanted: Pages, width: int) -> Iterable[Image.Image]:
    """Yield pictures of pages."""
    with tempfile.TemporaryDirectory() as folder:
        if code := main([str(wanted.handout), "--format", "pdf", "--out", folder, *wanted.options]):
            sys.exit(code)
        (path,) = Path(folder).rglob("*.pdf")
        if wanted.handout == SHEET:
            shutil.copyfile(path, SHEET / "cheat-sheet.pdf")
        with pypdfium2.PdfDocument(path) as document:
            for number in wanted.numbers:
                page = document[number % len(document)]
                short = min(page.get_size())
                yield page.render(scale=width / short).to_pil().convert("RGB")


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


if __name__ == "__main__":
    for name, (width, files) in PICTURES.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        whole = row([page for wanted in files for page in pages(wanted, width)])
        whole.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(ROOT / "docs" / name, optimize=True)
