"""The finished files as other programs see them: tags, glyphs and words of a PDF, documents and styles of an EPUB."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import cssselect2
import pikepdf
import tinycss2
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from lxml import etree
from yaml import safe_load

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "source"
FONTS = ROOT / "fonts"
NAME, LANG = "chronic-back-pain", "en"
HAN = re.compile("[\u3400-\u9fff]+")
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"
SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def squeeze(text: str) -> str:
    """Return the text in NFC without any blanks: line ends of the print do not count."""
    return "".join(unicodedata.normalize("NFC", text).split())


def yaml(path: Path) -> Any:
    return safe_load(path.read_text("utf-8"))


def handout(root: Path = SOURCE) -> Any:
    return yaml(root / NAME / f"{LANG}.yaml")


def catalogue_rows(root: Path = SOURCE) -> Any:
    """Read the two tables without the program: {code: {"names": {column: text}, "place": {column: text}}}."""
    tables = []
    for name in ("names", "places"):
        with (root / "points" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables.append({row.pop("code"): row for row in csv.DictReader(file)})
    return {code: {"names": names, "place": tables[1].get(code, {})} for code, names in tables[0].items()}


def shared(root: Path = SOURCE) -> Any:
    return yaml(root / "shared" / f"{LANG}.yaml")


def blocks(book: Any, kind: str) -> Iterator[Any]:
    for section in book["sections"]:
        yield from (block for block in section["blocks"] if block["type"] == kind)


def cards(book: Any) -> list[Any]:
    return [card for block in blocks(book, "points") for card in block["points"]]


def overview_codes(book: Any) -> list[str]:
    return [code for block in blocks(book, "overview") for group in block["groups"] for code in group["points"]]


def copy_project(folder: Path, *edits: tuple[str, str], name: str = f"{NAME}/{LANG}.yaml") -> Path:
    """Copy source/ into a folder and replace texts in one file of the copy, each exactly once; return the copy."""
    project = folder / "source"
    shutil.copytree(SOURCE, project)
    path = project / name
    path.chmod(0o644)
    text = path.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return project


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does, in the folder that holds source/."""
    command = [sys.executable, str(ROOT / "make_handout.py"), *arguments]
    return subprocess.run(command, cwd=project.parent, capture_output=True, text=True, timeout=120, check=False)


def make(project: Path) -> tuple[Path, Path]:
    """Build the handout of a project; return its PDF and EPUB."""
    done = run(project, NAME, "--lang", LANG)
    assert done.returncode == 0, done.stderr
    stem = project.parent / "dist" / f"{NAME}.{LANG}"
    return Path(f"{stem}.pdf"), Path(f"{stem}.epub")


# Glyphs


@cache
def _hb_font(name: str) -> hb.Font:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / name))))


def shape(text: str, lang: str, style: str = "Regular") -> list[int]:
    """Return the glyph ids that HarfBuzz gives for a text of a language in our font for Han."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.language = lang
    hb.shape(_hb_font(f"HandoutHan-{style}.ttf"), buffer)
    return [info.codepoint for info in buffer.glyph_infos]


# PDF


@dataclass
class Run:
    """Text that is shown with one font inside one marked piece of a page."""

    page: int
    mcid: int | None
    """None: an artifact."""
    font: str
    """The name without the subset's tag."""
    glyphs: list[int] = field(default_factory=list)
    text: str = ""


