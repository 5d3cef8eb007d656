"""The wheel: it holds all that a build needs, and builds the same files anywhere, without a network."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.project import LANG, NAME

from handout_builder.version import VERSION

DIST_INFO = f"handout_builder-{VERSION}.dist-info"
# Runs the program where it cannot reach anything, for systems without network namespaces.
OFFLINE = """
import sys
def hook(event, args):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise RuntimeError(event)
sys.addaudithook(hook)
from handout_builder.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def run(*command: str | Path, **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def built(kind: str, root: Path, out: Path) -> Path:
    run(sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", out, root)
    (path,) = out.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", root, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def content(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The wheel in an environment of its own, in a folder with a difficult name; the dependencies are ours."""
    top = tmp_path_factory.mktemp("installed") / "Meine Blätter 腰陽關"
    venv.create(top / "venv", with_pip=False)
    scripts = top / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel)
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return SimpleNamespace(top=top, python=python, command=scripts / "make-handout", packages=own)


# Scripts and data that fonts and figures are made with, which no build needs.
_FIGURES = (f"layouts/figures/{name}" for name in ("build_figures.py", "body_figures/", "lines/", "made-from.txt"))
MAKING = ("fonts/build_fonts.py", *_FIGURES)


def test_wheel_holds_all_that_a_build_needs(root: Path, content: dict[str, bytes]) -> None:
    listed = run("git", "ls-files", "-z", "handout_builder", "layouts", "fonts", "source", cwd=root).split("\0")
    wanted = {
        name if name.startswith("handout_builder/") else f"handout_builder/{name}": (root / name).read_bytes()
        for name in listed
        if name and not name.startswith(MAKING)
    }
    packed = {name: data for name, data in content.items() if not name.startswith(DIST_INFO)}
    # Files that are not committed yet may be packed; none may be missing or another.
    assert {name for name, data in wanted.items() if packed.get(name) != data} == set()
    assert {name.split("/")[0] for name in packed} == {"handout_builder"}


def test_wheel_holds_nothing_else(content: dict[str, bytes]) -> None:
    parts = {part for name in content for part in Path(name).parts}
    strangers = {"tests", "docs", "benchmarks", "dist", "__pycache__", "make_handout.py", ".git"}
    strangers |= {Path(name).name for name in MAKING}
    assert not parts & strangers
    assert not [name for name in content if name.endswith((".pyc", ".jinja", ".lock", ".pdf", ".epub"))]


def test_wheel_carries_the_licences(root: Path, content: dict[str, bytes]) -> None:
    licences = {name.partition("/licenses/")[2] for name in content if "/licenses/" in name}
    assert licences == {"LICENSE", *(f"fonts/{path.name}" for path in (root / "fonts").glob("OFL-*.txt"))}
    assert len(licences) == 4
    assert b"GNU AFFERO GENERAL PUBLIC LICENSE" in content[f"{DIST_INFO}/licenses/LICENSE"]


def test_metadata(root: Path, content: dict[str, bytes]) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = message_from_bytes(content[f"{DIST_INFO}/METADATA"])
    assert (metadata["Name"], metadata["Version"]) == (project["name"], VERSION)
    assert metadata["License-Expression"] == project["license"]
    assert metadata["Requires-Python"] == project["requires-python"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    assert len(metadata.get_all("Requires-Dist", [])) == len(wanted)
    assert f"make-handout = {project['scripts']['make-handout']}" in content[f"{DIST_INFO}/entry_points.txt"].decode()


@pytest.fixture(scope="module")
def sdist(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", root, tmp_path_factory.mktemp("sdist"))


def test_sdist_and_wheel_are_the_same_each_time(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """Built once more from the sdist, in another folder, at another time, by somebody whose files nobody else reads."""
    run(sys.executable, "-m", "tarfile", "-e", sdist, tmp_path)
    (unpacked,) = tmp_path.iterdir()
    for path in unpacked.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (1e9, 1e9))
    (unpacked / "PKG-INFO").unlink()  # each sdist gets its own
    run(sys.executable, "-m", "build", "--sdist", "--wheel", "--no-isolation", "--outdir", tmp_path / "out", unpacked)
    for path in (wheel, sdist):
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name


def test_files_to_be_fetched_are_not_large(wheel: Path, sdist: Path) -> None:
    """The fonts for Chinese, Japanese and Korean take five sixths of it."""
    assert wheel.stat().st_size < 22_000_000
    assert sdist.stat().st_size < 25_000_000


def test_wheel_tells_what_is_inside(root: Path, content: dict[str, bytes]) -> None:
    bom = (root / "requirements" / "sbom.cdx.json").read_bytes()
    assert content[f"{DIST_INFO}/sboms/sbom.cdx.json"] == bom
    told = {entry["name"]: entry for entry in json.loads(bom)["components"]}
    strange = {".ttf", ".icc", ".otf", ".woff2", ".min.js"}
    for name, data in content.items():
        if any(name.endswith(ending) for ending in strange):
            (digest,) = told[name.removeprefix("handout_builder/")]["hashes"]
            assert hashlib.sha256(data).hexdigest() == digest["content"], name


@pytest.mark.tools
def test_installed_program_builds_the_same_files_offline(installed: SimpleNamespace, built: SimpleNamespace) -> None:
    work = installed.top / "neue Arbeit 腰"
    work.mkdir()
    cut_off = ["unshare", "--net", "--map-root-user"]
    # Not everywhere, and not for everyone.
    possible = shutil.which("unshare") and subprocess.run([*cut_off, "true"], check=False).returncode == 0
    program = [*cut_off, installed.command] if possible else [installed.python, "-c", OFFLINE]
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    paths = run(*program, NAME, "--lang", LANG, cwd=work, env=env).splitlines()
    assert [Path(path) for path in paths] == [Path("dist", path.name) for path in (built.pdf, built.epub)]
    for path in (built.pdf, built.epub):
        assert (work / "dist" / path.name).read_bytes() == path.read_bytes(), path.name

    # A handout of one's own is built from the folder at hand.
    run(*program, "new", "neck-pain", cwd=work, env=env)
    run(*program, "--format", "epub", "--out", "Büchlein", cwd=work, env=env)
    assert {path.name for path in (work / "Büchlein").glob("[!.]*")} == {f"neck-pain.{LANG}.epub"}


def test_what_runs_is_the_wheel(root: Path, installed: SimpleNamespace) -> None:
    code = "import handout_builder, handout_builder.resources as r; print(handout_builder.__file__, r.FONTS, sep='\\n')"
    for line in run(installed.python, "-c", code, cwd=installed.top).splitlines():
        assert Path(line).is_relative_to(installed.packages)
        assert not Path(line).is_relative_to(root)
    assert (installed.packages / "handout_builder" / "source" / NAME / f"{LANG}.yaml").is_file()
