"""``lock``, and ``verify`` of a release: what it is made of, beside its files; and what is not as it was."""

import contextlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from handout_builder.cli import console
from handout_builder.cli.exit_codes import OK
from handout_builder.errors import HandoutError, Problem, Severity

_WITH_VALUE = ("--out", "--jobs", "--time-limit", "--memory-limit", "--executor")
_ALONE = ("--rebuild", "--watch")


def write(out: Path, paths: Sequence[Path], words: Sequence[str]) -> int:
    """Write the lock of what was built; return the exit code."""
    from handout_builder.builder.release_lock import lock  # noqa: PLC0415  # --help does not need it

    console.tell(lock(out, paths, _kept(words)))
    return OK


def _kept(words: Sequence[str]) -> list[str]:
    """Return words of the command line without those that change no byte, such as where files go."""
    kept: list[str] = []
    skip = False
    for word in words:
        name = word.partition("=")[0]
        if not skip and name not in _WITH_VALUE and word not in _ALONE:
            kept.append(word)
        skip = not skip and word in _WITH_VALUE
    return kept


def verify(folder: Path, build: Callable[[Sequence[str]], int] | None) -> int:
    """Tell what is not as the lock of a folder has it, and return the exit code; raises HandoutError.

    ``build`` runs words of the command line; where it is given, all is built again, elsewhere, and compared.
    """
    from handout_builder.builder import release_lock  # noqa: PLC0415  # --help does not need it

    if build:
        with TemporaryDirectory() as again:
            words = _of_a_build(release_lock.read(folder)["words"], again, folder / release_lock.NAME)
            with contextlib.redirect_stdout(io.StringIO()):  # the names of files that nobody will find
                problems = release_lock.verify_again(folder, lambda _: build(words), Path(again))
    else:
        problems = release_lock.verify(folder)
    return told(problems, len(release_lock.read(folder)["outputs"]))


def _of_a_build(words: Sequence[str], out: str, path: Path) -> list[str]:
    """Return the words of a lock as those of a build into a folder; raises HandoutError for any others.

    Whoever brings a lock chooses its words: they may start no other command, write nowhere else, and run nothing.
    """
    from handout_builder.cli.parser import parser  # noqa: PLC0415  # it is made once for the command line itself

    asked = ["build", *words, "--out", out]
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            options = parser().parse_args(asked)
    except SystemExit:
        options = None
    if options is None or options.out != Path(out) or options.executor or options.watch:
        hint = "take the lock that was written beside the files"
        raise HandoutError([Problem("lock", "its words are not those of a build", path, hint=hint)])
    return asked


def told(problems: Sequence[Problem], files: int) -> int:
    """Print what is wrong with so many files; return the exit code."""
    for problem in problems:
        console.say(str(problem))
    wrong = sum(problem.severity is Severity.ERROR for problem in problems)
    console.say(f"{files} files, {wrong} of them with other bytes" if wrong else f"{files} files, all as they were")
    return int(bool(wrong))
