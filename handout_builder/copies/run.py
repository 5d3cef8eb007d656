"""A run: a list looked through, then its copies made side by side; interrupted, it goes on where it was.

1. The whole list is read and checked, and each kind of copy laid out: nothing is written while that could still fail.
2. It is read again, in batches of rows, which processes make into files. What is wrong with a row costs that row alone.
3. The report says by the numbers of rows what came of each.
"""

import contextlib
import hashlib
import io
import os
import secrets
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder import signals
from handout_builder.atomic_files import refuse_another_kind
from handout_builder.builder.pool import cores
from handout_builder.builder.surroundings import surroundings
from handout_builder.copies import journal, outcome, private_files, side_by_side
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.journal import Journal
from handout_builder.copies.kinds import Kind, Kinds
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.print_run import PrintRun
from handout_builder.copies.rows import Columns, People, Row, RowProblem, Table, shown_wrong
from handout_builder.copies.shelf import Files, InStore, Pack, Packed, Shelf, archive
from handout_builder.copies.store import Store
from handout_builder.copies.worker import REFERENCE, Stopped, Work, Worker, breaks
from handout_builder.copies.writer import BoxError, Filler, fastest
from handout_builder.errors import REPORT_HINT, HandoutError, Problem, cannot_write, kind_and_place
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent
from handout_builder.shards import WHOLE, Shard, digits_for
from handout_builder.typefaces import coverage

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from handout_builder.builder.executors import MakeExecutor

_BATCH = 200
# So many problems are shown one by one; a report has them all.
MOST_TOLD = 100


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


@dataclass(frozen=True)
class CopyOptions:
    """How copies are made."""

    out: Path
    """A folder; or a file whose name ends in .pdf: one file for a print shop."""
    name_by: str = ""
    """The column that the files are named by; "" for the numbers of the rows."""
    jobs: int = 0
    """How many processes; 0 for one a core."""
    encrypted: bool = False
    store: bool = False
    """Whether the folder becomes a store."""
    double_sided: bool = True
    """Whether each copy in one file begins on the front of a sheet."""
    report: Path | None = None
    referenced: date | None = None
    """The day of the FHIR DocumentReference that is written beside each file; None for none."""
    executor: "Executor | MakeExecutor | None" = None
    """What makes the copies elsewhere, or a function that gives it; ``jobs`` is how many batches it has at once."""
    shard: Shard = WHOLE
    """The part of the list that copies are made of."""
    pack: Pack = ""
    """What the copies of each batch are packed as."""
    url: str = ""
    """Where the files go, as fsspec writes it; ``out`` has the record of the run alone."""


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
    _refuse_strange(options)
    list_of = looked_through(order, door, options, progress)
    tell(list_of.first)
    run = _print(list_of, options, progress) if _is_lot(options) else _fill(list_of, options, progress)
    told = {row: one for row, one in run.items() if one.result != "made"}
    if options.report:
        _write_report(options.report, list_of, told)
    lost = [one for one in told.values() if one.result == "not-made"]
    later = sorted((one for one in lost if one.row not in list_of.wrong), key=lambda one: one.row)
    problems = [problem for one in later for problem in list_of.problems_of(one)]
    long = sum(one.result == "made-long" for one in told.values())
    count = list_of.count
    return Copies(count, count - len(lost), long, tuple(problems[:MOST_TOLD]), len(list_of.kinds.made), fastest()[1])


def looked_through(
    order: Order, door: Callable[[Columns], People], options: CopyOptions, progress: Progress = silent
) -> "Looked":
    """Return a list that was looked through, with its kinds laid out; raises HandoutError as ``make_copies`` does."""
    kinds = Kinds(order, progress)
    list_of = Looked(door(Columns(kinds.fields, options.name_by, encrypted=options.encrypted)), kinds, options)
    list_of.look(progress)
    if not list_of.all:
        hint = "write a row for each person below the heads"
        raise HandoutError([Problem("blank", "the list has no rows", list_of.people.path, hint=hint)])
    if not kinds.made:
        raise HandoutError(list_of.first)
    return list_of


