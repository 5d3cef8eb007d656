"""Who is let in, and what is answered where there is no file: each door, tried from outside."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from helpers.processes import HANGS
from openapi_spec_validator import validate

from handout_builder.errors import HandoutError, Problem
from handout_builder.service import app as service_app
from handout_builder.service.pointers import Pointers, TooManyError
from handout_builder.service.settings import Settings

from .conftest import SHEET, Opened, opened
from .fakes import fake

TOKEN = "a-token-of-some-length"
CANARY = "Canaryosei"


@pytest.fixture(scope="module")
def service() -> Iterator[Opened]:
    """The service, in front of what makes no files."""
    settings = Settings(token=TOKEN, hosts=frozenset(("127.0.0.1", "print.example")), workers=1, seconds=1)
    with opened(settings, fake) as found:
        found.client.headers["authorization"] = f"Bearer {TOKEN}"
        yield found


def test_a_file_comes_with_what_browsers_and_proxies_are_to_keep_to(service: Opened) -> None:
    answer = service.client.post("/sheets", json={"visit": {"note": "héllo"}})
    assert (answer.status_code, answer.content) == (200, "héllo".encode())
    told = answer.headers
    assert told["cache-control"] == "no-store"
    assert told["x-content-type-options"] == "nosniff"
    assert told["content-disposition"].startswith('attachment; filename="note.pdf"')
    assert service.lines[-1]["id"] == told["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [{"authorization": ""}, {"authorization": "Bearer "}, {"authorization": f"Basic {TOKEN}"},
     {"authorization": f"Bearer {TOKEN}x"}, {"authorization": "Bearer é".encode()}],
)  # fmt: skip
def test_nothing_is_made_without_the_token(service: Opened, headers: dict[str, str]) -> None:
    for method, path in (("POST", "/sheets"), ("GET", "/handouts"), ("GET", "/nowhere")):
        answer = service.client.request(method, path, headers=headers)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:x", "[::1]"])
def test_names_that_are_made_to_lead_here_are_refused(service: Opened, host: str) -> None:
    assert service.client.post("/sheets", json=SHEET, headers={"host": host}).status_code == 421


def test_the_service_is_called_by_its_names_with_or_without_a_port(service: Opened) -> None:
    for host in ("127.0.0.1", "127.0.0.1:1", "Print.Example", "print.example:443"):
        assert service.client.get("/nowhere", headers={"host": host}).status_code == 404


def test_probes_need_neither_name_nor_token_and_leave_no_line(service: Opened) -> None:
    while service.client.get("/ready").status_code != 200:  # it is starting
        pass
    before = len(service.lines)
    for path in ("/health", "/ready", "/openapi.json"):
        assert service.client.get(path, headers={"host": "10.0.0.7", "authorization": ""}).status_code == 200
    assert len(service.lines) == before


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        (b"", 400, "json", ""),
        (b"[]", 400, "json", ""),
        (b'{"visit": NaN}', 400, "json", ""),
        (b'{"visit": {"note": "\xff"}}', 400, "json", ""),
        (b'{"visit": ' + b"[" * 70 + b"]" * 70 + b"}", 400, "json", ""),
        (b'{"visit": ' + b"[" * 100_000, 400, "json", ""),
        (b'{"visit": 1' + b"0" * 5000 + b"}", 400, "json", ""),
        (b'{"brand": "a", "brand": "b"}', 400, "duplicate-key", ""),
        (b'{"visit": {"dose": {"seconds": 3, "seconds": 30}}}', 400, "duplicate-key", ""),
        (b'{"visit": []}', 422, "value", "#/visit"),
        (f'{{"{CANARY}": 1}}'.encode(), 422, "unknown-key", "#"),
        (f'{{"paper": "{CANARY}"}}'.encode(), 422, "value", "#/paper"),
        (b'{"large_print": "yes"}', 422, "value", "#/large_print"),
        (b'{"pages": 13}', 422, "value", "#/pages"),
    ],
)
def test_what_is_no_order_is_told_by_its_place_and_without_a_word_of_it(
    service: Opened, body: bytes, status: int, code: str, pointer: str
) -> None:
    answer = service.client.post("/sheets", content=body, headers={"content-type": "application/json"})
    told = answer.json()
    assert (answer.status_code, told["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(one["code"], one["pointer"]) for one in told["problems"]] == [(code, pointer)]
    assert CANARY not in answer.text
    assert service.lines[-1]["codes"] == [code]


def test_other_kinds_of_bodies_and_longer_ones_are_refused(service: Opened) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"):
        assert service.client.post("/sheets", content=b"{}", headers={"content-type": kind}).status_code == 415
    json_ = {"content-type": "application/json"}
    assert service.client.post("/sheets", content=b"{}", headers={**json_, "content-encoding": "br"}).status_code == 415
    assert service.client.post("/sheets", content=b" " * 1_000_001, headers=json_).status_code == 413
    pieces = (b" " * 100_000 for _ in range(11))  # which nobody tells the length of
    assert service.client.post("/sheets", content=pieces, headers=json_).status_code == 413
    wrong = {**json_, "content-length": "9" * 5000}
    assert service.client.post("/sheets", content=b"{}", headers=wrong).status_code == 413


def test_paths_and_methods_that_there_are_not_are_told_and_not_logged(service: Opened) -> None:
    answer = service.client.get(f"/{CANARY}?{CANARY}")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
    answer = service.client.delete("/handouts")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["allow"].split(", "))
    assert CANARY not in service.log


def test_a_process_that_ends_costs_its_own_order_and_another_takes_its_place(service: Opened) -> None:
    answer = service.client.post("/sheets", json={"visit": {"note": "die"}})
    assert answer.status_code == 500
    assert [one["code"] for one in answer.json()["problems"]] == ["worker"]
    assert service.client.post("/sheets", json={"visit": {"note": "a"}}).content == b"a"


def test_what_takes_too_long_is_ended(service: Opened) -> None:
    answer = service.client.post("/sheets", json={"visit": {"note": "spin"}})
    assert [one["code"] for one in answer.json()["problems"]] == ["limit"]
    begun = time.monotonic()
    while service.client.get("/ready").status_code != 200:
        assert time.monotonic() - begun < HANGS


def test_the_description_is_openapi_and_names_each_address(service: Opened) -> None:
    told = service.client.get("/openapi.json").json()
    validate(told)
    routes = {route.path: set(route.methods or ()) - {"HEAD"} for route in service.client.app.routes}
    assert {path: {method.upper() for method in known} for path, known in told["paths"].items()} == routes
    assert told["components"]["schemas"]["SheetOrder"]["properties"]["visit"]["$ref"].endswith("/Visit")


def test_every_line_of_the_log_is_json_and_has_no_word_of_a_request(service: Opened) -> None:
    service.client.post("/sheets", json={"visit": {"note": CANARY}}, headers={"user-agent": CANARY, "referer": CANARY})
    for line in service.log.splitlines():
        assert {"time", "level", "event"} <= json.loads(line).keys()
    assert CANARY not in service.log
    assert TOKEN not in service.log


def test_a_mistake_of_the_server_is_told_by_its_place_and_no_word(
    service: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(service.client.app.state.workers, "order", breaks)  # type: ignore[attr-defined]
    answer = service.client.post("/sheets", json=SHEET)
    assert answer.status_code == 500
    assert [one["code"] for one in answer.json()["problems"]] == ["mistake"]
    assert CANARY not in answer.text
    told = json.loads(service.log.splitlines()[-2])
    assert (told["event"], told["level"], told["error"]) == ("mistake", "error", "ValueError")
    assert CANARY not in service.log


def test_what_a_library_says_is_logged_without_its_words(service: Opened) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("h11").exception("it was %s", CANARY)
    told = json.loads(service.log.splitlines()[-1])
    assert (told["event"], told["logger"], told["error"]) == ("library", "h11", "ValueError")
    assert CANARY not in service.log


def test_a_folder_that_cannot_be_read_is_told(service: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise HandoutError([Problem("unreadable", "it cannot be read", Path("/srv/a/source"))])

    monkeypatch.setattr(service_app, "source_folder", refuse)
    answer = service.client.get("/handouts")
    assert answer.status_code == 409
    assert [(one["code"], one["source"]) for one in answer.json()["problems"]] == [("unreadable", "source")]


def test_a_service_whose_process_does_not_answer_is_not_ready(service: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent() -> bool:
        return False

    monkeypatch.setattr(service.client.app.state.workers, "ready", silent)  # type: ignore[attr-defined]
    assert service.client.get("/ready").status_code == 503


def test_more_requests_than_may_be_open_are_refused() -> None:
    with opened(Settings(connections=0, workers=1), fake) as found:
        answer = found.client.post("/sheets", json=SHEET)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        assert found.client.get("/health").status_code == 200


def test_a_service_that_is_closed_at_once_leaves_no_process() -> None:
    before = psutil.Process().children()
    with opened(Settings(workers=1), fake):
        pass
    assert psutil.Process().children() == before


def test_a_place_in_a_request_ends_before_a_key_that_is_anybodys_word() -> None:
    pointers = Pointers({"points": ["BL23", {"code": "ST36", CANARY: [1]}]}, "#/visit")
    lines = pointers.lines
    assert pointers.pointer(lines["points", 1, "code"]) == "#/visit/points/1/code"
    assert pointers.pointer(lines["points", 1, CANARY, 0]) == "#/visit/points/1"
    assert pointers.pointer(max(lines.values()) + 1) == "#/visit"


@pytest.mark.parametrize("visit", [{"points": [0] * 3_001}, {"note": json.loads("[" * 30 + "]" * 30)}])
def test_a_visit_of_more_values_than_any_has_is_refused(visit: dict[str, object]) -> None:
    with pytest.raises(TooManyError):
        Pointers(visit, "#/visit")
