"""What a brand's own templates give, looked through before it is used: nothing in it acts, and links lead somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from handout_builder import source_files
from handout_builder.resources import LAYOUTS
from handout_builder.text.characters import odd, told
from handout_builder.text.language import is_tag
from handout_builder.text.markdown import leads_out

HINT = "templates run in a sandbox; see docs/branding.md"
_DEEPEST = 100
# How much of a mark is told.
_SHOWN = 40
_COMMENT = re.compile("<!--(?!-?>).*?-->", re.DOTALL)
# What acts, loads, or asks for something (HTML, 4.8, 4.10 to 4.12), or turns words around.
_ELEMENTS = frozenset(
    (
        *(
            "applet",
            "audio",
            "base",
            "bdo",
            "button",
            "embed",
            "feImage",
            "foreignObject",
            "form",
            "frame",
            "frameset",
            "iframe",
        ),
        *("input", "math", "object", "portal", "script", "select", "textarea", "video"),
        # What hides words, strikes them out, or is no element to every reader.
        *("datalist", "del", "dialog", "marquee", "noembed", "noframes", "noscript", "plaintext", "s", "strike"),
        *("template", "xmp"),
    )
)
_ATTRIBUTES = frozenset(
    (
        *(
            "action",
            "background",
            "base",
            "cite",
            "codebase",
            "data",
            "formaction",
            "http-equiv",
            "longdesc",
            "manifest",
        ),
        *("dir", "hidden", "inert", "ping", "popover", "poster", "srcdoc", "srcset"),
    )
)
# Lists of places that our book has, and readers' programs show elsewhere.
_HIDDEN = frozenset(("nav",))
# What a browser, a reader's program and the engine each read in their own way, and what we look through does not hold.
_MARKED = re.compile(r"<\?(?!xml\s)[^>]*>?|<!\[CDATA\[|<!---?>|<!(?:DOCTYPE[^>]*\[|ENTITY|ATTLIST|ELEMENT|NOTATION)")
# What our own templates repeat for eyes alone: the title of a table that goes on.
_REPEATED = "continued"
# How Python calls a thing that is no words: by its place in memory.
_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9a-f]{6,}>")
# Pages of the book, and places in them.
_PAGE = re.compile(r"(?:[a-z0-9-]+\.xhtml)?(?:#[^\s#]+)?")
_SHEET = "book.css"
# Addresses that templates are given: pictures, and names inside the page.
_GIVEN = re.compile(r"(?:brand|picture):[^\s:]*|#\S*")
_FILE = re.compile(r"(?:file:)?[^\s:]*")
_URL = re.compile(r"""url\(\s*["']?([^"')]*)""", re.IGNORECASE)
# How many rows and columns a cell takes; the engine makes each of them.
_SPANS = frozenset(("colspan", "rowspan", "span"))
_SPAN, _MOST_SPANNED = re.compile("[1-9][0-9]?"), 99
# How many elements a page may draw by reference: copies of copies of copies are drawn each time.
_MOST_COPIED = 20_000
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)")
# The large characters on the cover.
_SCALED = re.compile(r"transform: scale\([0-9.]+\)")


class Finding(NamedTuple):
    """Something wrong in what templates give; ``excerpt`` is the offending piece, to find its line."""

    message: str
    excerpt: str
    hint: str = HINT


def unsafe(root: Element, own: Path | None) -> Iterator[Finding]:
    """Yield what may not stand in a page: scripts, forms and frames, links to programs and files, endless nesting.

    ``own`` is the folder of a brand's templates, whose pictures a printed page may show; None for a page of the book.
    """
    waiting = [(root, 1)]
    copied = False
    while waiting:
        element, depth = waiting.pop()
        copied = copied or _local(element.tag) == "use"
        if depth > _DEEPEST:
            yield Finding(f"elements stand in one another more than {_DEEPEST} deep", "")
            return
        name = _local(element.tag)
        for words in (element.text or "", element.tail or ""):
            yield from _words(words)
        if name == "style":
            hint = "rules stand in layouts/print.css and layouts/book.css"
            yield Finding(f"there may be no <{name}> in a handout", f"<{name}", hint)
        elif name in _ELEMENTS:
            yield Finding(f"there may be no <{name}> in a handout", f"<{name}")
        else:
            for key, value in element.attrib.items():
                yield from _attribute(name, _local(key), value, own)
            if _silences(element, name):
                message = "words may not be kept from those who listen"
                yield Finding(message, "aria-hidden", "leave aria-hidden to signs, lines and drawings")
        waiting += [(child, depth + 1) for child in element]
    if copied and (told := _copies(root)):
        yield Finding(told, "<use", "draw each part itself")


def _copies(root: Element) -> str:
    """Return what is wrong with the copies that drawings make of their parts; nothing if they are few."""
    known = {element.get("id", ""): element for element in root.iter()}
    counted: dict[Element, int] = {}

    def count(element: Element, around: frozenset[Element]) -> int:
        """Return how many elements are drawn for one; raises RecursionError for what draws itself."""
        if element in around or len(around) > _DEEPEST:
            raise RecursionError
        if element not in counted:
            inside = around | {element}
            names = [name for part in element.iter() for name in _drawn(part)]
            parts = sum(1 for _ in element.iter())
            counted[element] = parts + sum(count(known[name], inside) for name in names if name in known)
        return counted[element]

    try:
        drawn = sum(count(known[name], frozenset()) for part in root.iter() for name in _drawn(part) if name in known)
    except RecursionError:
        return "a drawing has parts that draw themselves"
    return "" if drawn <= _MOST_COPIED else f"drawings copy more than {_MOST_COPIED:,} elements"


def _drawn(element: Element) -> Iterator[str]:
    """Yield the names of what an element draws once more: by ``use``, as its mask, clip or pattern."""
    for key, value in element.attrib.items():
        if _local(key) == "href" and value.startswith("#") and _local(element.tag) != "a":
            yield value[1:]
        yield from _REFERENCE.findall(value)


def unseen(text: str) -> Iterator[Finding]:
    """Yield marks that not all who read a page take for the same."""
    for mark in dict.fromkeys(match[0] for match in _MARKED.finditer(_COMMENT.sub("", text))):
        yield Finding(f"there may be no {mark[:_SHOWN]} in a handout", mark, "write the words and elements themselves")


def named_twice(root: Element) -> Iterator[Finding]:
    """Yield the names that a printed page gives to several elements: links and page numbers would be those of one."""
    for key in ("id", "data-id"):
        names = Counter(ident for element in root.iter() if (ident := element.get(key)))
        for ident in (ident for ident, number in names.items() if number > 1):
            hint = "take another name in the template; sections have theirs, and what stands around them its own"
            yield Finding(f"the name '{ident}' appears twice on the page", f'id="{ident}"', hint)


def _words(words: str) -> Iterator[Finding]:
    for character in odd(words):
        message, hint = told(character, words)
        yield Finding(message, character, hint)
    if _ADDRESS.search(words):
        yield Finding(
            message="a function or an object stands in words", excerpt="", hint="call functions with brackets"
        )


def _silences(element: Element, name: str) -> bool:
    """Tell whether an element keeps words from readers' programs that read aloud."""
    if name == "svg" or element.get("class") == _REPEATED or element.get("aria-hidden", "").strip().lower() != "true":
        return False
    return any(map(str.isalnum, "".join(element.itertext())))


def _attribute(name: str, key: str, value: str, own: Path | None) -> Iterator[Finding]:
    if (key in _ATTRIBUTES or key.startswith("on")) and not (key == "hidden" and name in _HIDDEN):
        yield Finding(f"<{name}> may have no {key}", f"{key}=")
    elif name in ("a", "area") and key == "href":
        if not (_PAGE.fullmatch(value) or (leads_out(value) and ":" in value)):
            hint = "a link leads to #section, https://, mailto: or tel:"
            yield Finding(f"this link leads nowhere: {value}", value, hint)
    elif name == "link" and key == "href":
        if value != _SHEET:
            yield Finding(f"a page may bring no files: {value}", value)
    elif key == "style" and own is None:
        from handout_builder.brand import style_sheets  # noqa: PLC0415  # only with a brand's own templates

        for message, hint in style_sheets.of_element(_SCALED.sub("", value), words=name not in ("img", "svg")):
            yield Finding(message, value, hint)
    elif key == "style" and (lost := [one for one in _URL.findall(value) if not _is_file(one, own)]):
        yield Finding(f"this picture cannot be shown: {lost[0]}", lost[0])
    elif key == "lang" and value and not is_tag(value):
        hint = "write a language tag, as en, ja or zh-Hans; {{ c.lang }} is the handout's"
        yield Finding(f"this is no language: {value}", value, hint)
    elif key in _SPANS and not _SPAN.fullmatch(value):
        yield Finding(f"{key} is more than {_MOST_SPANNED}, or no number: {value}", f'{key}="{value}"')
    elif key in ("src", "href") and not (_GIVEN.fullmatch(value) or _is_file(value, own)):
        yield Finding(f"this picture cannot be shown: {value}", value)


def _is_file(address: str, own: Path | None) -> bool:
    """Tell whether an address names a file: of the book, which is seen when it is bound, of ours or of the brand's."""
    if not _FILE.fullmatch(address):
        return False
    parts = urlsplit(address)
    if own is None:
        return not parts.scheme
    path = LAYOUTS / unquote(parts.path)  # as the engine reads it
    return path.is_file() and not all(source_files.leads_out(path, folder) for folder in (LAYOUTS, own))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
