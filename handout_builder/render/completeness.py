"""Checks that templates print every text and picture of a handout's blocks, and what must stand around them."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from handout_builder.content import lines, schema, texts
from handout_builder.content.loader import Source, file_of
from handout_builder.content.yaml_reader import Location
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.contents import Contents
from handout_builder.text import markdown

if TYPE_CHECKING:
    from handout_builder.render.context import Context

_TAG = re.compile(r"<head>.*?</head>|<[^>]*>", re.DOTALL)
_TITLE = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
_FOOT = re.compile(r'<div class="foot".*?</div>', re.DOTALL)
_SHOWN = 50
_HINT = "this is a bug in the program or of a brand's templates: nothing was written"


def check(context: "Context", pages: Iterable[str], *, behind: Iterable[str] = (), second: bool = False) -> None:
    """Raise HandoutError for each text and picture that is not in the pages of a whole handout.

    ``behind`` them stand the pages that say the title again and who wrote it, as the colophon of a book does. The book
    has nothing to write on for one person. Pictures stand with the first language of a handout in two.
    """
    contents, html = context.contents, "".join(pages)
    text, foot = _FOOT.sub("", html), "".join([*behind, *_FOOT.findall(html)])
    shown = _seen(text)
    inside = [*_around(contents.source.handout)]
    inside += [] if context.epub else [*_personal(contents.source.handout)]
    inside = [(ident, text, "") for ident, text in inside]
    inside += [(ident, text, _of(block)) for ident, block in contents.placed for text in _texts(block, contents)]
    lost = [(ident, f"text “{_shortened(text)}”{of}") for ident, text, of in inside if not _is_in(text, shown)]
    lost += [
        (ident, f"picture “{_shortened(picture.alt)}”{_of(block)}")
        for ident, block in contents.placed
        for _, picture in (() if second else schema.pictures_of(block))
        if str(escape(picture.alt)) not in html
    ]
    problems = [_problem(f"the {what}", _line(ident, contents.source), contents.source) for ident, what in lost]
    problems += _untitled(contents.source, text)
    problems += _lost(_about(context, second=second), shown + _seen(foot), contents.source)
    if problems:
        raise HandoutError(problems)


def check_short(context: "Context", page: str) -> None:
    """Raise HandoutError for what a short form lacks that it must have, and that is not told to be left out."""
    contents = context.contents
    text, foot = _FOOT.sub("", page), "".join(_FOOT.findall(page))
    shown = _seen(text)
    inside = [(f"in-short_items-{number}", line) for number, line in enumerate(contents.summary, 1)]
    inside += [(ident, code) for code, ident in contents.cards.items() if contents.has(code)]
    for section in contents.lists if contents.has("lists") else ():
        inside.append((section.id, section.heading))
    for ident, box in contents.placed_boxes:
        inside += ((ident, text) for text in (box.heading, box.closing or ""))
        for group in box.groups:
            brief = group.short and _is_in(group.short, shown)
            inside += ((ident, text) for text in (() if brief else (group.lead or "", *group.items)))
    lost = [(ident, text) for ident, text in inside if not _is_in(text, shown)]
    source = contents.source
    problems = [_problem(f"the text “{_shortened(text)}”", _line(ident, source), source) for ident, text in lost]
    problems += _untitled(source, text)
    problems += _lost(_always(context), shown + _seen(foot), source)
    if problems:
        raise HandoutError(problems)


def check_sheet(context: "Context", page: str, sheet: Any) -> None:
    """Raise HandoutError where a visit sheet lacks a point, a sign of when to stop, or what it does not replace."""
    contents, shown = context.contents, _seen(page)
    told = [card.code for card in sheet.cards]
    for box in sheet.emergency:
        told += (text for group in box.groups for text in (group.lead or "", *group.items))
    for box in (*(sheet.doctor if contents.has("doctor") else ()), *sheet.care):
        told += (group.short or "" for group in box.groups)
    always = [(where, text) for where, text in _always(context) if where != ("revised",)]
    if problems := _lost([*always, *(((), text) for text in told)], shown, contents.source):
        raise HandoutError(problems)


def without_template(kind: str, ident: str, source: Source) -> HandoutError:
    """Return the error for a block that no template prints."""
    what = f"the block of type '{kind}', for which there is no template"
    return HandoutError([_problem(what, _line(ident, source), source)])


def _problem(what: str, line: int, source: Source) -> Problem:
    return Problem("incomplete", f"the page lacks {what}", file_of(source).path, line, _HINT)


def _line(ident: str, source: Source) -> int:
    return lines.of_element(ident, source, file_of(source))


def _untitled(source: Source, html: str) -> list[Problem]:
    """Return a problem where no heading of the first rank has the title: its words may stand in the text, too."""
    title = source.handout.title
    if _is_in(title, _seen("".join(_TITLE.findall(html)))):
        return []
    return [_problem(f"the title “{_shortened(title)}” in an h1", _line("title", source), source)]


def _lost(wanted: Iterable[tuple[Location, str]], shown: str, source: Source) -> list[Problem]:
    """Return a problem for each text, with where it comes from in the handout's file, that is not shown."""
    file = file_of(source)
    return [
        _problem(f"the text “{_shortened(text)}”", file.line(where) if where else 0, source)
        for where, text in wanted
        if not _is_in(text, shown)
    ]


