"""``merge`` and ``verify``: shards joined, the whole proved; what was locked is looked at in ``lock``."""

import argparse
import tempfile
from pathlib import Path
from random import sample
from typing import TYPE_CHECKING

from handout_builder import source_files
from handout_builder.cli import console
from handout_builder.cli.exit_codes import OK, PROBLEMS, USAGE
from handout_builder.errors import HandoutError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from handout_builder.orders import Order


def merge(options: argparse.Namespace) -> int:
    """Join shards, and return the exit code; raises HandoutError."""
    from handout_builder.builder import manifest  # noqa: PLC0415
    from handout_builder.copies import whole  # noqa: PLC0415

    join = whole.merge if _is_copies(options.folders[0]) else manifest.merge
    count = join(options.folders, options.out)
    console.say(f"{count:,} files of {len(options.folders):,} shards are joined: {options.out}")
    return OK


def verify(
    options: argparse.Namespace,
    parse: "Callable[[Sequence[str]], argparse.Namespace]",
    orders: "Callable[[argparse.Namespace], Sequence[Order]]",
    build: "Callable[[Sequence[str]], int]",
) -> int:
    """Tell what is not as it was made, and return the exit code; raises HandoutError.

    ``parse`` reads the words of the command that made it, ``orders`` gives what these ask for, ``build`` runs words.
    """
    from handout_builder.cli import lock  # noqa: PLC0415

    made = [word for word in options.command_line if word != "--"]
    if bool(made) != bool(options.sample):
        console.say(
            "a sample needs the command that made the whole: verify DIR --sample 20 -- copies HANDOUT --list FILE"
        )
        return USAGE
    asked = parse(made) if made else None
    codes = []
    for folder in options.folders:
        if options.again or not (_is_copies(folder) or _is_whole(folder)):
            if asked:
                message = "a sample is of copies, or of shards that were merged"
                hint = "what was locked is made again as a whole, with --again"
                raise HandoutError([Problem("verify", message, folder, hint=hint)])
            codes.append(lock.verify(folder, build if options.again else None))
        else:
            codes.append(_proved(folder, options, asked, orders))
    return max(codes)


def _proved(
    folder: Path,
    options: argparse.Namespace,
    asked: argparse.Namespace | None,
    orders: "Callable[[argparse.Namespace], Sequence[Order]]",
) -> int:
    """Prove what was made in shards, or copies, and return the exit code."""
    count, problems = _verified(folder, options.to)
    made = 0
    if asked and not problems:
        made, problems = _sampled(folder, options, asked, orders)
    for problem in problems:
        console.say(problem)
    if problems:
        return PROBLEMS
    again = f"; {made:,} were made again, with the same bytes" if asked else ""
    console.say(f"{count:,} files are there once, each as it was made{again}: {folder}")
    return OK


def _is_whole(folder: Path) -> bool:
    from handout_builder.builder import manifest  # noqa: PLC0415

    return source_files.is_file(folder / manifest.NAME)


def _is_copies(folder: Path) -> bool:
    from handout_builder.copies.journal import STATE  # noqa: PLC0415

    return source_files.is_file(folder / STATE)


def _verified(folder: Path, url: str) -> tuple[int, list[Problem]]:
    from handout_builder.builder import manifest  # noqa: PLC0415
    from handout_builder.copies import whole  # noqa: PLC0415

    return whole.verify(folder, url) if _is_copies(folder) else manifest.verify(folder)


def _sampled(
    folder: Path,
    options: argparse.Namespace,
    asked: argparse.Namespace,
    orders: "Callable[[argparse.Namespace], Sequence[Order]]",
) -> tuple[int, list[Problem]]:
    """Make a sample again; return how many files that are, and what has other bytes."""
    if asked.command == "copies" and _is_copies(folder):
        from handout_builder.cli.copies import asked_for  # noqa: PLC0415
        from handout_builder.copies.whole import sample as made_again  # noqa: PLC0415

        order, door, copy_options = asked_for(asked)
        return made_again(folder, options.to, order, door, copy_options, options.sample)
    if asked.command == "build" and not _is_copies(folder):
        return _built_again(folder, orders(asked), asked, options.sample)
    message = f"'{asked.command}' has not made what is here"
    raise HandoutError([Problem("verify", message, folder, hint="give the words of the command that made it")])


def _built_again(
    folder: Path, orders: "Sequence[Order]", asked: argparse.Namespace, count: int
) -> tuple[int, list[Problem]]:
    from handout_builder.builder.incremental import build  # noqa: PLC0415
    from handout_builder.builder.manifest import of_build, read  # noqa: PLC0415
    from handout_builder.editions import FORMATS  # noqa: PLC0415
    from handout_builder.shards import WHOLE  # noqa: PLC0415

    formats = tuple(asked.format or FORMATS)
    choices = {"formats": [*formats], "strict": asked.strict, "proof": asked.proof}
    if of_build(orders, choices, WHOLE, {}).asked != read(folder).asked:
        message = "these are other products, or they were made with other options"
        return 0, [Problem("verify", message, folder, hint="give the words of the command that made them")]
    problems = []
    with tempfile.TemporaryDirectory() as again:
        chosen = sample(orders, min(count, len(orders)))
        made = build(chosen, Path(again), formats, strict=asked.strict, proof=asked.proof)
        for path in made.paths:
            name = path.relative_to(again)
            if not (folder / name).is_file() or path.read_bytes() != (folder / name).read_bytes():
                hint = "it was made of other sources or with another program: build it again, or take those"
                problems.append(Problem("verify", "made again, it has other bytes", folder / name, hint=hint))
    return len(made.paths), problems
