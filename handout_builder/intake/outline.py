"""What was found in somebody's document, whatever its kind: blocks in their order, each with its place."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handout_builder.text.east_asian import in_a_row, is_wide
from handout_builder.text.sentences import split_sentences

# "Name: words", "Name – words".
_IN_BRACKETS = re.compile(r"\s*【([^【】]+)】(?=\s*\S)")
_LABEL = re.compile(r"([^\s:：–—][^\n:：–—]{0,39}?)(?:\s*(：)|(:)(?!\S)|\s+([–—-])(?=\s))\s*(?=\S)")
_MOST_IN_LABEL = 5  # words
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")
# A label ends where the next one begins: a page of open brackets is gone through once, and not once from each.
_LINK = re.compile(r"!?\[([^\[\]\n]+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_MOST_LINKS_IN_LINKS = 3


BESIDE = "beside the article"
"""What a page has beside its article: such as a line that tells who wrote it."""


class Run(NamedTuple):
    """Words that look alike; a line feed in them is an end of a line that is meant."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    lang: str = ""
    note: str = ""
    """A note to these words, in words alone."""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; 1 is the highest level."""

    runs: Runs
    level: int
    line: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    runs: Runs
    line: int
    quoted: bool = False
    apart: bool = False
    """Whether a blank line of plain text stands before it."""


@dataclass(frozen=True)
class Item:
    """An item of a list, with what stands below its first paragraph."""

    runs: Runs
    line: int
    below: "tuple[Block, ...]" = ()


@dataclass(frozen=True)
class Bullets:
    """A list, with bullets or numbers."""

    items: tuple[Item, ...]
    line: int
    numbered: bool = False
    start: int = 1


@dataclass(frozen=True)
class Terms:
    """Terms and what they mean."""

    items: tuple[tuple[Runs, Runs], ...]
    line: int
    asked: bool = False
    """Whether they are questions and answers, whatever they end with."""


@dataclass(frozen=True)
class Grid:
    """A table; rows may have fewer cells than it has columns."""

    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    line: int
    caption: Runs = ()


@dataclass(frozen=True)
class Picture:
    """A picture by the address that the document has for it."""

    address: str
    alt: str
    line: int
    caption: Runs = ()
    link: str = ""
    """Where it leads."""


@dataclass(frozen=True)
class Strange:
    """What has no place in a handout, in words and as it stands there."""

    what: str
    text: str
    line: int


Block = Heading | Paragraph | Bullets | Terms | Grid | Picture | Strange


@dataclass(frozen=True)
class Outline:
    """A whole document."""

    blocks: tuple[Block, ...]
    facts: dict[str, tuple[str, int]] = field(default_factory=dict)
    """What it says about itself (title, author, description, date, lang), each with its line."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Pictures that are inside it, by address."""
    unit: str = "line"
    """What its places count: lines, or the paragraphs of a document that has none."""

    def at(self, line: int, text: str) -> str:
        """Return a remark on a place in the document."""
        return f"{self.unit} {line}: {text}" if line else text


def linked_runs(runs: Runs) -> Runs:
    """Return runs in which links that stand there as Markdown are links."""
    found: list[Run] = []
    for run in runs:
        end = 0
        for link in () if run.link else _LINK.finditer(run.text):
            found += [run._replace(text=run.text[end : link.start()]), run._replace(text=link[1], link=link[2])]
            end = link.end()
        found.append(run._replace(text=run.text[end:]))
    return joined(found)


def without_links(runs: Runs) -> tuple[Runs, list[str]]:
    """Return words as those of a heading, which leads nowhere, and where they have led.

    Links that stand there as Markdown, as in the head of a file or in a document of Word, are links, too.
    """
    found: list[str] = []
    parts = joined([run._replace(note="") for run in runs])
    for _ in range(_MOST_LINKS_IN_LINKS):
        linked = linked_runs(parts)
        if not any(run.link for run in linked):
            return linked, [*dict.fromkeys(found)]
        found += [run.link for run in linked if run.link]
        parts = joined([run._replace(link="") for run in linked])
    return (), [with_links(runs)]  # brackets in brackets: nobody's heading


def without_notes(runs: Runs) -> Runs:
    """Return words as those of a heading inside a section, which has no notes."""
    return tuple(run._replace(note="") for run in runs)


def words(runs: Iterable[Run]) -> str:
    """Return the words of runs on one line."""
    return spaced("".join(run.text for run in runs))


