"""The command line: what the user asks, in words; what happened, in words and exit codes."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from handout_builder import signals, temporary_folders
from handout_builder.cli import console
from handout_builder.cli.arguments import STANDARD
from handout_builder.cli.arguments import executor as _executor
from handout_builder.cli.exit_codes import CANNOT, INTERRUPTED, OK, PROBLEMS, USAGE
from handout_builder.cli.parser import OUT, parser
from handout_builder.errors import HandoutError, Problem, Severity, mistake
from handout_builder.resources import COMMANDS, FONTS

if TYPE_CHECKING:
    from handout_builder.authoring.point_lookup import Lookup
    from handout_builder.builder.limits import Limits
    from handout_builder.editions import Standard
    from handout_builder.orders import Order


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; ``arguments`` default to the command line's."""
    console.prepare()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not any(word in COMMANDS for word in words[:1]) and not {
        "-h",
        "--help",
        "--version",
        "--print-completion",
    } & set(words):
        words.insert(0, "build")
    try:
        options = _parsed(words)
        options.typed = words[1:]
        return _RUN[options.command](options)
    except HandoutError as error:
        signals.raise_again()
        _report(error.problems)
        return _code(error.problems)
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:  # a mistake of ours is told as one
        signals.raise_again()
        problem = mistake(error, Path(f"make_handout.py {words[0]}"))
        _report([problem])
        return _code([problem])


def _parsed(words: list[str]) -> argparse.Namespace:
    """Return the options; what stands behind ``--`` with ``verify`` is the command that is asked about."""
    own = parser(words[0] if words[0] in COMMANDS else "")
    if words[0] != "verify" or "--" not in words:
        return own.parse_args(words)
    at = words.index("--")
    options = own.parse_args(words[:at])
    options.command_line = words[at + 1 :]
    return options


def run() -> NoReturn:
    """Run the program in a process of its own, without spending a tenth of it on tidying up.

    Nothing that a build makes is worth looking for in cycles while it runs (pipeline.py does so between
    handouts), or taking apart at the end. Executors alone have something to end then: without it MPI takes the job for
    a broken one, and workers that Slurm was to start stay in its queue.
    """
    gc.disable()
    # Pydantic looks through every installed package for plugins; we have none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")  # no system font exists for this process
    try:
        signals.take_over(lambda: _end(_interrupted(), at_once=True))
        code = main()
    except SystemExit as ended:  # help is given, or wrong usage told
        code = ended.code if isinstance(ended.code, int) else USAGE
    except KeyboardInterrupt:
        code = _interrupted()
    _end(code)


def _interrupted() -> int:
    console.say("interrupted; files that were finished are whole")
    return INTERRUPTED


def _end(code: int, *, at_once: bool = False) -> NoReturn:
    """Tidy up and end the process; ``at_once`` where nothing can be raised, SystemExit neither."""
    console.finish()
    temporary_folders.remove_all()
    signals.end_as_told()
    if not at_once and any(word.partition("=")[0] == "--executor" for word in sys.argv):
        sys.exit(code)
    os._exit(code)


def _build(options: argparse.Namespace) -> int:
    if options.watch:
        from handout_builder.cli.watch import watch  # noqa: PLC0415  # most builds are one

        watch(_orders(options), lambda: _built(options), lambda error: _report(error.problems))
    return _built(options)


