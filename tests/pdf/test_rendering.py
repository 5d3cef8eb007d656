"""The pages as four engines show them, and as they look without colour."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import tinycss2
from helpers import pdf_pages
from helpers.project import NAME, ROOT, SOURCE, source_of
from helpers.source_text import cards, handout, squeeze
from judges import programs
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from handout_builder.pdf import typeset
from handout_builder.render import printing
from handout_builder.render.product import Product

DPI = 150
SCALE = DPI / 72
NAMES = [card["name"]["text"] for card in cards(handout())]
LEAST_INK = 0.05  # of the crop; a name has about a fifth
LIKENESS = 0.9
LAYOUTS = ROOT / "layouts"


def poppler(pdf: Path, page: int, out: Path) -> None:
    programs.run(
        "pdftoppm", "-gray", "-png", "-singlefile", "-r", DPI, "-f", page, "-l", page, pdf, out.with_suffix("")
    )


def mupdf(pdf: Path, page: int, out: Path) -> None:
    programs.run("mutool", "draw", "-q", "-c", "gray", "-r", DPI, "-o", out, pdf, page)


def ghostscript(pdf: Path, page: int, out: Path) -> None:
    pages = (f"-dFirstPage={page}", f"-dLastPage={page}")
    smooth = ("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4")
    programs.run(
        "gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pnggray", f"-r{DPI}", *smooth, *pages, "-o", out, pdf
    )


def pdfium(pdf: Path, page: int, out: Path) -> None:
    pdf_pages.picture(pdf, page, DPI, grey=True).save(out)


OWN = "pdfium"
"""The engine that comes as a wheel: the others are held against it."""
ENGINES: dict[str, Callable[[Path, int, Path], None]] = {
    "poppler": poppler,
    "mupdf": mupdf,
    "ghostscript": ghostscript,
    "pdfium": pdfium,
}
PROGRAMS = {"poppler": "pdftoppm", "mupdf": "mutool", "ghostscript": "gs"}
OTHERS = [pytest.param(engine, marks=pytest.mark.tools(program)) for engine, program in PROGRAMS.items()]


class Sheets:
    """Pages as grey pictures, each made once."""

    def __init__(self, pdf: Path, folder: Path) -> None:
        self.pdf, self.folder = pdf, folder
        with pdfplumber.open(pdf) as document:
            self.texts = [squeeze(page.extract_text()) for page in document.pages]
            self.boxes = dict(self._boxes(document))

    def page(self, engine: str, number: int) -> Image.Image:
        path = self.folder / f"{engine}-{number}.png"
        if not path.exists():
            ENGINES[engine](self.pdf, number, path)
        with Image.open(path) as image:
            return image.convert("L")

    def crop(self, engine: str, name: str) -> Image.Image:
        number, box = self.boxes[name]
        return self.page(engine, number).crop(box)

    @staticmethod
    def _boxes(document: Any) -> Iterator[tuple[str, tuple[int, tuple[int, ...]]]]:
        """Yield each name with its page and its box in pixels: the largest place it stands in."""
        for name in NAMES:
            found = [
                (match["x1"] - match["x0"], number, match)
                for number, page in enumerate(document.pages, 1)
                for match in page.search(name, regex=False, return_chars=False)
            ]
            _, number, match = max(found, key=lambda item: item[:2])
            yield name, (number, tuple(round(match[key] * SCALE) for key in ("x0", "top", "x1", "bottom")))


@pytest.fixture(scope="module")
def sheets(built: Any, tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    return Sheets(built.pdf, tmp_path_factory.mktemp("sheets"))


def ink(image: Image.Image) -> float:
    """Return the share of the picture that is black."""
    return 1 - ImageStat.Stat(image).mean[0] / 255


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Return the best correlation of two pictures (1: the same, 0: nothing in common), shifted by up to two pixels."""
    one, other = (ImageOps.invert(image).filter(ImageFilter.GaussianBlur(1)) for image in (one, other))
    width, height = one.size
    assert other.size == one.size
    inner = one.crop((2, 2, width - 2, height - 2))
    shifts = ((x, y) for x in range(5) for y in range(5))
    return max(correlation(inner, other.crop((x, y, x + width - 4, y + height - 4))) for x, y in shifts)


