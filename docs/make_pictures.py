"""Make the pictures of the documents: ``python docs/make_pictures.py``.

Builds the handout, with and without brands, into a folder of its own and sets pages side by side. Needs what
``make test`` installs.
"""

import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs"
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


def side_by_side(pictures: list[Image.Image], width: int) -> Image.Image:
    """Return the pictures in a row ``width`` px wide, with thin edges on a light ground."""
    height = max(picture.height for picture in pictures)
    sheet = Image.new("RGB", (width, height + 2 * GAP), GROUND)
    draw = ImageDraw.Draw(sheet)
    x = (width - sum(picture.width + GAP for picture in pictures) + GAP) // 2
    for picture in pictures:
        sheet.paste(picture, (x, GAP))
        draw.rectangle((x - 1, GAP - 1, x + picture.width, GAP + picture.height), outline=EDGE)
        x += picture.width + GAP
    return sheet


def first_and_last(pdf: Path, width: int) -> list[Image.Image]:
    """Return the pages that a brand changes most."""
    every = pages(pdf, width)
    return [every[0], every[-1]]


def same_height(pictures: list[Image.Image], height: int) -> list[Image.Image]:
    """Return the pictures in one height, in px."""
    return [p.resize((round(p.width * height / p.height), height), Image.Resampling.LANCZOS) for p in pictures]


def save(sheet: Image.Image, name: str) -> None:
    """Write a picture with few colours into docs/."""
    few = sheet.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE)
    few.save(OUT / name, "PNG", optimize=True)


def main() -> None:
    """Build the handout, with and without brands, and write the pictures."""
    sys.path.insert(0, str(ROOT))
    from handout_builder import LOOKS, Order, build  # noqa: PLC0415
    from handout_builder.editions import DEFAULT, EDITIONS  # noqa: PLC0415

    handout = ROOT / "source" / "chronic-back-pain"
    example = ROOT / "source" / "brands" / "harbour-lane"
    others = sorted(path.parent for path in (ROOT / "tests" / "samples" / "brands").glob("*/_brand.yml"))
    with tempfile.TemporaryDirectory() as folder:
        orders = [Order(handout, "en", brand) for brand in (None, example, *others)]
        plain, own, *five = build(orders, Path(folder), ("pdf",)).paths
        with pypdfium2.PdfDocument(plain) as document:
            count = len(document)
        save(side_by_side(pages(plain, (WIDTH - GAP) // count - GAP), WIDTH), "pages.png")
        save(side_by_side(first_and_last(plain, 370), 800), "brand-without.png")
        save(side_by_side(first_and_last(own, 370), 800), "brand-with.png")
        editions = tuple(edition for name, edition in EDITIONS.items() if name != DEFAULT)
        printed = build([Order(handout, "en", example, editions)], Path(folder), ("pdf",)).paths
        firsts = [pages(pdf, 600)[0] for pdf in printed]
        save(side_by_side(same_height(firsts, 235), WIDTH + 100), "editions.png")
        save(side_by_side([pages(pdf, 300)[0] for pdf in five], 1620), "brand-five.png")
        for look in LOOKS.values():
            (pdf,) = build([Order(handout, "en", look=look)], Path(folder), ("pdf",)).paths
            if look.suffix:  # the default look is that of pages.png
                few = pages(pdf, (WIDTH - GAP) // count - GAP)
                save(side_by_side(few, GAP + len(few) * (few[0].width + GAP)), f"look-{look.name}.png")


if __name__ == "__main__":
    main()
