"""Who is let in: each door, tried from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Route

from handout_builder.studio import words

from .conftest import HOST, Opened, opened

OWN = {"origin": f"http://{HOST}"}


def test_a_browser_that_was_let_in_sees_the_pages(still: Opened) -> None:
    answer = still.client.get("/")
    assert answer.status_code == 200
    assert "A short handout" in answer.text or "short" in answer.text


def test_nobody_comes_in_without_the_cookie(still: Opened) -> None:
    still.client.cookies.clear()
    for path in ("/", "/sheet", "/write/short/en", "/events", "/file/pdf", f"/page/{'0' * 32}/800.png"):
        assert still.client.get(path).status_code == 403, path
    still.client.cookies.set(still.studio.cookie, "0" * 64)
    assert still.client.get("/").status_code == 403


def test_the_word_in_the_address_is_exchanged_for_a_cookie_that_other_pages_cannot_send(still: Opened) -> None:
    still.client.cookies.clear()
    answer = still.client.get("/write", params={"token": still.studio.keys.link, "a": "b"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/write?a=b")
    cookie = answer.headers["set-cookie"]
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie
    assert still.studio.keys.link not in answer.headers["location"]
    assert still.client.get("/").status_code == 200


def test_another_word_opens_nothing(still: Opened) -> None:
    still.client.cookies.clear()
    for word in ("", "x", "é", still.studio.keys.link[:-1]):
        assert still.client.get("/", params={"token": word}).status_code == 403


def test_a_path_with_two_strokes_leads_to_no_other_machine(still: Opened) -> None:
    answer = still.client.get("http://127.0.0.1:8790//evil.example/", params={"token": still.studio.keys.link})
    assert answer.headers["location"].startswith("/evil.example")


def test_a_path_with_the_end_of_a_line_adds_no_header(still: Opened) -> None:
    answer = still.client.get("/%0d%0aSet-Cookie:%20a=b", params={"token": still.studio.keys.link})
    assert answer.headers["location"] == "/%0D%0ASet-Cookie%3A%20a%3Db"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8790", "127.0.0.1", "localhost:9999", ""])
def test_names_that_are_made_to_lead_here_are_refused(still: Opened, host: str) -> None:
    assert still.client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("lang", words.languages())
def test_what_is_refused_is_told_in_the_language_of_who_asks(still: Opened, lang: str) -> None:
    said, asks = words.words(lang), {"accept-language": lang}
    still.client.cookies.clear()
    visited = still.client.get("/", headers=asks)
    assert (visited.text.strip(), visited.headers["content-language"]) == (said("refused_visitor"), lang)
    still.client.cookies.set(words.COOKIE, lang)  # chosen, whatever the browser accepts
    for key, more in {"refused_name": {"host": "evil.example"}, "refused_page": {"origin": "null"}}.items():
        assert still.client.get("/", headers=more).text.strip() == said(key)
    assert still.client.get("/?token=x").text.strip() == said("refused_link")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:8790", "http://127.0.0.1:1"])
def test_requests_of_other_pages_are_refused(still: Opened, origin: str) -> None:
    headers = {"origin": origin}
    assert still.client.get("/", headers=headers).status_code == 403
    answer = still.client.post("/sheet", data={"csrf": still.studio.keys.csrf}, headers=headers)
    assert answer.status_code == 403


def test_a_write_whose_origin_nobody_knows_is_refused(still: Opened) -> None:
    assert still.client.post("/sheet", data={"csrf": still.studio.keys.csrf}).status_code == 403


def test_what_other_sites_load_is_refused_but_a_link_to_us_is_not(still: Opened) -> None:
    loaded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert still.client.get("/", headers=loaded).status_code == 403
    assert still.client.get("/", headers=followed).status_code == 200


def test_every_write_wants_the_token_of_its_form(still: Opened) -> None:
    routes = [r for r in still.client.app.routes if isinstance(r, Route) and "POST" in (r.methods or ())]
    assert len(routes) >= 12
    for route in routes:
        path = route.path.format(handout="short", lang="en", brand="harbour-lane", kind="logo")
        if path == "/enter":
            continue  # who asks for the password has no token yet
        for csrf in ("", "0" * 64, "é"):
            answer = still.client.post(path, data={"csrf": csrf}, headers=OWN)
            assert answer.status_code == 403, path


def test_nothing_is_written_where_the_token_is_missing(still: Opened) -> None:
    before = still.text.read_bytes()
    still.client.post("/write/short/en/do", data={"do": "save"}, headers=OWN)
    assert still.text.read_bytes() == before


def test_too_much_is_refused_by_its_length_and_by_its_bytes(still: Opened) -> None:
    big = b"x" * 13_000_000
    still.client.cookies.set("studio-language", "ja")
    told = still.client.post("/sheet", content=big, headers=OWN)
    assert told.status_code == 413
    assert "このファイルは 12 MB を超えています。" in told.text
    assert 'href="/"' in told.text

    def pieces() -> object:
        for _ in range(13):
            yield b"x" * 1_000_000

    headers = OWN | {"content-type": "application/x-www-form-urlencoded"}
    assert still.client.post("/sheet", content=pieces(), headers=headers).status_code == 413
    still.client.cookies.clear()
    assert still.client.post("/sheet", content=big, headers=OWN).status_code == 413  # of somebody unknown


def test_browsers_are_told_what_they_may_load(still: Opened) -> None:
    for path in ("/", "/nowhere", "/static/studio.js", "/help"):
        headers = still.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    assert still.client.get("/").headers["cache-control"] == "no-store"


def test_no_page_has_styles_or_scripts_that_the_policy_forbids(still: Opened) -> None:
    for path in (
        "/",
        "/sheet",
        "/write",
        "/write/short/en?open=/sections/0/blocks/0",
        "/brand/harbour-lane",
        "/points",
    ):
        text = still.client.get(path).text
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path
        assert "http://" not in text.replace("http://www.w3.org/", ""), path


@pytest.mark.parametrize(
    "path",
    [
        "/static/../words/en.yaml",
        "/static/words/en.yaml",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/static/vendor/../frame.html",
        "/write/../en",
        "/write/%2e%2e%2f%2e%2e/en",
        "/write/short/..%2f..%2fsecret",
        "/write/brands/en",
        "/brand/%2e%2e",
        "/brand/%2e%2e%2fshort",
        "/points/picture/..%2f..%2fx.svg",
        "/points/body/..%2fx.svg",
        "/page/..%2f..%2fetc/800.png",
        "/page/" + "0" * 32 + "/801.png",
    ],
)  # fmt: skip
def test_no_address_leads_to_other_files(still: Opened, path: str) -> None:
    assert still.client.get(path).status_code == 404


def test_a_choice_that_there_is_not_gives_no_file(still: Opened) -> None:
    query = {"handout": "../short", "lang": "en", "brand": "none", "edition": "a4"}
    assert still.client.get("/file/pdf", params=query).status_code == 404
    assert still.client.get("/file/exe", params=query | {"handout": "short"}).status_code == 404


def test_a_network_needs_the_password(project: Path) -> None:
    found = opened(project, password="correct horse battery")
    with found.client as client:
        client.cookies.clear()
        assert client.get("/").headers["location"] == "/enter"
        assert client.get("/", params={"token": found.studio.keys.link}).status_code == 403
        assert client.post("/sheet", headers=OWN).status_code == 403
        found.studio.keys.wait = lambda: 0.0  # type: ignore[method-assign]
        assert client.post("/enter", data={"password": "wrong"}, headers=OWN).status_code == 403
        assert client.get("/").status_code == 303
        answer = client.post("/enter", data={"password": "correct horse battery"}, headers=OWN)
        assert answer.status_code == 303
        assert "SameSite=strict" in answer.headers["set-cookie"]
        assert client.get("/").status_code == 200


def test_wrong_passwords_wait_for_each_other(project: Path) -> None:
    keys = opened(project, password="correct horse battery").studio.keys
    first, second = keys.wait(), keys.wait()
    assert 0.5 < first < second


def test_another_password_ends_sessions(project: Path) -> None:
    one, other = (opened(project, password=word).studio.keys for word in ("correct horse", "battery staple"))
    assert one.session != other.session
    assert not one.opens("")
    assert not opened(project).studio.keys.opens("")


def test_a_new_start_knows_the_pages_of_the_last_one(project: Path) -> None:
    one, other = opened(project).studio.keys, opened(project).studio.keys
    assert one.session == other.session
    assert one.link != other.link
    key = project / ".handout-studio" / "key"
    assert key.stat().st_mode & 0o077 == 0
    assert (project / ".handout-studio" / ".gitignore").read_text() == "*\n"


def test_mistakes_are_told_without_what_was_typed(still: Opened, capfd: pytest.CaptureFixture[str]) -> None:
    async def broken(*_: object) -> None:
        raise ValueError("Canary McPatient")

    still.studio.atlas.lookup = broken  # type: ignore[method-assign]
    answer = still.post("/sheet", name="Canary McPatient")
    assert answer.status_code == 500
    said = capfd.readouterr()
    assert "ValueError" in said.err
    assert "Canary" not in said.out + said.err + answer.text


@pytest.mark.parametrize(("lang", "kept"), [("ja", "ja"), ("tlh", None)])
def test_a_language_of_the_interface_is_kept(still: Opened, lang: str, kept: str | None) -> None:
    still.post("/language", lang=lang)
    assert still.client.cookies.get("studio-language") == kept


def test_nobody_is_asked_for_a_password_that_there_is_not(still: Opened) -> None:
    assert still.client.get("/enter").status_code == 404
