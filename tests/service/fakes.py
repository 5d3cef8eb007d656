"""What makes no files: for tests of the doors and of the line."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from handout_builder.service.messages import SheetOrder
from handout_builder.service.tasks import Made, Ping


class Fake:
    """Answers with the note of a visit; some notes are orders to itself."""

    def prepare(self) -> None:
        """Nothing is to be loaded."""

    def do(self, task: object, _: Callable[[str], None]) -> Made:
        """Return the note as a file."""
        if isinstance(task, Ping):
            return Made(b"", "", "")
        note = task.visit.get("note", "") if isinstance(task, SheetOrder) else ""
        word, number = [*note.split(), "", ""][:2]
        if word == "sleep":
            time.sleep(float(number))
        while word == "spin":
            pass
        if word == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return Made(note.encode(), "application/pdf", "note.pdf", 1)


def fake() -> Fake:
    """Return what makes no files."""
    return Fake()
