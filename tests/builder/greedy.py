"""Workers that take too much, each in its own way, and pools of them; in a module, so that new programs find them."""

from __future__ import annotations

import ctypes
import os
import pickle
import re
import signal
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from handout_builder import source_files, temporary_folders
from handout_builder.builder import pool, process
from handout_builder.builder.limits import Limits
from handout_builder.progress import Progress, silent

MEGABYTE = 1_000_000


class Greedy:
    """Does what a word says."""

    def prepare(self) -> None:
        """Nothing is needed."""

    def do(self, task: str, progress: Progress) -> str:
        progress(f"doing {task}")
        kind, _, more = task.partition(" ")
        match kind:
            case "loop":
                for path in map(unquote, more.split()):
                    source_files.read(Path(path))
                while True:
                    pass
            case "loop-in-c":  # holds the interpreter's lock all the time
                re.match("(a*)*b", "a" * 60)
            case "wait" | "slow":
                time.sleep(600 if kind == "wait" else 1)
            case "memory":
                return str(len(bytearray(2000 * MEGABYTE)))
            case "memory-in-c":
                ctypes.memset(ctypes.create_string_buffer(2000 * MEGABYTE), 1, 2000 * MEGABYTE)
            case "slow-memory":
                kept = []
                while True:
                    kept.append(bytearray(10 * MEGABYTE))
                    time.sleep(0.01)
            case "crash" | "kill" | "crash-later":
                end = partial(os.kill, os.getpid(), signal.SIGSEGV if kind == "crash" else signal.SIGKILL)
                threading.Timer(0.3, end).start() if kind == "crash-later" else end()
            case "litter":  # and end by a signal; there is none of the number 0
                (temporary_folders.make() / "typeface.ttf").touch()
                os.kill(os.getpid(), int(more or 0))
            case "crash-once" if not Path(more).exists():
                Path(more).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return f"{task} is done"


def answer() -> None:
    """Call what is asked on standard input: how processes are made, the name of a function below, its arguments."""
    way, name, arguments = pickle.load(sys.stdin.buffer)
    if way == "started":
        pool.may_be_copied = lambda: False
    else:
        assert pool.may_be_copied() == (sys.platform == "linux")
    result = {"run": run, "run_watched": run_watched, "break_off": break_off, "killed": killed}[name](*arguments)
    sys.stdout.buffer.write(pickle.dumps(result))


def run(tasks: Sequence[str], jobs: int, limits: Limits) -> list[tuple[str, object]]:
    return list(pool.run(tasks, Greedy, jobs, silent, limits))


def run_watched(tasks: Sequence[str], limits: Limits) -> list[tuple[str, object]]:
    """Run them where the system keeps no limits."""
    process._SYSTEM_LIMITS = False
    process.arm = lambda _: None
    pool._OFTEN = 0.001  # it is looked at again before its end is heard
    return run(tasks, 1, limits)


def break_off(limits: Limits) -> tuple[str, object]:
    """Take one result of two, and look whether anything goes on."""
    work = pool.run(["a", "wait"], Greedy, 2, silent, limits)
    result = next(work)
    work.close()  # type: ignore[attr-defined]
    assert threading.active_count() == 1
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return result
    raise AssertionError("a process is left")


def killed(limits: Limits) -> None:
    """End at once in the middle of work, as who is killed does."""
    work = pool.run(["litter", "slow"], Greedy, 2, silent, limits)  # which would be ended if nobody held it
    next(work)
    os.kill(os.getpid(), signal.SIGKILL)
