"""Rules for words and sentences, for languages whose words are listed."""

import re
from collections.abc import Iterator

from handout_builder.content.schema import Definitions
from handout_builder.errors import Problem
from handout_builder.plain_language.passages import READ, Draft, Passage
from handout_builder.plain_language.word_lists import PlainWords
from handout_builder.text.east_asian import is_wide
from handout_builder.text.readability import Reading, reading
from handout_builder.text.sentences import instruction, passive, phrases, split_words

_AIM, _MOST = 6.0, 8.0
_PASSIVE = 0.1
_FEW = 5
"""Sentences of which a share says nothing."""
_EXPLAINS = re.compile(r"\([^()]*[a-z]{3}[^()]*\)")


def grade(draft: Draft, _: PlainWords) -> Iterator[Problem]:
    """Yield a warning for a text that needs more than six years of school (AMA, NIH)."""
    if not draft.source.lang.startswith("en"):
        return
    whole = _reading(draft)
    if whole and whole.grade > _AIM:
        parts = ((_reading(draft, number), number) for number in range(len(draft.source.handout.sections)))
        # Where there is only a summary, there is nothing else to name.
        hardest, number = max(((part.grade, number) for part, number in parts if part), default=(whole.grade, 0))
        heading = draft.source.handout.sections[number].heading
        far = f", far above {_AIM:.0f}" if whole.grade > _MOST else f"; the aim is {_AIM:.0f}"
        message = f"reading it takes {whole.grade} years of school (Flesch-Kincaid; SMOG {whole.smog}){far}"
        hint = f"hardest is “{heading}” with {hardest}: shorter words, shorter sentences"
        yield draft.warn("plain-grade", message, ("sections", number), hint)


def _reading(draft: Draft, section: int | None = None) -> Reading | None:
    return reading(p.text for p in draft.passages if p.kind in READ and section in (None, p.section))


