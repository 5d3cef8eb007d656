"""A document's outline as a handout: sections and blocks, point cards, remarks, and what was changed."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from handout_builder.content import schema
from handout_builder.content.point_names import PointNames
from handout_builder.intake import mentions
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
    spaced,
    without_start,
    words,
)
from handout_builder.intake.pictures import Pictures
from handout_builder.intake.prose import Book, Prose
from handout_builder.intake.yaml_text import Flow, Noted, Remark
from handout_builder.text import dates, language
from handout_builder.text.typography import smart

TODO = "TODO:"
"""What a value begins with that an author still has to write; ``check`` names each."""
# Words by which a sentence tells where a point is; other sentences about a point tell what it is for.
_PLACE = re.compile(
    r"\b(?:locat\w+|find|found|fingers?|finger-?widths?|cun|above|below|between|beside|crease|side of|lies|place[ds]?|"
    r"inch(?:es)?|cm|remark|note)\b",
    re.IGNORECASE,
)
_USE = re.compile(r"\b(?:use[ds]?|good for|helps?|benefits?|indications?|functions?|works? for)\b", re.IGNORECASE)
_MOST_CARDS = 90  # of 100 cards and charts that a handout may have
_MOST_VALUES = 2_600  # of 3,000
_MOST_TEXT = 15_000
_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 40
_LONGEST_HEAD = 30
# A dash before the name of who is quoted.
_WHO = re.compile(r"(?:[—–―]|--?)[ \t]*(?=\w)")
_BOX = "☐ "
_ASKS = ("?", "？")
_MARKS = "Quotation marks, dashes and fractions of the keyboard are printed as the language has them; or: as-written."
SAFETY = ("see-a-doctor", "when-not-to-press", "how-to-press")
"""The safety blocks that stand before points."""


@dataclass
class Card:
    """A point's card on its way."""

    values: dict[str, Any]
    above: list[str]


