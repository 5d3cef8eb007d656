# ruff: noqa: T201, S311
"""Copies of a handout for many people, beside the engine that lays each out: ways in turns, in one run, on one core.

python benchmarks/copies.py [--rounds 9] [--memory 20000 100000]

It prints the tables of docs/copies.md. Each way makes its share of the same people, round after round, so that all meet
the same neighbours on a busy machine; CPU seconds of user and system time, medians of the rounds. With --memory it
makes a whole run of so many people in a process of its own, and tells its peak.
"""

import argparse
import csv
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from handout_builder.copies.encryption import encrypted
from handout_builder.copies.print_run import PrintRun
from handout_builder.copies.template import compiled
from handout_builder.copies.worker import breaks
from handout_builder.copies.writer import Filler, fastest
from handout_builder.orders import Order
from handout_builder.pipeline import Loader, make
from handout_builder.render.personal import Words
from handout_builder.resources import SOURCE

NAME = "chronic-back-pain"
PERSONAL = """
personal:
  - fields: [name, date, practitioner]
  - {after: before-you-press, fields: [next_visit, {field: note, lines: 8}, {field: points, lines: 4}]}
"""
POINTS = ("BL23 shèn shū", "BL24 qì hǎi shū", "BL25 dà cháng shū", "GV3 yāo yáng guān")
LATIN = "Anna Müller|James O’Connor|Zoë Łukasiewicz|María Ibáñez|Bjørn Åkesson|Ivana Šarić|Mehmet Yılmaz|Tomáš Dvořák"
NAMES = (
    ("", *LATIN.split("|")),
    ("vi", "Nguyễn Thị Ánh", "Trần Văn Đạt", "Phạm Ngọc Quỳnh", "Đỗ Hữu Nghĩa", "Lê Thị Hương"),
    ("ja", "山田 花子", "佐藤 健一", "渡邉 さくら", "齋藤 直樹", "高橋 陽菜"),
    ("zh-Hans", "王秀英", "张伟", "刘海燕", "陈志强", "杨静"),
    ("ko", "김민지", "이서연", "박지훈", "최은영", "정도윤"),
    ("el", "Σοφία Παπαδοπούλου", "Γιώργος Νικολάου", "Ελένη Ιωάννου"),
)
SYLLABLES = "ba be bi bo da de di do fa fe ga go ha he la le li lo ma me mi mo na ne no pa pe ra re ri ro sa se"


def vocabulary(count: int) -> list[str]:
    """Return different invented words, as long as those of English while there are so few."""
    chance, syllables = random.Random(1), SYLLABLES.split()
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 2, 3, 3, 4))))] = None
    return list(words)


def people(count: int, words: list[str], seed: int) -> Iterator[dict[str, Words]]:
    """Yield invented people; each note is another, of 60 to 330 letters, in these words."""
    chance = random.Random(seed)
    for _ in range(count):
        lang, *names = chance.choice(NAMES)
        note = ""
        while len(note) < chance.randrange(60, 320):
            sentence = " ".join(chance.choices(words, k=chance.randrange(5, 12)))
            note = f"{note}{sentence.capitalize()}. "
        day, hour = chance.randrange(1, 29), chance.randrange(8, 18)
        row = {
            "name": Words(f"{chance.choice(names)}", lang),
            "date": Words(f"{chance.randrange(1, 29)} November 2026"),
            "practitioner": Words(chance.choice(("Dr. Agnes Bárány", "Yuki Tanaka", "Dr. A. Sample"))),
            "next_visit": Words(f"{day} December 2026, {hour}:{chance.choice(('00', '15', '30', '45'))}"),
            "note": Words(note.strip()[:330].strip()),
        }
        for number, point in enumerate(POINTS, start=1):
            row[f"point_{number}"] = Words(point)
            times = chance.choice(("once a day", "twice a day", "3 times a day"))
            row[f"dose_{number}"] = Words(f"{chance.choice((15, 20, 25, 30))} seconds, {times}")
        yield row


def handout(folder: Path, of: Path = SOURCE / NAME) -> Path:
    """Put the first handout, or another by its name, into a folder, with room for one person."""
    target = folder / "source" / NAME
    target.mkdir(parents=True)
    text = (of / "en.yaml").read_text("utf-8")
    (target / "en.yaml").write_text(text + PERSONAL, "utf-8")
    return target


class Way:
    """A way to make copies, with the CPU milliseconds that one has taken in each round."""

    def __init__(self, name: str, one: Callable[[dict[str, Words]], int], share: int, words: list[str]) -> None:
        self.name, self.one, self.share, self.words = name, one, share, words
        self.times: list[float] = []
        self.sizes: list[int] = []

    def run(self, seed: int, *, timed: bool) -> None:
        """Make a share of copies."""
        rows = list(people(self.share, self.words, seed))
        start = time.process_time()
        sizes = [self.one(row) for row in rows]
        if timed:
            self.sizes += sizes
            self.times.append((time.process_time() - start) / self.share * 1000)

    def line(self, engine: "Way") -> str:
        """Return its line of the table."""
        middle = statistics.median(self.times)
        times = statistics.median(other / own for own, other in zip(self.times, engine.times, strict=True))
        told = f"{middle:.2f} ({min(self.times):.2f}) | {1000 / middle:,.0f} | {times:,.0f}"
        return f"| {self.name} | {told} | {statistics.mean(self.sizes) / 1000:,.1f} |"


