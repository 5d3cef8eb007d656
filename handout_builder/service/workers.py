"""Processes that make files, a bounded number of them, and the line in front of them, bounded too."""

import asyncio
import concurrent.futures
import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.builder.process import TaskWorker
from handout_builder.builder.supervisor import Supervisor
from handout_builder.service.maker import maker
from handout_builder.service.messages import Finding
from handout_builder.service.tasks import Made, Outcome, Ping, Refused, Task

# How much the newest file counts in what one takes, and what is taken for it at first, in s.
_NEWEST, _GUESS = 0.1, 1.0
# Seconds in which a process that has nothing to do must answer, and how long its answer holds.
_ANSWER, _HOLDS = 5.0, 1.0


class BusyError(Exception):
    """The line is full; ``seconds`` is when there may be room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


@dataclass(eq=False)
class Ordered:
    """A task in the line, and what will come of it."""

    task: Task = field(repr=False)
    outcome: concurrent.futures.Future[Outcome] = field(default_factory=concurrent.futures.Future)
    since: float = field(default_factory=time.monotonic)
    waited: float = 0.0
    """Seconds in the line."""


class Workers:
    """Gives orders to processes, first come, first served."""

    def __init__(self, count: int, waiting: int, limits: Limits, make: Callable[[], TaskWorker] = maker) -> None:
        self._limits, self._most = limits, waiting
        self._changed = threading.Condition()
        self._line: deque[Ordered] = deque()
        self._busy = self._warm = 0
        self._each = _GUESS
        self._closed = False
        self._supervisors = [Supervisor(make, limits) for _ in range(count)]
        self._threads = [
            threading.Thread(target=self._work, args=(one,), daemon=True, name=f"worker-{number}")
            for number, one in enumerate(self._supervisors)
        ]
        self._asked: asyncio.Task[bool] | None = None
        self._answered = -math.inf

    def start(self) -> None:
        """Start the processes, so that they are warm when the first order comes."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the processes; what is not finished is lost."""
        with self._changed:
            self._closed = True
            left = list(self._line)
            self._line.clear()
            self._changed.notify_all()
        for ordered in left:
            ordered.outcome.cancel()
        for supervisor in self._supervisors:
            supervisor.stop()
        for thread in self._threads:
            thread.join(timeout=2)

    def order(self, task: Task) -> Ordered:
        """Put a task at the end of the line; raises BusyError where that is full."""
        with self._changed:
            free = len(self._supervisors) - self._busy
            if self._closed or len(self._line) >= free + self._most:
                raise BusyError(self._wait())
            ordered = Ordered(task)
            self._line.append(ordered)
            self._changed.notify()
        return ordered

    def drop(self, ordered: Ordered) -> None:
        """Take an order out of the line that nobody waits for any longer; what is begun is finished."""
        ordered.outcome.cancel()
        with self._changed:
            if ordered in self._line:
                self._line.remove(ordered)

    async def ready(self) -> bool:
        """Tell whether a process answers: one that has nothing to do is asked, and those at work have answered."""
        if time.monotonic() - self._answered < _HOLDS:
            return True
        with self._changed:
            if self._warm and self._busy == len(self._supervisors):
                return True
        if self._asked is None or self._asked.done():  # many may ask at once, and one question is enough
            self._asked = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asked)

    async def _ask(self) -> bool:
        ordered = Ordered(Ping())
        with self._changed:
            self._line.appendleft(ordered)
            self._changed.notify()
        try:
            outcome = await asyncio.wait_for(asyncio.wrap_future(ordered.outcome), _ANSWER)
        except (TimeoutError, asyncio.CancelledError):
            self.drop(ordered)
            return False
        if isinstance(outcome, Refused):
            return False
        self._answered = time.monotonic()
        return True

    def _wait(self) -> int:
        """Return in how many seconds the line will have moved on by half, about."""
        half = (len(self._line) + self._busy) / 2
        return max(1, math.ceil(half * self._each / len(self._supervisors)))

    def _work(self, supervisor: Supervisor) -> None:
        """Give orders to one process."""
        self._done(supervisor, Ping())
        with self._changed:
            self._warm += 1
        while (ordered := self._next()) is not None:
            begun = time.monotonic()
            ordered.waited = begun - ordered.since
            outcome = self._done(supervisor, ordered.task)
            with self._changed:
                self._busy -= 1
                if not isinstance(ordered.task, Ping):
                    self._each += _NEWEST * (time.monotonic() - begun - self._each)
            ordered.outcome.set_result(outcome)

    def _next(self) -> Ordered | None:
        """Wait for an order and return it; None when there will be no more."""
        with self._changed:
            while True:
                while not self._line and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return None
                ordered = self._line.popleft()
                if ordered.outcome.set_running_or_notify_cancel():
                    self._busy += 1
                    return ordered

    def _done(self, supervisor: Supervisor, task: Task) -> Outcome:
        """Return what comes of a task; where the system has ended its process, it is tried once more in another."""
        done = self._tried(supervisor, task)
        if isinstance(done, Ended) and done.limit is None and not self._closed:
            done = self._tried(supervisor, task)
        if isinstance(done, (Made, Refused)):
            return done
        if self._closed:
            return Refused(503, ())
        if done.limit:
            message = f"this takes more than {self._limits.told(done.limit)}"
            return Refused(500, (Finding(code="limit", message=message),))
        return Refused(500, (Finding(code="worker", message="the process was ended by the system, twice"),))

    def _tried(self, supervisor: Supervisor, task: Task) -> Made | Refused | Ended:
        done: Made | Refused | Ended = supervisor.do(task)
        if isinstance(done, Ended):
            with contextlib.suppress(OSError):  # the system allows no more processes
                supervisor.start()  # so that the next one is warm soon
        return done
