"""``check``: everything is loaded, rendered and set, nothing is written; what is to be said of it is told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handout_builder.builder import pool
from handout_builder.builder.incremental import named
from handout_builder.builder.limits import Limits
from handout_builder.builder.worker import load_engine
from handout_builder.editions import FORMATS, Edition
from handout_builder.errors import HandoutError, Problem, mistake
from handout_builder.orders import Order, refuse_strange
from handout_builder.pipeline import Loader, make, remarks, reviewed
from handout_builder.progress import Progress, silent


def check(
    orders: Iterable[Order],
    progress: Progress = silent,
    *,
    strict: bool = False,
    jobs: int = 1,
    limits: Limits | None = None,
) -> list[Problem]:
    """Load, render and set everything, write nothing; return every problem, warning and note.

    ``strict`` takes warnings, and what was changed in a brand, as errors. ``jobs`` and ``limits`` are those of
    ``build``.
    """
    orders = list(orders)
    refuse_strange(orders)
    tasks = [_Task(order, edition) for order in orders for edition in _editions(order)]
    if not tasks:
        return []
    found: dict[_Task, list[Problem]] = {}
    for task, problems in pool.run(tasks, _Checker, jobs or pool.cores(), progress, limits):
        ended = isinstance(problems, pool.Ended)
        found[task] = [problems.problem(task.order.name, task.order.text, limits)] if ended else problems
    told = list(dict.fromkeys(problem for task in tasks for problem in found[task]))
    return [*map(Problem.strictly, told)] if strict else told


def _editions(order: Order) -> list[Edition]:
    listed = named(order.text)
    return order.chosen(listed.editions, listed.look)


@dataclass(frozen=True)
class _Task:
    """An edition of an order."""

    order: Order
    edition: Edition


class _Checker:
    """Checks editions one after another."""

    def __init__(self) -> None:
        self._loader = Loader()

    def prepare(self) -> None:
        """Load the engine."""
        load_engine()

    def do(self, task: _Task, progress: Progress) -> list[Problem]:
        """Return what is to be said of an edition."""
        problems: list[Problem] = []
        try:
            product = replace(self._loader.load(task.order), edition=task.edition)
            problems += reviewed(product)
            problems += remarks(product, make(product, task.edition.formats(FORMATS), progress, problems.append))
        except HandoutError as error:
            problems += error.problems
        except MemoryError:  # who gave the task tells what is too much
            raise
        except Exception as error:  # whatever it is, the others are checked
            problems.append(mistake(error, task.order.text))
        return problems
