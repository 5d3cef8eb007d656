"""From a file's plain values to a checked model, and pydantic's errors in an author's words."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import HandoutError, Problem, first, nearest

M = TypeVar("M", bound=BaseModel)
# Nobody mends more at once, and each has a line to be found and words to be made.
_MOST_TOLD = 100
# More values than these are not told in a message; how much of an odd one is shown.
_MANY, _SHOWN = 30, 60
# Keys of a JSON Schema that lead on to parts of a value.
_HAS_PARTS = {"$ref", "items", "properties", "discriminator", "additionalProperties", "anyOf"}


def validate(file: YamlFile, kind: type[M], context: dict[str, Any] | None) -> M:
    """Return a file's values as a model; raises HandoutError with every mistake in the file's own coordinates."""
    if not isinstance(file.value, dict):
        message = "the file is empty" if file.value is None else "the file must be keys and values"
        raise HandoutError([Problem("yaml", message, file.path, 1)])
    try:
        return kind.model_validate(file.value, context=context)
    except ValidationError as error:
        raise HandoutError(
            first(problem for details in error.errors() for problem in _problems(file, kind, details))
        ) from error


# How much alike a slip of the pen is to what was meant: more than 'table' and 'text', or 'exercise' and 'overview'.
_ALIKE = 0.7
# What other programs have a block for, and how it is written here.
_INSTEAD = {
    "table": "a block of type 'list' or 'definitions', an entry for each row",
    "dosage": "'dose:' of a block of points, or of a card",
    "dose": "'dose:' of a block of points, or of a card",
    "image": "a block of type 'figure'",
    "picture": "a block of type 'figure'",
    "photo": "a block of type 'figure'",
    "paragraph": "a block of type 'text'",
}


def _problems(file: YamlFile, kind: type[BaseModel], details: Any) -> Iterator[Problem]:
    """Yield what one error of pydantic tells: a text may have several findings."""
    for finding in details.get("ctx", {}).get("findings", ()):
        line = file.line(details["loc"], finding.excerpt, finding.row)
        yield Problem(finding.code, finding.message, file.path, line, finding.hint)
    if "findings" not in details.get("ctx", {}):
        yield _explain(file, kind, details)


def _explain(file: YamlFile, kind: type[BaseModel], details: Any) -> Problem:
    """Turn one error of pydantic into a problem in the file's own coordinates."""
    location: Location = details["loc"]
    context = details.get("ctx", {})
    hint = str(context.get("hint", ""))
    code, message = str(details["type"]), str(details["msg"])
    line = file.line(location, str(context.get("excerpt", "")))
    # Of an item of a list, the list's name.
    key = next((part for part in reversed(location) if isinstance(part, str)), "")
    if code == "extra_forbidden":
        known = _known_keys(kind, location[:-1])
        near = nearest(str(key), known)
        hint = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}"
        code, message = "unknown-key", f"the key '{key}' is not known here"
    elif code == "missing":
        code, message = "missing-key", f"the key '{key}' is missing"
    elif code in ("union_tag_invalid", "union_tag_not_found"):
        given, known = str(context.get("tag", "")), _known_keys(kind, location)
        near = nearest(given, known, alike=_ALIKE)
        hint = f"did you mean '{near[0]}'?" if near else f"types: {', '.join(known)}"
        if instead := _INSTEAD.get(given):
            hint = f"write it as {instead}"
        code, message = "block-type", f"'{given}' is no type of block" if given else "the block has no 'type'"
    elif code == "string_type" and isinstance(details["input"], dict):
        code, message, hint = (
            "value",
            f"'{key}': keys and values where a text should be",
            "quote a text that holds ': '",
        )
    elif code == "string_pattern_mismatch":
        address = str(context.get("pattern", "")).startswith("^https")
        hint = "an address that begins with https://" if address else "small letters, digits and hyphens"
        code, message = "value", f"'{key}': '{details['input']}' will not do"
    elif code == "string_too_long":
        most, length = context["max_length"], len(details["input"])
        code, message, hint = (
            "value",
            f"'{key}' has {length} characters, and there is room for {most}",
            "say it in fewer words",
        )
    elif code == "literal_error" and len(known := re.findall(r"'([^']+)'", str(context.get("expected", "")))) > _MANY:
        near = nearest(str(details["input"]), known)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
        code, message = "value", f"'{key}': '{str(details['input'])[:_SHOWN]}' is none of the {len(known)} known"
    elif "_" in code:
        code, message = "value", f"'{key}': {message[0].lower()}{message[1:]}"
    return Problem(code, message, file.path, line, hint)


@cache
def _schema(kind: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model, made once: it takes as long as reading a handout."""
    return kind.model_json_schema()


def _known_keys(kind: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that may stand at ``location``, or the types of block where there is a choice."""
    schema = _schema(kind)
    here: dict[str, Any] = schema
    for part in location:
        here = _with_keys(schema, here)
        if isinstance(part, int):
            here = here["items"]
        elif "discriminator" in here:
            here = {"$ref": here["discriminator"]["mapping"][part]}
        else:
            here = here.get("properties", {}).get(part) or here["additionalProperties"]
    here = _with_keys(schema, here)
    return list(here["discriminator"]["mapping"] if "discriminator" in here else here["properties"])


def _with_keys(schema: dict[str, Any], here: dict[str, Any]) -> dict[str, Any]:
    """Return what a part of a schema stands for; of what may be left out or given in short, the form with parts."""
    while True:
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
        elif "anyOf" in here:
            # The short forms are texts; what is left out is null.
            here = next((form for form in here["anyOf"] if form.keys() & _HAS_PARTS), here["anyOf"][0])
        else:
            return here
