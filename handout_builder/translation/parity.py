"""Whether a translation says what its original does, as far as a program can tell.

The same blocks, keys, points, doses and links; the same numbers in each text; and a “not” where there is one. What the
words mean is for a person to compare.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import Problem
from handout_builder.plain_language.word_lists import Parity
from handout_builder.text import markdown
from handout_builder.text.sentences import phrases, split_words
from handout_builder.translation.blocks import blocks

# Words for the program, not for readers.
SAME = frozenset(
    (
        *("id", "type", "code", "include", "view", "link", "points", "about", "side", "size", "pressure", "above"),
        *("rank", "says", "sources", "body", "skin", "licence", "align", "after", "field"),
    )
)
"""Keys of values that are the same in all languages."""
# What may be another in another language, or there alone: a photo with words in it, a name as its author writes it.
FREE = frozenset(("image", "lang", "accept", "reading_lang"))
"""Keys of values that each language has for itself."""
# A name, a code or a title of a work is the same in two languages; more words are not.
_MOST_LEFT = 4
# What English says by an article: 1日1回 is once a day.
_ARTICLE = frozenset("1")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_FRACTIONS = str.maketrans({"½": "0.5", "¼": "0.25", "¾": "0.75"})


@dataclass(frozen=True)
class Reader:
    """How numbers and negations are told in one language."""

    words: Parity

    @cached_property
    def _negation(self) -> re.Pattern[str]:
        return phrases(self.words.negations)

    @cached_property
    def _lack(self) -> re.Pattern[str]:
        return phrases((*self.words.negations, *self.words.lacks))

    @cached_property
    def _said(self) -> re.Pattern[str]:
        return phrases(tuple(sorted(self.words.numbers, key=len, reverse=True)))

    def negates(self, text: str) -> bool:
        """Tell whether there is a “not” in a text."""
        return bool(self._negation.search(text))

    def may_negate(self, text: str) -> bool:
        """Tell whether there is a “not” in a text, or a word that is one in other languages."""
        return bool(self._lack.search(text))

    def said(self, text: str) -> set[str]:
        """Return the numbers that a text tells in words."""
        return {f"{self.words.numbers[found.lower()]:g}" for found in self._said.findall(text)}


Readers = tuple[Reader, Reader] | None
"""Those of the original and of the translation; None where their words are not known."""


def differences(original: YamlFile, translated: YamlFile, readers: Readers) -> Iterator[Problem]:
    """Yield an error for each place where a translation is not built as its original is, or tells another number.

    Without readers, numbers and negations are not compared.
    """
    wanted, there = blocks(original), blocks(translated)
    for name in wanted.keys() - there.keys():
        hint = "translate it, too; to put it in: make_handout.py translations --align"
        yield _problem(translated, (), f"{name} is in {original.path.name} and not here", hint)
    for name in there.keys() - wanted.keys():
        yield _problem(
            translated, there[name].at, f"{name} is not in {original.path.name}", "take it out, or put it there"
        )
    for name in (name for name in wanted if name in there):
        for at, message in _compared(wanted[name].value, there[name].value, (), readers):
            line = original.line((*wanted[name].at, *at))
            yield _problem(translated, (*there[name].at, *at), message, f"compare it with {original.path.name}:{line}")


def _problem(file: YamlFile, at: Location, message: str, hint: str) -> Problem:
    return Problem("translation-differs", message, file.path, file.line(at), hint)


def _compared(one: Any, other: Any, at: Location, readers: Readers) -> Iterator[tuple[Location, str]]:
    """Yield what differs in a value, and where."""
    key = next((part for part in reversed(at) if isinstance(part, str)), "")
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        yield from _mappings(one, other, at, readers)
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield at, f"'{key or 'list'}' has {len(other)} items instead of {len(one)}"
        for index, (first, second) in enumerate(zip(one, other, strict=False)):
            yield from _compared(first, second, (*at, index), readers)
    elif isinstance(one, str) and isinstance(other, str) and key not in SAME:
        yield from ((at, message) for message in told(one, other, readers))
    elif one != other:
        yield at, f"'{key}' is {other}, not {one}"


def _mappings(
    one: Mapping[str, Any], other: Mapping[str, Any], at: Location, readers: Readers
) -> Iterator[tuple[Location, str]]:
    for name in [name for name in {**one, **other} if name not in FREE]:
        if name in one and name in other:
            yield from _compared(one[name], other[name], (*at, name), readers)
        else:
            yield at, f"'{name}' is in one language only"


def told(one: str, other: str, readers: Readers) -> Iterator[str]:
    """Yield what differs in a text and its translation: where links lead, numbers, negations."""
    if one == other:
        if len(split_words(one)) > _MOST_LEFT:
            yield "this is not translated"
        return
    if sorted(markdown.links(one)) != sorted(markdown.links(other)):
        yield "its links lead elsewhere"
    if not readers:
        return
    plain = [markdown.plain(text) for text in (one, other)]
    digits = [_digits(text) for text in plain]
    said = [reader.said(text) for reader, text in zip(readers, plain, strict=True)]
    if lost := digits[0] - digits[1] - said[1]:
        yield f"the number {', '.join(sorted(lost))} of the original is not in it"
    if new := digits[1] - digits[0] - said[0] - _ARTICLE:
        yield f"the number {', '.join(sorted(new))} is not in the original"
    (reader, of_original), (other_reader, of_other) = zip(readers, plain, strict=True)
    if reader.negates(of_original) and not other_reader.may_negate(of_other):
        yield "the original says “not”, and this does not"
    if other_reader.negates(of_other) and not reader.may_negate(of_original):
        yield "this says “not”, and the original does not"


def _digits(text: str) -> set[str]:
    """Return the numbers that a text tells in digits of any width, with a point in fractions."""
    plain = unicodedata.normalize("NFKC", text.translate(_FRACTIONS))
    return {number.replace(",", ".") for number in _NUMBER.findall(plain)}
