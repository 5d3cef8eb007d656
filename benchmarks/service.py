# ruff: noqa: T201
"""What the service can do, and what it does at four times that: ``python benchmarks/service.py [SECONDS]``.

It starts the service on loopback with two processes, and orders visit sheets of four points, each for another person.
First as many at once as there are processes: that is what it can do. Then four times as many a second, whether they are
answered or not. Every order must be answered with the file (200) or with a time to come again (429), and afterwards the
same order must give the same bytes as before. The client runs on the same machine and takes its share of it.
"""

import argparse
import asyncio
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import psutil

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = [sys.executable, str(ROOT / "make_handout.py"), "service", "--port", "0"]
WORKERS, TIMES = 2, 4
MADE, BUSY = 200, 429
POINTS = ["BL23", "GV3", "BL40", "ST36"]
Found = list[tuple[int, float]]
"""Of each answer the status, and after how many seconds it came."""


def sheet(number: int) -> dict[str, Any]:
    """Return an order that is like no other."""
    return {"visit": {"name": f"Margaret Osei {number}", "date": "2026-11-28", "points": POINTS}}


def memory(program: psutil.Process) -> float:
    """Return the MB that the service and its processes have of their own."""
    return sum(one.memory_full_info().uss for one in (program, *program.children(recursive=True))) / 1e6


async def timed(client: httpx2.AsyncClient, path: str, order: dict[str, Any]) -> tuple[int, float]:
    """Order, and return the status and how long it took."""
    begun = time.monotonic()
    answer = await client.post(path, json=order)
    await answer.aread()
    return answer.status_code, time.monotonic() - begun


async def at_once(client: httpx2.AsyncClient, clients: int, seconds: float) -> Found:
    """Order in turns, so many side by side."""
    found: Found = []
    end = time.monotonic() + seconds

    async def one(first: int) -> None:
        number = first
        while time.monotonic() < end:
            found.append(await timed(client, "/sheets", sheet(number)))
            number += clients

    await asyncio.gather(*(one(number) for number in range(clients)))
    return found


async def each_second(client: httpx2.AsyncClient, rate: float, seconds: float) -> Found:
    """Order so many a second, whatever comes of those before."""
    begun = time.monotonic()
    tasks = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0, begun + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(timed(client, "/sheets", sheet(10_000 + number))))
    return list(await asyncio.gather(*tasks))


def told(name: str, found: Found, seconds: float, size: float) -> None:
    """Print a line of the table."""
    statuses = Counter(status for status, _ in found)
    made = sorted(took for status, took in found if status == MADE)
    others = sum(count for status, count in statuses.items() if status not in (MADE, BUSY))
    middle, most = statistics.median(made), made[int(len(made) * 0.95)]
    rates = f"{len(found) / seconds:8.1f} {len(made) / seconds:8.1f} {statuses[BUSY] / seconds:8.1f} {others:7}"
    print(f"{name:24} {rates} {middle:9.2f} {most:9.2f} {size:8.0f}")


async def measured(address: str, program: psutil.Process, seconds: float) -> None:
    """Measure all, and print a table."""
    limits = httpx2.Limits(max_connections=1000)
    async with httpx2.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        while (await client.get("/ready")).status_code != MADE:
            await asyncio.sleep(0.1)
        for what, path, order in (
            ("the first sheet", "/sheets", sheet(1)),
            ("a sheet for a brand, first", "/sheets", {**sheet(2), "brand": "harbour-lane"}),
            ("a handout, six pages", "/handouts", {"handout": "chronic-back-pain"}),
        ):
            print(f"{what:28} {(await timed(client, path, order))[1]:6.2f} s")
        for what, path, order in (
            ("a sheet", "/sheets", sheet(3)),
            ("a sheet for a brand", "/sheets", {**sheet(4), "brand": "harbour-lane"}),
            ("the same handout", "/handouts", {"handout": "chronic-back-pain"}),
        ):
            times = [(await timed(client, path, order))[1] for _ in range(5 * WORKERS)]
            print(f"{what:28} {min(times):6.2f} s, the least of {len(times)}")
        before = hashlib.sha256((await client.post("/sheets", json=sheet(0))).content).hexdigest()
        print(f"\n{'':24}  asked/s   made/s    429/s  others  median s   95 % s       MB")
        found = await at_once(client, WORKERS, seconds)
        told("what it can do", found, seconds, memory(program))
        rate = TIMES * len(found) / seconds
        for part in range(3):
            found = await each_second(client, rate, seconds)
            told(f"{TIMES} times that, part {part + 1}", found, seconds, memory(program))
        while (last := await client.post("/sheets", json=sheet(0))).status_code == BUSY:
            await asyncio.sleep(1)
        same = hashlib.sha256(last.content).hexdigest() == before
        print(f"\nafterwards the same order gives {'the same bytes' if same else 'OTHER BYTES'}")


def main() -> None:
    """Start the service, measure, and stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=20)
    seconds = parser.parse_args().seconds
    environment = {**os.environ, "HANDOUT_SERVICE_WORKERS": str(WORKERS), "HANDOUT_SERVICE_CONNECTIONS": "1000"}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with (
            log.open("wb") as out,
            subprocess.Popen(PROGRAM, stdout=out, cwd=folder, env=environment) as program,  # noqa: S603  # our own
        ):
            try:
                while not (lines := log.read_bytes().splitlines()):
                    time.sleep(0.1)
                print(f"load {os.getloadavg()[0]:.1f}, {WORKERS} processes, {seconds:g} s each\n")
                address = f"http://127.0.0.1:{json.loads(lines[0])['port']}"
                asyncio.run(measured(address, psutil.Process(program.pid), seconds))
            finally:
                program.terminate()
        lines = log.read_bytes().splitlines()
        print(f"{sum(json.loads(line)['event'] == 'request' for line in lines)} orders in its log")


if __name__ == "__main__":
    main()
