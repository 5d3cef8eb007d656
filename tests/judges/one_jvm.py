"""One process with a JVM for all processes of a test run: veraPDF and EPUBCheck start there once, and are warm for all.

To start both takes as long as to judge some fifty files. Where one process runs all tests, it has the JVM itself.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib
import json
import os
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, NoReturn, TypeVar

R = TypeVar("R")
folder: Path | None = None
"""What all processes of the run have in common; None where there is one process."""
_PROGRAM = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {__name__} import serve; serve()"


def shared(judge: Callable[..., R]) -> Callable[..., R]:
    """Let a function of a judge be called in the one process, with arguments and an answer that JSON has."""

    @wraps(judge)
    def asked(*arguments: object) -> R:
        if folder is None or threading.current_thread().name == _Answers.WORKS:
            return judge(*arguments)
        words = [str(word.resolve()) if isinstance(word, Path) else word for word in arguments]
        question = json.dumps([judge.__module__, judge.__name__, words])
        answer = json.loads(_line().ask(question))
        assert "wrong" not in answer, answer["wrong"]
        found: R = answer["found"]
        return found

    return asked


class _Line:
    """A line to the process."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(address)
        self._file = self._socket.makefile("rw", encoding="utf-8")

    def ask(self, question: str) -> str:
        """Return the answer to a question."""
        print(question, file=self._file, flush=True)
        answer = self._file.readline()
        assert answer, f"the process with the JVM has ended while it was asked {question}"
        return answer

    def close(self) -> None:
        """End it."""
        self._file.close()
        self._socket.close()


@cache
def _line() -> _Line:
    """Return this process's line, which ends with it; the first one starts the process with the JVM."""
    assert folder is not None
    known = folder / "judges.address"
    with (folder / "judges.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            line = _Line(known.read_text())
        except OSError:  # there is none, or it has ended with the last of those who asked it
            known.write_text(_started())
            line = _Line(known.read_text())
    atexit.register(line.close)
    return line


def _started() -> str:
    """Start the process; return its address. It is nobody's child, and ends by itself: others may ask it for longer."""
    command = [sys.executable, "-P", "-c", _PROGRAM, json.dumps(sys.path)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


class _Server(socketserver.ThreadingUnixStreamServer):
    """Answers one question after another; ends when nobody is there any more to ask."""

    daemon_threads = True
    turn = threading.Lock()
    asking = 0


class _Answers(socketserver.StreamRequestHandler):
    """Answers the questions of one process."""

    WORKS = "the process with the JVM"
    server: _Server

    def handle(self) -> None:
        """Answer until it asks no more."""
        threading.current_thread().name = self.WORKS
        with self.server.turn:
            self.server.asking += 1
        for question in self.rfile:
            with self.server.turn:
                self.wfile.write(json.dumps(_answer(*json.loads(question))).encode() + b"\n")
        with self.server.turn:
            self.server.asking -= 1
            if not self.server.asking:
                threading.Thread(target=self.server.shutdown).start()


def _answer(module: str, name: str, words: list[Any]) -> dict[str, Any]:
    try:
        return {"found": getattr(importlib.import_module(module), name)(*words)}
    except BaseException:
        return {"wrong": traceback.format_exc()}


def serve() -> NoReturn:
    """Tell the address, and let a copy of this process answer, which alone loads a JVM."""
    with tempfile.TemporaryDirectory() as place:
        address = str(Path(place, "judges"))
        with _Server(address, _Answers) as server:
            if os.fork():
                os.write(1, address.encode())
                os._exit(0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            server.serve_forever()
    os._exit(0)  # the JVM would wait for threads that have ended
