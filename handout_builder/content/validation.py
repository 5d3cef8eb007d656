"""From a file's plain values to a checked model, and pydantic's errors in an author's words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from handout_builder.content import other_words
from handout_builder.content.other_words import OLDER
from handout_builder.content.schema.values import number_meant
from handout_builder.content.yaml_reader import Location, YamlFile
from handout_builder.errors import HandoutError, Problem, first, nearest, suggestion

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
        raise HandoutError([Problem("yaml", message, file.path, 1, "write a line such as 'key: value' for each thing")])
    try:
        return kind.model_validate(file.value, context=context)
    except ValidationError as error:
        raise HandoutError(first(_every(file, kind, context, error))) from error


# How much alike a slip of the pen is to what was meant: more than 'table' and 'text', or 'lang' and 'pages'.
_ALIKE = 0.7
_RETIRED = ("landmarks", "no", "shares", "short_distances")
# Units that are not used here, with the keys for them and how many of theirs each has.
_OTHER_UNITS: dict[str, tuple[tuple[str, ...], int]] = {"minutes": (("seconds", "hold"), 60), "weeks": (("days",), 7)}
# The code of a point.
_POINT = re.compile(r"[A-Z]{2}(?:-[A-Z]{1,2})?[0-9]{1,2}")
# An address without https://, as people type it.
_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?")
_SECURE = "https://"
# What a value should be, in words, by pydantic's code for what it is not.
_WANTED = {
    "model_type": "keys and values, each on a line of its own",
    "model_attributes_type": "keys and values, each on a line of its own",
    "dict_type": "keys and values, each on a line of its own",
    "list_type": "a list: each entry on a line of its own, with a hyphen before it",
    "tuple_type": "a list: each entry on a line of its own, with a hyphen before it",
    "string_type": "a text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_type": "a date, for example 2026-11-28",
    "date_from_datetime_parsing": "a date, for example 2026-11-28",
}
# How far a number goes, and how many entries there are, by pydantic's code.
_BOUNDS = {
    "less_than_equal": "may be at most {le}; here it is {given}",
    "less_than": "must be less than {lt}; here it is {given}",
    "greater_than_equal": "must be at least {ge}; here it is {given}",
    "greater_than": "must be more than {gt}; here it is {given}",
    "too_long": "has room for {max_length} entries; here are {given}",
    "too_short": "needs {min_length} entries; here are {given}",
}
_EMPTY = {"too_short": "put at least one entry in it", "string_too_short": "write it"}
# What to do where nothing more is known, by pydantic's code.
_CURES = {
    "missing": "add it beside the other keys there",
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "write 'key: value', without a hyphen"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "write true or false, without quotes"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "write it in figures, for example 2"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "write it in figures, for example 1.5"),
    **dict.fromkeys(("date_type", "date_from_datetime_parsing"), "year, month and day, for example 2026-11-28"),
    "string_type": "write it as words in one line",
    "literal_error": "take one of these",
    **dict.fromkeys(("less_than_equal", "less_than"), "give less"),
    **dict.fromkeys(("greater_than_equal", "greater_than"), "give more"),
    "too_long": "take some out",
    "too_short": "add some",
}
# A hint that says what is meant by another word; how often words below words are read as they are meant.
_MEANT, _DEEPEST = re.compile(r"did you mean '([^']+)'\?"), 10
_NO_RANGE = "this is no number, and no range"
# One of pydantic's choices: a word in quotes, or a number.
_CHOICE = re.compile(r"'([^']+)'|([0-9]+)")
# How a value looks in a file, for hints; a longer one is no help.
_LONGEST_EXAMPLE = 60


def _every(
    file: YamlFile, kind: type[BaseModel], context: dict[str, Any] | None, error: ValidationError
) -> Iterator[Problem]:
    """Yield what is wrong with a file; also below keys and types of block with other names, read as they are meant."""
    for _ in range(_DEEPEST):
        keys: dict[Location, str] = {}
        types: dict[Location, str] = {}
        given: set[Location] = set()
        others: list[Problem] = []
        for details in error.errors():
            problems = [*_problems(file, kind, details)]
            place = file.place(details["loc"])
            meant = _MEANT.fullmatch(problems[0].hint) if len(problems) == 1 and "[key]" not in details["loc"] else None
            beside = (*place[:-1], meant[1]) if meant else ()
            if meant and problems[0].code == "unknown-key" and beside not in file.lines and beside not in given:
                keys[place] = meant[1]
                given.add(beside)
                yield from problems
            elif meant and problems[0].code == "block-type":
                types[(*place, "type")] = meant[1]
                yield from problems
            elif details["type"] == "union_tag_not_found" and (key := _key_of_type(details["input"])):
                keys[(*place, key)] = "type"
                yield from problems
            else:
                others += problems
        if not keys and not types:
            yield from others
            return
        file = file.changed(keys, types)
        try:
            kind.model_validate(file.value, context=context)
        except ValidationError as further:
            error = further
        else:
            return


def _problems(file: YamlFile, kind: type[BaseModel], details: Any) -> Iterator[Problem]:
    """Yield what one error of pydantic tells: a text may have several findings."""
    for finding in details.get("ctx", {}).get("findings", ()):
        line = file.line(details["loc"], finding.excerpt, finding.row)
        yield Problem(finding.code, finding.message, file.path, line, finding.hint)
    if details["type"] == "missing" and isinstance(details["loc"][-1], int):
        yield _too_few(file, kind, details["loc"])
        return
    # Entries that are wrong themselves are told, and do not count.
    counted = details["type"] == "too_short" and len(details["input"]) > details["ctx"]["actual_length"]
    nothing_else = details["type"] == "literal_error" and details["ctx"]["expected"] == "''"
    if "findings" not in details.get("ctx", {}) and not (
        nothing_else or counted
    ):  # words that may be there are told, too
        yield _explain(file, kind, details)


def _near(given: str, known: Sequence[str]) -> str:
    """Return which of many words is meant; the nearest view may show the other side."""
    hint = suggestion(given, known, f"known: {', '.join(known)}")
    return hint.replace("?", ", or 'auto', which chooses by the points?") if "auto" in known else hint


def _explain(file: YamlFile, kind: type[BaseModel], details: Any) -> Problem:
    """Turn one error of pydantic into a problem in the file's own coordinates."""
    # Of a choice between lists of words, pydantic has the list for a part of the place.
    location: Location = tuple(
        part for part in details["loc"] if not str(part).startswith("literal[") and part != "[key]"
    )
    context = details.get("ctx", {})
    hint = str(context.get("hint", ""))
    code, message = str(details["type"]), str(details["msg"])
    line = file.line(location, str(context.get("excerpt", "")))
    # Of an item of a list, the list's name.
    key = next((part for part in reversed(location) if isinstance(part, str)), "")
    of_a_mapping = code == "literal_error" and "[key]" in details["loc"]
    if code == "extra_forbidden" or of_a_mapping:
        known = [*_expected(context)] if of_a_mapping else _known_keys(kind, location[:-1])
        hint = _in_unit(str(key), details["input"], known)
        row = "".join(file.rows[line - 1 : line])
        hint = hint or _in_braces(str(key), details["input"], row, known) or _key_meant(str(key), known)
        code, message = "unknown-key", f"the key '{key}' is not known here"
    elif code == "missing":
        code, message = "missing-key", f"the key '{key}' is missing"
    elif code in ("union_tag_invalid", "union_tag_not_found"):
        given, known = str(context.get("tag", "")), _known_keys(kind, location)
        hint = _type_meant(given, known, details["input"])
        code, message = "block-type", f"'{given}' is no type of block" if given else "the block has no 'type'"
    elif code == "string_type" and isinstance(details["input"], dict):
        code, message, hint = (
            "value",
            f"'{key}': keys and values where a text should be",
            "write one text; quote it where it holds ': '",
        )
    elif code == "string_pattern_mismatch":
        hint = _form_meant(str(details["input"]), str(context.get("pattern", "")))
        code, message = "value", f"'{key}': '{details['input']}' is not valid"
    elif code == "string_too_long" or (code == "too_long" and isinstance(details["input"], str)):
        most, length = context["max_length"], len(details["input"])
        code, message, hint = (
            "value",
            f"'{key}' has {length} characters, and there is room for {most}",
            "say it in fewer words",
        )
    elif code == "literal_error" and len(known := _expected(context)) > _MANY:
        hint = _near(str(details["input"]), known)
        code, message = "value", f"'{key}': {_said(details['input'])} is none of the {len(known)} known"
    elif message.startswith(_NO_RANGE):
        message = f"'{key}': {message}"
    elif code in _WANTED:
        number = number_meant(details["input"]) if code == "float_parsing" else ""
        hint = hint or number or _example(kind, location, details["input"], code.removesuffix("_type"))
        code, message = "value", f"'{key}' should be {_WANTED[code]}; here it is {_said(details['input'])}"
    elif code in _EMPTY and not details["input"]:
        hint = _EMPTY[code]
        code, message = "value", f"'{key}': there is nothing in it"
    elif code == "literal_error":
        known = _expected(context)
        given = details["input"] if isinstance(details["input"], str) else ""
        meant = other_words.value_meant(given)
        near = [meant] if meant in known else nearest(given, known)
        hint = f"did you mean '{near[0]}'?" if near and not near[0].isdigit() else ""
        code, message = "value", f"'{key}' should be one of: {', '.join(known)}; here it is {_said(details['input'])}"
    elif "_" in code:
        beyond = code in _BOUNDS and _BOUNDS[code].format(
            **context, given=context.get("actual_length", details["input"])
        )
        code, message = "value", f"'{key}' {beyond}" if beyond else f"'{key}': {message[0].lower()}{message[1:]}"
    return Problem(code, message, file.path, line, hint or _CURES.get(str(details["type"]), ""))


