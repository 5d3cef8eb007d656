"""Finds characters that no bundled font can show."""

import unicodedata
from collections.abc import Container, Iterator
from typing import NamedTuple

from handout_builder.text import characters, language
from handout_builder.typefaces import coverage

_SIGNS = "✓ ✗ ☐ ☑ ● ■ ★ → ⚠ ☎ ✉ ✂ ♥"


_LETTERS = "letters can be Latin, Greek, Cyrillic, Han, kana and hangul: write it with those"
_BRING = "bring a font that has them (typography: fonts:, and headings: or base:), or write it in Latin letters"
# So many letters of a script are named.
_NAMED = 12


class Lack(NamedTuple):
    """A character without a glyph, or several of one script, with a message and a hint."""

    character: str
    """The first."""
    message: str
    hint: str


def lacking(text: str, drawn: Container[int] = (), *, clinic: bool = False) -> Iterator[Lack]:
    """Yield what of a text no font of ours has, nor the code points of ``drawn``: each sign, and each script, once.

    A ``clinic`` may bring a font of its own.
    """
    scripts: dict[str, list[str]] = {}
    for character in coverage.missing(text):
        if ord(character) not in drawn:
            scripts.setdefault(_script(character) or character, []).append(character)
    for script, letters in scripts.items():
        message, hint = _told(letters[0])
        if len(letters) > 1:
            more = " …" if len(letters) > _NAMED else ""
            message = f"no font has these letters ({script.title()}): {' '.join(letters[:_NAMED])}{more}"
        yield Lack(letters[0], message, _BRING if clinic and hint is _LETTERS else hint)


def _script(character: str) -> str:
    """Return the script of a letter, its vowel signs or digits, as Unicode names begin with; "" for Han and signs."""
    if (
        unicodedata.category(character)[0] not in "LMN"
        or language.cjk_runs(character)
        or characters.ordinary(character)
    ):
        return ""
    return unicodedata.name(character, "").partition(" ")[0]


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
    return message, _LETTERS
