"""The word lists by which plain language is told: ``source/shared/plain/``, one file a language."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from handout_builder import source_files
from handout_builder.content.schema import Model, Region, Whole
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import read_text, yaml_file
from handout_builder.resources import beside
from handout_builder.text.sentences import phrases

Words = tuple[Annotated[str, Field(min_length=1)], ...]
"""Single words in small letters; none where a rule makes no sense in the language."""
Phrases = Words
"""Phrases in which ``*`` stands for any ending of a word and ``…`` for up to four words."""


class Passive(Model):
    """How the passive voice is told."""

    auxiliaries: Annotated[Words, Field(description="The forms of “be” and “get”.")]
    between: Annotated[Words, Field(description="What may stand between these and the participle.")]
    participles: Annotated[Words, Field(description="Participles that do not end in -ed.")]
    states: Annotated[Words, Field(description="Words that look like participles and tell a state.")]


class Parity(Model):
    """By which words a translation is compared with its original."""

    numbers: Annotated[dict[str, float], Field(description="Words for numbers, in small letters.")]
    negations: Annotated[Words, Field(description="Words that say “not”; another language says it, too.")]
    lacks: Annotated[Words, Field(description="Words for which another language may say “not”.")]


class PointPhrases(Model):
    """By which phrases a sentence about a point tells what it says."""

    places: Annotated[Phrases, Field(description="Where the point is.")]
    uses: Annotated[Phrases, Field(description="What it is for; this goes before the place.")]
    doses: Annotated[Phrases, Field(description="How long and how often it is pressed; a use goes before it.")] = ()
    warnings: Annotated[Phrases, Field(description="What to take care of; this goes before all else.")]
    warned_first: Annotated[Phrases, Field(description="The same, at the beginning of a sentence alone.")]
    used_first: Annotated[
        Phrases, Field(description="What a sentence begins with that else tells nothing: a use.")
    ] = ()
    placed_first: Annotated[Phrases, Field(description="The same: a place.")] = ()
    others: Annotated[Phrases, Field(description="By which a text turns to another point, named beside them.")] = ()


class Care(Model):
    """By which phrases a sentence gives advice that nobody should miss."""

    forbids: Annotated[Phrases, Field(description="What is not to be done.")]
    asks: Annotated[Phrases, Field(description="Whom to ask, and what they are asked about first of all.")]


class Lengths(Model):
    """How long sentences are, in what stands between two blanks: words in most languages, syllables in Vietnamese."""

    mean: Annotated[int, Field(gt=0, description="The most that a sentence has on average."), Whole] = 15
    longest: Annotated[int, Field(gt=0, description="The most that any sentence has."), Whole] = 25


class PlainWords(Model):
    """The words of one language by which its texts are judged."""

    jargon: Annotated[dict[str, str], Field(description="Terms, with all their forms, and plain words for each.")]
    verbs: Annotated[Words, Field(description="Words that begin an instruction.")]
    openings: Annotated[Words, Field(description="What may stand before such a word.")]
    you: Annotated[Words, Field(description="Words by which a text speaks to its reader.")]
    passive: Passive
    numbers: Annotated[dict[str, int], Field(description="Words for numbers.")]
    units: Annotated[Words, Field(description="Units, without their plural.")]
    sums: Annotated[Phrases, Field(description="Phrases that leave a sum to the reader.")]
    fingers: Annotated[Phrases, Field(description="Words that tell a distance by the hand.")]
    pictures: Annotated[Phrases, Field(description="Words by which a text refers to a picture.")]
    claims: Annotated[Phrases, Field(description="What may not be promised.")]
    hedges: Annotated[Phrases, Field(description="Words that make a claim the claim of others, or deny it.")]
    regions: Annotated[
        dict[Region, Phrases],
        Field(default_factory=dict, description="Words of a title that tell which part of the body it is about."),
    ]
    point_sentences: Annotated[
        PointPhrases | None, Field(description="By which `import` tells sentences about points apart.")
    ] = None
    exercises: Annotated[
        Phrases, Field(description="Words of a heading under which `import` takes lists of steps for exercises.")
    ] = ()
    advice: Annotated[
        dict[str, Phrases],
        Field(
            default_factory=dict,
            description="Words of a heading by which `import` tells that a section says what a safety block says, too.",
        ),
    ]
    care: Annotated[Care | None, Field(description="By which a build tells what advice a short form leaves out.")] = (
        None
    )
    parts: Annotated[
        dict[str, Phrases],
        Field(default_factory=dict, description="Words by which a summary speaks of a block, by the block’s type."),
    ]
    lengths: Annotated[Lengths, Field(default_factory=Lengths, description="How long sentences are at most.")]
    abbreviations: Annotated[Words, Field(description="Shortened words, without their last full stop.")]
    quotes: Annotated[tuple[str, str], Field(description="The opening and the closing quotation mark.")]
    parity: Annotated[Parity | None, Field(description="Words by which translations are compared.")] = None


def regions_in(text: str, words: PlainWords | None) -> dict[str, str]:
    """Return the parts of the body of which a title speaks, each with the words that tell so.

    What is part of a longer phrase counts for nothing: "đau đầu" is a headache, "đau đầu gối" a sore knee.
    """
    if words is None:
        return {}
    told = {part: phrases(tuple(sorted(listed, key=len, reverse=True))) for part, listed in words.regions.items()}
    found = [(part, match) for part, finder in told.items() for match in finder.finditer(text)]
    return {
        part: match[0]
        for part, match in reversed(found)  # so that the first of a part is kept
        if not any(_inside(match, other) for _, other in found)
    }


def _inside(match: re.Match[str], other: re.Match[str]) -> bool:
    (begin, end), (first, last) = match.span(), other.span()
    return first <= begin and end <= last and end - begin < last - first


def plain_words(root: Path, lang: str) -> PlainWords | None:
    """Return the words of a language, beside the handouts or else the program's own; None where there are none.

    Raises HandoutError.
    """
    path = beside(root, f"shared/plain/{lang}.yaml")
    return _checked(path, read_text(path)) if source_files.exists(path) else None


@lru_cache(maxsize=2)
def _checked(path: Path, text: str) -> PlainWords:
    """Return the words in a file, which is the same from one handout to the next."""
    return validate(yaml_file(path, text), PlainWords, None)
