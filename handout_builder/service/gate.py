"""The gate before every request: who may come in, with how much; the log; and what is said where something breaks."""

import hmac
import logging
import secrets
import time
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handout_builder.asgi import bounded, is_too_long, too_long, with_headers
from handout_builder.errors import place_of
from handout_builder.service import log
from handout_builder.service.messages import Finding
from handout_builder.service.problems import RefusedError
from handout_builder.service.settings import Settings

OPEN = ("/health", "/ready", "/openapi.json")
"""Paths that tell nothing: any name and no token will do, so that probes need none."""
PATHS = (*OPEN, "/handouts", "/sheets")
"""All paths; others are not logged, as they may hold anything."""
FACTS = "handout_builder.facts"
"""Where in a request's scope stands what is to be logged of it."""
REQUEST_ID = "x-request-id"
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# What is logged of a request whose client is gone, as nginx does.
_GONE = 499


class GoneError(Exception):
    """Nobody waits for the answer any longer."""


class Gate:
    """Lets requests through to the application, or answers them itself; writes a line of the log for each."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        """Stand before an application."""
        self._app, self._settings = app, settings
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # there are no web sockets
        begun, ident = time.monotonic(), secrets.token_hex(8)
        facts: dict[str, Any] = {"status": 0, "sent": 0}
        scope[FACTS] = facts

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts["status"] = message["status"]
            facts["sent"] += len(message.get("body", b""))
            await complete(message)

        complete = with_headers(send, {**_HEADERS, REQUEST_ID: ident})
        self._open += 1
        try:
            self._admit(scope)
            await self._app(scope, bounded(receive, self._settings.most_bytes), sent)
        except RefusedError as error:
            facts["codes"] = error.codes
            await error.answer()(scope, receive, sent)
        except HTTPException as error:  # of a request that is too long, of a path or a method that there is not
            facts["codes"] = [HTTPStatus(error.status_code).name.lower()]
            answer = RefusedError(error.status_code, error.detail, headers=error.headers)
            await answer.answer()(scope, receive, sent)
        except GoneError:
            facts["status"] = _GONE
        except Exception as error:  # a trace of it might hold what somebody sent
            at = place_of(error)
            log.tell("mistake", level=logging.ERROR, id=ident, error=type(error).__name__, at=at)
            if not facts["status"]:
                finding = Finding(code="mistake", message=f"this is a bug in the program: {type(error).__name__}")
                await RefusedError(500, "Something broke.", [finding]).answer()(scope, receive, sent)
        finally:
            self._open -= 1
            route = scope["path"] if scope["path"] in PATHS else "other"
            method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
            seconds = round(time.monotonic() - begun, 3)
            if route not in OPEN or facts["status"] >= HTTPStatus.BAD_REQUEST:  # probes come every few seconds
                log.tell("request", id=ident, method=method, route=route, seconds=seconds, **facts)

    def _admit(self, scope: Scope) -> None:
        """Raise RefusedError for a request that may not come in."""
        headers = Headers(scope=scope)
        if is_too_long(headers.get("content-length", "0"), self._settings.most_bytes):
            raise RefusedError(413, too_long(self._settings.most_bytes))
        if scope["path"] in OPEN:
            return
        if len(headers.getlist("host")) != 1 or not self._settings.knows(headers.get("host", "")):
            raise RefusedError(421, "The service is not called so: see HANDOUT_SERVICE_HOSTS.")
        if self._settings.token and not self._carries_token(headers):
            wanted = {"www-authenticate": 'Bearer realm="handouts"'}
            raise RefusedError(401, "This needs the header Authorization: Bearer and the token.", headers=wanted)
        if self._open > self._settings.connections:
            raise RefusedError(429, "Too many requests are open.", headers={"retry-after": "1"})

    def _carries_token(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), self._settings.token.encode())
        return scheme.lower() == "bearer" and right
