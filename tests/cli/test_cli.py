"""The command line: words in, files and exit codes out."""

from __future__ import annotations

import datetime
import inspect
import io
import json
import os
import posixpath
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import jsonschema
import pikepdf
import pytest
from helpers.project import HERE, LANG, LANGUAGES, NAME, ROOT, SHORT, Project, short_handout

import handout_builder
from handout_builder.cli.main import CANNOT, INTERRUPTED, OK, PROBLEMS, USAGE, main
from handout_builder.cli.parser import parser
from handout_builder.content.loader import load
from handout_builder.content.yaml_reader import YamlFile, read_yaml, yaml_file
from handout_builder.plain_language.review import review
from handout_builder.resources import COMMANDS, TEMPLATES
from handout_builder.translation.parity import differences
from handout_builder.version import VERSION

KINDS = ("handout", "texts", "editorial", "brand", "catalogue", "points", "index")
RECORD = ".handouts.json"
TEAL = (0, 128, 128)
ABOVE = "      - type: text\n"
"""Where a block can be put into the short handout."""
BOTH = {f"{NAME}.{LANG}.pdf", f"{NAME}.{LANG}.epub"}


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the program in this process alone, in a copy of the project."""
    monkeypatch.chdir(project.top)

    def call(*words: str | Path) -> Done:
        asked = [str(word) for word in words]
        others = {*COMMANDS, "-h", "--help", "--version"} - {"build", "check"}
        builds = not others & {*asked[:1]} and "--help" not in asked
        try:
            code = main([*asked, *HERE] if builds else asked)
        except SystemExit as end:  # argparse
            code = int(end.code or 0)
        return Done(code, *capsys.readouterr())

    return call


@pytest.fixture
def short(project: Project) -> Project:
    """A copy of the project with a short handout in the place of the first."""
    shutil.rmtree(project.folder)
    short_handout(project.top / "source", NAME)
    return project


def process(root: Path, *words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the program as users do."""
    command = [sys.executable, root / "make_handout.py", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **options)  # type: ignore[call-overload]


def names(folder: Path) -> set[str]:
    """Return the names of the files that were built."""
    return {path.name for path in folder.iterdir() if path.name != RECORD}


# Building


@pytest.mark.usefixtures("short")
def test_without_a_word_everything_is_built_into_dist(root: Path, project: Project) -> None:
    done = process(root, cwd=project.top)
    assert (done.returncode, names(project.top / "dist")) == (OK, BOTH)
    assert {Path(line).name for line in done.stdout.splitlines()} == BOTH
    assert all((project.top / line).is_file() for line in done.stdout.splitlines())
    # A pipe gets plain lines.
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr
    assert f"{NAME}.{LANG}: laying out pages\n" in done.stderr


@pytest.mark.usefixtures("short")
def test_a_terminal_gets_one_line_that_moves(root: Path, project: Project) -> None:
    controller, terminal = pty.openpty()
    command = [sys.executable, root / "make_handout.py", NAME, "--format", "epub"]
    subprocess.run(command, stdout=subprocess.PIPE, stderr=terminal, check=True, cwd=project.top)
    os.close(terminal)
    shown = b""
    try:
        while piece := os.read(controller, 4096):
            shown += piece
    except OSError:  # how Linux tells the end of a terminal
        pass
    os.close(controller)
    last = shown.decode().rsplit("\r\x1b[K", 1)[1]
    assert re.fullmatch(r"1 file in [0-9.]+ s.*\r\n", last)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("kind", ["pdf", "epub"])
def test_only_one_format(run: Callable[..., Done], project: Project, kind: str) -> None:
    done = run(NAME, "--format", kind, "--out", "here")
    assert done.code == OK
    assert done.out.splitlines() == [str(Path("here") / f"{NAME}.{LANG}.{kind}")]
    assert names(project.top / "here") == {f"{NAME}.{LANG}.{kind}"}


def test_one_format_is_the_same_file_as_both(run: Callable[..., Done], built: object) -> None:
    assert run("build", "--format", "epub", "--out", "here").code == OK
    assert (Path("here") / f"{NAME}.{LANG}.epub").read_bytes() == built.epub.read_bytes()  # type: ignore[attr-defined]


def test_path_of_a_folder_does_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short_handout(tmp_path / "texts", "Rücken 腰")
    monkeypatch.chdir(tmp_path)
    assert main(["texts/Rücken 腰", "--format", "epub", *HERE]) == OK
    assert names(tmp_path / "dist") == {f"Rücken 腰.{LANG}.epub"}


