"""What there is to read in a handout, one paragraph, item or caption after another, with its place in the source."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, assert_never

from handout_builder.content import doses, safety, schema
from handout_builder.content.loader import Source, file_of
from handout_builder.content.shared_texts import shared_file
from handout_builder.content.yaml_reader import Location, YamlFile, read_text, yaml_file
from handout_builder.errors import Problem, Severity
from handout_builder.plain_language.word_lists import PlainWords, plain_words
from handout_builder.text import markdown
from handout_builder.text.sentences import split_sentences, split_words

Kind = Literal["heading", "text", "item", "step", "caption", "alt"]
READ: tuple[Kind, ...] = ("text", "item", "step", "caption")
"""The kinds that are made of sentences."""


@dataclass(frozen=True)
class Passage:
    """One paragraph, heading, item of a list, or caption, without its marks."""

    kind: Kind
    text: str
    italics: tuple[str, ...]
    file: YamlFile
    at: Location
    section: int = -1
    """The number of its section in the handout, counted from 0; -1 for what stands before all."""
    card: str = ""
    """The code of the point on whose card it stands."""

    def warn(self, code: str, message: str, hint: str = "", excerpt: str = "") -> Problem:
        """Return a warning in the line of the excerpt."""
        return Problem(code, message, self.file.path, self._line(excerpt), hint, Severity.WARNING)

    def _line(self, excerpt: str) -> int:
        """Return the line where an excerpt begins: a text may run over several, and hold marks."""
        first, starts = self.file.line(self.at), self.file.starts
        after = bisect_right(starts, first)
        lines = self.file.rows[first - 1 : starts[after] - 1 if after < len(starts) else None]
        some = split_words(excerpt)
        for count in range(min(4, len(some)), 0, -1):
            for number, line in enumerate(lines):
                if " ".join(some[:count]) in " ".join(split_words(line)):
                    return first + number
        return first


@dataclass(frozen=True)
class Draft:
    """A handout as it is read: its passages in order, and the words by which its language is judged."""

    source: Source
    file: YamlFile
    passages: tuple[Passage, ...]
    words: PlainWords | None
    """None where nobody has written them for the language."""

    def warn(self, code: str, message: str, at: Location = (), hint: str = "") -> Problem:
        """Return a warning about the handout's text."""
        return Problem(code, message, self.file.path, self.file.line(at), hint, Severity.WARNING)

    def refuse(self, code: str, message: str, at: Location = (), hint: str = "") -> Problem:
        """Return an error in the handout's text."""
        return Problem(code, message, self.file.path, self.file.line(at), hint)

    @cached_property
    def told(self) -> tuple[tuple[Passage, list[str]], ...]:
        """All passages, each with its sentences; headings and descriptions have none."""
        short = self.words.abbreviations if self.words else ()
        return tuple((p, split_sentences(p.text, short) if p.kind in READ else []) for p in self.passages)

    @cached_property
    def sentences(self) -> tuple[tuple[Passage, str], ...]:
        """All sentences, each with where it stands."""
        return tuple((passage, sentence) for passage, told in self.told for sentence in told)


def draft(source: Source) -> Draft:
    """Return what there is to read in a loaded handout; raises HandoutError."""
    root = source.folder.parent
    file = file_of(source)
    path = shared_file(root, source.lang)
    shared = _shared(path, read_text(path))
    return Draft(source, file, tuple(_passages(source, file, shared)), plain_words(root, source.language))


@lru_cache(maxsize=2)
def _shared(path: Path, text: str) -> YamlFile:
    """Return what handouts share, which is the same from one to the next, and for an author from key to key."""
    return yaml_file(path, text)