def _too_few(file: YamlFile, kind: type[BaseModel], location: Location) -> Problem:
    """Return the problem for a list that has fewer entries than it needs: ``location`` is that of the first missing."""
    key = next((part for part in reversed(location) if isinstance(part, str)), "")
    wanted = len(_at(kind, location[:-1])["prefixItems"])
    message = f"'{key}' needs {wanted} entries; here are {location[-1]}"
    return Problem("value", message, file.path, file.line(location[:-1]), "add those that are missing")


def _expected(context: Mapping[str, Any]) -> list[str]:
    """Return the words, or numbers, of which a value should be one."""
    return [quoted or number for quoted, number in _CHOICE.findall(str(context.get("expected", "")))]


def _key_meant(key: str, known: list[str]) -> str:
    """Return which of the known keys is meant by another word, by a slip of the pen, or all of them."""
    if key in _RETIRED and key not in known:
        return f"it is a key of an earlier version: {OLDER}"
    if _POINT.fullmatch(key) and "code" in known:
        return f"write code: {key}"
    for meant in other_words.keys_meant(key):
        if meant in known:
            return f"did you mean '{meant}'?"
    otherwise = other_words.elsewhere(key) or f"known keys: {', '.join(known)}"
    return suggestion(key, known, otherwise, alike=_ALIKE)


