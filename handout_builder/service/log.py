"""The log: a line of JSON for each event, with numbers and words of the program alone.

No address, name, path or body of a request is in it, and no message of a library, which may quote what it was given.
"""

import json
import logging
import sys
from datetime import UTC, datetime

from handout_builder.errors import place_of

_OWN = "handout_builder.service"
_SERVER = ("uvicorn", "uvicorn.error")
"""Loggers whose messages are about the server alone."""
_ACCESS = "uvicorn.access"
_FACTS = "facts"


class JsonLines(logging.Formatter):
    """Records as lines of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"time": moment, "level": record.levelname.lower()}
        if record.name == _OWN:
            line |= {"event": record.msg, **getattr(record, _FACTS, {})}
        elif record.name in _SERVER:
            line |= {"event": "server", "message": record.getMessage().strip()}
        else:
            line |= {"event": "library", "logger": record.name}
        if record.exc_info and record.exc_info[1]:
            line |= {"error": type(record.exc_info[1]).__name__, "at": place_of(record.exc_info[1])}
        return json.dumps(line, ensure_ascii=False)


def set_up() -> None:
    """Let all that this process logs be lines of JSON on standard output, whoever has started the server."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.raiseExceptions = False  # a log that nobody reads is no reason to print traces
    root = logging.getLogger()
    root.handlers = [handler]
    for name in _SERVER:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.INFO)
    logging.getLogger(_ACCESS).disabled = True  # it has addresses
    logging.getLogger(_OWN).setLevel(logging.INFO)


def tell(event: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Write a line."""
    logging.getLogger(_OWN).log(level, event, extra={_FACTS: facts})
