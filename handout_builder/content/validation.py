"""From a file's plain values to a checked model, and pydantic's errors in an author's words."""

from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import HandoutError, Problem, first, nearest

M = TypeVar("M", bound=BaseModel)
# Nobody mends more at once, and each has a line to be found and words to be made.
_MOST_TOLD = 100


def validate(file: YamlFile, kind: type[M], context: dict[str, Any] | None) -> M:
    """Return a file's values as a model; raises HandoutError with every mistake in the file's own coordinates."""
    if not isinstance(file.value, dict):
        message = "the file is empty" if file.value is None else "the file must be keys and values"
        raise HandoutError([Problem("yaml", message, file.path, 1)])
    try:
        return kind.model_validate(file.value, context=context)
    except ValidationError as error:
        raise HandoutError(first(_explain(file, kind, details) for details in error.errors())) from error


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
        near = nearest(given, known)
        hint = f"did you mean '{near[0]}'?" if near else f"types: {', '.join(known)}"
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
    here = schema
    for part in location:
        if isinstance(part, int):
            here = here["items"]
        elif "discriminator" in here:
            here = {"$ref": here["discriminator"]["mapping"][part]}
        else:
            here = here.get("properties", {}).get(part) or here["additionalProperties"]
        if "anyOf" in here:  # a model that may be left out
            here = next((choice for choice in here["anyOf"] if "$ref" in choice), here)
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
    return list(here["discriminator"]["mapping"] if "discriminator" in here else here["properties"])


@cache
def _json_schema(kind: type[BaseModel]) -> Any:
    return kind.model_json_schema()
