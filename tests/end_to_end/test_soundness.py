"""A build depends on the project alone, and never leaves half a file."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.project import HERE, LANG, NAME, SHORT, Project, short_handout
from helpers.warm_program import WarmProgram

from handout_builder.builder.record import NAME as RECORD
from handout_builder.cli.main import OK, PROBLEMS, main
from handout_builder.content.loader import load
from handout_builder.errors import HandoutError
from handout_builder.pdf import typeset
from handout_builder.render.product import Product

FILES = (f"{NAME}.{LANG}.pdf", f"{NAME}.{LANG}.epub")
# Of a handout that is quickly made, for what is tried many times.
SMALL = ("knee.en.pdf", "knee.en.epub")
KILLS = 20
PARTS = ("handout_builder", "layouts", "fonts", "source", "make_handout.py")
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, copies a process that has loaded libraries")


def sums(folder: Path) -> dict[str, str]:
    """Return the digest of each file that was built, and of what lies beside it, but for the record."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != ".handouts.json"}


def copy(root: Path, to: Path) -> Path:
    to.mkdir(parents=True)
    for name in PARTS:
        part = root / name
        if part.is_dir():
            shutil.copytree(part, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(part, to / name)
    return to


def start(root: Path, out: Path, cwd: Path, *words: str, **env: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-B", root / "make_handout.py", "--out", out, *words]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=cwd, env=os.environ | env, **silent)  # type: ignore[call-overload, no-any-return]


def finish(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate()
    assert process.returncode == OK, errors.decode()


# The same bytes everywhere


# Seeds, zones and locales that change hashes, the day and the format of numbers where they are used. It is never the
# same day in the two zones, and the tests' own process is in neither.
ONE = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "COLUMNS": "40"}
OTHER = {"PYTHONHASHSEED": "4294967295", "TZ": "Etc/GMT+12", "LC_ALL": "C.UTF-8", "LANGUAGE": "de:ja"}


def test_same_bytes_whatever_the_surroundings(root: Path, built: SimpleNamespace, tmp_path: Path) -> None:
    """Over files that are there, too; the build that is watched below is made in the other surroundings."""
    other = copy(root, tmp_path / "Ein Ordner 腰陽關 mit Leerzeichen")
    out = tmp_path / "deux été"
    out.mkdir()
    for path in (built.pdf, built.epub):
        shutil.copy(path, out)
    finish(start(other, out, tmp_path, NAME, "--lang", LANG, **OTHER, PYTHONOPTIMIZE="1", HOME="/nowhere"))
    assert set(sums(out)) == set(FILES)
    assert sums(out) == sums(built.pdf.parent)


def test_same_bytes_in_the_same_process(built: SimpleNamespace, tmp_path: Path, root: Path) -> None:
    assert main(["--out", str(tmp_path), str(root / "source" / NAME), "--lang", LANG, *HERE]) == OK
    assert sums(tmp_path) == sums(built.pdf.parent)


# All or nothing


@pytest.fixture(scope="module")
def warm(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProgram]:
    """The program after a first build, copied for each further one."""
    words = [str(SHORT), "--out", str(tmp_path_factory.mktemp("first")), *HERE]
    with WarmProgram(f"from handout_builder.cli.main import main; main({words!r})", root) as program:
        yield program


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with the short handout."""
    short_handout(tmp_path / "source", "knee")
    return tmp_path


@LINUX
def test_killed_build_leaves_whole_files(root: Path, small: Path, tmp_path: Path, warm: WarmProgram) -> None:
    """Kill at any moment: each file is the old one or the new one, and the next build sweeps up."""
    old = dict.fromkeys(SMALL, hashlib.sha256(b"from last week").hexdigest())
    out, errors = tmp_path / "out", tmp_path / "errors"
    out.mkdir()
    # Timed from the second on: the first call waits until the program has loaded, and there was nothing left to kill.
    for folder in ("first", "whole"):
        begun = time.monotonic()
        assert warm.run(["--out", str(tmp_path / folder)], small, errors).returncode == OK, errors.read_text()
        whole = time.monotonic() - begun
    new = sums(tmp_path / "whole")
    assert set(new) == set(SMALL)
    chance = random.Random(20261123)
    killed = 0
    # One moment in each piece of the build; what it does while it writes is looked at call by call below.
    for piece in range(KILLS):
        for name in SMALL:
            (out / name).write_bytes(b"from last week")
        process = warm.start(["--out", str(out)], small, errors)
        time.sleep(whole * (piece + chance.random()) / KILLS)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        killed += warm.end().returncode == -signal.SIGKILL
        for name in SMALL:
            assert sums(out)[name] in (old[name], new[name])
        assert all(name in SMALL or name.endswith(".part") for name in sums(out))
    assert killed >= KILLS / 2
    finish(start(root, out, small))
    assert sums(out) == new


# Ends its own process at the call that is named, from inside the write.
SUICIDE = """
import os, signal
import pathlib
calls, first = 0, os.getpid()
def at(function):
    def call(*arguments, **options):
        global calls
        calls += 1
        if calls == {last}:
            for process in (first, os.getpid()):  # the files are written in a copy of the first
                os.kill(process, signal.SIGKILL)
        return function(*arguments, **options)
    return call
os.fsync, os.link, os.replace, pathlib.Path.mkdir = map(at, (os.fsync, os.link, os.replace, pathlib.Path.mkdir))
"""


@LINUX
def test_build_killed_while_it_writes(small: Path, tmp_path: Path, warm: WarmProgram) -> None:
    old = dict.fromkeys(SMALL, hashlib.sha256(b"from last week").hexdigest())
    seen = set()
    assert warm.run(["--out", str(tmp_path / "whole")], small, tmp_path / "errors").returncode == OK
    new = sums(tmp_path / "whole")
    for call in range(1, 16):
        out = tmp_path / str(call)
        out.mkdir()
        for name in SMALL:
            (out / name).write_bytes(b"from last week")
        errors = tmp_path / f"errors-{call}"
        done = warm.run(["--out", str(out)], small, errors, SUICIDE.replace("{last}", str(call)))
        for name in SMALL:
            assert sums(out)[name] in (old[name], new[name])
        if done.returncode == OK:
            assert sums(out) == new
            break
        assert done.returncode == -signal.SIGKILL
        litter = set(sums(out)) - set(SMALL)
        seen.add(bool(litter))
        assert all(name.startswith(".") and name.endswith(".part") for name in litter)
        if litter:  # is swept by the next build, which need not make the same files
            swept = warm.run(["--format", "epub", "--out", str(out)], small, errors)
            assert swept.returncode == OK, errors.read_text()
            assert set(sums(out)) == set(SMALL)
    else:
        pytest.fail("the build never came to its end")
    assert seen == {True, False}


def test_failing_build_leaves_the_old_files(
    project: Project, built: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "dist"
    shutil.copytree(built.pdf.parent, out)
    monkeypatch.chdir(project.top)
    project.edit("points: [BL23, ", "points: [BL230, ")
    assert main([NAME, "--lang", LANG, *HERE]) == PROBLEMS
    assert sums(out) == sums(built.pdf.parent)


# Nothing from outside

# Records every file that is opened and stops every way out; C libraries show up in /proc/self/maps.
GUARD = """
import json, os, sys
out, report = os.path.realpath(sys.argv[1]), sys.argv[2]
opened, changed, forbidden = set(), set(), set()
NETWORK = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
PROCESSES = ("subprocess.Popen", "os.system", "os.exec", "os.forkpty", "os.posix_spawn", "pty.spawn")
WRITES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate")
def path(given):
    if not isinstance(given, (str, bytes, os.PathLike)):
        return ""
    name = os.fsdecode(given)
    # A bare name is one in a folder that is open: the event does not say in which.
    return os.path.realpath(name) if os.sep in name else name
def hook(event, args):
    if event in NETWORK + PROCESSES:
        forbidden.add(event)
        raise RuntimeError(event)
    if event == "os.fork":  # all is done in this process then, where it is seen
        raise BlockingIOError(event)
    if event == "open" and (name := path(args[0])):
        writes = args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        (changed if writes else opened).add(name)
    if event in WRITES:
        changed.update(filter(None, map(path, args[:2])))
sys.addaudithook(hook)
from handout_builder.cli.main import main
code = main(["chronic-back-pain", "--lang", "en", "--out", out])
with open("/proc/self/maps") as maps:
    mapped = {line.split(maxsplit=5)[5].strip() for line in maps if line.count("/")}
found = {"code": code, "opened": opened, "changed": changed, "mapped": mapped, "forbidden": forbidden}
os.write(int(report), json.dumps(found, default=sorted).encode())
"""


@pytest.fixture(scope="module")
def guarded(root: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A build under guard, in surroundings with fonts of their own that nobody shall find."""
    tmp_path = tmp_path_factory.mktemp("guarded")
    home = tmp_path / "home"
    for folder in (home / ".fonts", home / ".local" / "share" / "fonts"):
        folder.mkdir(parents=True)
        shutil.copy(root / "fonts" / "NotoSans-Regular.ttf", folder / "Stranger.ttf")
    home_before = sorted(home.rglob("*"))
    report = tmp_path / "report.json"
    env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "FONTCONFIG_"))}
    with report.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-B", "-c", GUARD, tmp_path / "out", str(file.fileno())],
            cwd=root,
            env=env | ONE | {"HOME": str(home)},
            pass_fds=[file.fileno()],
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert sorted(home.rglob("*")) == home_before
    return SimpleNamespace(**json.loads(report.read_text()), out=tmp_path / "out")


