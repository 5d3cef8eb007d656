"""The project, copies of it that a test may spoil, and the program run in them."""

from __future__ import annotations

import contextlib
import io
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from handout_builder.brand.loader import Brand
    from handout_builder.content.loader import Common, Source

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "source"
FONTS = ROOT / "fonts"
NAME, LANG = "chronic-back-pain", "en"
SHORT = ROOT / "tests" / "samples" / "handouts" / "short"
"""A handout that is quickly made: for tests that make many, or look at what surrounds the text."""
OTHERS = ("headache-stiff-neck", "knee-pain")
"""The other handouts that are shipped. Copies leave them out: what is tested of one need not be built three times."""
LANGUAGES = ("en", "es", "ja", "ko", "vi", "zh-Hans", "zh-Hant")
"""The languages that are shipped; copies leave all but the first out."""
NOT_MADE = {"harbour-lane": ("greyscale",), "cell-healing": ("letter", "press")}
"""Editions in which the first handout is not made for a brand of source/, as it is for the other one and without."""
HERE = ("--jobs", "1", "--time-limit", "0", "--memory-limit", "0")
"""Words of the command line: all is done in the tests' own process, which has loaded what it takes."""


@dataclass(frozen=True)
class Project:
    """A copy of source/ that a test may spoil."""

    top: Path
    """The folder that holds source/; commands run here find the copy."""

    @property
    def folder(self) -> Path:
        """The handout's folder."""
        return self.top / "source" / NAME

    @property
    def text(self) -> Path:
        """The handout's text."""
        return self.folder / f"{LANG}.yaml"

    def edit(self, old: str, new: str, path: Path | None = None) -> None:
        """Replace `old`, which must occur, by `new` in the text, or in another file of the copy."""
        path = path or self.text
        text = path.read_text("utf-8")
        assert old in text, f"{path.name} holds no {old!r}"
        path.write_text(text.replace(old, new), "utf-8")


def copy_source(to: Path, *without: str) -> Path:
    """Copy source/ with one handout alone in its own language, and without what else is named."""
    translations = (f"{lang}.{kind}" for lang in LANGUAGES[1:] for kind in ("yaml", "csv", "landmarks.csv"))
    return Path(shutil.copytree(SOURCE, to, ignore=shutil.ignore_patterns(*OTHERS, *translations, *without)))


def copy_project(folder: Path, *edits: tuple[str, str], name: str = f"{NAME}/{LANG}.yaml") -> Path:
    """Copy source/ into a folder and replace texts in one file of the copy, each exactly once; return the copy."""
    project = copy_source(folder / "source")
    path = project / name
    path.chmod(0o644)
    text = path.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return project


@cache
def common(lang: str = LANG) -> Common:
    """What the handouts of a language share, read once a process: a third of the time that a small test takes."""
    from handout_builder.content.loader import load_common

    return load_common(SOURCE, lang)


@cache
def source_of(folder: Path, lang: str = LANG) -> Source:
    """A handout of the repository, read once a process."""
    from handout_builder.content.loader import load

    return load(folder, lang, common(lang))


@cache
def brand_of(folder: Path) -> Brand:
    """A brand of the repository, read once a process."""
    from handout_builder.brand.loader import load_brand

    return load_brand(folder)


def short_handout(root: Path, name: str) -> Path:
    """Put the short handout into ``root/name``; return that folder."""
    return shutil.copytree(SHORT, root / name)


def tiny_handout(root: Path, name: str) -> Path:
    """Put the short handout without its safety advice into ``root/name``; return that folder."""
    folder = short_handout(root, name)
    leave_advice_out(folder / f"{LANG}.yaml")
    return folder


def leave_advice_out(text: Path) -> None:
    """Halve the time in which the short handout is made; `check` and strict builds tell what it lacks."""
    lines = text.read_text("utf-8").splitlines(keepends=True)
    text.write_text("".join(line for line in lines if "{type: safety" not in line), "utf-8")


class Done(NamedTuple):
    """What the program has come to, and what it has said."""

    returncode: int
    stdout: str
    stderr: str


def run(project: Path, *arguments: str) -> Done:
    """Run the program in the folder that holds source/, in this process, which has loaded what it takes."""
    from handout_builder.cli.main import main

    out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    words = [*arguments, *HERE] if arguments[0] in ("check", NAME) else list(arguments)
    with contextlib.chdir(project.parent), contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = main(words)
    for stream in (out, errors):
        stream.seek(0)
    return Done(code, out.read(), errors.read())


def make(project: Path) -> tuple[Path, Path]:
    """Build the handout of a project; return its PDF and EPUB."""
    done = run(project, NAME, "--lang", LANG)
    assert done.returncode == 0, done.stderr
    stem = project.parent / "dist" / f"{NAME}.{LANG}"
    return Path(f"{stem}.pdf"), Path(f"{stem}.epub")
