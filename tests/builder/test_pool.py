"""Processes that do tasks: what takes too much is ended, and costs nobody else anything."""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.processes import HANGS
from helpers.project import ROOT

from handout_builder import signals
from handout_builder.builder import limits, pool
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.builder.process import Process
from handout_builder.errors import HandoutError
from handout_builder.progress import Progress, silent
from handout_builder.resources import LAYOUTS

from .greedy import Greedy

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals tell how processes end")
# Seconds of the processor and of the clock, MB.
LIMITS = Limits(1, HANGS, 200)
LINUX = sys.platform == "linux"


@pytest.fixture(params=["copied", "started"])
def way(request: pytest.FixtureRequest) -> str:
    """Both ways to start a process."""
    if request.param == "copied" and not LINUX:
        pytest.skip("processes are not copied here")
    return str(request.param)


def called(way: str, function: str, *arguments: object) -> Any:
    """Call a function of the module of greedy workers in a new program, as pools are used: this process, with the
    threads of the test run and of a JVM in it, is not one to be copied."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from builder import greedy; greedy.answer()"
    ran = subprocess.run(
        [sys.executable, "-Pc", code],
        input=pickle.dumps((way, function, arguments)),
        stdout=subprocess.PIPE,
        check=True,
        timeout=HANGS,
    )
    return pickle.loads(ran.stdout)


def done(way: str, tasks: list[str], jobs: int = 1, most: Limits = LIMITS) -> dict[str, object]:
    return dict(called(way, "run", tasks, jobs, most))


@pytest.mark.parametrize(
    ("greedy", "resource", "jobs", "way"),
    [
        (["loop-in-c"], "processor", 2, "started"),  # for one of Python, see the file that was read last
        (["wait"], "clock", 1, "copied"),
        (["wait"], "clock", 2, "started"),
        (["memory", "slow-memory"], "memory", 1, "started"),
        (["memory-in-c", "slow-memory"], "memory", 2, "copied"),
    ],
    indirect=["way"],
)
def test_what_takes_too_much_is_ended_and_the_others_go_on(
    greedy: list[str], resource: str, jobs: int, way: str
) -> None:
    if resource == "memory" and not LINUX:
        pytest.skip("this system limits no memory: see the test of the watch")
    most = replace(LIMITS, clock=2) if resource == "clock" else LIMITS
    assert done(way, [*greedy, "a", "b", "c"], jobs, most) == {
        **{task: Ended(resource, f"doing {task}") for task in greedy},  # type: ignore[arg-type]
        **{name: f"{name} is done" for name in "abc"},
    }


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_breaks_costs_only_its_own_task(jobs: int, way: str) -> None:
    assert done(way, ["a", "crash", "b"], jobs) == {
        "a": "a is done",
        "crash": Ended(None, "doing crash"),
        "b": "b is done",
    }


def test_the_file_that_was_read_last_is_told(tmp_path: Path, way: str) -> None:
    path = tmp_path / "logo.svg"
    path.write_text("<svg/>")
    task = f"loop {path}"
    results = done(way, [task, "a"])
    ended = results[task]
    assert results == {task: Ended("processor", f"doing {task}", path), "a": "a is done"}
    assert isinstance(ended, Ended)
    told = ended.problem("bad.en", tmp_path / "en.yaml", LIMITS)
    assert (told.code, told.path) == ("limit", path)
    assert "more than 1 seconds of the processor" in told.message


def test_no_file_of_the_program_is_told(tmp_path: Path) -> None:
    """It is read when pages are set: what was read before is done with, so the handout's text is told."""
    (tmp_path / "logo.svg").write_text("<svg/>")
    icon = str(LAYOUTS / "icons" / "how.svg").replace(" ", "%20")  # words of a task are parted by blanks
    task = f"loop {tmp_path / 'logo.svg'} {icon}"
    ended = done("started", [task])[task]
    assert ended == Ended("processor", f"doing {task}")
    assert isinstance(ended, Ended)
    assert ended.problem("bad.en", tmp_path / "en.yaml", LIMITS).path == tmp_path / "en.yaml"


def test_a_task_whose_process_was_taken_away_is_done_again(tmp_path: Path, way: str) -> None:
    task = f"crash-once {tmp_path / 'was-here'}"
    assert done(way, ["a", task, "b"], 2)[task] == f"{task} is done"


