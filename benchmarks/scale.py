# ruff: noqa: T201
"""What executors cost and give: copies by 1, 2 and 4 workers, a chunk's own cost, a killed worker, memory over a night.

python benchmarks/scale.py [--copies 2000] [--memory 50000]

It prints the tables of docs/scale.md. Machines with fewer cores than workers show no speed-up, so that what counts is
copies a CPU second, of all processes together.
"""

import argparse
import gc
import os
import resource
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import active_children, get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from copies import handout, people, vocabulary

from handout_builder.builder import executors
from handout_builder.builder.executors import RetryPolicy
from handout_builder.builder.pool import _Caller
from handout_builder.copies.kinds import Kinds
from handout_builder.copies.rows import Row
from handout_builder.copies.worker import RowWorker, Work
from handout_builder.orders import Order
from handout_builder.progress import silent

_BATCH = 200
_MIB = 1 << 20


NOTHING = partial(_Caller, abs)
"""What makes a worker that does next to nothing, and is found by new processes."""


def pool(workers: int) -> Executor:
    """Return a pool of new processes, as those of clusters are."""
    return ProcessPoolExecutor(workers, get_context("spawn"))


def seconds() -> float:
    """Return the CPU seconds of this process, and of those it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def batches(rows: list[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    """Yield rows as a run gives them out."""
    for at in range(0, len(rows), _BATCH):
        yield rows[at : at + _BATCH]


def throughput(work: Work, rows: list[tuple[int, Row]]) -> None:
    """Print how many copies workers make."""
    print("| workers | copies | s | CPU s | copies a CPU second | kB that come back |\n|---|---|---|---|---|---|")
    for workers in (1, 2, 4):
        started, before, size = time.monotonic(), seconds(), 0
        for _, results in executors.run(batches(rows), partial(RowWorker, work), partial(pool, workers)):
            size += sum(len(result.data) for result in results)
        took, used = time.monotonic() - started, seconds() - before
        count = f"{len(rows) / used:,.0f} | {size / 1000:,.0f}"
        print(f"| {workers} | {len(rows):,} | {took:.1f} | {used:.1f} | {count} |", flush=True)


def overhead() -> None:
    """Print what a chunk costs that does nothing."""
    print("\n| executor | chunks | CPU ms a chunk | ms a chunk, one after another |\n|---|---|---|---|")
    for name, make in makers():
        executor = make()
        chunks = [[number] for number in range(300)]
        try:
            list(executors.run(chunks[:8], NOTHING, executor))
            started = time.process_time()
            list(executors.run(chunks, NOTHING, executor))
            used = time.process_time() - started
            times = []
            for chunk in chunks[:40]:
                begun = time.monotonic()
                list(executors.run([chunk], NOTHING, executor, policy=RetryPolicy(out=1)))
                times.append(time.monotonic() - begun)
        finally:
            executor.shutdown(wait=True)
        print(f"| {name} | {len(chunks)} | {used * 1000 / len(chunks):.1f} | {statistics.median(times) * 1000:.1f} |")


def makers() -> Iterator[tuple[str, Callable[[], Executor]]]:
    """Yield the executors that are installed."""
    yield "ProcessPoolExecutor", partial(pool, 2)
    try:
        from loky import get_reusable_executor  # noqa: PLC0415

        yield "loky", partial(get_reusable_executor, max_workers=2)
    except ImportError:
        print("loky is not installed")
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415
    except ImportError:
        print("distributed is not installed")
        return
    cluster = LocalCluster("127.0.0.1", n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, Client(cluster) as client:
        yield "Dask, two workers", client.get_executor


def recovery(work: Work, rows: list[tuple[int, Row]]) -> None:
    """Print what a killed worker costs."""
    print("\n| run of two workers | s | copies |\n|---|---|---|")
    for name, kills in (("undisturbed", 0), ("one killed", 1)):
        started = time.monotonic()
        done, killed = 0, 0
        for chunk, _ in executors.run(
            batches(rows), partial(RowWorker, work), partial(pool, 2), policy=RetryPolicy(out=4)
        ):
            done += len(chunk)
            if killed < kills and (children := active_children()):
                os.kill(children[0].pid or 0, signal.SIGKILL)
                killed += 1
        print(f"| {name} | {time.monotonic() - started:.1f} | {done:,} |", flush=True)


def memory(work: Work, count: int, words: list[str]) -> None:
    """Print the memory of a worker over many copies."""
    print("\n| copies | MiB of the worker |\n|---|---|")
    worker = RowWorker(work)
    worker.prepare()
    for number, row in enumerate(people(count, words, 9), start=1):
        worker.do((0, Row(number, number, row)), silent)
        if number in (1, 1000) or number % max(1, count // 5) == 0:
            pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
            print(f"| {number:,} | {pages * resource.getpagesize() / _MIB:,.0f} |", flush=True)


def main() -> None:
    """Read the words of the command line, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=2000, metavar="N", help="for throughput and recovery (2000)")
    parser.add_argument("--memory", type=int, default=0, metavar="N", help="how many copies one worker makes (none)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kinds = Kinds(Order(handout(Path(folder)), "en"))
        words = vocabulary(3000)
        rows = [(0, Row(number, number, row)) for number, row in enumerate(people(options.copies, words, 5), start=1)]
        kinds.number(rows[0][1])
        work = Work([(kind.order, kind.template) for kind in kinds.made])
        gc.enable()
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {threading.active_count()} thread here")
        throughput(work, rows)
        overhead()
        recovery(work, rows)
        if options.memory:
            memory(work, options.memory, words)


if __name__ == "__main__":
    main()
