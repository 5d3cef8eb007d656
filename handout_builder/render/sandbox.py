"""The room that a brand's own templates run in: they may read the handout's values, and reach nothing else."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any, NoReturn

from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

# A page takes 10 ms and no memory to speak of. Seconds, bytes.
_TIME = 5.0
_ROOM = 300_000_000


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, with the doors shut that our values would open: paths read and write files."""

    # What could fill the memory in one step; Jinja2 itself limits range().
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate, but with numbers alone, and no powers: a text times a number may be any size."""
        numbers = all(isinstance(value, (int, float)) for value in (left, right))
        if operator == "**" or (operator == "*" and not numbers) or (operator == "%" and not numbers):
            raise SecurityError(f"'{operator}' works with numbers only, and there are no powers")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Tell whether a template may take an attribute of an object."""
        if isinstance(obj, PurePath):
            return False
        if isinstance(obj, BaseModel) and attr not in type(obj).model_fields:
            # Pydantic's methods read files and make models; our properties only tell.
            return isinstance(getattr(type(obj), attr, None), property)
        return super().is_safe_attribute(obj, attr, value)


@contextmanager
def limits() -> Iterator[None]:
    """Let what runs inside take a few seconds of the processor and some memory; raises SecurityError beyond.

    Loops in loops and texts that double have no other end. The limit of time holds in the main thread of Unix systems,
    where signals are heard; that of memory on Linux.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    late = False

    def stop(*_: object) -> NoReturn:
        nonlocal late
        late = True
        raise TimeoutError

    heard = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TIME)
    try:
        with _room():
            yield
    except MemoryError as error:
        raise SecurityError(f"this takes more than {_ROOM // 1_000_000} MB of memory") from error
    except Exception as error:
        # Jinja2 looks for the line of an error, and stumbles where a signal came in between two.
        if late:
            raise SecurityError(f"this takes more than {_TIME:.0f} seconds") from error
        raise
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, heard)


@contextmanager
def _room() -> Iterator[None]:
    if sys.platform != "linux":
        yield
        return
    import resource  # noqa: PLC0415  # not on every system

    pages = int(Path("/proc/self/statm").read_text("ascii").partition(" ")[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + _ROOM
    resource.setrlimit(resource.RLIMIT_AS, (most if soft == resource.RLIM_INFINITY else min(soft, most), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
