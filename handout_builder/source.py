"""Stage 1, load: from the folders of ``source/`` to checked values, or to all problems at once."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from handout_builder import coverage, language, model, prose
from handout_builder.errors import HandoutError, Problem, Severity
from handout_builder.resources import SOURCE
from handout_builder.yamlfile import Location, YamlFile, read_yaml

# Folders of source/ that hold no handout.
RESERVED = ("points", "shared", "brands")

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Source:
    """Everything one handout in one language is made of."""

    name: str
    lang: str
    folder: Path
    handout: model.Handout
    editorial: model.Editorial
    shared: model.Shared
    points: Mapping[str, model.Point]
    notes: tuple[Problem, ...]
    """Warnings and notes that ``check`` reports; they do not stop a build."""


def handouts(root: Path) -> list[str]:
    """Return the names of the handouts in a source folder, sorted."""
    if not root.is_dir():
        return []
    folders = (f for f in root.iterdir() if f.is_dir() and f.name not in RESERVED and not f.name.startswith("."))
    return sorted(folder.name for folder in folders if languages(folder))


def languages(folder: Path) -> list[str]:
    """Return the language tags that a handout is written in, sorted."""
    return sorted(file.stem for file in folder.glob("*.yaml") if language.is_tag(file.stem))


def load(folder: Path, lang: str) -> Source:
    """Load one handout in one language with the shared texts and the catalogue beside it.

    Raises HandoutError with every problem of every file that could be read.
    """
    root = folder.parent
    points = catalogue(_beside(root, "points/catalogue.yaml"))
    shared = _shared(_beside(root, f"shared/{lang}.yaml"), lang)
    file = read_yaml(folder / f"{lang}.yaml")
    context = {"lang": lang, "points": points, "folder": folder}
    handout = _validate(file, model.Handout, context)
    problems = list(_reference_problems(file, handout, shared))
    editorial, notes = _editorial(folder / "editorial" / f"{lang}.yaml", lang)
    notes += _handout_notes(file, handout, points)
    if problems:
        raise HandoutError(problems)
    return Source(folder.name, lang, folder, handout, editorial, shared, points, tuple(notes))


def _beside(root: Path, name: str) -> Path:
    """Return a file that handouts share: the one beside them, else the program's own."""
    return root / name if (root / name).is_file() else SOURCE / name


def catalogue(path: Path) -> Mapping[str, model.Point]:
    """Load the point catalogue; raises HandoutError."""
    return types.MappingProxyType(_validate(read_yaml(path), model.Catalogue, None).points)


def _shared(path: Path, lang: str) -> model.Shared:
    if not path.is_file():
        message = f"the language '{lang}' has no shared texts (labels, safety blocks)"
        raise HandoutError([Problem("language", message, path, hint="copy en.yaml beside it and translate it")])
    return _validate(read_yaml(path), model.Shared, {"lang": lang})


def _editorial(path: Path, lang: str) -> tuple[model.Editorial, list[Problem]]:
    if not path.is_file():
        return model.Editorial(changes=[], doubts=[]), []
    file = read_yaml(path)
    editorial = _validate(file, model.Editorial, {"lang": lang})
    notes = [
        Problem("doubt", f"“{doubt.quote}”: {doubt.doubt} ({doubt.source})", path, file.line(("doubts", index)))
        for index, doubt in enumerate(editorial.doubts)
    ]
    return editorial, [_as(note, Severity.NOTE) for note in notes]


def _as(problem: Problem, severity: Severity) -> Problem:
    return Problem(problem.code, problem.message, problem.path, problem.line, problem.hint, severity)


def _reference_problems(file: YamlFile, handout: model.Handout, shared: model.Shared) -> Iterator[Problem]:
    """Yield names that lead nowhere, ids given twice, and characters that cannot be shown."""

    def unknown(code: str, what: str, name: str, known: Mapping[str, Any] | set[str], at: Location) -> Problem:
        near = model.nearest(name, known)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"
        return Problem(code, f"there is no {what} '{name}'", file.path, file.line(at, name), hint)

    for index, name in enumerate(handout.sources):
        if name not in shared.sources:
            yield unknown("unknown-source", "source", name, shared.sources, ("sources", index))
    ids: set[str] = set()
    for index, section in enumerate(handout.sections):
        at: Location = ("sections", index)
        if section.id in ids:
            yield Problem("duplicate-id", f"two sections have the id '{section.id}'", file.path, file.line((*at, "id")))
        ids.add(section.id)
        for number, block in enumerate(section.blocks):
            if isinstance(block, model.Safety) and block.include not in shared.safety:
                place = (*at, "blocks", number, "include")
                yield unknown("unknown-block", "safety block", block.include, shared.safety, place)
    for location, text in _texts(file.value):
        for character in coverage.missing(text):
            message = f"no font has '{character}' (U+{ord(character):04X})"
            hint = "use another character, or add it to the fonts: see fonts/FONTLOG.md"
            yield Problem("missing-glyph", message, file.path, file.line(location, character), hint)
        for target in prose.links(text) if "](" in text else ():
            if target.startswith("#") and target[1:] not in ids:
                yield unknown("unknown-link", "section", target[1:], ids, location)


