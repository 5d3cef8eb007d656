"""The program among closed streams, full disks, odd names and its own mistakes: told, and nothing lost."""

from __future__ import annotations

import importlib
import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.processes import HANGS
from helpers.project import HERE, ROOT, tiny_handout

from handout_builder.builder import checking, worker
from handout_builder.builder.incremental import build
from handout_builder.cli.main import CANNOT, INTERRUPTED, OK, PROBLEMS, main
from handout_builder.errors import HandoutError, mistake
from handout_builder.orders import Order
from handout_builder.pdf import typeset
from handout_builder.render.product import Product
from handout_builder.resources import LAYOUTS

PROGRAM = f"'{sys.executable}' '{ROOT / 'make_handout.py'}'"
MAKE = f"{PROGRAM} --format pdf"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("knee", "neck"):
        tiny_handout(Path("source"), name)
    return tmp_path


@pytest.mark.tools
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    ("streams", "code"),
    [
        ("<&- >&- 2>&-", OK),
        (">/dev/full", CANNOT),
        ("2>/dev/full", OK),
        ("2>&1 | head -1; exit ${PIPESTATUS[0]}", OK),
    ],
)
def test_closed_and_full_streams_cost_no_file(here: Path, streams: str, code: int) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{MAKE} knee {streams}"], cwd=here, capture_output=True, text=True, check=False, timeout=HANGS
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert Path("dist/knee.en.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.tools
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("words", ["--version", "--print-completion bash"])
def test_answers_that_nobody_takes_are_no_mistakes_of_ours(tmp_path: Path, words: str) -> None:
    for streams, code in ((">/dev/full", CANNOT), ("| true; exit ${PIPESTATUS[0]}", OK)):
        done = subprocess.run(
            ["bash", "-c", f"{PROGRAM} {words} {streams}"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANGS,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("here")
def test_a_clock_before_1980_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["knee", "--format", "epub", *HERE]) == OK
    now = Path("dist/knee.en.epub").read_bytes()
    monkeypatch.setattr("time.time", lambda: 0.0)
    monkeypatch.setattr("time.localtime", lambda *_: (1970, 1, 1, 0, 0, 0, 3, 1, 0))
    assert main(["knee", "--format", "epub", *HERE, "--rebuild"]) == OK
    assert Path("dist/knee.en.epub").read_bytes() == now


NO_THREAD = (
    "import threading\n"
    'def refuse(*_): raise RuntimeError("can\'t start new thread")\n'
    "threading.Thread.start = refuse\n"
    "import sys; sys.argv[0] = 'make_handout.py'\n"
    "from handout_builder.cli.main import main\n"
    "for line in sys.argv[1:]:\n"
    "    try: print(main(line.split()), flush=True)\n"
    "    except SystemExit as end: print(end.code, flush=True)\n"
)


def test_where_no_thread_may_be_started_it_is_told(here: Path) -> None:
    told = {
        "knee --jobs 1": "engine WeasyPrint cannot start: the system says: can't start new thread",
        "--version": "engine: cannot be used: WeasyPrint cannot start",
        "knee --brand clinic": "the system lets no thread be started",
    }
    assert main(["new", "brand", "clinic"]) == OK
    (here / "source/brands/clinic/layouts").mkdir()
    shutil.copy(ROOT / "layouts" / "brand.html", here / "source/brands/clinic/layouts")
    code = f"import sys; sys.path[0] = {str(ROOT)!r}; {NO_THREAD}"
    done = subprocess.run([sys.executable, "-c", code, *told], capture_output=True, text=True, check=True)
    assert [words for words in told.values() if words not in done.stdout + done.stderr] == []
    codes = [line for line in done.stdout.splitlines() if line.isdecimal()]
    assert len(codes) == len(told)
    assert set(codes) <= {str(PROBLEMS), str(CANNOT)}
    assert "Traceback" not in done.stderr


@pytest.mark.tools
def test_a_system_without_proc_builds_all_the_same(here: Path) -> None:
    away = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    hide = "mount -t tmpfs none /proc && exec "
    if not shutil.which("unshare") or subprocess.run([*away, f"{hide} true"], check=False).returncode:
        assert not os.environ.get("CI") or not shutil.which("unshare"), "CI lets /proc be hidden"
        pytest.skip("nothing can be hidden here")
    assert main(["new", "brand", "clinic"]) == OK
    done = subprocess.run(
        [*away, f"{hide}{MAKE} knee --brand clinic"], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == OK, done.stderr
    assert Path("dist/clinic/knee.en.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("command", ["build", "check"])
def test_a_mistake_of_ours_is_told_and_stops_no_other(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(real: Callable[..., object]) -> Callable[..., object]:
        def make(product: Product, *more: object) -> object:
            if product.source.name == "knee":
                raise KeyError("a\nb\x1b")
            return real(product, *more)

        return make

    for module in (worker, checking):
        monkeypatch.setattr(module, "make", broken(module.make))
    orders = [Order(Path("source") / name, "en") for name in ("knee", "neck")]
    if command == "check":
        problems = checking.check(orders)
    else:
        with pytest.raises(HandoutError) as caught:
            build(orders, Path("dist"))
        problems = list(caught.value.problems)
        assert {path.name for path in caught.value.written} == {"neck.en.pdf", "neck.en.epub"}
    (told,) = (str(problem) for problem in problems if problem.code == "mistake")
    assert told.startswith("source/knee/en.yaml: mistake this is a bug in the program: KeyError: ")
    assert "please report it" in told
    assert "\x1b" not in told


@pytest.mark.usefixtures("here")
def test_two_brands_of_one_name_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    for top in "pq":
        shutil.copytree(ROOT / "source/brands/cell-healing", Path(top, "b"))
    assert main(["knee", "--brand", "p/b", "--brand", "q/b"]) == PROBLEMS
    assert (
        "q/b: same-output this brand has the same name as p/b: both would be written to one folder"
        in capsys.readouterr().err
    )
    assert not Path("dist").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["new", "x", "--lang", f"{os.pardir}/shared/en"],
        ["new", "x", "--lang", "/etc/en"],
        ["new", "build"],
        ["new", "none"],
        ["new", "knee"],
        ["new", "link"],
        ["new", "brand", "none"],
        ["new", "brand", "all"],
        ["new", "brand", "b", "--name", os.fsdecode(b"\xff")],
        ["new", "brand", "b", "--name", "a\u2028b"],
        ["new", "brand", "b", "--name", "a\x85b"],
        ["new", "brand", "b", "--name", "a" * 121],
        ["new", "brand", "b", "--name", "\U0001f600"],
        ["new", "brand", "b", "--name", "腰"],
        ["new", "brand", "b", "--logo", "/dev/zero"],
        ["new", "brand", "b", "--logo", "pipe"],
    ],
)
def test_new_makes_what_builds_or_nothing(here: Path, words: list[str]) -> None:
    os.mkfifo("pipe")
    Path("source/link").symlink_to(here / "far")
    before = {path: path.read_bytes() if path.is_file() else b"" for path in here.rglob("*")}
    assert main(words) == PROBLEMS
    assert {path: path.read_bytes() if path.is_file() else b"" for path in here.rglob("*")} == before


@pytest.mark.usefixtures("here")
def test_new_leaves_a_schema_that_is_there() -> None:
    Path("source/handout.schema.json").write_text("mine")
    Path("source/brand.schema.json").symlink_to("far.json")
    assert main(["new", "back"]) == OK
    assert main(["new", "brand", "clinic"]) == OK
    assert Path("source/handout.schema.json").read_text() == "mine"
    assert not Path("source/far.json").exists()


def test_the_working_folder_is_called_by_its_name(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "source" / "knee")
    assert main([".", "--format", "pdf", *HERE]) == OK
    assert [path.name for path in Path("dist").glob("*.pdf")] == ["knee.en.pdf"]


def test_style_sheets_are_all_known_by_name() -> None:
    names = [path.relative_to(LAYOUTS) for path in typeset.style_sheets()]
    assert sorted(path for path in names if path.parent.name) == sorted(
        path.relative_to(LAYOUTS) for path in (LAYOUTS / "blocks").glob("*.css")
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [["check", *HERE], ["--format", "pdf", *HERE], ["sheet", "--points", "BL23"]])
def test_a_style_sheet_of_the_program_that_is_missing_is_told_by_its_name(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(typeset, "_BLOCKS", (*typeset._BLOCKS, "gone"))
    assert main(words) == CANNOT
    told = capsys.readouterr().err
    assert "layouts/blocks/gone.css: installation a part of the program is missing or damaged: No such file" in told


def test_compiled_templates_that_are_scrambled_are_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handout_builder.render import environment

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(environment, "LAYOUTS", shutil.copytree(ROOT / "layouts", tmp_path / "layouts"))
    shutil.rmtree(tmp_path / "layouts" / "__pycache__", ignore_errors=True)

    def compiled() -> list[Path]:
        environment._environment.cache_clear()
        environment._environment().get_template("blocks.html")
        return list((tmp_path / "layouts" / "__pycache__").iterdir())

    try:
        (path,) = compiled()
        whole = path.read_bytes()
        for bad in (b"", whole[:40], whole[:-1] + b"x", b"x" * 100):
            path.write_bytes(bad)
            assert compiled() == [path]
            assert path.read_bytes() == whole
    finally:
        environment._environment.cache_clear()


def test_our_templates_are_kept_for_the_sandbox_apart_and_none_of_a_brand_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handout_builder.render import environment

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(environment, "LAYOUTS", shutil.copytree(ROOT / "layouts", tmp_path / "layouts"))
    kept = tmp_path / "layouts" / "__pycache__"
    shutil.rmtree(kept, ignore_errors=True)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "brand.html").write_text("a brand's own")
    environment._environment.cache_clear()
    try:
        for own, count in ((tmp_path / "own", 1), (None, 3), (tmp_path / "own", 3)):
            environment._environment.cache_clear()
            templates = environment._environment(own)
            for name in ("brand.html", "blocks.html"):
                templates.get_template(name)
            assert len(list(kept.iterdir())) == count
            assert templates.get_template("brand.html").filename == str((own or tmp_path / "layouts") / "brand.html")
    finally:
        environment._environment.cache_clear()


def test_a_compiled_file_that_a_full_disk_has_cut_off_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CPython does not look whether all of it was written, and reads it again each time."""
    (tmp_path / "cut_off_module.py").write_text("value = [1, 2, 3]\n")
    compiled = Path(py_compile.compile(str(tmp_path / "cut_off_module.py")))
    compiled.write_bytes(compiled.read_bytes()[:40])
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EOFError) as caught:
        importlib.import_module("cut_off_module")
    problem = mistake(caught.value, Path("make_handout.py build"))
    assert (problem.code, problem.path) == ("installation", compiled)
    assert problem.hint == f"remove the folder {compiled.parent}: Python makes them anew"


def test_program_ends_in_its_own_way_where_an_executor_may_have_to_end_something(tmp_path: Path) -> None:
    """Without it MPI called a job broken, and Slurm kept workers in its queue that nobody waited for."""
    code = "import atexit; atexit.register(open, 'ended', 'w'); from handout_builder.cli.main import run; run()"
    words = [sys.executable, "-c", code, "check", "none", "--executor=executors:none"]
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run(words, cwd=tmp_path, env=found, capture_output=True, check=False).returncode == CANNOT
    assert Path(tmp_path, "ended").exists()


LOST = """
import signal
from handout_builder.cli import main

class Dropped:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
main.main = lambda: Dropped() and 0
main.run()
"""


def test_program_ends_where_nothing_can_be_raised_whatever_an_executor_has_to_end(tmp_path: Path) -> None:
    words = [sys.executable, "-c", LOST, "--executor=executors:none"]
    found = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(words, cwd=tmp_path, env=found, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (INTERRUPTED, 1), ended.stderr
