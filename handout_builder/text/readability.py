"""How hard a text is to read: the school grade after Flesch and Kincaid, and after McLaughlin (SMOG)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from handout_builder.text.sentences import split_sentences

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_LONG = 3
_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$")


@dataclass(frozen=True)
class Reading:
    """What was counted in a text, and its grade."""

    sentences: int
    words: int
    syllables: int
    long_words: int
    """Words of three syllables and more."""

    @property
    def grade(self) -> float:
        """The years of school that a reader needs (Kincaid and others, 1975: 0.39, 11.8, 15.59)."""
        return round(0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59, 1)

    @property
    def smog(self) -> float:
        """The grade by long words in 30 sentences (McLaughlin 1969: 1.0430, 3.1291)."""
        return round(1.043 * sqrt(30 * self.long_words / self.sentences) + 3.1291, 1)


def reading(paragraphs: Iterable[str]) -> Reading | None:
    """Count an English text; each paragraph or list item ends a sentence; None where there are no words.

    What a colon or semicolon ends is a sentence of its own (Flesch 1948: units of thought).
    """
    parts = (part for text in paragraphs for part in split_sentences(text, clauses=True))
    sentences = [part for part in parts if _WORD.search(part)]
    words = [word for part in sentences for word in _WORD.findall(part)]
    syllables = [_syllables(word) for word in words]
    long_words = sum(count >= _LONG for count in syllables)
    return Reading(len(sentences), len(words), sum(syllables), long_words) if words else None


def _syllables(word: str) -> int:
    """Count the groups of vowels, without an e at the end that is not spoken."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))
