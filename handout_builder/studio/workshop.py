"""One process renders, the newest state first: what nobody waits for any longer is dropped before it is begun."""

import concurrent.futures
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
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
FIRST_SEAT = "/"
"""Who waits for what is seen first: the place Print."""
_LIMITS = Limits(processor=60, clock=120, memory=900)


def renderer() -> TaskWorker:
    """Return what does jobs; for a new process."""
    from handout_builder.studio.renderer import Renderer  # noqa: PLC0415  # there alone

    return Renderer()


@dataclass
class _Ordered:
    """A job that was ordered."""

    seat: str
    job: Job | SheetJob
    tellings: list[Telling]
    idle: bool
    outcome: Outcome = field(default_factory=concurrent.futures.Future)
    shown: list[EarlyPages] = field(default_factory=list)
    """What it has shown, to be shown to who asks for the same now."""

    def is_wanted(self) -> bool:
        """Tell whether anybody waits for it, who cannot give up any more."""
        return self.outcome.running() or self.outcome.set_running_or_notify_cancel()


class Workshop:
    """Gives jobs to a process, and starts another where one has ended."""

    def __init__(self, make: Callable[[], TaskWorker] = renderer) -> None:
        self._supervisor = Supervisor(make, _LIMITS)
        self._changed = threading.Condition()
        self._waiting: dict[str, _Ordered] = {}
        self._doing: _Ordered | None = None
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

    def order(self, seat: str, job: Job | SheetJob, early: Telling = lambda _: None, *, idle: bool = False) -> Outcome:
        """Order a job for a seat; one that this seat still waits for is dropped, the same that is being done is shared.

        ``early`` is called in another thread, or at once. An ``idle`` job is done when nobody waits for another: it is
        left off where one is ordered, and begun again afterwards.
        """
        with self._changed:
            doing = self._doing
            if doing and (doing.seat, doing.job, doing.idle) == (seat, job, idle) and seat not in self._waiting:
                doing.tellings.append(early)
                for shown in doing.shown:
                    early(shown)
                return doing.outcome
            dropped = self._waiting.pop(seat, None)
            ordered = self._waiting[seat] = _Ordered(seat, job, [early], idle)
            if doing and doing.idle:
                self._supervisor.drop()
            self._changed.notify()
        if dropped and dropped.is_wanted():
            dropped.outcome.set_result(None)
        return ordered.outcome

    def _run(self) -> None:
        while self._do_next():  # which keeps no word of a job that is done
            pass

    def _do_next(self) -> bool:
        """Do the next job, when there is one; tell whether another may come."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            # The seat that has asked last is the one that somebody looks at.
            seats = [*reversed(self._waiting)]
            doing = self._waiting.pop(next((seat for seat in seats if not self._waiting[seat].idle), seats[0]))
            if not doing.is_wanted():
                return True
            self._doing = doing
        done = self._done(doing.job)
        with self._changed:
            self._doing = None
            if done is None and doing.seat not in self._waiting:
                self._waiting[doing.seat] = doing
                return True
        doing.outcome.set_result(done)
        return True

    def _show(self, shown: EarlyPages) -> None:
        """Show what there is of the job that is being done."""
        with self._changed:
            assert self._doing is not None
            self._doing.shown.append(shown)
            for tell in self._doing.tellings:
                tell(shown)

    def _done(self, job: Job | SheetJob) -> Rendered | None:
        """Return what comes of a job, None where it was left off; where the process has ended, what is told of that."""
        done = self._supervisor.do(job, self._show)
        if not isinstance(done, Ended):
            assert done is None or isinstance(done, Rendered)
            return done
        path = job.order.text if isinstance(job, Job) else Path("sheet")
        ended = Ended(done.limit, "the pages")
        return Rendered(notes=(ended.problem("the pages", path, _LIMITS),), failed=True)
