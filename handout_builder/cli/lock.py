"""``lock`` and ``verify``: what a release is made of, beside its files; and what is not as it was."""

import argparse
import contextlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from handout_builder.cli import console
from handout_builder.errors import Problem, Severity

_WITH_VALUE = ("--out", "--jobs", "--time-limit", "--memory-limit")
_ALONE = ("--rebuild", "--watch")


def add_verify_words(command: argparse.ArgumentParser) -> None:
    """Add what ``verify`` takes."""
    command.add_argument(
        "folder", nargs="?", type=Path, default=Path("dist"), metavar="DIR", help="what to look at (dist)"
    )
    command.add_argument(
        "--again", action="store_true", help="build it again from the texts at hand, elsewhere, and compare the bytes"
    )


def write(out: Path, paths: Sequence[Path], words: Sequence[str]) -> int:
    """Write the lock of what was built; return the exit code."""
    from handout_builder.builder.release_lock import lock  # noqa: PLC0415  # --help does not need it

    console.tell(lock(out, paths, _kept(words)))
    return 0


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


def verify(options: argparse.Namespace, build: Callable[[Sequence[str]], int]) -> int:
    """Tell what is not as the lock has it; ``build`` runs words of the command line. Return the exit code."""
    from handout_builder.builder import release_lock  # noqa: PLC0415

    if options.again:
        with TemporaryDirectory() as again:
            words = release_lock.read(options.folder)["words"]
            with contextlib.redirect_stdout(io.StringIO()):  # the names of files that nobody will find
                problems = release_lock.verify_again(
                    options.folder, lambda out: build([*words, "--out", str(out)]), Path(again)
                )
    else:
        problems = release_lock.verify(options.folder)
    return told(problems, len(release_lock.read(options.folder)["outputs"]))


def told(problems: Sequence[Problem], files: int) -> int:
    """Print what is wrong with so many files; return the exit code."""
    for problem in problems:
        console.say(str(problem))
    wrong = sum(problem.severity is Severity.ERROR for problem in problems)
    console.say(f"{files} files, {wrong} of them with other bytes" if wrong else f"{files} files, all as they were")
    return int(bool(wrong))