def with_links(runs: Iterable[Run]) -> str:
    """Return the words of runs on one line, each link followed by where it leads, for remarks."""
    parts = [[run.text, f" <{run.link}>" if run.link else ""] for run in runs]
    return spaced("".join(text + link for text, link in parts))


def label(text: str) -> tuple[str, str]:
    """Return what stands before the colon or dash of a line such as "Name: words", and which; "" where it is none.

    A name may stand in brackets, too: "【Name】words".
    """
    if bracketed := _IN_BRACKETS.match(text):
        return bracketed[1], "】"
    found = _LABEL.match(text)
    if not found or len(found[1].split()) > _MOST_IN_LABEL:
        return "", ""
    return found[1], ":" if found[2] or found[3] else "–"


def reading_behind(readings: Iterable[str], before: str, behind: str) -> str:
    """Return what stands above words, to be put behind them: its parts in the marks that the words beside it have."""
    reading = in_a_row(filter(None, readings))
    if not reading:
        return ""
    if is_wide(before[-1:]) or is_wide(behind[:1]):
        return f"（{reading}）"
    return f" ({reading}) " if behind[:1].isalnum() else f" ({reading})"


def lines(block: Block) -> Iterator[Item]:
    """Yield all words of a block, in lines."""
    if isinstance(block, (Heading, Paragraph)):
        yield Item(block.runs, block.line)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield item
            for below in item.below:
                yield from lines(below)
    elif isinstance(block, Terms):
        for term, text in block.items:
            yield Item(joined((*term, Run(": "), *text)), block.line)
    elif isinstance(block, Grid):
        for row in (block.caption,), block.head, *block.rows:
            yield Item(joined([run for cell in row for run in (*cell, Run(" | "))]), block.line)
    elif isinstance(block, Picture):
        yield Item((Run(told(block)),), block.line)


def told(block: Block) -> str:
    """Return all that a block says, on one line."""
    if isinstance(block, Strange):
        return f"{block.what}: {block.text}"
    if isinstance(block, Picture):
        return f"a picture, {block.address}; {block.alt} {with_links(block.caption)} {block.link}".rstrip()
    return " ".join(filter(None, (with_links(item.runs) for item in lines(block))))


def notes(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the notes to words of blocks."""
    return (run.note for block in blocks for line in lines(block) for run in line.runs if run.note)


def spaced(text: str) -> str:
    """Return a text without line ends, and with one blank where there are several."""
    return _BLANKS.sub(" ", text).strip(" ")


def joined(runs: Sequence[Run]) -> Runs:
    """Return runs with single blanks between words, none at their ends, and those that look alike as one."""
    found: list[Run] = []
    for run in runs:
        text = "\n".join(_BLANKS.sub(" ", part) for part in run.text.split("\n"))
        if not found or found[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if found and text.startswith("\n"):
            found[-1] = found[-1]._replace(text=found[-1].text.rstrip(" "))
        if not text:
            continue
        if found and found[-1][1:] == run[1:]:
            found[-1] = found[-1]._replace(text=found[-1].text + text)
        else:
            found.append(run._replace(text=text))
    while found and not found[0].text.strip():
        del found[0]
    while found and not found[-1].text.strip():
        del found[-1]
    if found:
        found[0] = found[0]._replace(text=found[0].text.lstrip())
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    return tuple(found)


def without_start(runs: Runs, count: int) -> Runs:
    """Return runs without their first characters."""
    kept = []
    for run in runs:
        cut = min(count, len(run.text))
        count -= cut
        kept.append(run._replace(text=run.text[cut:]))
    return joined(kept)


def sentences(runs: Runs, short: Iterable[str]) -> list[Runs]:
    """Return runs as sentences, each with the looks of its words; no full stop behind what is ``short`` ends one."""
    found, left = [], joined(runs)
    for sentence in split_sentences("".join(run.text for run in left), short)[:0:-1]:
        text = "".join(run.text for run in left)
        start = text.rindex(sentence)
        found.append(without_start(left, start))
        left = with_start(left, start)
    return [*([left] if words(left) else []), *reversed(found)]


def with_start(runs: Runs, count: int) -> Runs:
    """Return the first characters of runs."""
    kept = []
    for run in runs:
        kept.append(run._replace(text=run.text[:count]))
        count -= len(kept[-1].text)
    return joined(kept)