def _built(options: argparse.Namespace, made: list[Path] | None = None) -> int:
    """Build, and add the files to ``made``; return the exit code."""
    started = time.monotonic()
    from handout_builder.builder.incremental import build  # noqa: PLC0415  # --help does not need it
    from handout_builder.editions import FORMATS  # noqa: PLC0415

    steps = console.Steps()
    orders, formats = _orders(options), tuple(options.format or FORMATS)
    _refuse_no_book(orders, formats)
    choices = {"strict": options.strict, "proof": options.proof, "rebuild": options.rebuild}
    choices |= {"index": options.index, "jobs": options.jobs, "limits": _limits(options)}
    choices |= {"executor": _executor(options.executor)}
    if options.shard:
        from handout_builder.shards import shard  # noqa: PLC0415  # most builds are whole

        choices["shard"] = shard(options.shard)
    try:
        paths, notes, unchanged = build(orders, options.out, formats, steps.show, **choices)
    except HandoutError as error:
        steps.clear()
        try:
            _list(error.written)
        except HandoutError as unlisted:
            raise HandoutError([*error.problems, *unlisted.problems]) from error
        raise
    steps.clear()
    if made is not None:
        made += paths
    _list(paths)
    _report([note for note in notes if note.about_build])
    files = _number(len(paths), "file")
    left = f", {'nothing' if unchanged == len(paths) else f'{len(paths) - unchanged}'} changed" if unchanged else ""
    # A build looks at pages alone: what there is to say of the words is told with them, in one sum.
    counted = f"{_count(notes)}; see, with those on the words: {_same_checked(options)}" if notes else ""
    console.say(f"{files}{left} in {time.monotonic() - started:.1f} s{counted}")
    return OK


def _refuse_no_book(orders: "Sequence[Order]", formats: Sequence[str]) -> None:
    """Say that nothing would be made where only books are wanted of editions that have none."""
    from handout_builder.editions import EDITIONS  # noqa: PLC0415

    editions = orders[0].editions if orders else ()
    if editions and formats == ("epub",) and not any(edition.book for edition in editions):
        books = ", ".join(name for name, edition in EDITIONS.items() if edition.book)
        hint = f"the EPUB follows the pages of one of: {books}"
        raise HandoutError([Problem("no-book", "these editions have no EPUB", orders[0].folder, hint=hint)])


def _check(options: argparse.Namespace) -> int:
    from handout_builder.builder.checking import check  # noqa: PLC0415

    steps = console.Steps()
    choices = {"strict": options.strict, "jobs": options.jobs, "limits": _limits(options), "built": OUT}
    choices["executor"] = _executor(options.executor)
    try:
        problems: Sequence[Problem] = check(_orders(options), steps.show, **choices)
    except HandoutError as error:
        if options.format == "text":
            raise
        problems = error.problems
    steps.clear()
    if options.format == "text":
        _report(problems)
    else:
        from handout_builder.cli.reports import FORMS  # noqa: PLC0415

        console.tell(FORMS[options.format](problems))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    console.say(f"{_number(len(errors), 'error')}{_count(problems)}")
    return _code(errors)


def _copies(options: argparse.Namespace) -> int:
    from handout_builder.cli import copies  # noqa: PLC0415

    return copies.run(options)


def _merge(options: argparse.Namespace) -> int:
    from handout_builder.cli import whole  # noqa: PLC0415

    return whole.merge(options)


def _verify(options: argparse.Namespace) -> int:
    from handout_builder.cli import whole  # noqa: PLC0415

    return whole.verify(options, parser().parse_args, _orders, main)


def _new(options: argparse.Namespace) -> int:
    *kind, name = options.name
    if kind == ["brand"]:
        from handout_builder.authoring.new_brand import make_brand  # noqa: PLC0415

        _list(make_brand(Path("source"), name, options.full_name, options.logo, options.color))
        console.say(f"now fill in address and phone, then: make_handout.py --brand {name}")
        return OK
    if kind or options.logo or options.color or options.full_name:
        console.say("a handout has one NAME; a brand is made with: make_handout.py new brand NAME --logo FILE")
        return USAGE
    from handout_builder.authoring.new_handout import make_folder  # noqa: PLC0415

    _list(make_folder(Path("source"), name, options.lang, options.template))
    console.say(f"now write what begins with TODO, then: make_handout.py check {name}")
    return OK


def _import(options: argparse.Namespace) -> int:
    from handout_builder.authoring.import_handout import import_file  # noqa: PLC0415

    made = import_file(Path("source"), options.file, options.name, options.lang, _limits(options))
    _list(made)
    name = made[0].parent.name
    console.say(f"now look at what is left to do: make_handout.py check {name}")
    return OK


