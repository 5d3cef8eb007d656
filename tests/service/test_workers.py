"""The line in front of processes, without any process: what is dropped, stopped, or not answered."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from handout_builder.asgi import LOOPBACK, listening
from handout_builder.builder.limits import NO_LIMITS
from handout_builder.errors import HandoutError
from handout_builder.service import workers as line
from handout_builder.service.app import application
from handout_builder.service.gate import Gate
from handout_builder.service.settings import Settings
from handout_builder.service.tasks import Made, Ping, Refused
from handout_builder.service.workers import BusyError, Workers

from .conftest import logged
from .fakes import fake

Message = dict[str, Any]


def workers() -> Workers:
    """One process that is never started, and room for two orders that wait for it."""
    return Workers(1, 2, NO_LIMITS, fake)


def test_orders_that_wait_when_the_service_is_stopped_are_left() -> None:
    own = workers()
    first, second, third = (own.order(Ping()) for _ in range(3))
    with pytest.raises(BusyError) as busy:
        own.order(Ping())
    assert busy.value.seconds == 2
    own.drop(second)
    own.drop(second)
    assert list(own._line) == [first, third]
    own._threads = []
    own.stop()
    assert all(one.outcome.cancelled() for one in (first, second, third))
    with pytest.raises(BusyError):
        own.order(Ping())


@pytest.mark.parametrize(
    ("answer", "ready"),
    [(None, False), (Refused(500, ()), False), (Made(b"", "", ""), True)],
    ids=["none", "no", "yes"],
)
def test_a_process_is_ready_when_it_has_answered(
    answer: Made | Refused | None, ready: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_ANSWER", 0.05)
    own = workers()

    async def ask() -> list[bool]:
        asked = asyncio.gather(own.ready(), own.ready())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        (ordered,) = own._line  # one question for all who ask
        if answer:
            own._line.clear()
            ordered.outcome.set_result(answer)
        return [*await asked, await own.ready()] if ready else await asked

    assert set(asyncio.run(ask())) == {ready}
    assert not own._line


def test_processes_that_are_all_at_work_have_answered() -> None:
    own = workers()
    own._warm, own._busy = 1, 1
    assert asyncio.run(own.ready())


def called(app: Callable[..., Any], scope: Message, *received: Message) -> list[Message]:
    """What an application sends."""
    sent: list[Message] = []
    waiting = list(received)

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


POST: Message = {
    "type": "http",
    "method": "POST",
    "path": "/sheets",
    "query_string": b"",
    "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
}


def test_there_are_no_web_sockets() -> None:
    with logged():
        assert called(application(Settings(), fake), {**POST, "type": "websocket"}) == []


def test_a_body_that_does_not_arrive_is_not_waited_for() -> None:
    with logged():
        sent = called(application(Settings(reading=0), fake), POST)
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["detail"] == "The request took too long to arrive."


def test_what_is_still_in_the_line_when_the_service_stops_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with logged():
        app = application(Settings(), fake)
        app.state.workers = own = workers()
        order = own.order

        def stopped(task: Any) -> Any:
            ordered = order(task)
            ordered.outcome.cancel()
            return ordered

        monkeypatch.setattr(own, "order", stopped)
        body = {"type": "http.request", "body": b"{}", "more_body": False}
        assert called(app, POST, body, body, {"type": "http.disconnect"})[0]["status"] == 503


def test_an_answer_that_was_begun_gets_no_second_beginning() -> None:
    async def breaks(_: Message, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    with logged():
        assert [one["type"] for one in called(Gate(breaks, settings=Settings()), POST)] == ["http.response.start"]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(HandoutError, match=f"service: host cannot listen at {LOOPBACK}: "):
            listening(LOOPBACK, [port], "service")
        with listening(LOOPBACK, [port, 0], "service") as found:
            assert found.getsockname()[1] not in (0, port)
