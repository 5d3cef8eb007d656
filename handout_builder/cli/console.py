"""What is printed: lines without what a terminal would obey, to streams that may be closed, full or read no further."""

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import Literal

from handout_builder import signals
from handout_builder.errors import HandoutError, Problem, cannot_write, printable

Stream = Literal["stdout", "stderr"]


def prepare() -> None:
    """Give the process the streams that it was started without, so that no file of ours gets their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Han still gets the rest


def tell(text: object, end: str = "\n") -> None:
    """Print what was asked for; raises HandoutError where it cannot be printed, but not where nobody reads on."""
    if (error := _print(_lines(text), "stdout", end)) and not isinstance(error, BrokenPipeError):
        reason = error.strerror or str(error)
        message, hint = f"cannot print what was made: {reason}", "the files are made; let it print to another place"
        raise HandoutError([Problem("output", message, Path("standard output"), hint=hint)])


def give_out(data: bytes) -> None:
    """Write a file to standard output, byte for byte; raises HandoutError where it cannot be written."""
    signals.raise_again()
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody reads on
        return
    except OSError as error:
        failure = cannot_write(Path("standard output"), error)
    else:
        return
    raise failure  # outside of the handler, so that no trace leads to what was raised first


def say(text: object) -> None:
    """Say something about it, if anybody listens."""
    _print(_lines(text), "stderr", "\n")


def finish() -> None:
    """Give out what is still held back, as far as somebody takes it."""
    for name in ("stdout", "stderr"):
        with contextlib.suppress(OSError, ValueError):
            getattr(sys, name).flush()


class Steps:
    """The running step on a terminal, in one line that is overwritten; in a pipe, plain lines."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Show what is being done."""
        text = printable(text)
        _print(f"\r\x1b[K{text} …" if self._terminal else text, "stderr", "" if self._terminal else "\n")

    def clear(self) -> None:
        """Remove the line from the terminal."""
        if self._terminal:
            _print("\r\x1b[K", "stderr", "")


def _lines(text: object) -> str:
    return "\n".join(map(printable, str(text).split("\n")))


def _print(text: str, name: Stream, end: str) -> OSError | None:
    """Print to a stream; where that fails, return why, and let what follows go nowhere."""
    stream = getattr(sys, name)
    try:
        print(text, end=end, file=stream, flush=True)
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return error
    return None
