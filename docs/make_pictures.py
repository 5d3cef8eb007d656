"""Make the picture of the README, docs/pages.png: ``python docs/make_pictures.py``.

Builds the handout into a folder of its own and sets its pages side by side. Needs what ``make test`` installs.
"""

import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "pages.png"
WIDTH = 1600
GAP = 20
GROUND, EDGE = "#eef1f0", "#b9c1be"
# Chosen by their distance, not by how often they occur: grey text would take them all.
COLOURS = 200


def pages(pdf: Path, width: int) -> list[Image.Image]:
    """Return the pages of a PDF as pictures, each ``width`` px wide."""
    with pypdfium2.PdfDocument(pdf) as document:
        # Drawn at twice the size and made smaller: thin strokes keep their weight.
        drawn = [page.render(scale=2 * width / page.get_width()).to_pil().convert("RGB") for page in document]
    return [page.resize((width, round(page.height * width / page.width)), Image.Resampling.LANCZOS) for page in drawn]


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Return the pictures in a row with thin edges on a light ground."""
    height = max(picture.height for picture in pictures)
    sheet = Image.new("RGB", (WIDTH, height + 2 * GAP), GROUND)
    draw = ImageDraw.Draw(sheet)
    x = (WIDTH - sum(picture.width + GAP for picture in pictures) + GAP) // 2
    for picture in pictures:
        sheet.paste(picture, (x, GAP))
        draw.rectangle((x - 1, GAP - 1, x + picture.width, GAP + picture.height), outline=EDGE)
        x += picture.width + GAP
    return sheet


def main() -> None:
    """Build the handout and write the picture."""
    sys.path.insert(0, str(ROOT))
    from handout_builder import Order, build  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        (pdf,), _ = build([Order(ROOT / "source" / "chronic-back-pain", "en")], Path(folder), ("pdf",))
        with pypdfium2.PdfDocument(pdf) as document:
            count = len(document)
        sheet = side_by_side(pages(pdf, (WIDTH - GAP) // count - GAP))
    few = sheet.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE)
    few.save(OUT, "PNG", optimize=True)


if __name__ == "__main__":
    main()
