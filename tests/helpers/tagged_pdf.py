"""A PDF through its tags: the tree, and the glyphs and words of each piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf


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
