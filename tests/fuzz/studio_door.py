"""The door of the studio: bytes as they come over the network, read by its server, answered by its pages."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import shutil
import time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from doors import MEMORY
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from handout_builder.studio.app import application
from handout_builder.studio.gate import Keys
from handout_builder.studio.jobs import Job, PageFacts, Rendered, SheetJob
from handout_builder.studio.project import Project
from handout_builder.studio.studio import Studio
from handout_builder.studio.workshop import Outcome, Telling, Workshop

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1:8790"
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
# Longer than any page takes to be made; a stream of events goes on until its reader has gone.
_SECONDS, _LOOK = 20.0, 0.001
_FOLDER = TemporaryDirectory(dir=MEMORY)
_TOP = Path(_FOLDER.name)
_RUNNER = asyncio.Runner()


class _Still(Workshop):
    """Renders nothing."""

    def open(self) -> None:
        """Start nothing."""

    def close(self) -> None:
        """End nothing."""

    def order(
        self,
        seat: str,
        job: Job | SheetJob,
        early: Telling = lambda _: None,  # noqa: ARG002
        *,
        idle: bool = False,  # noqa: ARG002
    ) -> Outcome:
        """Answer at once with one page of nothing."""
        assert seat
        assert job
        outcome = Outcome()
        outcome.set_result(Rendered((PageFacts("0" * 32, 595, 842, ("A heading",)),), {"pdf": b"%PDF-"}))
        return outcome


class _Wire(asyncio.Transport):
    """The other end of a connection."""

    def __init__(self) -> None:
        super().__init__({"sockname": ("127.0.0.1", 8790), "peername": ("127.0.0.1", 50000)})
        self.sent = b""
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        """Go on: all has come already."""

    def resume_reading(self) -> None:
        """Go on."""


def answer(data: bytes) -> None:
    """Fail where a request is not answered, or by a bug in the program.

    ``@COOKIE@`` and ``@FORM@`` in it stand for what lets a browser in, and for what our forms carry. One studio answers
    all requests, on a project that they may change.
    """
    told = io.StringIO()
    with contextlib.chdir(_TOP), contextlib.redirect_stderr(told):
        _RUNNER.run(_answered(data))
    assert "a bug in the program" not in told.getvalue(), told.getvalue()


@cache
def _studio() -> Studio:
    shutil.copytree(ROOT / "tests" / "samples" / "handouts" / "short", _TOP / "source" / "short")
    shutil.copytree(ROOT / "source" / "brands" / "harbour-lane", _TOP / "source" / "brands" / "harbour-lane")
    return Studio(Project(), Keys(b"s" * 32), _Still())


@cache
def _config() -> uvicorn.Config:
    """Return the server, ready to answer: made once, as for a studio that runs."""
    app = application(_studio(), frozenset((HOST,)))
    config = uvicorn.Config(app, log_level="critical", access_log=False, http="h11", ws="none")
    config.load()
    return config


async def _answered(data: bytes) -> None:
    studio = _studio()
    known = {b"@COOKIE@": f"{studio.cookie}={studio.keys.session}", b"@FORM@": studio.keys.csrf}
    for mark, word in known.items():
        data = data.replace(mark, word.encode())
    state, wire = ServerState(), _Wire()
    protocol = H11Protocol(_config(), state, {})
    protocol.connection_made(wire)
    if data:  # what is not sent is not received
        protocol.data_received(data)
    until = time.monotonic() + _SECONDS
    while state.tasks and time.monotonic() < until:
        await asyncio.wait([*state.tasks], timeout=_LOOK)
        waits = protocol.cycle and protocol.cycle.more_body and protocol.cycle.message_event
        if b"text/event-stream" in wire.sent or (waits and not waits.is_set()):
            break  # a stream goes on until its reader has gone; the rest of a request will not come
    protocol.connection_lost(None)
    if state.tasks:
        await asyncio.wait([*state.tasks], timeout=_SECONDS)
    assert not state.tasks, "a request is not answered"
    codes = [int(code) for code in _STATUS.findall(wire.sent)]
    assert not [code for code in codes if code >= 500], wire.sent[:2000]
