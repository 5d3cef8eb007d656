"""What whoever runs the service may choose: by variables of the environment, as containers are told things."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handout_builder.builder.limits import Limits
from handout_builder.builder.pool import cores
from handout_builder.errors import HandoutError, Problem

TOKEN = "HANDOUT_SERVICE_TOKEN"  # noqa: S105  # the name of a variable
"""The variable with what each request must carry: ``Authorization: Bearer …``."""
HOSTS = "HANDOUT_SERVICE_HOSTS"
"""The variable with the names by which the service may be called."""
ANY = "*"
_SHORTEST = 16
# Longer numbers are nobody's, and Python takes its time for some.
_MOST_DIGITS = 15
_WHERE = Path("service")


@dataclass(frozen=True)
class Settings:
    """How much the service takes on, and from whom."""

    token: str = field(default="", repr=False)
    """Empty where none is asked for."""
    hosts: frozenset[str] = frozenset(("127.0.0.1", "localhost", "[::1]"))
    """The names by which it may be called, without ports; ``*`` is any."""
    workers: int = field(default_factory=cores)
    """Processes that make files, side by side."""
    waiting: int = 16
    """Orders that wait for one of them; who comes later is told to come again."""
    connections: int = 100
    """Orders that are read, waited for or answered at once."""
    megabytes: int = 1
    """The most that a request may have."""
    seconds: int = 20
    """Of the processor, for one file; on the clock it may take six times as many, as in a build."""
    memory: int = 400
    """MB for one file, beside what its process has anyway."""
    reading: int = 10
    """Seconds in which a request must have arrived."""
    stopping: int = 60
    """Seconds in which what was begun may be finished when the service is stopped."""

    @property
    def limits(self) -> Limits:
        """What one file may take."""
        usual = Limits()
        return Limits(self.seconds, self.seconds * usual.clock / usual.processor, self.memory)

    @property
    def most_bytes(self) -> int:
        """The most bytes of a request."""
        return self.megabytes * 1_000_000

    def knows(self, host: str) -> bool:
        """Tell whether a request may call the service by this name, with or without a port."""
        name, colon, port = host.lower().rpartition(":")
        bare = name if colon and port.isdecimal() else host.lower()
        return ANY in self.hosts or bare in self.hosts


# Each variable with the least and the most that it may be.
_NUMBERS = {
    "workers": (1, 256),
    "waiting": (0, 10_000),
    "connections": (1, 10_000),
    "megabytes": (1, 50),
    "seconds": (1, 600),
    "memory": (100, 100_000),
    "reading": (1, 600),
    "stopping": (1, 3600),
}


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the environment; raises HandoutError for what cannot be meant."""
    problems: list[Problem] = []
    numbers: dict[str, int] = {}
    for name, (least, most) in _NUMBERS.items():
        variable = f"HANDOUT_SERVICE_{name.upper()}"
        given = environment.get(variable, "")
        if not given:
            continue
        if given.isascii() and given.isdecimal() and len(given) <= _MOST_DIGITS and least <= int(given) <= most:
            numbers[name] = int(given)
        else:
            message = f"{variable} is a whole number from {least} to {most}"
            problems.append(Problem("setting", message, _WHERE, hint="leave it out for the usual number"))
    token = environment.get(TOKEN, "")
    if token and (len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token):
        hint = "python -c 'import secrets; print(secrets.token_urlsafe(32))' makes a good one"
        message = f"{TOKEN} has at least {_SHORTEST} letters, digits and signs of ASCII"
        problems.append(Problem("setting", message, _WHERE, hint=hint))
    if problems:
        raise HandoutError(problems)
    hosts = frozenset(name.strip().lower() for name in environment.get(HOSTS, "").split(",") if name.strip())
    return Settings(token, hosts or Settings.hosts, **numbers)
