"""Problems are values: what is wrong, where, and what to do about it.

Exceptions::

    HandoutError            one or more problems that stop the work; carries them all
"""

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import islice
from pathlib import Path

from handout_builder.resources import FONTS, LAYOUTS, PACKAGE

# The most characters of a message or hint that are told, whatever they quote, and how many of them are its end.
_MOST, _END = 600, 100


class Severity(IntEnum):
    """How much a problem matters: an error stops the build, the others are only reported."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


_OF_PAGES = frozenset(("engine-plain", "left-out", "page-stranded", "page-empty", "panel-empty", "coarse-picture"))
READ_HINT = "put a file there that you may read"
"""What to do where a system does not let a file be read: none is there, it is a folder or kept shut."""
REPORT_HINT = "please report it as an issue, with this line and the output of --version"
"""What to do about a bug in the program where nothing else may be told, as it may be one person's words."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a source file, printed as ``path:line: code message``.

    ``line`` counts from 1; 0 means that the whole file is meant. Of a very long message or hint the middle is left out.
    """

    code: str
    message: str
    path: Path
    line: int = 0
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        for name, text in (("message", self.message), ("hint", self.hint)):
            if len(text) > _MOST:
                object.__setattr__(self, name, f"{text[: _MOST - _END]} … {text[-_END:]}")

    @property
    def about_brand(self) -> bool:
        """Whether it tells what was made of a clinic's brand."""
        return self.code.startswith("brand-")

    @property
    def about_build(self) -> bool:
        """Whether it is told with each build, not by ``check`` alone: what there is to see on finished pages."""
        return self.about_brand or self.code in _OF_PAGES

    def strictly(self) -> "Problem":
        """Return the problem as an error, if it is a warning or tells what was changed in a brand."""
        return replace(self, severity=Severity.ERROR) if self.severity is Severity.WARNING or self.about_brand else self

    def __str__(self) -> str:
        place = f"{display_path(self.path)}:{self.line}" if self.line else display_path(self.path)
        kind = "" if self.severity is Severity.ERROR else f"{self.severity.name.lower()} "
        hint = f"\n    hint: {printable(self.hint)}" if self.hint else ""
        return f"{place}: {kind}{self.code} {printable(self.message)}{hint}"


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


def first(problems: Iterable[Problem], count: int = 100) -> list[Problem]:
    """Return the first problems of a file; where there are more, the last one says so.

    Nobody reads thousands, and finding the line of each costs as much as reading the file.
    """
    found = list(islice(problems, count + 1))
    if len(found) > count:
        last = found[count]
        message = f"only the first {count} problems are shown"
        found[count] = Problem("many", message, last.path, last.line, "mend these, then look again")
    return found


def installation(path: Path, reason: str) -> HandoutError:
    """Return the error for a part of the program itself that cannot be used."""
    hint = "install the program anew, or take the file from a fresh copy"
    return HandoutError(
        [Problem("installation", f"a part of the program is missing or damaged: {reason}", path, hint=hint)]
    )


def damaged(error: BaseException) -> Problem | None:
    """Return the problem for a file of the program itself that cannot be read or imported; None for all else."""
    if isinstance(error, EOFError | ValueError | TypeError) and "marshal" in str(error):
        return _cut_off(error)
    if isinstance(error, ImportError) or type(error) is SyntaxError:  # other parsers have kinds of it
        file = error.filename if isinstance(error, SyntaxError) else error.path
        return installation(Path(file or PACKAGE), str(error)).problems[0]
    file = os.fsdecode(error.filename) if isinstance(error, OSError) and isinstance(error.filename, str | bytes) else ""
    if any(map(Path(file).is_relative_to, (LAYOUTS, FONTS))):
        return installation(Path(file), getattr(error, "strerror", "") or str(error)).problems[0]
    return None


def _cut_off(error: BaseException) -> Problem:
    """Return the problem for a file that Python has compiled: where the disk was full, it keeps half of it for good."""
    import traceback  # noqa: PLC0415  # only needed to explain a mistake

    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    found = next((path for frame in frames if (path := frame.f_locals.get("bytecode_path"))), None)
    folder = Path(found).parent if found else PACKAGE
    inside = found is None or folder.is_relative_to(PACKAGE)
    what = f"all folders called __pycache__ in {PACKAGE}" if inside else f"the folder {folder}"
    message = "what Python has compiled of the program is damaged, as a full disk leaves it"
    return Problem("installation", message, Path(found or PACKAGE), hint=f"remove {what}: Python makes them anew")


def mistake(error: BaseException, path: Path) -> Problem:
    """Return the problem for what should never be raised: a bug in the program itself, at its last line.

    It may be that a part of the program is damaged.
    """
    if problem := damaged(error):
        return problem
    said = ": ".join(filter(None, (type(error).__name__, str(error).partition("\n")[0])))
    if place := place_of(error):
        said += f", at {place}"
    message = f"this is a bug in the program: {said}"
    hint = "please report it as an issue, with this line, the output of --version, and the text and brand if you may"
    return Problem("mistake", message, path, hint=hint)


def place_of(error: BaseException) -> str:
    """Return the last line of the program that an error has passed, without the values that it had there; or ""."""
    import traceback  # noqa: PLC0415  # only needed to explain a mistake

    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(PACKAGE)]
    return f"{Path(frames[-1].filename).relative_to(PACKAGE.parent).as_posix()}:{frames[-1].lineno}" if frames else ""


def kind_and_place(error: BaseException) -> str:
    """Return the kind of an exception and the program's last line that it has passed: its message may hold words."""
    return ", at ".join(filter(None, (type(error).__name__, place_of(error))))


def cannot_write(path: Path, reason: OSError | str, hint: str = "") -> HandoutError:
    """Return the error for a file or folder that cannot be written."""
    told = reason if isinstance(reason, str) else reason.strerror or type(reason).__name__
    return HandoutError([Problem("output", f"cannot write: {told}", path, hint=hint)])


def display_path(path: Path) -> str:
    """Return the path as the user would type it: relative to the working folder when inside it.

    Line breaks and other control characters in a file name are shown escaped, so that a report
    keeps one problem a line.
    """
    with contextlib.suppress(ValueError, OSError, RuntimeError):  # a link that leads to itself
        path = real_path(path).relative_to(Path.cwd().resolve())
    return printable(str(path))


def real_path(path: Path) -> Path:
    """Return where a file lies, by no link on the way to it; one that is a link keeps its name, which is what is meant.

    Raises OSError or RuntimeError where links lead in a circle.
    """
    return path.resolve() if path.name in ("", "..") else path.parent.resolve() / path.name


def printable(text: str) -> str:
    """Return a text with what cannot be seen escaped: a terminal would obey it, and a report has one finding a line."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def suggestion(word: str, known: Iterable[str], otherwise: str = "", alike: float = 0.4) -> str:
    """Return a hint that asks whether the nearest of the known words is meant; ``otherwise``, where none is near."""
    near = nearest(word, known, alike=alike)
    return f"did you mean '{near[0]}'?" if near else otherwise


def nearest(word: str, known: Iterable[str], count: int = 1, alike: float = 0.4) -> list[str]:
    """Return up to ``count`` of the known words that are as much alike (0 to 1), the most alike first: for hints."""
    from difflib import get_close_matches  # noqa: PLC0415  # only needed to explain a mistake

    return get_close_matches(word, list(known), n=count, cutoff=alike)