def _passages(source: Source, file: YamlFile, shared: YamlFile) -> Iterator[Passage]:
    handout = source.handout
    yield from _cut("heading", handout.title, file, ("title",))
    if handout.subtitle:
        yield from _cut("heading", handout.subtitle, file, ("subtitle",))
    yield from _cut("alt", handout.description, file, ("description",))
    for index, text in enumerate(handout.summary):
        yield from _cut("text", text, file, ("summary", index))
    for s, section in enumerate(handout.sections):
        yield from _cut("heading", section.heading, file, ("sections", s, "heading"), s)
        for b, block in enumerate(section.blocks):
            if isinstance(block, schema.Safety):
                for box in safety.boxes(source, block):
                    yield from _safety(box, shared, file, ("sections", s, "blocks", b, "own"), s)
            else:
                for at, told in _doses(block, source.shared):
                    yield from _cut("text", told, file, ("sections", s, "blocks", b, *at), s)
                for kind, given, at in _texts(block):
                    card = block.points[int(at[1])].code if isinstance(block, schema.Points) else ""
                    yield from _cut(kind, given or "", file, ("sections", s, "blocks", b, *at), s, card)
    for p, personal in enumerate(handout.personal):
        yield from _cut("heading", personal.heading or "", file, ("personal", p, "heading"))
    yield from _explained(handout, file)


def _explained(handout: schema.Handout, file: YamlFile) -> Iterator[Passage]:
    for key in ("evidence", "readers_involved"):
        yield from _cut("text", getattr(handout, key) or "", file, (key,))
    for index, entry in enumerate(handout.glossary):
        yield from _cut("heading", entry.term, file, ("glossary", index, "term"))
        yield from _cut("text", entry.text, file, ("glossary", index, "text"))


def _texts(block: schema.Block) -> Iterator[tuple[Kind, str | None, Location]]:
    """Yield the texts of a block, each with its place in it; None for one that is not given."""
    if isinstance(block, schema.Heading | schema.Text | schema.Invitation | schema.Video):
        if block.type != "video" or block.link:
            yield "heading" if block.type == "heading" else "text", block.text, ("text",)
    elif isinstance(block, schema.List):
        for index, item in enumerate(block.items):
            yield "step" if block.numbered else "item", item, ("items", index)
    elif isinstance(block, schema.Definitions):
        for index, definition in enumerate(block.items):
            yield "heading", definition.term, ("items", index, "term")
            yield "text", definition.text, ("items", index, "text")
    elif isinstance(block, schema.Points):
        for index, card in enumerate(block.points):
            yield "text", card.use, ("points", index, "use")
            yield "text", card.where, ("points", index, "where")
            yield "text", card.remark, ("points", index, "remark")
            if card.picture:
                yield "alt", card.picture.alt, ("points", index, "picture", "alt")
    elif isinstance(block, schema.Chart | schema.Overview | schema.Figure):
        yield from _shown(block)
    elif isinstance(block, schema.Form | schema.Exercise):
        yield from _forms(block)
    elif not isinstance(block, schema.Safety | schema.Index | schema.PageBreak):  # whose texts are shared, or made
        assert_never(block)


def _shown(block: schema.Chart | schema.Overview | schema.Figure) -> Iterator[tuple[Kind, str | None, Location]]:
    """Yield the texts of a drawing or a picture."""
    if isinstance(block, schema.Figure):
        yield "alt", block.alt, ("alt",)
        yield from (("heading", one.label, ("marks", index, "label")) for index, one in enumerate(block.marks))
    else:
        yield "heading", block.title, ("title",)
    yield "caption", block.caption, ("caption",)


def _of_exercise(block: schema.Exercise) -> Iterator[tuple[Kind, str | None, Location]]:
    yield "heading", block.name, ("name",)
    if block.picture:
        yield "alt", block.picture.alt, ("picture", "alt")
    yield "text", block.start, ("start",)
    yield from (("step", step, ("steps", index)) for index, step in enumerate(block.steps))
    yield "text", block.progression, ("progression",)
    yield "text", block.stop, ("stop",)


