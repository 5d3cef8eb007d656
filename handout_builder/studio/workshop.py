"""One process renders, the newest state first: what nobody waits for any longer is dropped before it is begun."""

import concurrent.futures
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.builder.process import Process, TaskWorker
from handout_builder.studio.jobs import Job, Rendered, SheetJob

Outcome = concurrent.futures.Future["Rendered | None"]
"""What comes of a job; None where a newer one took its place."""
_LIMITS = Limits(processor=60, clock=120, memory=900)
_LOOK = 0.25


def renderer() -> TaskWorker:
    """Return what does jobs; for a new process."""
    from handout_builder.studio.renderer import Renderer  # noqa: PLC0415  # there alone

    return Renderer()


class Workshop:
    """Gives jobs to a process, and starts another where one has ended."""

    def __init__(self, make: Callable[[], TaskWorker] = renderer) -> None:
        self._make = make
        self._changed = threading.Condition()
        self._waiting: dict[str, tuple[Job | SheetJob, Outcome]] = {}
        self._closed = False
        self._process: Process | None = None
        self._heard: queue.SimpleQueue[tuple[Process, Any]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, daemon=True, name="workshop")

    def open(self) -> None:
        """Start the process at once, so that it is warm when somebody asks; an open one stays."""
        if self._process:
            return
        self._process = self._started()
        self._thread.start()

    def close(self) -> None:
        """End the process."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        process = self._process
        if process:
            process.kill()
        self._thread.join(timeout=2)
        if process:
            process.wait()

    def order(self, seat: str, job: Job | SheetJob) -> Outcome:
        """Order a job for a seat; one that this seat still waits for is dropped."""
        outcome: Outcome = concurrent.futures.Future()
        with self._changed:
            _, dropped = self._waiting.pop(seat, (None, None))
            self._waiting[seat] = job, outcome
            self._changed.notify()
        if dropped and dropped.set_running_or_notify_cancel():
            dropped.set_result(None)
        return outcome

    def _started(self) -> Process:
        process = Process.started(self._make, _LIMITS)
        process.listen(self._heard)
        return process

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                # The seat that has asked last is the one that somebody looks at.
                seat = next(reversed(self._waiting))
                job, outcome = self._waiting.pop(seat)
            if outcome.set_running_or_notify_cancel():  # else nobody waits for it any more
                outcome.set_result(self._done(job))

    def _done(self, job: Job | SheetJob) -> Rendered:
        process = self._process or self._started()
        self._process = process
        process.begin(job)
        while True:
            try:
                who, said = self._heard.get(timeout=_LOOK)
            except queue.Empty:
                process.end_if_late(_LIMITS)
                continue
            if who is not process:
                continue
            if said is None:
                return self._ended(process, job)
            kind, value = said
            if kind == "done":
                assert isinstance(value, Rendered)
                return value
            if kind == "late":
                process.late = value
                process.kill()

    def _ended(self, process: Process, job: Job | SheetJob) -> Rendered:
        """Return what is told where the process has ended; the next job starts another."""
        why = process.why()
        self._process = None
        path = job.order.text if isinstance(job, Job) else Path("sheet")
        ended = Ended(why, "the pages")
        return Rendered(notes=(ended.problem("the pages", path, _LIMITS),), failed=True)
