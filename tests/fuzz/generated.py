"""Make inputs that nobody has written yet: one odd value somewhere in files that are right, and see what comes of it.

`make fuzz ARGS="generated 1000"` tries so many, chosen by chance; `--seed 7` chooses others. Each text field of each
file × each odd text, each other value × each odd value, each file × each thing that may have its name (the moments of a
build × all edits are `MOMENTS=1000` of tests/builder/test_moments.py). Each ends with words and a place, within the
limits, or in files in which EPUBCheck and veraPDF find nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[number]) for number in (1, 2)]
from corpus import files, odd_texts  # noqa: E402  # tests/ is on the path now
from helpers.leaves import leaves  # noqa: E402
from helpers.project import copy_source  # noqa: E402
from judges import epubcheck, verapdf  # noqa: E402

from handout_builder.builder.incremental import build  # noqa: E402
from handout_builder.builder.limits import Limits  # noqa: E402
from handout_builder.content.yaml_reader import read_yaml  # noqa: E402
from handout_builder.errors import HandoutError  # noqa: E402
from handout_builder.orders import Order  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
HANDOUT = "source/chronic-back-pain/en.yaml"
BRAND = "source/brands/harbour-lane/_brand.yml"
FILES = (HANDOUT, "source/shared/en.yaml", BRAND, "source/chronic-back-pain/editorial/en.yaml")
TABLES = ("source/points/names.csv", "source/points/places.csv", "source/brands/harbour-lane/logo.svg")
ODD_TEXTS = (
    *odd_texts.ODD.values(),
    "",
    "x" * 3000,
    "long" * 60,
    "# a",
    "| a | b |",
    "- " * 40,
    "[x](javascript:alert(1))",
    "[x](#nowhere)",
    "[x](https://[)",
    "![x](../../secret.png)",
    "<b>a</b> &amp; {{ 7 * 7 }} {% raw %}",
    "%s {name} {0}",
    "e\u0301\u0323" * 30,
    "ﷺ שלום مرحبا",
    "👩‍⚕️ ♥ ☎",
    "𠮷野家 食べる",
    "a\nb\n\nc",
    "**a",
    "-",
    "1.",
    "../../../etc/passwd",
    "BL23",
    "null",
)
ODD_VALUES: tuple[Any, ...] = (
    *(-1, 0, 1, 10**30, 1e308, -0.0, float("inf"), float("nan"), True, None),
    *([], {}, [[]], ["a", 1], {"a": 1}, "2026-02-30", "0001-01-01", "oklch(1e308 1 1)", "١"),
)
SECONDS, MEGABYTES = 10, 500


class Case(NamedTuple):
    """What is odd."""

    path: str
    place: tuple[Any, ...]
    odd: Any

    def __str__(self) -> str:
        return f"{self.path} {'/'.join(map(str, self.place))}: {str(self.odd)[:40]!r}"


def cases() -> Iterator[Case]:
    """Yield every case."""
    for path in FILES:
        for place, value in leaves(read_yaml(ROOT / path).value):
            for odd in (*ODD_TEXTS, *ODD_VALUES) if isinstance(value, str) else ODD_VALUES:
                yield Case(path, place, odd)
    for path in (*FILES, *TABLES):
        for kind in files.KINDS.values():
            yield Case(path, (), kind)


def put(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    """Return a file's value with something else in one place."""
    if not place:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = put(copy[place[0]], place[1:], odd)
    return copy


def make(case: Case, folder: Path) -> None:
    """Put a copy of source/ into a folder, with what is odd in it."""
    copy_source(folder / "source")
    path = folder / case.path
    if callable(case.odd):
        path.unlink()
        case.odd(path)
    else:
        # JSON is YAML, in which every text is taken for one.
        value = put(read_yaml(path).value, case.place, case.odd)
        path.write_text(json.dumps(value, default=str, ensure_ascii=True), "utf-8")


def wrong(case: Case, folder: Path) -> list[str]:
    """Return what is wrong with what comes of a case."""
    brand = folder / Path(BRAND).parent if "brands" in case.path else None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        paths = build(
            [Order(folder / Path(HANDOUT).parent, "en", brand)], folder / "dist", limits=Limits(processor=SECONDS)
        ).paths
    except HandoutError as error:
        return [f"without its place or its words: {told!r}" for told in error.problems if not good(told)]
    finally:
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = []
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if took > SECONDS:
        found.append(f"{took:.1f} seconds")
    if after.ru_maxrss / 1000 > MEGABYTES:
        found.append(f"{after.ru_maxrss / 1000:.0f} MB")
    for path in paths:
        if path.suffix == ".epub":
            found += epubcheck.check(path)
        elif path.name.count(".") == 2:  # the A4 pages; the others are made of the same
            found += verapdf.check(path, "ua1") + verapdf.check(path, "3a")
    return found


def good(problem: Any) -> bool:
    """Tell whether a problem is told as people need it, and is none of the program's own."""
    return bool(problem.message) and problem.code not in ("mistake", "worker") and len(str(problem)) < 2000


def main(words: list[str]) -> int:
    """Try some of the cases; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tries", type=int, nargs="?", default=200)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", default="", help="cases whose line holds these words")
    options = parser.parse_args(words)
    every = [case for case in cases() if options.only in str(case)]
    chosen = random.Random(options.seed).sample(every, min(options.tries, len(every)))
    failed, begun = 0, time.monotonic()
    for number, case in enumerate(chosen, 1):
        with TemporaryDirectory() as folder:
            make(case, Path(folder))
            try:
                found = wrong(case, Path(folder))
            except Exception as error:  # it is what is looked for
                found = [f"{type(error).__name__}: {error}"]
        failed += bool(found)
        for line in found:
            print(f"{case}\n    {line}", flush=True)
        if number % 100 == 0:
            print(f"{number} of {len(every)}, {failed} wrong, {time.monotonic() - begun:.0f} s", flush=True)
    print(f"{len(chosen)} of {len(every)} cases tried, {failed} wrong")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
