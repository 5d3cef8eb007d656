"""Sections in which an author gives the advice that the safety blocks before the points give, too."""

from collections.abc import Mapping, Sequence

from handout_builder.intake.sections import TODO
from handout_builder.text.sentences import phrases

_HOW = "how-to-press"
_PRESSING = f"{TODO} how to press is told before the points, too. Put your own words into 'own:' of that block, {_HOW}"
_WARNING = f"{TODO} {{blocks}} before the points may say this, too: delete here what is said twice"


def remarks(heading: str, told: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return what is left to do in a section, by its heading; nothing for most.

    ``told`` has the words of such headings by the names of the safety blocks.
    """
    named = [block for block, words in told.items() if phrases(tuple(words)).search(heading)]
    warnings = [block for block in named if block != _HOW]
    pressing = (f"{_PRESSING}, and delete this section.",) if _HOW in named else ()
    return (*pressing, f"{_WARNING.format(blocks=' and '.join(warnings))}.") if warnings else pressing
