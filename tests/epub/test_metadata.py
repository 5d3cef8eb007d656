"""What the book says of itself: its identifier is its own and is kept, and claims are those that it bears out."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from helpers.project import ROOT, common
from lxml import etree
from PIL import Image

from handout_builder.brand.loader import load_brand
from handout_builder.cli.main import OK, main
from handout_builder.content.loader import load
from handout_builder.epub import package
from handout_builder.errors import HandoutError
from handout_builder.render.product import Product

UUID = "urn:uuid:0e0d7f3c-52a5-4a5e-9d3b-2f6c8f0b1a77"
ISBN = "urn:isbn:978-3-16-148410-0"
BLOCKS = {
    "words": "{type: text, text: Words.}",
    "picture": "{type: figure, image: a.png, alt: A picture}",
    "card": "{type: points, points: [{code: BL23, name: {text: 肾俞, lang: zh-Hans, reading: shèn yù}}]}",
}


def opf(folder: Path, head: str = "", block: str = "words", brand: Path | None = None, name: str = "one") -> Any:
    """Return the package document of a small book."""
    source = folder / name
    source.mkdir(parents=True)
    Image.new("RGB", (300, 300)).save(source / "a.png")
    (source / "en.yaml").write_text(
        f"title: T\ndescription: D\nrevised: 2026-11-28\n{head}sections:\n"
        f"  - {{id: a, heading: A, blocks: [{BLOCKS[block]}]}}\n",
        "utf-8",
    )
    book = folder / f"{name}.epub"
    book.write_bytes(package.write(Product(load(source, "en", common()), brand and load_brand(brand)), {}, b""))
    with zipfile.ZipFile(book) as archive:
        return etree.fromstring(archive.read("EPUB/content.opf"))


def meta(package_document: Any, name: str) -> list[str]:
    return [str(text) for text in package_document.xpath(f"//*[@property='{name}']/text()")]


def dc(package_document: Any, name: str) -> list[str]:
    return [str(text) for text in package_document.xpath(f"//*[local-name()='{name}']/text()")]


@pytest.mark.parametrize("identifier", [UUID, ISBN])
def test_the_identifier_is_the_sources(tmp_path: Path, identifier: str) -> None:
    assert dc(opf(tmp_path, f"identifier: {identifier}\n"), "identifier") == [identifier]


@pytest.mark.parametrize(
    "wrong", ["urn:uuid:1", "urn:isbn:978-3-16-148410-1", "978-3-16-148410-0", UUID.upper(), "https://example.com/1"]
)
def test_another_identifier_is_an_error(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(HandoutError, match="is no identifier of a book") as caught:
        opf(tmp_path, f"identifier: {wrong}\n")
    assert caught.value.problems[0].line == 4


def test_books_of_one_folder_name_and_of_clinics_are_different_books(tmp_path: Path) -> None:
    brands = [ROOT / "source" / "brands" / name for name in ("cell-healing", "harbour-lane")]
    own = f"identifier: {UUID}\n"
    found = [
        opf(tmp_path / "1", own),
        *(opf(tmp_path / brand.name, own, brand=brand) for brand in brands),
        opf(tmp_path / "2"),
        opf(tmp_path / "3", "author: Ada Example\n"),
    ]
    assert len({dc(one, "identifier")[0] for one in found}) == len(found)


def test_a_new_handout_has_an_identifier_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "source").mkdir()
    assert main(["new", "neck-pain"]) == OK
    assert main(["new", "knee-pain"]) == OK
    texts = [(tmp_path / "source" / name / "en.yaml").read_text("utf-8") for name in ("neck-pain", "knee-pain")]
    found = [re.findall(r"^identifier: (urn:uuid:[0-9a-f-]{36})$", text, re.MULTILINE) for text in texts]
    assert [len(ids) for ids in found] == [1, 1]
    assert found[0] != found[1]


def test_claims_are_those_that_the_book_bears_out(tmp_path: Path) -> None:
    words = opf(tmp_path / "1")
    card = opf(tmp_path / "2", block="card")
    assert "rubyAnnotations" not in meta(words, "schema:accessibilityFeature")
    assert "rubyAnnotations" in meta(card, "schema:accessibilityFeature")
    assert "pageNavigation" not in meta(words, "schema:accessibilityFeature") or not dc(words, "page")
    (of_words,), (of_card,) = (meta(one, "schema:accessibilitySummary") for one in (words, card))
    assert "other languages" not in of_words
    assert "other languages" in of_card


def test_conformance_needs_somebody_who_vouches_and_nothing_unseen(tmp_path: Path) -> None:
    wanted = ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    clinic = opf(tmp_path / "1", brand=ROOT / "source" / "brands" / "harbour-lane")
    assert meta(clinic, "dcterms:conformsTo") == wanted
    assert meta(clinic, "a11y:certifiedBy") == ["Harbour Lane Acupuncture"]
    author = opf(tmp_path / "2", "author: Ada Example\n")
    assert (meta(author, "dcterms:conformsTo"), meta(author, "a11y:certifiedBy")) == (wanted, ["Ada Example"])
    nobody, picture = opf(tmp_path / "3"), opf(tmp_path / "4", "author: Ada Example\n", block="picture")
    assert [meta(one, "dcterms:conformsTo") for one in (nobody, picture)] == [[], []]


def test_rights_subjects_and_source_are_told(tmp_path: Path) -> None:
    made = opf(tmp_path, "rights: CC BY 4.0\nsubjects: [low back pain, acupressure]\n")
    assert dc(made, "rights") == ["CC BY 4.0"]
    assert dc(made, "subject") == ["low back pain", "acupressure"]
    assert dc(made, "source") == meta(made, "pageBreakSource") == ["T (A4, 2026-11-28)"]
