"""The contents for readers that know EPUB 2 only (OPF 2.0.1, 2.4.1): the same as those of the navigation document."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker
from markupsafe import Markup

_NAMESPACE = "http://www.daisy.org/z3986/2005/ncx/"
_NCX = ElementMaker(namespace=_NAMESPACE, nsmap={None: _NAMESPACE})


@dataclass(frozen=True)
class Entry:
    """A line of the contents."""

    href: str
    title: Markup
    """As HTML, with the languages of its parts."""
    plain: str
    """The same without any marks."""
    children: "Sequence[Entry]" = field(default=())

    @property
    def depth(self) -> int:
        """How many levels it has, itself counted."""
        return 1 + max((child.depth for child in self.children), default=0)


def ncx(identifier: str, title: str, entries: Sequence[Entry], pages: Sequence[dict[str, str]]) -> bytes:
    """Return the file; ``pages`` are those of the print, each with ``href`` and ``title`` (its number)."""
    depth = max((entry.depth for entry in entries), default=0)
    last = pages[-1]["title"] if pages else "0"
    head = {"uid": identifier, "depth": str(depth), "totalPageCount": str(len(pages)), "maxPageNumber": last}
    root = _NCX.ncx(
        _NCX.head(*(_NCX.meta(name=f"dtb:{name}", content=value) for name, value in head.items())),
        _NCX.docTitle(_NCX.text(title)),
        _NCX.navMap(*_points(entries, "toc")),
        version="2005-1",
    )
    if pages:
        root.append(_NCX.pageList(*(_page(page) for page in pages)))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _points(entries: Sequence[Entry], ident: str) -> list[Any]:
    return [
        _NCX.navPoint(
            _NCX.navLabel(_NCX.text(entry.plain)),
            _NCX.content(src=entry.href),
            *_points(entry.children, f"{ident}-{number}"),
            id=f"{ident}-{number}",
        )
        for number, entry in enumerate(entries, 1)
    ]


def _page(page: dict[str, str]) -> Any:
    label, place = _NCX.navLabel(_NCX.text(page["title"])), _NCX.content(src=page["href"])
    return _NCX.pageTarget(label, place, id=f"page-{page['title']}", type="normal", value=page["title"])
