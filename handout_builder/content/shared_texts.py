"""The texts that the handouts of a language share: loaded, and checked."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import get_args

from handout_builder import source_files
from handout_builder.content import patterns, schema, shipped, views
from handout_builder.content.other_words import OLDER
from handout_builder.content.point_codes import MERIDIANS
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import Location, YamlFile, read_text, read_yaml, yaml_file
from handout_builder.errors import HandoutError, Problem, first, nearest, suggestion
from handout_builder.resources import SOURCE, beside
from handout_builder.text import language

_WEEK = 7


def texts_of(root: Path, lang: str) -> schema.Shared:
    """Load the shared texts of a language: those beside the handouts, else the program's; raises HandoutError."""
    return _shared(shared_file(root, lang), language.canonical(lang))


def shared_file(root: Path, lang: str) -> Path:
    """Return the file of the shared texts of a language, which may be there by its common tag: zh-CN has zh-Hans's."""
    path = beside(root, f"shared/{lang}.yaml")
    return path if source_files.exists(path) else beside(root, f"shared/{language.canonical(lang)}.yaml")


def _shared(path: Path, lang: str) -> schema.Shared:
    if not source_files.exists(path):
        if meant := language.meant(lang):
            hint = f"call the file by {meant}" if "(" in meant else f"call the file {meant}.yaml"
            raise HandoutError([Problem("language-tag", f"'{lang}' is not a language tag", path, hint=hint)])
        message = f"the language '{lang}' has no shared texts (labels, safety blocks)"
        base = lang.partition("-")[0]
        there = base != lang and source_files.exists(beside(path.parents[1], f"shared/{base}.yaml"))
        hint = f"write {base}" if there else "copy en.yaml beside it and translate it"
        raise HandoutError([Problem("language", message, path, hint=hint)])
    text = read_text(path)
    if shipped.is_unchanged(path, text):
        return _shipped_texts(text, lang)
    file = yaml_file(path, text)
    shared = validate(file, schema.Shared, {"lang": lang, "shared": True})
    if problems := first(_shared_problems(file, shared)):
        raise HandoutError(problems)
    return shared


@lru_cache(maxsize=8)  # the languages that are shipped
def _shipped_texts(text: str, lang: str) -> schema.Shared:
    """Return the shared texts of a language as they are shipped, wherever they lie: the same each time in a process."""
    return validate(yaml_file(Path(lang), text), schema.Shared, {"lang": lang, "shipped": True})


def _shared_problems(file: YamlFile, shared: schema.Shared) -> Iterator[Problem]:
    """Yield labels that are missing or name what is not filled in, and sources that are not there."""
    own = SOURCE / "shared" / "en.yaml"
    if file.path != own:
        every = read_yaml(own).value
        for key, what in (
            ("labels", "labels"),
            ("meridians", "meridians"),
            ("red_flags", "parts of the body"),
            ("safety", "safety blocks"),
        ):
            if missing := [name for name in every[key] if name not in {*getattr(shared, key), *schema.OPTIONAL_LABELS}]:
                hint = f"everything under '{key}:' of the program's own shared/en.yaml is needed; {OLDER}"
                message = f"the {what} {', '.join(missing)} are missing"
                yield Problem("missing-key", message, file.path, file.line((key,)), hint)
    drawn = (view for view in get_args(schema.ViewName) if view != views.AUTO)
    unnamed = [name for view in drawn for name in (f"view_{view}", f"alt_view_{view}") if name not in shared.labels]
    if unnamed and file.path == own:
        message = f"the labels {', '.join(unnamed)} are missing"
        hint = f"each view has a name, and words for those who cannot see it; {OLDER}"
        yield Problem("missing-key", message, file.path, file.line(("labels",)), hint)
    for label, pattern in shared.labels.items():
        wanted = patterns.LABELS.get(label, ())
        if reason := patterns.wrong(pattern, wanted):
            message = f"the label '{label}': {reason}"
            hint = "words in braces that it needs: " + (" ".join(f"{{{name}}}" for name in wanted) or "none")
            yield Problem("pattern", message, file.path, file.line(("labels", label)), hint)
    yield from _shared_names(file, shared)
    for key in ("ask", "never"):
        if reason := patterns.wrong(getattr(shared.press, key), ("reason",)):
            hint = "words in braces that it needs: {reason}"
            yield Problem("pattern", f"'press: {key}': {reason}", file.path, file.line(("press", key)), hint)
    for name, block in shared.safety.items():
        if block.above and (block.above not in shared.safety or shared.safety[block.above].above):
            near = nearest(block.above, shared.safety)
            hint = f"did you mean '{near[0]}'?" if near and near[0] != block.above else "a block that has none above it"
            message = f"no safety block '{block.above}' can stand above '{name}'"
            yield Problem("unknown-block", message, file.path, file.line(("safety", name, "above")), hint)
    for at, source in _sources(shared):
        if source not in shared.sources:
            hint = suggestion(source, shared.sources, f"known: {', '.join(sorted(shared.sources))}")
            yield Problem("unknown-source", f"there is no source '{source}'", file.path, file.line(at, source), hint)


def _shared_names(file: YamlFile, shared: schema.Shared) -> Iterator[Problem]:
    """Yield vertebrae, meridians and distances that no point has, and days of the week that are not seven."""
    known = {"vertebrae": schema.VERTEBRAE, "meridians": MERIDIANS}
    for key, names in known.items():
        for name in getattr(shared, key).keys() - {*names}:
            hint = suggestion(name, names, f"known: {', '.join(names)}")
            yield Problem("unknown-key", f"the key '{name}' is not known here", file.path, file.line((key, name)), hint)
    for cun in shared.distances:
        if not patterns.is_number(cun) or f"{float(cun):g}" != cun:
            line, hint = file.line(("distances", cun)), 'digits, with a point and no 0 at the end: "1.5"'
            yield Problem("value", f"'{cun}' is no number of cun", file.path, line, hint)
    if (given := len(shared.labels["weekdays"].split()) if "weekdays" in shared.labels else _WEEK) != _WEEK:
        message, hint = f"the label 'weekdays': {given} words", "seven, from Monday to Sunday, with blanks between them"
        yield Problem("pattern", message, file.path, file.line(("labels", "weekdays")), hint)


def _sources(shared: schema.Shared) -> Iterator[tuple[Location, str]]:
    """Yield the sources of cautions, safety blocks and warning signs, each with its place."""
    for name, caution in shared.cautions.items():
        yield from ((("cautions", name, "sources", index), source) for index, source in enumerate(caution.sources))
    for name, block in shared.safety.items():
        yield from ((("safety", name, "sources", index), source) for index, source in enumerate(block.sources))
    for part, flags in shared.red_flags.items():
        for rank in ("emergency", "doctor"):
            for number, sign in enumerate(getattr(flags, rank).signs):
                at = ("red_flags", part, rank, "signs", number, "sources")
                yield from (((*at, index), source) for index, source in enumerate(sign.sources))
