"""The book in other programs' formats, as calibre converts it: nothing is lost or out of proportion."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from judges import programs
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
EMU = 12_700
"""Units of DOCX in a point."""
# Of icons and marks, in pt as they are made: 42 and 13 px are 31.5 and 9.75.
ICON, MARK = 31.5, 9.75


def pages(book: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(book) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".html"))]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def words_of(book: Path) -> str:
    """What charts show in words, and all else that is text."""
    return " ".join(" ".join(" ".join(page.itertext()).split()) for page in pages(book).values())


def converted(book: Path, path: Path) -> Path:
    programs.run("ebook-convert", book, path)
    return path


@pytest.mark.tools("ebook-convert")
def test_docx_has_drawings_in_their_sizes_and_links_that_lead_somewhere(tmp_path: Path, built: Any) -> None:
    with zipfile.ZipFile(converted(built.epub, tmp_path / "book.docx")) as archive:
        document = etree.fromstring(archive.read("word/document.xml"))
    sizes: dict[str, list[tuple[float, float]]] = {"chapter": [], "mark": [], "cover.png": [], "": []}
    for drawing in document.iter(f"{W}drawing"):
        extent, name = next(drawing.iter(f"{WP}extent")), next(drawing.iter(f"{WP}docPr")).get("name", "")
        kind = next(kind for kind in sizes if name.startswith(kind))
        sizes[kind].append((int(extent.get("cx")) / EMU, int(extent.get("cy")) / EMU))
    assert {tuple(round(side / ICON, 1) for side in size) for size in sizes["chapter"]} == {(1.0, 1.0)}
    assert {tuple(round(side / MARK, 1) for side in size) for size in sizes["mark"]} == {(0.9, 0.9)}
    ((width, height),) = sizes["cover.png"]
    assert width / height == pytest.approx(0.625, rel=0.01)
    drawn = sum(1 for page in pages(built.epub).values() for image in page.iter("{*}img"))
    assert sum(map(len, sizes.values())) - len(sizes["chapter"]) == drawn + 1  # calibre puts a cover before ours
    marks = {mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")}
    led = [link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")]
    assert len(led) > 90
    assert {anchor for anchor in led if anchor} <= marks
    told = " ".join(text.text or "" for text in document.iter(f"{W}t"))
    assert "A right foot and ankle seen from the inner side" in " ".join(told.split())


@pytest.mark.tools("ebook-convert")
def test_azw3_has_drawings_as_they_are_with_what_they_show(tmp_path: Path, built: Any) -> None:
    """It is read by turning it back: what is not there then was not in it."""
    there = converted(converted(built.epub, tmp_path / "book.azw3"), tmp_path / "back.epub")
    told = [
        {image.get("alt") for page in pages(book).values() for image in page.iter("{*}img")}
        for book in (built.epub, there)
    ]
    assert told[0] <= told[1]
    with zipfile.ZipFile(built.epub) as archive, zipfile.ZipFile(there) as other:
        drawings = [sum(name.endswith(".svg") for name in one.namelist()) for one in (archive, other)]
        icons = sum(archive.read(name).count(b"<svg ") for name in archive.namelist() if name.endswith(".xhtml"))
    assert drawings[1] == drawings[0] + icons  # icons become files, too
    assert "A right foot and ankle seen from the inner side" in words_of(there)
    ids = {str(ident) for page in pages(there).values() for ident in page.xpath("//@id")}
    led = [str(to) for page in pages(there).values() for to in page.xpath("//*[local-name()='a']/@href") if "#" in to]
    assert len(led) > 80
    assert {to.partition("#")[2] for to in led} <= ids
