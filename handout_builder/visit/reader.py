"""Visits read from YAML or JSON: all that is wrong at once, by line and field, without a word of what stands there."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from handout_builder.content.loader import Common, load_common
from handout_builder.content.yaml_reader import YamlFile, yaml_file
from handout_builder.errors import HandoutError, Problem, first, nearest
from handout_builder.text import language
from handout_builder.visit.schema import ChosenPoint, HomeExercise, Visit

STDIN = Path("standard input")
"""What is read from there is called."""
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
    "lang": "for example en, es, ja, ko, zh-Hans, zh-Hant",
    "dose": "for example {seconds: 30, times_a_day: 2}",
    "emergency": "digits, as people dial it, for example 112",
}
_WANTED = {
    **dict.fromkeys(("string_type", "string_sub_type"), "a text"),
    **dict.fromkeys(("list_type", "tuple_type"), "a list"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "keys and values"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
}
_NUMBERS = re.compile(r"[^0-9]+")


def visit_of(data: bytes, path: Path, more: Mapping[str, Any], root: Path) -> tuple[Visit, Common]:
    """Return a visit from YAML or JSON, and what its language shares; ``more`` goes before what the file says.

    ``root`` is the folder with the catalogue and the shared texts. Raises HandoutError with all that is wrong.
    """
    file = _file(data, path)
    if not isinstance(file.value, dict):
        message = "the file is empty" if file.value is None else "this must be keys and values"
        raise HandoutError([Problem("yaml", message, path, 1)])
    return checked(YamlFile(path, {**file.value, **more}, file.lines, ""), root)


def checked(file: YamlFile, root: Path) -> tuple[Visit, Common]:
    """Return the visit of a file's values, and what its language shares; raises HandoutError."""
    given = file.value.get("lang", "en")
    lang = language.canonical(given) if isinstance(given, str) else "en"
    if language.meant(lang) or not isinstance(given, str):
        message = f"lang: {_PROBLEMS['language-tag']}"
        raise HandoutError([Problem("language-tag", message, file.path, file.line(("lang",)), _HINTS["lang"])])
    common = load_common(root, lang)
    context = {"lang": lang, "points": common.points}
    try:
        return Visit.model_validate(file.value, context=context), common
    except ValidationError as error:
        found = first(_problems(file, error))
    raise HandoutError(found)  # without its cause, which quotes what was given


def _file(data: bytes, path: Path) -> YamlFile:
    """Return the values of a file; raises HandoutError that tells the line of what is no YAML, and nothing of it."""
    if len(data) > MOST_BYTES:
        raise HandoutError([Problem("too-large", f"a visit has at most {MOST_BYTES:,} bytes", path)])
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
    told = {
        "alias": "aliases (*name) are not used here",
        "control-character": "there is a character that cannot be printed",
        "duplicate-key": "a key stands twice",
        "too-deep": "this is nested too deeply",
        "too-large": "there are too many values",
    }
    message = told.get(problem.code, "this cannot be read as YAML or JSON")
    hint = "" if problem.code in told else "check the indentation, and quote texts that hold ': ' or ' #'"
    if problem.code == "control-character":
        code = re.search(r"U\+[0-9A-F]{4,6}[A-Z0-9 -]*", problem.message)
        message = f"the character {code.group().strip()} cannot be printed" if code else message
        hint = "leave it out"
    return Problem(problem.code, message, problem.path, problem.line, hint)


def _problems(file: YamlFile, error: ValidationError) -> Iterator[Problem]:
    for details in error.errors(include_url=False, include_input=False):
        context = details.get("ctx", {})
        where = _field(details["loc"])
        code, message, hint = _told(str(details["type"]), str(details["msg"]), context, details["loc"])
        yield Problem(code, f"{where}: {message}" if where else message, file.path, file.line(details["loc"]), hint)


def _told(kind: str, message: str, context: Mapping[str, Any], at: tuple[int | str, ...]) -> tuple[str, str, str]:
    """Return code, message and hint of one finding, in words that quote nothing."""
    hint = next((_HINTS[part] for part in reversed(at) if part in _HINTS), "")
    if kind in _OWN:
        return kind, _PROBLEMS.get(kind, message), str(context.get("hint", hint))
    if kind in _PROBLEMS:
        return kind, _PROBLEMS[kind], hint
    if kind == "extra_forbidden":
        known = _keys(at[:-1])
        near = nearest(str(at[-1]), known)
        return "unknown-key", "this key is not known here", f"did you mean '{near[0]}'?" if near else _listed(known)
    if kind == "missing":
        return "missing-key", "this key is missing", hint
    if kind in _WANTED:
        return "value", f"this should be {_WANTED[kind]}", hint
    if kind == "literal_error":
        return "value", f"this should be one of: {str(context.get('expected', '')).replace(chr(39), '')}", ""
    if kind in ("too_long", "greater_than_equal", "less_than_equal", "string_too_long"):
        most = context.get("max_length", context.get("le", context.get("ge", "")))
        return "value", f"this is out of range (the limit is {most})", hint
    if kind == "value" and "hint" in context:
        return kind, "this cannot be read" if "characters" not in message else message, str(context["hint"])
    return "value" if "_" in kind else kind, "this cannot be read", hint


def _field(at: tuple[int | str, ...]) -> str:
    """Return where a value stands, in the words of who wrote it: ``points 2, dose, seconds``; unknown keys not."""
    known = {*Visit.model_fields, *ChosenPoint.model_fields, *HomeExercise.model_fields}
    known |= {"seconds", "times_a_day", "days_a_week", "days", "when", "pressure", "text", "day", "time"}
    words: list[str] = []
    for part in at:
        if isinstance(part, int) and words:
            words[-1] += f" {part + 1}"
        elif part in known:
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


def _listed(keys: list[str]) -> str:
    return f"known keys: {', '.join(keys)}"
