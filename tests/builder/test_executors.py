"""Work given to executors: the same bytes and record as on one machine, whatever becomes of workers."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from helpers.project import LANG, run, tiny_handout

from handout_builder.builder import executors, surroundings
from handout_builder.builder.checking import check
from handout_builder.builder.executors import Chunk, Done, Lost, RetryPolicy
from handout_builder.builder.incremental import build
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.editions import EDITIONS
from handout_builder.errors import HandoutError
from handout_builder.orders import Order

from .greedy import Greedy

FORKED = get_context("fork")


class Changed(ThreadPoolExecutor):
    """Changes chunks on their way, and what comes back: `change` is given the number of each from 1 on."""

    def __init__(self, change: Callable[[int, Chunk], Chunk]) -> None:
        super().__init__(2)
        self._change, self.given = change, 0

    def submit(self, function: Any, /, chunk: Any, *rest: Any, **more: Any) -> Future[Any]:
        self.given += 1
        return super().submit(function, self._change(self.given, chunk), *rest, **more)


class Silent(ThreadPoolExecutor):
    """Loses the first chunk without a word."""

    lost: Future[Any] | None = None

    def submit(self, function: Any, /, *arguments: Any, **more: Any) -> Future[Any]:
        if not self.lost:
            self.lost = Future()
            return self.lost
        return super().submit(function, *arguments, **more)


class Odd(ThreadPoolExecutor):
    """Gives other answers first."""

    def __init__(self, *answers: object) -> None:
        super().__init__(1)
        self._answers = [*answers]

    def submit(self, function: Any, /, *arguments: Any, **more: Any) -> Future[Any]:
        if not self._answers:
            return super().submit(function, *arguments, **more)
        future: Future[Any] = Future()
        answer = self._answers.pop(0)
        future.set_exception(answer) if isinstance(answer, Exception) else future.set_result(answer)
        return future


class Behind(Executor):
    """A worker that has an older text at first."""

    def __init__(self, text: Path) -> None:
        self._text, self._now, self.given = text, text.read_bytes(), 0

    def submit(self, function: Any, /, *arguments: Any, **_: Any) -> Future[Any]:
        self.given += 1
        if self.given == 1:
            self._text.write_bytes(self._now.replace(b"title:", b"# before\ntitle:", 1))
        future: Future[Any] = Future()
        future.set_result(function(*arguments))
        self._text.write_bytes(self._now)
        return future


def flat(done: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    return {item: result for items, results in done for item, result in zip(items, results, strict=True)}


def pool() -> Executor:
    return ProcessPoolExecutor(2, FORKED)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Two tiny handouts."""
    for name in ("neck", "knee"):
        tiny_handout(tmp_path / "source", name)
    monkeypatch.chdir(tmp_path)
    return [Order(Path("source") / name, LANG) for name in ("neck", "knee")]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def test_an_executor_builds_the_same_files_and_the_same_record(project: list[Order]) -> None:
    with ThreadPoolExecutor(2) as threads:
        build(project, Path("far"), ["pdf"], executor=threads)
        found = check(project[:1], executor=threads)
    build(project, Path("near"), ["pdf"])
    assert files(Path("far")) == files(Path("near"))
    assert len(files(Path("near"))) == 3
    assert build(project, Path("far"), ["pdf"]).unchanged == 2
    assert found == check(project[:1])


def test_what_is_wrong_is_told_by_the_paths_that_were_given(project: list[Order]) -> None:
    text = project[0].text
    text.write_text(text.read_text("utf-8") + "\nunheard: of\n", "utf-8")
    with ThreadPoolExecutor(1) as threads, pytest.raises(HandoutError) as wrong:
        build(project, Path("far"), executor=threads)
    assert [problem.path for problem in wrong.value.problems] == [text]
    assert sorted(files(Path("far"))) == [".handouts.json", "knee.en.epub", "knee.en.pdf"]


def test_what_a_worker_made_of_older_sources_is_made_again(project: list[Order]) -> None:
    """A worker's copy of a source is behind: its product is not taken, and the one of another worker is."""
    text = project[1].text
    behind = Behind(text)
    with behind:
        built = build(project[1:], Path("far"), ["pdf"], executor=behind)
    assert behind.given == 2
    assert len(built.paths) == 1
    assert build(project[1:], Path("far"), ["pdf"]).unchanged == 1


def test_a_worker_of_something_else_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_HESITATION", 0)

    def other_fonts(number: int, chunk: Chunk) -> Chunk:
        return replace(chunk, surroundings={**chunk.surroundings, "fonts": "other"}) if number % 2 else chunk

    with Changed(other_fonts) as changed:
        done = flat(executors.run(["ab", "cd", "ef"], Greedy, changed))
    assert done == {word: f"{word} is done" for word in "abcdef"}
    with Changed(lambda _, chunk: other_fonts(1, chunk)) as changed, pytest.raises(HandoutError, match="other fonts"):
        flat(executors.run(["a"], Greedy, changed))


