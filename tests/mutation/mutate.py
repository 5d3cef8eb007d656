"""Change the program in small ways, one at a time, and see whether the tests notice (cosmic-ray).

`make mutation` tries 60 changes to each of the packages below, `make mutation ARGS="figures --most 200 --seed 2"` other
ones. The same seed gives the same changes as long as the code is the same. Tests run in a copy of the project. Changes
that they do not notice are printed as they come, the score of each package at the end.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import TestOutcome, WorkItem

ROOT = Path(__file__).resolve().parents[2]
TESTS = {
    "content": ("content", "end_to_end/test_mistakes.py"),
    "figures": ("figures",),
    "builder": ("builder", "cli"),
}
"""What looks at each package, the quickest first."""
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "dist", "build", "node_modules", "__pycache__", ".*_cache", ".fuzz")


def annotations(path: Path) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where types stand, as (line, column) of start and end: a test of them is mypy's."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        for name in ("annotation", "returns"):
            found = getattr(node, name, None)
            if found is not None:
                yield (found.lineno, found.col_offset), (found.end_lineno, found.end_col_offset)


def candidates(package: str) -> list[WorkItem]:
    """Return all changes to a package, in the order of the code."""
    paths = sorted(Path("handout_builder", package).glob("*.py"))
    with tempfile.TemporaryDirectory() as folder, use_db(Path(folder, "session.sqlite")) as session:
        init(paths, session, {})
        items = session.work_items
    types = {path: list(annotations(path)) for path in paths}
    items = [
        item
        for item in items
        for spec in item.mutations
        if not any(start <= spec.start_pos < end for start, end in types[spec.module_path])
    ]
    return sorted(items, key=lambda item: str(item.mutations))


def sample(items: list[WorkItem], most: int, seed: int) -> list[WorkItem]:
    """Return some changes, at most one for each place in the code: a "+" can be changed in a dozen ways."""
    chance = random.Random(seed)
    places: dict[object, list[WorkItem]] = {}
    for item in items:
        (spec,) = item.mutations
        places.setdefault((spec.module_path, spec.start_pos), []).append(item)
    chosen = chance.sample(sorted(places, key=str), min(most, len(places)))
    return [chance.choice(places[place]) for place in chosen]


def run(package: str, most: int, seed: int) -> tuple[int, int]:
    """Return how many changes were noticed, and how many were tried."""
    tests = " ".join(f"tests/{name}" for name in TESTS[package])
    command = f"{sys.executable} -m pytest -q -x -p no:cacheprovider {tests}"
    begun = time.monotonic()
    outcome, output = run_tests(command, None)
    if outcome is not TestOutcome.SURVIVED:
        raise SystemExit(f"{package}: the tests fail without a change:\n{output}")
    limit = 30 + 4 * (time.monotonic() - begun)
    items = candidates(package)
    chosen = sample(items, most, seed)
    print(f"{package}: {len(chosen)} of {len(items)} changes, each at most {limit:.0f} s", flush=True)
    noticed = 0
    for item in chosen:
        result = mutate_and_test(item.mutations, command, limit)
        noticed += result.is_killed
        if not result.is_killed:
            print(result.diff, flush=True)
    return noticed, len(chosen)


def main() -> int:
    """Try the packages that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="*", default=list(TESTS), help=f"of {', '.join(TESTS)}; else all")
    parser.add_argument("--most", type=int, default=60, help="changes to each package")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if unknown := set(asked.package) - TESTS.keys():
        parser.error(f"no such package here: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "project")
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
        os.chdir(copy)
        scores = {package: run(package, asked.most, asked.seed) for package in asked.package}
    for package, (noticed, tried) in scores.items():
        print(f"{package}: {noticed} of {tried} changes noticed, {noticed / tried:.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
