"""A page made ready to be read: which part is its article, notes and readings with their words, boxes as signs."""

import itertools
import re
from collections.abc import Sequence

from lxml import etree, html

from handout_builder.intake.html_elements import HEADINGS, INLINE, NOTED, STRUCK, WORDLESS, line_of, with_ancestors
from handout_builder.intake.outline import reading_behind, spaced
from handout_builder.text import language

# A box to tick, as a page, a word processor or a list of tasks has it.
_BOXES = {False: "☐", True: "☑"}
# What leads to a note: its number or sign, alone or in brackets.
_REFERENCE = re.compile(r"[\[(]?(?:[0-9]{1,3}|[a-z]|[*†‡§¶#]{1,3})[\])]?")
# What leads back from a note; and words that can be a note's: what stands in quotation marks and braces in a text.
_BACK = re.compile(r"[\s\[\]()↑↩↵⏎⤴^\ufe0e\ufe0f]*|[a-z]|[0-9]{1,3}")
_NOTE = re.compile(r"[^\"'{}\[\]\\`*_<>~^|=&]{1,1000}")
# The part of a page that is the article's text: schema.org, microformats 2, hAtom.
_TEXT_OF_ARTICLE = (
    "//*[@itemprop='articleBody' or contains(concat(' ', normalize-space(@class), ' '), ' e-content ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' entry-content ')]"
)
# Who wrote it: HTML 4.6.7.1, schema.org, microformats 2, hAtom.
_AUTHOR = (
    "//a[@rel='author'] | //*[@itemprop='author'][not(.//*[@itemprop])] | //*[@itemprop='author']//*[@itemprop='name']"
    " | //*[contains(concat(' ', normalize-space(@class), ' '), ' p-author ')]"
    " | //*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]"
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' fn ')]"
)
# The parser ends these where a paragraph begins, and not <del>.
_AS_STRUCK = re.compile(rb"(</?)(?:s|strike)(?=[\s/>])", re.IGNORECASE)
_META = {
    "author": "author",
    "article:author": "author",
    "description": "description",
    "og:description": "description",
    "article:modified_time": "date",
    "article:published_time": "date",
    "date": "date",
    "dcterms.modified": "date",
    "keywords": "subjects",
}


class TooDeepError(ValueError):
    """A page nests so deeply that the parser leaves words out."""


def prepared(data: bytes) -> html.HtmlElement | None:
    """Return the root of a page in UTF-8, ready to be read; None without a body to read; raises TooDeepError."""
    if not data.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8")
    try:
        struck = f"\\1{STRUCK}".encode()
        root = html.document_fromstring(_AS_STRUCK.sub(struck, data), parser=parser, ensure_head_body=True)
    except etree.ParserError:  # nothing but remarks, or a word on the kind of document
        return None
    if any("depth" in entry.message for entry in parser.error_log):  # what lies deeper is cut off
        raise TooDeepError
    if root.body is None:
        return None
    _put_readings_behind(root)
    _set_boxes(root.body)
    _set_notes(root.body)
    return root


def facts_of(root: html.HtmlElement) -> dict[str, tuple[str, int]]:
    """Return what a page tells about itself, each with its line: title, lang, author, description, date, subjects."""
    found: dict[str, tuple[str, int]] = {}
    head = root.head if root.head is not None else root
    for title in head.iterchildren("title"):
        if text := spaced(title.text_content()):
            found["title"] = (text, line_of(title))
    if lang := root.get("lang", ""):
        found["lang"] = (lang, line_of(root))
    for meta in head.iterchildren("meta"):
        key = _META.get((meta.get("name") or meta.get("property") or "").lower())
        if key and (text := spaced(meta.get("content") or "")):
            found.setdefault(key, (text, line_of(meta)))
    authors = {spaced(str(part.text_content())) for part in root.xpath(_AUTHOR)}
    if len(authors) == 1 and (author := authors.pop()):
        found.setdefault("author", (author, line_of(root.xpath(_AUTHOR)[0])))
    times = list(root.iter("time"))
    if len(times) == 1 and (day := times[0].get("datetime")):
        found.setdefault("date", (day.partition("T")[0], line_of(times[0])))
    return found


