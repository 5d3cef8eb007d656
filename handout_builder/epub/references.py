"""The net behind the finished book: its pages refer to what is in it, and load nothing from elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_LOADS = re.compile(r"url\(\s*[\"']?(?!#)|@import", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def broken(pages: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the references of a book's parsed pages, by their names, to its files, in words."""
    ids = {name: list(map(str, page.xpath("//@id"))) for name, page in pages.items()}
    known = {name: frozenset(found) for name, found in ids.items()}
    for name, page in pages.items():
        if len(ids[name]) > len(known[name]):
            twice = (ident for ident, number in Counter(ids[name]).items() if number > 1)
            yield from (f"the name '{ident}' stands twice in {name}" for ident in twice)
        for address in dict.fromkeys(map(str, page.xpath("//@*[local-name()='href' or local-name()='src']"))):
            if not _is_there(name, address, known, files):
                yield f"{name} refers to {address}, which is not in the book"
        if any(map(_LOADS.search, map(str, page.xpath("//@style | //*[local-name()='style']/text()")))):
            yield f"{name} has a style that loads something"


def _is_there(page: str, address: str, ids: Mapping[str, frozenset[str]], files: Mapping[str, bytes]) -> bool:
    if _SCHEME.match(address):
        return address.partition(":")[0].casefold() in ("http", "https", "mailto", "tel")
    name, _, ident = address.partition("#")
    return (name in files or not name) and (not ident or ident in ids.get(name or page, ()))
