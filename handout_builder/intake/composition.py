"""A document's outline as a handout: each block by its kind, and what no document has but a handout needs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from handout_builder.content import schema
from handout_builder.content.point_codes import readings
from handout_builder.content.point_names import PointNames
from handout_builder.intake import exercises, facts, lists, mentions, own_advice, tables
from handout_builder.intake.cards import Cards
from handout_builder.intake.headings import Headings
from handout_builder.intake.outline import (
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
    label,
    notes,
    sentences,
    told,
    with_links,
    without_links,
    without_notes,
    words,
)
from handout_builder.intake.pictures import Pictures
from handout_builder.intake.point_sentences import PointSentences
from handout_builder.intake.prose import Book, Prose
from handout_builder.intake.questions import are_questions, questions
from handout_builder.intake.sections import TODO, Lacking, Sections
from handout_builder.intake.yaml_text import Noted
from handout_builder.text.typography import smart

_MARKS = "Quotation marks, dashes and fractions of the keyboard are printed as the language has them; or: as-written."
_OPEN = "not understood: no dash or colon behind the name of a point"
_APART = "behind a blank line, and on no card"
# What makes a line a heading, whatever stands in it.
_HEADS = tuple("■□◆◇▼▽▲△【●○★☆※")
_WHOM_TO_CALL = f"{TODO} the emergency number, here as 'emergency: 112'; none is needed where your brand has it"
_SAFETY = ("see-a-doctor", "when-not-to-press", "how-to-press")
"""The safety blocks that stand before points."""


@dataclass
class Composition:
    """What a handout is composed of, by an author's outline."""

    outline: Outline
    lang: str
    names: PointNames
    points: Mapping[str, schema.Point]
    """Those that may stand on cards."""
    pictures: Pictures
    told: PointSentences
    exercises: tuple[str, ...]
    """The words of a heading under which lists of steps are exercises."""
    own_advice: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The words of a heading under which an author says what a safety block says, by the name of the block."""
    lacking: Lacking = field(default_factory=Lacking)
    book: Book = field(default_factory=Book)

    def __post_init__(self) -> None:
        """Look at headings first: links lead to them."""
        self.outline = exercises.set_below_their_heading(self.outline, self.exercises)
        self._headings = Headings(self.outline, self.names)
        self._prose = Prose(self.lang, self.names, self._headings.targets, self.book)
        self._sections = Sections(self.outline, self._headings, self._prose, self.lacking)
        self._cards = Cards(self.outline, self._sections, self._prose, self.names, self.points, self.told)
        self._in_bold = False
        """Whether the last paragraph that names a point has its name in bold, and words about it behind."""
        self._mark = ""
        """What stands between name and words in the line that began the last card: a colon, or a dash."""
        labels = Counter(label(words(block.runs))[0] for block in self.outline.blocks if isinstance(block, Paragraph))
        self._fields = {name for name, count in labels.items() if count > 1}
        """What stands before several colons, such as "How": it is no name of a point."""
        self._is_passage = False
        """Whether the last card was begun by a paragraph, no heading."""
        self._has_words = self._has_close_words = False
        """Whether the last card has words, and whether in a paragraph they stand right behind its name."""

    def handout(self, title: str, about: list[str], advice: str, today: date, identifier: str) -> dict[str, Any]:
        """Return the handout's keys and values, with remarks.

        ``title`` is used where the document has none, ``about`` are the parts of the body that it may be about,
        ``advice`` is the heading of the section with safety advice, ``today`` the day of a document without one.
        """
        heading = None if self._headings.title is None else self.outline.blocks[self._headings.title]
        assert heading is None or isinstance(heading, Heading)
        values = facts.first_keys(self.outline, heading, title, self._prose, self._sections.remark, self.lacking)
        number, blocks = 0, self.outline.blocks
        while number < len(blocks):
            number = self._add_several(number) or self._add_one(number, heading)
        self._cards.end()
        self._tell_notes()
        self._sections.finish()
        values |= {
            "revised": facts.revised(self.outline, today, self.lang),
            "about": _about(about),
            "identifier": identifier,
            **self._typography(),
            "sections": self._sections.values,
        }
        if (pressed := self._sections.first_with_points) is not None:
            self._sections.remark_headings(lambda heading: own_advice.remarks(heading, self.own_advice))
            values["identifier"] = Noted(identifier, (_WHOM_TO_CALL,))
            values["sections"] = self._sections.values
            values["sections"].insert(pressed, self._advice(advice))
            values["sources"] = Noted(["who-2008"], ("The places on the cards come from the catalogue.",))
        return values

    def _add_several(self, number: int) -> int:
        """Put blocks of the outline that are one together; return the number behind them, 0 where there are none."""
        for read in (questions, lists.boxes):
            whole, end = read(self.outline.blocks, number)
            if whole:
                self._add(whole)
                return end
        return self._add_exercise(number)

    def _add_one(self, number: int, title: Heading | None) -> int:
        """Put a block of the outline that is not its title; return the number behind it."""
        if self.outline.blocks[number] is not title:
            self._add(self.outline.blocks[number], number)
        return number + 1

    def _tell_notes(self) -> None:
        """Tell the notes to words that had no place for them, such as headings and names of points."""
        said = " ".join(self._sections.texts)
        for note in dict.fromkeys(notes(self.outline.blocks)):
            if f'{{note="{note}"}}' not in said and f"; {note}" not in said:
                self._sections.remark(0, f"a note: {note}")

    def _typography(self) -> dict[str, Noted]:
        """Return the wish for good marks, where an author has typed others."""
        typed = any(smart(text, self.lang) != text for text in self._sections.texts)
        return {"typography": Noted("smart", (_MARKS,))} if typed else {}

    def _advice(self, heading: str) -> Noted:
        """Return the section with the safety advice that must stand before points."""
        blocks = [{"type": "safety", "include": name} for name in _SAFETY]
        ident = self._headings.free_id("before-you-press")
        section = {"id": ident, "heading": heading, "blocks": blocks}
        return Noted(section, ("Not in the original: what must stand before points.",))

    def _point(self, runs: Runs) -> mentions.Mention | None:
        return mentions.mention(mentions.lead(runs), self.names)

    def _add(self, block: Block, number: int = -1) -> None:
        """Put a block, which may be the one of a number in the outline."""
        if self._sections.full:
            self._cards.end()
            self._sections.remark(block.line, told(block))
            return
        if not isinstance(block, Paragraph | Heading | Strange):
            self._cards.end()
        match block:
            case Heading():
                self._add_heading(block, number)
            case Paragraph():
                self._add_paragraph(block)
            case Bullets():
                self._add_list(block)
            case Terms():
                self._add_terms(block)
            case Grid():
                self._add_table(block)
            case Picture():
                self._add_picture(block)
            case Strange():
                left_out = f"{block.what}: {block.text}" if block.text else f"{block.what} was left out"
                self._sections.remark(block.line, left_out)

    def _add_heading(self, block: Heading, number: int) -> None:
        if (found := self._point(block.runs)) and self._cards.begin(found, block.runs, block.line):
            self._mark, self._is_passage, self._has_words, self._has_close_words = "", False, False, False
            return
        self._cards.end()
        if code := mentions.unknown_code(words(block.runs), self.names):
            self._sections.remark(block.line, self._why_unknown(code))
        is_section = number in self._headings.ids
        runs, links = without_links(block.runs) if is_section else (without_notes(block.runs), [])
        text = self._sections.written(runs, block.line)
        for link in links:
            self._sections.remark(block.line, f"the heading leads to {link}")
        if not text:
            self._sections.remark(block.line, with_links(runs))
        behind = self.outline.blocks[number + 1 : number + 2]
        told_as_text = any(isinstance(one, Paragraph) for one in behind)
        if not is_section and told_as_text and exercises.are_meant(self._sections.heading, self.exercises):
            self._sections.remark(block.line, "an exercise? with steps and numbers it is a block of type exercise")
        if is_section:
            self._sections.leave_remarks()
            self._sections.begin(self._headings.ids[number], text or f"{TODO} {self.lacking.heading}")
        elif text:
            self._sections.put({"type": "heading", "text": text})

    def _why_no_card(self, runs: Runs) -> str:
        """Return why words among those of points have no card."""
        code = mentions.unknown_code(label(words(runs))[0], self.names)
        return self._why_unknown(code) if code else _OPEN if self._point(runs) else mentions.UNKNOWN

    def _why_unknown(self, code: str) -> str:
        """Return what to do about a code that no card was made of."""
        if len(meant := readings(code, self.lang)) > 1:
            return (
                f"{code} may be {' or '.join(meant)}, so it has no card: write the one that you mean, and import again"
            )
        return f"{code} is no code that the catalogue has; for a point of your own: points.yaml"

    def _add_exercise(self, number: int) -> int:
        """Put a heading, a picture that may stand below it, and a list of steps as an exercise, among exercises.

        Return the number of the block behind it; 0 where there is none.
        """
        head = self.outline.blocks[number]
        if not isinstance(head, Heading) or number in self._headings.ids or self._sections.full:
            return 0
        named = (self._sections.heading, words(head.runs))
        if not any(exercises.are_meant(one, self.exercises) for one in named) or self._point(head.runs):
            return 0
        if not (found := exercises.steps_below(self.outline.blocks, number)):
            return 0
        told = (Item(without_notes(head.runs), head.line), *found.steps.items)
        if not all(self._prose.written(item.runs, lambda _: None) for item in told):
            return 0
        self._cards.end()
        picture = self._picture_of_exercise(found.picture) if found.picture else {}
        name, *items = (self._sections.written(item.runs, item.line) for item in told)
        seen = {"picture": picture} if picture else {}
        self._sections.put({"type": "exercise", "name": name, **seen, "steps": items})
        return found.end

    def _add_paragraph(self, block: Paragraph) -> None:
        if block.quoted:
            self._cards.end()
            self._sections.put_quote(block.runs, block.line)
            return
        found = self._point(block.runs)
        bold = mentions.bold_beginning(block.runs)
        if found and found.ended and self._cards.begin(found, block.runs, block.line):
            self._in_bold = bool(bold)
            self._has_words = found.rest < len(words(block.runs))
            self._mark = label(words(block.runs))[1] if self._has_words else ""
            self._is_passage = not words(block.runs).startswith(_HEADS)
            self._has_close_words = self._has_words and self._is_passage
        else:
            if self._cards.begun and (why := self._ends_card(block, bold)):
                self._sections.remark(block.line, why)
            if self._cards.begun:
                self._cards.go_on(block.runs, block.line)
                self._has_words = True
                self._has_close_words = self._has_close_words or (self._is_passage and not block.apart)
            else:
                self._sections.put_text(block.runs, block.line)
        if self._cards.turned:
            self._cards.end()

    def _ends_card(self, block: Paragraph, bold: str) -> str:
        """End the cards before a paragraph that says nothing of the last point; return the remark on it, if any."""
        name, mark = label(words(block.runs))
        named = [bold] if bold and self._in_bold else [name] if name and mark == self._mark else []
        tells = (name and name in self._fields) or any(
            self.told.tells_use(f"{one}:") or self.told.is_remark(one) for one in (bold, name) if one
        )
        if self._cards.are_of_another(block.runs):
            why = ""
        elif named and not tells:
            why = mentions.UNKNOWN
        elif block.apart and self._has_words and not tells and (self._has_close_words or not self._tells(block)):
            why = _APART
        else:
            return ""
        self._cards.end()
        return why

    def _tells(self, block: Paragraph) -> bool:
        """Tell whether one of the sentences of a paragraph says what is said of points."""
        return any(self.told.key(words(sentence)) for sentence in sentences(block.runs, self.told.short))

    def _add_list(self, block: Bullets) -> None:
        points = mentions.most((mentions.lead(item.runs) for item in block.items), self.names)
        if points is not None:
            self._add_list_of_points(block, points)
        elif lists.is_deep(block):
            for beside in lists.put_deep(block, self._sections, self._prose):
                self._add(beside)
        else:
            lists.put(block, self._sections)

    def _add_list_of_points(self, block: Bullets, points: list[mentions.Mention | None]) -> None:
        for found, item in zip(points, block.items, strict=True):
            if found is None or not self._cards.begin(found, item.runs, item.line):
                self._cards.end()  # what follows is not of the point before
                if found is None:
                    self._sections.remark(item.line, self._why_no_card(item.runs))
                self._sections.put_text(item.runs, item.line)
            for below in item.below:
                self._add_below_point(below)
        self._cards.end()

    def _add_below_point(self, block: Block) -> None:
        """Add what stands below an item that became a card: lists are read line by line."""
        if isinstance(block, Bullets):
            for item in block.items:
                self._add_paragraph(Paragraph(item.runs, item.line))
                for below in item.below:
                    self._add_below_point(below)
        elif isinstance(block, Paragraph):
            self._add_paragraph(block)
        else:
            self._add(block)

    def _add_terms(self, block: Terms) -> None:
        asked = are_questions(block)
        points = None if asked else mentions.most((mentions.lead(term) for term, _ in block.items), self.names)
        if points is None:
            self._put_terms(block, asked=asked)
            return
        for found, (term, text) in zip(points, block.items, strict=True):
            if found and self._cards.begin(found, term, block.line):
                self._cards.go_on(text, block.line)
            else:
                self._cards.end()  # what follows is not of the point before
                if found is None:
                    self._sections.remark(block.line, mentions.UNKNOWN)
                self._put_terms(replace(block, items=((term, text),)), asked=False)
        self._cards.end()

    def _put_terms(self, block: Terms, *, asked: bool) -> None:
        kind, first, second = ("questions", "question", "answer") if asked else ("definitions", "term", "text")
        items = []
        for pair in block.items:
            term, text = (self._sections.written(runs, block.line) for runs in (_plain(pair[0]), pair[1]))
            if term and text:
                items.append({first: term, second: text})
            else:
                self._sections.not_set(joined((*pair[0], Run(": "), *pair[1])), block.line)
        if items:
            self._sections.put({"type": kind, "items": items})

    def _add_table(self, block: Grid) -> None:
        if not any(self._point(cell) for row in block.rows[:1] for cell in row[:1]):
            block = tables.with_heads(block, self._sections)
        points = mentions.most((mentions.lead(row[0]) if row else "" for row in block.rows), self.names)
        known = points and all(found is not None and self._cards.has(found.code) for found in points)
        if points and not known:  # a table of points that have cards tells when, or how long
            tables.put_points(block, points, self._sections, self._cards, self.names)
        else:
            tables.put(block, self._sections)

    def _add_picture(self, block: Picture) -> None:
        if values := self._picture(block):
            self._sections.put({"type": "figure", **values})

    def _picture_of_exercise(self, block: Picture) -> dict[str, str]:
        """Return the keys of a picture beside steps, which has no caption: that tells what it shows, or is a remark."""
        told = words(block.caption)
        if told and block.alt:
            self._sections.remark(block.line, f"below the picture: {with_links(block.caption)}")
        return self._picture(replace(block, caption=(), alt=block.alt or told))

    def _picture(self, block: Picture) -> dict[str, str]:
        """Return the keys of a picture that comes along; for one that does not, leave a remark."""
        name, why = self.pictures.kept(block.address)
        caption = self._sections.written(block.caption, block.line)
        if block.link:
            self._sections.remark(block.line, f"the picture leads to {block.link}")
        if not name:
            about = (f"a picture, {block.address}", why, block.alt, with_links(block.caption))
            self._sections.remark(block.line, "; ".join(filter(None, about)))
            self._sections.leave_remarks_here()
            return {}
        if name != block.address:
            self._sections.remark(block.line, f"the picture was called {block.address}")
        if block.caption and not caption:
            self._sections.remark(block.line, with_links(block.caption))
        label = self._prose.label((Run(block.alt),)) if block.alt else ""
        if block.alt and not label:
            self._sections.remark(block.line, block.alt)
        values = {"image": name, "alt": label or f"{TODO} what the picture shows, in a sentence"}
        return {**values, "caption": caption} if caption else values


def _plain(term: Runs) -> Runs:
    """Return a term that is bold as a whole without it: the layout prints all terms so."""
    bold = all(run.bold for run in term if run.text.strip())
    return tuple(run._replace(bold=False) for run in term) if bold else term


def _about(regions: list[str]) -> Noted:
    """Return the part of the body that a handout is about, by what its title names."""
    guess = "" if len(regions) == 1 else " chosen by the title," if regions else ""
    note = f"The part of the body,{guess} one of: {', '.join(schema.REGIONS)}."
    chosen: Any = regions[0] if len(regions) == 1 else regions or "whole-body"
    return Noted(chosen, (note,), "" if regions else f"{TODO} the part of the body; it chooses the warning signs")
