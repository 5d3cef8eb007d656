"""The proof of a PDF: what a print shop, or a careful clinic, wants to know before it prints."""

import base64
import hashlib
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pypdfium2
from PIL import Image, ImageStat

from handout_builder import temporary_folders
from handout_builder.colour import inks
from handout_builder.errors import Problem, Severity
from handout_builder.pdf import quality, spoken, tag_tree
from handout_builder.pdf.elements import classes
from handout_builder.pdf.x4 import FOGRA39
from handout_builder.render.product import Product
from handout_builder.text.readability import reading
from handout_builder.units import MM_PER_PT, PT_PER_INCH

LEAST_DPI = 300
"""What pictures should have at the size in which they are printed."""
_BOXES = ("MediaBox", "BleedBox", "TrimBox")
_SPACES = {"rg": "DeviceRGB", "g": "DeviceGray", "k": "DeviceCMYK"}
_THUMBNAIL, _INK_DPI = 56, 50
_INKS = ("cyan", "magenta", "yellow", "black")
# For what each key of the metadata stands, and what veraPDF calls it.
_STANDARDS = {
    "{http://www.aiim.org/pdfa/ns/id/}part": ("PDF/A", ""),
    "{http://www.aiim.org/pdfua/ns/id/}part": ("PDF/UA", "ua"),
    "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion": ("", ""),
}
_PATIENCE = 25
"""Seconds for another program: what waits for ever must not take the whole minutes of a product."""
_DECLARED = re.compile(rb"http://pdfa\.org/declarations/wtpdf#(accessibility|reuse)1\.0")


def report(name: str, data: bytes, product: Product, html: str) -> dict[str, Any]:
    """Return everything about a finished PDF as plain values; lengths in mm, inks in %."""
    with pikepdf.open(io.BytesIO(data)) as document:
        boxes = [{key: _box(page, key) for key in _BOXES} for page in document.pages]
        fonts, spaces = sorted(_fonts(document)), sorted(_spaces(document))
        standards = list(_standards(document, data))
    source, tree = product.source, tag_tree.read(data)
    rendered = list(_rendered(data, _INK_DPI))
    ink = _coverage(data, rendered, spaces)
    pictures = list(images(data))
    words = reading(_paragraphs(html)) if source.lang.partition("-")[0] == "en" else None
    return {
        "file": name,
        "title": source.handout.title,
        "revised": source.handout.revised.isoformat(),
        "edition": product.edition.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "pages": [
            {"number": number, "boxes": found, "ink": covered}
            for number, (found, covered) in enumerate(zip(boxes, ink, strict=True), start=1)
        ],
        "fonts": fonts,
        "colour_spaces": spaces,
        "images": pictures,
        "standards": standards,
        "quality": [
            {
                "check": result.name,
                "of": result.of,
                "verdict": result.verdict,
                "findings": [finding._asdict() for finding in result.findings],
            }
            for result in quality.results(tree)
        ],
        "spoken": spoken.pages(tree),
        "reading": {"grade": words.grade, "smog": words.smog, "words": words.words, "sentences": words.sentences}
        if words
        else None,
    }


def contact_sheet(data: bytes) -> list[str]:
    """Return a small picture of each page as a data address."""
    sheet = []
    for page in _rendered(data, _THUMBNAIL):
        png = io.BytesIO()
        page.save(png, "PNG", optimize=True)
        sheet.append("data:image/png;base64," + base64.b64encode(png.getvalue()).decode())
    return sheet