@pytest.mark.usefixtures("short")
def test_picture_of_an_author_is_in_both_files(run: Callable[..., Done], project: Project) -> None:
    from lxml import etree
    from PIL import Image

    Image.new("RGB", (40, 30), "teal").save(project.folder / "knee.png")
    project.edit(ABOVE, "      - {type: figure, image: knee.png, alt: A knee}\n" + ABOVE)
    done = run(NAME)
    assert done.code == OK, done.err

    with pikepdf.open(project.top / "dist" / f"{NAME}.{LANG}.pdf") as document:
        streams = [item for item in document.objects if isinstance(item, pikepdf.Stream)]
        (printed,) = (item for item in streams if item.get("/Subtype") == "/Image")
        assert pikepdf.PdfImage(printed).as_pil_image().convert("RGB").getcolors() == [(40 * 30, TEAL)]
    with zipfile.ZipFile(project.top / "dist" / f"{NAME}.{LANG}.epub") as book:
        texts = [book.read(name) for name in book.namelist() if name.endswith(".xhtml")]
        images = (image for text in texts for image in etree.fromstring(text).iter("{*}img"))
        (bound,) = (image.get("src") for image in images if image.get("alt") == "A knee")
        with Image.open(io.BytesIO(book.read(f"EPUB/{bound}"))) as picture:
            assert (picture.size, picture.getpixel((0, 0))) == ((40, 30), TEAL)


@pytest.mark.usefixtures("short")
def test_picture_may_have_any_name(run: Callable[..., Done], project: Project) -> None:
    from lxml import etree
    from PIL import Image

    pictures = ["a b.png", "a#b.png", "100%25.png", "肾.png", "腰.png", "sub/knee?.jpg"]
    (project.folder / "sub").mkdir()
    for name in pictures:
        Image.new("RGB", (40, 30), "teal").save(project.folder / name)
    figures = "".join(f"      - {{type: figure, image: '{name}', alt: A knee}}\n" for name in pictures)
    project.edit(ABOVE, figures + ABOVE)
    done = run(NAME, "--format", "epub")
    assert done.code == OK, done.err

    with zipfile.ZipFile(project.top / "dist" / f"{NAME}.{LANG}.epub") as book:
        texts = {name: book.read(name) for name in book.namelist() if name.endswith((".opf", ".xhtml"))}
        files = set(book.namelist())
    addresses = [
        posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(urlsplit(address).path)))
        for name, text in texts.items()
        for address in etree.fromstring(text).xpath("//*[local-name()='item']/@href | //*[local-name()='img']/@src")
    ]
    assert set(addresses) <= files
    assert len([address for address in addresses if "/pictures/" in address]) == 2 * len(pictures)
    (package,) = (etree.fromstring(text) for name, text in texts.items() if name.endswith(".opf"))
    idents = package.xpath("//@id")
    assert len(idents) == len(set(idents))


