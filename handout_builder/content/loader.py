"""Stage 1, load: from the folders of ``source/`` to checked values, or to all problems at once."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handout_builder import source_files
from handout_builder.content import handout_checks, schema, shared_texts, sides
from handout_builder.content import pictures as picture_files
from handout_builder.content.catalogue import catalogue, unit_lines
from handout_builder.content.validation import validate
from handout_builder.content.yaml_reader import NoYamlError, YamlFile, read_yaml
from handout_builder.errors import HandoutError, Problem, Severity, first
from handout_builder.resources import OWN_POINTS
from handout_builder.text import language


@dataclass(frozen=True)
class Source:
    """The content of one handout in one language."""

    name: str
    lang: str
    """The tag that its file is called by."""
    folder: Path
    handout: schema.Handout
    editorial: schema.Editorial
    shared: schema.Shared
    points: Mapping[str, schema.Point]
    characters: frozenset[str]
    """Those of its own texts and of the labels."""
    notes: tuple[Problem, ...]
    """Warnings and notes that ``check`` reports; they do not stop a build."""
    pictures: Mapping[str, bytes]
    """Its picture files by the names that the author gives, as readers get them."""

    @property
    def path(self) -> Path:
        """Where its text is, or would be if a program had not made it."""
        return self.folder / f"{self.lang}.yaml"

    @property
    def language(self) -> str:
        """The tag of its language as it is used in files: that of zh-CN.yaml is zh-Hans."""
        return language.canonical(self.lang)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the points that the handout names."""
        return tuple(sorted({code for block in self.handout.blocks for _, code in handout_checks.codes(block, ())}))


@dataclass(frozen=True)
class Common:
    """What the handouts of a folder share, in one language."""

    points: Mapping[str, schema.Point]
    shared: schema.Shared
    units: Mapping[str, float]
    """Cun of each proportional measure."""


def file_of(source: Source) -> YamlFile:
    """Return the file with a handout's text; one without any line where a program made it. Raises HandoutError."""
    return read_yaml(source.path) if source_files.exists(source.path) else YamlFile(source.path, {}, {}, "")


def load_common(root: Path, lang: str) -> Common:
    """Load what the handouts in ``root`` share: theirs, else the program's; raises HandoutError."""
    return Common(catalogue(root, lang), shared_texts.texts_of(root, lang), unit_lines(root))


def load(folder: Path, lang: str, known: Common | None = None) -> Source:
    """Load one handout in one language with the shared texts and the catalogue beside it.

    ``known`` saves reading what they share once more. Raises HandoutError with every problem of every file that
    could be read.
    """
    path = folder / f"{lang}.yaml"
    if meant := language.meant(lang):
        message, hint = f"the file's name: '{lang}' is not a language tag", f"name it after its language: {meant}"
        raise HandoutError([Problem("language-tag", message, path, hint=hint)])
    known = known or load_common(folder.parent, lang)
    try:
        file = read_yaml(path)
    except NoYamlError as error:
        raise HandoutError([*error.problems, *_further(folder, lang, known, error)]) from error
    return _loaded(folder, lang, known, file, limited=True)


def _further(folder: Path, lang: str, known: Common, found: NoYamlError) -> list[Problem]:
    """Return what else is wrong with a file that is no plain YAML, where it is known how it should be."""
    try:
        if found.mended:
            _loaded(folder, lang, known, found.mended, limited=True)
    except HandoutError as error:
        told = {problem.line for problem in found.problems}  # whose values are lacking
        return [problem for problem in error.problems if problem.code != "value" or problem.line not in told]
    return []


def load_text(folder: Path, lang: str, file: YamlFile) -> Source:
    """Load a handout whose text is not in its file yet; raises HandoutError as ``load`` does."""
    return _loaded(folder, lang, load_common(folder.parent, lang), file, limited=True)


def load_made(folder: Path, lang: str, known: Common, values: Mapping[str, Any]) -> Source:
    """Load a handout that no file has but a program made, with any number of values and drawings.

    ``folder`` is what it is called. Raises HandoutError as ``load`` does.
    """
    return _loaded(folder, lang, known, YamlFile(folder / f"{lang}.yaml", dict(values), {}, ""), limited=False)


