"""The words of the command line: commands, options, and what ``--help`` says."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from handout_builder.cli import console
from handout_builder.cli.arguments import STANDARD
from handout_builder.cli.migrate import add_words as add_migrate
from handout_builder.cli.sheet import add_words as add_sheet
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.looks import LOOKS
from handout_builder.resources import TEMPLATES
from handout_builder.version import VERSION

OUT = Path("dist")
"""Where files are built if it is not said."""
_EPILOG = """\
examples:
  make_handout.py                                 build every handout into dist/
  make_handout.py chronic-back-pain --format pdf  only its PDF
  make_handout.py check                           report problems and doubts, write nothing
  make_handout.py --brand cell-healing            with a clinic's brand, into dist/cell-healing/
  make_handout.py --edition letter --edition press       for US paper, and for a print shop
  make_handout.py --look compact                  denser pages, fewer of them
  make_handout.py new neck-pain                   a commented folder to start from: source/neck-pain/
  make_handout.py new next-steps --template visit-sheet  or exercises, aftercare, one-page, blank
  make_handout.py import blog-post.md             a handout from what you have: .md, .txt, .html, .docx
  make_handout.py new brand my-clinic             a brand to start from: source/brands/my-clinic/
  make_handout.py brand check cell-healing        what was made of its colours, logo and typefaces
  make_handout.py copies next-steps --list patients.csv --out copies
                                                  a personal copy for each row of a list
  make_handout.py points Jinyu                    look a point up by code, name or word
  make_handout.py sheet --points BL23,GV3 --dose "2 × day, 30 s"     what one person does at home, on a page
  make_handout.py translations                    what is translated, and what is older than its original
  make_handout.py migrate                         bring older files up to date; remarks stay
  make_handout.py lock chronic-back-pain          build, and record for later years what the files are made of
  make_handout.py verify dist                     report files that differ from the lock
  make_handout.py schema > handout.schema.json    the JSON Schema for editors
  make_handout.py studio                          work in the browser (local web interface)
  make_handout.py service                         for other programs, over HTTP, until Ctrl-C

