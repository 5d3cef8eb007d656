# ruff: noqa: T201
"""What one cold run costs, beside plain WeasyPrint on the same page: ``python benchmarks/cold.py [RUNS]``.

A  make_handout.py, which makes the PDF and the EPUB;
B  ``python -m weasyprint --pdf-variant pdf/ua-1`` on our printed page, only a PDF, with the system's fonts;
C  the same with our font files, by @font-face.

They take turns, so that whatever else the machine does falls on all alike. CPU is user and system time with all
processes that a run starts; the memory is the most that one process held. B needs Debian's fonts-noto-cjk.
"""

import argparse
import contextlib
import ctypes
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SYSTEM_HAN = "Noto Sans CJK SC"
# One handout in one language, as the others make.
OURS = [sys.executable, str(ROOT / "make_handout.py"), "--lang", "en", "chronic-back-pain"]
GOAL = 0.6
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


class Cost(NamedTuple):
    """What one run took, in seconds and MiB."""

    cpu: float
    wall: float
    memory: float


def write_pages(folder: Path) -> None:
    """Write our printed page twice, for WeasyPrint alone: with the system's fonts, and with ours."""
    sys.path.insert(0, str(ROOT))
    from handout_builder.content.loader import load  # noqa: PLC0415
    from handout_builder.render import printing  # noqa: PLC0415
    from handout_builder.render.product import Product  # noqa: PLC0415  # only in a process of its own: see below

    layouts = ROOT / "layouts"
    product = Product(load(ROOT / "source" / "chronic-back-pain", "en"))
    html = printing.print_html(product, printing.first_pages(product))
    css = "".join((layouts / name).read_text("utf-8") for name in ("tokens.css", "print.css"))
    css = css.replace("url(icons/", f"url({layouts.as_uri()}/icons/")
    files = [("Noto Sans", style, f"NotoSans-{style}.ttf") for style in ("Regular", "Italic", "Bold", "BoldItalic")]
    files += [("Handout Han", style, f"HandoutHan-{style}.ttf") for style in ("Regular", "Bold")]
    faces = "".join(
        f'@font-face {{ font-family: "{family}"; src: url({(ROOT / "fonts" / file).as_uri()}); font-weight:'
        f" {700 if 'Bold' in style else 400}; font-style: {'italic' if 'Italic' in style else 'normal'} }}\n"
        for family, style, file in files
    )
    sheets = {"system": css.replace('"Handout Han"', f'"{SYSTEM_HAN}"'), "ours": faces + css}
    for name, sheet in sheets.items():
        page = html.replace("</head>", f"<style>\n{sheet}</style>\n</head>", 1)
        (folder / f"{name}.html").write_text(page, "utf-8")


def run(command: list[str], cwd: Path = ROOT) -> Cost:
    """Run a command to its end; raises RuntimeError when it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=words, stderr=words)  # noqa: S603  # ours
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        usages = [usage, *_orphans()]
        words.seek(0)
        told = words.read().decode()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{told}")
    unit = 2**20 if sys.platform == "darwin" else 2**10  # of ru_maxrss
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return Cost(cpu, wall, max(usage.ru_maxrss for usage in usages) / unit)


def _orphans() -> Iterator[resource.struct_rusage]:
    """Wait for processes that outlive the one that started them, and yield what each took; only on Linux."""
    with contextlib.suppress(ChildProcessError):
        while sys.platform == "linux":
            yield os.wait4(-1, 0)[2]


def adopt_orphans() -> None:
    """Have such processes handed to this one: Chromium's, which are most of it, would else be in no account."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def has_system_font() -> bool:
    """Tell whether fontconfig knows the font that B is to use."""
    tool = shutil.which("fc-list")
    return bool(tool) and bool(subprocess.run([str(tool), SYSTEM_HAN], capture_output=True, check=True).stdout)  # noqa: S603


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Compare a cold run with plain WeasyPrint's.")
    parser.add_argument("runs", type=int, nargs="?", default=7, help="runs of each, after one to warm up (7)")
    parser.add_argument("--pages", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pages:
        write_pages(options.pages)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        adopt_orphans()
        # In another process: a child's memory is counted from that of the process that starts it.
        run([sys.executable, __file__, "--pages", name])
        plain = [sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1"]
        rows = {
            "A make_handout.py, PDF and EPUB": [*OURS, "--rebuild", "--out", f"{name}/dist"],
            "B weasyprint, PDF, system's fonts": [*plain, f"{name}/system.html", f"{name}/system.pdf"],
            "C weasyprint, PDF, our fonts": [*plain, f"{name}/ours.html", f"{name}/ours.pdf"],
        }
        costs: dict[str, list[Cost]] = {row: [] for row in rows}
        for number in range(options.runs + 1):
            for row, command in rows.items():
                cost = run(command)
                costs[row] += [cost] if number else []
        sizes = [sum(f.stat().st_size for f in folder.glob(g)) for g in ("dist/*", "system.pdf", "ours.pdf")]
    print(f"Medians of {options.runs} runs, taking turns; {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print(f"{'':34} {'CPU s':>6} {'wall s':>7} {'MiB':>5} {'kB':>5}")
    middles = [Cost(*map(statistics.median, zip(*runs, strict=True))) for runs in costs.values()]
    for row, middle, size in zip(rows, middles, sizes, strict=True):
        print(f"{row:34} {middle.cpu:6.2f} {middle.wall:7.2f} {middle.memory:5.0f} {size / 1000:5.0f}")
    ratio, other = (middles[0].cpu / middle.cpu for middle in middles[1:])
    verdict = "holds" if ratio <= GOAL else "does not hold"
    print(f"\nCPU: A/B {ratio:.2f}, A/C {other:.2f}; goal A/B <= {GOAL}: {verdict}")
    if not has_system_font():
        print(f"B fell back to other fonts: there is no {SYSTEM_HAN} here.")


if __name__ == "__main__":
    main()
