"""The service, opened for a test, with what it logs."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

pytest.importorskip("starlette", reason="the service's packages are not installed")

from starlette.testclient import TestClient

from handout_builder.service.app import application
from handout_builder.service.settings import Settings

SHEET = {"visit": {"points": ["BL23"]}}


@dataclass
class Opened:
    """The service and a program that orders."""

    client: TestClient
    stream: io.StringIO

    @property
    def log(self) -> str:
        """All that was logged."""
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, object]]:
        """The lines of the log about requests."""
        return [line for line in map(json.loads, self.log.splitlines()) if line["event"] == "request"]


@contextlib.contextmanager
def logged() -> Iterator[io.StringIO]:
    """Give what is logged inside, and leave this process's loggers as they were."""
    root, raised = logging.getLogger(), logging.raiseExceptions
    handlers, stream = root.handlers, io.StringIO()
    try:
        yield stream
    finally:
        root.handlers, logging.raiseExceptions = handlers, raised


@contextlib.contextmanager
def opened(settings: Settings, make: Callable[[], object]) -> Iterator[Opened]:
    """Open the service with what makes files."""
    with logged() as stream:
        app = application(settings, make)
        [handler] = logging.getLogger().handlers
        handler.setStream(stream)
        with TestClient(app, base_url="http://127.0.0.1:8791", raise_server_exceptions=True) as client:
            yield Opened(client, stream)
