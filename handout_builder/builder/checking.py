"""``check``: loads, renders and lays out everything, writes nothing, and returns the problems found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from handout_builder import source_files
from handout_builder.builder import inputs, pool
from handout_builder.builder.fingerprints import words_of
from handout_builder.builder.incremental import facts_of
from handout_builder.builder.limits import Limits
from handout_builder.builder.record import Record
from handout_builder.builder.worker import load_engine
from handout_builder.content.yaml_reader import read_yaml
from handout_builder.editions import FORMATS, Edition
from handout_builder.errors import HandoutError, Problem, Severity, mistake
from handout_builder.orders import Order, parted
from handout_builder.pipeline import Loader, make, remarks, reviewed
from handout_builder.progress import Progress, silent
from handout_builder.render.product import Product
from handout_builder.translation.review import of_shared

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from handout_builder.builder.executors import MakeExecutor

# How long before its day a review is told of, and the warning that --strict leaves one: nothing is late yet.
_BEFORE, _SOON = timedelta(days=30), "review-soon"


def check(
    orders: Iterable[Order],
    progress: Progress = silent,
    *,
    strict: bool = False,
    jobs: int = 1,
    limits: Limits | None = None,
    built: Path | None = None,
    today: date | None = None,
    executor: "Executor | MakeExecutor | None" = None,
) -> list[Problem]:
    """Load, render and set everything, write nothing; return every problem, warning and note.

    ``strict`` takes warnings, and what was changed in a brand, as errors. ``jobs`` and ``limits`` are those of
    ``build``. ``built`` is where files were built before: what has changed since is told where its date has not.
    ``executor`` is that of ``build``.
    ``today`` is the day from which it is told that a handout is to be reviewed, else that of the clock.
    """
    orders, refused = parted(orders)
    day = today or datetime.now().astimezone().date()
    record = Record.read(built) if built else None
    tasks = [_task(order, edition, record, day) for order in orders for edition in _editions(order)]
    if not tasks:
        return refused
    found: dict[_Task, list[Problem]] = {}
    if executor:
        from handout_builder.builder import remote  # noqa: PLC0415  # few checks have one

        for task, checked in remote.each(tasks, _Checker, executor, jobs, limits, lambda result: result.loaded):
            problems = [checked] if isinstance(checked, Problem) else checked.problems
            found[task] = [*remote.as_given(problems, task.order)]
    else:
        for task, checked in pool.run(tasks, _Checker, jobs or pool.cores(), progress, limits):
            ended = isinstance(checked, pool.Ended)
            found[task] = [checked.problem(task.order.name, task.order.text, limits)] if ended else checked.problems
    shared = [problem for root, lang in _languages(orders) for problem in _shared(root, lang)]
    told = list(dict.fromkeys([*refused, *shared, *(problem for task in tasks for problem in found[task])]))
    return [problem if problem.code == _SOON else problem.strictly() for problem in told] if strict else told


def _languages(orders: Iterable[Order]) -> Iterable[tuple[Path, str]]:
    """Return the folders and languages of handouts, each pair once."""
    return dict.fromkeys((order.folder.parent, lang) for order in orders for lang in (order.lang, order.second) if lang)


def _shared(root: Path, lang: str) -> list[Problem]:
    """Return the problems found in the translation of what handouts share; what stops a handout is told with it."""
    try:
        return of_shared(root, lang)
    except HandoutError:
        return []


def _editions(order: Order) -> list[Edition]:
    listed = facts_of(order.text)
    return order.chosen(listed.editions, listed.look)


@dataclass(frozen=True)
class _Task:
    """An edition of an order."""

    order: Order
    edition: Edition
    built: Path | None
    """Where it was built before."""
    said: tuple[tuple[str, str], ...]
    """What its text said then."""
    today: date

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.order.name}{self.edition.suffix}"

    def from_elsewhere(self) -> "_Task":
        """Return the task as a process does it that stands in another folder."""
        return replace(self, order=self.order.from_elsewhere())


def _task(order: Order, edition: Edition, record: Record | None, today: date) -> _Task:
    paths = (order.target(edition, kind) for kind in edition.formats(FORMATS)) if record else ()
    said = (record.said(path) for path in paths if record)
    return _Task(order, edition, record.out if record else None, tuple(filter(None, said)), today)


@dataclass(frozen=True)
class _Checked:
    """The problems found in an edition."""

    problems: list[Problem]
    loaded: Mapping[str, str] | None
    """The files that were read, by name, as far as they have one."""


def _due(task: _Task, product: Product) -> Iterator[Problem]:
    """Yield a warning where a handout is to be checked again within days, or should have been."""
    due, file = product.source.handout.review_due, task.order.text
    if due is None or task.today < due - _BEFORE:
        return
    line = read_yaml(file).line(("review_due",))
    hint = "have it checked; then give the new days under 'revised:' and 'review_due:'"
    if task.today > due:
        message = f"the handout should have been checked again by {due.isoformat()}"
        yield Problem("review-due", message, file, line, hint, Severity.WARNING)
    else:
        message = f"the handout is to be checked again by {due.isoformat()}"
        yield Problem("review-soon", message, file, line, hint, Severity.WARNING)


def _unrevised(task: _Task, product: Product) -> Iterator[Problem]:
    """Yield a note where a text says other things than what was built with its date, on a later day than that.

    A book's readers are told of an update by that date alone (EPUB 3.3, 3.4.3).
    """
    handout, file = product.source.handout, task.order.text
    if task.built is None or handout.revised >= task.today:
        return
    words = words_of(handout)
    if any(said[0] == words[0] and said != words for said in task.said):
        day = handout.revised.isoformat()
        message = f"the text is not the one that was built into {task.built}/ as revised on {day}"
        hint = "if readers should know, give the day of this change under 'revised:'"
        yield Problem("not-revised", message, file, read_yaml(file).line(("revised",)), hint, Severity.NOTE)


class _Checker:
    """Checks editions one after another."""

    def __init__(self) -> None:
        self._loader = Loader()

    def prepare(self) -> None:
        """Load the engine."""
        load_engine()

    def do(self, task: _Task, progress: Progress) -> _Checked:
        """Return the problems found in an edition."""
        with source_files.recording() as files:
            problems = self._problems(task, progress)
        return _Checked(problems, inputs.named(files, task.order))

    def _problems(self, task: _Task, progress: Progress) -> list[Problem]:
        problems: list[Problem] = []
        try:
            product = replace(self._loader.load(task.order), edition=task.edition)
            problems += reviewed(product)
            problems += _due(task, product)
            problems += _unrevised(task, product)
            problems += remarks(product, make(product, task.edition.formats(FORMATS), progress))
        except HandoutError as error:
            problems += error.problems
        except MemoryError:  # who gave the task tells what is too much
            raise
        except Exception as error:  # whatever it is, the others are checked
            problems.append(mistake(error, task.order.text))
        return problems
