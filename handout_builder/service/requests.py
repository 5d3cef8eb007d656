"""Bodies of requests as orders: JSON, checked; what is wrong is told without a word of it."""

import json
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from handout_builder.service.messages import Finding, HandoutOrder, Message, SheetOrder
from handout_builder.service.problems import RefusedError
from handout_builder.visit import reader

M = TypeVar("M", bound=Message)
# Deeper than any resource of FHIR, and no trouble for any reader.
_DEEPEST = 60
_KEYS = frozenset((*HandoutOrder.model_fields, *SheetOrder.model_fields))


class _TwiceError(ValueError):
    """A key appears twice in an object: nobody knows which value is meant."""


def order_in(body: bytes, kind: type[M]) -> M:
    """Return the order in a body; raises RefusedError (400 for what is no JSON, 422 for what is no order)."""
    value = _json(body)
    if not isinstance(value, dict):
        raise _refusal(400, "json", "this should be an object: keys and values in {}")
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        findings = list(_findings(error, kind))
    raise RefusedError(422, "The order is not as it should be.", findings)  # without its cause, which quotes it


def _json(body: bytes) -> Any:
    wrong = ""
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except _TwiceError:
        raise _refusal(400, "duplicate-key", "a key appears twice in an object") from None
    except UnicodeDecodeError:
        wrong = "this is not UTF-8"
    except RecursionError:
        wrong = "this is nested too deeply"
    except json.JSONDecodeError as error:
        wrong = f"this is no JSON: line {error.lineno}, column {error.colno}"
    except ValueError:
        wrong = "this is no JSON: it has a number that JSON has not"
    else:
        if _is_deep(value):
            wrong = "this is nested too deeply"
    if wrong:
        raise _refusal(400, "json", wrong)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _TwiceError
    return made


def _no_constant(_: str) -> None:
    raise ValueError  # NaN and Infinity are no JSON


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)


def _refusal(status: int, code: str, message: str) -> RefusedError:
    return RefusedError(status, "The body cannot be read.", [Finding(code=code, message=message)])


def _findings(error: ValidationError, kind: type[Message]) -> Iterator[Finding]:
    for details in error.errors(include_url=False, include_input=False):
        place, sort = details["loc"], str(details["type"])
        code, message, hint = reader.told(sort, str(details["msg"]), details.get("ctx", {}), place)
        if sort == "extra_forbidden":
            hint = f"known keys: {', '.join(kind.model_fields)}"
        known = [str(part) for part in place if part in _KEYS]
        yield Finding(code=code, message=message, hint=hint, pointer="/".join(("#", *known)))
