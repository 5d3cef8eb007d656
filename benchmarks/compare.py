# ruff: noqa: T201
"""What handouts cost here and with other tools, side by side: ``python benchmarks/compare.py [--documents 200]``.

Every tool gets our printed page (HTML with its style sheet, drawings and, but for the second row, our fonts); Typst,
which reads no HTML, gets its words alone. Tools that are not installed are left out:

- plain WeasyPrint, with the system's fonts and with ours, PDF only;
- pandoc with WeasyPrint for the PDF, and pandoc for the EPUB;
- headless Chromium, PDF only;
- Typst, PDF only (the command, or the Python package of that name).

CPU is user and system time with all processes that a run starts; the memory is the most that one process held.
Medians of runs that take turns, after one to warm up. At the end, what seven languages cost beside one.
"""

import argparse
import importlib.util
import os
import re
import shutil
import statistics
import sys
import tempfile
from html import unescape
from pathlib import Path

from cold import OURS, ROOT, Cost, adopt_orphans, run

PROGRAM = [sys.executable, str(ROOT / "make_handout.py")]
# What Chromium does in the background is no part of making a PDF.
_NOTHING_ELSE = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
# A line of a handout's own words in YAML: its first words, and what follows.
_OWN_LINE = re.compile(r"^( *(?:- |\w+: )*[A-Za-z(][\w’]* \w+)((?: [^\s{}\[\]#]+)+)$", re.MULTILINE)
_OTHER_LANGUAGES = shutil.ignore_patterns(*(f"{lang}.yaml" for lang in ("es", "ja", "ko", "vi", "zh-Han?")))
TYPST = "import sys, typst; typst.compile(sys.argv[1], sys.argv[2], font_paths=[sys.argv[3]], ignore_system_fonts=True)"