@LINUX
def test_build_reads_and_writes_nothing_but_the_project(
    root: Path, built: SimpleNamespace, guarded: SimpleNamespace
) -> None:
    assert (guarded.code, guarded.forbidden) == (OK, [])
    assert sums(guarded.out) == sums(built.pdf.parent)

    # Bare names are of files in a folder that is open; it is the output's, as nothing of these names lies here.
    bare = {name for name in (*guarded.changed, *guarded.opened) if os.sep not in name}
    assert all(name in (*FILES, RECORD) or re.fullmatch(r"\.handouts-[0-9a-f]{16}\.part", name) for name in bare), bare
    assert not any((root / name).exists() for name in bare)
    written = {Path(path).resolve() for path in {*guarded.changed} - bare}
    assert all(path.is_relative_to(guarded.out.resolve()) for path in written), written

    python = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    system = (
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/proc",
        "/dev",
        "/etc/ld.so.cache",
        "/etc/mime.types",
    )
    system += ("/usr/share/zoneinfo", "/usr/share/locale", "/etc/localtime")
    homes = [Path(place).resolve() for place in (*(root / part for part in PARTS), *python, *system, guarded.out)]
    strange = [path for path in {*guarded.opened} - bare if not any(Path(path).is_relative_to(home) for home in homes)]
    assert strange == []
    # The hook sees what it should.
    assert str(root / "source" / NAME / f"{LANG}.yaml") in guarded.opened


