"""Fixtures that several test files share, and what holds for every test."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from helpers.once import once
from helpers.project import LANG, NAME, NOT_MADE, ROOT, Project, copy_source
from judges import one_jvm, programs


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a test run have in common, for what they make `once`."""
    top = tmp_path_factory.getbasetemp()
    return top.parent if "PYTEST_XDIST_WORKER" in os.environ else top


@pytest.fixture(scope="session")
def built(run_folder: Path) -> SimpleNamespace:
    """The first handout: `pdf` and `epub` are the paths of its files, which are alone in their folder."""
    from handout_builder.builder.incremental import build
    from handout_builder.orders import Order

    out = once(run_folder / "built", lambda folder: build([Order(ROOT / "source" / NAME, LANG)], folder))
    return SimpleNamespace(pdf=out / f"{NAME}.{LANG}.pdf", epub=out / f"{NAME}.{LANG}.epub")


@pytest.fixture(scope="session")
def every_edition(run_folder: Path) -> Path:
    """The first handout in every edition, plain and for a brand of source/ at least, most for both.

    `notes` is what was said of them.
    """
    from handout_builder.builder.incremental import build
    from handout_builder.editions import EDITIONS
    from handout_builder.orders import Order

    orders = [Order(ROOT / "source" / NAME, LANG, None, tuple(EDITIONS.values()))]
    for brand, left_out in NOT_MADE.items():
        editions = tuple(edition for name, edition in EDITIONS.items() if name not in left_out)
        orders.append(Order(ROOT / "source" / NAME, LANG, ROOT / "source" / "brands" / brand, editions))

    def make(folder: Path) -> None:
        notes = build(orders, folder).notes
        (folder / "notes").write_text("".join(f"{note.code}: {note.message}\n" for note in notes), "utf-8")

    return once(run_folder / "editions", make)


@pytest.fixture(scope="session", autouse="PYTEST_XDIST_WORKER" in os.environ)
def _one_jvm_judges_for_all(run_folder: Path) -> None:
    """Let all processes of this run ask one for veraPDF and EPUBCheck."""
    one_jvm.folder = run_folder


@pytest.fixture(scope="session", autouse=True)
def _files_are_not_waited_for() -> Iterator[None]:
    """Let the system write files when it likes: those of tests need not outlast a loss of power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _shared_texts_are_parsed_once() -> Iterator[None]:
    """Keep the values of shared texts by what is in their files: translations are compared with those of all languages.

    To parse one takes as long as to make a short handout. Where a file is wrong, it is parsed anew.
    """
    from handout_builder.content import shared_texts, yaml_reader
    from handout_builder.translation import review

    known: dict[str, yaml_reader.YamlFile] = {}

    def yaml_file(path: Path, text: str) -> yaml_reader.YamlFile:
        if path.parent.name != "shared":
            return yaml_reader.yaml_file(path, text)
        if text not in known:
            known[text] = yaml_reader.yaml_file(path, text)
        return replace(known[text], path=path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_texts, "yaml_file", yaml_file)
        patch.setattr(review, "read_yaml", lambda path: yaml_file(path, yaml_reader.read_text(path)))
        yield


@pytest.fixture(scope="session", autouse="COVERAGE_RUN" in os.environ)
def _measured_processes_end_by_themselves() -> Iterator[None]:
    """Let a worker that is to be killed end by itself first, for a moment: one that is killed writes nothing down."""
    from handout_builder.builder.process import Process

    kill = Process.kill

    def end(process: Process) -> None:
        if program := process._program:
            with contextlib.suppress(OSError), process._sending:
                process._tasks.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(3)
        kill(process)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Process, "kill", end)
        yield


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A copy of source/ in the test's own folder."""
    copy_source(tmp_path / "source")
    return Project(tmp_path)


# Programs that neither pip nor a bare system brings

PLACES = tuple(os.path.realpath(place) for place in (sys.prefix, sys.base_prefix, ROOT, tempfile.gettempdir()))
"""Where the programs lie that the tests' wheels and the tests themselves bring."""
EVERYWHERE = {"env", "git", "ldconfig", "make", "sh"}
"""What stands on every system on which the project was cloned."""
LIBRARIES = {"cc", "gcc", "ld", "objdump"}
"""What Python's own search for libraries asks where it is there, and does without: whoever imports WeasyPrint."""


class ToolGuard:
    """Lets no test start another program without its mark: the marked ones are run once more with those hidden."""

    marked = True

    def watch(self) -> None:
        """Look at each program that is started. A hook for Python's audits would be called for each `id`, too."""
        begin = subprocess.Popen.__init__

        def watched(popen: Any, args: Any, *more: Any, **named: Any) -> None:
            if not self.marked:
                words = [args] if isinstance(args, (str, bytes, os.PathLike)) else args
                name = os.fsdecode(named.get("executable") or ("sh" if named.get("shell") else words[0]))
                program = os.path.realpath(shutil.which(name) or name)
                allowed = program.startswith(PLACES) or Path(name).name in EVERYWHERE | LIBRARIES
                assert allowed, f"{name} is started without @pytest.mark.tools"
            begin(popen, args, *more, **named)

        subprocess.Popen.__init__ = watched  # type: ignore[method-assign]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a test that cannot do without a program before its fixtures are made: they may take long."""
        for marker in item.iter_markers("tools"):
            for name in marker.args:
                programs.find(name)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.marked = item.get_closest_marker("tools") is not None
        try:
            return (yield)
        finally:
            self.marked = True


def pytest_configure(config: pytest.Config) -> None:
    # With it jsonschema reads 38 grammars of addresses, for three seconds of each process; no schema asks for them.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    guard = ToolGuard()
    guard.watch()
    config.pluginmanager.register(guard)
    # Laid-out pages are many small objects: by default Python would look through all of them again and again.
    gc.set_threshold(100_000, 20, 20)


def pytest_xdist_auto_num_workers() -> int:
    """Take a process more than there are processors: tests wait for a browser, a service or a process, too."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Let the collector leave alone what stays to the end: modules and tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Let it leave alone, too, what a finished file leaves: builds call it, and it would look at all that is kept."""
    if nextitem is not None and nextitem.path != item.path:
        gc.collect()
        gc.freeze()


def pytest_sessionfinish() -> None:
    """Give back what was left alone: with it, CPython's last look at what is left can end in a crash."""
    gc.unfreeze()


# Where the time goes


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell how long each part of tests/ took, all processes together."""
    seconds: Counter[str] = Counter()
    for report in (report for reports in terminalreporter.stats.values() for report in reports):
        if isinstance(report, pytest.TestReport):
            parts = Path(report.nodeid.partition("::")[0]).parts
            seconds[parts[1] if len(parts) > 2 else "single files"] += report.duration
    if seconds:
        terminalreporter.section("seconds by part")
        terminalreporter.write_line(", ".join(f"{part} {took:.0f}" for part, took in seconds.most_common()))