def tools(folder: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Return the command of each row, and the files that it makes."""
    ours, system = folder / "ours.html", folder / "system.html"
    plain = [sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1"]
    rows: dict[str, tuple[list[str], list[str]]] = {
        "make_handout.py, PDF and EPUB": ([*OURS, "--rebuild", "--out", f"{folder}/both"], ["both/*.*"]),
        "make_handout.py, PDF": (
            [*OURS, "--rebuild", "--format", "pdf", "--out", f"{folder}/one"],
            ["one/*.pdf"],
        ),
        "make_handout.py, unchanged": ([*OURS, "--out", f"{folder}/both"], []),
        "WeasyPrint, system's fonts, PDF": ([*plain, str(system), f"{folder}/system.pdf"], ["system.pdf"]),
        "WeasyPrint, our fonts, PDF": ([*plain, str(ours), f"{folder}/ours.pdf"], ["ours.pdf"]),
    }
    if pandoc := shutil.which("pandoc"):
        engine = shutil.which("weasyprint", path=str(Path(sys.executable).parent)) or "weasyprint"
        to_pdf = [pandoc, str(ours), "--pdf-engine", engine, "-o", f"{folder}/pandoc.pdf"]
        to_epub = [pandoc, str(ours), "-o", f"{folder}/pandoc.epub"]
        rows["pandoc, WeasyPrint, PDF"] = (to_pdf, ["pandoc.pdf"])
        rows["pandoc, EPUB"] = (to_epub, ["pandoc.epub"])
    if chromium := next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None):
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", *_NOTHING_ELSE]
        command = [chromium, *flags, f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/chromium.pdf"]
        rows["Chromium, PDF"] = ([*command, ours.as_uri()], ["chromium.pdf"])
    fonts = str(ROOT / "fonts")
    if typst := shutil.which("typst"):
        options = ["--font-path", fonts, "--ignore-system-fonts"]
        rows["Typst, PDF"] = ([typst, "compile", *options, f"{folder}/t.typ", f"{folder}/typst.pdf"], ["typst.pdf"])
    elif importlib.util.find_spec("typst"):
        command = [sys.executable, "-c", TYPST, f"{folder}/t.typ", f"{folder}/typst.pdf", fonts]
        rows["Typst, PDF"] = (command, ["typst.pdf"])
    return rows


def write_typst(folder: Path) -> None:
    """Write the words of the page, without drawings, as a Typst document."""
    body = (folder / "ours.html").read_text("utf-8").partition("<body")[2]
    words = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", body, flags=re.DOTALL)
    lines = (re.sub(r"([\\#$*_`<>@~\[\]/=+-])", r"\\\1", unescape(line.strip())) for line in words.splitlines())
    head = '#set page(paper: "a4")\n#set text(font: ("Noto Sans", "Handout Han"), size: 12pt)\n'
    (folder / "t.typ").write_text(head + "\n\n".join(filter(None, lines)), "utf-8")


def write_documents(folder: Path, count: int) -> None:
    """Write handouts that differ in each line of their own words, with what they share beside them."""
    for part in ("shared", "points"):
        shutil.copytree(ROOT / "source" / part, folder / "source" / part)
    for number in range(count):
        copy = folder / "source" / f"handout-{number:04}"
        # Translations of other words would be refused.
        shutil.copytree(ROOT / "source" / "chronic-back-pain", copy, ignore=_OTHER_LANGUAGES)
        text = (copy / "en.yaml").read_text("utf-8")
        (copy / "en.yaml").write_text(_OWN_LINE.sub(rf"\1 {number}\2", text), "utf-8")


def many(count: int, jobs: int, formats: list[str]) -> Cost:
    """Return what it costs to build so many different handouts in one go."""
    with tempfile.TemporaryDirectory() as name:
        write_documents(Path(name), count)
        words = [word for kind in formats for word in ("--format", kind)]
        return run([*PROGRAM, "--lang", "en", "--jobs", str(jobs), *words, "--out", f"{name}/out"], cwd=Path(name))


def languages() -> None:
    """Print what all shipped handouts cost in English, and in the seven languages."""
    with tempfile.TemporaryDirectory() as name:
        english, every = (
            run([*PROGRAM, *words, "--jobs", "1", "--out", f"{name}/{len(words)}"]) for words in (["--lang", "en"], [])
        )
    ratio = every.cpu / english.cpu
    print(f"\nAll handouts: {english.cpu:.1f} CPU s in English, {every.cpu:.1f} in seven languages: {ratio:.1f} times")


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Compare what handouts cost with other tools.")
    parser.add_argument("--runs", type=int, default=5, help="runs of each single build, after one to warm up (5)")
    parser.add_argument("--documents", type=int, default=200, help="how many different documents (200)")
    parser.add_argument("--memory", type=int, default=500, help="for how many the memory is compared to a tenth (500)")
    options = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run([sys.executable, str(ROOT / "benchmarks" / "cold.py"), "--pages", name])
        write_typst(folder)
        rows = tools(folder)
        costs: dict[str, list[Cost]] = {row: [] for row in rows}
        for number in range(options.runs + 1):
            for row, (command, _) in rows.items():
                cost = run(command)
                costs[row] += [cost] if number else []
        sizes = {
            row: sum(f.stat().st_size for glob in made for f in folder.glob(glob)) for row, (_, made) in rows.items()
        }
    print(f"One handout; medians of {options.runs} runs; {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print(f"{'':34} {'CPU s':>6} {'wall s':>7} {'MiB':>5} {'kB':>5}")
    middle = {row: Cost(*map(statistics.median, zip(*runs, strict=True))) for row, runs in costs.items()}
    for row, cost in middle.items():
        size = f"{sizes[row] / 1000:5.0f}" if sizes[row] else ""
        print(f"{row:34} {cost.cpu:6.2f} {cost.wall:7.2f} {cost.memory:5.0f} {size}")
    both, pdf = middle["make_handout.py, PDF and EPUB"].cpu, middle["make_handout.py, PDF"].cpu
    if "pandoc, EPUB" in middle:
        others = middle["pandoc, WeasyPrint, PDF"].cpu + middle["pandoc, EPUB"].cpu
        print(f"\nPDF and EPUB: {both / others:.2f} of pandoc's CPU")
    if "Chromium, PDF" in middle:
        print(f"PDF: {pdf / middle['Chromium, PDF'].cpu:.2f} of Chromium's CPU")
    print(f"\n{options.documents} different handouts in one go\n")
    print(f"{'':34} {'CPU s':>6} {'wall s':>7} {'MiB':>5} {'a CPU s':>8}")
    walls = []
    for label, jobs, formats in (
        ("PDF and EPUB, one process", 1, ["pdf", "epub"]),
        ("PDF and EPUB, two processes", 2, ["pdf", "epub"]),
        ("PDF, one process", 1, ["pdf"]),
    ):
        cost = many(options.documents, jobs, formats)
        walls.append(cost.wall)
        rate = options.documents / cost.cpu
        print(f"{label:34} {cost.cpu:6.1f} {cost.wall:7.1f} {cost.memory:5.0f} {rate:8.2f}")
    print(f"\nTwo processes are {walls[0] / walls[1]:.2f} times as fast as one.")
    languages()
    few, lots = options.memory // 10, options.memory
    small, large = (many(count, 1, ["pdf"]).memory for count in (few, lots))
    print(f"Memory: {small:.0f} MiB for {few} handouts, {large:.0f} for {lots}: {large / small - 1:+.1%}")


if __name__ == "__main__":
    main()