def _forms(block: schema.Form | schema.Exercise) -> Iterator[tuple[Kind, str | None, Location]]:
    """Yield the texts of exercises, of what is set apart, of tables, and of what readers write on."""
    if isinstance(block, schema.Exercise):
        yield from _of_exercise(block)
    elif isinstance(block, schema.Notice | schema.Quote):
        yield "text", block.text, ("text",)
    elif isinstance(block, schema.Questions):
        for index, entry in enumerate(block.items):
            yield "heading", entry.question, ("items", index, "question")
            yield "text", entry.answer, ("items", index, "answer")
    elif isinstance(block, schema.Columns):
        for number, side in enumerate(block.lists):
            yield "heading", side.heading, ("lists", number, "heading")
            yield from (("item", item, ("lists", number, "items", index)) for index, item in enumerate(side.items))
    elif isinstance(block, schema.Checklist):
        yield from (("item", item, ("items", index)) for index, item in enumerate(block.items))
    elif isinstance(block, schema.Diary):
        yield "caption", block.caption, ("caption",)
        yield from (("heading", row, ("rows", index)) for index, row in enumerate(block.rows))
    elif isinstance(block, schema.WriteIn):
        yield from (("heading", field.label, ("fields", index)) for index, field in enumerate(block.fields))
    elif isinstance(block, schema.Table):
        yield from _table(block)
    else:
        assert_never(block)


def _table(block: schema.Table) -> Iterator[tuple[Kind, str | None, Location]]:
    yield "caption", block.caption, ("caption",)
    for index, column in enumerate(block.columns):
        yield "heading", column.head, ("columns", index)
    for number, group in enumerate(block.row_groups):
        at: Location = ("groups", number) if block.groups else ()
        yield "heading", group.heading, (*at, "heading")
        for row, cells in enumerate(group.rows):
            yield from (("item", cell, (*at, "rows", row, index)) for index, cell in enumerate(cells))


def _doses(block: schema.Block, shared: schema.Shared) -> Iterator[tuple[Location, str]]:
    """Yield the sentences that are made of numbers in a block, each with its place in it."""
    if isinstance(block, schema.Exercise):
        yield (), doses.of_exercise(block, shared)
    elif isinstance(block, schema.Points):
        cards = ((("points", index, "dose"), card.dose) for index, card in enumerate(block.points))
        given: tuple[tuple[Location, schema.Dose | None], ...] = ((("dose",), block.dose), *cards)
        yield from ((at, doses.sentence(dose, shared)) for at, dose in given if dose)


def _safety(box: safety.Box, shared: YamlFile, file: YamlFile, own: Location, section: int) -> Iterator[Passage]:
    at: Location = ("safety", box.name)
    yield from _cut("heading", box.heading, shared, (*at, "heading"), section)
    if box.own:
        (group,) = box.groups
        last: tuple[Location, ...] = (("time",), ("often",))  # which cannot be made steps of
        places: list[Location] = [("steps", index) for index in range(len(group.items) - len(last))]
        for item, place in zip(group.items, [*places, *last], strict=True):
            yield from _cut("text" if place in last else "step", item, file, (*own, *place), section)
        yield from _cut("text", box.closing or "", file, (*own, "stop"), section)
        return
    for group in box.groups:
        if group.lead:
            yield from _cut("text", group.lead, shared, (*group.at, "lead"), section)
        for item, item_at in zip(group.items, group.items_at, strict=True):
            if item_at:  # what is told of doses is read where they stand
                yield from _cut("step" if group.numbered else "item", item, shared, item_at, section)
    if box.closing:
        yield from _cut("text", box.closing, shared, (*at, "closing"), section)


def _cut(kind: Kind, text: str, file: YamlFile, at: Location, section: int = -1, card: str = "") -> Iterator[Passage]:
    """Yield the paragraphs of a text, then the notes to its words."""
    for paragraph in markdown.paragraphs(text):
        yield Passage(kind, paragraph.text, paragraph.italics, file, at, section, card)
    for note in markdown.notes(text) if "note=" in text else ():
        yield from _cut("text", note, file, at, section, card)
