"""Batches of rows given to an executor; what comes back is written here, or lies in a place that all can reach."""

from collections.abc import Generator, Iterable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from handout_builder.builder import executors
from handout_builder.builder.executors import Lost, MakeExecutor, RetryPolicy
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.rows import Row, RowProblem
from handout_builder.copies.side_by_side import Batch, Result
from handout_builder.copies.worker import RowWorker, Stopped, Work

LIMITS = Limits()
"""What a row may take, and a batch until one of its rows takes that."""


def made(
    batches: Iterable[Batch],
    work: Work,
    executor: Executor | MakeExecutor,
    jobs: int,
    limits: Limits,
    sources: dict[Path, str],
) -> Generator[tuple[Batch, Result], None, None]:
    """Yield batches, or parts of them, with what came of them; raises HandoutError as ``executors.run`` does.

    ``jobs`` is how many batches are out at once, 0 for the usual number; ``sources`` is what the handouts were made of.
    """
    policy = RetryPolicy(out=jobs or executors.OUT_AT_ONCE)
    make = partial(RowWorker, work)
    done = executors.run(batches, make, executor, limits=limits, together=True, policy=policy, sources=sources)
    for rows, results in done:
        stopped = next((result for result in results if isinstance(result, Stopped)), None)
        found = [_outcome(row, result, limits) for (_, row), result in zip(rows, results, strict=True)]
        yield list(rows), stopped or found


_LOST = "look into the logs of the workers: they may have had too little memory"


def _outcome(row: Row, result: Outcome | Ended | Lost, limits: Limits) -> Outcome:
    match result:
        case Ended(limit=None):
            why = RowProblem("worker", "the process was ended by the system", hint=_LOST)
        case Ended(limit=limit):
            assert limit
            hint = "shorten the words of this row"
            why = RowProblem("limit", f"this takes more than {limits.told(limit)}", hint=hint)
        case Lost(reason=reason, tries=tries):
            message = f"set aside, as {tries} workers were lost with it ({reason})"
            why = RowProblem("worker", message, hint=_LOST)
        case _:
            return result
    return Outcome(row.number, "not-made", (why,), row.line)
