"""The net behind the templates: every text and picture of a handout's blocks is in what they give."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from itertools import chain
from typing import Any, get_args

from markupsafe import escape
from pydantic import BaseModel

from handout_builder.content import lines, schema
from handout_builder.content.loader import Source
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Problem
from handout_builder.render.contents import Contents
from handout_builder.text import markdown

_TAG = re.compile(r"<[^>]*>")
# What readers see of a model are the fields of these types.
_READ = (get_args(schema.Prose)[-1], get_args(schema.Cell)[-1])
_SHOWN = 50
_HINT = "this is a mistake of the program or of a brand's templates: nothing was written"


def check(contents: Contents, pages: Iterable[str]) -> None:
    """Raise HandoutError for each block of which a text or a picture is not in the pages of a whole handout."""
    html = "".join(pages)
    shown = _seen(html)
    around = [(ident, text, "") for ident, text in _around(contents.source.handout)]
    inside = [(ident, text, _of(block)) for ident, block in contents.placed for text in _texts(block, contents)]
    lost = [(ident, f"text “{_shortened(text)}”{of}") for ident, text, of in around + inside if not _is_in(text, shown)]
    lost += [
        (ident, f"picture “{_shortened(picture.alt)}”{_of(block)}")
        for ident, block in contents.placed
        for _, picture in schema.pictures_of(block)
        if str(escape(picture.alt)) not in html
    ]
    if problems := [_problem(f"the {what}", ident, contents.source) for ident, what in lost]:
        raise HandoutError(problems)


def without_template(kind: str, ident: str, source: Source) -> HandoutError:
    """Return the error for a block that no template prints."""
    return HandoutError([_problem(f"the block of type '{kind}', for which there is no template", ident, source)])


def _problem(what: str, ident: str, source: Source) -> Problem:
    file = read_yaml(source.folder / f"{source.lang}.yaml")
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


def _texts(block: Any, contents: Contents) -> Iterator[str]:
    """Yield the texts (Markdown) by which a block is known to be printed."""
    if isinstance(block, schema.Safety):
        for box in contents.boxes(block):
            yield box.heading
            for group in box.groups:
                yield from (group.lead or "", *group.items)
            yield box.closing or ""
    elif not isinstance(block, schema.Invitation) and (not isinstance(block, schema.Video) or block.link):
        yield from prose(block)


def prose(model: BaseModel) -> Iterator[str]:
    """Yield every text of a model that readers see, in the order of its keys."""
    read = _read_fields(type(model))
    for name in type(model).model_fields:
        for value in _leaves(getattr(model, name)):
            if isinstance(value, BaseModel):
                yield from prose(value)
            elif name in read and isinstance(value, str):
                yield value


def _leaves(value: Any) -> Iterator[Any]:
    return chain.from_iterable(map(_leaves, value)) if isinstance(value, list | tuple) else iter((value,))


@cache
def _read_fields(model: type[BaseModel]) -> frozenset[str]:
    """Return the fields of a model that hold what readers see."""
    fields = model.model_fields.items()
    return frozenset(name for name, field in fields if {*_READ} & {*field.metadata} or _is_read(field.annotation))


def _is_read(kind: Any) -> bool:
    return any(part in _READ or _is_read(part) for part in get_args(kind))


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