@dataclass(eq=False)
class Element:
    """A structure element with what it holds, in order."""

    kind: str
    lang: str
    """Its own, else that of the nearest one around it."""
    alt: str | None
    source: Any
    parent: Element | None
    kids: list[Element | tuple[int, int] | str] = field(default_factory=list)
    """Elements, (page, MCID) pairs, or "link" for an annotation."""

    def walk(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.walk()

    def find(self, *kinds: str) -> list[Element]:
        return [element for element in self.walk() if element.kind in kinds]

    def marks(self) -> Iterator[tuple[int, int]]:
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.marks()
            elif isinstance(kid, tuple):
                yield kid


class Tagged:
    """A PDF through its tags: `root` is the tree, `runs` the text of each (page, MCID)."""

    def __init__(self, path: Path) -> None:
        self.pdf = pikepdf.open(path)
        self.numbers = {page.objgen: number for number, page in enumerate(self.pdf.pages, 1)}
        self.runs: dict[tuple[int, int], list[Run]] = {}
        self.artifacts: list[Run] = []
        self.painted: list[tuple[int, str, str]] = []
        """(page, form, tag of the mark it is painted in)"""
        self.unmarked: list[tuple[int, str]] = []
        self._fonts: dict[tuple[int, int], tuple[str, dict[int, str]]] = {}
        for number, page in enumerate(self.pdf.pages, 1):
            self._read(page, number, [])
        tree = self.pdf.Root.StructTreeRoot
        self.root = Element("StructTreeRoot", str(self.pdf.Root.Lang), None, tree, None)
        self._grow(self.root, None)

    def text(self, element: Element) -> str:
        """Return the words of an element in the order of its tags, with a blank between the pieces."""
        return " ".join(run.text for mark in element.marks() for run in self.runs.get(mark, ()))

    def _grow(self, element: Element, page: Any) -> None:
        kids = element.source.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]:
            if isinstance(kid, int):
                element.kids.append((self.numbers[page.objgen], kid))
            elif kid.get("/Type") == "/OBJR":
                element.kids.append("link")
            elif kid.get("/Type") == "/MCR":
                element.kids.append((self.numbers[kid.get("/Pg", page).objgen], int(kid.MCID)))
            else:
                lang = str(kid.get("/Lang", element.lang))
                alt = kid.get("/Alt")
                child = Element(str(kid.S)[1:], lang, None if alt is None else str(alt), kid, element)
                element.kids.append(child)
                self._grow(child, kid.get("/Pg", page))

    def _read(self, content: Any, number: int, marks: list[tuple[str, int | None]], resources: Any = None) -> None:
        """Follow a content stream and the forms it paints, and keep each text under its innermost MCID."""
        resources = content.get("/Resources", resources)
        font: Any = None
        depth = len(marks)
        for instruction in pikepdf.parse_content_stream(content):
            operator, operands = str(instruction.operator), instruction.operands
            if operator in ("BMC", "BDC"):
                properties = operands[1] if operator == "BDC" else {}
                marks.append((str(operands[0])[1:], properties.get("/MCID")))
            elif operator == "EMC":
                marks.pop()
            elif operator == "Tf":
                font = resources.Font[operands[0]]
            elif operator in ("TJ", "Tj"):
                parts = operands[0] if operator == "TJ" else operands
                shown = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
                self._show(font, shown, number, marks)
            elif operator == "Do":
                form = resources.XObject[operands[0]]
                self.painted.append((number, str(operands[0]), marks[-1][0] if marks else ""))
                if form.Subtype == "/Form":
                    self._read(form, number, marks, resources)
        assert len(marks) == depth, f"page {number}: marks do not balance"

    def _font(self, font: Any) -> tuple[str, dict[int, str]]:
        if font.objgen not in self._fonts:
            self._fonts[font.objgen] = str(font.BaseFont)[1:].partition("+")[2], to_unicode(font)
        return self._fonts[font.objgen]

    def _show(self, font: Any, shown: bytes, number: int, marks: list[tuple[str, int | None]]) -> None:
        name, known = self._font(font)
        glyphs = [int.from_bytes(shown[at : at + 2]) for at in range(0, len(shown), 2)]
        mcid = next((mcid for _, mcid in reversed(marks) if mcid is not None), None)
        if mcid is None:
            if not any(tag == "Artifact" for tag, _ in marks):
                self.unmarked.append((number, "".join(known.get(glyph, "\ufffd") for glyph in glyphs)))
            runs = self.artifacts
        else:
            runs = self.runs.setdefault((number, int(mcid)), [])
        last = runs[-1] if runs else None
        if last is None or (last.page, last.font) != (number, name):
            last = Run(number, mcid, name)
            runs.append(last)
        last.glyphs += glyphs
        last.text += "".join(known.get(glyph, "\ufffd") for glyph in glyphs)


def to_unicode(font: Any) -> dict[int, str]:
    """Return the characters of each glyph id, from the font's ToUnicode map (PDF 1.7, 9.10.3)."""
    known: dict[int, str] = {}
    data = font.ToUnicode.read_bytes().decode("ascii")

    def text(digits: str) -> str:
        return bytes.fromhex(digits).decode("utf-16-be")

    for body in re.findall(r"beginbfchar(.*?)endbfchar", data, re.DOTALL):
        for glyph, characters in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", body):
            known[int(glyph, 16)] = text(characters)
    for body in re.findall(r"beginbfrange(.*?)endbfrange", data, re.DOTALL):
        for first, last, characters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", body):
            for offset in range(int(last, 16) - int(first, 16) + 1):
                known[int(first, 16) + offset] = chr(ord(text(characters)) + offset)
    return known


# EPUB


def documents(book: Path) -> dict[str, Any]:
    with zipfile.ZipFile(book) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xhtml")}


class Fonts:
    """Which font a reading system takes for each text, by the style sheet alone."""

    def __init__(self, book: Path) -> None:
        self.archive = zipfile.ZipFile(book)
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
        return TTFont(io.BytesIO(self.archive.read(self.files[family][0])))


def declarations(rule: Any) -> dict[str, str]:
    items = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    return {item.lower_name: tinycss2.serialize(item.value).strip() for item in items if item.type == "declaration"}
