"""An EPUB as a reading system sees it: its documents, and the font of each text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cssselect2
import tinycss2
from fontTools.ttLib import TTFont
from lxml import etree

from .once import once

if TYPE_CHECKING:
    from handout_builder.orders import Order

XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def book_of(order: Order, run_folder: Path) -> Path:
    """Return the book of an order without a brand, which is made once in a run."""
    from handout_builder.builder.incremental import build

    made = once(run_folder / f"book-{order.name}", lambda folder: build([order], folder, ("epub",)))
    return made / f"{order.name}.epub"


def documents(book: Path) -> dict[str, Any]:
    with zipfile.ZipFile(book) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xhtml")}


class Fonts:
    """Which font a reading system takes for each text, by the style sheet alone."""

    def __init__(self, book: Path) -> None:
        self.archive = zipfile.ZipFile(book)
        self._open: dict[str, TTFont] = {}
        css = self.archive.read("EPUB/book.css").decode()
        self.files: dict[str, tuple[str, int]] = {}
        self.matcher = cssselect2.Matcher()
        for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
            assert rule.type in ("qualified-rule", "at-rule"), rule
            if rule.type == "at-rule" and rule.lower_at_keyword == "font-face":
                face = declarations(rule)
                source = re.search(r"url\(\"?(.*?)\"?\)", face["src"])
                assert source is not None
                self.files[face["font-family"].strip('"')] = "EPUB/" + source[1], int(face["font-weight"])
            elif rule.type == "qualified-rule" and "font-family" in (found := declarations(rule)):
                for selector in cssselect2.compile_selector_list(rule.prelude):
                    self.matcher.add_selector(selector, found["font-family"])

    def families(self, document: Any) -> Iterator[tuple[str, str, str, Any]]:
        """Yield (text, language, first family or "", element) for each piece of text."""
        root = cssselect2.ElementWrapper.from_xml_root(document)
        known: dict[Any, tuple[str, str]] = {}
        for wrapper in root.iter_subtree():
            parent = wrapper.parent and known[wrapper.parent.etree_element]
            family, lang = parent or ("", "")
            matches = self.matcher.match(wrapper)
            if matches:
                family = max(matches, key=lambda match: match[:2])[3].split(",")[0].strip().strip('"')
            element = wrapper.etree_element
            lang = element.get("lang", lang)
            known[element] = family, lang
            pieces = [element.text or "", *(child.tail or "" for child in element)]
            for text in pieces:
                if text.strip():
                    yield text, lang, family, element

    def open(self, family: str) -> TTFont:
        if family not in self._open:
            self._open[family] = TTFont(io.BytesIO(self.archive.read(self.files[family][0])))
        return self._open[family]


def declarations(rule: Any) -> dict[str, str]:
    items = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    return {item.lower_name: tinycss2.serialize(item.value).strip() for item in items if item.type == "declaration"}
