"""``migrate``: files of earlier versions, rewritten as they are written today."""

import argparse
from pathlib import Path

from handout_builder.cli import console

_ROOT = Path("source")


def add_words(command: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    command.add_argument("paths", nargs="*", metavar="PATH", help="handouts, files or folders (all of source/)")
    command.add_argument("--dry-run", action="store_true", help="tell what would be changed, write nothing")


def run(options: argparse.Namespace) -> int:
    """Rewrite what is older; return the exit code, 1 where ``--dry-run`` found something to do."""
    from handout_builder.authoring.migrate import migrate  # noqa: PLC0415  # --help does not need it

    done = migrate(_ROOT, options.paths, write=not options.dry_run)
    for path, told in done.items():
        console.tell(path)
        for line in told:
            console.say(f"{path}: {line}")
    would = "would be " if options.dry_run else ""
    console.say(f"{len(done)} {'file' if len(done) == 1 else 'files'} {would}rewritten")
    return int(bool(done) and options.dry_run)
