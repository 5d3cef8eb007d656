"""HTML as an outline: what is read of a page, in the order in which it is read."""

import base64
import binascii
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from lxml import etree, html

from handout_builder.intake.outline import (
    BESIDE,
    Block,
    Bullets,
    Grid,
    Heading,
    Item,
    Outline,
    Paragraph,
    Picture,
    Run,
    Runs,
    Strange,
    Terms,
    joined,
    reading_behind,
    spaced,
    words,
)
from handout_builder.text import language

_LINE, _NOTED = "data-line", "data-note"
_MOST_LINES = 10_000_000
# Of the number that a list begins with.
_MOST_DIGITS = 5
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu")
# What stands in a line (HTML, 4.5); whatever else holds words is a block.
_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "meter", "nobr", "output", "picture", "progress", "q", "rb", "rp", "rt",
        "rtc", "ruby", "samp", "small", "source", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    )
)  # fmt: skip
# HTML has columns up to 1000; a table of more than 8 is told as one that has to be divided.
_MOST_SPANNED, _SPAN_DIGITS = 20, 5
# What is seen of these is no words of an author's: programs, forms, what other pages show.
_NO_WORDS = {
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
# A box to tick, as a page, a word processor or a list of tasks has it.
_BOXES = {False: "☐", True: "☑"}
# What leads to a note: its number or sign, alone or in brackets.
_REFERENCE = re.compile(r"[\[(]?(?:[0-9]{1,3}|[a-z]|[*†‡§¶#]{1,3})[\])]?")
# What leads back from a note; and words that can be a note's: what stands in quotation marks and braces in a text.
_BACK = re.compile(r"[\s\[\]()↑↩↵⏎⤴^\ufe0e\ufe0f]*|[a-z]|[0-9]{1,3}")
_NOTE = re.compile(r"[^\"'{}\[\]\\`*_<>~^|=&]{1,1000}")
_DASH = re.compile("[—–―-]")
_LAST_WORD = re.compile(r"[^\s。、，；：！？]{1,30}[。、，；：！？]?\s*$")
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
# Where words stand that belong to the page, not to its article.
_AROUND = {"nav": "links of the site", "footer": "the foot of the page", "aside": BESIDE}
# What themes and plug-ins of weblogs call the rows of links that their pages have below an article.
_OF_SITE = re.compile(
    r"(?:jp-|yarpp-|(?:social|post|entry|article|content|blog)[-_]{1,2})?"
    r"(?:shar(?:e|ing)|related(?:[-_]?(?:posts?|articles?|entries|content|links|reading))?)"
    r"(?:[-_]{1,2}(?:buttons?|links?|icons?|bar|box|row|list|this|wrapper|container|section))?"
    r"|sharedaddy|addtoany_\w+|addthis_\w+|a2a_kit|yarpp|(?:social|share)-?(?:media|links|icons|buttons)",
    re.IGNORECASE,
)
_SILENT = ("script", "style", "hr")
# The parser ends the latter two where a paragraph begins, and not the first.
_STRUCK, _AS_STRUCK = "del", re.compile(rb"(</?)(?:s|strike)(?=[\s/>])", re.IGNORECASE)
_GROUPS, _CELLS = ("thead", "tbody", "tfoot"), ("th", "td")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SILENT_TAGS = frozenset(("script", "style", "noscript", "svg"))
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
_PLAIN = Run("")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class TooDeepError(ValueError):
    """A page nests so deeply that the parser leaves words out."""


def outline(data: bytes, unit: str = "line") -> Outline:
    """Return the outline of a page in UTF-8; raises TooDeepError."""
    if not data.strip():
        return Outline((), unit=unit)
    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(_AS_STRUCK.sub(rb"\1del", data), parser=parser, ensure_head_body=True)
    except etree.ParserError:  # nothing but remarks, or a word on the kind of document
        return Outline((), unit=unit)
    if any("depth" in entry.message for entry in parser.error_log):  # what lies deeper is cut off
        raise TooDeepError
    if root.body is None:
        return Outline((), unit=unit)
    _put_readings_behind(root)
    _set_boxes(root.body)
    _set_notes(root.body)
    reader = _Reader()
    blocks = reader.page(root.body)
    return Outline(tuple(blocks), _facts(root), reader.pictures, unit)


def _facts(root: html.HtmlElement) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    head = root.head if root.head is not None else root
    for title in head.iterchildren("title"):
        if text := spaced(title.text_content()):
            found["title"] = (text, _line(title))
    if lang := root.get("lang", ""):
        found["lang"] = (lang, _line(root))
    for meta in head.iterchildren("meta"):
        key = _META.get((meta.get("name") or meta.get("property") or "").lower())
        if key and (text := spaced(meta.get("content") or "")):
            found.setdefault(key, (text, _line(meta)))
    authors = {spaced(str(part.text_content())) for part in root.xpath(_AUTHOR)}
    if len(authors) == 1 and (author := authors.pop()):
        found.setdefault("author", (author, _line(root.xpath(_AUTHOR)[0])))
    times = list(root.iter("time"))
    if len(times) == 1 and (day := times[0].get("datetime")):
        found.setdefault("date", (day.partition("T")[0], _line(times[0])))
    return found


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


def _article(body: html.HtmlElement) -> html.HtmlElement | None:
    """Return the article of a page; None where the page does not tell which it is."""
    texts = body.xpath(_TEXT_OF_ARTICLE)
    if len(texts) == 1:
        around = (part for part in _with_ancestors(texts[0]) if part.tag in ("article", "main"))
        article = next(around, None)
        if article is not None:
            _set_aside(texts[0], article)
            return article
    articles = [element for tag in ("main", "article") for element in body.iter(tag)]
    mains = [element for element in articles if element.tag == "main"]
    return articles[0] if len(articles) == 1 else mains[0] if len(mains) == 1 else None


def _set_aside(text: html.HtmlElement, article: html.HtmlElement) -> None:
    """Set aside what an article has around its text: its day and author before it, and all that follows it."""
    for part in itertools.takewhile(lambda part: part is not article, _with_ancestors(text)):
        for behind in part.itersiblings():
            if isinstance(behind.tag, str) and behind.tag not in _SILENT:
                behind.tag = "aside"
        for before in part.itersiblings(preceding=True):
            for told in [*before.iter("time"), *before.xpath(".//a[@rel='author']")]:
                around = itertools.takewhile(lambda other: other is not article, _with_ancestors(told))
                for outermost in [*itertools.takewhile(lambda other: not _holds_more(other), around)][-1:]:
                    outermost.tag = "aside"


def _holds_more(element: html.HtmlElement) -> bool:
    """Tell whether an element holds a heading or a picture."""
    return any(part.tag in (*_HEADINGS, "img") for part in element.iter())


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
        here = {f"#{part.get('id')}" for link in links for part in itertools.islice(_with_ancestors(link), 2)}
        back = [link for link in note.iter("a") if link.get("href") in here]
        if not back or any(note in link.iterancestors() for link in links):
            continue
        text = _note_text(note, back)
        if not _NOTE.fullmatch(text) or any(language.cjk_runs(text)):
            continue
        for link in links:
            link.set(_NOTED, text)
        around = note.getparent()
        note.drop_tree()
        if around is not None and around.tag in ("ol", "ul") and not around.text_content().strip() and not len(around):
            around.drop_tree()


def _note_text(note: html.HtmlElement, back: Sequence[html.HtmlElement]) -> str:
    """Return the words of a note, with the addresses of its links; "" where it holds more than words."""
    if any(part.tag not in (*_INLINE, "p", "div") or part.tag == "img" for part in note.iterdescendants()):
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


def _spread(own: Sequence[tuple[html.HtmlElement, Runs]], spans: dict[int, tuple[int, Runs]]) -> tuple[Runs, ...]:
    """Return the cells of a row, one a column: what runs over several rows or columns holds for each, and stands there.

    ``spans`` has what runs on from the rows above by its column, with the number of rows left, and is kept up. A cell
    that is a row of its own stands once.
    """
    cells: list[Runs] = []

    def from_above() -> None:
        while len(cells) in spans:
            left, runs = spans.pop(len(cells))
            if left > 1:
                below[len(cells)] = left - 1, runs
            cells.append(runs)

    below: dict[int, tuple[int, Runs]] = {}
    alone = len(own) == 1 and not spans
    from_above()
    for cell, runs in own:
        rows, columns = _span(cell, "rowspan"), 1 if alone else _span(cell, "colspan")
        for _ in range(columns):
            if rows > 1 and not alone:
                below[len(cells)] = rows - 1, runs
            cells.append(runs)
            from_above()
    while spans:  # the row ends before the last column that something above runs over
        if len(cells) in spans:
            from_above()
        else:
            cells.append(())
    spans.update(below)
    return tuple(cells)


def _span(cell: html.HtmlElement, name: str) -> int:
    """Return over how many rows or columns a cell runs; 0 stands for the rest of the rows (HTML, 4.9.11)."""
    said = (cell.get(name) or "").strip()
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= _SPAN_DIGITS else 1
    if name == "rowspan":
        return number or 10**_SPAN_DIGITS
    return min(max(number, 1), _MOST_SPANNED)


def _line(element: html.HtmlElement) -> int:
    at: html.HtmlElement | None = element
    while at is not None:
        told = at.get(_LINE) or ""
        if told.isascii() and told.isdecimal() and int(told[:8]) < _MOST_LINES:
            return int(told[:8])
        at = at.getparent()
    return element.sourceline or 0


class _Reader:
    """Walks the elements of a page once."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self._verbatim_now = False

    def page(self, body: html.HtmlElement) -> list[Block]:
        """Return the article first; what stands around it follows as what it is."""
        article = _article(body)
        return self.blocks(body) if article is None else [*self.blocks(article), *self._around(body, article)]

    def _around(self, body: html.HtmlElement, article: html.HtmlElement) -> Iterator[Block]:
        """Yield what a page has before and after its article."""
        inside = {body, *article.iterancestors()}

        def outside(element: html.HtmlElement) -> Iterator[Block]:
            if text := spaced(element.text or ""):
                yield Strange("outside the article", text, _line(element))
            for child in element:
                if child in inside:
                    yield from outside(child)
                elif (
                    child is not article
                    and isinstance(child.tag, str)
                    and child.tag not in _SILENT
                    and (text := spaced(" ".join(_texts(child))))
                ):
                    yield Strange("outside the article", text, _line(child))
                if tail := spaced(child.tail or ""):
                    yield Strange("outside the article", tail, _line(child))

        yield from outside(body)

    def blocks(
        self,
        element: html.HtmlElement,
        style: Run = _PLAIN,
        *,
        quoted: bool = False,
        through: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> list[Block]:
        """Return what an element holds, as blocks, in words that look like ``style``.

        Of a list or a table it is what stands between the parts ``without`` which it is none, where HTML allows no
        words, in the element itself and in those that it goes ``through``.
        """
        found: list[Block] = []
        inline: list[Run] = []
        pictures: list[Picture] = []
        line = _line(element)

        def close() -> None:
            nonlocal inline, pictures
            if runs := joined(inline):
                found.append(Paragraph(runs, line, quoted))
            found.extend(pictures)
            inline, pictures = [], []

        if element.text:
            inline.append(style._replace(text=element.text.replace("\n", " ")))
        for child in element:
            if not isinstance(child.tag, str):
                found += _comment(child)
            elif child.tag in without:
                close()
            elif child.tag in through:
                close()
                found += self.blocks(child, style, through=through, without=without)
            elif (child.tag in _SILENT_TAGS or (child.tag in _INLINE and not _holds_blocks(child))) and not (
                quoted and child.tag == "cite" and found and not joined(inline)
            ):
                if not inline:
                    line = _line(child)
                self._inline(child, style, inline, pictures, found)
            else:
                close()
                found += self._block(child, style, quoted)
                line = _line(child)
            if child.tail:
                inline.append(style._replace(text=child.tail.replace("\n", " ")))
        close()
        return found

    def _block(self, element: html.HtmlElement, style: Run, quoted: bool) -> list[Block]:
        tag, line = str(element.tag), _line(element)
        said_by = quoted and (tag in ("footer", "cite") or _is_cite(element))  # whom it is of (HTML, 4.4.4)
        tag = "nav" if _is_of_site(element) else tag
        if (tag in _AROUND and not said_by) or _is_unseen(element) or tag == _STRUCK:
            what = _AROUND.get(tag, "struck-out words" if tag == _STRUCK else "not shown on the page")
            return [Strange(what, text, line)] if (text := spaced(" ".join(_texts(element)))) else []
        readers = {"dl": self._terms, "table": self._table, "figure": self._figure, "pre": self._verbatim}
        readers |= dict.fromkeys(_LISTS, self._list) | dict.fromkeys(_HEADINGS, self._heading)
        readers |= dict.fromkeys(_NO_WORDS, self._wordless)
        style = _style(element, style)
        if tag in readers:
            return list(readers[tag](element, style))
        if tag == "summary":  # the question of what unfolds
            style = style._replace(bold=True)
        blocks = self.blocks(element, style, quoted=quoted or tag in ("blockquote", "q"))
        return [_said_by(block) for block in blocks] if said_by else blocks

    def _verbatim(self, element: html.HtmlElement, style: Run) -> list[Block]:
        self._verbatim_now = True
        runs, pictures, beside = self._runs(element, style)
        self._verbatim_now = False
        return [*([Paragraph(runs, _line(element))] if runs else []), *pictures, *beside]

    def _wordless(self, element: html.HtmlElement, style: Run = _PLAIN) -> list[Block]:  # noqa: ARG002  # as others
        tag = str(element.tag)
        address = next((element.get(key) for key in ("src", "data", "href") if element.get(key)), "")
        text = "" if tag in _SILENT else spaced(" ".join(_texts(element)))
        if tag == "hr":
            return []
        return [Strange(_NO_WORDS[tag], " ".join(filter(None, (text, address))), _line(element))]

    def _heading(self, element: html.HtmlElement, style: Run) -> list[Block]:
        runs, pictures, beside = self._runs(element, style)
        head: list[Block] = [Heading(runs, _HEADINGS[str(element.tag)], _line(element))] if runs else []
        return [*head, *pictures, *beside]

    def _runs(self, element: html.HtmlElement, style: Run) -> tuple[Runs, list[Picture], list[Block]]:
        """Return the words of an element that should hold a line, and what it has beside them."""
        inline: list[Run] = []
        pictures: list[Picture] = []
        beside: list[Block] = []
        self._styled(element, _style(element, style), inline, pictures, beside)
        return joined(inline), pictures, beside

    def _inline(
        self, element: html.HtmlElement, style: Run, inline: list[Run], pictures: list[Picture], beside: list[Block]
    ) -> None:
        tag = str(element.tag)
        if tag == "img":
            found = list(self._picture(element, style))
            pictures += (block for block in found if isinstance(block, Picture))
            beside += (block for block in found if isinstance(block, Strange))
        elif note := element.get(_NOTED):
            _put_note(note, inline)
        elif tag in _NO_WORDS:
            beside += self._wordless(element)
        elif tag == _STRUCK or _is_unseen(element):
            what = "struck-out words" if tag == _STRUCK else "not shown on the page"
            text = spaced(" ".join(_texts(element)))
            beside += [Strange(what, text, _line(element))] * bool(text)
        elif tag == "br":
            inline.append(style._replace(text="\n"))
        elif tag == "a" and (link := _style(element, style).link) and not _is_seen(element):
            beside.append(Strange("a link without words", link, _line(element)))
        else:  # the parser takes what follows a break that words may have, or a source of a picture, for its content
            self._styled(element, _style(element, style), inline, pictures, beside)

    def _styled(
        self, element: html.HtmlElement, style: Run, inline: list[Run], pictures: list[Picture], beside: list[Block]
    ) -> None:
        tag = str(element.tag)
        quotes = ("“", "”") if tag == "q" else ("", "")
        inline.append(style._replace(text=quotes[0] + self._shaped(element, element.text or "")))
        for child in element:
            if isinstance(child.tag, str):
                apart = [style._replace(text=" ")] * (child.tag not in _INLINE | _NO_WORDS.keys())
                inline += apart
                self._inline(child, style, inline, pictures, beside)
                inline += apart
            else:
                beside += _comment(child)
            inline.append(style._replace(text=self._shaped(element, child.tail or "")))
        inline.append(style._replace(text=quotes[1]))

    def _shaped(self, element: html.HtmlElement, text: str) -> str:
        text = text if self._verbatim_now else text.replace("\n", " ")
        if text.strip().isascii() and text.strip().isdecimal():
            raised = next((str(part.tag) for part in _with_ancestors(element) if part.tag in ("sup", "sub")), "")
            return text.translate({"sup": _SUPERSCRIPTS, "sub": _SUBSCRIPTS}.get(raised, {}))
        return text

    def _list(self, element: html.HtmlElement, style: Run) -> list[Block]:
        items: list[Item] = []
        loose = self.blocks(element, style, without=("li", *_LISTS))
        for child in element.iterchildren("li", *_LISTS):
            if child.tag != "li":  # a list right inside a list belongs to the item before
                blocks = self._block(child, style, quoted=False)
                if items:
                    items[-1] = Item(items[-1].runs, items[-1].line, (*items[-1].below, *blocks))
                else:
                    loose += blocks
                continue
            blocks = self.blocks(child, _style(child, style))
            loose += [block for block in blocks if isinstance(block, Strange)]
            held = tuple(block for block in blocks if not isinstance(block, Strange))
            if held and isinstance(held[0], (Paragraph, Heading)):
                items.append(Item(held[0].runs, _line(child), held[1:]))
            elif held:
                items.append(Item((), _line(child), held))
        start = element.get("start") or "1"
        number = int(start) if start.isascii() and start.isdecimal() and len(start) <= _MOST_DIGITS else 1
        whole = Bullets(tuple(items), _line(element), element.tag == "ol", number)
        return [*loose, *([whole] if items else [])]

    def _terms(self, element: html.HtmlElement, style: Run) -> list[Block]:
        found: list[tuple[Runs, Runs]] = []
        beside = self.blocks(element, style, through=("div",), without=("dt", "dd"))
        for child in _parts(element, ("div",), ("dt", "dd")):
            runs, pictures, more = self._runs(child, style)
            beside += [*pictures, *more]
            if child.tag == "dt" or not found:
                found.append((runs, ()) if child.tag == "dt" else ((), runs))
            else:
                term, text = found[-1]
                found[-1] = (term, joined((*text, Run(" " if text else ""), *runs)))
        return [*([Terms(tuple(found), _line(element))] if found else []), *beside]

    def _table(self, element: html.HtmlElement, style: Run) -> list[Block]:
        rows: list[tuple[bool, tuple[Runs, ...]]] = []
        spans: dict[int, tuple[int, Runs]] = {}
        beside = self.blocks(element, style, through=(*_GROUPS, "tr"), without=("caption", *_CELLS))
        captions = []
        for part in _parts(element, (*_GROUPS, "tr"), ("caption",)):
            runs, pictures, more = self._runs(part, style)
            captions += [*runs, Run(" ")]
            beside += [*pictures, *more]
        for row in _rows(element):
            own: list[tuple[html.HtmlElement, Runs]] = []
            for cell in row:
                if cell.find(".//table") is not None:  # a page laid out by a table
                    beside += self.blocks(cell, _style(cell, style))
                    continue
                runs, pictures, more = self._runs(cell, style)
                beside += [*pictures, *more]
                own.append((cell, runs))
            cells = _spread(own, spans)
            if any(runs for _, runs in own):
                rows.append((all(cell.tag == "th" for cell in row) and not rows, cells))
        head = rows.pop(0)[1] if rows and rows[0][0] else ()
        caption = joined(captions)
        if not rows and not head:
            return [*([Paragraph(caption, _line(element))] if caption else []), *beside]
        return [Grid(head, tuple(cells for _, cells in rows), _line(element), caption), *beside]

    def _figure(self, element: html.HtmlElement, style: Run) -> list[Block]:
        captions = [found for found in element.iter("figcaption") if next(found.iterancestors("figure")) is element]
        read = [self._runs(found, style) for found in captions]
        caption = joined([run for runs, _, _ in read for run in (*runs, Run(" "))])
        for found in captions:
            found.drop_tree()
        beside = [block for _, pictures, more in read for block in (*pictures, *more)]
        blocks = self.blocks(element, style)
        for number, block in enumerate(blocks):
            if isinstance(block, Picture):
                if caption and block.caption:
                    beside.insert(0, Strange("the title of the picture", words(block.caption), block.line))
                blocks[number] = replace(block, caption=caption or block.caption)
                return [*blocks, *beside]
            if isinstance(block, Grid) and not block.caption:
                blocks[number] = replace(block, caption=caption)
                return [*blocks, *beside]
        below = Paragraph(caption, _line(element))
        if blocks and all(isinstance(block, Paragraph) and block.quoted for block in blocks):
            return [*blocks, _said_by(below), *beside]
        return [*blocks, *([below] if caption else []), *beside]

    def _picture(self, element: html.HtmlElement, style: Run) -> Iterator[Picture | Strange]:
        alt, title = (spaced(element.get(name) or "") for name in ("alt", "title"))
        several = "".join((element.get("srcset") or "").split()[:1])  # in several sizes
        late = element.get("data-src")  # a script puts it in when it is seen
        address = (late or element.get("src") or several).strip()
        if address.startswith("data:"):
            head, _, data = address.partition(",")
            address = f"picture {len(self.pictures) + 1}"
            try:
                decoded = base64.b64decode(data, validate=False) if ";base64" in head else unquote_to_bytes(data)
            except (binascii.Error, ValueError):
                decoded = b""
            self.pictures[address] = decoded
        if address:
            link = style.link if style.link != address else ""
            yield Picture(address, alt, _line(element), joined([Run(title)]), link)
        elif alt or title:
            yield Strange("a picture without an address", f"{alt} {title}".strip(), _line(element))


def _parts(element: html.HtmlElement, through: Sequence[str], wanted: Sequence[str]) -> Iterator[html.HtmlElement]:
    """Yield the parts of a list or a table that are ``wanted``, in it and in those that it goes ``through``."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in through:
            yield from _parts(child, through, wanted)


def _rows(table: html.HtmlElement) -> Iterator[list[html.HtmlElement]]:
    """Yield the cells of each row; those that stand in none are one together."""
    apart: list[html.HtmlElement] = []
    for part in _parts(table, _GROUPS, ("tr", *_CELLS)):
        if part.tag != "tr":
            apart.append(part)
            continue
        if apart:
            yield apart
            apart = []
        yield list(part.iterchildren(*_CELLS))
    if apart:
        yield apart


def _with_ancestors(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    yield element
    yield from element.iterancestors()


def _put_note(note: str, inline: list[Run]) -> None:
    """Put a note to the last word before it."""
    while inline and not inline[-1].text.strip():
        del inline[-1]
    last = _LAST_WORD.search(inline[-1].text) if inline else None
    if last is None:
        inline.append(Run("*", note=note))
        return
    before = inline.pop()
    noted = f"{before.note}; {note}" if before.note else note
    inline += [before._replace(text=before.text[: last.start()]), before._replace(text=last[0], note=noted)]


def _is_cite(element: html.HtmlElement) -> bool:
    """Tell whether a paragraph holds a cite and nothing else."""
    return len(element) == 1 and element[0].tag == "cite" and not spaced((element.text or "") + (element[0].tail or ""))


def _said_by(block: Block) -> Block:
    """Return a line that tells who is quoted with the dash by which it is known."""
    if not isinstance(block, Paragraph) or _DASH.match(words(block.runs)):
        return block
    return replace(block, runs=joined((Run("— "), *block.runs)), quoted=True)


def _comment(node: html.HtmlElement) -> list[Strange]:
    """Return what a comment says, which nobody sees on the page."""
    text = spaced(node.text or "") if isinstance(node, etree._Comment) else ""
    return [Strange("a comment", text, _line(node))] if text else []


def _style(element: html.HtmlElement, style: Run) -> Run:
    """Return how the words of an element look, inside words that look like ``style``."""
    tag = str(element.tag)
    return style._replace(
        bold=style.bold or tag in ("b", "strong"),
        italic=style.italic or tag in ("i", "em", "cite", "dfn", "var"),
        link=str(element.get("href") or "").strip() if tag == "a" else style.link,
        lang=element.get("lang") or style.lang,
    )


def _is_unseen(element: html.HtmlElement) -> bool:
    """Tell whether an element is one that would be seen if it were not hidden."""
    hidden = "hidden" in element.attrib or _HIDDEN.search(element.get("style") or "")
    return bool(hidden) and element.tag not in _NO_WORDS


def _is_of_site(element: html.HtmlElement) -> bool:
    """Tell whether an element is a row of links that a page has for its site, such as those to share it."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if not any(map(_OF_SITE.fullmatch, names)):
        return False
    links = element.xpath(
        ".//a | .//button | .//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"
    )
    linked = sum(len(spaced(str(link.text_content()))) for link in links)
    return bool(element.xpath(".//a")) and 2 * linked > len(spaced(" ".join(_texts(element))))


def _is_seen(element: html.HtmlElement) -> bool:
    return bool(spaced(str(element.text_content()))) or element.find(".//img") is not None


def _holds_blocks(element: html.HtmlElement) -> bool:
    """Tell whether an element for a line holds blocks, as links around whole cards do."""
    return any(
        isinstance(child.tag, str) and child.tag not in _NO_WORDS and (child.tag not in _INLINE or _holds_blocks(child))
        for child in element
    )


def _texts(element: html.HtmlElement) -> Iterator[str]:
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
