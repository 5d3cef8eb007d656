"""Tasks done side by side, in as many processes as there are cores; one that takes too much is ended."""

import contextlib
import gc
import os
import queue
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from handout_builder import signals
from handout_builder.builder.limits import NO_LIMITS, Limits, Resource
from handout_builder.builder.process import Process, TaskWorker, may_be_copied
from handout_builder.errors import HandoutError, Problem, mistake
from handout_builder.progress import Progress, silent

T = TypeVar("T")
R = TypeVar("R")
# How often processes are looked at, in s.
_OFTEN = 0.1


class Ended(NamedTuple):
    """There is no result: the process was ended."""

    limit: Resource | None
    """The limit that it passed; None where the system ended it, or a library in C broke."""
    step: str
    """What it said last that it was doing."""
    file: Path | None = None
    """The file of a user that it read last; None where it has read one of the program's own since."""
    broken: Problem | None = None
    """Why it could not work at all."""

    def problem(self, name: str, path: Path, limits: Limits | None) -> Problem:
        """Return this as a problem; ``name`` is that of the task, ``path`` its file, if no other is known."""
        if self.broken:
            return self.broken
        doing = self.step or name
        if self.limit and limits:
            message = f"{doing}: this takes more than {limits.told(self.limit)}"
            hint = "take out what asks for so much; if it is meant so, raise --time-limit or --memory-limit"
            return Problem("limit", message, self.file or path, hint=hint)
        message = f"{doing}: the process was ended by the system"
        return Problem("worker", message, self.file or path, hint="it may have taken too much memory: try --jobs 1")


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    tasks: Sequence[T], make: Callable[[], TaskWorker], jobs: int, progress: Progress, limits: Limits | None
) -> Iterator[tuple[T, Any]]:
    """Do the tasks in up to ``jobs`` processes; yield each with its result, or ``Ended``, as it is done.

    ``make`` gives what does them. One job without limits, or with none that is above 0, is done in this process, and
    so is all where no other may be started. A process that the system ends (which wants its memory back, say) costs
    only its own task, which is tried once more when all others are done.
    """
    jobs = min(len(tasks), jobs)
    if jobs == 1 and limits in (None, NO_LIMITS):
        yield from _here(tasks, make, progress)
        return
    pool = _Pool(make, limits or NO_LIMITS, progress if jobs == 1 else silent)
    try:
        pool.start(jobs)
    except (OSError, RuntimeError):
        progress("no other process may be started: limits of time and memory are not kept")
        yield from _here(tasks, make, progress)
        return
    lost = []
    for task, result in pool.do(tasks):
        if isinstance(result, Ended) and result.limit is None and jobs > 1:
            lost.append(task)
        else:
            yield task, result
    if lost:
        yield from run(lost, make, 1, progress, limits or NO_LIMITS)


def _here(tasks: Sequence[T], make: Callable[[], TaskWorker], progress: Progress) -> Iterator[tuple[T, Any]]:
    worker = make()
    for task in tasks:
        result = worker.do(task, progress)
        signals.raise_again()
        yield task, result


def each(function: Callable[[T], R], items: Sequence[T], limits: Limits) -> Iterator[R | HandoutError]:
    """Call a function of a module for one item after another in a process of its own; yield what each gives or raises.

    What is raised by mistake is told as one. Items are the files and folders that limits are told with.
    """
    for item, done in run(items, partial(_Caller, function), 1, silent, limits):
        if isinstance(done, Ended):
            path = Path(str(item))
            yield HandoutError([done.problem(path.name, path, limits)])
        else:
            yield HandoutError(done.problems) if isinstance(done, _Raised) else done


class _Raised(NamedTuple):
    """The problems of an error, which itself does not pass from process to process."""

    problems: tuple[Problem, ...]


class _Caller(Generic[T, R]):
    """Calls a function."""

    def __init__(self, function: Callable[[T], R]) -> None:
        self._function = function

    def prepare(self) -> None:
        """Nothing is needed by all calls."""

    def do(self, task: T, progress: Progress) -> R | _Raised:  # noqa: ARG002
        """Do one call."""
        try:
            return self._function(task)
        except HandoutError as error:
            return _Raised(error.problems)
        except MemoryError:  # who gave the task tells what is too much
            raise
        except Exception as error:  # else its process would end, and nobody know why
            return _Raised((mistake(error, Path(str(task))),))


