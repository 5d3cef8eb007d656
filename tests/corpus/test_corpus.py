"""A corpus of bad inputs: each has an answer, in time, in little memory, and leaves everything as it was.

What is wrong is made by the functions of corpus/; what the program answers stands in corpus/answers.json, written
anew by UPDATE_GOLDEN=1: look at the difference before you commit it. Each case has its own process: where bytes of
the command line and surroundings count, one that is started as users start it, else a copy of one that has the
program loaded. The first case of each kind, and what is no matter of a file's contents, makes its product in one more
process, as users do; the others make it in their own, where nothing but the limits of this test ends it.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
from helpers import pdf_pages
from helpers.processes import HANGS
from helpers.project import HERE, ROOT
from helpers.warm_program import WarmProgram

from corpus import brands, files, hostile_brands, numbers, odd_texts, points, texts
from handout_builder.builder.incremental import build
from handout_builder.cli.main import CANNOT, PROBLEMS, USAGE
from handout_builder.orders import Order
from handout_builder.render import sandbox

ANSWERS = Path(__file__).parent / "answers.json"
# Cases of files of their own, with their answers beside them.
OTHERS = {
    "answers-brands.json": {*hostile_brands.CASES, *hostile_brands.TEMPLATES},
    "answers-files.json": {*files.HANDOUTS, *files.BRANDS},
    "answers-odd-texts.json": {*odd_texts.CASES, *odd_texts.BRANDS},
    "answers-points.json": {*points.CASES},
}
SHARED = "source/shared/en.yaml"
MOST_SECONDS, MOST_MB = 10, 500
MOST_DIGESTED = 5_000_000
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, and limits that Linux keeps")
pytestmark = LINUX


class Case(NamedTuple):
    """What is put where, and which words the program is given."""

    make: Callable[[Path], object]
    words: tuple[str, ...]
    folder: str = "source/bad"
    program: str = ""
    """Another copy of the program."""
    environment: Mapping[str, str] = {}
    most_bytes: int = 0
    """The most that the program may write into one file."""
    cold: bool = False
    """It has to be started: a copy of one that runs gets its words in another way."""
    before: str = ""
    """Python that a copy of the program runs first."""


def good(folder: Path) -> None:
    texts.text(texts.TEXT)(folder)


def named(name: str, *, cold: bool = False) -> Case:
    """A handout of a strange name."""
    words = (f"source/{name}", "--lang", "xx")
    return Case(lambda folder: good(make_folder(folder.parent / name)), words, cold=cold)


def make_folder(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def out(name: str, make: Callable[[Path], object] = texts.nothing) -> Case:
    """An output folder that is none."""

    def both(folder: Path) -> None:
        good(folder)
        make(folder.parents[1])

    return Case(both, ("bad", "--out", name))


def program(missing: str, put: bytes | Callable[[Path], object] | None = None) -> Case:
    """A copy of the program of which a part is missing, or is something else."""

    def make(folder: Path) -> None:
        good(folder)
        copy = folder.parents[1] / "program"
        for part in ("handout_builder", "layouts", "source"):
            shutil.copytree(ROOT / part, copy / part)  # with what Python has compiled
        shutil.copytree(ROOT / "fonts", copy / "fonts", copy_function=os.link)
        shutil.copy(ROOT / "make_handout.py", copy)
        path = copy / missing
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        if callable(put):
            put(path)
        elif put is not None:
            path.write_bytes(put)

    return Case(make, ("bad",), program="program")


CASES: dict[str, Case] = {
    **{name: Case(make, ("bad",)) for name, make in texts.CASES.items()},
    **{
        name: Case(make, ("brand", "check", "bad", "--strict"), "source/brands/bad")
        for name, make in {**brands.CASES, **hostile_brands.CASES}.items()
    },
    **{
        name: Case(make, ("--brand", "bad", "--format", "pdf", "good"), "source/brands/bad")
        for name, make in {**brands.TEMPLATES, **hostile_brands.TEMPLATES}.items()
    },
    **{name: Case(make, ("bad",)) for name, make in files.HANDOUTS.items()},
    **{
        name: Case(make, ("--brand", "bad", "--format", "pdf", "good"), "source/brands/bad")
        for name, make in files.BRANDS.items()
    },
    **{name: Case(make, ("bad",)) for name, make in {**numbers.CASES, **odd_texts.CASES, **points.CASES}.items()},
    **{
        name: Case(make, ("brand", "check", "bad", "--strict"), "source/brands/bad")
        for name, make in {**numbers.BRANDS, **odd_texts.BRANDS}.items()
    },
    # All the seconds that a template has would be waited for.
    **{
        name: Case(
            make,
            ("--brand", "bad", "--format", "pdf", "good"),
            "source/brands/bad",
            before="from handout_builder.render import sandbox; sandbox._TIME = 1",
        )
        for name, make in (
            ("template-loops-in-loops", brands.TEMPLATES["template-loops-in-loops"]),
            ("template-includes-for-ever", hostile_brands.TEMPLATES["template-includes-for-ever"]),
            ("template-slices-for-ever", hostile_brands.TEMPLATES["template-slices-for-ever"]),
        )
    },
    "name-with-blanks": named("a b"),
    "name-with-quotes": named("a'b\"c"),
    "name-with-a-line-break": named("a\nb", cold=True),
    "name-with-an-escape": named("a\x1b[31mb"),
    "name-of-255-bytes": named("腰" * 85),
    "name-with-override": named("a\u202eb"),
    "name-of-bytes": named(os.fsdecode(b"a\xff"), cold=True),
    "name-with-a-dash": Case(good, ("--bad",)),
    "name-parent": Case(good, ("../../../etc",)),
    "name-absolute": Case(good, ("/etc",)),
    "name-empty": Case(good, ("",)),
    "name-nul-like": Case(good, ("%00",)),
    "name-very-long": Case(good, ("x" * 5000,)),
    "lang-parent": Case(good, ("bad", "--lang", "../en")),
    "lang-of-none": Case(good, ("bad", "--lang", "tlh")),
    "brand-parent": Case(good, ("bad", "--brand", "../../secret")),
    "brand-of-none": Case(good, ("bad", "--brand", "nobody")),
    "edition-of-none": Case(good, ("bad", "--edition", "../a4")),
    "format-of-none": Case(good, ("bad", "--format", "docx")),
    "jobs-of-none": Case(good, ("bad", "--jobs", "0")),
    "memory-beyond": Case(good, ("bad", "--memory-limit", "9" * 20)),
    "time-of-none": Case(good, ("bad", "--time-limit", "nan")),
    "text-in-no-language": Case(
        lambda folder: (folder / "jp.yaml").write_text(texts.TEXT, "utf-8"), ("bad", "--lang", "jp")
    ),
    "text-links-out": Case(
        lambda folder: (
            (folder.parents[1] / "mine.yaml").write_text(texts.TEXT, "utf-8"),
            (folder / "en.yaml").symlink_to("../../mine.yaml"),
        ),
        ("bad",),
    ),
    "epoch-of-none": Case(good, ("bad",), environment={"SOURCE_DATE_EPOCH": "yesterday"}),
    "text-is-a-folder": Case(lambda folder: (folder / "en.yaml").mkdir(), ("bad",)),
    "text-is-a-device": Case(lambda folder: (folder / "en.yaml").symlink_to("/dev/full"), ("bad",)),
    "text-is-a-ring": Case(lambda folder: (folder / "en.yaml").symlink_to("en.yaml"), ("bad",)),
    "text-is-gone": Case(lambda folder: (folder / "en.yaml").symlink_to("nowhere.yaml"), ("bad",)),
    "editorial-broken": Case(
        lambda folder: (good(folder), make_folder(folder / "editorial").joinpath("en.yaml").write_text("changes: [")),
        ("bad",),
    ),
    "shared-broken": Case(
        lambda f: (good(f), make_folder(f.parent / "shared").joinpath("en.yaml").write_text("labels: {")), ("bad",)
    ),
    "points-broken": Case(
        lambda f: (good(f), make_folder(f.parent / "points").joinpath("names.csv").write_bytes(b"\xff\xfe")), ("bad",)
    ),
    "points-of-quotes": Case(
        lambda f: (good(f), make_folder(f.parent / "points").joinpath("names.csv").write_text('code,"x\n')), ("bad",)
    ),
    "out-is-a-file": out("afile", lambda top: (top / "afile").write_text("mine")),
    "out-below-a-file": out("afile/b", lambda top: (top / "afile").write_text("mine")),
    "out-in-proc": out("/proc/out"),
    "out-is-a-device": out("/dev/null"),
    "out-of-a-long-name": out("x" * 300),
    "out-has-a-folder-of-the-name": out("other", lambda top: (top / "other" / "bad.en.pdf").mkdir(parents=True)),
    "disk-full": Case(good, ("bad",), most_bytes=5_000),
    "fonts-missing": program("fonts"),
    "font-missing": program("fonts/HandoutHan-Regular.ttf"),
    "font-style-missing": program("fonts/NotoSans-Italic.ttf"),
    "font-pipe": program("fonts/NotoSans-Bold.ttf", os.mkfifo),
    "font-damaged": program("fonts/NotoSans-Regular.ttf", b"no font"),
    "fonts-unconfigured": program("fonts/fonts.conf"),
    "layouts-missing": program("layouts"),
    "module-damaged": program("handout_builder/pipeline.py", b"def ("),
    "template-missing": program("layouts/blocks.html"),
    "template-broken": program("layouts/print.html", b"{% if %}"),
    "style-missing": program("layouts/print.css"),
    "catalogue-missing": program("source/points/names.csv"),
    "shared-missing": program("source/shared/en.yaml"),
    "pango-missing": Case(good, ("bad",), environment={"PYTHONPATH": "no-pango"}),
}
BUILDS = (
    *(texts.CASES, brands.TEMPLATES, hostile_brands.TEMPLATES, files.HANDOUTS, files.BRANDS),
    *(numbers.CASES, odd_texts.CASES, points.CASES),
)
IN_ONE = {name for group in BUILDS for name in [*group][1:]}
"""What is made in the case's own process: one more copy takes longer than the answer."""
# What WeasyPrint does where Pango is not installed.
NO_PANGO = "raise OSError(\"cannot load library 'pango-1.0'\")\n"


