"""The server: it listens on this machine if not told otherwise, and finishes what was begun when it is stopped."""

import asyncio
from pathlib import Path

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from handout_builder.asgi import LOOPBACK, listening
from handout_builder.errors import HandoutError, Problem
from handout_builder.service import log
from handout_builder.service.app import application
from handout_builder.service.settings import TOKEN, Settings, from_environment

_OWN = (LOOPBACK, "::1")
# A connection without a request is closed after so many seconds: what stands before the service keeps its own longer.
_IDLE = 65


def _in_time(seconds: float) -> type[H11Protocol]:
    """Return the protocol of connections that are closed where the other side takes longer.

    With the head of a request, with a body that was answered without being read, and with taking what waits of an
    answer. Who sends or takes a letter a minute, on many connections, would keep others out: uvicorn waits for ever.
    """

    class InTime(H11Protocol):
        _late: asyncio.TimerHandle | None = None
        _untaken: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._late = self.loop.call_later(seconds, transport.close)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE and self.conn.our_state is not h11.DONE:  # its head is there
                self._stop_clock()
            elif self._late is None:
                self._late = self.loop.call_later(seconds, self.transport.close)

        def pause_writing(self) -> None:
            super().pause_writing()
            self._untaken = self.loop.call_later(seconds, self.transport.abort)

        def resume_writing(self) -> None:
            if self._untaken is not None:
                self._untaken.cancel()
            super().resume_writing()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_clock()
            self.resume_writing()
            super().connection_lost(exc)

        def _stop_clock(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return InTime


def serve(*, host: str = "", port: int) -> None:
    """Run the service until it is stopped; raises HandoutError where it cannot begin.

    Other machines reach it at another ``host`` alone, which needs a token in the environment. Port 0 is any.
    """
    settings = from_environment()
    host = host or LOOPBACK
    if host not in _OWN and not settings.token:
        message = f"whoever reaches {host} could order files, so that the service needs a token there"
        hint = f"set {TOKEN} in the environment; it is asked for as Authorization: Bearer"
        raise HandoutError([Problem("host", message, Path("service"), hint=hint)])
    listener = listening(host, [port], "service")
    app = application(settings)
    log.tell("listening", host=host, port=listener.getsockname()[1])
    uvicorn.Server(configuration(app, settings)).run([listener])


def configuration(app: Starlette, settings: Settings) -> uvicorn.Config:
    """Return how the server treats those who come."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # it would have addresses
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=settings.stopping,
        limit_concurrency=4 * settings.connections,
        http=_in_time(settings.reading),
        ws="none",
        lifespan="on",
    )
