"""Characters that our fonts cannot show, in the words of those who have written them."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from handout_builder.text import characters, language
from handout_builder.typefaces import coverage

_SIGNS = "✓ ✗ ☐ ☑ ● ■ ★ → ⚠ ☎ ✉ ✂ ♥"


class Lack(NamedTuple):
    """A character without a glyph: what is to be said, and what to do."""

    character: str
    message: str
    hint: str


def lacking(text: str) -> Iterator[Lack]:
    """Yield each character of a text that no font of ours has, once."""
    for character in coverage.missing(text):
        yield Lack(character, *_told(character))


def _told(character: str) -> tuple[str, str]:
    name = characters.name(character)
    other = characters.ordinary(character)
    if other and not any(coverage.missing(other)):
        message = f"'{character}' ({name}) is not the character {other}, though it may look like it"
        return message, f"write {other}: copies from PDFs bring such forms"
    message = f"no font has '{character}' ({name})"
    if language.cjk_runs(character):
        return message, "write the form that dictionaries have, or show it in a picture (a block of type 'figure')"
    if unicodedata.category(character).startswith("S"):
        return message, f"take a sign that can be printed, for example {_SIGNS}, or words"
    return message, "letters can be Latin, Greek, Cyrillic, Han, kana and hangul: write it with those"
