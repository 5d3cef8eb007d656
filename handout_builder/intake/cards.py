"""Points of a document as cards: begun by a name, filled with the words that follow it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from handout_builder.content import schema
from handout_builder.content.point_names import PointNames
from handout_builder.intake import mentions
from handout_builder.intake.outline import (
    Outline,
    Run,
    Runs,
    joined,
    linked_runs,
    sentences,
    with_links,
    without_start,
    words,
)
from handout_builder.intake.point_sentences import PointSentences
from handout_builder.intake.prose import Prose
from handout_builder.intake.sections import MOST_TEXT, Sections
from handout_builder.intake.yaml_text import Flow, Noted
from handout_builder.text import language
from handout_builder.text.east_asian import in_a_row, is_wide, marks

_ORDER = ("code", "name", "use", "remark")
_ENDS = ".!?,:;”)。！？、，：；」』）"
_MOST = 90  # of 100 cards and charts that a handout may have
_STANDARD = "from the catalogue."


@dataclass
class Card:
    """A point's card on its way."""

    values: dict[str, Any]
    above: list[str]
    last: str = ""
    """Which of its texts the author has written last; "" before the first."""
    runs: dict[str, Runs] = field(default_factory=dict)
    """The words of each of its texts."""
    told: set[str] = field(default_factory=set)
    """What ``above`` tells of them already: they are written anew with each sentence that is added."""


