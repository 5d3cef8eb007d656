"""The studio's own pages: templates of ``layouts/studio/`` with the words of the interface."""

import gzip
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from handout_builder.errors import display_path
from handout_builder.render.environment import bytecode_cache
from handout_builder.resources import LAYOUTS
from handout_builder.studio import words
from handout_builder.studio.gate import MOST_BYTES, Keys
from handout_builder.studio.page_images import WIDTHS

FOLDER = LAYOUTS / "studio"
PLACES = ("print", "sheet", "brand", "write", "points")
"""The places of the studio, in the order of the bar."""
_WORTH_IT = 1400  # bytes: less is one packet anyway


def page(request: Request, template: str, place: str = "", status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page, or a part of one, in the language of who asks."""
    keys: Keys | None = request.scope.get("studio_keys")
    said = words.words(language(request))
    text = (
        _environment()
        .get_template(f"{template}.html")
        .render(
            say=said,
            place=place,
            places=PLACES,
            csrf=keys.csrf if keys else "",
            part=request.headers.get("hx-request") == "true",
            answer=request.method == "POST",
            asset=asset,
            **values,
        )
    )
    body, headers = _small(request, text)
    return HTMLResponse(body, status, headers)


def packed(request: Request, text: str, kind: str, kept: str) -> Response:
    """Return a text of a kind, which browsers may keep as the header Cache-Control says, small."""
    body, headers = _small(request, text)
    return Response(body, media_type=kind, headers=headers | {"cache-control": kept})


def _small(request: Request, text: str) -> tuple[bytes, dict[str, str]]:
    """Return a text as it is sent, with headers that say how."""
    body, headers = text.encode(), {"vary": "accept-encoding, hx-request"}
    if len(body) > _WORTH_IT and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, 1)
        headers["content-encoding"] = "gzip"
    return body, headers


def language(request: Request) -> str:
    """Return the language of the interface: the chosen one, else the one that the browser asks for."""
    return words.chosen(request.cookies.get(words.COOKIE, ""), request.headers.get("accept-language", ""))


@cache
def asset(name: str) -> str:
    """Return the address of a file of the program, which changes with its content."""
    return f"/static/{name}?v={hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=bytecode_cache("studio"),
    )
    environment.globals |= {"widths": WIDTHS, "most_bytes": MOST_BYTES, "language_names": words.NAMES}
    environment.filters["shown"] = display_path
    return environment


def file(request: Request, name: str, kind: str) -> Response:
    """Return a file of the program, small."""
    data, packed = _file(name)
    headers = {"cache-control": "private, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(packed, media_type=kind, headers=headers | {"content-encoding": "gzip"})
    return Response(data, media_type=kind, headers=headers)


@cache
def _file(name: str) -> tuple[bytes, bytes]:
    data = (FOLDER / name).read_bytes()
    return data, gzip.compress(data, 9, mtime=0)