def _of(block: Any) -> str:
    return f" of a block of type '{block.type}'"


def _around(handout: schema.Handout) -> Iterator[tuple[str, str]]:
    """Yield the texts that stand in no block, each with the id of its element."""
    for number, text in enumerate(handout.summary, 1):
        yield f"in-short_items-{number}", text
    for section in handout.sections:
        yield section.id, section.heading
    for number, entry in enumerate(handout.glossary, 1):
        yield from ((f"glossary_{number}", text) for text in (entry.term, entry.text))


def _about(context: "Context", *, second: bool) -> Iterator[tuple[Location, str]]:
    """Yield what stands around the text of a whole handout: what it is, who wrote it, when, and what it rests on."""
    handout, contents = context.handout, context.contents
    yield from _always(context, second=second)
    yield from ((("kicker",), handout.kicker or ""), (("subtitle",), handout.subtitle or ""))
    yield from ((("author",), sentence) for sentence in contents.imprint)
    if not second:
        yield from (((), contents.added), *((("sources",), source.text) for source in contents.sources))


def _always(context: "Context", *, second: bool = False) -> Iterator[tuple[Location, str]]:
    """Yield what stands in every print and book: the day, what it does not replace, who has not reviewed a translation.

    A book says of a translation who made it where it says who wrote it.
    """
    if not second:
        yield ("revised",), context.format.date(context.handout.revised)
    yield (), context.labels["disclaimer"]
    yield (), "" if context.epub else context.contents.unreviewed


def _personal(handout: schema.Handout) -> Iterator[tuple[str, str]]:
    """Yield the author's words around what is made out to one person."""
    for number, block in enumerate(handout.personal, 1):
        yield from ((f"personal_{number}", text) for text in texts.prose(block))


def _texts(block: Any, contents: Contents) -> Iterator[str]:
    """Yield the texts (Markdown) by which a block is known to be printed."""
    if isinstance(block, schema.Safety):
        for box in contents.boxes(block):
            yield box.heading
            for group in box.groups:
                yield from (group.lead or "", *group.items)
            yield box.closing or ""
    elif not isinstance(block, schema.Invitation) and (not isinstance(block, schema.Video) or block.link):
        yield from texts.prose(block)


def _is_in(text: str, shown: str) -> bool:
    """Tell whether a text was printed: as it is, in one line, or as paragraphs and lists."""
    return "".join(text.split()) in shown or any(
        _seen(form(text)) in shown for form in (markdown.inline_html, markdown.html)
    )


def _seen(html: str) -> str:
    """Return what is read of a page, without blanks."""
    return "".join(unescape(_TAG.sub("", html)).split())


def _shortened(text: str) -> str:
    words = markdown.plain(text)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
