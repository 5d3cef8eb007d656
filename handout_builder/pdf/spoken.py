"""What a screen reader says of a finished PDF, page by page, from its tags alone."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from handout_builder.pdf.tag_tree import Annotation, Element, Piece, TagTree, blank

_HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
_INLINE = ("Span", "NonStruct", "Link", "Em", "Strong", "Quote", "Code", "Reference", "Lbl", "LBody", "Private", "Ruby")
_BLOCKS = ("P", *_HEADINGS, "Caption", "BlockQuote", "Note", "FENote", "Title")
_CALLED = {"BlockQuote": "Quotation: ", "Note": "Note: ", "FENote": "Note: ", "Caption": "Caption: "}


class Line(NamedTuple):
    """What is said in one go."""

    page: int
    """From 1."""
    text: str


def pages(tree: TagTree) -> list[list[str]]:
    """Return what is said of each page; an empty list where the file has no tags.

    Words in another language than the file stand in brackets behind its tag: ``[zh-Hant: 腎兪]``.
    """
    if tree.root is None:
        return []
    said: dict[int, list[str]] = {number: [] for number in range(1, len(tree.pages) + 1)}
    for number, lines in groupby(_lines(tree.root), key=lambda line: line.page):
        said.setdefault(number or 1, []).extend(line.text for line in lines if line.text)
    return list(said.values())


def _lines(element: Element) -> Iterator[Line]:
    """Yield what is said of an element and all that is in it."""
    kind = element.kind
    if element.actual is not None or kind in (*_BLOCKS, *_INLINE):
        if any(inner.kind in ("L", "Table", "Figure", "P") for inner in element.elements):
            yield from _mixed(element)
        else:
            yield Line(element.page, _called(element) + _words(element, _around(element)))
    elif kind in ("Figure", "Formula"):
        around, alt = _around(element), element.alt or ""
        yield Line(element.page, f"{kind}: {_marked(alt, element.lang, around) or 'nothing is said of it'}")
    elif kind == "L":
        yield from _list(element)
    elif kind == "Table":
        yield from _table(element)
    else:
        yield from _mixed(element)


def _mixed(element: Element) -> Iterator[Line]:
    """Yield what is said of an element that holds others: words that stand between these are lines of their own."""
    run: list[Element | Piece | Annotation] = []
    name = _called(element)
    for kid in element.kids:
        if isinstance(kid, Element) and kid.kind not in _INLINE:
            if run:
                yield from _run(run, element, name)
                run, name = [], ""
            yield from _lines(kid)
        else:
            run.append(kid)
    if run:
        yield from _run(run, element, name)


def _run(kids: list[Element | Piece | Annotation], element: Element, name: str) -> Iterator[Line]:
    part = Element(element.kind, element.lang, None, None, {}, element.parent, kids)
    if words := _words(part, _around(element)):
        yield Line(part.page, name + words)


def _list(element: Element) -> Iterator[Line]:
    items = [item for item in element.elements if item.kind == "LI"]
    yield Line(element.page, f"List with {len(items)} item{'s' if len(items) != 1 else ''}")
    for item in element.elements:
        if item.kind != "LI":
            yield from _lines(item)
            continue
        label = " ".join(kid.words for kid in item.elements if kid.kind == "Lbl")
        bodies = [kid for kid in item.elements if kid.kind != "Lbl"]
        first, *rest = [line for body in bodies for line in _lines(body)] or [Line(item.page, "")]
        yield Line(first.page, f"{label or '-'} {first.text}")
        yield from rest
    yield Line(_last_page(element), "List end")


def _table(element: Element) -> Iterator[Line]:
    around, rows = _around(element), element.find("TR")
    columns = max((sum(int(cell.attributes.get("ColSpan", 1)) for cell in row.elements) for row in rows), default=0)
    yield Line(element.page, f"Table with {len(rows)} rows and {columns} columns")
    for caption in element.elements:
        if caption.kind == "Caption":
            yield from _lines(caption)
    heads: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        said, column = [], 0
        of_heads = all(cell.kind == "TH" for cell in row.elements)
        for cell in row.elements:
            words = _words(cell, around)
            if of_heads:
                heads[column] = words
            elif (head := heads.get(column)) and words:
                words = f"{head}: {words}"
            said.append(words or "blank")
            column += int(cell.attributes.get("ColSpan", 1))
        yield Line(row.page or element.page, f"{'Heads' if of_heads else f'Row {number}'}: {'; '.join(said)}")
    yield Line(_last_page(element), "Table end")


def _words(element: Element, around: str) -> str:
    """Return an element's words as they are said where another language is spoken around them."""
    if element.actual is not None:
        return _marked(element.actual, element.lang, around)
    said = ""
    before: Piece | None = None
    for kid in element.kids:
        if isinstance(kid, Annotation):
            continue
        pieces = [kid] if isinstance(kid, Piece) else list(kid.pieces())
        said += blank(before, pieces[0]) if pieces else ""
        before = pieces[-1] if pieces else before
        if isinstance(kid, Piece):
            said += kid.words
        elif kid.kind == "Figure":
            said += f"Figure: {kid.alt}. "
        else:
            words = _words(kid, element.lang)
            said += f"(link: {words})" if kid.kind == "Link" else words
    return _marked(" ".join(said.split()), element.lang, around)


def _marked(words: str, lang: str, around: str) -> str:
    return f"[{lang}: {words}]" if words and lang != around else words


def _around(element: Element) -> str:
    """Return the language that the file is read in."""
    while element.parent:
        element = element.parent
    return element.lang


def _called(element: Element) -> str:
    if element.kind in _HEADINGS:
        return f"Heading level {element.kind[1]}: "
    return _CALLED.get(element.kind, "")


def _last_page(element: Element) -> int:
    pieces = [piece.page for piece in element.pieces()]
    return pieces[-1] if pieces else element.page
