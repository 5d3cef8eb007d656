"""No section's id meets one that the program makes: in the book each id stands once, and links lead to the section."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

from helpers.project import LANG, ROOT, tiny_handout
from judges import epubcheck
from lxml import etree

from handout_builder.builder.incremental import build
from handout_builder.content.schema import TAKEN
from handout_builder.orders import Order

CARD = "{code: BL23, name: {text: 肾俞, lang: zh-Hans, reading: x}}"
BLOCKS = (
    "{type: text, text: 'A.\n\n\n      B.'}",
    "{type: list, items: [a, b]}",
    "{type: definitions, items: [{term: a, text: b}]}",
    f"{{type: points, points: [{CARD}]}}",
    "{type: chart, view: back, points: [BL23], title: T, caption: C}",
    "{type: overview, title: T, caption: C, groups: [{mark: ring, label: a, points: [BL23, BL60]}]}",
    "{type: safety, include: see-a-doctor}",
)


def handout(ids: list[str]) -> str:
    head = "title: T\ndescription: D\nrevised: 2026-01-01\nsummary: [a, b]\nsections:\n"
    blocks = ["".join(f"      - {block}\n" for block in BLOCKS)] + [""] * len(ids)
    links = " ".join(f"[to](#{ident})" for ident in ids)
    return head + "".join(
        f"  - id: {ident}\n    heading: {ident}\n    blocks:\n      - {{type: text, text: '{links}'}}\n{blocks[number]}"
        for number, ident in enumerate(ids)
    )


def test_ids_stand_once_and_lead_to_their_sections(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "odd"
    folder.mkdir(parents=True)
    plain = folder / "en.yaml"
    plain.write_text(handout(["a"]), "utf-8")
    (path,) = (path for path in build([Order(folder, "en")], tmp_path / "one", jobs=1).paths if path.suffix == ".epub")
    # All that the program makes for section a, with the marks that a section's id may have.
    with zipfile.ZipFile(path) as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.endswith(".xhtml")]
    made = {
        ident.replace("_", "-").lower().strip("-") for page in pages for ident in re.findall(r' id="([^"]+)"', page)
    }
    ids = sorted(ident for ident in made - set(TAKEN) if re.fullmatch("[a-z][a-z0-9-]*", ident))
    assert {"a", "a-1", "a-2-p1", "page-1", "toc", "in-short-items-1"} <= set(ids)
    chosen = dict.fromkeys(["a", "a-1", "a-2-p1", "page-1", "toc", "in-short-items-1", *ids[::9]])
    plain.write_text(handout([*chosen][:12]), "utf-8")
    (path,) = (path for path in build([Order(folder, "en")], tmp_path / "all", jobs=1).paths if path.suffix == ".epub")
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.endswith(".xhtml"):
                tree = etree.fromstring(book.read(name))
                assert [ident for ident, count in Counter(tree.xpath("//@id")).items() if count > 1] == []
                for link in tree.xpath("//*[local-name()='a'][text()='to']/@href"):
                    target = etree.fromstring(book.read(f"EPUB/{link.partition('#')[0]}"))
                    (section,) = target.xpath(f"//*[@id='{link.partition('#')[2]}']")
                    assert etree.QName(section).localname == "section"
    assert epubcheck.check(path) == []


def test_every_fixed_id_of_the_templates_is_taken() -> None:
    texts = [
        path.read_text("utf-8")
        for path in (ROOT / "layouts").rglob("*html")
        if path.name not in ("nav.xhtml", "contents.xhtml") and path.parent.name != "studio"
    ]
    fixed = {ident for text in texts for ident in re.findall(r' id="([a-z0-9-]+)"', text)}
    assert fixed == set(TAKEN)


def test_a_page_of_the_print_that_begins_with_a_name_of_the_brand_is_found_in_the_book(tmp_path: Path) -> None:
    layouts = tmp_path / "clinic" / "layouts"
    layouts.mkdir(parents=True)
    (layouts.parent / "_brand.yml").write_text("meta: {name: A Clinic}\n")
    head = '{% extends "builtin/print.html" %}{% block letterhead %}<p id="clinic_head">A Clinic</p>{% endblock %}'
    (layouts / "print.html").write_text(head)
    paths = build([Order(tiny_handout(tmp_path, "tiny"), LANG, layouts.parent)], tmp_path / "out", jobs=1).paths
    book = zipfile.ZipFile(next(path for path in paths if path.suffix == ".epub"))
    (listed,) = set(re.findall(r'href="([^"]+)#page_1"', book.read("EPUB/nav.xhtml").decode()))
    assert b'id="page_1"' in book.read(f"EPUB/{listed}")
