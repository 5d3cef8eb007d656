"""Shards: a part of the whole that a machine makes by itself, without asking any other.

What belongs to a shard is decided by the digest of its name alone, so that all machines agree who have never met.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from handout_builder.errors import HandoutError, Problem

_FORM = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,5})")
_MOST = 1_000_000


@dataclass(frozen=True)
class Shard:
    """One of several parts, numbered from 1."""

    number: int = 1
    count: int = 1

    def holds(self, name: str) -> bool:
        """Tell whether what is called so belongs to this shard."""
        return self.count == 1 or hash_number(name) % self.count == self.number - 1

    def check(self) -> None:
        """Raise TypeError or ValueError for numbers that were read from somewhere and that no shard has."""
        if {type(self.number), type(self.count)} != {int}:
            raise TypeError(self)
        if not 1 <= self.number <= self.count < _MOST:
            raise ValueError(self)

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


WHOLE = Shard()
"""All of it."""


def shard(text: str) -> Shard:
    """Return the shard that is written ``3/64``; raises HandoutError for what is none."""
    found = _FORM.fullmatch(text)
    if found and int(found[1]) <= int(found[2]):
        return Shard(int(found[1]), int(found[2]))
    hint = "write --shard 3/64 for the third of 64; an index from 0 needs one added: $((JOB_COMPLETION_INDEX + 1))/64"
    raise HandoutError([Problem("shard", f"'{text}' is no shard", Path("--shard"), hint=hint)])


def hash_number(name: str) -> int:
    """Return a number that spreads names evenly, the same on every machine."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def folder_of(name: str, digits: int) -> str:
    """Return the folder for a name, by the first hexadecimal digits of its digest; "" for none."""
    return f"{hash_number(name):016x}"[:digits]


def digits_for(count: int, most: int = 10_000) -> int:
    """Return how many digits so many names take, that no folder has many more than ``most``."""
    digits = 0
    while count > most * 16**digits:
        digits += 1
    return digits
