"""Runs that cannot be made, and runs in which something breaks: what is told, and what is not written."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest
from helpers.people import copies, project, report

from handout_builder import signals
from handout_builder.builder.executors import Lost
from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import Ended
from handout_builder.cli.exit_codes import INTERRUPTED
from handout_builder.copies import kinds, remote, shelf, side_by_side, worker
from handout_builder.copies.bucket import Bucket
from handout_builder.copies.outcome import Outcome
from handout_builder.copies.print_run import PrintRun
from handout_builder.copies.rows import Row
from handout_builder.errors import HandoutError, Problem

from .fakes import Fake

AL, LETTER, NOTHING = {"name": "Al"}, {"name": "Bo", "edition": "letter"}, {"name": "Cy", "edition": "nothing"}
CANARY = "Canaryosei"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project; each test has an output of its own in its folder."""
    return project(tmp_path_factory.mktemp("broken"))


def test_lists_that_make_nothing_are_told(root: Path) -> None:
    for people, words, told in (
        ("name\n", ("--out", "empty"), "blank the list has no rows"),
        ([NOTHING], ("--out", "none"), "row 1, edition: there is none of this name"),
        ([AL, LETTER], ("--out", "kinds.pdf"), "holds copies of one kind, and the list asks for several"),
        ([AL], ("--out", "locked.pdf", "--encrypt"), "the column 'password' is missing"),
    ):
        done = copies(root, people, *words)
        assert (done.returncode, told in done.stderr) == (1, True), done.stderr
        assert not (root.parent / words[1]).exists()


def test_a_kind_that_is_chosen_by_its_name_is_no_second_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST", 1)
    done = copies(root, [AL, {"name": "Di", "handout_lang": "en"}], "--out", "same")
    assert done.returncode == 0, done.stderr
    done = copies(root, [AL, LETTER], "--out", "other")
    assert (done.returncode, "the list asks for more than 1 kinds of copies" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (ZeroDivisionError(CANARY), 1, "this is a bug in the program: ZeroDivisionError"),
        (OSError(28, "No space left on device"), 3, "No space left on device"),
    ],
)
def test_a_file_for_a_print_shop_that_breaks_is_not_there(
    root: Path, error: Exception, code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise error

    monkeypatch.setattr(PrintRun, "add", breaks)
    done = copies(root, [AL], "--out", "lot.pdf")
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    assert CANARY not in done.stderr
    assert not list(root.parent.glob("lot*"))


def test_what_the_engine_cannot_lay_out_is_told_by_its_code(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise HandoutError([Problem("overflow", CANARY, Path("x"))])

    monkeypatch.setattr(worker.Worker, "_copy", refuses)
    done = copies(root, [AL], "--out", "long", "--report", "long.json")
    assert done.returncode == 1
    assert report(root.parent / "long.json")[1]["result"] == "not-made"
    assert "the engine cannot lay it out: overflow" in done.stderr
    assert CANARY not in done.stderr


@pytest.mark.parametrize(("broken", "out"), [((PrintRun, "add"), "begun.pdf"), ((worker.Worker, "_copy"), "begun")])
def test_a_run_ends_where_a_library_has_made_an_error_of_ctrl_c(
    root: Path, broken: tuple[object, str], out: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told as a mistake in one row, and the run went on."""
    came: list[int] = []

    def lost(*_: object) -> None:
        came.append(signal.SIGINT)
        raise ValueError

    monkeypatch.setattr(signals, "_came", came)
    monkeypatch.setattr(*broken, lost)
    done = copies(root, [AL, {"name": "Bo"}], "--out", out)
    assert (done.returncode, came) == (INTERRUPTED, [signal.SIGINT]), done.stderr
    assert not [path for path in root.parent.rglob("*.pdf") if path.match(f"{out}*")]


def test_places_that_take_no_copies_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelf.Packed, "add", full)
    monkeypatch.setattr(Bucket, "write", full)
    for words, told in (
        (("--out", "packed", "--pack", "tar"), "packed: output cannot write: No space left on device"),
        (("--out", "far", "--to", "memory://far"), "--to: output cannot write: No space left on device"),
    ):
        done = copies(root, [AL], *words)
        assert (done.returncode, told in done.stderr) == (3, True), done.stderr
    (root.parent / "report.json").mkdir()
    done = copies(root, [AL], "--out", "told", "--report", "report.json")
    assert (done.returncode, "report.json: output cannot write" in done.stderr) == (3, True), done.stderr
    assert not list(root.parent.glob(".copy-*"))


def row(number: int, name: str = "") -> tuple[int, Row]:
    return 0, Row(number, number + 1, {}, name=name)


def test_rows_whose_worker_was_lost_far_away_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, made = [row(number) for number in range(1, 5)], Outcome(4, "made")
    came = [Ended(None, ""), Ended("memory", ""), Lost("OSError", 3), made]
    monkeypatch.setattr(remote.executors, "run", lambda *_, **__: [(rows, came)])
    ((_, found),) = remote.made([], None, lambda: None, 0, Limits(0, 3, 200), {})  # type: ignore[arg-type,return-value]
    assert isinstance(found, list)
    assert [(one.row, one.line, *(problem.message for problem in one.problems)) for one in found] == [
        (1, 2, "the process was ended by the system"),
        (2, 3, "this takes more than 200 MB of memory"),
        (3, 4, "set aside, as 3 workers were lost with it (OSError)"),
        (4, 0),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended otherwise there")
def test_a_process_that_the_system_ends_costs_its_batch_alone() -> None:
    batches = [[row(number, "kill" if number == 1 else "")] for number in range(1, 7)]
    done = {batch[0][1].number: result for batch, result in side_by_side.made(iter(batches), Fake, 2)}  # type: ignore[arg-type]
    told = {number: [one.result for one in result] for number, result in done.items()}  # type: ignore[union-attr]
    assert told == {number: ["not-made" if number == 1 else "made"] for number in range(1, 7)}
    work = side_by_side.made(iter([[row(1)], [row(2)], [row(3)]]), Fake, 2)  # type: ignore[arg-type]
    next(work)
    work.close()  # and no process is left that would be waited for
