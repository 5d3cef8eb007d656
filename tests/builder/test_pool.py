"""Processes that do tasks: what takes too much is ended, and costs nobody else anything."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.processes import HANGS
from helpers.project import ROOT

from handout_builder.builder import limits, pool, process
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended

from .greedy import Greedy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals tell how processes end")
# Seconds of the processor and of the clock, MB.
LIMITS = Limits(1, HANGS, 200)
LINUX = sys.platform == "linux"


@pytest.fixture(params=["copied", "started"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to start a process."""
    if request.param == "copied" and not LINUX:
        pytest.skip("processes are not copied here")
    # The tests' own process has more threads, which are idle.
    monkeypatch.setattr(pool, "may_be_copied", lambda: request.param == "copied")
    return str(request.param)


def done(
    tasks: list[str], jobs: int = 1, most: Limits | None = LIMITS, said: list[str] | None = None
) -> dict[str, object]:
    return dict(pool.run(tasks, Greedy, jobs, [].append if said is None else said.append, most))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("task", "resource"),
    [
        ("loop", "processor"),
        ("loop-in-c", "processor"),
        ("wait", "clock"),
        ("memory", "memory"),
        ("memory-in-c", "memory"),
        ("slow-memory", "memory"),
    ],
)
def test_what_takes_too_much_is_ended_and_the_others_go_on(task: str, resource: str, jobs: int) -> None:
    if resource == "memory" and not LINUX:
        pytest.skip("this system limits no memory: see the test of the watch")
    most = replace(LIMITS, clock=3) if resource == "clock" else LIMITS
    assert done([task, "a", "b", "c"], jobs, most) == {
        task: Ended(resource, f"doing {task}"),  # type: ignore[arg-type]
        **{name: f"{name} is done" for name in "abc"},
    }


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_breaks_costs_only_its_own_task(jobs: int) -> None:
    assert done(["a", "crash", "b"], jobs) == {
        "a": "a is done",
        "crash": Ended(None, "doing crash"),
        "b": "b is done",
    }


@pytest.mark.usefixtures("way")
def test_the_file_that_was_read_last_is_told(tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_text("<svg/>")
    task = f"loop {path}"
    ended = done([task])[task]
    assert ended == Ended("processor", f"doing {task}", path)
    assert isinstance(ended, Ended)
    told = ended.problem("bad.en", tmp_path / "en.yaml", LIMITS)
    assert (told.code, told.path) == ("limit", path)
    assert "more than 1 seconds of the processor" in told.message


@pytest.mark.usefixtures("way")
def test_a_task_whose_process_was_taken_away_is_done_again(tmp_path: Path) -> None:
    task = f"crash-once {tmp_path / 'was-here'}"
    assert done(["a", task, "b"], 2)[task] == f"{task} is done"


@pytest.mark.parametrize("task", ["loop", "slow-memory"])
def test_a_watch_from_outside_keeps_the_limits_that_a_system_does_not(
    task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SYSTEM_LIMITS", False)
    monkeypatch.setattr(process, "arm", lambda _: None)
    monkeypatch.setattr(pool, "may_be_copied", lambda: LINUX)
    resource = "processor" if task == "loop" else "memory"
    assert done([task, "a"]) == {task: Ended(resource, f"doing {task}"), "a": "a is done"}  # type: ignore[arg-type]


def test_limits_are_for_each_task_anew(way: str) -> None:
    half = Limits(1, 60, 100)
    tasks = [f"a{number}" for number in range(3)]

    assert way
    assert done(tasks, most=half) == {task: f"{task} is done" for task in tasks}


def test_without_limits_one_job_is_done_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool.Process, "started", None)
    monkeypatch.setattr(pool.Process, "copied", None)
    said: list[str] = []
    assert done(["a"], most=None, said=said) == {"a": "a is done"}
    assert said == ["doing a"]


def test_where_no_process_may_be_started_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(pool.Process, "started", refuse)
    monkeypatch.setattr(pool.Process, "copied", refuse)
    said: list[str] = []
    assert done(["a", "b"], 2, said=said) == {"a": "a is done", "b": "b is done"}
    assert "limits of time and memory are not kept" in said[0]


def test_nothing_is_left_when_the_work_is_broken_off(way: str) -> None:
    work = pool.run(["a", "wait"], Greedy, 2, lambda _: None, LIMITS)
    assert way
    assert next(work) == ("a", "a is done")
    work.close()
    deadline = time.monotonic() + HANGS
    while any(thread.name.startswith("Thread-") for thread in threading.enumerate() if not thread.daemon):
        assert time.monotonic() < deadline
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_new_program_loads_nothing_from_the_working_folder(tmp_path: Path) -> None:
    for name in ("json", "pickle", "queue", "weasyprint", "handout_builder"):
        tmp_path.joinpath(f"{name}.py").write_text("raise SystemExit('a stranger was run')")
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests')!r}]\n"
        "sys.path[:] = [path for path in sys.path if path]\n"
        "from handout_builder.builder import pool\n"
        "from handout_builder.builder.limits import Limits\n"
        "from builder.greedy import Greedy\n"
        "pool.may_be_copied = lambda: False\n"
        "print(list(pool.run(['a'], Greedy, 1, print, Limits())))\n"
    )
    ran = subprocess.run([sys.executable, "-Pc", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1:] == ["[('a', 'a is done')]"], ran.stderr


def test_an_address_space_that_is_not_told_is_not_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise FileNotFoundError("/proc/self/statm")

    monkeypatch.setattr(limits.Path, "read_text", refuse)
    assert limits._mapped() == 0