def correlation(one: Image.Image, other: Image.Image) -> float:
    spread = ImageStat.Stat(one).stddev[0] * ImageStat.Stat(other).stddev[0]
    if not spread:
        return 0.0
    # var(a + b) = var(a) + var(b) + 2 cov(a, b), with a mean picture in place of the sum
    half = ImageStat.Stat(ImageChops.add(one, other, scale=2)).var[0] * 4
    return (half - ImageStat.Stat(one).var[0] - ImageStat.Stat(other).var[0]) / (2 * spread)


def shows(crop: Image.Image, reference: Image.Image) -> bool:
    return ink(crop) >= LEAST_INK and likeness(crop, reference) >= LIKENESS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("engine", OTHERS)
def test_names_look_alike_in_every_engine(sheets: Sheets, engine: str, name: str) -> None:
    reference, crop = sheets.crop(OWN, name), sheets.crop(engine, name)
    assert ink(reference) >= LEAST_INK
    assert shows(crop, reference), (ink(crop), likeness(crop, reference))


def test_names_are_large(sheets: Sheets) -> None:
    for name, (_, (left, top, right, bottom)) in sheets.boxes.items():
        assert right - left >= len(name) * 24 * SCALE * 0.9, name
        assert bottom - top >= 24 * SCALE * 0.9


@pytest.mark.parametrize("name", NAMES)
def test_blank_boxes_and_other_names_are_seen(sheets: Sheets, name: str) -> None:
    reference = sheets.crop(OWN, name)
    blank = Image.new("L", reference.size, 255)
    boxes = blank.copy()
    draw = ImageDraw.Draw(boxes)
    step = reference.width // len(name)
    for number in range(len(name)):
        draw.rectangle((number * step + 4, 8, (number + 1) * step - 4, reference.height - 8), outline=0, width=5)
    assert ink(boxes) >= LEAST_INK, "the planted boxes have ink, and still must not pass"
    for wrong in (blank, boxes, *(sheets.crop(OWN, other) for other in NAMES if other != name)):
        assert not shows(wrong.resize(reference.size), reference)
    assert shows(reference, reference)


@pytest.mark.tools(*PROGRAMS.values())
def test_whole_pages_look_alike(sheets: Sheets) -> None:
    for number in range(1, len(sheets.texts) + 1):
        small = [
            ImageOps.invert(sheets.page(engine, number)).resize((248, 351), Image.Resampling.BOX) for engine in ENGINES
        ]
        # Anti-aliasing and half a pixel are all that differs.
        assert all(correlation(small[0], other) > 0.9 for other in small[1:]), f"page {number}"


# Without colour


def tokens() -> dict[str, str]:
    """Return the tokens; one that is another has its value."""
    found = dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", (LAYOUTS / "tokens.css").read_text("utf-8")))
    return {name: found.get(token(value) or "", value) for name, value in found.items()}


def grey(colour: str) -> float:
    """Return the lightness of "#rrggbb" on a grey print, 0 to 1 (Rec. 709 weights, in linear light)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2.2, which looks at luminance only: a grey print keeps it."""
    low, high = sorted((grey(one), grey(other)))
    return (high + 0.05) / (low + 0.05)


def rules(css: str) -> Iterator[tuple[str, dict[str, str]]]:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            items = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            found = {item.lower_name: tinycss2.serialize(item.value) for item in items if item.type == "declaration"}
            yield tinycss2.serialize(rule.prelude).strip(), found


def token(value: str) -> str | None:
    found = re.search(r"var\(--([a-z0-9-]+)\)", value)
    return found[1] if found else None


def print_css() -> str:
    """Return the rules of every print: of the page, of what stands in its text, of each type of block."""
    return "".join(path.read_text("utf-8") for path in typeset.style_sheets())


