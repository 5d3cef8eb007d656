"""Visits read from YAML or JSON: all that is wrong at once, by line and field, without a word of what stands there."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from handout_builder.content.loader import Common, load_common
from handout_builder.content.schema.values import REGIONS
from handout_builder.content.yaml_reader import YamlFile, yaml_file
from handout_builder.errors import HandoutError, Problem, first, suggestion
from handout_builder.text import language
from handout_builder.visit.schema import ChosenPoint, HomeExercise, Visit

MOST_BYTES = 100_000
# Checks whose messages are ours, and quote nothing but codes of points, numbers and names of characters.
_OWN = frozenset(
    (
        *("blank", "control-character", "duplicate-point", "missing-glyph", "untagged-language", "unknown-link"),
        "unknown-point",
    )
)
_PROBLEMS = {
    "unknown-point": "the catalogue has no such point",
    "unknown-region": "there is no such part of the body",
    "language-tag": "this is no language tag",
}
_HINTS = {
    "date": "year, month and day, for example 2026-11-28",
    "next_visit": "for example 2026-12-12T10:30",
    "lang": "for example en, es, ja, ko, vi, zh-Hans, zh-Hant",
    "dose": "for example {seconds: 30, times_a_day: 2}",
    "points": "for example [BL23, GV3]",
    "about": f"known: {', '.join(REGIONS)}",
    "emergency": "digits, as people dial it, for example 112",
}
_QUOTE = "check the indentation, and quote texts that hold ': ' or ' #'"
_WANTED = {
    **dict.fromkeys(("string_type", "string_sub_type"), "a text"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "keys and values"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
}
KEYS = frozenset(
    (
        *(*Visit.model_fields, *ChosenPoint.model_fields, *HomeExercise.model_fields),
        *("seconds", "times_a_day", "days_a_week", "days", "when", "pressure", "text", "day", "time"),
    )
)
"""The keys of a visit, which are nobody's words."""


def read_values(data: bytes, path: Path) -> YamlFile:
    """Return the values of a visit from YAML or JSON, not yet checked; raises HandoutError that quotes none of it."""
    file = _file(data, path)
    if not isinstance(file.value, dict):
        message = "the file is empty" if file.value is None else "this must be keys and values"
        raise HandoutError([Problem("yaml", message, path, 1, "write a line such as 'name: …' for each thing")])
    return file


def checked(file: YamlFile, root: Path, load: Callable[[Path, str], Common] = load_common) -> tuple[Visit, Common]:
    """Return the visit of a file's values, and what its language shares, by ``load``; raises HandoutError."""
    given = file.value.get("lang", "en")
    lang = language.canonical(given) if isinstance(given, str) else "en"
    meant = language.meant(lang)
    if meant or not isinstance(given, str):
        message = f"lang: {_PROBLEMS['language-tag']}"
        hint = f"write {meant}" if meant and lang else _HINTS["lang"]
        raise HandoutError([Problem("language-tag", message, file.path, file.line(("lang",)), hint)])
    common = load(root, lang)
    context = {"lang": lang, "points": common.points}
    try:
        return Visit.model_validate(file.value, context=context), common
    except ValidationError as error:
        found = first(_problems(file, error))
    raise HandoutError(found)  # without its cause, which quotes what was given


def _file(data: bytes, path: Path) -> YamlFile:
    """Return the values of a file; raises HandoutError that tells the line of what is no YAML, and nothing of it."""
    if len(data) > MOST_BYTES:
        raise HandoutError(
            [
                Problem(
                    "too-large", f"a visit has at most {MOST_BYTES:,} bytes", path, hint="leave out what is not printed"
                )
            ]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = [Problem("encoding", "this is not UTF-8", path, line, "save it as UTF-8")]
    else:
        try:
            # No text of JSON holds a tab, which YAML does not take for a blank.
            return yaml_file(path, text.replace("\t", " ") if text.lstrip().startswith("{") else text)
        except HandoutError as error:
            found = [_silent(problem) for problem in error.problems]
    raise HandoutError(found)


def _silent(problem: Problem) -> Problem:
    """Return a problem of a file's form, without a word of it."""
    if problem.code == "yaml" and "calendar" in problem.message:
        return Problem(problem.code, "this is a day that no calendar has", problem.path, problem.line, problem.hint)
    message, hint = {
        "alias": ("aliases (*name) are not used here", "write the value again"),
        "control-character": ("there is a character that cannot be printed", "leave it out"),
        "duplicate-key": ("a key appears twice", "keep one of them"),
        "too-deep": ("this is nested too deeply", "write it in fewer levels"),
        "too-large": ("there are too many values", "leave out what is not printed"),
    }.get(problem.code, ("this cannot be read as YAML or JSON", _QUOTE))
    if problem.code == "control-character":
        code = re.search(r"U\+[0-9A-F]{4,6}[A-Z0-9 -]*", problem.message)
        message = f"the character {code.group().strip()} cannot be printed" if code else message
    return Problem(problem.code, message, problem.path, problem.line, hint)


def _problems(file: YamlFile, error: ValidationError) -> Iterator[Problem]:
    for details in error.errors(include_url=False, include_input=False):
        context = details.get("ctx", {})
        where = _field(details["loc"])
        code, message, hint = told(str(details["type"]), str(details["msg"]), context, details["loc"])
        line = file.line(details["loc"]) if file.lines else 0
        yield Problem(code, f"{where}: {message}" if where else message, file.path, line, hint)


def told(kind: str, message: str, context: Mapping[str, Any], at: tuple[int | str, ...]) -> tuple[str, str, str]:
    """Return code, message and hint of one finding, in words that quote nothing."""
    hint = next((_HINTS[part] for part in reversed(at) if part in _HINTS), "")
    code, what = ("value" if "_" in kind else kind), "this cannot be read"
    if kind in _OWN:
        what, hint = _PROBLEMS.get(kind, message), str(context.get("hint", hint))
    elif kind in _PROBLEMS:
        what, hint = _PROBLEMS[kind], str(context.get("hint", hint))
    elif kind == "extra_forbidden":
        known = _keys(at[:-1])
        code, what = "unknown-key", "this key is not known here"
        hint = suggestion(str(at[-1]), known, f"known keys: {', '.join(known)}")
    elif kind == "missing":
        code, what, hint = "missing-key", "a key is missing", hint or f"add {at[-1]}"
    elif kind in _WANTED:
        what = f"this should be {_WANTED[kind]}"
    elif kind == "literal_error":
        what = f"this should be one of: {str(context.get('expected', '')).replace(chr(39), '')}"
    elif limit := next((context[name] for name in ("max_length", "le", "ge") if name in context), None):
        what = f"this is out of range (the limit is {limit})"
    elif kind == "value" and "hint" in context:
        what, hint = (message if "characters" in message else what), str(context["hint"])
    return code, what, hint


def _field(at: tuple[int | str, ...]) -> str:
    """Return where a value stands, in the words of who wrote it: ``points 2, dose, seconds``; unknown keys not."""
    words: list[str] = []
    for part in at:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        elif part in KEYS and part != "code":  # which a point that is given by its code alone has not
            words.append(str(part))
    return ", ".join(words)


def _keys(at: tuple[int | str, ...]) -> list[str]:
    """Return the keys that may stand at a place."""
    names = [part for part in at if isinstance(part, str)]
    model: Any = {"points": ChosenPoint, "exercises": HomeExercise}.get(names[0], Visit) if names else Visit
    if names and "dose" in names:
        from handout_builder.content.schema import Dose  # noqa: PLC0415

        model = Dose
    return list(model.model_fields)
