"""A process that does tasks for this one: a copy of it where it may be copied, else a new program.

It gets pickled tasks on one pipe and answers on another: each step of its work in words, each file that it reads, then
what has come of the task. It ends with the process that started it, and on Ctrl-C where that does.
"""

import contextlib
import gc
import json
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol, Self, runtime_checkable

from handout_builder import source_files, temporary_folders
from handout_builder.builder.limits import Limits, Resource, Watch, arm
from handout_builder.errors import HandoutError, Problem, mistake
from handout_builder.progress import Progress
from handout_builder.resources import FONTS, LAYOUTS, PACKAGE

_NEW_PROGRAM = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {__name__} import serve; serve()"
# Seconds of the clock that an ended process is still listened to: one of its own that outlives it may hold its pipe.
_LISTENING = 1.0
# The system limits the memory of a process; others are looked at.
_SYSTEM_LIMITS = sys.platform == "linux"


class TaskWorker(Protocol):
    """Does tasks one after another, and keeps between them what several of them need."""

    def prepare(self) -> None:
        """Load what every task needs."""

    def do(self, task: Any, progress: Progress) -> Any:
        """Do one task."""


@runtime_checkable
class Resting(Protocol):
    """Has something to do for itself after each task, when nobody waits for its answer any more."""

    def rest(self) -> None:
        """Do it."""


@runtime_checkable
class Early(Protocol):
    """Has something to show of a task before that is done."""

    early: Callable[[Any], None]
    """Tells it; given to it by the process."""


@runtime_checkable
class Droppable(Protocol):
    """Can leave off in the middle of a task: what comes of it is None then."""

    dropped: Callable[[], bool]
    """Tells whether nobody wants the task any more; given to it by the process."""


class _Drop:
    """Stands among the tasks: the last one is not wanted any more."""


class Process:
    """The process, as the one sees it that started it."""

    def __init__(
        self, number: int, tasks: IO[bytes], answers: IO[bytes], program: subprocess.Popen[bytes] | None
    ) -> None:
        self.step = ""
        """What it said last that it was doing."""
        self.file: Path | None = None
        """The file of a user that it read last; None where it has read one of the program's own since."""
        self.late: Resource | None = None
        """The limit for which it was ended."""
        self.broken: Problem | None = None
        """Why it cannot work at all."""
        self._number, self._tasks, self._answers, self._program = number, tasks, answers, program
        self._begun = 0.0
        self._code: int | None = None
        self._watch: Watch | None = None
        self._listener: threading.Thread | None = None
        self._temporary_folders: list[Path] = []
        self._sending = threading.Lock()

    @classmethod
    def copied(cls, make: Callable[[], TaskWorker], limits: Limits, others: Iterable["Process"]) -> Self:
        """Return a copy of this process; ``others`` are those that were copied before."""
        (read, tasks), (answers, write) = os.pipe(), os.pipe()
        number = os.fork()
        if not number:
            with contextlib.suppress(BaseException):
                for descriptor in (tasks, answers, *(end for other in others for end in other._ends)):
                    os.close(descriptor)
                _work(make, limits, os.fdopen(read, "rb"), os.fdopen(write, "wb"))
            os._exit(1)
        os.close(read)
        os.close(write)
        return cls(number, os.fdopen(tasks, "wb"), os.fdopen(answers, "rb"), None)

    @classmethod
    def started(cls, make: Callable[[], TaskWorker], limits: Limits) -> Self:
        """Return a new program, which loads nothing from the working folder."""
        paths = json.dumps([str(Path(path).resolve()) for path in sys.path if path])
        command = [sys.executable, "-P", "-c", _NEW_PROGRAM, paths]
        program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  # this Python
        assert program.stdin is not None
        assert program.stdout is not None
        process = cls(program.pid, program.stdin, program.stdout, program)
        process._send((make, limits))
        return process

    @property
    def _ends(self) -> tuple[int, int]:
        return self._tasks.fileno(), self._answers.fileno()

    def listen(self, heard: "queue.SimpleQueue[tuple[Process, Any]]") -> None:
        """Put its answers into a queue, from a thread; None when it has ended."""
        self._listener = threading.Thread(target=self._listen, args=(heard,), daemon=True)
        self._listener.start()

    def begin(self, task: Any) -> None:
        """Give it a task."""
        self.step, self.file = "", None
        self._begun = time.monotonic()
        if not _SYSTEM_LIMITS:
            self._watch = Watch(self._number)
        self._send(task)

    def drop(self) -> None:
        """Tell it that its task is not wanted any more; from any thread."""
        self._send(_Drop())

    def end_if_late(self, limits: Limits) -> None:
        """End it when it has taken too much for its task; that it has ended is then heard."""
        if self.late:  # it is gone, or going: nothing more is seen of it
            return
        if limits.clock and time.monotonic() - self._begun > limits.clock:
            self.late = "clock"
        elif self._watch:
            self.late = self._watch.passed(limits)
        if self.late:
            self.kill()

    def why(self) -> Resource | None:
        """Return which limit it was ended for; None where none was passed."""
        code = self.wait()
        return "processor" if code == -getattr(signal, "SIGXCPU", 0) else self.late

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(OSError):
            self._program.kill() if self._program else os.kill(self._number, signal.SIGKILL)

    def wait(self) -> int:
        """Let it end, as it does when there are no more tasks; return its exit code, below 0 that of a signal."""
        with contextlib.suppress(OSError), self._sending:
            self._tasks.close()
        if self._code is None:
            self._code = (
                self._program.wait() if self._program else os.waitstatus_to_exitcode(os.waitpid(self._number, 0)[1])
            )
        if self._listener:
            self._listener.join(_LISTENING)
        for folder in self._temporary_folders:  # of one that was killed; others have tidied up
            temporary_folders.remove(folder)
        return self._code

    def _send(self, value: Any) -> None:
        with contextlib.suppress(OSError), self._sending:  # its end is heard
            if not self._tasks.closed:  # by another thread, which lets it end
                pickle.dump(value, self._tasks)
                self._tasks.flush()

    def _listen(self, heard: "queue.SimpleQueue[tuple[Process, Any]]") -> None:
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError), self._answers:
            while True:
                match pickle.load(self._answers):  # noqa: S301  # from our own process
                    case "folder", folder:
                        self._temporary_folders.append(folder)
                    case "broken", problem:
                        self.broken = problem
                    case answer:
                        heard.put((self, answer))
        heard.put((self, None))


