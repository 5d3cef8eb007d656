"""``copies``: a handout for each row of a list of people; told by numbers of rows, never by their words."""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder import clock
from handout_builder.cli import console, personal
from handout_builder.cli.arguments import STANDARD, contents, day_of, executor
from handout_builder.cli.exit_codes import OK, PROBLEMS, USAGE
from handout_builder.errors import HandoutError, Problem

if TYPE_CHECKING:
    from handout_builder.copies.options import CopyOptions
    from handout_builder.copies.rows import Columns, People
    from handout_builder.orders import Order

_EXTRACT = "extract"


def run(options: argparse.Namespace) -> int:
    """Do what is asked for, and return the exit code; raises HandoutError, which quotes no word of a row."""
    return personal.kept("copies", lambda: _asked(options))


def _asked(options: argparse.Namespace) -> int:
    words: list[str] = options.words
    if options.forget:
        return _forget(options.forget, options.to)
    if words[:1] == [_EXTRACT] and len(words) == 2:  # noqa: PLR2004
        return _extract(Path(words[1]), options)
    if wrong := _wrong_usage(options):
        return _usage(wrong)
    return _form(words[0], options) if options.template else _make(options)


def _wrong_usage(options: argparse.Namespace) -> str:
    """Return what is missing, if anything is."""
    one = "standard output takes one copy of a store: copies extract DIR --rows 12 --out -"
    making, beginning = not options.template, options.list or options.fhir
    wrong = {
        "name one handout: copies HANDOUT --list patients.csv --out DIR": len(options.words) != 1,
        "say which list, with --list patients.csv or --fhir bundle.json; a first one is made with --template DIR": (
            making and not beginning
        ),
        "people come from one of --list and --fhir": options.list and options.fhir,
        "--time-zone is that of a bundle: --fhir bundle.json": options.time_zone and not options.fhir,
        "--date is for --fhir and --document-reference": (
            options.date and not options.fhir and not options.document_reference
        ),
        "--date is a day: 2026-11-28": options.date and not day_of(options.date),
        "say where the copies go, with --out DIR, --out FILE.pdf or --store DIR": (
            making and bool(options.out) == bool(options.store)
        ),
        one: options.out == Path(STANDARD),
    }
    return next((message for message, holds in wrong.items() if holds), "")


def _usage(message: str) -> int:
    console.say(f"make_handout.py copies: {message}")
    return USAGE


def _make(options: argparse.Namespace) -> int:
    from handout_builder.copies.run import copies_of  # noqa: PLC0415  # --help needs no engine

    started = time.monotonic()
    steps = console.Steps()

    def tell(problems: Sequence[Problem]) -> None:
        steps.clear()
        for problem in problems:
            console.say(problem)

    try:
        order, door, copy_options = asked_for(options)
        done = copies_of(order, door, copy_options, steps.show, tell)
    finally:
        steps.clear()
    tell(done.problems)
    where = copy_options.url or copy_options.out
    console.say(f"{done.made:,} of {done.rows:,} copies in {time.monotonic() - started:.1f} s: {where}")
    if done.long:
        console.say(f"{done.long:,} were laid out by themselves, as their words do not fit or are not simple to set")
    if done.not_made:
        more = f": see {options.report}" if options.report else "; --report FILE lists all of them"
        console.say(f"{done.not_made:,} were not made{more}")
    if options.encrypt:
        console.say("encrypted files are PDF/UA-1, and no longer PDF/A, which forbids encryption")
    if done.compression == "zlib":
        console.say('copies are made faster with the package isal: pip install "handout-builder[copies]"')
    return PROBLEMS if done.not_made else OK


def asked_for(options: argparse.Namespace) -> "tuple[Order, Callable[[Columns], People], CopyOptions]":
    """Return the handout, what gives the people, and how copies are made; raises HandoutError."""
    from handout_builder.copies.options import CopyOptions  # noqa: PLC0415
    from handout_builder.shards import WHOLE, shard  # noqa: PLC0415

    day = day_of(options.date) or clock.today()
    copy_options = CopyOptions(
        options.out or options.store or Path("copies"),
        name_by=options.name_by or "",
        jobs=options.jobs,
        encrypted=options.encrypt,
        store=bool(options.store),
        double_sided=not options.single_sided,
        report=options.report,
        referenced=day if options.document_reference else None,
        executor=executor(options.executor),
        shard=shard(options.shard) if options.shard else WHOLE,
        pack=options.pack or "",
        url=options.to,
    )
    order = _order(options.words[0], options)
    return order, _door(order, options, day), copy_options


