"""The server: it listens on this machine, says where, and ends with Ctrl-C."""

import os
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from handout_builder.asgi import LOOPBACK, listening
from handout_builder.errors import HandoutError, Problem
from handout_builder.studio.app import application
from handout_builder.studio.gate import Keys
from handout_builder.studio.project import Project
from handout_builder.studio.studio import Studio
from handout_builder.studio.workshop import Workshop

PORT = 8790
"""Where it listens, if nobody else does: open pages find it again after a new start."""
PASSWORD = "HANDOUT_STUDIO_PASSWORD"  # noqa: S105  # the name of a variable
_EVERYWHERE = ("0.0.0.0", "::", "*", "")  # noqa: S104  # refused
_SHORTEST = 10


def serve(
    say: Callable[[str], None],
    project: Project,
    workshop: Workshop,
    *,
    host: str = "",
    port: int = 0,
    browser: bool = True,
) -> None:
    """Run the studio until it is stopped; raises HandoutError where it cannot begin.

    ``workshop`` may have been opened already.
    ``host`` is the address of this machine on a network, whose users then need the password in the environment.
    """
    password = _password(host) if host else ""
    listener = listening(host or LOOPBACK, [port] if port else [PORT, 0], "studio")
    port = listener.getsockname()[1]
    keys = Keys(project.secret(), password)
    studio = Studio(project, keys, workshop, cookie=f"studio-{port}")
    names = {f"{host or LOOPBACK}:{port}"} | ({f"localhost:{port}"} if not host else set())
    app = application(studio, frozenset(name.lower() for name in names))
    address = f"http://{host or LOOPBACK}:{port}/" + ("" if password else f"?token={keys.link}")
    if password:
        say(f"everybody on the network {host} who knows the password can read and change handouts and brands here")
        say("what goes over the network is not encrypted: use it in a network that you trust, behind no public address")
    say(f"the studio is at {address}")
    say("stop it with Ctrl-C")

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if browser:
                webbrowser.open(address)

    # What is asked for is not logged: addresses tell what somebody prints.
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        http="h11",
        ws="none",
        lifespan="on",
    )
    Server(config).run([listener])


def _password(host: str) -> str:
    """Return the password for a network; raises HandoutError without a good one."""
    if host in _EVERYWHERE:
        message = f"'{host}' is no address at which others reach this machine"
        hint = "give the one that it has in your network, for example 192.168.1.20, so that no other name leads to it"
        raise HandoutError([Problem("host", message, Path("studio"), hint=hint)])
    word = os.environ.get(PASSWORD, "")
    if len(word) < _SHORTEST:
        message = f"a network needs a password of at least {_SHORTEST} characters"
        raise HandoutError([Problem("host", message, Path("studio"), hint=f"set it as {PASSWORD} in the environment")])
    return word