def tree(top: Path) -> dict[str, object]:
    """What lies in a folder: names, kinds and contents."""

    def seen(path: Path) -> object:
        if path.is_symlink() or not path.is_file():
            return path.lstat().st_mode
        with path.open("rb") as file:  # of a film its beginning
            start = file.read(MOST_DIGESTED)
        return hashlib.sha256(start).hexdigest(), path.stat().st_size, path.stat().st_mtime_ns

    return {
        os.fsencode(path.relative_to(top)).hex(): seen(path)
        for path in top.rglob("*")
        if "__pycache__" not in path.parts and "program" not in path.relative_to(top).parts[:1]
    }


def limit() -> None:
    """End a program that loops; its exit code tells."""
    resource.setrlimit(resource.RLIMIT_CPU, (4 * MOST_SECONDS, 4 * MOST_SECONDS))


# A first build leaves loaded what every further one needs, and no thread: a process with several is not copied. The
# program's own files are the same for every case: texts and points that no case has beside its handout are read once.
# So are the schemas, by which half of the cases are told which keys may stand there, and the words of all points are
# looked through once, not for each case that changes a table.
LOAD = """
import difflib, functools, gc, os, shutil, tempfile
from pathlib import Path
from handout_builder import pipeline, source_files
from handout_builder.brand import clinic, loader
from handout_builder.brand.schema import BrandFile
from handout_builder.builder.incremental import build
from handout_builder.cli import brand_report
from handout_builder.content import validation, yaml_mistakes
from handout_builder.content.catalogue import catalogue
from handout_builder.content.loader import load_common
from handout_builder.content.own_points import OwnPoints
from handout_builder.content.schema import Handout, Shared
from handout_builder.orders import Order
from handout_builder.render import sandbox
from handout_builder.resources import FONTS, LAYOUTS, SOURCE
from PIL import Image
Image.init()
own, state = functools.cache(load_common), functools.cache(source_files.state)
shipped = tuple(f"{folder}{os.sep}" for folder in (FONTS, LAYOUTS))
def common(root, lang):
    of_its_own = any(os.path.lexists(root / name) for name in ("shared", "points"))
    return load_common(root, lang) if of_its_own or lang != "en" else own(SOURCE, lang)
def state_of(path, *most, read=source_files.state):
    return state(path) if str(path).startswith(shipped) else read(path, *most)
pipeline.load_common, source_files.state = common, state_of
with tempfile.TemporaryDirectory() as out:
    build([Order(Path("tests/samples/handouts/short"), "en")], Path(out))
    # Tables that are not as they are shipped, though they say the same, are looked through row by row.
    with Path(shutil.copytree(SOURCE / "points", Path(out, "points")), "names.csv").open("a") as names:
        names.write("\\n")
    catalogue(Path(out), "en")
for kind in (Handout, Shared, OwnPoints, BrandFile):
    validation._schema(kind)
assert len(os.listdir("/proc/self/task")) == 1
gc.collect()
gc.freeze()
"""


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmProgram]:
    with WarmProgram(LOAD, ROOT) as program:
        yield program