@pytest.mark.usefixtures("short")
def test_picture_that_is_no_jpeg_is_not_called_one(run: Callable[..., Done], project: Project) -> None:
    from PIL import Image

    Image.new("RGB", (40, 30), "teal").save(project.folder / "knee.jpg", "PNG")
    project.edit(ABOVE, "      - {type: figure, image: knee.jpg, alt: A knee}\n" + ABOVE)
    done = run(NAME, "--format", "epub")
    if done.code == OK:
        with zipfile.ZipFile(project.top / "dist" / f"{NAME}.{LANG}.epub") as book:
            (package,) = (book.read(name).decode() for name in book.namelist() if name.endswith(".opf"))
        (item,) = re.findall(r"<item [^>]*pictures/[^>]*>", package)
        assert "image/png" in item
    else:
        assert "broken-image" in done.err


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("words", [["schema"], ["--format", "epub", "--out", "腰"]], ids=["schema", "build"])
def test_output_that_knows_only_ascii(root: Path, project: Project, words: list[str]) -> None:
    done = process(root, *words, cwd=project.top, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert "Traceback" not in done.stderr
    assert done.returncode == OK


def test_reader_that_leaves_early(root: Path, project: Project) -> None:
    command = f'"{sys.executable}" "{root / "make_handout.py"}" schema | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=project.top)
    assert done.stdout == "{\n"
    assert done.stderr == ""


@pytest.mark.usefixtures("short")
def test_language_can_be_chosen(run: Callable[..., Done]) -> None:
    assert run("--lang", LANG, "--format", "epub").code == OK
    everything = run("--lang", "all", "--format", "epub")
    assert everything.out == run("--format", "epub").out
    done = run("--lang", "ja")
    assert (done.code, done.out) == (PROBLEMS, "")
    assert "'ja'" in done.err
    assert f"hint: written in: {LANG}" in done.err


# Checking


def test_check_writes_nothing_and_lists_doubts(run: Callable[..., Done], project: Project) -> None:
    before = sorted(project.top.rglob("*"))
    done = run("check")
    assert (done.code, done.out) == (OK, "")
    assert "0 errors" in done.err
    assert f"source/{NAME}/editorial/{LANG}.yaml:" in done.err
    assert " note doubt " in done.err
    assert " warning video-link " in done.err
    assert sorted(project.top.rglob("*")) == before


def test_a_build_names_the_check_that_tells_what_it_counts(run: Callable[..., Done], short: Project) -> None:
    """What is told of one edition is not told of another."""
    text = short.text.read_text("utf-8")
    short.text.write_text(text.replace(ABOVE, f"      - {{type: text, text: 'TODO: more'}}\n{ABOVE}", 1), "utf-8")
    built = run(NAME, "--lang", LANG, "--edition", "greyscale", "--format", "pdf")
    assert built.code == OK
    assert "1 warning and" in built.err
    command = built.err.strip().rpartition("words: ")[2]
    assert command == f"make_handout.py check {NAME} --lang {LANG} --edition greyscale"
    assert "placeholder" in run(*shlex.split(command)[1:]).err


def test_check_finds_a_mistake(run: Callable[..., Done], project: Project) -> None:
    project.edit("points: [BL23, ", "points: [BL230, ")
    done = run("check", NAME)
    line = 1 + next(n for n, text in enumerate(project.text.read_text("utf-8").splitlines()) if "BL230" in text)
    assert done.code == PROBLEMS
    assert f"source/{NAME}/{LANG}.yaml:{line}: unknown-point " in done.err


# Wrong usage, wrong names, and what stands in the way


def test_unknown_handout_is_not_built_and_a_near_one_is_named(run: Callable[..., Done], project: Project) -> None:
    done = run("chronic-bak-pain")
    assert (done.code, done.out) == (PROBLEMS, "")
    assert f"hint: did you mean '{NAME}'?" in done.err
    assert f"hint: known: {NAME}" in run("check", "zzz").err
    assert not (project.top / "dist").exists()


@pytest.mark.parametrize(
    "words", ["--format docx", "--colour", "check --out x", "new", "schema book", "build --form pdf"]
)
def test_wrong_usage(run: Callable[..., Done], project: Project, words: str) -> None:
    done = run(*words.split())
    assert (done.code, done.out) == (USAGE, "")
    assert done.err.startswith("usage: ")
    assert names(project.top) == {"source"}


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("out", ["a-file", "a-file/below"])
def test_output_folder_that_cannot_be(run: Callable[..., Done], project: Project, out: str) -> None:
    (project.top / "a-file").write_text("precious")
    done = run("--format", "epub", "--out", out)
    assert (done.code, done.out) == (CANNOT, "")
    assert "a-file" in done.err
    assert "hint: choose another folder with --out" in done.err
    assert (project.top / "a-file").read_text() == "precious"


@pytest.mark.parametrize(
    ("words", "link", "hint"),
    [
        ("points LI4 --svg link", "link", "another name"),
        ("points --export link", "link", "another name"),
        ("translations short --lang ja --export link.po", "link.po", "another name"),
        ("translations short --lang ja --done", "source/short/editorial/ja.csv", "a file that can be written"),
        ("sheet --points BL23 -o link", "link", "another name"),
    ],
)
def test_what_cannot_be_written_is_told_with_a_cure_that_the_command_has(
    run: Callable[..., Done], project: Project, words: str, link: str, hint: str
) -> None:
    short_handout(project.top / "source", "short")
    text = project.top / "source/short/en.yaml"
    text.with_name("ja.yaml").write_text(f"translation: {{from: en, by: person, date: 2026-01-01}}\n{text.read_text()}")
    mine = project.top / "mine"
    mine.write_text("precious")
    (project.top / link).parent.mkdir(exist_ok=True)
    (project.top / link).symlink_to(mine)
    done = run(*words.split())
    assert (done.code, done.out) == (CANNOT, "")
    assert hint in done.err
    assert "--out" not in done.err
    assert mine.read_text() == "precious"


@pytest.mark.parametrize(
    ("words", "mine"),
    [
        ("points LI4 --svg mine.yaml", "title: Mine\n"),
        ("points LI4 --png mine.svg", "<svg/>\n"),
        ("points --export mine.csv", "code,name\n"),
        ("sheet --for mine.json -o mine.json", '{"points": ["BL23"], "name": "Ann"}\n'),
        ("sheet --points BL23 -o source/short/en.yaml", "title: Mine\n"),
        ("copies personal --list mine.csv --out copies --report mine.csv", "name,note\nAnn,Rest.\n"),
        ("copies personal --list mine.csv --out mine.pdf", "name,note\nAnn,Rest.\n"),
    ],
)
def test_a_file_of_another_kind_is_never_written_over(
    run: Callable[..., Done], project: Project, words: str, mine: str
) -> None:
    assert run("new", "personal", "--template", "visit-sheet").code == OK
    path = project.top / next(word for word in words.split() if "mine" in word or word.endswith(".yaml"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(mine)
    (project.top / "mine.pdf").write_text("no PDF")
    done = run(*words.split())
    assert (done.code, done.out) == (CANNOT, "")
    assert "output cannot write: another kind of file has this name already\n    hint: give it another name" in done.err
    assert path.read_text() == mine
    assert (project.top / "mine.pdf").read_text() == "no PDF"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize(
    "words",
    [
        "points LI4 --svg",
        "sheet --points BL23 -o",
        "copies personal --list people.csv --out copies --report",
        "copies personal --list people.csv --out",
    ],
)
def test_what_is_no_file_is_never_written_over(run: Callable[..., Done], project: Project, words: str) -> None:
    assert run("new", "personal", "--template", "visit-sheet").code == OK
    (project.top / "people.csv").write_text("name,note\nAnn,Rest.\n")
    os.mkfifo(project.top / "pipe.pdf")
    (project.top / "link.pdf").symlink_to("elsewhere.pdf")
    for name, told in (("pipe.pdf", "something that is no file"), ("link.pdf", "a link")):
        done = run(*words.split(), name)
        assert (done.code, done.out) == (CANNOT, "")
        assert f"{name}: output cannot write: {told} has the name of the file\n    hint: give it another" in done.err
    assert (project.top / "pipe.pdf").is_fifo()
    assert (project.top / "link.pdf").is_symlink()
    assert not (project.top / "elsewhere.pdf").exists()


def test_missing_engine(root: Path, tmp_path: Path) -> None:
    # What WeasyPrint does where Pango is not installed.
    (tmp_path / "weasyprint").mkdir()
    (tmp_path / "weasyprint" / "__init__.py").write_text("raise OSError(\"cannot load library 'pango-1.0'\")\n")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = process(root, NAME, "--lang", LANG, "--out", "out", cwd=tmp_path, env=environment)
    assert (done.returncode, done.stdout) == (CANNOT, "")
    assert "hint: install Pango" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


signals_to_groups = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent to a group of processes")


def _interrupted(project: Project, answer: str, send: Callable[[int], None]) -> tuple[int, str]:
    """Send a signal to a build that was started with this answer to that of Ctrl-C; return code and words."""
    signals = f"import os, signal, sys; signal.signal(signal.SIGINT, signal.{answer})"
    words = [sys.executable, str(ROOT / "make_handout.py"), NAME, "--format", "pdf"]
    command = [sys.executable, "-c", f"{signals}; os.execv(sys.executable, sys.argv[1:])", *words]
    with subprocess.Popen(command, cwd=project.top, stderr=subprocess.PIPE, text=True, start_new_session=True) as ran:
        assert ran.stderr is not None
        assert ran.stderr.readline().endswith(": laying out pages\n")
        send(ran.pid)
        said = ran.stderr.read()  # to its end: nobody else has the stream any more
    return ran.returncode, said


def _as_a_terminal_does(number: int) -> None:
    os.killpg(number, signal.SIGINT)


def _as_an_init_does(number: int) -> None:
    os.kill(number, signal.SIGTERM)


@signals_to_groups
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(("send", "code"), [(_as_a_terminal_does, INTERRUPTED), (_as_an_init_does, -signal.SIGTERM)])
def test_interrupted(project: Project, send: Callable[[int], None], code: int) -> None:
    assert _interrupted(project, "SIG_DFL", send) == (code, "interrupted; files that were finished are whole\n")
    assert not (project.top / "dist").exists()


@signals_to_groups
@pytest.mark.usefixtures("short")
def test_job_in_the_background_is_not_interrupted(project: Project) -> None:
    # A shell without job control starts such jobs so: Ctrl-C is meant for another.
    code, said = _interrupted(project, "SIG_IGN", _as_a_terminal_does)
    assert code == OK, said
    assert names(project.top / "dist") == {f"{NAME}.en.pdf"}


# Pictures of points


def test_picture_of_a_point_that_is_not_drawn(run: Callable[..., Done], project: Project) -> None:
    done = run("points", "GV28", "--svg", "gv28.svg")
    assert done.code == PROBLEMS
    assert "no-picture" in done.err
    assert not (project.top / "gv28.svg").exists()


@pytest.mark.usefixtures("short")
def test_a_build_shows_what_its_pages_are_warned_of_and_names_what_checks_the_same(run: Callable[..., Done]) -> None:
    """It counted a warning of large print without a word on it, and named a command that does not have it."""
    done = run(NAME, "--edition", "leaflet", "--format", "pdf")
    assert done.code == OK
    assert re.search(r":[0-9]+: warning panel-empty .* edition leaflet", done.err)
    counted = re.search(r"; (1 warning and [0-9]+ notes?); see, with those on the words: (.*)\n", done.err)
    assert counted is not None
    assert counted[2] == f"make_handout.py check {NAME} --edition leaflet"
    checked = run(*counted[2].split()[1:])
    assert " warning panel-empty " in checked.err


# A new handout


@pytest.mark.usefixtures("short")
def test_new_handout_builds_at_once(run: Callable[..., Done], project: Project) -> None:
    done = run("new", "neck-pain")
    text = Path("source/neck-pain/en.yaml")
    assert done.code == OK
    assert done.out.splitlines()[0] == str(text)
    assert all((project.top / line).is_file() for line in done.out.splitlines())
    checked = run("check", "neck-pain")
    assert checked.code == OK
    assert "0 errors" in checked.err
    told = re.findall(r": warning ([a-z-]+) ", checked.err)
    assert set(told) == {"placeholder"}
    assert len(told) == text.read_text("utf-8").count('"TODO:') + text.read_text("utf-8").count("  TODO:")
    assert run("neck-pain").code == OK
    assert names(project.top / "dist") == {"neck-pain.en.pdf", "neck-pain.en.epub"}
    assert "title: Neck pain\n" in text.read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_loads_and_names_what_is_left(
    template: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "neck", "--template", template, "--lang", lang]) == OK
    folder = Path("source/neck")
    source = load(folder, lang)
    text = (folder / f"{lang}.yaml").read_text("utf-8")
    rows = [number for number, row in enumerate(text.splitlines(), start=1) if "TODO:" in row]
    assert [note.line for note in source.notes if note.code == "placeholder"] == rows
    assert len(rows) >= 4
    texts = {"translation-unreviewed"} if lang != LANG else set()  # those that handouts share
    texts |= set() if source.handout.sources else {"plain-sources"}  # which an author has to name, too
    assert {note.code for note in review(source)} == {"placeholder"} | texts
    assert not re.search("@[A-Z]+@", text)
    assert source.handout.translation is None
    assert source.handout.about == ("neck",)


@pytest.mark.parametrize("lang", LANGUAGES[1:])
@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_are_translations_of_the_english_ones(template: str, lang: str) -> None:
    marks = dict.fromkeys(("@TITLE@", "@ABOUT@", "@IDENTIFIER@"), "whole-body") | {"@TODAY@": "2026-11-01"}

    def read(lang: str) -> YamlFile:
        path = ROOT / "layouts" / "new" / lang / f"{template}.yaml"
        text = path.read_text("utf-8")
        for mark, word in marks.items():
            text = text.replace(mark, word)
        return yaml_file(path, text)

    original, translated = read(LANG), read(lang)
    assert translated.value["translation"]["by"] == "machine"
    names = {problem.message for problem in differences(original, translated, None)}
    assert not names


JAPANESE = """\
# 首のこり

## どんなものですか

首がこると、頭が痛くなることがあります。

## ツボ

- 合谷：手の甲にあります。
- 風池：首の後ろにあります。
"""


def test_a_document_in_japanese_becomes_a_japanese_handout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("neck.md").write_text(JAPANESE, "utf-8")
    assert main(["import", "neck.md", "--lang", "ja", "--time-limit", "0", "--memory-limit", "0"]) == OK
    source = load(Path("source/neck"), "ja")
    assert source.handout.title == "首のこり"
    assert source.handout.about == ("neck",)
    assert source.codes == ("GB20", "LI4")
    headings = [section.heading for section in source.handout.sections]
    assert "押さないとき" in headings, "the advice that stands before points is in the handout's language"


def test_templates_are_those_of_the_command_line() -> None:
    for folder in (ROOT / "layouts" / "new").iterdir():
        assert {path.stem for path in folder.iterdir()} == set(TEMPLATES)


def test_new_handout_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "neck-pain"]) == OK
    assert main(["--format", "epub", *HERE]) == OK
    assert names(tmp_path / "dist") == {"neck-pain.en.epub"}


