"""What PDF 2.0 asks for on top: PDF/UA-2 (ISO 14289-2) and PDF/A-4 (ISO 19005-4) in one file."""

from typing import Any

from handout_builder.pdf import objects
from handout_builder.pdf.tags import Tagging

# WeasyPrint writes level F, which is for files with attachments; ISO 19005-4, 6.7.3: no other level has a name.
_LEVEL = b' pdfaid:conformance="F"'


def finish(pdf: Any, tagging: Tagging) -> None:
    """Complete a tagged file that is not yet serialised: its level, its trailer, its destinations."""
    metadata = objects.referred(pdf, pdf.catalog["Metadata"])
    metadata.stream = [part.replace(_LEVEL, b"") for part in metadata.stream]
    _lead_to_elements(pdf, tagging)


def _lead_to_elements(pdf: Any, tagging: Tagging) -> None:
    """Let links and outlines lead to elements of the tags, not to places on pages (PDF/UA-2, 8.8)."""
    pydyf = objects.library(pdf)
    names = iter(pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", ()))
    places = {name.data: place for name, place in zip(names, names, strict=True)}
    headings = {label: list(elements) for label, elements in tagging.headings.items()}
    for item in pdf.objects:
        if not isinstance(item, dict) or "Dest" not in item:
            continue
        dest = item.pop("Dest")
        if "Title" in item:
            element, place = headings[str(item["Title"].string)].pop(0), dest
        else:
            element, place = tagging.targets[dest.string], places[dest.data]
        structure = pydyf.Array([element.reference, *place[1:]])
        item["A"] = pydyf.Dictionary({"Type": "/Action", "S": "/GoTo", "D": place, "SD": structure})
    pdf.catalog.pop("Names", None)
