"""Elements of the tags that are fragments of one: what goes on after a line, a column or a page.

WeasyPrint begins another element there. A list of eight would be read as one of five and one of three, a table as two,
a link on two lines as two links.
"""

from collections.abc import Mapping
from typing import Any

from handout_builder.pdf.objects import of_type, referred


def join(pdf: Any, sources: Mapping[int, Any]) -> dict[bytes, Any]:
    """Make one element of neighbours that were made of the same, and return what went into what, by reference.

    ``pdf`` is the pydyf.PDF, before it is serialised; ``sources`` tells what each element was made of, by its number.
    """
    joined: dict[bytes, Any] = {}
    (root,) = of_type(pdf, "/StructTreeRoot")
    for reference in root["K"]:
        _join_inside(referred(pdf, reference), pdf, sources, joined)
    rows = referred(pdf, root["ParentTree"])["Nums"]
    for index, row in enumerate(rows):
        if isinstance(row, list):
            row[:] = [joined[entry].reference if entry in joined else entry for entry in row]
        elif row in joined:
            rows[index] = joined[row].reference
    return joined


def _join_inside(element: Any, pdf: Any, sources: Mapping[int, Any], joined: dict[bytes, Any]) -> None:
    """Join what is inside an element, and inside that."""
    _unwrap(element, pdf, joined)
    kids: list[Any] = []
    inside: list[Any] = []
    last = None
    for kid in element["K"]:
        inner = referred(pdf, kid) if isinstance(kid, bytes) else None
        if inner is None or "S" not in inner:  # a piece of text, or the place of a link
            last = None
        elif last is not None and _of_one(last, inner, sources):
            _take_in(last, inner, pdf)
            joined[inner.reference] = last
            inner.clear()
            continue
        else:
            last = inner
            inside.append(inner)
        kids.append(kid)
    element["K"][:] = kids
    for inner in inside:
        _join_inside(inner, pdf, sources, joined)


def _of_one(element: Any, other: Any, sources: Mapping[int, Any]) -> bool:
    source = sources.get(element.number)
    return source is not None and source is sources.get(other.number) and element["S"] == other["S"] != "/Figure"


def _unwrap(element: Any, pdf: Any, joined: dict[bytes, Any]) -> None:
    """Let a Span hold what a Span of the same language in it holds, if that is all."""
    while element["S"] == "/Span" and len(element["K"]) == 1 and isinstance(element["K"][0], bytes):
        inner = referred(pdf, element["K"][0])
        same = "Lang" not in inner or ("Lang" in element and inner["Lang"].data == element["Lang"].data)
        if inner.get("S") != "/Span" or not same or "T" in inner:
            return
        element["K"].clear()
        if "Pg" in inner:
            element["Pg"] = inner["Pg"]
        _take_in(element, inner, pdf)
        joined[inner.reference] = element
        inner.clear()


def _take_in(element: Any, other: Any, pdf: Any) -> None:
    """Let an element hold what another one holds, too."""
    page, own = other.get("Pg"), element.get("Pg")
    for kid in other["K"]:
        if isinstance(kid, int) and page != own:
            # Marks are numbered page by page (PDF 1.7, 14.7.4.2).
            element["K"].append(type(element)({"Type": "/MCR", "Pg": page, "MCID": kid}))
            continue
        element["K"].append(kid)
        if isinstance(kid, bytes) and "S" in (inner := referred(pdf, kid)):
            inner["P"] = element.reference
