"""The program's own processes as copies of one that has loaded it: to start Python and the engine takes longest.

`ProcessCopies.started` stands for `Process.started`. What is started then reads its task from the same pipes, in the
folder and with the path for modules of who started it, by the same `serve`. Each copy has a process above it that tells
how it has ended, as only a parent learns that.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from handout_builder.builder.limits import Limits
from handout_builder.builder.process import Process, TaskWorker, may_be_copied, serve
from helpers.project import ROOT, SHORT

COPIED = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    f"from {__name__} import be_copied; be_copied(int(sys.argv[2]))"
)
"""The process that is copied."""
TOLD = {"PYTEST_CURRENT_TEST"}
"""What pytest puts into the environment, and no process of the program looks at."""


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in TOLD}


def _paths() -> list[str]:
    return [str(Path(path).resolve()) for path in sys.path if path]


class _Copy:
    """A copy, as far as `Process` asks a `subprocess.Popen` about it."""

    def __init__(self, pid: int, end: int) -> None:
        self.pid = pid
        self._end = end
        self._code: int | None = None
        self._lock = threading.Lock()

    def kill(self) -> None:
        """End it at once; where it has ended, its number may be another's."""
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:  # noqa: ARG002  # which measured runs alone give
        """Wait for its end; return its exit code, below 0 that of a signal."""
        with self._lock:
            if self._code is None:
                with os.fdopen(self._end) as end:
                    self._code = os.waitstatus_to_exitcode(int(end.read() or signal.SIGKILL))
        return self._code


class ProcessCopies:
    """Starts copies of one process, which starts with the first of them."""

    def __init__(self, start: Callable[[Callable[[], TaskWorker], Limits], Process]) -> None:
        self._start = start
        """What starts a new program: where the surroundings are not those of the process that is copied."""
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._program: subprocess.Popen[bytes] | None = None
        self._environment = _environment()

    def started(self, make: Callable[[], TaskWorker], limits: Limits) -> Process:
        """Return a process that does tasks."""
        if _environment() != self._environment or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            return self._start(make, limits)
        (tasks, give), (take, answers), (end, told) = os.pipe(), os.pipe(), os.pipe()
        call = json.dumps({"folder": str(Path.cwd()), "paths": _paths()}).encode()
        with self._lock:
            line = self._line or self._begun()
            socket.send_fds(line, [call], [tasks, answers, told, 2])
            pid = int(line.recv(100))
        for descriptor in (tasks, answers, told):
            os.close(descriptor)
        copy: Any = _Copy(pid, end)
        process = Process(pid, os.fdopen(give, "wb"), os.fdopen(take, "rb"), copy)
        process._send((make, limits))
        return process

    def _begun(self) -> socket.socket:
        line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            command = [sys.executable, "-P", "-c", COPIED, json.dumps(_paths()), str(other.fileno())]
            self._program = subprocess.Popen(command, cwd=ROOT, pass_fds=[other.fileno()])
        self._line = line
        return line

    def end(self) -> None:
        """End the process that is copied."""
        if self._line and self._program:
            self._line.close()
            self._program.wait()


def _load() -> None:
    """Do what every process does first: it leaves loaded what all need, and no thread, which no copy would have."""
    from tempfile import TemporaryDirectory

    from handout_builder.builder.incremental import build
    from handout_builder.orders import Order

    with TemporaryDirectory() as out:
        build([Order(SHORT, "en")], Path(out))
    assert may_be_copied()
    gc.collect()
    gc.freeze()


def _copy(line: socket.socket, call: dict[str, Any], tasks: int, answers: int, told: int, errors: int) -> NoReturn:
    """Be the process above a copy, and the copy."""
    pid = os.fork()
    if pid:
        line.send(str(pid).encode())
        for descriptor in (line.fileno(), tasks, answers, errors):
            os.close(descriptor)
        os.write(told, str(os.waitpid(pid, 0)[1]).encode())
        os._exit(0)
    line.close()
    os.close(told)
    for descriptor, place in ((tasks, 0), (answers, 1), (errors, 2)):
        os.dup2(descriptor, place)
        os.close(descriptor)
    code: object = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(call["folder"])
        sys.path[:] = call["paths"]
        serve()
    except SystemExit as error:
        code = error.code
    except BaseException:
        traceback.print_exc()
    os._exit(code if isinstance(code, int) else code is not None)


def be_copied(line: int) -> None:
    """Copy this process as often as it is asked for, until nobody can ask any more."""
    _load()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=line) as asked:
        while True:
            call, descriptors, _, _ = socket.recv_fds(asked, 100_000, 4)
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:  # those that have ended
                    pass
            if not call:
                return
            if not os.fork():
                _copy(asked, json.loads(call), *descriptors)
            for descriptor in descriptors:
                os.close(descriptor)
