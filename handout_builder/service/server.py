"""The server: it listens on this machine if not told otherwise, and finishes what was begun when it is stopped."""

from pathlib import Path

import uvicorn

from handout_builder.asgi import LOOPBACK, listening
from handout_builder.errors import HandoutError, Problem
from handout_builder.service import log
from handout_builder.service.app import application
from handout_builder.service.settings import TOKEN, from_environment

_OWN = (LOOPBACK, "::1")
# A connection without a request is closed after so many seconds: what stands before the service keeps its own longer.
_IDLE = 65


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
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # it would have addresses
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=settings.stopping,
        limit_concurrency=4 * settings.connections,
        http="h11",
        ws="none",
        lifespan="on",
    )
    uvicorn.Server(config).run([listener])