def compare(rounds: int) -> None:
    """Print what each way takes."""
    with tempfile.TemporaryDirectory() as folder:
        product = Loader().load(Order(handout(Path(folder)), "en"))
        template = compiled(product)
        compress, name = fastest()
        find = breaks("en")
        quick = Filler(template, find, compress)
        plain = Filler(template, find, lambda data: zlib.compress(data, 1))
        small = Filler(template, find, lambda data: zlib.compress(data, 6))
        target = Path(folder, "copy.pdf")

        def to_disk(row: dict[str, Words]) -> int:
            with target.open("wb", buffering=0) as file:
                return file.write(template.pdf) + file.write(quick.tail(row))

        with Path(os.devnull).open("wb") as nowhere:
            lot = PrintRun(quick, nowhere, double_sided=True)

            def printed(row: dict[str, Words]) -> int:
                before = lot.size
                lot.add(1, row)
                return lot.size - before

            few, some, new = vocabulary(100), vocabulary(3000), vocabulary(150_000)
            whole = len(template.pdf)
            ways = [
                Way("the engine lays each out", lambda row: engine(product, row), 1, some),
                Way(f"copies, {name}, notes of 3,000 words", lambda row: len(quick.tail(row)), 150, some),
                Way(f"copies, {name}, notes of 100 words", lambda row: len(quick.tail(row)), 150, few),
                Way(f"copies, {name}, every word new", lambda row: len(quick.tail(row)), 60, new),
                Way("copies, zlib 1", lambda row: len(plain.tail(row)), 100, some),
                Way("copies, zlib 6", lambda row: len(small.tail(row)), 60, some),
                Way(f"copies, {name}, each written to a file", to_disk, 150, some),
                Way("one file for a print shop", printed, 150, some),
                Way("encrypted", lambda row: len(encrypted(template.pdf + quick.tail(row), "correct horse")), 4, some),
            ]
            gc.disable()
            for way in ways:
                for seed in range(3):
                    way.run(1000 + seed, timed=False)
            for seed in range(rounds):
                for way in ways:
                    way.run(seed, timed=True)
                gc.collect()
        print(f"template: {whole / 1000:.0f} kB, {len(template.boxes)} boxes; Python {sys.version.split()[0]}")
        print("| way | CPU ms a copy, median (best) | copies a CPU second | times the engine | kB of its own |")
        print("|---|---|---|---|---|")
        for way in ways:
            print(way.line(ways[0]))


def engine(product: object, row: dict[str, Words]) -> int:
    """Lay a copy out."""
    return len(make(replace(product, personal=row), ["pdf"])["pdf"])  # type: ignore[type-var]


def memory(counts: list[int]) -> None:
    """Print the peak memory of whole runs of so many people, in one process."""
    print("| people | in | CPU s | peak MiB | bytes written, MB |")
    print("|---|---|---|---|---|")
    words = vocabulary(3000)
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            handout(Path(folder))
            with Path(folder, "people.csv").open("w", encoding="utf-8", newline="") as file:
                rows = people(count, words, 5)
                first = next(rows)
                writer = csv.writer(file)
                writer.writerow([*first, "name_lang"])
                writer.writerow([*(one.text for one in first.values()), first["name"].lang])
                writer.writerows([*(one.text for one in row.values()), row["name"].lang] for row in rows)
            for where in ("--out", "--store"):
                program = Path(__file__).resolve().parents[1] / "make_handout.py"
                command = [sys.executable, str(program), "copies", NAME, "--list", "people.csv", "--jobs", "1"]
                child = subprocess.Popen([*command, where, "copies"], cwd=folder, stderr=subprocess.DEVNULL)  # noqa: S603
                _, status, used = os.wait4(child.pid, 0)
                assert status == 0, f"the run ended with {status}"
                own = sum(path.stat().st_size for path in Path(folder, "copies").iterdir()) / 1e6
                seconds = used.ru_utime + used.ru_stime
                kind = "files" if where == "--out" else "a store"
                print(
                    f"| {count:,} | {kind} | {seconds:,.1f} | {used.ru_maxrss / 1024:,.0f} | {own:,.0f} |", flush=True
                )
                for path in Path(folder, "copies").iterdir():
                    path.unlink()
                Path(folder, "copies").rmdir()


def main() -> None:
    """Read the words of the command line, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="how many rounds (9)")
    parser.add_argument("--memory", type=int, nargs="*", default=[], metavar="N", help="whole runs of so many people")
    options = parser.parse_args()
    if options.rounds:
        compare(options.rounds)
    if options.memory:
        memory(options.memory)


if __name__ == "__main__":
    main()