def length(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for every long sentence, and for long ones on the whole (plain language; PEMAT 12)."""
    counts = []
    for passage, sentence in draft.sentences:
        count = _count_words(sentence)
        counts.append(count)
        if count > known.lengths.longest:
            message = f"a sentence of {count} words: “{_start(sentence)} …”"
            yield passage.warn("plain-long-sentence", message, "make two of it", sentence)
    if counts and (mean := sum(counts) / len(counts)) > known.lengths.mean:
        message = f"sentences have {mean:.1f} words on average, more than {known.lengths.mean}"
        yield draft.warn("plain-sentences", message, ("sections",), "make two of the longest ones")


def _count_words(sentence: str) -> int:
    """Return the number of words; 0 where there are no blanks between them, as no source tells what is long there."""
    return 0 if any(map(is_wide, sentence)) else len(split_words(sentence))


def jargon(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for each term that is not explained where it first stands (PEMAT 3 and 4)."""
    terms = {form: (forms, plain) for forms, plain in known.jargon.items() for form in forms.split(", ")}
    # The longest first, so that a term of two words is not taken for its last.
    names = sorted(terms, key=len, reverse=True)
    if not names:
        return
    finder = re.compile(rf"\b({'|'.join(map(re.escape, names))})s?\b", re.IGNORECASE)
    seen = {terms[term.lower()][0] for term in _defined(draft) if term.lower() in terms}
    for passage, sentence in _told(draft):
        for found in finder.finditer(sentence):
            forms, plain = terms[found[1].lower()]
            if forms in seen:
                continue
            seen.add(forms)
            if not _explained(found, plain):
                message = f"“{found.group()}” is not explained"
                hint = f"write “{plain}”, or add it in brackets: {found.group()} ({plain})"
                yield passage.warn("plain-jargon", message, hint, found.group())


def _told(draft: Draft) -> Iterator[tuple[Passage, str]]:
    """Yield headings, too, where they stand: whole, as they are no sentences."""
    for passage, told in draft.told:
        if passage.kind == "heading":
            yield passage, passage.text
        yield from ((passage, sentence) for sentence in told)


def _defined(draft: Draft) -> Iterator[str]:
    """Yield the terms of definitions, and those of the glossary, which the text leads to."""
    for entry in draft.source.handout.glossary:
        yield from (entry.term, *entry.forms)
    for block in draft.source.handout.blocks:
        if isinstance(block, Definitions):
            yield from (item.term for item in block.items)


def _explained(found: re.Match[str], plain: str) -> bool:
    """Tell whether plain words stand in brackets behind a term, around it, or in the same sentence."""
    sentence = found.string
    opened = sentence.rfind("(", 0, found.start())
    inside = opened > sentence.rfind(")", 0, found.start())
    behind = _EXPLAINS.search(sentence, found.end())
    near = behind and len(split_words(sentence[found.end() : behind.start()])) <= 1
    return bool(near or inside or any(word in sentence.lower() for word in plain.split(", ")))


def voice(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for a text in the passive voice, and for one that speaks to nobody (PEMAT 5; CDC CCI)."""
    forms = known.passive
    found = [
        (passage, sentence)
        for passage, sentence in draft.sentences
        if passive(sentence, forms.auxiliaries, forms.between, forms.participles, forms.states)
    ]
    total = len(draft.sentences)
    if total >= _FEW and len(found) / total > _PASSIVE:
        passage, first = found[0]
        share = 100 * len(found) / total
        message = f"{len(found)} of {total} sentences ({share:.0f} %) are passive, more than {100 * _PASSIVE:.0f} %"
        hint = f"say who does it; the first is “{_start(first)} …”"
        yield passage.warn("plain-passive", message, hint, first)
    own = [p for p in draft.passages if p.file is draft.file]
    if known.you and total >= _FEW and not any(word in known.you for p in own for word in split_words(p.text.lower())):
        hint = f"write “{known.you[0]}” for the reader"
        yield draft.warn("plain-you", "the text never speaks to its reader", ("sections",), hint)


def steps(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for each step that does not begin with a verb, or holds two instructions (PEMAT 21 and 22).

    A numbered list is one of steps if most of its items begin with one.
    """
    lists: dict[object, list[tuple[Passage, list[bool]]]] = {}
    for passage, told in draft.told:
        if passage.kind == "step":
            begun = [instruction(sentence, known.verbs, known.openings) for sentence in told]
            lists.setdefault((passage.file.path, passage.at[:-1]), []).append((passage, begun))
    for items in lists.values():
        if 2 * sum(any(begun[:1]) for _, begun in items) <= len(items):
            continue
        for passage, begun in items:
            if not any(begun[:1]):
                message = f"a step that does not begin with what to do: “{_start(passage.text)} …”"
                yield passage.warn("plain-step", message, "begin with a verb, as in “Press the point.”")
            elif sum(begun) > 1:
                yield passage.warn("plain-step", f"{sum(begun)} instructions in one step", "make one step of each")


def numbers(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for measures in words, sums for the reader, and cun without fingers (PEMAT 6 and 7)."""
    counted = re.compile(rf"\b({'|'.join(known.numbers)})[ -]({'|'.join(known.units)})s?\b", re.IGNORECASE)
    for passage, sentence in draft.sentences:
        if known.numbers and known.units and (found := counted.search(sentence)):
            hint = f"write {known.numbers[found[1].lower()]} {found.group()[len(found[1]) + 1 :]}"
            yield passage.warn("plain-number", f"a measure in words: “{found.group()}”", hint, found.group())
        if found := phrases(known.sums).search(sentence):
            message = f"the reader is asked to calculate: “{found.group()}”"
            yield passage.warn("plain-number", message, "give the result", found.group())
        if (found := re.search(r"\bcun\b", sentence)) and not phrases(known.fingers).search(sentence):
            hint = "three cun are as wide as four fingers: write it beside"
            yield passage.warn("plain-cun", "a measure in cun without finger-widths", hint, sentence)


def claims(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for each promise, unless it is hedged, or doubted in the editorial file already."""
    doubted = [" ".join(split_words(doubt.quote)) for doubt in draft.source.editorial.doubts]
    for passage, sentence in draft.sentences:
        found = phrases(known.claims).search(sentence)
        if not found or phrases(known.hedges).search(sentence):
            continue
        plain = " ".join(split_words(sentence))
        if not any(quote in plain or plain in quote for quote in doubted):
            hint = "leave it out, or say who says so: “traditionally used for …”"
            yield passage.warn("plain-claim", f"this promises: “{found.group()}”", hint, found.group())


def quotes(draft: Draft, known: PlainWords) -> Iterator[Problem]:
    """Yield a warning for each paragraph with a quotation mark that has no other."""
    opening, closing = known.quotes
    for passage in draft.passages:
        if passage.text.count(opening) != passage.text.count(closing) or passage.text.count('"') % 2:
            message = f"a quotation mark without its other: “{_start(passage.text)} …”"
            yield passage.warn("plain-quote", message, f"{opening}like this{closing}")


def _start(sentence: str) -> str:
    return " ".join(sentence.split()[:5])


WORDING_RULES = (grade, length, jargon, voice, steps, numbers, claims, quotes)