def images(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the pictures of a PDF with their size in pixels, their printed width in mm, and their resolution."""
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document, start=1):
            for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
                width, height = item.get_px_size()
                left, bottom, right, top = item.get_bounds()
                dpi = round(min(width / ((right - left) / PT_PER_INCH), height / ((top - bottom) / PT_PER_INCH)))
                yield {
                    "page": number,
                    "pixels": [width, height],
                    "width": round((right - left) * MM_PER_PT, 1),
                    "dpi": dpi,
                }


def coarse_pictures(data: bytes, folder: Path) -> list[Problem]:
    """Return a warning for each picture that is too coarse for a print shop; ``folder`` is the handout's."""
    return [
        Problem(
            "coarse-picture",
            f"page {item['page']}: a picture {item['width']} mm wide has {item['dpi']} dpi, not {LEAST_DPI}",
            folder,
            hint="use a larger file of the same picture",
            severity=Severity.WARNING,
        )
        for item in images(data)
        if item["dpi"] < LEAST_DPI - 1
    ]


def _box(page: pikepdf.Page, key: str) -> list[float]:
    left, bottom, right, top = (float(value) for value in page.obj.get(f"/{key}", page.mediabox))
    return [round(value * MM_PER_PT, 1) for value in (left, bottom, right - left, top - bottom)]


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            embedded = "/FontFile2" in item or "/FontFile3" in item
            yield f"{str(item.FontName).lstrip('/').partition('+')[2]}{'' if embedded else ' (not embedded)'}"


def _spaces(document: pikepdf.Pdf) -> set[str]:
    """Return the colour spaces that are painted with, in pages, forms and pictures."""
    found = set()
    streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
    for item in streams:
        if item.get("/Subtype") == "/Image":
            found.add(str(item.ColorSpace).lstrip("/"))
    for content in [*document.pages, *(item for item in streams if item.get("/Subtype") == "/Form")]:
        for instruction in pikepdf.parse_content_stream(content):
            operator = str(instruction.operator).lower()
            if operator in _SPACES:
                found.add(_SPACES[operator])
            elif operator == "cs":
                found.add(str(instruction.operands[0]).lstrip("/"))
    return found


def _standards(document: pikepdf.Pdf, data: bytes) -> Iterator[dict[str, str]]:
    """Yield what the file says it conforms to, with veraPDF's verdict where that is installed."""
    with document.open_metadata() as metadata:
        for key, (family, flavour) in _STANDARDS.items():
            if key in metadata:
                level = str(metadata.get("{http://www.aiim.org/pdfa/ns/id/}conformance", "")).lower()
                part = str(metadata[key]) + (level if family == "PDF/A" else "")
                name = f"{family}-{part}" if family else part
                yield {
                    "name": name,
                    "verdict": _verdict(data, flavour + part) if family else "no free validator knows it",
                }
    for word in _DECLARED.findall(document.Root.Metadata.read_bytes()):
        yield {"name": f"WTPDF 1.0 for {word.decode()}", "verdict": _verdict(data, f"wt1{chr(word[0])}")}


def _verdict(data: bytes, flavour: str) -> str:
    if not (program := shutil.which("verapdf")):
        return "not checked: veraPDF is not installed"
    with temporary_folders.made() as folder:
        path = folder / "file.pdf"
        path.write_bytes(data)
        said = _said([program, "--flavour", flavour, "--format", "text", str(path)])
    if said is None:
        return f"not checked: veraPDF took more than {_PATIENCE} seconds"
    word = said.partition(" ")[0]
    return {"PASS": "passes veraPDF", "FAIL": "fails veraPDF"}.get(word, "not checked: veraPDF gave no verdict")


def _said(command: Sequence[str]) -> str | None:
    """Return what a program writes; None of one that does not end."""
    with tempfile.TemporaryFile() as said:  # a pipe would be waited for as long as any child of it lives
        try:
            subprocess.run(  # noqa: S603  # found on the PATH
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                check=False,
                timeout=_PATIENCE,
            )
        except subprocess.TimeoutExpired:
            return None
        said.seek(0)
        return said.read().decode("utf-8", "replace")


def _rendered(data: bytes, dpi: int) -> Iterator[Image.Image]:
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield page.render(scale=dpi / PT_PER_INCH).to_pil().convert("RGB")


def _coverage(data: bytes, rendered: list[Image.Image], spaces: list[str]) -> Sequence[Mapping[str, Any]]:
    """Return the share of each page that each ink covers, in %: measured by Ghostscript, else estimated."""
    if "DeviceCMYK" in spaces and (measured := _measured(data)):
        return measured
    cmyk = inks.Cmyk(FOGRA39)
    shares = []
    for page in rendered:
        means = ImageStat.Stat(cmyk.picture(page)).mean
        shares.append(dict(zip(_INKS, (round(mean / 2.55, 1) for mean in means), strict=True)) | {"by": "estimate"})
    return shares


def _measured(data: bytes) -> Sequence[Mapping[str, Any]]:
    if not (program := shutil.which("gs")):
        return []
    with temporary_folders.made() as folder:
        path = folder / "file.pdf"
        path.write_bytes(data)
        command = [program, "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=ink_cov", "-sOutputFile=-", str(path)]
        said = _said(command) or ""
    rows = [line.split()[:4] for line in said.splitlines() if " CMYK " in line]
    return [dict(zip(_INKS, (round(float(v), 1) for v in row), strict=True)) | {"by": "Ghostscript"} for row in rows]


def _paragraphs(html: str) -> Iterator[str]:
    """Yield the running text of a printed page: paragraphs and list items, without names of points and sources."""
    root = ElementTree.fromstring(html)  # noqa: S314  # our own templates made it
    for section in root.iter("section"):
        if "sources" not in classes(section):
            for element in section.iter():
                if element.tag in ("p", "li") and "standard" not in element.get("class", ""):
                    yield " ".join("".join(element.itertext()).split())
