"""The judges themselves: each passes a clean file and catches a planted defect."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pikepdf
import pytest
import weasyprint

import judges
from judges import ace, epubcheck, pages, reader, verapdf

# WeasyPrint leaves its colour profile to the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014.icc:pytest.PytestUnraisableExceptionWarning")

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""

PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:5b1d9d0e-3f3c-4c0e-9a51-6d2f0e1a7c11</dc:identifier>
<dc:title>Sample</dc:title><dc:language>en</dc:language>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Everything is text, and each picture is described.</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="dot" href="dot.png" media-type="image/png"/>
</manifest>
<spine><itemref idref="one"/></spine>
</package>"""

HTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">'

NAV = f"""<!DOCTYPE html>
{HTML}<head><title>Contents</title></head>
<body><nav epub:type="toc" role="doc-toc" aria-label="Contents"><ol><li><a href="one.xhtml">One</a></li></ol></nav>
</body></html>"""

CHAPTER = f"""<!DOCTYPE html>
{HTML}<head><title>One</title></head>
<body><main><h1>One</h1><p>Hello.</p><p><img src="dot.png" alt="A dot"/></p></main></body></html>"""

CLEAN = {"META-INF/container.xml": CONTAINER, "book.opf": PACKAGE, "nav.xhtml": NAV, "one.xhtml": CHAPTER}

# WeasyPrint asks for smoothed pictures otherwise, which PDF/A forbids.
STYLE = "<style>img { image-rendering: crisp-edges }</style>"

PAGE = f"""<html lang="en"><head><title>Sample</title>{STYLE}</head><body><h1>Sample</h1><p>Hello.</p>
<p><img src="data:image/png;base64,{base64.b64encode(PNG).decode()}" alt="A dot"></p></body></html>"""


def write_book(path: Path, **changes: tuple[str, str]) -> Path:
    """Write the clean book, with one text replaced in a file (named by its stem)."""
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        book.writestr("dot.png", PNG)
        for name, text in CLEAN.items():
            old, new = changes.pop(Path(name).stem, ("", ""))
            assert old in text, f"{name} holds no {old}"
            book.writestr(name, text.replace(old, new) if old else text)
    assert not changes
    return path


@pytest.fixture(scope="module")
def clean_pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clean")
    variants = {"ua1": "pdf/ua-1", "3a": "pdf/a-3a"}
    for flavour, variant in variants.items():
        weasyprint.HTML(string=PAGE).write_pdf(folder / f"{flavour}.pdf", pdf_variant=variant)
    return {flavour: folder / f"{flavour}.pdf" for flavour in variants}


def objects(pdf: pikepdf.Pdf, key: str, value: str) -> list[pikepdf.Dictionary]:
    found = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get(key) == pikepdf.Name(value)]
    assert found, f"no {key} {value} in the clean file"
    return found


def untag(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot
    del pdf.Root.MarkInfo


def drop_alt(pdf: pikepdf.Pdf) -> None:
    for figure in objects(pdf, "/S", "/Figure"):
        del figure.Alt


def drop_fonts(pdf: pikepdf.Pdf) -> None:
    for descriptor in objects(pdf, "/Type", "/FontDescriptor"):
        for key in {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            del descriptor[key]


def drop_pdfa_claim(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        del metadata["pdfaid:part"]
        del metadata["pdfaid:conformance"]


def test_need_skips_here_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    judges.need(True, "something", "get it")
    with pytest.raises(pytest.skip.Exception, match="something is missing; to have it: get it"):
        judges.need(False, "something", "get it")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI must have it"):
        judges.need(False, "something", "get it")


def ace_finds(*what: Any) -> Any:
    return pytest.param(ace, *what, marks=pytest.mark.tools("chromium"))


@pytest.mark.parametrize("judge", [epubcheck, ace_finds()])
def test_a_clean_book_passes(tmp_path: Path, judge: ModuleType) -> None:
    assert judge.check(write_book(tmp_path / "clean.epub")) == []


@pytest.mark.parametrize(
    ("judge", "changes", "expected"),
    [
        (epubcheck, {"one": ("Hello.", '<a href="#nowhere">Hello.</a>')}, "ERROR RSC-012: "),
        (epubcheck, {"nav": (' epub:type="toc" role="doc-toc"', "")}, "ERROR RSC-005: "),
        (epubcheck, {"book": ('<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>', "")}, "ERROR RSC-005: "),
        ace_finds({"one": (' alt="A dot"', "")}, "critical image-alt: "),
        ace_finds({"one": (' lang="en" xml:lang="en"', "")}, "serious html-has-lang: "),
    ],
    ids=["broken link", "no toc", "no date", "no alt text", "no language"],
)
def test_a_defect_in_a_book_is_caught(
    tmp_path: Path, judge: ModuleType, changes: dict[str, tuple[str, str]], expected: str
) -> None:
    found = judge.check(write_book(tmp_path / "bad.epub", **changes))
    assert [line[: len(expected)] for line in found] == [expected], found


@pytest.mark.tools("chromium")
def test_a_book_ace_cannot_read_is_no_pass(tmp_path: Path) -> None:
    book = write_book(tmp_path / "bad.epub", nav=(' epub:type="toc" role="doc-toc"', ""))
    with pytest.raises(AssertionError, match="Ace left no report"):
        ace.check(book)


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_a_clean_pdf_passes(clean_pdfs: dict[str, Path], flavour: str) -> None:
    assert verapdf.check(clean_pdfs[flavour], flavour) == []
    assert pages.check(clean_pdfs[flavour], flavour) == []


@pytest.mark.parametrize(
    ("flavour", "defect", "rule", "second"),
    [
        ("ua1", untag, "7.1-11: ", "PDFUA1-"),
        ("ua1", drop_alt, "7.3-1: ", "PDFUA1-"),
        ("3a", drop_fonts, "6.2.11.4.1-1: ", "PDFA3A-"),
        ("3a", drop_pdfa_claim, "6.6.4-1: ", "PDFA3A-"),
    ],
)
def test_a_defect_in_a_pdf_is_caught(
    *,
    tmp_path: Path,
    clean_pdfs: dict[str, Path],
    flavour: str,
    defect: Callable[[pikepdf.Pdf], None],
    rule: str,
    second: str,
) -> None:
    bad = tmp_path / "bad.pdf"
    with pikepdf.open(clean_pdfs[flavour]) as pdf:
        defect(pdf)
        pdf.save(bad)
    first_opinion = verapdf.check(bad, flavour)
    assert any(line.startswith(rule) for line in first_opinion), first_opinion
    second_opinion = pages.check(bad, flavour)
    assert any(line.startswith(second) for line in second_opinion), second_opinion


def test_every_flavour_has_its_rules() -> None:
    for flavour in ("1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "ua1"):
        assert len(verapdf.rules(flavour)) > 100


@pytest.mark.tools("chromium")
def test_a_reading_system_shows_each_page(tmp_path: Path) -> None:
    lines = "".join(f"<p>Line {number}.</p>" for number in range(40))
    book = write_book(tmp_path / "book.epub", one=("<p>Hello.", f"{lines}<p>Hello."))
    shots = reader.screenshots(book, tmp_path / "shots", "--dark", "--size", "150")
    assert len(shots) > 2
    assert len({shot.read_bytes() for shot in shots}) == len(shots)