def _texts(value: Any, location: Location = ()) -> Iterator[tuple[Location, str]]:
    if isinstance(value, str):
        yield location, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*location, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*location, index))


def _handout_notes(file: YamlFile, handout: model.Handout, points: Mapping[str, model.Point]) -> list[Problem]:
    """Return what an author should know although the handout can be built."""

    def note(code: str, message: str, at: Location, hint: str = "", severity: Severity = Severity.WARNING) -> Problem:
        return Problem(code, message, file.path, file.line(at), hint, severity)

    notes = []
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            at: Location = ("sections", s, "blocks", b)
            if isinstance(block, model.Video) and block.link is None:
                hint = "give its https:// address as 'link:'"
                notes.append(note("video-link", "the video has no link and is left out", at, hint))
            elif isinstance(block, model.Safety) and not block.show:
                notes.append(note("safety-off", f"the safety block '{block.include}' is switched off", at))
            elif isinstance(block, model.Points):
                for p, card in enumerate(block.points):
                    standard = points[card.code].names
                    if card.name.text not in (standard.zh_hans, standard.zh_hant, standard.ja):
                        message = (
                            f"{card.code} is printed as {card.name.text} {card.name.reading}; standard:"
                            f" {standard.zh_hans} {standard.pinyin}, {standard.zh_hant}, {standard.ja}"
                        )
                        notes.append(note("point-name", message, (*at, "points", p, "name", "text")))
    return notes


def _validate(file: YamlFile, kind: type[M], context: dict[str, Any] | None) -> M:
    if not isinstance(file.value, dict):
        message = "the file is empty" if file.value is None else "the file must be keys and values"
        raise HandoutError([Problem("yaml", message, file.path, 1)])
    try:
        return kind.model_validate(file.value, context=context)
    except ValidationError as error:
        raise HandoutError([_explain(file, kind, details) for details in error.errors()]) from error


def _explain(file: YamlFile, kind: type[BaseModel], details: Any) -> Problem:
    """Turn one error of pydantic into a problem in the file's own coordinates."""
    location: Location = details["loc"]
    context = details.get("ctx", {})
    hint = str(context.get("hint", ""))
    code, message = str(details["type"]), str(details["msg"])
    line = file.line(location, str(context.get("excerpt", "")))
    key = location[-1] if location else ""
    if code == "extra_forbidden":
        known = _known_keys(kind, location[:-1])
        near = model.nearest(str(key), known)
        hint = f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(known)}"
        code, message = "unknown-key", f"the key '{key}' is not known here"
    elif code == "missing":
        code, message = "missing-key", f"the key '{key}' is missing"
    elif code in ("union_tag_invalid", "union_tag_not_found"):
        given, known = str(context.get("tag", "")), _known_keys(kind, location)
        near = model.nearest(given, known)
        hint = f"did you mean '{near[0]}'?" if near else f"types: {', '.join(known)}"
        code, message = "block-type", f"'{given}' is no type of block" if given else "the block has no 'type'"
    elif "_" in code:
        code, message = "value", f"'{key}': {message[0].lower()}{message[1:]}"
    return Problem(code, message, file.path, line, hint)


def _known_keys(kind: type[BaseModel], location: Location) -> list[str]:
    """Return the keys that may stand at ``location``, or the types of block where there is a choice."""
    schema = kind.model_json_schema()
    here = schema
    for part in location:
        if isinstance(part, int):
            here = here["items"]
        elif "discriminator" in here:
            here = {"$ref": here["discriminator"]["mapping"][part]}
        else:
            here = here.get("properties", {}).get(part) or here["additionalProperties"]
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
    return list(here["discriminator"]["mapping"] if "discriminator" in here else here["properties"])
