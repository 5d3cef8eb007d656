"""Links from words of the text, where they are first used, to what the glossary at its end says of them."""

import re
from collections.abc import Mapping
from html import escape

from handout_builder.render.context import Context
from handout_builder.render.notes import EPUB_ROLE
from handout_builder.text import east_asian, markdown

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([A-Za-z0-9:]+)")
# Where no word is linked: in headings, links and drawings, in what is no text, and where a template says so: in the
# boxes of warnings, in what repeats on pages, in the words of clinics.
_PASSED_OVER = frozenset(("head", "header", "h1", "h2", "h3", "a", "svg", "ruby", "sup", "nav", "button"))
_PASSED_BY = ' data-no-glossary=""'


def linked(pages: Mapping[str, str], context: Context) -> dict[str, str]:
    """Return pages with each word of the glossary linked where it is first used."""
    role = EPUB_ROLE if context.epub else ""
    entries = context.product.source.handout.glossary
    words = {word: n for n, entry in enumerate(entries, 1) for word in (markdown.plain(entry.term), *entry.forms)}
    left = {escape(word, quote=False).casefold(): number for word, number in words.items()}
    found = {name: _first_uses(html, left, role, ids=context.epub) if left else html for name, html in pages.items()}
    return {name: unmarked(html) for name, html in found.items()}


def unmarked(html: str) -> str:
    """Return a page without the marks of where no word is linked."""
    return html.replace(_PASSED_BY, "")


def _first_uses(html: str, left: dict[str, int], role: str, *, ids: bool) -> str:
    """Return a page with links on the first use of each of the words ``left``, which are taken out of it."""
    pieces, inside, opened = _TAG.split(html), 0, [""]
    wanted = _any_of(left)
    for index, piece in enumerate(pieces):
        if index % 2:
            inside += _passes_over(piece, opened)
            continue
        while (
            wanted and not inside and len(opened) > 1 and (match := wanted.search(pieces[index], _after(pieces[index])))
        ):
            number = left[match[0].casefold()]
            named = f' id="term_{number}"' if ids else ""
            link = f'<a class="term"{role}{named} href="#glossary_{number}">{match[0]}</a>'
            pieces[index] = pieces[index][: match.start()] + link + pieces[index][match.end() :]
            for word in [word for word, other in left.items() if other == number]:
                del left[word]
            wanted = _any_of(left)
    return "".join(pieces)


def _after(piece: str) -> int:
    """Return where the text goes on behind the last link that was put into it."""
    return piece.rfind("</a>") + 4 if "</a>" in piece else 0


def _any_of(words: Mapping[str, int]) -> re.Pattern[str] | None:
    """Return what finds any of the words, the longest first; None where there are none."""
    each = sorted(words, key=len, reverse=True)
    bound = [_whole(word) for word in each]
    return re.compile("|".join(bound), re.IGNORECASE) if bound else None


def _whole(word: str) -> str:
    """Return a pattern for a word that is no part of another one; Chinese and Japanese have no blanks between words."""
    before = "" if east_asian.is_cjk(word[0]) else r"(?<!\w)"
    after = "" if east_asian.is_cjk(word[-1]) else r"(?!\w)"
    return before + re.escape(word) + after


def _passes_over(tag: str, opened: list[str]) -> int:
    """Note an element that begins or ends; return by how much deeper we are in those that are passed over."""
    match = _NAME.match(tag)
    if match is None or tag.endswith("/>") or match[1] in ("meta", "br", "img", "link"):
        return 0
    if tag.startswith("</"):
        return -1 if opened.pop().startswith("-") else 0
    passed = match[1] in _PASSED_OVER or _PASSED_BY in tag
    opened.append(f"{'-' if passed else '+'}{match[1]}")
    return int(passed)
