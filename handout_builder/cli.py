"""The command line: what the user asks, in words; what happened, in words and exit codes."""

import argparse
import gc
import io
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.resources import SOURCE
from handout_builder.version import VERSION

if TYPE_CHECKING:
    from handout_builder.pipeline import Order

OK, PROBLEMS, USAGE, CANNOT, INTERRUPTED = 0, 1, 2, 3, 130
_COMMANDS = ("build", "check", "new", "points", "schema")
_EPILOG = """\
examples:
  make_handout.py                                 build every handout into dist/
  make_handout.py chronic-back-pain --format pdf  only its PDF
  make_handout.py check                           report problems and doubts, write nothing
  make_handout.py new neck-pain                   a commented folder to start from: source/neck-pain/
  make_handout.py points Jinyu                    look a point up by code, name or word
  make_handout.py schema > handout.schema.json    the JSON Schema for editors

HANDOUT is the name of a folder in source/ (here, else the program's own), or a path to one.

exit codes:
  0  done            1  the sources have problems; no file was changed
  2  wrong usage     3  the files cannot be written, or an engine is missing
  130  interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; ``arguments`` default to the command line's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Han still gets the rest
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not any(word in _COMMANDS for word in words[:1]) and not {"-h", "--help", "--version"} & set(words):
        words.insert(0, "build")
    options = _parser().parse_args(words)
    try:
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except HandoutError as error:
        _report(error.problems)
        return CANNOT if any(p.code in ("output", "engine") for p in error.problems) else PROBLEMS
    except BrokenPipeError:  # the reader has seen enough, as head does; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("interrupted; files that were finished are whole", file=sys.stderr)
        return INTERRUPTED


def run() -> NoReturn:
    """Run the program in a process of its own, without spending a tenth of it on tidying up.

    Nothing that a build makes is worth looking for in cycles while it runs (pipeline.py does so between
    handouts), or taking apart at the end.
    """
    gc.disable()
    # Pydantic looks through every installed package for plugins; we have none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make_handout.py",
        description="Make print-ready PDF handouts and EPUBs from the texts in source/.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the versions of the program and its engines")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    build = _command(commands, "build", "build PDF and EPUB (the default)", _build)
    build.add_argument("--format", choices=("pdf", "epub"), action="append", help="only this format")
    build.add_argument("--out", type=Path, default=Path("dist"), metavar="DIR", help="output folder (dist)")
    check = _command(commands, "check", "load and render everything, write nothing, report", _check)
    for command in (build, check):
        command.add_argument("handouts", nargs="*", metavar="HANDOUT", help="which handouts (all)")
        command.add_argument("--lang", action="append", metavar="TAG", help="only this language, for example en")
    new = _command(commands, "new", "make a commented starting folder that builds at once", _new)
    new.add_argument("name", metavar="HANDOUT", help="small letters, digits and hyphens, for example neck-pain")
    new.add_argument("--lang", default="en", metavar="TAG", help="its language (en)")
    points = _command(commands, "points", "look points up by code, by name in any script, or by a word", _points)
    points.add_argument(
        "word", nargs="*", metavar="CODE|NAME|WORD", help="BL23, shen shu, 肾俞, Jinyu, kidney, L4 (all)"
    )
    points.add_argument("--format", choices=("text", "json"), default="text", help="text (the default) or json")
    schema = _command(commands, "schema", "print the JSON Schema of a source file", _schema)
    schema.add_argument("kind", nargs="?", default="handout", choices=("handout", "texts", "editorial"))
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, run: object
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False)
    command.set_defaults(run=run)
    return command


class _Version(argparse.Action):
    """Prints versions, which are only looked up when they are asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        from handout_builder.engine import pango_version  # noqa: PLC0415

        print(f"handout-builder {VERSION}")
        print(f"Python {sys.version.split()[0]}, Pango {pango_version()}")
        names = ("weasyprint", "ebooklib", "jinja2", "pydantic", "uharfbuzz")
        print(", ".join(f"{name} {version(name)}" for name in names))
        parser.exit()