def _refuse_strange(options: CopyOptions) -> None:
    """Raise HandoutError for options that do not go together."""
    one_file, files = _is_lot(options) or options.store, "make files: --out DIR"
    messages = {
        "a DocumentReference stands beside each copy's own file": bool(options.referenced) and one_file,
        "only files are packed, or written to an address": bool(options.pack or options.url) and one_file,
        "copies are packed, or written to an address": bool(options.pack and options.url),
        "one file for a print shop is made by one machine": _is_lot(options)
        and bool(options.executor or options.shard != WHOLE),
        "a store is made by one machine, or by an executor": options.store and options.shard != WHOLE,
        "a report is about all rows: merge the shards, and give the command again with the whole as --out": bool(
            options.report and options.shard != WHOLE
        ),
    }
    if wrong := [Problem("kind", message, options.out, hint=files) for message, holds in messages.items() if holds]:
        raise HandoutError(wrong)
    if _is_lot(options):
        refuse_another_kind(options.out, b"%PDF")
    if options.report:
        refuse_another_kind(options.report, next(outcome.report(0, {}, outcome.kind_of(options.report))))


def _is_lot(options: CopyOptions) -> bool:
    """Tell whether all copies become one file for a print shop."""
    return options.out.suffix.lower() == ".pdf" and not options.store


