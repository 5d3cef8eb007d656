"""How the studio begins: at which addresses, and with which password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import uvicorn

from handout_builder.errors import HandoutError
from handout_builder.studio.project import Project
from handout_builder.studio.server import PASSWORD, serve

from .conftest import StillWorkshop

if TYPE_CHECKING:
    from pathlib import Path


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
