"""Links from the text to what is explained at its end: words of the glossary where they are first used, and notes."""

import re
from collections.abc import Mapping
from html import escape, unescape

from handout_builder.render.context import Context
from handout_builder.text import east_asian, markdown

_NOTE = re.compile(r'<a class="noteref" data-note="([^"]*)"></a>')
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([A-Za-z0-9:]+)")
# Where no word is linked: in headings, links and drawings, in what is no text, and in the boxes of warnings.
_PASSED_OVER = frozenset(("head", "header", "h1", "h2", "h3", "a", "svg", "ruby", "sup", "nav", "button"))
_CLASSES = re.compile(r'class="(?:section glossary|section notes|section sources|safety |foot|letterhead|folio)')


def linked(pages: Mapping[str, str], context: Context) -> dict[str, str]:
    """Return pages with the numbers of their notes, and each word of the glossary linked where it is first used."""
    contents, epub = context.contents, context.epub
    numbers = {note: number for number, note in enumerate(contents.notes, 1)}
    role = ' epub:type="noteref" role="doc-noteref"' if epub else ""
    seen: set[int] = set()

    def numbered(match: re.Match[str]) -> str:
        number = numbers[unescape(match[1])]
        named = f' id="noted_{number}"' if number not in seen else ""
        seen.add(number)
        return f'<sup><a class="noteref"{role}{named} href="#note_{number}">{number}</a></sup>'

    found = {name: _NOTE.sub(numbered, html) for name, html in pages.items()}
    entries = context.product.source.handout.glossary
    words = {word: n for n, entry in enumerate(entries, 1) for word in (markdown.plain(entry.term), *entry.forms)}
    left = {escape(word, quote=False).casefold(): number for word, number in words.items()}
    for name, html in found.items():
        if left:
            found[name] = _first_uses(html, left, role, ids=epub)
    return found


def short(html: str) -> str:
    """Return a page of a short form, which has no list of notes, with each note in brackets behind its words."""
    return _NOTE.sub(lambda match: f" ({markdown.inline_html(unescape(match[1]))})", html)


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
    passed = match[1] in _PASSED_OVER or bool(_CLASSES.search(tag))
    opened.append(f"{'-' if passed else '+'}{match[1]}")
    return int(passed)
