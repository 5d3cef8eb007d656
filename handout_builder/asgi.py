"""ASGI helpers shared by service and studio: body limit, response headers, listening socket."""

import os
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Send

from handout_builder.errors import HandoutError, Problem

LOOPBACK = "127.0.0.1"
"""The address of this machine that no other one can reach."""
# Longer numbers are nobody's, and Python takes its time for some.
_DIGITS = 18


def bounded(receive: Receive, most: int) -> Receive:
    """Return what receives a body of up to ``most`` bytes, whatever it says of its length.

    It raises HTTPException (413) where there is more.
    """
    taken = 0

    async def received() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, too_long(most))
        return message

    return received


def is_too_long(length: str, most: int) -> bool:
    """Tell whether a request says that it is longer than ``most`` bytes, or says no number."""
    return not length.isdecimal() or len(length) > _DIGITS or int(length) > most


def too_long(most: int) -> str:
    """Return what is told of a request of more than ``most`` bytes."""
    return f"More than {most / 1_000_000:g} MB are not taken."


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """Return what sends an answer with more headers: those that it does not have by itself."""

    async def complete(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((name.encode(), value.encode()) for name, value in headers.items() if name.encode() not in given),
            ]
        await send(message)

    return complete


def disposition(name: str, *, inline: bool = False) -> str:
    """Return the header Content-Disposition (RFC 6266) of a file of any name, beside a plain one for older programs."""
    plain = name if name.isascii() and not {'"', "\\"} & {*name} else f"handout{Path(name).suffix}"
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def listening(host: str, ports: Iterable[int], command: str) -> socket.socket:
    """Return a socket that listens at the first port that is free; raises HandoutError where there is none.

    Port 0 is any that is free. ``command`` is what the user has started.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    reason = ""
    for port in ports:
        found = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
            found.listen()  # who comes before all is loaded waits, and is not refused
        except OSError as refused:
            found.close()
            reason = refused.strerror or str(refused)
        else:
            return found
    hint = "take another --port, end what listens there, or give --host an address of this machine"
    raise HandoutError([Problem("host", f"cannot listen at {host}: {reason}", Path(command), hint=hint)])