def _build(options: argparse.Namespace) -> int:
    started = time.monotonic()
    from handout_builder import pipeline  # noqa: PLC0415  # --help does not need it

    show = _Progress()
    formats = tuple(options.format or pipeline.FORMATS)
    paths, notes = pipeline.build(_orders(options), options.out, formats, show.step)
    show.clear()
    for path in paths:
        print(path)
    _say(f"{_number(len(paths), 'file')} in {time.monotonic() - started:.1f} s{_count(notes)}")
    return OK


def _check(options: argparse.Namespace) -> int:
    from handout_builder import pipeline  # noqa: PLC0415

    show = _Progress()
    problems = pipeline.check(_orders(options), show.step)
    show.clear()
    _report(problems)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    _say(f"{_number(errors, 'error')}{_count(problems).replace('; see: make_handout.py check', '')}")
    return PROBLEMS if errors else OK


def _new(options: argparse.Namespace) -> int:
    from handout_builder.starter import make_folder  # noqa: PLC0415

    for path in make_folder(Path("source"), options.name, options.lang):
        print(path)
    _say(f"now edit the text, then: make_handout.py {options.name}")
    return OK


def _points(options: argparse.Namespace) -> int:
    from handout_builder.lookup import Lookup  # noqa: PLC0415

    print(Lookup(_root()).answer(" ".join(options.word), as_json=options.format == "json"))
    return OK


def _schema(options: argparse.Namespace) -> int:
    from handout_builder.starter import schema  # noqa: PLC0415

    print(schema(options.kind), end="")
    return OK


def _orders(options: argparse.Namespace) -> "list[Order]":
    """Return what to build: the named handouts, or all; in the given languages, or all."""
    from handout_builder import source  # noqa: PLC0415
    from handout_builder.model import nearest  # noqa: PLC0415
    from handout_builder.pipeline import Order  # noqa: PLC0415

    root = _root()
    folders: list[Path] = []
    problems: list[Problem] = []
    for name in options.handouts or source.handouts(root):
        known = [folder for folder in (root / name, SOURCE / name, Path(name)) if source.languages(folder)]
        if known:
            folders.append(known[0])
        else:
            near = nearest(name, source.handouts(root))
            hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(source.handouts(root))}"
            problems.append(Problem("unknown-handout", "there is no such handout", Path(name), hint=hint))
    orders = [Order(f, lang) for f in folders for lang in options.lang or source.languages(f)]
    for order in orders:
        if order.lang not in source.languages(order.folder):
            hint = f"written in: {', '.join(source.languages(order.folder))}"
            problems.append(Problem("unknown-language", f"no text in '{order.lang}'", order.folder, hint=hint))
    if problems:
        raise HandoutError(problems)
    return orders


def _root() -> Path:
    """Return the folder of the handouts: the one here, else the program's own."""
    from handout_builder import source  # noqa: PLC0415

    here = Path("source")
    return here if source.handouts(here) else SOURCE


def _report(problems: Sequence[Problem]) -> None:
    for problem in problems:
        _say(str(problem))


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _count(notes: Sequence[Problem]) -> str:
    warnings = sum(note.severity is Severity.WARNING for note in notes)
    doubts = sum(note.severity is Severity.NOTE for note in notes)
    counted = f"; {_number(warnings, 'warning')} and {_number(doubts, 'note')}; see: make_handout.py check"
    return counted if notes else ""


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


class _Progress:
    """The running step on a terminal, in one line that is overwritten; in a pipe, plain lines."""

    def __init__(self) -> None:
        self.terminal = sys.stderr.isatty()

    def step(self, text: str) -> None:
        """Show what is being done."""
        print(f"\r\x1b[K{text} …" if self.terminal else text, end="" if self.terminal else "\n", file=sys.stderr)
        sys.stderr.flush()

    def clear(self) -> None:
        """Remove the line from the terminal."""
        if self.terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
