# ruff: noqa: T201
"""What one visit sheet costs from nothing, in a process of its own: ``python benchmarks/sheet.py [RUNS]``.

It is asked for as another program would: the visit comes by standard input, the PDF goes to standard output. CPU is
user and system time of the process and all that it starts, wall what somebody waits. Other work on the machine makes
both longer: the least of the runs tells most. The ways take turns, after one round that nothing is told of, in which
Python, Jinja2 and cffi keep their compiled forms. Beside them, what Python itself takes to start and end, and a handout
of six pages.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, str(ROOT / "make_handout.py")]
VISIT = (ROOT / "docs" / "sheet" / "visit.yaml").read_bytes()
SHEET = [*PROGRAM, "sheet", "--for", "-", "-o", "-"]
SIX = "BL23,GV3,BL40,BL60:left,BL25,ST36"
GOAL = 1.0
WAYS = {
    "Python alone": [sys.executable, "-c", ""],
    "one point": [*SHEET, "--points", "BL23"],
    "four points": SHEET,
    "six points": [*SHEET, "--points", SIX],
    "one point, for a brand": [*SHEET, "--points", "BL23", "--brand", "harbour-lane"],
    "six points, for a brand": [*SHEET, "--points", SIX, "--brand", "harbour-lane"],
    "six points, Japanese": [*SHEET, "--points", SIX, "--lang", "ja"],
    "six points, folded": [*SHEET, "--points", SIX, "--paper", "a5-two-up"],
    "a handout of six pages": [*PROGRAM, "chronic-back-pain", "--lang", "en", "--format", "pdf", "--rebuild"],
}


def cost(command: list[str], folder: str) -> tuple[float, float]:
    """Return the CPU and wall seconds of one run."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, input=VISIT, capture_output=True, check=True)  # noqa: S603  # ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start


def main() -> None:
    """Measure all ways in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=5)
    runs = parser.parse_args().runs
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs + 1):
            for name, command in WAYS.items():
                once = cost(command, folder)
                costs[name] += [once] if number else []
    print(f"{'':26}  CPU s least  median   wall s least  median     (load {os.getloadavg()[0]:.1f}, {runs} runs)")
    for name, found in costs.items():
        cpu, wall = ([one[kind] for one in found] for kind in (0, 1))
        told = "" if name == "a handout of six pages" or min(wall) < GOAL else f"  over {GOAL:g} s"
        middle = [statistics.median(kind) for kind in (cpu, wall)]
        print(f"{name:26} {min(cpu):12.2f} {middle[0]:7.2f} {min(wall):14.2f} {middle[1]:7.2f}{told}")


if __name__ == "__main__":
    main()