def test_no_process_leaves_a_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str) -> None:
    """The engine unpacks typefaces of clinics into one; processes end without tidying up, or are ended."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    results = done(way, ["litter", "litter 9", "litter 0"])
    assert results["litter 9"] == Ended(None, "doing litter 9")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_program_had_made_is_removed_by_its_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(subprocess.CalledProcessError):
        called(way, "killed", LIMITS)
    begun = time.monotonic()
    while list(tmp_path.iterdir()):
        assert time.monotonic() - begun < HANGS
        time.sleep(0.01)


def test_a_process_that_ends_when_it_has_nothing_to_do_costs_nothing(way: str) -> None:
    """The system takes memory back from whom it likes, while others are still at work."""
    assert done(way, ["crash-later", "slow"], 2) == {name: f"{name} is done" for name in ("crash-later", "slow")}


@pytest.mark.parametrize("task", ["loop", "slow-memory"])
def test_a_watch_from_outside_keeps_the_limits_that_a_system_does_not(task: str) -> None:
    resource = "processor" if task == "loop" else "memory"
    results = dict(called("copied" if LINUX else "started", "run_watched", [task, "a"], LIMITS))
    assert results == {task: Ended(resource, f"doing {task}"), "a": "a is done"}  # type: ignore[arg-type]


def broken(path: Path) -> str:
    raise KeyError(path.name)


def test_what_a_function_raises_by_mistake_is_told_as_a_mistake() -> None:
    (raised,) = pool.each(broken, [Path("logo.svg")], LIMITS)
    assert isinstance(raised, HandoutError)
    (problem,) = raised.problems
    assert (problem.code, problem.path) == ("mistake", Path("logo.svg"))
    assert "KeyError: 'logo.svg'" in problem.message


def test_limits_are_for_each_task_anew(way: str) -> None:
    half = Limits(1, 60, 100)
    tasks = [f"a{number}" for number in range(3)]
    assert done(way, tasks, most=half) == {task: f"{task} is done" for task in tasks}


def test_without_limits_one_job_is_done_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool.Process, "started", None)
    monkeypatch.setattr(pool.Process, "copied", None)
    said: list[str] = []
    assert list(pool.run(["a"], Greedy, 1, said.append, None)) == [("a", "a is done")]
    assert said == ["doing a"]


def test_where_no_process_may_be_started_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(pool.Process, "started", refuse)
    monkeypatch.setattr(pool.Process, "copied", refuse)
    said: list[str] = []
    assert dict(pool.run(["a", "b"], Greedy, 2, said.append, LIMITS)) == {"a": "a is done", "b": "b is done"}
    assert "limits of time and memory are not kept" in said[0]


def test_nothing_is_left_when_the_work_is_broken_off(way: str) -> None:
    assert called(way, "break_off", LIMITS) == ("a", "a is done")


@pytest.mark.skipif(not LINUX, reason="processes are not copied here")
def test_what_is_loaded_before_processes_are_copied_starts_no_thread() -> None:
    """A copy has none of the threads that libraries have started, and waits for them for ever: Pango 1.56 has one."""
    code = (
        "from handout_builder.builder.process import may_be_copied\n"
        "from handout_builder.builder.worker import Worker\n"
        "from handout_builder.engine import session\n"
        "session.own_fonts = None\n"  # for which Pango 1.50 starts a thread that soon ends
        "assert may_be_copied()\n"
        "Worker().prepare()\n"
        "assert may_be_copied()\n"
    )
    fonts = {**os.environ, "FONTCONFIG_FILE": str(ROOT / "fonts" / "fonts.conf")}  # as the command has it
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=fonts, check=True)


def test_a_process_that_got_a_thread_meanwhile_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = iter([True, False])
    monkeypatch.setattr(pool, "may_be_copied", lambda: next(threads))
    monkeypatch.setattr(pool.Process, "copied", None)
    assert dict(pool.run(["a", "b"], Greedy, 2, str, LIMITS)) == {"a": "a is done", "b": "b is done"}


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


def test_a_task_for_a_process_that_another_thread_has_ended_is_let_go() -> None:
    process = Process.started(Greedy, LIMITS)
    process.listen(queue.SimpleQueue())
    assert process.wait() == 0
    process.begin("wait")


@pytest.mark.parametrize(("hard", "wanted"), [(5, (5, 5)), (10**9, (1020, 10**9))])
def test_a_limit_can_be_set_anew_below_the_one_that_nobody_may_pass(
    monkeypatch: pytest.MonkeyPatch, hard: int, wanted: tuple[int, int]
) -> None:
    resource = pytest.importorskip("resource")
    now: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1, hard))
    monkeypatch.setattr(resource, "setrlimit", now.__setitem__)
    monkeypatch.setattr(time, "process_time", lambda: 20)
    limits.arm(Limits(processor=1000, clock=0, memory=0))
    assert now[resource.RLIMIT_CPU] == wanted


def test_no_task_is_begun_here_where_a_library_has_made_an_error_of_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[str] = []

    class Lost:
        def prepare(self) -> None:
            pass

        def do(self, task: str, _: Progress) -> str:
            came.append(task)
            return "a mistake"

    monkeypatch.setattr(signals, "_came", came)
    with pytest.raises(KeyboardInterrupt):
        list(pool.run(["a", "b"], Lost, 1, silent, None))
    assert came == ["a"]


def test_a_process_that_was_kept_is_ended_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kept:
        def __init__(self) -> None:
            self.told: list[str] = []

        def kill(self) -> None:
            self.told.append("kill")

        def wait(self) -> None:
            self.told.append("wait")

    kept, apart = Kept(), pool.Apart(Greedy, LIMITS)
    apart.end()  # nothing was done in it
    monkeypatch.setattr(apart, "_process", kept)
    for _ in range(2):
        apart.end()
    assert kept.told == ["kill", "wait"]