def run_warm(name: str, top: Path, warm: WarmProgram) -> tuple[int, str, float, float]:
    """Run the program; return its exit code, its report, its seconds on a processor and its most memory in MB."""
    case = CASES[name]
    words = (*case.words, *HERE) if name in IN_ONE else case.words
    limits = {"CPU": 4 * MOST_SECONDS} | ({"FSIZE": case.most_bytes} if case.most_bytes else {})
    errors = top.parent / "errors"
    ended = warm.run(words, top, errors, case.before, **limits)
    return ended.returncode, errors.read_bytes().decode("utf-8", "backslashreplace").rstrip(), *ended[1:]


def run_cold(case: Case, top: Path) -> tuple[int, str, float, float]:
    """Run the program; return its exit code, its report, its seconds on a processor and its most memory in MB."""
    home = top / case.program if case.program else ROOT
    # A process between, with this one child: what its children took is what the program took.
    code = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "took = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print('\\ntook', took.ru_utime + took.ru_stime, took.ru_maxrss, done.returncode, file=sys.stderr)"
    )
    command = [sys.executable, "-ISc", code, sys.executable, home / "make_handout.py", *case.words]
    done = subprocess.run(
        command,
        cwd=top,
        env={**os.environ, **case.environment},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        timeout=HANGS,
        preexec_fn=limit,
    )
    report, _, last = done.stderr.decode("utf-8", "backslashreplace").rstrip().rpartition("\ntook ")
    seconds, memory, exit_code = last.split()
    return int(exit_code), report, float(seconds), int(memory) / 1000


