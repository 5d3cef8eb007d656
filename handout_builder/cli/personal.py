"""Commands that are given people's words: they leave no memory on the disk, and tell a mistake of ours by its place."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from handout_builder import signals
from handout_builder.errors import HandoutError, Problem, damaged, kind_and_place


def kept(command: str, work: Callable[[], int]) -> int:
    """Return the exit code that some work gives.

    Raises HandoutError; anything else that is raised is told without its words, which may be a person's.
    """
    _leave_no_core()
    try:
        return work()
    except HandoutError:
        raise
    except Exception as error:  # a mistake of ours
        signals.raise_again()
        message = f"this is a bug in the program: {kind_and_place(error)}"
        mistake = Problem("mistake", message, Path(f"make_handout.py {command}"), hint="please report it as an issue")
        problem = damaged(error) or mistake
    raise HandoutError([problem])  # outside of the handler, so that no trace leads to what was raised first


def _leave_no_core() -> None:
    """Let no memory of this process be written to the disk where it, or a library in C, breaks."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  # not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