def _door(order: "Order", options: argparse.Namespace, day: date) -> "Callable[[Columns], People]":
    """Return what gives the people when it is told the columns; raises HandoutError for an unreadable bundle."""
    if not options.fhir:
        from handout_builder.copies.rows import Table  # noqa: PLC0415

        if options.list.suffix.lower() == ".parquet":
            from handout_builder.copies.mappings import Mappings, from_parquet  # noqa: PLC0415

            fetch = from_parquet(options.list)
            return lambda columns: Mappings(fetch, columns, options.list)
        return lambda columns: Table(options.list, columns)
    from handout_builder.copies.patients import BundleOptions, Patients  # noqa: PLC0415

    data, path = contents(str(options.fhir))
    copy_options = BundleOptions(day, bool(options.date), options.time_zone, own_languages=not options.lang)
    return lambda columns: Patients(data, path, columns, order, copy_options)


def _order(name: str, options: argparse.Namespace) -> "Order":
    from handout_builder.orders import choose  # noqa: PLC0415

    langs = [options.lang] if options.lang else []
    brands = [options.brand] if options.brand else []
    editions = [options.edition] if options.edition else []
    orders = choose([name], langs, brands, editions, "ua-1", options.look)
    if len(orders) == 1:
        return orders[0]
    english = [order for order in orders if order.lang == "en"]
    if len(english) != 1:
        hint = f"written in: {', '.join(order.lang for order in orders)}"
        problem = Problem("language", "say in which language, with --lang", orders[0].folder, hint=hint)
        raise HandoutError([problem])
    return english[0]


def _form(name: str, options: argparse.Namespace) -> int:
    from handout_builder.atomic_files import write_all  # noqa: PLC0415
    from handout_builder.copies.list_schema import sample, schema  # noqa: PLC0415
    from handout_builder.copies.template import personal_names  # noqa: PLC0415
    from handout_builder.pipeline import Loader  # noqa: PLC0415

    product = Loader().load(_order(name, options))
    fields = tuple(personal_names(product))
    files = {
        options.template / "patients.schema.json": schema(fields, product.source.name).encode(),
        options.template / "patients.csv": sample(fields),
    }
    write_all(files, hint="choose another folder with --template")
    for path in files:
        console.tell(path)
    console.say(f"now: make_handout.py copies {name} --list {options.template / 'patients.csv'} --out DIR")
    return OK


def _forget(folder: Path, url: str) -> int:
    from handout_builder.copies.whole import forget  # noqa: PLC0415

    copies, left = forget(folder, url)
    console.say(f"{copies:,} files of copies were removed: {folder}")
    if left:
        console.say(f"left, as they are no files of the run: {left:,}")
    console.say(
        "removed files can often be brought back: from backups and snapshots, and from the disk itself until it is"
        " overwritten, which on an SSD nobody can tell; only a disk that is encrypted as a whole protects against that"
    )
    return OK


def _extract(folder: Path, options: argparse.Namespace) -> int:
    from handout_builder.atomic_files import write_all  # noqa: PLC0415
    from handout_builder.copies import store  # noqa: PLC0415

    count = store.rows(folder)
    if not options.rows:
        return _usage(f"say which rows, with --rows 12,40-60; the store has 1 to {count:,}")
    chosen = store.chosen(options.rows, count, folder)
    if options.out == Path(STANDARD):
        if len(chosen) != 1:
            return _usage("standard output takes one row: --rows 12 --out -")
        console.give_out(store.copy(folder, chosen[0]))
        return OK
    if not options.out:
        return _usage("say where the copies go, with --out DIR, or --out - for one row")
    for row in chosen:
        path = options.out / f"{row:06}.pdf"
        write_all({path: store.copy(folder, row)}, private=True)
        console.tell(path)
    return OK
