"""``build``: what has changed is made again, side by side, and recorded; what has not is left alone."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handout_builder.builder.fingerprints import Inputs, Reader
from handout_builder.builder.record import Entry, Facts, Record
from handout_builder.editions import DEFAULT, EDITIONS, FORMATS, Edition, Format
from handout_builder.errors import HandoutError, Problem
from handout_builder.looks import DEFAULT_LOOK, LOOKS
from handout_builder.orders import Order
from handout_builder.progress import Progress, silent

if TYPE_CHECKING:
    from handout_builder.builder.worker import Done, Task

_MINUTE = 60


class Built(NamedTuple):
    """What a build has come to."""

    paths: list[Path]
    """All files, in the order in which they were asked for."""
    notes: list[Problem]
    """Warnings and notes."""
    unchanged: int
    """How many of the files were left as they are."""


@dataclass(frozen=True)
class _Product:
    """One file to be made; or three, a PDF and its proof."""

    order: Order
    edition: Edition
    kind: Format
    inputs: Inputs
    fresh: Entry | None
    """What the record knows of it, if that holds."""

    @property
    def target(self) -> str:
        return self.order.target(self.edition, self.kind)


def build(
    orders: Iterable[Order],
    out: Path,
    formats: Iterable[Format] = FORMATS,
    progress: Progress = silent,
    *,
    strict: bool = False,
    proof: bool = False,
    rebuild: bool = False,
    jobs: int = 1,
) -> Built:
    """Build the files of all orders into ``out``, except those that are there already, made of the same.

    ``strict`` takes warnings, and what was changed in a brand, as errors. ``proof`` adds two files to each PDF
    that say what is in it: one for programs (JSON), one for people (HTML). ``rebuild`` makes everything again.
    ``jobs`` is the number of processes, 0 for one a core; a single product is made in this one.

    Raises HandoutError with the problems of all orders when the others are done. The files of an edition are
    written together, as soon as they are finished; where one fails, its earlier files stay as they are.
    """
    reader, record = Reader(), Record(out) if rebuild else Record.read(out)
    products: dict[str, _Product] = {}
    for order in dict.fromkeys(orders):
        for product in _products(order, tuple(formats), reader, record, strict=strict, proof=proof):
            if products.setdefault(product.target, product).order.folder != order.folder:
                message = f"two handouts would be written to {product.target}"
                raise HandoutError([Problem("same-output", message, order.folder, hint="rename one of the folders")])
    entries = {target: product.fresh for target, product in products.items() if product.fresh}
    fresh, unchanged = len(entries), sum(len(entry.files) for entry in entries.values())
    problems: list[Problem] = []
    tasks = _tasks([product for product in products.values() if not product.fresh], out, strict=strict, proof=proof)
    try:
        for task, done in _run(tasks, jobs, progress):
            problems += done.errors
            if done.facts:
                record.learn(task.order.text, reader.file(task.order.text), done.facts)
                for kind, files in done.files.items():
                    target = task.order.target(task.edition, kind)
                    key = products[target].inputs.key(done.facts.points)
                    entries[target] = Entry(key, files, done.notes)
                    record.add(target, entries[target])
    finally:
        if len(entries) > fresh:
            record.save()
    made = [entries[target] for target in products if target in entries]
    paths = [out / name for entry in made for name in entry.files]
    if problems:
        raise HandoutError(dict.fromkeys(problems), paths)
    return Built(paths, list(dict.fromkeys(note for entry in made for note in entry.notes)), unchanged)


def _products(
    order: Order, formats: Sequence[Format], reader: Reader, record: Record, *, strict: bool, proof: bool
) -> Iterator[_Product]:
    """Yield the files of an order; the book goes with the first edition that it can follow."""
    facts = record.facts(order.text, reader.file(order.text))
    bound = False
    named = facts or _named(order.text)
    for edition in order.chosen(named.editions, named.look):
        for kind in edition.formats(formats):
            if kind == "epub" and bound:
                continue
            bound |= kind == "epub"
            inputs = reader.inputs(order, edition, kind, strict=strict, proof=proof)
            fresh = record.fresh(order.target(edition, kind), inputs.key(facts.points)) if facts else None
            yield _Product(order, edition, kind, inputs, fresh)


def _named(text: Path) -> Facts:
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


def _tasks(stale: Iterable[_Product], out: Path, *, strict: bool, proof: bool) -> "list[Task]":
    """Return the tasks: all that is stale of one edition is made from the same pages."""
    groups: dict[tuple[Order, Edition], list[Format]] = {}
    for product in stale:
        groups.setdefault((product.order, product.edition), []).append(product.kind)
    if not groups:
        return []
    from handout_builder.builder.worker import Task  # noqa: PLC0415  # loads all but the engine

    return [Task(order, edition, tuple(kinds), out, strict, proof) for (order, edition), kinds in groups.items()]


def _run(tasks: "Sequence[Task]", jobs: int, progress: Progress) -> "Iterator[tuple[Task, Done]]":
    """Do the tasks, and tell how many are done, and how long the others will take."""
    if not tasks:
        return
    from handout_builder.builder import pool  # noqa: PLC0415

    started = time.monotonic()
    for number, (task, done) in enumerate(pool.run(tasks, jobs or pool.cores(), progress), start=1):
        if number < len(tasks):
            seconds = (time.monotonic() - started) / number * (len(tasks) - number)
            progress(f"{number} of {len(tasks)} done, about {_duration(seconds)} left: {task.name}")
        yield task, done


def _duration(seconds: float) -> str:
    return f"{seconds / _MINUTE:.0f} min" if seconds > 2 * _MINUTE else f"{seconds:.0f} s"
