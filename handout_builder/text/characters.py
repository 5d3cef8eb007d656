"""Characters that no text may hold, in prose, names or labels: what is not seen, and what turns signs around."""

import re
import unicodedata
from collections.abc import Iterator

# Unicode's general categories (Unicode Standard, section 4.5): controls, formats (marks of direction among them,
# UAX 9), surrogates, private use, unassigned, and the separators of lines and paragraphs.
_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# Letters and marks that show nothing (Default_Ignorable_Code_Point): grapheme joiner, fillers of hangul, inherent
# vowels of Khmer, selectors of variants, for which our fonts have none.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Line ends and tabs are blanks to Markdown; the others say where a long word may be broken, or may not. A script that
# needs U+200C or U+200D to be written right would have them allowed here.
_ALLOWED = frozenset("\n\t\u00ad\u200b\u2060")
_PLAIN = re.compile(r"[ -~\n]*")


def is_odd(character: str) -> bool:
    """Tell whether the character may stand in no text."""
    if character in _ALLOWED:
        return False
    return unicodedata.category(character) in _CATEGORIES or _IGNORABLE.match(character) is not None


def odd(text: str) -> Iterator[str]:
    """Yield each character that may stand in no text, once, in order."""
    if not _PLAIN.fullmatch(text):
        yield from (character for character in dict.fromkeys(text) if is_odd(character))


def name(character: str) -> str:
    """Return the code point of a character with its name where it has one: ``U+200F RIGHT-TO-LEFT MARK``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def is_blank(text: str) -> bool:
    """Tell whether nothing of the text is seen."""
    return all(character.isspace() or character in _ALLOWED for character in text)
