"""Checks that the pages of the finished book refer to what is in it, and load nothing from elsewhere."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_LOADS = re.compile(r"url\(\s*[\"']?(?!#)|@import", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Fault(NamedTuple):
    """Something wrong with the references of a book's pages, in words; ``excerpt`` is the piece that is wrong."""

    message: str
    excerpt: str


def broken(pages: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Fault]:
    """Yield what is wrong with the references of a book's parsed pages, by their names, to its files."""
    ids = {name: list(map(str, page.xpath("//@id"))) for name, page in pages.items()}
    known = {name: frozenset(found) for name, found in ids.items()}
    for name, page in pages.items():
        if len(ids[name]) > len(known[name]):
            twice = (ident for ident, number in Counter(ids[name]).items() if number > 1)
            yield from (Fault(f"the name '{ident}' appears twice in {name}", f'id="{ident}"') for ident in twice)
        for address in dict.fromkeys(map(str, page.xpath("//@*[local-name()='href' or local-name()='src']"))):
            if not _is_there(name, address, known, files):
                yield Fault(f"{name} refers to {address}, which is not in the book", f'"{address}"')
        styles = map(str, page.xpath("//@style | //*[local-name()='style']/text()"))
        if found := next(filter(None, map(_LOADS.search, styles)), None):
            yield Fault(f"{name} has a style that loads something", found[0])


def _is_there(page: str, address: str, ids: Mapping[str, frozenset[str]], files: Mapping[str, bytes]) -> bool:
    if _SCHEME.match(address):
        return address.partition(":")[0].casefold() in ("http", "https", "mailto", "tel")
    name, _, ident = address.partition("#")
    return (name in files or not name) and (not ident or ident in ids.get(name or page, ()))