class Apart:
    """A process that is kept from one task to the next, as it has loaded what they need; one that ends is followed."""

    def __init__(self, make: Callable[[], TaskWorker], limits: Limits) -> None:
        self._make, self._limits = make, limits
        self._process: Process | None = None
        self._heard: queue.SimpleQueue[tuple[Process, Any]] = queue.SimpleQueue()

    def do(self, task: Any) -> Any:
        """Return what comes of a task, or ``Ended``; raises OSError or RuntimeError where no process may be started."""
        if self._process is None:
            self._process = Process.started(self._make, self._limits)
            self._heard = queue.SimpleQueue()
            self._process.listen(self._heard)
        process = self._process
        process.begin(task)
        while True:
            try:
                _, answer = self._heard.get(timeout=_OFTEN)
            except queue.Empty:
                process.end_if_late(self._limits)
                continue
            match answer:
                case "step", step:
                    process.step = step
                case "file", path:
                    process.file = path
                case "done", result:
                    return result
                case "late", limit:
                    return Ended(limit, process.step, process.file)
                case _:
                    self._process = None
                    return Ended(process.why(), process.step, process.file, process.broken)

    def end(self) -> None:
        """End the process."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


class _Pool:
    """Processes that are started together; one that ends is followed by another."""

    def __init__(self, make: Callable[[], TaskWorker], limits: Limits, progress: Progress) -> None:
        self._make, self._limits, self._progress = make, limits, progress
        self._processes: list[Process] = []
        self._heard: queue.SimpleQueue[tuple[Process, Any]] = queue.SimpleQueue()

    def start(self, jobs: int) -> None:
        """Start the processes; raises OSError or RuntimeError where the system allows no more."""
        try:
            if jobs > 1 and may_be_copied():
                with contextlib.suppress(HandoutError):  # it is told with the task that needs it
                    self._make().prepare()
                gc.freeze()  # what all share is not looked through, and so not copied
            # A library may have started a thread meanwhile, on which copies would wait for ever.
            copied = may_be_copied()
            for _ in range(jobs):
                self._processes.append(
                    Process.copied(self._make, self._limits, self._processes)
                    if copied
                    else Process.started(self._make, self._limits)
                )
            for process in self._processes:
                process.listen(self._heard)
        except BaseException:
            self._end(kill=True)
            raise

    def do(self, tasks: Sequence[T]) -> Iterator[tuple[T, Any]]:
        """Do the tasks."""
        waiting = deque(tasks)
        busy: dict[Process, T] = {}
        ended = False
        try:
            for process in self._processes:
                busy[process] = waiting.popleft()
                process.begin(busy[process])
            while busy:
                process, answer = self._next(busy)
                if process not in busy:  # it has ended with nothing to do
                    continue
                match answer:
                    case "step", step:
                        process.step = step
                        self._progress(step)
                        continue
                    case "file", path:
                        process.file = path
                        continue
                    case "done", result:
                        done = busy.pop(process), result
                    case "late", limit:
                        done = busy.pop(process), Ended(limit, process.step, process.file)
                    case _:
                        done = busy.pop(process), Ended(process.why(), process.step, process.file, process.broken)
                        self._processes.remove(process)
                        process = self._another() if waiting else process
                if waiting:
                    busy[process] = waiting.popleft()
                    process.begin(busy[process])
                yield done
            ended = True
        finally:
            self._end(kill=not ended)  # Ctrl-C waits for nothing

    def _another(self) -> Process:
        """Start one more; this process has threads that listen now, so that it is not copied."""
        process = Process.started(self._make, self._limits)
        self._processes.append(process)
        process.listen(self._heard)
        return process

    def _next(self, busy: dict[Process, T]) -> tuple[Process, Any]:
        """Return the next answer, and look at who is late meanwhile."""
        while True:
            with contextlib.suppress(queue.Empty):
                return self._heard.get(timeout=_OFTEN)
            for process in busy:
                process.end_if_late(self._limits)

    def _end(self, *, kill: bool) -> None:
        for process in self._processes:
            if kill:
                process.kill()
            process.wait()
