"""Messages about pages that hold one person's words, told without any of these words.

The nets behind a page quote what they find: “…” does not fit, “…” cannot be read. What they find on a page that is made
out to one person may be that person's name. So such pages have messages by their codes alone.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from handout_builder.errors import HandoutError, Problem, kind_and_place

T = TypeVar("T")

_TOLD = {
    "page-overflow": ("something does not fit in its place", "make the text shorter"),
    "page-overlap": ("something stands on something else", "make the text shorter"),
    "page-stranded": ("a heading, a rule or a ground stands alone", ""),
    "page-empty": ("a page is mostly empty", ""),
    "panel-empty": ("a panel of the leaflet is mostly empty", ""),
    "incomplete": (
        "something that belongs on the page is not there, or cannot be read as it was set",
        "this is a bug in the program or of a brand's templates: nothing was written",
    ),
    "typesetting": ("the engine cannot set the page as it is", "look for characters that no font of ours has"),
    "font": ("a character has no glyph in our fonts", "write it in other characters"),
    "too-long": (
        "the pages take more room than there is",
        "choose fewer points, shorten the notes, or name what a visit sheet is `about`: it then has fewer signs",
    ),
}
_OTHER = ("the page cannot be made", "try the same without the personal words: its message then says more")
# Numbers of pages are nobody's words.
_PAGE = re.compile(r"\bpage \d+")


def without_words(problem: Problem) -> Problem:
    """Return a problem of a page as its code tells it, with the number of the page: nothing on it is quoted."""
    message, hint = _TOLD.get(problem.code, _OTHER)
    page = _PAGE.search(problem.message)
    message += f": {page.group()}" if page else ""
    return Problem(problem.code, message, problem.path, problem.line, hint, problem.severity)


def kept(path: Path, work: Callable[[], T]) -> T:
    """Run ``work``; replace its errors by problems about ``path`` that quote nothing from the page.

    MemoryError and OSError pass, as they name files and
    limits. Raises HandoutError for all others.
    """
    try:
        return work()
    except HandoutError as error:
        found = list(dict.fromkeys(map(without_words, error.problems)))
    except (MemoryError, OSError):
        raise
    except Exception as error:  # its words may be those of the page
        message, hint = _OTHER
        found = [Problem("engine", f"{message}: {kind_and_place(error)}", path, hint=hint)]
    raise HandoutError(found)  # outside of the handlers, so that no trace leads to what was raised first