HANDOUT is the name of a folder in source/ (here, else the program's own), or a path to one.
BRAND is the name of a folder in source/brands/, or a path to one.

exit codes:
  0  done            1  sources have problems; their files were not changed
  2  wrong usage     3  the files cannot be written, or an engine is missing
  130  interrupted
"""

_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"
_NAME = re.compile(r"--[^=]*|-.?")
# Where argparse begins to quote what was given.
_QUOTED = re.compile(r":? ['\"]")


class _Parser(argparse.ArgumentParser):
    """Tells wrong usage; of words that may be a person's, only the names of options."""

    personal = False
    """Whether the values of its options may be a person's words."""

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options; of what is not known, only names of options are told: behind them may be a person's."""
        options, unknown = self.parse_known_args(args, namespace)
        if unknown:
            names = [name[0] for word in unknown if (name := _NAME.match(word))]
            told = ", ".join(names) if names else "a word that belongs to no option"
            self.error(f"unrecognized arguments: {told}")
        return options

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong, and end the program: "argument --diary: invalid int value"."""
        super().error(_QUOTED.split(message)[0] if self.personal else message)


def parser(command: str = "") -> argparse.ArgumentParser:
    """Return the parser; ``command`` in what it returns names the command.

    Given one, it knows that alone, which takes 1 ms of the processor, not 12.
    """
    top = _Parser(
        prog="make_handout.py",
        description="Make print-ready PDF handouts and EPUBs from the texts in source/.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show the versions of the program and its engines")
    top.add_argument(
        "--print-completion",
        choices=("bash", "zsh", "tcsh"),
        action=_Completion,
        help="print what a shell needs to complete commands and options",
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    every = {
        "build": _build,
        "check": _check,
        "copies": _copies,
        "new": _new,
        "import": _import,
        "brand": _brand,
        "points": _points,
        "sheet": _sheet,
        "translations": _translations,
        "migrate": _migrate,
        "lock": _lock,
        "merge": _merge,
        "verify": _verify,
        "schema": _schema,
        "studio": _studio,
        "service": _service,
    }
    for add in [every[command]] if command else every.values():
        add(commands)
    return top


def _build(commands: _Commands) -> None:
    _built(_command(commands, "build", "build PDF and EPUB (the default)"))


def _lock(commands: _Commands) -> None:
    _built(_command(commands, "lock", "build, and write beside the files what they are made of and with"))


def _verify(commands: _Commands) -> None:
    command = _command(commands, "verify", "tell whether files are all there, once each, and as they were made")
    command.add_argument(
        "folders",
        nargs="*",
        type=Path,
        default=[OUT],
        metavar="DIR",
        help="what was locked, made in shards and merged, or copies (dist)",
    )
    command.add_argument(
        "--again",
        action="store_true",
        help="build what was locked again, from the texts at hand, elsewhere, and compare the bytes",
    )
    command.add_argument("--to", default="", metavar="URL", help="where copies are that were written to an address")
    command.add_argument("--sample", type=_jobs, default=0, metavar="N", help="make so many again, and compare bytes")
    command.set_defaults(command_line=[])


def _built(command: argparse.ArgumentParser) -> None:
    """Add what says which files are made, and where."""
    command.add_argument("--format", choices=("pdf", "epub"), action="append", help="only this format")
    command.add_argument("--out", type=_folder, default=OUT, metavar="DIR", help="output folder (dist)")
    command.add_argument("--watch", action="store_true", help="build again whenever a file changes, until Ctrl-C")
    command.add_argument("--rebuild", action="store_true", help="build everything, not only what has changed")
    command.add_argument("--shard", metavar="K/N", help="only this part of the products, numbered from 1: 3/64")
    command.add_argument("--proof", action="store_true", help="add to each PDF a report of what is in it (JSON, HTML)")
    command.add_argument(
        "--index", action="store_true", help="write index.json, by which programs choose among the files of this build"
    )
    command.add_argument(
        "--pdf-standard",
        choices=("ua-1", "ua-2"),
        default="ua-1",
        help="ua-1: PDF/UA-1 and PDF/A-3a (the default); ua-2: PDF/UA-2 and PDF/A-4",
    )
    _products(command)


def _check(commands: _Commands) -> None:
    command = _command(commands, "check", "load and render everything, write nothing, report")
    command.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="how to report (text)")
    _products(command)


def _copies(commands: _Commands) -> None:
    command = _command(commands, "copies", "make a copy of a handout for each row of a list of people")
    command.add_argument(
        "words", nargs="*", metavar="HANDOUT", help="which handout; or: extract DIR, to take copies out of a store"
    )
    command.add_argument(
        "--list", type=Path, metavar="FILE", help="the people: .csv, .jsonl or .parquet, or - for standard input"
    )
    command.add_argument(
        "--fhir",
        type=Path,
        metavar="FILE",
        help="the people as a FHIR R4 bundle: Patient, Appointment, Practitioner; or -",
    )
    command.add_argument("--time-zone", default="", metavar="ZONE", help="of the clinic, for FHIR: Europe/London")
    command.add_argument("--date", metavar="DAY", help="of the copies, for FHIR: visits come after it (today)")
    command.add_argument(
        "--document-reference", action="store_true", help="write a FHIR DocumentReference beside each file (.fhir.json)"
    )
    command.add_argument("--out", type=Path, metavar="DIR|FILE.pdf", help="a file each, or one file for a print shop")
    command.add_argument("--pack", choices=("tar", "zip"), help="with --out DIR: an archive for each 200 copies")
    command.add_argument(
        "--to", default="", metavar="URL", help="write the copies to s3://…, gs://… by fsspec; --out DIR has the record"
    )
    command.add_argument("--store", type=_folder, metavar="DIR", help="one template, and what is each copy's own")
    command.add_argument("--template", type=_folder, metavar="DIR", help="write a JSON Schema and a first list alone")
    command.add_argument("--lang", metavar="TAG", help="the handout's language (en, or the one that it is in)")
    command.add_argument("--brand", metavar="BRAND", help="with this brand")
    command.add_argument("--edition", metavar="EDITION", help="a4, letter, large-print, greyscale (a4)")
    command.add_argument("--look", metavar="LOOK", help=f"{', '.join(LOOKS)} (the one that the handout names)")
    command.add_argument("--name-by", metavar="COLUMN", help="name the files by this column (by the rows' numbers)")
    command.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="how many processes (one a core)")
    _executor(command)
    command.add_argument("--shard", metavar="K/N", help="only this part of the list, numbered from 1: 3/64")
    command.add_argument("--encrypt", action="store_true", help="AES-256, by the column password; no PDF/A then")
    command.add_argument("--single-sided", action="store_true", help="in one file: no empty page behind an odd number")
    command.add_argument("--report", type=_file, metavar="FILE", help="what came of each row, as .json or .csv")
    command.add_argument("--rows", metavar="ROWS", help="with extract: 12,40-60")
    command.add_argument("--forget", type=Path, metavar="DIR", help="remove all copies of a run; with --to, there, too")


def _new(commands: _Commands) -> None:
    command = _command(commands, "new", "make a commented starting folder that builds at once")
    command.add_argument(
        "name", nargs="+", metavar="NAME", help="a handout's, for example neck-pain; or: brand, and a clinic's"
    )
    command.add_argument("--lang", default="en", metavar="TAG", help="its language (en)")
    command.add_argument("--template", choices=TEMPLATES, default=TEMPLATES[0], help="what it begins as (points)")
    command.add_argument("--logo", type=Path, metavar="FILE", help="of a brand: PNG, JPEG, SVG or PDF")
    command.add_argument("--color", metavar="COLOUR", help='of a brand, for example "#1b5466" (from the logo)')
    command.add_argument("--name", dest="full_name", metavar="TEXT", help="the clinic's name")


def _import(commands: _Commands) -> None:
    command = _command(commands, "import", "make a handout from Markdown, plain text, HTML or a Word document")
    command.add_argument("file", type=Path, metavar="FILE", help="what to import: .md, .txt, .html or .docx")
    command.add_argument("--lang", default="", metavar="TAG", help="its language (what the file says, else en)")
    command.add_argument("--name", default="", metavar="NAME", help="the handout's name (the file's)")
    _limits(command, "for reading it")


def _brand(commands: _Commands) -> None:
    command = _command(commands, "brand", "check brands: show what was made of colours, logo and typefaces")
    command.add_argument("action", choices=("check",), help="check")
    command.add_argument("brands", nargs="*", metavar="BRAND", help="which brands (all)")
    command.add_argument("--strict", action="store_true", help="take warnings, and changes to the brand, as errors")


def _points(commands: _Commands) -> None:
    command = _command(commands, "points", "look points up by code, by name in any script, or by a word")
    command.add_argument(
        "word", nargs="*", metavar="CODE|NAME|WORD", help="BL23, shen shu, 肾俞, Jinyu, kidney, L4 (all)"
    )
    command.add_argument(
        "--region", metavar="REGION", default="", help="only those of a part of the body: neck, hand …"
    )
    command.add_argument(
        "--lang",
        action="append",
        metavar="TAG",
        help="told in it (en; with json, in all at hand), or: all; an atlas in it",
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="text (the default) or json")
    command.add_argument(
        "--export", type=Path, metavar="FILE", help="write the whole catalogue as JSON; - for standard output"
    )
    command.add_argument("--svg", type=Path, metavar="FILE", help="write the picture of a point's card, large; or -")
    command.add_argument("--png", type=Path, metavar="FILE", help="the same as pixels; or -")
    command.add_argument(
        "--body", choices=("neutral", "woman", "man"), default="neutral", help="whose body the picture is of (neutral)"
    )
    command.add_argument("--atlas", action="store_true", help="build an atlas of all points, as PDF and EPUB")
    command.add_argument("--out", type=_folder, default=OUT, metavar="DIR", help="where the atlas goes (dist)")


def _sheet(commands: _Commands) -> None:
    command = _command(commands, "sheet", "make a sheet for one visit: points, doses, days to tick; nothing is kept")
    command.personal = True
    add_sheet(command)


def _translations(commands: _Commands) -> None:
    command = _command(commands, "translations", "show what is translated, and what is older than its original")
    command.add_argument("handouts", nargs="*", metavar="HANDOUT", help="which handouts; or: shared (all)")
    command.add_argument("--lang", action="append", metavar="TAG", help="only this language, for example ja")
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--done", action="store_true", help="record that the translations say what their originals say now"
    )
    what.add_argument(
        "--align",
        action="store_true",
        help="put in, untranslated, what is new in the originals, and take out what went",
    )
    what.add_argument("--export", type=_file, metavar="FILE", help="write the texts for a translator: .po or .xlf")
    what.add_argument("--import", dest="bring_in", type=Path, metavar="FILE", help="take what a translator sends back")


def _migrate(commands: _Commands) -> None:
    add_migrate(_command(commands, "migrate", "rewrite files of earlier versions as they are written today"))


def _schema(commands: _Commands) -> None:
    command = _command(commands, "schema", "print the JSON Schema of a source file, or of index.json")
    command.add_argument(
        "kind",
        nargs="?",
        default="handout",
        choices=("handout", "texts", "editorial", "brand", "plain", "catalogue", "points", "visit", "index"),
    )


def _studio(commands: _Commands) -> None:
    command = _command(commands, "studio", "work in the browser (local web interface)")
    command.add_argument(
        "--host", default="", metavar="ADDRESS", help="let others in your network in, at this address of this machine"
    )
    command.add_argument("--port", type=_port, default=0, metavar="N", help="where it listens (8790, else any)")
    command.add_argument("--no-browser", action="store_true", help="print the address, open nothing")


def _service(commands: _Commands) -> None:
    command = _command(commands, "service", "make handouts and visit sheets for other programs, over HTTP")
    command.add_argument(
        "--host", default="", metavar="ADDRESS", help="listen at this address, for other machines (127.0.0.1)"
    )
    command.add_argument("--port", type=_port, default=8791, metavar="N", help="where it listens (8791; 0: any)")


def _merge(commands: _Commands) -> None:
    command = _command(commands, "merge", "join the shards of a build or of copies")
    command.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="the folders of all shards")
    command.add_argument("--out", type=_folder, required=True, metavar="DIR", help="a new folder for the whole")


def _products(command: argparse.ArgumentParser) -> None:
    """Add what says which products are made or checked, and how."""
    command.add_argument("handouts", nargs="*", metavar="HANDOUT", help="which handouts (all)")
    command.add_argument(
        "--lang", action="append", metavar="TAG", help="only this language, for example en; both: en+ja; or: all"
    )
    command.add_argument("--brand", action="append", metavar="BRAND", help="with this brand; several, all, or none")
    command.add_argument(
        "--edition", action="append", metavar="EDITION", help=f"{', '.join(EDITIONS)}; several, or: all"
    )
    command.add_argument("--jobs", type=_jobs, default=0, metavar="N", help="how many processes (one a core)")
    _limits(command, "for one edition")
    _executor(command)
    command.add_argument("--look", metavar="LOOK", help=f"{', '.join(LOOKS)} (the one that the handout names)")
    command.add_argument("--strict", action="store_true", help="take warnings, and changes to a brand, as errors")


def _executor(command: argparse.ArgumentParser) -> None:
    """Add what lets others do the work."""
    command.add_argument(
        "--executor",
        metavar="MODULE:FUNCTION",
        help="a function that gives a concurrent.futures.Executor; --jobs is how many chunks it has at once (64)",
    )


def _whole(text: str, least: int, most: int = 10_000_000) -> int:
    """Return a whole number within bounds, written in digits of ASCII; raises what argparse prints as it is."""
    number = int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {most}")
    return number


def _folder(text: str) -> Path:
    return _no_stream(text, "a folder")


def _file(text: str) -> Path:
    return _no_stream(text, "a file, whose ending says how it is written")


def _no_stream(text: str, wanted: str) -> Path:
    """Return a path; raises what argparse prints where standard output is meant."""
    if text == STANDARD:
        raise argparse.ArgumentTypeError(f"standard output cannot be given here: name {wanted}")
    return Path(text)


def _jobs(text: str) -> int:
    return _whole(text, 1)


def _port(text: str) -> int:
    return _whole(text, 0, (1 << 16) - 1)


def _limits(command: argparse.ArgumentParser, what: str) -> None:
    """Add how much of the processor and of memory may be taken."""
    help_text = f"of the processor, {what} (20; 0: none)"
    command.add_argument("--time-limit", type=_limit, metavar="SECONDS", help=help_text)
    command.add_argument("--memory-limit", type=_limit, metavar="MB", help="the same for memory (400)")


def _limit(text: str) -> int:
    return _whole(text, 0)


def _command(commands: _Commands, name: str, text: str) -> _Parser:
    command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False)
    command.set_defaults(command=name)
    return command


class _Completion(argparse.Action):
    """Prints the completion for a shell, which shtab makes."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, shell: object, __: object = None) -> None:
        try:
            import shtab  # noqa: PLC0415  # an extra
        except ImportError:
            parser.exit(3, 'completion needs the package shtab: pip install "handout-builder[completion]"\n')

        parser.prog = "make-handout"  # which shells know as a command; behind "python" they complete names of files
        console.tell(shtab.complete(parser, shell=str(shell)))
        parser.exit()


class _Version(argparse.Action):
    """Prints versions, which are only looked up when they are asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version  # noqa: PLC0415

        from handout_builder.engine.session import session  # noqa: PLC0415

        pango, told, code = "cannot be used", "fast", 0
        try:
            with session() as engine:
                pango = engine.versions[1]
                told = f"plain, as {engine.plain}" if engine.plain else told
        except HandoutError as error:  # what is asked for here is what a report of it needs
            told, code = f"cannot be used: {error.problems[0].message}", 3
        names = ("weasyprint", "ebooklib", "jinja2", "pydantic", "uharfbuzz")
        lines = (
            f"handout-builder {VERSION}",
            f"Python {sys.version.split()[0]}, Pango {pango}",
            ", ".join(f"{name} {version(name)}" for name in names),
            f"engine: {told}",
        )
        console.tell("\n".join(lines))
        parser.exit(code)