def article_of(body: html.HtmlElement) -> html.HtmlElement | None:
    """Return the article of a page; None where the page does not tell which it is.

    What the article has around its text is set aside: see ``_set_aside``.
    """
    texts = body.xpath(_TEXT_OF_ARTICLE)
    if len(texts) == 1:
        around = (part for part in with_ancestors(texts[0]) if part.tag in ("article", "main"))
        article = next(around, None)
        if article is not None:
            _set_aside(texts[0], article)
            return article
    articles = [element for tag in ("main", "article") for element in body.iter(tag)]
    mains = [element for element in articles if element.tag == "main"]
    return articles[0] if len(articles) == 1 else mains[0] if len(mains) == 1 else None


def _set_aside(text: html.HtmlElement, article: html.HtmlElement) -> None:
    """Set aside what an article has around its text: its day and author before it, and all that follows it."""
    for part in itertools.takewhile(lambda part: part is not article, with_ancestors(text)):
        for behind in part.itersiblings():
            if isinstance(behind.tag, str) and behind.tag not in WORDLESS:
                behind.tag = "aside"
        for before in part.itersiblings(preceding=True):
            for told in [*before.iter("time"), *before.xpath(".//a[@rel='author']")]:
                around = itertools.takewhile(lambda other: other is not article, with_ancestors(told))
                for outermost in [*itertools.takewhile(lambda other: not _holds_more(other), around)][-1:]:
                    outermost.tag = "aside"


def _holds_more(element: html.HtmlElement) -> bool:
    """Tell whether an element holds a heading or a picture."""
    return any(part.tag in (*HEADINGS, "img") for part in element.iter())


def _put_readings_behind(root: html.HtmlElement) -> None:
    """Put what stands above words (HTML, 4.5.10) behind them, once for words that nothing parts."""
    for ruby in list(root.iter("ruby")):
        before = ruby.getprevious()
        if before is not None and before.tag == "ruby" and not before.tail:
            before.append(ruby)
            before.tail, ruby.tail = ruby.tail, None
    for ruby in list(root.iter("ruby")):
        for bracket in ruby.iter("rp"):
            bracket.text = None
        above = ruby.xpath(".//*[self::rt or self::rtc][not(ancestor::rt or ancestor::rtc)]")
        readings = [spaced(str(reading.text_content())) for reading in above]
        for reading in above:
            reading.drop_tree()
        left = "".join(ruby.xpath("preceding-sibling::node()[1][self::text()]"))
        behind = html.Element("span")
        behind.text = reading_behind(readings, left, ruby.tail or "")
        ruby.append(behind)


def _set_boxes(body: html.HtmlElement) -> None:
    """Write the boxes of lists to tick as signs."""
    for box in body.iter("input"):
        if box.get("type") == "checkbox":
            box.tag, box.text = "span", f"{_BOXES['checked' in box.attrib]} "


def _set_notes(body: html.HtmlElement) -> None:
    """Take notes at the end of a page to where they are pointed at: those that lead back, of words alone."""
    named = {element.get("id"): element for element in body.iter() if isinstance(element.tag, str)}
    pointed: dict[html.HtmlElement, list[html.HtmlElement]] = {}
    for link in body.iter("a"):
        href = (link.get("href") or "").strip()
        note = named.get(href[1:]) if href.startswith("#") else None
        if note is not None and note.tag in ("li", "p", "div") and _REFERENCE.fullmatch(spaced(link.text_content())):
            pointed.setdefault(note, []).append(link)
    for note, links in pointed.items():
        here = {f"#{part.get('id')}" for link in links for part in itertools.islice(with_ancestors(link), 2)}
        back = [link for link in note.iter("a") if link.get("href") in here]
        if not back or any(note in link.iterancestors() for link in links):
            continue
        text = _note_text(note, back)
        if not _NOTE.fullmatch(text) or any(language.cjk_runs(text)):
            continue
        for link in links:
            link.set(NOTED, text)
        around = note.getparent()
        note.drop_tree()
        if around is not None and around.tag in ("ol", "ul") and not around.text_content().strip() and not len(around):
            around.drop_tree()


def _note_text(note: html.HtmlElement, back: Sequence[html.HtmlElement]) -> str:
    """Return the words of a note, with the addresses of its links; "" where it holds more than words."""
    if any(part.tag not in (*INLINE, "p", "div") or part.tag == "img" for part in note.iterdescendants()):
        return ""
    if any(not _BACK.fullmatch(spaced(link.text_content())) for link in back):
        return ""

    def said(element: html.HtmlElement) -> str:
        if element in back:
            return ""
        inner = (element.text or "") + "".join(said(child) + (child.tail or "") for child in element)
        address = (element.get("href") or "").strip() if element.tag == "a" else ""
        return f"{inner} ({address})" if address and spaced(inner) not in address else inner

    return spaced(said(note))
