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
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from multiprocessing.queues import Queue
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


def own_tests(module: str, folder: str) -> list[str]:
    """Return a folder of tests with those first that are called after the module: most changes end there."""
    files = sorted(Path("tests", folder).glob("test_*.py")) or [Path("tests", folder)]
    named = Path(module).stem
    return [str(path) for path in sorted(files, key=lambda path: named not in path.stem)]


def command(package: str, module: str) -> str:
    """Return what runs the tests of a package until one fails."""
    tests = " ".join(path for folder in TESTS[package] for path in own_tests(module, folder))
    return f"{shlex.quote(sys.executable)} -m pytest -q -x -p no:cacheprovider {tests}"


def enter_copy(folders: Queue[Path]) -> None:
    """Let a process work in a copy of the project of its own."""
    copy = folders.get()
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT, symlinks=True)
    os.chdir(copy)


def unchanged(package: str) -> float:
    """Return the seconds that the tests of a package take without a change; raises SystemExit where they fail."""
    begun = time.monotonic()
    outcome, output = run_tests(command(package, ""), None)
    if outcome is not TestOutcome.SURVIVED:
        raise SystemExit(f"{package}: the tests fail without a change:\n{output}")
    return time.monotonic() - begun


def tried(package: str, item: WorkItem, limit: float) -> tuple[bool, str]:
    """Return whether the tests notice a change, and the change as a diff."""
    (spec,) = item.mutations
    result = mutate_and_test(item.mutations, command(package, str(spec.module_path)), limit)
    return result.is_killed, result.diff


def run(package: str, most: int, seed: int, pool: Executor) -> tuple[int, int]:
    """Return how many changes were noticed, and how many were tried."""
    limit = 30 + 4 * pool.submit(unchanged, package).result()
    items = pool.submit(candidates, package).result()
    chosen = sample(items, most, seed)
    print(f"{package}: {len(chosen)} of {len(items)} changes, each at most {limit:.0f} s", flush=True)
    count = 0
    for result in as_completed(pool.submit(tried, package, item, limit) for item in chosen):
        noticed, diff = result.result()
        count += noticed
        if not noticed:
            print(diff, flush=True)
    return count, len(chosen)


def main() -> int:
    """Try the packages that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", nargs="*", default=list(TESTS), help=f"of {', '.join(TESTS)}; else all")
    parser.add_argument("--most", type=int, default=60, help="changes to each package")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="changes tried at once")
    asked = parser.parse_args()
    if unknown := set(asked.package) - TESTS.keys():
        parser.error(f"no such package here: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as folder:
        context = get_context("spawn")
        folders = context.Queue()
        for number in range(asked.jobs):
            folders.put(Path(folder, str(number)))
        with ProcessPoolExecutor(asked.jobs, context, enter_copy, (folders,)) as pool:
            scores = {package: run(package, asked.most, asked.seed, pool) for package in asked.package}
    for package, (noticed, changes) in scores.items():
        print(f"{package}: {noticed} of {changes} changes noticed, {noticed / changes:.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