def _with_own_points(folder: Path, lang: str, known: Common) -> Mapping[str, schema.Point]:
    """Return the catalogue with the points of a handout's own, where it has any; raises HandoutError."""
    if not source_files.exists(folder / OWN_POINTS):
        return known.points
    from handout_builder.content.own_points import with_own  # noqa: PLC0415  # few handouts have any

    return with_own(folder, lang, known.points, known.shared, known.units)


def _loaded(folder: Path, lang: str, known: Common, file: YamlFile, *, limited: bool) -> Source:
    shared = known.shared
    points = _with_own_points(folder, language.canonical(lang), known)
    context = {
        "lang": language.canonical(lang),
        "points": points,
        "folder": folder,
        "safety": shared.safety,
        "sources": shared.sources,
    }
    problems = first(handout_checks.text_problems(file))
    try:
        handout = validate(file, schema.Handout, context)
    except HandoutError as error:
        raise HandoutError([*problems, *error.problems]) from error
    problems += first(handout_checks.place_problems(file, handout, shared, points, lang, limited=limited))
    sided = first(sides.of_none(handout, points, file))
    problems += (problem for problem in sided if problem.severity is Severity.ERROR)
    if problems:
        raise HandoutError(problems)
    handout = sides.without(handout, points)
    editorial, notes = _editorial(folder / "editorial" / f"{lang}.yaml", language.canonical(lang))
    notes += sided
    notes += handout_checks.handout_notes(file, handout, points, shared)
    notes += handout_checks.unreviewed(file, handout, shared_texts.shared_file(folder.parent, lang), shared)
    pictures, lost = _pictures(file, handout)
    notes += lost
    characters = frozenset[str]().union(
        *(text for value in (file.value, shared.labels) for _, text in handout_checks.texts(value))
    )
    return Source(
        folder.name,
        lang,
        folder,
        handout,
        editorial,
        shared,
        points,
        characters,
        tuple(notes),
        pictures,
    )


def _pictures(file: YamlFile, handout: schema.Handout) -> tuple[Mapping[str, bytes], list[Problem]]:
    """Return the pictures of a handout, and what drawings lost; that they can be used was seen when it was checked."""
    pictures: dict[str, bytes] = {}
    lost = []
    for s, section in enumerate(handout.sections):
        for b, block in enumerate(section.blocks):
            for at, picture in schema.pictures_of(block):
                if picture.key in pictures:
                    continue
                line = file.line(("sections", s, "blocks", b, *at, "image"))
                hint = "compare the page with your drawing; export it with these effects flattened, or as PNG"
                pictures[picture.key], remarks = picture_files.read(file.path.parent, picture.image)
                for remark in remarks:
                    message = f"the picture '{picture.image}': {remark}"
                    lost.append(Problem("drawing", message, file.path, line, hint, Severity.WARNING))
                if not picture.whole:
                    if (part := picture_files.part(pictures[picture.key], picture.crop)) is None:
                        hint = "cut it in the program that it was drawn with, or export it as PNG"
                        message = f"the picture '{picture.image}' is a drawing, of which no part can be shown"
                        raise HandoutError([Problem("broken-image", message, file.path, line, hint)])
                    pictures[picture.key] = part
    return pictures, lost


def _editorial(path: Path, lang: str) -> tuple[schema.Editorial, list[Problem]]:
    if not source_files.exists(path):
        return schema.Editorial(changes=[], doubts=[]), []
    file = read_yaml(path)
    editorial = validate(file, schema.Editorial, {"lang": lang})
    notes = []
    for index, doubt in enumerate(editorial.doubts):
        # Interned, as every product of a handout keeps its notes until the end.
        message = sys.intern(f"“{doubt.quote}”: {doubt.doubt} ({doubt.source})")
        line, hint = file.line(("doubts", index)), "have it decided by who may; then take it out of this file"
        notes.append(Problem("doubt", message, path, line, hint, Severity.NOTE))
    return editorial, notes
