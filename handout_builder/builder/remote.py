"""Editions of orders made or checked by an executor: what is sent for them, and what is made of what comes back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from handout_builder import source_files
from handout_builder.builder import executors, inputs
from handout_builder.builder.executors import Lost, MakeExecutor, RetryPolicy
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.builder.process import TaskWorker
from handout_builder.errors import Problem
from handout_builder.orders import Order

# Editions in a chunk at most: each takes a second, and nobody should wait long for the last one.
_MOST = 8


class OrderTask(Protocol):
    """A task about an edition of an order."""

    @property
    def order(self) -> Order:
        """The order."""

    @property
    def name(self) -> str:
        """What people call it."""

    def from_elsewhere(self) -> "OrderTask":
        """Return the task as a process does it that stands in another folder."""


T = TypeVar("T", bound=OrderTask)


def each(
    tasks: Sequence[T],
    make: Callable[[], TaskWorker],
    executor: Executor | MakeExecutor,
    jobs: int,
    limits: Limits | None,
    loaded: Callable[[Any], Mapping[str, str] | None],
) -> Iterator[tuple[T, Any]]:
    """Do tasks; yield each with its result, or with the problem for which there is none.

    ``loaded`` gives what a result was made of, by name (builder/inputs.py), if that is known: where this machine has
    other files of these names, the worker's are old, and the task is done again. Raises HandoutError as
    ``executors.run`` does.
    """
    given = {task.from_elsewhere(): task for task in tasks}
    policy = RetryPolicy(out=jobs or executors.OUT_AT_ONCE)
    # The editions of an order stand together, and are loaded once.
    size = min(_MOST, max(1, len(tasks) // policy.out))

    def is_ours(sent: OrderTask, result: Any) -> bool:
        return isinstance(result, Ended) or _same(loaded(result), sent.order)

    sent_all = list(given)
    chunks = (sent_all[at : at + size] for at in range(0, len(sent_all), size))
    for sent, results in executors.run(chunks, make, executor, limits=limits, policy=policy, accept=is_ours):
        for one, result in zip(sent, results, strict=True):
            task = given[one]
            match result:
                case Ended():
                    yield task, result.problem(task.name, task.order.text, limits)
                case Lost():
                    yield task, result.problem(task.name, task.order.text)
                case _:
                    yield task, result


def as_given(problems: Iterable[Problem], order: Order) -> tuple[Problem, ...]:
    """Return problems of another process with the paths that an order was given by."""
    here = Path.cwd()
    if order.folder.is_absolute():
        return tuple(problems)
    return tuple(
        replace(problem, path=problem.path.relative_to(here)) if problem.path.is_relative_to(here) else problem
        for problem in problems
    )


def _same(loaded: Mapping[str, str] | None, order: Order) -> bool:
    """Tell whether files are here what they were elsewhere; where it is not known, nothing is recorded either."""
    return loaded is None or all(
        source_files.state(inputs.path_of(name, order)) == content for name, content in loaded.items()
    )