class Deterministic(Executor):
    """Gives a chunk that stands alone to the same worker every time, and does no equal call again, as Dask does."""

    def __init__(self) -> None:
        self._threads = [ThreadPoolExecutor(1), ThreadPoolExecutor(1)]
        self._busy, self._known = 0, {}

    def submit(self, function: Any, /, chunk: Chunk, **_: Any) -> Future[Any]:
        if repr((chunk, chunk.items)) in self._known:
            return self._known[repr((chunk, chunk.items))]
        wrong = not self._busy
        self._busy += 1
        sent = replace(chunk, surroundings={"fonts": "other"}) if wrong else chunk
        future = self._threads[wrong].submit(function, sent)
        self._known[repr((chunk, chunk.items))] = future
        future.add_done_callback(lambda _: setattr(self, "_busy", self._busy - 1))
        return future


def test_what_is_refused_is_done_elsewhere_though_the_executor_chooses_the_same_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(executors, "_HESITATION", 0.2)
    done = flat(executors.run(["ab", "c"], Greedy, Deterministic(), policy=RetryPolicy(out=4)))
    assert done == {word: f"{word} is done" for word in "abc"}


def test_each_part_of_the_surroundings_is_compared() -> None:
    own = surroundings.surroundings()
    assert {"program", "packages", "libraries", "fonts", "layouts"} <= own.keys()
    for name in own:
        assert surroundings.differences(own, {**own, name: ""}) == (name,)
    assert surroundings.differences(own, own) == ()


def test_a_font_with_one_other_byte_is_another_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = surroundings.surroundings()
    for path in surroundings.FONTS.glob("*.*"):
        (tmp_path / path.name).symlink_to(path)
    bold = tmp_path / "NotoSans-Bold.ttf"
    data = bytearray(bold.read_bytes())
    bold.unlink()
    data[-1] ^= 1
    bold.write_bytes(data)
    monkeypatch.setattr(surroundings, "FONTS", tmp_path)
    surroundings._installed.cache_clear()
    try:
        assert surroundings.differences(own, surroundings.surroundings()) == ("fonts",)
    finally:
        surroundings._installed.cache_clear()


def test_the_one_task_that_kills_its_workers_is_set_aside(tmp_path: Path) -> None:
    """A worker that dies once costs nothing; one row in twelve that always kills is found by halves."""
    words = [*"abcdefghijk", f"crash-once {tmp_path / 'once'}"]
    words[6] = "kill"
    done = flat(executors.run([words[:4], words[4:8], words[8:]], Greedy, pool, policy=RetryPolicy(tries=2, out=3)))
    assert isinstance(done.pop("kill"), Lost)
    assert done == {word: f"{word} is done" for word in words if word != "kill"}


def test_a_broken_executor_that_nobody_can_make_again_is_told() -> None:
    with ProcessPoolExecutor(1, FORKED) as broken, pytest.raises(HandoutError, match="give a function") as error:
        flat(executors.run([["kill"], ["a"]], Greedy, broken))
    assert error.value.problems[0].code == "executor"


def test_a_task_that_hangs_or_takes_all_memory_is_ended_alone() -> None:
    with ThreadPoolExecutor(1) as threads:
        limits = Limits(0, 3, 200)
        words = ["a", "wait", "memory", "b"]
        done = flat(executors.run([words], Greedy, threads, limits=limits, together=True))
    assert (done["a"], done["b"]) == ("a is done", "b is done")
    assert isinstance(done["wait"], Ended)
    assert (done["wait"].limit, done["memory"].limit) == ("clock", "memory")


@pytest.mark.parametrize(("together", "given"), [(True, [3]), (False, [1, 1, 1])])
def test_limits_are_for_each_task_unless_they_are_done_together(
    monkeypatch: pytest.MonkeyPatch, together: bool, given: list[int]
) -> None:
    counts = []

    class Counting:
        def __init__(self, *_: object) -> None:
            pass

        def do(self, items: list[str]) -> list[str]:
            counts.append(len(items))
            return items

    monkeypatch.setattr(executors, "Apart", Counting)
    with ThreadPoolExecutor(1) as threads:
        done = flat(executors.run([[*"abc"]], Greedy, threads, limits=Limits(), together=together))
    assert done == dict(zip("abc", "abc", strict=True))
    assert counts == given


def test_a_chunk_of_which_nothing_is_heard_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_OFTEN", 0.05)
    with Silent(1) as threads:
        started = time.monotonic()
        done = flat(executors.run(["a", "b"], Greedy, threads, policy=RetryPolicy(patience=0.2)))
    assert done == {"a": "a is done", "b": "b is done"}
    assert time.monotonic() - started < 60