def _brand(options: argparse.Namespace) -> int:
    from handout_builder.cli.brand_report import report  # noqa: PLC0415
    from handout_builder.orders import brand_folders  # noqa: PLC0415

    text, problems = report(brand_folders(options.brands or ["all"]), strict=options.strict)
    console.tell(text, end="")
    _report(problems)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    console.say(_number(len(errors), "error"))
    return _code(errors)


def _points(options: argparse.Namespace) -> int:
    from handout_builder.authoring.point_lookup import Lookup  # noqa: PLC0415
    from handout_builder.orders import ALL, source_folder  # noqa: PLC0415

    if options.atlas:
        if options.word:
            console.say("an atlas has all points: the folder that it goes to is told by --out DIR")
            return USAGE
        return _atlas(source_folder(), options.out, options.lang or ["en"])
    as_json = options.format == "json"
    # A terminal reads one language at a time, a program takes what it needs.
    langs = options.lang or ([] if as_json else ["en"])
    lookup = Lookup(source_folder(), [] if ALL in langs else langs)
    if options.svg or options.png:
        return _picture(lookup, options)
    if options.export:
        return _given({options.export: lookup.export().encode()})
    console.tell(lookup.answer(*lookup.asked(options.word), region=options.region, as_json=as_json))
    return OK


def _picture(lookup: "Lookup", options: argparse.Namespace) -> int:
    from handout_builder.authoring import point_picture  # noqa: PLC0415

    if options.svg == options.png:
        console.say("--svg and --png are two files: give each a name of its own")
        return USAGE
    svg = point_picture.picture(lookup.one(*lookup.asked(options.word)), lookup.shared, options.body)
    files = {options.svg: svg} if options.svg else {}
    if options.png:
        files[options.png] = point_picture.as_png(svg)
    return _given(files)


def _given(files: dict[Path, bytes]) -> int:
    """Write files, and the one that is called "-" to standard output; return the exit code."""
    from handout_builder.atomic_files import write_named  # noqa: PLC0415

    given_out = files.pop(Path(STANDARD), None)
    write_named(files)
    for path in files:
        console.say(f"written: {path}")
    if given_out is not None:
        console.give_out(given_out)
    return OK


def _atlas(root: Path, out: Path, langs: Sequence[str]) -> int:
    from handout_builder.cli import atlas  # noqa: PLC0415
    from handout_builder.content.catalogue import word_languages  # noqa: PLC0415
    from handout_builder.orders import ALL  # noqa: PLC0415
    from handout_builder.text import language  # noqa: PLC0415

    if ALL in langs:
        langs = ["en", *sorted(word_languages(root) - {"en"})]
    for lang in dict.fromkeys(map(language.canonical, langs)):
        files, notes = atlas.build(root, out, lang, console.say)
        _report(notes)
        _list(files)
    return OK


def _sheet(options: argparse.Namespace) -> int:
    from handout_builder.cli import sheet  # noqa: PLC0415

    return sheet.run(options)


def _translations(options: argparse.Namespace) -> int:
    from handout_builder import source_files  # noqa: PLC0415

    with source_files.recording():  # what was read is written again
        return _translated(options)


def _translated(options: argparse.Namespace) -> int:
    from handout_builder.cli import translations  # noqa: PLC0415
    from handout_builder.orders import source_folder  # noqa: PLC0415

    if options.export:
        package = translations.export(source_folder(), options.handouts, options.lang or [], options.export)
        to_do = sum(not unit.done for unit in package.units)
        console.say(f"written: {options.export}: {_number(len(package.units), 'text')}, {to_do} to be looked at")
        return OK
    if options.bring_in:
        came = translations.bring_in(source_folder(), options.handouts, options.lang or [], options.bring_in)
        _report(came.notes)
        _list(came.files)
        console.say(f"{_number(came.changed, 'text')} changed; {_number(came.done, 'block')} done, {came.left} left")
        return OK
    found = translations.pairs(source_folder(), options.handouts, options.lang or [])
    if options.done:
        _list(translations.mark_done(found))
    elif options.align:
        done = list(translations.align(found))
        for path, words in done:
            console.say(f"{path}: {words}")
        if not done:
            console.say("all translations are built as their originals are")
    else:
        console.tell(translations.table(found))
    return OK


