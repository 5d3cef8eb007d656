"""What elements of a page are (HTML, 4), and what is asked of them before they are read."""

import re
from collections.abc import Iterator

from lxml import html

from handout_builder.intake.outline import spaced

_LINE = "data-line"
NOTED = "data-note"
"""The attribute that has the note to what is pointed at."""
_MOST_LINES = 10_000_000
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = ("ul", "ol", "menu")
# What stands in a line (HTML, 4.5); whatever else holds words is a block.
INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "meter", "nobr", "output", "picture", "progress", "q", "rb", "rp", "rt",
        "rtc", "ruby", "samp", "small", "source", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    )
)  # fmt: skip
# What is seen of these is no words of an author's: programs, forms, what other pages show.
NO_WORDS = {
    "script": "a program (script)",
    "style": "a style sheet",
    "noscript": "what is shown without scripts",
    "template": "a template",
    "iframe": "a piece of another page",
    "object": "something embedded",
    "embed": "something embedded",
    "video": "a video",
    "audio": "a sound",
    "canvas": "a drawing made by a program",
    "svg": "a drawing inside the page",
    "math": "a formula",
    "form": "a form",
    "input": "a field of a form",
    "button": "a button",
    "select": "a choice of a form",
    "textarea": "a field of a form",
    "hr": "a rule across the page",
}
# What themes and plug-ins of weblogs call the rows of links that their pages have below an article.
_OF_SITE = re.compile(
    r"(?:jp-|yarpp-|(?:social|post|entry|article|content|blog)[-_]{1,2})?"
    r"(?:shar(?:e|ing)|related(?:[-_]?(?:posts?|articles?|entries|content|links|reading))?)"
    r"(?:[-_]{1,2}(?:buttons?|links?|icons?|bar|box|row|list|this|wrapper|container|section))?"
    r"|sharedaddy|addtoany_\w+|addthis_\w+|a2a_kit|yarpp|(?:social|share)-?(?:media|links|icons|buttons)",
    re.IGNORECASE,
)
# Of these nothing that they hold is told as words.
WORDLESS = ("script", "style", "hr")
# These may stand in the middle of a line, which goes on behind them.
IN_LINES = frozenset(("script", "style", "noscript", "svg"))
STRUCK = "del"
"""The element of struck-out words: ``s`` and ``strike`` are read as that."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def line_of(element: html.HtmlElement) -> int:
    """Return the line that an element stands on, as far as the page tells it."""
    at: html.HtmlElement | None = element
    while at is not None:
        told = at.get(_LINE) or ""
        if told.isascii() and told.isdecimal() and int(told[:8]) < _MOST_LINES:
            return int(told[:8])
        at = at.getparent()
    return element.sourceline or 0


def with_ancestors(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield an element and those around it."""
    yield element
    yield from element.iterancestors()


def is_cite(element: html.HtmlElement) -> bool:
    """Tell whether a paragraph holds a cite and nothing else."""
    return len(element) == 1 and element[0].tag == "cite" and not spaced((element.text or "") + (element[0].tail or ""))


def is_unseen(element: html.HtmlElement) -> bool:
    """Tell whether an element is one that would be seen if it were not hidden."""
    hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style") or "")
    return bool(hidden) and element.tag not in NO_WORDS


def is_of_site(element: html.HtmlElement) -> bool:
    """Tell whether an element is a row of links that a page has for its site, such as those to share it."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if not any(map(_OF_SITE.fullmatch, names)):
        return False
    links = element.xpath(
        ".//a | .//button | .//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
    )
    linked = sum(len(spaced(str(link.text_content()))) for link in links)
    return bool(element.xpath(".//a")) and 2 * linked > len(spaced(" ".join(texts_of(element))))


def is_seen(element: html.HtmlElement) -> bool:
    """Tell whether an element has words or a picture."""
    return bool(spaced(str(element.text_content()))) or element.find(".//img") is not None


def holds_blocks(element: html.HtmlElement) -> bool:
    """Tell whether an element for a line holds blocks, as links around whole cards do."""
    return any(
        isinstance(child.tag, str) and child.tag not in NO_WORDS and (child.tag not in INLINE or holds_blocks(child))
        for child in element
    )


def texts_of(element: html.HtmlElement) -> Iterator[str]:
    """Yield the words that an element holds, those of its pictures, too."""
    for part in element.iter():
        if part.tag in ("script", "style") or not isinstance(part.tag, str):
            if part is not element and part.tail:
                yield part.tail
            continue
        if part.text:
            yield part.text
        if part.tag == "img" and part.get("alt"):
            yield part.get("alt", "")
        if part is not element and part.tail:
            yield part.tail