class Looked:
    """A list that was looked through."""

    def __init__(self, people: People, kinds: Kinds, options: CopyOptions) -> None:
        self.people, self.kinds = people, kinds
        self._options = options
        self.all = 0
        """All rows of the list."""
        self.count = 0
        """Those of the shard."""
        self.wrong: dict[int, Outcome] = {}
        """Rows that have no copy, as they are wrong."""
        self.first: list[Problem] = []
        self._characters: dict[int, frozenset[str]] = {}
        self._seed = secrets.token_bytes(16)

    def look(self, progress: Progress) -> None:
        """Read all rows; raises HandoutError."""
        names = array("Q")
        for row in self.people.rows():
            self.all += 1
            if self.all % 20_000 == 0:
                progress(f"{self.all:,} rows looked at")
            if row.name:
                names.append(self._digest(row))
            own = self.holds(row)
            self.count += own
            # Rows of other shards are looked at, too, for the kinds that all have in common.
            problems = [*row.problems, *self._more(row)]
            if problems and own:
                self._note(row, problems)
        if twice := _twice(names):
            for row in self.people.rows():
                if row.name and self._digest(row) in twice and row.number not in self.wrong and self.holds(row):
                    hint = "give each row a name of its own"
                    self._note(row, [RowProblem("name", "several rows have the same", self._options.name_by, hint)])

    def holds(self, row: Row) -> bool:
        """Tell whether a row is of the shard."""
        return self._options.shard.holds(row.name or str(row.number))

    def _note(self, row: Row, problems: Sequence[RowProblem]) -> None:
        self.wrong[row.number] = Outcome(row.number, "not-made", tuple(problems), row.line)
        if len(self.first) < MOST_TOLD:
            self.first += [self.people.problem(problem, row) for problem in problems]

    def _more(self, row: Row) -> Iterator[RowProblem]:
        """Yield what is wrong with a row that its kind has to be known for."""
        number = self.kinds.number(row)
        if isinstance(number, RowProblem):
            yield number
            return
        kind = self.kinds.made[number]
        if number not in self._characters:
            self._characters[number] = _characters(kind)
        yield from shown_wrong(row, self._characters[number], kind.template.lang)

    def _digest(self, row: Row) -> int:
        """Return a number for what a file is called; capitals do not matter, as some systems take them so."""
        name = row.name.casefold().encode()
        return int.from_bytes(hashlib.blake2b(name, digest_size=8, key=self._seed).digest(), "big")

    def good(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows that are right, with the numbers of their kinds.

        Raises HandoutError for a list that is another one now.
        """
        looked_at = self.people.digest
        for row in self.people.rows():
            if row.number not in self.wrong and not row.problems and self.holds(row):
                number = self.kinds.number(row)
                if isinstance(number, int):
                    yield number, row
        if self.people.digest != looked_at:
            message = "the list was changed while copies were made of it"
            raise HandoutError([Problem("changed", message, self.people.path, hint="give the command again")])

    def problems_of(self, one: Outcome) -> Iterator[Problem]:
        """Yield the problem of a row without a copy."""
        for problem in one.problems:
            yield self.people.problem(problem, Row(one.row, one.line, {}))

    @property
    def key(self) -> str:
        """The digest of all that decides the files."""
        options = self._options
        digest = hashlib.sha256(self.people.digest.encode())
        for kind in self.kinds.made:
            digest.update(hashlib.sha256(kind.template.pdf).digest())
        digest.update(repr((options.name_by, options.encrypted, options.store, bool(options.referenced))).encode())
        digest.update(options.pack.encode())
        return digest.hexdigest()


def _twice(numbers: "array[int]") -> set[int]:
    ordered = sorted(numbers)
    return {one for one, other in pairwise(ordered) if one == other}


def _characters(kind: Kind) -> frozenset[str]:
    """Return all characters that a kind of copies can show."""
    clinics = kind.product.brand.faces if kind.product.brand else ()
    own = {chr(code) for face in clinics if face.use == "text" for code in face.font.characters}
    return coverage.covered() | own


def _fill(looked: Looked, options: CopyOptions, progress: Progress) -> dict[int, Outcome]:
    """Make a file for each row, or a store; return the outcomes of rows that are more than made."""
    folder = options.out
    work = work_of(looked.kinds, looked.all, options)
    if options.url:
        Bucket(options.url)  # what is no address is told before anything is written
    with closing(Journal(folder, _state(looked, work, options))) as record:
        return _gone_on(record, looked, work, options, progress)


def _gone_on(
    record: Journal, looked: Looked, work: Work, options: CopyOptions, progress: Progress
) -> dict[int, Outcome]:
    """Make what is still to be made of a run."""
    folder = options.out
    templates = [kind.template.pdf for kind in looked.kinds.made]
    store = Store(folder, templates) if options.store else None
    shelf = _shelf(store, work, templates, options)
    ready = _ready(record, work, options)
    lost = {row for row, one in record.told.items() if one.result == "not-made"}
    batches = _batches(looked.good(), ready, lost, work, options)
    done = sum(last - first + 1 for first, last in ready)
    sent = replace(work, folder=None) if shelf else work
    if options.executor:
        from handout_builder.copies import remote  # noqa: PLC0415  # few runs have one

        sources = {path.absolute(): state for path, state in looked.kinds.sources.items()}
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
                progress(f"{min(done, looked.count):,} of {looked.count:,} rows")
        if store:
            store.finish(looked.count)
    finally:
        if store:
            store.close()
    return record.told | looked.wrong


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


def _state(looked: Looked, work: Work, options: CopyOptions) -> dict[str, object]:
    """Return what the journal says of a run: what decides its files, what they are called, and which part it is."""
    part = options.shard != WHOLE
    return {
        **({"surroundings": {**surroundings()}} if part else {}),
        "key": looked.key,
        "files": "store" if options.store else "column" if options.name_by else "number",
        "rows": looked.all,
        "digits": work.digits,
        "spread": work.spread,
        "pack": options.pack,
        "elsewhere": bool(options.url),
        "encrypted": options.encrypted,
        "referenced": bool(options.referenced),
        "shard": [options.shard.number, options.shard.count],
        "wrong": sorted(looked.wrong),
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


def _print(looked: Looked, options: CopyOptions, progress: Progress) -> dict[int, Outcome]:
    """Make one file of all copies; return the outcomes of rows that are more than made."""
    if len(looked.kinds.made) > 1:
        message = "one file for a print shop holds copies of one kind, and the list asks for several"
        raise HandoutError([Problem("kind", message, looked.people.path, hint="divide the list")])
    if options.encrypted:
        hint = "leave --encrypt out, or give --out a folder"
        raise HandoutError([Problem("kind", "one file for a print shop is not encrypted", options.out, hint=hint)])
    template = looked.kinds.made[0].template
    filler = Filler(template, breaks(template.lang), fastest()[0])
    told = dict(looked.wrong)
    part = options.out.with_name(private_files.part_name())
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        try:
            with io.BufferedWriter(private_files.new(part)) as file:
                lot = PrintRun(filler, file, double_sided=options.double_sided)
                for _, row in looked.good():
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
                        progress(f"{row.number:,} of {looked.count:,} rows")
                if lot.finish():
                    file.flush()
                    os.fsync(file.fileno())
            if len(told) < looked.count:
                part.replace(options.out)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(options.out, error, "choose another file with --out") from None
    return told


def _write_report(path: Path, looked: Looked, told: dict[int, Outcome]) -> None:
    part = path.with_name(private_files.part_name())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.writelines(outcome.report(looked.count, told, outcome.kind_of(path)))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise cannot_write(path, error) from None