def _type_meant(given: str, known: list[str], block: Any) -> str:
    """Return which type of block is meant, or how it is written here, or all types."""
    if not given and (key := _key_of_type(block)):
        return f"write type: where it says {key}:"
    if not given and isinstance(block, dict) and (named := [key for key in block if key in known]):
        return f"write type: {named[0]}; or take out the hyphen, if it belongs to the block above"
    meant, instead = other_words.block_meant(given, known)
    if instead:
        return f"write it as {instead}"
    return f"did you mean '{meant}'?" if meant else suggestion(given, known, f"types: {', '.join(known)}", alike=_ALIKE)


def _key_of_type(block: Any) -> str:
    """Return what a block has for the key of its type; "" where it has none."""
    return next((key for key in block if "type" in other_words.keys_meant(key)), "") if isinstance(block, dict) else ""


def _in_braces(key: str, value: Any, row: str, known: list[str]) -> str:
    """Return how a key in braces is written that lacks its colon, or is the end of a text with a comma; else empty."""
    if value is not None:
        return ""
    first, _, rest = key.partition(" ")
    if rest and first in known:
        return f"write {first}: {rest}"
    cut = re.search(rf"(\w+): ([^,{{}}\"'\[\]]+), *{re.escape(key)} *[,}}]", row)
    return f'a text with a comma needs quotation marks: {cut[1]}: "{cut[2]}, {key}"' if cut else ""


def _form_meant(given: str, pattern: str) -> str:
    """Return how a text is written that does not fit a pattern: an address, or a name."""
    if not pattern.startswith("^https"):
        return "small letters, digits and hyphens"
    if re.search(r"\s", given.strip()):
        return "an address has no blanks: write %20 for each"
    if given[: len(_SECURE)].lower() == _SECURE and not given.startswith(_SECURE):
        return f"write {_SECURE}{given[len(_SECURE) :]}"
    return f"write https://{given}" if _SITE.fullmatch(given) else "an address that begins with https://"


def _in_unit(key: str, value: Any, known: list[str]) -> str:
    """Return how what is told in a unit that is not used here is written; empty where it is not understood."""
    names, factor = _OTHER_UNITS.get(key, ((), 0))
    meant = next((name for name in names if name in known), "")
    return f"write {meant}: {value * factor}" if meant and type(value) is int else ""


