# ruff: noqa: T201, S603
"""Copies and products over Dask with three workers, one killed twice and one with a wrong font, against one machine.

python benchmarks/finale.py [--copies 20000] [--products 200] [--folder DIR]

A scheduler and three workers are started as processes of their own, each with its own port. One worker runs a copy of
the program in which one byte of a font differs; another is killed while it has work, and again when it has come back.
Then everything is made by this machine alone. It ends with 0 if all is complete, once each, and the same to the byte.
"""

import argparse
import contextlib
import csv
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from copies import NAME, SOURCE, handout, people, vocabulary

ROOT = Path(__file__).resolve().parents[1]
SHORT = ROOT / "tests" / "samples" / "handouts" / "short"
EXECUTOR = """
from distributed import Client

def dask():
    return Client(scheduler_file="scheduler.json").get_executor()
"""


class Cluster:
    """A scheduler and three workers, in processes of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "scheduler.json"
        self.killed = 0
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start all of them."""
        words = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self._start("scheduler", [*words, "--scheduler-file", str(self._file)], ROOT)
        while not self._file.exists():
            time.sleep(0.1)
        wrong = wrong_program(self._folder / "wrong")
        for name, program in (("good", ROOT), ("killed", ROOT), ("wrong", wrong)):
            self.worker(name, program)

    def worker(self, name: str, program: Path = ROOT) -> None:
        """Start a worker, which one that was killed does not know."""
        words = ["worker", "--scheduler-file", str(self._file), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        self._start(name, [*words, "--name", f"{name}-{self.killed}", "--local-directory", str(self._folder)], program)

    def kill(self) -> None:
        """Kill the worker that is to be, and start another."""
        self._processes["killed"].kill()
        self._processes["killed"].wait()
        self.killed += 1
        self.worker("killed")

    def stop(self) -> None:
        """End all of them."""
        for process in self._processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()

    def _start(self, name: str, words: list[str], program: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(program)}
        command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]]
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=self._folder)


def wrong_program(to: Path) -> Path:
    """Copy the program, with one byte of a font changed; return the copy."""
    for name in ("handout_builder", "layouts", "source", "fonts"):
        shutil.copytree(ROOT / name, to / name)  # with what Python has compiled
    font = to / "fonts" / "NotoSans-Regular.ttf"
    data = bytearray(font.read_bytes())
    data[-1] ^= 1
    font.write_bytes(data)
    return to


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of each file that was made, by its path."""
    paths = (path for path in folder.rglob("[!.]*.*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def program(folder: Path, *words: str) -> float:
    """Run the command line; return its seconds of the clock."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(ROOT / "make_handout.py"), *words], cwd=folder, capture_output=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr.decode()}")
    return time.monotonic() - started


def prepare(folder: Path, copies: int, products: int, of: Path) -> None:
    """Write a list of people, their handout, and short handouts, each with a title of its own."""
    handout(folder, of)
    text = (SHORT / "en.yaml").read_text("utf-8")
    for number in range(products):
        target = folder / "source" / f"product-{number:04}"
        shutil.copytree(SHORT, target)
        title = f"title: Handout {number}\n"
        lines = [title if line.startswith("title:") else line for line in text.splitlines(keepends=True)]
        (target / "en.yaml").write_text("".join(lines), "utf-8")
    rows = people(copies, vocabulary(3000), 5)
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(rows):
            if not number:
                writer.writerow([*row, "name_lang"])
            writer.writerow([*(one.text for one in row.values()), row["name"].lang])
    (folder / "clusters.py").write_text(EXECUTOR)


@contextlib.contextmanager
def killing(cluster: Cluster, times: int, begun: Path) -> Iterator[None]:
    """Kill a worker so many times while the run goes on: at first when ``begun`` shows that something is done."""
    over = threading.Event()

    def kill() -> None:
        while not over.is_set() and not begun.exists():
            time.sleep(0.05)
        for _ in range(times):
            if not over.is_set():
                cluster.kill()
            over.wait(3)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def compare(what: str, folder: Path, wanted: int) -> bool:
    """Print whether the cluster has made what this machine has made."""
    far, near = (digests(folder / f"{what}-{where}") for where in ("far", "near"))
    same = far == near
    print(f"| {what} | {wanted:,} | {len(far):,} | {len(near):,} | {'all' if same else 'NOT ALL'} |", flush=True)
    return same and len(far) == wanted


def run(folder: Path, copies: int, products: int, of: Path = SOURCE / NAME) -> tuple[bool, int]:
    """Make everything both ways; return whether it is the same, and how often a worker was killed.

    ``of`` is the handout that copies are made of.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prepare(folder, copies, products, of)
    list_of = ("copies", NAME, "--list", "people.csv", "--out")
    build = ("build", *(f"product-{number:04}" for number in range(products)), "--format", "pdf", "--out")
    over = ("--executor", "clusters:dask", "--jobs", "12")
    cluster = Cluster(folder)
    cluster.start()
    try:
        with killing(cluster, 1, folder / "copies-far" / ".copies.log"):
            seconds = program(folder, *list_of, "copies-far", *over)
        print(f"copies by three workers: {seconds:.1f} s", flush=True)
        with killing(cluster, 1, folder / "products-far"):
            seconds = program(folder, *build, "products-far", *over)
        print(f"products by three workers: {seconds:.1f} s; killed {cluster.killed} times", flush=True)
    finally:
        cluster.stop()
    print(f"copies here: {program(folder, *list_of, 'copies-near'):.1f} s", flush=True)
    print(f"products here: {program(folder, *build, 'products-near'):.1f} s", flush=True)
    print("| what | wanted | by the cluster | here | the same bytes |\n|---|---|---|---|---|")
    same = [compare("copies", folder, copies), compare("products", folder, products)]
    program(folder, "verify", "copies-far", "--sample", "20", "--", *list_of[:-1])
    program(folder, *build, "products-far")  # the record knows them
    return all(same), cluster.killed


def main() -> None:
    """Read the words of the command line, and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=20_000, metavar="N")
    parser.add_argument("--products", type=int, default=200, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="an empty folder that is kept (one that is removed)")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sys.exit(0 if run(folder, options.copies, options.products) == (True, 2) else 1)


if __name__ == "__main__":
    main()
