"""Characters that no text may hold, in prose, names or labels: what is not seen, and what turns signs around."""

import re
import unicodedata
from collections.abc import Iterator

# Unicode's general categories (Unicode Standard, section 4.5): controls, formats (marks of direction, UAX 9, among
# them), surrogates, private use, unassigned, and the separators of lines and paragraphs.
_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# Letters and marks that show nothing (Default_Ignorable_Code_Point): grapheme joiner, fillers of hangul, inherent
# vowels of Khmer, selectors of variants, for which our fonts have none.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# Line ends and tabs are blanks to Markdown. A script that needs U+200C or U+200D to be written right would have them
# allowed here.
_ALLOWED = frozenset("\n\t")
# A soft hyphen says where a word may be broken; in a number it would make two of it, as other marks for breaks would.
_IN_A_WORD = re.compile(r"(?<=[^\W\d_])\u00ad(?=[^\W\d_])")
_PLAIN = re.compile(r"[ -~\n]*")


def is_odd(character: str) -> bool:
    """Tell whether the character may stand in no text."""
    if character in _ALLOWED:
        return False
    return unicodedata.category(character) in _CATEGORIES or _IGNORABLE.match(character) is not None


def odd(text: str) -> Iterator[str]:
    """Yield each character that may not stand where it does, once, in order."""
    if not _PLAIN.fullmatch(text):
        yield from filter(is_odd, dict.fromkeys(_IN_A_WORD.sub("", text)))


def name(character: str) -> str:
    """Return the code point of a character with its name where it has one: ``U+200F RIGHT-TO-LEFT MARK``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()


def is_blank(text: str) -> bool:
    """Tell whether nothing of the text is seen."""
    return all(character.isspace() or character == "\u00ad" for character in text)
