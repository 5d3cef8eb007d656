"""The gate before every page: who may come in, from which address, with how much; and what browsers may do with it.

Other web pages that the same browser shows may send requests here. What keeps them out: the Host header (names that
are made to lead to this machine, DNS rebinding), the Origin header, a cookie that is sent with our own pages alone,
and a token in each form.
"""

import hashlib
import hmac
import secrets
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData, Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handout_builder.asgi import bounded, is_too_long, with_headers
from handout_builder.errors import place_of
from handout_builder.studio import words

MOST_BYTES = 12_000_000
"""The most that a request may carry: a logo, a document to import."""
_MOST_PASSED_OVER = 1_000_000_000
_MOST_FIELDS = 4000
_SAFE = ("GET", "HEAD")
_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",  # a PDF is printed from a frame of ours
        "base-uri 'none'",
    )
)
_HEADERS = {
    "cache-control": "no-store",  # nothing is kept that does not say so
    "content-security-policy": _CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Not no-referrer: a form would then be sent with the origin "null".
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
}
# Wrong passwords are answered this much later, one after another.
_WAIT = 1.0


@dataclass
class Keys:
    """What opens the studio."""

    secret: bytes
    """From run to run the same, so that open pages go on after the program was started again."""
    password: str = ""
    """Asked for where others on the network may come in."""
    link: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Stands in the address that the program prints, in this run."""

    _next_try: float = 0.0

    @property
    def session(self) -> str:
        """What the cookie holds; another password ends all sessions."""
        return self._made("session", self.password)

    @property
    def csrf(self) -> str:
        """What every form carries."""
        return self._made("form", self.password)

    def opens(self, word: str) -> bool:
        """Tell whether a word is the password, in a time that does not tell how much of it is right."""
        digests = (hmac.digest(self.secret, text.encode(), "sha256") for text in (word, self.password))
        return bool(self.password) and hmac.compare_digest(*digests)

    def wait(self) -> float:
        """Return how many seconds the answer to a wrong password has to wait, longer with each that waits."""
        now = time.monotonic()
        self._next_try = max(now, self._next_try) + _WAIT
        return self._next_try - now

    def _made(self, *words: str) -> str:
        return hmac.new(self.secret, "\0".join(words).encode(), hashlib.sha256).hexdigest()


class Gate:
    """Lets requests through to the application, or answers them itself."""

    def __init__(self, app: ASGIApp, *, keys: Keys, hosts: frozenset[str], cookie: str) -> None:
        """Stand before an application; ``hosts`` are the names with ports by which it may be called."""
        self._app, self._keys, self._hosts, self._cookie = app, keys, hosts, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # there are no web sockets
        headers = Headers(scope=scope)
        if refused := self._refused(scope, headers):
            await _refuse(scope, send, *refused)
            return
        query = QueryParams(scope["query_string"])
        if (word := query.get("token")) is not None and scope["method"] == "GET":
            await self._exchange(word, query, scope, send)
            return
        scope["studio_keys"] = self._keys
        forms: list[FormData] = []
        scope["studio_forms"] = forms
        if not self._known(headers) and not (_public(scope["path"]) or self._may_enter(scope["path"])):
            if self._keys.password and scope["method"] == "GET":
                await _redirect(send, "/enter")
                return
            await _refuse(scope, send, 403, "refused_visitor")
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await complete(message)

        complete = with_headers(send, _HEADERS)
        try:
            await _pass_over(scope, receive)
            await self._app(scope, bounded(receive, MOST_BYTES), sent)
        except HTTPException as error:  # of a request that is too long
            await _answer(send, error.status_code, error.detail)
        except ClientDisconnect:
            pass  # whoever asked has gone in the middle of it
        except Exception as error:  # a log of it would hold what somebody typed
            told = f"a bug in the program: {type(error).__name__} at {place_of(error) or 'an unknown place'}"
            print(told, file=sys.stderr)
            if not begun:
                await _answer(send, 500, told)
        finally:
            for form in forms:  # files that came with them are kept open until then
                await form.close()

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return the answer to a request that no page of ours sends: its status, and the key of its words."""
        if headers.getlist("host") != [headers.get("host", "")] or headers.get("host", "").lower() not in self._hosts:
            return 421, "refused_name"
        origins = headers.getlist("origin")
        own = {f"http://{host}" for host in self._hosts}
        if any(origin.lower() not in own for origin in origins) or len(origins) > 1:
            return 403, "refused_page"
        if scope["method"] not in _SAFE and not origins and headers.get("sec-fetch-site") != "same-origin":
            return 403, "refused_page"
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate":
            return 403, "refused_page"
        too_large = is_too_long(headers.get("content-length", "0"), MOST_BYTES)
        if too_large and not (self._known(headers) and scope["path"] != "/enter"):
            return 413, "file_too_large"
        scope["studio_too_large"] = too_large  # a page of ours is told by a page
        return None

    def _known(self, headers: Headers) -> bool:
        given = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
        return any(n == self._cookie and hmac.compare_digest(v, self._keys.session) for n, _, v in given if v.isascii())

    def _may_enter(self, path: str) -> bool:
        return bool(self._keys.password) and path == "/enter"

    async def _exchange(self, word: str, query: QueryParams, scope: Scope, send: Send) -> None:
        """Exchange the word in the address for a cookie, and lead to the same address without it."""
        if self._keys.password or not word.isascii() or not hmac.compare_digest(word, self._keys.link):
            await _refuse(scope, send, 403, "refused_link")
            return
        rest = urlencode([(name, value) for name, value in query.multi_items() if name != "token"])
        # A path with two strokes would lead to another machine.
        path = quote(scope["path"].lstrip("/\\"))
        await _redirect(send, f"/{path}?{rest}" if rest else f"/{path}", self.cookie)

    @property
    def cookie(self) -> str:
        """The header that lets a browser in."""
        return f"{self._cookie}={self._keys.session}; Path=/; HttpOnly; SameSite=Strict"


