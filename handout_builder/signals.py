"""Signals that end a command early: Ctrl-C, a terminal that is closed, a system that goes down.

Each is raised as KeyboardInterrupt, so that what was begun is taken back and no file or process is left. Python does
so on Ctrl-C alone: the others end it on the spot.
"""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_before: dict[int, Any] = {}
"""What was done on each that this process has taken over."""
_came: list[int] = []


def take_over(end: Callable[[], object]) -> None:
    """Raise KeyboardInterrupt in the main thread on each; what is ignored (by nohup, say) stays so.

    Where Python runs a callback for itself, whatever is raised is lost: ``end`` is called there, and should end the
    process. A second signal ends it at once. Copies of this process do what it did before.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=give_back)

    def raise_it(number: int, _: FrameType | None) -> None:
        _came.append(number)
        for each in _before:
            signal.signal(each, signal.SIG_DFL)
        sys.unraisablehook = lambda lost: end() if lost.exc_type is KeyboardInterrupt else None
        raise KeyboardInterrupt

    for number in _ENDING:
        before = signal.getsignal(number)
        if before is not signal.SIG_IGN:
            _before[number] = before
            signal.signal(number, raise_it)


def give_back() -> None:
    """Let each do what it did before, but Ctrl-C end the process without a word."""
    for number, before in _before.items():
        signal.signal(number, signal.SIG_DFL if before is signal.default_int_handler else before)
    _before.clear()


def tell_servers() -> None:
    """Let a terminal that is closed be SIGTERM, on which web servers finish what was begun: they know no SIGHUP."""
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up in _before:
        signal.signal(hang_up, lambda *_: signal.raise_signal(signal.SIGTERM))


def raise_again() -> None:
    """Raise KeyboardInterrupt if one was raised and lost: libraries, and Python, may have made another error of it.

    Or they have gone on, and what they made is not whole: nothing is written then. What is tidied up or written down on
    the way out of one goes on.
    """
    if _came and not isinstance(sys.exception(), KeyboardInterrupt):
        raise KeyboardInterrupt


def end_as_told() -> None:
    """End the process by the signal that asked for it, by which who sent it sees that it was obeyed; none: go on.

    Ctrl-C has an exit code of its own, as programs have it that say something about it. The first process of a
    container, which no signal of its own ends, has the exit code that a shell tells of the signal.
    """
    for number in _came:
        if number != signal.SIGINT:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            os._exit(128 + number)
