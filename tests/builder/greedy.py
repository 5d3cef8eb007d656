"""Workers that take too much, each in its own way; in a module, so that new programs find them."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from pathlib import Path

from handout_builder import source_files
from handout_builder.progress import Progress

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
                if more:
                    source_files.read(Path(more))
                while True:
                    pass
            case "loop-in-c":  # holds the interpreter's lock all the time
                re.match("(a*)*b", "a" * 60)
            case "wait":
                time.sleep(600)
            case "memory":
                return str(len(bytearray(2000 * MEGABYTE)))
            case "memory-in-c":
                ctypes.memset(ctypes.create_string_buffer(2000 * MEGABYTE), 1, 2000 * MEGABYTE)
            case "slow-memory":
                kept = []
                while True:
                    kept.append(bytearray(10 * MEGABYTE))
                    time.sleep(0.01)
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "crash-once":
                if not Path(more).exists():
                    Path(more).touch()
                    os.kill(os.getpid(), signal.SIGKILL)
        return f"{task} is done"