class Cards:
    """The cards that stand together, the last of which is being filled."""

    def __init__(
        self,
        outline: Outline,
        sections: Sections,
        prose: Prose,
        names: PointNames,
        points: Mapping[str, schema.Point],
        told: PointSentences,
    ) -> None:
        """``points`` are those that may stand on cards; ``told`` is how sentences tell what they say of one."""
        self._outline, self._sections, self._prose, self._names = outline, sections, prose, names
        self._points = points
        self.told = told
        self._begun: list[Card] = []
        self._behind: list[tuple[Runs, int]] = []
        """What the last card's paragraphs say of other points, with the lines."""
        self._count = 0
        self._made: set[str] = set()

    @property
    def begun(self) -> bool:
        """Whether there is a card that words may be added to."""
        return bool(self._begun)

    @property
    def turned(self) -> bool:
        """Whether the author has turned to another point since the last card began."""
        return bool(self._behind)

    def are_of_another(self, runs: Runs) -> bool:
        """Tell whether words begin with the name of another point than the last card's."""
        code = self._begun[-1].values["code"] if self._begun else ""
        return bool(code) and mentions.begins_with_other(words(runs), code, self._names)

    def has(self, code: str) -> bool:
        """Tell whether a point has a card."""
        return code in self._made

    def takes(self, found: mentions.Mention | None) -> bool:
        """Tell whether a point is one that can have a card."""
        return found is not None and self._count < _MOST and found.code in self._points

    def begin(self, found: mentions.Mention, runs: Runs, line: int) -> bool:
        """Begin the card of a point with the words that name it; tell whether it can have one."""
        if not self.takes(found):
            return False
        self._count += 1
        self._made.add(found.code)
        form = mentions.form(found, self._names, self._prose.lang)
        name = {"text": form.text, "lang": form.lang, "reading": form.reading}
        if not language.of_reading(form.reading, form.lang):
            name["reading_lang"] = form.reading_lang or "und"
        original = words(runs)
        above = [*self._sections.remarks_taken(), self._outline.at(line, with_links(runs)), *_remarks(found)]
        self._begun.append(Card({"code": found.code, "name": Flow(name)}, above))
        self._doubt(found)
        rest = without_start(runs, found.rest)
        said = self.go_on(rest, line)
        printed = f"{found.code} {form.text} {form.reading}" + (f": {said}" if said else "")
        self._prose.book.change(original, printed, f"Read as the point {found.code}, which has a card of its own.")
        return True

    def rename(self, named: mentions.Mention, original: str) -> None:
        """Take the name of the last card from other words."""
        card = self._begun[-1]
        form = mentions.form(named, self._names, self._prose.lang)
        name = card.values["name"].value
        if named.text:
            name |= {"text": form.text, "lang": form.lang}
        if named.reading or any(_STANDARD in row and "reading" in row for row in card.above):
            name["reading"] = form.reading
        card.above = [row for row in card.above if _STANDARD not in row]
        card.above.append(original)

    def go_on(self, runs: Runs, line: int) -> str:
        """Add words to the last card, each sentence to what it tells: what the point is for, or a remark.

        One that tells neither stays with the one before it, at the beginning with the one behind: it may lean on that,
        as "The front one is it." does. From a sentence on that turns to another point they stand behind the cards.
        Return those on the card as they are printed.
        """
        parts: list[tuple[str, Runs]] = []
        every = sentences(runs, self.told.short)
        here = next((number for number, one in enumerate(every) if self._turns(words(one))), len(every))
        if here < len(every):
            self._behind.append((_put_together(every[here:]), line))
        tells = [self.told.key(words(sentence)) for sentence in every[:here]]
        card = self._begun[-1]
        first = card.last or next(filter(None, tells), "use")
        for sentence, told in zip(every[:here], tells, strict=True):
            card.last = key = told or card.last or first
            if parts and parts[-1][0] == key:
                parts[-1] = key, _put_together((parts[-1][1], sentence))
            else:
                parts.append((key, sentence))
        return in_a_row(self.add(part, line, key) for key, part in parts)

    def add(self, runs: Runs, line: int, key: str) -> str:
        """Add words to a text of the last card; return these words as they are printed, "" where they cannot be."""
        card = self._begun[-1]
        flat = linked_runs(joined([run._replace(text=run.text.replace("\n", " ")) for run in runs]))
        told: list[str] = []
        text = whole = self._prose.literal(flat, told.append)
        before = card.runs.get(key, ())
        said = words(before)
        stop = marks(self._prose.lang)[1] if said and said[-1] not in _ENDS else ""
        if text and said:
            flat = _put_together((joined((*before, Run(stop))), flat))
            # All anew: a bracket, which is one alone, may begin a link that ends in the words behind it.
            whole = self._prose.literal(flat, told.append)
        if not whole or len(whole) > MOST_TEXT:
            if left := with_links(runs):
                card.above.append(self._outline.at(line, left))
            return ""
        if stop:
            reason = "A full stop, as another sentence follows on the card."
            self._prose.book.change(said, f"{said}{stop}", reason)
        for row in told:
            if row not in card.told:
                card.told.add(row)
                card.above.append(self._outline.at(line, row))
        card.runs[key], card.values[key] = flat, whole
        return text

    def end(self) -> None:
        """Put the cards that were begun as a block."""
        if self._begun:
            made = [
                Noted({key: card.values[key] for key in _ORDER if key in card.values}, tuple(card.above))
                for card in self._begun
            ]
            behind, self._begun, self._behind = self._behind, [], []
            self._sections.put_points(made)
            for runs, line in behind:
                self._sections.put_text(runs, line)

    def _turns(self, sentence: str) -> bool:
        """Tell whether a sentence turns to another point than the last card's."""
        code = self._begun[-1].values["code"]
        return any(
            code not in codes and self.told.turns_to(sentence, first, end)
            for first, end, codes in mentions.within(sentence, self._names)
        )

    def _doubt(self, found: mentions.Mention) -> None:
        """Note a name that is not the standard one of its point."""
        names = self._points[found.code].names
        slip = found.reading if found.head == found.reading and not self._names.codes(found.reading) else ""
        if slip:
            self._prose.book.doubts[slip] = (
                f"Read as {names.pinyin}, the standard name of {found.code}; it is written otherwise."
            )
        if found.text and found.text not in (names.zh_hans, names.zh_hant, names.ja, names.ko, names.vi):
            self._prose.book.doubts[found.text] = (
                f"Read as {names.zh_hans} {names.pinyin}, the standard name of {found.code}; it is written otherwise."
            )


def _put_together(several: Iterable[Runs]) -> Runs:
    """Return sentences one after another, with the blank that their script has between them."""
    whole: Runs = ()
    for sentence in several:
        blank = () if not whole or is_wide(words(whole)[-1:]) else (Run(" "),)
        whole = joined((*whole, *blank, *sentence))
    return whole


def _remarks(found: mentions.Mention) -> list[str]:
    """Return the remark on a point's name: what of it is not the author's, and what is not printed."""
    lacking = [part for part, given in (("name", found.text), ("reading", found.reading)) if not given]
    come = "come" if len(lacking) > 1 else "comes"
    told = [f"The {' and '.join(lacking)} {come} {_STANDARD}"] if lacking else []
    return [*told, f"Also called there: {', '.join(found.others)}"] if found.others else told
