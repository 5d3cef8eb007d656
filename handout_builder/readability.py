"""How hard a text is to read: the school grade after Flesch and Kincaid."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$)")
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$")


@dataclass(frozen=True)
class Reading:
    """What was counted in a text, and its grade."""

    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The years of school that a reader needs (Kincaid and others, 1975: 0.39, 11.8, 15.59)."""
        return round(0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59, 1)


def reading(paragraphs: Iterable[str]) -> Reading | None:
    """Count an English text; each paragraph or list item ends a sentence; None where there are no words."""
    sentences = [part for text in paragraphs for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    words = [word for part in sentences for word in _WORD.findall(part)]
    return Reading(len(sentences), len(words), sum(map(_syllables, words))) if words else None


def _syllables(word: str) -> int:
    """Count the groups of vowels, without an e at the end that is not spoken."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))
