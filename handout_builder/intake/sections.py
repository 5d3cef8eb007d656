"""The sections of a handout on their way: blocks in their order, each with the remarks that were made before it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from handout_builder.intake.headings import Headings
from handout_builder.intake.outline import Outline, Runs, joined, with_links, with_start, without_start, words
from handout_builder.intake.prose import Prose
from handout_builder.intake.yaml_text import Noted, Remark

TODO = "TODO:"
"""What a value begins with that an author still has to write; ``check`` names each."""
MOST_TEXT = 15_000
"""The most characters that one text may have."""
_MOST_VALUES = 2_600  # of 3,000
# Before the name of who is quoted.
_DASH = re.compile(r"(?:[—–―]|--?)[ \t]*(?=\w)")
# Who is quoted, in the same paragraph behind a whole sentence.
_SAID = re.compile(r"(?<=[.!?…。！？”’\"])\s*(?:[—–―]+|\s--)\s*(?=\w)[^—–―]{2,60}$")


@dataclass(frozen=True)
class Lacking:
    """What stands, behind ``TODO``, where an author still has to write what would be printed."""

    description: str = "one sentence that tells what this handout is about"
    author: str = "the name of its author"
    heading: str = "a heading"
    first_heading: str = "a heading for what stands before the first one"
    text: str = "the text of this section"


@dataclass
class Section:
    """A section on its way."""

    id: str
    heading: str
    above: tuple[str, ...] = ()
    blocks: list[Any] = field(default_factory=list)
    has_points: bool = False

    def value(self, lacking: str) -> Any:
        """Return its keys and values; ``lacking`` stands for its text where it has none."""
        blocks = self.blocks
        if all(isinstance(block, Remark) for block in blocks):
            blocks = [*blocks, {"type": "text", "text": f"{TODO} {lacking}"}]
        values = {"id": self.id, "heading": self.heading, "blocks": blocks}
        return Noted(values, self.above) if self.above else values


class Sections:
    """All sections, the last of which is being filled."""

    def __init__(self, outline: Outline, headings: Headings, prose: Prose, lacking: Lacking) -> None:
        self._lacking = lacking
        self._outline, self._headings, self._prose = outline, headings, prose
        self._all: list[Section] = []
        self._remarks: list[str] = []
        self._values = 0

    @property
    def full(self) -> bool:
        """Whether one file has room for no more."""
        return self._values > _MOST_VALUES

    @property
    def heading(self) -> str:
        """The heading of the section that is being filled; "" before the first."""
        return self._all[-1].heading if self._all else ""

    @property
    def values(self) -> list[Any]:
        """What they hold, as a handout has it."""
        return [section.value(self._lacking.text) for section in self._all]

    @property
    def texts(self) -> Iterator[str]:
        """The texts that they hold."""
        return (text for section in self.values for text in _leaves(section) if isinstance(text, str))

    @property
    def first_with_points(self) -> int | None:
        """The number of the first section that has points; None where none has any."""
        return next((number for number, section in enumerate(self._all) if section.has_points), None)

    def begin(self, ident: str, heading: str) -> None:
        """Begin a section with the remarks that were made on its heading."""
        self._all.append(Section(ident, heading, self.remarks_taken()))

    def remark(self, line: int, text: str) -> None:
        """Make a remark on a line of the document, above the next block."""
        self._remarks.append(self._outline.at(line, text))

    def remarks_taken(self) -> tuple[str, ...]:
        """Return the remarks that were made since the last block, for what they are put above now."""
        taken, self._remarks = tuple(self._remarks), []
        return taken

    def remark_headings(self, told: Callable[[str], tuple[str, ...]]) -> None:
        """Make the remarks that are told of the headings, above their sections."""
        for section in self._all:
            section.above += told(section.heading)

    def leave_remarks(self) -> None:
        """Leave remarks that no block follows at the end of the section."""
        if self._all:
            self._all[-1].blocks += map(Remark, self.remarks_taken())

    def leave_remarks_here(self) -> None:
        """Leave remarks where they are made: in a section of their own before the first heading."""
        self._last()
        self.leave_remarks()

    def finish(self) -> None:
        """Leave what remarks there are; a handout has a section at least."""
        if self._remarks or not self._all:
            self.leave_remarks_here()

    def put(self, block: dict[str, Any]) -> None:
        """Put a block, below the remarks that were made since the last one."""
        above = self.remarks_taken()
        self._append(block, Noted(block, above) if above else block)

    def put_points(self, cards: list[Noted]) -> None:
        """Put cards, which have their remarks, as a block."""
        block = {"type": "points", "points": cards}
        self._append(block, block)
        self._last().has_points = True

    def put_text(self, runs: Runs, line: int, kind: str = "text") -> None:
        """Put words as a block; what cannot be set is left as a remark."""
        text = self.written(runs, line)
        if not text or len(text) > MOST_TEXT:
            self.not_set(runs, line)
        else:
            self.put({"type": kind, "text": text})

    def put_quote(self, runs: Runs, line: int) -> None:
        """Put what is quoted as a block; what begins with a dash behind it says who is quoted."""
        quote = self._last().blocks[-1:]
        block = quote[0].value if quote and isinstance(quote[0], Noted) else quote[0] if quote else None
        dash, flat = _DASH.match(words(runs)), joined(runs)
        if not dash and (said := _SAID.search(words(flat))):
            self.put_quote(with_start(flat, said.start()), line)
            self.put_quote(without_start(flat, said.start()), line)
            return
        if dash and not self._remarks and isinstance(block, dict) and block["type"] == "quote" and "by" not in block:
            plain = joined([run._replace(italic=False) for run in without_start(runs, dash.end())])
            if by := self.written(plain, line):
                block["by"] = by
                return
        self.put_text(runs, line, "quote")

    def written(self, runs: Runs, line: int) -> str:
        """Return words as Markdown, "" where they cannot be set; remarks tell what is a guess."""
        return self._prose.written(runs, self._telling(line))

    def set(self, runs: Runs, line: int) -> str:
        """Return words as Markdown; "" where they cannot be set and are left as a remark."""
        text = self.written(runs, line)
        if not text:
            self.not_set(runs, line)
        return text

    def not_set(self, runs: Runs, line: int) -> None:
        """Leave words that cannot be set as a remark."""
        letters = self._prose.unprintable(runs)
        why = f"no font has {letters[:12]}: " if letters else ""
        if told := with_links(runs):
            self.remark(line, f"{why}{told}")

    def _telling(self, line: int) -> Callable[[str], None]:
        return partial(self.remark, line)

    def _append(self, block: dict[str, Any], noted: Any) -> None:
        self._last().blocks.append(noted)
        self._values += sum(1 for _ in _leaves(block))

    def _last(self) -> Section:
        if not self._all:
            heading = f"{TODO} {self._lacking.first_heading}"
            self._all.append(Section(self._headings.free_id("introduction"), heading))
        return self._all[-1]


def _leaves(value: Any) -> Iterator[object]:
    """Yield a value and all that it holds."""
    value = value.value if isinstance(value, Noted) else value
    yield value
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
