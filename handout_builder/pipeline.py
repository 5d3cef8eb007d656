"""The line from source to files, in one straight function.

1. load      source.py    YAML to checked values
2. render    markup.py    values to HTML and XHTML
3. set       pdf.py       HTML to pages, pages to PDF
4. bind      epub.py      XHTML and page numbers to EPUB
5. write     output.py    bytes to files, all at once
"""

import gc
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from handout_builder import markup
from handout_builder.errors import HandoutError, Problem
from handout_builder.output import write_all
from handout_builder.source import Source, load

Format = Literal["pdf", "epub"]
FORMATS: tuple[Format, ...] = ("pdf", "epub")
Progress = Callable[[str], None]
# Page numbers in the text can move text to other pages; two more passes have always been enough.
_MOST_PASSES = 4


@dataclass(frozen=True)
class Order:
    """One handout in one language."""

    folder: Path
    lang: str

    @property
    def name(self) -> str:
        """The name that its files begin with."""
        return f"{self.folder.name}.{self.lang}"


def _silent(_: str) -> None:
    """Report nothing."""


def check(orders: Iterable[Order], progress: Progress = _silent) -> list[Problem]:
    """Load, render and set everything, write nothing; return every problem, warning and note."""
    problems: list[Problem] = []
    for order in orders:
        try:
            source = load(order.folder, order.lang)
            problems += source.notes
            make(source, FORMATS, progress)
        except HandoutError as error:
            problems += error.problems
    return problems


def build(
    orders: Iterable[Order], out: Path, formats: Iterable[Format] = FORMATS, progress: Progress = _silent
) -> tuple[list[Path], list[Problem]]:
    """Build the files of all orders into ``out``; return their paths, and the warnings and notes.

    Raises HandoutError with the problems of all orders; then no file has been written.
    """
    wanted = tuple(formats)
    files: dict[Path, bytes] = {}
    notes: list[Problem] = []
    problems: list[Problem] = []
    for number, order in enumerate(orders):
        if number:
            gc.collect()  # laid-out pages are full of cycles, and the program has switched the collector off
        try:
            source = load(order.folder, order.lang)
            notes += source.notes
            products = make(source, wanted, progress)
            files |= {out / f"{order.name}.{kind}": data for kind, data in products.items()}
        except HandoutError as error:
            problems += error.problems
    if problems:
        raise HandoutError(problems)
    write_all(files)
    return list(files), notes


def make(source: Source, formats: Iterable[Format], progress: Progress = _silent) -> Mapping[Format, bytes]:
    """Return the bytes of a loaded handout's files."""
    from handout_builder import epub, pdf  # noqa: PLC0415  # the engines take most of a start's time

    name = f"{source.name}.{source.lang}"
    progress(f"{name}: setting pages")
    # The book's page list comes from the printed pages, so they are set for the EPUB, too.
    numbers = markup.first_pages(source)
    for _ in range(_MOST_PASSES):
        html = markup.print_html(source, numbers)
        pages = pdf.lay_out(html, source.folder)
        real = {ident: pages.page_of[ident] for ident in numbers}
        if all(numbers[ident] == real[ident] for ident in markup.linked(html)):
            break
        numbers = real
    else:
        message = "the page numbers in the text move it from page to page"
        raise HandoutError([Problem("page-numbers", message, source.folder, hint="take a link to a section out")])
    products: dict[Format, bytes] = {}
    for kind in formats:
        progress(f"{name}: making {kind}")
        products[kind] = pdf.write(pages, source.folder) if kind == "pdf" else epub.write(source, pages.starts)
    return products
