"""The quarter of an em between Han and other letters: what stands for it in texts, and where lines are drawn.

It is a blank while lines are broken, and nothing in what is made of these: readers find the words as they were written.
"""

import re

BLANK = "\u2005"
"""The blank: every font sets it as wide as a quarter of its em, and behind it a line may break (UAX 14, BA).

Where an author wrote it, a word joiner stands before it, which no author may write."""
_AUTHORS = "\u2060\u2005"
_OURS = re.compile(rf"(?<!\u2060){BLANK}")

GLYPH = 0xFFFE
"""The number of its glyph in lines that are drawn: one that no font has."""
WIDTH = 250
"""How wide it is, in thousandths of an em."""


def authors_kept(text: str) -> str:
    """Return a text in which this blank is told from ours, where its author wrote it."""
    return text.replace(BLANK, _AUTHORS)


def without(text: str) -> str:
    """Return a text without our blanks."""
    return _OURS.sub("", text) if BLANK in text else text
