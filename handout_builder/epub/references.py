"""The net behind the finished book: its pages refer to what is in it, and load nothing from elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

_LOADS = re.compile(r"url\(\s*[\"']?(?!#)|@import", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def broken(pages: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the references of a book's parsed pages, by their names, to its files, in words."""
    ids = {name: [str(ident) for ident in page.xpath("//@id")] for name, page in pages.items()}
    for name, page in pages.items():
        yield from (f"the name '{ident}' stands twice in {name}" for ident, n in Counter(ids[name]).items() if n > 1)
        for element in page.iter(etree.Element):
            for key, value in element.attrib.items():
                if etree.QName(key).localname in ("href", "src") and not _is_there(name, value, ids, files):
                    yield f"{name} refers to {value}, which is not in the book"
            text = element.text if etree.QName(element).localname == "style" else element.get("style")
            if text and _LOADS.search(text):
                yield f"{name} has a style that loads something"


def _is_there(page: str, address: str, ids: Mapping[str, list[str]], files: Mapping[str, bytes]) -> bool:
    if _SCHEME.match(address):
        return address.partition(":")[0].casefold() in ("http", "https", "mailto", "tel")
    name, _, ident = address.partition("#")
    return (name in files or not name) and (not ident or ident in ids.get(name or page, ()))