@LINUX
def test_no_font_but_those_of_the_project(root: Path, guarded: SimpleNamespace) -> None:
    endings = (".ttf", ".otf", ".ttc", ".pfb", ".pfa", ".woff", ".woff2", ".pcf.gz", ".otb")
    fonts = [path for path in {*guarded.opened, *guarded.mapped} if path.lower().endswith(endings)]
    assert [path for path in fonts if not path.startswith(f"{root}/fonts/")] == []
    assert [path for path in guarded.mapped if path.startswith(f"{root}/fonts/")], "nothing seen of what C opens"


# What WeasyPrint complains about


def complaints(root: Path, to: Path, monkeypatch: pytest.MonkeyPatch, css: str) -> list[str]:
    """Return the codes of the problems that laying out gives with one more rule."""
    shutil.copytree(root / "layouts", to)
    with (to / "print.css").open("a", encoding="utf-8") as file:
        file.write(css)
    monkeypatch.setattr(typeset, "LAYOUTS", to)
    product = Product(load(root / "source" / NAME, LANG))
    try:
        typeset.lay_out(f'<html lang="en"><body><h1>{product.source.handout.title}</h1></body></html>', product)
    except HandoutError as error:
        return [problem.code for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "css",
    [
        "\nh1 { colour: red }\n",
        "\nh1 { color: rde }\n",
        "\nh1 { background: url(no-such-file.png) }\n",
        "\nh1 { background: url(https://example.org/dot.png) }\n",
        "\nh1 { background: url(../source/shared/en.yaml) }\n",
        "\nh1:unknown-state { color: red }\n",
    ],
)
def test_what_weasyprint_complains_about_stops_the_build(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, css: str
) -> None:
    found = complaints(root, tmp_path / "layouts", monkeypatch, css)
    assert set(found) == {"typesetting"}


def test_right_css_does_not(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaints(root, tmp_path / "layouts", monkeypatch, "\nh1 { color: red }\n") == []