@dataclass
class Section:
    """A section on its way."""

    id: str
    heading: str
    blocks: list[Any] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    has_points: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing but remarks stands in it."""
        return all(isinstance(block, Remark) for block in self.blocks)


@dataclass
class Composition:
    """What a handout is composed of, by an author's outline."""

    outline: Outline
    lang: str
    names: PointNames
    points: Mapping[str, schema.Point]
    pictures: Pictures
    tellable_codes: frozenset[str]
    """The points whose places there are words for."""
    book: Book = field(default_factory=Book)

    def __post_init__(self) -> None:
        """Look at headings first: links lead to them."""
        self._sections: list[Section] = []
        self._above: list[str] = []
        self._cards: list[Card] = []
        self._values = 0
        self._count = 0
        self._head_level, self._title = self._levels()
        self._ids, targets = self._slugs()
        self.prose = Prose(self.lang, self.names, targets, self.book)

    def handout(self, title: str, about: list[str], advice: str, today: date, identifier: str) -> dict[str, Any]:
        """Return the handout's keys and values, with remarks; ``title`` is used where the document has none."""
        values = self._facts(title, today)
        number, found = 0, self.outline.blocks
        while number < len(found):
            asked, end = _questions(found, number)
            if len(asked) > 1 and self._values <= _MOST_VALUES:
                self._end_cards()
                self._add_terms(Terms(tuple(asked), found[number].line))
                number = end
                continue
            if number != self._title:
                self._add(found[number], number)
            number += 1
        self._end_cards()
        if self._above or not self._sections:
            self._flush_here()
        for section in self._sections:
            if section.empty:
                section.blocks.append({"type": "text", "text": f"{TODO} the text of this section"})
        pressed = next((n for n, section in enumerate(self._sections) if section.has_points), None)
        guess = "" if len(about) == 1 else " chosen by the title," if about else ""
        region: Any = about[0] if len(about) == 1 else (about or "whole-body")
        mark = "" if about else f"{TODO} the part of the body; it chooses the warning signs"
        values["about"] = Noted(region, (f"The part of the body,{guess} one of: {', '.join(schema.REGIONS)}.",), mark)
        values["identifier"] = identifier
        if any(isinstance(text, str) and smart(text, self.lang) != text for text in _leaves(self._blocks())):
            values["typography"] = Noted("smart", (_MARKS,))
        sections = [self._section(section) for section in self._sections]
        if pressed is not None:
            blocks = [{"type": "safety", "include": name} for name in SAFETY]
            advised = {"id": self._free("before-you-press"), "heading": advice, "starts_page": True, "blocks": blocks}
            note = "Not in the original: what must stand before points."
            sections.insert(pressed, Noted(advised, (note,)))
            values["sections"] = sections
            values["sources"] = Noted(["who-2008"], ("The places on the cards come from the catalogue.",))
        else:
            values["sections"] = sections
        return values

    # The head

    def _facts(self, title: str, today: date) -> dict[str, Any]:
        facts = dict(self.outline.facts)
        values: dict[str, Any] = {}
        remarks: list[str] = []
        heading = self.outline.blocks[self._title] if self._title is not None else None
        named = facts.pop("title", ("", 0))
        text = ""
        if isinstance(heading, Heading):
            text = self.prose.written(heading.runs, lambda told: remarks.append(self._at(heading.line, told)))
            if not text:
                remarks.append(self._at(heading.line, words(heading.runs)))
            if named[0] and spaced(named[0]) != words(heading.runs):
                remarks.append(self._at(named[1], f"the title of the file: {named[0]}"))
        elif named[0]:
            text = self.prose.written((Run(named[0]),), lambda told: remarks.append(self._at(named[1], told)))
            if not text:
                remarks.append(self._at(named[1], named[0]))
        values["title"] = Noted(text or title, tuple(remarks), "" if text else f"{TODO} a title; the file has none")
        for key in ("subtitle", "description", "author"):
            told, line = facts.pop(key, ("", 0))
            label = self.prose.label((Run(told),)) if told else ""
            if told and key == "subtitle":
                label = self.prose.written((Run(told),), lambda _: None)
            if label:
                values[key] = label
            elif told:
                self._above.append(self._at(line, f"{key}: {told}"))
        values.setdefault("description", f"{TODO} one sentence that tells what this handout is about")
        values.setdefault("author", f"{TODO} the name of its author")
        told, line = facts.pop("date", ("", 0))
        days = dates.meant(told)
        if len(days) == 1:
            written = told if told != days[0].isoformat() else ""
            values["revised"] = Noted(days[0], (self._at(line, f"date: {written}"),) if written else ())
        else:
            above = (self._at(line, f"date: {told}"),) if told else ()
            values["revised"] = Noted(today, above, f"{TODO} the day of the last change; this is the day of the import")
        facts.pop("lang", None)
        order = ("title", "subtitle", "description", "author", "revised")
        return {key: values[key] for key in order if key in values}

    def _levels(self) -> tuple[int, int | None]:
        """Return the level of the headings that become sections, and which block is the title."""
        heads = [(number, block) for number, block in enumerate(self.outline.blocks) if isinstance(block, Heading)]
        tops = [number for number, block in heads if block.level == 1]
        first = next((n for n, block in enumerate(self.outline.blocks) if not isinstance(block, Strange)), None)
        alone = len(tops) == 1 and tops[0] == heads[0][0]
        leads = bool(tops) and tops[0] == first and "title" not in self.outline.facts
        title = tops[0] if (alone or leads) and not self._is_card(heads, tops[0]) else None
        levels = [block.level for number, block in heads if number != title and not self._point(block.runs)]
        if len(levels) > 1 and levels.count(1) == 1:  # one more of the highest level is a slip
            levels.remove(1)
        return min(levels, default=2), title

    def _is_card(self, heads: list[tuple[int, Heading]], number: int) -> bool:
        return any(n == number and self._point(block.runs) for n, block in heads)

    def _slugs(self) -> tuple[dict[int, str], dict[str, str]]:
        """Return the id of each section by its block, and where links to headings lead."""
        ids: dict[int, str] = {}
        targets: dict[str, str] = {}
        self._used: set[str] = set(schema.TAKEN)
        for number, block in enumerate(self.outline.blocks):
            if isinstance(block, Heading) and number != self._title and self._is_section(block):
                text = words(block.runs)
                ids[number] = self._free(slug(text) or "section")
                for name in (slug(text), re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")):
                    targets.setdefault(name, ids[number])
        return ids, targets

    def _free(self, name: str) -> str:
        found, number = name, 1
        while found in self._used:
            number += 1
            found = f"{name}-{number}"
        self._used.add(found)
        return found

    def _is_section(self, block: Heading) -> bool:
        return block.level <= self._head_level and not self._point(block.runs)

    def _point(self, runs: Runs) -> mentions.Mention | None:
        return mentions.mention(words(runs), self.names)

    # The body

    def _at(self, line: int, text: str) -> str:
        return f"{self.outline.unit} {line}: {text}" if line else text

    def _remark(self, line: int, text: str) -> None:
        """Put a remark where the next block will stand."""
        self._above.append(self._at(line, text))

    def _put(self, block: dict[str, Any], *, points: bool = False) -> None:
        """Put a block, with the remarks that were made since the last one."""
        section = self._here()
        above, self._above = tuple(self._above), []
        section.blocks.append(Noted(block, above) if above else block)
        section.has_points = section.has_points or points
        self._values += sum(1 for _ in _leaves(block))

    def _blocks(self) -> list[Any]:
        return [block for section in self._sections for block in (section.heading, *section.blocks)]

    def _here(self) -> Section:
        if not self._sections:
            heading = f"{TODO} a heading for what stands before the first one"
            self._sections.append(Section(self._free("introduction"), heading))
        return self._sections[-1]

    def _section(self, section: Section) -> Any:
        # Cards need the width of the page.
        wide = {"wide": True} if section.has_points else {}
        values = {"id": section.id, "heading": section.heading, **wide, "blocks": section.blocks}
        return Noted(values, tuple(section.above)) if section.above else values

    def _add(self, block: Block, number: int) -> None:
        if self._values > _MOST_VALUES:  # one file has room for no more
            self._end_cards()
            self._remark(block.line, _told(block))
            return
        if not isinstance(block, Paragraph) and not (isinstance(block, (Heading, Strange)) and self._cards):
            self._end_cards()
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
                self._remark(block.line, f"{block.what}: {block.text}" if block.text else f"{block.what} was left out")

    def _add_heading(self, block: Heading, number: int) -> None:
        if (found := self._point(block.runs)) and self._start_card(found, block.runs, block.line):
            return
        self._end_cards()
        if code := mentions.unknown_code(words(block.runs), self.names):
            self._remark(block.line, f"{code} is no code that the catalogue has; for a point of your own: points.yaml")
        text = self.prose.written(block.runs, lambda told: self._remark(block.line, told))
        if not text:
            self._remark(block.line, words(block.runs))
        if number in self._ids:
            self._flush()
            above, self._above = self._above, []
            self._sections.append(Section(self._ids[number], text or f"{TODO} a heading", [], above))
        elif text:
            self._put({"type": "heading", "text": text})

    def _flush(self) -> None:
        """Leave remarks that no block follows at the end of the section."""
        if self._sections and self._above:
            self._sections[-1].blocks += map(Remark, self._above)
            self._above = []

    def _add_paragraph(self, block: Paragraph) -> None:
        if (
            not block.quoted
            and (found := self._point(block.runs))
            and found.ended
            and self._start_card(found, block.runs, block.line)
        ):
            return
        if self._cards and not block.quoted:
            self._continue_card(block)
            return
        self._end_cards()
        if block.quoted and (who := _WHO.match(words(block.runs))) and self._quoted_by(block, who.end()):
            return
        self._put_text(block.runs, block.line, "quote" if block.quoted else "text")

    def _put_text(self, runs: Runs, line: int, kind: str = "text") -> None:
        text = self.prose.written(runs, lambda told: self._remark(line, told))
        if not text or len(text) > _MOST_TEXT:
            self._not_set(runs, line)
            return
        self._put({"type": kind, "text": text})

    def _quoted_by(self, block: Paragraph, start: int) -> bool:
        """Tell who said what was quoted last; tell whether that is so."""
        before = self._here().blocks[-1:]
        quote = before[0].value if before and isinstance(before[0], Noted) else before[0] if before else None
        if not isinstance(quote, dict) or quote["type"] != "quote" or "by" in quote or self._above:
            return False
        plain = joined([run._replace(italic=False) for run in without_start(block.runs, start)])
        who = self.prose.written(plain, partial(self._remark, block.line))
        if who:
            quote["by"] = who
        return bool(who)

    def _not_set(self, runs: Runs, line: int) -> None:
        """Leave words that cannot be set as a remark."""
        letters = self.prose.unprintable(runs)
        why = f"no font has {letters[:12]}: " if letters else ""
        if told := words(runs):
            self._remark(line, f"{why}{told}")

    def _add_list(self, block: Bullets) -> None:
        heads = [self._point(item.runs) for item in block.items]
        if all(found and found.ended for found in heads):
            for found, item in zip(heads, block.items, strict=True):
                assert found
                if not self._start_card(found, item.runs, item.line):
                    self._put_text(item.runs, item.line)
                for below in item.below:
                    self._below_card(below)
            self._end_cards()
            return
        if any(item.below for item in block.items):
            self._put_deep_list(block)
            return
        items = []
        for item in block.items:
            text = self.prose.written(item.runs, lambda told, item=item: self._remark(item.line, told))  # type: ignore[misc]
            if text:
                items.append(text)
            else:
                self._not_set(item.runs, item.line)
        if items:
            if block.numbered and block.start != 1:
                self._remark(block.line, f"the numbers begin with {block.start} in the original")
            if all(item.startswith(_BOX) for item in items):
                self._put({"type": "checklist", "items": [item.removeprefix(_BOX) for item in items]})
            else:
                self._put({"type": "list", **({"numbered": True} if block.numbered else {}), "items": items})

    def _below_card(self, block: Block) -> None:
        """Add what stands below an item that became a card."""
        if isinstance(block, Paragraph):
            self._add_paragraph(block)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._add_paragraph(Paragraph(item.runs, item.line))
                for below in item.below:
                    self._below_card(below)
        else:
            self._add(block, -1)

    def _put_deep_list(self, block: Bullets) -> None:
        """Put a list that holds more than lines as Markdown; what no list may hold follows it."""
        beside: list[Block] = []
        rows = list(self._rows(block, "", beside))
        text = "\n".join(rows)
        if rows and len(text) <= _MOST_TEXT and not any(self._findings(text)):
            self._put({"type": "text", "text": text})
        else:
            for row in _lines(block):
                self._remark(row.line, f"• {words(row.runs)}")
        for other in beside:
            self._add(other, -1)

    def _findings(self, text: str) -> Iterator[object]:
        from handout_builder.text import markdown  # noqa: PLC0415

        yield from markdown.findings(text, self.lang)

    def _rows(self, block: Bullets, indent: str, beside: list[Block]) -> Iterator[str]:
        for number, item in enumerate(block.items, start=block.start):
            mark = f"{number}." if block.numbered else "-"
            text = self.prose.written(item.runs, lambda told, item=item: self._remark(item.line, told))  # type: ignore[misc]
            if not text:
                self._not_set(item.runs, item.line)
                text = f"{TODO} this item" if item.below else ""
            inner = indent + " " * (len(mark) + 1)
            if text:
                yield f"{indent}{mark} " + text.replace("\n", f"\n{inner}")
            for below in item.below:
                if isinstance(below, Bullets):
                    yield from self._rows(below, inner, beside)
                elif isinstance(below, Paragraph) and (
                    more := self.prose.written(below.runs, lambda told, below=below: self._remark(below.line, told))  # type: ignore[misc]
                ):
                    yield ""
                    yield inner + more.replace("\n", f"\n{inner}")
                else:
                    beside.append(below)

    def _add_terms(self, block: Terms) -> None:
        asked = all(words(term).endswith(_ASKS) for term, _ in block.items)
        kind, first, second = ("questions", "question", "answer") if asked else ("definitions", "term", "text")
        items = []
        for term, text in block.items:
            told = [self.prose.written(runs, partial(self._remark, block.line)) for runs in (term, text)]
            if all(told):
                items.append({first: told[0], second: told[1]})
            else:
                self._not_set(joined((*term, Run(": "), *text)), block.line)
        if items:
            self._put({"type": kind, "items": items})

    def _add_table(self, block: Grid) -> None:
        firsts = [self._point(row[0]) if row else None for row in block.rows]
        if block.rows and all(found and found.ended for found in firsts):
            self._add_table_of_points(block, firsts)
            return
        if table := self._table(block):
            self._put(table)
            return
        self._remark(block.line, "a table with words that cannot be printed:")
        for row in (block.caption,) if block.caption else ():
            self._above.append(words(row))
        for cells in (block.head, *block.rows) if block.head else block.rows:
            self._above.append("| " + " | ".join(words(cell) for cell in cells) + " |")
        self._flush_here()

    def _flush_here(self) -> None:
        self._here()
        self._flush()

    def _table(self, block: Grid) -> dict[str, Any] | None:
        """Return a table as the block ``table``; None where a cell cannot be printed.

        The one place that knows what this block looks like.
        """
        if not block.head and _has_heads(block.rows):
            self._remark(block.line, "the first row was taken for the heads of the columns")
            block = Grid(block.rows[0], block.rows[1:], block.line, block.caption)
        width = max(map(len, (block.head, *block.rows)))
        cells = [[self.prose.written(cell, lambda _: None) for cell in row] for row in block.rows]
        heads = [self.prose.written(cell, lambda _: None) for cell in block.head]
        told = sum(bool(words(cell)) for row in (block.head, *block.rows) for cell in row)
        if sum(map(bool, heads)) + sum(bool(cell) for row in cells for cell in row) < told or not cells:
            return None
        columns = [{"head": head or "–"} for head in [*heads, *[""] * (width - len(heads))]]
        rows = [[cell or "–" for cell in [*row, *[""] * (width - len(row))]] for row in cells]
        table: dict[str, Any] = {"type": "table", "columns": columns, "rows": rows}
        if block.caption and (caption := self.prose.written(block.caption, lambda _: None)):
            table["caption"] = caption
        return table

    def _add_table_of_points(self, block: Grid, firsts: Iterable[mentions.Mention | None]) -> None:
        heads = [words(cell) for cell in block.head]
        self._remark(
            block.line, "a table in the original, with the heads: " + " | ".join(heads) if heads else "a table"
        )
        if block.caption:
            self._above.append(words(block.caption))
        for found, row in zip(firsts, block.rows, strict=True):
            assert found
            started = self._start_card(found, row[0], block.line)
            if not started:
                self._put_text(row[0], block.line)
            for column, cell in enumerate(row[1:], start=1):
                if not words(cell):
                    continue
                head = heads[column] if column < len(heads) else ""
                named = mentions.mention(words(cell), self.names)
                if started and named and named.code == found.code and not words(cell)[named.rest :].strip():
                    self._name_card(named, words(cell))
                    continue
                told = joined((Run(f"{head}: "), *cell)) if head and not _USE.search(head) else cell
                key = "use" if head and _USE.search(head) else "remark" if head else ""
                self._continue_card(Paragraph(told, block.line), key)
        self._end_cards()

    def _add_picture(self, block: Picture) -> None:
        name, why = self.pictures.kept(block.address)
        caption = self.prose.written(block.caption, lambda told: self._remark(block.line, told))
        if not name:
            told = "; ".join(filter(None, (f"a picture, {block.address}", why, block.alt, words(block.caption))))
            self._remark(block.line, told)
            self._flush_here()
            return
        if name != block.address:
            self._remark(block.line, f"the picture was called {block.address}")
        if block.caption and not caption:
            self._remark(block.line, words(block.caption))
        label = self.prose.label((Run(block.alt),)) if block.alt else ""
        if block.alt and not label:
            self._remark(block.line, block.alt)
        values = {"type": "figure", "image": name, "alt": label or f"{TODO} what the picture shows, in a sentence"}
        self._put({**values, "caption": caption} if caption else values)

    # Cards

    def _start_card(self, found: mentions.Mention, runs: Runs, line: int) -> bool:
        """Begin the card of a point; tell whether it can have one."""
        if self._count >= _MOST_CARDS or not self._can_stand(found.code):
            return False
        self._count += 1
        form = mentions.form(found, self.names)
        original = words(runs)
        name = {"text": form.text, "lang": form.lang, "reading": form.reading}
        if not language.of_reading(form.reading, form.lang):
            name["reading_lang"] = "und"
        above = [*self._above, self._at(line, original)]
        self._above = []
        standard = self.points[found.code].names
        if not found.text or not found.reading:
            what = " and ".join(part for part, given in (("name", found.text), ("reading", found.reading)) if not given)
            above.append(
                f"The {what} come from the catalogue." if " and " in what else f"The {what} comes from the catalogue."
            )
        if found.others:
            above.append(f"Also called there: {', '.join(found.others)}")
        if found.text and found.text not in (standard.zh_hans, standard.zh_hant, standard.ja, standard.ko):
            self.book.doubts[found.text] = (
                f"Read as {standard.zh_hans} {standard.pinyin}, "
                f"the standard name of {found.code}; it is written otherwise."
            )
        values: dict[str, Any] = {"code": found.code, "name": Flow(name)}
        card = Card(values, above)
        self._cards.append(card)
        rest = without_start(runs, found.rest)
        printed = f"{found.code} {form.text} {form.reading}"
        if words(rest):
            said = self._say(rest, line, "use" if not self._tells_place(words(rest)) else "remark")
            printed += f": {said}" if said else ""
        self.book.change(original, printed, f"Read as the point {found.code}, which has a card of its own.")
        return True

    def _can_stand(self, code: str) -> bool:
        """Tell whether a point may stand on a card: patients may press it, and its place can be told."""
        point = self.points[code]
        return point.press != "no" and point.place is not None and self.tellable(code)

    def tellable(self, code: str) -> bool:
        """Tell whether there are words for the place of a point."""
        return code in self.tellable_codes

    """The codes of the points whose places can be told in the language."""

    def _tells_place(self, text: str) -> bool:
        return bool(_PLACE.search(text)) and not _USE.search(text)

    def _name_card(self, named: mentions.Mention, original: str) -> None:
        """Take a name from another cell of a point's row."""
        card = self._cards[-1]
        form = mentions.form(named, self.names)
        name = card.values["name"].value
        if named.text:
            name |= {"text": form.text, "lang": form.lang}
        if named.reading:
            name["reading"] = form.reading
        card.above = [row for row in card.above if "from the catalogue" not in row]
        card.above.append(original)

    def _continue_card(self, block: Paragraph, key: str = "") -> None:
        if not self._cards:
            self._put_text(block.runs, block.line)
            return
        text = words(block.runs)
        self._say(block.runs, block.line, key or ("remark" if self._tells_place(text) else "use"))

    def _say(self, runs: Runs, line: int, key: str) -> str:
        """Add words to the last card; return them as they are printed, "" where they cannot be."""
        card = self._cards[-1]
        flat = joined([run._replace(text=run.text.replace("\n", " ")) for run in runs])
        text = self.prose.written(flat, lambda told: card.above.append(self._at(line, told)))
        before = card.values.get(key, "")
        if not text or len(before) + len(text) > _MOST_TEXT:
            if told := words(runs):
                card.above.append(self._at(line, told))
            return ""
        if before:
            stop = "" if before.endswith((".", "!", "?", "。", ",", ":", ";", "”", ")")) else "."
            if stop:
                self.book.change(before, f"{before}.", "A full stop, as another sentence follows on the card.")
            text = f"{before}{stop} {text}"
        card.values[key] = text
        return text

    def _end_cards(self) -> None:
        """Put the cards that were begun as a block."""
        if not self._cards:
            return
        cards, self._cards = self._cards, []
        order = ("code", "name", "use", "remark")
        made = [Noted({k: card.values[k] for k in order if k in card.values}, tuple(card.above)) for card in cards]
        above, self._above = self._above, []
        self._put({"type": "points", "points": made}, points=True)
        self._above = above


def slug(text: str) -> str:
    """Return a text as small letters, digits and hyphens; "" where it has no Latin letters."""
    spread = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found = _SLUG.sub("-", spread).strip("-")
    if len(found) > _LONGEST_SLUG:
        found = found[: _LONGEST_SLUG + 1].rpartition("-")[0] or found[:_LONGEST_SLUG]
    return found if found[:1].isalpha() else ""


def _has_heads(rows: Sequence[Sequence[Runs]]) -> bool:
    """Tell whether the first row of a table has a few words in each cell, as heads of columns have."""
    first = [words(cell) for cell in rows[0]]
    return len(rows) > 1 and all(first) and len(first) == max(map(len, rows)) and max(map(len, first)) <= _LONGEST_HEAD


def _questions(blocks: Sequence[Block], at: int) -> tuple[list[tuple[Runs, Runs]], int]:
    """Return the questions in bold that stand one after another from a block on, with answers, and where they end."""
    found: list[tuple[Runs, Runs]] = []
    while at < len(blocks) and (question := _question(blocks[at])):
        answer = question[1]
        if not answer:
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            if not isinstance(following, Paragraph) or following.quoted or _question(following):
                break
            answer = following.runs
            at += 1
        found.append((question[0], answer))
        at += 1
    return found, at


def _question(block: Block) -> tuple[Runs, Runs] | None:
    """Return the question in bold with which a paragraph begins, and the rest of it."""
    if not isinstance(block, Paragraph) or block.quoted or not block.runs:
        return None
    first = block.runs[0]
    if not first.bold or first.link or not first.text.rstrip().endswith(_ASKS):
        return None
    return joined([first._replace(bold=False)]), joined(block.runs[1:])


def _told(block: Block) -> str:
    return " ".join(filter(None, (words(item.runs) for item in _lines(block)))) or _strange(block)


def _strange(block: Block) -> str:
    if isinstance(block, Strange):
        return f"{block.what}: {block.text}"
    if isinstance(block, Picture):
        return f"a picture, {block.address}; {block.alt} {words(block.caption)}"
    return ""


def _lines(block: Block) -> Iterator[Item]:
    """Yield all words of a block, in lines."""
    if isinstance(block, (Heading, Paragraph)):
        yield Item(block.runs, block.line)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield item
            for below in item.below:
                yield from _lines(below)
    elif isinstance(block, Terms):
        for term, text in block.items:
            yield Item(joined((*term, Run(": "), *text)), block.line)
    elif isinstance(block, Grid):
        for row in (block.caption,), block.head, *block.rows:
            yield Item(joined([run for cell in row for run in (*cell, Run(" | "))]), block.line)


def _leaves(value: Any) -> Iterator[object]:
    value = value.value if isinstance(value, Noted) else value
    yield value
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
