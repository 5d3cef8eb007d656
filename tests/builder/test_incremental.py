"""What is built again, and what is not; and that nothing stale ever looks fresh."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.once import once
from helpers.project import HERE, LANG, NAME, ROOT, SHORT, Project, copy_source, tiny_handout

from handout_builder.builder import fingerprints
from handout_builder.builder.fingerprints import Reader
from handout_builder.builder.incremental import Built, build, facts_of
from handout_builder.builder.record import Facts
from handout_builder.cli.main import OK, PROBLEMS, main
from handout_builder.editions import DEFAULT, EDITIONS, FORMATS
from handout_builder.errors import HandoutError
from handout_builder.looks import DEFAULT_LOOK
from handout_builder.orders import Order

RECORD = ".handouts.json"
BRAND = ROOT / "source" / "brands" / "harbour-lane"


@pytest.fixture
def two(run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., set[str]]:
    """Two short handouts, one of them with a brand, too, all built; returns what builds them and tells what is new."""
    neck, knee = (Path("source") / name for name in ("neck", "knee"))
    brand = Path("source/brands/harbour-lane")
    orders = [
        Order(neck, LANG, None, (EDITIONS["a4"], EDITIONS["letter"])),
        Order(knee, LANG),
        Order(knee, LANG, brand),
    ]

    def made(*some: Order) -> set[str]:
        before = times()
        build(some or orders, Path("dist"))
        return {name for name, when in times().items() if before.get(name) != when}

    def times() -> dict[str, int]:
        files = (path for path in Path("dist").rglob("*.*") if path.name != RECORD and path.is_file())
        return {str(path.relative_to("dist")): path.stat().st_mtime_ns for path in files}

    def first(folder: Path) -> None:
        copy_source(folder / "source", NAME)
        for name in ("neck", "knee"):
            tiny_handout(folder / "source", name)
        monkeypatch.chdir(folder)
        assert made() == {*NECK, *KNEE, *BRANDED}

    shutil.copytree(once(run_folder / "two-handouts", first), tmp_path / "two")
    monkeypatch.chdir(tmp_path / "two")
    return made


NECK = {f"neck.{LANG}.pdf", f"neck.{LANG}.letter.pdf", f"neck.{LANG}.epub"}
KNEE = {f"knee.{LANG}.pdf", f"knee.{LANG}.epub"}
BRANDED = {f"harbour-lane/{name}" for name in KNEE}


def replace(path: str, old: str, new: str) -> None:
    text = Path(path).read_text("utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), "utf-8")


CHANGES: dict[str, tuple[Callable[[], object], set[str]]] = {
    "nothing": (lambda: None, set()),
    "a text": (lambda: replace("source/neck/en.yaml", "title: ", "title: My "), NECK),
    "a time stamp": (lambda: os.utime("source/neck/en.yaml", (1, 1)), set()),
    "a brand": (lambda: replace("source/brands/harbour-lane/_brand.yml", "Harbour", "Harbor"), BRANDED),
    "texts of all": (lambda: replace("source/shared/en.yaml", "sources: ", "sources: Our "), {*NECK, *KNEE, *BRANDED}),
    "a point that is used": (
        lambda: replace("source/points/names.csv", "\nBL23,Shènshū,", "\nBL23,Shènshu,"),
        {*NECK, *KNEE, *BRANDED},
    ),
    "a point that is not": (lambda: replace("source/points/names.csv", "\nLU1,", "\nLU1,X"), set()),
    "a file that is gone": (lambda: Path(f"dist/neck.{LANG}.letter.pdf").unlink(), {f"neck.{LANG}.letter.pdf"}),
    "a file cut off": (lambda: os.truncate(f"dist/knee.{LANG}.epub", 1000), {f"knee.{LANG}.epub"}),
    "a file of somebody else's": (lambda: Path(f"dist/knee.{LANG}.pdf").write_bytes(b"%PDF"), {f"knee.{LANG}.pdf"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_what_depends_on_a_change_is_built_again(two: Callable[[], set[str]], change: str) -> None:
    act, expected = CHANGES[change]
    act()
    assert two() == expected
    assert two() == set()


def spoil(how: str) -> None:
    path = Path("dist") / RECORD
    text = path.read_text("utf-8")
    if how == "gone":
        path.unlink()
    elif how == "cut off":
        path.write_text(text[: len(text) // 2], "utf-8")
    elif how == "edited":
        assert '"texts": {' in text
        path.write_text(text.replace('"texts": {', '"texts": {"x": {}, ', 1), "utf-8")
    elif how == "a folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(how.encode())


@pytest.mark.parametrize("how", ["gone", "cut off", "edited", "", "[]", "{}", '{"sum": 1}', "null", "[" * 100_000])
def test_without_a_sound_record_everything_is_built(two: Callable[..., set[str]], how: str) -> None:
    spoil(how)
    some, files = ((), {*NECK, *KNEE, *BRANDED}) if how == "gone" else ((Order(Path("source/knee"), LANG),), KNEE)
    assert two(*some) == files
    assert two(*some) == set()


def test_a_record_that_cannot_be_written_is_no_error(two: Callable[..., set[str]]) -> None:
    spoil("a folder")
    knee = Order(Path("source/knee"), LANG)
    assert two(knee) == KNEE
    assert two(knee) == KNEE


def test_an_old_record_makes_nothing_fresh(two: Callable[[], set[str]]) -> None:
    old = Path("dist", RECORD).read_bytes()
    replace("source/neck/en.yaml", "title: ", "title: My ")
    assert two() == NECK
    Path("dist", RECORD).write_bytes(old)
    assert two() == NECK


def test_an_old_file_put_back_is_not_fresh(two: Callable[[], set[str]]) -> None:
    old = Path(f"dist/neck.{LANG}.pdf").read_bytes()
    replace("source/neck/en.yaml", "title: ", "title: My ")
    two()
    new = Path(f"dist/neck.{LANG}.pdf").read_bytes()
    Path(f"dist/neck.{LANG}.pdf").write_bytes(old)
    assert two() == {f"neck.{LANG}.pdf"}
    assert Path(f"dist/neck.{LANG}.pdf").read_bytes() == new


def test_a_text_that_changes_while_it_is_built_is_built_again(
    two: Callable[[], set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from handout_builder.builder import worker

    real = worker.make

    def slow(*arguments: object) -> object:
        made = real(*arguments)  # type: ignore[arg-type]
        replace("source/neck/en.yaml", "title: ", "title: Newer ")
        return made

    replace("source/neck/en.yaml", "title: ", "title: My ")
    with monkeypatch.context() as patched:
        patched.setattr(worker, "make", slow)
        build([Order(Path("source/neck"), LANG)], Path("dist"))
    assert f"neck.{LANG}.pdf" in two()


def key(edition: str = "a4", kind: str = "pdf", brand: Path | None = None, *, proof: bool = False) -> str:
    order = Order(ROOT / "source" / NAME, LANG, brand)
    found = Reader().target(order, EDITIONS[edition], kind, strict=False, proof=proof)  # type: ignore[arg-type]
    return found.key


@pytest.mark.parametrize(
    ("file", "touched", "untouched"),
    [
        ("print.css", [("a4", "pdf"), ("a4", "epub"), ("press", "pdf")], []),
        ("figures/torso-back.json", [("a4", "pdf"), ("leaflet", "pdf")], []),
        ("epub/book.css", [("a4", "epub")], [("a4", "pdf"), ("press", "pdf")]),
        ("press/fogra39.icc", [("press", "pdf")], [("a4", "pdf"), ("a4", "epub")]),
        ("leaflet.html", [("leaflet", "pdf")], [("a4", "pdf"), ("one-page", "pdf")]),
        ("editions/stacked.css", [("large-print", "pdf"), ("leaflet", "pdf")], [("a4", "pdf"), ("letter", "pdf")]),
        ("fitting/tighter.css", [("a4", "pdf"), ("letter", "pdf")], [("leaflet", "pdf")]),
        ("editions/sheet.css", [("booklet", "pdf"), ("leaflet", "pdf")], [("a4", "pdf")]),
        ("proof/proof.html", [], [("a4", "pdf")]),
        ("new/en/points.yaml", [], [("a4", "pdf"), ("a4", "epub")]),
        ("studio/print.html", [], [("a4", "pdf"), ("a4", "epub")]),
    ],
)
def test_a_layout_changes_what_is_made_with_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    touched: list[tuple[str, str]],
    untouched: list[tuple[str, str]],
) -> None:
    shutil.copytree(ROOT / "layouts", tmp_path / "layouts", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprints, "LAYOUTS", tmp_path / "layouts")
    every = {pair: key(*pair) for pair in (*touched, *untouched)}
    path = tmp_path / "layouts" / file
    path.write_bytes(path.read_bytes() + b"\n")
    assert [pair for pair in touched if key(*pair) == every[pair]] == []
    assert [pair for pair in untouched if key(*pair) != every[pair]] == []


def test_options_and_surroundings_that_change_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [key(), key("letter"), key(kind="epub"), key(brand=BRAND), key(proof=True)]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    keys.append(key())
    monkeypatch.undo()
    monkeypatch.setattr(fingerprints, "program", lambda: "another version")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_a_change_in_any_package_is_another_program(tmp_path: Path) -> None:
    """A module of each folder of the program is changed after another, in a copy."""
    for name in ("layouts", "fonts", "source"):
        (tmp_path / name).symlink_to(ROOT / name)
    top = tmp_path / "handout_builder"
    shutil.copytree(ROOT / "handout_builder", top, ignore=shutil.ignore_patterns("__pycache__"))
    modules = [max(folder.glob("*.py")) for folder in (top, *top.rglob("*")) if folder.is_dir()]
    assert len(modules) > 12
    code = (
        "import sys; from pathlib import Path; from handout_builder.builder.fingerprints import program\n"
        "for name in (None, *sys.argv[1:]):\n"
        "    if name: Path(name).write_bytes(Path(name).read_bytes() + b'# another\\n')\n"
        "    program.cache_clear(); print(program())\n"
    )
    command = [sys.executable, "-B", "-c", code, *map(str, modules)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert len(set(done.stdout.split())) == len(modules) + 1


def test_libraries_that_cannot_be_asked_make_nothing_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    fingerprints.program.cache_clear()
    monkeypatch.setattr(sys, "platform", "plan9")
    one = fingerprints.program()
    fingerprints.program.cache_clear()
    assert fingerprints.program() != one
    fingerprints.program.cache_clear()


def test_nothing_changed_is_told_without_any_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tiny_handout(tmp_path / "source", "knee") / f"{LANG}.yaml"
    text.write_text(text.read_text("utf-8").replace("Write here.", "TODO: write here."), "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main([*HERE]) == OK
    first = capsys.readouterr()
    code = (
        "import sys; from handout_builder.cli.main import main; code = main([]);"
        "heavy = ('weasyprint', 'pydantic', 'jinja2', 'yaml', 'lxml', 'PIL');"
        "print(code, [name for name in heavy if name in sys.modules])"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    again = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert again.stdout.splitlines() == [*first.out.splitlines(), "0 []"]
    assert "2 files, nothing changed in " in again.stderr
    # The doubts and warnings of the text are still told.
    assert "1 warning" in first.err
    assert first.err.rpartition(" s; ")[2] == again.stderr.rpartition(" s; ")[2]


def test_rebuild_builds_all(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_handout(project.top / "source", "knee")
    monkeypatch.chdir(project.top)
    assert [main(["knee", "--format", "epub", *HERE, *more]) for more in ([], [], ["--rebuild"])] == [OK] * 3
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("1 file")]
    assert ["nothing changed" in line for line in told] == [False, True, False]


# Some disks take capitals and small letters for the same, and both forms of a letter with a mark.
@pytest.mark.parametrize(("name", "other"), [("knee", "knee"), ("knee", "Knee"), ("\u00fcben", "u\u0308ben")])
def test_two_handouts_with_one_name_are_refused(tmp_path: Path, name: str, other: str) -> None:
    orders = [Order(tiny_handout(tmp_path / folder, one), LANG) for folder, one in (("a", name), ("b", other))]
    with pytest.raises(HandoutError) as caught:
        build(orders, tmp_path / "out")
    assert [problem.code for problem in caught.value.problems] == ["same-output"]
    assert not (tmp_path / "out").exists()


# Side by side


def files(built: Built) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in built.paths}


@pytest.mark.usefixtures("two")
def test_one_process_or_several_give_the_same_bytes() -> None:
    """More than there are processes, so that one makes a product after another: of an own handout, and of the same."""
    kinds = {"neck": ("a4", "press"), "knee": ("one-page",)}
    orders = [Order(Path("source") / name, LANG, None, tuple(map(EDITIONS.get, some))) for name, some in kinds.items()]
    alone, several = (build(orders, Path(f"out-{jobs}"), jobs=jobs) for jobs in (1, 2))
    assert files(alone) == files(several)
    assert [path.name for path in alone.paths] == [path.name for path in several.paths]
    assert len(alone.paths) == 3 + 1  # the book


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_that_fails_stops_no_other(jobs: int) -> None:
    replace("source/neck/en.yaml", "code: BL23", "code: BL230")
    replace("source/knee/en.yaml", "title: ", "title: My ")
    old = Path(f"dist/neck.{LANG}.pdf").read_bytes()
    orders = [Order(Path("source") / name, LANG) for name in ("neck", "knee")]
    with pytest.raises(HandoutError) as caught:
        build(orders, Path("dist"), jobs=jobs)
    assert {problem.code for problem in caught.value.problems} == {"unknown-point"}
    assert {path.name for path in caught.value.written} == KNEE
    assert Path(f"dist/neck.{LANG}.pdf").read_bytes() == old


def test_a_process_that_is_ended_costs_only_its_own_product(tmp_path: Path) -> None:
    """As when the system ends a process because it wants the memory back."""
    code = (
        "import os, signal, sys\n"
        "from handout_builder.builder import pool, worker\n"
        "from handout_builder.cli.main import main\n"
        # What was lost is tried once more, in a new program where a thread that has just ended is still there: that
        # one would not have the stand-in below.
        "pool.may_be_copied = lambda: True\n"
        "real = worker.make\n"
        "def make(product, kinds, progress):\n"
        "    if product.edition.name == 'letter':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(product, kinds, progress)\n"
        "worker.make = make\n"
        "editions = [word for name in ('a4', 'letter', 'greyscale') for word in ('--edition', name)]\n"
        "sys.exit(main([*editions, '--format', 'pdf', '--jobs', '2']))\n"
    )
    if not Path("/proc/self/task").is_dir():
        pytest.skip("processes are not copied here")
    tiny_handout(tmp_path / "source", "knee")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == PROBLEMS, done.stderr
    assert " worker " in done.stderr
    made = {path.name for path in (tmp_path / "dist").glob("[!.]*")}
    assert made == {f"knee.{LANG}.pdf", f"knee.{LANG}.greyscale.pdf"}


def test_the_time_left_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    editions = tuple(EDITIONS[name] for name in ("a4", "one-page", "greyscale"))
    build([Order(tiny_handout(tmp_path, "knee"), LANG, None, editions)], tmp_path / "out", ("pdf",), said.append)
    told = [line for line in said if " done, about " in line]
    assert [line.partition(" done, about ")[0] for line in told] == ["1 of 3", "2 of 3"]
    assert all(" s left: " in line for line in told)


def test_formats_are_those_of_the_editions() -> None:
    assert [name for name, edition in EDITIONS.items() if edition.formats(FORMATS) == ["pdf", "epub"]] == [
        "a4",
        "letter",
    ]


# Dates


def dates(out: Path) -> tuple[str, str]:
    import re
    import zipfile

    build([Order(SHORT, LANG)], out)
    pdf = (out / f"{SHORT.name}.{LANG}.pdf").read_bytes()
    book = zipfile.ZipFile(out / f"{SHORT.name}.{LANG}.epub")
    (package,) = (name for name in book.namelist() if name.endswith(".opf"))
    created = re.search(rb"<xmp:CreateDate>([^<]*)<", pdf)
    modified = re.search(r'dcterms:modified">([^<]*)<', book.read(package).decode())
    assert created
    assert modified
    return created[1].decode(), modified[1]


def test_files_are_dated_by_the_revision_or_by_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (SHORT / f"{LANG}.yaml").read_text("utf-8")
    revised = next(line.split()[1] for line in text.splitlines() if line.startswith("revised"))
    assert dates(tmp_path / "one") == (revised, f"{revised}T00:00:00Z")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert dates(tmp_path / "two") == ("2001-09-09T01:46:40Z",) * 2


@pytest.mark.parametrize("value", ["", "yesterday", "1.5", "9" * 30])
def test_a_variable_that_is_no_time_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(HandoutError) as caught:
        build([Order(SHORT, LANG)], tmp_path / "out")
    assert [problem.code for problem in caught.value.problems] == ["epoch"]
    assert json.dumps(value)[1:-1] in str(caught.value)


def test_what_is_noted_no_more_is_kept_no_more(project: Project) -> None:
    def noted() -> str:
        build([Order(project.folder, "en")], project.top / "out", ("epub",))
        return (project.top / "out" / RECORD).read_text("utf-8")

    first = noted()
    assert first.count('"video-link"') == 1
    # What is said to the author alone is not given out with the files.
    assert [
        words for words in ("the video has no link", "another character than", str(project.top)) if words in first
    ] == []
    project.edit(
        "        text: To wrap up, you can", "        link: https://example.com/v\n        text: To wrap up, you can"
    )
    second = noted()
    assert '"video-link"' not in second
    assert [note.code for note in build([Order(project.folder, "en")], project.top / "out", ("epub",)).notes].count(
        "doubt"
    ) == 21


def test_a_handout_that_is_refused_stops_no_other(tmp_path: Path) -> None:
    good, bad = (tiny_handout(tmp_path / "source", name) for name in ("good", "bad"))
    text = bad / f"{LANG}.yaml"
    text.rename(tmp_path / "mine.yaml")
    text.symlink_to(tmp_path / "mine.yaml")
    with pytest.raises(HandoutError) as caught:
        build([Order(bad, LANG), Order(good, LANG)], tmp_path / "dist", ("pdf",))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("unreadable", text)
    assert [path.name for path in (tmp_path / "dist").glob("*.pdf")] == [f"good.{LANG}.pdf"]


@pytest.mark.parametrize("text", ["title: [", "a title", "editions: leaflet\nlook: 3\n"])
def test_of_a_text_that_cannot_be_read_the_usual_edition_is_asked_for(tmp_path: Path, text: str) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(text, "utf-8")
    assert facts_of(path) == Facts((DEFAULT,), DEFAULT_LOOK.name, ())
