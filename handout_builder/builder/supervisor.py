"""A long-lived worker process with resource limits, restarted when it ends."""

import contextlib
import queue
from collections.abc import Callable
from typing import Any

from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.builder.process import Process, TaskWorker

# How often the process is looked at while it works, in s.
_LOOK = 0.25


class Supervisor:
    """Gives tasks to a process from one thread; another thread may stop it."""

    def __init__(self, make: Callable[[], TaskWorker], limits: Limits) -> None:
        self._make, self._limits = make, limits
        self._process: Process | None = None
        self._stopped = False
        self._heard: queue.SimpleQueue[tuple[Process, Any]] = queue.SimpleQueue()

    def start(self) -> None:
        """Start the process at once, so that it is warm when there is something to do; not after ``stop``."""
        if self._stopped:
            return
        process = Process.started(self._make, self._limits)
        process.listen(self._heard)
        self._process = process
        if self._stopped:  # meanwhile
            process.kill()
            process.wait()

    def stop(self) -> None:
        """End the process; the task that it is at is answered with ``Ended``."""
        self._stopped = True
        if process := self._process:
            process.kill()
            process.wait()

    def drop(self) -> None:
        """Tell the process, from another thread, that the task that it is at is not wanted any more."""
        if process := self._process:
            process.drop()

    def do(self, task: Any, early: Callable[[Any], object] = lambda _: None) -> Any:
        """Return what comes of a task, or ``Ended`` where its process has ended: the next task starts another.

        It is ``Ended``, too, where the system allows no more processes. ``early`` is told what there is to show before
        it is done.
        """
        process = self._running()
        if process is None:
            return Ended(None, "")
        process.begin(task)
        while True:
            try:
                who, said = self._heard.get(timeout=_LOOK)
            except queue.Empty:
                process.end_if_late(self._limits)
                continue
            if who is not process:
                continue
            match said:
                case "done", result:
                    return result
                case "early", shown:
                    early(shown)
                case "late", limit:
                    process.late = limit
                    process.kill()
                case "step", step:
                    process.step = step
                case "file", path:
                    process.file = path
                case _:
                    self._process = None
                    return Ended(process.why(), process.step, process.file, process.broken)

    def _running(self) -> Process | None:
        """Return the process, started where there is none; None after ``stop``, and where there can be no more."""
        if self._process is None:
            with contextlib.suppress(OSError):
                self.start()
        return None if self._stopped else self._process
