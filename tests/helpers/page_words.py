"""The words and letters of finished pages with their places, as pdfium reads them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Word:
    """A word of a finished page; measures in pt from the left and the top, ``y`` is its baseline."""

    text: str
    x: float
    end: float
    y: float
    size: float


@dataclass(frozen=True)
class Page:
    """The words of a page and its width in pt."""

    words: tuple[Word, ...]
    width: float


class Letter(NamedTuple):
    """A letter of a finished page with the box of its font; measures in pt from the left and the top.

    A ligature is told by its first letter.
    """

    text: str
    x: float
    end: float
    top: float
    bottom: float
    size: float


class Sheet(NamedTuple):
    """The letters of a page, and its measures in pt."""

    letters: tuple[Letter, ...]
    width: float
    height: float


@cache
def read(path: Path) -> tuple[Page, ...]:
    """Return the words of each page of a PDF, as pdfium reads them."""
    with pypdfium2.PdfDocument(path) as document:
        return tuple(Page(tuple(words(page)), page.get_width()) for page in document)


@cache
def sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the letters of each page of a PDF, each glyph once, without blanks."""
    with pypdfium2.PdfDocument(path) as document:
        return tuple(Sheet(tuple(letters(page)), *page.get_size()) for page in document)


def letters(page: pypdfium2.PdfPage) -> Iterator[Letter]:
    text, height = page.get_textpage(), page.get_height()
    matrix = raw.FS_MATRIX()
    before = None
    for index in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text.raw, index))
        box = text.get_charbox(index, loose=True)
        # Letters of a ligature have the box of their one glyph.
        if not letter.isspace() and not raw.FPDFText_IsGenerated(text.raw, index) and box != before:
            left, bottom, right, top = before = box
            raw.FPDFText_GetMatrix(text.raw, index, matrix)
            size = raw.FPDFText_GetFontSize(text.raw, index) * abs(matrix.d)
            yield Letter(letter, left, right, height - top, height - bottom, round(size, 2))


def words(page: pypdfium2.PdfPage) -> Iterator[Word]:
    text, height = page.get_textpage(), page.get_height()
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = raw.FS_MATRIX()
    letters: list[tuple[str, float, float, float, float]] = []

    def whole() -> Word:
        return Word("".join(item[0] for item in letters), letters[0][1], letters[-1][2], *letters[0][3:])

    for index in range(text.count_chars() + 1):
        letter = chr(raw.FPDFText_GetUnicode(text.raw, index)) if index < text.count_chars() else " "
        if letter.isspace():
            if letters:
                yield whole()
            letters = []
            continue
        raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
        raw.FPDFText_GetMatrix(text.raw, index, matrix)
        right = text.get_charbox(index)[2]
        size = raw.FPDFText_GetFontSize(text.raw, index) * abs(matrix.d)
        if letters and abs(letters[-1][3] - (height - y.value)) > 1:
            yield whole()
            letters = []
        letters.append((letter, x.value, right, height - y.value, round(size, 2)))


def collisions(page: Page) -> list[tuple[Word, Word]]:
    """Return the pairs of words that stand in each other's way."""
    return [
        (one, other)
        for one, other in pairs_nearby(page.words)
        if min(one.end, other.end) - max(one.x, other.x) > 0.5
        and min(one.y, other.y) - max(one.y - 0.7 * one.size, other.y - 0.7 * other.size) > 0.5
    ]


def pairs_nearby(words: tuple[Word, ...]) -> Iterator[tuple[Word, Word]]:
    by_height = sorted(words, key=lambda word: word.y)
    for index, word in enumerate(by_height):
        for other in by_height[index + 1 :]:
            if other.y - word.y > 30:
                break
            yield word, other
