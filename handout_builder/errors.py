"""Problems are values: what is wrong, where, and what to do about it.

Exceptions::

    HandoutError            one or more problems that stop the work; carries them all
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path


class Severity(IntEnum):
    """How much a problem matters: an error stops the build, the others are only reported."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a source file, printed as ``path:line: code message``.

    ``line`` counts from 1; 0 means that the whole file is meant.
    """

    code: str
    message: str
    path: Path
    line: int = 0
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def about_brand(self) -> bool:
        """Whether it tells what was made of a clinic's brand."""
        return self.code.startswith("brand-")

    @property
    def about_build(self) -> bool:
        """Whether it is told with each build, not by ``check`` alone."""
        return self.about_brand or self.code == "engine-plain"

    def strictly(self) -> "Problem":
        """Return the problem as an error, if it is a warning or tells what was changed in a brand."""
        return replace(self, severity=Severity.ERROR) if self.severity is Severity.WARNING or self.about_brand else self

    def __str__(self) -> str:
        place = f"{display_path(self.path)}:{self.line}" if self.line else display_path(self.path)
        kind = "" if self.severity is Severity.ERROR else f"{self.severity.name.lower()} "
        hint = f"\n    hint: {_one_line(self.hint)}" if self.hint else ""
        return f"{place}: {kind}{self.code} {_one_line(self.message)}{hint}"


class HandoutError(Exception):
    """The work cannot go on; ``problems`` holds every reason that was found, in file order.

    ``written`` are the files of the products that nothing is wrong with.
    """

    def __init__(self, problems: Iterable[Problem], written: Iterable[Path] = ()) -> None:
        self.problems = tuple(in_order(problems))
        self.written = tuple(written)
        super().__init__("\n".join(map(str, self.problems)))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file and line; those of one line stay in the order in which they were found."""
    return sorted(problems, key=lambda problem: (str(problem.path), problem.line))


def installation(path: Path, reason: str) -> HandoutError:
    """Return the error for a part of the program itself that cannot be used."""
    hint = "install the program anew, or take the file from a fresh copy"
    return HandoutError(
        [Problem("installation", f"a part of the program is missing or damaged: {reason}", path, hint=hint)]
    )


def display_path(path: Path) -> str:
    """Return the path as the user would type it: relative to the working folder when inside it.

    Line breaks and other control characters in a file name are shown escaped, so that a report
    keeps one problem a line.
    """
    with contextlib.suppress(ValueError, OSError, RuntimeError):  # a link that leads to itself
        path = path.resolve().relative_to(Path.cwd().resolve())
    return _one_line(str(path))


def _one_line(text: str) -> str:
    """Return a text with what would steer a terminal, or begin a line of its own, shown escaped."""
    return "".join(char if char.isprintable() or char == "\u00a0" else repr(char)[1:-1] for char in text)


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Return up to ``count`` of the known words, the most alike first: for hints."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed to explain a mistake

    return get_close_matches(word, list(known), n=count, cutoff=0.4)
