"""A process that is kept, without any process: what is made of what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from helpers.project import LANG, SHORT

from handout_builder.builder import checking, fingerprints, pool
from handout_builder.builder.limits import NO_LIMITS
from handout_builder.builder.pool import Ended
from handout_builder.builder.supervisor import Supervisor
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.orders import Order
from handout_builder.progress import silent
from handout_builder.service import maker
from handout_builder.service.messages import SheetOrder
from handout_builder.studio import renderer
from handout_builder.studio.jobs import Job

from .greedy import Greedy


class Told:
    """A process that says some things when it is given a task."""

    step, file, broken, late, killed = "", None, None, None, 0

    def __init__(self, supervisor: Supervisor, *said: Any) -> None:
        self._heard, self._said = supervisor._heard, said

    def begin(self, _: object) -> None:
        """Say them, after one that was ended before has said its last word."""
        self._heard.put((object(), ("done", "another's")))  # type: ignore[arg-type]
        for one in self._said:
            self._heard.put((self, one))  # type: ignore[arg-type]

    def kill(self) -> None:
        """Count how often it is ended."""
        self.killed += 1

    def wait(self) -> None:
        """It has ended."""

    def why(self) -> str | None:
        """Return the limit that was told."""
        return self.late


def test_what_a_process_says_on_the_way_is_kept_for_its_end() -> None:
    own, shown = Supervisor(Greedy, NO_LIMITS), list[object]()
    said = [("early", 1), ("step", "laying out"), ("file", Path("en.yaml")), ("late", "clock"), None]
    own._process = told = Told(own, *said)  # type: ignore[assignment]
    assert own.do("a", shown.append) == Ended("clock", "laying out", Path("en.yaml"))
    assert (shown, told.killed, own._process) == ([1], 1, None)  # type: ignore[attr-defined]
    own._process = Told(own, ("done", "b is done"))  # type: ignore[assignment]
    assert own.do("b") == "b is done"


def test_a_process_that_starts_while_its_supervisor_stops_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Supervisor(Greedy, NO_LIMITS)
    late = Told(own)

    def started(*_: object) -> Told:
        own.stop()
        late.listen = lambda _: None  # type: ignore[attr-defined]
        return late

    monkeypatch.setattr("handout_builder.builder.supervisor.Process.started", started)
    assert own.do("a") == Ended(None, "")
    assert late.killed == 1
    own.start()
    assert late.killed == 1


def too_much(*_: object, **__: object) -> None:
    raise MemoryError


ORDER = Order(SHORT, LANG, None, (EDITIONS["a4"],))
WORKERS: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "a call": lambda _: pool._Caller(too_much).do("a", silent),
    "a preview": lambda patch: (patch.setattr(renderer, "load", too_much), renderer.Renderer().do(Job(ORDER), silent)),
    "an order": lambda patch: (
        patch.setattr(maker.Maker, "_sheet", too_much),
        maker.Maker().do(SheetOrder(visit={}), silent),
    ),
}


@pytest.mark.parametrize("kind", WORKERS)
def test_who_takes_all_memory_is_told_by_who_gave_the_task(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MemoryError):
        WORKERS[kind](monkeypatch)


def test_a_call_whose_process_was_ended_is_told_by_its_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "run", lambda items, *_: [(item, Ended("memory", "")) for item in items])
    (error,) = pool.each(str, [Path("en.yaml")], pool.Limits(0, 3, 200))
    assert isinstance(error, HandoutError)
    assert str(error).startswith("en.yaml: limit en.yaml: this takes more than 200 MB of memory")


def test_libraries_that_are_not_there_have_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"linux": [("libnone.so.9", "version"), ("libpango-1.0.so.0", "none")]}
    monkeypatch.setattr(fingerprints, "_LIBRARIES", named)
    monkeypatch.setattr(fingerprints.sys, "platform", "linux")
    assert fingerprints.libraries() == {"libnone.so.9": "", "libpango-1.0.so.0": ""}


def test_a_check_of_nothing_finds_nothing() -> None:
    assert checking.check([]) == []
