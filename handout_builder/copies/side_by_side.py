"""Batches of rows given to several processes; in their memory only are the words of rows, never in what starts them."""

import queue
from collections.abc import Callable, Generator, Iterator
from functools import partial
from itertools import chain

from handout_builder.builder.limits import NO_LIMITS
from handout_builder.builder.process import Process, may_be_copied
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.rows import Row, RowProblem
from handout_builder.copies.worker import Stopped, Worker
from handout_builder.progress import silent

Batch = list[tuple[int, Row]]
"""Rows with the numbers of their kinds."""
Result = list[Outcome] | Stopped


def made(
    batches: Iterator[Batch], make: Callable[[], Worker], jobs: int
) -> Generator[tuple[Batch, Result], None, None]:
    """Yield batches with what came of them, made in up to ``jobs`` processes, or in this one where there is little."""
    begin = [batch for _, batch in zip(range(2 if jobs > 1 else 1), batches, strict=False)]
    if len(begin) > 1:
        processes = _Processes(make)
        try:
            yield from processes.do(chain(begin, batches), jobs)
        except BaseException:
            processes.end(kill=True)
            raise
        processes.end(kill=False)
        return
    worker = make()
    for batch in chain(begin, batches):
        yield batch, worker.do(batch, silent)


class _Processes:
    """Processes that do batches; one that the system ends is followed by another."""

    def __init__(self, make: Callable[[], Worker]) -> None:
        self._make = make
        self._all: list[Process] = []
        self._busy: dict[Process, Batch] = {}
        self._heard: queue.SimpleQueue[tuple[Process, tuple[str, Result] | None]] = queue.SimpleQueue()

    def do(self, batches: Iterator[Batch], jobs: int) -> Iterator[tuple[Batch, Result]]:
        """Yield batches as they are done."""
        copied = may_be_copied()  # before the first of them is listened to, which takes a thread
        for _ in range(jobs):
            start = partial(Process.copied, others=list(self._all)) if copied else Process.started
            self._all.append(start(self._make, NO_LIMITS))
        for process in self._all:
            process.listen(self._heard)
            self._begin(process, batches)
        while self._busy:
            process, answer = self._heard.get()
            if process not in self._busy or (answer and answer[0] in ("step", "file")):
                continue
            batch = self._busy.pop(process)
            if answer and answer[0] == "done":
                result = answer[1]
            else:
                lost = RowProblem("worker", "the process was ended by the system", hint="give the command again")
                result = [Outcome(row.number, "not-made", (lost,), row.line) for _, row in batch]
                process = self._another(process)
            self._begin(process, batches)
            yield batch, result

    def end(self, *, kill: bool) -> None:
        """Let all of them end."""
        for process in self._all:
            if kill:
                process.kill()
            process.wait()

    def _begin(self, process: Process, batches: Iterator[Batch]) -> None:
        if batch := next(batches, None):
            self._busy[process] = batch
            process.begin(batch)

    def _another(self, ended: Process) -> Process:
        """Start one more; this process has threads that listen now, so that it is not copied."""
        self._all.remove(ended)
        ended.wait()
        process = Process.started(self._make, NO_LIMITS)
        process.listen(self._heard)
        self._all.append(process)
        return process