def test_nobody_waits_for_a_worker_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_OFTEN", 0.05)
    waited = []

    class Well(ThreadPoolExecutor):
        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            waited.append(wait)
            super().shutdown(wait, cancel_futures=cancel_futures)

    class Hung(Silent, Well):
        pass

    flat(executors.run(["a"], Greedy, lambda: Well(1)))
    flat(executors.run(["a", "b"], Greedy, lambda: Hung(1), policy=RetryPolicy(patience=0.2)))
    assert waited == [True, False]


def test_what_comes_back_in_part_or_broken_is_done_again() -> None:
    with Odd(Done(()), ValueError("Canary")) as odd:
        assert flat(executors.run(["ab"], Greedy, odd)) == {"a": "a is done", "b": "b is done"}
    with Odd(*(ValueError("Canary") for _ in range(3))) as odd:
        lost = flat(executors.run(["a"], Greedy, odd))["a"]
    assert str(lost.problem("neck", Path("en.yaml"))).startswith(
        "en.yaml: worker neck: set aside, as 3 workers were lost with it (ValueError)"
    )


def test_products_whose_workers_were_lost_are_told(project: list[Order], monkeypatch: pytest.MonkeyPatch) -> None:
    lost = iter([Lost("OSError", 3), Ended("memory", "")] * 2)

    def run(chunks: Iterable[Any], *_: object, **__: object) -> Iterable[Any]:
        return (([one], [next(lost)]) for chunk in chunks for one in chunk)

    monkeypatch.setattr(executors, "run", run)
    limits = Limits(0, 3, 200)
    with pytest.raises(HandoutError) as wrong:
        build(project, Path("far"), ["pdf"], executor=pool, limits=limits)
    found = check([replace(order, editions=(EDITIONS["a4"],)) for order in project], executor=pool, limits=limits)
    for problems in (wrong.value.problems, found):
        told = [str(problem) for problem in problems if problem.code in ("worker", "limit")]
        assert {one.partition(": ")[0] for one in told} == {str(order.text) for order in project}
        assert "set aside, as 3 workers were lost with it (OSError)" in "".join(told)
        assert "this takes more than 200 MB of memory" in "".join(told)
    assert not list(Path("far").glob("*.pdf"))


def test_an_executor_that_was_shut_down_is_followed_by_another() -> None:
    ended = ThreadPoolExecutor(1)
    ended.shutdown()
    made = iter([ended, ThreadPoolExecutor(1)])
    assert flat(executors.run(["a"], Greedy, lambda: next(made))) == {"a": "a is done"}
    with pytest.raises(HandoutError, match="takes no work"):
        flat(executors.run(["a"], Greedy, lambda: ended))


def test_what_nobody_has_begun_is_taken_back_when_the_work_is_broken_off() -> None:
    with Silent(1) as threads:
        work = executors.run(["a", "b"], Greedy, threads)
        assert next(work) == (("b",), ("b is done",))
        work.close()  # type: ignore[attr-defined]
        assert threads.lost
        assert threads.lost.cancelled()


def test_an_executor_is_named_by_its_module(tmp_path: Path) -> None:
    tiny_handout(tmp_path / "source", "neck")
    (tmp_path / "own_executors.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def threads(): return ThreadPoolExecutor(1)\n"
        "def nothing(): return None\n"
        "number = 3\n"
        "def far(): raise RuntimeError('no scheduler answers')\n"
    )
    (tmp_path / "broken.py").write_text("def threads(:\n")
    words = ("build", "neck", "--format", "pdf", "--time-limit", "0", "--memory-limit", "0")
    done = run(tmp_path / "source", *words, "--executor", "own_executors:threads")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "dist" / "neck.en.pdf").is_file()
    for name, told in {
        "own_executors:nothing": "gives no concurrent.futures.Executor, but NoneType",
        "own_executors:number": "is no function",
        "own_executors:other": "cannot be loaded",
        "own_executors:far": "gives no executor: RuntimeError: no scheduler answers",
        "broken:threads": "cannot be loaded: SyntaxError",
        "no_such_module:threads": "cannot be loaded",
        "threads": "is no function",
    }.items():
        done = run(tmp_path / "source", *words, "--rebuild", "--executor", name)
        assert done.returncode == 3, name
        assert told in done.stderr


def test_the_plain_command_line_loads_nothing_of_it() -> None:
    modules = "cli.main", "builder.incremental", "builder.checking", "builder.worker", "copies.run", "cli.copies"
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        f"for name in {modules!r}: __import__('handout_builder.' + name)\n"
        "print({'fsspec', 'pyarrow', 'distributed', 'loky', 'handout_builder.builder.executors'} & {*sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-Pc", code], stdout=subprocess.PIPE, check=True)
    assert ran.stdout.strip() == b"set()"
