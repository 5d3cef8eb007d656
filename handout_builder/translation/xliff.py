"""Packages of texts as XLIFF 1.2 (OASIS Standard, 2008), which programs of translators read."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from lxml import etree

from handout_builder.errors import HandoutError, Problem
from handout_builder.translation.units import Package, Unit

_SPACE = "urn:oasis:names:tc:xliff:document:1.2"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_TO_DO, _DOUBTFUL, _DONE = "needs-translation", "needs-review-translation", "translated"
# States of a target that nobody needs to look at any more (XLIFF 1.2, section 3.2: state).
_FINISHED = frozenset((_DONE, "final", "signed-off"))
_REVIEW = "review"


def written(package: Package) -> bytes:
    """Return a package as an XLIFF file."""
    root = etree.Element("xliff", {"version": "1.2"}, nsmap={None: _SPACE})
    for path, units in groupby(package.units, lambda unit: unit.place.rpartition(":")[0]):
        body = _file(root, path, package)
        for unit in units:
            _add(body, unit, path)
    etree.indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add(body: etree._Element, unit: Unit, path: str) -> None:
    # A unit that is approved is closed for translators' programs, and ours are never: all may be made better.
    made = etree.SubElement(body, "trans-unit", {"id": unit.name, "resname": unit.name, f"{_XML}space": "preserve"})
    etree.SubElement(made, "source").text = unit.source
    state = _TO_DO if not unit.target else _DONE if unit.done else _DOUBTFUL
    etree.SubElement(made, "target", state=state).text = unit.target
    group = etree.SubElement(made, "context-group", purpose="location")
    etree.SubElement(group, "context", {"context-type": "sourcefile"}).text = path
    etree.SubElement(group, "context", {"context-type": "linenumber"}).text = unit.place.rpartition(":")[2]


def _file(root: etree._Element, path: str, package: Package) -> etree._Element:
    file = etree.SubElement(root, "file", original=path, datatype="plaintext")
    file.set("source-language", package.source)
    file.set("target-language", package.target)
    head = etree.SubElement(file, "header")
    if package.reviewed_by:
        group = etree.SubElement(head, "phase-group")
        phase = {"phase-name": _REVIEW, "process-name": _REVIEW, "contact-name": package.reviewed_by}
        etree.SubElement(group, "phase", phase)
    return etree.SubElement(file, "body")


def read(text: str, path: Path) -> Package:
    """Return the package of an XLIFF file; raises HandoutError for what is none, or declares entities."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        message = "this is no XLIFF file: it is empty, cut off, mixed up, or nested too deeply"
        hint = "save it as XLIFF 1.2 in the program that it was translated with"
        raise HandoutError([Problem("exchange", message, path, line, hint)]) from error
    if root.getroottree().docinfo.doctype:
        hint = "save it as XLIFF 1.2, which has none"
        raise HandoutError([Problem("exchange", "it declares a document type", path, 1, hint)])
    if root.tag != f"{{{_SPACE}}}xliff":
        message = f"this is no XLIFF 1.2 file, but '{root.tag!s}'"
        hint = "save it as XLIFF 1.2 in the program that it was translated with"
        raise HandoutError([Problem("exchange", message, path, 1, hint)])
    file, phase = root.find(f"{{{_SPACE}}}file"), root.find(f".//{{{_SPACE}}}phase[@process-name='{_REVIEW}']")
    langs = [str(file.get(f"{end}-language") or "") for end in ("source", "target")] if file is not None else ["", ""]
    return Package(
        langs[0], langs[1], tuple(_units(root)), str(phase.get("contact-name") or "") if phase is not None else ""
    )


def _units(root: etree._Element) -> Iterator[Unit]:
    for element in root.iter(f"{{{_SPACE}}}trans-unit"):
        source, target = (element.find(f"{{{_SPACE}}}{name}") for name in ("source", "target"))
        words = _words(target)
        approved, state = element.get("approved") == "yes", target.get("state") if target is not None else None
        done = bool(words) and (approved or state in _FINISHED)
        yield Unit(str(element.get("id") or ""), _words(source), words, done=done, line=element.sourceline or 0)


def _words(element: etree._Element | None) -> str:
    """Return the words of an element, with those of marks that a translator's program has put around some of them."""
    return "".join(map(str, element.itertext())) if element is not None else ""
