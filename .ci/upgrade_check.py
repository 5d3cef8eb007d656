#!/usr/bin/env python3
"""Build the handouts with the newest packages, too, and compare the pages as pictures with those of today's.

make upgrade-check                          the newest packages, beyond the limits of pyproject.toml as well
make upgrade-check ARGS="knee-pain"         words of `make_handout.py build`: which handouts, languages, editions
PYTHON=python3.15 make upgrade-check        the newest packages with another Python

It is run by the Python that builds today. build/upgrade/report.md says page by page what has changed, report.html shows
it. Pango and HarfBuzz are the system's: run it where these are newer, such as in a container, with --before DIR.

Exit codes: 0 nothing has changed, 1 something has, 3 something cannot be built any more.
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "upgrade"
USUAL = ("--lang", "all", "--edition", "a4")
# Dots per inch at which pages are compared: a letter is 12 dots high.
RESOLUTION = 80
# Steps of grey, of 255, from which on a dot counts as another one: what is smoothed otherwise is no change.
STEPS = 48
NAME = re.compile(r"[A-Za-z0-9._-]+(\[[a-z0-9_,-]+\])?")


@dataclass(frozen=True)
class Page:
    """What has become of a page."""

    number: int
    share: float
    """Of its dots that are others now; 1 for a page that is there once only."""
    before: Image.Image | None = field(compare=False, repr=False, default=None)
    after: Image.Image | None = field(compare=False, repr=False, default=None)


@dataclass(frozen=True)
class Change:
    """What has become of a file."""

    name: str
    told: str = ""
    """What is to be said of the file as a whole."""
    pages: tuple[Page, ...] = ()
    """Those that have changed."""


def compared(before: Path, after: Path) -> Iterator[Change]:
    """Yield what has changed from one folder of products to another, by their names."""
    names = sorted({path.relative_to(top).as_posix() for top in (before, after) for path in _products(top)})
    for name in names:
        old, new = before / name, after / name
        if not old.is_file() or not new.is_file():
            yield Change(name, "it is not made any more" if old.is_file() else "it is new")
        elif old.read_bytes() != new.read_bytes():
            yield _pdf(name, old, new) if old.suffix == ".pdf" else _book(name, old, new)


def _products(top: Path) -> Iterator[Path]:
    return (path for path in top.rglob("*") if path.suffix in (".pdf", ".epub"))


def _pdf(name: str, before: Path, after: Path) -> Change:
    pairs = zip_longest(_pictures(before), _pictures(after))
    pages = [Page(number, _share(old, new), old, new) for number, (old, new) in enumerate(pairs, start=1)]
    changed = tuple(page for page in pages if page.share)
    return Change(name, "" if changed else "other bytes, the same pages", changed)


def _pictures(path: Path) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            yield page.render(scale=RESOLUTION / 72).to_pil().convert("RGB")
    finally:
        document.close()


def _share(before: Image.Image | None, after: Image.Image | None) -> float:
    """Return the share of dots that are others."""
    if before is None or after is None or before.size != after.size:
        return 1.0
    # Of the three colours the one that differs most.
    strongest = _difference(before, after)
    others = sum(strongest.histogram()[STEPS:])
    return others / (before.width * before.height)


def _difference(before: Image.Image, after: Image.Image) -> Image.Image:
    red, green, blue = ImageChops.difference(before, after).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _book(name: str, before: Path, after: Path) -> Change:
    """Return what has changed in a book: which of its files."""
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        there = {*old.namelist()} & {*new.namelist()}
        other = sorted(part for part in there if old.read(part) != new.read(part))
        lost = sorted({*old.namelist()} ^ {*new.namelist()})
    told = ", ".join([*other, *(f"{part} in one of them" for part in lost)])
    return Change(name, f"changed: {told}" if told else "packed otherwise, the same files")


def report(changes: Sequence[Change], versions: tuple[str, str], failed: str = "") -> str:
    """Return the report as Markdown."""
    lines = ["# What newer packages change", "", "| today | newest |", "|---|---|"]
    pairs = zip_longest(*(text.splitlines() for text in versions), fillvalue="")
    lines += [f"| {old} | {new} |" for old, new in pairs if old != new] or ["| the same versions | |"]
    if failed:
        lines += ["", "With the newest packages it cannot be built:", "", "```text", failed.strip(), "```"]
    lines += ["", "| file | page | dots that are others |", "|---|---|---|"]
    for change in changes:
        lines += [f"| {change.name} | | {change.told} |"] if change.told else []
        lines += [f"| {change.name} | {page.number} | {page.share:.2%} |" for page in change.pages]
    pages = sum(len(change.pages) for change in changes)
    lines += [
        "",
        f"{len(changes)} files have changed, and {pages} of their pages." if changes else "Nothing has changed.",
    ]
    return "\n".join(lines) + "\n"


def gallery(changes: Sequence[Change]) -> str:
    """Return the pages that have changed, before and after, with what differs, as HTML."""
    rows = []
    for change in changes:
        for page in change.pages:
            rows.append(f"<h2>{html.escape(change.name)}, page {page.number}: {page.share:.2%}</h2>")
            shown = [page.before, page.after]
            if page.before and page.after and page.before.size == page.after.size:
                shown.append(ImageChops.invert(_difference(page.before, page.after)))
            rows += [f'<img alt="" src="data:image/png;base64,{_png(picture)}">' for picture in shown if picture]
    head = '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>What newer packages change</title>'
    style = "<style>body { font-family: sans-serif } img { border: 1px solid #999; margin: 4px; width: 31% }</style>"
    return f"{head}{style}<h1>What newer packages change</h1>{''.join(rows) or '<p>No page.</p>'}</html>\n"


def _png(picture: Image.Image) -> str:
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return base64.b64encode(data.getvalue()).decode()


def newest(folder: Path) -> Path:
    """Make an environment with the newest versions of the packages that pyproject.toml names; return its Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    rows = [row.partition(";")[0] for row in project["dependencies"] if "sys_platform" not in row]
    names = [found[0] for row in rows if (found := NAME.match(row.strip()))]
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([os.environ.get("PYTHON", sys.executable), "-m", "venv", folder], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([python, "-m", "pip", "install", *quiet, "--upgrade", *names], check=True)
    return python


def built(python: Path | str, out: Path, words: Sequence[str]) -> tuple[str, str]:
    """Build into a folder; return the versions that did it, and what was said where that failed."""
    shutil.rmtree(out, ignore_errors=True)
    program = [python, ROOT / "make_handout.py"]
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    versions = subprocess.run([*program, "--version"], capture_output=True, text=True, check=False, env=env, cwd=ROOT)
    command = [*program, "build", *words, "--out", out, "--time-limit", "0", "--memory-limit", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=ROOT)
    return versions.stdout + versions.stderr, done.stderr if done.returncode else ""


def main(arguments: Sequence[str]) -> int:
    """Build twice, compare, write the report; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, metavar="DIR", help="compare with these files, made elsewhere")
    options, words = parser.parse_known_args(arguments)
    words = words if any(word.startswith("--lang") for word in words) else [*USUAL, *words]
    before, after = WORK / "before", WORK / "after"
    WORK.mkdir(parents=True, exist_ok=True)
    today = ""
    if options.before:
        before = options.before
    else:
        today, failed = built(sys.executable, before, words)
        if failed:
            sys.stderr.write(f"today's packages cannot build it:\n{failed}")
            return 3
    versions, failed = built(newest(WORK / "environment"), after, words)
    changes = [*compared(before, after)] if not failed or after.is_dir() else []
    text = report(changes, (today, versions), failed)
    (WORK / "report.md").write_text(text, "utf-8")
    (WORK / "report.html").write_text(gallery(changes), "utf-8")
    sys.stdout.write(text)
    return 3 if failed else int(bool(changes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
