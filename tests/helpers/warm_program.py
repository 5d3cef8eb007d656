"""The command in a process that has loaded its modules, copied for each call: starting Python takes most of the time.

Run as a script, this is that process. It reads a call a line, as JSON, and answers with the number of the process that
works on it; then, when that has ended, its wait status, its seconds on a processor and its most memory in kB.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self


class Ended(NamedTuple):
    """How a call has ended."""

    returncode: int
    """Below 0: the signal that ended it."""
    seconds: float
    megabytes: float


class WarmProgram:
    """The process and its calls, one after another; `load` is Python that it runs first, below another if need be."""

    def __init__(self, load: str, folder: Path, below: Sequence[str] = ()) -> None:
        self._process = subprocess.Popen(
            [*below, sys.executable, __file__, load],  # templates that were compiled are taken, as by users
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="ascii",
        )

    def start(self, words: Sequence[str], folder: Path, errors: Path, before: str = "", **limits: int) -> int:
        """Start the command in a folder, with its complaints in a file; return its process.

        `before` is Python that it runs first, `limits` are some of resource.setrlimit by name: CPU=40.
        """
        call = {"words": words, "folder": str(folder), "errors": str(errors), "before": before, "limits": limits}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> Ended:
        """Wait for the command that was started last."""
        status, seconds, kilobytes = self._line().split()
        return Ended(os.waitstatus_to_exitcode(int(status)), float(seconds), int(kilobytes) / 1000)

    def run(self, words: Sequence[str], folder: Path, errors: Path, before: str = "", **limits: int) -> Ended:
        """Start the command, and wait for its end."""
        self.start(words, folder, errors, before, **limits)
        return self.end()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline() or "the process of the warm program has ended"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()
        assert error or self._process.returncode == 0


def _work(call: dict[str, Any]) -> None:
    """Be the command, to the end of the process."""
    for name, most in call["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    for descriptor, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, os.devnull, os.O_WRONLY),
        (2, call["errors"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        os.dup2(os.open(path, flags), descriptor)
    os.chdir(call["folder"])
    sys.argv = ["make_handout.py", *call["words"]]
    from handout_builder.cli.main import run

    code: object = 1
    try:
        exec(call["before"], {})
        run()
    except SystemExit as error:
        code = error.code
    except BaseException:
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else code is not None)


def _serve() -> None:
    """Work on each call in a copy of this process."""
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    exec(sys.argv[1], {})
    for line in sys.stdin:
        process = os.fork()
        if not process:
            _work(json.loads(line))
        answers.write(f"{process}\n")
        answers.flush()
        _, status, took = os.wait4(process, 0)
        answers.write(f"{status} {took.ru_utime + took.ru_stime} {took.ru_maxrss}\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
