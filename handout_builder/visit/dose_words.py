"""Doses as people type them: “2 × day, 30 s”."""

import re
from collections.abc import Callable
from typing import Any

_RANGE = r"(\d{1,4})(?:\s*(?:-|–|to)\s*(\d{1,4}))?\s*"
_COUNTS = {"once": 1, "twice": 2}
_DAY, _WEEK = r"(?:a|per|/|×|x|\*)?\s*(?:d|day|daily)", r"(?:a|per|/|×|x|\*)?\s*(?:w|wk|week|weekly)"
_TIMES = r"(?:×|x|\*|times|time)?\s*"


def _range(factor: int = 1) -> Callable[[re.Match[str]], list[int] | int]:
    def value(match: re.Match[str]) -> list[int] | int:
        least = int(match[1]) * factor
        return [least, int(match[2]) * factor] if match[2] else least

    return value


# What a part may be, by the key of a dose that it gives.
_PARTS: tuple[tuple[str, str, Callable[[re.Match[str]], Any]], ...] = (
    ("seconds", _RANGE + r"(?:s|sec|secs|second|seconds)", _range()),
    ("seconds", _RANGE + r"(?:min|mins|minute|minutes)", _range(60)),
    ("days_a_week", _RANGE + r"days?\s*" + _WEEK, _range()),
    ("days_a_week", _RANGE + _TIMES + _WEEK, _range()),
    ("days", r"(?:for\s+)?" + _RANGE + r"days?", _range()),
    ("days", r"(?:for\s+)?" + _RANGE + r"weeks?", _range(7)),
    ("times_a_day", _RANGE + _TIMES + _DAY, _range()),
    ("times_a_day", r"(once|twice)\s*" + _DAY, lambda match: _COUNTS[match[1]]),
    ("side", r"(left|right|both)(?:\s+sides?)?", lambda match: match[1]),
    ("pressure", r"(light|medium|firm)(?:ly)?", lambda match: match[1]),
)


def dose_of(words: str) -> dict[str, Any] | int:
    """Return the keys of a dose, or the number from 1 of the part that is not understood.

    Parts stand between commas: ``2 × day``, ``30 s``, ``15-30 s``, ``1 min``, ``5 days a week``, ``for 2 weeks``,
    ``left``, ``firm``.
    """
    dose: dict[str, Any] = {}
    for number, part in enumerate(re.split(r"\s*[,;]\s*", words.strip().lower()), 1):
        for key, pattern, value in _PARTS:
            if key not in dose and (match := re.fullmatch(pattern, part.strip())):
                dose[key] = value(match)
                break
        else:
            return number
    return dose
