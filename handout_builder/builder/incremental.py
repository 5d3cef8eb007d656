"""``build``: what has changed is made again, side by side, and recorded; what has not is left alone."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handout_builder.atomic_files import refuse_no_folder
from handout_builder.builder.fingerprints import Reader, Target, digest
from handout_builder.builder.limits import Limits
from handout_builder.builder.record import Facts, Output, Record
from handout_builder.builder.tasks import Result, Task
from handout_builder.editions import DEFAULT, EDITIONS, FORMATS, Edition, Format
from handout_builder.errors import HandoutError, Problem, display_path
from handout_builder.looks import DEFAULT_LOOK, LOOKS
from handout_builder.orders import Order, on_any_disk, parted
from handout_builder.progress import Progress, silent
from handout_builder.shards import Shard

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from handout_builder.builder.executors import MakeExecutor
    from handout_builder.builder.worker import Worker

_MINUTE = 60


class Built(NamedTuple):
    """What a build has come to."""

    paths: list[Path]
    """All files, in the order in which they were asked for."""
    notes: list[Problem]
    """Warnings and notes; those that are for the author alone without their words, which ``check`` tells."""
    unchanged: int
    """How many of the files were left as they are."""


def build(
    orders: Iterable[Order],
    out: Path,
    formats: Iterable[Format] = FORMATS,
    progress: Progress = silent,
    *,
    strict: bool = False,
    proof: bool = False,
    rebuild: bool = False,
    index: bool = False,
    jobs: int = 1,
    limits: Limits | None = None,
    executor: "Executor | MakeExecutor | None" = None,
    shard: Shard | None = None,
) -> Built:
    """Build the files of all orders into ``out``, except those that are there already, made of the same.

    ``strict`` takes warnings, and what was changed in a brand, as errors. ``proof`` adds two files to each PDF
    that say what is in it: one for programs (JSON), one for people (HTML). ``rebuild`` makes everything again.
    ``index`` writes ``index.json`` into ``out``: all files of these orders, for programs that choose among them.
    ``jobs`` is the number of processes, 0 for one a core. ``limits`` end what takes too much, and are for what
    strangers have sent: all is then made in processes of its own, where one job is else done in this one.
    ``executor``, or a function that gives one, makes the files elsewhere, and ``jobs`` is how many chunks it has at
    once (64); their bytes come back, and are written and recorded here. Its workers need this program and, at the same
    paths, the sources; see docs/scale.md. ``shard`` makes a part of the orders alone, into a folder of its own.

    Raises HandoutError with the problems of all orders when the others are done. The files of an edition are
    written together, as soon as they are finished; where one fails, its earlier files stay as they are.
    """
    formats = tuple(formats)
    refuse_no_folder(out)
    orders, problems = parted(dict.fromkeys(orders))
    asked = orders
    if shard:
        orders = _of_shard(shard, asked, out, index=index)
    reader, record = Reader(), Record(out) if rebuild else Record.read(out)
    targets: dict[str, Target] = {}
    first: dict[str, Target] = {}
    fresh: dict[str, tuple[Output, Facts]] = {}
    for order in orders:
        for target, facts, output in _targets(order, formats, reader, record, strict=strict, proof=proof):
            _refuse_same(first.setdefault(on_any_disk(target.path), target), target)
            targets.setdefault(target.path, target)
            if facts and output:
                fresh[target.path] = output, facts
    outputs = {path: output for path, (output, _) in fresh.items()}
    known = {path: facts for path, (_, facts) in fresh.items()}
    before, unchanged = len(outputs), sum(len(output.files) for output in outputs.values())
    stale = [target for path, target in targets.items() if path not in outputs]
    try:
        tasks = _tasks(stale, out, strict=strict, proof=proof)
        done = _elsewhere(tasks, executor, jobs, limits) if executor else _here(tasks, jobs, progress, limits)
        for task, result in _told(tasks, done, progress):
            problems += result.errors
            made = {task.order.target(task.edition, kind): output for kind, output in result.outputs.items()}
            outputs |= made
            known |= dict.fromkeys(made, result.facts) if result.facts else {}
            if result.facts and result.made:
                for path, output in made.items():
                    record.add(targets[path], result.made, result.facts, output)
    finally:
        if len(outputs) > before:
            record.save()
    there = [outputs[path] for path in targets if path in outputs]
    paths = [out / name for output in there for name in output.files]
    if index:
        index_file, changed = _write_index(out, targets, known, outputs)
        paths.append(index_file)
        unchanged += not changed
    if problems:
        raise HandoutError(dict.fromkeys(problems), paths)
    if shard:
        from handout_builder.builder import manifest  # noqa: PLC0415  # most builds are whole

        options = {"formats": [*formats], "strict": strict, "proof": proof}
        parts = _parts(orders, targets, outputs)
        manifest.write(out, manifest.of_build(asked, options, shard, parts))
    return Built(paths, list(dict.fromkeys(note for output in there for note in output.notes)), unchanged)


def _of_shard(shard: Shard, orders: Iterable[Order], out: Path, *, index: bool) -> list[Order]:
    """Return the orders of a shard, whose manifest in ``out`` holds no longer; raises HandoutError."""
    if index:
        raise HandoutError([of_a_whole("an index tells of all files", "--index", out)])
    from handout_builder.builder import manifest  # noqa: PLC0415  # most builds are whole

    manifest.remove(out)
    return [order for order in orders if shard.holds(order.name)]


def of_a_whole(message: str, option: str, out: Path) -> Problem:
    """Return the problem of an option that a shard cannot have."""
    hint = f"merge the shards; then build with {option}, and the whole as --out: nothing is made again"
    return Problem("shard", f"{message}, and a shard has some of them", out, hint=hint)


def _parts(
    orders: Iterable[Order], targets: Mapping[str, Target], outputs: Mapping[str, Output]
) -> dict[str, dict[str, str]]:
    """Return the files of each order by its name, with their digests."""
    parts: dict[str, dict[str, str]] = {order.name: {} for order in orders}
    for path, output in outputs.items():
        parts[targets[path].order.name] |= output.files
    return parts


def _write_index(
    out: Path, targets: Mapping[str, Target], known: Mapping[str, Facts], outputs: Mapping[str, Output]
) -> tuple[Path, bool]:
    """Write what tells of all files that are there; return its path, and whether it says anything new."""
    from handout_builder import source_files  # noqa: PLC0415  # only where it is asked for
    from handout_builder.atomic_files import write_all  # noqa: PLC0415
    from handout_builder.builder.index import NAME, Indexed, contents  # noqa: PLC0415

    told = contents(Indexed(targets[path], facts, outputs[path]) for path, facts in known.items())
    path = out / NAME
    changed = source_files.state(path) != digest(told)
    if changed:
        write_all({path: told})
    return path, changed


def _targets(
    order: Order, formats: Sequence[Format], reader: Reader, record: Record, *, strict: bool, proof: bool
) -> Iterator[tuple[Target, Facts | None, Output | None]]:
    """Yield the files of an order, each with what the record knows of its text and of it, if that holds.

    The book goes with the first edition that it can follow.
    """
    facts = record.facts(reader.state(order.text))
    bound = False
    listed = facts or facts_of(order.text)
    for edition in order.chosen(listed.editions, listed.look):
        for kind in edition.formats(formats):
            if kind == "epub" and bound:
                continue
            bound |= kind == "epub"
            target = reader.target(order, edition, kind, strict=strict, proof=proof)
            yield target, facts, record.fresh(target, facts, reader) if facts else None


def _refuse_same(first: Target, second: Target) -> None:
    """Raise HandoutError where two targets of one path, on some disk, are of two handouts or of two brands."""
    for one, other in ((first.order.folder, second.order.folder), (first.order.brand, second.order.brand)):
        if one and other and one.resolve() != other.resolve():
            message = f"{first.path} would be written for this and for {display_path(one)}"
            if first.path != second.path:
                message = f"on some disks {second.path} is {first.path}, which is written for {display_path(one)}"
            raise HandoutError([Problem("same-output", message, other, hint="rename one of the folders")])


def facts_of(text: Path) -> Facts:
    """Return the editions and the look that a text names, before it is checked."""
    from handout_builder.content.yaml_reader import read_yaml  # noqa: PLC0415  # not for texts that the record knows

    try:
        value = read_yaml(text).value
        names, look = value.get("editions"), value.get("look")
    except (HandoutError, AttributeError):  # it is told when the text is loaded
        names = look = None
    known = [name for name in names if name in EDITIONS] if isinstance(names, list) else []
    known_look = look if isinstance(look, str) and look in LOOKS else DEFAULT_LOOK.name
    return Facts(tuple(known) or (DEFAULT,), known_look, ())


def _tasks(stale: Iterable[Target], out: Path, *, strict: bool, proof: bool) -> list[Task]:
    """Return the tasks: all that is stale of one edition is made from the same pages."""
    groups: dict[tuple[Order, Edition], list[Format]] = {}
    for target in stale:
        groups.setdefault((target.order, target.edition), []).append(target.kind)
    return [Task(order, edition, tuple(kinds), out, strict, proof) for (order, edition), kinds in groups.items()]


def _told(
    tasks: Sequence[Task], done: Iterable[tuple[Task, Result]], progress: Progress
) -> Iterator[tuple[Task, Result]]:
    """Yield what is done, and tell how many are, and how long the others will take."""
    started = time.monotonic()
    for number, (task, result) in enumerate(done, start=1):
        if number < len(tasks):
            seconds = (time.monotonic() - started) / number * (len(tasks) - number)
            progress(f"{number} of {len(tasks)} done, about {_duration(seconds)} left: {task.name}")
        yield task, result


def _here(tasks: Sequence[Task], jobs: int, progress: Progress, limits: Limits | None) -> Iterator[tuple[Task, Result]]:
    """Do the tasks on this machine."""
    if not tasks:
        return
    from handout_builder.builder import pool  # noqa: PLC0415

    for task, result in pool.run(tasks, _worker, jobs or pool.cores(), progress, limits):
        if isinstance(result, pool.Ended):
            yield task, Result({}, errors=(result.problem(task.name, task.order.text, limits),))
        else:
            yield task, result


def _elsewhere(
    tasks: Sequence[Task], executor: "Executor | MakeExecutor", jobs: int, limits: Limits | None
) -> Iterator[tuple[Task, Result]]:
    """Let an executor do the tasks, and write what comes back."""
    if not tasks:
        return
    from handout_builder.atomic_files import write_all  # noqa: PLC0415  # few builds have an executor
    from handout_builder.builder import remote  # noqa: PLC0415

    def loaded(result: Result) -> Mapping[str, str] | None:
        return result.made.files if result.made else None

    for task, result in remote.each(tasks, _worker, executor, jobs, limits, loaded):
        if isinstance(result, Problem):
            yield task, Result({}, errors=(result,))
            continue
        errors = result.errors
        try:
            write_all({task.out / name: data for name, data in result.data.items() if task.out})
        except HandoutError as error:
            errors = (*errors, *error.problems)
        outputs = {} if errors else result.outputs
        own = {kind: replace(one, notes=remote.as_given(one.notes, task.order)) for kind, one in outputs.items()}
        yield task, Result(own, result.facts, result.made, remote.as_given(errors, task.order))


def _worker() -> "Worker":
    """Return what does tasks; it is loaded in the process that does them, as a copy of a small process costs least."""
    from handout_builder.builder.worker import Worker  # noqa: PLC0415

    return Worker()


def _duration(seconds: float) -> str:
    return f"{seconds / _MINUTE:.0f} min" if seconds > 2 * _MINUTE else f"{seconds:.0f} s"