async def _pass_over(scope: Scope, receive: Receive) -> None:
    """Pass over a body that is too large: a browser that is still sending it sees no answer."""
    left = _MOST_PASSED_OVER if scope["studio_too_large"] else 0
    while left > 0 and (message := await receive()).get("more_body"):
        left -= len(message.get("body", b""))


async def submitted(request: Request) -> FormData:
    """Return what a form of ours has sent; raises HTTPException where its token is missing or there is too much."""
    keys: Keys = request.scope["studio_keys"]
    if request.scope["studio_too_large"]:
        raise HTTPException(413, "file_too_large")
    form = await request.form(max_files=2, max_fields=_MOST_FIELDS, max_part_size=MOST_BYTES)
    request.scope["studio_forms"].append(form)
    given = request.headers.get("x-csrf") or form.get("csrf")
    if not isinstance(given, str) or not given.isascii() or not hmac.compare_digest(given, keys.csrf):
        raise HTTPException(403, "old_form")
    return form


def _public(path: str) -> bool:
    """Tell whether a path is of the program's own files, which are no secret."""
    return path.startswith("/static/")


async def _refuse(scope: Scope, send: Send, status: int, key: str) -> None:
    """Answer with words of the interface, in the language of who asks."""
    request = Request(scope)
    lang = words.chosen(request.cookies.get(words.COOKIE, ""), request.headers.get("accept-language", ""))
    await _answer(send, status, words.words(lang)(key), lang)


async def _answer(send: Send, status: int, text: str, lang: str = words.USUAL) -> None:
    head = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"connection", b"close"),
        (b"content-language", lang.encode()),
    ]
    send = with_headers(send, _HEADERS)
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})


async def _redirect(send: Send, to: str, cookie: str = "") -> None:
    head = [(b"location", to.encode())] + ([(b"set-cookie", cookie.encode())] if cookie else [])
    send = with_headers(send, _HEADERS)
    await send({"type": "http.response.start", "status": 303, "headers": head})
    await send({"type": "http.response.body", "body": b""})
