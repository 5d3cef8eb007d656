"""Addresses of links, printed behind their words: who has the paper cannot follow a link."""

import re
from html import escape, unescape

from handout_builder.text import addresses

_PLACES = re.compile(
    # Headings stand in bookmarks and the foot, too; a citation is found by what it says.
    r'<(?P<left>h[1-6])\b.*?</(?P=left)>|<div class="foot".*?</div>|<ul class="source-list">.*?</ul>'
    r'|<a href="(?P<to>(?:https?|mailto|tel):[^"]*)">(?P<words>.*?)</a>',
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_BLANKS = re.compile(r"[\s\u00ad\u2010-]")
# Letters that a reader types; of a longer address the site is printed.
_MOST = 60
# Letters that stay in one line.
_WHOLE = 24
# By so many digits a number is known, with and without the code of its country.
_DIGITS = 6


def printed(html: str) -> str:
    """Return a page with the address of each link behind it, where it stands first and its words do not say it."""
    told: set[str] = set()

    def with_address(place: re.Match[str]) -> str:
        if not place["to"]:
            return place[0]
        link = unescape(place["to"])
        address = addresses.shown(link)
        known = address in told or _says(unescape(_TAG.sub("", place["words"])), link, address)
        told.add(address)
        return place[0] if known else place[0] + _element(address)

    return _PLACES.sub(with_address, html)


def _says(words: str, link: str, address: str) -> bool:
    """Tell whether the words of a link are its address, or hold it."""
    if link.lower().startswith("tel:"):
        number, said = (re.sub(r"\D", "", text) for text in (address, words))
        return number[-_DIGITS:] in said
    wanted, given = (_BLANKS.sub("", text).casefold().removeprefix("www.") for text in (address, words))
    return wanted in given


def _element(address: str) -> str:
    if len(address) > _MOST:
        address = f"{address.partition('/')[0]}/…"
    text = f"({address})"
    parts = addresses.parts(text) if len(address) > _WHOLE else [text]
    kept = "".join(f'<span class="part">{escape(part)}</span>' for part in parts)
    return f' <span class="address">{kept}</span>'
