"""A run: a list looked through, then its copies made side by side; interrupted, it goes on where it was.

1. The whole list is read and checked, and each kind of copy laid out: nothing is written while that could still fail.
2. It is read again, in batches of rows, which processes make into files. What is wrong with a row costs that row alone.
3. The report says by the numbers of rows what came of each.
"""

import contextlib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from handout_builder import signals
from handout_builder.builder.pool import cores
from handout_builder.builder.surroundings import surroundings
from handout_builder.copies import journal, outcome, private_files, side_by_side
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.checked_list import MOST_TOLD, CheckedList, checked_list
from handout_builder.copies.journal import Journal
from handout_builder.copies.kinds import Kinds
from handout_builder.copies.options import CopyOptions, refuse_strange
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.print_run import PrintRun
from handout_builder.copies.rows import Columns, People, Row, RowProblem, Table
from handout_builder.copies.shelf import Files, InStore, Packed, Shelf, archive
from handout_builder.copies.store import Store
from handout_builder.copies.worker import REFERENCE, Stopped, Work, Worker, breaks
from handout_builder.copies.writer import BoxError, Filler, fastest
from handout_builder.errors import REPORT_HINT, HandoutError, Problem, cannot_write, kind_and_place
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent
from handout_builder.shards import WHOLE, digits_for

_BATCH = 200


@dataclass(frozen=True)
class Copies:
    """What came of a run."""

    rows: int
    made: int
    """Copies that are there, those of an earlier call too."""
    long: int
    """Those of them that the engine has laid out."""
    problems: tuple[Problem, ...]
    """Of rows without a copy, but for what the list told: the first hundred."""
    kinds: int
    """How many kinds were laid out."""
    compression: str
    """What compressed them: "isal", or "zlib" where that package is not there."""

    @property
    def not_made(self) -> int:
        """Rows without a copy."""
        return self.rows - self.made


def _nobody(_: Sequence[Problem]) -> None:
    """Tell nothing."""


def make_copies(
    order: Order,
    people: Path,
    options: CopyOptions,
    progress: Progress = silent,
    tell: Callable[[Sequence[Problem]], object] = _nobody,
) -> Copies:
    """Make a copy of a handout for each row of a list.

    ``tell`` is called with what is wrong in the list, before anything is written.

    Raises HandoutError, with nothing written, for a list that is none, for a handout without boxes or one that cannot
    be made, and for a folder that holds something else; and where the files cannot be written. Rows that are wrong are
    told in what it returns.
    """
    return copies_of(order, lambda columns: Table(people, columns), options, progress, tell)


def copies_of(
    order: Order,
    door: Callable[[Columns], People],
    options: CopyOptions,
    progress: Progress = silent,
    tell: Callable[[Sequence[Problem]], object] = _nobody,
) -> Copies:
    """Make copies as ``make_copies`` does, for rows that may come from elsewhere than a table.

    ``door`` gives them when it is told the columns.
    """
    refuse_strange(options)
    checked = checked_list(order, door, options, progress)
    tell(checked.first)
    run = _print(checked, options, progress) if options.one_file else _fill(checked, options, progress)
    told = {row: one for row, one in run.items() if one.result != "made"}
    if options.report:
        _write_report(options.report, checked, told)
    lost = [one for one in told.values() if one.result == "not-made"]
    later = sorted((one for one in lost if one.row not in checked.wrong), key=lambda one: one.row)
    problems = [problem for one in later for problem in checked.problems_of(one)]
    long = sum(one.result == "made-long" for one in told.values())
    count = checked.count
    return Copies(count, count - len(lost), long, tuple(problems[:MOST_TOLD]), len(checked.kinds.made), fastest()[1])


def _fill(checked: CheckedList, options: CopyOptions, progress: Progress) -> dict[int, Outcome]:
    """Make a file for each row, or a store; return the outcomes of rows that are more than made."""
    folder = options.out
    work = work_of(checked.kinds, checked.all, options)
    if options.url:
        Bucket(options.url)  # what is no address is told before anything is written
    with closing(Journal(folder, _state(checked, work, options))) as record:
        return _gone_on(record, checked, work, options, progress)


def _gone_on(
    record: Journal, checked: CheckedList, work: Work, options: CopyOptions, progress: Progress
) -> dict[int, Outcome]:
    """Make what is still to be made of a run."""
    folder = options.out
    templates = [kind.template.pdf for kind in checked.kinds.made]
    store = Store(folder, templates) if options.store else None
    shelf = _shelf(store, work, templates, options)
    ready = _ready(record, work, options)
    lost = {row for row, one in record.told.items() if one.result == "not-made"}
    batches = _batches(checked.good(), ready, lost, work, options)
    done = sum(last - first + 1 for first, last in ready)
    sent = replace(work, folder=None) if shelf else work
    if options.executor:
        from handout_builder.copies import remote  # noqa: PLC0415  # few runs have one

        sources = {path.absolute(): state for path, state in checked.kinds.sources.items()}
        made = remote.made(batches, sent.from_elsewhere(), options.executor, options.jobs, remote.LIMITS, sources)
    else:
        made = side_by_side.made(batches, partial(Worker, sent), options.jobs or cores())
    try:
        with closing(made) as results:
            for batch, result in results:
                if isinstance(result, Stopped):
                    raise _unreachable(result.reason) if options.url else _full(result.reason, folder)
                if shelf:
                    try:
                        shelf.add(batch, result)
                    except OSError as error:
                        raise _full(error, folder) from None
                record.finished(batch[0][1].number, batch[-1][1].number, result)
                done += len(batch)
                progress(f"{min(done, checked.count):,} of {checked.count:,} rows")
        if store:
            store.finish(checked.count)
    finally:
        if store:
            store.close()
    return record.told | checked.wrong