def test_new_handout_names_a_schema_that_is_there(run: Callable[..., Done], project: Project) -> None:
    run("new", "neck-pain")
    text = project.top / "source" / "neck-pain" / "en.yaml"
    (name,) = re.findall(r"^# yaml-language-server: \$schema=(.+)$", text.read_text("utf-8"), re.MULTILINE)
    assert json.loads((text.parent / name).read_text("utf-8"))["title"] == "Handout"


def test_new_leaves_an_existing_folder_alone(run: Callable[..., Done], project: Project) -> None:
    before = project.text.read_bytes()
    done = run("new", NAME)
    assert (done.code, done.out) == (PROBLEMS, "")
    assert "there already" in done.err
    assert project.text.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    ["Neck", "neck pain", "../neck", "neck/pain", "", ".", "-", "neck-", "腰", "shared", "points", "con", "lpt1"],
)
def test_new_refuses_a_name_that_will_not_do(run: Callable[..., Done], project: Project, name: str) -> None:
    before = sorted(project.top.rglob("*"))
    done = run("new", "--", name)
    assert (done.code, done.out) == (PROBLEMS, "")
    assert "hint: small letters, digits and hyphens" in done.err
    assert sorted(project.top.rglob("*")) == before


def test_new_needs_the_shared_texts_of_its_language(run: Callable[..., Done], project: Project) -> None:
    done = run("new", "neck-pain", "--lang", "de")
    assert done.code == PROBLEMS
    assert "hint: translate shared/en.yaml first" in done.err
    assert not (project.top / "source" / "neck-pain").exists()


