"""Faults of laid-out pages as problems: where they come from, on which page of which edition, and what helps."""

from collections.abc import Iterable
from pathlib import Path

from handout_builder.content import lines
from handout_builder.content.loader import file_of
from handout_builder.content.yaml_reader import YamlFile, read_yaml
from handout_builder.errors import Problem, Severity
from handout_builder.pdf.layout_faults import Fault, Kind
from handout_builder.render.product import Product
from handout_builder.resources import BRAND_FILE, brand_file

_CODES = {
    Kind.OVERFLOW: "page-overflow",
    Kind.OVERLAP: "page-overlap",
    Kind.DIVIDED: "page-overlap",
    Kind.STRANDED: "page-stranded",
    Kind.EMPTY: "page-empty",
    Kind.PANEL: "panel-empty",
}
_HINTS = {
    Kind.OVERFLOW: "shorten it, or write it as several words",
    Kind.OVERLAP: "shorten one of them",
    Kind.DIVIDED: "let the section start a page (starts_page: true), or shorten what stands before it",
    Kind.STRANDED: "let its section start a page (starts_page: true), or shorten what stands before it",
    Kind.EMPTY: "put what follows in smaller pieces, or take starts_page (or a page-break) out",
    Kind.PANEL: "print it for a clinic, whose contact stands on the back, write more, or print another edition",
}
_WARNINGS = (Kind.STRANDED, Kind.EMPTY, Kind.PANEL)
CONTACT = "contact"
"""The id of what a clinic says of itself."""
_CLINIC_HINT = "shorten what the clinic says of itself: names, address, opening hours, its own words"


def problems(faults: Iterable[Fault], product: Product) -> list[Problem]:
    """Return faults as problems, each once; overflow and overlap are errors, the others warnings."""
    told: dict[tuple[Kind, str, int], Problem] = {}
    for fault in faults:
        key = (Kind.OVERLAP if fault.kind is Kind.DIVIDED else fault.kind, fault.place, fault.page)
        if key not in told:
            told[key] = _problem(fault, product)
    return list(told.values())


def in_drawings(faults: Iterable[tuple[str, str, str]], product: Product) -> list[Problem]:
    """Return problems of the words in drawings: each has a code, a message and the drawing's id, else its title."""
    source = product.source
    file = file_of(source)
    hint = "shorten the names of the points, or show fewer points on the drawing"
    found = dict.fromkeys(faults)
    return [
        Problem(
            code,
            f"{message}: edition {product.edition.name}",
            file.path,
            lines.of_element(named, source, file) or lines.of_words(named, file),
            hint,
        )
        for code, message, named in found
    ]


def _problem(fault: Fault, product: Product) -> Problem:
    path, line = _origin(fault, product)
    severity = Severity.WARNING if fault.kind in _WARNINGS else Severity.ERROR
    message = f"{fault.message}: page {fault.page} of {where(product)}"
    hint = _HINTS[fault.kind] if path == file_of(product.source).path else _CLINIC_HINT
    if fault.running:
        hint = "shorten the title: in the foot of pages it takes the room of what stands with it"
    return Problem(_CODES[fault.kind], message, path, line, hint, severity)


def too_long(product: Product, count: int, own: float) -> Problem:
    """Return the problem of pages that are more than an edition has; ``own`` is how many the handout's own text fills.

    It is the brand's where that alone would have room.
    """
    edition, brand = product.edition, product.brand
    whose = f" with what the brand {brand.name} adds" if brand else ""
    room = f"{edition.pages} pages" if edition.pages > 1 else "one page"
    message = f"the edition {edition.name} has room for {room}, and the text takes {count}{whose}"
    if brand and own <= edition.pages:
        return Problem("too-long", message, _brand(brand.folder).path, hint=_CLINIC_HINT)
    hint = "shorten the clinic's words, the summary or the lists; or print another edition"
    return Problem("too-long", message, product.source.folder, hint=hint)


def where(product: Product) -> str:
    """Return which pages are meant: the edition, the look and the brand."""
    edition, brand = product.edition, product.brand
    look = edition.look.suffix.replace(".", " in the look ")
    return f"the edition {edition.name}{look}{f' for the brand {brand.name}' if brand else ''}"


def _origin(fault: Fault, product: Product) -> tuple[Path, int]:
    """Return the file that something comes from, and the line in it; 0 where it is not known."""
    source, brand = product.source, product.brand
    if brand and fault.place == CONTACT:
        file = _brand(brand.folder)
        return file.path, lines.of_words(fault.words, file)
    file = file_of(source)
    if fault.running:  # the foot, whose other words are ours, or are left out where they have no room
        return file.path, file.line(("title",))
    line = lines.of_element(fault.place, source, file) or lines.of_words(fault.words, file)
    if brand and not line:
        own = _brand(brand.folder)
        if found := lines.of_words(fault.words, own):
            return own.path, found
    return file.path, line


def _brand(folder: Path) -> YamlFile:
    return read_yaml(brand_file(folder) or folder / BRAND_FILE)
