"""More orders than can be made: each is answered, and those after it are answered right."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

import httpx2
import pytest
import uvicorn

from handout_builder.asgi import LOOPBACK, listening
from handout_builder.service.app import application
from handout_builder.service.server import configuration
from handout_builder.service.settings import Settings

from .conftest import logged
from .fakes import fake

WORKERS, WAITING = 1, 3


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[tuple[str, uvicorn.Server]]:
    """Run the service at a port of its own, and stop it gently."""
    with logged() as stream:
        app = application(settings, fake)
        [handler] = logging.getLogger().handlers
        handler.setStream(stream)
        listener = listening(LOOPBACK, [0], "test")
        server = uvicorn.Server(configuration(app, settings))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        try:
            while httpx2.get(f"{address}/ready").status_code != 200:
                time.sleep(0.05)
            yield address, server
        finally:
            server.should_exit = True
            thread.join(20)
            listener.close()
        assert not thread.is_alive()
        assert all(json.loads(line)["level"] == "info" for line in stream.getvalue().splitlines())


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[str, uvicorn.Server]]:
    """The service on loopback, in front of what makes no files."""
    with running(Settings(workers=WORKERS, waiting=WAITING)) as found:
        yield found


async def ordered(client: httpx2.AsyncClient, note: str) -> httpx2.Response:
    """Order a sheet with a note."""
    return await client.post("/sheets", json={"visit": {"note": note}})


def test_four_times_as_much_as_can_be_made_is_answered_to_the_last(service: tuple[str, uvicorn.Server]) -> None:
    async def load() -> list[tuple[str, httpx2.Response]]:
        async with httpx2.AsyncClient(base_url=service[0], timeout=30) as client:
            notes = [f"sleep 0.03 {number}" for number in range(8 * (WORKERS + WAITING))]

            async def one(note: str, after: float) -> tuple[str, httpx2.Response]:
                await asyncio.sleep(after)
                return note, await ordered(client, note)

            return await asyncio.gather(*(one(note, number * 0.0075) for number, note in enumerate(notes)))

    answers = asyncio.run(load())
    counted = Counter(answer.status_code for _, answer in answers)
    assert counted.keys() == {200, 429}
    assert all(answer.text == note for note, answer in answers if answer.status_code == 200)
    assert all(1 <= int(a.headers["retry-after"]) <= 60 for _, a in answers if a.status_code == 429)
    assert httpx2.post(f"{service[0]}/sheets", json={"visit": {"note": "after"}}).text == "after"


def test_who_is_gone_leaves_the_line(service: tuple[str, uvicorn.Server]) -> None:
    async def leave() -> list[int]:
        async with httpx2.AsyncClient(base_url=service[0], timeout=30) as client:
            working = asyncio.create_task(ordered(client, "sleep 0.6"))
            await asyncio.sleep(0.1)
            impatient = [asyncio.create_task(ordered(client, f"gone {number}")) for number in range(WAITING)]
            await asyncio.sleep(0.1)
            assert (await ordered(client, "one too many")).status_code == 429
            for one in impatient:
                one.cancel()
            await asyncio.gather(*impatient, return_exceptions=True)
            await asyncio.sleep(0.1)
            later = await asyncio.gather(*(ordered(client, f"later {number}") for number in range(WAITING)))
            return [(await working).status_code, *(one.status_code for one in later)]

    assert asyncio.run(leave()) == [200] * (1 + WAITING)


def test_what_was_begun_is_finished_when_the_service_is_stopped() -> None:
    async def stop() -> list[httpx2.Response]:
        with running(Settings(workers=1)) as (address, server):
            async with httpx2.AsyncClient(base_url=address, timeout=30) as client:
                notes = ["sleep 0.4", "waited"]
                waiting = [asyncio.create_task(ordered(client, note)) for note in notes]
                await asyncio.sleep(0.15)
                server.should_exit = True
                return await asyncio.gather(*waiting)

    answers = asyncio.run(stop())
    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "sleep 0.4"), (200, "waited")]


def trickle(slow: socket.socket) -> None:
    """Send a letter now and then, for five seconds."""
    for _ in range(50):
        slow.sendall(b"a")
        time.sleep(0.1)


def test_who_sends_half_a_request_is_not_waited_for_and_no_mistake_of_ours() -> None:
    head = b"POST /sheets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    with running(Settings(workers=1, reading=1)) as (address, _), socket.socket() as slow:
        port = int(address.rpartition(":")[2])
        with socket.create_connection((LOOPBACK, port)) as gone:
            gone.sendall(head + b"{")
        slow.connect((LOOPBACK, port))
        slow.sendall(b"POST /sheets HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        with pytest.raises(ConnectionError):
            trickle(slow)
        with socket.create_connection((LOOPBACK, port)) as answered:
            answered.sendall(head.replace(b"/sheets", b"/nothing"))
            assert answered.recv(12) == b"HTTP/1.1 404"
            with pytest.raises(ConnectionError):
                trickle(answered)


def test_who_takes_no_answers_keeps_nobody_out() -> None:
    """More answers than a connection holds, which nobody needs a token for."""
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 600
    with running(Settings(workers=1, reading=1, connections=5)) as (address, _), contextlib.ExitStack() as held:
        for _ in range(6):
            slow = held.enter_context(socket.socket())
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect((LOOPBACK, int(address.rpartition(":")[2])))
            slow.sendall(asked)
        for wanted in (429, 200):
            until = time.monotonic() + 5
            while httpx2.post(f"{address}/sheets", json={"visit": {"note": "mine"}}).status_code != wanted:
                assert time.monotonic() < until, wanted
                time.sleep(0.05)
