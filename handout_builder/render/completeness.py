"""Checks that templates print every text and picture of a handout's blocks."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

from markupsafe import escape

from handout_builder.content import lines, schema, texts
from handout_builder.content.loader import Source, file_of
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.contents import Contents
from handout_builder.text import markdown

_TAG = re.compile(r"<[^>]*>")
_SHOWN = 50
_HINT = "this is a bug in the program or of a brand's templates: nothing was written"


def check(contents: Contents, pages: Iterable[str], *, book: bool = False, pictures: bool = True) -> None:
    """Raise HandoutError for each block of which a text or a picture is not in the pages of a whole handout.

    The ``book`` has nothing to write on for one person. Of the other language of a handout in two, ``pictures`` stand
    with the first.
    """
    html = "".join(pages)
    shown = _seen(html)
    around = [(ident, text, "") for ident, text in _around(contents.source.handout)]
    around += [] if book else [(ident, text, "") for ident, text in _personal(contents.source.handout)]
    inside = [(ident, text, _of(block)) for ident, block in contents.placed for text in _texts(block, contents)]
    lost = [(ident, f"text “{_shortened(text)}”{of}") for ident, text, of in around + inside if not _is_in(text, shown)]
    lost += [
        (ident, f"picture “{_shortened(picture.alt)}”{_of(block)}")
        for ident, block in contents.placed
        for _, picture in (schema.pictures_of(block) if pictures else ())
        if str(escape(picture.alt)) not in html
    ]
    if problems := [_problem(f"the {what}", ident, contents.source) for ident, what in lost]:
        raise HandoutError(problems)


def without_template(kind: str, ident: str, source: Source) -> HandoutError:
    """Return the error for a block that no template prints."""
    return HandoutError([_problem(f"the block of type '{kind}', for which there is no template", ident, source)])


def _problem(what: str, ident: str, source: Source) -> Problem:
    file = file_of(source)
    message = f"the page lacks {what}"
    return Problem("incomplete", message, file.path, lines.of_element(ident, source, file), _HINT)


def _of(block: Any) -> str:
    return f" of a block of type '{block.type}'"


def _around(handout: schema.Handout) -> Iterator[tuple[str, str]]:
    """Yield the texts that stand in no block, each with the id of its element."""
    yield "title", handout.title
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