# Help and versions


def test_version(run: Callable[..., Done]) -> None:
    done = run("--version")
    assert (done.code, done.err) == (OK, "")
    assert done.out.splitlines()[0] == f"handout-builder {VERSION}"
    assert re.search(r"Pango \d+\.\d+\.\d+", done.out)
    assert re.search(r"weasyprint \d+\.\d+", done.out)


@pytest.mark.parametrize(
    ("shell", "known"),
    [("bash", " make-handout\n"), ("zsh", "#compdef make-handout\n"), ("tcsh", "complete make-handout ")],
)
def test_completion_knows_the_commands(run: Callable[..., Done], shell: str, known: str) -> None:
    done = run("--print-completion", shell)
    assert (done.code, done.err) == (OK, "")
    assert known in done.out
    for word in (*COMMANDS, "--template"):
        assert word in done.out, word


def test_completion_without_its_package_tells_what_to_install(
    run: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    done = run("--print-completion", "bash")
    assert done.code == CANNOT
    assert 'pip install "handout-builder[completion]"' in done.err


@pytest.mark.parametrize("words", ["--help", "-h", "build --help", "check --help", "new --help", "schema --help"])
def test_help(run: Callable[..., Done], words: str) -> None:
    done = run(*words.split())
    assert (done.code, done.err) == (OK, "")
    assert done.out.startswith("usage: make_handout.py")


@pytest.mark.usefixtures("short")
def test_examples_in_the_help_work(run: Callable[..., Done], project: Project) -> None:
    shutil.rmtree(project.folder)
    short_handout(project.folder.parent, NAME)
    (project.top / "blog-post.md").write_text("# A post\n\nWords.\n", "utf-8")
    examples = re.findall(r"^  (make_handout\.py.*?)(?:  +\S.*)$", run("--help").out, re.MULTILINE)
    assert len(examples) >= 5
    for example in examples:
        if example.endswith((" studio", " service")):  # which serve until they are stopped: tests of their own
            continue
        words, _, target = example.partition(" > ")
        done = run(*shlex.split(words)[1:])
        assert done.code == OK, example
        assert not target or json.loads(done.out)
    others = {f"{NAME}.{LANG}.{edition}.pdf" for edition in ("letter", "press")}
    looks = {f"{NAME}.{LANG}.compact.{kind}" for kind in ("pdf", "epub")}
    assert names(project.top / "dist") == {
        *BOTH,
        *others,
        *looks,
        "cell-healing",
        "visit-sheet.pdf",
        "handouts.lock.json",
    }


def test_a_command_by_itself_has_the_words_that_it_has_among_all() -> None:
    """Each is given the options of its own alone, which takes a tenth of the time."""
    (every,) = (action.choices for action in parser()._actions if isinstance(action.choices, dict))
    assert sorted(every) == sorted(COMMANDS)
    for name in COMMANDS:
        alone = parser(name)
        (own,) = (action.choices for action in alone._actions if isinstance(action.choices, dict))
        assert [*own] == [name]
        assert own[name].format_help() == every[name].format_help()
        assert alone.format_usage() == parser().format_usage()


def test_help_names_the_exit_codes(run: Callable[..., Done]) -> None:
    codes = run("--help").out.partition("exit codes:")[2]
    for code in (OK, PROBLEMS, USAGE, CANNOT, INTERRUPTED):
        assert re.search(rf"\b{code}  \w", codes), code


def test_help_is_quick(root: Path) -> None:
    code = (
        "import sys\n"
        "from handout_builder.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'weasyprint', 'pydantic', 'lxml', 'ebooklib', 'jinja2', 'PIL', 'yaml', 'uharfbuzz'}\n"
        "print(*sorted(slow & set(sys.modules)), file=sys.stderr, end='')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stderr == ""


# Schemas


@pytest.mark.parametrize("kind", KINDS)
def test_schema_is_the_committed_one(root: Path, run: Callable[..., Done], kind: str) -> None:
    done = run("schema", kind)
    assert (done.code, done.err) == (OK, "")
    assert done.out == (root / "source" / f"{kind}.schema.json").read_text("utf-8")
    schema = json.loads(done.out)
    rules = jsonschema.validators.validator_for(schema)
    rules.check_schema(schema)
    # Editors pass over a keyword that they do not know: pydantic writes "ge" where it cannot write "minimum".
    assert keywords(schema) <= {*rules.VALIDATORS, *ANNOTATIONS}


ANNOTATIONS = ("$schema", "$comment", "$id", "$defs", "title", "description", "default", "examples", "discriminator")


def keywords(schema: object) -> set[str]:
    """Return the keywords of a JSON Schema and of those in it."""
    if isinstance(schema, list):
        return set().union(*map(keywords, schema))
    if not isinstance(schema, dict):
        return set()
    named = {"properties", "$defs", "patternProperties", "mapping"}
    plain = {"default", "examples", "const", "enum", "required", "discriminator"}
    found = set(schema)
    for key, value in schema.items():
        found |= keywords(list(value.values()) if key in named else value) if key not in plain else set()
    return found


def test_schema_is_the_handouts_without_a_word(run: Callable[..., Done]) -> None:
    assert run("schema").out == run("schema", "handout").out


def plain(value: object) -> object:
    """Return the value as JSON has it: YAML knows dates."""
    return json.loads(json.dumps(value, default=datetime.date.isoformat))


FILES = {
    "handout": f"{NAME}/{LANG}.yaml",
    "editorial": f"{NAME}/editorial/{LANG}.yaml",
    "texts": f"shared/{LANG}.yaml",
    "brand": "brands/harbour-lane/_brand.yml",
}


def validator(root: Path, kind: str) -> jsonschema.protocols.Validator:
    schema = json.loads((root / "source" / f"{kind}.schema.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(("kind", "name"), FILES.items())
def test_sources_follow_their_schema(root: Path, kind: str, name: str) -> None:
    path = root / "source" / name
    assert [error.message for error in validator(root, kind).iter_errors(plain(read_yaml(path).value))] == []
    (first,) = re.findall(r"^# yaml-language-server: \$schema=(.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert (path.parent / first).resolve() == root / "source" / f"{kind}.schema.json"


def test_schema_catches_mistakes(root: Path, project: Project) -> None:
    check = validator(root, "handout")
    for old, new in (("title:", "titel:"), ("- type: chart", "- type: chrat"), ("show: false", "show: maybe")):
        text = project.text.read_text("utf-8")
        if old == "show: false":
            old, new = "include: how-to-press", "include: how-to-press\n        show: maybe"  # noqa: PLW2901
        project.edit(old, new)
        assert not check.is_valid(plain(read_yaml(project.text).value)), new
        project.text.write_text(text, "utf-8")


# The library


def test_public_names_are_there_and_no_others() -> None:
    public = {name: getattr(handout_builder, name) for name in handout_builder.__all__}
    functions = {name for name, item in public.items() if inspect.isfunction(item)}
    assert functions == {"load", "load_brand", "load_common", "build", "check", "make_copies", "sheet"}
    assert handout_builder.__version__ == VERSION
    with pytest.raises(AttributeError, match="no attribute 'bild'"):
        handout_builder.bild  # noqa: B018


def test_public_names_are_the_same_whatever_was_imported_before(root: Path) -> None:
    # A function named like its module can be hidden by it.
    code = (
        "import importlib, sys\n"
        "for first in ('pipeline', 'content.loader', 'builder.checking', 'cli'):\n"
        "    for name in [name for name in sys.modules if name.startswith('handout_builder')]: del sys.modules[name]\n"
        "    importlib.import_module(f'handout_builder.{first}')\n"
        "    from handout_builder import load, build, check, Problem, HandoutError, Order, Source\n"
        "    assert all(map(callable, (load, build, check, Problem, HandoutError, Order, Source))), first\n"
        "from handout_builder.cli.main import main\n"
        f"sys.exit(main(['check', {str(SHORT)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, cwd=root)
    assert done.returncode == OK, done.stderr.decode()


@pytest.mark.usefixtures("short")
def test_library_builds(project: Project) -> None:
    from handout_builder import HandoutError, Order, Source, check, load
    from handout_builder import build as build_files

    project.edit("Write here.", "TODO: write here.")
    order = Order(project.folder, LANG)
    assert isinstance(load(project.folder, LANG), Source)
    assert not [problem for problem in check([order]) if problem.severity.name == "ERROR"]
    built = build_files([order], project.top / "out", ["epub"])
    assert [path.name for path in built.paths] == [f"{NAME}.{LANG}.epub"]
    assert built.notes
    project.edit("title: ", "titel: ")
    with pytest.raises(HandoutError) as caught:
        build_files([order], project.top / "out", ["epub"])
    assert {problem.code for problem in caught.value.problems} == {"unknown-key"}  # it is known for the title


def test_a_book_needs_an_edition_that_it_can_follow(run: Callable[..., Done], project: Project) -> None:
    done = run("--edition", "press", "--format", "epub")
    assert done.code == PROBLEMS
    assert "no-book" in done.err
    assert "a4, letter" in done.err
    assert not (project.top / "dist").exists()


def test_an_unknown_edition_is_refused(run: Callable[..., Done], project: Project) -> None:
    done = run("--edition", "large", "--edition", "pres")
    assert done.code == PROBLEMS
    assert "did you mean 'large-print'?" in done.err
    assert "did you mean 'press'?" in done.err
    assert not (project.top / "dist").exists()


@pytest.mark.usefixtures("short")
def test_with_and_without_a_brand_in_one_command(run: Callable[..., Done], project: Project) -> None:
    assert run("--brand", "none", "--brand", "cell-healing", "--edition", "one-page").code == OK
    name = f"{NAME}.{LANG}.one-page.pdf"
    assert names(project.top / "dist") == {name, "cell-healing"}
    assert names(project.top / "dist" / "cell-healing") == {name}


def test_a_plain_build_loads_nothing_for_brands_and_presses(root: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from handout_builder.cli.main import main\n"
        f"main([{str(SHORT)!r}, *{HERE!r}, '--out', {str(tmp_path / 'out')!r}])\n"
        "rare = {'coloraide', 'pikepdf', 'pypdfium2', 'segno', 'handout_builder.brand', 'handout_builder.pdf.x4'}\n"
        "print(*sorted(rare & set(sys.modules)), end='')\n"
    )
    environment = os.environ | {"PYTHONPATH": str(root)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.splitlines()[2:], done.returncode) == ([], 0), done.stdout + done.stderr


def test_check_looks_at_editions(run: Callable[..., Done], project: Project) -> None:
    """What is too long for an edition is told when that one is checked."""
    shutil.rmtree(project.folder)
    short_handout(project.folder.parent, NAME)
    block = "      - {type: safety, include: when-not-to-press}\n"
    project.edit(block, block + block.replace("when-not-to-press", "how-to-press"))
    short = ("--edition", "one-page")
    assert run("check", *short).code == OK
    # No short form leaves safety advice out.
    project.edit("Press once a day.", "Press once a day. " * 400, project.top / "source" / "shared" / "en.yaml")
    assert run("check").code == OK
    done = run("check", *short)
    assert done.code == PROBLEMS
    assert re.findall(r"too-long the edition ([\w-]+)", done.err) == ["one-page"]


@pytest.mark.parametrize(("typed", "command"), [("imports", "import"), ("point", "points"), ("chek", "check")])
def test_a_command_that_is_mistyped_is_named(typed: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([typed]) == PROBLEMS
    assert f"hint: the command is '{command}'" in capsys.readouterr().err
