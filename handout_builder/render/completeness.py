"""Checks that templates print every text and picture of a handout's blocks, and what must stand around them."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from markupsafe import escape

from handout_builder.content import lines, place_text, schema, texts
from handout_builder.content.loader import Source, file_of
from handout_builder.content.yaml_reader import Location
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.contents import Contents
from handout_builder.render.short_contents import ShortContents
from handout_builder.text import markdown

# What is not read of a page; templates of brands may have a ">" in a comment or a value, and words behind it.
_TAG = re.compile(r"""<head>.*?</head>|<!--.*?-->|<(?:[^>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
_TITLE = re.compile(r"<h1\b.*?</h1>", re.DOTALL)
_FOOT = re.compile(r'<div class="foot".*?</div>', re.DOTALL)
_SHOWN = 50
_HINT = "this is a bug in the program or of a brand's templates: nothing was written"


Around = Iterable[tuple[Location, str]]
"""Texts that stand around the blocks, each with where it comes from in the handout's file: see ``frame``."""


def check(
    contents: Contents,
    pages: Iterable[str],
    around: Around,
    *,
    book: bool = False,
    behind: Iterable[str] = (),
    second: bool = False,
) -> None:
    """Raise HandoutError for each text and picture that is not in the pages of a whole handout.

    The ``book`` has nothing to write on for one person; ``behind`` its pages stands what says the title again, and who
    wrote it. Pictures stand with the first language of a handout in two.
    """
    source, html = contents.source, "".join(pages)
    text, foot = _FOOT.sub("", html), "".join([*behind, *_FOOT.findall(html)])
    shown = _seen(text)
    inside = [(ident, said, "") for ident, said in _around(source.handout)]
    inside += [] if book else [(ident, said, "") for ident, said in _personal(source.handout)]
    inside += [(ident, said, _of(block)) for ident, block in contents.placed for said in _texts(block, contents)]
    lost = [(ident, f"text “{_shortened(said)}”{of}") for ident, said, of in inside if not _is_in(said, shown)]
    lost += [
        (ident, f"picture “{_shortened(picture.alt)}”{_of(block)}")
        for ident, block in contents.placed
        for _, picture in (() if second else schema.pictures_of(block))
        if str(escape(picture.alt)) not in html
    ]
    problems = [_problem(f"the {what}", _line(ident, source), source) for ident, what in lost]
    problems += _untitled(source, text)
    problems += _lost(around, shown + _seen(foot), source)
    if problems:
        raise HandoutError(problems)


def check_short(short: ShortContents, page: str, around: Around) -> None:
    """Raise HandoutError for what a short form lacks that it must have, and that is not told to be left out."""
    source = short.contents.source
    text, foot = _FOOT.sub("", page), "".join(_FOOT.findall(page))
    shown = _seen(text)
    inside = [(f"in-short_items-{number}", line) for number, line in enumerate(short.summary, 1)]
    inside += [(ident, code) for code, ident in short.contents.cards.items() if short.has(code)]
    inside += _cautions(short)
    inside += [(section.id, section.heading) for section in short.lists if short.has("lists")]
    for ident, box in short.contents.placed_boxes:
        inside += ((ident, said) for said in (box.heading, box.closing or ""))
        for group in box.groups:
            brief = group.short and _is_in(group.short, shown)
            inside += ((ident, said) for said in (() if brief else (group.lead or "", *group.items)))
    lost = [(ident, said) for ident, said in inside if not _is_in(said, shown)]
    problems = [_problem(f"the text “{_shortened(said)}”", _line(ident, source), source) for ident, said in lost]
    problems += _untitled(source, text)
    problems += _lost(around, shown + _seen(foot), source)
    if problems:
        raise HandoutError(problems)


def _cautions(short: ShortContents) -> Iterator[tuple[str, str]]:
    """Yield what the catalogue says to take care of at each point on cards, with the id of its card.

    What is told of several points at once has their codes before it.
    """
    shared, points = short.contents.source.shared, short.contents.points
    for code, ident in short.contents.cards.items():
        lines = place_text.cautions(points[code], shared, place_text.PREGNANCY) if short.has(code) else ()
        yield from ((ident, line) for line in lines)
    if told := short.care_in_pregnancy:
        yield short.contents.cards.get(short.for_pregnant[0], ""), told


def check_sheet(short: ShortContents, page: str, sheet: Any, around: Around) -> None:
    """Raise HandoutError where a visit sheet lacks a point, a sign of when to stop, or what stands ``around`` it."""
    told = [card.code for card in sheet.cards]
    for box in sheet.emergency:
        told += (said for group in box.groups for said in (group.lead or "", *group.items))
    for box in (*(sheet.doctor if short.has("doctor") else ()), *sheet.care):
        told += (group.short or "" for group in box.groups)
    wanted = [*((where, said) for where, said in around if where != ("revised",)), *(((), said) for said in told)]
    if problems := _lost(wanted, _seen(page), short.contents.source):
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


def _lost(wanted: Around, shown: str, source: Source) -> list[Problem]:
    """Return a problem for each text, with where it comes from in the handout's file, that is not shown."""
    lost = [(where, text) for where, text in wanted if not _is_in(text, shown)]
    if not lost:
        return []
    file = file_of(source)  # to tell lines it is read once more
    return [
        _problem(f"the text “{_shortened(text)}”", file.line(where) if where else 0, source) for where, text in lost
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