def _lock(options: argparse.Namespace) -> int:
    from handout_builder.cli import lock  # noqa: PLC0415

    if options.shard:
        from handout_builder.builder.incremental import of_a_whole  # noqa: PLC0415

        raise HandoutError([of_a_whole("a lock is of all files", "lock", options.out)])
    made: list[Path] = []
    code = _built(options, made)
    return code or lock.write(options.out, made, options.typed)


def _migrate(options: argparse.Namespace) -> int:
    from handout_builder.cli import migrate  # noqa: PLC0415

    return migrate.run(options)


def _studio(options: argparse.Namespace) -> int:
    from handout_builder.cli import studio  # noqa: PLC0415

    gc.enable()  # it runs all day
    return _until_stopped(lambda: studio.run(options.host, options.port, browser=not options.no_browser))


def _service(options: argparse.Namespace) -> int:
    from handout_builder.cli import service  # noqa: PLC0415

    gc.enable()  # it runs for months
    return _until_stopped(lambda: service.run(options.host, options.port))


def _until_stopped(serve: Callable[[], None]) -> int:
    """Serve until a signal has stopped the server, which tells it on when all is finished; that is no news."""
    signals.tell_servers()
    try:
        serve()
    except KeyboardInterrupt:
        return INTERRUPTED
    return OK


def _schema(options: argparse.Namespace) -> int:
    from handout_builder.authoring.new_handout import json_schema  # noqa: PLC0415

    console.tell(json_schema(options.kind), end="")
    return OK


def _limits(options: argparse.Namespace) -> "Limits":
    from handout_builder.builder.limits import Limits  # noqa: PLC0415

    usual = Limits()
    seconds = usual.processor if options.time_limit is None else options.time_limit
    memory = usual.memory if options.memory_limit is None else options.memory_limit
    return Limits(seconds, seconds * usual.clock / usual.processor, memory)


def _orders(options: argparse.Namespace) -> "list[Order]":
    from handout_builder.orders import choose  # noqa: PLC0415

    standard: Standard = getattr(options, "pdf_standard", "ua-1")
    brands, editions = options.brand or [], options.edition or []
    return choose(options.handouts, options.lang or [], brands, editions, standard, options.look)


_RUN = {
    "brand": _brand,
    "build": _build,
    "check": _check,
    "copies": _copies,
    "import": _import,
    "lock": _lock,
    "merge": _merge,
    "migrate": _migrate,
    "new": _new,
    "points": _points,
    "schema": _schema,
    "service": _service,
    "sheet": _sheet,
    "studio": _studio,
    "translations": _translations,
    "verify": _verify,
}


def _report(problems: Sequence[Problem]) -> None:
    for problem in problems:
        console.say(str(problem))


def _code(errors: Sequence[Problem]) -> int:
    """Return the exit code for errors."""
    if any(problem.code in ("output", "engine", "installation", "mistake", "executor") for problem in errors):
        return CANNOT
    return PROBLEMS if errors else OK


def _list(paths: Iterable[Path]) -> None:
    for path in paths:
        console.tell(path)


def _count(notes: Sequence[Problem]) -> str:
    warnings = sum(note.severity is Severity.WARNING for note in notes)
    doubts = sum(note.severity is Severity.NOTE for note in notes)
    return f"; {_number(warnings, 'warning')} and {_number(doubts, 'note')}" if notes else ""


def _same_checked(options: argparse.Namespace) -> str:
    """Return the command that checks what a command built: the same handouts, languages, brands, editions and look."""
    import shlex  # noqa: PLC0415  # only where there is something to see

    given = {"--lang": options.lang, "--brand": options.brand, "--edition": options.edition}
    given["--look"] = [options.look] if options.look else []
    words = [word for option, values in given.items() for value in values or () for word in (option, value)]
    return shlex.join(["make_handout.py", "check", *map(str, options.handouts), *words])


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
