"""One process renders, the newest state first: what nobody waits for any longer is dropped before it is begun."""

import concurrent.futures
import threading
from collections.abc import Callable
from pathlib import Path

from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.builder.process import TaskWorker
from handout_builder.builder.supervisor import Supervisor
from handout_builder.studio.jobs import EarlyPages, Job, Rendered, SheetJob

Outcome = concurrent.futures.Future["Rendered | None"]
"""What comes of a job; None where a newer one took its place."""
Telling = Callable[[EarlyPages], object]
"""Is told which pages there are before the rest is done."""
_LIMITS = Limits(processor=60, clock=120, memory=900)


def renderer() -> TaskWorker:
    """Return what does jobs; for a new process."""
    from handout_builder.studio.renderer import Renderer  # noqa: PLC0415  # there alone

    return Renderer()


class Workshop:
    """Gives jobs to a process, and starts another where one has ended."""

    def __init__(self, make: Callable[[], TaskWorker] = renderer) -> None:
        self._supervisor = Supervisor(make, _LIMITS)
        self._changed = threading.Condition()
        self._waiting: dict[str, tuple[Job | SheetJob, Outcome, Telling]] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="workshop")

    def open(self) -> None:
        """Start the process at once, so that it is warm when somebody asks; an open one stays."""
        if self._thread.is_alive():
            return
        self._supervisor.start()
        self._thread.start()

    def close(self) -> None:
        """End the process."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._supervisor.stop()
        self._thread.join(timeout=2)

    def order(self, seat: str, job: Job | SheetJob, early: Telling = lambda _: None) -> Outcome:
        """Order a job for a seat; one that this seat still waits for is dropped.

        ``early`` is called in another thread.
        """
        outcome: Outcome = concurrent.futures.Future()
        with self._changed:
            _, dropped, _ = self._waiting.pop(seat, (None, None, None))
            self._waiting[seat] = job, outcome, early
            self._changed.notify()
        if dropped and dropped.set_running_or_notify_cancel():
            dropped.set_result(None)
        return outcome

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                # The seat that has asked last is the one that somebody looks at.
                seat = next(reversed(self._waiting))
                job, outcome, early = self._waiting.pop(seat)
            if outcome.set_running_or_notify_cancel():  # else nobody waits for it any more
                outcome.set_result(self._done(job, early))

    def _done(self, job: Job | SheetJob, early: Telling) -> Rendered:
        """Return what comes of a job; where the process has ended, what is told of that."""
        done = self._supervisor.do(job, early)
        if not isinstance(done, Ended):
            assert isinstance(done, Rendered)
            return done
        path = job.order.text if isinstance(job, Job) else Path("sheet")
        ended = Ended(done.limit, "the pages")
        return Rendered(notes=(ended.problem("the pages", path, _LIMITS),), failed=True)
