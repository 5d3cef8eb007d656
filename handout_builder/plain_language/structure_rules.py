"""Rules for what stands in a handout and where, in any language."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from math import ceil

from handout_builder.content import safety, schema
from handout_builder.content.yaml_reader import Location
from handout_builder.errors import Problem
from handout_builder.plain_language.passages import READ, Draft
from handout_builder.plain_language.word_lists import regions_in
from handout_builder.text import language, markdown
from handout_builder.text.sentences import instruction, phrases, split_words

_ITEMS, _LINES, _CAPITALS = 7, 5, 4
_LINE = 65
"""Characters: the measure of the pages is 60 to 70 (RNIB Clear Print)."""
_TOLD = {
    "emergency": "when to get help at once",
    "doctor": "when to see a doctor",
    "stop": "when not to press",
}
"""What is told before the points, by the rank of the box that tells it."""
_SHOWN = (
    "it needs both: 'caption:' with what to look at, and a text beside it: The picture shows where to press."
    " For one that only pleases: 'accept: {plain-figure: the reason}'"
)
_EVERY = ", ".join(schema.REGIONS)
_WRONG = "愈"
_SHORTEST = 5
"""Letters of a reading that is no word of another language by chance."""


def sizes(draft: Draft) -> Iterator[Problem]:
    """Yield a warning for each long list and paragraph, and for words in capitals or italics (PEMAT 8, 9; RNIB)."""
    for s, section in enumerate(draft.source.handout.sections):
        for b, block in enumerate(section.blocks):
            if isinstance(block, schema.List) and len(block.items) > _ITEMS:
                message = f"a list of {len(block.items)} items, more than {_ITEMS}"
                hint = "make two lists, each with a heading"
                yield draft.warn("plain-list", message, ("sections", s, "blocks", b), hint)
    for passage in draft.passages:
        lines = ceil(len(passage.text) / _LINE)
        if passage.kind in READ and lines > _LINES:
            message = f"a paragraph of about {lines} lines, more than {_LINES}"
            yield passage.warn("plain-paragraph", message, "make two of it, or a list")
        run = _longest([word.isupper() and len(word) > 1 for word in split_words(passage.text)])
        slanted = max((len(split_words(text)) for text in passage.italics), default=0)
        if (most := max(run, slanted)) > _CAPITALS:
            what = "capitals" if run > _CAPITALS else "italics"
            yield passage.warn("plain-capitals", f"{most} words in a row in {what}", "bold is easier to read")


def _longest(flags: list[bool]) -> int:
    return max(map(len, "".join(" x"[flag] for flag in flags).split()), default=0)


def figures(draft: Draft) -> Iterator[Problem]:
    """Yield a warning for each picture without caption, and one for a section's pictures to which no text near refers.

    PEMAT 16 to 18. Pictures may end a section and serve the next one. An overview has its own table that refers to it.
    """
    texts: dict[int, list[str]] = {}
    for passage in draft.passages:
        if passage.kind in READ and passage.kind != "caption":
            texts.setdefault(passage.section, []).append(passage.text)
    refers = phrases(draft.words.pictures) if draft.words and draft.words.pictures else None
    for s, section in enumerate(draft.source.handout.sections):
        drawn = [b for b, block in enumerate(section.blocks) if isinstance(block, schema.Figure | schema.Chart)]
        for b in drawn:
            block = section.blocks[b]
            if isinstance(block, schema.Figure) and not block.caption:
                yield draft.warn("plain-figure", "a picture without a caption", ("sections", s, "blocks", b), _SHOWN)
        if drawn and refers and not any(map(refers.search, texts.get(s, []) + texts.get(s + 1, []))):
            which = "this picture" if len(drawn) == 1 else f"the {len(drawn)} pictures of this section"
            yield draft.warn("plain-figure", f"no text refers to {which}", ("sections", s, "blocks", drawn[0]), _SHOWN)


def parts(draft: Draft) -> Iterator[Problem]:
    """Yield a warning for a part that is not there: summary, what to do, author, sources (PEMAT 1, 11, 20; CDC CCI)."""
    handout, known = draft.source.handout, draft.words
    if not handout.summary:
        yield draft.warn("plain-summary", "there is no summary", hint="two or three sentences under 'summary:'")
    own = [sentence for passage, sentence in draft.sentences if passage.file is draft.file]
    if known and known.verbs and not any(instruction(sentence, known.verbs, known.openings) for sentence in own):
        hint = "for example: Press each point once a day."
        yield draft.warn("plain-action", "the text does not tell its reader what to do", ("sections",), hint)
    if not handout.author:
        yield draft.warn("plain-author", "the handout does not name its author", hint="add 'author:'")
    if not handout.sources:
        yield draft.warn("plain-sources", "the handout names no sources", hint="add 'sources:'")


def red_flags(draft: Draft) -> Iterator[Problem]:
    """Yield an error for warning signs that do not fit the complaint, or are not told before the points (PEMAT 20).

    A block that is switched off is told as ``safety-off`` already.
    """
    handout = draft.source.handout
    needed = safety.regions(handout)
    yield from _complaint(draft)
    told: dict[str, set[str]] = {rank: set() for rank in _TOLD}
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            at = ("sections", s, "blocks", b)
            if isinstance(block, schema.Safety):
                for box in safety.boxes(draft.source, block.model_copy(update={"show": True})):
                    parts = box.about
                    if block.show and box.rank in ("emergency", "doctor"):
                        yield from _fit(draft, box, at)
                    told.setdefault(box.rank, set()).update(needed if parts is None or not block.show else parts)
            elif isinstance(block, schema.Points | schema.Overview | schema.Chart):
                missing = {rank: [part for part in needed if part not in told[rank]] for rank in _TOLD}
                whats = [
                    what if parts == [*needed] else f"{what} ({', '.join(parts)})"
                    for (rank, what), parts in zip(_TOLD.items(), missing.values(), strict=True)
                    if parts
                ]
                if whats:
                    message = f"points before it is said {' and '.join(whats)}"
                    hint = "put the safety blocks into a section before this one: see-a-doctor, when-not-to-press"
                    yield draft.refuse("plain-red-flags", message, at, hint)
                return


def _complaint(draft: Draft) -> Iterator[Problem]:
    """Yield an error where a handout with points does not say what it is about, or its title says another thing."""
    handout = draft.source.handout
    title = " ".join(markdown.plain(text) for text in (handout.title, handout.subtitle) if text)
    named = regions_in(title, draft.words)
    if handout.about is None:
        if draft.source.codes:
            message = "it is not said which part of the body the handout is about; its warning signs are chosen by that"
            some = ", ".join(named)
            hint = f"add 'about: {f'[{some}]' if len(named) > 1 else some}'" if named else f"add 'about:': {_EVERY}"
            yield draft.refuse("plain-red-flags", message, ("title",), hint)
        return
    for part, words in named.items():
        if part not in handout.about:
            message = f"the title says “{words}”, and the warning signs are those of {', '.join(handout.about)}"
            yield draft.refuse("plain-red-flags", message, ("about",), f"add {part} to 'about:'")


def _fit(draft: Draft, box: safety.Box, at: Location) -> Iterator[Problem]:
    """Yield an error for a box of warning signs that are for other parts of the body, or for nobody knows which."""
    needed, parts = safety.regions(draft.source.handout), box.about
    if parts is None:
        message = f"the block '{box.name}' does not say for which parts of the body its signs are"
        hint = f"add 'about:' to it in shared/{draft.source.lang}.yaml: {_EVERY}"
        yield draft.refuse("plain-red-flags", message, at, hint)
    elif not set(parts) & set(needed):
        message = f"the signs of '{box.name}' are for {', '.join(parts)}; the handout is about {', '.join(needed)}"
        yield draft.refuse("plain-red-flags", message, at, "include see-a-doctor: it has the signs of 'about:'")


def names(draft: Draft) -> Iterator[Problem]:
    """Yield a warning for a point of two names, a wrong character in one, and a reading without its code (WHO 2008)."""
    first: dict[str, str] = {}
    for s, section in enumerate(draft.source.handout.sections):
        for b, block in enumerate(section.blocks):
            for p, card in enumerate(block.points if isinstance(block, schema.Points) else ()):
                if (name := first.setdefault(card.code, card.name.text)) != card.name.text:
                    message = f"{card.code} is {card.name.text} here and {name} above"
                    at = ("sections", s, "blocks", b, "points", p, "name")
                    yield draft.warn("plain-name", message, at, "write it in one way")
    readings: dict[str, list[str]] = {}
    for code, point in draft.source.points.items():
        for reading in {_bare(point.names.romaji), _bare(point.names.pinyin)}:
            if len(reading) >= _SHORTEST:
                readings.setdefault(reading, []).append(code)
    for passage in draft.passages:
        for run in language.cjk_runs(passage.text):
            if _WRONG in run and len(run) > 1:
                message = f"{_WRONG} (U+{ord(_WRONG):04X}) in {run}: names of points have 俞, in Japanese 兪"
                yield passage.warn("plain-name", message, "compare it with: make_handout.py points", run)
        for word in split_words(passage.text):
            codes = readings.get(_bare(word), []) if word[0].isupper() else []
            if codes and not any(code in passage.text or code == passage.card for code in codes):
                message = f"the reading “{word}” without its code"
                hint = f"write {word} [{' or '.join(codes)}]"
                yield passage.warn("plain-reading", message, hint, word)


@lru_cache(maxsize=8192)  # of each word of a text, and of each reading, again for each key that is typed
def _bare(reading: str) -> str:
    """Return a reading in small letters without blanks, tones and length marks."""
    letters = unicodedata.normalize("NFD", reading.lower())
    return "".join(letter for letter in letters if letter.isalpha())


STRUCTURE_RULES = (sizes, figures, parts, red_flags, names)