def answer(report: str, top: Path) -> list[str]:
    """Return what is told, without the steps of the work and the name of the test's folder.

    A line of the shared texts is told by its words: they grow, and its number with them.
    """
    shared = top / SHARED
    texts = shared.read_text("utf-8", "replace").splitlines() if shared.is_file() else []

    def words(place: re.Match[str]) -> str:
        number = int(place[1])
        return f"{SHARED}:[{texts[number - 1].strip()}]" if number <= len(texts) else place[0]

    report = re.sub(rf"^{SHARED}:(\d+)", words, report, flags=re.MULTILINE)
    lines = report.replace(str(top), "TOP").replace(str(ROOT), "ROOT").splitlines()
    steps = (": laying out pages", ": making pdf", ": making epub")
    told = [line for line in lines if line and not line.endswith(steps)]
    return [line if len(line) <= 200 else f"{line[:200]} …" for line in told[:12]]


def answers_of(name: str) -> Path:
    """The file with the answer to a case."""
    return ANSWERS.with_name(next((file for file, names in OTHERS.items() if name in names), ANSWERS.name))


@pytest.mark.parametrize("name", CASES)
def test_answer(name: str, tmp_path: Path, warm: WarmProgram) -> None:
    case = CASES[name]
    top = tmp_path / "top"
    good(make_folder(top / "source" / "good"))
    make_folder(top / "dist" / "bad")
    make_folder(top / "no-pango" / "weasyprint").joinpath("__init__.py").write_text(NO_PANGO)
    for path in (
        "dist/bad.en.pdf",
        "dist/bad.en.epub",
        "dist/bad/good.en.pdf",
        "secret.png",
        "secret.icc",
        "secret.html",
    ):
        (top / path).write_text("from last week")
    case.make(make_folder(top / case.folder))
    before = tree(top)
    cold = case.cold or case.program or case.environment
    code, report, seconds, memory = run_cold(case, top) if cold else run_warm(name, top, warm)
    told = answer(report, top)
    assert "Traceback" not in report, report
    assert code in (PROBLEMS, USAGE, CANNOT)
    assert tree(top) == before
    assert seconds < MOST_SECONDS
    assert memory < MOST_MB
    path = answers_of(name)
    answers = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if os.environ.get("UPDATE_GOLDEN"):
        answers[name] = {"exit": code, "told": told}
        ordered = {key: answers[key] for key in CASES if key in answers}
        path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert answers.get(name) == {"exit": code, "told": told}


