"""How much one product may take: processor, time and memory. What strangers bring can ask for any amount, in C, too."""

import contextlib
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Resource = Literal["processor", "clock", "memory"]
"""What a limit is of."""
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """The most that one task may take, beside what its process had before; 0 is no limit."""

    processor: float = 20.0
    """Seconds of the processor: four times what the slowest shipped short form takes, for machines slower than ours."""
    clock: float = 120.0
    """Seconds on the wall, for what waits without working."""
    memory: int = 400
    """MB: twenty times what a handout takes."""

    def told(self, resource: Resource) -> str:
        """Return one of them in words."""
        words = {
            "processor": f"{self.processor:g} seconds of the processor",
            "clock": f"{self.clock:g} seconds",
            "memory": f"{self.memory} MB of memory",
        }
        return words[resource]


NO_LIMITS = Limits(0, 0, 0)


def arm(limits: Limits) -> None:
    """Let the system end this process when it takes more from now on: on Unix, and of memory on Linux.

    What the system does not limit, ``Watch`` does.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limits.processor:
        _set(resource.RLIMIT_CPU, math.ceil(time.process_time() + limits.processor))
    if limits.memory and (size := _mapped()):
        _one_heap()
        _set(resource.RLIMIT_AS, size + limits.memory * MEGABYTE)


def _one_heap() -> None:
    """Let all threads take memory from one heap: glibc reserves 64 MB of addresses for each other one (M_ARENA_MAX)."""
    import ctypes  # noqa: PLC0415  # only where memory is limited

    with contextlib.suppress(OSError, AttributeError):  # another library of C
        ctypes.CDLL(None).mallopt(-8, 1)


def _set(kind: int, most: int) -> None:
    """Set a limit that may be set anew, below the one that nobody may pass."""
    import resource  # noqa: PLC0415  # not on Windows

    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _mapped() -> int:
    """Return the bytes of address space that this process has; 0 where it is not Linux that tells."""
    with contextlib.suppress(OSError):
        import resource  # noqa: PLC0415  # not on Windows

        return int(Path("/proc/self/statm").read_text("ascii").partition(" ")[0]) * resource.getpagesize()
    return 0


class Watch:
    """Looks at another process from outside, by what its system tells (psutil)."""

    def __init__(self, process: int) -> None:
        import psutil  # noqa: PLC0415  # not needed on Linux

        self._gone = psutil.Error
        self._process = psutil.Process(process)
        self._before = self._taken()

    def passed(self, limits: Limits) -> Resource | None:
        """Return which limit the process has passed since this watch began."""
        seconds, size = (now - before for now, before in zip(self._taken(), self._before, strict=True))
        if limits.processor and seconds > limits.processor:
            return "processor"
        if limits.memory and size > limits.memory * MEGABYTE:
            return "memory"
        return None

    def _taken(self) -> tuple[float, float]:
        try:
            times = self._process.cpu_times()
            return times.user + times.system, float(self._process.memory_info().rss)
        except self._gone:  # its end is told elsewhere
            return 0.0, 0.0
