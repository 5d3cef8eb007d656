"""HTML as an outline: what is read of a page, in the order in which it is read."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote_to_bytes

from lxml import etree, html

from handout_builder.intake import web_page
from handout_builder.intake.html_elements import (
    HEADINGS,
    IN_LINES,
    INLINE,
    LISTS,
    NO_WORDS,
    NOTED,
    STRUCK,
    WORDLESS,
    holds_blocks,
    is_cite,
    is_of_site,
    is_seen,
    is_unseen,
    line_of,
    texts_of,
    with_ancestors,
)
from handout_builder.intake.html_tables import CELLS, GROUPS, parts_of, rows_of, spread
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
    spaced,
    words,
)

# Of the number that a list begins with.
_MOST_DIGITS = 5
_DASH = re.compile("[—–―-]")
_LAST_WORD = re.compile(r"[^\s。、，；：！？]{1,30}[。、，；：！？]?\s*$")
# Where words stand that belong to the page, not to its article.
_AROUND = {"nav": "links of the site", "footer": "the foot of the page", "aside": BESIDE}
_PLAIN = Run("")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def outline(data: bytes, unit: str = "line") -> Outline:
    """Return the outline of a page in UTF-8; raises TooDeepError."""
    root = web_page.prepared(data)
    if root is None or root.body is None:
        return Outline((), unit=unit)
    reader = _Reader()
    blocks = reader.page(root.body)
    return Outline(tuple(blocks), web_page.facts_of(root), reader.pictures, unit)


class _Reader:
    """Walks the elements of a page once."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self._verbatim_now = False

    def page(self, body: html.HtmlElement) -> list[Block]:
        """Return the article first; what stands around it follows as what it is."""
        article = web_page.article_of(body)
        return self.blocks(body) if article is None else [*self.blocks(article), *self._around(body, article)]

    def _around(self, body: html.HtmlElement, article: html.HtmlElement) -> Iterator[Block]:
        """Yield what a page has before and after its article."""
        inside = {body, *article.iterancestors()}

        def outside(element: html.HtmlElement) -> Iterator[Block]:
            if text := spaced(element.text or ""):
                yield Strange("outside the article", text, line_of(element))
            for child in element:
                if child in inside:
                    yield from outside(child)
                elif (
                    child is not article
                    and isinstance(child.tag, str)
                    and child.tag not in WORDLESS
                    and (text := spaced(" ".join(texts_of(child))))
                ):
                    yield Strange("outside the article", text, line_of(child))
                if tail := spaced(child.tail or ""):
                    yield Strange("outside the article", tail, line_of(child))

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
        line = line_of(element)

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
            elif (child.tag in IN_LINES or (child.tag in INLINE and not holds_blocks(child))) and not (
                quoted and child.tag == "cite" and found and not joined(inline)
            ):
                if not inline:
                    line = line_of(child)
                self._inline(child, style, inline, pictures, found)
            else:
                close()
                found += self._block(child, style, quoted)
                line = line_of(child)
            if child.tail:
                inline.append(style._replace(text=child.tail.replace("\n", " ")))
        close()
        return found

    def _block(self, element: html.HtmlElement, style: Run, quoted: bool) -> list[Block]:
        tag, line = str(element.tag), line_of(element)
        said_by = quoted and (tag in ("footer", "cite") or is_cite(element))  # whom it is of (HTML, 4.4.4)
        tag = "nav" if is_of_site(element) else tag
        if (tag in _AROUND and not said_by) or is_unseen(element) or tag == STRUCK:
            what = _AROUND.get(tag, "struck-out words" if tag == STRUCK else "not shown on the page")
            return [Strange(what, text, line)] if (text := spaced(" ".join(texts_of(element)))) else []
        readers = {"dl": self._terms, "table": self._table, "figure": self._figure, "pre": self._verbatim}
        readers |= dict.fromkeys(LISTS, self._list) | dict.fromkeys(HEADINGS, self._heading)
        readers |= dict.fromkeys(NO_WORDS, self._wordless)
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
        return [*([Paragraph(runs, line_of(element))] if runs else []), *pictures, *beside]

    def _wordless(self, element: html.HtmlElement, style: Run = _PLAIN) -> list[Block]:  # noqa: ARG002  # as others
        tag = str(element.tag)
        address = next((element.get(key) for key in ("src", "data", "href") if element.get(key)), "")
        text = "" if tag in WORDLESS else spaced(" ".join(texts_of(element)))
        if tag == "hr":
            return []
        return [Strange(NO_WORDS[tag], " ".join(filter(None, (text, address))), line_of(element))]

    def _heading(self, element: html.HtmlElement, style: Run) -> list[Block]:
        runs, pictures, beside = self._runs(element, style)
        head: list[Block] = [Heading(runs, HEADINGS[str(element.tag)], line_of(element))] if runs else []
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
        elif note := element.get(NOTED):
            _put_note(note, inline)
        elif tag in NO_WORDS:
            beside += self._wordless(element)
        elif tag == STRUCK or is_unseen(element):
            what = "struck-out words" if tag == STRUCK else "not shown on the page"
            text = spaced(" ".join(texts_of(element)))
            beside += [Strange(what, text, line_of(element))] * bool(text)
        elif tag == "br":
            inline.append(style._replace(text="\n"))
        elif tag == "a" and (link := _style(element, style).link) and not is_seen(element):
            beside.append(Strange("a link without words", link, line_of(element)))
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
                apart = [style._replace(text=" ")] * (child.tag not in INLINE | NO_WORDS.keys())
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
            raised = next((str(part.tag) for part in with_ancestors(element) if part.tag in ("sup", "sub")), "")
            return text.translate({"sup": _SUPERSCRIPTS, "sub": _SUBSCRIPTS}.get(raised, {}))
        return text

    def _list(self, element: html.HtmlElement, style: Run) -> list[Block]:
        items: list[Item] = []
        loose = self.blocks(element, style, without=("li", *LISTS))
        for child in element.iterchildren("li", *LISTS):
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
                items.append(Item(held[0].runs, line_of(child), held[1:]))
            elif held:
                items.append(Item((), line_of(child), held))
        start = element.get("start") or "1"
        number = int(start) if start.isascii() and start.isdecimal() and len(start) <= _MOST_DIGITS else 1
        whole = Bullets(tuple(items), line_of(element), element.tag == "ol", number)
        return [*loose, *([whole] if items else [])]

    def _terms(self, element: html.HtmlElement, style: Run) -> list[Block]:
        found: list[tuple[Runs, Runs]] = []
        beside = self.blocks(element, style, through=("div",), without=("dt", "dd"))
        for child in parts_of(element, ("div",), ("dt", "dd")):
            runs, pictures, more = self._runs(child, style)
            beside += [*pictures, *more]
            if child.tag == "dt" or not found:
                found.append((runs, ()) if child.tag == "dt" else ((), runs))
            else:
                term, text = found[-1]
                found[-1] = (term, joined((*text, Run(" " if text else ""), *runs)))
        return [*([Terms(tuple(found), line_of(element))] if found else []), *beside]

    def _table(self, element: html.HtmlElement, style: Run) -> list[Block]:
        rows: list[tuple[bool, tuple[Runs, ...]]] = []
        spans: dict[int, tuple[int, Runs]] = {}
        beside = self.blocks(element, style, through=(*GROUPS, "tr"), without=("caption", *CELLS))
        captions = []
        for part in parts_of(element, (*GROUPS, "tr"), ("caption",)):
            runs, pictures, more = self._runs(part, style)
            captions += [*runs, Run(" ")]
            beside += [*pictures, *more]
        for row in rows_of(element):
            own: list[tuple[html.HtmlElement, Runs]] = []
            for cell in row:
                if cell.find(".//table") is not None:  # a page laid out by a table
                    beside += self.blocks(cell, _style(cell, style))
                    continue
                runs, pictures, more = self._runs(cell, style)
                beside += [*pictures, *more]
                own.append((cell, runs))
            cells = spread(own, spans)
            if any(runs for _, runs in own):
                rows.append((all(cell.tag == "th" for cell in row) and not rows, cells))
        head = rows.pop(0)[1] if rows and rows[0][0] else ()
        caption = joined(captions)
        if not rows and not head:
            return [*([Paragraph(caption, line_of(element))] if caption else []), *beside]
        return [Grid(head, tuple(cells for _, cells in rows), line_of(element), caption), *beside]

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
        below = Paragraph(caption, line_of(element))
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
            yield Picture(address, alt, line_of(element), joined([Run(title)]), link)
        elif alt or title:
            yield Strange("a picture without an address", f"{alt} {title}".strip(), line_of(element))


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


def _said_by(block: Block) -> Block:
    """Return a line that tells who is quoted with the dash by which it is known."""
    if not isinstance(block, Paragraph) or _DASH.match(words(block.runs)):
        return block
    return replace(block, runs=joined((Run("— "), *block.runs)), quoted=True)


def _comment(node: html.HtmlElement) -> list[Strange]:
    """Return what a comment says, which nobody sees on the page."""
    text = spaced(node.text or "") if isinstance(node, etree._Comment) else ""
    return [Strange("a comment", text, line_of(node))] if text else []


def _style(element: html.HtmlElement, style: Run) -> Run:
    """Return how the words of an element look, inside words that look like ``style``."""
    tag = str(element.tag)
    return style._replace(
        bold=style.bold or tag in ("b", "strong"),
        italic=style.italic or tag in ("i", "em", "cite", "dfn", "var"),
        link=str(element.get("href") or "").strip() if tag == "a" else style.link,
        lang=element.get("lang") or style.lang,
    )
