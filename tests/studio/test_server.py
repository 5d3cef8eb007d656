"""How the studio begins: at which addresses, and with which password."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import uvicorn

from handout_builder.cli.main import CANNOT, OK, PROBLEMS, main
from handout_builder.errors import HandoutError, Problem
from handout_builder.studio import server, workshop
from handout_builder.studio.jobs import Job
from handout_builder.studio.project import Project
from handout_builder.studio.server import PASSWORD, serve

from .conftest import NAME, StillWorkshop


@pytest.mark.parametrize(
    ("host", "password", "told"),
    [
        ("0.0.0.0", "correct horse battery", "is no address at which others reach this machine"),
        ("192.0.2.1", "", "needs a password of at least 10 characters"),
        ("192.0.2.1", "too short", "needs a password of at least 10 characters"),
        ("192.0.2.1", "correct horse battery", "cannot listen at 192.0.2.1"),
    ],
)
def test_a_network_needs_an_address_of_this_machine_and_a_good_password(
    project: Path, monkeypatch: pytest.MonkeyPatch, host: str, password: str, told: str
) -> None:
    assert project
    monkeypatch.setenv(PASSWORD, password)
    with pytest.raises(HandoutError, match=told):
        serve(print, Project(), StillWorkshop(), host=host, browser=False)


@pytest.mark.parametrize("host", ["", "127.0.0.1"])
def test_the_address_is_told_and_what_others_can_do(project: Path, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    assert project
    monkeypatch.setenv(PASSWORD, "correct horse battery")
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: [one.close() for one in sockets])
    told: list[str] = []
    serve(told.append, Project(), StillWorkshop(), host=host)
    (address,) = [line for line in told if line.startswith("the studio is at http://127.0.0.1:")]
    assert ("?token=" in address) == (not host)  # whoever comes from a network knows the password
    assert any("not encrypted" in line for line in told) == bool(host)


class NotedWorkshop(StillWorkshop):
    """Notes when it is opened and closed."""

    made: list[NotedWorkshop] = []  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.made.append(self)

    def open(self) -> None:
        """Start nothing."""
        self.said.append("opened")

    def close(self) -> None:
        """End nothing."""
        self.said.append("closed")


@pytest.mark.parametrize("error", [None, HandoutError([Problem("host", "cannot listen", Path("studio"))])])
def test_the_command_begins_with_the_pages_that_are_seen_first(
    project: Path, monkeypatch: pytest.MonkeyPatch, error: HandoutError | None
) -> None:
    def served(*given: object, **more: object) -> None:
        asked.append((given, more))
        if error:
            raise error

    asked: list[tuple[object, object]] = []
    monkeypatch.setattr(workshop, "Workshop", NotedWorkshop)
    monkeypatch.setattr(server, "serve", served)
    assert main(["studio", "--port", "8123", "--no-browser"]) == (PROBLEMS if error else OK)
    ((_, more),) = asked
    assert more == {"host": "", "port": 8123, "browser": False}
    made = NotedWorkshop.made.pop()
    assert made.said == ["opened", "closed"]
    (job,) = made.jobs
    assert isinstance(job, Job)
    assert job.order.text == Path("source") / NAME / "en.yaml"
    assert project


def test_what_the_commands_need_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "starlette", None)
    for word in ("studio", "service"):
        assert main([word]) in (PROBLEMS, CANNOT)
        assert f'pip install "handout-builder[{word}]"' in capsys.readouterr().err