DANGEROUS = (
    "{{ 7 * 7 }}",
    "{% include 'x' %}",
    "{# hidden #}",
    "${7*7}",
    "&amp; &copy;",
    "a < b > c",
    "'; DROP TABLE x",
    "%s %n",
)


def test_what_only_looks_dangerous_is_printed_as_it_stands(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "source" / "odd")
    block = next(line for line in texts.TEXT.splitlines() if texts.WORDS in line)
    blocks = "\n".join(block.replace(texts.WORDS, json.dumps(words)) for words in DANGEROUS)
    texts.text(texts.TEXT.replace(block, blocks))(folder)
    paths = build([Order(folder, "en")], tmp_path / "out", jobs=1).paths
    printed = pdf_pages.text(paths[0])
    book = zipfile.ZipFile(paths[1])
    page = ElementTree.fromstring(book.read(next(name for name in book.namelist() if "chapter-1" in name)))
    for words in DANGEROUS:
        wanted = html.unescape(words)  # as CommonMark does with entities
        assert "".join(wanted.split()) in "".join(printed.replace("’", "'").split())  # blanks are the reader's guess
        assert wanted in "".join(page.itertext()).replace("’", "'")


def test_there_are_enough() -> None:
    assert len(CASES) >= 500
    told = (ROOT / "docs" / "robustness.md").read_text("utf-8")
    kinds = told.partition("\n## Bad inputs\n")[2].partition("\n## ")[0]
    assert sum(map(int, re.findall(r"^\| [a-zA-Z ]+ \| (\d+) \|", kinds, re.MULTILINE))) == len(CASES)
    assert f"{len(CASES)} bad inputs" in told
    assert f"templates may take {sandbox._TIME:.0f} seconds of the processor" in told
    answers: dict[str, Any] = {}
    for file in (ANSWERS.name, *OTHERS):
        found = json.loads(ANSWERS.with_name(file).read_text("utf-8"))
        assert list(found) == [name for name in CASES if answers_of(name).name == file]
        answers |= found
    # Each answer names a file, or is about the words of the command line.
    nameless = [
        name for name, known in answers.items() if known["exit"] != USAGE and not re.search(": | …$", known["told"][0])
    ]
    assert nameless == []