def _said(value: Any) -> str:
    """Return what a value is, in the words of those who write YAML."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    text = " ".join(str(value).split())
    if not isinstance(value, str):
        return f"the {'number' if isinstance(value, (int, float)) else 'date'} {text}"
    return f"'{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}'"


def _example(kind: type[BaseModel], location: Location, given: Any, wanted: str) -> str:
    """Return how a value is written where another thing stands: its keys, a text, or the entry of a list."""
    if wanted in ("list", "tuple"):
        return _example_of_list(kind, location, given)
    known, needed = _keys_at(kind, location)
    if known and "discriminator" in _at(kind, location):
        return _example_of_block(given, known)
    if known and not isinstance(given, (dict, list)):
        return _example_of_keys(kind, location, given, known, needed)
    if wanted == "string" and isinstance(given, list):
        several = "a list is a block of its own: {type: list, items: […]}" if location[-1:] == ("text",) else ""
        return several or "it takes one text: write it without hyphens or brackets"
    number = wanted == "string" and isinstance(given, (int, date)) and not isinstance(given, bool)
    return f'quote it: "{given}"' if number else ""


def _keys_at(kind: type[BaseModel], location: Location) -> tuple[list[str], list[str]]:
    """Return the keys that may stand at a place, and those that must; none for a place that has no keys."""
    try:
        return _known_keys(kind, location), _needed_keys(kind, location)
    except (KeyError, StopIteration, TypeError):
        return [], []


def _example_of_keys(kind: type[BaseModel], location: Location, given: Any, known: list[str], needed: list[str]) -> str:
    """Return how keys and values are written where one value stands alone."""
    if not needed and "enum" in _at(kind, (*location, known[0])):  # of which it is none
        return f"known keys: {', '.join(known)}"
    first = (
        needed[0] if needed else next((key for key in known if _takes_text(_at(kind, location)["properties"][key])), "")
    )
    if not first:
        return f"known keys: {', '.join(known)}"
    word = _plain(given) if given is not None else "…"
    more = f", then {', '.join(needed[1:])}" if needed[1:] else ""
    example = f"{first}: {word if len(word) <= _LONGEST_EXAMPLE else '…'}"
    return f"write {example}{more}; known keys: {', '.join(known)}"


def _takes_text(here: Mapping[str, Any]) -> bool:
    """Tell whether a text may stand at a place of a schema, by itself or as one of several forms."""
    return any(form.get("type") == "string" for form in here.get("anyOf", [here]))


def _plain(given: Any) -> str:
    """Return a value as a text is written in YAML: in quotes where it would be a number, a date or a comment."""
    word = " ".join(str(given).split())
    return word if isinstance(given, str) and not word.startswith("#") else _quoted(word)


def _example_of_block(given: Any, known: list[str]) -> str:
    """Return how a block is written where another thing stands: with its type."""
    if given in known:
        return f"write type: {given}"
    if isinstance(given, str) and "\n" not in given and len(given) <= _LONGEST_EXAMPLE:
        return f"write {{type: text, text: {_quoted(given)}}}; other types: {', '.join(known)}"
    return f"it begins with its type: {', '.join(known)}"


def _example_of_list(kind: type[BaseModel], location: Location, given: Any) -> str:
    """Return how a list is written where another thing stands."""
    if isinstance(given, dict) and given:
        known, needed = _keys_at(kind, (*location, 0))
        if not known:
            return f"write [{', '.join(map(str, given.values()))}]"
        begun = [key for key in given if key in known or "discriminator" in _at(kind, (*location, 0))]
        return f"write - {(begun or needed or known)[0]}: …, and the keys below it two blanks deeper"
    if not isinstance(given, str) or not given or len(given) > _LONGEST_EXAMPLE:
        return "put a hyphen before each entry"
    if given.lstrip().startswith("- "):
        return "take out the sign behind the colon: the entries below are a list by themselves"
    if "|" in given:
        return f"write [{', '.join(cell.strip() for cell in given.strip(' |').split('|'))}]"
    return f"write [{given}]" if "," in given else f"write - {' '.join(given.split())}"


def _quoted(text: str) -> str:
    """Return a text as it stands between braces."""
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


def _needed_keys(kind: type[BaseModel], location: Location) -> list[str]:
    return list(_at(kind, location).get("required", ()))


@cache
def _schema(kind: type[BaseModel]) -> Mapping[str, Any]:
    """Return the JSON Schema of a model, made once: it takes as long as reading a handout."""
    return kind.model_json_schema()


def _known_keys(kind: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that may stand at ``location``, or the types of block where there is a choice."""
    here = _at(kind, location)
    return list(here["discriminator"]["mapping"] if "discriminator" in here else here["properties"])


def _at(kind: type[BaseModel], location: Location) -> Mapping[str, Any]:
    """Return the piece of a model's schema that tells what may stand at ``location``."""
    schema = _schema(kind)
    here: Mapping[str, Any] = schema
    for part in location:
        here = _with_keys(schema, here)
        if isinstance(part, int):
            here = here["items"]
        elif "discriminator" in here:
            here = {"$ref": here["discriminator"]["mapping"][part]}
        else:
            here = here.get("properties", {}).get(part) or here["additionalProperties"]
    return _with_keys(schema, here)


def _with_keys(schema: Mapping[str, Any], here: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a part of a schema stands for; of what may be left out or given in short, the form with parts."""
    while True:
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
        elif "anyOf" in here:
            # The short forms are texts; what is left out is null.
            here = next((form for form in here["anyOf"] if form.keys() & _HAS_PARTS), here["anyOf"][0])
        else:
            return here