def test_text_keeps_its_contrast_in_grey() -> None:
    """Every text colour of the print on white and on the wash that it can stand on."""
    colours: dict[str, set[str]] = {}
    washes: dict[str, str] = {}
    for selector, found in rules(print_css()):
        if "color" in found and found["color"].strip() != "inherit":
            name = token(found["color"])
            assert name is not None, f"{selector}: a colour that is no token"
            colours.setdefault(name, set()).add(selector)
        if "background" in found and (name := token(found["background"])):
            washes[selector] = name
    # Paper is no wash; letters on a brand's band have a colour of their own: tests/colour/test_palette.py.
    washes = {selector: name for selector, name in washes.items() if name not in ("paper", "band")}
    colours.pop("on-band")
    values = tokens()
    assert set(colours) >= {"ink", "ink2", "accent", "warn"}
    assert set(washes.values()) == {"accent-wash", "warn-wash"}
    for name, places in colours.items():
        for ground in ("paper", *washes.values()):
            assert contrast(values[name], values[ground]) >= 4.5, f"{name} on {ground}: {places}"


def test_words_in_the_drawing_keep_their_contrast_in_grey() -> None:
    product = Product(source_of(SOURCE / NAME))
    pages = printing.print_html(product, printing.first_pages(product))
    values = tokens()
    fills = set(re.findall(r'<t(?:ext|span)[^>]*fill="(#[0-9a-f]{6})"', pages))
    assert len(fills) >= 4
    for fill in fills:
        for ground in ("paper", "skin-light", "bone"):
            assert contrast(fill, values[ground]) >= 4.5, (fill, ground)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_safety_ranks_differ_by_weight_not_by_colour() -> None:
    def points(text: str) -> float:
        return float(re.match(r"[\d.]+", text)[0])

    values = tokens()
    weights = [points(values[name]) for name in ("rule-emergency", "rule-doctor", "rule-stop", "rule-head")]
    assert weights == sorted(weights, reverse=True)
    assert all(thick >= 1.5 * thin for thick, thin in pairwise(weights))
    used = {selector: found.get("border-top", "") for selector, found in rules(print_css())}
    ranks = {"emergency": "rule-emergency", "doctor": "rule-doctor", "stop": "rule-stop", "how": "rule-head"}
    for rank, rule in ranks.items():
        assert f"var(--{rule})" in used[f".safety.{rank}"]


def test_icons_differ_in_form() -> None:
    files = (LAYOUTS / "icons").glob("*.svg")
    pictures = [re.sub(r"var\(--[a-z0-9-]+\)", "black", path.read_text("utf-8")) for path in files]
    assert len(pictures) == len(set(pictures)) == 4


def test_dots_of_pairs_and_of_the_midline_differ_in_form(sheets: Sheets) -> None:
    """The two marks of the legend, cut out of the grey page: a disc fills π/4 of its box, a diamond half of it."""
    with pdfplumber.open(sheets.pdf) as document:
        number = sheets.boxes[NAMES[0]][0] - 1  # the chart stands on the page before the cards
        words = {
            label: document.pages[number - 1].search(label.replace(" ", " ?"))[0]
            for label in ("both sides", "in the middle")
        }
    fills = {}
    for label in words:
        left, top, bottom = (words[label][key] for key in ("x0", "top", "bottom"))
        box = (left - 18, top - 1, left - 3, bottom + 1)
        crop = sheets.page(OWN, number).crop(tuple(round(edge * SCALE) for edge in box))
        dark = crop.point(lambda value: 255 * (value < 128))
        edges = dark.getbbox()
        assert edges is not None, f"no dark mark before “{label}”"
        assert 12 <= edges[2] - edges[0] <= 30
        fills[label] = ImageStat.Stat(dark.crop(edges)).mean[0] / 255
    assert fills["both sides"] == pytest.approx(0.785, abs=0.08)
    assert fills["in the middle"] == pytest.approx(0.5, abs=0.08)


def test_marks_are_dark_on_the_skin() -> None:
    values = tokens()
    for mark in ("dot", "dot-mid"):
        assert contrast(values[mark], values["skin-light"]) >= 3
        assert contrast(values[mark], values["paper"]) >= 3, "the ring round it, on darker skin"
