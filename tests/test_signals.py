"""Ctrl-C and its kin, wherever they come."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handout_builder import signals
from handout_builder.atomic_files import write_all

ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let nothing be ignored, as a shell's background jobs do; return what is called where nothing can be raised.

    Afterwards all is as it was.
    """
    before = [signal.signal(number, signal.SIG_DFL) for number in ENDING]
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(signals, "_came", [])
    monkeypatch.setattr(signals, "_before", {})
    calls: list[str] = []
    yield calls
    for number, handler in zip(ENDING, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_each_is_raised(ended: list[str], number: int) -> None:
    signals.take_over(lambda: ended.append("ended"))
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)
    assert signal.getsignal(number) is signal.SIG_DFL  # a second one ends the process
    assert not ended


def test_what_is_ignored_stays_ignored(ended: list[str]) -> None:
    signal.signal(ENDING[-1], signal.SIG_IGN)
    signals.take_over(lambda: ended.append("ended"))
    signal.raise_signal(ENDING[-1])
    signals.raise_again()


def test_given_back_they_do_what_they_did(ended: list[str]) -> None:
    told: list[int] = []
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    signals.take_over(lambda: ended.append("ended"))
    signals.give_back()
    signal.raise_signal(signal.SIGTERM)
    assert told == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="a terminal that is closed sends no signal")
def test_a_closed_terminal_stops_a_server_as_a_system_does(ended: list[str]) -> None:
    told: list[int] = []
    signals.take_over(lambda: ended.append("ended"))
    signals.tell_servers()
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))  # as a server does
    signal.raise_signal(signal.SIGHUP)
    assert told == [signal.SIGTERM]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied")
def test_a_copy_of_the_process_ends_as_it_did_before(ended: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    in_copies: list[Callable[[], None]] = []
    monkeypatch.setattr(os, "register_at_fork", lambda *, after_in_child: in_copies.append(after_in_child))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signals.take_over(lambda: ended.append("ended"))
    assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    in_copies[0]()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_nothing_is_written_where_a_library_went_on(ended: list[str], tmp_path: Path) -> None:
    signals.take_over(lambda: ended.append("ended"))
    with contextlib.suppress(BaseException):
        signal.raise_signal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        write_all({tmp_path / "half.pdf": b"%PDF"})
    assert not list(tmp_path.iterdir())


def test_what_is_finished_is_written_down_on_the_way_out(ended: list[str], tmp_path: Path) -> None:
    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            write_all({tmp_path / "record": b"whole"})

    signals.take_over(lambda: ended.append("ended"))
    with pytest.raises(KeyboardInterrupt):
        work()
    assert [path.name for path in tmp_path.iterdir()] == ["record"]


def test_process_is_ended_where_nothing_can_be_raised(ended: list[str]) -> None:
    class Dropped:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    signals.take_over(lambda: ended.append("ended"))
    Dropped()
    assert ended == ["ended"]


def test_the_first_process_of_a_container_ends_with_the_code_of_the_signal(
    ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No signal of its own ends it."""
    signals.take_over(lambda: ended.append("ended"))
    with contextlib.suppress(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    monkeypatch.setattr(os, "kill", lambda *_: None)
    monkeypatch.setattr(os, "_exit", sys.exit)
    with pytest.raises(SystemExit) as ending:
        signals.end_as_told()
    assert ending.value.code == 128 + signal.SIGTERM
