"""Sentences of a text, and what can be told of one without understanding it."""

import re
from collections.abc import Iterable
from functools import lru_cache

from handout_builder.text.east_asian import is_wide

# Behind a full stop of Chinese and Japanese there is no blank; a small letter goes on with what an abbreviation was in.
_END = re.compile(r"(?<=[.!?])[”’\")\]]*\s+(?=\S)|(?<=[。！？])[」』”’）]*(?=[^」』”’）])")
_CLAUSE_END = re.compile(rf"{_END.pattern}|(?<=[:;])\s+")
_WORD = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")
_MOST_BETWEEN = 4


def split_words(text: str) -> list[str]:
    """Return the words and numbers of a text, without punctuation."""
    return _WORD.findall(text)


def split_sentences(text: str, abbreviations: Iterable[str] = (), *, clauses: bool = False) -> list[str]:
    """Return the sentences of one paragraph; the full stop of an abbreviation ends none.

    ``clauses``: what a colon or semicolon ends counts as one, too.
    """
    short = tuple(f"{word}." for word in abbreviations)
    found: list[str] = []
    start = 0
    for end in (_CLAUSE_END if clauses else _END).finditer(text):
        if text[end.end()].islower() and text[end.start() - 1] not in ":;":
            continue
        if split_words(text[start : end.start()]) and text[: end.start()].rpartition(" ")[2].lstrip("(“") not in short:
            found.append(text[start : end.end()].strip())
            start = end.end()
    return [*found, text[start:].strip()] if split_words(text[start:]) else found


@lru_cache
def phrases(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds any of some phrases: ``*`` is any ending of a word, ``…`` up to four words."""
    return re.compile("|".join(map(_phrase, patterns)) or r"(?!)", re.IGNORECASE)


def _phrase(pattern: str) -> str:
    parts = [re.escape(part).replace(r"\*", r"\w*") for part in pattern.split()]
    # Words without blanks between them are found inside others.
    first, last = ("" if is_wide(letter) else edge for letter, edge in ((pattern[0], r"\b"), (pattern[-1], r"(?!\w)")))
    # What stands in between is optional, and brings its own blank.
    return first + r"\s+".join(parts).replace(r"…\s+", rf"(?:[^\s.!?]+\s+){{0,{_MOST_BETWEEN}}}") + last


def passive(
    sentence: str, auxiliaries: Iterable[str], between: Iterable[str], participles: Iterable[str], states: Iterable[str]
) -> bool:
    """Tell whether a sentence has a form of "be" with a participle: one in -ed, or one of a list.

    ``between`` are words that may stand between the two, beside adverbs in -ly; ``states`` are no participles.
    """
    awaiting = False
    for word in map(str.lower, split_words(sentence)):
        if word in auxiliaries:
            awaiting = True
        elif awaiting and not (word in between or word.endswith("ly")):
            awaiting = False
            if word not in states and (word in participles or (word.endswith("ed") and not word.endswith("eed"))):
                return True
    return False


def instruction(sentence: str, verbs: Iterable[str], openings: Iterable[str]) -> bool:
    """Tell whether a sentence tells what to do: it begins with one of the verbs, or does so after a comma."""
    return any(_commands(part, verbs, openings) for part in (sentence, *sentence.split(", ")[1:2]))


def _commands(part: str, verbs: Iterable[str], openings: Iterable[str]) -> bool:
    left = " ".join(split_words(part.lower()))
    for _ in range(2):
        for opening in openings:
            left = left.removeprefix(f"{opening} ")
    return left.partition(" ")[0] in verbs