def work_of(kinds: Kinds, rows: int, options: CopyOptions) -> Work:
    """Return what is done with the rows of a list; ``rows`` is how many it has."""
    return Work(
        [(kind.order, kind.template) for kind in kinds.made],
        None if options.store or options.url else options.out,
        options.encrypted,
        max(6, len(str(rows))),
        options.referenced.isoformat() if options.referenced else "",
        0 if options.store or options.pack else digits_for(rows),
        options.url,
    )


def _state(checked: CheckedList, work: Work, options: CopyOptions) -> dict[str, object]:
    """Return what the journal says of a run: what decides its files, what they are called, and which part it is."""
    part = options.shard != WHOLE
    return {
        **({"surroundings": {**surroundings()}} if part else {}),
        "key": checked.key,
        "files": "store" if options.store else "column" if options.name_by else "number",
        "rows": checked.all,
        "digits": work.digits,
        "spread": work.spread,
        "pack": options.pack,
        "elsewhere": bool(options.url),
        "encrypted": options.encrypted,
        "referenced": bool(options.referenced),
        "shard": [options.shard.number, options.shard.count],
        "wrong": sorted(checked.wrong),
    }


def _shelf(store: Store | None, work: Work, templates: Sequence[bytes], options: CopyOptions) -> Shelf | None:
    """Return where copies are put that come back; None where those who make them write them."""
    if store:
        return InStore(store)
    if options.pack:
        return Packed(work, templates, options.pack)
    return Files(work, templates) if options.executor and not options.url else None


def _ready(record: Journal, work: Work, options: CopyOptions) -> list[tuple[int, int]]:
    """Return the rows that are finished, from and to."""
    done: Iterable[tuple[int, int]] = record.done
    if options.pack:
        names = ((one, archive(*one, work.digits, options.pack)) for one in record.done)
        done = [one for one, name in names if (options.out / name).is_file()]
    return list(journal.ranges(done))


def _full(reason: OSError | str, folder: Path) -> HandoutError:
    return cannot_write(folder, reason, "finished files are whole: make room, and give the same command again")


def _unreachable(reason: str) -> HandoutError:
    hint = "finished files are whole: see whether the address takes files, and give the same command again"
    return cannot_write(Path("--to"), reason, hint)


def _batches(
    rows: Iterable[tuple[int, Row]], ready: Sequence[tuple[int, int]], lost: set[int], work: Work, options: CopyOptions
) -> Iterator[list[tuple[int, Row]]]:
    """Yield rows in batches, without those that are ready and whole; what was lost is tried again."""
    batch: list[tuple[int, Row]] = []
    waiting = list(reversed(ready))
    for kind, row in rows:
        while waiting and waiting[-1][1] < row.number:
            waiting.pop()
        known = waiting and waiting[-1][0] <= row.number and row.number not in lost
        if known and (work.folder is None or options.pack or _is_there(row, work)):
            if batch:  # ranges of a batch have no gaps
                yield batch
                batch = []
            continue
        batch.append((kind, row))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_there(row: Row, work: Work) -> bool:
    """Tell whether all that a row gets is there, and whole."""
    path = work.file(row)
    return journal.is_whole(path) and (not work.referenced or path.with_suffix(REFERENCE).is_file())


def _print(checked: CheckedList, options: CopyOptions, progress: Progress) -> dict[int, Outcome]:
    """Make one file of all copies; return the outcomes of rows that are more than made."""
    if len(checked.kinds.made) > 1:
        message = "one file for a print shop holds copies of one kind, and the list asks for several"
        raise HandoutError([Problem("kind", message, checked.people.path, hint="divide the list")])
    if options.encrypted:
        hint = "leave --encrypt out, or give --out a folder"
        raise HandoutError([Problem("kind", "one file for a print shop is not encrypted", options.out, hint=hint)])
    template = checked.kinds.made[0].template
    filler = Filler(template, breaks(template.lang), fastest()[0])
    told = dict(checked.wrong)
    part = options.out.with_name(private_files.part_name())
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        try:
            with io.BufferedWriter(private_files.new(part)) as file:
                lot = PrintRun(filler, file, double_sided=options.double_sided)
                for _, row in checked.good():
                    try:
                        lot.add(row.number, row.words)
                    except BoxError as error:
                        hint = "shorten it, or make this copy as a file of its own"
                        reasons = [RowProblem("long-way", str(why), box, hint) for box, why in error.reasons.items()]
                        told[row.number] = Outcome(row.number, "not-made", tuple(reasons), row.line)
                    except OSError:
                        raise
                    except Exception as error:  # a mistake of ours, told without the row's words
                        message = f"this is a bug in the program: {kind_and_place(error)}"
                        mistake = RowProblem("mistake", message, hint=REPORT_HINT)
                        told[row.number] = Outcome(row.number, "not-made", (mistake,), row.line)
                    finally:
                        signals.raise_again()
                    if row.number % 1000 == 0:
                        progress(f"{row.number:,} of {checked.count:,} rows")
                if lot.finish():
                    file.flush()
                    os.fsync(file.fileno())
            if len(told) < checked.count:
                part.replace(options.out)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(options.out, error, "choose another file with --out") from None
    return told


def _write_report(path: Path, checked: CheckedList, told: dict[int, Outcome]) -> None:
    part = path.with_name(private_files.part_name())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.writelines(outcome.report(checked.count, told, outcome.kind_of(path)))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise cannot_write(path, error) from None