def may_be_copied() -> bool:
    """Tell whether this process may be copied: it has one thread, of Python or of any library, and Linux says so.

    Locks that another thread holds stay locked in a copy.
    """
    threads = Path("/proc/self/task")
    return threads.is_dir() and len(list(threads.iterdir())) == 1


def serve() -> NoReturn:
    """Be the process that was started as a new program: its pipes are standard input and output."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    make, limits = pickle.load(tasks)  # noqa: S301  # from the process that started this one
    _work(make, limits, tasks, answers)


def _work(make: Callable[[], TaskWorker], limits: Limits, tasks: IO[bytes], answers: IO[bytes]) -> NoReturn:
    """Do tasks until there are no more."""
    # A new program has Python's own answer to Ctrl-C, which is words. A shell's background job ignores it.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.disable()
    given = _Given()
    threading.Thread(target=given.take, args=(tasks,), daemon=True).start()

    def answer(kind: str, value: Any) -> None:
        try:
            pickle.dump((kind, value), answers)
            answers.flush()
        except BrokenPipeError:  # the process that started this one is gone
            temporary_folders.remove_all()
            os._exit(1)

    try:
        worker = make()
    except Exception as error:  # a damaged part of the program, which the process that started this one has not loaded
        answer("broken", mistake(error, PACKAGE))
        sys.exit(1)
    if isinstance(worker, Early):
        worker.early = lambda value: answer("early", value)
    if isinstance(worker, Droppable):
        worker.dropped = given.is_dropped
    with contextlib.suppress(HandoutError):  # it is told with the task that needs it
        worker.prepare()
    with temporary_folders.watched(lambda path: answer("folder", path)):
        _do(worker, given, answer, limits)


def _do(worker: TaskWorker, given: "_Given", answer: Callable[[str, Any], None], limits: Limits) -> NoReturn:
    while True:
        task = given.next()
        arm(limits)
        try:
            with source_files.watched(lambda path: answer("file", None if _ours(path) else path)):
                result = worker.do(task, lambda step: answer("step", step))
        except MemoryError:
            answer("late", "memory")
        else:
            answer("done", result)
            if isinstance(worker, Resting):
                worker.rest()


def _ours(path: Path) -> bool:
    """Tell whether a file is the program's own: it is to blame for nothing, and what was read before is done with."""
    return path.is_relative_to(LAYOUTS) or path.is_relative_to(FONTS)


class _Given:
    """The tasks that a process was given."""

    def __init__(self) -> None:
        self._tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._taken = self._begun = self._dropped = 0

    def take(self, tasks: IO[bytes]) -> None:
        """Take tasks from the pipe; where it ends, there are no more, or the one that gave them is gone."""
        with contextlib.suppress(OSError, EOFError, pickle.UnpicklingError):
            while True:
                task = pickle.load(tasks)  # noqa: S301  # from the process that started this one
                if isinstance(task, _Drop):
                    self._dropped = self._taken
                else:
                    self._taken += 1
                    self._tasks.put(task)
        temporary_folders.remove_all()
        os._exit(0)

    def next(self) -> Any:
        """Return the next task, when there is one."""
        task = self._tasks.get()
        self._begun += 1
        return task

    def is_dropped(self) -> bool:
        """Tell whether the task that was returned last is not wanted any more."""
        return self._dropped == self._begun
